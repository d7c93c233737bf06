//! Point look-up over the demonstration's 8,000 grids, beside an R-tree of boxes with
//! `geo`'s point-in-polygon.

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be set up has nothing to say"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use geo::{Intersects, MultiPolygon, Point};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use wangge::domain::{Area, Edition, EditionId, Level, LngLat};
use wangge::geometry::convert::to_multi_polygon;
use wangge::index::Atlas;
use wangge::service::demonstration::{self, TerritoryOptions};

type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;

fn territory() -> Vec<Area> {
    let options = TerritoryOptions {
        code: "3208".to_owned(),
        grids: 8_000,
        seed: 1,
    };
    demonstration::areas(&options, |_, _| {}).expect("the demonstration can be made")
}

fn look_up(criterion: &mut Criterion) {
    let areas = territory();
    let polygons: Vec<MultiPolygon<f64>> = areas
        .iter()
        .filter(|area| area.level == Level::Grid)
        .filter_map(|area| area.shape.as_deref())
        .map(to_multi_polygon)
        .collect();
    let boxes = areas
        .iter()
        .filter(|area| area.level == Level::Grid)
        .filter_map(|area| area.shape.as_deref())
        .enumerate()
        .map(|(index, shape)| {
            let [west, south, east, north] = shape.bounds().to_degrees();
            Boxed::new(Rectangle::from_corners([west, south], [east, north]), index)
        })
        .collect();
    let tree: RTree<Boxed> = RTree::bulk_load(boxes);
    let now = chrono::DateTime::UNIX_EPOCH;
    let edition = Edition {
        id: EditionId(1),
        title: String::new(),
        notice: None,
        effective_from: now,
        published_at: now,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    };
    let atlas = Atlas::build(edition, areas).expect("the demonstration is an atlas");
    let bounds = atlas.bounds().expect("the demonstration has ground");
    let [west, south, east, north] = bounds.to_degrees();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let points: Vec<LngLat> = (0..10_000)
        .map(|_| {
            let (lon, lat) = (rng.random_range(west..east), rng.random_range(south..north));
            LngLat::from_degrees(lon, lat).expect("inside the bounds")
        })
        .collect();

    let mut group = criterion.benchmark_group("look-up of 10,000 points");
    group.bench_function("atlas", |bencher| {
        bencher.iter(|| {
            points
                .iter()
                .filter(|&&p| atlas.locate(black_box(p)).area.is_some())
                .count()
        });
    });
    group.bench_function("rstar + geo", |bencher| {
        bencher.iter(|| {
            let hit = |p: &&LngLat| {
                let place = Point::from(**p);
                tree.locate_in_envelope_intersecting(&AABB::from_point([place.x(), place.y()]))
                    .any(|candidate| polygons[candidate.data].intersects(&place))
            };
            points.iter().filter(hit).count()
        });
    });
    group.finish();
}

criterion_group!(benches, look_up);
criterion_main!(benches);
