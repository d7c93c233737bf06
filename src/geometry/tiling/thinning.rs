//! Fewer vertices for smaller scales.
//!
//! Visvalingam and Whyatt (1993): the vertex goes whose triangle with its neighbours is
//! the smallest, until all triangles are larger than what a zoom can show. It is done arc
//! by arc, so both neighbours of a border lose the same vertices, and from the deepest
//! zoom up, so what a zoom draws is a part of what the next one draws.
//!
//! A vertex stays when another vertex that is still drawn lies in its triangle, edges
//! included: then no border ever moves over another, and whatever did not cross does not
//! cross afterwards (as in GEOS's coverage simplifier, for all zooms at once). The
//! arithmetic is exact.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use rayon::prelude::*;

use super::arcs::{ArcUse, Arcs, Version, doubled_area, number};
use super::cells::Cells;
use super::world::{WorldPoint, shift_of};
use super::{MAX_ZOOM, PIXEL};

/// Zooms, the shallowest first.
const ZOOMS: usize = MAX_ZOOM as usize + 1;
/// A zoom draws the vertices of the next one while more than so many eighths of them are
/// left: a copy of its own would save little.
const WORTH_A_COPY: usize = 6;

/// The arcs as each zoom draws them.
#[derive(Debug)]
pub struct Borders {
    /// For each zoom, its version; neighbouring zooms may share one.
    versions: Vec<Arc<Version>>,
}

impl Borders {
    pub(super) fn at_zoom(&self, zoom: u8) -> &Version {
        &self.versions[usize::from(zoom.min(MAX_ZOOM))]
    }
}

/// Simplifies arcs for every zoom.
#[must_use]
pub fn thin(arcs: &Arcs) -> Borders {
    let gone_below = Thinning::new(arcs).run();
    let whole = &arcs.whole;
    let mut versions: Vec<Arc<Version>> = Vec::with_capacity(ZOOMS);
    for zoom in (0..=MAX_ZOOM).rev() {
        let is_drawn = |&point: &usize| gone_below[point] <= zoom;
        let count = (0..whole.points.len()).filter(is_drawn).count();
        let last = versions.last().unwrap_or(whole);
        if count * 8 > last.points.len() * WORTH_A_COPY {
            versions.push(Arc::clone(last));
            continue;
        }
        let mut version = Version {
            points: Vec::with_capacity(count),
            starts: Vec::with_capacity(whole.starts.len()),
        };
        version.starts.push(0);
        for arc in 0..arcs.arc_count() {
            let drawn = whole.span_of(arc).filter(is_drawn);
            version
                .points
                .extend(drawn.map(|point| whole.points[point]));
            version.starts.push(number(version.points.len()));
        }
        versions.push(Arc::new(version));
    }
    versions.reverse();
    Borders { versions }
}

/// What a ring needs of an arc, so that it keeps enclosing something.
#[derive(Debug, Clone, Copy, Default)]
struct Need {
    /// Points between the arc's ends.
    points: usize,
    /// Twice the area of the ring, in square world units: once it is smaller than a pixel,
    /// it may vanish.
    area: u128,
}

/// Vertices on their way out.
struct Thinning<'a> {
    arcs: &'a Arcs,
    /// For each point the first zoom that draws it: 0 for all of them.
    gone_below: Vec<u8>,
    /// The drawn points before and after each drawn point, along its arc.
    before: Vec<u32>,
    after: Vec<u32>,
    /// For each arc, how many points between its ends are drawn.
    inner: Vec<usize>,
    needs: Vec<Need>,
}

impl<'a> Thinning<'a> {
    fn new(arcs: &'a Arcs) -> Self {
        let count = number(arcs.whole.points.len());
        Self {
            arcs,
            gone_below: vec![0; arcs.whole.points.len()],
            before: (0..count).map(|point| point.wrapping_sub(1)).collect(),
            after: (0..count).map(|point| point + 1).collect(),
            inner: (0..arcs.arc_count())
                .map(|arc| arcs.whole.span_of(arc).len() - 2)
                .collect(),
            needs: find_needs(arcs),
        }
    }

    fn run(mut self) -> Vec<u8> {
        let mut cells: Option<(Cells, usize)> = None;
        for zoom in (0..=MAX_ZOOM).rev() {
            let limit = (PIXEL * PIXEL) << (2 * shift_of(zoom));
            let small: Vec<(usize, Vec<Candidate>)> = (0..self.arcs.arc_count())
                .into_par_iter()
                .map(|arc| (arc, self.find_small(arc, limit)))
                .filter(|(_, small)| !small.is_empty())
                .collect();
            // Cells of a deeper zoom do while most of their points are still drawn.
            let drawn = self.inner.iter().sum::<usize>() + 2 * self.inner.len();
            if cells.as_ref().is_none_or(|(_, held)| *held > 2 * drawn) {
                cells = Some((self.sort_into_cells(), drawn));
            }
            if let Some((cells, _)) = &cells {
                for (arc, small) in small {
                    self.thin_arc(arc, small, limit, zoom, cells);
                }
            }
        }
        self.gone_below
    }

    /// The points of an arc whose triangles are smaller than a limit.
    fn find_small(&self, arc: usize, limit: u64) -> Vec<Candidate> {
        let (first, last) = self.ends_of(arc);
        let mut small = Vec::new();
        let mut point = self.after[first as usize];
        while point != last {
            let area = self.triangle(point);
            if area < limit {
                small.push(Reverse((area, point)));
            }
            point = self.after[point as usize];
        }
        small
    }

