//! A department's own cases: it reports, and takes the next step of what it was given, by
//! its own number and in its own words. The same sent twice is done once.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::incident::{IncidentKey, RequestKind};
use crate::domain::mapping::{Mapping, Vocabulary};
use crate::domain::words::words;
use crate::domain::workflow::Command;
use crate::domain::{
    Actor, Assignee, Incident, IncidentId, IncidentNumber, OrganisationId, Priority, Role,
    ServiceCode, Source, TaskStatus,
};
use crate::geometry::projection::Crs;
use crate::service::filing::Report;
use crate::service::incidents::not_found;
use crate::store::{Case, CaseMapping};

/// The longest case number, in bytes: some thirty Chinese characters.
const MAX_NUMBER: usize = 100;
/// How often a step is tried when others act at the same time.
const TRIES: usize = 4;

words! {
    /// What a department does with a case.
    pub enum CaseAction ("case action") {
        Report = "report",
        Sign = "sign",
        FeedBack = "feed_back",
        Return = "return",
        RequestExtension = "request_extension",
    }
}

/// The fields of a case, by path: what a mapping may fill.
pub const FIELDS: Vocabulary = Vocabulary(&[
    "action",
    "incident",
    "service",
    "lon",
    "lat",
    "crs",
    "description",
    "address",
    "reporter.name",
    "reporter.phone",
    "source",
    "priority",
    "form.*",
    "note",
    "reason",
    "until",
]);

/// What a department says of a case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRequest {
    /// To report, when absent.
    action: Option<CaseAction>,
    /// For an incident that it was told of: which.
    incident: Option<IncidentNumber>,
    service: Option<ServiceCode>,
    lon: Option<f64>,
    lat: Option<f64>,
    /// The coordinate system of `lon` and `lat`; WGS 84 when absent.
    crs: Option<String>,
    description: Option<String>,
    address: Option<String>,
    #[serde(default)]
    reporter: CaseReporter,
    source: Option<Source>,
    priority: Option<Priority>,
    #[serde(default)]
    form: Map<String, Value>,
    note: Option<String>,
    reason: Option<String>,
    until: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseReporter {
    name: Option<String>,
    phone: Option<String>,
}

/// A case with its incident.
#[derive(Debug, Clone)]
pub struct PutCase {
    pub case: Case,
    pub incident: Arc<Incident>,
    /// True when it was filed just now.
    pub created: bool,
}

impl Services {
    /// What a department's own fields mean; as they are when nothing was said.
    ///
    /// # Errors
    /// When the actor may not read it, or there is no such organisation.
    pub async fn load_case_mapping(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
    ) -> Result<Option<CaseMapping>, ServiceError> {
        actor.require(Permission::ManageIntegrations)?;
        self.managed_organisation(actor, organisation)?;
        Ok(self.store().find_case_mapping(organisation).await?)
    }

    /// Says what a department's own fields mean.
    ///
    /// # Errors
    /// When the actor may not, or the mapping fills what there is not.
    pub async fn save_case_mapping(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        mapping: Mapping,
    ) -> Result<CaseMapping, ServiceError> {
        actor.require(Permission::ManageIntegrations)?;
        self.managed_organisation(actor, organisation)?;
        let faults = mapping.faults(None, Some(FIELDS));
        if !faults.is_empty() {
            return Err(ServiceError::Mapping(faults));
        }
        let mapping = CaseMapping {
            organisation,
            mapping,
            saved_at: self.clock().now(),
            saved_by: actor.name.clone(),
        };
        self.store().save_case_mapping(&mapping).await?;
        Ok(mapping)
    }

    /// A case that the department has brought in or taken on.
    ///
    /// # Errors
    /// When the actor is not that department, or there is no such case.
    pub async fn load_case(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        number: &str,
    ) -> Result<PutCase, ServiceError> {
        check_own(actor, organisation)?;
        let missing = || ServiceError::not_found("case", &number);
        let case = self.store().find_case(organisation, number).await?;
        let case = case.ok_or_else(missing)?;
        let incident = self.stored(case.incident).await?.ok_or_else(missing)?;
        if !case.filed && !self.may_see(actor, &incident) {
            return Err(missing());
        }
        Ok(PutCase {
            case,
            incident,
            created: false,
        })
    }

