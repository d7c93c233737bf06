//! Points in CSV: which columns hold them, and what a row says.

use std::io::Read;

use csv::ByteRecord;

use super::encoding::decode;
use crate::domain::LngLat;
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;

/// Usual names of the columns, compared without regard to case.
pub const LON: &[&str] = &["lon", "lng", "longitude", "long", "x", "经度"];
pub const LAT: &[&str] = &["lat", "latitude", "y", "纬度"];

/// Why a file, or one row of it, has no point.
#[derive(Debug, thiserror::Error)]
pub enum CsvPointsError {
    #[error("the file has no rows; the first one names the columns")]
    Empty,
    #[error(
        "no two columns hold longitude and latitude: name them lon and lat (or 经度 and 纬度); the columns are {}", columns.join(", ")
    )]
    NoColumns { columns: Vec<String> },
    #[error("line {line}: the {axis} {value:?} is not a number")]
    NotANumber {
        line: u64,
        axis: &'static str,
        value: String,
    },
    #[error("line {line}: the row has only {fields} columns, none for the {axis}")]
    Short {
        line: u64,
        axis: &'static str,
        fields: usize,
    },
    #[error("line {line}: {source}")]
    Position {
        line: u64,
        #[source]
        source: ProjectionError,
    },
    #[error("the file cannot be read as CSV")]
    Csv(#[from] csv::Error),
}

/// Which columns of a file hold its points.
#[derive(Debug, Clone)]
pub struct PointColumns {
    crs: Crs,
    has_header: bool,
    lon: usize,
    lat: usize,
}

/// Reads rows as they are, the header too.
pub fn row_reader<R: Read>(source: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(source)
}

impl PointColumns {
    /// Finds the columns from the beginning of a file, of which the first two rows must be
    /// whole: by their usual names, else the first two that hold numbers in the first row of
    /// data. A first row with numbers in it is no header, but data.
    ///
    /// # Errors
    /// When the file is empty, no CSV, or has no such columns.
    pub fn find(beginning: &[u8], crs: Crs) -> Result<Self, CsvPointsError> {
        let mut rows = row_reader(beginning);
        let mut first = ByteRecord::new();
        if !rows.read_byte_record(&mut first)? {
            return Err(CsvPointsError::Empty);
        }
        let columns = |has_header, [lon, lat]: [usize; 2]| Self {
            crs,
            has_header,
            lon,
            lat,
        };
        if let Some(numeric) = numeric_columns(&first) {
            return Ok(columns(false, numeric));
        }
        let names: Vec<String> = first.iter().map(decode_name).collect();
        let find = |usual: &[&str]| {
            names
                .iter()
                .position(|name| usual.iter().any(|usual| name.eq_ignore_ascii_case(usual)))
        };
        if let (Some(lon), Some(lat)) = (find(LON), find(LAT)) {
            return Ok(columns(true, [lon, lat]));
        }
        let mut second = ByteRecord::new();
        rows.read_byte_record(&mut second)?;
        numeric_columns(&second)
            .map(|numeric| columns(true, numeric))
            .ok_or(CsvPointsError::NoColumns { columns: names })
    }

    /// True when the first row names the columns.
    #[must_use]
    pub const fn has_header(&self) -> bool {
        self.has_header
    }

    /// The point of a row that was read after so many lines of the file were passed over.
    ///
    /// # Errors
    /// When the row has none.
    pub fn point(&self, row: &ByteRecord, lines_before: u64) -> Result<LngLat, CsvPointsError> {
        let line = || lines_before + row.position().map_or(0, csv::Position::line);
        let number = |axis, column: usize| {
            let field = row.get(column).ok_or_else(|| CsvPointsError::Short {
                line: line(),
                axis,
                fields: row.len(),
            })?;
            parse_number(field).ok_or_else(|| CsvPointsError::NotANumber {
                line: line(),
                axis,
                value: String::from_utf8_lossy(field).into_owned(),
            })
        };
        let (x, y) = (
            number("longitude", self.lon)?,
            number("latitude", self.lat)?,
        );
        self.crs
            .to_wgs84(x, y)
            .map_err(|source| CsvPointsError::Position {
                line: line(),
                source,
            })
    }
}

fn parse_number(field: &[u8]) -> Option<f64> {
    std::str::from_utf8(field).ok()?.trim().parse().ok()
}

fn numeric_columns(row: &ByteRecord) -> Option<[usize; 2]> {
    let mut columns = row
        .iter()
        .enumerate()
        .filter(|(_, field)| parse_number(field).is_some_and(f64::is_finite))
        .map(|(column, _)| column);
    Some([columns.next()?, columns.next()?])
}

/// Spreadsheets in China write GBK.
fn decode_name(name: &[u8]) -> String {
    let name = decode(name, encoding_rs::UTF_8)
        .or_else(|| decode(name, encoding_rs::GB18030))
        .unwrap_or_else(|| String::from_utf8_lossy(name).into_owned());
    name.trim().trim_start_matches('\u{feff}').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row's point, or what is wrong with it.
    fn points(text: &[u8]) -> Vec<Result<(f64, f64), String>> {
        let columns = PointColumns::find(text, Crs::Wgs84).unwrap();
        let mut rows = row_reader(text);
        let rows = rows.byte_records().skip(usize::from(columns.has_header()));
        let point = |row: Result<ByteRecord, csv::Error>| columns.point(&row.unwrap(), 0);
        rows.map(point)
            .map(|point| {
                point
                    .map(|at| (at.lon(), at.lat()))
                    .map_err(|e| e.to_string())
            })
            .collect()
    }

    #[test]
    fn columns_are_known_by_their_usual_names() {
        let gbk = encoding_rs::GBK
            .encode("名称,纬度,经度\n玄武区,32.05,118.8\n")
            .0;
        for text in [
            b"id,lon,lat\n7,118.8,32.05\n".as_slice(),
            b"\xef\xbb\xbfLNG,Latitude,id\n118.8,32.05,7\n",
            b"\"y\",\"x\"\r\n 32.05 ,118.8\r\n",
            "经度,纬度\n118.8,32.05".as_bytes(),
            &gbk,
            b"name,easting,northing\nhere,118.8,32.05\n",
            b"here,118.8,32.05\n",
        ] {
            assert_eq!(points(text), [Ok((118.8, 32.05))], "{text:?}");
        }
    }

    #[test]
    fn rows_without_a_point_are_named_by_line_and_the_rest_is_read() {
        let text = b"name,lon,lat\na,118.8,32.05\n\"b\nb\",x,32\nc\nd,32,118.8\ne,118.9,32.1\n";
        assert_eq!(
            points(text),
            [
                Ok((118.8, 32.05)),
                Err("line 3: the longitude \"x\" is not a number".into()),
                Err("line 5: the row has only 1 columns, none for the longitude".into()),
                Err("line 6: latitude 118.8 is outside -90 to 90 degrees; positions are longitude first, then latitude".into()),
                Ok((118.9, 32.1)),
            ]
        );
    }

    #[test]
    fn files_without_points_are_refused() {
        let fault = |text: &[u8]| {
            PointColumns::find(text, Crs::Wgs84)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            fault(b""),
            "the file has no rows; the first one names the columns"
        );
        assert_eq!(
            fault("名称,地址\n甲,乙\n".as_bytes()),
            "no two columns hold longitude and latitude: name them lon and lat (or 经度 and 纬度); the columns are 名称, 地址"
        );
    }
}
