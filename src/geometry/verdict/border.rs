//! What is left of borders when each edge has met its opposite.
//!
//! Rings run with their ground on the left, those of the parent with it on the right. The
//! edges of all of them together, as a chain, wind around a point as many times as children
//! have it, less once when the parent has it. Two edges with the same ends in opposite
//! directions are nothing in that chain. When nothing at all is left, every point of the
//! parent belongs to exactly one child, and no child has any other: a proof in the time that
//! sorting takes. What is left otherwise surrounds all places where this is not so.

use std::collections::HashMap;

use rayon::prelude::*;
use rstar::{AABB, RTree, RTreeObject};

use super::footing::Footing;
use crate::domain::shape::{doubled_area_e14, edges, side};
use crate::domain::{BoundingBox, LngLat};

/// Chains with more edges are sorted on all cores.
const MANY: usize = 100_000;
/// Borders that differ by less than so many steps of the lattice (about 1 cm each) are
/// meant to be one.
const SEAM_STEPS: f64 = 1.0;
/// Loops with more edges are not compared side with side; what they enclose is computed.
const LONG_LOOP: usize = 2_000;

/// Directed edges, before any has met its opposite.
#[derive(Default)]
pub(super) struct Chain {
    edges: Vec<Entry>,
}

/// An edge with its ends in order.
#[derive(Clone, Copy)]
struct Entry {
    low: LngLat,
    high: LngLat,
    owner: u32,
    forward: bool,
}

/// A directed edge that has no opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Loose {
    pub from: LngLat,
    pub to: LngLat,
    pub owner: u32,
}

/// Loose edges that come back to where they begin and pass no point twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loop(pub Vec<Loose>);

impl Chain {
    /// Adds the border of a valid footing, with its ground to the left or to the right.
    pub(super) fn add(&mut self, footing: &Footing<'_>, owner: u32, to_the_left: bool) {
        for rings in footing.polygons() {
            for (place, ring) in rings.into_iter().enumerate() {
                let is_outer = place == 0;
                let runs_left = doubled_area_e14(ring) > 0;
                let as_it_runs = (runs_left == is_outer) == to_the_left;
                let drawn = edges(ring).filter(|(a, b)| a != b);
                self.edges.extend(drawn.map(|(a, b)| Entry {
                    low: a.min(b),
                    high: a.max(b),
                    owner,
                    forward: (a < b) == as_it_runs,
                }));
            }
        }
    }

    /// The edges that are left, in order.
    pub(super) fn cancel(mut self) -> Vec<Loose> {
        let key = |edge: &Entry| (edge.low, edge.high);
        if self.edges.len() > MANY {
            self.edges.par_sort_unstable_by_key(key);
        } else {
            self.edges.sort_unstable_by_key(key);
        }
        let mut left = Vec::new();
        for same in self.edges.chunk_by(|a, b| key(a) == key(b)) {
            if let [a, b] = same
                && a.forward != b.forward
            {
                continue;
            }
            let forward = same.iter().filter(|edge| edge.forward).count();
            let backward = same.len() - forward;
            let majority = forward > backward;
            let more = same.iter().filter(|edge| edge.forward == majority);
            left.extend(more.take(forward.abs_diff(backward)).map(|edge| {
                let (from, to) = if edge.forward {
                    (edge.low, edge.high)
                } else {
                    (edge.high, edge.low)
                };
                Loose {
                    from,
                    to,
                    owner: edge.owner,
                }
            }));
        }
        left.sort_unstable();
        left
    }
}

/// Puts loose edges together to loops. As many edges of a chain of rings begin at a point as
/// end there, so that every way comes back.
pub(super) fn loops(loose: &[Loose]) -> Vec<Loop> {
    let mut next: HashMap<LngLat, Vec<Loose>> = HashMap::new();
    for edge in loose.iter().rev() {
        next.entry(edge.from).or_default().push(*edge);
    }
    let mut found = Vec::new();
    for start in loose {
        let mut way: Vec<Loose> = Vec::new();
        let mut passed: HashMap<LngLat, usize> = HashMap::new();
        let mut at = start.from;
        while let Some(edge) = next.get_mut(&at).and_then(Vec::pop) {
            passed.insert(at, way.len());
            way.push(edge);
            at = edge.to;
            if let Some(&first) = passed.get(&at) {
                let round = way.split_off(first);
                for edge in &round {
                    passed.remove(&edge.from);
                }
                found.push(Loop(round));
            }
        }
    }
    found
}

