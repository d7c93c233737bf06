//! Deadlines against a table whose answers were worked out by hand: `cases.csv`.

use chrono::{DateTime, TimeDelta};
use serde::Deserialize;

use super::tests::{china, test_calendars};
use super::{Calendar, CalendarDefinition, Clock};
use crate::domain::Timestamp;

/// A row: a limit that starts, perhaps is deferred and resumed, and when it is due.
#[derive(Debug, Deserialize)]
struct Case {
    calendar: String,
    clock: Clock,
    start: String,
    minutes: i64,
    deferred: Option<String>,
    resumed: Option<String>,
    due: String,
    /// What the row is there for.
    why: String,
}

fn instant(text: &str) -> Timestamp {
    // The table leaves the seconds out.
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z")
        .unwrap()
        .to_utc()
}

fn cases() -> Vec<Case> {
    csv::Reader::from_reader(include_bytes!("cases.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn deadlines_agree_with_the_table() {
    let calendars: Vec<Calendar> = test_calendars().into_iter().chain([china()]).collect();
    for case in cases() {
        let of_case = |definition: &CalendarDefinition| definition.code == case.calendar;
        let calendar = calendars
            .iter()
            .find(|calendar| of_case(calendar.definition()))
            .unwrap();
        let pace = case.clock.by(calendar);
        let mut due = pace.due(instant(&case.start), TimeDelta::minutes(case.minutes));
        if let (Some(deferred), Some(resumed)) = (&case.deferred, &case.resumed) {
            due = pace.resume(due, instant(deferred), instant(resumed));
        }
        assert_eq!(due, instant(&case.due), "{}: {case:?}", case.why);
    }
}

#[test]
fn the_table_has_every_kind_of_case() {
    let cases = cases();
    let count = |wanted: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| wanted(case)).count();
    assert!(cases.len() >= 60);
    assert!(cases.iter().all(|case| !case.why.is_empty()));
    assert!(count(&|case| case.clock == Clock::Natural) >= 5);
    assert!(count(&|case| case.deferred.is_some()) >= 8);
    for calendar in ["china", "berlin", "new-york"] {
        assert!(count(&|case| case.calendar == calendar) >= 10, "{calendar}");
    }
}
