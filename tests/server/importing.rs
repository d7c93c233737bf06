//! Boundaries out of files, with the commands.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::Duration;

use encoding_rs::GBK;
use serde_json::{Value, json};
use tokio::time::Instant;
use wangge::codec::boundaries::{self, ReadOptions};
use wangge::codec::feature::Feature;
use wangge::domain::Ring;
use zip::write::SimpleFileOptions;

use crate::ground::{Backend, Ground};
use crate::listener::Listener;
use crate::process::Server;

const COUNTIES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/data/demonstration/jiangsu-counties.geojson"
);
/// The lake front of Xuanwu in Nanjing, and a street in Qingjiangpu in Huai'an.
const XUANWU: [&str; 2] = ["118.80", "32.07"];
const QINGJIANGPU: [&str; 2] = ["119.0189", "33.5975"];

fn counties() -> Vec<Feature> {
    let bytes = std::fs::read(COUNTIES).unwrap();
    let file = boundaries::read(&bytes, COUNTIES, &ReadOptions::default()).unwrap();
    file.features
}

/// Code and name of every area in the database.
async fn names(ground: &Ground) -> BTreeMap<String, String> {
    let store = ground.store().await;
    let edition = store.list_editions().await.unwrap().pop();
    let edition = edition.expect("an edition should have been published");
    let areas = store.load_areas(edition.id).await.unwrap();
    areas
        .into_iter()
        .map(|area| (area.code.to_string(), area.name))
        .collect()
}

fn expected_names() -> BTreeMap<String, String> {
    let word =
        |feature: &Feature, column: &str| feature.properties[column].as_str().unwrap().to_owned();
    counties()
        .iter()
        .map(|feature| (word(feature, "code"), word(feature, "name")))
        .collect()
}

fn look_up(ground: &Ground, [lon, lat]: [&str; 2]) -> Value {
    ground
        .run(&["lookup", lon, lat, "--json"])
        .succeeded()
        .json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counties_in_geojson_become_an_edition_and_are_looked_up() {
    let ground = Ground::empty(Backend::Sqlite).await;
    assert_eq!(
        look_up(&ground, QINGJIANGPU)["match"],
        "outside",
        "nothing is there yet"
    );
    let rehearsal = ground
        .run(&["import", COUNTIES, "--crs", "wgs84", "--dry-run"])
        .succeeded();
    assert!(
        rehearsal.stdout.contains("Read 95 areas")
            && rehearsal.stdout.contains("Nothing was published."),
        "a rehearsal should say what it read: {rehearsal:?}"
    );
    assert_eq!(look_up(&ground, QINGJIANGPU)["match"], "outside");

    let imported = ground
        .run(&[
            "import",
            COUNTIES,
            "--crs",
            "wgs84",
            "--title",
            "江苏省",
            "--json",
        ])
        .succeeded()
        .json();
    assert_eq!(
        (
            &imported["edition"]["id"],
            &imported["edition"]["title"],
            &imported["edition"]["area_count"]
        ),
        (&json!(1), &json!("江苏省"), &json!(95)),
        "a script should read what was made: {imported}"
    );
    for (point, code, name) in [
        (QINGJIANGPU, "320812", "清江浦区"),
        (XUANWU, "320102", "玄武区"),
    ] {
        let found = look_up(&ground, point);
        assert_eq!(
            found["match"], "gap",
            "a county without grids is a gap: {found}"
        );
        let link = found["chain"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&link["code"], &link["name"], &link["level"]),
            (&json!(code), &json!(name), &json!("county")),
            "{found}"
        );
        assert_eq!(found["edition"], 1);
    }
    let beijing = look_up(&ground, ["116.39", "39.91"]);
    assert_eq!(
        (&beijing["match"], &beijing["chain"]),
        (&json!("outside"), &json!([])),
        "{beijing}"
    );
    let words = ground
        .run(&["lookup", QINGJIANGPU[0], QINGJIANGPU[1]])
        .succeeded();
    assert!(
        words.stdout.contains("match: gap") && words.stdout.contains("清江浦区"),
        "people should read it too: {words:?}"
    );
    assert_eq!(names(&ground).await, expected_names());

    // The same file once more changes no area, so there is nothing to publish.
    let again = ground.run(&["import", COUNTIES]).succeeded();
    assert!(
        again.stdout.contains("changes nothing"),
        "people should be told: {again:?}"
    );
    assert_eq!(look_up(&ground, XUANWU)["edition"], 1);
}

