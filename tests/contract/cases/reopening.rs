//! The same database, opened another time.

use wangge::domain::EditionId;
use wangge::domain::incident::IncidentKey;
use wangge::store::{self, People};

use crate::sample::{
    file, fill, first_edition, fix, grid, new_incident, organisation, post, sorted, step, time,
    worker,
};
use crate::support::Database;

pub async fn all_is_there_when_the_database_is_opened_again(database: &Database) {
    let before = database.store.as_ref();
    let areas = vec![grid(1), grid(2)];
    before
        .publish_edition(first_edition(areas.clone()))
        .await
        .unwrap();
    let people = People {
        organisations: vec![organisation(100)],
        workers: vec![worker(1)],
        posts: vec![post(1, worker(1).id)],
    };
    before.save_people(&people, time(0)).await.unwrap();
    before
        .record_positions(&[fix(1, 0)], &[], time(1))
        .await
        .unwrap();
    let incident = file(before, new_incident(1)).await;
    let next = step(&incident, fill);
    before.record_step(&next).await.unwrap();

    let again = store::open(&database.url).await.unwrap();
    let after = again.as_ref();
    after.migrate().await.unwrap();
    assert_eq!(
        sorted(after.load_areas(EditionId(1)).await.unwrap()),
        sorted(areas)
    );
    assert_eq!(
        after.list_organisations().await.unwrap(),
        people.organisations
    );
    let workers = after.list_workers().await.unwrap();
    assert_eq!(workers[0].worker, people.workers[0]);
    assert_eq!(workers[0].posts, people.posts);
    assert_eq!(after.list_positions(None).await.unwrap(), [fix(1, 0)]);
    let found = after.find_incident(&IncidentKey::Id(incident.id)).await;
    assert_eq!(found.unwrap(), Some(next.incident));
    assert_eq!(after.list_events(incident.id).await.unwrap().len(), 2);

    // Both go on, and neither gives a number twice.
    let there = file(after, new_incident(2)).await;
    let here = file(before, new_incident(3)).await;
    assert!(there.number < here.number, "{there:?} {here:?}");
    let numbers_seen = after.list_open_incidents().await.unwrap().len();
    assert_eq!(numbers_seen, 2);
}

pub async fn migrating_again_or_at_once_does_no_harm(database: &Database) {
    let incident = file(database.store.as_ref(), new_incident(1)).await;
    let stores = futures::future::join_all((0..4).map(|_| store::open(&database.url))).await;
    let migrations = stores.iter().map(|store| store.as_ref().unwrap().migrate());
    for migrated in futures::future::join_all(migrations).await {
        migrated.unwrap();
    }
    let found = database
        .store
        .find_incident(&IncidentKey::Id(incident.id))
        .await;
    assert_eq!(found.unwrap(), Some(incident));
}

pub async fn a_store_says_which_database_it_is(database: &Database) {
    let scheme = database.url.split(':').next();
    let expected = match scheme {
        Some("sqlite") => "sqlite",
        _ => "postgis",
    };
    assert_eq!(database.store.kind(), expected);
    database.store.ping().await.unwrap();
}
