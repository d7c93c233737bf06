//! Areas cut into vector tiles: borders shared by neighbours are simplified once, rounded
//! once and clipped exactly, so that at every zoom neighbours meet as they do on the
//! ground.
//!
//! The way of a border: `arcs` finds the stretches between the places where three areas
//! meet; `thinning` says for each vertex from which zoom on it is drawn; [`Borders`] keeps
//! both, and makes the next edition's of them. [`Rounding`] moves what a tile draws onto its
//! integer grid without letting borders cross; [`untangle`] and [`Clipper`] make the tile's
//! polygons of it. What is not cut into tiles is drawn from the same vertices without
//! rounding ([`simplify`]).

mod arcs;
mod borders;
mod boxes;
mod cells;
mod clip;
mod joints;
mod needs;
mod passing;
mod rings;
mod rounding;
mod sheet;
mod simplifying;
mod succession;
mod thinning;
mod untangle;
mod world;

pub use borders::Borders;
pub use clip::Clipper;
pub use rings::{GridPoint, Rings};
pub use rounding::Rounding;
pub use simplifying::simplify;
pub use untangle::untangle;
pub use world::{TileAddress, WorldPoint};

/// Units of a tile's own coordinates along its side.
pub const EXTENT: i32 = 4_096;
/// How far what is drawn reaches over a tile's edge, in its units: wider than any border
/// is drawn.
pub const BUFFER: i32 = 64;
/// The deepest zoom that tiles are made for; maps enlarge them beyond. A unit is 0.15 m on
/// the equator there, which is less than half a pixel at zoom 19.
pub const MAX_ZOOM: u8 = 16;
/// Units of a tile to a pixel, where tiles are shown at 512 pixels, as vector tiles are.
const PIXEL: u64 = 8;
