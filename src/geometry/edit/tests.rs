use proptest::prelude::*;

use super::*;
use crate::domain::{AreaId, Level};
use crate::geometry::area_m2;
use crate::geometry::repair::testing::{area, border, coverage, outline, p};

fn plot<'a>(number: usize, code: &'static str, ground: &'a Outline) -> Plot<'a> {
    Plot {
        id: area(number),
        code,
        name: "",
        level: Some(Level::Grid),
        parent: None,
        ground: Ground::Drawn(ground),
        touched: true,
    }
}

const CODES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

fn plots(drawn: &[Outline]) -> Vec<Plot<'_>> {
    let drawn = drawn.iter().enumerate();
    drawn
        .map(|(place, ground)| plot(place, CODES[place], ground))
        .collect()
}

fn apply(drawn: &mut [Outline], changed: Vec<(AreaId, Outline)>) {
    for (id, ground) in changed {
        let place = (0..drawn.len()).find(|&place| area(place) == id).unwrap();
        assert_ne!(drawn[place], ground);
        drawn[place] = ground;
    }
}

fn insert(drawn: &mut [Outline], insertions: &[Insertion]) {
    for ground in drawn {
        if let Some(with) = insert_vertices(ground, insertions) {
            *ground = with;
        }
    }
}

const SQUARE: &[(i32, i32)] = &[(0, 0), (100, 0), (100, 100), (0, 100)];
const BESIDE: &[(i32, i32)] = &[(100, 0), (200, 0), (200, 100), (100, 100)];

#[test]
fn an_edge_gets_the_same_vertices_whichever_way_it_is_run() {
    let insertion = Insertion {
        from: p(100, 100),
        to: p(100, 0),
        points: vec![p(100, 60), p(100, 20)],
    };
    let left = insert_vertices(&outline(&[SQUARE]), std::slice::from_ref(&insertion));
    let right = insert_vertices(&outline(&[BESIDE]), &[insertion]);
    let expected = outline(&[&[(0, 0), (100, 0), (100, 20), (100, 60), (100, 100), (0, 100)]]);
    assert_eq!(left, Some(expected));
    assert_eq!(border([&left.unwrap(), &right.unwrap()]).len(), 6);
    let elsewhere = Insertion {
        from: p(0, 0),
        to: p(100, 100),
        points: vec![p(50, 50)],
    };
    assert_eq!(insert_vertices(&outline(&[SQUARE]), &[elsewhere]), None);
}

#[test]
fn a_line_right_across_splits_and_the_neighbour_follows() {
    let square = outline(&[SQUARE]);
    let line = [p(-10, 30), p(50, 40), p(110, 30)];
    let split = split(&plot(0, "a", &square), &line).unwrap();
    let [upper, lower] = split.pieces.as_slice() else {
        panic!("{split:?}")
    };
    assert!(upper.rings().flatten().any(|&point| point == p(100, 100)));
    assert!(lower.rings().flatten().any(|&point| point == p(0, 0)));
    let mut beside = outline(&[BESIDE]);
    insert(std::slice::from_mut(&mut beside), &split.inserted);
    assert_eq!(beside.point_count(), 6);
    assert_eq!(border([upper, lower, &beside]).len(), 1 + 2 + 1 + 2 + 1);
}

#[test]
fn a_line_that_does_not_lead_through_splits_nothing() {
    let square = outline(&[SQUARE]);
    let error = EditError::NotAcross { code: "a".into() };
    for line in [
        vec![p(-10, 30), p(50, 40)],
        vec![p(20, 30), p(50, 40)],
        vec![p(-10, -30), p(110, -30)],
        vec![p(0, 0), p(100, 0)],
        vec![p(50, 50)],
        vec![],
    ] {
        assert_eq!(
            split(&plot(0, "a", &square), &line),
            Err(error.clone()),
            "{line:?}"
        );
    }
}

#[test]
fn parts_that_the_line_does_not_cut_stay_with_the_largest_piece() {
    let mut parts = outline(&[SQUARE]);
    parts
        .polygons
        .extend(outline(&[&[(300, 0), (310, 0), (310, 10)]]).polygons);
    let line = [p(90, -10), p(90, 110)];
    let split = split(&plot(0, "a", &parts), &line).unwrap();
    let parts: Vec<usize> = split.pieces.iter().map(|it| it.polygons.len()).collect();
    assert_eq!(parts, [2, 1]);
    // A ring within cuts out what it encloses.
    let ring = [p(20, 20), p(40, 20), p(40, 40), p(20, 20)];
    let square = outline(&[SQUARE]);
    let split = super::split(&plot(0, "a", &square), &ring).unwrap();
    assert_eq!(split.pieces[0].polygons[0].len(), 2);
    assert_eq!(split.inserted, []);
}

