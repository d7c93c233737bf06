use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::codec::boundaries::{self, BoundaryFile, list_layers, read};
use crate::domain::{LngLat, Polygon, Ring, Shape};
use crate::geometry::ReferenceSystem;

const COUNTIES: &[u8] = include_bytes!("../../../data/demonstration/jiangsu-counties.geojson");

fn read_with(text: &[u8], options: &ReadOptions) -> Result<BoundaryFile, String> {
    read(text, "areas.geojson", options).map_err(|error| error.to_string())
}

/// What reading such a file says.
fn fault(text: &str) -> String {
    read_with(text.as_bytes(), &ReadOptions::default()).unwrap_err()
}

fn collection(features: &Value) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn feature(geometry: &Value) -> Value {
    json!({"type": "Feature", "properties": {"code": "320104", "name": "秦淮区"}, "geometry": geometry})
}

fn polygon_fault(rings: &Value) -> String {
    fault(&collection(&json!([feature(
        &json!({"type": "Polygon", "coordinates": rings})
    )])))
}

#[test]
fn the_demonstration_counties_are_read_and_written_again_unchanged() {
    let file = read_with(COUNTIES, &ReadOptions::default()).unwrap();
    assert_eq!(file.features.len(), 95);
    assert_eq!(file.features[1].properties["name"], "秦淮区");
    let mut writer = FeatureWriter::new(&Map::new()).unwrap();
    for feature in &file.features {
        let geometry = Geometry::Shape(&feature.geometry);
        writer.write(None, geometry, &feature.properties).unwrap();
    }
    let again = read_with(&writer.finish(), &ReadOptions::default()).unwrap();
    for (before, after) in file.features.iter().zip(&again.features) {
        assert_eq!(before.properties, after.properties);
        assert_eq!(before.geometry.bounds(), after.geometry.bounds());
        assert_eq!(
            before.geometry.vertex_count(),
            after.geometry.vertex_count()
        );
    }
}

#[test]
fn a_truncated_file_is_named_with_line_and_column() {
    let text = String::from_utf8_lossy(&COUNTIES[..100_000]).into_owned();
    assert_eq!(
        fault(&text),
        "areas.geojson: the file ends too early, in line 52, column 521: its end is missing; export or copy it again"
    );
}

#[test]
fn a_file_of_text_is_named_as_such() {
    assert_eq!(
        fault("Dear colleague,\nplease find the boundaries attached."),
        "areas.geojson: the file is in no format known here: it begins with \"Dear colleague,\"; export it as GeoJSON, GeoPackage or a zipped Shapefile"
    );
    assert_eq!(
        fault("{\"type\": \"FeatureCollection\",\n features: []}"),
        "areas.geojson: the file is no JSON: key must be a string in line 2, column 2; export it again"
    );
}

#[test]
fn an_empty_collection_is_refused() {
    assert_eq!(
        fault(&collection(&json!([]))),
        "areas.geojson: the FeatureCollection has no features, so there is nothing to import; export it again"
    );
}

#[test]
fn a_polygon_of_three_equal_points_is_refused() {
    assert_eq!(
        polygon_fault(&json!([[[118.8, 32.0], [118.8, 32.0], [118.8, 32.0]]])),
        "areas.geojson: feature 1 (320104 秦淮区): the outer ring has only one distinct point, at (118.8, 32); a ring needs at least three: draw the polygon again, or remove the feature"
    );
}

