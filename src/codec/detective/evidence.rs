//! What is measured of each candidate, and whether it rules out another.

use rayon::prelude::*;

use super::claims::{Claim, read_claims};
use super::frontier::Frontier;
use super::ground::{Reference, Scene, median};
use crate::codec::columns::FieldMapping;
use crate::codec::source::{Placement, SourceLayer};
use crate::domain::{BoundingBox, CodeScheme};
use crate::index::Atlas;

/// Where shapes are recognised: in their own areas, which may have been redrawn, in their
/// parents, and in boxes of provinces.
const RECOGNISED_SHARE: f64 = 0.5;
/// A candidate with this much less ground where it should be is another place.
const OTHER_PLACE_SHARE: f64 = 0.25;
/// A candidate with less is not worth telling.
const ELSEWHERE_SHARE: f64 = 0.05;
/// Borders this near are the same border, drawn again.
const SAME_BORDER_M: f64 = 30.0;
/// Borders of another source, or drawn more coarsely, run at most so far beside.
const COARSE_BORDER_M: f64 = 150.0;
/// A place on a border speaks for the candidate that is nearer to it by so much.
const NEARER: f64 = 1.5;
const NEARER_M: f64 = 10.0;
/// This part of those that speak must speak for one candidate, and this part of all.
const CLEAR_SHARE: f64 = 0.8;
const SPEAKING_SHARE: f64 = 0.15;
/// So many places on the parents' borders make a case; of areas as they stand, one does,
/// and so many when borders are coarse.
const LEAST_WITNESSES: usize = 12;
const LEAST_COARSE_AREAS: usize = 10;
/// A straight piece of border fits by chance; one that bends this much does not.
const STRAIGHT: f64 = 0.9;
/// Borders on all sides fit by chance not even coarsely.
const ALL_SIDES: f64 = 0.5;

/// What is known of where the shapes should lie, and how each candidate puts them there.
pub(super) struct Evidence<'a> {
    /// `None` when nothing says where they should lie.
    pub reference: Option<Reference>,
    /// False when under no candidate most of them lie there.
    pub recognised: bool,
    /// How many features were looked at.
    pub features: usize,
    /// The provinces that the codes name, if that is all that is known.
    pub provinces: Vec<&'static str>,
    /// In the order of the placements that were asked for.
    pub measures: Vec<Measure>,
    frontier: Option<Frontier<'a>>,
}

/// How a candidate puts the shapes where they should lie.
#[derive(Debug, Clone, Default)]
pub(super) struct Measure {
    /// The part of their ground that lies there.
    pub inside: Option<f64>,
    /// How far each compared border runs from where it should.
    borders: Vec<Option<f64>>,
    pub border_fit_m: Option<f64>,
}

impl<'a> Evidence<'a> {
    pub(super) fn gather(
        placements: &[Placement],
        layer: &'a SourceLayer,
        mapping: &FieldMapping,
        scheme: &CodeScheme,
        atlas: &Atlas,
    ) -> Self {
        let claims = read_claims(&layer.features, mapping, scheme, atlas);
        let scenes = Scene::all(layer, &claims, atlas, mapping, scheme);
        let mut evidence = Self {
            reference: None,
            recognised: true,
            features: 0,
            provinces: Vec::new(),
            measures: vec![Measure::default(); placements.len()],
            frontier: None,
        };
        let shares = |scene: &Scene<'_>| -> Vec<f64> {
            let each = placements.par_iter();
            each.map(|&placement| scene.measure_inside(placement))
                .collect()
        };
        let mut chosen: Option<(Scene<'_>, Vec<f64>, bool)> = None;
        for scene in scenes {
            let shares = shares(&scene);
            let recognised = shares.iter().any(|&share| share >= RECOGNISED_SHARE);
            // Areas lie somewhere in a territory by chance; in those they name they do not.
            if recognised || scene.reference != Reference::Territory {
                chosen = Some((scene, shares, recognised));
            }
            if recognised {
                break;
            }
        }
        if let Some((scene, shares, recognised)) = chosen {
            evidence.reference = Some(scene.reference);
            evidence.recognised = recognised;
            evidence.features = scene.len();
            evidence.provinces = scene.provinces();
            for (measure, share) in evidence.measures.iter_mut().zip(shares) {
                measure.inside = Some(share);
            }
            if recognised {
                evidence.measure_borders(&scene, placements, layer, &claims, atlas);
            }
        }
        evidence
    }

