//! Posts one by one, duty rosters, and what workers had to do.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::incidents::code_column;
use super::{changes, people};
use crate::domain::posts::{Duty, Plan, RosterChange, ShiftCode, Workload, fingerprint};
use crate::domain::{AreaCode, Post, PostId, Slot, Timestamp, WorkerId};
use crate::store::announce::Announcement;
use crate::store::{DutyQuery, NewRoster, StoreError, WorkloadQuery};

pub(super) async fn find_post(pool: &PgPool, id: PostId) -> Result<Option<Post>, StoreError> {
    let row: Option<PostRow> = sqlx::query_as(
        "SELECT id, worker, area, slot, held_from, held_until FROM posts WHERE id = $1",
    )
    .bind(id.0)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(Post::from))
}

/// Who appoints one worker at the same time waits for the worker's row.
pub(super) async fn save_post(
    pool: &PgPool,
    post: &Post,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    // Who writes rosters locks in this order.
    mark(&mut tx).await?;
    let on_duty = sqlx::query_scalar("SELECT on_duty FROM workers WHERE id = $1 FOR UPDATE")
        .bind(post.worker.0)
        .fetch_optional(&mut *tx)
        .await?;
    let on_duty: bool = on_duty.ok_or(StoreError::NoWorker(post.worker))?;
    let rows: Vec<PostRow> = sqlx::query_as(
        "SELECT id, worker, area, slot, held_from, held_until FROM posts WHERE worker = $1",
    )
    .bind(post.worker.0)
    .fetch_all(&mut *tx)
    .await?;
    for row in rows {
        let other = Post::from(row);
        if other.id != post.id && other.overlaps(post) {
            return Err(StoreError::PostOverlaps(other.id));
        }
    }
    people::save_posts(&mut tx, std::slice::from_ref(post)).await?;
    if let Some(until) = post.until {
        sqlx::query(
            "DELETE FROM duties
             WHERE worker = $1 AND area = $2 AND slot = $3 AND stands_in_for IS NULL
                 AND starts_at >= $4 AND starts_at > $5
                 AND NOT EXISTS (SELECT FROM posts AS held
                     WHERE held.worker = $1 AND held.area = $2 AND held.slot = $3
                         AND held.held_from <= starts_at
                         AND (held.held_until IS NULL OR held.held_until > starts_at))",
        )
        .bind(post.worker.0)
        .bind(post.area.as_str())
        .bind(post.slot.as_str())
        .bind(until)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    changes::announce(&mut tx, &Announcement::duty(post.worker, on_duty, now)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn list_duties(pool: &PgPool, query: &DutyQuery) -> Result<Vec<Duty>, StoreError> {
    let rows: Vec<DutyRow> = select_duties(query)
        .build_query_as()
        .persistent(false)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Duty::from).collect())
}

fn select_duties(query: &DutyQuery) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "SELECT area, date, slot, shift, worker, stands_in_for, starts_at, ends_at
         FROM duties WHERE true",
    );
    if let Some(areas) = &query.areas {
        let codes: Vec<String> = areas.iter().map(ToString::to_string).collect();
        sql.push(" AND area = ANY (").push_bind(codes).push(")");
    }
    if let Some(worker) = query.worker {
        sql.push(" AND worker = ").push_bind(worker.0);
    }
    if let Some(dates) = &query.dates {
        sql.push(" AND date >= ").push_bind(dates.start);
        sql.push(" AND date < ").push_bind(dates.end);
    }
    if let Some(during) = &query.during {
        sql.push(" AND starts_at < ").push_bind(during.end);
        sql.push(" AND ends_at > ").push_bind(during.start);
    }
    sql
}

