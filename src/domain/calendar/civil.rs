//! Working time by the wall clock alone, as if no clock were ever changed.
//!
//! It repeats from week to week but for the special days, so that neither direction walks
//! from day to day: `worked` says how much was worked up to a reading of the wall clock,
//! `reach` which reading first shows so much.

use chrono::NaiveDate;

use super::definition::{CalendarDefinition, Span, Special, YearDefinition};

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Days are counted from the Monday before 1970, readings in milliseconds from 1970.
const DAYS_FROM_MONDAY: i64 = 3;

/// The working time of a calendar, on the wall clock.
#[derive(Debug, Clone)]
pub(super) struct Civil {
    /// Monday first.
    week: [Hours; 7],
    /// What is worked in a week before each of its days.
    before_ms: [i64; 7],
    /// What is worked in a week; never nothing.
    week_ms: i64,
    /// In order of days.
    specials: Vec<SpecialDay>,
}

/// The spans of a day, in order, in milliseconds since its midnight.
#[derive(Debug, Clone, Default)]
struct Hours {
    spans: Vec<(i64, i64)>,
    total_ms: i64,
}

/// A day whose hours are not those of the week.
#[derive(Debug, Clone)]
struct SpecialDay {
    day: i64,
    hours: Hours,
    /// What was worked before this day.
    before_ms: i64,
    /// How much more than the week says was worked on this and all special days before it.
    extra_ms: i64,
}

impl Civil {
    /// Takes a definition that has been checked.
    pub(super) fn new(definition: &CalendarDefinition) -> Self {
        let week = definition.week.days().map(Hours::new);
        let mut week_ms = 0;
        let before_ms = std::array::from_fn(|day| {
            let before = week_ms;
            week_ms += week[day].total_ms;
            before
        });
        let mut civil = Self {
            week,
            before_ms,
            week_ms,
            specials: Vec::new(),
        };
        civil.place_specials(definition);
        civil
    }

    fn place_specials(&mut self, definition: &CalendarDefinition) {
        let mut specials: Vec<_> = definition
            .years
            .iter()
            .flat_map(YearDefinition::specials)
            .collect();
        specials.sort_unstable_by_key(|&(date, _)| date);
        let mut extra_ms = 0;
        for (date, special) in specials {
            let day = number(date);
            let hours = match special {
                Special::Holiday => Hours::default(),
                Special::MakeUp => Hours::new(&definition.make_up_hours),
            };
            let before_ms = self.regular_before(day) + extra_ms;
            extra_ms += hours.total_ms - self.regular(day).total_ms;
            self.specials.push(SpecialDay {
                day,
                hours,
                before_ms,
                extra_ms,
            });
        }
    }

    /// What was worked up to a reading of the wall clock; less than nothing before 1970.
    pub(super) fn worked(&self, reading_ms: i64) -> i64 {
        let day = reading_ms.div_euclid(DAY_MS) + DAYS_FROM_MONDAY;
        let within_ms = reading_ms.rem_euclid(DAY_MS);
        let next = self.specials.partition_point(|special| special.day < day);
        let (before, from) = self.specials.split_at(next);
        let extra_ms = before.last().map_or(0, |special| special.extra_ms);
        let hours = from
            .first()
            .filter(|special| special.day == day)
            .map_or_else(|| self.regular(day), |special| &special.hours);
        self.regular_before(day) + extra_ms + hours.worked(within_ms)
    }

    /// The first reading by which so much was worked.
    pub(super) fn reach(&self, worked_ms: i64) -> i64 {
        let after = self
            .specials
            .partition_point(|special| special.before_ms < worked_ms);
        let mut extra_ms = 0;
        if let Some(special) = self.specials[..after].last() {
            let within_ms = worked_ms - special.before_ms;
            if within_ms <= special.hours.total_ms {
                return midnight(special.day) + special.hours.reach(within_ms);
            }
            extra_ms = special.extra_ms;
        }
        // From here to the next special day the weeks go on as ever.
        let regular_ms = worked_ms - extra_ms;
        let weeks = (regular_ms - 1).div_euclid(self.week_ms);
        let rest_ms = regular_ms - weeks * self.week_ms;
        let later = (weeks * 7..).zip(self.before_ms).zip(&self.week);
        let (day, before_ms, hours) = later
            .map(|((day, before_ms), hours)| (day, before_ms, hours))
            .take_while(|&(_, before_ms, _)| before_ms < rest_ms)
            .last()
            .unwrap_or((weeks * 7, 0, &self.week[0]));
        midnight(day) + hours.reach(rest_ms - before_ms)
    }

    fn regular(&self, day: i64) -> &Hours {
        &self.week[weekday(day)]
    }

    /// What would have been worked before a day if there were no special ones.
    fn regular_before(&self, day: i64) -> i64 {
        day.div_euclid(7) * self.week_ms + self.before_ms[weekday(day)]
    }
}

impl Hours {
    fn new(spans: &[Span]) -> Self {
        let ms = |minutes: u16| i64::from(minutes) * 60_000;
        let mut spans: Vec<_> = spans
            .iter()
            .map(|span| (ms(span.from.minutes()), ms(span.to.minutes())))
            .collect();
        spans.sort_unstable();
        let total_ms = spans.iter().map(|(from, to)| to - from).sum();
        Self { spans, total_ms }
    }

    fn worked(&self, within_ms: i64) -> i64 {
        self.spans
            .iter()
            .map(|&(from, to)| within_ms.clamp(from, to) - from)
            .sum()
    }

    /// The first millisecond of the day by which so much was worked: more than nothing, at
    /// most all of it.
    fn reach(&self, worked_ms: i64) -> i64 {
        let mut left_ms = worked_ms;
        for &(from, to) in &self.spans {
            if left_ms <= to - from {
                return from + left_ms;
            }
            left_ms -= to - from;
        }
        DAY_MS
    }
}

/// The number of a date, counted from a Monday.
fn number(date: NaiveDate) -> i64 {
    (date - NaiveDate::default()).num_days() + DAYS_FROM_MONDAY
}

/// The first reading of a day.
const fn midnight(day: i64) -> i64 {
    (day - DAYS_FROM_MONDAY) * DAY_MS
}

fn weekday(day: i64) -> usize {
    usize::try_from(day.rem_euclid(7)).unwrap_or_default()
}
