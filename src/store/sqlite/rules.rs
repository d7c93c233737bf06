//! The rules of the territory, and what one node does for all.

use sqlx::FromRow;
use sqlx::sqlite::SqlitePool;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Write, changes, parse_time};
use crate::domain::Timestamp;
use crate::domain::rules::Rulebook;
use crate::store::announce::Announcement;
use crate::store::{KeptRulebook, NewRulebook, RulebookVersion, StoreError};

pub(super) async fn save_rulebook(mut tx: Write, new: &NewRulebook) -> Result<i64, StoreError> {
    let latest: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM rulebooks")
        .fetch_one(&mut *tx)
        .await?;
    if latest != new.base {
        return Err(StoreError::StaleRulebook { latest });
    }
    let version = latest + 1;
    sqlx::query(
        "INSERT INTO rulebooks (version, at, saved_by, note, body) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(version)
    .bind(new.at.timestamp_millis())
    .bind(&new.saved_by)
    .bind(&new.note)
    .bind(Json(&new.book))
    .execute(&mut *tx)
    .await?;
    changes::announce(&mut tx, Announcement::rules(version, new.at)).await?;
    tx.commit().await?;
    Ok(version)
}

pub(super) async fn load_rulebook(
    reader: &SqlitePool,
    version: Option<i64>,
) -> Result<Option<KeptRulebook>, StoreError> {
    let row: Option<RulebookRow> = sqlx::query_as(
        "SELECT version, at, saved_by, note, body FROM rulebooks
         WHERE $1 IS NULL OR version = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(version)
    .fetch_optional(reader)
    .await?;
    row.map(|row| {
        Ok(KeptRulebook {
            head: row.head.try_into()?,
            book: row.body.0,
        })
    })
    .transpose()
}

pub(super) async fn list_rulebooks(
    reader: &SqlitePool,
) -> Result<Vec<RulebookVersion>, StoreError> {
    let rows: Vec<HeadRow> =
        sqlx::query_as("SELECT version, at, saved_by, note FROM rulebooks ORDER BY version DESC")
            .fetch_all(reader)
            .await?;
    rows.into_iter().map(RulebookVersion::try_from).collect()
}

pub(super) async fn hold_lease(
    mut tx: Write,
    name: &str,
    holder: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let held = sqlx::query(
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4)
         ON CONFLICT (name) DO UPDATE SET (holder, until) = ($2, $4)
         WHERE holder = $2 OR until <= $3",
    )
    .bind(name)
    .bind(holder)
    .bind(now.timestamp_millis())
    .bind(until.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(held.rows_affected() == 1)
}

#[derive(FromRow)]
struct HeadRow {
    version: i64,
    at: i64,
    saved_by: String,
    note: Option<String>,
}

#[derive(FromRow)]
struct RulebookRow {
    #[sqlx(flatten)]
    head: HeadRow,
    body: Json<Rulebook>,
}

impl TryFrom<HeadRow> for RulebookVersion {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        Ok(Self {
            version: row.version,
            at: parse_time("a rulebook", row.at)?,
            saved_by: row.saved_by,
            note: row.note,
        })
    }
}
