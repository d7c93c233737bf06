//! Points of the earth's surface in space, where nearness needs no trigonometry, has no
//! antimeridian and no poles; and what a straight line through the earth says about the
//! way over the ground.

use crate::domain::LngLat;

/// Along three axes from the middle of the earth, in steps of 1/256 m: finer than the
/// lattice of positions, and an `i32` holds it.
pub(super) type Place = [i32; 3];

const STEPS_PER_M: f64 = 256.0;

/// The ellipsoid of WGS 84.
const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);
/// The ellipsoid is nowhere curved more than on the equator from south to north.
const LEAST_RADIUS_M: f64 = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2);

/// How far a place and its rounding may lie apart, half a step along each axis, with room
/// for the last digits of a geodesic.
pub(super) const ROUNDING_M: f64 = 0.004;

/// A position in space, in steps.
pub(super) fn in_space(position: LngLat) -> [f64; 3] {
    let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
    let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
    let normal = STEPS_PER_M * SEMI_MAJOR_M / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - ECCENTRICITY_2) * sin_lat,
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "1,632,803,072 steps at most, which fits an i32"
)]
pub(super) fn to_place(position: LngLat) -> Place {
    in_space(position).map(|steps| steps.round() as i32)
}

/// The straight line between a point in space and a place, squared, in steps.
pub(super) fn line_2(from: &[f64; 3], to: &Place) -> f64 {
    let squared = |axis: usize| {
        let step = from[axis] - f64::from(to[axis]);
        step * step
    };
    squared(0) + squared(1) + squared(2)
}

pub(super) fn steps_2_to_m(steps_2: f64) -> f64 {
    steps_2.sqrt() / STEPS_PER_M
}

pub(super) fn m_to_steps_2(length_m: f64) -> f64 {
    let steps = length_m * STEPS_PER_M;
    steps * steps
}

/// The longest way over the ground whose ends are a straight line of this length apart.
/// A geodesic bends nowhere more than a circle of the least radius, so its ends are no
/// nearer than those of an arc of that circle (Schur's comparison theorem). At 10 km
/// straight line and way differ by a millimetre. Infinite where an arc would be more than
/// half a circle: near the other end of the earth.
pub(super) fn longest_way_m(line_m: f64) -> f64 {
    let sine = line_m / (2.0 * LEAST_RADIUS_M);
    if sine < 1.0 {
        2.0 * LEAST_RADIUS_M * sine.asin()
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn anywhere() -> impl Strategy<Value = LngLat> {
        (-180.0..=180.0_f64, -90.0..=90.0_f64)
            .prop_map(|(lon, lat)| LngLat::from_degrees(lon, lat).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Near and far, also on the other side of the earth.
        #[test]
        fn the_way_over_the_ground_lies_between_the_line_and_its_longest_way(
            a in anywhere(),
            b in anywhere(),
            scale in prop::sample::select(vec![1.0, 1e-2, 1e-4, 1e-6]),
            opposite in any::<bool>(),
        ) {
            let towards = |from: f64, to: f64| from + (to - from) * scale;
            let near = LngLat::from_degrees(
                towards(a.lon(), b.lon()),
                towards(a.lat(), b.lat()),
            ).unwrap();
            let b = if opposite {
                let lon = if near.lon() > 0.0 { near.lon() - 180.0 } else { near.lon() + 180.0 };
                LngLat::from_degrees(lon, -near.lat()).unwrap()
            } else {
                near
            };
            let way_m = a.distance_m(b);
            let line_m = steps_2_to_m(line_2(&in_space(a), &to_place(b)));
            prop_assert!(line_m - ROUNDING_M <= way_m, "{line_m} {way_m}");
            prop_assert!(way_m <= longest_way_m(line_m + ROUNDING_M), "{line_m} {way_m}");
        }
    }
}
