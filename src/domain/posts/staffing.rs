//! Who fills the slots of grids, at a time or over a day: where somebody is missing
//! (空岗), and where there is one too many (重岗).

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;

use super::roster::Duty;
use crate::domain::Timestamp;
use crate::domain::code::AreaCode;
use crate::domain::identity::WorkerId;
use crate::domain::people::{Post, Slot};
use crate::domain::words::words;

words! {
    /// How somebody comes to fill a slot.
    pub enum FilledBy ("filling") {
        /// Holds the post, and the slot has no roster for the time.
        Post = "post",
        /// Holds the post and is on duty by the roster.
        Duty = "duty",
        /// On duty by the roster without the post: for whoever holds it, or because nobody
        /// does.
        StandIn = "stand_in",
    }
}

words! {
    /// How a slot stands.
    pub enum SlotState ("slot state") {
        /// 空岗
        Vacant = "vacant",
        Filled = "filled",
        /// 重岗
        Double = "double",
    }
}

/// Somebody who fills a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filling {
    pub worker: WorkerId,
    pub by: FilledBy,
    pub stands_in_for: Option<WorkerId>,
}

/// A time over which the same fill a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub from: Timestamp,
    /// Not included.
    pub until: Timestamp,
    /// By worker.
    pub filled: Vec<Filling>,
}

/// Posts and duties, by area and slot.
#[derive(Debug, Default)]
pub struct Staffing<'a>(HashMap<(&'a AreaCode, Slot), Place<'a>>);

#[derive(Debug, Default)]
struct Place<'a> {
    posts: Vec<&'a Post>,
    duties: Vec<&'a Duty>,
}

/// A grid, and the areas above it that its slots are counted in.
#[derive(Debug, Clone)]
pub struct GridPlace<'a> {
    pub area: &'a AreaCode,
    pub above: Vec<&'a AreaCode>,
}

/// How many slots of an area are not filled as they should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub grids: u64,
    pub slots: u64,
    /// Slots that nobody fills for some of the time.
    pub vacant: u64,
    /// Slots that more than one fill for some of the time.
    pub double: u64,
    /// For how long nobody fills them, added up.
    pub vacant_ms: i64,
}

/// What is found in the grids of an area over a time.
#[derive(Debug, Default)]
pub struct Report<'a> {
    /// By grid in the order given, slot and time; only what was asked for.
    pub stretches: Vec<(&'a AreaCode, Slot, Stretch)>,
    pub total: Tally,
    pub tallies: BTreeMap<&'a AreaCode, Tally>,
}

impl SlotState {
    /// The state of a slot that these fill.
    #[must_use]
    pub const fn of(filled: &[Filling]) -> Self {
        match filled {
            [] => Self::Vacant,
            [_] => Self::Filled,
            _ => Self::Double,
        }
    }
}

impl<'a> Staffing<'a> {
    #[must_use]
    pub fn new(posts: &'a [Post], duties: &'a [Duty]) -> Self {
        let mut staffing = Self::default();
        for post in posts {
            let place = staffing.0.entry((&post.area, post.slot)).or_default();
            place.posts.push(post);
        }
        for duty in duties {
            let place = (&duty.plan.area, duty.plan.slot);
            staffing.0.entry(place).or_default().duties.push(duty);
        }
        staffing
    }

    /// Who fills a slot at a time, by worker.
    #[must_use]
    pub fn at(&self, area: &AreaCode, slot: Slot, at: Timestamp) -> Vec<Filling> {
        let place = self.0.get(&(area, slot));
        place.map_or_else(Vec::new, |place| place.at(at))
    }

    /// Who fills a slot over a time, piece by piece without gaps.
    #[must_use]
    pub fn over(
        &self,
        area: &AreaCode,
        slot: Slot,
        from: Timestamp,
        until: Timestamp,
    ) -> Vec<Stretch> {
        let empty = Place::default();
        let place = self.0.get(&(area, slot)).unwrap_or(&empty);
        let mut cuts = place.cuts();
        cuts.retain(|&cut| from < cut && cut < until);
        cuts.extend([from, until]);
        cuts.sort_unstable();
        cuts.dedup();
        let mut stretches: Vec<Stretch> = Vec::new();
        for [from, until] in cuts.array_windows() {
            let filled = place.at(*from);
            match stretches.last_mut() {
                Some(last) if last.filled == filled => last.until = *until,
                _ => stretches.push(Stretch {
                    from: *from,
                    until: *until,
                    filled,
                }),
            }
        }
        stretches
    }
}

impl Place<'_> {
    fn at(&self, at: Timestamp) -> Vec<Filling> {
        let held = || self.posts.iter().filter(|post| post.is_held(at));
        let mut filled: Vec<Filling> = self
            .duties
            .iter()
            .filter(|duty| duty.runs(at))
            .map(|duty| {
                let worker = duty.plan.worker;
                let holds = held().any(|post| post.worker == worker);
                Filling {
                    worker,
                    by: if holds {
                        FilledBy::Duty
                    } else {
                        FilledBy::StandIn
                    },
                    stands_in_for: duty.plan.stands_in_for,
                }
            })
            .collect();
        if filled.is_empty() {
            filled.extend(held().map(|post| Filling {
                worker: post.worker,
                by: FilledBy::Post,
                stands_in_for: None,
            }));
        }
        // Shifts may overlap; whoever is on duty twice is there once.
        filled.sort_unstable();
        filled.dedup_by_key(|filling| filling.worker);
        filled
    }

    /// When somebody may come or go.
    fn cuts(&self) -> Vec<Timestamp> {
        let posts = self.posts.iter();
        let duties = self.duties.iter();
        posts
            .flat_map(|post| [Some(post.from), post.until])
            .flatten()
            .chain(duties.flat_map(|duty| [duty.from, duty.until]))
            .collect()
    }
}

/// What is found in grids over a time, and the counts of every area above them. Slots that
/// one alone fills are counted, but listed only when `lists_filled`.
#[must_use]
pub fn report<'a>(
    grids: &[GridPlace<'a>],
    slots: &[Slot],
    staffing: &Staffing<'_>,
    from: Timestamp,
    until: Timestamp,
    lists_filled: bool,
) -> Report<'a> {
    let mut report = Report::default();
    for grid in grids {
        let mut tally = Tally {
            grids: 1,
            ..Tally::default()
        };
        for &slot in slots {
            let stretches = staffing.over(grid.area, slot, from, until);
            tally.count(&stretches);
            let listed = stretches.into_iter().filter(|stretch| {
                lists_filled || SlotState::of(&stretch.filled) != SlotState::Filled
            });
            let placed = listed.map(|stretch| (grid.area, slot, stretch));
            report.stretches.extend(placed);
        }
        report.total.add(tally);
        for &area in &grid.above {
            report.tallies.entry(area).or_default().add(tally);
        }
    }
    report
}

impl Tally {
    /// Counts one slot.
    fn count(&mut self, stretches: &[Stretch]) {
        let of = |state| {
            stretches
                .iter()
                .filter(move |stretch| SlotState::of(&stretch.filled) == state)
        };
        let vacant: TimeDelta = of(SlotState::Vacant)
            .map(|stretch| stretch.until - stretch.from)
            .sum();
        self.slots += 1;
        self.vacant += u64::from(!vacant.is_zero());
        self.double += u64::from(of(SlotState::Double).next().is_some());
        self.vacant_ms += vacant.num_milliseconds();
    }

    const fn add(&mut self, other: Self) {
        self.grids += other.grids;
        self.slots += other.slots;
        self.vacant += other.vacant;
        self.double += other.double;
        self.vacant_ms += other.vacant_ms;
    }
}
