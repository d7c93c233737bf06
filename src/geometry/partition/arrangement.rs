//! The faces between edges that meet only at their ends.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::segment::Segment;
use crate::domain::LngLat;
use crate::domain::shape::{doubled_area_e14, side};

/// Faces and the walks around them. Half-edge `2i` runs along segment `i`, `2i + 1` against
/// it; each has its face on the left.
#[derive(Debug, Clone)]
pub(super) struct Arrangement {
    segments: Vec<Segment>,
    /// The half-edge after each one, around the same face.
    next: Vec<usize>,
    /// The walk that each half-edge belongs to.
    walk_of: Vec<usize>,
    walks: Vec<Walk>,
    faces: Vec<Walks>,
}

/// A way around a face, or around what lies in it.
#[derive(Debug, Clone)]
struct Walk {
    /// One of its half-edges.
    start: usize,
    /// Positive around a face, negative around the outside of edges that hang together.
    doubled_area_e14: i128,
    /// `None` for the ground around everything.
    face: Option<usize>,
}

/// What bounds a face, by the numbers of walks.
#[derive(Debug, Clone)]
struct Walks {
    outer: usize,
    /// Around what lies in the face and does not touch its outer walk along an edge.
    inner: Vec<usize>,
}

impl Arrangement {
    /// The faces between segments, which are in order, each once, and meet only at ends.
    pub fn of(segments: Vec<Segment>) -> Self {
        let mut arrangement = Self {
            next: vec![0; 2 * segments.len()],
            walk_of: vec![usize::MAX; 2 * segments.len()],
            segments,
            walks: Vec::new(),
            faces: Vec::new(),
        };
        arrangement.turn_at_nodes();
        arrangement.walk();
        arrangement.nest();
        arrangement
    }

    /// How many faces there are, without the ground around everything.
    pub fn face_count(&self) -> usize {
        self.faces.len()
    }

    /// The face to the left of a half-edge; `None` for the ground around everything.
    pub fn face_left_of(&self, half: usize) -> Option<usize> {
        self.walks[self.walk_of[half]].face
    }

    /// True for an edge with the same walk on both sides: a bridge, or a dead end.
    pub fn divides_nothing(&self, segment: usize) -> bool {
        self.walk_of[2 * segment] == self.walk_of[2 * segment + 1]
    }

    pub fn origin(&self, half: usize) -> LngLat {
        let segment = self.segments[half / 2];
        if half.is_multiple_of(2) {
            segment.from
        } else {
            segment.to
        }
    }

    /// Twice the ground of a face.
    pub fn doubled_area_e14(&self, face: usize) -> i128 {
        self.walks_of(face)
            .map(|walk| self.walks[walk].doubled_area_e14)
            .sum()
    }

