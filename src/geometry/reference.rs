//! Coordinate systems as OGC's standards name them: by address, and with the order of
//! axes that the authority has set.

use std::fmt;
use std::str::FromStr;

use super::projection::{Crs, GaussKruger, ProjectionError};
use crate::domain::{BoundingBox, LngLat};

/// A coordinate system by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceSystem {
    /// Longitude, latitude: what GeoJSON has.
    Crs84,
    /// EPSG:4326: latitude, longitude.
    Wgs84,
    /// EPSG:4490: latitude, longitude in CGCS2000, which counts as WGS 84.
    Cgcs2000,
    /// EPSG:3857: easting, northing.
    WebMercator,
    /// EPSG:4491 to EPSG:4554: northing, easting.
    GaussKruger(GaussKruger),
}

/// An address that names no coordinate system known here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no coordinate system that is served here; they are named as http://www.opengis.net/def/crs/OGC/1.3/CRS84 or http://www.opengis.net/def/crs/EPSG/0/4490"
)]
pub struct UnknownReferenceSystem(pub String);

const OGC: &str = "http://www.opengis.net/def/crs/";
const CRS84: &str = "OGC/1.3/CRS84";

impl ReferenceSystem {
    /// The systems that the whole of a territory has coordinates in: those of longitude and
    /// latitude, web Mercator, and the Gauss–Krüger zones that reach all of it.
    #[must_use]
    pub fn reaching(territory: Option<&BoundingBox>) -> Vec<Self> {
        let everywhere = [Self::Crs84, Self::Wgs84, Self::Cgcs2000, Self::WebMercator];
        let zones = GaussKruger::ALL
            .filter_map(GaussKruger::find)
            .map(Self::GaussKruger)
            .filter(|zone| territory.is_some_and(|bounds| zone.reaches(bounds)));
        everywhere.into_iter().chain(zones).collect()
    }

    /// True when the whole box has coordinates in this system.
    #[must_use]
    pub fn reaches(self, bounds: &BoundingBox) -> bool {
        let (min, max) = (bounds.min, bounds.max);
        let corner = |lon: LngLat, lat: LngLat| LngLat::from_e7(lon.lon_e7(), lat.lat_e7()).ok();
        // A zone is widest at the latitude nearest the equator, which is one of the corners'
        // or, in a box across it, the equator itself.
        let equator = |lon: LngLat| LngLat::from_e7(lon.lon_e7(), 0).ok();
        let crosses = min.lat_e7() < 0 && max.lat_e7() > 0;
        let farthest = [
            Some(min),
            Some(max),
            corner(min, max),
            corner(max, min),
            equator(min).filter(|_| crosses),
            equator(max).filter(|_| crosses),
        ];
        farthest
            .into_iter()
            .flatten()
            .all(|position| self.write(position).is_ok())
    }

    /// The address of the system.
    #[must_use]
    pub fn uri(self) -> String {
        match self.epsg() {
            None => format!("{OGC}{CRS84}"),
            Some(code) => format!("{OGC}EPSG/0/{code}"),
        }
    }

    /// True when coordinates are degrees, not metres.
    #[must_use]
    pub const fn is_geographic(self) -> bool {
        matches!(self, Self::Crs84 | Self::Wgs84 | Self::Cgcs2000)
    }

    /// True when northing or latitude is written before easting or longitude.
    #[must_use]
    pub const fn is_north_first(self) -> bool {
        matches!(self, Self::Wgs84 | Self::Cgcs2000 | Self::GaussKruger(_))
    }

    /// The position of two coordinates in the order of the axes.
    ///
    /// # Errors
    /// When they are no place in this system.
    pub fn read(self, [first, second]: [f64; 2]) -> Result<LngLat, ProjectionError> {
        if self.is_north_first() {
            self.crs().to_wgs84(second, first)
        } else {
            self.crs().to_wgs84(first, second)
        }
    }

    /// The coordinates of a position in the order of the axes.
    ///
    /// # Errors
    /// When the position has none in this system.
    pub fn write(self, position: LngLat) -> Result<[f64; 2], ProjectionError> {
        let (x, y) = self.crs().from_wgs84(position)?;
        Ok(if self.is_north_first() {
            [y, x]
        } else {
            [x, y]
        })
    }

