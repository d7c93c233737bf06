use std::collections::BTreeMap;

use proptest::prelude::*;

use super::testing::{area, border, coverage, outline, p};
use super::*;
use crate::domain::draft::Ground;
use crate::domain::draft::defect::Place;
use crate::domain::draft::repair::OverlapRule;
use crate::domain::{LngLat, Location};
use crate::geometry::partition::{Claim, Partition};
use crate::geometry::validity;

const ALL: [RepairKind; 8] = [
    RepairKind::CloseRings,
    RepairKind::DropDuplicates,
    RepairKind::DropSpikes,
    RepairKind::MakeValid,
    RepairKind::Snap,
    RepairKind::SettleOverlaps,
    RepairKind::ClipToParent,
    RepairKind::FillGaps,
];

fn plain(kind: RepairKind) -> Repair {
    Repair {
        kind,
        areas: Vec::new(),
        tolerance_m: None,
        max_m2: None,
        rule: OverlapRule::default(),
    }
}

fn codes(count: usize) -> Vec<String> {
    (0..count).map(|place| format!("{place:03}")).collect()
}

fn mend(
    drawn: &[Outline],
    parent: Option<&Shape>,
    repairs: &[Repair],
) -> Result<Repaired, RepairError> {
    let codes = codes(drawn.len());
    let plots: Vec<_> = drawn
        .iter()
        .enumerate()
        .map(|(place, ground)| (area(place), codes[place].as_str(), ground))
        .collect();
    repair(&plots, parent, |_| None, repairs)
}

/// Everybody's ground after repairs.
fn applied(drawn: &[Outline], repaired: &Repaired) -> Vec<Outline> {
    let mut grounds = drawn.to_vec();
    for (id, ground) in &repaired.outlines {
        let place = (0..drawn.len()).find(|&place| area(place) == *id).unwrap();
        assert_ne!(grounds[place], *ground);
        grounds[place] = ground.clone();
    }
    grounds
}

fn parent_with(parent: &Shape, repaired: &Repaired) -> Outline {
    let parent = Outline::from(parent);
    insert_vertices(&parent, &repaired.inserted).unwrap_or(parent)
}

const LEFT: &[(i32, i32)] = &[(0, 0), (1000, 0), (1000, 1000), (0, 1000)];
const RIGHT: &[(i32, i32)] = &[(1000, 0), (2000, 0), (2000, 1000), (1000, 1000)];

fn both() -> Shape {
    outline(&[&[
        (0, 0),
        (1000, 0),
        (2000, 0),
        (2000, 1000),
        (1000, 1000),
        (0, 1000),
    ]])
    .to_shape()
    .unwrap()
}

#[test]
fn rings_are_closed_and_freed_of_repeated_points_and_spikes() {
    let mut open = outline(&[LEFT]);
    open.polygons[0][0].pop();
    let repaired = mend(&[open], None, &[plain(RepairKind::CloseRings)]).unwrap();
    assert_eq!(repaired.outlines, [(area(0), outline(&[LEFT]))]);
    assert_eq!(
        repaired.mendings[0].place,
        Place::Line(vec![p(0, 1000), p(0, 0)])
    );

    let repeated = outline(&[&[
        (0, 0),
        (0, 0),
        (1000, 0),
        (1000, 1000),
        (1000, 1000),
        (0, 1000),
    ]]);
    let repaired = mend(&[repeated], None, &[plain(RepairKind::DropDuplicates)]).unwrap();
    assert_eq!(repaired.outlines, [(area(0), outline(&[LEFT]))]);
    assert_eq!(repaired.mendings.len(), 2);

    let spiked = outline(&[&[
        (0, 0),
        (1000, 0),
        (1000, 1000),
        (1000, 1500),
        (1000, 1000),
        (0, 1000),
    ]]);
    let repaired = mend(&[spiked], None, &[plain(RepairKind::DropSpikes)]).unwrap();
    assert_eq!(repaired.outlines, [(area(0), outline(&[LEFT]))]);
    let mended = &repaired.mendings[0];
    assert_eq!(
        (mended.kind, mended.areas.as_slice()),
        (RepairKind::DropSpikes, [area(0)].as_slice())
    );

    let clean = [outline(&[LEFT]), outline(&[RIGHT])];
    assert_eq!(
        mend(&clean, Some(&both()), &ALL.map(plain)).unwrap(),
        Repaired::default()
    );
}

