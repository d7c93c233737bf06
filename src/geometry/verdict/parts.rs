//! Parts that cannot be meant, and areas of a size that cannot be meant.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Survey;
use super::footing::{Footing, close};
use super::place::place_within;
use super::wording::{area, length, number};
use crate::domain::draft::Plot;
use crate::domain::draft::attributes::title_of;
use crate::domain::draft::defect::{Defect, DefectKind, Place};
use crate::domain::draft::kinship::Kinship;
use crate::domain::shape::doubled_area_e14;
use crate::domain::{BoundingBox, Level, LngLat, Outline};
use crate::geometry::measure::{geodesic_ring_area_m2, lattice_area_m2, length_m, outline_area_m2};

/// A part is far-flung when it is farther from the largest part than so many times the
/// diagonal of that one's box, from box to box,
const FAR_DIAGONALS: f64 = 10.0;
/// and farther than this: an island off the coast is not.
const FAR_M: f64 = 5_000.0;
/// A part is tiny below this,
const TINY_M2: f64 = 1.0;
/// or below this share of its area.
const TINY_SHARE: f64 = 1e-6;
/// An area is suspiciously small or large when it is so many times less or more than the
/// median of its siblings,
const SUSPICIOUS_FACTOR: f64 = 100.0;
/// if there are at least so many others.
const SIBLINGS: usize = 5;

/// A polygon of an area.
struct Part {
    ground_m2: f64,
    bounds: BoundingBox,
}

impl Part {
    fn of(rings: &[&[LngLat]]) -> Option<Self> {
        let (outer, holes) = rings.split_first()?;
        let bounds = BoundingBox::around(outer.iter().copied())?;
        let ground = |ring: &&[LngLat]| doubled_area_e14(ring).abs();
        let doubled = ground(outer) - holes.iter().map(ground).sum::<i128>();
        Some(Self {
            ground_m2: lattice_area_m2(doubled, bounds.centre().lat()),
            bounds,
        })
    }
}

/// What is wrong with the parts of an area whose rings are valid.
pub(super) fn judge_parts(plot: &Plot<'_>, footing: &Footing<'_>) -> Vec<Defect> {
    let polygons = footing.polygons();
    if !footing.valid || polygons.len() < 2 {
        return Vec::new();
    }
    let parts: Vec<Part> = polygons
        .iter()
        .filter_map(|rings| Part::of(rings))
        .collect();
    let largest = parts
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.ground_m2.total_cmp(&b.ground_m2));
    let Some((main, largest)) = largest else {
        return Vec::new();
    };
    let total_m2: f64 = parts.iter().map(|part| part.ground_m2).sum();
    let far_m = FAR_M.max(FAR_DIAGONALS * length_m(largest.bounds.min, largest.bounds.max));
    let mut defects = Vec::new();
    let others = parts.iter().zip(&polygons).enumerate();
    for (_, (part, rings)) in others.filter(|&(place, _)| place != main) {
        let mut tell = |kind, detail: &dyn Fn(f64) -> String| {
            let rings: Vec<Vec<LngLat>> = rings.iter().map(|ring| close(ring)).collect();
            let outline = Outline {
                polygons: vec![rings],
            };
            let size_m2 = outline_area_m2(&outline);
            defects.push(Defect {
                kind,
                areas: vec![plot.id],
                codes: vec![plot.code.to_owned()],
                place: Place::Ground(outline),
                size_m2: Some(size_m2),
                detail: format!("{}: {}", title_of(plot), detail(size_m2)),
            });
        };
        let away_m = distance_m(&part.bounds, &largest.bounds);
        if away_m > far_m {
            tell(DefectKind::FarFlungPart, &|size_m2| {
                format!(
                    "a part of {} lies {} from the rest. Remove it, or move it where it belongs.",
                    area(size_m2),
                    length(away_m)
                )
            });
        }
        if part.ground_m2 < TINY_M2 || part.ground_m2 < TINY_SHARE * total_m2 {
            tell(DefectKind::TinyPart, &|size_m2| {
                format!(
                    "a part has only {} of {}. Drop it.",
                    area(size_m2),
                    area(total_m2)
                )
            });
        }
    }
    defects
}

