//! Arriving where one was sent.

use chrono::TimeDelta;

use super::Policy;
use crate::domain::Timestamp;
use crate::domain::people::Fix;
use crate::domain::position::LngLat;

/// A worker's way to an incident whose task they have signed.
#[derive(Debug, Clone, Copy)]
pub struct Approach {
    place: LngLat,
    /// Since when all fixes were near; `None` while the last was not.
    near_since: Option<Timestamp>,
    newest_at: Timestamp,
}

impl Approach {
    /// Begins when the task is signed: who was there before has to be seen there again.
    #[must_use]
    pub const fn new(place: LngLat, signed_at: Timestamp) -> Self {
        Self {
            place,
            near_since: None,
            newest_at: signed_at,
        }
    }

    /// Takes in a fix, and says since when the worker is there, once they have stayed. A
    /// fix that is not newer than the last, or too coarse, changes nothing.
    pub fn follow(&mut self, fix: &Fix, policy: &Policy) -> Option<Timestamp> {
        let blur_m = policy.blur_m(fix);
        if fix.at <= self.newest_at || blur_m > policy.arrival_accuracy_m {
            return None;
        }
        self.newest_at = fix.at;
        if fix.position.distance_m(self.place) > blur_m.max(policy.arrival_m) {
            self.near_since = None;
            return None;
        }
        let since = *self.near_since.get_or_insert(fix.at);
        let stayed = fix.at - since >= TimeDelta::seconds(policy.arrival_s.into());
        stayed.then_some(since)
    }
}
