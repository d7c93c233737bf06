//! FlatGeobuf (flatgeobuf.org): one layer. The library's tables are used, which it
//! verifies, but not its iterators: they trust what a file says of its own sizes.

use flatgeobuf::{
    Column, ColumnType, Feature, Geometry, GeometryType, Header, size_prefixed_root_as_feature,
    size_prefixed_root_as_header,
};
use serde_json::{Map, Value};

use super::boundaries::{BoundaryFault, BoundaryFormat, LayerInfo};
use super::crs_text;
use super::encoding::only_utf8;
use super::feature::{Faults, FeatureError, FeatureFault, FeatureRef, RawFeature, RawPolygons};
use super::gather::Gathering;
use super::source::{DeclaredCrs, SourceLayer};

/// Why a file is no FlatGeobuf that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlatGeobufError {
    #[error("the FlatGeobuf is of version {0}, but only version 3 is known here; export it again")]
    Version(u8),
    #[error("the header of the FlatGeobuf is damaged: {0}; export it again")]
    Header(String),
    #[error("the FlatGeobuf is damaged at feature {index}: {why}; export it again")]
    Feature { index: usize, why: String },
    #[error("the layer has no features, so there is nothing to import; export it again")]
    NoFeatures,
}

/// `fgb`, the version, `fgb` and a patch level.
const MAGIC_BYTES: usize = 8;
/// Four coordinates and an offset.
const NODE_BYTES: u64 = 40;

/// A file whose header is sound.
struct File<'a> {
    header: Header<'a>,
    features: &'a [u8],
}

/// # Errors
/// When the header is damaged.
pub(super) fn list(bytes: &[u8], name: &str) -> Result<Vec<LayerInfo>, BoundaryFault> {
    let file = File::open(bytes)?;
    let features = match file.header.features_count() {
        // Not known to whoever wrote the file.
        0 => file.slices().count(),
        count => usize::try_from(count).unwrap_or(usize::MAX),
    };
    Ok(vec![LayerInfo {
        name: file.name().unwrap_or(name).to_owned(),
        features,
    }])
}

/// Reads the layer, which is called `name` unless it says otherwise.
///
/// # Errors
/// When the file is damaged.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<SourceLayer, BoundaryFault> {
    let file = File::open(bytes)?;
    let columns: Vec<Column<'_>> = file.header.columns().iter().flatten().collect();
    let mut gathering = Gathering::default();
    gathering.name_columns(columns.iter().map(Column::name));
    let mut unreadable = Faults::default();
    for (number, slice) in file.slices().enumerate() {
        let index = number + 1;
        let damaged = |why: String| FlatGeobufError::Feature { index, why };
        let slice = slice.ok_or_else(|| damaged("it ends too early".to_owned()))?;
        let feature =
            size_prefixed_root_as_feature(slice).map_err(|error| damaged(error.to_string()))?;
        let (properties, garbled) = read_properties(&feature, &columns)
            .ok_or_else(|| damaged("its properties do not fit the columns".to_owned()))?;
        if let Some(column) = garbled {
            unreadable.push(FeatureError {
                feature: FeatureRef::new(index, &properties),
                fault: FeatureFault::Garbled {
                    column,
                    encoding: "UTF-8",
                },
            });
        }
        gathering.push(RawFeature {
            index,
            polygons: read_geometry(&feature, file.header.geometry_type(), slice.len()),
            properties,
        })?;
    }
    if gathering.is_empty() {
        return Err(FlatGeobufError::NoFeatures.into());
    }
    let mut text = only_utf8(gathering.sample_texts());
    text.unreadable = unreadable;
    let (columns, features) = gathering.finish();
    Ok(SourceLayer {
        name: file.name().unwrap_or(name).to_owned(),
        format: BoundaryFormat::FlatGeobuf,
        declared_crs: file.declared_crs(),
        text,
        columns,
        features,
    })
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, FlatGeobufError> {
        let damaged = |why: &str| FlatGeobufError::Header(why.to_owned());
        let rest = bytes
            .get(MAGIC_BYTES..)
            .ok_or_else(|| damaged("it ends too early"))?;
        if let Some(&version) = bytes.get(3)
            && version != flatgeobuf::VERSION
        {
            return Err(FlatGeobufError::Version(version));
        }
        let (header, rest) = split_sized(rest).ok_or_else(|| damaged("the file ends too early"))?;
        let header =
            size_prefixed_root_as_header(header).map_err(|error| damaged(&error.to_string()))?;
        let features = index_bytes(header.features_count(), header.index_node_size())
            .and_then(|index| rest.get(usize::try_from(index).ok()?..))
            .ok_or_else(|| damaged("its index is longer than the file"))?;
        Ok(Self { header, features })
    }

    fn name(&self) -> Option<&'a str> {
        self.header.name().filter(|name| !name.is_empty())
    }

    /// Feature by feature; `None` for a last one that is cut off.
    fn slices(&self) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a> {
        let mut rest = self.features;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let split = split_sized(rest);
            rest = split.map_or(&[], |(_, after)| after);
            Some(split.map(|(slice, _)| slice))
        })
    }

    fn declared_crs(&self) -> DeclaredCrs {
        let Some(crs) = self.header.crs() else {
            return DeclaredCrs::None;
        };
        let organization = crs.org().unwrap_or("EPSG");
        if crs.code() > 0 && organization.eq_ignore_ascii_case("epsg") {
            return crs_text::declare_code(&format!("EPSG:{}", crs.code()), crs.name());
        }
        if let Some(crs) = crs.name().and_then(|name| name.parse().ok()) {
            return DeclaredCrs::Known(crs);
        }
        crs.wkt().map_or(DeclaredCrs::None, crs_text::declare)
    }
}

