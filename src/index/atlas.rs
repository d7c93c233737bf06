//! The areas of an edition, immutable and swapped whole.

use std::collections::HashMap;
use std::sync::Arc;

use super::areas::LevelIndex;
use crate::domain::{
    Area, AreaCode, AreaRef, BoundingBox, Edition, Level, LngLat, Location, Match, Shape,
};

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
#[derive(Debug)]
pub struct Atlas {
    edition: Option<Edition>,
    areas: Vec<Arc<Area>>,
    parents: Vec<Option<Ordinal>>,
    children: Vec<Vec<Ordinal>>,
    by_code: HashMap<AreaCode, Ordinal>,
    levels: [LevelIndex; Level::ALL.len()],
    in_code_order: [Vec<Ordinal>; Level::ALL.len()],
}

impl Atlas {
    /// An atlas of nothing, for a territory that has no edition yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            edition: None,
            areas: Vec::new(),
            parents: Vec::new(),
            children: Vec::new(),
            by_code: HashMap::new(),
            levels: Default::default(),
            in_code_order: Default::default(),
        }
    }

    /// Orders and indexes the areas of an edition, which may come in any order.
    ///
    /// # Errors
    /// When two areas have one code, or a parent is absent or not above its child.
    pub fn build(edition: Edition, areas: Vec<Area>) -> Result<Self, AtlasError> {
        let areas = in_tree_order(areas)?;
        let by_code: HashMap<AreaCode, Ordinal> = (0..)
            .zip(&areas)
            .map(|(ordinal, area)| (area.code.clone(), ordinal))
            .collect();
        let parents: Vec<Option<Ordinal>> = areas
            .iter()
            .map(|area| {
                area.parent
                    .as_ref()
                    .and_then(|code| by_code.get(code).copied())
            })
            .collect();
        let mut children = vec![Vec::new(); areas.len()];
        for (ordinal, parent) in (0..).zip(&parents) {
            if let Some(parent) = parent {
                children[*parent as usize].push(ordinal);
            }
        }
        let levels = std::array::from_fn(|depth| {
            LevelIndex::build(
                (0..)
                    .zip(&areas)
                    .filter(|(_, area)| area.level.depth() == depth)
                    .filter_map(|(ordinal, area)| Some((ordinal, area.shape.as_deref()?))),
            )
        });
        let in_code_order = std::array::from_fn(|depth| {
            let mut ordinals: Vec<Ordinal> = (0..)
                .zip(&areas)
                .filter(|(_, area)| area.level.depth() == depth)
                .map(|(ordinal, _)| ordinal)
                .collect();
            // Where codes begin with their parent's, they are in order already.
            ordinals.sort_by_key(|&ordinal| &areas[ordinal as usize].code);
            ordinals
        });
        Ok(Self {
            edition: Some(edition),
            areas,
            parents,
            children,
            by_code,
            levels,
            in_code_order,
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
        &self.areas
    }

    /// The area at a place of the order.
    ///
    /// # Panics
    /// When the ordinal is not of this atlas.
    #[must_use]
    pub fn area(&self, ordinal: Ordinal) -> &Arc<Area> {
        &self.areas[ordinal as usize]
    }

    #[must_use]
    pub fn find(&self, code: &AreaCode) -> Option<Ordinal> {
        self.by_code.get(code).copied()
    }

    #[must_use]
    pub fn children(&self, ordinal: Ordinal) -> &[Ordinal] {
        &self.children[ordinal as usize]
    }

    /// The area itself and all above it, from the deepest up.
    pub fn ascend(&self, ordinal: Ordinal) -> impl Iterator<Item = &Arc<Area>> {
        std::iter::successors(Some(ordinal), |&at| self.parents[at as usize])
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
            let microgrid = self
                .children(grid)
                .iter()
                .copied()
                .find(|&child| self.shape(child).is_some_and(|shape| shape.covers(point)));
            return Found {
                matched: Match::Grid,
                area: Some(microgrid.unwrap_or(grid)),
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

    /// The owner of a point among the areas of one level alone.
    #[must_use]
    pub fn owner(&self, level: Level, point: LngLat) -> Option<Ordinal> {
        self.levels[level.depth()].owner(point, |ordinal| self.shape(ordinal))
    }

    /// The areas of a level whose boxes meet `bounds`.
    #[must_use]
    pub fn meeting(&self, level: Level, bounds: &BoundingBox) -> Vec<Ordinal> {
        self.levels[level.depth()].meeting(bounds)
    }

    /// The areas of the same level that share a stretch of border with this one; those
    /// that only touch it in a single point are not among them.
    #[must_use]
    pub fn neighbours(&self, ordinal: Ordinal) -> Vec<Ordinal> {
        let Some(shape) = self.shape(ordinal) else {
            return Vec::new();
        };
        self.meeting(self.area(ordinal).level, &shape.bounds())
            .into_iter()
            .filter(|&other| {
                other != ordinal
                    && self
                        .shape(other)
                        .is_some_and(|other| share_border(shape, other))
            })
            .collect()
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
        &self.in_code_order[level.depth()]
    }

    /// The box around the whole territory.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        self.areas
            .iter()
            .filter_map(|area| area.shape.as_deref())
            .map(Shape::bounds)
            .reduce(BoundingBox::union)
    }

    fn shape(&self, ordinal: Ordinal) -> Option<&Shape> {
        self.area(ordinal).shape.as_deref()
    }
}

/// Parents before children, siblings by code.
fn in_tree_order(areas: Vec<Area>) -> Result<Vec<Arc<Area>>, AtlasError> {
    let mut by_code: HashMap<AreaCode, Arc<Area>> = HashMap::with_capacity(areas.len());
    for area in areas {
        let code = area.code.clone();
        if by_code.insert(code.clone(), Arc::new(area)).is_some() {
            return Err(AtlasError::TwiceTheCode(code));
        }
    }
    let mut roots = Vec::new();
    let mut children: HashMap<&AreaCode, Vec<&Arc<Area>>> = HashMap::new();
    for area in by_code.values() {
        match &area.parent {
            None => roots.push(area),
            Some(code) => {
                let parent = by_code.get(code).ok_or_else(|| AtlasError::NoSuchParent {
                    code: area.code.clone(),
                    parent: code.clone(),
                })?;
                if parent.level >= area.level {
                    return Err(AtlasError::ParentNotAbove {
                        code: area.code.clone(),
                        level: area.level,
                        parent: code.clone(),
                    });
                }
                children.entry(code).or_default().push(area);
            }
        }
    }
    // A parent is always of a higher level, so the walk ends and reaches every area.
    let last_first = |a: &&Arc<Area>, b: &&Arc<Area>| b.code.cmp(&a.code);
    roots.sort_by(last_first);
    let mut ordered = Vec::with_capacity(by_code.len());
    let mut ahead = roots;
    while let Some(area) = ahead.pop() {
        ordered.push(Arc::clone(area));
        if let Some(mut below) = children.remove(&area.code) {
            below.sort_by(last_first);
            ahead.extend(below);
        }
    }
    Ok(ordered)
}

/// True when the borders have at least two vertices of either in common.
#[must_use]
pub fn share_border(a: &Shape, b: &Shape) -> bool {
    let mut contacts: Vec<LngLat> = Vec::new();
    for (vertices, other) in [(a, b), (b, a)] {
        let bounds = other.bounds();
        for &vertex in vertices
            .rings()
            .flat_map(super::super::domain::shape::Ring::points)
        {
            if bounds.contains(vertex)
                && !contacts.contains(&vertex)
                && other.locate(vertex) == Location::Border
            {
                contacts.push(vertex);
                if contacts.len() == 2 {
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AreaId, EditionId, GridKind, Polygon, Ring};
    use proptest::prelude::*;

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    /// An area that is the rectangle (west, south)–(east, north), in lattice steps.
    fn area(text: &str, level: Level, parent: Option<&str>, rectangle: [i32; 4]) -> Area {
        let [west, south, east, north] = rectangle;
        let points = [(west, south), (east, south), (east, north), (west, north)]
            .map(|(x, y)| LngLat::from_e7(x, y).unwrap());
        let polygon = Polygon {
            exterior: Ring::from_open(points.to_vec()).unwrap(),
            holes: vec![],
        };
        Area {
            id: AreaId(uuid::Uuid::nil()),
            code: code(text),
            name: format!("area {text}"),
            level,
            parent: parent.map(code),
            kind: (level >= Level::Grid).then_some(GridKind::General),
            shape: Some(Arc::new(Shape::new(vec![polygon]).unwrap())),
            label: None,
            area_m2: None,
            generated: true,
        }
    }

    fn edition() -> Edition {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        Edition {
            id: EditionId(1),
            title: "test".into(),
            notice: None,
            effective_from: at,
            published_at: at,
            area_count: 0,
            published_by: None,
            reason: None,
            restores: None,
        }
    }

    /// A community of 30 × 20 with two grids of 10 × 20 side by side, a gap to the east,
    /// and two microgrids in the second grid.
    fn atlas() -> Atlas {
        Atlas::build(
            edition(),
            vec![
                area("A2b", Level::Microgrid, Some("A2"), [10, 10, 20, 20]),
                area("A2a", Level::Microgrid, Some("A2"), [10, 0, 20, 10]),
                area("A2", Level::Grid, Some("A"), [10, 0, 20, 20]),
                area("A1", Level::Grid, Some("A"), [0, 0, 10, 20]),
                area("A", Level::Community, None, [0, 0, 30, 20]),
            ],
        )
        .unwrap()
    }

    fn locate(atlas: &Atlas, x: i32, y: i32) -> (Match, Option<&str>) {
        let found = atlas.locate(LngLat::from_e7(x, y).unwrap());
        let area = found.area.map(|ordinal| atlas.area(ordinal).code.as_str());
        (found.matched, area)
    }

    #[test]
    fn every_point_has_one_owner_on_borders_too() {
        let atlas = atlas();
        for ((x, y), expected) in [
            ((5, 5), (Match::Grid, Some("A1"))),
            // The border of the two grids belongs to the first, though the second has
            // a microgrid there.
            ((10, 5), (Match::Grid, Some("A1"))),
            ((11, 5), (Match::Grid, Some("A2a"))),
            ((15, 10), (Match::Grid, Some("A2a"))),
            ((15, 11), (Match::Grid, Some("A2b"))),
            ((20, 20), (Match::Grid, Some("A2b"))),
            ((21, 5), (Match::Gap, Some("A"))),
            ((30, 20), (Match::Gap, Some("A"))),
            ((31, 5), (Match::Outside, None)),
        ] {
            assert_eq!(locate(&atlas, x, y), expected, "({x}, {y})");
        }
    }

    #[test]
    fn the_order_is_parents_first_then_codes() {
        let atlas = atlas();
        let codes: Vec<_> = atlas.areas().iter().map(|a| a.code.as_str()).collect();
        assert_eq!(codes, ["A", "A1", "A2", "A2a", "A2b"]);
        let chain = atlas.chain(4);
        let codes: Vec<_> = chain.iter().map(|link| link.code.as_str()).collect();
        assert_eq!(codes, ["A", "A2", "A2b"]);
    }

    #[test]
    fn neighbours_share_more_than_a_corner() {
        let atlas = Atlas::build(
            edition(),
            vec![
                area("1", Level::Grid, None, [0, 0, 10, 10]),
                area("2", Level::Grid, None, [10, 0, 20, 10]),
                area("3", Level::Grid, None, [10, 10, 20, 20]),
                // Shares part of the border of 1, with other vertices.
                area("4", Level::Grid, None, [2, 10, 8, 20]),
            ],
        )
        .unwrap();
        let names = |ordinal| -> Vec<&str> {
            let neighbours = atlas.neighbours(ordinal);
            neighbours
                .iter()
                .map(|&n| atlas.area(n).code.as_str())
                .collect()
        };
        assert_eq!(names(0), ["2", "4"]);
        assert_eq!(names(2), ["2"]);
    }

    #[test]
    fn a_broken_tree_is_refused() {
        let build = |areas| Atlas::build(edition(), areas).unwrap_err().to_string();
        let square = [0, 0, 1, 1];
        assert_eq!(
            build(vec![
                area("1", Level::Grid, None, square),
                area("1", Level::Grid, None, square)
            ]),
            "the code 1 stands for two areas"
        );
        assert_eq!(
            build(vec![area("1", Level::Grid, Some("0"), square)]),
            "area 1 has the parent 0, which the edition does not have"
        );
        assert_eq!(
            build(vec![
                area("0", Level::Grid, None, square),
                area("1", Level::Grid, Some("0"), square)
            ]),
            "area 1, a grid, has the parent 0, which is no level above it"
        );
    }

    proptest! {
        /// Overlapping rectangles on a small lattice: the index names the first in order
        /// that covers the point, as looking at all of them does.
        #[test]
        fn the_index_agrees_with_brute_force(
            corners in prop::collection::vec((0..30_i32, 0..30_i32, 1..15_i32, 1..15_i32), 1..40),
            points in prop::collection::vec((-1..46_i32, -1..46_i32), 50),
        ) {
            let areas: Vec<Area> = corners
                .iter()
                .enumerate()
                .map(|(i, &(x, y, w, h))| {
                    area(&format!("g{i:03}"), Level::Grid, None, [x, y, x + w, y + h])
                })
                .collect();
            let atlas = Atlas::build(edition(), areas.clone()).unwrap();
            for (x, y) in points {
                let point = LngLat::from_e7(x, y).unwrap();
                let expected = areas
                    .iter()
                    .find(|area| area.shape.as_ref().unwrap().covers(point))
                    .map(|area| area.code.as_str());
                prop_assert_eq!(locate(&atlas, x, y).1, expected);
            }
        }
    }
}
