//! Positions in, as phones and trackers send them.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::{Json, Router, routing};
use form_urlencoded::parse;

use super::Api;
use super::caller::Sender;
use super::positions::{Incoming, PositionsAnswer};
use super::problem::Problem;
use crate::codec::trackers::{OwnTracks, Sighting, TrackerError, read_osmand, read_owntracks};
use crate::domain::{Actor, WorkerId};

/// The addresses without a version, which devices are usually set to.
pub fn short_routes() -> Router<Api> {
    let osmand = routing::get(record_osmand_position).post(post_osmand_position);
    Router::new().route("/positions/osmand", osmand).route(
        "/positions/owntracks",
        routing::post(record_owntracks_position),
    )
}

/// Takes in a position in the `OsmAnd` protocol, which the Traccar Client, `OsmAnd` and many
/// trackers speak. Known are `id`, `lat` and `lon` (or `location`), `timestamp` (seconds,
/// milliseconds or ISO 8601), `accuracy` or `hdop` (metres), `speed` (knots) and `bearing`
/// or `heading`; others are passed over. The key is given as `key`, by Basic or as Bearer;
/// the position is of the key's worker, or of the worker whose identity `id` is. Also at
/// `/positions/osmand`.
#[utoipa::path(get, path = "/api/v1/positions/osmand", tag = "workers",
    params(
        ("id" = Option<String>, Query, description = "The worker, when the key does not say"),
        ("lat" = f64, Query, example = 33.6101),
        ("lon" = f64, Query, example = 119.0211),
        ("timestamp" = Option<String>, Query),
        ("accuracy" = Option<f64>, Query, description = "In metres"),
        ("speed" = Option<f64>, Query, description = "In knots"),
        ("bearing" = Option<f64>, Query, description = "Clockwise from north"),
        ("key" = Option<String>, Query, description = "The key, for devices that cannot send it in a header"),
    ),
    responses(
        (status = 200, body = PositionsAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn record_osmand_position(
    State(api): State<Api>,
    Sender(actor): Sender,
    uri: Uri,
) -> Result<Json<PositionsAnswer>, Problem> {
    record_osmand(&api, &actor, &uri, &[])
}

/// As the same by GET; parameters may also stand in the body, as a form.
#[utoipa::path(post, path = "/api/v1/positions/osmand", tag = "workers",
    params(
        ("key" = Option<String>, Query, description = "The key, for devices that cannot send it in a header"),
    ),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = PositionsAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn post_osmand_position(
    State(api): State<Api>,
    Sender(actor): Sender,
    uri: Uri,
    incoming: Incoming,
) -> Result<Json<PositionsAnswer>, Problem> {
    record_osmand(&api, &actor, &uri, &incoming.bytes)
}

fn record_osmand(
    api: &Api,
    actor: &Actor,
    uri: &Uri,
    form: &[u8],
) -> Result<Json<PositionsAnswer>, Problem> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let parameters: Vec<_> = parse(query).chain(parse(form)).collect();
    let parameters = parameters.iter().map(|(name, value)| (&**name, &**value));
    let seen = read_osmand(parameters).map_err(|error| unreadable(&error))?;
    record(api, actor, &seen, seen.device.as_deref()).map(Json)
}

/// Takes in what `OwnTracks` sends in its HTTP mode: locations are positions, other
/// messages are accepted and passed over. The key is the password, or is given as `key`;
/// the position is of the key's worker, or of the worker whose identity is the device's
/// name. Also at `/positions/owntracks`.
#[utoipa::path(post, path = "/api/v1/positions/owntracks", tag = "workers",
    params(
        ("key" = Option<String>, Query, description = "The key, for devices that cannot send it in a header"),
    ),
    request_body(content = Object, example = json!({
        "_type": "location", "lat": 33.6101, "lon": 119.0211, "tst": 1_763_798_400, "acc": 8,
    })),
    responses(
        (status = 200, body = Vec<Object>, description = "Nothing for the device to do"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn record_owntracks_position(
    State(api): State<Api>,
    Sender(actor): Sender,
    headers: HeaderMap,
    incoming: Incoming,
) -> Result<Json<[(); 0]>, Problem> {
    let message = read_owntracks(&incoming.bytes).map_err(|error| unreadable(&error))?;
    if let OwnTracks::Location(seen) = message {
        let named = headers
            .get("x-limit-d")
            .and_then(|value| value.to_str().ok());
        record(&api, &actor, &seen, named.or(seen.device.as_deref()))?;
    }
    Ok(Json([]))
}

fn record(
    api: &Api,
    actor: &Actor,
    seen: &Sighting,
    device: Option<&str>,
) -> Result<PositionsAnswer, Problem> {
    let named: Option<WorkerId> = device.and_then(|device| device.parse().ok());
    let report = seen.fix(named.or(actor.worker), api.services.clock().now());
    Ok(api.services.record_positions(actor, &[report])?.into())
}

fn unreadable(error: &TrackerError) -> Problem {
    Problem::invalid(error.to_string())
}
