//! Mapbox Vector Tiles, version 2.1.

use fast_mvt::{MvtCoord, MvtFeatureBuilder, MvtGeomType, MvtLayerBuilder, MvtResult, MvtValueRef};

use crate::domain::{Area, Level};
use crate::geometry::tiling::{GridPoint, TileAddress};
use crate::index::{Atlas, TileSet};

/// A tile that could not be written: more features, or longer rings, than the format holds.
#[derive(Debug, thiserror::Error)]
#[error("the tile {}/{}/{} is too large for the format", tile.zoom(), tile.x(), tile.y())]
pub struct TileError {
    tile: TileAddress,
    source: fast_mvt::MvtError,
}

/// The layer of a tile with the names of a level's areas.
#[must_use]
pub fn label_layer(level: Level) -> String {
    format!("{}_labels", level.layer())
}

/// The attributes of features and what they mean, as a TileJSON says it.
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

/// Writes a tile of a level: a layer of polygons, named as the level's layer, and one of
/// points where names are written, each name in the one tile that holds it. `None` when
/// there is nothing in the tile.
///
/// # Errors
/// When the tile is too large for the format.
pub fn write_tile(
    atlas: &Atlas,
    set: &TileSet,
    tile: TileAddress,
) -> Result<Option<Vec<u8>>, TileError> {
    write(atlas, set, tile).map_err(|source| TileError { tile, source })
}

fn write(atlas: &Atlas, set: &TileSet, tile: TileAddress) -> MvtResult<Option<Vec<u8>>> {
    let level = set.level();
    // A feature takes its layer and gives it back.
    let mut grounds = Some(MvtLayerBuilder::new(level.layer())?);
    let mut labels = Some(MvtLayerBuilder::new(label_layer(level))?);
    set.draw(tile, |drawn| -> MvtResult<()> {
        let area = atlas.area(drawn.ordinal);
        let id = Some(u64::from(drawn.ordinal));
        if let Some(layer) = grounds.take_if(|_| !drawn.polygons.is_empty()) {
            let mut feature = layer.feature_of(MvtGeomType::Polygon);
            for (ring, is_exterior) in drawn.polygons.iter_with_roles() {
                feature.ring(ring.iter().map(|&place| coord(place)), is_exterior)?;
            }
            write_attributes(feature.id(id), area)?;
            grounds = Some(feature.end());
        }
        if let Some((place, layer)) = drawn.label.zip(labels.take_if(|_| drawn.label.is_some())) {
            let mut feature = layer.feature_of(MvtGeomType::Point);
            feature.points([coord(place)])?;
            write_attributes(feature.id(id), area)?;
            labels = Some(feature.end());
        }
        Ok(())
    })?;
    let layers = [grounds, labels].into_iter().flatten();
    let mut bytes = Vec::new();
    for layer in layers.filter(|layer| layer.num_features() > 0) {
        bytes.append(&mut layer.encode());
    }
    Ok((!bytes.is_empty()).then_some(bytes))
}

const fn coord([x, y]: GridPoint) -> MvtCoord {
    MvtCoord { x, y }
}

fn write_attributes(feature: &mut MvtFeatureBuilder, area: &Area) -> MvtResult<()> {
    feature
        .tag_ref("code", MvtValueRef::String(area.code.as_str()))?
        .tag_ref("name", MvtValueRef::String(&area.name))?
        .tag_ref("level", MvtValueRef::String(area.level.as_str()))?;
    if let Some(kind) = area.kind {
        feature.tag_ref("kind", MvtValueRef::String(kind.as_str()))?;
    }
    if area.generated {
        feature.tag_ref("generated", MvtValueRef::Bool(true))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