pub(super) async fn save_roster(
    pool: &PgPool,
    new: &NewRoster,
) -> Result<Vec<WorkerId>, StoreError> {
    let mut tx = super::begin(pool).await?;
    let mark = mark(&mut tx).await?;
    let query = DutyQuery {
        areas: Some(new.areas.clone()),
        dates: Some(new.dates.clone()),
        ..DutyQuery::default()
    };
    let rows: Vec<DutyRow> = select_duties(&query)
        .build_query_as()
        .persistent(false)
        .fetch_all(&mut *tx)
        .await?;
    let before: Vec<Duty> = rows.into_iter().map(Duty::from).collect();
    if fingerprint(&before) != new.base {
        return Err(StoreError::StaleRoster);
    }
    // What should have happened by now happens by the roster as it was.
    let now = new.at.max(mark);
    let mut told: HashSet<WorkerId> = HashSet::new();
    told.extend(follow(&mut tx, mark, now).await?);
    let change = RosterChange::between(&before, &new.duties, now);
    delete_duties(&mut tx, &change.removed).await?;
    insert_duties(&mut tx, &change.added).await?;
    sqlx::query(
        "UPDATE workers SET on_duty = id = ANY ($1)
         WHERE id = ANY ($1) OR (id = ANY ($2) AND NOT EXISTS (SELECT FROM duties
             WHERE worker = workers.id AND starts_at <= $3 AND ends_at > $3))",
    )
    .bind(identities(&change.coming))
    .bind(identities(&change.leaving))
    .bind(now)
    .execute(&mut *tx)
    .await?;
    told.extend(change.touched);
    let told = announce(&mut tx, told, new.at).await?;
    tx.commit().await?;
    Ok(told)
}

async fn delete_duties(tx: &mut PgConnection, duties: &[Duty]) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM duties USING jsonb_populate_recordset(NULL::duties, $1) AS gone
         WHERE (duties.area, duties.date, duties.slot, duties.shift, duties.worker) =
             (gone.area, gone.date, gone.slot, gone.shift, gone.worker)",
    )
    .bind(rows_of(duties))
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_duties(tx: &mut PgConnection, duties: &[Duty]) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO duties SELECT * FROM jsonb_populate_recordset(NULL::duties, $1)")
        .bind(rows_of(duties))
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn is_roster_due(pool: &PgPool, now: Timestamp) -> Result<bool, StoreError> {
    let due = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM duties, roster_mark
                 WHERE starts_at > followed_until AND starts_at <= $1)
             OR EXISTS (SELECT FROM duties, roster_mark
                 WHERE ends_at > followed_until AND ends_at <= $1)",
    )
    .bind(now)
    .fetch_one(pool)
    .await?;
    Ok(due)
}

pub(super) async fn follow_roster(
    pool: &PgPool,
    now: Timestamp,
) -> Result<Vec<WorkerId>, StoreError> {
    let mut tx = super::begin(pool).await?;
    let mark = mark(&mut tx).await?;
    let followed = follow(&mut tx, mark, now).await?;
    let told = announce(&mut tx, followed.into_iter().collect(), now).await?;
    tx.commit().await?;
    Ok(told)
}

/// Up to when the roster was followed; who writes rosters takes turns from here on.
async fn mark(tx: &mut PgConnection) -> Result<Timestamp, StoreError> {
    let mark = sqlx::query_scalar("SELECT followed_until FROM roster_mark FOR UPDATE")
        .fetch_one(tx)
        .await?;
    Ok(mark)
}

/// Puts workers on and off duty whose duties begin or end after a time up to another, and
/// says who was not so before.
async fn follow(
    tx: &mut PgConnection,
    mark: Timestamp,
    now: Timestamp,
) -> Result<Vec<WorkerId>, StoreError> {
    if now <= mark {
        return Ok(Vec::new());
    }
    let workers: Vec<WorkerId> = sqlx::query_scalar(
        "UPDATE workers SET on_duty = turn.begins
         FROM (SELECT worker, bool_or(starts_at > $1 AND ends_at > $2) AS begins
             FROM duties
             WHERE (starts_at > $1 AND starts_at <= $2) OR (ends_at > $1 AND ends_at <= $2)
             GROUP BY worker) AS turn
         WHERE workers.id = turn.worker AND workers.on_duty <> turn.begins
             AND (turn.begins OR NOT EXISTS (SELECT FROM duties
                 WHERE duties.worker = workers.id AND starts_at <= $2 AND ends_at > $2))
         RETURNING workers.id",
    )
    .bind(mark)
    .bind(now)
    .fetch_all(&mut *tx)
    .await?;
    sqlx::query("UPDATE roster_mark SET followed_until = $1")
        .bind(now)
        .execute(tx)
        .await?;
    Ok(workers)
}

async fn announce(
    tx: &mut PgConnection,
    workers: HashSet<WorkerId>,
    now: Timestamp,
) -> Result<Vec<WorkerId>, StoreError> {
    let workers: Vec<WorkerId> = workers.into_iter().collect();
    let told: Vec<(WorkerId, bool)> =
        sqlx::query_as("SELECT id, on_duty FROM workers WHERE id = ANY ($1) ORDER BY id")
            .bind(identities(&workers))
            .fetch_all(&mut *tx)
            .await?;
    for announcement in Announcement::duties(&told, now) {
        changes::announce(tx, &announcement).await?;
    }
    Ok(told.into_iter().map(|(id, _)| id).collect())
}

