//! Times as they are compared: a moment, a day, or the time between two.

use std::cmp::Ordering;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

use crate::domain::Timestamp;

/// China Standard Time is this far east of Greenwich. A day is a day there.
const CST_OFFSET_S: i32 = 8 * 3600;

/// A stretch of time, both ends included. An end that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
}

/// Why a text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    #[error(
        "{0:?} is no time; write a day as 2026-11-22 or a moment as 2026-11-22T08:00:00Z, and between the ends of an interval a slash, with .. for an open end"
    )]
    Malformed(String),
    #[error("the interval {0:?} ends before it starts")]
    EndsBeforeStart(String),
}

/// How one stretch of time stands to another: the relations of Allen's interval algebra
/// under the names that CQL2 gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemporalRelation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl Span {
    /// A single moment.
    #[must_use]
    pub const fn at(moment: Timestamp) -> Self {
        Self {
            start: Some(moment),
            end: Some(moment),
        }
    }

    /// A day of China Standard Time. `None` at the ends of the calendar.
    #[must_use]
    pub fn of_day(day: NaiveDate) -> Option<Self> {
        let zone = FixedOffset::east_opt(CST_OFFSET_S)?;
        let midnight = |day: NaiveDate| {
            let local = zone
                .from_local_datetime(&day.and_time(NaiveTime::MIN))
                .single()?;
            Some(local.with_timezone(&Utc))
        };
        // Times are kept to the millisecond at the finest, so nothing falls between days.
        let last = midnight(day.succ_opt()?)? - TimeDelta::nanoseconds(1);
        Some(Self {
            start: Some(midnight(day)?),
            end: Some(last),
        })
    }

    /// Reads a day or a moment.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse_instant(text: &str) -> Result<Self, SpanError> {
        let malformed = || SpanError::Malformed(text.to_owned());
        if let Ok(day) = text.parse::<NaiveDate>()
            && text.len() == 10
        {
            return Self::of_day(day).ok_or_else(malformed);
        }
        // A date and a time must stand apart by a T: chrono would take a space too.
        if text
            .get(10..11)
            .is_none_or(|mark| !mark.eq_ignore_ascii_case("T"))
        {
            return Err(malformed());
        }
        let moment = DateTime::parse_from_rfc3339(text).map_err(|_| malformed())?;
        Ok(Self::at(moment.with_timezone(&Utc)))
    }

    /// From the start of one to the end of the other; `None` when that is backwards.
    #[must_use]
    pub fn between(first: Self, last: Self) -> Option<Self> {
        let backwards = matches!((first.start, last.end), (Some(start), Some(end)) if start > end);
        (!backwards).then_some(Self {
            start: first.start,
            end: last.end,
        })
    }

    /// True when the two have a moment in common.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.order(other) == Ordering::Equal
    }

    /// Less when this ends before the other starts, greater when it starts after the other
    /// ends, else equal: as moments are ordered, and a moment is equal to its day.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        let ends_before =
            |a: Self, b: Self| matches!((a.end, b.start), (Some(a), Some(b)) if a < b);
        if ends_before(self, other) {
            Ordering::Less
        } else if ends_before(other, self) {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }

    /// True when this stands so to the other (OWL-Time, section 3.2.6).
    #[must_use]
    pub fn relates(self, relation: TemporalRelation, other: Self) -> bool {
        use TemporalRelation as Relation;
        let starts = starts(self, other);
        let ends = ends(self, other);
        match relation {
            Relation::After => self.order(other) == Ordering::Greater,
            Relation::Before => self.order(other) == Ordering::Less,
            Relation::Disjoint => self.order(other) != Ordering::Equal,
            Relation::Intersects => self.intersects(other),
            Relation::Equals => starts.is_eq() && ends.is_eq(),
            Relation::Contains => starts.is_lt() && ends.is_gt(),
            Relation::During => starts.is_gt() && ends.is_lt(),
            Relation::FinishedBy => starts.is_lt() && ends.is_eq(),
            Relation::Finishes => starts.is_gt() && ends.is_eq(),
            Relation::StartedBy => starts.is_eq() && ends.is_gt(),
            Relation::Starts => starts.is_eq() && ends.is_lt(),
            Relation::Meets => self.end.is_some() && self.end == other.start,
            Relation::MetBy => self.start.is_some() && self.start == other.end,
            Relation::Overlaps => starts.is_lt() && ends.is_lt() && follows(self.end, other.start),
            Relation::OverlappedBy => {
                starts.is_gt() && ends.is_gt() && follows(other.end, self.start)
            }
        }
    }
}

