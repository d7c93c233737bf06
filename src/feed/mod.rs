//! Changes out of the store: into this node's memory, and on to whoever listens.

mod event;
mod webhooks;

pub use event::FeedEvent;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::domain::incident::{IncidentKey, IncidentNotice};
use crate::domain::{Change, ChangeCursor, Timestamp, Topic, WorkerId};
use crate::service::overseeing::Overseer;
use crate::service::positions::WRITE_BEHIND;
use crate::service::presence::Lookout;
use crate::service::rosters::Steward;
use crate::service::{ServiceError, Services};

/// How often the log is looked at for what other nodes have written.
const POLL: Duration = Duration::from_millis(50);
/// How many changes are read at once.
pub(crate) const BATCH: u32 = 1_000;
/// How many events a slow listener may fall behind before it is sent to the log.
const BACKLOG: usize = 4_096;
/// How long changes are kept for listeners that come back.
const KEEP_CHANGES: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// How often old changes are forgotten, and coming editions looked for.
const HOUSEKEEPING: Duration = Duration::from_secs(1);
/// How often the rules look at what waits.
const OVERSEE_EVERY: Duration = Duration::from_secs(1);
/// How often the roster is looked at for duties that begin or end.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked who came where.
const LOOK_OUT_EVERY: Duration = Duration::from_secs(1);
const PRUNE_EVERY: Duration = Duration::from_mins(10);
const DROP_TRACKS_EVERY: Duration = Duration::from_hours(1);
const CLEAR_MEDIA_EVERY: Duration = Duration::from_hours(6);

/// Where listeners hear of changes, in the order of the log.
#[derive(Debug, Clone)]
pub struct Feed {
    events: broadcast::Sender<Arc<FeedEvent>>,
    /// How far this node's memory is.
    reached: watch::Sender<ChangeCursor>,
    /// When this node's memory last held all of the log.
    caught_up_at: watch::Sender<Option<Timestamp>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            events: broadcast::channel(BACKLOG).0,
            reached: watch::Sender::new(ChangeCursor::default()),
            caught_up_at: watch::Sender::new(None),
        }
    }
}

impl Feed {
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Arc<FeedEvent>> {
        self.events.subscribe()
    }

    /// How far this node's memory is in the log.
    #[must_use]
    pub fn reached(&self) -> ChangeCursor {
        *self.reached.borrow()
    }

    /// How many listen.
    #[must_use]
    pub fn listener_count(&self) -> usize {
        self.events.receiver_count()
    }

    /// When this node's memory last held all of the log; `None` before it first did.
    #[must_use]
    pub fn caught_up_at(&self) -> Option<Timestamp> {
        *self.caught_up_at.borrow()
    }

    /// Resolves when this node's memory holds a place in the log.
    pub async fn wait_until(&self, cursor: ChangeCursor) {
        // The sender lives as long as the feed.
        let _ = self
            .reached
            .subscribe()
            .wait_for(|reached| *reached >= cursor)
            .await;
    }

