//! OGC API – Features and Tiles, as GIS programs use them.

mod tiles;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::gdal;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::places;

const AREAS: [&str; 7] = [
    "provinces",
    "cities",
    "counties",
    "townships",
    "communities",
    "grids",
    "microgrids",
];
const CRS: &str = "http://www.opengis.net/def/crs/";

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let value = answer.headers.get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

fn features(page: &Value) -> &Vec<Value> {
    page["features"].as_array().unwrap()
}

fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a Value> {
    let links = document["links"].as_array().unwrap();
    links.iter().find(|link| link["rel"] == rel)
}

/// A link's address on this server.
fn path_of<'a>(client: &Client, link: &'a Value) -> &'a str {
    let href = link["href"].as_str().unwrap();
    href.strip_prefix(client.base())
        .unwrap_or_else(|| panic!("{href} should lead to this server"))
}

/// Every feature of a collection, following the links.
async fn all_items(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = path.to_owned();
    loop {
        let mut page = client.get(&next).await.ok();
        assert_eq!(
            page["numberReturned"],
            features(&page).len(),
            "{next} should count what it returns"
        );
        let Value::Array(found) = page["features"].take() else {
            panic!("{page}");
        };
        items.extend(found);
        match link(&page, "next") {
            None => {
                assert_eq!(
                    page["numberMatched"],
                    items.len(),
                    "{path} should count all"
                );
                return items;
            }
            Some(link) => {
                assert_eq!(link["type"], "application/geo+json");
                next = path_of(client, link).to_owned();
            }
        }
    }
}

