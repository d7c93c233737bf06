//! Incidents, their tasks and their history.

use serde::Deserialize;
use serde_json::{Map, Value};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Sqlite};
use uuid::Uuid;

use super::{Write, changes, corrupt, parse, parse_time};
use crate::domain::incident::{
    Counts, Deadlines, Deferral, Evaluation, IncidentKey, NewIncident, Pending, Reporter,
};
use crate::domain::workflow::Step;
use crate::domain::{
    AreaRef, Assignee, Incident, IncidentEvent, IncidentId, IncidentNumber, Level, LngLat,
    OrganisationId, Outcome, ServiceCode, Status, Task, TaskId, TaskRole, TaskStatus,
};
use crate::store::announce::Announcement;
use crate::store::{Filed, IdempotencyKey, IncidentQuery, StoreError};

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
    insert_incident(&mut tx, &incident).await?;
    insert_event(&mut tx, event).await?;
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
    save_tasks(&mut tx, &step.incident).await?;
    insert_event(&mut tx, &step.event).await?;
    changes::announce(&mut tx, Announcement::incident(&step.incident, &step.event)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn import_history(
    mut tx: Write,
    incidents: &[(Incident, Vec<IncidentEvent>)],
) -> Result<(), StoreError> {
    for (incident, events) in incidents {
        insert_incident(&mut tx, incident).await?;
        save_tasks(&mut tx, incident).await?;
        for event in events {
            insert_event(&mut tx, event).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn insert_incident(tx: &mut SqliteConnection, incident: &Incident) -> Result<(), StoreError> {
    let statement = sqlx::query(
        "INSERT INTO incidents (id, number, version, service, priority, description, address,
             lon_e7, lat_e7, matched, chain, province_code, city_code, county_code,
             township_code, community_code, grid_code, microgrid_code, source, reporter, form,
             status, outcome, duplicate_of, holder, pending, deferral, deadlines, counts,
             evaluation, tracking_key, reported_at, updated_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)",
    );
    bind_incident(statement, incident).execute(tx).await?;
    Ok(())
}

/// Writes an incident over the version before it; false when that is not what is stored.
async fn update_incident(
    tx: &mut SqliteConnection,
    incident: &Incident,
) -> Result<bool, StoreError> {
    let statement = sqlx::query(
        "UPDATE incidents SET (number, version, service, priority, description, address,
             lon_e7, lat_e7, matched, chain, province_code, city_code, county_code,
             township_code, community_code, grid_code, microgrid_code, source, reporter, form,
             status, outcome, duplicate_of, holder, pending, deferral, deadlines, counts,
             evaluation, tracking_key, reported_at, updated_at, closed_at)
         = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
         WHERE id = $1 AND version = $3 - 1",
    );
    let updated = bind_incident(statement, incident).execute(tx).await?;
    Ok(updated.rows_affected() == 1)
}

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// Binds every column of an incident, in the order of the table.
fn bind_incident<'q>(statement: Statement<'q>, incident: &'q Incident) -> Statement<'q> {
    let code_at = |level: Level| {
        let link = incident.chain.iter().find(|link| link.level == level);
        link.map(|link| link.code.as_str())
    };
    let statement = statement
        .bind(incident.id.0)
        .bind(&incident.number.0)
        .bind(incident.version)
        .bind(&incident.service.0)
        .bind(incident.priority.as_str())
        .bind(&incident.description)
        .bind(&incident.address)
        .bind(incident.position.lon_e7())
        .bind(incident.position.lat_e7())
        .bind(incident.matched.as_str())
        .bind(Json(&incident.chain));
    Level::ALL
        .iter()
        .fold(statement, |statement, &level| {
            statement.bind(code_at(level))
        })
        .bind(incident.source.as_str())
        .bind(incident.reporter.as_ref().map(Json))
        .bind(Json(&incident.form))
        .bind(incident.status.as_str())
        .bind(incident.outcome.map(Outcome::as_str))
        .bind(incident.duplicate_of.map(|id| id.0))
        .bind(incident.holder.map(|id| id.0))
        .bind(incident.pending.as_ref().map(Json))
        .bind(incident.deferral.as_ref().map(Json))
        .bind(Json(&incident.deadlines))
        .bind(Json(&incident.counts))
        .bind(incident.evaluation.as_ref().map(Json))
        .bind(&incident.tracking_key)
        .bind(incident.reported_at.timestamp_millis())
        .bind(incident.updated_at.timestamp_millis())
        .bind(incident.closed_at.map(|at| at.timestamp_millis()))
}

/// Adds an incident's tasks, or writes them over what they were. None ever goes away.
async fn save_tasks(tx: &mut SqliteConnection, incident: &Incident) -> Result<(), StoreError> {
    for (place, task) in (0_i64..).zip(&incident.tasks) {
        let (kind, assignee) = match task.assignee {
            Assignee::Worker(id) => ("worker", id.0),
            Assignee::Organisation(id) => ("organisation", id.0),
        };
        sqlx::query(
            "INSERT INTO tasks (id, incident, place, role, assignee_kind, assignee, status,
                 offered_at, signed_at, fed_back_at, note)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (id) DO UPDATE SET
                 (place, role, assignee_kind, assignee, status, offered_at, signed_at,
                  fed_back_at, note)
                 = ($3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(task.id.0)
        .bind(incident.id.0)
        .bind(place)
        .bind(task.role.as_str())
        .bind(kind)
        .bind(assignee)
        .bind(task.status.as_str())
        .bind(task.offered_at.timestamp_millis())
        .bind(task.signed_at.map(|at| at.timestamp_millis()))
        .bind(task.fed_back_at.map(|at| at.timestamp_millis()))
        .bind(&task.note)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn insert_event(tx: &mut SqliteConnection, event: &IncidentEvent) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO incident_events (incident, version, at, actor, role, action, from_status,
             to_status, note, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(event.incident.0)
    .bind(event.version)
    .bind(event.at.timestamp_millis())
    .bind(&event.actor)
    .bind(event.role.as_str())
    .bind(event.action.as_str())
    .bind(event.from.map(Status::as_str))
    .bind(event.to.as_str())
    .bind(&event.note)
    .bind(Json(&event.detail))
    .execute(tx)
    .await?;
    Ok(())
}

/// Begins a statement that reads incidents; conditions come behind it. Tasks come in the
/// same row, so that an incident and its tasks are of one moment.
fn select_incidents() -> QueryBuilder<Sqlite> {
    QueryBuilder::new(
        "SELECT id, number, version, service, priority, description, address, lon_e7, lat_e7,
             matched, chain, source, reporter, form, status, outcome, duplicate_of, holder,
             pending, deferral, deadlines, counts, evaluation, tracking_key, reported_at,
             updated_at, closed_at,
             (SELECT json_group_array(json_object(
                     'id', hex(t.id), 'role', t.role, 'status', t.status,
                     'assignee', json_object('kind', t.assignee_kind, 'id', hex(t.assignee)),
                     'offered_at', t.offered_at, 'signed_at', t.signed_at,
                     'fed_back_at', t.fed_back_at, 'note', t.note) ORDER BY t.place)
              FROM tasks AS t WHERE t.incident = i.id) AS tasks
         FROM incidents AS i",
    )
}

pub(super) async fn find_incident(
    reader: &SqlitePool,
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
    // In the words of the index that holds them.
    let rows: Vec<IncidentRow> = select_incidents()
        .push(" WHERE status NOT IN ('closed', 'evaluated')")
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

pub(super) async fn search_incidents(
    reader: &SqlitePool,
    query: &IncidentQuery,
) -> Result<Vec<Incident>, StoreError> {
    let mut statement = select_incidents();
    statement.push(" WHERE true");
    push_conditions(&mut statement, query);
    let rows: Vec<IncidentRow> = statement
        .push(" ORDER BY reported_at DESC, id DESC LIMIT ")
        .push_bind(query.limit)
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

fn push_conditions(statement: &mut QueryBuilder<Sqlite>, query: &IncidentQuery) {
    if !query.statuses.is_empty() {
        let mut any = statement.push(" AND status IN (").separated(", ");
        for status in &query.statuses {
            any.push_bind(status.as_str());
        }
        statement.push(")");
    }
    if let Some(area) = &query.within {
        statement.push(match area.level {
            Level::Province => " AND province_code = ",
            Level::City => " AND city_code = ",
            Level::County => " AND county_code = ",
            Level::Township => " AND township_code = ",
            Level::Community => " AND community_code = ",
            Level::Grid => " AND grid_code = ",
            Level::Microgrid => " AND microgrid_code = ",
        });
        statement.push_bind(area.code.as_str());
    }
    if let Some(service) = &query.service {
        statement.push(" AND service = ").push_bind(&service.0);
    }
    if let Some(bounds) = &query.bounds {
        statement
            .push(" AND lon_e7 BETWEEN ")
            .push_bind(bounds.min.lon_e7())
            .push(" AND ")
            .push_bind(bounds.max.lon_e7())
            .push(" AND lat_e7 BETWEEN ")
            .push_bind(bounds.min.lat_e7())
            .push(" AND ")
            .push_bind(bounds.max.lat_e7());
    }
    if let Some(since) = query.since {
        statement
            .push(" AND reported_at >= ")
            .push_bind(since.timestamp_millis());
    }
    if let Some(text) = &query.text {
        let pattern = contains_pattern(text);
        statement
            .push(" AND (number LIKE ")
            .push_bind(pattern.clone())
            .push(r" ESCAPE '\' OR description LIKE ")
            .push_bind(pattern.clone())
            .push(r" ESCAPE '\' OR address LIKE ")
            .push_bind(pattern)
            .push(r" ESCAPE '\')");
    }
    if let Some((reported_at, id)) = query.after {
        statement
            .push(" AND (reported_at, id) < (")
            .push_bind(reported_at.timestamp_millis())
            .push(", ")
            .push_bind(id.0)
            .push(")");
    }
}

/// The pattern of `LIKE` for texts that contain `text` as it is written.
fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
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

#[derive(sqlx::FromRow)]
struct IncidentRow {
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
    pending: Option<Json<Pending>>,
    deferral: Option<Json<Deferral>>,
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
            tasks: tasks.collect::<Result<_, _>>()?,
            pending: row.pending.map(|pending| pending.0),
            deferral: row.deferral.map(|deferral| deferral.0),
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
