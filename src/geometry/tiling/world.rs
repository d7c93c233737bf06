//! The plane that tiles are cut from: Web Mercator as whole numbers.

use std::f64::consts::PI;

use super::{BUFFER, EXTENT, MAX_ZOOM};
use crate::domain::{BoundingBox, LngLat};

/// Bits of a world coordinate.
const WORLD_BITS: u8 = 32;
const WORLD_SIDE: f64 = 4_294_967_296.0;
/// Bits of [`EXTENT`].
const EXTENT_BITS: u8 = 12;
/// Lattice steps around the equator.
const LON_STEPS: u64 = 3_600_000_000;
/// Where the square world of Web Mercator ends, north and south.
const MAX_LAT_DEG: f64 = 85.051_128_779_806_59;

/// A place in the square of Web Mercator, 2³² units wide: x from the antimeridian to the
/// east, y from the north down. A unit is less than a lattice step of longitude, so
/// vertices that differ stay different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorldPoint {
    pub x: u32,
    pub y: u32,
}

impl WorldPoint {
    /// Where a place on the ground lies. What is beyond 85.05° lies on the edge.
    #[must_use]
    pub fn of(place: LngLat) -> Self {
        let steps = u64::from(place.lon_e7().abs_diff(-1_800_000_000));
        let x = ((steps << WORLD_BITS) + LON_STEPS / 2) / LON_STEPS;
        let sin = place
            .lat()
            .clamp(-MAX_LAT_DEG, MAX_LAT_DEG)
            .to_radians()
            .sin();
        // EPSG:3857 by its formula for the sphere.
        let y = 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * PI);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, which is the edge of the world"
        )]
        let y = (y * WORLD_SIDE).round() as u32;
        Self {
            x: u32::try_from(x).unwrap_or(u32::MAX),
            y,
        }
    }

    /// The place on the ground: exactly the one that [`WorldPoint::of`] was given, if that is
    /// within 85.05°. There is one for every point.
    #[must_use]
    pub fn place(self) -> Option<LngLat> {
        // Where east meets west there are two places in one unit; borders have the outer.
        let steps = if self.x == u32::MAX {
            LON_STEPS
        } else {
            (u64::from(self.x) * LON_STEPS + (1 << (WORLD_BITS - 1))) >> WORLD_BITS
        };
        let north = PI * (1.0 - 2.0 * f64::from(self.y) / WORLD_SIDE);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "latitudes are below 9e8 lattice steps, longitudes below 1.8e9"
        )]
        let (lon_e7, lat_e7) = (
            (steps.cast_signed() - 1_800_000_000) as i32,
            (north.sinh().atan().to_degrees() * 1e7).round() as i32,
        );
        LngLat::from_e7(lon_e7, lat_e7).ok()
    }

    /// Both coordinates in units of the tiles of a zoom, rounded half up.
    pub(super) fn at_zoom(self, zoom: u8) -> [i32; 2] {
        let shift = shift_of(zoom);
        let half = 1_u64 << shift >> 1;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "2 to the 28th at most, at the deepest zoom"
        )]
        let round = |value: u32| ((u64::from(value) + half) >> shift) as i32;
        [round(self.x), round(self.y)]
    }
}

/// How many bits of a world coordinate are finer than a unit of a zoom's tiles.
pub(super) const fn shift_of(zoom: u8) -> u8 {
    WORLD_BITS - EXTENT_BITS - zoom
}

/// One tile of the pyramid: at zoom z there are 2^z columns from the antimeridian to the
/// east and as many rows from the north down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileAddress {
    zoom: u8,
    x: u32,
    y: u32,
}

impl TileAddress {
    /// `None` when there is no such tile, or it is deeper than [`MAX_ZOOM`].
    #[must_use]
    pub fn new(zoom: u8, x: u32, y: u32) -> Option<Self> {
        let exists = zoom <= MAX_ZOOM && x >> zoom == 0 && y >> zoom == 0;
        exists.then_some(Self { zoom, x, y })
    }

    #[must_use]
    pub const fn zoom(self) -> u8 {
        self.zoom
    }

    #[must_use]
    pub const fn x(self) -> u32 {
        self.x
    }

    #[must_use]
    pub const fn y(self) -> u32 {
        self.y
    }

    /// The tile of a zoom that holds a place. Tiles hold their western and northern edges.
    #[must_use]
    pub fn holding(place: WorldPoint, zoom: u8) -> Self {
        let zoom = zoom.min(MAX_ZOOM);
        let column = |value: u32| value.checked_shr(u32::from(WORLD_BITS - zoom)).unwrap_or(0);
        Self {
            zoom,
            x: column(place.x),
            y: column(place.y),
        }
    }

    /// The tile's corner in the north-west, in units of its zoom.
    pub(super) fn origin(self) -> [i32; 2] {
        [self.x.cast_signed() * EXTENT, self.y.cast_signed() * EXTENT]
    }

