//! Who answers for which grid, who is on duty when, and where somebody is missing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use wangge::domain::WorkerId;
use wangge::service::rosters::Steward;

use crate::client::{Answer, Client, id_of};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::rules::Node;
use crate::territory::{Place, places, staffed_place, two_townships};

/// A grid in the first township with somebody in the grid worker's slot, and who that is.
async fn held_grid(client: &Client, township: &str) -> (Place, Value) {
    for place in places(client).await {
        if place.township() != township {
            continue;
        }
        let area = client.get(&format!("/api/v1/areas/{}", place.grid)).await;
        let workers = area.ok()["workers"].take();
        let mut holders = workers.as_array().unwrap().iter();
        if let Some(holder) = holders.find(|worker| worker["slot"] == "grid_worker") {
            return (place, holder.clone());
        }
    }
    panic!("a township should have a grid with a worker");
}

/// A worker of a role who holds no post in a grid.
async fn somebody_else(client: &Client, township: &str, role: &str, grid: &str) -> Value {
    let workers = client
        .list(&format!("/api/v1/workers?area={township}&limit=1000"))
        .await;
    let is_other = |worker: &&Value| {
        let mut posts = worker["posts"].as_array().unwrap().iter();
        worker["role"] == role && posts.all(|post| post["area"] != grid)
    };
    workers.iter().find(is_other).expect("somebody").clone()
}

/// Who is posted to a grid by the look-up, with the slot.
async fn looked_up(client: &Client, place: &Place) -> Vec<(String, String)> {
    let path = format!("/api/v1/lookup?lon={}&lat={}", place.lon, place.lat);
    let found = client.get(&path).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let workers = found["workers"].as_array().unwrap().iter();
    workers
        .map(|worker| (text(&worker["id"]), text(&worker["slot"])))
        .collect()
}

async fn put(client: &Client, path: &str, body: &Value) -> Answer {
    let request = client.request(Method::PUT, path).json(body);
    client.send(request).await
}

