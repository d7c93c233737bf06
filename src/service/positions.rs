//! Positions in: taken into memory at once, written behind in batches.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use foldhash::fast::RandomState;

use super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::people::{SetAside, TRACK_EVERY_S};
use crate::domain::{Actor, Fix, Role, Timestamp, WorkerId};
use crate::store::StoreError;

/// How long a position may wait to be written: what a crash may lose.
pub const WRITE_BEHIND: Duration = Duration::from_millis(500);

/// How many points of tracks may wait, 64 bytes each. When the store does not keep up or
/// does not answer, no more positions are taken until it does.
const MAX_WAITING: usize = 200_000;

/// What came of all positions since the start.
#[derive(Debug, Default)]
pub struct PositionCounts {
    accepted: AtomicU64,
    /// In the order of [`SetAside::ALL`].
    set_aside: [AtomicU64; SetAside::ALL.len()],
    /// Requests that were told to come again.
    refused: AtomicU64,
}

/// Positions that are in memory but not yet in the store.
#[derive(Debug, Default)]
pub(super) struct WriteBehind {
    waiting: Mutex<Waiting>,
    counts: PositionCounts,
}

#[derive(Debug, Default)]
struct Waiting {
    /// One for each worker who was ever seen.
    walks: HashMap<WorkerId, Walk, RandomState>,
    track: Vec<Fix>,
    /// What was written last, by the time that it was written under.
    written: VecDeque<(Timestamp, Vec<Fix>)>,
}

/// How many batches of those written are remembered until the feed has come by.
const REMEMBERED: usize = 4;

#[derive(Debug)]
struct Walk {
    newest: Fix,
    is_written: bool,
    /// When the last point of the track was measured.
    tracked_at: Timestamp,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub accepted: usize,
    /// Places in the batch, with why.
    pub set_aside: Vec<(usize, SetAside)>,
}

impl Services {
    /// Takes in positions; those that could not even be read come with the reason, so that
    /// they are counted and told in their place. A worker may send their own, a machine
    /// with the permission anyone's.
    ///
    /// # Errors
    /// When the actor may not send one of them, or too many wait to be written; then none
    /// is taken.
    pub fn record_positions(
        &self,
        actor: &Actor,
        reports: &[Result<Fix, SetAside>],
    ) -> Result<Recorded, ServiceError> {
        actor.require(Permission::SendPositions)?;
        let is_foreign = |fix: &Fix| Some(fix.worker) != actor.worker;
        if actor.role == Role::Worker && reports.iter().flatten().any(is_foreign) {
            return Err(Forbidden::NeedsPermission {
                role: actor.role,
                permission: Permission::SendPositions,
            }
            .into());
        }
        if self.waiting().track.len() >= MAX_WAITING {
            return Err(self.refuse_positions());
        }
        let mut recorded = Recorded::default();
        let mut fixes: Vec<Fix> = Vec::with_capacity(reports.len());
        let mut places: Vec<usize> = Vec::with_capacity(reports.len());
        for (place, report) in reports.iter().enumerate() {
            match report {
                Ok(fix) => {
                    fixes.push(*fix);
                    places.push(place);
                }
                Err(reason) => recorded.set_aside.push((place, *reason)),
            }
        }
        let mut taken: Vec<Fix> = Vec::with_capacity(fixes.len());
        let now = self.clock().now();
        let roster = self.live().roster();
        roster.record_all(&fixes, now, |index, outcome| match outcome {
            Ok(()) => taken.push(fixes[index]),
            Err(reason) => recorded.set_aside.push((places[index], reason)),
        });
        recorded.accepted = taken.len();
        recorded.set_aside.sort_unstable_by_key(|&(place, _)| place);
        self.position_counts().count(&recorded);
        self.waiting().add(&taken);
        Ok(recorded)
    }

    /// Writes what waits. Called every [`WRITE_BEHIND`] and at shutdown.
    ///
    /// # Errors
    /// When the store cannot be written; then everything waits on, newer fixes first.
    pub async fn flush_positions(&self) -> Result<(), StoreError> {
        let (fixes, track) = self.waiting().take();
        if fixes.is_empty() && track.is_empty() {
            return Ok(());
        }
        let now = self.clock().now();
        // Before the log has it: the feed may be quick.
        self.waiting().remember(now, fixes.clone());
        let written = self.store().record_positions(&fixes, &track, now).await;
        if written.is_err() {
            let mut waiting = self.waiting();
            waiting.written.retain(|(at, _)| *at != now);
            waiting.put_back(&fixes, track);
        }
        self.wake_feed();
        written
    }

    /// The fixes that this node wrote under a time, once: then nobody needs to read them
    /// back. What another node wrote in the same millisecond has a change of its own, and
    /// is read with that.
    pub(crate) fn take_written_positions(&self, at: Timestamp) -> Option<Vec<Fix>> {
        let written = &mut self.waiting().written;
        let place = written
            .iter()
            .position(|(written_at, _)| *written_at == at)?;
        written.remove(place).map(|(_, fixes)| fixes)
    }

