//! Tiles after areas have changed: those that a set made anew has.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::testing::{Territory, code, merge};
use super::*;
use crate::domain::{AreaCode, LngLat, Polygon, Ring, Shape};
use crate::geometry::tiling::MAX_ZOOM;

type Shapes = BTreeMap<String, Arc<Shape>>;

/// The shape with each ring's points made into others; as it was when that makes no shape.
fn redraw(shape: &Shape, points: impl Fn(&[LngLat]) -> Vec<LngLat>) -> Shape {
    let ring = |ring: &Ring| Ring::from_open(points(ring.points())).ok();
    let polygons = shape.polygons().iter().map(|polygon| {
        Some(Polygon {
            exterior: ring(&polygon.exterior)?,
            holes: polygon.holes.iter().map(ring).collect::<Option<_>>()?,
        })
    });
    let polygons: Option<Vec<Polygon>> = polygons.collect();
    let drawn = polygons.and_then(|polygons| Shape::new(polygons).ok());
    drawn.unwrap_or_else(|| shape.clone())
}

fn beside(place: LngLat, by: i32, rng: &mut ChaCha8Rng) -> LngLat {
    let [lon, lat] = [place.lon_e7(), place.lat_e7()].map(|at| at + rng.random_range(-by..=by));
    LngLat::from_e7(lon, lat).unwrap()
}

/// Changes something. Whether the areas still fit together does not matter.
fn edit(shapes: &mut Shapes, step: i32, rng: &mut ChaCha8Rng) {
    let codes: Vec<String> = shapes.keys().cloned().collect();
    let any = |rng: &mut ChaCha8Rng| codes[rng.random_range(0..codes.len())].clone();
    let (one, other) = (any(rng), any(rng));
    let shape = Arc::clone(&shapes[&one]);
    let points = shape.polygons()[0].exterior.points();
    let at = rng.random_range(0..points.len());
    let (place, next) = (points[at], points[(at + 1) % points.len()]);
    match rng.random_range(0..7) {
        0 if codes.len() > 1 => {
            shapes.remove(&one);
        }
        1 if one != other => {
            if let Some(merged) = merge(&shape, &shapes[&other]) {
                shapes.remove(&other);
                shapes.insert(one, Arc::new(merged));
            }
        }
        // A place moves for all who have it.
        2 => {
            let to = beside(place, step / 8, rng);
            for shape in shapes.values_mut() {
                if shape.rings().any(|ring| ring.points().contains(&place)) {
                    let moved = |&point: &LngLat| if point == place { to } else { point };
                    let moved = redraw(shape, |points| points.iter().map(moved).collect());
                    *shape = Arc::new(moved);
                }
            }
        }
        // It moves for one alone, by much or by hardly anything.
        3 => {
            let by = if rng.random() { step / 8 } else { 2 };
            let to = beside(place, by, rng);
            let moved = |&point: &LngLat| if point == place { to } else { point };
            let moved = redraw(&shape, |points| points.iter().map(moved).collect());
            shapes.insert(one, Arc::new(moved));
        }
        // One has a vertex more, and the neighbour has not.
        4 => {
            let middle = |a: i32, b: i32| a + (b - a) / 2;
            let between = LngLat::from_e7(
                middle(place.lon_e7(), next.lon_e7()),
                middle(place.lat_e7(), next.lat_e7()),
            );
            let longer = redraw(&shape, |points| {
                let mut points = points.to_vec();
                if let Some(at) = points.iter().position(|&point| point == place) {
                    points.insert(at + 1, between.unwrap());
                }
                points
            });
            shapes.insert(one, Arc::new(longer));
        }
        // Another area comes, over those that are there.
        5 => {
            let (east, north) = (
                rng.random_range(-step..=step),
                rng.random_range(-step..=step),
            );
            let shifted = |point: &LngLat| {
                LngLat::from_e7(point.lon_e7() + east, point.lat_e7() + north).unwrap()
            };
            let shifted = redraw(&shape, |points| points.iter().map(shifted).collect());
            shapes.insert(
                format!("a{:03}", rng.random_range(0..1_000)),
                Arc::new(shifted),
            );
        }
        // The same ground, drawn again.
        _ => {
            shapes.insert(one, Arc::new(Shape::clone(&shape)));
        }
    }
}

