//! Who calls.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use super::Api;
use super::problem::Problem;
use crate::domain::{Actor, Role};

/// The header that carries an incident's tracking key.
pub const TRACKING_KEY: &str = "wangge-tracking-key";

/// The actor behind a request: whom its bearer key stands for; without one the public,
/// or on an open server an administrator.
pub struct Caller(pub Actor);

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let mut actor = match parts.headers.get(header::AUTHORIZATION) {
            None if api.settings.open => {
                Actor::with_role("open demonstration", Role::Administrator)
            }
            None => Actor::public(),
            Some(value) => {
                let key = value
                    .to_str()
                    .ok()
                    .and_then(|value| value.strip_prefix("Bearer "));
                let known = match key {
                    Some(key) => api.services.authenticate(key.trim()).await?,
                    None => None,
                };
                known.ok_or_else(|| {
                    Problem::new(
                        StatusCode::UNAUTHORIZED,
                        "bad_credentials",
                        "the key in `Authorization: Bearer …` is not known or no longer valid",
                    )
                })?
            }
        };
        actor.tracking_key = parts
            .headers
            .get(TRACKING_KEY)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        Ok(Self(actor))
    }
}