#[test]
fn what_an_odd_number_of_rings_encloses_is_made_valid() {
    let bow = outline(&[&[(0, 0), (1000, 1000), (1000, 0), (0, 1000)]]);
    let repaired = mend(&[bow], None, &[plain(RepairKind::MakeValid)]).unwrap();
    assert_eq!(repaired.outlines[0].1.polygons.len(), 2);
    assert_eq!(repaired.mendings[0].place, Place::Point(p(500, 500)));
    let flat = outline(&[&[(0, 0), (1000, 1000), (500, 500)]]);
    assert_eq!(
        mend(&[flat], None, &[plain(RepairKind::MakeValid)]),
        Err(RepairError::NoGround { code: "000".into() })
    );
}

#[test]
fn tiny_parts_are_dropped_and_the_largest_never_is() {
    let mut parts = outline(&[&[(0, 0), (50_000, 0), (50_000, 50_000)]]);
    parts
        .polygons
        .extend(outline(&[&[(90_000, 0), (90_010, 0), (90_010, 10)]]).polygons);
    let repaired = mend(&[parts], None, &[plain(RepairKind::DropTinyParts)]).unwrap();
    assert_eq!(repaired.outlines[0].1.polygons.len(), 1);
    assert!(repaired.mendings[0].size_m2.unwrap() < 1.0);
    let all_tiny = outline(&[&[(0, 0), (10, 0), (10, 10)]]);
    assert_eq!(
        mend(&[all_tiny], None, &[plain(RepairKind::DropTinyParts)]),
        Ok(Repaired::default())
    );
}

#[test]
fn a_gap_goes_to_the_neighbour_with_the_longest_border() {
    // The right one ends 100 steps before the left one, which is as far from the parent's end.
    let left = outline(&[&[(0, 0), (1000, 0), (1000, 900), (0, 900)]]);
    let right = outline(&[&[(1000, 0), (2000, 0), (2000, 1000), (1000, 1000)]]);
    let drawn = [left, right];
    let repaired = mend(&drawn, Some(&both()), &[plain(RepairKind::FillGaps)]).unwrap();
    assert_eq!(repaired.outlines.len(), 1);
    let grounds = applied(&drawn, &repaired);
    assert!(grounds[0].is_drawn_like(&outline(&[LEFT])));
    assert_eq!(repaired.mendings[0].areas, [area(0)]);
    // At the equator a step is 11.13 mm long to the east, and 11.06 mm to the north.
    let gap_m2 = 1000.0 * 0.01113 * 100.0 * 0.01106;
    assert!((repaired.mendings[0].size_m2.unwrap() / gap_m2 - 1.0).abs() < 0.001);
    // Who is named gets it, though its border is shorter.
    let limited = Repair {
        areas: vec![area(1)],
        ..plain(RepairKind::FillGaps)
    };
    let repaired = mend(&drawn, Some(&both()), &[limited]).unwrap();
    assert_eq!(repaired.mendings[0].areas, [area(1)]);
    let small = Repair {
        max_m2: Some(1.0),
        ..plain(RepairKind::FillGaps)
    };
    assert_eq!(
        mend(&drawn, Some(&both()), &[small]).unwrap(),
        Repaired::default()
    );
}