#[test]
fn documents_that_are_no_feature_collection_are_refused() {
    for (text, expected) in [
        ("[1, 2]", "the file is a JSON list or value, but"),
        ("{}", "the file is JSON without a GeoJSON type, but"),
        (r#"{"type": "Topology"}"#, "the file is a Topology, but"),
        (
            r#"{"type": "FeatureCollection"}"#,
            "the FeatureCollection has no list of features;",
        ),
        (
            r#"{"type": "FeatureCollection", "features": {}}"#,
            "the FeatureCollection has no list of features;",
        ),
        ("", "the file is empty;"),
        (" \n", "the file is empty;"),
        (
            "<gml/>",
            "the file is in no format known here: it looks like XML",
        ),
    ] {
        let fault = fault(text);
        let expected = format!("areas.geojson: {expected}");
        assert!(fault.starts_with(&expected), "{fault}");
    }
}

#[test]
fn features_that_cannot_be_read_are_named() {
    let square = json!({"type": "Polygon", "coordinates": [[[118.0, 32.0], [119.0, 32.0], [119.0, 33.0], [118.0, 32.0]]]});
    for (bad, expected) in [
        (json!(5), "feature 2: it is not a GeoJSON Feature;"),
        (
            json!({"type": "Polygon"}),
            "feature 2: it is not a GeoJSON Feature;",
        ),
        (
            feature(&json!(null)),
            "feature 2 (320104 秦淮区): it has no geometry;",
        ),
        (
            json!({"type": "Feature", "properties": null}),
            "feature 2: it has no geometry;",
        ),
        (
            feature(&json!({"type": "Point", "coordinates": [118.0, 32.0]})),
            "feature 2 (320104 秦淮区): it is a Point;",
        ),
        (
            feature(&json!({"type": "MultiPolygon", "coordinates": []})),
            "feature 2 (320104 秦淮区): it has no geometry;",
        ),
        (
            feature(&json!({"type": "Polygon", "coordinates": [[1, 2]]})),
            "feature 2 (320104 秦淮区): its coordinates are not those of a Polygon;",
        ),
        (
            feature(&json!({"type": "Polygon"})),
            "feature 2 (320104 秦淮区): its coordinates are not those of a Polygon;",
        ),
    ] {
        let fault = fault(&collection(&json!([feature(&square), bad])));
        let expected = format!("areas.geojson: {expected}");
        assert!(fault.starts_with(&expected), "{fault}");
    }
}

#[test]
fn rings_that_are_none_are_named_with_the_place() {
    for (rings, expected) in [
        (json!([[]]), "the outer ring has no points;"),
        (
            json!([[[118.0, 32.0], [119.0, 32.0], [119.0, 33.0]]]),
            "the outer ring is not closed: it starts at (118, 32) and ends at (119, 33); repeat",
        ),
        (
            json!([[[118.0, 32.0], [119.0, 33.0], [120.0, 34.0], [118.0, 32.0]]]),
            "the outer ring encloses no ground: it runs back over itself or crosses itself, near (118, 32);",
        ),
        (
            json!([
                [[118.0, 32.0], [119.0, 32.0], [119.0, 33.0], [118.0, 32.0]],
                [[118.5, 32.1], [118.5, 32.2], [118.5, 32.1]],
            ]),
            "hole 1 has only 2 distinct points, the first at (118.5, 32.1);",
        ),
        (
            json!([[[118.0, 32.0], ["NaN", 32.0], [119.0, 33.0], [118.0, 32.0]]]),
            "vertex 2 of the outer ring is not two numbers;",
        ),
        (
            json!([[[118.0, 32.0], [119.0], [119.0, 33.0], [118.0, 32.0]]]),
            "vertex 2 of the outer ring is not two numbers;",
        ),
        (
            json!([[[32.0, 118.0], [32.0, 119.0], [33.0, 119.0], [32.0, 118.0]]]),
            "vertex 1 of the outer ring, (32, 118), is no position: latitude 118 is outside -90 to 90 degrees; positions are longitude first, then latitude; longitude and latitude look swapped: write the longitude first",
        ),
        (
            json!([[
                [39_632_716.3, 3_721_319.9],
                [39_632_816.3, 3_721_319.9],
                [39_632_816.3, 3_721_419.9],
                [39_632_716.3, 3_721_319.9]
            ]]),
            "vertex 1 of the outer ring, (39632716.3, 3721319.9), is no position: longitude 39632716.3 is outside -180 to 180 degrees; these look like metres of a projection: name its coordinate system, such as EPSG:4527 or EPSG:3857",
        ),
    ] {
        let fault = polygon_fault(&rings);
        let expected = format!("areas.geojson: feature 1 (320104 秦淮区): {expected}");
        assert!(fault.starts_with(&expected), "{fault}");
    }
}

#[test]
fn every_faulty_feature_is_counted() {
    let bad = feature(&json!(null));
    let features = json!(vec![bad; 120]);
    let error = read(
        collection(&features).as_bytes(),
        "x",
        &ReadOptions::default(),
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("x: 120 faults, the first: feature 1 (320104 秦淮区)")
    );
    let crate::codec::boundaries::BoundaryFault::Features(faults) = error.fault else {
        panic!("{error}");
    };
    assert_eq!(faults.listed.len(), 100);
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let text = [b"\xef\xbb\xbf".as_slice(), COUNTIES].concat();
    assert_eq!(
        read_with(&text, &ReadOptions::default())
            .unwrap()
            .features
            .len(),
        95
    );
}

#[test]
fn another_encoding_is_found_out_or_told() {
    let square = json!({"type": "Polygon", "coordinates": [[[118.0, 32.0], [119.0, 32.0], [119.0, 33.0], [118.0, 32.0]]]});
    let text = collection(&json!([feature(&square)]));
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    for (encoding, said) in [
        (None, "gb18030 (guessed from the text)"),
        (Some(encoding_rs::GB18030), "gb18030 (chosen)"),
    ] {
        let options = ReadOptions {
            encoding,
            ..ReadOptions::default()
        };
        let file = read_with(&gbk, &options).unwrap();
        assert_eq!(file.features[0].properties["name"], "秦淮区");
        assert_eq!(file.encoding.to_string(), said);
    }
    let options = ReadOptions {
        encoding: Some(encoding_rs::UTF_8),
        ..ReadOptions::default()
    };
    assert_eq!(
        read_with(&gbk, &options).unwrap_err(),
        "areas.geojson: the text is not UTF-8; name the encoding that the file is in"
    );
    assert_eq!(
        read_with(b"{\n\"\xff\xff\"}", &ReadOptions::default()).unwrap_err(),
        "areas.geojson: the text in line 2 is neither UTF-8 nor GB18030; save the file as UTF-8, or name its encoding"
    );
}

fn layer(text: &str) -> SourceLayer {
    boundaries::read_layer(
        text.as_bytes(),
        "folder/areas.json",
        &ReadOptions::default(),
    )
    .unwrap()
}

#[test]
fn a_layer_is_read_as_it_is_drawn() {
    let bow =
        json!({"type": "MultiPolygon", "coordinates": [[[[1.25, 2], [1.25, 2], [300, 4, 5]], []]]});
    let text = r#"{"type":"FeatureCollection","name":"网格","features":[
        {"type":"Feature","properties":{"name":"甲","code":1},"geometry":BOW},
        {"type":"Feature","properties":{"kind":"b"},"geometry":null}]}"#;
    let layer = layer(&text.replace("BOW", &bow.to_string()));
    assert_eq!(
        (&*layer.name, layer.format),
        ("网格", BoundaryFormat::GeoJson)
    );
    assert_eq!(layer.declared_crs, DeclaredCrs::None);
    assert_eq!(layer.columns, ["name", "code", "kind"]);
    assert_eq!(
        layer.features[0].polygons,
        Ok(vec![vec![
            vec![[1.25, 2.0], [1.25, 2.0], [300.0, 4.0]],
            vec![]
        ]])
    );
    assert_eq!(layer.features[1].polygons, Err(FeatureFault::NoGeometry));
    assert_eq!(layer.text.candidates[0].1, ["甲"]);
    let layers = list_layers(text.replace("BOW", "5").as_bytes(), "x").unwrap();
    assert_eq!((&*layers[0].name, layers[0].features), ("网格", 2));
}

