//! Positions in, from whatever sends them; where they led; and who is near.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use uuid::Uuid;

use crate::client::{Client, id_of};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{staffed_place, two_townships};

/// The accuracy of a fix that may lie anywhere in the city from the one before.
const FROM_AFAR: f64 = 200_000.0;

async fn somebody(client: &Client, count: usize) -> Vec<String> {
    let path = format!("/api/v1/workers?on_duty=true&limit={count}");
    let page = client.get(&path).await.ok();
    let workers = page["items"].as_array().unwrap();
    workers
        .iter()
        .map(|worker| id_of(worker).to_owned())
        .collect()
}

async fn position_of(client: &Client, worker: &str) -> Value {
    let path = format!("/api/v1/workers/{worker}");
    client.get(&path).await.ok()["position"].take()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_or_many_are_taken_in_every_form() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let workers = somebody(&client, 3).await;
    let report = |at: usize| json!({ "worker": workers[at], "lon": 119.0, "lat": 33.6, "accuracy_m": FROM_AFAR });
    let stranger = json!({ "worker": Uuid::nil(), "lon": 119.0, "lat": 33.6 });
    let send = async |kind: &str, body: String| {
        let request = client.request(Method::POST, "/api/v1/positions");
        client
            .send(request.header(CONTENT_TYPE, kind).body(body))
            .await
    };
    let unknown = |index: usize| json!([{ "index": index, "reason": "unknown_worker" }]);
    for (kind, body, expected) in [
        (
            "application/json",
            report(0).to_string(),
            json!({ "accepted": 1, "set_aside": [] }),
        ),
        (
            "application/json; charset=utf-8",
            format!(" [{stranger}, {}]", report(1)),
            json!({ "accepted": 1, "set_aside": unknown(0) }),
        ),
        (
            "application/x-ndjson",
            format!("{}\n{stranger}\n", report(2)),
            json!({ "accepted": 1, "set_aside": unknown(1) }),
        ),
        (
            "application/json",
            json!({ "positions": [] }).to_string(),
            json!({ "accepted": 0, "set_aside": [] }),
        ),
    ] {
        let answer = send(kind, body).await;
        assert_eq!(answer.ok(), expected, "{kind}");
    }
    for worker in &workers {
        assert_eq!(position_of(&client, worker).await["lon"], 119.0);
    }
    for (kind, body, status, code) in [
        (
            "application/json",
            r#"{"lon":1,"lat":2}"#,
            422,
            "invalid_request",
        ),
        (
            "application/json",
            r#"[{"worker":"x","lon":1,"lat":2}]"#,
            422,
            "invalid_request",
        ),
        (
            "application/json",
            r#"{"positions":[],"lon":1}"#,
            422,
            "invalid_request",
        ),
        ("application/json", "[", 400, "invalid_request"),
        ("application/x-ndjson", "{\n", 400, "invalid_request"),
        ("text/csv", "lon,lat", 415, "unsupported_media_type"),
    ] {
        send(kind, body.to_owned()).await.problem(status, code);
    }
    let many = vec![report(0).to_string(); 100_000].join(",");
    send("application/json", format!("[{many}]"))
        .await
        .problem(413, "invalid_request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jump_is_set_aside_and_the_worker_stays() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let worker = somebody(&client, 1).await.swap_remove(0);
    let ago = |seconds| Utc::now() - TimeDelta::seconds(seconds);
    let fixes = json!([
        { "worker": worker, "lon": 119.0, "lat": 33.6, "at": ago(30), "accuracy_m": FROM_AFAR },
        { "worker": worker, "lon": 119.001, "lat": 33.6, "at": ago(20), "accuracy_m": 5 },
        { "worker": worker, "lon": 116.4, "lat": 39.9, "at": ago(10), "accuracy_m": 5 },
    ]);
    let answer = client.post("/api/v1/positions", &fixes).await.ok();
    assert_eq!(
        answer,
        json!({ "accepted": 2, "set_aside": [{ "index": 2, "reason": "jump" }] })
    );
    assert_eq!(position_of(&client, &worker).await["lon"], 119.001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn osmand_and_owntracks_are_understood_with_a_workers_key() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin_key = ground.key("管理员", "administrator", &[]);
    let admin = public.with_key(&admin_key);
    let [me, other] = <[String; 2]>::try_from(somebody(&admin, 2).await).unwrap();
    let key = ground.key("网格员", "worker", &["--worker", &me, "--area", "3208"]);
    let coarse = json!({ "worker": me, "lon": 119.0, "lat": 33.6, "accuracy_m": FROM_AFAR });
    admin.post("/api/v1/positions", &coarse).await.ok();
    let taken = json!({ "accepted": 1, "set_aside": [] });
    let get = async |path: String| public.get(&path).await;

    // The device's own number says nothing; the key does. Knots become metres a second.
    for (round, address) in (1..).zip(["/positions/osmand", "/api/v1/positions/osmand"]) {
        let lon = 119.0 + f64::from(round) * 1e-4;
        let at = Utc::now().timestamp();
        let path = format!(
            "{address}?key={key}&id=123456&lat=33.6&lon={lon}&timestamp={}&speed=10&bearing=90&hdop=4&batt=50",
            at + i64::from(round)
        );
        assert_eq!(get(path).await.ok(), taken);
        let position = position_of(&admin, &me).await;
        assert_eq!(
            (&position["lon"], &position["accuracy_m"]),
            (&json!(lon), &json!(4.0))
        );
        let speed_mps = position["speed_mps"].as_f64().unwrap();
        assert!((speed_mps - 5.144).abs() < 1e-3, "{position}");
    }
    let at = Utc::now() + TimeDelta::seconds(5);
    let form = format!("lat=33.601&lon=119.001&timestamp={}", at.timestamp_millis());
    let request = public
        .request(Method::POST, "/positions/osmand")
        .basic_auth("anyone", Some(&key))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form);
    assert_eq!(public.send(request).await.ok(), taken);
    assert_eq!(position_of(&admin, &me).await["lat"], 33.601);

    let message = |seconds: i64, lat: f64| {
        json!({
            "_type": "location", "lat": lat, "lon": 119.001, "acc": 9, "vel": 18, "cog": 10,
            "tst": (at + TimeDelta::seconds(seconds)).timestamp(), "topic": "owntracks/a/phone",
        })
    };
    for (address, body) in [
        ("/positions/owntracks", message(5, 33.602)),
        ("/api/v1/positions/owntracks", message(10, 33.603)),
        // Late, and so set aside: the device is told nothing, or it would send it for ever.
        ("/positions/owntracks", message(0, 33.7)),
        (
            "/positions/owntracks",
            json!({ "_type": "waypoint", "desc": "家", "tst": 1 }),
        ),
    ] {
        let request = public
            .request(Method::POST, address)
            .basic_auth("a", Some(&key))
            .json(&body);
        assert_eq!(public.send(request).await.ok(), json!([]), "{body}");
    }
    let position = position_of(&admin, &me).await;
    assert_eq!(
        (&position["lat"], &position["speed_mps"]),
        (&json!(33.603), &json!(5.0))
    );

    // Whose key is nobody's names the worker; a worker does not name another.
    let path = |key: &str, id: &str| {
        format!("/positions/osmand?key={key}&id={id}&lat=33.6&lon=119.0&accuracy={FROM_AFAR}")
    };
    assert_eq!(get(path(&admin_key, &other)).await.ok(), taken);
    let nobody = get(path(&admin_key, "123456")).await.ok();
    assert_eq!(
        nobody["set_aside"][0]["reason"], "unknown_worker",
        "{nobody}"
    );
    get(path(&key, &other)).await.problem(403, "forbidden");
    get(path("wangge_wrong", &me))
        .await
        .problem(401, "bad_credentials");
    get("/positions/osmand?lat=1&lon=2".to_owned())
        .await
        .problem(401, "needs_credentials");
    get(format!("/positions/osmand?key={key}&lat=x&lon=2"))
        .await
        .problem(400, "invalid_request");
    let request = public
        .request(Method::POST, "/positions/owntracks")
        .basic_auth("a", Some(&key));
    public
        .send(request.body("[]"))
        .await
        .problem(400, "invalid_request");
    // Only devices may show their key in the address.
    let elsewhere = format!("/api/v1/workers/{me}?key={key}");
    get(elsewhere).await.problem(401, "needs_credentials");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_when_there_is_no_room_is_told_to_come_again() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let address = client.base().trim_start_matches("http://").to_owned();
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST /api/v1/positions HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            8 * 1024 * 1024
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // Said when the server waits for the body, which has its room by then.
        let mut said = [0; 25];
        stream.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
        waiting.push(stream);
    }
    let nothing = json!({ "positions": [] });
    let refused = client.post("/api/v1/positions", &nothing).await;
    assert_eq!(refused.headers.get("retry-after").unwrap(), "1");
    refused.problem(429, "busy");
    // The others are not kept from their work.
    client.get("/api/v1/workers?limit=1").await.ok();
    for mut stream in waiting {
        let body = vec![b' '; 8 * 1024 * 1024];
        stream.write_all(&body).await.unwrap();
        let mut said = vec![0; 64];
        let read = stream.read(&mut said).await.unwrap();
        let said = String::from_utf8_lossy(&said[..read]).into_owned();
        assert!(
            said.contains("HTTP/1.1 400"),
            "a body of spaces is no JSON: {said}"
        );
    }
    client.post("/api/v1/positions", &nothing).await.ok();
}

