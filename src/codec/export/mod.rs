//! Areas into files: of every format that is read, in any coordinate system, and as vector
//! tiles in one file.

mod csv;
mod drawing;
mod flatgeobuf;
mod geojson;
mod geopackage;
mod kml;
mod pmtiles;
mod shapefile;
mod survey;

use std::fmt;
use std::io::{BufWriter, Seek, Write};
use std::ops::RangeInclusive;
use std::str::FromStr;

use self::drawing::Drawing;
use super::boundaries::BoundaryFormat;
use crate::domain::{Area, AreaCode, AreaId, EditionId, GridKind, Level, Shape, Timestamp};
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;

pub use self::pmtiles::write_tiles;

/// What areas can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum ExportFormat {
    /// As they are: what was written can be read again.
    Boundaries(BoundaryFormat),
    /// Vector tiles, for maps.
    PmTiles,
}

/// The word for vector tiles, which is the ending of their files too.
const PMTILES: &str = "pmtiles";

impl ExportFormat {
    pub fn all() -> impl Iterator<Item = Self> {
        let boundaries = BoundaryFormat::ALL.iter().copied();
        boundaries.map(Self::Boundaries).chain([Self::PmTiles])
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boundaries(format) => format.as_str(),
            Self::PmTiles => PMTILES,
        }
    }

    /// What files of the format end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Boundaries(format) => format.extension(),
            Self::PmTiles => PMTILES,
        }
    }

    /// What the web calls the format.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Boundaries(format) => format.media_type(),
            Self::PmTiles => "application/vnd.pmtiles",
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let mut all = Self::all();
        all.find(|format| format.as_str() == word).ok_or_else(|| {
            let known: Vec<&str> = Self::all().map(Self::as_str).collect();
            format!(
                "{word:?} is not an export format; expected one of {}",
                known.join(", ")
            )
        })
    }
}

impl TryFrom<String> for ExportFormat {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse()
    }
}

impl utoipa::PartialSchema for ExportFormat {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(Self::all().map(Self::as_str)))
            .into()
    }
}

/// An area as files have it.
#[derive(Debug, Clone, Copy)]
pub struct ExportFeature<'a> {
    pub id: AreaId,
    pub code: &'a str,
    pub name: &'a str,
    pub level: Level,
    pub parent: Option<&'a str>,
    pub kind: Option<GridKind>,
    pub area_m2: Option<f64>,
    pub edition: EditionId,
    pub shape: &'a Shape,
}

impl<'a> ExportFeature<'a> {
    /// An area of an edition; `None` when its ground is not known.
    #[must_use]
    pub fn of(area: &'a Area, edition: EditionId) -> Option<Self> {
        Some(Self {
            id: area.id,
            code: area.code.as_str(),
            name: &area.name,
            level: area.level,
            parent: area.parent.as_ref().map(AreaCode::as_str),
            kind: area.kind,
            area_m2: area.area_m2,
            edition,
            shape: area.shape.as_deref()?,
        })
    }
}

/// How areas are written.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    pub format: BoundaryFormat,
    pub crs: Crs,
    /// What the layer is called; a zipped Shapefile's files are called so too.
    pub layer: String,
    /// When the file is made, for formats that say so.
    pub at: Timestamp,
}

/// Why areas cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("there is no area whose ground is known, so there is nothing to write")]
    NoAreas,
    #[error(
        "no area of {} has ground that is shown at the zooms {} to {}, so there is nothing to write",
        levels.join(", "), zooms.start(), zooms.end()
    )]
    NoTiles {
        levels: Vec<&'static str>,
        zooms: RangeInclusive<u8>,
    },
    #[error("vector tiles are always in Web Mercator, not in {0}; leave the coordinate system out")]
    OnlyWebMercator(Crs),
    #[error("{code}: {source}")]
    NoCoordinates {
        code: String,
        #[source]
        source: ProjectionError,
    },
    #[error(
        "{format} holds longitudes and latitudes, not the metres of {crs}; choose another coordinate system or format"
    )]
    OnlyDegrees { format: BoundaryFormat, crs: Crs },
    #[error(
        "{code}: its {column} has {bytes} bytes, more than the 254 of a Shapefile; choose another format"
    )]
    TooLong {
        code: String,
        column: &'static str,
        bytes: usize,
    },
    #[error("a Shapefile holds at most 2 GiB; choose another format, or fewer areas")]
    TooLarge,
    #[error("the file cannot be written: {0}")]
    Write(#[from] std::io::Error),
    #[error("the file cannot be written: {0}")]
    Library(String),
}

/// The columns, in their order.
const COLUMNS: [&str; 8] = [
    "code", "name", "level", "parent", "kind", "area_m2", "edition", "id",
];

/// Writes areas, one after another; nothing is kept of them but what a format needs at
/// its end. Coordinates are written so that each is read back as the same lattice point:
/// degrees of WGS 84 as they are, those of GCJ-02 and BD-09 to 1e-9, metres to 1e-4.
///
/// GCJ-02 and BD-09 have no code: files say their name where the format has a place for
/// it, and a zipped Shapefile has a README instead of a `.prj`.
///
/// # Errors
/// When there are no areas, a place has no coordinates in the system, the format cannot hold an area, or
/// `out` cannot be written.
pub fn write<'a>(
    features: impl Iterator<Item = ExportFeature<'a>>,
    options: &ExportOptions,
    out: impl Write + Seek,
) -> Result<(), ExportError> {
    let mut features = features.peekable();
    if features.peek().is_none() {
        return Err(ExportError::NoAreas);
    }
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let drawings = features.map(|feature| Drawing::of(feature, options.crs));
    match options.format {
        BoundaryFormat::GeoJson => geojson::write_collection(drawings, options, &mut out),
        BoundaryFormat::GeoJsonSequence => geojson::write_lines(drawings, options, &mut out),
        BoundaryFormat::Shapefile => shapefile::write(drawings, options, &mut out),
        BoundaryFormat::GeoPackage => geopackage::write(drawings, options, &mut out),
        BoundaryFormat::Kml => kml::write(drawings, options, &mut out),
        BoundaryFormat::Kmz => kml::write_zipped(drawings, options, &mut out),
        BoundaryFormat::FlatGeobuf => flatgeobuf::write(drawings, options, &mut out),
        BoundaryFormat::Csv => csv::write(drawings, options, &mut out),
        BoundaryFormat::SurveyText => survey::write(drawings, options, &mut out),
    }?;
    out.flush()?;
    Ok(())
}

/// A library's error, with its causes.
fn library(error: &dyn std::error::Error) -> ExportError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    ExportError::Library(text)
}

/// A name that every system takes for a file or table.
fn plain_name(layer: &str) -> String {
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '.' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let name: String = layer.trim().chars().map(plain).take(60).collect();
    if name.is_empty() {
        "areas".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests;
