//! OGC API – Tiles.

use serde_json::{Value, json};
use wangge::domain::LngLat;
use wangge::geometry::tiling::{TileAddress, WorldPoint};

use super::{AREAS, header, link, path_of};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::places;

const TILING_SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const TILE_SETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_finds_every_tile_from_the_collection_on() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let position = WorldPoint::of(LngLat::from_degrees(place.lon, place.lat).unwrap());
    for name in AREAS {
        let collection = client.get(&format!("/ogc/collections/{name}")).await.ok();
        let sets = path_of(&client, link(&collection, TILE_SETS).unwrap());
        let sets = client.get(sets).await.ok();
        let set = &sets["tilesets"][0];
        let itself = path_of(&client, link(set, "self").unwrap());
        let set = client.get(itself).await.ok();
        assert_eq!(set["dataType"], "vector");
        let layers: Vec<&str> = set["layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|layer| layer["id"].as_str().unwrap())
            .collect();
        assert_eq!(layers[0], name);
        let template = link(&set, "item").unwrap();
        assert_eq!(template["templated"], true);
        let template = path_of(&client, template);
        let tile_json = client.get(&format!("/tiles/{name}.json")).await.ok();
        let limits = set["tileMatrixSetLimits"].as_array().unwrap();
        let zooms = tile_json["minzoom"].as_u64().unwrap()..=tile_json["maxzoom"].as_u64().unwrap();
        assert_eq!(limits.len(), zooms.count(), "{name}");
        for limit in limits {
            let zoom: u8 = limit["tileMatrix"].as_str().unwrap().parse().unwrap();
            let tile = TileAddress::holding(position, zoom);
            let within = |axis: &str, at: u32| {
                let [least, most] =
                    ["min", "max"].map(|end| limit[format!("{end}Tile{axis}")].as_u64());
                assert!(
                    (least..=most).contains(&Some(at.into())),
                    "{name} {limit} {axis} {at}"
                );
            };
            within("Row", tile.y());
            within("Col", tile.x());
            if !zoom.is_multiple_of(5) {
                continue;
            }
            let path = template
                .replace("{tileMatrix}", &zoom.to_string())
                .replace("{tileRow}", &tile.y().to_string())
                .replace("{tileCol}", &tile.x().to_string());
            let same = format!("/tiles/{name}/{zoom}/{}/{}.mvt", tile.x(), tile.y());
            let (found, same) = (client.get(&path).await, client.get(&same).await);
            assert_eq!(found.status, same.status, "{path}");
            if found.status == 200 {
                assert_eq!(
                    header(&found, "content-type"),
                    "application/vnd.mapbox-vector-tile"
                );
                assert!(header(&found, "cache-control").contains("immutable"));
            }
            assert_eq!(header(&found, "etag"), header(&same, "etag"), "{path}");
            assert_eq!(found.text, same.text, "{path}");
        }
    }
    let incidents = client.get("/ogc/collections/incidents").await.ok();
    assert_eq!(link(&incidents, TILE_SETS), None);
    for (path, status, code) in [
        ("/ogc/collections/incidents/tiles", 404, "not_found"),
        (
            "/ogc/collections/grids/tiles/WorldCRS84Quad",
            404,
            "not_found",
        ),
        (
            "/ogc/collections/grids/tiles/WebMercatorQuad/1/0/0",
            404,
            "not_found",
        ),
        (
            "/ogc/collections/grids/tiles/WebMercatorQuad/99/0/0",
            404,
            "not_found",
        ),
        (
            "/ogc/collections/grids/tiles/WebMercatorQuad/8/256/0",
            400,
            "invalid_request",
        ),
        (
            "/ogc/collections/grids/tiles/WebMercatorQuad/8/x/0",
            400,
            "invalid_request",
        ),
        (
            "/ogc/collections/grids/tiles/WebMercatorQuad/8/1/1?f=png",
            400,
            "invalid_request",
        ),
        (
            "/ogc/collections/grids/tiles/WebMercatorQuad/8/1/1?edition=9",
            404,
            "not_found",
        ),
        ("/ogc/tileMatrixSets/WorldCRS84Quad", 404, "not_found"),
    ] {
        client.get(path).await.problem(status, code);
    }
    let nothing = client
        .get("/ogc/collections/grids/tiles/WebMercatorQuad/8/1/1?f=mvt")
        .await;
    assert_eq!(nothing.status, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tiles_are_cut_as_the_standard_says() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let landing = client.get("/ogc").await.ok();
    let sets = path_of(&client, link(&landing, TILING_SCHEMES).unwrap());
    let sets = client.get(sets).await.ok();
    let listed = &sets["tileMatrixSets"][0];
    assert_eq!(listed["id"], "WebMercatorQuad");
    let set = client
        .get(path_of(&client, link(listed, "self").unwrap()))
        .await
        .ok();
    assert_eq!(
        set["uri"],
        "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    );
    let matrices = set["tileMatrices"].as_array().unwrap();
    assert_eq!(matrices.len(), 25);
    // Out of the standard's own definition (OGC 17-083r4, annex D.1).
    for (zoom, scale, cell, width) in [
        (0_usize, 559_082_264.028_717, 156_543.033_928_041, 1_u64),
        (10, 545_978.773_465_544, 152.874_056_570_353, 1_024),
        (
            24,
            33.323_899_747_652_9,
            0.009_330_691_929_342_8,
            16_777_216,
        ),
    ] {
        let matrix = &matrices[zoom];
        let near = |name: &str, expected: f64| {
            let value = matrix[name].as_f64().unwrap();
            assert!(
                (value / expected - 1.0).abs() < 1e-9,
                "{name} of {zoom}: {value}"
            );
        };
        near("scaleDenominator", scale);
        near("cellSize", cell);
        assert_eq!(
            (&matrix["id"], &matrix["matrixWidth"]),
            (&json!(zoom.to_string()), &json!(width))
        );
        let corner = matrix["pointOfOrigin"].as_array().unwrap();
        let corner: Vec<f64> = corner.iter().filter_map(Value::as_f64).collect();
        assert!(
            (corner[0] + 20_037_508.342_789_244).abs() < 1e-6,
            "{corner:?}"
        );
        assert!(
            (corner[1] - 20_037_508.342_789_244).abs() < 1e-6,
            "{corner:?}"
        );
    }
    let grids = client.get("/ogc/collections/grids").await.ok();
    let tile_sets = client
        .get(path_of(&client, link(&grids, TILE_SETS).unwrap()))
        .await
        .ok();
    let set = link(&tile_sets["tilesets"][0], TILING_SCHEME).unwrap();
    assert_eq!(path_of(&client, set), "/ogc/tileMatrixSets/WebMercatorQuad");
    let set = path_of(&client, link(&tile_sets["tilesets"][0], "self").unwrap());
    let set = client.get(set).await.ok();
    assert_eq!(
        set["tileMatrixSetLimits"],
        json!([]),
        "without a territory there is no tile"
    );
}
