//! Endpoints, what is on its way to them, and departments' own case numbers.

use sqlx::types::Json;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::mapping::Mapping;
use crate::domain::webhook::{
    Delivery, DeliveryKey, DeliveryState, Hearing, SigningSecret, Webhook, WebhookHealth,
    WebhookState, WebhookTerms,
};
use crate::domain::workflow::Action;
use crate::domain::{ChangeCursor, IncidentId, OrganisationId, Timestamp, WebhookId};
use crate::store::{
    Case, CaseMapping, DeliveryQuery, EndpointNews, KeptWebhook, Reading, StoreError,
};

pub(super) async fn add_webhook(
    pool: &PgPool,
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
    .bind(webhook.created_at)
    .bind(&webhook.created_by)
    .bind(cursor.transaction)
    .bind(cursor.sequence)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn change_webhook(
    pool: &PgPool,
    id: WebhookId,
    terms: &WebhookTerms,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = super::begin(pool).await?;
    let before: Option<WebhookState> =
        sqlx::query_scalar("SELECT state FROM webhooks WHERE id = $1 FOR UPDATE")
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
    if before == WebhookState::Paused && terms.state == WebhookState::Active {
        sqlx::query("UPDATE webhooks SET held_until = NULL WHERE id = $1")
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE deliveries SET next_at = $2, first_failed_at = NULL, attempts = 0
             WHERE webhook = $1 AND state = 'waiting'",
        )
        .bind(id.0)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub(super) async fn rotate_secret(
    pool: &PgPool,
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
    .bind(old_until)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn remove_webhook(pool: &PgPool, id: WebhookId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM webhooks WHERE id = $1")
        .bind(id.0)
        .execute(pool)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn list_webhooks(pool: &PgPool) -> Result<Vec<KeptWebhook>, StoreError> {
    let rows: Vec<WebhookRow> = sqlx::query_as("SELECT * FROM webhooks ORDER BY id")
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(KeptWebhook::from).collect())
}

pub(super) async fn queue_deliveries(
    pool: &PgPool,
    deliveries: &[Delivery],
    readings: &[Reading],
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    if !deliveries.is_empty() {
        insert_deliveries(deliveries)
            .build()
            .execute(&mut *tx)
            .await?;
    }
    for reading in readings {
        sqlx::query(
            "UPDATE webhooks SET (read_transaction, read_sequence, read_at) = ($2, $3, $4)
             WHERE id = $1",
        )
        .bind(reading.webhook.0)
        .bind(reading.cursor.transaction)
        .bind(reading.cursor.sequence)
        .bind(reading.at)
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Endpoints that were removed meanwhile are left out; those that are there are locked
/// until their deliveries are.
fn insert_deliveries(deliveries: &[Delivery]) -> QueryBuilder<Postgres> {
    let each = |take: fn(&Delivery) -> Uuid| deliveries.iter().map(take).collect::<Vec<Uuid>>();
    let texts = |take: fn(&Delivery) -> &'static str| {
        deliveries.iter().map(take).collect::<Vec<&'static str>>()
    };
    let times =
        |take: fn(&Delivery) -> Timestamp| deliveries.iter().map(take).collect::<Vec<Timestamp>>();
    let mut statement = QueryBuilder::new(
        "WITH there AS (SELECT id FROM webhooks FOR KEY SHARE)
         INSERT INTO deliveries (webhook, incident, version, action, at, state, replayed,
             attempts, queued_at, next_at)
         SELECT new.* FROM unnest(",
    );
    statement
        .push_bind(each(|delivery| delivery.key.webhook.0))
        .push("::uuid[], ")
        .push_bind(each(|delivery| delivery.key.incident.0))
        .push("::uuid[], ")
        .push_bind(
            deliveries
                .iter()
                .map(|delivery| delivery.key.version)
                .collect::<Vec<i64>>(),
        )
        .push("::bigint[], ")
        .push_bind(texts(|delivery| delivery.action.as_str()))
        .push("::text[], ")
        .push_bind(times(|delivery| delivery.at))
        .push("::timestamptz[], ")
        .push_bind(texts(|delivery| delivery.state.as_str()))
        .push("::text[], ")
        .push_bind(
            deliveries
                .iter()
                .map(|delivery| delivery.replayed)
                .collect::<Vec<bool>>(),
        )
        .push("::boolean[], ")
        .push_bind(
            deliveries
                .iter()
                .map(|delivery| integer(delivery.attempts))
                .collect::<Vec<i32>>(),
        )
        .push("::integer[], ")
        .push_bind(times(|delivery| delivery.queued_at))
        .push("::timestamptz[], ")
        .push_bind(times(|delivery| delivery.next_at))
        .push(
            "::timestamptz[]) AS new (webhook, incident, version, action, at, state, replayed,
                 attempts, queued_at, next_at)
             JOIN there ON there.id = new.webhook
             ON CONFLICT DO NOTHING",
        );
    statement
}

pub(super) async fn list_due_deliveries(
    pool: &PgPool,
    webhook: WebhookId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let rows: Vec<DeliveryRow> = sqlx::query_as(
        "SELECT * FROM deliveries AS d
         WHERE webhook = $1 AND state = 'waiting' AND next_at <= $2 AND NOT EXISTS (
             SELECT FROM deliveries AS e
             WHERE e.webhook = d.webhook AND e.incident = d.incident AND e.version < d.version
                 AND e.state = 'waiting' AND e.replayed = d.replayed)
         ORDER BY next_at, incident, version LIMIT $3",
    )
    .bind(webhook.0)
    .bind(now)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

pub(super) async fn settle_delivery(
    pool: &PgPool,
    after: &Delivery,
    at: Timestamp,
    news: &EndpointNews,
) -> Result<(), StoreError> {
    let mut tx = super::begin(pool).await?;
    // The endpoint first, as when it is changed: whoever takes the other way round waits
    // for ever.
    sqlx::query(
        "UPDATE webhooks SET
             last_success_at = CASE WHEN $2::text IS NULL THEN $3 ELSE last_success_at END,
             last_failure_at = CASE WHEN $2::text IS NULL THEN last_failure_at ELSE $3 END,
             last_failure = coalesce($2, last_failure),
             held_until = coalesce($4, held_until),
             state = CASE WHEN $5 THEN 'paused' ELSE state END
         WHERE id = $1",
    )
    .bind(after.key.webhook.0)
    .bind(&after.error)
    .bind(at)
    .bind(news.hold_until)
    .bind(news.is_gone)
    .execute(&mut *tx)
    .await?;
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
    .bind(integer(after.attempts))
    .bind(after.next_at)
    .bind(after.first_failed_at)
    .bind(after.settled_at)
    .bind(after.status.map(i32::from))
    .bind(&after.error)
    .bind(after.took_ms.map(integer))
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
        .bind(after.next_at)
        .bind(after.replayed)
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn list_deliveries(
    pool: &PgPool,
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
            .push_bind(queued_at)
            .push(", ")
            .push_bind(incident.0)
            .push(", ")
            .push_bind(version)
            .push(")");
    }
    let rows: Vec<DeliveryRow> = statement
        .push(" ORDER BY queued_at DESC, incident DESC, version DESC LIMIT ")
        .push_bind(i64::from(query.limit))
        .build_query_as()
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

pub(super) async fn replay_deliveries(
    pool: &PgPool,
    webhook: WebhookId,
    one: Option<(IncidentId, i64)>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'waiting', replayed = true, attempts = 0, next_at = $4,
             first_failed_at = NULL, settled_at = NULL
         WHERE webhook = $1 AND state = 'dead'
             AND ($2::uuid IS NULL OR (incident = $2 AND version = $3))",
    )
    .bind(webhook.0)
    .bind(one.map(|(incident, _)| incident.0))
    .bind(one.map(|(_, version)| version))
    .bind(now)
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn prune_deliveries(
    pool: &PgPool,
    delivered_before: Timestamp,
    dead_before: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM deliveries WHERE state <> 'waiting'
             AND ((state = 'delivered' AND settled_at < $1)
                 OR (state = 'dead' AND settled_at < $2))",
    )
    .bind(delivered_before)
    .bind(dead_before)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn measure_webhook(
    pool: &PgPool,
    webhook: WebhookId,
) -> Result<WebhookHealth, StoreError> {
    let counts: Vec<(DeliveryState, i64)> = sqlx::query_as(
        "SELECT state, count(*) FROM deliveries
         WHERE webhook = $1 AND state <> 'delivered' GROUP BY state",
    )
    .bind(webhook.0)
    .fetch_all(pool)
    .await?;
    let took_ms: Vec<i32> = sqlx::query_scalar(
        "SELECT coalesce(took_ms, 0) FROM deliveries
         WHERE webhook = $1 AND state = 'delivered' ORDER BY settled_at DESC LIMIT 100",
    )
    .bind(webhook.0)
    .fetch_all(pool)
    .await?;
    let count = |wanted: DeliveryState| {
        let found = counts.iter().find(|(state, _)| *state == wanted);
        found.map_or(0, |(_, count)| count.unsigned_abs())
    };
    Ok(WebhookHealth {
        waiting: count(DeliveryState::Waiting),
        dead: count(DeliveryState::Dead),
        took_ms: took_ms.into_iter().map(i32::unsigned_abs).collect(),
    })
}

pub(super) async fn claim_case(pool: &PgPool, case: &Case) -> Result<Case, StoreError> {
    sqlx::query(
        "INSERT INTO cases (organisation, number, incident, filed, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(case.organisation.0)
    .bind(&case.number)
    .bind(case.incident.0)
    .bind(case.filed)
    .bind(case.created_at)
    .execute(pool)
    .await?;
    let row: CaseRow =
        sqlx::query_as("SELECT * FROM cases WHERE organisation = $1 AND number = $2")
            .bind(case.organisation.0)
            .bind(&case.number)
            .fetch_one(pool)
            .await?;
    Ok(row.into())
}

pub(super) async fn find_case(
    pool: &PgPool,
    organisation: OrganisationId,
    number: &str,
) -> Result<Option<Case>, StoreError> {
    let row: Option<CaseRow> =
        sqlx::query_as("SELECT * FROM cases WHERE organisation = $1 AND number = $2")
            .bind(organisation.0)
            .bind(number)
            .fetch_optional(pool)
            .await?;
    Ok(row.map(Case::from))
}

pub(super) async fn list_cases(
    pool: &PgPool,
    incidents: &[IncidentId],
) -> Result<Vec<Case>, StoreError> {
    let ids: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
    let rows: Vec<CaseRow> = sqlx::query_as(
        "SELECT * FROM cases WHERE incident = ANY ($1)
         ORDER BY incident, organisation, created_at, number",
    )
    .bind(ids)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Case::from).collect())
}

pub(super) async fn save_case_mapping(
    pool: &PgPool,
    mapping: &CaseMapping,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO case_mappings (organisation, body, saved_at, saved_by)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation) DO UPDATE SET (body, saved_at, saved_by) = ($2, $3, $4)",
    )
    .bind(mapping.organisation.0)
    .bind(Json(&mapping.mapping))
    .bind(mapping.saved_at)
    .bind(&mapping.saved_by)
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn find_case_mapping(
    pool: &PgPool,
    organisation: OrganisationId,
) -> Result<Option<CaseMapping>, StoreError> {
    let row: Option<(Json<Mapping>, Timestamp, String)> = sqlx::query_as(
        "SELECT body, saved_at, saved_by FROM case_mappings WHERE organisation = $1",
    )
    .bind(organisation.0)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(body, saved_at, saved_by)| CaseMapping {
        organisation,
        mapping: body.0,
        saved_at,
        saved_by,
    }))
}

/// Counts are small; the column has no others.
fn integer(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[derive(FromRow)]
struct WebhookRow {
    id: Uuid,
    organisation: OrganisationId,
    url: String,
    hears: Hearing,
    actions: Json<Vec<Action>>,
    mapping: Option<Json<Mapping>>,
    state: WebhookState,
    secret: String,
    old_secret: Option<String>,
    old_secret_until: Option<Timestamp>,
    created_at: Timestamp,
    created_by: String,
    read_transaction: i64,
    read_sequence: i64,
    read_at: Timestamp,
    held_until: Option<Timestamp>,
    last_success_at: Option<Timestamp>,
    last_failure_at: Option<Timestamp>,
    last_failure: Option<String>,
}

impl From<WebhookRow> for KeptWebhook {
    fn from(row: WebhookRow) -> Self {
        let id = WebhookId(row.id);
        let old = row.old_secret.map(SigningSecret);
        Self {
            webhook: Webhook {
                id,
                organisation: row.organisation,
                terms: WebhookTerms {
                    url: row.url,
                    hears: row.hears,
                    actions: row.actions.0,
                    mapping: row.mapping.map(|mapping| mapping.0),
                    state: row.state,
                },
                secret: SigningSecret(row.secret),
                old_secret: old.zip(row.old_secret_until),
                created_at: row.created_at,
                created_by: row.created_by,
            },
            reading: Reading {
                webhook: id,
                cursor: ChangeCursor {
                    transaction: row.read_transaction,
                    sequence: row.read_sequence,
                },
                at: row.read_at,
            },
            held_until: row.held_until,
            last_success_at: row.last_success_at,
            last_failure_at: row.last_failure_at,
            last_failure: row.last_failure,
        }
    }
}

#[derive(FromRow)]
struct DeliveryRow {
    webhook: Uuid,
    incident: IncidentId,
    version: i64,
    action: Action,
    at: Timestamp,
    state: DeliveryState,
    replayed: bool,
    attempts: i32,
    queued_at: Timestamp,
    next_at: Timestamp,
    first_failed_at: Option<Timestamp>,
    settled_at: Option<Timestamp>,
    status: Option<i32>,
    error: Option<String>,
    took_ms: Option<i32>,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Self {
            key: DeliveryKey {
                webhook: WebhookId(row.webhook),
                incident: row.incident,
                version: row.version,
            },
            action: row.action,
            at: row.at,
            state: row.state,
            replayed: row.replayed,
            attempts: row.attempts.unsigned_abs(),
            queued_at: row.queued_at,
            next_at: row.next_at,
            first_failed_at: row.first_failed_at,
            settled_at: row.settled_at,
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            error: row.error,
            took_ms: row.took_ms.map(i32::unsigned_abs),
        }
    }
}

#[derive(FromRow)]
struct CaseRow {
    organisation: OrganisationId,
    number: String,
    incident: IncidentId,
    filed: bool,
    created_at: Timestamp,
}

impl From<CaseRow> for Case {
    fn from(row: CaseRow) -> Self {
        Self {
            organisation: row.organisation,
            number: row.number,
            incident: row.incident,
            filed: row.filed,
            created_at: row.created_at,
        }
    }
}
