//! GCJ-02 and BD-09: longitude and latitude, shifted as Chinese regulations ask of maps.
//!
//! The standard is not public. The formula is the one that has been published since
//! 2010 and that `eviltransform` (github.com/googollee/eviltransform) and `coordtransform`
//! (github.com/wandergis/coordtransform) share. The published inverses are approximate,
//! to some metres; here the forward formula is inverted by iteration.

use std::f64::consts::PI;

/// The ellipsoid of Krasovsky 1940, which the formula uses.
const RADIUS_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Baidu's frequency.
const BD_TURN: f64 = PI * 3000.0 / 180.0;
/// A tenth of a millimetre.
const EXACT_DEG: f64 = 1e-9;

/// Longitude and latitude in WGS 84 of a place in GCJ-02. Outside the box around China
/// that the formula has, the two are the same.
pub(super) fn gcj02_to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if in_china(lon, lat) {
        invert(lon, lat, shift_to_gcj02)
    } else {
        (lon, lat)
    }
}

/// Longitude and latitude in WGS 84 of a place in BD-09.
pub(super) fn bd09_to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    let (lon, lat) = invert(lon, lat, gcj02_to_bd09);
    gcj02_to_wgs84(lon, lat)
}

/// The place in GCJ-02 that [`gcj02_to_wgs84`] takes back; `None` where the box around
/// China ends between the two.
pub(super) fn wgs84_to_gcj02(lon: f64, lat: f64) -> Option<(f64, f64)> {
    if !in_china(lon, lat) {
        return Some((lon, lat));
    }
    let (x, y) = shift_to_gcj02(lon, lat);
    in_china(x, y).then_some((x, y))
}

/// The place in BD-09 that [`bd09_to_wgs84`] takes back.
pub(super) fn wgs84_to_bd09(lon: f64, lat: f64) -> Option<(f64, f64)> {
    let (lon, lat) = wgs84_to_gcj02(lon, lat)?;
    Some(gcj02_to_bd09(lon, lat))
}

/// Finds what `forward` maps to a place. Both formulas move a place by less than 0.02
/// degrees and neighbouring places nearly alike, so each step leaves a few hundredths
/// of the error at most.
fn invert(lon: f64, lat: f64, forward: fn(f64, f64) -> (f64, f64)) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..30 {
        let (mapped_x, mapped_y) = forward(x, y);
        let (dx, dy) = (mapped_x - lon, mapped_y - lat);
        x -= dx;
        y -= dy;
        if dx.abs().max(dy.abs()) < EXACT_DEG {
            break;
        }
    }
    (x, y)
}

fn in_china(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

pub(super) fn shift_to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |size: f64, value: f64| size * 2.0 / 3.0 * (value * PI).sin();
    let both = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + both
        + wave(20.0, y)
        + wave(40.0, y / 3.0)
        + wave(160.0, y / 12.0)
        + wave(320.0, y / 30.0);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + both
        + wave(20.0, x)
        + wave(40.0, x / 3.0)
        + wave(150.0, x / 12.0)
        + wave(300.0, x / 30.0);
    let (sin, cos) = lat.to_radians().sin_cos();
    let squared = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
    let normal = RADIUS_M / squared.sqrt();
    let meridian = normal * (1.0 - ECCENTRICITY_SQUARED) / squared;
    (
        lon + (east / (normal * cos)).to_degrees(),
        lat + (north / meridian).to_degrees(),
    )
}

pub(super) fn gcj02_to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    let radius = lon.hypot(lat) + 0.000_02 * (lat * BD_TURN).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * BD_TURN).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}
