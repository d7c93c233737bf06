//! KML (OGC 12-007r2), plain or zipped. KML is in WGS 84; a document in GCJ-02 or BD-09
//! says so in its extended data.

use std::io::{Seek, Write};

use quick_xml::escape::escape;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::drawing::{Drawing, Points};
use super::{COLUMNS, ExportError, ExportOptions, library};
use crate::codec::crs_names;
use crate::codec::kml::CRS_NAME;
use crate::geometry::Crs;

pub(super) fn write_zipped<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut (impl Write + Seek),
) -> Result<(), ExportError> {
    let mut zip = ZipWriter::new(out);
    zip.start_file("doc.kml", SimpleFileOptions::default())
        .map_err(|error| library(&error))?;
    write(drawings, options, &mut zip)?;
    zip.finish().map_err(|error| library(&error))?;
    Ok(())
}

pub(super) fn write<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    if !options.crs.is_geographic() {
        return Err(ExportError::OnlyDegrees {
            format: options.format,
            crs: options.crs,
        });
    }
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>")?;
    write!(out, "<name>{}</name>", clean(&options.layer))?;
    if options.crs != Crs::Wgs84 {
        let name = crs_names::name(options.crs);
        write!(
            out,
            "<ExtendedData><Data name=\"{CRS_NAME}\"><value>{name}</value></Data></ExtendedData>"
        )?;
    }
    out.write_all(b"\n<Schema name=\"areas\" id=\"areas\">")?;
    for column in COLUMNS {
        let kind = match column {
            "area_m2" => "double",
            "edition" => "int",
            _ => "string",
        };
        write!(
            out,
            "<SimpleField name=\"{column}\" type=\"{kind}\"></SimpleField>"
        )?;
    }
    out.write_all(b"</Schema>\n")?;
    for drawing in drawings {
        write_placemark(&drawing?, out)?;
    }
    out.write_all(b"</Document></kml>\n")?;
    Ok(())
}

fn write_placemark(drawing: &Drawing<'_>, out: &mut impl Write) -> std::io::Result<()> {
    let name = clean(drawing.feature.name);
    write!(
        out,
        "<Placemark><name>{name}</name><ExtendedData><SchemaData schemaUrl=\"#areas\">"
    )?;
    for (column, value) in COLUMNS.iter().zip(drawing.values()) {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => clean(&text),
            other => other.to_string(),
        };
        write!(out, "<SimpleData name=\"{column}\">{text}</SimpleData>")?;
    }
    out.write_all(b"</SchemaData></ExtendedData>")?;
    let several = drawing.polygons.len() != 1;
    if several {
        out.write_all(b"<MultiGeometry>")?;
    }
    for rings in &drawing.polygons {
        out.write_all(b"<Polygon>")?;
        for (number, ring) in rings.iter().enumerate() {
            let boundary = if number == 0 { "outer" } else { "inner" };
            write!(out, "<{boundary}BoundaryIs>")?;
            write_ring(ring, out)?;
            write!(out, "</{boundary}BoundaryIs>")?;
        }
        out.write_all(b"</Polygon>")?;
    }
    if several {
        out.write_all(b"</MultiGeometry>")?;
    }
    out.write_all(b"</Placemark>\n")
}

fn write_ring(ring: &Points, out: &mut impl Write) -> std::io::Result<()> {
    out.write_all(b"<LinearRing><coordinates>")?;
    for (number, [x, y]) in ring.iter().enumerate() {
        let blank = if number == 0 { "" } else { " " };
        write!(out, "{blank}{x},{y}")?;
    }
    out.write_all(b"</coordinates></LinearRing>")
}

/// A text as XML can have it: control characters have no place there, not even escaped.
fn clean(text: &str) -> String {
    let allowed: String = text.chars().filter(|c| !c.is_control()).collect();
    escape(allowed).into_owned()
}
