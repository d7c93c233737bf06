//! What can be said and computed of shapes: coordinate systems, measures, validity.

pub mod convert;
pub mod label;
pub mod measure;
pub mod projection;
pub mod tessellation;
pub mod validity;

pub use label::label_point;
pub use measure::{area_m2, border_distance_m};
pub use projection::Crs;
pub use validity::ValidityError;
