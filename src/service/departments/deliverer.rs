//! Brings what happens to whoever is to be told. One node does it for all, by a lease: it
//! reads the change log after the place that each endpoint has come to, and in one
//! transaction puts its deliveries on their way and moves that place on. So nothing is
//! left out and nothing is put on its way twice, whoever crashes when. Filing and handling
//! know nothing of it.
//!
//! The log is kept for a day. An endpoint that has fallen behind its beginning, because it
//! was paused or nobody served, is told from the histories of the incidents that changed
//! since; deliveries are named by incident and version, so what it was told already is
//! not told again.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::task::{Id, JoinSet};

use super::event::people_of;
use super::round::Round;
use super::{Courier, ServiceError, Services};
use crate::domain::incident::{IncidentKey, IncidentNotice};
use crate::domain::webhook::{
    Delivery, DeliveryKey, DeliveryState, Hearing, Webhook, WebhookState, first_task_at,
};
use crate::domain::workflow::Action;
use crate::domain::{ChangeCursor, Incident, IncidentId, Timestamp, Topic, WebhookId};
use crate::service::lease::Lease;
use crate::store::{Case, KeptWebhook, Reading};

/// How long a node may be silent before another takes over.
pub const LEASE: TimeDelta = TimeDelta::seconds(40);
/// How long before its end it is renewed. What is sent must be answered before another
/// node may send, so nothing is begun in the last [`TIMEOUT`](super::courier::TIMEOUT).
const RENEWED_BEFORE: TimeDelta = TimeDelta::seconds(30);
/// How many changes are read at once, and from how many histories.
const BATCH: u32 = 1_000;
const HISTORIES: u32 = 200;
/// How far the clocks of nodes may differ, and how long a step may take to be written.
const SLACK: TimeDelta = TimeDelta::minutes(10);
/// How often the place in the log is kept while nothing in it concerns anybody.
const KEEP_PLACE_EVERY: TimeDelta = TimeDelta::seconds(10);
/// How long deliveries are kept when they are settled.
const KEEP_DELIVERED: TimeDelta = TimeDelta::days(7);
const KEEP_DEAD: TimeDelta = TimeDelta::days(90);
const PRUNE_EVERY: TimeDelta = TimeDelta::hours(1);

/// Looks after all endpoints; one to a node.
pub struct Deliverer {
    services: Services,
    courier: Courier,
    /// Rounds look at its end too.
    lease: Lease,
    /// How far the log has been read where that is not kept yet.
    read: HashMap<WebhookId, Reading>,
    place_kept_at: Option<Timestamp>,
    pruned_at: Option<Timestamp>,
    rounds: JoinSet<()>,
    under_way: HashMap<Id, WebhookId>,
}

/// A step of an incident, as far as it decides who is told.
#[derive(Clone, Copy)]
struct Step {
    incident: IncidentId,
    version: i64,
    action: Action,
    at: Timestamp,
}

impl Deliverer {
    #[must_use]
    pub fn new(services: Services, courier: Courier) -> Self {
        Self {
            services,
            courier,
            lease: Lease::new("webhooks").lasting(LEASE, RENEWED_BEFORE),
            read: HashMap::new(),
            place_kept_at: None,
            pruned_at: None,
            rounds: JoinSet::new(),
            under_way: HashMap::new(),
        }
    }

    /// Puts on its way what has happened, if it is this node's turn, and sends what is due.
    /// Sending goes on after this returns.
    ///
    /// # Errors
    /// When the store does not answer; the rest is done the next time.
    pub async fn look(&mut self) -> Result<(), ServiceError> {
        while let Some(ended) = self.rounds.try_join_next_with_id() {
            self.under_way.remove(&ended_id(ended));
        }
        let now = self.services.clock().now();
        if !self.lease.hold(&self.services, now).await? {
            self.read.clear();
            return Ok(());
        }
        let mut active = self.services.store().list_webhooks().await?;
        active.retain(|kept| kept.webhook.terms.state == WebhookState::Active);
        if active.is_empty() {
            return Ok(());
        }
        self.put_on_their_way(&active, now).await?;
        self.prune(now).await;
        for kept in active {
            let id = kept.webhook.id;
            let is_held = kept.held_until.is_some_and(|until| now < until);
            if is_held || self.under_way.values().any(|busy| *busy == id) {
                continue;
            }
            let round = Round {
                services: self.services.clone(),
                courier: self.courier.clone(),
                lease_end: self.lease.end(),
                webhook: kept.webhook,
            };
            let started = self.rounds.spawn(round.run());
            self.under_way.insert(started.id(), id);
        }
        Ok(())
    }

