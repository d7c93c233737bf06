//! Workers who walk about near their posts.

use rand::{Rng, RngExt};
use serde::Deserialize;
use serde_json::json;

use super::super::Failure;
use super::client::Client;
use crate::domain::{LngLat, WorkerId};

/// Walking pace, in metres a second.
const PACE_MPS: f64 = 1.4;
/// How far from where they began workers wander before they turn back.
const RANGE_M: f64 = 400.0;

#[derive(Deserialize)]
struct WorkerPage {
    items: Vec<ListedWorker>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct ListedWorker {
    id: WorkerId,
    position: Option<LngLat>,
}

struct Walker {
    id: WorkerId,
    home: LngLat,
    at: LngLat,
    heading_deg: f64,
}

/// How often those who do not walk say where they are, in steps. Fixes older than some
/// minutes count for nothing, so that nobody else could be sent.
const HEARTBEAT_STEPS: usize = 240;

/// Everyone on duty: some walk, the others stand where they are.
pub struct Walkers {
    walking: Vec<Walker>,
    standing: Vec<(WorkerId, LngLat)>,
    steps: usize,
}

impl Walkers {
    /// Finds the workers who are on duty and have a position; `count` of them walk.
    pub async fn enlist(
        client: &Client,
        count: usize,
        rng: &mut impl Rng,
    ) -> Result<Self, Failure> {
        let mut standing = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let after = cursor
                .map(|cursor| format!("&cursor={cursor}"))
                .unwrap_or_default();
            let page: WorkerPage = client
                .get(&format!("/api/v1/workers?on_duty=true&limit=1000{after}"))
                .await?;
            let seen = page.items.into_iter();
            standing.extend(seen.filter_map(|worker| Some((worker.id, worker.position?))));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        if standing.is_empty() {
            return Err(
                "no worker is on duty with a known position; `wangge demo` makes some".into(),
            );
        }
        // The list is by name, so that those who walk are from everywhere.
        let walking = standing
            .drain(..count.min(standing.len()))
            .map(|(id, home)| Walker {
                id,
                home,
                at: home,
                heading_deg: rng.random_range(0.0..360.0),
            })
            .collect();
        Ok(Self {
            walking,
            standing,
            steps: 0,
        })
    }

    /// How many walk, and how many stand.
    pub fn counts(&self) -> (usize, usize) {
        (self.walking.len(), self.standing.len())
    }

    /// Those who walk take a step and say where they are, and so do some of the others.
    pub async fn step(&mut self, client: &Client, rng: &mut impl Rng) -> Result<(), Failure> {
        let due = self.steps % HEARTBEAT_STEPS;
        self.steps += 1;
        let standing = self.standing.iter().skip(due).step_by(HEARTBEAT_STEPS);
        let standing = standing.map(
            |(id, at)| json!({ "worker": id, "lon": at.lon(), "lat": at.lat(), "accuracy_m": 8.0 }),
        );
        let positions: Vec<_> = self
            .walking
            .iter_mut()
            .map(|walker| {
                walker.step(rng);
                json!({
                    "worker": walker.id,
                    "lon": walker.at.lon(),
                    "lat": walker.at.lat(),
                    "accuracy_m": 8.0,
                    "speed_mps": PACE_MPS,
                    "heading_deg": walker.heading_deg,
                })
            })
            .chain(standing)
            .collect();
        client
            .post("/api/v1/positions", &json!({ "positions": positions }))
            .await?;
        Ok(())
    }

    /// A place near one of the workers, where something may happen.
    pub fn somewhere(&self, rng: &mut impl Rng) -> LngLat {
        let place = rng.random_range(0..self.walking.len() + self.standing.len());
        let near = match self.walking.get(place) {
            Some(walker) => walker.home,
            None => self.standing[place - self.walking.len()].1,
        };
        near.destination(rng.random_range(0.0..360.0), rng.random_range(5.0..RANGE_M))
    }
}

impl Walker {
    fn step(&mut self, rng: &mut impl Rng) {
        if self.at.distance_m(self.home) > RANGE_M {
            let home = (
                self.home.lon() - self.at.lon(),
                self.home.lat() - self.at.lat(),
            );
            let squeezed = home.0 * self.at.lat().to_radians().cos();
            self.heading_deg = squeezed.atan2(home.1).to_degrees().rem_euclid(360.0);
        }
        self.heading_deg = (self.heading_deg + rng.random_range(-25.0..25.0)).rem_euclid(360.0);
        self.at = self.at.destination(self.heading_deg, PACE_MPS);
    }
}
