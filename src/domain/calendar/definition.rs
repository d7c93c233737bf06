//! A calendar as people write it, and what can be wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Years that a calendar may know; the rules for changing clocks are known for these.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2099;

/// The minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A calendar: the file `data/calendars/*.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDefinition {
    #[schema(example = "china")]
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// An IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    /// The working hours of a week without holidays.
    pub week: Week,
    /// The working hours of a make-up day.
    #[serde(default)]
    pub make_up_hours: Vec<Span>,
    /// What is known of each year. A year that is missing has no holidays.
    #[serde(default)]
    pub years: Vec<YearDefinition>,
}

/// The working hours of each day of the week; none on a day that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    pub monday: Vec<Span>,
    pub tuesday: Vec<Span>,
    pub wednesday: Vec<Span>,
    pub thursday: Vec<Span>,
    pub friday: Vec<Span>,
    pub saturday: Vec<Span>,
    pub sunday: Vec<Span>,
}

/// Hours on end within one day. What goes on over midnight is two spans, one on each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

/// What a clock on the wall shows, to the minute: `00:00` to `24:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "08:30")]
pub struct TimeOfDay(u16);

/// The holidays of a year and the days that are worked in return. Its dates may lie in the
/// December before, where the holiday of a New Year may begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearDefinition {
    pub year: i32,
    /// Who announced it: the notice with its number or date.
    pub source: String,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    #[serde(default)]
    pub make_up_days: Vec<MakeUpDay>,
}

/// Days off, the first and the last included (放假).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub name_zh: String,
    pub name_en: String,
}

/// A day that is worked in return for a longer holiday (调休上班).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeUpDay {
    pub date: NaiveDate,
    pub name_zh: String,
    pub name_en: String,
}

/// What is wrong with a calendar.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("the calendar is not readable")]
    Unreadable(#[from] serde_json::Error),
    #[error("{0:?} is not a calendar's code: use 1 to 64 lower-case letters, digits or -")]
    Code(String),
    #[error("there is no time zone {0:?}; use an IANA name such as Asia/Shanghai")]
    UnknownZone(String),
    #[error(
        "the span {} to {} on {day} ends before it begins; what goes on over midnight is two spans",
        span.from, span.to
    )]
    BackwardSpan { day: &'static str, span: Span },
    #[error(
        "the spans {} to {} and {} to {} on {day} overlap",
        first.from, first.to, second.from, second.to
    )]
    OverlappingSpans {
        day: &'static str,
        first: Span,
        second: Span,
    },
    #[error("nobody ever works: give at least one day of the week a span of hours")]
    NoWorkingHours,
    #[error("{0} is a make-up day, but make_up_hours does not say what is worked on one")]
    NoMakeUpHours(NaiveDate),
    #[error("the year {0} is outside {start} to {end}", start = YEARS.start(), end = YEARS.end())]
    YearOutOfRange(i32),
    #[error("the year {0} is there twice")]
    YearTwice(i32),
    #[error("the holiday {name:?} ends on {to}, before it begins on {from}")]
    BackwardHoliday {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
    },
    #[error("{date} does not belong to the year {year}, nor to the December before it")]
    OutsideYear { date: NaiveDate, year: i32 },
    #[error("{0} is both a holiday and a make-up day")]
    HolidayAndMakeUp(NaiveDate),
    #[error("{0} is in two holidays")]
    HolidayTwice(NaiveDate),
    #[error("{0} is a make-up day twice")]
    MakeUpTwice(NaiveDate),
    #[error(
        "{date} is a make-up day, but it is a {weekday}, on which the same hours are worked anyway"
    )]
    MakeUpWithoutEffect { date: NaiveDate, weekday: Weekday },
}

/// What a date is other than a day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    Holiday,
    MakeUp,
}

