//! Links, absolute: clients store them and follow them from elsewhere.

use serde::Serialize;
use utoipa::ToSchema;

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
    /// True when the address has places in braces that are to be filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templated: Option<bool>,
}

impl Link {
    pub fn new(href: String, rel: &'static str, kind: &'static str, title: &str) -> Self {
        Self {
            href,
            rel,
            kind,
            title: title.to_owned(),
            templated: None,
        }
    }

    /// A link whose address is a template.
    pub fn template(href: String, rel: &'static str, kind: &'static str, title: &str) -> Self {
        Self {
            templated: Some(true),
            ..Self::new(href, rel, kind, title)
        }
    }
}
