//! Who should go to one incident: a pure ranking of workers.

use serde::Serialize;
use utoipa::ToSchema;

use super::road::whole_s;
use super::{LeftOutReason, Need, Policy, RoadTimes, Standing, post_tenths};
use crate::domain::Timestamp;
use crate::domain::area::AreaRef;
use crate::domain::code::AreaCode;
use crate::domain::identity::WorkerId;
use crate::domain::level::Level;
use crate::domain::words::words;

words! {
    /// What a candidate is judged by.
    pub enum Part ("part") {
        /// Posted to this grid, its community, its township.
        Post = "post",
        /// How long the way takes, by roads where that is known.
        Distance = "distance",
        /// How much else the worker carries.
        Load = "load",
        /// Knows more than is needed counts for nothing; knows what is asked, for all.
        Skill = "skill",
        /// How old the last fix is.
        Freshness = "freshness",
    }
}

words! {
    /// What lies behind the value of a part.
    pub enum PartReason ("part reason") {
        PostedToGrid = "posted_to_grid",
        PostedToCommunity = "posted_to_community",
        PostedToTownship = "posted_to_township",
        PostedElsewhere = "posted_elsewhere",
        StraightLine = "straight_line",
        ByRoad = "by_road",
        /// No road leads from there.
        NoRoad = "no_road",
        OpenTasks = "open_tasks",
        HasSkills = "has_skills",
        NoSkillAsked = "no_skill_asked",
        FixAge = "fix_age",
    }
}

/// One part of a score: `value` (0 to 1) counts with `weight`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ScorePart {
    pub part: Part,
    pub value: f64,
    pub weight: f64,
    pub reason: PartReason,
}

/// A worker who can go.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub worker: WorkerId,
    /// The weighted mean of the parts, 0 to 1.
    pub score: f64,
    /// Geodesic.
    pub distance_m: f64,
    /// On the way; a begun second counts whole.
    pub travel_s: u32,
    pub parts: [ScorePart; 5],
}

/// A worker who cannot, and every reason why.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    pub worker: WorkerId,
    pub distance_m: Option<f64>,
    pub reasons: Vec<LeftOutReason>,
}

/// Everyone who was looked at, the best first; those left out by distance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranking {
    pub candidates: Vec<Candidate>,
    pub left_out: Vec<LeftOut>,
}

/// Ranks workers for an incident. Equal scores go to who is there first, then to the nearer,
/// then to the lower identity, so that the same input always gives the same order. Without `roads` the
/// straight line counts.
#[must_use]
pub fn rank(
    need: &Need<'_>,
    workers: &[Standing<'_>],
    roads: Option<&RoadTimes>,
    policy: &Policy,
    now: Timestamp,
) -> Ranking {
    let mut ranking = Ranking::default();
    for standing in workers {
        match judge(need, standing, roads, policy, now) {
            Ok(candidate) => ranking.candidates.push(candidate),
            Err(left_out) => ranking.left_out.push(left_out),
        }
    }
    ranking.candidates.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.travel_s.cmp(&b.travel_s))
            .then(a.distance_m.total_cmp(&b.distance_m))
            .then(a.worker.cmp(&b.worker))
    });
    let by_distance = |left_out: &LeftOut| left_out.distance_m.unwrap_or(f64::INFINITY);
    ranking.left_out.sort_by(|a, b| {
        by_distance(a)
            .total_cmp(&by_distance(b))
            .then(a.worker.cmp(&b.worker))
    });
    ranking
}

fn judge(
    need: &Need<'_>,
    standing: &Standing<'_>,
    roads: Option<&RoadTimes>,
    policy: &Policy,
    now: Timestamp,
) -> Result<Candidate, LeftOut> {
    let worker = standing.worker;
    let distance_m = standing
        .fix
        .map(|fix| fix.position.distance_m(need.position));
    let age_s = standing.fix.map(|fix| (now - fix.at).num_seconds().max(0));

    let mut reasons = standing.hindrances(policy, now);
    reasons.extend(standing.shortcomings(need));
    if distance_m.is_some_and(|distance_m| distance_m > policy.radius_m) {
        reasons.push(LeftOutReason::OutOfRadius);
    }
    reasons.sort_unstable();

    let (Some(distance_m), Some(age_s), true) = (distance_m, age_s, reasons.is_empty()) else {
        return Err(LeftOut {
            worker: worker.id,
            distance_m,
            reasons,
        });
    };
    let (post, post_reason) = post_value(need.chain, standing.posted);
    let (way_s, way_reason) = way(worker.id, distance_m, roads, policy);
    let nearness = (1.0 - way_s / policy.longest_s()).max(0.0);
    let part = |part, value, weight, reason| ScorePart {
        part,
        value,
        weight,
        reason,
    };
    #[expect(clippy::cast_precision_loss, reason = "ages in seconds fit an f64")]
    let freshness = 1.0 - age_s as f64 / policy.stale_after_s.max(1) as f64;
    let parts = [
        part(Part::Post, post, policy.post_weight, post_reason),
        part(Part::Distance, nearness, policy.distance_weight, way_reason),
        part(
            Part::Load,
            1.0 - f64::from(standing.load) / f64::from(worker.capacity),
            policy.load_weight,
            PartReason::OpenTasks,
        ),
        part(
            Part::Skill,
            1.0,
            policy.skill_weight,
            if need.skills.is_empty() {
                PartReason::NoSkillAsked
            } else {
                PartReason::HasSkills
            },
        ),
        part(
            Part::Freshness,
            freshness.clamp(0.0, 1.0),
            policy.freshness_weight,
            PartReason::FixAge,
        ),
    ];
    let weight: f64 = parts.iter().map(|part| part.weight).sum();
    let score = parts
        .iter()
        .map(|part| part.value * part.weight)
        .sum::<f64>()
        / weight;
    Ok(Candidate {
        worker: worker.id,
        score,
        distance_m,
        travel_s: whole_s(way_s),
        parts,
    })
}

