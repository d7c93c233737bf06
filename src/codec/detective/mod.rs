//! Which coordinate system a layer is in: by what the file declares, by its name, by the
//! ranges of its numbers, and above all by how its shapes lie on the ground that is known.
//!
//! What separates candidates is measured, not weighed: zones next to each other put shapes
//! 280 km apart, so the share of the ground that lies where the codes claim it tells them
//! at once. GCJ-02 and BD-09 lie some hundred metres from WGS 84, which that share hardly
//! notices; borders do, and are compared place by place. A candidate is decided for when
//! the others are ruled out, or when nothing but the file's own word could tell them
//! apart. What the file declares is not believed against the ground; what cannot be told
//! is asked.

mod candidates;
mod claims;
mod evidence;
mod frontier;
mod ground;
mod hints;
mod samples;
mod words;

use self::candidates::{find_candidates, project_alike};
use self::evidence::{Evidence, Measure};
use self::ground::Reference;
use self::hints::Hint;
use self::samples::Sample;
use super::columns::FieldMapping;
use super::source::{DeclaredCrs, Placement, SourceLayer};
use crate::domain::CodeScheme;
use crate::geometry::Crs;
use crate::index::Atlas;

/// At most so many candidates are told.
const MAX_CANDIDATES: usize = 8;
/// The ranges of numbers are judged by so many features.
const FEATURES_FOR_RANGES: usize = 64;
/// Without a word of the file, borders that run farther beside than this may be those of a
/// system that is not known here: Beijing 1954 and Xian 1980 lie about 100 m off.
const OTHER_DATUM_M: f64 = 40.0;
/// Borders this near leave no doubt, whatever the file declares.
const NO_DOUBT_M: f64 = 10.0;

/// The coordinate systems that a layer may be in.
#[derive(Debug, Clone, PartialEq)]
pub struct CrsProposal {
    /// The best first, at most eight. Empty when no system that is known here makes places
    /// of the numbers.
    pub candidates: Vec<CrsCandidate>,
    pub declared: DeclaredCrs,
    /// The candidate to take, which need not be asked about; `None` when people must
    /// choose.
    pub decided: Option<usize>,
    /// Why people must choose, or what they should know of the choice: in sentences.
    pub remarks: Vec<String>,
}

/// A coordinate system that a layer may be in, with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct CrsCandidate {
    pub placement: Placement,
    /// From 0 to 1; comparable only within one proposal.
    pub score: f64,
    /// The part of the sampled ground that lies where it should: in the areas of the same
    /// codes as they stand, or in the areas above them, or in the territory at all, or at
    /// least in the province. `None` when nothing says where it should lie.
    pub inside_share: Option<f64>,
    /// How far the borders run from where they are known to run, at the median; 0 when
    /// nearer than can be told. `None` when there is no border to compare with.
    pub border_fit_m: Option<f64>,
    /// In sentences.
    pub why: Vec<String>,
}

impl CrsProposal {
    /// The way to take the layer, if it need not be asked about.
    #[must_use]
    pub fn decision(&self) -> Option<Placement> {
        let decided = self.candidates.get(self.decided?)?;
        Some(decided.placement)
    }
}

/// A candidate on the way to a proposal.
struct Suspect {
    placement: Placement,
    declared: bool,
    /// The word of the name that says it.
    named: Option<String>,
    /// Its place among the measures.
    index: usize,
    score: f64,
}

/// Finds out which coordinate system a layer is in. `file_name` is that of the uploaded
/// file; `mapping` and `scheme` say which area each shape claims to be, and `atlas` is the
/// territory as it stands, empty before the first edition.
///
/// Takes samples: its time grows with the number of features only by the reading of their
/// codes and boxes.
#[must_use]
pub fn propose(
    layer: &SourceLayer,
    file_name: &str,
    mapping: &FieldMapping,
    scheme: &CodeScheme,
    atlas: &Atlas,
) -> CrsProposal {
    let features: Vec<usize> = (0..layer.features.len()).collect();
    let samples = Sample::take(layer, &features, FEATURES_FOR_RANGES);
    let points: Vec<[f64; 2]> = samples
        .into_iter()
        .flat_map(|sample| sample.inside)
        .collect();
    let declared = match layer.declared_crs {
        DeclaredCrs::Known(crs) => Some(crs),
        DeclaredCrs::None | DeclaredCrs::Unknown { .. } => None,
    };
    let placements = find_candidates(&points, declared, atlas.bounds());
    let evidence = Evidence::gather(&placements, layer, mapping, scheme, atlas);
    let hints: Vec<Hint> = [file_name, &layer.name].map(Hint::find_all).concat();
    let mut suspects = line_up(&placements, declared, &hints, &evidence);
    let verdict = decide(&suspects, &layer.declared_crs, &evidence);
    suspects.retain(|suspect| {
        let elsewhere = evidence.recognised && evidence.puts_elsewhere(suspect.index);
        suspect.declared || !elsewhere
    });
    // What was decided is told whatever its score.
    let decided = |suspect: &Suspect| Some(suspect.index) == verdict.decided;
    if let Some(at) = suspects.iter().position(decided)
        && at >= MAX_CANDIDATES
    {
        suspects.swap(at, MAX_CANDIDATES - 1);
    }
    let left_out = suspects.len().saturating_sub(MAX_CANDIDATES);
    suspects.truncate(MAX_CANDIDATES);
    let decided = verdict.decided;
    CrsProposal {
        decided: suspects
            .iter()
            .position(|suspect| Some(suspect.index) == decided),
        remarks: words::remarks(&verdict, &suspects, left_out, &evidence),
        candidates: suspects
            .iter()
            .map(|suspect| words::candidate(suspect, &evidence))
            .collect(),
        declared: layer.declared_crs.clone(),
    }
}

