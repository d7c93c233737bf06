//! Vector tiles: of the edition in force, made when they are first asked for, and of what
//! happens on it, made each time from what is in memory.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::people::WorkerState;
use super::{ServiceError, Services};
use crate::codec::mvt::{Attribute, LiveLayer, keys_of, pack_tile, write_tile};
use crate::domain::{Actor, Edition, EditionId, Level, LngLat};
use crate::geometry::tiling::{MAX_ZOOM, TileAddress};
use crate::index::heat::{corners_of, count_by_cell, resolution_at};
use crate::index::{Atlas, TileSet};

/// How much of packed tiles is kept, in bytes.
const CACHE_BYTES: u64 = 128 * 1024 * 1024;
/// What an entry of the cache takes beside the tile, in bytes, about.
const ENTRY_BYTES: usize = 200;
/// Goes up when the same areas make other tiles than before.
const FORMAT: u32 = 2;

/// A tile, packed with gzip.
#[derive(Debug)]
pub struct Tile {
    pub gzip: Arc<[u8]>,
    /// Tells this tile from every other one; letters, digits, `-` and `_`.
    pub digest: String,
}

/// How tiles of editions have been answered since the start.
#[derive(Debug, Clone, Copy)]
pub struct TileCounts {
    pub asked: u64,
    /// Those that were not kept. Of many who miss a tile at once, one makes it.
    pub made: u64,
    /// What is kept, in bytes.
    pub kept_bytes: u64,
}

/// What there is where a tile was asked for.
#[derive(Debug, Clone)]
pub enum FoundTile {
    Tile(Arc<Tile>),
    /// No area comes near.
    Empty,
    /// The edition that was asked for is not in force; this one is.
    OtherEdition(Option<String>),
}

/// What happens on the ground, as layers of tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveTiles {
    /// Open incidents.
    Incidents,
    /// Workers where they were last seen.
    Workers,
    /// Open incidents counted by H3 cells.
    Heat,
}

impl LiveTiles {
    #[must_use]
    pub fn from_layer(name: &str) -> Option<Self> {
        [Self::Incidents, Self::Workers, Self::Heat]
            .into_iter()
            .find(|layer| layer.layer() == name)
    }

    #[must_use]
    pub const fn layer(self) -> &'static str {
        match self {
            Self::Incidents => "incidents",
            Self::Workers => "workers",
            Self::Heat => "heat",
        }
    }

    #[must_use]
    pub const fn title_zh(self) -> &'static str {
        match self {
            Self::Incidents => "事件",
            Self::Workers => "网格员",
            Self::Heat => "热力",
        }
    }

    /// The zooms that there are tiles for: at lower ones a tile would hold too many points.
    #[must_use]
    pub const fn zooms(self) -> RangeInclusive<u8> {
        match self {
            Self::Incidents | Self::Workers => 6..=MAX_ZOOM,
            Self::Heat => 2..=MAX_ZOOM,
        }
    }

    /// The attributes of features and what they mean, in the order in which they are written.
    #[must_use]
    pub const fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Incidents => &INCIDENT_FIELDS,
            Self::Workers => &WORKER_FIELDS,
            Self::Heat => &HEAT_FIELDS,
        }
    }
}

const INCIDENT_FIELDS: [(&str, &str); 9] = [
    ("id", "The incident's identity"),
    ("number", "The incident's number"),
    ("service", "The code of its service"),
    ("group", "The group of its service"),
    ("priority", "Its priority"),
    ("status", "Its status"),
    ("deadline_state", "How it stands with its time limits"),
    ("area", "The code of its area"),
    ("reported_at", "When it was reported, RFC 3339"),
];
const WORKER_FIELDS: [(&str, &str); 6] = [
    ("id", "The worker's identity"),
    ("name", "The worker's name"),
    ("role", "The worker's role"),
    ("on_duty", "True on duty"),
    ("load", "How many tasks the worker has"),
    ("seen_at", "When the worker was there, RFC 3339"),
];
const HEAT_FIELDS: [(&str, &str); 2] = [
    ("cell", "The H3 cell"),
    ("count", "How many open incidents lie in it"),
];
const INCIDENT_KEYS: [&str; INCIDENT_FIELDS.len()] = keys_of(&INCIDENT_FIELDS);
const WORKER_KEYS: [&str; WORKER_FIELDS.len()] = keys_of(&WORKER_FIELDS);
const HEAT_KEYS: [&str; HEAT_FIELDS.len()] = keys_of(&HEAT_FIELDS);

