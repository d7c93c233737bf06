//! The truth: one trait, two databases behind it.
//!
//! A method is one transaction named after an intent. What it changes it also writes
//! to the change log, in the same transaction. Rows are private to the backends.
//!
//! Times are kept to the millisecond: finer ones come back without the rest.

mod announce;
mod postgis;
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::incident::{IncidentKey, NewIncident};
use crate::domain::workflow::Step;
use crate::domain::{
    Actor, Area, AreaId, AreaRef, BoundingBox, Change, ChangeCursor, Edition, EditionId, Fix,
    Incident, IncidentEvent, IncidentId, Organisation, Post, ServiceCode, Status, Timestamp,
    Worker, WorkerId,
};

/// What can go wrong in the store. Nothing of a failed method remains.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    #[error("the database's tables could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("{what} in the database is not readable: {why}")]
    Corrupt { what: &'static str, why: String },
    #[error("the incident has gone on to another version than {expected}")]
    StaleIncident { expected: i64 },
    #[error("the territory has gone on to edition {latest:?}, but the change was made on {base:?}")]
    StaleEdition {
        base: Option<EditionId>,
        latest: Option<EditionId>,
    },
    #[error("the idempotency key was used before for another request")]
    KeyReused,
    #[error("there is no edition {0}")]
    NoEdition(EditionId),
    #[error("there is no worker {0}")]
    NoWorker(WorkerId),
    #[error("{0:?} is no database: use sqlite://path/to/file.db or postgres://user@host/database")]
    UnknownScheme(String),
}

/// A change of the territory that becomes an edition: areas that are new or different,
/// and areas that are gone. All others stay as they are in `base`.
#[derive(Debug, Clone)]
pub struct NewEdition {
    /// The latest edition when the change was made; `None` for the first.
    pub base: Option<EditionId>,
    pub title: String,
    pub notice: Option<String>,
    pub effective_from: Timestamp,
    pub published_at: Timestamp,
    pub put: Vec<Area>,
    pub removed: Vec<AreaId>,
}

/// Everyone who works in the territory.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub organisations: Vec<Organisation>,
    pub workers: Vec<Worker>,
    pub posts: Vec<Post>,
}

/// A worker with all their posts, past ones included.
#[derive(Debug, Clone, PartialEq)]
pub struct PostedWorker {
    pub worker: Worker,
    pub posts: Vec<Post>,
}

/// A caller's promise that a request with the same key is the same request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Who promised. Callers without credentials count as one, so they do well to choose
    /// keys that nobody guesses.
    pub scope: String,
    pub key: String,
    /// SHA-256 of the request, to tell a repetition from a mistake.
    pub fingerprint: [u8; 32],
}

/// A filed incident, and whether this request filed it or an earlier one with its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    pub incident: Incident,
    pub repeated: bool,
}

/// Which incidents to list, the newest first. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IncidentQuery {
    /// Any of these; empty for all.
    pub statuses: Vec<Status>,
    /// Matched inside this area, at the time.
    pub within: Option<AreaRef>,
    pub service: Option<ServiceCode>,
    pub bounds: Option<BoundingBox>,
    /// Reported at this time or later.
    pub since: Option<Timestamp>,
    /// Part of the number, the description or the address; ASCII letters in either case.
    pub text: Option<String>,
    /// Only what comes after this place in the list.
    pub after: Option<(Timestamp, IncidentId)>,
    pub limit: u32,
}

/// The credential of a person or machine: only a digest of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// SHA-256 of the key.
    pub digest: [u8; 32],
    pub actor: Actor,
    pub created_at: Timestamp,
}

