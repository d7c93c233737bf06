//! Posts one by one, duty rosters, and what workers had to do.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{NaiveDate, TimeDelta};
use futures::future::join;
use wangge::domain::incident::Deferral;
use wangge::domain::posts::{Duty, Plan, ShiftCode, Workload, fingerprint};
use wangge::domain::{
    AreaRef, Assignee, Incident, Level, Post, PostId, Slot, Task, TaskId, TaskRole, TaskStatus,
    Timestamp, Topic, WorkerId,
};
use wangge::store::{DutyQuery, NewRoster, Store, StoreError, WorkloadQuery};

use crate::log::announced;
use crate::sample::{
    bare_task, chain, code, file, new_incident, post, save_workers, step, time, uuid, worker,
};

const HOUR: i64 = 3_600;

fn hour(hours: i64) -> Timestamp {
    time(hours * HOUR)
}

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// A worker on duty in the grid of [`post`] from one hour to another.
pub fn duty(n: u128, hours: Range<i64>) -> Duty {
    Duty {
        plan: Plan {
            area: code("320812001001001"),
            slot: Slot::GridWorker,
            date: date(22),
            shift: ShiftCode(format!("班{}", hours.start)),
            worker: worker(n).id,
            stands_in_for: None,
        },
        from: hour(hours.start),
        until: hour(hours.end),
    }
}

/// A roster for everything of [`duty`] in the place of another.
pub fn roster(before: &[Duty], duties: &[Duty], at: Timestamp) -> NewRoster {
    NewRoster {
        areas: ["320812001001001", "320812001001002"].map(code).to_vec(),
        dates: date(22)..date(24),
        base: fingerprint(before),
        duties: duties.to_vec(),
        at,
    }
}

async fn duties(store: &dyn Store, query: DutyQuery) -> Vec<Duty> {
    let mut duties = store.list_duties(&query).await.unwrap();
    duties.sort();
    duties
}

async fn is_on_duty(store: &dyn Store, n: u128) -> bool {
    let found = store.find_worker(worker(n).id).await.unwrap();
    found.unwrap().worker.on_duty
}

/// The workers told of after the first change, and what is told.
async fn told(store: &dyn Store) -> Vec<(Timestamp, Topic, String)> {
    let changes = announced(store).await;
    let told = changes.into_iter().skip(1);
    told.map(|change| (change.at, change.topic, change.payload.to_string()))
        .collect()
}

fn told_of(at: Timestamp, n: u128, on_duty: bool) -> (Timestamp, Topic, String) {
    let payload = serde_json::json!({ "id": worker(n).id, "on_duty": on_duty });
    (at, Topic::Workers, payload.to_string())
}

pub async fn a_post_is_kept_changed_and_announced(store: &dyn Store) {
    save_workers(store, [1, 2]).await;
    let first = Post {
        until: Some(hour(5)),
        ..post(7, worker(1).id)
    };
    assert_eq!(store.find_post(first.id).await.unwrap(), None);
    store.save_post(&first, time(1)).await.unwrap();
    assert_eq!(
        store.find_post(first.id).await.unwrap(),
        Some(first.clone())
    );
    let longer = Post {
        until: None,
        ..first
    };
    store.save_post(&longer, time(2)).await.unwrap();
    assert_eq!(
        store.find_post(longer.id).await.unwrap(),
        Some(longer.clone())
    );
    let found = store.find_worker(worker(1).id).await.unwrap().unwrap();
    assert_eq!(found.posts, [longer]);
    assert_eq!(
        told(store).await,
        [told_of(time(1), 1, false), told_of(time(2), 1, false)]
    );

    let nobody = WorkerId(uuid(9));
    let refused = store.save_post(&post(8, nobody), time(3)).await;
    assert!(matches!(refused, Err(StoreError::NoWorker(id)) if id == nobody));
    assert_eq!(store.find_post(post(8, nobody).id).await.unwrap(), None);
}

