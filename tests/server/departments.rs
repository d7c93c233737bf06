//! Departments join by machine: a reference department that fails, delays and repeats,
//! and what it may rely on all the same.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;
use wangge::domain::webhook::{DeliveryState, SigningSecret, WebhookState};
use wangge::domain::workflow::Command;
use wangge::domain::{
    Actor, Assignee, ChangeCursor, Incident, IncidentId, LngLat, Organisation, OrganisationKind,
    Role, WebhookId,
};
use wangge::service::departments::{
    Courier, Deliverer, LEASE, NewWebhook, Reach, TOLD, WebhookChange, event_id, sign,
};
use wangge::store::{DeliveryQuery, KeptWebhook};

use crate::client::{Client, incident_path};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::rules::{FILE, Node, staffed};
use crate::territory::{SERVICE, places};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a department was told, in the order of its answers.
#[derive(Debug, Clone)]
pub struct Told {
    pub id: String,
    pub incident: IncidentId,
    pub version: i64,
    /// How often it had been told before.
    pub before: usize,
    pub replayed: bool,
    pub status: u16,
    /// How many of the signatures are those of its secrets.
    pub signatures: usize,
    pub body: Value,
}

/// How a department answers.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub retry_after_s: Option<u32>,
    /// Answers only when told to.
    pub held: Option<Arc<Notify>>,
}

pub const TAKEN: Reply = Reply {
    status: 204,
    retry_after_s: None,
    held: None,
};

pub fn refused(status: u16) -> Reply {
    Reply { status, ..TAKEN }
}

type Answer = dyn Fn(&Told) -> Reply + Send + Sync;

struct Desk {
    answer: Box<Answer>,
    told: Mutex<Vec<Told>>,
    asked: Mutex<HashMap<String, usize>>,
    secrets: Mutex<Vec<SigningSecret>>,
    heard: Notify,
}

/// A department's own server.
pub struct Department {
    pub url: String,
    desk: Arc<Desk>,
}

impl Department {
    pub async fn open(answer: impl Fn(&Told) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        let desk = Arc::new(Desk {
            answer: Box::new(answer),
            told: Mutex::default(),
            asked: Mutex::default(),
            secrets: Mutex::default(),
            heard: Notify::new(),
        });
        let routes = Router::new()
            .route("/told", post(hear))
            .with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, desk }
    }

    pub fn told(&self) -> Vec<Told> {
        self.desk.told.lock().unwrap().clone()
    }

    /// What it took, in order.
    fn taken(&self) -> Vec<Told> {
        let mut told = self.told();
        told.retain(|told| told.status < 300);
        told
    }

    pub fn knows(&self, secret: &SigningSecret) {
        self.desk.secrets.lock().unwrap().push(secret.clone());
    }

    /// Waits until it has been told enough.
    pub async fn has(&self, enough: impl Fn(&[Told]) -> bool) {
        let waiting = async {
            loop {
                let heard = self.desk.heard.notified();
                if enough(&self.told()) {
                    return;
                }
                heard.await;
            }
        };
        let in_time = timeout(PATIENCE, waiting).await;
        assert!(
            in_time.is_ok(),
            "it was told no more than {:?}",
            self.told()
        );
    }
}

async fn hear(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(text("content-type"), "application/cloudevents+json");
    let (id, at_s) = (text("webhook-id"), text("webhook-timestamp"));
    let at_s: i64 = at_s.parse().unwrap();
    let sent = text("webhook-signature");
    let signatures = desk
        .secrets
        .lock()
        .unwrap()
        .iter()
        .filter_map(|secret| sign(secret, &id, at_s, &body))
        .filter(|signature| sent.split(' ').any(|sent| sent == signature))
        .count();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (&body["id"], &body["specversion"]),
        (&json!(id), &json!("1.0"))
    );
    let mut parts = id.split('_').skip(1);
    let before = {
        let mut asked = desk.asked.lock().unwrap();
        let count = asked.entry(id.clone()).or_default();
        *count += 1;
        *count - 1
    };
    let mut told = Told {
        incident: parts.next().unwrap().parse().unwrap(),
        version: parts.next().unwrap().parse().unwrap(),
        id,
        before,
        replayed: body["replayed"] == true,
        status: 0,
        signatures,
        body,
    };
    let reply = (desk.answer)(&told);
    told.status = reply.status;
    desk.told.lock().unwrap().push(told);
    desk.heard.notify_waiters();
    if let Some(held) = reply.held {
        held.notified().await;
    }
    let mut response = StatusCode::from_u16(reply.status).unwrap().into_response();
    if let Some(seconds) = reply.retry_after_s {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if reply.status == 302 {
        let elsewhere = "http://127.0.0.1:1/".parse().unwrap();
        response.headers_mut().insert(header::LOCATION, elsewhere);
    }
    response
}

