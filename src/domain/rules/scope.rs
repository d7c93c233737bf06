//! Which incidents a rule is about, and when.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RuleError;
use crate::domain::Timestamp;
use crate::domain::area::AreaRef;
use crate::domain::calendar::Calendar;
use crate::domain::catalogue::{Catalogue, Priority, Service};
use crate::domain::code::AreaCode;
use crate::domain::identity::ServiceCode;
use crate::domain::words::words;

words! {
    /// The part of the calendar in which a rule applies.
    pub enum During ("time") {
        Working = "working",
        OffHours = "off_hours",
    }
}

/// A part of every year, both days included; it may run over New Year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Season {
    #[schema(value_type = String, example = "05-01")]
    pub from: MonthDay,
    #[schema(value_type = String, example = "09-30")]
    pub until: MonthDay,
}

/// A day of the year: `05-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u32,
    day: u32,
}

/// What a rule is about. What is left out sets no bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceCode>,
    /// A group of services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The place lies in this area.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub during: Option<During>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
}

/// What a scope looks at.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    pub service: &'a Service,
    /// The areas that hold the place, from the top down.
    pub chain: &'a [AreaRef],
    pub priority: Priority,
}

/// How narrow a scope is; the greater is the more specific. Services weigh more than
/// areas, areas more than priorities, these more than times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Specificity {
    /// 2 for a service, 1 for a group.
    service: u8,
    /// The depth of the area in the chain, counted from 1; 0 for none.
    area: usize,
    priority: bool,
    /// How many conditions on time.
    time: u8,
}

impl Scope {
    /// True when the matter and the time lie in the scope.
    #[must_use]
    pub fn includes(&self, matter: &Matter<'_>, at: Timestamp, calendar: &Calendar) -> bool {
        self.includes_matter(matter)
            && self
                .during
                .is_none_or(|during| (during == During::Working) == calendar.is_working(at))
            && self
                .season
                .is_none_or(|season| season.includes(calendar.local_date(at)))
    }

    fn includes_matter(&self, matter: &Matter<'_>) -> bool {
        let service = matter.service;
        self.service
            .as_ref()
            .is_none_or(|code| *code == service.code)
            && self
                .group
                .as_ref()
                .is_none_or(|group| *group == service.group)
            && self
                .area
                .as_ref()
                .is_none_or(|area| depth_of(area, matter.chain).is_some())
            && self
                .priority
                .is_none_or(|priority| priority == matter.priority)
    }

    pub(super) fn specificity(&self, chain: &[AreaRef]) -> Specificity {
        Specificity {
            service: match (&self.service, &self.group) {
                (Some(_), _) => 2,
                (None, Some(_)) => 1,
                (None, None) => 0,
            },
            area: self
                .area
                .as_ref()
                .and_then(|area| depth_of(area, chain))
                .map_or(0, |depth| depth + 1),
            priority: self.priority.is_some(),
            time: u8::from(self.during.is_some()) + u8::from(self.season.is_some()),
        }
    }

    /// True when an incident may lie in both scopes at one time and neither is the more
    /// specific for it.
    pub(super) fn ties_with(&self, other: &Self) -> bool {
        let share = |a: Option<During>, b: Option<During>| a.is_none() || b.is_none() || a == b;
        let same_matter = self.service == other.service
            && (self.service.is_some() || self.group == other.group)
            && self.area == other.area
            && self.priority == other.priority;
        let same_weight = self.specificity(&[]).time == other.specificity(&[]).time;
        let same_time = share(self.during, other.during)
            && match (self.season, other.season) {
                (Some(a), Some(b)) => a.overlaps(b),
                _ => true,
            };
        same_matter && same_weight && same_time
    }

    pub(super) fn check(&self, rule: &str, catalogue: &Catalogue) -> Option<RuleError> {
        let unknown = |what, name: &str| RuleError::Unknown {
            rule: rule.to_owned(),
            what,
            name: name.to_owned(),
        };
        if let Some(code) = &self.service {
            let Some(service) = catalogue.find(code) else {
                return Some(unknown("service", &code.0));
            };
            if self
                .group
                .as_ref()
                .is_some_and(|group| *group != service.group)
            {
                return Some(RuleError::senseless(
                    rule,
                    format!("the service {code} is not of the group that the rule names too"),
                ));
            }
        }
        self.group
            .as_ref()
            .filter(|group| catalogue.groups.iter().all(|known| known.code != **group))
            .map(|group| unknown("group", group))
    }
}

fn depth_of(area: &AreaCode, chain: &[AreaRef]) -> Option<usize> {
    chain.iter().position(|link| link.code == *area)
}

impl Season {
    fn includes(self, date: NaiveDate) -> bool {
        let day = MonthDay {
            month: date.month(),
            day: date.day(),
        };
        if self.from <= self.until {
            self.from <= day && day <= self.until
        } else {
            day >= self.from || day <= self.until
        }
    }

    fn overlaps(self, other: Self) -> bool {
        // Whichever begins within the other; one of them does if they share a day.
        let holds = |season: Self, day: MonthDay| {
            NaiveDate::from_ymd_opt(2024, day.month, day.day)
                .is_some_and(|date| season.includes(date))
        };
        holds(self, other.from) || holds(other, self.from)
    }
}

/// Text that is no day of the year.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no day of the year; write month and day, such as 05-01")]
pub struct NoMonthDay(String);

impl TryFrom<String> for MonthDay {
    type Error = NoMonthDay;

    fn try_from(text: String) -> Result<Self, NoMonthDay> {
        let parsed = text.split_once('-').and_then(|(month, day)| {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // A leap year: every day there is.
            NaiveDate::from_ymd_opt(2024, month, day)?;
            Some(Self { month, day })
        });
        parsed.ok_or(NoMonthDay(text))
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        format!("{:02}-{:02}", day.month, day.day)
    }
}
