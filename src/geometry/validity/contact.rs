//! Where edges meet, exactly.

use rstar::{AABB, RTree, RTreeObject};

pub(super) use crate::domain::shape::side;
use crate::domain::{LngLat, Ring};

/// An edge by its ring and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub ring: usize,
    pub index: usize,
}

/// How two edges meet, and where; an overlap is named by one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contact {
    /// Through each other's insides. The place is rounded to the lattice.
    Cross(LngLat),
    /// In one point, which is an end of one of them.
    Touch(LngLat),
    /// Along a line.
    Overlap(LngLat),
}

/// An edge in the tree.
struct Entry {
    edge: Edge,
    a: LngLat,
    b: LngLat,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    /// In lattice steps, which an `f64` holds exactly.
    fn envelope(&self) -> Self::Envelope {
        let corner = |point: LngLat| [f64::from(point.lon_e7()), f64::from(point.lat_e7())];
        AABB::from_corners(corner(self.a), corner(self.b))
    }
}

/// All pairs of edges that meet, but for neighbours in a ring that meet only where they
/// join; in the order of the rings.
pub(super) fn contacts(rings: &[&Ring]) -> Vec<(Edge, Edge, Contact)> {
    let entries = rings.iter().enumerate().flat_map(|(ring, points)| {
        points
            .edges()
            .enumerate()
            .map(move |(index, (a, b))| Entry {
                edge: Edge { ring, index },
                a,
                b,
            })
    });
    let tree = RTree::bulk_load(entries.collect());
    let mut found: Vec<_> = tree
        .intersection_candidates_with_other_tree(&tree)
        .filter(|(one, other)| one.edge < other.edge)
        .filter_map(|(one, other)| {
            let contact = meet((one.a, one.b), (other.a, other.b))?;
            let joined =
                matches!(contact, Contact::Touch(_)) && are_neighbours(one.edge, other.edge, rings);
            (!joined).then_some((one.edge, other.edge, contact))
        })
        .collect();
    found.sort_unstable_by_key(|&(one, other, _)| (one, other));
    found
}

/// True when the later edge follows the earlier one, or closes the ring before it.
fn are_neighbours(earlier: Edge, later: Edge, rings: &[&Ring]) -> bool {
    earlier.ring == later.ring
        && (earlier.index + 1 == later.index
            || earlier.index == 0 && later.index + 1 == rings[later.ring].points().len())
}

/// How two edges meet, if they do.
pub(super) fn meet((a, b): (LngLat, LngLat), (c, d): (LngLat, LngLat)) -> Option<Contact> {
    let (of_c, of_d) = (side(a, b, c), side(a, b, d));
    let (of_a, of_b) = (side(c, d, a), side(c, d, b));
    if of_c == 0 && of_d == 0 {
        // On one line, along which positions are ordered.
        let from = a.min(b).max(c.min(d));
        let to = a.max(b).min(c.max(d));
        return match from.cmp(&to) {
            std::cmp::Ordering::Less => Some(Contact::Overlap(from)),
            std::cmp::Ordering::Equal => Some(Contact::Touch(from)),
            std::cmp::Ordering::Greater => None,
        };
    }
    if of_c.signum() * of_d.signum() < 0 && of_a.signum() * of_b.signum() < 0 {
        return Some(Contact::Cross(between(a, b, of_a, of_b)));
    }
    let ends = [
        (of_c, c, (a, b)),
        (of_d, d, (a, b)),
        (of_a, a, (c, d)),
        (of_b, b, (c, d)),
    ];
    ends.into_iter()
        .find(|&(side, end, edge)| side == 0 && in_box(end, edge))
        .map(|(_, end, _)| Contact::Touch(end))
}

/// The lattice point nearest to where a line crosses `a`–`b`, whose ends lie to its sides.
fn between(a: LngLat, b: LngLat, side_a: i128, side_b: i128) -> LngLat {
    #[expect(clippy::cast_precision_loss, reason = "the place is rounded anyway")]
    let t = side_a as f64 / (side_a - side_b) as f64;
    let at = |a: f64, b: f64| a + t * (b - a);
    LngLat::from_degrees(at(a.lon(), b.lon()), at(a.lat(), b.lat())).unwrap_or(a)
}

fn in_box(point: LngLat, (a, b): (LngLat, LngLat)) -> bool {
    let within = |value: i32, a: i32, b: i32| a.min(b) <= value && value <= a.max(b);
    within(point.lon_e7(), a.lon_e7(), b.lon_e7()) && within(point.lat_e7(), a.lat_e7(), b.lat_e7())
}
