//! Puts the ground of the measurements where other programs can have it: the territory into
//! a file, points into a file, workers into a database.
//!
//!     ground territory FILE.ndjson GRIDS
//!     ground points FILE.csv GRIDS COUNT
//!     ground people DATABASE_URL GRIDS COUNT
//!
//! `scripts/bench` calls it.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up has nothing to say"
)]

#[expect(dead_code, reason = "the measurements share one ground")]
mod coverage;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};

use chrono::{DateTime, Utc};
use coverage::{Coverage, random_points};
use uuid::Uuid;
use wangge::domain::{AreaCode, Level, Post, PostId, Shape, Slot, Worker, WorkerId, WorkerRole};
use wangge::service::Clock;
use wangge::store::{self, People};

/// Columns and rows of grids in a township.
const TOWNSHIP: i32 = 10;
/// Columns and rows of grids in a county.
const COUNTY: [i32; 2] = [50, 70];
const CITY: &str = "3201";
/// The territory is as old as that.
const SINCE: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["territory", file, grids] => write_territory(file, &coverage_of(grids)),
        ["points", file, grids, count] => write_points(file, &coverage_of(grids), number(count)),
        ["people", url, grids, count] => save_people(url, &coverage_of(grids), number(count)),
        // What `cargo bench` calls without being asked to measure anything here.
        _ => println!("ground: territory | points | people; scripts/bench calls it"),
    }
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}

fn coverage_of(grids: &str) -> Coverage {
    Coverage::of(number(grids))
}

/// A province that is one city, in counties, townships of a hundred grids, communities of
/// ten and grids: a feature a line, codes as in the national statistics.
fn write_territory(path: &str, ground: &Coverage) {
    let mut out = BufWriter::new(File::create(path).expect("a file to write"));
    let whole = [0, 0, ground.columns, ground.rows];
    let outline = ground.outline(whole);
    write_feature(&mut out, &CITY[..2], Level::Province, &outline);
    write_feature(&mut out, CITY, Level::City, &outline);
    for (code, place) in counties(ground) {
        write_feature(&mut out, &code, Level::County, &ground.outline(place));
    }
    for (code, place) in townships(ground) {
        write_feature(&mut out, &code, Level::Township, &ground.outline(place));
        for area in ground.below(&code, place) {
            let shape = area.shape.as_deref().expect("the ground has borders");
            write_feature(&mut out, area.code.as_str(), area.level, shape);
        }
    }
    out.flush().expect("room on the disk");
}

fn write_feature(out: &mut impl Write, code: &str, level: Level, shape: &Shape) {
    let mut line = format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{code}","level":"{}"}},"geometry":{{"type":"Polygon","coordinates":[["#,
        level.as_str()
    );
    let ring = shape.polygons()[0].exterior.points();
    for (at, point) in ring.iter().chain(ring.first()).enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let (lon, lat) = (point.lon(), point.lat());
        write!(line, "{comma}[{lon:.7},{lat:.7}]").expect("a string takes everything");
    }
    line.push_str("]]}}\n");
    out.write_all(line.as_bytes()).expect("room on the disk");
}

fn counties(ground: &Coverage) -> Vec<(String, [i32; 4])> {
    blocks([0, 0, ground.columns, ground.rows], COUNTY)
        .zip(1..)
        .map(|(place, number)| (format!("{CITY}{number:02}"), place))
        .collect()
}

fn townships(ground: &Coverage) -> Vec<(String, [i32; 4])> {
    let of = |(county, place): (String, [i32; 4])| {
        blocks(place, [TOWNSHIP, TOWNSHIP])
            .zip(1..)
            .map(move |(place, number)| (format!("{county}{number:03}"), place))
    };
    counties(ground).into_iter().flat_map(of).collect()
}

/// Columns and rows in blocks of at most so many, from the south-west.
fn blocks(
    [west, south, east, north]: [i32; 4],
    [wide, high]: [i32; 2],
) -> impl Iterator<Item = [i32; 4]> {
    (south..north)
        .step_by(usize::try_from(high).unwrap_or(1))
        .flat_map(move |y| {
            (west..east)
                .step_by(usize::try_from(wide).unwrap_or(1))
                .map(move |x| [x, y, east.min(x + wide), north.min(y + high)])
        })
}

fn write_points(path: &str, ground: &Coverage, count: usize) {
    let mut out = BufWriter::new(File::create(path).expect("a file to write"));
    writeln!(out, "id,lon,lat").expect("room on the disk");
    let whole = ground.outline([0, 0, ground.columns, ground.rows]);
    for (point, id) in random_points(&[&whole], count, 7).iter().zip(1..) {
        let (lon, lat) = (point.lon(), point.lat());
        writeln!(out, "{id},{lon:.7},{lat:.7}").expect("room on the disk");
    }
    out.flush().expect("room on the disk");
}

/// Workers on duty whom nobody has seen yet, one to a grid as long as there are grids.
fn save_people(url: &str, ground: &Coverage, count: usize) {
    let grids: Vec<AreaCode> = townships(ground)
        .into_iter()
        .flat_map(|(code, place)| ground.below(&code, place))
        .filter(|area| area.level == Level::Grid)
        .map(|area| area.code)
        .collect();
    let people = People {
        organisations: Vec::new(),
        workers: (0..count).map(worker).collect(),
        posts: grids
            .iter()
            .take(count)
            .enumerate()
            .map(|(number, grid)| Post {
                id: PostId(identity(number)),
                worker: WorkerId(identity(number)),
                area: grid.clone(),
                slot: Slot::GridWorker,
                from: SINCE,
                until: None,
            })
            .collect(),
    };
    let now = Clock::system().now();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = store::open(url).await.expect("a database");
        store.migrate().await.expect("tables");
        store.save_people(&people, now).await.expect("room");
    });
}

/// Numbered from 0, so that who sends their positions can name them.
fn identity(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

fn worker(number: usize) -> Worker {
    Worker {
        id: WorkerId(identity(number)),
        name: format!("Worker {number}"),
        phone: None,
        role: WorkerRole::FullTime,
        organisation: None,
        skills: Vec::new(),
        capacity: 3,
        on_duty: true,
    }
}
