//! Workers, their posts and where they were last seen.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::code::AreaCode;
use super::identity::{OrganisationId, PostId, WorkerId};
use super::personal::Phone;
use super::position::LngLat;
use super::words::words;

words! {
    /// What kind of worker someone is.
    pub enum WorkerRole ("worker role") {
        /// 专职网格员
        FullTime = "full_time",
        /// 兼职网格员
        PartTime = "part_time",
        /// 微网格员
        Micro = "micro",
        /// 社区干部
        Cadre = "cadre",
        /// 志愿者
        Volunteer = "volunteer",
        /// 部门人员
        Officer = "officer",
        /// 调解员
        Mediator = "mediator",
    }
}

words! {
    /// The three slots of a grid's post (三方共管). An empty one is an alert.
    pub enum Slot ("slot") {
        Cadre = "cadre",
        GridWorker = "grid_worker",
        Volunteer = "volunteer",
    }
}

impl Slot {
    /// Which workers may hold the slot: a cadre the cadre's, the grid's own workers,
    /// full-time, part-time or of a microgrid, the grid worker's, a volunteer the
    /// volunteer's. Officers and mediators work for their organisation and hold none.
    #[must_use]
    pub const fn takes(self, role: WorkerRole) -> bool {
        match role {
            WorkerRole::Cadre => matches!(self, Self::Cadre),
            WorkerRole::FullTime | WorkerRole::PartTime | WorkerRole::Micro => {
                matches!(self, Self::GridWorker)
            }
            WorkerRole::Volunteer => matches!(self, Self::Volunteer),
            WorkerRole::Officer | WorkerRole::Mediator => false,
        }
    }
}

/// Anyone who can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub phone: Option<Phone>,
    pub role: WorkerRole,
    pub organisation: Option<OrganisationId>,
    /// Codes of `data/organisations.json`.
    pub skills: Vec<String>,
    /// How many open tasks the worker may hold at once.
    pub capacity: u16,
    pub on_duty: bool,
}

/// A worker's slot in an area over a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: PostId,
    pub worker: WorkerId,
    pub area: AreaCode,
    pub slot: Slot,
    pub from: Timestamp,
    /// `None` while it lasts.
    pub until: Option<Timestamp>,
}

impl Post {
    /// True when the post is held at `now`.
    #[must_use]
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// True when both are the same worker's post in the same slot of the same area at some
    /// time. A post that ends when it begins is held at none.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let from = self.from.max(other.from);
        (self.worker, &self.area, self.slot) == (other.worker, &other.area, other.slot)
            && self.is_held(from)
            && other.is_held(from)
    }
}

/// A worker's position: where, when, how exact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fix {
    pub worker: WorkerId,
    #[serde(flatten)]
    pub position: LngLat,
    /// When the device measured it.
    pub at: DateTime<Utc>,
    pub accuracy_m: Option<f32>,
    pub speed_mps: Option<f32>,
    /// Clockwise from north.
    pub heading_deg: Option<f32>,
}

/// How far into the future a device's clock may be before its fix is not believed.
pub const FUTURE_TOLERANCE_S: i64 = 60;

/// A fix older than this says nothing about anybody.
pub const OLDEST_HOURS: i64 = 24;

/// Nobody who can be sent travels faster; an airliner makes half of it.
const IMPOSSIBLE_MPS: f64 = 2_000.0 / 3.6;

/// A track has a point of a worker this often at most: walked or driven, that is enough
/// to tell the streets, and a hundredth of what devices may send.
pub const TRACK_EVERY_S: i64 = 10;

words! {
    /// Why a fix was set aside.
    pub enum SetAside ("reason") {
        /// The time lies in the future.
        Future = "future",
        /// Longitude and latitude are both zero: what a device without a fix sends.
        NullIsland = "null_island",
        /// The longitude or latitude is none.
        OutOfRange = "out_of_range",
        /// From the fix before, the worker would have gone faster than 2,000 km/h.
        Jump = "jump",
        /// Measured more than a day ago.
        TooOld = "too_old",
        /// A newer fix of the same worker is known.
        Late = "late",
        /// No such worker.
        UnknownWorker = "unknown_worker",
    }
}