pub async fn a_track_is_kept_and_shown_to_whom_it_concerns(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let [here, there] = two_townships(&public).await;
    let workers = format!("/api/v1/workers?area={}&limit=2", here.township());
    let workers = admin.get(&workers).await.ok();
    let [me, colleague] = [0, 1].map(|at| id_of(&workers["items"][at]).to_owned());
    let start = Utc::now() - TimeDelta::seconds(60);
    let walk: Vec<Value> = (0..=30_i32)
        .map(|step| {
            let at = start + TimeDelta::seconds(step.into());
            let lon = 119.0 + f64::from(step) * 1e-5;
            let accuracy_m = if step == 0 { FROM_AFAR } else { 5.0 };
            json!({ "worker": me, "lon": lon, "lat": 33.6, "at": at, "accuracy_m": accuracy_m })
        })
        .collect();
    let taken = admin.post("/api/v1/positions", &json!(walk)).await.ok();
    assert_eq!(taken["accepted"], 31, "{taken}");

    let path = format!("/api/v1/workers/{me}/track");
    let track = admin.get(&path).await.ok();
    assert_eq!(
        (&track["type"], &track["geometry"]),
        (
            &json!("Feature"),
            &json!({ "type": "LineString", "coordinates": [
                [119.0, 33.6], [119.0001, 33.6], [119.0002, 33.6], [119.0003, 33.6],
            ] })
        ),
        "a point every ten seconds is kept"
    );
    let times = track["properties"]["times"].as_array().unwrap();
    let time = |at: usize| {
        times[at]
            .as_str()
            .unwrap()
            .parse::<DateTime<Utc>>()
            .unwrap()
    };
    assert_eq!(time(3) - time(0), TimeDelta::seconds(30));
    let part = async |from: DateTime<Utc>, until: DateTime<Utc>| {
        let query = [("from", from.to_rfc3339()), ("until", until.to_rfc3339())];
        let request = admin.request(Method::GET, &path).query(&query);
        admin.send(request).await
    };
    let geometry = part(time(1), time(2)).await.ok()["geometry"].take();
    assert_eq!(
        geometry,
        json!({ "type": "Point", "coordinates": [119.0001, 33.6] })
    );
    let before = part(start - TimeDelta::days(2), start - TimeDelta::days(1))
        .await
        .ok();
    assert_eq!(before["geometry"], Value::Null);
    part(time(2), time(1)).await.problem(422, "invalid_field");
    part(start - TimeDelta::days(8), start)
        .await
        .problem(422, "invalid_field");

    let with =
        |name: &str, role: &str, more: &[&str]| public.with_key(&ground.key(name, role, more));
    let own = with("本人", "worker", &["--worker", &me, "--area", "3208"]);
    own.get(&path).await.ok();
    let other = with(
        "同事",
        "worker",
        &["--worker", &colleague, "--area", "3208"],
    );
    other.get(&path).await.problem(403, "forbidden");
    with("镇调度", "dispatcher", &["--area", here.township()])
        .get(&path)
        .await
        .ok();
    with("外镇", "dispatcher", &["--area", there.township()])
        .get(&path)
        .await
        .problem(404, "not_found");
    with("镇领导", "leader", &["--area", here.township()])
        .get(&path)
        .await
        .problem(403, "forbidden");
    assert!(
        server.log().contains("a track was read"),
        "who looks at another's track should be in the log"
    );
    let nobody = format!("/api/v1/workers/{}/track", Uuid::nil());
    admin.get(&nobody).await.problem(404, "not_found");
}

