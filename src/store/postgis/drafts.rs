//! Drafts: their heads, what they make of areas, and the steps that led there.

use futures::TryStreamExt;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool, Row};
use uuid::Uuid;

use super::changes;
use super::copy::{CHUNK_BYTES, CopyRows};
use crate::codec::draft::{self, DraftCodecError};
use crate::domain::draft::{Draft, DraftEntry, DraftSource, DraftState, DraftStep};
use crate::domain::{AreaCode, AreaId, DraftId, EditionId, Timestamp};
use crate::store::StoreError;
use crate::store::announce::Announcement;

pub(super) async fn open_draft(
    pool: &PgPool,
    draft: &Draft,
    first: &DraftStep,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    sqlx::query(
        "INSERT INTO drafts (id, title, base, state, version, scheme, within, source, created_by,
             created_at, updated_at, edition)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json, $9, $10, $11, $12)",
    )
    .bind(draft.id.0)
    .bind(&draft.title)
    .bind(draft.base.map(|edition| edition.0))
    .bind(draft.state.as_str())
    .bind(draft.version)
    .bind(&draft.scheme)
    .bind(draft.within.as_ref().map(AreaCode::as_str))
    .bind(source_text(draft)?)
    .bind(&draft.created_by)
    .bind(draft.created_at)
    .bind(draft.updated_at)
    .bind(draft.edition.map(|edition| edition.0))
    .execute(&mut *tx)
    .await?;
    insert_step(&mut tx, draft.id, first).await?;
    insert_entries(&mut tx, draft.id, changes).await?;
    changes::announce(&mut tx, &Announcement::draft(draft)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn record_draft_step(
    pool: &PgPool,
    draft: &Draft,
    step: &DraftStep,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    let expected = step.version - 1;
    let mut tx = super::begin(pool).await?;
    // Whoever comes second waits here for the first, and then finds another version.
    let updated = sqlx::query(
        "UPDATE drafts SET (title, base, version, scheme, within, source, updated_at)
             = ($3, $4, $5, $6, $7, $8::text::json, $9)
         WHERE id = $1 AND version = $2 AND state = 'open'",
    )
    .bind(draft.id.0)
    .bind(expected)
    .bind(&draft.title)
    .bind(draft.base.map(|edition| edition.0))
    .bind(step.version)
    .bind(&draft.scheme)
    .bind(draft.within.as_ref().map(AreaCode::as_str))
    .bind(source_text(draft)?)
    .bind(draft.updated_at)
    .execute(&mut *tx)
    .await?;
    if updated.rows_affected() == 0 {
        return Err(StoreError::StaleDraft { expected });
    }
    insert_step(&mut tx, draft.id, step).await?;
    delete_entries(&mut tx, draft.id, changes).await?;
    insert_entries(&mut tx, draft.id, changes).await?;
    changes::announce(&mut tx, &Announcement::draft(draft)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn discard_draft(
    pool: &PgPool,
    id: DraftId,
    version: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    end_draft(&mut tx, id, version, None, now).await?;
    Ok(tx.commit().await?)
}

/// Ends an open draft: it became an edition, or was given up.
pub(super) async fn end_draft(
    connection: &mut PgConnection,
    id: DraftId,
    version: i64,
    edition: Option<EditionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let state = match edition {
        Some(_) => DraftState::Published,
        None => DraftState::Discarded,
    };
    let ended: Option<DraftRow> = sqlx::query_as(
        "UPDATE drafts SET state = $3, edition = $4, updated_at = $5
         WHERE id = $1 AND version = $2 AND state = 'open' RETURNING *",
    )
    .bind(id.0)
    .bind(version)
    .bind(state.as_str())
    .bind(edition.map(|edition| edition.0))
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    let ended = ended.ok_or(StoreError::StaleDraft { expected: version })?;
    changes::announce(connection, &Announcement::draft(&ended.into())).await
}

async fn insert_step(
    connection: &mut PgConnection,
    draft: DraftId,
    step: &DraftStep,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO draft_steps (draft, version, at, by, operation, record, undoes, before)
         VALUES ($1, $2, $3, $4, $5, $6::text::json, $7, $8)",
    )
    .bind(draft.0)
    .bind(step.version)
    .bind(step.at)
    .bind(&step.by)
    .bind(&step.operation)
    .bind(step.record.to_string())
    .bind(step.undoes)
    .bind(draft::encode_before(&step.before).map_err(encoding)?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn delete_entries(
    connection: &mut PgConnection,
    draft: DraftId,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    let changed: Vec<Uuid> = changes.iter().map(|(id, _)| id.0).collect();
    sqlx::query("DELETE FROM draft_entries WHERE draft = $1 AND area_id = ANY($2)")
        .bind(draft.0)
        .bind(changed)
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_entries(
    connection: &mut PgConnection,
    draft: DraftId,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    let mut copy = connection
        .copy_in_raw(
            "COPY draft_entries (draft, area_id, attributes, outline)
             FROM STDIN (FORMAT binary)",
        )
        .await?;
    let mut rows = CopyRows::new();
    for (id, entry) in changes {
        let Some(entry) = entry else { continue };
        let entry = draft::encode_entry(entry).map_err(encoding)?;
        rows.row(4);
        rows.field(draft.0.as_bytes());
        rows.field(id.0.as_bytes());
        rows.optional(entry.attributes);
        rows.optional(entry.outline);
        if rows.length() >= CHUNK_BYTES {
            copy.send(rows.take()).await?;
        }
    }
    copy.send(rows.end()).await?;
    copy.finish().await?;
    Ok(())
}

pub(super) async fn find_draft(pool: &PgPool, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let row: Option<DraftRow> = sqlx::query_as("SELECT * FROM drafts WHERE id = $1")
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Draft::from))
}

pub(super) async fn list_drafts(
    pool: &PgPool,
    state: Option<DraftState>,
    limit: u32,
) -> Result<Vec<Draft>, StoreError> {
    let rows: Vec<DraftRow> = sqlx::query_as(
        "SELECT * FROM drafts WHERE $1::text IS NULL OR state = $1
         ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(state.map(DraftState::as_str))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Draft::from).collect())
}

pub(super) async fn load_draft_entries(
    pool: &PgPool,
    id: DraftId,
) -> Result<Vec<(AreaId, DraftEntry)>, StoreError> {
    let mut entries = Vec::new();
    let mut rows = sqlx::query(
        "SELECT area_id, attributes::text AS attributes, outline
         FROM draft_entries WHERE draft = $1",
    )
    .bind(id.0)
    .fetch(pool);
    while let Some(row) = rows.try_next().await? {
        let area: AreaId = row.try_get("area_id")?;
        let attributes: Option<&str> = row.try_get("attributes")?;
        let outline: Option<&[u8]> = row.try_get("outline")?;
        let entry = draft::decode_entry(area, attributes.map(str::as_bytes), outline);
        let entry = entry.map_err(|error| corrupt("an area of a draft", &error))?;
        entries.push((area, entry));
    }
    Ok(entries)
}

pub(super) async fn list_draft_steps(
    pool: &PgPool,
    id: DraftId,
) -> Result<Vec<DraftStep>, StoreError> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "SELECT version, at, by, operation, record, undoes, NULL::bytea AS before
         FROM draft_steps WHERE draft = $1 ORDER BY version",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(DraftStep::try_from).collect()
}

pub(super) async fn find_draft_step(
    pool: &PgPool,
    id: DraftId,
    version: i64,
) -> Result<Option<DraftStep>, StoreError> {
    let row: Option<StepRow> = sqlx::query_as(
        "SELECT version, at, by, operation, record, undoes, before
         FROM draft_steps WHERE draft = $1 AND version = $2",
    )
    .bind(id.0)
    .bind(version)
    .fetch_optional(pool)
    .await?;
    row.map(DraftStep::try_from).transpose()
}

#[derive(FromRow)]
struct DraftRow {
    id: DraftId,
    title: String,
    base: Option<i64>,
    state: DraftState,
    version: i64,
    scheme: String,
    within: Option<AreaCode>,
    #[sqlx(json(nullable))]
    source: Option<DraftSource>,
    created_by: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    edition: Option<i64>,
}

impl From<DraftRow> for Draft {
    fn from(row: DraftRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            base: row.base.map(EditionId),
            state: row.state,
            version: row.version,
            scheme: row.scheme,
            within: row.within,
            source: row.source,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            edition: row.edition.map(EditionId),
        }
    }
}

#[derive(FromRow)]
struct StepRow {
    version: i64,
    at: Timestamp,
    by: String,
    operation: String,
    record: Json<Value>,
    undoes: Option<i64>,
    /// Absent in lists.
    before: Option<Vec<u8>>,
}

impl TryFrom<StepRow> for DraftStep {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        let before = row.before.as_deref().map(draft::decode_before).transpose();
        Ok(Self {
            version: row.version,
            at: row.at,
            by: row.by,
            operation: row.operation,
            record: row.record.0,
            undoes: row.undoes,
            before: before
                .map_err(|error| corrupt("a step of a draft", &error))?
                .unwrap_or_default(),
        })
    }
}

/// As text, for `jsonb`, which values are sent as, refuses some that `json` keeps.
fn source_text(draft: &Draft) -> Result<Option<String>, StoreError> {
    let source = draft.source.as_ref().map(serde_json::to_string);
    source.transpose().map_err(|error| encoding(error.into()))
}

fn encoding(error: DraftCodecError) -> StoreError {
    StoreError::Database(sqlx::Error::Encode(error.into()))
}

fn corrupt(what: &'static str, error: &DraftCodecError) -> StoreError {
    StoreError::Corrupt {
        what,
        why: error.to_string(),
    }
}