#[test]
fn areas_merge_when_they_touch_along_a_border() {
    let drawn = [outline(&[SQUARE]), outline(&[BESIDE])];
    let merged = merge(&plots(&drawn)).unwrap();
    let expected = outline(&[&[(0, 0), (100, 0), (200, 0), (200, 100), (100, 100), (0, 100)]]);
    assert!(merged.is_drawn_like(&expected));
    let corner = outline(&[&[(200, 100), (300, 100), (300, 200)]]);
    let drawn = [outline(&[SQUARE]), corner, outline(&[BESIDE])];
    assert_eq!(
        merge(&plots(&drawn)),
        Err(EditError::Apart {
            codes: vec!["1".into()]
        })
    );
    let line = outline(&[&[(0, 0), (100, 0), (50, 0)]]);
    assert_eq!(
        merge(&plots(&[outline(&[SQUARE]), line])),
        Err(EditError::NoGround { code: "1".into() })
    );
}

#[test]
fn a_vertex_moves_with_everybody_who_has_it() {
    let mut drawn = [outline(&[SQUARE]), outline(&[BESIDE])];
    let moved = move_vertex(&plots(&drawn), p(100, 100), p(120, 110)).unwrap();
    assert_eq!(moved.len(), 2);
    apply(&mut drawn, moved);
    assert_eq!(border(&drawn).len(), 6);
    assert_eq!(
        move_vertex(&plots(&drawn), p(1, 1), p(2, 2)),
        Err(EditError::NoVertex(p(1, 1)))
    );
    // Across the opposite side.
    let wrong = move_vertex(&plots(&drawn), p(0, 0), p(130, 50)).unwrap_err();
    assert!(
        matches!(&wrong, EditError::Invalid { code, .. } if code == "0"),
        "{wrong}"
    );
    // Onto its neighbour, and the next: nothing is left of it.
    let triangle = [outline(&[&[(0, 0), (100, 0), (100, 100)]])];
    let gone = move_vertex(&plots(&triangle), p(0, 0), p(100, 0)).unwrap_err();
    assert!(matches!(gone, EditError::NoShape { .. }), "{gone}");
    // What is wrong already can be mended step by step.
    let bow = [outline(&[&[(0, 0), (100, 100), (100, 0), (0, 100)]])];
    assert!(move_vertex(&plots(&bow), p(0, 0), p(1, 1)).is_ok());
}

#[test]
fn a_border_moves_with_everybody_who_has_it() {
    let left = outline(&[&[(0, 0), (100, 0), (100, 50), (100, 100), (0, 100)]]);
    let right = outline(&[&[(100, 0), (200, 0), (200, 100), (100, 100), (100, 50)]]);
    let mut drawn = [left, right];
    let old = [p(100, 0), p(100, 50), p(100, 100)];
    let new = [p(100, 0), p(110, 20), p(90, 70), p(100, 100)];
    let moved = move_border(&plots(&drawn), &old, &new).unwrap();
    let before: i128 = 2 * 200 * 100;
    apply(&mut drawn, moved);
    assert_eq!(border(&drawn).len(), 6);
    let shapes = drawn.iter().map(|it| it.to_shape().unwrap());
    let after: i128 = shapes
        .map(|it| {
            it.rings()
                .map(crate::domain::Ring::doubled_area_e14)
                .sum::<i128>()
        })
        .sum();
    assert_eq!(after, before);
    // And back, given the other way round.
    let back = |line: &[LngLat]| line.iter().rev().copied().collect::<Vec<_>>();
    let moved = move_border(&plots(&drawn), &back(&new), &back(&old)).unwrap();
    apply(&mut drawn, moved);
    assert_eq!(
        move_border(&plots(&drawn), &new, &old),
        Err(EditError::NoBorder {
            from: p(100, 0),
            to: p(100, 100)
        })
    );
    assert_eq!(
        move_border(&plots(&drawn), &old, &new[1..]),
        Err(EditError::OtherEnds {
            from: p(100, 0),
            to: p(100, 100)
        })
    );
    assert_eq!(
        move_border(&plots(&drawn), &old[..1], &new),
        Err(EditError::ShortLine)
    );
    let wide = [old[0], p(-50, 50), old[2]];
    assert!(matches!(
        move_border(&plots(&drawn), &old, &wide),
        Err(EditError::Invalid { .. })
    ));
    // A third one touches the middle of it.
    let third = outline(&[&[(100, 50), (150, 40), (150, 60)]]);
    let drawn = [drawn[0].clone(), third];
    assert_eq!(
        move_border(&plots(&drawn), &old, &new),
        Err(EditError::Junction {
            code: "1".into(),
            at: p(100, 50)
        })
    );
}

