//! Finding incidents, and who may see them.

use std::sync::Arc;

use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::incident::IncidentKey;
use crate::domain::{Actor, AreaCode, AreaRef, Assignee, Incident, IncidentEvent};
use crate::store::IncidentQuery;

/// How much of an incident somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything; personal data masked.
    Full,
    /// Number, service, place and status: what anyone may follow by number.
    Public,
}

impl Services {
    /// An incident by identity or number, with how much of it the actor may see. By its
    /// number anyone may follow an incident.
    ///
    /// # Errors
    /// When there is none that the actor may see.
    pub async fn load_incident(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<(Arc<Incident>, Sight), ServiceError> {
        let incident = self
            .find_incident(key)
            .await?
            .ok_or_else(|| not_found(key))?;
        if self.may_see(actor, &incident) {
            Ok((incident, Sight::Full))
        } else if matches!(key, IncidentKey::Number(_)) {
            Ok((incident, Sight::Public))
        } else {
            actor.require(Permission::ReadIncidents)?;
            Err(not_found(key))
        }
    }

    /// The history of an incident that the actor may see whole.
    ///
    /// # Errors
    /// When there is none.
    pub async fn list_events(
        &self,
        actor: &Actor,
        key: &IncidentKey,
    ) -> Result<Vec<IncidentEvent>, ServiceError> {
        let (incident, sight) = self.load_incident(actor, key).await?;
        if sight == Sight::Public {
            actor.require(Permission::ReadIncidents)?;
            return Err(not_found(key));
        }
        Ok(self.store().list_events(incident.id).await?)
    }

    /// Incidents within the actor's area, in the order of the query. Whoever looks for a
    /// reporter's phone is written to the log of the service.
    ///
    /// # Errors
    /// When the actor may not see incidents, asks for an area that does not exist or lies
    /// outside the actor's own, or looks for a phone and does not dispatch.
    pub async fn search_incidents(
        &self,
        actor: &Actor,
        mut query: IncidentQuery,
        area: Option<&AreaCode>,
    ) -> Result<Vec<Arc<Incident>>, ServiceError> {
        query.within = self.bound(actor, area)?;
        if let Some(phone) = &query.phone {
            actor.require(Permission::Dispatch)?;
            tracing::info!(actor = actor.name, ?phone, "a reporter was looked for");
        }
        let found = self.store().search_incidents(&query).await?;
        Ok(found.into_iter().map(Arc::new).collect())
    }

    /// The open incidents within the actor's area, in no order. From memory.
    ///
    /// # Errors
    /// As [`Services::search_incidents`].
    pub fn list_open_incidents(&self, actor: &Actor) -> Result<Vec<Arc<Incident>>, ServiceError> {
        actor.require(Permission::ReadIncidents)?;
        let docket = self.live().docket();
        let visible = docket
            .incidents()
            .filter(|incident| self.may_see(actor, incident));
        Ok(visible.cloned().collect())
    }

    /// Those with the permission see what lies in their area, and what lies nowhere but is
    /// held there; assignees see their own tasks' incidents; reporters what they reported.
    #[must_use]
    pub fn may_see(&self, actor: &Actor, incident: &Incident) -> bool {
        let assigned = || {
            incident.tasks.iter().any(|task| match task.assignee {
                Assignee::Worker(worker) => actor.worker == Some(worker),
                Assignee::Organisation(organisation) => actor.organisation == Some(organisation),
            })
        };
        let held = || {
            let directory = self.live().directory();
            let holder = incident.holder.and_then(|id| directory.find(id).cloned());
            incident.chain.is_empty() && holder.map(|centre| centre.area.clone()) == actor.area
        };
        actor.tracks(incident)
            || (actor.role.permits(Permission::ReadIncidents)
                && (actor.reaches(incident.chain.iter().map(|link| &link.code))
                    || assigned()
                    || held()))
    }

    /// The narrower of the area asked for and the actor's own.
    pub(super) fn bound(
        &self,
        actor: &Actor,
        area: Option<&AreaCode>,
    ) -> Result<Option<AreaRef>, ServiceError> {
        actor.require(Permission::ReadIncidents)?;
        let Some(code) = area.or(actor.area.as_ref()) else {
            return Ok(None);
        };
        let atlas = self.live().atlas();
        let ordinal = atlas
            .find(code)
            .ok_or_else(|| ServiceError::not_found("area", code))?;
        if !actor.reaches(atlas.ascend(ordinal).map(|area| &area.code)) {
            let own = actor.area.clone().unwrap_or_else(|| code.clone());
            return Err(crate::domain::actor::Forbidden::OutsideArea(own).into());
        }
        Ok(Some(AreaRef::from(atlas.area(ordinal).as_ref())))
    }

    /// From memory while it is open, else from the store.
    pub(super) async fn find_incident(
        &self,
        key: &IncidentKey,
    ) -> Result<Option<Arc<Incident>>, ServiceError> {
        if let IncidentKey::Id(id) = key
            && let Some(open) = self.live().docket().find(*id)
        {
            return Ok(Some(Arc::clone(open)));
        }
        Ok(self.store().find_incident(key).await?.map(Arc::new))
    }
}

pub(super) fn not_found(key: &IncidentKey) -> ServiceError {
    match key {
        IncidentKey::Id(id) => ServiceError::not_found("incident", &id),
        IncidentKey::Number(number) => ServiceError::not_found("incident", &number),
    }
}