pub async fn a_worker_is_appointed_and_the_post_ends(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let [here, there] = two_townships(&public).await;
    let bound = ["--area", here.township()];
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &bound));
    let leader = public.with_key(&ground.key("领导", "leader", &bound));
    let (place, _) = held_grid(&admin, here.township()).await;
    let worker = somebody_else(&admin, here.township(), "full_time", &place.grid).await;
    let body =
        |slot: &str, area: &str| json!({ "worker": id_of(&worker), "area": area, "slot": slot });
    let good = body("grid_worker", &place.grid);

    leader
        .post("/api/v1/posts", &good)
        .await
        .problem(403, "forbidden");
    dispatcher
        .post("/api/v1/posts", &body("grid_worker", &there.grid))
        .await
        .problem(403, "forbidden");
    for (wrong, code) in [
        (body("cadre", &place.grid), "invalid_field"),
        (body("grid_worker", "999999"), "invalid_field"),
        (
            json!({ "worker": id_of(&worker), "area": place.grid, "slot": "grid_worker",
                "from": "2026-01-02T00:00:00Z", "until": "2026-01-02T00:00:00Z" }),
            "invalid_field",
        ),
        (
            json!({ "worker": uuid::Uuid::nil(), "area": place.grid, "slot": "grid_worker" }),
            "unknown_worker",
        ),
    ] {
        let refused = dispatcher.post("/api/v1/posts", &wrong).await;
        refused.problem(422, code);
    }
    // Whoever may not see somebody cannot make them their own.
    let stranger = somebody_else(&admin, there.township(), "full_time", &place.grid).await;
    let theirs = json!({ "worker": id_of(&stranger), "area": place.grid, "slot": "grid_worker" });
    dispatcher
        .post("/api/v1/posts", &theirs)
        .await
        .problem(422, "unknown_worker");

    let me = (id_of(&worker).to_owned(), "grid_worker".to_owned());
    assert!(!looked_up(&public, &place).await.contains(&me));
    let post = dispatcher.post("/api/v1/posts", &good).await.expect(201);
    assert_eq!(
        (&post["area"], &post["slot"], &post["worker"]["name"]),
        (&json!(place.grid), &json!("grid_worker"), &worker["name"])
    );
    assert!(looked_up(&public, &place).await.contains(&me), "at once");
    let twice = dispatcher.post("/api/v1/posts", &good).await;
    assert_eq!(twice.problem(409, "post_overlaps")["post"], post["id"]);

    let community = &place.grid[..12];
    let listed = dispatcher
        .list(&format!("/api/v1/areas/{community}/posts?limit=2"))
        .await;
    let found = listed.iter().filter(|other| other["id"] == post["id"]);
    assert_eq!(found.count(), 1);
    let places: Vec<_> = listed
        .iter()
        .map(|post| (post["area"].to_string(), post["id"].to_string()))
        .collect();
    assert!(places.iter().all(|(area, _)| area.contains(community)));
    assert!(places.is_sorted_by_key(|(area, _)| area));
    dispatcher
        .get(&format!("/api/v1/areas/{}/posts", there.grid))
        .await
        .problem(403, "forbidden");

    let path = format!("/api/v1/posts/{}", id_of(&post));
    let patch = async |client: &Client, body: Value| {
        let request = client.request(Method::PATCH, &path).json(&body);
        client.send(request).await
    };
    let until = json!("2099-01-01T00:00:00Z");
    let changed = patch(&dispatcher, json!({ "until": until })).await.ok();
    assert_eq!(
        (&changed["until"], &changed["from"]),
        (&until, &post["from"])
    );
    let kept = patch(&dispatcher, json!({})).await.ok();
    assert_eq!(kept["until"], until, "what is not named stays");
    let lasting = patch(&dispatcher, json!({ "until": null })).await.ok();
    assert_eq!(lasting["until"], Value::Null);
    patch(&dispatcher, json!({ "until": "2000-01-01T00:00:00Z" }))
        .await
        .problem(422, "invalid_field");
    patch(&leader, json!({})).await.problem(403, "forbidden");
    let elsewhere = ["--area", there.township()];
    let neighbour = public.with_key(&ground.key("邻镇", "dispatcher", &elsewhere));
    patch(&neighbour, json!({})).await.problem(404, "not_found");

    let end = async || {
        let request = dispatcher.request(Method::DELETE, &path);
        dispatcher.send(request).await.ok()
    };
    let ended = end().await;
    assert!(ended["until"].is_string(), "{ended}");
    assert_eq!(end().await["until"], ended["until"], "it has ended once");
    assert!(!looked_up(&public, &place).await.contains(&me));
    let at = post["from"].as_str().unwrap().replace('+', "%2B");
    let then = format!("/api/v1/areas/{}/posts?at={at}", place.grid);
    let then = dispatcher.list(&then).await;
    assert!(then.iter().any(|held| held["id"] == post["id"]), "history");

    // One that is to come and never does.
    let mut coming = good.clone();
    coming["from"] = json!("2098-01-01T00:00:00Z");
    let coming = dispatcher.post("/api/v1/posts", &coming).await.expect(201);
    let path = format!("/api/v1/posts/{}", id_of(&coming));
    let request = dispatcher.request(Method::DELETE, &path);
    let never = dispatcher.send(request).await.ok();
    assert_eq!(never["until"], never["from"]);
}

