//! What only PostGIS has: readers of the change log beside open transactions, views and
//! spatial indexes for GIS clients, and words that the database itself checks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use uuid::Uuid;
use wangge::domain::draft::DraftState;
use wangge::domain::incident::NewIncident;
use wangge::domain::organisation::OrganisationKind;
use wangge::domain::{
    Actor, Area, AreaId, AreaRef, Change, ChangeCursor, EditionId, Fix, GridKind, IncidentEvent,
    IncidentId, IncidentNumber, Level, LngLat, Match, Outcome, Polygon, Priority, Ring, Role,
    ServiceCode, Shape, Slot, Source, Status, TaskRole, TaskStatus, Timestamp, Topic, Worker,
    WorkerId, WorkerRole,
};
use wangge::store::{self, NewEdition, People, Store};

use support::{Database, ServerDatabase, fresh_postgis, postgis_server};

async fn connect(database: &Database) -> PgPool {
    PgPool::connect(&database.url).await.unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A grid of a thousandth of a degree, the n-th of rows of a hundred.
fn grid(n: i32) -> Area {
    let (west, south) = (
        1_190_000_000 + n % 100 * 10_000,
        336_000_000 + n / 100 * 10_000,
    );
    let corners = [(0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000)]
        .map(|(x, y)| LngLat::from_e7(west + x, south + y).unwrap());
    let exterior = Ring::from_open(corners.to_vec()).unwrap();
    let holes = vec![];
    Area {
        id: AreaId(Uuid::from_u128(n.unsigned_abs().into())),
        code: format!("320812001001{n:06}").parse().unwrap(),
        name: format!("第{n}网格"),
        level: Level::Grid,
        parent: Some("320812001001".parse().unwrap()),
        kind: Some(GridKind::General),
        shape: Some(Arc::new(
            Shape::new(vec![Polygon { exterior, holes }]).unwrap(),
        )),
        label: None,
        area_m2: Some(10_364.0),
        generated: true,
    }
}

async fn publish(
    store: &dyn Store,
    base: Option<EditionId>,
    put: Vec<Area>,
    effective_from: Timestamp,
) -> EditionId {
    let edition = NewEdition {
        base,
        title: "清江浦区网格".into(),
        notice: None,
        effective_from,
        published_at: Utc::now(),
        put,
        removed: vec![],
        published_by: None,
        reason: None,
        restores: None,
        lineage: vec![],
        draft: None,
    };
    store.publish_edition(edition).await.unwrap().id
}

fn new_incident(id: u128, reported_at: Timestamp) -> NewIncident {
    let grid = grid(1);
    NewIncident {
        id: IncidentId(Uuid::from_u128(id)),
        service: ServiceCode("illegal_parking".into()),
        priority: Priority::Normal,
        description: "消防通道被堵".into(),
        address: None,
        position: LngLat::from_degrees(119.001_5, 33.600_5).unwrap(),
        matched: Match::Grid,
        chain: vec![AreaRef::from(&grid)],
        source: Source::Resident,
        reporter: None,
        form: serde_json::Map::new(),
        holder: None,
        tracking_key: "secret".into(),
        reported_at,
    }
}

async fn file(store: &dyn Store, incident: NewIncident) -> IncidentNumber {
    let event = IncidentEvent::report(&incident, &Actor::public());
    let filed = store.file_incident(incident, &event, None).await.unwrap();
    filed.incident.number
}

/// Reads from the beginning until there are `count` changes: other transactions of the
/// server may hold them back for a while.
async fn read_changes(store: &dyn Store, count: usize) -> Vec<Change> {
    let reading = async {
        loop {
            let changes = store
                .read_changes(ChangeCursor::default(), 100)
                .await
                .unwrap();
            if changes.len() >= count {
                return changes;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reading)
        .await
        .unwrap()
}

const ANNOUNCE: &str =
    "INSERT INTO changes (at, topic, key, payload) VALUES (now(), 'workers', $1, '{}')";

#[tokio::test]
async fn a_change_that_commits_late_is_not_skipped() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let pool = connect(&database).await;
    let mut slow = pool.begin().await.unwrap();
    sqlx::query(ANNOUNCE)
        .bind("slow")
        .execute(&mut *slow)
        .await
        .unwrap();
    sqlx::query(ANNOUNCE)
        .bind("fast")
        .execute(&pool)
        .await
        .unwrap();

    let store = &database.store;
    let beginning = ChangeCursor::default();
    assert_eq!(store.read_changes(beginning, 100).await.unwrap(), []);
    assert_eq!(store.latest_change().await.unwrap(), beginning);
    // Nor is it forgotten before anybody could read it.
    let tomorrow = Utc::now() + TimeDelta::days(1);
    store.prune_changes(tomorrow).await.unwrap();

    slow.commit().await.unwrap();
    let changes = read_changes(store.as_ref(), 2).await;
    let keys: Vec<&str> = changes.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(keys, ["slow", "fast"]);
    assert_eq!(store.latest_change().await.unwrap(), changes[1].cursor);
}

#[tokio::test]
async fn a_log_restored_from_another_server_is_forgotten() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let pool = connect(&database).await;
    sqlx::raw_sql(
        "INSERT INTO changes (transaction, at, topic, key, payload)
         VALUES ('4000000000000', now(), 'workers', 'foreign', '{}');
         UPDATE change_horizon SET transaction = '3000000000000', sequence = 7;
         INSERT INTO webhooks (id, organisation, url, hears, actions, state, secret, created_at,
             created_by, read_transaction, read_sequence, read_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), 'https://department.example/', 'area',
             '[]', 'active', 'whsec_', now(), '管理员', 3999999999999, 5, now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = &database.store;
    store.migrate().await.unwrap();
    sqlx::query(ANNOUNCE)
        .bind("own")
        .execute(&pool)
        .await
        .unwrap();
    let changes = read_changes(store.as_ref(), 1).await;
    assert_eq!(changes[0].key, "own");
    assert_eq!(
        store.change_horizon().await.unwrap(),
        ChangeCursor::default()
    );

    // Whoever had read it stands before the beginning, and so is told from the histories.
    let reading = store.list_webhooks().await.unwrap()[0].reading;
    assert!(reading.cursor < store.change_horizon().await.unwrap());

    // The log of this server stays.
    store.migrate().await.unwrap();
    assert_eq!(read_changes(store.as_ref(), 1).await, changes);
}

#[tokio::test]
async fn a_database_from_before_drafts_is_brought_up_to_date() {
    let Some(server) = postgis_server() else {
        return;
    };
    let database = ServerDatabase::create(&server, None).await;
    let pool = PgPool::connect(&database.url).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgis");
    let mut before = Migrator::new(folder).await.unwrap();
    before.migrations.to_mut().retain(|step| step.version < 6);
    before.run(&pool).await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO editions VALUES (1, '旧版', NULL, now(), now(), 1);
         INSERT INTO area_versions (area_id, from_edition, code, name, level, generated)
         VALUES (gen_random_uuid(), 1, '32', '江苏省', 'province', false);",
    )
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query(ANNOUNCE)
        .bind("old")
        .execute(&pool)
        .await
        .unwrap();

    let store = store::open(&database.url).await.unwrap();
    store.migrate().await.unwrap();
    let editions = store.list_editions().await.unwrap();
    assert_eq!(
        (editions[0].title.as_str(), &editions[0].published_by),
        ("旧版", &None)
    );
    let code = "32".parse().unwrap();
    let versions = store.list_area_versions(&code).await.unwrap();
    assert_eq!(versions[0].area.name, "江苏省");
    sqlx::query(
        "INSERT INTO changes (at, topic, key, payload) VALUES (now(), 'drafts', 'new', '{}')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let changes = read_changes(store.as_ref(), 2).await;
    assert_eq!(
        (changes[0].topic, changes[1].topic),
        (Topic::Workers, Topic::Drafts)
    );
}

#[tokio::test]
async fn the_views_hold_what_is_in_force_open_and_known() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let (store, pool) = (database.store.as_ref(), connect(&database).await);
    let now = Utc::now();
    let county = Area {
        level: Level::County,
        code: "320812".parse().unwrap(),
        kind: None,
        ..grid(900)
    };
    let first = publish(store, None, vec![county, grid(1), grid(2)], now).await;
    let renamed = Area {
        name: "改名".into(),
        ..grid(1)
    };
    // The edition that comes tomorrow changes nothing today.
    let tomorrow = now + TimeDelta::days(1);
    publish(store, Some(first), vec![renamed, grid(3)], tomorrow).await;
    let count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM areas_in_force").await, 3);
    assert_eq!(count("SELECT count(*) FROM counties_in_force").await, 1);
    assert_eq!(count("SELECT count(*) FROM grids_in_force").await, 2);
    assert_eq!(
        count("SELECT count(DISTINCT fid) FROM areas_in_force").await,
        3
    );
    let name: String =
        sqlx::query_scalar("SELECT name FROM grids_in_force WHERE code = '320812001001000001'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(name, "第1网格");

    file(store, new_incident(1, now)).await;
    file(store, new_incident(2, now)).await;
    sqlx::query("UPDATE incidents SET status = 'closed' WHERE id = $1")
        .bind(Uuid::from_u128(2))
        .execute(&pool)
        .await
        .unwrap();
    let place = "SELECT count(*) FROM open_incidents WHERE area_code = '320812001001000001'
        AND ST_Equals(geom, ST_SetSRID(ST_MakePoint(119.0015, 33.6005), 4326))";
    assert_eq!(count(place).await, 1);
    assert_eq!(count("SELECT count(*) FROM open_incidents").await, 1);

    let worker = Worker {
        id: WorkerId(Uuid::from_u128(5)),
        name: "张三".into(),
        phone: None,
        role: WorkerRole::FullTime,
        organisation: None,
        skills: vec![],
        capacity: 3,
        on_duty: true,
    };
    let fix = Fix {
        worker: worker.id,
        position: LngLat::from_degrees(119.001_5, 33.600_5).unwrap(),
        at: now,
        accuracy_m: None,
        speed_mps: None,
        heading_deg: None,
    };
    let people = People {
        workers: vec![worker],
        ..People::default()
    };
    store.save_people(&people, now).await.unwrap();
    store.record_positions(&[fix], &[], now).await.unwrap();
    let place = "SELECT count(*) FROM worker_positions
        WHERE name = '张三' AND on_duty AND ST_X(geom) = 119.0015";
    assert_eq!(count(place).await, 1);
}

#[tokio::test]
async fn every_view_and_each_of_its_columns_is_explained() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let pool = connect(&database).await;
    let unexplained: Vec<String> = sqlx::query_scalar(
        "SELECT format('%s.%s', class.relname, attribute.attname)
         FROM pg_class AS class
         JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
         WHERE class.relkind = 'v' AND class.relnamespace = 'public'::regnamespace
             AND class.relname NOT IN ('geometry_columns', 'geography_columns')
             AND (obj_description(class.oid, 'pg_class') IS NULL
                 OR col_description(class.oid, attribute.attnum) IS NULL)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(unexplained, [""; 0]);
    let views: Vec<String> = sqlx::query_scalar(
        "SELECT f_table_name FROM geometry_columns
         WHERE f_table_name LIKE '%\\_in\\_force' AND type = 'MULTIPOLYGON' AND srid = 4326
             AND f_table_name <> 'areas_in_force'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let expected: BTreeSet<String> = Level::ALL
        .iter()
        .map(|level| format!("{}_in_force", level.layer()))
        .collect();
    assert_eq!(views.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn a_box_is_found_by_the_spatial_index() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let (store, pool) = (database.store.as_ref(), connect(&database).await);
    publish(store, None, (0..3_000).map(grid).collect(), Utc::now()).await;
    sqlx::raw_sql("ANALYZE area_versions")
        .execute(&pool)
        .await
        .unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT code FROM grids_in_force
         WHERE geom && ST_MakeEnvelope(119.001, 33.601, 119.002, 33.602, 4326)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("area_versions_geom"), "{plan}");
}

#[tokio::test]
async fn gdal_opens_a_view_as_a_layer_of_multipolygons() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI is set, but ogrinfo is not installed (apt-get install gdal-bin)"
        );
        eprintln!("skipped: ogrinfo is not installed (apt-get install gdal-bin)");
        return;
    }
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let grids = vec![grid(1), grid(2)];
    publish(database.store.as_ref(), None, grids, Utc::now()).await;
    // GDAL knows only this one of the two spellings.
    let url = database.url.replacen("postgres://", "postgresql://", 1);
    let output = Command::new("ogrinfo")
        .args(["-ro", "-al", &url, "grids_in_force"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    for expected in [
        "Layer name: grids_in_force",
        "Geometry: Multi Polygon",
        "Feature Count: 2",
        "ID[\"EPSG\",4326]",
        "第1网格",
        "MULTIPOLYGON (((119.001 33.6,",
    ] {
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(expected), "no {expected:?} in {text}{errors}");
    }
}

#[tokio::test]
async fn the_database_knows_the_words_of_the_domain() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let pool = connect(&database).await;
    macro_rules! words {
        ($($domain:literal => $words:ty),+ $(,)?) => {
            [$(($domain, <$words>::ALL.iter().map(|word| word.as_str()).collect())),+]
        };
    }
    let vocabularies: [(&str, BTreeSet<&str>); 15] = words! {
        "area_level" => Level,
        "grid_kind" => GridKind,
        "organisation_kind" => OrganisationKind,
        "worker_role" => WorkerRole,
        "post_slot" => Slot,
        "incident_priority" => Priority,
        "incident_match" => Match,
        "incident_source" => Source,
        "incident_status" => Status,
        "incident_outcome" => Outcome,
        "task_role" => TaskRole,
        "task_status" => TaskStatus,
        "actor_role" => Role,
        "change_topic" => Topic,
        "draft_state" => DraftState,
    };
    for (domain, words) in vocabularies {
        let check: String = sqlx::query_scalar(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint
             WHERE contypid = to_regtype($1)",
        )
        .bind(domain)
        .fetch_one(&pool)
        .await
        .unwrap();
        // Every other part between the quotes is a word.
        let known: BTreeSet<&str> = check.split('\'').skip(1).step_by(2).collect();
        assert_eq!(known, words, "{domain}");
    }
}

