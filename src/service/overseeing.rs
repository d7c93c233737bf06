//! What the service itself does about incidents that wait: it obeys the rules of
//! escalation, sends what rules send, gives an offer that was not signed to the next, takes
//! up again what was put off, and passes summonses up. Every node could do it; a lease
//! lets one do it, and the version of the incident sees to it that nothing is done twice,
//! whoever crashes when.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::lease::Lease;
use super::{ServiceError, Services};
use crate::domain::rules::{Due, DueTask, EscalationRule, Order, SendingRule};
use crate::domain::workflow::{Command, WorkflowError, apply, fire};
use crate::domain::{Actor, Incident, IncidentId, Status, Timestamp};

/// When nobody could be sent, how long until it is tried again.
const TRY_AGAIN: TimeDelta = TimeDelta::seconds(15);

/// Looks after what waits; one to a node.
pub struct Overseer {
    services: Services,
    lease: Lease,
    /// For each open incident, when something is to be done next.
    next: HashMap<IncidentId, Next>,
}

#[derive(Clone, Copy)]
struct Next {
    version: i64,
    rules: i64,
    at: Option<Timestamp>,
}

impl Overseer {
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self {
            services,
            lease: Lease::new("rules"),
            next: HashMap::new(),
        }
    }

    /// Does everything that is due now, if it is this node's turn.
    ///
    /// # Errors
    /// When the store does not answer; the rest is done the next time.
    pub async fn look(&mut self) -> Result<(), ServiceError> {
        let now = self.services.clock().now();
        if !self.lease.hold(&self.services, now).await? {
            self.next.clear();
            return Ok(());
        }
        for incident in self.due(now) {
            let id = incident.id;
            // Whom to send may have taken long to find out.
            let now = self.services.clock().now();
            if !self.lease.hold(&self.services, now).await? {
                break;
            }
            match self.services.oversee(&incident, now).await {
                Ok(Done::NothingYet) => self.wait(id, now + TRY_AGAIN),
                // Somebody was faster; what they made of it is looked at the next time.
                Ok(Done::Something) | Err(ServiceError::Conflict { .. }) => {}
                Err(ServiceError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        incident = %incident.number,
                        "a rule could not be followed"
                    );
                    self.wait(id, now + TRY_AGAIN);
                }
            }
        }
        Ok(())
    }

    /// The open incidents about which something is due.
    fn due(&mut self, now: Timestamp) -> Vec<Arc<Incident>> {
        let open: Vec<Arc<Incident>> = {
            let docket = self.services.live().docket();
            docket.incidents().cloned().collect()
        };
        let rules = self.services.live().rules().version;
        let mut next = HashMap::with_capacity(open.len());
        let mut due = Vec::new();
        for incident in open {
            let known = self
                .next
                .get(&incident.id)
                .copied()
                .filter(|known| (known.version, known.rules) == (incident.version, rules));
            let known = known.unwrap_or_else(|| Next {
                version: incident.version,
                rules,
                at: self.services.next_due(&incident),
            });
            next.insert(incident.id, known);
            if known.at.is_some_and(|at| at <= now) {
                due.push(incident);
            }
        }
        self.next = next;
        due
    }

    fn wait(&mut self, id: IncidentId, until: Timestamp) {
        if let Some(next) = self.next.get_mut(&id) {
            next.at = Some(until);
        }
    }
}

/// What came of looking after an incident.
enum Done {
    Something,
    /// Nobody can be sent yet.
    NothingYet,
}

impl Services {
    /// When something is to be done about an incident while it stays as it is.
    fn next_due(&self, incident: &Incident) -> Option<Timestamp> {
        let surroundings = self.surroundings(incident).ok()?;
        surroundings.agenda().of(incident).first().map(|due| due.at)
    }

