//! Workers as answered; phone numbers masked.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::Named;
use crate::domain::personal::Phone;
use crate::domain::{AreaCode, LngLat, Slot, Timestamp, WorkerId, WorkerRole};
use crate::index::roster::Member;
use crate::index::{Atlas, Directory};
use crate::service::Live;
use crate::service::people::WorkerState;

/// Somebody posted to a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostedWorker<'a> {
    pub id: WorkerId,
    pub name: &'a str,
    pub role: WorkerRole,
    pub slot: Slot,
    pub on_duty: bool,
    /// Masked.
    #[schema(example = "199****0123")]
    pub phone: Option<String>,
}

impl<'a> PostedWorker<'a> {
    pub fn new(slot: Slot, member: &'a Member) -> Self {
        let worker = &member.worker;
        Self {
            id: worker.id,
            name: &worker.name,
            role: worker.role,
            slot,
            on_duty: worker.on_duty,
            phone: worker.phone.as_ref().map(Phone::masked),
        }
    }
}

/// A post that a worker holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldPost<'a> {
    pub area: &'a AreaCode,
    pub area_name: Option<&'a str>,
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
pub struct Worker<'a> {
    pub id: WorkerId,
    pub name: &'a str,
    pub role: WorkerRole,
    /// Masked.
    pub phone: Option<String>,
    pub organisation: Option<Named>,
    pub skills: &'a [String],
    pub on_duty: bool,
    /// Open tasks.
    pub load: u16,
    /// How many open tasks the worker may hold at once.
    pub capacity: u16,
    pub posts: Vec<HeldPost<'a>>,
    pub position: Option<LastFix>,
    pub position_age_s: Option<i64>,
    /// From the point asked for, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
}

/// What a worker is shown against, at one moment.
pub struct Backdrop {
    atlas: Arc<Atlas>,
    directory: Arc<Directory>,
    now: Timestamp,
}

impl Backdrop {
    pub fn new(live: &Live, now: Timestamp) -> Self {
        Self {
            atlas: live.atlas(),
            directory: live.directory(),
            now,
        }
    }
}

impl<'a> Worker<'a> {
    pub fn new(behind: &'a Backdrop, state: &'a WorkerState) -> Self {
        let Backdrop {
            atlas,
            directory,
            now,
        } = behind;
        let worker = &state.member.worker;
        let fix = state.member.fix;
        let name_of = |area| Some(atlas.area(atlas.find(area)?).name.as_str());
        let held = state.member.posts.iter().filter(|post| post.is_held(*now));
        Self {
            id: worker.id,
            name: &worker.name,
            role: worker.role,
            phone: worker.phone.as_ref().map(Phone::masked),
            organisation: worker.organisation.and_then(|id| {
                directory.find(id).map(|organisation| Named {
                    id: id.0,
                    name: organisation.name.clone(),
                })
            }),
            skills: &worker.skills,
            on_duty: worker.on_duty,
            load: state.load,
            capacity: worker.capacity,
            posts: held
                .map(|post| HeldPost {
                    area: &post.area,
                    area_name: name_of(&post.area),
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
            position_age_s: fix.map(|fix| (*now - fix.at).num_seconds().max(0)),
            distance_m: state.distance_m,
        }
    }
}
