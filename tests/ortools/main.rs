//! Plans beside those of OR-Tools on the same cases: the same incidents are left out, and the
//! others cost the same to the second. Costs are reckoned here anew, from geodesics. Without
//! OR-Tools the test says so and passes, unless `CI` or `WANGGE_REQUIRE_POSTGRES` is set.
//! `WANGGE_ORTOOLS_PYTHON` names a Python that has it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use chrono::TimeDelta;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wangge::domain::dispatch::{Demand, Need, Plan, Policy, Standing, Survey, Terms};
use wangge::domain::{
    AreaCode, AreaRef, Fix, IncidentId, Level, LngLat, Priority, Timestamp, Worker, WorkerId,
    WorkerRole,
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ortools/oracle.py");
const PACKAGES: &str = "from ortools.graph.python import min_cost_flow";

/// How many, in how wide a city, and how many each worker takes.
struct Shape {
    name: &'static str,
    incidents: usize,
    workers: usize,
    /// From the middle to each side.
    city_m: f64,
    radius_m: f64,
    most_capacity: u16,
    carried_s: u32,
}

const SHAPES: [Shape; 8] = [
    shape("a city", 300, 1_000, 10_000.0, 5_000.0, 3, 120),
    shape(
        "everybody within reach",
        300,
        1_000,
        10_000.0,
        100_000.0,
        3,
        120,
    ),
    shape("many at once", 300, 120, 6_000.0, 5_000.0, 4, 120),
    shape("one each", 150, 150, 8_000.0, 100_000.0, 1, 120),
    shape("far too few", 200, 30, 5_000.0, 4_000.0, 3, 60),
    shape("one neighbourhood", 100, 200, 400.0, 1_000.0, 2, 0),
    shape("hardly anything to do", 5, 400, 10_000.0, 5_000.0, 3, 120),
    shape("one worker", 20, 1, 2_000.0, 5_000.0, 9, 30),
];

const fn shape(
    name: &'static str,
    incidents: usize,
    workers: usize,
    city_m: f64,
    radius_m: f64,
    most_capacity: u16,
    carried_s: u32,
) -> Shape {
    Shape {
        name,
        incidents,
        workers,
        city_m,
        radius_m,
        most_capacity,
        carried_s,
    }
}

#[test]
fn ortools_finds_no_better_plan() {
    let Some(mut ortools) = OrTools::start() else {
        return;
    };
    let mut saved = 0;
    for shape in &SHAPES {
        for seed in 0..4 {
            let ground = Ground::new(shape, seed);
            let (plan, greedy) = ground.plans();
            let question = ground.question();
            let answer = ortools.ask(&question);
            let left: Vec<usize> = ground.left(&plan);
            assert_eq!(
                (&left, plan.cost_s),
                (&answer.left, answer.cost),
                "{}, seed {seed}: here, and by OR-Tools",
                shape.name
            );
            let gone = |plan: &Plan| plan.assignments.len();
            assert!(gone(&greedy) <= gone(&plan));
            if ground.left(&greedy) == left {
                assert!(greedy.cost_s >= plan.cost_s);
                saved += greedy.cost_s - plan.cost_s;
            }
            eprintln!(
                "{}, {} × {}: {} go at {} s, as by OR-Tools; greedily {} at {} s",
                shape.name,
                shape.incidents,
                shape.workers,
                gone(&plan),
                plan.cost_s,
                gone(&greedy),
                greedy.cost_s
            );
        }
    }
    assert!(saved > 0, "or the cases are too easy");
}

struct Place {
    position: LngLat,
    chain: Vec<AreaRef>,
    skills: Vec<String>,
    priority: Priority,
    answer_by: Option<Timestamp>,
}

struct Hand {
    worker: Worker,
    posted: Vec<Vec<AreaCode>>,
    fix: Fix,
    load: u16,
}

/// Incidents by precedence, and workers.
struct Ground {
    places: Vec<Place>,
    hands: Vec<Hand>,
    policy: Policy,
}

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn incident(number: usize) -> IncidentId {
    IncidentId(Uuid::from_u128(number as u128))
}

/// A township of four communities of four grids each: the codes from the top down.
fn codes(rng: &mut ChaCha8Rng) -> [AreaCode; 3] {
    let (community, grid) = (rng.random_range(0..4), rng.random_range(0..4));
    [
        "T".to_owned(),
        format!("T{community}"),
        format!("T{community}{grid}"),
    ]
    .map(|code| code.parse().unwrap())
}

impl Ground {
    fn new(shape: &Shape, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let middle = LngLat::from_degrees(119.02, 33.6).unwrap();
        let somewhere = |rng: &mut ChaCha8Rng| {
            let mut along_m = || rng.random_range(-shape.city_m..=shape.city_m);
            let (east_m, north_m) = (along_m(), along_m());
            middle.destination(90.0, east_m).destination(0.0, north_m)
        };
        let levels = [Level::Township, Level::Community, Level::Grid];
        let mut places: Vec<Place> = (0..shape.incidents)
            .map(|_| Place {
                position: somewhere(&mut rng),
                chain: codes(&mut rng)
                    .into_iter()
                    .zip(levels)
                    .map(|(code, level)| AreaRef {
                        code,
                        name: String::new(),
                        level,
                    })
                    .collect(),
                skills: [vec![], vec!["fire".to_owned()]][usize::from(rng.random_bool(0.2))]
                    .clone(),
                priority: Priority::ALL[rng.random_range(0..4)],
                answer_by: rng
                    .random_bool(0.3)
                    .then(|| now() + TimeDelta::seconds(rng.random_range(120..1_800))),
            })
            .collect();
        places.sort_by_key(|place| place.priority);
        let hands = (0..shape.workers)
            .map(|number| {
                let id = WorkerId(Uuid::from_u128(number as u128));
                let skills = [vec![], vec!["fire".to_owned()]];
                Hand {
                    worker: Worker {
                        id,
                        name: String::new(),
                        phone: None,
                        role: WorkerRole::FullTime,
                        organisation: None,
                        skills: skills[usize::from(rng.random_bool(0.4))].clone(),
                        capacity: rng.random_range(1..=shape.most_capacity),
                        on_duty: rng.random_bool(0.9),
                    },
                    posted: if rng.random_bool(0.7) {
                        vec![codes(&mut rng).to_vec()]
                    } else {
                        vec![]
                    },
                    fix: Fix {
                        worker: id,
                        position: somewhere(&mut rng),
                        at: now() - TimeDelta::seconds(rng.random_range(0..1_000)),
                        accuracy_m: None,
                        speed_mps: None,
                        heading_deg: None,
                    },
                    load: rng.random_range(0..2),
                }
            })
            .collect();
        Self {
            places,
            hands,
            policy: Policy {
                radius_m: shape.radius_m,
                carried_s: shape.carried_s,
                ..Policy::default()
            },
        }
    }

    fn plans(&self) -> (Plan, Plan) {
        let demands: Vec<Demand<'_>> = (0..)
            .zip(&self.places)
            .map(|(number, place)| Demand {
                incident: incident(number),
                need: Need {
                    position: place.position,
                    chain: &place.chain,
                    role: None,
                    skills: &place.skills,
                },
                priority: place.priority,
                reported_at: now(),
                answer_by: place.answer_by,
            })
            .collect();
        let hands = self.hands.iter().map(|hand| Standing {
            worker: &hand.worker,
            posted: &hand.posted,
            fix: Some(&hand.fix),
            load: hand.load,
        });
        let hands: Vec<Standing<'_>> = hands.collect();
        let terms = Terms {
            policy: &self.policy,
            most_each: None,
            roads: None,
        };
        let survey = Survey::new(&demands, &hands, terms, now());
        let greedy = survey.plan_greedily();
        (survey.plan(), greedy)
    }

    /// Which incidents a plan leaves out.
    fn left(&self, plan: &Plan) -> Vec<usize> {
        let is_left = |&number: &usize| {
            let mut left = plan.unassigned.iter();
            left.any(|unassigned| unassigned.incident == incident(number))
        };
        (0..self.places.len()).filter(is_left).collect()
    }

    fn question(&self) -> Question {
        let costs = self.places.iter().map(|place| {
            let costs = self.hands.iter().map(|hand| self.cost_s(place, hand));
            costs.collect()
        });
        let room = |hand: &Hand| hand.worker.capacity.saturating_sub(hand.load);
        Question {
            costs: costs.collect(),
            rooms: self.hands.iter().map(room).collect(),
            step: self.policy.carried_s,
        }
    }

    /// What it costs that somebody goes; `None` when they may not.
    fn cost_s(&self, place: &Place, hand: &Hand) -> Option<u64> {
        let distance_m = hand.fix.position.distance_m(place.position);
        let age_s = (now() - hand.fix.at).num_seconds();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "some thousands of seconds"
        )]
        let travel_s = (distance_m / self.policy.speed_mps).ceil() as u64;
        let is_late = place
            .answer_by
            .is_some_and(|by| now() + TimeDelta::seconds(travel_s.cast_signed()) > by);
        let may_go = hand.worker.on_duty
            && age_s <= self.policy.stale_after_s
            && hand.load < hand.worker.capacity
            && place
                .skills
                .iter()
                .all(|skill| hand.worker.skills.contains(skill))
            && distance_m <= self.policy.radius_m
            && !is_late;
        let shared = hand.posted.first().map_or(0, |post| {
            let links = place.chain.iter();
            links.filter(|link| post.contains(&link.code)).count()
        });
        let elsewhere_s = u64::from(self.policy.elsewhere_s) * [10, 7, 4, 0][shared] / 10;
        let load_s = u64::from(self.policy.carried_s) * u64::from(hand.load);
        may_go.then_some(travel_s + elsewhere_s + load_s)
    }
}

