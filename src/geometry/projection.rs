//! Coordinate systems, and the way from each to longitude and latitude, and back.
//!
//! WGS 84 and CGCS2000 count as one: they differ by centimetres.

mod shifted;

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use proj4rs::Proj;

use crate::domain::LngLat;
use crate::domain::position::PositionError;

/// A coordinate system that positions may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crs {
    /// Longitude and latitude in WGS 84 or CGCS2000 (EPSG:4326, EPSG:4490).
    Wgs84,
    /// 火星坐标系, as Chinese web maps show it: longitude and latitude, shifted by some
    /// hundred metres.
    Gcj02,
    /// Baidu's, shifted once more.
    Bd09,
    /// EPSG:3857, metres of web maps.
    WebMercator,
    GaussKruger(GaussKruger),
}

/// A Gauss–Krüger zone of CGCS2000, EPSG:4491 to EPSG:4554, in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GaussKruger(u16);

/// A name that is no coordinate system known here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no coordinate system known here; use wgs84 (also EPSG:4326 and EPSG:4490), gcj02, bd09, EPSG:3857, or a CGCS2000 Gauss–Krüger zone (EPSG:4491 to EPSG:4554)"
)]
pub struct UnknownCrs(pub String);

/// Why two numbers are no place in a coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ProjectionError {
    #[error(transparent)]
    Position(#[from] PositionError),
    #[error(
        "easting {x} is not in the zone {zone}, whose eastings lie around {}", zone.false_easting_m()
    )]
    OtherZone { zone: GaussKruger, x: f64 },
    #[error("({x}, {y}) is no place in {crs}")]
    Outside { crs: Crs, x: f64, y: f64 },
    #[error("{position:?} has no coordinates in {crs}{}", crs.whereabouts())]
    NoCoordinates { crs: Crs, position: LngLat },
}

impl Crs {
    /// The position of `x` (east or longitude) and `y` (north or latitude).
    ///
    /// # Errors
    /// When the numbers are not finite or no place in this system.
    pub fn to_wgs84(self, x: f64, y: f64) -> Result<LngLat, ProjectionError> {
        match self {
            Self::Wgs84 => Ok(LngLat::from_degrees(x, y)?),
            Self::Gcj02 => shift(x, y, shifted::gcj02_to_wgs84),
            Self::Bd09 => shift(x, y, shifted::bd09_to_wgs84),
            Self::WebMercator => self.unproject(&MERCATOR, x, y, 0.0),
            Self::GaussKruger(zone) => {
                let east_m = x - zone.false_easting_m();
                if x.is_finite() && east_m.abs() > HALF_ZONE_M {
                    return Err(ProjectionError::OtherZone { zone, x });
                }
                self.unproject(&TRANSVERSE_MERCATOR, east_m, y, zone.central_meridian_deg())
            }
        }
    }

    /// The numbers of a position: x (east or longitude), then y (north or latitude), which
    /// [`Crs::to_wgs84`] takes back to the same lattice point.
    ///
    /// # Errors
    /// When the position has none: far from the zone, at a pole, or at the edge of the box
    /// in which positions are shifted.
    pub fn from_wgs84(self, position: LngLat) -> Result<(f64, f64), ProjectionError> {
        let nowhere = ProjectionError::NoCoordinates {
            crs: self,
            position,
        };
        let (lon, lat) = (position.lon(), position.lat());
        match self {
            Self::Wgs84 => Ok((lon, lat)),
            Self::Gcj02 => shifted::wgs84_to_gcj02(lon, lat).ok_or(nowhere),
            Self::Bd09 => shifted::wgs84_to_bd09(lon, lat).ok_or(nowhere),
            Self::WebMercator => project(&MERCATOR, lon, lat).ok_or(nowhere),
            Self::GaussKruger(zone) => {
                let east_deg = lon - zone.central_meridian_deg();
                let far = |east_m: f64| east_m.abs() > HALF_ZONE_M;
                // The projection itself has an answer for the other side of the Earth.
                if east_deg.abs() > 45.0 {
                    return Err(nowhere);
                }
                match project(&TRANSVERSE_MERCATOR, east_deg, lat) {
                    Some((east_m, north_m)) if !far(east_m) => {
                        Ok((east_m + zone.false_easting_m(), north_m))
                    }
                    _ => Err(nowhere),
                }
            }
        }
    }

