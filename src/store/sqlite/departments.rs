//! Endpoints, what is on its way to them, and departments' own case numbers.

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Write, parse, parse_time};
use crate::domain::mapping::Mapping;
use crate::domain::webhook::{
    Delivery, DeliveryKey, DeliveryState, SigningSecret, Webhook, WebhookHealth, WebhookState,
    WebhookTerms,
};
use crate::domain::workflow::Action;
use crate::domain::{ChangeCursor, IncidentId, OrganisationId, Timestamp, WebhookId};
use crate::store::{
    Case, CaseMapping, DeliveryQuery, EndpointNews, KeptWebhook, Reading, StoreError,
};

/// Rows to one statement.
const ROWS_PER_INSERT: usize = 128;

pub(super) async fn add_webhook(
    mut tx: Write,
    webhook: &Webhook,
    cursor: ChangeCursor,
) -> Result<(), StoreError> {
    let terms = &webhook.terms;
    sqlx::query(
        "INSERT INTO webhooks (id, organisation, url, hears, actions, mapping, state, secret,
             created_at, created_by, read_transaction, read_sequence, read_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $9)",
    )
    .bind(webhook.id.0)
    .bind(webhook.organisation.0)
    .bind(&terms.url)
    .bind(terms.hears.as_str())
    .bind(Json(&terms.actions))
    .bind(terms.mapping.as_ref().map(Json))
    .bind(terms.state.as_str())
    .bind(&webhook.secret.0)
    .bind(webhook.created_at.timestamp_millis())
    .bind(&webhook.created_by)
    .bind(cursor.transaction)
    .bind(cursor.sequence)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn change_webhook(
    mut tx: Write,
    id: WebhookId,
    terms: &WebhookTerms,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let before: Option<String> = sqlx::query_scalar("SELECT state FROM webhooks WHERE id = $1")
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(before) = before else {
        return Ok(false);
    };
    sqlx::query(
        "UPDATE webhooks SET (url, hears, actions, mapping, state) = ($2, $3, $4, $5, $6)
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(&terms.url)
    .bind(terms.hears.as_str())
    .bind(Json(&terms.actions))
    .bind(terms.mapping.as_ref().map(Json))
    .bind(terms.state.as_str())
    .execute(&mut *tx)
    .await?;
    if before == WebhookState::Paused.as_str() && terms.state == WebhookState::Active {
        sqlx::query("UPDATE webhooks SET held_until = NULL WHERE id = $1")
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE deliveries SET next_at = $2, first_failed_at = NULL, attempts = 0
             WHERE webhook = $1 AND state = 'waiting'",
        )
        .bind(id.0)
        .bind(now.timestamp_millis())
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub(super) async fn rotate_secret(
    mut tx: Write,
    id: WebhookId,
    secret: &SigningSecret,
    old_until: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE webhooks SET (secret, old_secret, old_secret_until) = ($2, secret, $3)
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(&secret.0)
    .bind(old_until.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn remove_webhook(mut tx: Write, id: WebhookId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM webhooks WHERE id = $1")
        .bind(id.0)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn list_webhooks(reader: &SqlitePool) -> Result<Vec<KeptWebhook>, StoreError> {
    let rows: Vec<WebhookRow> = sqlx::query_as("SELECT * FROM webhooks ORDER BY id")
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(KeptWebhook::try_from).collect()
}

pub(super) async fn queue_deliveries(
    mut tx: Write,
    deliveries: &[Delivery],
    readings: &[Reading],
) -> Result<(), StoreError> {
    for some in deliveries.chunks(ROWS_PER_INSERT) {
        insert_deliveries(&mut tx, some).await?;
    }
    for reading in readings {
        sqlx::query(
            "UPDATE webhooks SET (read_transaction, read_sequence, read_at) = ($2, $3, $4)
             WHERE id = $1",
        )
        .bind(reading.webhook.0)
        .bind(reading.cursor.transaction)
        .bind(reading.cursor.sequence)
        .bind(reading.at.timestamp_millis())
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Endpoints that were removed meanwhile are left out.
async fn insert_deliveries(
    tx: &mut SqliteConnection,
    deliveries: &[Delivery],
) -> Result<(), StoreError> {
    QueryBuilder::new(
        "INSERT INTO deliveries (webhook, incident, version, action, at, state, replayed,
             attempts, queued_at, next_at)
         SELECT * FROM (",
    )
    .push_values(deliveries, |mut row, delivery| {
        row.push_bind(delivery.key.webhook.0)
            .push_bind(delivery.key.incident.0)
            .push_bind(delivery.key.version)
            .push_bind(delivery.action.as_str())
            .push_bind(delivery.at.timestamp_millis())
            .push_bind(delivery.state.as_str())
            .push_bind(delivery.replayed)
            .push_bind(delivery.attempts)
            .push_bind(delivery.queued_at.timestamp_millis())
            .push_bind(delivery.next_at.timestamp_millis());
    })
    .push(
        ") WHERE column1 IN (SELECT id FROM webhooks)
         ON CONFLICT (webhook, incident, version) DO NOTHING",
    )
    .build()
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn list_due_deliveries(
    reader: &SqlitePool,
    webhook: WebhookId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let rows: Vec<DeliveryRow> = sqlx::query_as(
        "SELECT * FROM deliveries AS d
         WHERE webhook = $1 AND state = 'waiting' AND next_at <= $2 AND NOT EXISTS (
             SELECT 1 FROM deliveries AS e
             WHERE e.webhook = d.webhook AND e.incident = d.incident AND e.version < d.version
                 AND e.state = 'waiting' AND e.replayed = d.replayed)
         ORDER BY next_at, incident, version LIMIT $3",
    )
    .bind(webhook.0)
    .bind(now.timestamp_millis())
    .bind(limit)
    .fetch_all(reader)
    .await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

pub(super) async fn settle_delivery(
    mut tx: Write,
    after: &Delivery,
    at: Timestamp,
    news: &EndpointNews,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE deliveries
         SET (state, attempts, next_at, first_failed_at, settled_at, status, error, took_ms)
             = ($4, $5, $6, $7, $8, $9, $10, $11)
         WHERE webhook = $1 AND incident = $2 AND version = $3 AND state = 'waiting'",
    )
    .bind(after.key.webhook.0)
    .bind(after.key.incident.0)
    .bind(after.key.version)
    .bind(after.state.as_str())
    .bind(after.attempts)
    .bind(after.next_at.timestamp_millis())
    .bind(after.first_failed_at.map(|at| at.timestamp_millis()))
    .bind(after.settled_at.map(|at| at.timestamp_millis()))
    .bind(after.status)
    .bind(&after.error)
    .bind(after.took_ms)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE webhooks SET
             last_success_at = iif($2 IS NULL, $3, last_success_at),
             last_failure_at = iif($2 IS NULL, last_failure_at, $3),
             last_failure = coalesce($2, last_failure),
             held_until = coalesce($4, held_until),
             state = iif($5, 'paused', state)
         WHERE id = $1",
    )
    .bind(after.key.webhook.0)
    .bind(&after.error)
    .bind(at.timestamp_millis())
    .bind(news.hold_until.map(|until| until.timestamp_millis()))
    .bind(news.is_gone)
    .execute(&mut *tx)
    .await?;
    // What comes after it in its incident waits as long, and need not be looked at before.
    if after.state == DeliveryState::Waiting {
        sqlx::query(
            "UPDATE deliveries SET next_at = $4
             WHERE webhook = $1 AND incident = $2 AND version > $3 AND state = 'waiting'
                 AND replayed = $5 AND next_at < $4",
        )
        .bind(after.key.webhook.0)
        .bind(after.key.incident.0)
        .bind(after.key.version)
        .bind(after.next_at.timestamp_millis())
        .bind(after.replayed)
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn list_deliveries(
    reader: &SqlitePool,
    query: &DeliveryQuery,
) -> Result<Vec<Delivery>, StoreError> {
    let mut statement = QueryBuilder::new("SELECT * FROM deliveries WHERE webhook = ");
    statement.push_bind(query.webhook.0);
    if let Some(state) = query.state {
        statement.push(" AND state = ").push_bind(state.as_str());
    }
    if let Some((queued_at, incident, version)) = query.after {
        statement
            .push(" AND (queued_at, incident, version) < (")
            .push_bind(queued_at.timestamp_millis())
            .push(", ")
            .push_bind(incident.0)
            .push(", ")
            .push_bind(version)
            .push(")");
    }
    let rows: Vec<DeliveryRow> = statement
        .push(" ORDER BY queued_at DESC, incident DESC, version DESC LIMIT ")
        .push_bind(query.limit)
        .build_query_as()
        .fetch_all(reader)
        .await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

pub(super) async fn replay_deliveries(
    mut tx: Write,
    webhook: WebhookId,
    one: Option<(IncidentId, i64)>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'waiting', replayed = 1, attempts = 0, next_at = $4,
             first_failed_at = NULL, settled_at = NULL
         WHERE webhook = $1 AND state = 'dead'
             AND ($2 IS NULL OR (incident = $2 AND version = $3))",
    )
    .bind(webhook.0)
    .bind(one.map(|(incident, _)| incident.0))
    .bind(one.map(|(_, version)| version))
    .bind(now.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

pub(super) async fn prune_deliveries(
    mut tx: Write,
    delivered_before: Timestamp,
    dead_before: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM deliveries WHERE state <> 'waiting'
             AND ((state = 'delivered' AND settled_at < $1)
                 OR (state = 'dead' AND settled_at < $2))",
    )
    .bind(delivered_before.timestamp_millis())
    .bind(dead_before.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn measure_webhook(
    reader: &SqlitePool,
    webhook: WebhookId,
) -> Result<WebhookHealth, StoreError> {
    let counts: Vec<(String, i64)> = sqlx::query_as(
        "SELECT state, count(*) FROM deliveries
         WHERE webhook = $1 AND state <> 'delivered' GROUP BY state",
    )
    .bind(webhook.0)
    .fetch_all(reader)
    .await?;
    let took_ms = sqlx::query_scalar(
        "SELECT coalesce(took_ms, 0) FROM deliveries
         WHERE webhook = $1 AND state = 'delivered' ORDER BY settled_at DESC LIMIT 100",
    )
    .bind(webhook.0)
    .fetch_all(reader)
    .await?;
    let count = |word: &str| {
        let found = counts.iter().find(|(state, _)| state == word);
        found.map_or(0, |(_, count)| count.unsigned_abs())
    };
    Ok(WebhookHealth {
        waiting: count("waiting"),
        dead: count("dead"),
        took_ms,
    })
}

pub(super) async fn claim_case(mut tx: Write, case: &Case) -> Result<Case, StoreError> {
    sqlx::query(
        "INSERT INTO cases (organisation, number, incident, filed, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, number) DO NOTHING",
    )
    .bind(case.organisation.0)
    .bind(&case.number)
    .bind(case.incident.0)
    .bind(case.filed)
    .bind(case.created_at.timestamp_millis())
    .execute(&mut *tx)
    .await?;
    let row: CaseRow =
        sqlx::query_as("SELECT * FROM cases WHERE organisation = $1 AND number = $2")
            .bind(case.organisation.0)
            .bind(&case.number)
            .fetch_one(&mut *tx)
            .await?;
    tx.commit().await?;
    row.try_into()
}

pub(super) async fn find_case(
    reader: &SqlitePool,
    organisation: OrganisationId,
    number: &str,
) -> Result<Option<Case>, StoreError> {
    let row: Option<CaseRow> =
        sqlx::query_as("SELECT * FROM cases WHERE organisation = $1 AND number = $2")
            .bind(organisation.0)
            .bind(number)
            .fetch_optional(reader)
            .await?;
    row.map(Case::try_from).transpose()
}

pub(super) async fn list_cases(
    reader: &SqlitePool,
    incidents: &[IncidentId],
) -> Result<Vec<Case>, StoreError> {
    let mut cases = Vec::new();
    for some in incidents.chunks(ROWS_PER_INSERT) {
        let mut statement = QueryBuilder::new("SELECT * FROM cases WHERE incident IN (");
        let mut any = statement.separated(", ");
        for incident in some {
            any.push_bind(incident.0);
        }
        statement.push(") ORDER BY incident, organisation, created_at, number");
        let rows: Vec<CaseRow> = statement.build_query_as().fetch_all(reader).await?;
        for row in rows {
            cases.push(row.try_into()?);
        }
    }
    Ok(cases)
}

pub(super) async fn save_case_mapping(
    mut tx: Write,
    mapping: &CaseMapping,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO case_mappings (organisation, body, saved_at, saved_by)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation) DO UPDATE SET (body, saved_at, saved_by) = ($2, $3, $4)",
    )
    .bind(mapping.organisation.0)
    .bind(Json(&mapping.mapping))
    .bind(mapping.saved_at.timestamp_millis())
    .bind(&mapping.saved_by)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_case_mapping(
    reader: &SqlitePool,
    organisation: OrganisationId,
) -> Result<Option<CaseMapping>, StoreError> {
    let row: Option<(Json<Mapping>, i64, String)> = sqlx::query_as(
        "SELECT body, saved_at, saved_by FROM case_mappings WHERE organisation = $1",
    )
    .bind(organisation.0)
    .fetch_optional(reader)
    .await?;
    row.map(|(body, saved_at, saved_by)| {
        Ok(CaseMapping {
            organisation,
            mapping: body.0,
            saved_at: parse_time("a mapping", saved_at)?,
            saved_by,
        })
    })
    .transpose()
}

#[derive(FromRow)]
struct WebhookRow {
    id: Uuid,
    organisation: Uuid,
    url: String,
    hears: String,
    actions: Json<Vec<Action>>,
    mapping: Option<Json<Mapping>>,
    state: String,
    secret: String,
    old_secret: Option<String>,
    old_secret_until: Option<i64>,
    created_at: i64,
    created_by: String,
    read_transaction: i64,
    read_sequence: i64,
    read_at: i64,
    held_until: Option<i64>,
    last_success_at: Option<i64>,
    last_failure_at: Option<i64>,
    last_failure: Option<String>,
}

impl TryFrom<WebhookRow> for KeptWebhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let what = "a webhook";
        let time = |millis: Option<i64>| millis.map(|at| parse_time(what, at)).transpose();
        let id = WebhookId(row.id);
        let old = row.old_secret.map(SigningSecret);
        Ok(Self {
            webhook: Webhook {
                id,
                organisation: OrganisationId(row.organisation),
                terms: WebhookTerms {
                    url: row.url,
                    hears: parse(what, &row.hears)?,
                    actions: row.actions.0,
                    mapping: row.mapping.map(|mapping| mapping.0),
                    state: parse(what, &row.state)?,
                },
                secret: SigningSecret(row.secret),
                old_secret: old.zip(time(row.old_secret_until)?),
                created_at: parse_time(what, row.created_at)?,
                created_by: row.created_by,
            },
            reading: Reading {
                webhook: id,
                cursor: ChangeCursor {
                    transaction: row.read_transaction,
                    sequence: row.read_sequence,
                },
                at: parse_time(what, row.read_at)?,
            },
            held_until: time(row.held_until)?,
            last_success_at: time(row.last_success_at)?,
            last_failure_at: time(row.last_failure_at)?,
            last_failure: row.last_failure,
        })
    }
}

#[derive(FromRow)]
struct DeliveryRow {
    webhook: Uuid,
    incident: Uuid,
    version: i64,
    action: String,
    at: i64,
    state: String,
    replayed: bool,
    attempts: u32,
    queued_at: i64,
    next_at: i64,
    first_failed_at: Option<i64>,
    settled_at: Option<i64>,
    status: Option<u16>,
    error: Option<String>,
    took_ms: Option<u32>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let what = "a delivery";
        let time = |millis: Option<i64>| millis.map(|at| parse_time(what, at)).transpose();
        Ok(Self {
            key: DeliveryKey {
                webhook: WebhookId(row.webhook),
                incident: IncidentId(row.incident),
                version: row.version,
            },
            action: parse(what, &row.action)?,
            at: parse_time(what, row.at)?,
            state: parse(what, &row.state)?,
            replayed: row.replayed,
            attempts: row.attempts,
            queued_at: parse_time(what, row.queued_at)?,
            next_at: parse_time(what, row.next_at)?,
            first_failed_at: time(row.first_failed_at)?,
            settled_at: time(row.settled_at)?,
            status: row.status,
            error: row.error,
            took_ms: row.took_ms,
        })
    }
}

#[derive(FromRow)]
struct CaseRow {
    organisation: Uuid,
    number: String,
    incident: Uuid,
    filed: bool,
    created_at: i64,
}

impl TryFrom<CaseRow> for Case {
    type Error = StoreError;

    fn try_from(row: CaseRow) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: OrganisationId(row.organisation),
            number: row.number,
            incident: IncidentId(row.incident),
            filed: row.filed,
            created_at: parse_time("a case", row.created_at)?,
        })
    }
}
