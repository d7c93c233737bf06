//! Bytes to domain values and back.

pub mod assemble;
pub mod boundaries;
pub mod columns;
pub mod csv_points;
pub mod encoding;
pub mod feature;
pub mod geojson;
mod shapefile;
pub mod source;
pub mod wkb;
