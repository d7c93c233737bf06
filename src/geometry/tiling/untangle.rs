//! Rings that touch themselves, taken apart.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::rings::{GridPoint, Rings, doubled_area, edges};

type Edge = (GridPoint, GridPoint);

/// Draws the ground of some rings anew: stretches that are run along in both directions
/// bound no ground and go, rings that touch themselves become several, and each hole stands
/// after the exterior it lies in. The rings may touch and overlap along edges, but must not
/// cross; their nesting may be in any order.
pub fn untangle(rings: &Rings, out: &mut Rings) {
    let mut loops = Vec::new();
    for walk in walk_faces(&net_edges(rings)) {
        split_loops(&walk, &mut loops);
    }
    nest(loops, out);
}

/// The edges that are left when those in opposite directions cancel, by where they start.
fn net_edges(rings: &Rings) -> Vec<Edge> {
    let mut directed: Vec<(Edge, i32)> = rings
        .iter()
        .flat_map(edges)
        .map(|(a, b)| if a < b { ((a, b), 1) } else { ((b, a), -1) })
        .collect();
    directed.sort_unstable();
    let mut net = Vec::with_capacity(directed.len());
    for group in directed.chunk_by(|a, b| a.0 == b.0) {
        let (a, b) = group[0].0;
        let sum: i32 = group.iter().map(|(_, direction)| direction).sum();
        let edge = if sum > 0 { (a, b) } else { (b, a) };
        net.extend((0..sum.unsigned_abs()).map(|_| edge));
    }
    net.sort_unstable();
    net
}

/// Closed walks along all edges, each with its ground to the left: where several edges
/// leave a place, the one that turns left most.
fn walk_faces(edges: &[Edge]) -> Vec<Vec<GridPoint>> {
    let mut is_walked = vec![false; edges.len()];
    let mut walks = Vec::new();
    for first in 0..edges.len() {
        if is_walked[first] {
            continue;
        }
        let mut walk = Vec::new();
        let mut at = Some(first);
        while let Some(edge) = at {
            is_walked[edge] = true;
            let (from, to) = edges[edge];
            walk.push(from);
            let start = edges.partition_point(|&(start, _)| start < to);
            let leaving = edges[start..]
                .iter()
                .take_while(|edge| edge.0 == to)
                .count();
            at = (start..start + leaving)
                .filter(|&next| !is_walked[next])
                .min_by(|&a, &b| compare_turns(from, to, edges[a].1, edges[b].1));
        }
        walks.push(walk);
    }
    walks
}

/// Compares two ways on from `at`, having come from `from`: clockwise from where one came.
fn compare_turns(from: GridPoint, at: GridPoint, a: GridPoint, b: GridPoint) -> Ordering {
    let from_here = |to: GridPoint| [to[0] - at[0], to[1] - at[1]].map(i64::from);
    let (back, a, b) = (from_here(from), from_here(a), from_here(b));
    let cross = |u: [i64; 2], v: [i64; 2]| u[0] * v[1] - u[1] * v[0];
    let dot = |u: [i64; 2], v: [i64; 2]| u[0] * v[0] + u[1] * v[1];
    // 0 in the first half turn, 2 in the second, 1 and 3 where these end.
    let half = |way: [i64; 2]| match cross(back, way).signum() {
        -1 => 0,
        1 => 2,
        _ if dot(back, way) < 0 => 1,
        _ => 3,
    };
    half(a).cmp(&half(b)).then_with(|| cross(a, b).cmp(&0))
}

/// Cuts a closed walk into loops that come to no place twice.
fn split_loops(walk: &[GridPoint], loops: &mut Vec<Vec<GridPoint>>) {
    let mut on_way: HashMap<GridPoint, usize, FixedState> = HashMap::default();
    let mut way: Vec<GridPoint> = Vec::with_capacity(walk.len());
    for &point in walk {
        if let Some(&start) = on_way.get(&point) {
            for passed in &way[start + 1..] {
                on_way.remove(passed);
            }
            let closed: Vec<GridPoint> = way.drain(start..).collect();
            loops.push(closed);
            way.push(point);
        } else {
            on_way.insert(point, way.len());
            way.push(point);
        }
    }
    loops.push(way);
}

