//! The truth: one trait, two databases behind it.
//!
//! A method is one transaction named after an intent. What it changes it also writes
//! to the change log, in the same transaction. Rows are private to the backends.
//!
//! Times are kept to the millisecond: finer ones come back without the rest.

mod announce;
mod departments;
mod figures;
mod grams;
mod postgis;
mod sqlite;

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::domain::draft::{Draft, DraftEntry, DraftState, DraftStep};
use crate::domain::figures::{CountedBy, Figure, Tally};
use crate::domain::incident::{IncidentKey, NewIncident, Sorting};
use crate::domain::posts::{Duty, Workload};
use crate::domain::presence::{Alarm, Settled, Visit, Watch};
use crate::domain::rules::Rulebook;
use crate::domain::webhook::{Delivery, SigningSecret, Webhook, WebhookHealth, WebhookTerms};
use crate::domain::workflow::Step;
use crate::domain::{
    Actor, AlarmId, Area, AreaCode, AreaId, AreaRef, BoundingBox, Change, ChangeCursor, DraftId,
    Edition, EditionId, Fix, Incident, IncidentEvent, IncidentId, IncidentNumber, Level, Media,
    MediaId, Organisation, OrganisationId, Phone, Post, PostId, Priority, ServiceCode, Source,
    Status, Timestamp, WebhookId, Worker, WorkerId,
};

pub use departments::{
    Case, CaseMapping, DeliveryPlace, DeliveryQuery, EndpointNews, KeptWebhook, Reading,
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
    #[error("the draft has gone on from version {expected}, or is no longer open")]
    StaleDraft { expected: i64 },
    #[error("the idempotency key was used before for another request")]
    KeyReused,
    #[error("the rules have gone on to version {latest}")]
    StaleRulebook { latest: i64 },
    #[error("there is no edition {0}")]
    NoEdition(EditionId),
    #[error("there is no incident {0}")]
    NoIncident(IncidentId),
    #[error("the incident has {most} files, and cannot have more")]
    TooManyMedia { most: u32 },
    #[error("there is no worker {0}")]
    NoWorker(WorkerId),
    #[error("the worker holds the post {0} in the same slot of the area at the same time")]
    PostOverlaps(PostId),
    #[error("the roster is not the one that the change was made on; read it again")]
    StaleRoster,
    #[error("{0:?} is no database: use sqlite://path/to/file.db or postgres://user@host/database")]
    UnknownScheme(String),
}

/// What makes the areas of an edition those of a later one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AreaChanges {
    /// New areas, and those that are otherwise than before, as they are then; in no order.
    pub put: Vec<Area>,
    /// Codes that no area has any more.
    pub removed: Vec<AreaCode>,
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
    pub published_by: Option<String>,
    /// Why it was published with defects that ask for a reason.
    pub reason: Option<String>,
    /// The edition whose state it brings back.
    pub restores: Option<EditionId>,
    /// For areas that were split or merged from others: whose ground they were.
    pub lineage: Vec<(AreaId, Vec<AreaId>)>,
    /// The open draft, in this version, that becomes the edition.
    pub draft: Option<(DraftId, i64)>,
}

/// An area as it was from one edition on, until another.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaVersion {
    pub area: Area,
    pub from: EditionId,
    /// The first edition that it is no longer in.
    pub until: Option<EditionId>,
    /// Whose ground it was split or merged from, when it was new in `from`.
    pub made_from: Vec<AreaId>,
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

/// Which duties to list. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DutyQuery {
    /// In exactly these areas.
    pub areas: Option<Vec<AreaCode>>,
    pub worker: Option<WorkerId>,
    /// The dates of the shifts.
    pub dates: Option<Range<NaiveDate>>,
    /// Those that last at some time of these.
    pub during: Option<Range<Timestamp>>,
}

/// The roster of some areas and dates on its way to take the place of another.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRoster {
    pub areas: Vec<AreaCode>,
    pub dates: Range<NaiveDate>,
    /// The [`fingerprint`](crate::domain::posts::fingerprint) of the one before.
    pub base: String,
    /// All of them in the areas and of the dates.
    pub duties: Vec<Duty>,
    pub at: Timestamp,
}

/// Which tasks of workers to add up. Conditions add up.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkloadQuery {
    /// Of incidents inside this area.
    pub within: Option<AreaRef>,
    /// Offered at this time or later.
    pub since: Timestamp,
    /// Offered before this time.
    pub until: Timestamp,
    /// By which what is open is late or not.
    pub now: Timestamp,
}

