//! The end of a server that is asked to stop.

use std::time::Duration;

use serde_json::json;

use crate::client::id_of;
use crate::ground::{Backend, Ground};
use crate::listener::Listener;
use crate::process::Server;
use crate::territory::places;

const IN_TIME: Duration = Duration::from_secs(5);

pub async fn a_server_told_to_stop_ends_in_time_and_keeps_the_last_positions(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(42);
    let listed = client.get("/api/v1/workers?limit=1000").await.ok();
    let workers: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(id_of)
        .collect();
    let mut listener = Listener::open(&client, "incidents,positions", None).await;

    let positions: Vec<_> = workers
        .iter()
        // So coarse that it is no jump.
        .map(|worker| {
            json!({ "worker": worker, "lon": place.lon, "lat": place.lat, "accuracy_m": 2e5 })
        })
        .collect();
    let taken = client
        .post("/api/v1/positions", &json!({ "positions": positions }))
        .await
        .ok();
    assert_eq!(taken["accepted"], workers.len(), "{}", taken["set_aside"]);
    server.terminate();
    let ended = server.ended(IN_TIME).await.unwrap_or_else(|| {
        panic!("a server with an open stream should end within {IN_TIME:?} of SIGTERM")
    });
    assert_eq!(ended.code(), Some(0), "it should end well: {ended}");
    assert!(
        listener.ends(Duration::from_secs(1)).await,
        "the stream should have ended with the server"
    );

    let stored = ground.store().await.list_positions(None).await.unwrap();
    for worker in &workers {
        let fix = stored
            .iter()
            .find(|fix| fix.worker.to_string() == **worker)
            .unwrap_or_else(|| panic!("the position of {worker} should be stored"));
        assert!(
            (fix.position.lon() - place.lon).abs() < 1e-6
                && (fix.position.lat() - place.lat).abs() < 1e-6,
            "the last position of {worker} should be stored, not {fix:?}"
        );
    }

    let server = Server::open(&ground).await;
    let near = format!(
        "/api/v1/workers/nearest?lon={}&lat={}&k=1",
        place.lon, place.lat
    );
    let nearest = server.client().list(&near).await.swap_remove(0);
    assert!(
        nearest["distance_m"].as_f64().unwrap() < 0.1,
        "a new server should begin where the last one was: {nearest}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_are_answered_before_the_end() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let place = places(&client).await.swap_remove(7);
    let filing: Vec<_> = (0..20)
        .map(|turn| {
            let (client, report) = (client.clone(), place.report(&format!("收尾 {turn}")));
            tokio::spawn(async move {
                let request = client
                    .request(reqwest::Method::POST, "/api/v1/incidents")
                    .json(&report);
                client.try_send(request).await
            })
        })
        .collect();
    server.terminate();
    let mut acknowledged = Vec::new();
    for one in filing {
        // A connection that comes after the end of listening is refused.
        if let Ok(answer) = one.await.unwrap() {
            acknowledged.push(answer.expect(201));
        }
    }
    let ended = server.ended(IN_TIME).await;
    assert_eq!(
        ended.and_then(|ended| ended.code()),
        Some(0),
        "it should end well, and in time"
    );
    let server = Server::open(&ground).await;
    for incident in acknowledged {
        let path = crate::client::incident_path(&incident);
        server.client().get(&path).await.ok();
    }
}
