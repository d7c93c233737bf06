//! GeoJSON out, as fast as bytes can be copied.

use std::io::Write;

use serde::Serialize;
use serde::ser::Error;

use crate::domain::draft::defect::Place;
use crate::domain::{LngLat, Outline, Ring, Shape};
use crate::geometry::ReferenceSystem;
use crate::geometry::projection::ProjectionError;

/// What a written feature is drawn as.
#[derive(Debug, Clone, Copy)]
pub enum Geometry<'a> {
    Shape(&'a Shape),
    /// As it was drawn: rings run as they do, valid or not.
    Outline(&'a Outline),
    Line(&'a [LngLat]),
    Point(LngLat),
    /// Of a feature whose place is not known.
    None,
}

impl<'a> From<&'a Place> for Geometry<'a> {
    fn from(place: &'a Place) -> Self {
        match place {
            Place::Nowhere => Self::None,
            Place::Point(point) => Self::Point(*point),
            Place::Line(points) => Self::Line(points),
            Place::Ground(outline) => Self::Outline(outline),
        }
    }
}

/// Writes a feature collection, feature by feature.
#[derive(Debug)]
pub struct FeatureWriter {
    out: Vec<u8>,
    empty: bool,
    system: ReferenceSystem,
}

impl FeatureWriter {
    /// Begins a collection. `members` are written before the features: a notice, a time
    /// stamp, links.
    ///
    /// # Errors
    /// When `members` cannot be written as JSON.
    pub fn new(members: &serde_json::Map<String, serde_json::Value>) -> serde_json::Result<Self> {
        let mut out = b"{\"type\":\"FeatureCollection\"".to_vec();
        for (name, value) in members {
            out.push(b',');
            serde_json::to_writer(&mut out, name)?;
            out.push(b':');
            serde_json::to_writer(&mut out, value)?;
        }
        out.extend_from_slice(b",\"features\":[");
        Ok(Self {
            out,
            empty: true,
            system: ReferenceSystem::Crs84,
        })
    }

    /// Coordinates are written in another system than GeoJSON's own, in the order of its
    /// axes, and metres to the millimetre.
    #[must_use]
    pub fn in_system(self, system: ReferenceSystem) -> Self {
        Self { system, ..self }
    }

    /// Writes a feature. `properties` must become a JSON object or null.
    ///
    /// # Errors
    /// When the properties cannot be written as JSON, or a position has no coordinates in
    /// the collection's system. The collection is broken then.
    pub fn write(
        &mut self,
        id: Option<&str>,
        geometry: Geometry<'_>,
        properties: &impl Serialize,
    ) -> serde_json::Result<()> {
        let out = &mut self.out;
        out.extend_from_slice(if self.empty { b"\n" } else { b",\n" });
        self.empty = false;
        out.extend_from_slice(b"{\"type\":\"Feature\"");
        if let Some(id) = id {
            out.extend_from_slice(b",\"id\":");
            serde_json::to_writer(&mut *out, id)?;
        }
        out.extend_from_slice(b",\"properties\":");
        serde_json::to_writer(&mut *out, properties)?;
        out.extend_from_slice(b",\"geometry\":");
        write_geometry_in(out, geometry, self.system).map_err(serde_json::Error::custom)?;
        out.push(b'}');
        Ok(())
    }

    /// Takes what has been written so far, to send it on.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// How many bytes wait to be taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.out.len()
    }

    /// Ends the collection and gives what has not been taken.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.out.extend_from_slice(b"\n]}\n");
        self.out
    }
}

/// Writes a geometry object or null. Outer rings run counter-clockwise and holes
/// clockwise, as RFC 7946 asks; coordinates are the exact decimals of the lattice.
pub fn write_geometry(out: &mut Vec<u8>, geometry: Geometry<'_>) {
    // On the lattice every position has coordinates.
    let _ = write_geometry_in(out, geometry, ReferenceSystem::Crs84);
}