#[test]
fn features_stand_alone_or_one_after_another() {
    let square = json!({"type": "Polygon", "coordinates": [[[118.0, 32.0], [119.0, 32.0], [119.0, 33.0], [118.0, 32.0]]]});
    let one = feature(&square).to_string();
    let pretty = serde_json::to_string_pretty(&feature(&square)).unwrap();
    for (text, count, format) in [
        (one.clone(), 1, BoundaryFormat::GeoJson),
        (square.to_string(), 1, BoundaryFormat::GeoJson),
        (
            format!("{one}\n{one}\r\n\n{one}\n"),
            3,
            BoundaryFormat::GeoJsonSequence,
        ),
        (
            format!("{square}\n{square}"),
            2,
            BoundaryFormat::GeoJsonSequence,
        ),
        (
            format!("\u{1e}{one}\n\u{1e}{pretty}\n"),
            2,
            BoundaryFormat::GeoJsonSequence,
        ),
    ] {
        let layer = layer(&text);
        assert_eq!(
            (layer.features.len(), layer.format),
            (count, format),
            "{text}"
        );
        assert_eq!(layer.name, "areas");
        for (number, feature) in layer.features.iter().enumerate() {
            assert_eq!(feature.index, number + 1);
            assert_eq!(feature.polygons.as_ref().unwrap()[0][0].len(), 4);
        }
    }
    let crs = json!({"type": "name", "properties": {"name": "EPSG:4528"}});
    let mut declaring = feature(&square);
    declaring["crs"] = crs;
    let layer = layer(&format!("{declaring}\n{declaring}"));
    assert_eq!(
        layer.declared_crs,
        DeclaredCrs::Known("EPSG:4528".parse().unwrap())
    );
    for (text, expected) in [
        (
            format!("{one}\n{{\"type\": 5}}"),
            "feature 2: it is not a GeoJSON Feature;",
        ),
        (
            format!("{one}\n{{\"type\""),
            "the file ends too early, in line 2, column 7:",
        ),
        (
            format!("{one}\n{{\"type\": x}}"),
            "the file is no JSON: expected value in line 2, column 10;",
        ),
        (
            format!("\u{1e}{one}\n\u{1e}{{\"type\": x}}"),
            "the file is no JSON: expected value in line 2, column 11;",
        ),
        (
            format!("{} {one}", collection(&json!([]))),
            "the file is no JSON: trailing characters in line 1,",
        ),
    ] {
        let fault = fault(&text);
        assert!(fault.contains(expected), "{fault}");
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    let deep = "[".repeat(200_000);
    for text in [
        deep.clone(),
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":{deep}"#
        ),
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"a":{deep}{}}}}}]}}"#,
            "]".repeat(200_000)
        ),
    ] {
        let fault = fault(&text);
        assert!(
            fault.contains("recursion limit exceeded") || fault.contains("ends too early"),
            "{fault}"
        );
    }
}

