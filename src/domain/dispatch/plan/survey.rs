//! Who could go where at all, at what cost, and why others could not.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::assign::{Rows, Way};
use super::ground::{Spot, Travel};
use super::{Cost, Demand, Terms};
use crate::domain::Timestamp;
use crate::domain::code::AreaCode;
use crate::domain::dispatch::{LeftOutReason, RoadTimes, Standing, post_tenths};
use crate::domain::people::WorkerRole;

/// Cells of the ground are no smaller than this, in metres.
const LEAST_CELL_M: f64 = 200.0;
/// Nobody is farther away than half around the earth.
const LARGEST_CELL_M: f64 = 2e7;

/// A worker by all that the incidents have in common.
#[derive(Debug)]
pub(super) struct Hand<'a> {
    pub standing: Standing<'a>,
    spot: Option<Spot>,
    /// Why they cannot be sent anywhere.
    hindrances: Vec<LeftOutReason>,
    /// How many they may be given.
    pub room: u16,
}

/// How many cannot go for each reason, a worker counting for every reason there is.
pub(super) type Hindered = Vec<(LeftOutReason, usize)>;

/// What is looked at, in an order that does not depend on how it was given.
#[derive(Debug)]
pub(super) struct Field<'a> {
    /// The first to be taken in first.
    pub demands: Vec<&'a Demand<'a>>,
    spots: Vec<Spot>,
    /// By identity.
    pub hands: Vec<Hand<'a>>,
    terms: Terms<'a>,
    now: Timestamp,
}

