//! Organisations, workers, posts, positions, and the keys of those who act.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::{changes, tracks};
use crate::domain::organisation::OrganisationKind;
use crate::domain::{
    Actor, AreaCode, Fix, Level, LngLat, Organisation, OrganisationId, Phone, Post, PostId, Role,
    Slot, Timestamp, Worker, WorkerId, WorkerRole,
};
use crate::store::announce::Announcement;
use crate::store::{AccessKey, People, PostedWorker, StoreError};

#[derive(Serialize, FromRow)]
struct OrganisationRow {
    id: OrganisationId,
    name: String,
    kind: OrganisationKind,
    level: Level,
    area: AreaCode,
    department: Option<String>,
}

impl From<&Organisation> for OrganisationRow {
    fn from(organisation: &Organisation) -> Self {
        Self {
            id: organisation.id,
            name: organisation.name.clone(),
            kind: organisation.kind,
            level: organisation.level,
            area: organisation.area.clone(),
            department: organisation.department.clone(),
        }
    }
}

impl From<OrganisationRow> for Organisation {
    fn from(row: OrganisationRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            level: row.level,
            area: row.area,
            department: row.department,
        }
    }
}

#[derive(Serialize, FromRow)]
struct WorkerRow {
    id: WorkerId,
    name: String,
    phone: Option<Phone>,
    role: WorkerRole,
    organisation: Option<OrganisationId>,
    skills: Vec<String>,
    capacity: i32,
    on_duty: bool,
}

impl From<&Worker> for WorkerRow {
    fn from(worker: &Worker) -> Self {
        Self {
            id: worker.id,
            name: worker.name.clone(),
            phone: worker.phone.clone(),
            role: worker.role,
            organisation: worker.organisation,
            skills: worker.skills.clone(),
            capacity: worker.capacity.into(),
            on_duty: worker.on_duty,
        }
    }
}

impl TryFrom<WorkerRow> for Worker {
    type Error = StoreError;