/// Tiles as they are kept between requests.
pub(super) struct Tiles {
    /// Of the edition in force that was asked for last.
    sets: ArcSwapOption<EditionSets>,
    /// Of the one among all others that was asked for last.
    other_sets: ArcSwapOption<EditionSets>,
    packed: Cache<TileKey, Option<Arc<Tile>>>,
    asked: AtomicU64,
    made: AtomicU64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct TileKey {
    edition: EditionId,
    /// Tells editions of one number apart when a database is made anew.
    published_ms: i64,
    level: Level,
    tile: TileAddress,
}

/// The tile sets of an edition, level by level.
struct EditionSets {
    atlas: Arc<Atlas>,
    levels: [OnceCell<Arc<TileSet>>; Level::ALL.len()],
    /// Those of the edition before, each until this one's is made.
    before: [Mutex<Option<Arc<TileSet>>>; Level::ALL.len()],
}

impl Default for Tiles {
    fn default() -> Self {
        let weight = |_: &TileKey, tile: &Option<Arc<Tile>>| {
            let bytes = tile.as_ref().map_or(0, |tile| tile.gzip.len());
            u32::try_from(bytes + ENTRY_BYTES).unwrap_or(u32::MAX)
        };
        Self {
            sets: ArcSwapOption::empty(),
            other_sets: ArcSwapOption::empty(),
            packed: Cache::builder()
                .max_capacity(CACHE_BYTES)
                .weigher(weight)
                .build(),
            asked: AtomicU64::new(0),
            made: AtomicU64::new(0),
        }
    }
}

impl EditionSets {
    /// Those that are kept, if they are of this atlas; else new ones, which are kept.
    fn of(atlas: &Arc<Atlas>, kept: &ArcSwapOption<Self>) -> Arc<Self> {
        let is_current = |sets: &Arc<Self>| Arc::ptr_eq(&sets.atlas, atlas);
        if let Some(sets) = kept.load_full().filter(is_current) {
            return sets;
        }
        let before = kept.load_full();
        let last = |depth: usize| before.as_ref()?.last(depth);
        let fresh = Arc::new(Self {
            levels: Default::default(),
            before: std::array::from_fn(|depth| Mutex::new(last(depth))),
            atlas: Arc::clone(atlas),
        });
        // Of several who come at once, one sets the new edition's and all use it.
        kept.rcu(|sets| match sets {
            Some(sets) if is_current(sets) => Arc::clone(sets),
            _ => Arc::clone(&fresh),
        });
        kept.load_full().filter(is_current).unwrap_or(fresh)
    }

    /// That of a level, or else of an edition before.
    fn last(&self, depth: usize) -> Option<Arc<TileSet>> {
        let made = self.levels[depth].get().cloned();
        made.or_else(|| lock(&self.before[depth]).clone())
    }

    /// Those of a level, simplified off the threads that answer others.
    async fn level(&self, level: Level) -> Result<&Arc<TileSet>, ServiceError> {
        self.levels[level.depth()]
            .get_or_try_init(|| async {
                let atlas = Arc::clone(&self.atlas);
                let before = lock(&self.before[level.depth()]).take();
                let build = spawn_blocking(move || {
                    Arc::new(match before {
                        Some(before) => before.succeed(&atlas),
                        None => TileSet::build(&atlas, level),
                    })
                });
                build.await.map_err(|_| ServiceError::Interrupted)
            })
            .await
    }
}

fn lock(before: &Mutex<Option<Arc<TileSet>>>) -> MutexGuard<'_, Option<Arc<TileSet>>> {
    // Whatever a panic leaves there may be taken.
    before.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An edition's tiles as an address names them. Addresses of tiles that differ differ.
#[must_use]
pub fn tile_version(edition: &Edition) -> String {
    format!("{}-{FORMAT}", edition.imprint())
}

impl Services {
    /// A tile of the edition in force. `edition` is its number, or what [`tile_version`]
    /// says of it; when it is another one, nothing is looked for. Public.
    ///
    /// # Errors
    /// When the service is stopping.
    pub async fn find_tile(
        &self,
        level: Level,
        tile: TileAddress,
        edition: Option<&str>,
    ) -> Result<FoundTile, ServiceError> {
        let atlas = self.live().atlas();
        let current = atlas.edition();
        if let Some(wanted) = edition {
            let version = current.map(tile_version);
            let is_number = current.is_some_and(|current| current.id.to_string() == wanted);
            if !is_number && version.as_deref() != Some(wanted) {
                return Ok(FoundTile::OtherEdition(version));
            }
        }
        let Some(current) = current else {
            return Ok(FoundTile::Empty);
        };
        let key = TileKey {
            edition: current.id,
            published_ms: current.published_at.timestamp_millis(),
            level,
            tile,
        };
        let tiles = &self.inner.tiles;
        tiles.asked.fetch_add(1, Ordering::Relaxed);
        let make = async {
            tiles.made.fetch_add(1, Ordering::Relaxed);
            let sets = EditionSets::of(&atlas, &tiles.sets);
            let set = Arc::clone(sets.level(level).await?);
            if set.is_quick(tile) {
                return Ok(pack(write_tile(&atlas, &set, tile)));
            }
            let atlas = Arc::clone(&atlas);
            let make = spawn_blocking(move || pack(write_tile(&atlas, &set, tile)));
            make.await.map_err(|_| ServiceError::Interrupted)
        };
        let found = tiles.packed.try_get_with(key, make).await;
        let found = found.map_err(|_: Arc<ServiceError>| ServiceError::Interrupted)?;
        Ok(found.map_or(FoundTile::Empty, FoundTile::Tile))
    }
}

impl Services {
    pub(super) fn tile_counts(&self) -> TileCounts {
        let tiles = &self.inner.tiles;
        // In this order, so that no more are made than asked for.
        let made = tiles.made.load(Ordering::Relaxed);
        TileCounts {
            asked: tiles.asked.load(Ordering::Relaxed).max(made),
            made,
            kept_bytes: tiles.packed.weighted_size(),
        }
    }

