use proptest::prelude::*;

use super::*;
use crate::domain::{AreaId, Level};

/// A rectangle of about so many metres each way.
fn outline(west: i32, east: i32, north: i32) -> Outline {
    let p = |x, y| LngLat::from_e7(1_190_000_000 + 100 * x, 336_000_000 + 100 * y).unwrap();
    let ring = vec![
        p(west, 0),
        p(east, 0),
        p(east, north),
        p(west, north),
        p(west, 0),
    ];
    Outline {
        polygons: vec![vec![ring]],
    }
}

fn change(new: &Outline, old: &Outline) -> Option<Defect> {
    let plot = Plot {
        id: AreaId(uuid::Uuid::nil()),
        code: "A",
        name: "",
        level: Some(Level::Grid),
        parent: None,
        ground: Ground::Drawn(new),
        touched: true,
    };
    judge_change(
        &plot,
        &Footing::lent(plot.ground, true),
        &old.to_shape().unwrap(),
    )
}

#[test]
fn a_third_of_the_ground_that_moves_is_a_large_change() {
    let old = outline(0, 1000, 1000);
    assert_eq!(change(&old, &old), None);
    assert_eq!(change(&outline(0, 710, 1000), &old), None);
    assert_eq!(change(&outline(0, 1410, 1000), &old), None);
    let defect = change(&outline(0, 690, 1000), &old).unwrap();
    assert_eq!(defect.kind, DefectKind::LargeChange);
    let lost = Place::Ground(outline(690, 1000, 1000));
    assert_eq!(defect.place, lost);
    assert_eq!(
        defect.detail,
        "A is not where it was: of all the ground that it had or has, 31 % is different, 0 m² gained and 319,116 m² lost. Make sure that this is meant."
    );
    // Moved beside itself.
    let moved = change(&outline(1000, 2000, 1000), &old).unwrap();
    assert!(
        moved.detail.contains("100 % is different"),
        "{}",
        moved.detail
    );
}

proptest! {
    /// What is told of rectangles is what their sides say.
    #[test]
    fn the_share_is_that_of_rectangles(
        west in 0..50_i32, width in 1..50_i32, north in 1..50_i32,
        old_west in 0..50_i32, old_width in 1..50_i32, old_north in 1..50_i32,
    ) {
        let new = outline(west, west + width, north);
        let old = outline(old_west, old_west + old_width, old_north);
        let shared = ((west + width).min(old_west + old_width) - west.max(old_west)).max(0) * north.min(old_north);
        let all = width * north + old_width * old_north - shared;
        // Exactly a third would be a matter of rounding.
        prop_assume!(10 * (all - shared) != 3 * all);
        prop_assert_eq!(change(&new, &old).is_some(), 10 * (all - shared) > 3 * all);
    }
}
