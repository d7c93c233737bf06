//! Ground that features are compared with: the geometry of a filter, or a box.
//!
//! Whether two things meet is decided on the integers of the lattice. The relations of
//! the DE-9IM beyond that are `geo`'s, computed on lattice steps, which an `f64` holds
//! exactly, and asked for only where borders come near each other.

use std::sync::atomic::{AtomicU64, Ordering};

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Relate};
use rstar::{AABB, RTree, RTreeObject};

use super::Place;
use crate::domain::shape::{ShapeError, side};
use crate::domain::{BoundingBox, LngLat, Polygon, Ring, Shape};
use crate::geometry::{ValidityError, validity};

/// Points, lines and polygons, in any number, taken together.
#[derive(Debug)]
pub struct Region {
    points: Vec<LngLat>,
    lines: Vec<Vec<LngLat>>,
    shape: Option<Shape>,
    bounds: BoundingBox,
    edges: RTree<Edge>,
    /// How many vertices have been gone through for full comparisons.
    effort: AtomicU64,
}

/// The most vertices that full comparisons with one region go through: some seconds' work.
const MAX_EFFORT: u64 = 20_000_000;

/// What a region is made of.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    pub points: Vec<LngLat>,
    pub lines: Vec<Vec<LngLat>>,
    pub polygons: Vec<Polygon>,
}

/// Why parts make no region.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegionError {
    #[error("the geometry is empty")]
    Empty,
    #[error("a line needs two distinct points; this one has only {0:?}")]
    NoLine(LngLat),
    #[error(transparent)]
    Shape(#[from] ShapeError),
    #[error("the polygon is not valid: {0}")]
    Invalid(#[from] ValidityError),
}

/// How one thing on the ground stands to another (OGC Simple Features, 6.1.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpatialRelation {
    Intersects,
    Disjoint,
    Equals,
    Touches,
    Within,
    Contains,
    Overlaps,
    Crosses,
}

/// An edge of a line or a polygon, or a point as an edge without length.
#[derive(Debug, Clone, Copy)]
struct Edge {
    a: LngLat,
    b: LngLat,
    /// Of a polygon: ground lies to one side.
    bounds_ground: bool,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(corner(self.a), corner(self.b))
    }
}

/// Where a box lies when no edge of the region runs through it.
enum Side {
    Inside,
    Outside,
    /// Some edge does.
    Near,
}

impl SpatialRelation {
    /// Every relation with its name in CQL2.
    pub const ALL: [(&'static str, Self); 8] = [
        ("s_intersects", Self::Intersects),
        ("s_disjoint", Self::Disjoint),
        ("s_equals", Self::Equals),
        ("s_touches", Self::Touches),
        ("s_within", Self::Within),
        ("s_contains", Self::Contains),
        ("s_overlaps", Self::Overlaps),
        ("s_crosses", Self::Crosses),
    ];

    /// How the second stands to the first, when the first stands to the second so.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            other => other,
        }
    }

    /// How a thing stands to itself.
    #[must_use]
    pub const fn holds_with_itself(self) -> bool {
        matches!(
            self,
            Self::Intersects | Self::Equals | Self::Within | Self::Contains
        )
    }

    /// How two things far from each other stand.
    const fn holds_apart(self) -> bool {
        matches!(self, Self::Disjoint)
    }

    /// How a thing stands to ground that it lies inside of, away from its border.
    const fn holds_inside(self) -> bool {
        matches!(self, Self::Intersects | Self::Within)
    }
}

impl Region {
    /// Checks and indexes the parts.
    ///
    /// # Errors
    /// When there is nothing, a line has no length, or the polygons are not valid.
    pub fn new(parts: Parts) -> Result<Self, RegionError> {
        for line in &parts.lines {
            let first = *line.first().ok_or(RegionError::Empty)?;
            if line.iter().all(|&point| point == first) {
                return Err(RegionError::NoLine(first));
            }
        }
        let shape = if parts.polygons.is_empty() {
            None
        } else {
            let shape = Shape::new(parts.polygons)?;
            validity::check(&shape)?;
            Some(shape)
        };
        let edges = edges(&parts.points, &parts.lines, shape.as_ref());
        let ends = edges.iter().flat_map(|edge| [edge.a, edge.b]);
        let bounds = BoundingBox::around(ends).ok_or(RegionError::Empty)?;
        Ok(Self {
            points: parts.points,
            lines: parts.lines,
            shape,
            bounds,
            edges: RTree::bulk_load(edges),
            effort: AtomicU64::new(0),
        })
    }

    /// A box with its border, which may be without width or height.
    #[must_use]
    pub fn of_box(bounds: &BoundingBox) -> Self {
        let (min, max) = (bounds.min, bounds.max);
        let corner = |lon: LngLat, lat: LngLat| LngLat::from_e7(lon.lon_e7(), lat.lat_e7());
        let ring = [Ok(min), corner(max, min), Ok(max), corner(min, max)];
        let ring = ring.into_iter().filter_map(Result::ok).collect();
        let shape = Ring::from_open(ring).ok().and_then(|exterior| {
            let holes = vec![];
            Shape::new(vec![Polygon { exterior, holes }]).ok()
        });
        let (points, lines) = match shape {
            Some(_) => (vec![], vec![]),
            None if min != max => (vec![], vec![vec![min, max]]),
            None => (vec![min], vec![]),
        };
        Self {
            edges: RTree::bulk_load(edges(&points, &lines, shape.as_ref())),
            points,
            lines,
            shape,
            bounds: *bounds,
            effort: AtomicU64::new(0),
        }
    }

