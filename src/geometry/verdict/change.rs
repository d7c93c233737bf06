//! How much of an area's ground is not what it was.

use rayon::prelude::*;

use super::Survey;
use super::border::{Chain, loops};
use super::footing::{Footing, polygons_of};
use super::wording::{area, percent};
use crate::domain::draft::attributes::title_of;
use crate::domain::draft::defect::{Defect, DefectKind, Place};
use crate::domain::draft::kinship::{Before, Kinship};
use crate::domain::draft::{Ground, Plot};
use crate::domain::{BoundingBox, LngLat, Outline, Shape};
use crate::geometry::measure::outline_area_m2;
use crate::geometry::partition::{Claim, Partition};

/// A change is large when more than this part of all the ground that an area had or has is
/// gained or lost.
const LARGE_SHARE: f64 = 0.3;

/// Areas that are changed, and differ much from what they were in the edition before.
pub(super) fn judge_changes(
    kinship: &Kinship<'_>,
    surveys: &[Survey<'_>],
    before: &Before<'_>,
) -> Vec<Defect> {
    let plots = kinship.plots.par_iter().zip(surveys);
    let changed = plots.filter(|(plot, survey)| plot.touched && !survey.footing.is_none());
    let defects = changed.filter_map(|(plot, survey)| {
        let standing = before.area(plot.id)?.shape.as_deref()?;
        judge_change(plot, &survey.footing, standing)
    });
    defects.collect()
}

fn judge_change(plot: &Plot<'_>, footing: &Footing<'_>, standing: &Shape) -> Option<Defect> {
    let old = Footing::lent(Ground::Standing(standing), true);
    if is_surely_small(footing, &old) {
        return None;
    }
    let claims = [(0, footing), (1, &old)].map(|(owner, footing)| Claim {
        owner,
        ground: footing.ground(),
    });
    let partition = Partition::build(&claims, &[]).ok()?;
    let (mut all, mut differing) = (0.0, 0.0);
    for face in partition.faces() {
        #[expect(clippy::cast_precision_loss, reason = "only their ratio counts")]
        let ground = face.doubled_area_e14 as f64;
        match face.owners.len() {
            0 => {}
            1 => {
                all += ground;
                differing += ground;
            }
            _ => all += ground,
        }
    }
    if differing <= LARGE_SHARE * all {
        return None;
    }
    let assembly = partition.assemble(|face| match partition.faces()[face].owners[..] {
        [owner] => Some(owner),
        _ => None,
    });
    let size_of = |owner: u32| {
        let mut grounds = assembly.grounds.iter();
        let ground = grounds.find(|(whose, _)| *whose == owner);
        ground.map_or(0.0, |(_, outline)| outline_area_m2(outline))
    };
    let (gained_m2, lost_m2) = (size_of(0), size_of(1));
    let detail = format!(
        "{} is not where it was: of all the ground that it had or has, {} is different, {} gained and {} lost. Make sure that this is meant.",
        title_of(plot),
        percent(differing / all),
        area(gained_m2),
        area(lost_m2)
    );
    let polygons = assembly
        .grounds
        .into_iter()
        .flat_map(|(_, outline)| outline.polygons);
    Some(Defect {
        kind: DefectKind::LargeChange,
        areas: vec![plot.id],
        codes: vec![plot.code.to_owned()],
        place: Place::Ground(Outline {
            polygons: polygons.collect(),
        }),
        size_m2: Some(gained_m2 + lost_m2),
        detail,
    })
}

/// True when boxes around all that differs are too small for a large change. Most areas of a
/// new survey are where they were; these need no partition.
fn is_surely_small(new: &Footing<'_>, old: &Footing<'_>) -> bool {
    if polygons_of(new.ground()) == polygons_of(old.ground()) {
        return true;
    }
    if !new.valid {
        return false;
    }
    let mut chain = Chain::default();
    chain.add(new, 0, true);
    chain.add(old, 1, false);
    let boxes: f64 = loops(&chain.cancel())
        .iter()
        .filter_map(|round| BoundingBox::around(round.points()))
        .map(|bounds| {
            let size = |from: i32, to: i32| f64::from(to) - f64::from(from);
            size(bounds.min.lon_e7(), bounds.max.lon_e7())
                * size(bounds.min.lat_e7(), bounds.max.lat_e7())
        })
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "compared with a wide margin")]
    let ground = doubled_ground(old).max(doubled_ground(new)) as f64 / 2.0;
    boxes <= LARGE_SHARE * ground
}

/// Twice the ground of a valid footing, in square lattice steps.
fn doubled_ground(footing: &Footing<'_>) -> i128 {
    let polygons = footing.polygons();
    let grounds = polygons.iter().map(|rings: &Vec<&[LngLat]>| {
        let mut grounds = rings
            .iter()
            .map(|ring| crate::domain::shape::doubled_area_e14(ring).abs());
        grounds.next().unwrap_or(0) - grounds.sum::<i128>()
    });
    grounds.sum()
}

#[cfg(test)]
mod tests;
