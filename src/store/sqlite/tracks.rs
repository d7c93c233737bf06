//! The ways that workers went.

use chrono::NaiveDate;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;

use super::Write;
use super::people::PositionRow;
use crate::domain::{Fix, Timestamp, WorkerId};
use crate::store::{StoreError, days_of};

/// Adds points to tracks; a point that is known stays.
pub(super) async fn record(tx: &mut SqliteConnection, track: &[Fix]) -> Result<(), StoreError> {
    if track.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = track
        .iter()
        .map(|fix| {
            (
                fix.worker.0.simple().to_string(),
                fix.at.timestamp_millis(),
                fix.position.lon_e7(),
                fix.position.lat_e7(),
                fix.accuracy_m.map(f64::from),
                fix.speed_mps.map(f64::from),
                fix.heading_deg.map(f64::from),
                day_number(fix.at.date_naive()),
            )
        })
        .collect();
    sqlx::query(
        "INSERT INTO tracks
             (day, worker, at, lon_e7, lat_e7, accuracy_m, speed_mps, heading_deg)
         SELECT value ->> 7, unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3,
             value ->> 4, value ->> 5, value ->> 6
         FROM json_each($1)
         WHERE true
         ON CONFLICT DO NOTHING",
    )
    .bind(Json(rows))
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn load(
    reader: &SqlitePool,
    worker: WorkerId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Fix>, StoreError> {
    let days: Vec<i32> = days_of(from, until).map(day_number).collect();
    let rows: Vec<PositionRow> = sqlx::query_as(
        "SELECT worker, lon_e7, lat_e7, at, accuracy_m, speed_mps, heading_deg
         FROM tracks
         WHERE day IN (SELECT value FROM json_each($1)) AND worker = $2
             AND at >= $3 AND at < $4
         ORDER BY at",
    )
    .bind(Json(days))
    .bind(worker.0)
    .bind(from.timestamp_millis())
    .bind(until.timestamp_millis())
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(Fix::try_from).collect()
}

pub(super) async fn drop_before(mut tx: Write, day: NaiveDate) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tracks WHERE day < $1")
        .bind(day_number(day))
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

fn day_number(day: NaiveDate) -> i32 {
    day.to_epoch_days()
}
