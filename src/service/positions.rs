//! Positions in: taken into memory at once, written behind in batches.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::people::SetAside;
use crate::domain::{Actor, Fix, Role, WorkerId};
use crate::store::StoreError;

/// How long a position may wait to be written: what a crash may lose.
pub const WRITE_BEHIND: Duration = Duration::from_millis(500);

/// Positions that are in memory but not yet in the store; the newest of each worker.
#[derive(Debug, Default)]
pub(super) struct WriteBehind(Mutex<HashMap<WorkerId, Fix>>);

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub accepted: usize,
    /// Places in the batch, with why.
    pub set_aside: Vec<(usize, SetAside)>,
}

impl Services {
    /// Takes in positions. A worker may send their own, a machine with the permission
    /// anyone's.
    ///
    /// # Errors
    /// When the actor may not send one of them; then none is taken.
    pub fn record_positions(&self, actor: &Actor, fixes: &[Fix]) -> Result<Recorded, ServiceError> {
        actor.require(Permission::SendPositions)?;
        if actor.role == Role::Worker && fixes.iter().any(|fix| Some(fix.worker) != actor.worker) {
            return Err(Forbidden::NeedsPermission {
                role: actor.role,
                permission: Permission::SendPositions,
            }
            .into());
        }
        let now = self.clock().now();
        let mut recorded = Recorded::default();
        let mut pending = self.pending();
        let mut roster = self.live().roster_mut();
        for (index, &fix) in fixes.iter().enumerate() {
            match roster.record(fix, now) {
                Ok(()) => {
                    recorded.accepted += 1;
                    pending.insert(fix.worker, fix);
                }
                Err(reason) => recorded.set_aside.push((index, reason)),
            }
        }
        Ok(recorded)
    }

    /// Writes what waits. Called every [`WRITE_BEHIND`] and at shutdown.
    ///
    /// # Errors
    /// When the store cannot be written; then everything waits on, newer fixes first.
    pub async fn flush_positions(&self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut *self.pending());
        if batch.is_empty() {
            return Ok(());
        }
        let fixes: Vec<Fix> = batch.into_values().collect();
        let written = self
            .store()
            .record_positions(&fixes, self.clock().now())
            .await;
        if written.is_err() {
            let mut pending = self.pending();
            for fix in fixes {
                pending.entry(fix.worker).or_insert(fix);
            }
        }
        self.wake_feed();
        written
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, HashMap<WorkerId, Fix>> {
        let waiting = &self.inner.pending_positions.0;
        waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
