//! Points in CSV.

use std::io::{Read, Write};
use std::ops::Range;

use super::parts::{Lines, Part, Parts};
use super::pipeline::in_order;
use super::{BulkError, COLUMNS, Joined};
use crate::codec::csv_points::{CsvPointsError, PointColumns, row_reader};
use crate::geometry::Crs;
use crate::index::{Atlas, Found};

/// Joins the points of CSV: its columns stay as they are, and three are added.
pub fn join_csv(
    atlas: &Atlas,
    crs: Crs,
    input: impl Read + Send,
    mut output: impl Write,
) -> Result<Joined, BulkError> {
    let mut parts = Parts::new(input, Lines::Csv);
    let mut first = parts.next()?;
    let beginning = first.as_ref().map_or(&[][..], |part| &part.text);
    let columns = PointColumns::find(beginning, crs)?;
    let mut joined = Joined::default();
    in_order(
        || match first.take() {
            Some(part) => Ok(Some(part)),
            None => Ok(parts.next()?),
        },
        |part: Part| join_part(atlas, &columns, &part),
        |(text, part): (Vec<u8>, Joined)| {
            joined.add(part);
            Ok(output.write_all(&text)?)
        },
    )?;
    output.flush()?;
    Ok(joined)
}

/// A row as it came, between its line ends, and what it gains.
struct Row {
    text: Range<usize>,
    gains: Range<usize>,
}

fn join_part(
    atlas: &Atlas,
    columns: &PointColumns,
    part: &Part,
) -> Result<(Vec<u8>, Joined), BulkError> {
    let (mut rows, mut points) = (Vec::new(), Vec::new());
    let mut header = None;
    let mut reader = row_reader(&part.text[..]);
    let mut fields = csv::ByteRecord::new();
    let mut is_header = part.line == 1 && columns.has_header();
    let mut start = 0;
    while reader
        .read_byte_record(&mut fields)
        .map_err(CsvPointsError::from)?
    {
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let text = without_line_ends(&part.text, start..end.min(part.text.len()));
        start = end;
        if std::mem::take(&mut is_header) {
            header = Some(text);
            continue;
        }
        points.push(columns.point(&fields, part.line - 1)?);
        rows.push(Row { text, gains: 0..0 });
    }
    // What is gained is written once for neighbours that are in one area.
    let mut joined = Joined::default();
    let mut gains = Vec::with_capacity(32 * rows.len());
    let mut last: Option<(Found, Range<usize>)> = None;
    atlas.locate_each(&points, |at, found| {
        let row = joined.row(atlas, found);
        rows[at].gains = match &last {
            Some((before, gains)) if *before == found => gains.clone(),
            _ => {
                let start = gains.len();
                for text in [row.matched, row.code.unwrap_or(""), row.name.unwrap_or("")] {
                    write_field(text, &mut gains);
                }
                gains.push(b'\n');
                start..gains.len()
            }
        };
        last = Some((found, rows[at].gains.clone()));
    });
    let mut out = Vec::with_capacity(part.text.len() + 32 * rows.len());
    if let Some(text) = header {
        write_row(&part.text[text], &mut out)?;
        for column in COLUMNS {
            write_field(column, &mut out);
        }
        out.push(b'\n');
    }
    for row in &rows {
        write_row(&part.text[row.text.clone()], &mut out)?;
        out.extend_from_slice(&gains[row.gains.clone()]);
    }
    Ok((out, joined))
}

/// The same text without the line feeds and carriage returns around it.
fn without_line_ends(text: &[u8], span: Range<usize>) -> Range<usize> {
    let is_end = |at: &usize| matches!(text[*at], b'\n' | b'\r');
    let start = span.clone().find(|at| !is_end(at)).unwrap_or(span.end);
    let end = span.rev().find(|at| !is_end(at)).map_or(start, |at| at + 1);
    start..end
}

