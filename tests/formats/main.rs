//! Boundary files to and from GDAL: the counties of Jiangsu in every format and every
//! coordinate system. Without GDAL these tests say so and pass, unless `CI` or
//! `WANGGE_REQUIRE_POSTGRES` is set.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

mod gdal;
mod incoming;
mod outgoing;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};
use wangge::codec::boundaries::{self, ReadOptions};
use wangge::codec::feature::Feature;
use wangge::codec::source::{DeclaredCrs, PlacedFeature, SourceLayer, place};
use wangge::domain::{LngLat, Outline};
use wangge::geometry::Crs;

const COUNTIES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/data/demonstration/jiangsu-counties.geojson"
);

/// As exact as the desk promises to take in what it is given.
const TOLERANCE_M: f64 = 0.5;

fn counties() -> Vec<Feature> {
    let options = ReadOptions::default();
    let file = boundaries::read(Path::new(COUNTIES), COUNTIES, &options).unwrap();
    assert_eq!(file.features.len(), 95);
    file.features
}

fn crs(name: &str) -> Crs {
    name.parse().unwrap()
}

fn read(path: &Path) -> SourceLayer {
    let name = path.file_name().unwrap().to_str().unwrap();
    boundaries::read_layer(path, name, &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The system is as expected, by its parameters: zones of 3 and of 6 degrees may be the
/// same projection.
fn is_same(declared: &DeclaredCrs, expected: Crs) -> bool {
    match (declared, expected) {
        (DeclaredCrs::Known(Crs::GaussKruger(a)), Crs::GaussKruger(b)) => {
            let meridians = a.central_meridian_deg() - b.central_meridian_deg();
            let eastings = a.false_easting_m() - b.false_easting_m();
            meridians.abs() < 1e-9 && eastings.abs() < 1e-9
        }
        (DeclaredCrs::Known(crs), expected) => *crs == expected,
        _ => false,
    }
}

/// A layer has every county with its name, and every vertex where it belongs.
fn assert_counties(layer: SourceLayer, crs: Crs, columns: [&str; 2], context: &str) {
    let counties = counties();
    let by_code: BTreeMap<&str, &Feature> = counties
        .iter()
        .map(|county| (county.properties["code"].as_str().unwrap(), county))
        .collect();
    let placed = place(layer.features, crs);
    assert_eq!(placed.len(), counties.len(), "{context}");
    let mut found = BTreeSet::new();
    for feature in &placed {
        let [code, name] = columns.map(|column| text(&feature.properties, column));
        let county = by_code
            .get(&*code)
            .unwrap_or_else(|| panic!("{context}: {code:?} is no county"));
        assert_eq!(name, county.properties["name"], "{context}: {code}");
        assert_same_ground(feature, county, &format!("{context}: {code} {name}"));
        found.insert(code);
    }
    assert_eq!(found.len(), counties.len(), "{context}: every county once");
}

fn text(properties: &Map<String, Value>, column: &str) -> String {
    match properties.get(column) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => panic!("there is no column {column:?}: {properties:?}"),
    }
}

fn assert_same_ground(feature: &PlacedFeature, county: &Feature, context: &str) {
    let read = feature
        .outline
        .as_ref()
        .unwrap_or_else(|fault| panic!("{context}: {fault}"));
    let expected = Outline::from(&county.geometry);
    let sizes = |outline: &Outline| {
        let polygons = outline.polygons.iter();
        let mut sizes: Vec<Vec<usize>> = polygons
            .map(|rings| {
                let mut sizes: Vec<usize> = rings.iter().map(Vec::len).collect();
                sizes[1..].sort_unstable();
                sizes
            })
            .collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sizes(read), sizes(&expected), "{context}: parts and rings");
    let points = |outline: &Outline| outline.rings().flatten().copied().collect::<Vec<LngLat>>();
    let (read, expected) = (points(read), points(&expected));
    for (these, those) in [(&read, &expected), (&expected, &read)] {
        for point in these {
            let nearest_m = those
                .iter()
                .filter(|other| is_close(*point, **other))
                .map(|other| point.distance_m(*other))
                .fold(f64::INFINITY, f64::min);
            assert!(
                nearest_m <= TOLERANCE_M,
                "{context}: {point:?} is {nearest_m} m off"
            );
        }
    }
}

/// Within some metres: far points need not be measured.
fn is_close(a: LngLat, b: LngLat) -> bool {
    a.lon_e7().abs_diff(b.lon_e7()) < 1000 && a.lat_e7().abs_diff(b.lat_e7()) < 1000
}
