//! Incidents: report, follow, act.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::answer::json;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path, Query};
use super::lookup::PointCrs;
use super::problem::Problem;
use super::services::Organisation;
use super::view::Page;
use super::view::incident::{Event, Incident, Original, TrackedIncident, VisibleIncident};
use super::view::worker::{Backdrop, Worker};
use crate::domain::dispatch::{LeftOutReason, ScorePart};
use crate::domain::incident::{IncidentKey, NoIncidentKey};
use crate::domain::workflow::Command;
use crate::domain::{Actor, Priority, ServiceCode, Source};
use crate::service::ServiceError;
use crate::service::filing::Report;
use crate::service::incidents::Sight;

/// The most candidates asked for at once.
const MAX_CANDIDATES: usize = 100;

/// What somebody reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// A code of `/api/v1/services`.
    #[schema(value_type = String)]
    service: ServiceCode,
    #[schema(example = 119.0211)]
    lon: f64,
    #[schema(example = 33.6101)]
    lat: f64,
    /// The coordinate system of `lon` and `lat`; `wgs84` when absent.
    #[serde(default)]
    crs: PointCrs,
    description: String,
    address: Option<String>,
    reporter: Option<ReporterRequest>,
    /// Believed from those with credentials only.
    source: Option<Source>,
    /// Believed from those with credentials only.
    priority: Option<Priority>,
    /// The fields of the service's form.
    #[serde(default)]
    #[schema(value_type = Object)]
    form: Map<String, Value>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReporterRequest {
    name: Option<String>,
    phone: Option<String>,
}

