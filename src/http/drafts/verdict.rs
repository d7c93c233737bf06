//! What is wrong with a draft, as a list, on the map and on paper.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::Api;
use super::super::caller::Caller;
use super::super::extract::Path;
use super::super::layers::geo_json;
use super::super::problem::Problem;
use super::super::view::verdict::{Verdict, defects_geojson};
use crate::codec::certificate::{CertificateHead, certificate_html};
use crate::domain::{DraftId, EditionId};

/// The verdict on a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftVerdict {
    pub draft: DraftId,
    /// The version that was judged.
    pub version: i64,
    pub base: Option<EditionId>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Every defect of a draft with its place, and how each parent is covered.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/verdict", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = DraftVerdict),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn judge_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Json<DraftVerdict>, Problem> {
    let (workspace, verdict) = api.services.judge_draft(&actor, id).await?;
    let verdict = Verdict::new(&verdict).map_err(|error| Problem::internal(&error))?;
    Ok(Json(DraftVerdict {
        draft: id,
        version: workspace.draft().version,
        base: workspace.draft().base,
        verdict,
    }))
}

/// The defects of a draft as GeoJSON, for a map; those without a place have a null
/// geometry.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/verdict.geojson", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn judge_draft_on_map(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Response, Problem> {
    let (_, verdict) = api.services.judge_draft(&actor, id).await?;
    let written = defects_geojson(&verdict).map_err(|error| Problem::internal(&error))?;
    Ok(geo_json(written))
}

/// The coverage certificate of a draft, to be printed.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/certificate", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn print_certificate(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Response, Problem> {
    let (workspace, verdict) = api.services.judge_draft(&actor, id).await?;
    let draft = workspace.draft();
    let base = draft.base.map_or_else(String::new, |base| {
        format!("第 {base} 版之上 · on edition {base}")
    });
    let page = certificate_html(
        &verdict,
        &CertificateHead {
            title: &draft.title,
            subject: &format!("草稿第 {0} 稿 · Draft, version {0} {base}", draft.version),
            issued_at: api.services.clock().now(),
        },
    );
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response())
}
