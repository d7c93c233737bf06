//! What rules would have done to incidents of the past.

use serde_json::Value;

use super::escalation::Standing;
use super::{Matter, Order, Rules};
use crate::domain::Timestamp;
use crate::domain::catalogue::Service;
use crate::domain::identity::{IncidentId, OrganisationId};
use crate::domain::incident::{Deadlines, Incident, IncidentEvent, Status};
use crate::domain::level::Level;
use crate::domain::limits::limits_for;
use crate::domain::timing::Timing;
use crate::domain::workflow::Action;

/// An incident of the past with its history.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub incident: &'a Incident,
    /// From the first step on.
    pub events: &'a [IncidentEvent],
    pub service: &'a Service,
}

/// What a rule would have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldFire {
    pub rule: String,
    pub order: Order,
    pub incident: IncidentId,
    pub at: Timestamp,
    pub status: Status,
    pub level: Option<Level>,
}

/// How an incident stood from one step of its history to the next.
struct Spell {
    status: Status,
    holder: Option<OrganisationId>,
    since: Timestamp,
    deadlines: Deadlines,
    put_off: Option<Timestamp>,
    /// The extension that is asked for.
    asked: Option<Timestamp>,
}

/// What the rules of escalation would have done, by time. The history is taken as it was:
/// what they would have changed of it is not followed further. Service, priority and
/// place are taken as they are last.
#[must_use]
pub fn replay(
    past: &Past<'_>,
    rules: &Rules,
    now: Timestamp,
    level_of: impl Fn(OrganisationId) -> Option<Level>,
) -> Vec<WouldFire> {
    let matter = Matter {
        service: past.service,
        chain: &past.incident.chain,
        priority: past.incident.priority,
    };
    let mut fires: Vec<WouldFire> = Vec::new();
    let mut spell: Option<Spell> = None;
    for (place, event) in past.events.iter().enumerate() {
        let next = spell.take().map_or_else(
            || Spell::begin(event, first_holder(past)),
            |spell| {
                let level = spell.holder.and_then(&level_of);
                let limits = limits_for(past.service, past.incident.priority, level);
                spell.step(event, &rules.timing(limits))
            },
        );
        let until = past.events.get(place + 1).map_or(now, |next| next.at);
        let level = next.holder.and_then(&level_of);
        let standing = Standing {
            matter,
            status: next.status,
            since: next.since,
            deadlines: next.deadlines,
            level,
        };
        if next.put_off.is_none() && next.status.is_open() {
            for rule in &rules.book.escalation {
                let Some(at) = rule.due_at(&standing, &rules.calendar) else {
                    continue;
                };
                // Due before this step, it acts at the step, if it has not acted already.
                let at = at.max(event.at);
                let acted = fires
                    .iter()
                    .any(|fire| fire.rule == rule.id && fire.at >= next.since);
                if at < until && !acted {
                    fires.push(WouldFire {
                        rule: rule.id.clone(),
                        order: rule.then,
                        incident: past.incident.id,
                        at,
                        status: next.status,
                        level,
                    });
                }
            }
        }
        spell = Some(next);
    }
    fires.sort_by_key(|fire| fire.at);
    fires
}

/// The centre that had it first: the report says; where it does not, nobody moved it
/// before the first move, which says from where only by what remains.
fn first_holder(past: &Past<'_>) -> Option<OrganisationId> {
    past.events
        .first()
        .and_then(|report| organisation(&report.detail, "holder"))
        .or(past.incident.holder)
}

fn organisation(detail: &Value, key: &str) -> Option<OrganisationId> {
    detail
        .get(key)
        .and_then(|value| serde_json::from_value(value.clone()).ok())
}

fn time(detail: &Value, key: &str) -> Option<Timestamp> {
    detail
        .get(key)
        .and_then(|value| serde_json::from_value(value.clone()).ok())
}

impl Spell {
    fn begin(event: &IncidentEvent, holder: Option<OrganisationId>) -> Self {
        Self {
            status: event.to,
            holder,
            since: event.at,
            deadlines: Deadlines::default(),
            put_off: None,
            asked: None,
        }
    }

    fn step(self, event: &IncidentEvent, timing: &Timing<'_>) -> Self {
        let mut next = Self {
            status: event.to,
            ..self
        };
        match event.action {
            Action::Escalate | Action::HandDown | Action::Rematch => {
                next.holder = organisation(&event.detail, "holder").or(next.holder);
            }
            Action::Dispatch => next.deadlines = timing.start(event.at),
            Action::Reassign => {
                next.deadlines.sign_by = timing.start(event.at).sign_by;
                next.since = event.at;
            }
            Action::RequestExtension => next.asked = time(&event.detail, "until"),
            Action::RuleExtension => {
                let accepted = event.detail.get("accept") == Some(&Value::Bool(true));
                if let Some(until) = next.asked.take().filter(|_| accepted) {
                    next.deadlines.resolve_by = Some(until);
                }
            }
            Action::Defer => next.put_off = Some(event.at),
            Action::Resume => {
                if let Some(since) = next.put_off.take() {
                    next.deadlines = timing.resume(next.deadlines, since, event.at);
                }
            }
            _ => {}
        }
        if next.status == Status::Filed && self.status != Status::Filed {
            next.deadlines = Deadlines::default();
            next.put_off = None;
        }
        if (next.status, next.holder) != (self.status, self.holder) {
            next.since = event.at;
        }
        next
    }
}
