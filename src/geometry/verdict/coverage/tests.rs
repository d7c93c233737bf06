use proptest::prelude::*;

use super::*;
use crate::domain::AreaId;
use crate::domain::draft::kinship::{Before, Kinship};
use crate::domain::shape::locate;
use crate::domain::{LngLat, Location};
use crate::geometry::verdict::{put_in_order, survey};

type Points<'a> = &'a [(i32, i32)];

/// A lattice of about ten metres, so that what is rounded to a centimetre is not seen.
const STEP: i32 = 1000;
const ORIGIN: (i32, i32) = (1_190_000_000, 336_000_000);

fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(ORIGIN.0 + x, ORIGIN.1 + y).unwrap()
}

fn ring(points: Points<'_>) -> Vec<LngLat> {
    let points = points.iter().chain(points.first());
    points.map(|&(x, y)| p(x * STEP, y * STEP)).collect()
}

fn outline(rings: &[Points<'_>]) -> Outline {
    Outline {
        polygons: rings.iter().map(|points| vec![ring(points)]).collect(),
    }
}

const CODES: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

fn plot<'a>(code: &'a str, parent: Option<&'a str>, outline: &'a Outline) -> Plot<'a> {
    let level = if code == "P" {
        Level::Community
    } else {
        Level::Grid
    };
    Plot {
        id: AreaId(uuid::Uuid::from_u128(code.bytes().next().unwrap().into())),
        code,
        name: "",
        level: Some(level),
        parent,
        ground: Ground::Drawn(outline),
        touched: true,
    }
}

/// The coverage and the defects between children, the first of which has the code A; of the
/// parent P if there is one.
fn judge(parent: Option<&Outline>, children: &[Outline]) -> (Coverage, Vec<Defect>) {
    let mut plots: Vec<Plot<'_>> = parent
        .map(|outline| plot("P", None, outline))
        .into_iter()
        .collect();
    let codes = CODES.iter().zip(children);
    plots.extend(codes.map(|(code, outline)| plot(code, parent.map(|_| "P"), outline)));
    judge_plots(&plots)
}

/// The last group's.
fn judge_plots(plots: &[Plot<'_>]) -> (Coverage, Vec<Defect>) {
    let kinship = Kinship::new(plots, &Before::default());
    let surveys = survey(&kinship);
    let groups = kinship.groups.iter();
    let group = groups
        .max_by_key(|group| plots[group.children[0]].level)
        .unwrap();
    let (coverage, mut defects) = judge_group(group, plots, &surveys);
    put_in_order(&mut defects);
    (coverage.unwrap(), defects)
}

fn kinds(defects: &[Defect]) -> Vec<(DefectKind, String)> {
    let kinds = defects
        .iter()
        .map(|defect| (defect.kind, defect.codes.join("")));
    kinds.collect()
}

fn check(parent: Points<'_>, children: &[Points<'_>], expected: &[(DefectKind, &str)]) {
    let children: Vec<Outline> = children.iter().map(|child| outline(&[child])).collect();
    let (coverage, defects) = judge(Some(&outline(&[parent])), &children);
    let expected: Vec<_> = expected
        .iter()
        .map(|&(kind, codes)| (kind, codes.to_owned()))
        .collect();
    assert_eq!(kinds(&defects), expected, "{defects:#?}");
    assert_eq!(coverage.exact, expected.is_empty());
}

const SQUARE: Points<'_> = &[(0, 0), (10, 0), (10, 10), (0, 10)];

#[test]
fn children_whose_borders_pair_edge_by_edge_cover_their_parent() {
    // Whichever way rings run.
    check(
        &[(0, 0), (4, 0), (10, 0), (10, 10), (0, 10)],
        &[
            &[(0, 0), (4, 0), (4, 4), (0, 10)],
            &[(4, 0), (4, 4), (10, 10), (10, 0)],
            &[(10, 10), (0, 10), (4, 4)],
        ],
        &[],
    );
}

#[test]
fn ground_that_nobody_has_is_a_gap() {
    let left: Points<'_> = &[(0, 0), (4, 0), (4, 10), (0, 10)];
    let right: Points<'_> = &[(6, 0), (10, 0), (10, 10), (6, 10)];
    check(SQUARE, &[left, right], &[(DefectKind::Gap, "AB")]);
    // Those who have more of its border are named first.
    let low: Points<'_> = &[(4, 0), (6, 0), (6, 6), (4, 6)];
    let square: Points<'_> = &[(0, 0), (4, 0), (6, 0), (10, 0), (10, 10), (0, 10)];
    check(square, &[low, left, right], &[(DefectKind::Gap, "BCA")]);
    check(
        SQUARE,
        &[&[(0, 0), (10, 0), (10, 10)]],
        &[(DefectKind::Gap, "A")],
    );
}

