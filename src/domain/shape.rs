//! Polygons on the lattice, and the exact test of a point against them.
//!
//! Everything here is integer arithmetic: there is no tolerance, so a point is
//! inside, outside or exactly on the border.

use serde::{Deserialize, Serialize};

use super::position::{BoundingBox, LngLat};

/// Where a point lies relative to a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    Inside,
    Border,
    Outside,
}

/// A closed line of at least three distinct points that encloses some ground.
/// The closing point is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring(Box<[LngLat]>);

/// A ring and the holes in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polygon {
    pub exterior: Ring,
    pub holes: Vec<Ring>,
}

/// The ground of an area: one polygon or several apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    polygons: Vec<Polygon>,
    bounds: BoundingBox,
}

/// Why points make no ring or polygons no shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    #[error("the ring is not closed: it starts at {first:?} and ends at {last:?}")]
    Unclosed { first: LngLat, last: LngLat },
    #[error("the ring has {0} distinct points; a ring needs at least three")]
    TooFewPoints(usize),
    #[error("the ring encloses no ground: it runs back over itself or crosses itself, near {0:?}")]
    NoGround(LngLat),
    #[error("the geometry has no polygon")]
    Empty,
}

impl Ring {
    /// Makes a ring of a closed sequence of points (the last equals the first), as
    /// GeoJSON and WKB write it. Points that repeat the one before are the same
    /// line and are dropped.
    ///
    /// # Errors
    /// When the sequence is not closed, has fewer than three distinct points, or
    /// encloses nothing.
    pub fn from_closed(mut points: Vec<LngLat>) -> Result<Self, ShapeError> {
        let (Some(&first), Some(&last)) = (points.first(), points.last()) else {
            return Err(ShapeError::TooFewPoints(0));
        };
        if first != last {
            return Err(ShapeError::Unclosed { first, last });
        }
        points.pop();
        Self::from_open(points)
    }

    /// Makes a ring of its points without the closing repetition.
    ///
    /// # Errors
    /// As [`Ring::from_closed`], but for closing.
    pub fn from_open(mut points: Vec<LngLat>) -> Result<Self, ShapeError> {
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let mut distinct = points.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 3 {
            return Err(ShapeError::TooFewPoints(distinct.len()));
        }
        let ring = Self(points.into_boxed_slice());
        if ring.doubled_area_e14() == 0 {
            return Err(ShapeError::NoGround(distinct[0]));
        }
        Ok(ring)
    }

    /// The points in order, without the closing repetition.
    #[must_use]
    pub fn points(&self) -> &[LngLat] {
        &self.0
    }

    /// The points in order, closed.
    pub fn closed_points(&self) -> impl Iterator<Item = LngLat> + '_ {
        self.0.iter().copied().chain(self.0.first().copied())
    }

    /// The directed edges, the closing one last.
    pub fn edges(&self) -> impl Iterator<Item = (LngLat, LngLat)> + '_ {
        edges(&self.0)
    }

    /// Twice the signed area in square lattice steps; positive when the ring runs
    /// counter-clockwise.
    #[must_use]
    pub fn doubled_area_e14(&self) -> i128 {
        doubled_area_e14(&self.0)
    }

    /// Where a point lies relative to the ring, by counting the edges that a ray to
    /// the east crosses (Hormann and Agathos 2001), exactly.
    #[must_use]
    pub fn locate(&self, point: LngLat) -> Location {
        locate(&self.0, point)
    }
}

impl Polygon {
    #[must_use]
    pub fn locate(&self, point: LngLat) -> Location {
        match self.exterior.locate(point) {
            Location::Inside => {}
            elsewhere => return elsewhere,
        }
        for hole in &self.holes {
            match hole.locate(point) {
                Location::Inside => return Location::Outside,
                Location::Border => return Location::Border,
                Location::Outside => {}
            }
        }
        Location::Inside
    }

    /// The exterior, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.exterior).chain(&self.holes)
    }
}

impl Shape {
    /// # Errors
    /// When there is no polygon.
    pub fn new(polygons: Vec<Polygon>) -> Result<Self, ShapeError> {
        let points = polygons
            .iter()
            .flat_map(|polygon| polygon.exterior.points().iter().copied());
        let bounds = BoundingBox::around(points).ok_or(ShapeError::Empty)?;
        Ok(Self { polygons, bounds })
    }

    #[must_use]
    pub fn polygons(&self) -> &[Polygon] {
        &self.polygons
    }

