//! The change log. A transaction of `SQLite` is seen whole or not at all and in the order
//! of its number, so a place in the log is just that number.

use serde_json::Value;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;

use super::{Write, parse, parse_time};
use crate::domain::{Change, ChangeCursor, Timestamp};
use crate::store::StoreError;
use crate::store::announce::Announcement;

/// Writes a change to the log, in the transaction that makes it.
pub(super) async fn announce(
    tx: &mut SqliteConnection,
    announcement: Announcement,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO changes (at, topic, key, area, payload) VALUES ($1, $2, $3, $4, $5)")
        .bind(announcement.at.timestamp_millis())
        .bind(announcement.topic.as_str())
        .bind(announcement.key)
        .bind(announcement.area.map(|area| area.to_string()))
        .bind(Json(announcement.payload))
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn latest_change(reader: &SqlitePool) -> Result<ChangeCursor, StoreError> {
    let sequence = sqlx::query_scalar(
        "SELECT max(sequence, coalesce((SELECT max(sequence) FROM changes), 0))
         FROM change_horizon",
    )
    .fetch_one(reader)
    .await?;
    Ok(cursor(sequence))
}

pub(super) async fn read_changes(
    reader: &SqlitePool,
    after: ChangeCursor,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "SELECT sequence, at, topic, key, area, payload
         FROM changes WHERE sequence > $1 ORDER BY sequence LIMIT $2",
    )
    .bind(after.sequence)
    .bind(limit)
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(Change::try_from).collect()
}

/// Forgets from the beginning up to the first change that is young enough, so that what
/// is kept has no holes.
pub(super) async fn prune_changes(mut tx: Write, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE change_horizon SET sequence = max(sequence, coalesce(
             (SELECT sequence - 1 FROM changes WHERE at >= $1 ORDER BY sequence LIMIT 1),
             (SELECT max(sequence) FROM changes),
             0))",
    )
    .bind(before.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    sqlx::query("DELETE FROM changes WHERE sequence <= (SELECT sequence FROM change_horizon)")
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn change_horizon(reader: &SqlitePool) -> Result<ChangeCursor, StoreError> {
    let sequence = sqlx::query_scalar("SELECT sequence FROM change_horizon")
        .fetch_one(reader)
        .await?;
    Ok(cursor(sequence))
}

const fn cursor(sequence: i64) -> ChangeCursor {
    ChangeCursor {
        transaction: 0,
        sequence,
    }
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    sequence: i64,
    at: i64,
    topic: String,
    key: String,
    area: Option<String>,
    payload: Json<Value>,
}

impl TryFrom<ChangeRow> for Change {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        let what = "a change";
        Ok(Self {
            cursor: cursor(row.sequence),
            at: parse_time(what, row.at)?,
            topic: parse(what, &row.topic)?,
            key: row.key,
            area: row.area.map(|code| parse(what, &code)).transpose()?,
            payload: row.payload.0,
        })
    }
}
