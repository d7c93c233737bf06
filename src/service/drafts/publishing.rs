//! A draft becomes an edition: judged, brought onto the latest edition, in one step.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::progress::{Progress, Stage};
use super::super::{ServiceError, Services};
use super::diff::compare_off_thread;
use super::workspace::first_of;
use super::{DraftError, Workspace};
use crate::domain::draft::defect::{Severity, Verdict};
use crate::domain::draft::{Draft, DraftEntry};
use crate::domain::{Actor, Area, AreaId, DraftId, Edition, EditionId, Timestamp};
use crate::index::Atlas;
use crate::store::{NewEdition, StoreError};

/// How a draft is to be published.
#[derive(Debug, Clone, Default)]
pub struct PublishDraft {
    /// The version of the draft that was looked at.
    pub version: i64,
    /// Now when absent or past.
    pub effective_from: Option<Timestamp>,
    /// Why it is published with the defects that ask for a reason.
    pub reason: Option<String>,
    /// What the territory is called; as before when absent.
    pub title: Option<String>,
    /// Said wherever the borders are shown; as before when absent.
    pub notice: Option<String>,
}

/// What became of a draft.
#[derive(Debug, Clone)]
pub struct Published {
    pub edition: Edition,
    /// The edition that the draft was brought onto, when others had been published since
    /// it was made.
    pub rebased_onto: Option<EditionId>,
}

impl Services {
    /// Publishes a draft on top of the latest edition. All of it or nothing, for every
    /// node's memory.
    ///
    /// # Errors
    /// When defects bar it or ask for a reason that is not given, when editions published
    /// meanwhile changed the same areas, or somebody was faster. Nothing is published
    /// then.
    pub async fn publish_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        how: PublishDraft,
        progress: &Progress,
    ) -> Result<Published, ServiceError> {
        let draft = self.open_at(actor, id, how.version).await?;
        let workspace = self.load_workspace(actor, id).await?;
        if workspace.entries().is_empty() {
            return Err(DraftError::Empty.into());
        }
        let latest = self.store().list_editions().await?.pop();
        let onto = latest.as_ref().map(|edition| edition.id);
        let rebased = onto != draft.base;
        let workspace = if rebased {
            self.rebase(&workspace, onto).await?
        } else {
            workspace
        };
        progress.enter(Stage::Judging);
        let verdict = workspace.verdict().await?;
        let reason = how.reason.filter(|reason| !reason.trim().is_empty());
        check_severity(&verdict, reason.as_deref())?;
        let outcome = workspace.outcome().await?.as_ref().map_err(|why| {
            ServiceError::from(DraftError::Barred {
                errors: 1,
                first: why.clone(),
            })
        })?;
        let lineage = trace_lineage(&workspace).await?;
        let now = self.clock().now();
        let before = latest.as_ref();
        let (put, removed) = what_differs(&workspace, outcome);
        if put.is_empty() && removed.is_empty() {
            return Err(DraftError::Empty.into());
        }
        progress.enter(Stage::Keeping);
        let edition = self
            .store()
            .publish_edition(NewEdition {
                base: onto,
                title: how
                    .title
                    .or_else(|| before.map(|edition| edition.title.clone()))
                    .unwrap_or_else(|| "网格 Wangge".to_owned()),
                notice: how
                    .notice
                    .or_else(|| before.and_then(|edition| edition.notice.clone())),
                effective_from: how.effective_from.unwrap_or(now).max(now),
                published_at: now,
                put,
                removed,
                published_by: Some(actor.name.clone()),
                reason,
                restores: None,
                lineage,
                draft: Some((id, how.version)),
            })
            .await;
        let edition = match edition {
            Ok(edition) => edition,
            Err(StoreError::StaleDraft { expected }) => {
                return Err(self.draft_conflict(actor, id, expected).await?);
            }
            Err(error) => return Err(error.into()),
        };
        self.inner.desk.workspaces.forget(id);
        self.forget_upload(id);
        progress.enter(Stage::Entering);
        self.enter_edition().await?;
        Ok(Published {
            edition,
            rebased_onto: onto.filter(|_| rebased),
        })
    }

    /// The draft's changes on a later edition, unless that changed the same areas.
    async fn rebase(
        &self,
        workspace: &Workspace,
        onto: Option<EditionId>,
    ) -> Result<Arc<Workspace>, ServiceError> {
        let Some(onto) = onto else {
            return Err(ServiceError::not_found("edition", &"latest"));
        };
        let latest = self.atlas_of(onto).await?;
        let codes = conflicts(workspace, &latest);
        if !codes.is_empty() {
            return Err(DraftError::Rebase {
                latest: onto,
                codes,
            }
            .into());
        }
        let draft = Draft {
            base: Some(onto),
            ..workspace.draft().clone()
        };
        Ok(Arc::new(workspace.on(draft, latest)))
    }
}

