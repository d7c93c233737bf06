//! Verdicts and repairs beside what GEOS says of the same polygons, by way of shapely 2.1 or
//! later, and tiles as mapbox-vector-tile and pmtiles read them and GEOS measures them. Without
//! these packages the tests say so and pass, unless `CI` or `WANGGE_REQUIRE_POSTGRES` is set.
//! `WANGGE_GEOS_PYTHON` names a Python that has them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that panics is a test that fails"
)]

mod oracle;
mod tiles;

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;
use wangge::domain::draft::defect::{DefectKind, Verdict};
use wangge::domain::draft::repair::{OverlapRule, Repair, RepairKind, Repaired};
use wangge::domain::draft::{DraftArea, Plot};
use wangge::domain::{AreaId, CodeScheme, Level, LngLat, Outline, Shape};
use wangge::geometry::edit::insert_vertices;
use wangge::geometry::repair::{RepairError, repair};
use wangge::geometry::tessellation::{Patch, Portion, Stroke, Vertex, subdivide};
use wangge::geometry::{area_m2, judge, validity};

use oracle::{Case, Geos, Opinion};

/// How many coverages are damaged and mended.
const COVERAGES: u64 = 600;

/// Kinds of defects by which a drawn polygon is not valid.
const INVALID: [DefectKind; 8] = [
    DefectKind::SelfIntersection,
    DefectKind::SelfTouch,
    DefectKind::Spike,
    DefectKind::CrossingRings,
    DefectKind::HoleOutside,
    DefectKind::NestedHoles,
    DefectKind::OverlappingParts,
    DefectKind::GroundCut,
];

/// Repairs in an order that leaves a coverage, whatever was drawn.
const REPAIRS: [RepairKind; 7] = [
    RepairKind::DropDuplicates,
    RepairKind::DropSpikes,
    RepairKind::MakeValid,
    RepairKind::Snap,
    RepairKind::SettleOverlaps,
    RepairKind::ClipToParent,
    RepairKind::FillGaps,
];

#[test]
fn geos_agrees_on_what_is_bad_and_finds_a_coverage_after_repair() {
    let Some(mut geos) = Geos::start() else {
        return;
    };
    let (mut invalid, mut unmatched, mut mended) = (0, 0, 0);
    for seed in 0..COVERAGES {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (parent, mut drawn) = coverage(&mut rng);
        for _ in 0..rng.random_range(0..6) {
            damage(&mut drawn, &mut rng);
        }
        let verdict = verdict_of(&drawn);
        let (repaired, whole) = match mend(&drawn, &parent) {
            Ok(mended) => mended,
            // Somebody has no ground of their own; that is for people to settle.
            Err(RepairError::Vanishes { .. }) => continue,
            Err(error) => panic!("coverage {seed}: {error}"),
        };
        let opinion = geos.ask(&Case {
            drawn: drawn.iter().map(wkt).collect(),
            repaired: repaired.iter().map(wkt).collect(),
            parent: wkt(&whole),
        });
        let context = format!("coverage {seed}");
        invalid += check_validity(&verdict, &opinion, &context);
        unmatched += check_coverage(&verdict, &drawn, &opinion, &context);
        mended += usize::from(repaired != drawn);
        assert!(
            opinion.covers,
            "{context}: GEOS finds no coverage after repair"
        );
        assert!(opinion.differs < 1e-3, "{context}: {}", opinion.differs);
        // Where children meet on its edges it got vertices, to the nearest lattice point: half
        // a centimetre times the length of an edge is some square metres at most.
        let moved_m2 = area_m2(&whole.to_shape().unwrap()) - area_m2(&parent);
        assert!(
            moved_m2.abs() < 5.0,
            "{context}: the parent changed by {moved_m2} m²"
        );
    }
    // The damage was worth asking about.
    assert!(
        invalid > 100 && unmatched > 300 && mended > 300,
        "{invalid} invalid, {unmatched} unmatched, {mended} mended"
    );
    eprintln!(
        "GEOS agrees on {COVERAGES} coverages: {invalid} invalid polygons, {unmatched} unmatched, {mended} mended"
    );
}

