//! Lists of incidents.

use sqlx::{PgPool, Postgres, QueryBuilder};

use super::incidents::{IncidentRow, code_column, common_columns, select_incidents};
use crate::domain::figures::Figure;
use crate::domain::{Incident, Timestamp};
use crate::store::figures::{IS_OPEN, Piece, condition};
use crate::store::grams::{grams_wanted, many};
use crate::store::{HeldFirst, IncidentQuery, StoreError};

pub(super) async fn search_incidents(
    pool: &PgPool,
    query: &IncidentQuery,
) -> Result<Vec<Incident>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new(select_incidents!("WHERE true"));
    if let Some(sets) = rare_grams(pool, query.text.as_deref()).await? {
        sql.push(" AND id IN (SELECT incident FROM incident_texts WHERE ");
        push_grams(&mut sql, sets);
        sql.push(")");
    }
    push_conditions(&mut sql, query);
    let at = if query.sorting.is_by_update() {
        "updated_at"
    } else {
        "reported_at"
    };
    let (beyond, direction) = if query.sorting.is_newest_first() {
        (" < (", " DESC")
    } else {
        (" > (", "")
    };
    if let Some((time, id)) = query.after {
        sql.push(" AND (").push(at).push(", id)").push(beyond);
        sql.push_bind(time).push(", ").push_bind(id.0).push(")");
    }
    sql.push(" ORDER BY ").push(at).push(direction);
    sql.push(", id").push(direction);
    sql.push(" LIMIT ").push_bind(i64::from(query.limit));
    sql.push(" OFFSET ").push_bind(i64::from(query.skip));
    let rows: Vec<IncidentRow> = sql
        .build_query_as()
        // Which index is best depends on the values, so each search is planned anew.
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

/// What to look a text up by, when few enough incidents have it. The planner takes grams
/// for independent of each other, and thinks that words are far more seldom than they are.
async fn rare_grams(
    pool: &PgPool,
    text: Option<&str>,
) -> Result<Option<Vec<Vec<i32>>>, StoreError> {
    let Some(sets) = text.and_then(grams_wanted) else {
        return Ok(None);
    };
    let mut sql =
        QueryBuilder::<Postgres>::new("SELECT count(*) FROM (SELECT FROM incident_texts WHERE ");
    push_grams(&mut sql, sets.clone());
    sql.push(" LIMIT ")
        .push_bind(many(&sets) + 1)
        .push(") AS found");
    let found: i64 = sql
        .build_query_scalar()
        .persistent(false)
        .fetch_one(pool)
        .await?;
    Ok((found <= many(&sets)).then_some(sets))
}

/// Pushes that texts have all the grams of one of the sets.
fn push_grams(sql: &mut QueryBuilder<Postgres>, sets: Vec<Vec<i32>>) {
    sql.push("(false");
    for grams in sets {
        sql.push(" OR grams @> ").push_bind(grams);
    }
    sql.push(")");
}

/// Pushes what must hold of an incident, all but its place in the list.
pub(super) fn push_conditions(sql: &mut QueryBuilder<Postgres>, query: &IncidentQuery) {
    push_any(sql, "status", query.statuses.iter().map(|it| it.as_str()));
    if !query.statuses.is_empty() && query.statuses.iter().all(|status| status.is_open()) {
        // Follows from the above, but the planner needs it said to use the index.
        sql.push(" AND ").push(IS_OPEN);
    }
    if let Some(area) = &query.within {
        sql.push(" AND ").push(code_column(area.level)).push(" = ");
        sql.push_bind(area.code.as_str().to_owned());
    }
    if let Some(level) = query.without {
        sql.push(" AND ").push(code_column(level));
        sql.push(" IS NULL");
    }
    push_any(
        sql,
        "service",
        query.services.iter().map(|it| it.0.as_str()),
    );
    push_any(
        sql,
        "priority",
        query.priorities.iter().map(|it| it.as_str()),
    );
    push_any(sql, "source", query.sources.iter().map(|it| it.as_str()));
    push_any(sql, "number", query.numbers.iter().map(|it| it.0.as_str()));
    if let Some(lead) = query.lead {
        sql.push(" AND lead = ").push_bind(lead);
    }
    match query.held_first {
        None => {}
        Some(HeldFirst::Nowhere) => {
            sql.push(" AND first_level IS NULL");
        }
        Some(HeldFirst::At(level)) => {
            sql.push(" AND first_level = ").push_bind(level.as_str());
        }
    }
    if let Some(phone) = &query.phone {
        sql.push(" AND phone = ").push_bind(phone.digits());
    }
    if let Some(bounds) = &query.bounds {
        let [west, south, east, north] = bounds.to_degrees();
        // The index compares boxes of single precision; the numbers decide.
        sql.push(" AND geom && ST_MakeEnvelope(").push_bind(west);
        sql.push(", ").push_bind(south);
        sql.push(", ").push_bind(east);
        sql.push(", ").push_bind(north);
        sql.push(", 4326) AND ST_X(geom) BETWEEN ").push_bind(west);
        sql.push(" AND ").push_bind(east);
        sql.push(" AND ST_Y(geom) BETWEEN ").push_bind(south);
        sql.push(" AND ").push_bind(north);
    }
    for (condition, time) in [
        (" AND reported_at >= ", query.since),
        (" AND reported_at <= ", query.until),
        (" AND updated_at >= ", query.updated_since),
        (" AND updated_at <= ", query.updated_until),
        (" AND closed_at >= ", query.closed_since),
        (" AND closed_at <= ", query.closed_until),
    ] {
        if let Some(time) = time {
            sql.push(condition).push_bind(time);
        }
    }
    for &figure in &query.figures {
        sql.push(" AND (");
        push_figure(sql, figure, query.as_of);
        sql.push(")");
    }
    for &figure in &query.not_figures {
        sql.push(" AND NOT coalesce((");
        push_figure(sql, figure, query.as_of);
        sql.push("), false)");
    }
    if let Some(text) = &query.text {
        push_text(sql, text);
    }
}

fn push_text(sql: &mut QueryBuilder<Postgres>, text: &str) {
    // The collation "C" knows the two cases of ASCII letters only.
    let pattern = contains_pattern(text);
    for (before, column) in [
        (" AND (", "number"),
        (" OR ", "description"),
        (" OR ", "address"),
    ] {
        sql.push(before).push(column).push(" COLLATE \"C\" ILIKE ");
        sql.push_bind(pattern.clone());
    }
    sql.push(")");
}

/// Pushes that a column has one of some values, when there are any.
fn push_any<'a>(
    sql: &mut QueryBuilder<Postgres>,
    column: &'static str,
    values: impl Iterator<Item = &'a str>,
) {
    let values: Vec<String> = values.map(str::to_owned).collect();
    if !values.is_empty() {
        sql.push(" AND ").push(column).push(" = ANY(");
        sql.push_bind(values).push(")");
    }
}

/// Pushes the condition under which a figure counts an incident.
pub(super) fn push_figure(sql: &mut QueryBuilder<Postgres>, figure: Figure, as_of: Timestamp) {
    for piece in condition(figure, as_of) {
        match piece {
            Piece::Sql(words) => sql.push(words),
            Piece::At(time) => sql.push_bind(time),
        };
    }
}

/// A LIKE pattern for text that holds `part` somewhere, taken literally.
fn contains_pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for character in part.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
