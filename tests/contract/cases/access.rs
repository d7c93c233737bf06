//! Credentials.

use wangge::domain::{Actor, IncidentId, OrganisationId, Role, WorkerId};
use wangge::store::{AccessKey, Store};

use crate::sample::{code, time, uuid};

pub async fn an_access_key_is_found_by_its_digest(store: &dyn Store) {
    let full = Actor {
        name: "清江街道 “调度员”".into(),
        role: Role::Dispatcher,
        area: Some(code("320812001")),
        worker: Some(WorkerId(uuid(1))),
        organisation: Some(OrganisationId(uuid(2))),
        tracks: Some(IncidentId(uuid(3))),
    };
    let mut actors = vec![full];
    for &role in Role::ALL {
        actors.push(Actor::with_role("", role));
    }
    let keys: Vec<AccessKey> = (0..)
        .zip(actors)
        .map(|(n, actor)| AccessKey {
            digest: [n; 32],
            actor,
            created_at: time(n.into()),
        })
        .collect();
    for key in &keys {
        store.save_access_key(key).await.unwrap();
    }
    for key in keys {
        let found = store.find_access_key(&key.digest).await.unwrap();
        assert_eq!(found, Some(key));
    }
    assert_eq!(store.find_access_key(&[255; 32]).await.unwrap(), None);
}

pub async fn an_access_key_saved_again_is_replaced(store: &dyn Store) {
    let key = AccessKey {
        digest: [7; 32],
        actor: Actor {
            area: Some(code("3208")),
            worker: Some(WorkerId(uuid(1))),
            ..Actor::with_role("甲", Role::Worker)
        },
        created_at: time(0),
    };
    store.save_access_key(&key).await.unwrap();
    let changed = AccessKey {
        actor: Actor {
            organisation: Some(OrganisationId(uuid(9))),
            ..Actor::with_role("乙", Role::Department)
        },
        created_at: time(1),
        ..key
    };
    store.save_access_key(&changed).await.unwrap();
    let found = store.find_access_key(&changed.digest).await.unwrap();
    assert_eq!(found, Some(changed));
}
