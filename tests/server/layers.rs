//! Layers as GeoJSON over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::places;

/// A vertex in lattice steps.
type Vertex = [i64; 2];

fn features(layer: &Value) -> &[Value] {
    layer["features"].as_array().unwrap()
}

/// The polygons of a layer by code, each ring closed.
fn polygons(layer: &Value) -> BTreeMap<String, Vec<Vec<Vec<Vertex>>>> {
    #[expect(clippy::cast_possible_truncation, reason = "a lattice step")]
    let step = |value: &Value| (value.as_f64().unwrap() * 1e7).round() as i64;
    let ring = |ring: &Value| {
        let points = ring.as_array().unwrap().iter();
        points.map(|at| [step(&at[0]), step(&at[1])]).collect()
    };
    let polygon = |polygon: &Value| polygon.as_array().unwrap().iter().map(ring).collect();
    let drawn = features(layer).iter().map(|feature| {
        let coordinates = &feature["geometry"]["coordinates"];
        let polygons = match feature["geometry"]["type"].as_str().unwrap() {
            "Polygon" => vec![polygon(coordinates)],
            "MultiPolygon" => coordinates
                .as_array()
                .unwrap()
                .iter()
                .map(polygon)
                .collect(),
            other => panic!("an area is no {other}"),
        };
        (feature["id"].as_str().unwrap().to_owned(), polygons)
    });
    drawn.collect()
}

/// The directed edges of all areas. As RFC 7946 has rings run, ground is on the left.
fn edges(layer: &Value) -> BTreeSet<(Vertex, Vertex)> {
    let mut edges = BTreeSet::new();
    for (code, polygons) in polygons(layer) {
        for pair in polygons.iter().flatten().flat_map(|ring| ring.windows(2)) {
            let edge = (pair[0], pair[1]);
            assert!(edges.insert(edge), "{code} has {edge:?} of another area");
        }
    }
    edges
}

/// How many rings there are of edges with ground on one side only: borders of the whole.
fn outer_rings(edges: &BTreeSet<(Vertex, Vertex)>) -> usize {
    let mut outer: BTreeMap<Vertex, Vec<Vertex>> = BTreeMap::new();
    for &(from, to) in edges
        .iter()
        .filter(|(from, to)| !edges.contains(&(*to, *from)))
    {
        outer.entry(from).or_default().push(to);
    }
    let mut rings = 0;
    while let Some(&start) = outer.keys().next() {
        let mut at = start;
        while let Some(next) = outer.get_mut(&at).and_then(Vec::pop) {
            at = next;
        }
        assert_eq!(at, start, "a border ends nowhere");
        outer.retain(|_, next| !next.is_empty());
        rings += 1;
    }
    rings
}

struct Packed {
    status: u16,
    encoding: String,
    tag: String,
    body: Vec<u8>,
}