/// The atlas with these shapes, as the next edition of another.
fn publish(atlas: &Atlas, shapes: &Shapes) -> Atlas {
    let mut gone: Vec<AreaCode> = Vec::new();
    let mut known: BTreeMap<&str, &Area> = BTreeMap::new();
    for area in atlas.areas() {
        known.insert(area.code.as_str(), area);
        if !shapes.contains_key(area.code.as_str()) {
            gone.push(area.code.clone());
        }
    }
    let changed = shapes.iter().filter_map(|(code, shape)| {
        let before = known.get(code.as_str());
        let is_same = before
            .and_then(|area| area.shape.as_ref())
            .is_some_and(|before| Arc::ptr_eq(before, shape));
        let like = before.copied().unwrap_or(&*atlas.areas()[0]);
        (!is_same).then(|| Area {
            code: code.parse().unwrap(),
            shape: Some(Arc::clone(shape)),
            ..Area::clone(like)
        })
    });
    let edition = atlas.edition().unwrap().clone();
    atlas
        .with_changes(edition, changed.collect(), &gone)
        .unwrap()
}

/// That two sets draw the same tiles of a zoom.
fn check_same(
    atlas: &Atlas,
    one: &TileSet,
    other: &TileSet,
    zoom: u8,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.bounds(), other.bounds());
    let [columns, rows] = TileAddress::covering(&other.bounds().unwrap(), zoom);
    for x in columns {
        for y in rows.clone() {
            let tile = TileAddress::new(zoom, x, y).unwrap();
            let (one, other) = (write_tile(atlas, one, tile), write_tile(atlas, other, tile));
            prop_assert_eq!(one, other, "{}/{}/{}", zoom, x, y);
        }
    }
    Ok(())
}

proptest! {
    /// Edition after edition, each out of the one before; and out of the first one again,
    /// which splits what had been merged.
    #[test]
    fn a_set_that_succeeds_another_draws_what_a_new_one_draws(
        seed in any::<u64>(),
        cells in 2..9_usize,
        areas in prop_oneof![2..40_usize, 100..400_usize],
        gaps in any::<bool>(),
        scale in 8..18_u32,
        edits in prop::collection::vec(1..4_usize, 1..4),
    ) {
        let step = 1_i32 << scale;
        let territory = Territory::generate(seed, cells, step, areas, gaps);
        prop_assume!(territory.is_some());
        let first = territory.unwrap().atlas();
        let shapes = (0..).zip(first.areas());
        let shapes = shapes.map(|(number, area)| (code(number), area.shape.clone().unwrap()));
        let start: Shapes = shapes.collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // A territory is about a tile wide at the second of these.
        let tile_width = |zoom: u8| 3_600_000_000_i64 >> zoom;
        let is_wide = |&zoom: &u8| tile_width(zoom) > i64::from(step) * 8;
        let wide = (0..=MAX_ZOOM - 2).rev().find(is_wide).unwrap_or(0);
        let zooms = [wide.saturating_sub(4), wide, wide + 2];
        let (mut atlas, mut set) = (first, None);
        let mut shapes = start.clone();
        for count in edits.into_iter().map(Some).chain([None]) {
            let before = set.unwrap_or_else(|| TileSet::build(&atlas, Level::Grid));
            match count {
                Some(count) => (0..count).for_each(|_| edit(&mut shapes, step, &mut rng)),
                None => shapes.clone_from(&start),
            }
            atlas = publish(&atlas, &shapes);
            let next = before.succeed(&atlas);
            let fresh = TileSet::build(&atlas, Level::Grid);
            for zoom in zooms {
                check_same(&atlas, &next, &fresh, zoom)?;
            }
            set = Some(next);
        }
    }
}
