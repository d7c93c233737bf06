//! Fresh databases for tests.
//!
//! `SQLite` needs nothing. `PostGIS` needs a server, named by `WANGGE_TEST_POSTGRES_URL`
//! (a role that may create databases); without it those tests say so and pass, unless
//! `CI` or `WANGGE_REQUIRE_POSTGRES` is set.

#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::io::Write;
use std::str::FromStr;
use std::sync::{Arc, Once};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;
use uuid::Uuid;
use wangge::store::{self, Store};

/// A migrated, empty database that is gone when this is dropped.
pub struct Database {
    pub url: String,
    pub store: Arc<dyn Store>,
    _place: Place,
}

enum Place {
    Folder { _folder: TempDir },
    Server { _database: ServerDatabase },
}

/// A database on the test server that is dropped with this.
pub struct ServerDatabase {
    pub url: String,
    admin_url: String,
    name: String,
}

impl<'a> From<&'a Database> for &'a dyn Store {
    fn from(database: &'a Database) -> Self {
        database.store.as_ref()
    }
}

/// A file of its own.
pub async fn fresh_sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("wangge.db").display());
    open_fresh(url, Place::Folder { _folder: folder }).await
}

/// A database of its own on the test server; `None`, and a line to the standard error
/// stream, when there is no server.
///
/// # Panics
/// When there is no server although one is required, or it does not answer.
pub async fn fresh_postgis() -> Option<Database> {
    let database = ServerDatabase::create(&postgis_server()?, None).await;
    let url = database.url.clone();
    let place = Place::Server {
        _database: database,
    };
    Some(open_fresh(url, place).await)
}

/// The address of the test server; `None`, and a line to the standard error stream, when
/// there is none.
///
/// # Panics
/// When there is none although one is required.
pub fn postgis_server() -> Option<String> {
    if let Ok(admin_url) = std::env::var("WANGGE_TEST_POSTGRES_URL") {
        return Some(admin_url);
    }
    let required = ["CI", "WANGGE_REQUIRE_POSTGRES"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some());
    if let Some(name) = required {
        panic!("{name} is set, but WANGGE_TEST_POSTGRES_URL names no server");
    }
    say_skipped();
    None
}

impl ServerDatabase {
    /// Makes a database that nobody has opened yet: an empty one, or a copy of another
    /// that nobody has open.
    pub async fn create(admin_url: &str, template: Option<&str>) -> Self {
        let name = format!("wangge_test_{}", Uuid::new_v4().simple());
        let template = template.map(|name| format!(" TEMPLATE {name}"));
        let template = template.unwrap_or_default();
        execute(admin_url, format!("CREATE DATABASE {name}{template}")).await;
        Self {
            url: with_database(admin_url, &name),
            admin_url: admin_url.to_owned(),
            name,
        }
    }
}

async fn open_fresh(url: String, place: Place) -> Database {
    let store = store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    Database {
        url,
        store,
        _place: place,
    }
}

/// Says once that the `PostGIS` half did not run. Written past the test harness, which
/// swallows what passing tests print.
fn say_skipped() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: PostGIS tests, because WANGGE_TEST_POSTGRES_URL names no server"
        );
    });
}

/// `postgres://…/this?…` with another database name.
pub fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_at(url.find('?').unwrap_or(url.len()));
    let (server, _) = address
        .rsplit_once('/')
        .expect("an address such as postgres://user@host/database");
    format!("{server}/{name}{parameters}")
}

/// Runs a statement on a database.
pub async fn execute(url: &str, sql: String) {
    let mut connection = PgConnectOptions::from_str(url)
        .unwrap()
        .connect()
        .await
        .unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}

impl Drop for ServerDatabase {
    fn drop(&mut self) {
        let (admin_url, name) = (
            std::mem::take(&mut self.admin_url),
            std::mem::take(&mut self.name),
        );
        // A drop cannot wait, and the test's own runtime may be going down.
        let _ = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(execute(
                    &admin_url,
                    format!("DROP DATABASE {name} WITH (FORCE)"),
                ));
        })
        .join();
    }
}
