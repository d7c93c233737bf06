//! Polygons cut off at a tile's buffer.
//!
//! What is inside is decided against a box half a unit wider than the buffer: no vertex
//! lies on its sides, so every cut is a proper one and there are no special cases. Cut
//! edges end on the buffer's own side, at the nearest whole unit: the same for both areas
//! that share the edge.

use std::cmp::Ordering;
use std::ops::Range;

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

/// Cuts polygons, with buffers that are used again.
#[derive(Debug, Default)]
pub struct Clipper {
    chains: Vec<Chain>,
    /// The points of all chains.
    points: Vec<GridPoint>,
    /// The chains in the order in which they enter, around the box.
    entries: Vec<usize>,
    is_linked: Vec<bool>,
    /// Places on the sides of the buffer.
    on_side: Vec<GridPoint>,
    parts: Rings,
}

impl Clipper {
    /// Adds the parts of polygons that lie in the tile's box with its buffer.
    pub fn clip(&mut self, polygons: &Rings, out: &mut Rings) {
        let count = polygons.iter().len();
        let mut start = 0;
        while start < count {
            let is_hole = |&ring: &usize| doubled_area(polygons.ring(ring)) < 0;
            let end = start + 1 + (start + 1..count).take_while(is_hole).count();
            match position_of(polygons.ring(start)) {
                Position::Apart => {}
                Position::Inside => out.append(polygons, start..end),
                Position::Mixed => self.cut(polygons, start..end, out),
            }
            start = end;
        }
    }

    fn cut(&mut self, polygons: &Rings, rings: Range<usize>, out: &mut Rings) {
        self.chains.clear();
        self.points.clear();
        self.parts.clear();
        let has_holes = rings.len() > 1;
        for ring in rings.clone().map(|ring| polygons.ring(ring)) {
            if let Position::Inside = position_of(ring) {
                self.parts.add(ring);
            } else {
                self.find_chains(ring);
            }
        }
        let mut corners = 0;
        if self.chains.is_empty() {
            // No border crosses the box's own: it is all ground along it, or none.
            let on_side = [0, LOW_2];
            let covered = rings
                .filter(|&ring| side_of(polygons.ring(ring), on_side) == Some(true))
                .count();
            if covered % 2 == 1 {
                self.parts.add(&CORNERS);
                corners = CORNERS.len();
            }
        } else {
            corners = self.link();
        }
        // Holes may touch their exterior, or be left without the one they had.
        if has_holes || !self.is_plain(corners) {
            untangle(&join_along_sides(&self.parts), out);
        } else {
            out.append(&self.parts, 0..self.parts.iter().len());
        }
    }

    /// The stretches of a ring that lie inside the box, which it is not wholly in.
    fn find_chains(&mut self, ring: &[GridPoint]) {
        let Some(start) = ring.iter().position(|&point| beyond(point) != 0) else {
            return;
        };
        let turned = ring[start..].iter().chain(&ring[..=start]).copied();
        let mut open: Option<(Cut, usize)> = None;
        let mut a = ring[start];
        let mut beyond_a = beyond(a);
        for b in turned.skip(1) {
            let beyond_b = beyond(b);
            if beyond_a | beyond_b == 0 {
                self.points.push(b);
            } else if beyond_a & beyond_b == 0
                && let Some([enter, leave]) = span_inside(a, b)
            {
                if beyond_a != 0 {
                    let enter = cut_at(a, b, enter.1);
                    open = Some((enter, self.points.len()));
                    self.points.push(enter.place);
                }
                if beyond_b == 0 {
                    self.points.push(b);
                } else if let Some((enter, start)) = open.take() {
                    let leave = cut_at(a, b, leave.1);
                    self.points.push(leave.place);
                    let points = start..self.points.len();
                    self.chains.push(Chain {
                        enter,
                        leave,
                        points,
                    });
                }
            }
            (a, beyond_a) = (b, beyond_b);
        }
    }

