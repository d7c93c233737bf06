//! An incident from its report to its evaluation, and what is refused on the way.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, id_of, incident_path};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{places, staffed_place};

/// The candidates for an incident, which somebody has to be among.
async fn candidates(client: &Client, incident: &Value) -> Vec<Value> {
    let path = format!("{}/candidates?k=10", incident_path(incident));
    let answer = client.get(&path).await.ok();
    let candidates = answer["candidates"].as_array().unwrap().clone();
    assert!(!candidates.is_empty(), "somebody should be able to go");
    candidates
}

fn worker(candidate: &Value) -> Value {
    json!({ "kind": "worker", "id": candidate["worker"]["id"] })
}

pub async fn an_incident_goes_all_the_way_from_report_to_evaluation(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 3).await;

    let filed = client
        .post("/api/v1/incidents", &place.report("楼道里有旧沙发"))
        .await;
    let location = filed.headers.get("location").cloned();
    let incident = filed.expect(201);
    assert_eq!(
        location
            .as_ref()
            .and_then(|location| location.to_str().ok()),
        Some(&*incident_path(&incident)),
        "the answer should say where the incident is"
    );
    assert!(
        incident["tracking_key"]
            .as_str()
            .is_some_and(|key| key.len() >= 16),
        "the reporter should get a key: {incident}"
    );
    assert_eq!(
        (
            &incident["status"],
            &incident["version"],
            &incident["match"]
        ),
        (&json!("reported"), &json!(1), &json!("grid"))
    );
    assert!(
        incident["chain"]
            .as_array()
            .unwrap()
            .iter()
            .any(|link| link["code"] == place.grid.as_str()),
        "the incident should be matched to its grid: {incident}"
    );
    assert_eq!(
        incident["reporter"],
        json!({ "name": "王**", "phone": "138****1234" }),
        "the reporter should be masked"
    );
    assert_eq!(
        incident["holder"]["area"],
        place.township(),
        "the township's centre should hold it: {incident}"
    );

    let mut now = client.get(&incident_path(&incident)).await.ok();
    assert_eq!(
        now["tracking_key"],
        Value::Null,
        "the key is told only once"
    );
    let first = candidates(&client, &now).await.swap_remove(0);
    for (command, status) in [
        (json!({ "action": "file", "note": "属实" }), "filed"),
        (
            json!({ "action": "dispatch", "lead": worker(&first) }),
            "dispatched",
        ),
        (json!({ "action": "sign" }), "handling"),
        (
            json!({ "action": "feed_back", "note": "已清运" }),
            "verifying",
        ),
        (json!({ "action": "pass", "note": "现场干净" }), "closed"),
        (
            json!({ "action": "evaluate", "responded": true, "resolved": true, "satisfied": 5, "comment": "快" }),
            "evaluated",
        ),
    ] {
        let offered = now["actions"].as_array().unwrap();
        assert!(
            offered
                .iter()
                .any(|offer| offer["action"] == command["action"]),
            "{} should be offered: {offered:?}",
            command["action"]
        );
        let before = now["version"].as_i64().unwrap();
        now = client.act(&now, command).await.ok();
        assert_eq!(
            (&now["status"], now["version"].as_i64()),
            (&json!(status), Some(before + 1)),
            "each step should raise the version by one"
        );
        if status == "dispatched" {
            assert_eq!(
                now["lead"]["assignee"]["name"], first["worker"]["name"],
                "the lead should be named: {now}"
            );
            assert!(now["deadlines"]["sign_by"].is_string(), "{now}");
        }
    }
    assert_eq!(now["outcome"], "resolved");
    assert_eq!(now["evaluation"]["satisfied"], 5);
    let stored = client.get(&incident_path(&incident)).await.ok();
    assert_eq!(stored, now, "what was answered is what is kept");

    let events = client
        .list(&format!("{}/events", incident_path(&incident)))
        .await;
    let steps: Vec<(i64, &str, &str)> = events
        .iter()
        .map(|event| {
            let word = |name: &str| event[name].as_str().unwrap();
            (event["seq"].as_i64().unwrap(), word("action"), word("to"))
        })
        .collect();
    assert_eq!(
        steps,
        [
            (1, "report", "reported"),
            (2, "file", "filed"),
            (3, "dispatch", "dispatched"),
            (4, "sign", "handling"),
            (5, "feed_back", "verifying"),
            (6, "pass", "closed"),
            (7, "evaluate", "evaluated"),
        ],
        "the history should have every step"
    );
    assert_eq!(events[4]["note"], "已清运");
}

