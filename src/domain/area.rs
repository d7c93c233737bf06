//! Areas, and the editions they are published in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::AreaCode;
use super::identity::{AreaId, EditionId};
use super::level::Level;
use super::position::LngLat;
use super::shape::Shape;
use super::words::words;

words! {
    /// What a grid is for.
    pub enum GridKind ("grid kind") {
        /// 综合网格: everything that happens on its ground.
        General = "general",
        /// 专属网格: a park, hospital or school, carved out of the general ones.
        Special = "special",
    }
}

/// A named, coded polygon at a level, with one parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    pub id: AreaId,
    pub code: AreaCode,
    pub name: String,
    pub level: Level,
    pub parent: Option<AreaCode>,
    /// Only grids and microgrids have one.
    pub kind: Option<GridKind>,
    /// `None` when the ground of the area is not known.
    pub shape: Option<Arc<Shape>>,
    /// A point inside the area, far from its border, where its name is written.
    pub label: Option<LngLat>,
    /// Geodesic, in square metres.
    pub area_m2: Option<f64>,
    /// True when the border was made up for a demonstration.
    pub generated: bool,
}

/// An area by name, as it stands in a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AreaRef {
    pub code: AreaCode,
    pub name: String,
    pub level: Level,
}

impl From<&Area> for AreaRef {
    fn from(area: &Area) -> Self {
        Self {
            code: area.code.clone(),
            name: area.name.clone(),
            level: area.level,
        }
    }
}

/// An immutable, published set of all areas, in force from a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Edition {
    pub id: EditionId,
    /// What the territory is called.
    pub title: String,
    /// Said wherever the borders are shown; for instance that they are no authority.
    pub notice: Option<String>,
    pub effective_from: DateTime<Utc>,
    pub published_at: DateTime<Utc>,
    pub area_count: i64,
    pub published_by: Option<String>,
    /// Why it was published with defects that ask for a reason.
    pub reason: Option<String>,
    /// The earlier edition whose state it brought back.
    pub restores: Option<EditionId>,
}

impl Edition {
    /// Tells this edition from every other one, also from those of the same number in a
    /// database that was made anew; digits and `-`.
    #[must_use]
    pub fn imprint(&self) -> String {
        format!("{}-{}", self.id, self.published_at.timestamp_millis())
    }
}