    /// Joins chains to rings along the box, on which ground is to the left: from where one
    /// leaves to where the next one enters. How many corners of the box are on the way.
    fn link(&mut self) -> usize {
        let chains = &self.chains;
        self.entries.clear();
        self.entries.extend(0..chains.len());
        self.entries
            .sort_by(|&a, &b| chains[a].enter.cmp(&chains[b].enter));
        self.is_linked.clear();
        self.is_linked.resize(chains.len(), false);
        let mut corners = 0;
        for first in 0..chains.len() {
            let mut at = first;
            while !self.is_linked[at] {
                self.is_linked[at] = true;
                let chain = &chains[at];
                for &point in &self.points[chain.points.clone()] {
                    self.parts.push(point);
                }
                let after = self
                    .entries
                    .partition_point(|&entry| chains[entry].enter.cmp(&chain.leave).is_lt());
                let next = self.entries[after % self.entries.len()];
                let (from, to) = (chain.leave.side, chains[next].enter.side);
                // All four corners when the way wraps around within one side.
                let sides = to + if after == self.entries.len() { 4 } else { 0 } - from;
                for side in from..from + sides {
                    self.parts.push(CORNERS[usize::from(side % 4)]);
                    corners += 1;
                }
                at = next;
            }
            self.parts.close();
        }
        corners
    }

    /// True when nothing lies on the sides but the ends of chains and the corners, and no
    /// two of them have been rounded to one place, so that no rings touch there.
    fn is_plain(&mut self, corners: usize) -> bool {
        let on_side = |[x, y]: &GridPoint| *x == LOW || *x == HIGH || *y == LOW || *y == HIGH;
        // What lies between a chain's ends is told apart from them: a chain that has become
        // a single place would make up for it in the count below.
        let touches = |chain: &Chain| {
            let between = chain.points.start + 1..chain.points.end - 1;
            self.points[between].iter().any(on_side)
        };
        if self.chains.iter().any(touches) {
            return false;
        }
        self.on_side.clear();
        let points = self.parts.iter().flatten().copied();
        self.on_side.extend(points.filter(on_side));
        self.on_side.sort_unstable();
        self.on_side.len() == 2 * self.chains.len() + corners
            && self.on_side.windows(2).all(|pair| pair[0] != pair[1])
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
    let (mut min, mut max) = ([i32::MAX; 2], [i32::MIN; 2]);
    for &[x, y] in ring {
        min = [min[0].min(x), min[1].min(y)];
        max = [max[0].max(x), max[1].max(y)];
    }
    if beyond(min) | beyond(max) == 0 {
        Position::Inside
    } else if beyond(min) & beyond(max) == 0 {
        Position::Mixed
    } else {
        Position::Apart
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
#[derive(Debug)]
struct Chain {
    enter: Cut,
    leave: Cut,
    points: Range<usize>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clipped(rings: &[&[GridPoint]]) -> Vec<Vec<GridPoint>> {
        let (mut polygon, mut out) = (Rings::default(), Rings::default());
        for ring in rings {
            polygon.add(ring);
        }
        Clipper::default().clip(&polygon, &mut out);
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

    /// True when a ring comes to no place twice, at a vertex or along an edge.
    fn is_simple(ring: &[GridPoint]) -> bool {
        edges(ring).all(|(a, b)| {
            let touches =
                |&point: &GridPoint| point != a && point != b && distance(a, b, point) == 0.0;
            ring.iter().filter(|&&point| point == a).count() == 1 && !ring.iter().any(touches)
        })
    }

    /// The border touches the end of the buffer from beyond in one place, and runs along it
    /// in another: as many places lie on the end as if it had only been cut.
    #[test]
    fn a_border_along_the_end_of_the_buffer_is_taken_apart() {
        let rings = clipped(&[&[
            [200, HIGH - 6],
            [240, HIGH],
            [290, HIGH],
            [330, HIGH - 10],
            [460, HIGH - 9],
            [500, HIGH + 2],
            [540, HIGH],
            [580, HIGH + 2],
            [600, HIGH + 900],
            [190, HIGH + 900],
        ]]);
        assert_eq!(rings.len(), 2);
        assert!(rings.iter().all(|ring| is_simple(ring)), "{rings:?}");
    }

    proptest! {
        /// Borders that wander over the end of the buffer, with ground on either side.
        #[test]
        fn rings_at_the_end_of_the_buffer_are_simple(
            steps in prop::collection::vec((1..60_i32, -2..=2_i32), 3..30),
            is_below in any::<bool>(),
        ) {
            let mut x = 100;
            let mut ring: Vec<GridPoint> = Vec::new();
            for &(step, aside) in &steps {
                x += step;
                ring.push([x, HIGH + aside]);
            }
            if is_below {
                ring.extend([[x, HIGH + 500], [100, HIGH + 500]]);
            } else {
                ring.extend([[x, 500], [100, 500]]);
                ring.reverse();
            }
            let rings = clipped(&[&ring]);
            for ring in &rings {
                prop_assert!(is_simple(ring), "{:?}", ring);
            }
        }

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
