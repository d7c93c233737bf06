//! `wangge check`

use std::collections::HashSet;
use std::path::PathBuf;

use super::boundaries::{self, HowToRead, describe, summarise};
use super::settings::Settings;
use super::{Failure, output};
use crate::codec::certificate::{CertificateHead, certificate_html};
use crate::domain::draft::Plot;
use crate::domain::draft::defect::Severity;
use crate::geometry::verdict::judge;
use crate::http::view::verdict::{Verdict, defects_geojson};
use crate::index::Atlas;
use crate::service::Clock;

/// How a verdict is printed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// The figures, and the defects by kind
    Table,
    /// Everything, for scripts
    Json,
    /// The defects, for a map
    Geojson,
    /// The coverage certificate, to be printed
    Html,
}

#[derive(Debug, clap::Args)]
pub struct Options {
    /// A boundary file of any format that `import` reads
    file: PathBuf,
    #[command(flatten)]
    reading: HowToRead,
    /// Judge it as part of the territory in the database, not alone
    #[arg(long)]
    with_territory: bool,
    /// How the verdict is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// What scripts are told by the exit code: nothing bars publishing.
const FREE: u8 = 0;
/// Publishing needs a reason.
const NEEDS_REASON: u8 = 2;
/// Publishing is barred.
const BARRED: u8 = 3;

/// Says everything that is wrong with a boundary file; changes nothing.
pub async fn run(settings: &Settings, options: &Options, json: bool) -> Result<u8, Failure> {
    let spinner = output::spinner("reading");
    let atlas = if options.with_territory {
        boundaries::open_services(settings).await?.live().atlas()
    } else {
        Atlas::empty().into()
    };
    let clock = Clock::system();
    let read = options.reading.read(&options.file, &atlas, &clock)?;
    let areas = read.areas.unwrap_or_default();
    spinner.set_message("judging");
    let drafted: HashSet<_> = areas.iter().map(|area| area.id).collect();
    let standing = atlas.areas().iter();
    let plots: Vec<Plot<'_>> = standing
        .filter(|area| !drafted.contains(&area.id))
        .map(|area| Plot::standing(area))
        .chain(areas.iter().map(Plot::drafted))
        .collect();
    let scheme = options.reading.find_scheme()?;
    let verdict = judge(&plots, &scheme, atlas.areas().iter().map(AsRef::as_ref));
    spinner.finish_and_clear();
    match if json { Format::Json } else { options.format } {
        Format::Table => {
            output::print(&describe(&read.reading));
            output::print(&summarise(&verdict));
        }
        Format::Json => {
            let verdict = Verdict::new(&verdict)?;
            let all = serde_json::json!({ "reading": read.reading, "verdict": verdict });
            output::print(&all.to_string());
        }
        Format::Geojson => output::print(&String::from_utf8(defects_geojson(&verdict)?)?),
        Format::Html => output::print(&certificate_html(
            &verdict,
            &CertificateHead {
                title: &boundaries::name_of(&options.file),
                subject: "送检文件 · File",
                issued_at: clock.now(),
            },
        )),
    }
    Ok(
        match (
            verdict.count(Severity::Error),
            verdict.count(Severity::Warning),
        ) {
            (0, 0) => FREE,
            (0, _) => NEEDS_REASON,
            _ => BARRED,
        },
    )
}
