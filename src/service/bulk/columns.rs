//! Points in columns: Arrow and Parquet.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowWriter};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use super::pipeline::in_order;
use super::{BulkError, COLUMNS, Joined};
use crate::codec::csv_points::{LAT, LON};
use crate::codec::wkb;
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;
use crate::index::Atlas;

/// So many rows are worked on at once.
const BATCH: usize = 65_536;
/// Usual names of columns with points.
const GEOMETRY: &[&str] = &["geometry", "geom", "wkb_geometry", "wkb", "shape"];
/// What `GeoParquet` calls what it says of itself.
const GEO: &str = "geo";

/// Why columns have no points.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    #[error(
        "Parquet is read from its end, so it cannot come as a stream; send Arrow's streaming format"
    )]
    NoStream,
    #[error(
        "no columns hold points: longitude and latitude as floating-point numbers called lon and lat, or well-known binary called geometry; the columns are {}", columns.join(", ")
    )]
    NoColumns { columns: Vec<String> },
    #[error("row {row}: {why}")]
    NoPoint { row: u64, why: &'static str },
    #[error("row {row}: {source}")]
    Position {
        row: u64,
        #[source]
        source: ProjectionError,
    },
}

/// Joins the points of Arrow's streaming format.
///
/// # Errors
/// When the input is no such stream, has no points, or the output fails.
pub fn join_arrow(
    atlas: &Atlas,
    crs: Crs,
    input: impl Read + Send,
    output: impl Write,
) -> Result<Joined, BulkError> {
    let reader = StreamReader::try_new(input, None)?;
    let joiner = Joiner::new(atlas, crs, &reader.schema(), None)?;
    let mut out = StreamWriter::try_new(output, &joiner.schema)?;
    let joined = joiner.run(reader, |batch| Ok(out.write(batch)?))?;
    out.finish()?;
    Ok(joined)
}

/// Joins the points of a Parquet or `GeoParquet` file. `progress` is called with how many rows
/// were joined, and of how many.
///
/// # Errors
/// When the file cannot be read, has no points, or the output fails.
pub fn join_parquet(
    atlas: &Atlas,
    crs: Crs,
    input: File,
    output: impl Write + Send,
    mut progress: impl FnMut(u64, u64),
) -> Result<Joined, BulkError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(input)?;
    let about = builder.metadata().file_metadata();
    let total = u64::try_from(about.num_rows()).unwrap_or(0);
    let told = about.key_value_metadata();
    let told: Vec<KeyValue> = told
        .into_iter()
        .flatten()
        .filter(|pair| pair.key != ARROW_SCHEMA_META_KEY)
        .cloned()
        .collect();
    let primary = told
        .iter()
        .find(|pair| pair.key == GEO)
        .and_then(|pair| serde_json::from_str::<Value>(pair.value.as_deref()?).ok())
        .and_then(|geo| Some(geo["primary_column"].as_str()?.to_owned()));
    let joiner = Joiner::new(atlas, crs, builder.schema(), primary.as_deref())?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(told))
        .build();
    let mut out = ArrowWriter::try_new(output, Arc::clone(&joiner.schema), Some(properties))?;
    let reader = builder.with_batch_size(BATCH).build()?;
    let mut rows = 0;
    let joined = joiner.run(reader, |batch| {
        rows += batch.num_rows() as u64;
        progress(rows, total);
        Ok(out.write(batch)?)
    })?;
    out.close()?;
    Ok(joined)
}

/// Where a row's point is.
#[derive(Debug, Clone, Copy)]
enum Points {
    /// In two columns of numbers.
    Numbers { lon: usize, lat: usize },
    /// In one column, as well-known binary or as a structure of `x` and `y`.
    Geometry(usize),
}

struct Joiner<'a> {
    atlas: &'a Atlas,
    crs: Crs,
    points: Points,
    /// Of the input that are kept: all but those that are replaced.
    kept: Vec<usize>,
    /// Of the output.
    schema: SchemaRef,
}

impl<'a> Joiner<'a> {
    fn new(
        atlas: &'a Atlas,
        crs: Crs,
        schema: &Schema,
        geometry: Option<&str>,
    ) -> Result<Self, ColumnsError> {
        let fields = schema.fields();
        let kept: Vec<usize> = (0..fields.len())
            .filter(|&place| !COLUMNS.contains(&fields[place].name().as_str()))
            .collect();
        let added = COLUMNS.map(|name| Arc::new(Field::new(name, DataType::Utf8, true)));
        let all = kept.iter().map(|&place| Arc::clone(&fields[place]));
        Ok(Self {
            atlas,
            crs,
            points: find_points(schema, geometry)?,
            schema: Arc::new(Schema::new_with_metadata(
                all.chain(added).collect::<Vec<_>>(),
                schema.metadata().clone(),
            )),
            kept,
        })
    }

    fn run<E>(
        &self,
        batches: impl Iterator<Item = Result<RecordBatch, E>> + Send,
        mut write: impl FnMut(&RecordBatch) -> Result<(), BulkError>,
    ) -> Result<Joined, BulkError>
    where
        BulkError: From<E>,
    {
        let mut batches = batches;
        let mut before = 0;
        let mut joined = Joined::default();
        in_order(
            || {
                let Some(batch) = batches.next().transpose()? else {
                    return Ok(None);
                };
                let first = before;
                before += batch.num_rows() as u64;
                Ok(Some((first, batch)))
            },
            |(first, batch): (u64, RecordBatch)| self.join(first, &batch),
            |(batch, part): (RecordBatch, Joined)| {
                joined.add(part);
                write(&batch)
            },
        )?;
        Ok(joined)
    }

