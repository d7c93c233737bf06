//! The ground that an area really has, as far as its rings enclose something.

use std::collections::HashSet;

use crate::domain::draft::Ground;
use crate::domain::{BoundingBox, LngLat, Outline, Ring};

/// Ground without spikes and rings that enclose nothing.
#[derive(Debug)]
pub(super) struct Footing<'a> {
    held: Held<'a>,
    /// True when its rings are valid. The ground of others is whatever an odd number of
    /// their rings encloses.
    pub valid: bool,
}

#[derive(Debug)]
enum Held<'a> {
    Lent(Ground<'a>),
    Own(Outline),
}

impl Default for Footing<'_> {
    fn default() -> Self {
        Self::lent(Ground::Unknown, false)
    }
}

impl<'a> Footing<'a> {
    /// On ground as it is drawn.
    pub(super) const fn lent(ground: Ground<'a>, valid: bool) -> Self {
        Self {
            held: Held::Lent(ground),
            valid,
        }
    }

    /// On what is left of it.
    pub(super) const fn own(outline: Outline, valid: bool) -> Self {
        Self {
            held: Held::Own(outline),
            valid,
        }
    }

    pub(super) const fn ground(&self) -> Ground<'_> {
        match &self.held {
            Held::Lent(ground) => *ground,
            Held::Own(outline) => Ground::Drawn(outline),
        }
    }

    pub(super) fn is_none(&self) -> bool {
        match self.ground() {
            Ground::Unknown => true,
            Ground::Standing(_) => false,
            Ground::Drawn(outline) => outline.rings().next().is_none(),
        }
    }

    /// Every ring, open, by its polygon: the outer one first. Points may be repeated.
    pub(super) fn polygons(&self) -> Vec<Vec<&[LngLat]>> {
        polygons_of(self.ground())
    }

    pub(super) fn bounds(&self) -> Option<BoundingBox> {
        match self.ground() {
            Ground::Unknown => None,
            Ground::Standing(shape) => Some(shape.bounds()),
            Ground::Drawn(outline) => outline.bounds(),
        }
    }
}

/// Every ring of a ground, open, by its polygon: the outer one first.
pub(super) fn polygons_of(ground: Ground<'_>) -> Vec<Vec<&[LngLat]>> {
    match ground {
        Ground::Unknown => Vec::new(),
        Ground::Standing(shape) => {
            let polygons = shape.polygons().iter();
            polygons
                .map(|polygon| polygon.rings().map(Ring::points).collect())
                .collect()
        }
        Ground::Drawn(outline) => {
            let polygons = outline.polygons.iter();
            polygons
                .map(|rings| rings.iter().map(|ring| open(ring)).collect())
                .collect()
        }
    }
}

/// A ring without the closing repetition.
pub(super) fn open(ring: &[LngLat]) -> &[LngLat] {
    match ring {
        [first, .., last] if first == last => &ring[..ring.len() - 1],
        _ => ring,
    }
}

/// A ring with the closing repetition.
pub(super) fn close(ring: &[LngLat]) -> Vec<LngLat> {
    ring.iter().chain(ring.first()).copied().collect()
}

/// How many different points there are.
pub(super) fn count_distinct(points: &[LngLat]) -> usize {
    points.iter().collect::<HashSet<_>>().len()
}
