//! What a search looks at of a worker: small, and copied together with its neighbours.

use super::place::{Place, to_place};
use crate::domain::{Fix, LngLat, Timestamp, Worker, WorkerId, WorkerRole};

/// A worker on duty, where and when last seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) traits: Traits,
    pub(super) place: Place,
    pub(super) seat: u32,
    pub(super) position: LngLat,
    pub(super) at: Timestamp,
    // Not a number where nothing is known, to save room.
    accuracy_m: f32,
    speed_mps: f32,
    heading_deg: f32,
}

impl Seen {
    pub(super) fn new(seat: u32, traits: Traits, fix: &Fix) -> Self {
        Self {
            traits,
            place: to_place(fix.position),
            seat,
            position: fix.position,
            at: fix.at,
            accuracy_m: fix.accuracy_m.unwrap_or(f32::NAN),
            speed_mps: fix.speed_mps.unwrap_or(f32::NAN),
            heading_deg: fix.heading_deg.unwrap_or(f32::NAN),
        }
    }

    /// The fix as it came.
    pub(super) fn fix(&self, worker: WorkerId) -> Fix {
        let known = |value: f32| Some(value).filter(|value| !value.is_nan());
        Fix {
            worker,
            position: self.position,
            at: self.at,
            accuracy_m: known(self.accuracy_m),
            speed_mps: known(self.speed_mps),
            heading_deg: known(self.heading_deg),
        }
    }
}

/// Role and skills as bits. A worker has the traits of a search when none of its bits is
/// missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Traits(u64);

/// Roles have the lowest bits, and skills those above, in the order in which they were
/// first heard of. From the 56th on they share the last bit.
const FIRST_SKILL: usize = 8;
const LAST_BIT: usize = 63;

const _: () = assert!(WorkerRole::ALL.len() <= FIRST_SKILL);

impl Traits {
    pub(super) fn of_role(role: WorkerRole) -> Self {
        Self(1 << role as u32)
    }

    /// `number` counts the skills from 0.
    pub(super) fn of_skill(number: usize) -> Self {
        Self(1 << (FIRST_SKILL + number).min(LAST_BIT))
    }

    /// The worker's own; `number_of` knows every skill that the worker has.
    pub(super) fn of(worker: &Worker, number_of: impl Fn(&str) -> Option<usize>) -> Self {
        let skills = worker.skills.iter().filter_map(|skill| number_of(skill));
        skills
            .map(Self::of_skill)
            .fold(Self::of_role(worker.role), Self::and)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn include(self, asked: Self) -> bool {
        self.0 & asked.0 == asked.0
    }

    /// True when some of the skills asked for cannot be told from others by their bits.
    pub(super) const fn are_blurred(self) -> bool {
        self.0 >> LAST_BIT != 0
    }
}
