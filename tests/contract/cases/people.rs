//! Organisations, workers and posts.

use wangge::domain::{
    Level, Organisation, OrganisationKind, Phone, Post, Slot, Topic, Worker, WorkerId, WorkerRole,
};
use wangge::store::{People, PostedWorker, Store, StoreError};

use crate::log::{announced, announced_topics};
use crate::sample::{organisation, post, save_workers, time, uuid, worker};

pub async fn people_come_back_as_they_were_saved(store: &dyn Store) {
    let mut organisations = vec![Organisation {
        department: None,
        ..organisation(100)
    }];
    for (n, &kind) in (200..).zip(OrganisationKind::ALL) {
        organisations.push(Organisation {
            kind,
            ..organisation(n)
        });
    }
    for (n, &level) in (300..).zip(Level::ALL) {
        organisations.push(Organisation {
            level,
            ..organisation(n)
        });
    }
    let mut workers = vec![
        Worker {
            organisation: Some(organisation(100).id),
            on_duty: true,
            capacity: u16::MAX,
            phone: Some(Phone::parse("12345").unwrap()),
            ..worker(1)
        },
        Worker {
            name: "O'Brien “老王” \\ %".into(),
            phone: None,
            skills: vec![],
            capacity: 0,
            ..worker(2)
        },
    ];
    for (n, &role) in (10..).zip(WorkerRole::ALL) {
        workers.push(Worker { role, ..worker(n) });
    }
    let mut posts = vec![
        Post {
            until: Some(time(5)),
            ..post(1, worker(1).id)
        },
        post(2, worker(2).id),
    ];
    for (n, &slot) in (10..).zip(Slot::ALL) {
        posts.push(Post {
            slot,
            ..post(n, worker(1).id)
        });
    }
    let people = People {
        organisations,
        workers,
        posts,
    };
    store.save_people(&people, time(9)).await.unwrap();

    assert_same_organisations(store, &people.organisations).await;
    let expected: Vec<PostedWorker> = people
        .workers
        .iter()
        .map(|worker| posted(worker, &people.posts))
        .collect();
    let listed = store.list_workers().await.unwrap();
    assert_eq!(
        by_identity(listed.into_iter().map(ordered).collect()),
        by_identity(expected.clone())
    );
    for one in expected {
        let found = store.find_worker(one.worker.id).await.unwrap();
        assert_eq!(found.map(ordered), Some(one));
    }
}

async fn assert_same_organisations(store: &dyn Store, expected: &[Organisation]) {
    let mut listed = store.list_organisations().await.unwrap();
    let mut expected = expected.to_vec();
    listed.sort_by_key(|organisation| organisation.id);
    expected.sort_by_key(|organisation| organisation.id);
    assert_eq!(listed, expected);
}

fn posted(worker: &Worker, posts: &[Post]) -> PostedWorker {
    let own = posts.iter().filter(|post| post.worker == worker.id);
    ordered(PostedWorker {
        worker: worker.clone(),
        posts: own.cloned().collect(),
    })
}

/// With the posts in the order of their identities, for they come in none.
fn ordered(mut worker: PostedWorker) -> PostedWorker {
    worker.posts.sort_by_key(|post| post.id);
    worker
}

fn by_identity(mut workers: Vec<PostedWorker>) -> Vec<PostedWorker> {
    workers.sort_by_key(|one| one.worker.id);
    workers
}

