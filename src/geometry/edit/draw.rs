//! Drawing an area over others.

use std::collections::{BTreeMap, BTreeSet};

use super::{EditError, outline_of};
use crate::domain::draft::repair::Insertion;
use crate::domain::draft::{Ground, Plot};
use crate::domain::{AreaId, LngLat, Outline, Shape};
use crate::geometry::partition::{Claim, Drawing, Partition};

/// What came of an area drawn over others.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// What the new area has.
    pub ground: Outline,
    /// The others that lost ground, or share the new border.
    pub changed: Vec<(AreaId, Outline)>,
    /// Vertices that edges of the parent got, or anybody's when there is no parent.
    pub inserted: Vec<Insertion>,
}

/// Draws an area over its future siblings: it takes the ground that they have there, within
/// the parent.
///
/// # Errors
/// When it takes everything of one, or has no ground within the parent.
pub fn draw(new: &Outline, over: &[Plot<'_>], parent: Option<&Shape>) -> Result<Drawn, EditError> {
    let others = u32::try_from(over.len()).unwrap_or(u32::MAX - 2);
    let (drawer, bounds) = (others, others + 1);
    let grounds = over.iter().map(|plot| plot.ground);
    let grounds = grounds
        .chain([Ground::Drawn(new)])
        .chain(parent.map(Ground::Standing));
    let claims = (0..).zip(grounds);
    let claims: Vec<Claim<'_>> = claims
        .map(|(owner, ground)| Claim { owner, ground })
        .collect();
    let partition = Partition::of(Drawing {
        claims: &claims,
        anchor: parent.map(|_| bounds),
        ..Drawing::default()
    })?;
    let owners = |face: usize| {
        let mut owners = partition.faces()[face].owners.clone();
        let is_within = parent.is_none() || owners.contains(&bounds);
        if is_within && owners.contains(&drawer) {
            owners.retain(|&owner| owner >= drawer);
        } else {
            owners.retain(|&owner| owner != drawer);
        }
        owners
    };
    let taken: Vec<usize> = (0..partition.faces().len())
        .filter(|&face| owners(face).contains(&drawer))
        .collect();
    let nodes = taken.iter().flat_map(|&face| partition.nodes_of(face));
    let nodes: BTreeSet<LngLat> = nodes.collect();
    let mut touched: BTreeSet<u32> = BTreeSet::new();
    for (ends, faces) in partition.borders() {
        if ends.iter().any(|end| nodes.contains(end)) {
            let faces = faces.into_iter().flatten();
            touched.extend(faces.flat_map(|face| &partition.faces()[face].owners));
        }
    }
    let assembly = partition.assemble_shared(owners);
    let mut grounds: BTreeMap<u32, Outline> = assembly.grounds.into_iter().collect();
    let ground = grounds.remove(&drawer).ok_or(EditError::Nothing)?;
    let mut changed = Vec::new();
    for (owner, plot) in (0..).zip(over) {
        if !touched.contains(&owner) {
            continue;
        }
        let Some(after) = grounds.remove(&owner) else {
            let code = plot.code.to_owned();
            return Err(EditError::Swallows { code });
        };
        if outline_of(plot).is_some_and(|before| !before.is_drawn_like(&after)) {
            changed.push((plot.id, after));
        }
    }
    let near = |insertion: &Insertion| insertion.points.iter().any(|point| nodes.contains(point));
    Ok(Drawn {
        ground,
        changed,
        inserted: assembly.inserted.into_iter().filter(near).collect(),
    })
}
