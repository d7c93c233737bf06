//! Whole verdicts on generated coverages with something planted in them.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use geo::{Area as _, BooleanOps, Contains};
use proptest::prelude::*;
use proptest::sample::Index;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::domain::draft::DraftArea;
use crate::domain::draft::defect::DefectKind;
use crate::domain::shape::{edges, side};
use crate::domain::{AreaId, Level, Location, Outline};
use crate::geometry::tessellation::{Patch, Portion, Stroke, Vertex, subdivide};
use crate::geometry::validity;

fn scheme() -> CodeScheme {
    let lengths = [2, 4, 6, 9, 12, 15, 18];
    CodeScheme {
        code: "cn-statistical".into(),
        name_zh: String::new(),
        name_en: String::new(),
        levels: Level::ALL.iter().copied().zip(lengths).collect(),
        prefix: true,
    }
}

/// A county of seven townships of seven communities each, drawn with wandering borders.
static COUNTY: LazyLock<Vec<DraftArea>> = LazyLock::new(|| {
    let side = |from: (i32, i32), to: (i32, i32)| {
        (0..64).map(move |i| {
            let along = |a: i32, b: i32| a + (b - a) / 64 * i;
            Vertex {
                x: 1_190_000_000 + along(from.0, to.0),
                y: 336_000_000 + along(from.1, to.1),
            }
        })
    };
    let (east, north) = (1_280_000, 960_000);
    let corners = [(0, 0), (east, 0), (east, north), (0, north), (0, 0)];
    let outer = corners.windows(2).flat_map(|ends| side(ends[0], ends[1]));
    let ground = vec![Patch {
        outer: outer.collect(),
        holes: Vec::new(),
    }];
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut areas = Vec::new();
    divide("320812", Level::County, None, &ground, &mut rng, &mut areas);
    areas
});

fn divide(
    code: &str,
    level: Level,
    parent: Option<&str>,
    ground: &[Patch],
    rng: &mut ChaCha8Rng,
    areas: &mut Vec<DraftArea>,
) {
    let number = areas.len();
    areas.push(DraftArea {
        id: AreaId(uuid::Uuid::from_u128(number as u128)),
        code: code.to_owned(),
        name: format!("第{number}区"),
        level: Some(level),
        parent: parent.map(str::to_owned),
        kind: None,
        outline: Some(Arc::new(outline_of(ground))),
        generated: true,
        lineage: Vec::new(),
        feature: None,
    });
    let (below, leaves) = match level {
        Level::County => (Level::Township, 7),
        Level::Township => (Level::Community, 1),
        _ => return,
    };
    let portion = Portion {
        weight: 1.0,
        central: false,
        leaves,
    };
    let stroke = Stroke {
        spacing: 0.1,
        roughness: (0.05, 0.2),
    };
    let cells = subdivide(ground, &[portion; 7], stroke, rng).unwrap();
    for (cell, number) in cells.iter().zip(1..) {
        divide(
            &format!("{code}{number:03}"),
            below,
            Some(code),
            cell,
            rng,
            areas,
        );
    }
}

fn outline_of(ground: &[Patch]) -> Outline {
    let ring = |vertices: &Vec<Vertex>| {
        let closed = vertices.iter().chain(vertices.first());
        closed
            .map(|at| LngLat::from_e7(at.x, at.y).unwrap())
            .collect()
    };
    let polygons = ground.iter().map(|patch| patch.rings().map(ring).collect());
    Outline {
        polygons: polygons.collect(),
    }
}

fn judge_areas(areas: &[DraftArea], before: &[Area]) -> Verdict {
    let plots: Vec<Plot<'_>> = areas.iter().map(Plot::drafted).collect();
    judge(&plots, &scheme(), before)
}

/// What is told but for the levels, of which there are three.
fn told(verdict: &Verdict) -> BTreeSet<(DefectKind, Vec<String>)> {
    let defects = verdict.defects.iter();
    let told = defects.map(|defect| (defect.kind, defect.codes.clone()));
    told.filter(|(kind, _)| *kind != DefectKind::MixedLevels)
        .collect()
}