    fn try_from(row: WorkerRow) -> Result<Self, StoreError> {
        let capacity = u16::try_from(row.capacity).map_err(|_| StoreError::Corrupt {
            what: "the capacity of a worker",
            why: format!("{}: {} is not below 65536", row.id, row.capacity),
        })?;
        Ok(Self {
            id: row.id,
            name: row.name,
            phone: row.phone,
            role: row.role,
            organisation: row.organisation,
            skills: row.skills,
            capacity,
            on_duty: row.on_duty,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct PostRow {
    id: PostId,
    worker: WorkerId,
    area: AreaCode,
    slot: Slot,
    held_from: Timestamp,
    held_until: Option<Timestamp>,
}

impl From<&Post> for PostRow {
    fn from(post: &Post) -> Self {
        Self {
            id: post.id,
            worker: post.worker,
            area: post.area.clone(),
            slot: post.slot,
            held_from: post.from,
            held_until: post.until,
        }
    }
}

impl From<PostRow> for Post {
    fn from(row: PostRow) -> Self {
        Self {
            id: row.id,
            worker: row.worker,
            area: row.area,
            slot: row.slot,
            from: row.held_from,
            until: row.held_until,
        }
    }
}

/// Of entries with one identity the last.
fn by_identity<'a, T, K: Ord, R: From<&'a T>>(
    entries: &'a [T],
    identity: impl Fn(&T) -> K,
) -> Json<Vec<R>> {
    let last: BTreeMap<K, &T> = entries
        .iter()
        .map(|entry| (identity(entry), entry))
        .collect();
    Json(last.into_values().map(R::from).collect())
}

pub(super) async fn save_people(
    pool: &PgPool,
    people: &People,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organisations: Json<Vec<OrganisationRow>> =
        by_identity(&people.organisations, |organisation| organisation.id);
    let workers: Json<Vec<WorkerRow>> = by_identity(&people.workers, |worker| worker.id);
    let mut tx = super::begin(pool).await?;
    sqlx::query(
        "INSERT INTO organisations
         SELECT * FROM jsonb_populate_recordset(NULL::organisations, $1)
         ON CONFLICT (id) DO UPDATE SET
             (name, kind, level, area, department) =
             (excluded.name, excluded.kind, excluded.level, excluded.area, excluded.department)",
    )
    .bind(organisations)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO workers
         SELECT * FROM jsonb_populate_recordset(NULL::workers, $1)
         ON CONFLICT (id) DO UPDATE SET
             (name, phone, role, organisation, skills, capacity, on_duty) =
             (excluded.name, excluded.phone, excluded.role, excluded.organisation,
              excluded.skills, excluded.capacity, excluded.on_duty)",
    )
    .bind(workers)
    .execute(&mut *tx)
    .await?;
    save_posts(&mut tx, &people.posts).await?;
    changes::announce(&mut tx, &Announcement::people(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds posts or replaces them by identity.
pub(super) async fn save_posts(tx: &mut PgConnection, posts: &[Post]) -> Result<(), StoreError> {
    let posts: Json<Vec<PostRow>> = by_identity(posts, |post| post.id);
    sqlx::query(
        "INSERT INTO posts
         SELECT * FROM jsonb_populate_recordset(NULL::posts, $1)
         ON CONFLICT (id) DO UPDATE SET
             (worker, area, slot, held_from, held_until) =
             (excluded.worker, excluded.area, excluded.slot, excluded.held_from,
              excluded.held_until)",
    )
    .bind(posts)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn list_organisations(pool: &PgPool) -> Result<Vec<Organisation>, StoreError> {
    let rows: Vec<OrganisationRow> = sqlx::query_as("SELECT * FROM organisations ORDER BY id")
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

#[derive(FromRow)]
struct PostedWorkerRow {
    #[sqlx(flatten)]
    worker: WorkerRow,
    #[sqlx(json)]
    posts: Vec<PostRow>,
}

impl TryFrom<PostedWorkerRow> for PostedWorker {
    type Error = StoreError;

    fn try_from(row: PostedWorkerRow) -> Result<Self, StoreError> {
        Ok(Self {
            worker: row.worker.try_into()?,
            posts: row.posts.into_iter().map(Post::from).collect(),
        })
    }
}

/// Workers with their posts, in one statement and thus as they were at one time.
macro_rules! select_workers {
    ($rest:literal) => {
        concat!(
            "SELECT workers.*, coalesce(
                 (SELECT jsonb_agg(posts ORDER BY held_from, posts.id)
                  FROM posts WHERE worker = workers.id),
                 '[]') AS posts
             FROM workers ",
            $rest
        )
    };
}

pub(super) async fn list_workers(pool: &PgPool) -> Result<Vec<PostedWorker>, StoreError> {
    let rows: Vec<PostedWorkerRow> = sqlx::query_as(select_workers!("ORDER BY workers.id"))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(PostedWorker::try_from).collect()
}

pub(super) async fn find_worker(
    pool: &PgPool,
    id: WorkerId,
) -> Result<Option<PostedWorker>, StoreError> {
    let row: Option<PostedWorkerRow> = sqlx::query_as(select_workers!("WHERE workers.id = $1"))
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    row.map(PostedWorker::try_from).transpose()
}

pub(super) async fn set_duty(
    pool: &PgPool,
    worker: WorkerId,
    on_duty: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    let found = sqlx::query("UPDATE workers SET on_duty = $2 WHERE id = $1")
        .bind(worker.0)
        .bind(on_duty)
        .execute(&mut *tx)
        .await?;
    if found.rows_affected() == 0 {
        return Err(StoreError::NoWorker(worker));
    }
    changes::announce(&mut tx, &Announcement::duty(worker, on_duty, now)).await?;
    tx.commit().await?;
    Ok(())
}

/// The fixes are ordered by worker, so that two batches that hold the same workers
/// wait for each other and never both.
pub(super) async fn record_positions(
    pool: &PgPool,
    fixes: &[Fix],
    track: &[Fix],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    tracks::record(&mut tx, track).await?;
    let announcement = Announcement::positions(fixes.len(), now);
    sqlx::query(
        "WITH fixes AS (
             SELECT DISTINCT ON (worker) *
             FROM unnest($1::uuid[], $2::float8[], $3::float8[], $4::timestamptz[],
                 $5::real[], $6::real[], $7::real[]) WITH ORDINALITY
                 AS fix (worker, lon, lat, at, accuracy_m, speed_mps, heading_deg, ordinal)
             ORDER BY worker, at DESC, ordinal
         ), moved AS (
             INSERT INTO positions AS known
                 (worker, geom, at, accuracy_m, speed_mps, heading_deg, recorded_at)
             SELECT worker, ST_SetSRID(ST_MakePoint(lon, lat), 4326), at, accuracy_m,
                 speed_mps, heading_deg, $8
             FROM fixes
             ON CONFLICT (worker) DO UPDATE SET
                 (geom, at, accuracy_m, speed_mps, heading_deg, recorded_at) =
                 (excluded.geom, excluded.at, excluded.accuracy_m, excluded.speed_mps,
                  excluded.heading_deg, excluded.recorded_at)
             WHERE known.at < excluded.at
         )
         INSERT INTO changes (at, topic, key, payload) VALUES ($8, $9, $10, $11)",
    )
    .bind(fixes.iter().map(|fix| fix.worker.0).collect::<Vec<Uuid>>())
    .bind(column(fixes, |fix| fix.position.lon()))
    .bind(column(fixes, |fix| fix.position.lat()))
    .bind(column(fixes, |fix| fix.at))
    .bind(column(fixes, |fix| fix.accuracy_m))
    .bind(column(fixes, |fix| fix.speed_mps))
    .bind(column(fixes, |fix| fix.heading_deg))
    .bind(announcement.at)
    .bind(announcement.topic.as_str())
    .bind(announcement.key)
    .bind(announcement.payload)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) fn column<T>(fixes: &[Fix], value: impl Fn(&Fix) -> T) -> Vec<T> {
    fixes.iter().map(value).collect()
}

#[derive(FromRow)]
pub(super) struct FixRow {
    worker: WorkerId,
    lon: f64,
    lat: f64,
    at: Timestamp,
    accuracy_m: Option<f32>,
    speed_mps: Option<f32>,
    heading_deg: Option<f32>,
}

impl TryFrom<FixRow> for Fix {
    type Error = StoreError;

    fn try_from(row: FixRow) -> Result<Self, StoreError> {
        let position =
            LngLat::from_degrees(row.lon, row.lat).map_err(|error| StoreError::Corrupt {
                what: "the position of a worker",
                why: format!("{}: {error}", row.worker),
            })?;
        Ok(Self {
            worker: row.worker,
            position,
            at: row.at,
            accuracy_m: row.accuracy_m,
            speed_mps: row.speed_mps,
            heading_deg: row.heading_deg,
        })
    }
}

pub(super) async fn list_positions(
    pool: &PgPool,
    since: Option<Timestamp>,
) -> Result<Vec<Fix>, StoreError> {
    let rows: Vec<FixRow> = sqlx::query_as(
        "SELECT worker, ST_X(geom) AS lon, ST_Y(geom) AS lat, at, accuracy_m, speed_mps,
             heading_deg
         FROM positions
         WHERE $1::timestamptz IS NULL OR recorded_at >= $1",
    )
    .bind(since)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Fix::try_from).collect()
}

#[derive(FromRow)]
struct AccessKeyRow {
    name: String,
    role: Role,
    area: Option<AreaCode>,
    worker: Option<WorkerId>,
    organisation: Option<OrganisationId>,
    created_at: Timestamp,
}

pub(super) async fn save_access_key(pool: &PgPool, key: &AccessKey) -> Result<(), StoreError> {
    let actor = &key.actor;
    sqlx::query(
        "INSERT INTO access_keys
             (digest, name, role, area, worker, organisation, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (digest) DO UPDATE SET
             (name, role, area, worker, organisation, created_at) =
             (excluded.name, excluded.role, excluded.area, excluded.worker,
              excluded.organisation, excluded.created_at)",
    )
    .bind(key.digest)
    .bind(&actor.name)
    .bind(actor.role.as_str())
    .bind(actor.area.as_ref().map(AreaCode::as_str))
    .bind(actor.worker.map(|id| id.0))
    .bind(actor.organisation.map(|id| id.0))
    .bind(key.created_at)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn find_access_key(
    pool: &PgPool,
    digest: &[u8; 32],
) -> Result<Option<AccessKey>, StoreError> {
    let row: Option<AccessKeyRow> = sqlx::query_as(
        "SELECT name, role, area, worker, organisation, created_at
         FROM access_keys WHERE digest = $1",
    )
    .bind(digest)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| AccessKey {
        digest: *digest,
        actor: Actor {
            name: row.name,
            role: row.role,
            area: row.area,
            worker: row.worker,
            organisation: row.organisation,
            tracking_key: None,
        },
        created_at: row.created_at,
    }))
}
