//! The rules of the territory over HTTP, and what they do to incidents that wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Map, Value, json};
use wangge::domain::catalogue::LeadKind;
use wangge::domain::dispatch::Policy;
use wangge::domain::incident::IncidentKey;
use wangge::domain::presence::Policy as PresencePolicy;
use wangge::domain::rules::Rulebook;
use wangge::domain::workflow::{Action, Command};
use wangge::domain::{
    Actor, Assignee, Incident, LngLat, Organisation, OrganisationKind, Role, ServiceCode, Status,
    TaskStatus,
};
use wangge::service::filing::Report;
use wangge::service::media::MediaPlace;
use wangge::service::overseeing::Overseer;
use wangge::service::{
    Clock, Services, Setup, built_in_catalogue, built_in_rulebook, built_in_schemes,
};

use crate::client::{Client, incident_path};
use crate::ground::{Backend, Ground};
use crate::process::Server;
use crate::territory::{SERVICE, places, staffed_place};

async fn save(client: &Client, body: &Value) -> crate::client::Answer {
    client
        .send(client.request(Method::PUT, "/api/v1/rules").json(body))
        .await
}

pub async fn rules_are_read_tried_and_put_into_force(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let dispatcher = public.with_key(&ground.key("调度员", "dispatcher", &[]));

    let built_in = dispatcher.get("/api/v1/rules").await.ok();
    assert_eq!(built_in["version"], 0);
    let mut rules = built_in["rules"].clone();
    assert_eq!(rules["calendar"]["zone"], "Asia/Shanghai");

    // What rules would have done to the month of the demonstration.
    rules["escalation"] = json!([
        { "id": "at-once", "status": "filed", "minutes": 0, "then": "warn" },
        { "id": "never", "status": "filed", "minutes": 5_000_000, "then": "escalate" },
    ]);
    let tried = dispatcher
        .post(
            "/api/v1/rules/rehearsal",
            &json!({ "rules": rules, "since": Utc::now() - TimeDelta::days(60),
                "until": Utc::now() }),
        )
        .await
        .ok();
    assert_eq!(tried["complete"], true);
    assert!(tried["looked_at"].as_u64().unwrap() > 100);
    let told = |place: usize| tried["rules"][place].clone();
    assert!(told(0)["incidents"].as_u64().unwrap() > 50, "{}", told(0));
    assert!(told(0)["times"].as_u64() >= told(0)["incidents"].as_u64());
    assert_eq!(told(1)["times"], 0);

    let place = places(&public).await.swap_remove(5);
    rules["escalation"] = json!([]);
    rules["routing"] = json!([
        { "id": "up", "scope": { "service": SERVICE, "area": &place.grid[..4] },
          "to": { "centre": "county" } },
        { "id": "up-too", "scope": { "service": SERVICE, "area": &place.grid[..4] },
          "to": { "centre": "city" } },
    ]);
    let body = |base: i64, rules: &Value| json!({ "base": base, "note": "试", "rules": rules });
    save(&dispatcher, &body(0, &rules)).await.expect(403);
    let refused = save(&admin, &body(0, &rules)).await.expect(422);
    assert_eq!(refused["code"], "rules_refused");
    assert!(
        refused["errors"][0]
            .as_str()
            .unwrap()
            .contains("\"up\" and \"up-too\"")
    );
    rules["routing"].as_array_mut().unwrap().pop();
    let saved = save(&admin, &body(0, &rules)).await.ok();
    assert_eq!(
        (&saved["version"], &saved["saved_by"]),
        (&json!(1), &json!("管理员"))
    );
    let late = save(&admin, &body(0, &rules)).await.expect(409);
    assert_eq!(
        (&late["code"], &late["latest"]),
        (&json!("rules_conflict"), &json!(1))
    );

    let incident = place.file(&public, "大件垃圾").await;
    let seen = admin.get(&incident_path(&incident)).await.ok();
    assert_eq!(seen["holder"]["level"], "county", "{seen}");
    let why = dispatcher
        .get(&format!("{}/route", incident_path(&incident)))
        .await
        .ok();
    assert_eq!(
        (&why["rule"], &why["centre"]),
        (&json!("up"), &json!("county"))
    );
    let events = admin
        .list(&format!("{}/events", incident_path(&incident)))
        .await;
    assert_eq!(events[0]["detail"]["rule"], "up");

    assert_eq!(dispatcher.list("/api/v1/rules/versions").await.len(), 1);
    let first = dispatcher.get("/api/v1/rules?version=1").await.ok();
    assert_eq!(first["rules"], saved["rules"]);
    let before = dispatcher.get("/api/v1/rules?version=0").await.ok();
    assert_eq!(before["version"], 1, "0 stands for those in force");
    dispatcher.get("/api/v1/rules?version=9").await.expect(404);
}

/// A node on the ground whose clock a test sets.
pub struct Node {
    pub services: Services,
    clock: Arc<AtomicI64>,
}

