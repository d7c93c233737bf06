//! Layers as GeoJSON.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::Api;
use super::areas::parse_bbox;
use super::caller::Caller;
use super::extract::{Path, Query};
use super::incidents::statuses;
use super::problem::Problem;
use crate::codec::geojson::write_geometry;
use crate::domain::actor::Permission;
use crate::domain::incident::DeadlineState;
use crate::domain::{
    Actor, AreaCode, Assignee, BoundingBox, GridKind, IncidentId, IncidentNumber, Level, LngLat,
    Priority, ServiceCode, Status, Timestamp, WorkerId, WorkerRole,
};
use crate::index::Ordinal;

const GEO_JSON: &str = "application/geo+json";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LayerQuery {
    /// West, south, east, north in degrees: only what meets this box.
    #[param(example = "119.0,33.5,119.1,33.6")]
    bbox: Option<String>,
    /// Area layers: points where names are written, instead of polygons.
    labels: Option<bool>,
    /// The layer `incidents`: one status or several, separated by commas.
    status: Option<String>,
}

/// A layer as a GeoJSON feature collection: `provinces`, `cities`, `counties`,
/// `townships`, `communities`, `grids` and `microgrids` are public; `incidents` (open
/// ones) and `workers` need credentials and show what the caller may see.
#[utoipa::path(get, path = "/layers/{layer}", tag = "map",
    params(
        ("layer" = String, Path, example = "counties.geojson", description = "The layer's name with `.geojson`"),
        LayerQuery,
    ),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json"),
        (status = 304, description = "Not changed since the ETag that was sent"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_layer(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(file): Path<String>,
    Query(query): Query<LayerQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let bounds = query.bbox.as_deref().map(parse_bbox).transpose()?;
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("there is no layer {file:?}; a layer is for instance counties.geojson"),
        )
    };
    match file.strip_suffix(".geojson").ok_or_else(unknown)? {
        "incidents" => {
            let wanted = statuses(query.status.as_deref(), Some(true))?;
            Ok(live_layer(&incident_features(
                &api, &actor, bounds, &wanted,
            )?))
        }
        "workers" => Ok(live_layer(&worker_features(&api, &actor, bounds)?)),
        name => {
            let level = Level::from_layer(name).ok_or_else(unknown)?;
            let labels = query.labels.unwrap_or(false);
            Ok(area_layer(&api, level, bounds, labels, &headers))
        }
    }
}

