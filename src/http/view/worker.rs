//! Workers as answered; phone numbers masked.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::Named;
use crate::domain::{AreaCode, LngLat, Slot, Timestamp, WorkerId, WorkerRole};
use crate::index::roster::Member;
use crate::service::Live;
use crate::service::people::WorkerState;

/// Somebody posted to a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostedWorker {
    pub id: WorkerId,
    pub name: String,
    pub role: WorkerRole,
    pub slot: Slot,
    pub on_duty: bool,
    /// Masked.
    #[schema(example = "199****0123")]
    pub phone: Option<String>,
}

impl PostedWorker {
    pub fn new(slot: Slot, member: &Member) -> Self {
        let worker = &member.worker;
        Self {
            id: worker.id,
            name: worker.name.clone(),
            role: worker.role,
            slot,
            on_duty: worker.on_duty,
            phone: worker
                .phone
                .as_ref()
                .map(crate::domain::personal::Phone::masked),
        }
    }
}

/// A post that a worker holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldPost {
    pub area: AreaCode,
    pub area_name: Option<String>,
    pub slot: Slot,
}

/// Where a worker was last seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastFix {
    #[serde(flatten)]
    pub position: LngLat,
    pub at: DateTime<Utc>,
    pub accuracy_m: Option<f32>,
    pub speed_mps: Option<f32>,
    /// Clockwise from north.
    pub heading_deg: Option<f32>,
}

/// A worker with posts, load and last position.
#[derive(Debug, Serialize, ToSchema)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub role: WorkerRole,
    /// Masked.
    pub phone: Option<String>,
    pub organisation: Option<Named>,
    pub skills: Vec<String>,
    pub on_duty: bool,
    /// Open tasks.
    pub load: u16,
    /// How many open tasks the worker may hold at once.
    pub capacity: u16,
    pub posts: Vec<HeldPost>,
    pub position: Option<LastFix>,
    pub position_age_s: Option<i64>,
    /// From the point asked for, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
}

impl Worker {
    pub fn new(live: &Live, state: &WorkerState, now: Timestamp) -> Self {
        let atlas = live.atlas();
        let worker = &state.member.worker;
        let fix = state.member.fix;
        Self {
            id: worker.id,
            name: worker.name.clone(),
            role: worker.role,
            phone: worker
                .phone
                .as_ref()
                .map(crate::domain::personal::Phone::masked),
            organisation: worker.organisation.and_then(|id| {
                live.directory().find(id).map(|organisation| Named {
                    id: id.0,
                    name: organisation.name.clone(),
                })
            }),
            skills: worker.skills.clone(),
            on_duty: worker.on_duty,
            load: state.load,
            capacity: worker.capacity,
            posts: state
                .member
                .posts
                .iter()
                .filter(|post| post.is_held(now))
                .map(|post| HeldPost {
                    area_name: atlas
                        .find(&post.area)
                        .map(|ordinal| atlas.area(ordinal).name.clone()),
                    area: post.area.clone(),
                    slot: post.slot,
                })
                .collect(),
            position: fix.map(|fix| LastFix {
                position: fix.position,
                at: fix.at,
                accuracy_m: fix.accuracy_m,
                speed_mps: fix.speed_mps,
                heading_deg: fix.heading_deg,
            }),
            position_age_s: fix.map(|fix| (now - fix.at).num_seconds().max(0)),
            distance_m: state.distance_m,
        }
    }
}
