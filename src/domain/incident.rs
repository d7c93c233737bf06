//! Incidents, their tasks and their history.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::Timestamp;
use super::actor::{Actor, Role};
use super::area::AreaRef;
use super::catalogue::Priority;
use super::code::AreaCode;
use super::identity::{IncidentId, MediaId, OrganisationId, ServiceCode, TaskId, WorkerId};
use super::media::Media;
use super::personal::{PersonName, Phone};
use super::position::LngLat;
use super::words::words;
use super::workflow::Action;

words! {
    /// The seven standard steps' states.
    pub enum Status ("status") {
        /// 信息收集
        Reported = "reported",
        /// 案卷建立
        Filed = "filed",
        /// 任务派遣
        Dispatched = "dispatched",
        /// 任务处理
        Handling = "handling",
        /// 处理反馈, being checked
        Verifying = "verifying",
        /// 核查结案
        Closed = "closed",
        /// 综合评价
        Evaluated = "evaluated",
    }
}

impl Status {
    /// True while somebody still has something to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Evaluated)
    }
}

words! {
    /// How a closed incident ended.
    pub enum Outcome ("outcome") {
        Resolved = "resolved",
        /// 自办: done by the grid on the spot.
        SelfHandled = "self_handled",
        Duplicate = "duplicate",
        Rejected = "rejected",
    }
}

words! {
    /// Through which door an incident came.
    pub enum Source ("source") {
        Resident = "resident",
        Worker = "worker",
        /// 12345
        Hotline = "hotline",
        Sensor = "sensor",
        Department = "department",
        Dispatcher = "dispatcher",
    }
}

words! {
    /// How well a point was matched to the territory.
    pub enum Match ("match") {
        Grid = "grid",
        /// Inside the territory, but in no grid.
        Gap = "gap",
        Outside = "outside",
    }
}

words! {
    /// Whether a task leads or assists. An incident has one lead at a time.
    pub enum TaskRole ("task role") {
        Lead = "lead",
        Assist = "assist",
    }
}

words! {
    /// Where a task stands.
    pub enum TaskStatus ("task status") {
        Offered = "offered",
        Signed = "signed",
        FedBack = "fed_back",
        /// Sent back by the assignee (退单) and accepted by a dispatcher.
        Returned = "returned",
        /// Taken back by a dispatcher before it was signed.
        Recalled = "recalled",
        /// Ended with the incident's move elsewhere.
        Ended = "ended",
        /// Not signed in time, and given to somebody else.
        Expired = "expired",
    }
}

impl TaskStatus {
    /// True while the assignee has something to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Signed)
    }
}

words! {
    /// A request that a dispatcher must rule on.
    pub enum RequestKind ("request") {
        Return = "return",
        Extension = "extension",
    }
}

words! {
    /// How an incident stands against its deadlines.
    pub enum DeadlineState ("deadline state") {
        /// No clock runs.
        None = "none",
        OnTime = "on_time",
        /// Less than a fifth of the time is left.
        Warning = "warning",
        Late = "late",
    }
}

words! {
    /// In which order incidents are listed: by a time, and by identity at equal times.
    /// The time of the last change moves with every step: what changes while somebody
    /// pages goes on before what is newest, and is met again from the oldest on.
    #[derive(Default)]
    pub enum Sorting ("order") {
        #[default]
        NewestReported = "-reported_at",
        OldestReported = "reported_at",
        NewestUpdated = "-updated_at",
        OldestUpdated = "updated_at",
    }
}

impl Sorting {
    #[must_use]
    pub const fn is_by_update(self) -> bool {
        matches!(self, Self::NewestUpdated | Self::OldestUpdated)
    }

    #[must_use]
    pub const fn is_newest_first(self) -> bool {
        matches!(self, Self::NewestReported | Self::NewestUpdated)
    }

    /// Where the incident stands in the list.
    #[must_use]
    pub const fn place_of(self, incident: &Incident) -> (Timestamp, IncidentId) {
        let at = if self.is_by_update() {
            incident.updated_at
        } else {
            incident.reported_at
        };
        (at, incident.id)
    }
}