impl Node {
    pub async fn start(ground: &Ground, clock: &Arc<AtomicI64>) -> Self {
        let told = Arc::clone(clock);
        let now = move || {
            let millis = told.load(Ordering::SeqCst);
            chrono::DateTime::from_timestamp_millis(millis).unwrap()
        };
        let setup = Setup {
            catalogue: built_in_catalogue().unwrap(),
            policy: Policy {
                radius_m: 20_000.0,
                stale_after_s: 365 * 86_400,
                ..Policy::default()
            },
            presence: PresencePolicy::default(),
            schemes: built_in_schemes().unwrap(),
            uploads: std::env::temp_dir(),
            keep_tracks_days: 30,
            media: MediaPlace::Folder(ground.file("media")),
            roads: None,
        };
        let clock = Arc::clone(clock);
        let services = Services::start(ground.store().await, setup, Clock::told_by(now));
        Self {
            services: services.await.unwrap(),
            clock,
        }
    }

    pub fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    async fn follow(&self, parts: Value) {
        let mut book = serde_json::to_value(built_in_rulebook().unwrap()).unwrap();
        for part in ["routing", "escalation", "sending"] {
            book[part] = parts.get(part).cloned().unwrap_or(json!([]));
        }
        let book: Rulebook = serde_json::from_value(book).unwrap();
        let admin = Actor::with_role("管理员", Role::Administrator);
        let base = self.services.live().rules().version;
        let saved = self.services.save_rulebook(&admin, base, book, None);
        saved.await.unwrap();
    }

    pub async fn file(&self, position: LngLat) -> Arc<Incident> {
        let report = Report {
            service: ServiceCode(SERVICE.to_owned()),
            position,
            description: "旧沙发".into(),
            address: None,
            reporter_name: None,
            reporter_phone: None,
            source: None,
            priority: None,
            form: Map::new(),
        };
        let public = Actor::public();
        let filed = self.services.file_incident(&public, report, None);
        filed.await.unwrap().incident
    }

    pub async fn act(&self, incident: &Incident, command: Command) -> Arc<Incident> {
        let admin = Actor::with_role("管理员", Role::Administrator);
        let now = self.now(incident).await;
        let key = IncidentKey::Id(incident.id);
        let acted = self
            .services
            .act_on_incident(&admin, &key, now.version, command);
        acted.await.unwrap()
    }

    /// The incident as the database has it.
    pub async fn now(&self, incident: &Incident) -> Incident {
        let key = IncidentKey::Id(incident.id);
        let found = self.services.store().find_incident(&key).await;
        found.unwrap().unwrap()
    }

    pub async fn actions(&self, incident: &Incident) -> Vec<Action> {
        let events = self.services.store().list_events(incident.id).await;
        events.unwrap().iter().map(|event| event.action).collect()
    }
}

pub const FILE: Command = Command::File {
    note: None,
    service: None,
    priority: None,
};

/// A ground whose people were all seen just now, near a place.
pub async fn staffed(backend: Backend) -> (Ground, LngLat, Arc<AtomicI64>) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::open(&ground).await;
    let place = staffed_place(&server.client(), 5).await;
    server.terminate();
    server.ended(std::time::Duration::from_secs(30)).await;
    let position = LngLat::from_degrees(place.lon, place.lat).unwrap();
    // By then the lease of that server has run out.
    let later = Utc::now() + TimeDelta::minutes(1);
    let clock = Arc::new(AtomicI64::new(later.timestamp_millis()));
    (ground, position, clock)
}

pub async fn what_waits_is_overseen_by_one_node_and_once(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    node.follow(json!({ "escalation": [
        { "id": "slow", "status": "reported", "minutes": 10, "then": "warn" },
        { "id": "slower", "status": "filed", "minutes": 20, "then": "escalate" },
        { "id": "watch", "status": "filed", "level": "county", "minutes": 5,
          "then": "supervise" },
    ]}))
    .await;
    let other = Node::start(&ground, &clock).await;
    let incident = node.file(position).await;
    let mut overseers = [
        Overseer::new(node.services.clone()),
        Overseer::new(other.services.clone()),
    ];
    for _ in 0..3 {
        for overseer in &mut overseers {
            overseer.look().await.unwrap();
        }
    }
    assert_eq!(node.actions(&incident).await, [Action::Report]);
    node.pass(10);
    for _ in 0..3 {
        for overseer in &mut overseers {
            overseer.look().await.unwrap();
        }
    }
    assert_eq!(
        node.actions(&incident).await,
        [Action::Report, Action::Warn]
    );

    // A node that takes over knows what was done, and goes on.
    let after_crash = Node::start(&ground, &clock).await;
    let mut overseer = Overseer::new(after_crash.services.clone());
    after_crash.act(&incident, FILE).await;
    overseer.look().await.unwrap();
    node.pass(1);
    overseer.look().await.unwrap();
    node.pass(19);
    overseer.look().await.unwrap();
    let now = node.now(&incident).await;
    assert_eq!(now.counts.escalations, 1);
    assert_ne!(now.holder, incident.holder);
    node.pass(5);
    for _ in 0..3 {
        overseer.look().await.unwrap();
    }
    let now = node.now(&incident).await;
    assert!(
        now.supervision
            .is_some_and(|supervision| supervision.by == "system")
    );
    assert_eq!((now.counts.supervisions, now.counts.warnings), (1, 1));
    let events = node
        .services
        .store()
        .list_events(incident.id)
        .await
        .unwrap();
    let rules: Vec<&Value> = events.iter().map(|event| &event.detail["rule"]).collect();
    assert_eq!(
        rules,
        [
            &json!(null),
            &json!("slow"),
            &json!(null),
            &json!("slower"),
            &json!("watch")
        ]
    );
}

