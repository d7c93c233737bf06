//! Links, absolute: clients store them and follow them from elsewhere.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::ROOT;

pub const JSON: &str = "application/json";
pub const GEO_JSON: &str = "application/geo+json";
pub const SCHEMA_JSON: &str = "application/schema+json";
pub const OPENAPI_JSON: &str = "application/vnd.oai.openapi+json;version=3.0";

/// A link (RFC 8288).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    pub href: String,
    pub rel: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
}

impl Link {
    pub fn new(href: String, rel: &'static str, kind: &'static str, title: &str) -> Self {
        Self {
            href,
            rel,
            kind,
            title: title.to_owned(),
        }
    }
}

/// How the caller reached this server: scheme, host and what stands before its own paths.
/// Behind a proxy, what the proxy says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    fn new(headers: &HeaderMap, authority: Option<&Authority>) -> Self {
        let first = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?;
            value.split(',').next().map(str::trim)
        };
        let scheme = first("x-forwarded-proto")
            .filter(|scheme| ["http", "https"].contains(scheme))
            .unwrap_or("http");
        let host = first("x-forwarded-host")
            .or_else(|| first(header::HOST.as_str()))
            .and_then(|host| host.parse::<Authority>().ok())
            .or_else(|| authority.cloned());
        let host = host.as_ref().map_or("localhost", Authority::as_str);
        let prefix = first("x-forwarded-prefix")
            .filter(|prefix| is_path(prefix))
            .unwrap_or_default()
            .trim_end_matches('/');
        Self(format!("{scheme}://{host}{prefix}"))
    }

    /// The address of a path of this server.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address of a path of OGC API – Features.
    pub fn ogc(&self, path: &str) -> String {
        format!("{}{ROOT}{path}", self.0)
    }
}

fn is_path(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte);
    text.starts_with('/') && !text.starts_with("//") && text.bytes().all(plain)
}

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.headers, parts.uri.authority()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_back_the_way_the_caller_came() {
        for (headers, expected) in [
            (&[("host", "127.0.0.1:8080")][..], "http://127.0.0.1:8080"),
            (&[], "http://localhost"),
            (&[("host", "not a host")], "http://localhost"),
            (
                &[
                    ("host", "10.0.0.7"),
                    ("x-forwarded-host", "map.example.cn, 10.0.0.8"),
                    ("x-forwarded-proto", "https"),
                    ("x-forwarded-prefix", "/wangge/"),
                ],
                "https://map.example.cn/wangge",
            ),
            (
                &[
                    ("host", "a.cn"),
                    ("x-forwarded-proto", "javascript"),
                    ("x-forwarded-prefix", "//evil.example/\"<"),
                ],
                "http://a.cn",
            ),
        ] {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            let headers: HeaderMap = headers;
            assert_eq!(Base::new(&headers, None).at(""), expected, "{headers:?}");
        }
    }
}
