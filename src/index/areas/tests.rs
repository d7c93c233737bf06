//! The raster beside integer brute force.

use std::sync::Arc;

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::domain::{Area, AreaId, GridKind, Polygon, Ring};
use crate::geometry::tessellation::{Patch, Portion, Stroke, Vertex, subdivide};

const TURN: i32 = 1_800_000_000;
const POLE: i32 = 900_000_000;

fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x.clamp(-TURN, TURN), y.clamp(-POLE, POLE)).unwrap()
}

fn area(number: usize, shape: Shape) -> Arc<Area> {
    Arc::new(Area {
        id: AreaId(uuid::Uuid::nil()),
        code: format!("g{number:07}").parse().unwrap(),
        name: String::new(),
        level: Level::Grid,
        parent: None,
        kind: Some(GridKind::General),
        shape: Some(Arc::new(shape)),
        label: None,
        area_m2: None,
        generated: true,
    })
}

/// An index with what it is asked with.
struct Indexed {
    areas: Vec<Arc<Area>>,
    boxed: Boxed,
    index: LevelIndex,
}

impl Indexed {
    fn of(shapes: Vec<Shape>) -> Self {
        let areas: Vec<Arc<Area>> = shapes
            .into_iter()
            .enumerate()
            .map(|(number, shape)| area(number, shape))
            .collect();
        let boxed: Boxed = (0..)
            .zip(&areas)
            .filter_map(|(ordinal, area)| {
                Some((ordinal, Arc::new(boxes_for(area.shape.as_deref()?)?)))
            })
            .collect();
        let grounds = Grounds {
            areas: &areas,
            boxed: &boxed,
        };
        let index = LevelIndex::build(grounds, Level::Grid);
        Self {
            areas,
            boxed,
            index,
        }
    }

    fn owner(&self, point: LngLat) -> Option<Ordinal> {
        let grounds = Grounds {
            areas: &self.areas,
            boxed: &self.boxed,
        };
        self.index.owner(point, grounds)
    }

    fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.areas.iter().filter_map(|area| area.shape.as_deref())
    }

    /// The first area that covers each point, by looking at every one whose box has it.
    fn brute_force(&self, points: &[LngLat]) -> Vec<Option<Ordinal>> {
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_unstable_by_key(|&at| points[at]);
        let mut owners: Vec<Option<Ordinal>> = vec![None; points.len()];
        for (ordinal, shape) in (0..).zip(self.shapes()) {
            let bounds = shape.bounds();
            let from = order.partition_point(|&at| points[at].lon_e7() < bounds.min.lon_e7());
            for &at in &order[from..] {
                if points[at].lon_e7() > bounds.max.lon_e7() {
                    break;
                }
                if owners[at].is_none() && shape.covers(points[at]) {
                    owners[at] = Some(ordinal);
                }
            }
        }
        owners
    }

    /// Compares every point; says the first that differs.
    fn check(&self, points: &[LngLat]) -> Result<(), String> {
        for (&point, expected) in points.iter().zip(self.brute_force(points)) {
            let found = self.owner(point);
            if found != expected {
                return Err(format!("{point:?}: {found:?} for {expected:?}"));
            }
        }
        Ok(())
    }

    /// Points where it is easy to be wrong: on vertices, on edges, beside both, and where
    /// cells of any size end.
    fn awkward_points(&self, count: usize, rng: &mut ChaCha8Rng) -> Vec<LngLat> {
        let shapes: Vec<&Shape> = self.shapes().collect();
        let mut points = Vec::with_capacity(count);
        while points.len() < count {
            let shape = shapes[rng.random_range(0..shapes.len())];
            let rings: Vec<_> = shape.rings().collect();
            let ring = rings[rng.random_range(0..rings.len())].points();
            let at = rng.random_range(0..ring.len());
            let (a, b) = (ring[at], ring[(at + 1) % ring.len()]);
            let along = rng.random_range(0.0..1.0);
            let between = |a: i32, b: i32| {
                #[expect(clippy::cast_possible_truncation, reason = "between two i32")]
                let steps = ((f64::from(b) - f64::from(a)) * along).round() as i64;
                i32::try_from(i64::from(a) + steps).unwrap()
            };
            let (mut x, mut y) = if rng.random_bool(0.5) {
                (a.lon_e7(), a.lat_e7())
            } else {
                (
                    between(a.lon_e7(), b.lon_e7()),
                    between(a.lat_e7(), b.lat_e7()),
                )
            };
            if rng.random_bool(0.3) {
                // On the south-western side of a cell, or just before it.
                let mask = (1_i64 << rng.random_range(1..24)) - 1;
                let snap = |v: i32, world: i32| {
                    let snapped = (i64::from(v) + i64::from(world)) & !mask;
                    i32::try_from(snapped - i64::from(world)).unwrap()
                };
                if rng.random_bool(0.7) {
                    x = snap(x, TURN);
                }
                if rng.random_bool(0.7) {
                    y = snap(y, POLE);
                }
            }
            let mut step = || rng.random_range(-1..=1);
            points.push(p(x.saturating_add(step()), y.saturating_add(step())));
        }
        points
    }

    fn random_points(&self, count: usize, rng: &mut ChaCha8Rng) -> Vec<LngLat> {
        let Some(bounds) = self.index.bounds() else {
            return Vec::new();
        };
        (0..count)
            .map(|_| {
                p(
                    rng.random_range(bounds.min.lon_e7()..=bounds.max.lon_e7()),
                    rng.random_range(bounds.min.lat_e7()..=bounds.max.lat_e7()),
                )
            })
            .collect()
    }

    fn check_everywhere(&self, count: usize, seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for points in [
            self.random_points(count, &mut rng),
            self.awkward_points(count, &mut rng),
        ] {
            self.check(&points).unwrap();
        }
    }
}

