//! How incidents come in: reported, repeated, imported.

use std::collections::HashSet;

use futures::future::join_all;
use wangge::domain::incident::{IncidentKey, IncidentNotice, NewIncident, Reporter};
use wangge::domain::{
    Incident, IncidentEvent, IncidentId, IncidentNumber, LngLat, Match, Outcome, PersonName, Phone,
    Priority, Source, Status, Timestamp, Topic,
};
use wangge::store::{Filed, IdempotencyKey, Store, StoreError};

use crate::log::{announced, announced_topics};
use crate::sample::{bare_incident, chain, file, fill, new_incident, resident, step, time, uuid};

pub async fn a_filed_incident_comes_back_as_it_was_reported(store: &dyn Store) {
    let phone_only = Reporter {
        name: None,
        phone: Some(Phone::parse("12345").unwrap()),
    };
    let name_only = Reporter {
        name: Some(PersonName("王".into())),
        phone: None,
    };
    let nobody = Reporter {
        name: None,
        phone: None,
    };
    let mut reports = vec![
        new_incident(1),
        bare_incident(2),
        NewIncident {
            chain: chain()[2..3].to_vec(),
            position: LngLat::from_e7(-1_800_000_000, 899_999_999).unwrap(),
            ..new_incident(3)
        },
    ];
    for (n, reporter) in (10..).zip([phone_only, name_only, nobody]) {
        reports.push(NewIncident {
            reporter: Some(reporter),
            ..new_incident(n)
        });
    }
    for (n, &priority) in (20..).zip(Priority::ALL) {
        reports.push(NewIncident {
            priority,
            ..new_incident(n)
        });
    }
    for (n, &matched) in (30..).zip(Match::ALL) {
        reports.push(NewIncident {
            matched,
            ..new_incident(n)
        });
    }
    for (n, &source) in (40..).zip(Source::ALL) {
        reports.push(NewIncident {
            source,
            ..new_incident(n)
        });
    }
    for new in reports {
        let event = IncidentEvent::report(&new, &resident());
        let filed = store
            .file_incident(new.clone(), &event, None)
            .await
            .unwrap();
        let number = filed.incident.number.clone();
        let expected = new.numbered(number.clone());
        assert_eq!(
            filed,
            Filed {
                incident: expected.clone(),
                repeated: false
            }
        );
        for key in [IncidentKey::Id(expected.id), IncidentKey::Number(number)] {
            let found = store.find_incident(&key).await.unwrap();
            assert_eq!(found.as_ref(), Some(&expected));
        }
        assert_eq!(store.list_events(expected.id).await.unwrap(), [event]);
    }
}

pub async fn an_unknown_incident_is_not_found(store: &dyn Store) {
    file(store, new_incident(1)).await;
    let id = IncidentId(uuid(2));
    for key in [
        IncidentKey::Id(id),
        IncidentKey::Number(IncidentNumber("20261122999999".into())),
        IncidentKey::Number(IncidentNumber(String::new())),
    ] {
        assert_eq!(store.find_incident(&key).await.unwrap(), None);
    }
    assert_eq!(store.list_events(id).await.unwrap(), []);
}

pub async fn filing_is_announced_to_the_deepest_area(store: &dyn Store) {
    let full = file(store, new_incident(1)).await;
    let bare = file(store, bare_incident(2)).await;
    let changes = announced(store).await;
    assert_eq!(changes.len(), 2);
    for (change, incident) in changes.iter().zip([full, bare]) {
        let event = &store.list_events(incident.id).await.unwrap()[0];
        assert_eq!((change.topic, change.at), (Topic::Incidents, event.at));
        assert_eq!(change.key, incident.id.to_string());
        let area = incident.area().map(|area| area.code.clone());
        assert_eq!(change.area, area);
        let notice: IncidentNotice = serde_json::from_value(change.payload.clone()).unwrap();
        assert_eq!(notice, IncidentNotice::new(&incident, event));
    }
}

pub async fn the_number_has_the_day_in_china_and_is_never_used_twice(store: &dyn Store) {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let late = NewIncident {
        reported_at: at("2026-11-22T15:59:59.999Z"),
        ..new_incident(1)
    };
    let next_day = NewIncident {
        reported_at: at("2026-11-22T16:00:00Z"),
        ..new_incident(2)
    };
    let late = file(store, late).await.number.0;
    let next_day = file(store, next_day).await.number.0;
    assert!(late.starts_with("20261122"), "{late}");
    assert!(next_day.starts_with("20261123"), "{next_day}");
    assert!(late[8..] < next_day[8..], "{late} {next_day}");
}