#[test]
fn a_coverage_without_defects_is_proved() {
    let verdict = judge_areas(&COUNTY, &[]);
    assert_eq!(told(&verdict), BTreeSet::new());
    assert_eq!(verdict.judged, 57);
    assert_eq!(verdict.coverage.len(), 9);
    for covered in &verdict.coverage {
        assert!(covered.exact, "{covered:?}");
        assert_eq!(
            (covered.gap_m2, covered.overlap_m2, covered.outside_m2),
            (0.0, 0.0, 0.0)
        );
    }
    // The top has no parent; then each parent with what it is.
    let parents: Vec<_> = verdict
        .coverage
        .iter()
        .map(|covered| (covered.code.as_str(), covered.children))
        .collect();
    assert_eq!(parents[..3], [("", 1), ("320812", 7), ("320812001", 7)]);
    let county = verdict.coverage[1].parent_m2;
    let townships: f64 = verdict.coverage[2..]
        .iter()
        .map(|covered| covered.parent_m2)
        .sum();
    assert!((county - townships).abs() < 0.1, "{county} {townships}");
    assert_eq!(verdict.coverage[1].name, "第0区");
}

#[test]
fn only_what_is_touched_is_judged() {
    let areas: Vec<Area> = COUNTY.iter().map(publish).collect();
    let mut edited = DraftArea::of(&areas[2]);
    assert_eq!(edited.code, "320812001001");
    edited.outline = None;
    let mut plots: Vec<Plot<'_>> = areas.iter().map(Plot::standing).collect();
    assert_eq!(judge(&plots, &scheme(), &areas), Verdict::default());
    plots[2] = Plot::drafted(&edited);
    let verdict = judge(&plots, &scheme(), &areas);
    let expected = [
        (DefectKind::Empty, vec!["320812001001".to_owned()]),
        (DefectKind::Gap, vec![]),
    ];
    let told = verdict
        .defects
        .iter()
        .map(|defect| defect.kind)
        .collect::<Vec<_>>();
    assert_eq!(told, expected.map(|(kind, _)| kind));
    assert_eq!((verdict.judged, verdict.coverage.len()), (7, 1));
    // Its ground, exactly: the size and the place.
    let gap = &verdict.defects[1];
    let ground = areas[2].area_m2.unwrap();
    assert!((gap.size_m2.unwrap() / ground - 1.0).abs() < 1e-6);
    assert!((verdict.coverage[0].gap_m2 / ground - 1.0).abs() < 1e-6);
}

fn publish(draft: &DraftArea) -> Area {
    let shape = draft.outline.as_ref().unwrap().to_shape().unwrap();
    Area {
        id: draft.id,
        code: draft.code.parse().unwrap(),
        name: draft.name.clone(),
        level: draft.level.unwrap(),
        parent: draft.parent.as_ref().map(|code| code.parse().unwrap()),
        kind: None,
        area_m2: Some(crate::geometry::area_m2(&shape)),
        shape: Some(Arc::new(shape)),
        label: None,
        generated: true,
    }
}

/// What can be planted in a community.
#[derive(Debug, Clone, Copy)]
enum Plant {
    /// An edge bent inwards, or outwards.
    Dent {
        inwards: bool,
        thin: bool,
    },
    /// A vertex more on one side of a border.
    Vertex,
    Repetition,
    Spike,
    Unclosed,
    MissingCode,
    MissingLevel,
    MissingName,
    GarbledName,
    SharedCode,
    SharedName,
    /// Ground that changes hands with a sibling.
    Swap,
    /// All ground but a speck becomes a new area's.
    Shrunk,
    /// A speck within a sibling.
    Speck,
    /// A part far outside.
    Far,
    Gone,
}

fn plants() -> impl Strategy<Value = Plant> {
    let dent = (any::<bool>(), any::<bool>());
    prop_oneof![
        6 => dent.prop_map(|(inwards, thin)| Plant::Dent { inwards, thin }),
        6 => prop::sample::select(vec![
            Plant::Vertex, Plant::Repetition, Plant::Spike, Plant::Unclosed, Plant::MissingCode,
            Plant::MissingLevel, Plant::MissingName, Plant::GarbledName, Plant::SharedCode,
            Plant::SharedName, Plant::Swap, Plant::Shrunk, Plant::Speck, Plant::Far, Plant::Gone,
        ]),
    ]
}

fn ring(area: &DraftArea) -> &[LngLat] {
    &area.outline.as_ref().unwrap().polygons[0][0]
}

fn ring_mut(area: &mut DraftArea) -> &mut Vec<LngLat> {
    &mut Arc::make_mut(area.outline.as_mut().unwrap()).polygons[0][0]
}

