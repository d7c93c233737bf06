//! The demonstration territory and the splitter that makes it.

mod coverage;
mod subdivide;
