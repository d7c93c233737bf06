//! Places on the ground: longitude and latitude in WGS 84 (CGCS2000 counts as
//! the same), on a lattice of 1e-7 degrees (about 1 cm).

use std::borrow::Cow;
use std::fmt;

use geo::{Destination, Distance, Geodesic, Point};
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, schema::Schema};
use utoipa::{PartialSchema, ToSchema};

/// Lattice steps per degree.
pub const STEPS_PER_DEGREE: f64 = 1e7;

/// A point on the lattice. Owns axis order (longitude first) and range
/// (longitude −180…180, latitude −90…90).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Degrees", into = "Degrees")]
pub struct LngLat {
    lon_e7: i32,
    lat_e7: i32,
}

/// The JSON shape of a position, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Degrees {
    #[schema(minimum = -180, maximum = 180, example = 119.0211)]
    pub lon: f64,
    #[schema(minimum = -90, maximum = 90, example = 33.6101)]
    pub lat: f64,
}

/// Why a pair of numbers is no position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PositionError {
    #[error("{axis} {value} is not a finite number")]
    NotFinite { axis: &'static str, value: f64 },
    #[error("longitude {0} is outside -180 to 180 degrees")]
    LonOutOfRange(f64),
    #[error(
        "latitude {0} is outside -90 to 90 degrees; positions are longitude first, then latitude"
    )]
    LatOutOfRange(f64),
}

impl LngLat {
    /// Rounds a position in degrees to the nearest lattice point.
    ///
    /// # Errors
    /// When a value is not finite or out of range.
    pub fn from_degrees(lon: f64, lat: f64) -> Result<Self, PositionError> {
        for (axis, value) in [("longitude", lon), ("latitude", lat)] {
            if !value.is_finite() {
                return Err(PositionError::NotFinite { axis, value });
            }
        }
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PositionError::LonOutOfRange(lon));
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::LatOutOfRange(lat));
        }
        Ok(Self {
            lon_e7: to_lattice(lon),
            lat_e7: to_lattice(lat),
        })
    }

    /// A lattice point by its integers.
    ///
    /// # Errors
    /// When a value is out of range.
    pub fn from_e7(lon_e7: i32, lat_e7: i32) -> Result<Self, PositionError> {
        if lon_e7.unsigned_abs() > 1_800_000_000 {
            return Err(PositionError::LonOutOfRange(
                f64::from(lon_e7) / STEPS_PER_DEGREE,
            ));
        }
        if lat_e7.unsigned_abs() > 900_000_000 {
            return Err(PositionError::LatOutOfRange(
                f64::from(lat_e7) / STEPS_PER_DEGREE,
            ));
        }
        Ok(Self { lon_e7, lat_e7 })
    }

    /// Longitude in lattice steps.
    #[must_use]
    pub const fn lon_e7(self) -> i32 {
        self.lon_e7
    }

    /// Latitude in lattice steps.
    #[must_use]
    pub const fn lat_e7(self) -> i32 {
        self.lat_e7
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / STEPS_PER_DEGREE
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / STEPS_PER_DEGREE
    }

    /// Geodesic distance on the WGS 84 ellipsoid, in metres (Karney 2013).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        Geodesic.distance(Point::from(self), Point::from(other))
    }

    /// The point reached from here over the ground, `bearing_deg` clockwise from north.
    #[must_use]
    pub fn destination(self, bearing_deg: f64, distance_m: f64) -> Self {
        let end = Geodesic.destination(Point::from(self), bearing_deg, distance_m);
        Self {
            lon_e7: to_lattice(end.x().clamp(-180.0, 180.0)),
            lat_e7: to_lattice(end.y().clamp(-90.0, 90.0)),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "callers have checked the range, which fits an i32"
)]
fn to_lattice(degrees: f64) -> i32 {
    (degrees * STEPS_PER_DEGREE).round() as i32
}

impl PartialSchema for LngLat {
    fn schema() -> RefOr<Schema> {
        Degrees::schema()
    }
}

impl ToSchema for LngLat {
    fn name() -> Cow<'static, str> {
        Degrees::name()
    }
}

impl fmt::Debug for LngLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.lon(), self.lat())
    }
}

impl From<LngLat> for Point<f64> {
    fn from(position: LngLat) -> Self {
        Self::new(position.lon(), position.lat())
    }
}

impl From<LngLat> for Degrees {
    fn from(position: LngLat) -> Self {
        Self {
            lon: position.lon(),
            lat: position.lat(),
        }
    }
}

