use super::*;
use geo::{CoordsIter, Intersects};
use proptest::prelude::*;

fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x, y).unwrap()
}

fn polygon(points: &[(i32, i32)]) -> Polygon {
    let points = points.iter().map(|&(x, y)| p(x, y)).collect();
    Polygon {
        exterior: Ring::from_open(points).unwrap(),
        holes: vec![],
    }
}

fn square(west: i32, south: i32, size: i32) -> Polygon {
    let (east, north) = (west + size, south + size);
    polygon(&[(west, south), (east, south), (east, north), (west, north)])
}

fn polygons(polygons: Vec<Polygon>) -> Region {
    Region::new(Parts {
        polygons,
        ..Parts::default()
    })
    .unwrap()
}

/// The relations that hold of `shape` with `region`, by their names.
fn relations(shape: &Shape, region: &Region) -> String {
    let held = SpatialRelation::ALL
        .into_iter()
        .filter(|&(_, relation)| region.relates(relation, Place::Shape(shape)).unwrap());
    held.map(|(name, _)| &name[2..])
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn squares_stand_to_squares_as_simple_features_say() {
    let shape = Shape::new(vec![square(0, 0, 10)]).unwrap();
    for (region, expected) in [
        (square(0, 0, 10), "intersects equals within contains"),
        (square(-5, -5, 20), "intersects within"),
        (square(0, 0, 20), "intersects within"),
        (square(2, 2, 5), "intersects contains"),
        (square(0, 0, 5), "intersects contains"),
        (square(10, 0, 10), "intersects touches"),
        (square(10, 10, 10), "intersects touches"),
        (square(5, 5, 10), "intersects overlaps"),
        (square(11, 0, 10), "disjoint"),
    ] {
        assert_eq!(
            relations(&shape, &polygons(vec![region.clone()])),
            expected,
            "{region:?}"
        );
    }
}

#[test]
fn ground_in_a_hole_is_apart() {
    let mut around = square(-10, -10, 30);
    around.holes = vec![square(-2, -2, 14).exterior];
    let shape = Shape::new(vec![square(0, 0, 10)]).unwrap();
    assert_eq!(
        relations(&shape, &polygons(vec![around.clone()])),
        "disjoint"
    );
    around.holes = vec![square(0, 0, 10).exterior];
    assert_eq!(
        relations(&shape, &polygons(vec![around])),
        "intersects touches"
    );
}

#[test]
fn lines_and_points_cross_and_touch() {
    let shape = Shape::new(vec![square(0, 0, 10)]).unwrap();
    let region = |points: &[(i32, i32)], lines: &[&[(i32, i32)]]| {
        let all = |points: &[(i32, i32)]| points.iter().map(|&(x, y)| p(x, y)).collect();
        let lines = lines.iter().map(|line| all(line)).collect();
        Region::new(Parts {
            points: all(points),
            lines,
            polygons: vec![],
        })
        .unwrap()
    };
    for (region, expected) in [
        (region(&[(5, 5)], &[]), "intersects contains"),
        (region(&[(0, 5)], &[]), "intersects touches"),
        (region(&[(11, 5)], &[]), "disjoint"),
        (region(&[(5, 5), (20, 20)], &[]), "intersects crosses"),
        (region(&[], &[&[(-5, 5), (15, 5)]]), "intersects crosses"),
        (region(&[], &[&[(2, 2), (8, 8)]]), "intersects contains"),
        (region(&[], &[&[(-5, 0), (15, 0)]]), "intersects touches"),
        (region(&[], &[&[(-5, 15), (15, 11)]]), "disjoint"),
    ] {
        assert_eq!(relations(&shape, &region), expected, "{region:?}");
    }
}

#[test]
fn a_box_without_width_is_a_line_and_without_height_too_a_point() {
    let shape = Shape::new(vec![square(0, 0, 10)]).unwrap();
    let of_box = |west, south, east, north| {
        Region::of_box(&BoundingBox {
            min: p(west, south),
            max: p(east, north),
        })
    };
    assert_eq!(
        relations(&shape, &of_box(5, -5, 5, 15)),
        "intersects crosses"
    );
    assert_eq!(
        relations(&shape, &of_box(5, 5, 5, 5)),
        "intersects contains"
    );
    assert_eq!(
        relations(&shape, &of_box(-5, -5, 15, 15)),
        "intersects within"
    );
}

#[test]
fn what_is_no_ground_is_refused() {
    let bow_tie = polygon(&[(0, 0), (10, 10), (10, 0), (-5, 5)]);
    let refused = |parts| Region::new(parts).unwrap_err();
    assert!(matches!(
        refused(Parts {
            polygons: vec![bow_tie],
            ..Parts::default()
        }),
        RegionError::Invalid(_)
    ));
    assert_eq!(refused(Parts::default()), RegionError::Empty);
    assert_eq!(
        refused(Parts {
            lines: vec![vec![p(1, 1), p(1, 1)]],
            ..Parts::default()
        }),
        RegionError::NoLine(p(1, 1))
    );
}

/// A star-shaped polygon around a centre: valid whatever the distances are.
fn star() -> impl Strategy<Value = Polygon> {
    (
        (-60..60_i32, -60..60_i32),
        prop::collection::vec(5.0..60.0_f64, 3..12),
    )
        .prop_map(|((x, y), distances)| {
            let count = f64::from(u32::try_from(distances.len()).unwrap());
            let points: Vec<(i32, i32)> = (0_u32..)
                .zip(&distances)
                .map(|(number, distance)| {
                    let angle = f64::from(number) / count * std::f64::consts::TAU;
                    #[expect(clippy::cast_possible_truncation, reason = "small")]
                    let at = |of: f64| (of * distance).round() as i32;
                    (x + at(angle.cos()), y + at(angle.sin()))
                })
                .collect();
            polygon(&points)
        })
        .prop_filter("rounded points may fall together", |polygon| {
            let shape = Shape::new(vec![polygon.clone()]).unwrap();
            validity::check(&shape).is_ok()
        })
}

proptest! {
    /// The short cuts say what the whole computation says.
    #[test]
    fn relations_agree_with_the_full_matrix(a in star(), b in star(), hole in any::<bool>()) {
        let shape = Shape::new(vec![a]).unwrap();
        let mut other = square(-200, -200, 400);
        if hole {
            other.holes = vec![b.exterior];
        } else {
            other = b;
        }
        let region = polygons(vec![other]);
        let (left, right) = (to_geo(Place::Shape(&shape)), region.to_geo());
        for (name, relation) in SpatialRelation::ALL {
            prop_assert_eq!(
                region.relates(relation, Place::Shape(&shape)),
                Some(holds(relation, &left, &right)),
                "{}", name
            );
        }
        // And `geo` has another way to tell whether they meet.
        prop_assert_eq!(
            region.relates(SpatialRelation::Intersects, Place::Shape(&shape)),
            Some(left.intersects(&right))
        );
    }

    #[test]
    fn points_agree_with_the_shape_itself(a in star(), x in -120..120_i32, y in -120..120_i32) {
        let shape = Shape::new(vec![a.clone()]).unwrap();
        let region = polygons(vec![a]);
        let place = Place::Point(p(x, y));
        prop_assert_eq!(
            region.relates(SpatialRelation::Intersects, place),
            Some(shape.covers(p(x, y)))
        );
        let inside = shape.locate(p(x, y)) == crate::domain::Location::Inside;
        prop_assert_eq!(region.relates(SpatialRelation::Within, place), Some(inside));
        prop_assert!(region.to_geo().coords_count() > 3);
    }

    #[test]
    fn lines_agree_with_the_full_matrix(
        a in star(),
        line in prop::collection::vec((-120..120_i32, -120..120_i32), 2..5),
    ) {
        let line: Vec<LngLat> = line.iter().map(|&(x, y)| p(x, y)).collect();
        let parts = Parts { lines: vec![line], ..Parts::default() };
        if let Ok(region) = Region::new(parts) {
            let shape = Shape::new(vec![a]).unwrap();
            let (left, right) = (to_geo(Place::Shape(&shape)), region.to_geo());
            prop_assert_eq!(
                region.relates(SpatialRelation::Intersects, Place::Shape(&shape)),
                Some(left.intersects(&right))
            );
        }
    }
}

#[test]
fn what_would_take_too_long_is_not_found_out() {
    let shape = Shape::new(vec![square(0, 0, 10)]).unwrap();
    let region = polygons(vec![square(5, 5, 10)]);
    let overlaps =
        |region: &Region| region.relates(SpatialRelation::Overlaps, Place::Shape(&shape));
    assert_eq!(overlaps(&region), Some(true));
    assert!(!region.is_exhausted());
    region.effort.store(MAX_EFFORT + 1, Ordering::Relaxed);
    assert_eq!(overlaps(&region), None);
    assert!(region.is_exhausted());
    // Whether they meet is quick to tell all the same.
    let meets = region.relates(SpatialRelation::Intersects, Place::Shape(&shape));
    assert_eq!(meets, Some(true));
}
