//! Ways by roads, as OSRM's own server tells them: who is across the river is not near.
//! Without OSRM the test says so and passes, unless `CI` or `WANGGE_REQUIRE_POSTGRES` is
//! set. `WANGGE_OSRM` names a folder with its `bin` and `share/profiles`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use chrono::Utc;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use wangge::domain::{Fix, LngLat, WorkerId};

use crate::client::{Client, id_of, incident_path};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, places};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// Metres a second that count along straight lines.
const SPEED_MPS: f64 = 4.0;

fn find_osrm() -> Option<PathBuf> {
    let named = std::env::var_os("WANGGE_OSRM").map(PathBuf::from);
    let found = named.filter(|folder| folder.join("bin/osrm-routed").exists());
    if found.is_none() {
        let required = ["CI", "WANGGE_REQUIRE_POSTGRES"]
            .into_iter()
            .find(|name| std::env::var_os(name).is_some());
        if let Some(name) = required {
            panic!("{name} is set, but WANGGE_OSRM names no folder with OSRM");
        }
        // Past the test runner, which keeps what passing tests print to itself.
        let _ = writeln!(std::io::stderr(), "skipped: WANGGE_OSRM names no OSRM");
    }
    found
}

/// Two banks of a river that runs from west to east, a bridge three kilometres to the east,
/// and a road on the south that no other meets.
fn map_around(place: &Place) -> String {
    let (lon, lat) = (place.lon, place.lat);
    let lines = [lat, lat + 0.002, lat - 0.002];
    let corners = lines.iter().flat_map(|lat| {
        let ends = [lon - 0.03, lon + 0.03];
        ends.map(|lon| format!("lat='{lat:.7}' lon='{lon:.7}'"))
    });
    let nodes = (1..)
        .zip(corners)
        .map(|(id, corner)| format!("<node id='{id}' {corner}/>"));
    let roads = [[1, 2], [3, 4], [5, 6], [2, 4]];
    let ways = (1..).zip(roads).map(|(id, [from, to])| {
        format!(
            "<way id='{id}'><nd ref='{from}'/><nd ref='{to}'/><tag k='highway' v='residential'/></way>"
        )
    });
    let elements: String = nodes.chain(ways).collect();
    format!("<?xml version='1.0'?><osm version='0.6'>{elements}</osm>")
}

/// OSRM on a free port; gone when this is dropped.
struct Osrm {
    child: Child,
    url: String,
}