async fn load(client: &Client, path: &str, headers: &[(&'static str, &str)]) -> Packed {
    let mut request = client.request(Method::GET, path);
    for &(name, value) in headers {
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name);
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    Packed {
        status: response.status().as_u16(),
        encoding: header("content-encoding"),
        tag: header("etag"),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_layer_is_sent_packed_and_only_once() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let path = "/layers/grids.geojson";
    let whole: Answer = client.get(path).await;
    assert_eq!(whole.headers["content-type"], "application/geo+json");
    assert_eq!(whole.headers["cache-control"], "no-cache");
    assert!(
        !whole.headers.contains_key("content-length"),
        "what is sent while it is written has no length"
    );
    let expected = places(&client).await.len();
    assert_eq!(features(&whole.json()).len(), expected);

    let plain_tag = whole.headers["etag"].to_str().unwrap().to_owned();
    for (coding, name) in [("gzip", "gzip"), ("br", "br"), ("identity", "")] {
        let accepted = ("accept-encoding", coding);
        let first = load(&client, path, &[accepted]).await;
        assert_eq!((first.status, first.encoding.as_str()), (200, name));
        if name == "gzip" {
            let mut plain = String::new();
            let mut unpacking = GzDecoder::new(&*first.body);
            unpacking.read_to_string(&mut plain).unwrap();
            assert!(plain == whole.text, "packed is the same");
        }
        assert_eq!(first.tag == plain_tag, name.is_empty(), "{}", first.tag);
        let known = [accepted, ("if-none-match", first.tag.as_str())];
        let again = load(&client, path, &known).await;
        assert_eq!(
            (again.status, &again.tag, again.body.len()),
            (304, &first.tag, 0)
        );
    }
    let other = [("if-none-match", "\"of-another-edition\"")];
    assert_eq!(load(&client, path, &other).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simplified_areas_meet_as_the_whole_ones_do() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let path = "/layers/communities.geojson";
    let whole = client.get(path).await;
    let (whole_text, whole) = (whole.text.clone(), whole.ok());
    let whole_edges = edges(&whole);
    let vertices: BTreeSet<Vertex> = whole_edges.iter().map(|edge| edge.0).collect();
    let rings = outer_rings(&whole_edges);

    let mut counts = Vec::new();
    for zoom in ["7", "9.8", "13"] {
        let simple = client.get(&format!("{path}?zoom={zoom}")).await.ok();
        assert_eq!(features(&simple).len(), features(&whole).len(), "{zoom}");
        for (simple, whole) in features(&simple).iter().zip(features(&whole)) {
            assert_eq!(simple["properties"], whole["properties"]);
        }
        let edges = edges(&simple);
        assert_eq!(outer_rings(&edges), rings, "there are gaps at zoom {zoom}");
        let given = edges.iter().all(|(from, _)| vertices.contains(from));
        assert!(given, "zoom {zoom} has vertices of its own");
        counts.push(edges.len());
    }
    counts.push(whole_edges.len());
    assert!(
        counts.is_sorted() && counts[0] < counts[1] && counts[1] < counts[3],
        "smaller zooms should have fewer vertices: {counts:?}"
    );
    let deepest = client.get(&format!("{path}?zoom=24")).await;
    assert!(deepest.text == whole_text, "nothing is simplified up close");

    // In a box, areas are what they are without.
    let place = places(&client).await.swap_remove(0);
    let bbox = format!("bbox={0},{1},{0},{1}", place.lon, place.lat);
    let here = client.get(&format!("{path}?zoom=9&{bbox}")).await.ok();
    let all = client.get(&format!("{path}?zoom=9")).await.ok();
    let (here, all) = (polygons(&here), polygons(&all));
    assert!(!here.is_empty() && here.len() < all.len());
    assert!(here.iter().all(|(code, polygons)| all[code] == *polygons));

    // Other editions have simplified borders of their own.
    let before = "at=1999-01-01T00:00:00Z";
    let nothing = client.get(&format!("{path}?zoom=9&{before}")).await.ok();
    assert_eq!(features(&nothing), &[] as &[Value]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn levels_are_chosen_and_counted_by() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let both = client
        .get("/layers/areas.geojson?level=county,township&zoom=8")
        .await
        .ok();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in features(&both) {
        let level = feature["properties"]["level"].as_str().unwrap();
        *found.entry(level).or_default() += 1;
    }
    for (level, layer) in [("county", "counties"), ("township", "townships")] {
        let alone = client.get(&format!("/layers/{layer}.geojson")).await.ok();
        assert_eq!(found.remove(level), Some(features(&alone).len()), "{level}");
    }
    assert!(found.is_empty(), "{found:?}");
    client
        .get("/layers/counties.geojson?level=county")
        .await
        .ok();

    // Incidents by county are those whose chain has the county.
    let place = places(&client).await.swap_remove(3);
    place.file(&client, "井盖松动").await;
    let incidents = client.get("/layers/incidents.geojson").await.ok();
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for incident in features(&incidents) {
        for code in incident["properties"]["chain"].as_array().unwrap() {
            let code = code.as_str().unwrap();
            if code.len() == 6 {
                *expected.entry(code.to_owned()).or_default() += 1;
            }
        }
    }
    let heat = client
        .get("/layers/heat.geojson?level=county&zoom=8")
        .await
        .ok();
    let counted = features(&heat).iter().map(|county| {
        let count = county["properties"]["count"].as_u64().unwrap();
        (county["id"].as_str().unwrap().to_owned(), count)
    });
    assert_eq!(counted.collect::<BTreeMap<_, _>>(), expected);
    assert!(!expected.is_empty());
    let cells = client.get("/layers/heat.geojson?resolution=7").await.ok();
    let in_cells = features(&cells).iter().map(|cell| {
        assert_eq!(cell["geometry"]["type"], "Polygon");
        cell["properties"]["count"].as_u64().unwrap()
    });
    assert_eq!(in_cells.sum::<u64>(), features(&incidents).len() as u64);

    for wrong in [
        "grids.geojson?level=county",
        "areas.geojson?level=street",
        "grids.geojson?zoom=25",
        "grids.geojson?zoom=-1",
        "grids.geojson?zoom=NaN",
        "heat.geojson?level=county,township",
        "heat.geojson?resolution=16",
    ] {
        client
            .get(&format!("/layers/{wrong}"))
            .await
            .problem(400, "invalid_request");
    }
    let closed = Server::closed(&ground).await;
    closed
        .client()
        .get("/layers/heat.geojson?level=county")
        .await
        .problem(401, "needs_credentials");
    assert_eq!(
        closed
            .client()
            .get("/layers/areas.geojson?level=city")
            .await
            .ok()["type"],
        json!("FeatureCollection")
    );
}