fn courier() -> Courier {
    let reach = Reach {
        open: true,
        allow_private: false,
    };
    Courier::new(reach).unwrap()
}

fn administrator() -> Actor {
    Actor::with_role("管理员", Role::Administrator)
}

fn deliverer(node: &Node) -> Deliverer {
    Deliverer::new(node.services.clone(), courier())
}

fn organisation(node: &Node, is: impl Fn(&Organisation) -> bool) -> Arc<Organisation> {
    let directory = node.services.live().directory();
    let mut found: Vec<_> = directory
        .organisations()
        .filter(|found| is(found))
        .collect();
    found.sort_by_key(|organisation| (organisation.level, organisation.id));
    Arc::clone(found[0])
}

fn department_of(node: &Node) -> Arc<Organisation> {
    organisation(node, |found| found.kind == OrganisationKind::Department)
}

/// The centre above all others.
fn centre_of(node: &Node) -> Arc<Organisation> {
    organisation(node, |found| found.kind == OrganisationKind::Centre)
}

async fn join(node: &Node, organisation: &Organisation, department: &Department) -> WebhookId {
    let new = NewWebhook {
        organisation: organisation.id,
        url: department.url.clone(),
        hears: None,
        actions: vec![],
        mapping: None,
    };
    let made = node
        .services
        .create_webhook(&administrator(), &courier(), new)
        .await
        .unwrap();
    department.knows(&made.webhook.secret);
    made.webhook.id
}

async fn endpoint(node: &Node, id: WebhookId) -> KeptWebhook {
    let all = node.services.store().list_webhooks().await.unwrap();
    all.into_iter().find(|kept| kept.webhook.id == id).unwrap()
}

async fn count(node: &Node, webhook: WebhookId, state: DeliveryState) -> usize {
    let query = DeliveryQuery {
        webhook,
        state: Some(state),
        after: None,
        limit: 10_000,
    };
    let found = node.services.store().list_deliveries(&query).await;
    found.unwrap().len()
}

/// Looks and sends until something is so. The database may hold back what was written
/// while others write for long.
async fn until(deliverer: &mut Deliverer, so: impl AsyncFn() -> bool) {
    let looking = async {
        while !so().await {
            deliverer.look().await.unwrap();
            deliverer.rest().await;
            tokio::task::yield_now().await;
        }
    };
    let in_time = timeout(PATIENCE, looking).await;
    assert!(in_time.is_ok(), "it should have come about");
}

async fn dispatch(node: &Node, incident: &Incident, to: &Organisation) -> Arc<Incident> {
    node.act(incident, FILE).await;
    // A department hears from its task on, and so not of what is as old as that.
    node.pass(1);
    let lead = Command::Dispatch {
        lead: Assignee::Organisation(to.id),
        assistants: vec![],
        reason: Some("职责所在".into()),
        offer_until: None,
    };
    node.act(incident, lead).await
}

async fn handle(node: &Node, incident: &Incident) -> Arc<Incident> {
    node.act(incident, Command::Sign { task: None }).await;
    let done = Command::FeedBack {
        note: Some("已处理".into()),
        task: None,
        media: vec![],
    };
    node.act(incident, done).await;
    node.act(incident, Command::Pass { note: None }).await
}

/// The steps of a whole incident as [`dispatch`] and [`handle`] take them.
const STEPS: i64 = 6;
/// That which gives the department its task.
const DISPATCHED: i64 = 3;

/// Every event was told of as often as it takes, no step before all that came before it
/// were taken, and every message was signed.
fn check_order(told: &[Told], first: i64, last: impl Fn(IncidentId) -> i64) {
    let mut taken: BTreeMap<IncidentId, i64> = BTreeMap::new();
    for told in told {
        let next = taken.entry(told.incident).or_insert(first - 1);
        assert!(
            told.version == *next + 1 || (told.version == *next && told.before > 0),
            "{} came when {next} was the last: {}",
            told.version,
            told.id
        );
        assert_eq!(told.signatures, 1, "{}", told.id);
        if told.status < 300 {
            *next = told.version;
        }
    }
    for (incident, version) in taken {
        assert_eq!(
            version,
            last(incident),
            "{incident} should have been told whole"
        );
    }
}

