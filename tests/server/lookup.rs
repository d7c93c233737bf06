//! Whose ground is this: against `PostGIS`, and in its words.

use std::collections::{BTreeMap, HashMap};

use chrono::Utc;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use wangge::domain::LngLat;
use wangge::service::{Live, built_in_catalogue};

use crate::client::Client;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::support::postgis_server;
use crate::territory::places;

/// In the middle of Nanjing.
const NANJING: (f64, f64) = (118.7969, 32.0603);

/// How a point is matched, and by which area.
type Verdict = (String, Option<String>);

/// What `PostGIS` says about points: of the grids that cover one the lowest code, and of
/// its microgrids the lowest; else the deepest area above.
async fn ask_postgis(ground: &Ground, points: &[LngLat]) -> Vec<Verdict> {
    let mut connection = PgConnection::connect(&ground.url()).await.unwrap();
    let lons: Vec<f64> = points.iter().map(|point| point.lon()).collect();
    let lats: Vec<f64> = points.iter().map(|point| point.lat()).collect();
    connection
        .execute("CREATE TEMPORARY TABLE points (place bigint, geom geometry(Point, 4326))")
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO points SELECT place, ST_SetSRID(ST_MakePoint(lon, lat), 4326)
        FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS point (lon, lat, place)",
    )
    .bind(lons)
    .bind(lats)
    .execute(&mut connection)
    .await
    .unwrap();
    // With an index on the points, each area looks for its own.
    connection
        .execute("CREATE INDEX ON points USING gist (geom); ANALYZE points")
        .await
        .unwrap();
    let rows: Vec<(Option<String>, Option<String>, Option<String>)> = sqlx::query_as(
        r#"
        WITH grids AS (
            SELECT place, min(code COLLATE "C") AS code
            FROM points JOIN grids_in_force AS area ON ST_Covers(area.geom, points.geom)
            GROUP BY place
        ), microgrids AS (
            SELECT place, min(area.code COLLATE "C") AS code
            FROM grids JOIN points USING (place) JOIN microgrids_in_force AS area
                ON area.parent_code = grids.code AND ST_Covers(area.geom, points.geom)
            GROUP BY place
        ), above AS (
            SELECT DISTINCT ON (place) place, code
            FROM points JOIN areas_in_force AS area ON ST_Covers(area.geom, points.geom)
            WHERE level NOT IN ('grid', 'microgrid')
            ORDER BY place, array_position(
                ARRAY['community', 'township', 'county', 'city', 'province'], level::text
            ), code COLLATE "C"
        )
        SELECT grids.code, microgrids.code, above.code
        FROM points
        LEFT JOIN grids USING (place)
        LEFT JOIN microgrids USING (place)
        LEFT JOIN above USING (place)
        ORDER BY place
        "#,
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    rows.into_iter()
        .map(|(grid, microgrid, above)| match (grid, above) {
            (Some(grid), _) => ("grid".to_owned(), Some(microgrid.unwrap_or(grid))),
            (None, Some(above)) => ("gap".to_owned(), Some(above)),
            (None, None) => ("outside".to_owned(), None),
        })
        .collect()
}

fn random_points(seed: u64, count: usize, [west, south, east, north]: [f64; 4]) -> Vec<LngLat> {
    let low = LngLat::from_degrees(west, south).unwrap();
    let high = LngLat::from_degrees(east, north).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let lon = rng.random_range(low.lon_e7()..=high.lon_e7());
            let lat = rng.random_range(low.lat_e7()..=high.lat_e7());
            LngLat::from_e7(lon, lat).unwrap()
        })
        .collect()
}

