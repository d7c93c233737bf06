//! Boundary files of any format that is known here: which layers they have, what a layer
//! holds, and the strict way straight to shapes.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use encoding_rs::Encoding;

use super::archive::{Archive, ArchiveError, Member};
use super::columns::UnknownColumn;
use super::csv_areas::{self, CsvAreasError};
pub use super::encoding::{EncodingSource, TextEncoding, TextError};
use super::feature::{self, Faults, Feature, FeatureError};
use super::flatgeobuf::{self, FlatGeobufError};
pub use super::gather::LimitError;
use super::geojson::{self, GeoJsonError};
use super::geopackage::{GeoPackageError, Package};
use super::kml::{self, KmlError};
use super::shapefile;
pub use super::shapefile::ShapefileError;
use super::source::{DeclaredCrs, SourceLayer};
use super::survey::{self, SurveyError};
use crate::domain::words::words;
use crate::geometry::Crs;

/// What whoever reads a file knows better than the file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    pub encoding: Option<&'static Encoding>,
    /// For [`read`] alone: a layer as it is says only what it declares.
    pub crs: Option<Crs>,
    /// Needed when the file has several.
    pub layer: Option<String>,
}

words! {
    pub enum BoundaryFormat ("boundary format") {
        GeoJson = "geojson",
        /// Features one after another: a line each, or as RFC 8142 has them.
        GeoJsonSequence = "ndjson",
        /// In a zip.
        Shapefile = "shapefile",
        GeoPackage = "geopackage",
        Kml = "kml",
        /// KML in a zip.
        Kmz = "kmz",
        FlatGeobuf = "flatgeobuf",
        /// With a column of well-known text.
        Csv = "csv",
        /// The corner points of Chinese surveys.
        SurveyText = "survey",
    }
}

impl BoundaryFormat {
    /// What files of the format end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::GeoJsonSequence => "ndjson",
            Self::Shapefile => "zip",
            Self::GeoPackage => "gpkg",
            Self::Kml => "kml",
            Self::Kmz => "kmz",
            Self::FlatGeobuf => "fgb",
            Self::Csv => "csv",
            Self::SurveyText => "txt",
        }
    }

    /// What the web calls the format.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonSequence => "application/x-ndjson",
            Self::Shapefile => "application/zip",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::Kmz => "application/vnd.google-earth.kmz",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::Csv => "text/csv; charset=utf-8",
            Self::SurveyText => "text/plain; charset=utf-8",
        }
    }
}

/// Where a file is.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    Bytes(&'a [u8]),
    File(&'a Path),
}

/// A layer that a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerInfo {
    pub name: String,
    /// As the file counts them.
    pub features: usize,
}

/// How the coordinate system of a file was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrsSource {
    /// Whoever reads the file said so.
    Chosen,
    /// The file says so.
    Declared,
    /// Nothing says so: longitude and latitude.
    Assumed,
}

/// What a boundary file holds. Shapes are in WGS 84, whatever the file was in.
#[derive(Debug, Clone)]
pub struct BoundaryFile {
    pub features: Vec<Feature>,
    pub format: BoundaryFormat,
    pub crs: Crs,
    pub crs_source: CrsSource,
    pub encoding: TextEncoding,
}

/// Why a file is no boundary file.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct BoundaryFileError {
    /// The file, as its reader calls it.
    pub name: String,
    pub fault: BoundaryFault,
}

