//! `wangge export`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::boundaries::{open_services, write_whole};
use super::settings::Settings;
use super::{Failure, output};
use crate::codec::export::ExportFormat;
use crate::domain::{AreaCode, EditionId, Level, Timestamp};
use crate::geometry::Crs;
use crate::service::exporting::{EditionChoice, ExportQuery, write_areas};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where to write; its ending says the format: geojson, ndjson, zip (Shapefile), gpkg,
    /// kml, kmz, fgb, csv, txt (corner points), pmtiles (vector tiles)
    file: PathBuf,
    /// The format, when the ending does not say
    #[arg(long)]
    format: Option<ExportFormat>,
    /// Vector tiles: the same as --format pmtiles
    #[arg(long, conflicts_with = "format")]
    pmtiles: bool,
    /// The last zoom of vector tiles [default: 14]
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=16))]
    max_zoom: Option<u8>,
    /// Coordinate system, such as epsg:4490, epsg:4528, epsg:3857, gcj02 or bd09 [default:
    /// wgs84]
    #[arg(long)]
    crs: Option<Crs>,
    /// Levels, separated by commas [default: all]
    #[arg(long, value_delimiter = ',')]
    level: Vec<Level>,
    /// An area by its code, with everything below it [default: everything]
    #[arg(long)]
    area: Option<AreaCode>,
    /// An edition by its number [default: the one in force]
    #[arg(long, conflicts_with = "at")]
    edition: Option<i64>,
    /// The edition in force at a time
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// Writes areas into a file.
pub async fn run(settings: &Settings, options: Options, json: bool) -> Result<(), Failure> {
    let format = match options.format {
        Some(format) => format,
        None if options.pmtiles => ExportFormat::PmTiles,
        None => format_of(&options.file)?,
    };
    let services = open_services(settings).await?;
    let edition = match (options.edition, options.at) {
        (Some(edition), _) => EditionChoice::Numbered(EditionId(edition)),
        (None, Some(at)) => EditionChoice::At(at),
        (None, None) => EditionChoice::InForce,
    };
    let atlas = services.choose_edition(edition).await?;
    let query = ExportQuery {
        format,
        crs: options.crs,
        edition,
        within: options.area,
        levels: options.level.into_iter().collect::<BTreeSet<_>>(),
        max_zoom: options.max_zoom,
    };
    let bar = output::bar("writing", 0);
    write_whole(&options.file, |file| {
        let progress = |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        };
        let now = services.clock().now();
        Ok(write_areas(&atlas, &query, now, file, progress)?)
    })?;
    bar.finish_and_clear();
    let file = options.file.display().to_string();
    output::say(json, "file", &file, || {
        options.crs.map_or_else(
            || format!("{file}: {format}."),
            |crs| format!("{file}: {format} in {crs}."),
        )
    });
    Ok(())
}

fn format_of(file: &Path) -> Result<ExportFormat, Failure> {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_lowercase();
    ExportFormat::all()
        .find(|format| format.extension() == ending)
        .ok_or_else(|| {
            let known: Vec<&str> = ExportFormat::all().map(ExportFormat::extension).collect();
            format!(
                "the ending {ending:?} names no format; name one with --format, or end the file with {}",
                known.join(", ")
            )
            .into()
        })
}