pub async fn a_roster_is_written_copied_and_says_who_is_on_duty(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let bound = ["--area", here.township()];
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &bound));
    let (place, holder) = held_grid(&public, here.township()).await;
    let other = somebody_else(&dispatcher, here.township(), "full_time", &place.grid).await;
    let volunteer = somebody_else(&dispatcher, here.township(), "volunteer", &place.grid).await;
    let roster = format!("/api/v1/areas/{}/roster", place.grid);
    let week = format!("{roster}?from=2099-03-02&until=2099-03-09");
    let empty = dispatcher.get(&week).await.ok();
    assert_eq!(empty["duties"], json!([]));
    let shifts: Vec<&Value> = empty["shifts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shift| &shift["code"])
        .collect();
    assert_eq!(shifts, ["day", "night"]);

    let plan = |worker: &Value, date: &str, shift: &str| {
        json!({
            "slot": "grid_worker", "date": date, "shift": shift, "worker": id_of(worker),
        })
    };
    let mut stand_in = plan(&other, "2099-03-03", "night");
    stand_in["stands_in_for"] = holder["id"].clone();
    let plans = json!([plan(&holder, "2099-03-02", "day"), stand_in]);
    let body = |version: &Value, duties: &Value| json!({ "version": version, "duties": duties });

    let wrong = json!([
        plan(&other, "2099-03-02", "day"),
        plan(&volunteer, "2099-03-02", "day"),
        plan(&holder, "2099-03-09", "day"),
        plan(&holder, "2099-03-02", "dusk"),
    ]);
    let refused = put(&dispatcher, &week, &body(&empty["version"], &wrong)).await;
    let refused = refused.problem(422, "roster_refused");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 4, "{refused}");
    let saved = put(&dispatcher, &week, &body(&empty["version"], &plans)).await;
    let saved = saved.ok();
    assert_eq!(saved, dispatcher.get(&week).await.ok());
    let night = &saved["duties"][1];
    assert_eq!(
        (&night["from"], &night["until"]),
        (
            &json!("2099-03-03T12:00:00Z"),
            &json!("2099-03-04T00:00:00Z")
        ),
        "a night in China"
    );
    assert_eq!(night["stands_in_for"]["name"], holder["name"]);
    put(&dispatcher, &week, &body(&empty["version"], &plans))
        .await
        .problem(409, "roster_conflict");
    let outside = format!("/api/v1/areas/{}/roster", there.grid);
    put(&dispatcher, &outside, &body(&empty["version"], &json!([])))
        .await
        .problem(403, "forbidden");
    dispatcher
        .get(&format!("{roster}?from=2099-03-02&until=2099-03-02"))
        .await
        .problem(422, "invalid_field");
    // A township sees those of its grids.
    let above = format!(
        "/api/v1/areas/{}/roster?from=2099-03-02&until=2099-03-09",
        here.township()
    );
    let above = dispatcher.get(&above).await.ok();
    assert_eq!(above["duties"], saved["duties"]);
    let me = public.with_key(&ground.key(
        "网格员",
        "worker",
        &["--worker", id_of(&other), "--area", here.township()],
    ));
    let own = |id: &str| format!("/api/v1/workers/{id}/duties?from=2099-03-02&until=2099-03-09");
    let mine = me.get(&own(id_of(&other))).await.ok();
    assert_eq!(mine["items"], json!([night]));
    me.get(&own(id_of(&holder))).await.problem(403, "forbidden");
    me.get(&week).await.problem(403, "forbidden");

    // Who fills the slot, by the roster and without.
    let filled = async |at: &str| {
        let path = format!("/api/v1/staffing?area={}&at={at}&all=true", place.grid);
        let staffing = dispatcher.get(&path).await.ok();
        let slots = staffing["items"].as_array().unwrap().clone();
        let slot = slots.iter().find(|slot| slot["slot"] == "grid_worker");
        slot.unwrap()["filled_by"].clone()
    };
    let on_duty = filled("2099-03-03T13:00:00Z").await;
    assert_eq!(on_duty.as_array().unwrap().len(), 1);
    assert_eq!(
        (&on_duty[0]["worker"]["id"], &on_duty[0]["by"]),
        (&other["id"], &json!("stand_in"))
    );
    assert_eq!(on_duty[0]["stands_in_for"]["id"], holder["id"]);
    let by_roster = filled("2099-03-02T00:00:00Z").await;
    assert_eq!(by_roster[0]["by"], "duty");
    let without = filled("2099-03-02T12:00:00Z").await;
    assert_eq!(
        (&without[0]["worker"]["id"], &without[0]["by"]),
        (&holder["id"], &json!("post"))
    );

    let copy = json!({ "from": "2099-03-02" });
    let copied = dispatcher.post(&format!("{roster}/copy"), &copy).await.ok();
    let told: Vec<_> = copied["duties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|duty| (&duty["date"], &duty["shift"], &duty["worker"]["id"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("2099-03-09"), &json!("day"), &holder["id"]),
            (&json!("2099-03-10"), &json!("night"), &holder["id"]),
        ],
        "it is the holder's turn again"
    );
    assert_eq!(copied["left_out"], json!([]));
    dispatcher
        .post(&format!("{roster}/copy"), &copy)
        .await
        .problem(409, "roster_conflict");
    let again = json!({ "from": "2099-03-02", "version": copied["version"] });
    dispatcher
        .post(&format!("{roster}/copy"), &again)
        .await
        .ok();
}

