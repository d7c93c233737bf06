//! Who came where, by what positions tell; calls for help and watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use wangge::domain::presence::{Alarm, AlarmKind};
use wangge::domain::workflow::{Action, Command};
use wangge::domain::{Actor, AreaCode, Assignee, Fix, Level, LngLat, Role, Timestamp, WorkerId};
use wangge::service::presence::{Attendance, Lookout};

use crate::client::id_of;
use crate::ground::{Backend, Ground};
use crate::listener::Listener;
use crate::process::Server;
use crate::rules::{FILE, Node};
use crate::territory::two_townships;

const SOON: std::time::Duration = std::time::Duration::from_secs(5);

/// Two nodes that look out on one ground, and a clock for both. The positions that are sent
/// come to both of them, as the change log would bring them.
struct Scene {
    ground: Ground,
    clock: Arc<AtomicI64>,
    nodes: Vec<Node>,
    lookouts: Vec<Lookout>,
    worker: WorkerId,
    /// A point in each of two grids side by side, far from their borders.
    grids: [(AreaCode, LngLat); 2],
}

impl Scene {
    async fn set(backend: Backend) -> Self {
        let ground = Ground::demonstration(backend).await;
        // What the demonstration tells of positions is long ago by then.
        let start = Utc::now() + TimeDelta::hours(1);
        let clock = Arc::new(AtomicI64::new(start.timestamp_millis()));
        let mut nodes = Vec::new();
        for _ in 0..2 {
            nodes.push(Node::start(&ground, &clock).await);
        }
        let live = nodes[0].services.live();
        let mut on_duty = live.roster().members().filter(|it| it.worker.on_duty);
        let worker = on_duty.next().unwrap().worker.id;
        let atlas = live.atlas();
        let places: Vec<(AreaCode, LngLat)> = atlas
            .in_code_order(Level::Grid)
            .iter()
            .filter_map(|&ordinal| {
                let label = atlas.area(ordinal).label?;
                let border_m = atlas.border_distance_m(ordinal, label)?;
                (border_m > 80.0).then(|| (atlas.area(ordinal).code.clone(), label))
            })
            .collect();
        let here = places[0].clone();
        let away_m = |place: &LngLat| here.1.distance_m(*place);
        let next = places[1..]
            .iter()
            .min_by(|a, b| away_m(&a.1).total_cmp(&away_m(&b.1)));
        let grids = [here.clone(), next.unwrap().clone()];
        let lookouts = nodes
            .iter()
            .map(|node| Lookout::new(node.services.clone()))
            .collect();
        Self {
            ground,
            clock,
            nodes,
            lookouts,
            worker,
            grids,
        }
    }

