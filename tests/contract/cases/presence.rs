//! Visits, watches and alarms.

use futures::future::join_all;
use wangge::domain::presence::{Alarm, AlarmKind, Settled, Visit, Watch};
use wangge::domain::{AlarmId, Timestamp, Topic, WorkerId};
use wangge::store::{AlarmQuery, Store, VisitQuery};

use crate::log::{announced, announced_topics};
use crate::sample::{code, place, save_workers, time, uuid};

const DAY: i64 = 86_400;

/// A visit of a worker that lasts, from a second on.
pub fn visit(worker: u128, from: i64) -> Visit {
    Visit {
        worker: WorkerId(uuid(worker)),
        area: code("320812001001001"),
        from: time(from),
        seen_at: time(from),
        until: None,
    }
}

fn ended(worker: u128, from: i64, until: i64) -> Visit {
    Visit {
        seen_at: time(until - 1),
        until: Some(time(until)),
        ..visit(worker, from)
    }
}

pub fn watch(worker: u128, since: i64) -> Watch {
    Watch {
        worker: WorkerId(uuid(worker)),
        since: time(since),
        minutes: 45,
        set_by: "清江街道 调度员".into(),
    }
}

/// An alarm of the first worker with everything in it.
pub fn alarm(n: u128, kind: AlarmKind) -> Alarm {
    Alarm {
        id: AlarmId(uuid(n)),
        worker: WorkerId(uuid(1)),
        kind,
        at: time(i64::try_from(n).unwrap()),
        position: Some(place(119.021_123_4, -33.610_432_1)),
        area: Some(code("320812001001001")),
        note: Some("有人“动手”\n快来".into()),
        settled: None,
    }
}

pub fn settled(at: i64) -> Settled {
    Settled {
        at: time(at),
        by: "李 值班员".into(),
        note: Some("电话已通，平安".into()),
    }
}

async fn list(store: &dyn Store, query: VisitQuery) -> Vec<Visit> {
    store.list_visits(&query).await.unwrap()
}

/// All visits of a few days, in the order of their workers and beginnings.
async fn all(store: &dyn Store) -> Vec<Visit> {
    let during = Some(time(-4 * DAY)..time(4 * DAY));
    list(
        store,
        VisitQuery {
            during,
            ..VisitQuery::default()
        },
    )
    .await
}

fn in_order(mut visits: Vec<Visit>) -> Vec<Visit> {
    visits.sort_by_key(|visit| (visit.worker, visit.from));
    visits
}

pub async fn visits_come_back_as_they_were_kept(store: &dyn Store) {
    let midnight = 16 * 3_600;
    let mut kept = vec![
        ended(1, 0, 100),
        visit(1, 100),
        ended(2, midnight - 60, midnight + 60),
        visit(3, -DAY),
    ];
    store.keep_visits(&[]).await.unwrap();
    store.keep_visits(&kept).await.unwrap();
    assert_eq!(all(store).await, in_order(kept.clone()));
    kept[1].seen_at = time(500);
    kept[3].until = Some(time(5));
    kept[3].seen_at = time(4);
    store.keep_visits(&kept[1..]).await.unwrap();
    assert_eq!(all(store).await, in_order(kept));
}

pub async fn a_visit_that_has_ended_is_not_begun_again(store: &dyn Store) {
    let last = ended(1, 0, 100);
    store
        .keep_visits(std::slice::from_ref(&last))
        .await
        .unwrap();
    // What a node says that was silent for a while.
    let late = Visit {
        seen_at: time(200),
        ..visit(1, 0)
    };
    store.keep_visits(&[late]).await.unwrap();
    store.keep_visits(&[ended(1, 0, 300)]).await.unwrap();
    assert_eq!(all(store).await, std::slice::from_ref(&last));
    // Nor is the last sight taken back.
    let seen = Visit {
        seen_at: time(900),
        ..visit(2, 0)
    };
    store
        .keep_visits(std::slice::from_ref(&seen))
        .await
        .unwrap();
    store.keep_visits(&[visit(2, 0)]).await.unwrap();
    assert_eq!(all(store).await, in_order(vec![last, seen]));
}

