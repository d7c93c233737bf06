//! Outlines as compact bytes, to keep drafts in: what was drawn comes back bit for bit,
//! however wrong it is.
//!
//! The number of polygons, then for each polygon that of its rings, then for each ring
//! that of its points and the points. A point is written as its difference from the one
//! before, longitude first, in ten millionths of a degree; the first differs from (0, 0).
//! So a point of a border mostly takes four bytes: a quarter of what well-known binary
//! takes, which can moreover not say that a ring is open or of two points.

use super::compact::{CompactError, Reader, put_number, put_signed};
use crate::domain::{LngLat, Outline};

/// Why bytes are no outline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    #[error("an outline cannot be read: {0}")]
    Compact(#[from] CompactError),
    #[error("an outline has a point at ({lon_e7}, {lat_e7}) ten millionths of a degree")]
    Point { lon_e7: i64, lat_e7: i64 },
}

/// Writes an outline.
#[must_use]
pub fn encode(outline: &Outline) -> Vec<u8> {
    let rings = outline.rings().count();
    let mut out = Vec::with_capacity(10 + 2 * rings + 5 * outline.point_count());
    let mut before = (0, 0);
    put_number(&mut out, outline.polygons.len() as u64);
    for rings in &outline.polygons {
        put_number(&mut out, rings.len() as u64);
        for ring in rings {
            put_number(&mut out, ring.len() as u64);
            for point in ring {
                let here = (i64::from(point.lon_e7()), i64::from(point.lat_e7()));
                put_signed(&mut out, here.0 - before.0);
                put_signed(&mut out, here.1 - before.1);
                before = here;
            }
        }
    }
    out
}

/// Reads an outline.
///
/// # Errors
/// When the bytes are not one outline.
pub fn decode(bytes: &[u8]) -> Result<Outline, OutlineError> {
    let mut reader = Reader::new(bytes);
    let mut pen = Pen::default();
    let count = reader.count(1, "the polygons")?;
    let mut polygons = Vec::with_capacity(count);
    for _ in 0..count {
        let count = reader.count(1, "the rings of a polygon")?;
        let mut rings = Vec::with_capacity(count);
        for _ in 0..count {
            let count = reader.count(2, "the points of a ring")?;
            let mut points = Vec::with_capacity(count);
            for _ in 0..count {
                points.push(pen.draw(&mut reader)?);
            }
            rings.push(points);
        }
        polygons.push(rings);
    }
    reader.end()?;
    Ok(Outline { polygons })
}

/// Where the last point was.
#[derive(Default)]
struct Pen {
    lon_e7: i64,
    lat_e7: i64,
}

impl Pen {
    fn draw(&mut self, reader: &mut Reader<'_>) -> Result<LngLat, OutlineError> {
        // Neither can overflow: the last point was on the earth, and numbers are bounded.
        self.lon_e7 += reader.signed("a point")?;
        self.lat_e7 += reader.signed("a point")?;
        let place = i32::try_from(self.lon_e7)
            .ok()
            .zip(i32::try_from(self.lat_e7).ok());
        place
            .and_then(|(lon_e7, lat_e7)| LngLat::from_e7(lon_e7, lat_e7).ok())
            .ok_or(OutlineError::Point {
                lon_e7: self.lon_e7,
                lat_e7: self.lat_e7,
            })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_point() -> impl Strategy<Value = LngLat> + Clone {
        (-1_800_000_000..=1_800_000_000, -900_000_000..=900_000_000)
            .prop_map(|(lon, lat)| LngLat::from_e7(lon, lat).unwrap())
    }

    /// Of every form, also those that are no shape: without polygons, rings or points,
    /// open, and running back along themselves.
    pub(in crate::codec) fn any_outline() -> impl Strategy<Value = Outline> {
        let ring = prop::collection::vec(any_point(), 0..9);
        let closed = ring.clone().prop_map(|mut ring| {
            ring.extend(ring.first().copied());
            ring
        });
        let polygon = prop::collection::vec(prop_oneof![ring, closed], 0..4);
        prop::collection::vec(polygon, 0..4).prop_map(|polygons| Outline { polygons })
    }

    fn triangle() -> Outline {
        let points = [(1_190_000_000, 336_000_000), (1_190_000_100, 336_000_000)];
        let ring = points.map(|(lon, lat)| LngLat::from_e7(lon, lat).unwrap());
        Outline {
            polygons: vec![vec![ring.to_vec()]],
        }
    }

    proptest! {
        #[test]
        fn any_outline_comes_back_as_it_was(outline in any_outline()) {
            prop_assert_eq!(decode(&encode(&outline)), Ok(outline));
        }

        #[test]
        fn a_part_of_an_outline_is_an_error(outline in any_outline(), share in 0.0..1.0) {
            let bytes = encode(&outline);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss,
                clippy::cast_precision_loss, reason = "a part of a short length")]
            let part = (bytes.len() as f64 * share) as usize;
            prop_assert!(decode(&bytes[..part]).is_err());
        }

        #[test]
        fn any_bytes_are_an_outline_or_an_error(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0_u8..4], 0..200),
        ) {
            if let Ok(outline) = decode(&bytes) {
                prop_assert_eq!(decode(&encode(&outline)), Ok(outline));
            }
        }
    }

    #[test]
    fn a_point_of_a_border_takes_four_bytes() {
        // A ring of a thousand points ten metres apart.
        let ring = (0..1_000).map(|n| {
            let angle = f64::from(n) / 1_000.0 * std::f64::consts::TAU;
            let (lat, lon) = angle.sin_cos();
            LngLat::from_degrees(119.0 + lon / 70.0, 33.6 + lat / 70.0).unwrap()
        });
        let outline = Outline {
            polygons: vec![vec![ring.collect()]],
        };
        let bytes = encode(&outline);
        assert!(bytes.len() < 4_020, "{}", bytes.len());
        assert_eq!(decode(&bytes), Ok(outline));
    }

    #[test]
    fn what_is_wrong_with_the_bytes_is_said() {
        let good = encode(&triangle());
        let huge = [0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
        for (bytes, expected) in [
            (
                vec![],
                "an outline cannot be read: the bytes end after 0, in the middle of the polygons",
            ),
            // A count for which there would be no memory.
            (
                huge.to_vec(),
                "an outline cannot be read: the bytes end after 5, in the middle of the polygons",
            ),
            (
                [&[1, 1][..], &huge, &[0; 9]].concat(),
                "an outline cannot be read: the bytes end after 16, in the middle of the points \
                 of a ring",
            ),
            (
                [&good[..], &[0]].concat(),
                "an outline cannot be read: 1 bytes follow the end",
            ),
            (
                [&[1, 1, 1][..], &huge, &[0]].concat(),
                "an outline has a point at (-17179869184, 0) ten millionths of a degree",
            ),
        ] {
            let error = decode(&bytes).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
