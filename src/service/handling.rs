//! Acting on incidents: the workflow's table decides, the store makes it last.

use std::sync::Arc;

use super::incidents::not_found;
use super::rules::RulesInForce;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::catalogue::Limits;
use crate::domain::incident::IncidentKey;
use crate::domain::limits::limits_for;
use crate::domain::rules::Agenda;
use crate::domain::timing::Timing;
use crate::domain::workflow::{self, Action, Command, Situation, Step};
use crate::domain::{
    Actor, AreaCode, Assignee, Incident, Level, OrganisationId, OrganisationKind, Outcome, Role,
    Service, Timestamp,
};
use crate::store::StoreError;

impl Services {
    /// What the actor may do with an incident now.
    ///
    /// # Errors
    /// When the incident's service is not in the catalogue.
    pub fn allowed_actions(
        &self,
        actor: &Actor,
        incident: &Incident,
    ) -> Result<Vec<Action>, ServiceError> {
        let surroundings = self.surroundings(incident)?;
        Ok(workflow::allowed_actions(
            incident,
            &surroundings.situation(actor, self.clock().now()),
        ))
    }

    /// Carries out an action that was decided on `version` of an incident.
    ///
    /// # Errors
    /// When the actor may not see the incident, the table does not allow the action now,
    /// something that the action names does not exist, or somebody was faster. Nothing
    /// has changed then.
    pub async fn act_on_incident(
        &self,
        actor: &Actor,
        key: &IncidentKey,
        version: i64,
        command: Command,
    ) -> Result<Arc<Incident>, ServiceError> {
        if actor.tracking_key.is_none() {
            actor.require(Permission::HandleIncidents)?;
        }
        let mut incident = self
            .find_incident(key)
            .await?
            .ok_or_else(|| not_found(key))?;
        if incident.version < version {
            // The caller has seen more than this node's memory, on another node.
            let stored = self.store().find_incident(key).await?;
            incident = Arc::new(stored.ok_or_else(|| not_found(key))?);
            self.live().docket_mut().put(Arc::clone(&incident));
        }
        if !self.may_see(actor, &incident) {
            return Err(not_found(key));
        }
        if incident.version != version {
            return Err(ServiceError::Conflict {
                expected: version,
                current: incident,
            });
        }
        let command = self.resolve(&incident, command).await?;
        let mut surroundings = self.surroundings(&incident)?;
        // A rule that sends by itself sends whom it chose, and who may not send is told so
        // before anybody is looked for.
        if matches!(command, Command::Dispatch { .. } | Command::Reassign { .. })
            && actor.role != Role::System
            && surroundings.allows(command.action(), actor, &incident, self.clock().now())
        {
            surroundings.recommended = self.recommend(&incident).await?;
        }
        let step = workflow::apply(
            &incident,
            &command,
            &surroundings.situation(actor, self.clock().now()),
            &mut || self.clock().fresh_id(),
        )?;
        self.take_step(step).await
    }

    /// Makes a step last, and puts what it made into memory.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when somebody was faster; nothing has changed then.
    pub(super) async fn take_step(&self, step: Step) -> Result<Arc<Incident>, ServiceError> {
        match self.store().record_step(&step).await {
            Ok(()) => {}
            Err(StoreError::StaleIncident { expected }) => {
                let key = IncidentKey::Id(step.incident.id);
                let current = self.store().find_incident(&key).await?;
                let current = Arc::new(current.ok_or_else(|| not_found(&key))?);
                self.live().docket_mut().put(Arc::clone(&current));
                return Err(ServiceError::Conflict { expected, current });
            }
            Err(error) => return Err(error.into()),
        }
        let after = Arc::new(step.incident);
        self.live().docket_mut().put(Arc::clone(&after));
        self.wake_feed();
        Ok(after)
    }

