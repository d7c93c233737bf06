//! Calls for help, watches over those who work alone, and alarms.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::posts::StaffMember;
use super::problem::Problem;
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::domain::presence::{Alarm, AlarmKind, Watch};
use crate::domain::{AlarmId, AreaCode, LngLat, WorkerId};
use crate::service::Live;

/// Somebody may be in danger, until it is settled.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmDetail {
    pub id: AlarmId,
    pub kind: AlarmKind,
    pub at: DateTime<Utc>,
    pub worker_id: WorkerId,
    /// Null when the worker is not known any more.
    pub worker: Option<StaffMember>,
    /// Where the worker was last seen when it was raised.
    pub position: Option<LngLat>,
    /// The deepest area there.
    pub area: Option<AreaCode>,
    pub area_name: Option<String>,
    /// What the worker said.
    pub note: Option<String>,
    pub settled: Option<SettledDetail>,
}

/// How an alarm ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettledDetail {
    pub at: DateTime<Utc>,
    pub by: String,
    pub note: Option<String>,
}

impl AlarmDetail {
    fn new(live: &Live, alarm: Alarm) -> Self {
        let atlas = live.atlas();
        let area = alarm.area.as_ref().and_then(|area| atlas.find(area));
        let member = live.roster().find(alarm.worker);
        Self {
            id: alarm.id,
            kind: alarm.kind,
            at: alarm.at,
            worker_id: alarm.worker,
            worker: member.as_ref().map(StaffMember::new),
            position: alarm.position,
            area_name: area.map(|ordinal| atlas.area(ordinal).name.clone()),
            area: alarm.area,
            note: alarm.note,
            settled: alarm.settled.map(|settled| SettledDetail {
                at: settled.at,
                by: settled.by,
                note: settled.note,
            }),
        }
    }
}

/// What a worker says who calls for help.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PanicRequest {
    /// Where the worker was last seen when absent.
    position: Option<LngLat>,
    /// At most 1,000 characters.
    note: Option<String>,
}

/// A worker calls for help (一键求助). While a call is open, another is the same.
#[utoipa::path(post, path = "/api/v1/workers/{id}/panic", tag = "presence",
    params(("id" = uuid::Uuid, Path)),
    request_body = PanicRequest,
    responses(
        (status = 200, body = AlarmDetail, description = "The call that is open already"),
        (status = 201, body = AlarmDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn call_for_help(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
    JsonBody(request): JsonBody<PanicRequest>,
) -> Result<(StatusCode, Json<AlarmDetail>), Problem> {
    let services = &api.services;
    let called = services.call_for_help(&actor, id, request.position, request.note);
    let raised = called.await?;
    let status = if raised.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let detail = AlarmDetail::new(services.live(), raised.alarm);
    Ok((status, Json(detail)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchRequest {
    /// How long the worker may stay without moving or sending a position; as it is set on
    /// the server when absent.
    #[schema(minimum = 1, maximum = 1440)]
    minutes: Option<u16>,
}

/// A worker is watched over.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchDetail {
    pub worker: WorkerId,
    pub since: DateTime<Utc>,
    pub minutes: u16,
    pub set_by: String,
}

impl From<Watch> for WatchDetail {
    fn from(watch: Watch) -> Self {
        Self {
            worker: watch.worker,
            since: watch.since,
            minutes: watch.minutes,
            set_by: watch.set_by,
        }
    }
}

/// Watches over a worker on duty who works alone (单人作业看护): there is an alarm when they
/// neither move nor send a position for too long. Workers may ask for it themselves. The
/// watch ends with the duty.
#[utoipa::path(post, path = "/api/v1/workers/{id}/watch", tag = "presence",
    params(("id" = uuid::Uuid, Path)),
    request_body = WatchRequest,
    responses(
        (status = 200, body = WatchDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn watch_over(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
    JsonBody(request): JsonBody<WatchRequest>,
) -> Result<Json<WatchDetail>, Problem> {
    let watch = api.services.watch_over(&actor, id, request.minutes).await?;
    Ok(Json(watch.into()))
}

/// Ends the watch over a worker, if there is one.
#[utoipa::path(delete, path = "/api/v1/workers/{id}/watch", tag = "presence",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 204),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn end_watch(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
) -> Result<StatusCode, Problem> {
    api.services.end_watch(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlarmQuery {
    /// Only those that are not settled, or only those that are.
    open: Option<bool>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// Alarms of workers, the newest first.
#[utoipa::path(get, path = "/api/v1/alarms", tag = "presence", params(AlarmQuery), responses(
    (status = 200, body = Page<AlarmDetail>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_alarms(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<AlarmQuery>,
) -> Result<Json<Page<AlarmDetail>>, Problem> {
    let after = from_cursor(query.cursor.as_deref())?;
    let limit = page_size(query.limit)?;
    let services = &api.services;
    let listed = services.list_alarms(&actor, query.open, after, limit);
    let (alarms, more) = listed.await?;
    let last = alarms.last().filter(|_| more);
    Ok(Json(Page {
        next: last.and_then(|last| to_cursor(&(last.at, last.id))),
        items: alarms
            .into_iter()
            .map(|alarm| AlarmDetail::new(services.live(), alarm))
            .collect(),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    /// What was found, at most 1,000 characters.
    note: Option<String>,
}

/// Settles an alarm. One that is settled stays as it is; a watch begins anew.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/settle", tag = "presence",
    params(("id" = uuid::Uuid, Path)),
    request_body = SettleRequest,
    responses(
        (status = 200, body = AlarmDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn settle_alarm(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<AlarmId>,
    JsonBody(request): JsonBody<SettleRequest>,
) -> Result<Json<AlarmDetail>, Problem> {
    let settled = api.services.settle_alarm(&actor, id, request.note).await?;
    Ok(Json(AlarmDetail::new(api.services.live(), settled)))
}
