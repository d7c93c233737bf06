//! A day of Huai'an in a few minutes: thousands of reports by six channels, through
//! whatever may be done about them, while workers move, departments fail as chance will
//! have it and a server is killed. Nothing that was acknowledged may be missing afterwards,
//! and nobody may have been told out of order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::{Mutex, RwLock};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use wangge::domain::incident::{IncidentKey, Source};
use wangge::domain::webhook::SigningSecret;
use wangge::domain::workflow::{Action, Party, TRANSITIONS};
use wangge::domain::{Assignee, Incident, IncidentEvent, IncidentId, Status};

use crate::client::{Answer, Client, id_of, incident_path};
use crate::departments::{Department, Reply, TAKEN, Told, refused};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{Place, SERVICE, places};

const REPORTS: usize = 5_000;
const WORKERS: usize = 300;
/// How many reports are under way at once.
const AT_ONCE: usize = 24;
/// How many steps are taken about a report at most.
const STEPS: usize = 9;
/// How long may pass until all is told.
const PATIENCE: Duration = Duration::from_mins(6);

/// What the service does by itself when time has passed, and what an edition does.
const NOT_BY_HAND: [Action; 4] = [
    Action::Report,
    Action::PassUp,
    Action::Warn,
    Action::Rematch,
];

pub async fn nothing_acknowledged_is_lost_and_nobody_is_told_out_of_order(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    ground.leave_to_people().await;
    let nodes = match backend {
        Backend::Sqlite => 1,
        Backend::Postgis => 2,
    };
    let day = Arc::new(Day::begin(&ground, nodes).await);
    let walking = tokio::spawn(Arc::clone(&day).walk());
    let mut under_way = JoinSet::new();
    for desk in 0..AT_ONCE {
        under_way.spawn(Arc::clone(&day).attend(desk));
    }
    let attending = async {
        while let Some(attended) = under_way.join_next().await {
            attended.unwrap();
        }
    };
    let killing = async {
        for kill in 1..=2 {
            day.reach(REPORTS * kill / 3).await;
            day.kill(&ground, 0).await;
        }
    };
    tokio::join!(attending, killing);
    day.over.store(true, Ordering::SeqCst);
    walking.await.unwrap();

    let histories = Histories::read(&day, &ground).await;
    histories.check_states(&day).await;
    histories.check_acknowledged(&day).await;
    histories.check_paths();
    histories.check_figures(&day).await;
    for endpoint in &day.endpoints {
        histories.check_told(endpoint).await;
    }
}

/// Somebody who is told, and of what.
struct Endpoint {
    department: Department,
    hears: Hears,
}

enum Hears {
    /// All in an area.
    Area(String),
    /// What it has a task in, and what it brought in if it does.
    Own { it: Assignee, brings_in: bool },
}

struct Day {
    servers: Mutex<Vec<Option<Server>>>,
    /// How each node is asked now, by an administrator.
    fronts: Vec<RwLock<Client>>,
    places: Vec<Place>,
    /// Brings in cases, in its own words and in ours.
    bureau: String,
    bureau_key: String,
    /// Who is asked to assist.
    partners: Vec<String>,
    centres: Vec<Value>,
    endpoints: Vec<Endpoint>,
    begun_at: DateTime<Utc>,
    done: AtomicUsize,
    over: AtomicBool,
    /// By incident, the version and action of each step that was answered as done.
    acknowledged: Mutex<BTreeMap<IncidentId, Vec<(i64, String)>>>,
    numbers: Mutex<Vec<String>>,
}

/// Takes most of what it is told, the first time or the second.
fn unreliable(told: &Told) -> Reply {
    let mut hasher = DefaultHasher::new();
    (told.version, told.incident.0.as_u128()).hash(&mut hasher);
    match hasher.finish() % 100 {
        0..3 if told.before == 0 => refused(500),
        3 if told.before < 2 => refused(503),
        _ => TAKEN,
    }
}

