//! From faces back to grounds: borders between those who have the faces, drawn as polygons.

use std::collections::{BTreeMap, BTreeSet};

use rstar::{Envelope, RTree, RTreeObject};

use super::Partition;
use super::arrangement::Arrangement;
use super::owners::{NOBODY, OwnerSets, SetId};
use super::segment::{Segment, do_meet};
use crate::domain::draft::repair::Insertion;
use crate::domain::shape::locate;
use crate::domain::{LngLat, Location, Outline};

/// Grounds drawn anew.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assembly {
    /// For each owner of a face, in order, what it has: valid polygons, the outer rings
    /// counter-clockwise. Whoever has a point on a common border has it as a vertex.
    pub grounds: Vec<(u32, Outline)>,
    /// Edges of the anchor that got vertices, or of anybody when there is no anchor; only
    /// those that are borders still, in order.
    pub inserted: Vec<Insertion>,
}

impl Partition {
    /// Gives each face to one owner or to none, and draws what everybody has.
    #[must_use]
    pub fn assemble(&self, owner: impl Fn(usize) -> Option<u32>) -> Assembly {
        self.assemble_shared(|face| owner(face).into_iter().collect())
    }

    /// Gives each face to any number of owners, and draws what everybody has.
    #[must_use]
    pub fn assemble_shared(&self, owners: impl Fn(usize) -> Vec<u32>) -> Assembly {
        let mut sets = self.sets.clone();
        let given: Vec<SetId> = (0..self.faces.len())
            .map(|face| {
                let mut owners = owners(face);
                owners.sort_unstable();
                owners.dedup();
                sets.number(&owners)
            })
            .collect();
        let label = |half| {
            let face = self.arrangement.face_left_of(half);
            face.map_or(NOBODY, |face| given[face])
        };
        let pieces = self.noded.pieces.iter().enumerate();
        let sides = |i| [label(2 * i), label(2 * i + 1)];
        let borders = pieces
            .map(|(i, piece)| (piece.segment, sides(i)))
            .filter(|(_, [left, right])| left != right);
        let (borders, runs) = self.straighten(Borders(borders.collect()), &sets);
        Assembly {
            grounds: grounds(&borders, &sets),
            inserted: self.insertions(&borders, &runs),
        }
    }

    /// Takes points that cuts left on a border, and at which nothing meets it any more, out
    /// again, unless the straight edge would meet something that the bent one does not.
    fn straighten(&self, bent: Borders, sets: &OwnerSets) -> (Borders, Vec<Run>) {
        let mut runs = self.loose_runs(&bent, sets);
        let mut taken = BTreeSet::new();
        runs.retain(|run| {
            let straight = run.straight();
            bent.sides(straight).is_none() && taken.insert(straight)
        });
        while !runs.is_empty() {
            let borders = bent.straightened(&runs);
            let tree = RTree::bulk_load(borders.segments().collect());
            let before = runs.len();
            runs.retain(|run| run.is_free(&tree));
            if runs.len() == before {
                return (borders, runs);
            }
        }
        (bent, runs)
    }

    /// The parts of cut edges between points that stay. No two have a point between their
    /// ends in common. What was the end of an edge that is no border now does not stay.
    fn loose_runs(&self, borders: &Borders, sets: &OwnerSets) -> Vec<Run> {
        let before = self.degrees(self.noded.pieces.iter().map(|piece| piece.segment));
        let now = self.degrees(borders.segments());
        let mut runs = Vec::new();
        let mut loose: BTreeSet<LngLat> = BTreeSet::new();
        let mut ends: BTreeSet<LngLat> = BTreeSet::new();
        for (&source, points) in &self.noded.splits {
            let chain = self.noded.chain(source, points);
            let sides = |a: usize| borders.sides(Segment::new(chain[a], chain[a + 1]));
            let goes = |&place: &usize| {
                let point = chain[place];
                now.get(&point) == Some(&2)
                    && sides(place).is_some()
                    && sides(place - 1).is_some_and(|sides| {
                        let beside = |owner| sides.iter().any(|&set| sets.holds(set, owner));
                        let was_joint = before.get(&point) > Some(&2);
                        self.is_loose(point, source, was_joint, beside)
                    })
                    && !loose.contains(&point)
                    && !ends.contains(&point)
            };
            let last = chain.len() - 1;
            let stays = (1..last).filter(|place| !goes(place)).chain([last]);
            let mut from = 0;
            let mut found = Vec::new();
            for to in stays {
                found.push(&chain[from..=to]);
                from = to;
            }
            for run in found {
                let [first, between @ .., last] = run else {
                    continue;
                };
                if !between.is_empty() && !loose.contains(first) && !loose.contains(last) {
                    ends.extend([*first, *last]);
                    loose.extend(between);
                    runs.push(Run(run.to_vec()));
                }
            }
        }
        runs
    }

    /// How many segments end at each point that edges were cut at.
    fn degrees(&self, segments: impl Iterator<Item = Segment>) -> BTreeMap<LngLat, usize> {
        let points = self.vertices.keys();
        let mut degrees: BTreeMap<LngLat, usize> = points.map(|&point| (point, 0)).collect();
        if degrees.is_empty() {
            return degrees;
        }
        for end in segments.flat_map(|segment| [segment.from, segment.to]) {
            if let Some(degree) = degrees.get_mut(&end) {
                *degree += 1;
            }
        }
        degrees
    }

