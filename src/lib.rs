//! Wangge (网格): grid mapping and dispatch. See `ARCHITECTURE.md` for the map of the code.

pub mod cli;
pub mod codec;
pub mod domain;
pub mod feed;
pub mod geometry;
pub mod http;
pub mod index;
pub mod service;
pub mod store;
