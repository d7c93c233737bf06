//! What the commands that read boundary files have in common.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::settings::Settings;
use super::{Failure, open_store};
use crate::codec::columns::FieldMapping;
use crate::codec::encoding::parse_encoding;
use crate::codec::source::Placement;
use crate::domain::draft::defect::{Severity, Verdict};
use crate::domain::{Actor, AreaId, CodeScheme, Role};
use crate::index::Atlas;
use crate::service::drafts::{FileFacts, ReadFile, Reading, ReadingChoice, read_file};
use crate::service::{Clock, Services, built_in_schemes};

/// How a boundary file is to be read. What is not said is found out.
#[derive(Debug, Clone, clap::Args)]
pub struct HowToRead {
    /// Encoding of the file's texts, such as utf-8 or gb18030
    #[arg(long, value_parser = parse_encoding)]
    encoding: Option<&'static Encoding>,
    /// Coordinate system, such as epsg:4490, epsg:4528, gcj02, bd09, or epsg:4528+swapped
    /// when the northing comes first
    #[arg(long)]
    crs: Option<Placement>,
    /// The layer, when the file has several
    #[arg(long)]
    layer: Option<String>,
    /// Which column is which: code=XZQDM,name=XZQMC (also level, parent, kind)
    #[arg(long, value_name = "NAMES", value_parser = parse_columns)]
    columns: Option<FieldMapping>,
    /// How areas are numbered: a scheme of data/code-schemes.json
    #[arg(long, default_value = "cn-statistical")]
    pub scheme: String,
}

impl HowToRead {
    pub fn choice(&self, replace: bool) -> ReadingChoice {
        ReadingChoice {
            layer: self.layer.clone(),
            crs: self.crs,
            encoding: self.encoding,
            columns: self.columns.clone(),
            replace,
        }
    }

    pub fn find_scheme(&self) -> Result<CodeScheme, Failure> {
        let schemes = built_in_schemes()?;
        let known: Vec<String> = schemes.iter().map(|scheme| scheme.code.clone()).collect();
        let scheme = schemes
            .into_iter()
            .find(|scheme| scheme.code == self.scheme);
        scheme.ok_or_else(|| {
            format!(
                "there is no code scheme {:?}; choose from {}",
                self.scheme,
                known.join(", ")
            )
            .into()
        })
    }

    /// Reads a file against a territory, and refuses what has not been decided.
    pub fn read(&self, path: &Path, atlas: &Atlas, clock: &Clock) -> Result<ReadFile, Failure> {
        let facts = facts_of(path)?;
        let read = read_file(
            path,
            &FileFacts {
                file_name: &facts.name,
                bytes: facts.bytes,
                sha256: &facts.sha256,
            },
            &self.choice(false),
            &[],
            &self.find_scheme()?,
            atlas,
            || AreaId(clock.fresh_id()),
        )?;
        refuse_undecided(&read.reading)?;
        Ok(read)
    }
}

/// Reads `code=XZQDM,name=XZQMC`.
fn parse_columns(text: &str) -> Result<FieldMapping, String> {
    let mut columns = serde_json::Map::new();
    for pair in text.split(',') {
        let (field, column) = pair
            .split_once('=')
            .ok_or_else(|| format!("{pair:?} is no pair such as code=XZQDM"))?;
        columns.insert(field.trim().to_owned(), column.trim().into());
    }
    serde_json::from_value(columns.into()).map_err(|error| error.to_string())
}

/// A file before it is read.
pub struct Facts {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

pub fn facts_of(path: &Path) -> Result<Facts, Failure> {
    let unreadable = |error| format!("{} cannot be read: {error}", path.display());
    let mut file = File::open(path).map_err(unreadable)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut piece).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        bytes += read as u64;
    }
    let digest = digest.finalize();
    let sha256: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Facts {
        name: path.display().to_string(),
        bytes,
        sha256: sha256.concat(),
    })
}

