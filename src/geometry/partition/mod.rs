//! The faces that grounds and lines divide the lattice into, and back: the grounds that
//! owners of faces have.
//!
//! Grounds may be wrong in every way: whatever an odd number of an owner's rings encloses is
//! the owner's. Everything is exact but one thing: where edges cross between lattice points,
//! they are bent through the nearest lattice point, by less than one step (about 1 cm), for
//! all who have the edge. Edges that cross nothing stay as they are, unless they pass such a
//! point, or an end of edges that cross, by less than half a step.
//!
//! ```
//! use wangge::domain::draft::Ground;
//! use wangge::domain::{LngLat, Outline};
//! use wangge::geometry::partition::{Claim, Partition};
//!
//! let square = |west, east| {
//!     let corners = [(west, 0), (east, 0), (east, 10), (west, 10), (west, 0)];
//!     let ring = corners.map(|(x, y)| LngLat::from_e7(x, y).unwrap());
//!     Outline { polygons: vec![vec![ring.to_vec()]] }
//! };
//! let (left, right) = (square(0, 6), square(4, 10));
//! let claims = [&left, &right].map(Ground::Drawn);
//! let claims = [Claim { owner: 1, ground: claims[0] }, Claim { owner: 2, ground: claims[1] }];
//! let partition = Partition::build(&claims, &[])?;
//! // 1 alone, both, 2 alone.
//! let overlap = partition.faces().iter().position(|face| face.owners == [1, 2]).unwrap();
//! assert_eq!(partition.faces()[overlap].doubled_area_e14, 2 * 2 * 10);
//! // The overlap to 1.
//! let kept = partition.assemble(|face| partition.faces()[face].owners.first().copied());
//! assert_eq!(kept.grounds, [(1, square(0, 6)), (2, square(6, 10))]);
//! # Ok::<(), wangge::geometry::partition::PartitionError>(())
//! ```

mod arrangement;
mod assembly;
mod noding;
mod owners;
mod segment;

use std::collections::{BTreeMap, BTreeSet};

use arrangement::Arrangement;
pub use assembly::Assembly;
use noding::{Noded, Piece};
use owners::{NOBODY, OwnerSets, SetId};
use segment::Segment;

use super::measure::length_m;
use crate::domain::draft::Ground;
use crate::domain::shape::edges;
use crate::domain::{LngLat, Outline};

/// Ground that somebody says to have.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    pub owner: u32,
    /// Open rings are taken as if they were closed.
    pub ground: Ground<'a>,
}

/// Everything that divides the lattice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Drawing<'a> {
    pub claims: &'a [Claim<'a>],
    /// They divide faces and belong to nobody. What dangles from them is left out.
    pub lines: &'a [Vec<LngLat>],
    /// Points that edges are led through which pass them by less than half a step. Like
    /// crossings they are only kept where borders meet.
    pub feet: &'a [LngLat],
    /// Who gets new vertices only where borders of others meet its own.
    pub anchor: Option<u32>,
}

/// Faces without gaps between them, each with those who claim it.
#[derive(Debug, Clone)]
pub struct Partition {
    noded: Noded,
    sets: OwnerSets,
    arrangement: Arrangement,
    faces: Vec<Face>,
    anchor: Option<u32>,
    /// For the points that edges were cut at, those who had drawn a vertex there; lines are
    /// `None`.
    vertices: BTreeMap<LngLat, Vec<Option<u32>>>,
}

/// A piece of ground that no edge divides, within some claim or enclosed by claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// Those who claim it, in order; empty in a hole that nobody claims.
    pub owners: Vec<u32>,
    /// Twice its ground, in square lattice steps.
    pub doubled_area_e14: i128,
}

/// Ground beside a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// `None` for the ground around everything.
    pub face: Option<usize>,
    /// How long the common border is.
    pub border_m: f64,
}

/// Why lines divide nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartitionError {
    #[error("borders cross so densely near {at:?} that rounding finds no end; simplify them there")]
    Unsettled { at: LngLat },
}