    /// The system without its order of axes.
    #[must_use]
    pub const fn crs(self) -> Crs {
        match self {
            Self::Crs84 | Self::Wgs84 | Self::Cgcs2000 => Crs::Wgs84,
            Self::WebMercator => Crs::WebMercator,
            Self::GaussKruger(zone) => Crs::GaussKruger(zone),
        }
    }

    fn epsg(self) -> Option<u16> {
        match self {
            Self::Crs84 => None,
            Self::Wgs84 => Some(4326),
            Self::Cgcs2000 => Some(4490),
            Self::WebMercator => Some(3857),
            Self::GaussKruger(zone) => Some(zone.epsg()),
        }
    }
}

impl fmt::Display for ReferenceSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.epsg() {
            None => f.write_str("CRS84"),
            Some(code) => write!(f, "EPSG:{code}"),
        }
    }
}

impl FromStr for ReferenceSystem {
    type Err = UnknownReferenceSystem;

    fn from_str(uri: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownReferenceSystem(uri.to_owned());
        let name = uri
            .strip_prefix("https:")
            .map(|rest| format!("http:{rest}"));
        let name = name.as_deref().unwrap_or(uri);
        let name = name.strip_prefix(OGC).ok_or_else(unknown)?;
        if name == CRS84 {
            return Ok(Self::Crs84);
        }
        let code = name.strip_prefix("EPSG/0/").ok_or_else(unknown)?;
        match code.parse().map_err(|_| unknown())? {
            4326 => Ok(Self::Wgs84),
            4490 => Ok(Self::Cgcs2000),
            3857 => Ok(Self::WebMercator),
            code => GaussKruger::find(code)
                .map(Self::GaussKruger)
                .ok_or_else(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crs(code: &str) -> ReferenceSystem {
        format!("http://www.opengis.net/def/crs/{code}")
            .parse()
            .unwrap()
    }

    #[test]
    fn axes_are_in_the_order_of_the_authority() {
        let place = LngLat::from_degrees(119.021_1, 33.610_1).unwrap();
        // As PROJ 9.1 has them: cs2cs EPSG:4490 EPSG:4549, and so on.
        for (code, expected) in [
            ("OGC/1.3/CRS84", [119.021_1, 33.610_1]),
            ("EPSG/0/4326", [33.610_1, 119.021_1]),
            ("EPSG/0/4490", [33.610_1, 119.021_1]),
            ("EPSG/0/3857", [13_249_368.246, 3_976_567.368]),
            ("EPSG/0/4549", [3_720_843.785, 409_151.718]),
            ("EPSG/0/4528", [3_720_843.785, 40_409_151.718]),
        ] {
            let system = crs(code);
            let written = system.write(place).unwrap();
            for (written, expected) in written.into_iter().zip(expected) {
                assert!(
                    (written - expected).abs() < 1e-3,
                    "{code}: {written} {expected}"
                );
            }
            assert_eq!(system.read(written).unwrap(), place, "{code}");
            assert_eq!(system.uri(), format!("{OGC}{code}"));
        }
    }

    #[test]
    fn only_zones_that_reach_the_territory_are_offered() {
        let jiangsu = BoundingBox::parse("116.36,30.76,121.98,35.13").unwrap();
        let offered: Vec<String> = ReferenceSystem::reaching(Some(&jiangsu))
            .into_iter()
            .map(|system| system.to_string())
            .collect();
        assert_eq!(
            offered,
            [
                "CRS84",
                "EPSG:4326",
                "EPSG:4490",
                "EPSG:3857",
                "EPSG:4498",
                "EPSG:4509",
                "EPSG:4527",
                "EPSG:4528",
                "EPSG:4548",
                "EPSG:4549"
            ]
        );
        assert_eq!(ReferenceSystem::reaching(None).len(), 4);
    }

    #[test]
    fn names_of_other_systems_are_refused() {
        for name in [
            "",
            "EPSG:4326",
            "http://www.opengis.net/def/crs/EPSG/0/2437",
            "http://www.opengis.net/def/crs/EPSG/9.9/4326",
            "http://www.opengis.net/def/crs/OGC/0/CRS84h",
        ] {
            assert!(name.parse::<ReferenceSystem>().is_err(), "{name:?}");
        }
    }
}
