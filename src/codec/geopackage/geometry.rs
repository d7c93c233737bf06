//! Geometries of a GeoPackage: a header (clause 2.1.3), then well-known binary in either
//! byte order, with heights and measures or without, as ISO 19125 or as PostGIS mark them.
//! Rings are taken as they are drawn.

use super::super::feature::{FeatureFault, RawPolygons};

const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// The polygons of a geometry.
///
/// # Errors
/// When it is none, not of polygons, or damaged.
pub(super) fn decode(bytes: &[u8]) -> Result<RawPolygons, FeatureFault> {
    let damaged = |why: &str| FeatureFault::Damaged(why.to_owned());
    let [b'G', b'P', _, flags, ..] = *bytes else {
        return Err(damaged("it does not begin as one of a GeoPackage"));
    };
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(damaged("its envelope is of an unknown kind")),
    };
    if flags & 0b10_0000 != 0 {
        return Err(damaged("it is of a vendor's own kind"));
    }
    let binary = bytes.get(8 + envelope..).ok_or_else(cut_off)?;
    decode_wkb(binary).map(|(polygons, _)| polygons)
}

/// The polygons of well-known binary, and the number of its coordinate system if it has
/// one.
///
/// # Errors
/// When it is not of polygons, or damaged.
pub(in crate::codec) fn decode_wkb(
    bytes: &[u8],
) -> Result<(RawPolygons, Option<u32>), FeatureFault> {
    let mut reader = Reader { rest: bytes };
    let head = reader.head()?;
    Ok((reader.polygons(head)?, head.srid))
}

fn cut_off() -> FeatureFault {
    FeatureFault::Damaged("it ends too early".to_owned())
}

fn kind_name(kind: u32) -> String {
    let names = [
        "Geometry",
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
        "CircularString",
        "CompoundCurve",
        "CurvePolygon",
        "MultiCurve",
        "MultiSurface",
        "Curve",
        "Surface",
        "PolyhedralSurface",
        "TIN",
        "Triangle",
    ];
    let name = usize::try_from(kind).ok().and_then(|kind| names.get(kind));
    name.map_or_else(
        || format!("geometry of kind {kind}"),
        |&name| name.to_owned(),
    )
}

struct Reader<'a> {
    rest: &'a [u8],
}

/// What stands before every geometry.
#[derive(Clone, Copy)]
struct Head {
    little_endian: bool,
    kind: u32,
    point_bytes: usize,
    srid: Option<u32>,
}

impl Head {
    fn number(self, bytes: [u8; 4]) -> u32 {
        if self.little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        }
    }

    fn float(self, bytes: [u8; 8]) -> f64 {
        if self.little_endian {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        }
    }
}

