//! Polygons on the integer lattice of 1e-7 degrees, and the exact arithmetic on them.
//!
//! Nothing here rounds: whether two segments meet, on which side a point lies and how large a ring
//! is are decided in integers, so neighbours can never disagree about their common border.

use std::cmp::Ordering;
use std::collections::HashSet;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// A point of the lattice: longitude (`x`) and latitude (`y`) in units of 1e-7 degrees.
pub type Vertex = Coord<i32>;

/// One piece of ground: a counter-clockwise outer ring and its clockwise holes.
///
/// Rings are open (the first vertex is not repeated at the end) and simple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    pub outer: Vec<Vertex>,
    pub holes: Vec<Vec<Vertex>>,
}

impl Patch {
    /// The outer ring first, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Vec<Vertex>> + Clone {
        std::iter::once(&self.outer).chain(&self.holes)
    }

    /// Twice the area in lattice units, holes taken off.
    #[must_use]
    pub fn doubled_area(&self) -> i128 {
        self.rings().map(|ring| doubled_area(ring)).sum()
    }

    /// Whether the point lies strictly inside: a point on a ring does not.
    #[must_use]
    pub fn holds(&self, point: Vertex) -> bool {
        locate(&self.outer, point) == Side::Inside
            && self
                .holes
                .iter()
                .all(|hole| locate(hole, point) == Side::Outside)
    }

    /// Reads a polygon whose rings may run either way round.
    #[must_use]
    pub fn from_polygon(polygon: &Polygon<i32>) -> Self {
        Self {
            outer: open_ring(polygon.exterior(), true),
            holes: polygon
                .interiors()
                .iter()
                .map(|ring| open_ring(ring, false))
                .collect(),
        }
    }

    /// Closes the rings into a polygon, outer ring counter-clockwise.
    #[must_use]
    pub fn to_polygon(&self) -> Polygon<i32> {
        let close = |ring: &Vec<Vertex>| {
            let mut closed = ring.clone();
            closed.extend(ring.first().copied());
            LineString(closed)
        };
        Polygon::new(close(&self.outer), self.holes.iter().map(close).collect())
    }
}

/// Reads every polygon of a shape.
#[must_use]
pub fn patches_of(shape: &MultiPolygon<i32>) -> Vec<Patch> {
    shape.0.iter().map(Patch::from_polygon).collect()
}

/// Joins patches into one shape, as they are: nothing is dissolved.
#[must_use]
pub fn shape_of(patches: &[Patch]) -> MultiPolygon<i32> {
    MultiPolygon(patches.iter().map(Patch::to_polygon).collect())
}

fn open_ring(ring: &LineString<i32>, counter_clockwise: bool) -> Vec<Vertex> {
    let mut open = ring.0.clone();
    if open.len() > 1 && open.first() == open.last() {
        open.pop();
    }
    if (doubled_area(&open) > 0) != counter_clockwise {
        open.reverse();
    }
    open
}

/// A total order of lattice points: by longitude, then by latitude.
#[must_use]
pub fn sort_key(vertex: Vertex) -> (i32, i32) {
    (vertex.x, vertex.y)
}

/// The directed edges of a ring, the closing one included.
pub fn edges(ring: &[Vertex]) -> impl Iterator<Item = (Vertex, Vertex)> + '_ {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the signed area of a ring in lattice units; positive when it runs counter-clockwise.
#[must_use]
pub fn doubled_area(ring: &[Vertex]) -> i128 {
    edges(ring)
        .map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y))
        .sum()
}

fn between(from: Vertex, to: Vertex) -> (i64, i64) {
    (
        i64::from(to.x) - i64::from(from.x),
        i64::from(to.y) - i64::from(from.y),
    )
}

fn cross(a: (i64, i64), b: (i64, i64)) -> i128 {
    i128::from(a.0) * i128::from(b.1) - i128::from(a.1) * i128::from(b.0)
}