fn ring(points: &[(i32, i32)]) -> Option<Ring> {
    Ring::from_open(points.iter().map(|&(x, y)| p(x, y)).collect()).ok()
}

fn polygon(exterior: &[(i32, i32)], holes: &[&[(i32, i32)]]) -> Polygon {
    Polygon {
        exterior: ring(exterior).unwrap(),
        holes: holes.iter().filter_map(|hole| ring(hole)).collect(),
    }
}

fn shape(polygons: Vec<Polygon>) -> Shape {
    Shape::new(polygons).unwrap()
}

fn rectangle(west: i32, south: i32, east: i32, north: i32) -> Shape {
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    shape(vec![polygon(&corners, &[])])
}

/// A jagged ring around a place, as star-shaped as rounding leaves it.
fn star(centre: (i32, i32), radius: f64, points: usize, rng: &mut ChaCha8Rng) -> Vec<(i32, i32)> {
    // So that the border of many points does not run to and fro.
    let roughness = if points < 100 { 0.6 } else { 0.97 };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "far below 2³¹"
    )]
    (0..points)
        .map(|i| {
            let angle = std::f64::consts::TAU * i as f64 / points as f64;
            let reach = radius * rng.random_range(roughness..1.0);
            (
                centre.0 + (reach * angle.cos()).round() as i32,
                centre.1 + (reach * angle.sin()).round() as i32,
            )
        })
        .collect()
}

/// Ground divided into wandering cells that tile it exactly, in two steps.
fn coverage(cells: usize, seed: u64) -> Vec<Shape> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let frame: Vec<Vertex> = star((1_190_000_000, 335_000_000), 6_000_000.0, 2_000, &mut rng)
        .into_iter()
        .map(|(x, y)| Vertex { x, y })
        .collect();
    let ground = Patch {
        outer: frame,
        holes: Vec::new(),
    };
    let stroke = Stroke {
        spacing: 0.08,
        roughness: (0.05, 0.25),
    };
    let portions = |count: usize, leaves: usize| {
        vec![
            Portion {
                weight: 1.0,
                central: false,
                leaves,
            };
            count
        ]
    };
    let groups = 24;
    let parts = subdivide(
        &[ground],
        &portions(groups, cells / groups),
        stroke,
        &mut rng,
    )
    .unwrap();
    let small = parts
        .iter()
        .flat_map(|part| subdivide(part, &portions(cells / groups, 1), stroke, &mut rng).unwrap())
        .collect::<Vec<_>>();
    let ring = |ring: &Vec<Vertex>| {
        Ring::from_open(ring.iter().map(|vertex| p(vertex.x, vertex.y)).collect()).unwrap()
    };
    small
        .iter()
        .map(|patches| {
            let polygons = patches.iter().map(|patch| Polygon {
                exterior: ring(&patch.outer),
                holes: patch.holes.iter().map(ring).collect(),
            });
            shape(polygons.collect())
        })
        .collect()
}

