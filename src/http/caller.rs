//! Who calls.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Api;
use super::problem::Problem;
use crate::domain::actor::Permission;
use crate::domain::{Actor, Role};
use crate::service::ServiceError;

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
        let shown = authorization(parts).map(|value| value.strip_prefix("Bearer ").unwrap_or(""));
        let mut actor = identify(shown, parts, api).await?;
        actor.tracking_key = tracking_key(parts);
        Ok(Self(actor))
    }
}

impl Caller {
    /// As the extractor, for those who may show their key in an argument instead.
    pub async fn with_key(
        key: Option<&str>,
        parts: &mut Parts,
        api: &Api,
    ) -> Result<Self, Problem> {
        let Some(key) = key else {
            return Self::from_request_parts(parts, api).await;
        };
        let mut actor = identify(Some(key), parts, api).await?;
        actor.tracking_key = tracking_key(parts);
        Ok(Self(actor))
    }
}

fn tracking_key(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(TRACKING_KEY)?;
    value.to_str().ok().map(str::to_owned)
}

/// Who may send positions, known before a body is read. A phone or tracker may not be
/// able to send a bearer key: it may also be the password of Basic credentials, or the
/// parameter `key`.
pub struct Sender(pub Actor);

impl FromRequestParts<Api> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let in_header = authorization(parts).map(|value| {
            let bearer = value.strip_prefix("Bearer ").map(str::to_owned);
            let basic = || value.strip_prefix("Basic ").and_then(password);
            bearer.or_else(basic).unwrap_or_default()
        });
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let in_query = || {
            let mut parameters = form_urlencoded::parse(query);
            let key = parameters.find(|(name, _)| name == "key");
            key.map(|(_, key)| key.into_owned())
        };
        let shown = in_header.or_else(in_query);
        let actor = identify(shown.as_deref(), parts, api).await?;
        actor
            .require(Permission::SendPositions)
            .map_err(ServiceError::from)?;
        Ok(Self(actor))
    }
}

/// What the header says, if it is there; nothing, if that is no text.
fn authorization(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?;
    Some(value.to_str().unwrap_or(""))
}

fn password(basic: &str) -> Option<String> {
    let decoded = STANDARD.decode(basic.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    decoded.split_once(':').map(|(_, key)| key.to_owned())
}

/// Whom the key that was shown stands for. An empty one is nobody's.
async fn identify(shown: Option<&str>, parts: &Parts, api: &Api) -> Result<Actor, Problem> {
    let Some(key) = shown.map(str::trim) else {
        return Ok(if api.settings.open && names_loopback(&parts.headers) {
            Actor::with_role("open demonstration", Role::Administrator)
        } else {
            Actor::public()
        });
    };
    let known = if key.is_empty() {
        None
    } else {
        api.services.authenticate(key).await?
    };
    known.ok_or_else(|| {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "bad_credentials",
            "the key that was shown is not known or no longer valid",
        )
    })
}
