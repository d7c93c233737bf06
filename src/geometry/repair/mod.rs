//! Repairs of the children of one parent, each by choice, with a record of what they did.
//!
//! Repairs are made in the order they are asked for, each on what the one before left. An area
//! that a repair has nothing to do with stays as it was drawn, point by point. Whoever has a
//! border at ground that goes to another is drawn anew: as what an odd number of its rings
//! encloses, valid, and with all vertices of its neighbours on their common borders. Snapping
//! draws everybody anew. So, after rings were made valid, borders snapped, overlaps settled,
//! the rest clipped and gaps filled, the directed edges of the children add up to those of the
//! parent.
//!
//! The parent is the anchor: children follow its border, and what they have of their own on a
//! straight piece of it is left out. Only where the border between two children meets such a
//! piece, the parent cannot do without a vertex. Those are told as insertions; whoever has the
//! edge, in whatever level, is to take them in by [`insert_vertices`].

mod coverage;
mod rings;
mod snap;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::edit::{insert_vertices, with_vertices};
use super::measure::area_m2;
use super::partition::PartitionError;
use crate::domain::draft::repair::{Insertion, Mending, Repair, RepairKind, Repaired};
use crate::domain::{AreaId, Outline, Shape};

/// How far `snap` moves points when nothing is said.
const TOLERANCE_M: f64 = 0.5;
/// It moves none farther: beyond that it is no repair.
const MAX_TOLERANCE_M: f64 = 100.0;

/// Why repairs cannot be made. Nothing has been repaired then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RepairError {
    #[error("{code} has no ground of its own left after {kind}; repair without it, or remove it")]
    Vanishes { code: String, kind: RepairKind },
    #[error("the rings of {code} enclose no ground; draw it anew, or remove it")]
    NoGround { code: String },
    #[error("points cannot be moved by {0} m; say more than 0 and at most 100")]
    Tolerance(f64),
    #[error(transparent)]
    Partition(#[from] PartitionError),
}

/// Repairs the children of one parent; `parent` is `None` at the top, where only what lies
/// between siblings can be mended. `before` tells the ground that an area had in the edition
/// before.
///
/// A repair limited to some areas changes no ground of others: gaps go to the listed area with
/// the longest border, overlaps are settled when all who claim them are listed, and listed
/// areas snap to the rest.
///
/// # Errors
/// When an area would lose all of its ground, or has none to be made valid, or a tolerance is
/// out of range.
pub fn repair<'a>(
    plots: &[(AreaId, &str, &Outline)],
    parent: Option<&Shape>,
    before: impl Fn(AreaId) -> Option<&'a Shape>,
    repairs: &[Repair],
) -> Result<Repaired, RepairError> {
    let mut group = Group {
        plots: plots
            .iter()
            .map(|&(id, code, ground)| Plot {
                id,
                code,
                ground: Cow::Borrowed(ground),
            })
            .collect(),
        parent: parent.map(Outline::from),
        inserted: Vec::new(),
        mendings: Vec::new(),
    };
    for repair in repairs {
        match repair.kind {
            RepairKind::CloseRings => group.close_rings(repair),
            RepairKind::DropDuplicates => group.drop_duplicates(repair),
            RepairKind::DropSpikes => group.drop_spikes(repair)?,
            RepairKind::MakeValid => group.make_valid(repair)?,
            RepairKind::DropTinyParts => group.drop_tiny_parts(repair),
            RepairKind::Snap => group.snap(repair)?,
            RepairKind::FillGaps => group.fill_gaps(repair)?,
            RepairKind::SettleOverlaps => group.settle_overlaps(repair, &before)?,
            RepairKind::ClipToParent => group.clip_to_parent(repair)?,
        }
    }
    let changed = group.plots.iter().zip(plots);
    let changed = changed.filter(|(plot, (.., drawn))| *plot.ground != **drawn);
    Ok(Repaired {
        outlines: changed
            .map(|(plot, _)| (plot.id, plot.ground.clone().into_owned()))
            .collect(),
        inserted: parent.map_or_else(Vec::new, |parent| group.insertions(parent)),
        mendings: group.mendings,
    })
}

/// Siblings under repair.
struct Group<'a> {
    /// Owner `i` of a partition is the plot in this place; the parent is the one after the
    /// last.
    plots: Vec<Plot<'a>>,
    parent: Option<Outline>,
    /// For the parent, in the order in which they were made.
    inserted: Vec<Vec<Insertion>>,
    mendings: Vec<Mending>,
}

struct Plot<'a> {
    id: AreaId,
    code: &'a str,
    ground: Cow<'a, Outline>,
}

impl Group<'_> {
    /// The places of those that a repair is for.
    fn listed(&self, repair: &Repair) -> BTreeSet<usize> {
        let is_listed = |&place: &usize| {
            repair.areas.is_empty() || repair.areas.contains(&self.plots[place].id)
        };
        (0..self.plots.len()).filter(is_listed).collect()
    }

    /// Among places, the one whose code comes first.
    fn first_by_code(&self, places: impl IntoIterator<Item = usize>) -> Option<usize> {
        let places = places.into_iter();
        places.min_by_key(|&place| (self.plots[place].code, place))
    }

    fn ids(&self, places: impl IntoIterator<Item = usize>) -> Vec<AreaId> {
        places
            .into_iter()
            .map(|place| self.plots[place].id)
            .collect()
    }

    fn note(&mut self, mending: Mending) {
        self.mendings.push(mending);
    }

    fn insert_into_parent(&mut self, insertions: Vec<Insertion>) {
        let parent = self.parent.as_ref();
        if let Some(parent) = parent.and_then(|parent| insert_vertices(parent, &insertions)) {
            self.parent = Some(parent);
            self.inserted.push(insertions);
        }
    }

    /// The vertices that the parent as it was handed in needs.
    fn insertions(&self, parent: &Shape) -> Vec<Insertion> {
        let edges = parent.edges().filter_map(|(from, to)| {
            let mut line = vec![from, to];
            for insertions in &self.inserted {
                line = with_vertices(&line, insertions).unwrap_or(line);
            }
            let [_, points @ .., _] = line.as_slice() else {
                return None;
            };
            (!points.is_empty()).then(|| Insertion {
                from,
                to,
                points: points.to_vec(),
            })
        });
        edges.collect()
    }
}

/// The ground of a valid outline; 0 of one that is not.
fn ground_m2(outline: &Outline) -> f64 {
    outline.to_shape().map_or(0.0, |shape| area_m2(&shape))
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
