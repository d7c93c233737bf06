//! Cutting ground into cells that tile it exactly, with borders that wander like real ones.
//! Everything runs on the integer lattice; a dividing line always joins vertices that are
//! there already, so neighbours share identical vertices and a parent is exactly the sum of
//! its children.

mod diagram;
pub mod lattice;
pub mod meander;
pub mod subdivide;

pub use lattice::{Patch, Vertex, dissolve, patches_of, shape_of};
pub use subdivide::{Portion, Stroke, SubdivideError, subdivide};
