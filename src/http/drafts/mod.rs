//! Boundary changes on their way to an edition.

mod changes;
mod diff;
pub mod edit;
mod upload;
mod verdict;
mod view;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use changes::{
    __path_edit_draft, __path_publish_draft, __path_repair_draft, __path_undo_draft_step,
    edit_draft, publish_draft, repair_draft, undo_draft_step,
};
pub use diff::{
    __path_compare_draft, __path_compare_draft_on_map, compare_draft, compare_draft_on_map,
};
pub use upload::{
    __path_create_draft, __path_load_reading, __path_read_draft_again, MAX_UPLOAD, create_draft,
    load_reading, read_draft_again,
};
pub use verdict::{
    __path_judge_draft, __path_judge_draft_on_map, __path_print_certificate, judge_draft,
    judge_draft_on_map, print_certificate,
};

use self::view::{Draft, DraftStep};
use super::Api;
use super::areas::parse_bbox;
use super::caller::Caller;
use super::extract::{Path, Query};
use super::layers::geo_json;
use super::problem::Problem;
use super::view::Page;
use crate::codec::geojson::{FeatureWriter, Geometry};
use crate::domain::draft::{DraftEntry, DraftState};
use crate::domain::{AreaId, BoundingBox, DraftId, GridKind, Level};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DraftsQuery {
    /// Only drafts in this state.
    state: Option<DraftState>,
}

/// Drafts that the caller may work on, the newest first.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "boundaries", params(DraftsQuery), responses(
    (status = 200, body = Page<Draft>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_drafts(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(query): Query<DraftsQuery>,
) -> Result<Json<Page<Draft>>, Problem> {
    let drafts = api.services.list_drafts(&actor, query.state).await?;
    Ok(Json(Page::whole(
        drafts.into_iter().map(Draft::from).collect(),
    )))
}

/// A draft as it stands.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = Draft),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Json<Draft>, Problem> {
    Ok(Json(api.services.load_draft(&actor, id).await?.into()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// The version of the draft that the caller has seen.
    version: i64,
}

/// Gives a draft up. Its history stays.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", tag = "boundaries",
    params(("id" = DraftId, Path), VersionQuery),
    responses(
        (status = 204, description = "It is given up"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn discard_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    Query(query): Query<VersionQuery>,
) -> Result<StatusCode, Problem> {
    api.services
        .discard_draft(&actor, id, query.version)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was done to a draft, the first step first: who, when, what, and what came of it.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/steps", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = Page<DraftStep>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_draft_steps(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Json<Page<DraftStep>>, Problem> {
    let steps = api.services.list_draft_steps(&actor, id).await?;
    Ok(Json(Page::whole(
        steps.into_iter().map(DraftStep::from).collect(),
    )))
}

/// What a feature of a draft says of itself.
#[derive(Serialize, ToSchema)]
struct DraftProperties<'a> {
    #[schema(value_type = String)]
    code: &'a str,
    name: &'a str,
    level: Option<Level>,
    parent: Option<&'a str>,
    kind: Option<GridKind>,
    removed: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AreasQuery {
    /// West, south, east, north in degrees: only what meets this box.
    #[param(example = "119.0,33.5,119.1,33.6")]
    bbox: Option<String>,
}

/// The areas that a draft changes, as GeoJSON: as they would be, or as they are when they
/// would go (`removed`). Rings are as they were drawn, valid or not.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/areas.geojson", tag = "boundaries",
    params(("id" = DraftId, Path), AreasQuery),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_draft_areas(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    Query(query): Query<AreasQuery>,
) -> Result<Response, Problem> {
    let near = query.bbox.as_deref().map(parse_bbox).transpose()?;
    let is_near = |bounds: Option<BoundingBox>| {
        near.is_none_or(|near| bounds.is_some_and(|bounds| bounds.intersects(&near)))
    };
    let workspace = api.services.load_workspace(&actor, id).await?;
    let mut ids: Vec<AreaId> = workspace.entries().keys().copied().collect();
    ids.sort_unstable();
    let written = || -> serde_json::Result<Vec<u8>> {
        let mut writer = FeatureWriter::new(&serde_json::Map::new())?;
        for id in ids {
            let name = id.to_string();
            match workspace.entries().get(&id) {
                Some(DraftEntry::Put(area))
                    if !is_near(area.outline.as_ref().and_then(|drawn| drawn.bounds())) => {}
                Some(DraftEntry::Put(area)) => writer.write(
                    Some(&name),
                    area.outline
                        .as_deref()
                        .map_or(Geometry::None, Geometry::Outline),
                    &DraftProperties {
                        code: &area.code,
                        name: &area.name,
                        level: area.level,
                        parent: area.parent.as_deref(),
                        kind: area.kind,
                        removed: false,
                    },
                )?,
                _ => {
                    if let Some(area) = workspace.standing(id)
                        && is_near(area.shape.as_ref().map(|shape| shape.bounds()))
                    {
                        writer.write(
                            Some(&name),
                            area.shape
                                .as_deref()
                                .map_or(Geometry::None, Geometry::Shape),
                            &DraftProperties {
                                code: area.code.as_str(),
                                name: &area.name,
                                level: Some(area.level),
                                parent: area.parent.as_ref().map(crate::domain::AreaCode::as_str),
                                kind: area.kind,
                                removed: true,
                            },
                        )?;
                    }
                }
            }
        }
        Ok(writer.finish())
    };
    Ok(geo_json(
        written().map_err(|error| Problem::internal(&error))?,
    ))
}
