use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use proptest::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::*;
use crate::domain::catalogue::Catalogue;

/// Two reports and whether they are of the same matter; written by hand for this test.
#[derive(Debug, Deserialize)]
struct Pair {
    same: String,
    service: ServiceCode,
    other_service: ServiceCode,
    distance_m: f64,
    minutes: i64,
    text: String,
    other_text: String,
}

fn pairs() -> Vec<Pair> {
    csv::Reader::from_reader(include_bytes!("pairs.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../data/services.json")).unwrap()
}

/// What a service learns from when it starts with an empty database: the catalogue, and the
/// made-up reports of the demonstration. None of the pairs is among them.
fn vocabulary(catalogue: &Catalogue) -> Vocabulary {
    #[derive(Deserialize)]
    struct Names {
        incident_texts: BTreeMap<String, Vec<String>>,
    }
    let names = include_str!("../../../data/demonstration/names.json");
    let names: Names = serde_json::from_str(names).unwrap();
    let texts = names.incident_texts.values().flatten().map(String::as_str);
    let services = catalogue.services.iter();
    Vocabulary::of(texts.chain(services.map(|service| service.description_zh.as_str())))
}

fn id(number: usize) -> IncidentId {
    IncidentId(Uuid::from_u128(number as u128))
}

fn place() -> LngLat {
    LngLat::from_degrees(119.02, 33.6).unwrap()
}

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn report<'a>(
    number: usize,
    service: &'a ServiceCode,
    group: &'a str,
    text: &'a str,
) -> Report<'a> {
    Report {
        id: id(number),
        service,
        group,
        position: place(),
        reported_at: now(),
        text,
        address: None,
    }
}

impl Pair {
    /// The new report and the other, made `minutes` earlier `distance_m` away.
    fn reports<'a>(&'a self, catalogue: &'a Catalogue) -> (Report<'a>, Report<'a>) {
        let group = |code| catalogue.find(code).unwrap().group.as_str();
        let new = report(1, &self.service, group(&self.service), &self.text);
        let other = Report {
            position: place().destination(60.0, self.distance_m),
            reported_at: now() - TimeDelta::minutes(self.minutes),
            ..report(
                2,
                &self.other_service,
                group(&self.other_service),
                &self.other_text,
            )
        };
        (new, other)
    }
}

#[test]
fn nine_of_ten_that_are_named_are_the_same_and_nine_of_ten_that_are_the_same_are_named() {
    let (pairs, catalogue, policy) = (pairs(), catalogue(), LikenessPolicy::default());
    let vocabulary = vocabulary(&catalogue);
    assert!(pairs.len() >= 60);
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    let mut mistakes = Vec::new();
    for pair in &pairs {
        let (new, other) = pair.reports(&catalogue);
        let is_named = !find_likely(&new, &[other], &vocabulary, &policy).is_empty();
        let is_same = pair.same == "yes";
        match (is_named, is_same) {
            (true, true) => right += 1,
            (true, false) => wrong += 1,
            (false, true) => missed += 1,
            (false, false) => {}
        }
        if is_named != is_same {
            let score = score(&new, &other, &vocabulary, &policy).unwrap().score;
            mistakes.push((score, pair));
        }
    }
    let precision = f64::from(right) / f64::from(right + wrong);
    let recall = f64::from(right) / f64::from(right + missed);
    // When this was written: precision 0.921, recall 0.935.
    assert!(
        precision >= 0.9 && recall >= 0.9,
        "precision {precision:.3}, recall {recall:.3}; {mistakes:#?}"
    );
}

#[test]
fn reports_of_other_matters_around_are_seldom_taken_for_the_same() {
    // Every report against all others, as if all were made at one place at one time.
    let (pairs, catalogue, policy) = (pairs(), catalogue(), LikenessPolicy::default());
    let vocabulary = vocabulary(&catalogue);
    let (mut named, mut compared) = (0, 0);
    for pair in &pairs {
        let (new, _) = pair.reports(&catalogue);
        for (_, other) in pairs.iter().map(|pair| pair.reports(&catalogue)) {
            // Those of one service may well be the same matter.
            if other.service == new.service || other.text == pair.other_text {
                continue;
            }
            let other = Report {
                position: place(),
                reported_at: now(),
                ..other
            };
            compared += 1;
            named += find_likely(&new, &[other], &vocabulary, &policy).len();
        }
    }
    assert!(compared > 10_000);
    assert!(named * 100 < compared, "{named} of {compared}");
}

