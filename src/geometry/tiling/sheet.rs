//! The lines of some areas on a zoom's grid, with all that comes near them.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::arcs::number;
use super::borders::{Borders, Line};
use super::cells::{Cells, Place};
use super::passing::Edge;
use super::rings::GridPoint;
use super::world::{WorldPoint, shift_of};

/// Cells with more points than this are sorted to find those that are rounded to one place.
const CROWD: usize = 12;

/// The lines of some areas as a zoom draws them, with all others that come near.
pub(super) struct Sheet {
    /// The areas' own, then the others.
    lines: Vec<u32>,
    own_count: usize,
    /// Where each line begins in `spots`; one more than there are lines.
    starts: Vec<u32>,
    spots: Vec<Spot>,
    /// By their pixels, the points that the areas' own lines may pass through.
    cells: Cells<Spot>,
}

/// A point that is drawn.
#[derive(Debug, Clone, Copy)]
struct Spot {
    /// Its place in the sheet.
    point: u32,
    place: WorldPoint,
    /// Where it is rounded to.
    pixel: GridPoint,
}

impl Sheet {
    /// `None` when nothing is drawn of the areas.
    pub fn of(borders: &Borders, areas: &[u32], zoom: u8) -> Option<Self> {
        let own: Vec<u32> = uses_of(borders, areas.iter().copied()).collect();
        let mut met = Met::among(&own);
        let mut sheet = Self {
            lines: own.into_iter().filter(|&line| met.insert(line)).collect(),
            own_count: 0,
            starts: vec![0],
            spots: Vec::new(),
            cells: Cells::build(std::iter::empty()),
        };
        sheet.own_count = sheet.lines.len();
        for place in 0..sheet.own_count {
            sheet.add(borders.line(sheet.lines[place]), zoom);
        }
        // Rounding has moved an edge and a point that it passes through by less than a unit
        // each.
        let bounds = sheet.bounds()?.widened(2 << shift_of(zoom));
        let near = borders.boxes.meeting(bounds.0);
        let near: Vec<u32> = uses_of(borders, near).collect();
        let mut met = Met::among(&near);
        for &line in &sheet.lines {
            met.insert(line);
        }
        let mut in_cells = sheet.spots.clone();
        for line in near {
            if met.insert(line) {
                let start = sheet.spots.len();
                sheet.add(borders.line(line), zoom);
                let spots = sheet.spots[start..].iter();
                let before = in_cells.len();
                in_cells.extend(spots.filter(|spot| bounds.hold(spot.place)));
                if in_cells.len() > before {
                    sheet.lines.push(line);
                } else {
                    sheet.spots.truncate(start);
                    sheet.starts.pop();
                }
            }
        }
        let placed = in_cells.iter().map(|spot| (*spot, on_plane(spot.pixel)));
        sheet.cells = Cells::build(placed);
        Some(sheet)
    }

    fn add(&mut self, line: &Line, zoom: u8) {
        line.visit(zoom, |place| {
            self.spots.push(Spot {
                point: number(self.spots.len()),
                place,
                pixel: place.at_zoom(zoom),
            });
        });
        self.starts.push(number(self.spots.len()));
    }

    /// The box around all points; `None` when there is none.
    fn bounds(&self) -> Option<Bounds> {
        let first = self.spots.first()?.place;
        let (mut min, mut max) = (first, first);
        for &Spot { place, .. } in &self.spots {
            (min.x, min.y) = (min.x.min(place.x), min.y.min(place.y));
            (max.x, max.y) = (max.x.max(place.x), max.y.max(place.y));
        }
        Some(Bounds([min.x, min.y, max.x, max.y].map(i64::from)))
    }

    /// The lines by their places here, the areas' own first.
    pub fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// The areas' own lines.
    pub fn own_lines(&self) -> &[u32] {
        &self.lines[..self.own_count]
    }

    fn span_of(&self, arc: usize) -> Range<usize> {
        self.starts[arc] as usize..self.starts[arc + 1] as usize
    }

    /// The line, by its place here, that a point belongs to.
    fn arc_of(&self, point: u32) -> usize {
        self.starts.partition_point(|&start| start <= point) - 1
    }

    /// Marks lines of which a point is rounded to where another point is. A point that only
    /// falls together with the one before or after it shortens its line and does not count.
    pub fn mark_colliding(&self, is_tangled: &mut [bool]) {
        let mut spots = Vec::new();
        for cell in self.cells.iter().filter(|cell| may_collide(cell)) {
            spots.clear();
            spots.extend_from_slice(cell);
            spots.sort_unstable_by_key(|spot| spot.pixel);
            for group in spots.chunk_by(|a, b| a.pixel == b.pixel) {
                if self.is_collision(group) {
                    for spot in group {
                        is_tangled[self.arc_of(spot.point)] = true;
                    }
                }
            }
        }
    }

    /// Whether points of one pixel are more than one place, or one next to it.
    fn is_collision(&self, group: &[Spot]) -> bool {
        let mut places = group.iter().map(|spot| spot.place);
        let Some(first) = places.next() else {
            return false;
        };
        let Some(other) = places.find(|&other| other != first) else {
            return false;
        };
        let is_pair = places.all(|place| place == first || place == other);
        let shortens = |going: WorldPoint, staying: WorldPoint| {
            let mut there = group.iter().filter(|spot| spot.place == going);
            match (there.next(), there.next()) {
                (Some(spot), None) => self.is_between(spot.point, staying),
                _ => false,
            }
        };
        !(is_pair && (shortens(first, other) || shortens(other, first)))
    }

