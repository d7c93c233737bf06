//! Shifts (班次): into what a day of duty is divided.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, TimeOfDay};

/// By which rosters name a shift.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ShiftCode(pub String);

impl fmt::Display for ShiftCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A part of every day, in the time zone of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    #[schema(value_type = String, example = "night")]
    pub code: ShiftCode,
    #[schema(example = "夜班")]
    pub name_zh: String,
    #[schema(example = "Night")]
    pub name_en: String,
    #[schema(example = "20:00")]
    pub from: TimeOfDay,
    /// Unless it is later than `from`, on the next day.
    #[schema(example = "08:00")]
    pub to: TimeOfDay,
}

/// What is wrong with a shift.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShiftFault {
    #[error("the shift {0:?} has no code or no name; rosters and people know it by them")]
    Nameless(String),
    #[error("two shifts are called {0}; a shift is known by its code")]
    Twice(ShiftCode),
    #[error("the shift {0} begins at 24:00; write 00:00, on the day that begins then")]
    BeginsAtEnd(ShiftCode),
}

impl Shift {
    /// 白班 from eight to eight, and 夜班 from then on to the next morning.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let shift = |code: &str, name_zh: &str, name_en: &str, from, to| Self {
            code: ShiftCode(code.to_owned()),
            name_zh: name_zh.to_owned(),
            name_en: name_en.to_owned(),
            from,
            to,
        };
        let (morning, evening) = (TimeOfDay::MORNING, TimeOfDay::EVENING);
        vec![
            shift("day", "白班", "Day", morning, evening),
            shift("night", "夜班", "Night", evening, morning),
        ]
    }

    /// When the shift of a date begins and ends. One over midnight belongs to the date that
    /// it begins on; where clocks are changed meanwhile it is longer or shorter.
    #[must_use]
    pub fn hours(&self, date: NaiveDate, calendar: &Calendar) -> Range<Timestamp> {
        let last = if self.to > self.from {
            date
        } else {
            date.checked_add_days(Days::new(1)).unwrap_or(date)
        };
        calendar.instant(date, self.from)..calendar.instant(last, self.to)
    }
}

/// Everything that is wrong with shifts, in their order. They may overlap.
#[must_use]
pub fn check_shifts(shifts: &[Shift]) -> Vec<ShiftFault> {
    let mut codes = HashSet::new();
    let mut faults = Vec::new();
    for shift in shifts {
        let texts = [&shift.code.0, &shift.name_zh, &shift.name_en];
        if texts.iter().any(|text| text.trim().is_empty()) {
            faults.push(ShiftFault::Nameless(shift.code.0.clone()));
        }
        if !codes.insert(&shift.code) {
            faults.push(ShiftFault::Twice(shift.code.clone()));
        }
        // A day's last minute is followed by the next day's first.
        if shift.from.minutes() == 24 * 60 {
            faults.push(ShiftFault::BeginsAtEnd(shift.code.clone()));
        }
    }
    faults
}
