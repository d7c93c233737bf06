//! Editions, and areas in versions: each says from which edition on it holds and, once
//! it is replaced or gone, until which.

use std::sync::Arc;

use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Write, changes, corrupt, drafts, history, parse, parse_time};
use crate::codec::wkb;
use crate::domain::{Area, AreaCode, AreaId, Edition, EditionId, GridKind, LngLat};
use crate::store::announce::Announcement;
use crate::store::{AreaChanges, NewEdition, StoreError};

/// Rows to one statement: enough that the way to the database does not count.
const ROWS_PER_INSERT: usize = 128;

pub(super) async fn publish_edition(mut tx: Write, new: NewEdition) -> Result<Edition, StoreError> {
    let latest: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM editions")
        .fetch_one(&mut *tx)
        .await?;
    let latest = latest.map(EditionId);
    if new.base != latest {
        return Err(StoreError::StaleEdition {
            base: new.base,
            latest,
        });
    }
    let id = EditionId(latest.map_or(1, |latest| latest.0 + 1));
    insert_edition(&mut tx, id, &new).await?;
    close_versions(&mut tx, id, &new).await?;
    for areas in new.put.chunks(ROWS_PER_INSERT) {
        insert_versions(&mut tx, id, areas).await?;
    }
    history::insert_lineage(&mut tx, id, &new.lineage).await?;
    let area_count = count_areas(&mut tx, id).await?;
    let edition = Edition {
        id,
        title: new.title,
        notice: new.notice,
        effective_from: new.effective_from,
        published_at: new.published_at,
        area_count,
        published_by: new.published_by,
        reason: new.reason,
        restores: new.restores,
    };
    changes::announce(&mut tx, Announcement::edition(&edition)).await?;
    if let Some((draft, version)) = new.draft {
        drafts::end_draft(&mut tx, draft, version, Some(id), edition.published_at).await?;
    }
    tx.commit().await?;
    Ok(edition)
}

async fn insert_edition(
    tx: &mut SqliteConnection,
    id: EditionId,
    new: &NewEdition,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO editions (id, title, notice, effective_from, published_at, area_count,
             published_by, reason, restores)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)",
    )
    .bind(id.0)
    .bind(&new.title)
    .bind(&new.notice)
    .bind(new.effective_from.timestamp_millis())
    .bind(new.published_at.timestamp_millis())
    .bind(&new.published_by)
    .bind(&new.reason)
    .bind(new.restores.map(|edition| edition.0))
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the versions of areas that are replaced or removed.
async fn close_versions(
    tx: &mut SqliteConnection,
    id: EditionId,
    new: &NewEdition,
) -> Result<(), StoreError> {
    let ended: Vec<String> = new
        .put
        .iter()
        .map(|area| area.id)
        .chain(new.removed.iter().copied())
        .map(|id| id.0.simple().to_string())
        .collect();
    sqlx::query(
        "UPDATE area_versions SET until_edition = $1
         WHERE until_edition IS NULL
           AND area_id IN (SELECT unhex(value) FROM json_each($2))",
    )
    .bind(id.0)
    .bind(Json(ended))
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_versions(
    tx: &mut SqliteConnection,
    id: EditionId,
    areas: &[Area],
) -> Result<(), StoreError> {
    QueryBuilder::new(
        "INSERT INTO area_versions (area_id, from_edition, code, name, level, parent_code, kind,
             label_lon_e7, label_lat_e7, area_m2, generated, geometry) ",
    )
    .push_values(areas, |mut row, area| {
        row.push_bind(area.id.0)
            .push_bind(id.0)
            .push_bind(area.code.as_str())
            .push_bind(&area.name)
            .push_bind(area.level.as_str())
            .push_bind(area.parent.as_ref().map(AreaCode::as_str))
            .push_bind(area.kind.map(GridKind::as_str))
            .push_bind(area.label.map(LngLat::lon_e7))
            .push_bind(area.label.map(LngLat::lat_e7))
            .push_bind(area.area_m2)
            .push_bind(area.generated)
            .push_bind(area.shape.as_deref().map(wkb::encode));
    })
    .build()
    .execute(tx)
    .await?;
    Ok(())
}

async fn count_areas(tx: &mut SqliteConnection, id: EditionId) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar(
        "UPDATE editions
         SET area_count = (SELECT count(*) FROM area_versions WHERE until_edition IS NULL)
         WHERE id = $1 RETURNING area_count",
    )
    .bind(id.0)
    .fetch_one(tx)
    .await?;
    Ok(count)
}

pub(super) async fn list_editions(reader: &SqlitePool) -> Result<Vec<Edition>, StoreError> {
    let rows: Vec<EditionRow> = sqlx::query_as(
        "SELECT id, title, notice, effective_from, published_at, area_count, published_by, reason,
             restores
         FROM editions ORDER BY id",
    )
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(Edition::try_from).collect()
}