impl Reader<'_> {
    fn head(&mut self) -> Result<Head, FeatureFault> {
        const HAS_HEIGHT: u32 = 0x8000_0000;
        const HAS_MEASURE: u32 = 0x4000_0000;
        const HAS_SRID: u32 = 0x2000_0000;
        let [order] = self.take()?;
        let mut head = Head {
            little_endian: order == 1,
            kind: 0,
            point_bytes: 16,
            srid: None,
        };
        let code = head.number(self.take()?);
        if code & HAS_SRID != 0 {
            head.srid = Some(head.number(self.take()?));
        }
        let marked = u8::from(code & HAS_HEIGHT != 0) + u8::from(code & HAS_MEASURE != 0);
        let code = code & !(HAS_HEIGHT | HAS_MEASURE | HAS_SRID);
        let counted = match code / 1000 {
            0 => 0,
            1 | 2 => 1,
            _ => 2,
        };
        head.kind = code % 1000;
        head.point_bytes += 8 * usize::from(marked.max(counted));
        Ok(head)
    }

    fn polygons(&mut self, head: Head) -> Result<RawPolygons, FeatureFault> {
        match head.kind {
            POLYGON => Ok(vec![self.polygon(head)?]),
            MULTI_POLYGON => {
                let count = self.count(head, 9)?;
                let mut polygons = Vec::with_capacity(count);
                for _ in 0..count {
                    let part = self.head()?;
                    if part.kind != POLYGON {
                        return Err(FeatureFault::NotPolygon(kind_name(part.kind)));
                    }
                    polygons.push(self.polygon(part)?);
                }
                Ok(polygons)
            }
            other => Err(FeatureFault::NotPolygon(kind_name(other))),
        }
    }

    fn polygon(&mut self, head: Head) -> Result<Vec<Vec<[f64; 2]>>, FeatureFault> {
        let count = self.count(head, 4)?;
        (0..count).map(|_| self.ring(head)).collect()
    }

    fn ring(&mut self, head: Head) -> Result<Vec<[f64; 2]>, FeatureFault> {
        let count = self.count(head, head.point_bytes)?;
        let (points, rest) = self.rest.split_at(count * head.point_bytes);
        self.rest = rest;
        let points = points.chunks_exact(head.point_bytes);
        let points = points.filter_map(|point| {
            let (numbers, _) = point.as_chunks::<8>();
            let (&x, &y) = (numbers.first()?, numbers.get(1)?);
            Some([head.float(x), head.float(y)])
        });
        Ok(points.collect())
    }

    /// A number of things of at least so many bytes each: never more than there can be.
    fn count(&mut self, head: Head, least_bytes: usize) -> Result<usize, FeatureFault> {
        let count = head.number(self.take()?);
        let count = usize::try_from(count).map_err(|_| cut_off())?;
        if count > self.rest.len() / least_bytes {
            return Err(cut_off());
        }
        Ok(count)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], FeatureFault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A triangle with what its header says about order and dimensions.
    fn wkb(little_endian: bool, code: u32, extra: usize) -> Vec<u8> {
        let number = |number: u32| {
            if little_endian {
                number.to_le_bytes()
            } else {
                number.to_be_bytes()
            }
        };
        let mut out = vec![u8::from(little_endian)];
        out.extend(number(code));
        out.extend(number(1));
        out.extend(number(4));
        for (x, y) in [(1.0, 2.0), (3.0, 2.0), (3.0, 4.5), (1.0, 2.0)] {
            for value in [x, y]
                .into_iter()
                .chain(std::iter::repeat_n(f64::NAN, extra))
            {
                out.extend(if little_endian {
                    value.to_le_bytes()
                } else {
                    value.to_be_bytes()
                });
            }
        }
        out
    }

    fn packed(flags: u8, envelope: usize, wkb: &[u8]) -> Vec<u8> {
        let mut out = vec![b'G', b'P', 0, flags, 0, 0, 0, 0];
        out.extend(std::iter::repeat_n(0, envelope));
        out.extend(wkb);
        out
    }

    const TRIANGLE: [[f64; 2]; 4] = [[1.0, 2.0], [3.0, 2.0], [3.0, 4.5], [1.0, 2.0]];

    #[test]
    fn heights_measures_byte_orders_and_envelopes_do_not_matter() {
        let expected = Ok(vec![vec![TRIANGLE.to_vec()]]);
        for little_endian in [true, false] {
            for (code, extra) in [
                (3, 0),
                (1003, 1),
                (2003, 1),
                (3003, 2),
                (0x8000_0003, 1),
                (0xc000_0003, 2),
            ] {
                let wkb = wkb(little_endian, code, extra);
                for (kind, envelope) in [(0, 0), (1, 32), (2, 48), (3, 48), (4, 64)] {
                    let bytes = packed(1 | (kind << 1), envelope, &wkb);
                    assert_eq!(decode(&bytes), expected, "{code} {kind}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_of_polygons_is_named() {
        let mut point = vec![1, 1, 0, 0, 0];
        point.extend([0; 16]);
        for (wkb, expected) in [
            (point, "it is a Point; an area is a Polygon or MultiPolygon"),
            (
                vec![1, 10, 0, 0, 0, 0, 0, 0, 0],
                "it is a CurvePolygon; an area is a Polygon or MultiPolygon",
            ),
            (
                vec![1, 3, 0, 0, 0, 255, 255, 255, 255],
                "its geometry is damaged: it ends too early; export the file again",
            ),
        ] {
            let fault = decode(&packed(1, 0, &wkb)).unwrap_err();
            assert_eq!(fault.to_string(), expected);
        }
        for bytes in [
            &b"GP"[..],
            b"XX\0\0\0\0\0\0",
            b"GP\0\x0b\0\0\0\0",
            b"GP\0\x21\0\0\0\0",
        ] {
            assert!(matches!(decode(bytes), Err(FeatureFault::Damaged(_))));
        }
    }

    proptest! {
        #[test]
        fn damage_is_an_error_and_no_panic(at in 0..200_usize, byte in any::<u8>(), cut in 0..200_usize) {
            let mut bytes = packed(1, 0, &wkb(true, 3, 0));
            if let Some(changed) = bytes.get_mut(at) {
                *changed = byte;
            }
            bytes.truncate(cut);
            let _ = decode(&bytes);
        }
    }
}
