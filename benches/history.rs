//! Searching a long history: how long the store takes for pages, near and deep, filtered and
//! by text, and for figures. Asks the database that `WANGGE_BENCH_HISTORY` names, which
//! `scripts/bench --only history` fills; without it nothing is measured.
//!
//! Prints a line for each question: its name, p50 and p99 in milliseconds, and how many
//! incidents were found at the most.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench may panic, prints, and measures time"
)]

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use wangge::domain::figures::{CountedBy, Figure};
use wangge::domain::incident::Sorting;
use wangge::domain::{
    AreaRef, IncidentId, IncidentNumber, Level, Phone, ServiceCode, Status, Timestamp,
};
use wangge::store::{self, Grouping, IncidentQuery};

/// What a screen shows at once, and one more, which tells whether there is another page.
const PAGE: u32 = 51;
const DAYS: i64 = 1_080;
/// Closed ones are kept up to here; the last ones are open.
const NEWEST: &str = "2026-11-15T00:00:00Z";
const ROUNDS: u64 = 60;
const FEW_ROUNDS: u64 = 7;

#[tokio::main]
async fn main() {
    let Ok(url) = std::env::var("WANGGE_BENCH_HISTORY") else {
        println!("WANGGE_BENCH_HISTORY names no database");
        return;
    };
    let store = store::open(&url)
        .await
        .expect("the database should be there");
    let store = store.as_ref();
    for (name, ask) in lists() {
        measure(name, ROUNDS, async |turn| {
            let query = ask(turn);
            store.search_incidents(&query).await.unwrap().len()
        })
        .await;
    }
    for (name, days, area, by) in counts() {
        measure(name, FEW_ROUNDS, async |turn| {
            let until = when(turn);
            let query = IncidentQuery {
                since: Some(until - TimeDelta::days(days)),
                until: Some(until),
                within: area.clone(),
                as_of: newest(),
                ..IncidentQuery::default()
            };
            let edges = (0..=days).map(|day| until - TimeDelta::days(days - day));
            let by = match by {
                By::Nothing => None,
                By::Status => Some(Grouping::Status),
                By::Township => Some(Grouping::Area(Level::Township)),
                By::Day => Some(Grouping::Time(CountedBy::Reported, edges.collect())),
            };
            let counted = store.count_incidents(&query, by.as_ref()).await.unwrap();
            let all = counted.iter().map(|(_, tally)| tally.of(Figure::Reported));
            usize::try_from(all.sum::<u64>()).unwrap()
        })
        .await;
    }
}