pub async fn an_offer_of_a_rule_goes_to_the_next_and_then_to_a_dispatcher(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    node.follow(json!({ "sending": [
        { "id": "send", "scope": { "service": SERVICE }, "files": true, "offer_minutes": 5,
          "offers": 3 },
    ]}))
    .await;
    let catalogue = built_in_catalogue().unwrap();
    let service = catalogue.find(&ServiceCode(SERVICE.to_owned())).unwrap();
    assert_eq!(service.routing.lead, LeadKind::Worker);
    let mut overseer = Overseer::new(node.services.clone());
    let incident = node.file(position).await;
    // It files, and then sends.
    overseer.look().await.unwrap();
    overseer.look().await.unwrap();
    let first = node.now(&incident).await;
    assert_eq!(first.status, Status::Dispatched);
    for _ in 0..5 {
        overseer.look().await.unwrap();
    }
    assert_eq!(
        node.now(&incident).await,
        first,
        "an offer stays while its time runs"
    );
    let mut asked = vec![first.lead().unwrap().assignee];
    for _ in 0..2 {
        node.pass(5);
        overseer.look().await.unwrap();
        let now = node.now(&incident).await;
        asked.push(now.lead().unwrap().assignee);
        assert_eq!(now.deadlines.resolve_by, first.deadlines.resolve_by);
    }
    assert!(asked[0] != asked[1] && asked[1] != asked[2] && asked[0] != asked[2]);
    node.pass(5);
    for _ in 0..3 {
        overseer.look().await.unwrap();
    }
    let last = node.now(&incident).await;
    assert_eq!((last.status, last.lead()), (Status::Filed, None));
    let expired = last
        .tasks
        .iter()
        .filter(|task| task.status == TaskStatus::Expired);
    assert_eq!(expired.count(), 2);
    assert_eq!(
        node.actions(&incident).await,
        [
            Action::Report,
            Action::File,
            Action::Dispatch,
            Action::Reassign,
            Action::Reassign,
            Action::Recall
        ]
    );
}

pub async fn a_summons_and_a_deferral_end_by_themselves(backend: Backend) {
    let (ground, position, clock) = staffed(backend).await;
    let node = Node::start(&ground, &clock).await;
    node.follow(json!({})).await;
    let mut overseer = Overseer::new(node.services.clone());
    let incident = node.file(position).await;
    node.act(&incident, FILE).await;
    let directory = node.services.live().directory();
    let department =
        |organisation: &&Arc<Organisation>| organisation.kind == OrganisationKind::Department;
    let [lead, called] = {
        let mut found: Vec<_> = directory.organisations().filter(department).collect();
        found.sort_by_key(|organisation| organisation.id);
        [found[0].id, found[1].id]
    };
    node.act(
        &incident,
        Command::Dispatch {
            lead: Assignee::Organisation(lead),
            assistants: vec![],
            reason: Some("试".into()),
            offer_until: None,
        },
    )
    .await;
    node.act(
        &incident,
        Command::Summon {
            department: called,
            note: None,
        },
    )
    .await;
    node.pass(30);
    overseer.look().await.unwrap();
    assert!(!node.actions(&incident).await.contains(&Action::PassUp));
    node.pass(1);
    overseer.look().await.unwrap();
    let now = node.now(&incident).await;
    let told = now.open_assists().next().unwrap();
    let Assignee::Organisation(centre) = told.assignee else {
        panic!("a centre should be told: {told:?}");
    };
    let centre = directory.find(centre).unwrap();
    assert_eq!(centre.kind, OrganisationKind::Centre);
    assert_ne!(Some(centre.id), now.holder);

    let signed = now.lead().unwrap().id;
    node.act(&incident, Command::Sign { task: Some(signed) })
        .await;
    let until = node.services.clock().now() + TimeDelta::minutes(60);
    let limit = node.now(&incident).await.deadlines.resolve_by.unwrap();
    node.act(
        &incident,
        Command::Defer {
            until,
            reason: "雨".into(),
        },
    )
    .await;
    node.pass(59);
    overseer.look().await.unwrap();
    assert!(node.now(&incident).await.deferral.is_some());
    node.pass(1);
    overseer.look().await.unwrap();
    let now = node.now(&incident).await;
    assert_eq!(now.deferral, None);
    assert_eq!(
        now.deadlines.resolve_by,
        Some(limit + TimeDelta::minutes(60))
    );
}
