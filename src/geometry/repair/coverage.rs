//! Repairs of what lies between areas: gaps, overlaps, and ground outside the parent.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::{Group, RepairError, ground_m2};
use crate::domain::draft::Ground;
use crate::domain::draft::defect::Place;
use crate::domain::draft::repair::{Insertion, Mending, OverlapRule, Repair, RepairKind};
use crate::domain::{AreaId, LngLat, Outline, Shape};
use crate::geometry::partition::{Claim, Drawing, Partition};

/// Ground that gets other owners.
struct Shift {
    face: usize,
    owners: Vec<u32>,
    /// Whose ground changes; the one that gains first.
    areas: Vec<usize>,
    ground: Outline,
    size_m2: f64,
}

impl Group<'_> {
    /// Gives each gap to the neighbour with the longest border. Without a parent, gaps are what
    /// two siblings or more enclose.
    pub(super) fn fill_gaps(&mut self, repair: &Repair) -> Result<(), RepairError> {
        let listed = self.listed(repair);
        let partition = self.partition(&[], &[])?;
        let mut shifts = Vec::new();
        for (face, it) in partition.faces().iter().enumerate() {
            let is_gap = match self.parent {
                Some(_) => it.owners == [self.parent_owner()],
                None => it.owners.is_empty(),
            };
            if !is_gap {
                continue;
            }
            if let Some(gainer) = self.nearest_neighbour(&partition, face, &listed) {
                let mut owners = it.owners.clone();
                owners.extend(u32::try_from(gainer));
                shifts.push((face, owners, vec![gainer]));
            }
        }
        self.shift(repair, &partition, shifts)
    }

    /// Among the listed, the one with the longest border with a gap. Without a parent, none
    /// when only one sibling is beside it: then it may be a hole that is meant.
    pub(super) fn nearest_neighbour(
        &self,
        partition: &Partition,
        gap: usize,
        listed: &BTreeSet<usize>,
    ) -> Option<usize> {
        let mut borders_m: BTreeMap<usize, f64> = BTreeMap::new();
        for neighbour in partition.neighbours(gap) {
            let beside = neighbour.face.map(|face| &partition.faces()[face].owners);
            for place in self.siblings(beside.into_iter().flatten()) {
                *borders_m.entry(place).or_default() += neighbour.border_m;
            }
        }
        if self.parent.is_none() && borders_m.len() < 2 {
            return None;
        }
        let candidates = borders_m.iter().filter(|(place, _)| listed.contains(place));
        let longest_m = candidates.clone().map(|it| *it.1).fold(0.0, f64::max);
        let longest = candidates.filter(|it| *it.1 >= longest_m);
        self.first_by_code(longest.map(|(&place, _)| place))
    }

    /// Gives each overlap to one of those who claim it.
    pub(super) fn settle_overlaps<'a>(
        &mut self,
        repair: &Repair,
        before: &impl Fn(AreaId) -> Option<&'a Shape>,
    ) -> Result<(), RepairError> {
        let listed = self.listed(repair);
        let mut partition = self.partition(&[], &[])?;
        let overlaps = |partition: &Partition| -> BTreeMap<usize, Vec<usize>> {
            let faces = partition.faces().iter().enumerate();
            faces
                .map(|(face, it)| (face, self.siblings(&it.owners)))
                .filter(|(_, claiming)| claiming.len() > 1)
                .filter(|(_, claiming)| claiming.iter().all(|place| listed.contains(place)))
                .collect()
        };
        let mut found = overlaps(&partition);
        let claiming: BTreeSet<usize> = found.values().flatten().copied().collect();
        let mut had = BTreeMap::new();
        let mut sizes_m2: BTreeMap<usize, f64> = BTreeMap::new();
        match repair.rule {
            OverlapRule::FirstCode => {}
            OverlapRule::AsBefore => {
                // Old borders divide the overlaps further.
                let shapes: Vec<(u32, &Shape)> = (self.parent_owner() + 1..)
                    .zip(&claiming)
                    .filter_map(|(owner, &place)| {
                        had.insert(place, owner);
                        Some((owner, before(self.plots[place].id)?))
                    })
                    .collect();
                partition = self.partition(&shapes, &[])?;
                found = overlaps(&partition);
            }
            OverlapRule::Smallest | OverlapRule::Largest => {
                for (face, it) in partition.faces().iter().enumerate() {
                    let places = self.siblings(&it.owners);
                    if places.iter().any(|place| claiming.contains(place)) {
                        let size_m2 = ground_m2(&partition.outline_of(face));
                        for place in places {
                            *sizes_m2.entry(place).or_default() += size_m2;
                        }
                    }
                }
            }
        }
        let compare_sizes = |a: &usize, b: &usize| -> Ordering {
            // Sizes that differ by less than they are exact to are the same.
            let size = |place| sizes_m2.get(place).map_or(0.0, |size_m2| size_m2 * 1e3);
            size(a).round().total_cmp(&size(b).round())
        };
        let by_code = |a: &usize, b: &usize| {
            let [a, b] = [a, b].map(|&place| (self.plots[place].code, place));
            a.cmp(&b)
        };
        let shifts = found.into_iter().filter_map(|(face, claiming)| {
            let owners = &partition.faces()[face].owners;
            let mut places = claiming.iter().copied();
            let gainer = match repair.rule {
                OverlapRule::FirstCode => places.min_by(by_code),
                OverlapRule::Smallest => {
                    places.min_by(|a, b| compare_sizes(a, b).then_with(|| by_code(a, b)))
                }
                OverlapRule::Largest => {
                    places.min_by(|a, b| compare_sizes(b, a).then_with(|| by_code(a, b)))
                }
                OverlapRule::AsBefore => {
                    let had_it = |place: &usize| {
                        let owner = had.get(place);
                        owner.is_some_and(|owner| owners.contains(owner))
                    };
                    let before = places.clone().filter(had_it).min_by(by_code);
                    before.or_else(|| places.by_ref().min_by(by_code))
                }
            }?;
            let losers = claiming.iter().copied().filter(|&place| place != gainer);
            let areas: Vec<usize> = std::iter::once(gainer).chain(losers).collect();
            let mut owners = owners.clone();
            let loses = |owner: u32| {
                let mut losers = areas[1..].iter();
                losers.any(|&place| usize::try_from(owner) == Ok(place))
            };
            owners.retain(|&owner| !loses(owner));
            Some((face, owners, areas))
        });
        let shifts = shifts.collect();
        self.shift(repair, &partition, shifts)
    }

    /// Cuts off what lies outside the parent, if there is one.
    pub(super) fn clip_to_parent(&mut self, repair: &Repair) -> Result<(), RepairError> {
        if self.parent.is_none() {
            return Ok(());
        }
        let listed = self.listed(repair);
        let partition = self.partition(&[], &[])?;
        let mut shifts = Vec::new();
        for (face, it) in partition.faces().iter().enumerate() {
            let mut losers = self.siblings(&it.owners);
            losers.retain(|place| listed.contains(place));
            if !it.owners.contains(&self.parent_owner()) && !losers.is_empty() {
                let mut owners = it.owners.clone();
                owners.retain(|&owner| {
                    usize::try_from(owner).is_ok_and(|place| !losers.contains(&place))
                });
                shifts.push((face, owners, losers));
            }
        }
        self.shift(repair, &partition, shifts)
    }

    /// Gives faces to new owners: each with its owners and with whom it concerns. Leaves
    /// those alone that are larger than the repair allows.
    fn shift(
        &mut self,
        repair: &Repair,
        partition: &Partition,
        shifts: Vec<(usize, Vec<u32>, Vec<usize>)>,
    ) -> Result<(), RepairError> {
        let limit_m2 = match repair.kind {
            RepairKind::ClipToParent => None,
            _ => repair.max_m2,
        };
        let shifts: BTreeMap<usize, Shift> = shifts
            .into_iter()
            .map(|(face, owners, areas)| {
                let ground = partition.outline_of(face);
                let size_m2 = ground_m2(&ground);
                let shift = Shift {
                    face,
                    owners,
                    areas,
                    ground,
                    size_m2,
                };
                (face, shift)
            })
            .filter(|(_, shift)| limit_m2.is_none_or(|limit_m2| shift.size_m2 <= limit_m2))
            .collect();
        if shifts.is_empty() {
            return Ok(());
        }
        let faces = shifts.values().map(|shift| shift.face);
        let nodes: BTreeSet<LngLat> = faces.flat_map(|face| partition.nodes_of(face)).collect();
        let owners = |face: usize| match shifts.get(&face) {
            Some(shift) => shift.owners.clone(),
            None => partition.faces()[face].owners.clone(),
        };
        self.redraw(repair.kind, partition, owners, |point| {
            nodes.contains(&point)
        })?;
        for shift in shifts.into_values() {
            let areas = self.ids(shift.areas);
            self.note(Mending {
                kind: repair.kind,
                areas,
                place: Place::Ground(shift.ground),
                size_m2: Some(shift.size_m2),
            });
        }
        Ok(())
    }

    /// Draws everybody anew who has a border at a touched point before or after.
    pub(super) fn redraw(
        &mut self,
        kind: RepairKind,
        partition: &Partition,
        owners: impl Fn(usize) -> Vec<u32>,
        is_touched: impl Fn(LngLat) -> bool,
    ) -> Result<(), RepairError> {
        let mut touched = BTreeSet::new();
        for (ends, faces) in partition.borders() {
            if ends.into_iter().any(&is_touched) {
                for face in faces.into_iter().flatten() {
                    touched.extend(self.siblings(&partition.faces()[face].owners));
                    touched.extend(self.siblings(&owners(face)));
                }
            }
        }
        // Those of the edition before have no say.
        let known = self.parent_owner();
        let assembly = partition.assemble_shared(|face| {
            let mut owners = owners(face);
            owners.retain(|&owner| owner <= known);
            owners
        });
        let mut drawn: BTreeMap<u32, Outline> = assembly.grounds.into_iter().collect();
        for place in touched {
            let ground = u32::try_from(place).ok().and_then(|it| drawn.remove(&it));
            let plot = &mut self.plots[place];
            let Some(ground) = ground else {
                let code = plot.code.to_owned();
                return Err(RepairError::Vanishes { code, kind });
            };
            if !plot.ground.is_drawn_like(&ground) {
                plot.ground = Cow::Owned(ground);
            }
        }
        let near = |insertion: &Insertion| insertion.points.iter().any(|&point| is_touched(point));
        let inserted = assembly.inserted.into_iter().filter(near).collect();
        self.insert_into_parent(inserted);
        Ok(())
    }

    /// The number of the parent among the owners of faces; those of former grounds are higher.
    pub(super) fn parent_owner(&self) -> u32 {
        u32::try_from(self.plots.len()).unwrap_or(u32::MAX)
    }

    /// The children among owners.
    pub(super) fn siblings<'o>(&self, owners: impl IntoIterator<Item = &'o u32>) -> Vec<usize> {
        let places = owners
            .into_iter()
            .filter_map(|&it| usize::try_from(it).ok());
        places.filter(|&place| place < self.plots.len()).collect()
    }

    /// The faces between everybody, and former grounds.
    pub(super) fn partition(
        &self,
        former: &[(u32, &Shape)],
        feet: &[LngLat],
    ) -> Result<Partition, RepairError> {
        let mut claims = self.claims();
        claims.extend(former.iter().map(|&(owner, shape)| Claim {
            owner,
            ground: Ground::Standing(shape),
        }));
        Ok(Partition::of(Drawing {
            claims: &claims,
            feet,
            anchor: Some(self.parent_owner()),
            ..Drawing::default()
        })?)
    }

    fn claims(&self) -> Vec<Claim<'_>> {
        let grounds = self.plots.iter().map(|plot| plot.ground.as_ref());
        let claims = (0..).zip(grounds.chain(&self.parent));
        claims
            .map(|(owner, ground)| Claim {
                owner,
                ground: Ground::Drawn(ground),
            })
            .collect()
    }
}
