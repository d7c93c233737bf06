//! Borders on a zoom's integer grid.
//!
//! Rounding moves each vertex by up to half a unit, which can carry it over another
//! border. So a border that passes through the unit square of a vertex is bent to go
//! through that vertex (snap rounding: Hobby 1999, Guibas and Marimont 1998). What did not
//! cross before does not cross afterwards; borders may come to lie on each other, which
//! [`untangle`](super::untangle) takes apart where an area meets itself.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::arcs::{ArcUse, Arcs, Version, number};
use super::cells::{Cells, Place};
use super::rings::{GridPoint, Rings};
use super::thinning::Borders;
use super::world::{TileAddress, WorldPoint, shift_of};

/// What rounding to a zoom's grid does beyond moving each point to the nearest place.
#[derive(Debug)]
pub struct Rounding {
    zoom: u8,
    /// For edges, by the first of their points in the zoom's version, the places they are
    /// bent through.
    bends: HashMap<u32, Vec<GridPoint>, FixedState>,
    /// For each arc, whether an edge of it is bent.
    is_bent: Vec<bool>,
    /// For each area, whether its rings may have come to touch themselves or each other.
    is_tangled: Vec<bool>,
}

impl Rounding {
    /// Rounds the borders for a zoom.
    #[must_use]
    pub fn to_zoom(arcs: &Arcs, borders: &Borders, zoom: u8) -> Self {
        let version = borders.at_zoom(zoom);
        let mut pixels: Vec<(GridPoint, u32)> = version
            .points
            .par_iter()
            .enumerate()
            .map(|(point, place)| (place.at_zoom(zoom), number(point)))
            .collect();
        pixels.par_sort_unstable();
        let mut is_tangled_arc = find_collisions(version, &pixels);
        pixels.dedup_by_key(|(pixel, _)| *pixel);
        mark_coinciding(version, zoom, &mut is_tangled_arc);
        let bends = find_bends(version, zoom, &pixels);
        let mut is_bent = vec![false; arcs.arc_count()];
        for &start in bends.keys() {
            let arc = arc_of(version, start);
            is_bent[arc] = true;
            is_tangled_arc[arc] = true;
        }
        let is_tangled = (0..arcs.area_count())
            .map(|area| {
                arcs.rings_of(area)
                    .flat_map(|ring| arcs.uses_of(ring))
                    .any(|along| is_tangled_arc[along.arc()])
            })
            .collect();
        Self {
            zoom,
            bends,
            is_bent,
            is_tangled,
        }
    }

    /// True when the rings of an area must go through [`untangle`](super::untangle).
    #[must_use]
    pub fn is_tangled(&self, area: usize) -> bool {
        self.is_tangled[area]
    }

    /// Adds the rings of an area, in the units of a tile of this zoom. Nothing is clipped.
    pub fn draw(
        &self,
        arcs: &Arcs,
        borders: &Borders,
        area: usize,
        tile: TileAddress,
        out: &mut Rings,
    ) {
        let version = borders.at_zoom(self.zoom);
        let [left, top] = tile.origin();
        for ring in arcs.rings_of(area) {
            for &along in arcs.uses_of(ring) {
                if self.is_bent[along.arc()] {
                    self.draw_bent(version, along, [left, top], out);
                    continue;
                }
                let mut push = |point: &WorldPoint| {
                    let [x, y] = point.at_zoom(self.zoom);
                    out.push([x - left, y - top]);
                };
                // The last point is the first one of the next arc.
                match &version.points[version.span_of(along.arc())] {
                    [_, back @ ..] if along.is_against() => back.iter().rev().for_each(&mut push),
                    [front @ .., _] => front.iter().for_each(&mut push),
                    [] => {}
                }
            }
            out.close();
        }
    }

    fn draw_bent(&self, version: &Version, along: ArcUse, origin: GridPoint, out: &mut Rings) {
        let span = version.span_of(along.arc());
        let mut points: Vec<GridPoint> = Vec::with_capacity(span.len());
        for point in span {
            points.push(version.points[point].at_zoom(self.zoom));
            points.extend(self.bends.get(&number(point)).into_iter().flatten());
        }
        if along.is_against() {
            points.reverse();
        }
        points.pop();
        for [x, y] in points {
            out.push([x - origin[0], y - origin[1]]);
        }
    }
}

/// For each arc, whether one of its points is rounded to where another point is. A point
/// that only falls together with the one before or after it shortens its arc and does not
/// count.
fn find_collisions(version: &Version, pixels: &[(GridPoint, u32)]) -> Vec<bool> {
    let mut is_tangled = vec![false; version.starts.len() - 1];
    for group in pixels.chunk_by(|a, b| a.0 == b.0) {
        let place = |&(_, point): &(GridPoint, u32)| version.points[point as usize];
        let first = place(&group[0]);
        let Some(other) = group.iter().map(place).find(|&other| other != first) else {
            continue;
        };
        let is_pair = group
            .iter()
            .all(|point| [first, other].contains(&place(point)));
        let shortens = |going: WorldPoint, staying: WorldPoint| {
            let mut there = group.iter().filter(|point| place(point) == going);
            match (there.next(), there.next()) {
                (Some(&(_, point)), None) => is_between(version, point, staying),
                _ => false,
            }
        };
        if is_pair && (shortens(first, other) || shortens(other, first)) {
            continue;
        }
        for &(_, point) in group {
            is_tangled[arc_of(version, point)] = true;
        }
    }
    is_tangled
}

