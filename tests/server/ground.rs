//! Where a test's data are, and commands that run on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::Utc;
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell, RwLock, RwLockReadGuard, RwLockWriteGuard};
use wangge::service::built_in_rulebook;
use wangge::store::{self, NewRulebook, Store};

use crate::support::{ServerDatabase, execute, postgis_server, with_database};

/// The smallest Huai'an whose every community has a grid, with room to spare.
const GRIDS: &str = "1700";
/// A demonstration that a run of the tests has left behind is older than this.
const LEFT_BEHIND: Duration = Duration::from_hours(1);
const LEFT_BEHIND_PREFIX: &str = "wangge_demo_";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgis,
}

/// A data directory and a database of one test, gone when this is dropped.
pub struct Ground {
    folder: TempDir,
    database: Option<ServerDatabase>,
    /// Given up last, when the database is gone.
    _turn: Turn,
}

/// Tests that measure a second have the machine to themselves, and the database server
/// too: there, what others write for long, such as a new database, holds changes back.
static TURNS: RwLock<()> = RwLock::const_new(());

#[expect(dead_code, reason = "a turn is only held")]
enum Turn {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl Turn {
    async fn shared() -> Self {
        Self::Shared(TURNS.read().await)
    }

    async fn alone() -> Self {
        Self::Alone(TURNS.write().await)
    }
}

impl Ground {
    /// Nothing is there yet, not even tables.
    pub async fn empty(backend: Backend) -> Self {
        Self::make_empty(backend, Turn::shared().await).await
    }

    /// As [`Ground::empty`], while no other test runs.
    pub async fn empty_alone(backend: Backend) -> Self {
        Self::make_empty(backend, Turn::alone().await).await
    }

    /// A demonstration of Huai'an. It is made once for each backend, and copied.
    pub async fn demonstration(backend: Backend) -> Self {
        Self::copy_demonstration(backend, Turn::shared().await).await
    }

    /// As [`Ground::demonstration`], while no other test runs.
    pub async fn demonstration_alone(backend: Backend) -> Self {
        Self::copy_demonstration(backend, Turn::alone().await).await
    }

    async fn make_empty(backend: Backend, turn: Turn) -> Self {
        let database = match backend {
            Backend::Sqlite => None,
            Backend::Postgis => Some(ServerDatabase::create(&server(), None).await),
        };
        Self::with_database(database, turn)
    }

    async fn copy_demonstration(backend: Backend, turn: Turn) -> Self {
        static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
        static POSTGIS: OnceCell<String> = OnceCell::const_new();
        // Copies of one database are not made at once.
        static COPYING: Mutex<()> = Mutex::const_new(());
        match backend {
            Backend::Sqlite => {
                let made = SQLITE.get_or_init(make_sqlite).await;
                let ground = Self::with_database(None, turn);
                for entry in std::fs::read_dir(made).unwrap() {
                    let entry = entry.unwrap();
                    let to = ground.data_dir().join(entry.file_name());
                    std::fs::copy(entry.path(), to).unwrap();
                }
                ground
            }
            Backend::Postgis => {
                let made = POSTGIS.get_or_init(make_postgis).await;
                let copying = COPYING.lock().await;
                let database = ServerDatabase::create(&server(), Some(made)).await;
                drop(copying);
                Self::with_database(Some(database), turn)
            }
        }
    }

    fn with_database(database: Option<ServerDatabase>, turn: Turn) -> Self {
        let ground = Self {
            folder: tempfile::tempdir().unwrap(),
            database,
            _turn: turn,
        };
        std::fs::create_dir(ground.data_dir()).unwrap();
        ground.write("wangge.toml", "");
        ground
    }

    /// A file of the test's own, beside the data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the test's own.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn data_dir(&self) -> PathBuf {
        self.file("data")
    }

    pub fn url(&self) -> String {
        match &self.database {
            Some(database) => database.url.clone(),
            None => format!("sqlite://{}", self.data_dir().join("wangge.db").display()),
        }
    }

