//! Features into areas: codes, levels and parents are checked against the code scheme,
//! the file itself and the territory as it stands. One fault, and nothing is made.

mod parents;

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use self::parents::{Known, find_parent};
use super::columns::{FieldMapping, parse_kind, parse_level, text};
use super::feature::{Faults, Feature, FeatureRef};
use crate::domain::code::CodeError;
use crate::domain::{Area, AreaCode, AreaId, CodeScheme, GridKind, Level, LngLat};
use crate::geometry::{ValidityError, area_m2, label_point, validity};

/// Areas that can be published.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// In the order of the file. An area whose code the territory has keeps its identity.
    pub areas: Vec<Area>,
    /// Areas whose parents are known nowhere, which is no fault at the top of a territory:
    /// they have no parent now. To be told to whoever imports.
    pub roots: Vec<AreaCode>,
}

/// What is wrong with a feature, so that it can be no area; or with the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFault {
    /// `None` when it is the file's.
    pub feature: Option<FeatureRef>,
    pub problem: ImportProblem,
}

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportProblem {
    #[error("no column holds the {what}; name it, or rename one of {}", columns.join(", "))]
    NoColumn {
        what: &'static str,
        columns: Vec<String>,
    },
    #[error("its {what} is missing; fill in the column {column:?}")]
    Missing { what: &'static str, column: String },
    #[error("{0}; correct it")]
    Code(#[from] CodeError),
    #[error("its name {0:?} is garbled; name the encoding that the file is in")]
    GarbledName(String),
    #[error("its level {word:?} is not known; use one of {}", levels())]
    UnknownLevel { word: String },
    #[error("its kind {0:?} is not known; use general (综合网格) or special (专属网格)")]
    UnknownKind(String),
    #[error(
        "its code {code} is also that of {other}; give one of them another code, or merge them"
    )]
    DuplicateCode { code: AreaCode, other: FeatureRef },
    #[error(
        "its code {code} is that of a {before} in the territory, but here it is a {level}; correct one of them"
    )]
    LevelChanged {
        code: AreaCode,
        level: Level,
        before: Level,
    },
    #[error(
        "its parent {parent} is neither in the file nor in the territory; add the parent, or correct the code"
    )]
    UnknownParent { parent: AreaCode },
    #[error("it names no parent, and its code says none; fill in a column of parents")]
    NoParent,
    #[error(
        "it is a {level}, and so can be no part of {parent}, which is a {parent_level}; correct the level or the parent"
    )]
    ParentNotAbove {
        level: Level,
        parent: AreaCode,
        parent_level: Level,
    },
    #[error("it lies outside its parent {parent}, at {at:?}; correct its code, or its place")]
    OutsideParent { parent: AreaCode, at: LngLat },
    #[error("{0}; mend its border there")]
    Invalid(#[from] ValidityError),
}

impl std::fmt::Display for ImportFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(feature) = &self.feature {
            write!(f, "{feature}: ")?;
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for ImportFault {}

fn levels() -> String {
    let words = Level::ALL
        .iter()
        .map(|level| format!("{level} ({})", level.name_zh()));
    words.collect::<Vec<_>>().join(", ")
}

/// What the columns of a feature say.
struct Row<'a> {
    feature: &'a Feature,
    code: AreaCode,
    name: String,
    /// `None` when it is not known, which is a fault.
    level: Option<Level>,
    /// What the column of parents says, if there is one and it says something.
    named_parent: Option<AreaCode>,
    kind: Option<GridKind>,
}

