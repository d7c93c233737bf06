//! A thousand incidents and five thousand workers planned at once, from their positions on;
//! with the greedy plan beside it. `WANGGE_PLAN_CASE` names a file that the case is written
//! to, so that others can solve the same one.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up has nothing to say"
)]

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;
use wangge::domain::dispatch::{Demand, Need, Policy, Standing, Survey, Terms};
use wangge::domain::{Fix, IncidentId, LngLat, Priority, Worker, WorkerId, WorkerRole};

const INCIDENTS: usize = 1_000;
const WORKERS: usize = 5_000;
const CAPACITY: u16 = 3;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_798_400, 0).expect("a time")
}

/// Where things are: within some degrees of the middle of a city.
fn places(count: usize, spread_deg: f64, rng: &mut ChaCha8Rng) -> Vec<LngLat> {
    let mut place = || {
        let mut off = || rng.random_range(-spread_deg..=spread_deg);
        LngLat::from_degrees(119.02 + off(), 33.6 + off()).expect("a position")
    };
    (0..count).map(|_| place()).collect()
}

struct Ground {
    incidents: Vec<LngLat>,
    workers: Vec<(Worker, Fix)>,
    policy: Policy,
}

impl Ground {
    fn new(incidents_deg: f64, workers_deg: f64, radius_m: f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let incidents = places(INCIDENTS, incidents_deg, &mut rng);
        let workers = places(WORKERS, workers_deg, &mut rng);
        let worker = |(number, position)| {
            let id = WorkerId(Uuid::from_u128(number));
            let worker = Worker {
                id,
                name: String::new(),
                phone: None,
                role: WorkerRole::FullTime,
                organisation: None,
                skills: vec![],
                capacity: CAPACITY,
                on_duty: true,
            };
            let fix = Fix {
                worker: id,
                position,
                at: now(),
                accuracy_m: None,
                speed_mps: None,
                heading_deg: None,
            };
            (worker, fix)
        };
        Self {
            incidents,
            workers: (0..).zip(workers).map(worker).collect(),
            policy: Policy {
                radius_m,
                elsewhere_s: 0,
                ..Policy::default()
            },
        }
    }

    fn survey<R>(&self, ask: impl FnOnce(Survey<'_>) -> R) -> R {
        let demand = |(number, &position)| Demand {
            incident: IncidentId(Uuid::from_u128(number)),
            need: Need {
                position,
                chain: &[],
                role: None,
                skills: &[],
            },
            priority: Priority::Normal,
            reported_at: now(),
            answer_by: None,
        };
        let standing = |(worker, fix)| Standing {
            worker,
            posted: &[],
            fix: Some(fix),
            load: 0,
        };
        let demands: Vec<Demand<'_>> = (0..).zip(&self.incidents).map(demand).collect();
        let workers = self.workers.iter().map(|(worker, fix)| (worker, fix));
        let workers: Vec<Standing<'_>> = workers.map(standing).collect();
        let terms = Terms {
            policy: &self.policy,
            most_each: None,
            roads: None,
        };
        ask(Survey::new(&demands, &workers, terms, now()))
    }

    /// Little-endian `i32`: how many incidents, workers, each worker's room, the cost of each
    /// step; then for each incident what every worker costs, -1 beyond the radius.
    #[expect(clippy::cast_possible_truncation, reason = "thousands of seconds")]
    fn write(&self, path: &str) {
        let step = self.policy.carried_s.cast_signed();
        let [incidents, workers] =
            [INCIDENTS, WORKERS].map(|count| i32::try_from(count).expect("some thousands"));
        let mut numbers = vec![incidents, workers, CAPACITY.into(), step];
        for incident in &self.incidents {
            for (_, fix) in &self.workers {
                let distance_m = fix.position.distance_m(*incident);
                let cost = (distance_m / self.policy.speed_mps).ceil() as i32;
                let is_near = distance_m <= self.policy.radius_m;
                numbers.push(if is_near { cost } else { -1 });
            }
        }
        let bytes: Vec<u8> = numbers.into_iter().flat_map(i32::to_le_bytes).collect();
        std::fs::write(path, bytes).expect("the case can be written");
    }
}

fn plan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan 1,000 incidents, 5,000 workers");
    group.sample_size(10);
    let everywhere = Ground::new(0.1, 0.1, 100_000.0);
    if let Ok(path) = std::env::var("WANGGE_PLAN_CASE") {
        everywhere.write(&path);
    }
    for (name, ground) in [
        ("everybody within reach", &everywhere),
        ("within 5 km", &Ground::new(0.3, 0.3, 5_000.0)),
        ("all in one corner", &Ground::new(0.01, 0.1, 100_000.0)),
    ] {
        let (best, greedy) = ground.survey(|survey| {
            let greedy = survey.plan_greedily();
            (survey.plan(), greedy)
        });
        println!(
            "{name}: {} go at {} s; greedily {} at {} s",
            best.assignments.len(),
            best.cost_s,
            greedy.assignments.len(),
            greedy.cost_s
        );
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(ground).survey(|survey| survey.plan().cost_s));
        });
        group.bench_function(format!("{name}, greedily"), |bencher| {
            bencher.iter(|| black_box(ground).survey(|survey| survey.plan_greedily()));
        });
    }
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