fn in_steps(ring: &[LngLat]) -> geo::Polygon {
    let coords = ring.iter().map(|at| geo::Coord {
        x: f64::from(at.lon_e7() - 1_190_000_000),
        y: f64::from(at.lat_e7() - 336_000_000),
    });
    geo::Polygon::new(coords.collect(), vec![])
}

fn meets_any(areas: &[DraftArea], edge: (LngLat, LngLat)) -> bool {
    let crosses = |(a, b): (LngLat, LngLat), (c, d): (LngLat, LngLat)| {
        side(a, b, c).signum() * side(a, b, d).signum() <= 0
            && side(c, d, a).signum() * side(c, d, b).signum() <= 0
    };
    let own = |(a, b): (LngLat, LngLat)| a == edge.0 || b == edge.0 || a == edge.1 || b == edge.1;
    let all = areas.iter().flat_map(|area| edges(ring(area)));
    all.filter(|(a, b)| a != b)
        .filter(|&other| !own(other))
        .any(|other| crosses(edge, other))
}

/// What is expected: kinds with codes, and the ground that is concerned, in square steps.
type Expected = (BTreeSet<(DefectKind, Vec<String>)>, Option<f64>);

/// Plants something in a community. `None` where there is no room for it.
fn plant(areas: &mut Vec<DraftArea>, plant: Plant, which: Index, at: Index) -> Option<Expected> {
    let communities: Vec<usize> = (0..areas.len())
        .filter(|&index| areas[index].level == Some(Level::Community))
        .collect();
    let own = communities[which.index(communities.len())];
    let code = areas[own].code.clone();
    let parent = areas[own].parent.clone().unwrap();
    let sibling = *communities
        .iter()
        .find(|&&other| other != own && areas[other].parent.as_ref() == Some(&parent))?;
    let points = ring(&areas[own]).to_vec();
    let place = at.index(points.len() - 1);
    let (from, to) = (points[place], points[place + 1]);
    let is = |kind: DefectKind| {
        let all = [(kind, vec![code.clone()])];
        Some((BTreeSet::from(all), None))
    };
    match plant {
        Plant::Dent { inwards, thin } => dent(areas, own, place, inwards, thin),
        Plant::Vertex => {
            let middle = LngLat::from_e7(
                from.lon_e7().midpoint(to.lon_e7()),
                from.lat_e7().midpoint(to.lat_e7()),
            )
            .ok()?;
            let mut owners: Vec<String> = areas
                .iter()
                .filter(|area| area.parent.as_ref() == Some(&parent))
                .filter(|area| {
                    edges(ring(area)).any(|edge| edge == (from, to) || edge == (to, from))
                })
                .map(|area| area.code.clone())
                .collect();
            if owners.len() < 2 {
                owners.push(parent);
            }
            ring_mut(&mut areas[own]).insert(place + 1, middle);
            Some((
                BTreeSet::from([(DefectKind::UnmatchedBorder, owners)]),
                None,
            ))
        }
        Plant::Repetition => {
            ring_mut(&mut areas[own]).insert(place, from);
            is(DefectKind::DuplicateVertex)
        }
        Plant::Spike => {
            let tip = LngLat::from_e7(from.lon_e7() + 3_000, from.lat_e7() + 1_000).ok()?;
            let ring = ring_mut(&mut areas[own]);
            if place == 0 {
                return None;
            }
            ring.splice(place..place, [from, tip]);
            // Along an edge it would be another spike.
            let neighbours = [points[place - 1], to];
            if neighbours.iter().any(|&next| side(from, tip, next) == 0)
                || meets_any(areas, (from, tip))
            {
                return None;
            }
            is(DefectKind::Spike)
        }
        Plant::Unclosed => {
            ring_mut(&mut areas[own]).pop();
            is(DefectKind::Unclosed)
        }
        Plant::MissingCode => {
            areas[own].code.clear();
            Some((
                BTreeSet::from([(DefectKind::MissingCode, vec![String::new()])]),
                None,
            ))
        }
        Plant::MissingLevel => {
            areas[own].level = None;
            is(DefectKind::MissingLevel)
        }
        Plant::MissingName => {
            areas[own].name = " ".to_owned();
            is(DefectKind::MissingName)
        }
        Plant::GarbledName => {
            areas[own].name = "锟斤拷".to_owned();
            is(DefectKind::GarbledName)
        }
        Plant::SharedCode => {
            areas[own].code = areas[sibling].code.clone();
            let codes = vec![areas[sibling].code.clone(); 2];
            Some((BTreeSet::from([(DefectKind::DuplicateCode, codes)]), None))
        }
        Plant::SharedName => {
            areas[own].name = areas[sibling].name.clone();
            let mut codes = vec![code, areas[sibling].code.clone()];
            codes.sort();
            Some((BTreeSet::from([(DefectKind::DuplicateName, codes)]), None))
        }
        Plant::Swap => {
            let outline = areas[own].outline.clone();
            areas[own].outline = areas[sibling].outline.clone();
            areas[sibling].outline = outline;
            let all = [code, areas[sibling].code.clone()]
                .map(|code| (DefectKind::LargeChange, vec![code]));
            Some((BTreeSet::from(all), None))
        }
        Plant::Shrunk => {
            let speck = speck(&areas[own], 300)?;
            let mut rest = areas[own].clone();
            Arc::make_mut(rest.outline.as_mut()?).polygons[0].push(speck.clone());
            rest.code = format!("{parent}099");
            rest.id = AreaId(uuid::Uuid::from_u128(999));
            rest.name = "新区".to_owned();
            areas.push(rest);
            areas[own].outline = Some(Arc::new(Outline {
                polygons: vec![vec![speck]],
            }));
            let all = [DefectKind::SuspiciouslySmall, DefectKind::LargeChange]
                .map(|kind| (kind, vec![code.clone()]));
            Some((BTreeSet::from(all), None))
        }
        Plant::Speck => {
            let speck = speck(&areas[sibling], 50)?;
            Arc::make_mut(areas[sibling].outline.as_mut()?).polygons[0].push(speck.clone());
            Arc::make_mut(areas[own].outline.as_mut()?)
                .polygons
                .push(vec![speck]);
            is(DefectKind::TinyPart)
        }
        Plant::Far => {
            let p = |x: i32, y: i32| LngLat::from_e7(1_250_000_000 + x, 336_000_000 + y).ok();
            let part = [p(0, 0)?, p(9_000, 0)?, p(0, 9_000)?, p(0, 0)?];
            Arc::make_mut(areas[own].outline.as_mut()?)
                .polygons
                .push(vec![part.to_vec()]);
            let all = [DefectKind::FarFlungPart, DefectKind::OutsideParent]
                .map(|kind| (kind, vec![code.clone()]));
            Some((BTreeSet::from(all), Some(9_000.0 * 9_000.0 / 2.0)))
        }
        Plant::Gone => {
            let ground = in_steps(ring(&areas[own])).unsigned_area();
            areas.remove(own);
            Some((BTreeSet::new(), Some(ground)))
        }
    }
}

