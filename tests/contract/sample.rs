//! Values to keep: full ones, bare ones, and every word of every vocabulary.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wangge::domain::incident::{
    Counts, Deadlines, Deferral, Evaluation, Fired, NewIncident, Pending, Reporter, RequestKind,
    Supervision,
};
use wangge::domain::workflow::{Action, Step};
use wangge::domain::{
    Actor, Area, AreaCode, AreaId, AreaRef, Assignee, Fix, GridKind, Incident, IncidentEvent,
    IncidentId, Level, LngLat, Match, Organisation, OrganisationId, OrganisationKind, Outcome,
    PersonName, Phone, Polygon, Post, PostId, Priority, Ring, Role, ServiceCode, Shape, Slot,
    Source, Status, Task, TaskId, TaskRole, TaskStatus, Timestamp, Worker, WorkerId, WorkerRole,
};
use wangge::store::{NewEdition, People, Store};

/// Some seconds after the beginning of all cases, and an odd number of milliseconds.
pub fn time(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T08:00:00.123Z".parse().unwrap();
    start + TimeDelta::seconds(seconds)
}

/// Another identity for each number, spread over all the bytes as real ones are.
pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

pub fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

pub fn place(lon: f64, lat: f64) -> LngLat {
    LngLat::from_degrees(lon, lat).unwrap()
}

// Territory

pub fn ring(points: &[(i32, i32)]) -> Ring {
    let points = points
        .iter()
        .map(|&(lon, lat)| LngLat::from_e7(lon, lat).unwrap())
        .collect();
    Ring::from_open(points).unwrap()
}

/// A square of a hundredth of a degree, another one for each number.
pub fn square(n: i32) -> Shape {
    let west = 1_190_000_000 + n % 1_000 * 100_003;
    let south = 330_000_000 + n / 1_000 * 100_003;
    let exterior = ring(&[
        (west, south),
        (west + 100_003, south),
        (west + 100_003, south + 100_003),
        (west, south + 100_003),
    ]);
    let holes = vec![];
    Shape::new(vec![Polygon { exterior, holes }]).unwrap()
}

/// A grid with everything an area can have.
pub fn grid(n: i32) -> Area {
    let shape = square(n);
    let (west, south) = (shape.bounds().min.lon_e7(), shape.bounds().min.lat_e7());
    Area {
        id: AreaId(uuid(n.unsigned_abs().into())),
        code: code(&format!("320812001001{n:06}")),
        name: format!("第{n}网格"),
        level: Level::Grid,
        parent: Some(code("320812001001")),
        kind: Some(GridKind::General),
        label: Some(LngLat::from_e7(west + 50_001, south + 50_001).unwrap()),
        shape: Some(Arc::new(shape)),
        area_m2: Some(1_036_417.0 + f64::from(n) / 3.0),
        generated: n % 2 == 0,
    }
}

/// An edition that puts areas on nothing.
pub fn first_edition(put: Vec<Area>) -> NewEdition {
    NewEdition {
        base: None,
        title: "清江浦区网格".into(),
        notice: Some("演示数据，界线不作划界依据".into()),
        effective_from: time(86_400),
        published_at: time(0),
        put,
        removed: vec![],
        published_by: None,
        reason: None,
        restores: None,
        lineage: vec![],
        draft: None,
    }
}

/// Areas in the order of their identities, to compare sets of them.
pub fn sorted(mut areas: Vec<Area>) -> Vec<Area> {
    areas.sort_by_key(|area| area.id);
    areas
}

// People

pub fn organisation(n: u128) -> Organisation {
    Organisation {
        id: OrganisationId(uuid(n)),
        name: format!("第{n}综治中心"),
        kind: OrganisationKind::Centre,
        level: Level::Township,
        area: code("320812001"),
        department: Some("urban_management".into()),
    }
}

/// A worker with everything but an organisation.
pub fn worker(n: u128) -> Worker {
    Worker {
        id: WorkerId(uuid(n)),
        name: format!("网格员{n}"),
        phone: Some(Phone::parse("+86 138-1234-5678").unwrap()),
        role: WorkerRole::FullTime,
        organisation: None,
        skills: vec!["fire_safety".into(), "调解".into()],
        capacity: 5,
        on_duty: false,
    }
}

pub fn post(n: u128, worker: WorkerId) -> Post {
    Post {
        id: PostId(uuid(n)),
        worker,
        area: code("320812001001001"),
        slot: Slot::GridWorker,
        from: time(0),
        until: None,
    }
}

pub fn fix(worker: u128, at_seconds: i64) -> Fix {
    Fix {
        worker: WorkerId(uuid(worker)),
        position: place(119.02, 33.61),
        at: time(at_seconds),
        accuracy_m: Some(8.1),
        speed_mps: Some(1.3),
        heading_deg: Some(359.9),
    }
}

/// Saves workers without organisations or posts.
pub async fn save_workers(store: &dyn Store, workers: impl IntoIterator<Item = u128>) {
    let people = People {
        workers: workers.into_iter().map(worker).collect(),
        ..People::default()
    };
    store.save_people(&people, time(0)).await.unwrap();
}

// Incidents

/// The areas that hold the place of [`new_incident`], from the city down.
pub fn chain() -> Vec<AreaRef> {
    [
        ("32", "江苏省", Level::Province),
        ("3208", "淮安市", Level::City),
        ("320812", "清江浦区", Level::County),
        ("320812001", "清江街道", Level::Township),
        ("320812001001", "“东风”社区", Level::Community),
        ("320812001001001", "第1网格", Level::Grid),
        ("320812001001001001", "1号楼", Level::Microgrid),
    ]
    .map(|(text, name, level)| AreaRef {
        code: code(text),
        name: name.into(),
        level,
    })
    .to_vec()
}

