//! Part 4: areas written into the caller's open draft. What is in force stays as it is
//! until the draft is published.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::draft::Source;
use super::items::{CONTENT_CRS, allow, geo_json, tag_of, write_item};
use super::link::GEO_JSON;
use super::parameters::{FormatParameter, Parameters};
use crate::codec::area_body::{AreaBody, read_area_body};
use crate::domain::{Actor, AreaId, Level};
use crate::geometry::ReferenceSystem;
use crate::http::Api;
use crate::http::base::Base;
use crate::http::caller::Caller;
use crate::http::etag::Seen;
use crate::http::extract::Path;
use crate::http::problem::{self, Problem};
use crate::service::drafts::{AreaWrite, Workspace};
use crate::service::features::Collection;

pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// What a whole feature may be sent as.
pub const FEATURE_TYPES: [&str; 2] = [GEO_JSON, "application/json"];
/// What a part of one may be sent as.
pub const PATCH_TYPES: [&str; 3] = [MERGE_PATCH, GEO_JSON, "application/json"];

/// A body and what it is said to be.
pub struct Sent {
    kind: String,
    text: Bytes,
    system: ReferenceSystem,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers();
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        let kind = kind.trim().to_ascii_lowercase();
        let system = read_system(headers)?;
        let text = Bytes::from_request(request, state);
        let text = text.await.map_err(|rejection: BytesRejection| {
            Problem::new(rejection.status(), "invalid_request", rejection.body_text())
        })?;
        Ok(Self { kind, text, system })
    }
}

fn read_system(headers: &HeaderMap) -> Result<ReferenceSystem, Problem> {
    let Some(value) = headers.get(CONTENT_CRS) else {
        return Ok(ReferenceSystem::Crs84);
    };
    let uri = value.to_str().unwrap_or_default().trim();
    let uri = uri.strip_prefix('<').and_then(|uri| uri.strip_suffix('>'));
    let uri = uri.ok_or_else(|| {
        Problem::invalid("Content-Crs: an address stands in angle brackets, as in <http://www.opengis.net/def/crs/EPSG/0/4490>")
    })?;
    let system = uri.parse::<ReferenceSystem>();
    system.map_err(|error| Problem::invalid(format!("Content-Crs: {error}")))
}

impl Sent {
    fn read(&self, level: Level, kinds: &[&str]) -> Result<AreaBody, Problem> {
        if !kinds.contains(&&*self.kind) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                format!(
                    "{:?} is not taken here; send {}",
                    self.kind,
                    kinds.join(" or ")
                ),
            ));
        }
        let text = std::str::from_utf8(&self.text);
        let text = text.map_err(|error| Problem::invalid(format!("the body: {error}")))?;
        Ok(read_area_body(text, level, self.system)?)
    }
}

