use std::io::Write;

use encoding_rs::{GBK, UTF_8};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::super::archive;
use super::super::boundaries::{
    BoundaryFile, BoundaryFileError, CrsSource, list_layers, read, read_layer,
};
use super::super::feature::Feature;
use super::*;
use crate::domain::LngLat;
use crate::geometry::Crs;

const COUNTIES: &[u8] = include_bytes!("../../../data/demonstration/jiangsu-counties.geojson");
const CGCS2000: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

fn counties() -> BoundaryFile {
    read(COUNTIES, "counties", &ReadOptions::default()).unwrap()
}

/// The files of a layer by extension.
type Files = Vec<(&'static str, Vec<u8>)>;

/// A layer with the text in an encoding, and a mark of that in the table's header.
fn layer(features: &[Feature], encoding: &'static encoding_rs::Encoding, mark: u8) -> Files {
    let field = |name: &str| dbase::FieldName::try_from(name).unwrap();
    let mut table = Cursor::new(Vec::new());
    let encoder = dbase::encoding::EncodingRs::from(encoding);
    let mut writer = dbase::TableWriterBuilder::with_encoding(encoder)
        .add_numeric_field(field("CODE"), 18, 0)
        .add_character_field(field("NAME"), 30)
        .build_with_dest(&mut table);
    let (mut shp, mut shx) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    let mut shapes = shapefile::ShapeWriter::with_shx(&mut shp, &mut shx);
    for feature in features {
        let mut record = dbase::Record::default();
        let code = feature.properties["code"].as_str().unwrap().parse().ok();
        record.insert("CODE".into(), dbase::FieldValue::Numeric(code));
        let name = feature.properties["name"].as_str().unwrap().to_owned();
        record.insert("NAME".into(), dbase::FieldValue::Character(Some(name)));
        writer.write_record(&record).unwrap();
        shapes.write_shape(&to_polygon(feature)).unwrap();
    }
    shapes.finalize().unwrap();
    writer.finalize().unwrap();
    drop((shapes, writer));
    let mut table = table.into_inner();
    table[29] = mark;
    vec![
        ("shp", shp.into_inner()),
        ("shx", shx.into_inner()),
        ("dbf", table),
    ]
}

fn to_polygon(feature: &Feature) -> shapefile::Polygon {
    let points = |ring: &crate::domain::Ring| {
        let points = ring.closed_points();
        points
            .map(|point| shapefile::Point::new(point.lon(), point.lat()))
            .collect()
    };
    let rings = feature.geometry.polygons().iter().flat_map(|polygon| {
        let outer = shapefile::PolygonRing::Outer(points(&polygon.exterior));
        let holes = polygon
            .holes
            .iter()
            .map(points)
            .map(shapefile::PolygonRing::Inner);
        std::iter::once(outer).chain(holes)
    });
    shapefile::Polygon::with_rings(rings.collect())
}

fn pack(files: &[(&str, Vec<u8>)], folder: &str) -> Vec<u8> {
    let names: Vec<(String, &Vec<u8>)> = files
        .iter()
        .map(|(extension, bytes)| (format!("{folder}Counties.{extension}"), bytes))
        .collect();
    pack_named(&names)
}

fn pack_named(files: &[(String, &Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read_zip(zip: &[u8]) -> Result<BoundaryFile, BoundaryFileError> {
    read(zip, "areas.zip", &ReadOptions::default())
}

fn fault(zip: &[u8]) -> String {
    read_zip(zip).unwrap_err().to_string()
}

fn assert_same(read: &BoundaryFile, expected: &BoundaryFile) {
    assert_eq!(read.features.len(), 95);
    for (a, b) in read.features.iter().zip(&expected.features) {
        assert_eq!(a.properties["NAME"], b.properties["name"]);
        assert_eq!(
            a.properties["CODE"].to_string(),
            b.properties["code"].as_str().unwrap()
        );
        assert_eq!(a.geometry.bounds(), b.geometry.bounds());
        let sorted = |feature: &Feature| {
            let rings = feature.geometry.rings();
            let mut points: Vec<LngLat> = rings.flat_map(|ring| ring.points().to_vec()).collect();
            points.sort_unstable();
            points
        };
        assert_eq!(sorted(a), sorted(b));
        assert_eq!(a.geometry.polygons().len(), b.geometry.polygons().len());
    }
}

#[test]
fn the_demonstration_counties_survive_a_shapefile_in_every_usual_encoding() {
    let counties = counties();
    let label = |text: &str| ("cpg", text.as_bytes().to_vec());
    for (encoding, mark, cpg, said) in [
        (GBK, 0, Some("GBK"), "gb18030 (from the .cpg file)"),
        (GBK, 0, Some("936\r\n"), "gb18030 (from the .cpg file)"),
        (GBK, 0x4d, None, "gb18030 (from the table's header)"),
        (GBK, 0, None, "gb18030 (guessed from the text)"),
        (GBK, 0x57, None, "gb18030 (guessed from the text)"),
        (UTF_8, 0, Some("UTF-8"), "UTF-8 (from the .cpg file)"),
        (UTF_8, 0, None, "UTF-8 (guessed from the text)"),
    ] {
        let mut files = layer(&counties.features, encoding, mark);
        files.push(("prj", CGCS2000.into()));
        files.extend(cpg.map(label));
        let file = read_zip(&pack(&files, "数据/2024/")).unwrap();
        assert_same(&file, &counties);
        assert_eq!(file.encoding.to_string(), said);
        assert_eq!(
            (file.format, file.crs, file.crs_source),
            (BoundaryFormat::Shapefile, Crs::Wgs84, CrsSource::Declared)
        );
    }
}

#[test]
fn an_index_and_a_coordinate_system_may_be_missing() {
    let counties = counties();
    let mut files = layer(&counties.features, GBK, 0);
    files.retain(|(extension, _)| *extension != "shx");
    let file = read_zip(&pack(&files, "")).unwrap();
    assert_same(&file, &counties);
    assert_eq!(file.crs_source, CrsSource::Assumed);
}

#[test]
fn text_that_is_not_in_its_encoding_is_a_fault_and_never_garbled() {
    let counties = counties();
    let mut files = layer(&counties.features[..2], GBK, 0);
    files.push(("cpg", b"UTF-8".to_vec()));
    assert_eq!(
        fault(&pack(&files, "")),
        "areas.zip: 2 faults, the first: feature 1 (320102): the text in its column \"NAME\" is not UTF-8; name the encoding that the file is in, such as GB18030 or UTF-8"
    );
    let options = ReadOptions {
        encoding: Some(encoding_rs::GB18030),
        ..ReadOptions::default()
    };
    let file = read(&pack(&files, ""), "areas.zip", &options).unwrap();
    assert_eq!(file.features[0].properties["NAME"], "玄武区");
    assert_eq!(file.encoding.to_string(), "gb18030 (chosen)");
}

#[test]
fn text_cut_off_in_the_middle_of_a_character_is_a_fault() {
    let mut features = counties().features;
    features.truncate(1);
    // Thirty bytes hold ten characters of three bytes; one letter before moves them.
    features[0]
        .properties
        .insert("name".into(), "A南京市玄武区人民政府所在".into());
    assert_eq!(
        fault(&pack(&layer(&features, UTF_8, 0), "")),
        "areas.zip: feature 1 (320102): the text in its column \"NAME\" is cut off in the middle of a character; shorten it, or make the column wider"
    );
}

#[test]
fn long_numeric_codes_keep_their_digits() {
    let mut features = counties().features;
    features.truncate(1);
    features[0].properties.insert("code".into(), "1".into());
    let mut files = layer(&features, GBK, 0);
    let table = &mut files[2].1;
    let start = table.len() - 1 - 48;
    table[start..start + 18].copy_from_slice(b"320812001001001007");
    let file = read_zip(&pack(&files, "")).unwrap();
    assert_eq!(
        file.features[0].properties["CODE"],
        320_812_001_001_001_007_u64
    );
}

#[test]
fn a_deleted_row_takes_its_shape_with_it() {
    let counties = counties();
    let mut files = layer(&counties.features[..3], GBK, 0);
    let table = &mut files[2].1;
    let second = table.len() - 1 - 2 * 49;
    assert_eq!(table[second], b' ');
    table[second] = b'*';
    let file = read_zip(&pack(&files, "")).unwrap();
    let found: Vec<_> = file
        .features
        .iter()
        .map(|feature| (feature.index, &feature.properties["NAME"]))
        .collect();
    assert_eq!(found, [(1, &"玄武区".into()), (3, &"建邺区".into())]);
    assert_eq!(
        file.features[1].geometry.bounds(),
        counties.features[2].geometry.bounds()
    );
}

#[test]
fn a_projected_layer_is_brought_to_degrees() {
    let zone_39 = r#"PROJCS["CGCS2000_3_Degree_GK_Zone_39",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",39500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    let mut features = counties().features;
    features.truncate(1);
    let mut files = layer(&features, GBK, 0);
    let (x, y) = (39_632_716.305_292, 3_721_319.954_383);
    let corner = |dx: f64, dy: f64| shapefile::Point::new(x + dx, y + dy);
    let ring = vec![
        corner(0.0, 0.0),
        corner(0.0, 500.0),
        corner(500.0, 0.0),
        corner(0.0, 0.0),
    ];
    let mut shp = Cursor::new(Vec::new());
    let mut writer = shapefile::ShapeWriter::new(&mut shp);
    writer
        .write_shape(&shapefile::Polygon::new(shapefile::PolygonRing::Outer(
            ring,
        )))
        .unwrap();
    drop(writer);
    files.retain(|(extension, _)| *extension == "dbf");
    files.push(("shp", shp.into_inner()));
    let without_prj = fault(&pack(&files, ""));
    assert!(
        without_prj.ends_with("these look like metres of a projection: name its coordinate system, such as EPSG:4527 or EPSG:3857"),
        "{without_prj}"
    );
    files.push(("prj", zone_39.into()));
    let file = read_zip(&pack(&files, "")).unwrap();
    assert_eq!(file.crs.to_string(), "EPSG:4527");
    let corner = LngLat::from_degrees(118.43, 33.61).unwrap();
    assert_eq!(
        file.features[0].geometry.locate(corner),
        crate::domain::Location::Border
    );
    files.last_mut().unwrap().1 = zone_39.replace("China_2000", "Xian_1980").into();
    assert_eq!(
        fault(&pack(&files, "")),
        "areas.zip: the file's coordinate system is of no use: \"CGCS2000_3_Degree_GK_Zone_39\" is no coordinate system known here; reproject the layer to EPSG:4490, or name its coordinate system"
    );
}

#[test]
fn zips_that_hold_no_single_layer_are_refused() {
    let counties = counties();
    let files = layer(&counties.features[..1], GBK, 0);
    let [shp, shx, dbf] = &files[..] else {
        panic!()
    };
    let named = |files: &[(&str, &Vec<u8>)]| {
        let files: Vec<_> = files
            .iter()
            .map(|&(name, bytes)| (name.to_owned(), bytes))
            .collect();
        pack_named(&files)
    };
    for (zip, expected) in [
        (
            named(&[("a/readme.txt", &shp.1)]),
            "the zip has no .shp or .kml, it holds a/readme.txt; pack the layer's .shp, .dbf, .prj and .cpg",
        ),
        (
            named(&[]),
            "the zip has no .shp or .kml, it holds nothing; pack",
        ),
        (
            named(&[("a/one.shp", &shp.1), ("b/二.SHP", &shp.1)]),
            "the file has several layers: one, 二; choose one",
        ),
        (
            named(&[("a/one.shp", &shp.1), ("b/one.dbf", &dbf.1)]),
            "the zip has no one.dbf beside its .shp; pack the two together",
        ),
        (
            named(&[
                ("one.shp", &shp.1[..200].to_vec()),
                ("one.shx", &shx.1),
                ("one.dbf", &dbf.1),
            ]),
            "the .shp is damaged at record 1: the file ends too early; export the layer again",
        ),
        (
            named(&[("one.shp", &shp.1), ("one.dbf", &dbf.1[..100].to_vec())]),
            "the .dbf is damaged: it ends too early; export the layer again",
        ),
        (
            named(&[
                ("one.shp", &shp.1),
                ("one.dbf", &layer(&counties.features[..2], GBK, 0)[2].1),
            ]),
            "the .shp has 1 records but the .dbf 2; export the layer again",
        ),
        (
            named(&[
                ("one.shp", &shp.1),
                ("one.dbf", &dbf.1),
                ("one.cpg", &b"klingon".to_vec()),
            ]),
            "the .cpg is of no use: \"klingon\" is no text encoding known here; use UTF-8, GB18030, GBK or Big5",
        ),
        (
            b"PK\x03\x04 and then nothing".to_vec(),
            "the zip cannot be opened; pack it again",
        ),
    ] {
        let fault = fault(&zip);
        assert!(
            fault.starts_with(&format!("areas.zip: {expected}")),
            "{fault}"
        );
    }
    // What macOS adds is no second layer.
    let mac = named(&[
        ("one.shp", &shp.1),
        ("__MACOSX/._one.shp", &b"Mac".to_vec()),
        ("one.dbf", &dbf.1),
    ]);
    assert_eq!(read_zip(&mac).unwrap().features.len(), 1);
}

#[test]
fn one_of_several_layers_is_chosen_by_name() {
    let counties = counties();
    let one = layer(&counties.features[..1], GBK, 0);
    let two = layer(&counties.features[..2], GBK, 0);
    let in_folder = |folder: &str, name: &str, files: &Files| -> Vec<(String, Vec<u8>)> {
        let files = files.iter().cloned();
        files
            .map(|(extension, bytes)| (format!("{folder}/{name}.{extension}"), bytes))
            .collect()
    };
    let files = [
        in_folder("市", "网格", &one),
        in_folder("市/old", "网格", &two),
        in_folder("x", "社区", &two),
    ]
    .concat();
    let files: Vec<_> = files
        .iter()
        .map(|(name, bytes)| (name.clone(), bytes))
        .collect();
    let zip = pack_named(&files);
    let layers: Vec<(String, usize)> = list_layers(&zip, "areas.zip")
        .unwrap()
        .into_iter()
        .map(|layer| (layer.name, layer.features))
        .collect();
    let expected = [("市/网格", 1), ("市/old/网格", 2), ("社区", 2)];
    assert_eq!(
        layers,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
    let choose = |layer: &str| {
        let options = ReadOptions {
            layer: Some(layer.to_owned()),
            ..ReadOptions::default()
        };
        read_layer(&zip, "areas.zip", &options)
    };
    for (name, count) in expected {
        let layer = choose(name).unwrap();
        assert_eq!((&*layer.name, layer.features.len()), (name, count));
        assert_eq!(layer.columns, ["CODE", "NAME"]);
        assert_eq!(layer.declared_crs, DeclaredCrs::None);
    }
    assert_eq!(
        fault(&zip),
        "areas.zip: the file has several layers: 市/网格, 市/old/网格, 社区; choose one"
    );
    assert_eq!(
        choose("网格").unwrap_err().to_string(),
        "areas.zip: the file has no layer \"网格\"; it has 市/网格, 市/old/网格, 社区"
    );
}

#[test]
fn a_file_is_read_from_disk_as_from_memory() {
    let zip = pack(&layer(&counties().features[..3], GBK, 0), "");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("区县.zip");
    std::fs::write(&path, &zip).unwrap();
    let layer = read_layer(&*path, "区县.zip", &ReadOptions::default()).unwrap();
    assert_eq!((&*layer.name, layer.features.len()), ("Counties", 3));
    let absent = read_layer(&*folder.path().join("no"), "no", &ReadOptions::default());
    assert!(
        absent
            .unwrap_err()
            .to_string()
            .starts_with("no: the file cannot be read: ")
    );
}

#[test]
fn texts_are_shown_in_every_encoding_they_are_valid_in() {
    let features = &counties().features[..2];
    let mut files = layer(features, GBK, 0);
    let text = read_layer(&pack(&files, ""), "a.zip", &ReadOptions::default())
        .unwrap()
        .text;
    let shown: Vec<_> = text
        .candidates
        .iter()
        .map(|(encoding, texts)| (encoding.name(), texts.join(" ")))
        .collect();
    assert_eq!(shown[0], ("gb18030", "玄武区 秦淮区".to_owned()));
    assert!(
        shown[1..].iter().all(|(name, _)| *name != "UTF-8"),
        "{shown:?}"
    );
    // A wrong label keeps the ground, and says whose texts it makes unreadable.
    files.push(("cpg", b"UTF-8".to_vec()));
    let layer = read_layer(&pack(&files, ""), "a.zip", &ReadOptions::default()).unwrap();
    assert_eq!(layer.text.unreadable.total, 2);
    assert!(layer.features[0].polygons.is_ok());
    let name = layer.features[0].properties["NAME"].as_str().unwrap();
    assert!(name.contains('\u{fffd}'), "{name}");
    let others: Vec<_> = layer.text.candidates[1..]
        .iter()
        .map(|(e, t)| (e.name(), &*t[0]))
        .collect();
    assert!(others.contains(&("gb18030", "玄武区")), "{others:?}");
}

#[test]
fn archive_bombs_are_refused() {
    let many: Vec<(String, Vec<u8>)> = (0..=archive::MAX_FILES)
        .map(|number| (format!("{number}.txt"), Vec::new()))
        .collect();
    let many: Vec<(String, &Vec<u8>)> = many
        .iter()
        .map(|(name, bytes)| (name.clone(), bytes))
        .collect();
    assert_eq!(
        fault(&pack_named(&many)),
        "areas.zip: the zip has 1001 files, which is more than 1000; pack only the layer's files"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.dbf", SimpleFileOptions::default())
        .unwrap();
    zip.start_file("a.shp", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..=archive::MAX_RATIO {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(
        fault(&bomb),
        "areas.zip: the zip unpacks to more than 300 times its size, as no layer does; pack it again"
    );
}

#[test]
fn counts_that_no_record_can_hold_are_refused_before_memory_is_asked_for() {
    let whole = layer(&counties().features[..2], GBK, 0);
    for (with_index, at) in [(true, 44), (true, 48), (false, 44), (false, 48)] {
        let mut files = whole.clone();
        files[0].1[100 + at..][..4].copy_from_slice(&i32::MAX.to_le_bytes());
        files.retain(|(extension, _)| with_index || *extension != "shx");
        assert_eq!(
            fault(&pack(&files, "")),
            "areas.zip: the .shp is damaged at record 1: it counts more points than it has bytes for; export the layer again"
        );
    }
}

#[test]
fn a_shape_of_another_kind_is_named() {
    let counties = counties();
    let mut files = layer(&counties.features[..2], GBK, 0);
    let mut shp = Cursor::new(Vec::new());
    let mut writer = shapefile::ShapeWriter::new(&mut shp);
    for x in [118.0, 119.0] {
        writer.write_shape(&shapefile::Point::new(x, 32.0)).unwrap();
    }
    drop(writer);
    files[0].1 = shp.into_inner();
    files.remove(1);
    assert_eq!(
        fault(&pack(&files, "")),
        "areas.zip: 2 faults, the first: feature 1 (320102 玄武区): it is a Point; an area is a Polygon or MultiPolygon"
    );
}

proptest! {
    /// Damage anywhere in any of the files.
    #[test]
    fn damage_is_an_error_and_no_panic(
        changes in prop::collection::vec((0..3_usize, any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of((0..3_usize, any::<prop::sample::Index>())),
    ) {
        let mut files = layer(&counties().features[..2], GBK, 0);
        for (file, at, byte) in changes {
            let bytes = &mut files[file].1;
            // Headers break more than coordinates do.
            let at = at.index(bytes.len().min(200));
            bytes[at] = byte;
        }
        if let Some((file, at)) = cut {
            let at = at.index(files[file].1.len());
            files[file].1.truncate(at);
        }
        let _ = read_zip(&pack(&files, ""));
    }
}