/// A report with everything in it.
pub fn new_incident(n: u128) -> NewIncident {
    NewIncident {
        id: IncidentId(uuid(n)),
        service: ServiceCode("noise".into()),
        priority: Priority::High,
        description: format!("第{n}号：半夜施工，“咚咚”响 🔨\n第二行"),
        address: Some("淮海东路1号 B座".into()),
        position: place(119.021_123_4, 33.610_432_1),
        matched: Match::Grid,
        chain: chain(),
        source: Source::Resident,
        reporter: Some(Reporter {
            name: Some(PersonName("王小明".into())),
            phone: Some(Phone::parse("13812345678").unwrap()),
        }),
        form: form(),
        holder: Some(OrganisationId(uuid(100))),
        tracking_key: format!("跟踪-{n}"),
        reported_at: time(0),
    }
}

/// A report with nothing in it that may be left out.
pub fn bare_incident(n: u128) -> NewIncident {
    NewIncident {
        description: String::new(),
        address: None,
        matched: Match::Outside,
        chain: vec![],
        reporter: None,
        form: Map::new(),
        holder: None,
        tracking_key: String::new(),
        ..new_incident(n)
    }
}

fn form() -> Map<String, Value> {
    let Value::Object(form) = json!({
        "decibels": 71.5,
        "times": 3,
        "kinds": ["施工", "music"],
        "indoors": false,
        "remark": null,
        "more": { "乙": 2, "甲": "'\"\\%_" },
    }) else {
        unreachable!("an object was written")
    };
    form
}

pub fn resident() -> Actor {
    Actor::with_role("市民", Role::Resident)
}

/// Files an incident without an idempotency key.
pub async fn file(store: &dyn Store, new: NewIncident) -> Incident {
    let event = IncidentEvent::report(&new, &resident());
    let filed = store.file_incident(new, &event, None).await.unwrap();
    assert!(!filed.repeated);
    filed.incident
}

/// The step that makes of an incident what `change` does; one second passes.
pub fn step(incident: &Incident, change: impl FnOnce(&mut Incident)) -> Step {
    let mut after = incident.clone();
    change(&mut after);
    after.version = incident.version + 1;
    after.updated_at = incident.updated_at + TimeDelta::seconds(1);
    let event = IncidentEvent {
        incident: after.id,
        version: after.version,
        at: after.updated_at,
        actor: "清江街道 调度员".into(),
        role: Role::Dispatcher,
        action: Action::File,
        from: Some(incident.status),
        to: after.status,
        note: Some("核实，立案".into()),
        detail: json!({ "service": null, "priority": "high" }),
    };
    Step {
        incident: after,
        event,
    }
}

/// Fills everything of an incident that its workflow may fill.
pub fn fill(incident: &mut Incident) {
    incident.status = Status::Evaluated;
    incident.outcome = Some(Outcome::Duplicate);
    incident.duplicate_of = Some(IncidentId(uuid(7_777)));
    incident.holder = Some(OrganisationId(uuid(200)));
    incident.tasks = vec![task(11), bare_task(10)];
    incident.pending = Some(Pending {
        kind: RequestKind::Extension,
        reason: "等配件".into(),
        until: Some(time(7_200)),
        task: TaskId(uuid(11)),
    });
    incident.deferral = Some(Deferral {
        since: time(10),
        until: time(20),
        reason: "雨天".into(),
    });
    incident.deadlines = Deadlines {
        started_at: Some(time(1)),
        sign_by: Some(time(2)),
        resolve_by: Some(time(3)),
        sign_warning_at: Some(time(4)),
        resolve_warning_at: Some(time(5)),
    };
    incident.status_since = time(6);
    incident.supervision = Some(Supervision {
        since: time(7),
        by: "淮安区 指挥中心".into(),
        reason: "群众反映强烈".into(),
        answer_by: Some(time(8)),
    });
    incident.fired = vec![Fired {
        rule: "late".into(),
        since: time(6),
    }];
    incident.counts = Counts {
        returns: 1,
        reworks: 2,
        escalations: 3,
        reopens: u32::MAX,
        reassignments: 4,
        supervisions: 5,
        warnings: 6,
    };
    incident.evaluation = Some(Evaluation {
        responded: true,
        resolved: false,
        satisfied: 4,
        comment: Some("还行".into()),
    });
    incident.closed_at = Some(time(99));
}

pub fn task(n: u128) -> Task {
    Task {
        id: TaskId(uuid(n)),
        role: TaskRole::Lead,
        assignee: Assignee::Worker(WorkerId(uuid(1))),
        status: TaskStatus::FedBack,
        offered_at: time(30),
        signed_at: Some(time(40)),
        fed_back_at: Some(time(50)),
        note: Some("已处理：\"安静\"\t了".into()),
        deadlines: Deadlines {
            started_at: Some(time(30)),
            sign_by: Some(time(60)),
            resolve_by: Some(time(70)),
            sign_warning_at: Some(time(55)),
            resolve_warning_at: Some(time(65)),
        },
        offer_until: Some(time(45)),
        summoned: true,
        arrived_at: Some(time(44)),
    }
}

pub fn bare_task(n: u128) -> Task {
    Task {
        id: TaskId(uuid(n)),
        role: TaskRole::Assist,
        assignee: Assignee::Organisation(OrganisationId(uuid(2))),
        status: TaskStatus::Offered,
        offered_at: time(31),
        signed_at: None,
        fed_back_at: None,
        note: None,
        deadlines: Deadlines::default(),
        offer_until: None,
        summoned: false,
        arrived_at: None,
    }
}
