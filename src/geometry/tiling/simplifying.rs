//! Areas with the vertices that a zoom draws, where they are on the ground.

use super::arcs::{Arcs, Version};
use super::rings::{GridPoint, Rings};
use super::thinning::Borders;
use super::untangle::untangle;
use crate::domain::{BoundingBox, LngLat, Polygon, Ring, Shape};

/// What is wider than this, in lattice steps, is too wide to be untangled: 107°.
const MAX_WIDTH: u32 = 1 << 30;

/// The ground of an area with as many vertices as a zoom needs. These are its own and, where
/// borders of neighbours end on its edges, theirs: nothing is rounded, and whoever shares a
/// stretch of border has the same ones along it. `None` when the area is smaller than a pixel
/// and nothing is left of it.
///
/// Borders do not cross as straight lines of the map's plane. In longitude and latitude an
/// edge lies beside that line by less than what simplifying has moved it.
#[must_use]
pub fn simplify(arcs: &Arcs, borders: &Borders, area: usize, zoom: u8) -> Option<Shape> {
    let version = borders.at_zoom(zoom);
    let rings = arcs.rings_of(area);
    let mut rings: Vec<Vec<LngLat>> = rings.map(|ring| points_of(arcs, version, ring)).collect();
    if has_double_edges(arcs, version, area) {
        rings = untangled(&rings).unwrap_or(rings);
    }
    let mut polygons: Vec<Polygon> = Vec::new();
    for ring in rings {
        // What encloses nothing any more does so on both sides of the border.
        let Ok(ring) = Ring::from_open(ring) else {
            continue;
        };
        // As arcs run, ground lies to the right in longitude and latitude.
        if ring.doubled_area_e14() < 0 {
            polygons.push(Polygon {
                exterior: ring,
                holes: Vec::new(),
            });
        } else if let Some(around) = polygons.last_mut() {
            around.holes.push(ring);
        }
    }
    Shape::new(polygons).ok()
}

/// The points along a ring, without the closing repetition.
fn points_of(arcs: &Arcs, version: &Version, ring: usize) -> Vec<LngLat> {
    let mut points = Vec::new();
    for along in arcs.uses_of(ring) {
        // The last point is the first one of the next arc.
        match &version.points[version.span_of(along.arc())] {
            [_, back @ ..] if along.is_against() => {
                points.extend(back.iter().rev().filter_map(|point| point.place()));
            }
            [front @ .., _] => points.extend(front.iter().filter_map(|point| point.place())),
            [] => {}
        }
    }
    points
}

/// True when two arcs around an area have become one straight line: what lay between them
/// was smaller than a pixel. Other arcs never come to lie on each other.
fn has_double_edges(arcs: &Arcs, version: &Version, area: usize) -> bool {
    let uses = arcs.rings_of(area).flat_map(|ring| arcs.uses_of(ring));
    let mut edges: Vec<_> = uses
        .filter_map(|along| match version.points[version.span_of(along.arc())] {
            [from, to] => Some((from.min(to), from.max(to))),
            _ => None,
        })
        .collect();
    edges.sort_unstable();
    edges.windows(2).any(|pair| pair[0] == pair[1])
}

/// The rings of the same ground without the edges that are run along both ways.
fn untangled(rings: &[Vec<LngLat>]) -> Option<Vec<Vec<LngLat>>> {
    let bounds = BoundingBox::around(rings.iter().flatten().copied())?;
    if bounds.max.lon_e7().abs_diff(bounds.min.lon_e7()) > MAX_WIDTH {
        return None;
    }
    let mut whole = Rings::new();
    for ring in rings {
        // On grids y runs down.
        let points = ring.iter().map(|point| [point.lon_e7(), -point.lat_e7()]);
        points.for_each(|point| whole.push(point));
        whole.close();
    }
    let mut tidy = Rings::new();
    untangle(&whole, &mut tidy);
    let place = |&[x, y]: &GridPoint| LngLat::from_e7(x, -y).ok();
    let rings = tidy.iter().map(|ring| ring.iter().filter_map(place));
    Some(rings.map(Iterator::collect).collect())
}
