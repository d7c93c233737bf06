//! The simulation, which uses the server as any client does.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::ground::{Backend, Ground};
use crate::process::Server;

/// The mark that the simulation leaves in its reports.
const MARK: &str = "（模拟）";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_simulation_reports_incidents_and_takes_them_through_their_steps() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let client = server.client();
    let base = client
        .request(reqwest::Method::GET, "")
        .build()
        .unwrap()
        .url()
        .to_string();
    let before = Instant::now();
    let mut command = ground.command(&[
        "simulate",
        "--url",
        base.trim_end_matches('/'),
        "--seconds",
        "8",
        "--workers",
        "50",
        "--incidents-per-minute",
        "120",
    ]);
    let ran = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(
        ran.status.success(),
        "the simulation should end well: {said} {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(
        (Duration::from_secs(7)..Duration::from_mins(1)).contains(&before.elapsed()),
        "it should run for the time it was given"
    );
    assert!(
        said.contains("50 workers walk,") && said.contains("reported"),
        "it should say what it did: {said}"
    );

    let simulated: Vec<_> = client
        .list("/api/v1/incidents?limit=1000")
        .await
        .into_iter()
        .filter(|incident| {
            incident["description"]
                .as_str()
                .is_some_and(|text| text.contains(MARK))
        })
        .collect();
    assert!(
        (10..=40).contains(&simulated.len()),
        "two incidents a second should have been reported, not {}",
        simulated.len()
    );
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    for incident in &simulated {
        let status = incident["status"].as_str().unwrap();
        *statuses.entry(status).or_default() += 1;
    }
    let moved: i64 = simulated
        .iter()
        .map(|incident| incident["version"].as_i64().unwrap() - 1)
        .sum();
    assert!(
        moved > 0 && statuses.keys().any(|status| *status != "reported"),
        "incidents should have moved through the steps: {statuses:?}"
    );
    assert!(
        !server.log().contains("ERROR"),
        "nothing should have failed inside: {}",
        server.log()
    );
}