    /// Adds what this is made of to other parts.
    pub(super) fn add_to(&self, parts: &mut Parts) {
        parts.points.extend(&self.points);
        parts.lines.extend(self.lines.iter().cloned());
        let polygons = self.shape.iter().flat_map(Shape::polygons);
        parts.polygons.extend(polygons.cloned());
    }

    /// The box around all of it.
    #[must_use]
    pub const fn bounds(&self) -> BoundingBox {
        self.bounds
    }

    /// True when there has been so much to compare that the answers since are `None`.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.effort.load(Ordering::Relaxed) > MAX_EFFORT
    }

    /// Counts a full comparison with a place. False when there have been too many.
    fn may_compare(&self, place: Place<'_>) -> bool {
        let vertices = match place {
            Place::Shape(shape) => shape.vertex_count(),
            Place::Point(_) | Place::None => 1,
        };
        let effort = (self.edges.size() + vertices) as u64;
        self.effort.fetch_add(effort, Ordering::Relaxed) <= MAX_EFFORT
    }

    /// True when `place` stands so to the region. A feature without a place stands to
    /// nothing: `None`.
    #[must_use]
    pub fn relates(&self, relation: SpatialRelation, place: Place<'_>) -> Option<bool> {
        let bounds = match place {
            Place::None => return None,
            Place::Point(point) => BoundingBox {
                min: point,
                max: point,
            },
            Place::Shape(shape) => shape.bounds(),
        };
        Some(match self.side_of(&bounds) {
            Side::Outside => relation.holds_apart(),
            Side::Inside => relation.holds_inside(),
            Side::Near => match relation {
                SpatialRelation::Intersects => self.meets(place),
                SpatialRelation::Disjoint => !self.meets(place),
                _ if !self.may_compare(place) => return None,
                _ => holds(relation, &to_geo(place), &self.to_geo()),
            },
        })
    }

    /// True when this region stands so to another.
    #[must_use]
    pub fn relates_to(&self, relation: SpatialRelation, other: &Self) -> bool {
        holds(relation, &self.to_geo(), &other.to_geo())
    }

    /// Where a box lies, if that can be told without looking closer.
    fn side_of(&self, bounds: &BoundingBox) -> Side {
        if !self.bounds.intersects(bounds) {
            return Side::Outside;
        }
        let near = self
            .edges
            .locate_in_envelope_intersecting(&envelope(bounds))
            .any(|edge| runs_through(edge, bounds));
        if near {
            Side::Near
        } else if self.surrounds(bounds.min) {
            Side::Inside
        } else {
            Side::Outside
        }
    }

    /// True when a point, which lies on no edge, lies inside a polygon: when a ray from it
    /// to the east crosses an odd number of edges.
    fn surrounds(&self, point: LngLat) -> bool {
        let [x, y] = corner(point);
        let ray = AABB::from_corners([x, y], [corner(self.bounds.max)[0].max(x), y]);
        let crossed = self
            .edges
            .locate_in_envelope_intersecting(&ray)
            .filter(|edge| edge.bounds_ground)
            .filter(|edge| {
                let (ay, by) = (edge.a.lat_e7(), edge.b.lat_e7());
                let py = point.lat_e7();
                (ay <= py) != (by <= py) && (side(edge.a, edge.b, point) > 0) == (by > ay)
            });
        crossed.count() % 2 == 1
    }

    /// True when they have a point in common, exactly.
    fn meets(&self, place: Place<'_>) -> bool {
        let shape = match place {
            Place::None => return false,
            Place::Point(point) => return self.covers(point),
            Place::Shape(shape) => shape,
        };
        let crossed = shape.edges().any(|(a, b)| {
            let reach = AABB::from_corners(corner(a), corner(b));
            self.edges
                .locate_in_envelope_intersecting(&reach)
                .any(|edge| segments_meet((a, b), (edge.a, edge.b)))
        });
        // Where no borders meet, one lies whole in the other or apart from it, part by part.
        crossed
            || shape
                .polygons()
                .iter()
                .any(|polygon| self.surrounds(polygon.exterior.points()[0]))
            || self.starts().any(|start| shape.covers(start))
    }

    /// True when the point is on or in a part.
    fn covers(&self, point: LngLat) -> bool {
        let at = AABB::from_point(corner(point));
        self.edges
            .locate_in_envelope_intersecting(&at)
            .any(|edge| side(edge.a, edge.b, point) == 0)
            || self.surrounds(point)
    }

    /// A point of each part.
    fn starts(&self) -> impl Iterator<Item = LngLat> {
        let lines = self.lines.iter().filter_map(|line| line.first());
        let polygons = self.shape.iter().flat_map(Shape::polygons);
        let polygons = polygons.filter_map(|polygon| polygon.exterior.points().first());
        self.points.iter().chain(lines).chain(polygons).copied()
    }

    /// In lattice steps.
    fn to_geo(&self) -> Geometry<f64> {
        let points: MultiPoint = self.points.iter().map(|&point| to_point(point)).collect();
        let lines = self.lines.iter().map(|line| to_line(line.iter().copied()));
        let lines: MultiLineString = lines.collect();
        match &self.shape {
            None if lines.0.is_empty() => Geometry::MultiPoint(points),
            None if points.0.is_empty() => Geometry::MultiLineString(lines),
            Some(shape) if points.0.is_empty() && lines.0.is_empty() => {
                Geometry::MultiPolygon(to_multi_polygon(shape))
            }
            shape => {
                let polygons = shape
                    .iter()
                    .map(to_multi_polygon)
                    .map(Geometry::MultiPolygon);
                let others = [
                    Geometry::MultiPoint(points),
                    Geometry::MultiLineString(lines),
                ];
                Geometry::GeometryCollection(polygons.chain(others).collect())
            }
        }
    }
}

