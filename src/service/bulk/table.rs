//! Points in CSV.

use std::io::{Read, Write};

use super::parts::{Lines, Part, Parts};
use super::pipeline::in_order;
use super::{BulkError, COLUMNS, Joined};
use crate::codec::csv_points::{CsvPointsError, PointColumns, row_reader};
use crate::geometry::Crs;
use crate::index::Atlas;

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

fn join_part(
    atlas: &Atlas,
    columns: &PointColumns,
    part: &Part,
) -> Result<(Vec<u8>, Joined), BulkError> {
    let mut joined = Joined::default();
    let mut out = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::with_capacity(2 * part.text.len()));
    let mut rows = row_reader(&part.text[..]);
    let mut fields = csv::ByteRecord::new();
    let mut is_header = part.line == 1 && columns.has_header();
    while rows
        .read_byte_record(&mut fields)
        .map_err(CsvPointsError::from)?
    {
        if std::mem::take(&mut is_header) {
            out.write_record(fields.iter().chain(COLUMNS.map(str::as_bytes)))
                .map_err(not_written)?;
            continue;
        }
        let point = columns.point(&fields, part.line - 1)?;
        let row = joined.row(atlas, point);
        let added = [row.matched, row.code.unwrap_or(""), row.name.unwrap_or("")];
        out.write_record(fields.iter().chain(added.map(str::as_bytes)))
            .map_err(not_written)?;
    }
    let text = out.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok((text, joined))
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
