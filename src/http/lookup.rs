//! Whose ground is this: one point, or many.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::io::{StreamReader, SyncIoBridge};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::answer::json;
use super::extract::Query;
use super::problem::Problem;
use super::view::area::{AreaLink, AreaSummary, NearArea};
use super::view::worker::PostedWorker;
use crate::domain::{AreaCode, EditionId, LngLat, Match, Slot};
use crate::geometry::projection::Crs;
use crate::service::bulk::{self, BulkError, PointFormat};
use crate::service::lookup::LookUp;

/// The widest accuracy radius, in metres.
const MAX_ACCURACY_M: f64 = 5_000.0;
const ARROW_STREAM: &str = "application/vnd.apache.arrow.stream";
/// An answer begins when there is so much of it, in bytes.
const HELD_BYTES: usize = 8 << 20;
/// It is sent in pieces of about so many bytes.
const PIECE_BYTES: usize = 256 << 10;

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
        Crs::from(self)
            .to_wgs84(lon, lat)
            .map_err(|error| invalid(&error))
    }
}

impl From<PointCrs> for Crs {
    fn from(crs: PointCrs) -> Self {
        match crs {
            PointCrs::Wgs84 => Self::Wgs84,
            PointCrs::Gcj02 => Self::Gcj02,
            PointCrs::Bd09 => Self::Bd09,
        }
    }
}

fn invalid(error: &dyn std::error::Error) -> Problem {
    Problem::invalid(error.to_string())
}

/// Whose ground a point is.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookUpAnswer<'a> {
    /// `grid`: a grid has it. `gap`: the territory has it, but no grid. `outside`: neither.
    #[serde(rename = "match")]
    pub matched: Match,
    /// The deepest area that has the point.
    pub area: Option<AreaSummary<'a>>,
    /// From the top down to `area`.
    pub chain: Vec<AreaLink<'a>>,
    /// Who answers for the ground.
    pub workers: Vec<PostedWorker<'a>>,
    /// Slots of the grid that nobody holds.
    pub vacancies: &'a [Slot],
    pub edition: Option<EditionId>,
    /// To the border of `area`, over the ground.
    pub boundary_distance_m: Option<f64>,
    /// With `accuracy_m`: areas of the same level that the point might lie in.
    pub neighbours: Vec<NearArea>,
}

