//! Every problem there is: programs rely on the codes.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::incident_path;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, SERVICE, places};

/// Status and code of every problem, as the code has them. A status that is not written
/// there comes from the framework and is 4xx.
const CODES: &[(&str, &str)] = &[
    ("4xx", "invalid_request"),
    ("BAD_GATEWAY", "basemap_unreachable"),
    ("BAD_REQUEST", "invalid_request"),
    ("CONFLICT", "action_not_allowed"),
    ("CONFLICT", "area_has_children"),
    ("CONFLICT", "code_taken"),
    ("CONFLICT", "draft_not_open"),
    ("CONFLICT", "edition_conflict"),
    ("CONFLICT", "incident_closed"),
    ("CONFLICT", "post_overlaps"),
    ("CONFLICT", "roster_conflict"),
    ("CONFLICT", "rules_conflict"),
    ("CONFLICT", "too_many_files"),
    ("CONFLICT", "upload_elsewhere"),
    ("CONFLICT", "version_conflict"),
    ("FORBIDDEN", "forbidden"),
    ("INTERNAL_SERVER_ERROR", "internal"),
    ("METHOD_NOT_ALLOWED", "method_not_allowed"),
    ("NOT_ACCEPTABLE", "not_acceptable"),
    ("NOT_FOUND", "no_web_application"),
    ("NOT_FOUND", "not_found"),
    ("PAYLOAD_TOO_LARGE", "file_too_large"),
    ("PRECONDITION_FAILED", "precondition_failed"),
    ("PRECONDITION_REQUIRED", "precondition_required"),
    ("SERVICE_UNAVAILABLE", "database_unreachable"),
    ("SERVICE_UNAVAILABLE", "took_too_long"),
    ("TOO_MANY_REQUESTS", "busy"),
    ("UNAUTHORIZED", "bad_credentials"),
    ("UNAUTHORIZED", "needs_credentials"),
    ("UNPROCESSABLE_ENTITY", "action_needs"),
    ("UNPROCESSABLE_ENTITY", "defects_bar"),
    ("UNPROCESSABLE_ENTITY", "draft_empty"),
    ("UNPROCESSABLE_ENTITY", "edit_failed"),
    ("UNPROCESSABLE_ENTITY", "export_failed"),
    ("UNPROCESSABLE_ENTITY", "idempotency_key_reused"),
    ("UNPROCESSABLE_ENTITY", "invalid_feature"),
    ("UNPROCESSABLE_ENTITY", "invalid_field"),
    ("UNPROCESSABLE_ENTITY", "invalid_form"),
    ("UNPROCESSABLE_ENTITY", "invalid_request"),
    ("UNPROCESSABLE_ENTITY", "mapping_refused"),
    ("UNPROCESSABLE_ENTITY", "nothing_to_undo"),
    ("UNPROCESSABLE_ENTITY", "reason_needed"),
    ("UNPROCESSABLE_ENTITY", "repair_failed"),
    ("UNPROCESSABLE_ENTITY", "roster_refused"),
    ("UNPROCESSABLE_ENTITY", "rules_refused"),
    ("UNPROCESSABLE_ENTITY", "unknown_area"),
    ("UNPROCESSABLE_ENTITY", "unknown_organisation"),
    ("UNPROCESSABLE_ENTITY", "unknown_service"),
    ("UNPROCESSABLE_ENTITY", "unknown_worker"),
    ("UNPROCESSABLE_ENTITY", "unreadable_file"),
    ("UNSUPPORTED_MEDIA_TYPE", "unsupported_media_type"),
];

/// Status and code of every problem that a source text makes.
fn codes_in(source: &str) -> Vec<(String, String)> {
    let starts = source
        .match_indices("Problem::new(")
        .chain(source.match_indices("Self::new("));
    starts
        .filter_map(|(at, start)| {
            let mut arguments = source[at + start.len()..].splitn(3, ',').map(str::trim);
            let (status, code) = (arguments.next()?, arguments.next()?);
            let code = code.strip_prefix('"')?.strip_suffix('"')?;
            let status = status.strip_prefix("StatusCode::").unwrap_or("4xx");
            Some((status.to_owned(), code.to_owned()))
        })
        .collect()
}

