//! Incidents as answered; personal data masked.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::actor::Role;
use crate::domain::incident::{
    Counts, DeadlineState, Deadlines as DomainDeadlines, Deferral, Evaluation, Pending,
    Supervision, Task as DomainTask,
};
use crate::domain::workflow::Action;
use crate::domain::{
    Actor, AreaCode, AreaRef, Assignee, Incident as DomainIncident, IncidentEvent, IncidentId,
    IncidentNumber, Level, LngLat, Match, OrganisationId, OrganisationKind, Outcome, Priority,
    ServiceCode, Source, Status, TaskId, TaskRole, TaskStatus, Timestamp,
};
use crate::service::{Live, Services};

/// An incident as the caller may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Incident {
    pub id: IncidentId,
    pub number: IncidentNumber,
    /// Name it with an action: if it has gone on meanwhile, the action is refused.
    pub version: i64,
    pub service: ServiceCode,
    pub service_name: Bilingual,
    pub priority: Priority,
    /// The first line of the description, or the service's name.
    pub title: String,
    pub description: String,
    pub address: Option<String>,
    #[serde(flatten)]
    pub position: LngLat,
    #[serde(rename = "match")]
    pub matched: Match,
    /// The deepest area that holds the place.
    pub area: Option<AreaRef>,
    pub chain: Vec<AreaRef>,
    pub source: Source,
    pub reporter: Option<Reporter>,
    #[schema(value_type = Object)]
    pub form: Map<String, Value>,
    pub status: Status,
    pub outcome: Option<Outcome>,
    pub duplicate_of: Option<IncidentId>,
    /// What became of the matter that a duplicate repeats; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// The centre that holds it.
    pub holder: Option<Holder>,
    /// When it came to its present status, holder or lead.
    pub status_since: DateTime<Utc>,
    pub lead: Option<Task>,
    pub tasks: Vec<Task>,
    /// A request that waits for a ruling.
    pub pending: Option<Pending>,
    pub deferral: Option<Deferral>,
    /// A superior centre waits for an answer (督办).
    pub supervision: Option<Supervision>,
    pub deadlines: Deadlines,
    pub counts: Counts,
    pub evaluation: Option<Evaluation>,
    /// What the caller may do now.
    pub actions: Vec<OfferedAction>,
    /// Only in the answer to the report: lets its owner follow and judge the incident, in
    /// the header `Wangge-Tracking-Key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_key: Option<String>,
    pub reported_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// What anyone may follow by an incident's number: where it stands, and nothing that
/// leads to a person's door.
#[derive(Debug, Serialize, ToSchema)]
// Told from a whole incident, which has more.
#[serde(deny_unknown_fields)]
pub struct TrackedIncident {
    pub number: IncidentNumber,
    pub service_name: Bilingual,
    /// The township at the finest.
    pub area: Option<AreaRef>,
    pub status: Status,
    pub outcome: Option<Outcome>,
    /// What became of the matter that a duplicate repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    pub reported_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// Where the matter stands that a duplicate repeats: whoever reported it follows that.
#[derive(Debug, Serialize, ToSchema)]
pub struct Original {
    pub number: IncidentNumber,
    pub status: Status,
    pub outcome: Option<Outcome>,
    pub updated_at: DateTime<Utc>,
}

impl From<&DomainIncident> for Original {
    fn from(incident: &DomainIncident) -> Self {
        Self {
            number: incident.number.clone(),
            status: incident.status,
            outcome: incident.outcome,
            updated_at: incident.updated_at,
        }
    }
}

/// An incident, as much of it as the caller may see.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum VisibleIncident {
    Whole(Box<Incident>),
    Tracked(TrackedIncident),
}

impl TrackedIncident {
    pub fn new(services: &Services, incident: &DomainIncident) -> Self {
        Self {
            number: incident.number.clone(),
            service_name: service_name(services, incident),
            area: incident
                .chain
                .iter()
                .rfind(|link| link.level <= Level::Township)
                .cloned(),
            status: incident.status,
            outcome: incident.outcome,
            original: None,
            reported_at: incident.reported_at,
            updated_at: incident.updated_at,
            closed_at: incident.closed_at,
        }
    }
}

fn service_name(services: &Services, incident: &DomainIncident) -> Bilingual {
    services.catalogue().find(&incident.service).map_or_else(
        || Bilingual {
            zh: incident.service.to_string(),
            en: incident.service.to_string(),
        },
        |service| Bilingual {
            zh: service.name_zh.clone(),
            en: service.name_en.clone(),
        },
    )
}

/// A name in Chinese and English.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bilingual {
    pub zh: String,
    pub en: String,
}

/// Who reported, masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reporter {
    #[schema(example = "王**")]
    pub name: Option<String>,
    #[schema(example = "138****1234")]
    pub phone: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Holder {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub level: Level,
    pub area: AreaCode,
}

/// When the lead must have signed and fed back, and how that stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deadlines {
    pub started_at: Option<DateTime<Utc>>,
    pub sign_by: Option<DateTime<Utc>>,
    pub resolve_by: Option<DateTime<Utc>>,
    pub state: DeadlineState,
}

