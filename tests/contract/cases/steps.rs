//! What actions make of incidents, and their history.

use futures::future::{join, join_all};
use serde_json::{Value, json};
use wangge::domain::incident::{Deadlines, IncidentKey, IncidentNotice, NewIncident};
use wangge::domain::workflow::{Action, Step};
use wangge::domain::{
    Assignee, Incident, IncidentEvent, IncidentNumber, Role, Status, Task, TaskRole, TaskStatus,
    Topic,
};
use wangge::store::{Store, StoreError};

use crate::log::{announced, announced_topics};
use crate::sample::{bare_incident, bare_task, chain, file, fill, new_incident, step, task, time};

async fn load(store: &dyn Store, incident: &Incident) -> Incident {
    let key = IncidentKey::Id(incident.id);
    store.find_incident(&key).await.unwrap().unwrap()
}

pub async fn a_step_writes_the_whole_incident(store: &dyn Store) {
    let bare = file(store, bare_incident(1)).await;
    let full = step(&bare, |incident| {
        let NewIncident {
            service,
            priority,
            description,
            address,
            position,
            matched,
            source,
            reporter,
            form,
            ..
        } = new_incident(9);
        *incident = Incident {
            service,
            priority,
            description,
            address,
            position,
            matched,
            source,
            reporter,
            form,
            chain: chain(),
            ..incident.clone()
        };
        fill(incident);
    });
    store.record_step(&full).await.unwrap();
    assert_eq!(load(store, &bare).await, full.incident);

    // And back, but for the tasks, of which none goes away.
    let empty = step(&full.incident, |incident| {
        *incident = Incident {
            version: incident.version,
            tasks: incident.tasks.clone(),
            updated_at: incident.updated_at,
            ..bare.clone()
        };
    });
    store.record_step(&empty).await.unwrap();
    assert_eq!(load(store, &bare).await, empty.incident);
}

pub async fn a_step_touches_no_other_incident(store: &dyn Store) {
    let mut incidents = vec![];
    for n in 1..=3 {
        let incident = file(store, new_incident(n)).await;
        let offered = step(&incident, |incident| incident.tasks = vec![bare_task(n)]);
        store.record_step(&offered).await.unwrap();
        incidents.push(offered.incident);
    }
    let middle = step(&incidents[1], |incident| {
        incident.tasks[0].status = TaskStatus::Signed;
        incident.status = Status::Handling;
    });
    store.record_step(&middle).await.unwrap();
    assert_eq!(load(store, &incidents[0]).await, incidents[0]);
    assert_eq!(load(store, &incidents[1]).await, middle.incident);
    assert_eq!(load(store, &incidents[2]).await, incidents[2]);
}

pub async fn tasks_are_added_and_changed_and_keep_their_order(store: &dyn Store) {
    let mut incident = file(store, new_incident(1)).await;
    let mut tasks = vec![];
    for (n, &status) in (1..).zip(TaskStatus::ALL) {
        tasks.push(Task { status, ..task(n) });
    }
    for (n, &role) in (20..).zip(TaskRole::ALL) {
        tasks.push(Task {
            role,
            ..bare_task(n)
        });
    }
    // One is added with every step, and all before it are turned round.
    for n in 1..=tasks.len() {
        let next = step(&incident, |incident| {
            incident.tasks = tasks[..n].to_vec();
            incident.tasks.reverse();
        });
        store.record_step(&next).await.unwrap();
        incident = next.incident;
        assert_eq!(load(store, &incident).await, incident);
    }
    let changed = step(&incident, |incident| {
        for task in &mut incident.tasks {
            *task = Task {
                role: TaskRole::Assist,
                assignee: Assignee::Organisation(crate::sample::organisation(5).id),
                status: TaskStatus::Ended,
                offered_at: time(700),
                signed_at: task.signed_at.xor(Some(time(800))),
                fed_back_at: task.fed_back_at.xor(Some(time(900))),
                note: task.note.clone().xor(Some("换人".into())),
                deadlines: Deadlines {
                    sign_by: task.deadlines.sign_by.xor(Some(time(750))),
                    ..Deadlines::default()
                },
                offer_until: task.offer_until.xor(Some(time(720))),
                summoned: !task.summoned,
                arrived_at: task.arrived_at.xor(Some(time(810))),
                id: task.id,
            };
        }
    });
    store.record_step(&changed).await.unwrap();
    assert_eq!(load(store, &incident).await, changed.incident);
}