impl Day {
    async fn begin(ground: &Ground, nodes: usize) -> Self {
        let mut servers = Vec::new();
        for _ in 0..nodes {
            servers.push(Some(Server::open(ground).await));
        }
        let fronts: Vec<Client> = servers.iter().flatten().map(Server::client).collect();
        let admin = &fronts[0];
        let departments = admin
            .list("/api/v1/organisations?kind=department&limit=1000")
            .await;
        let centres = admin
            .list("/api/v1/organisations?kind=centre&limit=1000")
            .await;
        let [bureau, partner, ..] = &departments[..] else {
            panic!("the demonstration should have departments")
        };
        let county = centres
            .iter()
            .find(|centre| centre["level"] == "county")
            .expect("the demonstration should have a centre of a county");
        let own = |organisation: &Value, brings_in| Hears::Own {
            it: assignee(organisation),
            brings_in,
        };
        let area = county["area"].as_str().unwrap().to_owned();
        let endpoints = vec![
            join(admin, bureau, own(bureau, true)).await,
            join(admin, partner, own(partner, false)).await,
            join(admin, county, Hears::Area(area)).await,
        ];
        let bureau = id_of(bureau).to_owned();
        let key = ["--organisation", &bureau, "--area", "3208"];
        Self {
            places: places(admin).await,
            bureau_key: ground.key("联动单位", "department", &key),
            partners: [&bureau, &id_of(partner).to_owned()]
                .map(String::clone)
                .to_vec(),
            bureau,
            centres,
            endpoints,
            fronts: fronts.into_iter().map(RwLock::new).collect(),
            servers: Mutex::new(servers),
            begun_at: Utc::now(),
            done: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            acknowledged: Mutex::default(),
            numbers: Mutex::default(),
        }
    }