/// Who a task is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Assignee {
    Worker(WorkerId),
    Organisation(OrganisationId),
}

/// What one organisation or worker is to do about an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub role: TaskRole,
    pub assignee: Assignee,
    pub status: TaskStatus,
    pub offered_at: Timestamp,
    pub signed_at: Option<Timestamp>,
    pub fed_back_at: Option<Timestamp>,
    pub note: Option<String>,
    /// When an assistant must have signed and fed back. The lead's limits are the
    /// incident's.
    pub deadlines: Deadlines,
    /// Until when the offer of a rule stands; then it goes to the next.
    pub offer_until: Option<Timestamp>,
    /// True for a department that a township called (乡镇吹哨、部门报到): it must sign in
    /// time, or the centre above is told to see to it.
    pub summoned: bool,
    /// When the worker came to the place, as far as their positions tell.
    pub arrived_at: Option<Timestamp>,
}

impl Task {
    /// How an assisting task stands against its own clocks, which rest with the
    /// incident's.
    #[must_use]
    pub fn deadline_state(&self, now: Timestamp) -> DeadlineState {
        match self.status {
            TaskStatus::Offered => self.deadlines.state_before_signing(now),
            TaskStatus::Signed => self.deadlines.state_after_signing(now),
            _ => DeadlineState::None,
        }
    }
}

/// A superior centre's eye on an incident (督办), until it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Supervision {
    pub since: DateTime<Utc>,
    /// As it is written into the history.
    pub by: String,
    pub reason: String,
    pub answer_by: Option<DateTime<Utc>>,
}

/// A rule that has done its work on an incident: once for the time that the incident is
/// in one status with one holder, however many nodes run the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    pub rule: String,
    /// The incident's `status_since` when it fired.
    pub since: DateTime<Utc>,
}

/// A request on an incident that waits for a ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pending {
    pub kind: RequestKind,
    pub reason: String,
    /// For an extension: the new time limit that is asked for.
    pub until: Option<DateTime<Utc>>,
    pub task: TaskId,
}

/// An incident put off (挂账): its clock rests meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deferral {
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub reason: String,
}

/// Who reported an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporter {
    pub name: Option<PersonName>,
    pub phone: Option<Phone>,
}

/// When an assignee must have signed and fed back, and from when on it is pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Deadlines {
    /// When the clock was started: at dispatch, not at signing.
    pub started_at: Option<Timestamp>,
    pub sign_by: Option<Timestamp>,
    pub resolve_by: Option<Timestamp>,
    /// Less than a fifth of the time to sign is left from here on.
    pub sign_warning_at: Option<Timestamp>,
    pub resolve_warning_at: Option<Timestamp>,
}

impl Deadlines {
    /// Both limits count until the assignee has signed.
    #[must_use]
    pub fn state_before_signing(&self, now: Timestamp) -> DeadlineState {
        let signing = state(now, self.sign_by, self.sign_warning_at);
        signing.max(self.state_after_signing(now))
    }

    #[must_use]
    pub fn state_after_signing(&self, now: Timestamp) -> DeadlineState {
        state(now, self.resolve_by, self.resolve_warning_at)
    }
}

fn state(now: Timestamp, due: Option<Timestamp>, warning: Option<Timestamp>) -> DeadlineState {
    match due {
        None => DeadlineState::None,
        Some(due) if now > due => DeadlineState::Late,
        Some(_) if warning.is_some_and(|warning| now > warning) => DeadlineState::Warning,
        Some(_) => DeadlineState::OnTime,
    }
}

/// How often an incident went astray; each is visible and counted in appraisal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Counts {
    pub returns: u32,
    pub reworks: u32,
    pub escalations: u32,
    pub reopens: u32,
    /// Offers that nobody took in time, or that were taken away.
    pub reassignments: u32,
    pub supervisions: u32,
    pub warnings: u32,
}