pub async fn the_history_keeps_every_word(store: &dyn Store) {
    let mut incident = file(store, new_incident(1)).await;
    let mut history = store.list_events(incident.id).await.unwrap();
    let roles = Role::ALL.iter().cycle();
    let froms = Status::ALL.iter().map(Some).chain([None]).cycle();
    let details = [
        Value::Null,
        json!(true),
        json!([1, 2.5, "三"]),
        json!({ "lead": { "kind": "worker", "id": null } }),
        json!("单"),
    ];
    for (i, &action) in Action::ALL.iter().enumerate() {
        let mut next = step(&incident, |_| {});
        next.event = IncidentEvent {
            action,
            role: *roles.clone().nth(i).unwrap(),
            from: froms.clone().nth(i).unwrap().copied(),
            to: Status::ALL[i % Status::ALL.len()],
            note: (i % 2 == 0).then(|| format!("第{i}步：'\"\\")),
            detail: details[i % details.len()].clone(),
            actor: format!("某人{i}"),
            ..next.event
        };
        store.record_step(&next).await.unwrap();
        history.push(next.event);
        incident = next.incident;
    }
    assert_eq!(store.list_events(incident.id).await.unwrap(), history);
}

pub async fn steps_of_some_incidents_are_found_by_their_time(store: &dyn Store) {
    let mut ids = vec![];
    let mut all = vec![];
    for n in 0..3 {
        let reported_at = time(i64::try_from(n).unwrap());
        let new = NewIncident {
            reported_at,
            ..new_incident(n)
        };
        let mut incident = file(store, new).await;
        for _ in 0..4 {
            let next = step(&incident, |_| {});
            store.record_step(&next).await.unwrap();
            incident = next.incident;
        }
        ids.push(incident.id);
        all.extend(store.list_events(incident.id).await.unwrap());
    }
    for some in [&ids[..], &ids[1..], &ids[..1], &[]] {
        for (from, until) in [(-1, 99), (1, 3), (2, 2), (4, 3), (7, 99)] {
            let (from, until) = (time(from), time(until));
            let mut expected: Vec<IncidentEvent> = all
                .iter()
                .filter(|event| some.contains(&event.incident))
                .filter(|event| from <= event.at && event.at <= until)
                .cloned()
                .collect();
            expected.sort_by_key(|event| (event.at, event.incident));
            let found = store.list_events_between(some, from, until).await.unwrap();
            assert_eq!(found, expected, "{some:?} from {from} to {until}");
        }
    }
}

pub async fn a_step_is_announced(store: &dyn Store) {
    let incident = file(store, new_incident(1)).await;
    let next = step(&incident, |incident| incident.status = Status::Filed);
    store.record_step(&next).await.unwrap();
    let changes = announced(store).await;
    let [_, change] = &changes[..] else {
        panic!("{changes:?}");
    };
    assert_eq!((change.topic, change.at), (Topic::Incidents, next.event.at));
    assert_eq!(change.key, incident.id.to_string());
    assert_eq!(change.area, Some(chain().pop().unwrap().code));
    let notice: IncidentNotice = serde_json::from_value(change.payload.clone()).unwrap();
    assert_eq!(notice, IncidentNotice::new(&next.incident, &next.event));
    let told = change.payload.to_string();
    for secret in ["王小明", "13812345678", "跟踪", "咚咚", "淮海东路"] {
        assert!(!told.contains(secret), "{told}");
    }
}

