//! Layers as GeoJSON.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use geojson::feature::Id;
use geojson::{Feature, FeatureCollection, GeometryValue, Position};
use h3o::Resolution;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::Api;
use super::areas::parse_bbox;
use super::caller::Caller;
use super::extract::{Path, Query};
use super::incidents::statuses;
use super::problem::Problem;
use crate::codec::geojson::{FeatureWriter, Geometry};
use crate::domain::incident::DeadlineState;
use crate::domain::{
    Actor, AreaCode, BoundingBox, GridKind, IncidentId, IncidentNumber, Level, Priority,
    ServiceCode, Status, WorkerId, WorkerRole,
};
use crate::index::heat::count_by_cell;
use crate::index::{Atlas, Ordinal};

const GEO_JSON: &str = "application/geo+json";
/// The most areas that are answered without a bbox.
const MAX_WHOLE_LAYER: usize = 10_000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LayerQuery {
    /// West, south, east, north in degrees: only what meets this box.
    #[param(example = "119.0,33.5,119.1,33.6")]
    bbox: Option<String>,
    /// Area layers: points where names are written, instead of polygons.
    labels: Option<bool>,
    /// The layer `heat`: how fine its cells are, by H3's resolutions; 8 when absent.
    #[param(minimum = 0, maximum = 15)]
    resolution: Option<u8>,
    /// The layer `incidents`: one status or several, separated by commas.
    status: Option<String>,
    /// Area layers: as they were, or will be, at this time; now when absent.
    at: Option<DateTime<Utc>>,
}

/// A layer as a GeoJSON feature collection: `provinces`, `cities`, `counties`,
/// `townships`, `communities`, `grids` and `microgrids` are public; `incidents` (open
/// ones), `heat` (the same counted by H3 cells) and `workers` need credentials and show
/// what the caller may see.
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
        (status = 403, body = Problem, content_type = "application/problem+json"),
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
            Ok(live_layer(incident_features(
                &api, &actor, bounds, &wanted,
            )?))
        }
        "workers" => Ok(live_layer(worker_features(&api, &actor, bounds)?)),
        "heat" => {
            let resolution = query.resolution.unwrap_or(8);
            let resolution = Resolution::try_from(resolution)
                .map_err(|error| Problem::invalid(format!("resolution {resolution}: {error}")))?;
            Ok(live_layer(heat_features(&api, &actor, bounds, resolution)?))
        }
        name => {
            let level = Level::from_layer(name).ok_or_else(unknown)?;
            let labels = query.labels.unwrap_or(false);
            let atlas = api.services.atlas_at(query.at).await?;
            area_layer(&atlas, level, bounds, labels, &headers)
        }
    }
}