impl<'a> Field<'a> {
    pub(super) fn new(
        demands: &'a [Demand<'a>],
        workers: &[Standing<'a>],
        terms: Terms<'a>,
        now: Timestamp,
    ) -> Self {
        let mut demands: Vec<&Demand<'_>> = demands.iter().collect();
        demands.sort_by_key(|demand| (demand.priority, demand.reported_at, demand.incident));
        let mut workers = workers.to_vec();
        workers.sort_by_key(|standing| standing.worker.id);
        let most = terms.most_each.unwrap_or(u16::MAX);
        let hand = |standing: Standing<'a>| Hand {
            spot: standing.fix.map(|fix| Spot::new(fix.position)),
            hindrances: standing.hindrances(terms.policy, now),
            room: standing
                .worker
                .capacity
                .saturating_sub(standing.load)
                .min(most),
            standing,
        };
        let spot = |demand: &&Demand<'_>| Spot::new(demand.need.position);
        Self {
            spots: demands.iter().map(spot).collect(),
            demands,
            hands: workers.into_iter().map(hand).collect(),
            terms,
            now,
        }
    }

    pub(super) fn terms(&self) -> Terms<'a> {
        self.terms
    }

    fn travel(&self) -> Travel {
        Travel {
            radius_m: self.terms.policy.radius_m,
            speed_mps: self.terms.policy.speed_mps,
        }
    }

    /// Seconds from a hand to a demand; `None` beyond the radius.
    fn travel_s(&self, demand: usize, hand: usize) -> Option<u32> {
        let (to, from) = (&self.spots[demand], self.hands[hand].spot.as_ref()?);
        let straight_s = self.travel().seconds(from, to)?;
        Some(self.way_s(self.roads(demand), hand, straight_s))
    }

    fn roads(&self, demand: usize) -> Option<&'a RoadTimes> {
        self.terms.roads?.get(&self.demands[demand].incident)
    }

    fn way_s(&self, roads: Option<&RoadTimes>, hand: usize, straight_s: u32) -> u32 {
        let by_road = |roads: &RoadTimes| {
            let worker = self.hands[hand].standing.worker.id;
            roads.seconds(worker, straight_s)
        };
        roads.map_or(straight_s, by_road)
    }

    /// How many seconds are left until somebody must be there. A deadline that has passed
    /// cannot be kept by anybody, and bars nobody.
    fn left_s(&self, demand: usize) -> u32 {
        let left = self.demands[demand]
            .answer_by
            .map(|answer_by| (answer_by - self.now).num_seconds())
            .filter(|&left_s| left_s > 0);
        left.map_or(u32::MAX, |left_s| u32::try_from(left_s).unwrap_or(u32::MAX))
    }

    /// What a worker costs who is given `before` other incidents first.
    pub(super) fn cost(&self, demand: usize, hand: usize, before: u16) -> Cost {
        let standing = &self.hands[hand].standing;
        let carried = standing.load.saturating_add(before);
        let need = &self.demands[demand].need;
        let shared = need.chain.iter().rev().find(|link| {
            let mut posted = standing.posted.iter();
            posted.any(|post| post.contains(&link.code))
        });
        let tenths = shared.map_or(0, |link| post_tenths(link.level));
        Cost {
            travel_s: self.travel_s(demand, hand).unwrap_or(u32::MAX),
            elsewhere_s: self.elsewhere_s(tenths),
            load_s: self.load_s(carried),
        }
    }

    fn load_s(&self, carried: u16) -> u32 {
        u32::from(carried).saturating_mul(self.terms.policy.carried_s)
    }

    fn elsewhere_s(&self, tenths: u32) -> u32 {
        let whole = u64::from(self.terms.policy.elsewhere_s);
        u32::try_from(whole * u64::from(10 - tenths) / 10).unwrap_or(u32::MAX)
    }

    pub(super) fn distance_m(&self, demand: usize, hand: usize) -> f64 {
        let from = self.hands[hand].spot.as_ref();
        from.map_or(0.0, |from| from.distance_m(&self.spots[demand]))
    }

    /// For each demand everybody who may go, or so many of the cheapest.
    pub(super) fn rows(&self, most: usize) -> Rows {
        let cells = Cells::new(self);
        let lacking = self.lacking();
        let near = self.posted_near();
        let travel = self.travel();
        let mut elsewhere = vec![self.elsewhere_s(0); self.hands.len()];
        let carried: Vec<u32> = self
            .hands
            .iter()
            .map(|hand| self.load_s(hand.standing.load))
            .collect();
        let mut rows = Rows::default();
        let mut ways: Vec<Way> = Vec::new();
        for (number, demand) in self.demands.iter().enumerate() {
            let links = || {
                let chain = demand.need.chain.iter();
                chain.filter_map(|link| Some((post_tenths(link.level), near.get(&link.code)?)))
            };
            // From the top down: the deepest counts.
            for (tenths, hands) in links() {
                for &hand in hands {
                    elsewhere[hand as usize] = self.elsewhere_s(tenths);
                }
            }
            let lacks = &lacking[&(demand.need.role, demand.need.skills)];
            let left_s = self.left_s(number);
            let roads = self.roads(number);
            ways.clear();
            let to = &self.spots[number];
            cells.around(to, |hand, from| {
                let Some(straight_s) = travel.seconds(from, to) else {
                    return;
                };
                let index = hand as usize;
                if lacks.get(index).is_some_and(|&lacks| lacks) {
                    return;
                }
                let travel_s = self.way_s(roads, index, straight_s);
                if travel_s <= left_s {
                    let cost = travel_s
                        .saturating_add(elsewhere[index])
                        .saturating_add(carried[index]);
                    ways.push(Way { cost, worker: hand });
                }
            });
            if ways.len() > most {
                ways.select_nth_unstable(most);
                ways.truncate(most);
            }
            rows.push(&ways);
            for (_, hands) in links() {
                for &hand in hands {
                    elsewhere[hand as usize] = self.elsewhere_s(0);
                }
            }
        }
        rows
    }

    /// For each role and list of skills that are asked for together, which hands fall short;
    /// nothing when nobody does.
    fn lacking(&self) -> HashMap<(Option<WorkerRole>, &'a [String]), Vec<bool>> {
        let mut lacking = HashMap::new();
        for demand in &self.demands {
            let need = &demand.need;
            lacking.entry((need.role, need.skills)).or_insert_with(|| {
                if need.role.is_none() && need.skills.is_empty() {
                    return Vec::new();
                }
                let hands = self.hands.iter();
                hands
                    .map(|hand| hand.standing.shortcomings(need).next().is_some())
                    .collect()
            });
        }
        lacking
    }

    /// Who is posted in each of the areas that hold a demand, where that counts.
    fn posted_near(&self) -> HashMap<&'a AreaCode, Vec<u32>> {
        let chains = self.demands.iter().flat_map(|demand| demand.need.chain);
        let counting = chains.filter(|link| post_tenths(link.level) > 0);
        let asked: HashSet<&AreaCode> = counting.map(|link| &link.code).collect();
        let mut near: HashMap<&AreaCode, Vec<u32>> = HashMap::new();
        for (number, hand) in (0..).zip(&self.hands) {
            for code in hand.standing.posted.iter().flatten() {
                if asked.contains(code) {
                    near.entry(code).or_default().push(number);
                }
            }
        }
        near
    }

    /// Why nobody can go.
    pub(super) fn hindered(&self, demand: usize) -> Hindered {
        let need = &self.demands[demand].need;
        let left_s = self.left_s(demand);
        let mut counts = vec![0; LeftOutReason::ALL.len()];
        for (number, hand) in self.hands.iter().enumerate() {
            let mut count = |reason: LeftOutReason| counts[reason as usize] += 1;
            hand.hindrances.iter().copied().for_each(&mut count);
            hand.standing.shortcomings(need).for_each(&mut count);
            if hand.spot.is_some() {
                match self.travel_s(demand, number) {
                    None => count(LeftOutReason::OutOfRadius),
                    Some(travel_s) if travel_s > left_s => count(LeftOutReason::TooLate),
                    Some(_) => {}
                }
            }
        }
        let reasons = LeftOutReason::ALL.iter().copied().zip(counts);
        reasons.filter(|&(_, count)| count > 0).collect()
    }
}

