//! Repairs of the rings of single areas.

use std::borrow::Cow;

use super::{Group, RepairError, ground_m2};
use crate::domain::draft::Ground;
use crate::domain::draft::defect::Place;
use crate::domain::draft::repair::{Mending, Repair, RepairKind};
use crate::domain::{LngLat, Outline};
use crate::geometry::partition::{Claim, Partition};
use crate::geometry::validity::{Trimmed, check, find_faults, trim};

/// A part below this many square metres is dropped when nothing is said,
const TINY_M2: f64 = 1.0;
/// or below this share of its area.
const TINY_SHARE: f64 = 1e-6;

impl Group<'_> {
    pub(super) fn close_rings(&mut self, repair: &Repair) {
        self.each_ring(repair, |ring, mended| {
            if let (Some(&first), Some(&last)) = (ring.first(), ring.last())
                && first != last
            {
                ring.push(first);
                mended.push(Place::Line(vec![last, first]));
            }
        });
    }

    pub(super) fn drop_duplicates(&mut self, repair: &Repair) {
        self.each_ring(repair, |ring, mended| {
            let repeated = ring.windows(2).filter(|pair| pair[0] == pair[1]);
            let mut repeated: Vec<LngLat> = repeated.map(|pair| pair[0]).collect();
            repeated.dedup();
            ring.dedup();
            mended.extend(repeated.into_iter().map(Place::Point));
        });
    }

    pub(super) fn drop_spikes(&mut self, repair: &Repair) -> Result<(), RepairError> {
        self.each_ring(repair, |ring, mended| {
            let trimmed = trim(ring);
            if !trimmed.spikes.is_empty() {
                mended.extend(trimmed.spikes.into_iter().map(Place::Line));
                let points = trimmed.points.into_owned();
                let first = points.first().copied();
                *ring = points.into_iter().chain(first).collect();
            }
        });
        self.drop_empty_rings(repair)
    }

    /// Leaves out rings of which spikes were everything, and the holes of what is gone.
    fn drop_empty_rings(&mut self, repair: &Repair) -> Result<(), RepairError> {
        for place in self.listed(repair) {
            let plot = &mut self.plots[place];
            if plot.ground.rings().all(|ring| !ring.is_empty()) {
                continue;
            }
            let ground = plot.ground.to_mut();
            ground
                .polygons
                .retain(|rings| rings.first().is_some_and(|outer| !outer.is_empty()));
            for rings in &mut ground.polygons {
                rings.retain(|ring| !ring.is_empty());
            }
            if ground.polygons.is_empty() {
                let code = plot.code.to_owned();
                return Err(RepairError::NoGround { code });
            }
        }
        Ok(())
    }

    /// Changes rings one by one; the closure says the places it has mended.
    fn each_ring(&mut self, repair: &Repair, mend: impl Fn(&mut Vec<LngLat>, &mut Vec<Place>)) {
        for place in self.listed(repair) {
            let plot = &mut self.plots[place];
            let mut mended = Vec::new();
            let mut ground = plot.ground.as_ref().clone();
            for ring in ground.polygons.iter_mut().flatten() {
                mend(ring, &mut mended);
            }
            if mended.is_empty() {
                continue;
            }
            plot.ground = Cow::Owned(ground);
            let areas = self.ids([place]);
            for place in mended {
                self.note(Mending {
                    kind: repair.kind,
                    areas: areas.clone(),
                    place,
                    size_m2: None,
                });
            }
        }
    }

    /// Draws anew what an odd number of rings encloses, of areas that are not valid.
    pub(super) fn make_valid(&mut self, repair: &Repair) -> Result<(), RepairError> {
        for place in self.listed(repair) {
            let plot = &mut self.plots[place];
            let ground = plot.ground.as_ref();
            if ground.to_shape().is_ok_and(|shape| check(&shape).is_ok()) {
                continue;
            }
            let fault = find_fault(ground);
            let claim = Claim {
                owner: 0,
                ground: Ground::Drawn(ground),
            };
            let partition = Partition::build(&[claim], &[])?;
            let drawn = partition.assemble(|face| partition.faces()[face].owners.first().copied());
            let Some((_, valid)) = drawn.grounds.into_iter().next() else {
                let code = plot.code.to_owned();
                return Err(RepairError::NoGround { code });
            };
            plot.ground = Cow::Owned(valid);
            let areas = self.ids([place]);
            self.note(Mending {
                kind: RepairKind::MakeValid,
                areas,
                place: fault,
                size_m2: None,
            });
        }
        Ok(())
    }

    /// Drops parts that are too small to be meant; never the largest.
    pub(super) fn drop_tiny_parts(&mut self, repair: &Repair) {
        for place in self.listed(repair) {
            let polygons = self.plots[place].ground.polygons.iter().cloned();
            let parts: Vec<(Outline, f64)> = polygons
                .map(|rings| {
                    let part = Outline {
                        polygons: vec![rings],
                    };
                    let size_m2 = ground_m2(&part);
                    (part, size_m2)
                })
                .collect();
            let largest_m2 = parts.iter().map(|part| part.1).fold(0.0, f64::max);
            let total_m2: f64 = parts.iter().map(|part| part.1).sum();
            let limit_m2 = repair.max_m2.unwrap_or(TINY_M2.max(TINY_SHARE * total_m2));
            let is_tiny = |size_m2: f64| size_m2 < limit_m2.min(largest_m2);
            if !parts.iter().any(|part| is_tiny(part.1)) {
                continue;
            }
            let (tiny, kept): (Vec<_>, Vec<_>) =
                parts.into_iter().partition(|part| is_tiny(part.1));
            self.plots[place].ground = Cow::Owned(Outline {
                polygons: kept.into_iter().flat_map(|part| part.0.polygons).collect(),
            });
            let areas = self.ids([place]);
            for (part, size_m2) in tiny {
                self.note(Mending {
                    kind: RepairKind::DropTinyParts,
                    areas: areas.clone(),
                    place: Place::Ground(part),
                    size_m2: Some(size_m2),
                });
            }
        }
    }
}

/// The first place where rings are not valid.
fn find_fault(ground: &Outline) -> Place {
    let trimmed: Vec<Vec<Trimmed<'_>>> = ground
        .polygons
        .iter()
        .map(|rings| rings.iter().map(|ring| trim(ring)).collect())
        .collect();
    let spike = trimmed
        .iter()
        .flatten()
        .flat_map(|ring| &ring.spikes)
        .next();
    if let Some(spike) = spike {
        return Place::Line(spike.clone());
    }
    let polygons: Vec<Vec<&[LngLat]>> = trimmed
        .iter()
        .map(|rings| rings.iter().map(|ring| &*ring.points).collect())
        .collect();
    let faults = find_faults(&polygons, 1);
    let place = faults
        .first()
        .map(|fault| Place::Point(fault.error.place()));
    place.unwrap_or(Place::Nowhere)
}
