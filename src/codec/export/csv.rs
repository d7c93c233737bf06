//! CSV with a column of well-known text. It begins with a byte order mark, by which
//! spreadsheets know UTF-8.

use std::fmt::Write as _;
use std::io::Write;

use serde_json::Value;

use super::drawing::{Drawing, Points};
use super::{COLUMNS, ExportError, ExportOptions, library};
use crate::codec::crs_names;
use crate::geometry::Crs;

pub(super) fn write<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::Writer::from_writer(out);
    // A table has no other place to say it.
    let crs = (options.crs != Crs::Wgs84).then(|| crs_names::name(options.crs));
    let columns = std::iter::once("WKT").chain(COLUMNS);
    let columns = columns.chain(crs.is_some().then_some("crs"));
    table
        .write_record(columns)
        .map_err(|error| library(&error))?;
    for drawing in drawings {
        let drawing = drawing?;
        let values = drawing.values().map(|value| match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        });
        let fields = std::iter::once(write_text(&drawing.polygons)).chain(values);
        let fields = fields.chain(crs.clone());
        table
            .write_record(fields)
            .map_err(|error| library(&error))?;
    }
    table.flush()?;
    Ok(())
}

fn write_text(polygons: &[Vec<Points>]) -> String {
    // A point is some 25 letters long.
    let points: usize = polygons.iter().flatten().map(Vec::len).sum();
    let mut text = String::with_capacity(32 * points);
    let several = polygons.len() != 1;
    text.push_str(if several {
        "MULTIPOLYGON ("
    } else {
        "POLYGON "
    });
    for (part, rings) in polygons.iter().enumerate() {
        text.push_str(if part == 0 { "(" } else { ",(" });
        for (number, ring) in rings.iter().enumerate() {
            text.push_str(if number == 0 { "(" } else { ",(" });
            for (index, [x, y]) in ring.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                // Writing to memory cannot fail.
                let _ = write!(text, "{comma}{x} {y}");
            }
            text.push(')');
        }
        text.push(')');
    }
    if several {
        text.push(')');
    }
    text
}