    /// Waits until nothing is being sent.
    pub async fn rest(&mut self) {
        while let Some(ended) = self.rounds.join_next_with_id().await {
            self.under_way.remove(&ended_id(ended));
        }
    }

    /// Begins nothing more, and waits until nothing is being sent.
    pub async fn stop(mut self) {
        self.lease.end().give_up();
        self.rest().await;
    }

    /// Reads the log to its end for all endpoints.
    async fn put_on_their_way(
        &mut self,
        active: &[KeptWebhook],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut readings: Vec<Reading> = active
            .iter()
            .map(|kept| {
                let further = self.read.get(&kept.webhook.id).copied();
                further
                    .filter(|read| read.cursor > kept.reading.cursor)
                    .unwrap_or(kept.reading)
            })
            .collect();
        while let Some(from) = readings.iter().map(|reading| reading.cursor).min() {
            let store = self.services.store();
            let changes = store.read_changes(from, BATCH).await?;
            // Asked afterwards: what was forgotten before the changes were read is known now.
            let horizon = store.change_horizon().await?;
            if readings.iter().any(|reading| reading.cursor < horizon) {
                for (kept, reading) in active.iter().zip(&mut readings) {
                    if reading.cursor < horizon {
                        let Some(caught_up) = self.catch_up(kept, *reading).await? else {
                            return Ok(());
                        };
                        *reading = caught_up;
                    }
                }
                continue;
            }
            let Some(last) = changes.last() else { break };
            let end = (last.cursor, last.at);
            let is_full = changes.len() == BATCH as usize;
            let steps: Vec<(ChangeCursor, Step)> = changes
                .into_iter()
                .filter(|change| change.topic == Topic::Incidents)
                .filter_map(|change| {
                    let notice: IncidentNotice = serde_json::from_value(change.payload).ok()?;
                    // A file is no step, and its notice names the last one again.
                    if notice.media.is_some() {
                        return None;
                    }
                    Some((change.cursor, Step::from(&notice)))
                })
                .collect();
            let told = self.tell(active, &readings, &steps, now).await?;
            for reading in &mut readings {
                if reading.cursor < end.0 {
                    (reading.cursor, reading.at) = end;
                }
            }
            let is_stale = self
                .place_kept_at
                .is_none_or(|kept_at| now - kept_at >= KEEP_PLACE_EVERY);
            if !told.is_empty() || is_stale {
                let store = self.services.store();
                store.queue_deliveries(&told, &readings).await?;
                self.place_kept_at = Some(now);
            }
            self.read = readings
                .iter()
                .map(|reading| (reading.webhook, *reading))
                .collect();
            if !is_full {
                break;
            }
        }
        Ok(())
    }

