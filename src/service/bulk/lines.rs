//! Points in NDJSON.

use std::io::{Read, Write};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::parts::{Lines, Part, Parts};
use super::pipeline::in_order;
use super::{BulkError, COLUMNS, Joined, JoinedRow, LineFault};
use crate::domain::LngLat;
use crate::geometry::Crs;
use crate::index::Atlas;

/// Joins the points of NDJSON, an object with `lon` and `lat` a line: its members stay as they
/// are, and three are added. Empty lines are passed over.
pub fn join_ndjson(
    atlas: &Atlas,
    crs: Crs,
    input: impl Read + Send,
    mut output: impl Write,
) -> Result<Joined, BulkError> {
    let mut parts = Parts::new(input, Lines::Plain);
    let mut joined = Joined::default();
    in_order(
        || Ok(parts.next()?),
        |part: Part| join_part(atlas, crs, &part),
        |(text, part): (Vec<u8>, Joined)| {
            joined.add(part);
            Ok(output.write_all(&text)?)
        },
    )?;
    output.flush()?;
    Ok(joined)
}

fn join_part(atlas: &Atlas, crs: Crs, part: &Part) -> Result<(Vec<u8>, Joined), BulkError> {
    let mut joined = Joined::default();
    let mut out = Vec::with_capacity(2 * part.text.len());
    for (line, text) in (part.line..).zip(part.text.split(|&byte| byte == b'\n')) {
        let text = text.trim_ascii();
        if !text.is_empty() {
            join_line(atlas, crs, text, &mut joined, &mut out)
                .map_err(|fault| BulkError::Line { line, fault })?;
            out.push(b'\n');
        }
    }
    Ok((out, joined))
}

/// What of a line is needed; the rest is copied.
#[derive(Deserialize)]
struct Line {
    lon: f64,
    lat: f64,
    #[serde(rename = "match")]
    matched: Option<IgnoredAny>,
    code: Option<IgnoredAny>,
    name: Option<IgnoredAny>,
}

fn join_line(
    atlas: &Atlas,
    crs: Crs,
    text: &[u8],
    joined: &mut Joined,
    out: &mut Vec<u8>,
) -> Result<(), LineFault> {
    let line: Option<Line> = serde_json::from_slice(text).ok();
    let line =
        line.filter(|line| line.matched.is_none() && line.code.is_none() && line.name.is_none());
    let (Some(line), Some(open)) = (line, text.strip_suffix(b"}")) else {
        return rewrite_line(atlas, crs, text, joined, out);
    };
    let row = joined.row(atlas, atlas.locate(crs.to_wgs84(line.lon, line.lat)?));
    out.extend_from_slice(open);
    for (column, value) in COLUMNS.into_iter().zip(members(&row)) {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(column.as_bytes());
        out.extend_from_slice(b"\":");
        serde_json::to_writer(&mut *out, &value).map_err(LineFault::NoObject)?;
    }
    out.push(b'}');
    Ok(())
}

/// A line that has members of those names already, or something wrong with it.
fn rewrite_line(
    atlas: &Atlas,
    crs: Crs,
    text: &[u8],
    joined: &mut Joined,
    out: &mut Vec<u8>,
) -> Result<(), LineFault> {
    let mut object: Map<String, Value> =
        serde_json::from_slice(text).map_err(LineFault::NoObject)?;
    let number = |member: &'static str| {
        let value = object.get(member).and_then(Value::as_f64);
        value.ok_or(LineFault::NoNumber(member))
    };
    let point: LngLat = crs.to_wgs84(number("lon")?, number("lat")?)?;
    let row = joined.row(atlas, atlas.locate(point));
    for (column, value) in COLUMNS.into_iter().zip(members(&row)) {
        object.insert(column.to_owned(), value.into());
    }
    serde_json::to_writer(out, &object).map_err(LineFault::NoObject)
}

fn members<'a>(row: &JoinedRow<'a>) -> [Option<&'a str>; COLUMNS.len()] {
    [Some(row.matched), row.code, row.name]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(input: &str) -> Result<String, BulkError> {
        let mut out = Vec::new();
        join_ndjson(&Atlas::empty(), Crs::Wgs84, input.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn lines_keep_their_members() {
        assert_eq!(
            join("{\"id\":7,\"lon\":119.0,\"lat\":33.60, \"b\":{\"lon\":0}}\r\n\n").unwrap(),
            "{\"id\":7,\"lon\":119.0,\"lat\":33.60, \"b\":{\"lon\":0},\"match\":\"outside\",\"code\":null,\"name\":null}\n"
        );
        // What is asked for is not there twice.
        let line = join("{\"name\":\"old\",\"lon\":119,\"lat\":33}").unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["name"], Value::Null);
    }

    #[test]
    fn a_bad_line_is_named() {
        for (text, expected) in [
            ("{}", "line 1: the object has no number \"lon\""),
            (
                "\n{\"lon\":119,\"lat\":\"33\"}",
                "line 2: the object has no number \"lat\"",
            ),
            (
                "{\"lon\":119,\"lat\":33}\n[1]\n",
                "line 2: this is no JSON object: ",
            ),
            ("{\"lon\":119,\"lat\":93}\n", "line 1: latitude 93 "),
        ] {
            let error = join(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