    /// Joins some rows, of which so many came before.
    fn join(&self, before: u64, batch: &RecordBatch) -> Result<(RecordBatch, Joined), BulkError> {
        let mut joined = Joined::default();
        let mut added = COLUMNS.map(|_| StringBuilder::new());
        let coordinates = Coordinates::of(batch, self.points)?;
        let mut points = Vec::with_capacity(batch.num_rows());
        for (number, place) in (before + 1..).zip(0..batch.num_rows()) {
            let (x, y) = coordinates
                .at(place)
                .map_err(|why| ColumnsError::NoPoint { row: number, why })?;
            let point = self
                .crs
                .to_wgs84(x, y)
                .map_err(|source| ColumnsError::Position {
                    row: number,
                    source,
                })?;
            points.push(point);
        }
        let mut rows = vec![None; points.len()];
        self.atlas.locate_each(&points, |at, found| {
            rows[at] = Some(joined.row(self.atlas, found));
        });
        for row in rows.into_iter().flatten() {
            let values = [Some(row.matched), row.code, row.name];
            for (column, value) in added.iter_mut().zip(values) {
                column.append_option(value);
            }
        }
        let kept = self
            .kept
            .iter()
            .map(|&place| Arc::clone(batch.column(place)));
        let added = added.map(|mut column| Arc::new(column.finish()) as ArrayRef);
        let columns = kept.chain(added).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        Ok((batch, joined))
    }
}

fn find_points(schema: &Schema, geometry: Option<&str>) -> Result<Points, ColumnsError> {
    let fields = schema.fields();
    let is_number = |kind: &DataType| matches!(kind, DataType::Float64 | DataType::Float32);
    let is_geometry = |kind: &DataType| match kind {
        DataType::Binary | DataType::LargeBinary => true,
        DataType::Struct(fields) => fields.len() >= 2 && is_number(fields[0].data_type()),
        _ => false,
    };
    let find = |names: &[&str], is_fit: &dyn Fn(&DataType) -> bool| {
        fields.iter().position(|field| {
            let is_named = |name: &&str| field.name().eq_ignore_ascii_case(name);
            names.iter().any(is_named) && is_fit(field.data_type())
        })
    };
    if let Some(place) = geometry.and_then(|name| find(&[name], &is_geometry)) {
        return Ok(Points::Geometry(place));
    }
    if let (Some(lon), Some(lat)) = (find(LON, &is_number), find(LAT, &is_number)) {
        return Ok(Points::Numbers { lon, lat });
    }
    find(GEOMETRY, &is_geometry)
        .map(Points::Geometry)
        .ok_or_else(|| ColumnsError::NoColumns {
            columns: fields.iter().map(|field| field.name().clone()).collect(),
        })
}

/// The coordinates of some rows.
enum Coordinates<'a> {
    Numbers([Numbers<'a>; 2]),
    Binary(Vec<Option<&'a [u8]>>),
}

/// A column of numbers, of either width.
enum Numbers<'a> {
    Wide(&'a arrow_array::Float64Array),
    Narrow(&'a arrow_array::Float32Array),
}

impl<'a> Numbers<'a> {
    fn of(column: &'a ArrayRef) -> Option<Self> {
        let wide = column.as_primitive_opt::<Float64Type>().map(Self::Wide);
        wide.or_else(|| column.as_primitive_opt::<Float32Type>().map(Self::Narrow))
    }

    fn at(&self, place: usize) -> Option<f64> {
        match self {
            Self::Wide(column) => column.is_valid(place).then(|| column.value(place)),
            Self::Narrow(column) => column.is_valid(place).then(|| column.value(place).into()),
        }
    }
}

impl<'a> Coordinates<'a> {
    fn of(batch: &'a RecordBatch, points: Points) -> Result<Self, ColumnsError> {
        let found = match points {
            Points::Numbers { lon, lat } => {
                let [lon, lat] = [lon, lat].map(|place| Numbers::of(batch.column(place)));
                lon.zip(lat).map(|(lon, lat)| Self::Numbers([lon, lat]))
            }
            Points::Geometry(place) => Self::of_geometry(batch.column(place)),
        };
        found.ok_or_else(|| ColumnsError::NoColumns {
            columns: Vec::new(),
        })
    }

    fn of_geometry(column: &'a ArrayRef) -> Option<Self> {
        if let Some(binary) = column.as_binary_opt::<i32>() {
            return Some(Self::Binary(binary.iter().collect()));
        }
        if let Some(binary) = column.as_binary_opt::<i64>() {
            return Some(Self::Binary(binary.iter().collect()));
        }
        let pair: &StructArray = column.as_struct_opt()?;
        let [x, y] = [0, 1].map(|place| Numbers::of(pair.column(place)));
        Some(Self::Numbers([x?, y?]))
    }

    fn at(&self, place: usize) -> Result<(f64, f64), &'static str> {
        match self {
            Self::Numbers([lon, lat]) => Ok((
                lon.at(place).ok_or("it has no longitude")?,
                lat.at(place).ok_or("it has no latitude")?,
            )),
            Self::Binary(points) => {
                let point = points[place].ok_or("it has no point")?;
                wkb::decode_point(point).ok_or("its geometry is no point in well-known binary")
            }
        }
    }
}
