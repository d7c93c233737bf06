//! Who may do what, when credentials are asked for.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, id_of, incident_path};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, SERVICE, places, two_townships};

/// Operations that anybody may use. What is not here needs credentials.
const PUBLIC: &[&str] = &[
    "GET /api/v1/areas",
    "GET /api/v1/areas/{code}",
    "GET /api/v1/areas/{code}/children",
    "GET /api/v1/areas/{code}/history",
    "GET /api/v1/areas/{code}/neighbours",
    "GET /api/v1/editions",
    "GET /api/v1/export",
    "GET /api/v1/lookup",
    "GET /api/v1/map-config",
    "GET /api/v1/organisations",
    "GET /api/v1/services",
    "GET /api/v1/session",
    "GET /healthz",
    "GET /layers/{layer}",
    "GET /metrics",
    "GET /tiles/{layer}",
    "GET /tiles/{layer}/{z}/{x}/{y}",
    "GET /ogc",
    "GET /ogc/api",
    "GET /ogc/collections",
    "GET /ogc/collections/{collection}",
    "GET /ogc/collections/{collection}/items",
    "GET /ogc/collections/{collection}/items/{feature}",
    "GET /ogc/collections/{collection}/queryables",
    "GET /ogc/collections/{collection}/tiles",
    "GET /ogc/collections/{collection}/tiles/{tileMatrixSet}",
    "GET /ogc/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
    "GET /ogc/conformance",
    "GET /ogc/tileMatrixSets",
    "GET /ogc/tileMatrixSets/{tileMatrixSet}",
    "GET /open311/discovery.json",
    "GET /open311/discovery.xml",
    "GET /open311/v2/requests.json",
    "GET /open311/v2/requests.xml",
    "GET /open311/v2/requests/{service_request_id}",
    "GET /open311/v2/requests/{service_request_id}/updates.json",
    "GET /open311/v2/requests/{service_request_id}/updates.xml",
    "GET /open311/v2/servicerequestupdates.json",
    "GET /open311/v2/servicerequestupdates.xml",
    "GET /open311/v2/services.json",
    "GET /open311/v2/services.xml",
    "GET /open311/v2/services/{service_code}",
    "GET /open311/v2/tokens/{token}",
    "GET /readyz",
    "OPTIONS /ogc/collections/{collection}/items",
    "OPTIONS /ogc/collections/{collection}/items/{feature}",
    "POST /api/v1/incidents",
    "POST /api/v1/lookup",
    "POST /open311/v2/requests.json",
    "POST /open311/v2/requests.xml",
];

