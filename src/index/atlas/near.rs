//! What lies around: the distance to the border, areas within a radius, and neighbours.

use super::{Atlas, Ordinal};
use crate::domain::{BoundingBox, LngLat, Shape};
use crate::geometry::EdgeBoxes;

impl Atlas {
    /// How far a point is from the border of an area, whether inside or outside, in metres;
    /// `None` when its ground is not known. As
    /// [`border_distance_m`](crate::geometry::border_distance_m), but looks only at what is
    /// near.
    #[must_use]
    pub fn border_distance_m(&self, ordinal: Ordinal, point: LngLat) -> Option<f64> {
        Some(self.grounds().find(ordinal)?.border_distance_m(point))
    }

    /// The areas of the same level, other than the owner, whose ground comes within a radius
    /// of a point, with their distance in metres: 0 where they have the point, too. The
    /// nearest first, then in the order of the atlas.
    #[must_use]
    pub fn within(&self, owner: Ordinal, point: LngLat, radius_m: f64) -> Vec<(Ordinal, f64)> {
        let level = self.area(owner).level;
        let mut found: Vec<Ordinal> = BoundingBox::all_within(point, radius_m)
            .flat_map(|bounds| self.meeting(level, &bounds))
            .filter(|&other| other != owner)
            .collect();
        // An area may reach around the earth into two boxes.
        found.sort_unstable();
        found.dedup();
        let grounds = self.grounds();
        let mut near: Vec<(Ordinal, f64)> = found
            .into_iter()
            .filter_map(|other| {
                let ground = grounds.find(other)?;
                let distance_m = if ground.covers(point) {
                    0.0
                } else {
                    ground.border_distance_m(point)
                };
                (distance_m <= radius_m).then_some((other, distance_m))
            })
            .collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        near
    }

    /// The areas of the same level that share a stretch of border with this one; those
    /// that only touch it in a single point are not among them.
    #[must_use]
    pub fn neighbours(&self, ordinal: Ordinal) -> Vec<Ordinal> {
        let grounds = self.grounds();
        let Some(ground) = grounds.find(ordinal) else {
            return Vec::new();
        };
        let made;
        let boxes = if let Some(boxes) = ground.boxes {
            boxes
        } else {
            made = EdgeBoxes::of(ground.shape);
            &made
        };
        self.meeting(self.area(ordinal).level, &ground.shape.bounds())
            .into_iter()
            .filter(|&other| {
                other != ordinal
                    && grounds.find(other).is_some_and(|other| {
                        share_stretch((ground.shape, boxes), (other.shape, other.boxes))
                    })
            })
            .collect()
    }
}

/// True when the borders have at least two vertices of either in common.
#[must_use]
pub fn share_border(a: &Shape, b: &Shape) -> bool {
    a.bounds().intersects(&b.bounds()) && share_stretch((a, &EdgeBoxes::of(a)), (b, None))
}

fn share_stretch(
    (a, a_boxes): (&Shape, &EdgeBoxes),
    (b, b_boxes): (&Shape, Option<&EdgeBoxes>),
) -> bool {
    let mut contacts = Contacts::default();
    let bounds = a.bounds();
    // Vertices of the other one, found among those of its edges that come near.
    let made;
    let b_boxes = if let Some(boxes) = b_boxes {
        boxes
    } else {
        made = EdgeBoxes::of(b);
        &made
    };
    let near = |it: &BoundingBox| it.intersects(&bounds);
    b_boxes.visit(b, near, |vertex, _| {
        if bounds.contains(vertex) && !contacts.are_enough() && a_boxes.has_on_border(a, vertex) {
            contacts.add(vertex);
        }
    });
    let bounds = b.bounds();
    let near = |it: &BoundingBox| it.intersects(&bounds);
    if !contacts.are_enough() {
        a_boxes.visit(a, near, |vertex, _| {
            if bounds.contains(vertex) && !contacts.are_enough() && b_boxes.has_on_border(b, vertex)
            {
                contacts.add(vertex);
            }
        });
    }
    contacts.are_enough()
}

/// Places where two borders meet, until there are two.
#[derive(Default)]
struct Contacts {
    first: Option<LngLat>,
    has_second: bool,
}

impl Contacts {
    fn add(&mut self, place: LngLat) {
        match self.first {
            None => self.first = Some(place),
            Some(first) => self.has_second |= first != place,
        }
    }

    const fn are_enough(&self) -> bool {
        self.has_second
    }
}