/// Which visits to list, by worker and beginning. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VisitQuery {
    pub worker: Option<WorkerId>,
    /// To exactly these areas.
    pub areas: Option<Vec<AreaCode>>,
    /// That lasted at some time of these; those that last now when absent.
    pub during: Option<Range<Timestamp>>,
}

/// Which alarms to list, the newest first. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlarmQuery {
    /// Not settled yet, or settled.
    pub is_open: Option<bool>,
    /// Only what comes after this place in the list.
    pub after: Option<(Timestamp, AlarmId)>,
    pub limit: u32,
}

/// An alarm, and whether this call raised it or it was open already.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    pub alarm: Alarm,
    pub repeated: bool,
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

/// Which incidents to list. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IncidentQuery {
    /// Any of these; empty for all.
    pub statuses: Vec<Status>,
    /// Matched inside this area, at the time.
    pub within: Option<AreaRef>,
    /// Matched to no area of this level.
    pub without: Option<Level>,
    /// Of any of these; empty for all.
    pub services: Vec<ServiceCode>,
    /// Any of these; empty for all.
    pub priorities: Vec<Priority>,
    /// Any of these; empty for all.
    pub sources: Vec<Source>,
    /// Led by this worker or organisation, now or at the end.
    pub lead: Option<Uuid>,
    /// Held first by a centre of this level, or by none.
    pub held_first: Option<HeldFirst>,
    /// With any of these numbers; empty for all.
    pub numbers: Vec<IncidentNumber>,
    /// Reported by somebody with this number, however it was written.
    pub phone: Option<Phone>,
    pub bounds: Option<BoundingBox>,
    /// Reported at this time or later.
    pub since: Option<Timestamp>,
    /// Reported at this time or earlier.
    pub until: Option<Timestamp>,
    /// Changed last at this time or later.
    pub updated_since: Option<Timestamp>,
    /// Changed last at this time or earlier.
    pub updated_until: Option<Timestamp>,
    /// Closed at this time or later.
    pub closed_since: Option<Timestamp>,
    /// Closed at this time or earlier.
    pub closed_until: Option<Timestamp>,
    /// Counted by all of these.
    pub figures: Vec<Figure>,
    /// Counted by none of these.
    pub not_figures: Vec<Figure>,
    /// When the figures are looked at.
    pub as_of: Timestamp,
    /// Part of the number, the description or the address; ASCII letters in either case.
    pub text: Option<String>,
    pub sorting: Sorting,
    /// Only what comes after this place in the list.
    pub after: Option<(Timestamp, IncidentId)>,
    /// So many of those found are passed over: for lists that must be paged by number.
    pub skip: u32,
    pub limit: u32,
}

/// The level of the centre that held an incident first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldFirst {
    At(Level),
    /// It was reported where there was no centre.
    Nowhere,
}

/// By what incidents are told apart when they are counted. What a group is known by is
/// text: a word, a code, or the place of the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grouping {
    Status,
    Service,
    Source,
    Priority,
    /// The areas of a level, by code.
    Area(Level),
    HeldFirst,
    /// Buckets of time, each from one of these times until the next. In order.
    Time(CountedBy, Vec<Timestamp>),
}

/// The figures of a group of incidents. The group has no key when what it is known by is
/// missing, such as the grid of what lies in none.
pub type Group = (Option<String>, Tally);

/// Rules on their way to become those of the territory.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRulebook {
    /// The version that they were made from; 0 for the first.
    pub base: i64,
    pub at: Timestamp,
    pub saved_by: String,
    /// Why they were changed.
    pub note: Option<String>,
    pub book: Rulebook,
}

/// When rules were saved, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulebookVersion {
    pub version: i64,
    pub at: Timestamp,
    pub saved_by: String,
    pub note: Option<String>,
}

