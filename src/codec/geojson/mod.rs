//! GeoJSON (RFC 7946), in and out: collections, single features and geometries, and
//! sequences of them, by lines or as RFC 8142 has them.

mod coordinates;
mod lenient;
mod write;

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

pub use write::{FeatureWriter, Geometry, write_geometry, write_geometry_in, write_number};

use self::coordinates::Coordinates;
use self::lenient::{Elements, Object, Ordered};
use super::boundaries::{BoundaryFault, BoundaryFormat, ReadOptions};
use super::crs_text;
use super::encoding::{Document, EncodingSource, count_lines};
use super::feature::{FeatureFault, RawFeature, RawPolygons};
use super::gather::{Gathering, MAX_RINGS_OF_FEATURE};
use super::source::{DeclaredCrs, SourceLayer};

/// Why a text is no GeoJSON with features.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeoJsonError {
    #[error(
        "the file ends too early, in line {line}, column {column}: its end is missing; export or copy it again"
    )]
    CutOff { line: usize, column: usize },
    #[error("the file is no JSON: {why} in line {line}, column {column}; export it again")]
    NotJson {
        why: String,
        line: usize,
        column: usize,
    },
    #[error(
        "the file is {found}, but boundaries are a GeoJSON FeatureCollection; export it as one"
    )]
    NotCollection { found: String },
    #[error("the FeatureCollection has no list of features; export it again")]
    NoFeatureList,
    #[error(
        "the FeatureCollection has no features, so there is nothing to import; export it again"
    )]
    NoFeatures,
}

/// Records are parsed so many at a time, by all cores, and counted in between.
const BATCH: usize = 4096;

/// Reads a file whose layer is called `name`, unless it says otherwise.
///
/// # Errors
/// When the text is no GeoJSON with features.
pub(super) fn read_layer(
    bytes: &[u8],
    name: &str,
    options: &ReadOptions,
) -> Result<SourceLayer, BoundaryFault> {
    let document = Document::open(bytes, options.encoding, None, EncodingSource::Format)?;
    let found = read_text(&document.text)?;
    let text = document.reading(found.gathering.sample_texts());
    let (columns, features) = found.gathering.finish();
    Ok(SourceLayer {
        name: found.name.unwrap_or_else(|| name.to_owned()),
        format: found.format,
        declared_crs: found.crs,
        text,
        columns,
        features,
    })
}

/// The polygons of a geometry on its own, as they are drawn.
///
/// # Errors
/// When it is no Polygon or `MultiPolygon`, or its coordinates are none.
pub fn read_polygons(geometry: &RawValue) -> Result<RawPolygons, FeatureFault> {
    let Object(geometry) =
        serde_json::from_str(geometry.get()).map_err(|_| FeatureFault::NoGeometry)?;
    let Position(polygons) = geometry.ok_or(FeatureFault::NoGeometry)?;
    let polygons = polygons?;
    let rings = polygons.iter().map(Vec::len).sum::<usize>();
    if rings.max(polygons.len()) > MAX_RINGS_OF_FEATURE {
        return Err(FeatureFault::TooManyRings(rings.max(polygons.len())));
    }
    Ok(polygons)
}

struct Found {
    name: Option<String>,
    format: BoundaryFormat,
    crs: DeclaredCrs,
    gathering: Gathering,
}