fn dot(a: (i64, i64), b: (i64, i64)) -> i128 {
    i128::from(a.0) * i128::from(b.0) + i128::from(a.1) * i128::from(b.1)
}

/// `Greater` when `point` lies left of the line from `from` to `to`, `Equal` when on it.
#[must_use]
pub fn turn(from: Vertex, to: Vertex, point: Vertex) -> Ordering {
    cross(between(from, to), between(from, point)).cmp(&0)
}

/// Where a point lies with respect to a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Inside,
    Outside,
    Border,
}

/// Where the point lies, exactly, by the crossing rule.
#[must_use]
pub fn locate(ring: &[Vertex], point: Vertex) -> Side {
    let mut inside = false;
    for (a, b) in edges(ring) {
        let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
        if point.y < low.y || point.y > high.y {
            continue;
        }
        let side = turn(low, high, point);
        if side == Ordering::Equal && point.x >= a.x.min(b.x) && point.x <= a.x.max(b.x) {
            return Side::Border;
        }
        // Half open in latitude, so that a ray through a vertex counts it once.
        if point.y < high.y && side == Ordering::Greater {
            inside = !inside;
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

/// How two segments touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    Apart,
    /// Their only common point is this end of both.
    End(Vertex),
    /// They cross, overlap, or one ends on the other.
    Crossing,
}

/// How two segments touch, exactly.
#[must_use]
pub fn contact((a, b): (Vertex, Vertex), (c, d): (Vertex, Vertex)) -> Contact {
    if a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y)
    {
        return Contact::Apart;
    }
    let (end, one, other) = match (a == c, a == d, b == c, b == d) {
        (false, false, false, false) => return contact_inside((a, b), (c, d)),
        (true, false, false, false) => (a, b, d),
        (false, true, false, false) => (a, b, c),
        (false, false, true, false) => (b, a, d),
        (false, false, false, true) => (b, a, c),
        _ => return Contact::Crossing,
    };
    let (one, other) = (between(end, one), between(end, other));
    if cross(one, other) == 0 && dot(one, other) > 0 {
        Contact::Crossing
    } else {
        Contact::End(end)
    }
}

/// How two segments touch that share no end and whose boxes overlap.
fn contact_inside((a, b): (Vertex, Vertex), (c, d): (Vertex, Vertex)) -> Contact {
    let one_sided = |from, to, p, q| {
        let side = turn(from, to, p);
        side != Ordering::Equal && side == turn(from, to, q)
    };
    if one_sided(a, b, c, d) || one_sided(c, d, a, b) {
        Contact::Apart
    } else {
        // On one line, too, they meet: their boxes overlap.
        Contact::Crossing
    }
}

/// A closed walk over directed paths with the ground on its left.
#[derive(Debug, Clone)]
pub struct Cycle {
    pub ring: Vec<Vertex>,
    /// The paths it follows, by their place in the list.
    pub paths: Vec<usize>,
}

/// Follows directed paths of two or more vertices, ground on the left, into closed walks.
///
/// At a junction the walk takes the sharpest left turn, so it stays with one face. `None` when a
/// path ends where none begins.
#[must_use]
pub fn trace(paths: &[Vec<Vertex>]) -> Option<Vec<Cycle>> {
    let mut starts = Vec::with_capacity(paths.len());
    for (index, path) in paths.iter().enumerate() {
        starts.push((sort_key(*path.first()?), index));
    }
    starts.sort_unstable();
    let mut walked = vec![false; paths.len()];
    let mut cycles = Vec::new();
    for first in 0..paths.len() {
        if walked[first] {
            continue;
        }
        let mut cycle = Cycle {
            ring: Vec::new(),
            paths: Vec::new(),
        };
        let mut current = first;
        while !walked[current] {
            walked[current] = true;
            let (end, body) = paths[current].split_last()?;
            cycle.ring.extend_from_slice(body);
            cycle.paths.push(current);
            let key = sort_key(*end);
            let from = starts.partition_point(|(start, _)| *start < key);
            let back = between(*end, *body.last()?);
            let leaving = |index: usize| between(paths[index][0], paths[index][1]);
            current = starts[from..]
                .iter()
                .take_while(|(start, _)| *start == key)
                .map(|(_, index)| *index)
                .min_by(|a, b| compare_clockwise(back, leaving(*a), leaving(*b)))?;
        }
        if current != first {
            return None;
        }
        cycles.push(cycle);
    }
    Some(cycles)
}

/// Which of two directions is met first when turning clockwise from `reference`; the reference
/// itself is met last.
fn compare_clockwise(reference: (i64, i64), a: (i64, i64), b: (i64, i64)) -> Ordering {
    let sector = |direction| match (
        cross(reference, direction).cmp(&0),
        dot(reference, direction).cmp(&0),
    ) {
        (Ordering::Less, _) => 0,
        (Ordering::Equal, Ordering::Less) => 1,
        (Ordering::Greater, _) => 2,
        (Ordering::Equal, _) => 3,
    };
    sector(a).cmp(&sector(b)).then_with(|| cross(a, b).cmp(&0))
}

/// The union of patches that tile their ground: edges run in both directions cancel, the rest is
/// chained into rings. `None` when the patches overlap, for then the edges do not close.
#[must_use]
pub fn dissolve<'a>(patches: impl IntoIterator<Item = &'a Patch>) -> Option<Vec<Patch>> {
    let mut border: HashSet<(Vertex, Vertex)> = HashSet::new();
    for patch in patches {
        for (a, b) in patch.rings().flat_map(|ring| edges(ring)) {
            if !border.remove(&(b, a)) && !border.insert((a, b)) {
                return None;
            }
        }
    }
    let mut paths: Vec<Vec<Vertex>> = border.into_iter().map(|(a, b)| vec![a, b]).collect();
    paths.sort_unstable_by_key(|path| (sort_key(path[0]), sort_key(path[1])));
    let rings = trace(&paths)?
        .into_iter()
        .flat_map(|cycle| split_at_repeats(cycle.ring))
        .collect();
    nest(rings)
}

