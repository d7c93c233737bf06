//! What one node does for all: it holds a lease, which another takes over when it is
//! silent. A lease saves the others the trouble; nothing must depend on there being but one
//! who has it.

use chrono::TimeDelta;

use super::Services;
use crate::domain::Timestamp;
use crate::store::StoreError;

/// How long a node may be silent before another takes over.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// How long before its end it is renewed.
const RENEWED_BEFORE: TimeDelta = TimeDelta::seconds(10);

/// One node's hold on a kind of work.
pub(super) struct Lease {
    name: &'static str,
    until: Option<Timestamp>,
}

impl Lease {
    pub(super) const fn new(name: &'static str) -> Self {
        Self { name, until: None }
    }

    /// True when it is this node's turn now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn hold(
        &mut self,
        services: &Services,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if self.until.is_some_and(|until| now < until - RENEWED_BEFORE) {
            return Ok(true);
        }
        let until = now + LEASE;
        let node = services.inner.node;
        let held = services.store().hold_lease(self.name, node, now, until);
        let is_held = held.await?;
        self.until = is_held.then_some(until);
        Ok(is_held)
    }
}
