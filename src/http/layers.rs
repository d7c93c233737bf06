//! Layers as GeoJSON.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use h3o::Resolution;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use utoipa::IntoParams;

use super::Api;
use super::areas::parse_bbox;
use super::caller::Caller;
use super::etag;
use super::extract::{Path, Query};
use super::features::{Next, geometry, properties, stream_collection};
use super::ogc::GEO_JSON;
use super::problem::Problem;
use super::search::statuses;
use crate::codec::geojson::{FeatureWriter, Geometry};
use crate::domain::words::UnknownWord;
use crate::domain::{Actor, AreaCode, BoundingBox, Level};
use crate::index::Atlas;
use crate::index::heat::shape_of;
use crate::service::features::{Collection, Feature, Features};
use crate::service::layers::{AreaHeat, AreaLayer, AreaQuery, Detail, DrawnArea, layer_version};

/// The deepest zoom that may be asked for: that of the closest maps.
const MAX_ZOOM: f64 = 24.0;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LayerQuery {
    /// West, south, east, north in degrees: only what meets this box.
    #[param(example = "119.0,33.5,119.1,33.6")]
    bbox: Option<String>,
    /// The layer `areas`: one level or several, separated by commas; all when absent. The
    /// layer `heat`: counted by the areas of this level instead of H3 cells.
    #[param(example = "township")]
    level: Option<String>,
    /// Areas: with borders as simple as a map of this zoom needs them, those of neighbours
    /// alike; what is smaller than a pixel is left out. With every vertex when absent, and
    /// beyond 16.
    #[param(minimum = 0, maximum = 24, example = 10)]
    zoom: Option<f64>,
    /// Areas: points where names are written, instead of polygons.
    labels: Option<bool>,
    /// The layer `heat`: how fine its cells are, by H3's resolutions; 8 when absent.
    #[param(minimum = 0, maximum = 15)]
    resolution: Option<u8>,
    /// The layer `incidents`: one status or several, separated by commas.
    status: Option<String>,
    /// Area layers: as they were, or will be, at this time; now when absent.
    at: Option<DateTime<Utc>>,
}

/// A layer as a GeoJSON feature collection of any length, sent while it is written:
/// `provinces`, `cities`, `counties`, `townships`, `communities`, `grids`, `microgrids`, and
/// `areas` with the levels that are asked for, are public; `incidents` (open ones), `heat`
/// (the same counted by H3 cells, or by the areas of a level) and `workers` need credentials
/// and show what the caller may see. Features have the properties of those under
/// `/ogc/collections`.
#[utoipa::path(get, path = "/layers/{layer}", tag = "map",
    params(
        ("layer" = String, Path, example = "counties.geojson", description = "The layer's name with `.geojson`"),
        LayerQuery,
    ),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json",
            headers(("ETag" = String, description = "Of area layers: the same as long as the edition is"))),
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
            let services = &api.services;
            let found = services
                .load_incident_layer(&actor, bounds.as_ref(), &wanted)
                .await?;
            Ok(live_layer(stream_features(found)?))
        }
        "workers" => {
            let services = &api.services;
            let found = services.load_worker_layer(&actor, bounds.as_ref()).await?;
            Ok(live_layer(stream_features(found)?))
        }
        "heat" => Ok(live_layer(heat(&api, &actor, bounds, &query).await?)),
        name => {
            let named = Level::from_layer(name);
            let levels = match named {
                None if name == "areas" => levels_of(&query)?.unwrap_or(Level::ALL.to_vec()),
                None => return Err(unknown()),
                Some(level) => vec![level],
            };
            if let Some(level) = named
                && levels_of(&query)?.is_some_and(|asked| asked != [level])
            {
                return Err(Problem::invalid(format!(
                    "level: the layer {name} is of the level {level} alone; the layer areas has all"
                )));
            }
            let atlas = api.services.atlas_at(query.at).await?;
            let query = AreaQuery {
                levels,
                bounds,
                detail: detail_of(&query)?,
            };
            area_layer(&api, atlas, query, &headers).await
        }
    }
}

fn levels_of(query: &LayerQuery) -> Result<Option<Vec<Level>>, Problem> {
    let Some(words) = &query.level else {
        return Ok(None);
    };
    let levels = words.split(',').map(|word| word.trim().parse());
    let levels: Result<_, UnknownWord> = levels.collect();
    levels
        .map(Some)
        .map_err(|error| Problem::invalid(format!("level: {error}")))
}

fn detail_of(query: &LayerQuery) -> Result<Detail, Problem> {
    let zoom = query.zoom;
    if let Some(zoom) = zoom.filter(|zoom| !(0.0..=MAX_ZOOM).contains(zoom)) {
        return Err(Problem::invalid(format!(
            "zoom: {zoom} is not between 0 and {MAX_ZOOM}"
        )));
    }
    if query.labels.unwrap_or(false) {
        return Ok(Detail::Label);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two zooms maps show tiles of the lower one; 0 to 24"
    )]
    Ok(zoom.map_or(Detail::Whole, |zoom| Detail::Zoom(zoom as u8)))
}

