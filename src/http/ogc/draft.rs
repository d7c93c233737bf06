//! A draft as GIS programs see it: below `/ogc/drafts/{draft}` everything is as below
//! `/ogc`, but areas are as the draft leaves them, and links stay there. A program that is
//! given that address works in the draft, and needs to know nothing of drafts.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Request, Uri};

use super::{DRAFTS, ROOT};
use crate::domain::{Actor, DraftId};
use crate::http::Api;
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::drafts::Workspace;
use crate::service::features::Collection;

/// How an address calls the caller's own draft that is open: whichever it is, and the
/// edition in force while there is none.
const OWN: &str = "mine";

/// A draft as an address names it.
#[derive(Debug, Clone)]
pub struct NamedDraft(pub String);

/// Leads an address below a draft to the same one outside, and notes the draft.
pub fn enter_draft<B>(mut request: Request<B>) -> Request<B> {
    if let Some((uri, draft)) = lead(request.uri()) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(draft);
    }
    request
}

fn lead(uri: &Uri) -> Option<(Uri, NamedDraft)> {
    let below = uri.path().strip_prefix(DRAFTS)?;
    let (draft, path) = below.split_at(below.find('/').unwrap_or(below.len()));
    let query = uri.query().map(|query| format!("?{query}"));
    let target = format!("{ROOT}{path}{}", query.unwrap_or_default());
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().ok()?);
    Some((Uri::from_parts(parts).ok()?, NamedDraft(draft.to_owned())))
}

/// What areas are read from: the edition in force, or a draft on which the caller may work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Edition,
    /// The caller's own, while there is one.
    OwnDraft(Option<DraftId>),
    Draft(DraftId),
}

impl Source {
    /// The draft with its areas; `None` where the edition in force holds.
    pub async fn open(self, api: &Api, actor: &Actor) -> Result<Option<Arc<Workspace>>, Problem> {
        match self {
            Self::Edition | Self::OwnDraft(None) => Ok(None),
            Self::OwnDraft(Some(id)) | Self::Draft(id) => {
                Ok(Some(api.services.load_workspace(actor, id).await?))
            }
        }
    }

    /// The draft that is written into; `None` for the caller's own.
    pub const fn target(self) -> Option<DraftId> {
        match self {
            Self::Edition | Self::OwnDraft(_) => None,
            Self::Draft(id) => Some(id),
        }
    }

    pub const fn is_draft(self) -> bool {
        !matches!(self, Self::Edition)
    }

    /// A draft has areas, and nothing that moves.
    pub const fn has(self, collection: Collection) -> bool {
        !self.is_draft() || matches!(collection, Collection::Areas(_))
    }

    /// The collection with this name.
    pub fn load_collection(
        self,
        api: &Api,
        actor: &Actor,
        name: &str,
    ) -> Result<Collection, Problem> {
        let collection = api.services.load_collection(actor, name)?;
        if self.has(collection) {
            Ok(collection)
        } else {
            Err(not_in_drafts("collection", name))
        }
    }
}

pub fn not_in_drafts(what: &'static str, name: &str) -> Problem {
    let key = format!("{name} of a draft");
    ServiceError::NotFound { what, key }.into()
}

impl FromRequestParts<Api> for Source {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Some(NamedDraft(name)) = parts.extensions.get().cloned() else {
            return Ok(Self::Edition);
        };
        let Caller(actor) = Caller::from_request_parts(parts, api).await?;
        if name == OWN {
            let own = api.services.find_own_draft(&actor).await?;
            return Ok(Self::OwnDraft(own.map(|own| own.id)));
        }
        let id = name.parse().map_err(|_| ServiceError::NotFound {
            what: "draft",
            key: name,
        })?;
        Ok(Self::Draft(api.services.load_draft(&actor, id).await?.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_a_draft_leads_to_the_same_one_outside() {
        for (from, expected) in [
            ("/ogc/drafts/mine", Some(("/ogc", "mine"))),
            ("/ogc/drafts/mine/", Some(("/ogc/", "mine"))),
            ("/ogc/drafts/7/api?f=json", Some(("/ogc/api?f=json", "7"))),
            ("http://a/ogc/drafts/7/x", Some(("http://a/ogc/x", "7"))),
            ("/ogc/collections/grids", None),
            ("/api/v1/drafts", None),
        ] {
            let found = lead(&from.parse().unwrap());
            let found = found.map(|(uri, NamedDraft(name))| (uri.to_string(), name));
            let expected = expected.map(|(uri, name)| (uri.to_owned(), name.to_owned()));
            assert_eq!(found, expected, "{from}");
        }
    }
}
