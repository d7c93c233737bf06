//! Reports of one matter by several people: likely duplicates of a report, and hot spots
//! where many complain about the same.
//!
//! Two reports are compared by where, when, under which service and in which words they
//! were made. What they name by number, a building, a door, a number plate, speaks against
//! them when it differs, however alike the rest is.

mod hotspots;
mod marks;
#[cfg(test)]
mod tests;
mod wording;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::identity::{IncidentId, ServiceCode};
use super::position::LngLat;
use super::words::words;

pub use hotspots::{HotSpot, HotSpotPolicy, gather};
pub use marks::{Contradiction, MarkKind};
pub use wording::Vocabulary;
use wording::Wording;

words! {
    /// What two reports are compared by.
    pub enum Aspect ("aspect") {
        Distance = "distance",
        Time = "time",
        Service = "service",
        Text = "text",
    }
}

words! {
    /// What lies behind the value of an aspect.
    pub enum AspectReason ("aspect reason") {
        StraightLine = "straight_line",
        TimeApart = "time_apart",
        SameService = "same_service",
        SameGroup = "same_group",
        OtherGroup = "other_group",
        SharedWords = "shared_words",
    }
}

/// How much each aspect counts, and from which score on reports are likely the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LikenessPolicy {
    /// Reports farther apart are of different matters.
    pub radius_m: f64,
    /// So are those with more time between them.
    pub window_s: i64,
    pub distance_weight: f64,
    pub time_weight: f64,
    pub service_weight: f64,
    pub text_weight: f64,
    /// The share of their words that two people have in common when they could not
    /// describe the same matter more alike; hardly anybody repeats another's sentence.
    pub alike_share: f64,
    /// What the score is multiplied by when the reports name different buildings, doors …
    pub contradiction_factor: f64,
    /// The least score of a likely duplicate.
    pub threshold: f64,
}

impl Default for LikenessPolicy {
    fn default() -> Self {
        Self {
            radius_m: 300.0,
            window_s: 72 * 60 * 60,
            distance_weight: 0.15,
            time_weight: 0.10,
            service_weight: 0.30,
            text_weight: 0.45,
            alike_share: 0.4,
            contradiction_factor: 0.5,
            threshold: 0.64,
        }
    }
}

/// A report as far as the comparison cares.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    pub id: IncidentId,
    pub service: &'a ServiceCode,
    /// The group of the service.
    pub group: &'a str,
    pub position: LngLat,
    pub reported_at: Timestamp,
    pub text: &'a str,
    /// Read for numbers only: people at one place have one address.
    pub address: Option<&'a str>,
}

/// One part of a likeness: `value` (0 to 1) counts with `weight`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct LikenessPart {
    pub part: Aspect,
    pub value: f64,
    pub weight: f64,
    pub reason: AspectReason,
}

/// How much a report is like another.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// The other report.
    pub incident: IncidentId,
    /// The weighted mean of the parts, less for a contradiction; 0 to 1.
    pub score: f64,
    /// Geodesic.
    pub distance_m: f64,
    /// The time between the two, whichever came first.
    pub apart_s: i64,
    pub parts: [LikenessPart; 4],
    /// What the two name differently.
    pub contradiction: Option<Contradiction>,
}

/// Compares two reports; `None` when they are too far apart, in space or in time, to be of
/// one matter.
#[must_use]
pub fn score(
    new: &Report<'_>,
    other: &Report<'_>,
    vocabulary: &Vocabulary,
    policy: &LikenessPolicy,
) -> Option<Likeness> {
    compare(new, &Wording::of(new), other, vocabulary, policy)
}

/// The reports that are likely of the same matter as a new one, the likeliest first; equal
/// ones by distance, then by identity, so that the order of the candidates does not matter.
#[must_use]
pub fn find_likely(
    new: &Report<'_>,
    candidates: &[Report<'_>],
    vocabulary: &Vocabulary,
    policy: &LikenessPolicy,
) -> Vec<Likeness> {
    let wording = Wording::of(new);
    let mut likely: Vec<Likeness> = candidates
        .iter()
        .filter(|candidate| candidate.id != new.id)
        .filter_map(|candidate| compare(new, &wording, candidate, vocabulary, policy))
        .filter(|likeness| likeness.score >= policy.threshold)
        .collect();
    likely.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.distance_m.total_cmp(&b.distance_m))
            .then(a.incident.cmp(&b.incident))
    });
    likely
}

fn compare(
    new: &Report<'_>,
    wording: &Wording,
    other: &Report<'_>,
    vocabulary: &Vocabulary,
    policy: &LikenessPolicy,
) -> Option<Likeness> {
    // The cheap questions first: most candidates are of another day or another street.
    let apart_ms = (new.reported_at - other.reported_at)
        .num_milliseconds()
        .abs();
    if apart_ms > policy.window_s.saturating_mul(1_000) {
        return None;
    }
    let distance_m = new.position.distance_m(other.position);
    if distance_m > policy.radius_m {
        return None;
    }
    let other_wording = Wording::of(other);
    let shared = vocabulary.shared(wording, &other_wording);
    let contradiction = wording.contradiction(&other_wording);

    let part = |part, value: f64, weight, reason| LikenessPart {
        part,
        value: value.clamp(0.0, 1.0),
        weight,
        reason,
    };
    let (service, service_reason) = service_value(new, other);
    let apart_s = apart_ms / 1_000;
    #[expect(clippy::cast_precision_loss, reason = "times in seconds fit an f64")]
    let time = 1.0 - apart_s as f64 / policy.window_s.max(1) as f64;
    let parts = [
        part(
            Aspect::Distance,
            1.0 - distance_m / policy.radius_m.max(1.0),
            policy.distance_weight,
            AspectReason::StraightLine,
        ),
        part(
            Aspect::Time,
            time,
            policy.time_weight,
            AspectReason::TimeApart,
        ),
        part(
            Aspect::Service,
            service,
            policy.service_weight,
            service_reason,
        ),
        part(
            Aspect::Text,
            shared / policy.alike_share,
            policy.text_weight,
            AspectReason::SharedWords,
        ),
    ];
    let weight: f64 = parts.iter().map(|part| part.weight).sum();
    let mean = parts
        .iter()
        .map(|part| part.value * part.weight)
        .sum::<f64>()
        / weight;
    let factor = contradiction
        .as_ref()
        .map_or(1.0, |_| policy.contradiction_factor);
    Some(Likeness {
        incident: other.id,
        score: mean * factor,
        distance_m,
        apart_s,
        parts,
        contradiction,
    })
}

/// People often choose a neighbouring service of the same group.
fn service_value(new: &Report<'_>, other: &Report<'_>) -> (f64, AspectReason) {
    if new.service == other.service {
        (1.0, AspectReason::SameService)
    } else if new.group == other.group {
        (0.5, AspectReason::SameGroup)
    } else {
        (0.0, AspectReason::OtherGroup)
    }
}
