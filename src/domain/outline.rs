//! Ground as somebody drew it, before it is known to be a shape.

use super::position::{BoundingBox, LngLat};
use super::shape::{Polygon, Ring, Shape, ShapeError, doubled_area_e14, edges};

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

    /// True when two outlines draw the same lines as the same polygons: whichever way and from
    /// wherever their rings run, in whatever order, with points repeated or not.
    #[must_use]
    pub fn is_drawn_like(&self, other: &Self) -> bool {
        self == other || self.in_order() == other.in_order()
    }

    fn in_order(&self) -> Vec<Vec<Vec<LngLat>>> {
        let ordered = |rings: &Vec<Vec<LngLat>>| {
            let mut rings: Vec<Vec<LngLat>> =
                rings.iter().map(|ring| from_least_point(ring)).collect();
            if let Some((_, holes)) = rings.split_first_mut() {
                holes.sort_unstable();
            }
            rings
        };
        let mut polygons: Vec<_> = self.polygons.iter().map(ordered).collect();
        polygons.sort_unstable();
        polygons
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

/// The ring counter-clockwise from its least point on, open, without repeated points.
fn from_least_point(ring: &[LngLat]) -> Vec<LngLat> {
    let points = edges(ring).filter(|(a, b)| a != b).map(|(a, _)| a);
    let mut points: Vec<LngLat> = points.collect();
    if doubled_area_e14(&points) < 0 {
        points.reverse();
    }
    let least = points.iter().enumerate().min_by_key(|&(_, point)| point);
    let least = least.map_or(0, |(place, _)| place);
    points.rotate_left(least);
    points
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

    #[test]
    fn where_a_ring_begins_does_not_matter() {
        let p = |lon, lat| LngLat::from_e7(lon, lat).unwrap();
        let outer = vec![p(0, 0), p(9, 0), p(9, 9), p(0, 9), p(0, 0)];
        let hole = vec![p(1, 1), p(2, 1), p(2, 2), p(1, 1)];
        let one = Outline {
            polygons: vec![vec![outer.clone(), hole.clone()]],
        };
        let turned = vec![p(9, 9), p(9, 0), p(0, 0), p(0, 0), p(0, 9), p(9, 9)];
        let same = Outline {
            polygons: vec![vec![turned, hole.clone()]],
        };
        assert!(one.is_drawn_like(&same));
        let other = Outline {
            polygons: vec![vec![outer], vec![hole]],
        };
        assert!(!one.is_drawn_like(&other));
    }
}
