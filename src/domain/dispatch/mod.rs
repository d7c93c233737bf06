//! Who should go: a pure ranking of workers for one incident, and a plan for many at once.

mod plan;
mod rank;
mod road;

pub use plan::{
    ArriveBy, Assignment, Cost, Demand, Plan, Survey, Terms, Unassigned, WhyNot, WithinReach,
    find_within_reach,
};
pub use rank::{Candidate, LeftOut, Part, PartReason, Ranking, ScorePart, rank};
pub use road::{KnownWay, RoadTimes};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::area::AreaRef;
use super::code::AreaCode;
use super::level::Level;
use super::people::{Fix, Worker, WorkerRole};
use super::position::LngLat;
use super::words::words;

words! {
    /// Why a worker was left out.
    pub enum LeftOutReason ("reason") {
        OffDuty = "off_duty",
        NoPosition = "no_position",
        StalePosition = "stale_position",
        MissingSkill = "missing_skill",
        FullLoad = "full_load",
        OutOfRadius = "out_of_radius",
        /// The routing asks for workers of another role.
        OtherRole = "other_role",
        /// Could not be there before the deadline; asked by plans alone.
        TooLate = "too_late",
    }
}

/// How much each part counts, and the bounds beyond which nobody is sent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    pub radius_m: f64,
    /// A fix older than this says nothing about where the worker is.
    pub stale_after_s: i64,
    pub post_weight: f64,
    pub distance_weight: f64,
    pub load_weight: f64,
    pub skill_weight: f64,
    pub freshness_weight: f64,
    /// Scores no further apart than this are as good as each other: whoever sends one of
    /// them needs no reason, however positions jitter.
    pub margin: f64,
    /// How fast a worker comes nearer, over the ground as the crow flies, where the way by
    /// roads is not known.
    pub speed_mps: f64,
    /// In a plan, as how many seconds more of way each task counts that a worker carries
    /// already.
    pub carried_s: u32,
    /// In a plan, as how many seconds more of way it counts that a worker has no post here;
    /// less when the post is in the same community or township.
    pub elsewhere_s: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            radius_m: 5_000.0,
            stale_after_s: 15 * 60,
            post_weight: 0.35,
            distance_weight: 0.35,
            load_weight: 0.15,
            skill_weight: 0.05,
            freshness_weight: 0.10,
            margin: 0.05,
            // Electric bicycles through streets. The others as the weights above have it: a
            // post in the grid is worth the whole radius, one task of four a tenth of that.
            speed_mps: 4.0,
            carried_s: 120,
            elsewhere_s: 1_200,
        }
    }
}

impl Policy {
    /// How long it takes from the edge of the radius, along a straight line.
    fn longest_s(&self) -> f64 {
        self.radius_m / self.speed_mps
    }
}

/// What is to be done, as far as the ranking cares.
#[derive(Debug, Clone, Copy)]
pub struct Need<'a> {
    pub position: LngLat,
    /// The areas that hold the place, from the top down.
    pub chain: &'a [AreaRef],
    /// Only workers of this role.
    pub role: Option<WorkerRole>,
    pub skills: &'a [String],
}

/// A worker with all that the ranking looks at.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    pub worker: &'a Worker,
    /// For each post held now, the codes of the areas that hold it, its own included.
    pub posted: &'a [Vec<AreaCode>],
    pub fix: Option<&'a Fix>,
    /// Open tasks.
    pub load: u16,
}

impl Standing<'_> {
    /// Why the worker cannot be sent anywhere.
    fn hindrances(&self, policy: &Policy, now: Timestamp) -> Vec<LeftOutReason> {
        let age_s = self.fix.map(|fix| (now - fix.at).num_seconds());
        let is_stale = age_s.is_some_and(|age_s| age_s > policy.stale_after_s);
        let reasons = [
            (LeftOutReason::OffDuty, !self.worker.on_duty),
            (LeftOutReason::NoPosition, self.fix.is_none()),
            (LeftOutReason::StalePosition, is_stale),
            (LeftOutReason::FullLoad, self.load >= self.worker.capacity),
        ];
        let applying = reasons.into_iter().filter(|&(_, applies)| applies);
        applying.map(|(reason, _)| reason).collect()
    }

    /// Why the worker cannot do what is needed.
    fn shortcomings(&self, need: &Need<'_>) -> impl Iterator<Item = LeftOutReason> {
        let knows = |skill| self.worker.skills.contains(skill);
        let reasons = [
            (LeftOutReason::MissingSkill, !need.skills.iter().all(knows)),
            (
                LeftOutReason::OtherRole,
                need.role.is_some_and(|role| role != self.worker.role),
            ),
        ];
        let applying = reasons.into_iter().filter(|&(_, applies)| applies);
        applying.map(|(reason, _)| reason)
    }
}

/// What a post is worth by the deepest level that it shares with a place, in tenths.
const fn post_tenths(level: Level) -> u32 {
    match level {
        Level::Grid | Level::Microgrid => 10,
        Level::Community => 6,
        Level::Township => 3,
        Level::Province | Level::City | Level::County => 0,
    }
}
