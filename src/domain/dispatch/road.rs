//! How long the way takes by roads, where somebody knows it.

use std::collections::HashMap;

use super::Policy;
use crate::domain::identity::WorkerId;

/// What is known of the way of one worker to one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownWay {
    pub worker: WorkerId,
    /// How far it is as the crow flies.
    pub distance_m: f64,
    /// Seconds by roads; `None` where no road leads.
    pub road_s: Option<f64>,
    /// From both ends to the nearest road.
    pub off_road_m: f64,
}

/// How long the ways to one place take by roads. Who is within the radius is decided by the
/// straight line all the same, so that a server that fails bars nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadTimes {
    known: HashMap<WorkerId, Option<u32>>,
    /// How many times as long as the straight lines the known ways take together.
    detour: f64,
    /// What counts where no road leads: more than any way that is known.
    pathless_s: u32,
}

impl RoadTimes {
    #[must_use]
    pub fn new(ways: &[KnownWay], policy: &Policy) -> Self {
        let seconds = |way: &KnownWay| {
            let off_road_s = way.off_road_m / policy.speed_mps;
            Some(whole_s(way.road_s? + off_road_s))
        };
        let known: HashMap<WorkerId, Option<u32>> =
            ways.iter().map(|way| (way.worker, seconds(way))).collect();
        let by_road = || {
            let ways = ways.iter();
            ways.filter_map(|way| Some((way.distance_m / policy.speed_mps, seconds(way)?)))
        };
        let straight_s: f64 = by_road().map(|(straight_s, _)| straight_s).sum();
        let road_s: f64 = by_road().map(|(_, road_s)| f64::from(road_s)).sum();
        let longest_s = by_road().map(|(_, road_s)| road_s).max();
        Self {
            known,
            detour: if straight_s > 0.0 && road_s > 0.0 {
                road_s / straight_s
            } else {
                1.0
            },
            pathless_s: whole_s(policy.longest_s()).max(longest_s.unwrap_or(0).saturating_add(1)),
        }
    }

    /// What is known of a worker's way.
    #[must_use]
    pub fn find(&self, worker: WorkerId) -> Option<Option<u32>> {
        self.known.get(&worker).copied()
    }

    /// Seconds that count for a worker of whose straight line the seconds are given. Who is
    /// not known takes as much longer than that line as the others do.
    #[must_use]
    pub fn seconds(&self, worker: WorkerId, straight_s: u32) -> u32 {
        match self.find(worker) {
            Some(Some(road_s)) => road_s,
            Some(None) => self.pathless_s,
            None => whole_s(f64::from(straight_s) * self.detour),
        }
    }
}

/// A begun second counts whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a saturating cast keeps what is out of range at its end"
)]
pub(super) fn whole_s(seconds: f64) -> u32 {
    seconds.ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn way(worker: u128, distance_m: f64, road_s: Option<f64>) -> KnownWay {
        KnownWay {
            worker: WorkerId(Uuid::from_u128(worker)),
            distance_m,
            road_s,
            off_road_m: 0.0,
        }
    }

    #[test]
    fn who_is_not_known_takes_the_detour_of_the_others() {
        let policy = Policy::default();
        let ways = [
            way(1, 400.0, Some(99.5)),
            way(2, 400.0, Some(500.0)),
            way(3, 10.0, None),
        ];
        let times = RoadTimes::new(&ways, &policy);
        let seconds = |worker| times.seconds(WorkerId(Uuid::from_u128(worker)), 1_000);
        assert_eq!((seconds(1), seconds(2)), (100, 500));
        // 600 s by road are 200 s of straight lines at 4 m/s.
        assert_eq!(seconds(9), 3_000);
        // As far as anybody is sent: 5 km at 4 m/s.
        assert_eq!(seconds(3), 1_250);
    }

    #[test]
    fn no_road_is_never_better_than_a_road() {
        let ways = [way(1, 400.0, Some(9_000.0)), way(2, 10.0, None)];
        let times = RoadTimes::new(&ways, &Policy::default());
        assert_eq!(times.seconds(ways[1].worker, 3), 9_001);
    }

    #[test]
    fn the_way_to_the_road_counts_too() {
        // Across the water, the road on the other bank is the nearest.
        let near = KnownWay {
            off_road_m: 300.0,
            ..way(1, 300.0, Some(0.0))
        };
        let times = RoadTimes::new(&[near], &Policy::default());
        assert_eq!(times.seconds(near.worker, 75), 75);
        let there = RoadTimes::new(&[way(2, 0.0, Some(0.0))], &Policy::default());
        assert_eq!(there.seconds(near.worker, 75), 75, "nothing says otherwise");
    }

    #[test]
    fn where_nothing_is_known_the_straight_line_counts() {
        let times = RoadTimes::new(&[], &Policy::default());
        assert_eq!(times.seconds(WorkerId(Uuid::from_u128(1)), 77), 77);
    }
}
