//! Sends what is due to one endpoint: several incidents at once, the steps of each one
//! after the other.

use std::collections::{HashSet, VecDeque};

use chrono::TimeDelta;
use tokio::task::JoinSet;

use super::courier::TIMEOUT;
use super::event::event_id;
use super::{Courier, Letter, ServiceError, Services};
use crate::domain::IncidentId;
use crate::domain::webhook::{Attempt, Delivery, DeliveryState, Webhook};
use crate::service::lease::LeaseEnd;
use crate::store::EndpointNews;

/// How many incidents are told at once.
const LANES: usize = 8;
/// How many deliveries are read at once.
const READ: u32 = 256;
/// After so long the endpoint's terms are looked at again: it may be gone, or elsewhere.
const ONE_ROUND: TimeDelta = TimeDelta::seconds(5);

/// One endpoint's turn.
#[derive(Clone)]
pub(super) struct Round {
    pub(super) services: Services,
    pub(super) courier: Courier,
    pub(super) lease_end: LeaseEnd,
    pub(super) webhook: Webhook,
}

/// What came of one attempt for the round.
struct Told {
    incident: IncidentId,
    /// The endpoint wants nothing more for now.
    enough: bool,
}

impl Round {
    /// Sends until nothing is due, or until another node may be doing it.
    pub(super) async fn run(self) {
        if let Err(error) = self.send_what_is_due().await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                webhook = %self.webhook.id,
                "deliveries wait to be written"
            );
        }
    }

    async fn send_what_is_due(&self) -> Result<(), ServiceError> {
        let mut ready: VecDeque<Delivery> = VecDeque::new();
        // Tasks of their own: one that nobody looked at while more is read would keep the
        // connection to the database that it was given, and the reading wait for it.
        let mut under_way = JoinSet::new();
        let mut busy: HashSet<IncidentId> = HashSet::new();
        let ends_at = self.services.clock().now() + ONE_ROUND;
        let mut outcome = Ok(());
        let mut is_over = false;
        loop {
            let now = self.services.clock().now();
            is_over |= now >= ends_at;
            if ready.is_empty() && under_way.len() < LANES && !is_over {
                let store = self.services.store();
                let due = store.list_due_deliveries(self.webhook.id, now, READ);
                match due.await {
                    // What is under way still waits in the database, and is not due again.
                    Ok(due) => ready.extend(
                        due.into_iter()
                            .filter(|due| !busy.contains(&due.key.incident)),
                    ),
                    Err(error) => (outcome, is_over) = (Err(error.into()), true),
                }
            }
            while under_way.len() < LANES && !is_over && self.may_send() {
                let Some(next) = ready.pop_front() else { break };
                // A step and a replay of one incident take turns.
                if busy.insert(next.key.incident) {
                    under_way.spawn(self.clone().deliver(next));
                }
            }
            // What is under way is let finish, whatever has failed.
            let Some(told) = under_way.join_next().await else {
                return outcome;
            };
            match told.unwrap_or(Err(ServiceError::Interrupted)) {
                Ok(told) => {
                    busy.remove(&told.incident);
                    is_over |= told.enough;
                }
                Err(error) => (outcome, is_over) = (Err(error), true),
            }
        }
    }

    /// True while what is sent now is answered or given up before another node may send:
    /// so no step is on its way when a later one is sent.
    fn may_send(&self) -> bool {
        self.lease_end
            .is_after(self.services.clock().now() + TIMEOUT)
    }

    async fn deliver(self, delivery: Delivery) -> Result<Told, ServiceError> {
        let key = delivery.key;
        let written = self.services.write_event(&self.webhook, &delivery).await?;
        // Writing it may have taken its time.
        if !self.may_send() {
            return Ok(Told {
                incident: key.incident,
                enough: true,
            });
        }
        let at = self.services.clock().now();
        let attempt = match written {
            Ok(body) => {
                let letter = Letter {
                    url: &self.webhook.terms.url,
                    id: event_id(key.incident, key.version),
                    at,
                    body,
                    secrets: self.webhook.secrets(at).collect(),
                };
                self.courier.send(letter).await
            }
            Err(why) => Attempt {
                at,
                status: None,
                error: Some(why),
                took_ms: 0,
                retry_after: None,
            },
        };
        let (_, seed) = self.services.clock().fresh_id().as_u64_pair();
        let after = delivery.after(&attempt, seed);
        if after.state == DeliveryState::Dead {
            tracing::warn!(
                webhook = %self.webhook.id,
                event = event_id(key.incident, key.version),
                error = after.error,
                "an event was given up"
            );
        }
        let news = EndpointNews {
            hold_until: attempt.hold_until(),
            is_gone: attempt.says_gone(),
        };
        let store = self.services.store();
        store.settle_delivery(&after, attempt.at, &news).await?;
        Ok(Told {
            incident: key.incident,
            enough: news.is_gone || news.hold_until.is_some(),
        })
    }
}
