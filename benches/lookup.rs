//! Point look-up beside an R-tree of boxes with `geo`'s point-in-polygon, from 1,000 grids
//! of 64 vertices on; how long an index takes to build and to change, and how large it is.
//!
//!     cargo bench --bench lookup
//!     WANGGE_BENCH_GRIDS=1000000 cargo bench --bench lookup

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up has nothing to say, and one that can says it"
)]

mod coverage;

use std::hint::black_box;
use std::time::Instant;

use coverage::{Coverage, awkward_points, edition, random_points};
use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use geo::{Intersects, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use wangge::domain::{Level, LngLat, Shape};
use wangge::geometry::convert::to_multi_polygon;
use wangge::index::Atlas;

const SIZES: &str = "1000,10000,122500";
const POINTS: usize = 1 << 20;

type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// What one puts together from parts.
struct Peer {
    tree: RTree<Boxed>,
    polygons: Vec<MultiPolygon<f64>>,
}

impl Peer {
    fn of(shapes: &[&Shape]) -> Self {
        let polygons = shapes.iter().map(|shape| to_multi_polygon(shape)).collect();
        let boxes = shapes.iter().enumerate().map(|(index, shape)| {
            let [west, south, east, north] = shape.bounds().to_degrees();
            Boxed::new(Rectangle::from_corners([west, south], [east, north]), index)
        });
        Self {
            tree: RTree::bulk_load(boxes.collect()),
            polygons,
        }
    }

    fn owner(&self, point: LngLat) -> Option<usize> {
        let place = Point::from(point);
        self.tree
            .locate_in_envelope_intersecting(&AABB::from_point([place.x(), place.y()]))
            .map(|candidate| candidate.data)
            .filter(|&candidate| self.polygons[candidate].intersects(&place))
            .min()
    }
}

fn look_up(criterion: &mut Criterion) {
    let sizes = std::env::var("WANGGE_BENCH_GRIDS").unwrap_or_else(|_| SIZES.to_owned());
    for size in sizes.split(',') {
        let size: usize = size.trim().parse().expect("a number of grids");
        let areas = Coverage::of(size).grids();
        let begun = Instant::now();
        let atlas = Atlas::build(edition(), areas).expect("the grids are an atlas");
        let built = begun.elapsed();
        let shapes: Vec<&Shape> = atlas
            .areas()
            .iter()
            .filter_map(|area| area.shape.as_deref())
            .collect();
        let vertices: usize = shapes.iter().map(|shape| shape.vertex_count()).sum();
        let bytes = atlas.size_bytes(Level::Grid);
        #[expect(clippy::cast_precision_loss, reason = "to be read by people")]
        let per_vertex = bytes as f64 / vertices as f64;
        println!(
            "{} grids, {vertices} vertices: atlas built in {:.3} s, index of {} KiB, {per_vertex:.2} bytes a vertex",
            shapes.len(),
            built.as_secs_f64(),
            bytes / 1024,
        );
        let begun = Instant::now();
        let peer = Peer::of(&shapes);
        println!(
            "rstar + geo built in {:.3} s",
            begun.elapsed().as_secs_f64()
        );
        let random = random_points(&shapes, POINTS, 7);
        let awkward = awkward_points(&shapes, POINTS, 8);
        let mut group = criterion.benchmark_group(format!("look-up in {size} grids"));
        let own = |point| atlas.owner(Level::Grid, point);
        measure(&mut group, "atlas, random", &random, own);
        measure(&mut group, "atlas, awkward", &awkward, own);
        let located = |point| atlas.locate(point).area;
        measure(&mut group, "atlas with the tree, random", &random, located);
        measure(&mut group, "rstar + geo, random", &random, |point| {
            peer.owner(point)
        });
        measure(&mut group, "rstar + geo, awkward", &awkward, |point| {
            peer.owner(point)
        });
        group.finish();
    }
}

fn measure<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    points: &[LngLat],
    owner: impl Fn(LngLat) -> Option<T>,
) {
    group.bench_function(name, |bencher| {
        let mut at = 0;
        bencher.iter(|| {
            at = (at + 1) % POINTS;
            owner(black_box(points[at]))
        });
    });
}

/// A township of a hundred grids is drawn anew among 122,500.
fn change(criterion: &mut Criterion) {
    let ground = Coverage {
        columns: 350,
        rows: 350,
        seed: 1,
    };
    let areas = ground.territory();
    println!("{} areas", areas.len());
    let atlas = Atlas::build(edition(), areas).expect("the territory is an atlas");
    let other = Coverage { seed: 2, ..ground };
    // The seventh township of the ninth county: 100 grids around column 165, row 25.
    let anew = other.below("320008006", [160, 20, 170, 30]);
    assert!(anew.iter().all(|area| atlas.find(&area.code).is_some()));
    let removed = [anew[1].code.clone()];
    let mut group = criterion.benchmark_group("an edition with another township");
    group.sample_size(10);
    group.bench_function("drawn anew", |bencher| {
        bencher.iter_with_large_drop(|| {
            atlas
                .with_changes(edition(), anew.clone(), &[])
                .expect("the change is an atlas")
        });
    });
    group.bench_function("one grid removed", |bencher| {
        bencher.iter_with_large_drop(|| {
            atlas
                .with_changes(edition(), Vec::new(), &removed)
                .expect("the change is an atlas")
        });
    });
    group.finish();
}

criterion_group!(benches, look_up, change);
criterion_main!(benches);
