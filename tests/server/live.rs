//! What listeners hear, and when.

use std::time::Duration;

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;
use wangge::domain::DraftId;
use wangge::domain::draft::{Draft, DraftState, DraftStep};

use crate::client::id_of;
use crate::ground::{Backend, Ground};
use crate::listener::{Event, Listener};
use crate::process::Server;
use crate::territory::{places, two_townships};

/// What is promised for something filed elsewhere.
const AT_ONCE: Duration = Duration::from_secs(1);
/// The accuracy of a fix that may lie anywhere in the city from the one before.
const FROM_AFAR: f64 = 200_000.0;
/// For what is promised in no time.
const SOON: Duration = Duration::from_secs(10);

pub async fn an_incident_filed_elsewhere_is_heard_within_a_second(backend: Backend) {
    let ground = Ground::demonstration_alone(backend).await;
    ground.leave_to_people().await;
    let server = Server::open(&ground).await;
    let (filing, listening) = (server.client(), server.client());
    let mut listener = Listener::open(&listening, "incidents", None).await;
    for (round, place) in places(&filing).await.iter().step_by(311).enumerate() {
        let incident = place.file(&filing, &format!("快报 {round}")).await;
        let event = listener.next(AT_ONCE).await;
        assert_eq!(event.name, "incident", "{event:?}");
        assert_eq!(
            (
                &event.data["id"],
                &event.data["number"],
                &event.data["action"],
                &event.data["version"]
            ),
            (
                &incident["id"],
                &incident["number"],
                &json!("report"),
                &json!(1)
            ),
            "the event should tell of what was filed"
        );
        assert!(event.id.is_some(), "an event should have an id: {event:?}");
        let said = event.data.to_string();
        assert!(
            !said.contains("快报") && !said.contains("王") && !said.contains("1381"),
            "an event should carry no personal data and no text: {said}"
        );
    }
}

fn told(event: &Event) -> (String, i64) {
    (
        id_of(&event.data).to_owned(),
        event.data["version"].as_i64().unwrap(),
    )
}

pub async fn a_reader_that_comes_back_gets_exactly_what_it_missed(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    ground.leave_to_people().await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let mut listener = Listener::open(&client, "incidents", None).await;
    place.file(&client, "听到").await;
    let heard = listener.next(SOON).await;
    drop(listener);

    let mut missed = Vec::new();
    for round in 0..5 {
        let incident = place.file(&client, &format!("错过 {round}")).await;
        missed.push((id_of(&incident).to_owned(), 1));
        client
            .act(&incident, json!({ "action": "file" }))
            .await
            .ok();
        missed.push((id_of(&incident).to_owned(), 2));
    }
    // Another topic is not asked for, and so is not replayed.
    let worker = client.get("/api/v1/workers?limit=1").await.ok()["items"][0].take();
    let path = format!("/api/v1/workers/{}/duty", id_of(&worker));
    client.post(&path, &json!({ "on_duty": false })).await.ok();

    for _ in 0..2 {
        let mut listener = Listener::open(&client, "incidents", heard.id.as_deref()).await;
        let mut replayed = Vec::new();
        for _ in &missed {
            replayed.push(told(&listener.next(SOON).await));
        }
        assert_eq!(
            replayed, missed,
            "exactly what was missed should come, in order"
        );
        let now = place.file(&client, "现在").await;
        let event = listener.next(SOON).await;
        assert_eq!(
            told(&event),
            (id_of(&now).to_owned(), 1),
            "then what happens now should follow, and nothing between"
        );
        missed.push(told(&event));
    }

    let duty = Listener::open(&client, "workers", heard.id.as_deref())
        .await
        .next(SOON)
        .await;
    assert_eq!(duty.name, "worker", "the other topic has its own: {duty:?}");
}

pub async fn a_reader_that_comes_back_too_late_is_told_to_start_anew(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    ground.leave_to_people().await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(0);
    let mut listener = Listener::open(&client, "incidents", None).await;
    place.file(&client, "听到").await;
    let heard = listener.next(SOON).await;
    place.file(&client, "忘掉").await;
    listener.next(SOON).await;
    drop(listener);
    let store = ground.store().await;
    store
        .prune_changes(Utc::now() + TimeDelta::hours(1))
        .await
        .unwrap();

    let mut listener = Listener::open(&client, "incidents", heard.id.as_deref()).await;
    let reset = listener.next(SOON).await;
    assert_eq!(
        reset.name, "reset",
        "what is forgotten cannot be replayed: {reset:?}"
    );
    let now = place.file(&client, "以后").await;
    let event = listener.next(SOON).await;
    assert_eq!(told(&event).0, id_of(&now), "and then it goes on");
    drop(listener);

    let later = place.file(&client, "再以后").await;
    let mut listener = Listener::open(&client, "incidents", event.id.as_deref()).await;
    assert_eq!(
        told(&listener.next(SOON).await).0,
        id_of(&later),
        "from there on replay works again"
    );
}

