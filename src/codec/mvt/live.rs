//! Tiles of what moves and changes: points and cells with their attributes.

use super::writer::{Geometry, LayerWriter, ValueId};
use crate::domain::LngLat;
use crate::geometry::tiling::{BUFFER, EXTENT, GridPoint, Rings, TileAddress, WorldPoint};

/// An attribute of a feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Attribute<'a> {
    Text(&'a str),
    Truth(bool),
    Count(u32),
    Absent,
}

/// A layer of a tile, feature by feature. Features are numbered in their order.
#[derive(Debug)]
pub struct LiveLayer {
    layer: LayerWriter,
    tile: TileAddress,
    count: u32,
    values: Vec<Option<ValueId>>,
    rings: Rings,
}

impl LiveLayer {
    /// A layer without features, whose features may have these attributes.
    #[must_use]
    pub const fn new(name: &'static str, keys: &'static [&'static str], tile: TileAddress) -> Self {
        Self {
            layer: LayerWriter::new(name, keys),
            tile,
            count: 0,
            values: Vec::new(),
            rings: Rings::new(),
        }
    }

    /// Whether a point is drawn in the tile.
    #[must_use]
    pub fn shows(&self, place: LngLat) -> bool {
        let point = self.tile.locate(WorldPoint::of(place));
        let is_near = |value: i32| (-BUFFER..=EXTENT + BUFFER).contains(&value);
        point.into_iter().all(is_near)
    }

    /// Adds a point that is drawn in the tile, with the values of the layer's keys.
    pub fn add_point(&mut self, place: LngLat, values: &[Attribute<'_>]) {
        self.put_values(values);
        let point = Geometry::Point(self.tile.locate(WorldPoint::of(place)));
        self.layer.add_feature(self.count, &self.values, point);
    }

    /// Adds a cell by its corners, if it is drawn in the tile. Cells are small beside tiles, so
    /// they are not cut.
    pub fn add_cell(&mut self, corners: &[LngLat], values: &[Attribute<'_>]) {
        let place = |corner: &LngLat| self.tile.locate(WorldPoint::of(*corner));
        let corners: Vec<GridPoint> = corners.iter().map(place).collect();
        let meets = |axis: usize| {
            let along = || corners.iter().map(|corner| corner[axis]);
            along().any(|value| value >= -BUFFER) && along().any(|value| value <= EXTENT + BUFFER)
        };
        self.rings.clear();
        self.rings.add_exterior(&corners);
        if meets(0) && meets(1) && !self.rings.is_empty() {
            self.put_values(values);
            let ground = Geometry::Polygons(&self.rings);
            self.layer.add_feature(self.count, &self.values, ground);
        }
    }

    fn put_values(&mut self, values: &[Attribute<'_>]) {
        self.count += 1;
        self.values.clear();
        for value in values {
            let value = match *value {
                Attribute::Text(text) => Some(self.layer.add_text(text)),
                Attribute::Truth(truth) => Some(self.layer.add_truth(truth)),
                Attribute::Count(count) => Some(self.layer.add_count(count)),
                Attribute::Absent => None,
            };
            self.values.push(value);
        }
    }

    /// The tile with this layer alone; `None` when it has no feature.
    #[must_use]
    pub fn finish(self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.layer.finish(&mut bytes);
        (!bytes.is_empty()).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use mvt_reader::Reader;
    use mvt_reader::feature::Value;

    use super::*;

    const KEYS: [&str; 3] = ["name", "on_duty", "count"];

    fn at(lon: f64, lat: f64) -> LngLat {
        LngLat::from_degrees(lon, lat).unwrap()
    }

    #[test]
    fn points_are_drawn_in_the_tiles_that_they_come_near_with_their_attributes() {
        let here = at(119.0211, 33.6101);
        let tile = TileAddress::holding(WorldPoint::of(here), 12);
        let mut layer = LiveLayer::new("workers", &KEYS, tile);
        let values = [
            Attribute::Text("张三"),
            Attribute::Truth(true),
            Attribute::Count(300),
        ];
        layer.add_point(here, &values);
        assert!(layer.shows(here) && !layer.shows(at(119.5, 33.6101)));
        layer.add_point(here, &[Attribute::Absent; 3]);
        let reader = Reader::new(layer.finish().unwrap()).unwrap();
        assert_eq!(reader.get_layer_names().unwrap(), ["workers"]);
        let features = reader.get_features(0).unwrap();
        assert_eq!(features.len(), 2);
        let properties = features[0].properties.as_ref().unwrap();
        assert_eq!(properties["name"], Value::String("张三".into()));
        assert_eq!(properties["on_duty"], Value::Bool(true));
        assert_eq!(properties["count"], Value::UInt(300));
        assert!(
            features[1]
                .properties
                .as_ref()
                .is_none_or(std::collections::HashMap::is_empty)
        );
        let [x, y] = tile.locate(WorldPoint::of(here)).map(f64::from);
        #[expect(clippy::cast_possible_truncation, reason = "whole units")]
        let expected = geo::MultiPoint::from(vec![(x as f32, y as f32)]);
        assert_eq!(features[0].get_geometry(), &expected.into());
        let far = LiveLayer::new("workers", &KEYS, tile);
        assert_eq!(far.finish(), None);
    }

    #[test]
    fn cells_run_as_tiles_want_them_whichever_way_they_come() {
        let corners = [
            (119.0, 33.6),
            (119.01, 33.6),
            (119.01, 33.61),
            (119.0, 33.61),
        ];
        let mut corners = corners.map(|(lon, lat)| at(lon, lat));
        let tile = TileAddress::holding(WorldPoint::of(corners[0]), 12);
        let mut drawn = Vec::new();
        for _ in 0..2 {
            let mut layer = LiveLayer::new("heat", &KEYS[2..], tile);
            layer.add_cell(&corners, &[Attribute::Count(1)]);
            let reader = Reader::new(layer.finish().unwrap()).unwrap();
            let features = reader.get_features(0).unwrap();
            let geo::Geometry::MultiPolygon(cell) = features[0].get_geometry() else {
                panic!("{:?}", features[0]);
            };
            drawn.push(geo::Area::unsigned_area(cell));
            corners.reverse();
        }
        assert!(drawn[0] > 0.0);
        assert!((drawn[0] - drawn[1]).abs() < f32::EPSILON);
    }
}
