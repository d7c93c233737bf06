//! The point where the name of an area is written.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::f64::consts::SQRT_2;

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
    edges: Vec<[f64; 4]>,
    /// Width of a degree of longitude in degrees of latitude.
    narrowing: f64,
    west: f64,
    south: f64,
    east: f64,
    north: f64,
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
}

impl Search {
    fn new(polygon: &Polygon) -> Self {
        let middle = polygon.exterior.points()[0].lat();
        let narrowing = middle.to_radians().cos().max(1e-3);
        let edges: Vec<[f64; 4]> = polygon
            .rings()
            .flat_map(crate::domain::Ring::edges)
            .map(|(a, b)| [a.lon() * narrowing, a.lat(), b.lon() * narrowing, b.lat()])
            .collect();
        let fold = |index: usize, start: f64, pick: fn(f64, f64) -> f64| {
            edges.iter().map(|edge| edge[index]).fold(start, pick)
        };
        Self {
            west: fold(0, f64::INFINITY, f64::min),
            south: fold(1, f64::INFINITY, f64::min),
            east: fold(0, f64::NEG_INFINITY, f64::max),
            north: fold(1, f64::NEG_INFINITY, f64::max),
            edges,
            narrowing,
        }
    }

    fn pole(&self) -> Option<LngLat> {
        let (width, height) = (self.east - self.west, self.north - self.south);
        let size = width.min(height).max(width.max(height) / FIRST_CELLS);
        let precision = width.min(height) * PRECISION;
        let mut heap = BinaryHeap::new();
        let mut y = self.south;
        while y < self.north {
            let mut x = self.west;
            while x < self.east {
                heap.push(self.cell(x + size / 2.0, y + size / 2.0, size / 2.0));
                x += size;
            }
            y += size;
        }
        let mut best = self.cell(self.west + width / 2.0, self.south + height / 2.0, 0.0);
        let mut seen = heap.len();
        while let Some(cell) = heap.pop() {
            if cell.limit - best.depth <= precision || seen > MAX_CELLS {
                break;
            }
            let half = cell.half / 2.0;
            for (dx, dy) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                heap.push(self.cell(cell.x + dx, cell.y + dy, half));
            }
            seen += 4;
            if cell.depth > best.depth {
                best = cell;
            }
        }
        LngLat::from_degrees(best.x / self.narrowing, best.y).ok()
    }

    fn cell(&self, x: f64, y: f64, half: f64) -> Cell {
        let depth = self.depth(x, y);
        Cell {
            x,
            y,
            half,
            depth,
            limit: depth + half * SQRT_2,
        }
    }

    fn depth(&self, x: f64, y: f64) -> f64 {
        let mut inside = false;
        let mut nearest = f64::INFINITY;
        for &[ax, ay, bx, by] in &self.edges {
            if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
                inside = !inside;
            }
            let (dx, dy) = (bx - ax, by - ay);
            let t = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            let (px, py) = (x - ax - t * dx, y - ay - t * dy);
            nearest = nearest.min(px * px + py * py);
        }
        if inside {
            nearest.sqrt()
        } else {
            -nearest.sqrt()
        }
    }
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
