//! Points in a CSV file, row by row, with their other columns untouched.

use std::io::Read;

use csv::ByteRecord;

use super::encoding::decode;
use crate::domain::LngLat;
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;

/// Usual names of the columns, compared without regard to case.
const LON: &[&str] = &["lon", "lng", "longitude", "long", "x", "经度"];
const LAT: &[&str] = &["lat", "latitude", "y", "纬度"];

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

/// Reads points one by one.
pub struct PointReader<R> {
    csv: csv::Reader<R>,
    crs: Crs,
    header: Option<ByteRecord>,
    /// Longitude and latitude, counted from 0.
    columns: [usize; 2],
    /// The first row of data, which was read to find the columns.
    ahead: Option<ByteRecord>,
}

impl<R: Read> PointReader<R> {
    /// Reads the header and finds the columns: by their usual names, else the first two
    /// that hold numbers in the first row of data. A first row with numbers in it is no
    /// header, but data.
    ///
    /// # Errors
    /// When the file is empty, no CSV, or has no such columns.
    pub fn new(source: R, crs: Crs) -> Result<Self, CsvPointsError> {
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(source);
        let mut first = ByteRecord::new();
        if !csv.read_byte_record(&mut first)? {
            return Err(CsvPointsError::Empty);
        }
        let mut reader = Self {
            csv,
            crs,
            header: None,
            columns: [0, 1],
            ahead: None,
        };
        if let Some(columns) = numeric_columns(&first) {
            reader.columns = columns;
            reader.ahead = Some(first);
            return Ok(reader);
        }
        let names: Vec<String> = first.iter().map(decode_name).collect();
        let find = |usual: &[&str]| {
            names
                .iter()
                .position(|name| usual.iter().any(|usual| name.eq_ignore_ascii_case(usual)))
        };
        reader.columns = if let (Some(lon), Some(lat)) = (find(LON), find(LAT)) {
            [lon, lat]
        } else {
            let mut second = ByteRecord::new();
            reader.csv.read_byte_record(&mut second)?;
            let columns = numeric_columns(&second);
            reader.ahead = Some(second);
            columns.ok_or(CsvPointsError::NoColumns { columns: names })?
        };
        reader.header = Some(first);
        Ok(reader)
    }

    /// The names of the columns, as they are in the file.
    #[must_use]
    pub fn header(&self) -> Option<&ByteRecord> {
        self.header.as_ref()
    }

    /// Reads the next row into `fields` and gives its point; `None` at the end. After an
    /// error of a row the next ones can still be read.
    ///
    /// # Errors
    /// When the row has no point, or the file cannot be read further.
    pub fn read(&mut self, fields: &mut ByteRecord) -> Result<Option<LngLat>, CsvPointsError> {
        if let Some(ahead) = self.ahead.take() {
            *fields = ahead;
        } else if !self.csv.read_byte_record(fields)? {
            return Ok(None);
        }
        let line = fields.position().map_or(0, csv::Position::line);
        let number = |axis, column: usize| {
            let field = fields.get(column).ok_or(CsvPointsError::Short {
                line,
                axis,
                fields: fields.len(),
            })?;
            parse_number(field).ok_or_else(|| CsvPointsError::NotANumber {
                line,
                axis,
                value: String::from_utf8_lossy(field).into_owned(),
            })
        };
        let [lon, lat] = self.columns;
        let (x, y) = (number("longitude", lon)?, number("latitude", lat)?);
        let position = self.crs.to_wgs84(x, y);
        position
            .map(Some)
            .map_err(|source| CsvPointsError::Position { line, source })
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
        let mut reader = PointReader::new(text, Crs::Wgs84).unwrap();
        let mut fields = ByteRecord::new();
        let mut points = Vec::new();
        loop {
            match reader.read(&mut fields) {
                Ok(Some(point)) => points.push(Ok((point.lon(), point.lat()))),
                Ok(None) => return points,
                Err(error) => points.push(Err(error.to_string())),
            }
        }
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
    fn other_columns_are_kept_byte_for_byte() {
        let text = encoding_rs::GBK
            .encode("名称,lon,lat\n玄武区,118.8,32.05\n")
            .0;
        let mut reader = PointReader::new(text.as_ref(), Crs::Wgs84).unwrap();
        let mut fields = ByteRecord::new();
        assert!(reader.read(&mut fields).unwrap().is_some());
        assert_eq!(
            reader.header().unwrap()[0],
            encoding_rs::GBK.encode("名称").0[..]
        );
        assert_eq!(fields[0], encoding_rs::GBK.encode("玄武区").0[..]);
    }

    #[test]
    fn files_without_points_are_refused() {
        let fault = |text: &[u8]| {
            PointReader::new(text, Crs::Wgs84)
                .err()
                .unwrap()
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