    /// The box around the shape.
    #[must_use]
    pub const fn bounds(&self) -> BoundingBox {
        self.bounds
    }

    /// Every ring of every polygon.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.polygons.iter().flat_map(Polygon::rings)
    }

    /// Every directed edge of every ring.
    pub fn edges(&self) -> impl Iterator<Item = (LngLat, LngLat)> + '_ {
        self.rings().flat_map(Ring::edges)
    }

    /// How many vertices the shape has, closing repetitions not counted.
    #[must_use]
    pub fn vertex_count(&self) -> usize {
        self.rings().map(|ring| ring.points().len()).sum()
    }

    /// Where a point lies relative to the shape: inside when it is inside one of the
    /// polygons, on the border when it is on the border of one and inside none.
    #[must_use]
    pub fn locate(&self, point: LngLat) -> Location {
        if !self.bounds.contains(point) {
            return Location::Outside;
        }
        let mut location = Location::Outside;
        for polygon in &self.polygons {
            match polygon.locate(point) {
                Location::Inside => return Location::Inside,
                Location::Border => location = Location::Border,
                Location::Outside => {}
            }
        }
        location
    }

    /// True when the point is inside or on the border.
    #[must_use]
    pub fn covers(&self, point: LngLat) -> bool {
        self.locate(point) != Location::Outside
    }
}

/// The directed edges of a ring of points, the closing one last.
pub(crate) fn edges(points: &[LngLat]) -> impl Iterator<Item = (LngLat, LngLat)> + '_ {
    let next = points.iter().skip(1).chain(points.first());
    points.iter().copied().zip(next.copied())
}

/// Twice the signed area of a ring of points in square lattice steps; positive when it
/// runs counter-clockwise.
pub(crate) fn doubled_area_e14(points: &[LngLat]) -> i128 {
    let Some(&origin) = points.first() else {
        return 0;
    };
    edges(points)
        .map(|(a, b)| {
            let (ax, ay) = offset(origin, a);
            let (bx, by) = offset(origin, b);
            i128::from(ax) * i128::from(by) - i128::from(bx) * i128::from(ay)
        })
        .sum()
}

/// Where a point lies relative to a ring of points: inside when the ring goes around it
/// an odd number of times.
pub(crate) fn locate(points: &[LngLat], point: LngLat) -> Location {
    let Some(&(mut a)) = points.last() else {
        return Location::Outside;
    };
    let mut inside = false;
    for &b in points {
        match pass_east(a, b, point) {
            Some(true) => inside = !inside,
            Some(false) => {}
            None => return Location::Border,
        }
        a = b;
    }
    if inside {
        Location::Inside
    } else {
        Location::Outside
    }
}

/// Whether an edge crosses the ray from a point to the east; `None` when the point lies
/// on it. A ray through a vertex counts the edges that come from above.
pub(crate) fn pass_east(a: LngLat, b: LngLat, point: LngLat) -> Option<bool> {
    let (px, py) = (point.lon_e7(), point.lat_e7());
    let (ay, by) = (a.lat_e7(), b.lat_e7());
    if ay == by {
        let (west, east) = min_max(a.lon_e7(), b.lon_e7());
        return (ay != py || px < west || east < px).then_some(false);
    }
    if (ay <= py) != (by <= py) {
        return match side(a, b, point) {
            0 => None,
            turn => Some((turn > 0) == (by > ay)),
        };
    }
    // The upper end of an edge is not counted as crossed above.
    (a != point && b != point).then_some(false)
}

/// The sign tells the side of the directed line `a`→`b` on which `p` lies: positive
/// left, negative right, zero on the line.
pub(crate) fn side(a: LngLat, b: LngLat, p: LngLat) -> i128 {
    let (bx, by) = offset(a, b);
    let (px, py) = offset(a, p);
    i128::from(bx) * i128::from(py) - i128::from(by) * i128::from(px)
}

fn offset(from: LngLat, to: LngLat) -> (i64, i64) {
    (
        i64::from(to.lon_e7()) - i64::from(from.lon_e7()),
        i64::from(to.lat_e7()) - i64::from(from.lat_e7()),
    )
}

