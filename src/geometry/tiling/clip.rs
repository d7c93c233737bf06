//! Polygons cut off at a tile's buffer.
//!
//! What is inside is decided against a box half a unit wider than the buffer: no vertex
//! lies on its sides, so every cut is a proper one and there are no special cases. Cut
//! edges end on the buffer's own side, at the nearest whole unit: the same for both areas
//! that share the edge.

use std::cmp::Ordering;

use super::rings::{GridPoint, Rings, doubled_area, edges};
use super::untangle::{doubled, side_of, untangle};
use super::{BUFFER, EXTENT};

const LOW: i32 = -BUFFER;
const HIGH: i32 = EXTENT + BUFFER;
/// The box in half units.
const LOW_2: i64 = 2 * LOW as i64 - 1;
const HIGH_2: i64 = 2 * HIGH as i64 + 1;

/// The corners of the buffer, each at the end of the side with its number: 0 along the
/// north to the east, 1 down, 2 to the west, 3 up. So ground inside lies to the left.
const CORNERS: [GridPoint; 4] = [[HIGH, LOW], [HIGH, HIGH], [LOW, HIGH], [LOW, LOW]];

/// Adds the parts of polygons that lie in the tile's box with its buffer.
pub fn clip(polygons: &Rings, out: &mut Rings) {
    let mut start = 0;
    for end in 1..=polygons.iter().len() {
        let is_whole = end == polygons.iter().len() || doubled_area(polygons.ring(end)) > 0;
        if is_whole {
            clip_polygon(polygons, start..end, out);
            start = end;
        }
    }
}

fn clip_polygon(polygons: &Rings, rings: std::ops::Range<usize>, out: &mut Rings) {
    match position_of(polygons.ring(rings.start)) {
        Position::Apart => {}
        Position::Inside => rings.for_each(|ring| out.add(polygons.ring(ring))),
        Position::Mixed => cut(polygons, rings, out),
    }
}

enum Position {
    /// All points are inside the box.
    Inside,
    /// All points are beyond one side of the box.
    Apart,
    Mixed,
}

fn position_of(ring: &[GridPoint]) -> Position {
    let (mut all, mut any) = (u8::MAX, 0);
    for &point in ring {
        let beyond = beyond(point);
        all &= beyond;
        any |= beyond;
    }
    match (all, any) {
        (_, 0) => Position::Inside,
        (0, _) => Position::Mixed,
        _ => Position::Apart,
    }
}

/// The sides of the box that a point is beyond, a bit for each.
fn beyond([x, y]: GridPoint) -> u8 {
    u8::from(y < LOW) | u8::from(x > HIGH) << 1 | u8::from(y > HIGH) << 2 | u8::from(x < LOW) << 3
}

/// Where an edge crosses a side of the box.
#[derive(Debug, Clone, Copy)]
struct Cut {
    side: u8,
    /// How far along the side, in half units from the world's origin, as a fraction with a
    /// positive denominator.
    along: (i64, i64),
    /// Where the clipped edge ends.
    place: GridPoint,
}

impl Cut {
    /// The order of cuts around the box, from its north-western corner to the east.
    fn cmp(&self, other: &Self) -> Ordering {
        self.side.cmp(&other.side).then_with(|| {
            let (a, b) = (self.along, other.along);
            let along =
                (i128::from(a.0) * i128::from(b.1)).cmp(&(i128::from(b.0) * i128::from(a.1)));
            if self.side < 2 {
                along
            } else {
                along.reverse()
            }
        })
    }
}