/// The counties as a GIS program exports them in China: GBK texts, and a file that says so
/// or not.
fn shapefile(features: &[Feature], cpg: Option<&str>) -> Vec<u8> {
    let field = |name: &str| dbase::FieldName::try_from(name).unwrap();
    let mut table = Cursor::new(Vec::new());
    let encoder = dbase::encoding::EncodingRs::from(GBK);
    let mut rows = dbase::TableWriterBuilder::with_encoding(encoder)
        .add_character_field(field("XZQDM"), 12)
        .add_character_field(field("XZQMC"), 40)
        .build_with_dest(&mut table);
    let (mut shp, mut shx) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    let mut shapes = shapefile::ShapeWriter::with_shx(&mut shp, &mut shx);
    for feature in features {
        let mut record = dbase::Record::default();
        for (column, property) in [("XZQDM", "code"), ("XZQMC", "name")] {
            let text = feature.properties[property].as_str().map(str::to_owned);
            record.insert(column.into(), dbase::FieldValue::Character(text));
        }
        rows.write_record(&record).unwrap();
        shapes.write_shape(&to_polygon(feature)).unwrap();
    }
    shapes.finalize().unwrap();
    rows.finalize().unwrap();
    drop((shapes, rows));
    let mut table = table.into_inner();
    // The mark of the encoding, which exports from China leave empty.
    table[29] = 0;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let cpg = cpg.map(|cpg| ("cpg", cpg.as_bytes().to_vec()));
    for (extension, bytes) in [
        ("shp", shp.into_inner()),
        ("shx", shx.into_inner()),
        ("dbf", table),
    ]
    .into_iter()
    .chain(cpg)
    {
        zip.start_file(
            format!("区县/县区.{extension}"),
            SimpleFileOptions::default(),
        )
        .unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn to_polygon(feature: &Feature) -> shapefile::Polygon {
    let points = |ring: &Ring| {
        ring.closed_points()
            .map(|point| shapefile::Point::new(point.lon(), point.lat()))
            .collect()
    };
    let mut rings = Vec::new();
    for polygon in feature.geometry.polygons() {
        rings.push(shapefile::PolygonRing::Outer(points(&polygon.exterior)));
        for hole in &polygon.holes {
            rings.push(shapefile::PolygonRing::Inner(points(hole)));
        }
    }
    shapefile::Polygon::with_rings(rings)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zipped_shapefile_with_gbk_names_keeps_every_name() {
    let features = counties();
    for cpg in [Some("GBK"), None] {
        let ground = Ground::empty(Backend::Sqlite).await;
        let zip = ground.write("counties.zip", shapefile(&features, cpg));
        let imported = ground
            .run(&["import", zip.to_str().unwrap(), "--crs", "wgs84"])
            .succeeded();
        assert!(
            imported.stdout.contains("gb18030"),
            "people should be told how the texts were read: {imported:?}"
        );
        assert_eq!(
            names(&ground).await,
            expected_names(),
            "names should be right with the .cpg file {cpg:?}"
        );
        let found = look_up(&ground, QINGJIANGPU);
        assert_eq!(
            found["chain"].as_array().unwrap().last().unwrap()["name"],
            "清江浦区",
            "{found}"
        );
    }
}

/// A collection of two counties, the second with another ring.
fn with_ring(ring: &Value) -> String {
    let file: Value = serde_json::from_slice(&std::fs::read(COUNTIES).unwrap()).unwrap();
    let mut features = file["features"].as_array().unwrap()[..2].to_vec();
    features[1]["geometry"] = json!({ "type": "Polygon", "coordinates": [ring] });
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_file_is_refused_with_its_fault_and_changes_nothing() {
    let ground = Ground::empty(Backend::Sqlite).await;
    ground
        .run(&["import", COUNTIES, "--crs", "wgs84"])
        .succeeded();
    let store = ground.store().await;
    let before = store.list_editions().await.unwrap();

    let whole = std::fs::read(COUNTIES).unwrap();
    let features = counties();
    let zip = shapefile(&features, None);
    let point = json!([119.0, 33.5]);
    let broken: [(&str, Vec<u8>, &[&str]); 11] = [
        (
            "truncated.geojson",
            whole[..whole.len() / 2].to_vec(),
            &["ends too early, in line ", "export or copy it again"],
        ),
        (
            "truncated.zip",
            zip[..zip.len() / 2].to_vec(),
            &["the zip cannot be opened", "pack it again"],
        ),
        (
            "notes.txt",
            "淮安市网格边界，请查收。\n".into(),
            &[
                "in no format known here",
                "淮安市网格边界",
                "export it as GeoJSON",
            ],
        ),
        (
            "empty.geojson",
            br#"{"type":"FeatureCollection","features":[]}"#.to_vec(),
            &["has no features", "nothing to import", "export it again"],
        ),
        (
            "nothing.geojson",
            Vec::new(),
            &["the file is empty", "export or copy it again"],
        ),
        (
            "three-equal.geojson",
            with_ring(&json!([point, point, point])).into(),
            &[
                "publishing is barred, errors: 1",
                "秦淮区 (320104): a ring has 1 different points",
                "Draw it again",
            ],
        ),
        (
            "three-equal-closed.geojson",
            with_ring(&json!([point, point, point, point])).into(),
            &[
                "秦淮区 (320104): a ring has 1 different points",
                "Draw it again",
            ],
        ),
        (
            "bow-tie.geojson",
            with_ring(&json!([
                [118.0, 33.0],
                [118.1, 33.1],
                [118.1, 33.0],
                [117.9, 33.05],
                [118.0, 33.0]
            ]))
            .into(),
            &["秦淮区 (320104)", "crosses itself", "(118.0"],
        ),
        (
            "swapped.geojson",
            with_ring(&json!([
                [33.0, 118.0],
                [33.1, 118.1],
                [33.0, 118.1],
                [33.0, 118.0]
            ]))
            .into(),
            &[
                "feature 2 (320104 秦淮区)",
                "vertex 1",
                "look swapped",
                "longitude first",
            ],
        ),
        (
            "point.geojson",
            br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"320102","name":"a"},"geometry":{"type":"Point","coordinates":[119,33]}}]}"#.to_vec(),
            &["feature 1 (320102 a)", "it is a Point", "Polygon"],
        ),
        (
            "no-code.geojson",
            br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"title":"a"},"geometry":{"type":"Polygon","coordinates":[[[119,33],[119.1,33],[119,33.1],[119,33]]]}}]}"#.to_vec(),
            &["no column holds codes or names", "title"],
        ),
    ];
    for (name, content, said) in broken {
        let path = ground.write(name, content);
        for more in [&[][..], &["--dry-run"], &["--json"]] {
            let arguments = [&["import", path.to_str().unwrap(), "--crs", "wgs84"], more].concat();
            let refused = ground.run(&arguments);
            assert_eq!(
                refused.code,
                Some(1),
                "{name} should be refused: {refused:?}"
            );
            assert_eq!(refused.stdout, "", "nothing should be promised for {name}");
            for word in [name].iter().chain(said) {
                assert!(
                    refused.stderr.contains(word),
                    "for {name} people should read {word:?}, but read: {}",
                    refused.stderr
                );
            }
            assert!(
                refused.stderr.starts_with("error: ") && !refused.stderr.contains("panicked"),
                "{name}: {}",
                refused.stderr
            );
        }
    }
    let absent = ground.run(&["import", "absent.geojson"]);
    assert!(
        absent.code == Some(1) && absent.stderr.contains("absent.geojson cannot be read"),
        "{absent:?}"
    );
    assert_eq!(
        store.list_editions().await.unwrap(),
        before,
        "no bad file should have made an edition"
    );
    assert_eq!(names(&ground).await, expected_names());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_a_table_are_joined_to_counties_without_a_database() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let rows = format!(
        "事项,lon,lat,备注\n井盖,{},{},\"路口, 东侧\"\n路灯,{},{},\n远,116.39,39.91,北京\n",
        QINGJIANGPU[0], QINGJIANGPU[1], XUANWU[0], XUANWU[1]
    );
    let points = ground.write("points.csv", rows);
    let points = points.to_str().unwrap();
    let joined = "事项,lon,lat,备注,match,code,name\n\
        井盖,119.0189,33.5975,\"路口, 东侧\",gap,320812,清江浦区\n\
        路灯,118.80,32.07,,gap,320102,玄武区\n\
        远,116.39,39.91,北京,outside,,\n";
    let said = ground
        .run(&["match", points, "--areas", COUNTIES, "--crs", "wgs84"])
        .succeeded();
    assert_eq!(
        said.stdout, joined,
        "rows should keep what they had and gain whose ground it is"
    );
    let output = ground.file("joined.csv");
    let said = ground
        .run(&[
            "match",
            points,
            "--areas",
            COUNTIES,
            "--crs",
            "wgs84",
            "-o",
            output.to_str().unwrap(),
        ])
        .succeeded();
    assert!(said.stdout.starts_with("3 points"), "{said:?}");
    assert_eq!(std::fs::read_to_string(&output).unwrap(), joined);
    assert!(
        !ground.file("data").join("wangge.db").exists(),
        "no database should have been needed"
    );

    let bad = ground.write("bad.csv", "lon,lat\n119.0,33.5\n119.0,north\n");
    let refused = ground.run(&[
        "match",
        bad.to_str().unwrap(),
        "--areas",
        COUNTIES,
        "--crs",
        "wgs84",
        "-o",
        ground.file("bad-joined.csv").to_str().unwrap(),
    ]);
    assert!(
        refused.code == Some(1)
            && refused.stderr.contains("bad.csv")
            && refused.stderr.contains("line 3")
            && refused.stderr.contains("north"),
        "the row should be named: {refused:?}"
    );
    assert!(
        !Path::new(&ground.file("bad-joined.csv")).exists(),
        "half a result should not be left behind"
    );
}