    /// Checks that what a command names exists, and looks up what it names by number.
    async fn resolve(
        &self,
        incident: &Incident,
        command: Command,
    ) -> Result<Command, ServiceError> {
        match command {
            Command::SelfHandle { proof, media } => Ok(Command::SelfHandle {
                proof,
                media: self.check_proof(incident.id, media).await?,
            }),
            Command::FeedBack { note, task, media } => Ok(Command::FeedBack {
                note,
                task,
                media: self.check_proof(incident.id, media).await?,
            }),
            Command::MarkDuplicate { of, .. } => {
                let key = IncidentKey::Number(of.clone());
                let original = self
                    .find_incident(&key)
                    .await?
                    .ok_or_else(|| not_found(&key))?;
                // It must itself be looked after: not in a circle, and not turned down.
                let stands = original.id != incident.id
                    && !matches!(
                        original.outcome,
                        Some(Outcome::Duplicate | Outcome::Rejected)
                    );
                Ok(Command::MarkDuplicate {
                    of,
                    of_id: stands.then_some(original.id),
                })
            }
            Command::Dispatch {
                lead,
                ref assistants,
                ..
            } => {
                for &assignee in std::iter::once(&lead).chain(assistants) {
                    self.check_assignee(assignee)?;
                }
                Ok(command)
            }
            Command::Assist { assignee, .. } | Command::Reassign { lead: assignee, .. } => {
                self.check_assignee(assignee)?;
                Ok(command)
            }
            Command::Summon { department, .. } => {
                self.check_department(department)?;
                Ok(command)
            }
            Command::File {
                service: Some(ref service),
                ..
            } => {
                self.catalogue()
                    .find(service)
                    .ok_or_else(|| ServiceError::UnknownService(service.clone()))?;
                Ok(command)
            }
            other => Ok(other),
        }
    }

    fn check_assignee(&self, assignee: Assignee) -> Result<(), ServiceError> {
        let exists = match assignee {
            Assignee::Worker(id) => self.live().roster().find(id).is_some(),
            Assignee::Organisation(id) => self.live().directory().find(id).is_some(),
        };
        match assignee {
            _ if exists => Ok(()),
            Assignee::Worker(id) => Err(ServiceError::UnknownWorker(id)),
            Assignee::Organisation(id) => Err(ServiceError::UnknownOrganisation(id)),
        }
    }

    /// Nobody but a department is summoned: others are asked.
    fn check_department(&self, id: OrganisationId) -> Result<(), ServiceError> {
        let directory = self.live().directory();
        match directory.find(id).map(|found| found.kind) {
            Some(OrganisationKind::Department) => Ok(()),
            Some(_) => Err(ServiceError::Invalid {
                field: "department",
                why: "only a department is summoned; ask others to assist".to_owned(),
            }),
            None => Err(ServiceError::UnknownOrganisation(id)),
        }
    }

    /// What the rules need to know about where an incident is held.
    pub(super) fn surroundings(&self, incident: &Incident) -> Result<Surroundings, ServiceError> {
        let service = self.service_of(incident)?;
        let directory = self.live().directory();
        let centres = directory.centres_along(&incident.chain);
        let held_at = centres
            .iter()
            .position(|&centre| Some(centre) == incident.holder);
        let holder = incident.holder.and_then(|id| directory.find(id));
        Ok(Surroundings {
            limits: limits_for(
                &service,
                incident.priority,
                holder.map(|centre| centre.level),
            ),
            rules: self.live().rules(),
            service,
            holder_area: holder.map(|centre| centre.area.clone()),
            holder_level: holder.map(|centre| centre.level),
            centre_above: held_at
                .and_then(|at| at.checked_sub(1))
                .map(|above| centres[above]),
            centres_below: held_at.map_or_else(Vec::new, |at| centres[at + 1..].to_vec()),
            recommended: Vec::new(),
        })
    }
}

/// Owns what a [`Situation`] borrows.
pub(super) struct Surroundings {
    service: Arc<Service>,
    limits: Limits,
    rules: Arc<RulesInForce>,
    holder_area: Option<AreaCode>,
    holder_level: Option<Level>,
    centre_above: Option<OrganisationId>,
    centres_below: Vec<OrganisationId>,
    recommended: Vec<Assignee>,
}

impl Surroundings {
    pub(super) fn situation<'a>(&'a self, actor: &'a Actor, now: Timestamp) -> Situation<'a> {
        Situation {
            actor,
            now,
            service: &self.service,
            timing: self.timing(),
            holder_area: self.holder_area.as_ref(),
            centre_above: self.centre_above,
            centres_below: &self.centres_below,
            recommended: &self.recommended,
        }
    }

    fn allows(&self, action: Action, actor: &Actor, incident: &Incident, now: Timestamp) -> bool {
        workflow::allowed_actions(incident, &self.situation(actor, now)).contains(&action)
    }

    /// What the incident's clocks run by.
    pub(super) fn timing(&self) -> Timing<'_> {
        self.rules.timing(self.limits)
    }

    /// What the service itself has to do about the incident.
    pub(super) fn agenda(&self) -> Agenda<'_> {
        Agenda {
            rules: &self.rules,
            service: &self.service,
            level: self.holder_level,
            has_centre_above: self.centre_above.is_some(),
        }
    }
}
