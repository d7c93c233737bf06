//! What the service itself has to do about an incident, and when.

use super::escalation::Standing;
use super::{EscalationRule, Matter, Rules, SendingRule};
use crate::domain::Timestamp;
use crate::domain::catalogue::Service;
use crate::domain::identity::TaskId;
use crate::domain::incident::{Incident, Status, TaskStatus};
use crate::domain::level::Level;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task<'a> {
    /// The time that it was put off for is over.
    Resume,
    /// The offer that a rule made was not signed in time.
    NextOffer,
    /// A summoned department did not sign in time.
    PassUp(TaskId),
    Obey(&'a EscalationRule),
    /// A rule may send somebody.
    Send(&'a SendingRule),
}

/// Something to be done at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Due<'a> {
    pub at: Timestamp,
    pub task: Task<'a>,
}

/// What is needed to tell what is due.
#[derive(Debug, Clone, Copy)]
pub struct Agenda<'a> {
    pub rules: &'a Rules,
    pub service: &'a Service,
    /// The level of the centre that holds the incident.
    pub level: Option<Level>,
    /// True when there is a centre above it.
    pub has_centre_above: bool,
}

impl<'a> Agenda<'a> {
    /// Everything that is due now or later while the incident stays as it is, by time.
    /// What is due at one time comes in the order of the variants of [`Task`].
    #[must_use]
    pub fn of(&self, incident: &Incident) -> Vec<Due<'a>> {
        let mut due: Vec<Due<'a>> = Vec::new();
        if let Some(deferral) = &incident.deferral {
            // Nothing else happens to what was put off.
            due.push(Due {
                at: deferral.until,
                task: Task::Resume,
            });
            return due;
        }
        let lead = incident.lead();
        let offered = lead.filter(|task| task.status == TaskStatus::Offered);
        // A request waits for a ruling: the offer does.
        if let (Some(until), None) = (offered.and_then(|task| task.offer_until), &incident.pending)
        {
            due.push(Due {
                at: until,
                task: Task::NextOffer,
            });
        }
        if self.has_centre_above {
            due.extend(
                incident
                    .open_assists()
                    .filter(|task| task.summoned)
                    .filter_map(|task| {
                        Some(Due {
                            at: task.deadlines.sign_by?,
                            task: Task::PassUp(task.id),
                        })
                        .filter(|_| task.status == TaskStatus::Offered)
                    }),
            );
        }
        let matter = Matter {
            service: self.service,
            chain: &incident.chain,
            priority: incident.priority,
        };
        let standing = Standing {
            matter,
            status: incident.status,
            since: incident.status_since,
            deadlines: incident.deadlines,
            level: self.level,
        };
        let has_fired = |rule: &EscalationRule| {
            let fired = incident.fired.iter();
            fired
                .filter(|fired| fired.since == incident.status_since)
                .any(|fired| fired.rule == rule.id)
        };
        due.extend(
            self.rules
                .book
                .escalation
                .iter()
                .filter(|rule| !has_fired(rule))
                .filter_map(|rule| {
                    Some(Due {
                        at: rule.due_at(&standing, &self.rules.calendar)?,
                        task: Task::Obey(rule),
                    })
                }),
        );
        if matches!(incident.status, Status::Reported | Status::Filed)
            && let Some(rule) = self.sending_rule(incident, incident.status_since)
            && rule.may_offer(incident)
        {
            due.push(Due {
                at: incident.status_since,
                task: Task::Send(rule),
            });
        }
        due.sort_by_key(|due| due.at);
        due
    }

    /// The rule that sends the incident at a time: the first that it meets.
    #[must_use]
    pub fn sending_rule(&self, incident: &Incident, at: Timestamp) -> Option<&'a SendingRule> {
        let matter = Matter {
            service: self.service,
            chain: &incident.chain,
            priority: incident.priority,
        };
        let rules = self.rules;
        rules
            .book
            .sending
            .iter()
            .find(|rule| rule.scope.includes(&matter, at, &rules.calendar))
    }
}