pub async fn posted_positions_are_heard_and_make_the_worker_the_nearest(backend: Backend) {
    let ground = Ground::demonstration_alone(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let on_duty = client
        .get("/api/v1/workers?on_duty=true&limit=2")
        .await
        .ok();
    let [walker, other] = [0, 1].map(|at| id_of(&on_duty["items"][at]).to_owned());
    let place = places(&client).await.swap_remove(1_500);
    let mut listener = Listener::open(&client, "positions", None).await;

    let at = |minutes: i64| {
        (Utc::now() + TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Millis, true)
    };
    let (lon, lat) = (place.lon, place.lat);
    let answer = client
        .post(
            "/api/v1/positions",
            &json!({ "positions": [
                { "worker": walker, "lon": lon, "lat": lat, "accuracy_m": FROM_AFAR, "heading_deg": 90.0 },
                { "worker": walker, "lon": 118.9, "lat": 33.5, "at": at(-5) },
                { "worker": walker, "lon": 118.9, "lat": 33.5, "at": at(-60 * 24 * 30) },
                { "worker": other, "lon": 0.0, "lat": 0.0 },
                { "worker": other, "lon": lon, "lat": lat, "at": at(5) },
                { "worker": Uuid::from_u128(1), "lon": lon, "lat": lat },
            ] }),
        )
        .await
        .ok();
    assert_eq!(
        answer,
        json!({ "accepted": 1, "set_aside": [
            { "index": 1, "reason": "late" },
            { "index": 2, "reason": "too_old" },
            { "index": 3, "reason": "null_island" },
            { "index": 4, "reason": "future" },
            { "index": 5, "reason": "unknown_worker" },
        ] }),
        "what cannot be believed should be set aside and named"
    );
    // Memory has it before the answer.
    let near = format!("/api/v1/workers/nearest?lon={lon}&lat={lat}&k=1");
    let nearest = client.list(&near).await.swap_remove(0);
    assert_eq!(
        id_of(&nearest),
        walker,
        "who stands there should be nearest: {nearest}"
    );
    assert!(nearest["distance_m"].as_f64().unwrap() < 0.1, "{nearest}");
    let event = listener
        .find(Duration::from_secs(2), |event| {
            event.data["positions"]
                .as_array()
                .is_some_and(|all| all.iter().any(|fix| fix["worker"] == *walker))
        })
        .await;
    assert_eq!(event.name, "positions");
    let fixes = event.data["positions"].as_array().unwrap();
    assert_eq!(fixes.len(), 1, "only who moved should be told: {event:?}");
    assert_eq!(
        (
            &fixes[0]["lon"],
            &fixes[0]["lat"],
            &fixes[0]["heading_deg"],
            &fixes[0]["on_duty"]
        ),
        (&json!(lon), &json!(lat), &json!(90.0), &json!(true)),
        "{event:?}"
    );

    let nowhere = json!({ "worker": other, "lon": 119.0, "lat": 119.0 });
    let answer = client.post("/api/v1/positions", &nowhere).await.ok();
    assert_eq!(
        answer,
        json!({ "accepted": 0, "set_aside": [{ "index": 0, "reason": "out_of_range" }] })
    );
}

pub async fn a_listener_hears_only_of_the_own_area(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    ground.leave_to_people().await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let [here, there] = two_townships(&public).await;
    let key = ground.key("镇领导", "leader", &["--area", here.township()]);
    let leader = public.with_key(&key);
    let mut listener = Listener::open(&leader, "incidents,positions", None).await;
    let mut everything = Listener::open(&admin, "incidents", None).await;

    let theirs = there.file(&public, "外镇").await;
    let mine = here.file(&public, "本镇").await;
    let heard = listener.next(SOON).await;
    assert_eq!(
        told(&heard).0,
        id_of(&mine),
        "of another township nothing should be heard"
    );
    let first = everything.next(SOON).await;
    assert_eq!(told(&first).0, id_of(&theirs), "who may hear all hears it");

    // The own workers are told wherever they are, others nowhere.
    let one_of = async |township: &str| {
        let path = format!("/api/v1/workers?area={township}&limit=1");
        id_of(&admin.get(&path).await.ok()["items"][0]).to_owned()
    };
    let [inside, outside] = [
        one_of(here.township()).await,
        one_of(there.township()).await,
    ];
    let positions = json!({ "positions": [
        { "worker": inside, "lon": there.lon, "lat": there.lat, "accuracy_m": FROM_AFAR },
        { "worker": outside, "lon": here.lon, "lat": here.lat, "accuracy_m": FROM_AFAR },
    ] });
    admin.post("/api/v1/positions", &positions).await.ok();
    let event = listener.next(SOON).await;
    let fixes = event.data["positions"].as_array().unwrap();
    let workers: Vec<&str> = fixes
        .iter()
        .map(|fix| fix["worker"].as_str().unwrap())
        .collect();
    assert_eq!(
        workers,
        [inside],
        "only those who belong to the own area should be told: {event:?}"
    );

    // Replay is bounded too.
    drop(listener);
    there.file(&public, "外镇又一件").await;
    let again = here.file(&public, "本镇又一件").await;
    let mut listener = Listener::open(&leader, "incidents", heard.id.as_deref()).await;
    let event = listener.next(SOON).await;
    assert_eq!(
        told(&event).0,
        id_of(&again),
        "nor should it be replayed: {event:?}"
    );
}

pub async fn a_draft_is_heard_by_those_who_may_edit_boundaries_there(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let [here, there] = two_townships(&public).await;
    let key = |name, role, more: &[&str]| public.with_key(&ground.key(name, role, more));
    let own = key("镇测绘", "gis", &["--area", here.township()]);
    let all = key("市测绘", "gis", &[]);
    let leader = key("市领导", "leader", &[]);
    let mut hears_own = Listener::open(&own, "drafts", None).await;
    let mut hears_all = Listener::open(&all, "drafts", None).await;
    let mut hears_none = Listener::open(&leader, "drafts,incidents", None).await;

    let store = ground.store().await;
    let open = async |title: &str, within: Option<&str>| {
        let draft = draft(title, within);
        let step = first_step(&draft);
        store.open_draft(&draft, &step, &[]).await.unwrap();
        draft.id.to_string()
    };
    let everywhere = open("全市", None).await;
    let theirs = open("外镇", Some(there.township())).await;
    let mine = open("本镇", Some(here.township())).await;
    let heard = hears_own.next(SOON).await;
    assert_eq!(
        (heard.name.as_str(), &heard.data),
        (
            "draft",
            &json!({ "id": mine, "version": 1, "state": "open", "title": "本镇" })
        ),
        "of drafts beyond the own area nothing should be heard"
    );
    for expected in [&everywhere, &theirs, &mine] {
        let heard = hears_all.next(SOON).await;
        assert_eq!(id_of(&heard.data), expected);
    }
    here.file(&public, "之后").await;
    let event = hears_none.next(SOON).await;
    assert_eq!(
        event.name, "incident",
        "who may not edit boundaries hears of no draft: {event:?}"
    );

    // Replay tells the same.
    drop(hears_own);
    open("外镇又一稿", Some(there.township())).await;
    let again = open("本镇又一稿", Some(here.township())).await;
    let mut hears_own = Listener::open(&own, "drafts", heard.id.as_deref()).await;
    assert_eq!(id_of(&hears_own.next(SOON).await.data), again);
}

fn draft(title: &str, within: Option<&str>) -> Draft {
    let now = Utc::now();
    Draft {
        id: DraftId(Uuid::new_v4()),
        title: title.into(),
        base: None,
        state: DraftState::Open,
        version: 1,
        scheme: "national".into(),
        within: within.map(|code| code.parse().unwrap()),
        source: None,
        created_by: "测绘员".into(),
        created_at: now,
        updated_at: now,
        edition: None,
    }
}

fn first_step(draft: &Draft) -> DraftStep {
    DraftStep {
        version: draft.version,
        at: draft.created_at,
        by: draft.created_by.clone(),
        operation: "draw".into(),
        record: json!({}),
        undoes: None,
        before: vec![],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_id_of_another_stream_and_an_unknown_topic_are_refused() {
    let ground = Ground::empty(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    client
        .get("/api/v1/stream?topics=incidents,weather")
        .await
        .problem(400, "invalid_request");
    let request = client
        .request(reqwest::Method::GET, "/api/v1/stream")
        .header("Last-Event-ID", "yesterday");
    client.send(request).await.problem(400, "invalid_request");
}
