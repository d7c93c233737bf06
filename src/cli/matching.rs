//! `wangge match`

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::import::{self, Reading};
use super::{Failure, output};
use crate::domain::{AreaId, Edition, EditionId};
use crate::geometry::Crs;
use crate::index::Atlas;
use crate::service::Clock;
use crate::service::bulk::{Joined, join_csv};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// CSV file with a longitude and a latitude in each row
    points: PathBuf,
    /// `GeoJSON`, or a zipped Shapefile, with the areas
    #[arg(long, value_name = "FILE")]
    areas: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Coordinate system of the points: wgs84, gcj02, bd09 or epsg:…
    #[arg(long, default_value = "wgs84")]
    points_crs: Crs,
    /// Where to write the joined rows [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Joins points to areas, without a server or a database.
pub fn run(options: &Options) -> Result<(), Failure> {
    let file = import::read(&options.areas, &options.reading)?;
    let clock = Clock::system();
    let assembly = import::check(&options.areas, &file, &options.reading, [], || {
        AreaId(clock.fresh_id())
    })?;
    let now = clock.now();
    let edition = Edition {
        id: EditionId(1),
        title: String::new(),
        notice: None,
        effective_from: now,
        published_at: now,
        area_count: 0,
    };
    let atlas = Atlas::build(edition, assembly.areas)?;
    let joined = match &options.output {
        None => join(&atlas, options, std::io::stdout().lock())?,
        Some(path) => join_into(&atlas, options, path)?,
    };
    if options.output.is_some() {
        output::print(&format!(
            "{} points, {} in grids.",
            joined.rows, joined.in_grids
        ));
    }
    Ok(())
}

/// Writes beside the output file and puts it in place only when it is whole.
fn join_into(atlas: &Atlas, options: &Options, path: &Path) -> Result<Joined, Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut whole = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    let joined = join(atlas, options, &mut whole)?;
    whole.persist(path)?;
    Ok(joined)
}

fn join(atlas: &Atlas, options: &Options, out: impl Write) -> Result<Joined, Failure> {
    let path = &options.points;
    let file =
        File::open(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let bar = output::bar("matching", file.metadata()?.len());
    let input = bar.wrap_read(BufReader::with_capacity(1 << 20, file));
    let joined = join_csv(
        atlas,
        input,
        options.points_crs,
        BufWriter::with_capacity(1 << 20, out),
    )
    .map_err(|error| format!("{}: {error}", path.display()))?;
    bar.finish_and_clear();
    Ok(joined)
}