impl Osrm {
    async fn start(folder: &Path, ground: &Ground, map: &str, most: usize) -> Self {
        ground.write("river.osm", map);
        let program = |name: &str| {
            let mut command = Command::new(folder.join("bin").join(name));
            command.current_dir(ground.file("."));
            command.stdin(Stdio::null()).kill_on_drop(true);
            command
        };
        for (name, more) in [
            ("osrm-extract", ["-p", "", "river.osm"].as_slice()),
            ("osrm-contract", &["river.osrm"]),
        ] {
            let bicycle = folder.join("share/profiles/bicycle.lua");
            let arguments = more.iter().map(|text| match *text {
                "" => bicycle.as_os_str(),
                text => text.as_ref(),
            });
            let ran = program(name).args(arguments).output().await.unwrap();
            assert!(ran.status.success(), "{name}: {ran:?}");
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port()
            .to_string();
        let most = most.to_string();
        let mut child = program("osrm-routed")
            .args(["--ip", "127.0.0.1", "--port", &port])
            .args(["--max-table-size", &most, "river.osrm"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = timeout(PATIENCE, async {
            while let Some(line) = said.next_line().await.unwrap() {
                if line.contains("waiting for requests") {
                    return true;
                }
            }
            false
        });
        assert_eq!(ready.await, Ok(true), "OSRM should have started");
        // Whatever else it says must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
        let url = format!("http://127.0.0.1:{port}");
        Self { child, url }
    }
}

/// A place with all the workers who are near, so few that all of them are listed.
async fn find_lonely_place(client: &Client) -> (Place, Vec<Value>) {
    let most = 100;
    for place in places(client).await.into_iter().step_by(11) {
        let near = client.list(&nearest(&place, most, 6_000)).await;
        if near.len() < most {
            return (place, near);
        }
    }
    panic!("the demonstration should have a place with few workers near")
}

/// Workers of elsewhere, with nothing to do, so that the way alone makes a difference.
async fn take_strangers(client: &Client, place: &Place) -> [Value; 4] {
    let elsewhere = places(client).await;
    let mut far: Vec<&Place> = elsewhere
        .iter()
        .filter(|there| there.township()[..6] != place.township()[..6])
        .collect();
    far.truncate(40);
    let mut taken: Vec<Value> = Vec::new();
    for there in far {
        for worker in client.list(&nearest(there, 10, 5_000)).await {
            let is_new = !taken.iter().any(|one| one["id"] == worker["id"]);
            if is_new && worker["load"] == 0 && worker["on_duty"] == true {
                taken.push(worker);
            }
        }
        if taken.len() >= 4 {
            taken.truncate(4);
            return taken.try_into().unwrap();
        }
    }
    panic!("the demonstration should have workers with nothing to do");
}

fn nearest(place: &Place, count: usize, most_m: u32) -> String {
    let Place { lon, lat, .. } = place;
    format!("/api/v1/workers/nearest?lon={lon}&lat={lat}&k={count}&max_m={most_m}")
}

fn worker_id(worker: &Value) -> WorkerId {
    id_of(worker).parse().unwrap()
}

async fn candidates(client: &Client, incident: &Value) -> Vec<Value> {
    let path = format!("{}/candidates?k=100", incident_path(incident));
    let answer = client.get(&path).await.ok();
    answer["candidates"].as_array().unwrap().clone()
}

/// What is said of the way of a worker: seconds, and how they are known.
fn way<'a>(candidates: &'a [Value], worker: &Value) -> (f64, &'a str) {
    let found = candidates
        .iter()
        .find(|one| one["worker"]["id"] == worker["id"])
        .unwrap_or_else(|| panic!("{worker} should be a candidate"));
    let part = &found["parts"][1];
    assert_eq!(part["part"], "distance");
    (
        found["travel_s"].as_f64().unwrap(),
        part["reason"].as_str().unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_across_the_river_is_not_near() {
    let Some(folder) = find_osrm() else { return };
    let ground = Ground::demonstration_alone(Backend::Sqlite).await;
    let (place, others, strangers) = {
        let server = Server::open(&ground).await;
        let client = server.client();
        let (place, others) = find_lonely_place(&client).await;
        let strangers = take_strangers(&client, &place).await;
        (place, others, strangers)
    };
    let [across, along, cut_off, off_road] = &strangers;
    let store = ground.store().await;
    let now = Utc::now();
    for worker in &others {
        store.set_duty(worker_id(worker), false, now).await.unwrap();
    }
    let beside = [(0.0, 0.002), (-0.008, 0.0), (0.0, -0.002), (0.0, 0.03)];
    let fixes: Vec<Fix> = strangers
        .iter()
        .zip(beside)
        .map(|(worker, (east, north))| Fix {
            worker: worker_id(worker),
            position: LngLat::from_degrees(place.lon + east, place.lat + north).unwrap(),
            at: now,
            accuracy_m: None,
            speed_mps: None,
            heading_deg: None,
        })
        .collect();
    store.record_positions(&fixes, &[], now).await.unwrap();

    // So few at once that several questions are asked.
    let most = 3;
    let osrm = Osrm::start(&folder, &ground, &map_around(&place), most).await;
    ground.write(
        "wangge.toml",
        format!(
            "[roads]\nurl = \"{}\"\nmost = {most}\ntimeout_ms = 60000\n",
            osrm.url
        ),
    );
    let server = Server::open(&ground).await;
    let client = server.client();
    let incident = place.file(&client, "大件垃圾").await;
    let ranked = candidates(&client, &incident).await;
    assert_eq!(ranked.len(), 4, "{ranked:?}");
    assert_eq!(ranked[0]["worker"]["id"], along["id"], "{ranked:?}");
    let known = [across, along].map(|worker| way(&ranked, worker));
    assert_eq!(known.map(|(_, reason)| reason), ["by_road"; 2]);
    // 740 m along the road, 5.8 km over the bridge, at some 15 km/h.
    let [(across_s, _), (along_s, _)] = known;
    assert!((150.0..250.0).contains(&along_s), "{ranked:?}");
    assert!((1_200.0..2_000.0).contains(&across_s), "{ranked:?}");
    let (cut_off_s, reason) = way(&ranked, cut_off);
    assert_eq!(reason, "no_road");
    assert!(cut_off_s >= across_s, "{ranked:?}");
    // Nobody knows, so it is taken to wind as the others' ways do.
    let (off_road_s, reason) = way(&ranked, off_road);
    let straight_s = |one: &Value| one["distance_m"].as_f64().unwrap() / SPEED_MPS;
    let off_road_straight_s = straight_s(&ranked[3]).max(straight_s(&ranked[2]));
    assert_eq!(reason, "straight_line");
    assert!(off_road_s > 3.0 * off_road_straight_s, "{ranked:?}");

    // A plan counts the same seconds, and whoever is not the first of the ranking needs a
    // reason.
    let filed = client
        .act(&incident, json!({ "action": "file" }))
        .await
        .ok();
    let ask = json!({ "incidents": [filed["number"]], "arrive_by": "anytime" });
    let plan = client.post("/api/v1/dispatch/plan", &ask).await.ok();
    assert_eq!(plan["by_roads"], true, "{plan}");
    let given = &plan["assignments"][0];
    assert_eq!(given["worker"]["id"], along["id"], "{plan}");
    assert_eq!(given["arrival_s"].as_f64(), Some(along_s), "{plan}");
    let send = |worker: &Value| {
        let lead = json!({ "kind": "worker", "id": worker["id"] });
        json!({ "action": "dispatch", "lead": lead })
    };
    client.act(&filed, send(across)).await.expect(422);

    // Without the server straight lines count, for all of them.
    let mut osrm = osrm;
    osrm.child.kill().await.unwrap();
    let ranked = candidates(&client, &incident).await;
    for one in &ranked {
        assert_eq!(one["parts"][1]["reason"], "straight_line", "{one}");
        assert_eq!(one["travel_s"].as_f64(), Some(straight_s(one).ceil()));
    }
    assert_ne!(ranked[0]["worker"]["id"], along["id"], "{ranked:?}");
    let plan = client.post("/api/v1/dispatch/plan", &ask).await.ok();
    assert_eq!(plan["by_roads"], false, "{plan}");
    let log = server.log();
    assert!(log.contains("straight lines count"));
    assert!(
        !log.contains("/table/"),
        "where people are stays unsaid: {log}"
    );
    client.act(&filed, send(across)).await.ok();
}
