//! The point look-up over the areas of one level.

use rstar::{AABB, RTree, RTreeObject};

use super::atlas::Ordinal;
use crate::domain::{BoundingBox, LngLat, Shape};

/// Finds the owner of a point among the areas of one level.
///
/// The border rule: a point belongs to the first area, in the order of the atlas, that
/// covers it, borders included. So a shared border has one owner, the same at every
/// level, and where areas overlap the answer is still the same each time.
#[derive(Debug, Default)]
pub struct LevelIndex {
    tree: RTree<Entry>,
}

#[derive(Debug)]
struct Entry {
    ordinal: Ordinal,
    bounds: BoundingBox,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(&self.bounds)
    }
}

impl LevelIndex {
    /// Indexes the areas of a level.
    pub fn build<'a>(shapes: impl Iterator<Item = (Ordinal, &'a Shape)>) -> Self {
        let entries = shapes
            .map(|(ordinal, shape)| Entry {
                ordinal,
                bounds: shape.bounds(),
            })
            .collect();
        Self {
            tree: RTree::bulk_load(entries),
        }
    }

    /// How many areas are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// The owner of a point; `shape_of` gives an area's shape by its ordinal.
    pub fn owner<'a>(
        &self,
        point: LngLat,
        shape_of: impl Fn(Ordinal) -> Option<&'a Shape>,
    ) -> Option<Ordinal> {
        let mut owner: Option<Ordinal> = None;
        for entry in self
            .tree
            .locate_in_envelope_intersecting(&AABB::from_point(corner(point)))
        {
            let precedes = owner.is_none_or(|best| entry.ordinal < best);
            if precedes && shape_of(entry.ordinal).is_some_and(|shape| shape.covers(point)) {
                owner = Some(entry.ordinal);
            }
        }
        owner
    }

    /// The areas whose boxes meet `bounds`, in the order of the atlas.
    #[must_use]
    pub fn meeting(&self, bounds: &BoundingBox) -> Vec<Ordinal> {
        let mut found: Vec<Ordinal> = self
            .tree
            .locate_in_envelope_intersecting(&envelope(bounds))
            .map(|entry| entry.ordinal)
            .collect();
        found.sort_unstable();
        found
    }
}

fn envelope(bounds: &BoundingBox) -> AABB<[f64; 2]> {
    AABB::from_corners(corner(bounds.min), corner(bounds.max))
}

/// Lattice steps are integers below 2³¹, so exact as f64.
fn corner(point: LngLat) -> [f64; 2] {
    [f64::from(point.lon_e7()), f64::from(point.lat_e7())]
}
