//! Where workers were last seen.

use serde_json::json;
use wangge::domain::{Fix, Topic};
use wangge::store::Store;

use crate::log::announced;
use crate::sample::{fix, place, save_workers, time};

pub async fn positions_come_back_as_they_were_recorded(store: &dyn Store) {
    assert_eq!(store.list_positions(None).await.unwrap(), []);
    save_workers(store, 1..=5).await;
    let fixes = [
        Fix {
            position: place(-180.0, -90.0),
            accuracy_m: Some(f32::MIN_POSITIVE),
            speed_mps: Some(0.1),
            heading_deg: Some(16_777_217.0),
            ..fix(1, 0)
        },
        Fix {
            position: place(180.0, 90.0),
            accuracy_m: None,
            speed_mps: None,
            heading_deg: None,
            ..fix(2, 1)
        },
        Fix {
            accuracy_m: None,
            ..fix(3, 2)
        },
        Fix {
            speed_mps: None,
            ..fix(4, 3)
        },
        Fix {
            heading_deg: None,
            speed_mps: Some(0.0),
            ..fix(5, 4)
        },
    ];
    store.record_positions(&fixes, &[], time(9)).await.unwrap();
    assert_positions(store, &fixes).await;
}

async fn assert_positions(store: &dyn Store, expected: &[Fix]) {
    let mut listed = store.list_positions(None).await.unwrap();
    let mut expected = expected.to_vec();
    listed.sort_by_key(|fix| fix.worker);
    expected.sort_by_key(|fix| fix.worker);
    assert_eq!(listed, expected);
}

pub async fn the_newest_fix_wins_in_any_order(store: &dyn Store) {
    save_workers(store, 1..=4).await;
    let here = |worker, seconds| Fix {
        accuracy_m: None,
        ..fix(worker, seconds)
    };
    let batch =
        |fixes: &[(u128, i64)]| -> Vec<Fix> { fixes.iter().map(|&(w, s)| here(w, s)).collect() };
    for fixes in [
        // One worker several times in a batch, the newest first, last or in the middle.
        batch(&[(1, 30), (1, 20), (2, 10), (3, 5), (3, 15), (2, 20), (3, 10)]),
        // Later batches with older and newer ones.
        batch(&[(1, 29), (2, 21), (3, 14)]),
        batch(&[(1, 31), (2, 1), (4, 0)]),
    ] {
        store.record_positions(&fixes, &[], time(99)).await.unwrap();
    }
    assert_positions(store, &batch(&[(1, 31), (2, 21), (3, 15), (4, 0)])).await;
}

pub async fn positions_are_listed_from_a_time_of_recording(store: &dyn Store) {
    save_workers(store, 1..=3).await;
    let recorded = [fix(1, 50), fix(2, 40), fix(3, 30)];
    for (seconds, fix) in (100..).zip(recorded) {
        store
            .record_positions(&[fix], &[], time(seconds))
            .await
            .unwrap();
    }
    // An older fix is ignored, so the third worker is not new since then.
    store
        .record_positions(&[fix(3, 20)], &[], time(103))
        .await
        .unwrap();
    for (since, expected) in [
        (99, &recorded[..]),
        (100, &recorded[..]),
        (101, &recorded[1..]),
        (102, &recorded[2..]),
        (103, &[]),
    ] {
        let mut listed = store.list_positions(Some(time(since))).await.unwrap();
        listed.sort_by_key(|fix| std::cmp::Reverse(fix.at));
        assert_eq!(listed, expected, "{since}");
    }
}

pub async fn positions_are_announced_without_saying_where(store: &dyn Store) {
    save_workers(store, 1..=3).await;
    store.record_positions(&[], &[], time(4)).await.unwrap();
    let fixes = [fix(1, 0), fix(2, 0), fix(3, 0)];
    store.record_positions(&fixes, &[], time(5)).await.unwrap();
    let changes = announced(store).await;
    let [_, change] = &changes[..] else {
        panic!("{changes:?}");
    };
    assert_eq!((change.topic, change.at), (Topic::Positions, time(5)));
    assert_eq!((change.key.as_str(), &change.area), ("3", &None));
    let since_ms = time(5).timestamp_millis();
    assert_eq!(change.payload, json!({ "since_ms": since_ms }));
}

pub async fn thousands_of_fixes_are_recorded_at_once(store: &dyn Store) {
    save_workers(store, 0..3_000).await;
    let fixes: Vec<Fix> = (0..3_000).map(|worker| fix(worker, 1)).collect();
    store.record_positions(&fixes, &[], time(1)).await.unwrap();
    assert_positions(store, &fixes).await;
    let fixes: Vec<Fix> = fixes
        .into_iter()
        .map(|fix| Fix {
            at: time(2),
            position: place(1.0, 2.0),
            ..fix
        })
        .collect();
    store.record_positions(&fixes, &[], time(2)).await.unwrap();
    assert_positions(store, &fixes).await;
}

pub async fn a_track_comes_back_in_order_from_its_time_on(store: &dyn Store) {
    save_workers(store, 1..=2).await;
    // Over midnight, twice the same point, and somebody else at the same time.
    let night = 16 * 3_600 - 5;
    let walk: Vec<Fix> = (0..10_i32)
        .map(|step| Fix {
            position: place(119.0 + f64::from(step) * 1e-7, -33.6),
            accuracy_m: (step % 2 == 0).then_some(8.1),
            ..fix(1, night + i64::from(step))
        })
        .collect();
    let other = Fix {
        speed_mps: None,
        heading_deg: None,
        ..fix(2, night)
    };
    store
        .record_positions(
            &[walk[3], other],
            &[walk[3], walk[1], walk[0], walk[2], other],
            time(1),
        )
        .await
        .unwrap();
    let again = Fix {
        position: place(0.5, 0.5),
        ..walk[3]
    };
    let rest = [&[again], &walk[4..]].concat();
    store
        .record_positions(&walk[9..], &rest, time(2))
        .await
        .unwrap();
    let worker = walk[0].worker;
    for (from, until, expected) in [
        (0, 10, &walk[..]),
        (1, 9, &walk[1..9]),
        (3, 3, &[]),
        (-86_400 * 3, 0, &[]),
        (5, 86_400, &walk[5..]),
    ] {
        let track = store
            .load_track(worker, time(night + from), time(night + until))
            .await;
        assert_eq!(track.unwrap(), expected, "{from} {until}");
    }
    let track = store
        .load_track(other.worker, time(0), time(night + 1))
        .await;
    assert_eq!(track.unwrap(), [other]);
}

pub async fn tracks_of_days_that_are_over_are_forgotten(store: &dyn Store) {
    save_workers(store, 1..=1).await;
    let day = 86_400;
    let walk: Vec<Fix> = (-3..=0).map(|days| fix(1, days * day)).collect();
    store
        .record_positions(&walk[3..], &walk, time(1))
        .await
        .unwrap();
    let kept = async || {
        let (from, until) = (time(-9 * day), time(9 * day));
        store.load_track(walk[0].worker, from, until).await.unwrap()
    };
    store
        .drop_tracks_before(walk[2].at.date_naive())
        .await
        .unwrap();
    assert_eq!(kept().await, walk[2..]);
    let later = walk[3].at.date_naive().succ_opt().unwrap();
    store.drop_tracks_before(later).await.unwrap();
    assert_eq!(kept().await, []);
    assert_positions(store, &walk[3..]).await;
}