/// A small square inside an area.
fn speck(area: &DraftArea, size: i32) -> Option<Vec<LngLat>> {
    let shape = area.outline.as_ref()?.to_shape().ok()?;
    let middle = place_within(crate::domain::draft::Ground::Standing(&shape))?;
    let p = |x: i32, y: i32| LngLat::from_e7(middle.lon_e7() + x, middle.lat_e7() + y).ok();
    let ring = vec![p(0, 0)?, p(size, 0)?, p(size, size)?, p(0, size)?, p(0, 0)?];
    let is_inside = ring.iter().all(|&at| shape.locate(at) == Location::Inside);
    (is_inside && shape.polygons().len() == 1).then_some(ring)
}

/// Moves the middle of an edge of a community to one side.
fn dent(
    areas: &mut [DraftArea],
    own: usize,
    place: usize,
    inwards: bool,
    thin: bool,
) -> Option<Expected> {
    let points = ring(&areas[own]).to_vec();
    let (from, to) = (points[place], points[place + 1]);
    let code = areas[own].code.clone();
    let parent = areas[own].parent.clone()?;
    let (dx, dy) = (
        f64::from(to.lon_e7() - from.lon_e7()),
        f64::from(to.lat_e7() - from.lat_e7()),
    );
    // Rings run counter-clockwise: their ground is on the left.
    let length = dx.hypot(dy);
    let depth = if thin { 60.0 } else { 0.3 * length };
    let sign = if inwards { 1.0 } else { -1.0 };
    #[expect(clippy::cast_possible_truncation, reason = "a part of an edge")]
    let offset = |along: f64, across: f64| (along / 2.0 + sign * across * depth / length) as i32;
    let apex = LngLat::from_e7(
        from.lon_e7() + offset(dx, -dy),
        from.lat_e7() + offset(dy, dx),
    )
    .ok()?;
    if meets_any(areas, (from, apex)) || meets_any(areas, (apex, to)) {
        return None;
    }
    let triangle = in_steps(&[from, apex, to, from]);
    let before = in_steps(&points);
    ring_mut(&mut areas[own]).insert(place + 1, apex);
    let after = in_steps(ring(&areas[own]));
    let shape = areas[own].outline.as_ref()?.to_shape().ok()?;
    if validity::check(&shape).is_err() || length < 900.0 {
        return None;
    }
    let has_edge = |area: &&DraftArea| edges(ring(area)).any(|edge| edge == (to, from));
    let neighbour = areas
        .iter()
        .find(|area| area.parent.as_ref() == Some(&parent) && has_edge(area));
    // What another library says has changed.
    let difference = if inwards {
        before.difference(&after)
    } else {
        after.difference(&before)
    };
    assert!((difference.unsigned_area() - triangle.unsigned_area()).abs() < 1.0);
    let mut codes = vec![code];
    codes.extend(neighbour.map(|area| area.code.clone()));
    codes.sort();
    let kind = match (inwards, neighbour) {
        (false, None) => DefectKind::OutsideParent,
        _ if thin => DefectKind::Sliver,
        (true, _) => DefectKind::Gap,
        (false, Some(_)) => DefectKind::Overlap,
    };
    if !inwards && neighbour.is_some_and(|area| !in_steps(ring(area)).contains(&triangle)) {
        return None;
    }
    if kind == DefectKind::Gap || kind == DefectKind::Sliver && inwards {
        // The longest border first, which is that with the bent edge.
        codes.sort_by_key(|code| *code != areas[own].code);
    }
    Some((
        BTreeSet::from([(kind, codes)]),
        Some(difference.unsigned_area()),
    ))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_planted_is_found_and_nothing_else(kind in plants(), which: Index, at: Index) {
        let before: Vec<Area> = COUNTY.iter().map(publish).collect();
        let mut areas = COUNTY.clone();
        let Some((mut expected, ground)) = plant(&mut areas, kind, which, at) else {
            return Err(TestCaseError::reject("no room"));
        };
        let verdict = judge_areas(&areas, &before);
        let told = told(&verdict);
        if matches!(kind, Plant::Gone) {
            // Who is around is not asked here.
            expected.extend(told.iter().filter(|(kind, _)| *kind == DefectKind::Gap).cloned());
            prop_assert_eq!(expected.len(), 1);
        }
        prop_assert_eq!(&told, &expected, "{:?} {:#?}", kind, verdict.defects);
        for defect in &verdict.defects {
            prop_assert_eq!(defect.areas.len(), defect.codes.len());
            if defect.kind != DefectKind::MixedLevels {
                prop_assert!(defect.place != Place::Nowhere, "{:?}", defect);
            }
        }
        if let Some(steps) = ground {
            let sizes = [DefectKind::Gap, DefectKind::Overlap, DefectKind::Sliver, DefectKind::OutsideParent];
            let size_m2: f64 = verdict.defects.iter()
                .filter(|defect| sizes.contains(&defect.kind))
                .filter_map(|defect| defect.size_m2)
                .sum();
            // The plane at the middle of the county, where a step is so many metres.
            let step_m2 = crate::geometry::measure::lattice_area_m2(2_000_000, 33.648) / 1e6;
            let expected_m2 = steps * step_m2;
            prop_assert!((size_m2 / expected_m2 - 1.0).abs() < 0.001, "{size_m2} {expected_m2}");
            let covered: f64 = verdict.coverage.iter()
                .map(|covered| covered.gap_m2 + covered.overlap_m2 + covered.outside_m2)
                .sum();
            prop_assert!((size_m2 - covered).abs() < 1e-6, "{size_m2} {covered}");
        }
        // All parents but the one concerned are proved.
        let exact = verdict.coverage.iter().filter(|covered| covered.exact).count();
        prop_assert!(exact + 1 >= verdict.coverage.len(), "{:?}", verdict.coverage);
        // The same input gives the same verdict.
        prop_assert_eq!(judge_areas(&areas, &before), verdict);
    }
}
