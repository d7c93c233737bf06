//! `wangge import`

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::settings::Settings;
use super::{Failure, open_store, output};
use crate::codec::assemble::{Assembly, assemble};
use crate::codec::boundaries::{self, BoundaryFile, CrsSource, ReadOptions};
use crate::codec::columns::FieldMapping;
use crate::codec::encoding::parse_encoding;
use crate::domain::{Area, AreaId, CodeScheme, Timestamp};
use crate::geometry::Crs;
use crate::service::publishing::{Publication, load_latest, publish_areas};
use crate::service::{Clock, built_in_schemes};

/// What is read of a boundary file, and how.
#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Encoding of the file's texts, such as utf-8 or gb18030, when the file does not say
    #[arg(long, value_parser = parse_encoding)]
    encoding: Option<&'static Encoding>,
    /// Coordinate system, such as epsg:4490, epsg:4528, gcj02 or bd09, when the file does
    /// not say
    #[arg(long)]
    crs: Option<Crs>,
    /// How areas are numbered: a scheme of data/code-schemes.json
    #[arg(long, default_value = "cn-statistical")]
    scheme: String,
}

#[derive(Debug, clap::Args)]
pub struct Options {
    /// `GeoJSON`, or a zipped Shapefile
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// What the territory is called [default: as before]
    #[arg(long)]
    title: Option<String>,
    /// Said wherever the borders are shown [default: as before]
    #[arg(long)]
    notice: Option<String>,
    /// From when the edition is in force [default: now]
    #[arg(long, value_name = "TIME")]
    effective_from: Option<Timestamp>,
    /// Read and check, but publish nothing
    #[arg(long)]
    dry_run: bool,
}

/// Reads boundaries and publishes them: areas with a known code are replaced, others are
/// added.
pub async fn run(settings: &Settings, options: Options, json: bool) -> Result<(), Failure> {
    let spinner = output::spinner("reading");
    let file = read(&options.file, &options.reading)?;
    let store = open_store(settings).await?;
    let latest = load_latest(store.as_ref()).await?;
    let clock = Clock::system();
    let assembly = check(
        &options.file,
        &file,
        &options.reading,
        latest.areas.values(),
        || AreaId(clock.fresh_id()),
    )?;
    spinner.finish_and_clear();
    let read_as = describe(&file, &assembly);
    if options.dry_run {
        output::say(json, "read", &read_as, || {
            format!("{read_as}\nNothing was published.")
        });
        return Ok(());
    }
    let spinner = output::spinner("publishing");
    let now = clock.now();
    let before = latest.edition.clone();
    let title = options
        .title
        .or_else(|| before.as_ref().map(|edition| edition.title.clone()))
        .unwrap_or_else(|| "网格 Wangge".to_owned());
    let edition = publish_areas(
        store.as_ref(),
        latest,
        Publication {
            title,
            notice: options.notice.or(before.and_then(|edition| edition.notice)),
            effective_from: options.effective_from.unwrap_or(now),
            published_at: now,
            areas: assembly.areas,
        },
    )
    .await?;
    spinner.finish_and_clear();
    output::say(json, "edition", &edition, || {
        format!(
            "{read_as}\nEdition {} has {} areas.",
            edition.id, edition.area_count
        )
    });
    Ok(())
}

/// Reads a boundary file.
pub fn read(path: &Path, reading: &Reading) -> Result<BoundaryFile, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let options = ReadOptions {
        encoding: reading.encoding,
        crs: reading.crs,
    };
    Ok(boundaries::read(
        &bytes,
        &path.display().to_string(),
        &options,
    )?)
}

/// Makes areas of a file, or says everything that is wrong with it.
pub fn check<'a>(
    path: &Path,
    file: &BoundaryFile,
    reading: &Reading,
    existing: impl IntoIterator<Item = &'a Area>,
    fresh_id: impl FnMut() -> AreaId,
) -> Result<Assembly, Failure> {
    let scheme = find_scheme(&reading.scheme)?;
    let mapping = FieldMapping::propose(&file.features);
    assemble(&file.features, &mapping, &scheme, existing, fresh_id)
        .map_err(|faults| format!("{}: {faults}", path.display()).into())
}

fn find_scheme(code: &str) -> Result<CodeScheme, Failure> {
    let schemes = built_in_schemes()?;
    let known: Vec<String> = schemes.iter().map(|scheme| scheme.code.clone()).collect();
    schemes
        .into_iter()
        .find(|scheme| scheme.code == code)
        .ok_or_else(|| {
            format!(
                "there is no code scheme {code:?}; choose from {}",
                known.join(", ")
            )
            .into()
        })
}

/// What was read, and what was taken for granted.
fn describe(file: &BoundaryFile, assembly: &Assembly) -> String {
    let crs = match file.crs_source {
        CrsSource::Chosen => format!("{} as chosen", file.crs),
        CrsSource::Declared => format!("{} as the file says", file.crs),
        CrsSource::Assumed => format!("{}, since the file does not say", file.crs),
    };
    let text = format!(
        "Read {} areas: coordinates in {crs}; texts in {}.",
        assembly.areas.len(),
        file.encoding.name()
    );
    if !assembly.roots.is_empty() {
        let roots = assembly.roots.len();
        return format!(
            "{text} {roots} areas have no parent in the file or the territory and stand at the top."
        );
    }
    text
}