/// Says what has to be chosen, and from what.
pub fn refuse_undecided(reading: &Reading) -> Result<(), Failure> {
    let choices: Vec<String> = reading
        .undecided
        .iter()
        .map(|what| offer(reading, what))
        .collect();
    if choices.is_empty() {
        return Ok(());
    }
    Err(format!("{}: {}", reading.file_name, choices.join("\n")).into())
}

fn offer(reading: &Reading, what: &str) -> String {
    match what {
        "layer" => {
            let names = reading.layers.iter().map(|layer| layer.name.as_str());
            format!(
                "the file has several layers; choose one with --layer: {}",
                join(names)
            )
        }
        "crs" => {
            let lines = reading.crs_candidates.iter().map(|candidate| {
                format!(
                    "\n  --crs {:<18} fits {:3.0} %  {}",
                    candidate.crs,
                    candidate.score * 100.0,
                    candidate.why.join(" ")
                )
            });
            format!(
                "its coordinates could be in several systems; choose one:{}",
                lines.collect::<String>()
            )
        }
        _ => format!(
            "no column holds codes or names; name them with --columns code=…,name=…; the file has {}",
            join(reading.columns.iter().map(String::as_str))
        ),
    }
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// What was read, and what was found out.
pub fn describe(reading: &Reading) -> String {
    let crs = match (&reading.crs, &reading.declared_crs) {
        (Some(crs), Some(declared)) if crs == declared => format!("{crs}, as the file says"),
        (Some(crs), _) => match reading
            .crs_candidates
            .iter()
            .find(|known| known.crs == *crs)
        {
            Some(known) if !known.why.is_empty() => {
                format!("{crs} ({})", known.why.join(" ").trim_end_matches('.'))
            }
            _ => crs.clone(),
        },
        (None, _) => "an unknown system".to_owned(),
    };
    let faults = match reading.faults.first() {
        None => String::new(),
        Some(first) => format!(
            "\n{} features have no ground that can be read, the first: {first}",
            reading.fault_count
        ),
    };
    format!(
        "Read {} areas from {}: coordinates in {crs}; texts in {} ({}).{faults}",
        reading.features,
        reading.format.as_deref().unwrap_or("an unknown format"),
        reading.encoding,
        reading.encoding_source
    )
}

/// The figures of a verdict, and its defects by kind.
pub fn summarise(verdict: &Verdict) -> String {
    let [errors, warnings, notices] =
        [Severity::Error, Severity::Warning, Severity::Notice].map(|of| verdict.count(of));
    let mut text = format!(
        "{} areas judged: {errors} errors, {warnings} warnings, {notices} notices.",
        verdict.judged
    );
    // Writing into a text never fails.
    for kinds in verdict.defects.chunk_by(|a, b| a.kind == b.kind) {
        let m2: f64 = kinds.iter().filter_map(|defect| defect.size_m2).sum();
        let size = if m2 > 0.0 {
            format!("{m2:.1} m²")
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "\n  {:<8} {:<20} {:>6}  {size:>16}  {}",
            kinds[0].kind.severity().as_str(),
            kinds[0].kind.as_str(),
            kinds.len(),
            kinds[0].detail
        );
    }
    text
}

/// Whoever may use the database directly may do everything.
pub fn operator() -> Actor {
    Actor::with_role("command line", Role::Administrator)
}

/// The use cases on the configured database.
pub async fn open_services(settings: &Settings) -> Result<Services, Failure> {
    let store = open_store(settings).await?;
    Ok(Services::start(store, settings.setup()?, Clock::system()).await?)
}

/// Where files go that have to be kept while a command runs.
pub fn copy_to(services: &Services, path: &Path) -> Result<NamedTempFile, Failure> {
    let mut incoming = services.incoming_file()?;
    let mut file =
        File::open(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    io::copy(&mut file, &mut incoming)?;
    Ok(incoming)
}

/// A path as it was given.
pub fn name_of(path: &Path) -> String {
    path.display().to_string()
}

/// Writes beside the file that a command makes, and puts it in place only when it is whole.
pub fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut NamedTempFile) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut whole = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    let written = write(&mut whole)?;
    whole.persist(path)?;
    Ok(written)
}
