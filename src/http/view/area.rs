//! Areas as answered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{AreaCode, AreaRef, GridKind, Level, LngLat};
use crate::index::{Atlas, Ordinal};

/// An area without its ground.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaSummary {
    pub code: AreaCode,
    pub name: String,
    pub level: Level,
    /// For grids and microgrids.
    pub kind: Option<GridKind>,
    pub parent: Option<AreaCode>,
    /// Where the name is written.
    pub label: Option<LngLat>,
    /// West, south, east, north.
    #[schema(value_type = Option<Vec<f64>>)]
    pub bbox: Option<[f64; 4]>,
    pub area_m2: Option<f64>,
    /// True when the border was made up for a demonstration.
    pub generated: bool,
    /// How many areas have this one as their parent.
    pub children: usize,
}

impl AreaSummary {
    pub fn new(atlas: &Atlas, ordinal: Ordinal) -> Self {
        let area = atlas.area(ordinal);
        Self {
            code: area.code.clone(),
            name: area.name.clone(),
            level: area.level,
            kind: area.kind,
            parent: area.parent.clone(),
            label: area.label,
            bbox: area.shape.as_ref().map(|shape| shape.bounds().to_degrees()),
            area_m2: area.area_m2,
            generated: area.generated,
            children: atlas.children(ordinal).len(),
        }
    }
}

/// An area at a distance from a point asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearArea {
    #[serde(flatten)]
    pub area: AreaRef,
    /// Zero when the point is inside or on the border.
    pub distance_m: f64,
}

impl NearArea {
    pub fn new(atlas: &Atlas, ordinal: Ordinal, distance_m: f64) -> Self {
        Self {
            area: AreaRef::from(atlas.area(ordinal).as_ref()),
            distance_m,
        }
    }
}
