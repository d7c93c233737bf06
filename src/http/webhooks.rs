//! Webhooks: where organisations are told of incidents, and how that goes.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::problem::Problem;
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::domain::mapping::Mapping;
use crate::domain::webhook::{
    Attempt, Delivery as DomainDelivery, DeliveryState, Hearing, WebhookHealth as DomainHealth,
    WebhookState,
};
use crate::domain::workflow::Action;
use crate::domain::{IncidentId, OrganisationId, WebhookId};
use crate::service::departments::{NewWebhook, WebhookChange, event_id, parse_event_id};
use crate::store::{DeliveryPlace, DeliveryQuery, KeptWebhook};

/// An endpoint: an address at which an organisation is told of incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    pub id: WebhookId,
    pub organisation: OrganisationId,
    pub url: String,
    pub hears: Hearing,
    /// The actions it is told of; all when empty.
    pub actions: Vec<Action>,
    pub mapping: Option<Mapping>,
    pub state: WebhookState,
    /// Until when the secret before this one signs too.
    pub old_secret_until: Option<DateTime<Utc>>,
    /// Until when it asked to be left alone.
    pub held_until: Option<DateTime<Utc>>,
    pub last_success_at: Option<DateTime<Utc>>,
    pub last_failure_at: Option<DateTime<Utc>>,
    pub last_failure: Option<String>,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
}

/// An endpoint with what is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedWebhook {
    #[serde(flatten)]
    pub webhook: Webhook,
    /// Checks what is sent, as Standard Webhooks says; not shown again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

/// An endpoint with how it does.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDetail {
    #[serde(flatten)]
    pub webhook: Webhook,
    pub health: WebhookHealth,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookHealth {
    /// How many events are on their way.
    pub waiting: u64,
    /// How many were given up, and can be replayed.
    pub dead: u64,
    /// Of the last hundred that it took, the median of how long it took.
    pub median_ms: Option<u32>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    organisation: OrganisationId,
    /// Must be `https`.
    #[schema(example = "https://department.example/wangge")]
    url: String,
    /// `area` for a centre, else `tasks`, when absent.
    hears: Option<Hearing>,
    /// The actions it is told of; all when empty.
    #[serde(default)]
    actions: Vec<Action>,
    /// Makes the organisation's own fields out of `data`.
    mapping: Option<Mapping>,
}

/// What is to be otherwise; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChangeRequest {
    url: Option<String>,
    hears: Option<Hearing>,
    actions: Option<Vec<Action>>,
    /// Null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Mapping>)]
    #[expect(clippy::option_option, reason = "null is not the same as nothing")]
    mapping: Option<Option<Mapping>>,
    state: Option<WebhookState>,
}

/// Tells null from what is not there.
#[expect(clippy::option_option, reason = "null is not the same as nothing")]
fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Mapping>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotatedSecret {
    /// Signs from now on; not shown again.
    pub secret: String,
}

/// An event on its way to an endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// The event's identity, as in `webhook-id`: the same each time that it is sent.
    #[schema(example = "evt_0198c0de5f6e7d12a3b4c5d6e7f80912_3")]
    pub id: String,
    pub incident: IncidentId,
    /// The version that the incident had after the step.
    pub version: i64,
    pub action: Action,
    /// When the step was taken.
    pub at: DateTime<Utc>,
    pub state: DeliveryState,
    /// Sent again at somebody's wish, outside the order.
    pub replayed: bool,
    pub attempts: u32,
    pub queued_at: DateTime<Utc>,
    /// When it is tried next.
    pub next_at: Option<DateTime<Utc>>,
    pub settled_at: Option<DateTime<Utc>>,
    /// What the endpoint answered last.
    pub status: Option<u16>,
    pub error: Option<String>,
    pub took_ms: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesQuery {
    #[param(inline)]
    state: Option<DeliveryState>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// The identity of a dead event; all of the endpoint when absent.
    delivery: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    pub replayed: u64,
}

