//! The areas of an edition as a tree: parents before children, siblings by code.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{AtlasError, Ordinal};
use crate::domain::{Area, AreaCode, Level};

/// The areas in their order, and the ways between them.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    pub areas: Vec<Arc<Area>>,
    pub parents: Vec<Option<Ordinal>>,
    /// Where in `child_list` the children of an area begin; those of the next area follow.
    child_starts: Vec<u32>,
    child_list: Vec<Ordinal>,
    by_code: HashMap<AreaCode, Ordinal, foldhash::fast::RandomState>,
    in_code_order: [Vec<Ordinal>; Level::ALL.len()],
}

/// A tree that was made of another one.
pub struct Grown {
    pub tree: Tree,
    /// The new ordinal of each old area; `None` when its code is gone.
    pub moved: Vec<Option<Ordinal>>,
    /// New ordinals of the areas that are new, have another ground or level, or hang elsewhere
    /// in the tree.
    pub touched: Vec<Ordinal>,
}

/// An area while the tree grows: those that were there by their old ordinals, then the new.
type Node = usize;

impl Tree {
    /// Orders areas, which may come in any order.
    ///
    /// # Errors
    /// When two areas have one code, or a parent is absent or not above its child.
    pub fn of(areas: Vec<Area>) -> Result<Self, AtlasError> {
        Ok(Self::default().grow(areas, &[])?.tree)
    }

    pub fn find(&self, code: &AreaCode) -> Option<Ordinal> {
        self.by_code.get(code).copied()
    }

    pub fn children(&self, ordinal: Ordinal) -> &[Ordinal] {
        let starts = (
            self.child_starts.get(ordinal as usize),
            self.child_starts.get(ordinal as usize + 1),
        );
        match starts {
            (Some(&start), Some(&end)) => &self.child_list[start as usize..end as usize],
            _ => &[],
        }
    }

    pub fn in_code_order(&self, level: Level) -> &[Ordinal] {
        &self.in_code_order[level.depth()]
    }

    /// The tree with some areas removed and others put, in place of those of the same code or
    /// besides. Takes time for each area, but little.
    ///
    /// # Errors
    /// As [`Tree::of`], of the areas that result.
    pub fn grow(&self, put: Vec<Area>, removed: &[AreaCode]) -> Result<Grown, AtlasError> {
        let growth = Growth::of(self, put, removed)?;
        growth.check()?;
        Ok(growth.finish())
    }
}

/// What changes in a tree.
struct Growth<'a> {
    old: &'a Tree,
    put: Vec<Arc<Area>>,
    /// By place in `put`: the node it is.
    nodes: Vec<Node>,
    /// By node, where it is put: its place in `put`.
    puts: HashMap<Node, usize>,
    by_code: HashMap<AreaCode, Node>,
    /// Old areas that are not where they were: without successor, or below another parent.
    detached: HashSet<Node>,
    removed: HashSet<Node>,
}

impl<'a> Growth<'a> {
    fn of(old: &'a Tree, put: Vec<Area>, removed: &[AreaCode]) -> Result<Self, AtlasError> {
        let mut growth = Self {
            old,
            nodes: Vec::with_capacity(put.len()),
            puts: HashMap::with_capacity(put.len()),
            by_code: HashMap::with_capacity(put.len()),
            put: put.into_iter().map(Arc::new).collect(),
            detached: HashSet::new(),
            removed: HashSet::new(),
        };
        let mut next = old.areas.len();
        for (place, area) in growth.put.iter().enumerate() {
            let known = old.find(&area.code).map(|ordinal| ordinal as Node);
            let node = known.unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            if growth.by_code.insert(area.code.clone(), node).is_some() {
                return Err(AtlasError::TwiceTheCode(area.code.clone()));
            }
            growth.nodes.push(node);
            growth.puts.insert(node, place);
            if known.is_some_and(|known| old.areas[known].parent != area.parent) {
                growth.detached.insert(node);
            }
        }
        for ordinal in removed.iter().filter_map(|code| old.find(code)) {
            let node = ordinal as Node;
            if !growth.puts.contains_key(&node) {
                growth.removed.insert(node);
                growth.detached.insert(node);
            }
        }
        Ok(growth)
    }