/// Every path of a value that holds no other.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                leaves(value, &below(name), found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (place, value) in items.iter().enumerate() {
                leaves(value, &below(&place.to_string()), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

/// Fails as chance will have it, the same however often an event is told: it takes it the
/// fourth time at the latest.
fn unreliable(told: &Told) -> Reply {
    let mut hasher = DefaultHasher::new();
    (told.version, told.before, told.incident.0.as_u128()).hash(&mut hasher);
    if told.before >= 3 {
        return TAKEN;
    }
    match hasher.finish() % 10 {
        0 => refused(500),
        1 => refused(400),
        2 => refused(302),
        3 => Reply {
            retry_after_s: Some(20),
            ..refused(429)
        },
        4 => Reply {
            retry_after_s: Some(5),
            ..refused(503)
        },
        _ => TAKEN,
    }
}

pub async fn every_step_is_told_at_least_once_and_in_order_whatever_fails(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let nodes = [
        Node::start(&ground, &clock).await,
        Node::start(&ground, &clock).await,
    ];
    let node = &nodes[0];
    let (owner, above) = (department_of(node), centre_of(node));
    let department = Department::open(unreliable).await;
    let centre = Department::open(unreliable).await;
    let own = join(node, &owner, &department).await;
    let all = join(node, &above, &centre).await;

    let mut incidents = Vec::new();
    let mut turn = 0;
    let mut at_work = deliverer(node);
    for n in 0..30 {
        let incident = node.file(position).await;
        // Some are the department's, some somebody else's until the end.
        if n % 3 == 0 {
            incidents.push((incident.id, 1));
        } else {
            dispatch(node, &incident, &owner).await;
            handle(node, &incident).await;
            incidents.push((incident.id, STEPS));
        }
        at_work.look().await.unwrap();
        if n % 10 == 9 {
            // A node is gone in the middle of it, and another takes over in its time.
            drop(at_work);
            node.pass(1);
            turn += 1;
            at_work = deliverer(&nodes[turn % 2]);
        }
    }
    let last: HashMap<IncidentId, i64> = incidents.into_iter().collect();
    let complete = async || {
        let waiting = count(node, own, DeliveryState::Waiting).await
            + count(node, all, DeliveryState::Waiting).await;
        let expected: i64 = last.values().sum();
        let delivered = count(node, all, DeliveryState::Delivered).await;
        if waiting > 0 {
            node.pass(1);
        }
        waiting == 0 && delivered == usize::try_from(expected).unwrap()
    };
    until(&mut at_work, complete).await;

    check_order(&centre.told(), 1, |incident| last[&incident]);
    check_order(&department.told(), DISPATCHED, |incident| last[&incident]);
    let heard = |department: &Department| {
        let mut heard: Vec<IncidentId> =
            department.told().iter().map(|told| told.incident).collect();
        heard.sort_unstable();
        heard.dedup();
        heard
    };
    assert_eq!(heard(&centre).len(), last.len(), "a centre hears of all");
    let own_incidents = last.values().filter(|version| **version == STEPS);
    assert_eq!(heard(&department).len(), own_incidents.count());
    let failures = centre.told().len() - centre.taken().len();
    assert!(failures > 20, "the department should have failed often");

    for told in centre.told().iter().chain(&department.told()) {
        let body = &told.body;
        assert_eq!(told.id, event_id(told.incident, told.version));
        assert_eq!(body["source"], "/api/v1/incidents");
        assert_eq!(body["subject"], body["data"]["incident"]["number"]);
        assert_eq!(
            body["type"].as_str().unwrap(),
            format!(
                "wangge.incident.{}",
                body["data"]["event"]["action"].as_str().unwrap()
            )
        );
        assert_eq!(body["data"]["event"]["seq"], told.version);
        let mut paths = Vec::new();
        leaves(&body["data"], "", &mut paths);
        for path in paths {
            assert!(TOLD.has(&path), "{path} should be among what can be told");
        }
    }
    let kept = endpoint(node, all).await;
    assert!(kept.last_failure_at.is_some() && kept.last_success_at.is_some());
}

pub async fn what_is_taken_is_told_once(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    let department = Department::open(|_| TAKEN).await;
    let id = join(&node, &centre_of(&node), &department).await;
    let owner = department_of(&node);
    // More incidents than are told at once, the steps of each all due.
    const INCIDENTS: usize = 30;
    for _ in 0..INCIDENTS {
        let incident = node.file(position).await;
        dispatch(&node, &incident, &owner).await;
    }
    let steps = INCIDENTS * usize::try_from(DISPATCHED).unwrap();
    let mut deliverer = deliverer(&node);
    until(&mut deliverer, async || {
        count(&node, id, DeliveryState::Delivered).await == steps
    })
    .await;
    assert_eq!(department.told().len(), steps);
    check_order(&department.told(), 1, |_| DISPATCHED);
}

pub async fn a_kill_between_sending_and_noting_it_repeats_the_step_and_keeps_the_order(
    backend: Backend,
) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    let other = Node::start(&ground, &clock).await;
    let held = Arc::new(Notify::new());
    let department = Department::open({
        let held = Arc::clone(&held);
        move |told| Reply {
            held: (told.version == 1 && told.before == 0).then(|| Arc::clone(&held)),
            ..TAKEN
        }
    })
    .await;
    let id = join(&node, &centre_of(&node), &department).await;
    let incident = node.file(position).await;
    node.act(&incident, FILE).await;

    let mut killed = deliverer(&node);
    let queued = async || count(&node, id, DeliveryState::Waiting).await == 2;
    let looking = async {
        while !queued().await {
            killed.look().await.unwrap();
        }
    };
    timeout(PATIENCE, looking).await.unwrap();
    killed.look().await.unwrap();
    department.has(|told| !told.is_empty()).await;
    drop(killed);
    held.notify_waiters();

    let mut next = deliverer(&other);
    next.look().await.unwrap();
    next.rest().await;
    assert_eq!(
        department.told().len(),
        1,
        "the other node may still be at it"
    );
    node.pass(LEASE.num_minutes() + 1);
    until(&mut next, async || {
        count(&node, id, DeliveryState::Delivered).await == 2
    })
    .await;
    let versions: Vec<i64> = department.told().iter().map(|told| told.version).collect();
    assert_eq!(versions, [1, 1, 2]);
}

