//! Is the server alive, and can it do its work?

use axum::extract::State;
use axum::http::StatusCode;

use super::Api;
use super::problem::Problem;

/// Alive: answers as long as the process does.
#[utoipa::path(get, path = "/healthz", tag = "server", responses((status = 200, body = String)))]
pub async fn check_health() -> &'static str {
    "ok"
}

/// Ready: the database answers.
#[utoipa::path(get, path = "/readyz", tag = "server", responses(
    (status = 200, body = String),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn check_readiness(State(api): State<Api>) -> Result<&'static str, Problem> {
    api.services.check_ready().await.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "database_unreachable",
            "the database does not answer",
        )
    })?;
    Ok("ready")
}
