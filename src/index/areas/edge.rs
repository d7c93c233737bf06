//! Edges on the lattice, seen from corners half a step off it.

use crate::domain::{BoundingBox, LngLat};

/// A lattice point, counted in steps east and north of 180° W, 90° S.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub x: u32,
    pub y: u32,
}

/// A place that no vertex and no lattice point can have: half a step west and south of a
/// spot, and north of that by less than anything. So no corner lies on an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    pub x: u32,
    pub y: u32,
}

/// A directed edge of a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub a: Spot,
    pub b: Spot,
}

/// A square of lattice points: 2^`shift` a side, from the south-western one on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub x: u32,
    pub y: u32,
    pub shift: u32,
}

impl Spot {
    pub const fn of(point: LngLat) -> Self {
        // Wraps from the west to 0; the east is 3.6e9.
        Self {
            x: point.lon_e7().cast_unsigned().wrapping_add(1_800_000_000),
            y: point.lat_e7().cast_unsigned().wrapping_add(900_000_000),
        }
    }

    /// The ends of a box.
    pub const fn corners(bounds: &BoundingBox) -> (Self, Self) {
        (Self::of(bounds.min), Self::of(bounds.max))
    }
}

impl Edge {
    pub const fn of((a, b): (LngLat, LngLat)) -> Self {
        Self {
            a: Spot::of(a),
            b: Spot::of(b),
        }
    }

    /// The same for both directions.
    pub fn ends(self) -> (Spot, Spot) {
        if self.a < self.b {
            (self.a, self.b)
        } else {
            (self.b, self.a)
        }
    }

    /// Whether a way west from the corner, without end, crosses the edge.
    pub fn lies_west_of(self, corner: Corner) -> bool {
        let Self { a, b } = self;
        if (a.y < corner.y) == (b.y < corner.y) || a.x.min(b.x) >= corner.x {
            return false;
        }
        a.x.max(b.x) < corner.x || self.has_left(corner) != (b.y > a.y)
    }

    /// Whether a way south from the corner, without end, crosses the edge.
    pub fn lies_south_of(self, corner: Corner) -> bool {
        let Self { a, b } = self;
        if (a.x < corner.x) == (b.x < corner.x) || a.y.min(b.y) >= corner.y {
            return false;
        }
        a.y.max(b.y) < corner.y || self.has_left(corner) == (b.x > a.x)
    }

    /// Whether the corner lies to the left of the line.
    fn has_left(self, corner: Corner) -> bool {
        let Self { a, b } = self;
        let (dx, dy) = (offset(a.x, b.x), offset(a.y, b.y));
        // Doubled, because of the half steps.
        let (x, y) = (2 * offset(a.x, corner.x) - 1, 2 * offset(a.y, corner.y) - 1);
        match (i128::from(dx) * i128::from(y)).cmp(&(i128::from(dy) * i128::from(x))) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            // On the line but for being a little north of it. The line is not upright: it
            // has no lattice point west and none east of it if it were.
            std::cmp::Ordering::Equal => dx > 0,
        }
    }
}

impl Frame {
    /// The last column and row of lattice points.
    pub const fn last(self) -> Spot {
        let side = !(u32::MAX << self.shift);
        Spot {
            x: self.x.saturating_add(side),
            y: self.y.saturating_add(side),
        }
    }

    pub const fn corner(self) -> Corner {
        Corner {
            x: self.x,
            y: self.y,
        }
    }

    /// Whether a box of lattice points meets the square.
    pub fn meets(self, (min, max): (Spot, Spot)) -> bool {
        let last = self.last();
        min.x <= last.x && self.x <= max.x && min.y <= last.y && self.y <= max.y
    }

    /// Whether the box around an edge meets the square.
    pub fn is_near(self, Edge { a, b }: Edge) -> bool {
        let min = Spot {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
        };
        let max = Spot {
            x: a.x.max(b.x),
            y: a.y.max(b.y),
        };
        self.meets((min, max))
    }
}

pub(super) fn offset(from: u32, to: u32) -> i64 {
    i64::from(to) - i64::from(from)
}