/// Areas of an edition never change, so the edition is the tag.
fn area_layer(
    api: &Api,
    level: Level,
    bounds: Option<BoundingBox>,
    labels: bool,
    headers: &HeaderMap,
) -> Response {
    let atlas = api.services.live().atlas();
    let edition = atlas.edition().map_or(0, |edition| edition.id.0);
    let tag = format!("\"e{edition}\"");
    let cached = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let caching = [
        (header::ETAG, HeaderValue::from_str(&tag)),
        (
            header::CACHE_CONTROL,
            Ok(HeaderValue::from_static("no-cache")),
        ),
    ];
    let mut response = if cached {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let ordinals: Vec<Ordinal> = match &bounds {
            Some(bounds) => atlas.meeting(level, bounds),
            None => (0..)
                .zip(atlas.areas())
                .filter(|(_, area)| area.level == level && area.shape.is_some())
                .map(|(ordinal, _)| ordinal)
                .collect(),
        };
        let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
        let mut first = true;
        for ordinal in ordinals {
            let area = atlas.area(ordinal);
            let Some(shape) = &area.shape else { continue };
            if labels && area.label.is_none() {
                continue;
            }
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            out.push_str(r#"{"type":"Feature","id":"#);
            push_json(&mut out, &area.code);
            out.push_str(r#","geometry":"#);
            match area.label.filter(|_| labels) {
                Some(label) => push_point(&mut out, label),
                None => write_geometry(&mut out, shape),
            }
            out.push_str(r#","properties":"#);
            push_json(
                &mut out,
                &AreaProperties {
                    code: &area.code,
                    name: &area.name,
                    level: area.level,
                    parent: area.parent.as_ref(),
                    kind: area.kind,
                    generated: area.generated,
                },
            );
            out.push('}');
        }
        out.push_str("]}");
        geo_json(out)
    };
    for (name, value) in caching {
        if let Ok(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[derive(Serialize)]
struct AreaProperties<'a> {
    code: &'a AreaCode,
    name: &'a str,
    level: Level,
    parent: Option<&'a AreaCode>,
    kind: Option<GridKind>,
    generated: bool,
}

#[derive(Serialize)]
struct IncidentProperties<'a> {
    id: IncidentId,
    number: &'a IncidentNumber,
    service: &'a ServiceCode,
    group: Option<&'a str>,
    priority: Priority,
    status: Status,
    deadline_state: DeadlineState,
    area: Option<&'a AreaCode>,
    reported_at: Timestamp,
}

fn incident_features(
    api: &Api,
    actor: &Actor,
    bounds: Option<BoundingBox>,
    wanted: &[Status],
) -> Result<Vec<String>, Problem> {
    let now = api.services.clock().now();
    let mut open = api.services.list_open_incidents(actor)?;
    open.retain(|incident| {
        wanted.contains(&incident.status)
            && bounds.is_none_or(|bounds| bounds.contains(incident.position))
    });
    open.sort_by_key(|incident| incident.id);
    let catalogue = api.services.catalogue();
    Ok(open
        .iter()
        .map(|incident| {
            let properties = IncidentProperties {
                id: incident.id,
                number: &incident.number,
                service: &incident.service,
                group: catalogue
                    .find(&incident.service)
                    .map(|service| service.group.as_str()),
                priority: incident.priority,
                status: incident.status,
                deadline_state: incident.deadline_state(now),
                area: incident.area().map(|area| &area.code),
                reported_at: incident.reported_at,
            };
            point_feature(&incident.id, incident.position, &properties)
        })
        .collect())
}

#[derive(Serialize)]
struct WorkerProperties<'a> {
    id: WorkerId,
    name: &'a str,
    role: WorkerRole,
    on_duty: bool,
    load: u16,
    position_age_s: i64,
    heading_deg: Option<f32>,
}

fn worker_features(
    api: &Api,
    actor: &Actor,
    bounds: Option<BoundingBox>,
) -> Result<Vec<String>, Problem> {
    actor
        .require(Permission::ReadWorkers)
        .map_err(crate::service::ServiceError::from)?;
    let now = api.services.clock().now();
    let live = api.services.live();
    let roster = live.roster();
    let docket = live.docket();
    let seen = roster.members().filter_map(|member| {
        let fix = member.fix?;
        let wanted = bounds.is_none_or(|bounds| bounds.contains(fix.position))
            && api.services.may_see_worker(actor, member);
        wanted.then_some((member, fix))
    });
    Ok(seen
        .map(|(member, fix)| {
            let worker = &member.worker;
            let properties = WorkerProperties {
                id: worker.id,
                name: &worker.name,
                role: worker.role,
                on_duty: worker.on_duty,
                load: docket.load(Assignee::Worker(worker.id)),
                position_age_s: (now - fix.at).num_seconds().max(0),
                heading_deg: fix.heading_deg,
            };
            point_feature(&worker.id, fix.position, &properties)
        })
        .collect())
}

/// Live layers must be asked for anew each time.
fn live_layer(features: &[String]) -> Response {
    let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
    out.push_str(&features.join(","));
    out.push_str("]}");
    let mut response = geo_json(out);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn geo_json(text: String) -> Response {
    ([(header::CONTENT_TYPE, GEO_JSON)], Body::from(text)).into_response()
}

fn point_feature(id: &impl Serialize, position: LngLat, properties: &impl Serialize) -> String {
    let mut out = String::from(r#"{"type":"Feature","id":"#);
    push_json(&mut out, id);
    out.push_str(r#","geometry":"#);
    push_point(&mut out, position);
    out.push_str(r#","properties":"#);
    push_json(&mut out, properties);
    out.push('}');
    out
}

fn push_point(out: &mut String, position: LngLat) {
    out.push_str(r#"{"type":"Point","coordinates":["#);
    out.push_str(&format!("{},{}", position.lon(), position.lat()));
    out.push_str("]}");
}

/// Appends a value as JSON; one that cannot be written, which these types exclude, as null.
fn push_json(out: &mut String, value: &impl Serialize) {
    out.push_str(&serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
}
