//! The atlas beside looking at every area.

use std::collections::BTreeMap;

use super::*;
use crate::domain::{AreaId, EditionId, GridKind, Polygon, Ring, Shape};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

/// An area that is the rectangle (west, south)–(east, north), in lattice steps.
fn area(text: &str, level: Level, parent: Option<&str>, rectangle: [i32; 4]) -> Area {
    let [west, south, east, north] = rectangle;
    let points = [(west, south), (east, south), (east, north), (west, north)]
        .map(|(x, y)| LngLat::from_e7(x, y).unwrap());
    let polygon = Polygon {
        exterior: Ring::from_open(points.to_vec()).unwrap(),
        holes: vec![],
    };
    Area {
        id: AreaId(uuid::Uuid::nil()),
        code: code(text),
        name: format!("area {text}"),
        level,
        parent: parent.map(code),
        kind: (level >= Level::Grid).then_some(GridKind::General),
        shape: Some(Arc::new(Shape::new(vec![polygon]).unwrap())),
        label: None,
        area_m2: None,
        generated: true,
    }
}

fn edition() -> Edition {
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Edition {
        id: EditionId(1),
        title: "test".into(),
        notice: None,
        effective_from: at,
        published_at: at,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    }
}

/// A community of 30 × 20 with two grids of 10 × 20 side by side, a gap to the east,
/// and two microgrids in the second grid.
fn atlas() -> Atlas {
    Atlas::build(
        edition(),
        vec![
            area("A2b", Level::Microgrid, Some("A2"), [10, 10, 20, 20]),
            area("A2a", Level::Microgrid, Some("A2"), [10, 0, 20, 10]),
            area("A2", Level::Grid, Some("A"), [10, 0, 20, 20]),
            area("A1", Level::Grid, Some("A"), [0, 0, 10, 20]),
            area("A", Level::Community, None, [0, 0, 30, 20]),
        ],
    )
    .unwrap()
}

fn locate(atlas: &Atlas, x: i32, y: i32) -> (Match, Option<&str>) {
    let found = atlas.locate(LngLat::from_e7(x, y).unwrap());
    let area = found.area.map(|ordinal| atlas.area(ordinal).code.as_str());
    (found.matched, area)
}

#[test]
fn every_point_has_one_owner_on_borders_too() {
    let atlas = atlas();
    for ((x, y), expected) in [
        ((5, 5), (Match::Grid, Some("A1"))),
        // The border of the two grids belongs to the first, though the second has
        // a microgrid there.
        ((10, 5), (Match::Grid, Some("A1"))),
        ((11, 5), (Match::Grid, Some("A2a"))),
        ((15, 10), (Match::Grid, Some("A2a"))),
        ((15, 11), (Match::Grid, Some("A2b"))),
        ((20, 20), (Match::Grid, Some("A2b"))),
        ((21, 5), (Match::Gap, Some("A"))),
        ((30, 20), (Match::Gap, Some("A"))),
        ((31, 5), (Match::Outside, None)),
    ] {
        assert_eq!(locate(&atlas, x, y), expected, "({x}, {y})");
    }
}

#[test]
fn the_order_is_parents_first_then_codes() {
    let atlas = atlas();
    let codes: Vec<_> = atlas.areas().iter().map(|a| a.code.as_str()).collect();
    assert_eq!(codes, ["A", "A1", "A2", "A2a", "A2b"]);
    let chain = atlas.chain(4);
    let codes: Vec<_> = chain.iter().map(|link| link.code.as_str()).collect();
    assert_eq!(codes, ["A", "A2", "A2b"]);
}

