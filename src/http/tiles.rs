//! Layers as vector tiles: of areas, and of what happens on them.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::RangeInclusive;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::base::Base;
use super::caller::Caller;
use super::etag;
use super::extract::{Path, Query};
use super::problem::Problem;
use crate::codec::mvt::{FIELDS, label_layer};
use crate::domain::{BoundingBox, Edition, Level};
use crate::geometry::tiling::TileAddress;
use crate::index::tiles::zooms_of;
use crate::service::tiles::{FoundTile, LiveTiles, Tile, tile_version};

pub const VECTOR_TILE: &str = "application/vnd.mapbox-vector-tile";
/// For addresses that name the edition.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A layer of tiles, as TileJSON 3.0.
#[derive(Debug, Serialize, ToSchema)]
pub struct TileJson {
    #[schema(example = "3.0.0")]
    tilejson: &'static str,
    name: String,
    scheme: &'static str,
    /// Where the tiles are. The address names the edition, so that it can be kept forever.
    #[schema(example = json!(["https://example.org/tiles/grids/{z}/{x}/{y}.mvt?edition=3-1767225600000-1"]))]
    tiles: Vec<String>,
    minzoom: u8,
    maxzoom: u8,
    /// West, south, east, north of the territory.
    #[schema(value_type = Option<Vec<f64>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<[f64; 4]>,
    /// To be shown with the borders.
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    /// The polygons, and the points where names are written.
    vector_layers: Vec<VectorLayer>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VectorLayer {
    id: &'static str,
    description: String,
    minzoom: u8,
    maxzoom: u8,
    #[schema(value_type = Object)]
    fields: BTreeMap<&'static str, &'static str>,
}

/// A layer's tiles as TileJSON: where they are, for which zooms, and what is in them. Besides
/// the area layers there are `incidents`, `workers` and `heat`, whose tiles need credentials.
#[utoipa::path(get, path = "/tiles/{layer}", tag = "map",
    params(("layer" = String, Path, example = "grids.json", description = "The layer's name with `.json`")),
    responses(
        (status = 200, body = TileJson),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn describe_tiles(
    State(api): State<Api>,
    base: Base,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let name = file.strip_suffix(".json").ok_or_else(|| no_layer(&file))?;
    if let Some(layer) = LiveTiles::from_layer(name) {
        return Ok(answer_description(&describe_live(&api, &base, layer)));
    }
    let level = Level::from_layer(name).ok_or_else(|| no_layer(&file))?;
    let atlas = api.services.live().atlas();
    let edition = atlas.edition();
    let layer = level.layer();
    let mut address = base.at(&format!("/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt"));
    if let Some(edition) = edition {
        address.push_str(&edition_query(edition));
    }
    let zooms = zooms_of(level);
    let vector_layer = |id, what: &str| VectorLayer {
        id,
        description: format!("{}: {what}", level.name_zh()),
        minzoom: *zooms.start(),
        maxzoom: *zooms.end(),
        fields: FIELDS.into_iter().collect(),
    };
    let described = TileJson {
        tilejson: "3.0.0",
        name: edition.map_or_else(
            || layer.to_owned(),
            |edition| format!("{} · {}", edition.title, level.name_zh()),
        ),
        scheme: "xyz",
        tiles: vec![address],
        minzoom: *zooms.start(),
        maxzoom: *zooms.end(),
        bounds: atlas.bounds().map(BoundingBox::to_degrees),
        attribution: edition.and_then(|edition| edition.notice.clone()),
        vector_layers: vec![
            vector_layer(layer, "polygons"),
            vector_layer(label_layer(level), "points where names are written"),
        ],
    };
    Ok(answer_description(&described))
}

fn answer_description(described: &TileJson) -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Json(described)).into_response()
}

