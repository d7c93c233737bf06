//! Wangge (网格): grid mapping and dispatch. See `ARCHITECTURE.md` for the map of the code.

pub mod codec;
pub mod domain;
pub mod geometry;
pub mod store;
