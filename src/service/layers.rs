//! Layers, whole: everything of a kind at once, to be drawn.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use h3o::{CellIndex, Resolution};
use tokio::task::spawn_blocking;

use super::features::{Collection, FeatureQuery, Features};
use super::{ServiceError, Services};
use crate::domain::{Actor, Area, BoundingBox, Level, LngLat, Shape, Status};
use crate::geometry::tiling::MAX_ZOOM;
use crate::index::filter::{Filter, Region, Scalar};
use crate::index::heat::count_by_cell;
use crate::index::{Atlas, Ordinal, TileSet};

/// Goes up when the same areas make other layers than before.
const FORMAT: u32 = 1;

/// Which areas a layer shows, and how.
#[derive(Debug, Clone)]
pub struct AreaQuery {
    pub levels: Vec<Level>,
    /// Those whose boxes meet it.
    pub bounds: Option<BoundingBox>,
    pub detail: Detail,
}

/// How finely areas are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// With every vertex.
    Whole,
    /// With the vertices that vector tiles of a zoom draw; beyond their deepest one, every
    /// vertex. What is smaller than a pixel is left out.
    Zoom(u8),
    /// As the points where their names are written.
    Label,
}

/// Areas of one edition in the order of the atlas, drawn one by one.
#[derive(Debug)]
pub struct AreaLayer {
    atlas: Arc<Atlas>,
    ordinals: Vec<Ordinal>,
    detail: Detail,
    /// By level, where borders are simplified.
    tile_sets: [Option<Arc<TileSet>>; Level::ALL.len()],
}

/// What is drawn of an area.
#[derive(Debug)]
pub enum DrawnArea<'a> {
    Ground(Cow<'a, Shape>),
    Label(LngLat),
}

/// Areas in which there are open incidents, with how many.
#[derive(Debug)]
pub struct AreaHeat {
    pub areas: AreaLayer,
    /// In the order of the areas.
    pub counts: Vec<u32>,
}

/// The tag of what an edition's layers answer, whichever part of them is asked for: other
/// editions and other ways to write them have others.
#[must_use]
pub fn layer_version(atlas: &Atlas) -> String {
    atlas.edition().map_or_else(
        || "0".to_owned(),
        |edition| format!("{}-{FORMAT}", edition.imprint()),
    )
}

impl Services {
    /// The areas of an edition as a layer. Public. What is drawn is made when it is asked
    /// for, so a layer takes little memory.
    ///
    /// # Errors
    /// When the service is stopping.
    pub async fn load_area_layer(
        &self,
        atlas: Arc<Atlas>,
        query: AreaQuery,
    ) -> Result<AreaLayer, ServiceError> {
        let tile_sets = self.tile_sets_for(&atlas, &query).await?;
        let find = move || {
            let ordinals = find_areas(&atlas, &query);
            (atlas, ordinals, query.detail)
        };
        let (atlas, ordinals, detail) = spawn_blocking(find)
            .await
            .map_err(|_| ServiceError::Interrupted)?;
        Ok(AreaLayer {
            atlas,
            ordinals,
            detail,
            tile_sets,
        })
    }

    /// The open incidents that the actor may see, in a box if one is given, of the statuses
    /// that are wanted.
    ///
    /// # Errors
    /// When the actor may see none.
    pub async fn load_incident_layer(
        &self,
        actor: &Actor,
        bounds: Option<&BoundingBox>,
        wanted: &[Status],
    ) -> Result<Features, ServiceError> {
        let queryables = Collection::Incidents.queryables();
        let status = queryables.iter().position(|known| known.name == "status");
        let words: HashSet<String> = wanted.iter().map(|it| it.as_str().to_owned()).collect();
        let filter = status.map(|status| Filter::OneOf(Scalar::Property(status), words));
        let filters = filter.into_iter().collect();
        self.load_live_layer(actor, Collection::Incidents, bounds, filters)
            .await
    }

    /// The workers that the actor may see, where they were last seen, in a box if one is
    /// given.
    ///
    /// # Errors
    /// When the actor may see none.
    pub async fn load_worker_layer(
        &self,
        actor: &Actor,
        bounds: Option<&BoundingBox>,
    ) -> Result<Features, ServiceError> {
        self.load_live_layer(actor, Collection::Workers, bounds, Vec::new())
            .await
    }

