//! How the outer border of a file's areas fits that of the parents they claim.
//!
//! The share of their ground that lies inside hardly notices the 500 m by which Chinese web
//! maps are shifted when a parent is 40 km wide. Its border does: on one side the areas
//! stick out by those 500 m, on the other they leave a strip bare. So places just inside
//! and just outside of the parents' borders are tried, farther and farther away: inside,
//! some area that claims the parent should be there, and outside none.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, Envelope, RTree};

use super::claims::Claim;
use super::samples::{encloses, spread};
use crate::codec::source::{Placement, SourceLayer};
use crate::domain::{BoundingBox, LngLat, Shape};
use crate::index::Atlas;
use crate::index::atlas::Ordinal;

/// At most so many parents are looked at, and so many places on their borders in all.
const MOST_PARENTS: usize = 64;
const MOST_WITNESSES: usize = 640;
const LEAST_WITNESSES: usize = 64;
/// At most so many edges are tested to see what lies inside; fewer places then.
const MOST_TESTS: usize = 3_000_000;
/// How far from the border is tried: from the width of a drawn line to more than BD-09 is
/// shifted.
const OFFSETS_M: [f64; 9] = [4.0, 12.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1440.0];
/// So many of them at least must be clear to either side of a place.
const LEAST_OFFSETS: usize = 3;
/// Borders are walked in steps of this length, longer when there would be too many.
const STEP_M: f64 = 100.0;
const MOST_STEPS: f64 = 100_000.0;
/// A degree of latitude, about.
const DEGREE_M: f64 = 111_000.0;

/// Places along the borders of the parents that a file claims.
pub(super) struct Frontier<'a> {
    layer: &'a SourceLayer,
    witnesses: Vec<Witness>,
    /// The boxes of the features that claim those parents, in the numbers of the file.
    claimants: RTree<Claimant>,
}

/// A feature, by its place in the layer, with the parent it claims.
type Claimant = GeomWithData<Rectangle<[f64; 2]>, (usize, Ordinal)>;

/// A place on the border of a parent.
struct Witness {
    parent: Ordinal,
    /// East and north, of length 1.
    outward: (f64, f64),
    inside: Vec<LngLat>,
    outside: Vec<LngLat>,
}

impl<'a> Frontier<'a> {
    /// The borders of the parents that the features of a layer claim, as far as they are
    /// within `bounds`.
    pub(super) fn survey(
        layer: &'a SourceLayer,
        claims: &[Claim],
        atlas: &Atlas,
        bounds: &BoundingBox,
    ) -> Self {
        let claimed: BTreeSet<Ordinal> = claims.iter().filter_map(|claim| claim.above).collect();
        let near = |ordinal: &Ordinal| {
            let shape = atlas.area(*ordinal).shape.as_deref();
            shape.is_some_and(|shape| shape.bounds().intersects(bounds))
        };
        let claimed: Vec<Ordinal> = claimed.into_iter().filter(near).collect();
        let parents: Vec<Ordinal> = spread(&claimed, MOST_PARENTS).copied().collect();
        let shapes: Vec<(Ordinal, &Shape)> = parents
            .iter()
            .filter_map(|&ordinal| Some((ordinal, atlas.area(ordinal).shape.as_deref()?)))
            .collect();
        let boxes = claims.par_iter().zip(&layer.features).enumerate();
        let boxes = boxes.filter_map(|(feature, (claim, raw))| {
            let parent = claim.above.filter(|parent| parents.contains(parent))?;
            let points = raw.polygons.as_ref().ok()?.iter().flatten().flatten();
            // Of strays nobody knows where they are.
            let mut points = points.filter(|point| point.iter().all(|value| value.is_finite()));
            let first = AABB::from_point(*points.next()?);
            let bounds = points.fold(first, |bounds, &point| {
                bounds.merged(&AABB::from_point(point))
            });
            Some(GeomWithData::new(
                Rectangle::from_aabb(bounds),
                (feature, parent),
            ))
        });
        Self {
            layer,
            witnesses: walk(&shapes, bounds),
            claimants: RTree::bulk_load(boxes.collect()),
        }
    }

    /// How far the file's areas stick out or leave bare at each place along the border, in
    /// metres. `None` where the file has no area near.
    pub(super) fn measure(&self, placement: Placement) -> Vec<Option<f64>> {
        let witnesses = self.witnesses.par_iter();
        witnesses
            .map(|witness| self.measure_at(witness, placement))
            .collect()
    }

    fn measure_at(&self, witness: &Witness, placement: Placement) -> Option<f64> {
        let covered = |&&place: &&LngLat| self.covers(witness.parent, place, placement);
        let bare = witness
            .inside
            .iter()
            .take_while(|place| !covered(place))
            .count();
        let out = witness
            .outside
            .iter()
            .take_while(|place| covered(place))
            .count();
        if bare < witness.inside.len() {
            Some(between_offsets(bare.max(out)))
        } else {
            // The file has nothing inside here: that is no strip.
            (out > 0).then(|| between_offsets(out))
        }
    }

