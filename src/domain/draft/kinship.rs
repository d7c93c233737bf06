//! Who stands under whom in a territory as it would be, and what of it a change touches.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Ground, Plot};
use crate::domain::{Area, AreaCode, AreaId, Level};

/// The areas of the edition that a draft is made on.
#[derive(Debug, Default)]
pub struct Before<'a> {
    by_id: HashMap<AreaId, &'a Area>,
    levels: HashMap<&'a str, Level>,
}

impl<'a> Before<'a> {
    #[must_use]
    pub fn new(areas: impl IntoIterator<Item = &'a Area>) -> Self {
        let by_id: HashMap<AreaId, &Area> = areas.into_iter().map(|area| (area.id, area)).collect();
        let levels = by_id.values().map(|area| (area.code.as_str(), area.level));
        Self {
            levels: levels.collect(),
            by_id,
        }
    }

    /// The same area as it was.
    #[must_use]
    pub fn area(&self, id: AreaId) -> Option<&'a Area> {
        self.by_id.get(&id).copied()
    }

    /// The level that a code had.
    #[must_use]
    pub fn level_of(&self, code: &str) -> Option<Level> {
        self.levels.get(code).copied()
    }
}

/// The areas by code and by parent.
#[derive(Debug)]
pub struct Kinship<'a> {
    pub plots: &'a [Plot<'a>],
    /// Of equal codes the first; none that is empty.
    by_code: HashMap<&'a str, usize>,
    /// The parent of each plot, where it is there.
    parents: Vec<Option<usize>>,
    /// Which plots are named as parents.
    with_children: Vec<bool>,
    /// Codes that stand for several areas, with all of them in order.
    pub shared_codes: BTreeMap<&'a str, Vec<usize>>,
    /// The highest level that there is.
    pub top: Option<Level>,
    /// What a change touches: areas that are changed themselves, and those whose parent is
    /// changed or gone.
    pub affected: Vec<bool>,
    /// Only those in which something is touched.
    pub groups: Vec<Group>,
}

/// Areas that divide the same ground among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `None` for areas of one level whose parents have no ground, or are not there.
    pub parent: Option<usize>,
    /// In the order of the plots; at least one.
    pub children: Vec<usize>,
}

/// The ground that an area shares: its parent's, or that of its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Common {
    Under(usize),
    Loose(Option<Level>),
}

impl<'a> Kinship<'a> {
    /// Orders the areas of a territory as it would be. A group is touched when an area of it
    /// is changed, came or left, or when its parent is changed or gone.
    #[must_use]
    pub fn new(plots: &'a [Plot<'a>], before: &Before<'_>) -> Self {
        let mut by_code = HashMap::with_capacity(plots.len());
        let mut shared_codes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, plot) in plots
            .iter()
            .enumerate()
            .filter(|(_, plot)| !plot.code.is_empty())
        {
            let first = *by_code.entry(plot.code).or_insert(index);
            if first != index {
                let all = shared_codes.entry(plot.code).or_insert_with(|| vec![first]);
                all.push(index);
            }
        }
        let parents = plots.iter().map(|plot| by_code.get(plot.parent?).copied());
        let parents: Vec<Option<usize>> = parents.collect();
        let mut with_children = vec![false; plots.len()];
        for parent in parents.iter().flatten() {
            with_children[*parent] = true;
        }
        let mut kinship = Self {
            plots,
            parents,
            with_children,
            by_code,
            shared_codes,
            top: plots.iter().filter_map(|plot| plot.level).min(),
            affected: Vec::new(),
            groups: Vec::new(),
        };
        kinship.find_affected(before);
        kinship.find_groups(before);
        kinship
    }

    /// The area with a code; of several the first.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// True when some area names a code as its parent's.
    #[must_use]
    pub fn has_children(&self, code: &str) -> bool {
        let index = self.find(code);
        index.is_some_and(|index| self.with_children[index])
    }

    /// True when some area stands above a level.
    #[must_use]
    pub fn has_level_above(&self, level: Level) -> bool {
        self.top.is_some_and(|top| top < level)
    }

    fn common_of(&self, parent: Option<usize>, level: Option<Level>) -> Common {
        match parent {
            Some(parent) if has_ground(&self.plots[parent]) => Common::Under(parent),
            _ => Common::Loose(level),
        }
    }

    fn find_affected(&mut self, before: &Before<'_>) {
        let plots = self.plots.iter().zip(&self.parents);
        let affected = plots.map(|(plot, &parent)| {
            plot.touched
                || match parent {
                    Some(parent) => self.plots[parent].touched,
                    None => plot
                        .parent
                        .is_some_and(|code| before.level_of(code).is_some()),
                }
        });
        self.affected = affected.collect();
    }

    /// The areas of the edition before that have left their parent, or the territory.
    fn find_left<'b>(&self, before: &Before<'b>) -> Vec<&'b Area> {
        let mut left = Vec::new();
        let mut stayed = HashSet::new();
        for plot in self.plots {
            if let Some(area) = before.area(plot.id) {
                stayed.insert(plot.id);
                if plot.parent != area.parent.as_ref().map(AreaCode::as_str) {
                    left.push(area);
                }
            }
        }
        if stayed.len() < before.by_id.len() {
            let gone = before
                .by_id
                .values()
                .filter(|area| !stayed.contains(&area.id));
            left.extend(gone);
        }
        left
    }

    fn find_groups(&mut self, before: &Before<'_>) {
        let mut touched = HashSet::new();
        for (index, plot) in self.plots.iter().enumerate() {
            if self.affected[index] {
                touched.insert(self.common_of(self.parents[index], plot.level));
            }
            if plot.touched && has_ground(plot) {
                touched.insert(Common::Under(index));
            }
        }
        for area in self.find_left(before) {
            let parent = area.parent.as_ref();
            let parent = parent.and_then(|code| self.find(code.as_str()));
            touched.insert(self.common_of(parent, Some(area.level)));
        }
        let mut groups: BTreeMap<Common, Vec<usize>> = BTreeMap::new();
        for (index, plot) in self.plots.iter().enumerate() {
            let common = self.common_of(self.parents[index], plot.level);
            if touched.contains(&common) {
                groups.entry(common).or_default().push(index);
            }
        }
        let groups = groups.into_iter().map(|(common, children)| Group {
            parent: match common {
                Common::Under(parent) => Some(parent),
                Common::Loose(_) => None,
            },
            children,
        });
        self.groups = groups.collect();
    }
}