pub async fn a_post_that_overlaps_is_refused(store: &dyn Store) {
    save_workers(store, [1, 2]).await;
    let held = Post {
        from: hour(10),
        until: Some(hour(20)),
        ..post(1, worker(1).id)
    };
    store.save_post(&held, time(0)).await.unwrap();
    let at = |hours: Range<i64>| Post {
        id: PostId(uuid(2)),
        from: hour(hours.start),
        until: Some(hour(hours.end)),
        ..held.clone()
    };
    for hours in [0..11, 10..20, 12..13, 19..30, 0..40] {
        let refused = store.save_post(&at(hours.clone()), time(1)).await;
        assert!(
            matches!(refused, Err(StoreError::PostOverlaps(id)) if id == held.id),
            "{hours:?}: {refused:?}"
        );
    }
    let beside = [
        at(0..10),
        at(20..30),
        Post {
            slot: Slot::Cadre,
            ..at(12..13)
        },
        Post {
            area: code("320812001001002"),
            ..at(12..13)
        },
        Post {
            worker: worker(2).id,
            ..at(12..13)
        },
    ];
    for other in beside {
        store.save_post(&other, time(2)).await.unwrap();
    }
    // Of two who appoint the same worker at once, one does.
    for n in 10..15_i64 {
        let [one, other] = [0, 1].map(|k| Post {
            id: PostId(uuid(u128::try_from(n * 10 + k).unwrap())),
            ..at(n * 10..n * 10 + 5)
        });
        let (one, other) = join(
            store.save_post(&one, time(3)),
            store.save_post(&other, time(3)),
        )
        .await;
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }
}

pub async fn a_roster_comes_back_as_it_was_written(store: &dyn Store) {
    save_workers(store, 1..=4).await;
    assert_eq!(duties(store, DutyQuery::default()).await, []);
    let mut others = duty(2, 12..24);
    others.plan.area = code("320812001001002");
    others.plan.slot = Slot::Volunteer;
    let mut stand_in = duty(3, 24..36);
    stand_in.plan.date = date(23);
    stand_in.plan.stands_in_for = Some(worker(1).id);
    let mut all = vec![duty(1, 0..12), others.clone(), stand_in.clone()];
    let new = roster(&[], &all, hour(-9));
    store.save_roster(&new).await.unwrap();
    all.sort();
    assert_eq!(duties(store, DutyQuery::default()).await, all);

    let by = |change: &dyn Fn(&mut DutyQuery)| {
        let mut query = DutyQuery::default();
        change(&mut query);
        duties(store, query)
    };
    let area = vec![others.plan.area.clone(), code("32")];
    assert_eq!(
        by(&|query| query.areas = Some(area.clone())).await,
        [others.clone()]
    );
    assert_eq!(by(&|query| query.areas = Some(vec![])).await, []);
    assert_eq!(
        by(&|query| query.worker = Some(worker(3).id)).await,
        [stand_in.clone()]
    );
    assert_eq!(
        by(&|query| query.dates = Some(date(23)..date(24))).await,
        [stand_in.clone()]
    );
    assert_eq!(
        by(&|query| query.dates = Some(date(22)..date(24))).await,
        all
    );
    let then = |from: i64, until: i64| by_time(store, hour(from)..hour(until));
    assert_eq!(then(12, 24).await, [others]);
    assert_eq!(then(11, 13).await.len(), 2);
    assert_eq!(then(36, 40).await, []);

    // What is not in the areas or on the dates stays.
    let next = NewRoster {
        areas: vec![code("320812001001001")],
        dates: date(23)..date(24),
        base: fingerprint(&[stand_in]),
        duties: vec![],
        at: hour(-8),
    };
    store.save_roster(&next).await.unwrap();
    assert_eq!(duties(store, DutyQuery::default()).await.len(), 2);
}

async fn by_time(store: &dyn Store, during: Range<Timestamp>) -> Vec<Duty> {
    let during = Some(during);
    duties(
        store,
        DutyQuery {
            during,
            ..DutyQuery::default()
        },
    )
    .await
}

