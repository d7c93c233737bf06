//! What was acknowledged is kept, however the process ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Method;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::client::id_of;
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::places;

const FILINGS: usize = 1_000;
const CLIENTS: usize = 16;
/// After so many the process is killed.
const BEFORE_THE_KILL: usize = 400;

pub async fn every_acknowledged_incident_survives_a_kill(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let places = Arc::new(places(&client).await);
    let before = client.list("/api/v1/incidents?limit=1000").await.len();

    let next = Arc::new(AtomicUsize::new(0));
    let acknowledged = Arc::new(Mutex::new(BTreeMap::new()));
    let enough = Arc::new(Notify::new());
    let mut filing = JoinSet::new();
    for _ in 0..CLIENTS {
        let (client, places) = (server.client(), Arc::clone(&places));
        let (next, enough) = (Arc::clone(&next), Arc::clone(&enough));
        let acknowledged = Arc::clone(&acknowledged);
        filing.spawn(async move {
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                if turn >= FILINGS {
                    return;
                }
                let report = places[turn % places.len()].report(&format!("第 {turn} 件"));
                let request = client
                    .request(Method::POST, "/api/v1/incidents")
                    .json(&report);
                // The connection breaks when the process is killed.
                let Ok(answer) = client.try_send(request).await else {
                    return;
                };
                let incident = answer.expect(201);
                let number = incident["number"].as_str().unwrap().to_owned();
                let mut acknowledged = acknowledged.lock().await;
                acknowledged.insert(id_of(&incident).to_owned(), number);
                if acknowledged.len() == BEFORE_THE_KILL {
                    enough.notify_one();
                }
            }
        });
    }
    timeout(Duration::from_mins(2), enough.notified())
        .await
        .expect("four hundred incidents should have been filed");
    server.kill().await;
    while let Some(ended) = filing.join_next().await {
        ended.expect("a client should end with the connection");
    }
    let acknowledged = std::mem::take(&mut *acknowledged.lock().await);
    assert!(
        (BEFORE_THE_KILL..FILINGS).contains(&acknowledged.len()),
        "the process should have been killed in the middle, but {} were acknowledged",
        acknowledged.len()
    );
    let numbers: BTreeSet<&String> = acknowledged.values().collect();
    assert_eq!(
        numbers.len(),
        acknowledged.len(),
        "no number should have been given twice"
    );

    let server = Server::open(&ground).await;
    let client = server.client();
    for (id, number) in &acknowledged {
        let incident = client.get(&format!("/api/v1/incidents/{id}")).await.ok();
        assert_eq!(incident["number"], **number, "the number should be kept");
        let events = client
            .list(&format!("/api/v1/incidents/{number}/events"))
            .await;
        assert_eq!(
            (events.len(), &events[0]["action"]),
            (1, &serde_json::json!("report")),
            "the incident should be found by number, with its event"
        );
    }
    let listed = client.list("/api/v1/incidents?limit=1000").await;
    let numbers: BTreeSet<&str> = listed
        .iter()
        .map(|incident| incident["number"].as_str().unwrap())
        .collect();
    assert_eq!(
        numbers.len(),
        listed.len(),
        "numbers should be unique over all incidents"
    );
    // A filing whose answer was cut off may be there or not, but each at most once.
    let filed = listed.len() - before;
    assert!(
        (acknowledged.len()..=acknowledged.len() + CLIENTS).contains(&filed),
        "{} were acknowledged and {CLIENTS} under way, but {filed} are there",
        acknowledged.len()
    );
    let numbers: BTreeSet<String> = numbers.into_iter().map(str::to_owned).collect();
    let after = places[0].file(&client, "重启以后").await;
    assert!(
        !numbers.contains(after["number"].as_str().unwrap()),
        "numbers should go on where they were: {after}"
    );
}
