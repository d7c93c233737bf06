//! The roster against sorting everybody, also while they move.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::{PostId, WorkerRole};

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn worker(id: u128, on_duty: bool) -> Worker {
    Worker {
        id: WorkerId(Uuid::from_u128(id)),
        name: format!("worker {id}"),
        phone: None,
        role: WorkerRole::FullTime,
        organisation: None,
        skills: vec![],
        capacity: 3,
        on_duty,
    }
}

fn fix(id: u128, position: LngLat, age_s: i64) -> Fix {
    Fix {
        worker: WorkerId(Uuid::from_u128(id)),
        position,
        at: now() - chrono::TimeDelta::seconds(age_s),
        accuracy_m: None,
        speed_mps: None,
        heading_deg: None,
    }
}

fn at(lon: f64, lat: f64) -> LngLat {
    LngLat::from_degrees(lon, lat).unwrap()
}

fn ids(near: &[Near]) -> Vec<u128> {
    near.iter()
        .map(|near| near.member.worker.id.0.as_u128())
        .collect()
}

#[test]
fn off_duty_workers_are_not_near() {
    let roster = Roster::build([(worker(1, true), vec![])], []);
    roster.record(fix(1, at(119.0, 33.0), 5), now()).unwrap();
    let near = |roster: &Roster| {
        ids(&roster.nearest(at(119.0, 33.0), 5, 1e9, &Wanted::default(), |_| true))
    };
    assert_eq!(near(&roster), [1]);
    roster.put(worker(1, false), vec![]);
    assert_eq!(near(&roster), [0_u128; 0]);
    roster.put(worker(1, true), vec![]);
    assert_eq!(near(&roster), [1], "the last fix is remembered");
}

#[test]
fn implausible_and_late_fixes_are_set_aside() {
    let roster = Roster::build([(worker(1, true), vec![])], []);
    let here = at(119.0, 33.0);
    for (fix, expected) in [
        (fix(1, here, -61), Err(SetAside::Future)),
        (fix(1, at(0.0, 0.0), 1), Err(SetAside::NullIsland)),
        (fix(2, here, 1), Err(SetAside::UnknownWorker)),
        (fix(1, here, 10), Ok(())),
        (fix(1, here, 10), Err(SetAside::Late)),
        (fix(1, here, 9), Ok(())),
    ] {
        assert_eq!(roster.record(fix, now()), expected, "{fix:?}");
    }
}

#[test]
fn posts_that_are_over_are_not_held() {
    let code: AreaCode = "320812001001001".parse().unwrap();
    let post = |slot, until_s: Option<i64>| Post {
        id: PostId(Uuid::nil()),
        worker: WorkerId(Uuid::from_u128(1)),
        area: code.clone(),
        slot,
        from: now() - chrono::TimeDelta::days(1),
        until: until_s.map(|s| now() + chrono::TimeDelta::seconds(s)),
    };
    let posts = vec![
        post(Slot::Volunteer, None),
        post(Slot::GridWorker, Some(0)),
        post(Slot::Cadre, Some(1)),
    ];
    let roster = Roster::build([(worker(1, true), posts)], []);
    let slots: Vec<Slot> = roster
        .posted_to(&code, now())
        .into_iter()
        .map(|(slot, _)| slot)
        .collect();
    assert_eq!(slots, [Slot::Cadre, Slot::Volunteer]);
}

/// Somewhere: anywhere on earth, in one city, on a few spots of it, at the poles or over
/// the antimeridian.
fn somewhere() -> impl Strategy<Value = LngLat> {
    let anywhere = (-180.0..=180.0_f64, -90.0..=90.0_f64);
    let city = (118.9..119.1_f64, 33.5..33.7_f64);
    let spot = (0..3_i32, 0..3_i32)
        .prop_map(|(x, y)| (119.0 + f64::from(x) * 1e-7, 33.6 + f64::from(y) * 1e-7));
    let pole = (
        -180.0..=180.0_f64,
        prop::sample::select(vec![-90.0, -89.9999, 89.9999, 90.0]),
    );
    let antimeridian = (
        prop::sample::select(vec![-180.0, -179.9999, 179.9999, 180.0]),
        -1.0..1.0_f64,
    );
    prop_oneof![anywhere, city, spot, pole, antimeridian].prop_map(|(lon, lat)| at(lon, lat))
}

/// What a roster should answer: everyone sorted by geodesic distance.
fn sorted(
    workers: &[(Worker, LngLat, i64)],
    point: LngLat,
    max_m: f64,
    takes: impl Fn(&Worker, i64) -> bool,
) -> Vec<(f64, u128)> {
    let wanted = workers
        .iter()
        .filter(|(worker, _, age_s)| worker.on_duty && takes(worker, *age_s));
    let mut all: Vec<(f64, u128)> = wanted
        .map(|(worker, position, _)| (position.distance_m(point), worker.id.0.as_u128()))
        .filter(|&(distance_m, _)| distance_m <= max_m)
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    all
}

