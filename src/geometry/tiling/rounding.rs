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

use super::arcs::ArcUse;
use super::borders::Borders;
use super::rings::{GridPoint, Rings};
use super::sheet::Sheet;
use super::world::TileAddress;

/// What rounding to a zoom's grid does to the borders of some areas beyond moving each point
/// to the nearest place.
#[derive(Debug)]
pub struct Rounding {
    zoom: u8,
    /// In the order of their lines, and along these.
    bends: Vec<Bend>,
    /// Lines that may have come to touch themselves or each other, in order. Lines with a bend
    /// are among them.
    tangled: Vec<u32>,
}

/// A place that an edge is bent through.
#[derive(Debug)]
struct Bend {
    line: u32,
    /// The place of the edge's first point among those of its line that are drawn.
    drawn: u32,
    through: GridPoint,
}

impl Rounding {
    /// Rounds the borders of areas for a zoom.
    #[must_use]
    pub fn to_zoom(borders: &Borders, areas: &[u32], zoom: u8) -> Self {
        let mut rounding = Self {
            zoom,
            bends: Vec::new(),
            tangled: Vec::new(),
        };
        let Some(sheet) = Sheet::of(borders, areas, zoom) else {
            return rounding;
        };
        let mut is_tangled = vec![false; sheet.lines().len()];
        sheet.mark_colliding(&mut is_tangled);
        sheet.mark_coinciding(&mut is_tangled);
        sheet.find_bends(zoom, |arc, drawn, through| {
            is_tangled[arc] = true;
            let line = sheet.lines()[arc];
            rounding.bends.push(Bend {
                line,
                drawn,
                through,
            });
        });
        rounding.bends.sort_by_key(|bend| (bend.line, bend.drawn));
        let tangled = sheet.own_lines().iter().zip(is_tangled);
        let tangled = tangled.filter(|&(_, is_tangled)| is_tangled);
        rounding.tangled.extend(tangled.map(|(&line, _)| line));
        rounding.tangled.sort_unstable();
        rounding
    }

    /// True when the rings of an area must go through [`untangle`](super::untangle).
    #[must_use]
    pub fn is_tangled(&self, borders: &Borders, area: u32) -> bool {
        let mut uses = borders.outline(area).uses.iter();
        !self.tangled.is_empty()
            && uses.any(|along| self.tangled.binary_search(&along.arc()).is_ok())
    }

    /// Adds the rings of an area, one of those that were rounded, in the units of a tile of
    /// this zoom. Nothing is clipped.
    pub fn draw(&self, borders: &Borders, area: u32, tile: TileAddress, out: &mut Rings) {
        let [left, top] = tile.origin();
        for ring in borders.outline(area).rings() {
            for &along in ring {
                let bends = self.bends_of(along.arc());
                if !bends.is_empty() {
                    self.draw_bent(borders, along, bends, [left, top], out);
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

    fn bends_of(&self, line: u32) -> &[Bend] {
        let start = self.bends.partition_point(|bend| bend.line < line);
        let bends = &self.bends[start..];
        let count = bends.iter().take_while(|bend| bend.line == line).count();
        &bends[..count]
    }

    fn draw_bent(
        &self,
        borders: &Borders,
        along: ArcUse,
        bends: &[Bend],
        origin: GridPoint,
        out: &mut Rings,
    ) {
        let mut points: Vec<GridPoint> = Vec::new();
        let mut bends = bends.iter().peekable();
        for (drawn, point) in (0..).zip(borders.line(along.arc()).at_zoom(self.zoom)) {
            points.push(point.at_zoom(self.zoom));
            while let Some(bend) = bends.next_if(|bend| bend.drawn == drawn) {
                points.push(bend.through);
            }
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