    /// Files a report under a department's own number, or takes the next step of what it
    /// was given. What was done already is not done again.
    ///
    /// # Errors
    /// When the actor is not that department, what it says cannot be read, or the workflow
    /// does not allow it. Nothing has changed then.
    pub async fn put_case(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        number: &str,
        said: Value,
    ) -> Result<PutCase, ServiceError> {
        check_own(actor, organisation)?;
        check_number(number)?;
        let request = self.read_case(organisation, said).await?;
        let known = self.store().find_case(organisation, number).await?;
        let action = request.action.unwrap_or(CaseAction::Report);
        let case = match (&request.incident, known) {
            (Some(named), _) => self.take_on(actor, organisation, number, named).await?,
            (None, Some(case)) if action != CaseAction::Report || !case.filed => case,
            (None, _) if action == CaseAction::Report => {
                return self.file_case(actor, organisation, number, request).await;
            }
            (None, _) => {
                return Err(ServiceError::Invalid {
                    field: "incident",
                    why: format!(
                        "the case {number:?} is not known; report it first, or say which incident it is"
                    ),
                });
            }
        };
        let incident = if action == CaseAction::Report {
            let key = IncidentKey::Id(case.incident);
            self.stored(case.incident)
                .await?
                .ok_or_else(|| not_found(&key))?
        } else {
            self.take_case_step(actor, organisation, &case, action, &request)
                .await?
        };
        Ok(PutCase {
            case,
            incident,
            created: false,
        })
    }

    /// What a department says, in our words.
    async fn read_case(
        &self,
        organisation: OrganisationId,
        said: Value,
    ) -> Result<CaseRequest, ServiceError> {
        let unreadable = |why: String| ServiceError::Invalid { field: "case", why };
        let mapping = self.store().find_case_mapping(organisation).await?;
        let ours = match mapping {
            Some(mapping) => mapping
                .mapping
                .apply(&said)
                .map_err(|error| unreadable(error.to_string()))?,
            None => said,
        };
        serde_json::from_value(ours).map_err(|error| unreadable(error.to_string()))
    }

    /// Gives the department's number to an incident that it may see.
    async fn take_on(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        number: &str,
        named: &IncidentNumber,
    ) -> Result<Case, ServiceError> {
        let key = IncidentKey::Number(named.clone());
        let incident = self.store().find_incident(&key).await?;
        let incident = incident
            .filter(|incident| self.may_see(actor, incident))
            .ok_or_else(|| not_found(&key))?;
        let case = self
            .store()
            .claim_case(&Case {
                organisation,
                number: number.to_owned(),
                incident: incident.id,
                filed: false,
                created_at: self.clock().now(),
            })
            .await?;
        if case.incident == incident.id {
            Ok(case)
        } else {
            Err(ServiceError::Invalid {
                field: "incident",
                why: format!("the case {number:?} stands for another incident"),
            })
        }
    }

    /// The number is claimed before the incident is filed, so that who brought it in is
    /// known from its first step on; should nothing come of the filing, the next that is
    /// filed under the number takes the same identity.
    async fn file_case(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        number: &str,
        request: CaseRequest,
    ) -> Result<PutCase, ServiceError> {
        let report = report_of(request)?;
        let mut key = super::super::filing::idempotency(actor, number.to_owned(), &report)?;
        key.scope = format!("case:{organisation}");
        let mut prepared = self.prepare(actor, report)?;
        let case = self
            .store()
            .claim_case(&Case {
                organisation,
                number: number.to_owned(),
                incident: prepared.incident.id,
                filed: true,
                created_at: self.clock().now(),
            })
            .await?;
        prepared.incident.id = case.incident;
        prepared.event.incident = case.incident;
        let filed = self.keep(prepared, Some(&key)).await?;
        Ok(PutCase {
            case,
            incident: filed.incident,
            created: !filed.repeated,
        })
    }

    async fn take_case_step(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        case: &Case,
        action: CaseAction,
        request: &CaseRequest,
    ) -> Result<Arc<Incident>, ServiceError> {
        let key = IncidentKey::Id(case.incident);
        let command = command_of(action, request)?;
        let mut tries = TRIES;
        loop {
            tries -= 1;
            let incident = self
                .stored(case.incident)
                .await?
                .filter(|incident| self.may_see(actor, incident))
                .ok_or_else(|| not_found(&key))?;
            if is_done(&incident, organisation, &command) {
                return Ok(incident);
            }
            self.live().docket_mut().put(Arc::clone(&incident));
            let acted = self
                .act_on_incident(actor, &key, incident.version, command.clone())
                .await;
            match acted {
                Err(ServiceError::Conflict { .. }) if tries > 0 => {}
                acted => return acted,
            }
        }
    }

