use geo::Validation;
use proptest::prelude::*;

use super::contact::meet;
use super::*;
use crate::domain::Polygon;

fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x, y).unwrap()
}

fn ring(points: &[(i32, i32)]) -> Ring {
    Ring::from_open(points.iter().map(|&(x, y)| p(x, y)).collect()).unwrap()
}

fn polygon(rings: &[&[(i32, i32)]]) -> Polygon {
    Polygon {
        exterior: ring(rings[0]),
        holes: rings[1..].iter().map(|points| ring(points)).collect(),
    }
}

type Points<'a> = &'a [(i32, i32)];

fn verdict(polygons: &[&[Points]]) -> Result<(), ValidityError> {
    let polygons = polygons.iter().map(|rings| polygon(rings)).collect();
    check(&Shape::new(polygons).unwrap())
}

const SQUARE: Points = &[(0, 0), (90, 0), (90, 90), (0, 90)];

#[test]
fn rings_that_are_not_simple_are_named_with_the_place() {
    let cases: &[(Points, ValidityError)] = &[
        (
            &[(0, 0), (10, 10), (10, 0), (0, 12)],
            ValidityError::SelfCrossing { at: p(5, 5) },
        ),
        (
            &[(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)],
            ValidityError::SelfTouch { at: p(5, 0) },
        ),
        (
            &[(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)],
            ValidityError::SelfTouch { at: p(5, 5) },
        ),
        (
            &[(0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10)],
            ValidityError::Spike { at: p(10, 20) },
        ),
        (
            // Out to a square and back on the same line.
            &[
                (0, 0),
                (10, 0),
                (10, 5),
                (20, 5),
                (20, 0),
                (30, 0),
                (30, 9),
                (20, 9),
                (20, 5),
                (10, 5),
                (10, 10),
                (0, 10),
            ],
            ValidityError::SelfOverlap { at: p(10, 5) },
        ),
        (
            // Crosses itself in a vertex of both ways.
            &[(0, 0), (5, 5), (10, 10), (10, 0), (5, 5), (0, 12)],
            ValidityError::SelfCrossing { at: p(5, 5) },
        ),
        (
            &[(0, 0), (10, 0), (10, 10), (5, 10), (5, 0), (0, 10)],
            ValidityError::SelfTouch { at: p(5, 0) },
        ),
    ];
    for &(points, expected) in cases {
        assert_eq!(verdict(&[&[points]]), Err(expected), "{points:?}");
    }
    assert_eq!(
        verdict(&[&[cases[0].0]]).unwrap_err().to_string(),
        "the border crosses itself at (0.0000005, 0.0000005)"
    );
}

#[test]
fn holes_are_where_holes_belong() {
    let inside: Points = &[(10, 10), (20, 10), (20, 20), (10, 20)];
    assert_eq!(verdict(&[&[SQUARE, inside]]), Ok(()));
    let touching: Points = &[(0, 40), (10, 30), (10, 50)];
    assert_eq!(verdict(&[&[SQUARE, touching]]), Ok(()));
    let cases: &[(&[Points], ValidityError)] = &[
        (
            &[SQUARE, &[(100, 0), (110, 0), (110, 10)]],
            ValidityError::HoleOutside { at: p(100, 0) },
        ),
        (
            // Touches from outside.
            &[SQUARE, &[(90, 40), (99, 30), (99, 50)]],
            ValidityError::HoleOutside { at: p(90, 40) },
        ),
        (
            &[SQUARE, inside, &[(12, 12), (18, 12), (18, 18)]],
            ValidityError::HoleInHole { at: p(12, 12) },
        ),
        (
            &[SQUARE, &[(80, 40), (100, 30), (100, 50)]],
            ValidityError::RingsCross { at: p(90, 35) },
        ),
        (
            // Crosses through a vertex of its own that lies on the border.
            &[SQUARE, &[(80, 40), (90, 40), (99, 50), (90, 60)]],
            ValidityError::RingsCross { at: p(90, 40) },
        ),
        (
            &[SQUARE, &[(80, 40), (90, 30), (90, 50)]],
            ValidityError::RingsOverlap { at: p(90, 30) },
        ),
        (
            // A hole as large as its polygon touches it all around.
            &[SQUARE, SQUARE],
            ValidityError::RingsOverlap { at: p(0, 0) },
        ),
    ];
    for &(rings, expected) in cases {
        assert_eq!(verdict(&[rings]), Err(expected), "{rings:?}");
    }
}