/// The part of an edge that is inside the box, as fractions of its length.
fn span_inside(a: GridPoint, b: GridPoint) -> Option<[(Crossing, u8); 2]> {
    let (from, to) = (doubled(a), doubled(b));
    let mut enter = (Crossing(0, 1), u8::MAX);
    let mut leave = (Crossing(1, 1), u8::MAX);
    for axis in 0..2 {
        let along = to[axis] - from[axis];
        // The sides at the low and the high end of this axis.
        let (low_side, high_side) = if axis == 0 { (3, 1) } else { (0, 2) };
        let (first, last) = match along.signum() {
            0 if from[axis] < LOW_2 || from[axis] > HIGH_2 => return None,
            0 => continue,
            1 => (
                (Crossing(LOW_2 - from[axis], along), low_side),
                (Crossing(HIGH_2 - from[axis], along), high_side),
            ),
            _ => (
                (Crossing(from[axis] - HIGH_2, -along), high_side),
                (Crossing(from[axis] - LOW_2, -along), low_side),
            ),
        };
        if first.0 > enter.0 {
            enter = first;
        }
        if last.0 < leave.0 {
            leave = last;
        }
    }
    (enter.0 < leave.0).then_some([enter, leave])
}

/// A fraction of an edge's length, with a positive denominator.
#[derive(Debug, Clone, Copy)]
struct Crossing(i64, i64);

impl PartialEq for Crossing {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Crossing {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let [a, b] =
            [(self.0, other.1), (other.0, self.1)].map(|(n, d)| i128::from(n) * i128::from(d));
        Some(a.cmp(&b))
    }
}

/// The cut of an edge by a side. It does not depend on the edge's direction.
fn cut_at(a: GridPoint, b: GridPoint, side: u8) -> Cut {
    let axis = usize::from(side % 2 == 1);
    // Sides 0 and 2 lie across the second axis, 1 and 3 across the first.
    let (across, along) = (usize::from(axis == 0), axis);
    let is_low = side == 0 || side == 3;
    let (line_2, line) = if is_low { (LOW_2, LOW) } else { (HIGH_2, HIGH) };
    let (mut from, mut to) = (doubled(a), doubled(b));
    if from[across] > to[across] {
        std::mem::swap(&mut from, &mut to);
    }
    let length = to[across] - from[across];
    let rise = to[along] - from[along];
    let at = |line: i64| from[along] * length + (line - from[across]) * rise;
    // To the nearest whole unit; both are doubled, so half a unit is the length itself.
    let rounded = (at(2 * i64::from(line)) + length).div_euclid(2 * length);
    let mut place = [line; 2];
    place[along] = i32::try_from(rounded.clamp(LOW.into(), HIGH.into())).unwrap_or(LOW);
    Cut {
        side,
        along: (at(line_2), length),
        place,
    }
}

/// A stretch of border inside the box, from cut to cut.
struct Chain {
    enter: Cut,
    leave: Cut,
    points: Vec<GridPoint>,
}

fn cut(polygons: &Rings, rings: std::ops::Range<usize>, out: &mut Rings) {
    let mut chains: Vec<Chain> = Vec::new();
    let mut parts = Rings::default();
    for ring in rings.clone().map(|ring| polygons.ring(ring)) {
        if let Position::Inside = position_of(ring) {
            parts.add(ring);
        } else {
            find_chains(ring, &mut chains);
        }
    }
    if chains.is_empty() {
        // No border crosses the box's own: it is all ground along it, or none.
        let on_side = [0, LOW_2];
        let covered = rings
            .filter(|&ring| side_of(polygons.ring(ring), on_side) == Some(true))
            .count();
        if covered % 2 == 1 {
            parts.add(&[CORNERS[3], CORNERS[0], CORNERS[1], CORNERS[2]]);
        }
    } else {
        link(&chains, &mut parts);
    }
    // Cuts that were apart may have been rounded to one place, or to one where a vertex is.
    untangle(&join_along_sides(&parts), out);
}

