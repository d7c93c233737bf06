//! The rules of the territory, and what one node does for all.

use sqlx::types::Json;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::changes;
use crate::domain::Timestamp;
use crate::domain::rules::Rulebook;
use crate::store::announce::Announcement;
use crate::store::{KeptRulebook, NewRulebook, RulebookVersion, StoreError};

/// Of two that save on one version, one finds the next number taken.
pub(super) async fn save_rulebook(pool: &PgPool, new: &NewRulebook) -> Result<i64, StoreError> {
    let mut tx = super::begin(pool).await?;
    let version: Option<i64> = sqlx::query_scalar(
        "INSERT INTO rulebooks (version, at, saved_by, note, body)
         SELECT $1 + 1, $2, $3, $4, $5
         WHERE (SELECT coalesce(max(version), 0) FROM rulebooks) = $1
         ON CONFLICT DO NOTHING
         RETURNING version",
    )
    .bind(new.base)
    .bind(new.at)
    .bind(&new.saved_by)
    .bind(&new.note)
    .bind(Json(&new.book))
    .fetch_optional(&mut *tx)
    .await?;
    let Some(version) = version else {
        let latest = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM rulebooks")
            .fetch_one(&mut *tx)
            .await?;
        return Err(StoreError::StaleRulebook { latest });
    };
    changes::announce(&mut tx, &Announcement::rules(version, new.at)).await?;
    tx.commit().await?;
    Ok(version)
}

pub(super) async fn load_rulebook(
    pool: &PgPool,
    version: Option<i64>,
) -> Result<Option<KeptRulebook>, StoreError> {
    let row: Option<RulebookRow> = sqlx::query_as(
        "SELECT version, at, saved_by, note, body FROM rulebooks
         WHERE $1::bigint IS NULL OR version = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(version)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| KeptRulebook {
        head: row.head.into(),
        book: row.body.0,
    }))
}

pub(super) async fn list_rulebooks(pool: &PgPool) -> Result<Vec<RulebookVersion>, StoreError> {
    let rows: Vec<HeadRow> =
        sqlx::query_as("SELECT version, at, saved_by, note FROM rulebooks ORDER BY version DESC")
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(RulebookVersion::from).collect())
}

pub(super) async fn hold_lease(
    pool: &PgPool,
    name: &str,
    holder: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let held = sqlx::query(
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4)
         ON CONFLICT (name) DO UPDATE SET (holder, until) = ($2, $4)
         WHERE leases.holder = $2 OR leases.until <= $3",
    )
    .bind(name)
    .bind(holder)
    .bind(now)
    .bind(until)
    .execute(pool)
    .await?;
    Ok(held.rows_affected() == 1)
}

#[derive(FromRow)]
struct HeadRow {
    version: i64,
    at: Timestamp,
    saved_by: String,
    note: Option<String>,
}

#[derive(FromRow)]
struct RulebookRow {
    #[sqlx(flatten)]
    head: HeadRow,
    body: Json<Rulebook>,
}

impl From<HeadRow> for RulebookVersion {
    fn from(row: HeadRow) -> Self {
        Self {
            version: row.version,
            at: row.at,
            saved_by: row.saved_by,
            note: row.note,
        }
    }
}
