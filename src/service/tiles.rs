//! Vector tiles of the edition in force, made when they are first asked for.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::{ServiceError, Services};
use crate::codec::mvt::{pack_tile, write_tile};
use crate::domain::{Edition, EditionId, Level};
use crate::geometry::tiling::TileAddress;
use crate::index::{Atlas, TileSet};

/// How much of packed tiles is kept, in bytes.
const CACHE_BYTES: u64 = 128 * 1024 * 1024;
/// What an entry of the cache takes beside the tile, in bytes, about.
const ENTRY_BYTES: usize = 200;
/// Goes up when the same areas make other tiles than before.
const FORMAT: u32 = 1;

/// A tile, packed with gzip.
#[derive(Debug)]
pub struct Tile {
    pub gzip: Arc<[u8]>,
    /// Tells this tile from every other one; letters, digits, `-` and `_`.
    pub digest: String,
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

/// Tiles as they are kept between requests.
pub(super) struct Tiles {
    /// Of the edition that was asked for last.
    sets: ArcSwapOption<EditionSets>,
    packed: Cache<TileKey, Option<Arc<Tile>>>,
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
}

impl Default for Tiles {
    fn default() -> Self {
        let weight = |_: &TileKey, tile: &Option<Arc<Tile>>| {
            let bytes = tile.as_ref().map_or(0, |tile| tile.gzip.len());
            u32::try_from(bytes + ENTRY_BYTES).unwrap_or(u32::MAX)
        };
        Self {
            sets: ArcSwapOption::empty(),
            packed: Cache::builder()
                .max_capacity(CACHE_BYTES)
                .weigher(weight)
                .build(),
        }
    }
}

impl Tiles {
    fn sets_of(&self, atlas: &Arc<Atlas>) -> Arc<EditionSets> {
        let is_current = |sets: &Arc<EditionSets>| Arc::ptr_eq(&sets.atlas, atlas);
        if let Some(sets) = self.sets.load_full().filter(is_current) {
            return sets;
        }
        let fresh = Arc::new(EditionSets {
            levels: Default::default(),
            atlas: Arc::clone(atlas),
        });
        // Of several who come at once, one sets the new edition's and all use it.
        self.sets.rcu(|sets| match sets {
            Some(sets) if is_current(sets) => Arc::clone(sets),
            _ => Arc::clone(&fresh),
        });
        self.sets.load_full().filter(is_current).unwrap_or(fresh)
    }
}

impl EditionSets {
    /// Those of a level, simplified off the threads that answer others.
    async fn level(&self, level: Level) -> Result<&Arc<TileSet>, ServiceError> {
        self.levels[level.depth()]
            .get_or_try_init(|| async {
                let atlas = Arc::clone(&self.atlas);
                let build = spawn_blocking(move || Arc::new(TileSet::build(&atlas, level)));
                build.await.map_err(|_| ServiceError::Interrupted)
            })
            .await
    }
}

/// An edition's tiles as an address names them. Addresses of tiles that differ differ.
#[must_use]
pub fn tile_version(edition: &Edition) -> String {
    let published_ms = edition.published_at.timestamp_millis();
    format!("{}-{published_ms}-{FORMAT}", edition.id)
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
        let make = async {
            let sets = tiles.sets_of(&atlas);
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

fn pack(bytes: Option<Vec<u8>>) -> Option<Arc<Tile>> {
    let gzip = pack_tile(&bytes?);
    let digest = Sha256::digest(&gzip);
    Some(Arc::new(Tile {
        digest: URL_SAFE_NO_PAD.encode(&digest[..24]),
        gzip: gzip.into(),
    }))
}