#[test]
fn without_a_parent_only_what_siblings_enclose_is_a_gap() {
    // The middle is enclosed by two; the yard of the first by it alone.
    let left = outline(&[
        &[
            (0, 0),
            (1000, 0),
            (1000, 300),
            (700, 300),
            (700, 700),
            (1000, 700),
            (1000, 1000),
            (0, 1000),
        ],
        &[(100, 100), (200, 100), (200, 200)],
    ]);
    let drawn = [left, outline(&[RIGHT])];
    let repaired = mend(&drawn, None, &[plain(RepairKind::FillGaps)]).unwrap();
    assert_eq!(repaired.mendings.len(), 1);
    assert_eq!(repaired.mendings[0].areas, [area(0)]);
    assert_eq!(border(&applied(&drawn, &repaired)).len(), 3 + 6);
}

#[test]
fn overlaps_are_settled_by_the_rule_that_is_stated() {
    // The second is smaller, and reaches into the first.
    let drawn = [
        outline(&[LEFT]),
        outline(&[&[(800, 0), (1600, 0), (1600, 1000), (800, 1000)]]),
    ];
    let before = [
        outline(&[&[(0, 0), (900, 0), (900, 1000), (0, 1000)]])
            .to_shape()
            .unwrap(),
        outline(&[&[(900, 0), (1600, 0), (1600, 1000), (900, 1000)]])
            .to_shape()
            .unwrap(),
    ];
    let border_between = |rule: OverlapRule| {
        let plots = [(area(0), "b", &drawn[0]), (area(1), "a", &drawn[1])];
        let settle = Repair {
            rule,
            ..plain(RepairKind::SettleOverlaps)
        };
        let had = |id| {
            (0..2)
                .find(|&place| area(place) == id)
                .map(|place| &before[place])
        };
        let repaired = repair(&plots, None, had, &[settle]).unwrap();
        let grounds = applied(&drawn, &repaired);
        assert_eq!(border(&grounds).len(), 6);
        grounds[1].bounds().unwrap().min.lon_e7()
    };
    assert_eq!(border_between(OverlapRule::Smallest), 800);
    assert_eq!(border_between(OverlapRule::Largest), 1000);
    assert_eq!(border_between(OverlapRule::FirstCode), 800);
    assert_eq!(border_between(OverlapRule::AsBefore), 900);
}

#[test]
fn an_area_that_would_vanish_is_named_and_nothing_is_done() {
    let drawn = [outline(&[LEFT]), outline(&[LEFT])];
    assert_eq!(
        mend(&drawn, None, &[plain(RepairKind::SettleOverlaps)]),
        Err(RepairError::Vanishes {
            code: "001".into(),
            kind: RepairKind::SettleOverlaps
        })
    );
    let outside = [outline(&[&[(5000, 0), (6000, 0), (6000, 1000)]])];
    assert_eq!(
        mend(&outside, Some(&both()), &[plain(RepairKind::ClipToParent)]),
        Err(RepairError::Vanishes {
            code: "000".into(),
            kind: RepairKind::ClipToParent
        })
    );
    // Five steps are six centimetres.
    let thin = [
        outline(&[LEFT]),
        outline(&[&[(1000, 0), (1005, 0), (1005, 1000), (1000, 1000)]]),
    ];
    let wide = Repair {
        tolerance_m: Some(0.5),
        ..plain(RepairKind::Snap)
    };
    assert_eq!(
        mend(&thin, None, &[wide]),
        Ok(Repaired::default()),
        "its own width stays open"
    );
    for tolerance_m in [0.0, -1.0, f64::NAN, 1e9] {
        let snap = Repair {
            tolerance_m: Some(tolerance_m),
            ..plain(RepairKind::Snap)
        };
        assert!(matches!(
            mend(&thin, None, &[snap]),
            Err(RepairError::Tolerance(_))
        ));
    }
}

