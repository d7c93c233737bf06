//! Fewer vertices for smaller scales.
//!
//! Visvalingam and Whyatt (1993): the vertex goes whose triangle with its neighbours is
//! the smallest, until all triangles are larger than what a zoom can show. It is done arc
//! by arc, so both neighbours of a border lose the same vertices, and from the deepest
//! zoom up, so what a zoom draws is a part of what the next one draws.
//!
//! A vertex stays when another one lies in its triangle, edges included: one of the same arc
//! that is still drawn, or one of another arc that the next deeper zoom draws. Then no border
//! ever moves over another, in whichever order the arcs are thinned, and whatever did not
//! cross does not cross afterwards (as in GEOS's coverage simplifier, for all zooms at once).
//! The arithmetic is exact.
//!
//! So what becomes of an arc depends on itself, on the rings it is a part of and on what lies
//! in the box around it, and on nothing else.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::arcs::{Chains, number};
use super::cells::Cells;
use super::world::{WorldPoint, shift_of};
use super::{MAX_ZOOM, PIXEL};

/// What a ring needs of an arc, so that it keeps enclosing something.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Need {
    /// Points between the arc's ends.
    pub points: usize,
    /// Twice the area of the ring, in square world units: once it is smaller than a pixel,
    /// it may vanish.
    pub area: u128,
}

/// Arcs that are to be simplified, and those around them.
#[derive(Debug, Default)]
pub(super) struct Thinning {
    chains: Chains,
    /// For each arc what rings need of it; `None` for one that has been simplified before.
    needs: Vec<Option<Need>>,
    /// For each point the first zoom that draws it.
    drawn_from: Vec<u8>,
}

impl Thinning {
    /// Adds an arc that is to be simplified.
    pub fn add(&mut self, points: &[WorldPoint], need: Need) {
        self.chains.add(points.iter().copied());
        self.needs.push(Some(need));
        self.drawn_from.resize(self.chains.points.len(), 0);
    }

    /// Adds an arc as it has been simplified.
    pub fn add_fixed(&mut self, points: &[WorldPoint], drawn_from: &[u8]) {
        self.chains.add(points.iter().copied());
        self.needs.push(None);
        self.drawn_from.extend_from_slice(drawn_from);
    }

    /// For each point of an arc the first zoom that draws it. Arcs have the numbers in which
    /// they were added.
    pub fn drawn_from(&self, arc: usize) -> &[u8] {
        &self.drawn_from[self.chains.span_of(arc)]
    }

    /// Finds for each point the first zoom that draws it.
    pub fn run(&mut self) {
        let mut cells: Option<(Cells, usize)> = None;
        for zoom in (0..=MAX_ZOOM).rev() {
            // Cells of a deeper zoom do while most of their points are still drawn.
            let is_drawn = |&&from: &&u8| from <= zoom + 1;
            let drawn = self.drawn_from.par_iter().filter(is_drawn).count();
            if cells.as_ref().is_none_or(|(_, held)| *held > 2 * drawn) {
                cells = Some((self.sort_into_cells(zoom), drawn));
            }
            let Some((cells, _)) = &cells else {
                continue;
            };
            let gone: Vec<Vec<u32>> = (0..self.chains.count())
                .into_par_iter()
                .filter_map(|arc| Some(self.thin_arc(arc, self.needs[arc]?, zoom, cells)))
                .filter(|gone| !gone.is_empty())
                .collect();
            for point in gone.into_iter().flatten() {
                self.drawn_from[point as usize] = zoom + 1;
            }
        }
    }

    /// The points of an arc that a zoom does not draw, of those that the next one does.
    fn thin_arc(&self, arc: usize, need: Need, zoom: u8, cells: &Cells) -> Vec<u32> {
        let limit = (PIXEL * PIXEL) << (2 * shift_of(zoom));
        let span = self.chains.span_of(arc);
        let drawn = span.filter(|&point| self.drawn_from[point] <= zoom + 1);
        if !self.has_small(drawn.clone(), limit) {
            return Vec::new();
        }
        let mut chain = Chain::of(&self.chains, drawn.map(number).collect());
        let last = chain.points.len() - 1;
        let small = (1..last).filter_map(|place| {
            let area = chain.triangle(place);
            (area < limit).then_some(Reverse((area, place)))
        });
        let mut heap: BinaryHeap<Reverse<(u64, usize)>> = small.collect();
        let pixel = u128::from(2 * PIXEL * PIXEL) << (2 * shift_of(zoom));
        let mut inner = last - 1;
        let mut gone = Vec::new();
        while let Some(Reverse((area, place))) = heap.pop() {
            if chain.is_gone(place) || chain.triangle(place) != area {
                continue;
            }
            if inner <= need.points && need.area >= pixel {
                break;
            }
            if self.is_blocked(&chain, place, zoom, cells) {
                continue;
            }
            gone.push(chain.points[place]);
            inner -= 1;
            for neighbour in chain.remove(place) {
                if neighbour != 0 && neighbour != last {
                    let area = chain.triangle(neighbour);
                    if area < limit {
                        heap.push(Reverse((area, neighbour)));
                    }
                }
            }
        }
        gone
    }