/// A table with its size before it, and what follows.
fn split_sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = u32::from_le_bytes(*bytes.first_chunk()?);
    // The library decodes nothing smaller.
    if size < 8 {
        return None;
    }
    bytes.split_at_checked(usize::try_from(size).ok()?.checked_add(4)?)
}

/// The size of the packed R-tree before the features.
fn index_bytes(features: u64, node_size: u16) -> Option<u64> {
    if node_size == 0 || features == 0 {
        return Some(0);
    }
    let node_size = u64::from(node_size);
    if node_size < 2 {
        return None;
    }
    let mut level = features;
    let mut nodes = features;
    while level > 1 {
        level = level.div_ceil(node_size);
        nodes = nodes.checked_add(level)?;
    }
    // A single feature has a root above it all the same.
    if features == 1 {
        nodes += 1;
    }
    nodes.checked_mul(NODE_BYTES)
}

/// `length` is that of the feature in bytes.
fn read_geometry(
    feature: &Feature<'_>,
    declared: GeometryType,
    length: usize,
) -> Result<RawPolygons, FeatureFault> {
    let geometry = feature.geometry().ok_or(FeatureFault::NoGeometry)?;
    let kind = match declared {
        GeometryType::Unknown => geometry.type_(),
        declared => declared,
    };
    match kind {
        GeometryType::Polygon => Ok(vec![read_rings(&geometry)?]),
        GeometryType::MultiPolygon => match geometry.parts() {
            Some(parts) => {
                let numbers = |part: Geometry<'_>| part.xy().map_or(0, |xy| xy.len());
                // Parts may be the same bytes over and over.
                if parts.iter().map(numbers).sum::<usize>() > length / size_of::<f64>() {
                    let why = "its parts are longer than it is";
                    return Err(FeatureFault::Damaged(why.to_owned()));
                }
                parts.iter().map(|part| read_rings(&part)).collect()
            }
            None => Err(FeatureFault::NoGeometry),
        },
        other => {
            let name = other
                .variant_name()
                .unwrap_or("geometry of an unknown kind");
            Err(FeatureFault::NotPolygon(name.to_owned()))
        }
    }
}

fn read_rings(polygon: &Geometry<'_>) -> Result<Vec<Vec<[f64; 2]>>, FeatureFault> {
    let numbers: Vec<f64> = polygon.xy().iter().flatten().collect();
    let (points, _) = numbers.as_chunks::<2>();
    let Some(ends) = polygon.ends().filter(|ends| !ends.is_empty()) else {
        return Ok(if points.is_empty() {
            Vec::new()
        } else {
            vec![points.to_vec()]
        });
    };
    let mut start = 0;
    let rings = ends.iter().map(|end| {
        let end = usize::try_from(end).unwrap_or(usize::MAX);
        let ring = points.get(start..end).map(<[_]>::to_vec);
        start = end;
        ring.ok_or_else(|| FeatureFault::Damaged("its rings do not fit its coordinates".to_owned()))
    });
    rings.collect()
}

/// The properties, and a column whose text is no UTF-8 if there is one; `None` when the
/// bytes do not fit the columns.
fn read_properties(
    feature: &Feature<'_>,
    of_file: &[Column<'_>],
) -> Option<(Map<String, Value>, Option<String>)> {
    let own: Vec<Column<'_>> = feature.columns().iter().flatten().collect();
    let columns = if own.is_empty() { of_file } else { &own };
    let mut rest = feature.properties().map_or(&[][..], |bytes| bytes.bytes());
    let mut properties = Map::new();
    let mut garbled = None;
    while !rest.is_empty() {
        let number = u16::from_le_bytes(take(&mut rest)?);
        let column = columns.get(usize::from(number))?;
        let value = match column.type_() {
            ColumnType::Byte => i8::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::UByte => u8::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::Bool => (u8::from_le_bytes(take(&mut rest)?) != 0).into(),
            ColumnType::Short => i16::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::UShort => u16::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::Int => i32::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::UInt => u32::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::Long => i64::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::ULong => u64::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::Float => f32::from_le_bytes(take(&mut rest)?).into(),
            ColumnType::Double => f64::from_le_bytes(take(&mut rest)?).into(),
            kind => {
                let length = u32::from_le_bytes(take(&mut rest)?);
                let (bytes, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                rest = after;
                if kind == ColumnType::Binary {
                    Value::Null
                } else {
                    let text = String::from_utf8_lossy(bytes);
                    if std::str::from_utf8(bytes).is_err() {
                        garbled.get_or_insert_with(|| column.name().to_owned());
                    }
                    text.into()
                }
            }
        };
        properties.insert(column.name().to_owned(), value);
    }
    Some((properties, garbled))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*taken)
}
