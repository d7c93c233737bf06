//! Endpoints, what is on its way to them, and departments' own cases.

use futures::future::join_all;
use serde_json::json;
use wangge::domain::webhook::{
    Delivery, DeliveryKey, DeliveryState, Hearing, SigningSecret, Webhook, WebhookState,
    WebhookTerms,
};
use wangge::domain::workflow::Action;
use wangge::domain::{ChangeCursor, IncidentId, OrganisationId, Status, WebhookId};
use wangge::store::{Case, CaseMapping, DeliveryQuery, EndpointNews, KeptWebhook, Reading, Store};

use crate::sample::{bare_incident, file, new_incident, step, time, uuid};

fn webhook(n: u128) -> Webhook {
    Webhook {
        id: WebhookId(uuid(n)),
        organisation: OrganisationId(uuid(n + 1)),
        terms: WebhookTerms {
            url: format!("https://department{n}.example/网格?a=b"),
            hears: Hearing::Tasks,
            actions: vec![Action::Dispatch, Action::RuleReturn],
            mapping: serde_json::from_value(json!({ "fields": {
                "工单编号": "incident.number",
                "来源": { "value": "网格" },
            } }))
            .unwrap(),
            state: WebhookState::Active,
        },
        secret: SigningSecret(format!("whsec_{n}")),
        old_secret: None,
        created_at: time(0),
        created_by: "管理员".into(),
    }
}

const START: ChangeCursor = ChangeCursor {
    transaction: 3,
    sequence: 7,
};

async fn add(store: &dyn Store, n: u128) -> WebhookId {
    let webhook = webhook(n);
    store.add_webhook(&webhook, START).await.unwrap();
    webhook.id
}

async fn find(store: &dyn Store, id: WebhookId) -> KeptWebhook {
    let all = store.list_webhooks().await.unwrap();
    all.into_iter()
        .find(|kept| kept.webhook.id == id)
        .expect("the endpoint should be there")
}

fn delivery(webhook: WebhookId, incident: u128, version: i64) -> Delivery {
    Delivery {
        key: DeliveryKey {
            webhook,
            incident: IncidentId(uuid(incident)),
            version,
        },
        action: Action::File,
        at: time(version),
        state: DeliveryState::Waiting,
        replayed: false,
        attempts: 0,
        queued_at: time(100),
        next_at: time(100),
        first_failed_at: None,
        settled_at: None,
        status: None,
        error: None,
        took_ms: None,
    }
}

async fn queue(store: &dyn Store, deliveries: &[Delivery]) {
    store.queue_deliveries(deliveries, &[]).await.unwrap();
}

/// Incident and version of what is due, in order.
async fn due(store: &dyn Store, webhook: WebhookId, at_s: i64) -> Vec<(IncidentId, i64)> {
    let due = store.list_due_deliveries(webhook, time(at_s), 100).await;
    let due = due.unwrap().into_iter();
    due.map(|delivery| (delivery.key.incident, delivery.key.version))
        .collect()
}

async fn listed(
    store: &dyn Store,
    webhook: WebhookId,
    state: Option<DeliveryState>,
) -> Vec<Delivery> {
    let query = DeliveryQuery {
        webhook,
        state,
        after: None,
        limit: 1_000,
    };
    store.list_deliveries(&query).await.unwrap()
}

fn settled(delivery: &Delivery, state: DeliveryState, at_s: i64) -> Delivery {
    Delivery {
        state,
        attempts: delivery.attempts + 1,
        settled_at: Some(time(at_s)),
        status: Some(204),
        took_ms: Some(u32::try_from(at_s).unwrap()),
        ..delivery.clone()
    }
}

async fn settle(store: &dyn Store, after: &Delivery, at_s: i64) {
    let news = EndpointNews::default();
    store
        .settle_delivery(after, time(at_s), &news)
        .await
        .unwrap();
}

