//! Shapes as well-known binary: one `MultiPolygon`, little endian, longitude first, in
//! degrees (OGC 06-103r4, 8.2). Lattice points survive the way through `f64` exactly.
//!
//! Written by hand because every node reads millions of vertices at its start.

use crate::domain::position::PositionError;
use crate::domain::shape::ShapeError;
use crate::domain::{LngLat, Polygon, Ring, Shape};

const LITTLE_ENDIAN: u8 = 1;
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;
const HEADER_BYTES: usize = 1 + 4 + 4;
const POINT_BYTES: usize = 16;

/// Why bytes are no shape.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WkbError {
    #[error("the geometry ends after {length} bytes, in the middle of {what}")]
    Truncated { length: usize, what: &'static str },
    #[error("byte order {0} is not little endian (1)")]
    ByteOrder(u8),
    #[error("geometry type {found} where {expected} was expected (3 polygon, 6 multipolygon)")]
    Kind { found: u32, expected: u32 },
    #[error("{0} bytes follow the end of the geometry")]
    Trailing(usize),
    #[error("a polygon has no ring")]
    NoRing,
    #[error(transparent)]
    Position(#[from] PositionError),
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// Writes a shape.
#[must_use]
pub fn encode(shape: &Shape) -> Vec<u8> {
    let rings = shape.rings().count();
    let points = shape.vertex_count() + rings;
    let headers = 1 + shape.polygons().len();
    let mut out = Vec::with_capacity(headers * HEADER_BYTES + rings * 4 + points * POINT_BYTES);
    put_header(&mut out, MULTI_POLYGON, shape.polygons().len());
    for polygon in shape.polygons() {
        put_header(&mut out, POLYGON, 1 + polygon.holes.len());
        for ring in polygon.rings() {
            put_count(&mut out, ring.points().len() + 1);
            for point in ring.closed_points() {
                out.extend_from_slice(&point.lon().to_le_bytes());
                out.extend_from_slice(&point.lat().to_le_bytes());
            }
        }
    }
    out
}

/// Reads a point's coordinates as they are, of whatever system: of either byte order and of
/// two or more dimensions, as OGC 06-103r4 or PostGIS writes it. `None` when it is something
/// else.
#[must_use]
pub fn decode_point(bytes: &[u8]) -> Option<(f64, f64)> {
    const POINT: u32 = 1;
    /// PostGIS: a reference system comes after the kind.
    const HAS_SYSTEM: u32 = 0x2000_0000;
    const FLAGS: u32 = 0xe000_0000;
    let (&order, rest) = bytes.split_first()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let kind = if order == 0 {
        u32::from_be_bytes(*kind)
    } else {
        u32::from_le_bytes(*kind)
    };
    if (kind & !FLAGS) % 1_000 != POINT {
        return None;
    }
    let rest = if kind & HAS_SYSTEM == 0 {
        rest
    } else {
        rest.get(4..)?
    };
    let (x, rest) = rest.split_first_chunk::<8>()?;
    let y = rest.first_chunk::<8>()?;
    let number = |bytes: [u8; 8]| {
        if order == 0 {
            f64::from_be_bytes(bytes)
        } else {
            f64::from_le_bytes(bytes)
        }
    };
    Some((number(*x), number(*y)))
}

fn put_header(out: &mut Vec<u8>, kind: u32, count: usize) {
    out.push(LITTLE_ENDIAN);
    out.extend_from_slice(&kind.to_le_bytes());
    put_count(out, count);
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "four thousand million points of 16 bytes do not fit a database value"
)]
fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&(count as u32).to_le_bytes());
}

/// Reads a shape.
///
/// # Errors
/// When the bytes are not one little-endian `MultiPolygon` of valid rings.
pub fn decode(bytes: &[u8]) -> Result<Shape, WkbError> {
    let mut reader = Reader {
        length: bytes.len(),
        rest: bytes,
    };
    let shape = reader.shape()?;
    match reader.rest.len() {
        0 => Ok(shape),
        trailing => Err(WkbError::Trailing(trailing)),
    }
}

struct Reader<'a> {
    length: usize,
    rest: &'a [u8],
}

