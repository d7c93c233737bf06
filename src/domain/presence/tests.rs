use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::Timestamp;
use crate::domain::code::AreaCode;
use crate::domain::identity::WorkerId;
use crate::domain::position::LngLat;

const WORKER: WorkerId = WorkerId(Uuid::from_u128(1));
/// Where the western grid ends and the eastern one begins, and where that one ends, too.
const BORDER: f64 = 119.02;
const END: f64 = 119.03;

fn policy() -> Policy {
    Policy::default()
}

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    start + TimeDelta::seconds(seconds)
}

/// So many metres to the east of the border, and to the north.
fn place(east_m: f64, north_m: f64) -> LngLat {
    let border = LngLat::from_degrees(BORDER, 33.6).unwrap();
    border.destination(0.0, north_m).destination(90.0, east_m)
}

fn fix(position: LngLat, seconds: i64, accuracy_m: Option<f32>) -> Fix {
    Fix {
        worker: WORKER,
        position,
        at: at(seconds),
        accuracy_m,
        speed_mps: None,
        heading_deg: None,
    }
}

fn grid(name: &str) -> AreaCode {
    name.parse().unwrap()
}

/// Two grids side by side, without an end in the north, the south and the west.
fn locate(position: LngLat, known: Option<&AreaCode>) -> Ground {
    let away_m = |lon: f64| position.distance_m(LngLat::from_degrees(lon, position.lat()).unwrap());
    let (area, border_m) = if position.lon() < BORDER {
        (Some("west"), away_m(BORDER))
    } else if position.lon() < END {
        (Some("east"), away_m(BORDER).min(away_m(END)))
    } else if known == Some(&grid("west")) {
        (None, away_m(BORDER))
    } else {
        (None, away_m(END))
    };
    Ground {
        area: area.map(grid),
        border_m,
    }
}

fn follow(presence: &mut Presence, fix: &Fix) -> Passage {
    presence.follow(fix, &policy(), |known| locate(fix.position, known))
}

/// What became of each fix that made a difference.
fn passages(presence: &mut Presence, fixes: &[Fix]) -> Vec<Passage> {
    fixes
        .iter()
        .map(|fix| follow(presence, fix))
        .filter(|passage| *passage != Passage::default())
        .collect()
}

/// The names of the grids that were entered; a dash for none.
fn entered(passages: &[Passage]) -> Vec<String> {
    let area = |passage: &Passage| passage.entered.as_ref().map(|visit| visit.area.to_string());
    passages
        .iter()
        .map(|passage| area(passage).unwrap_or_else(|| "-".to_owned()))
        .collect()
}

/// Measurements of one place: each somewhere within its accuracy.
fn stay_at(position: LngLat, from_s: i64, noise: &[Noise]) -> Vec<Fix> {
    let mut seconds = from_s;
    noise
        .iter()
        .map(|noise| {
            seconds += noise.after_s;
            let error_m = f64::from(noise.accuracy_m.unwrap_or(25.0)) * noise.part;
            let measured = position.destination(noise.bearing_deg, error_m);
            fix(measured, seconds, noise.accuracy_m)
        })
        .collect()
}

#[derive(Debug, Clone, Copy)]
struct Noise {
    after_s: i64,
    accuracy_m: Option<f32>,
    bearing_deg: f64,
    /// Of the accuracy.
    part: f64,
}

fn noise() -> impl Strategy<Value = Noise> {
    // Mostly to the east or to the west, so that runs on one side are long.
    let bearing = prop_oneof![Just(90.0), Just(270.0), 0.0..360.0_f64];
    let accuracy = prop_oneof![9 => (1.0..80.0_f32).prop_map(Some), 1 => Just(None)];
    (1..30_i64, accuracy, bearing, 0.0..0.99_f64).prop_map(
        |(after_s, accuracy_m, bearing_deg, part)| Noise {
            after_s,
            accuracy_m,
            bearing_deg,
            part,
        },
    )
}

fn noises() -> impl Strategy<Value = Vec<Noise>> {
    prop::collection::vec(noise(), 1..200)
}

/// A way of steps that turn slowly, measured with errors.
fn walk() -> impl Strategy<Value = Vec<Fix>> {
    let step = (-40.0..40.0_f64, -10.0..10.0_f64, noise());
    (-150.0..150.0_f64, prop::collection::vec(step, 1..120)).prop_map(|(start_m, steps)| {
        let (mut east_m, mut north_m, mut seconds) = (start_m, 0.0, 0);
        let mut fixes = Vec::new();
        for (east, north, noise) in steps {
            east_m += east;
            north_m += north;
            let measured = stay_at(place(east_m, north_m), seconds, &[noise]);
            seconds += noise.after_s;
            fixes.extend(measured);
        }
        fixes
    })
}