    /// The database, past the server.
    pub async fn store(&self) -> Arc<dyn Store> {
        let store = store::open(&self.url()).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    /// Rules by which nothing happens to an incident by itself.
    pub async fn leave_to_people(&self) {
        let mut book = built_in_rulebook().unwrap();
        book.escalation.clear();
        book.sending.clear();
        let new = NewRulebook {
            base: 0,
            at: Utc::now(),
            saved_by: "管理员".to_owned(),
            note: None,
            book,
        };
        self.store().await.save_rulebook(&new).await.unwrap();
    }

    /// The binary with arguments that lead to this ground, and nothing from outside.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let database_url = self.database.as_ref().map(|database| &*database.url);
        let mut command = wangge(self.folder.path(), &self.data_dir(), database_url);
        command.args(arguments);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().unwrap();
        Ran {
            what: arguments.join(" "),
            code: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Makes a key as an operator does.
    pub fn key(&self, name: &str, role: &str, more: &[&str]) -> String {
        let arguments = [&["user", "add", name, "--role", role, "--json"], more].concat();
        let answer = self.run(&arguments).succeeded().json();
        answer["key"].as_str().expect("a key").to_owned()
    }
}

/// What came of a command.
#[derive(Debug)]
pub struct Ran {
    what: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(
            self.code,
            Some(0),
            "`wangge {}` should have succeeded, but said: {}",
            self.what,
            self.stderr
        );
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "`wangge {}` should have answered with JSON: {error}: {}",
                self.what, self.stdout
            )
        })
    }
}

fn wangge(folder: &Path, data_dir: &Path, database_url: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wangge"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WANGGE_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .arg("--config")
        .arg(folder.join("wangge.toml"))
        .arg("--data-dir")
        .arg(data_dir);
    if let Some(url) = database_url {
        command.args(["--database-url", url]);
    }
    command
}

fn make_demonstration(folder: &Path, database_url: Option<&str>) {
    std::fs::write(folder.join("wangge.toml"), "").unwrap();
    let mut command = wangge(folder, &folder.join("data"), database_url);
    let made = command.args(["demo", "--grids", GRIDS]).output().unwrap();
    assert!(
        made.status.success(),
        "the demonstration should have been made: {}",
        String::from_utf8_lossy(&made.stderr)
    );
}

/// The folder whose files are to be copied.
async fn make_sqlite() -> PathBuf {
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap() {
        let entry = entry.unwrap();
        if is_left_behind(&entry.file_name().to_string_lossy()) {
            // Another run may be doing the same.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    let folder = std::env::temp_dir().join(fresh_name());
    std::fs::create_dir(&folder).unwrap();
    make_demonstration(&folder, None);
    folder.join("data")
}

/// The database to be copied.
async fn make_postgis() -> String {
    let server = server();
    let mut connection = PgConnection::connect(&server).await.unwrap();
    let names: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    for name in names.iter().filter(|name| is_left_behind(name)) {
        execute(&server, format!("DROP DATABASE IF EXISTS {name}")).await;
    }
    let name = fresh_name();
    execute(&server, format!("CREATE DATABASE {name}")).await;
    let folder = tempfile::tempdir().unwrap();
    make_demonstration(folder.path(), Some(&with_database(&server, &name)));
    name
}

/// Nothing runs at the end of a test process, so what it leaves behind says when it was
/// made, and a later one clears it away.
fn fresh_name() -> String {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let (pid, made) = (std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let seconds = since_epoch().as_secs();
    format!("{LEFT_BEHIND_PREFIX}{seconds}_{pid}_{made}")
}

fn is_left_behind(name: &str) -> bool {
    name.strip_prefix(LEFT_BEHIND_PREFIX)
        .and_then(|rest| rest.split('_').next())
        .and_then(|seconds| seconds.parse().ok())
        .is_some_and(|seconds| Duration::from_secs(seconds) + LEFT_BEHIND < since_epoch())
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn server() -> String {
    postgis_server().expect("a test for PostGIS runs only when there is a server")
}