pub async fn the_nearest_are_found_by_every_filter(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 3).await;
    let (lon, lat) = (place.lon, place.lat);
    let nearest = async |more: &str| {
        let path = format!("/api/v1/workers/nearest?lon={lon}&lat={lat}{more}");
        client.list(&path).await
    };
    let distance = |worker: &Value| worker["distance_m"].as_f64().unwrap();
    let everyone = nearest("&k=100").await;
    assert!(everyone.is_sorted_by(|a, b| distance(a) <= distance(b)));
    let is_posted = |worker: &Value, area: &str| {
        let posts = worker["posts"].as_array().unwrap();
        posts
            .iter()
            .any(|post| post["area"].as_str().unwrap().starts_with(area))
    };
    // Whom a filter finds, if so many seconds may have passed since they were asked for.
    let check = async |more: &str, is_wanted: &dyn Fn(&Value, i64) -> bool| {
        let found = nearest(more).await;
        assert!(!found.is_empty(), "{more} should find somebody");
        assert!(
            found.iter().all(|worker| is_wanted(worker, 0)),
            "{more} finds {found:?}"
        );
        // Of the nearest hundred, nobody is left out who is nearer than the last found.
        let ids: BTreeSet<&str> = found.iter().map(id_of).collect();
        let last_m = distance(found.last().unwrap());
        for worker in everyone.iter().filter(|worker| is_wanted(worker, 60)) {
            assert!(
                ids.contains(id_of(worker)) || distance(worker) >= last_m,
                "{more} leaves out {worker}"
            );
        }
    };
    let role = everyone[1]["role"].as_str().unwrap();
    check(&format!("&role={role}"), &|worker, _| {
        worker["role"] == role
    })
    .await;
    check("&max_age_s=120", &|worker, passed_s| {
        worker["position_age_s"].as_i64().unwrap() + passed_s <= 120
    })
    .await;
    let township = place.township();
    check(&format!("&area={township}&k=20"), &|worker, _| {
        is_posted(worker, township)
    })
    .await;
    check("&has_capacity=true&k=50", &|worker, _| {
        worker["load"].as_u64() < worker["capacity"].as_u64()
    })
    .await;
    let skilled = everyone
        .iter()
        .find_map(|worker| worker["skills"][0].as_str());
    if let Some(skill) = skilled {
        check(&format!("&skill={skill}"), &|worker, _| {
            worker["skills"].as_array().unwrap().contains(&json!(skill))
        })
        .await;
    }
    assert_eq!(nearest("&skill=nobody-has-this").await, [] as [Value; 0]);
    client
        .get(&format!(
            "/api/v1/workers/nearest?lon={lon}&lat={lat}&role=king"
        ))
        .await
        .problem(400, "invalid_request");
}

