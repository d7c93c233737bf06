//! Boundary files of any format that is known here.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

pub use super::encoding::{EncodingSource, TextEncoding};
use super::feature::{Faults, Feature, FeatureError};
use super::geojson::{self, GeoJsonError};
use super::shapefile;
pub use super::shapefile::{PrjError, ShapefileError};
use crate::geometry::Crs;

/// What whoever reads a file knows better than the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions {
    pub encoding: Option<&'static Encoding>,
    pub crs: Option<Crs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundaryFormat {
    GeoJson,
    ZippedShapefile,
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
    #[error("the file is empty; export or copy it again")]
    Empty,
    #[error(
        "the file is neither GeoJSON nor a zipped Shapefile: {found}; export it as one of the two"
    )]
    UnknownFormat { found: String },
    #[error(transparent)]
    GeoJson(#[from] GeoJsonError),
    #[error(transparent)]
    Shapefile(#[from] ShapefileError),
    #[error(transparent)]
    Features(#[from] Faults<FeatureError>),
}

/// Reads a boundary file of any known format, told by its content. `name` is what errors
/// call it.
///
/// # Errors
/// When the file is damaged, of no known format, empty or in a coordinate system that is
/// not known, or with all the faults of its features. Shapes are not checked for
/// validity.
pub fn read(
    bytes: &[u8],
    name: &str,
    options: &ReadOptions,
) -> Result<BoundaryFile, BoundaryFileError> {
    read_format(bytes, options).map_err(|fault| BoundaryFileError {
        name: name.to_owned(),
        fault,
    })
}

fn read_format(bytes: &[u8], options: &ReadOptions) -> Result<BoundaryFile, BoundaryFault> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match text.trim_ascii_start() {
        [] => Err(BoundaryFault::Empty),
        [b'{' | b'[', ..] => read_geojson(text, options),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => shapefile::read(bytes, options),
        start => Err(BoundaryFault::UnknownFormat {
            found: describe(start),
        }),
    }
}

fn read_geojson(text: &[u8], options: &ReadOptions) -> Result<BoundaryFile, BoundaryFault> {
    let (text, encoding) = match options.encoding {
        Some(encoding) if encoding != UTF_8 => {
            let decoded =
                super::encoding::decode(text, encoding).ok_or(GeoJsonError::OtherEncoding {
                    encoding: encoding.name(),
                })?;
            let source = EncodingSource::Chosen;
            (Cow::Owned(decoded), TextEncoding { encoding, source })
        }
        _ => {
            let text = std::str::from_utf8(text).map_err(|error| {
                let before = &text[..error.valid_up_to()];
                let line = before.split(|&byte| byte == b'\n').count();
                GeoJsonError::NotUtf8 { line }
            })?;
            let encoding = TextEncoding {
                encoding: UTF_8,
                source: EncodingSource::Format,
            };
            (Cow::Borrowed(text), encoding)
        }
    };
    let collection = geojson::read_collection(&text)?;
    let (crs, crs_source) = choose_crs(options, || collection.crs)?;
    let features = collection.features.into_iter();
    let features = super::feature::read_all(features.map(|raw| raw.into_feature(crs)))?;
    Ok(BoundaryFile {
        features,
        format: BoundaryFormat::GeoJson,
        crs,
        crs_source,
        encoding,
    })
}

/// A chosen coordinate system before a declared one, whatever that is.
pub(super) fn choose_crs<E>(
    options: &ReadOptions,
    declared: impl FnOnce() -> Result<Option<Crs>, E>,
) -> Result<(Crs, CrsSource), E> {
    if let Some(crs) = options.crs {
        return Ok((crs, CrsSource::Chosen));
    }
    Ok(match declared()? {
        Some(crs) => (crs, CrsSource::Declared),
        None => (Crs::Wgs84, CrsSource::Assumed),
    })
}

/// What a file of an unknown format looks like.
fn describe(start: &[u8]) -> String {
    match start {
        [0, 0, 0x27, 0x0a, ..] => {
            "it is a .shp alone; zip it together with its .dbf, .prj and .cpg".to_owned()
        }
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => "it looks like a GeoPackage".to_owned(),
        [b'<', ..] => "it looks like XML, such as KML or GML".to_owned(),
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => {
            "it is an archive, but no zip".to_owned()
        }
        _ => {
            let start = &start[..start.len().min(200)];
            let line = String::from_utf8_lossy(start);
            let line: String = line
                .lines()
                .next()
                .unwrap_or_default()
                .chars()
                .take(24)
                .collect();
            format!("it begins with {line:?}")
        }
    }
}