fn codes_below(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_below(&path, found);
        } else {
            found.extend(codes_in(&std::fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn no_code_is_added_renamed_or_dropped_unnoticed() {
    let mut found = BTreeSet::new();
    let http = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    codes_below(&http, &mut found);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(status, code)| (&**status, &**code))
        .collect();
    assert_eq!(
        found, CODES,
        "codes are for programs: a change of this list is a change of the contract"
    );
}

#[test]
fn codes_are_found_however_they_are_laid_out() {
    let source = r#"
        Problem::new(StatusCode::NOT_FOUND, "a", detail);
        Self::new(
            StatusCode::CONFLICT,
            "b",
            format!("x, {y}"),
        )
        Self::new(rejection.status(), "c", text)
        Problem::new(status, code, detail)
    "#;
    let pair = |status: &str, code: &str| (status.to_owned(), code.to_owned());
    let mut found = codes_in(source);
    found.sort();
    assert_eq!(
        found,
        [
            pair("4xx", "c"),
            pair("CONFLICT", "b"),
            pair("NOT_FOUND", "a")
        ]
    );
}

/// A report with something different in it.
fn report(place: &Place, member: &str, value: serde_json::Value) -> serde_json::Value {
    let mut report = place.report("有误");
    report[member] = value;
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mistake_gets_its_problem() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let file = async |body: serde_json::Value| client.post("/api/v1/incidents", &body).await;

    file(report(&place, "service", json!("no-such")))
        .await
        .problem(422, "unknown_service");
    file(report(&place, "description", json!("  ")))
        .await
        .problem(422, "invalid_field");
    file(report(&place, "description", json!("长".repeat(4_601))))
        .await
        .problem(422, "invalid_field");
    file(report(&place, "description", json!("控\u{7}制")))
        .await
        .problem(422, "invalid_field");
    file(report(
        &place,
        "reporter",
        json!({ "phone": "not a phone" }),
    ))
    .await
    .problem(422, "invalid_field");
    file(report(&place, "form", json!({ "no_such_field": 1 })))
        .await
        .problem(422, "invalid_form");
    file(report(&place, "service", json!("city-exposed-garbage")))
        .await
        .problem(422, "invalid_form");
    file(report(&place, "lat", json!(91.0)))
        .await
        .problem(400, "invalid_request");
    let unknown = file(report(&place, "colour", json!("red"))).await;
    let problem = unknown.problem(422, "invalid_request");
    assert!(
        problem["detail"].as_str().unwrap().contains("colour"),
        "an unknown member should be named: {problem}"
    );
    let broken = client
        .request(Method::POST, "/api/v1/incidents")
        .header("content-type", "application/json")
        .body("{");
    client.send(broken).await.problem(400, "invalid_request");
    let untyped = client.request(Method::POST, "/api/v1/incidents").body("x");
    client.send(untyped).await.problem(415, "invalid_request");
    // More than is taken, and less than waits between the two: it is sent before it is refused.
    let large = client
        .request(Method::POST, "/api/v1/incidents")
        .json(&report(&place, "description", json!("大".repeat(40_000))));
    client.send(large).await.problem(413, "invalid_request");
    let typed = client
        .request(Method::POST, "/api/v1/lookup")
        .header("content-type", "application/xml")
        .body("<a/>");
    client
        .send(typed)
        .await
        .problem(415, "unsupported_media_type");

    let incident = file(place.report("动作")).await.expect(201);
    let filed = client
        .act(&incident, json!({ "action": "file" }))
        .await
        .ok();
    let stranger = "00000000-0000-7000-8000-000000000001";
    for (kind, code) in [
        ("worker", "unknown_worker"),
        ("organisation", "unknown_organisation"),
    ] {
        client
            .act(
                &filed,
                json!({ "action": "dispatch", "lead": { "kind": kind, "id": stranger } }),
            )
            .await
            .problem(422, code);
    }
    client
        .act(
            &filed,
            json!({ "action": "mark_duplicate", "of": "19990101000001" }),
        )
        .await
        .problem(404, "not_found");
    client
        .act(&incident, json!({ "action": "file" }))
        .await
        .problem(409, "version_conflict");
    for command in [
        json!({ "action": "dance" }),
        json!({ "action": "reject" }),
        json!({}),
    ] {
        client
            .act(&filed, command)
            .await
            .problem(422, "invalid_request");
    }
    let unversioned = json!({ "action": "reject", "reason": "无" });
    client
        .post(&format!("{}/actions", incident_path(&filed)), &unversioned)
        .await
        .problem(422, "invalid_request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_can_be_used_again_after_a_refusal_that_did_not_need_the_body() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let address = client.base().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/positions HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer nobody\r\n\
         Content-Length: 2\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // Long enough for a server that would not wait.
    for _ in 0..10 {
        assert_eq!(client.get("/healthz").await.status, 200);
    }
    let rest = format!("[]GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    let statuses: Vec<&str> = said
        .match_indices("HTTP/1.1 ")
        .map(|(at, _)| &said[at + 9..at + 12])
        .collect();
    assert_eq!(statuses, ["401", "200"], "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_a_problem_too() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let stranger = "00000000-0000-7000-8000-000000000001";
    for path in [
        "/api/v1/areas/999999".to_owned(),
        "/api/v1/areas/999999/children".to_owned(),
        format!("/api/v1/incidents/{stranger}"),
        "/api/v1/incidents/19990101000001".to_owned(),
        format!("/api/v1/workers/{stranger}"),
        "/api/v1/incidents?area=999999".to_owned(),
        "/layers/rivers.geojson".to_owned(),
        "/layers/counties".to_owned(),
        "/api/v1/nothing".to_owned(),
        "/api/v2/areas".to_owned(),
    ] {
        client.get(&path).await.problem(404, "not_found");
    }
    for path in [
        "/api/v1/areas?limit=0",
        "/api/v1/areas?limit=1001",
        "/api/v1/areas?cursor=made-up",
        "/api/v1/areas?bbox=1,2,3",
        "/api/v1/areas?level=street",
        "/api/v1/areas?colour=red",
        "/api/v1/incidents?status=lost",
        "/api/v1/incidents?since=yesterday",
        "/api/v1/workers/not-an-id",
        "/api/v1/workers/nearest?lon=119&lat=33&k=0",
        "/api/v1/workers/nearest?lon=119&lat=33&k=101",
        "/api/v1/workers/nearest?lon=119&lat=33&max_m=-1",
        "/layers/counties.geojson?bbox=a,b,c,d",
    ] {
        client.get(path).await.problem(400, "invalid_request");
    }
    for (method, path) in [
        (Method::DELETE, "/api/v1/incidents"),
        (Method::PUT, "/api/v1/areas"),
        (Method::POST, "/healthz"),
    ] {
        client
            .send(client.request(method, path))
            .await
            .problem(405, "method_not_allowed");
    }
    let report = json!({
        "service": SERVICE, "lon": 119.02, "lat": 33.6, "description": "领土之外",
    });
    let incident = client.post("/api/v1/incidents", &report).await.expect(201);
    assert_eq!(
        (&incident["match"], &incident["holder"], &incident["chain"]),
        (&json!("outside"), &json!(null), &json!([])),
        "without a territory a report is kept all the same: {incident}"
    );
}
