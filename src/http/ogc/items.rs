//! The features of a collection.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::draft::Source;
use super::link::{GEO_JSON, JSON, Link};
use super::parameters::{FormatParameter, ItemsRequest, Parameters};
use super::write_time;
use super::writes::{FEATURE_TYPES, PATCH_TYPES};
use crate::codec::geojson::{FeatureWriter, write_geometry_in};
use crate::domain::actor::Permission;
use crate::domain::{Actor, BoundingBox};
use crate::geometry::ReferenceSystem;
use crate::http::Api;
use crate::http::base::Base;
use crate::http::caller::Caller;
use crate::http::etag;
use crate::http::extract::Path;
use crate::http::features::{Next, geometry, properties, stream_collection};
use crate::http::problem::Problem;
use crate::service::features::{Collection, Feature, FeaturePage, Features};

/// What the addresses of items take.
const READING: &str = "GET, HEAD, OPTIONS";
const CREATING: &str = "GET, HEAD, OPTIONS, POST";
const CHANGING: &str = "GET, HEAD, OPTIONS, PUT, PATCH, DELETE";
/// What coordinates are in (OGC 18-058r1, 7.6).
pub const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// The features of a collection, by identifier, in pages. Conditions add up. Every property
/// of the collection is also a parameter: text and numbers must be equal, a time must lie
/// in the one given, a list must hold the value.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        ("bbox" = Option<String>, Query, example = "119.0,33.5,119.1,33.6",
            description = "Features that have a point in common with this box: the lower corner, then the upper, in the order of the axes; with heights, which do not count, six numbers"),
        ("bbox-crs" = Option<String>, Query, description = "What `bbox` is in; CRS84 when absent"),
        ("datetime" = Option<String>, Query, example = "2026-01-01T00:00:00Z/..",
            description = "A moment, a day (of China Standard Time), or an interval: areas of an edition in force then, incidents reported then, workers seen then"),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 10000,
            description = "How many features a page has; 100 when absent"),
        ("cursor" = Option<String>, Query, description = "Out of the link `next` of the page before"),
        ("crs" = Option<String>, Query, description = "What coordinates are answered in, of those that the collection names; CRS84 when absent"),
        ("filter" = Option<String>, Query, example = "code LIKE '3208%' AND area_m2 > 1000000",
            description = "A condition in CQL2"),
        ("filter-lang" = Option<String>, Query, description = "`cql2-text` (when absent) or `cql2-json`"),
        ("filter-crs" = Option<String>, Query, description = "What geometries in `filter` are in; CRS84 when absent"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json",
            headers(("Content-Crs" = String, description = "What coordinates are in"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_items(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let collection = source.load_collection(&api, &actor, &name)?;
    let territory = api.services.live().atlas().bounds();
    let offered = ReferenceSystem::reaching(territory.as_ref());
    let ItemsRequest { query, system } = parameters.clone().into_items(collection, &offered)?;
    let services = &api.services;
    let page = match (source.open(&api, &actor).await?, collection) {
        (Some(draft), Collection::Areas(level)) => {
            services
                .search_drafted_features(draft, level, query)
                .await?
        }
        _ => services.search_features(&actor, collection, query).await?,
    };
    check_reach(&page.features, system, territory.as_ref())?;
    let time_stamp = write_time(api.services.clock().now());
    let members = page_members(&page, &base, &parameters, &time_stamp);
    let body = stream_features(page.features, &members, system)?;
    Ok(geo_json(body, collection, system, source.is_draft()))
}

/// What the items of a collection can be asked for.
#[utoipa::path(options, path = "/ogc/collections/{collection}/items", tag = "ogc",
    params(("collection" = String, Path, example = "grids")),
    responses(
        (status = 204, description = "The methods that this address takes",
            headers(("Allow" = String, description = "Methods"))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_items_methods(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let collection = source.load_collection(&api, &actor, &name)?;
    let nothing = StatusCode::NO_CONTENT.into_response();
    Ok(allow(nothing, &actor, collection, false))
}

/// A feature by its identifier: an area's code, or the identity of an incident or worker.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items/{feature}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "counties"),
        ("feature" = String, Path, example = "320812"),
        ("crs" = Option<String>, Query, description = "What coordinates are answered in, of those that the collection names; CRS84 when absent"),
        FormatParameter,
    ),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json",
            headers(("Content-Crs" = String, description = "What coordinates are in"))),
        (status = 304, description = "Not changed since the ETag that was sent"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_item(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    base: Base,
    Path((name, id)): Path<(String, String)>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let collection = source.load_collection(&api, &actor, &name)?;
    let territory = api.services.live().atlas().bounds();
    let offered = ReferenceSystem::reaching(territory.as_ref());
    let system = parameters.into_system(&offered)?;
    let features = find_item(&api, &actor, source, collection, &id).await?;
    check_reach(&features, system, territory.as_ref())?;
    let mut body = Vec::new();
    let mut tag = None;
    if let Some(feature) = features.find(0) {
        tag = tag_of(&feature, system);
        write_item(&mut body, &feature, collection, &base, system)?;
    }
    let tag_text = tag.as_ref().and_then(|tag| tag.to_str().ok());
    let known = tag_text.and_then(|tag| etag::known_form(tag, &headers));
    let body = if known.is_some() { Vec::new() } else { body };
    let mut response = geo_json(Body::from(body), collection, system, source.is_draft());
    if known.is_some() {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let known = known.and_then(|tag| HeaderValue::from_str(&tag).ok());
    if let Some(tag) = known.or(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

async fn find_item(
    api: &Api,
    actor: &Actor,
    source: Source,
    collection: Collection,
    id: &str,
) -> Result<Features, Problem> {
    Ok(match (source.open(api, actor).await?, collection) {
        (Some(draft), Collection::Areas(level)) => {
            api.services.load_drafted_feature(&draft, level, id)?
        }
        _ => api.services.load_feature(actor, collection, id)?,
    })
}

/// Tells a state of a feature from every other one, and the systems it is answered in;
/// `None` for what cannot be written.
pub fn tag_of(feature: &Feature<'_>, system: ReferenceSystem) -> Option<HeaderValue> {
    let state = feature.state()?;
    let tag = match system {
        ReferenceSystem::Crs84 => format!("\"{state}\""),
        other => format!("\"{state}-{other}\""),
    };
    HeaderValue::from_str(&tag).ok()
}

/// What a single feature can be asked for.
#[utoipa::path(options, path = "/ogc/collections/{collection}/items/{feature}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "counties"),
        ("feature" = String, Path, example = "320812"),
    ),
    responses(
        (status = 204, description = "The methods that this address takes",
            headers(("Allow" = String, description = "Methods"))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_item_methods(
    State(api): State<Api>,
    Caller(actor): Caller,
    source: Source,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let collection = source.load_collection(&api, &actor, &name)?;
    find_item(&api, &actor, source, collection, &id).await?;
    let nothing = StatusCode::NO_CONTENT.into_response();
    Ok(allow(nothing, &actor, collection, true))
}

/// Says what an address of a collection, or of one of its features, takes from the caller.
pub fn allow(
    mut response: Response,
    actor: &Actor,
    collection: Collection,
    is_single: bool,
) -> Response {
    let writes = actor.role.permits(Permission::EditBoundaries);
    let writes = writes && matches!(collection, Collection::Areas(_));
    let out = response.headers_mut();
    let methods = match (writes, is_single) {
        (false, _) => READING,
        (true, false) => CREATING,
        (true, true) => CHANGING,
    };
    out.insert(header::ALLOW, HeaderValue::from_static(methods));
    if writes {
        let (name, kinds) = if is_single {
            ("accept-patch", PATCH_TYPES.join(", "))
        } else {
            ("accept-post", FEATURE_TYPES.join(", "))
        };
        if let Ok(kinds) = HeaderValue::from_str(&kinds) {
            out.insert(HeaderName::from_static(name), kinds);
        }
    }
    response
}

/// Refuses a system in which a feature has no coordinates, before anything is sent. It is
/// offered only when it reaches the territory, so only what lies elsewhere is looked at.
fn check_reach(
    features: &Features,
    system: ReferenceSystem,
    territory: Option<&BoundingBox>,
) -> Result<(), Problem> {
    if system.is_geographic() {
        return Ok(());
    }
    let lost = features.iter().find(|feature| {
        feature.bounds().is_some_and(|bounds| {
            let at_home = territory.is_some_and(|territory| {
                territory.contains(bounds.min) && territory.contains(bounds.max)
            });
            !at_home && !system.reaches(&bounds)
        })
    });
    lost.map_or(Ok(()), |feature| {
        Err(Problem::invalid(format!(
            "crs: the feature {} lies outside the territory and has no coordinates in {system}; ask for it in CRS84, or for less with a bbox",
            feature.id()
        )))
    })
}

/// What stands before the features of a page.
fn page_members(
    page: &FeaturePage,
    base: &Base,
    parameters: &Parameters,
    time_stamp: &str,
) -> Map<String, Value> {
    let name = page.features.collection().name();
    let at = |query: &str| {
        let mark = if query.is_empty() { "" } else { "?" };
        base.ogc(&format!("/collections/{name}/items{mark}{query}"))
    };
    let itself = at(&parameters.to_query());
    let collection = base.ogc(&format!("/collections/{name}"));
    let mut links = vec![
        Link::new(itself, "self", GEO_JSON, "This page"),
        Link::new(collection, "collection", JSON, "The collection"),
    ];
    let last = page.features.len().checked_sub(1).filter(|_| page.more);
    let last = last.and_then(|number| page.features.find(number));
    let next = last.and_then(|feature| parameters.to_next(&feature.id()));
    links.extend(next.map(|query| Link::new(at(&query), "next", GEO_JSON, "The next page")));
    let mut members = Map::new();
    members.insert("timeStamp".to_owned(), json!(time_stamp));
    members.insert("numberMatched".to_owned(), json!(page.matched));
    members.insert("numberReturned".to_owned(), json!(page.features.len()));
    members.insert("links".to_owned(), json!(links));
    members
}

fn stream_features(
    features: Features,
    members: &Map<String, Value>,
    system: ReferenceSystem,
) -> Result<Body, Problem> {
    let writer = FeatureWriter::new(members).map_err(|error| Problem::internal(&error))?;
    let mut next = 0;
    Ok(stream_collection(writer.in_system(system), move |out| {
        let Some(feature) = features.find(next) else {
            return Ok(Next::End);
        };
        next += 1;
        let properties = properties(&feature, features.collection());
        out.write(Some(&feature.id()), geometry(&feature), &properties)?;
        Ok(Next::More)
    }))
}

pub fn write_item(
    out: &mut Vec<u8>,
    feature: &Feature<'_>,
    collection: Collection,
    base: &Base,
    system: ReferenceSystem,
) -> Result<(), Problem> {
    let id = feature.id();
    let at = base.ogc(&format!("/collections/{}", collection.name()));
    let links = [
        Link::new(format!("{at}/items/{id}"), "self", GEO_JSON, "This feature"),
        Link::new(at, "collection", JSON, "The collection"),
    ];
    let write = |out: &mut Vec<u8>| {
        out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
        serde_json::to_writer(&mut *out, &id)?;
        out.extend_from_slice(b",\"links\":");
        serde_json::to_writer(&mut *out, &links)?;
        out.extend_from_slice(b",\"properties\":");
        serde_json::to_writer(out, &properties(feature, collection))
    };
    write(out).map_err(|error| Problem::internal(&error))?;
    out.extend_from_slice(b",\"geometry\":");
    write_geometry_in(out, geometry(feature), system).map_err(|error| Problem::internal(&error))?;
    out.push(b'}');
    Ok(())
}

pub fn geo_json(
    body: Body,
    collection: Collection,
    system: ReferenceSystem,
    is_drafted: bool,
) -> Response {
    let caching = match collection {
        Collection::Areas(_) if is_drafted => "private, no-cache",
        // An edition may come into force at any time.
        Collection::Areas(_) => "no-cache",
        Collection::Incidents | Collection::Workers => "no-store",
    };
    let mut response = (
        [
            (header::CONTENT_TYPE, GEO_JSON),
            (header::CACHE_CONTROL, caching),
        ],
        body,
    )
        .into_response();
    if let Ok(system) = HeaderValue::from_str(&format!("<{}>", system.uri())) {
        response.headers_mut().insert(CONTENT_CRS, system);
    }
    response
}