#[derive(Debug, thiserror::Error)]
pub enum BoundaryFault {
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("the file is empty; export or copy it again")]
    Empty,
    #[error("the file has {0} bytes, more than {MAX_BYTES}; split it, or simplify it")]
    TooLarge(u64),
    #[error(
        "the file is in no format known here: {found}; export it as GeoJSON, GeoPackage or a zipped Shapefile"
    )]
    UnknownFormat { found: String },
    #[error("the file has several layers: {}; choose one", list_layer_names(.0))]
    SeveralLayers(Vec<LayerInfo>),
    #[error("the file has no layer {wanted:?}; it has {}", list_layer_names(.layers))]
    NoSuchLayer {
        wanted: String,
        layers: Vec<LayerInfo>,
    },
    #[error("the file's coordinate system is of no use: {why}")]
    UnknownCrs { text: String, why: String },
    #[error(transparent)]
    Column(#[from] UnknownColumn),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("the zip has no .shp or .kml, it holds {}; pack the layer's .shp, .dbf, .prj and .cpg", list(.0))]
    NoLayer(Vec<String>),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Limit(#[from] LimitError),
    #[error(transparent)]
    GeoJson(#[from] GeoJsonError),
    #[error(transparent)]
    Shapefile(#[from] ShapefileError),
    #[error(transparent)]
    GeoPackage(#[from] GeoPackageError),
    #[error(transparent)]
    Kml(#[from] KmlError),
    #[error(transparent)]
    FlatGeobuf(#[from] FlatGeobufError),
    #[error(transparent)]
    Csv(#[from] CsvAreasError),
    #[error(transparent)]
    Survey(#[from] SurveyError),
    #[error(transparent)]
    Features(#[from] Faults<FeatureError>),
}

/// Texts of this size are read whole.
const MAX_BYTES: u64 = 1 << 30;

fn list_layer_names(layers: &[LayerInfo]) -> String {
    let names: Vec<String> = layers.iter().map(|layer| layer.name.clone()).collect();
    list(&names)
}

fn list(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        _ if names.len() > 10 => {
            format!("{} and {} more", names[..10].join(", "), names.len() - 10)
        }
        _ => names.join(", "),
    }
}

/// The layers of a file, whose format is told by its content. `name` is what errors call
/// it.
///
/// # Errors
/// When the file is damaged or of no known format.
pub fn list_layers<'a>(
    input: impl Into<Input<'a>>,
    name: &str,
) -> Result<Vec<LayerInfo>, BoundaryFileError> {
    let opened = Opened::open(input.into(), name).and_then(|mut opened| opened.list(name));
    opened.map_err(|fault| name_fault(name, fault))
}

/// Reads a layer as it is: of the file's coordinate system it says what the file declares,
/// and nothing is converted. `name` is what errors call the file.
///
/// # Errors
/// When the file is damaged or of no known format; when it has several layers and none is
/// chosen, or not the chosen one. Features without ground are no error.
pub fn read_layer<'a>(
    input: impl Into<Input<'a>>,
    name: &str,
    options: &ReadOptions,
) -> Result<SourceLayer, BoundaryFileError> {
    let opened = Opened::open(input.into(), name).and_then(|mut opened| opened.read(name, options));
    opened.map_err(|fault| name_fault(name, fault))
}

/// Reads the shapes of a layer. `name` is what errors call the file.
///
/// # Errors
/// When the file is damaged, of no known format, empty or in a coordinate system that is
/// not known, or with all the faults of its features. Shapes are not checked for
/// validity.
pub fn read<'a>(
    input: impl Into<Input<'a>>,
    name: &str,
    options: &ReadOptions,
) -> Result<BoundaryFile, BoundaryFileError> {
    let layer = read_layer(input, name, options)?;
    shape_layer(layer, options).map_err(|fault| name_fault(name, fault))
}

fn name_fault(name: &str, fault: BoundaryFault) -> BoundaryFileError {
    BoundaryFileError {
        name: name.to_owned(),
        fault,
    }
}

fn shape_layer(layer: SourceLayer, options: &ReadOptions) -> Result<BoundaryFile, BoundaryFault> {
    let (crs, crs_source) = match (options.crs, layer.declared_crs) {
        (Some(crs), _) => (crs, CrsSource::Chosen),
        (None, DeclaredCrs::Known(crs)) => (crs, CrsSource::Declared),
        (None, DeclaredCrs::None) => (Crs::Wgs84, CrsSource::Assumed),
        (None, DeclaredCrs::Unknown { text, why }) => {
            return Err(BoundaryFault::UnknownCrs { text, why });
        }
    };
    let features = layer.features.into_iter();
    let shaped = feature::read_all(features.map(|raw| raw.into_feature(crs)));
    let garbled = layer.text.unreadable;
    let features = match (shaped, garbled.total) {
        (Ok(features), 0) => features,
        (shaped, _) => return Err(garbled.merge(shaped.err().unwrap_or_default()).into()),
    };
    Ok(BoundaryFile {
        features,
        format: layer.format,
        crs,
        crs_source,
        encoding: layer.text.encoding,
    })
}

/// A file whose format is known.
enum Opened<'a> {
    /// One layer, in memory.
    Single(SingleFormat, Cow<'a, [u8]>),
    Shapefile(Archive<'a>),
    Kmz(Archive<'a>),
    GeoPackage(Package),
}

#[derive(Clone, Copy)]
enum SingleFormat {
    Json,
    Kml,
    FlatGeobuf,
    Csv,
    Survey,
}

impl<'a> Opened<'a> {
    /// Tells the format by the content; only a text that says nothing by its name.
    fn open(input: Input<'a>, name: &str) -> Result<Self, BoundaryFault> {
        let start = input.start()?;
        let single = match start.trim_ascii_start() {
            [] => return Err(BoundaryFault::Empty),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => return Self::open_archive(input.archive()?),
            [b'S', b'Q', b'L', b'i', b't', b'e', b' ', ..] => {
                return Ok(Self::GeoPackage(Package::open(input)?));
            }
            [b'f', b'g', b'b', _, b'f', b'g', b'b', ..] => SingleFormat::FlatGeobuf,
            _ => find_text_format(&start, name)?,
        };
        Ok(Self::Single(single, input.load()?))
    }

    fn open_archive(archive: Archive<'a>) -> Result<Self, BoundaryFault> {
        let has = |extension: &str| {
            let mut members = archive.members.iter();
            members.any(|member| member.extension == extension)
        };
        if has("shp") {
            return Ok(Self::Shapefile(archive));
        }
        if has("kml") {
            return Ok(Self::Kmz(archive));
        }
        let paths = archive.members.iter().map(|member| member.path.clone());
        Err(BoundaryFault::NoLayer(paths.collect()))
    }

    fn list(&mut self, name: &str) -> Result<Vec<LayerInfo>, BoundaryFault> {
        match self {
            Self::Shapefile(archive) => shapefile::list(archive),
            Self::GeoPackage(package) => package.list(),
            Self::Single(SingleFormat::FlatGeobuf, bytes) => flatgeobuf::list(bytes, stem(name)),
            Self::Kmz(archive) => {
                let layers = read_documents(archive, stem(name), &ReadOptions::default())?;
                Ok(layers.iter().map(LayerInfo::of).collect())
            }
            Self::Single(..) => {
                let layer = self.read(name, &ReadOptions::default())?;
                Ok(vec![LayerInfo::of(&layer)])
            }
        }
    }

    fn read(&mut self, name: &str, options: &ReadOptions) -> Result<SourceLayer, BoundaryFault> {
        let stem = stem(name);
        let layer = match self {
            Self::Shapefile(archive) => {
                let layer = choose_layer(shapefile::list(archive)?, options)?;
                return shapefile::read(archive, &layer, options);
            }
            Self::GeoPackage(package) => {
                let layer = choose_layer(package.list()?, options)?;
                return package.read(&layer);
            }
            Self::Kmz(archive) => {
                let layers = read_documents(archive, stem, options)?;
                let layer = choose_layer(layers.iter().map(LayerInfo::of).collect(), options)?;
                let mut layers = layers.into_iter();
                let chosen = layers.find(|other| other.name == layer);
                return chosen.ok_or(BoundaryFault::Empty);
            }
            Self::Single(format, bytes) => match format {
                SingleFormat::Json => geojson::read_layer(bytes, stem, options),
                SingleFormat::Kml => kml::read(bytes, stem, BoundaryFormat::Kml, options),
                SingleFormat::FlatGeobuf => flatgeobuf::read(bytes, stem),
                SingleFormat::Csv => csv_areas::read(bytes, stem, options),
                SingleFormat::Survey => survey::read(bytes, stem, options),
            },
        }?;
        choose_layer(vec![LayerInfo::of(&layer)], options).map(|_| layer)
    }
}

/// The documents of a KMZ that have placemarks: one often only links to the others.
fn read_documents(
    archive: &mut Archive<'_>,
    stem: &str,
    options: &ReadOptions,
) -> Result<Vec<SourceLayer>, BoundaryFault> {
    let members = archive.members.iter();
    let documents = members.filter(|member| member.extension == "kml");
    let documents: Vec<Member> = documents.cloned().collect();
    let mut layers = Vec::new();
    for member in &documents {
        let bytes = archive.unpack(member)?;
        let name = if documents.len() > 1 {
            member.name()
        } else {
            stem
        };
        match kml::read(&bytes, name, BoundaryFormat::Kmz, options) {
            Err(BoundaryFault::Kml(KmlError::NoPlacemarks)) => {}
            layer => layers.push(layer?),
        }
    }
    if layers.is_empty() {
        return Err(KmlError::NoPlacemarks.into());
    }
    Ok(layers)
}

fn find_text_format(start: &[u8], name: &str) -> Result<SingleFormat, BoundaryFault> {
    let text = super::encoding::decode_start(start);
    let trimmed = text.trim_start();
    let is_table = || {
        let extension = Path::new(name).extension();
        let is = |other: &str| extension.is_some_and(|own| own.eq_ignore_ascii_case(other));
        csv_areas::is_table(&text) || is("csv") || is("tsv")
    };
    if survey::is_survey(&text) {
        Ok(SingleFormat::Survey)
    } else if trimmed.starts_with(['{', '[', '\u{1e}']) {
        Ok(SingleFormat::Json)
    } else if trimmed.starts_with('<') && kml::is_kml(trimmed) {
        Ok(SingleFormat::Kml)
    } else if trimmed.is_empty() {
        Err(BoundaryFault::Empty)
    } else if !trimmed.starts_with('<') && !trimmed.contains('\0') && is_table() {
        Ok(SingleFormat::Csv)
    } else {
        let found = describe(start, trimmed);
        Err(BoundaryFault::UnknownFormat { found })
    }
}

impl LayerInfo {
    fn of(layer: &SourceLayer) -> Self {
        Self {
            name: layer.name.clone(),
            features: layer.features.len(),
        }
    }
}

/// The layer that is chosen, or the only one.
fn choose_layer(
    mut layers: Vec<LayerInfo>,
    options: &ReadOptions,
) -> Result<String, BoundaryFault> {
    match &options.layer {
        Some(wanted) if layers.iter().any(|layer| layer.name == *wanted) => Ok(wanted.clone()),
        Some(wanted) => Err(BoundaryFault::NoSuchLayer {
            wanted: wanted.clone(),
            layers,
        }),
        None if layers.len() > 1 => Err(BoundaryFault::SeveralLayers(layers)),
        None => layers
            .pop()
            .map(|layer| layer.name)
            .ok_or(BoundaryFault::Empty),
    }
}

/// The name of a file without folders and extension.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

impl<'a> Input<'a> {
    /// Enough of the file to know what it is.
    fn start(self) -> Result<Cow<'a, [u8]>, BoundaryFault> {
        const START: usize = 4096;
        match self {
            Self::Bytes(bytes) => Ok(bytes[..bytes.len().min(START)].into()),
            Self::File(path) => {
                let mut start = Vec::new();
                File::open(path)?
                    .take(START as u64)
                    .read_to_end(&mut start)?;
                Ok(start.into())
            }
        }
    }

    /// The whole file.
    fn load(self) -> Result<Cow<'a, [u8]>, BoundaryFault> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.into()),
            Self::File(path) => {
                let length = std::fs::metadata(path)?.len();
                if length > MAX_BYTES {
                    return Err(BoundaryFault::TooLarge(length));
                }
                Ok(std::fs::read(path)?.into())
            }
        }
    }

    fn archive(self) -> Result<Archive<'a>, BoundaryFault> {
        Ok(match self {
            Self::Bytes(bytes) => Archive::of_bytes(bytes)?,
            Self::File(path) => Archive::open(Box::new(BufReader::new(File::open(path)?)))?,
        })
    }
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Input<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Input<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Path> for Input<'a> {
    fn from(path: &'a Path) -> Self {
        Self::File(path)
    }
}

/// What a file of an unknown format looks like.
fn describe(start: &[u8], text: &str) -> String {
    match start {
        [0, 0, 0x27, 0x0a, ..] => {
            "it is a .shp alone; zip it together with its .dbf, .prj and .cpg".to_owned()
        }
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => {
            "it is an archive, but no zip".to_owned()
        }
        _ if text.starts_with('<') => "it looks like XML, such as GML, but not like KML".to_owned(),
        _ => {
            let line = text.lines().next().unwrap_or_default();
            format!(
                "it begins with {:?}",
                line.chars().take(24).collect::<String>()
            )
        }
    }
}
