//! Moving vertices and borders, and all areas that have them.

use super::{EditError, outline_of, refuse_new_faults};
use crate::domain::draft::Plot;
use crate::domain::{AreaId, LngLat, Outline};

/// Moves a vertex of every area that has it. An area that was wrong before may stay so.
///
/// # Errors
/// When no area has the vertex, or one would become wrong.
pub fn move_vertex(
    plots: &[Plot<'_>],
    from: LngLat,
    to: LngLat,
) -> Result<Vec<(AreaId, Outline)>, EditError> {
    let moved = change_rings(plots, |_, ring| {
        let moved = ring
            .iter()
            .map(|&point| if point == from { to } else { point });
        Ok(ring.contains(&from).then(|| moved.collect()))
    })?;
    if moved.is_empty() {
        return Err(EditError::NoVertex(from));
    }
    Ok(moved)
}

/// Replaces a line of successive vertices by another one between the same ends, in every area
/// that has it on its border, whichever way round.
///
/// # Errors
/// When no area has the line, an area's border leaves it between its ends, the new line has
/// other ends, a line has less than two points, or an area would become wrong.
pub fn move_border(
    plots: &[Plot<'_>],
    old: &[LngLat],
    new: &[LngLat],
) -> Result<Vec<(AreaId, Outline)>, EditError> {
    let ([from, between @ .., to], [first, .., last]) = (old, new) else {
        return Err(EditError::ShortLine);
    };
    let (from, to) = (*from, *to);
    if [from, to] != [*first, *last] {
        return Err(EditError::OtherEnds { from, to });
    }
    let backwards = |line: &[LngLat]| line.iter().rev().copied().collect::<Vec<_>>();
    let (old_back, new_back) = (backwards(old), backwards(new));
    let moved = change_rings(plots, |plot, ring| {
        let replaced = replace(ring, old, new).or_else(|| replace(ring, &old_back, &new_back));
        let junction = between.iter().find(|point| ring.contains(point));
        match (replaced, junction) {
            (None, Some(&at)) => Err(EditError::Junction {
                code: plot.code.to_owned(),
                at,
            }),
            (replaced, _) => Ok(replaced),
        }
    })?;
    if moved.is_empty() {
        return Err(EditError::NoBorder { from, to });
    }
    Ok(moved)
}

/// The areas of which rings are changed. Rings are handed on open, and come back so.
fn change_rings(
    plots: &[Plot<'_>],
    change: impl Fn(&Plot<'_>, &[LngLat]) -> Result<Option<Vec<LngLat>>, EditError>,
) -> Result<Vec<(AreaId, Outline)>, EditError> {
    let mut all = Vec::new();
    for plot in plots {
        let Some(before) = outline_of(plot) else {
            continue;
        };
        let mut after = before.as_ref().clone();
        let mut is_changed = false;
        for ring in after.polygons.iter_mut().flatten() {
            let is_closed = ring.len() > 1 && ring.first() == ring.last();
            let open = &ring[..ring.len() - usize::from(is_closed)];
            if let Some(mut changed) = change(plot, open)? {
                changed.dedup();
                if is_closed {
                    changed.extend(changed.first().copied());
                    changed.dedup();
                }
                *ring = changed;
                is_changed = true;
            }
        }
        if is_changed {
            refuse_new_faults(plot, &before, &after)?;
            all.push((plot.id, after));
        }
    }
    Ok(all)
}

/// The open ring with a line in place of another one that it runs along; `None` when it does
/// not.
fn replace(ring: &[LngLat], old: &[LngLat], new: &[LngLat]) -> Option<Vec<LngLat>> {
    let count = ring.len();
    let steps = old.len() - 1;
    if count == 0 || steps > count {
        return None;
    }
    let runs = |&start: &usize| (0..=steps).all(|step| ring[(start + step) % count] == old[step]);
    let start = (0..count).find(runs)?;
    let rest = (steps..count).map(|step| ring[(start + step) % count]);
    Some(new[..new.len() - 1].iter().copied().chain(rest).collect())
}
