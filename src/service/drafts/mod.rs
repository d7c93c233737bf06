//! Boundary changes on their way to an edition: uploaded, judged, repaired, edited, and
//! published.

mod diff;
mod editing;
mod publishing;
mod reading;
mod repairing;
mod workspace;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::{ServiceError, Services};
use crate::domain::actor::{Forbidden, Permission};
use crate::domain::draft::defect::Verdict;
use crate::domain::draft::{Draft, DraftEntry, DraftState, DraftStep};
use crate::domain::{Actor, AreaCode, AreaId, CodeScheme, DraftId, EditionId};
use crate::index::Atlas;
use crate::store::StoreError;

pub use diff::{AreaChange, ChangeKind, Diff, Touched, TouchedIncident, TouchedPost, Transfer};
pub use editing::{Edit, NewArea};
pub use publishing::{PublishDraft, Published, check_severity};
pub use reading::{FileFacts, ReadFile, Reading, ReadingChoice, Upload, read_file};
pub use repairing::{RepairedArea, RepairedDraft};
pub use workspace::Workspace;
pub use writing::{AreaWrite, WriteError, state_of};

use workspace::Workspaces;

/// How many drafts are listed at most.
const MAX_LISTED: u32 = 200;

/// What [`Services`] keeps of drafts in memory.
pub(super) struct Desk {
    workspaces: Workspaces,
    /// Held while a draft is opened for somebody who has none, so that of two writes at
    /// once only one opens it.
    resuming: Mutex<()>,
    /// Where uploads wait until their draft is published or given up.
    uploads: PathBuf,
}

/// Files that came in this long ago and belong to no draft were left by a process that was
/// killed.
const LEFT_BEHIND: Duration = Duration::from_hours(24);
const INCOMING: &str = "incoming-";

impl Desk {
    pub(super) fn new(uploads: PathBuf) -> Self {
        clear_left_behind(&uploads);
        Self {
            workspaces: Workspaces::default(),
            resuming: Mutex::default(),
            uploads,
        }
    }
}

fn clear_left_behind(uploads: &Path) {
    let files = std::fs::read_dir(uploads).into_iter().flatten().flatten();
    for file in files {
        let is_old = || file.metadata().ok()?.modified().ok()?.elapsed().ok();
        if file.file_name().to_string_lossy().starts_with(INCOMING)
            && is_old().is_some_and(|age| age > LEFT_BEHIND)
        {
            // Another process may be doing the same.
            let _ = std::fs::remove_file(file.path());
        }
    }
}

