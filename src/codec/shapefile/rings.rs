//! Rings into polygons: a Shapefile lists them without saying which hole is whose.

use shapefile::Shape as RawShape;
use shapefile::record::polygon::GenericPolygon;
use shapefile::record::traits::HasXY;

use super::super::feature::{FeatureFault, RingRef, build_ring};
use crate::domain::shape::Location;
use crate::domain::{BoundingBox, Polygon, Ring, Shape};
use crate::geometry::Crs;

pub(super) fn build_shape(shape: RawShape, crs: Crs) -> Result<Shape, FeatureFault> {
    let points = match shape {
        RawShape::Polygon(polygon) => points_of(polygon),
        RawShape::PolygonM(polygon) => points_of(polygon),
        RawShape::PolygonZ(polygon) => points_of(polygon),
        RawShape::NullShape => return Err(FeatureFault::NoGeometry),
        other => return Err(FeatureFault::NotPolygon(other.shapetype().to_string())),
    };
    let several = points.len() > 1;
    let rings = points
        .iter()
        .enumerate()
        .map(|(number, points)| {
            // Which is a hole is not known yet: all are counted as parts.
            let part = several.then_some(number + 1);
            build_ring(points, RingRef { part, hole: None }, crs)
        })
        .collect::<Result<_, _>>()?;
    Shape::new(group(rings)).map_err(|_| FeatureFault::NoGeometry)
}

fn points_of<P: HasXY>(polygon: GenericPolygon<P>) -> Vec<Vec<[f64; 2]>> {
    let rings = polygon.into_inner().into_iter();
    rings
        .map(|ring| {
            ring.points()
                .iter()
                .map(|point| [point.x(), point.y()])
                .collect()
        })
        .collect()
}

/// An outer ring and what is known of it.
struct Outer {
    polygon: Polygon,
    clockwise: bool,
    bounds: BoundingBox,
}

/// A ring that runs the other way than the smallest outer ring around it is a hole of
/// that one; any other is an outer ring. So files whose rings all run the wrong way are
/// read as they are meant, and islands in holes stand on their own. The order of the
/// outer rings is that of the file.
fn group(rings: Vec<Ring>) -> Vec<Polygon> {
    let mut sized: Vec<(i128, usize, Ring)> = rings
        .into_iter()
        .enumerate()
        .map(|(number, ring)| (ring.doubled_area_e14(), number, ring))
        .collect();
    // From large to small: what is around a ring comes before it.
    sized.sort_by_key(|&(area, number, _)| (std::cmp::Reverse(area.unsigned_abs()), number));
    let mut outers: Vec<(usize, Outer)> = Vec::new();
    for (area, number, ring) in sized {
        let clockwise = area < 0;
        let Some(bounds) = BoundingBox::around(ring.points().iter().copied()) else {
            continue;
        };
        let mut around = outers.iter_mut().rev();
        match around.find(|(_, outer)| outer.surrounds(&ring, &bounds)) {
            Some((_, outer)) if outer.clockwise != clockwise => outer.polygon.holes.push(ring),
            _ => {
                let polygon = Polygon {
                    exterior: ring,
                    holes: Vec::new(),
                };
                let outer = Outer {
                    polygon,
                    clockwise,
                    bounds,
                };
                outers.push((number, outer));
            }
        }
    }
    outers.sort_by_key(|&(number, _)| number);
    outers.into_iter().map(|(_, outer)| outer.polygon).collect()
}

impl Outer {
    fn surrounds(&self, ring: &Ring, bounds: &BoundingBox) -> bool {
        let exterior = &self.polygon.exterior;
        self.bounds.contains(bounds.min)
            && self.bounds.contains(bounds.max)
            && ring
                .points()
                .iter()
                .all(|&point| exterior.locate(point) != Location::Outside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LngLat;

    fn square(from: i32, to: i32, clockwise: bool) -> Ring {
        let mut points = vec![(from, from), (to, from), (to, to), (from, to)];
        if clockwise {
            points.reverse();
        }
        let points = points
            .into_iter()
            .map(|(x, y)| LngLat::from_e7(x, y).unwrap());
        Ring::from_open(points.collect()).unwrap()
    }

    /// The widths of the outer rings with those of their holes.
    fn grouped(rings: Vec<Ring>) -> Vec<(i32, Vec<i32>)> {
        let width = |ring: &Ring| {
            let around = BoundingBox::around(ring.points().iter().copied()).unwrap();
            around.max.lon_e7() - around.min.lon_e7()
        };
        let polygons = group(rings).into_iter();
        polygons
            .map(|polygon| {
                (
                    width(&polygon.exterior),
                    polygon.holes.iter().map(width).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn holes_go_to_the_ring_around_them_whichever_way_all_run() {
        for clockwise in [true, false] {
            let rings = vec![
                square(20, 30, !clockwise),
                square(100, 140, clockwise),
                square(0, 90, clockwise),
                square(40, 45, !clockwise),
                square(110, 115, !clockwise),
                square(22, 28, clockwise),
                square(24, 26, !clockwise),
            ];
            assert_eq!(
                grouped(rings),
                [(40, vec![5]), (90, vec![10, 5]), (6, vec![2])]
            );
        }
    }

    #[test]
    fn a_hole_outside_everything_is_ground() {
        let rings = vec![square(0, 10, true), square(20, 25, false)];
        assert_eq!(grouped(rings), [(10, vec![]), (5, vec![])]);
    }
}
