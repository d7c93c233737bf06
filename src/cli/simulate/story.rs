//! Incidents from report to evaluation.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Failure;
use super::choose;
use super::client::{Answer, Client};
use crate::domain::LngLat;

/// The chance that an incident goes on by one step in a second.
const STEP_CHANCE: f64 = 0.12;

#[derive(Deserialize)]
struct Catalogue {
    items: Vec<CataloguedService>,
}

#[derive(Deserialize)]
struct CataloguedService {
    code: String,
    name_zh: String,
    #[serde(default)]
    fields: Vec<CataloguedField>,
}

#[derive(Deserialize)]
struct CataloguedField {
    required: bool,
}

/// The incidents that the simulation has reported and still looks after.
pub struct Stories {
    services: Vec<CataloguedService>,
    under_way: Vec<Value>,
    handled_here: bool,
    told: BTreeMap<String, usize>,
    ended: usize,
    reported: usize,
}

impl Stories {
    pub async fn new(client: &Client, handled_here: bool) -> Result<Self, Failure> {
        let catalogue: Catalogue = client.get("/api/v1/services").await?;
        let services: Vec<_> = catalogue
            .items
            .into_iter()
            .filter(|service| service.fields.iter().all(|field| !field.required))
            .collect();
        if services.is_empty() {
            return Err("every service asks for something in its form".into());
        }
        Ok(Self {
            services,
            under_way: Vec::new(),
            handled_here,
            told: BTreeMap::new(),
            ended: 0,
            reported: 0,
        })
    }

    /// Reports something at a place.
    pub async fn report(
        &mut self,
        client: &Client,
        place: LngLat,
        rng: &mut impl Rng,
    ) -> Result<(), Failure> {
        let Some(service) = choose(rng, &self.services) else {
            return Ok(());
        };
        let body = json!({
            "service": service.code,
            "lon": place.lon(),
            "lat": place.lat(),
            "description": format!("{}（模拟）", service.name_zh),
            "source": choose(rng, &["resident", "worker", "hotline"]),
        });
        let incident = client.post("/api/v1/incidents", &body).await?;
        self.reported += 1;
        if self.handled_here {
            self.under_way.push(incident);
        }
        Ok(())
    }

    /// Takes some of the incidents one step on.
    pub async fn advance(&mut self, client: &Client, rng: &mut impl Rng) -> Result<(), Failure> {
        let mut going_on = Vec::with_capacity(self.under_way.len());
        for incident in std::mem::take(&mut self.under_way) {
            if !rng.random_bool(STEP_CHANCE) {
                going_on.push(incident);
                continue;
            }
            match self.step(client, incident, rng).await? {
                Some(incident) => going_on.push(incident),
                None => self.ended += 1,
            }
        }
        self.under_way = going_on;
        Ok(())
    }

    /// One step; `None` when there is nothing more to do.
    async fn step(
        &mut self,
        client: &Client,
        incident: Value,
        rng: &mut impl Rng,
    ) -> Result<Option<Value>, Failure> {
        let id = incident["id"].as_str().unwrap_or_default().to_owned();
        let Some(mut command) = next_command(&incident, rng) else {
            return Ok(None);
        };
        if command["action"] == "dispatch" {
            let path = format!("/api/v1/incidents/{id}/candidates?k=1");
            let candidates: Value = client.get(&path).await?;
            let worker = &candidates["candidates"][0]["worker"]["id"];
            let department = &candidates["organisations"][0]["id"];
            command["lead"] = if department.is_string() {
                json!({ "kind": "organisation", "id": department })
            } else if worker.is_string() {
                json!({ "kind": "worker", "id": worker })
            } else {
                // Nobody can go now; a dispatcher will see to it.
                return Ok(None);
            };
            command["reason"] = json!("模拟派遣");
        }
        command["version"] = incident["version"].clone();
        let path = format!("/api/v1/incidents/{id}/actions");
        match client.attempt(&path, &command).await? {
            Answer::Done(incident) => {
                let action = command["action"].as_str().unwrap_or_default();
                *self.told.entry(action.to_owned()).or_default() += 1;
                Ok(Some(incident))
            }
            // Somebody at a desk was faster: it is theirs now.
            Answer::Refused => Ok(None),
        }
    }

    /// What was done, in words.
    pub fn summary(&self) -> String {
        let steps: Vec<String> = self
            .told
            .iter()
            .map(|(action, count)| format!("{count} {action}"))
            .collect();
        format!(
            "{} reported, {} ended, {} under way; {}",
            self.reported,
            self.ended,
            self.under_way.len(),
            steps.join(", ")
        )
    }
}

/// What usually comes next, with a bounce now and then.
fn next_command(incident: &Value, rng: &mut impl Rng) -> Option<Value> {
    let offered = |action: &str| {
        incident["actions"]
            .as_array()
            .is_some_and(|actions| actions.iter().any(|offer| offer["action"] == action))
    };
    let status = incident["status"].as_str()?;
    let command = match status {
        "reported" => json!({ "action": "file" }),
        "filed" => json!({ "action": "dispatch" }),
        "dispatched" => json!({ "action": "sign" }),
        "handling" => json!({ "action": "feed_back", "note": "已处理（模拟）" }),
        "verifying" if rng.random_bool(0.05) => {
            json!({ "action": "rework", "reason": "现场未清理干净（模拟）" })
        }
        "verifying" => json!({ "action": "pass", "note": "核查通过（模拟）" }),
        "closed" => json!({
            "action": "evaluate",
            "responded": true,
            "resolved": true,
            "satisfied": rng.random_range(3..=5),
        }),
        _ => return None,
    };
    offered(command["action"].as_str()?).then_some(command)
}
