//! The cases, by topic.

pub mod territory;
