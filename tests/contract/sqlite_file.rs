//! What only the file has: how it is opened, and who else may have it open.

use std::path::Path;
use std::str::FromStr;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use wangge::domain::EditionId;
use wangge::domain::draft::{DraftArea, DraftEntry, DraftStep};
use wangge::store::{self, NewEdition};

use crate::cases::drafts::{draft, first_step};
use crate::sample::{code, file, first_edition, grid, new_incident};
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
async fn a_file_from_before_drafts_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("wangge.db").display());
    let mut file = SqliteConnectOptions::from_str(&url)
        .unwrap()
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut before = Migrator::new(folder).await.unwrap();
    before.migrations.to_mut().retain(|step| step.version < 6);
    before.run(&mut file).await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO editions VALUES (1, '旧版', NULL, 0, 0, 1);
         INSERT INTO area_versions (area_id, from_edition, code, name, level, generated)
         VALUES (randomblob(16), 1, '32', '江苏省', 'province', 0);",
    )
    .execute(&mut file)
    .await
    .unwrap();
    file.close().await.unwrap();

    let store = store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let editions = store.list_editions().await.unwrap();
    assert_eq!(
        (editions[0].title.as_str(), &editions[0].published_by),
        ("旧版", &None)
    );
    let versions = store.list_area_versions(&code("32")).await.unwrap();
    assert_eq!(versions[0].area.name, "江苏省");
    let draft = draft(1);
    let step = first_step(&[]);
    store.open_draft(&draft, &step, &[]).await.unwrap();
    let edition = NewEdition {
        base: Some(EditionId(1)),
        restores: Some(EditionId(1)),
        draft: Some((draft.id, 1)),
        ..first_edition(vec![grid(1)])
    };
    let edition = store.publish_edition(edition).await.unwrap();
    assert_eq!(
        (edition.area_count, edition.restores),
        (2, Some(EditionId(1)))
    );
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
    let draft = draft(1);
    let entry = DraftEntry::Put(DraftArea::of(&grid(1)));
    let changes = vec![(grid(1).id, Some(entry))];
    let step = DraftStep {
        before: changes.clone(),
        ..first_step(&changes)
    };
    store.open_draft(&draft, &step, &changes).await.unwrap();
    let mut file = SqliteConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql(
        "UPDATE area_versions SET geometry = substr(geometry, 1, 40);
         UPDATE incidents SET status = 'lost';
         UPDATE draft_entries SET outline = substr(outline, 1, 4);
         UPDATE draft_steps SET before = CAST(before || x'07' AS BLOB);",
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
    let entry = store.load_draft_entries(draft.id).await.unwrap_err();
    assert_eq!(
        entry.to_string(),
        "an area of a draft in the database is not readable: an outline cannot be read: the bytes \
         end after 4, in the middle of the points of a ring"
    );
    let step = store.find_draft_step(draft.id, 1).await.unwrap_err();
    assert_eq!(
        step.to_string(),
        "a step of a draft in the database is not readable: what a step changed cannot be read: \
         1 bytes follow the end"
    );
}
