//! Bytes to domain values and back.

pub mod geojson;
pub mod wkb;