fn read_text(text: &str) -> Result<Found, BoundaryFault> {
    if text.trim_start().starts_with('\u{1e}') {
        return read_records(text, &split_sequence(text));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let Object(top) = Object::<Top>::deserialize(&mut deserializer)
        .map_err(|error| syntax_error(&error, text))?;
    let end = deserializer.end();
    let top = top.ok_or_else(|| GeoJsonError::NotCollection {
        found: "a JSON list or value".to_owned(),
    })?;
    let kind = match &top.kind {
        Value::String(kind) => kind.as_str(),
        _ => {
            return Err(GeoJsonError::NotCollection {
                found: "JSON without a GeoJSON type".to_owned(),
            }
            .into());
        }
    };
    match (kind, end) {
        ("FeatureCollection", Ok(())) => read_collection(text, top),
        ("FeatureCollection", Err(error)) => Err(syntax_error(&error, text).into()),
        (kind, Ok(())) if is_record(kind) => Ok(Found {
            format: BoundaryFormat::GeoJson,
            name: top.name.as_str().map(str::to_owned),
            ..read_records(text, &[text])?
        }),
        (kind, Err(_)) if is_record(kind) => {
            let records = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
            let records: Vec<&str> = records
                .map(|record| record.map(RawValue::get))
                .collect::<Result<_, _>>()
                .map_err(|error| syntax_error(&error, text))?;
            read_records(text, &records)
        }
        _ => Err(GeoJsonError::NotCollection {
            found: format!("a {kind}"),
        }
        .into()),
    }
}

/// What can stand on its own or in a sequence.
fn is_record(kind: &str) -> bool {
    kind == "Feature" || is_geometry(kind)
}

fn is_geometry(kind: &str) -> bool {
    matches!(
        kind,
        "Point"
            | "MultiPoint"
            | "LineString"
            | "MultiLineString"
            | "Polygon"
            | "MultiPolygon"
            | "GeometryCollection"
    )
}

/// The texts that RFC 8142 puts behind record separators.
fn split_sequence(text: &str) -> Vec<&str> {
    let records = text.split('\u{1e}').map(str::trim);
    records.filter(|record| !record.is_empty()).collect()
}

fn read_collection(text: &str, top: Top<'_>) -> Result<Found, BoundaryFault> {
    let Elements(members) = top.features;
    let members = members.ok_or(GeoJsonError::NoFeatureList)?;
    let members: Vec<&str> = members.into_iter().map(RawValue::get).collect();
    let mut gathering = Gathering::default();
    for_each_record(text, &members, |index, member| {
        let (feature, columns) = match member.filter(|member| member.kind == "Feature") {
            Some(member) => read_feature(index, member),
            None => (no_feature(index), Vec::new()),
        };
        gathering.name_columns(columns.iter().map(String::as_str));
        Ok(gathering.push(feature)?)
    })?;
    if gathering.is_empty() {
        return Err(GeoJsonError::NoFeatures.into());
    }
    Ok(Found {
        name: top.name.as_str().map(str::to_owned),
        format: BoundaryFormat::GeoJson,
        crs: read_crs(&top.crs),
        gathering,
    })
}

/// Features and geometries, each declaring its own coordinate system if any.
fn read_records(text: &str, records: &[&str]) -> Result<Found, BoundaryFault> {
    let mut gathering = Gathering::default();
    let mut crs = DeclaredCrs::None;
    for_each_record(text, records, |index, member| {
        let (feature, columns) = match member {
            Some(member) if member.kind == "Feature" => {
                if crs == DeclaredCrs::None {
                    crs = read_crs(&member.crs);
                }
                read_feature(index, member)
            }
            Some(member) if member.kind.as_str().is_some_and(is_geometry) => {
                (read_geometry(index, member), Vec::new())
            }
            _ => (no_feature(index), Vec::new()),
        };
        gathering.name_columns(columns.iter().map(String::as_str));
        Ok(gathering.push(feature)?)
    })?;
    if gathering.is_empty() {
        return Err(GeoJsonError::NoFeatures.into());
    }
    Ok(Found {
        name: None,
        format: BoundaryFormat::GeoJsonSequence,
        crs,
        gathering,
    })
}

/// Parses texts that are parts of another, and hands them on in their order.
fn for_each_record(
    text: &str,
    records: &[&str],
    mut take: impl FnMut(usize, Option<Member>) -> Result<(), BoundaryFault>,
) -> Result<(), BoundaryFault> {
    let mut index = 0;
    for batch in records.chunks(BATCH) {
        let parsed: Vec<Result<Object<Member>, GeoJsonError>> = batch
            .par_iter()
            .map(|record| {
                serde_json::from_str(record).map_err(|error| move_error(&error, text, record))
            })
            .collect();
        for member in parsed {
            let Object(member) = member?;
            index += 1;
            take(index, member)?;
        }
    }
    Ok(())
}

/// What a text has at its top.
#[derive(Deserialize)]
struct Top<'a> {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    crs: Value,
    #[serde(default, borrow)]
    features: Elements<&'a RawValue>,
}

