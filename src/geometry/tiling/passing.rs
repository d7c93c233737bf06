//! Whether an edge passes through the square of a place on a zoom's grid.

use std::cmp::Ordering;

use super::rings::GridPoint;
use super::world::{WorldPoint, shift_of};

/// An edge in the world, before it is rounded.
pub(super) struct Edge {
    from: [i64; 2],
    along: [i64; 2],
    shift: u8,
}

impl Edge {
    pub fn new(a: WorldPoint, b: WorldPoint, zoom: u8) -> Self {
        let from = [i64::from(a.x), i64::from(a.y)];
        let to = [i64::from(b.x), i64::from(b.y)];
        Self {
            from,
            along: [to[0] - from[0], to[1] - from[1]],
            shift: shift_of(zoom),
        }
    }

    /// True when the edge has a point that is rounded to this pixel: the square around it
    /// with its western and northern sides.
    pub fn passes_through(&self, pixel: GridPoint) -> bool {
        let half = 1_i64 << self.shift >> 1;
        // Most that are near lie wholly on one side of the edge's line.
        let offset = [
            (i64::from(pixel[0]) << self.shift) - self.from[0],
            (i64::from(pixel[1]) << self.shift) - self.from[1],
        ];
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        let aside = product(self.along[0], offset[1]) - product(self.along[1], offset[0]);
        let width = product(half, self.along[0].abs() + self.along[1].abs());
        if aside.abs() > width {
            return false;
        }
        // The part of the edge that is inside, as fractions of its length with whether
        // the end itself counts.
        let (mut enter, mut leave) = (((0, 1), true), ((1, 1), true));
        for (axis, centre) in pixel.into_iter().enumerate() {
            let centre = i64::from(centre) << self.shift;
            let (low, high) = (centre - half, centre + half);
            let (from, along) = (self.from[axis], self.along[axis]);
            let (one, other) = match along.signum() {
                0 if from < low || from >= high => return false,
                0 => continue,
                1 => (((low - from, along), true), ((high - from, along), false)),
                _ => (((from - high, -along), false), ((from - low, -along), true)),
            };
            enter = match compare(one.0, enter.0) {
                Ordering::Greater => one,
                Ordering::Equal => (one.0, one.1 && enter.1),
                Ordering::Less => enter,
            };
            leave = match compare(other.0, leave.0) {
                Ordering::Less => other,
                Ordering::Equal => (other.0, other.1 && leave.1),
                Ordering::Greater => leave,
            };
        }
        match compare(enter.0, leave.0) {
            Ordering::Less => true,
            Ordering::Equal => enter.1 && leave.1,
            Ordering::Greater => false,
        }
    }

    /// Grows along the edge.
    pub fn progress_to(&self, pixel: GridPoint) -> i128 {
        (0..2)
            .map(|axis| {
                let offset = (i64::from(pixel[axis]) << self.shift) - self.from[axis];
                i128::from(offset) * i128::from(self.along[axis])
            })
            .sum()
    }
}

/// Compares fractions with positive denominators.
fn compare(a: (i64, i64), b: (i64, i64)) -> Ordering {
    (i128::from(a.0) * i128::from(b.1)).cmp(&(i128::from(b.0) * i128::from(a.1)))
}
