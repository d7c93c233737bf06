//! The area tree.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::answer::json;
use super::extract::{Path, Query};
use super::problem::Problem;
use super::view::area::{AreaLink, AreaSummary};
use super::view::worker::PostedWorker;
use super::view::{Page, from_cursor, page_size, to_cursor};
use crate::codec::geojson::{Geometry, write_geometry};
use crate::domain::{AreaCode, BoundingBox, Level, Slot};
use crate::service::areas::AreaQuery;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    level: Option<Level>,
    /// Code of the parent.
    #[param(value_type = Option<String>)]
    parent: Option<AreaCode>,
    /// Part of the name, or the beginning of the code.
    q: Option<String>,
    /// West, south, east, north in degrees.
    #[param(example = "119.0,33.5,119.1,33.6")]
    bbox: Option<String>,
    /// As they were, or will be, at this time; now when absent.
    at: Option<DateTime<Utc>>,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Areas by level, parent, name, code or place, parents before children.
#[utoipa::path(get, path = "/api/v1/areas", tag = "areas", params(ListQuery), responses(
    (status = 200, body = Page<AreaSummary>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_areas(
    State(api): State<Api>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let query = AreaQuery {
        level: query.level,
        parent: query.parent,
        text: query.q.filter(|text| !text.is_empty()),
        bounds: query.bbox.as_deref().map(parse_bbox).transpose()?,
        at: query.at,
        after: from_cursor(query.cursor.as_deref())?,
        limit: page_size(query.limit)?,
    };
    let page = api.services.list_areas(&query).await?;
    let last = page.areas.last().filter(|_| page.more);
    Ok(json(&Page {
        next: last.and_then(|&last| to_cursor(&page.atlas.area(last).code)),
        items: page
            .areas
            .iter()
            .map(|&ordinal| AreaSummary::new(&page.atlas, ordinal))
            .collect(),
    }))
}

/// Reads a bbox parameter.
pub fn parse_bbox(text: &str) -> Result<BoundingBox, Problem> {
    BoundingBox::parse(text).map_err(|error| Problem::invalid(error.to_string()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimeQuery {
    /// As it was, or will be, at this time; now when absent.
    at: Option<DateTime<Utc>>,
}

/// An area with its ground and its people.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaDetail<'a> {
    #[serde(flatten)]
    pub summary: AreaSummary<'a>,
    /// From the top down to the area itself.
    pub chain: Vec<AreaLink<'a>>,
    /// A GeoJSON `Polygon` or `MultiPolygon`; null when the ground is not known.
    #[schema(value_type = Option<Object>)]
    pub geometry: Box<RawValue>,
    pub workers: Vec<PostedWorker<'a>>,
    pub vacancies: Vec<Slot>,
}

/// An area by its code.
#[utoipa::path(get, path = "/api/v1/areas/{code}", tag = "areas",
    params(("code" = String, Path, example = "320812"), TimeQuery),
    responses(
        (status = 200, body = AreaDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_area(
    State(api): State<Api>,
    Path(code): Path<AreaCode>,
    Query(query): Query<TimeQuery>,
) -> Result<Response, Problem> {
    let (atlas, ordinal) = api.services.load_area(&code, query.at).await?;
    let at = query.at.unwrap_or_else(|| api.services.clock().now());
    let (workers, vacancies) = api.services.people_of(&atlas, ordinal, at);
    let shape = atlas.area(ordinal).shape.as_deref();
    let mut geometry = Vec::new();
    write_geometry(&mut geometry, shape.map_or(Geometry::None, Geometry::Shape));
    let geometry = serde_json::from_slice(&geometry).map_err(|error| Problem::internal(&error))?;
    Ok(json(&AreaDetail {
        summary: AreaSummary::new(&atlas, ordinal),
        chain: AreaLink::chain(&atlas, ordinal),
        geometry,
        workers: workers
            .iter()
            .map(|(slot, member)| PostedWorker::new(*slot, member))
            .collect(),
        vacancies,
    }))
}

/// The areas that have this one as their parent, by code.
#[utoipa::path(get, path = "/api/v1/areas/{code}/children", tag = "areas",
    params(("code" = String, Path, example = "320812"), TimeQuery),
    responses(
        (status = 200, body = Page<AreaSummary>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_children(
    State(api): State<Api>,
    Path(code): Path<AreaCode>,
    Query(query): Query<TimeQuery>,
) -> Result<Response, Problem> {
    let (atlas, ordinal) = api.services.load_area(&code, query.at).await?;
    let children = atlas.children(ordinal).iter();
    Ok(json(&Page::whole(
        children
            .map(|&child| AreaSummary::new(&atlas, child))
            .collect(),
    )))
}

/// The areas of the same level that share a stretch of border with this one.
#[utoipa::path(get, path = "/api/v1/areas/{code}/neighbours", tag = "areas",
    params(("code" = String, Path, example = "320812"), TimeQuery),
    responses(
        (status = 200, body = Page<AreaSummary>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_neighbours(
    State(api): State<Api>,
    Path(code): Path<AreaCode>,
    Query(query): Query<TimeQuery>,
) -> Result<Response, Problem> {
    let (atlas, ordinal) = api.services.load_area(&code, query.at).await?;
    let neighbours = atlas.neighbours(ordinal);
    Ok(json(&Page::whole(
        neighbours
            .into_iter()
            .map(|neighbour| AreaSummary::new(&atlas, neighbour))
            .collect(),
    )))
}