impl Reader<'_> {
    fn shape(&mut self) -> Result<Shape, WkbError> {
        let count = self.header(MULTI_POLYGON)?;
        let mut polygons = Vec::with_capacity(count.min(self.rest.len() / HEADER_BYTES));
        for _ in 0..count {
            polygons.push(self.polygon()?);
        }
        Ok(Shape::new(polygons)?)
    }

    fn polygon(&mut self) -> Result<Polygon, WkbError> {
        let count = self.header(POLYGON)?;
        if count == 0 {
            return Err(WkbError::NoRing);
        }
        let exterior = self.ring()?;
        let holes = (1..count).map(|_| self.ring()).collect::<Result<_, _>>()?;
        Ok(Polygon { exterior, holes })
    }

    fn ring(&mut self) -> Result<Ring, WkbError> {
        let count = self.count("a ring's number of points")?;
        // Compared before it is multiplied: the number may be anything.
        if count > self.rest.len() / POINT_BYTES {
            return Err(self.truncated("a ring"));
        }
        let (points, rest) = self.rest.split_at(count * POINT_BYTES);
        self.rest = rest;
        let (points, _) = points.as_chunks::<8>();
        let (points, _) = points.as_chunks::<2>();
        let points = points
            .iter()
            .map(|&[lon, lat]| {
                LngLat::from_degrees(f64::from_le_bytes(lon), f64::from_le_bytes(lat))
            })
            .collect::<Result<_, _>>()?;
        Ok(Ring::from_closed(points)?)
    }

    /// Byte order, type and the number of parts.
    fn header(&mut self, expected: u32) -> Result<usize, WkbError> {
        let what = "a header";
        let [order] = self.take(what)?;
        if order != LITTLE_ENDIAN {
            return Err(WkbError::ByteOrder(order));
        }
        let found = u32::from_le_bytes(self.take(what)?);
        if found != expected {
            return Err(WkbError::Kind { found, expected });
        }
        self.count(what)
    }

    fn count(&mut self, what: &'static str) -> Result<usize, WkbError> {
        Ok(u32::from_le_bytes(self.take(what)?) as usize)
    }

    fn take<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], WkbError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or_else(|| self.truncated(what))?;
        self.rest = rest;
        Ok(*taken)
    }

    const fn truncated(&self, what: &'static str) -> WkbError {
        WkbError::Truncated {
            length: self.length,
            what,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ring(points: &[(i32, i32)]) -> Ring {
        let points = points
            .iter()
            .map(|&(x, y)| LngLat::from_e7(x, y).unwrap())
            .collect();
        Ring::from_open(points).unwrap()
    }

    fn triangle() -> Shape {
        Shape::new(vec![Polygon {
            exterior: ring(&[(0, 0), (10_000_000, 0), (0, 10_000_000)]),
            holes: vec![],
        }])
        .unwrap()
    }

    fn lattice_point() -> impl Strategy<Value = LngLat> {
        (-1_800_000_000..=1_800_000_000, -900_000_000..=900_000_000)
            .prop_map(|(lon, lat)| LngLat::from_e7(lon, lat).unwrap())
    }

    fn any_ring() -> impl Strategy<Value = Ring> {
        prop::collection::vec(lattice_point(), 3..20)
            .prop_filter_map("no ground", |points| Ring::from_open(points).ok())
    }

    #[test]
    fn points_are_read_in_every_dialect_and_nothing_else_is() {
        use geozero::{CoordDimensions, ToWkb};
        let point = geo::Geometry::from(geo::Point::new(119.021_1, 33.61));
        let plain = point.to_wkb(CoordDimensions::xy()).unwrap();
        let with_system = point.to_ewkb(CoordDimensions::xy(), Some(4490)).unwrap();
        // Big-endian and with a height, by the standard's own layout.
        let mut high = vec![0];
        high.extend(1_001_u32.to_be_bytes());
        for number in [119.021_1, 33.61, 7.0_f64] {
            high.extend(number.to_be_bytes());
        }
        for bytes in [&plain, &with_system, &high] {
            assert_eq!(decode_point(bytes), Some((119.021_1, 33.61)), "{bytes:?}");
            for cut in 0..21 {
                assert_eq!(decode_point(&bytes[..cut]), None, "{bytes:?} to {cut}");
            }
        }
        let line = geo::LineString::from(vec![(0.0, 0.0), (1.0, 1.0)]);
        let line = geo::Geometry::from(line).to_wkb(CoordDimensions::xy());
        assert_eq!(decode_point(&line.unwrap()), None);
    }

    proptest! {
        #[test]
        fn any_shape_comes_back_as_it_was(
            parts in prop::collection::vec((any_ring(), prop::collection::vec(any_ring(), 0..3)), 1..4)
        ) {
            let polygons = parts
                .into_iter()
                .map(|(exterior, holes)| Polygon { exterior, holes })
                .collect();
            let shape = Shape::new(polygons).unwrap();
            prop_assert_eq!(decode(&encode(&shape)), Ok(shape));
        }

        #[test]
        fn any_bytes_are_a_shape_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn a_damaged_shape_is_a_shape_or_an_error(at in 0_usize..86, byte in any::<u8>()) {
            let mut bytes = encode(&triangle());
            bytes[at] = byte;
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_standard() {
        use geozero::{ToGeo, wkb::Wkb};
        let geo_types::Geometry::MultiPolygon(parts) = Wkb(encode(&triangle())).to_geo().unwrap()
        else {
            panic!("no multipolygon");
        };
        assert_eq!(
            parts.0[0].exterior().0,
            [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)].map(geo_types::Coord::from)
        );
    }

    #[test]
    fn what_is_wrong_with_the_bytes_is_said() {
        let good = encode(&triangle());
        let changed = |at: usize, bytes: &[u8]| {
            let mut damaged = good.clone();
            damaged[at..at + bytes.len()].copy_from_slice(bytes);
            damaged
        };
        for (bytes, expected) in [
            (
                vec![],
                "the geometry ends after 0 bytes, in the middle of a header",
            ),
            (
                good[..50].to_vec(),
                "the geometry ends after 50 bytes, in the middle of a ring",
            ),
            (changed(0, &[0]), "byte order 0 is not little endian (1)"),
            (
                changed(1, &[3]),
                "geometry type 3 where 6 was expected (3 polygon, 6 multipolygon)",
            ),
            (
                changed(18, &u32::MAX.to_le_bytes()),
                "the geometry ends after 86 bytes, in the middle of a ring",
            ),
            (
                changed(5, &u32::MAX.to_le_bytes()),
                "the geometry ends after 86 bytes, in the middle of a header",
            ),
            (changed(14, &0_u32.to_le_bytes()), "a polygon has no ring"),
            (
                changed(5, &0_u32.to_le_bytes()),
                "the geometry has no polygon",
            ),
            (
                changed(38, &181.0_f64.to_le_bytes()),
                "longitude 181 is outside -180 to 180 degrees",
            ),
            (
                changed(38, &f64::NAN.to_le_bytes()),
                "longitude NaN is not a finite number",
            ),
            (
                changed(22, &1.0_f64.to_le_bytes()),
                "the ring is not closed: it starts at (1, 0) and ends at (0, 0)",
            ),
            (
                [&good[..], &[7]].concat(),
                "1 bytes follow the end of the geometry",
            ),
        ] {
            let error = decode(&bytes).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