fn identities(workers: &[WorkerId]) -> Vec<Uuid> {
    workers.iter().map(|worker| worker.0).collect()
}

pub(super) async fn list_workloads(
    pool: &PgPool,
    query: &WorkloadQuery,
) -> Result<Vec<Workload>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT worker,
             count(*) FILTER (WHERE role = 'lead') AS led,
             count(*) FILTER (WHERE role = 'assist') AS assisted,
             count(*) FILTER (WHERE status IN ('offered', 'signed')) AS open,
             count(*) FILTER (WHERE CASE
                 WHEN status = 'fed_back' THEN fed_back_at > resolve_by
                 WHEN status IN ('offered', 'signed') AND NOT deferred THEN resolve_by < ",
    );
    sql.push_bind(query.now).push(
        " END) AS late,
             count(*) FILTER (WHERE status = 'returned') AS returned,
             avg(extract(epoch FROM signed_at - offered_at))::float8 AS mean_sign_s,
             avg(extract(epoch FROM fed_back_at - offered_at))::float8 AS mean_feed_back_s
         FROM (SELECT task.assignee_id AS worker, task.role, task.status, task.offered_at,
                 task.signed_at, task.fed_back_at, incidents.deferral IS NOT NULL AS deferred,
                 (CASE task.role WHEN 'lead' THEN incidents.deadlines
                     ELSE task.deadlines END ->> 'resolve_by')::timestamptz AS resolve_by
             FROM tasks AS task JOIN incidents ON incidents.id = task.incident
             WHERE task.assignee_kind = 'worker' AND task.offered_at >= ",
    );
    sql.push_bind(query.since);
    sql.push(" AND task.offered_at < ").push_bind(query.until);
    if let Some(area) = &query.within {
        sql.push(" AND incidents.")
            .push(code_column(area.level))
            .push(" = ")
            .push_bind(area.code.as_str().to_owned());
    }
    let rows: Vec<WorkloadRow> = sql
        .push(") AS tasks GROUP BY worker ORDER BY worker")
        .build_query_as()
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Workload::try_from).collect()
}

#[derive(FromRow)]
struct PostRow {
    id: PostId,
    worker: WorkerId,
    area: AreaCode,
    slot: Slot,
    held_from: Timestamp,
    held_until: Option<Timestamp>,
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

#[derive(Serialize, FromRow)]
struct DutyRow {
    area: AreaCode,
    date: NaiveDate,
    slot: Slot,
    shift: String,
    worker: WorkerId,
    stands_in_for: Option<WorkerId>,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

fn rows_of(duties: &[Duty]) -> Json<Vec<DutyRow>> {
    let row = |duty: &Duty| DutyRow {
        area: duty.plan.area.clone(),
        date: duty.plan.date,
        slot: duty.plan.slot,
        shift: duty.plan.shift.0.clone(),
        worker: duty.plan.worker,
        stands_in_for: duty.plan.stands_in_for,
        starts_at: duty.from,
        ends_at: duty.until,
    };
    Json(duties.iter().map(row).collect())
}

impl From<DutyRow> for Duty {
    fn from(row: DutyRow) -> Self {
        Self {
            plan: Plan {
                area: row.area,
                slot: row.slot,
                date: row.date,
                shift: ShiftCode(row.shift),
                worker: row.worker,
                stands_in_for: row.stands_in_for,
            },
            from: row.starts_at,
            until: row.ends_at,
        }
    }
}

#[derive(FromRow)]
struct WorkloadRow {
    worker: WorkerId,
    led: i64,
    assisted: i64,
    open: i64,
    late: i64,
    returned: i64,
    mean_sign_s: Option<f64>,
    mean_feed_back_s: Option<f64>,
}

impl TryFrom<WorkloadRow> for Workload {
    type Error = StoreError;

    fn try_from(row: WorkloadRow) -> Result<Self, StoreError> {
        let count = |count: i64| {
            u32::try_from(count).map_err(|error| StoreError::Corrupt {
                what: "a count of tasks",
                why: error.to_string(),
            })
        };
        Ok(Self {
            worker: row.worker,
            led: count(row.led)?,
            assisted: count(row.assisted)?,
            open: count(row.open)?,
            late: count(row.late)?,
            returned: count(row.returned)?,
            mean_sign_s: row.mean_sign_s,
            mean_feed_back_s: row.mean_feed_back_s,
        })
    }
}
