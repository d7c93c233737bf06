//! What a draft changes, for whom.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::Api;
use super::super::caller::Caller;
use super::super::extract::Path;
use super::super::layers::geo_json;
use super::super::problem::Problem;
use crate::codec::geojson::{FeatureWriter, Geometry};
use crate::domain::draft::DraftArea;
use crate::domain::{Area, AreaCode, AreaId, DraftId, EditionId, GridKind, Level};
use crate::service::drafts::{self, ChangeKind, Touched};

/// What a draft changes, against the edition that it was made on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Diff {
    pub base: Option<EditionId>,
    /// By level, then by code.
    pub changes: Vec<AreaChange>,
    /// Ground that changes hands, the largest first.
    pub transfers: Vec<Transfer>,
    /// Null while the draft makes no territory; `untold` says why.
    pub touched: Option<Touched>,
    pub untold: Option<String>,
}

/// An area before and after; one of them is null for an area that comes or goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaChange {
    pub id: AreaId,
    pub kinds: Vec<ChangeKind>,
    pub before: Option<AreaState>,
    pub after: Option<AreaState>,
    /// For areas that are new: those whose ground it was, the largest part first.
    pub made_from: Vec<AreaId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AreaState {
    pub code: String,
    pub name: String,
    pub level: Option<Level>,
    pub parent: Option<String>,
    pub kind: Option<GridKind>,
}

/// Ground that one area of a level gives to another; null for nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transfer {
    pub from: Option<AreaId>,
    pub to: Option<AreaId>,
    pub level: Level,
    pub size_m2: f64,
}

impl From<&Area> for AreaState {
    fn from(area: &Area) -> Self {
        Self {
            code: area.code.to_string(),
            name: area.name.clone(),
            level: Some(area.level),
            parent: area.parent.as_ref().map(AreaCode::to_string),
            kind: area.kind,
        }
    }
}

impl From<&DraftArea> for AreaState {
    fn from(area: &DraftArea) -> Self {
        Self {
            code: area.code.clone(),
            name: area.name.clone(),
            level: area.level,
            parent: area.parent.clone(),
            kind: area.kind,
        }
    }
}

impl From<drafts::Diff> for Diff {
    fn from(diff: drafts::Diff) -> Self {
        let changes = diff.changes.into_iter().map(|change| AreaChange {
            id: change.id,
            kinds: change.kinds,
            before: change.before.as_deref().map(AreaState::from),
            after: change.after.as_ref().map(AreaState::from),
            made_from: change.made_from,
        });
        let transfers = diff.transfers.iter().map(|transfer| Transfer {
            from: transfer.from,
            to: transfer.to,
            level: transfer.level,
            size_m2: transfer.size_m2,
        });
        let (touched, untold) = match diff.touched {
            Ok(touched) => (Some(touched), None),
            Err(why) => (None, Some(why)),
        };
        Self {
            base: diff.base,
            changes: changes.collect(),
            transfers: transfers.collect(),
            touched,
            untold,
        }
    }
}

/// What a draft changes: areas that come, go, move or are called otherwise, ground that
/// changes hands, and the incidents and posts that find themselves on other ground.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/diff", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = Diff),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn compare_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Json<Diff>, Problem> {
    Ok(Json(api.services.compare_draft(&actor, id).await?.into()))
}

/// The ground that changes hands in a draft, as GeoJSON.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/diff.geojson", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn compare_draft_on_map(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Response, Problem> {
    let diff = api.services.compare_draft(&actor, id).await?;
    let written = || -> serde_json::Result<Vec<u8>> {
        let mut writer = FeatureWriter::new(&serde_json::Map::new())?;
        for transfer in &diff.transfers {
            let properties = Transfer {
                from: transfer.from,
                to: transfer.to,
                level: transfer.level,
                size_m2: transfer.size_m2,
            };
            writer.write(None, Geometry::Outline(&transfer.ground), &properties)?;
        }
        Ok(writer.finish())
    };
    Ok(geo_json(
        written().map_err(|error| Problem::internal(&error))?,
    ))
}
