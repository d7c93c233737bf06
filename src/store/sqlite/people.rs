//! Organisations, workers with their posts, and where they were last seen.

use serde::Deserialize;
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Write, changes, corrupt, parse, parse_time, tracks};
use crate::domain::{
    AreaCode, Fix, LngLat, Organisation, OrganisationId, Phone, Post, PostId, Slot, Timestamp,
    Worker, WorkerId,
};
use crate::store::announce::Announcement;
use crate::store::{People, PostedWorker, StoreError};

pub(super) async fn save_people(
    mut tx: Write,
    people: &People,
    now: Timestamp,
) -> Result<(), StoreError> {
    for organisation in &people.organisations {
        save_organisation(&mut tx, organisation).await?;
    }
    for worker in &people.workers {
        save_worker(&mut tx, worker).await?;
    }
    for post in &people.posts {
        save_post(&mut tx, post).await?;
    }
    changes::announce(&mut tx, Announcement::people(now)).await?;
    Ok(tx.commit().await?)
}

async fn save_organisation(
    tx: &mut SqliteConnection,
    organisation: &Organisation,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO organisations (id, name, kind, level, area, department)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET
             (name, kind, level, area, department) = ($2, $3, $4, $5, $6)",
    )
    .bind(organisation.id.0)
    .bind(&organisation.name)
    .bind(organisation.kind.as_str())
    .bind(organisation.level.as_str())
    .bind(organisation.area.as_str())
    .bind(&organisation.department)
    .execute(tx)
    .await?;
    Ok(())
}

async fn save_worker(tx: &mut SqliteConnection, worker: &Worker) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO workers (id, name, phone, role, organisation, skills, capacity, on_duty)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET
             (name, phone, role, organisation, skills, capacity, on_duty)
             = ($2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(worker.id.0)
    .bind(&worker.name)
    .bind(worker.phone.as_ref().map(Phone::reveal))
    .bind(worker.role.as_str())
    .bind(worker.organisation.map(|id| id.0))
    .bind(Json(&worker.skills))
    .bind(worker.capacity)
    .bind(worker.on_duty)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn save_post(tx: &mut SqliteConnection, post: &Post) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO posts (id, worker, area, slot, from_time, until_time)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET
             (worker, area, slot, from_time, until_time) = ($2, $3, $4, $5, $6)",
    )
    .bind(post.id.0)
    .bind(post.worker.0)
    .bind(post.area.as_str())
    .bind(post.slot.as_str())
    .bind(post.from.timestamp_millis())
    .bind(post.until.map(|until| until.timestamp_millis()))
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn list_organisations(
    reader: &SqlitePool,
) -> Result<Vec<Organisation>, StoreError> {
    let rows: Vec<OrganisationRow> =
        sqlx::query_as("SELECT id, name, kind, level, area, department FROM organisations")
            .fetch_all(reader)
            .await?;
    rows.into_iter().map(Organisation::try_from).collect()
}

/// One statement, so that a worker and their posts are of one moment.
const SELECT_WORKERS: &str = "
    SELECT id, name, phone, role, organisation, skills, capacity, on_duty,
        (SELECT json_group_array(json_object(
                'id', hex(p.id), 'area', p.area, 'slot', p.slot,
                'from', p.from_time, 'until', p.until_time) ORDER BY p.from_time, p.id)
         FROM posts AS p WHERE p.worker = w.id) AS posts
    FROM workers AS w";

pub(super) async fn list_workers(reader: &SqlitePool) -> Result<Vec<PostedWorker>, StoreError> {
    let rows: Vec<WorkerRow> = sqlx::query_as(SELECT_WORKERS).fetch_all(reader).await?;
    rows.into_iter().map(PostedWorker::try_from).collect()
}

pub(super) async fn find_worker(
    reader: &SqlitePool,
    id: WorkerId,
) -> Result<Option<PostedWorker>, StoreError> {
    let row: Option<WorkerRow> = QueryBuilder::new(SELECT_WORKERS)
        .push(" WHERE id = ")
        .push_bind(id.0)
        .build_query_as()
        .fetch_optional(reader)
        .await?;
    row.map(PostedWorker::try_from).transpose()
}

pub(super) async fn set_duty(
    mut tx: Write,
    worker: WorkerId,
    on_duty: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let updated = sqlx::query("UPDATE workers SET on_duty = $2 WHERE id = $1")
        .bind(worker.0)
        .bind(on_duty)
        .execute(&mut *tx)
        .await?;
    if updated.rows_affected() == 0 {
        return Err(StoreError::NoWorker(worker));
    }
    changes::announce(&mut tx, Announcement::duty(worker, on_duty, now)).await?;
    Ok(tx.commit().await?)
}