    fn now(&self) -> Timestamp {
        self.nodes[0].services.clock().now()
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// The worker is at a place, give or take some metres.
    fn send(&self, position: LngLat) {
        let fix = Fix {
            worker: self.worker,
            position,
            at: self.now(),
            accuracy_m: Some(10.0),
            speed_mps: None,
            heading_deg: None,
        };
        for node in &self.nodes {
            let recorded = node
                .services
                .record_positions(&admin(), &[Ok(fix)])
                .unwrap();
            assert_eq!(recorded.accepted, 1, "{recorded:?}");
        }
    }

    async fn look(&mut self) {
        for lookout in &mut self.lookouts {
            lookout.look().await.unwrap();
        }
    }

    /// A position every ten seconds.
    async fn stay(&mut self, position: LngLat, seconds: i64) {
        for turn in 0..seconds / 10 {
            let jitter = position.destination(if turn % 2 == 0 { 90.0 } else { 270.0 }, 8.0);
            self.send(jitter);
            self.look().await;
            self.pass(10);
        }
    }

    /// Both nodes are no more; two others have begun, and their turn comes when the lease of
    /// the first runs out.
    async fn lose_both_nodes(&mut self) {
        self.nodes[0].services.flush_positions().await.unwrap();
        self.nodes.clear();
        self.lookouts.clear();
        for _ in 0..2 {
            let node = Node::start(&self.ground, &self.clock).await;
            self.lookouts.push(Lookout::new(node.services.clone()));
            self.nodes.push(node);
        }
        self.pass(20);
    }

    async fn alarms(&self, is_open: bool) -> Vec<Alarm> {
        let services = &self.nodes[0].services;
        let listed = services
            .list_alarms(&admin(), Some(is_open), None, 50)
            .await;
        let (alarms, more) = listed.unwrap();
        assert!(!more);
        alarms
    }
}

fn admin() -> Actor {
    Actor::with_role("管理员", Role::Administrator)
}

pub async fn who_walks_through_grids_is_there_and_arrives_once(backend: Backend) {
    let mut scene = Scene::set(backend).await;
    let admin = admin();
    let start = scene.now();
    let [(here, home), (there, place)] = scene.grids.clone();
    scene.stay(home, 120).await;
    // An incident where the worker goes.
    let incident = scene.nodes[0].file(place).await;
    let node = &scene.nodes[0];
    node.act(&incident, FILE).await;
    let lead = Assignee::Worker(scene.worker);
    let dispatch = Command::Dispatch {
        lead,
        assistants: vec![],
        reason: Some("就近".into()),
        offer_until: None,
    };
    node.act(&incident, dispatch).await;
    node.act(&incident, Command::Sign { task: None }).await;
    scene.pass(60);
    let came = scene.now();
    scene.stay(place, 50).await;
    let steps = [Action::Report, Action::File, Action::Dispatch, Action::Sign];
    assert_eq!(scene.nodes[0].actions(&incident).await, steps);
    scene.lose_both_nodes().await;
    scene.stay(place, 120).await;
    let mut expected = steps.to_vec();
    expected.push(Action::Arrive);
    assert_eq!(scene.nodes[0].actions(&incident).await, expected);
    let store = scene.nodes[0].services.store();
    let events = store.list_events(incident.id).await.unwrap();
    let arrival = events.last().unwrap();
    assert_eq!(
        (arrival.actor.as_str(), arrival.from),
        ("system", Some(arrival.to))
    );

    let services = &scene.nodes[0].services;
    let visits = services.load_visits(&admin, scene.worker, Some(start), None);
    let (_, visits) = visits.await.unwrap();
    let told: Vec<_> = visits
        .iter()
        .map(|visit| (&visit.area, visit.from, visit.until))
        .collect();
    assert_eq!(told, [(&here, start, Some(came)), (&there, came, None)]);
    assert_eq!(visits[1].seen_at, scene.now() - TimeDelta::seconds(10));

    let now = services
        .load_presence(&admin, &there, None, None)
        .await
        .unwrap();
    let me = |it: &&Attendance| it.member.worker.id == scene.worker;
    let present = now.people.iter().find(me).unwrap();
    assert_eq!((present.here.as_ref(), present.visits), (Some(&there), 1));
    assert_eq!(present.lasted, scene.now() - TimeDelta::seconds(10) - came);
    let gone = services
        .load_presence(&admin, &here, None, None)
        .await
        .unwrap();
    assert_eq!(gone.people.iter().filter(me).count(), 0);
    let before = services.load_presence(&admin, &here, Some(start), Some(came));
    let before = before.await.unwrap();
    let was = before.people.iter().find(me).unwrap();
    assert_eq!((was.here.as_ref(), was.lasted), (None, came - start));

    // Whoever sends nothing any more is nowhere.
    scene.pass(11 * 60);
    scene.look().await;
    let services = &scene.nodes[0].services;
    let visits = services.load_visits(&admin, scene.worker, Some(start), None);
    let (_, visits) = visits.await.unwrap();
    assert_eq!(visits[1].until, Some(visits[1].seen_at));
}

pub async fn a_watch_raises_one_alarm_until_it_is_settled(backend: Backend) {
    let mut scene = Scene::set(backend).await;
    let (_, place) = scene.grids[0].clone();
    scene.send(place);
    let services = scene.nodes[0].services.clone();
    let worker = scene.worker;
    let watch = services
        .watch_over(&admin(), worker, Some(10))
        .await
        .unwrap();
    assert_eq!((watch.minutes, watch.since), (10, scene.now()));
    // Whoever takes over knows from the track since when the worker has not moved.
    scene.pass(1);
    scene.stay(place, 300).await;
    scene.lose_both_nodes().await;
    scene.stay(place, 270).await;
    assert_eq!(scene.alarms(true).await, []);
    scene.stay(place, 60).await;
    let alarms = scene.alarms(true).await;
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    assert_eq!(
        (alarms[0].kind, alarms[0].worker),
        (AlarmKind::Still, worker)
    );
    assert!(alarms[0].area.is_some());
    scene.stay(place, 1_200).await;
    assert_eq!(
        scene.alarms(true).await,
        alarms,
        "once, until it is settled"
    );

    let services = scene.nodes[0].services.clone();
    let note = Some("电话已通".to_owned());
    let settled = services
        .settle_alarm(&admin(), alarms[0].id, note.clone())
        .await
        .unwrap();
    let end = settled.settled.clone().unwrap();
    assert_eq!((end.by.as_str(), end.note), ("管理员", note));
    let again = services
        .settle_alarm(&admin(), alarms[0].id, None)
        .await
        .unwrap();
    assert_eq!(again, settled);
    scene.pass(590);
    scene.look().await;
    assert_eq!(scene.alarms(true).await, []);
    scene.pass(30);
    scene.look().await;
    let alarms = scene.alarms(true).await;
    assert_eq!(alarms.len(), 1);
    assert_eq!(alarms[0].kind, AlarmKind::Silent);
    assert_eq!(scene.alarms(false).await, [settled]);

    // The watch ends with the duty.
    assert_eq!(services.store().list_watches().await.unwrap().len(), 1);
    for node in &scene.nodes {
        node.services
            .set_duty(&admin(), worker, false)
            .await
            .unwrap();
    }
    scene.look().await;
    assert_eq!(services.store().list_watches().await.unwrap(), []);
    let refused = services
        .watch_over(&admin(), worker, None)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("off duty"), "{refused}");
}

