//! Making borders one that run closer to each other than a tolerance.
//!
//! Areas follow each other in order: the parent, those that are not to be repaired, then the
//! others by code. Each follows those before it, which stay where they are: its vertices move
//! onto theirs, or else onto their borders; then its borders are bent through their vertices
//! that they still pass. Points and edges that areas share move once, for all of them. Nothing
//! moves onto what its own area has already, so that narrow ground stays open.

mod following;
mod plane;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use following::Snapping;
use plane::Metres;

use super::{Group, MAX_TOLERANCE_M, RepairError, TOLERANCE_M, ground_m2};
use crate::domain::draft::Ground;
use crate::domain::draft::defect::Place;
use crate::domain::draft::repair::{Mending, Repair, RepairKind};
use crate::domain::shape::{doubled_area_e14, edges};
use crate::domain::{LngLat, Outline};
use crate::geometry::partition::{Claim, Partition};

impl Group<'_> {
    /// Makes vertices and borders of neighbours one, and gives them all vertices of each other.
    pub(super) fn snap(&mut self, repair: &Repair) -> Result<(), RepairError> {
        let tolerance_m = repair.tolerance_m.unwrap_or(TOLERANCE_M);
        if !(tolerance_m > 0.0 && tolerance_m <= MAX_TOLERANCE_M) {
            return Err(RepairError::Tolerance(tolerance_m));
        }
        let listed = self.listed(repair);
        let before: Vec<Outline> = self
            .plots
            .iter()
            .map(|it| it.ground.as_ref().clone())
            .collect();
        // The parent comes last, as among the owners of faces.
        let mut drawn: Vec<Outline> = before.iter().chain(&self.parent).cloned().collect();
        drop_thin_spikes(&mut drawn, &listed, tolerance_m);
        let mut snapping = Snapping::new(&drawn, tolerance_m);
        for outline in &drawn[self.plots.len()..] {
            snapping.fix(outline);
        }
        let mut order: Vec<usize> = (0..self.plots.len()).collect();
        order.sort_by_key(|&place| (self.plots[place].code, place));
        for place in order.iter().filter(|place| !listed.contains(place)) {
            snapping.fix(&drawn[*place]);
        }
        for place in order.iter().filter(|place| listed.contains(place)) {
            snapping.follow(&drawn[*place]);
        }
        for &place in &listed {
            self.plots[place].ground = Cow::Owned(snapping.redrawn(&drawn[place]));
        }
        let feet = std::mem::take(&mut snapping.feet);
        self.join(repair, tolerance_m, &listed, &feet, &before)?;
        for (place, was) in before.into_iter().enumerate() {
            if was.is_drawn_like(&self.plots[place].ground) {
                self.plots[place].ground = Cow::Owned(was);
            } else {
                self.note_moved(place, &was)?;
            }
        }
        Ok(())
    }

    /// Cuts borders where they meet now, for all who have them, and closes what is left between
    /// them that is narrower than the tolerance.
    fn join(
        &mut self,
        repair: &Repair,
        tolerance_m: f64,
        listed: &BTreeSet<usize>,
        feet: &[LngLat],
        before: &[Outline],
    ) -> Result<(), RepairError> {
        let partition = self.partition(&[], feet)?;
        let grounds = listed.iter().map(|&place| &self.plots[place].ground);
        let points = grounds.flat_map(|ground| ground.rings().flatten());
        let points: HashSet<LngLat> = points.copied().collect();
        let is_touched = |point: LngLat| repair.areas.is_empty() || points.contains(&point);
        let slivers = self.close_slivers(&partition, listed, tolerance_m);
        let owners = |face: usize| match slivers.get(&face) {
            Some(owners) => owners.clone(),
            None => partition.faces()[face].owners.clone(),
        };
        // Who had ground must have some still, wherever it is.
        let faces = partition.faces().iter();
        let owning: BTreeSet<u32> = faces.flat_map(|face| face.owners.iter().copied()).collect();
        for (owner, &place) in listed.iter().map(|place| (u32::try_from(*place), place)) {
            let encloses = |ring: &[LngLat]| doubled_area_e14(ring) != 0;
            if owner.is_ok_and(|owner| !owning.contains(&owner))
                && before[place].rings().any(encloses)
            {
                let code = self.plots[place].code.to_owned();
                return Err(RepairError::Vanishes {
                    code,
                    kind: repair.kind,
                });
            }
        }
        self.redraw(repair.kind, &partition, owners, is_touched)
    }

    /// New owners for the gaps, overlaps and ground outside the parent that are narrower than
    /// the tolerance. Where several borders turn within it, following leaves some.
    fn close_slivers(
        &self,
        partition: &Partition,
        listed: &BTreeSet<usize>,
        tolerance_m: f64,
    ) -> BTreeMap<usize, Vec<u32>> {
        let parent = self.parent.as_ref().map(|_| self.parent_owner());
        let mut closed = BTreeMap::new();
        for (face, it) in partition.faces().iter().enumerate() {
            let claiming = self.siblings(&it.owners);
            let is_within = parent.is_none_or(|parent| it.owners.contains(&parent));
            let is_well = if is_within {
                claiming.len() == 1
            } else {
                claiming.is_empty()
            };
            if is_well || !claiming.iter().all(|place| listed.contains(place)) {
                continue;
            }
            let border_m: f64 = partition
                .neighbours(face)
                .iter()
                .map(|it| it.border_m)
                .sum();
            if ground_m2(&partition.outline_of(face)) > tolerance_m * border_m / 2.0 {
                continue;
            }
            let gainer = match (is_within, claiming.is_empty()) {
                (false, _) => None,
                (true, true) => self.nearest_neighbour(partition, face, listed),
                (true, false) => self.first_by_code(claiming),
            };
            if is_within && gainer.is_none() {
                continue;
            }
            let gainer = gainer.and_then(|place| u32::try_from(place).ok());
            let parent = parent.filter(|_| is_within);
            closed.insert(face, gainer.into_iter().chain(parent).collect());
        }
        closed
    }

    /// Notes the ground that an area gained and lost; or where it got a vertex.
    fn note_moved(&mut self, place: usize, was: &Outline) -> Result<(), RepairError> {
        let is: &Outline = &self.plots[place].ground;
        let claims = [(0, was), (1, is)].map(|(owner, ground)| Claim {
            owner,
            ground: Ground::Drawn(ground),
        });
        let partition = Partition::build(&claims, &[])?;
        let faces = partition.faces().iter().enumerate();
        let moved = faces.filter(|(_, it)| it.owners.len() == 1);
        let polygons = moved.flat_map(|(face, _)| partition.outline_of(face).polygons);
        let ground = Outline {
            polygons: polygons.collect(),
        };
        let points: HashSet<&LngLat> = was.rings().flatten().collect();
        let new = is
            .rings()
            .flatten()
            .copied()
            .find(|point| !points.contains(point));
        let (spot, size_m2) = match new {
            _ if !ground.polygons.is_empty() => {
                let size_m2 = ground_m2(&ground);
                (Place::Ground(ground), Some(size_m2))
            }
            Some(point) => (Place::Point(point), None),
            None => (Place::Nowhere, None),
        };
        let areas = self.ids([place]);
        self.note(Mending {
            kind: RepairKind::Snap,
            areas,
            place: spot,
            size_m2,
        });
        Ok(())
    }
}

