//! Making areas one.

use std::collections::BTreeMap;

use super::EditError;
use crate::domain::Outline;
use crate::domain::draft::Plot;
use crate::geometry::partition::{Claim, Partition};

/// What areas that touch along borders are together.
///
/// # Errors
/// When some are apart from the rest, or have no ground.
pub fn merge(plots: &[Plot<'_>]) -> Result<Outline, EditError> {
    let claims: Vec<Claim<'_>> = (0..)
        .zip(plots)
        .map(|(owner, plot)| Claim {
            owner,
            ground: plot.ground,
        })
        .collect();
    let partition = Partition::build(&claims, &[])?;
    // Each owner leads to another of its group, or to itself.
    let mut leaders: Vec<usize> = (0..plots.len()).collect();
    let mut has_ground = vec![false; plots.len()];
    for (_, faces) in partition.borders() {
        let faces = faces.into_iter().flatten();
        let owners = faces.flat_map(|face| &partition.faces()[face].owners);
        let mut places = owners.filter_map(|&owner| usize::try_from(owner).ok());
        let Some(first) = places.next() else {
            continue;
        };
        has_ground[first] = true;
        for place in places {
            has_ground[place] = true;
            let [a, b] = [first, place].map(|place| leader(&leaders, place));
            leaders[a.max(b)] = a.min(b);
        }
    }
    if let Some(place) = has_ground.iter().position(|has| !has) {
        let code = plots[place].code.to_owned();
        return Err(EditError::NoGround { code });
    }
    let mut groups: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (place, plot) in plots.iter().enumerate() {
        groups
            .entry(leader(&leaders, place))
            .or_default()
            .push(plot.code);
    }
    let main = groups
        .iter()
        .max_by_key(|(leader, codes)| (codes.len(), usize::MAX - **leader));
    let main = main.map(|(&leader, _)| leader);
    let apart = groups
        .into_iter()
        .filter(|&(leader, _)| Some(leader) != main);
    let codes: Vec<String> = apart
        .flat_map(|(_, codes)| codes)
        .map(str::to_owned)
        .collect();
    if !codes.is_empty() {
        return Err(EditError::Apart { codes });
    }
    let all = u32::MAX;
    let assembly = partition.assemble_shared(|face| {
        let mut owners = partition.faces()[face].owners.clone();
        if !owners.is_empty() {
            owners.push(all);
        }
        owners
    });
    let mut grounds = assembly.grounds.into_iter();
    let whole = grounds.find(|&(owner, _)| owner == all);
    Ok(whole.map(|(_, ground)| ground).unwrap_or_default())
}

fn leader(leaders: &[usize], mut place: usize) -> usize {
    while leaders[place] != place {
        place = leaders[place];
    }
    place
}