pub async fn the_roster_is_followed_by_one_node_and_once(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let [here, _] = two_townships(&client).await;
    let (place, holder) = held_grid(&client, here.township()).await;
    let id: WorkerId = id_of(&holder).parse().unwrap();
    let set = format!("/api/v1/workers/{id}/duty");
    client.post(&set, &json!({ "on_duty": false })).await.ok();
    let week = format!("/api/v1/areas/{}/roster?from=2099-03-02", place.grid);
    let version = client.get(&week).await.ok()["version"].take();
    let plan = |date: &str| {
        json!({
            "slot": "grid_worker", "date": date, "shift": "day", "worker": holder["id"],
        })
    };
    let plans = json!([plan("2099-03-02"), plan("2099-03-03")]);
    let body = json!({ "version": version, "duties": plans });
    put(&client, &week, &body).await.ok();
    server.terminate();
    server.ended(std::time::Duration::from_secs(30)).await;

    // Half an hour before the first shift in China.
    let start: DateTime<Utc> = "2099-03-01T23:30:00Z".parse().unwrap();
    let clock = Arc::new(AtomicI64::new(start.timestamp_millis()));
    let node = Node::start(&ground, &clock).await;
    let other = Node::start(&ground, &clock).await;
    let mut stewards = [&node, &other].map(|node| Steward::new(node.services.clone()));
    let stored = async || {
        let found = node.services.store().find_worker(id).await.unwrap();
        found.unwrap().worker.on_duty
    };
    for (minutes, expected) in [(0, false), (29, false), (1, true), (719, true), (1, false)] {
        node.pass(minutes);
        for steward in &mut stewards {
            steward.look().await.unwrap();
        }
        assert_eq!(stored().await, expected, "after {minutes} more minutes");
    }
    let in_memory = |node: &Node| node.services.live().roster().find(id).unwrap();
    assert!(!in_memory(&node).worker.on_duty);

    // The next morning; then the worker goes home, and nobody calls them back.
    node.pass(720);
    for steward in &mut stewards {
        steward.look().await.unwrap();
    }
    assert!(stored().await);
    assert!(
        in_memory(&node).worker.on_duty,
        "the node that did it knows"
    );
    let now = node.services.clock().now();
    let store = node.services.store();
    store.set_duty(id, false, now).await.unwrap();
    // A node that takes over goes on where the last one was.
    node.pass(60);
    let after_crash = Node::start(&ground, &clock).await;
    stewards[0] = Steward::new(after_crash.services.clone());
    for steward in &mut stewards {
        steward.look().await.unwrap();
    }
    assert!(!stored().await, "by hand in between");
}

