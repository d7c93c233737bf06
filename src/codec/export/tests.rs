use std::io::Cursor;
use std::sync::LazyLock;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::codec::boundaries::{ReadOptions, list_layers, read_layer};
use crate::codec::source::{DeclaredCrs, SourceLayer, place};
use crate::domain::{LngLat, Polygon, Ring};

const ALL: [BoundaryFormat; 9] = [
    BoundaryFormat::GeoJson,
    BoundaryFormat::GeoJsonSequence,
    BoundaryFormat::Shapefile,
    BoundaryFormat::GeoPackage,
    BoundaryFormat::Kml,
    BoundaryFormat::Kmz,
    BoundaryFormat::FlatGeobuf,
    BoundaryFormat::Csv,
    BoundaryFormat::SurveyText,
];

fn systems() -> [Crs; 8] {
    [
        "wgs84",
        "EPSG:4549",
        "EPSG:4528",
        "EPSG:4498",
        "EPSG:4509",
        "EPSG:3857",
        "gcj02",
        "bd09",
    ]
    .map(|name| name.parse().unwrap())
}

fn ring(points: &[(i32, i32)]) -> Ring {
    let points = points.iter().map(|&(x, y)| LngLat::from_e7(x, y).unwrap());
    Ring::from_open(points.collect()).unwrap()
}

fn feature<'a>(code: &'a str, name: &'a str, shape: &'a Shape) -> ExportFeature<'a> {
    ExportFeature {
        id: AreaId(Uuid::nil()),
        code,
        name,
        level: Level::Grid,
        parent: Some("320102001001"),
        kind: Some(GridKind::Special),
        area_m2: Some(12_345.678),
        edition: EditionId(7),
        shape,
    }
}

fn options(format: BoundaryFormat, crs: Crs) -> ExportOptions {
    ExportOptions {
        format,
        crs,
        layer: "网格".to_owned(),
        at: "2026-03-01T08:00:00Z".parse().unwrap(),
    }
}

