//! What is known of the photos and documents of incidents.

use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{changes, incidents};
use crate::domain::incident::IncidentKey;
use crate::domain::media::{MediaKind, MediaStage, PhotoSize};
use crate::domain::workflow::Action;
use crate::domain::{IncidentId, Media, MediaId, Role, Timestamp};
use crate::store::StoreError;
use crate::store::announce::Announcement;

/// Those who add to one incident take turns, so that none comes in above the limit.
pub(super) async fn add_media(pool: &PgPool, media: &Media, most: u32) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    sqlx::query("SELECT FROM incidents WHERE id = $1 FOR NO KEY UPDATE")
        .bind(media.incident.0)
        .execute(&mut *tx)
        .await?;
    let incident = incidents::find_incident(&mut *tx, &IncidentKey::Id(media.incident))
        .await?
        .ok_or(StoreError::NoIncident(media.incident))?;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM media WHERE incident = $1")
        .bind(media.incident.0)
        .fetch_one(&mut *tx)
        .await?;
    if count >= i64::from(most) {
        return Err(StoreError::TooManyMedia { most });
    }
    sqlx::query(
        "INSERT INTO media (id, incident, kind, stage, caption, evidence, stripped, bytes, sha256,
             sent_sha256, width, height, at, by, role)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(media.id.0)
    .bind(media.incident.0)
    .bind(media.kind.as_str())
    .bind(media.stage.as_str())
    .bind(&media.caption)
    .bind(media.evidence)
    .bind(media.stripped)
    .bind(i64::try_from(media.bytes).unwrap_or(i64::MAX))
    .bind(&media.sha256)
    .bind(&media.sent_sha256)
    .bind(media.size.map(|size| i64::from(size.width)))
    .bind(media.size.map(|size| i64::from(size.height)))
    .bind(media.at)
    .bind(&media.by)
    .bind(media.role.as_str())
    .execute(&mut *tx)
    .await?;
    let last: Option<Action> = sqlx::query_scalar(
        "SELECT action FROM incident_events WHERE incident = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(media.incident.0)
    .fetch_optional(&mut *tx)
    .await?;
    let last = last.unwrap_or(Action::Report);
    changes::announce(&mut tx, &Announcement::media(&incident, last, media)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_media(pool: &PgPool, id: MediaId) -> Result<Option<Media>, StoreError> {
    let row: Option<MediaRow> = sqlx::query_as("SELECT * FROM media WHERE id = $1")
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    row.map(Media::try_from).transpose()
}

pub(super) async fn list_media(
    pool: &PgPool,
    incidents: &[IncidentId],
) -> Result<Vec<Media>, StoreError> {
    let incidents: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
    let rows: Vec<MediaRow> =
        sqlx::query_as("SELECT * FROM media WHERE incident = ANY($1) ORDER BY at, id")
            .bind(incidents)
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(Media::try_from).collect()
}

pub(super) async fn list_known_media(
    pool: &PgPool,
    ids: &[MediaId],
) -> Result<Vec<MediaId>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let known = sqlx::query_scalar("SELECT id FROM media WHERE id = ANY($1)")
        .bind(ids)
        .fetch_all(pool)
        .await?;
    Ok(known)
}

#[derive(FromRow)]
struct MediaRow {
    id: MediaId,
    incident: IncidentId,
    kind: MediaKind,
    stage: MediaStage,
    caption: Option<String>,
    evidence: bool,
    stripped: bool,
    bytes: i64,
    sha256: String,
    sent_sha256: String,
    width: Option<i64>,
    height: Option<i64>,
    at: Timestamp,
    by: String,
    role: Role,
}

impl TryFrom<MediaRow> for Media {
    type Error = StoreError;

    fn try_from(row: MediaRow) -> Result<Self, StoreError> {
        let corrupt = |error: std::num::TryFromIntError| StoreError::Corrupt {
            what: "a file of an incident",
            why: error.to_string(),
        };
        let length = |length: Option<i64>| length.map(u32::try_from).transpose().map_err(corrupt);
        let size = length(row.width)?.zip(length(row.height)?);
        Ok(Self {
            id: row.id,
            incident: row.incident,
            kind: row.kind,
            stage: row.stage,
            caption: row.caption,
            evidence: row.evidence,
            stripped: row.stripped,
            bytes: u64::try_from(row.bytes).map_err(corrupt)?,
            sha256: row.sha256,
            sent_sha256: row.sent_sha256,
            size: size.map(|(width, height)| PhotoSize { width, height }),
            at: row.at,
            by: row.by,
            role: row.role,
        })
    }
}
