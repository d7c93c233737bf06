//! Who should go where, for many incidents and many workers at once.
//!
//! Each incident gets one worker at most, its lead; each worker as many incidents at most
//! as their capacity leaves room for. Of all such plans, the best is the one that
//!
//! 1. **leaves as little as possible undone.** Incidents come in an order of precedence:
//!    the more pressing first, of equally pressing ones the one reported earlier, then by
//!    identity. Going down that order, an incident is left out only if no rearrangement
//!    could give it somebody without taking somebody from one before it. The sets of
//!    incidents that can be given at once are a matroid, so this leaves out no more
//!    incidents than any other plan, of every priority and of all together: it is the same
//!    as a penalty of *(n − rank) · (1 + all ways together)* for each incident left out;
//! 2. **then costs least**: the sum of the [`Cost`] of each assignment, in whole seconds.
//!    Seconds of way alone would send one worker to all that lies near while others stand
//!    by, and pass by the one who knows the place. So each task that a worker carries
//!    already counts as some more seconds, those given in the same plan included, and so
//!    does having no post at the place. Whole numbers make "equal" mean equal.
//!
//! Of several plans that cost the same, which is chosen depends on nothing but the order
//! of precedence and the identities of the workers: not on the order of input.
//!
//! Deadlines bound a worker's way from where they are now. Two incidents given to one
//! worker are both held against that, not against each other.

mod assign;
mod ground;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use assign::{Assigning, Rows};
use serde::Serialize;
use survey::Field;
use utoipa::ToSchema;

use super::{LeftOutReason, Need, Policy, RoadTimes, Standing};
use crate::domain::Timestamp;
use crate::domain::catalogue::Priority;
use crate::domain::identity::{IncidentId, WorkerId};
use crate::domain::incident::Deadlines;
use crate::domain::words::words;

/// An incident that somebody should go to.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    pub incident: IncidentId,
    pub need: Need<'a>,
    pub priority: Priority,
    pub reported_at: Timestamp,
    /// When somebody must be there. Bars nobody once it has passed.
    pub answer_by: Option<Timestamp>,
}

words! {
    /// By which of its limits somebody must be at an incident.
    pub enum ArriveBy ("arrival") {
        /// The time to sign (响应时限): where responding means being there.
        Sign = "sign",
        /// The time to have done it (处置时限).
        Resolve = "resolve",
        /// Better late than never.
        Anytime = "anytime",
    }
}

impl ArriveBy {
    /// When somebody must be there by these deadlines.
    #[must_use]
    pub const fn among(self, deadlines: &Deadlines) -> Option<Timestamp> {
        match self {
            Self::Sign => deadlines.sign_by,
            Self::Resolve => deadlines.resolve_by,
            Self::Anytime => None,
        }
    }
}

/// By what is planned.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    pub policy: &'a Policy,
    /// How many incidents one worker is given at most, if the capacity leaves that room.
    pub most_each: Option<u16>,
    /// For each incident. Without them the straight line counts.
    pub roads: Option<&'a HashMap<IncidentId, RoadTimes>>,
}

/// What it costs that one worker goes to one incident, in seconds and what counts like
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cost {
    /// On the way; a begun second counts whole.
    pub travel_s: u32,
    /// For having no post here.
    pub elsewhere_s: u32,
    /// For what the worker carries, what comes before it in the plan included.
    pub load_s: u32,
}

impl Cost {
    #[must_use]
    pub const fn total_s(self) -> u32 {
        self.travel_s
            .saturating_add(self.elsewhere_s)
            .saturating_add(self.load_s)
    }
}

/// Somebody who goes somewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assignment {
    pub incident: IncidentId,
    pub worker: WorkerId,
    /// Geodesic.
    pub distance_m: f64,
    pub cost: Cost,
}

/// An incident that nobody goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassigned {
    pub incident: IncidentId,
    pub why: WhyNot,
}

/// Why nobody goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// Nobody may: how many workers were looked at, and how many of them cannot go for each
    /// reason. One worker may have several. Who is beyond the radius is not asked about
    /// the deadline.
    NobodyEligible {
        looked_at: usize,
        reasons: Vec<(LeftOutReason, usize)>,
    },
    /// Some may, but they go to others.
    AllTaken {
        eligible: usize,
        /// To which incidents, by precedence.
        by: Vec<IncidentId>,
    },
}

/// Who may go to one incident.
#[derive(Debug, Clone, PartialEq)]
pub struct WithinReach {
    pub incident: IncidentId,
    pub workers: Vec<WorkerId>,
}

