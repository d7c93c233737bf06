//! Zipped Shapefiles: one layer of polygons with its table.

mod archive;
mod dbf;
mod prj;
mod rings;

use std::io::Cursor;

use encoding_rs::UTF_8;
use serde_json::{Map, Value};

use self::archive::Layer;
use self::dbf::{Row, Table, TableError};
pub use self::prj::PrjError;
use super::boundaries::{
    BoundaryFault, BoundaryFile, BoundaryFormat, EncodingSource, ReadOptions, TextEncoding,
    choose_crs,
};
use super::encoding::{UnknownEncoding, decode, guess, parse_encoding};
use super::feature::{self, Feature, FeatureError, FeatureFault, FeatureRef};
use crate::geometry::Crs;

/// Why a zip holds no layer that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ShapefileError {
    #[error("the zip cannot be opened; pack it again")]
    Zip(#[source] zip::result::ZipError),
    #[error("{file} in the zip cannot be unpacked; pack it again, without a password")]
    Unpack {
        file: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the zip has {0} files, which is more than {max}; pack only the layer's files", max = archive::MAX_FILES)]
    TooManyFiles(usize),
    #[error("the zip unpacks to more than {} MiB; split the layer, or simplify it", archive::MAX_BYTES >> 20)]
    TooLarge,
    #[error("the zip has no .shp, it holds {}; pack the layer's .shp, .dbf, .prj and .cpg", list(.0))]
    NoLayer(Vec<String>),
    #[error("the zip has several layers: {}; pack one a file", list(.0))]
    SeveralLayers(Vec<String>),
    #[error("the zip has no {0} beside its .shp; pack the two together")]
    NoTable(String),
    #[error("the .shp is damaged at record {record}: {why}; export the layer again")]
    Shapes { record: usize, why: String },
    #[error("the .dbf is damaged: {0}; export the layer again")]
    Table(#[from] TableError),
    #[error("the .shp has {shapes} records but the .dbf {rows}; export the layer again")]
    Unpaired { shapes: usize, rows: usize },
    #[error("the layer has no records, so there is nothing to import; export it again")]
    NoRecords,
    #[error("the .cpg is of no use: {0}")]
    Cpg(UnknownEncoding),
    #[error("the text in the .dbf is neither UTF-8 nor GB18030; name the encoding that it is in")]
    UnknownText,
    #[error("the .prj is of no use: {0}")]
    Prj(#[from] PrjError),
}

fn list(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        _ if names.len() > 10 => {
            format!("{} and {} more", names[..10].join(", "), names.len() - 10)
        }
        _ => names.join(", "),
    }
}

pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<BoundaryFile, BoundaryFault> {
    let layer = archive::unpack(bytes)?;
    let table = Table::open(&layer.dbf).map_err(ShapefileError::from)?;
    let encoding = choose_encoding(&layer, &table, options)?;
    let (crs, crs_source) = choose_crs(options, || declared_crs(&layer))?;
    let shapes = read_shapes(&layer)?;
    let rows = table.rows();
    if shapes.len() != rows.len() {
        return Err(ShapefileError::Unpaired {
            shapes: shapes.len(),
            rows: rows.len(),
        }
        .into());
    }
    let records = shapes.into_iter().zip(rows).enumerate();
    let features = records
        // A deleted row leaves its shape behind.
        .filter(|(_, (_, row))| !row.deleted)
        .map(|(index, (shape, row))| read_feature(index + 1, shape, &row, encoding, crs));
    let features = feature::read_all(features)?;
    if features.is_empty() {
        return Err(ShapefileError::NoRecords.into());
    }
    Ok(BoundaryFile {
        features,
        format: BoundaryFormat::ZippedShapefile,
        crs,
        crs_source,
        encoding,
    })
}

fn read_feature(
    index: usize,
    shape: shapefile::Shape,
    row: &Row<'_>,
    encoding: TextEncoding,
    crs: Crs,
) -> Result<Feature, FeatureError> {
    let mut properties = Map::new();
    let mut garbled = None;
    for field in row.fields() {
        let column = field.name(encoding.encoding);
        let value = field.value(encoding.encoding).unwrap_or_else(|cut_off| {
            garbled.get_or_insert(if cut_off {
                FeatureFault::CutOff {
                    column: column.clone(),
                }
            } else {
                FeatureFault::Garbled {
                    column: column.clone(),
                    encoding: encoding.name(),
                }
            });
            Value::Null
        });
        properties.insert(column, value);
    }
    let geometry = match garbled {
        Some(fault) => Err(fault),
        None => rings::build_shape(shape, crs),
    };
    match geometry {
        Ok(geometry) => Ok(Feature {
            index,
            geometry,
            properties,
        }),
        Err(fault) => Err(FeatureError {
            feature: FeatureRef::new(index, &properties),
            fault,
        }),
    }
}

/// A choice, else the `.cpg`, else the mark in the table, else what the text is valid in.
fn choose_encoding(
    layer: &Layer,
    table: &Table<'_>,
    options: &ReadOptions,
) -> Result<TextEncoding, ShapefileError> {
    let (encoding, source) = if let Some(encoding) = options.encoding {
        (encoding, EncodingSource::Chosen)
    } else if let Some(label) = &layer.cpg {
        let encoding = parse_encoding(label).map_err(ShapefileError::Cpg)?;
        (encoding, EncodingSource::Cpg)
    } else if let Some(encoding) = table.marked_encoding() {
        (encoding, EncodingSource::LanguageByte)
    } else {
        let texts = table.rows();
        let texts = texts.iter().filter(|row| !row.deleted).flat_map(Row::texts);
        let encoding = guess(texts.chain(table.names())).ok_or(ShapefileError::UnknownText)?;
        (encoding, EncodingSource::Guessed)
    };
    Ok(TextEncoding { encoding, source })
}

fn declared_crs(layer: &Layer) -> Result<Option<Crs>, ShapefileError> {
    let Some(prj) = &layer.prj else {
        return Ok(None);
    };
    let text = decode(prj, UTF_8).unwrap_or_else(|| String::from_utf8_lossy(prj).into_owned());
    Ok(Some(prj::parse(text.trim_start_matches('\u{feff}'))?))
}

fn read_shapes(layer: &Layer) -> Result<Vec<shapefile::Shape>, ShapefileError> {
    let damaged = |record: usize, error: &shapefile::Error| ShapefileError::Shapes {
        record,
        why: match error {
            shapefile::Error::IoError(_) => "the file ends too early".to_owned(),
            other => other.to_string(),
        },
    };
    let source = Cursor::new(&layer.shp);
    let mut reader = match &layer.shx {
        Some(shx) => shapefile::ShapeReader::with_shx(source, Cursor::new(shx)),
        None => shapefile::ShapeReader::new(source),
    }
    .map_err(|error| damaged(0, &error))?;
    let mut shapes = Vec::new();
    for shape in reader.iter_shapes() {
        shapes.push(shape.map_err(|error| damaged(shapes.len() + 1, &error))?);
    }
    Ok(shapes)
}

#[cfg(test)]
mod tests;
