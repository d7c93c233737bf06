//! Photos and documents of incidents.

use futures::future::join_all;
use serde_json::json;
use wangge::domain::incident::IncidentKey;
use wangge::domain::media::{MediaKind, MediaStage, PhotoSize};
use wangge::domain::{IncidentId, IncidentNumber, Media, MediaId, Role, Status, Topic};
use wangge::store::{Store, StoreError};

use crate::log::announced;
use crate::sample::{bare_incident, chain, file, new_incident, step, time, uuid};

/// A photo with everything that is known of one.
pub fn media(n: u128, incident: IncidentId) -> Media {
    Media {
        id: MediaId(uuid(n)),
        incident,
        kind: MediaKind::Webp,
        stage: MediaStage::After,
        caption: Some("清运“之后”\n第二行".into()),
        evidence: true,
        stripped: false,
        bytes: 20 * 1024 * 1024,
        sha256: "ab".repeat(32),
        sent_sha256: "cd".repeat(32),
        size: Some(PhotoSize {
            width: 8_192,
            height: u32::MAX,
        }),
        at: time(10),
        by: "清江街道 调度员".into(),
        role: Role::Dispatcher,
    }
}

/// A document with nothing that may be left out.
fn bare_media(n: u128, incident: IncidentId) -> Media {
    Media {
        kind: MediaKind::Pdf,
        stage: MediaStage::Other,
        caption: None,
        evidence: false,
        stripped: true,
        bytes: 0,
        size: None,
        role: Role::Resident,
        ..media(n, incident)
    }
}

pub async fn what_is_known_of_files_comes_back_oldest_first(store: &dyn Store) {
    let incident = file(store, new_incident(1)).await.id;
    let other = file(store, new_incident(2)).await.id;
    let mut kept = vec![media(1, incident), bare_media(2, incident)];
    let words = MediaKind::ALL.iter().zip(MediaStage::ALL.iter().cycle());
    for (n, (&kind, &stage)) in (3..).zip(words) {
        kept.push(Media {
            kind,
            stage,
            // Each is older than the one before, but for those of one moment.
            at: time(i64::try_from(100 - n / 2).unwrap()),
            ..media(n, incident)
        });
    }
    for media in &kept {
        store.add_media(media, 30).await.unwrap();
    }
    let elsewhere = media(20, other);
    store.add_media(&elsewhere, 30).await.unwrap();
    kept.sort_by_key(|media| (media.at, media.id));

    for media in &kept {
        let found = store.find_media(media.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(media));
    }
    assert_eq!(store.list_media(&[incident]).await.unwrap(), kept);
    let found = store.list_media(&[other]).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&elsewhere));
    // Of several, of more than fit one statement even, they stand by time as well.
    let strangers = (10_000..13_000).map(|n| IncidentId(uuid(n)));
    let asked: Vec<IncidentId> = [other]
        .into_iter()
        .chain(strangers)
        .chain([incident])
        .collect();
    let mut of_both = kept.clone();
    of_both.push(elsewhere);
    of_both.sort_by_key(|media| (media.at, media.id));
    assert_eq!(store.list_media(&asked).await.unwrap(), of_both);
    let nowhere = IncidentId(uuid(9));
    assert_eq!(store.list_media(&[nowhere]).await.unwrap(), []);
    let unknown = store.find_media(MediaId(uuid(9_999))).await.unwrap();
    assert_eq!(unknown, None);

    // Of more than fit one statement.
    let asked: Vec<MediaId> = (1..3_000).map(|n| MediaId(uuid(n))).collect();
    let mut known = store.list_known_media(&asked).await.unwrap();
    known.sort();
    let mut expected: Vec<MediaId> = kept.iter().map(|media| media.id).collect();
    expected.push(MediaId(uuid(20)));
    expected.sort();
    assert_eq!(known, expected);
    assert_eq!(store.list_known_media(&[]).await.unwrap(), []);
}

pub async fn a_file_is_announced_and_leaves_the_incident_in_its_version(store: &dyn Store) {
    let incident = file(store, new_incident(1)).await;
    let next = step(&incident, |incident| incident.status = Status::Filed);
    store.record_step(&next).await.unwrap();
    store.add_media(&media(1, incident.id), 30).await.unwrap();

    let key = IncidentKey::Id(incident.id);
    let now = store.find_incident(&key).await.unwrap().unwrap();
    assert_eq!(now, next.incident);
    let changes = announced(store).await;
    let [_, stepped, added] = &changes[..] else {
        panic!("three changes should be announced: {changes:?}")
    };
    assert_eq!(added.topic, Topic::Incidents);
    assert_eq!((&added.key, &added.area), (&stepped.key, &stepped.area));
    assert_eq!(added.area, chain().last().map(|area| area.code.clone()));
    assert_eq!(added.at, time(10));
    let mut expected = stepped.payload.clone();
    expected["media"] = json!(uuid(1));
    expected["at"] = json!(time(10));
    assert_eq!(added.payload, expected, "the last step, and the file");
}

pub async fn an_imported_incident_without_a_history_takes_files(store: &dyn Store) {
    let imported = bare_incident(1).numbered(IncidentNumber("20250101000001".into()));
    let id = imported.id;
    store.import_history(&[(imported, vec![])]).await.unwrap();
    store.add_media(&media(1, id), 30).await.unwrap();
    assert_eq!(store.list_media(&[id]).await.unwrap().len(), 1);
}

pub async fn a_file_too_many_or_of_no_incident_leaves_nothing(store: &dyn Store) {
    let nowhere = IncidentId(uuid(9));
    let refused = store.add_media(&media(1, nowhere), 30).await;
    assert!(matches!(refused, Err(StoreError::NoIncident(id)) if id == nowhere));
    let incident = file(store, new_incident(1)).await.id;
    let other = file(store, new_incident(2)).await.id;
    store.add_media(&media(100, other), 1).await.unwrap();

    let all: Vec<Media> = (1..=8).map(|n| media(n, incident)).collect();
    let outcomes = join_all(all.iter().map(|media| store.add_media(media, 5))).await;
    let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(taken, 5, "however many come at once");
    for outcome in outcomes {
        assert!(matches!(
            outcome,
            Ok(()) | Err(StoreError::TooManyMedia { most: 5 })
        ));
    }
    assert_eq!(store.list_media(&[incident]).await.unwrap().len(), 5);
    // One identity stands for one file.
    let again = store.add_media(&media(100, other), 30).await;
    assert!(matches!(again, Err(StoreError::Database(_))));
    assert_eq!(announced(store).await.len(), 2 + 1 + 5);
}