    /// True when one of some points in a row has a triangle smaller than a limit.
    fn has_small(&self, points: impl Iterator<Item = usize>, limit: u64) -> bool {
        let mut points = points.map(|point| self.chains.points[point]);
        let (Some(mut a), Some(mut b)) = (points.next(), points.next()) else {
            return false;
        };
        points.any(|c| {
            let area = doubled_triangle([a, b, c]);
            (a, b) = (b, c);
            area < limit
        })
    }

    /// True when a vertex lies in the triangle that is cut off with a point.
    fn is_blocked(&self, chain: &Chain<'_>, place: usize, zoom: u8, cells: &Cells) -> bool {
        let corners = chain.corners(place);
        let [xs, ys] = [
            corners.map(|corner| corner.x),
            corners.map(|corner| corner.y),
        ];
        let bound = |values: [u32; 3]| {
            let [a, b, c] = values;
            (a.min(b).min(c), a.max(b).max(c))
        };
        let ((west, east), (north, south)) = (bound(xs), bound(ys));
        cells.any_in([west, north], [east, south], |other| {
            let place = self.chains.points[other as usize];
            (west..=east).contains(&place.x)
                && (north..=south).contains(&place.y)
                && self.drawn_from[other as usize] <= zoom + 1
                && !corners.contains(&place)
                && is_in_triangle(place, corners)
                && !chain.has_lost(other)
        })
    }

    fn sort_into_cells(&self, zoom: u8) -> Cells {
        let points = self.drawn_from.iter().zip(&self.chains.points);
        Cells::build(
            (0..)
                .zip(points)
                .filter(move |(_, (from, _))| **from <= zoom + 1)
                .map(|(number, (_, point))| (number, [point.x, point.y])),
        )
    }
}

/// An arc while it is thinned for a zoom.
struct Chain<'a> {
    chains: &'a Chains,
    /// The points that the next zoom draws, by their places among all.
    points: Vec<u32>,
    /// The places in `points` of those drawn before and after each one; of one that is gone,
    /// [`Self::GONE`].
    before: Vec<usize>,
    after: Vec<usize>,
}

impl<'a> Chain<'a> {
    const GONE: usize = usize::MAX;

    fn of(chains: &'a Chains, points: Vec<u32>) -> Self {
        Self {
            chains,
            before: (0..points.len())
                .map(|place| place.wrapping_sub(1))
                .collect(),
            after: (1..=points.len()).collect(),
            points,
        }
    }

    fn corners(&self, place: usize) -> [WorldPoint; 3] {
        [self.before[place], place, self.after[place]]
            .map(|corner| self.chains.points[self.points[corner] as usize])
    }

    /// [`doubled_triangle`] of a point between its neighbours.
    fn triangle(&self, place: usize) -> u64 {
        doubled_triangle(self.corners(place))
    }

    fn is_gone(&self, place: usize) -> bool {
        self.after[place] == Self::GONE
    }

    /// True of a point of this arc that is gone.
    fn has_lost(&self, point: u32) -> bool {
        self.points
            .binary_search(&point)
            .is_ok_and(|place| self.is_gone(place))
    }

    /// Takes a point out; those that were its neighbours.
    fn remove(&mut self, place: usize) -> [usize; 2] {
        let (before, after) = (self.before[place], self.after[place]);
        self.after[before] = after;
        self.before[after] = before;
        self.after[place] = Self::GONE;
        [before, after]
    }
}

/// Twice the area of a triangle in square world units.
fn doubled_triangle([a, b, c]: [WorldPoint; 3]) -> u64 {
    u64::try_from(turn(a, b, c).unsigned_abs()).unwrap_or(u64::MAX)
}

