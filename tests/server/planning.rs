//! Many incidents at once: the plan, what it leaves out and why, and sending it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Client, id_of, incident_path};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, staffed_place, two_townships};

const PLAN: &str = "/api/v1/dispatch/plan";

/// Incidents at one place that wait to be sent somebody, the oldest first.
async fn wait_at(client: &Client, place: &Place, count: usize) -> Vec<Value> {
    let mut waiting = Vec::new();
    for number in 0..count {
        let incident = place.file(client, &format!("待派 {number}")).await;
        let filed = client.act(&incident, json!({ "action": "file" })).await;
        waiting.push(filed.ok());
    }
    waiting
}

fn numbers(incidents: &[Value]) -> Vec<&Value> {
    incidents
        .iter()
        .map(|incident| &incident["number"])
        .collect()
}

fn list<'a>(answer: &'a Value, name: &str) -> &'a Vec<Value> {
    answer[name].as_array().unwrap()
}

fn sum_of(assignments: &[Value], name: &str) -> u64 {
    let costs = assignments.iter();
    costs.map(|given| given[name].as_u64().unwrap()).sum()
}

pub async fn a_plan_gives_each_incident_to_somebody_and_changes_nothing(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 5).await;
    let waiting = wait_at(&client, &place, 4).await;
    let ask = json!({ "incidents": numbers(&waiting), "most_each": 1, "arrive_by": "anytime" });
    let plan = client.post(PLAN, &ask).await.ok();

    let assignments = list(&plan, "assignments");
    assert_eq!(
        (&plan["assigned"], list(&plan, "unassigned").len()),
        (&json!(4), 0),
        "four of five who are near should go: {plan}"
    );
    let given: Vec<&Value> = assignments
        .iter()
        .map(|given| &given["incident"]["number"])
        .collect();
    assert_eq!(given, numbers(&waiting), "the oldest should come first");
    let workers: BTreeSet<&str> = assignments
        .iter()
        .map(|given| given["worker"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(workers.len(), 4, "one each: {plan}");
    for given in assignments {
        let cost = &given["cost"];
        let parts = ["travel_s", "elsewhere_s", "load_s"].map(|part| cost[part].as_u64().unwrap());
        assert_eq!(given["cost_s"], parts.iter().sum::<u64>(), "{given}");
        let [speed_mps, distance_m] =
            [&plan["speed_mps"], &given["distance_m"]].map(|number| number.as_f64().unwrap());
        let arrival_s = given["arrival_s"].as_f64().unwrap();
        assert!(
            (arrival_s - distance_m / speed_mps - 0.5).abs() <= 0.5,
            "a begun second should count whole: {given}"
        );
        assert_eq!(given["deadline"], Value::Null, "none was asked for");
    }
    assert_eq!(plan["cost_s"], sum_of(assignments, "cost_s"));
    assert_eq!(plan["greedy"]["assigned"], 4);
    assert!(
        plan["greedy"]["cost_s"].as_u64() >= plan["cost_s"].as_u64(),
        "{plan}"
    );
    assert_eq!(plan["sent"], Value::Null);
    for incident in &waiting {
        let now = client.get(&incident_path(incident)).await.ok();
        assert_eq!(&now, incident, "to propose should change nothing");
    }

    // Without being told which, it plans these with all the others that wait.
    let all = client.post(PLAN, &json!({})).await.ok();
    let mut planned: Vec<&Value> = Vec::new();
    for name in ["assignments", "unassigned"] {
        planned.extend(
            list(&all, name)
                .iter()
                .map(|one| &one["incident"]["number"]),
        );
    }
    for number in numbers(&waiting) {
        assert!(
            planned.contains(&number),
            "{number} should be planned: {all}"
        );
    }
    let deadline = &list(&all, "assignments")[0]["deadline"];
    assert!(deadline.is_string(), "the usual one counts: {all}");
}

pub async fn who_is_left_out_is_told_why(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 5).await;
    let waiting = wait_at(&client, &place, 3).await;
    let path = format!("{}/candidates?k=100", incident_path(&waiting[0]));
    let ranked = client.get(&path).await.ok();
    let mut distances: Vec<f64> = list(&ranked, "candidates")
        .iter()
        .map(|candidate| candidate["distance_m"].as_f64().unwrap())
        .collect();
    distances.sort_by(f64::total_cmp);
    // So near is one of them alone.
    let radius_m = f64::midpoint(distances[0], distances[1]).max(1.0);
    let mut ask = json!({
        "incidents": numbers(&waiting),
        "radius_m": radius_m,
        "most_each": 1,
        "arrive_by": "anytime",
    });
    let plan = client.post(PLAN, &ask).await.ok();
    assert_eq!(
        list(&plan, "assignments")[0]["incident"]["number"],
        waiting[0]["number"],
        "the oldest should be given the only one: {plan}"
    );
    let left = list(&plan, "unassigned");
    assert_eq!(left.len(), 2, "{plan}");
    for (left, incident) in left.iter().zip(&waiting[1..]) {
        assert_eq!(left["incident"]["number"], incident["number"]);
        assert_eq!(
            (&left["why"], &left["eligible"], &left["taken_by"][0]["id"]),
            (&json!("all_taken"), &json!(1), &waiting[0]["id"]),
            "{left}"
        );
    }

    // Nobody is so near.
    ask["radius_m"] = json!(1);
    let near = client.post(PLAN, &ask).await.ok();
    let left = list(&near, "unassigned");
    assert_eq!(left.len(), 3, "{near}");
    for left in left {
        assert_eq!(
            (&left["why"], &left["looked_at"]),
            (&json!("nobody_eligible"), &near["workers"]),
            "{left}"
        );
        let told: Vec<&Value> = list(left, "reasons").iter().collect();
        let too_far = told.iter().find(|told| told["reason"] == "out_of_radius");
        let count = too_far.map_or(0, |told| told["count"].as_u64().unwrap());
        assert!(
            count > 0 && Some(count) <= near["workers"].as_u64(),
            "{left}"
        );
        assert!(
            told.iter().all(|told| told["reason"] != "too_late"),
            "{left}"
        );
    }
}