pub async fn a_call_for_help_is_heard_at_once_where_it_concerns(backend: Backend) {
    let ground = Ground::demonstration(backend).await;
    let server = Server::closed(&ground).await;
    let public = server.client();
    let admin = public.with_key(&ground.key("管理员", "administrator", &[]));
    let [here, there] = two_townships(&public).await;
    let one_of = async |township: &str| {
        let path = format!("/api/v1/workers?area={township}&limit=1");
        id_of(&admin.get(&path).await.ok()["items"][0]).to_owned()
    };
    let me = one_of(here.township()).await;
    let colleague = one_of(there.township()).await;
    let key = |name, role, more: &[&str]| public.with_key(&ground.key(name, role, more));
    let own = key("本人", "worker", &["--worker", &me, "--area", "3208"]);
    let other = key(
        "同事",
        "worker",
        &["--worker", &colleague, "--area", "3208"],
    );
    let dispatcher = key("镇调度", "dispatcher", &["--area", here.township()]);
    let stranger = key("外镇", "dispatcher", &["--area", there.township()]);
    let mut hears = Listener::open(&dispatcher, "alarms", None).await;
    let mut hears_not = Listener::open(&stranger, "alarms,workers", None).await;

    let path = format!("/api/v1/workers/{me}/panic");
    let call = json!({ "position": { "lon": here.lon, "lat": here.lat }, "note": "快来" });
    other.post(&path, &call).await.problem(403, "forbidden");
    dispatcher
        .post(&path, &call)
        .await
        .problem(403, "forbidden");
    let long = json!({ "note": "救".repeat(1_001) });
    own.post(&path, &long).await.problem(422, "invalid_field");
    let alarm = own.post(&path, &call).await.expect(201);
    assert_eq!(
        (&alarm["kind"], &alarm["note"]),
        (&json!("panic"), &json!("快来"))
    );
    assert_eq!(alarm["worker"]["id"], json!(me));
    let heard = hears.next(SOON).await;
    assert_eq!(
        (heard.name.as_str(), id_of(&heard.data)),
        ("alarm", id_of(&alarm))
    );
    assert_eq!(heard.data["settled_at"], Value::Null);
    let again = own.post(&path, &json!({})).await.expect(200);
    assert_eq!(again, alarm, "a call is open already");

    let open = dispatcher.list("/api/v1/alarms?open=true").await;
    assert_eq!(open, std::slice::from_ref(&alarm));
    assert_eq!(stranger.list("/api/v1/alarms").await, [] as [Value; 0]);
    let settle = format!("/api/v1/alarms/{}/settle", id_of(&alarm));
    let found = json!({ "note": "平安" });
    own.post(&settle, &found).await.problem(403, "forbidden");
    stranger
        .post(&settle, &found)
        .await
        .problem(404, "not_found");
    let settled = dispatcher.post(&settle, &found).await.ok();
    assert_eq!(
        (&settled["settled"]["by"], &settled["settled"]["note"]),
        (&json!("镇调度"), &json!("平安"))
    );
    let heard = hears.next(SOON).await;
    assert_ne!(heard.data["settled_at"], Value::Null);
    assert_eq!(
        dispatcher.list("/api/v1/alarms?open=true").await,
        [] as [Value; 0]
    );
    assert_eq!(
        dispatcher.list("/api/v1/alarms?open=false").await,
        [settled]
    );
    let duty = format!("/api/v1/workers/{colleague}/duty");
    other.post(&duty, &json!({ "on_duty": true })).await.ok();
    assert_eq!(
        hears_not.next(SOON).await.name,
        "worker",
        "of the alarm nothing was heard"
    );

    // Who may be asked where somebody was.
    own.post(
        &format!("/api/v1/workers/{me}/duty"),
        &json!({ "on_duty": true }),
    )
    .await
    .ok();
    let watch = format!("/api/v1/workers/{me}/watch");
    own.post(&watch, &json!({ "minutes": 0 }))
        .await
        .problem(422, "invalid_field");
    let watched = own.post(&watch, &json!({})).await.ok();
    assert_eq!(
        (&watched["minutes"], &watched["set_by"]),
        (&json!(30), &json!("本人"))
    );
    other
        .post(&watch, &json!({}))
        .await
        .problem(403, "forbidden");
    let end = dispatcher.request(reqwest::Method::DELETE, &watch);
    assert_eq!(dispatcher.send(end).await.status, 204);
    let visits = format!("/api/v1/workers/{me}/visits");
    own.get(&visits).await.ok();
    dispatcher.get(&visits).await.ok();
    other.get(&visits).await.problem(403, "forbidden");
    stranger.get(&visits).await.problem(404, "not_found");
    let presence = format!("/api/v1/areas/{}/presence", here.township());
    dispatcher.get(&presence).await.ok();
    own.get(&presence).await.problem(403, "forbidden");
    stranger.get(&presence).await.problem(403, "forbidden");
    let log = server.log();
    assert!(log.contains("visits were read") && log.contains("presence in an area was read"));
}