/// No point is answered differently, and every kind of answer is counted the same.
fn assert_agree(points: &[LngLat], ours: &[Verdict], postgis: &[Verdict]) {
    assert_eq!(ours.len(), points.len(), "we should answer every point");
    assert_eq!(postgis.len(), points.len(), "PostGIS answers every point");
    let differing: Vec<_> = points
        .iter()
        .zip(ours.iter().zip(postgis))
        .filter(|(_, (ours, postgis))| ours != postgis)
        .collect();
    assert!(
        differing.is_empty(),
        "PostGIS should agree on all {} points, but not on {}, such as {:?}",
        points.len(),
        differing.len(),
        &differing[..differing.len().min(3)]
    );
    let count = |verdicts: &[Verdict]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (matched, _) in verdicts {
            *counts.entry(matched.clone()).or_default() += 1;
        }
        counts
    };
    let counts = count(ours);
    assert_eq!(counts, count(postgis), "both sides count alike");
    assert_eq!(counts.values().sum::<usize>(), points.len());
    assert!(
        counts.get("grid") > Some(&(points.len() / 4))
            && counts.get("outside") > Some(&(points.len() / 10)),
        "the points should lie inside and outside: {counts:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_points_asked_over_http_agree_with_postgis() {
    if postgis_server().is_none() {
        return;
    }
    let ground = Ground::demonstration(Backend::Postgis).await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    let bounds: [f64; 4] =
        serde_json::from_value(client.get("/api/v1/map-config").await.ok()["bounds"].take())
            .expect("the territory has bounds");
    let points = random_points(11, 10_000, bounds);
    let pairs: Vec<[f64; 2]> = points.iter().map(|p| [p.lon(), p.lat()]).collect();
    let answer = client
        .post("/api/v1/lookup", &json!({ "points": pairs }))
        .await
        .ok();
    let items = answer["items"].as_array().expect("a list of answers");
    let ours: Vec<Verdict> = items
        .iter()
        .map(|item| {
            let code = item["code"].as_str().map(str::to_owned);
            (item["match"].as_str().unwrap().to_owned(), code)
        })
        .collect();
    let postgis = ask_postgis(&ground, &points).await;
    assert_agree(&points, &ours, &postgis);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_million_points_looked_up_in_memory_agree_with_postgis() {
    if postgis_server().is_none() {
        return;
    }
    let ground = Ground::demonstration(Backend::Postgis).await;
    let store = ground.store().await;
    let live = Live::load(store.as_ref(), &built_in_catalogue().unwrap(), Utc::now())
        .await
        .unwrap();
    let atlas = live.atlas();
    let bounds = atlas.bounds().expect("the territory has bounds");
    let points = random_points(12, 1_000_000, bounds.to_degrees());
    let ours: Vec<Verdict> = points
        .iter()
        .map(|&point| {
            let found = atlas.locate(point);
            let code = found.area.map(|area| atlas.area(area).code.to_string());
            (found.matched.to_string(), code)
        })
        .collect();
    let postgis = ask_postgis(&ground, &points).await;
    assert_agree(&points, &ours, &postgis);
}

async fn look_up(client: &Client, (lon, lat): (f64, f64), more: &str) -> Value {
    client
        .get(&format!("/api/v1/lookup?lon={lon}&lat={lat}{more}"))
        .await
        .ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_point_is_answered_with_its_whole_chain_and_its_people() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    let microgrids = client
        .list("/api/v1/areas?level=microgrid&limit=1000")
        .await;
    let microgrid = microgrids.first().expect("there should be microgrids");
    let label = &microgrid["label"];
    let at = (
        label["lon"].as_f64().unwrap(),
        label["lat"].as_f64().unwrap(),
    );
    let found = look_up(&client, at, "").await;
    assert_eq!(found["match"], "grid", "a grid should have it: {found}");
    assert_eq!(found["area"]["code"], microgrid["code"]);
    let levels: Vec<&str> = found["chain"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| link["level"].as_str().unwrap())
        .collect();
    assert_eq!(
        levels,
        [
            "province",
            "city",
            "county",
            "township",
            "community",
            "grid",
            "microgrid"
        ],
        "the chain should have all seven levels"
    );
    assert!(
        found["boundary_distance_m"].as_f64() > Some(0.0),
        "a label lies inside: {found}"
    );
    assert_eq!(found["edition"], 1, "the edition should be named: {found}");

    let mut slots = HashMap::new();
    for place in places(&client).await.iter().step_by(50) {
        let found = look_up(&client, (place.lon, place.lat), "").await;
        let held = found["workers"].as_array().unwrap();
        let vacant = found["vacancies"].as_array().unwrap();
        let named: Vec<&Value> = held.iter().map(|w| &w["slot"]).chain(vacant).collect();
        for slot in ["cadre", "grid_worker", "volunteer"] {
            assert!(
                named.contains(&&json!(slot)),
                "the slot {slot} of {} should be held or vacant: {found}",
                place.grid
            );
        }
        *slots.entry(vacant.is_empty()).or_insert(0) += 1;
        for worker in held {
            let phone = worker["phone"].as_str().unwrap_or_default();
            assert!(
                phone.is_empty() || phone.contains("****"),
                "a phone number should be masked: {worker}"
            );
        }
    }
    assert_eq!(
        slots.len(),
        2,
        "some grids should be fully staffed and some not: {slots:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_point_in_another_city_is_outside() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    let found = look_up(&client, NANJING, "&accuracy_m=1000").await;
    assert_eq!(
        (
            &found["match"],
            &found["area"],
            &found["chain"],
            &found["workers"]
        ),
        (&json!("outside"), &Value::Null, &json!([]), &json!([])),
        "Nanjing is outside Huai'an: {found}"
    );
    assert_eq!(found["boundary_distance_m"], Value::Null);
    assert_eq!(found["neighbours"], json!([]));
    let bulk = client
        .post("/api/v1/lookup", &json!({ "points": [NANJING] }))
        .await
        .ok();
    assert_eq!(
        bulk["items"],
        json!([{ "match": "outside", "code": null, "name": null }])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neighbours_are_named_within_the_accuracy_asked_for() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(700);
    let at = (place.lon, place.lat);
    let exact = look_up(&client, at, "").await;
    assert_eq!(exact["neighbours"], json!([]), "nobody asked: {exact}");
    let rough = look_up(&client, at, "&accuracy_m=5000").await;
    let near = rough["neighbours"].as_array().unwrap();
    assert!(
        !near.is_empty(),
        "within 5 km there should be others: {rough}"
    );
    let distances: Vec<f64> = near
        .iter()
        .map(|area| area["distance_m"].as_f64().unwrap())
        .collect();
    assert!(
        distances.is_sorted() && distances.iter().all(|&distance_m| distance_m <= 5_000.0),
        "the nearest first, none farther than asked: {distances:?}"
    );
    assert!(
        near.iter()
            .all(|area| area["code"] != rough["area"]["code"]
                && area["level"] == rough["area"]["level"]),
        "neighbours are others of the same level: {rough}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_chinese_maps_are_shifted_back() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let taken = async |crs: &str, lon: f64, lat: f64| {
        let report = json!({
            "service": crate::territory::SERVICE, "lon": lon, "lat": lat, "crs": crs,
            "description": "坐标系",
        });
        let incident = client.post("/api/v1/incidents", &report).await.expect(201);
        (
            incident["lon"].as_f64().unwrap(),
            incident["lat"].as_f64().unwrap(),
        )
    };
    // Shanghai, Shenzhen and Beijing, from the tests of eviltransform.
    for (gcj02, wgs84) in [
        (
            (121.531_541_859_215, 31.175_303_983_645_97),
            (121.527_210_6, 31.177_427_6),
        ),
        (
            (113.917_176_480_836_3, 22.540_796_131_694_766),
            (113.912_316, 22.543_847),
        ),
        (
            (116.384_047_224_556_57, 39.913_345_455_360_69),
            (116.377_817, 39.911_954),
        ),
    ] {
        let (lon, lat) = taken("gcj02", gcj02.0, gcj02.1).await;
        assert!(
            (lon - wgs84.0).abs() < 1e-6 && (lat - wgs84.1).abs() < 1e-6,
            "{gcj02:?} in GCJ-02 is {wgs84:?}, not {:?}",
            (lon, lat)
        );
    }
    let mut moved = 0;
    for place in places(&client).await.iter().step_by(97) {
        for crs in ["gcj02", "bd09"] {
            let back = taken(crs, place.lon, place.lat).await;
            let shifted = look_up(&client, (place.lon, place.lat), &format!("&crs={crs}")).await;
            let same = look_up(&client, back, "&crs=wgs84").await;
            assert_eq!(
                shifted, same,
                "{crs} should be looked up where a report from there is placed"
            );
            moved += usize::from(shifted["area"]["code"] != json!(place.grid));
        }
    }
    assert!(
        moved > 0,
        "half a kilometre should lead to another area somewhere"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_meant_is_refused_by_name() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let client = server.client();
    for (query, named) in [
        ("lng=119.02&lat=33.6", "lng"),
        ("lon=119.02&lat=33.6&radius=5", "radius"),
        ("lon=119.02", "lat"),
        ("lon=33.6&lat=119.02", "longitude first"),
        ("lon=NaN&lat=33.6", "finite"),
        ("lon=119.02&lat=33.6&crs=utm", "utm"),
        ("lon=119.02&lat=33.6&accuracy_m=-1", "accuracy_m"),
        ("lon=119.02&lat=33.6&accuracy_m=50001", "accuracy_m"),
    ] {
        let problem = client
            .get(&format!("/api/v1/lookup?{query}"))
            .await
            .problem(400, "invalid_request");
        assert!(
            problem["detail"].as_str().unwrap().contains(named),
            "{query} should be refused with a word of {named:?}: {problem}"
        );
    }
    let problem = client
        .post(
            "/api/v1/lookup",
            &json!({ "points": [[119.0, 33.6], [33.6, 119.0]] }),
        )
        .await
        .problem(400, "invalid_request");
    assert!(
        problem["detail"].as_str().unwrap().starts_with("point 1:"),
        "the point should be named: {problem}"
    );
}
