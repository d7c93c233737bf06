//! Asks a server that speaks as OSRM does how long ways take by roads
//! (<https://project-osrm.org/docs>, table service, version 1).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::TryFutureExt;
use futures::stream::{self, StreamExt, TryStreamExt};
use reqwest::Url;
use reqwest::redirect::Policy;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Services;
use super::clock::Stopwatch;
use crate::domain::dispatch::{KnownWay, Policy as DispatchPolicy, RoadTimes};
use crate::domain::{LngLat, WorkerId};

/// How long it has for all tables that belong together.
const TIMEOUT_ALL: Duration = Duration::from_secs(10);
/// After it has failed it is left alone for so long, so that nobody waits for it in vain.
const REST_MS: u64 = 15_000;
/// Tables that are asked for at once, by all together: who ranks for one incident waits for
/// no plan of a thousand.
const AT_ONCE: usize = 8;
/// A place farther than this from any road, in metres, is none that the server knows.
const FARTHEST_M: f64 = 500.0;

/// Where ways by roads are known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadsPlace {
    /// Of the server, without `/table`.
    pub url: String,
    /// As whom workers go; the name that the server's own addresses have.
    #[serde(default = "usual_profile")]
    pub profile: String,
    /// How many coordinates the server takes at once (`--max-table-size`).
    #[serde(default = "usual_most")]
    pub most: usize,
    /// How long it has for one table.
    #[serde(default = "usual_timeout_ms")]
    pub timeout_ms: u32,
}

fn usual_profile() -> String {
    "bike".to_owned()
}

/// What `osrm-routed` allows when nothing is said.
const fn usual_most() -> usize {
    100
}

/// Somebody waits for the answer, and so does the next incident of a rule.
const fn usual_timeout_ms() -> u32 {
    1_000
}

/// A server of roads that cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum RoadsError {
    #[error(
        "roads.url is {0:?}, but should be the address of a server of roads such as http://127.0.0.1:5000"
    )]
    Address(String),
    #[error("roads.most is {0}, but a way has two ends; write 2 or more")]
    TooFew(usize),
    #[error("the system's certificates cannot be used")]
    Client(#[source] reqwest::Error),
}

/// Why an answer is of no use.
#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error("it does not answer")]
    Silent(#[source] reqwest::Error),
    #[error("what it answers is no table")]
    NoTable(#[source] reqwest::Error),
    #[error("it did not answer all within {} s", TIMEOUT_ALL.as_secs())]
    TooSlow,
    #[error("it says {code}: {message}")]
    Refused { code: String, message: String },
    #[error("its table is not {0} ways long")]
    WrongTable(usize),
}

/// The ways of some workers to one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ways {
    pub to: LngLat,
    pub from: Vec<(WorkerId, LngLat)>,
}

/// A server of roads.
#[derive(Debug)]
pub struct Roads {
    client: reqwest::Client,
    /// Ends with a slash.
    table: Url,
    most: usize,
    turns: Semaphore,
    running: Stopwatch,
    /// Until when it is left alone, in milliseconds of that clock.
    rests_until_ms: AtomicU64,
}

#[derive(Deserialize)]
struct Answer {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    durations: Vec<[Option<f64>; 1]>,
    #[serde(default)]
    sources: Vec<Waypoint>,
    #[serde(default)]
    destinations: Vec<Waypoint>,
}

#[derive(Deserialize)]
struct Waypoint {
    /// From the place that was asked about to the road; servers of old do not say it.
    #[serde(default)]
    distance: f64,
}

impl Roads {
    /// # Errors
    /// When the address or the number of coordinates makes no sense.
    pub fn new(place: &RoadsPlace) -> Result<Self, RoadsError> {
        if place.most < 2 {
            return Err(RoadsError::TooFew(place.most));
        }
        let no_address = || RoadsError::Address(place.url.clone());
        let mut table: Url = place.url.parse().map_err(|_| no_address())?;
        if !matches!(table.scheme(), "http" | "https") {
            return Err(no_address());
        }
        table
            .path_segments_mut()
            .map_err(|()| no_address())?
            .pop_if_empty()
            .extend(["table", "v1", &place.profile, ""]);
        // Fails only when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_millis(place.timeout_ms.into()))
            // Where people are goes to that server and to no other.
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("Wangge")
            .build()
            .map_err(RoadsError::Client)?;
        Ok(Self {
            client,
            table,
            most: place.most,
            turns: Semaphore::new(AT_ONCE),
            running: Stopwatch::start(),
            rests_until_ms: AtomicU64::new(0),
        })
    }