pub async fn numbers_set_aside_are_not_given_out(store: &dyn Store) {
    let before = sequence(&file(store, new_incident(1)).await);
    let first = store.reserve_numbers(1_000).await.unwrap();
    let next = store.reserve_numbers(1).await.unwrap();
    let after = sequence(&file(store, new_incident(2)).await);
    assert!(before < first, "{before} {first}");
    assert!(first + 1_000 <= next, "{first} {next}");
    assert!(next < after, "{next} {after}");
}

fn sequence(incident: &Incident) -> i64 {
    incident.number.0[8..].parse().unwrap()
}

pub async fn fifty_filings_at_once_get_fifty_numbers(store: &dyn Store) {
    let filed = join_all((0..50).map(|n| file(store, new_incident(n)))).await;
    let numbers: HashSet<_> = filed.iter().map(|incident| &incident.number).collect();
    assert_eq!(numbers.len(), 50);
    assert_eq!(store.list_open_incidents().await.unwrap().len(), 50);
    let changes = announced(store).await;
    let told: HashSet<_> = changes.iter().map(|change| change.key.clone()).collect();
    assert_eq!((changes.len(), told.len()), (50, 50));
}

pub async fn an_identity_filed_twice_leaves_the_first(store: &dyn Store) {
    let first = file(store, new_incident(1)).await;
    let again = NewIncident {
        description: "另一个".into(),
        ..new_incident(1)
    };
    let event = IncidentEvent::report(&again, &resident());
    let error = store
        .file_incident(again, &event, Some(&key("a", 1)))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");
    let found = store.find_incident(&IncidentKey::Id(first.id)).await;
    assert_eq!(found.unwrap(), Some(first.clone()));
    assert_eq!(store.list_events(first.id).await.unwrap().len(), 1);
    assert_eq!(announced_topics(store).await, [Topic::Incidents]);
    // The key was not used up.
    assert!(
        !file_with_key(store, 2, &key("a", 2))
            .await
            .unwrap()
            .repeated
    );
}

fn key(name: &str, fingerprint: u8) -> IdempotencyKey {
    IdempotencyKey {
        scope: "市民".into(),
        key: name.into(),
        fingerprint: [fingerprint; 32],
    }
}

async fn file_with_key(
    store: &dyn Store,
    n: u128,
    key: &IdempotencyKey,
) -> Result<Filed, StoreError> {
    let new = new_incident(n);
    let event = IncidentEvent::report(&new, &resident());
    store.file_incident(new, &event, Some(key)).await
}

pub async fn a_repeated_request_gets_the_incident_as_it_is_now(store: &dyn Store) {
    let first = file_with_key(store, 1, &key("a", 1)).await.unwrap();
    assert!(!first.repeated);
    // The repetition comes with a fresh identity, which is not used.
    let again = file_with_key(store, 2, &key("a", 1)).await.unwrap();
    assert_eq!(
        again,
        Filed {
            repeated: true,
            ..first.clone()
        }
    );
    let stepped = step(&first.incident, fill);
    store.record_step(&stepped).await.unwrap();
    let later = file_with_key(store, 3, &key("a", 1)).await.unwrap();
    assert_eq!((later.incident, later.repeated), (stepped.incident, true));
    for n in [2, 3] {
        let id = IncidentKey::Id(new_incident(n).id);
        assert_eq!(store.find_incident(&id).await.unwrap(), None);
    }
    assert_eq!(announced_topics(store).await, [Topic::Incidents; 2]);
}

pub async fn a_key_used_for_another_request_is_refused(store: &dyn Store) {
    file_with_key(store, 1, &key("a", 1)).await.unwrap();
    let error = file_with_key(store, 2, &key("a", 2)).await.unwrap_err();
    assert!(matches!(error, StoreError::KeyReused), "{error:?}");
    let id = IncidentKey::Id(new_incident(2).id);
    assert_eq!(store.find_incident(&id).await.unwrap(), None);
    assert_eq!(announced_topics(store).await, [Topic::Incidents]);
    // Another key, and the same one from somebody else, are other promises.
    let elsewhere = IdempotencyKey {
        scope: "12345".into(),
        ..key("a", 2)
    };
    for (n, key) in [(2, key("b", 2)), (3, elsewhere)] {
        assert!(!file_with_key(store, n, &key).await.unwrap().repeated);
    }
}