    /// How many of the open incidents that the actor may see lie in each H3 cell that has
    /// any.
    ///
    /// # Errors
    /// When the actor may see none.
    pub fn count_by_cell(
        &self,
        actor: &Actor,
        bounds: Option<&BoundingBox>,
        resolution: Resolution,
    ) -> Result<BTreeMap<CellIndex, u32>, ServiceError> {
        let open = self.list_open_incidents(actor)?;
        let places = open.iter().map(|incident| incident.position);
        let inside = places.filter(|&place| bounds.is_none_or(|bounds| bounds.contains(place)));
        Ok(count_by_cell(inside, resolution))
    }

    /// How many of the open incidents that the actor may see lie in each area of a level
    /// that has any, as they were matched. Each area is counted whole, also when a part of
    /// it is outside the box.
    ///
    /// # Errors
    /// When the actor may see none, or the service is stopping.
    pub async fn count_by_area(
        &self,
        actor: &Actor,
        level: Level,
        bounds: Option<BoundingBox>,
        detail: Detail,
    ) -> Result<AreaHeat, ServiceError> {
        let open = self.list_open_incidents(actor)?;
        let atlas = self.live().atlas();
        let query = AreaQuery {
            levels: vec![level],
            bounds,
            detail,
        };
        let mut counts: BTreeMap<Ordinal, u32> = BTreeMap::new();
        for incident in &open {
            let link = incident.chain.iter().find(|link| link.level == level);
            let ordinal = link.and_then(|link| atlas.find(&link.code));
            let ordinal = ordinal.filter(|&ordinal| atlas.area(ordinal).level == level);
            if let Some(ordinal) = ordinal {
                *counts.entry(ordinal).or_default() += 1;
            }
        }
        let mut areas = self.load_area_layer(atlas, query).await?;
        areas
            .ordinals
            .retain(|ordinal| counts.contains_key(ordinal));
        let counts = areas.ordinals.iter().filter_map(|at| counts.get(at));
        Ok(AreaHeat {
            counts: counts.copied().collect(),
            areas,
        })
    }

    async fn load_live_layer(
        &self,
        actor: &Actor,
        collection: Collection,
        bounds: Option<&BoundingBox>,
        filters: Vec<Filter>,
    ) -> Result<Features, ServiceError> {
        let query = FeatureQuery {
            bounds: bounds.map(Region::of_box),
            filters,
            limit: usize::MAX,
            ..FeatureQuery::default()
        };
        let page = self.search_features(actor, collection, query).await?;
        Ok(page.features)
    }

    /// What simplifies borders, for the levels and the zoom that are asked for.
    async fn tile_sets_for(
        &self,
        atlas: &Arc<Atlas>,
        query: &AreaQuery,
    ) -> Result<[Option<Arc<TileSet>>; Level::ALL.len()], ServiceError> {
        let mut sets = [const { None }; Level::ALL.len()];
        if matches!(query.detail, Detail::Zoom(zoom) if zoom <= MAX_ZOOM) {
            for &level in &query.levels {
                sets[level.depth()] = Some(self.tile_set(atlas, level).await?);
            }
        }
        Ok(sets)
    }
}

impl AreaLayer {
    /// How many areas there are, those included that are too small to be drawn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ordinals.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ordinals.is_empty()
    }

    /// The area with this number, counted from 0, and what is drawn of it; `None` when
    /// nothing is.
    #[must_use]
    pub fn draw(&self, number: usize) -> Option<(&Area, DrawnArea<'_>)> {
        let ordinal = *self.ordinals.get(number)?;
        let area = self.atlas.area(ordinal);
        let shape = area.shape.as_deref()?;
        let drawn = match self.detail {
            Detail::Label => DrawnArea::Label(area.label?),
            Detail::Whole => DrawnArea::Ground(Cow::Borrowed(shape)),
            Detail::Zoom(zoom) => DrawnArea::Ground(match &self.tile_sets[area.level.depth()] {
                Some(set) => Cow::Owned(set.simplify(ordinal, zoom)?),
                None => Cow::Borrowed(shape),
            }),
        };
        Some((area, drawn))
    }
}

/// In the order of the atlas, which does not depend on how it came about.
fn find_areas(atlas: &Atlas, query: &AreaQuery) -> Vec<Ordinal> {
    let Some(bounds) = &query.bounds else {
        let areas = (0..).zip(atlas.areas());
        let wanted = areas.filter(|(_, area)| query.levels.contains(&area.level));
        return wanted.map(|(ordinal, _)| ordinal).collect();
    };
    let mut found: Vec<Ordinal> = Vec::new();
    for &level in &query.levels {
        found.extend(atlas.meeting(level, bounds));
    }
    found.sort_unstable();
    found.dedup();
    found
}