impl Loop {
    pub(super) fn points(&self) -> Vec<LngLat> {
        self.0.iter().map(|edge| edge.from).collect()
    }

    /// Whose edges it has, in order.
    pub(super) fn owners(&self) -> Vec<u32> {
        let mut owners: Vec<u32> = self.0.iter().map(|edge| edge.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Twice the ground within, in square lattice steps; positive when it runs
    /// counter-clockwise.
    pub(super) fn doubled_area_e14(&self) -> i128 {
        doubled_area_e14(&self.points())
    }

    /// True when it runs along a border and back along another drawing of the same border,
    /// which differs in its vertices but nowhere by more than a step of the lattice. Such a
    /// loop has two ends; its other vertices are near edges of the other drawing.
    pub(super) fn is_seam(&self) -> bool {
        let edges = &self.0;
        if edges.len() > LONG_LOOP {
            return false;
        }
        #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
        let doubled = self.doubled_area_e14().unsigned_abs() as f64;
        let around: f64 = edges.iter().map(Loose::steps).sum();
        let mut ends = 0;
        doubled <= SEAM_STEPS * around
            && edges.iter().enumerate().all(|(place, edge)| {
                let before = (place + edges.len() - 1) % edges.len();
                let others = edges.iter().enumerate();
                let mut others = others.filter(|&(other, _)| other != place && other != before);
                ends += usize::from(!others.any(|(_, other)| other.is_near(edge.from)));
                ends <= 2
            })
    }
}

impl Loose {
    fn step(&self) -> (f64, f64) {
        (
            f64::from(self.to.lon_e7()) - f64::from(self.from.lon_e7()),
            f64::from(self.to.lat_e7()) - f64::from(self.from.lat_e7()),
        )
    }

    /// How long it is on the lattice.
    fn steps(&self) -> f64 {
        let (x, y) = self.step();
        x.hypot(y)
    }

    fn is_near(&self, point: LngLat) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
        let beside = side(self.from, self.to, point).unsigned_abs() as f64;
        let (x, y) = self.step();
        let east = f64::from(point.lon_e7()) - f64::from(self.from.lon_e7());
        let north = f64::from(point.lat_e7()) - f64::from(self.from.lat_e7());
        let steps = self.steps();
        let along = (east * x + north * y) / steps;
        beside <= SEAM_STEPS * steps && -SEAM_STEPS <= along && along <= steps + SEAM_STEPS
    }
}

/// Loose edges by where they are.
pub(super) struct LooseTree(RTree<Loose>);

impl RTreeObject for Loose {
    type Envelope = AABB<[f64; 2]>;

    /// In lattice steps, which an `f64` holds exactly.
    fn envelope(&self) -> Self::Envelope {
        let corner = |point: LngLat| [f64::from(point.lon_e7()), f64::from(point.lat_e7())];
        AABB::from_corners(corner(self.from), corner(self.to))
    }
}

impl LooseTree {
    pub(super) fn new(edges: Vec<Loose>) -> Self {
        Self(RTree::bulk_load(edges))
    }

    pub(super) fn meets(&self, bounds: &BoundingBox) -> bool {
        let corner = |point: LngLat| [f64::from(point.lon_e7()), f64::from(point.lat_e7())];
        let envelope = AABB::from_corners(corner(bounds.min), corner(bounds.max));
        let mut near = self.0.locate_in_envelope_intersecting(&envelope);
        near.next().is_some()
    }

    /// How many times the edges wind around a point that none of them touches.
    pub(super) fn winding(&self, point: LngLat) -> i32 {
        let (x, y) = (f64::from(point.lon_e7()), f64::from(point.lat_e7()));
        let ray = AABB::from_corners([x, y], [f64::from(i32::MAX), y]);
        let ahead = self.0.locate_in_envelope_intersecting(&ray);
        let turns = ahead.map(|edge| {
            let is_above = |end: LngLat| end.lat_e7() > point.lat_e7();
            match (is_above(edge.from), is_above(edge.to)) {
                (false, true) => i32::from(side(edge.from, edge.to, point) > 0),
                (true, false) => -i32::from(side(edge.from, edge.to, point) < 0),
                _ => 0,
            }
        });
        turns.sum()
    }
}

#[cfg(test)]
mod tests;
