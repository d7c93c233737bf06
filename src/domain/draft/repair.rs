//! What can be done about defects, each by choice.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::defect::Place;
use crate::domain::words::words;
use crate::domain::{AreaId, LngLat, Outline};

words! {
    pub enum RepairKind ("repair") {
        /// Repeats the first point at the end of open rings.
        CloseRings = "close_rings",
        DropDuplicates = "drop_duplicates",
        DropSpikes = "drop_spikes",
        /// Redraws the same ground with rings that are valid: what an odd number of rings
        /// encloses.
        MakeValid = "make_valid",
        /// Drops parts that are too small to be meant.
        DropTinyParts = "drop_tiny_parts",
        /// Makes vertices and borders one that are closer than a tolerance.
        Snap = "snap",
        /// Gives each gap to the neighbour that has the longest border with it.
        FillGaps = "fill_gaps",
        /// Gives each overlap to one of those who claim it.
        SettleOverlaps = "settle_overlaps",
        /// Cuts off what lies outside the parent.
        ClipToParent = "clip_to_parent",
    }
}

words! {
    /// Who gets ground that several claim.
    #[derive(Default)]
    pub enum OverlapRule ("overlap rule") {
        /// The smallest area: carved-out grounds keep their form.
        #[default]
        Smallest = "smallest",
        Largest = "largest",
        /// The one whose code comes first, as a shared border belongs.
        FirstCode = "first_code",
        /// The one that had the ground in the edition before; else the first code.
        AsBefore = "as_before",
    }
}

/// A repair with what it needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    pub kind: RepairKind,
    /// Only these areas, or the places between them; all when empty.
    #[serde(default)]
    pub areas: Vec<AreaId>,
    /// `snap`: how far points move at most; 0.5 when absent. `drop_tiny_parts`: ignored.
    #[serde(default)]
    pub tolerance_m: Option<f64>,
    /// `fill_gaps`, `settle_overlaps`, `drop_tiny_parts`: leave larger ones alone.
    #[serde(default)]
    pub max_m2: Option<f64>,
    /// `settle_overlaps`.
    #[serde(default)]
    pub rule: OverlapRule,
}

/// What a repair did at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Mending {
    pub kind: RepairKind,
    /// Whose ground changed; the one that gained first.
    pub areas: Vec<AreaId>,
    pub place: Place,
    pub size_m2: Option<f64>,
}

/// Vertices that an edge gets because others meet on it. They lie on it, or less than one
/// step of the lattice beside it: whoever has the edge takes them in, so that all who share
/// it still do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    pub from: LngLat,
    pub to: LngLat,
    /// In the order from `from` to `to`.
    pub points: Vec<LngLat>,
}

/// What repairs made of areas.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Repaired {
    /// Only those that changed, with their new ground.
    pub outlines: Vec<(AreaId, Outline)>,
    /// Where the border of the parent needs vertices to be exactly that of its children.
    pub inserted: Vec<Insertion>,
    pub mendings: Vec<Mending>,
}