#[test]
fn what_is_drawn_takes_the_ground_of_others_within_the_parent() {
    let drawn = [outline(&[SQUARE]), outline(&[BESIDE])];
    let parent = outline(&[&[(0, 0), (200, 0), (200, 100), (0, 100)]])
        .to_shape()
        .unwrap();
    let new = outline(&[&[(50, -50), (150, -50), (150, 50), (50, 50)]]);
    let came = draw(&new, &plots(&drawn), Some(&parent)).unwrap();
    assert!(came.ground.is_drawn_like(&outline(&[&[
        (50, 0),
        (150, 0),
        (150, 50),
        (100, 50),
        (50, 50)
    ]])));
    let mut after = drawn.clone();
    apply(&mut after, came.changed);
    let whole = insert_vertices(&Outline::from(&parent), &came.inserted).unwrap();
    let mut all = after.to_vec();
    all.push(came.ground);
    // The children meet at (100, 100), which nothing was drawn over.
    let mut border = border(&all);
    let top = (p(200, 100), p(100, 100));
    assert!(border.remove(&top) && border.remove(&(p(100, 100), p(0, 100))));
    border.insert((p(200, 100), p(0, 100)));
    assert_eq!(border, crate::geometry::repair::testing::border([&whole]));

    let all = outline(&[&[(-10, -10), (120, -10), (120, 110), (-10, 110)]]);
    assert_eq!(
        draw(&all, &plots(&drawn), Some(&parent)),
        Err(EditError::Swallows { code: "0".into() })
    );
    let away = outline(&[&[(500, 0), (600, 0), (600, 100)]]);
    assert_eq!(
        draw(&away, &plots(&drawn), Some(&parent)),
        Err(EditError::Nothing)
    );
    assert_eq!(draw(&away, &plots(&drawn), None).unwrap().changed, []);
}

fn ground_m2(outline: &Outline) -> f64 {
    area_m2(&outline.to_shape().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_coverage_stays_one_whatever_is_split_drawn_and_merged(
        seed in any::<u64>(),
        cells in 3..8_usize,
        target in any::<usize>(),
        points in prop::collection::vec((-130_000..130_000_i32, -130_000..130_000_i32), 2..5),
    ) {
        let (parent, mut drawn) = coverage(seed, cells);
        let mut whole = Outline::from(&parent);
        let line: Vec<LngLat> =
            points.iter().map(|&(x, y)| p(1_190_000_000 + x, 336_000_000 + y)).collect();
        let target = target % drawn.len();
        match split(&plot(target, "t", &drawn[target]), &line) {
            Err(error) => prop_assert_eq!(error, EditError::NotAcross { code: "t".into() }),
            Ok(split) => {
                prop_assert!(split.pieces.len() > 1);
                let pieces: f64 = split.pieces.iter().map(ground_m2).sum();
                // Half a centimetre on edges of some hundred metres.
                let moved_m2 = (pieces - ground_m2(&drawn[target])).abs();
                prop_assert!(moved_m2 < 4.0, "{moved_m2}");
                insert(&mut drawn, &split.inserted);
                insert(std::slice::from_mut(&mut whole), &split.inserted);
                let mut pieces = split.pieces.into_iter();
                drawn[target] = pieces.next().unwrap();
                drawn.extend(pieces);
                prop_assert_eq!(border(&drawn), border([&whole]));
            }
        }
        drawn.truncate(CODES.len());
        if border(&drawn) != border([&whole]) {
            return Ok(());
        }
        let new = Outline { polygons: vec![vec![line.iter().chain(line.first()).copied().collect()]] };
        if let Ok(came) = draw(&new, &plots(&drawn), Some(&whole.to_shape().unwrap())) {
            apply(&mut drawn, came.changed);
            insert(std::slice::from_mut(&mut whole), &came.inserted);
            drawn.push(came.ground);
            prop_assert_eq!(border(&drawn), border([&whole]));
        }
        drawn.truncate(CODES.len());
        if border(&drawn) != border([&whole]) {
            return Ok(());
        }
        let merged = merge(&plots(&drawn)).unwrap();
        prop_assert_eq!(border([&merged]), border([&whole]));
        for pair in [[0, 1], [1, 2]] {
            let two = pair.map(|place| plot(place, CODES[place], &drawn[place]));
            if let Ok(merged) = merge(&two) {
                let mut rest: Vec<Outline> = drawn.clone();
                rest[pair[1]] = merged;
                rest.remove(pair[0]);
                prop_assert_eq!(border(&rest), border([&whole]));
            }
        }
    }
}
