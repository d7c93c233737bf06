//! Keeps telling endpoints what happens.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Feed;
use crate::service::Services;
use crate::service::departments::{Courier, Deliverer};

/// How often is looked at least, for what is due again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long to let things come together after something has happened.
const GATHER: Duration = Duration::from_millis(100);

impl Feed {
    /// Tells endpoints until told to stop. What is under way then is let finish; what
    /// cannot be done now is done by whoever looks next.
    pub async fn deliver(&self, services: Services, courier: Courier, stop: CancellationToken) {
        let mut deliverer = Deliverer::new(services, courier);
        let mut reached = self.reached.subscribe();
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = look.tick() => {}
                // The sender lives as long as the feed.
                _ = reached.changed() => tokio::time::sleep(GATHER).await,
            }
            if let Err(error) = deliverer.look().await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "endpoints are not told"
                );
            }
        }
        deliverer.stop().await;
    }
}