pub async fn the_second_of_two_who_write_a_roster_is_refused(store: &dyn Store) {
    save_workers(store, [1, 2]).await;
    let [one, other] = [[duty(1, 0..12)], [duty(2, 0..12)]];
    store
        .save_roster(&roster(&[], &one, hour(-1)))
        .await
        .unwrap();
    for before in [&[][..], &other] {
        let refused = store.save_roster(&roster(before, &other, hour(-1))).await;
        assert!(matches!(refused, Err(StoreError::StaleRoster)));
    }
    assert_eq!(duties(store, DutyQuery::default()).await, one);
    let mut now: Vec<Duty> = one.to_vec();
    for n in 1..=8_i64 {
        let next = |n: i64| vec![duty(1, n * 12..n * 12 + 12)];
        let [a, b] = [next(n), next(n + 100)];
        let (of_a, of_b) = (roster(&now, &a, hour(-1)), roster(&now, &b, hour(-1)));
        let (one, other) = join(store.save_roster(&of_a), store.save_roster(&of_b)).await;
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        now = if one.is_ok() { a } else { b };
        assert_eq!(duties(store, DutyQuery::default()).await, now);
    }
}

pub async fn duties_that_begin_and_end_are_followed_once(store: &dyn Store) {
    save_workers(store, 1..=4).await;
    let all = [
        duty(1, 0..12),
        duty(2, 12..24),
        // Two on end are one.
        duty(3, 0..12),
        duty(3, 12..24),
    ];
    store
        .save_roster(&roster(&[], &all, hour(-1)))
        .await
        .unwrap();
    assert!(!store.is_roster_due(hour(-1)).await.unwrap());
    assert_eq!(store.follow_roster(hour(-1)).await.unwrap(), []);
    assert!(store.is_roster_due(hour(0)).await.unwrap());
    let both = sorted([1, 3]);
    assert_eq!(store.follow_roster(hour(0)).await.unwrap(), both);
    assert!(!store.is_roster_due(hour(1)).await.unwrap());
    assert_eq!(store.follow_roster(hour(1)).await.unwrap(), []);

    // By hand in between, and so it stays.
    store.set_duty(worker(1).id, false, hour(2)).await.unwrap();
    store.set_duty(worker(4).id, true, hour(2)).await.unwrap();
    assert_eq!(store.follow_roster(hour(11)).await.unwrap(), []);
    assert!(!is_on_duty(store, 1).await);

    let at_once = join(store.follow_roster(hour(12)), store.follow_roster(hour(12))).await;
    let [one, other] = [at_once.0.unwrap(), at_once.1.unwrap()];
    assert_eq!([one, other].concat(), [worker(2).id]);
    assert!(is_on_duty(store, 3).await, "it goes on without a break");
    // Nobody looked when it ended.
    assert_eq!(store.follow_roster(hour(40)).await.unwrap(), sorted([2, 3]));
    assert!(is_on_duty(store, 4).await, "no roster has this worker");
    for n in 1..=3 {
        assert!(!is_on_duty(store, n).await);
    }

    let followed: Vec<_> = told(store)
        .await
        .into_iter()
        .filter(|(at, ..)| *at == hour(12))
        .collect();
    assert_eq!(followed, [told_of(hour(12), 2, true)]);
}

fn sorted<const N: usize>(numbers: [u128; N]) -> Vec<WorkerId> {
    let mut workers = numbers.map(|n| worker(n).id).to_vec();
    workers.sort();
    workers
}

pub async fn a_duty_that_is_over_when_nobody_looked_leaves_nobody_on_duty(store: &dyn Store) {
    save_workers(store, [1]).await;
    let all = [duty(1, 0..12)];
    store
        .save_roster(&roster(&[], &all, hour(-1)))
        .await
        .unwrap();
    assert_eq!(store.follow_roster(hour(13)).await.unwrap(), []);
    assert!(!is_on_duty(store, 1).await);
}

