//! Whose ground many points are: rows in, the same rows out in their order, with the area's
//! code and name. However long the input is, a few parts of it are in memory, and all cores
//! are at work.

mod columns;
mod features;
mod lines;
mod parts;
mod pipeline;
mod table;

use std::io::{self, BufReader, Read, Write};

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;

use crate::codec::csv_points::CsvPointsError;
use crate::domain::Match;
use crate::domain::words::words;
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;
use crate::index::{Atlas, Found};

pub use columns::{join_arrow, join_parquet};

/// What a joined row gains.
const COLUMNS: [&str; 3] = ["match", "code", "name"];

words! {
    /// What points come as; they go out as the same.
    pub enum PointFormat ("point format") {
        /// A header row names the columns.
        Csv = "csv",
        /// A JSON object a line, with `lon` and `lat`.
        Ndjson = "ndjson",
        /// A feature collection of points.
        GeoJson = "geojson",
        /// Arrow's streaming format, with columns `lon` and `lat` or points as well-known
        /// binary.
        Arrow = "arrow",
        /// Parquet with such columns, or `GeoParquet`.
        Parquet = "parquet",
    }
}

/// Why points could not be joined. What was written before stays written.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    #[error(transparent)]
    Points(#[from] CsvPointsError),
    #[error(transparent)]
    Parts(#[from] parts::PartError),
    #[error("line {line}: {fault}")]
    Line { line: u64, fault: LineFault },
    #[error(transparent)]
    Features(#[from] features::FeaturesError),
    #[error(transparent)]
    Columns(#[from] columns::ColumnsError),
    #[error("the columns cannot be read: {0}")]
    Arrow(#[from] ArrowError),
    #[error("the Parquet file cannot be read or written: {0}")]
    Parquet(#[from] ParquetError),
    #[error("the result cannot be written")]
    Write(#[from] io::Error),
}

/// What is wrong with a line of NDJSON.
#[derive(Debug, thiserror::Error)]
pub enum LineFault {
    #[error("this is no JSON object: {0}")]
    NoObject(serde_json::Error),
    #[error("the object has no number {0:?}")]
    NoNumber(&'static str),
    #[error(transparent)]
    Position(#[from] ProjectionError),
}

/// How many rows were joined, and how many of them lie in a grid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Joined {
    pub rows: u64,
    pub in_grids: u64,
}

/// Joins points that come as a stream. What they came with stays as it is, and `match`, `code`
/// and `name` are added.
///
/// # Errors
/// When the input has no points, one of them is unreadable, the output fails, or the format
/// is one that cannot be read from its beginning on, which is Parquet.
pub fn join(
    atlas: &Atlas,
    format: PointFormat,
    crs: Crs,
    input: impl Read + Send,
    output: impl Write,
) -> Result<Joined, BulkError> {
    match format {
        PointFormat::Csv => table::join_csv(atlas, crs, input, output),
        PointFormat::Ndjson => lines::join_ndjson(atlas, crs, input, output),
        PointFormat::GeoJson => features::join_geojson(atlas, crs, BufReader::new(input), output),
        PointFormat::Arrow => join_arrow(atlas, crs, input, output),
        PointFormat::Parquet => Err(columns::ColumnsError::NoStream.into()),
    }
}

impl Joined {
    /// Counts a row, and says what it gains.
    fn row<'a>(&mut self, atlas: &'a Atlas, found: Found) -> JoinedRow<'a> {
        self.rows += 1;
        self.in_grids += u64::from(found.matched == Match::Grid);
        let area = found.area.map(|ordinal| atlas.area(ordinal).as_ref());
        JoinedRow {
            matched: found.matched.as_str(),
            code: area.map(|area| area.code.as_str()),
            name: area.map(|area| area.name.as_str()),
        }
    }

    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.in_grids += other.in_grids;
    }
}

/// What a row gains.
#[derive(Clone, Copy)]
struct JoinedRow<'a> {
    matched: &'static str,
    code: Option<&'a str>,
    name: Option<&'a str>,
}
