//! OGC API – Tiles: the tiles of an area collection, described as GIS programs expect it.
//! They are the same tiles as those of `/tiles`.

use std::f64::consts::PI;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::draft::{Source, not_in_drafts};
use super::link::{JSON, Link};
use super::parameters::{FormatParameter, Parameters};
use crate::codec::mvt::{FIELDS, label_layer};
use crate::domain::{Actor, BoundingBox, Level};
use crate::geometry::tiling::TileAddress;
use crate::http::Api;
use crate::http::base::Base;
use crate::http::caller::Caller;
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::tiles::{VECTOR_TILE, answer_tile, edition_query};
use crate::index::Atlas;
use crate::index::tiles::zooms_of;
use crate::service::ServiceError;
use crate::service::features::Collection;

/// The one way in which tiles are cut.
const WEB_MERCATOR_QUAD: &str = "WebMercatorQuad";
const TILE_MATRIX_SET_URI: &str =
    "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const WEB_MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const TILING_SCHEME_REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
pub const TILING_SCHEMES_REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
pub const TILESETS_REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
/// The zooms of the standard's definition (OGC 17-083r4, annex D.1).
const TILE_MATRICES: u32 = 25;
/// Half the width of the plane of Web Mercator, in metres.
const HALF_WORLD_M: f64 = PI * 6_378_137.0;
/// A tile is drawn so wide, in pixels.
const TILE_PX: u32 = 256;
/// What the standards take a pixel for, in metres.
const PIXEL_M: f64 = 0.000_28;

