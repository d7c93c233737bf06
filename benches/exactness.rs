//! Ten million random and a million awkward points have the owner that looking at every
//! area finds, in integers.
//!
//!     cargo bench --bench exactness

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a check that says how it went"
)]

#[expect(dead_code, reason = "the measurements share one ground")]
mod coverage;

use coverage::{Coverage, awkward_points, edition, random_points};
use rayon::prelude::*;
use wangge::domain::{Level, LngLat, Shape};
use wangge::index::{Atlas, Ordinal};

const GRIDS: usize = 122_500;
const CHUNK: usize = 1_000_000;

fn main() {
    let atlas = Atlas::build(edition(), Coverage::of(GRIDS).grids()).expect("an atlas");
    let shapes: Vec<&Shape> = atlas
        .areas()
        .iter()
        .filter_map(|area| area.shape.as_deref())
        .collect();
    for seed in 0..10 {
        check(&atlas, &shapes, &random_points(&shapes, CHUNK, seed));
        println!("{} random points agree", (seed + 1) * CHUNK as u64);
    }
    check(&atlas, &shapes, &awkward_points(&shapes, CHUNK, 99));
    println!("{CHUNK} awkward points agree");
}

fn check(atlas: &Atlas, shapes: &[&Shape], points: &[LngLat]) {
    let expected = brute_force(shapes, points);
    points
        .par_iter()
        .zip(expected)
        .for_each(|(&point, expected)| {
            assert_eq!(atlas.owner(Level::Grid, point), expected, "{point:?}");
        });
}

/// The first area that covers each point: every area looks at all points in its box.
fn brute_force(shapes: &[&Shape], points: &[LngLat]) -> Vec<Option<Ordinal>> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.par_sort_unstable_by_key(|&at| points[at]);
    let ordinals: Vec<(Ordinal, &Shape)> = (0..).zip(shapes.iter().copied()).collect();
    let found: Vec<(usize, Ordinal)> = ordinals
        .par_iter()
        .flat_map_iter(|&(ordinal, shape)| {
            let bounds = shape.bounds();
            let before = |&at: &usize| points[at].lon_e7() < bounds.min.lon_e7();
            let until = |&at: &usize| points[at].lon_e7() <= bounds.max.lon_e7();
            let range = order.partition_point(before)..order.partition_point(until);
            order[range]
                .iter()
                .filter(move |&&at| shape.covers(points[at]))
                .map(move |&at| (at, ordinal))
        })
        .collect();
    let mut owners: Vec<Option<Ordinal>> = vec![None; points.len()];
    for (at, ordinal) in found {
        owners[at] = Some(owners[at].map_or(ordinal, |first| first.min(ordinal)));
    }
    owners
}
