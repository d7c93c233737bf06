//! Figures of incidents.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{FromRow, QueryBuilder, Row, Sqlite};

use super::corrupt;
use super::incidents::code_column;
use super::search::{push_conditions, push_figure};
use crate::domain::figures::{CountedBy, Figure, Spread, Tally};
use crate::store::figures::times_column;
use crate::store::{Group, Grouping, IncidentQuery, StoreError};

pub(super) async fn count_incidents(
    reader: &SqlitePool,
    query: &IncidentQuery,
    by: Option<&Grouping>,
) -> Result<Vec<Group>, StoreError> {
    // One moment for all that is read. SQLite's driver rolls back what is given up.
    let mut tx = reader.begin_with("BEGIN").await?;
    let mut groups: BTreeMap<Option<String>, Tally> =
        count_cases(&mut tx, query, by).await?.into_iter().collect();
    for (key, spread) in spread(
        &mut tx,
        query,
        by,
        "responded_at",
        "responded_at IS NOT NULL",
    )
    .await?
    {
        groups.entry(key).or_default().response = spread;
    }
    let settled = "outcome IN ('resolved', 'self_handled')";
    for (key, spread) in spread(&mut tx, query, by, "closed_at", settled).await? {
        groups.entry(key).or_default().resolution = spread;
    }
    tx.commit().await?;
    Ok(groups.into_iter().collect())
}

async fn count_cases(
    reader: &mut SqliteConnection,
    query: &IncidentQuery,
    by: Option<&Grouping>,
) -> Result<Vec<Group>, StoreError> {
    let mut statement = QueryBuilder::new("SELECT ");
    statement.push(key_of(by));
    for &figure in Figure::ALL {
        statement.push(", count(*) FILTER (WHERE ");
        push_figure(&mut statement, figure, query.as_of);
        statement.push(")");
    }
    for column in Figure::REPEATED.iter().copied().filter_map(times_column) {
        statement.push(", coalesce(sum(").push(column).push("), 0)");
    }
    statement.push(", coalesce(sum(satisfied), 0)");
    push_from(&mut statement, query, by);
    statement.push(" GROUP BY 1");
    let rows: Vec<SqliteRow> = statement.build().fetch_all(reader).await?;
    rows.iter().map(read_group).collect()
}

/// The columns in the order in which [`count_cases`] pushes them.
fn read_group(row: &SqliteRow) -> Result<Group, StoreError> {
    let mut places = 1..;
    let mut next = || -> Result<u64, StoreError> {
        let count: i64 = row.try_get(places.next().unwrap_or_default())?;
        u64::try_from(count).map_err(|error| corrupt("a count of incidents", error))
    };
    let mut tally = Tally::default();
    for &figure in Figure::ALL {
        tally.cases.insert(figure, next()?);
    }
    for figure in Figure::REPEATED {
        tally.times.insert(figure, next()?);
    }
    tally.satisfaction = next()?;
    Ok((row.try_get(0)?, tally))
}

#[derive(FromRow)]
struct SpreadRow {
    key: Option<String>,
    median_ms: Option<i64>,
    p90_ms: Option<i64>,
}

/// How long it took from the report to another time, of those that a condition holds for.
async fn spread(
    reader: &mut SqliteConnection,
    query: &IncidentQuery,
    by: Option<&Grouping>,
    until: &'static str,
    condition: &'static str,
) -> Result<Vec<(Option<String>, Spread)>, StoreError> {
    let mut statement = QueryBuilder::new(
        "SELECT key,
             min(ms) FILTER (WHERE place * 2 >= total) AS median_ms,
             min(ms) FILTER (WHERE place * 10 >= total * 9) AS p90_ms
         FROM (
             SELECT key, ms, row_number() OVER (PARTITION BY key ORDER BY ms) AS place,
                 count(*) OVER (PARTITION BY key) AS total
             FROM (SELECT ",
    );
    statement.push(key_of(by)).push(" AS key, ");
    statement.push(until).push(" - reported_at AS ms");
    push_from(&mut statement, query, by);
    statement.push(" AND ").push(condition);
    statement.push(")) GROUP BY key");
    let rows: Vec<SpreadRow> = statement.build_query_as().fetch_all(reader).await?;
    let spread = |row: SpreadRow| {
        let spread = Spread {
            median_ms: row.median_ms,
            p90_ms: row.p90_ms,
        };
        (row.key, spread)
    };
    Ok(rows.into_iter().map(spread).collect())
}

const fn key_of(by: Option<&Grouping>) -> &'static str {
    match by {
        None => "NULL",
        Some(Grouping::Status) => "status",
        Some(Grouping::Service) => "service",
        Some(Grouping::Source) => "source",
        Some(Grouping::Priority) => "priority",
        Some(Grouping::Area(level)) => code_column(*level),
        Some(Grouping::HeldFirst) => "first_level",
        Some(Grouping::Time(..)) => "CAST(bucket.key AS TEXT)",
    }
}

fn push_from(statement: &mut QueryBuilder<Sqlite>, query: &IncidentQuery, by: Option<&Grouping>) {
    match by {
        Some(Grouping::Time(by, edges)) => {
            let times: Vec<i64> = edges
                .iter()
                .map(chrono::DateTime::timestamp_millis)
                .collect();
            let buckets: Vec<&[i64]> = times.windows(2).collect();
            let at = match by {
                CountedBy::Reported => "reported_at",
                CountedBy::Closed => "closed_at",
            };
            // The buckets first: each is a stretch of the index.
            statement
                .push(" FROM (SELECT key, value FROM json_each(")
                .push_bind(json!(buckets).to_string())
                .push(")) AS bucket CROSS JOIN incidents WHERE ")
                .push(at)
                .push(" >= bucket.value ->> 0 AND ")
                .push(at)
                .push(" < bucket.value ->> 1");
        }
        _ => {
            statement.push(" FROM incidents WHERE true");
        }
    }
    push_conditions(statement, query);
}