/// Reports an incident. Anybody may. A repeated `Idempotency-Key` answers with what the
/// first request filed (200), another report under the same key is refused (422).
#[utoipa::path(post, path = "/api/v1/incidents", tag = "incidents",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = ReportRequest,
    responses(
        (status = 201, body = Incident, headers(("Location" = String))),
        (status = 200, body = Incident, description = "Filed before under the same key"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn file_incident(
    State(api): State<Api>,
    Caller(mut actor): Caller,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ReportRequest>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let reporter = request.reporter.unwrap_or(ReporterRequest {
        name: None,
        phone: None,
    });
    let report = Report {
        position: request.crs.read(request.lon, request.lat)?,
        service: request.service,
        description: request.description,
        address: request.address,
        reporter_name: reporter.name,
        reporter_phone: reporter.phone,
        source: request.source,
        priority: request.priority,
        form: request.form,
    };
    let filed = api.services.file_incident(&actor, report, key).await?;
    let tracking_key = filed.incident.tracking_key.clone();
    actor.tracking_key = Some(tracking_key.clone());
    let mut view = Incident::new(&api.services, &actor, &filed.incident);
    view.tracking_key = Some(tracking_key);
    let status = if filed.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let mut response = (status, Json(view)).into_response();
    let location = format!("/api/v1/incidents/{}", filed.incident.id);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// What a repeated request is known by.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let value = headers.get("idempotency-key");
    let read = |value: &HeaderValue| value.to_str().map(str::to_owned);
    value
        .map(read)
        .transpose()
        .map_err(|_| Problem::invalid("the Idempotency-Key must be plain ASCII"))
}

/// Identity or number.
pub fn key_of(text: &str) -> Result<IncidentKey, Problem> {
    text.parse().map_err(|error: NoIncidentKey| {
        Problem::new(StatusCode::NOT_FOUND, "not_found", error.to_string())
    })
}

/// An incident by identity or number. By number anyone may follow where it stands.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", tag = "incidents",
    params(("id" = String, Path, description = "Identity or number")),
    responses(
        (status = 200, body = VisibleIncident),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_incident(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<VisibleIncident>, Problem> {
    let (incident, sight) = api.services.load_incident(&actor, &key_of(&id)?).await?;
    let original = api.services.find_original(&incident).await?;
    let original = original.as_deref().map(Original::from);
    Ok(Json(match sight {
        Sight::Full => VisibleIncident::Whole(Box::new(Incident {
            original,
            ..Incident::new(&api.services, &actor, &incident)
        })),
        Sight::Public => VisibleIncident::Tracked(TrackedIncident {
            original,
            ..TrackedIncident::new(&api.services, &incident)
        }),
    }))
}

/// The history of an incident, from its report on.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/events", tag = "incidents",
    params(("id" = String, Path, description = "Identity or number")),
    responses(
        (status = 200, body = Page<Event>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_events(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<Event>>, Problem> {
    let events = api.services.list_events(&actor, &key_of(&id)?).await?;
    Ok(Json(Page::whole(
        events.into_iter().map(Event::from).collect(),
    )))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CandidatesQuery {
    /// How many; 10 when absent.
    #[param(minimum = 1, maximum = 100)]
    k: Option<usize>,
}

/// Who could go, and who cannot and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateList<'a> {
    /// The best first.
    pub candidates: Vec<Candidate<'a>>,
    /// The nearest of those left out.
    pub left_out: Vec<LeftOut<'a>>,
    pub left_out_total: usize,
    pub radius_m: f64,
    /// Organisations that the service is routed to.
    pub organisations: Vec<Organisation>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Candidate<'a> {
    pub worker: Worker<'a>,
    /// The weighted mean of the parts, 0 to 1.
    pub score: f64,
    pub distance_m: f64,
    /// Seconds on the way, by roads where the part `distance` says so.
    pub travel_s: u32,
    #[schema(value_type = Vec<ScorePart>)]
    pub parts: [ScorePart; 5],
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOut<'a> {
    pub worker: Worker<'a>,
    pub distance_m: Option<f64>,
    pub reasons: Vec<LeftOutReason>,
}

/// Ranked candidates for an incident, with the parts of each score; and why others are
/// left out.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/candidates", tag = "dispatch",
    params(("id" = String, Path, description = "Identity or number"), CandidatesQuery),
    responses(
        (status = 200, body = CandidateList),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn find_candidates(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(query): Query<CandidatesQuery>,
) -> Result<Response, Problem> {
    let count = query.k.unwrap_or(10);
    if !(1..=MAX_CANDIDATES).contains(&count) {
        return Err(Problem::invalid(format!(
            "k {count} is not between 1 and {MAX_CANDIDATES}"
        )));
    }
    let found = api
        .services
        .find_candidates(&actor, &key_of(&id)?, count)
        .await?;
    let behind = Backdrop::new(api.services.live(), api.services.clock().now());
    Ok(json(&CandidateList {
        candidates: found
            .candidates
            .iter()
            .map(|(candidate, state)| Candidate {
                worker: Worker::new(&behind, state),
                score: candidate.score,
                distance_m: candidate.distance_m,
                travel_s: candidate.travel_s,
                parts: candidate.parts,
            })
            .collect(),
        left_out: found
            .left_out
            .iter()
            .map(|(left_out, state)| LeftOut {
                worker: Worker::new(&behind, state),
                distance_m: left_out.distance_m,
                reasons: left_out.reasons.clone(),
            })
            .collect(),
        left_out_total: found.left_out_total,
        radius_m: found.radius_m,
        organisations: found.organisations.iter().map(Organisation::from).collect(),
    }))
}

/// An action with what it needs, and the version it was decided on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ActionRequest {
    /// `version` of the incident as the caller saw it.
    version: i64,
    #[serde(flatten)]
    command: Command,
}

/// Does something with an incident. What is allowed to whom and when is said by the
/// incident's `actions`.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/actions", tag = "incidents",
    params(("id" = String, Path, description = "Identity or number")),
    request_body = ActionRequest,
    responses(
        (status = 200, body = Incident),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "`action_not_allowed` names the allowed ones; `version_conflict` carries the current state"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn act_on_incident(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<ActionRequest>,
) -> Result<Json<Incident>, Problem> {
    let outcome = api
        .services
        .act_on_incident(&actor, &key_of(&id)?, request.version, request.command)
        .await;
    match outcome {
        Ok(incident) => Ok(Json(Incident::new(&api.services, &actor, &incident))),
        Err(error) => Err(conflict_with_state(&api, &actor, error)),
    }
}

/// Adds the current state to a conflict, as the caller may see it.
pub(super) fn conflict_with_state(api: &Api, actor: &Actor, error: ServiceError) -> Problem {
    let current = match &error {
        ServiceError::Conflict { current, .. } => Some(Arc::clone(current)),
        _ => None,
    };
    let problem = Problem::from(error);
    match current {
        Some(incident) => problem.with("current", Incident::new(&api.services, actor, &incident)),
        None => problem,
    }
}