pub async fn visits_are_found_by_worker_area_and_time(store: &dyn Store) {
    let elsewhere = |visit: Visit| Visit {
        area: code("320812001001002"),
        ..visit
    };
    let kept = [
        ended(1, 0, 100),
        elsewhere(ended(1, 100, 200)),
        visit(1, 200),
        elsewhere(visit(2, 50)),
        // As long as a visit may be, and begun the day before.
        ended(3, 10 - DAY, 10),
    ];
    store.keep_visits(&kept).await.unwrap();
    let one = Some(WorkerId(uuid(1)));
    let there = Some(vec![code("320812001001002")]);
    let both = Some(vec![code("320812001001001"), code("320812001001002")]);
    let during = |from, until| Some(time(from)..time(until));
    for (worker, areas, during, expected) in [
        (one, None, during(0, 1_000), &[0, 1, 2][..]),
        (one, None, during(101, 150), &[1]),
        (one, None, during(100, 101), &[0, 1]),
        (one, None, during(1_000, 2_000), &[2]),
        (one, None, during(-50, 0), &[]),
        (None, there.clone(), during(0, 60), &[3]),
        (None, there.clone(), during(0, 120), &[1, 3]),
        (one, there.clone(), during(0, 120), &[1]),
        (None, None, during(5, 20), &[0, 4]),
        (None, Some(vec![]), during(0, 1_000), &[]),
        (None, both.clone(), None, &[2, 3]),
        (None, there, None, &[3]),
        (None, None, None, &[2, 3]),
    ] {
        let query = VisitQuery {
            worker,
            areas,
            during,
        };
        let expected = expected.iter().map(|&n| kept[n].clone()).collect();
        assert_eq!(
            list(store, query.clone()).await,
            in_order(expected),
            "{query:?}"
        );
    }
}

pub async fn visits_of_days_that_are_over_are_forgotten(store: &dyn Store) {
    let kept: Vec<Visit> = (-3..=0)
        .map(|days| ended(1, days * DAY, days * DAY + 60))
        .collect();
    store.keep_visits(&kept).await.unwrap();
    let day = kept[2].from.date_naive();
    store.drop_presence_before(day).await.unwrap();
    assert_eq!(all(store).await, kept[2..]);
}

pub async fn alarms_that_were_settled_long_ago_are_forgotten(store: &dyn Store) {
    save_workers(store, [1]).await;
    let day = time(0).date_naive();
    let begins_at = day.and_time(chrono::NaiveTime::MIN).and_utc();
    let mut kept = vec![];
    for (n, settled_at) in [(1, Some(-1)), (2, Some(0)), (3, None)] {
        // All of them are of before.
        let alarm = Alarm {
            at: begins_at - chrono::TimeDelta::days(9),
            ..alarm(n, AlarmKind::Panic)
        };
        store.raise_alarm(&alarm).await.unwrap();
        if let Some(seconds) = settled_at {
            let settled = Settled {
                at: begins_at + chrono::TimeDelta::milliseconds(seconds),
                ..settled(0)
            };
            store.settle_alarm(alarm.id, &settled).await.unwrap();
        }
        kept.push(alarm.id);
    }
    store.drop_presence_before(day).await.unwrap();
    for (at, id) in kept.into_iter().enumerate() {
        let found = store.find_alarm(id).await.unwrap();
        assert_eq!(found.is_some(), at > 0, "{found:?}");
    }
}

pub async fn thousands_of_visits_are_kept_at_once(store: &dyn Store) {
    let visits: Vec<Visit> = (1..=5_000).map(|worker| visit(worker, 0)).collect();
    store.keep_visits(&visits).await.unwrap();
    assert_eq!(all(store).await, in_order(visits));
}

pub async fn one_watch_for_each_worker_is_kept(store: &dyn Store) {
    save_workers(store, 1..=2).await;
    assert_eq!(store.list_watches().await.unwrap(), []);
    for watch in [watch(1, 0), watch(2, 5), watch(1, 9)] {
        store.save_watch(&watch).await.unwrap();
    }
    let mut expected = vec![watch(1, 9), watch(2, 5)];
    expected.sort_by_key(|watch| watch.worker);
    assert_eq!(store.list_watches().await.unwrap(), expected);
    let one = watch(1, 0).worker;
    assert!(store.end_watch(one).await.unwrap());
    assert!(!store.end_watch(one).await.unwrap());
    assert_eq!(store.list_watches().await.unwrap(), [watch(2, 5)]);
    let nobody = watch(9, 0);
    assert!(
        store.save_watch(&nobody).await.is_err(),
        "there is no such worker"
    );
}

async fn raise(store: &dyn Store, alarm: &Alarm) -> bool {
    let raised = store.raise_alarm(alarm).await.unwrap();
    if !raised.repeated {
        assert_eq!(&raised.alarm, alarm);
    }
    !raised.repeated
}

pub async fn an_alarm_comes_back_and_is_announced_without_saying_where(store: &dyn Store) {
    save_workers(store, [1]).await;
    let full = alarm(1, AlarmKind::Silent);
    let bare = Alarm {
        position: None,
        area: None,
        note: None,
        ..alarm(2, AlarmKind::Panic)
    };
    for alarm in [&full, &bare] {
        assert!(raise(store, alarm).await);
        let found = store.find_alarm(alarm.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(alarm));
    }
    assert_eq!(store.find_alarm(AlarmId(uuid(9))).await.unwrap(), None);
    let changes = announced(store).await;
    let told = changes
        .iter()
        .filter(|change| change.topic == Topic::Alarms);
    let told: Vec<_> = told
        .map(|change| (change.key.clone(), change.area.clone(), change.at))
        .collect();
    let expected = [&full, &bare].map(|alarm| (alarm.id.to_string(), alarm.area.clone(), alarm.at));
    assert_eq!(told, expected);
    let payload = changes.last().unwrap().payload.to_string();
    assert!(
        payload.contains("panic") && !payload.contains("119.0"),
        "{payload}"
    );
}

