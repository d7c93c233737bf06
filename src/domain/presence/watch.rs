//! The watch over somebody who works alone.

use chrono::TimeDelta;

use super::{AlarmKind, Policy};
use crate::domain::Timestamp;
use crate::domain::identity::WorkerId;
use crate::domain::people::Fix;

/// Somebody is watched over (单人作业看护) until the watch or the duty ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub worker: WorkerId,
    /// Asked for, or begun anew when an alarm was settled.
    pub since: Timestamp,
    /// How long the worker may stay without moving or sending.
    pub minutes: u16,
    pub set_by: String,
}

impl Watch {
    /// Why there should be an alarm now, if so. A watch that has begun just now gives its
    /// whole time.
    #[must_use]
    pub fn find_cause(
        &self,
        last: Option<&Fix>,
        rest: Option<&Rest>,
        now: Timestamp,
    ) -> Option<AlarmKind> {
        let limit = TimeDelta::minutes(self.minutes.into());
        let lasts = |since: Option<Timestamp>| {
            now - since.map_or(self.since, |since| since.max(self.since)) > limit
        };
        if lasts(last.map(|fix| fix.at)) {
            Some(AlarmKind::Silent)
        } else {
            lasts(rest.map(|rest| rest.since.at)).then_some(AlarmKind::Still)
        }
    }
}

/// Since when somebody has not moved, as far as their fixes can tell.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    /// The first fix since then.
    since: Fix,
    newest_at: Timestamp,
}

impl Rest {
    #[must_use]
    pub const fn new(first: Fix) -> Self {
        Self {
            since: first,
            newest_at: first.at,
        }
    }

    /// Takes in a fix. What jitters within the accuracy of both fixes is no movement.
    pub fn follow(&mut self, fix: &Fix, policy: &Policy) {
        if fix.at <= self.newest_at {
            return;
        }
        self.newest_at = fix.at;
        let is_far = fix.position.distance_m(self.since.position) > policy.still_m;
        if is_far && policy.has_moved(&self.since, fix) {
            self.since = *fix;
        }
    }
}