/// Writes a row as it came. One whose last quotation mark was left open, which the end of the
/// file closes, is closed.
fn write_row(text: &[u8], out: &mut Vec<u8>) -> Result<(), BulkError> {
    if memchr::memchr_iter(b'"', text).count().is_multiple_of(2) {
        out.extend_from_slice(text);
        return Ok(());
    }
    let mut fields = csv::ByteRecord::new();
    row_reader(text)
        .read_byte_record(&mut fields)
        .map_err(CsvPointsError::from)?;
    let mut row = csv::WriterBuilder::new().from_writer(Vec::new());
    row.write_byte_record(&fields).map_err(not_written)?;
    let row = row.into_inner().map_err(csv::IntoInnerError::into_error)?;
    out.extend_from_slice(row.trim_ascii_end());
    Ok(())
}

/// Writes a field and the comma before it.
fn write_field(text: &str, out: &mut Vec<u8>) {
    out.push(b',');
    if text
        .bytes()
        .any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'))
    {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

fn not_written(error: csv::Error) -> BulkError {
    BulkError::Write(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(input: &str) -> Result<String, BulkError> {
        let mut out = Vec::new();
        join_csv(&Atlas::empty(), Crs::Wgs84, input.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn columns_are_kept_and_three_are_added() {
        assert_eq!(
            join("id,经度,纬度\n7,119.0,33.6\n").unwrap(),
            "id,经度,纬度,match,code,name\n7,119.0,33.6,outside,,\n"
        );
        assert_eq!(join("119.0,33.6").unwrap(), "119.0,33.6,outside,,\n");
    }

    #[test]
    fn other_columns_are_kept_byte_for_byte() {
        let input = encoding_rs::GBK
            .encode("名称,lon,lat\n玄武区,118.8,32.05\n")
            .0;
        let expected = encoding_rs::GBK
            .encode("名称,lon,lat,match,code,name\n玄武区,118.8,32.05,outside,,\n")
            .0;
        let mut out = Vec::new();
        join_csv(&Atlas::empty(), Crs::Wgs84, &input[..], &mut out).unwrap();
        assert_eq!(out, &expected[..]);
    }

    #[test]
    fn rows_are_kept_as_they_are_written() {
        for (input, expected) in [
            (
                "\"a,\"\"b\"\"\",\"119.0\",33.6\r\n\r\nc,119.0,33.6",
                "\"a,\"\"b\"\"\",\"119.0\",33.6,outside,,\nc,119.0,33.6,outside,,\n",
            ),
            (
                "5\" pipe,119.0,33.6\n",
                "\"5\"\" pipe\",119.0,33.6,outside,,\n",
            ),
            (
                "119.0,33.6,\"left open\n",
                "119.0,33.6,left open,outside,,\n",
            ),
            ("\n\n119.0,33.6\n\n", "119.0,33.6,outside,,\n"),
        ] {
            assert_eq!(join(input).unwrap(), expected, "{input:?}");
        }
    }

    #[test]
    fn what_is_gained_can_be_read_back() {
        let mut row = b"x".to_vec();
        for text in ["", "plain", "a, \"b\"\n"] {
            write_field(text, &mut row);
        }
        let mut fields = csv::ByteRecord::new();
        assert!(row_reader(&row[..]).read_byte_record(&mut fields).unwrap());
        assert_eq!(fields, vec!["x", "", "plain", "a, \"b\"\n"]);
    }

    #[test]
    fn a_bad_row_is_named_by_its_line_however_far_down_it_is() {
        let error = join("lon,lat\n119.0,33.6\n119.0,north\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 3: the latitude \"north\" is not a number"
        );
        let mut text = "note,lon,lat\n".to_owned();
        let row = "\"of two\nlines, and long enough to fill several parts\",119.0,33.6\n";
        for _ in 0..50_000 {
            text.push_str(row);
        }
        assert_eq!(join(&text).unwrap().lines().count(), 100_001);
        text.push_str("x,119.0,133.6\n");
        let error = join(&text).unwrap_err().to_string();
        assert!(error.starts_with("line 100002: latitude 133.6"), "{error}");
    }
}