/// Hands who can be sent, by cells of space as wide as the radius: whoever is within it
/// is in the cell of the place or in one beside it.
struct Cells {
    edge_m: f64,
    /// By cell.
    hands: Vec<(u32, Spot)>,
    ranges: HashMap<[i32; 3], Range<usize>>,
}

impl Cells {
    fn new(field: &Field<'_>) -> Self {
        let edge_m = (field.terms.policy.radius_m + 1.0).clamp(LEAST_CELL_M, LARGEST_CELL_M);
        let mut placed: Vec<([i32; 3], u32, Spot)> = (0..)
            .zip(&field.hands)
            .filter(|(_, hand)| hand.hindrances.is_empty() && hand.room > 0)
            .filter_map(|(number, hand)| {
                let spot = hand.spot?;
                Some((cell(&spot, edge_m), number, spot))
            })
            .collect();
        placed.sort_unstable_by_key(|&(cell, number, _)| (cell, number));
        let mut ranges: HashMap<[i32; 3], Range<usize>> = HashMap::new();
        for (place, (cell, ..)) in placed.iter().enumerate() {
            ranges.entry(*cell).or_insert(place..place).end = place + 1;
        }
        Self {
            edge_m,
            hands: placed
                .into_iter()
                .map(|(_, hand, spot)| (hand, spot))
                .collect(),
            ranges,
        }
    }

    fn around(&self, spot: &Spot, mut visit: impl FnMut(u32, &Spot)) {
        let beside = |along: i32| along - 1..=along + 1;
        let [x, y, z] = cell(spot, self.edge_m);
        for cell in beside(x)
            .flat_map(|x| beside(y).map(move |y| [x, y]))
            .flat_map(|[x, y]| beside(z).map(move |z| [x, y, z]))
        {
            if let Some(within) = self.ranges.get(&cell) {
                for (hand, spot) in &self.hands[within.clone()] {
                    visit(*hand, spot);
                }
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the earth is some ten thousand of the smallest cells wide"
)]
fn cell(spot: &Spot, edge_m: f64) -> [i32; 3] {
    spot.space.map(|along_m| (along_m / edge_m).floor() as i32)
}
