//! The areas as the demonstration walks them: up to the top and down to the grids.

use std::collections::HashMap;

use crate::domain::{Area, AreaCode, AreaRef, Level};

/// An area's place in the [`Ground`]: by level from the top, then by code.
pub type Place = usize;

/// All areas with their parents and children. An area whose parent is unknown counts as
/// a top one.
pub struct Ground<'a> {
    areas: Vec<&'a Area>,
    by_code: HashMap<&'a AreaCode, Place>,
    parents: Vec<Option<Place>>,
    children: Vec<Vec<Place>>,
    has_grids: Vec<bool>,
}

impl<'a> Ground<'a> {
    pub fn new(areas: &'a [Area]) -> Self {
        let mut areas: Vec<&Area> = areas.iter().collect();
        areas.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
        let by_code: HashMap<&AreaCode, Place> = areas
            .iter()
            .enumerate()
            .map(|(place, area)| (&area.code, place))
            .collect();
        let mut parents = Vec::with_capacity(areas.len());
        let mut children = vec![Vec::new(); areas.len()];
        for (place, area) in areas.iter().enumerate() {
            // Levels rise on the way up, so every walk ends.
            let parent = area
                .parent
                .as_ref()
                .and_then(|code| by_code.get(code).copied())
                .filter(|&parent| areas[parent].level < area.level);
            if let Some(parent) = parent {
                children[parent].push(place);
            }
            parents.push(parent);
        }
        // Children stand after their parents.
        let mut has_grids = vec![false; areas.len()];
        for place in (0..areas.len()).rev() {
            if areas[place].level == Level::Grid {
                has_grids[place] = true;
            }
            if let Some(parent) = parents[place] {
                has_grids[parent] |= has_grids[place];
            }
        }
        Self {
            areas,
            by_code,
            parents,
            children,
            has_grids,
        }
    }

    pub fn find(&self, code: &AreaCode) -> Option<Place> {
        self.by_code.get(code).copied()
    }

    pub fn area(&self, place: Place) -> &'a Area {
        self.areas[place]
    }

    /// By code.
    pub fn children(&self, place: Place) -> &[Place] {
        &self.children[place]
    }

    pub fn parent(&self, place: Place) -> Option<Place> {
        self.parents[place]
    }

    /// The area itself and all above it, from the bottom up.
    pub fn upwards(&self, place: Place) -> impl Iterator<Item = &'a Area> + '_ {
        std::iter::successors(Some(place), |&place| self.parents[place])
            .map(|place| self.areas[place])
    }

    /// The area itself and all above it, from the top down.
    pub fn chain(&self, place: Place) -> Vec<AreaRef> {
        let mut chain: Vec<AreaRef> = self.upwards(place).map(AreaRef::from).collect();
        chain.reverse();
        chain
    }

    /// Every area, parents before children.
    pub fn places(&self) -> std::ops::Range<Place> {
        0..self.areas.len()
    }

    /// The grids right below an area, by code.
    pub fn grids_of(&self, place: Place) -> Vec<Place> {
        let children = self.children[place].iter().copied();
        children
            .filter(|&child| self.areas[child].level == Level::Grid)
            .collect()
    }

    pub fn of_level(&self, level: Level) -> impl Iterator<Item = Place> + '_ {
        self.places()
            .filter(move |&place| self.areas[place].level == level)
    }

    /// True when there are grids below, or it is one.
    pub fn has_grids(&self, place: Place) -> bool {
        self.has_grids[place]
    }

    /// True in a village, false in a town's community.
    pub fn is_rural(&self, place: Place) -> bool {
        self.upwards(place)
            .find(|area| area.level == Level::Community)
            .is_some_and(|community| {
                let name = &community.name;
                name.ends_with('村') || name.ends_with("村委会") || name.ends_with("村民委员会")
            })
    }
}

/// A community without its committee: `长东社区居委会` is `长东社区`, `大庄村委会` `大庄村`.
pub fn short_name(name: &str) -> String {
    for suffix in ["居民委员会", "居委会"] {
        if let Some(stem) = name.strip_suffix(suffix) {
            return stem.to_owned();
        }
    }
    for suffix in ["村民委员会", "村委会"] {
        if let Some(stem) = name.strip_suffix(suffix) {
            return format!("{}村", stem.trim_end_matches('村'));
        }
    }
    name.to_owned()
}
