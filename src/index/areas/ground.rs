//! The shape of an area, as the index asks it.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::atlas::Ordinal;
use crate::domain::{Area, BoundingBox, LngLat, Location, Shape};
use crate::geometry::{EdgeBoxes, border_distance_m};

/// Shapes with more vertices than this are put under boxes.
const MANY_VERTICES: usize = 256;

/// The boxes over the edges of those areas that have many.
pub type Boxed = HashMap<Ordinal, Arc<EdgeBoxes>, foldhash::fast::FixedState>;

/// A shape, and the boxes over its edges when it has many.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    pub shape: &'a Shape,
    pub boxes: Option<&'a EdgeBoxes>,
}

/// The shapes of all areas of an atlas.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    pub areas: &'a [Arc<Area>],
    pub boxed: &'a Boxed,
}

impl<'a> Grounds<'a> {
    /// The ground of an area; `None` when it is not known.
    #[must_use]
    pub fn find(&self, ordinal: Ordinal) -> Option<Ground<'a>> {
        let area = self.areas.get(ordinal as usize)?;
        Some(Ground {
            shape: area.shape.as_deref()?,
            boxes: self.boxed.get(&ordinal).map(AsRef::as_ref),
        })
    }
}

impl Ground<'_> {
    /// Whether the point is inside or on the border.
    #[must_use]
    pub fn covers(&self, point: LngLat) -> bool {
        match self.boxes {
            Some(boxes) => boxes.locate(self.shape, point) != Location::Outside,
            None => self.shape.covers(point),
        }
    }

    /// How far a point is from the border; as [`border_distance_m`].
    #[must_use]
    pub fn border_distance_m(&self, point: LngLat) -> f64 {
        match self.boxes {
            Some(boxes) => boxes.border_distance_m(self.shape, point),
            None => border_distance_m(point, self.shape),
        }
    }

    /// Calls `found` with the edges in the boxes that are wanted, and with others.
    pub fn each_edge(
        &self,
        wanted: impl Fn(&BoundingBox) -> bool,
        mut found: impl FnMut(LngLat, LngLat),
    ) {
        match self.boxes {
            Some(boxes) => boxes.visit(self.shape, wanted, found),
            None => {
                for (a, b) in self.shape.edges() {
                    found(a, b);
                }
            }
        }
    }
}

/// The boxes that a shape needs.
#[must_use]
pub fn boxes_for(shape: &Shape) -> Option<EdgeBoxes> {
    (shape.vertex_count() > MANY_VERTICES).then(|| EdgeBoxes::of(shape))
}
