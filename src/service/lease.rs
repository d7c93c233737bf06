//! What one node does for all: it holds a lease, which another takes over when it is
//! silent. A lease saves the others the trouble; nothing must depend on there being but one
//! who has it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;

use super::Services;
use crate::domain::Timestamp;
use crate::store::StoreError;

/// How long a node may be silent before another takes over.
const LASTS: TimeDelta = TimeDelta::seconds(15);
/// How long before its end it is renewed.
const RENEWED_BEFORE: TimeDelta = TimeDelta::seconds(10);

/// One node's hold on a kind of work.
pub(super) struct Lease {
    name: &'static str,
    lasts: TimeDelta,
    renewed_before: TimeDelta,
    end: LeaseEnd,
}

/// When a lease ends, for whoever works by it.
#[derive(Debug, Clone, Default)]
pub(super) struct LeaseEnd {
    /// Milliseconds since 1970; long past when it is not held.
    at_ms: Arc<AtomicI64>,
}

impl Lease {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            lasts: LASTS,
            renewed_before: RENEWED_BEFORE,
            end: LeaseEnd::default(),
        }
    }

    /// The same for longer.
    pub(super) fn lasting(self, lasts: TimeDelta, renewed_before: TimeDelta) -> Self {
        Self {
            lasts,
            renewed_before,
            ..self
        }
    }

    /// True when it is this node's turn now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn hold(
        &self,
        services: &Services,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if self.end.is_after(now + self.renewed_before) {
            return Ok(true);
        }
        let until = now + self.lasts;
        let node = services.inner.node;
        let held = services.store().hold_lease(self.name, node, now, until);
        let is_held = held.await?;
        let end_ms = if is_held { until.timestamp_millis() } else { 0 };
        self.end.at_ms.store(end_ms, Ordering::Release);
        Ok(is_held)
    }

    pub(super) fn end(&self) -> LeaseEnd {
        self.end.clone()
    }
}

impl LeaseEnd {
    /// True when the lease is held until later than a time.
    pub(super) fn is_after(&self, at: Timestamp) -> bool {
        at.timestamp_millis() < self.at_ms.load(Ordering::Acquire)
    }

    /// Lets nobody here begin anything more by it.
    pub(super) fn give_up(&self) {
        self.at_ms.store(0, Ordering::Release);
    }
}
