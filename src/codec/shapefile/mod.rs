//! Zipped Shapefiles: layers of polygons with their tables.

mod dbf;

use std::io::Cursor;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use serde_json::{Map, Value};
use shapefile::record::polygon::GenericPolygon;
use shapefile::record::traits::HasXY;

use self::dbf::{Row, Table, TableError};
use super::archive::{Archive, Member};
use super::boundaries::{BoundaryFault, BoundaryFormat, LayerInfo, ReadOptions};
use super::crs_text;
use super::encoding::{
    EncodingSource, TextEncoding, UnknownEncoding, decode, guess, parse_encoding,
};
use super::feature::{Faults, FeatureError, FeatureFault, FeatureRef, RawFeature, RawPolygons};
use super::gather::Gathering;
use super::rings::{Holes, group};
use super::source::{DeclaredCrs, SourceLayer, TextReading};

/// Why a zip holds no layer that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ShapefileError {
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
}

/// Every layer of a zip by the name of its .shp; by its path where several have that
/// name.
pub(super) fn list(archive: &mut Archive<'_>) -> Result<Vec<LayerInfo>, BoundaryFault> {
    let mut layers = Vec::new();
    for (name, member) in named_layers(archive) {
        let table = archive.find(&member.stem, "dbf");
        let header = table
            .map(|table| archive.unpack_at_most(&table, dbf::HEADER as u64))
            .transpose()?;
        layers.push(LayerInfo {
            name,
            features: header.as_deref().and_then(dbf::count_rows).unwrap_or(0),
        });
    }
    Ok(layers)
}

fn named_layers(archive: &Archive<'_>) -> Vec<(String, Member)> {
    let members = archive.members.iter();
    let shapes: Vec<&Member> = members.filter(|member| member.extension == "shp").collect();
    let name = |member: &Member| {
        let namesakes = shapes
            .iter()
            .filter(|other| other.name() == member.name())
            .count();
        let path = &member.path;
        match namesakes {
            1 => member.name().to_owned(),
            _ => path
                .rsplit_once('.')
                .map_or(&**path, |(path, _)| path)
                .to_owned(),
        }
    };
    shapes
        .iter()
        .map(|&member| (name(member), member.clone()))
        .collect()
}

/// The files of a layer.
struct Layer {
    shp: Vec<u8>,
    shx: Option<Vec<u8>>,
    dbf: Vec<u8>,
    prj: Option<Vec<u8>>,
    cpg: Option<String>,
}

fn unpack(archive: &mut Archive<'_>, member: &Member) -> Result<Layer, BoundaryFault> {
    let mut beside = |extension: &str| {
        let found = archive.find(&member.stem, extension);
        found.map(|found| archive.unpack(&found)).transpose()
    };
    let table = beside("dbf")?;
    Ok(Layer {
        dbf: table.ok_or_else(|| ShapefileError::NoTable(format!("{}.dbf", member.name())))?,
        shp: beside("shp")?.unwrap_or_default(),
        shx: beside("shx")?,
        prj: beside("prj")?,
        cpg: beside("cpg")?.map(|label| String::from_utf8_lossy(&label).into_owned()),
    })
}

/// Reads the layer of this name, one of those listed.
pub(super) fn read(
    archive: &mut Archive<'_>,
    name: &str,
    options: &ReadOptions,
) -> Result<SourceLayer, BoundaryFault> {
    let named = named_layers(archive).into_iter();
    let layer = named
        .into_iter()
        .find(|(other, _)| other == name)
        .map(|(_, member)| unpack(archive, &member))
        .transpose()?
        .ok_or(ShapefileError::NoRecords)?;
    let table = Table::open(&layer.dbf).map_err(ShapefileError::from)?;
    let encoding = choose_encoding(&layer, &table, options)?;
    let shapes = read_shapes(&layer)?;
    let rows = table.rows();
    if shapes.len() != rows.len() {
        return Err(ShapefileError::Unpaired {
            shapes: shapes.len(),
            rows: rows.len(),
        }
        .into());
    }
    let mut gathering = Gathering::default();
    let columns: Vec<String> = table
        .columns()
        .map(|column| column.name(encoding.encoding))
        .collect();
    gathering.name_columns(columns.iter().map(String::as_str));
    let mut unreadable = Faults::default();
    let records = shapes.into_iter().zip(&rows).enumerate();
    // A deleted row leaves its shape behind.
    for (index, (shape, row)) in records.filter(|(_, (_, row))| !row.deleted) {
        let feature = read_feature(index + 1, shape, row, encoding, &mut unreadable);
        gathering.push(feature)?;
    }
    if gathering.is_empty() {
        return Err(ShapefileError::NoRecords.into());
    }
    let text = TextReading {
        encoding,
        candidates: read_otherwise(&table, &rows, encoding.encoding),
        unreadable,
    };
    let (columns, features) = gathering.finish();
    Ok(SourceLayer {
        name: name.to_owned(),
        format: BoundaryFormat::Shapefile,
        declared_crs: declared_crs(&layer),
        text,
        columns,
        features,
    })
}