/// What came of a ping.
#[derive(Debug, Serialize, ToSchema)]
pub struct PingAnswer {
    /// True when it was answered with 200 to 299.
    pub ok: bool,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub took_ms: u32,
}

/// Makes an endpoint, which is told of what happens from now on: CloudEvents 1.0 in JSON,
/// signed as Standard Webhooks says, each at least once and those of an incident in order.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "departments",
    request_body = WebhookRequest,
    responses(
        (status = 201, body = CreatedWebhook, headers(("Location" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "`mapping_refused` lists everything that is wrong with the mapping"),
    ))]
pub async fn create_webhook(
    State(api): State<Api>,
    Caller(actor): Caller,
    JsonBody(request): JsonBody<WebhookRequest>,
) -> Result<Response, Problem> {
    let new = NewWebhook {
        organisation: request.organisation,
        url: request.url,
        hears: request.hears,
        actions: request.actions,
        mapping: request.mapping,
    };
    let courier = &api.settings.courier;
    let kept = api.services.create_webhook(&actor, courier, new).await?;
    let location = format!("/api/v1/webhooks/{}", kept.webhook.id);
    let created = CreatedWebhook {
        secret: kept.webhook.secret.0.clone(),
        webhook: kept.into(),
    };
    let mut response = (StatusCode::CREATED, Json(created)).into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Every endpoint, the oldest first.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "departments", responses(
    (status = 200, body = Page<Webhook>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_webhooks(
    State(api): State<Api>,
    Caller(actor): Caller,
) -> Result<Json<Page<Webhook>>, Problem> {
    let all = api.services.list_webhooks(&actor).await?;
    Ok(Json(Page::whole(
        all.into_iter().map(Webhook::from).collect(),
    )))
}

/// An endpoint and how it does.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "departments",
    params(("id" = WebhookId, Path)),
    responses(
        (status = 200, body = WebhookDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_webhook(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
) -> Result<Json<WebhookDetail>, Problem> {
    let (kept, health) = api.services.load_webhook(&actor, id).await?;
    Ok(Json(WebhookDetail {
        webhook: kept.into(),
        health: health.into(),
    }))
}

/// Gives an endpoint other terms, pauses it or lets it go on. What happened while it was
/// paused it is told then.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "departments",
    params(("id" = WebhookId, Path)),
    request_body = WebhookChangeRequest,
    responses(
        (status = 200, body = Webhook),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn change_webhook(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
    JsonBody(request): JsonBody<WebhookChangeRequest>,
) -> Result<Json<Webhook>, Problem> {
    let change = WebhookChange {
        url: request.url,
        hears: request.hears,
        actions: request.actions,
        mapping: request.mapping,
        state: request.state,
    };
    let courier = &api.settings.courier;
    let kept = api
        .services
        .change_webhook(&actor, courier, id, change)
        .await?;
    Ok(Json(kept.into()))
}

/// Removes an endpoint with all that was on its way to it.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "departments",
    params(("id" = WebhookId, Path)),
    responses(
        (status = 204),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn remove_webhook(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
) -> Result<StatusCode, Problem> {
    api.services.remove_webhook(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an endpoint another secret. For a day both sign, each with a signature of its own
/// in `webhook-signature`.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate", tag = "departments",
    params(("id" = WebhookId, Path)),
    responses(
        (status = 200, body = RotatedSecret),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn rotate_webhook_secret(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
) -> Result<Json<RotatedSecret>, Problem> {
    let secret = api.services.rotate_secret(&actor, id).await?;
    Ok(Json(RotatedSecret { secret: secret.0 }))
}

/// What was and is on its way to an endpoint, the last queued first. What was delivered is
/// kept for a week, what was given up for ninety days.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "departments",
    params(("id" = WebhookId, Path), DeliveriesQuery),
    responses(
        (status = 200, body = Page<Delivery>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_deliveries(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<Page<Delivery>>, Problem> {
    let limit = page_size(query.limit)?;
    let after: Option<DeliveryPlace> = from_cursor(query.cursor.as_deref())?;
    let condition = DeliveryQuery {
        webhook: id,
        state: query.state,
        after,
        limit: u32::try_from(limit + 1).unwrap_or(u32::MAX),
    };
    let mut found = api.services.list_deliveries(&actor, &condition).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    Ok(Json(Page {
        next: last
            .and_then(|last| to_cursor(&(last.queued_at, last.key.incident, last.key.version))),
        items: found.into_iter().map(Delivery::from).collect(),
    }))
}

/// Sends a dead event again, or all of an endpoint. Replays come with `replayed` and
/// outside the order: they wait for nothing else of their incident, and hold nothing back.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/replay", tag = "departments",
    params(("id" = WebhookId, Path)),
    request_body = ReplayRequest,
    responses(
        (status = 200, body = Replayed),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn replay_deliveries(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
    JsonBody(request): JsonBody<ReplayRequest>,
) -> Result<Json<Replayed>, Problem> {
    let one = request
        .delivery
        .map(|text| {
            parse_event_id(&text)
                .ok_or_else(|| Problem::invalid(format!("{text:?} is no identity of a delivery")))
        })
        .transpose()?;
    let replayed = api.services.replay_deliveries(&actor, id, one).await?;
    Ok(Json(Replayed { replayed }))
}

/// Sends an endpoint an event that means nothing (`wangge.ping`), and says what it
/// answered.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/ping", tag = "departments",
    params(("id" = WebhookId, Path)),
    responses(
        (status = 200, body = PingAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn ping_webhook(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WebhookId>,
) -> Result<Json<PingAnswer>, Problem> {
    let courier = &api.settings.courier;
    let attempt = api.services.ping_webhook(&actor, courier, id).await?;
    Ok(Json(attempt.into()))
}

impl From<KeptWebhook> for Webhook {
    fn from(kept: KeptWebhook) -> Self {
        let webhook = kept.webhook;
        Self {
            id: webhook.id,
            organisation: webhook.organisation,
            url: webhook.terms.url,
            hears: webhook.terms.hears,
            actions: webhook.terms.actions,
            mapping: webhook.terms.mapping,
            state: webhook.terms.state,
            old_secret_until: webhook.old_secret.map(|(_, until)| until),
            held_until: kept.held_until,
            last_success_at: kept.last_success_at,
            last_failure_at: kept.last_failure_at,
            last_failure: kept.last_failure,
            created_at: webhook.created_at,
            created_by: webhook.created_by,
        }
    }
}

impl From<DomainHealth> for WebhookHealth {
    fn from(health: DomainHealth) -> Self {
        Self {
            waiting: health.waiting,
            dead: health.dead,
            median_ms: health.median_ms(),
        }
    }
}

impl From<DomainDelivery> for Delivery {
    fn from(delivery: DomainDelivery) -> Self {
        let waits = delivery.state == DeliveryState::Waiting;
        Self {
            id: event_id(delivery.key.incident, delivery.key.version),
            incident: delivery.key.incident,
            version: delivery.key.version,
            action: delivery.action,
            at: delivery.at,
            state: delivery.state,
            replayed: delivery.replayed,
            attempts: delivery.attempts,
            queued_at: delivery.queued_at,
            next_at: waits.then_some(delivery.next_at),
            settled_at: delivery.settled_at,
            status: delivery.status,
            error: delivery.error,
            took_ms: delivery.took_ms,
        }
    }
}

impl From<Attempt> for PingAnswer {
    fn from(attempt: Attempt) -> Self {
        Self {
            ok: attempt.succeeded(),
            status: attempt.status,
            error: attempt.error,
            took_ms: attempt.took_ms,
        }
    }
}