/// Who goes where, by precedence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    pub assignments: Vec<Assignment>,
    pub unassigned: Vec<Unassigned>,
    pub cost_s: u64,
}

/// Of those who may go to each incident, as many as are asked for, those who would cost least
/// by the straight line: whose ways are worth knowing. By precedence.
#[must_use]
pub fn find_within_reach<'a>(
    demands: &'a [Demand<'a>],
    workers: &[Standing<'a>],
    terms: Terms<'a>,
    now: Timestamp,
    most: usize,
) -> Vec<WithinReach> {
    let field = Field::new(demands, workers, terms, now);
    let rows = field.rows(most);
    (0..rows.len())
        .map(|row| WithinReach {
            incident: field.demands[row].incident,
            workers: rows
                .ways(row)
                .map(|way| field.hands[way.worker as usize].standing.worker.id)
                .collect(),
        })
        .collect()
}

/// Who could go where: from this plans are made.
#[derive(Debug)]
pub struct Survey<'a> {
    field: Field<'a>,
    rows: Rows,
}

impl<'a> Survey<'a> {
    /// Looks at everybody for every incident.
    #[must_use]
    pub fn new(
        demands: &'a [Demand<'a>],
        workers: &[Standing<'a>],
        terms: Terms<'a>,
        now: Timestamp,
    ) -> Self {
        let field = Field::new(demands, workers, terms, now);
        // The others can occupy all of these but one, who would be no dearer than whoever is
        // left away.
        let rows = field.rows(demands.len());
        Self { field, rows }
    }

    /// The best plan. The survey is used up: it was put in order by what that plan is worth.
    #[must_use]
    pub fn plan(mut self) -> Plan {
        let rooms: Vec<u16> = self.field.hands.iter().map(|hand| hand.room).collect();
        let step = self.field.terms().policy.carried_s;
        let chosen = Assigning::new(&mut self.rows, &rooms, step).run().chosen();
        self.write_up(&chosen)
    }

    /// What comes of giving each incident in turn to whoever costs least just then: to
    /// compare with.
    #[must_use]
    pub fn plan_greedily(&self) -> Plan {
        let step = u64::from(self.field.terms().policy.carried_s);
        let mut given = vec![0_u16; self.field.hands.len()];
        let mut chosen = Vec::with_capacity(self.rows.len());
        for row in 0..self.rows.len() {
            let with_room = self.rows.ways(row).filter(|way| {
                let hand = way.worker as usize;
                given[hand] < self.field.hands[hand].room
            });
            let best = with_room.min_by_key(|way| {
                let given = u64::from(given[way.worker as usize]);
                (u64::from(way.cost) + step * given, way.worker)
            });
            if let Some(way) = best {
                given[way.worker as usize] += 1;
            }
            chosen.push(best.map(|way| way.worker));
        }
        self.write_up(&chosen)
    }

    fn write_up(&self, chosen: &[Option<u32>]) -> Plan {
        let mut plan = Plan::default();
        let mut given: HashMap<u32, Vec<usize>> = HashMap::new();
        for (row, worker) in chosen.iter().enumerate() {
            let Some(worker) = *worker else { continue };
            let hand = worker as usize;
            let before = given.entry(worker).or_default();
            let carried = u16::try_from(before.len()).unwrap_or(u16::MAX);
            let cost = self.field.cost(row, hand, carried);
            before.push(row);
            plan.cost_s += u64::from(cost.total_s());
            plan.assignments.push(Assignment {
                incident: self.field.demands[row].incident,
                worker: self.field.hands[hand].standing.worker.id,
                distance_m: self.field.distance_m(row, hand),
                cost,
            });
        }
        for row in (0..chosen.len()).filter(|&row| chosen[row].is_none()) {
            plan.unassigned.push(Unassigned {
                incident: self.field.demands[row].incident,
                why: self.explain(row, &given),
            });
        }
        plan
    }

    fn explain(&self, row: usize, given: &HashMap<u32, Vec<usize>>) -> WhyNot {
        let eligible = self.rows.ways(row);
        if eligible.len() == 0 {
            return WhyNot::NobodyEligible {
                looked_at: self.field.hands.len(),
                reasons: self.field.hindered(row),
            };
        }
        let count = eligible.len();
        let taken = eligible.filter_map(|way| given.get(&way.worker));
        let mut by: Vec<usize> = taken.flatten().copied().collect();
        by.sort_unstable();
        WhyNot::AllTaken {
            eligible: count,
            by: by
                .into_iter()
                .map(|row| self.field.demands[row].incident)
                .collect(),
        }
    }
}