#[test]
fn a_million_points_of_a_coverage_have_the_owner_that_brute_force_finds() {
    let indexed = Indexed::of(coverage(1_200, 5));
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let random = indexed.random_points(1_000_000, &mut rng);
    indexed.check(&random).unwrap();
    let awkward = indexed.awkward_points(100_000, &mut rng);
    indexed.check(&awkward).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any rings at all, crossing themselves and each other, on a lattice so small that
    /// everything meets on vertices; scaled, so that cells of all sizes are made.
    #[test]
    fn any_shapes_have_the_owner_that_brute_force_finds(
        areas in prop::collection::vec(
            prop::collection::vec(
                prop::collection::vec(
                    prop::collection::vec((-20..20_i32, -20..20_i32), 3..8), 1..3), 1..3),
            1..40),
        scale in prop::sample::select(vec![1, 3, 64, 1_000, 1_000_003, 45_000_000]),
        origin in prop::sample::select(vec![(0, 0), (TURN, POLE), (-TURN, -POLE), (1_190_000_000, 0)]),
        seed in any::<u64>(),
    ) {
        let place = |&(x, y): &(i32, i32)| {
            let at = |v: i32, origin: i32, most: i32| {
                let steps = i64::from(v) * i64::from(scale) + i64::from(origin);
                i32::try_from(steps.clamp(-i64::from(most), i64::from(most))).unwrap()
            };
            (at(x, origin.0, TURN), at(y, origin.1, POLE))
        };
        let shapes: Vec<Shape> = areas
            .iter()
            .filter_map(|polygons| {
                let polygons = polygons.iter().filter_map(|rings| {
                    let mut rings = rings
                        .iter()
                        .filter_map(|points| ring(&points.iter().map(place).collect::<Vec<_>>()));
                    Some(Polygon { exterior: rings.next()?, holes: rings.collect() })
                });
                Shape::new(polygons.collect()).ok()
            })
            .collect();
        prop_assume!(!shapes.is_empty());
        let indexed = Indexed::of(shapes);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut points = indexed.random_points(200, &mut rng);
        points.extend(indexed.awkward_points(400, &mut rng));
        prop_assert_eq!(indexed.check(&points), Ok(()));
    }

    /// Jagged areas over each other, near and far apart.
    #[test]
    fn overlapping_areas_have_the_owner_that_brute_force_finds(
        stars in prop::collection::vec((0..3_000_i32, 0..3_000_i32, 1..800_i32, 3..60_usize), 1..60),
        scale in prop::sample::select(vec![1, 50, 4_000]),
        seed in any::<u64>(),
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shapes: Vec<Shape> = stars
            .iter()
            .filter_map(|&(x, y, radius, points)| {
                let radius = f64::from(radius) * f64::from(scale);
                let exterior = ring(&star((x * scale, y * scale), radius, points, &mut rng))?;
                Shape::new(vec![Polygon { exterior, holes: vec![] }]).ok()
            })
            .collect();
        prop_assume!(!shapes.is_empty());
        let indexed = Indexed::of(shapes);
        let mut points = indexed.random_points(500, &mut rng);
        points.extend(indexed.awkward_points(500, &mut rng));
        prop_assert_eq!(indexed.check(&points), Ok(()));
    }
}

