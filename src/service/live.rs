//! What every node holds in memory, rebuilt at start and kept current by the feed.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use arc_swap::ArcSwap;

use super::ServiceError;
use super::rules::RulesInForce;
use crate::domain::{Catalogue, Edition, Fix, Post, Timestamp, Worker};
use crate::index::{Atlas, Directory, Docket, Roster};
use crate::store::{Store, StoreError};

/// The territory, its people and the open incidents.
pub struct Live {
    atlas: ArcSwap<Atlas>,
    directory: ArcSwap<Directory>,
    roster: Roster,
    docket: RwLock<Docket>,
    rules: ArcSwap<RulesInForce>,
}

impl Live {
    /// Reads everything from the store.
    ///
    /// # Errors
    /// When the store cannot be read, the edition in force makes no atlas, or the rules do
    /// not fit the catalogue.
    pub async fn load(
        store: &dyn Store,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        let atlas = load_atlas(store, now).await?;
        let directory = Directory::build(store.list_organisations().await?);
        let (workers, fixes) = load_workers(store).await?;
        let roster = Roster::build(workers, fixes);
        let docket = Docket::build(store.list_open_incidents().await?);
        Ok(Self {
            atlas: ArcSwap::from_pointee(atlas),
            directory: ArcSwap::from_pointee(directory),
            roster,
            docket: RwLock::new(docket),
            rules: ArcSwap::from_pointee(RulesInForce::load(store, catalogue).await?),
        })
    }

    /// The edition in force, as of this call.
    #[must_use]
    pub fn atlas(&self) -> Arc<Atlas> {
        self.atlas.load_full()
    }

    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.load_full()
    }

    /// Always the same; it changes from within.
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    pub fn docket(&self) -> RwLockReadGuard<'_, Docket> {
        // A panic while writing leaves a docket that is at worst out of date, which the
        // feed mends.
        self.docket.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn docket_mut(&self) -> RwLockWriteGuard<'_, Docket> {
        self.docket.write().unwrap_or_else(PoisonError::into_inner)
    }

    #[must_use]
    pub fn rules(&self) -> Arc<RulesInForce> {
        self.rules.load_full()
    }

    /// Reads the rules anew.
    ///
    /// # Errors
    /// When the store cannot be read, or the rules do not fit the catalogue; the old ones
    /// stay.
    pub(crate) async fn reload_rules(
        &self,
        store: &dyn Store,
        catalogue: &Catalogue,
    ) -> Result<(), ServiceError> {
        let rules = RulesInForce::load(store, catalogue).await?;
        self.rules.store(Arc::new(rules));
        Ok(())
    }

    /// Swaps in the edition that is in force now, if it is another.
    ///
    /// # Errors
    /// As [`Live::load`]; the old edition stays.
    pub(crate) async fn reload_atlas(
        &self,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let known = self.atlas.load_full();
        let in_force = edition_in_force(store, now).await?;
        let known_id = known.edition().map(|edition| edition.id);
        if in_force.as_ref().map(|edition| edition.id) == known_id {
            return Ok(());
        }
        let next = match in_force {
            None => Atlas::empty(),
            Some(edition) => succeed_atlas(store, &known, edition).await?,
        };
        self.atlas.store(Arc::new(next));
        Ok(())
    }

    /// Reads organisations and workers anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn reload_people(&self, store: &dyn Store) -> Result<(), StoreError> {
        let directory = Directory::build(store.list_organisations().await?);
        let (workers, fixes) = load_workers(store).await?;
        self.directory.store(Arc::new(directory));
        self.roster.put_all(workers);
        self.roster.take_in(fixes);
        Ok(())
    }
}

async fn edition_in_force(
    store: &dyn Store,
    now: Timestamp,
) -> Result<Option<Edition>, StoreError> {
    let editions = store.list_editions().await?;
    let mut latest_first = editions.into_iter().rev();
    Ok(latest_first.find(|edition| edition.effective_from <= now))
}

async fn load_atlas(store: &dyn Store, now: Timestamp) -> Result<Atlas, ServiceError> {
    match edition_in_force(store, now).await? {
        None => Ok(Atlas::empty()),
        Some(edition) => build_atlas(store, edition).await,
    }
}

/// The atlas of an edition, of which that of an earlier one is at hand: what did not change
/// is neither read nor indexed again.
///
/// # Errors
/// As [`build_atlas`].
pub(super) async fn succeed_atlas(
    store: &dyn Store,
    known: &Arc<Atlas>,
    edition: Edition,
) -> Result<Atlas, ServiceError> {
    let from = known.edition().map(|known| known.id);
    let Some(from) = from.filter(|&from| from < edition.id) else {
        return build_atlas(store, edition).await;
    };
    let changes = store.load_area_changes(from, edition.id).await?;
    let known = Arc::clone(known);
    let succeed = tokio::task::spawn_blocking(move || {
        known.with_changes(edition, changes.put, &changes.removed)
    });
    Ok(succeed.await.map_err(|_| ServiceError::Interrupted)??)
}

/// Reads the areas of an edition and indexes them.
///
/// # Errors
/// When the store cannot be read or the areas make no atlas.
pub(super) async fn build_atlas(
    store: &dyn Store,
    edition: Edition,
) -> Result<Atlas, ServiceError> {
    let areas = store.load_areas(edition.id).await?;
    // A province takes a second of one core, which others wait for.
    let build = tokio::task::spawn_blocking(move || Atlas::build(edition, areas));
    Ok(build.await.map_err(|_| ServiceError::Interrupted)??)
}

/// Every worker with posts, and where they were last seen.
async fn load_workers(
    store: &dyn Store,
) -> Result<(Vec<(Worker, Vec<Post>)>, Vec<Fix>), StoreError> {
    let workers = store.list_workers().await?;
    let fixes = store.list_positions(None).await?;
    let workers = workers
        .into_iter()
        .map(|posted| (posted.worker, posted.posts));
    Ok((workers.collect(), fixes))
}
