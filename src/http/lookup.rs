//! Whose ground is this: one point, or many.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::extract::Query;
use super::problem::Problem;
use super::view::area::{AreaSummary, NearArea};
use super::view::worker::PostedWorker;
use crate::domain::{AreaCode, AreaRef, EditionId, LngLat, Match, Slot};
use crate::geometry::projection::Crs;
use crate::service::bulk::{self, BulkError};
use crate::service::lookup::LookUp;

/// The widest accuracy radius, in metres.
const MAX_ACCURACY_M: f64 = 5_000.0;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PointQuery {
    /// Degrees east.
    #[param(example = 119.0211)]
    lon: f64,
    /// Degrees north.
    #[param(example = 33.6101)]
    lat: f64,
    /// The coordinate system of `lon` and `lat`; `wgs84` when absent.
    #[param(value_type = Option<PointCrs>)]
    crs: Option<PointCrs>,
    /// How exact the point is; neighbours within this many metres are answered too.
    #[param(minimum = 0, maximum = 5_000)]
    accuracy_m: Option<f64>,
    /// Whose ground it was, or will be, at this time; now when absent.
    at: Option<DateTime<Utc>>,
}

/// Coordinate systems that phones and maps in China use.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PointCrs {
    #[default]
    Wgs84,
    Gcj02,
    Bd09,
}

impl PointCrs {
    /// A point given in this system.
    ///
    /// # Errors
    /// When the coordinates are out of range.
    pub fn read(self, lon: f64, lat: f64) -> Result<LngLat, Problem> {
        let crs = match self {
            Self::Wgs84 => return LngLat::from_degrees(lon, lat).map_err(|error| invalid(&error)),
            Self::Gcj02 => Crs::Gcj02,
            Self::Bd09 => Crs::Bd09,
        };
        crs.to_wgs84(lon, lat).map_err(|error| invalid(&error))
    }
}

fn invalid(error: &dyn std::error::Error) -> Problem {
    Problem::invalid(error.to_string())
}

/// Whose ground a point is.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookUpAnswer {
    /// `grid`: a grid has it. `gap`: the territory has it, but no grid. `outside`: neither.
    #[serde(rename = "match")]
    pub matched: Match,
    /// The deepest area that has the point.
    pub area: Option<AreaSummary>,
    /// From the top down to `area`.
    pub chain: Vec<AreaRef>,
    /// Who answers for the ground.
    pub workers: Vec<PostedWorker>,
    /// Slots of the grid that nobody holds.
    pub vacancies: Vec<Slot>,
    pub edition: Option<EditionId>,
    /// To the border of `area`, over the ground.
    pub boundary_distance_m: Option<f64>,
    /// With `accuracy_m`: areas of the same level that the point might lie in.
    pub neighbours: Vec<NearArea>,
}

impl From<LookUp> for LookUpAnswer {
    fn from(found: LookUp) -> Self {
        let atlas = &found.atlas;
        Self {
            matched: found.matched,
            area: found.area.map(|ordinal| AreaSummary::new(atlas, ordinal)),
            workers: found
                .workers
                .iter()
                .map(|(slot, member)| PostedWorker::new(*slot, member))
                .collect(),
            vacancies: found.vacancies,
            edition: found.edition,
            boundary_distance_m: found.boundary_distance_m,
            neighbours: found
                .neighbours
                .iter()
                .map(|&(ordinal, distance_m)| NearArea::new(atlas, ordinal, distance_m))
                .collect(),
            chain: found.chain,
        }
    }
}

/// Whose ground a point is, and who answers for it.
#[utoipa::path(get, path = "/api/v1/lookup", tag = "areas", params(PointQuery), responses(
    (status = 200, body = LookUpAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
pub async fn look_up_point(
    State(api): State<Api>,
    Query(query): Query<PointQuery>,
) -> Result<axum::Json<LookUpAnswer>, Problem> {
    let point = query.crs.unwrap_or_default().read(query.lon, query.lat)?;
    if let Some(accuracy_m) = query.accuracy_m
        && !(0.0..=MAX_ACCURACY_M).contains(&accuracy_m)
    {
        return Err(Problem::invalid(format!(
            "accuracy_m {accuracy_m} is not between 0 and {MAX_ACCURACY_M} metres"
        )));
    }
    let found = match query.at {
        None => api.services.look_up(point, query.accuracy_m),
        Some(at) => api.services.look_up_at(point, query.accuracy_m, at).await?,
    };
    Ok(axum::Json(found.into()))
}

/// Points as a JSON body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// Pairs of longitude and latitude.
    #[schema(value_type = Vec<Vec<f64>>, example = json!([[119.0211, 33.6101]]))]
    points: Vec<[f64; 2]>,
}

/// A point's answer in a list: the area's code and name, or null.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefAnswer {
    #[serde(rename = "match")]
    pub matched: Match,
    pub code: Option<AreaCode>,
    pub name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BriefAnswers {
    pub edition: Option<EditionId>,
    pub items: Vec<BriefAnswer>,
}

/// Whose ground many points are. CSV (with a header row that names longitude and
/// latitude), NDJSON (an object with `lon` and `lat` a line) or a JSON object in; the
/// same kind out, in order: CSV and NDJSON keep what they came with and gain `match`,
/// `code` and `name`.
#[utoipa::path(post, path = "/api/v1/lookup", tag = "areas",
    request_body(content((Points = "application/json"), (String = "text/csv"), (String = "application/x-ndjson"))),
    responses(
        (status = 200, content((BriefAnswers = "application/json"), (String = "text/csv"), (String = "application/x-ndjson"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn look_up_points(
    State(api): State<Api>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|rejection| {
        Problem::new(rejection.status(), "invalid_request", rejection.body_text())
    })?;
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or("application/json")
        .trim();
    let atlas = api.services.live().atlas();
    let mut out = Vec::with_capacity(body.len() * 2);
    let text = |out: Vec<u8>, kind: &'static str| {
        ([(header::CONTENT_TYPE, kind)], Body::from(out)).into_response()
    };
    match content_type {
        "application/json" => {
            let request: Points = serde_json::from_slice(&body).map_err(|error| invalid(&error))?;
            let items = request
                .points
                .iter()
                .enumerate()
                .map(|(index, &[lon, lat])| {
                    let point = LngLat::from_degrees(lon, lat)
                        .map_err(|error| Problem::invalid(format!("point {index}: {error}")))?;
                    let found = atlas.locate(point);
                    let area = found.area.map(|ordinal| atlas.area(ordinal));
                    Ok(BriefAnswer {
                        matched: found.matched,
                        code: area.map(|area| area.code.clone()),
                        name: area.map(|area| area.name.clone()),
                    })
                })
                .collect::<Result<_, Problem>>()?;
            let edition = atlas.edition().map(|edition| edition.id);
            Ok(axum::Json(BriefAnswers { edition, items }).into_response())
        }
        "text/csv" => {
            bulk::join_csv(&atlas, &body[..], Crs::Wgs84, &mut out)
                .map_err(|error| unreadable(&error))?;
            Ok(text(out, "text/csv; charset=utf-8"))
        }
        "application/x-ndjson" => {
            bulk::join_ndjson(&atlas, &body[..], &mut out).map_err(|error| unreadable(&error))?;
            Ok(text(out, "application/x-ndjson"))
        }
        other => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            format!(
                "{other} is not read here; send text/csv, application/x-ndjson or application/json"
            ),
        )),
    }
}

fn unreadable(error: &BulkError) -> Problem {
    Problem::invalid(error.to_string())
}