    /// Does the first thing that is due about an incident.
    async fn oversee(&self, incident: &Incident, now: Timestamp) -> Result<Done, ServiceError> {
        let surroundings = self.surroundings(incident)?;
        let agenda = surroundings.agenda();
        let due: Vec<Due<'_>> = agenda.of(incident);
        let mut nobody = false;
        for due in due.iter().take_while(|due| due.at <= now) {
            let (rule, command) = match due.task {
                DueTask::Resume => (None, Command::Resume {}),
                DueTask::PassUp(task) => (None, Command::PassUp { task: Some(task) }),
                DueTask::Obey(rule) => (Some(rule.id.as_str()), self.obey(rule, incident).await?),
                DueTask::NextOffer => {
                    let rule = agenda.sending_rule(incident, now);
                    (
                        rule.map(|rule| rule.id.as_str()),
                        self.offer_next(rule, incident, now).await?,
                    )
                }
                DueTask::Send(rule) => {
                    let Some(command) = self.send_by_rule(rule, incident, now).await? else {
                        nobody = true;
                        continue;
                    };
                    (Some(rule.id.as_str()), command)
                }
            };
            let actor = Actor::system();
            let situation = surroundings.situation(&actor, now);
            let mut fresh = || self.clock().fresh_id();
            let step = match rule {
                Some(rule) => fire(rule, incident, &command, &situation, &mut fresh),
                None => apply(incident, &command, &situation, &mut fresh),
            };
            let step = match (step, rule) {
                // What the workflow does not allow now is said instead of done.
                (Err(WorkflowError::NotAllowed { action, .. }), Some(rule)) => {
                    let note = format!("{action} is not possible now");
                    fire(
                        rule,
                        incident,
                        &Command::Warn { note },
                        &situation,
                        &mut fresh,
                    )
                }
                (step, _) => step,
            };
            self.take_step(step?).await?;
            return Ok(Done::Something);
        }
        Ok(if nobody {
            Done::NothingYet
        } else {
            Done::Something
        })
    }

    async fn obey(
        &self,
        rule: &EscalationRule,
        incident: &Incident,
    ) -> Result<Command, ServiceError> {
        let reason = format!(
            "{} for more than {} min ({}, {})",
            rule.status, rule.minutes, rule.measure, rule.clock
        );
        Ok(match rule.then {
            Order::Warn => Command::Warn { note: reason },
            Order::Escalate => Command::Escalate { reason },
            Order::Supervise => Command::Supervise {
                reason,
                answer_by: None,
            },
            Order::Reassign => match self.choose(incident, 0.0).await? {
                Some(lead) => Command::Reassign {
                    lead,
                    reason: Some(reason),
                    offer_until: None,
                },
                None => Command::Warn {
                    note: format!("{reason}; nobody else can be sent"),
                },
            },
        })
    }

    /// The offer goes to the next, or back to a dispatcher when there were enough.
    async fn offer_next(
        &self,
        rule: Option<&SendingRule>,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<Command, ServiceError> {
        let next = match rule.filter(|rule| rule.may_offer(incident)) {
            Some(rule) => self
                .choose(incident, rule.min_score)
                .await?
                .map(|lead| (lead, offer_until(rule, now))),
            None => None,
        };
        Ok(match next {
            Some((lead, offer_until)) => Command::Reassign {
                lead,
                reason: Some("not signed in time".to_owned()),
                offer_until: Some(offer_until),
            },
            None => Command::Recall {
                reason: Some("not signed in time; left to a dispatcher".to_owned()),
            },
        })
    }

    async fn send_by_rule(
        &self,
        rule: &SendingRule,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<Option<Command>, ServiceError> {
        let Some(lead) = self.choose(incident, rule.min_score).await? else {
            return Ok(None);
        };
        Ok(Some(if incident.status == Status::Reported {
            Command::File {
                note: None,
                service: None,
                priority: None,
            }
        } else {
            Command::Dispatch {
                lead,
                assistants: Vec::new(),
                reason: None,
                offer_until: Some(offer_until(rule, now)),
            }
        }))
    }
}

fn offer_until(rule: &SendingRule, now: Timestamp) -> Timestamp {
    now + TimeDelta::minutes(rule.offer_minutes.into())
}
