//! Features of a collection by place, time and condition, page by page: areas by level,
//! open incidents, and workers where they were last seen. From memory.

mod areas;
mod drafted;
mod live;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::drafts::state_of;
use super::{ServiceError, Services};
use crate::domain::actor::Permission;
use crate::domain::draft::DraftArea;
use crate::domain::{Actor, Area, BoundingBox, Level, Outline, Timestamp};
use crate::index::filter::{
    Filter, Place, Queryable, Record, Region, Span, SpatialRelation, Value,
};
use crate::index::{Atlas, Ordinal};

use areas::AreaFeature;
use drafted::DraftedFeature;
use live::{IncidentFeature, WorkerFeature};

/// Features that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// The areas of a level, in the edition in force. Public.
    Areas(Level),
    /// The open incidents that the actor may see.
    Incidents,
    /// The workers that the actor may see and whose position is known.
    Workers,
}

/// Which features to find. Conditions add up.
#[derive(Debug, Default)]
pub struct FeatureQuery {
    /// Features that have a point in common with it.
    pub bounds: Option<Region>,
    /// Areas of an edition that is in force then; incidents reported then; workers seen then.
    pub during: Option<Span>,
    pub filters: Vec<Filter>,
    /// Only features that come after the one with this identifier.
    pub after: Option<String>,
    pub limit: usize,
}

/// Features in the order of their identifiers.
#[derive(Debug)]
pub struct FeaturePage {
    pub features: Features,
    /// How many there are in all, on this page and others.
    pub matched: usize,
    /// True when others come after these.
    pub more: bool,
}

/// Features as they were when they were found.
#[derive(Debug)]
pub struct Features {
    collection: Collection,
    found: Found,
}

#[derive(Debug)]
enum Found {
    Areas(Arc<Atlas>, Vec<Ordinal>),
    Drafted(Vec<DraftedFeature>),
    Incidents(Vec<IncidentFeature>),
    Workers(Vec<WorkerFeature>),
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub enum Feature<'a> {
    Area(AreaFeature<'a>),
    /// An area as a draft leaves it.
    Drafted(&'a DraftedFeature),
    Incident(&'a IncidentFeature),
    Worker(&'a WorkerFeature),
}

impl Collection {
    /// Every collection.
    pub fn all() -> impl Iterator<Item = Self> {
        let areas = Level::ALL.iter().copied().map(Self::Areas);
        areas.chain([Self::Incidents, Self::Workers])
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Areas(level) => level.layer(),
            Self::Incidents => "incidents",
            Self::Workers => "workers",
        }
    }

    /// The collection with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|collection| collection.name() == name)
    }

    /// The properties of its features, in the order of [`Record::value`].
    #[must_use]
    pub const fn queryables(self) -> &'static [Queryable] {
        match self {
            Self::Areas(_) => &areas::QUERYABLES,
            Self::Incidents => &live::INCIDENT_QUERYABLES,
            Self::Workers => &live::WORKER_QUERYABLES,
        }
    }

    /// What an actor needs to see any of it; `None` for what is public.
    const fn permission(self) -> Option<Permission> {
        match self {
            Self::Areas(_) => None,
            Self::Incidents => Some(Permission::ReadIncidents),
            Self::Workers => Some(Permission::ReadWorkers),
        }
    }
}

impl Services {
    /// The collections of which the actor may see features.
    #[must_use]
    pub fn list_collections(&self, actor: &Actor) -> Vec<Collection> {
        Collection::all()
            .filter(|collection| {
                let permission = collection.permission();
                permission.is_none_or(|permission| actor.role.permits(permission))
            })
            .collect()
    }

    /// The collection with this name.
    ///
    /// # Errors
    /// When there is none, or the actor may see nothing of it.
    pub fn load_collection(&self, actor: &Actor, name: &str) -> Result<Collection, ServiceError> {
        let collection =
            Collection::find(name).ok_or_else(|| ServiceError::not_found("collection", &name))?;
        if let Some(permission) = collection.permission() {
            actor.require(permission)?;
        }
        Ok(collection)
    }

    /// A page of the features that meet the conditions, and how many do in all.
    ///
    /// # Errors
    /// When the actor may see nothing of the collection, or a condition takes too long to
    /// find out.
    pub async fn search_features(
        &self,
        actor: &Actor,
        collection: Collection,
        query: FeatureQuery,
    ) -> Result<FeaturePage, ServiceError> {
        if let (Collection::Areas(level), None, []) = (collection, &query.bounds, &*query.filters) {
            return self.search_areas(level, query);
        }
        // Comparing every area's ground may take long, for which others must not wait.
        let (services, actor) = (self.clone(), actor.clone());
        let search = move || match collection {
            Collection::Areas(level) => services.search_areas(level, query),
            Collection::Incidents => services.search_incident_features(&actor, query),
            Collection::Workers => services.search_worker_features(&actor, query),
        };
        tokio::task::spawn_blocking(search)
            .await
            .map_err(|_| ServiceError::Interrupted)?
    }

