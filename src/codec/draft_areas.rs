//! Placed features into draft areas, and judged draft areas into publishable ones.
//!
//! Whatever the verdict can show on the map is no fault here: areas without a code, of no
//! known level, with broken rings or none come in as they are.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::columns::{FieldMapping, NO_PARENT, parse_kind, parse_level, text};
use super::feature::{Faults, FeatureFault, FeatureRef};
use super::source::PlacedFeature;
use crate::domain::code::CodeError;
use crate::domain::draft::DraftArea;
use crate::domain::shape::ShapeError;
use crate::domain::{Area, AreaCode, AreaId, CodeScheme, GridKind, Level, Outline};
use crate::geometry::{area_m2, label_point};
use crate::index::Atlas;

/// The areas of a file, as it has them.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// One for each feature, in the order of the file.
    pub areas: Vec<DraftArea>,
    /// What could not be taken from the file, and is left out of its area.
    pub faults: Faults<DraftFault>,
}

/// Something of a feature that could not be taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{feature}: {problem}")]
pub struct DraftFault {
    pub feature: FeatureRef,
    pub problem: DraftProblem,
}

/// What could not be taken, in a sentence about the feature.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DraftProblem {
    /// The area has no ground.
    #[error(transparent)]
    NotPlaced(#[from] FeatureFault),
    /// The length of the code says the level, if anything.
    #[error(
        "its level {0:?} is not known; use one of province, city, county, township, community, grid, microgrid"
    )]
    UnknownLevel(String),
    #[error("its kind {0:?} is not known; use general (综合网格) or special (专属网格)")]
    UnknownKind(String),
}

/// Makes draft areas of features. `atlas` is the territory as it stands; `fresh_id` gives
/// identities to areas that are new there.
///
/// - Codes are taken as they are; they are empty where there is none.
/// - Levels come from their column, else from the length of the code, else from the
///   territory.
/// - Parents come from their column, else from the beginning of the code, where levels of
///   which neither the file nor the territory has an area are skipped. An area whose
///   parent is unknown keeps that parent's code, unless nothing is known of a higher level
///   at all: then it stands at the top.
/// - An area whose code the territory has keeps its identity; of several in the file with
///   that code only the first does. Without a column of names it keeps its name, and
///   without a kind in the file its kind.
pub fn make_draft_areas(
    features: Vec<PlacedFeature>,
    mapping: &FieldMapping,
    scheme: &CodeScheme,
    atlas: &Atlas,
    mut fresh_id: impl FnMut() -> AreaId,
) -> Drafted {
    let reader = Reader {
        mapping,
        scheme,
        atlas,
    };
    let rows: Vec<Row<'_>> = features
        .par_iter()
        .map(|feature| reader.read(&feature.properties))
        .collect();
    let known = Known::new(&rows, scheme, atlas);
    let parents: Vec<Option<String>> = rows.par_iter().map(|row| known.find_parent(row)).collect();
    let mut drafted = Drafted {
        areas: Vec::with_capacity(features.len()),
        faults: Faults::default(),
    };
    let mut taken = HashSet::new();
    for ((feature, row), parent) in features.iter().zip(&rows).zip(parents) {
        let standing = row.standing.filter(|area| taken.insert(area.id));
        drafted.areas.push(DraftArea {
            id: standing.map_or_else(&mut fresh_id, |area| area.id),
            code: row.code.clone(),
            name: row.name.clone(),
            level: row.level,
            parent,
            kind: row.kind,
            outline: None,
            generated: feature.properties.get("generated") == Some(&true.into()),
            lineage: Vec::new(),
            feature: Some(feature.index),
        });
    }
    let problems: Vec<Vec<DraftProblem>> = rows.into_iter().map(|row| row.problems).collect();
    for ((feature, area), problems) in features.into_iter().zip(&mut drafted.areas).zip(problems) {
        let (outline, fault) = match feature.outline {
            Ok(outline) => (Some(Arc::new(outline)), None),
            Err(fault) => (None, Some(DraftProblem::NotPlaced(fault))),
        };
        area.outline = outline;
        for problem in fault.into_iter().chain(problems) {
            drafted.faults.push(DraftFault {
                feature: FeatureRef::new(feature.index, &feature.properties),
                problem,
            });
        }
    }
    drafted
}

/// What the columns of a feature say.
struct Row<'a> {
    code: String,
    /// `None` when it is missing or malformed.
    parsed: Option<AreaCode>,
    name: String,
    level: Option<Level>,
    named_parent: Option<String>,
    kind: Option<GridKind>,
    /// The area of this code in the territory.
    standing: Option<&'a Area>,
    problems: Vec<DraftProblem>,
}

struct Reader<'a> {
    mapping: &'a FieldMapping,
    scheme: &'a CodeScheme,
    atlas: &'a Atlas,
}

