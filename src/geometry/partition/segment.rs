//! Edges on the lattice: where they meet, and which pixels they pass.

use std::cmp::Ordering;

use rstar::{AABB, RTreeObject};

use crate::domain::LngLat;
use crate::domain::shape::side;

/// An undirected edge, its lesser end first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Segment {
    pub from: LngLat,
    pub to: LngLat,
}

impl Segment {
    pub fn new(a: LngLat, b: LngLat) -> Self {
        Self {
            from: a.min(b),
            to: a.max(b),
        }
    }

    /// True for points that lie on the line of the segment, between its ends.
    fn is_around(self, point: LngLat) -> bool {
        self.from < point && point < self.to
    }

    /// True when some place of the segment is rounded to a lattice point: when it has a place
    /// less than half a step to the east and to the north of it, or as much as that to the
    /// west and to the south.
    pub fn passes(self, point: LngLat) -> bool {
        // Along the segment, from 0 to 1, both axes are within the pixel for a while.
        let mut from = Bound::closed(0, 1);
        let mut to = Bound::closed(1, 1);
        let axes = [
            (self.from.lon_e7(), self.to.lon_e7(), point.lon_e7()),
            (self.from.lat_e7(), self.to.lat_e7(), point.lat_e7()),
        ];
        for (start, end, centre) in axes {
            let [start, end, centre] = [start, end, centre].map(|it| 2 * i64::from(it));
            let (way, low, high) = (end - start, centre - 1 - start, centre + 1 - start);
            let (enters, leaves) = match way.cmp(&0) {
                Ordering::Greater => (Bound::closed(low, way), Bound::open(high, way)),
                Ordering::Less => (Bound::open(-high, -way), Bound::closed(-low, -way)),
                Ordering::Equal if low <= 0 && 0 < high => continue,
                Ordering::Equal => return false,
            };
            from = from.later(enters);
            to = to.earlier(leaves);
        }
        match from.compare(&to) {
            Ordering::Less => true,
            Ordering::Equal => from.is_closed && to.is_closed,
            Ordering::Greater => false,
        }
    }

    /// Puts points that lie along the segment into its order. They are rounded, yet in each
    /// axis rounding keeps the order.
    pub fn sort(self, points: &mut Vec<LngLat>) {
        let sign = if self.to.lat_e7() < self.from.lat_e7() {
            -1
        } else {
            1
        };
        points.sort_unstable_by_key(|point| (point.lon_e7(), sign * point.lat_e7()));
        points.dedup();
    }
}

/// Where along a segment something begins or ends, as a fraction.
#[derive(Debug, Clone, Copy)]
struct Bound {
    part: i64,
    /// Positive.
    whole: i64,
    /// Here still, or already.
    is_closed: bool,
}

impl Bound {
    const fn closed(part: i64, whole: i64) -> Self {
        Self {
            part,
            whole,
            is_closed: true,
        }
    }

    const fn open(part: i64, whole: i64) -> Self {
        Self {
            part,
            whole,
            is_closed: false,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let one = i128::from(self.part) * i128::from(other.whole);
        one.cmp(&(i128::from(other.part) * i128::from(self.whole)))
    }

    fn later(self, other: Self) -> Self {
        match self.compare(&other) {
            Ordering::Less => other,
            Ordering::Equal if !other.is_closed => other,
            _ => self,
        }
    }

    fn earlier(self, other: Self) -> Self {
        match self.compare(&other) {
            Ordering::Greater => other,
            Ordering::Equal if !other.is_closed => other,
            _ => self,
        }
    }
}

impl RTreeObject for Segment {
    type Envelope = AABB<[f64; 2]>;

    /// In lattice steps, which an `f64` holds exactly.
    fn envelope(&self) -> Self::Envelope {
        let corner = |point: LngLat| [f64::from(point.lon_e7()), f64::from(point.lat_e7())];
        AABB::from_corners(corner(self.from), corner(self.to))
    }
}

/// True when two different edges have more in common than ends of both.
pub(super) fn do_meet(one: Segment, other: Segment) -> bool {
    let (a, b, c, d) = (one.from, one.to, other.from, other.to);
    // Most are neighbours in a ring.
    if a == d || b == c {
        return false;
    }
    let (of_c, of_d) = (side(a, b, c).signum(), side(a, b, d).signum());
    if of_c != 0 && of_c == of_d {
        return false;
    }
    if of_c == 0 && of_d == 0 {
        // On one line, along which points are ordered.
        return a.max(c) < b.min(d);
    }
    let (of_a, of_b) = (side(c, d, a).signum(), side(c, d, b).signum());
    of_c * of_d * of_a * of_b == 1
        || of_c == 0 && one.is_around(c)
        || of_d == 0 && one.is_around(d)
        || of_a == 0 && other.is_around(a)
        || of_b == 0 && other.is_around(b)
}

/// The lattice point nearest to where two edges cross between their ends. Halves are rounded
/// up, as they belong to pixels.
pub(super) fn crossing(one: Segment, other: Segment) -> Option<LngLat> {
    let (of_c, of_d) = (
        side(one.from, one.to, other.from),
        side(one.from, one.to, other.to),
    );
    let (of_a, of_b) = (
        side(other.from, other.to, one.from),
        side(other.from, other.to, one.to),
    );
    if of_a.signum() * of_b.signum() != -1 || of_c.signum() * of_d.signum() != -1 {
        return None;
    }
    // Both are less than 2^63 on the whole earth, and the way along an axis less than 2^32.
    let (part, whole) = (of_a.abs(), of_a.abs() + of_b.abs());
    let at = |from: i32, to: i32| {
        let way = i128::from(to) - i128::from(from);
        let steps = (2 * way * part + whole).div_euclid(2 * whole);
        i32::try_from(i128::from(from) + steps).ok()
    };
    let lon = at(one.from.lon_e7(), one.to.lon_e7())?;
    LngLat::from_e7(lon, at(one.from.lat_e7(), one.to.lat_e7())?).ok()
}
