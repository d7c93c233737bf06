//! Who was in which grid, who is watched over, and alarms.

use chrono::{NaiveDate, NaiveTime};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::changes;
use crate::domain::presence::{Alarm, AlarmKind, Settled, Visit, Watch};
use crate::domain::{AlarmId, AreaCode, LngLat, Timestamp, WorkerId};
use crate::store::announce::Announcement;
use crate::store::{AlarmQuery, Raised, StoreError, VisitQuery, visit_days};

pub(super) async fn keep_visits(pool: &PgPool, visits: &[Visit]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO visits (day, worker, from_at, area, seen_at, until_at)
         SELECT * FROM unnest($1::date[], $2::uuid[], $3::timestamptz[], $4::text[],
             $5::timestamptz[], $6::timestamptz[])
         ON CONFLICT (day, worker, from_at) DO UPDATE SET
             seen_at = CASE WHEN excluded.until_at IS NULL
                 THEN greatest(visits.seen_at, excluded.seen_at) ELSE excluded.seen_at END,
             until_at = excluded.until_at
         WHERE visits.until_at IS NULL",
    )
    .bind(column(visits, |visit| visit.from.date_naive()))
    .bind(column(visits, |visit| visit.worker.0))
    .bind(column(visits, |visit| visit.from))
    .bind(column(visits, |visit| visit.area.to_string()))
    .bind(column(visits, |visit| visit.seen_at))
    .bind(column(visits, |visit| visit.until))
    .execute(pool)
    .await?;
    Ok(())
}

fn column<T>(visits: &[Visit], value: impl Fn(&Visit) -> T) -> Vec<T> {
    visits.iter().map(value).collect()
}

pub(super) async fn list_visits(
    pool: &PgPool,
    query: &VisitQuery,
) -> Result<Vec<Visit>, StoreError> {
    let mut sql: QueryBuilder<Postgres> =
        QueryBuilder::new("SELECT worker, area, from_at, seen_at, until_at FROM visits WHERE true");
    if let Some(during) = &query.during {
        sql.push(" AND day = ANY (")
            .push_bind(visit_days(during).collect::<Vec<NaiveDate>>())
            .push(")");
        sql.push(" AND from_at < ").push_bind(during.end);
        sql.push(" AND (until_at IS NULL OR until_at >= ")
            .push_bind(during.start)
            .push(")");
    } else {
        sql.push(" AND until_at IS NULL");
    }
    if let Some(worker) = query.worker {
        sql.push(" AND worker = ").push_bind(worker.0);
    }
    if let Some(areas) = &query.areas {
        let codes: Vec<String> = areas.iter().map(ToString::to_string).collect();
        sql.push(" AND area = ANY (").push_bind(codes).push(")");
    }
    sql.push(" ORDER BY worker, from_at");
    let rows: Vec<VisitRow> = sql
        .build_query_as()
        .persistent(false)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Visit::from).collect())
}

pub(super) async fn drop_presence_before(pool: &PgPool, day: NaiveDate) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM visits WHERE day < $1")
        .bind(day)
        .execute(pool)
        .await?;
    sqlx::query("DELETE FROM alarms WHERE settled_at < $1")
        .bind(day.and_time(NaiveTime::MIN).and_utc())
        .execute(pool)
        .await?;
    Ok(())
}

pub(super) async fn save_watch(pool: &PgPool, watch: &Watch) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO watches (worker, since, minutes, set_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (worker) DO UPDATE SET (since, minutes, set_by) = ($2, $3, $4)",
    )
    .bind(watch.worker.0)
    .bind(watch.since)
    .bind(i32::from(watch.minutes))
    .bind(&watch.set_by)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn end_watch(pool: &PgPool, worker: WorkerId) -> Result<bool, StoreError> {
    let ended = sqlx::query("DELETE FROM watches WHERE worker = $1")
        .bind(worker.0)
        .execute(pool)
        .await?;
    Ok(ended.rows_affected() == 1)
}

pub(super) async fn list_watches(pool: &PgPool) -> Result<Vec<Watch>, StoreError> {
    let rows: Vec<WatchRow> =
        sqlx::query_as("SELECT worker, since, minutes, set_by FROM watches ORDER BY worker")
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(Watch::try_from).collect()
}

/// An alarm as it is read; conditions come behind it.
macro_rules! select_alarms {
    ($rest:literal) => {
        concat!(
            "SELECT id, worker, kind, at, ST_X(geom) AS lon, ST_Y(geom) AS lat, area, note,
                 settled_at, settled_by, settled_note
             FROM alarms ",
            $rest
        )
    };
}

/// Who finds another alarm in the way, which is settled before it can be read, begins anew.
pub(super) async fn raise_alarm(pool: &PgPool, alarm: &Alarm) -> Result<Raised, StoreError> {
    loop {
        let mut tx = super::begin(pool).await?;
        let raised = sqlx::query(
            "INSERT INTO alarms (id, worker, kind, at, geom, area, note)
             VALUES ($1, $2, $3, $4, ST_SetSRID(ST_MakePoint($5, $6), 4326), $7, $8)
             ON CONFLICT DO NOTHING",
        )
        .bind(alarm.id.0)
        .bind(alarm.worker.0)
        .bind(alarm.kind.as_str())
        .bind(alarm.at)
        .bind(alarm.position.map(LngLat::lon))
        .bind(alarm.position.map(LngLat::lat))
        .bind(alarm.area.as_ref().map(AreaCode::as_str))
        .bind(&alarm.note)
        .execute(&mut *tx)
        .await?;
        let repeated = raised.rows_affected() == 0;
        let row: Option<AlarmRow> = sqlx::query_as(select_alarms!(
            "WHERE id = $1 OR worker = $2 AND (kind = 'panic') = $3 AND settled_at IS NULL"
        ))
        .bind(alarm.id.0)
        .bind(alarm.worker.0)
        .bind(alarm.kind == AlarmKind::Panic)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { continue };
        let alarm = Alarm::try_from(row)?;
        if !repeated {
            changes::announce(&mut tx, &Announcement::alarm(&alarm)).await?;
        }
        tx.commit().await?;
        return Ok(Raised { alarm, repeated });
    }
}