    fn thin_arc(&mut self, arc: usize, small: Vec<Candidate>, limit: u64, zoom: u8, cells: &Cells) {
        let (first, last) = self.ends_of(arc);
        let need = self.needs[arc];
        let pixel = u128::from(2 * PIXEL * PIXEL) << (2 * shift_of(zoom));
        let mut heap = BinaryHeap::from(small);
        while let Some(Reverse((area, point))) = heap.pop() {
            if self.is_gone(point) || self.triangle(point) != area {
                continue;
            }
            if self.inner[arc] <= need.points && need.area >= pixel {
                break;
            }
            if self.is_blocked(point, cells) {
                continue;
            }
            self.gone_below[point as usize] = zoom + 1;
            self.inner[arc] -= 1;
            let (before, after) = (self.before[point as usize], self.after[point as usize]);
            self.after[before as usize] = after;
            self.before[after as usize] = before;
            for neighbour in [before, after] {
                if neighbour != first && neighbour != last {
                    let area = self.triangle(neighbour);
                    if area < limit {
                        heap.push(Reverse((area, neighbour)));
                    }
                }
            }
        }
    }

    fn is_gone(&self, point: u32) -> bool {
        self.gone_below[point as usize] != 0
    }

    fn ends_of(&self, arc: usize) -> (u32, u32) {
        let starts = &self.arcs.whole.starts;
        (starts[arc], starts[arc + 1] - 1)
    }

    fn corners(&self, point: u32) -> [WorldPoint; 3] {
        let (before, after) = (self.before[point as usize], self.after[point as usize]);
        [before, point, after].map(|corner| self.arcs.whole.points[corner as usize])
    }

    /// Twice the area of the triangle of a point between others, in square world units.
    fn triangle(&self, point: u32) -> u64 {
        let [a, b, c] = self.corners(point);
        u64::try_from(turn(a, b, c).unsigned_abs()).unwrap_or(u64::MAX)
    }

    /// True when a vertex that is drawn lies in the triangle that is cut off with a point.
    fn is_blocked(&self, point: u32, cells: &Cells) -> bool {
        let corners = self.corners(point);
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
            let place = self.arcs.whole.points[other as usize];
            (west..=east).contains(&place.x)
                && (north..=south).contains(&place.y)
                && !self.is_gone(other)
                && !corners.contains(&place)
                && is_in_triangle(place, corners)
        })
    }

    fn sort_into_cells(&self) -> Cells {
        let points = self.gone_below.iter().zip(&self.arcs.whole.points);
        Cells::build(
            (0..)
                .zip(points)
                .filter(|(_, (below, _))| **below == 0)
                .map(|(number, (_, point))| (number, [point.x, point.y])),
        )
    }
}

/// A point by twice the area of its triangle, the smallest first out of a heap.
type Candidate = Reverse<(u64, u32)>;

/// Rings of one or two arcs would vanish if their arcs became straight.
fn find_needs(arcs: &Arcs) -> Vec<Need> {
    let mut needs = vec![Need::default(); arcs.arc_count()];
    for ring in 0..arcs.ring_count() {
        let (arc, points) = match arcs.uses_of(ring) {
            [only] => (only.arc(), 2),
            [one, other] => {
                let [one, other] = [one, other].map(|along| along.arc());
                let bulge = |arc| doubled_area(points_of(arcs, arc));
                (
                    if bulge(one) < bulge(other) {
                        other
                    } else {
                        one
                    },
                    1,
                )
            }
            _ => continue,
        };
        let along = arcs.uses_of(ring).iter();
        let area = doubled_area(along.clone().flat_map(|&along| run_of(arcs, along)));
        let need = &mut needs[arc];
        need.points = need.points.max(points);
        need.area = need.area.max(area);
    }
    needs
}

fn points_of(arcs: &Arcs, arc: usize) -> impl DoubleEndedIterator<Item = WorldPoint> + Clone {
    arcs.whole.points[arcs.whole.span_of(arc)].iter().copied()
}

/// The points of an arc in the direction it is run along.
fn run_of(arcs: &Arcs, along: ArcUse) -> impl Iterator<Item = WorldPoint> + Clone {
    let mut points = points_of(arcs, along.arc());
    std::iter::from_fn(move || {
        if along.is_against() {
            points.next_back()
        } else {
            points.next()
        }
    })
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
        let arcs = Arcs::build(&[&below, &above]);
        let borders = thin(&arcs);
        let mut counts = Vec::new();
        for zoom in 0..MAX_ZOOM {
            let (here, next) = (borders.at_zoom(zoom), borders.at_zoom(zoom + 1));
            for arc in 0..arcs.arc_count() {
                let kept = &here.points[here.span_of(arc)];
                let mut finer = next.points[next.span_of(arc)].iter();
                assert!(kept.iter().all(|point| finer.any(|other| other == point)));
                assert_eq!(kept.first(), next.points[next.span_of(arc)].first());
            }
            counts.push(here.points.len());
        }
        assert!(counts.is_sorted());
        // At the first zoom the whole is smaller than a unit; at the last all is shown.
        assert_eq!(counts[0], 6);
        assert_eq!(
            borders.at_zoom(MAX_ZOOM).points.len(),
            arcs.whole.points.len()
        );
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
        let arcs = Arcs::build(&[&shape(circle)]);
        let borders = thin(&arcs);
        for zoom in 8..=MAX_ZOOM {
            let version = borders.at_zoom(zoom);
            assert!(version.points.len() >= 4, "zoom {zoom}");
            let left = doubled_area(version.points.iter().copied().skip(1));
            let whole = doubled_area(arcs.whole.points.iter().copied().skip(1));
            assert!(left * 10 > whole * 5, "zoom {zoom}: {left} of {whole}");
        }
        assert!(borders.at_zoom(10).points.len() < 40);
    }
}
