//! Departments' own cases, by their own numbers and in their own words.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path};
use super::problem::Problem;
use super::view::incident::Incident;
use crate::domain::mapping::Mapping;
use crate::domain::{Actor, OrganisationId};
use crate::service::departments::PutCase;
use crate::store::CaseMapping as KeptMapping;

/// A department's own case.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentCase {
    pub organisation: OrganisationId,
    /// The department's own number.
    pub case: String,
    /// True when the department reported it.
    pub filed: bool,
    pub created_at: DateTime<Utc>,
    pub incident: Incident,
}

/// What a department's own fields mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseMapping {
    pub organisation: OrganisationId,
    /// Null when the department uses our names.
    pub mapping: Option<Mapping>,
    pub saved_at: Option<DateTime<Utc>>,
    pub saved_by: Option<String>,
}

/// Files a report under the department's own number, or takes the next step of what it
/// was given. The body is in the department's own words when a mapping says what they
/// mean, else: `action` (`report` when absent, `sign`, `feed_back`, `return`,
/// `request_extension`), `incident` (its number, for one that the department was told of),
/// for a report `service`, `lon`, `lat`, `crs`, `description`, `address`, `reporter`,
/// `source`, `priority` and `form`, for a step `note`, `reason` and `until`. What was done
/// already is not done again; another report under the same number is refused.
#[utoipa::path(put, path = "/api/v1/departments/{organisation}/cases/{case}", tag = "departments",
    params(("organisation" = OrganisationId, Path),
        ("case" = String, Path, description = "The department's own number")),
    request_body = Object,
    responses(
        (status = 200, body = DepartmentCase),
        (status = 201, body = DepartmentCase, description = "Filed just now"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn put_case(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path((organisation, case)): Path<(OrganisationId, String)>,
    JsonBody(said): JsonBody<Value>,
) -> Result<Response, Problem> {
    let put = api
        .services
        .put_case(&actor, organisation, &case, said)
        .await?;
    let status = if put.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let view = DepartmentCase::new(&api, actor, put);
    Ok((status, Json(view)).into_response())
}

/// A case that the department has brought in or taken on.
#[utoipa::path(get, path = "/api/v1/departments/{organisation}/cases/{case}", tag = "departments",
    params(("organisation" = OrganisationId, Path),
        ("case" = String, Path, description = "The department's own number")),
    responses(
        (status = 200, body = DepartmentCase),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_case(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path((organisation, case)): Path<(OrganisationId, String)>,
) -> Result<Json<DepartmentCase>, Problem> {
    let found = api.services.load_case(&actor, organisation, &case).await?;
    Ok(Json(DepartmentCase::new(&api, actor, found)))
}

/// What a department's own fields mean.
#[utoipa::path(get, path = "/api/v1/departments/{organisation}/mapping", tag = "departments",
    params(("organisation" = OrganisationId, Path)),
    responses(
        (status = 200, body = CaseMapping),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_case_mapping(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(organisation): Path<OrganisationId>,
) -> Result<Json<CaseMapping>, Problem> {
    let kept = api.services.load_case_mapping(&actor, organisation).await?;
    Ok(Json(match kept {
        Some(kept) => kept.into(),
        None => CaseMapping {
            organisation,
            mapping: None,
            saved_at: None,
            saved_by: None,
        },
    }))
}

/// Says what a department's own fields mean: for each of our fields, where it comes from.
#[utoipa::path(put, path = "/api/v1/departments/{organisation}/mapping", tag = "departments",
    params(("organisation" = OrganisationId, Path)),
    request_body = Mapping,
    responses(
        (status = 200, body = CaseMapping),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "`mapping_refused` lists everything that is wrong"),
    ))]
pub async fn save_case_mapping(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(organisation): Path<OrganisationId>,
    JsonBody(mapping): JsonBody<Mapping>,
) -> Result<Json<CaseMapping>, Problem> {
    let kept = api
        .services
        .save_case_mapping(&actor, organisation, mapping)
        .await?;
    Ok(Json(kept.into()))
}

impl DepartmentCase {
    /// Whoever reported it may do what reporters may.
    fn new(api: &Api, mut actor: Actor, put: PutCase) -> Self {
        if put.case.filed {
            actor.tracking_key = Some(put.incident.tracking_key.clone());
        }
        Self {
            organisation: put.case.organisation,
            case: put.case.number,
            filed: put.case.filed,
            created_at: put.case.created_at,
            incident: Incident::new(&api.services, &actor, &put.incident),
        }
    }
}

impl From<KeptMapping> for CaseMapping {
    fn from(kept: KeptMapping) -> Self {
        Self {
            organisation: kept.organisation,
            mapping: Some(kept.mapping),
            saved_at: Some(kept.saved_at),
            saved_by: Some(kept.saved_by),
        }
    }
}