/// Adds an area to the caller's open draft, which is opened if there is none. Its code is
/// the feature's `id` or `code`; without one it gets the next free code under its parent.
/// Without `parent` the code says it. Ground is kept as it is drawn until the draft is
/// judged. `Location` says where the draft has the area.
#[utoipa::path(post, path = "/ogc/collections/{collection}/items", tag = "ogc",
    params(
        ("collection" = String, Path, example = "grids"),
        FormatParameter,
        ("Content-Crs" = Option<String>, Header, example = "<http://www.opengis.net/def/crs/EPSG/0/4490>",
            description = "What the coordinates of the body are in, and in which order; CRS84 when absent"),
    ),
    request_body(content((Object = "application/geo+json"), (Object = "application/json"))),
    responses(
        (status = 201, body = Object, content_type = "application/geo+json",
            headers(("Location" = String, description = "The area in the draft"),
                ("ETag" = String, description = "Its state"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 405, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn create_item(
    desk: Desk,
    Path(name): Path<String>,
    parameters: Parameters,
    sent: Sent,
) -> Result<Response, Problem> {
    let level = match desk.find_level(&name)? {
        Writable::Level(level) => level,
        Writable::No(refusal) => return Ok(refusal),
    };
    parameters.expect_none()?;
    let body = sent.read(level, &FEATURE_TYPES)?;
    desk.write(level, AreaWrite::Create(body), None).await
}

/// Puts an area in place of what it was, in the caller's open draft. What is not said of it
/// is not so any more; its code stays.
#[utoipa::path(put, path = "/ogc/collections/{collection}/items/{feature}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "counties"),
        ("feature" = String, Path, example = "320812"),
        FormatParameter,
        ("If-Match" = Option<String>, Header, example = "*",
            description = "The ETag of what is overwritten, of the draft or, if the draft has not changed it, of the edition; `*` for whatever is there"),
        ("Content-Crs" = Option<String>, Header, example = "<http://www.opengis.net/def/crs/EPSG/0/4490>",
            description = "What the coordinates of the body are in, and in which order; CRS84 when absent"),
    ),
    request_body(content((Object = "application/geo+json"), (Object = "application/json"))),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json",
            headers(("Content-Location" = String, description = "The area in the draft"),
                ("ETag" = String, description = "Its state"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 405, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 428, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn replace_item(
    desk: Desk,
    Path((name, feature)): Path<(String, String)>,
    parameters: Parameters,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    let level = match desk.find_level(&name)? {
        Writable::Level(level) => level,
        Writable::No(refusal) => return Ok(refusal),
    };
    parameters.expect_none()?;
    let write = AreaWrite::Replace {
        name: feature,
        body: sent.read(level, &FEATURE_TYPES)?,
    };
    desk.write(level, write, Seen::read(&headers)).await
}

/// Changes what is said of an area, in the caller's open draft, and nothing else: a JSON
/// Merge Patch (RFC 7396), in which null takes a value away. A geometry is given whole.
#[utoipa::path(patch, path = "/ogc/collections/{collection}/items/{feature}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "counties"),
        ("feature" = String, Path, example = "320812"),
        FormatParameter,
        ("If-Match" = Option<String>, Header, example = "*",
            description = "The ETag of what is overwritten, of the draft or, if the draft has not changed it, of the edition; `*` for whatever is there"),
        ("Content-Crs" = Option<String>, Header, example = "<http://www.opengis.net/def/crs/EPSG/0/4490>",
            description = "What the coordinates of the body are in, and in which order; CRS84 when absent"),
    ),
    request_body(content((Object = "application/merge-patch+json"), (Object = "application/geo+json"), (Object = "application/json"))),
    responses(
        (status = 200, body = Object, content_type = "application/geo+json",
            headers(("Content-Location" = String, description = "The area in the draft"),
                ("ETag" = String, description = "Its state"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 405, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 428, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn update_item(
    desk: Desk,
    Path((name, feature)): Path<(String, String)>,
    parameters: Parameters,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    let level = match desk.find_level(&name)? {
        Writable::Level(level) => level,
        Writable::No(refusal) => return Ok(refusal),
    };
    parameters.expect_none()?;
    let write = AreaWrite::Update {
        name: feature,
        body: sent.read(level, &PATCH_TYPES)?,
    };
    desk.write(level, write, Seen::read(&headers)).await
}

/// Takes an area out of the territory, in the caller's open draft. Areas below it must have
/// gone before.
#[utoipa::path(delete, path = "/ogc/collections/{collection}/items/{feature}", tag = "ogc",
    params(
        ("collection" = String, Path, example = "counties"),
        ("feature" = String, Path, example = "320812"),
        FormatParameter,
        ("If-Match" = Option<String>, Header, example = "*",
            description = "The ETag of what is taken out, of the draft or, if the draft has not changed it, of the edition; `*` for whatever is there"),
    ),
    responses(
        (status = 204, description = "The draft has it no more"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 405, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 428, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn remove_item(
    desk: Desk,
    Path((name, feature)): Path<(String, String)>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let level = match desk.find_level(&name)? {
        Writable::Level(level) => level,
        Writable::No(refusal) => return Ok(refusal),
    };
    parameters.expect_none()?;
    let write = AreaWrite::Remove { name: feature };
    desk.write(level, write, Seen::read(&headers)).await
}

/// Whether a collection is written to.
enum Writable {
    Level(Level),
    /// The answer that it is not.
    No(Response),
}

/// Where a write comes from.
pub struct Desk {
    api: Api,
    actor: Actor,
    source: Source,
    base: Base,
}

impl FromRequestParts<Api> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Caller(actor) = Caller::from_request_parts(parts, api).await?;
        let Ok(base) = Base::from_request_parts(parts, api).await;
        Ok(Self {
            api: api.clone(),
            actor,
            source: Source::from_request_parts(parts, api).await?,
            base,
        })
    }
}

impl Desk {
    fn find_level(&self, name: &str) -> Result<Writable, Problem> {
        match self.source.load_collection(&self.api, &self.actor, name)? {
            Collection::Areas(level) => Ok(Writable::Level(level)),
            collection @ (Collection::Incidents | Collection::Workers) => {
                let refusal = problem::method_not_allowed_because(format!(
                    "{name} are read here; /api/v1 is where they are changed"
                ));
                let refusal = refusal.into_response();
                Ok(Writable::No(allow(refusal, &self.actor, collection, false)))
            }
        }
    }

    async fn write(
        self,
        level: Level,
        write: AreaWrite,
        seen: Option<Seen>,
    ) -> Result<Response, Problem> {
        let status = match &write {
            AreaWrite::Create(_) => StatusCode::CREATED,
            AreaWrite::Replace { .. } | AreaWrite::Update { .. } => StatusCode::OK,
            AreaWrite::Remove { .. } => StatusCode::NO_CONTENT,
        };
        let is_seen = seen.map(|seen| move |state: &str| seen.holds(state));
        let is_seen = is_seen
            .as_ref()
            .map(|seen| seen as &(dyn Fn(&str) -> bool + Sync));
        let services = &self.api.services;
        let target = self.source.target();
        let (draft, area) = services
            .write_area(&self.actor, target, level, write, is_seen)
            .await?;
        if status == StatusCode::NO_CONTENT {
            return Ok(status.into_response());
        }
        let base = self.base.in_draft(draft.id);
        let workspace = services.load_workspace(&self.actor, draft.id).await?;
        self.show(status, &base, &workspace, (level, area))
    }

    /// The area as the draft has it now.
    fn show(
        &self,
        status: StatusCode,
        base: &Base,
        workspace: &Workspace,
        (level, area): (Level, AreaId),
    ) -> Result<Response, Problem> {
        let code = workspace.find(area).map(|area| area.code);
        let name = workspace.name_of(area, code.as_deref().unwrap_or_default());
        let collection = Collection::Areas(level);
        let system = ReferenceSystem::Crs84;
        let services = &self.api.services;
        let features = services.load_drafted_feature(workspace, level, &name)?;
        let mut body = Vec::new();
        let mut tag = None;
        if let Some(feature) = features.find(0) {
            write_item(&mut body, &feature, collection, base, system)?;
            tag = tag_of(&feature, system);
        }
        let mut response = geo_json(Body::from(body), collection, system, true);
        *response.status_mut() = status;
        let out = response.headers_mut();
        if let Some(tag) = tag {
            out.insert(header::ETAG, tag);
        }
        let path = format!("/collections/{}/items/{name}", collection.name());
        let location = if status == StatusCode::CREATED {
            header::LOCATION
        } else {
            header::CONTENT_LOCATION
        };
        if let Ok(address) = HeaderValue::from_str(&base.ogc(&path)) {
            out.insert(location, address);
        }
        Ok(response)
    }
}
