//! What is told of the candidates, and of the choice among them.

use super::candidates::find_other_name;
use super::evidence::Evidence;
use super::ground::Reference;
use super::{CrsCandidate, Decision, OTHER_DATUM_M, Reason, Suspect};
use crate::geometry::Crs;

/// A candidate with everything that speaks for it or against it.
pub(super) fn candidate(suspect: &Suspect, evidence: &Evidence<'_>) -> CrsCandidate {
    let measure = &evidence.measures[suspect.index];
    let mut why = Vec::new();
    if suspect.declared {
        why.push("The file declares it.".to_owned());
    }
    if let Some(word) = &suspect.named {
        why.push(format!("The name says {word:?}."));
    }
    if suspect.placement.swapped {
        why.push(match suspect.placement.crs {
            Crs::Wgs84 | Crs::Gcj02 | Crs::Bd09 => "The latitude stands first.".to_owned(),
            Crs::WebMercator | Crs::GaussKruger(_) => "The northing stands first.".to_owned(),
        });
    }
    if let (Some(inside), Some(reference)) = (measure.inside, evidence.reference) {
        why.push(format!(
            "{:.1} % of the sampled ground lies {}.",
            inside * 100.0,
            place(reference, evidence)
        ));
    } else {
        why.push("Its numbers are of the right size.".to_owned());
    }
    if let (Some(fit_m), Some(reference)) = (measure.border_fit_m, evidence.reference) {
        let whose = match reference {
            Reference::Standing => "from where they stand",
            _ => "from those of the areas above",
        };
        why.push(format!("Borders run {fit_m:.0} m {whose}, at the median."));
    }
    if let Some(other) = find_other_name(suspect.placement.crs) {
        why.push(format!("{other} projects alike."));
    }
    CrsCandidate {
        placement: suspect.placement,
        score: suspect.score,
        inside_share: measure.inside,
        border_fit_m: measure.border_fit_m,
        why,
    }
}

fn place(reference: Reference, evidence: &Evidence<'_>) -> String {
    match reference {
        Reference::Standing => "in the areas of the same codes as they stand".to_owned(),
        Reference::Parents => "in the areas above".to_owned(),
        Reference::Territory => "in the territory".to_owned(),
        Reference::Provinces => format!("near {}, as the codes say", evidence.provinces.join("、")),
    }
}

/// What people should know of the choice.
pub(super) fn remarks(
    decision: &Decision,
    suspects: &[Suspect],
    left_out: usize,
    evidence: &Evidence<'_>,
) -> Vec<String> {
    let best = suspects
        .first()
        .map(|suspect| suspect.placement.to_string());
    let best = best.unwrap_or_default();
    let reference = evidence
        .reference
        .map(|reference| place(reference, evidence));
    let mut remarks = Vec::new();
    let mut say = |text: String| remarks.push(text);
    match &decision.reason {
        Reason::NothingFits => say(
            "No coordinate system that is known here makes places of these numbers; name the system that the file was made in, or convert the file to EPSG:4490.".to_owned(),
        ),
        Reason::NotRecognised => say(format!(
            "In no coordinate system does most of the ground lie {}; check the codes, or choose the coordinate system.",
            reference.unwrap_or_default()
        )),
        Reason::OnlyOne | Reason::Declared | Reason::Named => {}
        Reason::Contradicted(declared) => say(format!(
            "The file declares {declared}, but its shapes do not lie so; {best} fits best."
        )),
        Reason::NameAgainstFile => say(
            "The name says another coordinate system than the file declares, and nothing else tells which is right.".to_owned(),
        ),
        Reason::DeclaredUnknown(text, why) => {
            say(format!("The file declares {text:?}: {why}."));
        }
        Reason::Beside => say(format!(
            "Nothing fits to less than {OTHER_DATUM_M:.0} m: the file may be in another system, such as Beijing 1954 or Xian 1980, which lie about 100 m off, or be drawn coarsely."
        )),
        Reason::Undecided => say(match evidence.reference {
            None => "Nothing but the numbers tells the coordinate system, and they fit several; choose the one that the file was made in.".to_owned(),
            Some(_) => "Several coordinate systems fit alike; choose the one that the file was made in.".to_owned(),
        }),
    }
    if decision.reason == Reason::Declared
        && let Some(fit_m) = suspects
            .iter()
            .find(|suspect| Some(suspect.index) == decision.decided)
            .and_then(|suspect| evidence.measures[suspect.index].border_fit_m)
        && fit_m > OTHER_DATUM_M
    {
        say(format!(
            "Borders run {fit_m:.0} m beside where they should, at the median; make sure that the file is in the system it declares."
        ));
    }
    if decision.decided.is_none() && left_out > 0 {
        say(format!("{left_out} more coordinate systems are possible."));
    }
    remarks
}
