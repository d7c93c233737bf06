//! Positions in, as the API takes them: one or many.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::ToSchema;

use super::Api;
use super::caller::Sender;
use super::problem::Problem;
use crate::domain::people::SetAside;
use crate::domain::{Fix, LngLat, Timestamp, WorkerId};
use crate::service::positions::Recorded;

/// The largest batch, in bytes: some sixty thousand positions.
pub const MAX_POSITIONS: usize = 8 * 1024 * 1024;

/// How many KiB of positions may come in at once. Who comes when there is no room is told
/// to come again: what waits in memory is never more.
const ROOM_KIB: usize = 64 * 1024;
static ROOM: Semaphore = Semaphore::const_new(ROOM_KIB);

/// A body with positions, and its share of the room for them until it is let go.
pub struct Incoming {
    pub bytes: Bytes,
    /// Without parameters; empty when the sender did not say.
    pub content_type: String,
    _room: SemaphorePermit<'static>,
}

impl FromRequest<Api> for Incoming {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let headers = request.headers();
        let text_of = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let length = text_of(header::CONTENT_LENGTH).and_then(|text| text.parse::<usize>().ok());
        // Whoever does not say how much it is may send as much as is allowed.
        let length = length.unwrap_or(MAX_POSITIONS).min(MAX_POSITIONS);
        let content_type = text_of(header::CONTENT_TYPE).and_then(|value| value.split(';').next());
        let content_type = content_type.unwrap_or_default().trim().to_ascii_lowercase();
        let kib = u32::try_from(length.div_ceil(1024).max(1)).unwrap_or(u32::MAX);
        let room = ROOM
            .try_acquire_many(kib)
            .map_err(|_| api.services.refuse_positions())?;
        let bytes = Bytes::from_request(request, api)
            .await
            .map_err(|rejection| {
                Problem::new(rejection.status(), "invalid_request", rejection.body_text())
            })?;
        Ok(Self {
            bytes,
            content_type,
            _room: room,
        })
    }
}

/// How many bytes of positions are coming in, rounded up to KiB, and how many may.
pub fn incoming_bytes() -> (usize, usize) {
    let taken = ROOM_KIB.saturating_sub(ROOM.available_permits());
    (taken * 1024, ROOM_KIB * 1024)
}

/// One worker's position.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionReport {
    worker: WorkerId,
    #[schema(example = 119.0211)]
    lon: f64,
    #[schema(example = 33.6101)]
    lat: f64,
    /// When the device measured it; now when absent.
    at: Option<DateTime<Utc>>,
    accuracy_m: Option<f32>,
    speed_mps: Option<f32>,
    /// Clockwise from north.
    heading_deg: Option<f32>,
}

/// One position, an array of them, or an object that holds the array.
#[expect(
    dead_code,
    reason = "describes the body, which is read without trying each"
)]
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PositionReports {
    Many { positions: Vec<PositionReport> },
    Array(Vec<PositionReport>),
    One(PositionReport),
}

/// An object that is a position or holds many. Read in one pass: trying one and then the
/// other would cost several times as much.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneOrMany {
    positions: Option<Vec<PositionReport>>,
    worker: Option<WorkerId>,
    lon: Option<f64>,
    lat: Option<f64>,
    at: Option<DateTime<Utc>>,
    accuracy_m: Option<f32>,
    speed_mps: Option<f32>,
    heading_deg: Option<f32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PositionsAnswer {
    pub accepted: usize,
    pub set_aside: Vec<SetAsidePosition>,
}

/// A position that was not taken, by its place in the request from 0.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetAsidePosition {
    pub index: usize,
    pub reason: SetAside,
}

/// Takes in live positions: one, an array, an object with `positions`, or NDJSON with one
/// a line; 8 MiB at most. What cannot be believed is set aside and named; the rest is
/// taken. When more comes in than can be kept, the answer is 429 with `Retry-After`.
#[utoipa::path(post, path = "/api/v1/positions", tag = "workers",
    request_body(content((PositionReports = "application/json"), (String = "application/x-ndjson"))),
    responses(
        (status = 200, body = PositionsAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn record_positions(
    State(api): State<Api>,
    Sender(actor): Sender,
    incoming: Incoming,
) -> Result<Json<PositionsAnswer>, Problem> {
    let reports = match incoming.content_type.as_str() {
        "application/json" => read_json(&incoming.bytes)?,
        "application/x-ndjson" => read_lines(&incoming.bytes)?,
        other => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                format!(
                    "{other:?} is not read here; send application/json or application/x-ndjson"
                ),
            ));
        }
    };
    let now = api.services.clock().now();
    let reports: Vec<_> = reports.iter().map(|report| report.fix(now)).collect();
    let recorded = api.services.record_positions(&actor, &reports)?;
    Ok(Json(recorded.into()))
}

fn read_json(body: &[u8]) -> Result<Vec<PositionReport>, Problem> {
    let read = if body.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(body)
    } else {
        serde_json::from_slice(body).and_then(|body: OneOrMany| body.into_reports())
    };
    read.map_err(|error| unreadable(&error))
}

fn read_lines(body: &[u8]) -> Result<Vec<PositionReport>, Problem> {
    let lines = serde_json::Deserializer::from_slice(body).into_iter();
    lines
        .collect::<serde_json::Result<_>>()
        .map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let status = if error.is_data() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::BAD_REQUEST
    };
    Problem::new(
        status,
        "invalid_request",
        format!("the body is not what this address takes: {error}"),
    )
}

impl OneOrMany {
    fn into_reports(self) -> serde_json::Result<Vec<PositionReport>> {
        use serde::de::Error;
        let one = (self.worker, self.lon, self.lat);
        match (self.positions, one) {
            (Some(positions), (None, None, None)) => Ok(positions),
            (None, (Some(worker), Some(lon), Some(lat))) => Ok(vec![PositionReport {
                worker,
                lon,
                lat,
                at: self.at,
                accuracy_m: self.accuracy_m,
                speed_mps: self.speed_mps,
                heading_deg: self.heading_deg,
            }]),
            _ => Err(serde_json::Error::custom(
                "either `positions`, or `worker` with `lon` and `lat`",
            )),
        }
    }
}

impl PositionReport {
    fn fix(&self, now: Timestamp) -> Result<Fix, SetAside> {
        let measured =
            |value: Option<f32>| value.filter(|value| value.is_finite() && *value >= 0.0);
        let position =
            LngLat::from_degrees(self.lon, self.lat).map_err(|_| SetAside::OutOfRange)?;
        Ok(Fix {
            worker: self.worker,
            position,
            at: self.at.unwrap_or(now),
            accuracy_m: measured(self.accuracy_m),
            speed_mps: measured(self.speed_mps),
            heading_deg: measured(self.heading_deg),
        })
    }
}

impl From<Recorded> for PositionsAnswer {
    fn from(recorded: Recorded) -> Self {
        let set_aside = recorded.set_aside.into_iter();
        Self {
            accepted: recorded.accepted,
            set_aside: set_aside
                .map(|(index, reason)| SetAsidePosition { index, reason })
                .collect(),
        }
    }
}
