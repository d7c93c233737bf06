//! Which rings lie in which, and whether that is as it should be.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::contact::{Extent, Mesh};
use super::{Bad, Faults, ValidityError};
use crate::domain::{LngLat, Location};

/// Up to so many rings, comparing the box of each with each is faster than a tree.
const FEW: usize = 32;

/// Where two rings touch, and which of them lies in the other there.
pub(super) struct Touch {
    pub rings: [usize; 2],
    pub at: LngLat,
    pub first_in_second: bool,
    pub second_in_first: bool,
}

pub(super) struct Nesting<'a> {
    mesh: &'a Mesh<'a>,
    /// For each polygon, where its exterior stands; its holes follow.
    exteriors: Vec<usize>,
    extents: Vec<Option<Extent>>,
    touches: &'a [Touch],
    /// What touches say: whether the first ring lies in the second.
    known: HashMap<(usize, usize), bool>,
    bad: &'a Bad,
}

impl<'a> Nesting<'a> {
    pub(super) fn new(
        mesh: &'a Mesh<'a>,
        polygons: &[Vec<&[LngLat]>],
        touches: &'a [Touch],
        bad: &'a Bad,
    ) -> Self {
        let mut exteriors = Vec::with_capacity(polygons.len());
        let mut next = 0;
        for polygon in polygons {
            exteriors.push(next);
            next += polygon.len();
        }
        // A ring that is not simple has no sides.
        let simple = |touch: &&Touch| touch.rings.iter().all(|ring| !bad.rings.contains(ring));
        let mut known = HashMap::new();
        for touch in touches.iter().filter(simple) {
            let [a, b] = touch.rings;
            known.insert((a, b), touch.first_in_second);
            known.insert((b, a), touch.second_in_first);
        }
        Self {
            mesh,
            exteriors,
            extents: mesh.rings.iter().map(|ring| Extent::around(ring)).collect(),
            touches,
            known,
            bad,
        }
    }

    pub(super) fn find_faults(&self, faults: &mut Faults) {
        let mut wrong = HashSet::new();
        for (polygon, &exterior) in self.exteriors.iter().enumerate() {
            let holes: Vec<usize> = self.holes(polygon).collect();
            for &hole in holes.iter().filter(|&&hole| self.is_beside(hole, exterior)) {
                wrong.insert(hole);
                let at = self.start(hole);
                faults.add(ValidityError::HoleOutside { at }, self.closed(hole));
            }
            for hole in self.find_within(&holes, |hole, other| self.lies_in(hole, other)) {
                if faults.are_enough() {
                    return;
                }
                wrong.insert(hole);
                let at = self.start(hole);
                faults.add(ValidityError::HoleInHole { at }, self.closed(hole));
            }
        }
        let covers = |inner, outer| self.lies_in(inner, outer) && !self.is_in_hole(inner, outer);
        for exterior in self.find_within(&self.exteriors, covers) {
            if faults.are_enough() {
                return;
            }
            wrong.insert(exterior);
            let at = self.start(exterior);
            faults.add(ValidityError::PartsOverlap { at }, self.closed(exterior));
        }
        self.find_cuts(&wrong, faults);
    }

    fn start(&self, ring: usize) -> LngLat {
        self.mesh.rings[ring][0]
    }

    fn closed(&self, ring: usize) -> Vec<LngLat> {
        let points = self.mesh.rings[ring];
        points.iter().chain(points.first()).copied().collect()
    }

    fn holes(&self, polygon: usize) -> Range<usize> {
        let end = self.exteriors.get(polygon + 1);
        self.exteriors[polygon] + 1..end.copied().unwrap_or(self.mesh.rings.len())
    }

    /// True when a ring lies outside another; false when they cross.
    fn is_beside(&self, a: usize, b: usize) -> bool {
        !self.bad.has_pair(a, b) && !self.lies_in(a, b)
    }

