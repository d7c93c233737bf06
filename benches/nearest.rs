//! The nearest five of 100,000 workers on duty while others move, and how many can move;
//! beside an R-tree behind a lock that is kept up to date by removing and inserting.

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be set up has nothing to say"
)]

use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use uuid::Uuid;
use wangge::domain::{Fix, LngLat, Worker, WorkerId, WorkerRole};
use wangge::index::Roster;
use wangge::index::roster::Wanted;

const WORKERS: usize = 100_000;
/// How many fixes come in a second while it is searched, in batches.
const STREAM: usize = 20_000;
const BATCH: usize = 1_000;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_798_400, 0).expect("a time")
}

/// In a city and its surroundings, denser towards the middle.
fn somewhere(rng: &mut ChaCha8Rng) -> LngLat {
    let mut towards_the_middle = || rng.random_range(-1.0..1.0_f64).powi(3) * 0.6;
    let (lon, lat) = (119.0 + towards_the_middle(), 33.6 + towards_the_middle());
    LngLat::from_degrees(lon, lat).expect("a position")
}

fn id(number: usize) -> WorkerId {
    WorkerId(Uuid::from_u128(
        (number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835),
    ))
}

fn worker(number: usize) -> Worker {
    Worker {
        id: id(number),
        name: String::new(),
        phone: None,
        role: WorkerRole::FullTime,
        organisation: None,
        skills: if number.is_multiple_of(100) {
            vec!["fire".to_owned()]
        } else {
            vec![]
        },
        capacity: 3,
        on_duty: true,
    }
}

fn fix(number: usize, position: LngLat, step: i64) -> Fix {
    Fix {
        worker: id(number),
        position,
        at: start() + TimeDelta::seconds(step * 10),
        accuracy_m: Some(8.0),
        speed_mps: None,
        heading_deg: None,
    }
}

/// A walk of up to 30 m along each axis.
fn walk(position: LngLat, rng: &mut ChaCha8Rng) -> LngLat {
    let mut step = || rng.random_range(-0.0003..0.0003);
    LngLat::from_degrees(position.lon() + step(), position.lat() + step()).expect("a position")
}

/// Everybody who walks, in turn, batch by batch.
struct Walkers {
    positions: Vec<LngLat>,
    next: usize,
    step: i64,
    rng: ChaCha8Rng,
}

impl Walkers {
    fn batch(&mut self) -> Vec<Fix> {
        (0..BATCH)
            .map(|_| {
                let number = self.next;
                self.next = (number + 1) % self.positions.len();
                self.step += i64::from(self.next == 0);
                self.positions[number] = walk(self.positions[number], &mut self.rng);
                fix(number, self.positions[number], self.step)
            })
            .collect()
    }
}

fn nearest(criterion: &mut Criterion) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let positions: Vec<LngLat> = (0..WORKERS).map(|_| somewhere(&mut rng)).collect();
    let points: Vec<LngLat> = (0..10_000).map(|_| somewhere(&mut rng)).collect();
    let roster = Roster::build(
        (0..WORKERS).map(|number| (worker(number), vec![])),
        positions
            .iter()
            .enumerate()
            .map(|(number, &position)| fix(number, position, 0)),
    );
    let tree = |positions: &[LngLat]| {
        let mut tree = RTree::new();
        for (number, position) in positions.iter().enumerate() {
            tree.insert(GeomWithData::new(on_sphere(*position), number));
        }
        RwLock::new(tree)
    };
    let locked = tree(&positions);
    let now = start() + TimeDelta::days(1);
    let mut walkers = Walkers {
        positions: positions.clone(),
        next: 0,
        step: 1,
        rng,
    };

    let mut group = criterion.benchmark_group("nearest 5 of 100,000");
    let mut turn = 0;
    let mut next = || {
        turn = (turn + 1) % points.len();
        points[turn]
    };
    group.bench_function("roster, at rest", |bencher| {
        bencher.iter(|| {
            roster.nearest(
                black_box(next()),
                5,
                f64::INFINITY,
                &Wanted::default(),
                |_| true,
            )
        });
    });
    group.bench_function("roster, one in a hundred has the skill", |bencher| {
        let wanted = Wanted {
            skill: Some("fire"),
            ..Wanted::default()
        };
        bencher.iter(|| roster.nearest(black_box(next()), 5, f64::INFINITY, &wanted, |_| true));
    });
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let pause = Duration::from_secs(1) * u32::try_from(BATCH).expect("small")
                / u32::try_from(STREAM).expect("small");
            while !is_over.load(Ordering::Relaxed) {
                roster.record_all(&walkers.batch(), now, |_, _| {});
                std::thread::sleep(pause);
            }
        });
        group.bench_function(
            "roster, while 20,000 positions a second come in",
            |bencher| {
                bencher.iter(|| {
                    roster.nearest(
                        black_box(next()),
                        5,
                        f64::INFINITY,
                        &Wanted::default(),
                        |_| true,
                    )
                });
            },
        );
        is_over.store(true, Ordering::Relaxed);
    });
    group.bench_function("R-tree behind a lock, at rest", |bencher| {
        bencher.iter(|| {
            let point = next();
            let tree = locked.read().expect("no panic");
            let near = tree.nearest_neighbor_iter(&on_sphere(point)).take(5);
            near.map(|seen| positions[seen.data].distance_m(point))
                .sum::<f64>()
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("1,000 workers move");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("roster", |bencher| {
        bencher.iter_batched(
            || walkers.batch(),
            |fixes| roster.record_all(&fixes, now, |_, outcome| assert!(outcome.is_ok())),
            BatchSize::SmallInput,
        );
    });
    let mut places = positions.clone();
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    group.bench_function("R-tree behind a lock", |bencher| {
        bencher.iter_batched(
            || -> Vec<(usize, LngLat)> {
                let mut step = || {
                    let number = rng.random_range(0..WORKERS);
                    (number, walk(positions[number], &mut rng))
                };
                (0..BATCH).map(|_| step()).collect()
            },
            |moves| {
                let mut tree = locked.write().expect("no panic");
                for (number, to) in moves {
                    tree.remove(&GeomWithData::new(on_sphere(places[number]), number));
                    tree.insert(GeomWithData::new(on_sphere(to), number));
                    places[number] = to;
                }
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn on_sphere(position: LngLat) -> [f64; 3] {
    let (lon, lat) = (position.lon().to_radians(), position.lat().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

criterion_group!(benches, nearest);
criterion_main!(benches);