#[test]
fn ground_that_holes_cut_in_two_is_refused() {
    // Two holes in a row reach from border to border.
    let left: Points = &[(0, 40), (20, 30), (40, 40), (20, 50)];
    let right: Points = &[(40, 40), (60, 30), (90, 40), (60, 50)];
    let short: Points = &[(40, 40), (60, 30), (80, 40), (60, 50)];
    assert_eq!(verdict(&[&[SQUARE, left, short]]), Ok(()));
    assert!(matches!(
        verdict(&[&[SQUARE, left, right]]),
        Err(ValidityError::GroundCut { .. })
    ));
    // One hole touches the border twice.
    let across: Points = &[(0, 40), (45, 30), (90, 40), (45, 50)];
    assert!(matches!(
        verdict(&[&[SQUARE, across]]),
        Err(ValidityError::GroundCut { .. })
    ));
    // Three holes that meet in one point cut nothing.
    let star: [Points; 3] = [
        &[(40, 40), (60, 30), (60, 50)],
        &[(40, 40), (30, 60), (20, 50)],
        &[(40, 40), (20, 30), (30, 20)],
    ];
    assert_eq!(verdict(&[&[SQUARE, star[0], star[1], star[2]]]), Ok(()));
}

#[test]
fn parts_lie_apart_or_in_each_others_holes() {
    let beside: Points = &[(90, 90), (99, 90), (99, 99), (90, 99)];
    let hole: Points = &[(10, 10), (80, 10), (80, 80), (10, 80)];
    let island: Points = &[(20, 20), (70, 20), (70, 70), (20, 70)];
    let inscribed: Points = &[(10, 40), (40, 10), (80, 40), (40, 80)];
    assert_eq!(verdict(&[&[SQUARE], &[beside]]), Ok(()));
    assert_eq!(verdict(&[&[SQUARE, hole], &[island]]), Ok(()));
    assert_eq!(verdict(&[&[inscribed], &[SQUARE, hole]]), Ok(()));
    for (polygons, expected) in [
        (
            [&[SQUARE] as &[_], &[island]],
            ValidityError::PartsOverlap { at: p(20, 20) },
        ),
        (
            [&[SQUARE, island], &[hole]],
            ValidityError::PartsOverlap { at: p(10, 10) },
        ),
        (
            [&[SQUARE], &[&[(90, 10), (99, 10), (99, 50), (90, 50)]]],
            ValidityError::RingsOverlap { at: p(90, 10) },
        ),
        (
            [&[SQUARE], &[&[(80, 10), (99, 10), (99, 50)]]],
            ValidityError::RingsCross { at: p(90, 10) },
        ),
    ] {
        assert_eq!(verdict(&polygons), Err(expected), "{polygons:?}");
    }
}

/// What is planted on the border of a long strip, every ten steps.
#[derive(Debug, Clone, Copy)]
enum Plant {
    Nothing,
    Crossing,
    Touch,
    Spike,
}