pub async fn a_step_on_another_version_is_refused(store: &dyn Store) {
    let incident = file(store, new_incident(1)).await;
    let next = step(&incident, |incident| incident.status = Status::Filed);
    store.record_step(&next).await.unwrap();
    let at_version = |version| {
        let stale = Incident {
            version,
            ..incident.clone()
        };
        step(&stale, fill)
    };
    for version in [0, 1, 3] {
        let error = store.record_step(&at_version(version)).await.unwrap_err();
        assert!(
            matches!(error, StoreError::StaleIncident { expected } if expected == version),
            "{error:?}"
        );
    }
    assert_eq!(load(store, &incident).await, next.incident);
    assert_eq!(store.list_events(incident.id).await.unwrap().len(), 2);
    assert_eq!(announced_topics(store).await, [Topic::Incidents; 2]);
}

pub async fn a_step_on_an_unknown_incident_is_refused(store: &dyn Store) {
    let unknown = new_incident(1).numbered(IncidentNumber("20261122000001".into()));
    let error = store.record_step(&step(&unknown, fill)).await.unwrap_err();
    assert!(
        matches!(error, StoreError::StaleIncident { expected: 1 }),
        "{error:?}"
    );
    assert_eq!(announced(store).await, []);
}

pub async fn of_two_steps_on_one_version_exactly_one_is_taken(store: &dyn Store) {
    for n in 0..10 {
        let incident = file(store, new_incident(n)).await;
        let a = step(&incident, |incident| incident.status = Status::Filed);
        let b = step(&incident, |incident| incident.status = Status::Closed);
        let (by_a, by_b) = join(store.record_step(&a), store.record_step(&b)).await;
        let (winner, refused) = match (by_a, by_b) {
            (Ok(()), Err(refused)) => (a, refused),
            (Err(refused), Ok(())) => (b, refused),
            both => panic!("{both:?}"),
        };
        assert!(
            matches!(refused, StoreError::StaleIncident { expected: 1 }),
            "{refused:?}"
        );
        assert_eq!(load(store, &incident).await, winner.incident);
        let events = store.list_events(incident.id).await.unwrap();
        assert_eq!(events[1..], [winner.event]);
    }
}

pub async fn steps_on_many_incidents_at_once_are_all_taken(store: &dyn Store) {
    let filed = join_all((0..20).map(|n| file(store, new_incident(n)))).await;
    let steps: Vec<Step> = (0..)
        .zip(&filed)
        .map(|(n, incident)| step(incident, |incident| incident.tasks = vec![task(n)]))
        .collect();
    for result in join_all(steps.iter().map(|step| store.record_step(step))).await {
        result.unwrap();
    }
    for step in steps {
        assert_eq!(load(store, &step.incident).await, step.incident);
    }
}

pub async fn a_step_that_fails_half_way_leaves_nothing(store: &dyn Store) {
    let incident = file(store, new_incident(1)).await;
    let offered = step(&incident, |incident| incident.tasks = vec![bare_task(1)]);
    store.record_step(&offered).await.unwrap();
    let mut collides = step(&offered.incident, |incident| {
        fill(incident);
        incident.tasks = vec![
            Task {
                status: TaskStatus::Signed,
                ..bare_task(1)
            },
            task(2),
        ];
    });
    // The history has an entry for this version already, which only shows after the
    // incident and its tasks were written.
    collides.event.version = offered.event.version;
    let error = store.record_step(&collides).await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");

    assert_eq!(load(store, &incident).await, offered.incident);
    let events = store.list_events(incident.id).await.unwrap();
    assert_eq!(events[1..], [offered.event]);
    assert_eq!(announced_topics(store).await, [Topic::Incidents; 2]);
    // The way is free for the right one.
    let right = step(&offered.incident, |incident| incident.tasks.push(task(2)));
    store.record_step(&right).await.unwrap();
    assert_eq!(load(store, &incident).await, right.incident);
}
