//! Whether a shape is a valid polygon or multipolygon, in the sense of OGC Simple
//! Features: decided on integers, so that there is no tolerance, and with the place.

mod contact;

use std::collections::HashMap;

use contact::{Contact, Edge, contacts};

use crate::domain::{LngLat, Location, Ring, Shape};

/// The first fault found in a shape, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValidityError {
    #[error("the border crosses itself at {at:?}")]
    SelfCrossing { at: LngLat },
    #[error("the border touches itself at {at:?}; draw it as two polygons, or as a hole")]
    SelfTouch { at: LngLat },
    #[error("the border runs back along itself at {at:?}")]
    SelfOverlap { at: LngLat },
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
            Self::SelfCrossing { at }
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
    let rings = Rings::of(shape);
    let contacts = contacts(&rings.all);
    // Edges that overlap or cross also touch their neighbours: the cause comes first.
    if let Some(fault) = contacts.iter().filter_map(self_fault).min_by_key(rank) {
        return Err(fault);
    }
    if let Some(fault) = contacts.iter().find_map(pair_fault) {
        return Err(fault);
    }
    let touches = rings.touches(&contacts)?;
    rings.check_nesting(&touches)?;
    rings.check_ground(&touches)
}

fn self_fault(&(a, b, contact): &(Edge, Edge, Contact)) -> Option<ValidityError> {
    (a.ring == b.ring).then_some(match contact {
        Contact::Cross(at) => ValidityError::SelfCrossing { at },
        Contact::Touch(at) => ValidityError::SelfTouch { at },
        Contact::Overlap(at) => ValidityError::SelfOverlap { at },
    })
}

const fn rank(fault: &ValidityError) -> u8 {
    match fault {
        ValidityError::SelfOverlap { .. } => 0,
        ValidityError::SelfCrossing { .. } => 1,
        _ => 2,
    }
}

fn pair_fault(&(_, _, contact): &(Edge, Edge, Contact)) -> Option<ValidityError> {
    match contact {
        Contact::Cross(at) => Some(ValidityError::RingsCross { at }),
        Contact::Overlap(at) => Some(ValidityError::RingsOverlap { at }),
        Contact::Touch(_) => None,
    }
}

/// All rings of a shape in one list.
struct Rings<'a> {
    all: Vec<&'a Ring>,
    /// For each polygon, where its exterior stands; its holes follow.
    exteriors: Vec<usize>,
    bounds: Vec<[LngLat; 2]>,
}

/// Where two rings touch, and which of them lies in the other there.
struct Touch {
    rings: [usize; 2],
    at: LngLat,
    first_in_second: bool,
    second_in_first: bool,
}

impl<'a> Rings<'a> {
    fn of(shape: &'a Shape) -> Self {
        let mut rings = Vec::new();
        let mut exteriors = Vec::new();
        for polygon in shape.polygons() {
            exteriors.push(rings.len());
            rings.extend(polygon.rings());
        }
        let bounds = rings.iter().map(|ring| bounds(ring)).collect();
        Self {
            all: rings,
            exteriors,
            bounds,
        }
    }

    /// Turns touches between different rings from pairs of edges into places.
    ///
    /// # Errors
    /// When the rings cross there: one comes in on the one side of the other and leaves
    /// on the other side.
    fn touches(&self, contacts: &[(Edge, Edge, Contact)]) -> Result<Vec<Touch>, ValidityError> {
        let mut places: Vec<_> = contacts
            .iter()
            .filter_map(|&(a, b, contact)| match contact {
                Contact::Touch(at) => Some((a, b, at)),
                Contact::Cross(_) | Contact::Overlap(_) => None,
            })
            .collect();
        places.sort_by_key(|&(a, b, at)| (a.ring, b.ring, at));
        places.dedup_by_key(|&mut (a, b, at)| (a.ring, b.ring, at));
        places
            .into_iter()
            .map(|(a, b, at)| {
                let [first, second] = [self.corner(a, at), self.corner(b, at)];
                let [from, to] = first.ends.map(|end| second.has_on_left(end));
                if from != to {
                    return Err(ValidityError::RingsCross { at });
                }
                let left = second.ends.map(|end| first.has_on_left(end))[0];
                Ok(Touch {
                    rings: [a.ring, b.ring],
                    at,
                    first_in_second: from == (self.all[b.ring].doubled_area_e14() > 0),
                    second_in_first: left == (self.all[a.ring].doubled_area_e14() > 0),
                })
            })
            .collect()
    }