const fn min_max(a: i32, b: i32) -> (i32, i32) {
    if a < b { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn p(x: i32, y: i32) -> LngLat {
        LngLat::from_e7(x, y).unwrap()
    }

    fn ring(points: &[(i32, i32)]) -> Ring {
        Ring::from_open(points.iter().map(|&(x, y)| p(x, y)).collect()).unwrap()
    }

    #[test]
    fn a_square_with_a_hole_is_located_exactly() {
        let polygon = Polygon {
            exterior: ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]),
            holes: vec![ring(&[(4, 4), (4, 6), (6, 6), (6, 4)])],
        };
        let shape = Shape::new(vec![polygon]).unwrap();
        for ((x, y), expected) in [
            ((1, 1), Location::Inside),
            ((0, 0), Location::Border),
            ((10, 10), Location::Border),
            ((5, 0), Location::Border),
            ((5, 10), Location::Border),
            ((10, 5), Location::Border),
            ((5, 5), Location::Outside),
            ((4, 5), Location::Border),
            ((6, 6), Location::Border),
            ((11, 5), Location::Outside),
            ((-1, 10), Location::Outside),
        ] {
            assert_eq!(shape.locate(p(x, y)), expected, "({x}, {y})");
        }
    }

    #[test]
    fn rings_that_are_no_rings_are_refused() {
        let closed = |points: &[(i32, i32)]| {
            Ring::from_closed(points.iter().map(|&(x, y)| p(x, y)).collect())
        };
        assert_eq!(
            closed(&[(1, 1), (1, 1), (1, 1), (1, 1)]),
            Err(ShapeError::TooFewPoints(1))
        );
        assert_eq!(
            closed(&[(0, 0), (1, 1), (2, 2), (0, 0)]),
            Err(ShapeError::NoGround(p(0, 0)))
        );
        assert_eq!(
            closed(&[(0, 0), (1, 0), (1, 1)]),
            Err(ShapeError::Unclosed {
                first: p(0, 0),
                last: p(1, 1)
            })
        );
        assert_eq!(closed(&[]), Err(ShapeError::TooFewPoints(0)));
    }

    #[test]
    fn the_whole_earth_does_not_overflow() {
        let earth = ring(&[
            (-1_800_000_000, -900_000_000),
            (1_800_000_000, -900_000_000),
            (1_800_000_000, 900_000_000),
            (-1_800_000_000, 900_000_000),
        ]);
        assert_eq!(
            earth.locate(p(1_799_999_999, 899_999_999)),
            Location::Inside
        );
        assert_eq!(earth.doubled_area_e14(), 2 * 3_600_000_000 * 1_800_000_000);
    }

    /// The winding number by quadrants: another algorithm than the one under test.
    fn locate_by_winding(ring: &Ring, point: LngLat) -> Location {
        let mut winding = 0;
        for (a, b) in ring.edges() {
            let on_line = side(a, b, point) == 0;
            let (west, east) = min_max(a.lon_e7(), b.lon_e7());
            let (south, north) = min_max(a.lat_e7(), b.lat_e7());
            if on_line
                && (west..=east).contains(&point.lon_e7())
                && (south..=north).contains(&point.lat_e7())
            {
                return Location::Border;
            }
            if a.lat_e7() <= point.lat_e7() && b.lat_e7() > point.lat_e7() {
                winding += i32::from(side(a, b, point) > 0);
            } else if b.lat_e7() <= point.lat_e7() && a.lat_e7() > point.lat_e7() {
                winding -= i32::from(side(a, b, point) < 0);
            }
        }
        if winding == 0 {
            Location::Outside
        } else {
            Location::Inside
        }
    }

    proptest! {
        /// Star-shaped rings around the origin, on a lattice so small that points fall on
        /// vertices and edges all the time.
        #[test]
        fn ray_casting_agrees_with_the_winding_number(
            radii in prop::collection::vec(1..12_i32, 4..16),
            x in -13..13_i32,
            y in -13..13_i32,
        ) {
            let n = radii.len();
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small whole numbers")]
            let points = radii
                .iter()
                .enumerate()
                .map(|(i, &r)| {
                    let angle = std::f64::consts::TAU * i as f64 / n as f64;
                    p(
                        (f64::from(r) * angle.cos()).round() as i32,
                        (f64::from(r) * angle.sin()).round() as i32,
                    )
                })
                .collect();
            if let Ok(ring) = Ring::from_open(points) {
                let simple = ring.edges().count() == {
                    let mut vertices = ring.points().to_vec();
                    vertices.sort_unstable();
                    vertices.dedup();
                    vertices.len()
                };
                // A ring that touches itself may wind twice; the two rules differ there.
                if simple {
                    let by_winding = locate_by_winding(&ring, p(x, y));
                    prop_assert_eq!(ring.locate(p(x, y)), by_winding);
                }
            }
        }
    }
}