    /// A place in the tile's own units.
    #[must_use]
    pub fn locate(self, place: WorldPoint) -> [i32; 2] {
        let [x, y] = place.at_zoom(self.zoom);
        let [left, top] = self.origin();
        [x - left, y - top]
    }

    /// West, north, east and south in the world of all that may be drawn in the tile, its
    /// buffer included, and a unit more for what rounding moves.
    #[must_use]
    pub fn reach(self) -> [i64; 4] {
        let [left, top] = self.origin().map(i64::from);
        let shift = shift_of(self.zoom);
        let margin = i64::from(BUFFER) + 1;
        let side = i64::from(EXTENT) + margin;
        [left - margin, top - margin, left + side, top + side].map(|value| value << shift)
    }

    /// The tiles of a zoom that a box on the ground meets: columns and rows, ends
    /// included.
    #[must_use]
    pub fn covering(bounds: &BoundingBox, zoom: u8) -> [std::ops::RangeInclusive<u32>; 2] {
        let (min, max) = (WorldPoint::of(bounds.min), WorldPoint::of(bounds.max));
        let north_west = Self::holding(WorldPoint { x: min.x, y: max.y }, zoom);
        let south_east = Self::holding(WorldPoint { x: max.x, y: min.y }, zoom);
        [north_west.x..=south_east.x, north_west.y..=south_east.y]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_world_is_a_square_with_greenwich_and_the_equator_in_its_middle() {
        let at = |lon, lat| WorldPoint::of(LngLat::from_degrees(lon, lat).unwrap());
        assert_eq!(at(-180.0, 90.0), WorldPoint { x: 0, y: 0 });
        assert_eq!(
            at(180.0, -90.0),
            WorldPoint {
                x: u32::MAX,
                y: u32::MAX
            }
        );
        let middle = at(0.0, 0.0);
        assert_eq!(middle.x, 1 << 31);
        assert!(middle.y.abs_diff(1 << 31) <= 1);
    }

    /// Against the formula with an inverse hyperbolic sine, worked out elsewhere.
    #[test]
    fn places_lie_in_their_tiles() {
        for (lon, lat, zoom, x, y) in [
            (119.0211, 33.6101, 0, 0, 0),
            (119.0211, 33.6101, 14, 13_608, 6_566),
            (-0.1276, 51.5072, 10, 511, 340),
        ] {
            let place = WorldPoint::of(LngLat::from_degrees(lon, lat).unwrap());
            let tile = TileAddress::holding(place, zoom);
            assert_eq!((tile.x(), tile.y()), (x, y), "{lon} {lat} {zoom}");
            let inside = tile.locate(place);
            assert!(inside.iter().all(|value| (0..=EXTENT).contains(value)));
        }
    }

    #[test]
    fn there_are_no_tiles_beyond_the_world() {
        assert!(TileAddress::new(0, 0, 0).is_some());
        assert!(TileAddress::new(3, 7, 7).is_some());
        for (zoom, x, y) in [(0, 1, 0), (3, 8, 0), (3, 0, 8), (17, 0, 0), (255, 0, 0)] {
            assert!(TileAddress::new(zoom, x, y).is_none(), "{zoom}/{x}/{y}");
        }
    }

    #[test]
    fn the_edges_of_the_world_have_places() {
        for lon in [-180.0, 180.0] {
            let place = LngLat::from_degrees(lon, 85.0).unwrap();
            assert_eq!(WorldPoint::of(place).place(), Some(place));
        }
        for edge in [0, u32::MAX] {
            let lat = WorldPoint { x: 0, y: edge }.place().unwrap().lat();
            assert!((lat.abs() - MAX_LAT_DEG).abs() < 1e-6, "{lat}");
        }
    }

    proptest! {
        #[test]
        fn every_place_is_found_again(
            lon in -1_800_000_000..1_799_999_999_i32,
            lat in -850_511_287..=850_511_287_i32,
        ) {
            let place = LngLat::from_e7(lon, lat).unwrap();
            prop_assert_eq!(WorldPoint::of(place).place(), Some(place));
        }

        /// Against the projection library, to a unit of the deepest zoom.
        #[test]
        fn the_projection_is_web_mercator(lon in -180.0..180.0_f64, lat in -85.0..85.0_f64) {
            const HALF_ROUND_M: f64 = 20_037_508.342_789_244;
            let place = LngLat::from_degrees(lon, lat).unwrap();
            let world = WorldPoint::of(place);
            let x = (f64::from(world.x) / f64::from(1_u32 << 31) - 1.0) * HALF_ROUND_M;
            let y = (1.0 - f64::from(world.y) / f64::from(1_u32 << 31)) * HALF_ROUND_M;
            let back = crate::geometry::Crs::WebMercator.to_wgs84(x, y).unwrap();
            prop_assert!(back.lon_e7().abs_diff(place.lon_e7()) <= 2);
            prop_assert!(back.lat_e7().abs_diff(place.lat_e7()) <= 2);
        }
    }
}