fn has_ground(plot: &Plot<'_>) -> bool {
    match plot.ground {
        Ground::Unknown => false,
        Ground::Standing(_) => true,
        Ground::Drawn(outline) => outline.rings().any(|ring| !ring.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{area, plot};
    use super::*;

    /// The groups by codes: parent, then children.
    fn groups<'a>(plots: &'a [Plot<'a>], before: &[Area]) -> Vec<(&'a str, Vec<&'a str>)> {
        let kinship = Kinship::new(plots, &Before::new(before));
        let codes = |group: &Group| {
            let parent = group.parent.map_or("", |parent| plots[parent].code);
            let children = group.children.iter().map(|&child| plots[child].code);
            (parent, children.collect())
        };
        let mut groups: Vec<_> = kinship.groups.iter().map(codes).collect();
        groups.sort_unstable();
        groups
    }

    #[test]
    fn only_groups_that_a_change_touches_are_judged() {
        let before = [
            area("32", Level::Province, None),
            area("3201", Level::City, Some("32")),
            area("3202", Level::City, Some("32")),
            area("320101", Level::County, Some("3201")),
            area("320102", Level::County, Some("3201")),
            area("320201", Level::County, Some("3202")),
        ];
        let standing = || before.iter().map(Plot::standing).collect::<Vec<_>>();
        assert!(groups(&standing(), &before).is_empty());
        // A child is changed.
        let mut plots = standing();
        plots[3].touched = true;
        assert_eq!(
            groups(&plots, &before),
            [("3201", vec!["320101", "320102"])]
        );
        // A parent is changed.
        let mut plots = standing();
        plots[1].touched = true;
        let expected = [
            ("32", vec!["3201", "3202"]),
            ("3201", vec!["320101", "320102"]),
        ];
        assert_eq!(groups(&plots, &before), expected);
        // A child is gone.
        let mut plots = standing();
        plots.remove(3);
        assert_eq!(groups(&plots, &before), [("3201", vec!["320102"])]);
        // A child moved to another parent: the old one misses it.
        let mut plots = standing();
        plots[3].parent = Some("3202");
        plots[3].touched = true;
        let expected = [("3201", vec!["320102"]), ("3202", vec!["320101", "320201"])];
        assert_eq!(groups(&plots, &before), expected);
        // A parent is gone: its children have no common ground, and its siblings a gap.
        let mut plots = standing();
        plots.remove(1);
        let expected = [("", vec!["320101", "320102"]), ("32", vec!["3202"])];
        assert_eq!(groups(&plots, &before), expected);
    }

    #[test]
    fn children_of_parents_without_ground_are_judged_together() {
        let mut plots = [
            plot("3201", Level::City, None),
            plot("3202", Level::City, None),
            plot("320101", Level::County, Some("3201")),
            plot("320201", Level::County, Some("3202")),
            plot("320301", Level::County, Some("3203")),
        ];
        plots[0].ground = Ground::Unknown;
        plots[1].ground = Ground::Unknown;
        let expected = [
            ("", vec!["3201", "3202"]),
            ("", vec!["320101", "320201", "320301"]),
        ];
        assert_eq!(groups(&plots, &[]), expected);
    }
}
