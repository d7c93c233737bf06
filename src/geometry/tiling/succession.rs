//! Borders of an edition out of those of the one before.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::arcs::{ArcUse, Arcs, REACH_STEPS, number};
use super::borders::{Borders, Line, Outline, sorted};
use super::boxes::{Boxes, WorldBox};
use super::needs::find_needs;
use super::thinning::Thinning;
use super::world::WorldPoint;
use crate::domain::Shape;

impl Borders {
    /// Finds and simplifies the borders of areas that belong together.
    #[must_use]
    pub fn build(shapes: Vec<Arc<Shape>>) -> Self {
        Self::default().succeed(shapes)
    }

    /// The borders of other areas, exactly as they are [built](Self::build), in the time that
    /// those take which are not among the areas here: what is the same `Arc` is the same area.
    ///
    /// The lines along an area depend on the areas within a few lattice steps of it. So they are
    /// found anew for those that come and all they reach, and to do so others yet are looked
    /// at. What a zoom draws of a line depends on the lines that come into its box, so what
    /// is thinned anew are the lines found anew, and then lines near those that have changed,
    /// until nothing more changes.
    #[must_use]
    pub fn succeed(&self, shapes: Vec<Arc<Shape>>) -> Self {
        let boxes = Boxes::of(&shapes);
        let staying = self.find_staying(&shapes);
        let reach = |shape: &Arc<Shape>| WorldBox::of(shape, REACH_STEPS);
        let come = (0..)
            .zip(&staying.before)
            .filter(|(_, before)| before.is_none());
        let come: Vec<u32> = come.map(|(area, _)| area).collect();
        let reach_of = |&area: &u32| reach(&shapes[area as usize]);
        let (touched, around) = if come.len() == shapes.len() {
            (come.clone(), come)
        } else {
            let gone = staying.gone.iter();
            let gone = gone.map(|&area| reach(&self.shapes[area as usize]));
            let touched = boxes.meeting_any(come.iter().map(reach_of).chain(gone));
            let around = boxes.meeting_any(touched.iter().map(reach_of));
            (touched, around)
        };
        let nothing = Arc::new(Outline::default());
        let outlines = staying.before.iter().map(|before| {
            let before = before.map(|area| &self.outlines[area as usize]);
            Arc::clone(before.unwrap_or(&nothing))
        });
        let mut next = Self {
            outlines: outlines.collect(),
            lines: self.lines.clone(),
            vacant: self.vacant.clone(),
            shapes,
            boxes,
        };
        let before = touched
            .iter()
            .filter_map(|&area| staying.before[area as usize]);
        let before: Vec<u32> = before.chain(staying.gone.iter().copied()).collect();
        let before = self.lines_of(&before);
        let found = next.draw_outlines(&touched, &around, &before);
        next.thin(found, &before, self);
        next
    }

    fn find_staying(&self, shapes: &[Arc<Shape>]) -> Staying {
        let mut known: HashMap<*const Shape, u32, FixedState> = HashMap::default();
        let mut gone = Vec::new();
        for (area, shape) in (0..).zip(&self.shapes) {
            gone.extend(known.insert(Arc::as_ptr(shape), area));
        }
        let before = shapes.iter().map(|shape| known.remove(&Arc::as_ptr(shape)));
        let before = before.collect();
        gone.extend(known.into_values());
        Staying { before, gone }
    }

    /// Finds the lines along the touched areas, knowing all areas around them. `before` are
    /// the lines that ran along these and along areas that are gone: those that are found
    /// again keep their numbers.
    fn draw_outlines(&mut self, touched: &[u32], around: &[u32], before: &[u32]) -> Vec<u32> {
        let shapes = around.iter().map(|&area| &*self.shapes[area as usize]);
        let arcs = Arcs::build(&shapes.collect::<Vec<_>>());
        let lines = before
            .iter()
            .map(|&line| Arc::clone(&self.lines[line as usize]));
        let lines: Vec<Arc<Line>> = lines.collect();
        let known = lines.iter().zip(before);
        let known: HashMap<&[WorldPoint], u32, FixedState> = known
            .map(|(line, &number)| (line.points(), number))
            .collect();
        let mut numbers: Vec<Option<u32>> = vec![None; arcs.chains.count()];
        let mut number_of = |arc: u32| {
            *numbers[arc as usize].get_or_insert_with(|| {
                let points = &arcs.chains.points[arcs.chains.span_of(arc as usize)];
                known.get(points).copied().unwrap_or_else(|| {
                    let line = Arc::new(Line::new(points));
                    if let Some(vacant) = self.vacant.pop() {
                        self.lines[vacant as usize] = line;
                        return vacant;
                    }
                    self.lines.push(line);
                    number(self.lines.len() - 1)
                })
            })
        };
        for &area in touched {
            let Ok(place) = around.binary_search(&area) else {
                continue;
            };
            let (mut uses, mut ring_ends) = (Vec::new(), Vec::new());
            for ring in arcs.rings_of(place) {
                let lines = ring.iter();
                uses.extend(
                    lines.map(|along| ArcUse::new(number_of(along.arc()), along.is_against())),
                );
                ring_ends.push(number(uses.len()));
            }
            self.outlines[area as usize] = Arc::new(Outline {
                uses: uses.into(),
                ring_ends: ring_ends.into(),
            });
        }
        let used = self.lines_of(around);
        for &line in before {
            if used.binary_search(&line).is_err() {
                self.lines[line as usize] = Arc::default();
                self.vacant.push(line);
            }
        }
        sorted(numbers.into_iter().flatten().collect())
    }