/// The rules of the territory in one version.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRulebook {
    pub head: RulebookVersion,
    pub book: Rulebook,
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
    /// The draft that it was made in, if any, becomes published with it.
    ///
    /// # Errors
    /// [`StoreError::StaleEdition`] when `base` is not the latest edition;
    /// [`StoreError::StaleDraft`] when the draft is in another version or not open.
    async fn publish_edition(&self, edition: NewEdition) -> Result<Edition, StoreError>;

    /// All editions, the oldest first.
    async fn list_editions(&self) -> Result<Vec<Edition>, StoreError>;

    /// The areas of an edition, in no order.
    ///
    /// # Errors
    /// [`StoreError::NoEdition`].
    async fn load_areas(&self, edition: EditionId) -> Result<Vec<Area>, StoreError>;

    /// What makes the areas of an edition those of a later one.
    ///
    /// # Errors
    /// [`StoreError::NoEdition`].
    async fn load_area_changes(
        &self,
        from: EditionId,
        to: EditionId,
    ) -> Result<AreaChanges, StoreError>;

    /// Every version of the areas that ever had this code, and of all that they were made
    /// from or became part of, over any number of editions; by edition, then by code.
    async fn list_area_versions(&self, code: &AreaCode) -> Result<Vec<AreaVersion>, StoreError>;

    // Drafts

    /// Keeps a new draft with its first step and its entries, and announces it
    /// ([`Topic::Drafts`](crate::domain::Topic)), as every change of it.
    async fn open_draft(
        &self,
        draft: &Draft,
        first: &DraftStep,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), StoreError>;

    /// Writes a change of a draft: its new head, the step, and every entry that is
    /// different after it; `None` where the base holds again. Who made the draft and when
    /// stays as it is, and so does its state.
    ///
    /// # Errors
    /// [`StoreError::StaleDraft`] when the stored version is not the one before the
    /// step's, or the draft is not open.
    async fn record_draft_step(
        &self,
        draft: &Draft,
        step: &DraftStep,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), StoreError>;

    /// Gives an open draft up; its entries and its history stay.
    ///
    /// # Errors
    /// [`StoreError::StaleDraft`] as above.
    async fn discard_draft(
        &self,
        id: DraftId,
        version: i64,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    async fn find_draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError>;

    /// The newest first; all states when there is none.
    async fn list_drafts(
        &self,
        state: Option<DraftState>,
        limit: u32,
    ) -> Result<Vec<Draft>, StoreError>;

    /// What a draft makes of the areas that it changes, in no order.
    async fn load_draft_entries(
        &self,
        id: DraftId,
    ) -> Result<Vec<(AreaId, DraftEntry)>, StoreError>;

    /// The steps of a draft, the oldest first, without what was there before them.
    async fn list_draft_steps(&self, id: DraftId) -> Result<Vec<DraftStep>, StoreError>;

    /// A step, whole.
    async fn find_draft_step(
        &self,
        id: DraftId,
        version: i64,
    ) -> Result<Option<DraftStep>, StoreError>;

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

    // Posts and rosters

    async fn find_post(&self, id: PostId) -> Result<Option<Post>, StoreError>;

    /// Adds a post, or replaces it by identity, and announces its worker. Duties that the
    /// worker had in the slot as its holder, and that begin when the post is over, are
    /// taken off the roster, but for those that have begun.
    ///
    /// # Errors
    /// [`StoreError::NoWorker`]; [`StoreError::PostOverlaps`] when the worker holds another
    /// post in the same slot of the area at the same time.
    async fn save_post(&self, post: &Post, now: Timestamp) -> Result<(), StoreError>;

    /// In no order.
    async fn list_duties(&self, query: &DutyQuery) -> Result<Vec<Duty>, StoreError>;

    /// Puts a roster in the place of another. Whoever is on duty by it now and was not
    /// before comes on duty, and the other way round. Announces and returns the workers
    /// who have other duties, or came on or went off duty.
    ///
    /// # Errors
    /// [`StoreError::StaleRoster`] when `base` is not the one before.
    async fn save_roster(&self, new: &NewRoster) -> Result<Vec<WorkerId>, StoreError>;

    /// True when a duty has begun or ended by now since the roster was followed last.
    async fn is_roster_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Puts workers on duty whose duties have begun since the last time, and off duty those
    /// whose duties have ended. Whoever came or went by hand meanwhile stays so. Announces
    /// and returns those who came or went. Once for each beginning and end, whoever calls.
    async fn follow_roster(&self, now: Timestamp) -> Result<Vec<WorkerId>, StoreError>;

    /// What each worker had to do who was offered anything, by identity.
    async fn list_workloads(&self, query: &WorkloadQuery) -> Result<Vec<Workload>, StoreError>;

    // Positions

    /// Keeps each worker's newest fix; older ones are ignored. Announces the workers
    /// moved ([`Topic::Positions`](crate::domain::Topic)) in one change. Adds the points
    /// of `track` to the tracks of their workers, each once.
    async fn record_positions(
        &self,
        fixes: &[Fix],
        track: &[Fix],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Every worker's last fix, or those that were recorded at `since` or later.
    async fn list_positions(&self, since: Option<Timestamp>) -> Result<Vec<Fix>, StoreError>;

    /// A worker's track from a time on until before another, in order.
    async fn load_track(
        &self,
        worker: WorkerId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Fix>, StoreError>;

    /// Forgets everybody's tracks of the days before one, counted in UTC.
    async fn drop_tracks_before(&self, day: NaiveDate) -> Result<(), StoreError>;

    // Presence

    /// Keeps visits by worker and beginning, each once. One that is known and lasts is seen
    /// last at the later time, or ends; one that has ended stays as it is. Not announced.
    async fn keep_visits(&self, visits: &[Visit]) -> Result<(), StoreError>;

    /// By worker and beginning.
    async fn list_visits(&self, query: &VisitQuery) -> Result<Vec<Visit>, StoreError>;

    /// Forgets everybody's visits that began on the days before one, counted in UTC, and the
    /// alarms that were settled before it.
    async fn drop_presence_before(&self, day: NaiveDate) -> Result<(), StoreError>;

    /// Watches over a worker, in the place of the watch before. Not announced.
    async fn save_watch(&self, watch: &Watch) -> Result<(), StoreError>;

    /// False when there was no watch.
    async fn end_watch(&self, worker: WorkerId) -> Result<bool, StoreError>;

    /// All of them, by worker.
    async fn list_watches(&self) -> Result<Vec<Watch>, StoreError>;

    /// Raises an alarm and announces it ([`Topic::Alarms`](crate::domain::Topic)), unless
    /// one of the worker is open: a call for help for a call for help, an alarm of the watch
    /// for one of the watch. That one is returned then, and nothing is announced.
    async fn raise_alarm(&self, alarm: &Alarm) -> Result<Raised, StoreError>;

    /// Settles an alarm, lets the worker's watch begin anew, and announces it. One that is
    /// settled stays as it is; `None` when there is none.
    async fn settle_alarm(
        &self,
        id: AlarmId,
        settled: &Settled,
    ) -> Result<Option<Alarm>, StoreError>;

    async fn find_alarm(&self, id: AlarmId) -> Result<Option<Alarm>, StoreError>;

    /// At most `limit` alarms.
    async fn list_alarms(&self, query: &AlarmQuery) -> Result<Vec<Alarm>, StoreError>;

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

    /// At most `limit` incidents in the order of the query.
    async fn search_incidents(&self, query: &IncidentQuery) -> Result<Vec<Incident>, StoreError>;

    /// The figures of the incidents that a query finds, by groups; those without any are left
    /// out. One group without a key when nothing tells them apart. The order, the place and
    /// the size of the list mean nothing here.
    async fn count_incidents(
        &self,
        query: &IncidentQuery,
        by: Option<&Grouping>,
    ) -> Result<Vec<Group>, StoreError>;

    /// The history of an incident, from the first step on.
    async fn list_events(&self, incident: IncidentId) -> Result<Vec<IncidentEvent>, StoreError>;

    /// The steps of these incidents from one time to another, both included, in the order of
    /// their times.
    async fn list_events_between(
        &self,
        incidents: &[IncidentId],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<IncidentEvent>, StoreError>;

    // Photos and documents

    /// Adds what is known of a file to its incident, which stays in its version, and
    /// announces the incident.
    ///
    /// # Errors
    /// [`StoreError::NoIncident`]; [`StoreError::TooManyMedia`] when the incident has `most`
    /// already.
    async fn add_media(&self, media: &Media, most: u32) -> Result<(), StoreError>;

    async fn find_media(&self, id: MediaId) -> Result<Option<Media>, StoreError>;

    /// The files of these incidents, the oldest first.
    async fn list_media(&self, incidents: &[IncidentId]) -> Result<Vec<Media>, StoreError>;

    /// Which of these belong to an incident, in no order.
    async fn list_known_media(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError>;

    // Rules

    /// Keeps the next version of the rules and returns its number; announces it
    /// ([`Topic::Rules`](crate::domain::Topic)).
    ///
    /// # Errors
    /// [`StoreError::StaleRulebook`] when `base` is not the latest version.
    async fn save_rulebook(&self, new: &NewRulebook) -> Result<i64, StoreError>;

    /// The rules in a version, or the latest; `None` when there is no such version.
    async fn load_rulebook(&self, version: Option<i64>)
    -> Result<Option<KeptRulebook>, StoreError>;

    /// All versions, the newest first.
    async fn list_rulebooks(&self) -> Result<Vec<RulebookVersion>, StoreError>;

    /// Takes on what one node does for all, or goes on with it, until a time. False when
    /// another node has it.
    async fn hold_lease(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    // Departments

    /// Keeps a new endpoint, which hears of what stands in the change log after a place.
    async fn add_webhook(&self, webhook: &Webhook, cursor: ChangeCursor) -> Result<(), StoreError>;

    /// Gives an endpoint other terms; false when there is none. When it was paused and is
    /// not any more, what waits for it is tried at once, and for as long as if it were new.
    async fn change_webhook(
        &self,
        id: WebhookId,
        terms: &WebhookTerms,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives an endpoint another secret; that which it had signs until a time. False when
    /// there is no such endpoint.
    async fn rotate_secret(
        &self,
        id: WebhookId,
        secret: &SigningSecret,
        old_until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Removes an endpoint with all that was on its way to it; false when there is none.
    async fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError>;

    /// All endpoints, the oldest first.
    async fn list_webhooks(&self) -> Result<Vec<KeptWebhook>, StoreError>;

    /// Puts deliveries on their way and says how far the change log has been read for their
    /// endpoints. What is on its way or was settled already stays as it is.
    async fn queue_deliveries(
        &self,
        deliveries: &[Delivery],
        readings: &[Reading],
    ) -> Result<(), StoreError>;

    /// What is to be sent to an endpoint now: of each incident the first that waits, and
    /// the first that is replayed.
    async fn list_due_deliveries(
        &self,
        webhook: WebhookId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Writes what became of an attempt on a delivery that waits, and of its endpoint.
    async fn settle_delivery(
        &self,
        after: &Delivery,
        at: Timestamp,
        news: &EndpointNews,
    ) -> Result<(), StoreError>;

    /// Deliveries to an endpoint, the last queued first.
    async fn list_deliveries(&self, query: &DeliveryQuery) -> Result<Vec<Delivery>, StoreError>;

    /// Sends a dead delivery again, or all of an endpoint, and says how many.
    async fn replay_deliveries(
        &self,
        webhook: WebhookId,
        one: Option<(IncidentId, i64)>,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Forgets what was delivered before a time, and what was given up before another.
    async fn prune_deliveries(
        &self,
        delivered_before: Timestamp,
        dead_before: Timestamp,
    ) -> Result<(), StoreError>;

    async fn measure_webhook(&self, webhook: WebhookId) -> Result<WebhookHealth, StoreError>;

    /// At most `limit` incidents that changed at a time or later, by identity.
    async fn list_changed_incidents(
        &self,
        since: Timestamp,
        after: Option<IncidentId>,
        limit: u32,
    ) -> Result<Vec<Incident>, StoreError>;

    /// Gives a department's own number to an incident, and returns the case that has it:
    /// another one when the number was given before.
    async fn claim_case(&self, case: &Case) -> Result<Case, StoreError>;

    async fn find_case(
        &self,
        organisation: OrganisationId,
        number: &str,
    ) -> Result<Option<Case>, StoreError>;

    /// The cases of incidents, by incident, organisation and time.
    async fn list_cases(&self, incidents: &[IncidentId]) -> Result<Vec<Case>, StoreError>;

    /// Says what a department's own fields mean, in the place of what was said before.
    async fn save_case_mapping(&self, mapping: &CaseMapping) -> Result<(), StoreError>;

    async fn find_case_mapping(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<CaseMapping>, StoreError>;

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

/// The days on which visits of a time may have begun: none is longer than a day and the time
/// from one fix to the next.
fn visit_days(during: &Range<Timestamp>) -> impl Iterator<Item = NaiveDate> + use<> {
    days_of(during.start - TimeDelta::days(2), during.end)
}

/// The days that tracks of a time are kept under.
fn days_of(from: Timestamp, until: Timestamp) -> impl Iterator<Item = NaiveDate> {
    let last = until.date_naive();
    from.date_naive()
        .iter_days()
        .take_while(move |day| *day <= last)
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
