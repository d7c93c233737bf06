//! Incidents, their tasks and their history.

use serde::Deserialize;
use serde_json::{Map, Value};
use sqlx::query_builder::Separated;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};
use uuid::Uuid;

use super::{Write, changes, corrupt, parse, parse_time};
use crate::domain::figures::Facts;
use crate::domain::incident::{
    Counts, Deadlines, Deferral, Evaluation, Fired, IncidentKey, NewIncident, Pending, Reporter,
    Supervision,
};
use crate::domain::workflow::Step;
use crate::domain::{
    AreaRef, Assignee, Incident, IncidentEvent, IncidentId, IncidentNumber, Level, LngLat,
    OrganisationId, Outcome, Phone, ServiceCode, Status, Task, TaskId, TaskRole, TaskStatus,
    Timestamp,
};
use crate::store::announce::Announcement;
use crate::store::figures::IS_OPEN;
use crate::store::grams::{grams_of, number_grams_of};
use crate::store::{Filed, IdempotencyKey, StoreError};

/// The columns of an incident, in the order of [`push_columns`].
const COLUMNS: &str = "id, number, version, service, priority, description, address, \
    lon_e7, lat_e7, matched, chain, province_code, city_code, county_code, township_code, \
    community_code, grid_code, microgrid_code, source, reporter, form, status, outcome, \
    duplicate_of, holder, status_since, pending, deferral, supervision, fired, deadlines, \
    counts, evaluation, tracking_key, reported_at, updated_at, closed_at";

/// What is kept beside, to find and to count by, in the order of [`push_facts`].
const FACTS: &str = "lead, phone, responded_at, signed_at, sign_by, fed_back_at, resolve_by";

/// Rows to one statement: enough that the way to the database does not count.
const ROWS_PER_INSERT: usize = 128;

pub(super) async fn file_incident(
    mut tx: Write,
    incident: NewIncident,
    event: &IncidentEvent,
    key: Option<&IdempotencyKey>,
) -> Result<Filed, StoreError> {
    if let Some(key) = key
        && let Some(incident) = find_by_idempotency_key(&mut tx, key).await?
    {
        return Ok(Filed {
            incident,
            repeated: true,
        });
    }
    let sequence = take_numbers(&mut tx, 1).await?;
    let number = IncidentNumber::new(incident.reported_at, sequence);
    let incident = incident.numbered(number);
    let first_level = level_of(&mut tx, incident.holder).await?;
    insert_incidents(&mut tx, &[(&incident, first_level)]).await?;
    insert_grams(&mut tx, &incident).await?;
    insert_events(&mut tx, &[event]).await?;
    if let Some(key) = key {
        insert_idempotency_key(&mut tx, key, incident.id).await?;
    }
    changes::announce(&mut tx, Announcement::incident(&incident, event)).await?;
    tx.commit().await?;
    Ok(Filed {
        incident,
        repeated: false,
    })
}

async fn find_by_idempotency_key(
    tx: &mut SqliteConnection,
    key: &IdempotencyKey,
) -> Result<Option<Incident>, StoreError> {
    let used: Option<(Vec<u8>, Uuid)> = sqlx::query_as(
        "SELECT fingerprint, incident FROM idempotency_keys WHERE scope = $1 AND key = $2",
    )
    .bind(&key.scope)
    .bind(&key.key)
    .fetch_optional(&mut *tx)
    .await?;
    let Some((fingerprint, incident)) = used else {
        return Ok(None);
    };
    if fingerprint != key.fingerprint {
        return Err(StoreError::KeyReused);
    }
    let row: IncidentRow = select_incidents()
        .push(" WHERE id = ")
        .push_bind(incident)
        .build_query_as()
        .fetch_one(tx)
        .await?;
    row.try_into().map(Some)
}

