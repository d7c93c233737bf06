//! Boxes as they are asked for: four numbers, or six with heights, in any coordinate
//! system.

use super::region::{Parts, Region, RegionError};
use crate::domain::{BoundingBox, LngLat, Polygon, Ring};
use crate::geometry::ReferenceSystem;
use crate::geometry::projection::ProjectionError;

/// Into how many pieces the sides of a box in metres are cut: on the ground they are
/// curves. Of a side of 100 km no point is farther than a centimetre from its pieces.
const PIECES: u32 = 128;

/// Why numbers are no box.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoundsError {
    #[error(
        "a box is four numbers, the lower corner and then the upper, or six with heights; got {0}"
    )]
    NotFourNumbers(usize),
    #[error("the lower corner's {low} is more than the upper corner's {high}")]
    UpsideDown { low: f64, high: f64 },
    #[error(transparent)]
    Corner(#[from] ProjectionError),
    #[error(transparent)]
    Region(#[from] RegionError),
}

impl Region {
    /// The ground of a box whose numbers are in the order of the system's axes. Of
    /// longitudes the first may be the greater: then the box goes across the antimeridian.
    /// Heights are read and do not count, for nothing here has one.
    ///
    /// # Errors
    /// When there are not four or six numbers, they are out of order or out of range.
    pub fn of_bounds(numbers: &[f64], system: ReferenceSystem) -> Result<Self, BoundsError> {
        let [low, high] = match *numbers {
            [a, b, c, d] => [[a, b], [c, d]],
            [a, b, low, c, d, high] if low <= high => [[a, b], [c, d]],
            [_, _, low, _, _, high] => return Err(BoundsError::UpsideDown { low, high }),
            _ => return Err(BoundsError::NotFourNumbers(numbers.len())),
        };
        let east = usize::from(system.is_north_first());
        let across = system.is_geographic() && low[east] > high[east];
        for axis in [0, 1] {
            if low[axis] > high[axis] && !(across && axis == east) {
                return Err(BoundsError::UpsideDown {
                    low: low[axis],
                    high: high[axis],
                });
            }
        }
        let (min, max) = (system.read(low)?, system.read(high)?);
        if across {
            return Ok(Self::across_antimeridian(min, max)?);
        }
        if let ReferenceSystem::GaussKruger(_) = system {
            return Self::of_curved(low, high, system);
        }
        Ok(Self::of_box(&BoundingBox { min, max }))
    }

    fn across_antimeridian(min: LngLat, max: LngLat) -> Result<Self, RegionError> {
        let at = |lon_e7: i32, lat: LngLat| LngLat::from_e7(lon_e7, lat.lat_e7()).ok();
        let bounds = |west: Option<LngLat>, east: Option<LngLat>| {
            west.zip(east).map(|(min, max)| BoundingBox { min, max })
        };
        let halves = [
            bounds(Some(min), at(1_800_000_000, max)),
            bounds(at(-1_800_000_000, min), Some(max)),
        ];
        let halves = halves.iter().flatten().map(Self::of_box);
        Self::new(halves.fold(Parts::default(), |mut parts, half| {
            half.add_to(&mut parts);
            parts
        }))
    }

    fn of_curved(
        low: [f64; 2],
        high: [f64; 2],
        system: ReferenceSystem,
    ) -> Result<Self, BoundsError> {
        let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
        let sides = corners.into_iter().zip(corners.into_iter().cycle().skip(1));
        let pieces = sides.flat_map(|(from, to)| {
            (0..PIECES).map(move |piece| {
                let share = f64::from(piece) / f64::from(PIECES);
                [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]))
            })
        });
        let line = pieces
            .map(|piece| system.read(piece))
            .collect::<Result<Vec<LngLat>, _>>()?;
        let parts = match Ring::from_open(line.clone()) {
            Ok(exterior) => Parts {
                polygons: vec![Polygon {
                    exterior,
                    holes: vec![],
                }],
                ..Parts::default()
            },
            // Without width or height it is a line, and without both a point.
            Err(_) if line.iter().any(|&point| point != line[0]) => Parts {
                lines: vec![line],
                ..Parts::default()
            },
            Err(_) => Parts {
                points: vec![line[0]],
                ..Parts::default()
            },
        };
        Ok(Self::new(parts)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::filter::{Place, SpatialRelation};

    fn crs(code: &str) -> ReferenceSystem {
        format!("http://www.opengis.net/def/crs/{code}")
            .parse()
            .unwrap()
    }

    fn holds(region: &Region, lon: f64, lat: f64) -> bool {
        let point = Place::Point(LngLat::from_degrees(lon, lat).unwrap());
        region.relates(SpatialRelation::Intersects, point).unwrap()
    }

    #[test]
    fn boxes_are_in_the_order_of_the_axes() {
        for (code, numbers) in [
            ("OGC/1.3/CRS84", vec![119.0, 33.0, 120.0, 34.0]),
            ("OGC/1.3/CRS84", vec![119.0, 33.0, -5.0, 120.0, 34.0, 99.0]),
            ("EPSG/0/4490", vec![33.0, 119.0, 34.0, 120.0]),
            (
                "EPSG/0/3857",
                vec![13_247_019.4, 3_895_303.9, 13_358_338.9, 4_028_802.1],
            ),
        ] {
            let region = Region::of_bounds(&numbers, crs(code)).unwrap();
            assert!(holds(&region, 119.000_1, 33.000_1), "{code}");
            assert!(holds(&region, 119.999_9, 33.999_9), "{code}");
            assert!(!holds(&region, 118.999_9, 33.5), "{code}");
            assert!(!holds(&region, 119.5, 34.000_1), "{code}");
        }
    }

    #[test]
    fn the_sides_of_a_box_in_a_zone_are_followed_as_they_curve() {
        let system = crs("EPSG/0/4549");
        let (low, high) = ([3_650_000.0, 400_000.0], [3_750_000.0, 500_000.0]);
        let region = Region::of_bounds(&[low[0], low[1], high[0], high[1]], system).unwrap();
        for step in 0..=1_000 {
            let share = f64::from(step) / 1_000.0;
            let east = low[1] + share * (high[1] - low[1]);
            for (north, inside) in [
                (low[0] - 0.02, false),
                (low[0] + 0.02, true),
                (high[0] - 0.02, true),
                (high[0] + 0.02, false),
            ] {
                let inside = inside && (0.000_001..1.0).contains(&share);
                let point = system.read([north, east]).unwrap();
                if share > 0.0 && share < 1.0 {
                    assert_eq!(holds(&region, point.lon(), point.lat()), inside, "{east}");
                }
            }
        }
    }

    #[test]
    fn a_box_may_go_across_the_antimeridian() {
        let region =
            Region::of_bounds(&[170.0, -10.0, -170.0, 10.0], crs("OGC/1.3/CRS84")).unwrap();
        for (lon, expected) in [(175.0, true), (-175.0, true), (180.0, true), (0.0, false)] {
            assert_eq!(holds(&region, lon, 0.0), expected, "{lon}");
        }
        let region = Region::of_bounds(&[-10.0, 170.0, 10.0, -170.0], crs("EPSG/0/4326")).unwrap();
        assert!(holds(&region, -175.0, 5.0));
    }

    #[test]
    fn what_is_no_box_is_refused() {
        let refused = |numbers: &[f64]| {
            let error = Region::of_bounds(numbers, crs("OGC/1.3/CRS84")).unwrap_err();
            error.to_string()
        };
        assert_eq!(
            refused(&[1.0, 2.0, 3.0]),
            "a box is four numbers, the lower corner and then the upper, or six with heights; got 3"
        );
        assert_eq!(
            refused(&[1.0, 3.0, 2.0, 2.0]),
            "the lower corner's 3 is more than the upper corner's 2"
        );
        assert_eq!(
            refused(&[1.0, 2.0, 9.0, 2.0, 3.0, 8.0]),
            "the lower corner's 9 is more than the upper corner's 8"
        );
        assert!(refused(&[1.0, 2.0, 181.0, 3.0]).contains("longitude 181"));
    }
}