/// As [`write_geometry`], in another system. Rings run as they do in longitude and
/// latitude.
///
/// # Errors
/// When a position has no coordinates in the system. What has been written is broken then.
pub fn write_geometry_in(
    out: &mut Vec<u8>,
    geometry: Geometry<'_>,
    system: ReferenceSystem,
) -> Result<(), ProjectionError> {
    match geometry {
        Geometry::None => out.extend_from_slice(b"null"),
        Geometry::Point(point) => {
            out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":");
            write_position(out, point, system)?;
            out.push(b'}');
        }
        Geometry::Line(points) => {
            out.extend_from_slice(b"{\"type\":\"LineString\",\"coordinates\":");
            write_positions(out, points, system)?;
            out.push(b'}');
        }
        Geometry::Outline(outline) => {
            out.extend_from_slice(b"{\"type\":\"MultiPolygon\",\"coordinates\":[");
            for (number, rings) in outline.polygons.iter().enumerate() {
                out.extend_from_slice(if number == 0 { b"[" } else { b",[" });
                for (number, ring) in rings.iter().enumerate() {
                    if number > 0 {
                        out.push(b',');
                    }
                    write_positions(out, ring, system)?;
                }
                out.push(b']');
            }
            out.extend_from_slice(b"]}");
        }
        Geometry::Shape(shape) => {
            let (kind, several): (&[u8], bool) = match shape.polygons() {
                [_] => (b"Polygon", false),
                _ => (b"MultiPolygon", true),
            };
            out.extend_from_slice(b"{\"type\":\"");
            out.extend_from_slice(kind);
            out.extend_from_slice(b"\",\"coordinates\":");
            if several {
                out.push(b'[');
            }
            for (number, polygon) in shape.polygons().iter().enumerate() {
                out.extend_from_slice(if number == 0 { b"[" } else { b",[" });
                write_ring(out, &polygon.exterior, true, system)?;
                for hole in &polygon.holes {
                    out.push(b',');
                    write_ring(out, hole, false, system)?;
                }
                out.push(b']');
            }
            out.extend_from_slice(if several { b"]}" } else { b"}" });
        }
    }
    Ok(())
}

fn write_ring(
    out: &mut Vec<u8>,
    ring: &Ring,
    counter_clockwise: bool,
    system: ReferenceSystem,
) -> Result<(), ProjectionError> {
    let points = ring.points();
    // A position is some 23 bytes long.
    out.reserve(24 * (points.len() + 1));
    out.push(b'[');
    write_position(out, points[0], system)?;
    let rest = &points[1..];
    let mut write = |point: &LngLat| {
        out.push(b',');
        write_position(out, *point, system)
    };
    if (ring.doubled_area_e14() > 0) == counter_clockwise {
        rest.iter().try_for_each(&mut write)?;
    } else {
        rest.iter().rev().try_for_each(&mut write)?;
    }
    write(&points[0])?;
    out.push(b']');
    Ok(())
}

fn write_positions(
    out: &mut Vec<u8>,
    points: &[LngLat],
    system: ReferenceSystem,
) -> Result<(), ProjectionError> {
    out.reserve(24 * points.len());
    out.push(b'[');
    for (number, point) in points.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write_position(out, *point, system)?;
    }
    out.push(b']');
    Ok(())
}

fn write_position(
    out: &mut Vec<u8>,
    point: LngLat,
    system: ReferenceSystem,
) -> Result<(), ProjectionError> {
    out.push(b'[');
    if system.is_geographic() {
        let (lon, lat) = (point.lon_e7(), point.lat_e7());
        let [first, second] = if system.is_north_first() {
            [lat, lon]
        } else {
            [lon, lat]
        };
        write_number(out, first);
        out.push(b',');
        write_number(out, second);
    } else {
        let [first, second] = system.write(point)?;
        write_millimetres(out, first);
        out.push(b',');
        write_millimetres(out, second);
    }
    out.push(b']');
    Ok(())
}

/// Writes metres, rounded to the millimetre: finer than the lattice, so that they lead
/// back to the same point of it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "coordinates are below 1e8 metres"
)]
fn write_millimetres(out: &mut Vec<u8>, metres: f64) {
    let value = (metres * 1_000.0).round() as i64;
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    // Memory takes all that is written.
    let _ = write!(out, "{sign}{}.{:03}", value / 1_000, value % 1_000);
}

/// Writes a number of ten-millionths as the shortest decimal that is exactly it.
pub fn write_number(out: &mut Vec<u8>, e7: i32) {
    if e7 < 0 {
        out.push(b'-');
    }
    let value = e7.unsigned_abs();
    // At most 214.7483648: three digits, a point and seven digits, filled from the end.
    let mut digits = [b'0'; 11];
    let mut start = 3;
    let mut whole = value / 10_000_000;
    loop {
        start -= 1;
        digits[start] = digit(whole);
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    let mut fraction = value % 10_000_000;
    let mut end = 3;
    if fraction != 0 {
        digits[3] = b'.';
        for place in (4..11).rev() {
            if end == 3 && !fraction.is_multiple_of(10) {
                end = place + 1;
            }
            digits[place] = digit(fraction);
            fraction /= 10;
        }
    }
    out.extend_from_slice(&digits[start..end]);
}

const fn digit(value: u32) -> u8 {
    b'0' + (value % 10) as u8
}