/// Makes areas of features. `existing` is the territory as it stands; `fresh_id` gives
/// identities to areas that are new there.
///
/// Levels come from their column, else from the length of the code. Parents come from
/// their column, else from the beginning of the code; levels of which the file and the
/// territory have no area are skipped. A parent must be in the file or the territory,
/// unless neither has any area of a higher level: then the area is a root.
///
/// # Errors
/// With all the faults of all features, in the order of the file.
pub fn assemble<'a>(
    features: &[Feature],
    mapping: &FieldMapping,
    scheme: &CodeScheme,
    existing: impl IntoIterator<Item = &'a Area>,
    mut fresh_id: impl FnMut() -> AreaId,
) -> Result<Assembly, Faults<ImportFault>> {
    let columns = Columns::of(mapping, features)?;
    let mut faults = Vec::new();
    let rows: Vec<Row<'_>> = features
        .iter()
        .filter_map(|feature| columns.read(feature, scheme, &mut faults))
        .collect();
    let existing: Vec<&Area> = existing.into_iter().collect();
    let known = Known::new(&rows, &existing);
    check_codes(&rows, &known, &mut faults);
    let mut roots = Vec::new();
    let mut parents = Vec::with_capacity(rows.len());
    for row in &rows {
        parents.push(match find_parent(row, scheme, &known) {
            Ok(found) => {
                if found.is_root {
                    roots.push(row.code.clone());
                }
                found.parent
            }
            Err(problem) => {
                faults.push((row.feature.index, problem));
                None
            }
        });
    }
    let areas: Vec<Result<Area, ImportProblem>> = rows
        .par_iter()
        .zip(parents)
        .map(|(row, parent)| make_area(row, parent, &known))
        .collect();
    let mut made = Vec::with_capacity(areas.len());
    for (row, area) in rows.iter().zip(areas) {
        match area {
            Ok(area) => made.push(area),
            Err(problem) => faults.push((row.feature.index, problem)),
        }
    }
    if !faults.is_empty() {
        return Err(list_faults(faults, features));
    }
    for area in &mut made {
        area.id = known
            .standing(&area.code)
            .map_or_else(&mut fresh_id, |standing| standing.id);
    }
    Ok(Assembly { areas: made, roots })
}

/// In the order of the file, and of the checks for one feature.
fn list_faults(
    mut faults: Vec<(usize, ImportProblem)>,
    features: &[Feature],
) -> Faults<ImportFault> {
    faults.sort_by_key(|&(index, _)| index);
    let places: HashMap<usize, &Feature> = features
        .iter()
        .map(|feature| (feature.index, feature))
        .collect();
    let mut listed = Faults::default();
    for (index, problem) in faults {
        let feature = places.get(&index);
        listed.push(ImportFault {
            feature: feature.map(|feature| FeatureRef::new(index, &feature.properties)),
            problem,
        });
    }
    listed
}

/// The columns that are used; code and name must be there.
struct Columns<'a> {
    code: &'a str,
    name: &'a str,
    mapping: &'a FieldMapping,
}

impl<'a> Columns<'a> {
    fn of(mapping: &'a FieldMapping, features: &[Feature]) -> Result<Self, Faults<ImportFault>> {
        let mut faults = Faults::default();
        let mut require = |what, column: &'a Option<String>| {
            let column = column.as_deref();
            let there = |column: &&str| {
                features
                    .iter()
                    .any(|feature| feature.properties.contains_key(*column))
            };
            column.filter(there).unwrap_or_else(|| {
                let first = features.first();
                let columns = first.map(|feature| feature.properties.keys().cloned().collect());
                faults.push(ImportFault {
                    feature: None,
                    problem: ImportProblem::NoColumn {
                        what,
                        columns: columns.unwrap_or_default(),
                    },
                });
                ""
            })
        };
        let columns = Self {
            code: require("code", &mapping.code),
            name: require("name", &mapping.name),
            mapping,
        };
        faults.or(columns)
    }

    /// What a feature's columns say; `None` without a code.
    fn read<'f>(
        &self,
        feature: &'f Feature,
        scheme: &CodeScheme,
        faults: &mut Vec<(usize, ImportProblem)>,
    ) -> Option<Row<'f>> {
        let mut note = |problem| faults.push((feature.index, problem));
        let optional = |column: &Option<String>| text(&feature.properties, column.as_deref()?);
        let code = self.read_code(feature).map_err(&mut note).ok();
        let name = self.read_name(feature).map_err(&mut note).ok();
        let level = match (optional(&self.mapping.level), &code) {
            (Some(word), _) => Some(parse_level(&word).ok_or(ImportProblem::UnknownLevel { word })),
            (None, Some(code)) => Some(scheme.level_of(code).map_err(ImportProblem::from)),
            (None, None) => None,
        };
        let level = level.and_then(|level| level.map_err(&mut note).ok());
        let parent = optional(&self.mapping.parent).filter(|word| !NO_PARENT.contains(&&**word));
        let named_parent = parent.and_then(|word| {
            let parent = word.parse::<AreaCode>().map_err(ImportProblem::from);
            parent.map_err(&mut note).ok()
        });
        let kind = match level {
            Some(Level::Grid | Level::Microgrid) => optional(&self.mapping.kind),
            _ => None,
        };
        let kind = kind.and_then(|word| {
            let kind = parse_kind(&word).ok_or(ImportProblem::UnknownKind(word));
            kind.map_err(&mut note).ok()
        });
        Some(Row {
            feature,
            code: code?,
            name: name.unwrap_or_default(),
            level,
            named_parent,
            kind,
        })
    }

    fn read_code(&self, feature: &Feature) -> Result<AreaCode, ImportProblem> {
        let code = text(&feature.properties, self.code).ok_or_else(|| ImportProblem::Missing {
            what: "code",
            column: self.code.to_owned(),
        })?;
        Ok(code.parse()?)
    }

    fn read_name(&self, feature: &Feature) -> Result<String, ImportProblem> {
        let name = text(&feature.properties, self.name).ok_or_else(|| ImportProblem::Missing {
            what: "name",
            column: self.name.to_owned(),
        })?;
        if is_garbled(&name) {
            return Err(ImportProblem::GarbledName(name));
        }
        Ok(name)
    }
}

