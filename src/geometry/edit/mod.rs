//! Changing borders by hand: whoever has a border follows it.
//!
//! A border is known by its vertices, in whatever level the areas are that have them. So an
//! operation is handed every area near it, of all levels; or it tells the vertices that edges
//! get, and whoever has such an edge takes them in by [`insert_vertices`].

mod border;
mod draw;
mod merge;
mod split;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use border::{move_border, move_vertex};
pub use draw::{Drawn, draw};
pub use merge::merge;
pub use split::{Split, split};

use super::partition::PartitionError;
use super::validity::{ValidityError, check};
use crate::domain::draft::repair::Insertion;
use crate::domain::draft::{Ground, Plot};
use crate::domain::shape::ShapeError;
use crate::domain::{LngLat, Outline};

/// Why a border cannot be changed so. Nothing has been changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("{code} has no ground to be changed")]
    NoGround { code: String },
    #[error(
        "the line does not divide {code}; draw it right across, from outside the border to outside"
    )]
    NotAcross { code: String },
    #[error("{} do not touch the others along a border; only areas that do can be merged", codes.join(", "))]
    Apart { codes: Vec<String> },
    #[error("no border has a vertex at {0:?}")]
    NoVertex(LngLat),
    #[error(
        "no border runs along the line from {from:?} to {to:?}; choose successive vertices of one"
    )]
    NoBorder { from: LngLat, to: LngLat },
    #[error("a border runs from one point to another; give at least two of the old and of the new")]
    ShortLine,
    #[error("the new border must begin at {from:?} and end at {to:?}, as the old one does")]
    OtherEnds { from: LngLat, to: LngLat },
    #[error(
        "the border of {code} meets the old one at {at:?}; move the parts on both sides of it apart from each other"
    )]
    Junction { code: String, at: LngLat },
    #[error("{code} would be wrong: {fault}")]
    Invalid { code: String, fault: ValidityError },
    #[error("{code} would be wrong: {fault}")]
    NoShape { code: String, fault: ShapeError },
    #[error("what is drawn takes all ground of {code}; remove {code}, or leave it some")]
    Swallows { code: String },
    #[error("what is drawn has no ground within its parent")]
    Nothing,
    #[error(transparent)]
    Partition(#[from] PartitionError),
}

/// The outline with vertices on its edges, as others got them on the same edges; `None` when
/// it has none of the edges.
#[must_use]
pub fn insert_vertices(outline: &Outline, insertions: &[Insertion]) -> Option<Outline> {
    let vertices = by_edge(insertions);
    let mut changed = false;
    let rings = |rings: &Vec<Vec<LngLat>>| {
        let ring = |ring: &Vec<LngLat>| {
            let line = with_vertices_of(ring, &vertices);
            changed |= line.is_some();
            line.unwrap_or_else(|| ring.clone())
        };
        rings.iter().map(ring).collect()
    };
    let polygons = outline.polygons.iter().map(rings).collect();
    changed.then_some(Outline { polygons })
}

/// The line with vertices on its edges; `None` when it has none of the edges.
pub(super) fn with_vertices(line: &[LngLat], insertions: &[Insertion]) -> Option<Vec<LngLat>> {
    with_vertices_of(line, &by_edge(insertions))
}

/// The points of each edge, from its lesser end on.
fn by_edge(insertions: &[Insertion]) -> BTreeMap<[LngLat; 2], Vec<LngLat>> {
    let turned = |insertion: &Insertion| {
        let (from, to) = (insertion.from, insertion.to);
        let mut points = insertion.points.clone();
        if to < from {
            points.reverse();
        }
        ([from.min(to), from.max(to)], points)
    };
    insertions.iter().map(turned).collect()
}

fn with_vertices_of(
    line: &[LngLat],
    vertices: &BTreeMap<[LngLat; 2], Vec<LngLat>>,
) -> Option<Vec<LngLat>> {
    let find = |a: LngLat, b: LngLat| vertices.get(&[a.min(b), a.max(b)]);
    if !line.windows(2).any(|ends| find(ends[0], ends[1]).is_some()) {
        return None;
    }
    let mut points: Vec<LngLat> = line.first().copied().into_iter().collect();
    for ends in line.windows(2) {
        let (a, b) = (ends[0], ends[1]);
        match find(a, b) {
            Some(between) if a < b => points.extend(between),
            Some(between) => points.extend(between.iter().rev()),
            None => {}
        }
        points.push(b);
    }
    Some(points)
}

fn outline_of<'a>(plot: &Plot<'a>) -> Option<Cow<'a, Outline>> {
    match plot.ground {
        Ground::Unknown => None,
        Ground::Standing(shape) => Some(Cow::Owned(Outline::from(shape))),
        Ground::Drawn(outline) => Some(Cow::Borrowed(outline)),
    }
}

/// Refuses an outline that is wrong where the one before was not.
fn refuse_new_faults(plot: &Plot<'_>, before: &Outline, after: &Outline) -> Result<(), EditError> {
    let code = || plot.code.to_owned();
    let fault = match after.to_shape() {
        Err(fault) => EditError::NoShape {
            code: code(),
            fault,
        },
        Ok(shape) => match check(&shape) {
            Ok(()) => return Ok(()),
            Err(fault) => EditError::Invalid {
                code: code(),
                fault,
            },
        },
    };
    let was_valid = before.to_shape().is_ok_and(|shape| check(&shape).is_ok());
    if was_valid { Err(fault) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
