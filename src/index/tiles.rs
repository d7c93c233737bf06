//! A level of the atlas, ready to be cut into tiles.

use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use rstar::{AABB, RTree, RTreeObject};

use super::{Atlas, Ordinal};
use crate::domain::{BoundingBox, Level, Shape};
use crate::geometry::tiling::{
    Arcs, Borders, Clipper, GridPoint, MAX_ZOOM, Rings, Rounding, TileAddress, WorldPoint,
    simplify, thin, untangle,
};

/// The areas of a level with their borders simplified for every zoom.
#[derive(Debug)]
pub struct TileSet {
    level: Level,
    areas: Vec<TiledArea>,
    /// Editions in which the level has the same ground have one.
    drawing: Arc<Drawing>,
}

/// The ground of a level, simplified. What rounding does to the borders of a zoom is found
/// out when its first tile is asked for.
#[derive(Debug)]
struct Drawing {
    shapes: Vec<Arc<Shape>>,
    bounds: Option<BoundingBox>,
    arcs: Arcs,
    borders: Borders,
    roundings: [OnceLock<Rounding>; MAX_ZOOM as usize + 1],
    tree: RTree<Entry>,
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
            drawing: Arc::new(Drawing::of(shapes)),
        }
    }

    /// The set of the same level of another atlas, [built](Self::build) only if the two have
    /// not all their shapes in common.
    #[must_use]
    pub fn succeed(&self, atlas: &Atlas) -> Self {
        let (areas, shapes) = list(atlas, self.level);
        let known = &self.drawing.shapes;
        let are_same =
            shapes.len() == known.len() && shapes.iter().zip(known).all(|(a, b)| Arc::ptr_eq(a, b));
        Self {
            level: self.level,
            areas,
            drawing: if are_same {
                Arc::clone(&self.drawing)
            } else {
                Arc::new(Drawing::of(shapes))
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
        self.drawing.bounds
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
        simplify(&self.drawing.arcs, &self.drawing.borders, area, zoom)
    }

    /// Draws the areas of a tile, in the order of the atlas.
    pub fn draw(&self, tile: TileAddress, mut draw: impl FnMut(Drawn<'_>)) {
        let Drawing {
            arcs,
            borders,
            tree,
            ..
        } = &*self.drawing;
        let mut found: Vec<u32> = tree
            .locate_in_envelope_intersecting(&envelope(tile.reach()))
            .map(|entry| entry.area)
            .collect();
        if found.is_empty() {
            return;
        }
        found.sort_unstable();
        let rounding = self.drawing.rounding(tile.zoom());
        let (mut whole, mut tidy, mut clipped) =
            (Rings::default(), Rings::default(), Rings::default());
        let mut clipper = Clipper::default();
        for area in found {
            let area = area as usize;
            whole.clear();
            clipped.clear();
            rounding.draw(arcs, borders, area, tile, &mut whole);
            if rounding.is_tangled(area) {
                tidy.clear();
                untangle(&whole, &mut tidy);
                clipper.clip(&tidy, &mut clipped);
            } else {
                clipper.clip(&whole, &mut clipped);
            }
            let TiledArea { ordinal, label } = &self.areas[area];
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

    /// True when a tile is drawn in well under a millisecond: it has few areas, and what
    /// rounding does at its zoom is known.
    #[must_use]
    pub fn is_quick(&self, tile: TileAddress) -> bool {
        const FEW: usize = 100;
        self.drawing.roundings[usize::from(tile.zoom())]
            .get()
            .is_some()
            && self
                .drawing
                .tree
                .locate_in_envelope_intersecting(&envelope(tile.reach()))
                .nth(FEW)
                .is_none()
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
    fn of(shapes: Vec<Arc<Shape>>) -> Self {
        let borrowed: Vec<&Shape> = shapes.iter().map(AsRef::as_ref).collect();
        let arcs = Arcs::build(&borrowed);
        let borders = thin(&arcs);
        let entries = (0..)
            .zip(&borrowed)
            .map(|(area, shape)| Entry::of(area, shape));
        let bounds = borrowed.iter().map(|shape| shape.bounds());
        Self {
            tree: RTree::bulk_load(entries.collect()),
            bounds: bounds.reduce(BoundingBox::union),
            shapes,
            arcs,
            borders,
            roundings: Default::default(),
        }
    }

    fn rounding(&self, zoom: u8) -> &Rounding {
        self.roundings[usize::from(zoom)]
            .get_or_init(|| Rounding::to_zoom(&self.arcs, &self.borders, zoom))
    }
}

/// An area by the box around it in the world.
#[derive(Debug)]
struct Entry {
    area: u32,
    envelope: AABB<[i64; 2]>,
}

impl Entry {
    fn of(area: u32, shape: &Shape) -> Self {
        let bounds = shape.bounds();
        let (min, max) = (WorldPoint::of(bounds.min), WorldPoint::of(bounds.max));
        Self {
            area,
            envelope: envelope([min.x, max.y, max.x, min.y].map(i64::from)),
        }
    }
}

impl RTreeObject for Entry {
    type Envelope = AABB<[i64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

fn envelope([west, north, east, south]: [i64; 4]) -> AABB<[i64; 2]> {
    AABB::from_corners([west, north], [east, south])
}