impl Partition {
    /// Divides the lattice by the rings of claims and by lines. Takes near-linear time in the
    /// number of edges, as long as few edges' boxes overlap.
    ///
    /// # Errors
    /// When crossings do not settle on the lattice.
    pub fn build(claims: &[Claim<'_>], lines: &[Vec<LngLat>]) -> Result<Self, PartitionError> {
        Self::of(Drawing {
            claims,
            lines,
            ..Drawing::default()
        })
    }

    /// As [`Partition::build`], with all that a drawing can say.
    ///
    /// # Errors
    /// When crossings do not settle on the lattice.
    pub fn of(drawing: Drawing<'_>) -> Result<Self, PartitionError> {
        let mut sets = OwnerSets::new();
        let sources = sources(&drawing, &mut sets);
        let mut noded = Noded::cut(sources, drawing.feet, &mut sets)?;
        let mut arrangement = Arrangement::of(noded.segments());
        let pieces = noded.pieces.iter().enumerate();
        let dangling: Vec<bool> = pieces
            .map(|(i, piece)| piece.owners == NOBODY && arrangement.divides_nothing(i))
            .collect();
        if dangling.contains(&true) {
            let mut dangling = dangling.into_iter();
            noded.pieces.retain(|_| dangling.next() == Some(false));
            arrangement = Arrangement::of(noded.segments());
        }
        let labels = label(&arrangement, &noded.pieces, &mut sets);
        let faces = labels.iter().enumerate().map(|(face, &label)| Face {
            owners: sets.members(label).to_vec(),
            doubled_area_e14: arrangement.doubled_area_e14(face),
        });
        let vertices = vertices_at_cuts(&drawing, &noded);
        Ok(Self {
            faces: faces.collect(),
            noded,
            sets,
            arrangement,
            anchor: drawing.anchor,
            vertices,
        })
    }

    /// All faces but the ground around everything. Elsewhere they are known by their place
    /// in this list.
    #[must_use]
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The ground of a face: one valid polygon.
    #[must_use]
    pub fn outline_of(&self, face: usize) -> Outline {
        Outline {
            polygons: vec![self.arrangement.rings(face)],
        }
    }

    /// What borders on a face along a line, in the order of faces; the ground around
    /// everything comes first.
    #[must_use]
    pub fn neighbours(&self, face: usize) -> Vec<Neighbour> {
        let mut borders: BTreeMap<Option<usize>, f64> = BTreeMap::new();
        for half in self.arrangement.border(face) {
            let ends = [half, half ^ 1].map(|half| self.arrangement.origin(half));
            let other = self.arrangement.face_left_of(half ^ 1);
            *borders.entry(other).or_default() += length_m(ends[0], ends[1]);
        }
        let neighbours = borders.into_iter();
        neighbours
            .map(|(face, border_m)| Neighbour { face, border_m })
            .collect()
    }

    /// The points where the border of a face turns or meets others.
    pub fn nodes_of(&self, face: usize) -> impl Iterator<Item = LngLat> + '_ {
        let halves = self.arrangement.border(face);
        halves.map(|half| self.arrangement.origin(half))
    }

    /// Every border, as its two ends with the faces to its left and to its right; `None` is
    /// the ground around everything.
    pub fn borders(&self) -> impl Iterator<Item = ([LngLat; 2], [Option<usize>; 2])> + '_ {
        let pieces = self.noded.pieces.iter().enumerate();
        pieces.map(|(i, piece)| {
            let faces = [2 * i, 2 * i + 1].map(|half| self.arrangement.face_left_of(half));
            ([piece.segment.from, piece.segment.to], faces)
        })
    }
}

