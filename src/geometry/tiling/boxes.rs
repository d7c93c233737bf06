//! Areas by the boxes around them.

use std::sync::Arc;

use rstar::{AABB, Envelope, RTree, RTreeObject};

use super::arcs::number;
use super::borders::sorted;
use super::world::WorldPoint;
use crate::domain::{BoundingBox, LngLat, Shape};

/// West, north, east and south in the world, sides included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WorldBox(AABB<[i64; 2]>);

impl WorldBox {
    pub fn around(points: &[WorldPoint]) -> Self {
        let corners = points
            .iter()
            .map(|&point| Self(AABB::from_point(corner(point))));
        corners.fold(Self::empty(), |bounds, corner| bounds.with(&corner))
    }

    pub fn empty() -> Self {
        Self(AABB::new_empty())
    }

    /// The box around this one and another.
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.merged(&other.0))
    }

    /// The box around a shape and so many lattice steps more.
    pub fn of(shape: &Shape, steps: i32) -> Self {
        let BoundingBox { min, max } = shape.bounds();
        let beside = |end: LngLat, steps: i32| {
            let (lon, lat) = (end.lon_e7() + steps, end.lat_e7() + steps);
            let place = LngLat::from_e7(
                lon.clamp(-1_800_000_000, 1_800_000_000),
                lat.clamp(-900_000_000, 900_000_000),
            );
            corner(WorldPoint::of(place.unwrap_or(end)))
        };
        Self(AABB::from_corners(beside(min, -steps), beside(max, steps)))
    }

    pub fn meets(&self, other: &Self) -> bool {
        self.0.intersects(&other.0)
    }
}

fn corner(point: WorldPoint) -> [i64; 2] {
    [point.x, point.y].map(i64::from)
}

/// A vertex of a neighbour that lies on an area's edge may be so far outside its box.
const JOINT_STEPS: i32 = 1;

/// Numbered areas by the boxes around them.
#[derive(Debug, Default)]
pub(super) struct Boxes(RTree<Entry>);

impl Boxes {
    pub fn of(shapes: &[Arc<Shape>]) -> Self {
        let entries = shapes.iter().enumerate().map(|(area, shape)| Entry {
            area: number(area),
            bounds: WorldBox::of(shape, JOINT_STEPS),
        });
        Self(RTree::bulk_load(entries.collect()))
    }

    /// The areas whose boxes meet one, given as west, north, east and south.
    pub fn meeting(&self, [west, north, east, south]: [i64; 4]) -> impl Iterator<Item = u32> + '_ {
        let bounds = AABB::from_corners([west, north], [east, south]);
        self.0
            .locate_in_envelope_intersecting(&bounds)
            .map(|entry| entry.area)
    }

    /// The areas whose boxes meet any of these, in order.
    pub fn meeting_any(&self, boxes: impl IntoIterator<Item = WorldBox>) -> Vec<u32> {
        let mut found = Vec::new();
        for WorldBox(bounds) in boxes {
            let meeting = self.0.locate_in_envelope_intersecting(&bounds);
            found.extend(meeting.map(|entry| entry.area));
        }
        sorted(found)
    }
}

#[derive(Debug)]
struct Entry {
    area: u32,
    bounds: WorldBox,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[i64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.bounds.0
    }
}