pub(super) async fn load_areas(
    reader: &SqlitePool,
    edition: EditionId,
) -> Result<Vec<Area>, StoreError> {
    // What is published never changes, so the two statements need no common transaction.
    let count: Option<i64> = sqlx::query_scalar("SELECT area_count FROM editions WHERE id = $1")
        .bind(edition.0)
        .fetch_optional(reader)
        .await?;
    let count = count.ok_or(StoreError::NoEdition(edition))?;
    let mut areas = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    // Rows are decoded while the connection's own thread reads the next ones.
    let mut rows = sqlx::query(
        "SELECT area_id, code, name, level, parent_code, kind, label_lon_e7, label_lat_e7,
             area_m2, generated, geometry
         FROM area_versions
         WHERE from_edition <= $1 AND (until_edition IS NULL OR until_edition > $1)",
    )
    .bind(edition.0)
    .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        areas.push(AreaRow::from_row(&row)?.try_into()?);
    }
    Ok(areas)
}

pub(super) async fn load_area_changes(
    reader: &SqlitePool,
    from: EditionId,
    to: EditionId,
) -> Result<AreaChanges, StoreError> {
    for edition in [from, to] {
        let known: Option<i64> = sqlx::query_scalar("SELECT id FROM editions WHERE id = $1")
            .bind(edition.0)
            .fetch_optional(reader)
            .await?;
        known.ok_or(StoreError::NoEdition(edition))?;
    }
    let mut rows = sqlx::query(
        "SELECT area_id, code, name, level, parent_code, kind, label_lon_e7, label_lat_e7,
             area_m2, generated, geometry
         FROM area_versions
         WHERE from_edition > $1 AND from_edition <= $2
           AND (until_edition IS NULL OR until_edition > $2)",
    )
    .bind(from.0)
    .bind(to.0)
    .fetch(reader);
    let mut put = Vec::new();
    while let Some(row) = rows.try_next().await? {
        put.push(AreaRow::from_row(&row)?.try_into()?);
    }
    let removed: Vec<String> = sqlx::query_scalar(
        "SELECT code FROM area_versions
         WHERE from_edition <= $1 AND until_edition > $1 AND until_edition <= $2
         EXCEPT
         SELECT code FROM area_versions
         WHERE from_edition > $1 AND from_edition <= $2
           AND (until_edition IS NULL OR until_edition > $2)",
    )
    .bind(from.0)
    .bind(to.0)
    .fetch_all(reader)
    .await?;
    let removed = removed.iter().map(|code| parse("an area", code));
    Ok(AreaChanges {
        put,
        removed: removed.collect::<Result<_, StoreError>>()?,
    })
}

#[derive(sqlx::FromRow)]
struct EditionRow {
    id: i64,
    title: String,
    notice: Option<String>,
    effective_from: i64,
    published_at: i64,
    area_count: i64,
    published_by: Option<String>,
    reason: Option<String>,
    restores: Option<i64>,
}

impl TryFrom<EditionRow> for Edition {
    type Error = StoreError;

    fn try_from(row: EditionRow) -> Result<Self, StoreError> {
        let what = "an edition";
        Ok(Self {
            id: EditionId(row.id),
            title: row.title,
            notice: row.notice,
            effective_from: parse_time(what, row.effective_from)?,
            published_at: parse_time(what, row.published_at)?,
            area_count: row.area_count,
            published_by: row.published_by,
            reason: row.reason,
            restores: row.restores.map(EditionId),
        })
    }
}

/// Borrowed, because there are very many.
#[derive(sqlx::FromRow)]
pub(super) struct AreaRow<'r> {
    area_id: Uuid,
    code: &'r str,
    name: &'r str,
    level: &'r str,
    parent_code: Option<&'r str>,
    kind: Option<&'r str>,
    label_lon_e7: Option<i32>,
    label_lat_e7: Option<i32>,
    area_m2: Option<f64>,
    generated: bool,
    geometry: Option<&'r [u8]>,
}

impl TryFrom<AreaRow<'_>> for Area {
    type Error = StoreError;

    fn try_from(row: AreaRow<'_>) -> Result<Self, StoreError> {
        let what = "an area";
        let shape = row.geometry.map(wkb::decode).transpose();
        let label = row.label_lon_e7.zip(row.label_lat_e7);
        let label = label.map(|(lon, lat)| LngLat::from_e7(lon, lat));
        Ok(Self {
            id: AreaId(row.area_id),
            code: parse(what, row.code)?,
            name: row.name.to_owned(),
            level: parse(what, row.level)?,
            parent: row.parent_code.map(|code| parse(what, code)).transpose()?,
            kind: row.kind.map(|kind| parse(what, kind)).transpose()?,
            shape: shape.map_err(|error| corrupt(what, error))?.map(Arc::new),
            label: label.transpose().map_err(|error| corrupt(what, error))?,
            area_m2: row.area_m2,
            generated: row.generated,
        })
    }
}
