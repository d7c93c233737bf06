//! The change log.

use std::collections::HashMap;

use futures::future::join_all;
use wangge::domain::presence::AlarmKind;
use wangge::domain::{
    Actor, ChangeCursor, EditionId, IncidentNumber, Role, Status, Topic, WorkerId,
};
use wangge::store::{AccessKey, NewEdition, Store};

use super::drafts::{draft, first_step, next as next_step};
use crate::cases::media::media;
use crate::cases::presence::{alarm, settled, visit, watch};
use crate::cases::rosters::{duty, roster};
use crate::cases::rules::new_rulebook;
use crate::log::{announced, announced_after, announced_topics, read_until, times};
use crate::sample::{
    file, first_edition, fix, grid, new_incident, post, save_workers, step, time, uuid, worker,
};

pub async fn every_method_that_writes_announces_its_topic(store: &dyn Store) {
    let start = ChangeCursor::default();
    assert_eq!(store.latest_change().await.unwrap(), start);
    assert_eq!(store.change_horizon().await.unwrap(), start);

    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    save_workers(store, [1]).await;
    let id = worker(1).id;
    store.set_duty(id, true, time(1)).await.unwrap();
    store
        .record_positions(&[fix(1, 0)], &[], time(2))
        .await
        .unwrap();
    let incident = file(store, new_incident(1)).await;
    let next = step(&incident, |incident| incident.status = Status::Filed);
    store.record_step(&next).await.unwrap();
    store.add_media(&media(1, incident.id), 30).await.unwrap();
    let (draft, changes) = (draft(1), vec![]);
    let step = first_step(&changes);
    store.open_draft(&draft, &step, &changes).await.unwrap();
    let (draft, step) = next_step(&draft, vec![]);
    store
        .record_draft_step(&draft, &step, &changes)
        .await
        .unwrap();
    store.discard_draft(draft.id, 2, time(3)).await.unwrap();
    store.save_rulebook(&new_rulebook(0)).await.unwrap();
    store.save_post(&post(1, id), time(4)).await.unwrap();
    let next = roster(&[], &[duty(1, 9..12)], time(5));
    store.save_roster(&next).await.unwrap();
    store.follow_roster(next.duties[0].until).await.unwrap();
    let alarm = alarm(1, AlarmKind::Panic);
    store.raise_alarm(&alarm).await.unwrap();
    store.settle_alarm(alarm.id, &settled(5)).await.unwrap();
    // These change nothing that listeners hold.
    store.keep_visits(&[visit(1, 0)]).await.unwrap();
    store.save_watch(&watch(1, 0)).await.unwrap();
    store.end_watch(id).await.unwrap();
    let node = incident.id.0;
    store
        .hold_lease("rules", node, time(4), time(5))
        .await
        .unwrap();
    store.reserve_numbers(5).await.unwrap();
    let imported = new_incident(2).numbered(IncidentNumber("20250101000001".into()));
    store.import_history(&[(imported, vec![])]).await.unwrap();
    let key = AccessKey {
        digest: [1; 32],
        actor: Actor::with_role("甲", Role::Gis),
        created_at: time(0),
    };
    store.save_access_key(&key).await.unwrap();
    store.ping().await.unwrap();

    assert_eq!(
        announced_topics(store).await,
        [
            Topic::Editions,
            Topic::Organisations,
            Topic::Workers,
            Topic::Positions,
            Topic::Incidents,
            Topic::Incidents,
            Topic::Incidents,
            Topic::Drafts,
            Topic::Drafts,
            Topic::Drafts,
            Topic::Rules,
            Topic::Workers,
            Topic::Workers,
            Topic::Workers,
            Topic::Alarms,
            Topic::Alarms,
        ]
    );
}

/// Puts a worker on duty at each of the seconds, so that each has its change.
async fn change_at(store: &dyn Store, seconds: impl IntoIterator<Item = i64>) {
    for second in seconds {
        let id = worker(1).id;
        store.set_duty(id, true, time(second)).await.unwrap();
    }
}

pub async fn changes_are_read_in_order_from_any_place(store: &dyn Store) {
    save_workers(store, [1]).await;
    change_at(store, 1..20).await;
    let changes = announced(store).await;
    assert_eq!(times(&changes), (0..20).map(time).collect::<Vec<_>>());
    let cursors: Vec<ChangeCursor> = changes.iter().map(|change| change.cursor).collect();
    assert!(cursors.is_sorted_by(|a, b| a < b));

    for (after, limit) in [(0, 1), (0, 5), (7, 3), (15, 4), (3, 0)] {
        let read = store.read_changes(cursors[after], limit).await.unwrap();
        assert_eq!(read, changes[after + 1..][..limit as usize]);
    }
    // The end of the log covers what was read before it, and nothing comes after it.
    let latest = store.latest_change().await.unwrap();
    assert!(latest >= cursors[19]);
    assert_eq!(store.read_changes(latest, 10).await.unwrap(), []);
}

