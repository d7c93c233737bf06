//! Who calls.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};

use super::Api;
use super::problem::Problem;
use crate::domain::{Actor, Role};

/// The header that carries an incident's tracking key.
pub const TRACKING_KEY: &str = "wangge-tracking-key";

/// The actor behind a request: whom its bearer key stands for; without one the public,
/// or on an open server an administrator.
pub struct Caller(pub Actor);

/// True when the request was meant for this machine by name. A page from elsewhere whose
/// name was made to point here must not act as administrator (DNS rebinding).
fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    let name = authority.host().trim_matches(['[', ']']);
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let mut actor = match parts.headers.get(header::AUTHORIZATION) {
            None if api.settings.open && names_loopback(&parts.headers) => {
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
