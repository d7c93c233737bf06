//! Where edges meet, exactly.

use rstar::{AABB, RTree, RTreeObject};

pub(super) use crate::domain::shape::side;
use crate::domain::shape::{locate, pass_east};
use crate::domain::{LngLat, Location};

/// An edge by its ring and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub ring: usize,
    pub index: usize,
}

/// How two edges meet, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contact {
    /// Through each other's insides. The place is rounded to the lattice.
    Cross(LngLat),
    /// In one point, which is an end of one of them.
    Touch(LngLat),
    /// Along a line, from its first point in the order of positions to its last.
    Overlap(LngLat, LngLat),
}

/// So many edges in a row are looked at together.
const RUN: usize = 8;
/// Up to so many runs, comparing each with each is faster than a tree.
const FEW: usize = 64;
/// So many faults are enough to know that rings are hopeless.
const HOPELESS: usize = 2_000;

/// The edges of rings, in runs of neighbours, so that those near each other are found.
pub(super) struct Mesh<'a> {
    pub rings: &'a [&'a [LngLat]],
    runs: Vec<Run>,
    /// When there are more than a few runs.
    tree: Option<RTree<Run>>,
}

/// Some edges in a row of one ring, and the box around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    ring: usize,
    from: usize,
    until: usize,
    bounds: Extent,
}

/// A box in lattice steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub west: i32,
    pub south: i32,
    pub east: i32,
    pub north: i32,
}

/// All pairs of edges that meet, in the order of the rings.
pub(super) struct Contacts {
    pub found: Vec<(Edge, Edge, Contact)>,
    /// False when there were so many faults that the search was given up.
    pub complete: bool,
}

impl<'a> Mesh<'a> {
    /// Rings are open, without repeated points and spikes.
    pub(super) fn new(rings: &'a [&'a [LngLat]]) -> Self {
        let mut runs = Vec::with_capacity(rings.iter().map(|ring| ring.len() / RUN + 1).sum());
        for (ring, points) in rings.iter().enumerate() {
            for from in (0..points.len()).step_by(RUN) {
                let until = (from + RUN).min(points.len());
                let end = points[until % points.len()];
                let bounds = points[from..until]
                    .iter()
                    .fold(Extent::of(end, end), |bounds, &point| bounds.with(point));
                runs.push(Run {
                    ring,
                    from,
                    until,
                    bounds,
                });
            }
        }
        let tree = (runs.len() > FEW).then(|| RTree::bulk_load(runs.clone()));
        Self { rings, runs, tree }
    }

    /// All pairs of edges that meet, but for neighbours in a ring, which join.
    pub(super) fn contacts(&self) -> Contacts {
        let mut contacts = Contacts {
            found: Vec::new(),
            complete: true,
        };
        let mut faults = 0;
        if let Some(tree) = &self.tree {
            for (one, other) in tree.intersection_candidates_with_other_tree(tree) {
                if (one.ring, one.from) <= (other.ring, other.from) {
                    faults += self.compare(one, other, &mut contacts.found);
                }
                if faults > HOPELESS {
                    contacts.complete = false;
                    break;
                }
            }
        } else {
            for (place, one) in self.runs.iter().enumerate() {
                for other in &self.runs[place..] {
                    if one.bounds.meets(&other.bounds) {
                        faults += self.compare(one, other, &mut contacts.found);
                    }
                }
                if faults > HOPELESS {
                    contacts.complete = false;
                    break;
                }
            }
        }
        let order = |&(one, other, _): &(Edge, Edge, Contact)| (one, other);
        contacts.found.sort_unstable_by_key(order);
        contacts
    }

    /// Finds where the edges of two runs meet, the first run not after the second. How
    /// many of the contacts are faults for sure.
    fn compare(&self, one: &Run, other: &Run, found: &mut Vec<(Edge, Edge, Contact)>) -> usize {
        let mut faults = 0;
        for index in one.from..one.until {
            let (a, b) = self.edge(one.ring, index);
            let extent = Extent::of(a, b);
            if !extent.meets(&other.bounds) {
                continue;
            }
            let same = one.ring == other.ring;
            let first = if same && one.from == other.from {
                index + 1
            } else {
                other.from
            };
            for later in first..other.until {
                let (c, d) = self.edge(other.ring, later);
                let joined = same
                    && (index + 1 == later
                        || index == 0 && later + 1 == self.rings[one.ring].len());
                if joined || !extent.meets(&Extent::of(c, d)) {
                    continue;
                }
                if let Some(contact) = meet((a, b), (c, d)) {
                    faults += usize::from(same || !matches!(contact, Contact::Touch(_)));
                    let edge = |run: &Run, index| Edge {
                        ring: run.ring,
                        index,
                    };
                    found.push((edge(one, index), edge(other, later), contact));
                }
            }
        }
        faults
    }

    fn edge(&self, ring: usize, index: usize) -> (LngLat, LngLat) {
        let points = self.rings[ring];
        let next = index + 1;
        (
            points[index],
            points[if next == points.len() { 0 } else { next }],
        )
    }

    /// Where a point lies relative to one of the rings.
    pub(super) fn locate(&self, ring: usize, point: LngLat) -> Location {
        let points = self.rings[ring];
        let Some(tree) = self.tree.as_ref().filter(|_| points.len() > RUN * FEW) else {
            return locate(points, point);
        };
        let (x, y) = (f64::from(point.lon_e7()), f64::from(point.lat_e7()));
        let ray = AABB::from_corners([x, y], [f64::from(i32::MAX), y]);
        let mut inside = false;
        for run in tree.locate_in_envelope_intersecting(&ray) {
            for index in (run.from..run.until).take_while(|_| run.ring == ring) {
                let (a, b) = self.edge(ring, index);
                match pass_east(a, b, point) {
                    Some(true) => inside = !inside,
                    Some(false) => {}
                    None => return Location::Border,
                }
            }
        }
        if inside {
            Location::Inside
        } else {
            Location::Outside
        }
    }
}