pub async fn an_import_is_seen_by_a_running_server_within_a_second(backend: Backend) {
    let ground = Ground::empty_alone(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let path = format!(
        "/api/v1/lookup?lon={}&lat={}",
        QINGJIANGPU[0], QINGJIANGPU[1]
    );
    let before = client.get(&path).await.ok();
    assert_eq!(
        (&before["match"], &before["edition"]),
        (&json!("outside"), &Value::Null),
        "an empty server should answer all the same: {before}"
    );
    let mut listener = Listener::open(&client, "editions", None).await;
    let importing = {
        let mut command = ground.command(&["import", COUNTIES, "--crs", "wgs84"]);
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    let imported = importing.await.unwrap();
    let published = Instant::now();
    assert!(imported.status.success(), "{imported:?}");
    let found = loop {
        let found = client.get(&path).await.ok();
        if found["match"] != "outside" {
            break found;
        }
        assert!(
            published.elapsed() < Duration::from_secs(1),
            "the server should have seen the edition within a second"
        );
    };
    assert_eq!(
        (&found["area"]["name"], &found["edition"]),
        (&json!("清江浦区"), &json!(1)),
        "{found}"
    );
    let event = listener.next(Duration::from_secs(1)).await;
    assert_eq!(
        event.name, "edition",
        "listeners should hear of it: {event:?}"
    );
    let layer = client.get("/layers/counties.geojson").await.ok();
    assert_eq!(layer["features"].as_array().unwrap().len(), 95);
}
