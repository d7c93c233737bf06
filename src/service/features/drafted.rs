//! Areas as a draft leaves them, as features: also those that are not valid yet.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::areas::{place_of, value_of};
use super::{Collection, FeaturePage, FeatureQuery, Features, Found, check_finished, page_of};
use crate::domain::draft::{DraftArea, DraftEntry};
use crate::domain::{Area, BoundingBox, GridKind, Level, LngLat, Outline, Polygon, Ring, Shape};
use crate::geometry::{area_m2, validity};
use crate::index::filter::{Filter, Place, Record, Value};
use crate::service::drafts::{Workspace, state_of};
use crate::service::{ServiceError, Services};

/// An area under the name that the draft calls it by.
#[derive(Debug)]
pub struct DraftedFeature {
    name: String,
    state: State,
}

#[derive(Debug)]
enum State {
    Standing(Arc<Area>),
    Drafted {
        area: Box<DraftArea>,
        ground: OnceLock<Ground>,
    },
}

/// What conditions see of an outline.
#[derive(Debug)]
enum Ground {
    Unknown,
    Valid(Shape),
    /// The box around what is no shape yet.
    Box(Shape),
    Point(LngLat),
}

impl Services {
    /// As [`Services::search_features`], of a level as a draft leaves it. What is drawn but
    /// not valid counts as the box around it.
    ///
    /// # Errors
    /// When a time is asked for, which a draft does not have yet, or a condition takes too
    /// long to find out.
    pub async fn search_drafted_features(
        &self,
        workspace: Arc<Workspace>,
        level: Level,
        query: FeatureQuery,
    ) -> Result<FeaturePage, ServiceError> {
        if query.during.is_some() {
            return Err(ServiceError::Invalid {
                field: "datetime",
                why: "a draft is not in force at any time".to_owned(),
            });
        }
        tokio::task::spawn_blocking(move || search(&workspace, level, query))
            .await
            .map_err(|_| ServiceError::Interrupted)?
    }

    /// One area of a level as a draft leaves it.
    ///
    /// # Errors
    /// When there is none.
    pub fn load_drafted_feature(
        &self,
        workspace: &Workspace,
        level: Level,
        name: &str,
    ) -> Result<Features, ServiceError> {
        let area = workspace.find_by_name(name);
        let area = area.filter(|area| area.level == Some(level));
        let area = area.ok_or_else(|| ServiceError::not_found("area", &name))?;
        let state = match (
            workspace.entries().get(&area.id),
            workspace.standing(area.id),
        ) {
            (None, Some(standing)) => State::Standing(Arc::clone(standing)),
            _ => State::drafted(area.clone()),
        };
        let name = workspace.name_of(area.id, &area.code);
        Ok(features(level, vec![DraftedFeature { name, state }]))
    }
}

fn features(level: Level, areas: Vec<DraftedFeature>) -> Features {
    Features {
        collection: Collection::Areas(level),
        found: Found::Drafted(areas),
    }
}

fn search(
    workspace: &Workspace,
    level: Level,
    mut query: FeatureQuery,
) -> Result<FeaturePage, ServiceError> {
    let filter = query.take_filter();
    let bounds = filter.as_ref().and_then(Filter::bounds);
    let base = workspace.base();
    let ordinals = match &bounds {
        Some(bounds) => Cow::Owned(base.meeting(level, bounds)),
        None => Cow::Borrowed(base.in_code_order(level)),
    };
    let standing = ordinals
        .iter()
        .map(|&ordinal| base.area(ordinal))
        .filter(|area| !workspace.entries().contains_key(&area.id))
        .map(|area| DraftedFeature {
            name: workspace.name_of(area.id, area.code.as_str()),
            state: State::Standing(Arc::clone(area)),
        });
    let is_near = |area: &DraftArea| {
        let Some(bounds) = &bounds else { return true };
        let own = area.outline.as_ref().and_then(|outline| outline.bounds());
        own.is_some_and(|own| own.intersects(bounds))
    };
    let drafted = workspace
        .entries()
        .values()
        .filter_map(|entry| match entry {
            DraftEntry::Put(area) if area.level == Some(level) && is_near(area) => {
                Some(DraftedFeature {
                    name: workspace.name_of(area.id, &area.code),
                    state: State::drafted(area.clone()),
                })
            }
            _ => None,
        });
    let matches = |feature: &DraftedFeature| {
        let filter = filter.as_ref();
        filter.is_none_or(|filter| filter.matches(feature))
    };
    let mut found: Vec<DraftedFeature> = standing.chain(drafted).filter(matches).collect();
    check_finished(filter.as_ref())?;
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let after = query.after.as_deref();
    let is_after = |feature: &DraftedFeature| after.is_none_or(|after| *feature.name > *after);
    let page = page_of(&found, is_after, query.limit);
    let (matched, more) = (found.len(), page.end < found.len());
    found.truncate(page.end);
    Ok(FeaturePage {
        features: features(level, found.split_off(page.start)),
        matched,
        more,
    })
}