pub async fn saving_again_replaces_by_identity(store: &dyn Store) {
    let before = People {
        organisations: vec![organisation(100), organisation(101)],
        workers: vec![worker(1), worker(2)],
        posts: vec![post(1, worker(1).id), post(2, worker(2).id)],
    };
    store.save_people(&before, time(0)).await.unwrap();
    let renamed = Organisation {
        name: "新名".into(),
        kind: OrganisationKind::Mediation,
        level: Level::County,
        area: "320812".parse().unwrap(),
        department: None,
        ..organisation(100)
    };
    let promoted = Worker {
        name: "李四".into(),
        phone: None,
        role: WorkerRole::Cadre,
        organisation: Some(organisation(100).id),
        skills: vec!["兽医".into()],
        capacity: 9,
        on_duty: true,
        ..worker(1)
    };
    // The post goes to somebody else, and ends.
    let handed_over = Post {
        worker: worker(2).id,
        area: "320812001001002".parse().unwrap(),
        slot: Slot::Volunteer,
        from: time(1),
        until: Some(time(2)),
        ..post(1, worker(1).id)
    };
    let after = People {
        organisations: vec![renamed.clone()],
        workers: vec![promoted.clone()],
        posts: vec![handed_over.clone()],
    };
    store.save_people(&after, time(1)).await.unwrap();

    assert_same_organisations(store, &[renamed, organisation(101)]).await;
    let workers = store.list_workers().await.unwrap();
    let posts = [handed_over, post(2, worker(2).id)];
    assert_eq!(
        by_identity(workers.into_iter().map(ordered).collect()),
        by_identity(vec![posted(&promoted, &[]), posted(&worker(2), &posts)])
    );
}

pub async fn nobody_is_found_by_an_unknown_identity(store: &dyn Store) {
    assert_eq!(store.list_workers().await.unwrap(), []);
    assert_eq!(store.list_organisations().await.unwrap(), []);
    save_workers(store, [1]).await;
    let found = store.find_worker(WorkerId(uuid(2))).await.unwrap();
    assert_eq!(found, None);
}

pub async fn a_post_of_nobody_leaves_nothing(store: &dyn Store) {
    let people = People {
        organisations: vec![organisation(100)],
        workers: vec![worker(1)],
        posts: vec![post(1, WorkerId(uuid(2)))],
    };
    let error = store.save_people(&people, time(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");
    assert_eq!(store.list_organisations().await.unwrap(), []);
    assert_eq!(store.list_workers().await.unwrap(), []);
    assert_eq!(announced_topics(store).await, []);
}

pub async fn people_saved_together_are_announced_once(store: &dyn Store) {
    let people = People {
        organisations: vec![organisation(100)],
        workers: vec![worker(1), worker(2)],
        posts: vec![post(1, worker(1).id)],
    };
    store.save_people(&people, time(3)).await.unwrap();
    let changes = announced(store).await;
    let [change] = &changes[..] else {
        panic!("{changes:?}");
    };
    assert_eq!((change.topic, change.at), (Topic::Organisations, time(3)));
    assert_eq!(
        (&change.area, change.payload.to_string()),
        (&None, "{}".into())
    );
}

pub async fn duty_is_kept_and_announced(store: &dyn Store) {
    save_workers(store, [1, 2]).await;
    let id = worker(1).id;
    for (seconds, on_duty) in [(1, true), (2, true), (3, false)] {
        store.set_duty(id, on_duty, time(seconds)).await.unwrap();
        let found = store.find_worker(id).await.unwrap().unwrap();
        assert_eq!(
            found.worker,
            Worker {
                on_duty,
                ..worker(1)
            }
        );
    }
    let other = store.find_worker(worker(2).id).await.unwrap().unwrap();
    assert_eq!(other.worker, worker(2));

    let changes = announced(store).await;
    let told: Vec<_> = changes
        .iter()
        .filter(|change| change.topic == Topic::Workers)
        .map(|change| (change.at, change.key.clone(), change.payload.to_string()))
        .collect();
    let expected = [(1, true), (2, true), (3, false)].map(|(seconds, on_duty)| {
        let payload = serde_json::json!({ "id": id, "on_duty": on_duty });
        (time(seconds), id.to_string(), payload.to_string())
    });
    assert_eq!(told, expected);
}

pub async fn duty_of_nobody_is_refused(store: &dyn Store) {
    save_workers(store, [1]).await;
    let nobody = WorkerId(uuid(2));
    let error = store.set_duty(nobody, true, time(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::NoWorker(id) if id == nobody));
    assert_eq!(announced_topics(store).await, [Topic::Organisations]);
}
