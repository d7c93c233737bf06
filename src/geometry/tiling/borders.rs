//! The borders of a level's areas, simplified for every zoom and shared between editions.

use std::sync::Arc;

use super::arcs::ArcUse;
use super::boxes::{Boxes, WorldBox};
use super::world::{TileAddress, WorldPoint};
use crate::domain::{BoundingBox, Shape};

/// The areas of a level with what each zoom draws of their borders. What two editions have in
/// common they [share](Borders::succeed).
#[derive(Debug, Default)]
pub struct Borders {
    pub(super) shapes: Vec<Arc<Shape>>,
    /// For each area its rings.
    pub(super) outlines: Vec<Arc<Outline>>,
    /// The arcs by their numbers.
    pub(super) lines: Vec<Arc<Line>>,
    /// Numbers that no outline has; their lines are empty.
    pub(super) vacant: Vec<u32>,
    pub(super) boxes: Boxes,
}

impl Borders {
    /// The ground of each area, as it was given.
    #[must_use]
    pub fn shapes(&self) -> &[Arc<Shape>] {
        &self.shapes
    }

    /// The box around all areas; `None` when there is none.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        let bounds = self.shapes.iter().map(|shape| shape.bounds());
        bounds.reduce(BoundingBox::union)
    }

    /// The areas whose boxes come into a tile, in no order.
    pub fn areas_in(&self, tile: TileAddress) -> impl Iterator<Item = u32> + '_ {
        self.boxes.meeting(tile.reach())
    }

    pub(super) fn outline(&self, area: u32) -> &Outline {
        &self.outlines[area as usize]
    }

    pub(super) fn line(&self, number: u32) -> &Line {
        &self.lines[number as usize]
    }

    /// The numbers of the lines along some areas, in order.
    pub(super) fn lines_of(&self, areas: &[u32]) -> Vec<u32> {
        let uses = areas.iter().flat_map(|&area| &self.outline(area).uses);
        sorted(uses.map(|along| along.arc()).collect())
    }
}

/// The rings of an area as runs along lines.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub uses: Box<[ArcUse]>,
    /// Where each ring ends in `uses`: exteriors, each before the holes in it.
    pub ring_ends: Box<[u32]>,
}

impl Outline {
    pub fn rings(&self) -> impl Iterator<Item = &[ArcUse]> {
        let starts = std::iter::once(0).chain(self.ring_ends.iter().copied());
        let ends = starts.zip(&self.ring_ends);
        ends.map(|(start, &end)| &self.uses[start as usize..end as usize])
    }
}

/// An arc with what each zoom draws of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    points: Box<[WorldPoint]>,
    /// For each point the first zoom that draws it: 0 for both ends.
    drawn_from: Box<[u8]>,
    /// Zooms below this one draw the ends alone.
    straight_below: u8,
}

impl Line {
    /// A line of which every zoom draws everything.
    pub fn new(points: &[WorldPoint]) -> Self {
        Self {
            points: points.into(),
            drawn_from: vec![0; points.len()].into(),
            straight_below: 0,
        }
    }

    pub fn points(&self) -> &[WorldPoint] {
        &self.points
    }

    pub fn drawn_from(&self) -> &[u8] {
        &self.drawn_from
    }

    /// Sets for each point the first zoom that draws it.
    pub fn draw_from(&mut self, drawn_from: &[u8]) {
        let inner = drawn_from.split_last().map_or(&[][..], |(_, rest)| rest);
        self.straight_below = inner.iter().skip(1).copied().min().unwrap_or(u8::MAX);
        self.drawn_from = drawn_from.into();
    }

    /// True when a zoom draws the ends alone.
    pub const fn is_straight(&self, zoom: u8) -> bool {
        zoom < self.straight_below
    }

    /// The points that a zoom draws.
    pub fn at_zoom(&self, zoom: u8) -> impl Iterator<Item = WorldPoint> + '_ {
        let step = match self.points.len() {
            count @ 2.. if self.is_straight(zoom) => count - 1,
            _ => 1,
        };
        let places = (0..self.points.len()).step_by(step);
        places
            .filter(move |&place| self.drawn_from[place] <= zoom)
            .map(|place| self.points[place])
    }

    /// Visits the points that a zoom draws, both ends included.
    pub fn visit(&self, zoom: u8, mut visit: impl FnMut(WorldPoint)) {
        self.walk(false, zoom, &mut visit);
        if let Some(&last) = self.points.last() {
            visit(last);
        }
    }

    /// Walks along what a zoom draws, without where the walk ends.
    pub fn walk(&self, against: bool, zoom: u8, mut visit: impl FnMut(WorldPoint)) {
        let [first, .., last] = &*self.points else {
            return;
        };
        if self.is_straight(zoom) {
            return visit(if against { *last } else { *first });
        }
        let end = self.points.len() - 1;
        let mut visit_drawn = |(point, from): (&WorldPoint, &u8)| {
            if *from <= zoom {
                visit(*point);
            }
        };
        if against {
            let drawn = self.points[1..].iter().zip(&self.drawn_from[1..]);
            drawn.rev().for_each(&mut visit_drawn);
        } else {
            let drawn = self.points[..end].iter().zip(&self.drawn_from[..end]);
            drawn.for_each(&mut visit_drawn);
        }
    }

    /// The box around the line.
    pub fn bounds(&self) -> WorldBox {
        WorldBox::around(&self.points)
    }
}

/// Numbers in order, each once.
pub(super) fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
