//! Lists of incidents.

use sqlx::sqlite::SqlitePool;
use sqlx::{QueryBuilder, Sqlite};

use super::incidents::{IncidentRow, code_column, select_incidents, words_of};
use crate::domain::figures::Figure;
use crate::domain::{Incident, Timestamp};
use crate::store::figures::{IS_OPEN, Piece, condition};
use crate::store::grams::{grams_wanted, many};
use crate::store::{HeldFirst, IncidentQuery, StoreError};

pub(super) async fn search_incidents(
    reader: &SqlitePool,
    query: &IncidentQuery,
) -> Result<Vec<Incident>, StoreError> {
    let mut statement = select_incidents();
    statement.push(" WHERE true");
    if let Some(words) = rare_words(reader, query.text.as_deref()).await? {
        push_grams(&mut statement, words);
    }
    push_conditions(&mut statement, query);
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
        statement.push(" AND (").push(at).push(", id)").push(beyond);
        statement.push_bind(time.timestamp_millis()).push(", ");
        statement.push_bind(id.0).push(")");
    }
    statement.push(" ORDER BY ").push(at).push(direction);
    statement.push(", id").push(direction);
    let rows: Vec<IncidentRow> = statement
        .push(" LIMIT ")
        .push_bind(query.limit)
        .push(" OFFSET ")
        .push_bind(query.skip)
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(Incident::try_from).collect()
}

/// What to look a text up by, when few enough incidents have it.
async fn rare_words(reader: &SqlitePool, text: Option<&str>) -> Result<Option<String>, StoreError> {
    let Some(sets) = text.and_then(grams_wanted) else {
        return Ok(None);
    };
    let many = many(&sets);
    let words: Vec<String> = sets
        .into_iter()
        .map(|grams| format!("({})", words_of(grams).replace(' ', " AND ")))
        .collect();
    let words = words.join(" OR ");
    let found: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM
             (SELECT 1 FROM incident_grams WHERE incident_grams MATCH $1 LIMIT $2)",
    )
    .bind(&words)
    .bind(many + 1)
    .fetch_one(reader)
    .await?;
    Ok((found <= many).then_some(words))
}

fn push_grams(statement: &mut QueryBuilder<Sqlite>, words: String) {
    statement
        .push(
            " AND id IN (SELECT incident FROM incident_texts WHERE place IN
                 (SELECT rowid FROM incident_grams WHERE incident_grams MATCH ",
        )
        .push_bind(words)
        .push("))");
}

/// Pushes what must hold of an incident, all but its place in the list.
pub(super) fn push_conditions(statement: &mut QueryBuilder<Sqlite>, query: &IncidentQuery) {
    push_any(
        statement,
        "status",
        query.statuses.iter().map(|it| it.as_str()),
    );
    if !query.statuses.is_empty() && query.statuses.iter().all(|status| status.is_open()) {
        // Says nothing new, but in the words of the index of open incidents.
        statement.push(" AND ").push(IS_OPEN);
    }
    if let Some(area) = &query.within {
        statement.push(" AND ").push(code_column(area.level));
        statement
            .push(" = ")
            .push_bind(area.code.as_str().to_owned());
    }
    if let Some(level) = query.without {
        statement.push(" AND ").push(code_column(level));
        statement.push(" IS NULL");
    }
    // Behind the plus no index of its own is looked for: with an area, its index has the
    // service too, and the status.
    let service = if query.within.is_some() {
        "+service"
    } else {
        "service"
    };
    push_any(
        statement,
        service,
        query.services.iter().map(|it| it.0.as_str()),
    );
    push_any(
        statement,
        "priority",
        query.priorities.iter().map(|it| it.as_str()),
    );
    push_any(
        statement,
        "source",
        query.sources.iter().map(|it| it.as_str()),
    );
    push_any(
        statement,
        "number",
        query.numbers.iter().map(|it| it.0.as_str()),
    );
    if let Some(lead) = query.lead {
        statement.push(" AND lead = ").push_bind(lead);
    }
    match query.held_first {
        None => {}
        Some(HeldFirst::Nowhere) => {
            statement.push(" AND first_level IS NULL");
        }
        Some(HeldFirst::At(level)) => {
            statement.push(" AND first_level = ");
            statement.push_bind(level.as_str());
        }
    }
    if let Some(phone) = &query.phone {
        statement.push(" AND phone = ").push_bind(phone.digits());
    }
    if let Some(bounds) = &query.bounds {
        statement
            .push(" AND lon_e7 BETWEEN ")
            .push_bind(bounds.min.lon_e7())
            .push(" AND ")
            .push_bind(bounds.max.lon_e7())
            .push(" AND lat_e7 BETWEEN ")
            .push_bind(bounds.min.lat_e7())
            .push(" AND ")
            .push_bind(bounds.max.lat_e7());
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
            statement.push(condition).push_bind(time.timestamp_millis());
        }
    }
    for &figure in &query.figures {
        statement.push(" AND (");
        push_figure(statement, figure, query.as_of);
        statement.push(")");
    }
    for &figure in &query.not_figures {
        statement.push(" AND NOT coalesce((");
        push_figure(statement, figure, query.as_of);
        statement.push("), false)");
    }
    if let Some(text) = &query.text {
        let pattern = contains_pattern(text);
        statement
            .push(" AND (number LIKE ")
            .push_bind(pattern.clone())
            .push(r" ESCAPE '\' OR description LIKE ")
            .push_bind(pattern.clone())
            .push(r" ESCAPE '\' OR address LIKE ")
            .push_bind(pattern)
            .push(r" ESCAPE '\')");
    }
}

/// Pushes that a column has one of some values, when there are any.
fn push_any<'a>(
    statement: &mut QueryBuilder<Sqlite>,
    column: &'static str,
    values: impl ExactSizeIterator<Item = &'a str>,
) {
    if values.len() == 0 {
        return;
    }
    statement.push(" AND ").push(column).push(" IN (");
    let mut any = statement.separated(", ");
    for value in values {
        any.push_bind(value.to_owned());
    }
    statement.push(")");
}

/// Pushes the condition under which a figure counts an incident.
pub(super) fn push_figure(statement: &mut QueryBuilder<Sqlite>, figure: Figure, as_of: Timestamp) {
    for piece in condition(figure, as_of) {
        match piece {
            Piece::Sql(words) => statement.push(words),
            Piece::At(time) => statement.push_bind(time.timestamp_millis()),
        };
    }
}

/// The pattern of `LIKE` for texts that contain `text` as it is written.
fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
