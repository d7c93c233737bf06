//! What only the file has: how it is opened, and who else may have it open.

use sqlx::{Connection, SqliteConnection};
use wangge::domain::EditionId;
use wangge::store;

use crate::sample::{file, first_edition, grid, new_incident};
use crate::support::fresh_sqlite;

#[tokio::test]
async fn an_unknown_scheme_is_refused_with_what_would_do() {
    for url in ["mysql://root@localhost/wangge", "wangge.db", ""] {
        let Err(error) = store::open(url).await else {
            panic!("{url} was opened");
        };
        assert_eq!(
            error.to_string(),
            format!(
                "{url:?} is no database: use sqlite://path/to/file.db or postgres://user@host/database"
            )
        );
    }
}

#[tokio::test]
async fn the_file_and_its_folders_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("甲 乙/deep/wangge.db");
    let store = store::open(&format!("sqlite://{}", path.display()))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    assert!(path.exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let url = format!("sqlite://{}", blocked.join("wangge.db").display());
    let Err(error) = store::open(&url).await else {
        panic!("{url} was opened");
    };
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains(&blocked.display().to_string()), "{source}");
}

#[tokio::test]
async fn a_database_in_memory_works_and_is_nobody_elses() {
    let store = store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let other = store::open("sqlite::memory:").await.unwrap();
    other.migrate().await.unwrap();
    file(store.as_ref(), new_incident(1)).await;
    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    assert_eq!(store.list_open_incidents().await.unwrap().len(), 1);
    assert_eq!(other.list_open_incidents().await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_that_start_together_make_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("wangge.db").display());
    let starts = (0..4).map(|n| {
        let url = url.clone();
        tokio::spawn(async move {
            let store = store::open(&url).await.unwrap();
            store.migrate().await.unwrap();
            for i in 0..10 {
                file(store.as_ref(), new_incident(n * 100 + i)).await;
            }
        })
    });
    for start in futures::future::join_all(starts).await {
        start.unwrap();
    }
    let store = store::open(&url).await.unwrap();
    assert_eq!(store.list_open_incidents().await.unwrap().len(), 40);
}

#[tokio::test]
async fn what_cannot_be_read_is_said() {
    let database = fresh_sqlite().await;
    let store = &database.store;
    store
        .publish_edition(first_edition(vec![grid(1)]))
        .await
        .unwrap();
    file(store.as_ref(), new_incident(1)).await;
    let mut file = SqliteConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql(
        "UPDATE area_versions SET geometry = substr(geometry, 1, 40);
         UPDATE incidents SET status = 'lost';",
    )
    .execute(&mut file)
    .await
    .unwrap();

    let area = store.load_areas(EditionId(1)).await.unwrap_err();
    assert_eq!(
        area.to_string(),
        "an area in the database is not readable: the geometry ends after 40 bytes, in the middle of a ring"
    );
    let incident = store.list_open_incidents().await.unwrap_err();
    assert_eq!(
        incident.to_string(),
        "an incident in the database is not readable: \"lost\" is not a status; expected one of \
         reported, filed, dispatched, handling, verifying, closed, evaluated"
    );
}