/// How many seconds a worker is on the way, and how that is known.
fn way(
    worker: WorkerId,
    distance_m: f64,
    roads: Option<&RoadTimes>,
    policy: &Policy,
) -> (f64, PartReason) {
    let straight_s = distance_m / policy.speed_mps;
    let Some(roads) = roads else {
        return (straight_s, PartReason::StraightLine);
    };
    let seconds = f64::from(roads.seconds(worker, whole_s(straight_s)));
    let reason = match roads.find(worker) {
        Some(Some(_)) => PartReason::ByRoad,
        Some(None) => PartReason::NoRoad,
        None => PartReason::StraightLine,
    };
    (seconds, reason)
}

/// How close the worker's nearest post is to the place.
fn post_value(chain: &[AreaRef], posted: &[Vec<AreaCode>]) -> (f64, PartReason) {
    let shared = |link: &&AreaRef| posted.iter().any(|post| post.contains(&link.code));
    let level = chain.iter().rev().find(shared).map(|link| link.level);
    let reason = match level {
        Some(Level::Grid | Level::Microgrid) => PartReason::PostedToGrid,
        Some(Level::Community) => PartReason::PostedToCommunity,
        Some(Level::Township) => PartReason::PostedToTownship,
        _ => PartReason::PostedElsewhere,
    };
    (f64::from(level.map_or(0, post_tenths)) / 10.0, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dispatch::KnownWay;
    use crate::domain::people::{Fix, Worker, WorkerRole};
    use crate::domain::position::LngLat;
    use uuid::Uuid;

    fn now() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().unwrap()
    }

    fn place() -> LngLat {
        LngLat::from_degrees(119.02, 33.6).unwrap()
    }

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    fn chain(codes: &[&str]) -> Vec<AreaRef> {
        codes
            .iter()
            .zip(&Level::ALL[Level::ALL.len() - 1 - codes.len()..])
            .map(|(text, &level)| AreaRef {
                code: code(text),
                name: String::new(),
                level,
            })
            .collect()
    }

    struct Sample {
        worker: Worker,
        posted: Vec<Vec<AreaCode>>,
        fix: Option<Fix>,
        load: u16,
    }

    /// An able worker, `away_m` to the north, seen a minute ago, posted nowhere.
    fn sample(id: u128, away_m: f64) -> Sample {
        let id = WorkerId(Uuid::from_u128(id));
        Sample {
            worker: Worker {
                id,
                name: format!("worker {id}"),
                phone: None,
                role: WorkerRole::FullTime,
                organisation: None,
                skills: vec![],
                capacity: 4,
                on_duty: true,
            },
            posted: vec![],
            fix: Some(Fix {
                worker: id,
                position: place().destination(0.0, away_m),
                at: now() - chrono::TimeDelta::minutes(1),
                accuracy_m: None,
                speed_mps: None,
                heading_deg: None,
            }),
            load: 0,
        }
    }

    fn rank_samples(samples: &[Sample], skills: &[String]) -> Ranking {
        rank_by(samples, skills, None)
    }

    fn rank_by(samples: &[Sample], skills: &[String], roads: Option<&RoadTimes>) -> Ranking {
        let chain = chain(&["T", "TC", "TCG"]);
        let need = Need {
            position: place(),
            chain: &chain,
            role: None,
            skills,
        };
        let standings: Vec<Standing<'_>> = samples
            .iter()
            .map(|sample| Standing {
                worker: &sample.worker,
                posted: &sample.posted,
                fix: sample.fix.as_ref(),
                load: sample.load,
            })
            .collect();
        rank(&need, &standings, roads, &Policy::default(), now())
    }

    fn order(ranking: &Ranking) -> Vec<u128> {
        ranking
            .candidates
            .iter()
            .map(|candidate| candidate.worker.0.as_u128())
            .collect()
    }

    #[test]
    fn a_post_in_the_grid_outweighs_a_kilometre() {
        let mut own = sample(1, 1_200.0);
        own.posted = vec![vec![code("T"), code("TC"), code("TCG")]];
        let mut neighbour = sample(2, 900.0);
        neighbour.posted = vec![vec![code("T"), code("TC"), code("TCH")]];
        let ranking = rank_samples(&[sample(3, 300.0), neighbour, own], &[]);
        assert_eq!(order(&ranking), [1, 2, 3]);
        let reasons: Vec<_> = ranking
            .candidates
            .iter()
            .map(|candidate| candidate.parts[0].reason)
            .collect();
        assert_eq!(
            reasons,
            [
                PartReason::PostedToGrid,
                PartReason::PostedToCommunity,
                PartReason::PostedElsewhere
            ]
        );
    }

    #[test]
    fn everyone_left_out_is_told_every_reason() {
        let mut idle = sample(1, 100.0);
        idle.worker.on_duty = false;
        idle.load = 4;
        let mut lost = sample(2, 100.0);
        lost.fix = None;
        let mut stale = sample(3, 100.0);
        if let Some(fix) = &mut stale.fix {
            fix.at = now() - chrono::TimeDelta::hours(1);
        }
        let far = sample(4, 5_100.0);
        let ranking = rank_samples(&[idle, lost, stale, far], &["fire".to_owned()]);
        assert_eq!(order(&ranking), [0_u128; 0]);
        let reasons: Vec<_> = ranking
            .left_out
            .iter()
            .map(|left_out| (left_out.worker.0.as_u128(), left_out.reasons.clone()))
            .collect();
        use LeftOutReason::{
            FullLoad, MissingSkill, NoPosition, OffDuty, OutOfRadius, StalePosition,
        };
        assert_eq!(
            reasons,
            [
                (1, vec![OffDuty, MissingSkill, FullLoad]),
                (3, vec![StalePosition, MissingSkill]),
                (4, vec![MissingSkill, OutOfRadius]),
                (2, vec![NoPosition, MissingSkill]),
            ]
        );
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_of_input() {
        let samples = || vec![sample(1, 500.0), sample(2, 500.0), sample(3, 400.0)];
        let mut reversed = samples();
        reversed.reverse();
        assert_eq!(rank_samples(&samples(), &[]), rank_samples(&reversed, &[]));
        assert_eq!(order(&rank_samples(&samples(), &[])), [3, 1, 2]);
    }

    #[test]
    fn a_way_around_the_water_is_as_long_as_it_takes() {
        let samples = [
            sample(1, 100.0),
            sample(2, 900.0),
            sample(3, 150.0),
            sample(4, 200.0),
        ];
        assert_eq!(order(&rank_samples(&samples, &[])), [1, 3, 4, 2]);
        let way = |number: usize, distance_m, road_s| KnownWay {
            worker: samples[number].worker.id,
            distance_m,
            road_s,
            off_road_m: 0.0,
        };
        let ways = [
            way(0, 100.0, Some(5_000.0)),
            way(1, 900.0, Some(300.0)),
            way(2, 150.0, None),
            way(3, 200.0, Some(1_300.0)),
        ];
        let roads = RoadTimes::new(&ways, &Policy::default());
        let ranking = rank_by(&samples, &[], Some(&roads));
        // Of those who are farther than counts, too, who is there first comes first.
        assert_eq!(order(&ranking), [2, 4, 1, 3]);
        let told: Vec<_> = ranking
            .candidates
            .iter()
            .map(|candidate| (candidate.travel_s, candidate.parts[1].reason))
            .collect();
        assert_eq!(
            told,
            [
                (300, PartReason::ByRoad),
                (1_300, PartReason::ByRoad),
                (5_000, PartReason::ByRoad),
                (5_001, PartReason::NoRoad)
            ]
        );
        // 1 − 300 s of 1,250 s.
        assert!((ranking.candidates[0].parts[1].value - 0.76).abs() < 1e-9);
    }

    #[test]
    fn a_score_is_the_weighted_mean_of_its_parts() {
        let ranking = rank_samples(&[sample(1, 2_500.0)], &[]);
        let candidate = &ranking.candidates[0];
        // 0.35·0 + 0.35·½ + 0.15·1 + 0.05·1 + 0.10·14/15
        assert!((candidate.score - (0.175 + 0.15 + 0.05 + 0.1 * 14.0 / 15.0)).abs() < 1e-6);
    }
}
