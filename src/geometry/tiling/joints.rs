//! Vertices that lie on an edge of a neighbour who does not have them.

use std::collections::HashMap;

use super::arcs::VertexId;
use super::cells::{Cells, Place};
use crate::domain::LngLat;

/// An edge whichever way it is run along: from the lower place to the higher.
pub(super) fn edge_between(places: &[LngLat], a: VertexId, b: VertexId) -> (VertexId, VertexId) {
    if places[a as usize] < places[b as usize] {
        (a, b)
    } else {
        (b, a)
    }
}

/// For each [edge](edge_between) of the arcs, the vertices of other arcs that lie on it
/// within a lattice step, in order.
pub(super) fn find_joints(
    places: &[LngLat],
    arcs: &[&[VertexId]],
) -> HashMap<(VertexId, VertexId), Vec<VertexId>> {
    let mut vertices: Vec<VertexId> = arcs.iter().flat_map(|arc| arc.iter().copied()).collect();
    vertices.sort_unstable();
    vertices.dedup();
    let place_of = |vertex: VertexId| on_plane(places[vertex as usize]);
    let cells = Cells::build(vertices.iter().map(|&vertex| (vertex, place_of(vertex))));
    let mut joints = HashMap::new();
    for edge in arcs.iter().flat_map(|arc| arc.windows(2)) {
        let (from, to) = edge_between(places, edge[0], edge[1]);
        let (a, b) = (place_of(from), place_of(to));
        let mut found: Vec<(i128, Place, VertexId)> = Vec::new();
        cells.along(a, b, 1, |vertex| {
            if vertex != from && vertex != to {
                let place = place_of(vertex);
                found.extend(progress_on(a, b, place).map(|way| (way, place, vertex)));
            }
        });
        if !found.is_empty() {
            found.sort_unstable();
            found.dedup();
            joints.insert(
                (from, to),
                found.into_iter().map(|(.., vertex)| vertex).collect(),
            );
        }
    }
    joints
}

/// How far along the edge a point lies that is within a step of it, times the edge's
/// length; `None` for a point beside the edge or beyond its ends.
fn progress_on(a: Place, b: Place, point: Place) -> Option<i128> {
    let towards = |to: Place| {
        let along = |axis: usize| i128::from(to[axis]) - i128::from(a[axis]);
        [along(0), along(1)]
    };
    let ([dx, dy], [px, py]) = (towards(b), towards(point));
    let length_squared = dx * dx + dy * dy;
    let progress = dx * px + dy * py;
    let aside = dx * py - dy * px;
    let is_on = progress > 0 && progress < length_squared && aside * aside <= length_squared;
    is_on.then_some(progress)
}

/// Lattice steps counted from the south-western corner of the world.
fn on_plane(place: LngLat) -> Place {
    [
        place.lon_e7().abs_diff(-1_800_000_000),
        place.lat_e7().abs_diff(-900_000_000),
    ]
}
