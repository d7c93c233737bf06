//! Points as GeoJSON features.

use std::io::{BufRead, Write};

use geojson::{Feature, FeatureReader, GeometryValue};

use super::pipeline::in_order;
use super::{BulkError, COLUMNS, Joined};
use crate::domain::LngLat;
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;
use crate::index::Atlas;

/// So many are worked on at once.
const BATCH: usize = 2_048;

/// Why features are no points.
#[derive(Debug, thiserror::Error)]
pub enum FeaturesError {
    #[error("after {read} features: what comes next is no GeoJSON feature: {source}")]
    NoGeoJson {
        read: usize,
        #[source]
        source: geojson::Error,
    },
    #[error("feature {number}: it has no point, but {found}")]
    NoPoint { number: usize, found: &'static str },
    #[error("feature {number}: {source}")]
    Position {
        number: usize,
        #[source]
        source: ProjectionError,
    },
}

/// Some features, and how many came before them.
struct Batch {
    before: usize,
    features: Vec<Feature>,
}

/// Joins the points of a feature collection: properties stay as they are, and three are added.
pub fn join_geojson(
    atlas: &Atlas,
    crs: Crs,
    input: impl BufRead + Send,
    mut output: impl Write,
) -> Result<Joined, BulkError> {
    let mut features = FeatureReader::from_reader(input).features().fuse();
    let mut read = 0;
    let mut joined = Joined::default();
    output.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    in_order(
        || {
            let batch: Result<Vec<Feature>, geojson::Error> =
                features.by_ref().take(BATCH).collect();
            let batch = batch.map_err(|source| FeaturesError::NoGeoJson { read, source })?;
            let before = read;
            read += batch.len();
            Ok::<_, BulkError>((!batch.is_empty()).then_some(Batch {
                before,
                features: batch,
            }))
        },
        |batch: Batch| Ok(join_batch(atlas, crs, batch)?),
        |(text, part): (Vec<u8>, Joined)| {
            joined.add(part);
            Ok(output.write_all(&text)?)
        },
    )?;
    output.write_all(b"\n]}\n")?;
    output.flush()?;
    Ok(joined)
}

fn join_batch(atlas: &Atlas, crs: Crs, batch: Batch) -> Result<(Vec<u8>, Joined), FeaturesError> {
    let mut joined = Joined::default();
    let mut out = Vec::new();
    for (number, mut feature) in (batch.before + 1..).zip(batch.features) {
        let point = point_of(&feature, crs, number)?;
        let row = joined.row(atlas, atlas.locate(point));
        let added = [Some(row.matched), row.code, row.name];
        for (column, value) in COLUMNS.into_iter().zip(added) {
            feature.set_property(column, value);
        }
        out.extend_from_slice(if number == 1 { b"\n" } else { b",\n" });
        out.extend_from_slice(feature.to_string().as_bytes());
    }
    Ok((out, joined))
}

fn point_of(feature: &Feature, crs: Crs, number: usize) -> Result<LngLat, FeaturesError> {
    let geometry = feature.geometry.as_ref().map(|geometry| &geometry.value);
    let (x, y) = match geometry {
        Some(GeometryValue::Point { coordinates }) if coordinates.len() >= 2 => {
            (coordinates[0], coordinates[1])
        }
        other => {
            let found = other.map_or("no geometry", GeometryValue::type_name);
            return Err(FeaturesError::NoPoint { number, found });
        }
    };
    crs.to_wgs84(x, y)
        .map_err(|source| FeaturesError::Position { number, source })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn join(input: &Value) -> Result<Value, BulkError> {
        let mut out = Vec::new();
        let text = input.to_string();
        join_geojson(&Atlas::empty(), Crs::Wgs84, text.as_bytes(), &mut out)?;
        Ok(serde_json::from_slice(&out).unwrap())
    }

    fn collection(geometries: &[Value]) -> Value {
        let features = geometries.iter().map(|geometry| {
            json!({"type": "Feature", "id": 7, "properties": {"a": 1}, "geometry": geometry})
        });
        json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()})
    }

    #[test]
    fn properties_are_kept_and_three_are_added() {
        let point = json!({"type": "Point", "coordinates": [119.0, 33.6]});
        let joined = join(&collection(&vec![point; 5_000])).unwrap();
        let features = joined["features"].as_array().unwrap();
        assert_eq!(features.len(), 5_000);
        for feature in features {
            assert_eq!(feature["id"], 7);
            let expected = json!({"a": 1, "match": "outside", "code": null, "name": null});
            assert_eq!(feature["properties"], expected);
        }
    }

    #[test]
    fn what_is_no_point_is_named() {
        let line = json!({"type": "LineString", "coordinates": [[119.0, 33.6], [119.1, 33.6]]});
        let point = json!({"type": "Point", "coordinates": [119.0, 33.6]});
        for (geometries, expected) in [
            (
                vec![point.clone(), line],
                "feature 2: it has no point, but LineString",
            ),
            (
                vec![Value::Null],
                "feature 1: it has no point, but no geometry",
            ),
            (
                vec![
                    point,
                    json!({"type": "Point", "coordinates": [33.6, 119.0]}),
                ],
                "feature 2: latitude 119 ",
            ),
        ] {
            let error = join(&collection(&geometries)).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = join(&json!({"a": 1})).unwrap_err().to_string();
        assert!(error.starts_with("after 0 features"), "{error}");
    }
}