fn export(
    features: &[ExportFeature<'_>],
    format: BoundaryFormat,
    crs: Crs,
) -> Result<Vec<u8>, ExportError> {
    let mut out = Cursor::new(Vec::new());
    write(features.iter().copied(), &options(format, crs), &mut out)?;
    Ok(out.into_inner())
}

fn read(bytes: &[u8], format: BoundaryFormat) -> SourceLayer {
    let layer = read_layer(bytes, "网格", &ReadOptions::default()).unwrap();
    assert_eq!(layer.format, format);
    layer
}

/// The points of every ring, whichever way it runs and wherever it begins.
fn rings_of(shape: &Shape) -> Vec<Vec<Vec<LngLat>>> {
    let polygons = shape.polygons().iter().map(|polygon| {
        let mut rings: Vec<Vec<LngLat>> = polygon
            .rings()
            .map(|ring| {
                let points = ring.points();
                let start = (0..points.len()).min_by_key(|&at| points[at]).unwrap();
                let mut turned = [&points[start..], &points[..start]].concat();
                if ring.doubled_area_e14() < 0 {
                    turned[1..].reverse();
                }
                turned
            })
            .collect();
        rings[1..].sort();
        rings
    });
    let mut polygons: Vec<_> = polygons.collect();
    polygons.sort();
    polygons
}

fn is_written(format: BoundaryFormat, crs: Crs) -> bool {
    crs.is_geographic() || !matches!(format, BoundaryFormat::Kml | BoundaryFormat::Kmz)
}

/// Shapefiles, and lines of a text, cannot say everything.
fn declared(format: BoundaryFormat, crs: Crs) -> DeclaredCrs {
    let silent = match format {
        BoundaryFormat::Shapefile => crs.epsg().is_none(),
        BoundaryFormat::GeoJson | BoundaryFormat::GeoJsonSequence | BoundaryFormat::Csv => {
            crs == Crs::Wgs84
        }
        _ => false,
    };
    if silent {
        DeclaredCrs::None
    } else {
        DeclaredCrs::Known(crs)
    }
}

fn columns(format: BoundaryFormat) -> [&'static str; 2] {
    match format {
        BoundaryFormat::SurveyText => ["编号", "名称"],
        _ => ["code", "name"],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Two parts, one with a hole that has an island in it: every format, every system.
    #[test]
    fn what_is_written_is_read_as_the_same_lattice_points(
        lon in 1_185_000_000..1_205_000_000_i32,
        lat in 310_000_000..350_000_000_i32,
        radii in prop::collection::vec(60_000..90_000_i32, 5..12),
        name in "[玄武秦淮区a-z&<>\"'][玄武秦淮区a-z&<>\"' ]{0,12}",
    ) {
        let star = |middle: (i32, i32), scale: i32, turn: bool| {
            let count = radii.len();
            let mut points: Vec<(i32, i32)> = radii.iter().enumerate().map(|(number, &radius)| {
                #[expect(clippy::cast_precision_loss, reason = "a few points")]
                let angle = std::f64::consts::TAU * number as f64 / count as f64;
                let radius = f64::from(radius / scale);
                #[expect(clippy::cast_possible_truncation, reason = "less than a million")]
                let step = |part: f64| (radius * part) as i32;
                (middle.0 + step(angle.cos()), middle.1 + step(angle.sin()))
            }).collect();
            if turn {
                points.reverse();
            }
            ring(&points)
        };
        let here = (lon, lat);
        let there = (lon + 300_000, lat);
        let shape = Shape::new(vec![
            Polygon { exterior: star(here, 1, true), holes: vec![star(here, 3, true)] },
            Polygon { exterior: star(here, 9, false), holes: vec![] },
            Polygon { exterior: star(there, 1, false), holes: vec![star(there, 4, false)] },
        ]).unwrap();
        let single = Shape::new(vec![shape.polygons()[2].clone()]).unwrap();
        let areas = [feature("320102001001001", &name, &shape), feature("2", "乙", &single)];
        for format in ALL {
            for crs in systems() {
                if !is_written(format, crs) {
                    let refused = matches!(export(&areas, format, crs), Err(ExportError::OnlyDegrees { .. }));
                    prop_assert!(refused);
                    continue;
                }
                let bytes = export(&areas, format, crs).unwrap();
                let layer = read(&bytes, format);
                prop_assert!(layer.declared_crs == declared(format, crs) || matches!(
                    (&layer.declared_crs, crs),
                    (DeclaredCrs::Known(Crs::GaussKruger(read)), Crs::GaussKruger(zone))
                        if (read.central_meridian_deg() - zone.central_meridian_deg()).abs() < 1e-9
                            && (read.false_easting_m() - zone.false_easting_m()).abs() < 1e-9
                ), "{format} {crs} {:?}", layer.declared_crs);
                let [code_column, name_column] = columns(format);
                let mut found = 0;
                for placed in place(layer.features, crs) {
                    let area = areas.iter().find(|area| placed.properties[code_column] == area.code);
                    let area = area.unwrap_or_else(|| panic!("{format}: {:?}", placed.properties));
                    prop_assert_eq!(placed.properties[name_column].as_str().map(str::trim), Some(area.name.trim()), "{}", format);
                    let read = placed.outline.unwrap().to_shape().unwrap();
                    prop_assert_eq!(rings_of(&read), rings_of(area.shape), "{} {}", format, crs);
                    found += 1;
                }
                prop_assert_eq!(found, 2);
            }
        }
    }
}

/// A file of two areas in each format.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let outer = [
        (1_190_000_000, 320_000_000),
        (1_190_100_000, 320_000_000),
        (1_190_000_000, 320_100_000),
    ];
    let hole = [
        (1_190_010_000, 320_010_000),
        (1_190_010_000, 320_020_000),
        (1_190_020_000, 320_010_000),
    ];
    let shape = Shape::new(vec![Polygon {
        exterior: ring(&outer),
        holes: vec![ring(&hole)],
    }])
    .unwrap();
    let areas = [feature("1", "甲", &shape), feature("2", "乙", &shape)];
    ALL.iter()
        .map(|&format| export(&areas, format, Crs::Gcj02).unwrap())
        .collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damage_to_any_format_is_an_error_and_no_panic(
        format in 0..ALL.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = FILES[format].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = list_layers(&bytes, "网格");
        if let Ok(layer) = read_layer(&bytes, "网格", &ReadOptions::default()) {
            let _ = place(layer.features, Crs::Wgs84);
        }
    }

    /// Its tables are binary from beginning to end: there is more to go wrong.
    #[test]
    fn damage_to_a_flatgeobuf_is_an_error_and_no_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let at = ALL.iter().position(|format| *format == BoundaryFormat::FlatGeobuf).unwrap();
        let mut bytes = FILES[at].clone();
        for (at, byte) in changes {
            let at = 8 + at.index(bytes.len() - 8);
            bytes[at] = byte;
        }
        let _ = list_layers(&bytes, "网格");
        let _ = read_layer(&bytes, "网格", &ReadOptions::default());
    }
}