#[test]
fn an_other_building_speaks_against_the_same_words() {
    let service = ServiceCode("property-lift-fault".into());
    let lift = |number, text| report(number, &service, "property", text);
    let vocabulary = Vocabulary::default();
    let policy = LikenessPolicy::default();
    let new = lift(1, "3号楼电梯坏了，没人修");
    let same = score(&new, &lift(2, "三栋电梯坏了，没人修"), &vocabulary, &policy).unwrap();
    assert_eq!(same.contradiction, None);
    assert!((same.score - 1.0).abs() < 1e-9);
    let other = score(
        &new,
        &lift(2, "5号楼电梯坏了，没人修"),
        &vocabulary,
        &policy,
    )
    .unwrap();
    let contradiction = other.contradiction.unwrap();
    assert_eq!(contradiction.kind, MarkKind::Building);
    assert_eq!(
        (contradiction.new, contradiction.other),
        (vec!["3".into()], vec!["5".into()])
    );
    assert!(other.score < policy.threshold);
    // An address says as much as the text.
    let by_address = Report {
        address: Some("人民路18号5幢"),
        ..lift(2, "电梯坏了，没人修")
    };
    let other = score(&new, &by_address, &vocabulary, &policy).unwrap();
    assert_eq!(other.contradiction.unwrap().kind, MarkKind::Building);
}

#[test]
fn a_score_says_what_it_is_made_of() {
    let catalogue = catalogue();
    let pair = &pairs()[0];
    let (new, other) = pair.reports(&catalogue);
    let vocabulary = vocabulary(&catalogue);
    let likeness = score(&new, &other, &vocabulary, &LikenessPolicy::default()).unwrap();
    assert!((likeness.distance_m - 18.0).abs() < 0.02);
    assert_eq!(likeness.apart_s, 35 * 60);
    let values: Vec<_> = likeness
        .parts
        .iter()
        .map(|part| (part.part, part.reason))
        .collect();
    assert_eq!(
        values,
        [
            (Aspect::Distance, AspectReason::StraightLine),
            (Aspect::Time, AspectReason::TimeApart),
            (Aspect::Service, AspectReason::SameService),
            (Aspect::Text, AspectReason::SharedWords),
        ]
    );
    assert!((likeness.parts[0].value - (1.0 - 18.0 / 300.0)).abs() < 1e-4);
    assert!((likeness.parts[1].value - (1.0 - 35.0 / (72.0 * 60.0))).abs() < 1e-9);
    let mean: f64 = likeness
        .parts
        .iter()
        .map(|part| part.value * part.weight)
        .sum();
    assert!((likeness.score - mean).abs() < 1e-9);
}

#[test]
fn what_is_far_or_long_ago_is_not_compared() {
    let service = ServiceCode("x".into());
    let new = report(1, &service, "x", "着火了");
    let (vocabulary, policy) = (Vocabulary::default(), LikenessPolicy::default());
    let compare = |distance_m, apart: TimeDelta| {
        let other = Report {
            position: place().destination(0.0, distance_m),
            reported_at: now() - apart,
            ..report(2, &service, "x", "着火了")
        };
        score(&new, &other, &vocabulary, &policy).is_some()
    };
    let window = TimeDelta::hours(72);
    assert!(compare(299.0, window));
    assert!(!compare(301.0, window));
    assert!(!compare(0.0, window + TimeDelta::milliseconds(1)));
    assert!(compare(0.0, -window));
    assert!(!compare(0.0, -window - TimeDelta::milliseconds(1)));
}

#[test]
fn a_report_is_no_duplicate_of_itself() {
    let service = ServiceCode("x".into());
    let new = report(1, &service, "x", "着火了");
    let found = find_likely(
        &new,
        &[new],
        &Vocabulary::default(),
        &LikenessPolicy::default(),
    );
    assert_eq!(found, []);
}