#[test]
fn neighbours_share_more_than_a_corner() {
    let atlas = Atlas::build(
        edition(),
        vec![
            area("1", Level::Grid, None, [0, 0, 10, 10]),
            area("2", Level::Grid, None, [10, 0, 20, 10]),
            area("3", Level::Grid, None, [10, 10, 20, 20]),
            // Shares part of the border of 1, with other vertices.
            area("4", Level::Grid, None, [2, 10, 8, 20]),
        ],
    )
    .unwrap();
    let names = |ordinal| -> Vec<&str> {
        let neighbours = atlas.neighbours(ordinal);
        neighbours
            .iter()
            .map(|&n| atlas.area(n).code.as_str())
            .collect()
    };
    assert_eq!(names(0), ["2", "4"]);
    assert_eq!(names(2), ["2"]);
}

#[test]
fn a_broken_tree_is_refused() {
    let build = |areas| Atlas::build(edition(), areas).unwrap_err().to_string();
    let square = [0, 0, 1, 1];
    assert_eq!(
        build(vec![
            area("1", Level::Grid, None, square),
            area("1", Level::Grid, None, square)
        ]),
        "the code 1 stands for two areas"
    );
    assert_eq!(
        build(vec![area("1", Level::Grid, Some("0"), square)]),
        "area 1 has the parent 0, which the edition does not have"
    );
    assert_eq!(
        build(vec![
            area("0", Level::Grid, None, square),
            area("1", Level::Grid, Some("0"), square)
        ]),
        "area 1, a grid, has the parent 0, which is no level above it"
    );
}

proptest! {
    /// Overlapping rectangles on a small lattice: the index names the first in order
    /// that covers the point, as looking at all of them does.
    #[test]
    fn the_index_agrees_with_brute_force(
        corners in prop::collection::vec((0..30_i32, 0..30_i32, 1..15_i32, 1..15_i32), 1..40),
        points in prop::collection::vec((-1..46_i32, -1..46_i32), 50),
    ) {
        let areas: Vec<Area> = corners
            .iter()
            .enumerate()
            .map(|(i, &(x, y, w, h))| {
                area(&format!("g{i:03}"), Level::Grid, None, [x, y, x + w, y + h])
            })
            .collect();
        let atlas = Atlas::build(edition(), areas.clone()).unwrap();
        for (x, y) in points {
            let point = LngLat::from_e7(x, y).unwrap();
            let expected = areas
                .iter()
                .find(|area| area.shape.as_ref().unwrap().covers(point))
                .map(|area| area.code.as_str());
            prop_assert_eq!(locate(&atlas, x, y).1, expected);
        }
    }
}

/// Everything that can be asked of an atlas, by codes, since ordinals mean nothing outside it.
fn assert_same(one: &Atlas, other: &Atlas, rng: &mut ChaCha8Rng) {
    let codes = |atlas: &Atlas, ordinals: &[Ordinal]| -> Vec<AreaCode> {
        let code = |&ordinal: &Ordinal| atlas.area(ordinal).code.clone();
        ordinals.iter().map(code).collect()
    };
    assert_eq!(one.areas(), other.areas());
    assert_eq!(one.bounds(), other.bounds());
    for (ordinal, area) in (0..).zip(one.areas()) {
        assert_eq!(one.find(&area.code), Some(ordinal));
        assert_eq!(other.find(&area.code), Some(ordinal));
        assert_eq!(one.children(ordinal), other.children(ordinal));
        assert_eq!(
            codes(one, &one.neighbours(ordinal)),
            codes(other, &other.neighbours(ordinal))
        );
        if rng.random_bool(0.95) && one.areas().len() > 200 {
            // The rest are many of a kind.
            continue;
        }
        assert_eq!(one.chain(ordinal), other.chain(ordinal));
    }
    for &level in Level::ALL {
        assert_eq!(one.count(level), other.count(level), "{level}");
        assert_eq!(one.in_code_order(level), other.in_code_order(level));
    }
    for _ in 0..400 {
        let mut place = || {
            let (x, y) = (rng.random_range(-10..1_300), rng.random_range(-10..1_300));
            LngLat::from_e7(x, y).unwrap()
        };
        let (a, b) = (place(), place());
        assert_eq!(one.locate(a), other.locate(a), "{a:?}");
        let bounds = BoundingBox::around([a, b]).unwrap();
        for &level in Level::ALL {
            assert_eq!(one.owner(level, a), other.owner(level, a), "{level} {a:?}");
            assert_eq!(one.meeting(level, &bounds), other.meeting(level, &bounds));
        }
    }
}