fn answered(near: &[Near]) -> Vec<(f64, u128)> {
    near.iter()
        .map(|near| (near.distance_m, near.member.worker.id.0.as_u128()))
        .collect()
}

#[derive(Debug, Clone)]
enum News {
    Moved(usize, LngLat),
    Duty(usize, bool),
    Skills(usize, Vec<usize>),
    Reloaded,
}

fn news() -> impl Strategy<Value = News> {
    prop_oneof![
        8 => (0..400_usize, somewhere()).prop_map(|(who, to)| News::Moved(who, to)),
        2 => (0..400_usize, any::<bool>()).prop_map(|(who, on)| News::Duty(who, on)),
        1 => (0..400_usize, prop::collection::vec(0..70_usize, 0..3)).prop_map(|(who, skills)| News::Skills(who, skills)),
        1 => Just(News::Reloaded),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Workers who move, go on and off duty and learn: the roster gives the same as
    /// sorting all by geodesic distance, with every filter.
    #[test]
    fn nearest_agrees_with_brute_force(
        places in prop::collection::vec(somewhere(), 1..400),
        happens in prop::collection::vec(news(), 0..300),
        queries in prop::collection::vec((somewhere(), 1..40_usize, prop::sample::select(vec![0.0, 1e3, 3e6, 1e9])), 1..6),
        skill in 0..70_usize,
        role in prop::sample::select(WorkerRole::ALL.to_vec()),
        oldest_s in 0..1_200_i64,
    ) {
        let mut workers: Vec<(Worker, LngLat, i64)> = (0..)
            .zip(&places)
            .map(|(id, &position)| {
                let mut worker = worker(id, id % 7 != 0);
                worker.role = WorkerRole::ALL[id as usize % WorkerRole::ALL.len()];
                worker.skills = (0..id as usize % 3).map(|n| format!("skill {}", n * id as usize % 70)).collect();
                (worker, position, 1_000)
            })
            .collect();
        let everyone = |workers: &[(Worker, LngLat, i64)]| -> Vec<(Worker, Vec<Post>)> {
            workers.iter().map(|(worker, _, _)| (worker.clone(), vec![])).collect()
        };
        let fixes = |workers: &[(Worker, LngLat, i64)]| -> Vec<Fix> {
            workers.iter().map(|(worker, position, age_s)| fix(worker.id.0.as_u128(), *position, *age_s)).collect()
        };
        let roster = Roster::build(everyone(&workers), fixes(&workers));
        for (age_s, news) in (0..900).rev().zip(happens) {
            let many = workers.len();
            match news {
                News::Moved(who, to) => {
                    let (worker, position, seen_s) = &mut workers[who % many];
                    (*position, *seen_s) = (to, age_s);
                    roster.take_in([fix(worker.id.0.as_u128(), to, age_s)]);
                }
                News::Duty(who, on_duty) => {
                    let (worker, _, _) = &mut workers[who % many];
                    worker.on_duty = on_duty;
                    roster.put(worker.clone(), vec![]);
                }
                News::Skills(who, skills) => {
                    let (worker, _, _) = &mut workers[who % many];
                    worker.skills = skills.iter().map(|skill| format!("skill {skill}")).collect();
                    roster.put(worker.clone(), vec![]);
                }
                News::Reloaded => {
                    roster.put_all(everyone(&workers));
                    roster.take_in(fixes(&workers));
                }
            }
        }
        let skill = format!("skill {skill}");
        let even = |worker: &Worker| worker.id.0.as_u128().is_multiple_of(2);
        for (point, count, max_m) in queries {
            let mut expected = sorted(&workers, point, max_m, |_, _| true);
            expected.truncate(count);
            let found = roster.nearest(point, count, max_m, &Wanted::default(), |_| true);
            prop_assert_eq!(answered(&found), expected);

            let wanted = Wanted {
                skill: Some(&skill),
                role: Some(role),
                seen_since: Some(now() - chrono::TimeDelta::seconds(oldest_s)),
            };
            for wanted in [
                Wanted { skill: wanted.skill, ..Wanted::default() },
                Wanted { role: wanted.role, ..Wanted::default() },
                Wanted { seen_since: wanted.seen_since, ..Wanted::default() },
                wanted,
            ] {
                let mut expected = sorted(&workers, point, max_m, |worker, age_s| {
                    wanted.skill.is_none_or(|skill| worker.skills.iter().any(|known| known == skill))
                        && wanted.role.is_none_or(|role| worker.role == role)
                        && wanted.seen_since.is_none_or(|_| age_s <= oldest_s)
                        && even(worker)
                });
                expected.truncate(count);
                let found = roster.nearest(point, count, max_m, &wanted, |candidate| even(&candidate.person().worker));
                prop_assert_eq!(answered(&found), expected, "{:?}", wanted);
            }
        }
    }
}

/// Some stand still, some go to and fro between two places, at once and for ever; readers
/// look on.
#[test]
fn whoever_moves_is_seen_at_one_place_and_nobody_is_missed() {
    const STILL: u128 = 300;
    const MOVING: u128 = 100;
    const ROUNDS: i64 = 400;
    let grid = |n: u128, off: f64| {
        let small = |n: u128| f64::from(u32::try_from(n).unwrap());
        let (x, y) = (small(n * 37 % 101), small(n * 53 % 97));
        at(119.0 + x * 1e-3 + off, 33.5 + y * 1e-3)
    };
    let homes: Vec<[LngLat; 2]> = (0..STILL + MOVING)
        .map(|n| match n {
            n if n < STILL => [grid(n, 0.0); 2],
            n => [grid(n, 0.0003), grid(n * 11, 0.0006)],
        })
        .collect();
    let start = |id: u128| fix(id, homes[id as usize][0], 10_000);
    let roster = Roster::build(
        (0..STILL + MOVING).map(|id| (worker(id, true), vec![])),
        (0..STILL + MOVING).map(start),
    );
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let check = |point: LngLat, count: usize| {
        let near = roster.nearest(point, count, f64::INFINITY, &Wanted::default(), |_| true);
        let mut found = ids(&near);
        for one in &near {
            let id = one.member.worker.id.0.as_u128() as usize;
            assert!(
                homes[id].contains(&one.member.fix.unwrap().position),
                "{one:?}"
            );
        }
        found.sort_unstable();
        found.dedup();
        assert_eq!(
            found.len(),
            count.min(homes.len()),
            "somebody is missed or there twice"
        );
        // Whoever is nearer than the last of the answer, wherever they are, is in it.
        let last_m = near.last().unwrap().distance_m;
        for (id, places) in (0..).zip(&homes) {
            if places.iter().all(|place| place.distance_m(point) < last_m) {
                assert!(found.contains(&id), "{id} is nearer than {last_m}");
            }
        }
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2_u128)
            .map(|reader| {
                let (check, is_over, grid) = (&check, &is_over, &grid);
                scope.spawn(move || {
                    let mut round = reader;
                    while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                        check(
                            grid(round * 7, 0.0001),
                            [1, 5, 40, 1_000][round as usize % 4],
                        );
                        round += 1;
                    }
                })
            })
            .collect();
        for round in 1..=ROUNDS {
            let moved = (STILL..STILL + MOVING).map(|id| {
                let to = homes[id as usize][usize::try_from(round % 2).unwrap()];
                fix(id, to, 10_000 - round)
            });
            roster.take_in(moved);
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        for reader in readers {
            reader.join().unwrap();
        }
    });
}

