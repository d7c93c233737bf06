//! The point where the name of an area is written.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::f64::consts::SQRT_2;
use std::rc::Rc;

use geo::InteriorPoint;

use super::convert::to_polygon;
use crate::domain::{LngLat, Location, Polygon, Shape};

/// How near to the best place is good enough, as a part of the shape's size.
const PRECISION: f64 = 0.01;
/// The search ends after so many cells with the best place so far.
const MAX_CELLS: usize = 2_000;
/// The first cells: at most so many along the longer side.
const FIRST_CELLS: f64 = 32.0;

/// A point of the shape far from its border, in its largest polygon (the pole of
/// inaccessibility, Garcia-Castellanos and Lombardo 2007, by the quadtree search that
/// Agafonkin published as polylabel in 2016). Always covered by the shape; on its
/// border only when no lattice point inside is found.
#[must_use]
pub fn label_point(shape: &Shape) -> LngLat {
    let candidates = || {
        let largest = shape
            .polygons()
            .iter()
            .max_by_key(|polygon| ground(polygon))?;
        let pole = Search::new(largest).pole();
        let point = pole.filter(|&point| shape.locate(point) == Location::Inside);
        point.or_else(|| {
            let point = to_polygon(largest).interior_point()?;
            LngLat::from_degrees(point.x(), point.y()).ok()
        })
    };
    match candidates() {
        Some(point) if shape.covers(point) => point,
        // A shape thinner than the lattice: its first vertex.
        _ => first_vertex(shape),
    }
}

/// Twice the area, in square lattice steps.
fn ground(polygon: &Polygon) -> u128 {
    let hole = |ring: &crate::domain::Ring| ring.doubled_area_e14().unsigned_abs();
    let holes: u128 = polygon.holes.iter().map(hole).sum();
    hole(&polygon.exterior).saturating_sub(holes)
}

fn first_vertex(shape: &Shape) -> LngLat {
    shape.polygons()[0].exterior.points()[0]
}

/// The search, on a plane where a step east is as long as a step north.
struct Search {
    edges: Vec<Edge>,
    /// Width of a degree of longitude in degrees of latitude.
    narrowing: f64,
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

#[derive(Clone, Copy)]
struct Edge {
    a: (f64, f64),
    b: (f64, f64),
}

/// A square that may hold the best place.
struct Cell {
    x: f64,
    y: f64,
    half: f64,
    /// From the centre to the border; negative outside.
    depth: f64,
    /// No place in the cell is deeper.
    limit: f64,
    /// Every edge that comes near the cell is one of these.
    near: Rc<[Edge]>,
}

impl Search {
    fn new(polygon: &Polygon) -> Self {
        let middle = polygon.exterior.points()[0].lat();
        let narrowing = middle.to_radians().cos().max(1e-3);
        let edges: Vec<Edge> = polygon
            .rings()
            .flat_map(crate::domain::Ring::edges)
            .map(|(a, b)| Edge {
                a: (a.lon() * narrowing, a.lat()),
                b: (b.lon() * narrowing, b.lat()),
            })
            .collect();
        let fold = |of: fn(&Edge) -> f64, start: f64, pick: fn(f64, f64) -> f64| {
            edges.iter().map(of).fold(start, pick)
        };
        Self {
            west: fold(|edge| edge.a.0, f64::INFINITY, f64::min),
            south: fold(|edge| edge.a.1, f64::INFINITY, f64::min),
            east: fold(|edge| edge.a.0, f64::NEG_INFINITY, f64::max),
            north: fold(|edge| edge.a.1, f64::NEG_INFINITY, f64::max),
            edges,
            narrowing,
        }
    }

