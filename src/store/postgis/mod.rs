//! The truth in `PostgreSQL` with PostGIS: for production, where geometry columns stay
//! usable by QGIS and SQL.

mod changes;
mod copy;
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
mod values;

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDate;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres, Transaction};
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

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgis");

/// How many connections a node holds at most; `PostgreSQL` allows 100 by default.
const MAX_CONNECTIONS: u32 = 32;

/// How long a request waits for a connection before it fails.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// See the module's text.
pub(super) struct PostgisStore {
    pool: PgPool,
}

impl PostgisStore {
    /// Connects; does not migrate.
    ///
    /// # Errors
    /// When the address is malformed or the server does not let us in.
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let mut options = PgConnectOptions::from_str(url)?;
        if options.get_application_name().is_none() {
            options = options.application_name("wangge");
        }
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(CONNECTION_TIMEOUT)
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }
}

/// Begins a transaction, to the end even when nobody waits for it any longer. sqlx forgets
/// a `BEGIN` that is given up after it was sent, as when a client hangs up: the pool then
/// hands on a connection inside a transaction, and what others write on it is never
/// committed.
#[expect(clippy::disallowed_methods, reason = "here it is begun to the end")]
async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin().await });
    // It does not end by itself but with the runtime.
    Ok(begun.await.unwrap_or(Err(sqlx::Error::PoolClosed))?)
}

#[async_trait]
impl Store for PostgisStore {
    fn kind(&self) -> &'static str {
        "postgis"
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        MIGRATIONS.run(&self.pool).await?;
        changes::forget_foreign_changes(&self.pool).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    async fn publish_edition(&self, edition: NewEdition) -> Result<Edition, StoreError> {
        territory::publish_edition(&self.pool, edition).await
    }

    async fn list_editions(&self) -> Result<Vec<Edition>, StoreError> {
        territory::list_editions(&self.pool).await
    }

    async fn load_areas(&self, edition: EditionId) -> Result<Vec<Area>, StoreError> {
        territory::load_areas(&self.pool, edition).await
    }

    async fn load_area_changes(
        &self,
        from: EditionId,
        to: EditionId,
    ) -> Result<AreaChanges, StoreError> {
        territory::load_area_changes(&self.pool, from, to).await
    }

    async fn list_area_versions(&self, code: &AreaCode) -> Result<Vec<AreaVersion>, StoreError> {
        history::list_area_versions(&self.pool, code).await
    }

    async fn open_draft(
        &self,
        draft: &Draft,
        first: &DraftStep,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), StoreError> {
        drafts::open_draft(&self.pool, draft, first, changes).await
    }

    async fn record_draft_step(
        &self,
        draft: &Draft,
        step: &DraftStep,
        changes: &[(AreaId, Option<DraftEntry>)],
    ) -> Result<(), StoreError> {
        drafts::record_draft_step(&self.pool, draft, step, changes).await
    }

    async fn discard_draft(
        &self,
        id: DraftId,
        version: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        drafts::discard_draft(&self.pool, id, version, now).await
    }

