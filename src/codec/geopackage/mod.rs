//! GeoPackage (OGC 12-128r18): layers of features in a SQLite database.

mod geometry;

pub(super) use self::geometry::decode_wkb;

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use super::boundaries::{BoundaryFault, BoundaryFormat, Input, LayerInfo};
use super::crs_text;
use super::encoding::only_utf8;
use super::feature::{Faults, FeatureError, FeatureFault, FeatureRef, RawFeature};
use super::gather::Gathering;
use super::source::{DeclaredCrs, SourceLayer};

/// Why a database holds no layers that can be read.
#[derive(Debug, thiserror::Error)]
pub enum GeoPackageError {
    #[error("the file is a SQLite database, but no GeoPackage; export it as one")]
    NotGeoPackage,
    #[error("the GeoPackage has no layer of features; export it again")]
    NoLayers,
    #[error("the layer has no features, so there is nothing to import; export it again")]
    NoFeatures,
    #[error("the GeoPackage is damaged: {0}; export it again")]
    Damaged(#[from] rusqlite::Error),
}

/// A row or geometry of more bytes is refused.
const MAX_VALUE_BYTES: i32 = 256 << 20;

/// An open GeoPackage.
pub(super) struct Package {
    database: Connection,
    /// Bytes from memory: the library reads them from a file.
    _copy: Option<NamedTempFile>,
}

/// A layer in the tables of contents.
struct Contents {
    table: String,
    geometry_column: String,
    crs: DeclaredCrs,
}

impl Package {
    /// # Errors
    /// When it cannot be opened as a SQLite database.
    pub(super) fn open(input: Input<'_>) -> Result<Self, BoundaryFault> {
        let (path, copy): (PathBuf, _) = match input {
            Input::File(path) => (path.to_owned(), None),
            Input::Bytes(bytes) => {
                let mut copy = NamedTempFile::new()?;
                copy.write_all(bytes)?;
                copy.flush()?;
                (copy.path().to_owned(), Some(copy))
            }
        };
        let database = open_database(&path).map_err(GeoPackageError::from)?;
        Ok(Self {
            database,
            _copy: copy,
        })
    }

    pub(super) fn list(&self) -> Result<Vec<LayerInfo>, BoundaryFault> {
        let mut layers = Vec::new();
        for contents in self.contents()? {
            let count = format!("SELECT count(*) FROM {}", quote(&contents.table));
            let count: i64 = self
                .database
                .query_row(&count, [], |row| row.get(0))
                .map_err(GeoPackageError::from)?;
            layers.push(LayerInfo {
                name: contents.table,
                features: usize::try_from(count).unwrap_or(0),
            });
        }
        if layers.is_empty() {
            return Err(GeoPackageError::NoLayers.into());
        }
        Ok(layers)
    }

    /// Reads the layer of this name, one of those listed.
    pub(super) fn read(&self, name: &str) -> Result<SourceLayer, BoundaryFault> {
        let contents = self.contents()?.into_iter();
        let contents = contents
            .into_iter()
            .find(|contents| contents.table == name)
            .ok_or(GeoPackageError::NoLayers)?;
        let columns = self.columns(&contents)?;
        let mut gathering = Gathering::default();
        gathering.name_columns(columns.iter().map(String::as_str));
        let mut unreadable = Faults::default();
        let selected: Vec<String> = std::iter::once(&contents.geometry_column)
            .chain(&columns)
            .map(|column| quote(column))
            .collect();
        let query = format!("SELECT {} FROM {}", selected.join(", "), quote(name));
        let mut statement = self
            .database
            .prepare(&query)
            .map_err(GeoPackageError::from)?;
        let mut rows = statement.query([]).map_err(GeoPackageError::from)?;
        let mut index = 0;
        while let Some(row) = rows.next().map_err(GeoPackageError::from)? {
            index += 1;
            let feature = read_feature(index, row, &columns, &mut unreadable);
            gathering.push(feature.map_err(GeoPackageError::from)?)?;
        }
        if gathering.is_empty() {
            return Err(GeoPackageError::NoFeatures.into());
        }
        let mut text = only_utf8(gathering.sample_texts());
        text.unreadable = unreadable;
        let (columns, features) = gathering.finish();
        Ok(SourceLayer {
            name: contents.table,
            format: BoundaryFormat::GeoPackage,
            declared_crs: contents.crs,
            text,
            columns,
            features,
        })
    }

