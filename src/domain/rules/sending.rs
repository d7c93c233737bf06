//! What is sent without a dispatcher.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{RuleError, Scope};
use crate::domain::incident::{Incident, Status, Task, TaskRole};

/// Incidents in this scope are offered to the first of the ranking without a dispatcher.
/// An offer that is not signed in time goes to the next; once offered it stays, however
/// positions change meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendingRule {
    pub id: String,
    #[serde(default)]
    pub scope: Scope,
    /// True when the rule files what was reported, too; otherwise it waits until somebody
    /// has filed it.
    #[serde(default)]
    pub files: bool,
    /// Nobody with a lower score is sent, 0 to 1.
    #[serde(default)]
    pub min_score: f64,
    /// How long an offer stands, in natural minutes.
    pub offer_minutes: u32,
    /// After so many offers it is left to a dispatcher.
    pub offers: u32,
}

impl SendingRule {
    /// True while the rule may still offer the incident to somebody.
    #[must_use]
    pub fn may_offer(&self, incident: &Incident) -> bool {
        let status = match incident.status {
            Status::Reported => self.files,
            Status::Filed | Status::Dispatched => true,
            _ => false,
        };
        status && rule_offers(incident).count() < self.offers as usize
    }

    pub(super) fn check(&self) -> Option<RuleError> {
        let why = if !(0.0..=1.0).contains(&self.min_score) {
            format!("min_score {} is not between 0 and 1", self.min_score)
        } else if self.offer_minutes == 0 {
            "an offer must stand for a minute at least".to_owned()
        } else if self.offers == 0 {
            "without an offer there is nothing to send".to_owned()
        } else {
            return None;
        };
        Some(RuleError::senseless(&self.id, why))
    }
}

/// The offers that rules have made of the lead.
fn rule_offers(incident: &Incident) -> impl Iterator<Item = &Task> {
    incident
        .tasks
        .iter()
        .filter(|task| task.role == TaskRole::Lead && task.offer_until.is_some())
}
