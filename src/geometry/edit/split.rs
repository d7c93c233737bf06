//! Dividing an area by a line.

use std::collections::{BTreeMap, BTreeSet};

use super::EditError;
use crate::domain::draft::Plot;
use crate::domain::draft::repair::Insertion;
use crate::domain::{LngLat, Outline};
use crate::geometry::partition::{Claim, Partition};

/// What an area is divided into.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Two or more, the largest first. It keeps the parts that the line does not cut.
    pub pieces: Vec<Outline>,
    /// Vertices where the line meets the border: for everybody who has it.
    pub inserted: Vec<Insertion>,
}

/// The area in the claims, beside which each piece is an owner of its own.
const WHOLE: u32 = u32::MAX;

/// Divides an area by a line. What of the line ends within the area divides nothing.
///
/// # Errors
/// When the line does not lead through the area.
pub fn split(plot: &Plot<'_>, line: &[LngLat]) -> Result<Split, EditError> {
    let claim = Claim {
        owner: WHOLE,
        ground: plot.ground,
    };
    let partition = Partition::build(&[claim], &[line.to_vec()])?;
    let is_ground = |face: &usize| partition.faces()[*face].owners == [WHOLE];
    // Only the line has the same area on both sides.
    let mut cut = BTreeSet::new();
    for (_, [left, right]) in partition.borders() {
        if let (Some(left), Some(right)) = (left.filter(is_ground), right.filter(is_ground)) {
            cut.extend([left, right]);
        }
    }
    let mut cut: Vec<usize> = cut.into_iter().collect();
    cut.sort_by_key(|&face| (-partition.faces()[face].doubled_area_e14, face));
    if cut.len() < 2 {
        let code = plot.code.to_owned();
        return Err(EditError::NotAcross { code });
    }
    let pieces: BTreeMap<usize, u32> = cut.into_iter().zip(0..).collect();
    let assembly = partition.assemble_shared(|face| match pieces.get(&face) {
        Some(&piece) => vec![piece, WHOLE],
        None if is_ground(&face) => vec![0, WHOLE],
        None => Vec::new(),
    });
    let grounds = assembly.grounds.into_iter();
    Ok(Split {
        pieces: grounds
            .filter(|&(owner, _)| owner != WHOLE)
            .map(|(_, ground)| ground)
            .collect(),
        inserted: assembly.inserted,
    })
}