impl DraftedFeature {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn outline(&self) -> Option<&Outline> {
        match &self.state {
            State::Standing(_) => None,
            State::Drafted { area, .. } => area.outline.as_deref(),
        }
    }

    pub(super) fn state(&self) -> String {
        match &self.state {
            State::Standing(area) => state_of(&DraftArea::of(area)),
            State::Drafted { area, .. } => state_of(area),
        }
    }
}

impl State {
    fn drafted(area: DraftArea) -> Self {
        Self::Drafted {
            area: Box::new(area),
            ground: OnceLock::new(),
        }
    }
}

impl Ground {
    fn of(outline: Option<&Outline>) -> Self {
        let Some(outline) = outline else {
            return Self::Unknown;
        };
        if let Ok(shape) = outline.to_shape()
            && validity::check(&shape).is_ok()
        {
            return Self::Valid(shape);
        }
        let Some(bounds) = outline.bounds() else {
            return Self::Unknown;
        };
        box_of(bounds).map_or(Self::Point(bounds.min), Self::Box)
    }

    const fn shape(&self) -> Option<&Shape> {
        match self {
            Self::Valid(shape) => Some(shape),
            Self::Unknown | Self::Box(_) | Self::Point(_) => None,
        }
    }
}

/// The box as a shape; `None` when it has no ground.
fn box_of(bounds: BoundingBox) -> Option<Shape> {
    let (min, max) = (bounds.min, bounds.max);
    let corner = |lon: LngLat, lat: LngLat| LngLat::from_e7(lon.lon_e7(), lat.lat_e7()).ok();
    let corners = vec![min, corner(max, min)?, max, corner(min, max)?];
    let exterior = Ring::from_open(corners).ok()?;
    let polygon = Polygon {
        exterior,
        holes: Vec::new(),
    };
    Shape::new(vec![polygon]).ok()
}

impl Record for DraftedFeature {
    fn value(&self, queryable: usize) -> Value<'_> {
        let (area, ground) = match &self.state {
            State::Standing(area) => return value_of(area, queryable),
            State::Drafted { area, ground } => (area, ground),
        };
        let text = |text| Value::Text(Cow::Borrowed(text));
        let known = |known: Option<&'static str>| known.map_or(Value::Missing, text);
        match queryable {
            0 => text(area.code.as_str()),
            1 => text(&area.name),
            2 => known(area.level.map(Level::as_str)),
            3 => area.parent.as_deref().map_or(Value::Missing, text),
            4 => known(area.kind.map(GridKind::as_str)),
            5 => ground
                .get_or_init(|| Ground::of(area.outline.as_deref()))
                .shape()
                .map_or(Value::Missing, |shape| Value::Number(area_m2(shape))),
            6 => Value::Flag(area.generated),
            _ => Value::Missing,
        }
    }

    fn place(&self) -> Place<'_> {
        match &self.state {
            State::Standing(area) => place_of(area),
            State::Drafted { area, ground } => {
                match ground.get_or_init(|| Ground::of(area.outline.as_deref())) {
                    Ground::Unknown => Place::None,
                    Ground::Valid(shape) | Ground::Box(shape) => Place::Shape(shape),
                    Ground::Point(point) => Place::Point(*point),
                }
            }
        }
    }
}