    /// As the database has it: what another node has just done counts.
    async fn stored(&self, id: IncidentId) -> Result<Option<Arc<Incident>>, ServiceError> {
        let found = self.store().find_incident(&IncidentKey::Id(id)).await?;
        Ok(found.map(Arc::new))
    }
}

fn check_own(actor: &Actor, organisation: OrganisationId) -> Result<(), ServiceError> {
    actor.require(Permission::HandleIncidents)?;
    if actor.role == Role::Department && actor.organisation == Some(organisation) {
        Ok(())
    } else {
        Err(Forbidden::NotOf(organisation).into())
    }
}

fn check_number(number: &str) -> Result<(), ServiceError> {
    if number.len() > MAX_NUMBER || number.trim().is_empty() || number.contains(char::is_control) {
        return Err(ServiceError::Invalid {
            field: "case",
            why: format!("a case number has 1 to {MAX_NUMBER} bytes"),
        });
    }
    Ok(())
}

fn report_of(request: CaseRequest) -> Result<Report, ServiceError> {
    fn needed<T>(field: &'static str, value: Option<T>) -> Result<T, ServiceError> {
        value.ok_or_else(|| ServiceError::Invalid {
            field,
            why: "a report needs it".to_owned(),
        })
    }
    let invalid = |field: &'static str, error: &dyn std::error::Error| ServiceError::Invalid {
        field,
        why: error.to_string(),
    };
    let crs: Crs = match request.crs {
        Some(name) => name.parse().map_err(|error| invalid("crs", &error))?,
        None => Crs::Wgs84,
    };
    let position = crs
        .to_wgs84(needed("lon", request.lon)?, needed("lat", request.lat)?)
        .map_err(|error| invalid("lon", &error))?;
    Ok(Report {
        service: needed("service", request.service)?,
        position,
        description: needed("description", request.description)?,
        address: request.address,
        reporter_name: request.reporter.name,
        reporter_phone: request.reporter.phone,
        source: request.source,
        priority: request.priority,
        form: request.form,
    })
}

fn command_of(action: CaseAction, request: &CaseRequest) -> Result<Command, ServiceError> {
    // The workflow says it when words are missing.
    let reason = || request.reason.clone().or_else(|| request.note.clone());
    Ok(match action {
        CaseAction::Report | CaseAction::Sign => Command::Sign { task: None },
        CaseAction::FeedBack => Command::FeedBack {
            media: Vec::new(),
            note: request.note.clone(),
            task: None,
        },
        CaseAction::Return => Command::Return {
            reason: reason().unwrap_or_default(),
        },
        CaseAction::RequestExtension => Command::RequestExtension {
            until: request.until.ok_or_else(|| ServiceError::Invalid {
                field: "until",
                why: "say until when".to_owned(),
            })?,
            reason: reason().unwrap_or_default(),
        },
    })
}

/// True when the organisation's own task stands already as the command would have it.
fn is_done(incident: &Incident, organisation: OrganisationId, command: &Command) -> bool {
    let own = Assignee::Organisation(organisation);
    let mut tasks = incident.tasks.iter().filter(|task| task.assignee == own);
    let has = |statuses: &[TaskStatus]| tasks.clone().any(|task| statuses.contains(&task.status));
    let asked = |kind: RequestKind| {
        let pending = incident.pending.as_ref();
        pending.filter(|pending| pending.kind == kind)
    };
    match command {
        Command::Sign { .. } => {
            !has(&[TaskStatus::Offered]) && has(&[TaskStatus::Signed, TaskStatus::FedBack])
        }
        Command::FeedBack { .. } => {
            !has(&[TaskStatus::Offered, TaskStatus::Signed]) && has(&[TaskStatus::FedBack])
        }
        Command::Return { .. } => {
            let is_asked = asked(RequestKind::Return)
                .is_some_and(|pending| tasks.clone().any(|task| task.id == pending.task));
            is_asked
                || (!has(&[TaskStatus::Offered, TaskStatus::Signed])
                    && has(&[TaskStatus::Returned]))
        }
        Command::RequestExtension { until, .. } => {
            asked(RequestKind::Extension).is_some_and(|pending| {
                pending.until == Some(*until) && tasks.any(|task| task.id == pending.task)
            })
        }
        _ => false,
    }
}