    /// Views are left out: what one does when it is read is up to whoever wrote it.
    fn contents(&self) -> Result<Vec<Contents>, GeoPackageError> {
        const REGISTERS: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table'
            AND name IN ('gpkg_contents', 'gpkg_geometry_columns', 'gpkg_spatial_ref_sys')";
        const LAYERS: &str = "SELECT c.table_name, g.column_name, g.srs_id, s.srs_name,
                s.organization, s.organization_coordsys_id, s.definition
            FROM gpkg_contents c
            JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
            JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table'
            LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
            WHERE c.data_type = 'features' AND m.sql NOT LIKE 'CREATE VIRTUAL%'
            ORDER BY c.rowid";
        let registers: i64 = self.database.query_row(REGISTERS, [], |row| row.get(0))?;
        if registers != 3 {
            return Err(GeoPackageError::NotGeoPackage);
        }
        let mut statement = self.database.prepare(LAYERS)?;
        let layers = statement.query_map([], |row| {
            Ok(Contents {
                table: row.get(0)?,
                geometry_column: row.get(1)?,
                crs: declare(
                    row.get(2)?,
                    row.get::<_, Option<String>>(3)?.as_deref(),
                    row.get::<_, Option<String>>(4)?.as_deref(),
                    row.get(5)?,
                    row.get::<_, Option<String>>(6)?.as_deref(),
                ),
            })
        })?;
        layers.collect::<Result<_, _>>().map_err(Into::into)
    }

    /// The columns but for the geometry, in their order.
    fn columns(&self, contents: &Contents) -> Result<Vec<String>, GeoPackageError> {
        let mut statement = self
            .database
            .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
        let names = statement.query_map([&contents.table], |row| row.get::<_, String>(0))?;
        let is_geometry = |name: &String| name.eq_ignore_ascii_case(&contents.geometry_column);
        let names = names.filter(|name| !name.as_ref().is_ok_and(is_geometry));
        names.collect::<Result<_, _>>().map_err(Into::into)
    }
}

/// Opens a database that nobody else has open, and that may be meant to do harm.
fn open_database(path: &Path) -> rusqlite::Result<Connection> {
    // As it is, with no journal beside it: a copy out of a running program may say that
    // it has one.
    let address = format!("file:{}?immutable=1", escape_path(path));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(address, flags)?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
    database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    // A first read says whether it is a database at all.
    let first = "SELECT name FROM sqlite_master LIMIT 1";
    database
        .query_row(first, [], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    Ok(database)
}

/// A path as part of an address.
fn escape_path(path: &Path) -> String {
    let mut escaped = String::new();
    for &byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            escaped.push(byte.into());
        } else {
            // Writing to memory cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// A name inside a query.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn declare(
    srs_id: i64,
    name: Option<&str>,
    organization: Option<&str>,
    code: Option<i64>,
    definition: Option<&str>,
) -> DeclaredCrs {
    // Undefined cartesian and geographic systems.
    if srs_id == -1 || srs_id == 0 {
        return DeclaredCrs::None;
    }
    if let (Some(organization), Some(code)) = (organization, code)
        && organization.eq_ignore_ascii_case("epsg")
    {
        return crs_text::declare_code(&format!("EPSG:{code}"), name);
    }
    if let Some(crs) = name.and_then(|name| name.parse().ok()) {
        return DeclaredCrs::Known(crs);
    }
    match definition {
        Some(definition) if definition != "undefined" => crs_text::declare(definition),
        _ => DeclaredCrs::Unknown {
            text: name.unwrap_or_default().to_owned(),
            why: format!("its table of coordinate systems does not say what {srs_id} is"),
        },
    }
}

fn read_feature(
    index: usize,
    row: &rusqlite::Row<'_>,
    columns: &[String],
    unreadable: &mut Faults<FeatureError>,
) -> rusqlite::Result<RawFeature> {
    let polygons = match row.get_ref(0)? {
        ValueRef::Null => Err(FeatureFault::NoGeometry),
        ValueRef::Blob(bytes) => geometry::decode(bytes),
        _ => Err(FeatureFault::Damaged("it is no binary".to_owned())),
    };
    let mut properties = Map::new();
    let mut garbled = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        let value = match row.get_ref(number + 1)? {
            ValueRef::Integer(number) => number.into(),
            ValueRef::Real(number) => number.into(),
            ValueRef::Text(bytes) => {
                let text = Value::from(String::from_utf8_lossy(bytes));
                if std::str::from_utf8(bytes).is_ok() {
                    text
                } else {
                    garbled.push((column.clone(), text));
                    Value::Null
                }
            }
            ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        };
        properties.insert(column.clone(), value);
    }
    if let Some((column, _)) = garbled.first() {
        unreadable.push(FeatureError {
            feature: FeatureRef::new(index, &properties),
            fault: FeatureFault::Garbled {
                column: column.clone(),
                encoding: "UTF-8",
            },
        });
    }
    properties.extend(garbled);
    Ok(RawFeature {
        index,
        polygons,
        properties,
    })
}

#[cfg(test)]
mod tests;