#[test]
fn holes_islands_and_areas_within_areas_are_told_apart() {
    let lake = [(400, 400), (400, 600), (600, 600), (600, 400)];
    let indexed = Indexed::of(vec![
        // An island in the lake, in two parts that touch; then what lies around.
        shape(vec![
            polygon(&[(450, 450), (500, 450), (500, 500), (450, 500)], &[]),
            polygon(&[(500, 500), (550, 500), (550, 550), (500, 550)], &[]),
        ]),
        shape(vec![
            polygon(&[(0, 0), (1_000, 0), (1_000, 1_000), (0, 1_000)], &[&lake]),
            polygon(&[(5_000_000, 0), (5_000_100, 0), (5_000_050, 90)], &[]),
        ]),
        shape(vec![polygon(
            &lake,
            &[&[(430, 430), (570, 430), (570, 570), (430, 570)]],
        )]),
    ]);
    indexed.check_everywhere(20_000, 1);
    for (point, expected) in [
        (p(475, 475), Some(0)),
        (p(475, 525), None),
        (p(400, 500), Some(1)),
        (p(410, 500), Some(2)),
        (p(430, 500), Some(2)),
        (p(500, 500), Some(0)),
        (p(5_000_050, 40), Some(1)),
    ] {
        assert_eq!(indexed.owner(point), expected, "{point:?}");
    }
}

#[test]
fn areas_of_one_lattice_square_are_found_among_huge_ones() {
    let mut shapes: Vec<Shape> = (0..100)
        .map(|i| rectangle(7 * i, 3 * i, 7 * i + 1, 3 * i + 1))
        .collect();
    shapes.push(rectangle(-TURN, -POLE, 0, POLE));
    shapes.push(rectangle(0, -POLE, TURN, POLE));
    let indexed = Indexed::of(shapes);
    indexed.check_everywhere(20_000, 2);
    assert_eq!(indexed.owner(p(8, 4)), Some(1));
    assert_eq!(indexed.owner(p(9, 4)), Some(101));
    for corner in [p(-TURN, -POLE), p(-TURN, POLE)] {
        assert_eq!(indexed.owner(corner), Some(100));
    }
    for corner in [p(TURN, POLE), p(TURN, -POLE)] {
        assert_eq!(indexed.owner(corner), Some(101));
    }
}

#[test]
fn ground_on_both_sides_of_the_antimeridian_is_found() {
    let side = 2_000_000;
    let indexed = Indexed::of(vec![shape(vec![
        polygon(&[(TURN - side, 0), (TURN, 0), (TURN, side)], &[]),
        polygon(&[(-TURN, 0), (side - TURN, 0), (-TURN, side)], &[]),
    ])]);
    indexed.check_everywhere(20_000, 3);
    assert_eq!(indexed.owner(p(TURN, side)), Some(0));
    assert_eq!(indexed.owner(p(-TURN, side)), Some(0));
    assert_eq!(indexed.owner(p(0, 1)), None);
}

#[test]
fn an_area_of_many_vertices_with_thousands_of_holes_is_found() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let outer = star((0, 0), 90_000_000.0, 200_000, &mut rng);
    let holes: Vec<Vec<(i32, i32)>> = (0..2_000)
        .map(|i| {
            let (x, y) = (
                i % 50 * 1_000_000 - 25_000_000,
                i / 50 * 1_000_000 - 20_000_000,
            );
            star((x, y), 400_000.0, 12, &mut rng)
        })
        .collect();
    let holes: Vec<&[(i32, i32)]> = holes.iter().map(Vec::as_slice).collect();
    let indexed = Indexed::of(vec![shape(vec![polygon(&outer, &holes)])]);
    let mut points = indexed.random_points(100, &mut rng);
    points.extend(indexed.awkward_points(300, &mut rng));
    indexed.check(&points).unwrap();
}

#[test]
fn many_areas_over_each_other_have_the_first_owner() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let twice = star((0, 0), 1_000_000.0, 64, &mut rng);
    let same = shape(vec![polygon(&twice, &[])]);
    let mut shapes: Vec<Shape> = (0..300).map(|_| same.clone()).collect();
    shapes.extend(
        (0..500).map(|_| shape(vec![polygon(&star((0, 0), 3_000_000.0, 64, &mut rng), &[])])),
    );
    let indexed = Indexed::of(shapes);
    let mut points = indexed.random_points(2_000, &mut rng);
    points.extend(indexed.awkward_points(2_000, &mut rng));
    indexed.check(&points).unwrap();
}

#[test]
fn a_level_without_ground_owns_nothing() {
    let indexed = Indexed::of(Vec::new());
    assert!(indexed.index.is_empty());
    assert_eq!(indexed.owner(p(0, 0)), None);
    assert_eq!(indexed.index.bounds(), None);
}