#[test]
fn ground_that_several_have_is_an_overlap() {
    let left: Points<'_> = &[(0, 0), (6, 0), (6, 10), (0, 10)];
    let right: Points<'_> = &[(4, 0), (10, 0), (10, 10), (4, 10)];
    check(SQUARE, &[left, right], &[(DefectKind::Overlap, "AB")]);
    check(
        SQUARE,
        &[left, right, &[(5, 2), (7, 2), (7, 4), (5, 4)]],
        &[
            (DefectKind::Overlap, "AB"),
            (DefectKind::Overlap, "ABC"),
            (DefectKind::Overlap, "BC"),
        ],
    );
    // The same twice: no edge between them is loose.
    let low: Points<'_> = &[(0, 0), (10, 0), (10, 5), (0, 5)];
    let high: Points<'_> = &[(0, 5), (10, 5), (10, 10), (0, 10)];
    check(
        &[(0, 0), (10, 0), (10, 5), (10, 10), (0, 10), (0, 5)],
        &[low, high, low, high],
        &[(DefectKind::Overlap, "AC"), (DefectKind::Overlap, "BD")],
    );
}

#[test]
fn an_area_that_lies_within_others_is_found_though_no_edge_of_it_is_loose() {
    // C and D tile what A has as well, and their common border pairs.
    let parts: [Points<'_>; 4] = [
        &[(0, 0), (5, 0), (5, 5), (0, 5)],
        &[(5, 0), (10, 0), (10, 5), (5, 5)],
        &[(10, 5), (10, 10), (5, 10), (5, 5)],
        &[(5, 10), (0, 10), (0, 5), (5, 5)],
    ];
    let frame: Points<'_> = &[
        (0, 0),
        (5, 0),
        (10, 0),
        (10, 5),
        (10, 10),
        (5, 10),
        (0, 10),
        (0, 5),
    ];
    let mut children = vec![frame];
    children.extend(parts);
    check(
        frame,
        &children,
        &[
            (DefectKind::Overlap, "AB"),
            (DefectKind::Overlap, "AC"),
            (DefectKind::Overlap, "AD"),
            (DefectKind::Overlap, "AE"),
        ],
    );
}

#[test]
fn ground_beyond_the_parent_is_outside() {
    let wide: Points<'_> = &[(0, 0), (12, 0), (12, 10), (0, 10)];
    check(SQUARE, &[wide], &[(DefectKind::OutsideParent, "A")]);
    let away: Points<'_> = &[(20, 0), (22, 0), (22, 2)];
    check(SQUARE, &[SQUARE, away], &[(DefectKind::OutsideParent, "B")]);
    // Two of them at once.
    check(
        SQUARE,
        &[wide, &[(10, 0), (12, 0), (12, 10), (10, 10)]],
        &[
            (DefectKind::Overlap, "AB"),
            (DefectKind::OutsideParent, "AB"),
        ],
    );
}

#[test]
fn what_is_narrower_than_a_metre_is_a_sliver() {
    let square = outline(&[SQUARE]);
    for (shift, expected) in [
        (-50, vec![(DefectKind::Sliver, "AB".to_owned())]),
        (50, vec![(DefectKind::Sliver, "AB".to_owned())]),
        (-150, vec![(DefectKind::Gap, "AB".to_owned())]),
        (150, vec![(DefectKind::Overlap, "AB".to_owned())]),
    ] {
        let left = [
            (0, 0),
            (5 * STEP + shift, 0),
            (5 * STEP + shift, 10 * STEP),
            (0, 10 * STEP),
            (0, 0),
        ];
        let left = Outline {
            polygons: vec![vec![left.map(|(x, y)| p(x, y)).to_vec()]],
        };
        let right = outline(&[&[(5, 0), (10, 0), (10, 10), (5, 10)]]);
        let (coverage, defects) = judge(Some(&square), &[left, right]);
        assert_eq!(kinds(&defects), expected, "{defects:#?}");
        let found_m2 = coverage.gap_m2 + coverage.overlap_m2;
        let expected_m2 = f64::from(shift.abs()) * 0.00929 * 111.0;
        assert!(
            (found_m2 / expected_m2 - 1.0).abs() < 0.01,
            "{found_m2} {expected_m2}"
        );
    }
}