/// Areas of an edition never change, so the edition is the tag.
fn area_layer(
    atlas: &Atlas,
    level: Level,
    bounds: Option<BoundingBox>,
    labels: bool,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    // The time of publishing tells editions of one number apart when a database is made anew.
    let tag = atlas.edition().map_or_else(
        || "\"e0\"".to_owned(),
        |edition| {
            let published = edition.published_at.timestamp_millis();
            format!("\"e{}-{published}\"", edition.id)
        },
    );
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
        geo_json(area_features(atlas, level, bounds.as_ref(), labels)?)
    };
    for (name, value) in caching {
        if let Ok(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

fn area_features(
    atlas: &Atlas,
    level: Level,
    bounds: Option<&BoundingBox>,
    labels: bool,
) -> Result<Vec<u8>, Problem> {
    if bounds.is_none() && atlas.count(level) > MAX_WHOLE_LAYER {
        return Err(Problem::invalid(format!(
            "the layer {} has {} areas; ask for those in a bbox",
            level.layer(),
            atlas.count(level)
        )));
    }
    let ordinals: Vec<Ordinal> = match bounds {
        Some(bounds) => atlas.meeting(level, bounds),
        None => (0..)
            .zip(atlas.areas())
            .filter(|(_, area)| area.level == level)
            .map(|(ordinal, _)| ordinal)
            .collect(),
    };
    write_features(|out| {
        for ordinal in ordinals {
            let area = atlas.area(ordinal);
            let geometry = match (&area.shape, area.label, labels) {
                (Some(_), Some(label), true) => Geometry::Point(label),
                (Some(shape), _, false) => Geometry::Shape(shape),
                _ => continue,
            };
            let properties = AreaProperties {
                code: &area.code,
                name: &area.name,
                level: area.level,
                parent: area.parent.as_ref(),
                kind: area.kind,
                generated: area.generated,
            };
            out.write(Some(area.code.as_str()), geometry, &properties)?;
        }
        Ok(())
    })
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
    reported_at: DateTime<Utc>,
}

fn incident_features(
    api: &Api,
    actor: &Actor,
    bounds: Option<BoundingBox>,
    wanted: &[Status],
) -> Result<Vec<u8>, Problem> {
    let now = api.services.clock().now();
    let mut open = api.services.list_open_incidents(actor)?;
    open.retain(|incident| {
        wanted.contains(&incident.status)
            && bounds.is_none_or(|bounds| bounds.contains(incident.position))
    });
    open.sort_by_key(|incident| incident.id);
    let catalogue = api.services.catalogue();
    write_features(|out| {
        for incident in &open {
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
            let id = incident.id.to_string();
            out.write(Some(&id), Geometry::Point(incident.position), &properties)?;
        }
        Ok(())
    })
}

/// Cells with open incidents in them, with how many.
fn heat_features(
    api: &Api,
    actor: &Actor,
    bounds: Option<BoundingBox>,
    resolution: Resolution,
) -> Result<Vec<u8>, Problem> {
    let open = api.services.list_open_incidents(actor)?;
    let places = open
        .iter()
        .map(|incident| incident.position)
        .filter(|&place| bounds.is_none_or(|bounds| bounds.contains(place)));
    let features = count_by_cell(places, resolution)
        .into_iter()
        .map(|(cell, count)| {
            let corners = cell.boundary();
            let ring = corners.iter().chain(corners.first());
            let ring = ring.map(|corner| Position::from([corner.lng(), corner.lat()]));
            let mut feature = Feature::from(GeometryValue::Polygon {
                coordinates: vec![ring.collect()],
            });
            feature.id = Some(Id::String(cell.to_string()));
            feature.set_property("count", count);
            feature
        })
        .collect::<FeatureCollection>();
    serde_json::to_vec(&features).map_err(|error| Problem::internal(&error))
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
) -> Result<Vec<u8>, Problem> {
    let now = api.services.clock().now();
    let seen = api.services.list_seen_workers(actor, bounds)?;
    write_features(|out| {
        for state in &seen {
            let worker = &state.member.worker;
            let Some(fix) = state.member.fix else {
                continue;
            };
            let properties = WorkerProperties {
                id: worker.id,
                name: &worker.name,
                role: worker.role,
                on_duty: worker.on_duty,
                load: state.load,
                position_age_s: (now - fix.at).num_seconds().max(0),
                heading_deg: fix.heading_deg,
            };
            let id = worker.id.to_string();
            out.write(Some(&id), Geometry::Point(fix.position), &properties)?;
        }
        Ok(())
    })
}

fn write_features(
    write: impl FnOnce(&mut FeatureWriter) -> serde_json::Result<()>,
) -> Result<Vec<u8>, Problem> {
    FeatureWriter::new(&serde_json::Map::new())
        .and_then(|mut out| {
            write(&mut out)?;
            Ok(out.finish())
        })
        .map_err(|error| Problem::internal(&error))
}

/// Live layers must be asked for anew each time.
fn live_layer(features: Vec<u8>) -> Response {
    let mut response = geo_json(features);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub fn geo_json(features: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, GEO_JSON)], Body::from(features)).into_response()
}