impl TryFrom<Degrees> for LngLat {
    type Error = PositionError;

    fn try_from(degrees: Degrees) -> Result<Self, Self::Error> {
        Self::from_degrees(degrees.lon, degrees.lat)
    }
}

/// A box of longitudes and latitudes, both ends included; never crosses the
/// antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundingBox {
    pub min: LngLat,
    pub max: LngLat,
}

/// Why four numbers are no box.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoundingBoxError {
    #[error("a bbox is four numbers west,south,east,north; got {0:?}")]
    NotFourNumbers(String),
    #[error("the bbox's west {west} lies east of its east {east}")]
    WestOfEast { west: f64, east: f64 },
    #[error("the bbox's south {south} lies north of its north {north}")]
    SouthOfNorth { south: f64, north: f64 },
    #[error(transparent)]
    Corner(#[from] PositionError),
}

impl BoundingBox {
    /// The smallest box around the points; `None` for no points.
    pub fn around(points: impl IntoIterator<Item = LngLat>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(
            Self {
                min: first,
                max: first,
            },
            |bounds, point| Self {
                min: LngLat {
                    lon_e7: bounds.min.lon_e7.min(point.lon_e7),
                    lat_e7: bounds.min.lat_e7.min(point.lat_e7),
                },
                max: LngLat {
                    lon_e7: bounds.max.lon_e7.max(point.lon_e7),
                    lat_e7: bounds.max.lat_e7.max(point.lat_e7),
                },
            },
        ))
    }

    /// Reads `west,south,east,north` in degrees.
    ///
    /// # Errors
    /// When there are not four numbers, one is out of range, or they are out of order.
    pub fn parse(text: &str) -> Result<Self, BoundingBoxError> {
        let numbers: Vec<f64> = text
            .split(',')
            .map(|part| part.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_| BoundingBoxError::NotFourNumbers(text.to_owned()))?;
        let [west, south, east, north] = numbers[..] else {
            return Err(BoundingBoxError::NotFourNumbers(text.to_owned()));
        };
        if west > east {
            return Err(BoundingBoxError::WestOfEast { west, east });
        }
        if south > north {
            return Err(BoundingBoxError::SouthOfNorth { south, north });
        }
        Ok(Self {
            min: LngLat::from_degrees(west, south)?,
            max: LngLat::from_degrees(east, north)?,
        })
    }

    #[must_use]
    pub const fn contains(&self, point: LngLat) -> bool {
        self.min.lon_e7 <= point.lon_e7
            && point.lon_e7 <= self.max.lon_e7
            && self.min.lat_e7 <= point.lat_e7
            && point.lat_e7 <= self.max.lat_e7
    }

    #[must_use]
    pub const fn intersects(&self, other: &Self) -> bool {
        self.min.lon_e7 <= other.max.lon_e7
            && other.min.lon_e7 <= self.max.lon_e7
            && self.min.lat_e7 <= other.max.lat_e7
            && other.min.lat_e7 <= self.max.lat_e7
    }

    /// The point in the middle.
    #[must_use]
    pub const fn centre(self) -> LngLat {
        LngLat {
            lon_e7: self.min.lon_e7.midpoint(self.max.lon_e7),
            lat_e7: self.min.lat_e7.midpoint(self.max.lat_e7),
        }
    }

    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            min: LngLat {
                lon_e7: self.min.lon_e7.min(other.min.lon_e7),
                lat_e7: self.min.lat_e7.min(other.min.lat_e7),
            },
            max: LngLat {
                lon_e7: self.max.lon_e7.max(other.max.lon_e7),
                lat_e7: self.max.lat_e7.max(other.max.lat_e7),
            },
        }
    }

    /// A box that holds every point within `radius_m` of `centre`, and a little more; what
    /// lies across the antimeridian is cut off.
    #[must_use]
    pub fn within(centre: LngLat, radius_m: f64) -> Self {
        let (lon_deg, lat_deg) = reach_deg(centre, radius_m);
        Self::clamped(
            [centre.lon() - lon_deg, centre.lon() + lon_deg],
            [centre.lat() - lat_deg, centre.lat() + lat_deg],
        )
    }

    /// Boxes that together hold every point within `radius_m` of `centre`, and a little more;
    /// more than one where the circle crosses the antimeridian.
    pub fn all_within(centre: LngLat, radius_m: f64) -> impl Iterator<Item = Self> {
        let (lon_deg, lat_deg) = reach_deg(centre, radius_m);
        let (west, east) = (centre.lon() - lon_deg, centre.lon() + lon_deg);
        let beyond_west = (west < -180.0).then_some([west + 360.0, 180.0]);
        let beyond_east = (east > 180.0).then_some([-180.0, east - 360.0]);
        let spans = if lon_deg >= 180.0 {
            [Some([-180.0, 180.0]), None, None]
        } else {
            [Some([west, east]), beyond_west, beyond_east]
        };
        let lats = [centre.lat() - lat_deg, centre.lat() + lat_deg];
        spans
            .into_iter()
            .flatten()
            .map(move |lons| Self::clamped(lons, lats))
    }

    /// The box between two longitudes and two latitudes, as far as there are such.
    fn clamped(lons: [f64; 2], lats: [f64; 2]) -> Self {
        let corner = |lon: f64, lat: f64| LngLat {
            lon_e7: to_lattice(lon.clamp(-180.0, 180.0)),
            lat_e7: to_lattice(lat.clamp(-90.0, 90.0)),
        };
        Self {
            min: corner(lons[0], lats[0]),
            max: corner(lons[1], lats[1]),
        }
    }

    /// `[west, south, east, north]` in degrees, as GeoJSON writes it.
    #[must_use]
    pub fn to_degrees(self) -> [f64; 4] {
        [
            self.min.lon(),
            self.min.lat(),
            self.max.lon(),
            self.max.lat(),
        ]
    }
}