#[test]
fn borders_with_other_vertices_on_each_side_are_unmatched() {
    let left: Points<'_> = &[(0, 0), (5, 0), (5, 4), (5, 7), (5, 10), (0, 10)];
    let right: Points<'_> = &[(5, 0), (10, 0), (10, 10), (5, 10), (5, 2)];
    check(
        &[(0, 0), (5, 0), (10, 0), (10, 10), (5, 10), (0, 10)],
        &[left, right],
        &[(DefectKind::UnmatchedBorder, "AB")],
    );
    // Where two children meet on an edge of the parent.
    let right: Points<'_> = &[(5, 0), (10, 0), (10, 10), (5, 10), (5, 7), (5, 4)];
    check(
        &[(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)],
        &[left, right],
        &[(DefectKind::UnmatchedBorder, "ABP")],
    );
}

#[test]
fn a_vertex_a_step_beside_the_border_is_a_matter_of_drawing() {
    let square = outline(&[SQUARE]);
    let seam = |x| {
        let draw = |points: &[(i32, i32)]| {
            let points = points.iter().chain(&points[..1]);
            Outline {
                polygons: vec![vec![points.map(|&(x, y)| p(x, y)).collect()]],
            }
        };
        let (half, side) = (5 * STEP, 10 * STEP);
        let left = draw(&[(0, 0), (half, 0), (half + x, 3333), (half, side), (0, side)]);
        let right = draw(&[(half, 0), (side, 0), (side, side), (half, side)]);
        judge(Some(&square), &[left, right])
    };
    for x in [-1, 0, 1] {
        let (coverage, defects) = seam(x);
        let (kind, codes) = kinds(&defects).swap_remove(0);
        assert_eq!(
            (kind, codes.as_str()),
            (DefectKind::UnmatchedBorder, "AB"),
            "{defects:#?}"
        );
        assert!(!coverage.exact);
        // One centimetre times half the border.
        let sizes = [coverage.overlap_m2, coverage.gap_m2];
        let expected = [f64::from(x.max(0)), f64::from((-x).max(0))].map(|x| x * 0.5158);
        for (size, expected) in sizes.into_iter().zip(expected) {
            assert!((size - expected).abs() < 0.005, "{sizes:?} {expected:?}");
        }
    }
}

#[test]
fn microgrids_may_leave_gaps_but_not_overlap_or_stray() {
    let grid = outline(&[SQUARE]);
    let grounds = [
        outline(&[&[(0, 0), (3, 0), (3, 3), (0, 3)]]),
        outline(&[&[(2, 0), (5, 0), (5, 3), (2, 3)]]),
        outline(&[&[(9, 8), (12, 8), (12, 9), (9, 9)]]),
    ];
    let mut plots = vec![Plot {
        level: Some(Level::Grid),
        ..plot("P", None, &grid)
    }];
    for (code, ground) in CODES.iter().zip(&grounds) {
        plots.push(Plot {
            level: Some(Level::Microgrid),
            ..plot(code, Some("P"), ground)
        });
    }
    let (coverage, defects) = judge_plots(&plots);
    let expected = [
        (DefectKind::Overlap, "AB".to_owned()),
        (DefectKind::OutsideParent, "C".to_owned()),
    ];
    assert_eq!(kinds(&defects), expected);
    // 84 of 100 parts.
    assert!((coverage.gap_m2 / coverage.parent_m2 - 0.84).abs() < 1e-4);
    assert!((coverage.share() - 0.16).abs() < 1e-4);
}