/// Areas of an edition never change, so the edition is the tag.
async fn area_layer(
    api: &Api,
    atlas: Arc<Atlas>,
    query: AreaQuery,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", layer_version(&atlas));
    let known = etag::known_form(&tag, headers);
    let mut response = if known.is_some() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let areas = api.services.load_area_layer(atlas, query).await?;
        geo_json(stream_areas(areas)?)
    };
    let out = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&known.unwrap_or(tag)) {
        out.insert(header::ETAG, tag);
    }
    // An edition may come into force at any time.
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

fn stream_areas(areas: AreaLayer) -> Result<Body, Problem> {
    let mut numbers = 0..areas.len();
    stream(move |out| {
        let Some(number) = numbers.next() else {
            return Ok(Next::End);
        };
        if let Some((area, drawn)) = areas.draw(number) {
            let feature = Feature::of_area(area);
            let properties = properties(&feature, Collection::Areas(area.level));
            out.write(Some(area.code.as_str()), of_drawn(&drawn), &properties)?;
        }
        Ok(Next::More)
    })
}

/// Incidents or workers.
fn stream_features(features: Features) -> Result<Body, Problem> {
    let mut numbers = 0..features.len();
    stream(move |out| {
        let Some(feature) = numbers.next().and_then(|number| features.find(number)) else {
            return Ok(Next::End);
        };
        let properties = properties(&feature, features.collection());
        out.write(Some(&feature.id()), geometry(&feature), &properties)?;
        Ok(Next::More)
    })
}

/// Where there are open incidents, with how many.
async fn heat(
    api: &Api,
    actor: &Actor,
    bounds: Option<BoundingBox>,
    query: &LayerQuery,
) -> Result<Body, Problem> {
    match levels_of(query)?.as_deref() {
        None => {}
        Some(&[level]) => {
            let detail = detail_of(query)?;
            let heat = api
                .services
                .count_by_area(actor, level, bounds, detail)
                .await?;
            return stream_area_heat(heat);
        }
        Some(_) => return Err(Problem::invalid("level: heat is counted by one level")),
    }
    let resolution = query.resolution.unwrap_or(8);
    let resolution = Resolution::try_from(resolution)
        .map_err(|error| Problem::invalid(format!("resolution {resolution}: {error}")))?;
    let counts = api
        .services
        .count_by_cell(actor, bounds.as_ref(), resolution)?;
    let mut counts = counts.into_iter();
    stream(move |out| {
        let Some((cell, count)) = counts.next() else {
            return Ok(Next::End);
        };
        let shape = shape_of(cell);
        let geometry = shape.as_ref().map_or(Geometry::None, Geometry::Shape);
        out.write(Some(&cell.to_string()), geometry, &CellHeat { count })?;
        Ok(Next::More)
    })
}

#[derive(Serialize)]
struct CellHeat {
    count: u32,
}

#[derive(Serialize)]
struct AreaHeatProperties<'a> {
    code: &'a AreaCode,
    name: &'a str,
    level: Level,
    count: u32,
}

fn stream_area_heat(heat: AreaHeat) -> Result<Body, Problem> {
    let mut counts = heat.counts.into_iter().enumerate();
    let areas = heat.areas;
    stream(move |out| {
        let Some((number, count)) = counts.next() else {
            return Ok(Next::End);
        };
        if let Some((area, drawn)) = areas.draw(number) {
            let properties = AreaHeatProperties {
                code: &area.code,
                name: &area.name,
                level: area.level,
                count,
            };
            out.write(Some(area.code.as_str()), of_drawn(&drawn), &properties)?;
        }
        Ok(Next::More)
    })
}

fn of_drawn<'a>(drawn: &'a DrawnArea<'_>) -> Geometry<'a> {
    match drawn {
        DrawnArea::Ground(shape) => Geometry::Shape(shape),
        DrawnArea::Label(point) => Geometry::Point(*point),
    }
}

fn stream<W>(write_next: W) -> Result<Body, Problem>
where
    W: FnMut(&mut FeatureWriter) -> serde_json::Result<Next> + Send + 'static,
{
    let writer = FeatureWriter::new(&Map::new()).map_err(|error| Problem::internal(&error))?;
    Ok(stream_collection(writer, write_next))
}

/// Live layers must be asked for anew each time.
fn live_layer(features: Body) -> Response {
    let mut response = geo_json(features);
    let caching = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, caching);
    response
}

pub fn geo_json(features: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, GEO_JSON)], features.into()).into_response()
}