/// Thousands of fixes come at a time, so they go in as one statement.
pub(super) async fn record_positions(
    mut tx: Write,
    fixes: &[Fix],
    track: &[Fix],
    now: Timestamp,
) -> Result<(), StoreError> {
    tracks::record(&mut tx, track).await?;
    let rows: Vec<_> = fixes
        .iter()
        .map(|fix| {
            (
                fix.worker.0.simple().to_string(),
                fix.position.lon_e7(),
                fix.position.lat_e7(),
                fix.at.timestamp_millis(),
                fix.accuracy_m.map(f64::from),
                fix.speed_mps.map(f64::from),
                fix.heading_deg.map(f64::from),
            )
        })
        .collect();
    sqlx::query(
        "INSERT INTO positions
             (worker, lon_e7, lat_e7, at, accuracy_m, speed_mps, heading_deg, recorded_at)
         SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4,
             value ->> 5, value ->> 6, $2
         FROM json_each($1)
         WHERE true
         ON CONFLICT (worker) DO UPDATE SET
             (lon_e7, lat_e7, at, accuracy_m, speed_mps, heading_deg, recorded_at)
             = (excluded.lon_e7, excluded.lat_e7, excluded.at, excluded.accuracy_m,
                excluded.speed_mps, excluded.heading_deg, excluded.recorded_at)
         WHERE excluded.at > positions.at",
    )
    .bind(Json(rows))
    .bind(now.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    changes::announce(&mut tx, Announcement::positions(fixes.len(), now)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn list_positions(
    reader: &SqlitePool,
    since: Option<Timestamp>,
) -> Result<Vec<Fix>, StoreError> {
    let rows: Vec<PositionRow> = sqlx::query_as(
        "SELECT worker, lon_e7, lat_e7, at, accuracy_m, speed_mps, heading_deg
         FROM positions WHERE recorded_at >= $1",
    )
    .bind(since.map_or(i64::MIN, |since| since.timestamp_millis()))
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(Fix::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct OrganisationRow {
    id: Uuid,
    name: String,
    kind: String,
    level: String,
    area: String,
    department: Option<String>,
}

impl TryFrom<OrganisationRow> for Organisation {
    type Error = StoreError;

    fn try_from(row: OrganisationRow) -> Result<Self, StoreError> {
        let what = "an organisation";
        Ok(Self {
            id: OrganisationId(row.id),
            name: row.name,
            kind: parse(what, &row.kind)?,
            level: parse(what, &row.level)?,
            area: parse(what, &row.area)?,
            department: row.department,
        })
    }
}

#[derive(sqlx::FromRow)]
struct WorkerRow {
    id: Uuid,
    name: String,
    phone: Option<String>,
    role: String,
    organisation: Option<Uuid>,
    skills: Json<Vec<String>>,
    capacity: u16,
    on_duty: bool,
    posts: Json<Vec<PostRow>>,
}

#[derive(Deserialize)]
struct PostRow {
    id: PostId,
    area: AreaCode,
    slot: Slot,
    from: i64,
    until: Option<i64>,
}

impl TryFrom<WorkerRow> for PostedWorker {
    type Error = StoreError;

    fn try_from(row: WorkerRow) -> Result<Self, StoreError> {
        let what = "a worker";
        let id = WorkerId(row.id);
        let phone = row.phone.map(|phone| Phone::parse(&phone)).transpose();
        let posts = row.posts.0.into_iter().map(|post| post.held_by(id));
        Ok(Self {
            worker: Worker {
                id,
                name: row.name,
                phone: phone.map_err(|error| corrupt(what, error))?,
                role: parse(what, &row.role)?,
                organisation: row.organisation.map(OrganisationId),
                skills: row.skills.0,
                capacity: row.capacity,
                on_duty: row.on_duty,
            },
            posts: posts.collect::<Result<_, _>>()?,
        })
    }
}

impl PostRow {
    fn held_by(self, worker: WorkerId) -> Result<Post, StoreError> {
        let what = "a post";
        Ok(Post {
            id: self.id,
            worker,
            area: self.area,
            slot: self.slot,
            from: parse_time(what, self.from)?,
            until: self
                .until
                .map(|until| parse_time(what, until))
                .transpose()?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct PositionRow {
    worker: Uuid,
    lon_e7: i32,
    lat_e7: i32,
    at: i64,
    accuracy_m: Option<f32>,
    speed_mps: Option<f32>,
    heading_deg: Option<f32>,
}

impl TryFrom<PositionRow> for Fix {
    type Error = StoreError;

    fn try_from(row: PositionRow) -> Result<Self, StoreError> {
        let what = "a position";
        let position = LngLat::from_e7(row.lon_e7, row.lat_e7);
        Ok(Self {
            worker: WorkerId(row.worker),
            position: position.map_err(|error| corrupt(what, error))?,
            at: parse_time(what, row.at)?,
            accuracy_m: row.accuracy_m,
            speed_mps: row.speed_mps,
            heading_deg: row.heading_deg,
        })
    }
}
