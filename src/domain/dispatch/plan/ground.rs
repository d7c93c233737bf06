//! How long the way over the ground takes, in whole seconds: exact, yet seldom by a
//! geodesic. The straight line through the earth and what it says about the longest way
//! mostly lie within the same second.

use crate::domain::position::LngLat;

/// The ellipsoid of WGS 84.
const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);
/// The ellipsoid is nowhere curved more than on the equator from south to north.
const LEAST_RADIUS_M: f64 = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2);

/// For the last digits of lines and geodesics.
const SLACK_M: f64 = 1e-5;
/// Lines up to here are bounded below; longer ones are asked of the geodesic.
const LONGEST_LINE_M: f64 = 300_000.0;
/// An arc of the least radius is longer than its chord by chord³ / 24 radius² and, up to
/// the longest line, by no hundredth of that more.
const BEND: f64 = 1.01 / (24.0 * LEAST_RADIUS_M * LEAST_RADIUS_M);

/// A position and its point in space, in metres from the middle of the earth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    position: LngLat,
    pub space: [f64; 3],
}

/// How far and how fast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Travel {
    pub radius_m: f64,
    pub speed_mps: f64,
}

impl Spot {
    pub(super) fn new(position: LngLat) -> Self {
        let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
        let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
        let normal = SEMI_MAJOR_M / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
        let space = [
            normal * cos_lat * cos_lon,
            normal * cos_lat * sin_lon,
            normal * (1.0 - ECCENTRICITY_2) * sin_lat,
        ];
        Self { position, space }
    }

    pub(super) fn distance_m(&self, other: &Self) -> f64 {
        self.position.distance_m(other.position)
    }
}

impl Travel {
    /// The geodesic from one spot to the other in seconds, a begun one counting whole;
    /// `None` beyond the radius.
    pub(super) fn seconds(&self, from: &Spot, to: &Spot) -> Option<u32> {
        let [x, y, z] = [0, 1, 2].map(|axis| from.space[axis] - to.space[axis]);
        let line_2 = x * x + y * y + z * z;
        // No way is shorter than the line.
        let reach_m = self.radius_m + SLACK_M;
        if line_2 > reach_m * reach_m {
            return None;
        }
        let line_m = line_2.sqrt();
        let least_m = line_m - SLACK_M;
        // A geodesic bends nowhere more than a circle of the least radius, so its ends are
        // no nearer than those of an arc of it (Schur's comparison theorem).
        let most_m = line_m + line_m * line_2 * BEND + SLACK_M;
        if most_m <= self.radius_m && line_m <= LONGEST_LINE_M {
            let soonest = least_m / self.speed_mps;
            let begun = whole(soonest);
            if soonest > f64::from(begun) && begun == whole(most_m / self.speed_mps) {
                return Some(begun.saturating_add(1));
            }
        }
        let distance_m = from.distance_m(to);
        let seconds = (distance_m / self.speed_mps).ceil();
        (distance_m <= self.radius_m).then_some(whole(seconds))
    }
}

/// Without the fraction; the nearest end of the range for what lies outside.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "this is what a saturating cast does"
)]
fn whole(seconds: f64) -> u32 {
    seconds as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// From a step of the lattice to half around the earth, across the antimeridian
        /// and over the poles.
        #[test]
        fn seconds_are_those_of_the_geodesic(
            lon in -180.0..=180.0_f64,
            lat in -90.0..=90.0_f64,
            bearing in 0.0..360.0_f64,
            magnitude in -2.0..7.3_f64,
            speed_mps in prop::sample::select(vec![0.25, 1.0, 4.0, 13.7]),
            radius_m in prop::sample::select(vec![f64::INFINITY, 1_000.0, 200_000.0]),
        ) {
            let from = LngLat::from_degrees(lon, lat).unwrap();
            let to = from.destination(bearing, 10_f64.powf(magnitude));
            let distance_m = from.distance_m(to);
            for radius_m in [radius_m, distance_m, distance_m - 1e-6] {
                let travel = Travel { radius_m, speed_mps };
                let expected = (distance_m <= radius_m)
                    .then(|| whole((distance_m / speed_mps).ceil()));
                let found = travel.seconds(&Spot::new(from), &Spot::new(to));
                prop_assert_eq!(found, expected, "{} m", distance_m);
            }
        }
    }
}