pub async fn one_call_for_help_and_one_alarm_of_the_watch_are_open_at_a_time(store: &dyn Store) {
    save_workers(store, 1..=2).await;
    let silent = alarm(1, AlarmKind::Silent);
    assert!(raise(store, &silent).await);
    let again = store
        .raise_alarm(&alarm(2, AlarmKind::Still))
        .await
        .unwrap();
    assert_eq!((again.alarm, again.repeated), (silent.clone(), true));
    let panic = alarm(3, AlarmKind::Panic);
    assert!(raise(store, &panic).await);
    let again = store
        .raise_alarm(&alarm(4, AlarmKind::Panic))
        .await
        .unwrap();
    assert_eq!((again.alarm, again.repeated), (panic, true));
    let other = Alarm {
        worker: WorkerId(uuid(2)),
        ..alarm(5, AlarmKind::Still)
    };
    assert!(raise(store, &other).await);
    store.settle_alarm(silent.id, &settled(10)).await.unwrap();
    assert!(raise(store, &alarm(6, AlarmKind::Still)).await);
    let topics = announced_topics(store).await;
    let alarms = topics.iter().filter(|&&topic| topic == Topic::Alarms);
    assert_eq!(alarms.count(), 5);
}

pub async fn of_alarms_raised_at_once_one_is_new(store: &dyn Store) {
    save_workers(store, [1]).await;
    let alarms: Vec<Alarm> = (1..=8).map(|n| alarm(n, AlarmKind::Panic)).collect();
    let raised = join_all(alarms.iter().map(|alarm| store.raise_alarm(alarm))).await;
    let raised: Vec<_> = raised.into_iter().map(Result::unwrap).collect();
    assert_eq!(raised.iter().filter(|raised| !raised.repeated).count(), 1);
    assert!(raised.iter().all(|it| it.alarm == raised[0].alarm));
}

pub async fn an_alarm_is_settled_once_and_lets_the_watch_begin_anew(store: &dyn Store) {
    save_workers(store, 1..=2).await;
    for watch in [watch(1, 0), watch(2, 0)] {
        store.save_watch(&watch).await.unwrap();
    }
    let alarm = alarm(1, AlarmKind::Still);
    assert_eq!(
        store.settle_alarm(alarm.id, &settled(9)).await.unwrap(),
        None
    );
    store.raise_alarm(&alarm).await.unwrap();
    let expected = Alarm {
        settled: Some(settled(10)),
        ..alarm
    };
    for at in [10, 20] {
        let after = store.settle_alarm(alarm.id, &settled(at)).await.unwrap();
        assert_eq!(
            after.as_ref(),
            Some(&expected),
            "the first who settles it does"
        );
    }
    assert_eq!(store.find_alarm(alarm.id).await.unwrap(), Some(expected));
    let since: Vec<Timestamp> = in_order_of([1, 2], store).await;
    assert_eq!(since, [time(10), time(0)]);
    let changes = announced(store).await;
    let last = changes.last().unwrap();
    assert_eq!((last.topic, last.at), (Topic::Alarms, time(10)));
}

/// Since when workers are watched over.
async fn in_order_of(workers: [u128; 2], store: &dyn Store) -> Vec<Timestamp> {
    let watches = store.list_watches().await.unwrap();
    workers
        .iter()
        .map(|&worker| {
            watches
                .iter()
                .find(|it| it.worker == WorkerId(uuid(worker)))
        })
        .map(|watch| watch.unwrap().since)
        .collect()
}

pub async fn alarms_are_listed_from_the_newest_on(store: &dyn Store) {
    save_workers(store, 1..=9).await;
    let mut alarms: Vec<Alarm> = (1..=9_u128)
        .map(|n| Alarm {
            worker: WorkerId(uuid(n)),
            // Some at the same time.
            at: time(i64::try_from(n / 2).unwrap()),
            ..alarm(n, AlarmKind::Still)
        })
        .collect();
    for alarm in &alarms {
        store.raise_alarm(alarm).await.unwrap();
    }
    for alarm in alarms.iter_mut().step_by(3) {
        alarm.settled = Some(settled(100));
        store.settle_alarm(alarm.id, &settled(100)).await.unwrap();
    }
    alarms.sort_by_key(|alarm| std::cmp::Reverse((alarm.at, alarm.id)));
    for is_open in [None, Some(true), Some(false)] {
        let mut listed: Vec<Alarm> = vec![];
        loop {
            let query = AlarmQuery {
                is_open,
                after: listed.last().map(|last| (last.at, last.id)),
                limit: 2,
            };
            let page = store.list_alarms(&query).await.unwrap();
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= 2);
            listed.extend(page);
        }
        let expected = alarms
            .iter()
            .filter(|alarm| is_open.is_none_or(|is_open| alarm.settled.is_none() == is_open));
        assert_eq!(listed, expected.cloned().collect::<Vec<_>>(), "{is_open:?}");
    }
}