    /// Waits until so many reports are seen to.
    async fn reach(&self, count: usize) {
        while self.done.load(Ordering::SeqCst) < count {
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends a node in the middle of what it does, and starts it anew.
    async fn kill(&self, ground: &Ground, node: usize) {
        let killed = self.servers.lock().await[node].take().unwrap();
        killed.kill().await;
        let server = Server::open(ground).await;
        *self.fronts[node].write().await = server.client();
        self.servers.lock().await[node] = Some(server);
    }

    /// Asks any node until one answers.
    async fn ask(&self, turn: usize, request: impl Fn(&Client) -> RequestBuilder) -> Answer {
        let asking = async {
            for node in (0..self.fronts.len())
                .cycle()
                .skip(turn % self.fronts.len())
            {
                let client = self.fronts[node].read().await.clone();
                match client.try_send(request(&client)).await {
                    Ok(answer) => return answer,
                    Err(_) => sleep(Duration::from_millis(20)).await,
                }
            }
            unreachable!("there is always a next node")
        };
        timeout(PATIENCE, asking).await.unwrap()
    }

    async fn get(&self, turn: usize, path: &str) -> Value {
        self.ask(turn, |client| client.request(Method::GET, path))
            .await
            .ok()
    }

    /// Workers go about until the day is over.
    async fn walk(self: Arc<Self>) {
        let workers = self
            .get(0, &format!("/api/v1/workers?limit={WORKERS}"))
            .await;
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut places: Vec<(String, f64, f64)> = workers["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|worker| {
                let place = self.places.choose(&mut rng).unwrap();
                (id_of(worker).to_owned(), place.lon, place.lat)
            })
            .collect();
        assert_eq!(places.len(), WORKERS);
        while !self.over.load(Ordering::SeqCst) {
            let positions: Vec<Value> = places
                .iter_mut()
                .map(|(worker, lon, lat)| {
                    *lon += rng.random_range(-1e-5..1e-5);
                    *lat += rng.random_range(-1e-5..1e-5);
                    json!({ "worker": worker, "lon": lon, "lat": lat, "accuracy_m": 10 })
                })
                .collect();
            let body = json!({ "positions": positions });
            self.ask(0, |client| {
                client
                    .request(Method::POST, "/api/v1/positions")
                    .json(&body)
            })
            .await
            .ok();
            sleep(Duration::from_millis(250)).await;
        }
    }

    /// One of many who see to reports, one after the other.
    async fn attend(self: Arc<Self>, desk: usize) {
        for turn in (desk..REPORTS).step_by(AT_ONCE) {
            self.see_to(turn).await;
            self.done.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn see_to(&self, turn: usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::try_from(turn).unwrap());
        let number = self.report(turn, &mut rng).await;
        let path = format!("/api/v1/incidents/{number}");
        let mut incident = self.get(turn, &path).await;
        self.acknowledge(&incident, 1, "report").await;
        self.numbers.lock().await.push(number);
        for _ in 0..STEPS {
            let Some(mut command) = self.next_command(turn, &incident, &mut rng).await else {
                return;
            };
            command["version"] = incident["version"].clone();
            let actions = format!("{}/actions", incident_path(&incident));
            let answer = self
                .ask(turn, |client| {
                    client.request(Method::POST, &actions).json(&command)
                })
                .await;
            if answer.status == 200 {
                incident = answer.ok();
                let version = incident["version"].as_i64().unwrap();
                let action = command["action"].as_str().unwrap();
                self.acknowledge(&incident, version, action).await;
            } else {
                // It was done although nobody said so: the node was killed in between.
                assert_eq!(answer.status, 409, "{command}: {}", answer.text);
                incident = self.get(turn, &path).await;
            }
        }
    }

    async fn acknowledge(&self, incident: &Value, version: i64, action: &str) {
        let id: IncidentId = id_of(incident).parse().unwrap();
        let mut acknowledged = self.acknowledged.lock().await;
        let steps = acknowledged.entry(id).or_default();
        steps.push((version, action.to_owned()));
    }

    /// Reports something by one of six channels, and says the number.
    async fn report(&self, turn: usize, rng: &mut ChaCha8Rng) -> String {
        let place = self.places.choose(rng).unwrap();
        let said = format!("第 {turn} 件：楼下堆放旧沙发");
        let once = format!("day-{turn}");
        let channel = turn % 6;
        if channel == 0 {
            let body = format!(
                "service_code={SERVICE}&lat={}&long={}&description={turn}",
                place.lat, place.lon
            );
            let answer = self.ask(turn, |client| {
                client
                    .request(Method::POST, "/open311/v2/requests.json")
                    .header("content-type", "application/x-www-form-urlencoded")
                    .header("idempotency-key", &once)
                    .body(body.clone())
            });
            let accepted = answer.await.ok();
            return accepted[0]["service_request_id"]
                .as_str()
                .unwrap()
                .to_owned();
        }
        let mut body = place.report(&said);
        if channel == 1 {
            body["source"] = json!("department");
            let path = format!("/api/v1/departments/{}/cases/{once}", self.bureau);
            let answer = self.ask(turn, |client| {
                let client = client.with_key(&self.bureau_key);
                client.request(Method::PUT, &path).json(&body)
            });
            let answer = answer.await;
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
            return answer.json()["incident"]["number"]
                .as_str()
                .unwrap()
                .to_owned();
        }
        body["source"] = json!(["resident", "worker", "hotline", "sensor"][channel - 2]);
        let answer = self.ask(turn, |client| {
            client
                .request(Method::POST, "/api/v1/incidents")
                .header("idempotency-key", &once)
                .json(&body)
        });
        let answer = answer.await;
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
        answer.json()["number"].as_str().unwrap().to_owned()
    }

    /// What is done next: mostly what usually is, at times anything that may be.
    async fn next_command(
        &self,
        turn: usize,
        incident: &Value,
        rng: &mut ChaCha8Rng,
    ) -> Option<Value> {
        let offered: Vec<&str> = incident["actions"]
            .as_array()?
            .iter()
            .filter_map(|offered| offered["action"].as_str())
            .filter(|offered| !NOT_BY_HAND.iter().any(|action| action.as_str() == *offered))
            .collect();
        let usual = match incident["status"].as_str()? {
            "reported" => "file",
            "filed" => "dispatch",
            "dispatched" => "sign",
            "handling" => "feed_back",
            "verifying" => "pass",
            _ => "evaluate",
        };
        let is_usual = offered.contains(&usual) && rng.random_bool(0.55);
        let action = if is_usual {
            usual
        } else {
            offered.choose(rng).copied()?
        };
        let mut command = self.command(turn, incident, action, rng).await?;
        command["action"] = json!(action);
        Some(command)
    }

    /// An action with what it needs; `None` when there is nothing to do it on.
    async fn command(
        &self,
        turn: usize,
        incident: &Value,
        action: &str,
        rng: &mut ChaCha8Rng,
    ) -> Option<Value> {
        let limit = incident["deadlines"]["resolve_by"].as_str();
        let limit = limit.and_then(|limit| limit.parse::<DateTime<Utc>>().ok());
        let later = limit.unwrap_or_default().max(Utc::now()) + TimeDelta::hours(1);
        Some(match action {
            "self_handle" => json!({ "proof": "已当场处理" }),
            "mark_duplicate" => {
                let numbers = self.numbers.lock().await;
                let of = numbers.iter().find(|number| **number != incident["number"]);
                json!({ "of": of? })
            }
            "dispatch" | "reassign" => {
                let path = format!("{}/candidates?k=3", incident_path(incident));
                let ranking = self.get(turn, &path).await;
                let workers = ranking["candidates"].as_array()?;
                let lead = match workers.choose(rng) {
                    Some(candidate) => {
                        json!({ "kind": "worker", "id": candidate["worker"]["id"] })
                    }
                    None => self.partner(incident, rng)?,
                };
                json!({ "lead": lead, "reason": "离得近" })
            }
            "assist" => json!({ "assignee": self.partner(incident, rng)? }),
            "summon" => json!({ "department": self.partner(incident, rng)?["id"] }),
            "release" => {
                let task = task(incident, rng, |task| {
                    task["role"] == "assist" && is_open(task)
                })?;
                json!({ "task": task, "reason": "不再需要" })
            }
            "sign" => {
                json!({ "task": task(incident, rng, |task| task["status"] == "offered")? })
            }
            "feed_back" => json!({
                "task": task(incident, rng, |task| task["status"] == "signed")?,
                "note": "已处理",
            }),
            "rule_return" | "rule_extension" => {
                json!({ "accept": rng.random_bool(0.5), "reason": "情况属实" })
            }
            "request_extension" | "defer" => json!({ "until": later, "reason": "等待配件" }),
            "hand_down" => {
                let chain = incident["chain"].as_array()?;
                let level =
                    |area: &Value| chain.iter().position(|link| link["code"] == area["area"]);
                let held = level(&incident["holder"])?;
                let below = self
                    .centres
                    .iter()
                    .find(|centre| level(centre).is_some_and(|level| level > held))?;
                json!({ "to": below["id"] })
            }
            "evaluate" => json!({ "responded": true, "resolved": true, "satisfied": 4 }),
            "answer" => json!({ "note": "正在处理" }),
            _ => json!({ "reason": "按规定办理" }),
        })
    }

    /// A department that has no part in the incident.
    fn partner(&self, incident: &Value, rng: &mut ChaCha8Rng) -> Option<Value> {
        let id = self.partners.choose(rng)?;
        let mut tasks = incident["tasks"].as_array()?.iter();
        let has_part = tasks.any(|task| {
            task["assignee"]["id"] == id.as_str() && (is_open(task) || task["status"] == "fed_back")
        });
        (!has_part).then(|| json!({ "kind": "organisation", "id": id }))
    }
}

fn is_open(task: &Value) -> bool {
    task["status"] == "offered" || task["status"] == "signed"
}

fn task(incident: &Value, rng: &mut ChaCha8Rng, is: impl Fn(&Value) -> bool) -> Option<Value> {
    let tasks: Vec<&Value> = incident["tasks"]
        .as_array()?
        .iter()
        .filter(|task| is(task))
        .collect();
    Some(tasks.choose(rng)?["id"].clone())
}

fn assignee(organisation: &Value) -> Assignee {
    let id = &organisation["id"];
    serde_json::from_value(json!({ "kind": "organisation", "id": id })).unwrap()
}

/// Has an organisation told of what happens.
async fn join(admin: &Client, organisation: &Value, hears: Hears) -> Endpoint {
    let department = Department::open(unreliable).await;
    let new = json!({ "organisation": organisation["id"], "url": department.url });
    let made = admin.post("/api/v1/webhooks", &new).await.expect(201);
    department.knows(&SigningSecret(made["secret"].as_str().unwrap().to_owned()));
    Endpoint { department, hears }
}

/// What the database says of all that happened that day.
struct Histories(HashMap<IncidentId, (Incident, Vec<IncidentEvent>)>);

impl Histories {
    async fn read(day: &Day, ground: &Ground) -> Self {
        let store = ground.store().await;
        let mut all = HashMap::new();
        for &id in day.acknowledged.lock().await.keys() {
            let incident = store.find_incident(&IncidentKey::Id(id)).await.unwrap();
            let events = store.list_events(id).await.unwrap();
            all.insert(id, (incident.unwrap(), events));
        }
        assert_eq!(all.len(), REPORTS, "each report should be one incident");
        Self(all)
    }

    /// Every report is in one state, that which its history leads to, and is listed there.
    async fn check_states(&self, day: &Day) {
        for (incident, events) in self.0.values() {
            let versions: Vec<i64> = events.iter().map(|event| event.version).collect();
            let steps: Vec<i64> = (1..=incident.version).collect();
            assert_eq!(versions, steps, "{}", incident.number);
            for pair in events.windows(2) {
                assert_eq!(pair[1].from, Some(pair[0].to), "{}", incident.number);
            }
            assert_eq!(events.last().unwrap().to, incident.status);
            let is_closed = matches!(incident.status, Status::Closed | Status::Evaluated);
            assert_eq!(
                incident.closed_at.is_some(),
                is_closed,
                "{}",
                incident.number
            );
            let has_open_task = incident.tasks.iter().any(|task| task.status.is_open());
            assert!(!(is_closed && has_open_task), "{}", incident.number);
            // A return that is refused is no bounce.
            let counted = |event: &&IncidentEvent| {
                event.action != Action::RuleReturn || event.detail["accept"] == true
            };
            let times = |action: Action| {
                let taken = events.iter().filter(|event| event.action == action);
                taken.filter(counted).count()
            };
            let counts = &incident.counts;
            for (count, action) in [
                (counts.returns, Action::RuleReturn),
                (counts.reworks, Action::Rework),
                (counts.escalations, Action::Escalate),
                (counts.reopens, Action::Reopen),
                (counts.reassignments, Action::Reassign),
                (counts.supervisions, Action::Supervise),
            ] {
                let count = usize::try_from(count).unwrap();
                assert_eq!(count, times(action), "{action} of {}", incident.number);
            }
        }
        let mut listed: BTreeMap<IncidentId, Vec<Status>> = BTreeMap::new();
        let admin = day.fronts[0].read().await.clone();
        for &status in Status::ALL {
            let path = format!("/api/v1/incidents?status={status}&limit=1000");
            for incident in admin.list(&path).await {
                let id: IncidentId = id_of(&incident).parse().unwrap();
                listed.entry(id).or_default().push(status);
            }
        }
        for (id, (incident, _)) in &self.0 {
            assert_eq!(listed[id], [incident.status], "{}", incident.number);
        }
    }

    /// Every step that was answered as done is in the history, as that step.
    async fn check_acknowledged(&self, day: &Day) {
        let mut total = 0;
        for (id, steps) in day.acknowledged.lock().await.iter() {
            let (incident, events) = &self.0[id];
            for (version, action) in steps {
                let place = usize::try_from(*version).unwrap() - 1;
                let event = events.get(place).expect("a step should be kept");
                assert_eq!(
                    (event.version, event.action.as_str()),
                    (*version, action.as_str()),
                    "{}",
                    incident.number
                );
                total += 1;
            }
        }
        assert!(total > REPORTS * 4, "much should have happened: {total}");
    }

    /// The figures of the boards are those that the events tell of.
    async fn check_figures(&self, day: &Day) {
        let admin = day.fronts[0].read().await.clone();
        let (from, until) = (day.begun_at, Utc::now() + TimeDelta::minutes(1));
        let written = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let path = format!(
            "/api/v1/statistics?from={}&until={}&by=source",
            written(from),
            written(until)
        );
        let told = admin.get(&path).await.ok();
        let mut figures: BTreeMap<&str, u64> = BTreeMap::new();
        let mut sources: BTreeMap<&str, u64> = BTreeMap::new();
        for (incident, events) in self.0.values() {
            let took = |action: Action| events.iter().any(|event| event.action == action);
            let is_lead_signed = |event: &IncidentEvent| {
                event.action == Action::Sign && event.detail["role"] == "lead"
            };
            let ending = events
                .iter()
                .rev()
                .find(|event| event.to == Status::Closed && event.from != Some(Status::Closed));
            let is_closed = matches!(
                events.last().unwrap().to,
                Status::Closed | Status::Evaluated
            );
            let ended =
                |action: Action| is_closed && ending.is_some_and(|event| event.action == action);
            let is_returned = |event: &IncidentEvent| {
                event.action == Action::RuleReturn && event.detail["accept"] == true
            };
            for (figure, counts) in [
                ("reported", true),
                ("open", !is_closed),
                ("closed", is_closed),
                ("self_handled", ended(Action::SelfHandle)),
                ("duplicate", ended(Action::MarkDuplicate)),
                ("rejected", ended(Action::Reject)),
                ("responded", events.iter().any(is_lead_signed)),
                ("returned", events.iter().any(is_returned)),
                ("reworked", took(Action::Rework)),
                ("reassigned", took(Action::Reassign)),
                ("escalated", took(Action::Escalate)),
                ("supervised", took(Action::Supervise)),
                ("reopened", took(Action::Reopen)),
                ("warned", took(Action::Warn)),
            ] {
                *figures.entry(figure).or_default() += u64::from(counts);
            }
            *sources.entry(incident.source.as_str()).or_default() += 1;
        }
        for (figure, count) in figures {
            assert_eq!(
                told["total"]["cases"][figure], count,
                "{figure}: {}",
                told["total"]
            );
        }
        for group in told["breakdowns"][0]["groups"].as_array().unwrap() {
            let key = group["key"].as_str().unwrap();
            assert_eq!(group["cases"]["reported"], sources[key], "{key}");
        }
    }

    /// Every transition that people may take was taken, from each status.
    fn check_paths(&self) {
        let taken: BTreeSet<(Action, Status)> = self
            .0
            .values()
            .flat_map(|(_, events)| events)
            .filter_map(|event| Some((event.action, event.from?)))
            .collect();
        let missing: Vec<(Action, Status)> = TRANSITIONS
            .iter()
            .filter(|row| !NOT_BY_HAND.contains(&row.action) && row.by != [Party::Service])
            .flat_map(|row| row.from.iter().map(|&from| (row.action, from)))
            .filter(|path| !taken.contains(path))
            .collect();
        assert!(missing.is_empty(), "nobody took {missing:?}");
    }

    /// The endpoint has been told, and has taken, every step that concerns it, and never
    /// one before that which came before it.
    async fn check_told(&self, endpoint: &Endpoint) {
        let due = self.due(&endpoint.hears);
        let mut taken: HashMap<IncidentId, i64> = HashMap::new();
        let total: i64 = due.values().map(|steps| steps.end - steps.start).sum();
        let total = usize::try_from(total).unwrap();
        let complete = |told: &[Told]| {
            let taken: BTreeSet<(IncidentId, i64)> = told
                .iter()
                .filter(|told| told.status < 300)
                .map(|told| (told.incident, told.version))
                .collect();
            taken.len() == total
        };
        endpoint.department.has(complete).await;
        let all = endpoint.department.told();
        assert!(
            all.iter().any(|told| told.status >= 300),
            "it should fail at times"
        );
        for told in all {
            let (number, steps) = (&self.0[&told.incident].0.number, &due[&told.incident]);
            let next = taken.entry(told.incident).or_insert(steps.start);
            // What it took when the server was killed may be told again.
            assert!(
                told.version == *next || (told.version == *next - 1 && told.before > 0),
                "of {number} {} came when {next} was next",
                told.version
            );
            assert_eq!(told.signatures, 1, "of {number}");
            if told.status < 300 {
                *next = told.version + 1;
            }
        }
        for (id, steps) in &due {
            assert_eq!(
                taken.get(id),
                Some(&steps.end),
                "of {}",
                self.0[id].0.number
            );
        }
    }

    /// The steps of each incident that an endpoint is to hear of.
    fn due(&self, hears: &Hears) -> HashMap<IncidentId, Range<i64>> {
        let first = |incident: &Incident, events: &[IncidentEvent]| match hears {
            Hears::Area(area) => {
                let mut chain = incident.chain.iter();
                chain.any(|link| link.code.as_str() == area).then_some(1)
            }
            Hears::Own { brings_in, .. } if *brings_in && incident.source == Source::Department => {
                (incident.version > 1).then_some(2)
            }
            Hears::Own { it, .. } => {
                let mut tasks = incident.tasks.iter().filter(|task| task.assignee == *it);
                let offered_at = tasks.next()?.offered_at;
                let mut events = events.iter();
                Some(events.find(|event| event.at >= offered_at)?.version)
            }
        };
        self.0
            .iter()
            .filter_map(|(id, (incident, events))| {
                Some((*id, first(incident, events)?..incident.version + 1))
            })
            .collect()
    }
}