pub async fn eight_requests_with_one_key_at_once_are_one_incident(store: &dyn Store) {
    let key = key("a", 1);
    let filed = join_all((0..8).map(|n| file_with_key(store, n, &key))).await;
    let filed: Vec<Filed> = filed.into_iter().map(Result::unwrap).collect();
    let fresh = filed.iter().filter(|filed| !filed.repeated).count();
    assert_eq!(fresh, 1);
    for one in &filed {
        assert_eq!(one.incident, filed[0].incident);
    }
    assert_eq!(store.list_open_incidents().await.unwrap().len(), 1);
    assert_eq!(announced_topics(store).await, [Topic::Incidents]);
}

pub async fn imported_incidents_come_back_whole(store: &dyn Store) {
    let first = store.reserve_numbers(30).await.unwrap();
    let mut history: Vec<(Incident, Vec<IncidentEvent>)> = vec![];
    let mut add = |n: i64, change: &dyn Fn(&mut Incident)| {
        let new = new_incident(u128::try_from(n).unwrap());
        let report = IncidentEvent::report(&new, &resident());
        let number = IncidentNumber::new(new.reported_at, first + n);
        let mut stepped = step(&new.numbered(number), change);
        // A task belongs to one incident only.
        stepped.incident.tasks.clear();
        history.push((stepped.incident, vec![report, stepped.event]));
    };
    for (n, &status) in (0..).zip(Status::ALL) {
        add(n, &|incident| {
            fill(incident);
            incident.status = status;
        });
    }
    for (n, &outcome) in (10..).zip(Outcome::ALL) {
        add(n, &|incident| {
            fill(incident);
            incident.outcome = Some(outcome);
        });
    }
    add(20, &|_| {});
    history[0].0.tasks = vec![crate::sample::task(1), crate::sample::bare_task(2)];
    store.import_history(&history).await.unwrap();

    for (incident, events) in &history {
        let found = store.find_incident(&IncidentKey::Id(incident.id)).await;
        assert_eq!(found.unwrap().as_ref(), Some(incident));
        assert_eq!(&store.list_events(incident.id).await.unwrap(), events);
    }
    assert_eq!(announced(store).await, []);

    // They go on from where they were.
    let next = step(&history[0].0, fill);
    store.record_step(&next).await.unwrap();
    let events = store.list_events(next.incident.id).await.unwrap();
    assert_eq!(events.last(), Some(&next.event));
}

pub async fn an_import_that_collides_leaves_nothing(store: &dyn Store) {
    let taken = file(store, new_incident(1)).await;
    let fresh = new_incident(2).numbered(IncidentNumber("19990101000001".into()));
    let collides = new_incident(3).numbered(taken.number);
    let error = store
        .import_history(&[(fresh.clone(), vec![]), (collides, vec![])])
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");
    let found = store.find_incident(&IncidentKey::Id(fresh.id)).await;
    assert_eq!(found.unwrap(), None);
}

pub async fn open_incidents_are_those_not_closed_or_evaluated(store: &dyn Store) {
    assert_eq!(store.list_open_incidents().await.unwrap(), []);
    let mut open = vec![];
    for (n, &status) in (0..).zip(Status::ALL) {
        let incident = file(store, new_incident(n)).await;
        let mut stepped = step(&incident, |incident| incident.status = status);
        stepped.incident.tasks = vec![crate::sample::task(n)];
        store.record_step(&stepped).await.unwrap();
        if status.is_open() {
            open.push(stepped.incident);
        }
    }
    let untouched = file(store, bare_incident(100)).await;
    open.push(untouched);
    let mut listed = store.list_open_incidents().await.unwrap();
    listed.sort_by_key(|incident| incident.id);
    open.sort_by_key(|incident| incident.id);
    assert_eq!(listed, open);

    // One that is reopened is back.
    let closed = step(&open[0], |incident| incident.status = Status::Closed);
    store.record_step(&closed).await.unwrap();
    assert_eq!(store.list_open_incidents().await.unwrap().len(), 5);
    let reopened = step(&closed.incident, |incident| {
        incident.status = Status::Filed;
        incident.reported_at = time(0);
    });
    store.record_step(&reopened).await.unwrap();
    assert_eq!(store.list_open_incidents().await.unwrap().len(), 6);
}