/// How many degrees of longitude and of latitude a circle reaches at most, each way.
fn reach_deg(centre: LngLat, radius_m: f64) -> (f64, f64) {
    // The shortest degree of latitude on the ellipsoid is 110,574 m; the shortest of
    // longitude, at the far edge of the box, is 111,320 m times the cosine there.
    let lat_deg = radius_m / 110_500.0;
    let edge_lat = (centre.lat().abs() + lat_deg).min(90.0);
    let cos = edge_lat.to_radians().cos();
    let lon_deg = if cos < 1e-6 {
        360.0
    } else {
        (radius_m / (111_000.0 * cos)).min(360.0)
    };
    (lon_deg, lat_deg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LngLat {
        LngLat::from_degrees(lon, lat).unwrap()
    }

    #[test]
    fn positions_are_rounded_to_the_lattice_once() {
        let position = at(119.021_100_04, 33.610_099_96);
        assert_eq!(
            (position.lon_e7(), position.lat_e7()),
            (1_190_211_000, 336_101_000)
        );
        assert_eq!(at(position.lon(), position.lat()), position);
    }

    #[test]
    fn swapped_axes_are_refused_with_a_hint() {
        let error = LngLat::from_degrees(33.6, 119.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "latitude 119 is outside -90 to 90 degrees; positions are longitude first, then latitude"
        );
    }

    #[test]
    fn a_bbox_out_of_order_is_refused() {
        for (text, expected) in [
            (
                "1,2,3",
                "a bbox is four numbers west,south,east,north; got \"1,2,3\"",
            ),
            ("3,1,2,2", "the bbox's west 3 lies east of its east 2"),
            ("1,3,2,2", "the bbox's south 3 lies north of its north 2"),
        ] {
            assert_eq!(BoundingBox::parse(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_box_within_a_radius_holds_every_point_at_that_radius() {
        for centre in [
            at(119.0, 33.6),
            at(0.0, 0.0),
            at(20.0, 79.0),
            at(10.0, -60.0),
        ] {
            for radius_m in [10.0, 1_000.0, 100_000.0] {
                let bounds = BoundingBox::within(centre, radius_m);
                for bearing in 0..36 {
                    let edge = centre.destination(f64::from(bearing) * 10.0, radius_m);
                    assert!(bounds.contains(edge), "{centre:?} {radius_m} {bearing}");
                }
            }
        }
    }

    #[test]
    fn boxes_within_a_radius_go_on_across_the_antimeridian_and_the_poles() {
        for centre in [
            at(179.999_99, 52.0),
            at(-180.0, -17.0),
            at(179.5, 0.0),
            at(-100.0, 89.999),
            at(40.0, -89.2),
            at(0.0, 90.0),
        ] {
            for radius_m in [10.0, 1_000.0, 100_000.0] {
                let boxes: Vec<_> = BoundingBox::all_within(centre, radius_m).collect();
                for bearing in 0..36 {
                    let edge = centre.destination(f64::from(bearing) * 10.0, radius_m);
                    let is_held = boxes.iter().any(|bounds| bounds.contains(edge));
                    assert!(is_held, "{centre:?} {radius_m} {edge:?} {boxes:?}");
                }
            }
        }
    }
}