/// A change of any kind to a set of areas; may break it.
fn change_something(
    areas: &BTreeMap<AreaCode, Area>,
    rng: &mut ChaCha8Rng,
) -> Result<Area, AreaCode> {
    let codes: Vec<&AreaCode> = areas.keys().collect();
    let any = codes[rng.random_range(0..codes.len())];
    let mut changed = areas[any].clone();
    let (x, y) = (rng.random_range(0..1_250), rng.random_range(0..1_250));
    let size = if rng.random_bool(0.1) { 400 } else { 40 };
    let rectangle = [
        x,
        y,
        x + rng.random_range(1..size),
        y + rng.random_range(1..size),
    ];
    match rng.random_range(0..8) {
        0 => return Err(any.clone()),
        1 => changed.name = "another name".to_owned(),
        2 => changed.shape = None,
        3 => {
            // Below any other area, or none.
            let parent = codes[rng.random_range(0..codes.len())];
            let is_above = areas[parent].level < changed.level;
            changed.parent = is_above.then(|| parent.clone());
        }
        4 => {
            let number = rng.random_range(0..10_000);
            let level = Level::ALL[rng.random_range(3..7)];
            changed = area(&format!("n{number}"), level, None, rectangle);
        }
        5 => {
            changed.level = Level::ALL[rng.random_range(3..7)];
        }
        _ => {
            let code = any.to_string();
            let parent = changed.parent.as_ref().map(AreaCode::as_str);
            changed = area(&code, changed.level, parent, rectangle);
        }
    }
    Ok(changed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_atlas_with_changes_is_the_one_built_of_all_areas(
        side in prop::sample::select(vec![1_i32, 4, 60]),
        seed in any::<u64>(),
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut areas: BTreeMap<AreaCode, Area> = BTreeMap::new();
        let mut put = |area: Area| areas.insert(area.code.clone(), area);
        for township in 0..3 {
            put(area(&format!("t{township}"), Level::Township, None, [400 * township, 0, 400 * township + 400, 1_200]));
        }
        for i in 0..side * side {
            let (x, y) = (i % side * 20, i / side * 20);
            let parent = format!("t{}", x / 400);
            put(area(&format!("g{i:05}"), Level::Grid, Some(&parent), [x, y, x + 20, y + 20]));
        }
        let mut atlas = Atlas::build(edition(), areas.values().cloned().collect()).unwrap();
        for _ in 0..5 {
            let mut next = areas.clone();
            let (mut changed, mut removed) = (BTreeMap::new(), Vec::new());
            for _ in 0..rng.random_range(1..8) {
                match change_something(&areas, &mut rng) {
                    Ok(area) => {
                        changed.insert(area.code.clone(), area);
                    }
                    Err(code) => removed.push(code),
                }
            }
            for code in &removed {
                next.remove(code);
            }
            next.extend(changed.clone());
            let changed: Vec<Area> = changed.into_values().collect();
            let anew = Atlas::build(edition(), next.values().cloned().collect());
            let grown = atlas.with_changes(edition(), changed, &removed);
            match (anew, grown) {
                (Ok(anew), Ok(grown)) => {
                    assert_same(&grown, &anew, &mut rng);
                    (atlas, areas) = (grown, next);
                }
                (Err(_), Err(_)) => {}
                (anew, grown) => prop_assert!(false, "{:?} {:?}", anew.err(), grown.err()),
            }
        }
    }

    #[test]
    fn what_comes_within_a_radius_is_what_looking_at_every_area_finds(
        centre in prop::sample::select(vec![
            (119.0, 33.0), (179.99, 10.0), (-179.999, 60.0), (180.0, -80.0), (0.0, 89.5), (40.0, -89.9),
        ]),
        stars in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64, 0.01..0.6_f64), 1..30),
        at in (-1.0..1.0_f64, -1.0..1.0_f64),
        radius_m in prop::sample::select(vec![0.0, 50.0, 3_000.0, 60_000.0]),
    ) {
        let place = |x: f64, y: f64| {
            let lon = centre.0 + x;
            let lon = if lon > 180.0 { lon - 360.0 } else if lon < -180.0 { lon + 360.0 } else { lon };
            LngLat::from_degrees(lon, (centre.1 + y).clamp(-90.0, 90.0)).unwrap()
        };
        let areas = stars.iter().enumerate().filter_map(|(i, &(x, y, size))| {
            let [sw, ne] = [place(x, y), place(x + size, y + size)];
            // What crosses the antimeridian would be drawn around the earth.
            (sw.lon_e7() < ne.lon_e7() && sw.lat_e7() < ne.lat_e7()).then(|| {
                let rectangle = [sw.lon_e7(), sw.lat_e7(), ne.lon_e7(), ne.lat_e7()];
                area(&format!("g{i:03}"), Level::Grid, None, rectangle)
            })
        });
        let atlas = Atlas::build(edition(), areas.collect()).unwrap();
        prop_assume!(!atlas.areas().is_empty());
        let point = place(at.0, at.1);
        let mut expected: Vec<(Ordinal, f64)> = (1..)
            .zip(&atlas.areas()[1..])
            .map(|(ordinal, area)| {
                let shape = area.shape.as_deref().unwrap();
                let distance_m = crate::geometry::border_distance_m(point, shape);
                (ordinal, if shape.covers(point) { 0.0 } else { distance_m })
            })
            .filter(|&(_, distance_m)| distance_m <= radius_m)
            .collect();
        expected.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        prop_assert_eq!(atlas.within(0, point, radius_m), expected);
    }

    /// Rings on a lattice so small that they run along each other all the time.
    #[test]
    fn borders_are_shared_when_two_vertices_of_either_lie_on_both(
        rings in prop::array::uniform2(prop::collection::vec((-6..6_i32, -6..6_i32), 3..40)),
        apart in 0..6_i32,
    ) {
        let shape = |points: &[(i32, i32)], by: i32| {
            let points = points.iter().map(|&(x, y)| LngLat::from_e7(x + 2 * by, y).unwrap());
            let exterior = Ring::from_open(points.collect()).ok()?;
            Shape::new(vec![Polygon { exterior, holes: vec![] }]).ok()
        };
        if let (Some(a), Some(b)) = (shape(&rings[0], 0), shape(&rings[1], apart)) {
            let mut contacts = std::collections::BTreeSet::new();
            for (one, other) in [(&a, &b), (&b, &a)] {
                let vertices = one.rings().flat_map(Ring::points).copied();
                contacts.extend(vertices.filter(|&it| {
                    other.edges().any(|(from, to)| crate::domain::shape::pass_east(from, to, it).is_none())
                }));
            }
            prop_assert_eq!(share_border(&a, &b), contacts.len() >= 2);
        }
    }
}

#[test]
fn an_edition_shares_what_it_does_not_change() {
    let side = 100;
    let grids = (0..side * side).map(|i| {
        let (x, y) = (i % side * 1_000, i / side * 1_000);
        area(
            &format!("g{i:05}"),
            Level::Grid,
            None,
            [x, y, x + 1_000, y + 1_000],
        )
    });
    let atlas = Atlas::build(edition(), grids.collect()).unwrap();
    let changed = area(
        "g05050",
        Level::Grid,
        None,
        [50_100, 50_100, 50_900, 50_900],
    );
    let next = atlas.with_changes(edition(), vec![changed], &[]).unwrap();
    let (shared, all) = next.shared_blocks(&atlas, Level::Grid);
    assert!(
        all > 4 && shared >= all - 4 && shared < all,
        "{shared} of {all}"
    );
}