/// Returns how many polygons are not valid.
fn check_validity(verdict: &Verdict, opinion: &Opinion, context: &str) -> usize {
    let bad = codes_with(verdict, &INVALID);
    let theirs = opinion.valid.iter().enumerate();
    let theirs: BTreeSet<String> = theirs
        .filter(|(_, valid)| !**valid)
        .map(|(place, _)| code(place))
        .collect();
    assert_eq!(bad, theirs, "{context}: not valid here, and by GEOS");
    bad.len()
}

/// Whoever GEOS names has an overlap or a border that is not matched, and of the areas that
/// overlap GEOS names one at least. Returns how many it names.
fn check_coverage(verdict: &Verdict, drawn: &[Outline], opinion: &Opinion, context: &str) -> usize {
    let Some(unmatched) = &opinion.unmatched else {
        return 0;
    };
    let named: BTreeSet<String> = (0..drawn.len())
        .filter(|&place| unmatched[place])
        .map(code)
        .collect();
    let ours = codes_with(
        verdict,
        &[
            DefectKind::Overlap,
            DefectKind::Sliver,
            DefectKind::Gap,
            DefectKind::UnmatchedBorder,
        ],
    );
    for code in &named {
        assert!(ours.contains(code), "{context}: GEOS alone names {code}");
    }
    for defect in &verdict.defects {
        if defect.kind == DefectKind::Overlap {
            let found = defect.codes.iter().any(|code| named.contains(code));
            assert!(
                found,
                "{context}: GEOS knows of no overlap of {:?}",
                defect.codes
            );
        }
    }
    named.len()
}

fn codes_with(verdict: &Verdict, kinds: &[DefectKind]) -> BTreeSet<String> {
    let defects = verdict.defects.iter();
    let found = defects.filter(|defect| kinds.contains(&defect.kind));
    found.flat_map(|defect| defect.codes.clone()).collect()
}

fn code(place: usize) -> String {
    format!("320812001001{place:03}")
}

fn id(place: usize) -> AreaId {
    AreaId(Uuid::from_u128(place as u128 + 1))
}

fn verdict_of(drawn: &[Outline]) -> Verdict {
    let areas: Vec<DraftArea> = (0..)
        .zip(drawn)
        .map(|(place, outline)| DraftArea {
            id: id(place),
            code: code(place),
            name: format!("第{place}网格"),
            level: Some(Level::Grid),
            parent: None,
            kind: None,
            outline: Some(Arc::new(outline.clone())),
            generated: true,
            lineage: Vec::new(),
            feature: None,
        })
        .collect();
    let lengths = [2, 4, 6, 9, 12, 15, 18];
    let scheme = CodeScheme {
        code: "cn-statistical".into(),
        name_zh: String::new(),
        name_en: String::new(),
        levels: Level::ALL.iter().copied().zip(lengths).collect(),
        prefix: true,
    };
    let plots: Vec<Plot<'_>> = areas.iter().map(Plot::drafted).collect();
    judge(&plots, &scheme, &[])
}

/// The children and their parent after all repairs.
fn mend(drawn: &[Outline], parent: &Shape) -> Result<(Vec<Outline>, Outline), RepairError> {
    let codes: Vec<String> = (0..drawn.len()).map(code).collect();
    let plots: Vec<_> = drawn
        .iter()
        .enumerate()
        .map(|(place, ground)| (id(place), codes[place].as_str(), ground))
        .collect();
    let repairs = REPAIRS.map(|kind| Repair {
        kind,
        areas: Vec::new(),
        tolerance_m: None,
        max_m2: None,
        rule: OverlapRule::default(),
    });
    let Repaired {
        outlines, inserted, ..
    } = repair(&plots, Some(parent), |_| None, &repairs)?;
    let mut mended = drawn.to_vec();
    for (changed, outline) in outlines {
        let place = (0..drawn.len())
            .find(|&place| id(place) == changed)
            .unwrap();
        mended[place] = outline;
    }
    let parent = Outline::from(parent);
    let whole = insert_vertices(&parent, &inserted).unwrap_or(parent);
    Ok((mended, whole))
}