pub async fn a_roster_written_during_a_shift_holds_at_once(store: &dyn Store) {
    save_workers(store, 1..=4).await;
    let before = [duty(1, 0..12), duty(2, 0..12), duty(4, 0..12)];
    store
        .save_roster(&roster(&[], &before, hour(-1)))
        .await
        .unwrap();
    // Nobody has followed the roster yet; the change finds out.
    store.set_duty(worker(3).id, true, hour(1)).await.unwrap();
    let mut elsewhere = duty(4, 0..12);
    elsewhere.plan.area = code("320812001001002");
    let after = [
        duty(1, 0..12),
        elsewhere,
        // Written down afterwards: what is over puts nobody off duty.
        duty(3, -8..-2),
    ];
    let touched = store.save_roster(&roster(&before, &after, hour(3))).await;
    assert_eq!(touched.unwrap(), sorted([1, 2, 3, 4]));
    let on_duty = async |n| is_on_duty(store, n).await;
    assert!(on_duty(1).await && on_duty(4).await && on_duty(3).await);
    assert!(!on_duty(2).await);
    assert!(!store.is_roster_due(hour(3)).await.unwrap());

    // A stand-in comes, and who is ill goes.
    let mut stand_in = duty(2, 0..12);
    stand_in.plan.stands_in_for = Some(worker(1).id);
    let last = [stand_in];
    store
        .save_roster(&roster(&after, &last, hour(4)))
        .await
        .unwrap();
    assert!(on_duty(2).await && !on_duty(1).await);
}

pub async fn a_shift_of_very_many_is_announced_once(store: &dyn Store) {
    save_workers(store, 1..=300).await;
    let all: Vec<Duty> = (1..=300).map(|n| duty(n, 0..12)).collect();
    store
        .save_roster(&roster(&[], &all, hour(-1)))
        .await
        .unwrap();
    assert_eq!(store.follow_roster(hour(0)).await.unwrap().len(), 300);
    let topics: Vec<(Timestamp, Topic)> = told(store)
        .await
        .into_iter()
        .map(|(at, topic, _)| (at, topic))
        .collect();
    assert_eq!(
        topics,
        [
            (hour(-1), Topic::Organisations),
            (hour(0), Topic::Organisations)
        ]
    );
}

pub async fn a_post_that_ends_takes_its_coming_duties_along(store: &dyn Store) {
    save_workers(store, [1, 2]).await;
    let held = post(1, worker(1).id);
    store.save_post(&held, time(0)).await.unwrap();
    let mut stand_in = duty(1, 48..60);
    stand_in.plan.stands_in_for = Some(worker(2).id);
    let mut elsewhere = duty(1, 60..72);
    elsewhere.plan.slot = Slot::Cadre;
    let staying = [
        duty(1, 0..12),
        duty(1, 12..24),
        duty(2, 24..36),
        stand_in,
        elsewhere,
    ];
    let all = [&staying[..], &[duty(1, 24..36)]].concat();
    store
        .save_roster(&roster(&[], &all, hour(-1)))
        .await
        .unwrap();
    let ended = Post {
        until: Some(hour(20)),
        ..held
    };
    store.save_post(&ended, hour(15)).await.unwrap();
    let mut expected = staying.to_vec();
    expected.sort();
    assert_eq!(duties(store, DutyQuery::default()).await, expected);
    // Ended long ago, as is found out now: what has begun is history.
    let earlier = Post {
        until: Some(hour(1)),
        ..ended
    };
    store.save_post(&earlier, hour(15)).await.unwrap();
    assert_eq!(duties(store, DutyQuery::default()).await, expected);
}

fn task(n: u128, of: u128, role: TaskRole, status: TaskStatus, offered: i64) -> Task {
    Task {
        id: TaskId(uuid(n)),
        role,
        assignee: Assignee::Worker(worker(of).id),
        status,
        offered_at: time(offered),
        signed_at: None,
        fed_back_at: None,
        ..bare_task(n)
    }
}

/// Files an incident and gives it tasks.
async fn file_with(store: &dyn Store, n: u128, change: impl FnOnce(&mut Incident)) {
    let incident = file(store, new_incident(n)).await;
    store.record_step(&step(&incident, change)).await.unwrap();
}