    /// True when a feature that claims the parent covers the place.
    fn covers(&self, parent: Ordinal, place: LngLat, placement: Placement) -> bool {
        let Ok(point) = placement.from_wgs84(place) else {
            return false;
        };
        let around = self.claimants.locate_all_at_point(&point);
        around.map(|entry| entry.data).any(|(feature, claimed)| {
            let polygons = self.layer.features.get(feature).map(|raw| &raw.polygons);
            claimed == parent
                && polygons.is_some_and(|polygons| {
                    polygons
                        .as_ref()
                        .is_ok_and(|polygons| encloses(polygons, point))
                })
        })
    }

    /// How alike the directions are that the border faces at these places: 1 when it is
    /// straight, 0 when they lie all around.
    pub(super) fn straightness(&self, at: impl Iterator<Item = usize>) -> f64 {
        let (mut east, mut north, mut count) = (0.0_f64, 0.0_f64, 0_u32);
        for witness in at.filter_map(|index| self.witnesses.get(index)) {
            east += witness.outward.0;
            north += witness.outward.1;
            count += 1;
        }
        east.hypot(north) / f64::from(count.max(1))
    }
}

fn between_offsets(tried: usize) -> f64 {
    match (
        tried.checked_sub(1).and_then(|last| OFFSETS_M.get(last)),
        OFFSETS_M.get(tried),
    ) {
        (None, _) => 0.0,
        (Some(&last), None) => last,
        (Some(&last), Some(&next)) => f64::midpoint(last, next),
    }
}

/// Places along the borders within `bounds`, evenly, with the way outward.
fn walk(shapes: &[(Ordinal, &Shape)], bounds: &BoundingBox) -> Vec<Witness> {
    let scale = Scale::at(bounds.centre());
    let edges = || {
        let each = shapes.iter();
        let all =
            each.flat_map(|&(parent, shape)| shape.edges().map(move |edge| (parent, shape, edge)));
        all.filter(|(_, _, (a, b))| {
            BoundingBox::around([*a, *b]).is_some_and(|edge| edge.intersects(bounds))
        })
    };
    let length_m: f64 = edges().map(|(_, _, (a, b))| scale.length_m(a, b)).sum();
    let step_m = STEP_M.max(length_m / MOST_STEPS);
    let mut places = Vec::new();
    let mut ahead_m = 0.0;
    for (parent, shape, (a, b)) in edges() {
        let length_m = scale.length_m(a, b);
        while ahead_m < length_m {
            let at = scale.along(a, b, ahead_m / length_m);
            places.extend(
                at.filter(|&at| bounds.contains(at))
                    .map(|at| (parent, shape, a, b, at)),
            );
            ahead_m += step_m;
        }
        ahead_m -= length_m;
    }
    let vertices = shapes.iter().map(|(_, shape)| shape.vertex_count()).max();
    let affordable = MOST_TESTS / vertices.unwrap_or(0).max(1);
    let most = affordable.clamp(LEAST_WITNESSES, MOST_WITNESSES);
    let chosen: Vec<_> = spread(&places, most).collect();
    chosen
        .par_iter()
        .filter_map(|&&(parent, shape, a, b, at)| scale.testify(parent, shape, (a, b), at))
        .collect()
}

/// Metres per degree, near enough for a few kilometres.
struct Scale {
    lon_m: f64,
}

impl Scale {
    fn at(place: LngLat) -> Self {
        Self {
            lon_m: DEGREE_M * place.lat().to_radians().cos().max(0.01),
        }
    }

    fn step_m(&self, a: LngLat, b: LngLat) -> (f64, f64) {
        (
            (b.lon() - a.lon()) * self.lon_m,
            (b.lat() - a.lat()) * DEGREE_M,
        )
    }

    fn length_m(&self, a: LngLat, b: LngLat) -> f64 {
        let (east, north) = self.step_m(a, b);
        east.hypot(north)
    }

    fn along(&self, a: LngLat, b: LngLat, part: f64) -> Option<LngLat> {
        let (east, north) = self.step_m(a, b);
        self.beside(a, (east * part, north * part))
    }

    fn beside(&self, place: LngLat, (east_m, north_m): (f64, f64)) -> Option<LngLat> {
        let (lon, lat) = (
            place.lon() + east_m / self.lon_m,
            place.lat() + north_m / DEGREE_M,
        );
        LngLat::from_degrees(lon, lat).ok()
    }

    /// A witness at a place of an edge, if the ground to its sides is clearly inside and
    /// outside.
    fn testify(
        &self,
        parent: Ordinal,
        shape: &Shape,
        (a, b): (LngLat, LngLat),
        at: LngLat,
    ) -> Option<Witness> {
        let (east, north) = self.step_m(a, b);
        let length_m = east.hypot(north);
        let left = (-north / length_m, east / length_m);
        let side = |(east, north): (f64, f64), inside: bool| -> Vec<LngLat> {
            let places = OFFSETS_M
                .iter()
                .map(|offset_m| self.beside(at, (east * offset_m, north * offset_m)));
            places
                .map_while(|place| place.filter(|&place| shape.covers(place) == inside))
                .collect()
        };
        let right = (-left.0, -left.1);
        [(left, right), (right, left)]
            .into_iter()
            .find_map(|(inward, outward)| {
                let (inside, outside) = (side(inward, true), side(outward, false));
                let clear = inside.len() >= LEAST_OFFSETS && outside.len() >= LEAST_OFFSETS;
                clear.then_some(Witness {
                    parent,
                    outward,
                    inside,
                    outside,
                })
            })
    }
}