impl Extent {
    pub(super) fn of(a: LngLat, b: LngLat) -> Self {
        Self {
            west: a.lon_e7().min(b.lon_e7()),
            south: a.lat_e7().min(b.lat_e7()),
            east: a.lon_e7().max(b.lon_e7()),
            north: a.lat_e7().max(b.lat_e7()),
        }
    }

    /// Around all points of a ring; `None` when there is none.
    pub(super) fn around(points: &[LngLat]) -> Option<Self> {
        let &first = points.first()?;
        let start = Self::of(first, first);
        Some(points.iter().fold(start, |bounds, &at| bounds.with(at)))
    }

    fn with(self, point: LngLat) -> Self {
        Self {
            west: self.west.min(point.lon_e7()),
            south: self.south.min(point.lat_e7()),
            east: self.east.max(point.lon_e7()),
            north: self.north.max(point.lat_e7()),
        }
    }

    pub(super) const fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    pub(super) const fn holds(&self, other: &Self) -> bool {
        self.west <= other.west
            && other.east <= self.east
            && self.south <= other.south
            && other.north <= self.north
    }

    /// In lattice steps, which an `f64` holds exactly.
    pub(super) fn envelope(&self) -> AABB<[f64; 2]> {
        AABB::from_corners(
            [f64::from(self.west), f64::from(self.south)],
            [f64::from(self.east), f64::from(self.north)],
        )
    }
}

impl RTreeObject for Run {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.bounds.envelope()
    }
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
            std::cmp::Ordering::Less => Some(Contact::Overlap(from, to)),
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

pub(super) fn in_box(point: LngLat, (a, b): (LngLat, LngLat)) -> bool {
    let within = |value: i32, a: i32, b: i32| a.min(b) <= value && value <= a.max(b);
    within(point.lon_e7(), a.lon_e7(), b.lon_e7()) && within(point.lat_e7(), a.lat_e7(), b.lat_e7())
}
