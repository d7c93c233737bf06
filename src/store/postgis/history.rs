//! What became of areas over the editions.

use futures::TryStreamExt;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::territory::AreaRow;
use crate::domain::{AreaCode, AreaId, EditionId};
use crate::store::{AreaVersion, StoreError};

/// Writes whose ground the areas were that are new in an edition.
pub(super) async fn insert_lineage(
    connection: &mut PgConnection,
    edition: EditionId,
    lineage: &[(AreaId, Vec<AreaId>)],
) -> Result<(), StoreError> {
    if lineage.is_empty() {
        return Ok(());
    }
    let (mut areas, mut places, mut origins) = (Vec::new(), Vec::new(), Vec::new());
    for (area, made_from) in lineage {
        for (place, origin) in (0_i32..).zip(made_from) {
            areas.push(area.0);
            places.push(place);
            origins.push(origin.0);
        }
    }
    sqlx::query(
        "INSERT INTO area_lineage (area_id, edition, place, made_from)
         SELECT area_id, $1, place, made_from
         FROM unnest($2::uuid[], $3::integer[], $4::uuid[]) AS row (area_id, place, made_from)",
    )
    .bind(edition.0)
    .bind(areas)
    .bind(places)
    .bind(origins)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn list_area_versions(
    pool: &PgPool,
    code: &AreaCode,
) -> Result<Vec<AreaVersion>, StoreError> {
    let mut versions = Vec::new();
    // The array makes it use the index: how many the identities are it cannot tell.
    let mut rows = sqlx::query_as::<_, VersionRow>(
        "WITH RECURSIVE
             named (id) AS (SELECT area_id FROM area_versions WHERE code = $1),
             origins (id) AS (
                 SELECT id FROM named
                 UNION SELECT made_from FROM area_lineage, origins WHERE area_id = id),
             heirs (id) AS (
                 SELECT id FROM named
                 UNION SELECT area_id FROM area_lineage, heirs WHERE made_from = id)
         SELECT area_id, code, name, level, parent_code, kind, ST_AsBinary(geom, 'NDR') AS shape,
             ST_X(label) AS label_lon, ST_Y(label) AS label_lat, area_m2, generated,
             from_edition, until_edition,
             ARRAY(SELECT made_from FROM area_lineage AS lineage
                 WHERE lineage.area_id = version.area_id AND edition = from_edition
                 ORDER BY place) AS made_from
         FROM area_versions AS version
         WHERE area_id = ANY(ARRAY(SELECT id FROM origins UNION SELECT id FROM heirs))
         ORDER BY from_edition, code COLLATE \"C\"",
    )
    .bind(code.as_str())
    .fetch(pool);
    while let Some(row) = rows.try_next().await? {
        versions.push(row.try_into()?);
    }
    Ok(versions)
}

#[derive(FromRow)]
struct VersionRow {
    #[sqlx(flatten)]
    area: AreaRow,
    from_edition: i64,
    until_edition: Option<i64>,
    made_from: Vec<Uuid>,
}

impl TryFrom<VersionRow> for AreaVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        Ok(Self {
            area: row.area.try_into()?,
            from: EditionId(row.from_edition),
            until: row.until_edition.map(EditionId),
            made_from: row.made_from.into_iter().map(AreaId).collect(),
        })
    }
}
