//! Editions and the areas in them.

use std::sync::Arc;

use futures::TryStreamExt;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::copy::{CHUNK_BYTES, CopyRows};
use super::{changes, drafts, history};
use crate::codec::wkb;
use crate::domain::{
    Area, AreaCode, AreaId, Edition, EditionId, GridKind, Level, LngLat, Timestamp,
};
use crate::store::announce::Announcement;
use crate::store::{AreaChanges, NewEdition, StoreError};

#[derive(FromRow)]
struct EditionRow {
    id: i64,
    title: String,
    notice: Option<String>,
    effective_from: Timestamp,
    published_at: Timestamp,
    area_count: i64,
    published_by: Option<String>,
    reason: Option<String>,
    restores: Option<i64>,
}

impl From<EditionRow> for Edition {
    fn from(row: EditionRow) -> Self {
        Self {
            id: EditionId(row.id),
            title: row.title,
            notice: row.notice,
            effective_from: row.effective_from,
            published_at: row.published_at,
            area_count: row.area_count,
            published_by: row.published_by,
            reason: row.reason,
            restores: row.restores.map(EditionId),
        }
    }
}

#[derive(FromRow)]
pub(super) struct AreaRow {
    area_id: AreaId,
    code: AreaCode,
    name: String,
    level: Level,
    parent_code: Option<AreaCode>,
    kind: Option<GridKind>,
    /// Well-known binary.
    shape: Option<Vec<u8>>,
    label_lon: Option<f64>,
    label_lat: Option<f64>,
    area_m2: Option<f64>,
    generated: bool,
}

impl TryFrom<AreaRow> for Area {
    type Error = StoreError;

    fn try_from(row: AreaRow) -> Result<Self, StoreError> {
        let corrupt = |what, why: String| StoreError::Corrupt {
            what,
            why: format!("{}: {why}", row.code),
        };
        let shape = row
            .shape
            .map(|bytes| wkb::decode(&bytes))
            .transpose()
            .map_err(|error| corrupt("the shape of an area", error.to_string()))?;
        let label = row
            .label_lon
            .zip(row.label_lat)
            .map(|(lon, lat)| LngLat::from_degrees(lon, lat))
            .transpose()
            .map_err(|error| corrupt("the label of an area", error.to_string()))?;
        Ok(Self {
            id: row.area_id,
            code: row.code,
            name: row.name,
            level: row.level,
            parent: row.parent_code,
            kind: row.kind,
            shape: shape.map(Arc::new),
            label,
            area_m2: row.area_m2,
            generated: row.generated,
        })
    }
}

pub(super) async fn publish_edition(
    pool: &PgPool,
    edition: NewEdition,
) -> Result<Edition, StoreError> {
    let mut tx = super::begin(pool).await?;
    // Publishers take turns; readers are not held up.
    sqlx::query("LOCK TABLE editions IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *tx)
        .await?;
    let latest: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM editions")
        .fetch_one(&mut *tx)
        .await?;
    let latest = latest.map(EditionId);
    if latest != edition.base {
        return Err(StoreError::StaleEdition {
            base: edition.base,
            latest,
        });
    }
    let id = EditionId(latest.map_or(0, |latest| latest.0) + 1);
    if latest.is_some() {
        end_versions(&mut tx, id, &edition).await?;
    }
    begin_versions(&mut tx, id, &edition.put).await?;
    let published: EditionRow = sqlx::query_as(
        "INSERT INTO editions (id, title, notice, effective_from, published_at, published_by,
             reason, restores, area_count)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, count(*)
         FROM area_versions WHERE until_edition IS NULL
         RETURNING *",
    )
    .bind(id.0)
    .bind(edition.title)
    .bind(edition.notice)
    .bind(edition.effective_from)
    .bind(edition.published_at)
    .bind(edition.published_by)
    .bind(edition.reason)
    .bind(edition.restores.map(|edition| edition.0))
    .fetch_one(&mut *tx)
    .await?;
    let published = Edition::from(published);
    history::insert_lineage(&mut tx, id, &edition.lineage).await?;
    changes::announce(&mut tx, &Announcement::edition(&published)).await?;
    if let Some((draft, version)) = edition.draft {
        drafts::end_draft(&mut tx, draft, version, Some(id), published.published_at).await?;
    }
    tx.commit().await?;
    Ok(published)
}