/// The sets of tiles of a collection.
#[derive(Debug, Serialize, ToSchema)]
pub struct TileSets {
    links: Vec<Link>,
    tilesets: Vec<TileSetItem>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileSetItem {
    title: String,
    data_type: &'static str,
    crs: &'static str,
    #[serde(rename = "tileMatrixSetURI")]
    tile_matrix_set_uri: &'static str,
    links: Vec<Link>,
}

/// A set of tiles: how they are cut, where there are any, and what is in them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TileSet)]
pub struct TileSetView {
    title: String,
    data_type: &'static str,
    crs: &'static str,
    #[serde(rename = "tileMatrixSetURI")]
    tile_matrix_set_uri: &'static str,
    links: Vec<Link>,
    /// Zoom by zoom the rows and columns in which there may be something.
    tile_matrix_set_limits: Vec<TileMatrixLimits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounding_box: Option<TileSetBounds>,
    layers: Vec<TileSetLayer>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileMatrixLimits {
    tile_matrix: String,
    min_tile_row: u32,
    max_tile_row: u32,
    min_tile_col: u32,
    max_tile_col: u32,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileSetBounds {
    /// West and south.
    #[schema(value_type = Vec<f64>)]
    lower_left: [f64; 2],
    /// East and north.
    #[schema(value_type = Vec<f64>)]
    upper_right: [f64; 2],
    crs: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileSetLayer {
    id: &'static str,
    title: String,
    data_type: &'static str,
    /// 0 for points, 2 for polygons.
    geometry_dimension: u8,
    min_tile_matrix: String,
    max_tile_matrix: String,
    /// The attributes of its features, as a JSON schema.
    #[schema(value_type = Object)]
    properties_schema: Value,
}

/// The sets of tiles of an area collection: there is one.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = TileSets),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_tile_sets(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Result<Json<TileSets>, Problem> {
    let level = load_level(&api, &actor, source, &name)?;
    parameters.expect_none()?;
    let atlas = api.services.live().atlas();
    let itself = base.ogc(&format!("/collections/{name}/tiles"));
    Ok(Json(TileSets {
        links: vec![Link::new(itself, "self", JSON, "Sets of tiles")],
        tilesets: vec![TileSetItem {
            title: title_of(level),
            data_type: "vector",
            crs: WEB_MERCATOR,
            tile_matrix_set_uri: TILE_MATRIX_SET_URI,
            links: links_of(level, &atlas, &base),
        }],
    }))
}

/// A set of tiles: how they are cut, where there are any, and what is in them.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles/{tileMatrixSet}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        ("tileMatrixSet" = String, Path, example = "WebMercatorQuad"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = TileSetView),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_tile_set(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    Path((name, tiling)): Path<(String, String)>,
    parameters: Parameters,
) -> Result<Json<TileSetView>, Problem> {
    let level = load_level(&api, &actor, source, &name)?;
    check_tiling(&tiling)?;
    parameters.expect_none()?;
    let atlas = api.services.live().atlas();
    let bounds = atlas.bounds();
    let limits = bounds.iter().flat_map(|bounds| limits_of(level, bounds));
    let layer = |id, title, geometry_dimension| TileSetLayer {
        id,
        title,
        data_type: "vector",
        geometry_dimension,
        min_tile_matrix: zooms_of(level).start().to_string(),
        max_tile_matrix: zooms_of(level).end().to_string(),
        properties_schema: properties_schema(),
    };
    Ok(Json(TileSetView {
        title: title_of(level),
        data_type: "vector",
        crs: WEB_MERCATOR,
        tile_matrix_set_uri: TILE_MATRIX_SET_URI,
        links: links_of(level, &atlas, &base),
        tile_matrix_set_limits: limits.collect(),
        bounding_box: bounds.map(|bounds| {
            let [west, south, east, north] = bounds.to_degrees();
            TileSetBounds {
                lower_left: [west, south],
                upper_right: [east, north],
                crs: CRS84,
            }
        }),
        layers: vec![
            layer(level.layer(), title_of(level), 2),
            layer(label_layer(level), format!("{}: names", title_of(level)), 0),
        ],
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OgcTileQuery {
    /// The edition the tile is of, as the set's links say it, or its number: the answer never
    /// changes then. The one in force when absent.
    edition: Option<String>,
    /// Mapbox Vector Tiles are all there is.
    #[expect(dead_code, reason = "it is only checked")]
    #[param(inline)]
    f: Option<TileFormat>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TileFormat {
    Mvt,
}

/// A tile of an area collection as Mapbox Vector Tile 2.1: polygons, and the points where
/// names are written. 204 where no area comes near.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        ("tileMatrixSet" = String, Path, example = "WebMercatorQuad"),
        ("tileMatrix" = u32, Path, example = 12),
        ("tileRow" = u32, Path, example = 1641),
        ("tileCol" = u32, Path, example = 3402),
        OgcTileQuery,
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "Nothing is there"),
        (status = 304, description = "Not changed since the ETag that was sent"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_collection_tile(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    Path((name, tiling, zoom, row, column)): Path<(String, String, u32, u32, u32)>,
    Query(query): Query<OgcTileQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let level = load_level(&api, &actor, source, &name)?;
    check_tiling(&tiling)?;
    answer_tile(
        &api,
        level,
        [zoom, column, row],
        query.edition.as_deref(),
        &headers,
    )
    .await
}

/// The ways in which tiles are cut.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileMatrixSets {
    tile_matrix_sets: Vec<TileMatrixSetItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TileMatrixSetItem {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    crs: &'static str,
    links: Vec<Link>,
}

/// The ways in which tiles are cut: there is one.
#[utoipa::path(get, path = "/ogc/tileMatrixSets", tag = "ogc",
    params(FormatParameter),
    responses(
        (status = 200, body = TileMatrixSets),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_tile_matrix_sets(
    base: Base,
    parameters: Parameters,
) -> Result<Json<TileMatrixSets>, Problem> {
    parameters.expect_none()?;
    Ok(Json(TileMatrixSets {
        tile_matrix_sets: vec![TileMatrixSetItem {
            id: WEB_MERCATOR_QUAD,
            title: TITLE,
            uri: TILE_MATRIX_SET_URI,
            crs: WEB_MERCATOR,
            links: vec![Link::new(tiling_address(&base), "self", JSON, TITLE)],
        }],
    }))
}

const TITLE: &str = "Web Mercator, the world in one tile, each zoom twice as fine";

/// A way to cut tiles (OGC 17-083r4).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileMatrixSet {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    crs: &'static str,
    #[schema(value_type = Vec<String>)]
    ordered_axes: [&'static str; 2],
    well_known_scale_set: &'static str,
    tile_matrices: Vec<TileMatrix>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TileMatrix {
    id: String,
    scale_denominator: f64,
    /// How wide a pixel is, in metres.
    cell_size: f64,
    corner_of_origin: &'static str,
    #[schema(value_type = Vec<f64>)]
    point_of_origin: [f64; 2],
    tile_width: u32,
    tile_height: u32,
    matrix_width: u32,
    matrix_height: u32,
}

/// A way to cut tiles, zoom by zoom.
#[utoipa::path(get, path = "/ogc/tileMatrixSets/{tileMatrixSet}", tag = "ogc",
    params(
        ("tileMatrixSet" = String, Path, example = "WebMercatorQuad"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = TileMatrixSet),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_tile_matrix_set(
    Path(tiling): Path<String>,
    parameters: Parameters,
) -> Result<Json<TileMatrixSet>, Problem> {
    check_tiling(&tiling)?;
    parameters.expect_none()?;
    let matrix = |zoom: u32| {
        let tiles = 1_u32 << zoom;
        let cell_size = 2.0 * HALF_WORLD_M / f64::from(TILE_PX) / f64::from(tiles);
        TileMatrix {
            id: zoom.to_string(),
            scale_denominator: cell_size / PIXEL_M,
            cell_size,
            corner_of_origin: "topLeft",
            point_of_origin: [-HALF_WORLD_M, HALF_WORLD_M],
            tile_width: TILE_PX,
            tile_height: TILE_PX,
            matrix_width: tiles,
            matrix_height: tiles,
        }
    };
    Ok(Json(TileMatrixSet {
        id: WEB_MERCATOR_QUAD,
        title: TITLE,
        uri: TILE_MATRIX_SET_URI,
        crs: WEB_MERCATOR,
        ordered_axes: ["X", "Y"],
        well_known_scale_set: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        tile_matrices: (0..TILE_MATRICES).map(matrix).collect(),
    }))
}

fn load_level(api: &Api, actor: &Actor, source: Source, name: &str) -> Result<Level, Problem> {
    match source.load_collection(api, actor, name)? {
        Collection::Areas(_) if source.is_draft() => Err(not_in_drafts("tile", name)),
        Collection::Areas(level) => Ok(level),
        Collection::Incidents | Collection::Workers => {
            let key = format!("tiles of {name}");
            Err(ServiceError::NotFound { what: "set", key }.into())
        }
    }
}

fn check_tiling(name: &str) -> Result<(), Problem> {
    if name == WEB_MERCATOR_QUAD {
        return Ok(());
    }
    let key = name.to_owned();
    Err(ServiceError::NotFound {
        what: "tile matrix set",
        key,
    }
    .into())
}

fn title_of(level: Level) -> String {
    format!("{} · {}", level.name_zh(), level.layer())
}

fn tiling_address(base: &Base) -> String {
    base.ogc(&format!("/tileMatrixSets/{WEB_MERCATOR_QUAD}"))
}

fn links_of(level: Level, atlas: &Atlas, base: &Base) -> Vec<Link> {
    let layer = level.layer();
    let itself = base.ogc(&format!("/collections/{layer}/tiles/{WEB_MERCATOR_QUAD}"));
    let edition = atlas.edition().map(edition_query).unwrap_or_default();
    let tiles = format!("{itself}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{edition}");
    let tile_json = base.at(&format!("/tiles/{layer}.json"));
    vec![
        Link::new(itself, "self", JSON, "This set of tiles"),
        Link::new(tiling_address(base), TILING_SCHEME_REL, JSON, TITLE),
        Link::template(tiles, "item", VECTOR_TILE, "A tile"),
        Link::new(tile_json, "describedby", JSON, "The same as TileJSON"),
    ]
}

fn limits_of(level: Level, bounds: &BoundingBox) -> impl Iterator<Item = TileMatrixLimits> {
    zooms_of(level).map(|zoom| {
        let [columns, rows] = TileAddress::covering(bounds, zoom);
        TileMatrixLimits {
            tile_matrix: zoom.to_string(),
            min_tile_row: *rows.start(),
            max_tile_row: *rows.end(),
            min_tile_col: *columns.start(),
            max_tile_col: *columns.end(),
        }
    })
}

fn properties_schema() -> Value {
    let properties = FIELDS.map(|(name, meaning)| {
        let kind = if name == "generated" {
            "boolean"
        } else {
            "string"
        };
        (name.to_owned(), json!({"type": kind, "title": meaning}))
    });
    let properties: serde_json::Map<String, Value> = properties.into_iter().collect();
    json!({"type": "object", "properties": properties})
}
