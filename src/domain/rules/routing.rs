//! Where an incident goes: service × area × time → centre, department, worker role.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Matter, RuleError, Scope};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::catalogue::LeadKind;
use crate::domain::level::Level;
use crate::domain::people::WorkerRole;

/// A rule of routing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    pub id: String,
    #[serde(default)]
    pub scope: Scope,
    pub to: Destination,
}

/// Where a rule sends. What is left out stays as the service says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Destination {
    /// The level of the centre that acts first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadKind>,
    /// A code of `data/organisations.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Only workers of this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<WorkerRole>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
}

/// Where an incident goes, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Route {
    /// The level of the centre that acts first; without such a centre, the deepest above.
    pub centre: Level,
    pub lead: LeadKind,
    pub department: Option<String>,
    pub role: Option<WorkerRole>,
    pub skills: Vec<String>,
    /// The rule that decided; `None` when the service itself did.
    pub rule: Option<String>,
    /// Every rule that was looked at and met the incident, the most specific first.
    pub considered: Vec<Considered>,
}

/// A rule that an incident meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Considered {
    pub rule: String,
    pub scope: Scope,
    pub won: bool,
}

/// Where an incident goes that is reported at a time: by the most specific rule that it
/// meets, and otherwise to the township's centre and as its service says.
#[must_use]
pub fn route(
    rules: &[RoutingRule],
    matter: &Matter<'_>,
    at: Timestamp,
    calendar: &Calendar,
) -> Route {
    let mut met: Vec<&RoutingRule> = rules
        .iter()
        .filter(|rule| rule.scope.includes(matter, at, calendar))
        .collect();
    met.sort_by_key(|rule| std::cmp::Reverse(rule.scope.specificity(matter.chain)));
    let winner = met.first();
    let own = &matter.service.routing;
    let to = winner.map(|rule| rule.to.clone()).unwrap_or_default();
    Route {
        centre: to.centre.unwrap_or(Level::Township),
        lead: to.lead.unwrap_or(own.lead),
        department: to.department.or_else(|| own.department.clone()),
        role: to.role,
        skills: to.skills.unwrap_or_else(|| own.skills.clone()),
        rule: winner.map(|rule| rule.id.clone()),
        considered: met
            .iter()
            .enumerate()
            .map(|(place, rule)| Considered {
                rule: rule.id.clone(),
                scope: rule.scope.clone(),
                won: place == 0,
            })
            .collect(),
    }
}

/// Each pair of rules of which none wins over the other.
pub(super) fn ties(rules: &[RoutingRule]) -> impl Iterator<Item = RuleError> {
    rules.iter().enumerate().flat_map(|(place, first)| {
        rules[place + 1..]
            .iter()
            .filter(|second| first.scope.ties_with(&second.scope))
            .map(|second| RuleError::Tie {
                first: first.id.clone(),
                second: second.id.clone(),
            })
    })
}
