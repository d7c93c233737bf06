//! An area with its ground in the coordinates of a file.

use serde_json::{Map, Value};

use super::{ExportError, ExportFeature};
use crate::domain::{GridKind, Ring, Shape};
use crate::geometry::Crs;

pub(super) type Points = Vec<[f64; 2]>;

pub(super) struct Drawing<'a> {
    pub feature: ExportFeature<'a>,
    /// For each polygon its rings, the outer one first and counter-clockwise, the holes
    /// clockwise; all closed.
    pub polygons: Vec<Vec<Points>>,
}

impl<'a> Drawing<'a> {
    pub(super) fn of(feature: ExportFeature<'a>, crs: Crs) -> Result<Self, ExportError> {
        Ok(Self {
            polygons: draw(feature.shape, crs, feature.code)?,
            feature,
        })
    }

    /// In the order of [`super::COLUMNS`].
    pub(super) fn values(&self) -> [Value; 8] {
        let feature = &self.feature;
        [
            feature.code.into(),
            feature.name.into(),
            feature.level.as_str().into(),
            feature.parent.into(),
            feature.kind.map(GridKind::as_str).into(),
            feature.area_m2.map(round_area).into(),
            feature.edition.0.into(),
            feature.id.to_string().into(),
        ]
    }

    pub(super) fn properties(&self) -> Map<String, Value> {
        let columns = super::COLUMNS.iter().map(|&column| column.to_owned());
        columns.zip(self.values()).collect()
    }

    /// How many points all rings have, closed.
    pub(super) fn point_count(&self) -> usize {
        self.polygons.iter().flatten().map(Vec::len).sum()
    }
}

/// Square decimetres are finer than any border is known.
fn round_area(area_m2: f64) -> f64 {
    (area_m2 * 100.0).round() / 100.0
}

fn draw(shape: &Shape, crs: Crs, code: &str) -> Result<Vec<Vec<Points>>, ExportError> {
    let polygons = shape.polygons().iter().map(|polygon| {
        let rings = polygon.rings().enumerate();
        rings
            .map(|(number, ring)| draw_ring(ring, number == 0, crs, code))
            .collect()
    });
    polygons.collect()
}

fn draw_ring(
    ring: &Ring,
    counter_clockwise: bool,
    crs: Crs,
    code: &str,
) -> Result<Points, ExportError> {
    let points = ring.closed_points().map(|point| {
        let (x, y) = crs
            .from_wgs84(point)
            .map_err(|source| ExportError::NoCoordinates {
                code: code.to_owned(),
                source,
            })?;
        Ok(match crs {
            // The lattice itself.
            Crs::Wgs84 => [x, y],
            Crs::Gcj02 | Crs::Bd09 => [round(x, 1e9), round(y, 1e9)],
            Crs::WebMercator | Crs::GaussKruger(_) => [round(x, 1e4), round(y, 1e4)],
        })
    });
    let mut points: Points = points.collect::<Result<_, ExportError>>()?;
    if (ring.doubled_area_e14() > 0) != counter_clockwise {
        points.reverse();
    }
    Ok(points)
}

fn round(number: f64, steps: f64) -> f64 {
    (number * steps).round() / steps
}
