//! The ways that workers went.

use chrono::NaiveDate;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::people::{FixRow, column};
use crate::domain::{Fix, Timestamp, WorkerId};
use crate::store::{StoreError, days_of};

/// Adds points to tracks; a point that is known stays.
pub(super) async fn record(connection: &mut PgConnection, track: &[Fix]) -> Result<(), StoreError> {
    if track.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO tracks (day, worker, at, geom, accuracy_m, speed_mps, heading_deg)
         SELECT day, worker, at, ST_SetSRID(ST_MakePoint(lon, lat), 4326), accuracy_m,
             speed_mps, heading_deg
         FROM unnest($1::uuid[], $2::float8[], $3::float8[], $4::timestamptz[],
             $5::real[], $6::real[], $7::real[], $8::date[])
             AS fix (worker, lon, lat, at, accuracy_m, speed_mps, heading_deg, day)
         ON CONFLICT DO NOTHING",
    )
    .bind(track.iter().map(|fix| fix.worker.0).collect::<Vec<Uuid>>())
    .bind(column(track, |fix| fix.position.lon()))
    .bind(column(track, |fix| fix.position.lat()))
    .bind(column(track, |fix| fix.at))
    .bind(column(track, |fix| fix.accuracy_m))
    .bind(column(track, |fix| fix.speed_mps))
    .bind(column(track, |fix| fix.heading_deg))
    .bind(column(track, |fix| fix.at.date_naive()))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn load(
    pool: &PgPool,
    worker: WorkerId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Fix>, StoreError> {
    let rows: Vec<FixRow> = sqlx::query_as(
        "SELECT worker, ST_X(geom) AS lon, ST_Y(geom) AS lat, at, accuracy_m, speed_mps,
             heading_deg
         FROM tracks
         WHERE day = ANY ($1) AND worker = $2 AND at >= $3 AND at < $4
         ORDER BY at",
    )
    .bind(days_of(from, until).collect::<Vec<NaiveDate>>())
    .bind(worker.0)
    .bind(from)
    .bind(until)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Fix::try_from).collect()
}

pub(super) async fn drop_before(pool: &PgPool, day: NaiveDate) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tracks WHERE day < $1")
        .bind(day)
        .execute(pool)
        .await?;
    Ok(())
}
