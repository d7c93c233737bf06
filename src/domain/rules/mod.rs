//! The rules of a territory as data: where incidents go, when nobody may wait any longer,
//! and what is sent without a dispatcher. They are read, checked and replaced whole.

mod agenda;
mod escalation;
mod replay;
mod routing;
mod scope;
mod sending;

pub use agenda::{Agenda, Due, Task as DueTask};
pub use escalation::{EscalationRule, Measure, Order};
pub use replay::{Past, WouldFire, replay};
pub use routing::{Considered, Destination, Route, RoutingRule, route};
pub use scope::{During, Matter, Scope, Season};
pub use sending::SendingRule;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar::{Calendar, CalendarDefinition, CalendarError};
use super::catalogue::{Catalogue, Limits};
use super::posts::{Shift, ShiftFault, check_shifts};
use super::timing::Timing;

/// How long a summoned department has to sign unless the rules say otherwise, in natural
/// minutes.
const SUMMON_MINUTES: u32 = 30;

/// All rules of a territory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// By which working time is counted.
    pub calendar: CalendarDefinition,
    /// How long a summoned department has to sign, in natural minutes.
    #[serde(default = "summon_minutes")]
    pub summon_minutes: u32,
    /// Into what a day of duty is divided; the day and the night when absent.
    #[serde(default = "Shift::usual")]
    pub shifts: Vec<Shift>,
    /// Where incidents go. Without a rule, to the township's centre and as the service says.
    #[serde(default)]
    pub routing: Vec<RoutingRule>,
    /// What happens to incidents that wait too long.
    #[serde(default)]
    pub escalation: Vec<EscalationRule>,
    /// What is sent without a dispatcher; the first rule that an incident meets.
    #[serde(default)]
    pub sending: Vec<SendingRule>,
}

const fn summon_minutes() -> u32 {
    SUMMON_MINUTES
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    #[error("the calendar: {0}")]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Shift(#[from] ShiftFault),
    #[error("two rules are called {0:?}; a rule is known by its id")]
    Twice(String),
    #[error("the rule {rule:?} names the {what} {name:?}, which the catalogue does not have")]
    Unknown {
        rule: String,
        what: &'static str,
        name: String,
    },
    #[error(
        "the rules {first:?} and {second:?} are equally specific and meet the same incidents; \
         make one of them more specific, or let them apply at different times"
    )]
    Tie { first: String, second: String },
    #[error("the rule {rule:?}: {why}")]
    Senseless { rule: String, why: String },
}

impl RuleError {
    fn senseless(rule: &str, why: impl Into<String>) -> Self {
        Self::Senseless {
            rule: rule.to_owned(),
            why: why.into(),
        }
    }
}

/// Rules that were checked and are ready to be followed.
#[derive(Debug, Clone)]
pub struct Rules {
    pub book: Rulebook,
    pub calendar: Calendar,
}

impl Rules {
    /// Checks what no single field shows: that the calendar agrees with itself, and that
    /// every rule has an id of its own, names what exists, makes sense, and ties with no
    /// other.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the rules.
    pub fn new(book: Rulebook, catalogue: &Catalogue) -> Result<Self, Vec<RuleError>> {
        let mut errors = check(&book, catalogue);
        let calendar = Calendar::new(book.calendar.clone());
        match calendar {
            Ok(calendar) if errors.is_empty() => Ok(Self { book, calendar }),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.insert(0, error.into());
                Err(errors)
            }
        }
    }

    /// What the clocks of an incident run by.
    #[must_use]
    pub fn timing(&self, limits: Limits) -> Timing<'_> {
        Timing {
            limits,
            summon_minutes: self.book.summon_minutes,
            calendar: &self.calendar,
        }
    }
}

fn check(book: &Rulebook, catalogue: &Catalogue) -> Vec<RuleError> {
    let mut errors: Vec<RuleError> = check_shifts(&book.shifts)
        .into_iter()
        .map(RuleError::from)
        .collect();
    let mut ids = HashSet::new();
    let mut named = |id: &str, scope: &Scope, errors: &mut Vec<RuleError>| {
        if id.trim().is_empty() {
            errors.push(RuleError::senseless(id, "give it an id"));
        } else if !ids.insert(id.to_owned()) {
            errors.push(RuleError::Twice(id.to_owned()));
        }
        errors.extend(scope.check(id, catalogue));
    };
    for rule in &book.routing {
        named(&rule.id, &rule.scope, &mut errors);
    }
    for rule in &book.escalation {
        named(&rule.id, &rule.scope, &mut errors);
        errors.extend(rule.check());
    }
    for rule in &book.sending {
        named(&rule.id, &rule.scope, &mut errors);
        errors.extend(rule.check());
    }
    errors.extend(routing::ties(&book.routing));
    errors
}

#[cfg(test)]
mod tests;