/// Cuts a walk that touches itself at a vertex into simple rings.
fn split_at_repeats(walk: Vec<Vertex>) -> Vec<Vec<Vertex>> {
    let mut rings = Vec::new();
    let mut open: Vec<Vertex> = Vec::new();
    let mut seen: HashSet<Vertex> = HashSet::new();
    for vertex in walk {
        if !seen.insert(vertex)
            && let Some(at) = open.iter().position(|other| *other == vertex)
        {
            let ring = open.split_off(at);
            for gone in &ring {
                seen.remove(gone);
            }
            seen.insert(vertex);
            rings.push(ring);
        }
        open.push(vertex);
    }
    rings.push(open);
    rings
}

/// Sorts rings into patches: counter-clockwise ones are outer, each clockwise one is a hole of the
/// smallest outer ring around it. `None` when a hole has none.
#[must_use]
pub fn nest(rings: Vec<Vec<Vertex>>) -> Option<Vec<Patch>> {
    let (outers, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| doubled_area(ring) > 0);
    let mut patches: Vec<Patch> = outers
        .into_iter()
        .map(|outer| Patch {
            outer,
            holes: Vec::new(),
        })
        .collect();
    for hole in holes {
        let around = find_enclosing(patches.iter().map(|patch| patch.outer.as_slice()), &hole)?;
        patches[around].holes.push(hole);
    }
    Some(patches)
}

