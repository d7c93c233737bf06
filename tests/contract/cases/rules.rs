//! The rules of the territory, and what one node does for all.

use futures::future::join;
use serde_json::json;
use wangge::domain::Topic;
use wangge::domain::rules::Rulebook;
use wangge::store::{NewRulebook, Store, StoreError};

use crate::log::announced_topics;
use crate::sample::{time, uuid};

fn rulebook(summon_minutes: u32) -> Rulebook {
    let calendar: serde_json::Value =
        serde_json::from_str(include_str!("../../../data/calendars/china.json")).unwrap();
    serde_json::from_value(json!({
        "calendar": calendar,
        "summon_minutes": summon_minutes,
        "routing": [
            { "id": "夜间", "scope": { "area": "320812", "during": "off_hours",
                "season": { "from": "05-01", "until": "09-30" } },
              "to": { "centre": "county", "skills": ["flood"] } },
        ],
        "escalation": [
            { "id": "slow", "status": "filed", "minutes": 30, "clock": "working",
              "then": "escalate" },
        ],
        "sending": [
            { "id": "send", "files": true, "min_score": 0.625, "offer_minutes": 5, "offers": 3 },
        ],
    }))
    .unwrap()
}

/// Rules made from version `base`, other ones for each.
pub fn new_rulebook(base: i64) -> NewRulebook {
    NewRulebook {
        base,
        at: time(100 + base),
        saved_by: "指挥中心".into(),
        note: (base > 0).then(|| "汛期".to_owned()),
        book: rulebook(30 + u32::try_from(base).unwrap()),
    }
}

pub async fn rules_come_back_in_every_version(store: &dyn Store) {
    assert_eq!(store.load_rulebook(None).await.unwrap(), None);
    assert!(store.list_rulebooks().await.unwrap().is_empty());
    for base in 0..3 {
        let saved = store.save_rulebook(&new_rulebook(base)).await.unwrap();
        assert_eq!(saved, base + 1);
    }
    for version in 1..=3 {
        let new = new_rulebook(version - 1);
        let kept = store.load_rulebook(Some(version)).await.unwrap().unwrap();
        assert_eq!(kept.book, new.book);
        assert_eq!(
            (
                kept.head.version,
                kept.head.at,
                kept.head.saved_by,
                kept.head.note
            ),
            (version, new.at, new.saved_by, new.note)
        );
    }
    let latest = store.load_rulebook(None).await.unwrap().unwrap();
    assert_eq!(latest.head.version, 3);
    assert_eq!(store.load_rulebook(Some(4)).await.unwrap(), None);
    let versions = store.list_rulebooks().await.unwrap();
    let versions: Vec<i64> = versions.iter().map(|head| head.version).collect();
    assert_eq!(versions, [3, 2, 1]);
}

pub async fn the_second_of_two_who_change_the_rules_is_refused(store: &dyn Store) {
    store.save_rulebook(&new_rulebook(0)).await.unwrap();
    store.save_rulebook(&new_rulebook(1)).await.unwrap();
    for base in [0, 1, 3] {
        let refused = store.save_rulebook(&new_rulebook(base)).await;
        assert!(matches!(
            refused,
            Err(StoreError::StaleRulebook { latest: 2 })
        ));
    }
    let topics = announced_topics(store).await;
    assert_eq!(topics, [Topic::Rules, Topic::Rules]);
}

pub async fn of_two_who_save_rules_at_once_one_is_refused(store: &dyn Store) {
    for base in 0..10 {
        let new = new_rulebook(base);
        let (one, other) = join(store.save_rulebook(&new), store.save_rulebook(&new)).await;
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    }
    assert_eq!(store.list_rulebooks().await.unwrap().len(), 10);
}

pub async fn one_node_at_a_time_holds_a_lease(store: &dyn Store) {
    let [one, other] = [uuid(1), uuid(2)];
    let hold = |node, now, until| store.hold_lease("rules", node, time(now), time(until));
    assert!(hold(one, 0, 10).await.unwrap());
    assert!(!hold(other, 5, 15).await.unwrap(), "another has it");
    assert!(hold(one, 6, 16).await.unwrap(), "it goes on with it");
    assert!(!hold(other, 12, 22).await.unwrap());
    assert!(hold(other, 16, 26).await.unwrap(), "its time is over");
    assert!(!hold(one, 17, 27).await.unwrap());
    assert!(
        store
            .hold_lease("else", one, time(0), time(9))
            .await
            .unwrap()
    );
    // Of two who come at once, one gets it.
    let (a, b) = join(hold(one, 30, 40), hold(uuid(3), 30, 40)).await;
    assert!(a.unwrap() != b.unwrap());
}
