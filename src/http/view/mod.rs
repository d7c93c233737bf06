//! What is answered: domain values as the public contract shows them.

pub mod area;
pub mod verdict;
pub mod worker;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;

pub(crate) use crate::service::incident_view as incident;

/// A page of a list. Pass `next` as `cursor` to go on; it is null at the end.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The whole list at once.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// How many items a page has when nothing is said, and at most.
pub const PAGE: usize = 50;
pub const MAX_PAGE: usize = 1_000;

/// The page size asked for.
///
/// # Errors
/// When it is zero or too large.
pub fn page_size(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        limit => Err(Problem::invalid(format!(
            "limit {limit} is not between 1 and {MAX_PAGE}"
        ))),
    }
}

/// Writes a place in a list as an opaque text.
pub fn to_cursor(place: &impl Serialize) -> Option<String> {
    serde_json::to_vec(place)
        .ok()
        .map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Reads what [`to_cursor`] wrote.
///
/// # Errors
/// When the text was not made by this service for this list.
pub fn from_cursor<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>, Problem> {
    cursor
        .map(|text| {
            URL_SAFE_NO_PAD
                .decode(text)
                .ok()
                .and_then(|json| serde_json::from_slice(&json).ok())
                .ok_or_else(|| {
                    Problem::invalid("the cursor is not one that this list has given out")
                })
        })
        .transpose()
}

/// Something known by an identity and a name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Named {
    pub id: uuid::Uuid,
    pub name: String,
}