    /// True when ring `a` lies in ring `b`; false when they cross.
    fn lies_in(&self, a: usize, b: usize) -> bool {
        let boxed = match (&self.extents[a], &self.extents[b]) {
            (Some(inner), Some(outer)) => outer.holds(inner),
            _ => false,
        };
        boxed
            && !self.bad.has_pair(a, b)
            && self.known.get(&(a, b)).copied().unwrap_or_else(|| {
                let points = self.mesh.rings[a].iter();
                let mut places = points.map(|&point| self.mesh.locate(b, point));
                places.find(|&place| place != Location::Border) == Some(Location::Inside)
            })
    }

    /// True when an exterior lies in, or crosses, a hole of the polygon of another.
    fn is_in_hole(&self, inner: usize, outer: usize) -> bool {
        let polygon = self.polygon_of(outer);
        self.holes(polygon)
            .any(|hole| self.bad.has_pair(inner, hole) || self.lies_in(inner, hole))
    }

    fn polygon_of(&self, ring: usize) -> usize {
        self.exteriors
            .partition_point(|&exterior| exterior <= ring)
            .saturating_sub(1)
    }

    /// Those of some rings for which another says so, whose box is around theirs.
    fn find_within<'s>(
        &'s self,
        rings: &'s [usize],
        says: impl Fn(usize, usize) -> bool + 's,
    ) -> impl Iterator<Item = usize> + 's {
        type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;
        let tree = (rings.len() > FEW).then(|| {
            let boxes = rings.iter().filter_map(|&ring| {
                let envelope = self.extents[ring]?.envelope();
                Some(Boxed::new(Rectangle::from_aabb(envelope), ring))
            });
            RTree::bulk_load(boxes.collect())
        });
        let within = move |&inner: &usize| {
            let Some(extent) = &self.extents[inner] else {
                return false;
            };
            let holds = |outer: usize| {
                let around = self.extents[outer].is_some_and(|outer| outer.holds(extent));
                outer != inner && around && says(inner, outer)
            };
            match &tree {
                Some(tree) => tree
                    .locate_in_envelope_intersecting(&extent.envelope())
                    .any(|boxed| holds(boxed.data)),
                None => rings.iter().any(|&outer| holds(outer)),
            }
        };
        rings.iter().copied().filter(within)
    }

    /// The rings of a polygon and the points where they touch form a graph; every round
    /// trip in it encloses ground that is cut off from the rest. Said only of polygons
    /// that have no other fault.
    fn find_cuts(&self, wrong: &HashSet<usize>, faults: &mut Faults) {
        let paired = self.bad.pairs.iter().flat_map(|&(a, b)| [a, b]);
        let spoilt: HashSet<usize> = paired
            .chain(self.bad.rings.iter().copied())
            .chain(wrong.iter().copied())
            .map(|ring| self.polygon_of(ring))
            .collect();
        let mut links: Vec<(usize, LngLat, usize)> = self
            .touches
            .iter()
            .map(|touch| (self.polygon_of(touch.rings[0]), touch))
            .filter(|&(polygon, touch)| polygon == self.polygon_of(touch.rings[1]))
            .filter(|(polygon, _)| !spoilt.contains(polygon))
            .flat_map(|(polygon, touch)| touch.rings.map(|ring| (polygon, touch.at, ring)))
            .collect();
        links.sort_unstable();
        links.dedup();
        // Nodes: the rings, then one for each place of each polygon.
        let mut parents: Vec<usize> = (0..self.mesh.rings.len()).collect();
        for place in links.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let node = parents.len();
            parents.push(node);
            for &(_, at, ring) in place {
                let (a, b) = (root(&mut parents, ring), root(&mut parents, node));
                if a == b {
                    faults.add(ValidityError::GroundCut { at }, Vec::new());
                }
                parents[a] = b;
            }
        }
    }
}

fn root(parents: &mut [usize], mut node: usize) -> usize {
    while parents[node] != node {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    node
}
