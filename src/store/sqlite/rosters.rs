//! Posts one by one, duty rosters, and what workers had to do.

use std::collections::HashSet;

use chrono::NaiveDate;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder, Sqlite};
use uuid::Uuid;

use super::{Write, changes, parse, parse_time, people};
use crate::domain::posts::{Duty, Plan, RosterChange, ShiftCode, Workload, fingerprint};
use crate::domain::{AreaCode, Post, PostId, Timestamp, WorkerId};
use crate::store::announce::Announcement;
use crate::store::{DutyQuery, NewRoster, StoreError, WorkloadQuery};

use super::incidents::code_column;

pub(super) async fn find_post(reader: &SqlitePool, id: PostId) -> Result<Option<Post>, StoreError> {
    let row: Option<PostRow> = sqlx::query_as(
        "SELECT id, worker, area, slot, from_time, until_time FROM posts WHERE id = $1",
    )
    .bind(id.0)
    .fetch_optional(reader)
    .await?;
    row.map(Post::try_from).transpose()
}

pub(super) async fn save_post(
    mut tx: Write,
    post: &Post,
    now: Timestamp,
) -> Result<(), StoreError> {
    let on_duty = sqlx::query_scalar("SELECT on_duty FROM workers WHERE id = $1")
        .bind(post.worker.0)
        .fetch_optional(&mut *tx)
        .await?;
    let on_duty: bool = on_duty.ok_or(StoreError::NoWorker(post.worker))?;
    let rows: Vec<PostRow> = sqlx::query_as(
        "SELECT id, worker, area, slot, from_time, until_time FROM posts WHERE worker = $1",
    )
    .bind(post.worker.0)
    .fetch_all(&mut *tx)
    .await?;
    for row in rows {
        let other = Post::try_from(row)?;
        if other.id != post.id && other.overlaps(post) {
            return Err(StoreError::PostOverlaps(other.id));
        }
    }
    people::save_post(&mut tx, post).await?;
    if let Some(until) = post.until {
        sqlx::query(
            "DELETE FROM duties
             WHERE worker = $1 AND area = $2 AND slot = $3 AND stands_in_for IS NULL
                 AND starts_at >= $4 AND starts_at > $5
                 AND NOT EXISTS (SELECT 1 FROM posts AS held
                     WHERE held.worker = $1 AND held.area = $2 AND held.slot = $3
                         AND held.from_time <= duties.starts_at
                         AND (held.until_time IS NULL OR held.until_time > duties.starts_at))",
        )
        .bind(post.worker.0)
        .bind(post.area.as_str())
        .bind(post.slot.as_str())
        .bind(until.timestamp_millis())
        .bind(now.timestamp_millis())
        .execute(&mut *tx)
        .await?;
    }
    changes::announce(&mut tx, Announcement::duty(post.worker, on_duty, now)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn list_duties(
    reader: &SqlitePool,
    query: &DutyQuery,
) -> Result<Vec<Duty>, StoreError> {
    let rows: Vec<DutyRow> = select_duties(query)
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(Duty::try_from).collect()
}

fn select_duties(query: &DutyQuery) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(
        "SELECT area, date, slot, shift, worker, stands_in_for, starts_at, ends_at
         FROM duties WHERE true",
    );
    if let Some(areas) = &query.areas {
        sql.push(" AND area IN (SELECT value FROM json_each(")
            .push_bind(Json(areas.clone()))
            .push("))");
    }
    if let Some(worker) = query.worker {
        sql.push(" AND worker = ").push_bind(worker.0);
    }
    if let Some(dates) = &query.dates {
        sql.push(" AND date >= ").push_bind(dates.start);
        sql.push(" AND date < ").push_bind(dates.end);
    }
    if let Some(during) = &query.during {
        sql.push(" AND starts_at < ")
            .push_bind(during.end.timestamp_millis());
        sql.push(" AND ends_at > ")
            .push_bind(during.start.timestamp_millis());
    }
    sql
}

pub(super) async fn save_roster(
    mut tx: Write,
    new: &NewRoster,
) -> Result<Vec<WorkerId>, StoreError> {
    let query = DutyQuery {
        areas: Some(new.areas.clone()),
        dates: Some(new.dates.clone()),
        ..DutyQuery::default()
    };
    let rows: Vec<DutyRow> = select_duties(&query)
        .build_query_as()
        .fetch_all(&mut *tx)
        .await?;
    let before: Vec<Duty> = rows
        .into_iter()
        .map(Duty::try_from)
        .collect::<Result<_, _>>()?;
    if fingerprint(&before) != new.base {
        return Err(StoreError::StaleRoster);
    }
    // What should have happened by now happens by the roster as it was.
    let mark = mark(&mut tx).await?;
    let now = new.at.max(mark);
    let mut told: HashSet<WorkerId> = HashSet::new();
    told.extend(follow(&mut tx, mark, now).await?);
    let change = RosterChange::between(&before, &new.duties, now);
    for duty in &change.removed {
        delete_duty(&mut tx, duty).await?;
    }
    for duty in &change.added {
        insert_duty(&mut tx, duty).await?;
    }
    for &worker in &change.coming {
        sqlx::query("UPDATE workers SET on_duty = true WHERE id = $1")
            .bind(worker.0)
            .execute(&mut *tx)
            .await?;
    }
    for &worker in &change.leaving {
        sqlx::query(
            "UPDATE workers SET on_duty = false
             WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM duties
                 WHERE worker = $1 AND starts_at <= $2 AND ends_at > $2)",
        )
        .bind(worker.0)
        .bind(now.timestamp_millis())
        .execute(&mut *tx)
        .await?;
    }
    told.extend(change.touched);
    let told = announce(&mut tx, told, new.at).await?;
    tx.commit().await?;
    Ok(told)
}

