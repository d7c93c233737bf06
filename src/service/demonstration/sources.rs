//! The real data that the demonstration starts from, which is part of the binary.

use geo_types::{Coord, LineString, Polygon};
use serde::Deserialize;

use super::territory::{County, Division};
use crate::domain::position::PositionError;
use crate::domain::{Level, LngLat};

const COUNTIES: &str = include_str!("../../../data/demonstration/jiangsu-counties.geojson");
const DIVISIONS: &str = include_str!("../../../data/demonstration/jiangsu-divisions.csv");

/// Why the built-in data cannot be read, which a test excludes.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("the county outlines are not readable")]
    Counties(#[from] serde_json::Error),
    #[error("a county outline lies nowhere")]
    Position(#[from] PositionError),
    #[error("the list of divisions is not readable")]
    Divisions(#[from] csv::Error),
}

#[derive(Deserialize)]
struct DivisionRow {
    code: String,
    name: String,
    level: Level,
    parent_code: Option<String>,
}

/// The outlines' file: GeoJSON in which every geometry is a `MultiPolygon`.
#[derive(Deserialize)]
struct OutlineFile {
    features: Vec<Outline>,
}

#[derive(Deserialize)]
struct Outline {
    properties: OutlineProperties,
    geometry: OutlineGeometry,
}

#[derive(Deserialize)]
struct OutlineProperties {
    code: String,
}

#[derive(Deserialize)]
struct OutlineGeometry {
    coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

/// County outlines and divisions of Jiangsu.
///
/// # Errors
/// When the built-in files are broken.
pub fn sources() -> Result<(Vec<County>, Vec<Division>), SourceError> {
    Ok((counties()?, divisions()?))
}

fn divisions() -> Result<Vec<Division>, SourceError> {
    csv::Reader::from_reader(DIVISIONS.as_bytes())
        .deserialize()
        .map(|row| {
            let row: DivisionRow = row?;
            Ok(Division {
                code: row.code,
                name: row.name,
                level: row.level,
                parent: row.parent_code.filter(|code| !code.is_empty()),
            })
        })
        .collect()
}

fn counties() -> Result<Vec<County>, SourceError> {
    let file: OutlineFile = serde_json::from_str(COUNTIES)?;
    file.features
        .into_iter()
        .map(|feature| {
            let polygons = feature.geometry.coordinates;
            Ok(County {
                code: feature.properties.code,
                shape: polygons
                    .iter()
                    .map(|rings| polygon(rings))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

fn polygon(rings: &[Vec<[f64; 2]>]) -> Result<Polygon<i32>, PositionError> {
    let mut rings = rings
        .iter()
        .map(|ring| {
            ring.iter()
                .map(|&[lon, lat]| {
                    let point = LngLat::from_degrees(lon, lat)?;
                    Ok(Coord {
                        x: point.lon_e7(),
                        y: point.lat_e7(),
                    })
                })
                .collect()
        })
        .collect::<Result<Vec<LineString<i32>>, _>>()?
        .into_iter();
    let exterior = rings.next().unwrap_or_else(LineString::empty);
    Ok(Polygon::new(exterior, rings.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_sources_are_whole() {
        let (counties, divisions) = sources().unwrap();
        assert_eq!(counties.len(), 95);
        assert_eq!(divisions.len(), 23_563);
    }
}
