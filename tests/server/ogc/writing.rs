//! Part 4: areas written into a draft.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CRS, all_items, by_id, features, header, link, path_of};
use crate::client::{Answer, Client};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{places, two_townships};

const GRIDS: &str = "/ogc/collections/grids/items";
const GEO_JSON: &str = "application/geo+json";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Sends a body with headers, of which the first is what the body is.
async fn send(
    client: &Client,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl ToString,
) -> Answer {
    let mut request = client.request(method, path).body(body.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request).await
}

async fn remove(client: &Client, path: &str, seen: &str) -> Answer {
    let request = client.request(Method::DELETE, path);
    client.send(request.header("if-match", seen)).await
}

/// Where an answer says that the area is, on this server.
fn location(client: &Client, answer: &Answer, name: &str) -> String {
    let address = header(answer, name);
    let path = address.strip_prefix(client.base());
    path.unwrap_or_else(|| panic!("{address:?} should lead to this server"))
        .to_owned()
}

/// A small square in the middle of the territory.
fn square(lon: f64, lat: f64) -> Value {
    let (east, north) = (lon + 0.001, lat + 0.001);
    json!({"type": "Polygon", "coordinates": [[
        [lon, lat], [east, lat], [east, north], [lon, north], [lon, lat],
    ]]})
}

fn vertices(feature: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut ahead = vec![&feature["geometry"]["coordinates"]];
    while let Some(value) = ahead.pop() {
        match value.as_array() {
            Some(list) if list.iter().all(Value::is_number) => found.push(value.clone()),
            Some(list) => ahead.extend(list.iter().rev()),
            None => {}
        }
    }
    found
}