    /// True for a point on a border along a cut edge that may go: one where edges met that are
    /// no border now, that nobody beside it had drawn, or that lies on an edge of the anchor;
    /// but none that the anchor had drawn.
    fn is_loose(
        &self,
        point: LngLat,
        source: usize,
        was_joint: bool,
        is_beside: impl Fn(u32) -> bool,
    ) -> bool {
        let Some(drawn) = self.vertices.get(&point) else {
            return false;
        };
        if self.anchor.is_some() && drawn.contains(&self.anchor) {
            return false;
        }
        let owners = self.noded.sources[source].owners;
        let is_anchors = |anchor| self.sets.holds(owners, anchor);
        let mut beside = drawn.iter().filter(|owner| owner.is_none_or(&is_beside));
        was_joint || self.anchor.is_some_and(is_anchors) || beside.next().is_none()
    }

    fn insertions(&self, borders: &Borders, runs: &[Run]) -> Vec<Insertion> {
        let gone: BTreeSet<LngLat> = runs.iter().flat_map(Run::between).copied().collect();
        let counts = |owners: SetId| match self.anchor {
            Some(anchor) => self.sets.holds(owners, anchor),
            None => owners != NOBODY,
        };
        let splits = self.noded.splits.iter();
        splits
            .filter(|&(&source, _)| counts(self.noded.sources[source].owners))
            .filter_map(|(&source, points)| {
                let Segment { from, to } = self.noded.sources[source].segment;
                let mut chain = self.noded.chain(source, points);
                chain.retain(|point| !gone.contains(point));
                let mut ends = chain.windows(2);
                let is_border = |a, b| borders.sides(Segment::new(a, b)).is_some();
                let stays = ends.all(|ends| is_border(ends[0], ends[1]));
                chain.retain(|&point| point != from && point != to);
                let points = chain;
                let has_ends = !gone.contains(&from) && !gone.contains(&to);
                (stays && has_ends && !points.is_empty()).then_some(Insertion { from, to, points })
            })
            .collect()
    }
}

/// Edges in order, each with what lies to its left and to its right.
struct Borders(Vec<(Segment, [SetId; 2])>);

impl Borders {
    fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.0.iter().map(|border| border.0)
    }

    /// `None` for what is no border.
    fn sides(&self, segment: Segment) -> Option<[SetId; 2]> {
        let place = self.0.binary_search_by_key(&segment, |border| border.0);
        place.ok().map(|place| self.0[place].1)
    }

    fn straightened(&self, runs: &[Run]) -> Self {
        let bent: BTreeSet<Segment> = runs.iter().flat_map(Run::pieces).collect();
        let mut borders = self.0.clone();
        borders.retain(|border| !bent.contains(&border.0));
        borders.extend(runs.iter().map(|run| (run.straight(), run.sides(self))));
        borders.sort_unstable();
        Self(borders)
    }
}

/// Points along a cut edge; those between the first and the last need not stay.
struct Run(Vec<LngLat>);

impl Run {
    fn between(&self) -> &[LngLat] {
        self.0.get(1..self.0.len() - 1).unwrap_or_default()
    }

    fn ends(&self) -> [LngLat; 2] {
        [self.0[0], self.0[self.0.len() - 1]]
    }

    fn straight(&self) -> Segment {
        let [first, last] = self.ends();
        Segment::new(first, last)
    }

    fn pieces(&self) -> impl Iterator<Item = Segment> + '_ {
        self.0.windows(2).map(|ends| Segment::new(ends[0], ends[1]))
    }

    /// What lies to both sides, as the straight segment runs.
    fn sides(&self, borders: &Borders) -> [SetId; 2] {
        let [a, b] = [self.0[0], self.0[1]];
        let [left, right] = borders.sides(Segment::new(a, b)).unwrap_or_default();
        let [first, last] = self.ends();
        if (a < b) == (first < last) {
            [left, right]
        } else {
            [right, left]
        }
    }

    /// True when the straight edge meets nothing, and has nothing between it and the bent one.
    fn is_free(&self, tree: &RTree<Segment>) -> bool {
        let straight = self.straight();
        let box_around = self.pieces().fold(straight.envelope(), |mut all, piece| {
            all.merge(&piece.envelope());
            all
        });
        let mut near = tree.locate_in_envelope_intersecting(&box_around);
        near.all(|&other| {
            other == straight
                || (!do_meet(straight, other)
                    && !self.encloses(other.from)
                    && !self.encloses(other.to))
        })
    }

    /// True for points between the bent and the straight edge, or on one of them.
    fn encloses(&self, point: LngLat) -> bool {
        !self.ends().contains(&point) && locate(&self.0, point) != Location::Outside
    }
}

/// The polygons of each owner, out of borders with the sets to the left and to the right.
fn grounds(borders: &Borders, sets: &OwnerSets) -> Vec<(u32, Outline)> {
    let mut edges: Vec<(u32, Segment, bool)> = Vec::with_capacity(2 * borders.0.len());
    for &(segment, [left, right]) in &borders.0 {
        let mut of = |here: SetId, there: SetId, on_left: bool| {
            let alone = sets.members(here).iter();
            let alone = alone.filter(|&&owner| !sets.holds(there, owner));
            edges.extend(alone.map(|&owner| (owner, segment, on_left)));
        };
        of(left, right, true);
        of(right, left, false);
    }
    edges.sort_unstable();
    edges
        .chunk_by(|a, b| a.0 == b.0)
        .map(|edges| (edges[0].0, draw(edges)))
        .collect()
}

/// The ground between the borders of one owner.
fn draw(edges: &[(u32, Segment, bool)]) -> Outline {
    let arrangement = Arrangement::of(edges.iter().map(|edge| edge.1).collect());
    let is_ground = |face: &usize| {
        let half = arrangement.border(*face).next();
        half.is_some_and(|half| edges[half / 2].2 == half.is_multiple_of(2))
    };
    let faces = (0..arrangement.face_count()).filter(is_ground);
    Outline {
        polygons: faces.map(|face| arrangement.rings(face)).collect(),
    }
}