    /// The code that EPSG has for it. GCJ-02 and BD-09 have none.
    #[must_use]
    pub const fn epsg(self) -> Option<u16> {
        match self {
            Self::Wgs84 => Some(4326),
            Self::Gcj02 | Self::Bd09 => None,
            Self::WebMercator => Some(3857),
            Self::GaussKruger(zone) => Some(zone.0),
        }
    }

    /// True when its numbers are degrees.
    #[must_use]
    pub const fn is_geographic(self) -> bool {
        matches!(self, Self::Wgs84 | Self::Gcj02 | Self::Bd09)
    }

    fn whereabouts(self) -> String {
        match self {
            Self::GaussKruger(zone) => format!(
                ", whose middle is the meridian {}°; choose the zone around it",
                zone.central_meridian_deg()
            ),
            _ => String::new(),
        }
    }

    fn unproject(
        self,
        projection: &LazyLock<Option<[Proj; 2]>>,
        x: f64,
        y: f64,
        meridian_deg: f64,
    ) -> Result<LngLat, ProjectionError> {
        let outside = ProjectionError::Outside { crs: self, x, y };
        // A quarter of a meridian, and half the equator, are some metres over this.
        if !(x.abs() <= 20_037_600.0 && y.abs() <= 20_100_000.0) {
            return Err(outside);
        }
        let [from, to] = LazyLock::force(projection).as_ref().ok_or(outside)?;
        let mut point = (x, y, 0.0);
        proj4rs::transform::transform(from, to, &mut point).map_err(|_| outside)?;
        let lon = point.0.to_degrees() + meridian_deg;
        Ok(LngLat::from_degrees(lon, point.1.to_degrees())?)
    }
}

/// Farther than this from its meridian no zone is used.
const HALF_ZONE_M: f64 = 500_000.0;

fn project(
    projection: &LazyLock<Option<[Proj; 2]>>,
    lon_deg: f64,
    lat_deg: f64,
) -> Option<(f64, f64)> {
    let [projected, geographic] = LazyLock::force(projection).as_ref()?;
    let mut point = (lon_deg.to_radians(), lat_deg.to_radians(), 0.0);
    proj4rs::transform::transform(geographic, projected, &mut point).ok()?;
    let (x, y, _) = point;
    (x.is_finite() && y.is_finite() && y.abs() <= 20_100_000.0).then_some((x, y))
}

/// Shifts after the range check, so that a fault names the numbers as they came.
fn shift(x: f64, y: f64, to: fn(f64, f64) -> (f64, f64)) -> Result<LngLat, ProjectionError> {
    LngLat::from_degrees(x, y)?;
    let (lon, lat) = to(x, y);
    Ok(LngLat::from_degrees(lon, lat)?)
}

/// A projection and the longitudes and latitudes on its ellipsoid.
fn projection(definition: &str, ellipsoid: &str) -> Option<[Proj; 2]> {
    Some([
        Proj::from_proj_string(&format!("+proj={definition} {ellipsoid} +units=m +no_defs"))
            .ok()?,
        Proj::from_proj_string(&format!("+proj=longlat {ellipsoid} +no_defs")).ok()?,
    ])
}

/// Zones differ only in their meridian and easting, so that one projection serves all.
static TRANSVERSE_MERCATOR: LazyLock<Option<[Proj; 2]>> =
    LazyLock::new(|| projection("tmerc +lat_0=0 +lon_0=0 +k=1 +x_0=0 +y_0=0", "+ellps=GRS80"));
static MERCATOR: LazyLock<Option<[Proj; 2]>> =
    LazyLock::new(|| projection("merc +lon_0=0 +k=1 +x_0=0 +y_0=0", "+a=6378137 +b=6378137"));

impl GaussKruger {
    /// The EPSG codes of all zones.
    pub const ALL: std::ops::RangeInclusive<u16> = 4491..=4554;

    /// The zone of an EPSG code.
    #[must_use]
    pub fn find(epsg: u16) -> Option<Self> {
        Self::ALL.contains(&epsg).then_some(Self(epsg))
    }

