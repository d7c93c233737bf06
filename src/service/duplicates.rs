//! What was reported more than once: likely duplicates, hot spots, and what became of the
//! matter that a duplicate repeats.

use std::sync::Arc;

use chrono::TimeDelta;

use super::incidents::not_found;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::duplicates::{
    HotSpot, HotSpotPolicy, Likeness, LikenessPolicy, Report, Vocabulary, find_likely, gather,
};
use crate::domain::incident::IncidentKey;
use crate::domain::{Actor, AreaCode, Catalogue, Incident, IncidentId, Outcome};
use crate::index::Docket;
use crate::store::IncidentQuery;

/// How many reports hot spots are found among; the latest.
const MAX_GATHERED: u32 = 20_000;
/// How far a duplicate of a duplicate is followed.
const MAX_STEPS: usize = 8;

/// How rare words are, by the catalogue and what is open.
pub(super) fn learn_words(catalogue: &Catalogue, docket: &Docket) -> Vocabulary {
    let services = catalogue.services.iter();
    let mut vocabulary =
        Vocabulary::of(services.flat_map(|service| [&*service.name_zh, &*service.description_zh]));
    for incident in docket.incidents() {
        vocabulary.learn(&incident.description);
    }
    vocabulary
}

impl Services {
    /// Open incidents that are likely of the same matter, the likeliest first, among those
    /// that the actor may see.
    ///
    /// # Errors
    /// When there is no such incident that the actor may see.
    pub async fn find_duplicates(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<Vec<(Likeness, Arc<Incident>)>, ServiceError> {
        actor.require(Permission::ReadIncidents)?;
        let incident = self
            .find_incident(key)
            .await?
            .filter(|incident| self.may_see(actor, incident))
            .ok_or_else(|| not_found(key))?;
        let policy = LikenessPolicy::default();
        let near: Vec<Arc<Incident>> = {
            let docket = self.live().docket();
            let near = docket.near(incident.position, policy.radius_m);
            near.filter(|other| other.id != incident.id && self.may_see(actor, other))
                .cloned()
                .collect()
        };
        let reports: Vec<Report<'_>> = near.iter().map(|other| self.report_of(other)).collect();
        let likely = find_likely(
            &self.report_of(&incident),
            &reports,
            &self.inner.vocabulary,
            &policy,
        );
        let with_incident = |likeness: Likeness| {
            let other = near.iter().find(|other| other.id == likeness.incident)?;
            Some((likeness, Arc::clone(other)))
        };
        Ok(likely.into_iter().filter_map(with_incident).collect())
    }

    /// Crowds of reports of the last days, within the actor's area, open and closed.
    ///
    /// # Errors
    /// As [`Services::search_incidents`].
    pub async fn find_hot_spots(
        &self,
        actor: &Actor,
        area: Option<&AreaCode>,
        days: u16,
        policy: HotSpotPolicy,
    ) -> Result<Vec<HotSpot>, ServiceError> {
        let query = IncidentQuery {
            since: Some(self.clock().now() - TimeDelta::days(days.into())),
            limit: MAX_GATHERED,
            ..IncidentQuery::default()
        };
        let incidents = self.search_incidents(actor, query, area).await?;
        let services = self.clone();
        let gather = move || {
            let rejected = |incident: &&Arc<Incident>| incident.outcome == Some(Outcome::Rejected);
            let reports: Vec<Report<'_>> = incidents
                .iter()
                .filter(|incident| !rejected(incident))
                .map(|incident| services.report_of(incident))
                .collect();
            gather(&reports, &policy)
        };
        tokio::task::spawn_blocking(gather)
            .await
            .map_err(|_| ServiceError::Interrupted)
    }

    /// The incident that a duplicate repeats, so that whoever reported it can follow the
    /// matter; `None` for what is no duplicate.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find_original(
        &self,
        incident: &Incident,
    ) -> Result<Option<Arc<Incident>>, ServiceError> {
        let mut next: Option<IncidentId> = incident.duplicate_of;
        let mut original = None;
        for _ in 0..MAX_STEPS {
            let Some(id) = next else { break };
            original = self.find_incident(&IncidentKey::Id(id)).await?;
            next = original.as_ref().and_then(|original| original.duplicate_of);
        }
        Ok(original)
    }

    fn report_of<'a>(&'a self, incident: &'a Incident) -> Report<'a> {
        let service = self.catalogue().find(&incident.service);
        Report {
            id: incident.id,
            service: &incident.service,
            group: service.map_or("", |service| &service.group),
            position: incident.position,
            reported_at: incident.reported_at,
            text: &incident.description,
            address: incident.address.as_deref(),
        }
    }
}