/// Twice the area of a triangle, positive when it turns from x to y.
fn turn(a: WorldPoint, b: WorldPoint, c: WorldPoint) -> i128 {
    let from_a = |point: WorldPoint| {
        [(point.x, a.x), (point.y, a.y)]
            .map(|(to, from)| i128::from(i64::from(to) - i64::from(from)))
    };
    let (ab, ac) = (from_a(b), from_a(c));
    ab[0] * ac[1] - ac[0] * ab[1]
}

/// True when a point lies in a triangle or on its edges. For a triangle without ground the
/// point must be in its box.
fn is_in_triangle(point: WorldPoint, [a, b, c]: [WorldPoint; 3]) -> bool {
    let turns = [turn(a, b, point), turn(b, c, point), turn(c, a, point)];
    turns.iter().all(|&turn| turn >= 0) || turns.iter().all(|&turn| turn <= 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LngLat, Polygon, Ring, Shape};
    use crate::geometry::tiling::Borders;
    use crate::geometry::tiling::needs::doubled_area;

    fn shape(points: impl IntoIterator<Item = (i32, i32)>) -> Shape {
        let points = points
            .into_iter()
            .map(|(x, y)| LngLat::from_e7(1_190_000_000 + x, 330_000_000 + y).unwrap());
        Shape::new(vec![Polygon {
            exterior: Ring::from_open(points.collect()).unwrap(),
            holes: vec![],
        }])
        .unwrap()
    }

    /// A comb with narrow teeth, and what lies between the teeth: simplified alone, each
    /// would cut through the other.
    #[test]
    fn every_zoom_draws_a_part_of_the_next_one() {
        let teeth = 40;
        let edge: Vec<(i32, i32)> = (0..=teeth)
            .map(|tooth| (tooth * 9_000, if tooth % 2 == 0 { 0 } else { 70_000 }))
            .collect();
        let south = [(teeth * 9_000, -200_000), (0, -200_000)];
        let north = [(0, 300_000), (teeth * 9_000, 300_000)];
        let below = shape(edge.iter().copied().chain(south));
        let above = shape(edge.iter().rev().copied().chain(north));
        let borders = Borders::build(vec![below.into(), above.into()]);
        let mut counts = Vec::new();
        for zoom in 0..MAX_ZOOM {
            for line in &borders.lines {
                let kept: Vec<_> = line.at_zoom(zoom).collect();
                let mut finer = line.at_zoom(zoom + 1);
                assert!(kept.iter().all(|point| finer.any(|other| other == *point)));
                assert_eq!(kept.first(), line.points().first());
                assert_eq!(kept.last(), line.points().last());
            }
            counts.push(drawn(&borders, zoom).len());
        }
        assert!(counts.is_sorted());
        // At the first zoom the whole is smaller than a unit; at the last all is shown.
        assert_eq!(counts[0], 6);
        let whole: usize = borders.lines.iter().map(|line| line.points().len()).sum();
        assert_eq!(drawn(&borders, MAX_ZOOM).len(), whole);
    }

    /// All points that a zoom draws.
    fn drawn(borders: &Borders, zoom: u8) -> Vec<WorldPoint> {
        let lines = borders.lines.iter();
        lines.flat_map(|line| line.at_zoom(zoom)).collect()
    }

    #[test]
    fn an_island_stays_until_it_is_smaller_than_a_pixel() {
        // A circle of 0.01 degrees' radius: a pixel of zoom 8 is 0.0027 degrees wide.
        #[expect(clippy::cast_possible_truncation, reason = "100,000 at most")]
        let round = |value: f64| value.round() as i32;
        let circle = (0..360).map(|degree| {
            let (sin, cos) = f64::from(degree).to_radians().sin_cos();
            (round(100_000.0 * cos), round(100_000.0 * sin))
        });
        let borders = Borders::build(vec![shape(circle).into()]);
        let whole = doubled_area(borders.lines[0].points().iter().copied().skip(1));
        for zoom in 8..=MAX_ZOOM {
            let points = drawn(&borders, zoom);
            assert!(points.len() >= 4, "zoom {zoom}");
            let left = doubled_area(points.iter().copied().skip(1));
            assert!(left * 10 > whole * 5, "zoom {zoom}: {left} of {whole}");
        }
        assert!(drawn(&borders, 10).len() < 40);
    }
}