/// The reporter's judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evaluation {
    /// 响应: somebody came or called.
    pub responded: bool,
    /// 解决: the matter is settled.
    pub resolved: bool,
    /// 满意: 1 (not at all) to 5 (very).
    #[schema(minimum = 1, maximum = 5)]
    pub satisfied: u8,
    pub comment: Option<String>,
}

/// The number an incident is known by: the day it was reported in China Standard
/// Time, then a running number that is never used twice: `20261122000123`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct IncidentNumber(pub String);

impl IncidentNumber {
    /// Numbers the `sequence`th incident of the system.
    #[must_use]
    pub fn new(reported_at: Timestamp, sequence: i64) -> Self {
        let day = (reported_at + chrono::TimeDelta::hours(8)).format("%Y%m%d");
        Self(format!("{day}{sequence:06}"))
    }
}

impl fmt::Display for IncidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An incident as it is reported, before the store has numbered it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewIncident {
    pub id: IncidentId,
    pub service: ServiceCode,
    pub priority: Priority,
    pub description: String,
    pub address: Option<String>,
    pub position: LngLat,
    pub matched: Match,
    pub chain: Vec<AreaRef>,
    pub source: Source,
    pub reporter: Option<Reporter>,
    pub form: Map<String, Value>,
    /// The centre that has to act first.
    pub holder: Option<OrganisationId>,
    /// A secret that lets its owner follow and judge the incident without an account.
    pub tracking_key: String,
    pub reported_at: Timestamp,
}

/// Something reported at a place: one status, one holder, one lead task and any number
/// of assisting ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    pub id: IncidentId,
    pub number: IncidentNumber,
    /// Raised by one with every step; an action names the version it was decided on.
    pub version: i64,
    pub service: ServiceCode,
    pub priority: Priority,
    pub description: String,
    pub address: Option<String>,
    pub position: LngLat,
    pub matched: Match,
    /// The areas that hold the place, from the top down, as they were when it was matched.
    pub chain: Vec<AreaRef>,
    pub source: Source,
    pub reporter: Option<Reporter>,
    pub form: Map<String, Value>,
    pub status: Status,
    pub outcome: Option<Outcome>,
    pub duplicate_of: Option<IncidentId>,
    pub holder: Option<OrganisationId>,
    /// When it came to its present status or holder.
    pub status_since: Timestamp,
    pub tasks: Vec<Task>,
    pub pending: Option<Pending>,
    pub deferral: Option<Deferral>,
    pub supervision: Option<Supervision>,
    /// The rules that have acted since `status_since`.
    pub fired: Vec<Fired>,
    pub deadlines: Deadlines,
    pub counts: Counts,
    pub evaluation: Option<Evaluation>,
    pub tracking_key: String,
    pub reported_at: Timestamp,
    pub updated_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl NewIncident {
    /// The incident once the store has given it a number: version 1, reported.
    #[must_use]
    pub fn numbered(self, number: IncidentNumber) -> Incident {
        Incident {
            id: self.id,
            number,
            version: 1,
            service: self.service,
            priority: self.priority,
            description: self.description,
            address: self.address,
            position: self.position,
            matched: self.matched,
            chain: self.chain,
            source: self.source,
            reporter: self.reporter,
            form: self.form,
            status: Status::Reported,
            outcome: None,
            duplicate_of: None,
            holder: self.holder,
            status_since: self.reported_at,
            tasks: Vec::new(),
            pending: None,
            deferral: None,
            supervision: None,
            fired: Vec::new(),
            deadlines: Deadlines::default(),
            counts: Counts::default(),
            evaluation: None,
            tracking_key: self.tracking_key,
            reported_at: self.reported_at,
            updated_at: self.reported_at,
            closed_at: None,
        }
    }
}

impl Incident {
    /// The deepest area of the chain.
    #[must_use]
    pub fn area(&self) -> Option<&AreaRef> {
        self.chain.last()
    }

    /// True when the place lies within the area.
    #[must_use]
    pub fn is_within(&self, area: &AreaCode) -> bool {
        self.chain.iter().any(|link| &link.code == area)
    }

