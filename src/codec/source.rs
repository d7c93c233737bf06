//! What a boundary file holds, as it holds it: nothing is converted yet, so that it can
//! be decided how to take it.

use encoding_rs::Encoding;

use super::encoding::TextEncoding;
use super::feature::{FeatureFault, RawFeature};
use crate::domain::Outline;
use crate::geometry::Crs;

/// A layer of a boundary file.
#[derive(Debug, Clone)]
pub struct SourceLayer {
    pub name: String,
    pub declared_crs: DeclaredCrs,
    pub text: TextReading,
    /// Every column that some feature has, in the order of the file.
    pub columns: Vec<String>,
    pub features: Vec<RawFeature>,
}

/// What a file says about its coordinates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredCrs {
    /// Nothing.
    None,
    Known(Crs),
    /// What is not understood here, as the file has it, and why not.
    Unknown {
        text: String,
        why: String,
    },
}

/// The encoding that texts were read in, and how they would read in others.
#[derive(Debug, Clone)]
pub struct TextReading {
    pub encoding: TextEncoding,
    /// Every encoding that all texts are valid in, the chosen one first, with the first
    /// few texts that are not plain ASCII.
    pub candidates: Vec<(&'static Encoding, Vec<String>)>,
}

/// A feature whose ground has been placed on the lattice, or not.
#[derive(Debug, Clone)]
pub struct PlacedFeature {
    /// Its place in the file, counted from 1.
    pub index: usize,
    pub outline: Result<Outline, FeatureFault>,
    pub properties: serde_json::Map<String, serde_json::Value>,
}