proptest! {
    #[test]
    fn whoever_stands_still_enters_one_grid_at_the_most(
        east_m in -60.0..60.0_f64,
        noise in noises(),
    ) {
        let position = place(east_m, 0.0);
        let mut presence = Presence::unknown(WORKER);
        let passages = passages(&mut presence, &stay_at(position, 0, &noise));
        prop_assert!(passages.len() <= 1, "{:?}", entered(&passages));
        if let Some(passage) = passages.first() {
            let visit = passage.entered.as_ref().unwrap();
            let owner = locate(position, None).area;
            prop_assert_eq!(Some(&visit.area), owner.as_ref());
            prop_assert_eq!(&passage.left, &None);
        }
    }

    /// Whatever happened before: at the most what was taken for certain by many fixes is put
    /// right once.
    #[test]
    fn whoever_comes_to_a_border_and_stands_still_flips_nothing_for_long(
        before in walk(),
        east_m in -60.0..60.0_f64,
        noise in noises(),
    ) {
        let mut presence = Presence::unknown(WORKER);
        passages(&mut presence, &before);
        let position = place(east_m, 0.0);
        let from_s = (before.last().unwrap().at - at(0)).num_seconds();
        let passages = passages(&mut presence, &stay_at(position, from_s, &noise));
        prop_assert!(passages.len() <= 2, "{:?}", entered(&passages));
    }

    #[test]
    fn visits_follow_one_another(walk in walk()) {
        let mut presence = Presence::unknown(WORKER);
        let mut last_end: Option<Timestamp> = None;
        let mut current: Option<Visit> = None;
        for passage in passages(&mut presence, &walk) {
            if let Some(left) = passage.left {
                let begun = current.take().unwrap();
                prop_assert_eq!((&left.area, left.from), (&begun.area, begun.from));
                let until = left.until.unwrap();
                prop_assert!(left.from <= left.seen_at && left.seen_at <= until);
                last_end = Some(until);
            }
            prop_assert_eq!(&current, &None);
            if let Some(visit) = &passage.entered {
                prop_assert!(last_end.is_none_or(|end| end <= visit.from));
                prop_assert!(visit.from <= visit.seen_at && visit.until.is_none());
            }
            current = passage.entered;
        }
        let last = presence.end();
        prop_assert_eq!(last.as_ref().map(|visit| visit.from), current.map(|visit| visit.from));
        prop_assert!(last.is_none_or(|visit| visit.until == Some(visit.seen_at)));
        prop_assert_eq!(presence.end(), None);
    }

    #[test]
    fn late_fixes_change_nothing(
        walk in walk(),
        late in prop::collection::vec((any::<prop::sample::Index>(), -300.0..300.0_f64), 1..60),
    ) {
        let mut in_order = Presence::unknown(WORKER);
        let mut disturbed = in_order.clone();
        for (place_in_walk, fix) in walk.iter().enumerate() {
            let expected = follow(&mut in_order, fix);
            prop_assert_eq!(follow(&mut disturbed, fix), expected);
            for (back, east_m) in &late {
                let old = Fix { position: place(*east_m, 0.0), ..walk[back.index(place_in_walk + 1)] };
                prop_assert_eq!(follow(&mut disturbed, &old), Passage::default());
            }
        }
        prop_assert_eq!(in_order.visit(), disturbed.visit());
    }

    /// What is not looked up would have been found the same.
    #[test]
    fn a_circle_without_borders_hides_nothing(walk in walk()) {
        let mut usual = Presence::unknown(WORKER);
        let mut doubting = usual.clone();
        for fix in &walk {
            doubting.doubt_ground();
            prop_assert_eq!(follow(&mut usual, fix), follow(&mut doubting, fix));
        }
        prop_assert_eq!(usual.visit(), doubting.visit());
    }

    /// Against the definition: some fixes in a row are near, and lie so far apart in time.
    #[test]
    fn whoever_stays_near_for_long_enough_has_arrived(
        signed_s in 0..60_i64,
        walk in prop::collection::vec((1..40_i64, 0.0..120.0_f64, 1.0..200.0_f32), 1..30),
    ) {
        let goal = place(0.0, 0.0);
        let mut seconds = 0;
        let fixes: Vec<(f64, Fix)> = walk
            .into_iter()
            .map(|(after_s, away_m, accuracy_m)| {
                seconds += after_s;
                (away_m, fix(goal.destination(45.0, away_m), seconds, Some(accuracy_m)))
            })
            .collect();
        let mut approach = Approach::new(goal, at(signed_s));
        let arrived = fixes.iter().find_map(|(_, fix)| approach.follow(fix, &policy()));

        let telling: Vec<(bool, Timestamp)> = fixes
            .iter()
            .map(|(away_m, fix)| (away_m, f64::from(fix.accuracy_m.unwrap()), fix.at))
            .filter(|&(_, accuracy_m, at_time)| accuracy_m <= 150.0 && at_time > at(signed_s))
            .map(|(away_m, accuracy_m, at)| (*away_m < accuracy_m.max(50.0), at))
            .collect();
        let expected = (0..telling.len()).find_map(|last| {
            let run = telling[..=last].iter().rev().take_while(|(is_near, _)| *is_near);
            let first = run.last()?.1;
            (telling[last].1 - first >= TimeDelta::seconds(60)).then_some(first)
        });
        prop_assert_eq!(arrived, expected);
    }

    #[test]
    fn what_jitters_is_no_movement(noise in noises()) {
        let fixes = stay_at(place(0.0, 0.0), 0, &noise);
        let mut rest = Rest::new(fixes[0]);
        for fix in &fixes {
            rest.follow(fix, &policy());
        }
        let limit = fixes.last().unwrap().at - fixes[0].at;
        let watch = Watch { worker: WORKER, since: at(0), minutes: 1, set_by: String::new() };
        let now = fixes[0].at + limit.max(TimeDelta::minutes(1) + TimeDelta::seconds(1));
        let last = Fix { at: now, ..fixes[0] };
        prop_assert_eq!(watch.find_cause(Some(&last), Some(&rest), now), Some(AlarmKind::Still));
    }
}