/// A ground of a kilometre or two, and cells with wandering borders that tile it.
fn coverage(rng: &mut ChaCha8Rng) -> (Shape, Vec<Outline>) {
    let corner = |corner: u32, rng: &mut ChaCha8Rng| {
        let angle = f64::from(corner) / 24.0 * std::f64::consts::TAU;
        let radius = f64::from(rng.random_range(80_000..120_000));
        #[expect(clippy::cast_possible_truncation, reason = "below 120,000")]
        let [x, y] = [radius * angle.cos(), radius * angle.sin()].map(|way| way as i32);
        Vertex {
            x: 1_190_000_000 + x,
            y: 336_000_000 + y,
        }
    };
    let ground = [Patch {
        outer: (0..24).map(|number| corner(number, rng)).collect(),
        holes: Vec::new(),
    }];
    let portion = Portion {
        weight: 1.0,
        central: false,
        leaves: 1,
    };
    let stroke = Stroke {
        spacing: 0.08,
        roughness: (0.05, 0.25),
    };
    let cells = rng.random_range(2..14);
    let cells = subdivide(&ground, &vec![portion; cells], stroke, rng).unwrap();
    let parent = outline(&ground).to_shape().unwrap();
    validity::check(&parent).unwrap();
    (parent, cells.iter().map(|cell| outline(cell)).collect())
}

fn outline(patches: &[Patch]) -> Outline {
    let ring = |ring: &Vec<Vertex>| {
        let closed = ring.iter().chain(ring.first());
        closed
            .map(|at| LngLat::from_e7(at.x, at.y).unwrap())
            .collect()
    };
    let polygons = patches
        .iter()
        .map(|patch| patch.rings().map(ring).collect());
    Outline {
        polygons: polygons.collect(),
    }
}

/// Plants something at a random place: from centimetres to a hundred metres.
fn damage(drawn: &mut [Outline], rng: &mut ChaCha8Rng) {
    let place = rng.random_range(0..drawn.len());
    let ring = &mut drawn[place].polygons[0][0];
    ring.pop();
    let at = rng.random_range(0..ring.len());
    let reach = [5, 40, 400, 9_000][rng.random_range(0..4)];
    let (x, y) = (
        rng.random_range(-reach..=reach),
        rng.random_range(-reach..=reach),
    );
    let moved = |point: LngLat| LngLat::from_e7(point.lon_e7() + x, point.lat_e7() + y).unwrap();
    match rng.random_range(0..7) {
        0 | 1 => ring[at] = moved(ring[at]),
        2 if ring.len() > 8 => {
            ring.remove(at);
        }
        3 => ring.iter_mut().for_each(|point| *point = moved(*point)),
        4 => {
            let point = ring[at];
            ring.splice(at..at, [point, moved(point)]);
        }
        5 => {
            let next = (at + 1) % ring.len();
            ring.swap(at, next);
        }
        _ => ring.insert(at, ring[at]),
    }
    ring.push(ring[0]);
}

/// In lattice steps, which GEOS's numbers hold exactly.
fn wkt(outline: &Outline) -> String {
    let point = |point: &LngLat| format!("{} {}", point.lon_e7(), point.lat_e7());
    let ring = |ring: &Vec<LngLat>| {
        let points: Vec<String> = ring.iter().map(point).collect();
        format!("({})", points.join(","))
    };
    let polygon = |rings: &Vec<Vec<LngLat>>| {
        let rings: Vec<String> = rings.iter().map(ring).collect();
        format!("({})", rings.join(","))
    };
    let polygons: Vec<String> = outline.polygons.iter().map(polygon).collect();
    match polygons.as_slice() {
        [one] => format!("POLYGON {one}"),
        several => format!("MULTIPOLYGON ({})", several.join(",")),
    }
}
