//! Hot spots: crowds of reports of one kind, close to each other in space and time.
//!
//! The definition is that of DBSCAN (Ester et al. 1996), with what it leaves open settled:
//!
//! - Two reports are neighbours when their services are of one group, they are at most
//!   `radius_m` apart, and at most `window_s` lie between them. A report is its own
//!   neighbour.
//! - A report with at least `least` neighbours is at the core of a crowd. Core reports that
//!   are neighbours, directly or through other core reports, are of one spot.
//! - Another report that has core neighbours is of the spot of the nearest of them; of two
//!   that are as near, of the one nearer in time, then of the lower identity.
//! - What is left belongs to no spot.
//!
//! So the spots do not depend on the order of the reports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Report;
use crate::domain::Timestamp;
use crate::domain::identity::IncidentId;
use crate::domain::position::{BoundingBox, LngLat};

/// Once around the earth, in lattice steps.
const CIRCLE_E7: i64 = 3_600_000_000;

/// When reports are a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HotSpotPolicy {
    pub radius_m: f64,
    pub window_s: i64,
    /// How many reports make a crowd, each counted with its neighbours.
    pub least: usize,
}

impl Default for HotSpotPolicy {
    fn default() -> Self {
        Self {
            radius_m: 150.0,
            window_s: 72 * 60 * 60,
            least: 5,
        }
    }
}

/// A crowd of reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HotSpot {
    /// The group of the services.
    pub group: String,
    /// The mean of the members' positions.
    pub centre: LngLat,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// In order of time, then of identity.
    pub members: Vec<IncidentId>,
}

/// Gathers reports into hot spots; the largest first, equal ones by their first report.
#[must_use]
pub fn gather(reports: &[Report<'_>], policy: &HotSpotPolicy) -> Vec<HotSpot> {
    let mut groups: BTreeMap<&str, Vec<&Report<'_>>> = BTreeMap::new();
    for report in reports {
        groups.entry(report.group).or_default().push(report);
    }
    let mut spots: Vec<HotSpot> = groups
        .into_iter()
        .flat_map(|(group, reports)| gather_group(group, reports, policy))
        .collect();
    spots.sort_by(|a, b| {
        b.members
            .len()
            .cmp(&a.members.len())
            .then(a.first_at.cmp(&b.first_at))
            .then_with(|| a.members.cmp(&b.members))
    });
    spots
}

/// A neighbour of a report, by its place in the list.
struct Neighbour {
    at: usize,
    distance_m: f64,
}

fn gather_group(
    group: &str,
    mut reports: Vec<&Report<'_>>,
    policy: &HotSpotPolicy,
) -> Vec<HotSpot> {
    reports.sort_by_key(|report| (report.position.lat_e7(), report.id));
    let neighbours = find_neighbours(&reports, policy);
    let is_core: Vec<bool> = neighbours
        .iter()
        .map(|others| others.len() + 1 >= policy.least)
        .collect();
    let spot_of = number_cores(&neighbours, &is_core);

    let mut spots: BTreeMap<usize, Vec<&Report<'_>>> = BTreeMap::new();
    for (at, (report, others)) in reports.iter().zip(&neighbours).enumerate() {
        let spot = spot_of[at].or_else(|| {
            others
                .iter()
                .filter(|other| is_core[other.at])
                .min_by(|a, b| {
                    let apart = |other: &Neighbour| {
                        (report.reported_at - reports[other.at].reported_at).abs()
                    };
                    a.distance_m
                        .total_cmp(&b.distance_m)
                        .then_with(|| apart(a).cmp(&apart(b)))
                        .then_with(|| reports[a.at].id.cmp(&reports[b.at].id))
                })
                .and_then(|nearest| spot_of[nearest.at])
        });
        if let Some(spot) = spot {
            spots.entry(spot).or_default().push(report);
        }
    }
    spots
        .into_values()
        .filter_map(|members| describe(group, members))
        .collect()
}

/// For each report, in order of latitude, its neighbours other than itself.
fn find_neighbours(reports: &[&Report<'_>], policy: &HotSpotPolicy) -> Vec<Vec<Neighbour>> {
    let mut neighbours: Vec<Vec<Neighbour>> = reports.iter().map(|_| Vec::new()).collect();
    let window_ms = policy.window_s.saturating_mul(1_000);
    for (at, report) in reports.iter().enumerate() {
        let around: Vec<BoundingBox> =
            BoundingBox::all_within(report.position, policy.radius_m).collect();
        let north_e7 = around.iter().map(|bounds| bounds.max.lat_e7()).max();
        let northward = reports
            .iter()
            .enumerate()
            .skip(at + 1)
            .take_while(|(_, other)| Some(other.position.lat_e7()) <= north_e7)
            .filter(|(_, other)| around.iter().any(|bounds| bounds.contains(other.position)));
        for (other_at, other) in northward {
            let apart_ms = (report.reported_at - other.reported_at)
                .num_milliseconds()
                .abs();
            if apart_ms > window_ms {
                continue;
            }
            let distance_m = report.position.distance_m(other.position);
            if distance_m <= policy.radius_m {
                neighbours[at].push(Neighbour {
                    at: other_at,
                    distance_m,
                });
                neighbours[other_at].push(Neighbour { at, distance_m });
            }
        }
    }
    neighbours
}

/// The number of each core report's spot.
fn number_cores(neighbours: &[Vec<Neighbour>], is_core: &[bool]) -> Vec<Option<usize>> {
    let mut spot_of = vec![None; neighbours.len()];
    let mut waiting = Vec::new();
    for start in 0..neighbours.len() {
        if !is_core[start] || spot_of[start].is_some() {
            continue;
        }
        spot_of[start] = Some(start);
        waiting.push(start);
        while let Some(at) = waiting.pop() {
            for other in &neighbours[at] {
                if is_core[other.at] && spot_of[other.at].is_none() {
                    spot_of[other.at] = Some(start);
                    waiting.push(other.at);
                }
            }
        }
    }
    spot_of
}

fn describe(group: &str, mut members: Vec<&Report<'_>>) -> Option<HotSpot> {
    members.sort_by_key(|member| (member.reported_at, member.id));
    let (first, last) = (members.first()?, members.last()?);
    Some(HotSpot {
        group: group.to_owned(),
        centre: centre(first.position, &members)?,
        first_at: first.reported_at,
        last_at: last.reported_at,
        members: members.iter().map(|member| member.id).collect(),
    })
}

/// The mean position, seen from one of them, so that it is right across the antimeridian.
fn centre(origin: LngLat, members: &[&Report<'_>]) -> Option<LngLat> {
    let count = i64::try_from(members.len()).ok()?;
    let half = CIRCLE_E7 / 2;
    let wrap = |lon_e7: i64| (lon_e7 + half).rem_euclid(CIRCLE_E7) - half;
    let (mut east, mut north) = (0, 0);
    for member in members {
        east += wrap(i64::from(member.position.lon_e7()) - i64::from(origin.lon_e7()));
        north += i64::from(member.position.lat_e7()) - i64::from(origin.lat_e7());
    }
    let lon_e7 = wrap(i64::from(origin.lon_e7()) + east / count);
    let lat_e7 = i64::from(origin.lat_e7()) + north / count;
    LngLat::from_e7(i32::try_from(lon_e7).ok()?, i32::try_from(lat_e7).ok()?).ok()
}