/// The edges of all claims and lines, in order, each once.
fn sources(drawing: &Drawing<'_>, sets: &mut OwnerSets) -> Vec<Piece> {
    let mut drawn: Vec<(Segment, Option<u32>)> = Vec::new();
    for claim in drawing.claims {
        each_edge(claim.ground, |a, b| {
            drawn.push((Segment::new(a, b), Some(claim.owner)));
        });
    }
    for line in drawing.lines {
        let edges = line.windows(2).filter(|ends| ends[0] != ends[1]);
        drawn.extend(edges.map(|ends| (Segment::new(ends[0], ends[1]), None)));
    }
    drawn.sort_unstable();
    let mut sources = Vec::with_capacity(drawn.len() / 2);
    let mut owners = Vec::new();
    for same in drawn.chunk_by(|a, b| a.0 == b.0) {
        owners.clear();
        for run in same.chunk_by(|a, b| a.1 == b.1) {
            // What runs back along itself encloses nothing.
            owners.extend(run[0].1.filter(|_| run.len() % 2 == 1));
        }
        let line = same[0].1.is_none();
        if line || !owners.is_empty() {
            sources.push(Piece {
                segment: same[0].0,
                owners: sets.number(&owners),
                line,
                source: sources.len(),
            });
        }
    }
    sources
}

/// Every edge of a ground that has a length.
fn each_edge(ground: Ground<'_>, mut take: impl FnMut(LngLat, LngLat)) {
    let mut each = |points: &[LngLat]| {
        let edges = edges(points).filter(|(a, b)| a != b);
        edges.for_each(|(a, b)| take(a, b));
    };
    match ground {
        Ground::Unknown => {}
        Ground::Standing(shape) => shape.rings().for_each(|ring| each(ring.points())),
        Ground::Drawn(outline) => outline.rings().for_each(each),
    }
}

/// Who has each face: those who have the one across a border, but for the owners of the
/// border itself. It begins with the ground around everything, which nobody has.
fn label(arrangement: &Arrangement, pieces: &[Piece], sets: &mut OwnerSets) -> Vec<SetId> {
    let mut labels: Vec<Option<SetId>> = vec![None; arrangement.face_count()];
    let mut reached = Vec::new();
    for half in 0..2 * pieces.len() {
        if let (None, Some(face)) = (
            arrangement.face_left_of(half),
            arrangement.face_left_of(half ^ 1),
        ) && labels[face].is_none()
        {
            labels[face] = Some(pieces[half / 2].owners);
            reached.push(face);
        }
    }
    while let Some(face) = reached.pop() {
        let here = labels[face].unwrap_or(NOBODY);
        for half in arrangement.border(face) {
            if let Some(across) = arrangement.face_left_of(half ^ 1)
                && labels[across].is_none()
            {
                labels[across] = Some(sets.differ(here, pieces[half / 2].owners));
                reached.push(across);
            }
        }
    }
    let labels = labels.into_iter();
    labels.map(|label| label.unwrap_or(NOBODY)).collect()
}

/// For each point that edges were cut at, those who had drawn a vertex there. A foot counts as
/// drawn by the anchor alone.
fn vertices_at_cuts(drawing: &Drawing<'_>, noded: &Noded) -> BTreeMap<LngLat, Vec<Option<u32>>> {
    let cuts = noded.splits.values().flatten();
    let mut vertices: BTreeMap<LngLat, Vec<_>> = cuts.map(|&point| (point, Vec::new())).collect();
    if vertices.is_empty() {
        return vertices;
    }
    let feet: BTreeSet<LngLat> = drawing.feet.iter().copied().collect();
    let mut add = |point: LngLat, owner: Option<u32>| {
        if let Some(owners) = vertices.get_mut(&point) {
            owners.push(owner);
        }
    };
    for claim in drawing.claims {
        let is_anchor = drawing.anchor == Some(claim.owner);
        each_edge(claim.ground, |point, _| {
            if is_anchor || !feet.contains(&point) {
                add(point, Some(claim.owner));
            }
        });
    }
    for &point in drawing.lines.iter().flatten() {
        add(point, None);
    }
    vertices
}

#[cfg(test)]
mod tests;
