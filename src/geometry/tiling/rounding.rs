//! Borders on a zoom's integer grid.
//!
//! Rounding moves each vertex by up to half a unit, which can carry it over another
//! border. So a border that passes through the unit square of a vertex is bent to go
//! through that vertex (snap rounding: Hobby 1999, Guibas and Marimont 1998). What did not
//! cross before does not cross afterwards; borders may come to lie on each other, which
//! [`untangle`](super::untangle) takes apart where an area meets itself.
//!
//! What rounding does to a line depends on the lines that come near it, so it is found out
//! for a few areas at a time.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::arcs::{ArcUse, Chains, number};
use super::borders::Borders;
use super::cells::{Cells, Place};
use super::rings::{GridPoint, Rings};
use super::world::{TileAddress, WorldPoint, shift_of};

/// What rounding to a zoom's grid does to the borders of some areas beyond moving each point
/// to the nearest place.
#[derive(Debug)]
pub struct Rounding {
    zoom: u8,
    /// For edges, by their lines and the places of their first points among those drawn, the
    /// places they are bent through.
    bends: HashMap<(u32, u32), Vec<GridPoint>, FixedState>,
    /// Lines of which an edge is bent.
    bent: HashSet<u32, FixedState>,
    /// Lines that may have come to touch themselves or each other.
    tangled: HashSet<u32, FixedState>,
}

impl Rounding {
    /// Rounds the borders of areas for a zoom.
    #[must_use]
    pub fn to_zoom(borders: &Borders, areas: &[u32], zoom: u8) -> Self {
        let mut rounding = Self {
            zoom,
            bends: HashMap::default(),
            bent: HashSet::default(),
            tangled: HashSet::default(),
        };
        let Some(sheet) = Sheet::of(borders, areas, zoom) else {
            return rounding;
        };
        let mut is_tangled = vec![false; sheet.lines.len()];
        sheet.mark_colliding(&mut is_tangled);
        sheet.mark_coinciding(&mut is_tangled);
        for (point, through) in sheet.find_bends(zoom) {
            let arc = sheet.chains.arc_of(point);
            is_tangled[arc] = true;
            let (line, start) = (sheet.lines[arc], sheet.chains.starts[arc]);
            rounding.bent.insert(line);
            rounding.bends.insert((line, point - start), through);
        }
        let tangled = sheet.lines.iter().zip(is_tangled);
        let tangled = tangled.filter(|&(_, is_tangled)| is_tangled);
        rounding.tangled.extend(tangled.map(|(&line, _)| line));
        rounding
    }

    /// True when the rings of an area must go through [`untangle`](super::untangle).
    #[must_use]
    pub fn is_tangled(&self, borders: &Borders, area: u32) -> bool {
        let mut uses = borders.outline(area).uses.iter();
        uses.any(|along| self.tangled.contains(&along.arc()))
    }

    /// Adds the rings of an area, one of those that were rounded, in the units of a tile of
    /// this zoom. Nothing is clipped.
    pub fn draw(&self, borders: &Borders, area: u32, tile: TileAddress, out: &mut Rings) {
        let [left, top] = tile.origin();
        for ring in borders.outline(area).rings() {
            for &along in ring {
                if self.bent.contains(&along.arc()) {
                    self.draw_bent(borders, along, [left, top], out);
                    continue;
                }
                let line = borders.line(along.arc());
                line.walk(along.is_against(), self.zoom, |point| {
                    let [x, y] = point.at_zoom(self.zoom);
                    out.push([x - left, y - top]);
                });
            }
            out.close();
        }
    }