    /// One feature by its identifier.
    ///
    /// # Errors
    /// When there is none that the actor may see.
    pub fn load_feature(
        &self,
        actor: &Actor,
        collection: Collection,
        id: &str,
    ) -> Result<Features, ServiceError> {
        match collection {
            Collection::Areas(level) => self.load_area_feature(level, id),
            Collection::Incidents => self.load_incident_feature(actor, id),
            Collection::Workers => self.load_worker_feature(actor, id),
        }
    }
}

impl FeatureQuery {
    /// All conditions but time as one, the cheap ones first.
    fn take_filter(&mut self) -> Option<Filter> {
        let mut parts = std::mem::take(&mut self.filters);
        let bounds = self.bounds.take();
        let bounds =
            bounds.map(|region| Filter::Spatial(SpatialRelation::Intersects, Box::new(region)));
        parts.extend(bounds);
        match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Filter::All(parts)),
        }
    }
}

impl Features {
    #[must_use]
    pub const fn collection(&self) -> Collection {
        self.collection
    }

    #[must_use]
    pub fn len(&self) -> usize {
        match &self.found {
            Found::Areas(_, ordinals) => ordinals.len(),
            Found::Drafted(areas) => areas.len(),
            Found::Incidents(incidents) => incidents.len(),
            Found::Workers(workers) => workers.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The feature with this number, counted from 0.
    #[must_use]
    pub fn find(&self, number: usize) -> Option<Feature<'_>> {
        match &self.found {
            Found::Areas(atlas, ordinals) => {
                let area = atlas.area(*ordinals.get(number)?);
                Some(Feature::of_area(area))
            }
            Found::Drafted(areas) => areas.get(number).map(Feature::Drafted),
            Found::Incidents(incidents) => incidents.get(number).map(Feature::Incident),
            Found::Workers(workers) => workers.get(number).map(Feature::Worker),
        }
    }

    /// Every feature, in order.
    pub fn iter(&self) -> impl Iterator<Item = Feature<'_>> {
        (0..self.len()).filter_map(|number| self.find(number))
    }
}

impl<'a> Feature<'a> {
    #[must_use]
    pub const fn of_area(area: &'a Area) -> Self {
        Self::Area(AreaFeature(area))
    }

    /// The identifier: an area's code, or the identity of an incident or worker.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        match self {
            Self::Area(area) => area.0.code.as_str().into(),
            Self::Drafted(area) => area.name().into(),
            Self::Incident(feature) => feature.incident.id.to_string().into(),
            Self::Worker(feature) => feature.state.member.worker.id.to_string().into(),
        }
    }

    /// What somebody drew and nobody has judged yet, which [`Record::place`] only comes near.
    #[must_use]
    pub fn outline(&self) -> Option<&Outline> {
        match self {
            Self::Drafted(area) => area.outline(),
            Self::Area(_) | Self::Incident(_) | Self::Worker(_) => None,
        }
    }

    /// What tells an area from every other state of it; `None` for what cannot be written.
    #[must_use]
    pub fn state(&self) -> Option<String> {
        match self {
            Self::Area(area) => Some(state_of(&DraftArea::of(area.0))),
            Self::Drafted(area) => Some(area.state()),
            Self::Incident(_) | Self::Worker(_) => None,
        }
    }

    /// The box around it.
    #[must_use]
    pub fn bounds(&self) -> Option<BoundingBox> {
        match self.place() {
            Place::None => None,
            Place::Shape(shape) => Some(shape.bounds()),
            Place::Point(point) => Some(BoundingBox {
                min: point,
                max: point,
            }),
        }
    }
}

impl Record for Feature<'_> {
    fn value(&self, queryable: usize) -> Value<'_> {
        match self {
            Self::Area(area) => area.value(queryable),
            Self::Drafted(area) => area.value(queryable),
            Self::Incident(incident) => incident.value(queryable),
            Self::Worker(worker) => worker.value(queryable),
        }
    }

    fn place(&self) -> Place<'_> {
        match self {
            Self::Area(area) => area.place(),
            Self::Drafted(area) => area.place(),
            Self::Incident(incident) => incident.place(),
            Self::Worker(worker) => worker.place(),
        }
    }
}

/// Refuses what was not compared to the end.
fn check_finished(filter: Option<&Filter>) -> Result<(), ServiceError> {
    if filter.is_some_and(Filter::is_exhausted) {
        return Err(ServiceError::Invalid {
            field: "filter",
            why: "its geometry runs along too many features; ask for those in a bbox, or with a simpler geometry".to_owned(),
        });
    }
    Ok(())
}

/// True when a moment lies in the time asked for, if one was.
fn is_during(moment: Timestamp, during: Option<Span>) -> bool {
    during.is_none_or(|during| during.intersects(Span::at(moment)))
}

/// The place of a page in all that were found, which are in order: those after the one to
/// go on from, and no more than asked for.
fn page_of<T>(found: &[T], is_after: impl Fn(&T) -> bool, limit: usize) -> Range<usize> {
    let start = found.partition_point(|item| !is_after(item));
    start..found.len().min(start.saturating_add(limit))
}
