//! Drafts: their heads, what they make of areas, and the steps that led there.

use futures::TryStreamExt;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Write, changes, corrupt, parse, parse_time};
use crate::codec::draft::{self, DraftCodecError};
use crate::domain::draft::{Draft, DraftEntry, DraftSource, DraftState, DraftStep};
use crate::domain::{AreaCode, AreaId, DraftId, EditionId, Timestamp};
use crate::store::StoreError;
use crate::store::announce::Announcement;

/// Rows to one statement: enough that the way to the database does not count.
const ROWS_PER_INSERT: usize = 128;

pub(super) async fn open_draft(
    mut tx: Write,
    draft: &Draft,
    first: &DraftStep,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO drafts (id, title, base, state, version, scheme, within, source, created_by,
             created_at, updated_at, edition)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(draft.id.0)
    .bind(&draft.title)
    .bind(draft.base.map(|edition| edition.0))
    .bind(draft.state.as_str())
    .bind(draft.version)
    .bind(&draft.scheme)
    .bind(draft.within.as_ref().map(AreaCode::as_str))
    .bind(draft.source.as_ref().map(Json))
    .bind(&draft.created_by)
    .bind(draft.created_at.timestamp_millis())
    .bind(draft.updated_at.timestamp_millis())
    .bind(draft.edition.map(|edition| edition.0))
    .execute(&mut *tx)
    .await?;
    insert_step(&mut tx, draft.id, first).await?;
    insert_entries(&mut tx, draft.id, changes).await?;
    changes::announce(&mut tx, Announcement::draft(draft)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn record_draft_step(
    mut tx: Write,
    draft: &Draft,
    step: &DraftStep,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    let expected = step.version - 1;
    let updated = sqlx::query(
        "UPDATE drafts SET (title, base, version, scheme, within, source, updated_at)
             = ($3, $4, $5, $6, $7, $8, $9)
         WHERE id = $1 AND version = $2 AND state = 'open'",
    )
    .bind(draft.id.0)
    .bind(expected)
    .bind(&draft.title)
    .bind(draft.base.map(|edition| edition.0))
    .bind(step.version)
    .bind(&draft.scheme)
    .bind(draft.within.as_ref().map(AreaCode::as_str))
    .bind(draft.source.as_ref().map(Json))
    .bind(draft.updated_at.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    if updated.rows_affected() == 0 {
        return Err(StoreError::StaleDraft { expected });
    }
    insert_step(&mut tx, draft.id, step).await?;
    delete_entries(&mut tx, draft.id, changes).await?;
    insert_entries(&mut tx, draft.id, changes).await?;
    changes::announce(&mut tx, Announcement::draft(draft)).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn discard_draft(
    mut tx: Write,
    id: DraftId,
    version: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    end_draft(&mut tx, id, version, None, now).await?;
    Ok(tx.commit().await?)
}

/// Ends an open draft: it became an edition, or was given up.
pub(super) async fn end_draft(
    tx: &mut SqliteConnection,
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
    .bind(now.timestamp_millis())
    .fetch_optional(&mut *tx)
    .await?;
    let ended = ended.ok_or(StoreError::StaleDraft { expected: version })?;
    changes::announce(tx, Announcement::draft(&ended.try_into()?)).await
}

async fn insert_step(
    tx: &mut SqliteConnection,
    draft: DraftId,
    step: &DraftStep,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO draft_steps (draft, version, at, by, operation, record, undoes, before)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(draft.0)
    .bind(step.version)
    .bind(step.at.timestamp_millis())
    .bind(&step.by)
    .bind(&step.operation)
    .bind(Json(&step.record))
    .bind(step.undoes)
    .bind(draft::encode_before(&step.before).map_err(encoding)?)
    .execute(tx)
    .await?;
    Ok(())
}

async fn delete_entries(
    tx: &mut SqliteConnection,
    draft: DraftId,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    let changed = changes.iter().map(|(id, _)| id.0.simple().to_string());
    sqlx::query(
        "DELETE FROM draft_entries
         WHERE draft = $1 AND area_id IN (SELECT unhex(value) FROM json_each($2))",
    )
    .bind(draft.0)
    .bind(Json(changed.collect::<Vec<_>>()))
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_entries(
    tx: &mut SqliteConnection,
    draft: DraftId,
    changes: &[(AreaId, Option<DraftEntry>)],
) -> Result<(), StoreError> {
    for changes in changes.chunks(ROWS_PER_INSERT) {
        let entries = changes
            .iter()
            .filter_map(|(id, entry)| Some((id, draft::encode_entry(entry.as_ref()?))))
            .map(|(id, entry)| Ok((id, entry.map_err(encoding)?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        if entries.is_empty() {
            continue;
        }
        QueryBuilder::new("INSERT INTO draft_entries (draft, area_id, attributes, outline) ")
            .push_values(entries, |mut row, (id, entry)| {
                row.push_bind(draft.0)
                    .push_bind(id.0)
                    .push_bind(entry.attributes)
                    .push_bind(entry.outline);
            })
            .build()
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn find_draft(
    reader: &SqlitePool,
    id: DraftId,
) -> Result<Option<Draft>, StoreError> {
    let row: Option<DraftRow> = sqlx::query_as("SELECT * FROM drafts WHERE id = $1")
        .bind(id.0)
        .fetch_optional(reader)
        .await?;
    row.map(Draft::try_from).transpose()
}

pub(super) async fn list_drafts(
    reader: &SqlitePool,
    state: Option<DraftState>,
    limit: u32,
) -> Result<Vec<Draft>, StoreError> {
    let rows: Vec<DraftRow> = sqlx::query_as(
        "SELECT * FROM drafts WHERE $1 IS NULL OR state = $1
         ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(state.map(DraftState::as_str))
    .bind(limit)
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(Draft::try_from).collect()
}

pub(super) async fn load_draft_entries(
    reader: &SqlitePool,
    id: DraftId,
) -> Result<Vec<(AreaId, DraftEntry)>, StoreError> {
    let mut entries = Vec::new();
    // Rows are decoded while the connection's own thread reads the next ones.
    let mut rows =
        sqlx::query("SELECT area_id, attributes, outline FROM draft_entries WHERE draft = $1")
            .bind(id.0)
            .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        let row = EntryRow::from_row(&row)?;
        let area = AreaId(row.area_id);
        let attributes = row.attributes.map(str::as_bytes);
        let entry = draft::decode_entry(area, attributes, row.outline)
            .map_err(|error| corrupt("an area of a draft", error))?;
        entries.push((area, entry));
    }
    Ok(entries)
}

pub(super) async fn list_draft_steps(
    reader: &SqlitePool,
    id: DraftId,
) -> Result<Vec<DraftStep>, StoreError> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "SELECT version, at, by, operation, record, undoes, NULL AS before
         FROM draft_steps WHERE draft = $1 ORDER BY version",
    )
    .bind(id.0)
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(DraftStep::try_from).collect()
}

pub(super) async fn find_draft_step(
    reader: &SqlitePool,
    id: DraftId,
    version: i64,
) -> Result<Option<DraftStep>, StoreError> {
    let row: Option<StepRow> = sqlx::query_as(
        "SELECT version, at, by, operation, record, undoes, before
         FROM draft_steps WHERE draft = $1 AND version = $2",
    )
    .bind(id.0)
    .bind(version)
    .fetch_optional(reader)
    .await?;
    row.map(DraftStep::try_from).transpose()
}

#[derive(FromRow)]
struct DraftRow {
    id: Uuid,
    title: String,
    base: Option<i64>,
    state: String,
    version: i64,
    scheme: String,
    within: Option<String>,
    source: Option<Json<DraftSource>>,
    created_by: String,
    created_at: i64,
    updated_at: i64,
    edition: Option<i64>,
}

impl TryFrom<DraftRow> for Draft {
    type Error = StoreError;

    fn try_from(row: DraftRow) -> Result<Self, StoreError> {
        let what = "a draft";
        Ok(Self {
            id: DraftId(row.id),
            title: row.title,
            base: row.base.map(EditionId),
            state: parse(what, &row.state)?,
            version: row.version,
            scheme: row.scheme,
            within: row.within.map(|code| parse(what, &code)).transpose()?,
            source: row.source.map(|source| source.0),
            created_by: row.created_by,
            created_at: parse_time(what, row.created_at)?,
            updated_at: parse_time(what, row.updated_at)?,
            edition: row.edition.map(EditionId),
        })
    }
}

/// Borrowed, because there are very many.
#[derive(FromRow)]
struct EntryRow<'r> {
    area_id: Uuid,
    attributes: Option<&'r str>,
    outline: Option<&'r [u8]>,
}

#[derive(FromRow)]
struct StepRow {
    version: i64,
    at: i64,
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
        let what = "a step of a draft";
        let before = row.before.as_deref().map(draft::decode_before);
        Ok(Self {
            version: row.version,
            at: parse_time(what, row.at)?,
            by: row.by,
            operation: row.operation,
            record: row.record.0,
            undoes: row.undoes,
            before: before
                .transpose()
                .map_err(|error| corrupt(what, error))?
                .unwrap_or_default(),
        })
    }
}

fn encoding(error: DraftCodecError) -> StoreError {
    StoreError::Database(sqlx::Error::Encode(error.into()))
}
