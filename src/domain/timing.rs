//! The clocks of an incident: when things are due, by the limits of its service and the
//! calendar of the territory.

use chrono::TimeDelta;

use super::Timestamp;
use super::calendar::{Calendar, Pace};
use super::catalogue::Limits;
use super::incident::Deadlines;

/// What the clocks of one incident run by.
#[derive(Debug, Clone, Copy)]
pub struct Timing<'a> {
    pub limits: Limits,
    /// How long a summoned department has to sign, in natural minutes.
    pub summon_minutes: u32,
    pub calendar: &'a Calendar,
}

impl Timing<'_> {
    /// Starts the clocks of a task.
    #[must_use]
    pub fn start(&self, now: Timestamp) -> Deadlines {
        let sign_by = self.pace().due(now, minutes(self.limits.sign_minutes));
        self.until(now, sign_by)
    }

    /// As [`Timing::start`], for a department that was summoned.
    #[must_use]
    pub fn start_summons(&self, now: Timestamp) -> Deadlines {
        self.until(now, now + minutes(self.summon_minutes))
    }

    fn until(&self, now: Timestamp, sign_by: Timestamp) -> Deadlines {
        let resolve_by = self.pace().due(now, minutes(self.limits.resolve_minutes));
        Deadlines {
            started_at: Some(now),
            sign_by: Some(sign_by),
            resolve_by: Some(resolve_by),
            sign_warning_at: Some(self.warning_at(now, sign_by)),
            resolve_warning_at: Some(self.warning_at(now, resolve_by)),
        }
    }

    /// From when on a limit is pressing: less than a fifth of its time is left.
    #[must_use]
    pub fn warning_at(&self, started_at: Timestamp, due: Timestamp) -> Timestamp {
        self.pace().warning_at(started_at, due)
    }

    /// The deadlines of what was put off from `since` on until now: what was left of each
    /// limit is left of it again.
    #[must_use]
    pub fn resume(&self, deadlines: Deadlines, since: Timestamp, now: Timestamp) -> Deadlines {
        let again =
            |limit: Option<Timestamp>| limit.map(|limit| self.pace().resume(limit, since, now));
        Deadlines {
            started_at: deadlines.started_at,
            sign_by: again(deadlines.sign_by),
            resolve_by: again(deadlines.resolve_by),
            sign_warning_at: again(deadlines.sign_warning_at),
            resolve_warning_at: again(deadlines.resolve_warning_at),
        }
    }

    fn pace(&self) -> Pace<'_> {
        self.limits.clock.by(self.calendar)
    }
}

fn minutes(minutes: u32) -> TimeDelta {
    TimeDelta::minutes(minutes.into())
}
