//! What is wrong with boundaries, and how well each parent is covered: exactly, on the
//! lattice, and only what a change touches.
//!
//! The rules stand in the files below: `rings` for single areas, `parts` for sizes, `change`
//! for what differs from the edition before, `border` and `coverage` for neighbours and
//! parents; for codes, names and places in the tree [`attributes`](crate::domain::draft::attributes).

mod border;
mod change;
mod coverage;
mod footing;
mod parts;
mod place;
mod regions;
mod rings;
mod wording;

use rayon::prelude::*;

use self::footing::Footing;
use self::place::place_within;
use crate::domain::draft::Plot;
use crate::domain::draft::attributes::judge_attributes;
use crate::domain::draft::defect::{Coverage, Defect, Place, Verdict};
use crate::domain::draft::kinship::{Before, Kinship};
use crate::domain::{Area, CodeScheme, LngLat};

/// Judges a territory as it would be: `plots` are all its areas, those that a draft changes
/// among them, and `before` all areas of the edition that the draft is made on.
///
/// Judged are areas that are changed, and groups of siblings of which one is changed, came or
/// left, or whose parent is changed or gone. The same input gives the same verdict.
#[must_use]
pub fn judge<'a>(
    plots: &[Plot<'_>],
    scheme: &CodeScheme,
    before: impl IntoIterator<Item = &'a Area>,
) -> Verdict {
    let before = Before::new(before);
    let kinship = Kinship::new(plots, &before);
    let surveys = survey(&kinship);
    let mut defects = judge_attributes(&kinship, scheme, &before, &|plot| {
        place_within(plot.ground).map_or(Place::Nowhere, Place::Point)
    });
    defects.extend(change::judge_changes(&kinship, &surveys, &before));
    defects.extend(parts::judge_sizes(&kinship, &surveys));
    let groups: Vec<(Option<Coverage>, Vec<Defect>)> = kinship
        .groups
        .par_iter()
        .map(|group| coverage::judge_group(group, plots, &surveys))
        .collect();
    let mut coverage = Vec::new();
    for (covered, found) in groups {
        coverage.extend(covered);
        defects.extend(found);
    }
    defects.extend(surveys.into_iter().flat_map(|survey| survey.defects));
    put_in_order(&mut defects);
    coverage.sort_by(|a, b| (&a.code, a.level, a.parent).cmp(&(&b.code, b.level, b.parent)));
    Verdict {
        defects,
        coverage,
        judged: kinship
            .groups
            .iter()
            .map(|group| group.children.len())
            .sum(),
    }
}

/// What is found out about a plot by itself.
#[derive(Debug, Default)]
struct Survey<'a> {
    footing: Footing<'a>,
    defects: Vec<Defect>,
}

/// By the order of the plots. Plots that nothing touches are left out.
fn survey<'a>(kinship: &'a Kinship<'a>) -> Vec<Survey<'a>> {
    let mut concerned: Vec<bool> = kinship.plots.iter().map(|plot| plot.touched).collect();
    for group in &kinship.groups {
        for index in group.children.iter().chain(&group.parent) {
            concerned[*index] = true;
        }
    }
    let plots = kinship.plots.par_iter().zip(concerned);
    let surveys = plots.map(|(plot, concerned)| {
        if !concerned {
            return Survey::default();
        }
        let (footing, mut defects) = rings::judge_rings(plot);
        if plot.touched {
            defects.extend(parts::judge_parts(plot, &footing));
        } else {
            defects.clear();
        }
        Survey { footing, defects }
    });
    surveys.collect()
}

/// The worst first, then by kind, code and place.
fn put_in_order(defects: &mut [Defect]) {
    let key = |defect: &Defect| (defect.kind.severity(), defect.kind);
    defects.par_sort_by(|a, b| {
        key(a)
            .cmp(&key(b))
            .then_with(|| a.codes.cmp(&b.codes))
            .then_with(|| points(&a.place).cmp(points(&b.place)))
            .then_with(|| a.detail.cmp(&b.detail))
            .then_with(|| a.areas.cmp(&b.areas))
    });
}

fn points(place: &Place) -> Box<dyn Iterator<Item = LngLat> + '_> {
    match place {
        Place::Nowhere => Box::new(std::iter::empty()),
        Place::Point(at) => Box::new(std::iter::once(*at)),
        Place::Line(points) => Box::new(points.iter().copied()),
        Place::Ground(outline) => Box::new(outline.rings().flatten().copied()),
    }
}

#[cfg(test)]
mod tests;
