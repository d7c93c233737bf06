//! `wangge draft` and `wangge publish`

use super::boundaries::{self, describe, operator, summarise};
use super::import;
use super::settings::Settings;
use super::{Failure, output};
use crate::domain::draft::{Draft, DraftState};
use crate::domain::{DraftId, Timestamp};
use crate::service::drafts::PublishDraft;
use crate::service::progress::Progress;

#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a draft of a boundary file, to be looked at and published later
    Open(OpenOptions),
    /// List the drafts that are open
    List,
    /// Say what is wrong with a draft
    Verdict { draft: DraftId },
    /// Give a draft up
    Discard { draft: DraftId },
}

#[derive(Debug, clap::Args)]
struct OpenOptions {
    /// A boundary file of any format that `import` reads
    file: std::path::PathBuf,
    #[command(flatten)]
    reading: boundaries::HowToRead,
    /// Remove areas of the levels and parents in the file that it does not have
    #[arg(long)]
    replace: bool,
}

/// Works on drafts.
pub async fn run(settings: &Settings, options: Options, json: bool) -> Result<(), Failure> {
    let services = boundaries::open_services(settings).await?;
    let actor = operator();
    match options.action {
        Action::Open(open) => {
            let (draft, reading) =
                import::open(&services, &open.file, &open.reading, open.replace).await?;
            output::say(json, "draft", &draft.id, || {
                let undecided = match reading.undecided.as_slice() {
                    [] => describe(&reading),
                    words => format!("To be chosen before it has areas: {}.", words.join(", ")),
                };
                format!("Draft {}. {undecided}", draft.id)
            });
        }
        Action::List => {
            let drafts = services.list_drafts(&actor, Some(DraftState::Open)).await?;
            let lines: Vec<String> = drafts.iter().map(line).collect();
            output::say(json, "drafts", &lines, || match lines.as_slice() {
                [] => "No draft is open.".to_owned(),
                lines => lines.join("\n"),
            });
        }
        Action::Verdict { draft } => {
            let (_, verdict) = services.judge_draft(&actor, draft).await?;
            let told = summarise(&verdict);
            output::say(json, "verdict", &told, || told.clone());
        }
        Action::Discard { draft } => {
            let known = services.load_draft(&actor, draft).await?;
            services.discard_draft(&actor, draft, known.version).await?;
            output::say(json, "discarded", &draft, || {
                format!("Draft {draft} is given up.")
            });
        }
    }
    Ok(())
}

fn line(draft: &Draft) -> String {
    let base = draft
        .base
        .map_or_else(|| "nothing".to_owned(), |base| format!("edition {base}"));
    format!(
        "{}  {}  on {base}, by {}, {}",
        draft.id,
        draft.title,
        draft.created_by,
        draft.updated_at.format("%Y-%m-%d %H:%M")
    )
}

#[derive(Debug, clap::Args)]
pub struct PublishOptions {
    draft: DraftId,
    /// What the territory is called [default: as before]
    #[arg(long)]
    title: Option<String>,
    /// Said wherever the borders are shown [default: as before]
    #[arg(long)]
    notice: Option<String>,
    /// From when the edition is in force [default: now]
    #[arg(long, value_name = "TIME")]
    effective_from: Option<Timestamp>,
    /// Why it is published with defects that ask for a reason
    #[arg(long)]
    reason: Option<String>,
}

/// Publishes a draft as it stands.
pub async fn publish(
    settings: &Settings,
    options: PublishOptions,
    json: bool,
) -> Result<(), Failure> {
    let services = boundaries::open_services(settings).await?;
    let actor = operator();
    let draft = services.load_draft(&actor, options.draft).await?;
    let how = PublishDraft {
        version: draft.version,
        effective_from: options.effective_from,
        reason: options.reason,
        title: options.title,
        notice: options.notice,
    };
    let published = services
        .publish_draft(&actor, draft.id, how, &Progress::default())
        .await?;
    output::say(json, "edition", &published.edition, || {
        format!(
            "Edition {} has {} areas, in force from {}.",
            published.edition.id,
            published.edition.area_count,
            published
                .edition
                .effective_from
                .format("%Y-%m-%d %H:%M:%S UTC")
        )
    });
    Ok(())
}
