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

/// Everyone who walks.
pub struct Walkers(Vec<Walker>);

impl Walkers {
    /// Picks workers who are on duty and have a position.
    pub async fn enlist(
        client: &Client,
        count: usize,
        rng: &mut impl Rng,
    ) -> Result<Self, Failure> {
        let mut walkers = Vec::new();
        let mut cursor: Option<String> = None;
        while walkers.len() < count {
            let after = cursor
                .map(|cursor| format!("&cursor={cursor}"))
                .unwrap_or_default();
            let page: WorkerPage = client
                .get(&format!("/api/v1/workers?on_duty=true&limit=1000{after}"))
                .await?;
            walkers.extend(page.items.into_iter().filter_map(|worker| {
                let home = worker.position?;
                Some(Walker {
                    id: worker.id,
                    home,
                    at: home,
                    heading_deg: rng.random_range(0.0..360.0),
                })
            }));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        if walkers.is_empty() {
            return Err(
                "no worker is on duty with a known position; `wangge demo` makes some".into(),
            );
        }
        walkers.truncate(count);
        Ok(Self(walkers))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Everyone takes a step and says where they are.
    pub async fn step(&mut self, client: &Client, rng: &mut impl Rng) -> Result<(), Failure> {
        let positions: Vec<_> = self
            .0
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
            .collect();
        client
            .post("/api/v1/positions", &json!({ "positions": positions }))
            .await?;
        Ok(())
    }

    /// A place near one of the walkers, where something may happen.
    pub fn somewhere(&self, rng: &mut impl Rng) -> LngLat {
        let near = &self.0[rng.random_range(0..self.0.len())];
        near.home
            .destination(rng.random_range(0.0..360.0), rng.random_range(5.0..RANGE_M))
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
