//! Whether polygons are valid in the sense of OGC Simple Features: decided on integers,
//! so that there is no tolerance, and with every place.

mod contact;
mod nesting;
mod trim;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use contact::{Contact, Contacts, Edge, Mesh};
use nesting::{Nesting, Touch};

pub use trim::{Trimmed, trim};

use crate::domain::shape::doubled_area_e14;
use crate::domain::{LngLat, Ring, Shape};

/// A fault of polygons, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValidityError {
    #[error("the border runs out to {at:?} and back along itself")]
    Spike { at: LngLat },
    #[error("the border runs back along itself at {at:?}")]
    SelfOverlap { at: LngLat },
    #[error("the border crosses itself at {at:?}")]
    SelfCrossing { at: LngLat },
    #[error("the border touches itself at {at:?}; draw it as two polygons, or as a hole")]
    SelfTouch { at: LngLat },
    #[error("two rings of the border cross at {at:?}")]
    RingsCross { at: LngLat },
    #[error("two rings of the border run along each other at {at:?}")]
    RingsOverlap { at: LngLat },
    #[error("a hole lies outside its polygon, at {at:?}")]
    HoleOutside { at: LngLat },
    #[error("a hole lies in another hole, at {at:?}")]
    HoleInHole { at: LngLat },
    #[error("two polygons cover the same ground, at {at:?}")]
    PartsOverlap { at: LngLat },
    #[error("holes that touch cut the ground in two at {at:?}; draw it as two polygons")]
    GroundCut { at: LngLat },
}

impl ValidityError {
    /// Where the fault is.
    #[must_use]
    pub const fn place(&self) -> LngLat {
        match *self {
            Self::Spike { at }
            | Self::SelfCrossing { at }
            | Self::SelfTouch { at }
            | Self::SelfOverlap { at }
            | Self::RingsCross { at }
            | Self::RingsOverlap { at }
            | Self::HoleOutside { at }
            | Self::HoleInHole { at }
            | Self::PartsOverlap { at }
            | Self::GroundCut { at } => at,
        }
    }
}

/// A fault, and the whole of what it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub error: ValidityError,
    /// The line along which rings run, or the ring that lies wrong, closed. Empty when the
    /// fault is at one point.
    pub along: Vec<LngLat>,
}

/// Checks that rings are simple and do not cross, that holes lie in their polygon and
/// polygons apart, and that the ground of each polygon hangs together. Rings may touch
/// each other at points. Which way rings run does not matter.
///
/// Takes near-linear time in the number of vertices, as long as few edges' boxes
/// overlap.
///
/// # Errors
/// The first fault: of single rings, then between rings, then of their nesting.
pub fn check(shape: &Shape) -> Result<(), ValidityError> {
    let trimmed: Vec<Vec<Trimmed<'_>>> = shape
        .polygons()
        .iter()
        .map(|polygon| polygon.rings().map(Ring::points).map(trim).collect())
        .collect();
    let spike = trimmed
        .iter()
        .flatten()
        .find_map(|ring| ring.spikes.first());
    if let Some(&at) = spike.and_then(|spike| spike.first()) {
        return Err(ValidityError::Spike { at });
    }
    let polygons: Vec<Vec<&[LngLat]>> = trimmed
        .iter()
        .map(|rings| rings.iter().map(|ring| &*ring.points).collect())
        .collect();
    let first = find_faults(&polygons, 1).into_iter().next();
    first.map_or(Ok(()), |fault| Err(fault.error))
}

/// The faults of polygons, given as their rings, the outer one first; at most `most` of
/// them, in the order of [`check`]. Rings must be open, without repeated points and
/// spikes: as [`trim`] leaves them.
#[must_use]
pub fn find_faults(polygons: &[Vec<&[LngLat]>], most: usize) -> Vec<Fault> {
    let rings: Vec<&[LngLat]> = polygons.iter().flatten().copied().collect();
    let mesh = Mesh::new(&rings);
    let Contacts { found, complete } = mesh.contacts();
    let mut faults = Faults {
        most,
        list: Vec::new(),
    };
    if found.is_empty() && rings.len() < 2 {
        return faults.list;
    }
    let overlaps = Overlaps::of(&mesh, &found);
    let passages = Passages::of(&mesh, &found, &overlaps);
    faults.add_lines(overlaps.lines.iter().filter(|line| line.is_of_one_ring()));
    faults.add_crossings(&found, |a, b| a.ring == b.ring);
    faults.add_points(passages.crossings.iter(), |at| {
        ValidityError::SelfCrossing { at }
    });
    faults.add_points(passages.touches.iter(), |at| ValidityError::SelfTouch {
        at,
    });
    faults.add_lines(overlaps.lines.iter().filter(|line| !line.is_of_one_ring()));
    faults.add_crossings(&found, |a, b| a.ring != b.ring);
    let places = passages.ring_crossings.iter().map(|(_, at)| at);
    faults.add_points(places, |at| ValidityError::RingsCross { at });
    if complete && !faults.are_enough() {
        let mut bad = Bad::default();
        for &(a, b, contact) in &found {
            if !matches!(contact, Contact::Touch(_)) {
                bad.note(a.ring, b.ring);
            }
        }
        for &ring in &passages.not_simple {
            bad.note(ring, ring);
        }
        for &([a, b], _) in &passages.ring_crossings {
            bad.note(a, b);
        }
        Nesting::new(&mesh, polygons, &passages.meetings, &bad).find_faults(&mut faults);
    }
    faults.list
}

