//! The demonstration: a territory with people and a past. Everything here is a pure
//! function of its seed and of the time it is told: the same in, the same out.

mod chance;
mod ground;
pub mod history;
pub mod material;
mod offices;
mod organisations;
pub mod people;
mod place_names;
pub mod positions;
pub mod sources;
pub mod territory;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use history::history;
pub use material::Material;
pub use people::people;
pub use positions::positions;
pub use sources::{SourceError, sources};
pub use territory::{TerritoryArea, TerritoryError, TerritoryOptions};

use std::sync::Arc;

use geo_types::MultiPolygon;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::code::CodeError;
use crate::domain::position::PositionError;
use crate::domain::shape::ShapeError;
use crate::domain::{Area, AreaId, GridKind, Level, LngLat, Polygon, Ring, Shape};
use crate::geometry::{area_m2, label_point};

/// Said wherever the borders of the demonstration are shown.
pub const NOTICE: &str = "演示数据：乡镇及以下边界为程序生成，县区边界来源未经审定，非权威地图。 \
     Demonstration only: borders below the county are generated; not an authoritative map.";

/// Why a demonstration cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DemonstrationError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Territory(#[from] TerritoryError),
    #[error("the generated area {code} is no area")]
    Code { code: String, source: CodeError },
    #[error("the generated ground of {code} is no shape")]
    Shape { code: String, source: ShapeError },
    #[error("the generated ground of {code} lies nowhere")]
    Position { code: String, source: PositionError },
}

/// Generates a territory from the real divisions and county outlines. `progress` hears of
/// townships done and their number, from any thread.
///
/// # Errors
/// When the code names no territory, or it cannot hold so many grids.
pub fn areas(
    options: &TerritoryOptions,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<Vec<Area>, DemonstrationError> {
    let (counties, divisions) = sources()?;
    territory::generate(&counties, &divisions, options, progress)?
        .into_par_iter()
        .map(to_area)
        .collect()
}

fn to_area(generated: TerritoryArea) -> Result<Area, DemonstrationError> {
    let code = |text: &str| {
        text.parse().map_err(|source| DemonstrationError::Code {
            code: generated.code.clone(),
            source,
        })
    };
    let shape = generated
        .shape
        .as_ref()
        .map(|polygons| to_shape(&generated.code, polygons))
        .transpose()?;
    let kind = generated
        .grid_kind
        .or((generated.level == Level::Microgrid).then_some(GridKind::General));
    Ok(Area {
        id: AreaId(stable_id(&generated.code)),
        code: code(&generated.code)?,
        parent: generated.parent.as_deref().map(code).transpose()?,
        label: shape.as_ref().map(label_point),
        area_m2: shape.as_ref().map(area_m2),
        shape: shape.map(Arc::new),
        name: generated.name,
        level: generated.level,
        kind,
        generated: generated.generated,
    })
}

fn to_shape(code: &str, polygons: &MultiPolygon<i32>) -> Result<Shape, DemonstrationError> {
    let ring = |line: &geo_types::LineString<i32>| {
        let points = line
            .coords()
            .map(|point| LngLat::from_e7(point.x, point.y))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|source| DemonstrationError::Position {
                code: code.to_owned(),
                source,
            })?;
        Ring::from_closed(points).map_err(|source| DemonstrationError::Shape {
            code: code.to_owned(),
            source,
        })
    };
    let polygons = polygons
        .iter()
        .map(|polygon| {
            Ok(Polygon {
                exterior: ring(polygon.exterior())?,
                holes: polygon
                    .interiors()
                    .iter()
                    .map(ring)
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<_, DemonstrationError>>()?;
    Shape::new(polygons).map_err(|source| DemonstrationError::Shape {
        code: code.to_owned(),
        source,
    })
}

/// The same identity for the same code, so that a demonstration made anew is the same.
fn stable_id(code: &str) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(format!("wangge demonstration {code}")).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
