//! Whose ground many points are: rows in, the same rows out with the area's code and name.

use std::io::{BufRead, Read, Write};

use serde_json::{Map, Value};

use crate::codec::csv_points::{CsvPointsError, PointReader};
use crate::domain::LngLat;
use crate::domain::position::PositionError;
use crate::geometry::Crs;
use crate::index::Atlas;

/// What a joined row gains.
const COLUMNS: [&str; 3] = ["match", "code", "name"];

/// Why points could not be joined. What was written before stays written.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    #[error(transparent)]
    Points(#[from] CsvPointsError),
    #[error("line {line}: {fault}")]
    Line { line: u64, fault: LineFault },
    #[error("the result cannot be written")]
    Write(#[from] std::io::Error),
    #[error("the result cannot be written")]
    Csv(#[from] csv::Error),
}

/// What is wrong with a line of NDJSON.
#[derive(Debug, thiserror::Error)]
pub enum LineFault {
    #[error("this is no JSON object: {0}")]
    NoObject(serde_json::Error),
    #[error("the object has no number {0:?}")]
    NoNumber(&'static str),
    #[error(transparent)]
    Position(#[from] PositionError),
    #[error("the line cannot be read: {0}")]
    Read(std::io::Error),
}

/// How many rows were joined, and how many of them lie in a grid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Joined {
    pub rows: u64,
    pub in_grids: u64,
}

/// Joins the points of a CSV file to areas: its columns stay as they are, and `match`,
/// `code` and `name` are added.
///
/// # Errors
/// When the input has no points, a row's point is unreadable, or the output fails.
pub fn join_csv(
    atlas: &Atlas,
    input: impl Read,
    crs: Crs,
    output: impl Write,
) -> Result<Joined, BulkError> {
    let mut points = PointReader::new(input, crs)?;
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(output);
    if let Some(header) = points.header() {
        let added = COLUMNS.map(str::as_bytes);
        out.write_record(header.iter().chain(added))?;
    }
    let mut joined = Joined::default();
    let mut fields = csv::ByteRecord::new();
    while let Some(point) = points.read(&mut fields)? {
        let row = joined.row(atlas, point);
        let added = [row.matched, row.code.unwrap_or(""), row.name.unwrap_or("")];
        out.write_record(fields.iter().chain(added.map(str::as_bytes)))?;
    }
    out.flush()?;
    Ok(joined)
}

/// Joins the points of NDJSON, an object with `lon` and `lat` a line, in the same way.
/// Empty lines are passed over.
///
/// # Errors
/// As [`join_csv`].
pub fn join_ndjson(
    atlas: &Atlas,
    input: impl BufRead,
    mut output: impl Write,
) -> Result<Joined, BulkError> {
    let mut joined = Joined::default();
    for (line, text) in (1..).zip(input.lines()) {
        let located = text
            .map_err(LineFault::Read)
            .and_then(|text| read_line(&text));
        let Some((mut object, point)) = located.map_err(|fault| BulkError::Line { line, fault })?
        else {
            continue;
        };
        let row = joined.row(atlas, point);
        let added = [Some(row.matched), row.code, row.name];
        for (column, value) in COLUMNS.into_iter().zip(added) {
            object.insert(column.to_owned(), value.into());
        }
        writeln!(output, "{}", Value::Object(object))?;
    }
    Ok(joined)
}

/// A line's object and its point.
type LocatedLine = (Map<String, Value>, LngLat);

fn read_line(text: &str) -> Result<Option<LocatedLine>, LineFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let object: Map<String, Value> = serde_json::from_str(text).map_err(LineFault::NoObject)?;
    let number = |member: &'static str| {
        object
            .get(member)
            .and_then(Value::as_f64)
            .ok_or(LineFault::NoNumber(member))
    };
    let point = LngLat::from_degrees(number("lon")?, number("lat")?)?;
    Ok(Some((object, point)))
}

impl Joined {
    fn row<'a>(&mut self, atlas: &'a Atlas, point: LngLat) -> JoinedRow<'a> {
        let found = atlas.locate(point);
        self.rows += 1;
        self.in_grids += u64::from(found.matched == crate::domain::Match::Grid);
        let area = found.area.map(|ordinal| atlas.area(ordinal).as_ref());
        JoinedRow {
            matched: found.matched.as_str(),
            code: area.map(|area| area.code.as_str()),
            name: area.map(|area| area.name.as_str()),
        }
    }
}

/// What a row gains.
struct JoinedRow<'a> {
    matched: &'static str,
    code: Option<&'a str>,
    name: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(input: &str) -> Result<String, BulkError> {
        let mut out = Vec::new();
        join_csv(&Atlas::empty(), input.as_bytes(), Crs::Wgs84, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn columns_are_kept_and_three_are_added() {
        assert_eq!(
            csv("id,经度,纬度\n7,119.0,33.6\n").unwrap(),
            "id,经度,纬度,match,code,name\n7,119.0,33.6,outside,,\n"
        );
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        let error = csv("lon,lat\n119.0,33.6\n119.0,north\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 3: the latitude \"north\" is not a number"
        );
    }

    #[test]
    fn lines_of_json_keep_their_members() {
        let mut out = Vec::new();
        let input = "{\"id\":7,\"lon\":119.0,\"lat\":33.6}\n\n";
        let joined = join_ndjson(&Atlas::empty(), input.as_bytes(), &mut out).unwrap();
        assert_eq!(
            joined,
            Joined {
                rows: 1,
                in_grids: 0
            }
        );
        let line: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(line["id"], 7);
        assert_eq!(line["match"], "outside");
        assert_eq!(line["code"], Value::Null);
        let error = join_ndjson(&Atlas::empty(), &b"{}\n"[..], &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 1: the object has no number \"lon\""
        );
    }
}
