//! The steps of requests, beside the standard, in the form that `FixMyStreet` fetches
//! (<https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311>):
//! `service_request_updates` of `request_update`.

use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;

use super::super::Api;
use super::super::base::Base;
use super::super::extract::Path;
use super::super::incidents::key_of;
use super::super::problem::Problem;
use super::asked::{Asked, with_links};
use super::{Refusals, told};
use crate::codec::open311::{RequestUpdate, Root};
use crate::service::open311::{SeenStep, Span};

/// The steps of one request, from its report on. What was noted with them is told to those
/// who may see the request whole.
#[utoipa::path(get, path = "/open311/v2/requests/{service_request_id}/updates.json", tag = "open311",
    params(
        ("service_request_id" = String, Path, example = "20261122000123"),
        ("jurisdiction_id" = Option<String>, Query),
        ("api_key" = Option<String>, Query),
    ),
    responses(
        (status = 200, body = Vec<RequestUpdate>, content_type = "application/json"),
        Refusals,
    ))]
pub async fn list_request_updates(
    State(api): State<Api>,
    Path(number): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let key = key_of(&number)?;
    let steps = api.services.list_request_steps(&asked.actor, &key).await?;
    answer(&asked, &steps)
}

/// What happened to requests in a span of time, the most recent 90 days unless said otherwise:
/// of the requests that were made in the 90 days before its end, 1,000 to a page.
#[utoipa::path(get, path = "/open311/v2/servicerequestupdates.json", tag = "open311",
    params(
        ("jurisdiction_id" = Option<String>, Query),
        ("api_key" = Option<String>, Query),
        ("start_date" = Option<String>, Query, description = "Earliest time, such as `2010-01-01T00:00:00Z`"),
        ("end_date" = Option<String>, Query, description = "Latest time"),
        ("page" = Option<u32>, Query, description = "From 1 on. The header `Link` leads to the next."),
        ("page_size" = Option<u32>, Query, description = "Requests to a page, 1 to 1000"),
    ),
    responses(
        (status = 200, body = Vec<RequestUpdate>, content_type = "application/json",
            headers(("Link" = String))),
        Refusals,
    ))]
pub async fn list_updates(
    State(api): State<Api>,
    base: Base,
    parts: Parts,
    asked: Asked,
) -> Result<Response, Problem> {
    let span = Span {
        from: asked.arguments.time("start_date")?,
        until: asked.arguments.time("end_date")?,
    };
    let page = asked.page()?;
    let services = &api.services;
    let found = services
        .search_request_steps(&asked.actor, span, page)
        .await?;
    let response = answer(&asked, &found.items)?;
    Ok(with_links(response, &base, &parts, page, found.more))
}

fn answer(asked: &Asked, steps: &[SeenStep]) -> Result<Response, Problem> {
    let updates: Vec<RequestUpdate> = steps
        .iter()
        .map(|step| told::update(step, asked.language))
        .collect();
    asked.answer(Root::Updates, &updates)
}
