//! Polygons on a tile's grid, in buffers that are used again from area to area.

use std::ops::Range;

/// A place in a tile's own units: x to the east, y down.
pub type GridPoint = [i32; 2];

/// Polygons, ring after ring: each exterior ring is followed by the holes in it. Rings are
/// not closed by repetition. Walked along in x to the right and y up, ground lies to the
/// left: exteriors have a positive area by the surveyor's formula, holes a negative one,
/// which is how vector tiles tell them apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rings {
    points: Vec<GridPoint>,
    /// Where each ring ends.
    ends: Vec<usize>,
}

impl Rings {
    #[must_use]
    pub const fn new() -> Self {
        Self {
            points: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The rings in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[GridPoint]> + ExactSizeIterator {
        (0..self.ends.len()).map(|ring| self.ring(ring))
    }

    /// The rings in order, each with whether it is an exterior.
    pub fn iter_with_roles(&self) -> impl Iterator<Item = (&[GridPoint], bool)> {
        self.iter().map(|ring| (ring, doubled_area(ring) > 0))
    }

    pub(super) fn ring(&self, ring: usize) -> &[GridPoint] {
        &self.points[self.start_of(ring)..self.ends[ring]]
    }

    fn start_of(&self, ring: usize) -> usize {
        ring.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// Adds a point to the ring that is being drawn; a point that repeats the one before
    /// is the same line.
    pub(super) fn push(&mut self, point: GridPoint) {
        if self.points.len() == self.open_start() || self.points.last() != Some(&point) {
            self.points.push(point);
        }
    }

    /// Ends the ring that is being drawn. One that encloses nothing is dropped.
    pub(super) fn close(&mut self) {
        let start = self.open_start();
        while self.points.len() > start + 1 && self.points.last() == self.points.get(start) {
            self.points.pop();
        }
        if doubled_area(&self.points[start..]) == 0 {
            self.points.truncate(start);
        } else {
            self.ends.push(self.points.len());
        }
    }

    /// Adds a whole ring.
    pub(super) fn add(&mut self, ring: &[GridPoint]) {
        for &point in ring {
            self.push(point);
        }
        self.close();
    }

    /// Adds a ring as an exterior, whichever way it runs.
    pub fn add_exterior(&mut self, ring: &[GridPoint]) {
        if doubled_area(ring) > 0 {
            self.add(ring);
        } else {
            for &point in ring.iter().rev() {
                self.push(point);
            }
            self.close();
        }
    }

    /// Adds some of the rings of others.
    pub(super) fn append(&mut self, others: &Self, rings: Range<usize>) {
        let start = others.start_of(rings.start);
        let end = others.start_of(rings.end);
        let before = self.points.len();
        self.points.extend_from_slice(&others.points[start..end]);
        let ends = others.ends[rings].iter();
        self.ends.extend(ends.map(|end| before + end - start));
    }

    fn open_start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }
}

/// Twice the area of a ring, positive for an exterior.
#[must_use]
pub(super) fn doubled_area(ring: &[GridPoint]) -> i64 {
    let Some((&[x0, y0], others)) = ring.split_first() else {
        return 0;
    };
    // Seen from the first point, the edges to it and from it span nothing.
    let (mut sum, mut ax, mut ay) = (0, 0, 0);
    for &[x, y] in others {
        let (bx, by) = (i64::from(x - x0), i64::from(y - y0));
        sum += ax * by - bx * ay;
        (ax, ay) = (bx, by);
    }
    sum
}

/// The edges of a ring, the closing one last.
pub(super) fn edges(ring: &[GridPoint]) -> impl Iterator<Item = (GridPoint, GridPoint)> + '_ {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter().copied().zip(next.copied())
}
