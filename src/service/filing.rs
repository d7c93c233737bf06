//! Reporting an incident: matched to its grid and given to the centre that holds it.

use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ServiceError, Services};
use crate::domain::Incident;
use crate::domain::incident::{NewIncident, Reporter};
use crate::domain::{
    Actor, AreaRef, IncidentEvent, IncidentId, Level, LngLat, OrganisationId, PersonName, Phone,
    Priority, Role, ServiceCode, Source,
};
use crate::index::Atlas;
use crate::store::IdempotencyKey;

/// The longest description taken in, in characters: the 4,000 of Open311, and the address of
/// a picture.
const MAX_DESCRIPTION: usize = 4_600;
/// The longest address or name taken in, in characters.
const MAX_TEXT: usize = 2_000;

/// What somebody reports.
#[derive(Debug, Clone)]
pub struct Report {
    pub service: ServiceCode,
    pub position: LngLat,
    pub description: String,
    pub address: Option<String>,
    pub reporter_name: Option<String>,
    pub reporter_phone: Option<String>,
    /// Taken from the actor's role when absent; the public reports as residents.
    pub source: Option<Source>,
    /// Taken from the service when absent; the public cannot choose it.
    pub priority: Option<Priority>,
    pub form: Map<String, Value>,
}

/// A filed incident, and whether an earlier request had filed it already.
#[derive(Debug, Clone)]
pub struct FiledIncident {
    pub incident: Arc<Incident>,
    pub repeated: bool,
}

/// An incident that is ready to be filed, and the territory that it was matched to.
pub(super) struct PreparedIncident {
    pub(super) incident: NewIncident,
    pub(super) event: IncidentEvent,
    atlas: Arc<Atlas>,
}

impl Services {
    /// Files an incident. Anybody may. With an idempotency key a repeated request
    /// answers with the incident that the first one filed.
    ///
    /// # Errors
    /// When the service is unknown, the form or a text is not acceptable, or the key was
    /// used for another report. Nothing is kept then.
    pub async fn file_incident(
        &self,
        actor: &Actor,
        report: Report,
        idempotency_key: Option<String>,
    ) -> Result<FiledIncident, ServiceError> {
        let key = idempotency_key
            .map(|key| idempotency(actor, key, &report))
            .transpose()?;
        let prepared = self.prepare(actor, report)?;
        self.keep(prepared, key.as_ref()).await
    }

    /// Matches a report to its grid and gives it to the centre that holds it. Nothing is
    /// kept yet.
    ///
    /// # Errors
    /// When something about the report is not acceptable.
    pub(super) fn prepare(
        &self,
        actor: &Actor,
        report: Report,
    ) -> Result<PreparedIncident, ServiceError> {
        let service = self
            .catalogue()
            .find(&report.service)
            .ok_or_else(|| ServiceError::UnknownService(report.service.clone()))?;
        service.check_form(&report.form)?;
        let trusted = actor.role != Role::Resident;
        let atlas = self.live().atlas();
        let found = atlas.locate(report.position);
        let chain = found.area.map(|area| atlas.chain(area)).unwrap_or_default();
        let now = self.clock().now();
        let priority = report
            .priority
            .filter(|_| trusted)
            .unwrap_or(service.priority);
        let route = self.live().rules().route(service, &chain, priority, now);
        let incident = NewIncident {
            id: IncidentId(self.clock().fresh_id()),
            service: report.service,
            priority,
            description: checked_text("description", &report.description, MAX_DESCRIPTION)?
                .ok_or_else(|| ServiceError::Invalid {
                    field: "description",
                    why: "say in a few words what is the matter".into(),
                })?,
            address: optional_text("address", report.address.as_deref())?,
            position: report.position,
            matched: found.matched,
            holder: self.first_holder(&chain, route.centre),
            chain,
            source: report
                .source
                .filter(|_| trusted)
                .unwrap_or_else(|| usual_source(actor.role)),
            reporter: reporter(
                report.reporter_name.as_deref(),
                report.reporter_phone.as_deref(),
            )?,
            form: report.form,
            tracking_key: self.clock().fresh_secret(),
            reported_at: now,
        };
        let mut event = IncidentEvent::report(&incident, actor);
        if let Some(rule) = route.rule {
            event.detail["rule"] = rule.into();
        }
        Ok(PreparedIncident {
            incident,
            event,
            atlas,
        })
    }

