//! Editions, and what areas were in them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::caller::Caller;
use super::extract::{Json as JsonBody, Path};
use super::problem::Problem;
use super::view::Page;
use crate::domain::{AreaCode, AreaId, Edition, EditionId, GridKind, Level, LngLat};
use crate::service::editions::Rollback;
use crate::store;

/// All editions, the oldest first. Who published them, and why, is for those who edit
/// boundaries.
#[utoipa::path(get, path = "/api/v1/editions", tag = "boundaries", responses(
    (status = 200, body = Page<Edition>),
))]
pub async fn list_editions(
    State(api): State<Api>,
    Caller(actor): Caller,
) -> Result<Json<Page<Edition>>, Problem> {
    Ok(Json(Page::whole(api.services.list_editions(&actor).await?)))
}

/// Going back to an earlier state.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RollbackRequest {
    /// Why.
    reason: String,
    /// From when the earlier state is in force again; now when absent.
    effective_from: Option<DateTime<Utc>>,
}

/// Publishes the state of an earlier edition anew, as an edition of its own.
#[utoipa::path(post, path = "/api/v1/editions/{id}/rollback", tag = "boundaries",
    params(("id" = i64, Path, description = "The edition whose state is to be in force again")),
    request_body = RollbackRequest,
    responses(
        (status = 201, body = Edition),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn roll_back_edition(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    JsonBody(request): JsonBody<RollbackRequest>,
) -> Result<(StatusCode, Json<Edition>), Problem> {
    let rollback = Rollback {
        effective_from: request.effective_from,
        reason: request.reason,
    };
    let edition = api
        .services
        .roll_back(&actor, EditionId(id), rollback)
        .await?;
    Ok((StatusCode::CREATED, Json(edition)))
}

/// An area as it was from one edition on, until another.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaVersion {
    pub id: AreaId,
    pub code: AreaCode,
    pub name: String,
    pub level: Level,
    pub parent: Option<AreaCode>,
    pub kind: Option<GridKind>,
    pub label: Option<LngLat>,
    pub area_m2: Option<f64>,
    /// The edition that brought it.
    pub from_edition: EditionId,
    /// The first edition that it is no longer in.
    pub until_edition: Option<EditionId>,
    /// The areas that it was split or merged from.
    pub made_from: Vec<AreaId>,
}

impl From<store::AreaVersion> for AreaVersion {
    fn from(version: store::AreaVersion) -> Self {
        let area = version.area;
        Self {
            id: area.id,
            code: area.code,
            name: area.name,
            level: area.level,
            parent: area.parent,
            kind: area.kind,
            label: area.label,
            area_m2: area.area_m2,
            from_edition: version.from,
            until_edition: version.until,
            made_from: version.made_from,
        }
    }
}

/// What the areas that ever had this code were in each edition, with those they were made
/// from or became part of.
#[utoipa::path(get, path = "/api/v1/areas/{code}/history", tag = "areas",
    params(("code" = String, Path, example = "320812")),
    responses(
        (status = 200, body = Page<AreaVersion>),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_area_history(
    State(api): State<Api>,
    Path(code): Path<AreaCode>,
) -> Result<Json<Page<AreaVersion>>, Problem> {
    let versions = api.services.list_area_versions(&code).await?;
    Ok(Json(Page::whole(
        versions.into_iter().map(AreaVersion::from).collect(),
    )))
}
