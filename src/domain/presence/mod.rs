//! Presence from positions: who is in a grid and for how long, who has arrived where they
//! were sent, and who on a watch gives no sign of life. What the device cannot know it does
//! not decide: a fix is a circle, and a border that crosses the circle is not crossed.

mod alarm;
mod arrival;
mod visit;
mod watch;

pub use alarm::{Alarm, AlarmKind, Settled};
pub use arrival::Approach;
pub use visit::{Ground, Passage, Presence, Visit};
pub use watch::{Rest, Watch};

use serde::{Deserialize, Serialize};

use super::people::Fix;

/// By what somebody is said to be somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How exact a fix is taken to be that does not say.
    pub usual_accuracy_m: f64,
    /// No fix is taken to be more exact: between tall buildings devices flatter themselves.
    pub least_accuracy_m: f64,
    /// So many fixes in a row beyond the border, none of them certain …
    pub agreeing_fixes: u32,
    /// … over so long are believed of somebody who has moved.
    pub agreeing_s: u32,
    /// Whoever sends nothing for so long is no longer said to be anywhere.
    pub silent_after_s: u32,
    /// Whoever stays so long dwells; others pass through.
    pub dwell_s: u32,
    /// Whoever is so near to an incident, or nearer than their fix is exact, is there …
    pub arrival_m: f64,
    /// … when they stay for so long.
    pub arrival_s: u32,
    /// A fix less exact than this says nothing about arrival.
    pub arrival_accuracy_m: f64,
    /// Whoever stays within this on a watch is not moving.
    pub still_m: f64,
    /// After how long on a watch without moving or sending there is an alarm, when whoever
    /// asks for the watch does not say.
    pub watch_minutes: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            usual_accuracy_m: 25.0,
            least_accuracy_m: 5.0,
            agreeing_fixes: 5,
            agreeing_s: 60,
            silent_after_s: 10 * 60,
            dwell_s: 5 * 60,
            arrival_m: 50.0,
            arrival_s: 60,
            arrival_accuracy_m: 150.0,
            still_m: 30.0,
            watch_minutes: 30,
        }
    }
}

impl Policy {
    /// How far from a fix its device may be, in metres.
    fn blur_m(&self, fix: &Fix) -> f64 {
        let said = fix.accuracy_m.map_or(self.usual_accuracy_m, f64::from);
        said.max(self.least_accuracy_m)
    }

    /// True when whoever was somewhere within the circle of one fix cannot be within that of
    /// the other without having moved.
    fn has_moved(&self, from: &Fix, to: &Fix) -> bool {
        from.position.distance_m(to.position) > self.blur_m(from) + self.blur_m(to)
    }
}

#[cfg(test)]
mod tests;
