//! Values to keep: full ones, bare ones, and every word of every vocabulary.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;
use wangge::domain::{
    Area, AreaCode, AreaId, GridKind, Level, LngLat, Polygon, Ring, Shape, Timestamp,
};
use wangge::store::NewEdition;

/// Some seconds after the beginning of all cases, and an odd number of milliseconds.
pub fn time(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T08:00:00.123Z".parse().unwrap();
    start + TimeDelta::seconds(seconds)
}

pub fn uuid(n: u128) -> Uuid {
    // Spread over the bytes, so that byte order and number order differ as in real ones.
    Uuid::from_u128(n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

pub fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

pub fn place(lon: f64, lat: f64) -> LngLat {
    LngLat::from_degrees(lon, lat).unwrap()
}

pub fn ring(points: &[(i32, i32)]) -> Ring {
    let points = points
        .iter()
        .map(|&(lon, lat)| LngLat::from_e7(lon, lat).unwrap())
        .collect();
    Ring::from_open(points).unwrap()
}

/// A square of a hundredth of a degree, another one for each number.
pub fn square(n: i32) -> Shape {
    let (west, south) = (
        1_190_000_000 + n % 1_000 * 100_003,
        330_000_000 + n / 1_000 * 100_003,
    );
    let exterior = ring(&[
        (west, south),
        (west + 100_003, south),
        (west + 100_003, south + 100_003),
        (west, south + 100_003),
    ]);
    Shape::new(vec![Polygon {
        exterior,
        holes: vec![],
    }])
    .unwrap()
}

/// A grid with everything an area can have.
pub fn grid(n: i32) -> Area {
    let shape = square(n);
    let (west, south) = (shape.bounds().min.lon_e7(), shape.bounds().min.lat_e7());
    Area {
        id: AreaId(uuid(n.unsigned_abs().into())),
        code: code(&format!("320812001001{n:06}")),
        name: format!("第{n}网格"),
        level: Level::Grid,
        parent: Some(code("320812001001")),
        kind: Some(GridKind::General),
        label: Some(LngLat::from_e7(west + 50_001, south + 50_001).unwrap()),
        shape: Some(Arc::new(shape)),
        area_m2: Some(1_036_417.0 + f64::from(n) / 3.0),
        generated: n % 2 == 0,
    }
}

/// An edition that puts areas on nothing.
pub fn first_edition(put: Vec<Area>) -> NewEdition {
    NewEdition {
        base: None,
        title: "清江浦区网格".into(),
        notice: Some("演示数据，界线不作划界依据".into()),
        effective_from: time(86_400),
        published_at: time(0),
        put,
        removed: vec![],
    }
}

/// Areas in the order of their identities, to compare sets of them.
pub fn sorted(mut areas: Vec<Area>) -> Vec<Area> {
    areas.sort_by_key(|area| area.id);
    areas
}