async fn delete_duty(tx: &mut SqliteConnection, duty: &Duty) -> Result<(), StoreError> {
    let plan = &duty.plan;
    sqlx::query(
        "DELETE FROM duties
         WHERE area = $1 AND date = $2 AND slot = $3 AND shift = $4 AND worker = $5",
    )
    .bind(plan.area.as_str())
    .bind(plan.date)
    .bind(plan.slot.as_str())
    .bind(&plan.shift.0)
    .bind(plan.worker.0)
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_duty(tx: &mut SqliteConnection, duty: &Duty) -> Result<(), StoreError> {
    let plan = &duty.plan;
    sqlx::query(
        "INSERT INTO duties (area, date, slot, shift, worker, stands_in_for, starts_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(plan.area.as_str())
    .bind(plan.date)
    .bind(plan.slot.as_str())
    .bind(&plan.shift.0)
    .bind(plan.worker.0)
    .bind(plan.stands_in_for.map(|absent| absent.0))
    .bind(duty.from.timestamp_millis())
    .bind(duty.until.timestamp_millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn is_roster_due(reader: &SqlitePool, now: Timestamp) -> Result<bool, StoreError> {
    let due = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM duties, roster_mark
                 WHERE starts_at > followed_until AND starts_at <= $1)
             OR EXISTS (SELECT 1 FROM duties, roster_mark
                 WHERE ends_at > followed_until AND ends_at <= $1)",
    )
    .bind(now.timestamp_millis())
    .fetch_one(reader)
    .await?;
    Ok(due)
}

pub(super) async fn follow_roster(
    mut tx: Write,
    now: Timestamp,
) -> Result<Vec<WorkerId>, StoreError> {
    let mark = mark(&mut tx).await?;
    let followed = follow(&mut tx, mark, now).await?;
    let told = announce(&mut tx, followed.into_iter().collect(), now).await?;
    tx.commit().await?;
    Ok(told)
}

/// Up to when the roster was followed.
async fn mark(tx: &mut SqliteConnection) -> Result<Timestamp, StoreError> {
    let mark = sqlx::query_scalar("SELECT followed_until FROM roster_mark")
        .fetch_one(tx)
        .await?;
    parse_time("the roster's mark", mark)
}

/// Puts workers on and off duty whose duties begin or end after a time up to another, and
/// says who was not so before.
async fn follow(
    tx: &mut SqliteConnection,
    mark: Timestamp,
    now: Timestamp,
) -> Result<Vec<WorkerId>, StoreError> {
    if now <= mark {
        return Ok(Vec::new());
    }
    let workers: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE workers SET on_duty = turn.begins
         FROM (SELECT worker, max(starts_at > $1 AND ends_at > $2) AS begins
             FROM duties
             WHERE (starts_at > $1 AND starts_at <= $2) OR (ends_at > $1 AND ends_at <= $2)
             GROUP BY worker) AS turn
         WHERE workers.id = turn.worker AND workers.on_duty <> turn.begins
             AND (turn.begins OR NOT EXISTS (SELECT 1 FROM duties
                 WHERE duties.worker = workers.id AND starts_at <= $2 AND ends_at > $2))
         RETURNING workers.id",
    )
    .bind(mark.timestamp_millis())
    .bind(now.timestamp_millis())
    .fetch_all(&mut *tx)
    .await?;
    sqlx::query("UPDATE roster_mark SET followed_until = $1")
        .bind(now.timestamp_millis())
        .execute(tx)
        .await?;
    Ok(workers.into_iter().map(WorkerId).collect())
}

async fn announce(
    tx: &mut SqliteConnection,
    workers: HashSet<WorkerId>,
    now: Timestamp,
) -> Result<Vec<WorkerId>, StoreError> {
    let ids: Vec<String> = workers
        .iter()
        .map(|worker| worker.0.simple().to_string())
        .collect();
    let told: Vec<(Uuid, bool)> = sqlx::query_as(
        "SELECT id, on_duty FROM workers
         WHERE id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY id",
    )
    .bind(Json(ids))
    .fetch_all(&mut *tx)
    .await?;
    let told: Vec<(WorkerId, bool)> = told
        .into_iter()
        .map(|(id, on_duty)| (WorkerId(id), on_duty))
        .collect();
    for announcement in Announcement::duties(&told, now) {
        changes::announce(tx, announcement).await?;
    }
    Ok(told.into_iter().map(|(id, _)| id).collect())
}

pub(super) async fn list_workloads(
    reader: &SqlitePool,
    query: &WorkloadQuery,
) -> Result<Vec<Workload>, StoreError> {
    let mut sql = QueryBuilder::new(
        "SELECT assignee AS worker,
             count(*) FILTER (WHERE role = 'lead') AS led,
             count(*) FILTER (WHERE role = 'assist') AS assisted,
             count(*) FILTER (WHERE status IN ('offered', 'signed')) AS open,
             count(*) FILTER (WHERE CASE
                 WHEN status = 'fed_back' THEN fed_back_at > resolve_by
                 WHEN status IN ('offered', 'signed') AND NOT deferred THEN resolve_by < ",
    );
    sql.push_bind(query.now.timestamp_millis()).push(
        " END) AS late,
             count(*) FILTER (WHERE status = 'returned') AS returned,
             avg(signed_at - offered_at) / 1000.0 AS mean_sign_s,
             avg(fed_back_at - offered_at) / 1000.0 AS mean_feed_back_s
         FROM (SELECT t.assignee, t.role, t.status, t.offered_at, t.signed_at, t.fed_back_at,
                 i.deferral IS NOT NULL AS deferred,
                 CAST(round(unixepoch(CASE t.role WHEN 'lead' THEN i.deadlines
                     ELSE t.deadlines END ->> 'resolve_by', 'subsec') * 1000) AS INTEGER)
                     AS resolve_by
             FROM tasks AS t JOIN incidents AS i ON i.id = t.incident
             WHERE t.assignee_kind = 'worker' AND t.offered_at >= ",
    );
    sql.push_bind(query.since.timestamp_millis());
    sql.push(" AND t.offered_at < ")
        .push_bind(query.until.timestamp_millis());
    if let Some(area) = &query.within {
        sql.push(" AND i.")
            .push(code_column(area.level))
            .push(" = ")
            .push_bind(area.code.as_str());
    }
    let rows: Vec<WorkloadRow> = sql
        .push(") GROUP BY assignee ORDER BY assignee")
        .build_query_as()
        .fetch_all(reader)
        .await?;
    Ok(rows.into_iter().map(Workload::from).collect())
}

#[derive(FromRow)]
struct PostRow {
    id: Uuid,
    worker: Uuid,
    area: String,
    slot: String,
    from_time: i64,
    until_time: Option<i64>,
}

impl TryFrom<PostRow> for Post {
    type Error = StoreError;

    fn try_from(row: PostRow) -> Result<Self, StoreError> {
        let what = "a post";
        let until = row.until_time.map(|until| parse_time(what, until));
        Ok(Self {
            id: PostId(row.id),
            worker: WorkerId(row.worker),
            area: parse(what, &row.area)?,
            slot: parse(what, &row.slot)?,
            from: parse_time(what, row.from_time)?,
            until: until.transpose()?,
        })
    }
}

#[derive(FromRow)]
struct DutyRow {
    area: String,
    date: NaiveDate,
    slot: String,
    shift: String,
    worker: Uuid,
    stands_in_for: Option<Uuid>,
    starts_at: i64,
    ends_at: i64,
}

impl TryFrom<DutyRow> for Duty {
    type Error = StoreError;

    fn try_from(row: DutyRow) -> Result<Self, StoreError> {
        let what = "a duty";
        let area: AreaCode = parse(what, &row.area)?;
        Ok(Self {
            plan: Plan {
                area,
                slot: parse(what, &row.slot)?,
                date: row.date,
                shift: ShiftCode(row.shift),
                worker: WorkerId(row.worker),
                stands_in_for: row.stands_in_for.map(WorkerId),
            },
            from: parse_time(what, row.starts_at)?,
            until: parse_time(what, row.ends_at)?,
        })
    }
}

#[derive(FromRow)]
struct WorkloadRow {
    worker: Uuid,
    led: u32,
    assisted: u32,
    open: u32,
    late: u32,
    returned: u32,
    mean_sign_s: Option<f64>,
    mean_feed_back_s: Option<f64>,
}

impl From<WorkloadRow> for Workload {
    fn from(row: WorkloadRow) -> Self {
        Self {
            worker: WorkerId(row.worker),
            led: row.led,
            assisted: row.assisted,
            open: row.open,
            late: row.late,
            returned: row.returned,
            mean_sign_s: row.mean_sign_s,
            mean_feed_back_s: row.mean_feed_back_s,
        }
    }
}