    /// Files what was prepared.
    ///
    /// # Errors
    /// When the store cannot be written, or the key stands for another report.
    pub(super) async fn keep(
        &self,
        prepared: PreparedIncident,
        key: Option<&IdempotencyKey>,
    ) -> Result<FiledIncident, ServiceError> {
        let PreparedIncident {
            incident,
            event,
            atlas,
        } = prepared;
        let filed = self.store().file_incident(incident, &event, key).await?;
        let incident = Arc::new(filed.incident);
        self.live().docket_mut().put(Arc::clone(&incident));
        self.wake_feed();
        let current = self.live().atlas();
        if !Arc::ptr_eq(&atlas, &current) && !filed.repeated {
            self.rematch_incident(&current, Arc::clone(&incident))
                .await?;
        }
        Ok(FiledIncident {
            incident,
            repeated: filed.repeated,
        })
    }

    /// The centre that has to act first: the deepest along the chain down to a level; for
    /// what lies outside, the topmost there is.
    pub(super) fn first_holder(&self, chain: &[AreaRef], level: Level) -> Option<OrganisationId> {
        let directory = self.live().directory();
        let down_to_level: Vec<AreaRef> = chain
            .iter()
            .filter(|link| link.level <= level)
            .cloned()
            .collect();
        directory
            .centres_along(&down_to_level)
            .last()
            .copied()
            .or_else(|| {
                let atlas = self.live().atlas();
                directory.topmost_centre(&atlas).map(|centre| centre.id)
            })
    }
}

fn usual_source(role: Role) -> Source {
    match role {
        Role::Resident => Source::Resident,
        Role::Worker => Source::Worker,
        Role::Department => Source::Department,
        _ => Source::Dispatcher,
    }
}

fn reporter(name: Option<&str>, phone: Option<&str>) -> Result<Option<Reporter>, ServiceError> {
    let name = optional_text("reporter.name", name)?.map(PersonName);
    let phone = phone
        .filter(|phone| !phone.trim().is_empty())
        .map(Phone::parse)
        .transpose()
        .map_err(|error| ServiceError::Invalid {
            field: "reporter.phone",
            why: error.to_string(),
        })?;
    Ok((name.is_some() || phone.is_some()).then_some(Reporter { name, phone }))
}

fn optional_text(field: &'static str, text: Option<&str>) -> Result<Option<String>, ServiceError> {
    text.map_or(Ok(None), |text| checked_text(field, text, MAX_TEXT))
}

/// The text without surrounding space; `None` when nothing is left.
pub(super) fn checked_text(
    field: &'static str,
    text: &str,
    most: usize,
) -> Result<Option<String>, ServiceError> {
    let text = text.trim();
    let length = text.chars().count();
    if length > most {
        return Err(ServiceError::Invalid {
            field,
            why: format!("{length} characters are too many; {most} are the most"),
        });
    }
    if let Some(control) = text.chars().find(|&c| c.is_control() && c != '\n') {
        return Err(ServiceError::Invalid {
            field,
            why: format!("the character U+{:04X} is not text", u32::from(control)),
        });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

pub(super) fn idempotency(
    actor: &Actor,
    key: String,
    report: &Report,
) -> Result<IdempotencyKey, ServiceError> {
    if key.is_empty() || key.len() > 200 {
        return Err(ServiceError::Invalid {
            field: "Idempotency-Key",
            why: "use 1 to 200 characters".into(),
        });
    }
    let request = serde_json::json!([
        report.service,
        report.position,
        report.description,
        report.address,
        report.reporter_name,
        report.reporter_phone,
        report.source,
        report.priority,
        report.form,
    ]);
    Ok(IdempotencyKey {
        scope: actor.name.clone(),
        key,
        fingerprint: Sha256::digest(request.to_string()).into(),
    })
}
