//! In-memory spatial indexes, built from domain values: areas, workers, incidents.

pub mod areas;
pub mod atlas;
pub mod directory;
pub mod docket;
pub mod heat;
pub mod roster;

pub use atlas::{Atlas, AtlasError, Ordinal};
pub use directory::Directory;
pub use docket::Docket;
pub use roster::Roster;
