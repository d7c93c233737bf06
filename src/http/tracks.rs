//! The ways that workers went.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::Api;
use super::caller::Caller;
use super::extract::{Path, Query};
use super::problem::Problem;
use crate::domain::{LngLat, WorkerId};
use crate::service::tracks::Track;

const GEO_JSON: &str = "application/geo+json";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrackQuery {
    /// A day before `until` when absent.
    from: Option<DateTime<Utc>>,
    /// Not included; now when absent. At most 7 days after `from`.
    until: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Feature {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Option<Way>,
    properties: Properties,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "coordinates")]
enum Way {
    Point([f64; 2]),
    LineString(Vec<[f64; 2]>),
}

/// Lists have an entry for each position.
#[derive(Serialize)]
struct Properties {
    worker: WorkerId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    times: Vec<DateTime<Utc>>,
    accuracy_m: Vec<Option<f32>>,
    speed_mps: Vec<Option<f32>>,
}

/// The way that a worker went, as a GeoJSON feature: a line with `times` for its
/// positions, one every ten seconds at most. Workers may see their own.
#[utoipa::path(get, path = "/api/v1/workers/{id}/track", tag = "workers",
    params(("id" = uuid::Uuid, Path), TrackQuery),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_track(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<WorkerId>,
    Query(query): Query<TrackQuery>,
) -> Result<Response, Problem> {
    let track = api
        .services
        .load_track(&actor, id, query.from, query.until)
        .await?;
    let kind = [(header::CONTENT_TYPE, GEO_JSON)];
    Ok((kind, Json(Feature::from(track))).into_response())
}

impl From<Track> for Feature {
    fn from(track: Track) -> Self {
        let fixes = &track.fixes;
        let pair = |position: LngLat| [position.lon(), position.lat()];
        let pairs: Vec<[f64; 2]> = fixes.iter().map(|fix| pair(fix.position)).collect();
        Self {
            kind: "Feature",
            geometry: match pairs[..] {
                [] => None,
                [only] => Some(Way::Point(only)),
                _ => Some(Way::LineString(pairs)),
            },
            properties: Properties {
                worker: track.worker,
                from: track.from,
                until: track.until,
                times: fixes.iter().map(|fix| fix.at).collect(),
                accuracy_m: fixes.iter().map(|fix| fix.accuracy_m).collect(),
                speed_mps: fixes.iter().map(|fix| fix.speed_mps).collect(),
            },
        }
    }
}
