//! The truth in one file. Writers take turns on a single connection; readers have
//! their own and never wait for them (write-ahead log). Another process may use the
//! same file, and waits its turn like everybody else.

mod access;
mod changes;
mod departments;
mod drafts;
mod history;
mod incidents;
mod media;
mod people;
mod presence;
mod rosters;
mod rules;
mod search;
mod statistics;
mod territory;
mod tracks;

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDate;
use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use super::{
    AccessKey, AlarmQuery, AreaChanges, AreaVersion, Case, CaseMapping, DeliveryQuery, DutyQuery,
    EndpointNews, Filed, Group, Grouping, IdempotencyKey, IncidentQuery, KeptRulebook, KeptWebhook,
    NewEdition, NewRoster, NewRulebook, People, PostedWorker, Raised, Reading, RulebookVersion,
    Store, StoreError, VisitQuery, WorkloadQuery,
};
use crate::domain::draft::{Draft, DraftEntry, DraftState, DraftStep};
use crate::domain::incident::{IncidentKey, NewIncident};
use crate::domain::posts::{Duty, Workload};
use crate::domain::presence::{Alarm, Settled, Visit, Watch};
use crate::domain::webhook::{Delivery, SigningSecret, Webhook, WebhookHealth, WebhookTerms};
use crate::domain::workflow::Step;
use crate::domain::{
    AlarmId, Area, AreaCode, AreaId, Change, ChangeCursor, DraftId, Edition, EditionId, Fix,
    Incident, IncidentEvent, IncidentId, Media, MediaId, Organisation, OrganisationId, Post,
    PostId, Timestamp, WebhookId, WorkerId,
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long to wait for another process; publishing a province takes some seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
const BUSY_PAUSE: Duration = Duration::from_millis(10);
const READERS: u32 = 4;
/// What each connection keeps of the file, in KiB behind a minus. What readers ask for is in
/// the memory of the service or new, and the system keeps the file for all of them.
const WRITER_CACHE: &str = "-65536";
const READER_CACHE: &str = "-8192";

/// A transaction that holds the file's only write lock from its beginning.
type Write = Transaction<'static, Sqlite>;

/// See the module's text.
pub(super) struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl SqliteStore {
    /// Opens the file that `sqlite://path` names, and makes it and the folders above it
    /// when they are not there. `sqlite::memory:` is gone when the store is dropped.
    ///
    /// # Errors
    /// When the address is none, or the file cannot be opened or made.
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            // With the write-ahead log only FULL brings a commit to the disk.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", WRITER_CACHE)
            .pragma("journal_size_limit", "67108864");
        let lasting = SqlitePoolOptions::new()
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(BUSY_TIMEOUT)
            .test_before_acquire(false);

        if url.contains(":memory:") || url.contains("mode=memory") {
            // It lives as long as its connection, and belongs to it alone.
            let only = lasting.max_connections(1).connect_with(options).await?;
            return Ok(Self {
                writer: only.clone(),
                reader: only,
            });
        }
        make_folder(options.get_filename())?;
        let writer = lasting.clone().max_connections(1);
        let writer = connect_first(writer, options.clone()).await?;
        let reader = lasting.max_connections(READERS).connect_lazy_with(
            options
                .pragma("query_only", "on")
                .pragma("cache_size", READER_CACHE),
        );
        Ok(Self { writer, reader })
    }

    /// Begins a transaction that writes. Taking the lock at once makes it impossible to
    /// fail later because somebody else wrote in between.
    async fn begin(&self) -> Result<Write, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Connects to a file that may be new, and gives it its write-ahead log. `SQLite` does
/// not wait for its turn at that, so when another process is just doing the same, we do.
async fn connect_first(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, sqlx::Error> {
    let options = options.journal_mode(SqliteJournalMode::Wal);
    let connecting = async {
        loop {
            match pool.clone().connect_with(options.clone()).await {
                Err(error) if is_busy(&error) => tokio::time::sleep(BUSY_PAUSE).await,
                connected => return connected,
            }
        }
    };
    tokio::time::timeout(BUSY_TIMEOUT, connecting)
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// `SQLITE_BUSY`, or one of its kinds, which have that code in their last byte.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

fn make_folder(file: &std::path::Path) -> Result<(), StoreError> {
    let Some(folder) = file.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        let why = format!("the folder {} cannot be made: {error}", folder.display());
        StoreError::Database(std::io::Error::new(error.kind(), why).into())
    })
}

#[async_trait]
impl Store for SqliteStore {
    fn kind(&self) -> &'static str {
        "sqlite"
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        // In one transaction, so that two processes that start together take turns.
        let mut tx = self.begin().await?;
        // `run` says the same, but its bounds do not hold for a connection in a `Send` future.
        MIGRATIONS.run_direct(None, &mut *tx, false).await?;
        Ok(tx.commit().await?)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.reader).await?;
        Ok(())
    }

    async fn publish_edition(&self, edition: NewEdition) -> Result<Edition, StoreError> {
        territory::publish_edition(self.begin().await?, edition).await
    }

    async fn list_editions(&self) -> Result<Vec<Edition>, StoreError> {
        territory::list_editions(&self.reader).await
    }

    async fn load_areas(&self, edition: EditionId) -> Result<Vec<Area>, StoreError> {
        territory::load_areas(&self.reader, edition).await
    }

    async fn load_area_changes(
        &self,
        from: EditionId,
        to: EditionId,
    ) -> Result<AreaChanges, StoreError> {
        territory::load_area_changes(&self.reader, from, to).await
    }

    async fn list_area_versions(&self, code: &AreaCode) -> Result<Vec<AreaVersion>, StoreError> {
        history::list_area_versions(&self.reader, code).await
    }

    async fn open_draft(
        &self,
        draft: &Draft,
        first: &DraftStep,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), StoreError> {
        drafts::open_draft(self.begin().await?, draft, first, changes).await
    }

    async fn record_draft_step(
        &self,
        draft: &Draft,
        step: &DraftStep,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), StoreError> {
        drafts::record_draft_step(self.begin().await?, draft, step, changes).await
    }

    async fn discard_draft(
        &self,
        id: DraftId,
        version: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        drafts::discard_draft(self.begin().await?, id, version, now).await
    }

    async fn find_draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        drafts::find_draft(&self.reader, id).await
    }

    async fn list_drafts(
        &self,
        state: Option<DraftState>,
        limit: u32,
    ) -> Result<Vec<Draft>, StoreError> {
        drafts::list_drafts(&self.reader, state, limit).await
    }

    async fn load_draft_entries(
        &self,
        id: DraftId,
    ) -> Result<Vec<(AreaId, DraftEntry)>, StoreError> {
        drafts::load_draft_entries(&self.reader, id).await
    }

    async fn list_draft_steps(&self, id: DraftId) -> Result<Vec<DraftStep>, StoreError> {
        drafts::list_draft_steps(&self.reader, id).await
    }

    async fn find_draft_step(
        &self,
        id: DraftId,
        version: i64,
    ) -> Result<Option<DraftStep>, StoreError> {
        drafts::find_draft_step(&self.reader, id, version).await
    }

    async fn save_people(&self, people: &People, now: Timestamp) -> Result<(), StoreError> {
        people::save_people(self.begin().await?, people, now).await
    }

    async fn list_organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        people::list_organisations(&self.reader).await
    }

    async fn list_workers(&self) -> Result<Vec<PostedWorker>, StoreError> {
        people::list_workers(&self.reader).await
    }

    async fn find_worker(&self, id: WorkerId) -> Result<Option<PostedWorker>, StoreError> {
        people::find_worker(&self.reader, id).await
    }

    async fn set_duty(
        &self,
        worker: WorkerId,
        on_duty: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        people::set_duty(self.begin().await?, worker, on_duty, now).await
    }

    async fn find_post(&self, id: PostId) -> Result<Option<Post>, StoreError> {
        rosters::find_post(&self.reader, id).await
    }

    async fn save_post(&self, post: &Post, now: Timestamp) -> Result<(), StoreError> {
        rosters::save_post(self.begin().await?, post, now).await
    }

    async fn list_duties(&self, query: &DutyQuery) -> Result<Vec<Duty>, StoreError> {
        rosters::list_duties(&self.reader, query).await
    }

    async fn save_roster(&self, new: &NewRoster) -> Result<Vec<WorkerId>, StoreError> {
        rosters::save_roster(self.begin().await?, new).await
    }

    async fn is_roster_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        rosters::is_roster_due(&self.reader, now).await
    }

    async fn follow_roster(&self, now: Timestamp) -> Result<Vec<WorkerId>, StoreError> {
        rosters::follow_roster(self.begin().await?, now).await
    }

    async fn list_workloads(&self, query: &WorkloadQuery) -> Result<Vec<Workload>, StoreError> {
        rosters::list_workloads(&self.reader, query).await
    }

    async fn record_positions(
        &self,
        fixes: &[Fix],
        track: &[Fix],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if fixes.is_empty() && track.is_empty() {
            return Ok(());
        }
        people::record_positions(self.begin().await?, fixes, track, now).await
    }

    async fn list_positions(&self, since: Option<Timestamp>) -> Result<Vec<Fix>, StoreError> {
        people::list_positions(&self.reader, since).await
    }

    async fn load_track(
        &self,
        worker: WorkerId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Fix>, StoreError> {
        tracks::load(&self.reader, worker, from, until).await
    }

    async fn drop_tracks_before(&self, day: NaiveDate) -> Result<(), StoreError> {
        tracks::drop_before(self.begin().await?, day).await
    }

    async fn keep_visits(&self, visits: &[Visit]) -> Result<(), StoreError> {
        presence::keep_visits(self.begin().await?, visits).await
    }

    async fn list_visits(&self, query: &VisitQuery) -> Result<Vec<Visit>, StoreError> {
        presence::list_visits(&self.reader, query).await
    }

    async fn drop_presence_before(&self, day: NaiveDate) -> Result<(), StoreError> {
        presence::drop_presence_before(self.begin().await?, day).await
    }

    async fn save_watch(&self, watch: &Watch) -> Result<(), StoreError> {
        presence::save_watch(self.begin().await?, watch).await
    }

    async fn end_watch(&self, worker: WorkerId) -> Result<bool, StoreError> {
        presence::end_watch(self.begin().await?, worker).await
    }

    async fn list_watches(&self) -> Result<Vec<Watch>, StoreError> {
        presence::list_watches(&self.reader).await
    }

    async fn raise_alarm(&self, alarm: &Alarm) -> Result<Raised, StoreError> {
        presence::raise_alarm(self.begin().await?, alarm).await
    }

    async fn settle_alarm(
        &self,
        id: AlarmId,
        settled: &Settled,
    ) -> Result<Option<Alarm>, StoreError> {
        presence::settle_alarm(self.begin().await?, id, settled).await
    }

    async fn find_alarm(&self, id: AlarmId) -> Result<Option<Alarm>, StoreError> {
        presence::find_alarm(&self.reader, id).await
    }

    async fn list_alarms(&self, query: &AlarmQuery) -> Result<Vec<Alarm>, StoreError> {
        presence::list_alarms(&self.reader, query).await
    }

    async fn file_incident(
        &self,
        incident: NewIncident,
        event: &IncidentEvent,
        key: Option<&IdempotencyKey>,
    ) -> Result<Filed, StoreError> {
        incidents::file_incident(self.begin().await?, incident, event, key).await
    }

    async fn record_step(&self, step: &Step) -> Result<(), StoreError> {
        incidents::record_step(self.begin().await?, step).await
    }

    async fn reserve_numbers(&self, count: u32) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let first = incidents::take_numbers(&mut tx, count).await?;
        tx.commit().await?;
        Ok(first)
    }

    async fn import_history(
        &self,
        incidents: &[(Incident, Vec<IncidentEvent>)],
    ) -> Result<(), StoreError> {
        incidents::import_history(self.begin().await?, incidents).await
    }

    async fn find_incident(&self, key: &IncidentKey) -> Result<Option<Incident>, StoreError> {
        incidents::find_incident(&self.reader, key).await
    }

    async fn list_open_incidents(&self) -> Result<Vec<Incident>, StoreError> {
        incidents::list_open_incidents(&self.reader).await
    }

    async fn search_incidents(&self, query: &IncidentQuery) -> Result<Vec<Incident>, StoreError> {
        search::search_incidents(&self.reader, query).await
    }

    async fn count_incidents(
        &self,
        query: &IncidentQuery,
        by: Option<&Grouping>,
    ) -> Result<Vec<Group>, StoreError> {
        statistics::count_incidents(&self.reader, query, by).await
    }

    async fn list_events(&self, incident: IncidentId) -> Result<Vec<IncidentEvent>, StoreError> {
        incidents::list_events(&self.reader, incident).await
    }

    async fn add_media(&self, media: &Media, most: u32) -> Result<(), StoreError> {
        media::add_media(self.begin().await?, media, most).await
    }

    async fn find_media(&self, id: MediaId) -> Result<Option<Media>, StoreError> {
        media::find_media(&self.reader, id).await
    }

    async fn list_media(&self, incidents: &[IncidentId]) -> Result<Vec<Media>, StoreError> {
        media::list_media(&self.reader, incidents).await
    }

    async fn list_known_media(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
        media::list_known_media(&self.reader, ids).await
    }

    async fn save_rulebook(&self, new: &NewRulebook) -> Result<i64, StoreError> {
        rules::save_rulebook(self.begin().await?, new).await
    }

    async fn load_rulebook(
        &self,
        version: Option<i64>,
    ) -> Result<Option<KeptRulebook>, StoreError> {
        rules::load_rulebook(&self.reader, version).await
    }

    async fn list_rulebooks(&self) -> Result<Vec<RulebookVersion>, StoreError> {
        rules::list_rulebooks(&self.reader).await
    }

    async fn hold_lease(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        rules::hold_lease(self.begin().await?, name, holder, now, until).await
    }

    async fn add_webhook(&self, webhook: &Webhook, cursor: ChangeCursor) -> Result<(), StoreError> {
        departments::add_webhook(self.begin().await?, webhook, cursor).await
    }

    async fn change_webhook(
        &self,
        id: WebhookId,
        terms: &WebhookTerms,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        departments::change_webhook(self.begin().await?, id, terms, now).await
    }

    async fn rotate_secret(
        &self,
        id: WebhookId,
        secret: &SigningSecret,
        old_until: Timestamp,
    ) -> Result<bool, StoreError> {
        departments::rotate_secret(self.begin().await?, id, secret, old_until).await
    }

    async fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError> {
        departments::remove_webhook(self.begin().await?, id).await
    }

    async fn list_webhooks(&self) -> Result<Vec<KeptWebhook>, StoreError> {
        departments::list_webhooks(&self.reader).await
    }

    async fn queue_deliveries(
        &self,
        deliveries: &[Delivery],
        readings: &[Reading],
    ) -> Result<(), StoreError> {
        departments::queue_deliveries(self.begin().await?, deliveries, readings).await
    }

    async fn list_due_deliveries(
        &self,
        webhook: WebhookId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        departments::list_due_deliveries(&self.reader, webhook, now, limit).await
    }

    async fn settle_delivery(
        &self,
        after: &Delivery,
        at: Timestamp,
        news: &EndpointNews,
    ) -> Result<(), StoreError> {
        departments::settle_delivery(self.begin().await?, after, at, news).await
    }

    async fn list_deliveries(&self, query: &DeliveryQuery) -> Result<Vec<Delivery>, StoreError> {
        departments::list_deliveries(&self.reader, query).await
    }

    async fn replay_deliveries(
        &self,
        webhook: WebhookId,
        one: Option<(IncidentId, i64)>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        departments::replay_deliveries(self.begin().await?, webhook, one, now).await
    }

    async fn prune_deliveries(
        &self,
        delivered_before: Timestamp,
        dead_before: Timestamp,
    ) -> Result<(), StoreError> {
        departments::prune_deliveries(self.begin().await?, delivered_before, dead_before).await
    }

    async fn measure_webhook(&self, webhook: WebhookId) -> Result<WebhookHealth, StoreError> {
        departments::measure_webhook(&self.reader, webhook).await
    }

    async fn list_changed_incidents(
        &self,
        since: Timestamp,
        after: Option<IncidentId>,
        limit: u32,
    ) -> Result<Vec<Incident>, StoreError> {
        incidents::list_changed_incidents(&self.reader, since, after, limit).await
    }

    async fn claim_case(&self, case: &Case) -> Result<Case, StoreError> {
        departments::claim_case(self.begin().await?, case).await
    }

    async fn find_case(
        &self,
        organisation: OrganisationId,
        number: &str,
    ) -> Result<Option<Case>, StoreError> {
        departments::find_case(&self.reader, organisation, number).await
    }

    async fn list_cases(&self, incidents: &[IncidentId]) -> Result<Vec<Case>, StoreError> {
        departments::list_cases(&self.reader, incidents).await
    }

    async fn save_case_mapping(&self, mapping: &CaseMapping) -> Result<(), StoreError> {
        departments::save_case_mapping(self.begin().await?, mapping).await
    }

    async fn find_case_mapping(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<CaseMapping>, StoreError> {
        departments::find_case_mapping(&self.reader, organisation).await
    }

    async fn list_events_between(
        &self,
        incidents: &[IncidentId],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<IncidentEvent>, StoreError> {
        incidents::list_events_between(&self.reader, incidents, from, until).await
    }

    async fn latest_change(&self) -> Result<ChangeCursor, StoreError> {
        changes::latest_change(&self.reader).await
    }

    async fn read_changes(
        &self,
        after: ChangeCursor,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        changes::read_changes(&self.reader, after, limit).await
    }

    async fn prune_changes(&self, before: Timestamp) -> Result<(), StoreError> {
        changes::prune_changes(self.begin().await?, before).await
    }

    async fn change_horizon(&self) -> Result<ChangeCursor, StoreError> {
        changes::change_horizon(&self.reader).await
    }

    async fn save_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        access::save_access_key(self.begin().await?, key).await
    }

    async fn find_access_key(&self, digest: &[u8; 32]) -> Result<Option<AccessKey>, StoreError> {
        access::find_access_key(&self.reader, digest).await
    }
}

/// Reads a word or code; `what` says in whose column it stands.
fn parse<T>(what: &'static str, text: &str) -> Result<T, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error| corrupt(what, error))
}

fn parse_time(what: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_timestamp_millis(millis)
        .ok_or_else(|| corrupt(what, format!("{millis} ms is out of the range of times")))
}

fn corrupt(what: &'static str, why: impl Display) -> StoreError {
    StoreError::Corrupt {
        what,
        why: why.to_string(),
    }
}
