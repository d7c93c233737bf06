//! Duty rosters (排班表): who is on duty in a slot of an area, by date and shift.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::{self, Write};
use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::shift::{Shift, ShiftCode};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::code::AreaCode;
use crate::domain::identity::WorkerId;
use crate::domain::people::{Post, Slot, WorkerRole};

/// Somebody who is to be on duty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    #[schema(value_type = String)]
    pub area: AreaCode,
    pub slot: Slot,
    pub date: NaiveDate,
    /// A code of the rules' shifts.
    #[schema(value_type = String)]
    pub shift: ShiftCode,
    pub worker: WorkerId,
    /// Who holds the post and is not there (替班).
    pub stands_in_for: Option<WorkerId>,
}

/// Somebody who is on duty, and when: the hours of the shift as they were when the roster
/// was written. What becomes of the shift later does not touch them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Duty {
    #[serde(flatten)]
    pub plan: Plan,
    pub from: DateTime<Utc>,
    /// Not included.
    pub until: DateTime<Utc>,
}

/// Why somebody cannot be on duty as planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DutyFault {
    #[error("the area is not one of those that the roster is of")]
    OutsideArea,
    #[error("the date is not one of those that the roster is of")]
    OutsideDates,
    #[error("there is no such shift; the rules name the shifts")]
    UnknownShift,
    #[error("there is no worker {0} that you may place")]
    UnknownWorker(WorkerId),
    #[error("a worker of the role {role} cannot hold the slot")]
    Unfit { role: WorkerRole },
    #[error("the worker is there twice")]
    Twice,
    #[error("the worker {0} does not hold the post then, so nobody stands in for them")]
    NobodyToStandInFor(WorkerId),
    #[error("others hold the post then; say for whom the worker stands in")]
    ForWhom,
    #[error("nobody stands in for themself")]
    ForThemself,
}

/// A plan that was not followed, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{plan}: {fault}")]
pub struct Refused {
    pub plan: Plan,
    pub fault: DutyFault,
}

/// What is needed to judge plans.
#[derive(Debug, Clone, Copy)]
pub struct Planning<'a> {
    pub shifts: &'a [Shift],
    pub calendar: &'a Calendar,
    pub areas: &'a HashSet<AreaCode>,
    pub dates: &'a Range<NaiveDate>,
    /// Of those who may be placed.
    pub roles: &'a HashMap<WorkerId, WorkerRole>,
    /// All posts in the areas.
    pub posts: &'a [Post],
}

/// What came of plans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    pub duties: Vec<Duty>,
    pub refused: Vec<Refused>,
}

impl Duty {
    /// True while the duty lasts.
    #[must_use]
    pub fn runs(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            area,
            slot,
            date,
            shift,
            worker,
            ..
        } = self;
        write!(f, "{date} {shift}, {slot} of {area}, worker {worker}")
    }
}

impl Planning<'_> {
    /// Gives plans their hours and sets aside those that cannot be followed. Whoever is on
    /// duty holds the post when the shift begins, or stands in for somebody who does; where
    /// nobody holds it, anybody whom the slot takes may be on duty.
    #[must_use]
    pub fn judge(&self, plans: Vec<Plan>) -> Judged {
        let mut holders: HashMap<(&AreaCode, Slot), Vec<&Post>> = HashMap::new();
        for post in self.posts {
            let held = holders.entry((&post.area, post.slot)).or_default();
            held.push(post);
        }
        let mut seen = HashSet::new();
        let mut judged = Judged::default();
        for plan in plans {
            let is_new = seen.insert(Plan {
                stands_in_for: None,
                ..plan.clone()
            });
            let posts = holders.get(&(&plan.area, plan.slot));
            let posts = posts.map_or(&[][..], Vec::as_slice);
            match self.hours_of(&plan, posts) {
                Ok(_) if !is_new => judged.refuse(plan, DutyFault::Twice),
                Ok(hours) => judged.duties.push(Duty {
                    plan,
                    from: hours.start,
                    until: hours.end,
                }),
                Err(fault) => judged.refuse(plan, fault),
            }
        }
        judged
    }

    /// When a plan's duty begins and ends; `posts` are those of its slot.
    fn hours_of(&self, plan: &Plan, posts: &[&Post]) -> Result<Range<Timestamp>, DutyFault> {
        if !self.areas.contains(&plan.area) {
            return Err(DutyFault::OutsideArea);
        }
        if !self.dates.contains(&plan.date) {
            return Err(DutyFault::OutsideDates);
        }
        let mut shifts = self.shifts.iter();
        let shift = shifts.find(|shift| shift.code == plan.shift);
        let hours = shift
            .ok_or(DutyFault::UnknownShift)?
            .hours(plan.date, self.calendar);
        let role = self.roles.get(&plan.worker).copied();
        let role = role.ok_or(DutyFault::UnknownWorker(plan.worker))?;
        if !plan.slot.takes(role) {
            return Err(DutyFault::Unfit { role });
        }
        let mut held = posts.iter().filter(|post| post.is_held(hours.start));
        match plan.stands_in_for {
            Some(absent) if absent == plan.worker => Err(DutyFault::ForThemself),
            Some(absent) if held.any(|post| post.worker == absent) => Ok(hours),
            Some(absent) => Err(DutyFault::NobodyToStandInFor(absent)),
            None => {
                let mut holders = held.map(|post| post.worker).peekable();
                if holders.peek().is_none() || holders.any(|holder| holder == plan.worker) {
                    Ok(hours)
                } else {
                    Err(DutyFault::ForWhom)
                }
            }
        }
    }
}