pub async fn an_endpoint_comes_back_as_it_was_made_and_changed(store: &dyn Store) {
    let mut bare = webhook(2);
    bare.terms.actions = vec![];
    bare.terms.mapping = None;
    store.add_webhook(&webhook(1), START).await.unwrap();
    store.add_webhook(&bare, START).await.unwrap();
    let kept = find(store, bare.id).await;
    assert_eq!(kept.webhook, bare);
    assert_eq!(
        kept.reading,
        Reading {
            webhook: bare.id,
            cursor: START,
            at: time(0)
        }
    );
    assert_eq!((kept.held_until, kept.last_failure), (None, None));

    let terms = WebhookTerms {
        url: "https://else.example/".into(),
        hears: Hearing::Area,
        state: WebhookState::Paused,
        ..webhook(1).terms
    };
    assert!(
        store
            .change_webhook(bare.id, &terms, time(1))
            .await
            .unwrap()
    );
    let new = SigningSecret("whsec_new".into());
    assert!(store.rotate_secret(bare.id, &new, time(9)).await.unwrap());
    let expected = Webhook {
        terms,
        old_secret: Some((bare.secret.clone(), time(9))),
        secret: new,
        ..bare
    };
    assert_eq!(find(store, bare.id).await.webhook, expected);
    assert_eq!(find(store, webhook(1).id).await.webhook, webhook(1));

    let nobody = WebhookId(uuid(99));
    let terms = webhook(1).terms;
    assert!(!store.change_webhook(nobody, &terms, time(1)).await.unwrap());
    let secret = webhook(1).secret;
    assert!(!store.rotate_secret(nobody, &secret, time(9)).await.unwrap());
    assert!(!store.remove_webhook(nobody).await.unwrap());
}

pub async fn deliveries_are_put_on_their_way_once(store: &dyn Store) {
    let [one, other] = [add(store, 1).await, add(store, 2).await];
    let first = [delivery(one, 1, 1), delivery(one, 1, 2)];
    let reading = Reading {
        webhook: one,
        cursor: ChangeCursor {
            transaction: 5,
            sequence: 50,
        },
        at: time(7),
    };
    store.queue_deliveries(&first, &[reading]).await.unwrap();
    assert_eq!(find(store, one).await.reading, reading);
    assert_eq!(find(store, other).await.reading.cursor, START);

    // What is settled is not sent again because it is read again.
    let done = settled(&first[0], DeliveryState::Delivered, 101);
    settle(store, &done, 101).await;
    let gone = WebhookId(uuid(99));
    let mut again = first.to_vec();
    again.push(delivery(one, 1, 3));
    again.push(delivery(gone, 1, 1));
    queue(store, &again).await;
    let mut all = listed(store, one, None).await;
    all.sort_by_key(|delivery| delivery.key);
    assert_eq!(all, [done, first[1].clone(), delivery(one, 1, 3)]);

    let many: Vec<Delivery> = (0..700).map(|n| delivery(other, n, 1)).collect();
    queue(store, &many).await;
    assert_eq!(
        due(store, other, 100).await.len(),
        100,
        "as many as asked for"
    );
    assert_eq!(store.measure_webhook(other).await.unwrap().waiting, 700);
    assert!(store.remove_webhook(other).await.unwrap());
    assert!(listed(store, other, None).await.is_empty());
    assert!(!listed(store, one, None).await.is_empty());
}

pub async fn of_each_incident_the_first_that_waits_is_due(store: &dyn Store) {
    let id = add(store, 1).await;
    let [a, b] = [IncidentId(uuid(1)), IncidentId(uuid(2))];
    let steps: Vec<Delivery> = (1..=3).map(|version| delivery(id, 1, version)).collect();
    queue(store, &steps).await;
    queue(store, &[delivery(id, 2, 8), delivery(id, 2, 9)]).await;
    let sorted = |mut due: Vec<(IncidentId, i64)>| {
        due.sort_unstable();
        due
    };
    let expected = sorted(vec![(a, 1), (b, 8)]);
    assert_eq!(sorted(due(store, id, 100).await), expected);
    assert!(due(store, id, 99).await.is_empty(), "it is not yet time");

    // While the first is put off, those behind it wait with it.
    let later = Delivery {
        next_at: time(500),
        attempts: 1,
        first_failed_at: Some(time(100)),
        status: Some(500),
        error: Some("它回答 500".into()),
        took_ms: Some(12),
        ..steps[0].clone()
    };
    settle(store, &later, 100).await;
    assert_eq!(due(store, id, 499).await, [(b, 8)]);
    let waiting = listed(store, id, Some(DeliveryState::Waiting)).await;
    assert!(waiting.contains(&later), "{waiting:?}");
    assert_eq!(due(store, id, 500).await.len(), 2);

    settle(store, &settled(&later, DeliveryState::Dead, 500), 500).await;
    assert!(due(store, id, 500).await.contains(&(a, 2)));
    // A replay stands beside the order: it neither waits nor holds back.
    let count = store.replay_deliveries(id, Some((a, 1)), time(600)).await;
    assert_eq!(count.unwrap(), 1);
    let now = due(store, id, 600).await;
    assert!(now.contains(&(a, 1)) && now.contains(&(a, 2)), "{now:?}");
    assert!(!now.contains(&(a, 3)));
}