/// Every ten seconds fifteen metres, from one place to another.
fn stroll(from: (f64, f64), to: (f64, f64), from_s: i64, accuracy_m: f32) -> Vec<Fix> {
    let (east_m, north_m) = (to.0 - from.0, to.1 - from.1);
    let steps = (east_m.hypot(north_m) / 15.0).ceil();
    let mut fixes = Vec::new();
    let mut step = 0.0;
    let mut seconds = from_s;
    while step <= steps {
        let part = step / steps;
        let position = place(east_m.mul_add(part, from.0), north_m.mul_add(part, from.1));
        seconds += 10;
        fixes.push(fix(position, seconds, Some(accuracy_m)));
        step += 1.0;
    }
    fixes
}

#[test]
fn whoever_walks_over_a_border_leaves_one_grid_and_enters_the_next() {
    let mut presence = Presence::unknown(WORKER);
    let walk = stroll((-150.0, 0.0), (1_300.0, 0.0), 0, 10.0);
    let told = passages(&mut presence, &walk);
    assert_eq!(entered(&told), ["west", "east", "-"]);
    let left = told[1].left.as_ref().unwrap();
    assert_eq!((left.from, left.until), (at(10), Some(at(120))));
    assert_eq!(left.within(at(20), at(80)), TimeDelta::seconds(60));
    assert_eq!(left.within(at(100), at(900)), TimeDelta::seconds(20));
    assert_eq!(left.within(at(200), at(900)), TimeDelta::zero());
    assert!(!left.dwells(&policy()));
    assert!(told[2].left.as_ref().unwrap().dwells(&policy()));
    assert_eq!(presence.visit(), None);
}

#[test]
fn whoever_walks_along_the_other_side_of_a_border_is_there_after_a_while() {
    let mut presence = Presence::unknown(WORKER);
    let mut walk = stroll((-100.0, 0.0), (8.0, 0.0), 0, 15.0);
    let come = walk.len();
    walk.extend(stroll((8.0, 15.0), (8.0, 150.0), 90, 15.0));
    let told = passages(&mut presence, &walk);
    assert_eq!(entered(&told), ["west", "east"]);
    // The first fix beyond the border is when it was left, whoever knew it when.
    assert_eq!(
        told[1].left.as_ref().unwrap().until,
        Some(walk[come - 1].at)
    );
    assert_eq!(told[1].entered.as_ref().unwrap().from, walk[come - 1].at);
}

#[test]
fn one_fix_back_on_the_near_side_lets_the_count_begin_anew() {
    let mut presence = Presence::unknown(WORKER);
    passages(&mut presence, &stroll((-100.0, 0.0), (-30.0, 0.0), 0, 10.0));
    for turn in 0..20 {
        let from_s = 100 + turn * 60;
        let mut fixes: Vec<Fix> = (1..=5)
            .map(|n| fix(place(8.0, 10.0), from_s + n * 10, Some(10.0)))
            .collect();
        fixes.push(fix(place(-8.0, 10.0), from_s + 60, Some(10.0)));
        assert_eq!(passages(&mut presence, &fixes), [], "turn {turn}");
    }
    let last: Vec<Fix> = (0..=6)
        .map(|n| fix(place(8.0, 10.0), 1_400 + n * 10, Some(10.0)))
        .collect();
    assert_eq!(entered(&passages(&mut presence, &last)), ["east"]);
}