#[test]
fn a_declared_coordinate_system_is_honoured_or_refused() {
    let with = |crs: Value| {
        let rings = json!([[
            [39_632_716.305, 3_721_319.954],
            [39_633_716.0, 3_721_319.0],
            [39_633_716.0, 3_722_319.0],
            [39_632_716.305, 3_721_319.954]
        ]]);
        json!({
            "type": "FeatureCollection",
            "features": [feature(&json!({"type": "Polygon", "coordinates": rings}))],
            "crs": crs,
        })
        .to_string()
    };
    let named = |name: &str| json!({"type": "name", "properties": {"name": name}});
    let file = read_with(
        with(named("urn:ogc:def:crs:EPSG::4527")).as_bytes(),
        &ReadOptions::default(),
    )
    .unwrap();
    assert_eq!(file.crs.to_string(), "EPSG:4527");
    assert!(
        file.features[0]
            .geometry
            .covers(LngLat::from_degrees(118.43, 33.61).unwrap())
    );
    assert!(
        fault(&with(named("EPSG:2437")))
            .starts_with("areas.geojson: the file's coordinate system is of no use: \"EPSG:2437\" is no coordinate system known here")
    );
    assert!(
        fault(&with(json!({"type": "link"}))).starts_with(
            "areas.geojson: the file's coordinate system is of no use: its member \"crs\" does not name one"
        )
    );
    assert!(
        fault(&with(named("EPSG:4528")))
            .ends_with("is no position: easting 39632716.305 is not in the zone EPSG:4528, whose eastings lie around 40500000; name the zone that the file is in, such as EPSG:4527")
    );
    let chosen = ReadOptions {
        crs: Some("EPSG:4527".parse().unwrap()),
        ..ReadOptions::default()
    };
    assert!(read_with(with(named("EPSG:2437")).as_bytes(), &chosen).is_ok());
    assert!(read_with(with(Value::Null).as_bytes(), &chosen).is_ok());
}

fn ring(points: &[(i32, i32)]) -> Ring {
    let points = points.iter().map(|&(x, y)| LngLat::from_e7(x, y).unwrap());
    Ring::from_open(points.collect()).unwrap()
}

