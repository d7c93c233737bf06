//! The ways that workers went: personal, so few may see them, and not for ever.

use std::ops::Range;

use chrono::TimeDelta;

use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::{Actor, Fix, Timestamp, WorkerId};
use crate::store::StoreError;

/// The longest time that a track is answered for at once.
const MAX_DAYS: i64 = 7;

/// How many days tracks are kept when nothing is said.
pub const KEEP_DAYS: u16 = 30;

/// A worker's way over a time, the end not included.
#[derive(Debug, Clone)]
pub struct Track {
    pub worker: WorkerId,
    pub from: Timestamp,
    pub until: Timestamp,
    pub fixes: Vec<Fix>,
}

impl Services {
    /// The way that a worker went; the last day when nothing is said. Workers may see
    /// their own; whoever looks at another's is written to the log of the service.
    ///
    /// # Errors
    /// When the actor may not see it, the time is none or too long, or the store cannot
    /// be read or written.
    pub async fn load_track(
        &self,
        actor: &Actor,
        worker: WorkerId,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Track, ServiceError> {
        if actor.worker != Some(worker) {
            actor.require(Permission::ReadTracks)?;
        }
        self.load_worker(actor, worker)?;
        let Range {
            start: from,
            end: until,
        } = self.check_span(from, until)?;
        if actor.worker != Some(worker) {
            tracing::info!(actor = actor.name, %worker, %from, %until, "a track was read");
        }
        // What was taken in before is part of it.
        self.flush_positions().await?;
        Ok(Track {
            worker,
            from,
            until,
            fixes: self.store().load_track(worker, from, until).await?,
        })
    }

    /// A time of which it is answered where workers were; the last day when nothing is said.
    ///
    /// # Errors
    /// When it is none or too long.
    pub(super) fn check_span(
        &self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Range<Timestamp>, ServiceError> {
        let until = until.unwrap_or_else(|| self.clock().now());
        let from = from.unwrap_or(until - TimeDelta::days(1));
        if from > until {
            return Err(ServiceError::Invalid {
                field: "from",
                why: format!("{from} is later than until, {until}"),
            });
        }
        if until - from > TimeDelta::days(MAX_DAYS) {
            return Err(ServiceError::Invalid {
                field: "from",
                why: format!("at most {MAX_DAYS} days are answered at once"),
            });
        }
        Ok(from..until)
    }

    /// Forgets the tracks, visits and settled alarms of days that are over for long enough.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn drop_old_tracks(&self) -> Result<(), StoreError> {
        let kept_from = self.clock().now() - TimeDelta::days(self.inner.keep_tracks_days.into());
        let day = kept_from.date_naive();
        self.store().drop_tracks_before(day).await?;
        self.store().drop_presence_before(day).await
    }
}
