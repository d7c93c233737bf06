//! The point look-up over the areas of one level.

mod cell;
mod edge;
mod ground;
mod node;
mod raster;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use rayon::prelude::*;

use super::atlas::Ordinal;
use crate::domain::{BoundingBox, Level, LngLat, Shape};
use crate::geometry::validity;
use cell::Claim;
use edge::Spot;
use raster::{Entrant, Raster};

pub use ground::{Boxed, Ground, Grounds, boxes_for};

/// Finds the owner of a point among the areas of one level.
///
/// The border rule: a point belongs to the first area, in the order of the atlas, that
/// covers it, borders included. So a shared border has one owner, the same at every
/// level, and where areas overlap the answer is still the same each time.
///
/// The ground is a raster of cells. A cell names the one area that owns it whole, or holds
/// the borders that cross it: a point is then found by which of those lie between it and the
/// corner of the cell, for which it is known what areas have it. All in integers.
///
/// Areas stand in the raster by numbers of its own, their slots, which an area keeps from one
/// edition to the next.
#[derive(Debug, Clone, Default)]
pub struct LevelIndex {
    raster: Raster,
    /// By slot; [`VACANT`] where no area is.
    ordinals: Vec<Ordinal>,
    places: Vec<Place>,
    vacant: Vec<u32>,
    /// How many areas the raster was laid out for.
    planned: usize,
    bounds: Option<BoundingBox>,
}

/// Where an area lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    bounds: BoundingBox,
    /// Its rings are not nested as those of a valid shape, so that counting how many of them
    /// are crossed does not tell what is inside.
    asked: bool,
}

const VACANT: Ordinal = Ordinal::MAX;

/// What becomes of the areas of an atlas in the next one.
#[derive(Debug, Clone, Copy)]
pub struct Succession<'a> {
    pub after: Grounds<'a>,
    /// The new ordinal of each old area; `None` when there is no area of the code any more.
    pub moved: &'a [Option<Ordinal>],
    /// New ordinals of the areas that are new, have another ground or level, or hang elsewhere
    /// in the tree; the others keep their order among themselves.
    pub touched: &'a [Ordinal],
}

impl LevelIndex {
    /// Indexes the areas of a level.
    #[must_use]
    pub fn build(grounds: Grounds<'_>, level: Level) -> Self {
        let found: Vec<(Ordinal, Ground<'_>)> = (0..)
            .zip(grounds.areas)
            .filter(|(_, area)| area.level == level)
            .filter_map(|(ordinal, _)| Some((ordinal, grounds.find(ordinal)?)))
            .collect();
        let entrants: Vec<Entrant<'_>> = (0..)
            .zip(&found)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(slot, &(_, ground))| Entrant {
                slot,
                ground,
                asked: must_be_asked(ground.shape),
            })
            .collect();
        Self {
            raster: Raster::build(&entrants),
            ordinals: found.iter().map(|(ordinal, _)| *ordinal).collect(),
            bounds: entrants
                .iter()
                .map(|it| it.ground.shape.bounds())
                .reduce(BoundingBox::union),
            places: entrants
                .iter()
                .map(|it| Place {
                    bounds: it.ground.shape.bounds(),
                    asked: it.asked,
                })
                .collect(),
            vacant: Vec::new(),
            planned: found.len(),
        }
    }

