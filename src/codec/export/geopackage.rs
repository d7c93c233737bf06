//! GeoPackage 1.3 (OGC 12-128r18): one layer of multipolygons.

use std::io::{BufReader, Write};

use rusqlite::types::ToSql;
use rusqlite::{Connection, params};
use serde_json::Value;
use tempfile::NamedTempFile;

use super::drawing::{Drawing, Points};
use super::{COLUMNS, ExportError, ExportOptions, library, plain_name};
use crate::codec::crs_names;
use crate::codec::geopackage::quote;
use crate::geometry::Crs;

/// The tables that every GeoPackage has, as in annex C, and its mark.
const REGISTERS: &str = "
    PRAGMA application_id = 1196444487;
    PRAGMA user_version = 10300;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL PRIMARY KEY,
        organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL,
        definition TEXT NOT NULL,
        description TEXT
    );
    CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY,
        data_type TEXT NOT NULL,
        identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE,
        min_y DOUBLE,
        max_x DOUBLE,
        max_y DOUBLE,
        srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
    );
    CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL,
        column_name TEXT NOT NULL,
        geometry_type_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL,
        z TINYINT NOT NULL,
        m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
    );
    INSERT INTO gpkg_spatial_ref_sys VALUES
        ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
        ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');";

pub(super) fn write<'a>(
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    let file = NamedTempFile::new()?;
    let mut database = Connection::open(file.path()).map_err(|error| library(&error))?;
    fill(&mut database, drawings, options)?;
    database.close().map_err(|(_, error)| library(&error))?;
    std::io::copy(&mut BufReader::new(file.reopen()?), out)?;
    Ok(())
}

fn fill<'a>(
    database: &mut Connection,
    drawings: impl Iterator<Item = Result<Drawing<'a>, ExportError>>,
    options: &ExportOptions,
) -> Result<(), ExportError> {
    let failed = |error: rusqlite::Error| library(&error);
    database.execute_batch(REGISTERS).map_err(failed)?;
    let transaction = database.transaction().map_err(failed)?;
    let table = plain_name(&options.layer);
    let srs_id = register_systems(&transaction, options.crs).map_err(failed)?;
    transaction
        .execute_batch(&layer_table(&table))
        .map_err(failed)?;
    let marks = ", ?".repeat(COLUMNS.len());
    let insert = format!(
        "INSERT INTO {} (geom, {}) VALUES (?{marks})",
        quote(&table),
        COLUMNS.join(", ")
    );
    let mut bounds = Bounds::default();
    {
        let mut statement = transaction.prepare(&insert).map_err(failed)?;
        for drawing in drawings {
            let drawing = drawing?;
            let own = Bounds::of(&drawing.polygons);
            bounds.add(own);
            let blob = encode(&drawing.polygons, own, srs_id);
            let values = drawing.values().map(to_sql);
            let values = values.iter().map(|value| &**value as &dyn ToSql);
            let row: Vec<&dyn ToSql> = std::iter::once(&blob as &dyn ToSql).chain(values).collect();
            statement.execute(&row[..]).map_err(failed)?;
        }
    }
    let at = options.at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let [min_x, min_y, max_x, max_y] = bounds.or_null();
    transaction
        .execute(
            "INSERT INTO gpkg_contents VALUES (?1, 'features', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                table,
                options.layer,
                crs_names::note(options.crs).unwrap_or_default(),
                at,
                min_x,
                min_y,
                max_x,
                max_y,
                srs_id
            ],
        )
        .map_err(failed)?;
    transaction
        .execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'MULTIPOLYGON', ?2, 0, 0)",
            params![table, srs_id],
        )
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn layer_table(table: &str) -> String {
    let columns = COLUMNS.map(|column| {
        let kind = match column {
            "area_m2" => "REAL",
            "edition" => "INTEGER",
            _ => "TEXT",
        };
        format!("{column} {kind}")
    });
    format!(
        "CREATE TABLE {} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, {});",
        quote(table),
        columns.join(", ")
    )
}

/// Registers WGS 84, which must be there, and the system of the layer, whose number it
/// gives.
fn register_systems(database: &Connection, crs: Crs) -> rusqlite::Result<i64> {
    let register = |crs: Crs, number: i64| {
        let (organization, code) = match crs.epsg() {
            Some(code) => ("EPSG", i64::from(code)),
            None => ("NONE", number),
        };
        database.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                crs_names::title(crs),
                number,
                organization,
                code,
                crs_names::to_wkt_or_local(crs),
                crs_names::note(crs)
            ],
        )
    };
    register(Crs::Wgs84, 4326)?;
    // Numbers that EPSG does not give away.
    let number = match crs {
        Crs::Wgs84 => return Ok(4326),
        Crs::Gcj02 => 990_002,
        Crs::Bd09 => 990_009,
        Crs::WebMercator => 3857,
        Crs::GaussKruger(zone) => zone.epsg().into(),
    };
    register(crs, number)?;
    Ok(number)
}

fn to_sql(value: Value) -> Box<dyn ToSql> {
    match value {
        Value::String(text) => Box::new(text),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Box::new(whole),
            None => Box::new(number.as_f64()),
        },
        _ => Box::new(rusqlite::types::Null),
    }
}

/// West, south, east and north.
#[derive(Clone, Copy)]
struct Bounds([f64; 4]);

impl Default for Bounds {
    fn default() -> Self {
        let far = f64::INFINITY;
        Self([far, far, -far, -far])
    }
}

impl Bounds {
    fn of(polygons: &[Vec<Points>]) -> Self {
        let mut bounds = Self::default();
        for &[x, y] in polygons.iter().flatten().flatten() {
            bounds.add(Self([x, y, x, y]));
        }
        bounds
    }

    fn add(&mut self, Self(other): Self) {
        let Self(own) = self;
        *own = [
            own[0].min(other[0]),
            own[1].min(other[1]),
            own[2].max(other[2]),
            own[3].max(other[3]),
        ];
    }

    /// No numbers for nothing.
    fn or_null(self) -> [Option<f64>; 4] {
        self.0
            .map(|number| Some(number).filter(|number| number.is_finite()))
    }
}

/// A geometry with its envelope, little endian (clause 2.1.3).
fn encode(polygons: &[Vec<Points>], Bounds(bounds): Bounds, srs_id: i64) -> Vec<u8> {
    const LITTLE_ENDIAN: u8 = 1;
    const WITH_ENVELOPE: u8 = 1 << 1;
    let points: usize = polygons.iter().flatten().map(Vec::len).sum();
    let mut out = Vec::with_capacity(80 + 16 * points);
    out.extend_from_slice(&[b'G', b'P', 0, LITTLE_ENDIAN | WITH_ENVELOPE]);
    put_number(&mut out, srs_id);
    let [west, south, east, north] = bounds;
    for number in [west, east, south, north] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    put_head(&mut out, 6, polygons.len());
    for rings in polygons {
        put_head(&mut out, 3, rings.len());
        for ring in rings {
            put_number(&mut out, ring.len());
            for number in ring.iter().flatten() {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
    }
    out
}

fn put_head(out: &mut Vec<u8>, kind: u32, count: usize) {
    out.push(1);
    out.extend_from_slice(&kind.to_le_bytes());
    put_number(out, count);
}

/// A count, or the number of a system: all fit.
fn put_number(out: &mut Vec<u8>, number: impl TryInto<u32>) {
    let number: u32 = number.try_into().unwrap_or(u32::MAX);
    out.extend_from_slice(&number.to_le_bytes());
}
