//! Use cases, one file each. They hold the store, the live state and the clock, and
//! every one is given the [`Actor`](crate::domain::Actor) who asks.

pub mod access;
pub mod areas;
pub mod bulk;
pub mod clock;
pub mod demonstration;
pub mod departments;
pub mod dispatching;
pub mod drafts;
pub mod duplicates;
pub mod editions;
pub mod error;
pub mod exporting;
pub mod features;
pub mod filing;
pub mod handling;
pub(crate) mod incident_view;
pub mod incidents;
pub mod layers;
mod lease;
pub mod live;
pub mod lookup;
pub mod media;
pub mod metering;
pub mod open311;
pub mod organisations;
pub mod overseeing;
pub mod people;
pub mod planning;
pub mod positions;
pub mod posts;
pub mod presence;
pub mod progress;
pub mod publishing;
mod rematching;
pub mod roads;
pub mod rosters;
pub mod rules;
pub mod staffing;
pub mod statistics;
pub mod tiles;
pub mod tracks;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use tokio::sync::Notify;
use uuid::Uuid;

use crate::domain::dispatch::Policy;
use crate::domain::duplicates::Vocabulary;
use crate::domain::presence::Policy as PresencePolicy;
use crate::domain::rules::Rulebook;
use crate::domain::{Catalogue, ChangeCursor, CodeScheme};
use crate::store::{Store, StoreError};

pub use clock::Clock;
pub use error::ServiceError;
pub use live::Live;

use access::KnownKeys;
use drafts::Desk;
use media::{MediaError, MediaPlace, Vault};
use positions::WriteBehind;
use roads::Roads;
use tiles::Tiles;

/// What the use cases need; cheap to clone.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    live: Live,
    loaded_at: ChangeCursor,
    catalogue: Catalogue,
    policy: Policy,
    presence: PresencePolicy,
    clock: Clock,
    wake: Notify,
    pending_positions: WriteBehind,
    known_keys: KnownKeys,
    schemes: Vec<CodeScheme>,
    kept_editions: editions::Kept,
    desk: Desk,
    /// One at a time: an edition takes seconds to read.
    entering_edition: tokio::sync::Mutex<()>,
    /// The edition that all open incidents were matched to last; 0 for none.
    rematched_to: AtomicI64,
    tiles: Tiles,
    keep_tracks_days: u16,
    vault: Vault,
    roads: Option<Roads>,
    /// How rare words are in reports.
    vocabulary: Vocabulary,
    /// By which other nodes know this one.
    node: Uuid,
}

/// What differs from one territory to another.
pub struct Setup {
    pub catalogue: Catalogue,
    pub policy: Policy,
    /// By what somebody is said to be somewhere.
    pub presence: PresencePolicy,
    /// How areas may be numbered; the first is taken when nothing is said.
    pub schemes: Vec<CodeScheme>,
    /// Where files wait while they are drafts.
    pub uploads: PathBuf,
    /// How long the ways that workers went are kept.
    pub keep_tracks_days: u16,
    /// Where photos and documents of incidents lie.
    pub media: MediaPlace,
    /// Where ways by roads are known; straight lines count without.
    pub roads: Option<Roads>,
}

impl Services {
    /// Loads the live state from a store whose tables are up to date.
    ///
    /// # Errors
    /// When the store cannot be read, what it holds makes no territory, or the place for
    /// photos and documents is none.
    pub async fn start(
        store: Arc<dyn Store>,
        setup: Setup,
        clock: Clock,
    ) -> Result<Self, ServiceError> {
        // Taken first: whatever changes while the state is read is read again by the feed.
        let loaded_at = store.latest_change().await?;
        let live = Live::load(store.as_ref(), &setup.catalogue, clock.now()).await?;
        let vault = Vault::open(&setup.media).map_err(MediaError::from)?;
        let node = clock.fresh_id();
        let vocabulary = duplicates::learn_words(&setup.catalogue, &live.docket());
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                live,
                loaded_at,
                catalogue: setup.catalogue,
                policy: setup.policy,
                presence: setup.presence,
                clock,
                wake: Notify::new(),
                pending_positions: WriteBehind::default(),
                known_keys: KnownKeys::default(),
                schemes: setup.schemes,
                kept_editions: editions::Kept::default(),
                desk: Desk::new(setup.uploads),
                entering_edition: tokio::sync::Mutex::new(()),
                rematched_to: AtomicI64::new(0),
                tiles: Tiles::default(),
                keep_tracks_days: setup.keep_tracks_days,
                vault,
                roads: setup.roads,
                vocabulary,
                node,
            }),
        })
    }

    #[must_use]
    pub fn store(&self) -> &dyn Store {
        self.inner.store.as_ref()
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    /// The place in the change log up to which the live state was current when it was
    /// loaded.
    #[must_use]
    pub fn loaded_at(&self) -> ChangeCursor {
        self.inner.loaded_at
    }

    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.inner.catalogue
    }

    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    #[must_use]
    pub fn presence_policy(&self) -> &PresencePolicy {
        &self.inner.presence
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Resolves when this node has written something to the change log.
    pub async fn written(&self) {
        self.inner.wake.notified().await;
    }

    /// Tells the feed that there is something to read.
    fn wake_feed(&self) {
        self.inner.wake.notify_one();
    }

    /// True when the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        self.store().ping().await
    }
}

/// The service catalogue that is built in.
///
/// # Errors
/// When the built-in file is broken, which a test excludes.
pub fn built_in_catalogue() -> Result<Catalogue, crate::domain::catalogue::CatalogueError> {
    Catalogue::parse(include_str!("../../data/services.json"))
}

/// The rules that hold until others are saved.
///
/// # Errors
/// When the built-in files are broken, which a test excludes.
pub fn built_in_rulebook() -> Result<Rulebook, serde_json::Error> {
    let mut book: serde_json::Value = serde_json::from_str(include_str!("../../data/rules.json"))?;
    book["calendar"] = serde_json::from_str(include_str!("../../data/calendars/china.json"))?;
    serde_json::from_value(book)
}

/// The code schemes that are built in.
///
/// # Errors
/// When the built-in file is broken, which a test excludes.
pub fn built_in_schemes() -> Result<Vec<CodeScheme>, serde_json::Error> {
    let file: crate::domain::code::CodeSchemes =
        serde_json::from_str(include_str!("../../data/code-schemes.json"))?;
    Ok(file.schemes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Rules;

    #[test]
    fn the_built_in_data_is_sound() {
        let catalogue = built_in_catalogue().unwrap();
        assert!(catalogue.services.len() >= 60);
        for service in &catalogue.services {
            assert!(service.limits.sign_minutes <= service.limits.resolve_minutes);
        }
        assert!(Rules::new(built_in_rulebook().unwrap(), &catalogue).is_ok());
        let schemes = built_in_schemes().unwrap();
        assert!(schemes.iter().any(|scheme| scheme.code == "cn-statistical"));
    }
}