pub async fn what_is_pruned_is_the_beginning(store: &dyn Store) {
    save_workers(store, [1]).await;
    change_at(store, 1..10).await;
    let changes = announced(store).await;

    // Nothing is that old.
    store.prune_changes(time(0)).await.unwrap();
    assert_eq!(announced(store).await, changes);
    let horizon = store.change_horizon().await.unwrap();
    assert!(horizon < changes[0].cursor);

    store.prune_changes(time(5)).await.unwrap();
    let horizon = store.change_horizon().await.unwrap();
    assert_eq!(horizon, changes[4].cursor);
    assert_eq!(announced(store).await, changes[5..]);
    assert_eq!(announced_after(store, horizon).await, changes[5..]);
    assert_eq!(
        announced_after(store, changes[6].cursor).await,
        changes[7..]
    );

    // The horizon does not go back.
    store.prune_changes(time(2)).await.unwrap();
    assert_eq!(store.change_horizon().await.unwrap(), horizon);
}

pub async fn an_emptied_log_goes_on_where_it_was(store: &dyn Store) {
    save_workers(store, [1]).await;
    change_at(store, 1..5).await;
    announced(store).await;
    let end = store.latest_change().await.unwrap();
    store.prune_changes(time(1_000_000_000)).await.unwrap();
    let read = store.read_changes(ChangeCursor::default(), 10).await;
    assert_eq!(read.unwrap(), []);
    assert_eq!(store.change_horizon().await.unwrap(), end);
    assert_eq!(store.latest_change().await.unwrap(), end);

    change_at(store, [6]).await;
    let changes = announced_after(store, end).await;
    assert_eq!(times(&changes), [time(6)]);
    assert!(changes[0].cursor > end);
}

pub async fn a_reader_misses_nothing_while_four_write(store: &dyn Store) {
    const WRITERS: u128 = 4;
    const EACH: i64 = 40;
    save_workers(store, 1..=WRITERS).await;
    let writers = join_all((1..=WRITERS).map(|n| async move {
        let id = worker(n).id;
        for second in 1..=EACH {
            store
                .set_duty(id, second % 2 == 0, time(second))
                .await
                .unwrap();
        }
    }));
    let total = usize::try_from(EACH).unwrap() * 4 + 1;
    // Checks as it goes that no change stands before one that was read.
    let reader = read_until(store, ChangeCursor::default(), |read| read.len() >= total);
    let (_, changes) = futures::join!(writers, reader);

    let mut by_worker: HashMap<String, Vec<_>> = HashMap::new();
    for change in changes {
        by_worker.entry(change.key).or_default().push(change.at);
    }
    for n in 1..=WRITERS {
        let expected: Vec<_> = (1..=EACH).map(time).collect();
        let key = WorkerId(uuid(n)).to_string();
        assert_eq!(by_worker.get(&key), Some(&expected));
    }
}

pub async fn what_is_read_after_the_end_of_the_log_holds_all_up_to_it(store: &dyn Store) {
    save_workers(store, [1]).await;
    let writer = async {
        for second in 1..=60 {
            store
                .set_duty(worker(1).id, second % 2 == 0, time(second))
                .await
                .unwrap();
            if second % 10 == 0 {
                publish_next(store, second / 10).await;
            }
        }
    };
    let reader = async {
        let mut editions = 0;
        while editions < 6 {
            let latest = store.latest_change().await.unwrap();
            editions = store.list_editions().await.unwrap().len();
            let told = store
                .read_changes(ChangeCursor::default(), 1_000)
                .await
                .unwrap();
            let up_to_then = told
                .iter()
                .filter(|change| change.topic == Topic::Editions && change.cursor <= latest);
            assert!(up_to_then.count() <= editions);
        }
    };
    futures::join!(writer, reader);
}

async fn publish_next(store: &dyn Store, n: i64) {
    let edition = NewEdition {
        base: (n > 1).then(|| EditionId(n - 1)),
        ..first_edition(vec![grid(i32::try_from(n).unwrap())])
    };
    store.publish_edition(edition).await.unwrap();
}
