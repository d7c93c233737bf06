//! Editions: the one in force, those before and those to come.

use std::sync::Arc;

use super::live::succeed_atlas;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::{Actor, Area, AreaCode, AreaId, Edition, EditionId, Timestamp};
use crate::index::Atlas;
use crate::store::{AreaVersion, NewEdition};

/// How many editions besides the one in force are kept in memory.
const KEPT: usize = 3;

/// Editions that were asked for lately, the latest last. Whoever asks for one that is
/// being loaded waits for it.
#[derive(Default)]
pub(super) struct Kept(tokio::sync::Mutex<Vec<Arc<Atlas>>>);

/// How a former state is brought back.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// Now when absent.
    pub effective_from: Option<Timestamp>,
    pub reason: String,
}

impl Services {
    /// All editions, the oldest first. Public, but for who published them and why.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list_editions(&self, actor: &Actor) -> Result<Vec<Edition>, ServiceError> {
        let mut editions = self.store().list_editions().await?;
        if !actor.role.permits(Permission::EditBoundaries) {
            for edition in &mut editions {
                edition.published_by = None;
                edition.reason = None;
            }
        }
        Ok(editions)
    }

    /// The areas of an edition. Public.
    ///
    /// # Errors
    /// When there is no such edition.
    pub async fn atlas_of(&self, edition: EditionId) -> Result<Arc<Atlas>, ServiceError> {
        let live = self.live().atlas();
        if live.edition().is_some_and(|known| known.id == edition) {
            return Ok(live);
        }
        let mut kept = self.inner.kept_editions.0.lock().await;
        let is_it = |atlas: &Arc<Atlas>| atlas.edition().is_some_and(|known| known.id == edition);
        let atlas = if let Some(at) = kept.iter().position(is_it) {
            kept.remove(at)
        } else {
            let editions = self.store().list_editions().await?;
            let edition = editions
                .into_iter()
                .find(|known| known.id == edition)
                .ok_or_else(|| ServiceError::not_found("edition", &edition))?;
            Arc::new(succeed_atlas(self.store(), &live, edition).await?)
        };
        kept.push(Arc::clone(&atlas));
        if kept.len() > KEPT {
            kept.remove(0);
        }
        Ok(atlas)
    }

    /// The areas in force at a time, past or to come; without a time, now. Public.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn atlas_at(&self, at: Option<Timestamp>) -> Result<Arc<Atlas>, ServiceError> {
        let Some(at) = at else {
            return Ok(self.live().atlas());
        };
        let editions = self.store().list_editions().await?;
        match editions
            .iter()
            .rfind(|edition| edition.effective_from <= at)
        {
            Some(edition) => self.atlas_of(edition.id).await,
            None => Ok(Arc::new(Atlas::empty())),
        }
    }

    /// What an area was in each edition, and what it was made from or became part of.
    /// Public.
    ///
    /// # Errors
    /// When no edition ever had the code.
    pub async fn list_area_versions(
        &self,
        code: &AreaCode,
    ) -> Result<Vec<AreaVersion>, ServiceError> {
        let versions = self.store().list_area_versions(code).await?;
        if versions.is_empty() {
            return Err(ServiceError::not_found("area", code));
        }
        Ok(versions)
    }

    /// Publishes the state of an earlier edition anew. Everything between stays in the
    /// history.
    ///
    /// # Errors
    /// When the actor may not edit all boundaries, there is no such edition, it is the
    /// latest one, or another was published meanwhile.
    pub async fn roll_back(
        &self,
        actor: &Actor,
        edition: EditionId,
        rollback: Rollback,
    ) -> Result<Edition, ServiceError> {
        actor.require(Permission::EditBoundaries)?;
        if let Some(own) = &actor.area {
            return Err(crate::domain::actor::Forbidden::OutsideArea(own.clone()).into());
        }
        if rollback.reason.trim().is_empty() {
            return Err(ServiceError::Invalid {
                field: "reason",
                why: "say why the territory goes back".into(),
            });
        }
        let latest = self
            .store()
            .list_editions()
            .await?
            .pop()
            .ok_or_else(|| ServiceError::not_found("edition", &edition))?;
        if latest.id == edition {
            return Err(ServiceError::Invalid {
                field: "edition",
                why: format!("edition {edition} is the latest: there is nothing to go back from"),
            });
        }
        let was = self.atlas_of(edition).await?;
        let is = self.atlas_of(latest.id).await?;
        let (put, removed) = difference(&is, &was);
        let was = was
            .edition()
            .ok_or_else(|| ServiceError::not_found("edition", &edition))?;
        let now = self.clock().now();
        let published = self
            .store()
            .publish_edition(NewEdition {
                base: Some(latest.id),
                title: was.title.clone(),
                notice: was.notice.clone(),
                effective_from: rollback.effective_from.unwrap_or(now).max(now),
                published_at: now,
                put,
                removed,
                published_by: Some(actor.name.clone()),
                reason: Some(rollback.reason.trim().to_owned()),
                restores: Some(edition),
                lineage: Vec::new(),
                draft: None,
            })
            .await?;
        self.enter_edition().await?;
        Ok(published)
    }

    /// Puts the edition that is in force now into this node's memory, and matches the open
    /// incidents to it.
    ///
    /// # Errors
    /// When the store cannot be read. The edition is published all the same, and the feed
    /// tries again.
    pub(super) async fn enter_edition(&self) -> Result<(), ServiceError> {
        self.wake_feed();
        self.bring_edition_into_force().await
    }
}

/// What has to be put and removed to make one set of areas another.
fn difference(is: &Atlas, shall: &Atlas) -> (Vec<Area>, Vec<AreaId>) {
    let before: std::collections::HashMap<AreaId, &Arc<Area>> =
        is.areas().iter().map(|area| (area.id, area)).collect();
    let after: std::collections::HashSet<AreaId> =
        shall.areas().iter().map(|area| area.id).collect();
    let put = shall.areas().iter().filter(|area| {
        before
            .get(&area.id)
            .is_none_or(|known| known.as_ref() != area.as_ref())
    });
    let removed = is.areas().iter().map(|area| area.id);
    (
        put.map(|area| area.as_ref().clone()).collect(),
        removed.filter(|id| !after.contains(id)).collect(),
    )
}
