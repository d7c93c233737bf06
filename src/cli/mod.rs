//! The commands.

mod boundaries;
mod check;
mod demo;
mod draft;
mod export;
mod import;
mod lookup;
mod matching;
mod openapi;
mod output;
mod serve;
mod settings;
mod simulate;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::store::{self, Store};

use settings::{Overrides, Settings};

/// What a command fails with: anything, said to people at the end.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// 网格 Wangge: whose ground is this point, who is near, who goes.
#[derive(Debug, Parser)]
#[command(name = "wangge", version, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
struct Common {
    /// Settings file [default: wangge.toml, if there is one]
    #[arg(long, global = true, env = "WANGGE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database: <sqlite://path/to/file.db> or <postgres://user@host/database>
    #[arg(long, global = true, env = "WANGGE_DATABASE_URL", value_name = "URL")]
    database_url: Option<String>,
    /// Where files are kept, the `SQLite` database among them [default: var]
    #[arg(long, global = true, env = "WANGGE_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Answer with JSON on standard output, for scripts
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the web application
    Serve(serve::Options),
    /// Read boundaries from a file and publish them as a new edition
    Import(import::Options),
    /// Say everything that is wrong with a boundary file. Exit code 0: nothing bars
    /// publishing; 2: it needs a reason; 3: it is barred
    Check(check::Options),
    /// Write the areas of an edition into a file
    Export(export::Options),
    /// Work on boundary changes that are to be published later
    Draft(draft::Options),
    /// Publish a draft as a new edition
    Publish(draft::PublishOptions),
    /// Whose ground is a point
    Lookup(lookup::Options),
    /// Join points of a CSV file to areas, without a server
    Match(matching::Options),
    /// Build a demonstration territory with people and a past
    Demo(demo::Options),
    /// Let workers walk and incidents happen, through the API of a running server
    Simulate(simulate::Options),
    /// Bring the database's tables up to date
    Migrate,
    /// Make credentials for the API
    User(user::Options),
    /// Print the API's description (`OpenAPI` 3.1)
    Openapi,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(execute(arguments)));
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::report(failure.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// The exit code is 0 unless a command says otherwise.
async fn execute(arguments: Arguments) -> Result<u8, Failure> {
    let Common {
        config,
        database_url,
        data_dir,
        json,
    } = arguments.common;
    let settings = Settings::load(
        config.as_deref(),
        Overrides {
            database_url,
            data_dir,
        },
    )?;
    let done = match arguments.command {
        Command::Check(options) => return check::run(&settings, &options, json).await,
        Command::Export(options) => export::run(&settings, options, json).await,
        Command::Draft(options) => draft::run(&settings, options, json).await,
        Command::Publish(options) => draft::publish(&settings, options, json).await,
        Command::Serve(options) => serve::run(settings, options).await,
        Command::Lookup(options) => lookup::run(&settings, &options, json).await,
        Command::Import(options) => import::run(&settings, options, json).await,
        Command::Match(options) => matching::run(&options),
        Command::Demo(options) => demo::run(&settings, options, json).await,
        Command::Simulate(options) => simulate::run(&settings, options).await,
        Command::Migrate => {
            let store = open_store(&settings).await?;
            output::say(json, "database", &store.kind(), || {
                format!("The {} database is up to date.", store.kind())
            });
            Ok(())
        }
        Command::User(options) => user::run(&settings, options, json).await,
        Command::Openapi => openapi::run(),
    };
    done.map(|()| 0)
}

/// Opens the configured database and brings its tables up to date.
async fn open_store(settings: &Settings) -> Result<Arc<dyn Store>, Failure> {
    let store = store::open(&settings.database_url()?).await?;
    store.migrate().await?;
    Ok(store)
}
