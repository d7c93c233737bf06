use proptest::prelude::*;

use super::segment::do_meet;
use super::*;
use crate::geometry::validity;

fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x, y).unwrap()
}

fn closed(points: &[(i32, i32)]) -> Vec<LngLat> {
    let points = points.iter().chain(points.first());
    points.map(|&(x, y)| p(x, y)).collect()
}

fn outline(rings: &[&[(i32, i32)]]) -> Outline {
    Outline {
        polygons: vec![rings.iter().map(|ring| closed(ring)).collect()],
    }
}

fn claims(outlines: &[Outline]) -> Vec<Claim<'_>> {
    (0..)
        .zip(outlines)
        .map(|(owner, outline)| Claim {
            owner,
            ground: Ground::Drawn(outline),
        })
        .collect()
}

fn build(outlines: &[Outline], lines: &[Vec<LngLat>]) -> Partition {
    Partition::build(&claims(outlines), lines).unwrap()
}

fn found(partition: &Partition) -> Vec<(Vec<u32>, i128)> {
    let faces = partition.faces().iter();
    let mut found: Vec<_> = faces
        .map(|face| (face.owners.clone(), face.doubled_area_e14))
        .collect();
    found.sort_unstable();
    found
}

const SQUARE: &[(i32, i32)] = &[(0, 0), (10, 0), (10, 10), (0, 10)];

#[test]
fn neighbours_with_a_common_border_are_two_faces() {
    let left = outline(&[SQUARE]);
    let right = outline(&[&[(10, 0), (20, 0), (20, 10), (10, 10)]]);
    let partition = build(&[left.clone(), right.clone()], &[]);
    assert_eq!(found(&partition), [(vec![0], 200), (vec![1], 200)]);
    let beside: Vec<_> = partition.neighbours(0).iter().map(|it| it.face).collect();
    assert_eq!(beside, [None, Some(1)]);
    let border_m = partition.neighbours(0)[1].border_m;
    assert!((border_m - p(10, 0).distance_m(p(10, 10))).abs() < 1e-6);
    let drawn = partition.assemble(|face| Some(partition.faces()[face].owners[0]));
    assert_eq!(drawn.grounds, [(0, left), (1, right)]);
    assert_eq!(drawn.inserted, []);
}

#[test]
fn what_lies_in_a_face_is_a_hole_in_it() {
    // A square with a hole; in the hole an island, with a hole of its own, beside another.
    let outer = outline(&[SQUARE, &[(1, 1), (9, 1), (9, 9), (1, 9)]]);
    let island = outline(&[&[(2, 2), (8, 2), (8, 5), (2, 5)], &[(3, 3), (4, 3), (4, 4)]]);
    let other = outline(&[&[(2, 6), (3, 6), (3, 7)]]);
    let partition = build(&[outer, island, other], &[]);
    let expected = [
        (vec![], 1),
        (vec![], 2 * (64 - 18) - 1),
        (vec![0], 2 * 36),
        (vec![1], 2 * 18 - 1),
        (vec![2], 1),
    ];
    assert_eq!(found(&partition), expected);
    let moat = partition
        .faces()
        .iter()
        .position(|face| face.doubled_area_e14 == 91);
    assert_eq!(partition.outline_of(moat.unwrap()).polygons[0].len(), 3);
}

#[test]
fn lines_cut_faces_and_what_dangles_cuts_nothing() {
    let across = vec![p(-5, 5), p(15, 5)];
    let dead_end = vec![p(5, -5), p(5, 3)];
    let island = vec![p(2, 8), p(4, 8), p(4, 9), p(2, 8)];
    // From the island to the border.
    let bridge = vec![p(4, 9), p(6, 12)];
    let cut = |lines: &[Vec<LngLat>]| found(&build(&[outline(&[SQUARE])], lines));
    assert_eq!(cut(&[across]), [(vec![0], 100), (vec![0], 100)]);
    assert_eq!(cut(std::slice::from_ref(&dead_end)), [(vec![0], 200)]);
    assert_eq!(
        cut(&[island, bridge, dead_end]),
        [(vec![0], 2), (vec![0], 198)]
    );
    // A line alone encloses no claim.
    let ring = closed(&[(20, 20), (30, 20), (30, 30)]);
    assert_eq!(cut(&[ring]), [(vec![], 100), (vec![0], 200)]);
}