#[test]
fn a_limited_repair_changes_no_other_ground() {
    // Three in a row, each overlapping the next.
    let square = |west: i32| {
        outline(&[&[
            (west, 0),
            (west + 1000, 0),
            (west + 1000, 1000),
            (west, 1000),
        ]])
    };
    let drawn = [square(0), square(900), square(1800)];
    let limited = Repair {
        areas: vec![area(0), area(1)],
        ..plain(RepairKind::SettleOverlaps)
    };
    let repaired = mend(&drawn, None, &[limited]).unwrap();
    assert_eq!(repaired.mendings.len(), 1);
    assert_eq!(repaired.mendings[0].areas, [area(0), area(1)]);
    assert_eq!(repaired.outlines.len(), 1);
    assert_eq!(repaired.outlines[0].0, area(1));
    // The first is not named, so it stays where it is and the second follows.
    let drawn = [square(0), square(1010)];
    let limited = Repair {
        areas: vec![area(0)],
        ..plain(RepairKind::Snap)
    };
    let repaired = mend(&drawn, None, &[limited]).unwrap();
    let grounds = applied(&drawn, &repaired);
    assert_eq!(grounds[1], drawn[1]);
    assert_eq!(grounds[0].bounds().unwrap().max.lon_e7(), 1010);
}

#[test]
fn a_parent_gets_vertices_only_where_children_meet_on_its_edges() {
    // The children have more vertices on its edges than it has, and meet on two of them.
    let parent = outline(&[&[(0, 0), (2000, 7), (2000, 1000), (0, 1000)]])
        .to_shape()
        .unwrap();
    let left = outline(&[&[
        (0, 0),
        (500, 20),
        (1000, 3),
        (1000, 1000),
        (300, 1000),
        (0, 1000),
    ]]);
    let right = outline(&[&[(1000, 3), (2000, 7), (2000, 1000), (1000, 1000)]]);
    let drawn = [left, right];
    let repaired = mend(&drawn, Some(&parent), &[plain(RepairKind::Snap)]).unwrap();
    let grounds = applied(&drawn, &repaired);
    let whole = parent_with(&parent, &repaired);
    assert_eq!(border(&grounds), border([&whole]));
    assert_eq!(repaired.inserted.len(), 2);
    assert_eq!(whole.point_count(), 7);
    assert_eq!(grounds[0].point_count(), 5);
}

#[test]
fn children_keep_the_vertices_of_their_parent() {
    // On the straight lower side of the first, where the border of the second began.
    let corners = [
        (0, 0),
        (1000, 0),
        (2000, 0),
        (2000, 1000),
        (1500, 1000),
        (0, 1000),
    ];
    let parent = outline(&[&corners]).to_shape().unwrap();
    let drawn = [
        outline(&[&[(0, 0), (1500, 0), (1500, 1000), (0, 1000)]]),
        outline(&[&[
            (1000, 0),
            (2000, 0),
            (2000, 1000),
            (1500, 1000),
            (1500, 500),
            (1000, 500),
        ]]),
    ];
    let settle = Repair {
        rule: OverlapRule::FirstCode,
        ..plain(RepairKind::SettleOverlaps)
    };
    let repaired = mend(&drawn, Some(&parent), &[settle]).unwrap();
    let grounds = applied(&drawn, &repaired);
    assert_eq!(border(&grounds), border([&parent_with(&parent, &repaired)]));
    assert!(grounds[0].polygons[0][0].contains(&p(1000, 0)));
    assert!(!grounds[0].polygons[0][0].contains(&p(1500, 500)));
}