pub async fn an_endpoint_that_is_gone_is_paused_and_later_told_what_the_log_forgot(
    backend: Backend,
) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    let is_gone = AtomicBool::new(true);
    let department = Department::open(move |_| {
        if is_gone.swap(false, Ordering::SeqCst) {
            refused(410)
        } else {
            TAKEN
        }
    })
    .await;
    let id = join(&node, &centre_of(&node), &department).await;
    let first = node.file(position).await;
    let mut deliverer = deliverer(&node);
    let is_paused = async || endpoint(&node, id).await.webhook.terms.state == WebhookState::Paused;
    until(&mut deliverer, is_paused).await;

    node.act(&first, FILE).await;
    let second = node.file(position).await;
    for _ in 0..3 {
        deliverer.look().await.unwrap();
        deliverer.rest().await;
    }
    assert_eq!(department.told().len(), 1, "it is left alone");
    // Two days later nothing of it is in the log.
    node.pass(2 * 24 * 60);
    let store = node.services.store();
    let forget = async {
        let start = ChangeCursor::default();
        while !store.read_changes(start, 1).await.unwrap().is_empty() {
            let now = node.services.clock().now();
            store.prune_changes(now).await.unwrap();
        }
    };
    timeout(PATIENCE, forget).await.unwrap();
    let go_on = WebhookChange {
        state: Some(WebhookState::Active),
        ..WebhookChange::default()
    };
    node.services
        .change_webhook(&administrator(), &courier(), id, go_on)
        .await
        .unwrap();
    let complete = async || count(&node, id, DeliveryState::Delivered).await == 3;
    until(&mut deliverer, complete).await;
    let last = |incident| if incident == second.id { 1 } else { 2 };
    check_order(&department.told(), 1, last);
    assert_eq!(
        department.told().len(),
        4,
        "nothing is told twice but what failed"
    );

    // And from there it goes on by the log.
    node.act(&second, FILE).await;
    let complete = async || count(&node, id, DeliveryState::Delivered).await == 4;
    until(&mut deliverer, complete).await;
    check_order(&department.told(), 1, |_| 2);
}

