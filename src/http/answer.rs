//! Answers in JSON.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::problem::Problem;

/// An answer that is written at once, so that what it tells of may be borrowed; 200. As
/// axum's `Json`, but what cannot be written is a problem, and a look-up needs no more memory
/// than it begins with.
pub fn json(value: &impl Serialize) -> Response {
    // Most answers are shorter.
    let mut body = Vec::with_capacity(2_048);
    if let Err(error) = serde_json::to_writer(&mut body, value) {
        return Problem::internal(&error).into_response();
    }
    let mut response = Response::new(body.into());
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