#[test]
fn every_property_is_there() {
    let shape = Shape::new(vec![Polygon {
        exterior: ring(&[
            (1_190_000_000, 320_000_000),
            (1_190_100_000, 320_000_000),
            (1_190_000_000, 320_100_000),
        ]),
        holes: vec![],
    }])
    .unwrap();
    let area = feature("320102001001001", "甲", &shape);
    for format in ALL {
        let bytes = export(&[area, area], format, Crs::Wgs84).unwrap();
        let layers = list_layers(&bytes, "网格").unwrap();
        assert_eq!(
            (&*layers[0].name, layers[0].features),
            ("网格", 2),
            "{format}"
        );
        if format == BoundaryFormat::SurveyText {
            continue;
        }
        let properties = &read(&bytes, format).features[0].properties;
        let text = |column: &str| match &properties[column] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        for (column, expected) in [
            ("code", "320102001001001"),
            ("name", "甲"),
            ("level", "grid"),
            ("parent", "320102001001"),
            ("kind", "special"),
            ("area_m2", "12345.68"),
            ("edition", "7"),
            ("id", "00000000-0000-0000-0000-000000000000"),
        ] {
            assert_eq!(text(column), expected, "{format}");
        }
    }
}

#[test]
fn a_zipped_shapefile_says_its_encoding_and_its_system() {
    let shape = Shape::new(vec![Polygon {
        exterior: ring(&[
            (1_190_000_000, 320_000_000),
            (1_190_100_000, 320_000_000),
            (1_190_000_000, 320_100_000),
        ]),
        holes: vec![],
    }])
    .unwrap();
    let members = |crs: &str| {
        let bytes = export(
            &[feature("1", "甲", &shape)],
            BoundaryFormat::Shapefile,
            crs.parse().unwrap(),
        );
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes.unwrap())).unwrap();
        let mut names: Vec<String> = (0..zip.len())
            .map(|index| zip.by_index(index).unwrap().name().unwrap().into_owned())
            .collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(
        members("EPSG:4549"),
        "网格.cpg 网格.dbf 网格.prj 网格.shp 网格.shx"
    );
    assert_eq!(
        members("gcj02"),
        "README.txt 网格.cpg 网格.dbf 网格.shp 网格.shx"
    );
    let long = "长".repeat(100);
    let refused = export(
        &[feature("1", &long, &shape)],
        BoundaryFormat::Shapefile,
        Crs::Wgs84,
    );
    assert_eq!(
        refused.unwrap_err().to_string(),
        "1: its name has 300 bytes, more than the 254 of a Shapefile; choose another format"
    );
}

#[test]
fn an_area_far_from_the_zone_is_named() {
    let shape = Shape::new(vec![Polygon {
        exterior: ring(&[
            (900_000_000, 320_000_000),
            (900_100_000, 320_000_000),
            (900_000_000, 320_100_000),
        ]),
        holes: vec![],
    }])
    .unwrap();
    let refused = export(
        &[feature("54", "西", &shape)],
        BoundaryFormat::GeoJson,
        "EPSG:4549".parse().unwrap(),
    );
    assert_eq!(
        refused.unwrap_err().to_string(),
        "54: (90, 32) has no coordinates in EPSG:4549, whose middle is the meridian 120°; choose the zone around it"
    );
}

#[test]
fn nothing_is_not_written() {
    for format in ALL {
        let refused = export(&[], format, Crs::Wgs84);
        assert!(matches!(refused, Err(ExportError::NoAreas)), "{format}");
    }
}
