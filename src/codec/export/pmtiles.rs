//! `PMTiles` version 3: all tiles of an edition in one file, for a file server, a CDN or a
//! phone without a network.

use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::ops::RangeInclusive;

use pmtiles::{Compression, PmTilesWriter, PmtError, TileCoord, TileId, TileType};
use rayon::prelude::*;
use serde::Serialize;

use super::{ExportError, library};
use crate::codec::mvt::{FIELDS, label_layer, pack_tile, write_tile};
use crate::domain::{BoundingBox, Level};
use crate::geometry::tiling::TileAddress;
use crate::index::{Atlas, TileSet};

/// How many tiles are made before they are written.
const BATCH: usize = 2_048;

/// Writes the tiles of some levels into one `PMTiles` file: in each tile the layers of all
/// levels that are shown at its zoom, packed with gzip. `progress` is called with the tiles
/// looked at and their number.
///
/// # Errors
/// When there is nothing to export or `out` fails; what it holds is no file then.
pub fn write_tiles(
    atlas: &Atlas,
    levels: &[Level],
    zooms: RangeInclusive<u8>,
    out: impl Write + Seek,
    mut progress: impl FnMut(u64, u64),
) -> Result<(), ExportError> {
    let sets: Vec<TileSet> = levels
        .iter()
        .map(|&level| TileSet::build(atlas, level))
        .filter(|set| set.bounds().is_some())
        .collect();
    let zooms = shown_zooms(&sets, &zooms).ok_or_else(|| ExportError::NoTiles {
        levels: levels.iter().map(|level| level.layer()).collect(),
        zooms: zooms.clone(),
    })?;
    let bounds = sets
        .iter()
        .filter_map(TileSet::bounds)
        .reduce(BoundingBox::union);
    let mut writer = PmTilesWriter::new(TileType::Mvt)
        .precompressed(Compression::Gzip)
        .min_zoom(*zooms.start())
        .max_zoom(*zooms.end())
        .center_zoom((*zooms.start() + 2).min(*zooms.end()))
        .metadata(metadata(atlas, &sets, &zooms));
    if let Some(bounds) = bounds {
        let [west, south, east, north] = bounds.to_degrees();
        let centre = bounds.centre();
        writer = writer
            .bounds(west, south, east, north)
            .center(centre.lon(), centre.lat());
    }
    let mut writer = writer.create(out).map_err(failed)?;

    let total = zooms
        .clone()
        .map(|zoom| tile_ids(bounds.as_ref(), zoom).count() as u64)
        .sum();
    let mut seen = 0;
    progress(seen, total);
    for zoom in zooms {
        // In the file's own order, along a Hilbert curve, neighbours lie together.
        let mut tiles: Vec<(TileId, TileCoord)> = tile_ids(bounds.as_ref(), zoom).collect();
        tiles.sort_unstable_by_key(|(id, _)| *id);
        for batch in tiles.chunks(BATCH) {
            let packed: Vec<Option<Vec<u8>>> = batch
                .par_iter()
                .map(|(_, coord)| pack_all(atlas, &sets, *coord))
                .collect();
            for ((_, coord), tile) in batch.iter().zip(packed) {
                if let Some(tile) = tile {
                    writer.add_tile(*coord, &tile).map_err(failed)?;
                }
            }
            seen += batch.len() as u64;
            progress(seen, total);
        }
    }
    writer.finalize().map_err(failed)?;
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err hands over")]
fn failed(error: PmtError) -> ExportError {
    library(&error)
}

/// The zooms at which one of the sets is shown, of those that are wanted.
fn shown_zooms(sets: &[TileSet], wanted: &RangeInclusive<u8>) -> Option<RangeInclusive<u8>> {
    let first = sets.iter().map(|set| *set.zooms().start()).min()?;
    let last = sets.iter().map(|set| *set.zooms().end()).max()?;
    let shown = first.max(*wanted.start())..=last.min(*wanted.end());
    (!shown.is_empty()).then_some(shown)
}

/// The tiles of a zoom that may have something.
fn tile_ids(
    bounds: Option<&BoundingBox>,
    zoom: u8,
) -> impl Iterator<Item = (TileId, TileCoord)> + use<> {
    bounds
        .map(|bounds| TileAddress::covering(bounds, zoom))
        .into_iter()
        .flat_map(|[columns, rows]| columns.flat_map(move |x| rows.clone().map(move |y| (x, y))))
        .filter_map(move |(x, y)| TileCoord::new(zoom, x, y).ok())
        .map(|coord| (TileId::from(coord), coord))
}

/// The layers of all levels that are shown at the tile's zoom: tiles are put together by
/// putting their bytes together.
fn pack_all(atlas: &Atlas, sets: &[TileSet], coord: TileCoord) -> Option<Vec<u8>> {
    let tile = TileAddress::new(coord.z(), coord.x(), coord.y())?;
    let layers: Vec<u8> = sets
        .iter()
        .filter(|set| set.zooms().contains(&tile.zoom()))
        .filter_map(|set| write_tile(atlas, set, tile))
        .flatten()
        .collect();
    (!layers.is_empty()).then(|| pack_tile(&layers))
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: &'a str,
    attribution: &'a str,
    version: String,
    r#type: &'static str,
    vector_layers: Vec<VectorLayer>,
}

#[derive(Serialize)]
struct VectorLayer {
    id: &'static str,
    description: &'static str,
    minzoom: u8,
    maxzoom: u8,
    fields: BTreeMap<&'static str, &'static str>,
}

/// What the file says of itself, as JSON.
fn metadata(atlas: &Atlas, sets: &[TileSet], zooms: &RangeInclusive<u8>) -> String {
    let layers = sets.iter().flat_map(|set| {
        let level = set.level();
        [level.layer(), label_layer(level)].map(|id| VectorLayer {
            id,
            description: level.name_zh(),
            minzoom: *set.zooms().start().max(zooms.start()),
            maxzoom: *set.zooms().end().min(zooms.end()),
            fields: FIELDS.into_iter().collect(),
        })
    });
    let edition = atlas.edition();
    let metadata = Metadata {
        name: edition.map_or("", |edition| &edition.title),
        attribution: edition
            .and_then(|edition| edition.notice.as_deref())
            .unwrap_or_default(),
        version: edition.map_or_else(String::new, |edition| edition.id.to_string()),
        r#type: "overlay",
        vector_layers: layers.collect(),
    };
    // Texts and numbers alone always become JSON.
    serde_json::to_string(&metadata).unwrap_or_else(|_| "{}".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{Cursor, Read};

    use flate2::read::GzDecoder;
    use serde_json::Value;

    use super::*;
    use crate::codec::mvt::testing::Territory;

    fn export(atlas: &Atlas, zooms: RangeInclusive<u8>) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let mut last = (0, 0);
        write_tiles(atlas, &[Level::Grid], zooms, &mut file, |seen, total| {
            assert!(seen >= last.0 && seen <= total);
            last = (seen, total);
        })
        .unwrap();
        assert_eq!(last.0, last.1);
        file.into_inner()
    }

    fn unpack(bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
        plain
    }

    /// A reader of one's own, after version 3 of the specification.
    struct Archive<'a>(&'a [u8]);

    impl Archive<'_> {
        fn number(&self, at: usize) -> usize {
            let bytes = self.0[at..at + 8].try_into().unwrap();
            usize::try_from(u64::from_le_bytes(bytes)).unwrap()
        }

        fn section(&self, at: usize) -> &[u8] {
            let start = self.number(at);
            &self.0[start..start + self.number(at + 8)]
        }

        /// Every tile by its number in the file's order.
        fn tiles(&self) -> BTreeMap<u64, &[u8]> {
            let mut tiles = BTreeMap::new();
            self.collect(&unpack(self.section(8)), &mut tiles);
            tiles
        }

        fn collect<'a>(&'a self, directory: &[u8], tiles: &mut BTreeMap<u64, &'a [u8]>) {
            let mut rest = directory;
            let mut next = || {
                let (mut value, mut shift) = (0_u64, 0);
                loop {
                    let byte = rest[0];
                    rest = &rest[1..];
                    value |= u64::from(byte & 0x7f) << shift;
                    shift += 7;
                    if byte < 0x80 {
                        return value;
                    }
                }
            };
            let count = next();
            let mut column = || (0..count).map(|_| next()).collect::<Vec<_>>();
            let (steps, runs, lengths, offsets) = (column(), column(), column(), column());
            let (mut id, mut end) = (0, 0);
            for entry in 0..steps.len() {
                id += steps[entry];
                let offset = if offsets[entry] == 0 {
                    end
                } else {
                    offsets[entry] - 1
                };
                end = offset + lengths[entry];
                let [from, to] = [offset, end].map(|at| usize::try_from(at).unwrap());
                if runs[entry] == 0 {
                    self.collect(&unpack(&self.section(40)[from..to]), tiles);
                }
                for place in 0..runs[entry] {
                    tiles.insert(id + place, &self.section(56)[from..to]);
                }
            }
        }
    }

    /// A tile's number along the curve, as the specification counts it.
    fn hilbert_number(zoom: u8, mut x: u64, mut y: u64) -> u64 {
        let before: u64 = (0..zoom).map(|zoom| 4_u64.pow(zoom.into())).sum();
        let mut along = 0;
        for bit in (0..zoom).rev() {
            let side = 1 << bit;
            let (right, down) = (u64::from(x & side > 0), u64::from(y & side > 0));
            along += side * side * ((3 * right) ^ down);
            if down == 0 {
                if right == 1 {
                    x = side.wrapping_sub(1).wrapping_sub(x);
                    y = side.wrapping_sub(1).wrapping_sub(y);
                }
                std::mem::swap(&mut x, &mut y);
            }
        }
        before + along
    }

    #[test]
    fn another_reader_finds_every_tile() {
        let territory = (0..).find_map(|seed| Territory::generate(seed, 6, 300_000, 9, true));
        let atlas = territory.unwrap().atlas();
        let file = export(&atlas, 0..=12);
        assert_eq!(&file[..8], b"PMTiles\x03");
        // Clustered, gzip inside and for tiles, vector tiles, zooms of the level alone.
        assert_eq!(&file[96..102], [1, 2, 2, 1, 6, 12]);
        let archive = Archive(&file);
        let metadata: Value = serde_json::from_slice(&unpack(archive.section(24))).unwrap();
        let layers = metadata["vector_layers"].as_array().unwrap();
        let ids: Vec<_> = layers.iter().map(|layer| &layer["id"]).collect();
        assert_eq!(ids, ["grids", "grids_labels"]);

        let found = archive.tiles();
        let set = TileSet::build(&atlas, Level::Grid);
        let mut expected = BTreeMap::new();
        for zoom in 6..=12 {
            let [columns, rows] = TileAddress::covering(&set.bounds().unwrap(), zoom);
            for x in columns {
                for y in rows.clone() {
                    let tile = TileAddress::new(zoom, x, y).unwrap();
                    if let Some(bytes) = write_tile(&atlas, &set, tile) {
                        expected.insert(hilbert_number(zoom, x.into(), y.into()), bytes);
                    }
                }
            }
        }
        assert!(expected.len() > 7);
        assert!(found.keys().eq(expected.keys()));
        for (id, tile) in found {
            assert!(unpack(tile) == expected[&id], "tile {id}");
        }
    }

    #[test]
    fn nothing_is_no_file() {
        let nothing = write_tiles(
            &Atlas::empty(),
            &[Level::County, Level::Grid],
            0..=14,
            Cursor::new(Vec::new()),
            |_, _| {},
        );
        assert_eq!(
            nothing.unwrap_err().to_string(),
            "no area of counties, grids has ground that is shown at the zooms 0 to 14, so there is nothing to write"
        );
    }
}
