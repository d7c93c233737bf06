//! Incidents, their tasks and their histories.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{FromRow, PgExecutor, PgPool};
use uuid::Uuid;

use crate::domain::figures::Facts;
use crate::domain::incident::{
    Counts, Deadlines, Deferral, Evaluation, Fired, IncidentKey, NewIncident, Pending, Reporter,
    Supervision,
};
use crate::domain::workflow::{Action, Step};
use crate::domain::{
    AreaCode, AreaRef, Assignee, Incident, IncidentEvent, IncidentId, IncidentNumber, Level,
    LngLat, Match, OrganisationId, Outcome, Phone, Priority, Role, ServiceCode, Source, Status,
    Task, TaskId, TaskRole, TaskStatus, Timestamp, WorkerId,
};
use crate::store::announce::Announcement;
use crate::store::grams::grams_of;
use crate::store::{Filed, IdempotencyKey, StoreError};

/// The columns of an incident that are read and written alike. The number stands apart,
/// for it may still have to be given; so does the position, which is a geometry.
macro_rules! common_columns {
    () => {
        "id, version, service, priority, description, address, matched, chain, source, reporter,
         form, status, outcome, duplicate_of, holder, status_since, pending, deferral,
         supervision, fired, deadlines, counts, evaluation, tracking_key, reported_at, updated_at, closed_at"
    };
}

/// The columns that [`Written`] fills, all but the number.
macro_rules! written_columns {
    () => {
        concat!(
            common_columns!(),
            ", geom, province_code, city_code, county_code, township_code, community_code,
             grid_code, microgrid_code, lead, phone, responded_at, signed_at, sign_by,
             fed_back_at, resolve_by"
        )
    };
}

/// Incidents with their tasks, in one statement and thus as they were at one time.
macro_rules! select_incidents {
    ($rest:literal) => {
        concat!(
            "SELECT number, ",
            common_columns!(),
            ", ST_X(geom) AS lon, ST_Y(geom) AS lat, coalesce(
                 (SELECT jsonb_agg(task ORDER BY ordinal)
                  FROM tasks AS task WHERE incident = incidents.id),
                 '[]') AS tasks
             FROM incidents ",
            $rest
        )
    };
}
pub(super) use {common_columns, select_incidents};

#[derive(Serialize, FromRow)]
pub(super) struct IncidentRow {
    id: IncidentId,
    number: IncidentNumber,
    version: i64,
    service: ServiceCode,
    priority: Priority,
    description: String,
    address: Option<String>,
    #[serde(skip)]
    lon: f64,
    #[serde(skip)]
    lat: f64,
    matched: Match,
    #[sqlx(json)]
    chain: Vec<AreaRef>,
    source: Source,
    #[sqlx(json(nullable))]
    reporter: Option<Reporter>,
    #[sqlx(json)]
    form: Map<String, Value>,
    status: Status,
    outcome: Option<Outcome>,
    duplicate_of: Option<IncidentId>,
    holder: Option<OrganisationId>,
    status_since: Timestamp,
    #[sqlx(json)]
    tasks: Vec<TaskRow>,
    #[sqlx(json(nullable))]
    pending: Option<Pending>,
    #[sqlx(json(nullable))]
    deferral: Option<Deferral>,
    #[sqlx(json(nullable))]
    supervision: Option<Supervision>,
    #[sqlx(json)]
    fired: Vec<Fired>,
    #[sqlx(json)]
    deadlines: Deadlines,
    #[sqlx(json)]
    counts: Counts,
    #[sqlx(json(nullable))]
    evaluation: Option<Evaluation>,
    tracking_key: String,
    reported_at: Timestamp,
    updated_at: Timestamp,
    closed_at: Option<Timestamp>,
}

impl From<Incident> for IncidentRow {
    fn from(incident: Incident) -> Self {
        let tasks = (0..)
            .zip(incident.tasks)
            .map(|(ordinal, task)| TaskRow::new(incident.id, ordinal, task))
            .collect();
        Self {
            id: incident.id,
            number: incident.number,
            version: incident.version,
            service: incident.service,
            priority: incident.priority,
            description: incident.description,
            address: incident.address,
            lon: incident.position.lon(),
            lat: incident.position.lat(),
            matched: incident.matched,
            chain: incident.chain,
            source: incident.source,
            reporter: incident.reporter,
            form: incident.form,
            status: incident.status,
            outcome: incident.outcome,
            duplicate_of: incident.duplicate_of,
            holder: incident.holder,
            status_since: incident.status_since,
            tasks,
            pending: incident.pending,
            deferral: incident.deferral,
            supervision: incident.supervision,
            fired: incident.fired,
            deadlines: incident.deadlines,
            counts: incident.counts,
            evaluation: incident.evaluation,
            tracking_key: incident.tracking_key,
            reported_at: incident.reported_at,
            updated_at: incident.updated_at,
            closed_at: incident.closed_at,
        }
    }
}

