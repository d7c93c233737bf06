//! Places of the demonstration territory, and reports from there.

use serde_json::{Value, json};

use crate::client::Client;

/// A service that a worker leads and whose form asks for nothing.
pub const SERVICE: &str = "city-bulky-waste";
/// Digits of a township's code.
const TOWNSHIP_DIGITS: usize = 9;

/// A point inside a grid.
#[derive(Debug, Clone)]
pub struct Place {
    pub grid: String,
    pub lon: f64,
    pub lat: f64,
}

impl Place {
    fn of(area: &Value) -> Self {
        let degrees = |axis: &str| {
            area["label"][axis]
                .as_f64()
                .unwrap_or_else(|| panic!("this should have a label: {area}"))
        };
        Self {
            grid: area["code"].as_str().unwrap().to_owned(),
            lon: degrees("lon"),
            lat: degrees("lat"),
        }
    }

    pub fn township(&self) -> &str {
        &self.grid[..TOWNSHIP_DIGITS]
    }

    /// A report from here.
    pub fn report(&self, description: &str) -> Value {
        json!({
            "service": SERVICE,
            "lon": self.lon,
            "lat": self.lat,
            "description": description,
            "address": "某小区3号楼",
            "reporter": { "name": "王小明", "phone": "13812341234" },
        })
    }

    /// Files a report from here.
    pub async fn file(&self, client: &Client, description: &str) -> Value {
        client
            .post("/api/v1/incidents", &self.report(description))
            .await
            .expect(201)
    }
}

/// A place in every grid, by code.
pub async fn places(client: &Client) -> Vec<Place> {
    let grids = client.list("/api/v1/areas?level=grid&limit=1000").await;
    assert!(grids.len() > 1_000, "the demonstration should have grids");
    grids.iter().map(Place::of).collect()
}

/// A place in each of two townships.
pub async fn two_townships(client: &Client) -> [Place; 2] {
    let places = places(client).await;
    let here = places.first().unwrap().clone();
    let there = places
        .into_iter()
        .find(|place| place.township() != here.township())
        .expect("the demonstration should have more than one township");
    [here, there]
}

/// A place near which `count` workers are on duty and seen just now. The client must be
/// one who may send positions.
pub async fn staffed_place(client: &Client, count: usize) -> Place {
    for place in places(client).await.into_iter().step_by(37) {
        let near = format!(
            "/api/v1/workers/nearest?lon={}&lat={}&k={count}&max_m=4000",
            place.lon, place.lat
        );
        let workers = client.list(&near).await;
        if workers.len() == count {
            let positions: Vec<Value> = workers
                .iter()
                .map(|worker| {
                    let last = &worker["position"];
                    json!({ "worker": worker["id"], "lon": last["lon"], "lat": last["lat"] })
                })
                .collect();
            let taken = client
                .post("/api/v1/positions", &json!({ "positions": positions }))
                .await
                .ok();
            assert_eq!(
                taken["accepted"], count,
                "a newer position should be taken: {taken}"
            );
            return place;
        }
    }
    panic!("the demonstration should have a place with {count} workers on duty near")
}