async fn insert_idempotency_key(
    tx: &mut SqliteConnection,
    key: &IdempotencyKey,
    incident: IncidentId,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO idempotency_keys (scope, key, fingerprint, incident)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(&key.scope)
    .bind(&key.key)
    .bind(&key.fingerprint[..])
    .bind(incident.0)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes running numbers and returns the first of them.
pub(super) async fn take_numbers(tx: &mut SqliteConnection, count: u32) -> Result<i64, StoreError> {
    let first =
        sqlx::query_scalar("UPDATE incident_numbers SET next = next + $1 RETURNING next - $1")
            .bind(count)
            .fetch_one(tx)
            .await?;
    Ok(first)
}

pub(super) async fn record_step(mut tx: Write, step: &Step) -> Result<(), StoreError> {
    if !update_incident(&mut tx, &step.incident).await? {
        return Err(StoreError::StaleIncident {
            expected: step.incident.version - 1,
        });
    }
    save_tasks(&mut tx, &tasks_of(&step.incident)).await?;
    insert_events(&mut tx, &[&step.event]).await?;
    changes::announce(&mut tx, Announcement::incident(&step.incident, &step.event)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn import_history(
    mut tx: Write,
    incidents: &[(Incident, Vec<IncidentEvent>)],
) -> Result<(), StoreError> {
    for some in incidents.chunks(ROWS_PER_INSERT) {
        let mut levelled = Vec::with_capacity(some.len());
        for (incident, events) in some {
            levelled.push((incident, level_of(&mut tx, first_holder(events)).await?));
        }
        insert_incidents(&mut tx, &levelled).await?;
        for (incident, _) in some {
            insert_grams(&mut tx, incident).await?;
        }
        let whole = some.iter().map(|(incident, _)| incident);
        let tasks: Vec<PlacedTask> = whole.flat_map(tasks_of).collect();
        for tasks in tasks.chunks(ROWS_PER_INSERT) {
            save_tasks(&mut tx, tasks).await?;
        }
        let events: Vec<&IncidentEvent> = some.iter().flat_map(|(_, events)| events).collect();
        for events in events.chunks(ROWS_PER_INSERT) {
            insert_events(&mut tx, events).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Writes incidents with the level of the centre that held each first.
async fn insert_incidents(
    tx: &mut SqliteConnection,
    incidents: &[(&Incident, Option<String>)],
) -> Result<(), StoreError> {
    QueryBuilder::new("INSERT INTO incidents (")
        .push(COLUMNS)
        .push(", ")
        .push(FACTS)
        .push(", first_level) ")
        .push_values(incidents, |mut row, (incident, first_level)| {
            push_columns(&mut row, incident);
            push_facts(&mut row, incident);
            row.push_bind(first_level);
        })
        .build()
        .execute(tx)
        .await?;
    Ok(())
}

/// The level of an organisation.
async fn level_of(
    tx: &mut SqliteConnection,
    organisation: Option<OrganisationId>,
) -> Result<Option<String>, StoreError> {
    let Some(organisation) = organisation else {
        return Ok(None);
    };
    let level = sqlx::query_scalar("SELECT level FROM organisations WHERE id = $1")
        .bind(organisation.0)
        .fetch_optional(tx)
        .await?;
    Ok(level)
}

/// Who held an incident first, as its history tells.
fn first_holder(events: &[IncidentEvent]) -> Option<OrganisationId> {
    let holder = events.first()?.detail.get("holder")?.as_str()?;
    holder.parse().ok()
}

/// Writes what an incident's texts are found by. They never change.
async fn insert_grams(tx: &mut SqliteConnection, incident: &Incident) -> Result<(), StoreError> {
    let place: i64 =
        sqlx::query_scalar("INSERT INTO incident_texts (incident) VALUES ($1) RETURNING place")
            .bind(incident.id.0)
            .fetch_one(&mut *tx)
            .await?;
    let texts = [
        Some(incident.description.as_str()),
        incident.address.as_deref(),
    ];
    let mut grams = grams_of(texts.into_iter().flatten());
    grams.extend(number_grams_of(&incident.number.0));
    sqlx::query("INSERT INTO incident_grams (rowid, grams) VALUES ($1, $2)")
        .bind(place)
        .bind(words_of(grams))
        .execute(tx)
        .await?;
    Ok(())
}

/// Grams as the words of a text: a digit each, and an `n` before what is below zero.
pub(super) fn words_of(grams: impl IntoIterator<Item = i32>) -> String {
    let words: Vec<String> = grams
        .into_iter()
        .map(|gram| {
            let sign = if gram < 0 { "n" } else { "" };
            format!("{sign}{}", gram.unsigned_abs())
        })
        .collect();
    words.join(" ")
}

/// Writes an incident over the version before it; false when that is not what is stored.
async fn update_incident(
    tx: &mut SqliteConnection,
    incident: &Incident,
) -> Result<bool, StoreError> {
    let mut statement = QueryBuilder::new("UPDATE incidents SET (");
    statement.push(COLUMNS).push(", ").push(FACTS).push(") = (");
    let mut values = statement.separated(", ");
    push_columns(&mut values, incident);
    push_facts(&mut values, incident);
    let updated = statement
        .push(") WHERE id = ")
        .push_bind(incident.id.0)
        .push(" AND version = ")
        .push_bind(incident.version - 1)
        .build()
        .execute(tx)
        .await?;
    Ok(updated.rows_affected() == 1)
}

/// Pushes the values of the [`COLUMNS`].
fn push_columns(row: &mut Separated<'_, Sqlite, &str>, incident: &Incident) {
    row.push_bind(incident.id.0)
        .push_bind(&incident.number.0)
        .push_bind(incident.version)
        .push_bind(&incident.service.0)
        .push_bind(incident.priority.as_str())
        .push_bind(&incident.description)
        .push_bind(&incident.address)
        .push_bind(incident.position.lon_e7())
        .push_bind(incident.position.lat_e7())
        .push_bind(incident.matched.as_str())
        .push_bind(Json(&incident.chain));
    for &level in Level::ALL {
        let link = incident.chain.iter().find(|link| link.level == level);
        row.push_bind(link.map(|link| link.code.as_str()));
    }
    row.push_bind(incident.source.as_str())
        .push_bind(incident.reporter.as_ref().map(Json))
        .push_bind(Json(&incident.form))
        .push_bind(incident.status.as_str())
        .push_bind(incident.outcome.map(Outcome::as_str))
        .push_bind(incident.duplicate_of.map(|id| id.0))
        .push_bind(incident.holder.map(|id| id.0))
        .push_bind(incident.status_since.timestamp_millis())
        .push_bind(incident.pending.as_ref().map(Json))
        .push_bind(incident.deferral.as_ref().map(Json))
        .push_bind(incident.supervision.as_ref().map(Json))
        .push_bind(Json(&incident.fired))
        .push_bind(Json(&incident.deadlines))
        .push_bind(Json(&incident.counts))
        .push_bind(incident.evaluation.as_ref().map(Json))
        .push_bind(&incident.tracking_key)
        .push_bind(incident.reported_at.timestamp_millis())
        .push_bind(incident.updated_at.timestamp_millis())
        .push_bind(incident.closed_at.map(|at| at.timestamp_millis()));
}

/// Pushes the values of the [`FACTS`].
fn push_facts(row: &mut Separated<'_, Sqlite, &str>, incident: &Incident) {
    let facts = Facts::of(incident);
    let phone = incident.reporter.as_ref();
    let phone = phone.and_then(|reporter| reporter.phone.as_ref());
    row.push_bind(facts.lead_id())
        .push_bind(phone.map(Phone::digits));
    for at in [
        facts.responded_at,
        facts.signed_at,
        facts.sign_by,
        facts.fed_back_at,
        facts.resolve_by,
    ] {
        row.push_bind(at.map(|at| at.timestamp_millis()));
    }
}

/// A task with its incident and its place in the incident's list.
type PlacedTask<'a> = (IncidentId, i64, &'a Task);

fn tasks_of(incident: &Incident) -> Vec<PlacedTask<'_>> {
    (0..)
        .zip(&incident.tasks)
        .map(|(place, task)| (incident.id, place, task))
        .collect()
}

/// Adds tasks, or writes them over what they were. None ever goes away.
async fn save_tasks(tx: &mut SqliteConnection, tasks: &[PlacedTask<'_>]) -> Result<(), StoreError> {
    if tasks.is_empty() {
        return Ok(());
    }
    QueryBuilder::new(
        "INSERT INTO tasks (id, incident, place, role, assignee_kind, assignee, status,
             offered_at, signed_at, fed_back_at, note, deadlines, offer_until, summoned,
             arrived_at) ",
    )
    .push_values(tasks, |mut row, &(incident, place, task)| {
        let (kind, assignee) = match task.assignee {
            Assignee::Worker(id) => ("worker", id.0),
            Assignee::Organisation(id) => ("organisation", id.0),
        };
        row.push_bind(task.id.0)
            .push_bind(incident.0)
            .push_bind(place)
            .push_bind(task.role.as_str())
            .push_bind(kind)
            .push_bind(assignee)
            .push_bind(task.status.as_str())
            .push_bind(task.offered_at.timestamp_millis())
            .push_bind(task.signed_at.map(|at| at.timestamp_millis()))
            .push_bind(task.fed_back_at.map(|at| at.timestamp_millis()))
            .push_bind(&task.note)
            .push_bind(Json(&task.deadlines))
            .push_bind(task.offer_until.map(|at| at.timestamp_millis()))
            .push_bind(task.summoned)
            .push_bind(task.arrived_at.map(|at| at.timestamp_millis()));
    })
    .push(
        " ON CONFLICT (id) DO UPDATE SET
             (place, role, assignee_kind, assignee, status, offered_at, signed_at,
              fed_back_at, note, deadlines, offer_until, summoned, arrived_at)
             = (excluded.place, excluded.role, excluded.assignee_kind, excluded.assignee,
                excluded.status, excluded.offered_at, excluded.signed_at,
                excluded.fed_back_at, excluded.note, excluded.deadlines,
                excluded.offer_until, excluded.summoned, excluded.arrived_at)",
    )
    .build()
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_events(
    tx: &mut SqliteConnection,
    events: &[&IncidentEvent],
) -> Result<(), StoreError> {
    QueryBuilder::new(
        "INSERT INTO incident_events (incident, version, at, actor, role, action, from_status,
             to_status, note, detail) ",
    )
    .push_values(events, |mut row, event| {
        row.push_bind(event.incident.0)
            .push_bind(event.version)
            .push_bind(event.at.timestamp_millis())
            .push_bind(&event.actor)
            .push_bind(event.role.as_str())
            .push_bind(event.action.as_str())
            .push_bind(event.from.map(Status::as_str))
            .push_bind(event.to.as_str())
            .push_bind(&event.note)
            .push_bind(Json(&event.detail));
    })
    .build()
    .execute(tx)
    .await?;
    Ok(())
}

/// Begins a statement that reads incidents; conditions come behind it. Tasks come in the
/// same row, so that an incident and its tasks are of one moment.
pub(super) fn select_incidents() -> QueryBuilder<Sqlite> {
    let mut statement = QueryBuilder::new("SELECT ");
    statement.push(COLUMNS).push(
        ", (SELECT json_group_array(json_object(
                    'id', hex(t.id), 'role', t.role, 'status', t.status,
                    'assignee', json_object('kind', t.assignee_kind, 'id', hex(t.assignee)),
                    'offered_at', t.offered_at, 'signed_at', t.signed_at,
                    'fed_back_at', t.fed_back_at, 'note', t.note,
                    'deadlines', json(t.deadlines), 'offer_until', t.offer_until,
                    'summoned', json(iif(t.summoned, 'true', 'false')),
                    'arrived_at', t.arrived_at) ORDER BY t.place)
            FROM tasks AS t WHERE t.incident = i.id) AS tasks
         FROM incidents AS i",
    );
    statement
}

pub(super) async fn find_incident(
    reader: impl SqliteExecutor<'_>,
    key: &IncidentKey,
) -> Result<Option<Incident>, StoreError> {
    let mut statement = select_incidents();
    match key {
        IncidentKey::Id(id) => statement.push(" WHERE id = ").push_bind(id.0),
        IncidentKey::Number(number) => statement.push(" WHERE number = ").push_bind(&number.0),
    };
    let row: Option<IncidentRow> = statement.build_query_as().fetch_optional(reader).await?;
    row.map(Incident::try_from).transpose()
}

pub(super) async fn list_open_incidents(reader: &SqlitePool) -> Result<Vec<Incident>, StoreError> {
    let rows: Vec<IncidentRow> = select_incidents()
        .push(" WHERE ")
        .push(IS_OPEN)
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

pub(super) async fn list_changed_incidents(
    reader: &SqlitePool,
    since: Timestamp,
    after: Option<IncidentId>,
    limit: u32,
) -> Result<Vec<Incident>, StoreError> {
    let mut statement = select_incidents();
    statement
        .push(" WHERE updated_at >= ")
        .push_bind(since.timestamp_millis());
    if let Some(after) = after {
        statement.push(" AND id > ").push_bind(after.0);
    }
    let rows: Vec<IncidentRow> = statement
        .push(" ORDER BY id LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(reader)
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
    reader: &SqlitePool,
    incident: IncidentId,
) -> Result<Vec<IncidentEvent>, StoreError> {
    let rows: Vec<EventRow> = sqlx::query_as(
        "SELECT incident, version, at, actor, role, action, from_status, to_status, note, detail
         FROM incident_events WHERE incident = $1 ORDER BY version",
    )
    .bind(incident.0)
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(IncidentEvent::try_from).collect()
}

pub(super) async fn list_events_between(
    reader: &SqlitePool,
    incidents: &[IncidentId],
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<IncidentEvent>, StoreError> {
    let mut statement = QueryBuilder::<Sqlite>::new(
        "SELECT incident, version, at, actor, role, action, from_status, to_status, note, detail
         FROM incident_events WHERE at BETWEEN ",
    );
    statement
        .push_bind(from.timestamp_millis())
        .push(" AND ")
        .push_bind(until.timestamp_millis());
    let mut any = statement.push(" AND incident IN (").separated(", ");
    for incident in incidents {
        any.push_bind(incident.0);
    }
    let rows: Vec<EventRow> = statement
        .push(") ORDER BY at, incident, version")
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(IncidentEvent::try_from).collect()
}

#[derive(sqlx::FromRow)]
pub(super) struct IncidentRow {
    id: Uuid,
    number: String,
    version: i64,
    service: String,
    priority: String,
    description: String,
    address: Option<String>,
    lon_e7: i32,
    lat_e7: i32,
    matched: String,
    chain: Json<Vec<AreaRef>>,
    source: String,
    reporter: Option<Json<Reporter>>,
    form: Json<Map<String, Value>>,
    status: String,
    outcome: Option<String>,
    duplicate_of: Option<Uuid>,
    holder: Option<Uuid>,
    status_since: i64,
    pending: Option<Json<Pending>>,
    deferral: Option<Json<Deferral>>,
    supervision: Option<Json<Supervision>>,
    fired: Json<Vec<Fired>>,
    deadlines: Json<Deadlines>,
    counts: Json<Counts>,
    evaluation: Option<Json<Evaluation>>,
    tracking_key: String,
    reported_at: i64,
    updated_at: i64,
    closed_at: Option<i64>,
    tasks: Json<Vec<TaskRow>>,
}

impl TryFrom<IncidentRow> for Incident {
    type Error = StoreError;

    fn try_from(row: IncidentRow) -> Result<Self, StoreError> {
        let what = "an incident";
        let position = LngLat::from_e7(row.lon_e7, row.lat_e7);
        let tasks = row.tasks.0.into_iter().map(Task::try_from);
        Ok(Self {
            id: IncidentId(row.id),
            number: IncidentNumber(row.number),
            version: row.version,
            service: ServiceCode(row.service),
            priority: parse(what, &row.priority)?,
            description: row.description,
            address: row.address,
            position: position.map_err(|error| corrupt(what, error))?,
            matched: parse(what, &row.matched)?,
            chain: row.chain.0,
            source: parse(what, &row.source)?,
            reporter: row.reporter.map(|reporter| reporter.0),
            form: row.form.0,
            status: parse(what, &row.status)?,
            outcome: row.outcome.map(|word| parse(what, &word)).transpose()?,
            duplicate_of: row.duplicate_of.map(IncidentId),
            holder: row.holder.map(OrganisationId),
            status_since: parse_time(what, row.status_since)?,
            tasks: tasks.collect::<Result<_, _>>()?,
            pending: row.pending.map(|pending| pending.0),
            deferral: row.deferral.map(|deferral| deferral.0),
            supervision: row.supervision.map(|supervision| supervision.0),
            fired: row.fired.0,
            deadlines: row.deadlines.0,
            counts: row.counts.0,
            evaluation: row.evaluation.map(|evaluation| evaluation.0),
            tracking_key: row.tracking_key,
            reported_at: parse_time(what, row.reported_at)?,
            updated_at: parse_time(what, row.updated_at)?,
            closed_at: row.closed_at.map(|at| parse_time(what, at)).transpose()?,
        })
    }
}

#[derive(Deserialize)]
struct TaskRow {
    id: TaskId,
    role: TaskRole,
    assignee: Assignee,
    status: TaskStatus,
    offered_at: i64,
    signed_at: Option<i64>,
    fed_back_at: Option<i64>,
    note: Option<String>,
    deadlines: Deadlines,
    offer_until: Option<i64>,
    summoned: bool,
    arrived_at: Option<i64>,
}

impl TryFrom<TaskRow> for Task {
    type Error = StoreError;

    fn try_from(row: TaskRow) -> Result<Self, StoreError> {
        let what = "a task";
        Ok(Self {
            id: row.id,
            role: row.role,
            assignee: row.assignee,
            status: row.status,
            offered_at: parse_time(what, row.offered_at)?,
            signed_at: row.signed_at.map(|at| parse_time(what, at)).transpose()?,
            fed_back_at: row.fed_back_at.map(|at| parse_time(what, at)).transpose()?,
            note: row.note,
            deadlines: row.deadlines,
            offer_until: row.offer_until.map(|at| parse_time(what, at)).transpose()?,
            summoned: row.summoned,
            arrived_at: row.arrived_at.map(|at| parse_time(what, at)).transpose()?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    incident: Uuid,
    version: i64,
    at: i64,
    actor: String,
    role: String,
    action: String,
    from_status: Option<String>,
    to_status: String,
    note: Option<String>,
    detail: Json<Value>,
}

impl TryFrom<EventRow> for IncidentEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let what = "an incident's history";
        let from: Option<Status> = row.from_status.map(|word| parse(what, &word)).transpose()?;
        Ok(Self {
            incident: IncidentId(row.incident),
            version: row.version,
            at: parse_time(what, row.at)?,
            actor: row.actor,
            role: parse(what, &row.role)?,
            action: parse(what, &row.action)?,
            from,
            to: parse(what, &row.to_status)?,
            note: row.note,
            detail: row.detail.0,
        })
    }
}
