//! What GIS staff do at the boundary desk, through the API.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, places};

const BOUNDARY: &str = "----wangge-test-boundary";

/// Sends a file as a browser's form does.
pub async fn upload(
    client: &Client,
    name: &str,
    content: &[u8],
    fields: &[(&str, &str)],
) -> Answer {
    send_file(client, "/api/v1/drafts", name, content, fields).await
}

/// As [`upload`], to another address.
pub async fn send_file(
    client: &Client,
    path: &str,
    name: &str,
    content: &[u8],
    fields: &[(&str, &str)],
) -> Answer {
    let request = client
        .request(Method::POST, path)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(form(name, content, fields));
    client.send(request).await
}

pub fn form(name: &str, content: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

pub fn draft_path(draft: &Value) -> String {
    format!(
        "/api/v1/drafts/{}",
        draft["id"].as_str().expect("a draft has an id")
    )
}

/// Does something with the version of a draft that is given.
pub async fn change(client: &Client, draft: &Value, what: &str, mut body: Value) -> Answer {
    body["version"] = draft["version"].clone();
    client
        .post(&format!("{}/{what}", draft_path(draft)), &body)
        .await
}

/// A community with at least so many grids, as `(code, features of its grids)`.
pub async fn community(client: &Client, grids: usize) -> (String, Vec<Value>) {
    for community in client
        .list("/api/v1/areas?level=community&limit=1000")
        .await
    {
        let code = community["code"].as_str().unwrap();
        let children = client.list(&format!("/api/v1/areas/{code}/children")).await;
        if children.len() >= grids {
            let mut features = Vec::new();
            for child in children {
                features.push(feature(client, child["code"].as_str().unwrap()).await);
            }
            return (code.to_owned(), features);
        }
    }
    panic!("the demonstration should have a community with {grids} grids")
}

/// An area as a feature of a file.
pub async fn feature(client: &Client, code: &str) -> Value {
    let area = client.get(&format!("/api/v1/areas/{code}")).await.ok();
    json!({
        "type": "Feature",
        "properties": { "code": area["code"], "name": area["name"], "generated": area["generated"] },
        "geometry": area["geometry"],
    })
}

pub fn collection(features: &[Value]) -> Vec<u8> {
    json!({ "type": "FeatureCollection", "features": features })
        .to_string()
        .into_bytes()
}

/// The answers to look-ups everywhere, without the number of the edition.
async fn answers(client: &Client, places: &[Place]) -> Vec<String> {
    let mut answers = Vec::new();
    // Every grid around the middle one, and some everywhere.
    let middle = places.iter().skip(places.len() / 2 - 5).take(10);
    for place in places.iter().step_by(29).chain(middle) {
        let path = format!(
            "/api/v1/lookup?lon={}&lat={}&accuracy_m=50",
            place.lon, place.lat
        );
        let mut answer = client.get(&path).await.ok();
        answer["edition"] = Value::Null;
        answers.push(answer.to_string());
    }
    answers
}

/// The area's identity, as drafts name it.
async fn identity(client: &Client, code: &str) -> String {
    let history = client.list(&format!("/api/v1/areas/{code}/history")).await;
    history.last().unwrap()["id"].as_str().unwrap().to_owned()
}

/// The first outer ring of a GeoJSON geometry.
fn outer(geometry: &mut Value) -> &mut Vec<Value> {
    let coordinates = match geometry["type"].as_str() {
        Some("Polygon") => &mut geometry["coordinates"][0],
        _ => &mut geometry["coordinates"][0][0],
    };
    coordinates.as_array_mut().unwrap()
}

pub async fn a_file_with_defects_is_judged_mended_and_published(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let (community, mut features) = community(&client, 2).await;
    // One border moves by some forty metres: a gap on one side or an overlap on the other.
    let ring = outer(&mut features[1]["geometry"]);
    let middle = ring.len() / 2;
    let (lon, lat) = (
        ring[middle][0].as_f64().unwrap(),
        ring[middle][1].as_f64().unwrap(),
    );
    ring[middle] = json!([lon + 0.0004, lat + 0.0003]);
    let opened = upload(
        &client,
        "grids.geojson",
        &collection(&features),
        &[("title", "调整")],
    )
    .await
    .expect(201);
    assert_eq!(opened["reading"]["crs"], "wgs84", "{}", opened["reading"]);
    assert_eq!(opened["reading"]["undecided"], json!([]), "{opened}");
    let draft = &opened["draft"];
    let path = draft_path(draft);

    let verdict = client.get(&format!("{path}/verdict")).await.ok();
    assert_eq!(verdict["publishing"], "needs_reason", "{verdict}");
    let kinds: Vec<&str> = verdict["defects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|defect| defect["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds
            .iter()
            .any(|kind| ["gap", "overlap", "outside_parent"].contains(kind)),
        "a moved border should be found: {kinds:?}"
    );
    for defect in verdict["defects"].as_array().unwrap() {
        assert!(
            defect["place"].is_object(),
            "a defect is somewhere: {defect}"
        );
    }
    let covered = verdict["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .find(|coverage| coverage["code"] == community.as_str())
        .expect("the community should be judged")
        .clone();
    assert_eq!(covered["exact"], false, "{covered}");
    let pins = client.get(&format!("{path}/verdict.geojson")).await.ok();
    assert_eq!(
        pins["features"].as_array().unwrap().len(),
        verdict["defects"].as_array().unwrap().len()
    );
    let page = client.get(&format!("{path}/certificate")).await;
    assert!(
        page.status == 200 && page.text.contains(&community),
        "{page:?}"
    );

    change(&client, draft, "publish", json!({}))
        .await
        .problem(422, "reason_needed");
    let repairs = json!({ "repairs": [
        { "kind": "clip_to_parent" }, { "kind": "settle_overlaps" }, { "kind": "fill_gaps" },
    ] });
    let mut rehearsal = repairs.clone();
    rehearsal["dry_run"] = json!(true);
    let rehearsed = change(&client, draft, "repair", rehearsal).await.ok();
    assert_eq!(
        rehearsed["draft"]["version"], draft["version"],
        "nothing should have changed"
    );
    assert!(
        !rehearsed["mendings"].as_array().unwrap().is_empty(),
        "{rehearsed}"
    );
    let repaired = change(&client, draft, "repair", repairs.clone()).await.ok();
    assert_eq!(repaired["mendings"], rehearsed["mendings"]);
    change(&client, draft, "repair", repairs)
        .await
        .problem(409, "version_conflict");
    let draft = &repaired["draft"];
    let verdict = client.get(&format!("{path}/verdict")).await.ok();
    let covered = verdict["coverage"].as_array().unwrap().iter();
    for covered in covered.filter(|coverage| coverage["code"] == community.as_str()) {
        assert_eq!(
            (
                &covered["gap_m2"],
                &covered["overlap_m2"],
                &covered["outside_m2"]
            ),
            (&json!(0.0), &json!(0.0), &json!(0.0)),
            "{covered}"
        );
    }
    assert_ne!(verdict["publishing"], "barred", "{verdict}");

    let diff = client.get(&format!("{path}/diff")).await.ok();
    let transfers = diff["transfers"].as_array().unwrap();
    assert!(
        transfers
            .iter()
            .all(|transfer| transfer["size_m2"].as_f64().unwrap() > 0.0),
        "{diff}"
    );
    assert!(diff["touched"].is_object(), "{diff}");
    let published = change(&client, draft, "publish", json!({ "reason": "实测" }))
        .await
        .expect(201);
    assert_eq!(published["edition"]["id"], 2, "{published}");
    let found = client.get(&path).await.ok();
    assert_eq!(
        (&found["state"], &found["edition"]),
        (&json!("published"), &json!(2))
    );
    change(&client, draft, "publish", json!({ "reason": "实测" }))
        .await
        .problem(409, "draft_not_open");
    let steps = client.list(&format!("{path}/steps")).await;
    let operations: Vec<&str> = steps
        .iter()
        .map(|step| step["operation"].as_str().unwrap())
        .collect();
    assert_eq!(operations, ["upload", "repair"]);
    for place in places(&client).await.iter().take(40) {
        let path = format!("/api/v1/lookup?lon={}&lat={}", place.lon, place.lat);
        let found = client.get(&path).await.ok();
        assert_eq!(
            (&found["match"], &found["edition"]),
            (&json!("grid"), &json!(2)),
            "{found}"
        );
    }
}

/// A line through an area's label, past its box on both sides.
fn line_across(area: &Value) -> Value {
    let bbox: Vec<f64> = area["bbox"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side.as_f64().unwrap())
        .collect();
    let lat = area["label"]["lat"].as_f64().unwrap();
    json!({ "type": "LineString", "coordinates": [[bbox[0] - 0.01, lat], [bbox[2] + 0.01, lat]] })
}

pub async fn a_split_rematches_incidents_and_a_rollback_restores_every_answer(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = places(&client).await;
    let before = answers(&client, &places).await;
    let grid = &places[places.len() / 2].grid;
    let area = client.get(&format!("/api/v1/areas/{grid}")).await.ok();
    assert_eq!(
        area["children"], 0,
        "the grid should have no microgrids: {area}"
    );
    let id = identity(&client, grid).await;

    let opened = client
        .post("/api/v1/drafts", &json!({ "title": "拆分" }))
        .await
        .expect(201);
    let edit = json!({ "edit": {
        "op": "split", "area": id, "line": line_across(&area), "names": ["新网格"],
    } });
    let edited = change(&client, &opened["draft"], "edits", edit).await.ok();
    let draft = &edited["draft"];
    let path = draft_path(draft);
    let verdict = client.get(&format!("{path}/verdict")).await.ok();
    assert_ne!(verdict["publishing"], "barred", "{verdict}");
    let coverage = verdict["coverage"].as_array().unwrap();
    assert!(coverage.iter().all(|one| one["exact"] == true), "{verdict}");

    // Incidents on every piece, filed under the one grid.
    let preview = client.get(&format!("{path}/areas.geojson")).await.ok();
    let pieces: Vec<&Value> = preview["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|feature| feature["properties"]["parent"] == area["parent"])
        .filter(|feature| {
            feature["properties"]["code"] == grid.as_str()
                || feature["properties"]["name"]
                    .as_str()
                    .unwrap()
                    .starts_with("新网格")
        })
        .collect();
    assert!(pieces.len() >= 2, "{preview}");
    let new_code = pieces
        .iter()
        .map(|piece| piece["properties"]["code"].as_str().unwrap())
        .find(|code| code != grid)
        .unwrap();
    let bbox = area["bbox"].as_array().unwrap();
    let mut filed = Vec::new();
    for (x, y) in [(0.3, 0.2), (0.5, 0.35), (0.5, 0.7), (0.6, 0.8)] {
        let at = |low: usize, high: usize, share: f64| {
            let (low, high) = (bbox[low].as_f64().unwrap(), bbox[high].as_f64().unwrap());
            low + (high - low) * share
        };
        let place = Place {
            grid: grid.clone(),
            lon: at(0, 2, x),
            lat: at(1, 3, y),
        };
        filed.push(place.file(&client, "拆分以前").await);
    }
    let diff = client.get(&format!("{path}/diff")).await.ok();
    let split = diff["changes"].as_array().unwrap().iter();
    let split: Vec<&Value> = split
        .filter(|change| {
            change["kinds"]
                .as_array()
                .unwrap()
                .contains(&json!("split"))
        })
        .collect();
    assert!(
        split
            .iter()
            .any(|change| change["made_from"] == json!([id])),
        "the new grid should know what it was cut out of: {diff}"
    );
    let touched: Vec<&str> = diff["touched"]["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|incident| incident["number"].as_str().unwrap())
        .collect();

    change(&client, draft, "publish", json!({ "reason": "人口增加" }))
        .await
        .expect(201);
    let mut rematched = 0;
    for incident in &filed {
        let path = format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap());
        let now = client.get(&path).await.ok();
        let found = client
            .get(&format!(
                "/api/v1/lookup?lon={}&lat={}",
                now["lon"], now["lat"]
            ))
            .await;
        let moved = now["area"]["code"] != incident["area"]["code"];
        let number = incident["number"].as_str().unwrap();
        assert_eq!(
            moved,
            touched.contains(&number),
            "the diff should have told: {now}"
        );
        if found.status == 200 {
            assert_eq!(found.json()["area"]["code"], now["area"]["code"], "{now}");
        }
        let events = client.list(&format!("{path}/events")).await;
        let told = events
            .iter()
            .filter(|event| event["action"] == "rematch")
            .count();
        assert_eq!(
            told,
            usize::from(moved),
            "the history should say it: {events:?}"
        );
        rematched += told;
    }
    assert!(
        rematched > 0,
        "a piece of the grid should have had an incident"
    );
    let history = client
        .list(&format!("/api/v1/areas/{new_code}/history"))
        .await;
    assert!(
        history
            .iter()
            .any(|version| version["made_from"] == json!([id])),
        "{history:?}"
    );
    assert!(
        answers(&client, &places).await != before,
        "the split should be seen"
    );

    client
        .post("/api/v1/editions/1/rollback", &json!({ "reason": " " }))
        .await
        .problem(422, "invalid_field");
    let back = client
        .post(
            "/api/v1/editions/1/rollback",
            &json!({ "reason": "误操作" }),
        )
        .await
        .expect(201);
    assert_eq!(
        (&back["id"], &back["restores"]),
        (&json!(3), &json!(1)),
        "{back}"
    );
    assert!(
        answers(&client, &places).await == before,
        "every answer should be as it was"
    );
    for incident in &filed {
        let path = format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap());
        let now = client.get(&path).await.ok();
        assert_eq!(now["area"]["code"], incident["area"]["code"], "{now}");
    }
    let new_path = format!("/api/v1/areas/{new_code}");
    client.get(&new_path).await.problem(404, "not_found");
    let editions = client.list("/api/v1/editions").await;
    assert_eq!(editions.len(), 3, "the past should stay: {editions:?}");
    let published = editions[1]["published_at"]
        .as_str()
        .unwrap()
        .replace('+', "%2B");
    client.get(&format!("{new_path}?at={published}")).await.ok();
}

pub async fn a_coming_edition_answers_at_its_time_and_not_before(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.remove(5);
    let id = identity(&client, &place.grid).await;
    let opened = client
        .post("/api/v1/drafts", &json!({ "title": "更名" }))
        .await
        .expect(201);
    let rename = json!({ "edit": { "op": "rename", "area": id, "name": "明年的名字" } });
    let edited = change(&client, &opened["draft"], "edits", rename)
        .await
        .ok();
    let publish = json!({ "effective_from": "2099-01-01T00:00:00Z", "reason": "预告" });
    change(&client, &edited["draft"], "publish", publish)
        .await
        .expect(201);
    let path = format!("/api/v1/lookup?lon={}&lat={}", place.lon, place.lat);
    let grid_name = |answer: &Value| {
        let chain = answer["chain"].as_array().unwrap();
        let grid = chain.iter().find(|link| link["level"] == "grid").unwrap();
        grid["name"].clone()
    };
    let now = client.get(&path).await.ok();
    assert_ne!(grid_name(&now), "明年的名字");
    assert_eq!(now["edition"], 1);
    let then = client
        .get(&format!("{path}&at=2099-06-01T00:00:00Z"))
        .await
        .ok();
    assert_eq!(
        (grid_name(&then), &then["edition"]),
        (json!("明年的名字"), &json!(2)),
        "{then}"
    );
    let long_ago = client
        .get(&format!("{path}&at=1999-06-01T00:00:00Z"))
        .await
        .ok();
    assert_eq!(
        long_ago["match"], "outside",
        "there was no territory: {long_ago}"
    );
    let layer = format!(
        "/layers/grids.geojson?bbox={0},{1},{0},{1}",
        place.lon, place.lat
    );
    let then = client
        .get(&format!("{layer}&at=2099-06-01T00:00:00Z"))
        .await;
    assert!(then.text.contains("明年的名字"), "{}", then.text);
    assert!(!client.get(&layer).await.text.contains("明年的名字"));
}

pub async fn drafts_on_an_older_edition_are_brought_forward_or_refused(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = places(&client).await;
    let [one, other] = [&places[3].grid, &places[400].grid];
    let (one_id, other_id) = (identity(&client, one).await, identity(&client, other).await);
    let mut drafts = Vec::new();
    for (area, name) in [(&one_id, "甲"), (&one_id, "乙"), (&other_id, "丙")] {
        let opened = client
            .post("/api/v1/drafts", &json!({ "title": name }))
            .await
            .expect(201);
        let rename = json!({ "edit": { "op": "rename", "area": area, "name": name } });
        let edited = change(&client, &opened["draft"], "edits", rename)
            .await
            .ok();
        drafts.push(edited["draft"].clone());
    }
    change(&client, &drafts[0], "publish", json!({}))
        .await
        .expect(201);
    let refused = change(&client, &drafts[1], "publish", json!({}))
        .await
        .problem(409, "edition_conflict");
    assert_eq!(
        refused["codes"],
        json!([one]),
        "the conflict should be named: {refused}"
    );
    let brought = change(&client, &drafts[2], "publish", json!({}))
        .await
        .expect(201);
    assert_eq!(brought["rebased_onto"], 2, "{brought}");
    for (code, name) in [(one, "甲"), (other, "丙")] {
        let area = client.get(&format!("/api/v1/areas/{code}")).await.ok();
        assert_eq!(
            area["name"], name,
            "both changes should be in force: {area}"
        );
    }
}

pub async fn a_kill_while_publishing_leaves_one_edition_or_the_other(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let mut published = 0;
    for round in 0_u64..4 {
        let server = Server::open(&ground).await;
        let client = server.client();
        let places = places(&client).await;
        let before = client.list("/api/v1/editions").await.len();
        let features: Vec<Value> = {
            let mut features = Vec::new();
            for place in places.iter().skip(10).take(300) {
                let mut feature = feature(&client, &place.grid).await;
                let name = format!("第{round}轮{}", place.grid);
                feature["properties"]["name"] = json!(name);
                features.push(feature);
            }
            features
        };
        let opened = upload(&client, "many.geojson", &collection(&features), &[])
            .await
            .expect(201);
        let request = client
            .request(
                Method::POST,
                &format!("{}/publish", draft_path(&opened["draft"])),
            )
            .json(&json!({ "version": opened["draft"]["version"], "reason": "改名" }));
        let publishing = {
            let client = client.clone();
            tokio::spawn(async move { client.try_send(request).await })
        };
        // Somewhere between judging and the answer, each round somewhere else.
        tokio::time::sleep(std::time::Duration::from_millis(20 + 60 * round)).await;
        server.kill().await;
        let acknowledged = matches!(publishing.await.unwrap(), Ok(answer) if answer.status == 201);

        let server = Server::open(&ground).await;
        let client = server.client();
        let after = client.list("/api/v1/editions").await.len();
        assert!(
            (before..=before + 1).contains(&after),
            "one edition at most"
        );
        assert!(
            !acknowledged || after == before + 1,
            "what was said should hold"
        );
        let layer = client.list("/api/v1/areas?level=grid&limit=1000").await;
        let renamed = layer
            .iter()
            .filter(|area| {
                area["name"]
                    .as_str()
                    .unwrap()
                    .starts_with(&format!("第{round}轮"))
            })
            .count();
        assert_eq!(
            renamed,
            if after > before { 300 } else { 0 },
            "all of the edition, or nothing of it"
        );
        let draft = client.get(&draft_path(&opened["draft"])).await.ok();
        let state = if after > before { "published" } else { "open" };
        assert_eq!(draft["state"], state, "the draft should agree");
        published += after - before;
    }
    // Whichever way each round went, the territory still takes a change.
    let _ = published;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn look_ups_never_fail_or_mix_editions_while_one_is_published() {
    const READERS: usize = 4;
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = std::sync::Arc::new(places(&client).await);
    let mut features = Vec::new();
    for place in places.iter().take(400) {
        let mut feature = feature(&client, &place.grid).await;
        let name = format!("※{}", feature["properties"]["name"].as_str().unwrap());
        feature["properties"]["name"] = json!(name);
        features.push(feature);
    }
    let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let mut readers = tokio::task::JoinSet::new();
    for reader in 0..READERS {
        let (client, places, done) = (server.client(), places.clone(), done.clone());
        readers.spawn(async move {
            let mut asked = 0_usize;
            let mut seen = 1;
            loop {
                // Who asks after the publication was answered must see it.
                let is_last = done.load(std::sync::atomic::Ordering::Acquire);
                let place = &places[(asked * READERS + reader) % 400];
                let path = format!("/api/v1/lookup?lon={}&lat={}", place.lon, place.lat);
                let found = client.get(&path).await.ok();
                let chain = found["chain"].as_array().unwrap();
                let grid = chain.iter().find(|link| link["level"] == "grid").unwrap();
                let is_new = grid["name"].as_str().unwrap().starts_with('※');
                let edition = found["edition"].as_i64().unwrap();
                assert_eq!(is_new, edition == 2, "an answer is of one edition: {found}");
                assert!(edition >= seen, "nobody goes back to the old edition");
                seen = edition;
                asked += 1;
                if is_last {
                    return (asked, seen);
                }
            }
        });
    }
    let opened = upload(&client, "many.geojson", &collection(&features), &[])
        .await
        .expect(201);
    change(
        &client,
        &opened["draft"],
        "publish",
        json!({ "reason": "改名" }),
    )
    .await
    .expect(201);
    done.store(true, std::sync::atomic::Ordering::Release);
    let mut total = 0;
    while let Some(reader) = readers.join_next().await {
        let (asked, seen) = reader.expect("no look-up should have failed");
        assert_eq!(seen, 2, "the new edition should have been seen");
        total += asked;
    }
    assert!(
        total > 200,
        "look-ups should have gone on meanwhile: {total}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boundaries_are_for_those_who_may_and_within_their_area() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = crate::territory::two_townships(&public).await;
    let gis = public.with_key(&ground.key("测绘", "gis", &["--area", here.township()]));
    let dispatcher = public.with_key(&ground.key("调度", "dispatcher", &[]));
    let empty = json!({ "title": "空" });
    public
        .post("/api/v1/drafts", &empty)
        .await
        .problem(401, "needs_credentials");
    dispatcher
        .post("/api/v1/drafts", &empty)
        .await
        .problem(403, "forbidden");
    let opened = gis.post("/api/v1/drafts", &empty).await.expect(201);
    let draft = &opened["draft"];
    assert_eq!(draft["within"], here.township());
    let rename = |id: String| json!({ "edit": { "op": "rename", "area": id, "name": "改" } });
    let outside = identity(&public, &there.grid).await;
    change(&gis, draft, "edits", rename(outside))
        .await
        .problem(403, "forbidden");
    // Nor the own township itself: its border is also its neighbours'.
    let own = identity(&public, here.township()).await;
    change(&gis, draft, "edits", rename(own))
        .await
        .problem(403, "forbidden");
    let inside = identity(&public, &here.grid).await;
    let edited = change(&gis, draft, "edits", rename(inside.clone()))
        .await
        .ok();
    let other = public.with_key(&ground.key("别处", "gis", &["--area", there.township()]));
    let path = draft_path(draft);
    other.get(&path).await.problem(404, "not_found");
    assert!(other.list("/api/v1/drafts").await.is_empty());
    public.get(&path).await.problem(401, "needs_credentials");
    gis.post("/api/v1/editions/1/rollback", &json!({ "reason": "试" }))
        .await
        .problem(403, "forbidden");

    // Undo takes the change back, and nothing is left to publish.
    let undone = change(&gis, &edited["draft"], "undo", json!({})).await.ok();
    assert_eq!(undone["version"], 3);
    change(&gis, &undone, "publish", json!({}))
        .await
        .problem(422, "draft_empty");
    change(&gis, &undone, "undo", json!({}))
        .await
        .problem(422, "nothing_to_undo");
    let discarded = gis
        .send(gis.request(Method::DELETE, &format!("{path}?version=3")))
        .await;
    assert_eq!(discarded.status, 204, "{discarded:?}");
    change(&gis, &undone, "edits", rename(inside))
        .await
        .problem(409, "draft_not_open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_exported_changes_nothing_when_it_comes_back() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    for file in ["grids.zip", "grids.gpkg", "grids.txt"] {
        let path = ground.file(file);
        ground
            .run(&[
                "export",
                path.to_str().unwrap(),
                "--level",
                "grid",
                "--crs",
                "EPSG:4528",
            ])
            .succeeded();
        let content = std::fs::read(&path).unwrap();
        let opened = upload(&client, file, &content, &[]).await.expect(201);
        assert_eq!(
            opened["reading"]["undecided"],
            json!([]),
            "{file}: {}",
            opened["reading"]
        );
        change(&client, &opened["draft"], "publish", json!({}))
            .await
            .problem(422, "draft_empty");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vector_tiles_of_a_part_go_into_one_file() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let path = ground.file("part.pmtiles");
    let file = path.to_str().unwrap();
    let part = ["--area", "320812", "--max-zoom", "11"];
    ground
        .run(&[&["export", file], &part[..]].concat())
        .succeeded();
    let written = std::fs::read(&path).unwrap();
    // Version 3; packed with gzip; Mapbox vector tiles; from the first zoom of counties on.
    assert_eq!(&written[..8], b"PMTiles\x03");
    assert_eq!(&written[97..102], [2, 2, 1, 2, 11]);
    let west = i32::from_le_bytes(written[102..106].try_into().unwrap());
    let county = client.get("/api/v1/areas/320812").await.ok();
    let expected = county["bbox"][0].as_f64().unwrap();
    assert!(
        (f64::from(west) / 1e7 - expected).abs() < 1e-6,
        "{west} {expected}"
    );

    let url = "/api/v1/export?format=pmtiles";
    let request = client.request(Method::GET, &format!("{url}&area=320812&max_zoom=11"));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/vnd.pmtiles");
    assert_eq!(answer.bytes().await.unwrap(), written);
    client
        .get(&format!("{url}&crs=EPSG:4528"))
        .await
        .problem(422, "export_failed");
    client
        .get(&format!("{url}&area=320812&level=grid&max_zoom=3"))
        .await
        .problem(422, "export_failed");
    client
        .get("/api/v1/export?format=jpeg")
        .await
        .problem(400, "invalid_request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_that_do_not_arrive_or_cannot_be_read_leave_nothing() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let uploads = ground.file("data").join("uploads");
    let left = || std::fs::read_dir(&uploads).map_or(0, Iterator::count);
    upload(&client, "notes.txt", "不是边界".as_bytes(), &[])
        .await
        .problem(422, "unreadable_file");
    upload(&client, "x.geojson", b"{}", &[("crs", "EPSG:1")])
        .await
        .problem(400, "invalid_request");
    upload(&client, "x.geojson", b"{}", &[("colour", "red")])
        .await
        .problem(400, "invalid_request");
    let cut = form("cut.geojson", &vec![b' '; 4 << 20], &[]);
    let request = client
        .request(Method::POST, "/api/v1/drafts")
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(cut[..2 << 20].to_vec());
    client.send(request).await.problem(400, "invalid_request");
    assert_eq!(left(), 0, "nothing should be kept of what was refused");
    assert!(client.list("/api/v1/drafts").await.is_empty());

    let (_, features) = community(&client, 2).await;
    let request = client
        .request(Method::POST, "/api/v1/drafts")
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header("accept", "text/event-stream")
        .body(form("grids.geojson", &collection(&features), &[]));
    let told = client.send(request).await;
    assert_eq!(told.status, 200, "{told:?}");
    for word in [
        "event: progress",
        "\"stage\":\"reading\"",
        "event: done",
        "\"reading\"",
    ] {
        assert!(
            told.text.contains(word),
            "{word} should be told: {}",
            told.text
        );
    }
    assert_eq!(left(), 1, "the draft should keep its file");
}
