//! The bytes of a layer: the messages of version 2.1's `vector_tile.proto`, of which only
//! polygons, points, texts, counts and truths are needed here.

use crate::geometry::tiling::{EXTENT, GridPoint, Rings};

/// Numbers of fields, with the kind of what follows in the low bits.
mod field {
    pub const LAYER: u8 = 3 << 3 | 2;
    pub const LAYER_NAME: u8 = 1 << 3 | 2;
    pub const LAYER_FEATURE: u8 = 2 << 3 | 2;
    pub const LAYER_KEY: u8 = 3 << 3 | 2;
    pub const LAYER_VALUE: u8 = 4 << 3 | 2;
    pub const LAYER_EXTENT: u8 = 5 << 3;
    pub const LAYER_VERSION: u8 = 15 << 3;
    pub const FEATURE_ID: u8 = 1 << 3;
    pub const FEATURE_TAGS: u8 = 2 << 3 | 2;
    pub const FEATURE_TYPE: u8 = 3 << 3;
    pub const FEATURE_GEOMETRY: u8 = 4 << 3 | 2;
    pub const VALUE_TEXT: u8 = 1 << 3 | 2;
    pub const VALUE_COUNT: u8 = 5 << 3;
    pub const VALUE_TRUTH: u8 = 7 << 3;
}

const VERSION: u32 = 2;
const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// What a feature is drawn as.
#[derive(Debug, Clone, Copy)]
pub enum Geometry<'a> {
    Polygons(&'a Rings),
    Point(GridPoint),
}

/// A value of the layer's table, by its place there.
#[derive(Debug, Clone, Copy)]
pub struct ValueId(u32);

/// One layer of a tile, feature by feature.
#[derive(Debug)]
pub struct LayerWriter {
    keys: &'static [&'static str],
    name: &'static str,
    features: Vec<u8>,
    values: Vec<u8>,
    value_count: u32,
    tags: Vec<u8>,
    geometry: Vec<u8>,
}

impl LayerWriter {
    /// A layer without features, whose features may have these keys.
    pub const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
        Self {
            keys,
            name,
            features: Vec::new(),
            values: Vec::new(),
            value_count: 0,
            tags: Vec::new(),
            geometry: Vec::new(),
        }
    }

    /// Adds a text to the table of values.
    pub fn add_text(&mut self, text: &str) -> ValueId {
        let length = 1 + length_of(size(text.len())) + text.len();
        self.values.push(field::LAYER_VALUE);
        put_number(&mut self.values, size(length));
        put_bytes(&mut self.values, field::VALUE_TEXT, text.as_bytes());
        self.count_value()
    }

    /// Adds a truth to the table of values.
    pub fn add_truth(&mut self, truth: bool) -> ValueId {
        let message = [field::VALUE_TRUTH, u8::from(truth)];
        put_bytes(&mut self.values, field::LAYER_VALUE, &message);
        self.count_value()
    }

    /// Adds a number to the table of values.
    pub fn add_count(&mut self, count: u32) -> ValueId {
        self.values.push(field::LAYER_VALUE);
        put_number(&mut self.values, 1 + size(length_of(count)));
        self.values.push(field::VALUE_COUNT);
        put_number(&mut self.values, count);
        self.count_value()
    }

    const fn count_value(&mut self) -> ValueId {
        self.value_count += 1;
        ValueId(self.value_count - 1)
    }

    /// Adds a feature. Its values stand beside the layer's keys, `None` where it has none.
    pub fn add_feature(&mut self, id: u32, values: &[Option<ValueId>], geometry: Geometry<'_>) {
        self.tags.clear();
        for (key, value) in (0..).zip(values) {
            if let Some(ValueId(value)) = value {
                put_number(&mut self.tags, key);
                put_number(&mut self.tags, *value);
            }
        }
        self.geometry.clear();
        let kind = match geometry {
            Geometry::Point(point) => {
                put_command(&mut self.geometry, MOVE_TO, 1);
                put_step(&mut self.geometry, [0; 2], point);
                1
            }
            Geometry::Polygons(rings) => {
                put_rings(&mut self.geometry, rings);
                3
            }
        };
        let (tags, geometry) = (size(self.tags.len()), size(self.geometry.len()));
        let length = 1 + length_of(id) + 1 + length_of(tags) + 2 + 1 + length_of(geometry);
        let out = &mut self.features;
        out.push(field::LAYER_FEATURE);
        put_number(out, size(length) + tags + geometry);
        out.push(field::FEATURE_ID);
        put_number(out, id);
        put_bytes(out, field::FEATURE_TAGS, &self.tags);
        out.extend([field::FEATURE_TYPE, kind]);
        put_bytes(out, field::FEATURE_GEOMETRY, &self.geometry);
    }

    /// Adds the layer to a tile, unless it has no feature.
    pub fn finish(self, tile: &mut Vec<u8>) {
        if self.features.is_empty() {
            return;
        }
        let mut head = Vec::new();
        put_bytes(&mut head, field::LAYER_NAME, self.name.as_bytes());
        let mut tail = Vec::new();
        for key in self.keys {
            put_bytes(&mut tail, field::LAYER_KEY, key.as_bytes());
        }
        tail.push(field::LAYER_EXTENT);
        put_number(&mut tail, EXTENT.unsigned_abs());
        tail.push(field::LAYER_VERSION);
        put_number(&mut tail, VERSION);
        let parts = [&head, &self.features, &tail, &self.values];
        let length = parts.iter().map(|part| part.len()).sum();
        tile.reserve(length + 10);
        tile.push(field::LAYER);
        put_number(tile, size(length));
        for part in parts {
            tile.extend_from_slice(part);
        }
    }
}

fn put_rings(out: &mut Vec<u8>, rings: &Rings) {
    let mut at = [0; 2];
    for ring in rings.iter() {
        let Some((&first, rest)) = ring.split_first() else {
            continue;
        };
        put_command(out, MOVE_TO, 1);
        put_step(out, at, first);
        put_command(out, LINE_TO, size(rest.len()));
        at = first;
        for &point in rest {
            put_step(out, at, point);
            at = point;
        }
        put_command(out, CLOSE_PATH, 1);
    }
}

fn put_command(out: &mut Vec<u8>, command: u32, count: u32) {
    put_number(out, command | count << 3);
}

fn put_step(out: &mut Vec<u8>, from: GridPoint, to: GridPoint) {
    for axis in 0..2 {
        let step = to[axis] - from[axis];
        put_number(out, (step << 1 ^ step >> 31).cast_unsigned());
    }
}

fn put_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(field);
    put_number(out, size(bytes.len()));
    out.extend_from_slice(bytes);
}

/// Seven bits a byte, the lowest first.
fn put_number(out: &mut Vec<u8>, mut number: u32) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

/// How many bytes a number takes.
const fn length_of(number: u32) -> usize {
    match number {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        0x4000..0x20_0000 => 3,
        0x20_0000..0x1000_0000 => 4,
        _ => 5,
    }
}

/// A size in memory, as it is written.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what a tile shows of an area, and a tile, is less than four gigabytes"
)]
const fn size(length: usize) -> u32 {
    length as u32
}
