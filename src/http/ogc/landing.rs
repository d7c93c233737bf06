//! Where clients begin, and what they can expect.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::Source;
use super::link::{JSON, Link, OPENAPI_JSON};
use super::parameters::{FormatParameter, Parameters};
use super::tiles::TILING_SCHEMES_REL;
use crate::http::Api;
use crate::http::base::Base;
use crate::http::problem::Problem;

/// The standards whose requirements are met, each under the address of its test suite.
const CONFORMANCE: [&str; 36] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
];

/// Where clients begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct LandingPage {
    title: String,
    description: String,
    links: Vec<Link>,
}

/// The beginning of OGC API – Features: links to everything else.
#[utoipa::path(get, path = "/ogc", tag = "ogc",
    params(FormatParameter),
    responses(
        (status = 200, body = LandingPage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_landing_page(
    State(api): State<Api>,
    _source: Source,
    base: Base,
    parameters: Parameters,
) -> Result<Json<LandingPage>, Problem> {
    parameters.expect_none()?;
    let atlas = api.services.live().atlas();
    let (title, description) = match atlas.edition() {
        Some(edition) => (edition.title.clone(), edition.notice.clone()),
        None => ("Wangge 网格".to_owned(), None),
    };
    let description = description.unwrap_or_else(|| {
        "区划、网格、事件和网格员 · areas, grids, incidents and workers".to_owned()
    });
    Ok(Json(LandingPage {
        title,
        description,
        links: vec![
            Link::new(base.ogc(""), "self", JSON, "This page"),
            Link::new(
                base.ogc("/api"),
                "service-desc",
                OPENAPI_JSON,
                "The API described for programs",
            ),
            Link::new(
                base.at("/api/docs"),
                "service-doc",
                "text/html",
                "The API described for people",
            ),
            Link::new(
                base.ogc("/conformance"),
                "conformance",
                JSON,
                "The standards that are met",
            ),
            Link::new(
                base.ogc("/collections"),
                "data",
                JSON,
                "Collections of features",
            ),
            Link::new(
                base.ogc("/tileMatrixSets"),
                TILING_SCHEMES_REL,
                JSON,
                "How tiles are cut",
            ),
        ],
    }))
}

/// The standards that are met.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conformance {
    conforms_to: Vec<&'static str>,
}

/// The standards that are met.
#[utoipa::path(get, path = "/ogc/conformance", tag = "ogc",
    params(FormatParameter),
    responses(
        (status = 200, body = Conformance),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_conformance(parameters: Parameters) -> Result<Json<Conformance>, Problem> {
    parameters.expect_none()?;
    Ok(Json(Conformance {
        conforms_to: CONFORMANCE.to_vec(),
    }))
}