/// The same rings, with every vertex that lies on a side of the buffer as a vertex of all
/// edges along that side that pass it.
fn join_along_sides(parts: &Rings) -> Rings {
    let mut on_sides: [Vec<GridPoint>; 4] = Default::default();
    for &point in parts.iter().flatten() {
        for (side, on_side) in on_sides.iter_mut().enumerate() {
            if is_on_side(point, side) {
                on_side.push(point);
            }
        }
    }
    for on_side in &mut on_sides {
        on_side.sort_unstable();
        on_side.dedup();
    }
    let mut joined = Rings::default();
    for ring in parts.iter() {
        for (a, b) in edges(ring) {
            let mut push = |point| joined.push(point);
            push(a);
            let along = on_sides
                .iter()
                .enumerate()
                .find(|&(side, _)| is_on_side(a, side) && is_on_side(b, side));
            if let Some((_, on_side)) = along {
                let (low, high) = (a.min(b), a.max(b));
                let first = on_side.partition_point(|&point| point <= low);
                let last = on_side.partition_point(|&point| point < high);
                let between = &on_side[first.min(last)..last];
                if a < b {
                    between.iter().copied().for_each(&mut push);
                } else {
                    between.iter().rev().copied().for_each(&mut push);
                }
            }
        }
        joined.close();
    }
    joined
}

/// Whether a point lies on one of the sides as [`CORNERS`] numbers them.
const fn is_on_side([x, y]: GridPoint, side: usize) -> bool {
    match side {
        0 => y == LOW,
        1 => x == HIGH,
        2 => y == HIGH,
        _ => x == LOW,
    }
}

/// The stretches of a ring that lie inside the box, which it is not wholly in.
fn find_chains(ring: &[GridPoint], chains: &mut Vec<Chain>) {
    let Some(start) = ring.iter().position(|&point| beyond(point) != 0) else {
        return;
    };
    let mut open: Option<Chain> = None;
    for place in start..start + ring.len() {
        let a = ring[place % ring.len()];
        let b = ring[(place + 1) % ring.len()];
        let (beyond_a, beyond_b) = (beyond(a), beyond(b));
        if beyond_a | beyond_b == 0 {
            if let Some(chain) = &mut open {
                chain.points.push(b);
            }
            continue;
        }
        if beyond_a & beyond_b != 0 {
            continue;
        }
        let Some([enter, leave]) = span_inside(a, b) else {
            continue;
        };
        if beyond_a != 0 {
            let enter = cut_at(a, b, enter.1);
            open = Some(Chain {
                enter,
                leave: enter,
                points: vec![enter.place],
            });
        }
        if beyond_b != 0 {
            if let Some(mut chain) = open.take() {
                chain.leave = cut_at(a, b, leave.1);
                chain.points.push(chain.leave.place);
                chains.push(chain);
            }
        } else if let Some(chain) = &mut open {
            chain.points.push(b);
        }
    }
}

/// Joins chains to rings along the box, on which ground is to the left: from where one
/// leaves to where the next one enters.
fn link(chains: &[Chain], out: &mut Rings) {
    let mut entries: Vec<usize> = (0..chains.len()).collect();
    entries.sort_by(|&a, &b| chains[a].enter.cmp(&chains[b].enter));
    let mut is_linked = vec![false; chains.len()];
    for first in 0..chains.len() {
        let mut at = first;
        let mut points = Vec::new();
        while !is_linked[at] {
            is_linked[at] = true;
            let chain = &chains[at];
            points.extend_from_slice(&chain.points);
            let after = entries
                .partition_point(|&entry| chains[entry].enter.cmp(&chain.leave) == Ordering::Less);
            let next = entries[after % entries.len()];
            let wraps = after == entries.len();
            push_corners(
                chain.leave.side,
                chains[next].enter.side,
                wraps,
                &mut points,
            );
            at = next;
        }
        out.add(&points);
    }
}

