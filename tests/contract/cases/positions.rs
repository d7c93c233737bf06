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
    store.record_positions(&fixes, time(9)).await.unwrap();
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
        store.record_positions(&fixes, time(99)).await.unwrap();
    }
    assert_positions(store, &batch(&[(1, 31), (2, 21), (3, 15), (4, 0)])).await;
}

pub async fn positions_are_listed_from_a_time_of_recording(store: &dyn Store) {
    save_workers(store, 1..=3).await;
    let recorded = [fix(1, 50), fix(2, 40), fix(3, 30)];
    for (seconds, fix) in (100..).zip(recorded) {
        store.record_positions(&[fix], time(seconds)).await.unwrap();
    }
    // An older fix is ignored, so the third worker is not new since then.
    store
        .record_positions(&[fix(3, 20)], time(103))
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
    store.record_positions(&[], time(4)).await.unwrap();
    let fixes = [fix(1, 0), fix(2, 0), fix(3, 0)];
    store.record_positions(&fixes, time(5)).await.unwrap();
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
    store.record_positions(&fixes, time(1)).await.unwrap();
    assert_positions(store, &fixes).await;
    let fixes: Vec<Fix> = fixes
        .into_iter()
        .map(|fix| Fix {
            at: time(2),
            position: place(1.0, 2.0),
            ..fix
        })
        .collect();
    store.record_positions(&fixes, time(2)).await.unwrap();
    assert_positions(store, &fixes).await;
}
