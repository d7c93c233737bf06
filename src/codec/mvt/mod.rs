//! Mapbox Vector Tiles, version 2.1.

mod live;
mod writer;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::domain::{Area, GridKind, Level};
use crate::geometry::tiling::TileAddress;
use crate::index::{Atlas, Ordinal, TileSet};

pub use live::{Attribute, LiveLayer};
use writer::{Geometry, LayerWriter, ValueId};

/// The attributes of features and what they mean, in the order in which they are written.
pub const FIELDS: [(&str, &str); 5] = [
    ("code", "The area's code"),
    ("name", "The area's name"),
    ("level", "The area's level"),
    ("kind", "Grids: general or special"),
    (
        "generated",
        "True when the border was made up for a demonstration",
    ),
];

const KEYS: [&str; FIELDS.len()] = keys_of(&FIELDS);

/// The names of attributes without what they mean.
#[must_use]
pub const fn keys_of<const N: usize>(
    fields: &[(&'static str, &'static str); N],
) -> [&'static str; N] {
    let mut keys = [""; N];
    let mut place = 0;
    while place < N {
        keys[place] = fields[place].0;
        place += 1;
    }
    keys
}

/// The layer of a level's tiles that has the points where names are written.
#[must_use]
pub const fn label_layer(level: Level) -> &'static str {
    match level {
        Level::Province => "provinces_labels",
        Level::City => "cities_labels",
        Level::County => "counties_labels",
        Level::Township => "townships_labels",
        Level::Community => "communities_labels",
        Level::Grid => "grids_labels",
        Level::Microgrid => "microgrids_labels",
    }
}

/// Writes a tile of a level: a layer of polygons, named as the level's layer, and one of
/// points where names are written, each name in the one tile that holds it. A feature's id
/// is the area's ordinal in the atlas. `None` when there is nothing in the tile.
#[must_use]
pub fn write_tile(atlas: &Atlas, set: &TileSet, tile: TileAddress) -> Option<Vec<u8>> {
    let level = set.level();
    let mut grounds = AreaLayer::new(level.layer(), level);
    let mut labels = AreaLayer::new(label_layer(level), level);
    set.draw(tile, |drawn| {
        let area = atlas.area(drawn.ordinal);
        if !drawn.polygons.is_empty() {
            grounds.add(drawn.ordinal, area, Geometry::Polygons(drawn.polygons));
        }
        if let Some(place) = drawn.label {
            labels.add(drawn.ordinal, area, Geometry::Point(place));
        }
    });
    let mut bytes = Vec::new();
    grounds.layer.finish(&mut bytes);
    labels.layer.finish(&mut bytes);
    (!bytes.is_empty()).then_some(bytes)
}

/// A tile packed with gzip, as it is sent and kept.
#[must_use]
pub fn pack_tile(bytes: &[u8]) -> Vec<u8> {
    // Between the fastest and the smallest: a tile is packed once and sent often.
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(4));
    // Writing to memory does not fail.
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    packed.unwrap_or_default()
}

/// A layer of areas, with the values that many of them have.
struct AreaLayer {
    layer: LayerWriter,
    level: ValueId,
    kinds: [ValueId; GridKind::ALL.len()],
    generated: ValueId,
}

impl AreaLayer {
    fn new(name: &'static str, level: Level) -> Self {
        let mut layer = LayerWriter::new(name, &KEYS);
        Self {
            level: layer.add_text(level.as_str()),
            kinds: [GridKind::General, GridKind::Special].map(|kind| layer.add_text(kind.as_str())),
            generated: layer.add_truth(true),
            layer,
        }
    }

    fn add(&mut self, ordinal: Ordinal, area: &Area, geometry: Geometry<'_>) {
        let values = [
            Some(self.layer.add_text(area.code.as_str())),
            Some(self.layer.add_text(&area.name)),
            Some(self.level),
            area.kind.map(|kind| self.kinds[kind as usize]),
            area.generated.then_some(self.generated),
        ];
        self.layer.add_feature(ordinal, &values, geometry);
    }
}

#[cfg(test)]
mod succession_tests;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