/// See the module's text.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Which database this is, for messages: `sqlite` or `postgis`.
    fn kind(&self) -> &'static str;

    /// Brings the tables up to date.
    async fn migrate(&self) -> Result<(), StoreError>;

    /// Answers when the database does.
    async fn ping(&self) -> Result<(), StoreError>;

    // Territory

    /// Publishes an edition and announces it ([`Topic::Editions`](crate::domain::Topic)).
    ///
    /// # Errors
    /// [`StoreError::StaleEdition`] when `base` is not the latest edition.
    async fn publish_edition(&self, edition: NewEdition) -> Result<Edition, StoreError>;

    /// All editions, the oldest first.
    async fn list_editions(&self) -> Result<Vec<Edition>, StoreError>;

    /// The areas of an edition, in no order.
    ///
    /// # Errors
    /// [`StoreError::NoEdition`].
    async fn load_areas(&self, edition: EditionId) -> Result<Vec<Area>, StoreError>;

    // People

    /// Adds or replaces organisations, workers and posts by identity, and announces it.
    async fn save_people(&self, people: &People, now: Timestamp) -> Result<(), StoreError>;

    async fn list_organisations(&self) -> Result<Vec<Organisation>, StoreError>;

    async fn list_workers(&self) -> Result<Vec<PostedWorker>, StoreError>;

    async fn find_worker(&self, id: WorkerId) -> Result<Option<PostedWorker>, StoreError>;

    /// Puts a worker on or off duty, and announces it.
    ///
    /// # Errors
    /// [`StoreError::NoWorker`].
    async fn set_duty(
        &self,
        worker: WorkerId,
        on_duty: bool,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    // Positions

    /// Keeps each worker's newest fix; older ones are ignored. Announces the workers
    /// moved ([`Topic::Positions`](crate::domain::Topic)) in one change.
    async fn record_positions(&self, fixes: &[Fix], now: Timestamp) -> Result<(), StoreError>;

    /// Every worker's last fix, or those that were recorded at `since` or later.
    async fn list_positions(&self, since: Option<Timestamp>) -> Result<Vec<Fix>, StoreError>;

    // Incidents

    /// Numbers and keeps a new incident with the first entry of its history.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key stands for another request.
    async fn file_incident(
        &self,
        incident: NewIncident,
        event: &IncidentEvent,
        key: Option<&IdempotencyKey>,
    ) -> Result<Filed, StoreError>;

    /// Writes what an action made of an incident, if nobody was faster.
    ///
    /// # Errors
    /// [`StoreError::StaleIncident`] when the stored version is not the one before the
    /// step's.
    async fn record_step(&self, step: &Step) -> Result<(), StoreError>;

    /// Sets `count` incident numbers aside and returns the first.
    async fn reserve_numbers(&self, count: u32) -> Result<i64, StoreError>;

    /// Takes in incidents that were handled elsewhere, whole with their histories.
    /// Nothing is announced one by one.
    async fn import_history(
        &self,
        incidents: &[(Incident, Vec<IncidentEvent>)],
    ) -> Result<(), StoreError>;

    async fn find_incident(&self, key: &IncidentKey) -> Result<Option<Incident>, StoreError>;

    /// Every incident that is not closed or evaluated.
    async fn list_open_incidents(&self) -> Result<Vec<Incident>, StoreError>;

    /// At most `limit` incidents, by time of report and identity, the newest first.
    async fn search_incidents(&self, query: &IncidentQuery) -> Result<Vec<Incident>, StoreError>;

    /// The history of an incident, from the first step on.
    async fn list_events(&self, incident: IncidentId) -> Result<Vec<IncidentEvent>, StoreError>;

    // Change log

    /// The end of the log now: whatever is read from the store afterwards holds at least
    /// everything up to here.
    async fn latest_change(&self) -> Result<ChangeCursor, StoreError>;

    /// At most `limit` changes after a place, in order. A change that becomes visible
    /// later never stands before one that was returned.
    async fn read_changes(
        &self,
        after: ChangeCursor,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError>;

    /// Forgets changes older than a time.
    async fn prune_changes(&self, before: Timestamp) -> Result<(), StoreError>;

    /// The last change that was forgotten: nothing before it can be replayed.
    async fn change_horizon(&self) -> Result<ChangeCursor, StoreError>;

    // Access

    async fn save_access_key(&self, key: &AccessKey) -> Result<(), StoreError>;

    async fn find_access_key(&self, digest: &[u8; 32]) -> Result<Option<AccessKey>, StoreError>;
}

/// Opens the database that an address names, by its scheme: `sqlite` or `postgres`.
/// Does not migrate it.
///
/// # Errors
/// When the scheme is neither, or the database cannot be reached.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Arc::new(sqlite::SqliteStore::open(url).await?)),
        Some("postgres" | "postgresql") => Ok(Arc::new(postgis::PostgisStore::open(url).await?)),
        _ => Err(StoreError::UnknownScheme(url.to_owned())),
    }
}
