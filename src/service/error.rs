//! Why a use case failed. Knows nothing of HTTP; `http::problem` turns it into an answer.

use std::sync::Arc;

use super::drafts::DraftError;
use super::media::MediaError;
use crate::codec::export::ExportError;
use crate::codec::open311::ArgumentError;
use crate::domain::actor::Forbidden;
use crate::domain::catalogue::FormError;
use crate::domain::mapping::MappingError;
use crate::domain::posts::Refused;
use crate::domain::rules::RuleError;
use crate::domain::workflow::WorkflowError;
use crate::domain::{Incident, OrganisationId, ServiceCode, WorkerId};
use crate::index::AtlasError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no {what} {key:?} that you may see")]
    NotFound { what: &'static str, key: String },
    #[error("{field}: {why}")]
    Invalid { field: &'static str, why: String },
    #[error("there is no service {0:?} in the catalogue")]
    UnknownService(ServiceCode),
    #[error("there is no worker {0}")]
    UnknownWorker(WorkerId),
    #[error("there is no organisation {0}")]
    UnknownOrganisation(OrganisationId),
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    #[error(transparent)]
    Form(#[from] FormError),
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
    #[error("somebody was faster: the incident is now at version {}, not {expected}", current.version)]
    Conflict {
        expected: i64,
        current: Arc<Incident>,
    },
    #[error("{} of the rules cannot be used: {}", .0.len(), .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules(Vec<RuleError>),
    #[error("the mapping cannot be used: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Mapping(Vec<MappingError>),
    #[error("{} of the roster cannot be on duty as planned: {}", .0.len(), .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Roster(Vec<Refused>),
    #[error("too many {what} come in at once; send these again in {retry_after_s} s")]
    Busy {
        what: &'static str,
        retry_after_s: u32,
    },
    #[error("the service is stopping")]
    Interrupted,
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ServiceError {
    pub(crate) fn not_found(what: &'static str, key: &impl ToString) -> Self {
        Self::NotFound {
            what,
            key: key.to_string(),
        }
    }
}
