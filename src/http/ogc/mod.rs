//! OGC API – Features: part 1 (core, GeoJSON, OpenAPI), part 2 (coordinate systems) and
//! part 3 (filters in CQL2), for GIS programs.

mod collections;
mod document;
mod items;
mod landing;
mod link;
mod parameters;
mod queryables;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Api;
use crate::domain::Timestamp;

/// Where these routes begin.
const ROOT: &str = "/ogc";

/// Every route of OGC API – Features.
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
        .routes(routes!(items::list_items, items::list_items_methods))
        .routes(routes!(items::load_item, items::list_item_methods))
}

/// A time as answers have it.
fn write_time(time: Timestamp) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