#[test]
fn a_thin_spike_goes_with_snapping_and_a_zigzag_stays() {
    // Ten metres long and five centimetres wide.
    let spiked = outline(&[&[
        (0, 0),
        (1000, 0),
        (1000, 500),
        (1900, 503),
        (1000, 505),
        (1000, 1000),
        (0, 1000),
    ]]);
    let repaired = mend(&[spiked], None, &[plain(RepairKind::Snap)]).unwrap();
    let expected = outline(&[&[
        (0, 0),
        (1000, 0),
        (1000, 500),
        (1000, 505),
        (1000, 1000),
        (0, 1000),
    ]]);
    assert!(repaired.outlines[0].1.is_drawn_like(&expected));
    let mended = &repaired.mendings[0];
    assert!(
        matches!(&mended.place, Place::Ground(ground) if ground.bounds().unwrap().max.lon_e7() == 1900)
    );
    assert!((mended.size_m2.unwrap() - 900.0 * 5.0 / 2.0 * 0.0111 * 0.0111).abs() < 0.01);
    // As wide as long, and a spike that its neighbour fills.
    let zigzag = outline(&[&[
        (0, 0),
        (1000, 0),
        (1030, 20),
        (1000, 40),
        (1030, 60),
        (1000, 1000),
        (0, 1000),
    ]]);
    assert_eq!(
        mend(&[zigzag], None, &[plain(RepairKind::Snap)]),
        Ok(Repaired::default())
    );
    let drawn = [
        outline(&[&[
            (0, 0),
            (1000, 0),
            (1000, 500),
            (1900, 503),
            (1000, 505),
            (1000, 1000),
            (0, 1000),
        ]]),
        outline(&[&[
            (1000, 0),
            (2000, 0),
            (2000, 1000),
            (1000, 1000),
            (1000, 505),
            (1900, 503),
            (1000, 500),
        ]]),
    ];
    assert_eq!(
        mend(&drawn, None, &[plain(RepairKind::Snap)]),
        Ok(Repaired::default())
    );
}

/// What may be wrong with a drawn area.
#[derive(Debug, Clone)]
enum Damage {
    /// A vertex, and how far it is moved.
    Moved(usize, i32, i32),
    Removed(usize),
    Repeated(usize),
    /// The whole area, and how far.
    Shifted(i32, i32),
    Spiked(usize, i32, i32),
}

fn damage(reach: i32) -> impl Strategy<Value = (usize, Damage)> {
    let steps = || -reach..=reach;
    let damage = prop_oneof![
        4 => (any::<usize>(), steps(), steps()).prop_map(|(at, x, y)| Damage::Moved(at, x, y)),
        2 => any::<usize>().prop_map(Damage::Removed),
        1 => any::<usize>().prop_map(Damage::Repeated),
        1 => (steps(), steps()).prop_map(|(x, y)| Damage::Shifted(x, y)),
        1 => (any::<usize>(), steps(), steps()).prop_map(|(at, x, y)| Damage::Spiked(at, x, y)),
    ];
    (any::<usize>(), damage)
}

fn moved(point: LngLat, x: i32, y: i32) -> LngLat {
    p(point.lon_e7() + x, point.lat_e7() + y)
}

fn spoil(drawn: &mut [Outline], (area, damage): &(usize, Damage)) {
    let place = area % drawn.len();
    let ring = &mut drawn[place].polygons[0][0];
    ring.pop();
    let n = ring.len();
    match *damage {
        Damage::Moved(at, x, y) => ring[at % n] = moved(ring[at % n], x, y),
        Damage::Removed(at) if n > 8 => {
            ring.remove(at % n);
        }
        Damage::Removed(_) => {}
        Damage::Repeated(at) => ring.insert(at % n, ring[at % n]),
        Damage::Shifted(x, y) => {
            for point in ring.iter_mut() {
                *point = moved(*point, x, y);
            }
        }
        Damage::Spiked(at, x, y) => {
            let (at, point) = (at % n, ring[at % n]);
            ring.splice(at..at, [point, moved(point, x, y)]);
        }
    }
    ring.push(ring[0]);
}

fn size_m2(outline: &Outline) -> f64 {
    ground_m2(outline)
}

/// Ground that nobody or several have within the parent, or somebody outside.
fn troubled_m2(grounds: &[Outline], parent: &Outline) -> f64 {
    let claims: Vec<Claim<'_>> = (0..)
        .zip(grounds.iter().chain([parent]))
        .map(|(owner, ground)| Claim {
            owner,
            ground: Ground::Drawn(ground),
        })
        .collect();
    let partition = Partition::build(&claims, &[]).unwrap();
    let parent = u32::try_from(grounds.len()).unwrap();
    let faces = partition.faces().iter().enumerate();
    let troubled = faces.filter(|(_, it)| it.owners.len() != 2 || !it.owners.contains(&parent));
    troubled
        .map(|(face, _)| size_m2(&partition.outline_of(face)))
        .sum()
}

