//! Figures of incidents.

use std::collections::BTreeMap;

use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};

use super::incidents::code_column;
use super::search::{push_conditions, push_figure};
use crate::domain::figures::{CountedBy, Figure, Spread, Tally};
use crate::store::figures::times_column;
use crate::store::{Group, Grouping, IncidentQuery, StoreError};

pub(super) async fn count_incidents(
    pool: &PgPool,
    query: &IncidentQuery,
    by: Option<&Grouping>,
) -> Result<Vec<Group>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT key, cases, times, satisfaction,
             (extract(epoch FROM response[1]) * 1000)::bigint AS response_median_ms,
             (extract(epoch FROM response[2]) * 1000)::bigint AS response_p90_ms,
             (extract(epoch FROM resolution[1]) * 1000)::bigint AS resolution_median_ms,
             (extract(epoch FROM resolution[2]) * 1000)::bigint AS resolution_p90_ms
         FROM (SELECT ",
    );
    push_key(&mut sql, by);
    sql.push(" AS key, ARRAY[");
    for (place, &figure) in Figure::ALL.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " });
        sql.push("count(*) FILTER (WHERE ");
        push_figure(&mut sql, figure, query.as_of);
        sql.push(")");
    }
    sql.push("] AS cases, ARRAY[");
    let columns = Figure::REPEATED.iter().copied().filter_map(times_column);
    for (place, column) in columns.enumerate() {
        sql.push(if place == 0 { "" } else { ", " });
        sql.push("coalesce(sum(").push(column).push("), 0)::bigint");
    }
    sql.push(
        "] AS times,
             coalesce(sum(satisfied), 0)::bigint AS satisfaction,
             percentile_disc(ARRAY[0.5, 0.9])
                 WITHIN GROUP (ORDER BY responded_at - reported_at) AS response,
             percentile_disc(ARRAY[0.5, 0.9])
                 WITHIN GROUP (ORDER BY closed_at - reported_at)
                 FILTER (WHERE outcome IN ('resolved', 'self_handled')) AS resolution
         FROM incidents WHERE true",
    );
    push_conditions(&mut sql, query);
    sql.push(" GROUP BY 1) AS counted ORDER BY key COLLATE \"C\"");
    let rows: Vec<TallyRow> = sql
        .build_query_as()
        // Which index is best depends on the values, so each is planned anew.
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Group::try_from).collect()
}

fn push_key(sql: &mut QueryBuilder<Postgres>, by: Option<&Grouping>) {
    match by {
        None => sql.push("NULL::text"),
        Some(Grouping::Status) => sql.push("status::text"),
        Some(Grouping::Service) => sql.push("service"),
        Some(Grouping::Source) => sql.push("source::text"),
        Some(Grouping::Priority) => sql.push("priority::text"),
        Some(Grouping::Area(level)) => sql.push(code_column(*level)),
        Some(Grouping::HeldFirst) => sql.push("first_level::text"),
        Some(Grouping::Time(by, edges)) => {
            sql.push("(width_bucket(").push(match by {
                CountedBy::Reported => "reported_at",
                CountedBy::Closed => "closed_at",
            });
            sql.push(", ").push_bind(edges.clone()).push(") - 1)::text")
        }
    };
}

#[derive(FromRow)]
struct TallyRow {
    key: Option<String>,
    cases: Vec<i64>,
    times: Vec<i64>,
    satisfaction: i64,
    response_median_ms: Option<i64>,
    response_p90_ms: Option<i64>,
    resolution_median_ms: Option<i64>,
    resolution_p90_ms: Option<i64>,
}

impl TryFrom<TallyRow> for Group {
    type Error = StoreError;

    fn try_from(row: TallyRow) -> Result<Self, StoreError> {
        let tally = Tally {
            cases: counted(Figure::ALL, &row.cases)?,
            times: counted(&Figure::REPEATED, &row.times)?,
            response: Spread {
                median_ms: row.response_median_ms,
                p90_ms: row.response_p90_ms,
            },
            resolution: Spread {
                median_ms: row.resolution_median_ms,
                p90_ms: row.resolution_p90_ms,
            },
            satisfaction: count(row.satisfaction)?,
        };
        Ok((row.key, tally))
    }
}

fn counted(figures: &[Figure], counts: &[i64]) -> Result<BTreeMap<Figure, u64>, StoreError> {
    let pairs = figures.iter().zip(counts);
    pairs
        .map(|(&figure, &cases)| Ok((figure, count(cases)?)))
        .collect()
}

fn count(count: i64) -> Result<u64, StoreError> {
    u64::try_from(count).map_err(|error| StoreError::Corrupt {
        what: "a count of incidents",
        why: error.to_string(),
    })
}