/// The candidates, the best first.
fn line_up(
    placements: &[Placement],
    declared: Option<Crs>,
    hints: &[Hint],
    evidence: &Evidence<'_>,
) -> Vec<Suspect> {
    let measured = placements.iter().zip(&evidence.measures).enumerate();
    let mut suspects: Vec<Suspect> = measured
        .map(|(index, (&placement, measure))| {
            // No declaration says which of the two numbers stands first; the authority's
            // own order is northing or latitude first.
            let plain = Placement::from(placement.crs);
            let declared = declared.is_some_and(|crs| project_alike(plain, crs.into()));
            let hint = hints.iter().find(|hint| hint.names(placement.crs));
            let named = hint.map(|hint| hint.words.clone());
            let said = if declared { 0.05 } else { 0.0 } + if named.is_some() { 0.03 } else { 0.0 };
            Suspect {
                placement,
                declared,
                named,
                index,
                score: 0.92 * fit(measure, evidence.reference) + said,
            }
        })
        .collect();
    // Stable: of equal ones the more usual first.
    suspects.sort_by(|a, b| b.score.total_cmp(&a.score));
    suspects
}

/// How well the ground speaks for a candidate, from 0 to 1.
fn fit(measure: &Measure, reference: Option<Reference>) -> f64 {
    let most = match reference {
        Some(Reference::Standing | Reference::Parents) => 1.0,
        Some(Reference::Territory) => 0.8,
        Some(Reference::Provinces) => 0.6,
        None => 0.5,
    };
    let border = match measure.border_fit_m {
        Some(fit_m) => 0.5 + 0.5 / (1.0 + fit_m / 100.0),
        None => 0.75,
    };
    most * border * measure.inside.unwrap_or(1.0)
}

/// What came of it.
struct Decision {
    /// The place among the measures.
    decided: Option<usize>,
    reason: Reason,
}

/// Why a candidate was decided for, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    /// No system makes places of the numbers.
    NothingFits,
    /// Under no candidate do the shapes lie where they should.
    NotRecognised,
    /// The others are ruled out.
    OnlyOne,
    /// The file declares it, and nothing tells otherwise.
    Declared,
    /// The name says it, and nothing tells otherwise.
    Named,
    /// The file declares this, which the ground or its numbers rule out.
    Contradicted(Crs),
    /// The name says another than the file declares.
    NameAgainstFile,
    /// The file declares what is not known here, as it has it, and why not.
    DeclaredUnknown(String, String),
    /// All borders run beside where they should.
    Beside,
    /// Several fit alike.
    Undecided,
}

fn decide(suspects: &[Suspect], declared: &DeclaredCrs, evidence: &Evidence<'_>) -> Decision {
    let ask = |reason| Decision {
        decided: None,
        reason,
    };
    let take = |suspect: &Suspect, reason| Decision {
        decided: Some(suspect.index),
        reason,
    };
    let Some(best) = suspects.first() else {
        return ask(Reason::NothingFits);
    };
    if !evidence.recognised {
        return ask(Reason::NotRecognised);
    }
    let ruled_out = |suspect: &Suspect| {
        let mut others = suspects.iter();
        others.any(|other| evidence.rules_out(other.index, suspect.index))
    };
    let left: Vec<&Suspect> = suspects
        .iter()
        .filter(|suspect| !ruled_out(suspect))
        .collect();
    let fit_m = evidence.measures[best.index].border_fit_m;
    let named: Vec<&&Suspect> = left
        .iter()
        .filter(|suspect| suspect.named.is_some())
        .collect();
    match declared {
        &DeclaredCrs::Known(crs) => match left.iter().find(|suspect| suspect.declared) {
            None => ask(Reason::Contradicted(crs)),
            Some(_) if left.len() > 1 && named.iter().any(|suspect| !suspect.declared) => {
                ask(Reason::NameAgainstFile)
            }
            Some(declared) => take(declared, Reason::Declared),
        },
        DeclaredCrs::Unknown { text, why } => match left[..] {
            [only] if fit_m.is_some_and(|fit_m| fit_m <= NO_DOUBT_M) => take(only, Reason::OnlyOne),
            _ => ask(Reason::DeclaredUnknown(text.clone(), why.clone())),
        },
        DeclaredCrs::None if fit_m.is_some_and(|fit_m| fit_m > OTHER_DATUM_M) => {
            ask(Reason::Beside)
        }
        DeclaredCrs::None => match (&left[..], &named[..]) {
            ([only], _) => take(only, Reason::OnlyOne),
            (_, [named]) => take(named, Reason::Named),
            _ => ask(Reason::Undecided),
        },
    }
}

#[cfg(test)]
mod formats;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(in crate::codec) use tests::{COUNTIES, national_scheme};