#[test]
fn rings_are_written_by_the_right_hand_rule() {
    let clockwise = [(0, 0), (0, 90_000_000), (90_000_000, 0)];
    let hole = [
        (10_000_000, 10_000_000),
        (20_000_000, 10_000_000),
        (10_000_000, 20_000_000),
    ];
    let shape = Shape::new(vec![Polygon {
        exterior: ring(&clockwise),
        holes: vec![ring(&hole)],
    }])
    .unwrap();
    let mut out = Vec::new();
    write_geometry(&mut out, Geometry::Shape(&shape));
    assert_eq!(
        String::from_utf8(out).unwrap(),
        r#"{"type":"Polygon","coordinates":[[[0,0],[9,0],[0,9],[0,0]],[[1,1],[1,2],[2,1],[1,1]]]}"#
    );
}

#[test]
fn coordinates_in_other_systems_lead_back_to_the_same_points() {
    let corners = [
        (119.021_1, 33.610_1),
        (119.03, 33.62),
        (119.0, 33.629_999_9),
    ];
    let corners = corners.map(|(lon, lat)| LngLat::from_degrees(lon, lat).unwrap());
    let exterior = Ring::from_open(corners.to_vec()).unwrap();
    let shape = Shape::new(vec![Polygon {
        exterior,
        holes: vec![],
    }])
    .unwrap();
    for (code, begins) in [
        ("EPSG/0/4490", "[33.6101,119.0211]"),
        ("EPSG/0/3857", "[13249368.246,3976567.368]"),
        ("EPSG/0/4549", "[3720843.785,409151.718]"),
        ("EPSG/0/4528", "[3720843.785,40409151.718]"),
    ] {
        let system: ReferenceSystem = format!("http://www.opengis.net/def/crs/{code}")
            .parse()
            .unwrap();
        let mut out = Vec::new();
        write_geometry_in(&mut out, Geometry::Shape(&shape), system).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(&format!("[[{begins}")), "{text}");
        let geometry: serde_json::Value = serde_json::from_str(&text).unwrap();
        let ring = geometry["coordinates"][0].as_array().unwrap();
        let read: Vec<LngLat> = ring
            .iter()
            .map(|position| [0, 1].map(|axis| position[axis].as_f64().unwrap()))
            .map(|position| system.read(position).unwrap())
            .collect();
        assert_eq!(read[..3], corners, "{code}");
    }
    let far = "http://www.opengis.net/def/crs/EPSG/0/4540"
        .parse()
        .unwrap();
    let refused = write_geometry_in(&mut Vec::new(), Geometry::Shape(&shape), far);
    assert!(refused.is_err(), "a zone does not reach everywhere");
}

#[test]
fn a_collection_is_valid_json_with_and_without_features() {
    let members = json!({"notice": "仅供演示"});
    let mut writer = FeatureWriter::new(members.as_object().unwrap()).unwrap();
    let empty = FeatureWriter::new(&Map::new()).unwrap().finish();
    assert_eq!(
        serde_json::from_slice::<Value>(&empty).unwrap(),
        json!({"type": "FeatureCollection", "features": []})
    );
    let point = LngLat::from_degrees(-0.5, 32.000_000_1).unwrap();
    writer
        .write(Some("a\"b"), Geometry::Point(point), &json!({"n": 1}))
        .unwrap();
    let mut out = writer.take();
    writer.write(None, Geometry::None, &json!({})).unwrap();
    assert!(writer.pending() > 0);
    out.extend(writer.finish());
    assert_eq!(
        serde_json::from_slice::<Value>(&out).unwrap(),
        json!({
            "type": "FeatureCollection",
            "notice": "仅供演示",
            "features": [
                {"type": "Feature", "id": "a\"b", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [-0.5, 32.000_000_1]}},
                {"type": "Feature", "properties": {}, "geometry": null},
            ],
        })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    /// `f64` prints the shortest decimal that is read back as itself.
    #[test]
    fn numbers_are_shortest_and_exact(e7 in prop_oneof![any::<i32>(), -1000..1000_i32, (-180..180_i32).prop_map(|d| d * 10_000_000)]) {
        let mut out = Vec::new();
        write_number(&mut out, e7);
        let written = String::from_utf8(out).unwrap();
        prop_assert_eq!(written, (f64::from(e7) / 1e7).to_string());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]{},:0-9\"a-z]{0,60}") {
        let _ = read_text(&text);
        let _ = read_text(&format!(r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":{text}}}}}]}}"#));
    }
}
