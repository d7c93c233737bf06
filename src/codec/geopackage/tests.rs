use std::sync::LazyLock;

use proptest::prelude::*;
use rusqlite::params;

use super::super::boundaries::{BoundaryFileError, ReadOptions, list_layers, read_layer};
use super::*;

/// The header of a GeoPackage, then a polygon of one ring of one point.
const POLYGON: [u8; 21] = [
    b'G', b'P', 0, 1, 0, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
];

/// The point is (1, 2).
fn blob() -> Vec<u8> {
    let mut blob = POLYGON.to_vec();
    blob.extend(1.0_f64.to_le_bytes());
    blob.extend(2.0_f64.to_le_bytes());
    blob
}

/// A package whose layers are in these systems.
fn package(layers: &[(&str, i64)]) -> Vec<u8> {
    let file = NamedTempFile::new().unwrap();
    let database = Connection::open(file.path()).unwrap();
    database
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
             CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_spatial_ref_sys VALUES
                ('Undefined', -1, 'NONE', -1, 'undefined', NULL),
                ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[...]', NULL),
                ('zone 40', 4528, 'epsg', 4528, 'PROJCS[...]', NULL),
                ('Xian 1980', 4610, 'EPSG', 4610, 'GEOGCS[...]', NULL),
                ('GCJ-02', 99, 'NONE', 99, 'undefined', NULL),
                ('custom', 100, 'NONE', 100, 'GEOGCS[\"x\",DATUM[\"D_China_2000\"],UNIT[\"Degree\",0.0174532925199433]]', NULL);",
        )
        .unwrap();
    for (table, srs) in layers {
        let name = quote(table);
        database
            .execute_batch(&format!("CREATE TABLE {name} (fid INTEGER PRIMARY KEY, geom BLOB, \"名称\" TEXT, code INTEGER, size REAL, raw BLOB)"))
            .unwrap();
        database
            .execute(
                "INSERT INTO gpkg_contents VALUES (?1, 'features', ?2)",
                params![table, srs],
            )
            .unwrap();
        database
            .execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?1, 'GEOM', ?2)",
                params![table, srs],
            )
            .unwrap();
        for (code, name) in [(320_812_001_001_001_007_i64, "玄武区"), (2, "b")] {
            database
                .execute(
                    &format!("INSERT INTO {} (geom, \"名称\", code, size, raw) VALUES (?1, ?2, ?3, 1.5, x'00')", quote(table)),
                    params![blob(), name, code],
                )
                .unwrap();
        }
    }
    database.close().unwrap();
    std::fs::read(file.path()).unwrap()
}

fn read(bytes: &[u8], layer: Option<&str>) -> Result<SourceLayer, BoundaryFileError> {
    let options = ReadOptions {
        layer: layer.map(str::to_owned),
        ..ReadOptions::default()
    };
    read_layer(bytes, "a.gpkg", &options)
}

#[test]
fn layers_are_listed_and_read_with_their_systems() {
    let systems = [
        ("none", -1, DeclaredCrs::None),
        (
            "degrees",
            4326,
            DeclaredCrs::Known("wgs84".parse().unwrap()),
        ),
        (
            "it's \"40\"",
            4528,
            DeclaredCrs::Known("EPSG:4528".parse().unwrap()),
        ),
        ("火星", 99, DeclaredCrs::Known("gcj02".parse().unwrap())),
        ("custom", 100, DeclaredCrs::Known("wgs84".parse().unwrap())),
    ];
    let layers: Vec<(&str, i64)> = systems.iter().map(|&(name, srs, _)| (name, srs)).collect();
    let bytes = package(&layers);
    let listed = list_layers(&bytes, "a.gpkg").unwrap();
    let names: Vec<&str> = listed.iter().map(|layer| &*layer.name).collect();
    assert_eq!(
        names,
        layers.iter().map(|&(name, _)| name).collect::<Vec<_>>()
    );
    assert!(listed.iter().all(|layer| layer.features == 2));
    for (name, _, declared) in systems {
        let layer = read(&bytes, Some(name)).unwrap();
        assert_eq!((&*layer.name, &layer.declared_crs), (name, &declared));
        assert_eq!(layer.columns, ["fid", "名称", "code", "size", "raw"]);
        let feature = &layer.features[0];
        assert_eq!(feature.polygons, Ok(vec![vec![vec![[1.0, 2.0]]]]));
        assert_eq!(feature.properties["code"], 320_812_001_001_001_007_i64);
        assert_eq!(feature.properties["名称"], "玄武区");
        assert_eq!(feature.properties["raw"], Value::Null);
        assert_eq!(layer.text.candidates[0].1[0], "玄武区");
    }
    assert!(read(&bytes, None).unwrap_err().to_string().starts_with(
        "a.gpkg: the file has several layers: none, degrees, it's \"40\", 火星, custom; choose one"
    ));
    let other = read(&package(&[("x", 4610)]), None).unwrap().declared_crs;
    assert!(matches!(other, DeclaredCrs::Unknown { text, .. } if text == "Xian 1980 (EPSG:4610)"));
    let absent = read(&package(&[("x", 7)]), None).unwrap().declared_crs;
    assert!(matches!(absent, DeclaredCrs::Unknown { .. }));
}

#[test]
fn a_copy_out_of_a_running_program_is_read() {
    let mut bytes = package(&[("x", 4326)]);
    // Marked as having a journal beside it.
    bytes[18..20].copy_from_slice(&[2, 2]);
    assert_eq!(read(&bytes, None).unwrap().features.len(), 2);
}

#[test]
fn databases_without_layers_are_refused() {
    let file = NamedTempFile::new().unwrap();
    let database = Connection::open(file.path()).unwrap();
    database.execute_batch("CREATE TABLE a (b TEXT)").unwrap();
    let fault = |result: Result<SourceLayer, BoundaryFileError>| result.unwrap_err().to_string();
    let read_file = || read_layer(file.path(), "a.gpkg", &ReadOptions::default());
    assert_eq!(
        fault(read_file()),
        "a.gpkg: the file is a SQLite database, but no GeoPackage; export it as one"
    );
    assert_eq!(
        fault(read(&package(&[]), None)),
        "a.gpkg: the GeoPackage has no layer of features; export it again"
    );
    let damaged = &package(&[("x", 4326)])[..2000];
    assert!(fault(read(damaged, None)).starts_with("a.gpkg: the GeoPackage is damaged: "));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_is_an_error_and_no_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        static PACKAGE: LazyLock<Vec<u8>> = LazyLock::new(|| package(&[("x", 4326)]));
        let mut bytes = PACKAGE.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = list_layers(&bytes, "a.gpkg");
        let _ = read(&bytes, Some("x"));
    }
}
