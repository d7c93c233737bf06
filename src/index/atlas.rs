//! The areas of an edition, immutable and swapped whole.

mod near;
mod order;
mod tree;

use std::sync::Arc;

use rayon::prelude::*;

use super::areas::{Boxed, Grounds, LevelIndex, Succession, boxes_for};
use crate::domain::{Area, AreaCode, AreaRef, BoundingBox, Edition, Level, LngLat, Match};
use tree::{Grown, Tree};

pub use near::share_border;

/// An area's place in the atlas: parents before children, siblings by code. The order
/// decides who owns a shared border.
pub type Ordinal = u32;

/// Why areas make no atlas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AtlasError {
    #[error("the code {0} stands for two areas")]
    TwiceTheCode(AreaCode),
    #[error("area {code} has the parent {parent}, which the edition does not have")]
    NoSuchParent { code: AreaCode, parent: AreaCode },
    #[error("area {code}, a {level}, has the parent {parent}, which is no level above it")]
    ParentNotAbove {
        code: AreaCode,
        level: Level,
        parent: AreaCode,
    },
}

/// The answer to "whose ground is this?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub matched: Match,
    /// The deepest area that holds the point.
    pub area: Option<Ordinal>,
}

/// Every area of an edition, by code, by place in the tree and by place on the ground.
#[derive(Debug, Default)]
pub struct Atlas {
    edition: Option<Edition>,
    tree: Tree,
    boxed: Boxed,
    levels: [LevelIndex; Level::ALL.len()],
}

impl Atlas {
    /// An atlas of nothing, for a territory that has no edition yet.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Orders and indexes the areas of an edition, which may come in any order.
    ///
    /// # Errors
    /// When two areas have one code, or a parent is absent or not above its child.
    pub fn build(edition: Edition, areas: Vec<Area>) -> Result<Self, AtlasError> {
        let tree = Tree::of(areas)?;
        let boxed = (0..)
            .zip(&tree.areas)
            .collect::<Vec<(Ordinal, _)>>()
            .into_par_iter()
            .filter_map(|(ordinal, area)| {
                let boxes = boxes_for(area.shape.as_deref()?)?;
                Some((ordinal, Arc::new(boxes)))
            })
            .collect();
        let grounds = Grounds {
            areas: &tree.areas,
            boxed: &boxed,
        };
        let levels = std::array::from_fn(|depth| LevelIndex::build(grounds, Level::ALL[depth]));
        Ok(Self {
            edition: Some(edition),
            levels,
            tree,
            boxed,
        })
    }

    /// The atlas of the next edition: without the removed areas, with the changed ones in
    /// place of those of the same code or besides. It is the one that [`Atlas::build`] makes
    /// of all areas, but shares with this one what did not change, so that it takes a part
    /// of the time.
    ///
    /// # Errors
    /// As [`Atlas::build`].
    pub fn with_changes(
        &self,
        edition: Edition,
        changed: Vec<Area>,
        removed: &[AreaCode],
    ) -> Result<Self, AtlasError> {
        let Grown {
            tree,
            moved,
            touched,
        } = self.tree.grow(changed, removed)?;
        let staying = self.boxed.iter().filter_map(|(&before, boxes)| {
            let after = moved.get(before as usize).copied().flatten()?;
            let shape = |tree: &Tree, at: Ordinal| tree.areas[at as usize].shape.clone();
            (shape(&self.tree, before) == shape(&tree, after)).then(|| (after, Arc::clone(boxes)))
        });
        let mut boxed: Boxed = staying.collect();
        for &ordinal in &touched {
            let shape = tree.areas[ordinal as usize].shape.as_deref();
            if let Some(shape) = shape
                && !boxed.contains_key(&ordinal)
                && let Some(boxes) = boxes_for(shape)
            {
                boxed.insert(ordinal, Arc::new(boxes));
            }
        }
        let next = Succession {
            after: Grounds {
                areas: &tree.areas,
                boxed: &boxed,
            },
            moved: &moved,
            touched: &touched,
        };
        let levels =
            std::array::from_fn(|depth| self.levels[depth].succeed(&next, Level::ALL[depth]));
        Ok(Self {
            edition: Some(edition),
            levels,
            tree,
            boxed,
        })
    }

    /// The edition this is; `None` while nothing has been published.
    #[must_use]
    pub const fn edition(&self) -> Option<&Edition> {
        self.edition.as_ref()
    }

    /// Every area, parents before children.
    #[must_use]
    pub fn areas(&self) -> &[Arc<Area>] {
        &self.tree.areas
    }

    /// The area at a place of the order.
    ///
    /// # Panics
    /// When the ordinal is not of this atlas.
    #[must_use]
    pub fn area(&self, ordinal: Ordinal) -> &Arc<Area> {
        &self.tree.areas[ordinal as usize]
    }

    #[must_use]
    pub fn find(&self, code: &AreaCode) -> Option<Ordinal> {
        self.tree.find(code)
    }

