//! GeoJSON (RFC 7946), whole or a feature a line. In other systems than WGS 84 it has the
//! member `crs` of the specification of 2008, which GIS programs read.

use std::io::Write;

use serde_json::{Value, json};

use super::drawing::{Drawing, Points};
use super::{ExportError, ExportOptions};
use crate::codec::crs_names;
use crate::geometry::Crs;

pub(super) fn write_collection<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    write!(
        out,
        "{{\"type\":\"FeatureCollection\",\"name\":{}",
        Value::from(&*options.layer)
    )?;
    if let Some(crs) = declaration(options.crs) {
        write!(out, ",\"crs\":{crs}")?;
    }
    out.write_all(b",\"features\":[")?;
    for (number, drawing) in drawings.enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        write_feature(&drawing?, None, out)?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}

pub(super) fn write_lines<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    let crs = declaration(options.crs);
    for drawing in drawings {
        write_feature(&drawing?, crs.as_ref(), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn declaration(crs: Crs) -> Option<Value> {
    let name = match crs {
        Crs::Wgs84 => return None,
        _ => match crs.epsg() {
            Some(code) => format!("urn:ogc:def:crs:EPSG::{code}"),
            None => crs_names::name(crs),
        },
    };
    Some(json!({"type": "name", "properties": {"name": name}}))
}

fn write_feature(
    drawing: &Drawing<'_>,
    crs: Option<&Value>,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    out.write_all(b"{\"type\":\"Feature\"")?;
    if let Some(crs) = crs {
        write!(out, ",\"crs\":{crs}")?;
    }
    let properties = Value::Object(drawing.properties());
    let id = &properties["id"];
    write!(
        out,
        ",\"id\":{id},\"properties\":{properties},\"geometry\":"
    )?;
    match &drawing.polygons[..] {
        [polygon] => {
            out.write_all(b"{\"type\":\"Polygon\",\"coordinates\":")?;
            write_polygon(polygon, out)?;
        }
        polygons => {
            out.write_all(b"{\"type\":\"MultiPolygon\",\"coordinates\":")?;
            write_list(polygons, out, |polygon, out| write_polygon(polygon, out))?;
        }
    }
    out.write_all(b"}}")?;
    Ok(())
}

fn write_polygon<W: Write>(polygon: &[Points], out: &mut W) -> std::io::Result<()> {
    write_list(polygon, out, |ring, out| {
        write_list(ring, out, |[x, y], out| write!(out, "[{x},{y}]"))
    })
}

fn write_list<T, W: Write>(
    elements: &[T],
    out: &mut W,
    write: impl Fn(&T, &mut W) -> std::io::Result<()>,
) -> std::io::Result<()> {
    for (number, element) in elements.iter().enumerate() {
        out.write_all(if number == 0 { b"[" } else { b"," })?;
        write(element, out)?;
    }
    out.write_all(if elements.is_empty() { b"[]" } else { b"]" })
}
