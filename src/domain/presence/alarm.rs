//! Alarms about workers.

use crate::domain::Timestamp;
use crate::domain::code::AreaCode;
use crate::domain::identity::{AlarmId, WorkerId};
use crate::domain::position::LngLat;
use crate::domain::words::words;

words! {
    /// Why there is an alarm.
    pub enum AlarmKind ("alarm kind") {
        /// 一键求助: the worker calls for help.
        Panic = "panic",
        /// 静止: on a watch, and has not moved for too long.
        Still = "still",
        /// 失联: on a watch, and has sent nothing for too long.
        Silent = "silent",
    }
}

/// Somebody may be in danger, until it is settled. A worker has one open call for help and
/// one open alarm of the watch at the most.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub id: AlarmId,
    pub worker: WorkerId,
    pub kind: AlarmKind,
    pub at: Timestamp,
    /// Where the worker was last seen.
    pub position: Option<LngLat>,
    /// The deepest area there.
    pub area: Option<AreaCode>,
    /// What the worker said.
    pub note: Option<String>,
    pub settled: Option<Settled>,
}

/// How an alarm ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub at: Timestamp,
    pub by: String,
    pub note: Option<String>,
}
