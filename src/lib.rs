//! Wangge (网格): grid mapping and dispatch. See `ARCHITECTURE.md` for the map of the code.

pub mod domain;
pub mod index;
pub mod service;
pub mod store;