impl Fix {
    /// Why the fix cannot be believed by itself, if so.
    #[must_use]
    pub fn implausible(&self, now: Timestamp) -> Option<SetAside> {
        if (self.at - now).num_seconds() > FUTURE_TOLERANCE_S {
            Some(SetAside::Future)
        } else if (now - self.at).num_hours() > OLDEST_HOURS {
            Some(SetAside::TooOld)
        } else if self.position.lon_e7() == 0 && self.position.lat_e7() == 0 {
            Some(SetAside::NullIsland)
        } else {
            None
        }
    }

    /// Why the fix cannot be believed after the worker's last one, if so. Faster than
    /// 2,000 km/h is a jump, counted over the ground between the two circles of accuracy
    /// and over a second at least: a device that finds its satellites moves by the error
    /// that it had. The last fix may be the wrong one; then the time that passes makes
    /// the right ones believable again.
    #[must_use]
    pub fn implausible_after(&self, last: &Self) -> Option<SetAside> {
        if self.at <= last.at {
            return Some(SetAside::Late);
        }
        let elapsed_s = (self.at - last.at).as_seconds_f64().max(1.0);
        let blurred_m = [self, last].map(|fix| f64::from(fix.accuracy_m.unwrap_or(0.0)));
        let reach_m = elapsed_s * IMPOSSIBLE_MPS + blurred_m[0] + blurred_m[1];
        // Along the meridian and then the parallel is farther than straight on; most
        // fixes need no geodesic.
        let steps = |a: i32, b: i32| f64::from(a.abs_diff(b));
        let north = steps(self.position.lat_e7(), last.position.lat_e7());
        let east = steps(self.position.lon_e7(), last.position.lon_e7());
        if (north + east) * LONGEST_STEP_M <= reach_m {
            return None;
        }
        (self.position.distance_m(last.position) > reach_m).then_some(SetAside::Jump)
    }
}

/// A lattice step is nowhere longer: a degree of latitude at the poles has 111,694 m.
const LONGEST_STEP_M: f64 = 0.0112;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn fix(lon: f64, lat: f64, seconds: f64, accuracy_m: Option<f32>) -> Fix {
        let start: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
        let at = start + chrono::TimeDelta::milliseconds((seconds * 1e3) as i64);
        Fix {
            worker: WorkerId(Uuid::from_u128(1)),
            position: LngLat::from_degrees(lon, lat).unwrap(),
            at,
            accuracy_m,
            speed_mps: None,
            heading_deg: None,
        }
    }

    #[test]
    fn a_jump_is_told_from_a_walk_a_flight_and_a_device_that_finds_itself() {
        let last = fix(119.0, 33.6, 0.0, None);
        for (next, expected) in [
            (fix(119.001, 33.6, 5.0, None), None),
            // To Beijing in an hour and a half, and in twenty minutes.
            (fix(116.4, 39.9, 5_400.0, None), None),
            (fix(116.4, 39.9, 1_200.0, None), Some(SetAside::Jump)),
            // A kilometre in a second, and what a coarse fix before may explain.
            (fix(119.011, 33.6, 1.0, None), Some(SetAside::Jump)),
            (fix(119.011, 33.6, 1.0, Some(1_000.0)), None),
            // Half a kilometre in a millisecond is no speed.
            (fix(119.005, 33.6, 0.001, None), None),
            (fix(119.0, 33.6, 0.0, None), Some(SetAside::Late)),
        ] {
            assert_eq!(next.implausible_after(&last), expected, "{next:?}");
        }
    }

    proptest! {
        /// The short cut without a geodesic never decides otherwise than the geodesic.
        #[test]
        fn a_jump_is_judged_by_the_geodesic(
            from in (-180.0..180.0_f64, -90.0..90.0_f64),
            step in (-0.02..0.02_f64, -0.02..0.02_f64),
            seconds in 1.0..8.0_f64,
        ) {
            let last = fix(from.0, from.1, 0.0, None);
            let next = fix(
                (from.0 + step.0).clamp(-180.0, 180.0),
                (from.1 + step.1).clamp(-90.0, 90.0),
                seconds,
                None,
            );
            let elapsed_s = (next.at - last.at).as_seconds_f64();
            let jumped = next.position.distance_m(last.position) / elapsed_s > 2_000.0 / 3.6;
            prop_assert_eq!(next.implausible_after(&last).is_some(), jumped);
        }
    }
}
