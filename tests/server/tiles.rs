//! Vector tiles over HTTP.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::GzDecoder;
use mvt_reader::Reader;
use mvt_reader::feature::Value as TileValue;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use wangge::domain::LngLat;
use wangge::geometry::tiling::{TileAddress, WorldPoint};

use crate::client::Client;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, places};

/// An answer that is not text.
struct Bytes {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Bytes {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn unpacked(&self) -> Vec<u8> {
        assert_eq!(self.header("content-encoding"), "gzip");
        let mut plain = Vec::new();
        GzDecoder::new(&*self.body).read_to_end(&mut plain).unwrap();
        plain
    }
}

async fn load(client: &Client, path: &str, headers: &[(&'static str, &str)]) -> Bytes {
    let mut request = client.request(Method::GET, path);
    for &(name, value) in headers {
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    Bytes {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

const PACKED: (&str, &str) = ("accept-encoding", "gzip");

fn tile_of(place: &Place, zoom: u8) -> TileAddress {
    let position = LngLat::from_degrees(place.lon, place.lat).unwrap();
    TileAddress::holding(WorldPoint::of(position), zoom)
}

/// The address of a tile after a TileJSON's template, on this server.
fn path_of(description: &Value, tile: TileAddress) -> String {
    let template = description["tiles"][0].as_str().unwrap();
    let path = &template[template.find("/tiles/").unwrap()..];
    [
        ("{z}", u32::from(tile.zoom())),
        ("{x}", tile.x()),
        ("{y}", tile.y()),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| {
        path.replace(name, &value.to_string())
    })
}

/// The codes of a layer's features.
fn codes(tile: Vec<u8>, layer: &str) -> Vec<String> {
    let reader = Reader::new(tile).unwrap();
    let names = reader.get_layer_names().unwrap();
    let Some(layer) = names.iter().position(|name| name == layer) else {
        return Vec::new();
    };
    let features = reader.get_features(layer).unwrap();
    let code = |properties: &std::collections::HashMap<String, TileValue>| match &properties["code"]
    {
        TileValue::String(code) => code.clone(),
        other => panic!("a code is a text, not {other:?}"),
    };
    features
        .iter()
        .map(|feature| code(feature.properties.as_ref().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tiles_of_an_edition_never_change_and_say_so() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let description = client.get("/tiles/grids.json").await.ok();
    let path = path_of(&description, tile_of(&place, 14));
    assert!(path.contains("?edition=1-"), "{path}");

    let tile = load(&client, &path, &[PACKED]).await;
    assert_eq!(tile.status, 200);
    for (name, value) in [
        ("content-type", "application/vnd.mapbox-vector-tile"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("vary", "accept-encoding"),
    ] {
        assert_eq!(tile.header(name), value, "{name}");
    }
    assert!(codes(tile.unpacked(), "grids").contains(&place.grid));
    assert!(codes(tile.unpacked(), "grids_labels").contains(&place.grid));

    let tag = tile.header("etag");
    assert!(tag.starts_with('"') && tag.len() > 30, "{tag} is strong");
    let known = load(&client, &path, &[PACKED, ("if-none-match", tag)]).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(known.header("etag"), tag);
    assert_eq!(known.header("cache-control"), tile.header("cache-control"));

    // Not packed it is another representation of the same.
    let plain = load(&client, &path, &[("accept-encoding", "identity")]).await;
    assert_eq!(plain.body, tile.unpacked());
    assert_eq!(plain.header("content-encoding"), "");
    assert_ne!(plain.header("etag"), tag);

    // Without the edition the same tile, to be asked for again.
    let (bare, edition) = path.split_once('?').unwrap();
    let current = load(&client, bare, &[PACKED]).await;
    assert_eq!(current.header("cache-control"), "no-cache");
    assert_eq!(current.header("etag"), tag);
    let numbered = load(&client, &format!("{bare}?edition=1"), &[PACKED]).await;
    assert_eq!(numbered.header("etag"), tag);

    let other = format!("{bare}?{}", edition.replace("edition=1-", "edition=2-"));
    client.get(&other).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layer_describes_its_tiles() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let config = client.get("/api/v1/map-config").await.ok();
    for (layer, first_zoom) in [("counties", 2), ("townships", 4), ("grids", 6)] {
        let description = client.get(&format!("/tiles/{layer}.json")).await.ok();
        assert_eq!(description["tilejson"], "3.0.0");
        assert_eq!(description["minzoom"], first_zoom);
        assert_eq!(description["maxzoom"], 16);
        assert_eq!(description["bounds"], config["bounds"]);
        assert_eq!(description["attribution"], config["notice"]);
        let layers: Vec<&str> = description["vector_layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|layer| layer["id"].as_str().unwrap())
            .collect();
        assert_eq!(layers, [layer.to_owned(), format!("{layer}_labels")]);
        assert!(description["vector_layers"][0]["fields"]["code"].is_string());
    }
    let behind_a_proxy = load(
        &client,
        "/tiles/grids.json",
        &[
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "grids.example.org"),
        ],
    )
    .await;
    let description: Value = serde_json::from_slice(&behind_a_proxy.body).unwrap();
    let address = description["tiles"][0].as_str().unwrap();
    assert!(
        address.starts_with("https://grids.example.org/tiles/grids/{z}/{x}/{y}.mvt?edition=1-"),
        "{address}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_without_a_tile_are_told_apart() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for (path, status, code) in [
        ("/tiles/rivers.json", 404, "not_found"),
        ("/tiles/grids", 404, "not_found"),
        ("/tiles/rivers/10/1/1.mvt", 404, "not_found"),
        ("/tiles/incidents/5/1/1.mvt", 404, "not_found"),
        (
            "/tiles/incidents/10/1/1.mvt?edition=1",
            400,
            "invalid_request",
        ),
        ("/tiles/grids/10/1/1.png", 404, "not_found"),
        ("/tiles/grids/5/1/1.mvt", 404, "not_found"),
        ("/tiles/grids/17/1/1.mvt", 404, "not_found"),
        ("/tiles/grids/10/1024/1.mvt", 400, "invalid_request"),
        ("/tiles/grids/10/1/1024.mvt", 400, "invalid_request"),
        ("/tiles/grids/10/1/-1.mvt", 400, "invalid_request"),
        ("/tiles/grids/ten/1/1.mvt", 400, "invalid_request"),
        ("/tiles/grids/10/1/1.mvt?edition=7", 404, "not_found"),
        ("/tiles/grids/10/1/1.mvt?level=grid", 400, "invalid_request"),
    ] {
        client.get(path).await.problem(status, code);
    }
    let empty = load(&client, "/tiles/grids/10/1/1.mvt", &[PACKED]).await;
    assert_eq!((empty.status, empty.body.len()), (204, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_grids_are_named_once_and_many_may_ask_at_once() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let grids = places(&client).await;
    let description = client.get("/tiles/grids.json").await.ok();
    let tiles: BTreeSet<(u32, u32)> = grids
        .iter()
        .map(|place| tile_of(place, 10))
        .map(|tile| (tile.x(), tile.y()))
        .collect();
    let mut named = Vec::new();
    for (x, y) in tiles {
        let path = path_of(&description, TileAddress::new(10, x, y).unwrap());
        let asked = std::iter::repeat_n(path, 8).map(|path| {
            let client = client.clone();
            tokio::spawn(async move { load(&client, &path, &[PACKED]).await })
        });
        let answers = futures::future::join_all(asked).await;
        let answers: Vec<Bytes> = answers.into_iter().map(Result::unwrap).collect();
        for answer in &answers {
            assert_eq!(answer.status, 200);
            assert_eq!(answer.body, answers[0].body);
        }
        named.extend(codes(answers[0].unpacked(), "grids_labels"));
    }
    named.sort();
    let mut expected: Vec<String> = grids.into_iter().map(|place| place.grid).collect();
    expected.sort();
    assert_eq!(named, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_tiles_change_when_something_in_them_does() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let tile = tile_of(&place, 14);
    let path = |layer: &str| format!("/tiles/{layer}/14/{}/{}.mvt", tile.x(), tile.y());
    let file = || async {
        let report = serde_json::json!({
            "service": crate::territory::SERVICE, "lon": place.lon, "lat": place.lat, "description": "井盖丢失",
        });
        client.post("/api/v1/incidents", &report).await.expect(201)
    };
    file().await;
    let before = load(&client, &path("incidents"), &[PACKED]).await;
    assert_eq!(before.status, 200);
    assert_eq!(before.header("cache-control"), "private, no-cache");
    let tag = before.header("etag").to_owned();
    let known = [PACKED, ("if-none-match", tag.as_str())];
    assert_eq!(load(&client, &path("incidents"), &known).await.status, 304);

    // In another tile nothing has changed, in this one something has.
    let elsewhere = TileAddress::new(14, tile.x() + 40, tile.y()).unwrap();
    let elsewhere = format!(
        "/tiles/incidents/14/{}/{}.mvt",
        elsewhere.x(),
        elsewhere.y()
    );
    let other = load(&client, &elsewhere, &[PACKED]).await;
    let reported = file().await;
    let after = load(&client, &path("incidents"), &known).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), tag);
    assert_eq!(
        load(&client, &elsewhere, &[PACKED]).await.header("etag"),
        other.header("etag")
    );
    let reader = Reader::new(after.unpacked()).unwrap();
    let features = reader.get_features(0).unwrap();
    let number = TileValue::String(reported["number"].as_str().unwrap().to_owned());
    let shown = |feature: &&mvt_reader::feature::Feature| {
        feature.properties.as_ref().unwrap()["number"] == number
    };
    let feature = features
        .iter()
        .find(shown)
        .expect("what was reported is shown");
    let area = &feature.properties.as_ref().unwrap()["area"];
    assert!(matches!(area, TileValue::String(code) if code.starts_with(&place.grid)));

    let heat = load(&client, &path("heat"), &[PACKED]).await;
    let counts: u64 = Reader::new(heat.unpacked())
        .unwrap()
        .get_features(0)
        .unwrap()
        .iter()
        .map(|cell| match cell.properties.as_ref().unwrap()["count"] {
            TileValue::UInt(count) => count,
            ref other => panic!("{other:?}"),
        })
        .sum();
    assert!(counts >= 2);

    let described = client.get("/tiles/workers.json").await.ok();
    assert_eq!(
        described["vector_layers"][0]["fields"]["on_duty"],
        "True on duty"
    );
    let closed = Server::closed(&ground).await;
    closed
        .client()
        .get(&path("incidents"))
        .await
        .problem(401, "needs_credentials");
}
