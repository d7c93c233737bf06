//! When an edition comes into force, open incidents are matched to their ground anew.

use std::sync::Arc;

use super::{ServiceError, Services};
use crate::domain::incident::IncidentKey;
use crate::domain::workflow::{self, Placing};
use crate::domain::{AreaRef, Incident, Status};
use crate::index::Atlas;
use crate::store::StoreError;

/// How often somebody may be faster before the rest is left to the next look.
const ATTEMPTS: usize = 3;

impl Services {
    /// Swaps in the edition that is in force now, if it is another, and matches the open
    /// incidents to it.
    ///
    /// # Errors
    /// When the store cannot be read or written. What was done stays done; the rest is
    /// done by the next call.
    pub async fn bring_edition_into_force(&self) -> Result<(), ServiceError> {
        let _turn = self.inner.entering_edition.lock().await;
        let now = self.clock().now();
        self.live().reload_atlas(self.store(), now).await?;
        self.rematch_open_incidents().await
    }

    /// Matches every open incident that was matched to another edition. Several nodes may
    /// do so at once: the second finds nothing left to do.
    async fn rematch_open_incidents(&self) -> Result<(), ServiceError> {
        let atlas = self.live().atlas();
        let Some(edition) = atlas.edition().map(|edition| edition.id) else {
            return Ok(());
        };
        if self
            .inner
            .rematched_to
            .load(std::sync::atomic::Ordering::Acquire)
            == edition.0
        {
            return Ok(());
        }
        let open: Vec<Arc<Incident>> = self.live().docket().incidents().cloned().collect();
        for incident in open {
            self.rematch_incident(&atlas, incident).await?;
        }
        self.inner
            .rematched_to
            .store(edition.0, std::sync::atomic::Ordering::Release);
        self.wake_feed();
        Ok(())
    }

    /// Matches an incident that was filed while an edition came into force.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub(super) async fn rematch_incident(
        &self,
        atlas: &Atlas,
        mut incident: Arc<Incident>,
    ) -> Result<(), ServiceError> {
        for _ in 0..ATTEMPTS {
            let Some(placing) = self.place_anew(atlas, &incident) else {
                return Ok(());
            };
            let Some(step) = workflow::rematch(&incident, placing, self.clock().now()) else {
                return Ok(());
            };
            match self.store().record_step(&step).await {
                Ok(()) => {
                    self.live().docket_mut().put(Arc::new(step.incident));
                    return Ok(());
                }
                Err(StoreError::StaleIncident { .. }) => {
                    let key = IncidentKey::Id(incident.id);
                    let Some(current) = self.store().find_incident(&key).await? else {
                        return Ok(());
                    };
                    incident = Arc::new(current);
                    self.live().docket_mut().put(Arc::clone(&incident));
                    if !incident.status.is_open() {
                        return Ok(());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Where the incident's place lies in an atlas. An incident that is still with the
    /// first centre of its former ground goes to the first centre of the new one; who
    /// holds it by decision keeps it.
    pub(super) fn place_anew(&self, atlas: &Atlas, incident: &Incident) -> Option<Placing> {
        let edition = atlas.edition()?.id;
        let found = atlas.locate(incident.position);
        let chain = found.area.map(|area| atlas.chain(area)).unwrap_or_default();
        let service = self.service_of(incident).ok()?;
        let rules = self.live().rules();
        let first = |chain: &[AreaRef]| {
            let route = rules.route(&service, chain, incident.priority, incident.reported_at);
            self.first_holder(chain, route.centre)
        };
        let undecided = matches!(incident.status, Status::Reported | Status::Filed)
            && incident.holder == first(&incident.chain);
        Some(Placing {
            edition,
            matched: found.matched,
            holder: undecided.then(|| first(&chain)).flatten(),
            chain,
        })
    }
}