/// The definition word for word: who is a neighbour of whom, who is at a core, which cores
/// hang together (until nothing changes), and where the others belong.
fn gather_slowly(reports: &[Report<'_>], policy: &HotSpotPolicy) -> BTreeSet<BTreeSet<IncidentId>> {
    let is_near = |a: &Report<'_>, b: &Report<'_>| {
        a.group == b.group
            && a.position.distance_m(b.position) <= policy.radius_m
            && (a.reported_at - b.reported_at).abs() <= TimeDelta::seconds(policy.window_s)
    };
    let is_core = |a: &Report<'_>| reports.iter().filter(|b| is_near(a, b)).count() >= policy.least;
    let cores: Vec<_> = reports.iter().filter(|report| is_core(report)).collect();
    let mut labels: Vec<usize> = (0..cores.len()).collect();
    loop {
        let before = labels.clone();
        for (a, core) in cores.iter().enumerate() {
            for (b, other) in cores.iter().enumerate() {
                if is_near(core, other) {
                    labels[a] = labels[a].min(labels[b]);
                }
            }
        }
        if before == labels {
            break;
        }
    }
    let mut spots: BTreeMap<usize, BTreeSet<IncidentId>> = BTreeMap::new();
    for report in reports {
        let mut near: Vec<_> = cores
            .iter()
            .zip(&labels)
            .filter(|(core, _)| is_near(report, core))
            .collect();
        near.sort_by(|(a, _), (b, _)| {
            let distance_m = |core: &Report<'_>| core.position.distance_m(report.position);
            let apart = |core: &Report<'_>| (core.reported_at - report.reported_at).abs();
            distance_m(a)
                .total_cmp(&distance_m(b))
                .then(apart(a).cmp(&apart(b)))
                .then(a.id.cmp(&b.id))
        });
        if let Some((_, label)) = near.first() {
            spots.entry(**label).or_default().insert(report.id);
        }
    }
    spots.into_values().collect()
}

prop_compose! {
    /// Where (on a lattice of 20 m, so that there are ties), when, and of which group.
    fn any_crowd()(
        crowd in proptest::collection::vec((0..30_i32, 0..30_i32, 0..40_i64, 0..3_usize), 0..60),
        lon_e7 in prop_oneof![Just(1_190_200_000_i32), Just(1_799_980_000), Just(-1_799_999_000)],
    ) -> Vec<(LngLat, Timestamp, usize)> {
        crowd
            .into_iter()
            .map(|(east, north, hours, group)| {
                let wrapped = i64::from(lon_e7) + i64::from(east) * 2_000;
                let wrapped = if wrapped > 1_800_000_000 { wrapped - 3_600_000_000 } else { wrapped };
                let lon_e7 = i32::try_from(wrapped).unwrap();
                let position = LngLat::from_e7(lon_e7, 336_000_000 + north * 1_800).unwrap();
                (position, now() + TimeDelta::hours(hours), group)
            })
            .collect()
    }
}

proptest! {
    #[test]
    fn hot_spots_are_what_the_definition_says_in_whatever_order_reports_come(
        crowd in any_crowd(),
        least in 1..6_usize,
        seed in any::<u64>(),
    ) {
        let policy = HotSpotPolicy { radius_m: 60.0, window_s: 12 * 60 * 60, least };
        let service = ServiceCode("x".into());
        let groups = ["a", "b", "c"];
        let mut reports: Vec<Report<'_>> = crowd
            .iter()
            .enumerate()
            .map(|(number, &(position, reported_at, group))| Report {
                position,
                reported_at,
                ..report(number, &service, groups[group], "")
            })
            .collect();
        let spots = gather(&reports, &policy);
        let members = |spot: &HotSpot| spot.members.iter().copied().collect::<BTreeSet<_>>();
        prop_assert_eq!(
            spots.iter().map(members).collect::<BTreeSet<_>>(),
            gather_slowly(&reports, &policy)
        );
        for spot in &spots {
            let of_spot = |report: &&Report<'_>| spot.members.contains(&report.id);
            let times: Vec<_> = reports.iter().filter(of_spot).map(|report| report.reported_at).collect();
            prop_assert_eq!(Some(&spot.first_at), times.iter().min());
            prop_assert_eq!(Some(&spot.last_at), times.iter().max());
            let farthest_m = reports
                .iter()
                .filter(of_spot)
                .map(|report| report.position.distance_m(spot.centre))
                .fold(0.0, f64::max);
            // All lie within 600 m of each other, on whichever side of the antimeridian.
            prop_assert!(farthest_m < 900.0, "{}", farthest_m);
        }
        // Any other order will do.
        let place = |report: &Report<'_>| {
            (report.id.0.as_u64_pair().1 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        };
        reports.sort_by_key(place);
        prop_assert_eq!(gather(&reports, &policy), spots);
    }

    #[test]
    fn likely_duplicates_come_best_first_in_whatever_order_candidates_stand(
        chosen in proptest::collection::vec(0..119_usize, 1..20),
    ) {
        let (pairs, catalogue, policy) = (pairs(), catalogue(), LikenessPolicy { threshold: 0.3, ..LikenessPolicy::default() });
        let vocabulary = Vocabulary::default();
        let (new, _) = pairs[chosen[0]].reports(&catalogue);
        let mut candidates: Vec<Report<'_>> = chosen
            .iter()
            .enumerate()
            .map(|(number, &at)| Report { id: id(number + 2), ..pairs[at].reports(&catalogue).1 })
            .collect();
        let found = find_likely(&new, &candidates, &vocabulary, &policy);
        prop_assert!(found.is_sorted_by(|a, b| a.score >= b.score));
        let named: BTreeSet<_> = found.iter().map(|likeness| likeness.incident).collect();
        for candidate in &candidates {
            let likeness = score(&new, candidate, &vocabulary, &policy);
            let is_likely = likeness.is_some_and(|likeness| likeness.score >= policy.threshold);
            prop_assert_eq!(named.contains(&candidate.id), is_likely);
        }
        candidates.reverse();
        prop_assert_eq!(find_likely(&new, &candidates, &vocabulary, &policy), found);
    }
}
