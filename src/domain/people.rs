//! Workers, their posts and where they were last seen.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::code::AreaCode;
use super::identity::{OrganisationId, PostId, WorkerId};
use super::personal::Phone;
use super::position::LngLat;
use super::words::words;

words! {
    /// What kind of worker someone is.
    pub enum WorkerRole ("worker role") {
        /// 专职网格员
        FullTime = "full_time",
        /// 兼职网格员
        PartTime = "part_time",
        /// 微网格员
        Micro = "micro",
        /// 社区干部
        Cadre = "cadre",
        /// 志愿者
        Volunteer = "volunteer",
        /// 部门人员
        Officer = "officer",
        /// 调解员
        Mediator = "mediator",
    }
}

words! {
    /// The three slots of a grid's post (三方共管). An empty one is an alert.
    pub enum Slot ("slot") {
        Cadre = "cadre",
        GridWorker = "grid_worker",
        Volunteer = "volunteer",
    }
}

/// Anyone who can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub phone: Option<Phone>,
    pub role: WorkerRole,
    pub organisation: Option<OrganisationId>,
    /// Codes of `data/organisations.json`.
    pub skills: Vec<String>,
    /// How many open tasks the worker may hold at once.
    pub capacity: u16,
    pub on_duty: bool,
}

/// A worker's slot in an area over a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: PostId,
    pub worker: WorkerId,
    pub area: AreaCode,
    pub slot: Slot,
    pub from: Timestamp,
    /// `None` while it lasts.
    pub until: Option<Timestamp>,
}

impl Post {
    /// True when the post is held at `now`.
    #[must_use]
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// A worker's position: where, when, how exact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fix {
    pub worker: WorkerId,
    #[serde(flatten)]
    pub position: LngLat,
    /// When the device measured it.
    pub at: DateTime<Utc>,
    pub accuracy_m: Option<f32>,
    pub speed_mps: Option<f32>,
    /// Clockwise from north.
    pub heading_deg: Option<f32>,
}

/// How far into the future a device's clock may be before its fix is not believed.
pub const FUTURE_TOLERANCE_S: i64 = 60;

/// A fix older than this says nothing about anybody.
pub const OLDEST_HOURS: i64 = 24;

words! {
    /// Why a fix was set aside.
    pub enum SetAside ("reason") {
        /// The time lies in the future.
        Future = "future",
        /// Longitude and latitude are both zero: what a device without a fix sends.
        NullIsland = "null_island",
        /// Measured more than a day ago.
        TooOld = "too_old",
        /// A newer fix of the same worker is known.
        Late = "late",
        /// No such worker.
        UnknownWorker = "unknown_worker",
    }
}

impl Fix {
    /// Why the fix cannot be believed by itself, if so.
    #[must_use]
    pub fn implausible(&self, now: Timestamp) -> Option<SetAside> {
        if (self.at - now).num_seconds() > FUTURE_TOLERANCE_S {
            Some(SetAside::Future)
        } else if (now - self.at).num_hours() > OLDEST_HOURS {
            Some(SetAside::TooOld)
        } else if self.position.lon_e7() == 0 && self.position.lat_e7() == 0 {
            Some(SetAside::NullIsland)
        } else {
            None
        }
    }
}