pub async fn vacancies_and_double_staffing_are_those_of_the_grids(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let township = here.township();
    let bound = ["--area", township];
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &bound));

    // Straight from the grids: slots without anybody and with two, by community.
    let mut expected: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    for place in places(&public).await {
        if place.township() != township {
            continue;
        }
        let area = public.get(&format!("/api/v1/areas/{}", place.grid)).await;
        let area = area.ok();
        let mut held: BTreeMap<&str, u64> = BTreeMap::new();
        for worker in area["workers"].as_array().unwrap() {
            *held.entry(worker["slot"].as_str().unwrap()).or_default() += 1;
        }
        let vacant = area["vacancies"].as_array().unwrap().len() as u64;
        let double = held.values().filter(|count| **count > 1).count() as u64;
        let sums = expected.entry(place.grid[..12].to_owned()).or_default();
        for (sum, more) in sums.iter_mut().zip([1, vacant, double]) {
            *sum += more;
        }
    }
    let total: [u64; 3] = std::array::from_fn(|at| expected.values().map(|sums| sums[at]).sum());
    assert!(total[1] > 0, "the demonstration should have vacancies");

    let counted = |count: &Value| {
        assert_eq!(
            count["slots"].as_u64(),
            count["grids"].as_u64().map(|n| n * 3)
        );
        ["grids", "vacant", "double"].map(|name| count[name].as_u64().unwrap())
    };
    let now = dispatcher.get("/api/v1/staffing?limit=1000").await.ok();
    assert_eq!(counted(&now["total"]), total, "the own area is meant");
    let counts: BTreeMap<String, [u64; 3]> = now["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| {
            assert_eq!(count["area"]["level"], "community");
            (
                count["area"]["code"].as_str().unwrap().to_owned(),
                counted(count),
            )
        })
        .collect();
    assert_eq!(counts, expected);
    let items = now["items"].as_array().unwrap();
    let of = |state: &str| items.iter().filter(|item| item["state"] == state).count() as u64;
    assert_eq!((of("vacant"), of("double")), (total[1], total[2]));
    assert_eq!(items.len() as u64, total[1] + total[2]);

    // Page by page the same.
    let pages = dispatcher.list("/api/v1/staffing?limit=2").await;
    assert_eq!(&pages, items);
    // Over a day on which nobody comes or goes the same, for the whole day.
    let today = (Utc::now() + TimeDelta::days(400)).date_naive();
    let day = format!("/api/v1/staffing?area={township}&date={today}");
    let day = dispatcher.get(&day).await.ok();
    assert_eq!(counted(&day["total"]), total);
    assert_eq!(
        day["total"]["vacant_minutes"].as_u64(),
        Some(total[1] * 1_440)
    );
    let midnight = format!("{}T16:00:00Z", today.pred_opt().unwrap());
    assert_eq!(day["items"][0]["from"], json!(midnight));

    let outside = format!("/api/v1/staffing?area={}", there.grid);
    dispatcher.get(&outside).await.problem(403, "forbidden");
    let both = format!(
        "/api/v1/staffing?at=2026-01-01T00:00:00Z&date={}",
        NaiveDate::default()
    );
    dispatcher.get(&both).await.problem(400, "invalid_request");
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let all = admin.get("/api/v1/staffing?by=township").await.ok();
    let own = all["counts"].as_array().unwrap().iter();
    let own: Vec<_> = own
        .filter(|count| count["area"]["code"] == township)
        .collect();
    assert_eq!(own.len(), 1);
    assert_eq!(counted(own[0]), total);
}

pub async fn what_workers_do_is_added_up(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 3).await;
    let near = format!(
        "/api/v1/workers/nearest?lon={}&lat={}&k=1",
        place.lon, place.lat
    );
    let worker = client.list(&near).await.swap_remove(0);
    let load = async |client: &Client, area: &str| {
        let path = format!("/api/v1/workloads?area={area}&limit=1000");
        let loads = client.list(&path).await;
        let names: Vec<&str> = loads
            .iter()
            .map(|load| load["worker"]["name"].as_str().unwrap())
            .collect();
        assert!(names.is_sorted(), "by name");
        let own = loads
            .iter()
            .find(|load| load["worker"]["id"] == worker["id"]);
        own.map_or([0; 2], |load| {
            ["led", "open"].map(|name| load[name].as_i64().unwrap())
        })
    };
    let before = load(&client, &place.grid).await;
    let mut now = place.file(&client, "工作量").await;
    for command in [
        json!({ "action": "file" }),
        json!({ "action": "dispatch", "reason": "试",
            "lead": { "kind": "worker", "id": worker["id"] } }),
        json!({ "action": "sign" }),
    ] {
        now = client.act(&now, command).await.ok();
    }
    assert_eq!(
        load(&client, &place.grid).await,
        [before[0] + 1, before[1] + 1]
    );
    client
        .act(&now, json!({ "action": "feed_back", "note": "好" }))
        .await
        .ok();
    let after = load(&client, place.township()).await;
    assert!(after[0] > before[0]);
    assert_eq!(load(&client, &place.grid).await, [before[0] + 1, before[1]]);
    // Those who had nothing to do are there too.
    let everybody = format!("/api/v1/areas/{}/posts?limit=1000", place.township());
    let posts = client.list(&everybody).await;
    let path = format!("/api/v1/workloads?area={}&limit=1000", place.township());
    let loads = client.list(&path).await;
    for post in posts {
        let id = &post["worker"]["id"];
        assert!(
            loads.iter().any(|load| &load["worker"]["id"] == id),
            "{post}"
        );
    }
    client
        .get("/api/v1/workloads?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z")
        .await
        .problem(422, "invalid_field");
}