pub async fn an_attempt_is_written_with_its_endpoint(store: &dyn Store) {
    let id = add(store, 1).await;
    let first = delivery(id, 1, 1);
    queue(store, std::slice::from_ref(&first)).await;
    let failed = Delivery {
        attempts: 1,
        error: Some("it answered 429".into()),
        ..first.clone()
    };
    let busy = EndpointNews {
        hold_until: Some(time(300)),
        is_gone: false,
    };
    store
        .settle_delivery(&failed, time(110), &busy)
        .await
        .unwrap();
    let kept = find(store, id).await;
    assert_eq!(
        (kept.held_until, kept.last_failure_at, kept.last_success_at),
        (Some(time(300)), Some(time(110)), None)
    );
    assert_eq!(kept.last_failure.as_deref(), Some("it answered 429"));

    let done = Delivery {
        error: None,
        ..settled(&first, DeliveryState::Delivered, 120)
    };
    settle(store, &done, 120).await;
    let kept = find(store, id).await;
    assert_eq!(
        (kept.last_failure_at, kept.last_success_at),
        (Some(time(110)), Some(time(120)))
    );
    assert_eq!(kept.webhook.terms.state, WebhookState::Active);
    // What is settled stays so.
    settle(store, &failed, 130).await;
    assert_eq!(listed(store, id, None).await, [done]);

    let second = delivery(id, 1, 2);
    queue(store, std::slice::from_ref(&second)).await;
    let gone = EndpointNews {
        hold_until: None,
        is_gone: true,
    };
    let failed = Delivery {
        attempts: 1,
        error: Some("it answered 410".into()),
        first_failed_at: Some(time(140)),
        next_at: time(9_000),
        ..second.clone()
    };
    store
        .settle_delivery(&failed, time(140), &gone)
        .await
        .unwrap();
    let kept = find(store, id).await;
    assert_eq!(kept.webhook.terms.state, WebhookState::Paused);

    // Going on is a new beginning for what waits.
    let terms = WebhookTerms {
        state: WebhookState::Active,
        ..kept.webhook.terms
    };
    assert!(store.change_webhook(id, &terms, time(150)).await.unwrap());
    assert_eq!(find(store, id).await.held_until, None);
    let due = store.list_due_deliveries(id, time(150), 9).await.unwrap();
    assert_eq!(
        (due[0].attempts, due[0].first_failed_at, due[0].next_at),
        (0, None, time(150))
    );
}

pub async fn dead_deliveries_are_replayed_and_settled_ones_forgotten(store: &dyn Store) {
    let [id, other] = [add(store, 1).await, add(store, 2).await];
    let all: Vec<Delivery> = (1..=6).map(|n| delivery(id, n, 1)).collect();
    queue(store, &all).await;
    queue(store, &[delivery(other, 1, 1)]).await;
    let other_dead = settled(&delivery(other, 1, 1), DeliveryState::Dead, 101);
    settle(store, &other_dead, 101).await;
    for (n, state) in [
        (0, DeliveryState::Delivered),
        (1, DeliveryState::Dead),
        (2, DeliveryState::Dead),
        (3, DeliveryState::Delivered),
    ] {
        let at_s = 200 + i64::try_from(n).unwrap();
        settle(store, &settled(&all[n], state, at_s), at_s).await;
    }
    let health = store.measure_webhook(id).await.unwrap();
    assert_eq!((health.waiting, health.dead), (2, 2));
    assert_eq!(health.took_ms, [203, 200], "the last first");

    let delivered = all[0].key.incident;
    for one in [(delivered, 1), (IncidentId(uuid(77)), 1)] {
        let count = store.replay_deliveries(id, Some(one), time(300)).await;
        assert_eq!(count.unwrap(), 0, "it is not dead");
    }
    assert_eq!(
        store.replay_deliveries(id, None, time(300)).await.unwrap(),
        2
    );
    let replayed: Vec<Delivery> = listed(store, id, Some(DeliveryState::Waiting))
        .await
        .into_iter()
        .filter(|delivery| delivery.replayed)
        .collect();
    assert_eq!(replayed.len(), 2);
    for delivery in &replayed {
        assert_eq!((delivery.attempts, delivery.next_at), (0, time(300)));
        assert_eq!(delivery.settled_at, None);
    }
    assert_eq!(listed(store, other, None).await, [other_dead]);

    store.prune_deliveries(time(203), time(101)).await.unwrap();
    let kept = listed(store, id, Some(DeliveryState::Delivered)).await;
    let kept: Vec<IncidentId> = kept.iter().map(|kept| kept.key.incident).collect();
    assert_eq!(kept, [all[3].key.incident]);
    assert_eq!(listed(store, other, None).await.len(), 1);
    store.prune_deliveries(time(203), time(102)).await.unwrap();
    assert!(listed(store, other, None).await.is_empty());
    let waiting = listed(store, id, Some(DeliveryState::Waiting)).await;
    assert_eq!(waiting.len(), 4, "what waits is never forgotten");
}