    fn draw_bent(&self, borders: &Borders, along: ArcUse, origin: GridPoint, out: &mut Rings) {
        let mut points: Vec<GridPoint> = Vec::new();
        for (drawn, point) in (0..).zip(borders.line(along.arc()).at_zoom(self.zoom)) {
            points.push(point.at_zoom(self.zoom));
            points.extend(self.bends.get(&(along.arc(), drawn)).into_iter().flatten());
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

/// The lines of some areas as a zoom draws them, with all others that come near.
struct Sheet {
    /// In order.
    lines: Vec<u32>,
    /// For each line, whether it is one of the areas' own.
    is_own: Vec<bool>,
    chains: Chains,
    /// Where each point is rounded to.
    pixels: Vec<GridPoint>,
    /// By their pixels, the points that the areas' own lines may pass through.
    cells: Cells,
}

impl Sheet {
    /// `None` for no areas.
    fn of(borders: &Borders, areas: &[u32], zoom: u8) -> Option<Self> {
        // Rounding has moved an edge and a point that it passes through by less than a unit
        // each.
        let bounds = borders.bounds_of(areas)?.widened(2 << shift_of(zoom));
        let own = borders.lines_of(areas);
        let lines = borders.lines_of(&borders.boxes.meeting_any([bounds]));
        let mut chains = Chains::default();
        for &line in &lines {
            chains.add(borders.line(line).at_zoom(zoom));
        }
        let places = chains.points.iter();
        let pixels: Vec<GridPoint> = places.map(|place| place.at_zoom(zoom)).collect();
        let points = (0..).zip(chains.points.iter().zip(&pixels));
        let near = points.filter(|(_, (place, _))| bounds.holds(**place));
        let cells = Cells::build(near.map(|(point, (_, &pixel))| (point, on_plane(pixel))));
        let is_own = lines.iter().map(|line| own.binary_search(line).is_ok());
        Some(Self {
            is_own: is_own.collect(),
            lines,
            chains,
            pixels,
            cells,
        })
    }

    /// Marks lines of which a point is rounded to where another point is. A point that only
    /// falls together with the one before or after it shortens its line and does not count.
    fn mark_colliding(&self, is_tangled: &mut [bool]) {
        let mut points = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.len() > 1) {
            points.clear();
            points.extend_from_slice(cell);
            let pixel_of = |&point: &u32| self.pixels[point as usize];
            points.sort_unstable_by_key(pixel_of);
            for group in points.chunk_by(|a, b| pixel_of(a) == pixel_of(b)) {
                if self.is_collision(group) {
                    for &point in group {
                        is_tangled[self.chains.arc_of(point)] = true;
                    }
                }
            }
        }
    }

    /// Whether points of one pixel are more than one place, or one next to it.
    fn is_collision(&self, group: &[u32]) -> bool {
        let place = |&point: &u32| self.chains.points[point as usize];
        let mut places = group.iter().map(place);
        let Some(first) = places.next() else {
            return false;
        };
        let Some(other) = places.find(|&other| other != first) else {
            return false;
        };
        let is_pair = places.all(|place| place == first || place == other);
        let shortens = |going: WorldPoint, staying: WorldPoint| {
            let mut there = group.iter().filter(|point| place(point) == going);
            match (there.next(), there.next()) {
                (Some(&point), None) => self.is_between(point, staying),
                _ => false,
            }
        };
        !(is_pair && (shortens(first, other) || shortens(other, first)))
    }

    /// True when a point is none of its line's ends and stands next to a place.
    fn is_between(&self, point: u32, place: WorldPoint) -> bool {
        let span = self.chains.span_of(self.chains.arc_of(point));
        let point = point as usize;
        let points = &self.chains.points;
        point > span.start
            && point + 1 < span.end
            && (points[point - 1] == place || points[point + 1] == place)
    }

    /// Marks lines that have become one and the same straight one: the ground between them
    /// is gone, and an area that lies on both sides must be joined.
    fn mark_coinciding(&self, is_tangled: &mut [bool]) {
        let mut straight: Vec<([GridPoint; 2], usize)> = (0..is_tangled.len())
            .filter_map(|arc| {
                let pixels = &self.pixels[self.chains.span_of(arc)];
                let (&first, &last) = (pixels.first()?, pixels.last()?);
                let is_straight = pixels.iter().all(|&pixel| pixel == first || pixel == last);
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

    /// For edges of the areas' own lines, by their first points, the pixels of other points
    /// that they pass through, in their direction.
    fn find_bends(&self, zoom: u8) -> Vec<(u32, Vec<GridPoint>)> {
        let bend_of = |point: usize| -> Option<(u32, Vec<GridPoint>)> {
            let ends = [self.pixels[point], self.pixels[point + 1]];
            let edge = Edge::new(
                self.chains.points[point],
                self.chains.points[point + 1],
                zoom,
            );
            let mut through = Vec::new();
            // Rounding has moved the edge and the other point by half a unit each.
            let is_near = |pixel: GridPoint| {
                (0..2).all(|axis| {
                    let (a, b) = (ends[0][axis], ends[1][axis]);
                    (a.min(b) - 1..=a.max(b) + 1).contains(&pixel[axis])
                })
            };
            let [from, to] = ends.map(on_plane);
            self.cells.along(from, to, 1, |found| {
                let pixel = self.pixels[found as usize];
                if is_near(pixel) && !ends.contains(&pixel) && edge.passes_through(pixel) {
                    through.push(pixel);
                }
            });
            through.sort_unstable_by_key(|&pixel| (edge.progress_to(pixel), pixel));
            through.dedup();
            (!through.is_empty()).then(|| (number(point), through))
        };
        let bends_of = |arc: usize| {
            let span = self.chains.span_of(arc);
            (span.start..span.end - 1).filter_map(bend_of)
        };
        let arcs = (0..self.lines.len()).filter(|&arc| self.is_own[arc]);
        arcs.flat_map(bends_of).collect()
    }
}

fn on_plane(pixel: GridPoint) -> Place {
    pixel.map(i32::cast_unsigned)
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
        // Most that are near lie wholly on one side of the edge's line.
        let offset = [0, 1].map(|axis| (i64::from(pixel[axis]) << self.shift) - self.from[axis]);
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        let aside = product(self.along[0], offset[1]) - product(self.along[1], offset[0]);
        let width = product(half, self.along[0].abs() + self.along[1].abs());
        if aside.abs() > width {
            return false;
        }
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
