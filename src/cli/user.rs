//! `wangge user`

use clap::Subcommand;

use super::settings::Settings;
use super::{Failure, open_store, output};
use crate::domain::{Actor, AreaCode, OrganisationId, Role, WorkerId};
use crate::service::Clock;
use crate::service::access::issue_key;

#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make a key for somebody and print it; it is shown once and kept nowhere
    Add(AddOptions),
}

#[derive(Debug, clap::Args)]
struct AddOptions {
    /// As it is written into histories
    name: String,
    /// worker, dispatcher, gis, department, leader, auditor or administrator
    #[arg(long)]
    role: Role,
    /// Code of the area beyond which they see nothing; everywhere when absent
    #[arg(long)]
    area: Option<AreaCode>,
    /// For a worker: who they are
    #[arg(long)]
    worker: Option<WorkerId>,
    /// For a department: which one
    #[arg(long)]
    organisation: Option<OrganisationId>,
}

/// Makes credentials.
pub async fn run(settings: &Settings, options: Options, json: bool) -> Result<(), Failure> {
    let UserCommand::Add(add) = options.command;
    if matches!(add.role, Role::Resident | Role::System) {
        return Err(format!("the role {} has no credentials", add.role).into());
    }
    if add.role == Role::Worker && (add.area.is_none() || add.worker.is_none()) {
        return Err(
            "a worker's key needs --worker, who they are, and --area, what they see".into(),
        );
    }
    if add.role == Role::Department && (add.area.is_none() || add.organisation.is_none()) {
        return Err(
            "a department's key needs --organisation, which one, and --area, what it sees".into(),
        );
    }
    let store = open_store(settings).await?;
    let clock = Clock::system();
    let actor = Actor {
        area: add.area,
        worker: add.worker,
        organisation: add.organisation,
        ..Actor::with_role(&add.name, add.role)
    };
    let key = issue_key(store.as_ref(), actor, &clock.fresh_secret(), clock.now()).await?;
    output::say(json, "key", &key, || {
        format!("{key}\nSend it as `Authorization: Bearer {key}`. It is not shown again.")
    });
    Ok(())
}
