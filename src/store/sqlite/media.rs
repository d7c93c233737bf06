//! What is known of the photos and documents of incidents.

use sqlx::sqlite::SqlitePool;
use sqlx::{FromRow, QueryBuilder, Sqlite};
use uuid::Uuid;

use super::{Write, changes, corrupt, incidents, parse, parse_time};
use crate::domain::incident::IncidentKey;
use crate::domain::media::PhotoSize;
use crate::domain::workflow::Action;
use crate::domain::{IncidentId, Media, MediaId};
use crate::store::StoreError;
use crate::store::announce::Announcement;

/// How many parameters a statement has at most, to be safe with every build of `SQLite`.
const IDS_PER_STATEMENT: usize = 900;

pub(super) async fn add_media(mut tx: Write, media: &Media, most: u32) -> Result<(), StoreError> {
    let incident = incidents::find_incident(&mut *tx, &IncidentKey::Id(media.incident))
        .await?
        .ok_or(StoreError::NoIncident(media.incident))?;
    let count: u32 = sqlx::query_scalar("SELECT count(*) FROM media WHERE incident = $1")
        .bind(media.incident.0)
        .fetch_one(&mut *tx)
        .await?;
    if count >= most {
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
    .bind(media.size.map(|size| size.width))
    .bind(media.size.map(|size| size.height))
    .bind(media.at.timestamp_millis())
    .bind(&media.by)
    .bind(media.role.as_str())
    .execute(&mut *tx)
    .await?;
    let last: Option<String> = sqlx::query_scalar(
        "SELECT action FROM incident_events WHERE incident = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(media.incident.0)
    .fetch_optional(&mut *tx)
    .await?;
    let last = last.map(|word| parse("an incident's history", &word));
    let last = last.transpose()?.unwrap_or(Action::Report);
    changes::announce(&mut tx, Announcement::media(&incident, last, media)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_media(
    reader: &SqlitePool,
    id: MediaId,
) -> Result<Option<Media>, StoreError> {
    let row: Option<MediaRow> = sqlx::query_as("SELECT * FROM media WHERE id = $1")
        .bind(id.0)
        .fetch_optional(reader)
        .await?;
    row.map(Media::try_from).transpose()
}

pub(super) async fn list_media(
    reader: &SqlitePool,
    incidents: &[IncidentId],
) -> Result<Vec<Media>, StoreError> {
    let mut rows: Vec<MediaRow> = Vec::new();
    for ids in incidents.chunks(IDS_PER_STATEMENT) {
        let mut statement = among("SELECT * FROM media WHERE incident IN (", ids, |id| id.0);
        rows.extend(statement.build_query_as().fetch_all(reader).await?);
    }
    rows.sort_unstable_by_key(|row| (row.at, row.id));
    rows.into_iter().map(Media::try_from).collect()
}

pub(super) async fn list_known_media(
    reader: &SqlitePool,
    ids: &[MediaId],
) -> Result<Vec<MediaId>, StoreError> {
    let mut known = Vec::new();
    for ids in ids.chunks(IDS_PER_STATEMENT) {
        let mut statement = among("SELECT id FROM media WHERE id IN (", ids, |id| id.0);
        let found: Vec<Uuid> = statement.build_query_scalar().fetch_all(reader).await?;
        known.extend(found.into_iter().map(MediaId));
    }
    Ok(known)
}

/// A statement that ends in a list of identities.
fn among<T>(statement: &str, ids: &[T], bare: impl Fn(&T) -> Uuid) -> QueryBuilder<Sqlite> {
    let mut statement = QueryBuilder::new(statement);
    let mut list = statement.separated(", ");
    for id in ids {
        list.push_bind(bare(id));
    }
    statement.push(")");
    statement
}

#[derive(FromRow)]
struct MediaRow {
    id: Uuid,
    incident: Uuid,
    kind: String,
    stage: String,
    caption: Option<String>,
    evidence: bool,
    stripped: bool,
    bytes: i64,
    sha256: String,
    sent_sha256: String,
    width: Option<u32>,
    height: Option<u32>,
    at: i64,
    by: String,
    role: String,
}

impl TryFrom<MediaRow> for Media {
    type Error = StoreError;

    fn try_from(row: MediaRow) -> Result<Self, StoreError> {
        let what = "a file of an incident";
        let size = row.width.zip(row.height);
        Ok(Self {
            id: MediaId(row.id),
            incident: IncidentId(row.incident),
            kind: parse(what, &row.kind)?,
            stage: parse(what, &row.stage)?,
            caption: row.caption,
            evidence: row.evidence,
            stripped: row.stripped,
            bytes: u64::try_from(row.bytes).map_err(|error| corrupt(what, error))?,
            sha256: row.sha256,
            sent_sha256: row.sent_sha256,
            size: size.map(|(width, height)| PhotoSize { width, height }),
            at: parse_time(what, row.at)?,
            by: row.by,
            role: parse(what, &row.role)?,
        })
    }
}
