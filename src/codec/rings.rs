//! Rings into polygons, where a format lists them without saying which hole is whose.

use geo::kernels::{Kernel, Orientation, RobustKernel};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::feature::{FeatureFault, RawPolygons};
use super::gather::MAX_RINGS_OF_FEATURE;

type RawRing = Vec<[f64; 2]>;

/// What makes a ring a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holes {
    /// It runs the other way than the smallest outer ring around it, whichever that is.
    /// So files whose rings all run the wrong way are read as they are meant.
    ByDirection,
    /// It lies in an odd number of rings.
    ByNesting,
}

/// Finds for every ring the smallest one around it: a hole is then one of that. Rings
/// are around others by most of their points, since holes may touch or cross what they
/// are in. The order of the outer rings is that of the file.
///
/// # Errors
/// When there are more rings than any area has.
pub(super) fn group(rings: Vec<RawRing>, holes: Holes) -> Result<RawPolygons, FeatureFault> {
    if rings.len() > MAX_RINGS_OF_FEATURE {
        return Err(FeatureFault::TooManyRings(rings.len()));
    }
    if rings.len() <= 1 {
        return Ok(rings.into_iter().map(|ring| vec![ring]).collect());
    }
    let mut sized: Vec<(f64, usize)> = rings
        .iter()
        .enumerate()
        .map(|(number, ring)| (doubled_area(ring), number))
        .collect();
    // From large to small: what is around a ring comes before it.
    sized.sort_by(|(a, i), (b, j)| b.abs().total_cmp(&a.abs()).then(i.cmp(j)));
    let mut around: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>> = RTree::new();
    let mut placed: Vec<Placed> = Vec::with_capacity(rings.len());
    for (area, number) in sized {
        let ring = &rings[number];
        let clockwise = area < 0.0;
        let may_be_in = is_finite(ring) && !ring.is_empty();
        let bounds = AABB::from_points(ring);
        let outer = may_be_in.then(|| around.locate_in_envelope_intersecting(&bounds));
        let outer = outer.and_then(|outers| {
            let mut outers: Vec<usize> = outers.map(|outer| outer.data).collect();
            outers.sort_unstable();
            // The smallest was placed last.
            let mut outers = outers.into_iter().rev();
            outers.find(|&outer| surrounds(&rings[placed[outer].number], ring))
        });
        let is_hole = outer.is_some_and(|outer| match holes {
            Holes::ByDirection => placed[outer].clockwise != clockwise,
            Holes::ByNesting => placed[outer].hole_of.is_none(),
        });
        let may_surround = holes == Holes::ByNesting || !is_hole;
        if may_surround && may_be_in {
            let bounds = Rectangle::from_corners(bounds.lower(), bounds.upper());
            around.insert(GeomWithData::new(bounds, placed.len()));
        }
        placed.push(Placed {
            number,
            clockwise,
            hole_of: outer.filter(|_| is_hole),
        });
    }
    Ok(assemble(rings, &placed))
}

/// A ring, and what is known of it.
struct Placed {
    /// In the file.
    number: usize,
    clockwise: bool,
    /// Among those placed.
    hole_of: Option<usize>,
}

fn assemble(rings: Vec<RawRing>, placed: &[Placed]) -> RawPolygons {
    let mut polygon_of: Vec<Option<usize>> = vec![None; rings.len()];
    let mut outer_of: Vec<Option<usize>> = vec![None; rings.len()];
    for ring in placed {
        outer_of[ring.number] = ring.hole_of.map(|outer| placed[outer].number);
    }
    let mut polygons: RawPolygons = Vec::new();
    let mut holes = Vec::new();
    for (number, ring) in rings.into_iter().enumerate() {
        if let Some(outer) = outer_of[number] {
            holes.push((outer, ring));
        } else {
            polygon_of[number] = Some(polygons.len());
            polygons.push(vec![ring]);
        }
    }
    for (outer, hole) in holes {
        if let Some(polygon) = polygon_of[outer] {
            polygons[polygon].push(hole);
        }
    }
    polygons
}

fn is_finite(ring: &RawRing) -> bool {
    ring.iter().flatten().all(|number| number.is_finite())
}

/// Twice the area, positive when the ring runs counter-clockwise.
fn doubled_area(ring: &RawRing) -> f64 {
    let Some(&[x, y]) = ring.first() else {
        return 0.0;
    };
    edges(ring)
        .map(|([ax, ay], [bx, by])| (ax - x) * (by - y) - (bx - x) * (ay - y))
        .sum()
}

fn edges(ring: &RawRing) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter().copied().zip(next.copied())
}

/// True when more of the points of a ring lie inside than outside; when all are on the
/// border, the middles of its edges tell.
fn surrounds(outer: &RawRing, ring: &RawRing) -> bool {
    let vertices = tally(outer, spread(ring.iter().copied(), ring.len()));
    if vertices != 0 {
        return vertices > 0;
    }
    let middles = edges(ring).map(|(a, b)| [0, 1].map(|axis| a[axis].midpoint(b[axis])));
    tally(outer, spread(middles, ring.len())) >= 0
}

/// A few of many points.
fn spread<T>(points: impl Iterator<Item = T>, count: usize) -> impl Iterator<Item = T> {
    points.step_by((count / 8).max(1))
}

/// How many points more lie inside than outside.
fn tally(outer: &RawRing, points: impl Iterator<Item = [f64; 2]>) -> i32 {
    points.map(|point| locate(outer, point)).sum()
}

