//! GeoJSON (RFC 7946), in and out.

mod coordinates;
mod lenient;
mod write;

use serde::Deserialize;
use serde_json::{Map, Value};

pub use write::{FeatureWriter, Geometry, write_geometry, write_number};

use self::coordinates::Coordinates;
use self::lenient::{Elements, Object};
use super::feature::{FeatureFault, RawFeature, RawPolygons};
use crate::geometry::Crs;
use crate::geometry::projection::UnknownCrs;

/// Why a text is no feature collection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeoJsonError {
    #[error("the text in line {line} is not UTF-8; save the file as UTF-8, or name its encoding")]
    NotUtf8 { line: usize },
    #[error("the text is not {encoding}; name the encoding that the file is in")]
    OtherEncoding { encoding: &'static str },
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
    #[error(
        "the file's member \"crs\" does not name a coordinate system; correct it, or name the coordinate system yourself"
    )]
    UnreadableCrs,
    #[error("the file's member \"crs\" is of no use: {0}")]
    UnknownCrs(UnknownCrs),
}

/// A feature collection before its features are checked.
pub(super) struct Collection {
    pub features: Vec<RawFeature>,
    /// What the file declares, to be used unless another is chosen.
    pub crs: Result<Option<Crs>, GeoJsonError>,
}

/// # Errors
/// When the text is no JSON, or no collection with features.
pub(super) fn read_collection(text: &str) -> Result<Collection, GeoJsonError> {
    let Object(document) =
        serde_json::from_str::<Object<Document>>(text).map_err(|error| syntax_error(&error))?;
    let document = document.ok_or_else(|| GeoJsonError::NotCollection {
        found: "a JSON list or value".to_owned(),
    })?;
    match document.kind {
        Value::String(kind) if kind == "FeatureCollection" => {}
        Value::String(kind) => {
            return Err(GeoJsonError::NotCollection {
                found: format!("a {kind}"),
            });
        }
        _ => {
            return Err(GeoJsonError::NotCollection {
                found: "JSON without a GeoJSON type".to_owned(),
            });
        }
    }
    let Elements(features) = document.features;
    let features = features.ok_or(GeoJsonError::NoFeatureList)?;
    if features.is_empty() {
        return Err(GeoJsonError::NoFeatures);
    }
    let features = features
        .into_iter()
        .enumerate()
        .map(|(index, Object(member))| read_feature(index + 1, member))
        .collect();
    Ok(Collection {
        features,
        crs: read_crs(&document.crs),
    })
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    crs: Value,
    #[serde(default)]
    features: Elements<Object<Member>>,
}

#[derive(Deserialize)]
struct Member {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    properties: Value,
    #[serde(default)]
    geometry: Object<Position>,
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

fn read_feature(index: usize, member: Option<Member>) -> RawFeature {
    let Some(member) = member.filter(|member| member.kind == "Feature") else {
        return RawFeature {
            index,
            polygons: Err(FeatureFault::NotAFeature),
            properties: Map::new(),
        };
    };
    let Object(geometry) = member.geometry;
    RawFeature {
        index,
        polygons: geometry.map_or(Err(FeatureFault::NoGeometry), |Position(polygons)| polygons),
        properties: match member.properties {
            Value::Object(properties) => properties,
            _ => Map::new(),
        },
    }
}

/// The member that GeoJSON had before RFC 7946, and that GIS programs still write.
fn read_crs(declared: &Value) -> Result<Option<Crs>, GeoJsonError> {
    if declared.is_null() {
        return Ok(None);
    }
    let name = declared
        .pointer("/properties/name")
        .and_then(Value::as_str)
        .ok_or(GeoJsonError::UnreadableCrs)?;
    name.parse().map(Some).map_err(GeoJsonError::UnknownCrs)
}

fn syntax_error(error: &serde_json::Error) -> GeoJsonError {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return GeoJsonError::CutOff { line, column };
    }
    let why = error.to_string();
    let place = format!(" at line {line} column {column}");
    GeoJsonError::NotJson {
        why: why.strip_suffix(&place).unwrap_or(&why).to_owned(),
        line,
        column,
    }
}

#[cfg(test)]
mod tests;
