//! Who was in which grid, who is watched over, and alarms.

use chrono::{NaiveDate, NaiveTime};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder, Sqlite};
use uuid::Uuid;

use super::{Write, changes, corrupt, parse, parse_time};
use crate::domain::presence::{Alarm, AlarmKind, Settled, Visit, Watch};
use crate::domain::{AlarmId, LngLat, WorkerId};
use crate::store::announce::Announcement;
use crate::store::{AlarmQuery, Raised, StoreError, VisitQuery, visit_days};

pub(super) async fn keep_visits(mut tx: Write, visits: &[Visit]) -> Result<(), StoreError> {
    let rows: Vec<_> = visits
        .iter()
        .map(|visit| {
            (
                day_number(visit.from.date_naive()),
                visit.worker.0.simple().to_string(),
                visit.from.timestamp_millis(),
                &visit.area,
                visit.seen_at.timestamp_millis(),
                visit.until.map(|until| until.timestamp_millis()),
            )
        })
        .collect();
    sqlx::query(
        "INSERT INTO visits (day, worker, from_at, area, seen_at, until_at)
         SELECT value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4,
             value ->> 5
         FROM json_each($1)
         WHERE true
         ON CONFLICT (day, worker, from_at) DO UPDATE SET
             seen_at = iif(excluded.until_at IS NULL,
                 max(visits.seen_at, excluded.seen_at), excluded.seen_at),
             until_at = excluded.until_at
         WHERE visits.until_at IS NULL",
    )
    .bind(Json(rows))
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn list_visits(
    reader: &SqlitePool,
    query: &VisitQuery,
) -> Result<Vec<Visit>, StoreError> {
    let mut sql: QueryBuilder<Sqlite> =
        QueryBuilder::new("SELECT worker, area, from_at, seen_at, until_at FROM visits WHERE true");
    if let Some(during) = &query.during {
        let days: Vec<i32> = visit_days(during).map(day_number).collect();
        sql.push(" AND day IN (SELECT value FROM json_each(")
            .push_bind(Json(days))
            .push("))");
        sql.push(" AND from_at < ")
            .push_bind(during.end.timestamp_millis());
        sql.push(" AND (until_at IS NULL OR until_at >= ")
            .push_bind(during.start.timestamp_millis())
            .push(")");
    } else {
        sql.push(" AND until_at IS NULL");
    }
    if let Some(worker) = query.worker {
        sql.push(" AND worker = ").push_bind(worker.0);
    }
    if let Some(areas) = &query.areas {
        sql.push(" AND area IN (SELECT value FROM json_each(")
            .push_bind(Json(areas.clone()))
            .push("))");
    }
    sql.push(" ORDER BY worker, from_at");
    let rows: Vec<VisitRow> = sql.build_query_as().fetch_all(reader).await?;
    rows.into_iter().map(Visit::try_from).collect()
}

pub(super) async fn drop_presence_before(mut tx: Write, day: NaiveDate) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM visits WHERE day < $1")
        .bind(day_number(day))
        .execute(&mut *tx)
        .await?;
    let begins_at = day.and_time(NaiveTime::MIN).and_utc();
    sqlx::query("DELETE FROM alarms WHERE settled_at < $1")
        .bind(begins_at.timestamp_millis())
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn save_watch(mut tx: Write, watch: &Watch) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO watches (worker, since, minutes, set_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (worker) DO UPDATE SET (since, minutes, set_by) = ($2, $3, $4)",
    )
    .bind(watch.worker.0)
    .bind(watch.since.timestamp_millis())
    .bind(watch.minutes)
    .bind(&watch.set_by)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn end_watch(mut tx: Write, worker: WorkerId) -> Result<bool, StoreError> {
    let ended = sqlx::query("DELETE FROM watches WHERE worker = $1")
        .bind(worker.0)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(ended.rows_affected() == 1)
}

pub(super) async fn list_watches(reader: &SqlitePool) -> Result<Vec<Watch>, StoreError> {
    let rows: Vec<WatchRow> =
        sqlx::query_as("SELECT worker, since, minutes, set_by FROM watches ORDER BY worker")
            .fetch_all(reader)
            .await?;
    rows.into_iter().map(Watch::try_from).collect()
}

pub(super) async fn raise_alarm(mut tx: Write, alarm: &Alarm) -> Result<Raised, StoreError> {
    let raised = sqlx::query(
        "INSERT INTO alarms (id, worker, kind, at, lon_e7, lat_e7, area, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT DO NOTHING",
    )
    .bind(alarm.id.0)
    .bind(alarm.worker.0)
    .bind(alarm.kind.as_str())
    .bind(alarm.at.timestamp_millis())
    .bind(alarm.position.map(LngLat::lon_e7))
    .bind(alarm.position.map(LngLat::lat_e7))
    .bind(alarm.area.as_ref().map(ToString::to_string))
    .bind(&alarm.note)
    .execute(&mut *tx)
    .await?;
    let repeated = raised.rows_affected() == 0;
    let row: AlarmRow = sqlx::query_as(
        "SELECT * FROM alarms
         WHERE id = $1
             OR worker = $2 AND (kind = 'panic') = $3 AND settled_at IS NULL",
    )
    .bind(alarm.id.0)
    .bind(alarm.worker.0)
    .bind(alarm.kind == AlarmKind::Panic)
    .fetch_one(&mut *tx)
    .await?;
    let alarm = Alarm::try_from(row)?;
    if !repeated {
        changes::announce(&mut tx, Announcement::alarm(&alarm)).await?;
    }
    tx.commit().await?;
    Ok(Raised { alarm, repeated })
}

pub(super) async fn settle_alarm(
    mut tx: Write,
    id: AlarmId,
    settled: &Settled,
) -> Result<Option<Alarm>, StoreError> {
    let done = sqlx::query(
        "UPDATE alarms SET (settled_at, settled_by, settled_note) = ($2, $3, $4)
         WHERE id = $1 AND settled_at IS NULL",
    )
    .bind(id.0)
    .bind(settled.at.timestamp_millis())
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
            .bind(settled.at.timestamp_millis())
            .execute(&mut *tx)
            .await?;
        changes::announce(&mut tx, Announcement::alarm(&alarm)).await?;
    }
    tx.commit().await?;
    Ok(Some(alarm))
}

