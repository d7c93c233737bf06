//! The parent of each area: named by a column, or by the beginning of its code.

use std::collections::{HashMap, HashSet};

use super::{ImportProblem, Row};
use crate::domain::{Area, AreaCode, BoundingBox, CodeScheme, Level};

/// The areas of the file and of the territory as it stands.
pub(super) struct Known<'a> {
    /// By code; of equal codes the first.
    file: HashMap<&'a AreaCode, &'a Row<'a>>,
    territory: HashMap<&'a AreaCode, &'a Area>,
    levels: HashSet<Level>,
}

/// An area's parent, and whether it has none because none is known.
pub(super) struct Found {
    pub parent: Option<AreaCode>,
    pub is_root: bool,
}

impl<'a> Known<'a> {
    pub(super) fn new(rows: &'a [Row<'a>], existing: &[&'a Area]) -> Self {
        let mut file = HashMap::new();
        for row in rows {
            file.entry(&row.code).or_insert(row);
        }
        let territory: HashMap<_, _> = existing.iter().map(|&area| (&area.code, area)).collect();
        let in_file = rows.iter().filter_map(|row| row.level);
        let levels = in_file
            .chain(territory.values().map(|area| area.level))
            .collect();
        Self {
            file,
            territory,
            levels,
        }
    }

    pub(super) fn in_file(&self, code: &AreaCode) -> Option<&'a Row<'a>> {
        self.file.get(code).copied()
    }

    /// The area as it stands in the territory.
    pub(super) fn standing(&self, code: &AreaCode) -> Option<&'a Area> {
        self.territory.get(code).copied()
    }

    fn contains(&self, code: &AreaCode) -> bool {
        self.file.contains_key(code) || self.territory.contains_key(code)
    }

    /// As it will be: the file's word counts before that of the territory.
    fn level(&self, code: &AreaCode) -> Option<Level> {
        match self.in_file(code) {
            Some(row) => row.level,
            None => self.standing(code).map(|area| area.level),
        }
    }

    /// The box around the ground of an area, if that is known.
    pub(super) fn bounds(&self, code: &AreaCode) -> Option<BoundingBox> {
        let standing = || self.standing(code)?.shape.as_deref();
        let shape = match self.in_file(code) {
            Some(row) => &row.feature.geometry,
            None => standing()?,
        };
        Some(shape.bounds())
    }

    fn has_level_above(&self, level: Level) -> bool {
        self.levels
            .iter()
            .any(|known| known.depth() < level.depth())
    }
}

/// The parent of a row. Its code is checked against its level and parent on the way.
pub(super) fn find_parent(
    row: &Row<'_>,
    scheme: &CodeScheme,
    known: &Known<'_>,
) -> Result<Found, ImportProblem> {
    let Some(level) = row.level else {
        let parent = None;
        return Ok(Found {
            parent,
            is_root: false,
        });
    };
    // Before the parent is looked for: a code of a wrong length says a wrong one.
    scheme.check(&row.code, level, None)?;
    let wanted = match &row.named_parent {
        Some(parent) => Some(parent.clone()),
        None => by_prefix(&row.code, scheme, known),
    };
    match wanted {
        Some(parent) if known.contains(&parent) => {
            if let Some(parent_level) = known.level(&parent)
                && parent_level.depth() >= level.depth()
            {
                return Err(ImportProblem::ParentNotAbove {
                    level,
                    parent,
                    parent_level,
                });
            }
            scheme.check(&row.code, level, Some(&parent))?;
            Ok(Found {
                parent: Some(parent),
                is_root: false,
            })
        }
        Some(parent) if known.has_level_above(level) => {
            Err(ImportProblem::UnknownParent { parent })
        }
        None if known.has_level_above(level) => Err(ImportProblem::NoParent),
        // A province is a root by nature, and nothing to be told.
        wanted => Ok(Found {
            parent: None,
            is_root: wanted.is_some(),
        }),
    }
}

/// The nearest code that this one begins with and that is known or ought to be: levels
/// that have no area at all are skipped.
fn by_prefix(code: &AreaCode, scheme: &CodeScheme, known: &Known<'_>) -> Option<AreaCode> {
    let nearest = scheme.parent_of(code)?;
    let mut candidate = nearest.clone();
    loop {
        let level = scheme.level_of(&candidate);
        let expected = level.is_ok_and(|level| known.levels.contains(&level));
        if expected || known.contains(&candidate) {
            return Some(candidate);
        }
        match scheme.parent_of(&candidate) {
            Some(above) => candidate = above,
            None => return Some(nearest),
        }
    }
}