#[test]
fn crossings_are_rounded_for_everybody_and_kept_only_where_borders_meet() {
    // The sides of the second cross the long lower side of the first between lattice points.
    let long = outline(&[&[(0, 0), (1000, 7), (1000, 500), (0, 500)]]);
    let low = outline(&[&[(300, -100), (403, -100), (401, 100), (299, 100)]]);
    let outlines = [long.clone(), low];
    let partition = build(&outlines, &[]);
    let first = |face: usize| partition.faces()[face].owners.first().copied();
    let all = partition.assemble(first);
    let [(0, whole), (1, rest)] = all.grounds.as_slice() else {
        panic!("{all:?}")
    };
    // What is left of the second has corners on the side of the first, so both get them.
    let [insertion] = all.inserted.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!([insertion.from, insertion.to], [p(0, 0), p(1000, 7)]);
    assert_eq!(insertion.points, [p(299, 2), p(402, 3)]);
    for point in &insertion.points {
        assert!(whole.polygons[0][0].contains(point));
        assert!(rest.polygons[0][0].contains(point));
    }
    // Without the second, nothing is left of the crossings.
    let alone = partition.assemble(|face| first(face).filter(|&owner| owner == 0));
    assert_eq!(alone.grounds, [(0, long)]);
    assert_eq!(alone.inserted, []);
}

#[test]
fn an_anchor_keeps_its_straight_edges() {
    // The child has a vertex on the side of its parent that nobody else has.
    let parent = outline(&[SQUARE]);
    let child = outline(&[&[(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)]]);
    let outlines = [parent.clone(), child.clone()];
    let drawing = |anchor| {
        let claims = claims(&outlines);
        let partition = Partition::of(Drawing {
            claims: &claims,
            anchor,
            ..Drawing::default()
        });
        let partition = partition.unwrap();
        partition.assemble_shared(|face| partition.faces()[face].owners.clone())
    };
    assert_eq!(drawing(Some(0)).grounds, [(0, parent.clone()), (1, parent)]);
    assert_eq!(drawing(None).grounds, [(0, child.clone()), (1, child)]);
}

#[test]
fn the_whole_earth_does_not_overflow() {
    let (east, north) = (1_800_000_000, 900_000_000);
    let earth: &[(i32, i32)] = &[
        (-east, -north),
        (east, -north),
        (east, north),
        (-east, north),
    ];
    let bow: &[(i32, i32)] = &[
        (-east, -north),
        (east, north),
        (east, -north + 1),
        (-east, north),
    ];
    let star: &[(i32, i32)] = &[
        (-east, 0),
        (east, 1),
        (-east + 1, north),
        (3, -north),
        (east, north),
    ];
    let partition = build(&[outline(&[earth]), outline(&[bow]), outline(&[star])], &[]);
    let total: i128 = partition
        .faces()
        .iter()
        .map(|face| face.doubled_area_e14)
        .sum();
    assert_eq!(total, 2 * 3_600_000_000 * 1_800_000_000);
    let drawn = partition.assemble_shared(|face| partition.faces()[face].owners.clone());
    for (_, ground) in &drawn.grounds {
        validity::check(&ground.to_shape().unwrap()).unwrap();
    }
}

#[test]
fn many_crossings_do_not_carry_an_edge_away() {
    // Each of the steep edges crosses the long one half a step from where it begins: rounding
    // one crossing after the other would draw it down along all of them.
    let long = outline(&[&[(0, 0), (23_810, -30_418), (30_000, 0)]]);
    let steep = outline(&[
        &[(0, 1), (1731, -6334), (1731, 1000)],
        &[(0, 2), (1731, -6334), (1731, 2000)],
    ]);
    let partition = build(&[long, steep], &[]);
    for (&source, points) in &partition.noded.splits {
        let segment = partition.noded.sources[source].segment;
        for &point in points {
            assert!(segment.passes(point), "{segment:?} does not pass {point:?}");
        }
    }
    assert!(partition.noded.pieces.len() < 30);
}

/// Whether an odd number of edges lies east of a point; `None` for points on one. The point is
/// in quarter steps.
fn odd(edges: impl Iterator<Item = (LngLat, LngLat)>, (x, y): (i64, i64)) -> Option<bool> {
    let mut inside = false;
    for (a, b) in edges {
        let (low, high) = if a.lat_e7() <= b.lat_e7() {
            (a, b)
        } else {
            (b, a)
        };
        let at = |p: LngLat| (4 * i64::from(p.lon_e7()) - x, 4 * i64::from(p.lat_e7()) - y);
        let ((ax, ay), (bx, by)) = (at(low), at(high));
        let turn = ax * by - ay * bx;
        if turn == 0 && ax.min(bx) <= 0 && 0 <= ax.max(bx) && ay <= 0 && 0 <= by {
            return None;
        }
        inside ^= ay <= 0 && 0 < by && turn > 0;
    }
    Some(inside)
}

fn edges(outline: &Outline) -> impl Iterator<Item = (LngLat, LngLat)> + '_ {
    let rings = outline.rings();
    rings.flat_map(|ring| {
        let following = ring.iter().skip(1).chain(ring.first());
        ring.iter().copied().zip(following.copied())
    })
}