/// 1 inside, 0 on the border, -1 outside: by the edges that a ray to the east crosses,
/// as [`crate::domain::Ring::locate`] does, but before anything is rounded.
#[expect(clippy::float_cmp, reason = "the same numbers are the same point")]
fn locate(ring: &RawRing, point: [f64; 2]) -> i32 {
    let [px, py] = point;
    let coord = |[x, y]: [f64; 2]| geo::Coord { x, y };
    let mut inside = false;
    for (a, b) in edges(ring) {
        let ([ax, ay], [bx, by]) = (a, b);
        if b == point {
            return 0;
        }
        if ay == py && by == py {
            if ax.min(bx) <= px && px <= ax.max(bx) {
                return 0;
            }
        } else if (ay <= py) != (by <= py) {
            match RobustKernel::orient2d(coord(a), coord(b), coord(point)) {
                Orientation::Collinear => return 0,
                turn => inside ^= (turn == Orientation::CounterClockwise) == (by > ay),
            }
        }
    }
    if inside { 1 } else { -1 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{LngLat, Location, Ring};

    fn square(from: f64, to: f64, clockwise: bool) -> RawRing {
        let mut points = vec![[from, from], [to, from], [to, to], [from, to], [from, from]];
        if clockwise {
            points.reverse();
        }
        points
    }

    /// The widths of the outer rings with those of their holes.
    fn grouped(rings: Vec<RawRing>, holes: Holes) -> Vec<Vec<f64>> {
        let width = |ring: &RawRing| (ring[2][0] - ring[0][0]).abs();
        let polygons = group(rings, holes).unwrap().into_iter();
        polygons
            .map(|rings| rings.iter().map(width).collect())
            .collect()
    }

    #[test]
    fn holes_go_to_the_ring_around_them_whichever_way_all_run() {
        for clockwise in [true, false] {
            let rings = vec![
                square(20.0, 30.0, !clockwise),
                square(100.0, 140.0, clockwise),
                square(0.0, 90.0, clockwise),
                square(40.0, 45.0, !clockwise),
                square(110.0, 115.0, !clockwise),
                square(22.0, 28.0, clockwise),
                square(24.0, 26.0, !clockwise),
            ];
            let expected = [vec![40.0, 5.0], vec![90.0, 10.0, 5.0], vec![6.0, 2.0]];
            assert_eq!(grouped(rings.clone(), Holes::ByDirection), expected);
            assert_eq!(grouped(rings, Holes::ByNesting), expected);
        }
    }

    #[test]
    fn by_nesting_direction_does_not_matter() {
        let rings = [(0.0, 90.0), (20.0, 30.0), (22.0, 28.0), (100.0, 140.0)];
        let rings: Vec<RawRing> = rings.map(|(from, to)| square(from, to, true)).into();
        assert_eq!(
            grouped(rings.clone(), Holes::ByNesting),
            [vec![90.0, 10.0], vec![6.0], vec![40.0]]
        );
        assert_eq!(
            grouped(rings, Holes::ByDirection),
            [[90.0], [10.0], [6.0], [40.0]]
        );
    }

    #[test]
    fn a_hole_outside_everything_is_ground() {
        let rings = vec![square(0.0, 10.0, true), square(20.0, 25.0, false)];
        assert_eq!(grouped(rings, Holes::ByDirection), [[10.0], [5.0]]);
    }

    #[test]
    fn a_hole_that_touches_or_crosses_what_it_is_in_is_its_hole() {
        let outer = square(0.0, 10.0, true);
        let touching = vec![[0.0, 5.0], [5.0, 0.0], [5.0, 5.0], [0.0, 5.0]];
        let crossing = vec![[-1.0, 8.0], [2.0, 7.0], [3.0, 8.0], [2.0, 9.0], [-1.0, 8.0]];
        // In a notch: every point is one of the other ring.
        let notched = vec![
            [20.0, 0.0],
            [25.0, 5.0],
            [30.0, 0.0],
            [30.0, 10.0],
            [20.0, 10.0],
            [20.0, 0.0],
        ];
        let notch = vec![[20.0, 0.0], [30.0, 0.0], [25.0, 5.0], [20.0, 0.0]];
        let rings = vec![
            outer.clone(),
            touching.clone(),
            crossing.clone(),
            notched.clone(),
            notch.clone(),
        ];
        assert_eq!(
            group(rings, Holes::ByNesting).unwrap(),
            [vec![outer, touching, crossing], vec![notched], vec![notch]]
        );
    }

    #[test]
    fn rings_that_are_none_stand_on_their_own() {
        let rings = vec![
            square(0.0, 10.0, true),
            vec![],
            vec![[f64::NAN, 1.0], [2.0, 2.0]],
            vec![[20.0, 20.0]],
        ];
        let groups = group(rings, Holes::ByNesting).unwrap();
        assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [1; 4]);
    }

    proptest! {
        /// Rings on the lattice are exact in both: there the domain is the oracle.
        #[test]
        fn points_are_located_as_on_the_lattice(
            points in prop::collection::vec((0..12_i32, 0..12_i32), 3..9),
            x in 0..12_i32,
            y in 0..12_i32,
        ) {
            let place = |(x, y): (i32, i32)| LngLat::from_e7(x, y).unwrap();
            let raw: RawRing = points.iter().map(|&(x, y)| [f64::from(x), f64::from(y)]).collect();
            if let Ok(ring) = Ring::from_open(points.into_iter().map(place).collect()) {
                let expected = match ring.locate(place((x, y))) {
                    Location::Inside => 1,
                    Location::Border => 0,
                    Location::Outside => -1,
                };
                prop_assert_eq!(locate(&raw, [f64::from(x), f64::from(y)]), expected);
            }
        }
    }
}