    /// What is known of all these ways, or nothing when the server does not tell it of all:
    /// what is compared must be measured alike.
    async fn ask(&self, ways: &[Ways]) -> Option<Vec<Vec<KnownWay>>> {
        let now_ms = || u64::try_from(self.running.elapsed().as_millis()).unwrap_or(u64::MAX);
        if now_ms() < self.rests_until_ms.load(Ordering::Relaxed) {
            return None;
        }
        let answered = timeout(TIMEOUT_ALL, self.ask_all(ways))
            .await
            .unwrap_or(Err(AskError::TooSlow));
        answered
            .inspect_err(|error| {
                // Many ways at once may take long though the server is well.
                if !matches!(error, AskError::TooSlow) {
                    let until_ms = now_ms().saturating_add(REST_MS);
                    self.rests_until_ms.store(until_ms, Ordering::Relaxed);
                }
                tracing::warn!(
                    error = error as &dyn std::error::Error,
                    "the server of roads is of no use; straight lines count"
                );
            })
            .ok()
    }

    async fn ask_all(&self, ways: &[Ways]) -> Result<Vec<Vec<KnownWay>>, AskError> {
        let mut parts = Vec::new();
        for (number, ways) in ways.iter().enumerate() {
            for from in ways.from.chunks(self.most - 1) {
                let asking = self.ask_table(ways.to, from);
                parts.push(asking.map_ok(move |known| (number, known)));
            }
        }
        let mut answers = stream::iter(parts).buffer_unordered(AT_ONCE);
        let mut known: Vec<Vec<KnownWay>> = vec![Vec::new(); ways.len()];
        while let Some((number, part)) = answers.try_next().await? {
            known[number].extend(part);
        }
        Ok(known)
    }

    async fn ask_table(
        &self,
        to: LngLat,
        from: &[(WorkerId, LngLat)],
    ) -> Result<Vec<KnownWay>, AskError> {
        let places: Vec<String> = std::iter::once(to)
            .chain(from.iter().map(|&(_, from)| from))
            .map(|place| format!("{:.7},{:.7}", place.lon(), place.lat()))
            .collect();
        let sources: Vec<String> = (1..=from.len()).map(|number| number.to_string()).collect();
        let mut url = self.table.clone();
        url.set_path(&format!("{}{}", url.path(), places.join(";")));
        url.set_query(Some(&format!(
            "sources={}&destinations=0&annotations=duration&generate_hints=false",
            sources.join(";")
        )));
        // Fails only when it is closed, which it never is.
        let _turn = self.turns.acquire().await.ok();
        // The address says where people are, and does not belong in a log.
        let response = self.client.get(url).send().await;
        let response = response.map_err(|error| AskError::Silent(error.without_url()))?;
        let answer = response.json().await;
        let answer: Answer = answer.map_err(|error| AskError::NoTable(error.without_url()))?;
        if answer.code != "Ok" {
            return Err(AskError::Refused {
                code: answer.code,
                message: answer.message,
            });
        }
        if answer.durations.len() != from.len() {
            return Err(AskError::WrongTable(from.len()));
        }
        let off_road_m = |waypoint: Option<&Waypoint>| waypoint.map_or(0.0, |it| it.distance);
        let to_road_m = off_road_m(answer.destinations.first());
        let ends = from.iter().zip(&answer.durations).enumerate();
        Ok(ends
            .map(|(number, end)| (off_road_m(answer.sources.get(number)), end))
            .filter(|(from_road_m, _)| from_road_m.max(to_road_m) <= FARTHEST_M)
            .map(|(from_road_m, (&(worker, from), [road_s]))| KnownWay {
                worker,
                distance_m: from.distance_m(to),
                road_s: *road_s,
                off_road_m: from_road_m + to_road_m,
            })
            .collect())
    }
}

impl Services {
    /// True when there is a server of roads to ask.
    pub(super) fn knows_roads(&self) -> bool {
        self.inner.roads.is_some()
    }

    /// How long ways take by roads, in the order of the places; `None` when none is known and
    /// straight lines must do.
    pub(super) async fn road_times(
        &self,
        ways: &[Ways],
        policy: &DispatchPolicy,
    ) -> Option<Vec<RoadTimes>> {
        let known = self.inner.roads.as_ref()?.ask(ways).await?;
        let times = known.iter().map(|known| RoadTimes::new(known, policy));
        let is_any = known.iter().any(|known| !known.is_empty());
        is_any.then(|| times.collect())
    }
}
