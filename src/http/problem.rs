//! Errors as RFC 9457 problem details. The one place that gives an error its status.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::codec::area_body::AreaBodyError;
use crate::codec::export::ExportError;
use crate::codec::media::MediaFault;
use crate::codec::open311::ArgumentError;
use crate::domain::actor::Forbidden;
use crate::domain::workflow::WorkflowError;
use crate::service::ServiceError;
use crate::service::drafts::{DraftError, WriteError};
use crate::service::media::MediaError;
use crate::store::StoreError;

/// An RFC 9457 problem: what went wrong, where, and how to mend it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    status: u16,
    /// Stable; for programs.
    #[schema(example = "not_found")]
    code: &'static str,
    /// For people.
    detail: String,
    /// What some codes add: `current` for `version_conflict`, `allowed` for
    /// `action_not_allowed`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
    /// Told in the header `Retry-After`.
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

/// What a problem says for people, beside the answer: other standards have other words for
/// what is around it.
#[derive(Debug, Clone)]
pub struct Detail(pub String);

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            extra: Map::new(),
            retry_after_s: None,
        }
    }

    /// A request that makes no sense.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", detail)
    }

    /// Something inside is broken: logged whole, told in general.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something inside the service failed; it has been logged",
        )
    }

    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        // What cannot be written as JSON is left out: the problem itself matters more.
        if let Ok(value) = serde_json::to_value(value) {
            self.extra.insert(key.to_owned(), value);
        }
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after_s = self.retry_after_s;
        let detail = Detail(self.detail.clone());
        let mut response = (status, Json(self)).into_response();
        response.extensions_mut().insert(detail);
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after_s {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"wangge\""),
            );
        }
        response
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let detail = error.to_string();
        match error {
            ServiceError::Forbidden(Forbidden::NeedsCredentials) => {
                Self::new(StatusCode::UNAUTHORIZED, "needs_credentials", detail)
            }
            ServiceError::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", detail),
            ServiceError::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, "not_found", detail),
            ServiceError::Invalid { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail)
            }
            ServiceError::UnknownService(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_service", detail)
            }
            ServiceError::UnknownWorker(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_worker", detail)
            }
            ServiceError::UnknownOrganisation(_) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown_organisation",
                detail,
            ),
            ServiceError::Argument(_) => Self::invalid(detail),
            ServiceError::Form(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_form", detail)
            }
            ServiceError::Workflow(WorkflowError::NotAllowed {
                status, allowed, ..
            }) => Self::new(StatusCode::CONFLICT, "action_not_allowed", detail)
                .with("current_status", status)
                .with("allowed", allowed),
            ServiceError::Workflow(WorkflowError::Needs { field, .. }) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "action_needs", detail)
                    .with("field", field)
            }
            // The handler adds the current state, which depends on who asks.
            ServiceError::Conflict { .. } => {
                Self::new(StatusCode::CONFLICT, "version_conflict", detail)
            }
            ServiceError::Rules(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "rules_refused", detail)
                    .with("errors", errors)
            }
            ServiceError::Mapping(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "mapping_refused", detail)
                    .with("errors", errors)
            }
            ServiceError::Roster(refused) => {
                let errors: Vec<String> = refused.iter().map(ToString::to_string).collect();
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "roster_refused", detail)
                    .with("errors", errors)
            }
            ServiceError::Store(StoreError::StaleRoster) => {
                Self::new(StatusCode::CONFLICT, "roster_conflict", detail)
            }
            ServiceError::Store(StoreError::PostOverlaps(post)) => {
                Self::new(StatusCode::CONFLICT, "post_overlaps", detail).with("post", post)
            }
            ServiceError::Store(StoreError::StaleRulebook { latest }) => {
                Self::new(StatusCode::CONFLICT, "rules_conflict", detail).with("latest", latest)
            }
            ServiceError::Draft(error) => Self::from(error),
            ServiceError::Media(error) => Self::from(error),
            ServiceError::Export(ExportError::Write(_) | ExportError::Library(_)) => {
                Self::internal(&error)
            }
            ServiceError::Export(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "export_failed", detail)
            }
            ServiceError::Store(StoreError::StaleEdition { .. }) => {
                Self::new(StatusCode::CONFLICT, "edition_conflict", detail)
            }
            ServiceError::Store(StoreError::KeyReused) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                detail,
            ),
            ServiceError::Busy { retry_after_s, .. } => {
                let mut busy = Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", detail);
                busy.retry_after_s = Some(retry_after_s);
                busy
            }
            ServiceError::Atlas(_) | ServiceError::Store(_) | ServiceError::Interrupted => {
                Self::internal(&error)
            }
        }
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        let detail = error.to_string();
        match &error {
            DraftError::Conflict { current, .. } => {
                Self::new(StatusCode::CONFLICT, "version_conflict", detail)
                    .with("current_version", current.version)
            }
            DraftError::NotOpen(state) => {
                Self::new(StatusCode::CONFLICT, "draft_not_open", detail).with("state", state)
            }
            DraftError::UploadElsewhere => {
                Self::new(StatusCode::CONFLICT, "upload_elsewhere", detail)
            }
            DraftError::Rebase { codes, latest } => {
                Self::new(StatusCode::CONFLICT, "edition_conflict", detail)
                    .with("latest", latest)
                    .with("codes", codes)
            }
            DraftError::Empty => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "draft_empty", detail),
            DraftError::Barred { errors, .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "defects_bar", detail)
                    .with("errors", errors)
            }
            DraftError::NeedsReason { warnings, .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "reason_needed", detail)
                    .with("warnings", warnings)
            }
            DraftError::NothingToUndo => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "nothing_to_undo", detail)
            }
            DraftError::File(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_file", detail)
            }
            DraftError::Repair(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "repair_failed", detail)
            }
            DraftError::Edit(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "edit_failed", detail)
            }
            DraftError::Write(error) => Self::of_write(error),
            DraftError::UnknownArea(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_area", detail)
            }
            DraftError::Disk(_) => Self::internal(&error),
        }
    }
}