/// Areas that both the draft and the editions since its base have changed; by code.
fn conflicts(workspace: &Workspace, latest: &Atlas) -> Vec<String> {
    let now: HashMap<AreaId, &Arc<Area>> =
        latest.areas().iter().map(|area| (area.id, area)).collect();
    let mut codes: Vec<String> = workspace
        .entries()
        .iter()
        .filter(|(id, _)| {
            let then = workspace.standing(**id).map(Arc::as_ref);
            now.get(id).map(AsRef::as_ref) != then
        })
        .map(|(id, entry)| match (workspace.standing(*id), entry) {
            (Some(area), _) => area.code.to_string(),
            (None, DraftEntry::Put(area)) => area.code.clone(),
            (None, DraftEntry::Removed) => id.to_string(),
        })
        .collect();
    codes.sort_unstable();
    codes
}

/// Whether a verdict lets a draft be published.
///
/// # Errors
/// When errors bar it, or warnings ask for a reason that is not given.
pub fn check_severity(verdict: &Verdict, reason: Option<&str>) -> Result<(), DraftError> {
    if let Some(first) = first_of(verdict, Severity::Error) {
        return Err(DraftError::Barred {
            errors: verdict.count(Severity::Error),
            first: first.detail.clone(),
        });
    }
    match first_of(verdict, Severity::Warning) {
        Some(first) if reason.is_none() => Err(DraftError::NeedsReason {
            warnings: verdict.count(Severity::Warning),
            first: first.detail.clone(),
        }),
        _ => Ok(()),
    }
}

/// Whose ground the new areas were.
async fn trace_lineage(
    workspace: &Arc<Workspace>,
) -> Result<Vec<(AreaId, Vec<AreaId>)>, ServiceError> {
    let (old, new): (Vec<AreaId>, Vec<AreaId>) = workspace
        .entries()
        .keys()
        .partition(|id| workspace.standing(**id).is_some());
    // Without both there is nothing to inherit, and a territory need not be compared with
    // nothing.
    if old.is_empty() || new.is_empty() {
        return Ok(Vec::new());
    }
    let (changes, _) = compare_off_thread(Arc::clone(workspace)).await?;
    Ok(changes
        .into_iter()
        .filter(|change| !change.made_from.is_empty())
        .map(|change| (change.id, change.made_from))
        .collect())
}

/// Areas to write and areas to end. What is as it was is neither.
fn what_differs(workspace: &Workspace, outcome: &Atlas) -> (Vec<Area>, Vec<AreaId>) {
    let entries = workspace.entries();
    let put = outcome.areas().iter().filter(|area| {
        entries.contains_key(&area.id)
            && workspace
                .standing(area.id)
                .is_none_or(|standing| standing != *area)
    });
    let removed = entries.iter().filter(|(id, entry)| {
        matches!(entry, DraftEntry::Removed) && workspace.standing(**id).is_some()
    });
    (
        put.map(|area| area.as_ref().clone()).collect(),
        removed.map(|(id, _)| *id).collect(),
    )
}