/// Marks arcs that have become one and the same straight line: the ground between them is
/// gone, and an area that lies on both sides must be joined.
fn mark_coinciding(version: &Version, zoom: u8, is_tangled: &mut [bool]) {
    let mut straight: Vec<([GridPoint; 2], usize)> = (0..is_tangled.len())
        .filter_map(|arc| {
            let points = &version.points[version.span_of(arc)];
            let (first, last) = (points.first()?.at_zoom(zoom), points.last()?.at_zoom(zoom));
            let is_straight = points.iter().all(|point| {
                let place = point.at_zoom(zoom);
                place == first || place == last
            });
            is_straight.then_some(([first.min(last), first.max(last)], arc))
        })
        .collect();
    straight.sort_unstable();
    for group in straight
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
    {
        for &(_, arc) in group {
            is_tangled[arc] = true;
        }
    }
}

/// True when a point is none of its arc's ends and stands next to a place.
fn is_between(version: &Version, point: u32, place: WorldPoint) -> bool {
    let span = version.span_of(arc_of(version, point));
    let point = point as usize;
    point > span.start
        && point + 1 < span.end
        && (version.points[point - 1] == place || version.points[point + 1] == place)
}

fn arc_of(version: &Version, point: u32) -> usize {
    version.starts.partition_point(|&start| start <= point) - 1
}

/// For each edge the pixels of other points that it passes through, in its direction.
fn find_bends(
    version: &Version,
    zoom: u8,
    pixels: &[(GridPoint, u32)],
) -> HashMap<u32, Vec<GridPoint>, FixedState> {
    let on_plane = |pixel: GridPoint| -> Place { pixel.map(i32::cast_unsigned) };
    let cells = Cells::build((0..).zip(pixels.iter().map(|&(pixel, _)| on_plane(pixel))));
    let bend_of = |point: usize| -> Option<(u32, Vec<GridPoint>)> {
        let (a, b) = (version.points[point], version.points[point + 1]);
        let ends = [a, b].map(|end| end.at_zoom(zoom));
        let edge = Edge::new(a, b, zoom);
        let mut through = Vec::new();
        // Rounding has moved the edge and the other point by less than a unit each.
        cells.along(on_plane(ends[0]), on_plane(ends[1]), 2, |found| {
            let (pixel, _) = pixels[found as usize];
            if !ends.contains(&pixel) && edge.passes_through(pixel) {
                through.push(pixel);
            }
        });
        through.sort_unstable_by_key(|&pixel| edge.progress_to(pixel));
        (!through.is_empty()).then(|| (number(point), through))
    };
    (0..version.starts.len() - 1)
        .into_par_iter()
        .flat_map_iter(|arc| {
            let span = version.span_of(arc);
            (span.start..span.end - 1).filter_map(bend_of)
        })
        .collect()
}

/// An edge in the world, before it is rounded.
struct Edge {
    from: [i64; 2],
    along: [i64; 2],
    shift: u8,
}

impl Edge {
    fn new(a: WorldPoint, b: WorldPoint, zoom: u8) -> Self {
        let [from, to] = [a, b].map(|end| [i64::from(end.x), i64::from(end.y)]);
        Self {
            from,
            along: [to[0] - from[0], to[1] - from[1]],
            shift: shift_of(zoom),
        }
    }

    /// True when the edge has a point that is rounded to this pixel: the square around it
    /// with its western and northern sides.
    fn passes_through(&self, pixel: GridPoint) -> bool {
        let half = 1_i64 << self.shift >> 1;
        // The part of the edge that is inside, as fractions of its length with whether
        // the end itself counts.
        let (mut enter, mut leave) = (((0, 1), true), ((1, 1), true));
        for (axis, centre) in pixel.into_iter().enumerate() {
            let centre = i64::from(centre) << self.shift;
            let (low, high) = (centre - half, centre + half);
            let (from, along) = (self.from[axis], self.along[axis]);
            let (one, other) = match along.signum() {
                0 if from < low || from >= high => return false,
                0 => continue,
                1 => (((low - from, along), true), ((high - from, along), false)),
                _ => (((from - high, -along), false), ((from - low, -along), true)),
            };
            enter = match compare(one.0, enter.0) {
                std::cmp::Ordering::Greater => one,
                std::cmp::Ordering::Equal => (one.0, one.1 && enter.1),
                std::cmp::Ordering::Less => enter,
            };
            leave = match compare(other.0, leave.0) {
                std::cmp::Ordering::Less => other,
                std::cmp::Ordering::Equal => (other.0, other.1 && leave.1),
                std::cmp::Ordering::Greater => leave,
            };
        }
        match compare(enter.0, leave.0) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => enter.1 && leave.1,
            std::cmp::Ordering::Greater => false,
        }
    }

    /// Grows along the edge.
    fn progress_to(&self, pixel: GridPoint) -> i128 {
        (0..2)
            .map(|axis| {
                let offset = (i64::from(pixel[axis]) << self.shift) - self.from[axis];
                i128::from(offset) * i128::from(self.along[axis])
            })
            .sum()
    }
}

/// Compares fractions with positive denominators.
fn compare(a: (i64, i64), b: (i64, i64)) -> std::cmp::Ordering {
    (i128::from(a.0) * i128::from(b.1)).cmp(&(i128::from(b.0) * i128::from(a.1)))
}