/// What each of the other operations is sent, so that nothing but the credentials is
/// missing. `{id}` stands for an incident or a worker that there is.
const GUARDED: &[(&str, &str)] = &[
    ("DELETE /api/v1/drafts/{id}", "?version=1"),
    ("DELETE /ogc/collections/{collection}/items/{feature}", ""),
    (
        "PATCH /ogc/collections/{collection}/items/{feature}",
        r#"{"properties":{"name":"改"}}"#,
    ),
    (
        "POST /ogc/collections/{collection}/items",
        r#"{"type":"Feature","geometry":null,"properties":{"name":"新"}}"#,
    ),
    (
        "PUT /ogc/collections/{collection}/items/{feature}",
        r#"{"type":"Feature","geometry":null,"properties":{"name":"改"}}"#,
    ),
    ("GET /api/v1/drafts", ""),
    ("GET /api/v1/drafts/{id}", ""),
    ("GET /api/v1/drafts/{id}/areas.geojson", ""),
    ("GET /api/v1/drafts/{id}/certificate", ""),
    ("GET /api/v1/drafts/{id}/diff", ""),
    ("GET /api/v1/drafts/{id}/diff.geojson", ""),
    ("GET /api/v1/drafts/{id}/reading", ""),
    ("GET /api/v1/drafts/{id}/steps", ""),
    ("GET /api/v1/drafts/{id}/verdict", ""),
    ("GET /api/v1/drafts/{id}/verdict.geojson", ""),
    ("POST /api/v1/dispatch/plan", "{}"),
    ("POST /api/v1/drafts", r#"{"title":"空"}"#),
    (
        "POST /api/v1/drafts/{id}/edits",
        r#"{"version":1,"edit":{"op":"rename","area":"{worker}","name":"改"}}"#,
    ),
    ("POST /api/v1/drafts/{id}/publish", r#"{"version":1}"#),
    ("POST /api/v1/drafts/{id}/reading", r#"{"version":1}"#),
    (
        "POST /api/v1/drafts/{id}/repair",
        r#"{"version":1,"repairs":[]}"#,
    ),
    ("POST /api/v1/drafts/{id}/undo", r#"{"version":1}"#),
    ("POST /api/v1/editions/{id}/rollback", r#"{"reason":"试"}"#),
    ("GET /api/v1/incidents", ""),
    ("GET /api/v1/incidents/{id}", ""),
    ("GET /api/v1/incidents/{id}/candidates", ""),
    ("GET /api/v1/incidents/{id}/duplicates", ""),
    ("GET /api/v1/incidents/{id}/events", ""),
    ("GET /api/v1/incidents/{id}/media", ""),
    ("GET /api/v1/media/{id}", ""),
    ("GET /api/v1/media/{id}/thumbnail", ""),
    ("POST /api/v1/incidents/{id}/media", ""),
    ("GET /api/v1/hot-spots", ""),
    ("GET /api/v1/incidents/{id}/route", ""),
    ("GET /api/v1/departments/{organisation}/cases/{case}", ""),
    ("GET /api/v1/departments/{organisation}/mapping", ""),
    (
        "PUT /api/v1/departments/{organisation}/cases/{case}",
        r#"{"action":"sign"}"#,
    ),
    (
        "PUT /api/v1/departments/{organisation}/mapping",
        r#"{"fields":{}}"#,
    ),
    ("DELETE /api/v1/webhooks/{id}", ""),
    ("GET /api/v1/webhooks", ""),
    ("GET /api/v1/webhooks/{id}", ""),
    ("GET /api/v1/webhooks/{id}/deliveries", ""),
    ("PATCH /api/v1/webhooks/{id}", r#"{"state":"paused"}"#),
    (
        "POST /api/v1/webhooks",
        r#"{"organisation":"{worker}","url":"https://department.example/"}"#,
    ),
    ("POST /api/v1/webhooks/{id}/ping", ""),
    ("POST /api/v1/webhooks/{id}/replay", "{}"),
    ("POST /api/v1/webhooks/{id}/rotate", ""),
    ("DELETE /api/v1/posts/{id}", ""),
    ("GET /api/v1/areas/{code}/posts", ""),
    ("GET /api/v1/areas/{code}/roster", ""),
    ("GET /api/v1/staffing", ""),
    ("GET /api/v1/statistics", ""),
    ("GET /api/v1/workers/{id}/duties", ""),
    ("GET /api/v1/workloads", ""),
    ("PATCH /api/v1/posts/{id}", r#"{"until":null}"#),
    ("POST /api/v1/areas/{code}/roster/copy", "{}"),
    (
        "POST /api/v1/posts",
        r#"{"worker":"{worker}","area":"320803","slot":"cadre"}"#,
    ),
    (
        "PUT /api/v1/areas/{code}/roster",
        r#"{"version":"","duties":[]}"#,
    ),
    ("DELETE /api/v1/workers/{id}/watch", ""),
    ("GET /api/v1/alarms", ""),
    ("GET /api/v1/areas/{code}/presence", ""),
    ("GET /api/v1/workers/{id}/visits", ""),
    ("POST /api/v1/alarms/{id}/settle", "{}"),
    ("POST /api/v1/workers/{id}/panic", "{}"),
    ("POST /api/v1/workers/{id}/watch", "{}"),
    ("GET /api/v1/rules", ""),
    ("GET /api/v1/rules/versions", ""),
    (
        "POST /api/v1/rules/rehearsal",
        r#"{"since":"2026-01-01T00:00:00Z","until":"2026-12-31T00:00:00Z"}"#,
    ),
    (
        "PUT /api/v1/rules",
        r#"{"base":0,"rules":{"calendar":{"code":"x","name_zh":"甲","name_en":"x",
            "zone":"Asia/Shanghai","week":{"monday":[{"from":"08:00","to":"12:00"}]}}}}"#,
    ),
    ("GET /api/v1/stream", ""),
    ("GET /api/v1/workers", ""),
    ("GET /api/v1/workers/nearest", "?lon=119.02&lat=33.6"),
    ("GET /api/v1/workers/{id}", ""),
    ("GET /api/v1/workers/{id}/track", ""),
    ("GET /api/v1/positions/osmand", "?lat=33.6&lon=119.02"),
    ("POST /api/v1/positions/osmand", "?lat=33.6&lon=119.02"),
    (
        "POST /api/v1/positions/owntracks",
        r#"{"_type":"location","lat":33.6,"lon":119.02,"tst":1763798400}"#,
    ),
    (
        "POST /api/v1/incidents/{id}/actions",
        r#"{"version":1,"action":"file"}"#,
    ),
    (
        "POST /api/v1/positions",
        r#"{"worker":"{worker}","lon":119.02,"lat":33.6}"#,
    ),
    ("POST /api/v1/workers/{id}/duty", r#"{"on_duty":false}"#),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_either_public_or_asks_for_credentials() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let worker = admin.get("/api/v1/workers?limit=1").await.ok()["items"][0].take();
    let incident = places(&public).await[0].file(&public, "无凭据").await;

    let document = public.get("/api/openapi.json").await.ok();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            operations.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let listed: BTreeSet<String> = PUBLIC
        .iter()
        .copied()
        .chain(GUARDED.iter().map(|(operation, _)| *operation))
        .map(str::to_owned)
        .collect();
    assert_eq!(
        operations, listed,
        "every operation of the API should be listed above as public or guarded"
    );

    for (operation, sent) in GUARDED {
        let (method, path) = operation.split_once(' ').unwrap();
        let id = if path.contains("workers") {
            id_of(&worker)
        } else {
            id_of(&incident)
        };
        let id = if path.contains("editions") { "1" } else { id };
        let path = path.replace("{id}", id);
        let path = path.replace("{code}", "320803");
        let path = path.replace("{collection}", "counties");
        let path = path.replace("{feature}", "320803");
        let path = path.replace("{organisation}", id).replace("{case}", "1");
        let method = method.parse::<Method>().unwrap();
        let answer = if sent.starts_with('{') {
            let body = sent.replace("{worker}", id_of(&worker));
            let body: Value = serde_json::from_str(&body).unwrap();
            public.send(public.request(method, &path).json(&body)).await
        } else {
            let request = public.request(method, &format!("{path}{sent}"));
            public.send(request).await
        };
        let challenge = answer.headers.get("www-authenticate").cloned();
        answer.problem(401, "needs_credentials");
        assert!(
            challenge.is_some_and(|value| value.as_bytes().starts_with(b"Bearer")),
            "{operation} should say how to show credentials"
        );
    }
    for layer in ["incidents", "workers"] {
        public
            .get(&format!("/layers/{layer}.geojson"))
            .await
            .problem(401, "needs_credentials");
    }
    let number = incident["number"].as_str().unwrap();
    for rest in ["events", "candidates", "media"] {
        public
            .get(&format!("/api/v1/incidents/{number}/{rest}"))
            .await
            .problem(401, "needs_credentials");
    }
    public
        .with_key("wangge_not_a_key")
        .get("/api/v1/areas/3208")
        .await
        .ok();
    public
        .with_key("wangge_not_a_key")
        .get("/api/v1/incidents")
        .await
        .problem(401, "bad_credentials");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_may_look_up_read_areas_report_and_follow() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(
            public.get(path).await.status,
            200,
            "{path} should be public"
        );
    }
    let place = places(&public).await.swap_remove(10);
    let grid = format!("/api/v1/areas/{}", place.grid);
    for path in [
        "/api/v1/map-config".to_owned(),
        "/api/v1/services".to_owned(),
        "/api/v1/organisations".to_owned(),
        format!("/api/v1/lookup?lon={}&lat={}", place.lon, place.lat),
        grid.clone(),
        format!("{grid}/children"),
        format!("{grid}/neighbours"),
    ] {
        public.get(&path).await.ok();
    }
    for layer in [
        "provinces",
        "cities",
        "counties",
        "townships",
        "communities",
        "grids",
        "microgrids",
    ] {
        let collection = public
            .get(&format!(
                "/layers/{layer}.geojson?bbox=119.0,33.5,119.1,33.6"
            ))
            .await
            .ok();
        assert_eq!(collection["type"], "FeatureCollection", "{layer}");
    }
    let session = public.get("/api/v1/session").await.ok();
    assert_eq!(
        (&session["open"], &session["actor"]["role"]),
        (&json!(false), &json!("resident")),
        "without credentials one is the public"
    );

    let mut report = place.report("自称紧急");
    report["priority"] = json!("urgent");
    report["source"] = json!("hotline");
    let incident = public.post("/api/v1/incidents", &report).await.expect(201);
    let catalogue = public.get("/api/v1/services").await.ok();
    let services = catalogue["items"].as_array().unwrap();
    let service = services.iter().find(|service| service["code"] == SERVICE);
    let usual = &service.expect("the service is in the catalogue")["priority"];
    assert_ne!(usual, "urgent", "or the test says nothing");
    assert_eq!(
        (&incident["source"], &incident["priority"]),
        (&json!("resident"), usual),
        "the public cannot choose source and priority: {incident}"
    );
    let number = incident["number"].as_str().unwrap();
    let followed = public
        .get(&format!("/api/v1/incidents/{number}"))
        .await
        .ok();
    assert_eq!(followed["status"], "reported");
    let told: Vec<&String> = followed.as_object().unwrap().keys().collect();
    assert_eq!(
        told,
        [
            "area",
            "closed_at",
            "number",
            "outcome",
            "reported_at",
            "service_name",
            "status",
            "updated_at"
        ],
        "by number alone one may only follow: {followed}"
    );
    assert_eq!(
        followed["area"]["level"], "township",
        "nobody's door is told: {followed}"
    );
    assert!(
        !followed.to_string().contains("自称紧急"),
        "no text of the report should be told: {followed}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reported_may_see_judge_and_reopen_with_the_tracking_key() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &[]));
    let incident = places(&public).await[5].file(&public, "自己的事").await;
    let owner = public.with_tracking_key(incident["tracking_key"].as_str().unwrap());
    let path = incident_path(&incident);
    let seen = owner.get(&path).await.ok();
    assert_eq!(seen["description"], "自己的事", "{seen}");
    assert_eq!(seen["actions"], json!([]), "nothing is to be judged yet");
    owner.get(&format!("{path}/events")).await.ok();
    owner
        .act(&seen, json!({ "action": "file" }))
        .await
        .problem(409, "action_not_allowed");
    public
        .with_tracking_key("guessed")
        .get(&path)
        .await
        .problem(401, "needs_credentials");

    let done = dispatcher
        .act(&seen, json!({ "action": "self_handle", "proof": "已搬走" }))
        .await
        .ok();
    let seen = owner.get(&path).await.ok();
    let offered: Vec<&str> = seen["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|offer| offer["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        offered,
        ["evaluate", "reopen"],
        "the reporter should be asked: {seen}"
    );
    assert_eq!(seen["version"], done["version"]);
    let judged = owner
        .act(
            &seen,
            json!({ "action": "evaluate", "responded": true, "resolved": false, "satisfied": 2 }),
        )
        .await
        .ok();
    assert_eq!(judged["status"], "evaluated");
    let other = places(&public).await[6].file(&public, "别人的事").await;
    owner
        .act(&other, json!({ "action": "reopen", "reason": "我要看" }))
        .await
        .problem(404, "not_found");
}

pub async fn a_dispatcher_sees_and_acts_only_inside_the_own_area(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let key = ground.key("镇调度员", "dispatcher", &["--area", here.township()]);
    let dispatcher = public.with_key(&key);
    let session = dispatcher.get("/api/v1/session").await.ok();
    assert_eq!(session["actor"]["area"], here.township(), "{session}");
    let mine = here.file(&public, "本镇").await;
    let theirs = there.file(&public, "外镇").await;

    dispatcher.get(&incident_path(&mine)).await.ok();
    let filed = dispatcher
        .act(&mine, json!({ "action": "file" }))
        .await
        .ok();
    assert_eq!(filed["status"], "filed");

    let path = incident_path(&theirs);
    for path in [
        path.clone(),
        format!("{path}/events"),
        format!("{path}/candidates"),
    ] {
        dispatcher.get(&path).await.problem(404, "not_found");
    }
    dispatcher
        .act(&theirs, json!({ "action": "file" }))
        .await
        .problem(404, "not_found");
    let number = theirs["number"].as_str().unwrap();
    let followed = dispatcher
        .get(&format!("/api/v1/incidents/{number}"))
        .await
        .ok();
    assert_eq!(
        (&followed["description"], &followed["actions"]),
        (&Value::Null, &Value::Null),
        "by number one may follow like anybody: {followed}"
    );

    check_lists(&dispatcher, &here, &there, id_of(&mine)).await;
    check_workers(&ground, &public, &dispatcher, &here, &there).await;
}

/// Lists and layers of incidents are bounded.
async fn check_lists(dispatcher: &Client, here: &Place, there: &Place, mine: &str) {
    let listed = dispatcher.list("/api/v1/incidents?limit=1000").await;
    assert!(
        listed.iter().any(|incident| id_of(incident) == mine),
        "the own incident should be listed"
    );
    for incident in &listed {
        let inside = incident["chain"]
            .as_array()
            .unwrap()
            .iter()
            .any(|link| link["code"] == here.township());
        assert!(inside, "nothing from outside should be listed: {incident}");
    }
    dispatcher
        .get(&format!("/api/v1/incidents?area={}", there.township()))
        .await
        .problem(403, "forbidden");
    dispatcher
        .get("/api/v1/incidents?area=3208")
        .await
        .problem(403, "forbidden");
    let layer = dispatcher.get("/layers/incidents.geojson").await.ok();
    let features = layer["features"].as_array().unwrap();
    assert!(
        features.iter().any(|feature| feature["id"] == mine),
        "the own incident should be on the map"
    );
    for feature in features {
        let area = feature["properties"]["area"].as_str().unwrap();
        assert!(
            area.starts_with(here.township()),
            "nothing from outside should be on the map: {feature}"
        );
    }
}

/// Lists of workers are bounded, and only the own ones are put on and off duty.
async fn check_workers(
    ground: &Ground,
    public: &Client,
    dispatcher: &Client,
    here: &Place,
    there: &Place,
) {
    let own: BTreeSet<String> = public
        .list("/api/v1/organisations?limit=1000")
        .await
        .iter()
        .filter(|organisation| {
            organisation["area"]
                .as_str()
                .unwrap()
                .starts_with(here.township())
        })
        .map(|organisation| id_of(organisation).to_owned())
        .collect();
    let is_own = |worker: &Value| {
        let posted = worker["posts"].as_array().unwrap().iter().any(|post| {
            post["area"]
                .as_str()
                .is_some_and(|area| area.starts_with(here.township()))
        });
        let employed = worker["organisation"]["id"].as_str();
        posted || employed.is_some_and(|id| own.contains(id))
    };
    let workers = dispatcher.list("/api/v1/workers?limit=1000").await;
    assert!(!workers.is_empty(), "a township should have workers");
    for worker in &workers {
        assert!(is_own(worker), "nobody from outside is listed: {worker}");
    }
    let near = format!(
        "/api/v1/workers/nearest?lon={}&lat={}&k=20",
        there.lon, there.lat
    );
    for worker in dispatcher.list(&near).await {
        assert!(is_own(&worker), "nobody from outside is near: {worker}");
    }
    let ids: BTreeSet<&str> = workers.iter().map(id_of).collect();
    let layer = dispatcher.get("/layers/workers.geojson").await.ok();
    let features = layer["features"].as_array().unwrap();
    assert!(!features.is_empty(), "some should be on the map");
    for feature in features {
        assert!(
            ids.contains(feature["id"].as_str().unwrap()),
            "nobody from outside should be on the map: {feature}"
        );
    }

    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let path = format!("/api/v1/workers?area={}&limit=1000", there.township());
    let outside = admin.list(&path).await;
    let outsider = outside
        .iter()
        .find(|worker| !is_own(worker))
        .expect("another township should have workers");
    let path = format!("/api/v1/workers/{}", id_of(outsider));
    dispatcher.get(&path).await.problem(404, "not_found");
    dispatcher
        .post(&format!("{path}/duty"), &json!({ "on_duty": false }))
        .await
        .problem(404, "not_found");
    let path = format!("/api/v1/workers/{}/duty", id_of(&workers[0]));
    for on_duty in [false, true] {
        let state = dispatcher
            .post(&path, &json!({ "on_duty": on_duty }))
            .await
            .ok();
        assert_eq!(state["on_duty"], on_duty, "{state}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_may_send_only_the_own_positions() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let two = admin.get("/api/v1/workers?limit=2").await.ok();
    let [me, other] = [0, 1].map(|at| id_of(&two["items"][at]).to_owned());
    let worker =
        public.with_key(&ground.key("网格员", "worker", &["--worker", &me, "--area", "3208"]));
    // So coarse that it is no jump.
    let position =
        |id: &str| json!({ "worker": id, "lon": 119.02, "lat": 33.6, "accuracy_m": 2e5 });
    let taken = worker.post("/api/v1/positions", &position(&me)).await.ok();
    assert_eq!(
        taken,
        json!({ "accepted": 1, "set_aside": [] }),
        "the own position should be taken"
    );
    worker
        .post("/api/v1/positions", &position(&other))
        .await
        .problem(403, "forbidden");
    let both = json!({ "positions": [position(&me), position(&other)] });
    worker
        .post("/api/v1/positions", &both)
        .await
        .problem(403, "forbidden");
    let place = |worker: &Value| {
        (
            worker["position"]["lon"].clone(),
            worker["position"]["at"].clone(),
        )
    };
    let mine = worker.get(&format!("/api/v1/workers/{me}")).await.ok();
    assert_eq!(mine["position"]["lon"], 119.02, "{mine}");
    let theirs = admin.get(&format!("/api/v1/workers/{other}")).await.ok();
    assert_eq!(
        place(&theirs),
        place(&two["items"][1]),
        "nothing of a refused batch should be taken"
    );
    for path in ["/api/v1/workers", "/api/v1/workers/nearest?lon=119&lat=33"] {
        worker.get(path).await.problem(403, "forbidden");
    }
    worker
        .get(&format!("/api/v1/workers/{other}"))
        .await
        .problem(403, "forbidden");
}

/// Roles and what each may do: list incidents, list workers, listen, send positions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_may_do_what_it_is_made_of() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    for (role, allowed) in [
        ("dispatcher", [true, true, true, false]),
        ("worker", [true, false, true, true]),
        ("department", [true, false, true, false]),
        ("leader", [true, true, true, false]),
        ("auditor", [true, false, false, false]),
        ("gis", [false, false, true, false]),
        ("administrator", [true, true, true, true]),
    ] {
        let somebody = uuid::Uuid::nil().to_string();
        let who = match role {
            "worker" => vec!["--area", "3208", "--worker", &somebody],
            "department" => vec!["--area", "3208", "--organisation", &somebody],
            _ => vec!["--area", "3208"],
        };
        let client = public.with_key(&ground.key(role, role, &who));
        let stream = client
            .request(Method::GET, "/api/v1/stream")
            .send()
            .await
            .unwrap()
            .status();
        let nobody = json!({ "positions": [] });
        let found = [
            client.get("/api/v1/incidents?limit=1").await.status,
            client.get("/api/v1/workers?limit=1").await.status,
            stream.as_u16(),
            client.post("/api/v1/positions", &nobody).await.status,
        ];
        assert_eq!(
            found,
            allowed.map(|allowed| if allowed { 200 } else { 403 }),
            "what a {role} may do: list incidents, list workers, listen, send positions"
        );
    }
    // The public and the service itself have no keys; those of workers and departments
    // are never without bounds.
    for role in ["resident", "system", "worker", "department"] {
        let refused = ground.run(&["user", "add", "谁", "--role", role]);
        assert_eq!(
            refused.code,
            Some(1),
            "{role} should get no key: {refused:?}"
        );
    }
}

#[test]
fn an_open_server_is_refused_beyond_the_loopback() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ground = runtime.block_on(Ground::empty(Backend::Sqlite));
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let refused = ground.run(&["serve", "--open", "--listen", listen]);
        let ip = listen.trim_end_matches(":0").trim_matches(['[', ']']);
        assert_eq!(refused.code, Some(1), "it should not serve: {refused:?}");
        assert_eq!(
            refused.stderr,
            format!(
                "error: --open lets everyone do everything, so it is refused on {ip}; listen on \
                 127.0.0.1, or serve without --open\n"
            ),
            "people should be told why"
        );
        assert_eq!(refused.stdout, "", "nothing should be promised");
    }
}
