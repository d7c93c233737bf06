//! What GDAL writes is read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wangge::codec::boundaries::{BoundaryFormat, ReadOptions, list_layers, read_layer};
use wangge::codec::source::DeclaredCrs;
use zip::write::SimpleFileOptions;

use crate::{COUNTIES, assert_counties, crs, gdal, is_same, read};

/// The systems that GDAL knows, and their codes here.
const SYSTEMS: [&str; 5] = [
    "EPSG:4326",
    "EPSG:4490",
    "EPSG:4549",
    "EPSG:4528",
    "EPSG:3857",
];
const COLUMNS: [&str; 2] = ["code", "name"];

struct Case {
    driver: &'static str,
    file: &'static str,
    options: &'static [&'static str],
    format: BoundaryFormat,
    /// Whether the format says which system it is in.
    declares: bool,
    systems: &'static [&'static str],
}

const CASES: [Case; 9] = [
    Case {
        driver: "GeoJSON",
        file: "a.geojson",
        options: &[],
        format: BoundaryFormat::GeoJson,
        declares: true,
        systems: &SYSTEMS,
    },
    Case {
        driver: "GeoJSON",
        file: "rfc.json",
        options: &["-lco", "RFC7946=YES", "-lco", "COORDINATE_PRECISION=7"],
        format: BoundaryFormat::GeoJson,
        declares: false,
        systems: &["EPSG:4326"],
    },
    Case {
        driver: "GeoJSONSeq",
        file: "a.geojsonl",
        options: &[],
        format: BoundaryFormat::GeoJsonSequence,
        declares: false,
        systems: &["EPSG:4326"],
    },
    Case {
        driver: "GeoJSONSeq",
        file: "a.geojsons",
        options: &["-lco", "RS=YES"],
        format: BoundaryFormat::GeoJsonSequence,
        declares: false,
        systems: &["EPSG:4326"],
    },
    Case {
        driver: "GPKG",
        file: "a.gpkg",
        options: &[],
        format: BoundaryFormat::GeoPackage,
        declares: true,
        systems: &SYSTEMS,
    },
    Case {
        driver: "FlatGeobuf",
        file: "a.fgb",
        options: &[],
        format: BoundaryFormat::FlatGeobuf,
        declares: true,
        systems: &SYSTEMS,
    },
    Case {
        driver: "CSV",
        file: "a.csv",
        options: &["-lco", "GEOMETRY=AS_WKT"],
        format: BoundaryFormat::Csv,
        declares: false,
        systems: &SYSTEMS,
    },
    Case {
        driver: "CSV",
        file: "semicolons.csv",
        options: &[
            "-lco",
            "GEOMETRY=AS_WKT",
            "-lco",
            "SEPARATOR=SEMICOLON",
            "-lco",
            "WRITE_BOM=YES",
        ],
        format: BoundaryFormat::Csv,
        declares: false,
        systems: &["EPSG:4549"],
    },
    Case {
        driver: "LIBKML",
        file: "a.kmz",
        options: &[],
        format: BoundaryFormat::Kmz,
        declares: true,
        systems: &["EPSG:4326"],
    },
];

#[test]
fn every_format_and_system_of_gdal_is_read_with_names_and_vertices() {
    if !gdal::is_there() {
        return;
    }
    for case in CASES {
        for system in case.systems {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(case.file);
            let written = ["-f", case.driver, "-t_srs", system, "-nln", "区县"];
            gdal::convert(COUNTIES, &path, &[&written[..], case.options].concat());
            let layer = read(&path);
            let context = format!("{} {system}", case.file);
            assert_eq!(layer.format, case.format, "{context}");
            // WGS 84 is what GeoJSON is in when it says nothing.
            let silent = !case.declares
                || (case.format == BoundaryFormat::GeoJson
                    && layer.declared_crs == DeclaredCrs::None);
            assert!(
                if silent {
                    layer.declared_crs == DeclaredCrs::None
                        && (!case.declares || *system == "EPSG:4326")
                } else {
                    is_same(&layer.declared_crs, crs(system))
                },
                "{context}: {:?}",
                layer.declared_crs
            );
            let name = layer.features[0].properties.contains_key("name");
            let columns = if name { COLUMNS } else { ["code", "Name"] };
            assert_counties(layer, crs(system), columns, &context);
        }
    }
}

