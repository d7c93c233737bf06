//! A verdict as answered, and as scripts read it.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::codec::geojson::{FeatureWriter, Geometry, write_geometry};
use crate::domain::AreaId;
use crate::domain::Level;
use crate::domain::draft::defect::{self, DefectKind, Severity};
use crate::domain::draft::repair::RepairKind;

/// Every defect of boundaries, and how each parent is covered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// `barred` by errors, `needs_reason` for warnings, or `free`.
    #[schema(example = "needs_reason")]
    pub publishing: &'static str,
    pub errors: usize,
    pub warnings: usize,
    pub notices: usize,
    /// How many areas were judged.
    pub judged: usize,
    /// The worst first.
    pub defects: Vec<Defect>,
    /// By code of the parent.
    pub coverage: Vec<Coverage>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Defect {
    pub kind: DefectKind,
    pub severity: Severity,
    /// Whose it is; for a gap those around it.
    pub areas: Vec<AreaId>,
    pub codes: Vec<String>,
    /// A GeoJSON geometry, or null.
    #[schema(value_type = Option<Object>)]
    pub place: Box<RawValue>,
    pub size_m2: Option<f64>,
    pub detail: String,
    /// The repair that mends it; null when only people can.
    pub repair: Option<RepairKind>,
}

/// How the children of a parent tile it, in square metres.
#[derive(Debug, Serialize, ToSchema)]
pub struct Coverage {
    /// Null for areas whose parent has no ground or is not there.
    pub parent: Option<AreaId>,
    pub code: String,
    pub name: String,
    pub level: Option<Level>,
    pub children: usize,
    pub parent_m2: f64,
    pub covered_m2: f64,
    /// The covered part of the parent, 0 to 1.
    pub share: f64,
    pub gap_m2: f64,
    pub overlap_m2: f64,
    pub outside_m2: f64,
    /// True when all borders pair edge by edge, so that nothing had to be computed.
    pub exact: bool,
}

impl From<&defect::Coverage> for Coverage {
    fn from(coverage: &defect::Coverage) -> Self {
        Self {
            parent: coverage.parent,
            code: coverage.code.clone(),
            name: coverage.name.clone(),
            level: coverage.level,
            children: coverage.children,
            parent_m2: coverage.parent_m2,
            covered_m2: coverage.covered_m2,
            share: coverage.share(),
            gap_m2: coverage.gap_m2,
            overlap_m2: coverage.overlap_m2,
            outside_m2: coverage.outside_m2,
            exact: coverage.exact,
        }
    }
}

fn describe(defect: &defect::Defect) -> serde_json::Result<Defect> {
    let mut place = Vec::new();
    write_geometry(&mut place, Geometry::from(&defect.place));
    Ok(Defect {
        kind: defect.kind,
        severity: defect.kind.severity(),
        areas: defect.areas.clone(),
        codes: defect.codes.clone(),
        place: serde_json::from_slice(&place)?,
        size_m2: defect.size_m2,
        detail: defect.detail.clone(),
        repair: defect.kind.repair(),
    })
}

impl Verdict {
    /// # Errors
    /// When a place cannot be written as JSON.
    pub fn new(verdict: &defect::Verdict) -> serde_json::Result<Self> {
        let defects: serde_json::Result<Vec<Defect>> =
            verdict.defects.iter().map(describe).collect();
        let [errors, warnings, notices] =
            [Severity::Error, Severity::Warning, Severity::Notice].map(|of| verdict.count(of));
        Ok(Self {
            publishing: match (errors, warnings) {
                (1.., _) => "barred",
                (0, 1..) => "needs_reason",
                (0, 0) => "free",
            },
            errors,
            warnings,
            notices,
            judged: verdict.judged,
            defects: defects?,
            coverage: verdict.coverage.iter().map(Coverage::from).collect(),
        })
    }
}

/// What a pin says of itself.
#[derive(Serialize)]
struct PinProperties<'a> {
    kind: DefectKind,
    severity: Severity,
    codes: &'a [String],
    size_m2: Option<f64>,
    detail: &'a str,
    repair: Option<RepairKind>,
}

/// Defects as a feature collection.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn defects_geojson(verdict: &defect::Verdict) -> serde_json::Result<Vec<u8>> {
    let mut writer = FeatureWriter::new(&serde_json::Map::new())?;
    for defect in &verdict.defects {
        writer.write(
            None,
            Geometry::from(&defect.place),
            &PinProperties {
                kind: defect.kind,
                severity: defect.kind.severity(),
                codes: &defect.codes,
                size_m2: defect.size_m2,
                detail: &defect.detail,
                repair: defect.kind.repair(),
            },
        )?;
    }
    Ok(writer.finish())
}