/// How far two boxes are apart; 0 when they meet.
fn distance_m(a: &BoundingBox, b: &BoundingBox) -> f64 {
    let nearest = |min_a: i32, max_a: i32, min_b: i32, max_b: i32| {
        let from = min_b.clamp(min_a, max_a);
        (from, from.clamp(min_b, max_b))
    };
    let (lon_a, lon_b) = nearest(
        a.min.lon_e7(),
        a.max.lon_e7(),
        b.min.lon_e7(),
        b.max.lon_e7(),
    );
    let (lat_a, lat_b) = nearest(
        a.min.lat_e7(),
        a.max.lat_e7(),
        b.min.lat_e7(),
        b.max.lat_e7(),
    );
    let ends = (LngLat::from_e7(lon_a, lat_a), LngLat::from_e7(lon_b, lat_b));
    match ends {
        (Ok(from), Ok(to)) => length_m(from, to),
        _ => 0.0,
    }
}

/// What areas have in common that are like in size: their parent and their level.
type Kind<'a> = (Option<&'a str>, Option<Level>);

/// Areas that are changed and very much smaller or larger than others of their level under
/// the same parent.
pub(super) fn judge_sizes(kinship: &Kinship<'_>, surveys: &[Survey<'_>]) -> Vec<Defect> {
    let children = kinship
        .groups
        .par_iter()
        .flat_map_iter(|group| &group.children);
    let sizes: Vec<(usize, f64)> = children
        .filter(|&&index| surveys[index].footing.valid)
        .map(|&index| {
            let polygons = surveys[index].footing.polygons();
            let parts = polygons.iter().filter_map(|rings| Part::of(rings));
            (index, parts.map(|part| part.ground_m2).sum())
        })
        // What has no ground at all is told as such.
        .filter(|&(_, size_m2): &(usize, f64)| size_m2 > 0.0)
        .collect();
    let mut siblings: BTreeMap<Kind<'_>, Vec<(usize, f64)>> = BTreeMap::new();
    for (index, size_m2) in sizes {
        let plot = &kinship.plots[index];
        let all = siblings.entry((plot.parent, plot.level)).or_default();
        all.push((index, size_m2));
    }
    let enough = siblings.values_mut().filter(|all| all.len() > SIBLINGS);
    let judged = enough.flat_map(|all| {
        all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let median_m2 = all[all.len() / 2].1;
        let count = all.len();
        let touched = all
            .iter()
            .filter(|(index, _)| kinship.plots[*index].touched);
        touched.filter_map(move |&(index, size_m2)| {
            let (kind, times, word) = if size_m2 * SUSPICIOUS_FACTOR < median_m2 {
                (
                    DefectKind::SuspiciouslySmall,
                    median_m2 / size_m2,
                    "smaller",
                )
            } else if size_m2 > median_m2 * SUSPICIOUS_FACTOR {
                (DefectKind::SuspiciouslyLarge, size_m2 / median_m2, "larger")
            } else {
                return None;
            };
            Some((index, kind, times, word, median_m2, count))
        })
    });
    let defects = judged.map(|(index, kind, times, word, median_m2, count)| {
        let plot = &kinship.plots[index];
        let footing = &surveys[index].footing;
        let size_m2 = size_of(footing);
        Defect {
            kind,
            areas: vec![plot.id],
            codes: vec![plot.code.to_owned()],
            place: place_within(footing.ground()).map_or(Place::Nowhere, Place::Point),
            size_m2: Some(size_m2),
            detail: format!(
                "{} has {}, {} times {word} than the {} that is usual among its {} siblings. Make sure that it is drawn right.",
                title_of(plot),
                area(size_m2),
                number(times.round()),
                area(median_m2),
                count - 1
            ),
        }
    });
    defects.collect()
}

/// The geodesic ground of a valid footing.
pub(super) fn size_of(footing: &Footing<'_>) -> f64 {
    let polygons = footing.polygons();
    let sizes = polygons.iter().filter_map(|rings| {
        let (outer, holes) = rings.split_first()?;
        let holes = holes.iter().map(|ring| geodesic_ring_area_m2(ring));
        Some(geodesic_ring_area_m2(outer) - holes.sum::<f64>())
    });
    sizes.sum()
}

#[cfg(test)]
mod tests;