/// The corners on the way from one side to another, all four when the way wraps around
/// within one side.
fn push_corners(from: u8, to: u8, wraps: bool, points: &mut Vec<GridPoint>) {
    let sides = if wraps { to + 4 - from } else { to - from };
    for side in from..from + sides {
        points.push(CORNERS[usize::from(side % 4)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clipped(rings: &[&[GridPoint]]) -> Vec<Vec<GridPoint>> {
        let (mut polygon, mut out) = (Rings::default(), Rings::default());
        for ring in rings {
            polygon.add(ring);
        }
        clip(&polygon, &mut out);
        out.iter().map(<[_]>::to_vec).collect()
    }

    /// Twice what is covered.
    fn ground(rings: &[Vec<GridPoint>]) -> i64 {
        rings.iter().map(|ring| doubled_area(ring)).sum()
    }

    const SIDE: i64 = HIGH as i64 - LOW as i64;

    #[test]
    fn ground_all_around_is_the_box() {
        let far = [
            [-9_000, -9_000],
            [9_000, -9_000],
            [9_000, 9_000],
            [-9_000, 9_000],
        ];
        assert_eq!(ground(&clipped(&[&far])), 2 * SIDE * SIDE);
        // A hole as large as the box leaves nothing, a small one itself.
        let (mut large, small) = (CORNERS, [[5, 5], [5, 9], [9, 9], [9, 5]]);
        large.reverse();
        let large = large.map(|corner| corner.map(|value| value * 2));
        assert_eq!(clipped(&[&far, &large]), [[[0; 2]; 0]; 0]);
        let rings = clipped(&[&far, &small]);
        assert_eq!(ground(&rings), 2 * (SIDE * SIDE - 16));
        assert_eq!(rings.len(), 2);
    }

    #[test]
    fn two_prongs_of_a_fork_become_two_polygons() {
        // The handle lies beyond the eastern side.
        let fork = [
            [100, 100],
            [9_000, 100],
            [9_000, 400],
            [100, 400],
            [100, 300],
            [8_000, 300],
            [8_000, 200],
            [100, 200],
        ];
        let rings = clipped(&[&fork]);
        assert_eq!(rings.len(), 2);
        assert_eq!(ground(&rings), 2 * 2 * 100 * (i64::from(HIGH) - 100));
    }

    #[test]
    fn a_hole_over_the_side_opens_the_ring() {
        let square = [[0, 0], [9_000, 0], [9_000, 500], [0, 500]];
        let hole = [[4_000, 100], [4_000, 200], [5_000, 200], [5_000, 100]];
        let rings = clipped(&[&square, &hole]);
        assert_eq!(rings.len(), 1);
        let high = i64::from(HIGH);
        assert_eq!(ground(&rings), 2 * (high * 500 - (high - 4_000) * 100));
    }

    proptest! {
        /// Star-shaped rings of all sizes: a place is in the clipped polygon when it is in
        /// the whole one.
        #[test]
        fn inside_the_box_nothing_changes(
            centre in prop::array::uniform2(-6_000..10_000_i32),
            radii in prop::collection::vec(1..9_000_i32, 3..40),
            places in prop::collection::vec(prop::array::uniform2(0..EXTENT), 60),
        ) {
            let count = f64::from(u32::try_from(radii.len()).unwrap());
            let ring: Vec<GridPoint> = (0_u32..)
                .zip(&radii)
                .map(|(number, &radius)| {
                    let (sin, cos) = (f64::from(number) / count * std::f64::consts::TAU).sin_cos();
                    #[expect(clippy::cast_possible_truncation, reason = "in range")]
                    let reach = |part: f64| (f64::from(radius) * part).round() as i32;
                    [centre[0] + reach(cos), centre[1] + reach(sin)]
                })
                .collect();
            prop_assume!(doubled_area(&ring) > 0);
            let rings = clipped(&[&ring]);
            for &point in rings.iter().flatten() {
                prop_assert_eq!(beyond(point), 0);
            }
            for place in places {
                let whole = side_of(&ring, doubled(place));
                let sides: Vec<_> = rings.iter().map(|ring| side_of(ring, doubled(place))).collect();
                // Cut edges are bent by up to half a unit.
                let is_near = edges(&ring).any(|(a, b)| distance(a, b, place) < 1.0);
                if !is_near {
                    let covering = sides.iter().filter(|&&side| side == Some(true)).count();
                    prop_assert_eq!(Some(covering % 2 == 1), whole, "{:?}", place);
                }
            }
        }
    }

    fn distance(a: GridPoint, b: GridPoint, point: GridPoint) -> f64 {
        use geo::{Distance, Euclidean, Line, Point};
        let place = |point: GridPoint| Point::from(point.map(f64::from));
        Euclidean.distance(&place(point), &Line::new(place(a), place(b)))
    }
}