/// Ground that is one's and not the other's.
fn difference(one: &Outline, other: &Outline) -> Vec<Outline> {
    let claims = [(0, one), (1, other)].map(|(owner, ground)| Claim {
        owner,
        ground: Ground::Drawn(ground),
    });
    let partition = Partition::build(&claims, &[]).unwrap();
    let faces = 0..partition.faces().len();
    faces
        .filter(|&face| partition.faces()[face].owners.len() == 1)
        .map(|face| partition.outline_of(face))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// From centimetres to a hundred metres.
    #[test]
    fn after_all_repairs_the_children_tile_the_parent_edge_by_edge(
        seed in any::<u64>(),
        cells in 2..9_usize,
        damages in prop::collection::vec(prop_oneof![damage(5), damage(40), damage(400), damage(9000)], 0..9),
        with_snap in any::<bool>(),
    ) {
        let (parent, sound) = coverage(seed, cells);
        let mut drawn = sound.clone();
        for damage in &damages {
            spoil(&mut drawn, damage);
        }
        let kinds = ALL.iter().filter(|&&kind| with_snap || kind != RepairKind::Snap);
        let repairs: Vec<Repair> = kinds.map(|&kind| plain(kind)).collect();
        let repaired = match mend(&drawn, Some(&parent), &repairs) {
            Err(RepairError::Vanishes { .. }) => return Ok(()),
            repaired => repaired.unwrap(),
        };
        let grounds = applied(&drawn, &repaired);
        let whole = parent_with(&parent, &repaired);
        for ground in grounds.iter().chain([&whole]) {
            prop_assert_eq!(validity::check(&ground.to_shape().unwrap()), Ok(()));
        }
        if with_snap {
            prop_assert_eq!(border(&grounds), border([&whole]));
        }
        prop_assert!(troubled_m2(&grounds, &whole) < 1.0);
        // The parent is where it was, to a step.
        let inserted: usize = repaired.inserted.iter().map(|it| it.points.len()).sum();
        prop_assert_eq!(whole.point_count(), Outline::from(&parent).point_count() + inserted);
        prop_assert!((size_m2(&whole) - area_m2(&parent)).abs() < 5.0);
        // Nobody has changed who was not damaged, nor beside anybody who was.
        if damages.is_empty() {
            prop_assert_eq!(&repaired, &Repaired::default());
        }
        // What moved is on record.
        let recorded: f64 = repaired.mendings.iter().filter_map(|it| it.size_m2).sum();
        for (before, after) in drawn.iter().zip(&grounds) {
            let moved: f64 = difference(before, after).iter().map(size_m2).sum();
            prop_assert!(moved <= recorded + 10.0, "{moved} m² moved, {recorded} recorded");
        }
    }

    /// Half the tolerance away from each other at most, borders become one.
    #[test]
    fn snapping_makes_borders_one(
        seed in any::<u64>(),
        cells in 2..9_usize,
        shifts in prop::collection::vec((-14..=14_i32, -14..=14_i32), 1..50),
    ) {
        let (parent, sound) = coverage(seed, cells);
        let mut drawn = sound.clone();
        let mut shifts = shifts.iter().cycle();
        for ring in drawn.iter_mut().flat_map(|it| it.polygons.iter_mut().flatten()) {
            ring.pop();
            for point in ring.iter_mut() {
                let (x, y) = shifts.next().unwrap();
                *point = moved(*point, *x, *y);
            }
            ring.push(ring[0]);
        }
        let snap = Repair { tolerance_m: Some(0.5), ..plain(RepairKind::Snap) };
        let repaired = mend(&drawn, Some(&parent), std::slice::from_ref(&snap)).unwrap();
        let grounds = applied(&drawn, &repaired);
        let whole = parent_with(&parent, &repaired);
        prop_assert_eq!(border(&grounds), border([&whole]));
        for (before, after) in drawn.iter().zip(&grounds) {
            prop_assert_eq!(validity::check(&after.to_shape().unwrap()), Ok(()));
            // No point has moved farther than it may.
            let border = before.to_shape().unwrap();
            for point in after.rings().flatten() {
                let away_m = crate::geometry::border_distance_m(*point, &border);
                prop_assert!(away_m <= 0.51, "{away_m}");
            }
        }
        // Vertices that are still near each other are of one area.
        let mut having: BTreeMap<LngLat, Vec<usize>> = BTreeMap::new();
        for (place, ground) in grounds.iter().chain([&whole]).enumerate() {
            for &point in ground.rings().flatten() {
                having.entry(point).or_default().push(place);
            }
        }
        let all: Vec<_> = having.iter().collect();
        for (at, (point, owners)) in all.iter().enumerate() {
            let near = all[at + 1..].iter().take_while(|it| it.0.lon_e7() - point.lon_e7() < 60);
            for (other, others) in near {
                if point.distance_m(**other) < 0.5 {
                    prop_assert!(owners.iter().any(|it| others.contains(it)), "{point:?} {other:?}");
                }
            }
        }
        // It has nothing left to do.
        let again = mend(&grounds, Some(&whole.to_shape().unwrap()), &[snap]).unwrap();
        prop_assert_eq!(again, Repaired::default());
    }

    #[test]
    fn overlaps_go_to_one_claimant_and_nothing_else_moves(
        seed in any::<u64>(),
        damages in prop::collection::vec(damage(3000), 1..6),
        rule in prop::sample::select(vec![OverlapRule::Smallest, OverlapRule::Largest, OverlapRule::FirstCode]),
    ) {
        let (_, mut drawn) = coverage(seed, 5);
        for damage in &damages {
            spoil(&mut drawn, damage);
        }
        let settle = Repair { rule, ..plain(RepairKind::SettleOverlaps) };
        let repairs = [plain(RepairKind::DropDuplicates), plain(RepairKind::DropSpikes), plain(RepairKind::MakeValid), settle];
        let Ok(repaired) = mend(&drawn, None, &repairs) else { return Ok(()) };
        let grounds = applied(&drawn, &repaired);
        let having = |grounds: &[Outline], point: LngLat| -> Vec<usize> {
            let inside = |ground: &Outline| {
                let crossings = ground.rings().map(|ring| crate::domain::shape::locate(ring, point));
                crossings.filter(|&it| it == Location::Inside).count() % 2 == 1
            };
            (0..grounds.len()).filter(|&place| inside(&grounds[place])).collect()
        };
        let far = |point: LngLat| drawn.iter().all(|ground| {
            let edges = ground.rings().flat_map(crate::domain::shape::edges);
            crate::geometry::measure::nearest_distance_m(point, edges) > 0.05
        });
        for x in -12..12 {
            for y in -12..12 {
                let point = p(1_190_000_123 + 10_007 * x, 336_000_321 + 10_007 * y);
                if !far(point) { continue }
                let (before, after) = (having(&drawn, point), having(&grounds, point));
                match before.len() {
                    0 | 1 => prop_assert_eq!(after, before),
                    _ => {
                        prop_assert_eq!(after.len(), 1);
                        prop_assert!(before.contains(&after[0]));
                        if rule == OverlapRule::FirstCode {
                            prop_assert_eq!(after[0], before[0]);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_came_of_repairs_is_the_same_each_time() {
    let (parent, mut drawn) = coverage(7, 8);
    for at in 0..40 {
        spoil(&mut drawn, &(at, Damage::Moved(at * 7, 30, -20)));
    }
    let first = mend(&drawn, Some(&parent), &ALL.map(plain)).unwrap();
    let kinds: BTreeMap<RepairKind, usize> =
        first
            .mendings
            .iter()
            .fold(BTreeMap::new(), |mut kinds, it| {
                *kinds.entry(it.kind).or_default() += 1;
                kinds
            });
    assert!(kinds.contains_key(&RepairKind::Snap), "{kinds:?}");
    for _ in 0..3 {
        assert_eq!(mend(&drawn, Some(&parent), &ALL.map(plain)).unwrap(), first);
    }
}
