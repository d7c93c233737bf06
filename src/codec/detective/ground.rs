//! How the shapes of a layer, placed by a coordinate system, lie on the ground that is
//! known of them.

use rayon::prelude::*;

use super::claims::Claim;
use super::evidence::share;
use super::samples::{Sample, spread};
use crate::codec::columns::{FieldMapping, text};
use crate::codec::provinces::Province;
use crate::codec::source::{Placement, SourceLayer};
use crate::domain::{BoundingBox, CodeScheme, LngLat, Shape};
use crate::geometry::measure::border_distance_m;
use crate::index::Atlas;
use crate::index::atlas::Ordinal;

/// At most so many features are sampled.
pub(super) const MOST_FEATURES: usize = 200;
/// So many of them are measured whatever it costs.
const LEAST_MEASURED: usize = 5;
/// Borders are looked for so far around the sampled features.
const AROUND_M: f64 = 3_000.0;
/// At most so many distances of a vertex to an edge are measured for a placement.
const MOST_DISTANCES: usize = 1_500_000;

/// What is known of where the shapes should lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// The areas of the same codes, as they stand.
    Standing,
    /// The nearest areas above them.
    Parents,
    /// The territory at all: their codes say nothing.
    Territory,
    /// The provinces that their codes begin with: there is no territory.
    Provinces,
}

/// The samples of a layer that a reference can judge, with what it says of each.
pub(super) struct Scene<'a> {
    pub reference: Reference,
    samples: Vec<(Sample, Home<'a>)>,
}

/// Where a feature should lie.
enum Home<'a> {
    Area(&'a Shape),
    Territory(&'a Atlas),
    Province(&'static Province),
}

impl<'a> Scene<'a> {
    /// Everything that is known of where the shapes of a layer should lie, the best first.
    pub(super) fn all(
        layer: &SourceLayer,
        claims: &[Claim],
        atlas: &'a Atlas,
        mapping: &FieldMapping,
        scheme: &CodeScheme,
    ) -> Vec<Self> {
        let claimed = |reference, claim: fn(&Claim) -> Option<Ordinal>| {
            let home = |feature: usize| {
                let ordinal = claim(claims.get(feature)?)?;
                atlas.area(ordinal).shape.as_deref().map(Home::Area)
            };
            Self::of(reference, layer, home)
        };
        let unclaimed = claims.iter().all(|claim| *claim == Claim::default());
        let find_province = |feature: usize| {
            let properties = &layer.features.get(feature)?.properties;
            let code = text(properties, mapping.code.as_deref()?)?;
            Province::of_code(&code, scheme)
        };
        // Areas whose codes name other places may well lie elsewhere.
        let territory = |feature| {
            let here = unclaimed && atlas.bounds().is_some() && find_province(feature).is_none();
            here.then_some(Home::Territory(atlas))
        };
        let province = |feature: usize| {
            let province = find_province(feature).filter(|_| unclaimed);
            province.map(Home::Province)
        };
        let scenes = [
            claimed(Reference::Standing, |claim| claim.standing),
            claimed(Reference::Parents, |claim| claim.above),
            Self::of(Reference::Territory, layer, territory),
            Self::of(Reference::Provinces, layer, province),
        ];
        scenes
            .into_iter()
            .filter(|scene| !scene.samples.is_empty())
            .collect()
    }

    fn of(
        reference: Reference,
        layer: &SourceLayer,
        home: impl Fn(usize) -> Option<Home<'a>>,
    ) -> Self {
        let features: Vec<usize> = (0..layer.features.len())
            .filter(|&feature| home(feature).is_some())
            .collect();
        let samples = Sample::take(layer, &features, MOST_FEATURES).into_iter();
        Self {
            reference,
            samples: samples
                .filter_map(|sample| home(sample.feature).map(|home| (sample, home)))
                .collect(),
        }
    }

    /// How many features are judged.
    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    /// The provinces that codes name, once each.
    pub(super) fn provinces(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self
            .samples
            .iter()
            .filter_map(|(_, home)| match home {
                Home::Province(province) => Some(province.name_zh),
                Home::Area(_) | Home::Territory(_) => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The box around the sampled features, and some kilometres more.
    pub(super) fn bounds(&self, placement: Placement) -> Option<BoundingBox> {
        let points = self.samples.iter().flat_map(|(sample, _)| &sample.border);
        let places = points.filter_map(|&point| placement.to_wgs84(point).ok());
        let bounds = BoundingBox::around(places)?;
        let corners = [bounds.min, bounds.max];
        let grown = corners.map(|corner| BoundingBox::within(corner, AROUND_M));
        Some(grown[0].union(grown[1]))
    }

    /// The part of the sampled points that lie where they should.
    pub(super) fn measure_inside(&self, placement: Placement) -> f64 {
        let count = |(sample, home): &(Sample, Home<'_>)| {
            let places = sample.inside.iter().map(|&point| placement.to_wgs84(point));
            let inside = places.filter(|place| place.is_ok_and(|place| home.contains(place)));
            (inside.count(), sample.inside.len())
        };
        let counts = self.samples.par_iter().map(count);
        let (inside, all) = counts.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        share(inside, all)
    }

    /// How far the border of each sampled feature runs from that of its area as it stands,
    /// at the median of its vertices, in metres. `None` for those that are not measured.
    pub(super) fn measure_borders(&self, placement: Placement) -> Vec<Option<f64>> {
        let cost = |(sample, home): &(Sample, Home<'_>)| match home {
            Home::Area(shape) => sample.border.len() * shape.vertex_count(),
            Home::Territory(_) | Home::Province(_) => 0,
        };
        let cost: usize = self.samples.iter().map(cost).sum();
        let affordable = self.samples.len() * MOST_DISTANCES / cost.max(1);
        let measured = spread(&self.samples, affordable.max(LEAST_MEASURED));
        let measured: Vec<_> = measured.collect();
        measured
            .par_iter()
            .map(|(sample, home)| {
                let Home::Area(shape) = home else {
                    return None;
                };
                let places = sample.border.iter().map(|&point| placement.to_wgs84(point));
                let distances = places
                    .flatten()
                    .map(|place| border_distance_m(place, shape));
                median(distances.collect())
            })
            .collect()
    }
}

impl Home<'_> {
    fn contains(&self, place: LngLat) -> bool {
        match self {
            Self::Area(shape) => shape.covers(place),
            Self::Territory(atlas) => atlas.locate(place).area.is_some(),
            Self::Province(province) => province.contains(place),
        }
    }
}

/// The upper one of the middle values; `None` of none.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
