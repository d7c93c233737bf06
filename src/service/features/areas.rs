//! Areas as features.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Collection, FeaturePage, FeatureQuery, Features, Found, check_finished, page_of};
use crate::domain::{Area, GridKind, Level};
use crate::index::filter::{Kind, Place, Queryable, Record, Span, Value};
use crate::index::{Atlas, Ordinal};
use crate::service::{ServiceError, Services};

pub const QUERYABLES: [Queryable; 7] = [
    queryable("code", "编码 · code", Kind::Text),
    queryable("name", "名称 · name", Kind::Text),
    Queryable {
        words: Level::WORDS,
        ..queryable("level", "层级 · level", Kind::Text)
    },
    queryable("parent", "上级编码 · code of the parent", Kind::Text),
    Queryable {
        words: GridKind::WORDS,
        ..queryable("kind", "网格类型 · kind of grid", Kind::Text)
    },
    queryable("area_m2", "面积 · area in square metres", Kind::Number),
    queryable(
        "generated",
        "演示边界 · made up for a demonstration",
        Kind::Flag,
    ),
];

const fn queryable(name: &'static str, title: &'static str, kind: Kind) -> Queryable {
    Queryable {
        name,
        title,
        kind,
        words: &[],
    }
}

/// An area with the properties above.
#[derive(Debug, Clone, Copy)]
pub struct AreaFeature<'a>(pub &'a Area);

impl Record for AreaFeature<'_> {
    fn value(&self, queryable: usize) -> Value<'_> {
        value_of(self.0, queryable)
    }

    fn place(&self) -> Place<'_> {
        place_of(self.0)
    }
}

/// The value of the queryable with this number.
pub(super) fn value_of(area: &Area, queryable: usize) -> Value<'_> {
    let text = |text| Value::Text(Cow::Borrowed(text));
    match queryable {
        0 => text(area.code.as_str()),
        1 => text(&area.name),
        2 => text(area.level.as_str()),
        3 => area
            .parent
            .as_ref()
            .map_or(Value::Missing, |parent| text(parent.as_str())),
        4 => area.kind.map_or(Value::Missing, |kind| text(kind.as_str())),
        5 => area.area_m2.map_or(Value::Missing, Value::Number),
        6 => Value::Flag(area.generated),
        _ => Value::Missing,
    }
}

pub(super) fn place_of(area: &Area) -> Place<'_> {
    area.shape.as_deref().map_or(Place::None, Place::Shape)
}

impl Services {
    pub(super) fn search_areas(
        &self,
        level: Level,
        mut query: FeatureQuery,
    ) -> Result<FeaturePage, ServiceError> {
        let atlas = self.live().atlas();
        let found = find_areas(&atlas, level, &mut query)?;
        let is_after = |&ordinal: &Ordinal| {
            let after = query.after.as_deref();
            after.is_none_or(|after| atlas.area(ordinal).code.as_str() > after)
        };
        let page = page_of(&found, is_after, query.limit);
        let (matched, more) = (found.len(), page.end < found.len());
        let ordinals = found[page].to_vec();
        Ok(FeaturePage {
            features: features(level, Arc::clone(&atlas), ordinals),
            matched,
            more,
        })
    }

    pub(super) fn load_area_feature(
        &self,
        level: Level,
        code: &str,
    ) -> Result<Features, ServiceError> {
        let not_found = || ServiceError::not_found("area", &code);
        let atlas = self.live().atlas();
        let code = code.parse().map_err(|_| not_found())?;
        let ordinal = atlas.find(&code).ok_or_else(not_found)?;
        if atlas.area(ordinal).level != level {
            return Err(not_found());
        }
        Ok(features(level, atlas, vec![ordinal]))
    }
}

fn features(level: Level, atlas: Arc<Atlas>, ordinals: Vec<Ordinal>) -> Features {
    Features {
        collection: Collection::Areas(level),
        found: Found::Areas(atlas, ordinals),
    }
}

/// The areas that meet the conditions, by code.
fn find_areas<'a>(
    atlas: &'a Atlas,
    level: Level,
    query: &mut FeatureQuery,
) -> Result<Cow<'a, [Ordinal]>, ServiceError> {
    // What is in memory is the edition in force, which has no end yet.
    let in_force = atlas.edition().map(|edition| Span {
        start: Some(edition.effective_from),
        end: None,
    });
    if let (Some(during), Some(in_force)) = (query.during, in_force)
        && !during.intersects(in_force)
    {
        return Ok(Cow::Borrowed(&[]));
    }
    let Some(filter) = query.take_filter() else {
        return Ok(Cow::Borrowed(atlas.in_code_order(level)));
    };
    let matches = |&ordinal: &Ordinal| filter.matches(&AreaFeature(atlas.area(ordinal)));
    let found = match filter.bounds() {
        None => {
            let all = atlas.in_code_order(level).iter().copied();
            all.filter(matches).collect()
        }
        Some(bounds) => {
            let mut near = atlas.meeting(level, &bounds);
            near.retain(matches);
            near.sort_by_key(|&ordinal| &atlas.area(ordinal).code);
            near
        }
    };
    check_finished(Some(&filter))?;
    Ok(Cow::Owned(found))
}
