//! The web application, which is part of the binary.

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "maps/dist"]
#[allow_missing = true]
struct WebApplication;

/// Serves a file of the application; addresses of its own pages get its front page.
pub async fn serve_web(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if !matches!(method, Method::GET | Method::HEAD) {
        return nothing_here().into_response();
    }
    if let Some(file) = WebApplication::get(path) {
        return answer(path, file);
    }
    let is_page = !path.starts_with("api/")
        && !path.starts_with("layers/")
        && !path.starts_with("ogc/")
        && !path.starts_with("tiles/")
        && !path.starts_with("basemap/")
        && !path.contains('.');
    match WebApplication::get("index.html") {
        Some(page) if is_page => answer("index.html", page),
        None if is_page => Problem::new(
            StatusCode::NOT_FOUND,
            "no_web_application",
            "this build has no web application inside; `make build` puts it there",
        )
        .into_response(),
        _ => nothing_here().into_response(),
    }
}

fn nothing_here() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "there is nothing at this address; /api/docs lists what there is",
    )
}

/// Files under `assets/` carry a digest in their names, so they never change.
fn answer(path: &str, file: EmbeddedFile) -> Response {
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = Body::from(file.data.into_owned()).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(file.metadata.mimetype()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}
