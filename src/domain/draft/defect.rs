//! What can be wrong with boundaries, and what follows from it.

use super::repair::RepairKind;
use crate::domain::words::words;
use crate::domain::{AreaId, Level, LngLat, Outline};

words! {
    /// What a defect means for publishing.
    pub enum Severity ("severity") {
        /// Publishing is refused.
        Error = "error",
        /// Publishing needs a stated reason.
        Warning = "warning",
        /// Told, and nothing more.
        Notice = "notice",
    }
}

words! {
    pub enum DefectKind ("defect kind") {
        // One ring, or the rings of one area
        /// It has no ground at all.
        Empty = "empty",
        TooFewPoints = "too_few_points",
        Unclosed = "unclosed",
        /// A ring that encloses nothing.
        NoGround = "no_ground",
        SelfIntersection = "self_intersection",
        /// A ring that meets itself at a point.
        SelfTouch = "self_touch",
        /// A ring that runs back along itself.
        Spike = "spike",
        /// Rings of one area that cross or run along each other.
        CrossingRings = "crossing_rings",
        /// A hole outside its polygon.
        HoleOutside = "hole_outside",
        /// A hole in a hole.
        NestedHoles = "nested_holes",
        /// Polygons of one area that cover the same ground.
        OverlappingParts = "overlapping_parts",
        /// Holes that cut the ground of a polygon in two.
        GroundCut = "ground_cut",
        DuplicateVertex = "duplicate_vertex",
        // Parts and sizes
        /// A part very far from the rest.
        FarFlungPart = "far_flung_part",
        /// A part too small to be meant.
        TinyPart = "tiny_part",
        /// Much smaller than its siblings.
        SuspiciouslySmall = "suspiciously_small",
        /// Much larger than its siblings.
        SuspiciouslyLarge = "suspiciously_large",
        /// Much of its ground differs from the edition before.
        LargeChange = "large_change",
        // Coverage
        Gap = "gap",
        Overlap = "overlap",
        /// A gap or overlap too narrow to be meant.
        Sliver = "sliver",
        OutsideParent = "outside_parent",
        /// Neighbours whose common border has not the same vertices on both sides.
        UnmatchedBorder = "unmatched_border",
        // Codes, names and places in the tree
        MissingCode = "missing_code",
        /// A code of the wrong form or length, or not beginning with its parent's.
        MisfitCode = "misfit_code",
        DuplicateCode = "duplicate_code",
        /// A code whose level is another in the edition before.
        LevelChanged = "level_changed",
        MissingLevel = "missing_level",
        /// Its parent is not there, or not above it.
        Orphan = "orphan",
        MissingName = "missing_name",
        GarbledName = "garbled_name",
        /// The name of a sibling.
        DuplicateName = "duplicate_name",
        /// One file with areas of several levels.
        MixedLevels = "mixed_levels",
    }
}

impl DefectKind {
    /// What a defect of this kind means for publishing. Whatever leaves no doubt whose
    /// ground a point is may be published by whoever answers for it; the rest may not.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Empty
            | Self::TooFewPoints
            | Self::Unclosed
            | Self::NoGround
            | Self::SelfIntersection
            | Self::SelfTouch
            | Self::Spike
            | Self::CrossingRings
            | Self::HoleOutside
            | Self::NestedHoles
            | Self::OverlappingParts
            | Self::GroundCut
            | Self::MissingCode
            | Self::MisfitCode
            | Self::DuplicateCode
            | Self::LevelChanged
            | Self::MissingLevel
            | Self::Orphan
            | Self::MissingName
            | Self::GarbledName => Severity::Error,
            Self::FarFlungPart
            | Self::SuspiciouslySmall
            | Self::SuspiciouslyLarge
            | Self::LargeChange
            | Self::Gap
            | Self::Overlap
            | Self::Sliver
            | Self::OutsideParent
            | Self::DuplicateName => Severity::Warning,
            Self::DuplicateVertex | Self::TinyPart | Self::UnmatchedBorder | Self::MixedLevels => {
                Severity::Notice
            }
        }
    }

    /// The repair that mends a defect of this kind; `None` when only people can.
    #[must_use]
    pub const fn repair(self) -> Option<RepairKind> {
        match self {
            Self::Unclosed => Some(RepairKind::CloseRings),
            Self::DuplicateVertex => Some(RepairKind::DropDuplicates),
            Self::Spike => Some(RepairKind::DropSpikes),
            Self::TooFewPoints
            | Self::NoGround
            | Self::SelfIntersection
            | Self::SelfTouch
            | Self::CrossingRings
            | Self::HoleOutside
            | Self::NestedHoles
            | Self::OverlappingParts
            | Self::GroundCut => Some(RepairKind::MakeValid),
            Self::Gap => Some(RepairKind::FillGaps),
            Self::Overlap => Some(RepairKind::SettleOverlaps),
            Self::Sliver | Self::UnmatchedBorder => Some(RepairKind::Snap),
            Self::OutsideParent => Some(RepairKind::ClipToParent),
            Self::TinyPart => Some(RepairKind::DropTinyParts),
            Self::Empty
            | Self::FarFlungPart
            | Self::SuspiciouslySmall
            | Self::SuspiciouslyLarge
            | Self::LargeChange
            | Self::MissingCode
            | Self::MisfitCode
            | Self::DuplicateCode
            | Self::LevelChanged
            | Self::MissingLevel
            | Self::Orphan
            | Self::MissingName
            | Self::GarbledName
            | Self::DuplicateName
            | Self::MixedLevels => None,
        }
    }
}

/// Where on the map something is.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// It concerns no place, or one that is not known.
    Nowhere,
    Point(LngLat),
    Line(Vec<LngLat>),
    Ground(Outline),
}

/// Something wrong with boundaries.
#[derive(Debug, Clone, PartialEq)]
pub struct Defect {
    pub kind: DefectKind,
    /// Whose it is; for a gap those around it, the longest border first.
    pub areas: Vec<AreaId>,
    /// Their codes, in the same order; empty texts where there are none.
    pub codes: Vec<String>,
    pub place: Place,
    /// Geodesic.
    pub size_m2: Option<f64>,
    /// In a sentence, with the figures: what is wrong and how to mend it.
    pub detail: String,
}

/// How well the children of a parent tile it.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// `None` for areas whose parent has no ground or is not there: only overlaps and the
    /// holes between them can be told then.
    pub parent: Option<AreaId>,
    pub code: String,
    pub name: String,
    pub level: Option<Level>,
    pub children: usize,
    pub parent_m2: f64,
    /// Ground of the parent that at least one child has.
    pub covered_m2: f64,
    pub gap_m2: f64,
    /// Ground that more than one child has, counted once.
    pub overlap_m2: f64,
    /// Ground of children outside the parent.
    pub outside_m2: f64,
    /// The borders pair edge by edge: nothing was computed, so nothing is rounded.
    pub exact: bool,
}

impl Coverage {
    /// The covered part of the parent, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.parent_m2 > 0.0 {
            (self.covered_m2 / self.parent_m2).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }
}

/// Every defect found in boundaries, and how each parent is covered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    /// The worst first, then by kind, then by code.
    pub defects: Vec<Defect>,
    /// By code.
    pub coverage: Vec<Coverage>,
    /// How many areas were judged.
    pub judged: usize,
}

impl Verdict {
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let defects = self.defects.iter();
        defects
            .filter(|defect| defect.kind.severity() == severity)
            .count()
    }
}