/// Faults as they are found, until there are enough.
struct Faults {
    most: usize,
    list: Vec<Fault>,
}

impl Faults {
    const fn are_enough(&self) -> bool {
        self.list.len() >= self.most
    }

    fn add(&mut self, error: ValidityError, along: Vec<LngLat>) {
        if !self.are_enough() {
            self.list.push(Fault { error, along });
        }
    }

    fn add_lines<'a>(&mut self, lines: impl Iterator<Item = &'a Line>) {
        for line in lines {
            if let Some(&at) = line.points.iter().min() {
                let error = if line.is_of_one_ring() {
                    ValidityError::SelfOverlap { at }
                } else {
                    ValidityError::RingsOverlap { at }
                };
                self.add(error, line.points.clone());
            }
        }
    }

    fn add_crossings(
        &mut self,
        contacts: &[(Edge, Edge, Contact)],
        concerns: impl Fn(Edge, Edge) -> bool,
    ) {
        let mut seen = HashSet::new();
        for &(a, b, contact) in contacts {
            if let Contact::Cross(at) = contact
                && concerns(a, b)
                && seen.insert((a.ring, b.ring, at))
            {
                let error = if a.ring == b.ring {
                    ValidityError::SelfCrossing { at }
                } else {
                    ValidityError::RingsCross { at }
                };
                self.add(error, Vec::new());
            }
        }
    }

    fn add_points<'a>(
        &mut self,
        places: impl Iterator<Item = &'a LngLat>,
        error: fn(LngLat) -> ValidityError,
    ) {
        for &at in places {
            self.add(error(at), Vec::new());
        }
    }
}

/// Pairs of rings between which nothing can be said of nesting, and rings that are not
/// simple.
#[derive(Default)]
struct Bad {
    pairs: HashSet<(usize, usize)>,
    rings: HashSet<usize>,
}

impl Bad {
    fn note(&mut self, a: usize, b: usize) {
        if a == b {
            self.rings.insert(a);
        } else {
            self.pairs.insert((a.min(b), a.max(b)));
        }
    }

    fn has_pair(&self, a: usize, b: usize) -> bool {
        self.pairs.contains(&(a.min(b), a.max(b)))
    }
}

/// A stretch along which two rings, or two ways of one ring, are the same line.
struct Line {
    rings: [usize; 2],
    points: Vec<LngLat>,
}

impl Line {
    const fn is_of_one_ring(&self) -> bool {
        self.rings[0] == self.rings[1]
    }
}

/// Where edges run along each other.
struct Overlaps {
    lines: Vec<Line>,
    /// For each pair of rings the edges that do, with the parts of them.
    parts: BTreeMap<[usize; 2], Vec<(LngLat, LngLat)>>,
}

impl Overlaps {
    fn of(mesh: &Mesh<'_>, contacts: &[(Edge, Edge, Contact)]) -> Self {
        let mut parts: BTreeMap<[usize; 2], Vec<(LngLat, LngLat)>> = BTreeMap::new();
        let mut lines: Vec<Line> = Vec::new();
        // By the first ring's edges, and along each in its direction.
        let mut pieces: Vec<([usize; 2], usize, [LngLat; 2])> = Vec::new();
        for &(a, b, contact) in contacts {
            if let Contact::Overlap(from, to) = contact {
                let ring = mesh.rings[a.ring];
                let forward = ring[a.index] < ring[(a.index + 1) % ring.len()];
                let piece = if forward { [from, to] } else { [to, from] };
                pieces.push(([a.ring, b.ring], a.index, piece));
                parts.entry([a.ring, b.ring]).or_default().push((from, to));
            }
        }
        pieces.sort_unstable_by_key(|&(rings, index, [from, _])| {
            let ring = mesh.rings[rings[0]];
            let start = ring[index];
            let away = (
                start.lon_e7().abs_diff(from.lon_e7()),
                start.lat_e7().abs_diff(from.lat_e7()),
            );
            (rings, index, away)
        });
        for (rings, _, [from, to]) in pieces {
            match lines.last_mut() {
                Some(line) if line.rings == rings && line.points.last() == Some(&from) => {
                    line.points.push(to);
                }
                _ => lines.push(Line {
                    rings,
                    points: vec![from, to],
                }),
            }
        }
        Self { lines, parts }
    }

