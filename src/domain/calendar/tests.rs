use chrono::{DateTime, NaiveDate, TimeDelta, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const CHINA: &str = include_str!("../../../data/calendars/china.json");

pub(super) fn china() -> Calendar {
    Calendar::parse(CHINA).unwrap()
}

/// Two calendars in zones whose clocks are changed, with shifts in those nights.
pub(super) fn test_calendars() -> Vec<Calendar> {
    let definitions: Vec<CalendarDefinition> =
        serde_json::from_str(include_str!("test-calendars.json")).unwrap();
    definitions
        .into_iter()
        .map(|definition| Calendar::new(definition).unwrap())
        .collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The data of China with a change made to it.
fn changed(change: impl FnOnce(&mut Value)) -> Result<Calendar, CalendarError> {
    let mut data: Value = serde_json::from_str(CHINA).unwrap();
    change(&mut data);
    Calendar::parse(&data.to_string())
}

fn refusal(change: impl FnOnce(&mut Value)) -> String {
    changed(change).unwrap_err().to_string()
}

#[test]
fn a_year_has_as_many_working_days_as_its_weekdays_less_the_holidays_of_the_law() {
    // The law names 11 days for 2024, and 13 since 2025; what else is free is worked in
    // return. 2024 has 262 weekdays, the two years after it have 261.
    let china = china();
    for (year, days) in [(2024, 262 - 11), (2025, 261 - 13), (2026, 261 - 13)] {
        let new_year = |year: i32| at(&format!("{year}-01-01T00:00:00+08:00"));
        let worked = china.between(new_year(year), new_year(year + 1));
        assert_eq!(worked, TimeDelta::hours(8 * days), "{year}");
    }
}

#[test]
fn a_calendar_says_which_years_it_knows() {
    let china = china();
    let known: Vec<i32> = (2020..2030).filter(|&year| china.knows(year)).collect();
    assert_eq!(known, [2024, 2025, 2026]);
    let (start, late_2026) = (at("2024-02-01T00:00:00Z"), at("2026-12-31T15:59:59Z"));
    assert_eq!(china.first_unknown_year(start, late_2026), None);
    // A second later it is 2027 in China.
    let early_2027 = at("2026-12-31T16:00:00Z");
    assert_eq!(china.first_unknown_year(start, early_2027), Some(2027));
}

#[test]
fn a_calendar_is_written_as_it_was_read() {
    let data: Value = serde_json::from_str(CHINA).unwrap();
    let mut written = serde_json::to_value(china().definition()).unwrap();
    // Days without hours need not be written down.
    for day in ["saturday", "sunday"] {
        assert_eq!(
            written["week"].as_object_mut().unwrap().remove(day),
            Some(json!([]))
        );
    }
    assert_eq!(written, data);
}

#[test]
fn what_contradicts_itself_is_refused_with_the_day_it_is_on() {
    let span = |from: &str, to: &str| json!({ "from": from, "to": to });
    let holiday = |from: &str, to: &str| json!({ "from": from, "to": to, "name_zh": "假", "name_en": "Holiday" });
    let make_up = |date: &str| json!({ "date": date, "name_zh": "班", "name_en": "Make-up day" });
    let add = |data: &mut Value, list: &str, entry: Value| {
        data["years"][2][list].as_array_mut().unwrap().push(entry);
    };
    let cases: [(&str, String); 17] = [
        (
            "the spans 08:30 to 12:00 and 11:59 to 13:00 on tuesday overlap",
            refusal(|data| {
                data["week"]["tuesday"] = json!([span("11:59", "13:00"), span("08:30", "12:00")]);
            }),
        ),
        (
            "the span 22:00 to 06:00 on friday ends before it begins; what goes on over midnight is two spans",
            refusal(|data| data["week"]["friday"] = json!([span("22:00", "06:00")])),
        ),
        (
            "the span 12:00 to 12:00 on make-up days ends before it begins; what goes on over midnight is two spans",
            refusal(|data| data["make_up_hours"] = json!([span("12:00", "12:00")])),
        ),
        (
            "there is no time zone \"Asia/Beijing\"; use an IANA name such as Asia/Shanghai",
            refusal(|data| data["zone"] = json!("Asia/Beijing")),
        ),
        (
            "\"China!\" is not a calendar's code: use 1 to 64 lower-case letters, digits or -",
            refusal(|data| data["code"] = json!("China!")),
        ),
        (
            "nobody ever works: give at least one day of the week a span of hours",
            refusal(|data| data["week"] = json!({})),
        ),
        (
            "2024-02-04 is a make-up day, but make_up_hours does not say what is worked on one",
            refusal(|data| data["make_up_hours"] = json!([])),
        ),
        (
            "2026-10-10 is both a holiday and a make-up day",
            refusal(|data| add(data, "holidays", holiday("2026-10-09", "2026-10-11"))),
        ),
        (
            "2026-10-07 is in two holidays",
            refusal(|data| add(data, "holidays", holiday("2026-10-07", "2026-10-08"))),
        ),
        (
            "2026-10-10 is a make-up day twice",
            refusal(|data| add(data, "make_up_days", make_up("2026-10-10"))),
        ),
        (
            "2026-10-12 is a make-up day, but it is a Mon, on which the same hours are worked anyway",
            refusal(|data| add(data, "make_up_days", make_up("2026-10-12"))),
        ),
        (
            "the holiday \"假\" ends on 2026-03-01, before it begins on 2026-03-08",
            refusal(|data| add(data, "holidays", holiday("2026-03-08", "2026-03-01"))),
        ),
        (
            "9026-03-08 does not belong to the year 2026, nor to the December before it",
            refusal(|data| add(data, "holidays", holiday("2026-03-08", "9026-03-08"))),
        ),
        (
            "2025-11-30 does not belong to the year 2026, nor to the December before it",
            refusal(|data| add(data, "make_up_days", make_up("2025-11-30"))),
        ),
        (
            "the year 2026 is there twice",
            refusal(|data| {
                data["years"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({ "year": 2026, "source": "" }));
            }),
        ),
        (
            "the year 2100 is outside 1970 to 2099",
            refusal(|data| data["years"][0]["year"] = json!(2100)),
        ),
        (
            "the calendar is not readable",
            refusal(|data| data["week"]["mittwoch"] = json!([])),
        ),
    ];
    for (expected, refused) in cases {
        assert_eq!(refused, expected);
    }
}

#[test]
fn a_new_year_may_begin_in_the_december_before_and_spans_may_touch() {
    let calendar = changed(|data| {
        let long_new_year = json!({
            "year": 2027,
            "source": "made up",
            "holidays": [{ "from": "2026-12-31", "to": "2027-01-03", "name_zh": "元旦", "name_en": "New Year" }],
        });
        data["years"].as_array_mut().unwrap().push(long_new_year);
        data["week"]["monday"] = json!([
            { "from": "12:00", "to": "24:00" },
            { "from": "00:00", "to": "12:00" },
        ]);
    })
    .unwrap();
    let evening = at("2026-12-30T17:00:00+08:00");
    // Wednesday's last hour, then from the midnight in which Monday begins.
    let due = calendar.add(evening, TimeDelta::hours(1 + 14));
    assert_eq!(due, at("2027-01-04T14:00:00+08:00"));
}

#[test]
fn times_of_day_are_two_digits_and_two_digits() {
    for text in ["00:00", "08:30", "23:59", "24:00"] {
        assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "8:30",
        "08:60",
        "24:01",
        "25:00",
        "08:30:00",
        "0830",
        "+8:30",
        "०८:३०",
    ] {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text:?}");
    }
}

#[test]
fn a_warning_comes_when_less_than_a_fifth_of_the_working_time_is_left() {
    let china = china();
    let warning = |clock: Clock, start, due| clock.by(&china).warning_at(at(start), at(due));
    // Of 480 minutes 96 are a fifth: at 16:24 just as much is left.
    let day = ["2026-11-16T08:30:00+08:00", "2026-11-16T18:00:00+08:00"];
    assert_eq!(
        warning(Clock::Working, day[0], day[1]),
        at("2026-11-16T16:24:00+08:00")
    );
    // 570 minutes pass in between.
    assert_eq!(
        warning(Clock::Natural, day[0], day[1]),
        at("2026-11-16T16:06:00+08:00")
    );
    // Of 1,650 minutes 1,320 are up on the evening before National Day: just a fifth is left
    // all through the holiday, and less once work goes on after it.
    let before_holiday = "2026-09-28T10:30:00+08:00";
    let after_holiday = "2026-10-08T15:30:00+08:00";
    assert_eq!(
        warning(Clock::Working, before_holiday, after_holiday),
        at("2026-10-08T08:30:00+08:00"),
    );
}

#[test]
fn nobody_is_warned_where_no_time_counts() {
    let china = china();
    let (saturday, sunday) = (at("2026-11-21T08:00:00Z"), at("2026-11-22T08:00:00Z"));
    let working = Clock::Working.by(&china);
    assert_eq!(working.warning_at(saturday, sunday), sunday);
    assert_eq!(Pace::Natural.warning_at(sunday, saturday), saturday);
}

#[test]
fn a_whole_day_that_a_country_skipped_is_worked_by_nobody() {
    // Samoa went from Thursday to Saturday over the date line at the end of 2011.
    let samoa = changed(|data| data["zone"] = json!("Pacific/Apia")).unwrap();
    let thursday_noon = at("2011-12-29T12:00:00-10:00");
    let monday_noon = at("2012-01-02T12:00:00+14:00");
    assert_eq!(
        samoa.between(thursday_noon, monday_noon),
        TimeDelta::minutes(270 + 210)
    );
}

#[test]
fn a_reading_that_is_skipped_comes_with_the_change_and_one_shown_twice_the_first_time() {
    let berlin = changed(|data| data["zone"] = json!("Europe/Berlin")).unwrap();
    for (date, time, expected) in [
        ("2026-03-29", "01:59", "2026-03-29T00:59:00Z"),
        ("2026-03-29", "02:30", "2026-03-29T01:00:00Z"),
        ("2026-03-29", "03:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29", "24:00", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "02:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25", "03:00", "2026-10-25T02:00:00Z"),
        ("2026-10-25", "00:00", "2026-10-24T22:00:00Z"),
    ] {
        let instant = berlin.instant(date.parse().unwrap(), time.parse().unwrap());
        assert_eq!(instant, at(expected), "{date} {time}");
    }
}

#[test]
fn what_is_far_away_is_counted_and_what_is_too_far_is_the_end_of_time() {
    let china = china();
    let start = at("2026-11-16T00:00:00Z");
    // Far from every year that is known each week has 40 hours.
    let weeks = 52 * 10_000;
    let due = china.add(start, TimeDelta::hours(40 * weeks));
    assert_eq!(china.between(start, due), TimeDelta::hours(40 * weeks));
    assert!((due - start - TimeDelta::weeks(weeks)).abs() < TimeDelta::days(10));
    for work in [TimeDelta::MAX, TimeDelta::hours(40 * 52 * 300_000)] {
        assert_eq!(china.add(start, work), Timestamp::MAX_UTC);
        assert_eq!(china.add(start, -work), Timestamp::MIN_UTC);
    }
    assert_eq!(Pace::Natural.due(start, TimeDelta::MAX), Timestamp::MAX_UTC);
    assert_eq!(Pace::Natural.due(start, TimeDelta::MIN), Timestamp::MIN_UTC);
    assert!(china.between(Timestamp::MIN_UTC, Timestamp::MAX_UTC) > TimeDelta::zero());
}

/// Zones with something to stumble over: half an hour of summer time, a change at a minute
/// past midnight or at midnight, a skipped day, a new offset, summer time that is interrupted.
const ZONES: [(&str, &[&str]); 8] = [
    (
        "Asia/Shanghai",
        &["1986-05-03T18:00:00Z", "1991-09-14T17:00:00Z"],
    ),
    (
        "Europe/Berlin",
        &["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"],
    ),
    (
        "America/New_York",
        &["2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"],
    ),
    (
        "Australia/Lord_Howe",
        &["2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"],
    ),
    (
        "America/St_Johns",
        &["2010-03-14T03:31:00Z", "2010-11-07T02:31:00Z"],
    ),
    (
        "America/Havana",
        &["2026-03-08T05:00:00Z", "2026-11-01T05:00:00Z"],
    ),
    (
        "Pacific/Apia",
        &["2011-12-30T10:00:00Z", "2012-04-01T10:00:00Z"],
    ),
    (
        "Africa/Casablanca",
        &["2026-02-15T02:00:00Z", "2026-03-22T02:00:00Z"],
    ),
];

fn spans() -> impl Strategy<Value = Vec<Value>> {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    proptest::collection::btree_set(prop_oneof![Just(0_u16), Just(1_440), 0..=1_440_u16], 0..=6)
        .prop_map(move |edges| {
            let edges: Vec<u16> = edges.into_iter().collect();
            edges
                .as_chunks()
                .0
                .iter()
                .map(|&[from, to]| json!({ "from": time(from), "to": time(to) }))
                .collect()
        })
}

prop_compose! {
    /// A calendar of any hours, with days off and make-up days, and an instant in the days
    /// around a change of its clocks.
    fn any_calendar()(
        days in proptest::collection::vec(spans(), 7),
        make_up in spans(),
        specials in proptest::collection::btree_map(-12..12_i64, any::<bool>(), 0..8),
        (zone, changes) in proptest::sample::select(&ZONES[..]),
        which in 0..2_usize,
        away_min in -15_000..15_000_i64,
    ) -> (Calendar, Timestamp) {
        let change = at(changes[which]);
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let mut week: serde_json::Map<String, Value> =
            names.iter().zip(&days).map(|(name, spans)| ((*name).to_owned(), json!(spans))).collect();
        if days.iter().all(Vec::is_empty) {
            week.insert("monday".into(), json!([{ "from": "23:00", "to": "24:00" }]));
        }
        let mut years = std::collections::BTreeMap::<i32, (Vec<Value>, Vec<Value>)>::new();
        for (day, is_off) in specials {
            let date = (change + TimeDelta::days(day)).date_naive();
            let same_hours = days[date.weekday().num_days_from_monday() as usize] == make_up;
            let (off, on) = years.entry(date.year()).or_default();
            if is_off {
                off.push(json!({ "from": date, "to": date, "name_zh": "", "name_en": "" }));
            } else if !make_up.is_empty() && !same_hours {
                on.push(json!({ "date": date, "name_zh": "", "name_en": "" }));
            }
        }
        let years: Vec<Value> = years
            .into_iter()
            .map(|(year, (off, on))| {
                json!({ "year": year, "source": "", "holidays": off, "make_up_days": on })
            })
            .collect();
        let data = json!({
            "code": "any", "name_zh": "", "name_en": "", "zone": zone,
            "week": week, "make_up_hours": make_up, "years": years,
        });
        (Calendar::parse(&data.to_string()).unwrap(), change + TimeDelta::minutes(away_min))
    }
}

/// What the definition says of the minute that begins at an instant, asked without any of
/// the machinery: what does the clock on the wall show?
fn is_worked(calendar: &Calendar, zone: Tz, minute: Timestamp) -> bool {
    let definition = calendar.definition();
    let wall = minute.with_timezone(&zone);
    let date: NaiveDate = wall.date_naive();
    let is_off = |year: &YearDefinition| {
        year.holidays
            .iter()
            .any(|holiday| holiday.from <= date && date <= holiday.to)
    };
    let is_on = |year: &YearDefinition| year.make_up_days.iter().any(|day| day.date == date);
    let weekday = date.weekday().num_days_from_monday() as usize;
    let spans = if definition.years.iter().any(is_off) {
        &[]
    } else if definition.years.iter().any(is_on) {
        &definition.make_up_hours[..]
    } else {
        definition.week.days()[weekday]
    };
    let reading = u16::try_from(wall.num_seconds_from_midnight() / 60).unwrap();
    spans
        .iter()
        .any(|span| span.from.minutes() <= reading && reading < span.to.minutes())
}

fn stepped(calendar: &Calendar, from: Timestamp, minutes: i64) -> TimeDelta {
    let zone: Tz = calendar.definition().zone.parse().unwrap();
    let worked = (0..minutes)
        .filter(|&minute| is_worked(calendar, zone, from + TimeDelta::minutes(minute)))
        .count();
    TimeDelta::minutes(i64::try_from(worked).unwrap())
}

fn ms(ms: i64) -> TimeDelta {
    TimeDelta::milliseconds(ms)
}

proptest! {
    #[test]
    fn working_time_is_what_stepping_through_every_minute_counts(
        (calendar, start) in any_calendar(),
        minutes in 0..20_000_i64,
    ) {
        let end = start + TimeDelta::minutes(minutes);
        let worked = calendar.between(start, end);
        prop_assert_eq!(worked, stepped(&calendar, start, minutes));
        prop_assert_eq!(calendar.between(end, start), -worked);
        let zone: Tz = calendar.definition().zone.parse().unwrap();
        prop_assert_eq!(calendar.is_working(start), is_worked(&calendar, zone, start));
    }

    #[test]
    fn a_deadline_is_the_first_instant_by_which_the_limit_was_worked(
        (calendar, start) in any_calendar(),
        away_ms in 0..100_000_000_i64,
        work_ms in 1..1_000_000_000_i64,
    ) {
        let start = start + ms(away_ms);
        let due = calendar.add(start, ms(work_ms));
        prop_assert_eq!(calendar.between(start, due), ms(work_ms));
        // So the millisecond before it is worked: it lies within working hours or ends them.
        prop_assert_eq!(calendar.between(start, due - ms(1)), ms(work_ms - 1));
        prop_assert!(calendar.is_working(due - ms(1)));
    }

    #[test]
    fn going_back_ends_at_the_last_instant_from_which_so_much_was_worked(
        (calendar, end) in any_calendar(),
        away_ms in 0..100_000_000_i64,
        work_ms in 1..1_000_000_000_i64,
    ) {
        let end = end + ms(away_ms);
        let begin = calendar.add(end, ms(-work_ms));
        prop_assert_eq!(calendar.between(begin, end), ms(work_ms));
        prop_assert_eq!(calendar.between(begin + ms(1), end), ms(work_ms - 1));
    }

    #[test]
    fn work_adds_up(
        (calendar, start) in any_calendar(),
        first_ms in 0..500_000_000_i64,
        second_ms in 0..500_000_000_i64,
    ) {
        let at_once = calendar.add(start, ms(first_ms + second_ms));
        let middle = calendar.add(start, ms(first_ms));
        prop_assert_eq!(calendar.add(middle, ms(second_ms)), at_once);
        prop_assert_eq!(
            calendar.between(start, middle) + calendar.between(middle, at_once),
            calendar.between(start, at_once)
        );
    }

    #[test]
    fn later_starts_and_longer_limits_are_never_due_earlier(
        (calendar, start) in any_calendar(),
        later_ms in 0..1_000_000_000_i64,
        limits in [0..1_000_000_000_i64, 0..1_000_000_000_i64],
    ) {
        let (shorter, longer) = (ms(limits[0].min(limits[1])), ms(limits[0].max(limits[1])));
        prop_assert!(calendar.add(start, shorter) <= calendar.add(start, longer));
        prop_assert!(
            calendar.add(start, shorter) <= calendar.add(start + ms(later_ms), shorter)
        );
    }

    #[test]
    fn a_warning_parts_the_time_in_which_a_fifth_is_left_from_that_in_which_less_is(
        (calendar, start) in any_calendar(),
        limit_ms in 0..1_000_000_000_i64,
        natural in any::<bool>(),
        share in 0.0..=1.0_f64,
    ) {
        let clock = if natural { Clock::Natural } else { Clock::Working };
        let pace = clock.by(&calendar);
        let due = pace.due(start, ms(limit_ms));
        let warning_at = pace.warning_at(start, due);
        let span_ms = (due - start).num_milliseconds();
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "any instant in between will do")]
        let anywhere = start + ms((span_ms as f64 * share) as i64);
        for now in [anywhere, warning_at, (warning_at + ms(1)).min(due)] {
            let is_less = pace.between(now, due) * 5 < pace.between(start, due);
            prop_assert_eq!(is_less, now > warning_at, "{} of {} to {}", now, start, due);
        }
    }

    #[test]
    fn a_rest_takes_nothing_of_the_time_and_gives_nothing(
        (calendar, start) in any_calendar(),
        limit_ms in 1..1_000_000_000_i64,
        deferred_ms in 0..1_000_000_000_i64,
        rest_ms in 0..1_000_000_000_i64,
    ) {
        let pace = Clock::Working.by(&calendar);
        let due = pace.due(start, ms(limit_ms));
        let deferred_at = start + ms(deferred_ms);
        let resumed_at = deferred_at + ms(rest_ms);
        let due_again = pace.resume(due, deferred_at, resumed_at);
        prop_assert_eq!(
            pace.between(start, deferred_at) + pace.between(resumed_at, due_again),
            ms(limit_ms)
        );
    }
}

#[test]
fn a_time_zone_changes_its_clocks_when_the_library_says_so() {
    // The changes are looked for day by day; stepping by the hour finds no other.
    for zone in [
        "Europe/Berlin",
        "America/Boa_Vista",
        "Africa/Casablanca",
        "Pacific/Apia",
    ] {
        let calendar = changed(|data| data["zone"] = json!(zone)).unwrap();
        let tz: Tz = zone.parse().unwrap();
        let hours =
            (0..24 * 365 * 130).map(|hour| DateTime::from_timestamp(hour * 3_600, 0).unwrap());
        for hour in hours {
            assert_eq!(
                calendar.timeline.local_date(hour),
                hour.with_timezone(&tz).date_naive(),
                "{hour} in {zone}"
            );
        }
    }
}