    /// What came of all positions since the start, for whoever watches the service.
    #[must_use]
    pub fn position_counts(&self) -> &PositionCounts {
        &self.inner.pending_positions.counts
    }

    /// How many points of tracks wait to be written, and how many may.
    pub(super) fn waiting_positions(&self) -> (usize, usize) {
        (self.waiting().track.len(), MAX_WAITING)
    }

    /// Counts a request that is told to come again, and says so.
    pub(crate) fn refuse_positions(&self) -> ServiceError {
        let refused = &self.position_counts().refused;
        refused.fetch_add(1, Ordering::Relaxed);
        ServiceError::Busy {
            what: "positions",
            retry_after_s: 1,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        let waiting = &self.inner.pending_positions.waiting;
        waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PositionCounts {
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Every reason, with how many were set aside for it.
    pub fn set_aside(&self) -> impl Iterator<Item = (SetAside, u64)> {
        let counts = self.set_aside.iter();
        let counts = counts.map(|count| count.load(Ordering::Relaxed));
        SetAside::ALL.iter().copied().zip(counts)
    }

    /// Requests that came when too much waited.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    fn count(&self, recorded: &Recorded) {
        self.accepted
            .fetch_add(recorded.accepted as u64, Ordering::Relaxed);
        for (_, reason) in &recorded.set_aside {
            if let Some(count) = self.set_aside.get(*reason as usize) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl Waiting {
    fn add(&mut self, taken: &[Fix]) {
        for fix in taken {
            let walk = self.walks.entry(fix.worker).or_insert(Walk {
                newest: *fix,
                is_written: false,
                tracked_at: Timestamp::MIN_UTC,
            });
            // Of two batches the later may have got here first.
            if fix.at >= walk.newest.at {
                walk.newest = *fix;
                walk.is_written = false;
            }
            if fix.at >= walk.tracked_at + TimeDelta::seconds(TRACK_EVERY_S) {
                walk.tracked_at = fix.at;
                self.track.push(*fix);
            }
        }
    }

    fn take(&mut self) -> (Vec<Fix>, Vec<Fix>) {
        let unwritten = self.walks.values_mut().filter(|walk| !walk.is_written);
        let fixes = unwritten
            .map(|walk| {
                walk.is_written = true;
                walk.newest
            })
            .collect();
        (fixes, std::mem::take(&mut self.track))
    }

    fn remember(&mut self, now: Timestamp, fixes: Vec<Fix>) {
        if self.written.len() == REMEMBERED {
            self.written.pop_front();
        }
        self.written.push_back((now, fixes));
    }

    fn put_back(&mut self, fixes: &[Fix], mut track: Vec<Fix>) {
        for fix in fixes {
            if let Some(walk) = self.walks.get_mut(&fix.worker) {
                walk.is_written = false;
            }
        }
        track.append(&mut self.track);
        self.track = track;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LngLat;
    use uuid::Uuid;

    fn fix(worker: u128, seconds: i64) -> Fix {
        let start: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        Fix {
            worker: WorkerId(Uuid::from_u128(worker)),
            position: LngLat::from_degrees(119.0, 33.6).unwrap(),
            at: start + TimeDelta::seconds(seconds),
            accuracy_m: None,
            speed_mps: None,
            heading_deg: None,
        }
    }

    #[test]
    fn what_could_not_be_written_waits_on_with_what_came_since() {
        let mut waiting = Waiting::default();
        waiting.add(&[fix(1, 0), fix(2, 0), fix(1, 1)]);
        let (fixes, track) = waiting.take();
        assert_eq!((fixes.len(), track), (2, vec![fix(1, 0), fix(2, 0)]));
        waiting.add(&[fix(1, 12)]);
        waiting.put_back(&fixes, vec![fix(1, 0), fix(2, 0)]);
        let (mut fixes, track) = waiting.take();
        fixes.sort_by_key(|fix| fix.worker);
        assert_eq!(fixes, [fix(1, 12), fix(2, 0)]);
        assert_eq!(track, [fix(1, 0), fix(2, 0), fix(1, 12)]);
        assert_eq!(waiting.take(), (vec![], vec![]), "nothing waits twice");
    }

    #[test]
    fn a_track_has_a_point_every_ten_seconds_and_the_newest_fix_is_kept_apart() {
        let mut waiting = Waiting::default();
        let walk: Vec<Fix> = (0..=25).map(|seconds| fix(1, seconds)).collect();
        waiting.add(&walk);
        let (fixes, track) = waiting.take();
        assert_eq!(fixes, [fix(1, 25)]);
        assert_eq!(track, [fix(1, 0), fix(1, 10), fix(1, 20)]);
    }
}
