//! What is written here is read by GDAL, and here again.

use std::fs::File;
use std::path::Path;

use uuid::Uuid;
use wangge::codec::boundaries::{BoundaryFormat, ReadOptions, read_layer};
use wangge::codec::export::{ExportFeature, ExportOptions, write};
use wangge::codec::feature::Feature;
use wangge::domain::{AreaId, EditionId, Level};
use wangge::geometry::{Crs, area_m2};

use crate::{assert_counties, counties, crs, gdal, read};

const SYSTEMS: [&str; 6] = [
    "wgs84",
    "EPSG:4549",
    "EPSG:4528",
    "EPSG:3857",
    "GCJ-02",
    "BD-09",
];

const FILES: [(BoundaryFormat, &str); 9] = [
    (BoundaryFormat::GeoJson, "a.geojson"),
    (BoundaryFormat::GeoJsonSequence, "a.geojsonl"),
    (BoundaryFormat::Shapefile, "a.zip"),
    (BoundaryFormat::GeoPackage, "a.gpkg"),
    (BoundaryFormat::Kml, "a.kml"),
    (BoundaryFormat::Kmz, "a.kmz"),
    (BoundaryFormat::FlatGeobuf, "a.fgb"),
    (BoundaryFormat::Csv, "a.csv"),
    (BoundaryFormat::SurveyText, "a.txt"),
];

fn export(counties: &[Feature], format: BoundaryFormat, crs: Crs, path: &Path) {
    let features = counties.iter().map(|county| ExportFeature {
        id: AreaId(Uuid::nil()),
        code: county.properties["code"].as_str().unwrap(),
        name: county.properties["name"].as_str().unwrap(),
        level: Level::County,
        parent: None,
        kind: None,
        area_m2: Some(area_m2(&county.geometry)),
        edition: EditionId(1),
        shape: &county.geometry,
    });
    let options = ExportOptions {
        format,
        crs,
        layer: "区县".to_owned(),
        at: "2026-03-01T08:00:00Z".parse().unwrap(),
    };
    write(features, &options, File::create(path).unwrap()).unwrap();
}

/// Every format with the systems that it can hold.
fn for_each_file(check: impl Fn(&Path, BoundaryFormat, Crs, &str)) {
    let counties = counties();
    for (format, file) in FILES {
        for system in SYSTEMS {
            let crs = crs(system);
            let only_degrees = matches!(format, BoundaryFormat::Kml | BoundaryFormat::Kmz);
            if crs.is_geographic() || !only_degrees {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join(file);
                export(&counties, format, crs, &path);
                check(&path, format, crs, &format!("{file} {system}"));
            }
        }
    }
}

#[test]
fn every_format_and_system_is_read_here_again() {
    for_each_file(|path, format, crs, context| {
        let columns = match format {
            BoundaryFormat::SurveyText => ["编号", "名称"],
            _ => ["code", "name"],
        };
        assert_counties(read(path), crs, columns, context);
    });
}

#[test]
fn every_format_and_system_is_read_by_gdal() {
    if !gdal::is_there() {
        return;
    }
    for_each_file(|path, format, crs, context| {
        let from = match format {
            // A format of Chinese surveys alone.
            BoundaryFormat::SurveyText => return,
            BoundaryFormat::Shapefile => format!("/vsizip/{}", path.display()),
            _ => path.display().to_string(),
        };
        let back = path.with_file_name("back.geojson");
        // A line of GeoJSON and a table say no system that GDAL would take up.
        let silent = matches!(
            format,
            BoundaryFormat::GeoJsonSequence | BoundaryFormat::Csv
        );
        let known = crs.epsg().is_some() && !silent;
        let to_degrees: &[&str] = if known { &["-t_srs", "EPSG:4326"] } else { &[] };
        let driver = ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9"];
        gdal::convert(&from, &back, &[&driver[..], to_degrees].concat());
        let layer = read_layer(&*back, "back.geojson", &ReadOptions::default()).unwrap();
        let in_degrees = if known { Crs::Wgs84 } else { crs };
        // What a placemark is called is its Name to GDAL.
        let has_name = layer.features[0].properties.contains_key("name");
        let name = if has_name { "name" } else { "Name" };
        assert_counties(layer, in_degrees, ["code", name], context);
    });
}