fn by_id(features: &[Value]) -> BTreeMap<String, &Value> {
    let ids = features
        .iter()
        .map(|feature| (feature["id"].as_str().unwrap().to_owned(), feature));
    ids.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_finds_everything_from_the_landing_page_on() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let landing = client.get("/ogc").await.ok();
    assert_eq!(client.get("/ogc/").await.ok(), landing);

    let document = link(&landing, "service-desc").unwrap();
    let answer = client.get(path_of(&client, document)).await;
    assert_eq!(
        header(&answer, "content-type"),
        document["type"].as_str().unwrap()
    );
    let document = answer.ok();
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(
        document["servers"][0]["url"],
        format!("{}/ogc", client.base())
    );

    let conformance = link(&landing, "conformance").unwrap();
    let conformance = client.get(path_of(&client, conformance)).await.ok();
    let classes = conformance["conformsTo"].as_array().unwrap();
    assert!(classes.contains(&json!(
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
    )));

    let data = link(&landing, "data").unwrap();
    let data = client.get(path_of(&client, data)).await.ok();
    let collections = data["collections"].as_array().unwrap();
    let names: Vec<&str> = collections
        .iter()
        .map(|collection| collection["id"].as_str().unwrap())
        .collect();
    assert_eq!(names[..7], AREAS);
    assert_eq!(names[7..], ["incidents", "workers"]);
    for collection in collections {
        let name = collection["id"].as_str().unwrap();
        let itself = path_of(&client, link(collection, "self").unwrap());
        assert_eq!(&client.get(itself).await.ok(), collection);
        let items = path_of(&client, link(collection, "items").unwrap());
        let page = client.get(&format!("{items}?limit=2")).await.ok();
        let queryables = link(
            collection,
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
        );
        let queryables = client.get(path_of(&client, queryables.unwrap())).await.ok();
        let known = queryables["properties"].as_object().unwrap();
        for feature in features(&page) {
            for property in feature["properties"].as_object().unwrap().keys() {
                assert!(
                    known.contains_key(property),
                    "{property} of {name} may be asked for"
                );
            }
            let id = feature["id"].as_str().unwrap();
            let mut single = client.get(&format!("{items}/{id}")).await.ok();
            let itself = link(&single, "self").unwrap();
            assert_eq!(path_of(&client, itself), format!("{items}/{id}"));
            single.as_object_mut().unwrap().remove("links");
            if name != "workers" {
                assert_eq!(&single, feature);
            }
        }
        assert!(
            document["paths"]
                .get(format!("/collections/{name}/items"))
                .is_some(),
            "the document should describe {name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_every_feature_once_in_one_order() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for (collection, limit) in [
        ("grids", 333),
        ("townships", 7),
        ("incidents", 5),
        ("workers", 999),
    ] {
        let path = format!("/ogc/collections/{collection}/items");
        let whole = client.get(&format!("{path}?limit=10000")).await.ok();
        assert!(link(&whole, "next").is_none());
        let pages = all_items(&client, &format!("{path}?limit={limit}")).await;
        let ids = |features: &[Value]| -> Vec<String> {
            let ids = features
                .iter()
                .map(|feature| feature["id"].as_str().unwrap().to_owned());
            ids.collect()
        };
        let ordered = ids(&pages);
        assert_eq!(ordered, ids(features(&whole)), "{collection}");
        assert!(ordered.is_sorted(), "{collection}");
        assert!(
            ordered.len() > limit,
            "{collection} should need several pages"
        );
    }
    // The most is given to whoever wants more.
    let many = client
        .get("/ogc/collections/counties/items?limit=99999999999999999999999")
        .await;
    assert_eq!(many.ok()["numberReturned"], 8);
    let usual = client.get("/ogc/collections/grids/items").await.ok();
    assert_eq!(usual["numberReturned"], 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_are_those_of_the_layers() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for collection in AREAS {
        let layer = client
            .get(&format!("/layers/{collection}.geojson"))
            .await
            .ok();
        let path = format!("/ogc/collections/{collection}/items?limit=1000");
        let items = all_items(&client, &path).await;
        let items = by_id(&items);
        let grounded: Vec<_> = items
            .iter()
            .filter(|(_, feature)| !feature["geometry"].is_null())
            .collect();
        assert_eq!(grounded.len(), features(&layer).len(), "{collection}");
        for feature in features(&layer) {
            let item = items[feature["id"].as_str().unwrap()];
            assert_eq!(item["geometry"], feature["geometry"]);
            for (name, value) in feature["properties"].as_object().unwrap() {
                assert_eq!(&item["properties"][name], value, "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conditions_find_what_they_say() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let grids = all_items(&client, "/ogc/collections/grids/items?limit=1000").await;
    let property = |feature: &Value, name: &str| feature["properties"][name].clone();
    let first = property(&grids[0], "code").as_str().unwrap().to_owned();
    let name = property(&grids[7], "name").as_str().unwrap().to_owned();
    let county = |feature: &Value| {
        property(feature, "code")
            .as_str()
            .unwrap()
            .starts_with("320803")
    };
    let large = |feature: &Value| property(feature, "area_m2").as_f64().unwrap() > 5e6;
    let named = |feature: &Value| property(feature, "name") == json!(name);
    let is_first = |feature: &Value| property(feature, "code") == json!(first);
    /// Parameters, and which grids they should find.
    type Case<'a> = (Vec<(&'a str, String)>, Box<dyn Fn(&Value) -> bool + 'a>);
    let cases: Vec<Case> = vec![
        (vec![("code", first.clone())], Box::new(is_first)),
        (vec![("name", name.clone())], Box::new(named)),
        (
            vec![("filter", "code LIKE '320803%'".to_owned())],
            Box::new(county),
        ),
        (
            vec![("filter", "code LIKE '320803%' AND area_m2 / 1e6 > 5".to_owned())],
            Box::new(move |feature| county(feature) && large(feature)),
        ),
        (
            vec![
                ("filter-lang", "cql2-json".to_owned()),
                (
                    "filter",
                    json!({"op": "not", "args": [{"op": "like", "args": [{"property": "code"}, "320803%"]}]})
                        .to_string(),
                ),
            ],
            Box::new(move |feature| !county(feature)),
        ),
        (
            vec![
                ("filter", "area_m2 > 5000000".to_owned()),
                ("kind", "special".to_owned()),
            ],
            Box::new(move |feature| large(feature) && property(feature, "kind") == "special"),
        ),
        (vec![("filter", "FALSE".to_owned())], Box::new(|_| false)),
        (vec![("datetime", "1990-01-01".to_owned())], Box::new(|_| false)),
        (vec![("datetime", "2100-01-01/..".to_owned())], Box::new(|_| true)),
    ];
    for (parameters, expected) in cases {
        let query = reqwest::Url::parse_with_params("http://a", &parameters).unwrap();
        let query = query.query().unwrap();
        let path = format!("/ogc/collections/grids/items?{query}&limit=1000");
        let found = all_items(&client, &path).await;
        let expected: Vec<&Value> = grids.iter().filter(|feature| expected(feature)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{parameters:?}");
    }

    let incidents = all_items(&client, "/ogc/collections/incidents/items?limit=1000").await;
    let reported = property(&incidents[0], "reported_at");
    let reported = reported.as_str().unwrap();
    for (query, count) in [
        (format!("datetime={reported}"), 1),
        (format!("datetime=../{reported}"), 1),
        (format!("reported_at={reported}"), 1),
        (
            "filter=a_contains(chain,('3208'))".to_owned(),
            incidents.len(),
        ),
        (
            format!("filter=t_after(reported_at,TIMESTAMP('{reported}'))"),
            incidents.len() - 1,
        ),
    ] {
        let page = client
            .get(&format!("/ogc/collections/incidents/items?{query}"))
            .await
            .ok();
        assert_eq!(page["numberMatched"], count, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boxes_and_regions_find_what_meets_them_exactly() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(10);
    let point = format!("{},{}", place.lon, place.lat);
    let count = async |query: &str| {
        let page = client
            .get(&format!("/ogc/collections/grids/items?{query}"))
            .await
            .ok();
        (page["numberMatched"].as_u64().unwrap(), page)
    };
    // A box of no size is a point, which one grid alone has: a box around the grid's box
    // would find its neighbours too.
    let (found, page) = count(&format!("bbox={point},{point}")).await;
    assert_eq!(
        (found, &features(&page)[0]["id"]),
        (1, &json!(place.grid)),
        "{page}"
    );
    let lat_first = format!("{},{}", place.lat, place.lon);
    let (found, _) = count(&format!(
        "bbox={lat_first},{lat_first}&bbox-crs={CRS}EPSG/0/4490"
    ))
    .await;
    assert_eq!(found, 1);
    let (found, _) = count(&format!("bbox={point},-1,{point},1")).await;
    assert_eq!(found, 1);
    let intersects = format!(
        "filter=s_intersects(geometry,POINT({} {}))",
        place.lon, place.lat
    );
    assert_eq!(count(&intersects).await.0, 1);
    let disjoint = intersects.replace("intersects", "disjoint");
    assert_eq!(count(&disjoint).await.0, count("").await.0 - 1);

    // A grid's neighbours touch it, and the community holds its grids.
    let grid = &features(&page)[0];
    let rings = grid["geometry"]["coordinates"].to_string();
    let polygon = rings
        .replace("],[", ";")
        .replace(',', " ")
        .replace(';', ",");
    let polygon = polygon.replace('[', "(").replace(']', ")");
    let polygon = format!(
        "POLYGON{}",
        polygon.replace("(((", "((").replace(")))", "))")
    );
    let escape = |text: &str| text.replace(' ', "%20");
    let equal = format!("filter=s_equals(geometry,{})", escape(&polygon));
    assert_eq!(count(&equal).await.0, 1);
    let touching = format!("filter=s_touches(geometry,{})&limit=1000", escape(&polygon));
    let (_, touching) = count(&touching).await;
    let touching: BTreeSet<&str> = features(&touching)
        .iter()
        .map(|feature| feature["id"].as_str().unwrap())
        .collect();
    let neighbours = client
        .get(&format!("/api/v1/areas/{}/neighbours", place.grid))
        .await
        .ok();
    for neighbour in neighbours["items"].as_array().unwrap() {
        assert!(
            touching.contains(neighbour["code"].as_str().unwrap()),
            "{neighbour}"
        );
    }
    let all = count("").await.0;
    let (everything, _) = count("bbox=-180,-90,180,90").await;
    assert_eq!(everything, all);
    let (across, _) = count("bbox=170,-90,-170,90").await;
    assert_eq!(across, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coordinates_come_in_the_system_and_order_asked_for() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let collection = client.get("/ogc/collections/counties").await.ok();
    let offered = collection["crs"].as_array().unwrap();
    assert_eq!(collection["storageCrs"], offered[0]);
    assert_eq!(offered[0], format!("{CRS}OGC/1.3/CRS84"));
    for (code, x, y) in [
        ("OGC/1.3/CRS84", 118.0..120.0, 32.0..35.0),
        ("EPSG/0/4326", 32.0..35.0, 118.0..120.0),
        ("EPSG/0/4490", 32.0..35.0, 118.0..120.0),
        (
            "EPSG/0/3857",
            13_140_000.0..13_330_000.0,
            3_850_000.0..4_050_000.0,
        ),
        (
            "EPSG/0/4549",
            3_600_000.0..3_800_000.0,
            330_000.0..470_000.0,
        ),
        (
            "EPSG/0/4528",
            3_600_000.0..3_800_000.0,
            40_330_000.0..40_470_000.0,
        ),
    ] {
        let uri = format!("{CRS}{code}");
        assert!(offered.contains(&json!(uri)), "{code} should be offered");
        for path in ["items?limit=3&", "items/320803?"] {
            let answer = client
                .get(&format!("/ogc/collections/counties/{path}crs={uri}"))
                .await;
            assert_eq!(header(&answer, "content-crs"), format!("<{uri}>"));
            assert_eq!(header(&answer, "content-type"), "application/geo+json");
            let answer = answer.ok();
            let feature = if answer["type"] == "Feature" {
                &answer
            } else {
                &features(&answer)[0]
            };
            let corner = &feature["geometry"]["coordinates"][0][0];
            let [first, second] = [0, 1].map(|axis| corner[axis].as_f64().unwrap());
            assert!(
                x.contains(&first) && y.contains(&second),
                "{code}: {corner}"
            );
        }
    }
    for wrong in ["EPSG/0/4534", "EPSG/0/2437", "EPSG/0/1"] {
        client
            .get(&format!("/ogc/collections/counties/items?crs={CRS}{wrong}"))
            .await
            .problem(400, "invalid_request");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_is_refused_by_name() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for (path, status, said) in [
        ("?x=1", 400, "there is no parameter \"x\" here"),
        ("?f=html", 400, "json is the only format"),
        ("/conformance?a", 400, "there is no parameter \"a\" here"),
        (
            "/collections/rivers",
            404,
            "there is no collection \"rivers\"",
        ),
        ("/collections/rivers/items", 404, "rivers"),
        (
            "/collections/grids/items/320803",
            404,
            "there is no area \"320803\"",
        ),
        (
            "/collections/grids/items/a%20b",
            404,
            "there is no area \"a b\"",
        ),
        (
            "/collections/incidents/items/7",
            404,
            "there is no incident \"7\"",
        ),
        (
            "/collections/workers/items/7",
            404,
            "there is no worker \"7\"",
        ),
        (
            "/collections/grids/items?limit=0",
            400,
            "limit: \"0\" is no whole number",
        ),
        ("/collections/grids/items?limit=-1", 400, "limit"),
        (
            "/collections/grids/items?bbox=1,2,3",
            400,
            "bbox: a box is four numbers",
        ),
        (
            "/collections/grids/items?bbox=1,2,NaN,4",
            400,
            "bbox: \"NaN\" is no number",
        ),
        (
            "/collections/grids/items?bbox=1,4,2,3",
            400,
            "bbox: the lower corner's 4 is more",
        ),
        (
            "/collections/grids/items?datetime=yesterday",
            400,
            "datetime: \"yesterday\" is no time",
        ),
        (
            "/collections/grids/items?datetime=2026-01-02/2026-01-01",
            400,
            "ends before it starts",
        ),
        (
            "/collections/grids/items?crs=EPSG:4326",
            400,
            "crs: \"EPSG:4326\" is no coordinate system",
        ),
        (
            "/collections/grids/items?cursor=abc",
            400,
            "the cursor is not one",
        ),
        (
            "/collections/incidents/items?cursor=ImFiYyI",
            400,
            "the cursor is not one",
        ),
        (
            "/collections/grids/items?colour=red",
            400,
            "there is no parameter \"colour\" here; there are bbox",
        ),
        (
            "/collections/grids/items?kind=green",
            400,
            "kind: \"green\" is not one of general, special",
        ),
        (
            "/collections/grids/items?area_m2=big",
            400,
            "area_m2: \"big\" is no number",
        ),
        (
            "/collections/grids/items?limit=1&limit=2",
            400,
            "\"limit\" is given twice",
        ),
        ("/collections/grids/items?name=%00", 400, "U+0000"),
        (
            "/collections/grids/items?filter=codes='1'",
            400,
            "filter: at character 1: there is no property \"codes\"",
        ),
        (
            "/collections/grids/items?filter=code=",
            400,
            "filter: at character 6: expected",
        ),
        (
            "/collections/grids/items?filter=true&filter-lang=cql",
            400,
            "filter-lang: \"cql\" is not spoken here",
        ),
        (
            "/collections/grids/items?filter=true&filter-lang=cql2-json&filter-crs=x",
            400,
            "filter-crs: \"x\" is no",
        ),
        (
            "/collections/grids/items/320803001005002?bbox=1,2,3,4",
            400,
            "there is no parameter \"bbox\" here",
        ),
    ] {
        let problem = client.get(&format!("/ogc{path}")).await;
        let code = if status == 404 {
            "not_found"
        } else {
            "invalid_request"
        };
        let problem = problem.problem(status, code);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains(said),
            "{path} should say {said:?}, but says {detail:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_say_what_they_take_and_where_they_are() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for (path, allowed) in [
        ("counties/items", "GET, HEAD, OPTIONS, POST"),
        (
            "counties/items/320803",
            "GET, HEAD, OPTIONS, PUT, PATCH, DELETE",
        ),
        ("incidents/items", "GET, HEAD, OPTIONS"),
    ] {
        let path = format!("/ogc/collections/{path}");
        let answer = client.send(client.request(Method::OPTIONS, &path)).await;
        assert_eq!((answer.status, header(&answer, "allow")), (204, allowed));
        let head = client.send(client.request(Method::HEAD, &path)).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        assert_eq!(header(&head, "content-type"), "application/geo+json");
        let method = if path.ends_with("items") {
            Method::DELETE
        } else {
            Method::POST
        };
        let wrong = client.send(client.request(method, &path).body("{}")).await;
        assert!(
            header(&wrong, "allow").contains("GET"),
            "{:?}",
            wrong.headers
        );
        wrong.problem(405, "method_not_allowed");
    }
    let forwarded = client
        .request(
            Method::GET,
            "/ogc/collections/grids/items?limit=1&name=%E4%B8%80",
        )
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Host", "map.example.cn")
        .header("X-Forwarded-Prefix", "/wangge");
    let page = client.send(forwarded).await.ok();
    assert_eq!(
        link(&page, "self").unwrap()["href"],
        "https://map.example.cn/wangge/ogc/collections/grids/items?limit=1&name=%E4%B8%80"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_sees_what_they_may() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let collections = public.get("/ogc/collections").await.ok();
    let names = |collections: &Value| -> Vec<String> {
        let collections = collections["collections"].as_array().unwrap().iter();
        collections
            .map(|collection| collection["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&collections), AREAS, "the public sees areas");
    let document = public.get("/ogc/api").await.ok();
    assert!(
        document["paths"]
            .get("/collections/incidents/items")
            .is_none()
    );
    for collection in ["incidents", "workers"] {
        for rest in [
            "",
            "/items",
            "/queryables",
            "/items/01a1e7a5-52f0-71a7-a0c6-e309f68963db",
        ] {
            public
                .get(&format!("/ogc/collections/{collection}{rest}"))
                .await
                .problem(401, "needs_credentials");
        }
    }

    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let township = "320803001";
    let bounded = public.with_key(&ground.key("调度员", "dispatcher", &["--area", township]));
    for collection in ["incidents", "workers"] {
        let items = format!("/ogc/collections/{collection}/items?limit=10000");
        let all = all_items(&admin, &items).await;
        let own = all_items(&bounded, &items).await;
        let layer = bounded
            .get(&format!("/layers/{collection}.geojson"))
            .await
            .ok();
        assert_eq!(by_id(&own).len(), features(&layer).len(), "{collection}");
        assert!(
            own.len() < all.len(),
            "{collection} of others should not be seen"
        );
        let own = by_id(&own);
        let foreign = all
            .iter()
            .find(|feature| !own.contains_key(feature["id"].as_str().unwrap()));
        let id = foreign.unwrap()["id"].as_str().unwrap();
        bounded
            .get(&format!("/ogc/collections/{collection}/items/{id}"))
            .await
            .problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gdal_reads_every_collection_as_it_is() {
    if !gdal::is_there() {
        return;
    }
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for collection in AREAS.into_iter().chain(["incidents", "workers"]) {
        let path = format!("/ogc/collections/{collection}/items?limit=1000");
        let expected = all_items(&client, &path).await;
        let file = ground.file(&format!("{collection}.geojson"));
        let source = format!("OAPIF:{}/ogc", client.base());
        let to = file.clone();
        let convert = move || {
            // With fewer digits it takes 119.1999996 for 119.2.
            let digits = ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=12"];
            let arguments = [&digits[..], &["-oo", "PAGE_SIZE=500"]].concat();
            gdal::convert_layer(&source, collection, &to, &arguments);
        };
        tokio::task::spawn_blocking(convert).await.unwrap();
        let read: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let read = features(&read);
        assert_eq!(read.len(), expected.len(), "{collection}");
        for (read, expected) in read.iter().zip(&expected) {
            assert_eq!(
                read["geometry"], expected["geometry"],
                "{collection} {}",
                expected["id"]
            );
            for (name, value) in expected["properties"].as_object().unwrap() {
                let found = &read["properties"][name];
                let same = match value {
                    // Written with other digits.
                    Value::Number(value) => {
                        let (found, value) = (found.as_f64().unwrap(), value.as_f64().unwrap());
                        (found - value).abs() <= 1e-12 * value.abs()
                    }
                    Value::String(time) if name.ends_with("_at") => {
                        let found = DateTime::parse_from_rfc3339(found.as_str().unwrap());
                        found.unwrap() == DateTime::parse_from_rfc3339(time).unwrap()
                    }
                    // Where the first features have empty lists, GDAL takes all for texts.
                    Value::Array(_) => found == value || found.is_string() || found.is_null(),
                    _ => found == value,
                };
                assert!(same, "{collection} {name}: {found} {value}");
            }
        }
    }
}