impl Judged {
    fn refuse(&mut self, plan: Plan, fault: DutyFault) {
        self.refused.push(Refused { plan, fault });
    }
}

/// What a new roster makes of the one before it, for the same areas and dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterChange {
    pub removed: Vec<Duty>,
    pub added: Vec<Duty>,
    /// Who is on duty by it now and was not before.
    pub coming: Vec<WorkerId>,
    /// Who was on duty by the one before and is not now.
    pub leaving: Vec<WorkerId>,
    /// Whoever has other duties than before.
    pub touched: Vec<WorkerId>,
}

impl RosterChange {
    #[must_use]
    pub fn between(before: &[Duty], after: &[Duty], now: Timestamp) -> Self {
        let running = |duties: &[Duty]| -> BTreeSet<WorkerId> {
            let duties = duties.iter().filter(|duty| duty.runs(now));
            duties.map(|duty| duty.plan.worker).collect()
        };
        let (was, is) = (running(before), running(after));
        let [before, after] = [before, after].map(|duties| duties.iter().collect::<BTreeSet<_>>());
        let touched: BTreeSet<WorkerId> = before
            .symmetric_difference(&after)
            .map(|duty| duty.plan.worker)
            .collect();
        Self {
            removed: before.difference(&after).copied().cloned().collect(),
            added: after.difference(&before).copied().cloned().collect(),
            coming: is.difference(&was).copied().collect(),
            leaving: was.difference(&is).copied().collect(),
            touched: touched.into_iter().collect(),
        }
    }
}

/// The same plans some days later. To stand in for somebody is an exception: their turn
/// falls to those again for whom others stood in.
#[must_use]
pub fn carry_forward(duties: &[Duty], by: TimeDelta) -> Vec<Plan> {
    let plans: BTreeSet<Plan> = duties
        .iter()
        .filter_map(|Duty { plan, .. }| {
            Some(Plan {
                date: plan.date.checked_add_signed(by)?,
                worker: plan.stands_in_for.unwrap_or(plan.worker),
                stands_in_for: None,
                ..plan.clone()
            })
        })
        .collect();
    plans.into_iter().collect()
}

/// Tells one roster from another, in whatever order: 32 hexadecimal digits. Who writes a
/// roster says by it what they have seen.
#[must_use]
pub fn fingerprint(duties: &[Duty]) -> String {
    let sorted: BTreeSet<&Duty> = duties.iter().collect();
    let mut hash = Sha256::new();
    for Duty { plan, from, until } in sorted {
        let Plan {
            area,
            slot,
            date,
            shift,
            worker,
            stands_in_for: absent,
        } = plan;
        let absent = absent.map_or_else(String::new, |absent| absent.to_string());
        let hours = (from.timestamp_millis(), until.timestamp_millis());
        // The code of a shift is anybody's text, so it stands last, its quotes escaped.
        let line = format!(
            "{area} {slot} {date} {worker} {absent} {hours:?} {:?}\n",
            shift.0
        );
        hash.update(line);
    }
    hash.finalize()
        .iter()
        .take(16)
        .fold(String::with_capacity(32), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
