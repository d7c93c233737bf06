//! Photos and documents of incidents.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::caller::Caller;
use super::etag::known_form;
use super::extract::Path;
use super::incidents::key_of;
use super::multipart::{Received, next_part, parts_of, receive_file, receive_text};
use super::problem::Problem;
use super::view::incident::EventActor;
use crate::domain::media::{MAX_MEDIA_BYTES, MediaKind, MediaPair, MediaStage, PhotoSize};
use crate::domain::{Actor, IncidentId, Media as DomainMedia, MediaId};
use crate::service::ServiceError;
use crate::service::media::{MediaError, NewMedia, Rendition};

/// The largest request taken in, in bytes: the largest file, and what is said of it.
pub const MAX_UPLOAD: usize = 21 * 1024 * 1024;
/// How long a file may take to come in: the largest, over a bad line.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_mins(5);

/// Whoever keeps a copy asks each time whether they may still have it.
const CACHING: &str = "private, no-cache";
/// What a file holds can do nothing, whatever opens it.
const POLICY: &str = "sandbox; default-src 'none'";

/// A photo or document of an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Media {
    pub id: MediaId,
    pub incident: IncidentId,
    /// By what the file holds, not by its name.
    pub kind: MediaKind,
    pub stage: MediaStage,
    pub caption: Option<String>,
    /// Kept bit for bit as it was sent, with the place that the camera wrote into it.
    pub evidence: bool,
    /// True when place, time and device were taken out of the file.
    pub stripped: bool,
    pub bytes: u64,
    /// SHA-256 of what is kept, hexadecimal.
    pub sha256: String,
    /// SHA-256 of what was sent, hexadecimal.
    pub sent_sha256: String,
    /// Of a photo, in points, the right way up.
    #[schema(inline)]
    pub size: Option<PhotoSize>,
    pub at: DateTime<Utc>,
    /// Who added it.
    pub actor: EventActor,
    pub href: String,
    /// Of a photo.
    pub thumbnail: Option<String>,
}

impl From<DomainMedia> for Media {
    fn from(media: DomainMedia) -> Self {
        let href = format!("/api/v1/media/{}", media.id);
        Self {
            id: media.id,
            incident: media.incident,
            kind: media.kind,
            stage: media.stage,
            caption: media.caption,
            evidence: media.evidence,
            stripped: media.stripped,
            bytes: media.bytes,
            sha256: media.sha256,
            sent_sha256: media.sent_sha256,
            size: media.size,
            at: media.at,
            actor: EventActor {
                name: media.by,
                role: media.role,
            },
            thumbnail: media.kind.is_photo().then(|| format!("{href}/thumbnail")),
            href,
        }
    }
}

/// The files of an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct MediaList {
    /// The oldest first.
    pub items: Vec<Media>,
    /// The latest photo from before with the latest from after; null while one is missing.
    #[schema(inline)]
    pub pair: Option<MediaPair>,
}

/// The photos and documents of an incident, for whoever may see it whole.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/media", tag = "incidents",
    params(("id" = String, Path, description = "Identity or number")),
    responses(
        (status = 200, body = MediaList),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn list_media(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<MediaList>, Problem> {
    let media = api.services.list_media(&actor, &key_of(&id)?).await?;
    Ok(Json(MediaList {
        pair: MediaPair::of(&media),
        items: media.into_iter().map(Media::from).collect(),
    }))
}

/// A file, and what it is.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the parts of the request, which are streamed"
)]
pub struct MediaForm {
    /// JPEG, PNG, WebP or PDF; at most 20 MiB, and 51 million points.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// What it shows of the matter; `other` when absent.
    stage: Option<MediaStage>,
    /// `true`: the file is kept bit for bit, with the place and time that the camera wrote
    /// into it. Otherwise they are taken out.
    evidence: Option<bool>,
    /// At most 500 characters.
    caption: Option<String>,
}

