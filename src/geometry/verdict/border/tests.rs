use proptest::prelude::*;

use super::*;
use crate::domain::Location;
use crate::domain::Outline;
use crate::domain::draft::Ground;
use crate::domain::shape::locate;

fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x, y).unwrap()
}

fn loose(points: &[((i32, i32), u32)]) -> Vec<Loose> {
    let pairs = points.iter().zip(points.iter().cycle().skip(1));
    pairs
        .map(|(&((x, y), owner), &((to_x, to_y), _))| Loose {
            from: p(x, y),
            to: p(to_x, to_y),
            owner,
        })
        .collect()
}

#[test]
fn opposite_edges_cancel_and_equal_ones_do_not() {
    let square = |west: i32| Outline {
        polygons: vec![vec![vec![
            p(west, 0),
            p(west + 9, 0),
            p(west + 9, 9),
            p(west, 9),
            p(west, 0),
        ]]],
    };
    let (left, right) = (square(0), square(9));
    let [left, right] = [&left, &right].map(|outline| Footing::lent(Ground::Drawn(outline), true));
    let left_over = |grounds: &[(&Footing<'_>, u32, bool)]| {
        let mut chain = Chain::default();
        for &(footing, owner, to_the_left) in grounds {
            chain.add(footing, owner, to_the_left);
        }
        chain.cancel().len()
    };
    assert_eq!(left_over(&[(&left, 0, true)]), 4);
    assert_eq!(left_over(&[(&left, 0, true), (&left, 1, false)]), 0);
    assert_eq!(left_over(&[(&left, 0, true), (&left, 1, true)]), 8);
    assert_eq!(left_over(&[(&left, 0, true), (&right, 1, true)]), 6);
    assert_eq!(
        left_over(&[(&left, 0, true), (&left, 1, true), (&left, 2, false)]),
        4
    );
}

#[test]
fn loops_pass_no_point_twice() {
    // Two squares that touch at a corner, in one way.
    let edges = loose(&[
        ((0, 0), 0),
        ((5, 0), 0),
        ((5, 5), 0),
        ((9, 5), 0),
        ((9, 9), 0),
        ((5, 9), 0),
        ((5, 5), 0),
        ((0, 5), 0),
    ]);
    let loops = loops(&edges);
    let mut sizes: Vec<_> = loops
        .iter()
        .map(|round| (round.0.len(), round.doubled_area_e14()))
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [(4, 32), (4, 50)]);
}

#[test]
fn a_seam_is_no_wider_than_a_step() {
    for (points, expected) in [
        // A vertex on, beside and off the edge of the other.
        (vec![((0, 0), 0), ((1000, 0), 1), ((400, 0), 1)], true),
        (vec![((0, 0), 0), ((1000, 0), 1), ((400, 1), 1)], true),
        (vec![((0, 0), 0), ((1000, 0), 1), ((400, 2), 1)], false),
        // Three who meet on it.
        (vec![((0, 0), 0), ((1000, 0), 1), ((400, 0), 2)], true),
        (vec![((0, 0), 0), ((1000, 0), 1), ((400, 400), 2)], false),
        // Different vertices on both sides, around a corner.
        (
            vec![
                ((0, 0), 0),
                ((500, 0), 0),
                ((1000, 0), 0),
                ((1000, 900), 1),
                ((1000, 400), 1),
                ((1001, 1), 1),
                ((300, 0), 1),
            ],
            true,
        ),
        // Both sides cross each other often, but far apart.
        (
            vec![
                ((0, 0), 0),
                ((100, 50), 0),
                ((200, -50), 0),
                ((300, 0), 1),
                ((200, 50), 1),
                ((100, -50), 1),
            ],
            false,
        ),
        // A triangle with a very short edge.
        (
            vec![((0, 0), 0), ((900, 0), 1), ((900, 1), 0), ((0, 900), 1)],
            false,
        ),
    ] {
        assert_eq!(Loop(loose(&points)).is_seam(), expected, "{points:?}");
    }
}

proptest! {
    /// Around a place as many times as rings that go around it to the left, less those to the
    /// right: whatever of their edges has cancelled.
    #[test]
    fn loose_edges_wind_as_often_as_ground_is_claimed(
        squares in prop::collection::vec((0..6_i32, 0..6_i32, 1..6_i32, 1..6_i32, any::<bool>()), 1..12),
        x in 0..120_i32,
        y in 0..120_i32,
    ) {
        prop_assume!(x % 10 != 0 && y % 10 != 0);
        let outlines: Vec<Outline> = squares.iter().map(|&(west, south, width, height, _)| {
            // With a vertex at each step, so that much cancels.
            let mut ring = Vec::new();
            ring.extend((0..width).map(|i| p(10 * (west + i), 10 * south)));
            ring.extend((0..height).map(|i| p(10 * (west + width), 10 * (south + i))));
            ring.extend((0..width).map(|i| p(10 * (west + width - i), 10 * (south + height))));
            ring.extend((0..height).map(|i| p(10 * west, 10 * (south + height - i))));
            Outline { polygons: vec![vec![ring]] }
        }).collect();
        let mut chain = Chain::default();
        let mut expected = 0;
        for (outline, &(.., to_the_left)) in outlines.iter().zip(&squares) {
            chain.add(&Footing::lent(Ground::Drawn(outline), true), 0, to_the_left);
            if locate(&outline.polygons[0][0], p(x, y)) == Location::Inside {
                expected += if to_the_left { 1 } else { -1 };
            }
        }
        let left = chain.cancel();
        prop_assert_eq!(LooseTree::new(left.clone()).winding(p(x, y)), expected);
        // Every loose edge is in exactly one loop.
        let mut looped: Vec<Loose> = loops(&left).into_iter().flat_map(|round| round.0).collect();
        looped.sort_unstable();
        prop_assert_eq!(looped, left);
    }
}
