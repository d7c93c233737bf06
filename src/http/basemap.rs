//! What lies under the grids: nothing, somebody's tiles, or a file of one's own.

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use tower_http::services::ServeFile;
use utoipa::ToSchema;

use super::Api;
use super::extract::Path;
use super::problem::Problem;

const PMTILES: &str = "/basemap/territory.pmtiles";
/// 天地图's server; `{s}` runs from 0 to 7.
const TIANDITU: &str = "https://t0.tianditu.gov.cn";

/// The basemap, as configured.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basemap {
    /// A plain background: needs no network.
    #[default]
    None,
    /// Raster tiles by `{z}`, `{x}` and `{y}`.
    Raster {
        url: String,
        #[serde(default)]
        attribution: String,
        max_zoom: Option<u8>,
    },
    /// A MapLibre style.
    Vector { url: String },
    /// 天地图, asked for by this server, so that the key never leaves it.
    Tianditu {
        key: String,
        /// Another server that answers as Tianditu's does.
        url: Option<String>,
    },
    /// A `PMTiles` file on this server.
    Pmtiles {
        path: PathBuf,
        #[serde(default)]
        attribution: String,
    },
}

/// The basemap, as clients are told: without keys and paths.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BasemapView {
    None,
    Raster {
        tiles: Vec<String>,
        attribution: String,
        max_zoom: Option<u8>,
    },
    Vector {
        style_url: String,
    },
    Tianditu {
        tiles: Vec<String>,
        attribution: String,
        max_zoom: u8,
    },
    Pmtiles {
        url: String,
        attribution: String,
    },
}

impl From<&Basemap> for BasemapView {
    fn from(basemap: &Basemap) -> Self {
        match basemap {
            Basemap::None => Self::None,
            Basemap::Raster {
                url,
                attribution,
                max_zoom,
            } => Self::Raster {
                tiles: vec![url.clone()],
                attribution: attribution.clone(),
                max_zoom: *max_zoom,
            },
            Basemap::Vector { url } => Self::Vector {
                style_url: url.clone(),
            },
            Basemap::Tianditu { .. } => Self::Tianditu {
                tiles: ["vec", "cva"]
                    .map(|layer| format!("/basemap/tianditu/{layer}/{{z}}/{{x}}/{{y}}"))
                    .to_vec(),
                attribution: "天地图".to_owned(),
                max_zoom: 18,
            },
            Basemap::Pmtiles { attribution, .. } => Self::Pmtiles {
                url: PMTILES.to_owned(),
                attribution: attribution.clone(),
            },
        }
    }
}

/// The addresses that a basemap needs on this server.
pub fn routes(basemap: &Basemap) -> Router<Api> {
    match basemap {
        Basemap::Tianditu { .. } => Router::new().route(
            "/basemap/tianditu/{layer}/{z}/{x}/{y}",
            get(load_tianditu_tile),
        ),
        Basemap::Pmtiles { path, .. } => Router::new().route_service(PMTILES, ServeFile::new(path)),
        Basemap::None | Basemap::Raster { .. } | Basemap::Vector { .. } => Router::new(),
    }
}

/// Fetches a tile of 天地图 (`vec` the map, `cva` its names) with this server's key.
async fn load_tianditu_tile(
    State(api): State<Api>,
    Path((layer, z, x, y)): Path<(String, u8, u32, u32)>,
) -> Result<Response, Problem> {
    let Basemap::Tianditu { key, url } = &api.settings.basemap else {
        return Err(not_found());
    };
    let side = 1_u32.checked_shl(z.into()).unwrap_or(0);
    if !matches!(layer.as_str(), "vec" | "cva") || z > 18 || x >= side || y >= side {
        return Err(not_found());
    }
    let base = url.as_deref().unwrap_or(TIANDITU);
    let address = format!(
        "{base}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}\
         &STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
    );
    let unreachable = |error: reqwest::Error| {
        // The address holds the key.
        tracing::warn!(error = %error.without_url(), "the basemap does not answer");
        Problem::new(
            StatusCode::BAD_GATEWAY,
            "basemap_unreachable",
            "the provider of the basemap does not answer",
        )
    };
    let answer = api
        .settings
        .client
        .get(address)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(unreachable)?;
    let content_type = answer.headers().get(header::CONTENT_TYPE).cloned();
    let tile = answer.bytes().await.map_err(unreachable)?;
    let mut response = Body::from(tile).into_response();
    if let Some(content_type) = content_type {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
    }
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("public, max-age=86400"),
    );
    Ok(response)
}

fn not_found() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "there is no such basemap tile",
    )
}