pub async fn candidates_are_ranked_and_say_why(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 3).await;
    let incident = place.file(&client, "排名").await;
    let path = format!("{}/candidates", incident_path(&incident));
    let answer = client.get(&format!("{path}?k=100")).await.ok();
    let radius_m = answer["radius_m"].as_f64().unwrap();
    let ranked = answer["candidates"].as_array().unwrap();
    assert!(ranked.len() >= 2, "several should be able to go: {answer}");
    let scores: Vec<f64> = ranked
        .iter()
        .map(|candidate| candidate["score"].as_f64().unwrap())
        .collect();
    assert!(
        scores.is_sorted_by(|a, b| a >= b)
            && scores.iter().all(|score| (0.0..=1.0).contains(score)),
        "the best should come first: {scores:?}"
    );
    for candidate in ranked {
        let parts = candidate["parts"].as_array().unwrap();
        let names: Vec<&str> = parts
            .iter()
            .map(|part| part["part"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["post", "distance", "load", "skill", "freshness"]);
        let number = |part: &Value, name: &str| part[name].as_f64().unwrap();
        let weight: f64 = parts.iter().map(|part| number(part, "weight")).sum();
        let mean: f64 = parts
            .iter()
            .map(|part| number(part, "value") * number(part, "weight"))
            .sum::<f64>()
            / weight;
        assert!(
            (mean - candidate["score"].as_f64().unwrap()).abs() < 1e-9,
            "the score should be the weighted mean of its parts: {candidate}"
        );
        assert!(
            parts
                .iter()
                .all(|part| part["reason"].as_str().is_some_and(|word| !word.is_empty())),
            "every part should have a reason: {candidate}"
        );
        assert!(candidate["distance_m"].as_f64().unwrap() <= radius_m);
        assert_eq!(candidate["worker"]["on_duty"], true, "{candidate}");
    }
    let left_out = answer["left_out"].as_array().unwrap();
    assert!(
        answer["left_out_total"].as_u64().unwrap() >= left_out.len() as u64,
        "the total should count those who are not named"
    );

    // Whoever goes off duty is left out, and named with the reason.
    let first = ranked[0]["worker"]["id"].as_str().unwrap();
    client
        .post(
            &format!("/api/v1/workers/{first}/duty"),
            &json!({ "on_duty": false }),
        )
        .await
        .ok();
    let answer = client.get(&format!("{path}?k=100")).await.ok();
    let named = |list: &Value| {
        list.as_array()
            .unwrap()
            .iter()
            .find(|item| item["worker"]["id"] == first)
            .cloned()
    };
    assert_eq!(
        named(&answer["candidates"]),
        None,
        "somebody off duty should be no candidate"
    );
    // Without a post near the place and off duty, nobody looks at them at all.
    if let Some(left_out) = named(&answer["left_out"]) {
        assert_eq!(left_out["reasons"], json!(["off_duty"]), "{left_out}");
    }
    for left_out in answer["left_out"].as_array().unwrap() {
        let reasons = left_out["reasons"].as_array().unwrap();
        assert!(
            !reasons.is_empty(),
            "whoever is left out should be told why: {left_out}"
        );
    }
    let one = client.get(&format!("{path}?k=1")).await.ok();
    assert_eq!(one["candidates"].as_array().unwrap().len(), 1);
}