    #[must_use]
    pub fn children(&self, ordinal: Ordinal) -> &[Ordinal] {
        self.tree.children(ordinal)
    }

    /// The area itself and all below it, parents before children.
    #[must_use]
    pub fn below(&self, ordinal: Ordinal) -> Vec<Ordinal> {
        let mut below = vec![ordinal];
        let mut next = 0;
        while let Some(&at) = below.get(next) {
            below.extend_from_slice(self.children(at));
            next += 1;
        }
        below
    }

    /// The area itself and all above it, from the deepest up.
    pub fn ascend(&self, ordinal: Ordinal) -> impl Iterator<Item = &Arc<Area>> {
        std::iter::successors(Some(ordinal), |&at| self.tree.parents[at as usize])
            .map(|at| self.area(at))
    }

    /// The areas above an area and itself, from the top down.
    #[must_use]
    pub fn chain(&self, ordinal: Ordinal) -> Vec<AreaRef> {
        let mut chain: Vec<AreaRef> = self
            .ascend(ordinal)
            .map(|area| AreaRef::from(area.as_ref()))
            .collect();
        chain.reverse();
        chain
    }

    /// The codes of an area and of all above it; empty when the code is unknown.
    pub fn codes_above(&self, code: &AreaCode) -> impl Iterator<Item = &AreaCode> {
        self.find(code)
            .into_iter()
            .flat_map(|ordinal| self.ascend(ordinal))
            .map(|area| &area.code)
    }

    /// Whose ground a point is. The grid that owns it and, if it has microgrids, the one
    /// of them; where there is no grid, the deepest area above that has the point.
    #[must_use]
    pub fn locate(&self, point: LngLat) -> Found {
        if let Some(grid) = self.owner(Level::Grid, point) {
            return Found {
                matched: Match::Grid,
                area: Some(self.microgrid(grid, point).unwrap_or(grid)),
            };
        }
        let above = Level::ALL[..Level::Grid.depth()].iter().rev();
        let area = above.copied().find_map(|level| self.owner(level, point));
        Found {
            matched: if area.is_some() {
                Match::Gap
            } else {
                Match::Outside
            },
            area,
        }
    }

    /// [`Atlas::locate`] of many points; `found` is told of each by its place in the list,
    /// neighbours on the ground one after the other: the memory that was brought near for one
    /// serves the next.
    pub fn locate_each(&self, points: &[LngLat], mut found: impl FnMut(usize, Found)) {
        for at in order::along_curve(points) {
            found(at, self.locate(points[at]));
        }
    }

    /// The owner of a point among the areas of one level alone.
    #[must_use]
    pub fn owner(&self, level: Level, point: LngLat) -> Option<Ordinal> {
        self.levels[level.depth()].owner(point, self.grounds())
    }

    /// The areas of a level whose boxes meet `bounds`.
    #[must_use]
    pub fn meeting(&self, level: Level, bounds: &BoundingBox) -> Vec<Ordinal> {
        self.levels[level.depth()].meeting(bounds)
    }

    /// How many areas of a level have ground.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.levels[level.depth()].len()
    }

    /// Every area of a level, also those whose ground is not known, by code: an order that
    /// outlasts editions.
    #[must_use]
    pub fn in_code_order(&self, level: Level) -> &[Ordinal] {
        self.tree.in_code_order(level)
    }

    /// The box around the whole territory.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        self.levels
            .iter()
            .filter_map(LevelIndex::bounds)
            .reduce(BoundingBox::union)
    }

    /// Bytes that the look-up of a level takes, without the shapes themselves.
    #[must_use]
    pub fn size_bytes(&self, level: Level) -> usize {
        self.levels[level.depth()].size_bytes()
    }

    /// How many blocks of a level's raster are those of another atlas, and how many there are.
    #[cfg(test)]
    fn shared_blocks(&self, other: &Self, level: Level) -> (usize, usize) {
        self.levels[level.depth()].shared_blocks(&other.levels[level.depth()])
    }

    /// The first of a grid's microgrids that covers a point which the grid owns.
    fn microgrid(&self, grid: Ordinal, point: LngLat) -> Option<Ordinal> {
        let microgrids = self.children(grid);
        if microgrids.is_empty() {
            return None;
        }
        let first = self.owner(Level::Microgrid, point)?;
        if self.tree.parents[first as usize] == Some(grid) {
            return Some(first);
        }
        // Another grid's comes first, but is not asked for here.
        let grounds = self.grounds();
        let covers = |&child: &Ordinal| grounds.find(child).is_some_and(|it| it.covers(point));
        microgrids.iter().copied().find(covers)
    }

    const fn grounds(&self) -> Grounds<'_> {
        Grounds {
            areas: self.tree.areas.as_slice(),
            boxed: &self.boxed,
        }
    }
}

#[cfg(test)]
mod tests;