#[test]
fn a_visit_ends_with_the_last_fix_and_a_long_one_goes_on_as_another() {
    let mut presence = Presence::unknown(WORKER);
    let here = place(-100.0, 0.0);
    let hour = 3_600;
    let day: Vec<Fix> = (0..=180)
        .map(|turn| fix(here, turn * 600, Some(5.0)))
        .collect();
    let told = passages(&mut presence, &day);
    assert_eq!(entered(&told), ["west", "west"]);
    let first = told[1].left.as_ref().unwrap();
    assert_eq!((first.from, first.until), (at(0), Some(at(24 * hour))));
    let mut resumed = Presence::resumed(presence.visit().unwrap().clone());
    let ended = presence.end().unwrap();
    assert_eq!(
        (ended.from, ended.until),
        (at(24 * hour), Some(at(30 * hour)))
    );
    // Another node goes on with it, and knows what is late.
    assert_eq!(follow(&mut resumed, &day[180]), Passage::default());
    let next = fix(place(100.0, 0.0), 30 * hour + 300, Some(5.0));
    let passage = follow(&mut resumed, &next);
    assert_eq!(passage.left.unwrap().until, Some(next.at));
    assert_eq!(passage.entered.unwrap().area, grid("east"));
}

#[test]
fn a_long_silence_ends_a_visit_even_when_nobody_looked() {
    let mut presence = Presence::unknown(WORKER);
    let here = place(-100.0, 0.0);
    let fixes = [0, 300, 901, 1_000].map(|seconds| fix(here, seconds, Some(5.0)));
    let told = passages(&mut presence, &fixes);
    assert_eq!(entered(&told), ["west", "west"]);
    assert_eq!(told[1].left.as_ref().unwrap().until, Some(at(300)));
    assert_eq!(told[1].entered.as_ref().unwrap().from, at(901));
}

#[test]
fn a_watch_tells_silence_from_stillness_and_gives_its_whole_time() {
    let minute = 60;
    let watch = Watch {
        worker: WORKER,
        since: at(0),
        minutes: 30,
        set_by: "调度员".into(),
    };
    let here = |seconds| fix(place(0.0, 0.0), seconds, Some(5.0));
    for (last_s, rest_s, now_s, expected) in [
        // Nothing was ever heard, or long before the watch began.
        (None, None, 30 * minute, None),
        (None, None, 30 * minute + 1, Some(AlarmKind::Silent)),
        (Some(-90 * minute), Some(-90 * minute), 30 * minute, None),
        (Some(5 * minute), Some(5 * minute), 35 * minute, None),
        (
            Some(5 * minute),
            Some(5 * minute),
            36 * minute,
            Some(AlarmKind::Silent),
        ),
        (
            Some(35 * minute),
            Some(5 * minute),
            36 * minute,
            Some(AlarmKind::Still),
        ),
        (Some(35 * minute), Some(6 * minute), 36 * minute, None),
        (Some(29 * minute), Some(-60 * minute), 30 * minute, None),
    ] {
        let last = last_s.map(here);
        let rest = rest_s.map(|seconds| Rest::new(here(seconds)));
        let cause = watch.find_cause(last.as_ref(), rest.as_ref(), at(now_s));
        assert_eq!(cause, expected, "{last_s:?} {rest_s:?} {now_s}");
    }
}

#[test]
fn a_step_beyond_jitter_is_movement() {
    let mut rest = Rest::new(fix(place(0.0, 0.0), 0, Some(10.0)));
    let watch = Watch {
        worker: WORKER,
        since: at(0),
        minutes: 1,
        set_by: String::new(),
    };
    let mut is_still_after = |fix: Fix| {
        rest.follow(&fix, &policy());
        let cause = watch.find_cause(Some(&fix), Some(&rest), fix.at);
        cause == Some(AlarmKind::Still)
    };
    assert!(is_still_after(fix(place(29.0, 0.0), 100, Some(5.0))));
    assert!(
        is_still_after(fix(place(50.0, 0.0), 200, Some(60.0))),
        "too coarse to tell"
    );
    assert!(!is_still_after(fix(place(31.0, 0.0), 300, Some(10.0))));
    assert!(
        !is_still_after(fix(place(0.0, 0.0), 250, Some(5.0))),
        "late"
    );
    assert!(is_still_after(fix(place(31.0, 0.0), 400, Some(10.0))));
}
