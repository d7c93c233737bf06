//! Ground that two shapes have in common, for telling how much of it changed hands.
//!
//! Corners of the common ground are rounded, so it is for measures and pictures; what is
//! published never comes from here.

use geo::{BooleanOps, GeodesicArea, MultiPolygon};

use super::convert::to_multi_polygon;
use crate::domain::{LngLat, Outline, Shape};

/// The common ground of two valid shapes in geodesic square metres, with its outline;
/// `None` when they only touch.
#[must_use]
pub fn common_ground(a: &Shape, b: &Shape) -> Option<(f64, Outline)> {
    if !a.bounds().intersects(&b.bounds()) {
        return None;
    }
    measured(&to_multi_polygon(a).intersection(&to_multi_polygon(b)))
}

/// The ground of a valid shape that lies in none of the others.
#[must_use]
pub fn remaining_ground<'a>(
    a: &Shape,
    others: impl IntoIterator<Item = &'a Shape>,
) -> Option<(f64, Outline)> {
    let mut left = to_multi_polygon(a);
    for other in others {
        if a.bounds().intersects(&other.bounds()) {
            left = left.difference(&to_multi_polygon(other));
        }
    }
    measured(&left)
}

fn measured(ground: &MultiPolygon<f64>) -> Option<(f64, Outline)> {
    // A sliver may be turned round when its corners are rounded. Without its sign it would
    // be measured as all the earth but itself.
    let m2: f64 = ground
        .iter()
        .map(|polygon| polygon.geodesic_area_signed().abs())
        .sum();
    if m2 == 0.0 {
        return None;
    }
    let polygons = ground.iter().map(|polygon| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings
            .map(|ring| {
                ring.coords()
                    .filter_map(|at| LngLat::from_degrees(at.x, at.y).ok())
                    .collect()
            })
            .collect()
    });
    Some((
        m2,
        Outline {
            polygons: polygons.collect(),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Polygon, Ring};
    use crate::geometry::area_m2;

    fn square(west: i32, side: i32) -> Shape {
        let p = |x: i32, y: i32| LngLat::from_e7(1_190_000_000 + x, 330_000_000 + y).unwrap();
        let exterior = Ring::from_open(vec![
            p(west, 0),
            p(west + side, 0),
            p(west + side, side),
            p(west, side),
        ]);
        let exterior = exterior.unwrap();
        Shape::new(vec![Polygon {
            exterior,
            holes: vec![],
        }])
        .unwrap()
    }

    #[test]
    fn common_and_remaining_ground_make_the_whole() {
        let (a, b) = (square(0, 10_000), square(6_000, 10_000));
        let (common_m2, outline) = common_ground(&a, &b).unwrap();
        let (left_m2, _) = remaining_ground(&a, [&b]).unwrap();
        assert!((common_m2 - area_m2(&outline.to_shape().unwrap())).abs() < 1e-3);
        assert!((common_m2 / area_m2(&a) - 0.4).abs() < 1e-6);
        assert!((common_m2 + left_m2 - area_m2(&a)).abs() < 1e-3);
    }

    #[test]
    fn ground_is_as_large_whichever_way_it_is_turned() {
        let whole = to_multi_polygon(&square(0, 10_000));
        let turned = whole.iter().map(|polygon| {
            let mut exterior = polygon.exterior().clone();
            exterior.0.reverse();
            geo::Polygon::new(exterior, vec![])
        });
        let turned = MultiPolygon(turned.collect());
        let [expected, found] = [whole, turned].map(|ground| measured(&ground).unwrap().0);
        assert!(
            (found - expected).abs() < 1e-6,
            "{found} m², not {expected}"
        );
    }

    #[test]
    fn shapes_that_touch_have_no_common_ground() {
        assert_eq!(
            common_ground(&square(0, 1_000), &square(1_000, 1_000)),
            None
        );
    }
}
