//! What happens to incidents that wait too long.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Matter, RuleError, Scope};
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, Clock};
use crate::domain::incident::{Deadlines, Status};
use crate::domain::level::Level;
use crate::domain::words::words;

words! {
    /// What a rule of escalation measures.
    pub enum Measure ("measure") {
        /// Since the incident came to its status, holder or lead.
        StatusAge = "status_age",
        /// Since it should have been signed.
        PastSigning = "past_signing",
        /// Since it should have been fed back.
        PastResolving = "past_resolving",
    }
}

words! {
    /// What a rule of escalation orders.
    pub enum Order ("order") {
        /// Call attention to it.
        Warn = "warn",
        /// To the next centre up.
        Escalate = "escalate",
        /// The unsigned offer goes to the next of the ranking.
        Reassign = "reassign",
        /// Under the eyes of the centre above.
        Supervise = "supervise",
    }
}

impl Order {
    /// The statuses in which the workflow knows what is ordered.
    const fn possible_in(self) -> &'static [Status] {
        match self {
            Self::Warn => &[
                Status::Reported,
                Status::Filed,
                Status::Dispatched,
                Status::Handling,
                Status::Verifying,
            ],
            Self::Escalate => &[Status::Filed, Status::Handling],
            Self::Reassign => &[Status::Dispatched],
            Self::Supervise => &[
                Status::Filed,
                Status::Dispatched,
                Status::Handling,
                Status::Verifying,
            ],
        }
    }
}

/// When an incident in this scope and status, held at this level, has waited longer than
/// so many minutes, then this is done: once for each time that it comes there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationRule {
    pub id: String,
    #[serde(default)]
    pub scope: Scope,
    pub status: Status,
    /// The level of the centre that holds it; all levels when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    #[serde(default = "status_age")]
    pub measure: Measure,
    pub minutes: u32,
    #[serde(default = "natural")]
    pub clock: Clock,
    pub then: Order,
}

const fn natural() -> Clock {
    Clock::Natural
}

const fn status_age() -> Measure {
    Measure::StatusAge
}

/// How an incident stands, as far as rules of escalation look.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    pub matter: Matter<'a>,
    pub status: Status,
    pub since: Timestamp,
    pub deadlines: Deadlines,
    /// The level of the centre that holds it.
    pub level: Option<Level>,
}

impl EscalationRule {
    /// When the rule acts on an incident that stands so and goes on standing so; `None`
    /// when it does not concern it. Conditions on time are judged when it acts.
    #[must_use]
    pub fn due_at(&self, standing: &Standing<'_>, calendar: &Calendar) -> Option<Timestamp> {
        if self.status != standing.status
            || self
                .level
                .is_some_and(|level| standing.level != Some(level))
        {
            return None;
        }
        let from = match self.measure {
            Measure::StatusAge => standing.since,
            Measure::PastSigning => standing.deadlines.sign_by?,
            Measure::PastResolving => standing.deadlines.resolve_by?,
        };
        let waited = TimeDelta::minutes(self.minutes.into());
        let at = self.clock.by(calendar).due(from, waited);
        self.scope
            .includes(&standing.matter, at, calendar)
            .then_some(at)
    }

    pub(super) fn check(&self) -> Option<RuleError> {
        let possible = self.then.possible_in();
        if !possible.contains(&self.status) {
            let words: Vec<&str> = possible.iter().map(|status| status.as_str()).collect();
            return Some(RuleError::senseless(
                &self.id,
                format!(
                    "{} is possible while an incident is {}, but not {}",
                    self.then,
                    words.join(" or "),
                    self.status
                ),
            ));
        }
        let measured = match self.measure {
            Measure::StatusAge => true,
            Measure::PastSigning => self.status == Status::Dispatched,
            Measure::PastResolving => {
                matches!(self.status, Status::Dispatched | Status::Handling)
            }
        };
        (!measured).then(|| {
            RuleError::senseless(
                &self.id,
                format!(
                    "{} has no meaning while an incident is {}",
                    self.measure, self.status
                ),
            )
        })
    }
}