    /// The open or fed-back lead task.
    #[must_use]
    pub fn lead(&self) -> Option<&Task> {
        self.tasks.iter().rfind(|task| {
            task.role == TaskRole::Lead
                && matches!(
                    task.status,
                    TaskStatus::Offered | TaskStatus::Signed | TaskStatus::FedBack
                )
        })
    }

    /// Assisting tasks that still have to be done.
    pub fn open_assists(&self) -> impl Iterator<Item = &Task> {
        self.tasks
            .iter()
            .filter(|task| task.role == TaskRole::Assist && task.status.is_open())
    }

    /// How the clocks stand. Before the lead signs both limits count, afterwards only
    /// the one for feeding back; the clock rests while the incident is deferred, and
    /// stops when it is fed back.
    #[must_use]
    pub fn deadline_state(&self, now: Timestamp) -> DeadlineState {
        match self.status {
            Status::Dispatched => self.deadlines.state_before_signing(now),
            Status::Handling if self.deferral.is_none() => self.deadlines.state_after_signing(now),
            _ => DeadlineState::None,
        }
    }
}

/// One step of an incident's history. Never changed once written.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentEvent {
    pub incident: IncidentId,
    /// The version the incident has after this step.
    pub version: i64,
    pub at: Timestamp,
    pub actor: String,
    pub role: Role,
    pub action: Action,
    pub from: Option<Status>,
    pub to: Status,
    /// The reason or remark that was given.
    pub note: Option<String>,
    /// What else the action carried.
    pub detail: Value,
}

impl IncidentEvent {
    /// The first entry of every history: version 1, nothing before it.
    #[must_use]
    pub fn report(incident: &NewIncident, actor: &Actor) -> Self {
        Self {
            incident: incident.id,
            version: 1,
            at: incident.reported_at,
            actor: actor.name.clone(),
            role: actor.role,
            action: Action::Report,
            from: None,
            to: Status::Reported,
            note: None,
            detail: json!({ "holder": incident.holder }),
        }
    }
}

/// What listeners are told about a step: enough to draw it, and no personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IncidentNotice {
    pub id: IncidentId,
    pub number: IncidentNumber,
    pub version: i64,
    pub action: Action,
    pub status: Status,
    pub priority: Priority,
    pub service: ServiceCode,
    #[serde(flatten)]
    pub position: LngLat,
    /// The deepest area of the chain.
    pub area: Option<AreaCode>,
    pub deadline_state: DeadlineState,
    pub at: DateTime<Utc>,
    /// A photo or document that was added. Then nothing else has changed: `version` and
    /// `action` are those of the last step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaId>,
}

impl IncidentNotice {
    /// That a step was taken.
    #[must_use]
    pub fn new(incident: &Incident, event: &IncidentEvent) -> Self {
        Self::told(incident, event.action, event.at)
    }

    /// That a file was added after the step `last`.
    #[must_use]
    pub fn of_media(incident: &Incident, last: Action, media: &Media) -> Self {
        Self {
            media: Some(media.id),
            ..Self::told(incident, last, media.at)
        }
    }

    fn told(incident: &Incident, action: Action, at: Timestamp) -> Self {
        Self {
            id: incident.id,
            number: incident.number.clone(),
            version: incident.version,
            action,
            status: incident.status,
            priority: incident.priority,
            service: incident.service.clone(),
            position: incident.position,
            area: incident.area().map(|area| area.code.clone()),
            deadline_state: incident.deadline_state(at),
            at,
            media: None,
        }
    }
}

/// A way to name an incident in an address: by identity or by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncidentKey {
    Id(IncidentId),
    Number(IncidentNumber),
}

/// Text that names no incident.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no incident {0:?}; an incident is named by its identity or its number")]
pub struct NoIncidentKey(String);

impl FromStr for IncidentKey {
    type Err = NoIncidentKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        if !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Number(IncidentNumber(text.to_owned())));
        }
        Err(NoIncidentKey(text.to_owned()))
    }
}