    fn pole(&self) -> Option<LngLat> {
        let (width, height) = (self.east - self.west, self.north - self.south);
        let size = width.min(height).max(width.max(height) / FIRST_CELLS);
        let precision = width.min(height) * PRECISION;
        let all: Rc<[Edge]> = self.edges.as_slice().into();
        let anywhere = |x: f64, y: f64, half: f64| {
            let distance = distance(&all, (x, y));
            Cell::new((x, y), half, distance, is_inside(&all, (x, y)), &all)
        };
        let mut heap = BinaryHeap::new();
        let mut y = self.south;
        while y < self.north {
            let mut x = self.west;
            while x < self.east {
                heap.push(anywhere(x + size / 2.0, y + size / 2.0, size / 2.0));
                x += size;
            }
            y += size;
        }
        let mut best = anywhere(self.west + width / 2.0, self.south + height / 2.0, 0.0);
        let mut seen = heap.len();
        while let Some(cell) = heap.pop() {
            if cell.limit - best.depth <= precision || seen > MAX_CELLS {
                break;
            }
            heap.extend(cell.quarter());
            seen += 4;
            if cell.depth > best.depth {
                best = cell;
            }
        }
        LngLat::from_degrees(best.x / self.narrowing, best.y).ok()
    }
}

impl Cell {
    fn new(
        (x, y): (f64, f64),
        half: f64,
        distance: f64,
        is_inside: bool,
        near: &Rc<[Edge]>,
    ) -> Self {
        let depth = if is_inside { distance } else { -distance };
        Self {
            x,
            y,
            half,
            depth,
            limit: depth + half * SQRT_2,
            near: Rc::clone(near),
        }
    }

    /// The four cells that it consists of.
    fn quarter(&self) -> [Self; 4] {
        let centre = (self.x, self.y);
        // From the centre to a corner, and as far again: what is farther than that beyond the
        // nearest edge is the nearest of no place in the cell.
        let reach = self.depth.abs() + 2.0 * self.half * SQRT_2;
        let near = self.near.iter().copied();
        let near: Rc<[Edge]> = near
            .filter(|edge| edge.distance_2(centre) <= reach * reach)
            .collect();
        let half = self.half / 2.0;
        [(-half, -half), (half, -half), (-half, half), (half, half)].map(|(dx, dy)| {
            let middle = (self.x + dx, self.y + dy);
            let is_inside = (self.depth > 0.0) ^ is_across(&near, centre, middle);
            Self::new(middle, half, distance(&near, middle), is_inside, &near)
        })
    }
}

impl Edge {
    /// From a place to the nearest point of the edge, squared.
    fn distance_2(&self, (x, y): (f64, f64)) -> f64 {
        let (dx, dy) = (self.b.0 - self.a.0, self.b.1 - self.a.1);
        let (x, y) = (x - self.a.0, y - self.a.1);
        let t = ((x * dx + y * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let (x, y) = (x - t * dx, y - t * dy);
        x * x + y * y
    }

    /// Where the edge passes a line from west to east at this height, if it does.
    fn x_at(&self, y: f64) -> Option<f64> {
        let (a, b) = (self.a, self.b);
        ((a.1 > y) != (b.1 > y)).then(|| (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0)
    }

    /// And one from south to north.
    fn y_at(&self, x: f64) -> Option<f64> {
        let turned = Self {
            a: (self.a.1, self.a.0),
            b: (self.b.1, self.b.0),
        };
        turned.x_at(x)
    }
}

fn distance(edges: &[Edge], place: (f64, f64)) -> f64 {
    let distances = edges.iter().map(|edge| edge.distance_2(place));
    distances.fold(f64::INFINITY, f64::min).sqrt()
}

fn is_inside(edges: &[Edge], (x, y): (f64, f64)) -> bool {
    let east = edges.iter().filter_map(|edge| edge.x_at(y));
    east.filter(|&at| x < at).count() % 2 == 1
}

/// Whether the way from one place to another passes the edges an odd number of times: first
/// along a parallel, then along a meridian.
fn is_across(edges: &[Edge], from: (f64, f64), to: (f64, f64)) -> bool {
    let between = |at: f64, one: f64, other: f64| (one < at) != (other < at);
    let along = edges.iter().filter_map(|edge| edge.x_at(from.1));
    let up = edges.iter().filter_map(|edge| edge.y_at(to.0));
    let passed = along.filter(|&at| between(at, from.0, to.0)).count()
        + up.filter(|&at| between(at, from.1, to.1)).count();
    passed % 2 == 1
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.limit.total_cmp(&other.limit)
    }
}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Ring;
    use crate::geometry::measure::border_distance_m;
    use crate::geometry::measure::tests::around;
    use proptest::prelude::*;

    fn shape(points: &[(f64, f64)]) -> Shape {
        let points = points
            .iter()
            .map(|&(lon, lat)| LngLat::from_degrees(lon, lat).unwrap())
            .collect();
        let exterior = Ring::from_open(points).unwrap();
        Shape::new(vec![Polygon {
            exterior,
            holes: vec![],
        }])
        .unwrap()
    }

    #[test]
    fn the_label_of_a_crescent_is_inside_it() {
        let crescent = shape(&[
            (0.0, 0.0),
            (10.0, 0.0),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 9.0),
            (9.0, 9.0),
            (9.0, 1.0),
            (0.0, 1.0),
        ]);
        let label = label_point(&crescent);
        assert_eq!(crescent.locate(label), Location::Inside);
        assert!(border_distance_m(label, &crescent) > 50_000.0);
    }