/// Adds a photo or document to an incident, which stays in its version. Whoever handles
/// incidents may; and while it is open whoever reported it, with the tracking key. An
/// incident has 30 files at most.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/media", tag = "incidents",
    params(("id" = String, Path, description = "Identity or number")),
    request_body(content = MediaForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = Media, headers(("Location" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn add_media(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let key = key_of(&id)?;
    // Whoever may not do this need not send the file.
    api.services.check_media(&actor, &key).await?;
    let new = receive(&api, request).await?;
    let media = Media::from(api.services.add_media(&actor, &key, new).await?);
    let location = HeaderValue::from_str(&media.href);
    let mut response = (StatusCode::CREATED, Json(media)).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

async fn receive(api: &Api, request: Request) -> Result<NewMedia, Problem> {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    if !is_form {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "send the file as multipart/form-data, in a part named \"file\"",
        ));
    }
    let mut parts = parts_of(request, api).await?;
    let mut received: Option<Received> = None;
    let (mut stage, mut evidence, mut caption) = (MediaStage::Other, false, None);
    while let Some(field) = next_part(&mut parts).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let whole = receive_file(api, field, |bytes| {
                if bytes > MAX_MEDIA_BYTES {
                    return Err(ServiceError::from(MediaError::TooLarge).into());
                }
                Ok(())
            });
            if received.replace(whole.await?).is_some() {
                return Err(Problem::invalid("send one file at a time"));
            }
            continue;
        }
        let text = receive_text(field, &name).await?;
        let text = text.trim();
        match name.as_str() {
            // An empty text is as good as none.
            "stage" | "evidence" if text.is_empty() => {}
            "stage" => {
                let read = text.parse();
                stage = read.map_err(|error: crate::domain::words::UnknownWord| {
                    Problem::invalid(error.to_string())
                })?;
            }
            "evidence" => {
                evidence = text.parse().map_err(|_| {
                    Problem::invalid(format!("evidence {text:?} is neither true nor false"))
                })?;
            }
            "caption" => caption = Some(text.to_owned()),
            _ => {
                return Err(Problem::invalid(format!(
                    "there is no part {name:?}; there are file, stage, evidence and caption"
                )));
            }
        }
    }
    let received = received
        .ok_or_else(|| Problem::invalid("the form has no part named \"file\"; send it in one"))?;
    Ok(NewMedia {
        file: received.file,
        sha256: received.sha256,
        stage,
        evidence,
        caption,
    })
}

/// A photo or document, for whoever may see its incident whole.
#[utoipa::path(get, path = "/api/v1/media/{id}", tag = "incidents",
    params(("id" = MediaId, Path)),
    responses(
        (status = 200, description = "The file", headers(("ETag" = String)), content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "application/pdf"))),
        (status = 304, description = "The caller has it (`If-None-Match`)"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_media(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<MediaId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    send(&api, &actor, id, Rendition::Whole, &headers).await
}

/// A photo made small: 320 points at its longer side, JPEG, the right way up.
#[utoipa::path(get, path = "/api/v1/media/{id}/thumbnail", tag = "incidents",
    params(("id" = MediaId, Path)),
    responses(
        (status = 200, description = "The thumbnail", headers(("ETag" = String)), body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "The caller has it (`If-None-Match`)"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn load_thumbnail(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(id): Path<MediaId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    send(&api, &actor, id, Rendition::Thumbnail, &headers).await
}

async fn send(
    api: &Api,
    actor: &Actor,
    id: MediaId,
    rendition: Rendition,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let media = api.services.find_media(actor, id).await?;
    let (kind, tag, name) = match rendition {
        Rendition::Whole => (
            media.kind,
            format!("\"{}\"", media.sha256),
            format!("{id}.{}", media.kind.extension()),
        ),
        Rendition::Thumbnail => (
            MediaKind::Jpeg,
            format!("\"{}-thumbnail\"", media.sha256),
            format!("{id}-thumbnail.jpg"),
        ),
    };
    if let Some(tag) = known_form(&tag, headers) {
        let headers = [
            (header::ETAG, tag),
            (header::CACHE_CONTROL, CACHING.to_owned()),
        ];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let bytes = api.services.fetch_media(&media, rendition).await?;
    // A photo is looked at where it stands, a document is opened elsewhere.
    let shown = if kind.is_photo() {
        "inline"
    } else {
        "attachment"
    };
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_LENGTH, bytes.length.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("{shown}; filename=\"{name}\""),
        ),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, CACHING.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    Ok((headers, Body::from_stream(bytes.chunks)).into_response())
}