#[test]
fn many_on_one_spot_are_told_apart_by_identity() {
    let here = at(119.0, 33.6);
    let many = 0..5_000_u128;
    let roster = Roster::build(
        many.clone().map(|id| (worker(id, true), vec![])),
        many.map(|id| fix(id, here, 100)),
    );
    let near = roster.nearest(here, 3, 1e9, &Wanted::default(), |person| {
        person.person().worker.id.0.as_u128() > 4_000
    });
    assert_eq!(ids(&near), [4_001, 4_002, 4_003]);
}

#[test]
fn whoever_is_new_or_posted_elsewhere_is_found() {
    let code = |text: &str| text.parse::<AreaCode>().unwrap();
    let post = |id: u128, area: &str| Post {
        id: PostId(Uuid::from_u128(id)),
        worker: WorkerId(Uuid::from_u128(id)),
        area: code(area),
        slot: Slot::GridWorker,
        from: now() - chrono::TimeDelta::days(1),
        until: None,
    };
    let posted = |roster: &Roster, area: &str| -> Vec<u128> {
        let posted = roster.posted_to(&code(area), now());
        posted
            .iter()
            .map(|(_, member)| member.worker.id.0.as_u128())
            .collect()
    };
    let roster = Roster::build([(worker(1, true), vec![post(1, "320812")])], []);
    roster.put(worker(2, true), vec![post(2, "320812")]);
    assert_eq!((roster.len(), posted(&roster, "320812")), (2, vec![1, 2]));
    roster.put(worker(1, true), vec![post(1, "320813")]);
    assert_eq!(posted(&roster, "320812"), [2]);
    assert_eq!(posted(&roster, "320813"), [1]);
    assert!(roster.find(WorkerId(Uuid::from_u128(3))).is_none());
}

#[test]
fn a_jump_is_set_aside_and_the_worker_stays() {
    let roster = Roster::build([(worker(1, true), vec![])], []);
    roster.record(fix(1, at(119.0, 33.6), 60), now()).unwrap();
    let jump = roster.record(fix(1, at(116.4, 39.9), 0), now());
    assert_eq!(jump, Err(SetAside::Jump));
    let near = roster.nearest(at(116.4, 39.9), 1, 1e9, &Wanted::default(), |_| true);
    assert_eq!(near[0].member.fix.unwrap().position, at(119.0, 33.6));
}