/// The smallest of the rings that has the hole inside, by its place in the list.
pub fn find_enclosing<'a>(
    rings: impl Iterator<Item = &'a [Vertex]>,
    hole: &[Vertex],
) -> Option<usize> {
    rings
        .enumerate()
        .filter(|(_, ring)| {
            // A hole may touch the ring around it at single vertices: those decide nothing.
            hole.iter()
                .map(|vertex| locate(ring, *vertex))
                .find(|side| *side != Side::Border)
                == Some(Side::Inside)
        })
        .min_by_key(|(_, ring)| doubled_area(ring))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vertex((x, y): (i32, i32)) -> Vertex {
        Vertex { x, y }
    }

    fn ring(points: &[(i32, i32)]) -> Vec<Vertex> {
        points.iter().copied().map(vertex).collect()
    }

    fn square(x: i32, y: i32) -> Patch {
        Patch {
            outer: ring(&[(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10)]),
            holes: Vec::new(),
        }
    }

    #[test]
    fn a_point_is_inside_outside_or_on_the_border() {
        let ring = ring(&[(0, 0), (10, 0), (10, 10), (5, 4), (0, 10)]);
        for (point, side) in [
            ((5, 2), Side::Inside),
            ((5, 4), Side::Border),
            ((5, 5), Side::Outside),
            ((0, 5), Side::Border),
            ((-1, 0), Side::Outside),
            ((11, 0), Side::Outside),
            ((-1, 10), Side::Outside),
            ((1, 4), Side::Inside),
            ((9, 4), Side::Inside),
        ] {
            assert_eq!(locate(&ring, vertex(point)), side, "{point:?}");
        }
    }

    #[test]
    fn segments_touch_in_three_ways() {
        for (a, b, c, d, expected) in [
            ((0, 0), (10, 0), (5, -5), (5, 5), Contact::Crossing),
            ((0, 0), (10, 0), (5, 0), (5, 5), Contact::Crossing),
            ((0, 0), (10, 0), (3, 0), (20, 0), Contact::Crossing),
            ((0, 0), (10, 0), (0, 0), (5, 0), Contact::Crossing),
            ((0, 0), (10, 0), (0, 0), (10, 0), Contact::Crossing),
            (
                (0, 0),
                (10, 0),
                (10, 0),
                (20, 0),
                Contact::End(vertex((10, 0))),
            ),
            (
                (0, 0),
                (10, 0),
                (10, 0),
                (0, 5),
                Contact::End(vertex((10, 0))),
            ),
            ((0, 0), (10, 0), (11, 0), (20, 0), Contact::Apart),
            ((0, 0), (10, 10), (6, 5), (20, 5), Contact::Apart),
        ] {
            let [a, b, c, d] = [a, b, c, d].map(vertex);
            assert_eq!(contact((a, b), (c, d)), expected, "{a:?} {b:?} {c:?} {d:?}");
            assert_eq!(contact((d, c), (b, a)), expected, "{a:?} {b:?} {c:?} {d:?}");
        }
    }

    #[test]
    fn neighbours_dissolve_and_corners_stay_apart() {
        let joined = dissolve([&square(0, 0), &square(10, 0)]).unwrap();
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].outer.len(), 6);
        assert_eq!(joined[0].doubled_area(), 400);

        let corner = dissolve([&square(0, 0), &square(10, 10)]).unwrap();
        assert_eq!(corner.len(), 2);
    }

    #[test]
    fn a_ring_of_squares_dissolves_to_a_patch_with_a_hole() {
        let around: Vec<Patch> = (0..9)
            .filter(|index| *index != 4)
            .map(|index| square(index % 3 * 10, index / 3 * 10))
            .collect();
        let joined = dissolve(&around).unwrap();
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].holes.len(), 1);
        assert_eq!(joined[0].doubled_area(), 1600);
        assert!(dissolve(around.iter().chain([&square(0, 0)])).is_none());
    }

    #[test]
    fn a_hole_that_touches_the_border_at_a_corner_is_still_a_hole() {
        // Six squares around two holes' worth of emptiness that meet the outside at one corner.
        let around: Vec<Patch> = (0..9)
            .filter(|index| *index != 4 && *index != 8)
            .map(|index| square(index % 3 * 10, index / 3 * 10))
            .collect();
        let joined = dissolve(&around).unwrap();
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].holes.len(), 1);
        assert_eq!(joined[0].doubled_area(), 1400);
    }
}