#[tokio::test]
async fn incidents_are_numbered_as_the_domain_says() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let (store, pool) = (database.store.as_ref(), connect(&database).await);
    for (id, (reported_at, sequence)) in (1..).zip([
        ("2026-11-22T15:59:59.999Z", 1),
        ("2026-11-22T16:00:00Z", 123_456),
        ("2026-12-31T20:00:00Z", 1_000_000),
        ("1988-07-01T16:00:00Z", 12_345_678_901),
    ]) {
        sqlx::query("SELECT setval('incident_sequence', $1, false)")
            .bind(sequence)
            .execute(&pool)
            .await
            .unwrap();
        let number = file(store, new_incident(id, time(reported_at))).await;
        assert_eq!(number, IncidentNumber::new(time(reported_at), sequence));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reserved_numbers_follow_each_other_while_others_file() {
    let Some(database) = fresh_postgis().await else {
        return;
    };
    let now = Utc::now();
    let filers: Vec<_> = (0..4_u128)
        .map(|filer| {
            let store = Arc::clone(&database.store);
            tokio::spawn(async move {
                let mut numbers = vec![];
                for n in 0..25 {
                    let incident = new_incident(filer * 1_000 + n, now);
                    numbers.push(file(store.as_ref(), incident).await);
                }
                numbers
            })
        })
        .collect();
    let mut numbers = vec![];
    for _ in 0..10 {
        let first = database.store.reserve_numbers(7).await.unwrap();
        numbers.extend((first..first + 7).map(|n| IncidentNumber::new(now, n)));
    }
    for filer in filers {
        numbers.extend(filer.await.unwrap());
    }
    let distinct: BTreeSet<_> = numbers.iter().collect();
    assert_eq!(distinct.len(), 170);
}