impl CalendarDefinition {
    /// Checks all of it; answers with the time zone.
    pub(super) fn check(&self) -> Result<Tz, CalendarError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=64).contains(&self.code.len()) || !self.code.bytes().all(plain) {
            return Err(CalendarError::Code(self.code.clone()));
        }
        let zone = self
            .zone
            .parse()
            .map_err(|_| CalendarError::UnknownZone(self.zone.clone()))?;
        for (day, spans) in self.week.named_days() {
            check_spans(day, spans)?;
        }
        check_spans("make-up days", &self.make_up_hours)?;
        if self.week.days().iter().all(|spans| spans.is_empty()) {
            return Err(CalendarError::NoWorkingHours);
        }
        self.check_years()?;
        Ok(zone)
    }

    fn check_years(&self) -> Result<(), CalendarError> {
        let mut years = std::collections::BTreeSet::new();
        let mut specials = BTreeMap::new();
        for year in &self.years {
            if !YEARS.contains(&year.year) {
                return Err(CalendarError::YearOutOfRange(year.year));
            }
            if !years.insert(year.year) {
                return Err(CalendarError::YearTwice(year.year));
            }
            for holiday in &year.holidays {
                if holiday.to < holiday.from {
                    return Err(CalendarError::BackwardHoliday {
                        name: holiday.name_zh.clone(),
                        from: holiday.from,
                        to: holiday.to,
                    });
                }
                // The ends first: a slip of the pen may lie thousands of years away.
                year.check_holds(holiday.from)?;
                year.check_holds(holiday.to)?;
            }
            for day in &year.make_up_days {
                year.check_holds(day.date)?;
                self.check_make_up(day.date)?;
            }
            for (date, special) in year.specials() {
                match (specials.insert(date, special), special) {
                    (None, _) => {}
                    (Some(Special::Holiday), Special::Holiday) => {
                        return Err(CalendarError::HolidayTwice(date));
                    }
                    (Some(Special::MakeUp), Special::MakeUp) => {
                        return Err(CalendarError::MakeUpTwice(date));
                    }
                    (Some(_), _) => return Err(CalendarError::HolidayAndMakeUp(date)),
                }
            }
        }
        Ok(())
    }

    fn check_make_up(&self, date: NaiveDate) -> Result<(), CalendarError> {
        if self.make_up_hours.is_empty() {
            return Err(CalendarError::NoMakeUpHours(date));
        }
        let weekday = date.weekday();
        if self.week.on(weekday) == self.make_up_hours {
            return Err(CalendarError::MakeUpWithoutEffect { date, weekday });
        }
        Ok(())
    }
}

impl YearDefinition {
    /// Each day that is not as the week says.
    pub(super) fn specials(&self) -> impl Iterator<Item = (NaiveDate, Special)> {
        let days_off = self
            .holidays
            .iter()
            .flat_map(|holiday| {
                holiday
                    .from
                    .iter_days()
                    .take_while(|day| *day <= holiday.to)
            })
            .map(|day| (day, Special::Holiday));
        let days_on = self
            .make_up_days
            .iter()
            .map(|day| (day.date, Special::MakeUp));
        days_off.chain(days_on)
    }

    fn check_holds(&self, date: NaiveDate) -> Result<(), CalendarError> {
        let before = date.year() == self.year - 1 && date.month() == 12;
        if date.year() == self.year || before {
            return Ok(());
        }
        Err(CalendarError::OutsideYear {
            date,
            year: self.year,
        })
    }
}

impl Week {
    /// The hours of each day, Monday first.
    pub(super) fn days(&self) -> [&[Span]; 7] {
        self.named_days().map(|(_, spans)| spans)
    }

    fn named_days(&self) -> [(&'static str, &[Span]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }

    fn on(&self, weekday: Weekday) -> &[Span] {
        match weekday {
            Weekday::Mon => &self.monday,
            Weekday::Tue => &self.tuesday,
            Weekday::Wed => &self.wednesday,
            Weekday::Thu => &self.thursday,
            Weekday::Fri => &self.friday,
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
        }
    }
}

/// Spans may stand in any order and may touch, but not overlap.
fn check_spans(day: &'static str, spans: &[Span]) -> Result<(), CalendarError> {
    if let Some(&span) = spans.iter().find(|span| span.to <= span.from) {
        return Err(CalendarError::BackwardSpan { day, span });
    }
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    match sorted.array_windows().find(|[a, b]| b.from < a.to) {
        Some(&[first, second]) => Err(CalendarError::OverlappingSpans { day, first, second }),
        None => Ok(()),
    }
}

/// Text that is no time of a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time of day; write it as 08:30, from 00:00 to 24:00")]
pub struct NotTimeOfDay(String);

impl TimeOfDay {
    /// In which a day begins.
    pub(in crate::domain) const MIDNIGHT: Self = Self(0);
    /// When shifts usually change.
    pub(in crate::domain) const MORNING: Self = Self(8 * 60);
    pub(in crate::domain) const EVENING: Self = Self(20 * 60);

    /// Minutes since midnight: 0 to 1440.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = NotTimeOfDay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let two_digits = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| digits)
        };
        text.split_once(':')
            .and_then(|(hours, minutes)| Some((two_digits(hours)?, two_digits(minutes)?)))
            .filter(|&(_, minutes)| minutes < 60)
            .map(|(hours, minutes)| hours * 60 + minutes)
            .filter(|&minutes| minutes <= DAY_MINUTES)
            .map(Self)
            .ok_or_else(|| NotTimeOfDay(text.to_owned()))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NotTimeOfDay;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