pub async fn what_nobody_takes_for_a_day_is_given_up_and_can_be_replayed(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    let department = Department::open(|told| {
        if told.version == 1 && !told.replayed {
            refused(500)
        } else {
            TAKEN
        }
    })
    .await;
    let id = join(&node, &centre_of(&node), &department).await;
    let incident = node.file(position).await;
    node.act(&incident, FILE).await;
    let mut deliverer = deliverer(&node);
    let queued = async || count(&node, id, DeliveryState::Waiting).await == 2;
    until(&mut deliverer, queued).await;
    for hour in 0..24 {
        deliverer.look().await.unwrap();
        deliverer.rest().await;
        assert_eq!(
            count(&node, id, DeliveryState::Waiting).await,
            2,
            "{hour} h"
        );
        node.pass(60);
    }
    let given_up = async || count(&node, id, DeliveryState::Dead).await == 1;
    until(&mut deliverer, given_up).await;
    let later = async || count(&node, id, DeliveryState::Delivered).await == 1;
    until(&mut deliverer, later).await;
    let told = department.told();
    let (last, tries) = told.split_last().unwrap();
    assert_eq!((last.version, last.status), (2, 204));
    assert!(tries.len() >= 20 && tries.iter().all(|told| told.version == 1));
    let (_, health) = node
        .services
        .load_webhook(&administrator(), id)
        .await
        .unwrap();
    assert_eq!((health.waiting, health.dead), (0, 1));
    assert!(health.median_ms().is_some());

    let actor = administrator();
    let replay = |one| node.services.replay_deliveries(&actor, id, one);
    assert!(
        replay(Some((incident.id, 2))).await.is_err(),
        "it was taken"
    );
    assert_eq!(replay(None).await.unwrap(), 1);
    let taken = async || count(&node, id, DeliveryState::Delivered).await == 2;
    until(&mut deliverer, taken).await;
    let told = department.told();
    let last = told.last().unwrap();
    assert_eq!((last.version, last.replayed, last.status), (1, true, 204));
}