    /// A level of an edition with its borders simplified, as tiles are drawn from it.
    pub(super) async fn tile_set(
        &self,
        atlas: &Arc<Atlas>,
        level: Level,
    ) -> Result<Arc<TileSet>, ServiceError> {
        let tiles = &self.inner.tiles;
        let is_in_force = Arc::ptr_eq(atlas, &self.live().atlas());
        let kept = if is_in_force {
            &tiles.sets
        } else {
            &tiles.other_sets
        };
        let sets = EditionSets::of(atlas, kept);
        Ok(Arc::clone(sets.level(level).await?))
    }

    /// A tile of what the actor may see now; `None` when nothing is there. What it holds does
    /// not depend on the time of asking, so that its digest changes when something does.
    ///
    /// # Errors
    /// When the actor may see nothing of the layer, or the service is stopping.
    pub async fn make_live_tile(
        &self,
        actor: &Actor,
        layer: LiveTiles,
        tile: TileAddress,
    ) -> Result<Option<Arc<Tile>>, ServiceError> {
        let (services, actor) = (self.clone(), actor.clone());
        let make = spawn_blocking(move || {
            Ok(pack(match layer {
                LiveTiles::Incidents => services.draw_incidents(&actor, tile)?,
                LiveTiles::Workers => services.draw_workers(&actor, tile)?,
                LiveTiles::Heat => services.draw_heat(&actor, tile)?,
            }))
        });
        make.await.map_err(|_| ServiceError::Interrupted)?
    }

    fn draw_incidents(
        &self,
        actor: &Actor,
        tile: TileAddress,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        let now = self.clock().now();
        let mut open = self.list_open_incidents(actor)?;
        let mut out = LiveLayer::new(LiveTiles::Incidents.layer(), &INCIDENT_KEYS, tile);
        open.retain(|incident| out.shows(incident.position));
        open.sort_by_key(|incident| incident.id);
        for incident in &open {
            let service = self.catalogue().find(&incident.service);
            let group = service.map_or(Attribute::Absent, |service| {
                Attribute::Text(service.group.as_str())
            });
            let area = incident.area();
            let area = area.map_or(Attribute::Absent, |area| {
                Attribute::Text(area.code.as_str())
            });
            out.add_point(
                incident.position,
                &[
                    Attribute::Text(&incident.id.to_string()),
                    Attribute::Text(&incident.number.0),
                    Attribute::Text(&incident.service.0),
                    group,
                    Attribute::Text(incident.priority.as_str()),
                    Attribute::Text(incident.status.as_str()),
                    Attribute::Text(incident.deadline_state(now).as_str()),
                    area,
                    Attribute::Text(&incident.reported_at.to_rfc3339()),
                ],
            );
        }
        Ok(out.finish())
    }

    fn draw_workers(
        &self,
        actor: &Actor,
        tile: TileAddress,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        let mut seen = self.list_seen_workers(actor, None)?;
        let mut out = LiveLayer::new(LiveTiles::Workers.layer(), &WORKER_KEYS, tile);
        let shows =
            |state: &WorkerState| state.member.fix.is_some_and(|fix| out.shows(fix.position));
        seen.retain(shows);
        seen.sort_by_key(|state| state.member.worker.id);
        for state in &seen {
            let worker = &state.member.worker;
            let Some(fix) = state.member.fix else {
                continue;
            };
            out.add_point(
                fix.position,
                &[
                    Attribute::Text(&worker.id.to_string()),
                    Attribute::Text(&worker.name),
                    Attribute::Text(worker.role.as_str()),
                    Attribute::Truth(worker.on_duty),
                    Attribute::Count(state.load.into()),
                    Attribute::Text(&fix.at.to_rfc3339()),
                ],
            );
        }
        Ok(out.finish())
    }

    fn draw_heat(&self, actor: &Actor, tile: TileAddress) -> Result<Option<Vec<u8>>, ServiceError> {
        let open = self.list_open_incidents(actor)?;
        let places = open.iter().map(|incident| incident.position);
        let mut out = LiveLayer::new(LiveTiles::Heat.layer(), &HEAT_KEYS, tile);
        for (cell, count) in count_by_cell(places, resolution_at(tile.zoom())) {
            let corners: Vec<LngLat> = corners_of(cell);
            let cell = cell.to_string();
            out.add_cell(&corners, &[Attribute::Text(&cell), Attribute::Count(count)]);
        }
        Ok(out.finish())
    }
}

fn pack(bytes: Option<Vec<u8>>) -> Option<Arc<Tile>> {
    let gzip = pack_tile(&bytes?);
    let digest = Sha256::digest(&gzip);
    Some(Arc::new(Tile {
        digest: URL_SAFE_NO_PAD.encode(&digest[..24]),
        gzip: gzip.into(),
    }))
}
