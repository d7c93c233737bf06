//! How callers reach this server, for links that lead back the same way.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};

use super::ogc::{DRAFTS, NamedDraft, ROOT};
use crate::domain::DraftId;

/// How the caller reached this server: scheme, host and what stands before its own paths.
/// Behind a proxy, what the proxy says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    server: String,
    /// The draft that the address leads into, as it is named there.
    draft: Option<String>,
}

impl Base {
    fn new(headers: &HeaderMap, authority: Option<&Authority>, draft: Option<String>) -> Self {
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
        Self {
            server: format!("{scheme}://{host}{prefix}"),
            draft,
        }
    }

    /// The address of a path of this server.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server)
    }

    /// The address of a path of OGC API – Features, in the same draft if there is one.
    pub fn ogc(&self, path: &str) -> String {
        match &self.draft {
            Some(draft) => self.at(&format!("{DRAFTS}{draft}{path}")),
            None => self.at(&format!("{ROOT}{path}")),
        }
    }

    /// The same way to this server, and there into a draft.
    pub fn in_draft(&self, draft: DraftId) -> Self {
        Self {
            server: self.server.clone(),
            draft: Some(draft.to_string()),
        }
    }
}

fn is_path(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte);
    text.starts_with('/') && !text.starts_with("//") && text.bytes().all(plain)
}

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let draft = parts.extensions.get::<NamedDraft>();
        let draft = draft.map(|NamedDraft(name)| name.clone());
        Ok(Self::new(&parts.headers, parts.uri.authority(), draft))
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
            let base = Base::new(&headers, None, None);
            assert_eq!(base.at(""), expected, "{headers:?}");
            assert_eq!(base.ogc("/x"), format!("{expected}/ogc/x"));
        }
    }
}