/// Who a task is given to, with their name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedAssignee {
    #[serde(flatten)]
    pub assignee: Assignee,
    pub name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    pub id: TaskId,
    pub role: TaskRole,
    pub assignee: NamedAssignee,
    pub status: TaskStatus,
    pub offered_at: DateTime<Utc>,
    pub signed_at: Option<DateTime<Utc>>,
    pub fed_back_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
    /// An assisting task's own clocks; the lead's are the incident's.
    pub deadlines: Option<Deadlines>,
    /// Until when the offer of a rule stands.
    pub offer_until: Option<DateTime<Utc>>,
    /// True for a department that was called (乡镇吹哨).
    pub summoned: bool,
    /// When the worker came to the place, as far as their positions tell.
    pub arrived_at: Option<DateTime<Utc>>,
}

/// An action and the names of its fields.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedAction {
    pub action: Action,
    #[schema(value_type = Vec<String>)]
    pub needs: &'static [&'static str],
    #[schema(value_type = Vec<String>)]
    pub optional: &'static [&'static str],
}

/// One step of an incident's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Runs from 1 without a hole: the version the incident had after the step.
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor: EventActor,
    pub action: Action,
    pub from: Option<Status>,
    pub to: Status,
    pub note: Option<String>,
    /// What else the action carried.
    #[schema(value_type = Option<Object>)]
    pub detail: Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EventActor {
    pub name: String,
    pub role: Role,
}

impl Incident {
    /// An incident whose service has left the catalogue can still be read; it goes by the
    /// service's code and offers no actions.
    pub fn new(services: &Services, actor: &Actor, incident: &DomainIncident) -> Self {
        let live = services.live();
        let now = services.clock().now();
        let service_name = service_name(services, incident);
        let actions = services
            .allowed_actions(actor, incident)
            .unwrap_or_default();
        let title = incident.description.lines().next();
        Self {
            id: incident.id,
            number: incident.number.clone(),
            version: incident.version,
            service: incident.service.clone(),
            priority: incident.priority,
            title: title.unwrap_or(&service_name.zh).to_owned(),
            service_name,
            description: incident.description.clone(),
            address: incident.address.clone(),
            position: incident.position,
            matched: incident.matched,
            area: incident.area().cloned(),
            chain: incident.chain.clone(),
            source: incident.source,
            reporter: incident.reporter.as_ref().map(|reporter| Reporter {
                name: reporter
                    .name
                    .as_ref()
                    .map(crate::domain::personal::PersonName::masked),
                phone: reporter
                    .phone
                    .as_ref()
                    .map(crate::domain::personal::Phone::masked),
            }),
            form: incident.form.clone(),
            status: incident.status,
            outcome: incident.outcome,
            duplicate_of: incident.duplicate_of,
            original: None,
            holder: incident.holder.and_then(|id| holder(live, id)),
            status_since: incident.status_since,
            lead: incident.lead().map(|task| Task::new(live, task, now)),
            tasks: incident
                .tasks
                .iter()
                .map(|task| Task::new(live, task, now))
                .collect(),
            pending: incident.pending.clone(),
            deferral: incident.deferral.clone(),
            supervision: incident.supervision.clone(),
            deadlines: Deadlines::new(incident.deadlines, incident.deadline_state(now)),
            counts: incident.counts,
            evaluation: incident.evaluation.clone(),
            actions: actions.into_iter().map(OfferedAction::new).collect(),
            tracking_key: None,
            reported_at: incident.reported_at,
            updated_at: incident.updated_at,
            closed_at: incident.closed_at,
        }
    }
}

impl OfferedAction {
    fn new(action: Action) -> Self {
        let fields = action.fields();
        Self {
            action,
            needs: fields.needs,
            optional: fields.optional,
        }
    }
}

impl Deadlines {
    const fn new(deadlines: DomainDeadlines, state: DeadlineState) -> Self {
        Self {
            started_at: deadlines.started_at,
            sign_by: deadlines.sign_by,
            resolve_by: deadlines.resolve_by,
            state,
        }
    }
}

impl Task {
    fn new(live: &Live, task: &DomainTask, now: Timestamp) -> Self {
        let name = match task.assignee {
            Assignee::Worker(id) => live
                .roster()
                .find(id)
                .map(|member| member.worker.name.clone()),
            Assignee::Organisation(id) => live
                .directory()
                .find(id)
                .map(|organisation| organisation.name.clone()),
        };
        Self {
            id: task.id,
            role: task.role,
            assignee: NamedAssignee {
                assignee: task.assignee,
                name,
            },
            status: task.status,
            offered_at: task.offered_at,
            signed_at: task.signed_at,
            fed_back_at: task.fed_back_at,
            note: task.note.clone(),
            deadlines: (task.role == TaskRole::Assist)
                .then(|| Deadlines::new(task.deadlines, task.deadline_state(now))),
            offer_until: task.offer_until,
            summoned: task.summoned,
            arrived_at: task.arrived_at,
        }
    }
}

impl From<IncidentEvent> for Event {
    fn from(event: IncidentEvent) -> Self {
        Self {
            seq: event.version,
            at: event.at,
            actor: EventActor {
                name: event.actor,
                role: event.role,
            },
            action: event.action,
            from: event.from,
            to: event.to,
            note: event.note,
            detail: event.detail,
        }
    }
}

fn holder(live: &Live, id: OrganisationId) -> Option<Holder> {
    let directory = live.directory();
    let centre = directory.find(id)?;
    Some(Holder {
        id,
        name: centre.name.clone(),
        kind: centre.kind,
        level: centre.level,
        area: centre.area.clone(),
    })
}
