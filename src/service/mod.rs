//! Use cases, one file each.

pub mod demonstration;