    /// Keeps the live state current until told to stop, and writes positions behind.
    /// A store that does not answer is asked again; nothing is skipped.
    pub async fn run(&self, services: Services, stop: CancellationToken) {
        let keeper = tokio::spawn(keep_house(services.clone(), stop.clone()));
        let overseer = tokio::spawn(oversee(services.clone(), stop.clone()));
        let writer = tokio::spawn(write_behind(services.clone(), stop.clone()));
        let cleaner = tokio::spawn(clear_media(services.clone(), stop.clone()));
        let mut cursor = services.loaded_at();
        self.reached.send_replace(cursor);
        while !stop.is_cancelled() {
            match self.catch_up(&services, cursor).await {
                Ok(reached) => {
                    cursor = reached;
                    let now = services.clock().now();
                    self.caught_up_at.send_replace(Some(now));
                }
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "feed is behind");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = services.written() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        let _ = keeper.await;
        let _ = overseer.await;
        let _ = cleaner.await;
        // The writer's last act is to write the positions that still wait.
        let _ = writer.await;
    }

    /// Takes in everything after a place in the log, and says how far it came.
    async fn catch_up(
        &self,
        services: &Services,
        mut cursor: ChangeCursor,
    ) -> Result<ChangeCursor, ServiceError> {
        loop {
            let changes = services.store().read_changes(cursor, BATCH).await?;
            let full = changes.len() == BATCH as usize;
            for change in changes {
                let reached = change.cursor;
                let is_heard = self.events.receiver_count() > 0;
                let event = take_in(services, change, is_heard).await?;
                self.reached.send_replace(reached);
                if let Some(event) = event {
                    // No listener is no fault.
                    let _ = self.events.send(Arc::new(event));
                }
                cursor = reached;
            }
            if !full {
                return Ok(cursor);
            }
        }
    }
}

/// Brings the live state up to a change and makes the event that listeners get.
/// May be done twice for one change: the live state ignores old news.
async fn take_in(
    services: &Services,
    change: Change,
    is_heard: bool,
) -> Result<Option<FeedEvent>, ServiceError> {
    let store = services.store();
    let live = services.live();
    match change.topic {
        Topic::Incidents => {
            let notice: Option<IncidentNotice> =
                serde_json::from_value(change.payload.clone()).ok();
            let known = notice.as_ref().is_some_and(|notice| {
                live.docket()
                    .find(notice.id)
                    .is_some_and(|incident| incident.version >= notice.version)
            });
            if let (Some(notice), false) = (notice, known) {
                let key = IncidentKey::Id(notice.id);
                if let Some(incident) = store.find_incident(&key).await? {
                    live.docket_mut().put(Arc::new(incident));
                }
            }
            Ok(Some(FeedEvent::told(services, change)))
        }
        Topic::Workers => {
            let id: Option<WorkerId> = change.key.parse().ok();
            if let Some(id) = id
                && let Some(posted) = store.find_worker(id).await?
            {
                live.roster().put(posted.worker, posted.posts);
            }
            Ok(Some(FeedEvent::told(services, change)))
        }
        Topic::Positions => take_in_positions(services, change, is_heard).await,
        Topic::Rules => {
            services.reload_rules().await?;
            Ok(Some(FeedEvent::told(services, change)))
        }
        // Drafts and alarms are read from the store by whoever works on them.
        Topic::Drafts | Topic::Alarms => Ok(Some(FeedEvent::told(services, change))),
        Topic::Organisations => {
            live.reload_people(store).await?;
            Ok(Some(FeedEvent::told(services, change)))
        }
        Topic::Editions => {
            services.bring_edition_into_force().await?;
            // With a territory may come its past, whose incidents are not announced one by one.
            for incident in store.list_open_incidents().await? {
                live.docket_mut().put(Arc::new(incident));
            }
            Ok(Some(FeedEvent::told(services, change)))
        }
    }
}

/// Of the many who move, listeners alone need to know where each belongs.
async fn take_in_positions(
    services: &Services,
    change: Change,
    is_heard: bool,
) -> Result<Option<FeedEvent>, ServiceError> {
    let since = change
        .payload
        .get("since_ms")
        .and_then(serde_json::Value::as_i64)
        .and_then(Timestamp::from_timestamp_millis);
    // This node's own positions are in memory already.
    let own = since.and_then(|since| services.take_written_positions(since));
    let fixes = if let Some(fixes) = own {
        fixes
    } else {
        let fixes = services.store().list_positions(since).await?;
        services.live().roster().take_in(fixes.iter().copied());
        fixes
    };
    let moved = || FeedEvent::moved(services, change.cursor, fixes.into_iter());
    Ok(is_heard.then(moved))
}

/// Puts coming editions into force when their time has come, puts workers on and off duty by
/// the roster, looks who came where, and forgets old changes and tracks.
async fn keep_house(services: Services, stop: CancellationToken) {
    let mut editions = tokio::time::interval(HOUSEKEEPING);
    let mut follow = tokio::time::interval(FOLLOW_EVERY);
    follow.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut steward = Steward::new(services.clone());
    let mut look_out = tokio::time::interval(LOOK_OUT_EVERY);
    look_out.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lookout = Lookout::new(services.clone());
    let mut prune = tokio::time::interval(PRUNE_EVERY);
    let mut drop_tracks = tokio::time::interval(DROP_TRACKS_EVERY);
    loop {
        let outcome: Result<(), ServiceError> = tokio::select! {
            () = stop.cancelled() => break,
            _ = editions.tick() => services.bring_edition_into_force().await,
            _ = follow.tick() => steward.look().await,
            _ = look_out.tick() => lookout.look().await,
            _ = prune.tick() => {
                let before = services.clock().now() - KEEP_CHANGES;
                services.store().prune_changes(before).await.map_err(Into::into)
            }
            _ = drop_tracks.tick() => services.drop_old_tracks().await.map_err(Into::into),
        };
        if let Err(error) = outcome {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "housekeeping failed"
            );
        }
    }
}

/// Lets the rules act. On its own, for whom to send may be asked of a server of roads.
async fn oversee(services: Services, stop: CancellationToken) {
    let mut look = tokio::time::interval(OVERSEE_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut overseer = Overseer::new(services);
    loop {
        let outcome = tokio::select! {
            () = stop.cancelled() => break,
            outcome = async {
                look.tick().await;
                overseer.look().await
            } => outcome,
        };
        if let Err(error) = outcome {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the rules could not act"
            );
        }
    }
}

/// Throws away what failed uploads have left. On its own, for it may wait long for a store
/// that is far away.
async fn clear_media(services: Services, stop: CancellationToken) {
    let mut clear = tokio::time::interval(CLEAR_MEDIA_EVERY);
    loop {
        let outcome = tokio::select! {
            () = stop.cancelled() => break,
            outcome = async {
                clear.tick().await;
                services.clear_media().await
            } => outcome,
        };
        if let Err(error) = outcome {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "what failed uploads have left stays for now"
            );
        }
    }
}

/// Writes positions behind. On its own, so that nothing that takes long delays it: what
/// waits is lost in a crash.
async fn write_behind(services: Services, stop: CancellationToken) {
    let mut flush = tokio::time::interval(WRITE_BEHIND);
    flush.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = flush.tick() => {}
        }
        if let Err(error) = services.flush_positions().await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "positions wait to be written"
            );
        }
    }
    if let Err(error) = services.flush_positions().await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "last positions are lost"
        );
    }
}