pub(super) async fn find_alarm(
    reader: &SqlitePool,
    id: AlarmId,
) -> Result<Option<Alarm>, StoreError> {
    let mut connection = reader.acquire().await?;
    find(&mut connection, id).await
}

async fn find(connection: &mut SqliteConnection, id: AlarmId) -> Result<Option<Alarm>, StoreError> {
    let row: Option<AlarmRow> = sqlx::query_as("SELECT * FROM alarms WHERE id = $1")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(Alarm::try_from).transpose()
}

pub(super) async fn list_alarms(
    reader: &SqlitePool,
    query: &AlarmQuery,
) -> Result<Vec<Alarm>, StoreError> {
    let mut sql: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT * FROM alarms WHERE true");
    if let Some(is_open) = query.is_open {
        sql.push(if is_open {
            " AND settled_at IS NULL"
        } else {
            " AND settled_at IS NOT NULL"
        });
    }
    if let Some((at, id)) = query.after {
        sql.push(" AND (at, id) < (")
            .push_bind(at.timestamp_millis())
            .push(", ")
            .push_bind(id.0)
            .push(")");
    }
    sql.push(" ORDER BY at DESC, id DESC LIMIT ")
        .push_bind(query.limit);
    let rows: Vec<AlarmRow> = sql.build_query_as().fetch_all(reader).await?;
    rows.into_iter().map(Alarm::try_from).collect()
}

fn day_number(day: NaiveDate) -> i32 {
    day.to_epoch_days()
}

#[derive(FromRow)]
struct VisitRow {
    worker: Uuid,
    area: String,
    from_at: i64,
    seen_at: i64,
    until_at: Option<i64>,
}

impl TryFrom<VisitRow> for Visit {
    type Error = StoreError;

    fn try_from(row: VisitRow) -> Result<Self, StoreError> {
        let what = "a visit";
        Ok(Self {
            worker: WorkerId(row.worker),
            area: parse(what, &row.area)?,
            from: parse_time(what, row.from_at)?,
            seen_at: parse_time(what, row.seen_at)?,
            until: row.until_at.map(|at| parse_time(what, at)).transpose()?,
        })
    }
}

#[derive(FromRow)]
struct WatchRow {
    worker: Uuid,
    since: i64,
    minutes: u16,
    set_by: String,
}

impl TryFrom<WatchRow> for Watch {
    type Error = StoreError;

    fn try_from(row: WatchRow) -> Result<Self, StoreError> {
        Ok(Self {
            worker: WorkerId(row.worker),
            since: parse_time("a watch", row.since)?,
            minutes: row.minutes,
            set_by: row.set_by,
        })
    }
}

#[derive(FromRow)]
struct AlarmRow {
    id: Uuid,
    worker: Uuid,
    kind: String,
    at: i64,
    lon_e7: Option<i32>,
    lat_e7: Option<i32>,
    area: Option<String>,
    note: Option<String>,
    settled_at: Option<i64>,
    settled_by: Option<String>,
    settled_note: Option<String>,
}

impl TryFrom<AlarmRow> for Alarm {
    type Error = StoreError;

    fn try_from(row: AlarmRow) -> Result<Self, StoreError> {
        let what = "an alarm";
        let settled = row.settled_at.zip(row.settled_by);
        Ok(Self {
            id: AlarmId(row.id),
            worker: WorkerId(row.worker),
            kind: parse(what, &row.kind)?,
            at: parse_time(what, row.at)?,
            position: row
                .lon_e7
                .zip(row.lat_e7)
                .map(|(lon, lat)| LngLat::from_e7(lon, lat))
                .transpose()
                .map_err(|error| corrupt(what, error))?,
            area: row.area.map(|area| parse(what, &area)).transpose()?,
            note: row.note,
            settled: settled
                .map(|(at, by)| {
                    Ok::<_, StoreError>(Settled {
                        at: parse_time(what, at)?,
                        by,
                        note: row.settled_note,
                    })
                })
                .transpose()?,
        })
    }
}
