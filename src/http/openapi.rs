//! The API described for programs and for people.

use axum::Json;
use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::Api;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Wangge 网格",
        description = "Whose ground is this point, who is near, who goes.\n\nJSON is `snake_case`; positions are `lon`, `lat` in WGS 84; times are RFC 3339; lengths carry their unit. Errors are RFC 9457 problem details with a stable `code`. Lists are paged: pass `next` as `cursor`.",
        license(name = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "areas", description = "The territory: look-up and the area tree. Public."),
        (name = "boundaries", description = "Editions, and the drafts that become them: upload, judge, repair, edit, compare, publish, go back."),
        (name = "incidents", description = "Report, follow, handle."),
        (name = "statistics", description = "Figures for boards, each with its cases."),
        (name = "dispatch", description = "Who should go."),
        (name = "workers", description = "Who is where, and on duty."),
        (name = "departments", description = "Departments join by machine: they are told of incidents, and bring in and handle cases of their own."),
        (name = "presence", description = "Who was in which grid, as far as positions tell; calls for help, watches over those who work alone, and alarms."),
        (name = "posts", description = "Who answers for which grid, who is on duty when, where somebody is missing."),
        (name = "map", description = "Layers, live events, and what a map shows at first."),
        (name = "ogc", description = "OGC API – Features and Tiles, for GIS programs. `/ogc/api` describes it on its own. Below `/ogc/drafts/{draft}` everything is as below `/ogc`, but areas are as that draft leaves them; `mine` is the caller's own."),
        (name = "open311", description = "Open311 GeoReport v2, JSON and XML, for apps that report to many cities. Errors are in its own form."),
        (name = "server", description = "The server itself."),
    ),
    security((), ("bearer" = [])),
)]
struct Description;

/// The description without the routes, which the router adds.
pub fn description() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    let components = description.components.get_or_insert_default();
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A key that `wangge user add` has made."))
                .build(),
        ),
    );
    description
}

/// The whole document, as `/api/openapi.json` has it.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    super::documented_routes().split_for_parts().1
}

/// The document and a page to read it on.
pub fn routes(document: utoipa::openapi::OpenApi) -> Router<Api> {
    let page = SwaggerUi::new("/api/docs").config(Config::new(["/api/openapi.json"]));
    Router::new()
        .merge(page)
        .route("/api/openapi.json", get(async move || Json(document)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_documented_api_is_current() {
        let current = super::document().to_pretty_json().unwrap();
        let documented = include_str!("../../docs/openapi.json");
        assert!(
            documented.trim_end() == current.trim_end(),
            "docs/openapi.json is stale; `wangge openapi > docs/openapi.json` brings it up to date"
        );
    }
}