fn describe_live(api: &Api, base: &Base, layer: LiveTiles) -> TileJson {
    let zooms = layer.zooms();
    let atlas = api.services.live().atlas();
    let name = layer.layer();
    TileJson {
        tilejson: "3.0.0",
        name: format!("{} · {name}", layer.title_zh()),
        scheme: "xyz",
        tiles: vec![base.at(&format!("/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"))],
        minzoom: *zooms.start(),
        maxzoom: *zooms.end(),
        bounds: atlas.bounds().map(BoundingBox::to_degrees),
        attribution: None,
        vector_layers: vec![VectorLayer {
            id: name,
            description: layer.title_zh().to_owned(),
            minzoom: *zooms.start(),
            maxzoom: *zooms.end(),
            fields: layer.fields().iter().copied().collect(),
        }],
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TileQuery {
    /// The edition the tile is of, as the layer's TileJSON says it, or its number: the
    /// answer never changes then. The one in force when absent.
    #[param(example = "3-1767225600000-1")]
    edition: Option<String>,
}

/// A tile of an area layer as Mapbox Vector Tile 2.1, packed with gzip: polygons in a layer
/// of the same name, and in `<layer>_labels` the points where names are written, each in one
/// tile only. 204 where no area comes near.
///
/// Tiles of `incidents` (open ones), `workers` and `heat` (open incidents by H3 cells) need
/// credentials and show what the caller may see now. Their `ETag` stays the same as long as
/// nothing in them changes.
#[utoipa::path(get, path = "/tiles/{layer}/{z}/{x}/{y}", tag = "map",
    params(
        ("layer" = String, Path, example = "grids"),
        ("z" = u8, Path, example = 12),
        ("x" = u32, Path, example = 3402),
        ("y" = String, Path, example = "1641.mvt", description = "The row with `.mvt`"),
        TileQuery,
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
pub async fn load_tile(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path((layer, zoom, x, file)): Path<(String, u8, u32, String)>,
    Query(query): Query<TileQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let y = file.strip_suffix(".mvt").ok_or_else(|| {
        not_found(format!(
            "{file:?} is no tile; a tile is for instance 1641.mvt"
        ))
    })?;
    let y: u32 = y
        .parse()
        .map_err(|_| Problem::invalid(format!("the row {y:?} is not a number")))?;
    let edition = query.edition.as_deref();
    let place = [zoom.into(), x, y];
    if let Some(live) = LiveTiles::from_layer(&layer) {
        if edition.is_some() {
            return Err(Problem::invalid(format!(
                "tiles of {layer} are of no edition"
            )));
        }
        let tile = address(&layer, &live.zooms(), place)?;
        let found = api.services.make_live_tile(&actor, live, tile).await?;
        let found = found.map_or(FoundTile::Empty, FoundTile::Tile);
        return answer_found(found, &headers, "private, no-cache");
    }
    let level = Level::from_layer(&layer).ok_or_else(|| no_layer(&layer))?;
    answer_tile(&api, level, place, edition, &headers).await
}

/// What makes the address of a tile one of an edition, so that it can be kept forever.
pub fn edition_query(edition: &Edition) -> String {
    format!("?edition={}", tile_version(edition))
}

/// The tile of a zoom, a column and a row, or why there is none.
pub async fn answer_tile(
    api: &Api,
    level: Level,
    place: [u32; 3],
    edition: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let layer = level.layer();
    let tile = address(layer, &zooms_of(level), place)?;
    let found = api.services.find_tile(level, tile, edition).await?;
    if let FoundTile::OtherEdition(current) = found {
        let current = current.unwrap_or_else(|| "none".to_owned());
        return Err(not_found(format!(
            "tiles of edition {:?} are not kept: {current} is in force; /tiles/{layer}.json has the addresses",
            edition.unwrap_or_default()
        )));
    }
    let caching = if edition.is_some() {
        FOREVER
    } else {
        "no-cache"
    };
    answer_found(found, headers, caching)
}

/// The tile of a zoom, a column and a row of a layer.
fn address(
    layer: &str,
    zooms: &RangeInclusive<u8>,
    [zoom, x, y]: [u32; 3],
) -> Result<TileAddress, Problem> {
    let zoom = u8::try_from(zoom)
        .ok()
        .filter(|zoom| zooms.contains(zoom))
        .ok_or_else(|| {
            not_found(format!(
                "{layer} has tiles for the zooms {} to {}, not for {zoom}",
                zooms.start(),
                zooms.end()
            ))
        })?;
    TileAddress::new(zoom, x, y).ok_or_else(|| {
        let last = (1_u64 << zoom) - 1;
        Problem::invalid(format!(
            "there is no tile {x}/{y}: at zoom {zoom}, columns and rows run from 0 to {last}"
        ))
    })
}

fn answer_found(
    found: FoundTile,
    headers: &HeaderMap,
    caching: &'static str,
) -> Result<Response, Problem> {
    let mut response = match found {
        FoundTile::Tile(tile) => answer(&tile, headers)?,
        FoundTile::Empty | FoundTile::OtherEdition(_) => StatusCode::NO_CONTENT.into_response(),
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn answer(tile: &Tile, headers: &HeaderMap) -> Result<Response, Problem> {
    let takes_gzip = takes_gzip(headers);
    // The two representations differ, so their tags do.
    let tag = if takes_gzip {
        format!("\"{}\"", tile.digest)
    } else {
        format!("\"{}-plain\"", tile.digest)
    };
    let mut response = if etag::is_known(&tag, headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = [(header::CONTENT_TYPE, VECTOR_TILE)];
        if takes_gzip {
            let body = Body::from(Bytes::from_owner(tile.gzip.clone()));
            (content_type, [(header::CONTENT_ENCODING, "gzip")], body).into_response()
        } else {
            let mut plain = Vec::new();
            GzDecoder::new(&*tile.gzip)
                .read_to_end(&mut plain)
                .map_err(|error| Problem::internal(&error))?;
            (content_type, plain).into_response()
        }
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Whether the client takes what is packed with gzip (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let quality = |wanted: &str| {
        etag::values(headers, &header::ACCEPT_ENCODING).find_map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next()?;
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            let quality = quality.map_or(Ok(1.0), str::parse::<f32>);
            name.eq_ignore_ascii_case(wanted)
                .then(|| quality.unwrap_or(0.0))
        })
    };
    quality("gzip").or_else(|| quality("*")).unwrap_or(0.0) > 0.0
}

fn no_layer(name: &str) -> Problem {
    not_found(format!(
        "there are no tiles of {name:?}; layers with tiles are for instance counties, grids and incidents"
    ))
}

fn not_found(detail: String) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn gzip_goes_to_those_who_take_it() {
        for (accepted, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("*;q=0", false),
            ("gzip;q=0, *", false),
            ("br", false),
            ("identity", false),
        ] {
            let headers = headers(header::ACCEPT_ENCODING, accepted);
            assert_eq!(takes_gzip(&headers), expected, "{accepted}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
