//! The atlas beside looking at every area.

use super::*;
use crate::domain::{AreaId, EditionId, GridKind, Polygon, Ring, Shape};
use proptest::prelude::*;

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
