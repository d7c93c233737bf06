//! Areas with the vertices that a zoom draws, where they are on the ground.

use super::arcs::ArcUse;
use super::borders::Borders;
use super::rings::{GridPoint, Rings};
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
pub fn simplify(borders: &Borders, area: u32, zoom: u8) -> Option<Shape> {
    let rings = borders.outline(area).rings();
    let mut rings: Vec<Vec<LngLat>> = rings.map(|ring| points_of(borders, ring, zoom)).collect();
    if has_double_edges(&rings) {
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
fn points_of(borders: &Borders, ring: &[ArcUse], zoom: u8) -> Vec<LngLat> {
    let mut points = Vec::new();
    for along in ring {
        let line = borders.line(along.arc());
        line.walk(along.is_against(), zoom, |point| {
            points.extend(point.place());
        });
    }
    points
}

/// True when an edge is run along twice: what lay between was smaller than a pixel.
fn has_double_edges(rings: &[Vec<LngLat>]) -> bool {
    let mut edges: Vec<(LngLat, LngLat)> = rings
        .iter()
        .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)))
        .map(|(&from, &to)| (from.min(to), from.max(to)))
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