impl TemporalRelation {
    /// Every relation with its name in CQL2.
    pub const ALL: [(&'static str, Self); 15] = [
        ("t_after", Self::After),
        ("t_before", Self::Before),
        ("t_contains", Self::Contains),
        ("t_disjoint", Self::Disjoint),
        ("t_during", Self::During),
        ("t_equals", Self::Equals),
        ("t_finishedby", Self::FinishedBy),
        ("t_finishes", Self::Finishes),
        ("t_intersects", Self::Intersects),
        ("t_meets", Self::Meets),
        ("t_metby", Self::MetBy),
        ("t_overlappedby", Self::OverlappedBy),
        ("t_overlaps", Self::Overlaps),
        ("t_startedby", Self::StartedBy),
        ("t_starts", Self::Starts),
    ];

    /// True when it says something of single moments too; the others are between intervals.
    #[must_use]
    pub const fn takes_instants(self) -> bool {
        matches!(
            self,
            Self::After | Self::Before | Self::Disjoint | Self::Equals | Self::Intersects
        )
    }
}

/// How the starts are ordered. An open start comes before all others.
fn starts(a: Span, b: Span) -> Ordering {
    a.start.cmp(&b.start)
}

/// How the ends are ordered. An open end comes after all others.
fn ends(a: Span, b: Span) -> Ordering {
    match (a.end, b.end) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(&b),
    }
}

/// True when an end comes after a start.
fn follows(end: Option<Timestamp>, start: Option<Timestamp>) -> bool {
    match (end, start) {
        (Some(end), Some(start)) => end > start,
        _ => true,
    }
}

impl FromStr for Span {
    type Err = SpanError;

    /// Reads a moment, a day, or an interval of them with a slash between, where `..` or
    /// nothing is an open end.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || SpanError::Malformed(text.to_owned());
        let Some((first, last)) = text.split_once('/') else {
            return Self::parse_instant(text);
        };
        let open = Self {
            start: None,
            end: None,
        };
        let read = |part: &str| match part {
            "" | ".." => Ok(open),
            part => Self::parse_instant(part).map_err(|_| malformed()),
        };
        Self::between(read(first)?, read(last)?)
            .ok_or_else(|| SpanError::EndsBeforeStart(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(text: &str) -> Span {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_days_in_china() {
        let day = span("2026-11-22");
        for (moment, expected) in [
            ("2026-11-21T15:59:59.999Z", Ordering::Greater),
            ("2026-11-21T16:00:00Z", Ordering::Equal),
            ("2026-11-22T23:59:59.999+08:00", Ordering::Equal),
            ("2026-11-22T16:00:00Z", Ordering::Less),
        ] {
            assert_eq!(day.order(span(moment)), expected, "{moment}");
        }
    }

    #[test]
    fn intervals_may_be_open_and_not_backwards() {
        assert_eq!(span("2026-01-01T00:00:00Z/..").end, None);
        assert_eq!(span("/2026-01-01T00:00:00Z").start, None);
        assert_eq!(
            "2026-01-02/2026-01-01"
                .parse::<Span>()
                .unwrap_err()
                .to_string(),
            "the interval \"2026-01-02/2026-01-01\" ends before it starts"
        );
        for text in [
            "",
            "today",
            "2026",
            "2026-13-01",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01/2026-01-02/2026-01-03",
            "2026-1-1",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text:?}");
        }
    }

    proptest! {
        /// Of any two bounded intervals with some length exactly one of the thirteen
        /// relations of Allen holds, and the inverse holds the other way round.
        #[test]
        fn the_interval_relations_are_exclusive_and_complete(
            a in (0..6_i64, 1..6_i64), b in (0..6_i64, 1..6_i64),
        ) {
            use TemporalRelation as R;
            let at = |s: i64| DateTime::from_timestamp(s, 0);
            let span = |(start, length): (i64, i64)| Span { start: at(start), end: at(start + length) };
            let (a, b) = (span(a), span(b));
            // Bounding instants belong to an interval, so what CQL2 calls before excludes meeting.
            let pairs = [
                (R::Before, R::After), (R::Meets, R::MetBy), (R::Overlaps, R::OverlappedBy),
                (R::Starts, R::StartedBy), (R::During, R::Contains), (R::Finishes, R::FinishedBy),
                (R::Equals, R::Equals),
            ];
            let mut held = 0;
            for (relation, inverse) in pairs {
                prop_assert_eq!(a.relates(relation, b), b.relates(inverse, a));
                held += usize::from(a.relates(relation, b));
                if inverse != relation {
                    held += usize::from(a.relates(inverse, b));
                }
            }
            prop_assert_eq!(held, 1);
            prop_assert_eq!(a.relates(R::Intersects, b), !a.relates(R::Disjoint, b));
        }
    }
}