    /// The zone with this central meridian and false easting.
    #[must_use]
    pub fn with_parameters(central_meridian_deg: f64, false_easting_m: f64) -> Option<Self> {
        // Where a 6-degree and a 3-degree zone project alike, either will do.
        Self::ALL.map(Self).find(|zone| {
            (zone.central_meridian_deg() - central_meridian_deg).abs() < 1e-9
                && (zone.false_easting_m() - false_easting_m).abs() < 1e-3
        })
    }

    #[must_use]
    pub const fn epsg(self) -> u16 {
        self.0
    }

    /// The zone of a number, of 3 or 6 degrees, with eastings that begin with the number
    /// or without.
    #[must_use]
    pub fn numbered(width_deg: u8, number: u16, prefixed: bool) -> Option<Self> {
        Self::ALL.map(Self).find(|zone| {
            zone.width_deg() == width_deg
                && zone.number() == number
                && zone.is_prefixed() == prefixed
        })
    }

    /// 3 or 6.
    #[must_use]
    pub const fn width_deg(self) -> u8 {
        if self.0 <= 4512 { 6 } else { 3 }
    }

    /// Counted from Greenwich; 39 is the zone of 3 degrees around 117° east.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self.0 {
            4491..=4501 => 13 + (self.0 - 4491),
            4502..=4512 => 13 + (self.0 - 4502),
            4513..=4533 => 25 + (self.0 - 4513),
            _ => 25 + (self.0 - 4534),
        }
    }

    /// True when eastings begin with the number.
    #[must_use]
    pub const fn is_prefixed(self) -> bool {
        matches!(self.0, 4491..=4501 | 4513..=4533)
    }

    /// The meridian where the grid points north, in degrees.
    #[must_use]
    pub fn central_meridian_deg(self) -> f64 {
        f64::from(match self.0 {
            4491..=4501 => 75 + 6 * (self.0 - 4491),
            4502..=4512 => 75 + 6 * (self.0 - 4502),
            4513..=4533 => 75 + 3 * (self.0 - 4513),
            _ => 75 + 3 * (self.0 - 4534),
        })
    }

    /// The easting of that meridian; in half of the systems it begins with the number of
    /// the zone.
    #[must_use]
    pub fn false_easting_m(self) -> f64 {
        let zone = if self.is_prefixed() { self.number() } else { 0 };
        f64::from(zone) * 1e6 + 500_000.0
    }
}

impl fmt::Display for GaussKruger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.0)
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wgs84 => f.write_str("wgs84"),
            Self::Gcj02 => f.write_str("gcj02"),
            Self::Bd09 => f.write_str("bd09"),
            Self::WebMercator => f.write_str("EPSG:3857"),
            Self::GaussKruger(zone) => zone.fmt(f),
        }
    }
}

impl FromStr for Crs {
    type Err = UnknownCrs;

    /// Reads a name such as `gcj02`, or an EPSG code as `EPSG:4527`, `urn:…:EPSG::4527`,
    /// `http://www.opengis.net/def/crs/EPSG/0/4527` or the bare number. The axis order
    /// is always longitude or easting first, whatever the authority says: files are
    /// written so.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownCrs(text.to_owned());
        let plain: String = text
            .trim()
            .to_ascii_lowercase()
            .replace(['-', '_', ' '], "");
        let last = plain.rsplit([':', '/']).next().unwrap_or_default();
        match last {
            "wgs84" | "cgcs2000" | "crs84" => return Ok(Self::Wgs84),
            "gcj02" => return Ok(Self::Gcj02),
            "bd09" | "bd09ll" => return Ok(Self::Bd09),
            _ => {}
        }
        let code: u16 = last.parse().map_err(|_| unknown())?;
        let authority = plain.strip_suffix(last).unwrap_or_default();
        if !(authority.is_empty() || authority.contains("epsg")) {
            return Err(unknown());
        }
        match code {
            4326 | 4490 => Ok(Self::Wgs84),
            3857 => Ok(Self::WebMercator),
            _ => GaussKruger::find(code)
                .map(Self::GaussKruger)
                .ok_or_else(unknown),
        }
    }
}

#[cfg(test)]
mod tests;
