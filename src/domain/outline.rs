//! Ground as somebody drew it, before it is known to be a shape.

use super::position::{BoundingBox, LngLat};
use super::shape::{Polygon, Ring, Shape, ShapeError};

/// Rings on the lattice that may still be wrong in every way that a ring can be: open,
/// crossing themselves, of two points. A [`Shape`] is what has passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// For each polygon its rings, the outer one first. A closed ring ends with the point
    /// it begins with.
    pub polygons: Vec<Vec<Vec<LngLat>>>,
}

impl Outline {
    /// Every ring of every polygon.
    pub fn rings(&self) -> impl Iterator<Item = &[LngLat]> {
        self.polygons.iter().flatten().map(Vec::as_slice)
    }

    /// The box around all points; `None` when there is none.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        BoundingBox::around(self.rings().flatten().copied())
    }

    /// How many points are drawn, closing repetitions included.
    #[must_use]
    pub fn point_count(&self) -> usize {
        self.rings().map(<[_]>::len).sum()
    }

    /// The shape with these rings. Repeated points are dropped, for they are the same line;
    /// whether rings cross is not checked.
    ///
    /// # Errors
    /// When there is no polygon, or a ring is open, has too few points or no ground.
    pub fn to_shape(&self) -> Result<Shape, ShapeError> {
        let polygons = self.polygons.iter().map(|rings| {
            let mut rings = rings.iter().map(|ring| Ring::from_closed(ring.clone()));
            Ok(Polygon {
                exterior: rings.next().ok_or(ShapeError::Empty)??,
                holes: rings.collect::<Result<_, _>>()?,
            })
        });
        Shape::new(polygons.collect::<Result<_, _>>()?)
    }
}

impl From<&Shape> for Outline {
    fn from(shape: &Shape) -> Self {
        let polygons = shape.polygons().iter().map(|polygon| {
            polygon
                .rings()
                .map(|ring| ring.closed_points().collect())
                .collect()
        });
        Self {
            polygons: polygons.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_drawn_is_the_same_shape() {
        let p = |lon, lat| LngLat::from_e7(lon, lat).unwrap();
        let square = |from, to| {
            vec![
                p(from, from),
                p(to, from),
                p(to, to),
                p(from, to),
                p(from, from),
            ]
        };
        let outline = Outline {
            polygons: vec![vec![square(0, 10), square(3, 5)], vec![square(20, 30)]],
        };
        let shape = outline.to_shape().unwrap();
        assert_eq!(shape.vertex_count(), 12);
        assert_eq!(Outline::from(&shape), outline);
        let open = Outline {
            polygons: vec![vec![vec![p(0, 0), p(1, 0), p(1, 1)]]],
        };
        assert!(matches!(open.to_shape(), Err(ShapeError::Unclosed { .. })));
        assert_eq!(Outline::default().to_shape(), Err(ShapeError::Empty));
    }
}
