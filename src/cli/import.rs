//! `wangge import`

use std::path::PathBuf;

use super::boundaries::{self, HowToRead, describe, operator, refuse_undecided, summarise};
use super::settings::Settings;
use super::{Failure, output};
use crate::domain::draft::Draft;
use crate::domain::{DraftId, Timestamp};
use crate::service::Services;
use crate::service::drafts::{PublishDraft, Reading, Upload, check_severity};
use crate::service::progress::Progress;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Zipped Shapefile, `GeoJSON`, newline-delimited `GeoJSON`, `GeoPackage`, KML, KMZ,
    /// `FlatGeobuf`, CSV with WKT, or a survey's corner-point text
    pub file: PathBuf,
    #[command(flatten)]
    pub reading: HowToRead,
    /// Remove areas of the levels and parents in the file that it does not have
    #[arg(long)]
    pub replace: bool,
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
    /// Read and judge, but publish nothing
    #[arg(long)]
    dry_run: bool,
}

/// Reads boundaries, judges them and publishes them: areas with a known code are replaced,
/// others are added.
pub async fn run(settings: &Settings, options: Options, json: bool) -> Result<(), Failure> {
    let spinner = output::spinner("reading");
    let services = boundaries::open_services(settings).await?;
    let actor = operator();
    let (draft, reading) =
        open(&services, &options.file, &options.reading, options.replace).await?;
    let (draft_id, version) = (draft.id, draft.version);
    let outcome = async {
        refuse_undecided(&reading)?;
        spinner.set_message("judging");
        let (_, verdict) = services.judge_draft(&actor, draft_id).await?;
        let told = format!("{}\n{}", describe(&reading), summarise(&verdict));
        let refused =
            |error: &dyn std::error::Error| format!("{}: {error}\n{told}", options.file.display());
        if options.dry_run {
            check_severity(&verdict, options.reason.as_deref()).map_err(|error| refused(&error))?;
            spinner.finish_and_clear();
            output::say(json, "read", &told, || {
                format!("{told}\nNothing was published.")
            });
            return Ok(None);
        }
        if draft_is_empty(&services, draft_id).await? {
            spinner.finish_and_clear();
            output::say(json, "read", &told, || {
                format!("{told}\nThe file changes nothing, so nothing was published.")
            });
            return Ok(None);
        }
        spinner.set_message("publishing");
        let how = PublishDraft {
            version,
            effective_from: options.effective_from,
            reason: options.reason.clone(),
            title: options.title,
            notice: options.notice,
        };
        let published = services
            .publish_draft(&actor, draft_id, how, &Progress::default())
            .await
            .map_err(|error| refused(&error))?;
        spinner.finish_and_clear();
        Ok::<_, Failure>(Some((published.edition, told)))
    }
    .await;
    match outcome {
        Ok(Some((edition, told))) => {
            output::say(json, "edition", &edition, || {
                format!(
                    "{told}\nEdition {} has {} areas.",
                    edition.id, edition.area_count
                )
            });
            Ok(())
        }
        // What is not published leaves nothing.
        rest => {
            spinner.finish_and_clear();
            services.discard_draft(&actor, draft_id, version).await?;
            rest.map(|_| ())
        }
    }
}

async fn draft_is_empty(services: &Services, id: DraftId) -> Result<bool, Failure> {
    let workspace = services.load_workspace(&operator(), id).await?;
    Ok(workspace.entries().is_empty())
}

/// Opens a draft of a file.
pub async fn open(
    services: &Services,
    file: &std::path::Path,
    reading: &HowToRead,
    replace: bool,
) -> Result<(Draft, Reading), Failure> {
    let facts = boundaries::facts_of(file)?;
    let upload = Upload {
        file: boundaries::copy_to(services, file)?,
        file_name: facts.name,
        bytes: facts.bytes,
        sha256: facts.sha256,
        title: None,
        scheme: Some(reading.scheme.clone()),
        choice: reading.choice(replace),
    };
    Ok(services
        .upload_draft(&operator(), upload, &Progress::default())
        .await?)
}
