//! What comes with an action.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Action;
use crate::domain::Timestamp;
use crate::domain::catalogue::Priority;
use crate::domain::identity::{IncidentId, MediaId, OrganisationId, ServiceCode, TaskId};
use crate::domain::incident::{Assignee, Evaluation, IncidentNumber};

/// An action with what it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Command {
    /// Open the case file; the service and priority may be put right.
    File {
        note: Option<String>,
        service: Option<ServiceCode>,
        priority: Option<Priority>,
    },
    /// Done on the spot; `proof` says what was done.
    SelfHandle {
        proof: String,
        /// Files of the incident that show it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media: Vec<MediaId>,
    },
    /// The same matter as another incident.
    MarkDuplicate {
        of: IncidentNumber,
        /// Filled in by the service.
        #[serde(skip)]
        #[schema(ignore)]
        of_id: Option<IncidentId>,
    },
    Reject {
        reason: String,
    },
    /// Send a lead and any number of assistants. A lead that is not the first of the
    /// ranking needs a `reason`.
    Dispatch {
        lead: Assignee,
        #[serde(default)]
        assistants: Vec<Assignee>,
        reason: Option<String>,
        /// Until when a rule lets the offer stand; set by the rule alone.
        #[serde(skip)]
        #[schema(ignore)]
        offer_until: Option<Timestamp>,
    },
    /// Offer an unsigned lead task to somebody else; a choice beside the ranking needs a
    /// `reason`. The limit for resolving stays as it is.
    Reassign {
        lead: Assignee,
        reason: Option<String>,
        /// Until when a rule lets the offer stand; set by the rule alone.
        #[serde(skip)]
        #[schema(ignore)]
        offer_until: Option<Timestamp>,
    },
    /// Take an unsigned dispatch back.
    Recall {
        reason: Option<String>,
    },
    /// Add an assistant.
    Assist {
        assignee: Assignee,
        note: Option<String>,
    },
    /// Call a department (乡镇吹哨): it must sign in time.
    Summon {
        department: OrganisationId,
        note: Option<String>,
    },
    /// Give a summons that was not signed in time to the centre above: the one that is
    /// overdue unless one is named.
    PassUp {
        task: Option<TaskId>,
    },
    /// Let an assistant go without feedback.
    Release {
        task: TaskId,
        reason: String,
    },
    /// Accept a task: the actor's own unless one is named.
    Sign {
        task: Option<TaskId>,
    },
    /// The worker of a signed task is at the place since a time; nothing else changes.
    Arrive {
        task: TaskId,
        since: DateTime<Utc>,
    },
    /// Ask to be relieved (退单).
    Return {
        reason: String,
    },
    RuleReturn {
        accept: bool,
        reason: Option<String>,
    },
    /// Say that a task is done: the actor's own unless one is named.
    FeedBack {
        note: Option<String>,
        task: Option<TaskId>,
        /// Files of the incident that show it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media: Vec<MediaId>,
    },
    RequestExtension {
        until: DateTime<Utc>,
        reason: String,
    },
    RuleExtension {
        accept: bool,
        reason: Option<String>,
    },
    /// Put off (挂账); the clock rests.
    Defer {
        until: DateTime<Utc>,
        reason: String,
    },
    Resume {},
    /// To the next centre up (提级).
    Escalate {
        reason: String,
    },
    /// To a centre below (交办).
    HandDown {
        to: OrganisationId,
        reason: Option<String>,
    },
    Pass {
        note: Option<String>,
    },
    Rework {
        reason: String,
    },
    Evaluate(Evaluation),
    Reopen {
        reason: String,
    },
    /// Keep an eye on it until it is answered (督办).
    Supervise {
        reason: String,
        answer_by: Option<DateTime<Utc>>,
    },
    /// Answer a supervision.
    Answer {
        note: String,
    },
    /// Call attention to it; nothing else changes.
    Warn {
        note: String,
    },
}

/// Names of the fields of an action, for whoever builds a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub needs: &'static [&'static str],
    pub optional: &'static [&'static str],
}

impl Command {
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::File { .. } => Action::File,
            Self::SelfHandle { .. } => Action::SelfHandle,
            Self::MarkDuplicate { .. } => Action::MarkDuplicate,
            Self::Reject { .. } => Action::Reject,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Reassign { .. } => Action::Reassign,
            Self::Recall { .. } => Action::Recall,
            Self::Assist { .. } => Action::Assist,
            Self::Summon { .. } => Action::Summon,
            Self::PassUp { .. } => Action::PassUp,
            Self::Release { .. } => Action::Release,
            Self::Sign { .. } => Action::Sign,
            Self::Arrive { .. } => Action::Arrive,
            Self::Return { .. } => Action::Return,
            Self::RuleReturn { .. } => Action::RuleReturn,
            Self::FeedBack { .. } => Action::FeedBack,
            Self::RequestExtension { .. } => Action::RequestExtension,
            Self::RuleExtension { .. } => Action::RuleExtension,
            Self::Defer { .. } => Action::Defer,
            Self::Resume {} => Action::Resume,
            Self::Escalate { .. } => Action::Escalate,
            Self::HandDown { .. } => Action::HandDown,
            Self::Pass { .. } => Action::Pass,
            Self::Rework { .. } => Action::Rework,
            Self::Evaluate(_) => Action::Evaluate,
            Self::Reopen { .. } => Action::Reopen,
            Self::Supervise { .. } => Action::Supervise,
            Self::Answer { .. } => Action::Answer,
            Self::Warn { .. } => Action::Warn,
        }
    }
}

impl Action {
    /// The fields that come with the action.
    #[must_use]
    pub const fn fields(self) -> Field {
        const fn fields(
            needs: &'static [&'static str],
            optional: &'static [&'static str],
        ) -> Field {
            Field { needs, optional }
        }
        match self {
            Self::Report | Self::Resume | Self::Rematch => fields(&[], &[]),
            Self::File => fields(&[], &["note", "service", "priority"]),
            Self::SelfHandle => fields(&["proof"], &["media"]),
            Self::MarkDuplicate => fields(&["of"], &[]),
            Self::Dispatch => fields(&["lead"], &["assistants", "reason"]),
            Self::Reassign => fields(&["lead"], &["reason"]),
            Self::Recall => fields(&[], &["reason"]),
            Self::Assist => fields(&["assignee"], &["note"]),
            Self::Summon => fields(&["department"], &["note"]),
            Self::Release => fields(&["task", "reason"], &[]),
            Self::Sign | Self::PassUp => fields(&[], &["task"]),
            Self::Arrive => fields(&["task", "since"], &[]),
            Self::RuleReturn | Self::RuleExtension => fields(&["accept"], &["reason"]),
            Self::FeedBack => fields(&[], &["note", "task", "media"]),
            Self::RequestExtension | Self::Defer => fields(&["until", "reason"], &[]),
            Self::Reject | Self::Return | Self::Escalate | Self::Rework | Self::Reopen => {
                fields(&["reason"], &[])
            }
            Self::HandDown => fields(&["to"], &["reason"]),
            Self::Pass => fields(&[], &["note"]),
            Self::Supervise => fields(&["reason"], &["answer_by"]),
            Self::Answer | Self::Warn => fields(&["note"], &[]),
            Self::Evaluate => fields(&["responded", "resolved", "satisfied"], &["comment"]),
        }
    }
}