/// A feature or a geometry.
#[derive(Deserialize)]
struct Member {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    crs: Value,
    #[serde(default)]
    properties: Object<Ordered>,
    #[serde(default)]
    geometry: Object<Position>,
    #[serde(default)]
    coordinates: Coordinates,
}

/// A geometry. Its coordinates are compact from here on: a large file has millions.
#[derive(Deserialize)]
#[serde(from = "Nested")]
struct Position(Result<RawPolygons, FeatureFault>);

#[derive(Deserialize)]
struct Nested {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    coordinates: Coordinates,
}

impl From<Nested> for Position {
    fn from(Nested { kind, coordinates }: Nested) -> Self {
        Self(match kind.as_str() {
            Some("Polygon") => coordinates
                .polygon()
                .unwrap_or(Err(FeatureFault::NotNested("Polygon"))),
            Some("MultiPolygon") => coordinates
                .multi_polygon()
                .unwrap_or(Err(FeatureFault::NotNested("MultiPolygon"))),
            Some(kind) => Err(FeatureFault::NotPolygon(kind.to_owned())),
            None => Err(FeatureFault::NoGeometry),
        })
    }
}

/// A feature, and its columns in their order.
fn read_feature(index: usize, member: Member) -> (RawFeature, Vec<String>) {
    let Object(geometry) = member.geometry;
    let Object(properties) = member.properties;
    let Ordered { map, keys } = properties.unwrap_or_default();
    let feature = RawFeature {
        index,
        polygons: geometry.map_or(Err(FeatureFault::NoGeometry), |Position(polygons)| polygons),
        properties: map,
    };
    (feature, keys)
}

/// A geometry that stands for itself, without properties.
fn read_geometry(index: usize, member: Member) -> RawFeature {
    let Position(polygons) = Position::from(Nested {
        kind: member.kind,
        coordinates: member.coordinates,
    });
    RawFeature {
        index,
        polygons,
        properties: Map::new(),
    }
}

fn no_feature(index: usize) -> RawFeature {
    RawFeature {
        index,
        polygons: Err(FeatureFault::NotAFeature),
        properties: Map::new(),
    }
}

/// The member that GeoJSON had before RFC 7946, and that GIS programs still write.
fn read_crs(declared: &Value) -> DeclaredCrs {
    if declared.is_null() {
        return DeclaredCrs::None;
    }
    match declared.pointer("/properties/name").and_then(Value::as_str) {
        None => DeclaredCrs::Unknown {
            text: declared.to_string(),
            why: "its member \"crs\" does not name one; correct it, or name the coordinate system yourself".to_owned(),
        },
        Some(name) => crs_text::declare_code(name, None),
    }
}

fn syntax_error(error: &serde_json::Error, text: &str) -> GeoJsonError {
    let (line, column) = (error.line(), error.column());
    let why = error.to_string();
    let place = format!(" at line {line} column {column}");
    let why = why.strip_suffix(&place).unwrap_or(&why);
    let end = text.rsplit('\n').next().unwrap_or_default().len();
    let at_end = line == count_lines(text.as_bytes()) && column >= end;
    // A number cut off at its point or sign is none.
    if error.is_eof() || (at_end && why == "invalid number") {
        return GeoJsonError::CutOff { line, column };
    }
    GeoJsonError::NotJson {
        why: why.to_owned(),
        line,
        column,
    }
}

/// An error of a part of a text, with its place in the whole.
fn move_error(error: &serde_json::Error, text: &str, part: &str) -> GeoJsonError {
    let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.get(..offset).unwrap_or_default();
    let mut moved = syntax_error(error, part);
    let (GeoJsonError::CutOff { line, column } | GeoJsonError::NotJson { line, column, .. }) =
        &mut moved
    else {
        return moved;
    };
    if *line == 1 {
        *column += before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    }
    *line += count_lines(before.as_bytes()) - 1;
    moved
}

#[cfg(test)]
mod tests;