/// Takes out of listed outlines the tips, had by nobody else, between two long edges that run
/// closer to each other than the tolerance.
fn drop_thin_spikes(drawn: &mut [Outline], listed: &BTreeSet<usize>, tolerance_m: f64) {
    let mut having: HashMap<LngLat, (usize, bool)> = HashMap::new();
    for (place, outline) in drawn.iter().enumerate() {
        for &point in outline.rings().flatten() {
            let (first, is_shared) = having.entry(point).or_insert((place, false));
            *is_shared |= *first != place;
        }
    }
    let is_thin = |[before, tip, after]: [LngLat; 3]| {
        let metres = Metres::at(tip);
        let is_own = having.get(&tip).is_some_and(|&(_, is_shared)| !is_shared);
        is_own
            && metres.distance_m(before, tip) > tolerance_m
            && metres.distance_m(tip, after) > tolerance_m
            && metres.turns_back(before, tip, after)
            && (metres.nearest(after, [before, tip]).0 <= tolerance_m
                || metres.nearest(before, [tip, after]).0 <= tolerance_m)
    };
    for &place in listed {
        for ring in drawn[place].polygons.iter_mut().flatten() {
            let mut points: Vec<LngLat> =
                edges(ring).filter(|(a, b)| a != b).map(|it| it.0).collect();
            let count = points.len();
            let mut at = 0;
            while at < points.len() && points.len() > 3 {
                let n = points.len();
                if is_thin([points[(at + n - 1) % n], points[at], points[(at + 1) % n]]) {
                    points.remove(at);
                    at = at.saturating_sub(1);
                } else {
                    at += 1;
                }
            }
            if points.len() < count {
                points.extend(points.first().copied());
                *ring = points;
            }
        }
    }
}