pub async fn what_workers_had_to_do_is_added_up(store: &dyn Store) {
    use TaskRole::{Assist, Lead};
    use TaskStatus::{Expired, FedBack, Offered, Returned, Signed};
    save_workers(store, 1..=3).await;
    file_with(store, 1, |incident| {
        incident.deadlines.resolve_by = Some(time(1_000));
        incident.tasks = vec![
            Task {
                signed_at: Some(time(110)),
                fed_back_at: Some(time(1_001)),
                ..task(1, 1, Lead, FedBack, 100)
            },
            task(2, 1, Lead, Expired, 50),
            Task {
                signed_at: Some(time(220)),
                ..task(3, 2, Assist, Signed, 200)
            },
            Task {
                assignee: bare_task(4).assignee,
                ..task(4, 1, Assist, Signed, 200)
            },
        ];
        // The assistant has limits of its own.
        incident.tasks[2].deadlines.resolve_by = Some(time(5_000));
    })
    .await;
    file_with(store, 2, |incident| {
        incident.deadlines.resolve_by = Some(time(1_000));
        incident.tasks = vec![
            Task {
                signed_at: Some(time(330)),
                fed_back_at: Some(time(1_000)),
                ..task(5, 1, Lead, FedBack, 300)
            },
            task(6, 2, Assist, Returned, 300),
        ];
    })
    .await;
    // Elsewhere, and open beyond its limit.
    file_with(store, 3, |incident| {
        incident.chain.truncate(4);
        incident.deadlines.resolve_by = Some(time(1_000));
        incident.tasks = vec![task(7, 2, Lead, Offered, 400)];
    })
    .await;
    // Put off, so not late.
    file_with(store, 4, |incident| {
        incident.deadlines.resolve_by = Some(time(1_000));
        incident.deferral = Some(Deferral {
            since: time(900),
            until: time(9_000),
            reason: "雨".into(),
        });
        incident.tasks = vec![task(8, 2, Lead, Signed, 500)];
    })
    .await;

    let all = WorkloadQuery {
        within: None,
        since: time(50),
        until: time(501),
        now: time(2_000),
    };
    let first = Workload {
        led: 3,
        late: 1,
        mean_sign_s: Some(20.0),
        mean_feed_back_s: Some(800.5),
        ..Workload::none(worker(1).id)
    };
    let second = Workload {
        led: 2,
        assisted: 2,
        open: 3,
        late: 1,
        returned: 1,
        mean_sign_s: Some(20.0),
        ..Workload::none(worker(2).id)
    };
    assert_eq!(added_up(store, &all).await, by_worker([first, second]));
    // Not late yet, and one moment later late.
    for (now, late) in [(1_000, 0), (1_001, 1)] {
        let query = WorkloadQuery {
            now: time(now),
            ..all.clone()
        };
        assert_eq!(added_up(store, &query).await[&worker(2).id].late, late);
    }
    // The end of the time is not in it.
    let until = WorkloadQuery {
        until: time(500),
        ..all.clone()
    };
    assert_eq!(added_up(store, &until).await[&worker(2).id].led, 1);
    let since = WorkloadQuery {
        since: time(51),
        ..all.clone()
    };
    assert_eq!(added_up(store, &since).await[&worker(1).id].led, 2);
    for (area, expected) in [
        (&chain()[5], 1),
        (&chain()[3], 2),
        (
            &AreaRef {
                code: code("320812001001002"),
                name: String::new(),
                level: Level::Grid,
            },
            0,
        ),
    ] {
        let query = WorkloadQuery {
            within: Some(area.clone()),
            ..all.clone()
        };
        let found = added_up(store, &query).await;
        let led = found.get(&worker(2).id).map_or(0, |load| load.led);
        assert_eq!(led, expected, "{}", area.code);
    }
    let nothing = WorkloadQuery {
        since: time(600),
        until: time(600) + TimeDelta::days(1),
        ..all
    };
    assert!(added_up(store, &nothing).await.is_empty());
}

fn by_worker(loads: impl IntoIterator<Item = Workload>) -> BTreeMap<WorkerId, Workload> {
    loads.into_iter().map(|load| (load.worker, load)).collect()
}

async fn added_up(store: &dyn Store, query: &WorkloadQuery) -> BTreeMap<WorkerId, Workload> {
    by_worker(store.list_workloads(query).await.unwrap())
}
