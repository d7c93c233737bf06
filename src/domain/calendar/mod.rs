//! Working time: when people are at work, and how long a limit lasts that counts only
//! those hours.
//!
//! A [`Calendar`] is data: the hours of a week in a time zone, and for each year its
//! holidays and the days that are worked in return (调休). An instant is *worked* when a
//! clock on the wall there shows working hours. From this alone follows what happens when
//! clocks are changed: an hour that is skipped is worked by nobody, one that comes twice is
//! worked twice, and working time is always time that passes.

mod civil;
mod definition;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;
mod timeline;

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::Timestamp;
use super::words::words;
use civil::Civil;
use timeline::Timeline;

pub use definition::{
    CalendarDefinition, CalendarError, Holiday, MakeUpDay, NotTimeOfDay, Span, TimeOfDay, Week,
    YearDefinition,
};

words! {
    /// What a time limit counts.
    pub enum Clock ("clock") {
        /// Every minute, day and night (自然时).
        Natural = "natural",
        /// The working hours of a calendar (工作时).
        Working = "working",
    }
}

impl Clock {
    /// The clock with the calendar it goes by when it counts working hours.
    #[must_use]
    pub const fn by(self, calendar: &Calendar) -> Pace<'_> {
        match self {
            Self::Natural => Pace::Natural,
            Self::Working => Pace::Working(calendar),
        }
    }
}

/// A calendar ready to count with. Times are whole milliseconds
/// (`docs/decisions/0008-time.md`); each question takes a few binary searches, however far
/// apart the times are.
#[derive(Debug, Clone)]
pub struct Calendar {
    definition: CalendarDefinition,
    known: BTreeSet<i32>,
    timeline: Timeline,
}

impl Calendar {
    /// Reads a calendar in the form of `data/calendars/china.json`.
    ///
    /// # Errors
    /// When the text is not such a calendar, or it contradicts itself.
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        Self::new(serde_json::from_str(json)?)
    }

    /// Makes a calendar of its definition.
    ///
    /// # Errors
    /// When the definition contradicts itself: the first fault found, with the day it is on.
    pub fn new(definition: CalendarDefinition) -> Result<Self, CalendarError> {
        let zone = definition.check()?;
        let timeline = Timeline::new(zone, Civil::new(&definition));
        Ok(Self {
            known: definition.years.iter().map(|year| year.year).collect(),
            timeline,
            definition,
        })
    }

    /// What the calendar was made of; as JSON it can be read again.
    #[must_use]
    pub const fn definition(&self) -> &CalendarDefinition {
        &self.definition
    }

    /// True when the year's holidays and make-up days are known. A year that is not known
    /// counts as weeks without any.
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        self.known.contains(&year)
    }

    /// The first year from one instant to another whose holidays are not known, so that what
    /// was counted there may change when they are announced.
    #[must_use]
    pub fn first_unknown_year(&self, from: Timestamp, to: Timestamp) -> Option<i32> {
        let [first, last] = [from, to].map(|at| self.timeline.local_date(at).year());
        (first..=last).find(|&year| !self.knows(year))
    }

    /// The day that it is in the calendar's time zone.
    #[must_use]
    pub fn local_date(&self, at: Timestamp) -> NaiveDate {
        self.timeline.local_date(at)
    }

    /// When a clock on the wall in the calendar's time zone comes to a time of a day. Where
    /// clocks are changed that may be twice, and it is the first time; or never, and it is
    /// when they are changed. `24:00` is the midnight in which the next day begins.
    #[must_use]
    pub fn instant(&self, date: NaiveDate, time: TimeOfDay) -> Timestamp {
        let days = (date - NaiveDate::default()).num_days();
        self.timeline
            .instant(days * civil::DAY_MS + i64::from(time.minutes()) * 60_000)
    }

    /// A day in the calendar's time zone.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Range<Timestamp> {
        let next = date.succ_opt().unwrap_or(date);
        self.instant(date, TimeOfDay::MIDNIGHT)..self.instant(next, TimeOfDay::MIDNIGHT)
    }

    /// True when people are at work in the millisecond that begins at the instant.
    #[must_use]
    pub fn is_working(&self, at: Timestamp) -> bool {
        self.timeline.worked(at) < self.timeline.worked(at + TimeDelta::milliseconds(1))
    }

    /// The working time between two instants; negative when the second comes first.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> TimeDelta {
        TimeDelta::milliseconds(self.timeline.worked(to) - self.timeline.worked(from))
    }

    /// The first instant by which so much has been worked since the start. So a limit that
    /// is used up at the end of a day ends there, not the next morning; and no work at all
    /// leaves the start where it is, be it at night.
    ///
    /// Negative work goes back, to the last instant after which so much was worked until the
    /// start. What would lie beyond the range of times is the end of that range.
    #[must_use]
    pub fn add(&self, start: Timestamp, work: TimeDelta) -> Timestamp {
        if work.is_zero() {
            return start;
        }
        let target = self
            .timeline
            .worked(start)
            .saturating_add(work.num_milliseconds());
        if work > TimeDelta::zero() {
            self.timeline.first_with(target)
        } else {
            self.timeline.last_with(target)
        }
    }
}

/// How a clock goes: with every minute, or with the hours of a calendar.
#[derive(Debug, Clone, Copy)]
pub enum Pace<'a> {
    Natural,
    Working(&'a Calendar),
}

impl Pace<'_> {
    /// When a limit that starts now has passed; see [`Calendar::add`].
    #[must_use]
    pub fn due(&self, start: Timestamp, limit: TimeDelta) -> Timestamp {
        match self {
            Self::Natural => start.checked_add_signed(limit).unwrap_or_else(|| {
                if limit > TimeDelta::zero() {
                    Timestamp::MAX_UTC
                } else {
                    Timestamp::MIN_UTC
                }
            }),
            Self::Working(calendar) => calendar.add(start, limit),
        }
    }

    /// The time that counts between two instants; negative when the second comes first.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> TimeDelta {
        match self {
            Self::Natural => to - from,
            Self::Working(calendar) => calendar.between(from, to),
        }
    }

    /// The new deadline of an incident that was put off (挂账): what was left of the time
    /// when it was deferred is granted again from the resumption on. What was late already
    /// is late by as much again.
    #[must_use]
    pub fn resume(
        &self,
        due: Timestamp,
        deferred_at: Timestamp,
        resumed_at: Timestamp,
    ) -> Timestamp {
        self.due(resumed_at, self.between(deferred_at, due))
    }

    /// The last instant at which a fifth of the time between start and deadline is left,
    /// whole or more; to warn after it. Where no time counts between the two it is the
    /// deadline, so that nobody is warned.
    #[must_use]
    pub fn warning_at(&self, start: Timestamp, due: Timestamp) -> Timestamp {
        let total_ms = self.between(start, due).num_milliseconds();
        if total_ms <= 0 {
            return due;
        }
        // A fifth rounded up: less than it is left exactly when five times as much is less
        // than the whole.
        let fifth_ms = total_ms / 5 + i64::from(total_ms % 5 != 0);
        match self {
            Self::Natural => due - TimeDelta::milliseconds(fifth_ms),
            Self::Working(calendar) => calendar
                .timeline
                .last_with(calendar.timeline.worked(due) - fifth_ms),
        }
    }
}