impl<'a> Reader<'a> {
    fn read(&self, properties: &Map<String, Value>) -> Row<'a> {
        let value = |column: &Option<String>| text(properties, column.as_deref()?);
        let mut problems = Vec::new();
        let code = value(&self.mapping.code).unwrap_or_default();
        let parsed: Option<AreaCode> = code.parse().ok();
        let ordinal = parsed.as_ref().and_then(|code| self.atlas.find(code));
        let standing = ordinal.map(|ordinal| self.atlas.area(ordinal).as_ref());
        let name = match &self.mapping.name {
            Some(_) => value(&self.mapping.name),
            None => standing.map(|area| area.name.clone()),
        };
        let named_level = value(&self.mapping.level).and_then(|word| {
            let level = parse_level(&word);
            if level.is_none() {
                problems.push(DraftProblem::UnknownLevel(word));
            }
            level
        });
        let level = named_level
            .or_else(|| self.scheme.level_of(parsed.as_ref()?).ok())
            .or_else(|| Some(standing?.level));
        let kind = match level {
            Some(Level::Grid | Level::Microgrid) => {
                let named = value(&self.mapping.kind).and_then(|word| {
                    let kind = parse_kind(&word);
                    if kind.is_none() {
                        problems.push(DraftProblem::UnknownKind(word));
                    }
                    kind
                });
                let before = || standing.and_then(|area| area.kind);
                Some(named.or_else(before).unwrap_or(GridKind::General))
            }
            _ => None,
        };
        let named_parent = value(&self.mapping.parent);
        Row {
            code,
            parsed,
            name: name.unwrap_or_default(),
            level,
            named_parent: named_parent.filter(|parent| !NO_PARENT.contains(&&**parent)),
            kind,
            standing,
            problems,
        }
    }
}

/// The areas of the file and of the territory.
struct Known<'a> {
    scheme: &'a CodeScheme,
    atlas: &'a Atlas,
    codes: HashSet<&'a str>,
    levels: HashSet<Level>,
}

impl<'a> Known<'a> {
    fn new(rows: &'a [Row<'_>], scheme: &'a CodeScheme, atlas: &'a Atlas) -> Self {
        let in_file = rows.iter().filter_map(|row| row.level);
        Self {
            scheme,
            atlas,
            codes: rows.iter().map(|row| row.code.as_str()).collect(),
            levels: in_file
                .chain(atlas.areas().iter().map(|area| area.level))
                .collect(),
        }
    }

    fn contains(&self, code: &str) -> bool {
        let in_territory = || self.atlas.find(&code.parse().ok()?);
        self.codes.contains(code) || in_territory().is_some()
    }

    fn find_parent(&self, row: &Row<'_>) -> Option<String> {
        let wanted = row
            .named_parent
            .clone()
            .or_else(|| self.find_by_prefix(row.parsed.as_ref()?))
            .or_else(|| Some(row.standing?.parent.as_ref()?.to_string()))?;
        let has_above = match row.level {
            Some(level) => self
                .levels
                .iter()
                .any(|known| known.depth() < level.depth()),
            None => row.named_parent.is_some(),
        };
        (has_above || self.contains(&wanted)).then_some(wanted)
    }

    /// The nearest code that this one begins with and that is known or ought to be: levels
    /// that have no area at all are skipped.
    fn find_by_prefix(&self, code: &AreaCode) -> Option<String> {
        let above = |code: &AreaCode| self.scheme.parent_of(code);
        let nearest = above(code)?;
        let known = std::iter::successors(Some(nearest.clone()), above).find(|candidate| {
            let level = self.scheme.level_of(candidate);
            level.is_ok_and(|level| self.levels.contains(&level))
                || self.contains(candidate.as_str())
        });
        Some(known.unwrap_or(nearest).to_string())
    }
}

/// Why a draft area cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("area {0} has no name; name it")]
    NoName(AreaCode),
    #[error("area {0} has no level; choose one")]
    NoLevel(AreaCode),
    #[error("area {code} has no shape: {source}")]
    Shape { code: AreaCode, source: ShapeError },
}

/// The area that a judged draft area becomes: its ground measured, its label placed.
///
/// # Errors
/// As [`to_ground`].
pub fn to_area(draft: &DraftArea) -> Result<Area, AreaError> {
    let area = to_ground(draft)?;
    let shape = area.shape.as_deref();
    Ok(Area {
        label: shape.map(label_point),
        area_m2: shape.map(area_m2),
        ..area
    })
}

/// The same, for whoever only asks whose ground a place is: neither measured nor labelled.
/// Whether rings cross, codes are unique and parents are there is the verdict's to say.
///
/// # Errors
/// When its code is none, or its level, name or a ring is missing.
pub fn to_ground(draft: &DraftArea) -> Result<Area, AreaError> {
    let code: AreaCode = draft.code.parse()?;
    let parent = draft.parent.as_deref().map(str::parse).transpose()?;
    let shape = draft.outline.as_deref().map(Outline::to_shape);
    let shape = shape.transpose().map_err(|source| AreaError::Shape {
        code: code.clone(),
        source,
    })?;
    let Some(level) = draft.level else {
        return Err(AreaError::NoLevel(code));
    };
    if draft.name.trim().is_empty() {
        return Err(AreaError::NoName(code));
    }
    Ok(Area {
        id: draft.id,
        code,
        name: draft.name.clone(),
        level,
        parent,
        kind: draft.kind,
        label: None,
        area_m2: None,
        shape: shape.map(Arc::new),
        generated: draft.generated,
    })
}

#[cfg(test)]
mod tests;
