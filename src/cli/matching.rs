//! `wangge match`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::boundaries::{HowToRead, write_whole};
use super::{Failure, output};
use crate::codec::draft_areas::to_ground;
use crate::domain::draft::defect::Severity;
use crate::domain::draft::{DraftArea, Plot};
use crate::domain::{Area, Edition, EditionId};
use crate::geometry::Crs;
use crate::geometry::verdict::judge;
use crate::index::Atlas;
use crate::service::Clock;
use crate::service::bulk::{self, Joined, PointFormat};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// The points, with a longitude and a latitude each; the ending says the format: csv,
    /// ndjson, geojson, parquet (geoparquet too), arrows (Arrow's streaming format)
    points: PathBuf,
    /// The format of the points, when the ending does not say
    #[arg(long)]
    format: Option<PointFormat>,
    /// The areas, in any format that `import` reads
    #[arg(long, value_name = "FILE")]
    areas: PathBuf,
    #[command(flatten)]
    reading: HowToRead,
    /// Coordinate system of the points: wgs84, gcj02, bd09 or epsg:…
    #[arg(long, default_value = "wgs84")]
    points_crs: Crs,
    /// Where to write the joined rows, in the same format [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Joins points to areas, without a server or a database.
pub fn run(options: &Options) -> Result<(), Failure> {
    let clock = Clock::system();
    let format = match options.format {
        Some(format) => format,
        None => format_of(&options.points)?,
    };
    let read = options
        .reading
        .read(&options.areas, &Atlas::empty(), &clock)?;
    let areas = publishable(&options.areas, &read.areas.unwrap_or_default(), options)?;
    let now = clock.now();
    let edition = Edition {
        id: EditionId(1),
        title: String::new(),
        notice: None,
        effective_from: now,
        published_at: now,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    };
    let atlas = Atlas::build(edition, areas)?;
    let joined = match &options.output {
        None => join(&atlas, format, options, std::io::stdout())?,
        Some(path) => write_whole(path, |file| join(&atlas, format, options, file))?,
    };
    if options.output.is_some() {
        output::print(&format!(
            "{} points, {} in grids.",
            joined.rows, joined.in_grids
        ));
    }
    Ok(())
}

/// The areas of a file, or the first error that keeps them from being a territory.
fn publishable(path: &Path, areas: &[DraftArea], options: &Options) -> Result<Vec<Area>, Failure> {
    let plots: Vec<Plot<'_>> = areas.iter().map(Plot::drafted).collect();
    let verdict = judge(&plots, &options.reading.find_scheme()?, []);
    let errors = verdict.count(Severity::Error);
    if let (1.., Some(first)) = (errors, verdict.defects.first()) {
        return Err(format!(
            "{}: {errors} errors, the first: {}",
            path.display(),
            first.detail
        )
        .into());
    }
    let made: Result<Vec<Area>, _> = areas.par_iter().map(to_ground).collect();
    Ok(made?)
}

fn join(
    atlas: &Atlas,
    format: PointFormat,
    options: &Options,
    out: impl Write + Send,
) -> Result<Joined, Failure> {
    let path = &options.points;
    let file =
        File::open(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let bar = output::bar("matching", file.metadata()?.len());
    let out = BufWriter::with_capacity(1 << 20, out);
    let joined = if format == PointFormat::Parquet {
        bulk::join_parquet(atlas, options.points_crs, file, out, |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
    } else {
        bulk::join(atlas, format, options.points_crs, bar.wrap_read(file), out)
    };
    bar.finish_and_clear();
    Ok(joined.map_err(|error| format!("{}: {error}", path.display()))?)
}

fn format_of(path: &Path) -> Result<PointFormat, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.unwrap_or_default().to_lowercase().as_str() {
        "csv" | "txt" => Ok(PointFormat::Csv),
        "ndjson" | "jsonl" => Ok(PointFormat::Ndjson),
        "geojson" | "json" => Ok(PointFormat::GeoJson),
        "parquet" | "geoparquet" => Ok(PointFormat::Parquet),
        "arrow" | "arrows" => Ok(PointFormat::Arrow),
        other => Err(format!(
            "the ending {other:?} names no format of points; name one with --format: {}",
            PointFormat::WORDS.join(", ")
        )
        .into()),
    }
}
