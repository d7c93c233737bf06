//! Between the lattice shapes of the domain and the floating-point ones of `geo`.

use geo::{Coord, LineString, MultiPolygon, Polygon as GeoPolygon};

use crate::domain::position::PositionError;
use crate::domain::shape::ShapeError;
use crate::domain::{LngLat, Polygon, Ring, Shape};

/// Why a `geo` geometry is no shape on the lattice.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConvertError {
    #[error(transparent)]
    Position(#[from] PositionError),
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// The same shape in degrees.
#[must_use]
pub fn to_multi_polygon(shape: &Shape) -> MultiPolygon<f64> {
    shape.polygons().iter().map(to_polygon).collect()
}

/// The same polygon in degrees.
#[must_use]
pub fn to_polygon(polygon: &Polygon) -> GeoPolygon<f64> {
    GeoPolygon::new(
        to_line_string(&polygon.exterior),
        polygon.holes.iter().map(to_line_string).collect(),
    )
}

/// The ring in degrees, closed.
#[must_use]
pub fn to_line_string(ring: &Ring) -> LineString<f64> {
    ring.closed_points()
        .map(|point| Coord {
            x: point.lon(),
            y: point.lat(),
        })
        .collect()
}

/// Rounds a geometry in degrees to the lattice. Validity is not checked.
///
/// # Errors
/// When there is no polygon, a coordinate is out of range, or a ring has no ground
/// left once it is rounded.
pub fn from_multi_polygon(polygons: &MultiPolygon<f64>) -> Result<Shape, ConvertError> {
    let polygons = polygons
        .iter()
        .map(|polygon| {
            Ok(Polygon {
                exterior: from_line_string(polygon.exterior())?,
                holes: polygon
                    .interiors()
                    .iter()
                    .map(from_line_string)
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<_, ConvertError>>()?;
    Ok(Shape::new(polygons)?)
}

fn from_line_string(line: &LineString<f64>) -> Result<Ring, ConvertError> {
    let points = line
        .coords()
        .map(|coord| LngLat::from_degrees(coord.x, coord.y))
        .collect::<Result<_, _>>()?;
    Ok(Ring::from_closed(points)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_shape_survives_the_way_to_geo_and_back(
            points in prop::collection::vec((-1_800_000_000..=1_800_000_000_i32, -900_000_000..=900_000_000_i32), 3..9),
        ) {
            let points = points.iter().map(|&(x, y)| LngLat::from_e7(x, y).unwrap()).collect();
            if let Ok(exterior) = Ring::from_open(points) {
                let shape = Shape::new(vec![Polygon { exterior, holes: vec![] }]).unwrap();
                prop_assert_eq!(from_multi_polygon(&to_multi_polygon(&shape)).unwrap(), shape);
            }
        }
    }

    #[test]
    fn a_geometry_without_polygons_is_no_shape() {
        assert_eq!(
            from_multi_polygon(&MultiPolygon::new(vec![])),
            Err(ConvertError::Shape(ShapeError::Empty))
        );
    }
}