/// The points of a strip's border and the faults that are planted in it.
fn planted(plants: &[Plant]) -> (Vec<LngLat>, Vec<ValidityError>) {
    let mut points = Vec::new();
    let mut faults = Vec::new();
    for (i, plant) in (0..).zip(plants) {
        let at = |x: i32, y: i32| p(10 * i + x, y);
        points.push(at(0, 0));
        match plant {
            Plant::Nothing => {}
            Plant::Crossing => {
                points.extend([at(6, 0), at(6, 4), at(2, -4)]);
                faults.push(ValidityError::SelfCrossing { at: at(4, 0) });
            }
            Plant::Touch => {
                points.extend([at(2, 0), at(2, 6), at(6, 6), at(2, 3), at(6, 0)]);
                faults.push(ValidityError::SelfTouch { at: at(2, 3) });
            }
            Plant::Spike => {
                points.extend([at(2, 0), at(6, -8), at(4, -4), at(2, 0)]);
                faults.push(ValidityError::Spike { at: at(6, -8) });
            }
        }
    }
    let end = 10 * i32::try_from(plants.len()).unwrap();
    points.push(p(end, 0));
    points.extend((0..=plants.len()).map(|i| p(end - 10 * i32::try_from(i).unwrap(), 90)));
    (points, faults)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// With few edges and with so many that they stand in a tree.
    #[test]
    fn every_fault_of_a_ring_is_found_and_no_other(
        plants in prop::collection::vec(
            prop::sample::select(vec![
                Plant::Nothing,
                Plant::Nothing,
                Plant::Crossing,
                Plant::Touch,
                Plant::Spike,
            ]),
            1..12,
        ),
        tail in prop::sample::select(vec![0_usize, 600]),
    ) {
        let mut plants = plants;
        plants.resize(plants.len() + tail, Plant::Nothing);
        let (ring, planted) = planted(&plants);
        let trimmed = trim(&ring);
        let spikes = trimmed.spikes.iter().map(|spike| ValidityError::Spike { at: spike[0] });
        let faults = find_faults(&[vec![&trimmed.points]], 100);
        let mut found: Vec<_> = spikes.chain(faults.into_iter().map(|fault| fault.error)).collect();
        let order = |fault: &ValidityError| (fault.place(), fault.to_string());
        found.sort_by_key(order);
        let mut expected = planted;
        expected.sort_by_key(order);
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn rings_that_run_along_each_other_do_so_in_one_line() {
    let left: Points = &[(0, 0), (50, 0), (50, 20), (50, 70), (0, 70)];
    let right: Points = &[(50, 10), (90, 10), (90, 90), (50, 90), (50, 40)];
    let rings: Vec<Vec<LngLat>> = [left, right]
        .map(|points| points.iter().map(|&(x, y)| p(x, y)).collect())
        .into();
    let faults = find_faults(&[vec![&rings[0]], vec![&rings[1]]], 100);
    let error = ValidityError::RingsOverlap { at: p(50, 10) };
    let along = [(50, 10), (50, 20), (50, 40), (50, 70)];
    let along = along.map(|(x, y)| p(x, y)).into();
    assert_eq!(faults, [Fault { error, along }]);
}

#[test]
fn no_more_faults_are_named_than_are_wanted() {
    let (ring, planted) = planted(&[Plant::Crossing; 50]);
    assert_eq!(planted.len(), 50);
    assert_eq!(find_faults(&[vec![&ring]], 20).len(), 20);
    assert_eq!(find_faults(&[vec![&ring]], 100).len(), 50);
}

#[test]
fn a_million_edges_that_all_cross_are_given_up_on() {
    let points = (0..1_000_000_u64).map(|i| {
        let mixed = i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let part = |bits: u64| i32::try_from(bits % 1_000_000).unwrap();
        p(part(mixed >> 40), part((mixed >> 16) & 0xFF_FFFF))
    });
    let ring: Vec<LngLat> = points.collect();
    let started = std::time::Instant::now();
    assert_eq!(find_faults(&[vec![&trim(&ring).points]], 20).len(), 20);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn a_hundred_thousand_vertices_take_no_time() {
    // A comb, whose many parallel edges lie side by side, on a long straight back.
    let teeth = 33_000;
    let mut points = Vec::new();
    for i in 0..teeth {
        points.extend([
            p(3 * i, 0),
            p(3 * i, 1000),
            p(3 * i + 1, 1000),
            p(3 * i + 1, 0),
        ]);
    }
    points.extend([p(3 * teeth, 0), p(3 * teeth, -1000), p(0, -1000)]);
    let exterior = Ring::from_open(points).unwrap();
    let shape = Shape::new(vec![Polygon {
        exterior,
        holes: vec![],
    }])
    .unwrap();
    let started = std::time::Instant::now();
    assert_eq!(check(&shape), Ok(()));
    // Every pair of edges would take minutes.
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// Whether two edges share a point, by solving for it in rational numbers.
fn share_a_point(one: (LngLat, LngLat), other: (LngLat, LngLat)) -> bool {
    let xy = |p: LngLat| (i64::from(p.lon_e7()), i64::from(p.lat_e7()));
    let ((ax, ay), (bx, by)) = (xy(one.0), xy(one.1));
    let ((cx, cy), (dx, dy)) = (xy(other.0), xy(other.1));
    let determinant = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
    let along_one = (cx - ax) * (dy - cy) - (cy - ay) * (dx - cx);
    let along_other = (cx - ax) * (by - ay) - (cy - ay) * (bx - ax);
    if determinant != 0 {
        let within = |along: i64| {
            let along = along * determinant.signum();
            0 <= along && along <= determinant.abs()
        };
        return within(along_one) && within(along_other);
    }
    along_one == 0
        && along_other == 0
        && ax.min(bx) <= cx.max(dx)
        && cx.min(dx) <= ax.max(bx)
        && ay.min(by) <= cy.max(dy)
        && cy.min(dy) <= ay.max(by)
}

fn points(
    range: std::ops::Range<i32>,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<LngLat>> {
    prop::collection::vec((range.clone(), range), count)
        .prop_map(|points| points.into_iter().map(|(x, y)| p(x, y)).collect())
}

/// A ring around a point that often is simple.
fn star(count: std::ops::Range<usize>, size: i32) -> impl Strategy<Value = Option<Ring>> {
    ((0..12_i32, 0..12_i32), points(-size..size, count)).prop_map(|((x, y), mut points)| {
        points.sort_by(|a, b| {
            let angle = |p: &LngLat| f64::from(p.lat_e7()).atan2(f64::from(p.lon_e7()));
            angle(a).total_cmp(&angle(b))
        });
        let moved = points
            .iter()
            .map(|point| p(point.lon_e7() + x, point.lat_e7() + y));
        Ring::from_open(moved.collect()).ok()
    })
}

fn shapes() -> impl Strategy<Value = Option<Shape>> {
    let polygon = (star(4..9, 12), prop::collection::vec(star(3..5, 4), 0..4)).prop_map(
        |(exterior, holes)| {
            Some(Polygon {
                exterior: exterior?,
                holes: holes.into_iter().flatten().collect(),
            })
        },
    );
    prop::collection::vec(polygon, 1..3)
        .prop_map(|polygons| Shape::new(polygons.into_iter().flatten().collect()).ok())
}

/// In degrees, a point of the lattice that is on an edge would be beside it.
fn in_lattice_steps(shape: &Shape) -> geo::MultiPolygon {
    let line = |ring: &Ring| {
        let points = ring.closed_points();
        let coords = points.map(|p| (f64::from(p.lon_e7()), f64::from(p.lat_e7())));
        coords.collect::<geo::LineString>()
    };
    let polygons = shape.polygons().iter();
    polygons
        .map(|polygon| {
            let holes = polygon.holes.iter().map(line).collect();
            geo::Polygon::new(line(&polygon.exterior), holes)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn edges_meet_exactly_when_they_share_a_point(ends in points(-6..6, 4..5)) {
        let (one, other) = ((ends[0], ends[1]), (ends[2], ends[3]));
        if one.0 != one.1 && other.0 != other.1 {
            prop_assert_eq!(meet(one, other).is_some(), share_a_point(one, other));
        }
    }

    #[test]
    fn a_ring_is_simple_when_no_two_edges_meet_but_neighbours_at_their_joint(
        points in points(0..9, 3..9),
    ) {
        let Ok(exterior) = Ring::from_open(points) else { return Ok(()) };
        let edges: Vec<_> = exterior.edges().collect();
        let n = edges.len();
        let simple = (0..n).all(|i| (i + 1..n).all(|j| {
            let (a, b) = (edges[i], edges[j]);
            if j == i + 1 || (i == 0 && j + 1 == n) {
                // Neighbours share their joint, and more when one turns back on the other.
                let (before, joint, after) = if j == i + 1 { (a.0, a.1, b.1) } else { (b.0, b.1, a.1) };
                !(share_a_point((joint, before), (after, after)) || share_a_point((joint, after), (before, before)))
            } else {
                !share_a_point(a, b)
            }
        }));
        let shape = Shape::new(vec![Polygon { exterior, holes: vec![] }]).unwrap();
        prop_assert_eq!(check(&shape).is_ok(), simple);
    }

    /// `geo` overlooks some rings that touch themselves, and ground that is cut in two.
    #[test]
    fn the_verdict_agrees_with_geo(shape in shapes()) {
        let Some(shape) = shape else { return Ok(()) };
        let valid_for_geo = in_lattice_steps(&shape).is_valid();
        match check(&shape) {
            Ok(()) => prop_assert!(valid_for_geo),
            Err(
                ValidityError::SelfTouch { .. }
                | ValidityError::SelfOverlap { .. }
                | ValidityError::GroundCut { .. },
            ) => {}
            Err(fault) => prop_assert!(!valid_for_geo, "{}", fault),
        }
    }
}