async fn measure(name: &str, rounds: u64, ask: impl AsyncFn(u64) -> usize) {
    let mut took_ms = Vec::new();
    let mut most = 0;
    for turn in 0..=rounds {
        let begun = Instant::now();
        most = most.max(ask(turn).await);
        // What comes first makes the connection.
        if turn > 0 {
            took_ms.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    took_ms.sort_by(f64::total_cmp);
    let at = |hundredths: usize| took_ms[(took_ms.len() - 1) * hundredths / 100];
    println!(
        "{name}: p50 {:.1} ms, p99 {:.1} ms, up to {most}",
        at(50),
        at(99)
    );
}

#[derive(Clone, Copy)]
enum By {
    Nothing,
    Status,
    Township,
    Day,
}

fn newest() -> Timestamp {
    NEWEST.parse::<DateTime<Utc>>().unwrap()
}

/// Another time in the newer two thirds of the history at every turn.
fn when(turn: u64) -> Timestamp {
    let part = i64::try_from(turn * 2_654_435_761 % 1_000).unwrap();
    newest() - TimeDelta::minutes(DAYS * 1_440 * part / 1_500)
}

/// One of the areas of a level.
fn area(level: Level, turn: u64) -> AreaRef {
    let grid = turn * 7_919 % 122_500;
    let county = format!("3208{:02}", 1 + grid / 17_500);
    let township = format!("{county}{:03}", 1 + grid / 1_750 % 10);
    let community = format!("{township}{:03}", 1 + grid / 70 % 25);
    let code = match level {
        Level::County => county,
        Level::Township => township,
        Level::Community => community,
        _ => format!("{community}{:03}", 1 + grid % 70),
    };
    AreaRef {
        code: code.parse().unwrap(),
        name: String::new(),
        level,
    }
}

fn counts() -> Vec<(&'static str, i64, Option<AreaRef>, By)> {
    let county = || Some(area(Level::County, 1));
    let township = || Some(area(Level::Township, 1));
    vec![
        ("figures of a day", 1, None, By::Nothing),
        ("figures of a month", 30, None, By::Nothing),
        ("figures of a month by status", 30, None, By::Status),
        ("figures of a month by township", 30, None, By::Township),
        ("figures of a month by day", 30, None, By::Day),
        ("figures of a month in a county", 30, county(), By::Township),
        (
            "figures of a month in a township",
            30,
            township(),
            By::Nothing,
        ),
        ("figures of a quarter", 91, None, By::Nothing),
        ("figures of a year", 365, None, By::Nothing),
        (
            "figures of a year in a township",
            365,
            township(),
            By::Nothing,
        ),
    ]
}

type Ask = Box<dyn Fn(u64) -> IncidentQuery>;

fn lists() -> Vec<(&'static str, Ask)> {
    let page = || IncidentQuery {
        limit: PAGE,
        as_of: newest(),
        ..IncidentQuery::default()
    };
    let deep = move |turn| IncidentQuery {
        after: Some((when(turn), IncidentId(Uuid::nil()))),
        ..page()
    };
    let service = |turn: u64| vec![ServiceCode(format!("service-{}", turn % 97))];
    let text = move |text: &str| {
        let text = text.to_owned();
        move |_| IncidentQuery {
            text: Some(text.clone()),
            ..page()
        }
    };
    vec![
        ("first page", Box::new(move |_| page()) as Ask),
        ("deep page", Box::new(deep)),
        (
            "deep page, the oldest first",
            Box::new(move |turn| IncidentQuery {
                sorting: Sorting::OldestReported,
                ..deep(turn)
            }),
        ),
        (
            "deep page by the last change",
            Box::new(move |turn| IncidentQuery {
                sorting: Sorting::NewestUpdated,
                ..deep(turn)
            }),
        ),
        (
            "changed since",
            Box::new(move |turn| IncidentQuery {
                sorting: Sorting::OldestUpdated,
                updated_since: Some(when(turn)),
                ..page()
            }),
        ),
        (
            "open ones of a county",
            Box::new(move |turn| IncidentQuery {
                within: Some(area(Level::County, turn)),
                statuses: vec![Status::Filed, Status::Handling],
                ..page()
            }),
        ),
        (
            "deep page of a county",
            Box::new(move |turn| IncidentQuery {
                within: Some(area(Level::County, turn)),
                ..deep(turn)
            }),
        ),
        (
            "deep page of a grid",
            Box::new(move |turn| IncidentQuery {
                within: Some(area(Level::Grid, turn)),
                ..deep(turn)
            }),
        ),
        (
            "deep page of a service",
            Box::new(move |turn| IncidentQuery {
                services: service(turn),
                ..deep(turn)
            }),
        ),
        (
            "area, status, service and time",
            Box::new(move |turn| IncidentQuery {
                within: Some(area(Level::Township, turn)),
                statuses: vec![Status::Closed],
                services: service(turn),
                since: Some(when(turn) - TimeDelta::days(90)),
                until: Some(when(turn)),
                ..page()
            }),
        ),
        (
            "late ones of a month",
            Box::new(move |turn| IncidentQuery {
                figures: vec![Figure::Late],
                since: Some(when(turn) - TimeDelta::days(30)),
                until: Some(when(turn)),
                ..page()
            }),
        ),
        (
            "escalated ones of a county and a month",
            Box::new(move |turn| IncidentQuery {
                figures: vec![Figure::Escalated],
                within: Some(area(Level::County, turn)),
                since: Some(when(turn) - TimeDelta::days(30)),
                until: Some(when(turn)),
                ..page()
            }),
        ),
        (
            "by who leads",
            Box::new(move |turn| IncidentQuery {
                lead: Some(Uuid::from_u128(u128::from(turn * 7_919 % 122_500))),
                ..page()
            }),
        ),
        (
            "by number",
            Box::new(move |turn| {
                let number = format!("20240{}01{:06}", 1 + turn % 9, turn * 100_003);
                IncidentQuery {
                    numbers: vec![IncidentNumber(number)],
                    ..page()
                }
            }),
        ),
        (
            "by phone",
            Box::new(move |turn| {
                let number = 13_800_000_000 + turn * 100_003 * 7_919 % 100_000_000;
                IncidentQuery {
                    phone: Phone::parse(&number.to_string()).ok(),
                    ..page()
                }
            }),
        ),
        (
            "text, two characters, a tenth has it",
            Box::new(text("路灯")),
        ),
        (
            "text, two characters, nothing has it",
            Box::new(text("飞碟")),
        ),
        ("text, one character, a tenth has it", Box::new(text("桥"))),
        ("text, one character, nothing has it", Box::new(text("碟"))),
        (
            "text, four characters, one in a hundred",
            Box::new(text("灯没人清")),
        ),
        (
            "text, one in five thousand",
            Box::new(move |turn| IncidentQuery {
                text: Some(format!("，{:04}", turn * 77 % 5_000)),
                ..page()
            }),
        ),
        (
            "part of a number",
            Box::new(move |turn| IncidentQuery {
                text: Some(format!("{:07}", 1_000_000 + turn * 100_003)),
                ..page()
            }),
        ),
        (
            "text in a township and a month",
            Box::new(move |turn| IncidentQuery {
                text: Some("井盖".to_owned()),
                within: Some(area(Level::Township, turn)),
                since: Some(when(turn) - TimeDelta::days(30)),
                until: Some(when(turn)),
                ..page()
            }),
        ),
    ]
}