pub async fn what_two_send_at_once_is_sent_once(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 5).await;
    let waiting = wait_at(&client, &place, 4).await;
    let ask = json!({
        "incidents": numbers(&waiting),
        "arrive_by": "anytime",
        "send": true,
        "reason": "夜间集中派遣",
    });
    let (a, b) = tokio::join!(client.post(PLAN, &ask), client.post(PLAN, &ask));
    let mut sent = BTreeSet::new();
    for answer in [a, b] {
        if answer.status != 200 {
            // The other had begun already.
            answer.problem(422, "invalid_field");
            continue;
        }
        let plan = answer.ok();
        let outcomes = list(&plan, "sent");
        assert_eq!(outcomes.len(), list(&plan, "assignments").len());
        for (outcome, given) in outcomes.iter().zip(list(&plan, "assignments")) {
            assert_eq!(outcome["incident"], given["incident"]["id"]);
            if outcome["version"].is_null() {
                let problem = &outcome["problem"];
                assert_eq!(problem["code"], "version_conflict", "{outcome}");
                assert_eq!(problem["current"]["status"], "dispatched", "{outcome}");
                continue;
            }
            let id = outcome["incident"].as_str().unwrap().to_owned();
            assert!(sent.insert(id), "sent twice: {outcome}");
            let now = client.get(&incident_path(&given["incident"])).await.ok();
            assert_eq!(
                (
                    &now["status"],
                    &now["version"],
                    &now["lead"]["assignee"]["id"]
                ),
                (
                    &json!("dispatched"),
                    &outcome["version"],
                    &given["worker"]["id"]
                ),
            );
            let path = format!("{}/events", incident_path(&now));
            let events = client.list(&path).await;
            assert_eq!(events.last().unwrap()["note"], "夜间集中派遣");
        }
    }
    let all: BTreeSet<String> = waiting.iter().map(|one| id_of(one).to_owned()).collect();
    assert_eq!(sent, all, "each should have been sent by one of the two");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_stays_within_the_area_and_the_bounds() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let everywhere = public.with_key(&ground.key("总调度", "dispatcher", &[]));
    let key = ground.key("镇调度员", "dispatcher", &["--area", here.township()]);
    let dispatcher = public.with_key(&key);
    let mine = wait_at(&everywhere, &here, 1).await.swap_remove(0);
    let theirs = wait_at(&everywhere, &there, 1).await.swap_remove(0);

    let plan = dispatcher.post(PLAN, &json!({})).await.ok();
    let mut planned = Vec::new();
    for name in ["assignments", "unassigned"] {
        planned.extend(list(&plan, name).iter().map(|one| id_of(&one["incident"])));
    }
    assert!(planned.contains(&id_of(&mine)), "{plan}");
    assert!(!planned.contains(&id_of(&theirs)), "{plan}");
    let theirs_alone = json!({ "area": there.township() });
    let plan = everywhere.post(PLAN, &theirs_alone).await.ok();
    assert!(!plan.to_string().contains(id_of(&mine)), "{plan}");
    assert!(plan.to_string().contains(id_of(&theirs)), "{plan}");

    dispatcher
        .post(PLAN, &theirs_alone)
        .await
        .problem(403, "forbidden");
    dispatcher
        .post(PLAN, &json!({ "incidents": [theirs["id"]] }))
        .await
        .problem(404, "not_found");
    let reported = here.file(&everywhere, "未立案").await;
    for body in [
        json!({ "incidents": [reported["id"]] }),
        json!({ "incidents": [theirs["id"]], "area": here.township() }),
        json!({ "incidents": vec![&mine["number"]; 1_001] }),
        json!({ "radius_m": 0 }),
        json!({ "speed_mps": 1_000 }),
        json!({ "most_each": 0 }),
        json!({ "send": true, "reason": " " }),
    ] {
        everywhere
            .post(PLAN, &body)
            .await
            .problem(422, "invalid_field");
    }
    let auditor = public.with_key(&ground.key("审计", "auditor", &[]));
    auditor
        .post(PLAN, &json!({}))
        .await
        .problem(403, "forbidden");
}