    async fn find_draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        drafts::find_draft(&self.pool, id).await
    }

    async fn list_drafts(
        &self,
        state: Option<DraftState>,
        limit: u32,
    ) -> Result<Vec<Draft>, StoreError> {
        drafts::list_drafts(&self.pool, state, limit).await
    }

    async fn load_draft_entries(
        &self,
        id: DraftId,
    ) -> Result<Vec<(AreaId, DraftEntry)>, StoreError> {
        drafts::load_draft_entries(&self.pool, id).await
    }

    async fn list_draft_steps(&self, id: DraftId) -> Result<Vec<DraftStep>, StoreError> {
        drafts::list_draft_steps(&self.pool, id).await
    }

    async fn find_draft_step(
        &self,
        id: DraftId,
        version: i64,
    ) -> Result<Option<DraftStep>, StoreError> {
        drafts::find_draft_step(&self.pool, id, version).await
    }

    async fn save_people(&self, people: &People, now: Timestamp) -> Result<(), StoreError> {
        people::save_people(&self.pool, people, now).await
    }

    async fn list_organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        people::list_organisations(&self.pool).await
    }

    async fn list_workers(&self) -> Result<Vec<PostedWorker>, StoreError> {
        people::list_workers(&self.pool).await
    }

    async fn find_worker(&self, id: WorkerId) -> Result<Option<PostedWorker>, StoreError> {
        people::find_worker(&self.pool, id).await
    }

    async fn set_duty(
        &self,
        worker: WorkerId,
        on_duty: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        people::set_duty(&self.pool, worker, on_duty, now).await
    }

    async fn find_post(&self, id: PostId) -> Result<Option<Post>, StoreError> {
        rosters::find_post(&self.pool, id).await
    }

    async fn save_post(&self, post: &Post, now: Timestamp) -> Result<(), StoreError> {
        rosters::save_post(&self.pool, post, now).await
    }

    async fn list_duties(&self, query: &DutyQuery) -> Result<Vec<Duty>, StoreError> {
        rosters::list_duties(&self.pool, query).await
    }

    async fn save_roster(&self, new: &NewRoster) -> Result<Vec<WorkerId>, StoreError> {
        rosters::save_roster(&self.pool, new).await
    }

    async fn is_roster_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        rosters::is_roster_due(&self.pool, now).await
    }

    async fn follow_roster(&self, now: Timestamp) -> Result<Vec<WorkerId>, StoreError> {
        rosters::follow_roster(&self.pool, now).await
    }

    async fn list_workloads(&self, query: &WorkloadQuery) -> Result<Vec<Workload>, StoreError> {
        rosters::list_workloads(&self.pool, query).await
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
        people::record_positions(&self.pool, fixes, track, now).await
    }

    async fn list_positions(&self, since: Option<Timestamp>) -> Result<Vec<Fix>, StoreError> {
        people::list_positions(&self.pool, since).await
    }

    async fn load_track(
        &self,
        worker: WorkerId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Fix>, StoreError> {
        tracks::load(&self.pool, worker, from, until).await
    }

    async fn drop_tracks_before(&self, day: NaiveDate) -> Result<(), StoreError> {
        tracks::drop_before(&self.pool, day).await
    }

    async fn keep_visits(&self, visits: &[Visit]) -> Result<(), StoreError> {
        presence::keep_visits(&self.pool, visits).await
    }

    async fn list_visits(&self, query: &VisitQuery) -> Result<Vec<Visit>, StoreError> {
        presence::list_visits(&self.pool, query).await
    }

    async fn drop_presence_before(&self, day: NaiveDate) -> Result<(), StoreError> {
        presence::drop_presence_before(&self.pool, day).await
    }

    async fn save_watch(&self, watch: &Watch) -> Result<(), StoreError> {
        presence::save_watch(&self.pool, watch).await
    }

    async fn end_watch(&self, worker: WorkerId) -> Result<bool, StoreError> {
        presence::end_watch(&self.pool, worker).await
    }

    async fn list_watches(&self) -> Result<Vec<Watch>, StoreError> {
        presence::list_watches(&self.pool).await
    }

    async fn raise_alarm(&self, alarm: &Alarm) -> Result<Raised, StoreError> {
        presence::raise_alarm(&self.pool, alarm).await
    }

    async fn settle_alarm(
        &self,
        id: AlarmId,
        settled: &Settled,
    ) -> Result<Option<Alarm>, StoreError> {
        presence::settle_alarm(&self.pool, id, settled).await
    }

    async fn find_alarm(&self, id: AlarmId) -> Result<Option<Alarm>, StoreError> {
        presence::find_alarm(&self.pool, id).await
    }

    async fn list_alarms(&self, query: &AlarmQuery) -> Result<Vec<Alarm>, StoreError> {
        presence::list_alarms(&self.pool, query).await
    }

    async fn file_incident(
        &self,
        incident: NewIncident,
        event: &IncidentEvent,
        key: Option<&IdempotencyKey>,
    ) -> Result<Filed, StoreError> {
        incidents::file_incident(&self.pool, incident, event, key).await
    }

    async fn record_step(&self, step: &Step) -> Result<(), StoreError> {
        incidents::record_step(&self.pool, step).await
    }

    async fn reserve_numbers(&self, count: u32) -> Result<i64, StoreError> {
        incidents::reserve_numbers(&self.pool, count).await
    }

    async fn import_history(
        &self,
        incidents: &[(Incident, Vec<IncidentEvent>)],
    ) -> Result<(), StoreError> {
        incidents::import_history(&self.pool, incidents).await
    }

    async fn find_incident(&self, key: &IncidentKey) -> Result<Option<Incident>, StoreError> {
        incidents::find_incident(&self.pool, key).await
    }

    async fn list_open_incidents(&self) -> Result<Vec<Incident>, StoreError> {
        incidents::list_open_incidents(&self.pool).await
    }

    async fn search_incidents(&self, query: &IncidentQuery) -> Result<Vec<Incident>, StoreError> {
        search::search_incidents(&self.pool, query).await
    }

    async fn count_incidents(
        &self,
        query: &IncidentQuery,
        by: Option<&Grouping>,
    ) -> Result<Vec<Group>, StoreError> {
        statistics::count_incidents(&self.pool, query, by).await
    }

    async fn list_events(&self, incident: IncidentId) -> Result<Vec<IncidentEvent>, StoreError> {
        incidents::list_events(&self.pool, incident).await
    }

    async fn add_media(&self, media: &Media, most: u32) -> Result<(), StoreError> {
        media::add_media(&self.pool, media, most).await
    }

    async fn find_media(&self, id: MediaId) -> Result<Option<Media>, StoreError> {
        media::find_media(&self.pool, id).await
    }

    async fn list_media(&self, incidents: &[IncidentId]) -> Result<Vec<Media>, StoreError> {
        media::list_media(&self.pool, incidents).await
    }

    async fn list_known_media(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
        media::list_known_media(&self.pool, ids).await
    }

    async fn save_rulebook(&self, new: &NewRulebook) -> Result<i64, StoreError> {
        rules::save_rulebook(&self.pool, new).await
    }

    async fn load_rulebook(
        &self,
        version: Option<i64>,
    ) -> Result<Option<KeptRulebook>, StoreError> {
        rules::load_rulebook(&self.pool, version).await
    }

    async fn list_rulebooks(&self) -> Result<Vec<RulebookVersion>, StoreError> {
        rules::list_rulebooks(&self.pool).await
    }

    async fn hold_lease(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        rules::hold_lease(&self.pool, name, holder, now, until).await
    }

    async fn add_webhook(&self, webhook: &Webhook, cursor: ChangeCursor) -> Result<(), StoreError> {
        departments::add_webhook(&self.pool, webhook, cursor).await
    }

    async fn change_webhook(
        &self,
        id: WebhookId,
        terms: &WebhookTerms,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        departments::change_webhook(&self.pool, id, terms, now).await
    }

    async fn rotate_secret(
        &self,
        id: WebhookId,
        secret: &SigningSecret,
        old_until: Timestamp,
    ) -> Result<bool, StoreError> {
        departments::rotate_secret(&self.pool, id, secret, old_until).await
    }

    async fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError> {
        departments::remove_webhook(&self.pool, id).await
    }

    async fn list_webhooks(&self) -> Result<Vec<KeptWebhook>, StoreError> {
        departments::list_webhooks(&self.pool).await
    }

    async fn queue_deliveries(
        &self,
        deliveries: &[Delivery],
        readings: &[Reading],
    ) -> Result<(), StoreError> {
        departments::queue_deliveries(&self.pool, deliveries, readings).await
    }

    async fn list_due_deliveries(
        &self,
        webhook: WebhookId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        departments::list_due_deliveries(&self.pool, webhook, now, limit).await
    }

    async fn settle_delivery(
        &self,
        after: &Delivery,
        at: Timestamp,
        news: &EndpointNews,
    ) -> Result<(), StoreError> {
        departments::settle_delivery(&self.pool, after, at, news).await
    }

    async fn list_deliveries(&self, query: &DeliveryQuery) -> Result<Vec<Delivery>, StoreError> {
        departments::list_deliveries(&self.pool, query).await
    }

    async fn replay_deliveries(
        &self,
        webhook: WebhookId,
        one: Option<(IncidentId, i64)>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        departments::replay_deliveries(&self.pool, webhook, one, now).await
    }

    async fn prune_deliveries(
        &self,
        delivered_before: Timestamp,
        dead_before: Timestamp,
    ) -> Result<(), StoreError> {
        departments::prune_deliveries(&self.pool, delivered_before, dead_before).await
    }

    async fn measure_webhook(&self, webhook: WebhookId) -> Result<WebhookHealth, StoreError> {
        departments::measure_webhook(&self.pool, webhook).await
    }

    async fn list_changed_incidents(
        &self,
        since: Timestamp,
        after: Option<IncidentId>,
        limit: u32,
    ) -> Result<Vec<Incident>, StoreError> {
        incidents::list_changed_incidents(&self.pool, since, after, limit).await
    }

    async fn claim_case(&self, case: &Case) -> Result<Case, StoreError> {
        departments::claim_case(&self.pool, case).await
    }

    async fn find_case(
        &self,
        organisation: OrganisationId,
        number: &str,
    ) -> Result<Option<Case>, StoreError> {
        departments::find_case(&self.pool, organisation, number).await
    }

    async fn list_cases(&self, incidents: &[IncidentId]) -> Result<Vec<Case>, StoreError> {
        departments::list_cases(&self.pool, incidents).await
    }

    async fn save_case_mapping(&self, mapping: &CaseMapping) -> Result<(), StoreError> {
        departments::save_case_mapping(&self.pool, mapping).await
    }

    async fn find_case_mapping(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<CaseMapping>, StoreError> {
        departments::find_case_mapping(&self.pool, organisation).await
    }

    async fn list_events_between(
        &self,
        incidents: &[IncidentId],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<IncidentEvent>, StoreError> {
        incidents::list_events_between(&self.pool, incidents, from, until).await
    }

    async fn latest_change(&self) -> Result<ChangeCursor, StoreError> {
        changes::latest_change(&self.pool).await
    }

    async fn read_changes(
        &self,
        after: ChangeCursor,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        changes::read_changes(&self.pool, after, limit).await
    }

    async fn prune_changes(&self, before: Timestamp) -> Result<(), StoreError> {
        changes::prune_changes(&self.pool, before).await
    }

    async fn change_horizon(&self) -> Result<ChangeCursor, StoreError> {
        changes::change_horizon(&self.pool).await
    }

    async fn save_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        people::save_access_key(&self.pool, key).await
    }

    async fn find_access_key(&self, digest: &[u8; 32]) -> Result<Option<AccessKey>, StoreError> {
        people::find_access_key(&self.pool, digest).await
    }
}
