//! How long an incident may take: the limits of its service, and the rules that give other
//! limits by priority and by the level of the centre that holds it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar::Clock;
use super::catalogue::{Priority, Service};
use super::level::Level;

/// Time limits in minutes, counted from dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limits {
    /// Until the lead signs.
    pub sign_minutes: u32,
    /// Until the lead feeds back.
    pub resolve_minutes: u32,
    /// Which minutes count.
    #[serde(default = "natural")]
    #[schema(default = "natural")]
    pub clock: Clock,
}

/// Other limits for some incidents of a service. What is left out of the conditions fits
/// everything; what is left out of the limits is as it would be without the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LimitRule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The level of the centre that holds the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolve_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
}

/// Why a service's limits cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error(
        "rule {0} has no condition; give it a priority or a level, or change the service's limits"
    )]
    NoCondition(usize),
    #[error("rule {0} changes nothing; give it sign_minutes, resolve_minutes or a clock")]
    NoEffect(usize),
    #[error("rule {0} has the conditions of a rule before it")]
    Twice(usize),
    #[error(
        "{priority} incidents{} would have to be signed within {sign_minutes} minutes, but resolved within {resolve_minutes}",
        level.map(|level| format!(" at the level {level}")).unwrap_or_default()
    )]
    SignAfterResolve {
        priority: Priority,
        level: Option<Level>,
        sign_minutes: u32,
        resolve_minutes: u32,
    },
}

/// The limits of an incident of a service, by its priority and by the level of the centre
/// that holds it, if one does. Each of the three values is that of the most specific rule
/// that fits and gives it: one for priority and level, else one for the priority, else one
/// for the level, else the service itself.
#[must_use]
pub fn limits_for(service: &Service, priority: Priority, level: Option<Level>) -> Limits {
    let mut fitting: Vec<&LimitRule> = service
        .limit_rules
        .iter()
        .filter(|rule| rule.fits(priority, level))
        .collect();
    fitting.sort_by_key(|rule| (rule.priority.is_some(), rule.level.is_some()));
    fitting
        .into_iter()
        .fold(service.limits, |limits, rule| Limits {
            sign_minutes: rule.sign_minutes.unwrap_or(limits.sign_minutes),
            resolve_minutes: rule.resolve_minutes.unwrap_or(limits.resolve_minutes),
            clock: rule.clock.unwrap_or(limits.clock),
        })
}

/// Checks that no two rules of a service contradict each other, and that every incident
/// has to be signed no later than resolved.
pub(super) fn check_limits(service: &Service) -> Result<(), LimitError> {
    let mut conditions = BTreeSet::new();
    for (number, rule) in (1..).zip(&service.limit_rules) {
        if rule.priority.is_none() && rule.level.is_none() {
            return Err(LimitError::NoCondition(number));
        }
        if (rule.sign_minutes, rule.resolve_minutes, rule.clock) == (None, None, None) {
            return Err(LimitError::NoEffect(number));
        }
        if !conditions.insert((rule.priority, rule.level)) {
            return Err(LimitError::Twice(number));
        }
    }
    let levels = || {
        [None]
            .into_iter()
            .chain(Level::ALL.iter().copied().map(Some))
    };
    for &priority in Priority::ALL {
        for level in levels() {
            let limits = limits_for(service, priority, level);
            if limits.resolve_minutes < limits.sign_minutes {
                return Err(LimitError::SignAfterResolve {
                    priority,
                    level,
                    sign_minutes: limits.sign_minutes,
                    resolve_minutes: limits.resolve_minutes,
                });
            }
        }
    }
    Ok(())
}

impl LimitRule {
    fn fits(&self, priority: Priority, level: Option<Level>) -> bool {
        self.priority.is_none_or(|wanted| wanted == priority)
            && self.level.is_none_or(|wanted| level == Some(wanted))
    }
}