async fn drafts(client: &Client) -> Vec<Value> {
    client.list("/api/v1/drafts?state=open").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_is_in_the_draft_and_nothing_is_in_force_before_publishing() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let before = all_items(&client, &format!("{GRIDS}?limit=1000")).await;
    let parent = before[0]["properties"]["parent"].clone();
    let feature = json!({
        "type": "Feature",
        "geometry": square(119.0, 33.6),
        "properties": {"name": "新画的网格", "parent": parent, "kind": "special"},
    });
    let created = send(
        &client,
        Method::POST,
        GRIDS,
        &[("content-type", GEO_JSON)],
        &feature,
    )
    .await;
    let tag = header(&created, "etag").to_owned();
    let path = location(&client, &created, "location");
    let shown = created.expect(201);
    let code = shown["id"].as_str().unwrap().to_owned();
    assert!(
        code.starts_with(parent.as_str().unwrap()) && code.len() == 15,
        "the next free code under its parent: {code}"
    );
    assert_eq!(shown["properties"]["kind"], "special");

    // Where it is said to be it is, and so are all others, and links stay there.
    let again = client.get(&path).await;
    assert_eq!(header(&again, "etag"), tag);
    assert_eq!(again.ok(), shown);
    assert_eq!(path_of(&client, link(&shown, "self").unwrap()), path);
    let items = path.rsplit_once('/').unwrap().0;
    let drafted = all_items(&client, &format!("{items}?limit=1000")).await;
    assert_eq!(drafted.len(), before.len() + 1);
    let drafted = by_id(&drafted);
    for feature in &before {
        assert_eq!(drafted[feature["id"].as_str().unwrap()], feature);
    }
    // By the caller's own name for it, too.
    let mine = format!("/ogc/drafts/mine/collections/grids/items/{code}");
    assert_eq!(
        client.get(&mine).await.ok()["properties"],
        shown["properties"]
    );
    // But nothing is in force.
    client
        .get(&format!("{GRIDS}/{code}"))
        .await
        .problem(404, "not_found");
    assert_eq!(
        all_items(&client, &format!("{GRIDS}?limit=1000")).await,
        before
    );

    // A second write goes into the same draft.
    let other = before[1]["id"].as_str().unwrap();
    let changed = send(
        &client,
        Method::PATCH,
        &format!("{GRIDS}/{other}"),
        &[("content-type", MERGE_PATCH), ("if-match", "*")],
        json!({"properties": {"name": "改了名"}}),
    )
    .await;
    assert!(location(&client, &changed, "content-location").starts_with(items));
    changed.ok();
    let open = drafts(&client).await;
    assert_eq!(open.len(), 1, "{open:?}");
    let steps = client
        .list(&format!(
            "/api/v1/drafts/{}/steps",
            open[0]["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(steps.len(), 3, "opened and written twice: {steps:?}");

    // In force is what is published, and the next write opens another draft.
    assert_eq!(remove(&client, &path, "*").await.status, 204);
    let draft = format!("/api/v1/drafts/{}", open[0]["id"].as_str().unwrap());
    let version = client.get(&draft).await.ok()["version"].clone();
    client
        .post(
            &format!("{draft}/publish"),
            &json!({ "version": version, "reason": "试" }),
        )
        .await
        .expect(201);
    let now = client.get(&format!("{GRIDS}/{other}")).await.ok();
    assert_eq!(now["properties"]["name"], "改了名");
    assert!(drafts(&client).await.is_empty());
    let mine = format!("/ogc/drafts/mine/collections/grids/items/{other}");
    assert_eq!(
        client.get(&mine).await.ok()["properties"],
        now["properties"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_area_is_replaced_changed_and_taken_out_only_as_it_was_seen() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let grids = all_items(&client, &format!("{GRIDS}?limit=1000")).await;
    let below = all_items(&client, "/ogc/collections/microgrids/items?limit=1000").await;
    let is_whole = |grid: &&Value| {
        let mut parents = below.iter().map(|area| &area["properties"]["parent"]);
        parents.all(|parent| *parent != grid["id"])
    };
    let id = grids.iter().find(is_whole).unwrap()["id"].as_str().unwrap();
    let path = format!("{GRIDS}/{id}");
    let seen = client.get(&path).await;
    let tag = header(&seen, "etag").to_owned();
    assert!(tag.starts_with('"'), "{tag} is strong");
    let mut feature = seen.ok();
    feature["properties"]["name"] = json!("甲");

    // Who says nothing would overwrite blindly; who says something else, too.
    let kind = ("content-type", GEO_JSON);
    for (method, body) in [
        (Method::PUT, feature.to_string()),
        (
            Method::PATCH,
            json!({"properties": {"name": "乙"}}).to_string(),
        ),
        (Method::DELETE, String::new()),
    ] {
        send(&client, method.clone(), &path, &[kind], &body)
            .await
            .problem(428, "precondition_required");
        for wrong in ["\"0123\"", "W/\"x\"", &format!("W/{tag}")] {
            send(
                &client,
                method.clone(),
                &path,
                &[kind, ("if-match", wrong)],
                &body,
            )
            .await
            .problem(412, "precondition_failed");
        }
    }
    assert!(
        drafts(&client).await.is_empty(),
        "what is refused opens no draft"
    );

    // The edition's tag holds in the draft until the draft changes the area.
    let replaced = send(
        &client,
        Method::PUT,
        &path,
        &[kind, ("if-match", &tag)],
        &feature,
    )
    .await;
    let (second, there) = (
        header(&replaced, "etag").to_owned(),
        location(&client, &replaced, "content-location"),
    );
    let shown = replaced.ok();
    assert_ne!(second, tag);
    assert_eq!(shown["properties"], feature["properties"]);
    assert_eq!(
        vertices(&shown),
        vertices(&feature),
        "ground stays as it was sent"
    );
    send(
        &client,
        Method::PUT,
        &path,
        &[kind, ("if-match", &tag)],
        &feature,
    )
    .await
    .problem(412, "precondition_failed");
    assert_eq!(
        header(&client.get(&path).await, "etag"),
        tag,
        "in force is what was"
    );

    // A patch changes what it says; null takes away.
    let patch = json!({"properties": {"name": "丙"}, "geometry": null});
    let tags = format!("\"x\", {second}");
    let patched = send(
        &client,
        Method::PATCH,
        &there,
        &[("content-type", MERGE_PATCH), ("if-match", &tags)],
        &patch,
    )
    .await;
    let third = header(&patched, "etag").to_owned();
    let shown = patched.ok();
    let mut expected = feature["properties"].clone();
    expected["name"] = json!("丙");
    expected["area_m2"] = Value::Null;
    assert_eq!(
        (&shown["properties"], &shown["geometry"]),
        (&expected, &Value::Null)
    );

    // Unchanged is not sent again, in whatever system it is asked for.
    for crs in ["", &format!("?crs={CRS}EPSG/0/4528")] {
        let path = format!("{there}{crs}");
        let answer = client.get(&path).await;
        let known = header(&answer, "etag").to_owned();
        assert_eq!(known.contains("EPSG:4528"), !crs.is_empty(), "{known}");
        let request = client.request(Method::GET, &path);
        let again = client.send(request.header("if-none-match", &known)).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        assert_eq!(header(&again, "etag"), known);
    }
    let projected = format!("{there}?crs={CRS}EPSG/0/4528");
    let projected = header(&client.get(&projected).await, "etag").to_owned();
    assert!(projected.starts_with(third.trim_end_matches('"')));

    let gone = remove(&client, &there, &projected).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    client.get(&there).await.problem(404, "not_found");
    remove(&client, &path, "*").await.problem(404, "not_found");
    client.get(&path).await.ok();

    // What was taken out may come back, as the same area.
    feature["properties"]["name"] = json!("丁");
    let back = send(&client, Method::POST, GRIDS, &[kind], &feature)
        .await
        .expect(201);
    assert_eq!(back["id"], id);
    let draft = &drafts(&client).await[0];
    let diff = client
        .get(&format!(
            "/api/v1/drafts/{}/diff",
            draft["id"].as_str().unwrap()
        ))
        .await
        .ok();
    let changes = diff["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{diff}");
    assert_eq!(changes[0]["kinds"], json!(["renamed"]), "{diff}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ground_comes_in_any_system_and_is_kept_as_it_is_drawn() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let page = client.get(&format!("{GRIDS}?limit=4")).await.ok();
    for (feature, code) in features(&page)
        .iter()
        .zip(["EPSG/0/4490", "EPSG/0/4528", "EPSG/0/3857"])
    {
        let id = feature["id"].as_str().unwrap();
        let system = format!("{CRS}{code}");
        let sent = client.get(&format!("{GRIDS}/{id}?crs={system}")).await.ok();
        let crs = format!("<{system}>");
        let headers = [
            ("content-type", GEO_JSON),
            ("content-crs", &crs),
            ("if-match", "*"),
        ];
        let shown = send(
            &client,
            Method::PUT,
            &format!("{GRIDS}/{id}"),
            &headers,
            &sent,
        )
        .await;
        assert_eq!(vertices(&shown.ok()), vertices(feature), "{code}");
    }
    // A ring that crosses itself, and one that is open, are for the verdict to judge.
    let id = features(&page)[3]["id"].as_str().unwrap();
    let drawn = json!({"type": "Polygon", "coordinates": [
        [[119.05, 33.05], [119.15, 33.15], [119.15, 33.05], [119.05, 33.15], [119.05, 33.05]],
        [[119.07, 33.06], [119.08, 33.06]],
    ]});
    let patch = json!({"geometry": drawn});
    let headers = [("content-type", MERGE_PATCH), ("if-match", "*")];
    let shown = send(
        &client,
        Method::PATCH,
        &format!("{GRIDS}/{id}"),
        &headers,
        &patch,
    )
    .await;
    let shown = shown.ok();
    assert_eq!(shown["geometry"]["coordinates"][0], drawn["coordinates"]);
    assert_eq!(shown["properties"]["area_m2"], Value::Null);
    let found = client
        .get("/ogc/drafts/mine/collections/grids/items?bbox=119.09,33.06,119.11,33.07&limit=1000")
        .await
        .ok();
    assert!(
        features(&found).iter().any(|feature| feature["id"] == id),
        "what is not valid yet is found by its box"
    );
    let draft = &drafts(&client).await[0];
    let verdict = client
        .get(&format!(
            "/api/v1/drafts/{}/verdict",
            draft["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert!(
        verdict.to_string().contains("self_intersection"),
        "{verdict}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_is_refused_by_name() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let page = client.get(&format!("{GRIDS}?limit=1")).await.ok();
    let grid = features(&page)[0]["id"].as_str().unwrap();
    let county = &grid[..6];
    let sent = |properties: Value| {
        let feature = json!({"type": "Feature", "properties": properties, "geometry": null});
        feature.to_string()
    };
    let one = format!("/ogc/collections/grids/items/{grid}");
    let named = sent(json!({"name": "甲"}));
    let (post, put, patch) = (Method::POST, Method::PUT, Method::PATCH);
    let geo = ("content-type", GEO_JSON);
    for (method, path, headers, body, status, code, said) in [
        (
            &post,
            GRIDS,
            vec![geo],
            "{".to_owned(),
            400,
            "invalid_request",
            "no JSON",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            "7".to_owned(),
            422,
            "invalid_feature",
            "no GeoJSON feature",
        ),
        (
            &post,
            GRIDS,
            vec![],
            named.clone(),
            415,
            "unsupported_media_type",
            "send application/geo+json",
        ),
        (
            &post,
            GRIDS,
            vec![("content-type", "text/csv")],
            named.clone(),
            415,
            "unsupported_media_type",
            "\"text/csv\"",
        ),
        (
            &put,
            &one,
            vec![("content-type", MERGE_PATCH)],
            named.clone(),
            415,
            "unsupported_media_type",
            "merge-patch",
        ),
        (
            &post,
            GRIDS,
            vec![geo, ("content-crs", "EPSG:4490")],
            named.clone(),
            400,
            "invalid_request",
            "angle brackets",
        ),
        (
            &post,
            GRIDS,
            vec![geo, ("content-crs", "<x>")],
            named.clone(),
            400,
            "invalid_request",
            "\"x\" is no coordinate system",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            sent(json!({})),
            422,
            "invalid_feature",
            "name: say what",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            sent(json!({"name": "甲", "code": "a b"})),
            422,
            "invalid_feature",
            "\"a b\" is not an area code",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            sent(json!({"name": "甲", "colour": 1})),
            422,
            "invalid_feature",
            "colour: areas have no such property",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            sent(json!({"name": "甲", "level": "city"})),
            422,
            "invalid_feature",
            "is a grid",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            json!({"type": "Feature", "properties": {"name": "甲"}}).to_string(),
            422,
            "invalid_feature",
            "geometry: say what ground",
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            sent(json!({"name": "甲", "code": grid})),
            409,
            "code_taken",
            grid,
        ),
        (
            &post,
            GRIDS,
            vec![geo],
            sent(json!({"name": "甲", "code": county})),
            409,
            "code_taken",
            county,
        ),
        (
            &put,
            &one,
            vec![geo, ("if-match", "*")],
            sent(json!({"name": "甲", "code": "1"})),
            422,
            "invalid_feature",
            "recode",
        ),
        (
            &patch,
            &one,
            vec![geo, ("if-match", "*")],
            r#"{"properties":{"name":null}}"#.to_owned(),
            422,
            "invalid_feature",
            "name: it is no text",
        ),
        (
            &put,
            "/ogc/collections/grids/items/320803",
            vec![geo, ("if-match", "*")],
            named.clone(),
            404,
            "not_found",
            "no area \"320803\"",
        ),
        (
            &post,
            "/ogc/collections/rivers/items",
            vec![geo],
            named.clone(),
            404,
            "not_found",
            "rivers",
        ),
        (
            &post,
            "/ogc/collections/grids/items?x=1",
            vec![geo],
            named.clone(),
            400,
            "invalid_request",
            "no parameter \"x\"",
        ),
        (
            &post,
            "/ogc/drafts/yours/collections/grids/items",
            vec![geo],
            named.clone(),
            404,
            "not_found",
            "no draft \"yours\"",
        ),
        (
            &post,
            "/ogc/drafts/mine/collections/workers/items",
            vec![geo],
            named.clone(),
            404,
            "not_found",
            "workers of a draft",
        ),
    ] {
        let answer = send(&client, method.clone(), path, &headers, &body).await;
        let problem = answer.problem(status, code);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains(said),
            "{body} should say {said:?}, but says {detail:?}"
        );
    }
    let large = sent(json!({"name": "长".repeat(2_000_000)}));
    send(&client, post.clone(), GRIDS, &[geo], &large)
        .await
        .problem(413, "invalid_request");
    let parent = format!("/ogc/collections/counties/items/{county}");
    let problem = remove(&client, &parent, "*")
        .await
        .problem(409, "area_has_children");
    assert!(problem["count"].as_u64().unwrap() > 1, "{problem}");
    assert!(
        drafts(&client).await.is_empty(),
        "what is refused opens no draft"
    );

    for (collection, id) in [("incidents", "1"), ("workers", "1")] {
        let items = format!("/ogc/collections/{collection}/items");
        for (method, path) in [
            (Method::POST, items.clone()),
            (Method::PUT, format!("{items}/{id}")),
            (Method::PATCH, format!("{items}/{id}")),
            (Method::DELETE, format!("{items}/{id}")),
        ] {
            let answer = send(&client, method, &path, &[geo], &named).await;
            assert_eq!(header(&answer, "allow"), "GET, HEAD, OPTIONS");
            answer.problem(405, "method_not_allowed");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_a_place_of_its_own_for_gis_programs() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let gis = public.with_key(&ground.key("测绘", "gis", &["--area", here.township()]));
    let other = public.with_key(&ground.key("别处", "gis", &["--area", there.township()]));
    let dispatcher = public.with_key(&ground.key("调度", "dispatcher", &[]));

    // While there is no draft, the own one is the edition, and reading opens none.
    let landing = gis.get("/ogc/drafts/mine").await.ok();
    let data = path_of(&gis, link(&landing, "data").unwrap()).to_owned();
    assert_eq!(data, "/ogc/drafts/mine/collections");
    let collections = gis.get(&data).await.ok();
    let collections = collections["collections"].as_array().unwrap();
    assert_eq!(
        collections.len(),
        7,
        "a draft has areas, and nothing that moves"
    );
    let grids = collections.iter().find(|one| one["id"] == "grids").unwrap();
    let items = path_of(&gis, link(grids, "items").unwrap()).to_owned();
    let before = all_items(&gis, &format!("{items}?limit=700")).await;
    assert_eq!(
        before,
        all_items(&public, &format!("{GRIDS}?limit=1000")).await
    );
    assert!(drafts(&gis).await.is_empty());
    let document = gis.get("/ogc/drafts/mine/api").await.ok();
    let server_url = document["servers"][0]["url"].as_str().unwrap();
    assert!(server_url.ends_with("/ogc/drafts/mine"), "{server_url}");
    assert!(document["paths"]["/collections/grids/items"]["post"].is_object());
    assert!(
        document["paths"]
            .get("/collections/workers/items")
            .is_none()
    );
    assert!(document["paths"].get("/collections/grids/tiles").is_none());
    gis.get("/ogc/drafts/mine/collections/grids/tiles")
        .await
        .problem(404, "not_found");

    // Each sees and writes their own, within their area.
    let kind = ("content-type", GEO_JSON);
    let seen = ("if-match", "*");
    let patch = json!({"properties": {"name": "我的"}});
    for (client, grid, status) in [
        (&gis, &here.grid, 200),
        (&gis, &there.grid, 403),
        (&other, &there.grid, 200),
    ] {
        let path = format!("{items}/{grid}");
        let answer = send(client, Method::PATCH, &path, &[kind, seen], &patch).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    for (client, status, code) in [
        (&public, 401, "needs_credentials"),
        (&dispatcher, 403, "forbidden"),
    ] {
        for path in ["/ogc/drafts/mine", &items] {
            client.get(path).await.problem(status, code);
        }
        send(
            client,
            Method::PATCH,
            &format!("{GRIDS}/{}", here.grid),
            &[kind, seen],
            &patch,
        )
        .await
        .problem(status, code);
    }
    let id = drafts(&gis).await[0]["id"].as_str().unwrap().to_owned();
    let named = format!("/ogc/drafts/{id}/collections/grids/items/{}", here.grid);
    assert_eq!(gis.get(&named).await.ok()["properties"]["name"], "我的");
    other.get(&named).await.problem(404, "not_found");
    let mine = format!("{items}/{}", here.grid);
    assert_ne!(other.get(&mine).await.ok()["properties"]["name"], "我的");
    let found = gis
        .get(&format!("{items}?name=%E6%88%91%E7%9A%84"))
        .await
        .ok();
    assert_eq!(found["numberMatched"], 1, "{found}");
    let filter = "filter=name%20LIKE%20'%E6%88%91%25'%20AND%20area_m2%3E0";
    let found = gis.get(&format!("{items}?{filter}")).await.ok();
    assert_eq!(found["numberMatched"], 1, "{found}");
    gis.get(&format!("{items}?datetime=2026-01-01"))
        .await
        .problem(422, "invalid_field");

    // An address says what it takes from whom.
    let allow = async |client: &Client, path: &str| {
        let answer = client.send(client.request(Method::OPTIONS, path)).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        header(&answer, "allow").to_owned()
    };
    let single = format!("{GRIDS}/{}", here.grid);
    assert_eq!(allow(&gis, GRIDS).await, "GET, HEAD, OPTIONS, POST");
    assert_eq!(
        allow(&gis, &single).await,
        "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
    );
    assert_eq!(allow(&public, &single).await, "GET, HEAD, OPTIONS");
    assert_eq!(allow(&dispatcher, GRIDS).await, "GET, HEAD, OPTIONS");

    // A draft that is closed takes nothing more.
    let draft = gis.get(&format!("/api/v1/drafts/{id}")).await.ok();
    let path = format!("/api/v1/drafts/{id}?version={}", draft["version"]);
    gis.send(gis.request(Method::DELETE, &path)).await;
    send(&gis, Method::PATCH, &named, &[kind, seen], &patch)
        .await
        .problem(409, "draft_not_open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_writes_all_come_into_one_draft() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = places(&client).await;
    let mut writers = tokio::task::JoinSet::new();
    for place in places.iter().take(6) {
        let (client, path) = (client.clone(), format!("{GRIDS}/{}", place.grid));
        writers.spawn(async move {
            let headers = [("content-type", MERGE_PATCH), ("if-match", "*")];
            let patch = json!({"properties": {"name": "一起"}});
            send(&client, Method::PATCH, &path, &headers, patch)
                .await
                .ok()
        });
    }
    while let Some(written) = writers.join_next().await {
        written.unwrap();
    }
    assert_eq!(drafts(&client).await.len(), 1);
    let found = client
        .get("/ogc/drafts/mine/collections/grids/items?name=%E4%B8%80%E8%B5%B7")
        .await
        .ok();
    assert_eq!(found["numberMatched"], 6, "{found}");
}
