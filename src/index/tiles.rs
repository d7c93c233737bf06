//! A level of the atlas, ready to be cut into tiles.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use super::{Atlas, Ordinal};
use crate::domain::{BoundingBox, Level, Shape};
use crate::geometry::tiling::{
    Borders, Clipper, GridPoint, MAX_ZOOM, Rings, Rounding, TileAddress, WorldPoint, simplify,
    untangle,
};

/// An area with as many vertices is rounded once for each zoom and not for each tile.
const LARGE: usize = 4_096;

/// The areas of a level with their borders simplified for every zoom.
#[derive(Debug)]
pub struct TileSet {
    level: Level,
    areas: Vec<TiledArea>,
    /// Editions in which the level has the same ground have one.
    drawing: Arc<Drawing>,
}

/// The ground of a level, simplified.
#[derive(Debug)]
struct Drawing {
    borders: Borders,
    /// What rounding does to large areas, by zoom, once that has been asked for.
    large: HashMap<u32, [OnceLock<Rounding>; MAX_ZOOM as usize + 1]>,
}

#[derive(Debug)]
struct TiledArea {
    ordinal: Ordinal,
    label: Option<WorldPoint>,
}

/// What a tile shows of an area.
#[derive(Debug)]
pub struct Drawn<'a> {
    /// The area in the atlas that the set was made from.
    pub ordinal: Ordinal,
    /// Its ground in the tile and the buffer around it; empty when it has none there.
    pub polygons: &'a Rings,
    /// Where its name is written, when that is in this tile.
    pub label: Option<GridPoint>,
}

/// The zooms that tiles of a level are worth making for: an area is a few pixels wide at
/// the first one.
#[must_use]
pub const fn zooms_of(level: Level) -> RangeInclusive<u8> {
    let first = match level {
        Level::Province | Level::City => 0,
        Level::County => 2,
        Level::Township => 4,
        Level::Community | Level::Grid => 6,
        Level::Microgrid => 8,
    };
    first..=MAX_ZOOM
}

impl TileSet {
    /// Simplifies the areas of a level. Takes about a second and a half for four million
    /// vertices.
    #[must_use]
    pub fn build(atlas: &Atlas, level: Level) -> Self {
        let (areas, shapes) = list(atlas, level);
        Self {
            level,
            areas,
            drawing: Arc::new(Drawing::of(Borders::build(shapes))),
        }
    }

    /// The set of the same level of another atlas: the same as one that is
    /// [built](Self::build), in the time that those areas take whose shapes are not this
    /// atlas's own.
    #[must_use]
    pub fn succeed(&self, atlas: &Atlas) -> Self {
        let (areas, shapes) = list(atlas, self.level);
        let known = self.drawing.borders.shapes();
        let are_same =
            shapes.len() == known.len() && shapes.iter().zip(known).all(|(a, b)| Arc::ptr_eq(a, b));
        Self {
            level: self.level,
            areas,
            drawing: if are_same {
                Arc::clone(&self.drawing)
            } else {
                Arc::new(Drawing::of(self.drawing.borders.succeed(shapes)))
            },
        }
    }

    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The box around all areas; `None` when there is none.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        self.drawing.borders.bounds()
    }

    /// The zooms that tiles are worth making for.
    #[must_use]
    pub const fn zooms(&self) -> RangeInclusive<u8> {
        zooms_of(self.level)
    }

    /// The ground of an area with as many vertices as tiles of a zoom draw, which it shares
    /// with its neighbours; `None` when it is too small to be seen, or not of this level.
    #[must_use]
    pub fn simplify(&self, ordinal: Ordinal, zoom: u8) -> Option<Shape> {
        let area = self
            .areas
            .binary_search_by_key(&ordinal, |area| area.ordinal)
            .ok()?;
        simplify(&self.drawing.borders, u32::try_from(area).ok()?, zoom)
    }

    /// Draws the areas of a tile, in the order of the atlas.
    pub fn draw(&self, tile: TileAddress, mut draw: impl FnMut(Drawn<'_>)) {
        let Drawing { borders, large } = &*self.drawing;
        let mut found: Vec<u32> = borders.areas_in(tile).collect();
        if found.is_empty() {
            return;
        }
        found.sort_unstable();
        let small = found
            .iter()
            .copied()
            .filter(|area| !large.contains_key(area));
        let small = Rounding::to_zoom(borders, &small.collect::<Vec<_>>(), tile.zoom());
        let (mut whole, mut tidy, mut clipped) =
            (Rings::default(), Rings::default(), Rings::default());
        let mut clipper = Clipper::default();
        for area in found {
            whole.clear();
            clipped.clear();
            let rounding = self.drawing.rounding(area, tile.zoom()).unwrap_or(&small);
            rounding.draw(borders, area, tile, &mut whole);
            if rounding.is_tangled(borders, area) {
                tidy.clear();
                untangle(&whole, &mut tidy);
                clipper.clip(&tidy, &mut clipped);
            } else {
                clipper.clip(&whole, &mut clipped);
            }
            let TiledArea { ordinal, label } = &self.areas[area as usize];
            let label = label
                .filter(|&place| TileAddress::holding(place, tile.zoom()) == tile)
                .map(|place| tile.locate(place));
            if label.is_some() || !clipped.is_empty() {
                draw(Drawn {
                    ordinal: *ordinal,
                    polygons: &clipped,
                    label,
                });
            }
        }
    }

    /// True when a tile is drawn in about a millisecond: it has few areas, and none is large.
    #[must_use]
    pub fn is_quick(&self, tile: TileAddress) -> bool {
        const FEW: usize = 50;
        let Drawing { borders, large } = &*self.drawing;
        let mut areas = borders.areas_in(tile);
        areas
            .by_ref()
            .take(FEW)
            .all(|area| !large.contains_key(&area))
            && areas.next().is_none()
    }
}

/// The areas of a level that have ground, in the order of the atlas.
fn list(atlas: &Atlas, level: Level) -> (Vec<TiledArea>, Vec<Arc<Shape>>) {
    let areas = (0..).zip(atlas.areas());
    let areas = areas.filter(|(_, area)| area.level == level);
    let drawn = areas.filter_map(|(ordinal, area)| {
        let label = area.label.map(WorldPoint::of);
        Some((
            TiledArea { ordinal, label },
            Arc::clone(area.shape.as_ref()?),
        ))
    });
    drawn.unzip()
}

impl Drawing {
    fn of(borders: Borders) -> Self {
        let shapes = (0..).zip(borders.shapes());
        let large = shapes.filter(|(_, shape)| shape.vertex_count() >= LARGE);
        Self {
            large: large.map(|(area, _)| (area, Default::default())).collect(),
            borders,
        }
    }

    /// What rounding to a zoom does to a large area; `None` for one that is not.
    fn rounding(&self, area: u32, zoom: u8) -> Option<&Rounding> {
        let known = &self.large.get(&area)?[usize::from(zoom)];
        Some(known.get_or_init(|| Rounding::to_zoom(&self.borders, &[area], zoom)))
    }
}