/// Puts each hole after the exterior it lies in.
fn nest(loops: Vec<Vec<GridPoint>>, out: &mut Rings) {
    let (mut exteriors, mut holes) = (Vec::new(), Vec::new());
    for ring in loops {
        match doubled_area(&ring) {
            0 => {}
            area if area > 0 => exteriors.push((area, ring)),
            _ => holes.push(ring),
        }
    }
    // A hole is in the smallest of all that hold it.
    exteriors.sort_by_key(|(area, _)| *area);
    let mut inside: Vec<Vec<Vec<GridPoint>>> = vec![Vec::new(); exteriors.len()];
    for hole in holes {
        let holder = exteriors.iter().position(|(_, ring)| holds(ring, &hole));
        if let Some(holder) = holder {
            inside[holder].push(hole);
        }
    }
    for ((_, exterior), holes) in exteriors.iter().zip(&inside) {
        out.add(exterior);
        for hole in holes {
            out.add(hole);
        }
    }
}

/// True when a ring lies in another, whose border it does not cross.
fn holds(outer: &[GridPoint], inner: &[GridPoint]) -> bool {
    let corners = inner.iter().map(|&point| doubled(point));
    let middles = edges(inner).map(|(a, b)| [a[0] + b[0], a[1] + b[1]].map(i64::from));
    corners
        .chain(middles)
        .find_map(|point| side_of(outer, point))
        .unwrap_or(true)
}

pub(super) fn doubled(point: GridPoint) -> [i64; 2] {
    point.map(|value| 2 * i64::from(value))
}

/// Whether a place, in half units, is inside a ring; `None` on its border.
pub(super) fn side_of(ring: &[GridPoint], point: [i64; 2]) -> Option<bool> {
    let [px, py] = point;
    let mut inside = false;
    for (a, b) in edges(ring) {
        let ([ax, ay], [bx, by]) = (doubled(a), doubled(b));
        let turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
        let in_box = ax.min(bx) <= px && px <= ax.max(bx) && ay.min(by) <= py && py <= ay.max(by);
        if turn == 0 && in_box {
            return None;
        }
        if (ay <= py) != (by <= py) && (turn > 0) == (by > ay) {
            inside = !inside;
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untangled(rings: &[&[GridPoint]]) -> Vec<Vec<GridPoint>> {
        let (mut tangled, mut out) = (Rings::default(), Rings::default());
        for ring in rings {
            tangled.add(ring);
        }
        untangle(&tangled, &mut out);
        out.iter().map(<[_]>::to_vec).collect()
    }

    #[test]
    fn two_lobes_that_touch_become_two_polygons() {
        let lobes = untangled(&[&[
            [0, 0],
            [4, 0],
            [4, 4],
            [8, 4],
            [8, 8],
            [4, 8],
            [4, 4],
            [0, 4],
        ]]);
        assert_eq!(lobes.len(), 2);
        assert!(
            lobes
                .iter()
                .all(|ring| ring.len() == 4 && doubled_area(ring) == 32)
        );
    }

    #[test]
    fn a_spike_goes() {
        let square = untangled(&[&[[0, 0], [4, 0], [4, 4], [6, 9], [4, 4], [0, 4]]]);
        assert_eq!(square, [[[0, 0], [4, 0], [4, 4], [0, 4]]]);
    }

    #[test]
    fn a_border_within_an_area_goes_and_a_hole_stands_after_its_exterior() {
        // Two halves of a square with a hole in the second one; far away, another square.
        let rings = untangled(&[
            &[[0, 0], [10, 0], [10, 20], [0, 20]],
            &[[10, 0], [20, 0], [20, 20], [10, 20]],
            &[[12, 12], [12, 14], [14, 14], [14, 12]],
            &[[90, 90], [91, 90], [91, 91]],
        ]);
        let areas: Vec<i64> = rings.iter().map(|ring| doubled_area(ring)).collect();
        assert_eq!(areas, [1, 800, -8]);
    }

    #[test]
    fn a_hole_that_touches_its_exterior_stays_a_hole() {
        let rings = untangled(&[
            &[[0, 0], [10, 0], [20, 0], [20, 20], [0, 20]],
            &[[10, 0], [8, 8], [12, 8]],
        ]);
        let areas: Vec<i64> = rings.iter().map(|ring| doubled_area(ring)).collect();
        assert_eq!(areas, [800, -32]);
    }
}
