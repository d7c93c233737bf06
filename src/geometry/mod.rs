//! What can be said and computed of shapes: coordinate systems, measures, validity.

pub mod convert;
pub mod edge_boxes;
pub mod edit;
pub mod label;
pub mod measure;
pub mod overlay;
pub mod partition;
pub mod projection;
pub mod reference;
pub mod repair;
pub mod tessellation;
pub mod tiling;
pub mod validity;
pub mod verdict;

pub use edge_boxes::EdgeBoxes;
pub use label::label_point;
pub use measure::{area_m2, border_distance_m};
pub use projection::Crs;
pub use reference::ReferenceSystem;
pub use validity::ValidityError;
pub use verdict::judge;
