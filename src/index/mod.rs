//! In-memory spatial indexes, built from domain values: areas, workers, incidents.

pub mod areas;
pub mod atlas;
pub mod directory;
pub mod docket;
pub mod filter;
pub mod heat;
pub mod roster;
pub mod tiles;

pub use atlas::{Atlas, AtlasError, Found, Ordinal};
pub use directory::Directory;
pub use docket::Docket;
pub use roster::Roster;
pub use tiles::TileSet;