    /// The index of the level in the next atlas: the same as if it were built, but made of
    /// this one, of which it shares what did not change.
    #[must_use]
    pub fn succeed(&self, next: &Succession<'_>, level: Level) -> Self {
        let mut index = self.clone();
        let touched: HashSet<Ordinal> = next.touched.iter().copied().collect();
        let mut gone: HashSet<u32> = HashSet::new();
        let mut dirty = Vec::new();
        let mut entered: Vec<(u32, Ordinal)> = Vec::new();
        let mut known: HashSet<Ordinal> = HashSet::new();
        for (slot, ordinal) in (0..).zip(&mut index.ordinals) {
            if *ordinal == VACANT {
                continue;
            }
            let before = std::mem::replace(ordinal, VACANT);
            let after = next.moved.get(before as usize).copied().flatten();
            if let Some(after) = after {
                if !touched.contains(&after) {
                    *ordinal = after;
                    continue;
                }
                let area = &next.after.areas[after as usize];
                if area.level == level && area.shape.is_some() {
                    *ordinal = after;
                    known.insert(after);
                    entered.push((slot, after));
                }
            }
            gone.insert(slot);
            dirty.push(Spot::corners(&index.places[slot as usize].bounds));
            if *ordinal == VACANT {
                index.vacant.push(slot);
            }
        }
        let mut next_slot = u32::try_from(index.ordinals.len()).unwrap_or(VACANT);
        for &ordinal in next.touched {
            let area = &next.after.areas[ordinal as usize];
            if area.level == level && area.shape.is_some() && !known.contains(&ordinal) {
                let slot = index.vacant.pop().unwrap_or(next_slot);
                next_slot += u32::from(slot == next_slot);
                entered.push((slot, ordinal));
            }
        }
        if gone.is_empty() && entered.is_empty() {
            return index;
        }
        for &(slot, ordinal) in &entered {
            if let Some(ground) = next.after.find(ordinal) {
                index.put(slot as usize, ordinal, Place::of(ground.shape));
            }
        }
        let count = index.len();
        // Beyond this the cells no longer fit, or to share is no gain.
        if count > 2 * self.planned || entered.len() > 100 + count / 4 {
            return Self::build(next.after, level);
        }
        let entrant = |slot: u32| {
            let ordinal = *index.ordinals.get(slot as usize)?;
            let entrant = Entrant {
                slot,
                ground: next.after.find(ordinal)?,
                asked: index.places.get(slot as usize)?.asked,
            };
            Some((ordinal, entrant))
        };
        let entrants: Vec<Entrant<'_>> = entered
            .iter()
            .filter_map(|&(slot, _)| Some(entrant(slot)?.1))
            .collect();
        let changed = self
            .raster
            .change(&dirty, |slot| gone.contains(&slot), &entrants, entrant);
        let Some(raster) = changed else {
            return Self::build(next.after, level);
        };
        index.raster = raster;
        index.bounds = (index.ordinals.iter().zip(&index.places))
            .filter(|(ordinal, _)| **ordinal != VACANT)
            .map(|(_, place)| place.bounds)
            .reduce(BoundingBox::union);
        index
    }

    /// How many areas are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ordinals.len() - self.vacant.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The box around all areas.
    #[must_use]
    pub const fn bounds(&self) -> Option<BoundingBox> {
        self.bounds
    }

    /// Bytes that the index takes, without the shapes themselves.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.raster.size_bytes() + size_of_val(&self.ordinals[..]) + size_of_val(&self.places[..])
    }

    /// The owner of a point; `grounds` are those of the atlas.
    #[must_use]
    pub fn owner(&self, point: LngLat, grounds: Grounds<'_>) -> Option<Ordinal> {
        match self.raster.find(Spot::of(point)) {
            Claim::Nobody => None,
            Claim::One(slot) => self.ordinals.get(slot as usize).copied(),
            Claim::Ask(slots) => slots
                .iter()
                .filter_map(|&slot| self.ordinals.get(slot as usize).copied())
                .find(|&ordinal| {
                    grounds
                        .find(ordinal)
                        .is_some_and(|ground| ground.covers(point))
                }),
        }
    }

    /// The areas whose boxes meet `bounds`, in the order of the atlas.
    #[must_use]
    pub fn meeting(&self, bounds: &BoundingBox) -> Vec<Ordinal> {
        let mut found = Vec::new();
        self.raster.each_near(
            Spot::corners(bounds),
            |slot| Spot::corners(&self.places[slot as usize].bounds),
            |slot| found.push(self.ordinals[slot as usize]),
        );
        found.sort_unstable();
        found
    }

    #[cfg(test)]
    pub(super) fn shared_blocks(&self, other: &Self) -> (usize, usize) {
        self.raster.shared_blocks(&other.raster)
    }

    /// Slots are filled in order, so that a new one is the next after the last.
    fn put(&mut self, slot: usize, ordinal: Ordinal, place: Place) {
        if slot < self.ordinals.len() {
            self.ordinals[slot] = ordinal;
            self.places[slot] = place;
        } else {
            self.ordinals.push(ordinal);
            self.places.push(place);
        }
    }
}

impl Place {
    fn of(shape: &Shape) -> Self {
        Self {
            bounds: shape.bounds(),
            asked: must_be_asked(shape),
        }
    }
}

/// Whether the shape does not follow from how many of its edges are crossed. A single ring
/// always does, as do parts that lie apart; others do when they are valid.
fn must_be_asked(shape: &Shape) -> bool {
    const FEW: usize = 16;
    let polygons = shape.polygons();
    let has_holes = polygons.iter().any(|polygon| !polygon.holes.is_empty());
    if !has_holes && polygons.len() <= FEW {
        let boxes: Vec<BoundingBox> = polygons
            .iter()
            .filter_map(|it| BoundingBox::around(it.exterior.points().iter().copied()))
            .collect();
        let apart = |(at, one): (usize, &BoundingBox)| {
            boxes[at + 1..].iter().all(|other| !one.intersects(other))
        };
        if boxes.iter().enumerate().all(apart) {
            return false;
        }
    }
    validity::check(shape).is_err()
}
