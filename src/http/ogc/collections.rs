//! What collections of features there are.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::Source;
use super::link::{GEO_JSON, JSON, Link, SCHEMA_JSON};
use super::parameters::{FormatParameter, Parameters};
use super::tiles::TILESETS_REL;
use super::write_time;
use crate::geometry::ReferenceSystem;
use crate::http::Api;
use crate::http::base::Base;
use crate::http::caller::Caller;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::index::Atlas;
use crate::service::features::Collection;

pub const QUERYABLES_REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

/// Collections of features.
#[derive(Debug, Serialize, ToSchema)]
pub struct Collections {
    links: Vec<Link>,
    collections: Vec<CollectionView>,
}

/// A collection of features.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Collection)]
pub struct CollectionView {
    id: &'static str,
    title: String,
    description: String,
    links: Vec<Link>,
    extent: Extent,
    item_type: &'static str,
    /// The coordinate systems that items are answered in, the first one unless asked for.
    crs: Vec<String>,
    storage_crs: String,
}

/// Where and when features are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extent {
    #[serde(skip_serializing_if = "Option::is_none")]
    spatial: Option<SpatialExtent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temporal: Option<TemporalExtent>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SpatialExtent {
    /// West, south, east, north.
    #[schema(value_type = Vec<Vec<f64>>)]
    bbox: [[f64; 4]; 1],
    crs: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TemporalExtent {
    /// From when on, and until when; null is open.
    #[schema(value_type = Vec<Vec<Option<String>>>)]
    interval: [[Option<String>; 2]; 1],
    trs: &'static str,
}

impl CollectionView {
    fn new(collection: Collection, atlas: &Atlas, base: &Base, source: Source) -> Self {
        let name = collection.name();
        let at = |path: &str| base.ogc(&format!("/collections/{name}{path}"));
        let bounds = atlas.bounds();
        let crs84 = ReferenceSystem::Crs84;
        let spatial = bounds.map(|bounds| SpatialExtent {
            bbox: [bounds.to_degrees()],
            crs: crs84.uri(),
        });
        let edition = atlas
            .edition()
            .filter(|_| matches!(collection, Collection::Areas(_)) && !source.is_draft());
        let temporal = edition.map(|edition| TemporalExtent {
            interval: [[Some(write_time(edition.effective_from)), None]],
            trs: "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        });
        let (title, mut description) = describe(collection);
        if source.is_draft() {
            description = "The areas of this level, as the draft leaves them.";
        }
        let notice = edition.and_then(|edition| edition.notice.as_deref());
        let description = [Some(description), notice];
        let description: Vec<&str> = description.into_iter().flatten().collect();
        let systems = ReferenceSystem::reaching(bounds.as_ref());
        let mut links = vec![
            Link::new(at(""), "self", JSON, "This collection"),
            Link::new(at("/items"), "items", GEO_JSON, &title),
            Link::new(
                at("/queryables"),
                QUERYABLES_REL,
                SCHEMA_JSON,
                "What filters may ask about",
            ),
        ];
        if matches!(collection, Collection::Areas(_)) && !source.is_draft() {
            links.push(Link::new(
                at("/tiles"),
                TILESETS_REL,
                JSON,
                "As vector tiles",
            ));
        }
        Self {
            id: name,
            links,
            title,
            description: description.join(" "),
            extent: Extent { spatial, temporal },
            item_type: "feature",
            crs: systems.into_iter().map(ReferenceSystem::uri).collect(),
            storage_crs: crs84.uri(),
        }
    }
}

/// Title and description.
fn describe(collection: Collection) -> (String, &'static str) {
    match collection {
        Collection::Areas(level) => (
            format!("{} · {}", level.name_zh(), level.layer()),
            "The areas of this level, in the edition in force. With `datetime`: those of an edition in force then.",
        ),
        Collection::Incidents => (
            "事件 · incidents".to_owned(),
            "Open incidents that the caller may see. With `datetime`: reported then.",
        ),
        Collection::Workers => (
            "网格员 · workers".to_owned(),
            "Workers that the caller may see, where they were last seen. With `datetime`: seen then.",
        ),
    }
}

/// The collections that the caller may see: one for each level of areas, and with
/// credentials `incidents` and `workers`.
#[utoipa::path(get, path = "/ogc/collections", tag = "ogc",
    params(FormatParameter),
    responses(
        (status = 200, body = Collections),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_collections(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    parameters: Parameters,
) -> Result<Json<Collections>, Problem> {
    parameters.expect_none()?;
    let atlas = api.services.live().atlas();
    let collections = api.services.list_collections(&actor).into_iter();
    Ok(Json(Collections {
        links: vec![Link::new(
            base.ogc("/collections"),
            "self",
            JSON,
            "Collections of features",
        )],
        collections: collections
            .filter(|&collection| source.has(collection))
            .map(|collection| CollectionView::new(collection, &atlas, &base, source))
            .collect(),
    }))
}

/// A collection of features.
#[utoipa::path(get, path = "/ogc/collections/{collection}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = CollectionView),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_collection(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Result<Json<CollectionView>, Problem> {
    let collection = source.load_collection(&api, &actor, &name)?;
    parameters.expect_none()?;
    let atlas = api.services.live().atlas();
    Ok(Json(CollectionView::new(collection, &atlas, &base, source)))
}