/// What a catalogue means that does not name the clock.
const fn natural() -> Clock {
    Clock::Natural
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::{Catalogue, CatalogueError};
    use crate::domain::identity::ServiceCode;
    use serde_json::{Value, json};
    use std::error::Error;

    /// A catalogue of one service with these limits and rules.
    fn catalogue(limits: &Value, rules: &Value) -> Result<Catalogue, CatalogueError> {
        let text = |name: &str| (name.to_owned(), json!("x"));
        let mut service: serde_json::Map<String, Value> = [
            "code",
            "group",
            "name_zh",
            "name_en",
            "description_zh",
            "description_en",
        ]
        .map(text)
        .into_iter()
        .collect();
        service.insert("priority".into(), json!("normal"));
        service.insert("limits".into(), limits.clone());
        service.insert("routing".into(), json!({ "lead": "worker" }));
        service.insert("self_handle".into(), json!(true));
        if !rules.is_null() {
            service.insert("limit_rules".into(), rules.clone());
        }
        let group = json!({ "code": "x", "name_zh": "x", "name_en": "x" });
        Catalogue::parse(&json!({ "groups": [group], "services": [service] }).to_string())
    }

    fn limits(
        catalogue: &Catalogue,
        priority: Priority,
        level: Option<Level>,
    ) -> (u32, u32, Clock) {
        let service = catalogue.find(&ServiceCode("x".into())).unwrap();
        let limits = limits_for(service, priority, level);
        (limits.sign_minutes, limits.resolve_minutes, limits.clock)
    }

    fn refusal(limits: &Value, rules: &Value) -> String {
        let error = catalogue(limits, rules).unwrap_err();
        error.source().unwrap().to_string()
    }

    #[test]
    fn a_catalogue_without_clocks_and_rules_means_natural_time_for_all() {
        let plain = catalogue(
            &json!({ "sign_minutes": 30, "resolve_minutes": 240 }),
            &Value::Null,
        );
        let plain = plain.unwrap();
        for &priority in Priority::ALL {
            for level in [None, Some(Level::Township), Some(Level::City)] {
                assert_eq!(limits(&plain, priority, level), (30, 240, Clock::Natural));
            }
        }
        let written = serde_json::to_value(&*plain.services[0]).unwrap();
        assert_eq!(written["limits"]["clock"], "natural");
        assert_eq!(written.get("limit_rules"), None);
    }

    #[test]
    fn the_most_specific_rule_that_gives_a_value_wins_in_whatever_order_they_stand() {
        use Clock::{Natural, Working};
        use Level::{City, County, Township};
        use Priority::{High, Low, Normal, Urgent};
        let base = json!({ "sign_minutes": 60, "resolve_minutes": 960, "clock": "working" });
        let mut rules = [
            json!({ "priority": "urgent", "level": "county", "sign_minutes": 5 }),
            json!({ "priority": "urgent", "sign_minutes": 10, "resolve_minutes": 120, "clock": "natural" }),
            json!({ "priority": "high", "resolve_minutes": 480 }),
            json!({ "level": "county", "sign_minutes": 120, "resolve_minutes": 1920 }),
        ];
        for _ in 0..2 {
            rules.reverse();
            let catalogue = catalogue(&base, &json!(rules)).unwrap();
            let limits = |priority, level| limits(&catalogue, priority, level);
            assert_eq!(limits(Normal, None), (60, 960, Working));
            assert_eq!(limits(Low, Some(Township)), (60, 960, Working));
            assert_eq!(limits(Normal, Some(County)), (120, 1920, Working));
            // The priority says more than the level, the level still more than the service.
            assert_eq!(limits(High, Some(County)), (120, 480, Working));
            assert_eq!(limits(Urgent, Some(City)), (10, 120, Natural));
            assert_eq!(limits(Urgent, Some(County)), (5, 120, Natural));
            assert_eq!(limits(Urgent, None), (10, 120, Natural));
        }
    }

    #[test]
    fn rules_that_say_nothing_or_contradict_each_other_are_refused() {
        let base = json!({ "sign_minutes": 60, "resolve_minutes": 960 });
        let high = json!({ "priority": "high", "sign_minutes": 30 });
        assert_eq!(
            refusal(&base, &json!([high, { "sign_minutes": 30 }])),
            "rule 2 has no condition; give it a priority or a level, or change the service's limits"
        );
        assert_eq!(
            refusal(&base, &json!([{ "level": "city" }])),
            "rule 1 changes nothing; give it sign_minutes, resolve_minutes or a clock"
        );
        assert_eq!(
            refusal(
                &base,
                &json!([high, { "priority": "high", "clock": "working" }])
            ),
            "rule 2 has the conditions of a rule before it"
        );
        // Each rule for itself would do.
        let slow_to_sign = json!({ "level": "county", "sign_minutes": 600 });
        let quick_to_end = json!({ "priority": "high", "resolve_minutes": 480 });
        assert_eq!(
            refusal(&base, &json!([slow_to_sign, quick_to_end])),
            "high incidents at the level county would have to be signed within 600 minutes, but resolved within 480"
        );
        assert_eq!(
            refusal(
                &json!({ "sign_minutes": 61, "resolve_minutes": 60 }),
                &Value::Null
            ),
            "urgent incidents would have to be signed within 61 minutes, but resolved within 60"
        );
    }
}
