//! Changing a draft: repairs, edits, undo, and publishing.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::super::Api;
use super::super::caller::Caller;
use super::super::extract::{Json as JsonBody, Path};
use super::super::problem::Problem;
use super::super::progress;
use super::edit::Edit;
use super::view::Draft;
use crate::codec::geojson::{Geometry, write_geometry};
use crate::domain::draft::repair::{self, Repair, RepairKind};
use crate::domain::{AreaId, DraftId, Edition, EditionId};
use crate::service::drafts::PublishDraft;
use crate::service::progress::Progress;

/// Repairs of a draft, done in the order given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairRequest {
    /// The version of the draft that was looked at.
    version: i64,
    repairs: Vec<Repair>,
    /// Say what would be done, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What repairs did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Repaired {
    /// After the repairs; as it was with `dry_run`.
    pub draft: Draft,
    /// Areas whose ground is drawn otherwise now.
    pub areas: Vec<RepairedArea>,
    /// What was done, place by place.
    pub mendings: Vec<Mending>,
}

/// An area before and after repairs, as GeoJSON geometries.
#[derive(Debug, Serialize, ToSchema)]
pub struct RepairedArea {
    pub id: AreaId,
    pub code: String,
    #[schema(value_type = Option<Object>)]
    pub before: Box<RawValue>,
    #[schema(value_type = Option<Object>)]
    pub after: Box<RawValue>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Mending {
    pub kind: RepairKind,
    /// Whose ground changed; the one that gained first.
    pub areas: Vec<AreaId>,
    /// A GeoJSON geometry, or null.
    #[schema(value_type = Option<Object>)]
    pub place: Box<RawValue>,
    pub size_m2: Option<f64>,
}

fn raw(geometry: Geometry<'_>) -> Result<Box<RawValue>, Problem> {
    let mut text = Vec::new();
    write_geometry(&mut text, geometry);
    serde_json::from_slice(&text).map_err(|error| Problem::internal(&error))
}

fn describe(mending: &repair::Mending) -> Result<Mending, Problem> {
    Ok(Mending {
        kind: mending.kind,
        areas: mending.areas.clone(),
        place: raw(Geometry::from(&mending.place))?,
        size_m2: mending.size_m2,
    })
}

/// Repairs borders of a draft, each repair by choice, and says place by place what it did.
/// Accept `text/event-stream` to be told how far it is.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/repair", tag = "boundaries",
    params(("id" = DraftId, Path)),
    request_body = RepairRequest,
    responses(
        (status = 200, content((Repaired = "application/json"), (String = "text/event-stream"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn repair_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<RepairRequest>,
) -> Response {
    let progress = Progress::default();
    let told = progress.clone();
    let work = async move {
        let done = api
            .services
            .repair_draft(
                &actor,
                id,
                request.version,
                request.repairs,
                request.dry_run,
                &told,
            )
            .await?;
        let areas = done.areas.iter().map(|area| {
            let side = |outline: &Option<_>| {
                raw(Option::as_deref(outline).map_or(Geometry::None, Geometry::Outline))
            };
            Ok(RepairedArea {
                id: area.id,
                code: area.code.clone(),
                before: side(&area.before)?,
                after: side(&area.after)?,
            })
        });
        Ok(Repaired {
            areas: areas.collect::<Result<_, Problem>>()?,
            mendings: done
                .mendings
                .iter()
                .map(describe)
                .collect::<Result<_, Problem>>()?,
            draft: done.draft.into(),
        })
    };
    progress::answer(&headers, StatusCode::OK, progress, work).await
}

/// An edit of a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
    /// The version of the draft that was looked at.
    version: i64,
    edit: Edit,
}

/// What an edit changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Edited {
    pub draft: Draft,
    /// Areas that are other than before, or gone.
    pub areas: Vec<AreaId>,
}

/// Edits a draft: split, merge, move a vertex or a border that neighbours share, draw,
/// delete, rename, recode, re-parent. Neighbours follow.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/edits", tag = "boundaries",
    params(("id" = DraftId, Path)),
    request_body = EditRequest,
    responses(
        (status = 200, body = Edited),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn edit_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    JsonBody(request): JsonBody<EditRequest>,
) -> Result<Json<Edited>, Problem> {
    let (draft, areas) = api
        .services
        .edit_draft(&actor, id, request.version, request.edit.try_into()?)
        .await?;
    Ok(Json(Edited {
        draft: draft.into(),
        areas,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// The version of the draft that was looked at.
    version: i64,
}

/// Takes back the last step that has not been taken back yet.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/undo", tag = "boundaries",
    params(("id" = DraftId, Path)),
    request_body = UndoRequest,
    responses(
        (status = 200, body = Draft),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn undo_draft_step(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    JsonBody(request): JsonBody<UndoRequest>,
) -> Result<Json<Draft>, Problem> {
    let draft = api
        .services
        .undo_draft_step(&actor, id, request.version)
        .await?;
    Ok(Json(draft.into()))
}

/// Publishing a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishRequest {
    /// The version of the draft that was looked at.
    version: i64,
    /// From when the edition is in force; now when absent or past.
    effective_from: Option<DateTime<Utc>>,
    /// Why it is published with the defects that ask for a reason.
    reason: Option<String>,
    /// What the territory is called; as before when absent.
    title: Option<String>,
    /// Said wherever the borders are shown; as before when absent.
    notice: Option<String>,
}

/// What became of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct Published {
    pub edition: Edition,
    /// The edition that the draft was brought onto, when others were published after the
    /// one it was made on.
    pub rebased_onto: Option<EditionId>,
}

/// Publishes a draft as a new edition, all of it or nothing. Refused while errors bar it,
/// without a reason when there are warnings, and when editions published meanwhile
/// changed the same areas. Accept `text/event-stream` to be told how far it is.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/publish", tag = "boundaries",
    params(("id" = DraftId, Path)),
    request_body = PublishRequest,
    responses(
        (status = 200, description = "With `text/event-stream`", body = String, content_type = "text/event-stream"),
        (status = 201, body = Published),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn publish_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<PublishRequest>,
) -> Response {
    let progress = Progress::default();
    let told = progress.clone();
    let work = async move {
        let how = PublishDraft {
            version: request.version,
            effective_from: request.effective_from,
            reason: request.reason,
            title: request.title,
            notice: request.notice,
        };
        let published = api.services.publish_draft(&actor, id, how, &told).await?;
        Ok(Published {
            edition: published.edition,
            rebased_onto: published.rebased_onto,
        })
    };
    progress::answer(&headers, StatusCode::CREATED, progress, work).await
}