#[test]
fn kml_of_both_drivers_is_read() {
    if !gdal::is_there() {
        return;
    }
    for driver in ["KML", "LIBKML"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.kml");
        gdal::convert(COUNTIES, &path, &["-f", driver, "-nln", "区县"]);
        let layer = read(&path);
        assert_eq!(layer.format, BoundaryFormat::Kml);
        assert_counties(layer, crs("wgs84"), COLUMNS, driver);
    }
}

/// The files of a layer that GDAL wrote, without those that are to be missing.
fn zip_layer(folder: &Path, missing: &[&str]) -> PathBuf {
    let path = folder.join("区县.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for file in fs::read_dir(folder.join("layer")).unwrap() {
        let file = file.unwrap().path();
        let extension = file.extension().unwrap().to_str().unwrap();
        if !missing.contains(&extension) {
            let name = file.file_name().unwrap().to_str().unwrap();
            zip.start_file(format!("边界/2024/{name}"), SimpleFileOptions::default())
                .unwrap();
            zip.write_all(&fs::read(&file).unwrap()).unwrap();
        }
    }
    zip.finish().unwrap();
    path
}

#[test]
fn shapefiles_in_any_encoding_and_with_files_missing_are_read() {
    if !gdal::is_there() {
        return;
    }
    for system in SYSTEMS {
        for encoding in ["UTF-8", "GBK"] {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("layer")).unwrap();
            let shp = folder.path().join("layer/counties.shp");
            let encoded = format!("ENCODING={encoding}");
            let arguments = ["-f", "ESRI Shapefile", "-t_srs", system, "-lco", &encoded];
            gdal::convert(COUNTIES, &shp, &arguments);
            for missing in [
                &[][..],
                &["prj"],
                &["cpg"],
                &["prj", "cpg"],
                &["shx", "prj"],
            ] {
                let layer = read(&zip_layer(folder.path(), missing));
                let context = format!("{system} {encoding} without {missing:?}");
                let name = if encoding == "GBK" {
                    "gb18030"
                } else {
                    "UTF-8"
                };
                assert_eq!(layer.text.encoding.name(), name, "{context}");
                if missing.contains(&"prj") {
                    assert_eq!(layer.declared_crs, DeclaredCrs::None, "{context}");
                } else {
                    let declared = &layer.declared_crs;
                    assert!(is_same(declared, crs(system)), "{context}: {declared:?}");
                }
                assert_counties(layer, crs(system), COLUMNS, &context);
            }
        }
    }
}

#[test]
fn one_of_several_layers_of_a_geopackage_is_chosen() {
    if !gdal::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    gdal::convert(COUNTIES, &path, &["-f", "GPKG", "-nln", "区县"]);
    let more = [
        "-update",
        "-nln",
        "两个",
        "-where",
        "code < '320105'",
        "-t_srs",
        "EPSG:4528",
    ];
    gdal::convert(COUNTIES, &path, &more);
    let layers = list_layers(&*path, "a.gpkg").unwrap();
    let layers: Vec<(&str, usize)> = layers
        .iter()
        .map(|layer| (&*layer.name, layer.features))
        .collect();
    assert_eq!(layers, [("区县", 95), ("两个", 2)]);
    let error = read_layer(&*path, "a.gpkg", &ReadOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.gpkg: the file has several layers: 区县, 两个; choose one"
    );
    let options = ReadOptions {
        layer: Some("两个".to_owned()),
        ..ReadOptions::default()
    };
    let layer = read_layer(&*path, "a.gpkg", &options).unwrap();
    assert_eq!(layer.features.len(), 2);
    assert!(is_same(&layer.declared_crs, crs("EPSG:4528")));
}