fn holds(relation: SpatialRelation, a: &Geometry<f64>, b: &Geometry<f64>) -> bool {
    let matrix = a.relate(b);
    match relation {
        SpatialRelation::Intersects => matrix.is_intersects(),
        SpatialRelation::Disjoint => matrix.is_disjoint(),
        SpatialRelation::Equals => matrix.is_equal_topo(),
        SpatialRelation::Touches => matrix.is_touches(),
        SpatialRelation::Within => matrix.is_within(),
        SpatialRelation::Contains => matrix.is_contains(),
        SpatialRelation::Overlaps => matrix.is_overlaps(),
        SpatialRelation::Crosses => matrix.is_crosses(),
    }
}

fn edges(points: &[LngLat], lines: &[Vec<LngLat>], shape: Option<&Shape>) -> Vec<Edge> {
    let points = points.iter().map(|&point| (point, point));
    let lines = lines.iter().flat_map(|line| line.windows(2));
    let lines = lines.map(|pair| (pair[0], pair[1]));
    let loose = points.chain(lines).map(|(a, b)| Edge {
        a,
        b,
        bounds_ground: false,
    });
    let borders = shape.into_iter().flat_map(Shape::edges).map(|(a, b)| Edge {
        a,
        b,
        bounds_ground: true,
    });
    loose.chain(borders).collect()
}

/// True when the edge has a point in common with the box.
fn runs_through(edge: &Edge, bounds: &BoundingBox) -> bool {
    if bounds.contains(edge.a) || bounds.contains(edge.b) {
        return true;
    }
    let (min, max) = (bounds.min, bounds.max);
    // Their boxes meet, so they do unless all corners lie to one side of the edge.
    let corners = [
        (min.lon_e7(), min.lat_e7()),
        (max.lon_e7(), min.lat_e7()),
        (max.lon_e7(), max.lat_e7()),
        (min.lon_e7(), max.lat_e7()),
    ];
    let mut sides = corners
        .into_iter()
        .filter_map(|(lon, lat)| LngLat::from_e7(lon, lat).ok())
        .map(|corner| side(edge.a, edge.b, corner).signum());
    let first = sides.next();
    first == Some(0) || sides.any(|side| Some(side) != first)
}

/// True when two edges whose boxes meet have a point in common.
fn segments_meet((a, b): (LngLat, LngLat), (c, d): (LngLat, LngLat)) -> bool {
    if c == d {
        return side(a, b, c) == 0;
    }
    side(a, b, c).signum() * side(a, b, d).signum() <= 0
        && side(c, d, a).signum() * side(c, d, b).signum() <= 0
}

fn envelope(bounds: &BoundingBox) -> AABB<[f64; 2]> {
    AABB::from_corners(corner(bounds.min), corner(bounds.max))
}

/// Lattice steps are integers below 2³¹, so exact as f64.
fn corner(point: LngLat) -> [f64; 2] {
    [f64::from(point.lon_e7()), f64::from(point.lat_e7())]
}

fn to_geo(place: Place<'_>) -> Geometry<f64> {
    match place {
        Place::None => Geometry::MultiPoint(MultiPoint::new(vec![])),
        Place::Point(point) => Geometry::Point(to_point(point)),
        Place::Shape(shape) => Geometry::MultiPolygon(to_multi_polygon(shape)),
    }
}

fn to_point(point: LngLat) -> Point<f64> {
    Point::from(corner(point))
}

fn to_line(points: impl Iterator<Item = LngLat>) -> LineString<f64> {
    points.map(|point| Coord::from(corner(point))).collect()
}

fn to_multi_polygon(shape: &Shape) -> MultiPolygon<f64> {
    let polygons = shape.polygons().iter().map(|polygon| {
        let holes = polygon.holes.iter();
        geo::Polygon::new(
            to_line(polygon.exterior.closed_points()),
            holes.map(|hole| to_line(hole.closed_points())).collect(),
        )
    });
    polygons.collect()
}

#[cfg(test)]
mod tests;