    /// The half-edges around a face, and around what lies in it.
    pub fn border(&self, face: usize) -> impl Iterator<Item = usize> + '_ {
        self.walks_of(face).flat_map(|walk| self.halves(walk))
    }

    /// The rings of a face, closed: the outer one first, counter-clockwise, then the holes,
    /// clockwise, each from its least point on. They are simple, and touch each other at
    /// points only.
    pub fn rings(&self, face: usize) -> Vec<Vec<LngLat>> {
        let walks = self.walks_of(face);
        let mut rings: Vec<Vec<LngLat>> = walks
            .flat_map(|walk| {
                let points = self.halves(walk).map(|half| self.origin(half));
                part_at_touches(points.collect())
            })
            .collect();
        // A walk that touches itself has the outer ring at any place.
        if let Some(outer) = rings.iter().position(|ring| doubled_area_e14(ring) > 0) {
            rings[..=outer].rotate_right(1);
        }
        for ring in &mut rings {
            let least = ring.iter().enumerate().min_by_key(|&(_, point)| point);
            let least = least.map_or(0, |(place, _)| place);
            ring.rotate_left(least);
            ring.extend(ring.first().copied());
        }
        rings
    }

    fn walks_of(&self, face: usize) -> impl Iterator<Item = usize> + '_ {
        let walks = &self.faces[face];
        std::iter::once(walks.outer).chain(walks.inner.iter().copied())
    }

    fn halves(&self, walk: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self.walks[walk].start;
        let following = move |&half: &usize| Some(self.next[half]).filter(|&next| next != start);
        std::iter::successors(Some(start), following)
    }

    /// At each node: who comes in along a half-edge leaves by the next one clockwise, which
    /// keeps the face on the left.
    fn turn_at_nodes(&mut self) {
        let mut leaving: Vec<(LngLat, usize)> = (0..self.next.len())
            .map(|half| (self.origin(half), half))
            .collect();
        leaving.sort_unstable();
        for node in leaving.chunk_by_mut(|a, b| a.0 == b.0) {
            if node.len() > 2 {
                node.sort_unstable_by(|a, b| self.compare_directions(a.1, b.1));
            }
            let mut clockwise = node[node.len() - 1].1;
            for &(_, half) in &*node {
                self.next[half ^ 1] = clockwise;
                clockwise = half;
            }
        }
    }

    /// Counter-clockwise from straight down, of half-edges that leave one node.
    fn compare_directions(&self, a: usize, b: usize) -> Ordering {
        // What runs along its segment leaves to the right, or straight up.
        let order = (a % 2).cmp(&(b % 2));
        let (node, to_a, to_b) = (self.origin(a), self.origin(a ^ 1), self.origin(b ^ 1));
        order.then_with(|| side(node, to_b, to_a).cmp(&0))
    }

    fn walk(&mut self) {
        for start in 0..self.next.len() {
            if self.walk_of[start] != usize::MAX {
                continue;
            }
            let walk = self.walks.len();
            let mut doubled_area_e14 = 0;
            let mut half = start;
            loop {
                self.walk_of[half] = walk;
                let (a, b) = (self.origin(half), self.origin(half ^ 1));
                let [ax, ay, bx, by] =
                    [a.lon_e7(), a.lat_e7(), b.lon_e7(), b.lat_e7()].map(i64::from);
                // At most 2 × 1.8e9 × 0.9e9.
                doubled_area_e14 += i128::from(ax * by - bx * ay);
                half = self.next[half];
                if half == start {
                    break;
                }
            }
            let face = (doubled_area_e14 > 0).then(|| {
                self.faces.push(Walks {
                    outer: walk,
                    inner: Vec::new(),
                });
                self.faces.len() - 1
            });
            self.walks.push(Walk {
                start,
                doubled_area_e14,
                face,
            });
        }
    }

    /// Finds the face around each group of edges that hangs together, by a line that sweeps
    /// from west to east over the edges: it is the face above the edge next below the first
    /// point of the group.
    fn nest(&mut self) {
        let mut groups: Vec<(LngLat, usize)> = (0..self.walks.len())
            .filter(|&walk| self.walks[walk].doubled_area_e14 <= 0)
            .filter_map(|walk| {
                let points = self.halves(walk).map(|half| self.origin(half));
                Some((points.min()?, walk))
            })
            .collect();
        if groups.len() < 2 {
            // One group lies in nothing.
            return;
        }
        groups.sort_unstable();
        let mut ends: Vec<usize> = (0..self.segments.len()).collect();
        ends.sort_unstable_by_key(|&segment| self.segments[segment].to);
        let (mut begun, mut ended) = (0, 0);
        let mut active: BTreeSet<Active> = BTreeSet::new();
        for (first, group) in groups {
            // Everything that begins or ends before, in order; ends come first.
            loop {
                let end = ends.get(ended).map(|&segment| self.segments[segment].to);
                let begin = self.segments.get(begun).map(|segment| segment.from);
                let end = end.filter(|&end| end <= first);
                let begin = begin.filter(|&begin| begin < first);
                match (begin, end) {
                    (None, None) => break,
                    (Some(begin), end) if end.is_none_or(|end| begin < end) => {
                        active.insert(Active::new(self.segments[begun], begun));
                        begun += 1;
                    }
                    _ => {
                        let segment = ends[ended];
                        active.remove(&Active::new(self.segments[segment], segment));
                        ended += 1;
                    }
                }
            }
            let point = Active::new(Segment::new(first, first), usize::MAX);
            let below = active.range(..point).next_back();
            let face = below.and_then(|below| self.face_left_of(2 * below.index));
            self.walks[group].face = face;
            if let Some(face) = face {
                self.faces[face].inner.push(group);
            }
        }
    }
}

/// A segment that the sweep line cuts, or a point that it has reached. Later is higher.
#[derive(PartialEq, Eq)]
struct Active {
    segment: Segment,
    index: usize,
}

impl Active {
    fn new(segment: Segment, index: usize) -> Self {
        Self { segment, index }
    }
}

impl Ord for Active {
    /// Both are cut by one sweep line, and do not cross.
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, two) = (self.segment, other.segment);
        if self == other {
            return Ordering::Equal;
        }
        match one.from.cmp(&two.from) {
            Ordering::Less => 0.cmp(&side(one.from, one.to, two.from)),
            Ordering::Greater => side(two.from, two.to, one.from).cmp(&0),
            Ordering::Equal => 0.cmp(&side(one.from, one.to, two.to)),
        }
    }
}

impl PartialOrd for Active {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Cuts a closed walk that passes some points more than once into simple rings.
fn part_at_touches(walk: Vec<LngLat>) -> Vec<Vec<LngLat>> {
    let mut sorted = walk.clone();
    sorted.sort_unstable();
    if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        return vec![walk];
    }
    let mut rings = Vec::new();
    let mut way: Vec<LngLat> = Vec::new();
    let mut places: HashMap<LngLat, usize> = HashMap::new();
    for point in walk {
        if let Some(&place) = places.get(&point) {
            for passed in &way[place..] {
                places.remove(passed);
            }
            rings.push(way.split_off(place));
        }
        places.insert(point, way.len());
        way.push(point);
    }
    rings.push(way);
    rings
}