fn rings(count: std::ops::Range<usize>, step: i32) -> impl Strategy<Value = Outline> {
    let point = (-8..=8_i32, -8..=8_i32).prop_map(move |(x, y)| p(x * step, y * step));
    let ring = prop::collection::vec(point, 1..9);
    prop::collection::vec(ring, count).prop_map(|rings| Outline {
        polygons: vec![rings],
    })
}

fn drawings(step: i32) -> impl Strategy<Value = (Vec<Outline>, Vec<Vec<LngLat>>)> {
    let point = (-8..=8_i32, -8..=8_i32).prop_map(move |(x, y)| p(x * step, y * step));
    let line = prop::collection::vec(point, 0..5);
    (
        prop::collection::vec(rings(1..3, step), 1..5),
        prop::collection::vec(line, 0..3),
    )
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Face(usize),
    Outside,
    Border,
}

/// The face that has a point.
fn face_at(grounds: &[Outline], at: (i64, i64)) -> Place {
    let inside: Option<Vec<bool>> = grounds.iter().map(|it| odd(edges(it), at)).collect();
    let Some(inside) = inside else {
        return Place::Border;
    };
    let mut having = (0..grounds.len()).filter(|&face| inside[face]);
    let face = having.next();
    assert_eq!(having.next(), None, "two faces have {at:?}");
    face.map_or(Place::Outside, Place::Face)
}

fn owners_at(partition: &Partition, place: Place) -> Vec<u32> {
    match place {
        Place::Face(face) => partition.faces()[face].owners.clone(),
        Place::Outside | Place::Border => Vec::new(),
    }
}

fn far_from(edges: impl Iterator<Item = (LngLat, LngLat)>, (x, y): (i64, i64), steps: i64) -> bool {
    edges.into_iter().all(|(a, b)| {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let at = |p: LngLat| {
            (
                (4 * i64::from(p.lon_e7()) - x) as f64,
                (4 * i64::from(p.lat_e7()) - y) as f64,
            )
        };
        let ((ax, ay), (bx, by)) = (at(a), at(b));
        let (dx, dy) = (bx - ax, by - ay);
        let t = (-(ax * dx + ay * dy) / (dx * dx + dy * dy).max(1.0)).clamp(0.0, 1.0);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let limit = 4.0 * steps as f64;
        (ax + t * dx).hypot(ay + t * dy) > limit
    })
}

/// Grounds are valid, share whole edges or nothing, and no two have ground in common.
fn check_grounds(grounds: &[(u32, Outline)]) {
    let mut all = std::collections::HashSet::new();
    for (owner, ground) in grounds {
        let shape = ground.to_shape().unwrap();
        assert_eq!(validity::check(&shape), Ok(()), "{owner}: {ground:?}");
        for edge in shape.edges() {
            assert!(all.insert(edge), "two have ground beside {edge:?}");
        }
        let outer = |polygon: &crate::domain::Polygon| polygon.exterior.doubled_area_e14() > 0;
        assert!(shape.polygons().iter().all(outer));
        let mut holes = shape.polygons().iter().flat_map(|polygon| &polygon.holes);
        assert!(holes.all(|hole| hole.doubled_area_e14() < 0));
    }
    let segments: std::collections::BTreeSet<Segment> =
        all.iter().map(|&(a, b)| Segment::new(a, b)).collect();
    for &one in &segments {
        for &other in segments.range(..one) {
            assert!(!do_meet(one, other));
        }
    }
}

