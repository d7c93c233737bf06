//! Drafts as answered.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::draft::{self, DraftSource, DraftState};
use crate::domain::{AreaCode, DraftId, EditionId};

/// Boundary changes on top of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct Draft {
    pub id: DraftId,
    pub title: String,
    /// The edition that the changes were made on.
    pub base: Option<EditionId>,
    pub state: DraftState,
    /// Every change names the version that it was decided on.
    pub version: i64,
    pub scheme: String,
    /// The area that bounds it.
    #[schema(value_type = Option<String>)]
    pub within: Option<AreaCode>,
    /// The file it was read from, and how. Null while that is not decided, or for a draft
    /// without a file.
    pub source: Option<DraftSource>,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The edition it became.
    pub edition: Option<EditionId>,
}

impl From<draft::Draft> for Draft {
    fn from(draft: draft::Draft) -> Self {
        Self {
            id: draft.id,
            title: draft.title,
            base: draft.base,
            state: draft.state,
            version: draft.version,
            scheme: draft.scheme,
            within: draft.within,
            source: draft.source,
            created_by: draft.created_by,
            created_at: draft.created_at,
            updated_at: draft.updated_at,
            edition: draft.edition,
        }
    }
}

/// One change of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftStep {
    /// The version that it made.
    pub version: i64,
    pub at: DateTime<Utc>,
    pub by: String,
    /// `open`, `upload`, `read`, `undo`, an edit or a repair.
    pub operation: String,
    /// How it was asked for, and what came of it.
    #[schema(value_type = Option<Object>)]
    pub record: serde_json::Value,
    /// The version of the step that this one took back.
    pub undoes: Option<i64>,
}

impl From<draft::DraftStep> for DraftStep {
    fn from(step: draft::DraftStep) -> Self {
        Self {
            version: step.version,
            at: step.at,
            by: step.by,
            operation: step.operation,
            record: step.record,
            undoes: step.undoes,
        }
    }
}
