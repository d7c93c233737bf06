//! The change log.
//!
//! Sequence numbers are handed out before a transaction commits. So changes are ordered
//! by transaction first and read only below the oldest transaction that is under way:
//! what commits late then always stands after what was read. There is no LISTEN and
//! NOTIFY, whose lock makes commits wait for each other; readers poll.

use serde_json::Value;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::domain::{AreaCode, Change, ChangeCursor, Timestamp, Topic};
use crate::store::StoreError;
use crate::store::announce::Announcement;

#[derive(FromRow)]
struct CursorRow {
    transaction: i64,
    sequence: i64,
}

impl From<CursorRow> for ChangeCursor {
    fn from(row: CursorRow) -> Self {
        Self {
            transaction: row.transaction,
            sequence: row.sequence,
        }
    }
}

#[derive(FromRow)]
struct ChangeRow {
    #[sqlx(flatten)]
    cursor: CursorRow,
    at: Timestamp,
    topic: Topic,
    key: String,
    area: Option<AreaCode>,
    payload: Value,
}

impl From<ChangeRow> for Change {
    fn from(row: ChangeRow) -> Self {
        Self {
            cursor: row.cursor.into(),
            at: row.at,
            topic: row.topic,
            key: row.key,
            area: row.area,
            payload: row.payload,
        }
    }
}

/// Writes a change as part of the connection's transaction.
pub(super) async fn announce(
    connection: &mut PgConnection,
    announcement: &Announcement,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO changes (at, topic, key, area, payload) VALUES ($1, $2, $3, $4, $5)")
        .bind(announcement.at)
        .bind(announcement.topic.as_str())
        .bind(&announcement.key)
        .bind(announcement.area.as_ref().map(AreaCode::as_str))
        .bind(&announcement.payload)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn latest_change(pool: &PgPool) -> Result<ChangeCursor, StoreError> {
    let row: CursorRow = sqlx::query_as(
        "SELECT transaction::text::bigint AS transaction, sequence
         FROM (
             (SELECT transaction, sequence FROM changes
              WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())
              ORDER BY transaction DESC, sequence DESC LIMIT 1)
             UNION ALL
             SELECT transaction, sequence FROM change_horizon
         ) AS ends
         ORDER BY ends.transaction DESC, ends.sequence DESC LIMIT 1",
    )
    .fetch_one(pool)
    .await?;
    Ok(row.into())
}

pub(super) async fn read_changes(
    pool: &PgPool,
    after: ChangeCursor,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "SELECT transaction::text::bigint AS transaction, sequence, at, topic, key, area, payload
         FROM changes
         WHERE (transaction, sequence) > ($1::text::xid8, $2)
             AND transaction < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY changes.transaction, changes.sequence
         LIMIT $3",
    )
    .bind(after.transaction.to_string())
    .bind(after.sequence)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Change::from).collect())
}

/// Forgets from the beginning up to the first change that is young enough or that no
/// reader can have seen yet, so that what is kept has no holes.
pub(super) async fn prune_changes(pool: &PgPool, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "WITH kept AS (
             SELECT transaction, sequence FROM changes
             WHERE at >= $1 OR transaction >= pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY transaction, sequence LIMIT 1
         ), forgotten AS (
             DELETE FROM changes
             WHERE (transaction, sequence) < ALL (SELECT transaction, sequence FROM kept)
             RETURNING transaction, sequence
         ), last AS (
             SELECT transaction, sequence FROM forgotten
             ORDER BY transaction DESC, sequence DESC LIMIT 1
         )
         UPDATE change_horizon SET transaction = last.transaction, sequence = last.sequence
         FROM last",
    )
    .bind(before)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn change_horizon(pool: &PgPool) -> Result<ChangeCursor, StoreError> {
    let row: CursorRow = sqlx::query_as(
        "SELECT transaction::text::bigint AS transaction, sequence FROM change_horizon",
    )
    .fetch_one(pool)
    .await?;
    Ok(row.into())
}

/// Forgets a log that was restored from another server. Its transactions are numbered
/// from that server's count; those that are still to come here would hide it, and be
/// hidden by it. Endpoints that had read it stand before the beginning of the new one, and
/// so are told from the histories what they missed.
pub(super) async fn forget_foreign_changes(pool: &PgPool) -> Result<(), StoreError> {
    sqlx::query(
        "WITH here AS (
             SELECT pg_snapshot_xmax(pg_current_snapshot()) AS next
         ), foreign_log AS (
             SELECT EXISTS (SELECT FROM changes, here WHERE transaction >= here.next)
                 OR EXISTS (SELECT FROM change_horizon, here WHERE transaction >= here.next)
                 OR EXISTS (SELECT FROM webhooks, here
                     WHERE read_transaction::text::xid8 >= here.next)
                 AS found
         ), forgotten AS (
             DELETE FROM changes USING foreign_log WHERE foreign_log.found
         ), behind AS (
             UPDATE webhooks SET read_transaction = 0, read_sequence = -1
             FROM foreign_log WHERE foreign_log.found
         )
         UPDATE change_horizon SET transaction = '0', sequence = 0
         FROM foreign_log WHERE foreign_log.found",
    )
    .execute(pool)
    .await?;
    Ok(())
}
