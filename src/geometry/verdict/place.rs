//! A point to show an area by, found fast.

use super::footing::polygons_of;
use crate::domain::draft::Ground;
use crate::domain::shape::edges;
use crate::domain::{BoundingBox, LngLat};

/// A point within a ground: in the middle of the widest stretch at half its height. `None`
/// when there is no ground. Where the ground is thinner than the lattice, one of its points.
pub(super) fn place_within(ground: Ground<'_>) -> Option<LngLat> {
    let polygons = polygons_of(ground);
    let rings = || polygons.iter().flatten();
    let first = rings().find_map(|ring| ring.first().copied())?;
    let bounds = BoundingBox::around(rings().flat_map(|ring| ring.iter().copied()))?;
    let lat = bounds.centre().lat_e7();
    let mut crossings: Vec<f64> = rings()
        .flat_map(|ring| edges(ring))
        .filter(|(a, b)| (a.lat_e7() <= lat) != (b.lat_e7() <= lat))
        .map(|(a, b)| {
            let height = f64::from(b.lat_e7()) - f64::from(a.lat_e7());
            let along = (f64::from(lat) - f64::from(a.lat_e7())) / height;
            a.lon() + along * (b.lon() - a.lon())
        })
        .collect();
    crossings.sort_by(f64::total_cmp);
    let width = |stretch: &&[f64]| stretch[1] - stretch[0];
    let stretches = crossings.chunks_exact(2);
    let widest = stretches.max_by(|a, b| width(a).total_cmp(&width(b)));
    let middle = widest.and_then(|stretch| {
        let lat = bounds.centre().lat();
        LngLat::from_degrees(f64::midpoint(stretch[0], stretch[1]), lat).ok()
    });
    Some(middle.unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Location, Outline};
    use proptest::prelude::*;

    #[test]
    fn nothing_is_nowhere_and_a_point_is_itself() {
        assert_eq!(place_within(Ground::Unknown), None);
        assert_eq!(place_within(Ground::Drawn(&Outline::default())), None);
        let point = LngLat::from_e7(5, 7).unwrap();
        let outline = Outline {
            polygons: vec![vec![vec![point]]],
        };
        assert_eq!(place_within(Ground::Drawn(&outline)), Some(point));
    }

    proptest! {
        #[test]
        fn the_place_is_inside(
            radii in prop::collection::vec(1_000..100_000_i32, 3..20),
            hole in 1..900_i32,
        ) {
            let around = |radius: &dyn Fn(usize) -> f64, count: usize| -> Vec<LngLat> {
                (0..count).map(|i| {
                    #[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
                    let angle = std::f64::consts::TAU * i as f64 / count as f64;
                    let (sin, cos) = angle.sin_cos();
                    LngLat::from_degrees(radius(i) * cos / 1e7, radius(i) * sin / 1e7).unwrap()
                }).collect()
            };
            let outer = around(&|i| f64::from(radii[i]), radii.len());
            let inner = around(&|_| f64::from(hole) / 4.0, 4);
            let outline = Outline { polygons: vec![vec![super::super::footing::close(&outer), super::super::footing::close(&inner)]] };
            if let Ok(shape) = outline.to_shape()
                && crate::geometry::validity::check(&shape).is_ok()
            {
                let place = place_within(Ground::Drawn(&outline)).unwrap();
                prop_assert_eq!(shape.locate(place), Location::Inside);
            }
        }
    }
}