impl From<MediaError> for Problem {
    fn from(error: MediaError) -> Self {
        let detail = error.to_string();
        match &error {
            MediaError::Fault(MediaFault::UnknownKind) => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                detail,
            ),
            MediaError::TooLarge
            | MediaError::Fault(MediaFault::TooManyPoints { .. } | MediaFault::TooMuchMemory) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", detail)
            }
            MediaError::Fault(MediaFault::Damaged { .. }) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_file", detail)
            }
            MediaError::TooMany => Self::new(StatusCode::CONFLICT, "too_many_files", detail),
            MediaError::Closed(_) => Self::new(StatusCode::CONFLICT, "incident_closed", detail),
            MediaError::Vault(_) | MediaError::Disk(_) => Self::internal(&error),
        }
    }
}

impl Problem {
    fn of_write(error: &WriteError) -> Self {
        let detail = error.to_string();
        match error {
            WriteError::NeedsPrecondition { .. } => Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "precondition_required",
                detail,
            ),
            WriteError::Changed { .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition_failed",
                detail,
            ),
            WriteError::CodeTaken(_) => Self::new(StatusCode::CONFLICT, "code_taken", detail),
            WriteError::HasChildren { count, .. } => {
                Self::new(StatusCode::CONFLICT, "area_has_children", detail).with("count", count)
            }
            WriteError::Unfit { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_feature", detail)
            }
        }
    }
}

impl From<ArgumentError> for Problem {
    fn from(error: ArgumentError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl From<AreaBodyError> for Problem {
    fn from(error: AreaBodyError) -> Self {
        let detail = error.to_string();
        match error {
            AreaBodyError::NotJson(_) | AreaBodyError::Nul => Self::invalid(detail),
            AreaBodyError::NotFeature(_)
            | AreaBodyError::Member { .. }
            | AreaBodyError::Geometry(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_feature", detail)
            }
        }
    }
}

/// The answer when a handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "nobody has it after this")]
pub fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = message, "a handler panicked");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "something inside the service failed; it has been logged",
    )
    .into_response()
}

/// The answer when there is none in time.
pub fn took_too_long(time: Duration) -> Problem {
    let mut problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "took_too_long",
        format!(
            "there was no answer within {} s; try again, or ask for less",
            time.as_secs()
        ),
    );
    problem.retry_after_s = Some(5);
    problem
}

/// The answer to a method that an address does not have.
pub async fn method_not_allowed() -> Problem {
    method_not_allowed_because(
        "this address does not take that method; /api/docs lists what it takes",
    )
}

pub fn method_not_allowed_because(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