pub async fn pages_of_deliveries_lose_and_repeat_nothing(store: &dyn Store) {
    let id = add(store, 1).await;
    let mut all = Vec::new();
    for n in 0..10 {
        let steps = (1..=3).map(|version| Delivery {
            queued_at: time(i64::try_from(n / 4).unwrap()),
            ..delivery(id, n, version)
        });
        all.extend(steps);
    }
    queue(store, &all).await;
    let mut seen: Vec<Delivery> = Vec::new();
    loop {
        let last = seen.last();
        let query = DeliveryQuery {
            webhook: id,
            state: None,
            after: last.map(|last| (last.queued_at, last.key.incident, last.key.version)),
            limit: 7,
        };
        let page = store.list_deliveries(&query).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert!(seen.is_sorted_by_key(|delivery| std::cmp::Reverse(delivery.queued_at)));
    seen.sort_by_key(|delivery| delivery.key);
    all.sort_by_key(|delivery| delivery.key);
    assert_eq!(seen, all);
}

pub async fn incidents_that_changed_since_are_listed_by_identity(store: &dyn Store) {
    let mut changed = Vec::new();
    for n in 0..9 {
        let filed = file(store, new_incident(n)).await;
        if n % 3 == 0 {
            let mut next = step(&filed, |incident| incident.status = Status::Filed);
            next.incident.updated_at = time(50 + i64::try_from(n).unwrap());
            store.record_step(&next).await.unwrap();
            changed.push(next.incident);
        }
    }
    changed.sort_by_key(|incident| incident.id);
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(|last: &wangge::domain::Incident| last.id);
        let some = store.list_changed_incidents(time(50), after, 2).await;
        let some = some.unwrap();
        if some.is_empty() {
            break;
        }
        seen.extend(some);
    }
    assert_eq!(seen, changed);
    let all = store.list_changed_incidents(time(0), None, 100).await;
    assert_eq!(all.unwrap().len(), 9);
}

pub async fn a_case_number_stands_for_one_incident(store: &dyn Store) {
    let case = |organisation: u128, number: &str, incident: u128| Case {
        organisation: OrganisationId(uuid(organisation)),
        number: number.into(),
        incident: IncidentId(uuid(incident)),
        filed: incident.is_multiple_of(2),
        created_at: time(i64::try_from(incident).unwrap()),
    };
    let claims: Vec<Case> = (1..=8).map(|n| case(1, "12345-甲/1", n)).collect();
    let claimed = join_all(claims.iter().map(|claim| store.claim_case(claim))).await;
    let first = claimed[0].as_ref().unwrap();
    assert!(claims.contains(first));
    assert!(claimed.iter().all(|case| case.as_ref().unwrap() == first));
    let organisation = first.organisation;
    let found = store.find_case(organisation, "12345-甲/1").await.unwrap();
    assert_eq!(found.as_ref(), Some(first));
    assert_eq!(
        store.find_case(organisation, "12345-甲").await.unwrap(),
        None
    );

    // Others have numbers of their own, and an incident may have several.
    let others = [
        case(2, "12345-甲/1", 20),
        case(2, "b", 20),
        case(3, "c", 21),
    ];
    for other in &others {
        assert_eq!(store.claim_case(other).await.unwrap(), *other);
    }
    let file = bare_incident(20);
    let found = store.list_cases(&[file.id, IncidentId(uuid(77))]).await;
    assert_eq!(found.unwrap(), others[..2]);
    assert!(store.list_cases(&[]).await.unwrap().is_empty());
}

pub async fn what_a_departments_fields_mean_is_replaced(store: &dyn Store) {
    let mapping = |path: &str, n: i64| CaseMapping {
        organisation: OrganisationId(uuid(1)),
        mapping: serde_json::from_value(json!({ "fields": {
            "description": path,
            "lon": { "from": "经纬度", "split": ",", "part": 0, "as": "number" },
        } }))
        .unwrap(),
        saved_at: time(n),
        saved_by: format!("管理员{n}"),
    };
    let id = OrganisationId(uuid(1));
    assert_eq!(store.find_case_mapping(id).await.unwrap(), None);
    for (n, path) in [(1, "诉求内容"), (2, "内容")] {
        store.save_case_mapping(&mapping(path, n)).await.unwrap();
        let found = store.find_case_mapping(id).await.unwrap();
        assert_eq!(found, Some(mapping(path, n)));
    }
    let other = OrganisationId(uuid(2));
    assert_eq!(store.find_case_mapping(other).await.unwrap(), None);
}
