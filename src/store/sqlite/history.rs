//! What became of areas over the editions.

use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder};

use super::territory::AreaRow;
use crate::domain::{AreaCode, AreaId, EditionId};
use crate::store::{AreaVersion, StoreError};

/// Rows to one statement: enough that the way to the database does not count.
const ROWS_PER_INSERT: usize = 128;

/// Writes whose ground the areas were that are new in an edition.
pub(super) async fn insert_lineage(
    tx: &mut SqliteConnection,
    edition: EditionId,
    lineage: &[(AreaId, Vec<AreaId>)],
) -> Result<(), StoreError> {
    let rows: Vec<(AreaId, i64, AreaId)> = lineage
        .iter()
        .flat_map(|(area, origins)| {
            (0..)
                .zip(origins)
                .map(|(place, &origin)| (*area, place, origin))
        })
        .collect();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        QueryBuilder::new("INSERT INTO area_lineage (area_id, edition, place, made_from) ")
            .push_values(rows, |mut row, &(area, place, origin)| {
                row.push_bind(area.0)
                    .push_bind(edition.0)
                    .push_bind(place)
                    .push_bind(origin.0);
            })
            .build()
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn list_area_versions(
    reader: &SqlitePool,
    code: &AreaCode,
) -> Result<Vec<AreaVersion>, StoreError> {
    let mut versions = Vec::new();
    let mut rows = sqlx::query(
        "WITH RECURSIVE
             named (id) AS (SELECT area_id FROM area_versions WHERE code = $1),
             origins (id) AS (
                 SELECT id FROM named
                 UNION SELECT made_from FROM area_lineage, origins WHERE area_id = id),
             heirs (id) AS (
                 SELECT id FROM named
                 UNION SELECT area_id FROM area_lineage, heirs WHERE made_from = id)
         SELECT area_id, code, name, level, parent_code, kind, label_lon_e7, label_lat_e7,
             area_m2, generated, geometry, from_edition, until_edition,
             (SELECT json_group_array(hex(made_from) ORDER BY place) FROM area_lineage AS lineage
              WHERE lineage.area_id = version.area_id AND edition = from_edition) AS made_from
         FROM area_versions AS version
         WHERE area_id IN (SELECT id FROM origins UNION SELECT id FROM heirs)
         ORDER BY from_edition, code",
    )
    .bind(code.as_str())
    .fetch(reader);
    while let Some(row) = rows.try_next().await? {
        versions.push(VersionRow::from_row(&row)?.try_into()?);
    }
    Ok(versions)
}

#[derive(FromRow)]
struct VersionRow<'r> {
    #[sqlx(flatten)]
    area: AreaRow<'r>,
    from_edition: i64,
    until_edition: Option<i64>,
    made_from: Json<Vec<AreaId>>,
}

impl TryFrom<VersionRow<'_>> for AreaVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            area: row.area.try_into()?,
            from: EditionId(row.from_edition),
            until: row.until_edition.map(EditionId),
            made_from: row.made_from.0,
        })
    }
}
