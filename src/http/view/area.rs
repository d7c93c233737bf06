//! Areas as answered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{AreaCode, AreaRef, GridKind, Level, LngLat};
use crate::index::{Atlas, Ordinal};

/// An area by name, as it stands in a chain.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AreaRef)]
pub struct AreaLink<'a> {
    pub code: &'a AreaCode,
    pub name: &'a str,
    pub level: Level,
}

impl<'a> AreaLink<'a> {
    /// The areas above an area and itself, from the top down.
    pub fn chain(atlas: &'a Atlas, ordinal: Ordinal) -> Vec<Self> {
        let mut chain: Vec<Self> = Vec::with_capacity(Level::ALL.len());
        chain.extend(atlas.ascend(ordinal).map(|area| Self {
            code: &area.code,
            name: &area.name,
            level: area.level,
        }));
        chain.reverse();
        chain
    }
}

/// An area without its ground.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaSummary<'a> {
    pub code: &'a AreaCode,
    pub name: &'a str,
    pub level: Level,
    /// For grids and microgrids.
    pub kind: Option<GridKind>,
    pub parent: Option<&'a AreaCode>,
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

impl<'a> AreaSummary<'a> {
    pub fn new(atlas: &'a Atlas, ordinal: Ordinal) -> Self {
        let area = atlas.area(ordinal);
        Self {
            code: &area.code,
            name: &area.name,
            level: area.level,
            kind: area.kind,
            parent: area.parent.as_ref(),
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
