//! Workers: who is near, who is on duty.

use axum::extract::State;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::answer::json;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::problem::Problem;
use super::view::worker::{Backdrop, Worker};
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::domain::{AreaCode, LngLat, WorkerId, WorkerRole};
use crate::service::people::{NearestQuery, WorkerQuery};

/// The most workers asked for at once by nearness.
const MAX_NEAREST: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Posted inside this area.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Part of the name.
    q: Option<String>,
    on_duty: Option<bool>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    cursor: Option<String>,
}

/// Workers by area, name and duty.
#[utoipa::path(get, path = "/api/v1/workers", tag = "workers", params(ListQuery), responses(
    (status = 200, body = Page<Worker>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_workers(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let (states, more) = api.services.list_workers(
        &actor,
        &WorkerQuery {
            area: query.area,
            text: query.q.filter(|text| !text.is_empty()),
            on_duty: query.on_duty,
            after: from_cursor(query.cursor.as_deref())?,
            limit: page_size(query.limit)?,
        },
    )?;
    let behind = Backdrop::new(api.services.live(), api.services.clock().now());
    let last = states.last().filter(|_| more);
    Ok(json(&Page {
        next: last.and_then(|last| {
            let worker = &last.member.worker;
            to_cursor(&(&worker.name, worker.id))
        }),
        items: states
            .iter()
            .map(|state| Worker::new(&behind, state))
            .collect(),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NearQuery {
    #[param(example = 119.0211)]
    lon: f64,
    #[param(example = 33.6101)]
    lat: f64,
    /// How many; 5 when absent.
    #[param(minimum = 1, maximum = 100)]
    k: Option<usize>,
    /// Only those who have this skill.
    skill: Option<String>,
    /// None farther than this.
    #[param(minimum = 0)]
    max_m: Option<f64>,
    #[param(inline)]
    role: Option<WorkerRole>,
    /// Only those seen at most so long ago.
    #[param(minimum = 0)]
    max_age_s: Option<u32>,
    /// Only those posted inside this area.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Only those who could take one more task.
    #[serde(default)]
    has_capacity: bool,
}

/// The nearest on-duty workers, the nearest first.
#[utoipa::path(get, path = "/api/v1/workers/nearest", tag = "workers", params(NearQuery), responses(
    (status = 200, body = Page<Worker>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn find_nearest_workers(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<NearQuery>,
) -> Result<Response, Problem> {
    let count = query.k.unwrap_or(5);
    if !(1..=MAX_NEAREST).contains(&count) {
        return Err(Problem::invalid(format!(
            "k {count} is not between 1 and {MAX_NEAREST}"
        )));
    }
    let max_m = query.max_m.unwrap_or(f64::INFINITY);
    if max_m.is_nan() || max_m < 0.0 {
        return Err(Problem::invalid(format!("max_m {max_m} is no distance")));
    }
    let point = LngLat::from_degrees(query.lon, query.lat)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let now = api.services.clock().now();
    let states = api.services.find_nearest_workers(
        &actor,
        &NearestQuery {
            point,
            count,
            max_m,
            skill: query.skill,
            role: query.role,
            seen_since: query
                .max_age_s
                .map(|age_s| now - TimeDelta::seconds(age_s.into())),
            area: query.area,
            has_capacity: query.has_capacity,
        },
    )?;
    let behind = Backdrop::new(api.services.live(), now);
    let workers = states.iter().map(|state| Worker::new(&behind, state));
    Ok(json(&Page::whole(workers.collect())))
}

/// One worker.
#[utoipa::path(get, path = "/api/v1/workers/{id}", tag = "workers",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = Worker),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_worker(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
) -> Result<Response, Problem> {
    let state = api.services.load_worker(&actor, id)?;
    let behind = Backdrop::new(api.services.live(), api.services.clock().now());
    Ok(json(&Worker::new(&behind, &state)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    on_duty: bool,
}

/// Puts a worker on or off duty.
#[utoipa::path(post, path = "/api/v1/workers/{id}/duty", tag = "workers",
    params(("id" = uuid::Uuid, Path)),
    request_body = Duty,
    responses(
        (status = 200, body = Worker),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn set_duty(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
    JsonBody(duty): JsonBody<Duty>,
) -> Result<Response, Problem> {
    let state = api.services.set_duty(&actor, id, duty.on_duty).await?;
    let behind = Backdrop::new(api.services.live(), api.services.clock().now());
    Ok(json(&Worker::new(&behind, &state)))
}
