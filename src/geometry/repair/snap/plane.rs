//! Distances in metres where the ground is small enough to be flat.

use rstar::AABB;

use crate::domain::LngLat;
use crate::geometry::measure::Scale;

/// Metres per lattice step around a place.
pub(super) struct Metres {
    lon: f64,
    lat: f64,
}

impl Metres {
    pub fn at(point: LngLat) -> Self {
        let scale = Scale::at(point.lat());
        Self {
            lon: scale.lon_m / 1e7,
            lat: scale.lat_m / 1e7,
        }
    }

    fn offset(&self, from: LngLat, to: LngLat) -> (f64, f64) {
        (
            (f64::from(to.lon_e7()) - f64::from(from.lon_e7())) * self.lon,
            (f64::from(to.lat_e7()) - f64::from(from.lat_e7())) * self.lat,
        )
    }

    pub fn distance_m(&self, a: LngLat, b: LngLat) -> f64 {
        let (x, y) = self.offset(a, b);
        x.hypot(y)
    }

    /// True when the way turns by more than a right angle.
    pub fn turns_back(&self, before: LngLat, tip: LngLat, after: LngLat) -> bool {
        let ((ax, ay), (bx, by)) = (self.offset(tip, before), self.offset(tip, after));
        ax * bx + ay * by > 0.0
    }

    /// How far a point is from an edge, and how far along the edge, from 0 to 1, it is
    /// nearest.
    pub fn nearest(&self, point: LngLat, [from, to]: [LngLat; 2]) -> (f64, f64) {
        let ((x, y), (dx, dy)) = (self.offset(point, from), self.offset(from, to));
        let squared = dx * dx + dy * dy;
        let along = if squared > 0.0 {
            (-(x * dx + y * dy) / squared).clamp(0.0, 1.0)
        } else {
            0.0
        };
        ((x + along * dx).hypot(y + along * dy), along)
    }

    /// The box around two points and so far beyond, in lattice steps.
    pub fn around(&self, [a, b]: [LngLat; 2], reach_m: f64) -> AABB<[f64; 2]> {
        let reach = [reach_m / self.lon.max(1e-9), reach_m / self.lat];
        let (a, b) = (corner(a), corner(b));
        AABB::from_corners(
            [a[0].min(b[0]) - reach[0], a[1].min(b[1]) - reach[1]],
            [a[0].max(b[0]) + reach[0], a[1].max(b[1]) + reach[1]],
        )
    }
}

/// In lattice steps, which an `f64` holds exactly.
pub(super) fn corner(point: LngLat) -> [f64; 2] {
    [f64::from(point.lon_e7()), f64::from(point.lat_e7())]
}

/// A lattice point less than half a step beside an edge, near a place along it. On the longer
/// axis the place is rounded; on the other one the edge is, there, and exactly.
pub(super) fn between(from: LngLat, to: LngLat, along: f64) -> LngLat {
    let [way_lon, way_lat] = [(from.lon_e7(), to.lon_e7()), (from.lat_e7(), to.lat_e7())]
        .map(|(from, to)| i64::from(to) - i64::from(from));
    let length = way_lon.abs().max(way_lat.abs()).max(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "less than 2^32"
    )]
    let steps = (along * length as f64).round() as i64;
    let at = |from: i32, way: i64| {
        let way = i128::from(way) * i128::from(steps) * 2 + i128::from(length);
        let moved = i128::from(from) + way.div_euclid(2 * i128::from(length));
        i32::try_from(moved).unwrap_or(from)
    };
    let lon = at(from.lon_e7(), way_lon);
    LngLat::from_e7(lon, at(from.lat_e7(), way_lat)).unwrap_or(from)
}
