//! The demonstration: an invented territory's people and past. Everything here is a pure
//! function of its seed and of the time it is told: the same in, the same out.

mod chance;
mod ground;
pub mod history;
pub mod material;
mod offices;
mod organisations;
pub mod people;
pub mod positions;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use history::history;
pub use material::Material;
pub use people::people;
pub use positions::positions;