/// What stands in columns of parents where there is none.
const NO_PARENT: &[&str] = &["0", "-1", "无", "null", "NULL"];

/// True for what only a wrong decoding leaves: replacement characters, what they become
/// when they are decoded once more (锟斤拷), and control characters.
fn is_garbled(name: &str) -> bool {
    name.contains("锟斤拷") || name.chars().any(|c| c == '\u{fffd}' || c.is_control())
}

/// Codes are unique in the file, and keep their level in the territory.
fn check_codes(rows: &[Row<'_>], known: &Known<'_>, faults: &mut Vec<(usize, ImportProblem)>) {
    for row in rows {
        let code = row.code.clone();
        if let Some(first) = known.in_file(&row.code)
            && first.feature.index != row.feature.index
        {
            let other = FeatureRef::new(first.feature.index, &first.feature.properties);
            let problem = ImportProblem::DuplicateCode { code, other };
            faults.push((row.feature.index, problem));
        } else if let (Some(standing), Some(level)) = (known.standing(&row.code), row.level)
            && standing.level != level
        {
            let before = standing.level;
            let problem = ImportProblem::LevelChanged {
                code,
                level,
                before,
            };
            faults.push((row.feature.index, problem));
        }
    }
}

/// Checks the ground of an area and measures it. The identity is a blank one.
fn make_area(
    row: &Row<'_>,
    parent: Option<AreaCode>,
    known: &Known<'_>,
) -> Result<Area, ImportProblem> {
    let shape = &row.feature.geometry;
    validity::check(shape)?;
    let at = label_point(shape);
    if let Some(parent) = &parent
        && let Some(bounds) = known.bounds(parent)
        && !bounds.contains(at)
    {
        let parent = parent.clone();
        return Err(ImportProblem::OutsideParent { parent, at });
    }
    // A row without a level has its fault already.
    let level = row.level.unwrap_or(Level::Grid);
    let is_grid = matches!(level, Level::Grid | Level::Microgrid);
    let standing = known.standing(&row.code).and_then(|area| area.kind);
    let kind = row.kind.or(standing).unwrap_or(GridKind::General);
    Ok(Area {
        id: AreaId(uuid::Uuid::nil()),
        code: row.code.clone(),
        name: row.name.clone(),
        level,
        parent,
        kind: is_grid.then_some(kind),
        shape: Some(Arc::new(shape.clone())),
        label: Some(at),
        area_m2: Some(area_m2(shape)),
        generated: row.feature.properties.get("generated") == Some(&true.into()),
    })
}

#[cfg(test)]
mod tests;
