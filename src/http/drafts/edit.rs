//! Edits as they are sent: GeoJSON geometries for lines and grounds.

use geojson::{Geometry, GeometryValue, Position};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use crate::domain::{AreaId, GridKind, Level, LngLat, Outline};
use crate::service::drafts::{self, NewArea};

/// What is done to a draft by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Cuts an area along a line from border to border. The largest piece stays the area;
    /// the others are new, named and coded in turn, else with the next free codes.
    Split {
        area: AreaId,
        /// A GeoJSON `LineString`.
        #[schema(value_type = Object)]
        line: Geometry,
        #[serde(default)]
        names: Vec<String>,
        #[serde(default)]
        codes: Vec<String>,
    },
    /// Makes areas one. It stays the first of them.
    Merge {
        areas: Vec<AreaId>,
    },
    /// Moves a vertex, `[lon, lat]`, in every area that has it.
    MoveVertex {
        from: [f64; 2],
        to: [f64; 2],
    },
    /// Draws a stretch of border anew in every area that has it.
    MoveBorder {
        /// A GeoJSON `LineString` of the border's own vertices.
        #[schema(value_type = Object)]
        from: Geometry,
        /// A GeoJSON `LineString` from the first of them to the last.
        #[schema(value_type = Object)]
        to: Geometry,
    },
    /// Adds an area. Its ground is taken from the siblings that have it now.
    Draw {
        #[serde(flatten)]
        state: AreaBody,
        /// A GeoJSON `Polygon` or `MultiPolygon`.
        #[schema(value_type = Object)]
        geometry: Geometry,
    },
    /// Gives an area another ground. What it gains is taken from its siblings.
    Redraw {
        area: AreaId,
        #[schema(value_type = Object)]
        geometry: Geometry,
    },
    /// Takes an area out of the territory, with everything below it.
    Delete {
        area: AreaId,
    },
    Rename {
        area: AreaId,
        name: String,
    },
    /// Gives an area another code; with `cascade` all below it follow.
    Recode {
        area: AreaId,
        code: String,
        #[serde(default)]
        cascade: bool,
    },
    Reparent {
        area: AreaId,
        parent: Option<String>,
    },
    SetKind {
        area: AreaId,
        kind: GridKind,
    },
    /// Takes an area out of the draft: it is again as the edition has it.
    Restore {
        area: AreaId,
    },
}

/// What is said of an area.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AreaBody {
    /// The next free one under its parent when absent.
    pub code: Option<String>,
    pub name: String,
    pub level: Level,
    pub parent: Option<String>,
    pub kind: Option<GridKind>,
}

impl From<AreaBody> for NewArea {
    fn from(body: AreaBody) -> Self {
        Self {
            code: body.code,
            name: body.name,
            level: body.level,
            parent: body.parent,
            kind: body.kind,
        }
    }
}

impl TryFrom<Edit> for drafts::Edit {
    type Error = Problem;

    fn try_from(edit: Edit) -> Result<Self, Problem> {
        Ok(match edit {
            Edit::Split {
                area,
                line,
                names,
                codes,
            } => Self::Split {
                area,
                line: read_line("line", &line)?,
                names,
                codes,
            },
            Edit::Merge { areas } => Self::Merge { areas },
            Edit::MoveVertex { from, to } => Self::MoveVertex {
                from: read_point("from", &from)?,
                to: read_point("to", &to)?,
            },
            Edit::MoveBorder { from, to } => Self::MoveBorder {
                from: read_line("from", &from)?,
                to: read_line("to", &to)?,
            },
            Edit::Draw { state, geometry } => Self::Draw {
                area: state.into(),
                outline: read_outline("geometry", &geometry)?,
            },
            Edit::Redraw { area, geometry } => Self::Redraw {
                area,
                outline: read_outline("geometry", &geometry)?,
            },
            Edit::Delete { area } => Self::Delete { area },
            Edit::Rename { area, name } => Self::Rename { area, name },
            Edit::Recode {
                area,
                code,
                cascade,
            } => Self::Recode {
                area,
                code,
                cascade,
            },
            Edit::Reparent { area, parent } => Self::Reparent { area, parent },
            Edit::SetKind { area, kind } => Self::SetKind { area, kind },
            Edit::Restore { area } => Self::Restore { area },
        })
    }
}

fn read_point(field: &str, at: &[f64]) -> Result<LngLat, Problem> {
    let (Some(&lon), Some(&lat)) = (at.first(), at.get(1)) else {
        return Err(Problem::invalid(format!(
            "{field}: a position is a longitude and a latitude"
        )));
    };
    LngLat::from_degrees(lon, lat).map_err(|error| Problem::invalid(format!("{field}: {error}")))
}

fn read_points(field: &str, points: &[Position]) -> Result<Vec<LngLat>, Problem> {
    points
        .iter()
        .map(|at| read_point(field, at.as_slice()))
        .collect()
}

fn read_line(field: &str, geometry: &Geometry) -> Result<Vec<LngLat>, Problem> {
    match &geometry.value {
        GeometryValue::LineString { coordinates } => read_points(field, coordinates),
        other => Err(Problem::invalid(format!(
            "{field} is a {}; send a LineString",
            other.type_name()
        ))),
    }
}

/// The ground of a GeoJSON `Polygon` or `MultiPolygon`, as it is drawn.
///
/// # Errors
/// When it is another geometry, or a position is none.
pub fn read_outline(field: &str, geometry: &Geometry) -> Result<Outline, Problem> {
    let rings = |rings: &Vec<Vec<Position>>| {
        let rings = rings.iter().map(|ring| read_points(field, ring));
        rings.collect::<Result<Vec<_>, _>>()
    };
    let polygons = match &geometry.value {
        GeometryValue::Polygon { coordinates } => vec![rings(coordinates)?],
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().map(rings).collect::<Result<_, _>>()?
        }
        other => {
            return Err(Problem::invalid(format!(
                "{field} is a {}; send a Polygon or MultiPolygon",
                other.type_name()
            )));
        }
    };
    Ok(Outline { polygons })
}