/// See the script.
#[derive(Serialize)]
struct Question {
    costs: Vec<Vec<Option<u64>>>,
    rooms: Vec<u16>,
    step: u32,
}

#[derive(Deserialize)]
struct Answer {
    left: Vec<usize>,
    cost: u64,
}

/// OR-Tools, in a process of its own.
struct OrTools {
    process: Child,
}

impl OrTools {
    /// `None`, and a line to the standard error stream, when there is no OR-Tools.
    fn start() -> Option<Self> {
        let python =
            std::env::var("WANGGE_ORTOOLS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let has_packages = Command::new(&python).args(["-c", PACKAGES]).output();
        if !has_packages.is_ok_and(|output| output.status.success()) {
            let required = ["CI", "WANGGE_REQUIRE_POSTGRES"]
                .into_iter()
                .find(|name| std::env::var_os(name).is_some());
            if let Some(name) = required {
                panic!("{name} is set, but {python} lacks ortools");
            }
            // Past the test runner, which keeps what passing tests print to itself.
            let _ = writeln!(std::io::stderr(), "skipped: {python} lacks ortools");
            return None;
        }
        let process = Command::new(python)
            .arg(SCRIPT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Some(Self { process })
    }

    fn ask(&mut self, question: &Question) -> Answer {
        let question = serde_json::to_string(question).unwrap();
        let to = self.process.stdin.as_mut().unwrap();
        writeln!(to, "{question}").unwrap();
        let from = self.process.stdout.as_mut().unwrap();
        let mut answer = String::new();
        // It answers with one line, so nothing is read too much.
        BufReader::new(from).read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }
}

impl Drop for OrTools {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