#[test]
fn without_a_parent_there_are_overlaps_and_holes_between() {
    let ring: [Points<'_>; 4] = [
        &[(0, 0), (6, 0), (6, 4), (0, 4)],
        &[(6, 0), (10, 0), (10, 6), (6, 6), (6, 4)],
        &[(10, 6), (10, 10), (4, 10), (4, 6), (6, 6)],
        &[(4, 10), (0, 10), (0, 4), (4, 4), (4, 6)],
    ];
    let mut grounds: Vec<Outline> = ring.iter().map(|points| outline(&[points])).collect();
    let (coverage, defects) = judge(None, &grounds);
    assert_eq!(
        kinds(&defects)[0],
        (DefectKind::Gap, "BDAC".to_owned()),
        "{defects:#?}"
    );
    assert_eq!(
        (coverage.parent, coverage.share().to_bits()),
        (None, 1.0_f64.to_bits())
    );
    let hole_m2 = defects[0].size_m2.unwrap();
    // 4 parts of 100 are the hole.
    assert!(
        (coverage.covered_m2 / hole_m2 - 24.0).abs() < 0.01,
        "{coverage:?}"
    );

    // Filled, and one more beside.
    grounds.push(outline(&[&[(4, 4), (6, 4), (6, 6), (4, 6)]]));
    grounds.push(outline(&[&[(20, 0), (30, 0), (30, 10), (20, 10)]]));
    grounds[0].polygons[0][0].insert(2, p(6 * STEP, 2 * STEP));
    grounds[1].polygons[0][0].insert(5, p(6 * STEP, 2 * STEP));
    let (coverage, defects) = judge(None, &grounds);
    assert_eq!(kinds(&defects).len(), 1, "{defects:#?}");
    assert_eq!(defects[0].kind, DefectKind::UnmatchedBorder);
    assert!(
        (coverage.covered_m2 / hole_m2 - 50.0).abs() < 0.02,
        "{coverage:?}"
    );

    // Overlapping ground is covered once.
    let grounds = [
        outline(&[SQUARE]),
        outline(&[&[(5, 0), (15, 0), (15, 10), (5, 10)]]),
        outline(&[&[(20, 0), (30, 0), (30, 10), (20, 10)]]),
    ];
    let (coverage, defects) = judge(None, &grounds);
    assert_eq!(kinds(&defects), [(DefectKind::Overlap, "AB".to_owned())]);
    assert!(
        (coverage.covered_m2 / hole_m2 - 62.5).abs() < 0.02,
        "{coverage:?}"
    );
    assert!(
        (coverage.overlap_m2 / hole_m2 - 12.5).abs() < 0.01,
        "{coverage:?}"
    );
}

#[test]
fn grounds_apart_are_proved_without_a_parent() {
    let grounds = [
        outline(&[SQUARE]),
        outline(&[&[(10, 0), (15, 0), (15, 10), (10, 10)]]),
        outline(&[&[(20, 0), (30, 0), (30, 10), (20, 10)]]),
    ];
    let (coverage, defects) = judge(None, &grounds);
    assert_eq!(kinds(&defects), []);
    assert!(coverage.exact);
}

#[test]
fn ground_of_an_invalid_child_is_what_an_odd_number_of_its_rings_encloses() {
    // A ring with its hole drawn as part of it, touching itself; the hole is B's.
    let touching: Points<'_> = &[
        (0, 0),
        (10, 0),
        (10, 10),
        (0, 10),
        (0, 0),
        (3, 1),
        (3, 3),
        (1, 3),
    ];
    let hole: Points<'_> = &[(0, 0), (3, 1), (3, 3), (1, 3)];
    let children = [touching, hole].map(|points| outline(&[points]));
    let (coverage, defects) = judge(Some(&outline(&[SQUARE])), &children);
    assert_eq!(kinds(&defects), []);
    assert!(!coverage.exact && coverage.gap_m2 == 0.0 && coverage.overlap_m2 == 0.0);
    // Its neighbours need not be near loose edges: the ring around another's ground.
    let bow: Points<'_> = &[(0, 0), (10, 0), (0, 10), (10, 10)];
    let (_, defects) = judge(
        Some(&outline(&[SQUARE])),
        &[outline(&[SQUARE]), outline(&[bow])],
    );
    assert_eq!(
        kinds(&defects),
        [
            (DefectKind::Overlap, "AB".to_owned()),
            (DefectKind::Overlap, "AB".to_owned())
        ]
    );
    // A parent that crosses itself.
    let (coverage, defects) = judge(Some(&outline(&[bow])), &[outline(&[SQUARE])]);
    assert_eq!(
        kinds(&defects),
        [
            (DefectKind::OutsideParent, "A".to_owned()),
            (DefectKind::OutsideParent, "A".to_owned())
        ]
    );
    assert!((coverage.parent_m2 / coverage.outside_m2 - 1.0).abs() < 1e-4);
}