    #[test]
    fn the_label_of_a_square_is_near_its_middle() {
        let label = label_point(&shape(&[
            (119.0, 33.0),
            (119.1, 33.0),
            (119.1, 33.1),
            (119.0, 33.1),
        ]));
        assert!((label.lon() - 119.05).abs() < 0.01 && (label.lat() - 33.05).abs() < 0.01);
    }

    #[test]
    fn a_shape_without_a_lattice_point_inside_still_has_a_label() {
        let sliver = shape(&[(0.0, 0.0), (1e-7, 0.0), (0.0, 1e-7)]);
        assert!(sliver.covers(label_point(&sliver)));
    }

    proptest! {
        /// Rings around a place, so that they do not cross themselves.
        #[test]
        fn no_place_is_much_deeper_than_the_label(
            radii in prop::collection::vec(1_000..100_000_i32, 3..300),
            lat_e7 in -800_000_000..800_000_000_i32,
        ) {
            let middle = LngLat::from_e7(0, lat_e7).unwrap();
            let points = around(middle, &radii);
            let exterior = Ring::from_open(points).unwrap();
            let shape = Shape::new(vec![Polygon { exterior, holes: vec![] }]).unwrap();
            let search = Search::new(&shape.polygons()[0]);
            let depth = |place: (f64, f64)| {
                let distance = distance(&search.edges, place);
                if is_inside(&search.edges, place) { distance } else { -distance }
            };
            let (width, height) = (search.east - search.west, search.north - search.south);
            let mut deepest = 0.0_f64;
            for column in 0..40 {
                for row in 0..40 {
                    let x = search.west + width * f64::from(column) / 40.0;
                    let y = search.south + height * f64::from(row) / 40.0;
                    deepest = deepest.max(depth((x, y)));
                }
            }
            let label = label_point(&shape);
            let reached = depth((label.lon() * search.narrowing, label.lat()));
            // A lattice step is what writing the label may cost.
            let allowed = width.min(height) * PRECISION + 2e-7;
            prop_assert!(reached >= deepest - allowed, "{} {}", reached, deepest);
        }

        /// Also of rings that cross themselves.
        #[test]
        fn a_label_is_covered_by_its_shape(
            points in prop::collection::vec((-9..9_i32, -9..9_i32), 3..12),
            step in prop::sample::select(vec![1, 1000, 10_000_000]),
        ) {
            let points = points
                .iter()
                .map(|&(x, y)| LngLat::from_e7(x * step, y * step).unwrap())
                .collect();
            if let Ok(exterior) = Ring::from_open(points) {
                let shape = Shape::new(vec![Polygon { exterior, holes: vec![] }]).unwrap();
                prop_assert!(shape.covers(label_point(&shape)));
            }
        }
    }
}