/// Why a draft could not be changed or published. The draft is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("somebody was faster: the draft is now at version {}, not {expected}", current.version)]
    Conflict { expected: i64, current: Box<Draft> },
    #[error("the draft is {0}, and can no longer be changed")]
    NotOpen(DraftState),
    #[error("the draft changes nothing, so there is nothing to publish")]
    Empty,
    #[error(
        "publishing is barred, errors: {errors}, the first: {} Mend them, or take the areas out of the draft",
        sentence(first)
    )]
    Barred { errors: usize, first: String },
    #[error(
        "publishing needs a reason, warnings: {warnings}, the first: {} Mend them, or say why with a `reason`",
        sentence(first)
    )]
    NeedsReason { warnings: usize, first: String },
    #[error("edition {latest} changed the same areas meanwhile: {}; take them out of the draft, or make the change again on that edition", list(.codes))]
    Rebase {
        latest: EditionId,
        codes: Vec<String>,
    },
    #[error("there is no step to undo")]
    NothingToUndo,
    #[error("the file is kept by the server that it was uploaded to; upload it again here")]
    UploadElsewhere,
    #[error(transparent)]
    File(#[from] crate::codec::boundaries::BoundaryFileError),
    #[error(transparent)]
    Repair(#[from] crate::geometry::repair::RepairError),
    #[error(transparent)]
    Edit(#[from] crate::geometry::edit::EditError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the area {0} is not in the territory or the draft")]
    UnknownArea(String),
    #[error("the draft's upload could not be kept")]
    Disk(#[source] std::io::Error),
}

/// What ends with a full stop.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

fn list(codes: &[String]) -> String {
    let first = codes.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    match codes.len() {
        0..=5 => first,
        more => format!("{first} and {} more", more - 5),
    }
}

/// A change of a draft that is to be written: the entries that are different after it.
struct Change {
    operation: &'static str,
    record: serde_json::Value,
    entries: Vec<(AreaId, Option<DraftEntry>)>,
    undoes: Option<i64>,
}

impl Services {
    /// Drafts that the actor may work on, the newest first.
    ///
    /// # Errors
    /// When the actor may not edit boundaries.
    pub async fn list_drafts(
        &self,
        actor: &Actor,
        state: Option<DraftState>,
    ) -> Result<Vec<Draft>, ServiceError> {
        actor.require(Permission::EditBoundaries)?;
        let drafts = self.store().list_drafts(state, MAX_LISTED).await?;
        let mine = drafts
            .into_iter()
            .filter(|draft| self.may_edit(actor, draft));
        Ok(mine.collect())
    }

    /// A draft as it stands.
    ///
    /// # Errors
    /// When there is none that the actor may work on.
    pub async fn load_draft(&self, actor: &Actor, id: DraftId) -> Result<Draft, ServiceError> {
        actor.require(Permission::EditBoundaries)?;
        let draft = self.store().find_draft(id).await?;
        draft
            .filter(|draft| self.may_edit(actor, draft))
            .ok_or_else(|| ServiceError::not_found("draft", &id))
    }

    /// What was done to a draft, the first step first.
    ///
    /// # Errors
    /// As [`Services::load_draft`].
    pub async fn list_draft_steps(
        &self,
        actor: &Actor,
        id: DraftId,
    ) -> Result<Vec<DraftStep>, ServiceError> {
        self.load_draft(actor, id).await?;
        Ok(self.store().list_draft_steps(id).await?)
    }

    /// Opens a draft that changes nothing yet, on the latest edition.
    ///
    /// # Errors
    /// When the actor may not edit boundaries, or the scheme is unknown.
    pub async fn open_draft(
        &self,
        actor: &Actor,
        title: String,
        scheme: Option<String>,
    ) -> Result<Draft, ServiceError> {
        let draft = self.new_draft(actor, title, scheme).await?;
        let blank = self.blank_workspace(&draft).await?;
        self.keep_new_draft(
            &blank,
            draft,
            Change {
                operation: "open",
                record: serde_json::Value::Null,
                entries: Vec::new(),
                undoes: None,
            },
        )
        .await
    }

    /// The draft that the actor works on: the newest of their own that is open; when there
    /// is none, a new one.
    ///
    /// # Errors
    /// When the actor may not edit boundaries.
    pub async fn resume_draft(&self, actor: &Actor) -> Result<Draft, ServiceError> {
        let _alone = self.inner.desk.resuming.lock().await;
        match self.find_own_draft(actor).await? {
            Some(draft) => Ok(draft),
            None => self.open_draft(actor, String::new(), None).await,
        }
    }

    /// The newest of the actor's own drafts that is open.
    ///
    /// # Errors
    /// When the actor may not edit boundaries.
    pub async fn find_own_draft(&self, actor: &Actor) -> Result<Option<Draft>, ServiceError> {
        let open = self.list_drafts(actor, Some(DraftState::Open)).await?;
        Ok(open
            .into_iter()
            .find(|draft| draft.created_by == actor.name))
    }

    /// Gives a draft up. Its history stays.
    ///
    /// # Errors
    /// When it is not open, or in another version.
    pub async fn discard_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
    ) -> Result<(), ServiceError> {
        let draft = self.open_at(actor, id, version).await?;
        let now = self.clock().now();
        match self.store().discard_draft(draft.id, version, now).await {
            Ok(()) => {}
            Err(StoreError::StaleDraft { expected }) => {
                return Err(self.draft_conflict(actor, id, expected).await?);
            }
            Err(error) => return Err(error.into()),
        }
        self.inner.desk.workspaces.forget(id);
        self.forget_upload(id);
        self.wake_feed();
        Ok(())
    }

    /// Takes the last step back that has not been taken back yet.
    ///
    /// # Errors
    /// When there is none but the first, or somebody was faster.
    pub async fn undo_draft_step(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
    ) -> Result<Draft, ServiceError> {
        self.open_at(actor, id, version).await?;
        let steps = self.store().list_draft_steps(id).await?;
        let undone: Vec<i64> = steps.iter().filter_map(|step| step.undoes).collect();
        let last = steps
            .iter()
            .rfind(|step| {
                step.undoes.is_none() && step.version > 1 && !undone.contains(&step.version)
            })
            .ok_or(DraftError::NothingToUndo)?;
        let step = self
            .store()
            .find_draft_step(id, last.version)
            .await?
            .ok_or(DraftError::NothingToUndo)?;
        let change = Change {
            operation: "undo",
            record: serde_json::json!({ "undid": last.operation, "version": last.version }),
            entries: step.before,
            undoes: Some(last.version),
        };
        self.change_draft(actor, id, version, change).await
    }

    /// Every defect of a draft, and how each parent is covered. Judged once a version.
    ///
    /// # Errors
    /// As [`Services::load_draft`].
    pub async fn judge_draft(
        &self,
        actor: &Actor,
        id: DraftId,
    ) -> Result<(Arc<Workspace>, Arc<Verdict>), ServiceError> {
        let workspace = self.load_workspace(actor, id).await?;
        let verdict = workspace.verdict().await?;
        Ok((workspace, verdict))
    }

    /// The draft with its areas, as its latest version is.
    ///
    /// # Errors
    /// As [`Services::load_draft`].
    pub async fn load_workspace(
        &self,
        actor: &Actor,
        id: DraftId,
    ) -> Result<Arc<Workspace>, ServiceError> {
        let draft = self.load_draft(actor, id).await?;
        if let Some(known) = self.inner.desk.workspaces.find(&draft) {
            return Ok(known);
        }
        let entries = self.store().load_draft_entries(id).await?;
        let (base, scheme) = self.foundations(&draft).await?;
        let workspace = Arc::new(Workspace::new(draft, base, scheme, entries));
        self.inner.desk.workspaces.keep(&workspace);
        Ok(workspace)
    }

    /// What a draft is made on.
    async fn foundations(&self, draft: &Draft) -> Result<(Arc<Atlas>, CodeScheme), ServiceError> {
        let base = match draft.base {
            Some(edition) => self.atlas_of(edition).await?,
            None => Arc::new(Atlas::empty()),
        };
        Ok((base, self.find_scheme(&draft.scheme)?.clone()))
    }

    /// A draft that changes nothing yet.
    async fn blank_workspace(&self, draft: &Draft) -> Result<Workspace, ServiceError> {
        let (base, scheme) = self.foundations(draft).await?;
        Ok(Workspace::new(draft.clone(), base, scheme, []))
    }

    /// An open draft in the version that the caller saw.
    async fn open_at(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
    ) -> Result<Draft, ServiceError> {
        let draft = self.load_draft(actor, id).await?;
        if draft.state != DraftState::Open {
            return Err(DraftError::NotOpen(draft.state).into());
        }
        if draft.version != version {
            let current = Box::new(draft);
            let expected = version;
            return Err(DraftError::Conflict { expected, current }.into());
        }
        Ok(draft)
    }

    async fn draft_conflict(
        &self,
        actor: &Actor,
        id: DraftId,
        expected: i64,
    ) -> Result<ServiceError, ServiceError> {
        let current = Box::new(self.load_draft(actor, id).await?);
        Ok(DraftError::Conflict { expected, current }.into())
    }

    /// Writes a change, if nobody was faster, and bounds it to the actor's area.
    async fn change_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        version: i64,
        change: Change,
    ) -> Result<Draft, ServiceError> {
        self.open_at(actor, id, version).await?;
        let workspace = self.load_workspace(actor, id).await?;
        workspace.check_bounds(actor, &change.entries)?;
        let mut draft = workspace.draft().clone();
        draft.version += 1;
        draft.updated_at = self.clock().now();
        self.write_step(actor, &workspace, draft, change).await
    }

    async fn write_step(
        &self,
        actor: &Actor,
        workspace: &Workspace,
        draft: Draft,
        change: Change,
    ) -> Result<Draft, ServiceError> {
        let step = DraftStep {
            version: draft.version,
            at: draft.updated_at,
            by: actor.name.clone(),
            operation: change.operation.to_owned(),
            record: change.record,
            undoes: change.undoes,
            before: change
                .entries
                .iter()
                .map(|(id, _)| (*id, workspace.entry(*id).cloned()))
                .collect(),
        };
        let written = self
            .store()
            .record_draft_step(&draft, &step, &change.entries)
            .await;
        match written {
            Ok(()) => {}
            Err(StoreError::StaleDraft { expected }) => {
                return Err(self.draft_conflict(actor, draft.id, expected).await?);
            }
            Err(error) => return Err(error.into()),
        }
        self.inner
            .desk
            .workspaces
            .keep(&Arc::new(workspace.after(draft.clone(), change.entries)));
        self.wake_feed();
        Ok(draft)
    }

    async fn new_draft(
        &self,
        actor: &Actor,
        title: String,
        scheme: Option<String>,
    ) -> Result<Draft, ServiceError> {
        actor.require(Permission::EditBoundaries)?;
        let first = self.inner.schemes.first().map(|scheme| scheme.code.clone());
        let scheme = scheme.or(first).unwrap_or_default();
        self.find_scheme(&scheme)?;
        let latest = self.store().list_editions().await?.pop();
        let now = self.clock().now();
        let title = title.trim();
        Ok(Draft {
            id: DraftId(self.clock().fresh_id()),
            title: if title.is_empty() {
                now.format("%Y-%m-%d %H:%M").to_string()
            } else {
                title.chars().take(200).collect()
            },
            base: latest.map(|edition| edition.id),
            state: DraftState::Open,
            version: 1,
            scheme,
            within: actor.area.clone(),
            source: None,
            created_by: actor.name.clone(),
            created_at: now,
            updated_at: now,
            edition: None,
        })
    }

    async fn keep_new_draft(
        &self,
        blank: &Workspace,
        draft: Draft,
        change: Change,
    ) -> Result<Draft, ServiceError> {
        let step = DraftStep {
            version: draft.version,
            at: draft.created_at,
            by: draft.created_by.clone(),
            operation: change.operation.to_owned(),
            record: change.record,
            undoes: None,
            before: change.entries.iter().map(|(id, _)| (*id, None)).collect(),
        };
        self.store()
            .open_draft(&draft, &step, &change.entries)
            .await?;
        self.inner
            .desk
            .workspaces
            .keep(&Arc::new(blank.after(draft.clone(), change.entries)));
        self.wake_feed();
        Ok(draft)
    }

    /// True when the draft is bounded by the actor's own area, or by one below it.
    fn may_edit(&self, actor: &Actor, draft: &Draft) -> bool {
        let atlas = self.live().atlas();
        match (&actor.area, &draft.within) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(within)) => own == within || actor.reaches(atlas.codes_above(within)),
        }
    }

    fn find_scheme(&self, code: &str) -> Result<&CodeScheme, ServiceError> {
        let schemes = &self.inner.schemes;
        schemes
            .iter()
            .find(|scheme| scheme.code == code)
            .ok_or_else(|| ServiceError::Invalid {
                field: "scheme",
                why: format!(
                    "there is no code scheme {code:?}; choose from {}",
                    schemes
                        .iter()
                        .map(|scheme| scheme.code.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            })
    }
}

/// The refusal of a change outside the actor's area.
fn outside(own: &AreaCode) -> ServiceError {
    Forbidden::OutsideArea(own.clone()).into()
}
