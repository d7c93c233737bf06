//! What an endpoint is told: a CloudEvent (<https://cloudevents.io>, version 1.0) in JSON.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::incident::IncidentKey;
use crate::domain::mapping::Vocabulary;
use crate::domain::webhook::{Delivery, DeliveryKey, Webhook};
use crate::domain::{
    Actor, Incident, IncidentId, Organisation, OrganisationKind, Role, Timestamp, WebhookId,
};
use crate::service::incident_view;
use crate::service::{ServiceError, Services};

/// What can be told of an event, by path; what a mapping may take from.
pub const TOLD: Vocabulary = Vocabulary(&[
    "case",
    "event.seq",
    "event.at",
    "event.actor.name",
    "event.actor.role",
    "event.action",
    "event.from",
    "event.to",
    "event.note",
    "event.detail.*",
    "incident.id",
    "incident.number",
    "incident.version",
    "incident.service",
    "incident.service_name.zh",
    "incident.service_name.en",
    "incident.priority",
    "incident.title",
    "incident.description",
    "incident.address",
    "incident.lon",
    "incident.lat",
    "incident.match",
    "incident.area.code",
    "incident.area.name",
    "incident.area.level",
    "incident.chain.#.code",
    "incident.chain.#.name",
    "incident.chain.#.level",
    "incident.source",
    "incident.reporter.name",
    "incident.reporter.phone",
    "incident.form.*",
    "incident.status",
    "incident.outcome",
    "incident.duplicate_of",
    "incident.holder.id",
    "incident.holder.name",
    "incident.holder.kind",
    "incident.holder.level",
    "incident.holder.area",
    "incident.status_since",
    "incident.lead.*",
    "incident.tasks.#.id",
    "incident.tasks.#.role",
    "incident.tasks.#.assignee.kind",
    "incident.tasks.#.assignee.id",
    "incident.tasks.#.assignee.name",
    "incident.tasks.#.status",
    "incident.tasks.#.offered_at",
    "incident.tasks.#.signed_at",
    "incident.tasks.#.arrived_at",
    "incident.tasks.#.fed_back_at",
    "incident.tasks.#.note",
    "incident.tasks.#.deadlines.*",
    "incident.tasks.#.offer_until",
    "incident.tasks.#.summoned",
    "incident.pending.kind",
    "incident.pending.reason",
    "incident.pending.until",
    "incident.pending.task",
    "incident.deferral.since",
    "incident.deferral.until",
    "incident.deferral.reason",
    "incident.supervision.since",
    "incident.supervision.by",
    "incident.supervision.reason",
    "incident.supervision.answer_by",
    "incident.deadlines.started_at",
    "incident.deadlines.sign_by",
    "incident.deadlines.resolve_by",
    "incident.deadlines.state",
    "incident.counts.*",
    "incident.evaluation.responded",
    "incident.evaluation.resolved",
    "incident.evaluation.satisfied",
    "incident.evaluation.comment",
    "incident.actions.#.action",
    "incident.actions.#.needs.#",
    "incident.actions.#.optional.#",
    "incident.reported_at",
    "incident.updated_at",
    "incident.closed_at",
]);

/// A step of an incident, with the incident as it is when this is sent: as the
/// organisation's own people see it, personal data masked.
#[derive(Serialize)]
struct Told {
    event: incident_view::Event,
    incident: incident_view::Incident,
    /// The organisation's own number.
    case: Option<String>,
}

/// An envelope.
#[derive(Serialize)]
struct CloudEvent {
    specversion: &'static str,
    id: String,
    source: &'static str,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: Timestamp,
    datacontenttype: &'static str,
    /// The extension of that name: sorts the events of one subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<String>,
    /// An extension: sent again at somebody's wish, and so perhaps after younger ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    replayed: Option<bool>,
    data: Value,
}

impl CloudEvent {
    fn new(id: String, kind: &str, time: Timestamp, data: Value) -> Self {
        Self {
            specversion: "1.0",
            id,
            source: "/api/v1/incidents",
            kind: format!("wangge.{kind}"),
            subject: None,
            time,
            datacontenttype: "application/json",
            sequence: None,
            replayed: None,
            data,
        }
    }

    fn written(&self) -> Vec<u8> {
        // Nothing in it can fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// By which an event is known everywhere: the same each time that it is sent.
#[must_use]
pub fn event_id(incident: IncidentId, version: i64) -> String {
    format!("evt_{}_{version}", incident.0.simple())
}

/// The incident and the version that an event is of.
#[must_use]
pub fn parse_event_id(text: &str) -> Option<(IncidentId, i64)> {
    let (incident, version) = text.strip_prefix("evt_")?.split_once('_')?;
    Some((incident.parse().ok()?, version.parse().ok()?))
}

/// A word to an endpoint that says nothing but that it is heard.
pub(super) fn ping(webhook: WebhookId, now: Timestamp) -> (String, Vec<u8>) {
    let id = format!("ping_{}_{}", webhook.0.simple(), now.timestamp_millis());
    let event = CloudEvent::new(id.clone(), "ping", now, json!({ "webhook": webhook }));
    (id, event.written())
}

/// The organisation's own people, as far as what they see goes.
pub(super) fn people_of(organisation: &Organisation) -> Actor {
    let role = match organisation.kind {
        OrganisationKind::Centre => Role::Dispatcher,
        _ => Role::Department,
    };
    Actor {
        area: Some(organisation.area.clone()),
        organisation: Some(organisation.id),
        ..Actor::with_role(&organisation.name, role)
    }
}

impl Services {
    /// The body of a delivery; or, inside, why there is none to send.
    pub(super) async fn write_event(
        &self,
        webhook: &Webhook,
        delivery: &Delivery,
    ) -> Result<Result<Vec<u8>, String>, ServiceError> {
        let DeliveryKey {
            incident: id,
            version,
            ..
        } = delivery.key;
        let incident = self.store().find_incident(&IncidentKey::Id(id)).await?;
        let events = self.store().list_events(id).await?;
        let event = events.into_iter().find(|event| event.version == version);
        let directory = self.live().directory();
        let organisation = directory.find(webhook.organisation);
        let (Some(incident), Some(event), Some(organisation)) = (incident, event, organisation)
        else {
            return Ok(Err(
                "the incident or the organisation is there no more".to_owned()
            ));
        };
        let cases = self.store().list_cases(&[id]).await?;
        let own = cases
            .into_iter()
            .find(|case| case.organisation == webhook.organisation);
        let number = incident.number.to_string();
        let told = self.told(
            organisation,
            &incident,
            event.into(),
            own.map(|case| case.number),
        );
        let data = match &webhook.terms.mapping {
            Some(mapping) => match mapping.apply(&told) {
                Ok(data) => data,
                Err(error) => return Ok(Err(format!("the mapping cannot be followed: {error}"))),
            },
            None => told,
        };
        let kind = format!("incident.{}", delivery.action);
        let id = event_id(id, version);
        let event = CloudEvent {
            subject: Some(number),
            sequence: Some(format!("{version:010}")),
            replayed: delivery.replayed.then_some(true),
            ..CloudEvent::new(id, &kind, delivery.at, data)
        };
        Ok(Ok(event.written()))
    }

    fn told(
        &self,
        organisation: &Organisation,
        incident: &Incident,
        event: incident_view::Event,
        case: Option<String>,
    ) -> Value {
        let actor = people_of(organisation);
        let incident = incident_view::Incident::new(self, &actor, incident);
        json!(Told {
            event,
            incident,
            case,
        })
    }
}
