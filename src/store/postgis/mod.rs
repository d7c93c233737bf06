//! The truth in `PostgreSQL` with PostGIS: for production, where geometry columns stay
//! usable by QGIS and SQL.

mod changes;
mod copy;
mod drafts;
mod history;
mod incidents;
mod people;
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
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use super::{
    AccessKey, AreaChanges, AreaVersion, DutyQuery, Filed, Group, Grouping, IdempotencyKey,
    IncidentQuery, KeptRulebook, NewEdition, NewRoster, NewRulebook, People, PostedWorker,
    RulebookVersion, Store, StoreError, WorkloadQuery,
};
use crate::domain::draft::{Draft, DraftEntry, DraftState, DraftStep};
use crate::domain::incident::{IncidentKey, NewIncident};
use crate::domain::posts::{Duty, Workload};
use crate::domain::workflow::Step;
use crate::domain::{
    Area, AreaCode, AreaId, Change, ChangeCursor, DraftId, Edition, EditionId, Fix, Incident,
    IncidentEvent, IncidentId, Organisation, Post, PostId, Timestamp, WorkerId,
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
