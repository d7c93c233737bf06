//! Files of boundaries in.

use std::str::FromStr;

use axum::Json;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Api;
use super::super::caller::Caller;
use super::super::extract::{Json as JsonBody, Path};
use super::super::multipart::{Received, next_part, parts_of, receive_file, receive_text};
use super::super::problem::Problem;
use super::super::progress;
use super::view::Draft;
use crate::codec::columns::FieldMapping;
use crate::codec::encoding::parse_encoding;
use crate::domain::DraftId;
use crate::domain::actor::Permission;
use crate::service::drafts::{Reading, ReadingChoice, Upload};
use crate::service::progress::{Progress, Stage};

/// The largest file taken in, in bytes.
pub const MAX_UPLOAD: usize = 500 * 1024 * 1024;
/// How often it is told how much of a file has come.
const TELL_EVERY: u64 = 1024 * 1024;

/// A draft without a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    title: String,
    /// How areas are numbered; the first scheme of the service when absent.
    scheme: Option<String>,
}

/// A file of boundaries, and what whoever sends it knows better than the file.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the parts of the request, which are streamed"
)]
pub struct UploadForm {
    /// Zipped Shapefile, GeoJSON, newline-delimited GeoJSON, GeoPackage, KML, KMZ,
    /// FlatGeobuf, CSV with WKT, or the corner-point text of Chinese surveys; at most
    /// 500 MB.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// What the draft is called; the name of the file when absent.
    title: Option<String>,
    scheme: Option<String>,
    /// The layer, when the file has several.
    layer: Option<String>,
    /// The coordinate system, such as `EPSG:4528`, `gcj02` or `wgs84+swapped`.
    crs: Option<String>,
    /// The encoding of texts, such as `GB18030`.
    encoding: Option<String>,
    /// Which column is which, as JSON: `{"code": "XZQDM", "name": "XZQMC"}`.
    columns: Option<String>,
    /// `true`: areas of the levels and parents in the file that it does not have are
    /// removed.
    replace: Option<bool>,
}

/// A draft, and how its file was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadDraft {
    pub draft: Draft,
    /// Null for a draft without a file. What is `undecided` has to be chosen before the
    /// draft has areas.
    pub reading: Option<Reading>,
}

/// Opens a draft on the latest edition: from a file (`multipart/form-data`), or empty
/// (`application/json`). Accept `text/event-stream` to be told how far it is; a request
/// that is broken off leaves nothing.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "boundaries",
    request_body(content((UploadForm = "multipart/form-data"), (NewDraft = "application/json"))),
    responses(
        (status = 200, description = "With `text/event-stream`", body = String, content_type = "text/event-stream"),
        (status = 201, body = ReadDraft),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn create_draft(
    State(api): State<Api>,
    Caller(actor): Caller,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    // Whoever may not do this need not send the file.
    actor
        .require(Permission::EditBoundaries)
        .map_err(crate::service::ServiceError::from)?;
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("application/json") {
        let JsonBody(new) = JsonBody::<NewDraft>::from_request(request, &api).await?;
        let draft = api
            .services
            .open_draft(&actor, new.title, new.scheme)
            .await?;
        let opened = ReadDraft {
            draft: draft.into(),
            reading: None,
        };
        return Ok((StatusCode::CREATED, Json(opened)).into_response());
    }
    if !kind.starts_with("multipart/form-data") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "send a file as multipart/form-data, or application/json for a draft without one",
        ));
    }
    let parts = parts_of(request, &api).await?;
    let progress = Progress::default();
    let told = progress.clone();
    let work = async move {
        let upload = receive(&api, parts, &told).await?;
        let (draft, reading) = api.services.upload_draft(&actor, upload, &told).await?;
        Ok(ReadDraft {
            draft: draft.into(),
            reading: Some(reading),
        })
    };
    Ok(progress::answer(&headers, StatusCode::CREATED, progress, work).await)
}