    /// True when two rings run along each other through a point, or up to it.
    fn reach(&self, rings: [usize; 2], at: LngLat) -> bool {
        let on = |&(from, to): &(LngLat, LngLat)| {
            contact::side(from, to, at) == 0 && contact::in_box(at, (from, to))
        };
        let parts = self.parts.get(&rings);
        parts.is_some_and(|parts| parts.iter().any(on))
    }
}

/// What happens where rings come by the same point more than once.
struct Passages {
    crossings: BTreeSet<LngLat>,
    touches: BTreeSet<LngLat>,
    ring_crossings: Vec<([usize; 2], LngLat)>,
    /// Rings that come by a point twice.
    not_simple: BTreeSet<usize>,
    /// Where different rings touch and do not cross.
    meetings: Vec<Touch>,
}

/// A ring where it comes by a point, at a vertex or along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Passage {
    ring: usize,
    index: usize,
    within_edge: bool,
}

impl Passages {
    fn of(mesh: &Mesh<'_>, contacts: &[(Edge, Edge, Contact)], overlaps: &Overlaps) -> Self {
        let mut pairs: Vec<(LngLat, Passage, Passage)> = contacts
            .iter()
            .filter_map(|&(a, b, contact)| match contact {
                Contact::Touch(at) if !overlaps.reach([a.ring, b.ring], at) => {
                    Some((at, passage(mesh, a, at), passage(mesh, b, at)))
                }
                _ => None,
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut found = Self {
            crossings: BTreeSet::new(),
            touches: BTreeSet::new(),
            ring_crossings: Vec::new(),
            not_simple: BTreeSet::new(),
            meetings: Vec::new(),
        };
        for (at, one, other) in pairs {
            let [first, second] = [one, other].map(|passage| corner(mesh, passage, at));
            let [from, to] = first.ends.map(|end| second.has_on_left(end));
            if one.ring == other.ring {
                found.not_simple.insert(one.ring);
                if from == to {
                    found.touches.insert(at);
                } else {
                    found.crossings.insert(at);
                }
            } else if from == to {
                let left = first.has_on_left(second.ends[0]);
                let runs_left = |ring: usize| doubled_area_e14(mesh.rings[ring]) > 0;
                found.meetings.push(Touch {
                    rings: [one.ring, other.ring],
                    at,
                    first_in_second: from == runs_left(other.ring),
                    second_in_first: left == runs_left(one.ring),
                });
            } else {
                found.ring_crossings.push(([one.ring, other.ring], at));
            }
        }
        // Three ways through one point may cross and touch.
        found.touches.retain(|at| !found.crossings.contains(at));
        found
            .ring_crossings
            .dedup_by_key(|&mut (rings, at)| (rings, at));
        found
    }
}

fn passage(mesh: &Mesh<'_>, edge: Edge, at: LngLat) -> Passage {
    let points = mesh.rings[edge.ring];
    let next = (edge.index + 1) % points.len();
    let (index, within_edge) = if at == points[edge.index] {
        (edge.index, false)
    } else if at == points[next] {
        (next, false)
    } else {
        (edge.index, true)
    };
    Passage {
        ring: edge.ring,
        index,
        within_edge,
    }
}

fn corner(mesh: &Mesh<'_>, passage: Passage, at: LngLat) -> Corner {
    let points = mesh.rings[passage.ring];
    let n = points.len();
    let before = if passage.within_edge {
        passage.index
    } else {
        (passage.index + n - 1) % n
    };
    Corner {
        at,
        ends: [points[before], points[(passage.index + 1) % n]],
    }
}

/// A point of a ring with the points before and after it.
struct Corner {
    at: LngLat,
    ends: [LngLat; 2],
}

impl Corner {
    /// True when the way to a point leaves to the left of the ring as it runs through
    /// the corner. The way must not run along the ring.
    fn has_on_left(&self, point: LngLat) -> bool {
        let [before, after] = self.ends;
        let turn = |to: LngLat, from: LngLat| contact::side(self.at, from, to) > 0;
        let (past_after, short_of_before) = (turn(point, after), turn(before, point));
        match contact::side(before, self.at, after).signum() {
            // The left is the lesser part, the greater part, or a half plane.
            1 => past_after && short_of_before,
            -1 => past_after || short_of_before,
            _ => past_after,
        }
    }
}

#[cfg(test)]
mod tests;