    fn area(&self, node: Node) -> &Arc<Area> {
        match self.puts.get(&node) {
            Some(&place) => &self.put[place],
            None => &self.old.areas[node],
        }
    }

    /// Whether an area that was there has another ground now, or another level.
    fn has_other_ground(&self, node: Node) -> bool {
        self.puts.get(&node).is_some_and(|&place| {
            let (before, after) = (&self.old.areas[node], &self.put[place]);
            before.level != after.level || before.shape != after.shape
        })
    }

    /// The children that stay where they were, by code.
    fn staying(&self, node: Node) -> impl DoubleEndedIterator<Item = Node> + '_ {
        let children: &[Ordinal] = match Ordinal::try_from(node) {
            Ok(ordinal) if node < self.old.areas.len() => self.old.children(ordinal),
            _ => &[],
        };
        children
            .iter()
            .map(|&child| child as Node)
            .filter(|child| self.detached.is_empty() || !self.detached.contains(child))
    }

    fn find(&self, code: &AreaCode) -> Option<Node> {
        let put = self.by_code.get(code).copied();
        put.or_else(|| Some(self.old.find(code)? as Node))
            .filter(|node| !self.removed.contains(node))
    }

    fn check(&self) -> Result<(), AtlasError> {
        for &node in &self.removed {
            if let Some(child) = self.staying(node).next() {
                return Err(AtlasError::NoSuchParent {
                    code: self.area(child).code.clone(),
                    parent: self.area(node).code.clone(),
                });
            }
        }
        let above = |parent: &Area, child: &Area| {
            if parent.level < child.level {
                return Ok(());
            }
            Err(AtlasError::ParentNotAbove {
                code: child.code.clone(),
                level: child.level,
                parent: parent.code.clone(),
            })
        };
        for (area, &node) in self.put.iter().zip(&self.nodes) {
            if let Some(code) = &area.parent {
                let parent = self.find(code).ok_or_else(|| AtlasError::NoSuchParent {
                    code: area.code.clone(),
                    parent: code.clone(),
                })?;
                above(self.area(parent), area)?;
            }
            for child in self.staying(node) {
                above(area, self.area(child))?;
            }
        }
        Ok(())
    }

    /// The nodes that hang below another one than before, or below none, by that one; and
    /// within, by code.
    fn grafts(&self) -> HashMap<Option<Node>, Vec<Node>> {
        let mut grafts: HashMap<Option<Node>, Vec<Node>> = HashMap::new();
        for (area, &node) in self.put.iter().zip(&self.nodes) {
            if node >= self.old.areas.len() || self.detached.contains(&node) {
                let parent = area.parent.as_ref().and_then(|code| self.find(code));
                grafts.entry(parent).or_default().push(node);
            }
        }
        for nodes in grafts.values_mut() {
            nodes.sort_by(|&a, &b| self.area(a).code.cmp(&self.area(b).code));
        }
        grafts
    }

    /// A parent is always of a higher level, so the walk ends and reaches every area.
    fn finish(self) -> Grown {
        let old = self.old;
        let grafts = self.grafts();
        let count = old.areas.len() + self.put.len();
        let mut areas: Vec<Arc<Area>> = Vec::with_capacity(count);
        let mut parents: Vec<Option<Ordinal>> = Vec::with_capacity(count);
        let mut places: Vec<Option<Ordinal>> = vec![None; count];
        let mut touched = Vec::new();
        let roots = (0..old.areas.len())
            .filter(|&node| old.parents[node].is_none() && !self.detached.contains(&node));
        let roots: Vec<Node> = roots.collect();
        // The last is walked first; with what hangs where it did not, everything below does.
        let mut ahead: Vec<(Node, Option<Ordinal>, bool)> = Vec::new();
        self.push_children(
            &mut ahead,
            roots.iter().copied(),
            grafts.get(&None),
            None,
            false,
        );
        while let Some((node, parent, hangs_elsewhere)) = ahead.pop() {
            #[expect(clippy::cast_possible_truncation, reason = "ordinals are of 32 bits")]
            let ordinal = areas.len() as Ordinal;
            let hangs_elsewhere =
                hangs_elsewhere || node >= old.areas.len() || self.detached.contains(&node);
            if hangs_elsewhere || self.has_other_ground(node) {
                touched.push(ordinal);
            }
            areas.push(Arc::clone(self.area(node)));
            parents.push(parent);
            places[node] = Some(ordinal);
            self.push_children(
                &mut ahead,
                self.staying(node),
                if grafts.is_empty() {
                    None
                } else {
                    grafts.get(&Some(node))
                },
                Some(ordinal),
                hangs_elsewhere,
            );
        }
        let (child_starts, child_list) = list_children(&parents);
        let by_code = self.codes(&areas, &places);
        let in_code_order = std::array::from_fn(|depth| self.code_order(depth, &areas, &places));
        places.truncate(old.areas.len());
        Grown {
            tree: Tree {
                areas,
                parents,
                child_starts,
                child_list,
                by_code,
                in_code_order,
            },
            moved: places,
            touched,
        }
    }

    /// Puts what stays and what is grafted, both by code, on the list, the first last.
    fn push_children(
        &self,
        ahead: &mut Vec<(Node, Option<Ordinal>, bool)>,
        staying: impl DoubleEndedIterator<Item = Node>,
        grafted: Option<&Vec<Node>>,
        parent: Option<Ordinal>,
        hangs_elsewhere: bool,
    ) {
        let start = ahead.len();
        ahead.extend(staying.rev().map(|node| (node, parent, hangs_elsewhere)));
        let Some(grafted) = grafted else { return };
        ahead.extend(grafted.iter().map(|&node| (node, parent, hangs_elsewhere)));
        ahead[start..].sort_by(|a, b| self.area(b.0).code.cmp(&self.area(a.0).code));
    }

    fn codes(
        &self,
        areas: &[Arc<Area>],
        places: &[Option<Ordinal>],
    ) -> HashMap<AreaCode, Ordinal, foldhash::fast::RandomState> {
        let mut by_code = self.old.by_code.clone();
        by_code.retain(|_, ordinal| match places[*ordinal as usize] {
            Some(place) => {
                *ordinal = place;
                true
            }
            None => false,
        });
        by_code.reserve(areas.len() - by_code.len());
        for place in places[self.old.areas.len()..].iter().flatten() {
            by_code.insert(areas[*place as usize].code.clone(), *place);
        }
        by_code
    }

    /// The areas of a level by code: those that were in it and are, in the order they had, and
    /// the others.
    fn code_order(
        &self,
        depth: usize,
        areas: &[Arc<Area>],
        places: &[Option<Ordinal>],
    ) -> Vec<Ordinal> {
        let is_put = |node: Node| self.puts.contains_key(&node);
        let mut others: Vec<Ordinal> = self
            .nodes
            .iter()
            .filter_map(|&node| places[node])
            .filter(|&place| areas[place as usize].level.depth() == depth)
            .collect();
        let stayed = self.old.in_code_order[depth]
            .iter()
            .filter(|&&ordinal| !is_put(ordinal as Node))
            .filter_map(|&ordinal| places[ordinal as usize]);
        if others.is_empty() {
            return stayed.collect();
        }
        // Where codes begin with their parent's, they are nearly in order.
        others.sort_unstable();
        others.sort_by(|&a, &b| areas[a as usize].code.cmp(&areas[b as usize].code));
        let mut others = others.into_iter().peekable();
        let mut merged = Vec::with_capacity(self.old.in_code_order[depth].len() + others.len());
        for ordinal in stayed {
            let code = &areas[ordinal as usize].code;
            while let Some(other) = others.next_if(|&other| areas[other as usize].code < *code) {
                merged.push(other);
            }
            merged.push(ordinal);
        }
        merged.extend(others);
        merged
    }
}

/// Where the children of each area begin in one list of them all.
fn list_children(parents: &[Option<Ordinal>]) -> (Vec<u32>, Vec<Ordinal>) {
    let mut starts = vec![0_u32; parents.len() + 1];
    for parent in parents.iter().flatten() {
        starts[*parent as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut list = vec![0; starts.last().map_or(0, |&end| end as usize)];
    for (ordinal, parent) in (0..).zip(parents) {
        if let Some(parent) = parent {
            let at = &mut next[*parent as usize];
            list[*at as usize] = ordinal;
            *at += 1;
        }
    }
    (starts, list)
}