/// An incident as it is written: as JSON, which `PostgreSQL` takes apart by the names of
/// its columns.
#[derive(Serialize)]
struct Written {
    #[serde(flatten)]
    row: IncidentRow,
    /// As PostGIS reads it from text.
    geom: String,
    /// The codes of the chain, by column.
    #[serde(flatten)]
    codes: BTreeMap<&'static str, AreaCode>,
    /// What is kept beside, to find and to count by.
    lead: Option<Uuid>,
    phone: Option<String>,
    responded_at: Option<Timestamp>,
    signed_at: Option<Timestamp>,
    sign_by: Option<Timestamp>,
    fed_back_at: Option<Timestamp>,
    resolve_by: Option<Timestamp>,
}

/// An incident as it is written first, with what never changes.
#[derive(Serialize)]
struct FirstWritten {
    #[serde(flatten)]
    written: Written,
    /// What its texts are found by, all but its number.
    grams: BTreeSet<i32>,
    /// Who held it first.
    first_holder: Option<Uuid>,
}

impl FirstWritten {
    fn new(incident: Incident, first: Option<&IncidentEvent>) -> Self {
        let texts = [
            Some(incident.description.as_str()),
            incident.address.as_deref(),
        ];
        let holder = first.and_then(|event| event.detail.get("holder"));
        let holder = holder.and_then(Value::as_str);
        Self {
            grams: grams_of(texts.into_iter().flatten()),
            first_holder: holder.and_then(|holder| holder.parse().ok()),
            written: Written::from(incident),
        }
    }
}

impl From<Incident> for Written {
    fn from(incident: Incident) -> Self {
        let facts = Facts::of(&incident);
        let row = IncidentRow::from(incident);
        let phone = row.reporter.as_ref();
        let phone = phone.and_then(|reporter| reporter.phone.as_ref());
        let codes = row
            .chain
            .iter()
            .map(|link| (code_column(link.level), link.code.clone()))
            .collect();
        Self {
            geom: format!("SRID=4326;POINT({} {})", row.lon, row.lat),
            codes,
            lead: facts.lead_id(),
            phone: phone.map(Phone::digits),
            responded_at: facts.responded_at,
            signed_at: facts.signed_at,
            sign_by: facts.sign_by,
            fed_back_at: facts.fed_back_at,
            resolve_by: facts.resolve_by,
            row,
        }
    }
}

impl TryFrom<IncidentRow> for Incident {
    type Error = StoreError;