    /// Of those candidates that put the shapes about where they should be.
    fn measure_borders(
        &mut self,
        scene: &Scene<'_>,
        placements: &[Placement],
        layer: &'a SourceLayer,
        claims: &[Claim],
        atlas: &Atlas,
    ) {
        let shares = self.measures.iter().filter_map(|measure| measure.inside);
        let best = shares.fold(0.0, f64::max);
        let near: Vec<usize> = (0..placements.len())
            .filter(|&index| {
                let inside = self.measures[index].inside;
                inside.is_some_and(|inside| inside > best - OTHER_PLACE_SHARE)
            })
            .collect();
        match scene.reference {
            Reference::Standing => {
                for &index in &near {
                    self.measures[index].borders = scene.measure_borders(placements[index]);
                }
            }
            Reference::Parents => {
                let boxes = near
                    .iter()
                    .filter_map(|&index| scene.bounds(placements[index]));
                let Some(bounds) = boxes.reduce(BoundingBox::union) else {
                    return;
                };
                let frontier = Frontier::survey(layer, claims, atlas, &bounds);
                for &index in &near {
                    self.measures[index].borders = frontier.measure(placements[index]);
                }
                self.frontier = Some(frontier);
            }
            Reference::Territory | Reference::Provinces => {}
        }
        let least = self.least_witnesses();
        for measure in &mut self.measures {
            let borders: Vec<f64> = measure.borders.iter().copied().flatten().collect();
            if borders.len() >= least {
                measure.border_fit_m = median(borders);
            }
        }
    }

    fn least_witnesses(&self) -> usize {
        match self.reference {
            Some(Reference::Parents) => LEAST_WITNESSES,
            _ => 1,
        }
    }

    /// True when a candidate puts hardly anything where it should be.
    pub(super) fn puts_elsewhere(&self, index: usize) -> bool {
        let inside = self.measures[index].inside;
        inside.is_some_and(|inside| inside < ELSEWHERE_SHARE)
    }

    /// True when what is measured of one candidate rules out another.
    pub(super) fn rules_out(&self, right: usize, wrong: usize) -> bool {
        let (right, wrong) = (&self.measures[right], &self.measures[wrong]);
        if !self.recognised {
            return false;
        }
        match (right.inside, wrong.inside) {
            (Some(a), Some(b)) if a >= RECOGNISED_SHARE && a - b >= OTHER_PLACE_SHARE => true,
            _ => self.borders_rule_out(right, wrong),
        }
    }

    /// Compares two candidates border by border, so that it does not matter how much the
    /// borders differ among themselves.
    fn borders_rule_out(&self, right: &Measure, wrong: &Measure) -> bool {
        let pairs: Vec<(usize, f64, f64)> = right
            .borders
            .iter()
            .zip(&wrong.borders)
            .enumerate()
            .filter_map(|(index, (&a, &b))| Some((index, a?, b?)))
            .collect();
        let nearer = |a: f64, b: f64| a * NEARER + NEARER_M < b;
        let for_right: Vec<usize> = pairs
            .iter()
            .filter(|(_, a, b)| nearer(*a, *b))
            .map(|&(index, ..)| index)
            .collect();
        let against = pairs.iter().filter(|(_, a, b)| nearer(*b, *a)).count();
        let speaking = for_right.len() + against;
        let clear = share(for_right.len(), speaking) >= CLEAR_SHARE
            && share(speaking, pairs.len()) >= SPEAKING_SHARE;
        let (Some(fit_m), true) = (
            right.border_fit_m,
            clear && pairs.len() >= self.least_witnesses(),
        ) else {
            return false;
        };
        match &self.frontier {
            None => {
                fit_m <= SAME_BORDER_M
                    || (fit_m <= COARSE_BORDER_M && for_right.len() >= LEAST_COARSE_AREAS)
            }
            Some(frontier) => {
                let straightness = frontier.straightness(for_right.iter().copied());
                for_right.len() >= LEAST_WITNESSES / 2
                    && ((fit_m <= SAME_BORDER_M && straightness <= STRAIGHT)
                        || (fit_m <= COARSE_BORDER_M && straightness <= ALL_SIDES))
            }
        }
    }
}

/// A part of a whole that may be nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of samples")]
pub(super) fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
