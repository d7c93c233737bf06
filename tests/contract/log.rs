//! Reading the change log to a certain end.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use wangge::domain::{Change, ChangeCursor, Timestamp, Topic};
use wangge::store::Store;

use crate::sample::{fix, time};

/// Seconds after which only marks are written, by time and by worker.
const MARKS_FROM_S: i64 = 100_000_000;
pub const MARKER: u128 = 0x3A2C;

/// Everything that was announced after a place and before this call, in order.
///
/// A store may hold changes back for a while, so this writes a mark and waits for it.
pub async fn announced_after(store: &dyn Store, after: ChangeCursor) -> Vec<Change> {
    static MARKS: AtomicI64 = AtomicI64::new(MARKS_FROM_S);
    let mark = time(MARKS.fetch_add(1, Ordering::Relaxed));
    store
        .record_positions(&[fix(MARKER, 0)], &[], mark)
        .await
        .unwrap();
    read_until(store, after, |changes| {
        changes.last().is_some_and(|change| change.at == mark)
    })
    .await
    .into_iter()
    .filter(|change| change.at < time(MARKS_FROM_S))
    .collect()
}

/// [`announced_after`] from the beginning.
pub async fn announced(store: &dyn Store) -> Vec<Change> {
    announced_after(store, ChangeCursor::default()).await
}

/// The topics of [`announced`].
pub async fn announced_topics(store: &dyn Store) -> Vec<Topic> {
    let changes = announced(store).await;
    changes.iter().map(|change| change.topic).collect()
}

/// Reads on, some changes at a time, until it is enough. Checks that places only rise.
pub async fn read_until(
    store: &dyn Store,
    after: ChangeCursor,
    enough: impl Fn(&[Change]) -> bool,
) -> Vec<Change> {
    let mut changes: Vec<Change> = vec![];
    let mut place = after;
    let reading = async {
        while !enough(&changes) {
            for change in store.read_changes(place, 7).await.unwrap() {
                assert!(change.cursor > place, "{:?} after {place:?}", change.cursor);
                place = change.cursor;
                changes.push(change);
            }
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), reading).await;
    assert!(in_time.is_ok(), "only {} changes came", changes.len());
    changes
}

/// The times of changes, which the cases use to tell one from another.
pub fn times(changes: &[Change]) -> Vec<Timestamp> {
    changes.iter().map(|change| change.at).collect()
}