pub(super) async fn settle_alarm(
    pool: &PgPool,
    id: AlarmId,
    settled: &Settled,
) -> Result<Option<Alarm>, StoreError> {
    let mut tx = super::begin(pool).await?;
    let done = sqlx::query(
        "UPDATE alarms SET (settled_at, settled_by, settled_note) = ($2, $3, $4)
         WHERE id = $1 AND settled_at IS NULL",
    )
    .bind(id.0)
    .bind(settled.at)
    .bind(&settled.by)
    .bind(&settled.note)
    .execute(&mut *tx)
    .await?;
    let Some(alarm) = find(&mut tx, id).await? else {
        return Ok(None);
    };
    if done.rows_affected() == 1 {
        sqlx::query("UPDATE watches SET since = $2 WHERE worker = $1")
            .bind(alarm.worker.0)
            .bind(settled.at)
            .execute(&mut *tx)
            .await?;
        changes::announce(&mut tx, &Announcement::alarm(&alarm)).await?;
    }
    tx.commit().await?;
    Ok(Some(alarm))
}

pub(super) async fn find_alarm(pool: &PgPool, id: AlarmId) -> Result<Option<Alarm>, StoreError> {
    let mut connection = pool.acquire().await?;
    find(&mut connection, id).await
}

async fn find(connection: &mut PgConnection, id: AlarmId) -> Result<Option<Alarm>, StoreError> {
    let row: Option<AlarmRow> = sqlx::query_as(select_alarms!("WHERE id = $1"))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(Alarm::try_from).transpose()
}

pub(super) async fn list_alarms(
    pool: &PgPool,
    query: &AlarmQuery,
) -> Result<Vec<Alarm>, StoreError> {
    let mut sql: QueryBuilder<Postgres> = QueryBuilder::new(select_alarms!("WHERE true"));
    if let Some(is_open) = query.is_open {
        sql.push(if is_open {
            " AND settled_at IS NULL"
        } else {
            " AND settled_at IS NOT NULL"
        });
    }
    if let Some((at, id)) = query.after {
        sql.push(" AND (at, id) < (")
            .push_bind(at)
            .push(", ")
            .push_bind(id.0)
            .push(")");
    }
    sql.push(" ORDER BY at DESC, id DESC LIMIT ")
        .push_bind(i64::from(query.limit));
    let rows: Vec<AlarmRow> = sql
        .build_query_as()
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Alarm::try_from).collect()
}

fn corrupt(what: &'static str, why: &impl ToString) -> StoreError {
    StoreError::Corrupt {
        what,
        why: why.to_string(),
    }
}

#[derive(FromRow)]
struct VisitRow {
    worker: WorkerId,
    area: AreaCode,
    from_at: Timestamp,
    seen_at: Timestamp,
    until_at: Option<Timestamp>,
}

impl From<VisitRow> for Visit {
    fn from(row: VisitRow) -> Self {
        Self {
            worker: row.worker,
            area: row.area,
            from: row.from_at,
            seen_at: row.seen_at,
            until: row.until_at,
        }
    }
}

#[derive(FromRow)]
struct WatchRow {
    worker: WorkerId,
    since: Timestamp,
    minutes: i32,
    set_by: String,
}

impl TryFrom<WatchRow> for Watch {
    type Error = StoreError;

    fn try_from(row: WatchRow) -> Result<Self, StoreError> {
        Ok(Self {
            worker: row.worker,
            since: row.since,
            minutes: u16::try_from(row.minutes).map_err(|error| corrupt("a watch", &error))?,
            set_by: row.set_by,
        })
    }
}

#[derive(FromRow)]
struct AlarmRow {
    id: Uuid,
    worker: WorkerId,
    kind: AlarmKind,
    at: Timestamp,
    lon: Option<f64>,
    lat: Option<f64>,
    area: Option<AreaCode>,
    note: Option<String>,
    settled_at: Option<Timestamp>,
    settled_by: Option<String>,
    settled_note: Option<String>,
}

impl TryFrom<AlarmRow> for Alarm {
    type Error = StoreError;

    fn try_from(row: AlarmRow) -> Result<Self, StoreError> {
        let note = row.settled_note;
        let settled = row.settled_at.zip(row.settled_by);
        Ok(Self {
            id: AlarmId(row.id),
            worker: row.worker,
            kind: row.kind,
            at: row.at,
            position: row
                .lon
                .zip(row.lat)
                .map(|(lon, lat)| LngLat::from_degrees(lon, lat))
                .transpose()
                .map_err(|error| corrupt("an alarm", &error))?,
            area: row.area,
            note: row.note,
            settled: settled.map(|(at, by)| Settled { at, by, note }),
        })
    }
}