fn ground_e14(ground: &Outline) -> i128 {
    let shape = ground.to_shape().unwrap();
    shape
        .rings()
        .map(crate::domain::Ring::doubled_area_e14)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// On a lattice so small that everything coincides and each crossing is rounded.
    #[test]
    fn faces_lie_between_the_edges_and_belong_to_whom_the_edges_say(
        (outlines, lines) in drawings(1),
    ) {
        let partition = build(&outlines, &lines);
        let pieces = &partition.noded.pieces;
        for (i, one) in pieces.iter().enumerate() {
            for other in &pieces[..i] {
                prop_assert!(!do_meet(one.segment, other.segment));
            }
        }
        let grounds: Vec<Outline> =
            (0..partition.faces().len()).map(|face| partition.outline_of(face)).collect();
        for (face, ground) in partition.faces().iter().zip(&grounds) {
            let shape = ground.to_shape().unwrap();
            prop_assert_eq!(validity::check(&shape), Ok(()));
            prop_assert_eq!(ground_e14(ground), face.doubled_area_e14);
            prop_assert!(face.doubled_area_e14 > 0);
        }
        for x in -33..33 {
            for y in -33..33 {
                let place = face_at(&grounds, (x, y));
                if place == Place::Border { continue }
                let mut owners = Vec::new();
                for (owner, _) in (0..).zip(&outlines) {
                    let own = pieces.iter().filter(|it| partition.sets.holds(it.owners, owner));
                    let own = own.map(|piece| (piece.segment.from, piece.segment.to));
                    if odd(own, (x, y)) == Some(true) {
                        owners.push(owner);
                    }
                }
                prop_assert_eq!(owners_at(&partition, place), owners);
            }
        }
    }

    /// On a lattice a thousand times finer than the drawing, rounding moves nothing far.
    #[test]
    fn faces_belong_to_those_whose_rings_enclose_them((outlines, lines) in drawings(1000)) {
        let partition = build(&outlines, &lines);
        let grounds: Vec<Outline> =
            (0..partition.faces().len()).map(|face| partition.outline_of(face)).collect();
        let drawn = partition.assemble_shared(|face| partition.faces()[face].owners.clone());
        for x in -17..=17_i64 {
            for y in -17..=17_i64 {
                let at = (2000 * x + 13, 2000 * y + 37);
                if !far_from(outlines.iter().flat_map(edges), at, 3) { continue }
                let owners = owners_at(&partition, face_at(&grounds, at));
                for (owner, outline) in (0..).zip(&outlines) {
                    let inside = odd(edges(outline), at) == Some(true);
                    prop_assert_eq!(owners.contains(&owner), inside);
                    let ground = drawn.grounds.iter().find(|ground| ground.0 == owner);
                    let has = ground.is_some_and(|(_, it)| odd(edges(it), at) == Some(true));
                    prop_assert_eq!(has, inside);
                }
            }
        }
    }

    #[test]
    fn grounds_put_together_are_valid_and_fit(
        (outlines, lines) in prop_oneof![drawings(1), drawings(7), drawings(1000)],
        choice in prop::collection::vec(0..5_u32, 200),
        anchor in prop::option::of(0..2_u32),
    ) {
        let claims = claims(&outlines);
        let drawing = Drawing { claims: &claims, lines: &lines, anchor, ..Drawing::default() };
        let partition = Partition::of(drawing).unwrap();
        let owner = |face: usize| Some(choice[face % 200]).filter(|&owner| owner > 0);
        let drawn = partition.assemble(owner);
        check_grounds(&drawn.grounds);
        for (owner_of, ground) in &drawn.grounds {
            let faces = (0..partition.faces().len()).filter(|&face| owner(face) == Some(*owner_of));
            let all: i128 = faces.map(|face| partition.faces()[face].doubled_area_e14).sum();
            // Points taken out again move the border by less than a step.
            let steps: i128 = edges(ground)
                .map(|(a, b)| i128::from((a.lon_e7() - b.lon_e7()).abs() + (a.lat_e7() - b.lat_e7()).abs()))
                .sum();
            prop_assert!((ground_e14(ground) - all).abs() <= 2 * steps);
        }
        for insertion in &drawn.inserted {
            let edge = outlines.iter().flat_map(edges).any(|(a, b)| {
                [a, b] == [insertion.from, insertion.to] || [b, a] == [insertion.from, insertion.to]
            });
            prop_assert!(edge);
        }
    }

    #[test]
    fn an_edge_passes_the_pixels_that_its_places_are_rounded_to(
        (ax, ay, bx, by) in (-4..=4_i32, -4..=4_i32, -4..=4_i32, -4..=4_i32),
    ) {
        let segment = Segment::new(p(ax, ay), p(bx, by));
        // A whole number of parts to each place where a pixel begins.
        let parts = 1680;
        let at = |from: i32, to: i32, part: i32| {
            (2 * parts * from + 2 * part * (to - from) + parts).div_euclid(2 * parts)
        };
        let rounded: BTreeSet<LngLat> = (0..=parts)
            .map(|part| p(at(ax, bx, part), at(ay, by, part)))
            .collect();
        for x in -5..=5 {
            for y in -5..=5 {
                prop_assert_eq!(segment.passes(p(x, y)), rounded.contains(&p(x, y)), "{} {}", x, y);
            }
        }
    }

    #[test]
    fn anywhere_on_earth_nothing_overflows(
        points in prop::collection::vec(
            prop::collection::vec((-1_800_000_000..=1_800_000_000_i32, -900_000_000..=900_000_000_i32), 3..9),
            1..4,
        ),
    ) {
        let outlines: Vec<Outline> = points.iter().map(|points| outline(&[points])).collect();
        let partition = build(&outlines, &[]);
        let drawn = partition.assemble(|face| partition.faces()[face].owners.first().copied());
        check_grounds(&drawn.grounds);
    }
}