    /// Simplifies lines that have been found, and those that must change with them. `gone` are
    /// lines of the borders before that these may have taken the place of.
    fn thin(&mut self, found: Vec<u32>, gone: &[u32], before: &Self) {
        let mut lines = found;
        while !lines.is_empty() {
            self.thin_together(&lines);
            if self.has_all(&lines) {
                return;
            }
            let further = self.find_affected(&lines, gone, before);
            if further.is_empty() {
                return;
            }
            lines = sorted([lines, further].concat());
        }
    }

    fn has_all(&self, lines: &[u32]) -> bool {
        lines.len() + self.vacant.len() == self.lines.len()
    }

    /// The lines besides these whose boxes are met by one of these that is another than
    /// before, or by one that is gone.
    fn find_affected(&self, lines: &[u32], gone: &[u32], before: &Self) -> Vec<u32> {
        let mut affected = Vec::new();
        for line in sorted([lines, gone].concat()) {
            let (now, then) = (&self.lines[line as usize], before.lines.get(line as usize));
            if then == Some(now) {
                continue;
            }
            for changed in [Some(now), then].into_iter().flatten() {
                let bounds = changed.bounds();
                let near = self.lines_of(&self.boxes.meeting_any([bounds]));
                affected.extend(near.into_iter().filter(|&other| {
                    lines.binary_search(&other).is_err() && self.line(other).bounds().meets(&bounds)
                }));
            }
        }
        sorted(affected)
    }

    /// Simplifies these lines among all others as they are.
    fn thin_together(&mut self, lines: &[u32]) {
        let areas = if self.has_all(lines) {
            (0..number(self.shapes.len())).collect()
        } else {
            let boxes = lines.iter().map(|&line| self.line(line).bounds());
            self.boxes.meeting_any(boxes)
        };
        let (needs, around) = (find_needs(self, &areas), self.lines_of(&areas));
        let mut thinning = Thinning::default();
        for &number in &around {
            let line = self.line(number);
            if lines.binary_search(&number).is_ok() {
                let need = needs.get(&number).copied().unwrap_or_default();
                thinning.add(line.points(), need);
            } else {
                thinning.add_fixed(line.points(), line.drawn_from());
            }
        }
        thinning.run();
        for (arc, &number) in around.iter().enumerate() {
            let drawn_from = thinning.drawn_from(arc);
            let line = &mut self.lines[number as usize];
            if line.drawn_from() != drawn_from {
                Arc::make_mut(line).draw_from(drawn_from);
            }
        }
    }
}

/// What two lists of areas have in common.
struct Staying {
    /// For each area of the second its place in the first.
    before: Vec<Option<u32>>,
    /// The areas of the first that the second does not have.
    gone: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LngLat, Polygon, Ring};

    /// Bands one above the other, the borders between them like a V. `depths` says how far the
    /// tip of each border is below its ends, which are 50 steps above those of the one below.
    fn bands(depths: &[i32]) -> Vec<Arc<Shape>> {
        let border = |(band, depth): (i32, i32)| {
            let places = [(-200, 0), (0, -depth), (200, 0)];
            places.map(|(x, y)| {
                LngLat::from_e7(1_190_000_000 + x, 330_000_000 + 50 * band + y).unwrap()
            })
        };
        let borders: Vec<[LngLat; 3]> = (0..).zip(depths.iter().copied()).map(border).collect();
        let bands = borders.windows(2).map(|sides| {
            let [south, mut north] = [sides[0], sides[1]];
            north.reverse();
            let polygon = Polygon {
                exterior: Ring::from_open([south, north].concat()).unwrap(),
                holes: vec![],
            };
            Arc::new(Shape::new(vec![polygon]).unwrap())
        });
        bands.collect()
    }

    /// The lines of an area, with what each zoom draws of them.
    fn lines_of(borders: &Borders, area: u32) -> Vec<&Line> {
        let lines = borders.lines_of(&[area]).into_iter();
        lines.map(|line| borders.line(line)).collect()
    }

    /// The tip of each border stays while the one of the next lies above it, so each goes a
    /// zoom after the next one; unless the last is flat. That is felt far beyond what the boxes
    /// of the last ones meet.
    #[test]
    fn a_change_goes_on_as_far_as_it_is_felt() {
        let mut depths = [75; 14];
        let then = bands(&depths);
        depths[13] = 0;
        let now = [&then[..12], &bands(&depths)[12..]].concat();
        let before = Borders::build(then);
        let (next, fresh) = (before.succeed(now.clone()), Borders::build(now));
        let changed = (0..13).filter(|&area| lines_of(&before, area) != lines_of(&fresh, area));
        assert!(changed.count() >= 10);
        for area in 0..13 {
            assert_eq!(lines_of(&next, area), lines_of(&fresh, area), "{area}");
        }
    }

    #[test]
    fn what_does_not_change_is_shared() {
        let all = bands(&[0; 21]);
        let before = Borders::build(all.clone());
        let next = before.succeed(all[1..].to_vec());
        let is_same = |(now, then): &(&Arc<Line>, &Arc<Line>)| Arc::ptr_eq(now, then);
        let shared = next.lines.iter().zip(&before.lines).filter(is_same);
        // All but what is south of the second border and the sides north of it, which are one
        // with it now.
        assert_eq!(shared.count(), before.lines.len() - 4);
        // Numbers that are vacant are those of the next ones.
        let again = next.succeed(all);
        assert_eq!(again.lines.len(), next.lines.len());
        assert_eq!(again.lines.len() - again.vacant.len(), before.lines.len());
    }
}