    /// The deliveries that steps make for those who have not read so far.
    async fn tell(
        &self,
        active: &[KeptWebhook],
        readings: &[Reading],
        steps: &[(ChangeCursor, Step)],
        now: Timestamp,
    ) -> Result<Vec<Delivery>, ServiceError> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let mut incidents: HashMap<IncidentId, Arc<Incident>> = HashMap::new();
        for (_, step) in steps {
            let known = incidents.get(&step.incident);
            if known.is_none_or(|known| known.version < step.version)
                && let Some(found) = self.services.incident_after(step).await?
            {
                incidents.insert(step.incident, found);
            }
        }
        let ids: Vec<IncidentId> = incidents.keys().copied().collect();
        let cases = self.services.store().list_cases(&ids).await?;
        let mut told = Vec::new();
        for (kept, reading) in active.iter().zip(readings) {
            let new = steps.iter().filter(|(cursor, _)| *cursor > reading.cursor);
            for (_, step) in new {
                if let Some(incident) = incidents.get(&step.incident)
                    && self.services.hears(&kept.webhook, incident, step, &cases)
                {
                    told.push(step.delivery(kept.webhook.id, now));
                }
            }
        }
        Ok(told)
    }

    /// Puts on its way what the log has forgotten, out of the histories. `None` when that
    /// takes so long that it has become another node's turn.
    async fn catch_up(
        &self,
        kept: &KeptWebhook,
        reading: Reading,
    ) -> Result<Option<Reading>, ServiceError> {
        let store = self.services.store();
        let begun_at = self.services.clock().now();
        // Taken first: whatever is read afterwards holds all up to here.
        let end = store.latest_change().await?;
        let since = (reading.at - SLACK).max(kept.webhook.created_at);
        tracing::info!(webhook = %kept.webhook.id, %since, "catching up from the histories");
        let mut after = None;
        loop {
            let some = store
                .list_changed_incidents(since, after, HISTORIES)
                .await?;
            let Some(last) = some.last() else { break };
            after = Some(last.id);
            let now = self.services.clock().now();
            if !self.lease.hold(&self.services, now).await? {
                return Ok(None);
            }
            let ids: Vec<IncidentId> = some.iter().map(|incident| incident.id).collect();
            let cases = store.list_cases(&ids).await?;
            let incidents: HashMap<IncidentId, Incident> = some
                .into_iter()
                .map(|incident| (incident.id, incident))
                .collect();
            let mut told = Vec::new();
            let events = store.list_events_between(&ids, since, now + SLACK);
            for event in events.await? {
                let step = Step {
                    incident: event.incident,
                    version: event.version,
                    action: event.action,
                    at: event.at,
                };
                if let Some(incident) = incidents.get(&event.incident)
                    && self.services.hears(&kept.webhook, incident, &step, &cases)
                {
                    told.push(step.delivery(kept.webhook.id, now));
                }
            }
            store.queue_deliveries(&told, &[]).await?;
        }
        let reading = Reading {
            cursor: end,
            at: begun_at,
            ..reading
        };
        store.queue_deliveries(&[], &[reading]).await?;
        Ok(Some(reading))
    }

    async fn prune(&mut self, now: Timestamp) {
        if self
            .pruned_at
            .is_some_and(|pruned_at| now - pruned_at < PRUNE_EVERY)
        {
            return;
        }
        let store = self.services.store();
        let pruning = store.prune_deliveries(now - KEEP_DELIVERED, now - KEEP_DEAD);
        match pruning.await {
            Ok(()) => self.pruned_at = Some(now),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "old deliveries are not forgotten"
            ),
        }
    }
}

fn ended_id(ended: Result<(Id, ()), tokio::task::JoinError>) -> Id {
    match ended {
        Ok((id, ())) => id,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a round of deliveries ended too early"
            );
            error.id()
        }
    }
}

impl From<&IncidentNotice> for Step {
    fn from(notice: &IncidentNotice) -> Self {
        Self {
            incident: notice.id,
            version: notice.version,
            action: notice.action,
            at: notice.at,
        }
    }
}

impl Step {
    fn delivery(self, webhook: WebhookId, now: Timestamp) -> Delivery {
        Delivery {
            key: DeliveryKey {
                webhook,
                incident: self.incident,
                version: self.version,
            },
            action: self.action,
            at: self.at,
            state: DeliveryState::Waiting,
            replayed: false,
            attempts: 0,
            queued_at: now,
            next_at: now,
            first_failed_at: None,
            settled_at: None,
            status: None,
            error: None,
            took_ms: None,
        }
    }
}

impl Services {
    /// An incident as it is after a step or later: from memory while it is open there.
    async fn incident_after(&self, step: &Step) -> Result<Option<Arc<Incident>>, ServiceError> {
        let in_memory = self.live().docket().find(step.incident).cloned();
        if let Some(known) = in_memory.filter(|known| known.version >= step.version) {
            return Ok(Some(known));
        }
        let key = IncidentKey::Id(step.incident);
        Ok(self.store().find_incident(&key).await?.map(Arc::new))
    }

    /// True when an endpoint is to be told of a step. What decides does not change later: a
    /// task stays in the incident whatever becomes of it, so whoever reads late decides as
    /// whoever reads at once.
    fn hears(&self, webhook: &Webhook, incident: &Incident, step: &Step, cases: &[Case]) -> bool {
        if !webhook.wants(step.action) {
            return false;
        }
        let directory = self.live().directory();
        let Some(organisation) = directory.find(webhook.organisation) else {
            return false;
        };
        if webhook.terms.hears == Hearing::Area {
            return self.may_see(&people_of(organisation), incident);
        }
        let has_task = || {
            first_task_at(incident, organisation.id).is_some_and(|offered_at| offered_at <= step.at)
        };
        let has_case = || {
            cases
                .iter()
                .filter(|case| (case.incident, case.organisation) == (incident.id, organisation.id))
                // Nobody need hear what they have just said.
                .any(|case| {
                    if case.filed {
                        step.version > 1
                    } else {
                        case.created_at <= step.at
                    }
                })
        };
        has_task() || has_case()
    }
}