    /// True when a point is none of its line's ends and stands next to a place.
    fn is_between(&self, point: u32, place: WorldPoint) -> bool {
        let span = self.span_of(self.arc_of(point));
        let point = point as usize;
        point > span.start
            && point + 1 < span.end
            && (self.spots[point - 1].place == place || self.spots[point + 1].place == place)
    }

    /// Marks lines that have become one and the same straight one: the ground between them
    /// is gone, and an area that lies on both sides must be joined.
    pub fn mark_coinciding(&self, is_tangled: &mut [bool]) {
        let mut straight: Vec<([GridPoint; 2], usize)> = (0..self.lines.len())
            .filter_map(|arc| {
                let spots = &self.spots[self.span_of(arc)];
                let (first, last) = (spots.first()?.pixel, spots.last()?.pixel);
                let is_end = |spot: &Spot| spot.pixel == first || spot.pixel == last;
                let is_straight = spots.iter().all(is_end);
                is_straight.then_some(([first.min(last), first.max(last)], arc))
            })
            .collect();
        // Most have their ends for themselves, and need no sorting to tell so.
        let mut counts = vec![0_u8; (4 * straight.len()).next_power_of_two()];
        let mask = counts.len() - 1;
        let slot_of = |ends: &[GridPoint; 2]| slot_of(ends) & mask;
        for (ends, _) in &straight {
            let count = &mut counts[slot_of(ends)];
            *count = count.saturating_add(1);
        }
        straight.retain(|(ends, _)| counts[slot_of(ends)] > 1);
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

    /// Calls `found` with the pixels of other points that edges of the areas' own lines pass
    /// through, line after line and in the direction of each: with the line's place here and
    /// that of the edge's first point among those drawn.
    pub fn find_bends(&self, zoom: u8, mut found: impl FnMut(usize, u32, GridPoint)) {
        let mut through: Vec<GridPoint> = Vec::new();
        for arc in 0..self.own_count {
            for (drawn, ends) in (0..).zip(self.spots[self.span_of(arc)].windows(2)) {
                let &[from, to] = ends else {
                    continue;
                };
                through.clear();
                self.find_passed(from, to, zoom, &mut through);
                for &pixel in &through {
                    found(arc, drawn, pixel);
                }
            }
        }
    }

    fn find_passed(&self, from: Spot, to: Spot, zoom: u8, through: &mut Vec<GridPoint>) {
        let edge = Edge::new(from.place, to.place, zoom);
        let (a, b) = (from.pixel, to.pixel);
        // Rounding has moved the edge and the other point by half a unit each.
        let (west, east) = (a[0].min(b[0]) - 1, a[0].max(b[0]) + 1);
        let (north, south) = (a[1].min(b[1]) - 1, a[1].max(b[1]) + 1);
        self.cells.along(on_plane(a), on_plane(b), 1, |spot| {
            let [x, y] = spot.pixel;
            let is_near = west <= x && x <= east && north <= y && y <= south;
            if is_near && spot.pixel != a && spot.pixel != b && edge.passes_through(spot.pixel) {
                through.push(spot.pixel);
            }
        });
        if through.len() > 1 {
            through.sort_unstable_by_key(|&pixel| (edge.progress_to(pixel), pixel));
            through.dedup();
        }
    }
}

/// False when no two of these are other places that are rounded to one.
fn may_collide(cell: &[Spot]) -> bool {
    let collides = |a: &Spot, b: &Spot| a.pixel == b.pixel && a.place != b.place;
    cell.len() > CROWD
        || (1..cell.len()).any(|end| {
            let spot = &cell[end];
            cell[..end].iter().any(|other| collides(other, spot))
        })
}

/// A number that the same ends have, and few others.
fn slot_of(&[a, b]: &[GridPoint; 2]) -> usize {
    let [a, b] =
        [a, b].map(|[x, y]| u64::from(x.cast_unsigned()) << 32 | u64::from(y.cast_unsigned()));
    #[expect(clippy::cast_possible_truncation, reason = "any part of a hash is one")]
    let slot = FixedState::default().hash_one(a ^ b.rotate_left(13)) as usize;
    slot
}

fn on_plane([x, y]: GridPoint) -> Place {
    [x.cast_unsigned(), y.cast_unsigned()]
}

/// The lines along some areas, as often as they are run along.
fn uses_of(borders: &Borders, areas: impl Iterator<Item = u32>) -> impl Iterator<Item = u32> {
    areas.flat_map(|area| borders.outline(area).uses.iter().map(|along| along.arc()))
}

/// West, north, east and south in the world, sides included.
struct Bounds([i64; 4]);

impl Bounds {
    fn widened(&self, by: i64) -> Self {
        let [west, north, east, south] = self.0;
        Self([west - by, north - by, east + by, south + by])
    }

    fn hold(&self, place: WorldPoint) -> bool {
        let [west, north, east, south] = self.0;
        let (x, y) = (i64::from(place.x), i64::from(place.y));
        west <= x && x <= east && north <= y && y <= south
    }
}

/// Numbers that have been met: a bit for each between the lowest and the highest there are.
struct Met {
    lowest: u32,
    bits: Vec<u64>,
}

impl Met {
    fn among(numbers: &[u32]) -> Self {
        let (mut lowest, mut highest) = (u32::MAX, 0);
        for &number in numbers {
            lowest = lowest.min(number);
            highest = highest.max(number);
        }
        let words = (highest.saturating_sub(lowest) / 64 + 1) as usize;
        Self {
            lowest,
            bits: vec![0; words],
        }
    }

    /// False when it has been met before, or is none of those there are.
    fn insert(&mut self, number: u32) -> bool {
        let place = number.wrapping_sub(self.lowest);
        let bit = 1 << (place % 64);
        let Some(word) = self.bits.get_mut((place / 64) as usize) else {
            return false;
        };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}