    fn try_from(row: IncidentRow) -> Result<Self, StoreError> {
        let position =
            LngLat::from_degrees(row.lon, row.lat).map_err(|error| StoreError::Corrupt {
                what: "the position of an incident",
                why: format!("{}: {error}", row.number),
            })?;
        Ok(Self {
            id: row.id,
            number: row.number,
            version: row.version,
            service: row.service,
            priority: row.priority,
            description: row.description,
            address: row.address,
            position,
            matched: row.matched,
            chain: row.chain,
            source: row.source,
            reporter: row.reporter,
            form: row.form,
            status: row.status,
            outcome: row.outcome,
            duplicate_of: row.duplicate_of,
            holder: row.holder,
            status_since: row.status_since,
            tasks: row.tasks.into_iter().map(Task::from).collect(),
            pending: row.pending,
            deferral: row.deferral,
            supervision: row.supervision,
            fired: row.fired,
            deadlines: row.deadlines,
            counts: row.counts,
            evaluation: row.evaluation,
            tracking_key: row.tracking_key,
            reported_at: row.reported_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct TaskRow {
    id: TaskId,
    incident: IncidentId,
    ordinal: i32,
    role: TaskRole,
    assignee_kind: AssigneeKind,
    assignee_id: Uuid,
    status: TaskStatus,
    offered_at: Timestamp,
    signed_at: Option<Timestamp>,
    fed_back_at: Option<Timestamp>,
    note: Option<String>,
    deadlines: Deadlines,
    offer_until: Option<Timestamp>,
    summoned: bool,
    arrived_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AssigneeKind {
    Worker,
    Organisation,
}

impl TaskRow {
    fn new(incident: IncidentId, ordinal: i32, task: Task) -> Self {
        let (assignee_kind, assignee_id) = match task.assignee {
            Assignee::Worker(WorkerId(id)) => (AssigneeKind::Worker, id),
            Assignee::Organisation(OrganisationId(id)) => (AssigneeKind::Organisation, id),
        };
        Self {
            id: task.id,
            incident,
            ordinal,
            role: task.role,
            assignee_kind,
            assignee_id,
            status: task.status,
            offered_at: task.offered_at,
            signed_at: task.signed_at,
            fed_back_at: task.fed_back_at,
            note: task.note,
            deadlines: task.deadlines,
            offer_until: task.offer_until,
            summoned: task.summoned,
            arrived_at: task.arrived_at,
        }
    }
}

impl From<TaskRow> for Task {
    fn from(row: TaskRow) -> Self {
        Self {
            id: row.id,
            role: row.role,
            assignee: match row.assignee_kind {
                AssigneeKind::Worker => Assignee::Worker(WorkerId(row.assignee_id)),
                AssigneeKind::Organisation => {
                    Assignee::Organisation(OrganisationId(row.assignee_id))
                }
            },
            status: row.status,
            offered_at: row.offered_at,
            signed_at: row.signed_at,
            fed_back_at: row.fed_back_at,
            note: row.note,
            deadlines: row.deadlines,
            offer_until: row.offer_until,
            summoned: row.summoned,
            arrived_at: row.arrived_at,
        }
    }
}

#[derive(Serialize, FromRow)]
struct EventRow {
    incident: IncidentId,
    version: i64,
    at: Timestamp,
    actor: String,
    role: Role,
    action: Action,
    from_status: Option<Status>,
    to_status: Status,
    note: Option<String>,
    /// JSON's null is no value in the column.
    detail: Option<Value>,
}

impl From<&IncidentEvent> for EventRow {
    fn from(event: &IncidentEvent) -> Self {
        Self {
            incident: event.incident,
            version: event.version,
            at: event.at,
            actor: event.actor.clone(),
            role: event.role,
            action: event.action,
            from_status: event.from,
            to_status: event.to,
            note: event.note.clone(),
            detail: Some(event.detail.clone()),
        }
    }
}

impl From<EventRow> for IncidentEvent {
    fn from(row: EventRow) -> Self {
        Self {
            incident: row.incident,
            version: row.version,
            at: row.at,
            actor: row.actor,
            role: row.role,
            action: row.action,
            from: row.from_status,
            to: row.to_status,
            note: row.note,
            detail: row.detail.unwrap_or_default(),
        }
    }
}

/// One statement, and so one journey to the server and one transaction. Of two that
/// come with one key at the same time, one waits for the other to commit, then finds the
/// key taken and returns no number. The sequence is drawn from in FROM, because only
/// then does the planner put the body of `incident_number` in place of its call.
pub(super) async fn file_incident(
    pool: &PgPool,
    incident: NewIncident,
    event: &IncidentEvent,
    key: Option<&IdempotencyKey>,
) -> Result<Filed, StoreError> {
    let mut incident = incident.numbered(IncidentNumber(String::new()));
    let announcement = Announcement::incident(&incident, event);
    let number: Option<IncidentNumber> = sqlx::query_scalar(concat!(
        "WITH claimed AS (
             INSERT INTO idempotency_keys (scope, key, fingerprint, incident)
             SELECT $3, $4, $5, $6 WHERE $3 IS NOT NULL
             ON CONFLICT DO NOTHING
             RETURNING incident
         ), numbered AS (
             SELECT incident_number($7, nextval) AS number
             FROM nextval('incident_sequence')
             WHERE $3 IS NULL OR EXISTS (SELECT FROM claimed)
         ), filed AS (
             INSERT INTO incidents (number, first_level, ",
        written_columns!(),
        ") SELECT numbered.number,
                 (SELECT level FROM organisations
                  WHERE organisations.id = ($1 ->> 'first_holder')::uuid), ",
        written_columns!(),
        " FROM numbered, jsonb_populate_record(NULL::incidents, $1)
         ), texted AS (
             INSERT INTO incident_texts
             SELECT id, grams || number_grams(number)
             FROM numbered, jsonb_to_record($1) AS text (id uuid, grams integer[])
         ), logged AS (
             INSERT INTO incident_events
             SELECT event.*
             FROM numbered, jsonb_populate_record(NULL::incident_events, $2) AS event
         ), announced AS (
             INSERT INTO changes (at, topic, key, area, payload)
             SELECT $8, $9, $10, $11, $12 || jsonb_build_object('number', number)
             FROM numbered
         )
         SELECT number FROM numbered"
    ))
    .bind(Json(FirstWritten::new(incident.clone(), Some(event))))
    .bind(Json(EventRow::from(event)))
    .bind(key.map(|key| key.scope.as_str()))
    .bind(key.map(|key| key.key.as_str()))
    .bind(key.map(|key| key.fingerprint))
    .bind(incident.id.0)
    .bind(incident.reported_at)
    .bind(announcement.at)
    .bind(announcement.topic.as_str())
    .bind(announcement.key)
    .bind(announcement.area.as_ref().map(AreaCode::as_str))
    .bind(announcement.payload)
    .fetch_optional(pool)
    .await?;
    match (number, key) {
        (Some(number), _) => {
            incident.number = number;
            Ok(Filed {
                incident,
                repeated: false,
            })
        }
        (None, Some(key)) => find_repeated(pool, key).await,
        (None, None) => Err(sqlx::Error::RowNotFound.into()),
    }
}

/// The incident that an earlier request with the key has filed.
async fn find_repeated(pool: &PgPool, key: &IdempotencyKey) -> Result<Filed, StoreError> {
    let (id, fingerprint): (IncidentId, Vec<u8>) = sqlx::query_as(
        "SELECT incident, fingerprint FROM idempotency_keys WHERE scope = $1 AND key = $2",
    )
    .bind(&key.scope)
    .bind(&key.key)
    .fetch_one(pool)
    .await?;
    if fingerprint != key.fingerprint {
        return Err(StoreError::KeyReused);
    }
    let incident = find_incident(pool, &IncidentKey::Id(id))
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    Ok(Filed {
        incident,
        repeated: true,
    })
}

/// One statement: what follows the update happens only if it found its version.
pub(super) async fn record_step(pool: &PgPool, step: &Step) -> Result<(), StoreError> {
    let announcement = Announcement::incident(&step.incident, &step.event);
    let expected = step.incident.version - 1;
    let recorded: Option<IncidentId> = sqlx::query_scalar(concat!(
        "WITH stepped AS (
             UPDATE incidents SET (",
        written_columns!(),
        ") = (SELECT ",
        written_columns!(),
        " FROM jsonb_populate_record(NULL::incidents, $1))
             WHERE id = $3 AND version = $4
             RETURNING id
         ), kept AS (
             INSERT INTO tasks
             SELECT task.*
             FROM stepped, jsonb_populate_recordset(NULL::tasks, $1 -> 'tasks') AS task
             ON CONFLICT (id) DO UPDATE SET
                 (ordinal, role, assignee_kind, assignee_id, status, offered_at, signed_at,
                  fed_back_at, note, deadlines, offer_until, summoned, arrived_at) =
                 (excluded.ordinal, excluded.role, excluded.assignee_kind,
                  excluded.assignee_id, excluded.status, excluded.offered_at,
                  excluded.signed_at, excluded.fed_back_at, excluded.note,
                  excluded.deadlines, excluded.offer_until, excluded.summoned,
                  excluded.arrived_at)
         ), logged AS (
             INSERT INTO incident_events
             SELECT event.*
             FROM stepped, jsonb_populate_record(NULL::incident_events, $2) AS event
         ), announced AS (
             INSERT INTO changes (at, topic, key, area, payload)
             SELECT $5, $6, $7, $8, $9 FROM stepped
         )
         SELECT id FROM stepped"
    ))
    .bind(Json(Written::from(step.incident.clone())))
    .bind(Json(EventRow::from(&step.event)))
    .bind(step.incident.id.0)
    .bind(expected)
    .bind(announcement.at)
    .bind(announcement.topic.as_str())
    .bind(announcement.key)
    .bind(announcement.area.as_ref().map(AreaCode::as_str))
    .bind(announcement.payload)
    .fetch_optional(pool)
    .await?;
    match recorded {
        Some(_) => Ok(()),
        None => Err(StoreError::StaleIncident { expected }),
    }
}

/// Altering a sequence, even to no effect, keeps others from drawing of it until the
/// transaction ends; so the numbers follow each other.
pub(super) async fn reserve_numbers(pool: &PgPool, count: u32) -> Result<i64, StoreError> {
    let mut tx = super::begin(pool).await?;
    sqlx::query("ALTER SEQUENCE incident_sequence OWNED BY NONE")
        .execute(&mut *tx)
        .await?;
    let first: i64 = sqlx::query_scalar("SELECT nextval('incident_sequence')")
        .fetch_one(&mut *tx)
        .await?;
    if count > 1 {
        sqlx::query("SELECT setval('incident_sequence', $1)")
            .bind(first + i64::from(count) - 1)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(first)
}

/// Incidents sent at a time.
const IMPORT_CHUNK: usize = 1_000;

pub(super) async fn import_history(
    pool: &PgPool,
    incidents: &[(Incident, Vec<IncidentEvent>)],
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    for chunk in incidents.chunks(IMPORT_CHUNK) {
        let rows = chunk
            .iter()
            .map(|(incident, events)| FirstWritten::new(incident.clone(), events.first()))
            .collect::<Vec<_>>();
        let events = chunk
            .iter()
            .flat_map(|(_, events)| events)
            .map(EventRow::from)
            .collect::<Vec<_>>();
        sqlx::query(concat!(
            "WITH taken AS (
                 INSERT INTO incidents (number, first_level, ",
            written_columns!(),
            ") SELECT number, first_level, ",
            written_columns!(),
            " FROM (
                     SELECT incident || jsonb_build_object('first_level', level) AS incident
                     FROM jsonb_array_elements($1) AS incident
                     LEFT JOIN organisations ON organisations.id = (incident ->> 'first_holder')::uuid
                 ) AS levelled, jsonb_populate_record(NULL::incidents, incident)
             ), texts_taken AS (
                 INSERT INTO incident_texts
                 SELECT id, grams || number_grams(number)
                 FROM jsonb_to_recordset($1) AS text (id uuid, grams integer[], number text)
             ), tasks_taken AS (
                 INSERT INTO tasks
                 SELECT task.*
                 FROM jsonb_array_elements($1) AS incident,
                     jsonb_populate_recordset(NULL::tasks, incident -> 'tasks') AS task
             )
             INSERT INTO incident_events
             SELECT * FROM jsonb_populate_recordset(NULL::incident_events, $2)"
        ))
        .bind(Json(rows))
        .bind(Json(events))
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

pub(super) async fn find_incident(
    executor: impl PgExecutor<'_>,
    key: &IncidentKey,
) -> Result<Option<Incident>, StoreError> {
    let query = match key {
        IncidentKey::Id(id) => sqlx::query_as(select_incidents!("WHERE id = $1")).bind(id.0),
        IncidentKey::Number(number) => {
            sqlx::query_as(select_incidents!("WHERE number = $1")).bind(&number.0)
        }
    };
    let row: Option<IncidentRow> = query.fetch_optional(executor).await?;
    row.map(Incident::try_from).transpose()
}

pub(super) async fn list_open_incidents(pool: &PgPool) -> Result<Vec<Incident>, StoreError> {
    let rows: Vec<IncidentRow> = sqlx::query_as(select_incidents!(
        "WHERE status NOT IN ('closed', 'evaluated') ORDER BY reported_at DESC, id DESC"
    ))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

pub(super) async fn list_changed_incidents(
    pool: &PgPool,
    since: Timestamp,
    after: Option<IncidentId>,
    limit: u32,
) -> Result<Vec<Incident>, StoreError> {
    let rows: Vec<IncidentRow> = sqlx::query_as(select_incidents!(
        "WHERE updated_at >= $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3"
    ))
    .bind(since)
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

pub(super) const fn code_column(level: Level) -> &'static str {
    match level {
        Level::Province => "province_code",
        Level::City => "city_code",
        Level::County => "county_code",
        Level::Township => "township_code",
        Level::Community => "community_code",
        Level::Grid => "grid_code",
        Level::Microgrid => "microgrid_code",
    }
}

pub(super) async fn list_events(
    pool: &PgPool,
    incident: IncidentId,
) -> Result<Vec<IncidentEvent>, StoreError> {
    let rows: Vec<EventRow> =
        sqlx::query_as("SELECT * FROM incident_events WHERE incident = $1 ORDER BY version")
            .bind(incident.0)
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(IncidentEvent::from).collect())
}

pub(super) async fn list_events_between(
    pool: &PgPool,
    incidents: &[IncidentId],
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<IncidentEvent>, StoreError> {
    let incidents: Vec<Uuid> = incidents.iter().map(|incident| incident.0).collect();
    let rows: Vec<EventRow> = sqlx::query_as(
        "SELECT * FROM incident_events
         WHERE incident = ANY($1) AND at BETWEEN $2 AND $3 ORDER BY at, incident, version",
    )
    .bind(incidents)
    .bind(from)
    .bind(until)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(IncidentEvent::from).collect())
}