    /// The ring where it passes through a point on one of its edges.
    fn corner(&self, edge: Edge, at: LngLat) -> Corner {
        let points = self.all[edge.ring].points();
        let n = points.len();
        let (mut before, mut after) = (edge.index, (edge.index + 1) % n);
        if at == points[before] {
            before = (before + n - 1) % n;
        } else if at == points[after] {
            after = (after + 1) % n;
        }
        Corner {
            at,
            ends: [points[before], points[after]],
        }
    }

    /// True when ring `a` lies in ring `b`; the two do not cross.
    fn lies_in(&self, a: usize, b: usize, known: &HashMap<(usize, usize), bool>) -> bool {
        let [min_a, max_a] = self.bounds[a];
        let [min_b, max_b] = self.bounds[b];
        let boxed = min_b.lon_e7() <= min_a.lon_e7()
            && min_b.lat_e7() <= min_a.lat_e7()
            && max_a.lon_e7() <= max_b.lon_e7()
            && max_a.lat_e7() <= max_b.lat_e7();
        boxed
            && known
                .get(&(a, b))
                .copied()
                .unwrap_or_else(|| self.all[b].locate(self.all[a].points()[0]) == Location::Inside)
    }

    fn holes(&self, polygon: usize) -> std::ops::Range<usize> {
        let end = self.exteriors.get(polygon + 1);
        self.exteriors[polygon] + 1..end.copied().unwrap_or(self.all.len())
    }

    fn check_nesting(&self, touches: &[Touch]) -> Result<(), ValidityError> {
        let mut known = HashMap::new();
        for touch in touches {
            let [a, b] = touch.rings;
            known.insert((a, b), touch.first_in_second);
            known.insert((b, a), touch.second_in_first);
        }
        let start = |ring: usize| self.all[ring].points()[0];
        for (polygon, &exterior) in self.exteriors.iter().enumerate() {
            for hole in self.holes(polygon) {
                if !self.lies_in(hole, exterior, &known) {
                    return Err(ValidityError::HoleOutside { at: start(hole) });
                }
                let mut others = self.holes(polygon).filter(|&other| other != hole);
                if others.any(|other| self.lies_in(hole, other, &known)) {
                    return Err(ValidityError::HoleInHole { at: start(hole) });
                }
            }
            for (other, &outer) in self.exteriors.iter().enumerate() {
                if other != polygon
                    && self.lies_in(exterior, outer, &known)
                    && !self
                        .holes(other)
                        .any(|hole| self.lies_in(exterior, hole, &known))
                {
                    return Err(ValidityError::PartsOverlap {
                        at: start(exterior),
                    });
                }
            }
        }
        Ok(())
    }

    /// The rings of a polygon and the points where they touch form a graph; every round
    /// trip in it encloses ground that is cut off from the rest.
    fn check_ground(&self, touches: &[Touch]) -> Result<(), ValidityError> {
        let polygon = |ring: usize| self.exteriors.partition_point(|&exterior| exterior <= ring);
        let mut links: Vec<(usize, LngLat, usize)> = touches
            .iter()
            .filter(|touch| polygon(touch.rings[0]) == polygon(touch.rings[1]))
            .flat_map(|touch| touch.rings.map(|ring| (polygon(ring), touch.at, ring)))
            .collect();
        links.sort_unstable();
        links.dedup();
        // Nodes: the rings, then one for each place of each polygon.
        let mut parents: Vec<usize> = (0..self.all.len()).collect();
        for place in links.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let node = parents.len();
            parents.push(node);
            for &(_, at, ring) in place {
                let (a, b) = (root(&mut parents, ring), root(&mut parents, node));
                if a == b {
                    return Err(ValidityError::GroundCut { at });
                }
                parents[a] = b;
            }
        }
        Ok(())
    }
}

fn root(parents: &mut [usize], mut node: usize) -> usize {
    while parents[node] != node {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    node
}

fn bounds(ring: &Ring) -> [LngLat; 2] {
    let first = ring.points()[0];
    let around = crate::domain::BoundingBox::around(ring.points().iter().copied());
    around.map_or([first, first], |bounds| [bounds.min, bounds.max])
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