/// Rings that often are simple, and often are not; on so few places that they share many.
fn grounds() -> impl Strategy<Value = Outline> {
    let place = || (0..9_i32, 0..9_i32);
    let ring = (
        prop::collection::vec(place(), 3..7),
        prop::bool::weighted(0.7),
    )
        .prop_map(|(mut points, sorted)| {
            if sorted {
                let (x, y) = points[0];
                points[1..].sort_by(|a, b| {
                    let angle = |p: &(i32, i32)| f64::from(p.1 - y).atan2(f64::from(p.0 - x));
                    angle(a).total_cmp(&angle(b))
                });
            }
            ring(&points)
        });
    prop::collection::vec(ring, 1..3).prop_map(|rings| Outline {
        polygons: rings.into_iter().map(|ring| vec![ring]).collect(),
    })
}

/// A sliver is a gap or an overlap as well.
fn is_of(defect: &Defect, kind: DefectKind) -> bool {
    let sliver = match kind {
        DefectKind::Gap => "A gap",
        DefectKind::Overlap => "An overlap",
        _ => return defect.kind == kind,
    };
    defect.kind == kind || defect.kind == DefectKind::Sliver && defect.detail.starts_with(sliver)
}

/// Whether an odd number of rings goes around a point.
fn has(outline: &Outline, at: LngLat) -> bool {
    let around = outline
        .rings()
        .filter(|ring| locate(ring, at) == Location::Inside);
    around.count() % 2 == 1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Any grounds, valid or not, over each other in any way: for places all over, what is
    /// told of them is what counting says.
    #[test]
    fn every_place_is_told_of_as_it_is(
        parent in prop::option::of(grounds()),
        children in prop::collection::vec(grounds(), 1..6),
        places in prop::collection::vec((0..9 * STEP, 0..9 * STEP), 60),
    ) {
        let usable = |outline: &Outline| {
            let mut rings = outline.rings();
            rings.any(|ring| !crate::geometry::validity::trim(ring).points.is_empty())
        };
        let parent = parent.filter(usable);
        let children: Vec<Outline> = children.into_iter().filter(usable).collect();
        prop_assume!(!children.is_empty());
        let (coverage, defects) = judge(parent.as_ref(), &children);
        for (x, y) in places {
            // Not where borders are rounded.
            let at = p(x, y);
            let near = |outline: &Outline| outline.rings().flat_map(|ring| ring.windows(2)).any(|ends| {
                (-3..=3).any(|dx| (-3..=3).any(|dy| {
                    crate::domain::shape::pass_east(ends[0], ends[1], p(x + dx, y + dy)).is_none()
                }))
            });
            if parent.iter().chain(&children).any(near) {
                continue;
            }
            let owners: String = CODES.iter().zip(&children)
                .filter(|(_, child)| has(child, at))
                .map(|(code, _)| *code)
                .collect();
            let told = |kind: DefectKind| -> Vec<String> {
                defects.iter().filter(|defect| match &defect.place {
                    Place::Ground(outline) => is_of(defect, kind) && has(outline, at),
                    _ => false,
                }).map(|defect| defect.codes.join("")).collect()
            };
            let shared = told(DefectKind::Overlap);
            prop_assert_eq!(shared, if owners.len() > 1 { vec![owners.clone()] } else { vec![] });
            if let Some(parent) = &parent {
                let inside = has(parent, at);
                prop_assert_eq!(told(DefectKind::Gap).len(), usize::from(inside && owners.is_empty()), "{:?}", at);
                let strays = !inside && !owners.is_empty();
                prop_assert_eq!(told(DefectKind::OutsideParent), if strays { vec![owners] } else { vec![] });
            } else {
                prop_assert!(told(DefectKind::Gap).is_empty() || owners.is_empty());
            }
        }
        // The figures are those of the places.
        let sum = |kind: DefectKind| -> f64 {
            defects.iter().filter(|defect| is_of(defect, kind)).filter_map(|defect| defect.size_m2).sum()
        };
        for (figure, kind) in [
            (coverage.gap_m2, DefectKind::Gap),
            (coverage.overlap_m2, DefectKind::Overlap),
            (coverage.outside_m2, DefectKind::OutsideParent),
        ] {
            // But for what is thinner than a step.
            prop_assert!((figure - sum(kind)).abs() <= 10.0, "{kind} {figure} {}", sum(kind));
        }
    }
}
