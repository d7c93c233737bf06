//! Bytes to domain values and back.

pub mod wkb;