pub async fn who_brought_a_case_in_hears_what_becomes_of_it(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    let owner = department_of(&node);
    let department = Department::open(|_| TAKEN).await;
    let id = join(&node, &owner, &department).await;
    let key = Actor {
        organisation: Some(owner.id),
        area: Some(owner.area.clone()),
        ..Actor::with_role("12345 热线", Role::Department)
    };
    let said = json!({ "service": SERVICE, "description": "旧沙发",
        "lon": position.lon(), "lat": position.lat() });
    let put = node.services.put_case(&key, owner.id, "GD-1", said);
    let case = put.await.unwrap();
    assert!(case.created);
    node.act(&case.incident, FILE).await;
    node.file(position).await;
    let mut deliverer = deliverer(&node);
    let told = async || count(&node, id, DeliveryState::Delivered).await == 1;
    until(&mut deliverer, told).await;
    let told = department.told();
    assert_eq!((told.len(), told[0].incident), (1, case.incident.id));
    assert_eq!(
        told[0].version, 2,
        "nobody need hear what they have just said"
    );
    assert_eq!(told[0].body["data"]["case"], "GD-1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_joins_a_department_and_sees_how_it_does() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let admin = server.client();
    let department = Department::open(|_| TAKEN).await;
    let centres = admin
        .list("/api/v1/organisations?kind=centre&limit=1000")
        .await;
    let centre = &centres[0]["id"];
    let list = admin
        .list("/api/v1/organisations?kind=department&limit=1000")
        .await;
    let own = &list[0]["id"];
    let ask = |organisation: &Value, more: Value| {
        let mut body = json!({ "organisation": organisation, "url": department.url });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (body, says) in [
        (ask(own, json!({ "hears": "area" })), "only a centre"),
        (
            ask(own, json!({ "url": "http://department.example/" })),
            "use https",
        ),
        (
            ask(own, json!({ "url": "https://10.0.0.1/" })),
            "allow_private",
        ),
        (ask(own, json!({ "url": "somewhere" })), "no address"),
    ] {
        let refused = admin.post("/api/v1/webhooks", &body).await;
        let problem = refused.problem(422, "invalid_field");
        assert!(
            problem["detail"].as_str().unwrap().contains(says),
            "{problem}"
        );
    }
    let wrong = ask(
        own,
        json!({ "mapping": { "fields": { "编号": "incident.nummer" } } }),
    );
    let refused = admin.post("/api/v1/webhooks", &wrong).await;
    let problem = refused.problem(422, "mapping_refused");
    assert!(
        problem["errors"][0]
            .as_str()
            .unwrap()
            .contains("\"incident.number\" meant"),
        "{problem}"
    );

    let mapping = json!({ "fields": {
        "工单编号": "incident.number",
        "环节": { "from": "event.action", "words": { "report": "上报" } },
        "诉求人": "incident.reporter.name",
    } });
    let body = ask(centre, json!({ "mapping": mapping, "actions": ["report"] }));
    let made = admin.post("/api/v1/webhooks", &body).await.expect(201);
    assert_eq!(
        (&made["hears"], &made["state"]),
        (&json!("area"), &json!("active"))
    );
    let secret = SigningSecret(made["secret"].as_str().unwrap().to_owned());
    department.knows(&secret);
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());

    let incident = places(&admin).await[3].file(&admin, "旧沙发").await;
    admin.act(&incident, json!({ "action": "file" })).await.ok();
    department.has(|told| !told.is_empty()).await;
    let told = department.told().swap_remove(0);
    assert_eq!(told.signatures, 1);
    assert_eq!(
        told.body["data"],
        json!({ "工单编号": incident["number"], "环节": "上报", "诉求人": "王**" }),
        "in the department's own words, and personal data masked"
    );
    let delivered = format!("{path}/deliveries?state=delivered");
    let listed = timeout(PATIENCE, async {
        loop {
            let listed = admin.list(&delivered).await;
            if !listed.is_empty() {
                return listed;
            }
        }
    });
    let listed = listed.await.unwrap();
    assert_eq!((&listed[0]["id"], listed.len()), (&json!(told.id), 1));
    assert!(
        admin
            .list(&format!("{path}/deliveries?state=dead"))
            .await
            .is_empty()
    );

    let rotated = admin.post(&format!("{path}/rotate"), &json!({})).await.ok();
    let new = SigningSecret(rotated["secret"].as_str().unwrap().to_owned());
    assert_ne!(new, secret);
    department.knows(&new);
    let again = places(&admin).await[4].file(&admin, "旧床垫").await;
    let number = again["number"].clone();
    department
        .has(|told| {
            told.iter()
                .any(|told| told.body["data"]["工单编号"] == number)
        })
        .await;
    assert_eq!(
        department.told().last().unwrap().signatures,
        2,
        "both sign for a day"
    );

    let seen = admin.get(&path).await.ok();
    assert_eq!(
        (&seen["secret"], &seen["health"]["dead"]),
        (&json!(null), &json!(0))
    );
    let paused = admin
        .send(
            admin
                .request(Method::PATCH, &path)
                .json(&json!({ "state": "paused", "mapping": null })),
        )
        .await
        .ok();
    assert_eq!(
        (&paused["state"], &paused["mapping"]),
        (&json!("paused"), &json!(null))
    );
    assert_eq!(
        paused["actions"],
        json!(["report"]),
        "what is not said stays"
    );
    admin
        .post(&format!("{path}/replay"), &json!({ "delivery": told.id }))
        .await
        .problem(404, "not_found");
    let removed = admin.send(admin.request(Method::DELETE, &path)).await;
    assert_eq!(removed.status, 204);
    admin.get(&path).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ping_says_what_the_endpoint_answered() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::open(&ground).await;
    let admin = server.client();
    let list = admin
        .list("/api/v1/organisations?kind=department&limit=1000")
        .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let ping = async |url: &str| {
        let body = json!({ "organisation": list[0]["id"], "url": url });
        let made = admin.post("/api/v1/webhooks", &body).await.expect(201);
        let path = format!("/api/v1/webhooks/{}/ping", made["id"].as_str().unwrap());
        admin.post(&path, &json!({})).await.ok()
    };
    let answering = async |reply: Response| {
        let reply = Arc::new(Mutex::new(Some(reply)));
        let routes = Router::new().route(
            "/",
            post(async move |body: String| {
                assert!(body.contains("\"wangge.ping\""), "{body}");
                reply.lock().unwrap().take().unwrap()
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        url
    };
    let fine = ping(&answering(StatusCode::OK.into_response()).await).await;
    assert_eq!((&fine["ok"], &fine["status"]), (&json!(true), &json!(200)));
    let elsewhere = axum::response::Redirect::temporary(&url).into_response();
    let moved = ping(&answering(elsewhere).await).await;
    assert_eq!(
        (&moved["ok"], &moved["status"]),
        (&json!(false), &json!(307)),
        "nobody is led elsewhere"
    );
    drop(listener);
    let nobody = ping(&url).await;
    assert_eq!(
        (&nobody["ok"], &nobody["status"]),
        (&json!(false), &json!(null))
    );
    assert!(
        nobody["error"].as_str().unwrap().contains("not be reached"),
        "{nobody}"
    );
}

/// A department with its key, and an administrator, on a server that asks for keys.
async fn with_keys(ground: &Ground, server: &Server) -> (Client, Client, String) {
    let public = server.client();
    let list = public
        .list("/api/v1/organisations?kind=department&limit=1000")
        .await;
    let id = list[0]["id"].as_str().unwrap().to_owned();
    let key = ground.key(
        "12345 热线",
        "department",
        &["--organisation", &id, "--area", "3208"],
    );
    let admin = ground.key("管理员", "administrator", &[]);
    (public.with_key(&key), public.with_key(&admin), id)
}

async fn put(client: &Client, path: &str, body: &Value) -> crate::client::Answer {
    client
        .send(client.request(Method::PUT, path).json(body))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hotline_brings_in_its_work_orders_in_its_own_words() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let (hotline, admin, id) = with_keys(&ground, &server).await;
    let mapping: Value =
        serde_json::from_str(include_str!("../../data/adapters/hotline-12345.json")).unwrap();
    let mapped = format!("/api/v1/departments/{id}/mapping");
    let wrong = json!({ "fields": { "descripton": "诉求内容" } });
    let problem = put(&admin, &mapped, &wrong)
        .await
        .problem(422, "mapping_refused");
    assert!(
        problem["errors"][0]
            .as_str()
            .unwrap()
            .contains("\"description\" meant")
    );
    put(&hotline, &mapped, &mapping)
        .await
        .problem(403, "forbidden");
    put(&admin, &mapped, &mapping).await.ok();
    let kept = admin.get(&mapped).await.ok();
    assert_eq!(kept["saved_by"], "管理员");

    let place = places(&server.client()).await.swap_remove(7);
    let (x, y) = wangge::geometry::projection::Crs::Gcj02
        .from_wgs84(LngLat::from_degrees(place.lon, place.lat).unwrap())
        .unwrap();
    let order = json!({
        "工单编号": "HA2026112200017",
        "诉求标题": "楼下堆放旧沙发",
        "诉求内容": "三天无人清理，影响通行",
        "诉求分类": "市容环卫/大件垃圾",
        "紧急程度": "紧急",
        "诉求人": "王小明",
        "联系电话": "13812341234",
        "事发地址": "某小区3号楼",
        "经纬度": format!("{x:.7},{y:.7}"),
        "受理时间": "2026-11-22 09:15:00",
    });
    let path = format!("/api/v1/departments/{id}/cases/HA2026112200017");
    hotline.get(&path).await.problem(404, "not_found");
    let filed = put(&hotline, &path, &order).await.expect(201);
    let incident = &filed["incident"];
    assert_eq!(
        [
            &incident["service"],
            &incident["source"],
            &incident["priority"]
        ],
        [SERVICE, "hotline", "high"]
    );
    assert_eq!(incident["title"], "楼下堆放旧沙发");
    assert_eq!(incident["reporter"]["name"], "王**");
    let areas = incident["chain"].as_array().unwrap();
    assert!(
        areas.iter().any(|area| area["code"] == place.grid.as_str()),
        "shifted coordinates should be put right: {incident}"
    );
    // Once, however often it is sent, and by whichever node.
    for _ in 0..3 {
        let again = put(&hotline, &path, &order).await.ok();
        assert_eq!(again["incident"]["id"], incident["id"]);
    }
    assert_eq!(hotline.get(&path).await.ok()["filed"], true);
    let mut other = order.clone();
    other["诉求内容"] = json!("另一件事");
    put(&hotline, &path, &other)
        .await
        .problem(422, "idempotency_key_reused");

    for (field, value, says) in [
        ("经纬度", json!("东经119"), "经纬度"),
        ("经纬度", json!(null), "lon"),
        ("诉求分类", json!("天上的星"), "天上的星"),
        ("申请延至", json!("明天"), "case"),
    ] {
        let mut broken = order.clone();
        broken[field] = value;
        let path = format!("/api/v1/departments/{id}/cases/broken");
        let answer = put(&hotline, &path, &broken).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
    // After a mistake the number is free for what was meant.
    let path = format!("/api/v1/departments/{id}/cases/broken");
    put(&hotline, &path, &order).await.expect(201);

    let events = admin
        .list(&format!("{}/events", incident_path(incident)))
        .await;
    assert_eq!(events[0]["actor"]["name"], "12345 热线");
    let somebody = format!("/api/v1/departments/{}/cases/1", uuid::Uuid::from_u128(7));
    put(&hotline, &somebody, &order)
        .await
        .problem(403, "forbidden");
    put(&admin, &path, &order).await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_handles_what_it_was_given_by_its_own_number() {
    let ground = Ground::demonstration(Backend::Sqlite).await;
    let server = Server::closed(&ground).await;
    let (own, admin, id) = with_keys(&ground, &server).await;
    let incident = places(&admin).await[9].file(&admin, "旧沙发").await;
    let filed = admin.act(&incident, json!({ "action": "file" })).await.ok();
    let sent = admin
        .act(
            &filed,
            json!({ "action": "dispatch", "lead": { "kind": "organisation", "id": id },
                "reason": "职责所在" }),
        )
        .await
        .ok();
    let path = format!("/api/v1/departments/{id}/cases/城管-2026-1");
    let unknown = put(&own, &path, &json!({ "action": "sign" })).await;
    unknown.problem(422, "invalid_field");
    let number = &sent["number"];
    let sign = json!({ "action": "sign", "incident": number });
    for _ in 0..2 {
        let signed = put(&own, &path, &sign).await.ok();
        assert_eq!(signed["incident"]["status"], "handling");
        assert_eq!(signed["incident"]["version"], 4, "twice is once");
        assert_eq!(
            (&signed["case"], &signed["filed"]),
            (&json!("城管-2026-1"), &json!(false))
        );
    }
    put(
        &own,
        &path,
        &json!({ "action": "request_extension", "reason": "等配件" }),
    )
    .await
    .problem(422, "invalid_field");
    let limit = sent["deadlines"]["resolve_by"].as_str().unwrap();
    let limit: chrono::DateTime<chrono::Utc> = limit.parse().unwrap();
    let longer = json!({ "action": "request_extension", "reason": "等配件",
        "until": limit + chrono::TimeDelta::days(1) });
    for _ in 0..2 {
        let asked = put(&own, &path, &longer).await.ok();
        assert_eq!(asked["incident"]["pending"]["kind"], "extension");
        assert_eq!(asked["incident"]["version"], 5);
    }
    let current = admin.get(&incident_path(&sent)).await.ok();
    admin
        .act(
            &current,
            json!({ "action": "rule_extension", "accept": true }),
        )
        .await
        .ok();
    let done = json!({ "action": "feed_back", "note": "已清运" });
    for _ in 0..2 {
        let fed_back = put(&own, &path, &done).await.ok();
        assert_eq!(fed_back["incident"]["status"], "verifying");
        assert_eq!(fed_back["incident"]["version"], 7);
    }
    // Sent back, the same words are another feedback.
    let current = admin.get(&incident_path(&sent)).await.ok();
    admin
        .act(
            &current,
            json!({ "action": "rework", "reason": "没有清干净" }),
        )
        .await
        .ok();
    let again = put(&own, &path, &done).await.ok();
    assert_eq!(again["incident"]["version"], 9);
    put(
        &own,
        &path,
        &json!({ "action": "return", "reason": "不归我管" }),
    )
    .await
    .problem(409, "action_not_allowed");

    let other = places(&admin).await[10].file(&admin, "旧床垫").await;
    put(
        &own,
        &path,
        &json!({ "action": "sign", "incident": other["number"] }),
    )
    .await
    .problem(422, "invalid_field");
    put(
        &own,
        &path,
        &json!({ "action": "sign", "incident": "20200101000001" }),
    )
    .await
    .problem(404, "not_found");
    put(&own, &path, &json!({ "action": "close" }))
        .await
        .problem(422, "invalid_field");
}
