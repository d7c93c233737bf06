//! OGC API – Features: part 1 (core, GeoJSON, OpenAPI), part 2 (coordinate systems), part 3
//! (filters in CQL2) and part 4 (writing, into a draft), and OGC API – Tiles, for GIS
//! programs.

mod collections;
mod document;
mod draft;
mod items;
mod landing;
mod link;
mod parameters;
mod queryables;
mod tiles;
mod writes;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, MAX_EDIT};
use crate::domain::Timestamp;

pub use draft::{NamedDraft, enter_draft};
pub use link::GEO_JSON;

/// Where these routes begin.
pub const ROOT: &str = "/ogc";
/// And where the same ones in a draft do, before its name.
pub const DRAFTS: &str = "/ogc/drafts/";

/// Every route of OGC API.
pub fn documented_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(landing::load_landing_page))
        // Some clients put a slash behind every address they are given.
        .route(&format!("{ROOT}/"), get(landing::load_landing_page))
        .routes(routes!(landing::list_conformance))
        .routes(routes!(document::load_api_document))
        .routes(routes!(collections::list_collections))
        .routes(routes!(collections::load_collection))
        .routes(routes!(queryables::load_queryables))
        .routes(routes!(
            items::list_items,
            items::list_items_methods,
            writes::create_item
        ))
        .routes(routes!(
            items::load_item,
            items::list_item_methods,
            writes::replace_item,
            writes::update_item,
            writes::remove_item
        ))
        .routes(routes!(tiles::list_tile_sets))
        .routes(routes!(tiles::load_tile_set))
        .routes(routes!(tiles::load_collection_tile))
        .routes(routes!(tiles::list_tile_matrix_sets))
        .routes(routes!(tiles::load_tile_matrix_set))
        .layer(DefaultBodyLimit::max(MAX_EDIT))
}

/// A time as answers have it.
fn write_time(time: Timestamp) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