async fn receive(api: &Api, mut parts: Multipart, progress: &Progress) -> Result<Upload, Problem> {
    let mut received = None;
    let mut form = Form::default();
    while let Some(field) = next_part(&mut parts).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            received = Some(receive_boundaries(api, field, progress).await?);
        } else {
            form.set(&name, &receive_text(field, &name).await?)?;
        }
    }
    let received = received.ok_or_else(|| {
        Problem::invalid("the form has no part named \"file\"; send the boundaries in it")
    })?;
    Ok(Upload {
        file: received.file,
        file_name: received.name.unwrap_or_else(|| "boundaries".to_owned()),
        bytes: received.bytes,
        sha256: received.sha256,
        title: form.title,
        scheme: form.scheme,
        choice: form.choice,
    })
}

async fn receive_boundaries(
    api: &Api,
    field: Field<'_>,
    progress: &Progress,
) -> Result<Received, Problem> {
    let mut told = 0;
    progress.count(Stage::Receiving, Some(0), None);
    receive_file(api, field, |bytes| {
        if bytes - told >= TELL_EVERY {
            told = bytes;
            progress.count(Stage::Receiving, Some(bytes), None);
        }
        Ok(())
    })
    .await
}

#[derive(Default)]
struct Form {
    title: Option<String>,
    scheme: Option<String>,
    choice: ReadingChoice,
}

impl Form {
    /// An empty text is as good as none.
    fn set(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        match name {
            "title" => self.title = Some(text.to_owned()),
            "scheme" => self.scheme = Some(text.to_owned()),
            "layer" => self.choice.layer = Some(text.to_owned()),
            "crs" => self.choice.crs = Some(parse("crs", text)?),
            "encoding" => {
                let encoding = parse_encoding(text);
                self.choice.encoding =
                    Some(encoding.map_err(|error| Problem::invalid(error.to_string()))?);
            }
            "columns" => {
                let mapping: FieldMapping = serde_json::from_str(text)
                    .map_err(|error| Problem::invalid(format!("columns: {error}")))?;
                self.choice.columns = Some(mapping);
            }
            "replace" => self.choice.replace = parse("replace", text)?,
            _ => {
                return Err(Problem::invalid(format!(
                    "the form has an unknown part {name:?}"
                )));
            }
        }
        Ok(())
    }
}

fn parse<T: FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|error| Problem::invalid(format!("{name}: {error}")))
}

/// How a draft's file is to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingRequest {
    /// The version of the draft that was looked at.
    version: i64,
    layer: Option<String>,
    /// Such as `EPSG:4528`, `gcj02` or `wgs84+swapped`.
    crs: Option<String>,
    encoding: Option<String>,
    #[schema(value_type = Option<Object>)]
    columns: Option<FieldMapping>,
    #[serde(default)]
    replace: bool,
}

/// Reads a draft's file again, with what is chosen here; the rest is found out. What the
/// draft changed before is replaced, which can be undone.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/reading", tag = "boundaries",
    params(("id" = DraftId, Path)),
    request_body = ReadingRequest,
    responses(
        (status = 200, content((ReadDraft = "application/json"), (String = "text/event-stream"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn read_draft_again(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ReadingRequest>,
) -> Result<Response, Problem> {
    let mut form = Form::default();
    for (name, text) in [
        ("layer", &request.layer),
        ("crs", &request.crs),
        ("encoding", &request.encoding),
    ] {
        form.set(name, text.as_deref().unwrap_or_default())?;
    }
    let choice = ReadingChoice {
        columns: request.columns,
        replace: request.replace,
        ..form.choice
    };
    let progress = Progress::default();
    let told = progress.clone();
    let work = async move {
        let (draft, reading) = api
            .services
            .read_draft_again(&actor, id, request.version, choice, &told)
            .await?;
        Ok(ReadDraft {
            draft: draft.into(),
            reading: Some(reading),
        })
    };
    Ok(progress::answer(&headers, StatusCode::OK, progress, work).await)
}

/// How a draft's file was read last: what the file says, what it was taken for, and what
/// has to be chosen.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/reading", tag = "boundaries",
    params(("id" = DraftId, Path)),
    responses(
        (status = 200, body = Reading),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_reading(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<DraftId>,
) -> Result<Json<Reading>, Problem> {
    Ok(Json(api.services.load_reading(&actor, id).await?))
}
