//! Credentials.

use sqlx::sqlite::SqlitePool;
use uuid::Uuid;

use super::{Write, parse, parse_time};
use crate::domain::{Actor, AreaCode, IncidentId, OrganisationId, WorkerId};
use crate::store::{AccessKey, StoreError};

pub(super) async fn save_access_key(mut tx: Write, key: &AccessKey) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO access_keys
             (digest, name, role, area, worker, organisation, tracks, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (digest) DO UPDATE SET
             (name, role, area, worker, organisation, tracks, created_at)
             = ($2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&key.digest[..])
    .bind(&key.actor.name)
    .bind(key.actor.role.as_str())
    .bind(key.actor.area.as_ref().map(AreaCode::as_str))
    .bind(key.actor.worker.map(|id| id.0))
    .bind(key.actor.organisation.map(|id| id.0))
    .bind(key.actor.tracks.map(|id| id.0))
    .bind(key.created_at.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_access_key(
    reader: &SqlitePool,
    digest: &[u8; 32],
) -> Result<Option<AccessKey>, StoreError> {
    let row: Option<AccessKeyRow> = sqlx::query_as(
        "SELECT name, role, area, worker, organisation, tracks, created_at
         FROM access_keys WHERE digest = $1",
    )
    .bind(&digest[..])
    .fetch_optional(reader)
    .await?;
    row.map(|row| {
        Ok(AccessKey {
            digest: *digest,
            created_at: parse_time("an access key", row.created_at)?,
            actor: row.try_into()?,
        })
    })
    .transpose()
}

#[derive(sqlx::FromRow)]
struct AccessKeyRow {
    name: String,
    role: String,
    area: Option<String>,
    worker: Option<Uuid>,
    organisation: Option<Uuid>,
    tracks: Option<Uuid>,
    created_at: i64,
}

impl TryFrom<AccessKeyRow> for Actor {
    type Error = StoreError;

    fn try_from(row: AccessKeyRow) -> Result<Self, StoreError> {
        let what = "an access key";
        Ok(Self {
            name: row.name,
            role: parse(what, &row.role)?,
            area: row.area.map(|code| parse(what, &code)).transpose()?,
            worker: row.worker.map(WorkerId),
            organisation: row.organisation.map(OrganisationId),
            tracks: row.tracks.map(IncidentId),
        })
    }
}