impl<'a> From<&'a LookUp> for LookUpAnswer<'a> {
    fn from(found: &'a LookUp) -> Self {
        let atlas = &found.atlas;
        Self {
            matched: found.matched,
            area: found.area.map(|ordinal| AreaSummary::new(atlas, ordinal)),
            chain: found
                .area
                .map(|ordinal| AreaLink::chain(atlas, ordinal))
                .unwrap_or_default(),
            workers: found
                .workers
                .iter()
                .map(|(slot, member)| PostedWorker::new(*slot, member))
                .collect(),
            vacancies: &found.vacancies,
            edition: found.edition,
            boundary_distance_m: found.boundary_distance_m,
            neighbours: found
                .neighbours
                .iter()
                .map(|&(ordinal, distance_m)| NearArea::new(atlas, ordinal, distance_m))
                .collect(),
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
) -> Result<Response, Problem> {
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
    Ok(json(&LookUpAnswer::from(&found)))
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

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PointsQuery {
    /// The coordinate system of the points; `wgs84` when absent.
    #[param(value_type = Option<PointCrs>)]
    crs: Option<PointCrs>,
}

/// Whose ground many points are: CSV (with a header row that names longitude and latitude),
/// NDJSON (an object with `lon` and `lat` a line), Arrow's streaming format (with columns `lon`
/// and `lat`) or a JSON object in, and the same kind out, in order. All but the last keep what
/// they came with and gain `match`, `code` and `name`; they may be of any length, and the
/// answer begins before the question ends. When a row that far down cannot be read, the answer
/// breaks off; in shorter ones it is a problem that names the row.
#[utoipa::path(post, path = "/api/v1/lookup", tag = "areas", params(PointsQuery),
    request_body(content(
        (Points = "application/json"), (String = "text/csv"), (String = "application/x-ndjson"),
        (Vec<u8> = "application/vnd.apache.arrow.stream"),
    )),
    responses(
        (status = 200, content(
            (BriefAnswers = "application/json"), (String = "text/csv"), (String = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.apache.arrow.stream"),
        )),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn look_up_points(
    State(api): State<Api>,
    Query(query): Query<PointsQuery>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let crs = Crs::from(query.crs.unwrap_or_default());
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or("application/json")
        .trim();
    let format = match content_type {
        "application/json" => {
            let body = Bytes::from_request(request, &())
                .await
                .map_err(|rejection| {
                    Problem::new(rejection.status(), "invalid_request", rejection.body_text())
                })?;
            return Ok(look_up_listed(&api, crs, &body)?.into_response());
        }
        "text/csv" => PointFormat::Csv,
        "application/x-ndjson" => PointFormat::Ndjson,
        ARROW_STREAM => PointFormat::Arrow,
        other => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                format!(
                    "{other} is not read here; send text/csv, application/x-ndjson, {ARROW_STREAM} or application/json"
                ),
            ));
        }
    };
    let media_type = match format {
        PointFormat::Csv => "text/csv; charset=utf-8",
        PointFormat::Arrow => ARROW_STREAM,
        _ => "application/x-ndjson",
    };
    let answer = stream_joined(&api, format, crs, request.into_body()).await?;
    Ok(([(header::CONTENT_TYPE, media_type)], answer).into_response())
}

/// Points that came as a list.
fn look_up_listed(api: &Api, crs: Crs, body: &[u8]) -> Result<axum::Json<BriefAnswers>, Problem> {
    let request: Points = serde_json::from_slice(body).map_err(|error| invalid(&error))?;
    let atlas = api.services.live().atlas();
    let locate = |(index, &[lon, lat]): (usize, &[f64; 2])| {
        let point = crs
            .to_wgs84(lon, lat)
            .map_err(|error| Problem::invalid(format!("point {index}: {error}")))?;
        let found = atlas.locate(point);
        let area = found.area.map(|ordinal| atlas.area(ordinal));
        Ok(BriefAnswer {
            matched: found.matched,
            code: area.map(|area| area.code.clone()),
            name: area.map(|area| area.name.clone()),
        })
    };
    let items = request.points.iter().enumerate().map(locate);
    Ok(axum::Json(BriefAnswers {
        edition: atlas.edition().map(|edition| edition.id),
        items: items.collect::<Result<_, Problem>>()?,
    }))
}

/// Joins what comes while it comes. The answer begins when there is enough of it, or all.
async fn stream_joined(
    api: &Api,
    format: PointFormat,
    crs: Crs,
    body: Body,
) -> Result<Body, Problem> {
    // Each takes some threads and some megabytes.
    static AT_ONCE: Semaphore = Semaphore::const_new(8);
    let permit = AT_ONCE.acquire().await;
    let permit = permit.map_err(|error| Problem::internal(&error))?;
    let atlas = api.services.live().atlas();
    let input = body.into_data_stream().map_err(std::io::Error::other);
    let input = SyncIoBridge::new(StreamReader::new(input));
    let (client, answer) = mpsc::channel(4);
    let (begin, begun) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let mut out = Answer {
            held: Vec::new(),
            begin: Some(begin),
            client,
        };
        let joined = bulk::join(&atlas, format, crs, input, &mut out);
        out.end(joined.map(|_| ()));
    });
    begun
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::invalid(error.to_string()))?;
    Ok(Body::from_stream(ReceiverStream::new(answer)))
}

/// An answer on its way to the client.
struct Answer {
    /// What waits until the answer begins: as long as nothing has been sent, an error can
    /// still be told.
    held: Vec<u8>,
    begin: Option<oneshot::Sender<Result<(), BulkError>>>,
    client: mpsc::Sender<std::io::Result<Bytes>>,
}

impl Answer {
    fn send_held(&mut self) -> std::io::Result<()> {
        let held = std::mem::take(&mut self.held);
        if held.is_empty() {
            return Ok(());
        }
        let sent = self.client.blocking_send(Ok(held.into()));
        sent.map_err(|_| std::io::ErrorKind::BrokenPipe.into())
    }

    fn end(mut self, joined: Result<(), BulkError>) {
        let broken = match (joined, self.begin.take()) {
            (Ok(()), begin) => {
                if let Some(begin) = begin {
                    let _ = begin.send(Ok(()));
                }
                self.send_held().err()
            }
            (Err(error), Some(begin)) => {
                let _ = begin.send(Err(error));
                None
            }
            (Err(error), None) => Some(std::io::Error::other(error)),
        };
        if let Some(error) = broken {
            tracing::info!(%error, "an answer breaks off");
            let _ = self.client.blocking_send(Err(error));
        }
    }
}

impl std::io::Write for Answer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= HELD_BYTES
            && let Some(begin) = self.begin.take()
        {
            let _ = begin.send(Ok(()));
        }
        if self.begin.is_none() && self.held.len() >= PIECE_BYTES {
            self.send_held()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