fn read_feature(
    index: usize,
    shape: shapefile::Shape,
    row: &Row<'_>,
    encoding: TextEncoding,
    unreadable: &mut Faults<FeatureError>,
) -> RawFeature {
    let mut properties = Map::new();
    let mut fault = None;
    let mut replaced = Vec::new();
    for field in row.fields() {
        let column = field.column.name(encoding.encoding);
        let value = field.value(encoding.encoding).unwrap_or_else(|garbled| {
            replaced.push((column.clone(), garbled.text.into()));
            fault.get_or_insert(if garbled.cut_off {
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
    if let Some(fault) = fault {
        unreadable.push(FeatureError {
            // Not called by what is garbled.
            feature: FeatureRef::new(index, &properties),
            fault,
        });
    }
    properties.extend(replaced);
    RawFeature {
        index,
        polygons: read_polygons(shape),
        properties,
    }
}

fn read_polygons(shape: shapefile::Shape) -> Result<RawPolygons, FeatureFault> {
    use shapefile::Shape;
    let rings = match shape {
        Shape::Polygon(polygon) => points_of(polygon),
        Shape::PolygonM(polygon) => points_of(polygon),
        Shape::PolygonZ(polygon) => points_of(polygon),
        Shape::NullShape => return Err(FeatureFault::NoGeometry),
        other => return Err(FeatureFault::NotPolygon(other.shapetype().to_string())),
    };
    group(rings, Holes::ByDirection)
}

fn points_of<P: HasXY>(polygon: GenericPolygon<P>) -> Vec<Vec<[f64; 2]>> {
    let rings = polygon.into_inner().into_iter();
    rings
        .map(|ring| {
            let points = ring.points().iter();
            points.map(|point| [point.x(), point.y()]).collect()
        })
        .collect()
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
        let rows = table.rows();
        let encoding = guess(all_texts(table, &rows)).ok_or(ShapefileError::UnknownText)?;
        (encoding, EncodingSource::Guessed)
    };
    Ok(TextEncoding { encoding, source })
}

fn all_texts<'a>(
    table: &'a Table<'a>,
    rows: &'a [Row<'a>],
) -> impl Iterator<Item = &'a [u8]> + Clone {
    let rows = rows.iter().filter(|row| !row.deleted);
    rows.flat_map(Row::texts).chain(table.names())
}

/// The first texts in the chosen encoding, and in any other that all are valid in.
fn read_otherwise(
    table: &Table<'_>,
    rows: &[Row<'_>],
    chosen: &'static Encoding,
) -> Vec<(&'static Encoding, Vec<String>)> {
    let telling = all_texts(table, rows).filter(|text| !text.is_ascii());
    let first: Vec<&[u8]> = telling.clone().take(5).collect();
    let read = |text: &&[u8]| chosen.decode_without_bom_handling(text).0.into_owned();
    let mut candidates = vec![(chosen, first.iter().map(read).collect())];
    for other in [UTF_8, GB18030, BIG5] {
        let valid = |text: &[u8]| decode(text, other).is_some();
        if other != chosen && !first.is_empty() && telling.clone().all(valid) {
            let texts = first.iter().filter_map(|text| decode(text, other));
            candidates.push((other, texts.collect()));
        }
    }
    candidates
}

fn declared_crs(layer: &Layer) -> DeclaredCrs {
    let Some(prj) = &layer.prj else {
        return DeclaredCrs::None;
    };
    let text = decode(prj, UTF_8).unwrap_or_else(|| String::from_utf8_lossy(prj).into_owned());
    crs_text::declare(&text)
}

fn read_shapes(layer: &Layer) -> Result<Vec<shapefile::Shape>, ShapefileError> {
    let damaged = |record: usize, error: &shapefile::Error| ShapefileError::Shapes {
        record,
        why: match error {
            shapefile::Error::IoError(_) => "the file ends too early".to_owned(),
            other => other.to_string(),
        },
    };
    check_counts(layer)?;
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

/// Refuses records that count more points than there are bytes left: the library would
/// ask for memory by these counts.
fn check_counts(layer: &Layer) -> Result<(), ShapefileError> {
    const HEADER: usize = 100;
    let mut record = 0;
    let mut check = |start: usize| {
        record += 1;
        match find_excess(&layer.shp, start) {
            None => Ok(()),
            Some(why) => Err(ShapefileError::Shapes {
                record,
                why: why.to_owned(),
            }),
        }
    };
    if let Some(shx) = &layer.shx {
        let (entries, _) = shx.get(HEADER..).unwrap_or_default().as_chunks::<8>();
        for &[a, b, c, d, ..] in entries {
            check(word_bytes([a, b, c, d]))?;
        }
        return Ok(());
    }
    let mut start = HEADER;
    while let Some(size) = read_word(&layer.shp, start, 4) {
        check(start)?;
        start = start.saturating_add(8).saturating_add(word_bytes(size));
    }
    Ok(())
}

/// What is wrong with the counts of a record.
fn find_excess(shp: &[u8], start: usize) -> Option<&'static str> {
    let count = |at: usize| read_word(shp, start, at).map(i32::from_le_bytes);
    // After the number and size of the record come its kind and its box.
    let (parts, points) = match count(8)? {
        3 | 5 | 13 | 15 | 23 | 25 | 31 => (count(44)?, count(48)?),
        8 | 18 | 28 => (0, count(44)?),
        _ => return None,
    };
    let needed = 4 * i64::from(parts.max(0)) + 16 * i64::from(points.max(0));
    let has = |bytes: usize| i64::try_from(bytes).is_ok_and(|bytes| bytes >= needed);
    if has(shp.len().saturating_sub(start)) {
        return None;
    }
    let size = read_word(shp, start, 4).map_or(0, word_bytes);
    Some(if has(size) {
        "the file ends too early"
    } else {
        "it counts more points than it has bytes for"
    })
}

fn read_word(bytes: &[u8], start: usize, at: usize) -> Option<[u8; 4]> {
    let start = start.checked_add(at)?;
    bytes.get(start..start.checked_add(4)?)?.try_into().ok()
}

/// Places and sizes are counted in words of two bytes.
fn word_bytes(words: [u8; 4]) -> usize {
    let words = usize::try_from(u32::from_be_bytes(words)).unwrap_or(usize::MAX);
    words.saturating_mul(2)
}

#[cfg(test)]
mod tests;