/// Ends the versions of the areas that an edition replaces or removes.
async fn end_versions(
    connection: &mut PgConnection,
    id: EditionId,
    edition: &NewEdition,
) -> Result<(), StoreError> {
    let put = edition.put.iter().map(|area| area.id);
    let ended: Vec<Uuid> = put
        .chain(edition.removed.iter().copied())
        .map(|area| area.0)
        .collect();
    sqlx::query(
        "UPDATE area_versions SET until_edition = $1
         WHERE until_edition IS NULL AND area_id = ANY($2)",
    )
    .bind(id.0)
    .bind(ended)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes areas as they are from an edition on.
async fn begin_versions(
    connection: &mut PgConnection,
    id: EditionId,
    areas: &[Area],
) -> Result<(), StoreError> {
    let mut copy = connection
        .copy_in_raw(
            "COPY area_versions (area_id, code, name, level, parent_code, kind, geom, label,
                 area_m2, generated, from_edition)
             FROM STDIN (FORMAT binary)",
        )
        .await?;
    let mut rows = CopyRows::new();
    for area in areas {
        rows.row(11);
        rows.field(area.id.0.as_bytes());
        rows.field(area.code.as_str().as_bytes());
        rows.field(area.name.as_bytes());
        rows.field(area.level.as_str().as_bytes());
        rows.optional(area.parent.as_ref().map(|code| code.as_str().as_bytes()));
        rows.optional(area.kind.map(|kind| kind.as_str().as_bytes()));
        rows.optional(area.shape.as_deref().map(wkb::encode));
        rows.optional(area.label.map(encode_point));
        rows.optional(area.area_m2.map(f64::to_be_bytes));
        rows.field(&[u8::from(area.generated)]);
        rows.field(&id.0.to_be_bytes());
        if rows.length() >= CHUNK_BYTES {
            copy.send(rows.take()).await?;
        }
    }
    copy.send(rows.end()).await?;
    copy.finish().await?;
    Ok(())
}

/// Well-known binary of a point: little endian, longitude first.
fn encode_point(point: LngLat) -> [u8; 21] {
    let mut bytes = [0; 21];
    bytes[0] = 1;
    bytes[1] = 1;
    bytes[5..13].copy_from_slice(&point.lon().to_le_bytes());
    bytes[13..].copy_from_slice(&point.lat().to_le_bytes());
    bytes
}

pub(super) async fn list_editions(pool: &PgPool) -> Result<Vec<Edition>, StoreError> {
    let rows: Vec<EditionRow> = sqlx::query_as("SELECT * FROM editions ORDER BY id")
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Edition::from).collect())
}

pub(super) async fn load_areas(pool: &PgPool, edition: EditionId) -> Result<Vec<Area>, StoreError> {
    let count: Option<i64> = sqlx::query_scalar("SELECT area_count FROM editions WHERE id = $1")
        .bind(edition.0)
        .fetch_optional(pool)
        .await?;
    let count = count.ok_or(StoreError::NoEdition(edition))?;
    let mut areas = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    let mut rows = sqlx::query_as::<_, AreaRow>(
        "SELECT area_id, code, name, level, parent_code, kind, ST_AsBinary(geom, 'NDR') AS shape,
             ST_X(label) AS label_lon, ST_Y(label) AS label_lat, area_m2, generated
         FROM area_versions
         WHERE from_edition <= $1 AND (until_edition IS NULL OR until_edition > $1)",
    )
    .bind(edition.0)
    .fetch(pool);
    while let Some(row) = rows.try_next().await? {
        areas.push(row.try_into()?);
    }
    Ok(areas)
}

pub(super) async fn load_area_changes(
    pool: &PgPool,
    from: EditionId,
    to: EditionId,
) -> Result<AreaChanges, StoreError> {
    for edition in [from, to] {
        let known: Option<i64> = sqlx::query_scalar("SELECT id FROM editions WHERE id = $1")
            .bind(edition.0)
            .fetch_optional(pool)
            .await?;
        known.ok_or(StoreError::NoEdition(edition))?;
    }
    let mut rows = sqlx::query_as::<_, AreaRow>(
        "SELECT area_id, code, name, level, parent_code, kind, ST_AsBinary(geom, 'NDR') AS shape,
             ST_X(label) AS label_lon, ST_Y(label) AS label_lat, area_m2, generated
         FROM area_versions
         WHERE from_edition > $1 AND from_edition <= $2
           AND (until_edition IS NULL OR until_edition > $2)",
    )
    .bind(from.0)
    .bind(to.0)
    .fetch(pool);
    let mut put: Vec<Area> = Vec::new();
    while let Some(row) = rows.try_next().await? {
        put.push(row.try_into()?);
    }
    let removed: Vec<AreaCode> = sqlx::query_scalar(
        "SELECT code FROM area_versions
         WHERE from_edition <= $1 AND until_edition > $1 AND until_edition <= $2
         EXCEPT
         SELECT code FROM area_versions
         WHERE from_edition > $1 AND from_edition <= $2
           AND (until_edition IS NULL OR until_edition > $2)",
    )
    .bind(from.0)
    .bind(to.0)
    .fetch_all(pool)
    .await?;
    Ok(AreaChanges { put, removed })
}