pub async fn an_action_that_the_table_does_not_allow_names_the_allowed_ones(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let incident = places(&client).await[0].file(&client, "未立案").await;
    let offered: Vec<&Value> = incident["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|offer| &offer["action"])
        .collect();
    for command in [
        json!({ "action": "pass" }),
        json!({ "action": "sign" }),
        json!({ "action": "dispatch", "lead": { "kind": "worker", "id":
            client.get("/api/v1/workers?limit=1").await.ok()["items"][0]["id"] } }),
        json!({ "action": "evaluate", "responded": true, "resolved": true, "satisfied": 5 }),
    ] {
        let problem = client
            .act(&incident, command.clone())
            .await
            .problem(409, "action_not_allowed");
        assert_eq!(problem["current_status"], "reported", "{command}");
        let allowed: Vec<&Value> = problem["allowed"].as_array().unwrap().iter().collect();
        assert_eq!(
            allowed, offered,
            "the allowed actions should be those that the incident offers"
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            allowed
                .iter()
                .all(|action| detail.contains(action.as_str().unwrap())),
            "people should read the allowed ones too: {detail}"
        );
    }
    let unchanged = client.get(&incident_path(&incident)).await.ok();
    assert_eq!(unchanged["version"], 1, "nothing should have changed");

    let filed = client
        .act(&incident, json!({ "action": "file" }))
        .await
        .ok();
    let problem = client
        .act(&filed, json!({ "action": "reject", "reason": " " }))
        .await
        .problem(422, "action_needs");
    assert_eq!(problem["field"], "reason", "{problem}");
}

pub async fn of_two_simultaneous_dispatches_one_wins_and_one_gets_the_current_state(
    backend: Backend,
) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = staffed_place(&client, 5).await;
    for round in 0..20 {
        let incident = place.file(&client, &format!("抢派 {round}")).await;
        let filed = client
            .act(&incident, json!({ "action": "file" }))
            .await
            .ok();
        let candidates = candidates(&client, &filed).await;
        let dispatch = |candidate: &Value| json!({ "action": "dispatch", "lead": worker(candidate), "reason": "就近" });
        let leads = [&candidates[0], &candidates[candidates.len() - 1]];
        let (a, b) = tokio::join!(
            client.act(&filed, dispatch(leads[0])),
            client.act(&filed, dispatch(leads[1])),
        );
        let statuses = BTreeSet::from([a.status, b.status]);
        assert_eq!(
            statuses,
            BTreeSet::from([200, 409]),
            "exactly one of two should win, in round {round}: {a:?} {b:?}"
        );
        let (won, lost) = if a.status == 200 { (a, b) } else { (b, a) };
        let won = won.ok();
        let current = lost.problem(409, "version_conflict")["current"].take();
        assert_eq!(
            (&current["version"], &current["status"]),
            (&won["version"], &json!("dispatched")),
            "the loser should get the state that the winner made"
        );
        assert_eq!(current["lead"], won["lead"], "in round {round}");
        let events = client
            .list(&format!("{}/events", incident_path(&incident)))
            .await;
        assert_eq!(
            events.len(),
            3,
            "one dispatch should stand in the history: {events:?}"
        );
    }
}

pub async fn a_repeated_request_is_one_incident(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(3);
    let file = async |key: &str, description: &str| {
        let request = client
            .request(Method::POST, "/api/v1/incidents")
            .header("Idempotency-Key", key)
            .json(&place.report(description));
        client.send(request).await
    };
    let first = file("a", "只报一次").await.expect(201);
    let again = file("a", "只报一次").await.expect(200);
    assert_eq!(
        (id_of(&again), &again["number"]),
        (id_of(&first), &first["number"]),
        "the repetition should be the same incident"
    );
    file("a", "另一件事")
        .await
        .problem(422, "idempotency_key_reused");
    let other = file("b", "只报一次").await.expect(201);
    assert_ne!(
        id_of(&other),
        id_of(&first),
        "another key, another incident"
    );
    file("", "空").await.problem(422, "invalid_field");

    let at_once = futures::future::join_all((0..8).map(|_| file("c", "同时"))).await;
    let made = at_once.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1, "of eight at once one should make it: {at_once:?}");
    let ids: BTreeSet<String> = at_once
        .into_iter()
        .map(|answer| id_of(&answer.json()).to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "all should be told of the same: {ids:?}");
}