/// How long a server may take to write what has waited, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// More positions than a server keeps that cannot write them.
const ENOUGH: usize = 2_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_the_database_is_bounded_and_nothing_of_it_is_lost() {
    const STEP_S: i64 = 10;
    const POINTS: usize = 250;
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    // Those who were never seen: nothing they send is older than what is known.
    let path = "/api/v1/workers?on_duty=false&limit=200";
    let page = client.get(path).await.ok();
    let workers = page["items"].as_array().unwrap();
    let workers: Vec<&str> = workers.iter().map(id_of).collect();
    assert!(workers.len() > 100, "the demonstration has people off duty");

    // The database is there for reading only.
    let mut lock = SqliteConnection::connect(&ground.url()).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut lock)
        .await
        .unwrap();
    let start = Utc::now() - TimeDelta::hours(23);
    let mut at = start;
    let mut sent = 0;
    let refused = loop {
        let mut lines = String::new();
        for _ in 0..POINTS {
            at += TimeDelta::seconds(STEP_S);
            for worker in &workers {
                let report = json!({ "worker": worker, "lon": 119.0, "lat": 33.6, "at": at });
                lines.push_str(&report.to_string());
                lines.push('\n');
            }
        }
        let request = client.request(Method::POST, "/api/v1/positions");
        let request = request.header(CONTENT_TYPE, "application/x-ndjson");
        let answer = client.send(request.body(lines)).await;
        if answer.status != 200 {
            break answer;
        }
        assert_eq!(answer.ok()["accepted"], POINTS * workers.len());
        sent += POINTS;
        assert!(
            sent * workers.len() < ENOUGH,
            "all is taken in, without end"
        );
    };
    assert_eq!(refused.headers["retry-after"], "1");
    refused.problem(429, "busy");
    let metrics = client.get("/metrics").await.text;
    assert!(metrics.contains("\nwangge_positions_refused_total 1\n"));

    sqlx::query("ROLLBACK").execute(&mut lock).await.unwrap();
    lock.close().await.unwrap();
    let one = json!({ "worker": workers[0], "lon": 119.0, "lat": 33.6, "at": at });
    let again = async {
        while client.post("/api/v1/positions", &one).await.status == 429 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, again).await.expect("there is room again");
    let from = start.to_rfc3339_opts(SecondsFormat::Secs, true);
    for worker in workers.iter().step_by(40) {
        let path = format!("/api/v1/workers/{worker}/track?from={from}");
        let complete = async {
            loop {
                let track = client.get(&path).await.ok();
                if track["properties"]["times"].as_array().unwrap().len() >= sent {
                    return track;
                }
            }
        };
        let track = timeout(PATIENCE, complete).await.expect("nothing is lost");
        let times = track["properties"]["times"].as_array().unwrap();
        let distinct: BTreeSet<&str> = times.iter().map(|at| at.as_str().unwrap()).collect();
        assert!(distinct.len() >= sent && distinct.len() == times.len());
    }
}
