use std::sync::{Arc, LazyLock};

use encoding_rs::UTF_8;
use geo::{BooleanOps, BoundingRect, Coord, Rect};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::codec::boundaries::{BoundaryFormat, ReadOptions, read};
use crate::codec::encoding::{EncodingSource, TextEncoding};
use crate::codec::feature::{Faults, Feature, FeatureFault, RawFeature, RawPolygons};
use crate::codec::source::TextReading;
use crate::domain::code::CodeSchemes;
use crate::domain::{Area, AreaId, Edition, EditionId, Level, LngLat, Outline, Ring, Shape};
use crate::geometry::convert::{from_multi_polygon, to_multi_polygon};

pub(in crate::codec) fn national_scheme() -> CodeScheme {
    let file = include_str!("../../../data/code-schemes.json");
    let schemes: CodeSchemes = serde_json::from_str(file).unwrap();
    schemes.schemes.into_iter().next().unwrap()
}

/// Every way in which a county of Jiangsu may be written: degrees, shifted degrees, metres
/// of the web and of zones of both widths, with and without their numbers.
pub(super) const SYSTEMS: [&str; 8] = [
    "wgs84",
    "gcj02",
    "bd09",
    "EPSG:3857",
    "EPSG:4528",
    "EPSG:4549",
    "EPSG:4498",
    "EPSG:4509",
];

fn placements() -> impl Iterator<Item = Placement> {
    let swapped = SYSTEMS.map(|system| format!("{system}+swapped"));
    let words = SYSTEMS.map(str::to_owned).into_iter().chain(swapped);
    words.map(|word| word.parse().unwrap())
}

/// An area with a code, as drawn.
pub(in crate::codec) type Drawn = (String, Shape);

pub(in crate::codec) static COUNTIES: LazyLock<Vec<Drawn>> = LazyLock::new(|| {
    let file = include_bytes!("../../../data/demonstration/jiangsu-counties.geojson");
    let file = read(&file[..], "counties", &ReadOptions::default()).unwrap();
    let features = file.features.into_iter();
    let read = |feature: Feature| {
        let code = feature.properties["code"].as_str().unwrap().to_owned();
        (code, feature.geometry)
    };
    features.map(read).collect()
});

pub(super) static TERRITORY: LazyLock<Atlas> = LazyLock::new(|| build_atlas(&COUNTIES));

fn build_atlas(counties: &[Drawn]) -> Atlas {
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let edition = Edition {
        id: EditionId(1),
        title: "test".to_owned(),
        notice: None,
        effective_from: at,
        published_at: at,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    };
    let areas = counties.iter().map(|(code, shape)| Area {
        id: AreaId(uuid::Uuid::nil()),
        code: code.parse().unwrap(),
        name: code.clone(),
        level: Level::County,
        parent: None,
        kind: None,
        shape: Some(Arc::new(shape.clone())),
        label: None,
        area_m2: None,
        generated: false,
    });
    Atlas::build(edition, areas.collect()).unwrap()
}

/// The pieces that a lattice of so many by so many cells cuts a county into.
fn cut_county(code: &str, cells: u32) -> Vec<Drawn> {
    let (_, shape) = COUNTIES.iter().find(|county| county.0 == code).unwrap();
    let county = to_multi_polygon(shape);
    let bounds = county.bounding_rect().unwrap();
    let (width, height) = (
        bounds.width() / f64::from(cells),
        bounds.height() / f64::from(cells),
    );
    let mut pieces = Vec::new();
    for row in 0..cells {
        for column in 0..cells {
            let corner = Coord {
                x: bounds.min().x + f64::from(column) * width,
                y: bounds.min().y + f64::from(row) * height,
            };
            let cell = Rect::new(
                corner,
                Coord {
                    x: corner.x + width,
                    y: corner.y + height,
                },
            );
            let piece = county.intersection(&cell.to_polygon());
            if let Ok(shape) = from_multi_polygon(&piece) {
                pieces.push((format!("{code}{:03}", pieces.len() + 1), shape));
            }
        }
    }
    pieces
}

/// A file of these areas in a coordinate system.
fn write(areas: &[Drawn], placement: Placement, declared: DeclaredCrs) -> SourceLayer {
    write_moved(areas, placement, declared, |_, place| place)
}

/// The same, with each vertex moved: its number in the file is given.
fn write_moved(
    areas: &[Drawn],
    placement: Placement,
    declared: DeclaredCrs,
    mut moved: impl FnMut(usize, LngLat) -> LngLat,
) -> SourceLayer {
    let mut vertex = 0;
    let features = areas.iter().enumerate().map(|(index, (code, shape))| {
        let outline = Outline::from(shape);
        let rings = |rings: Vec<Vec<LngLat>>| {
            rings
                .into_iter()
                .map(|ring| {
                    let points = ring.into_iter().map(|place| {
                        vertex += 1;
                        placement.from_wgs84(moved(vertex, place)).unwrap()
                    });
                    points.collect()
                })
                .collect()
        };
        let polygons: RawPolygons = outline.polygons.into_iter().map(rings).collect();
        let Value::Object(properties) = json!({"code": code}) else {
            unreachable!()
        };
        RawFeature {
            index: index + 1,
            polygons: Ok(polygons),
            properties,
        }
    });
    SourceLayer {
        name: "layer".to_owned(),
        format: BoundaryFormat::GeoJson,
        declared_crs: declared,
        text: TextReading {
            encoding: TextEncoding {
                encoding: UTF_8,
                source: EncodingSource::Format,
            },
            candidates: Vec::new(),
            unreadable: Faults::default(),
        },
        columns: vec!["code".to_owned()],
        features: features.collect(),
    }
}

fn investigate(layer: &SourceLayer, name: &str, atlas: &Atlas) -> CrsProposal {
    let mapping = FieldMapping {
        code: Some("code".to_owned()),
        ..FieldMapping::default()
    };
    propose(layer, name, &mapping, &national_scheme(), atlas)
}

/// True when both place everything alike.
fn same(a: Placement, b: Placement) -> bool {
    project_alike(a, b)
}

fn assert_decided(proposal: &CrsProposal, truth: Placement) {
    let decided = proposal.decision();
    assert!(
        decided.is_some_and(|decided| same(decided, truth)),
        "{truth} {proposal:#?}"
    );
}

fn assert_asked(proposal: &CrsProposal, best: Placement) {
    assert_eq!(proposal.decision(), None, "{proposal:#?}");
    assert!(!proposal.remarks.is_empty());
    assert!(
        same(proposal.candidates[0].placement, best),
        "{best} {proposal:#?}"
    );
}

fn known(system: &str) -> DeclaredCrs {
    DeclaredCrs::Known(system.parse().unwrap())
}

#[test]
fn counties_that_stand_say_how_they_are_written() {
    for truth in placements() {
        for declared in [DeclaredCrs::None, DeclaredCrs::Known(truth.crs)] {
            let layer = write(&COUNTIES, truth, declared.clone());
            let proposal = investigate(&layer, "counties.zip", &TERRITORY);
            assert_decided(&proposal, truth);
            let best = &proposal.candidates[0];
            assert!(best.inside_share.unwrap() > 0.999 && best.border_fit_m.unwrap() < 0.1);
            assert!(
                proposal.candidates.len() <= 3,
                "those that lie elsewhere are not told"
            );
        }
    }
}

#[test]
fn a_single_county_is_enough() {
    for county in COUNTIES.iter().step_by(6) {
        for truth in placements() {
            let layer = write(std::slice::from_ref(county), truth, DeclaredCrs::None);
            assert_decided(&investigate(&layer, "county.zip", &TERRITORY), truth);
        }
    }
}

#[test]
fn new_areas_are_known_by_the_border_of_their_parent() {
    for (code, cells) in [("320812", 6), ("320812", 30), ("320102", 12), ("320981", 9)] {
        let pieces = cut_county(code, cells);
        for truth in placements() {
            let layer = write(&pieces, truth, DeclaredCrs::None);
            let proposal = investigate(&layer, "grids.zip", &TERRITORY);
            assert_decided(&proposal, truth);
        }
    }
}

#[test]
fn a_declaration_that_the_ground_contradicts_is_not_believed() {
    let pieces = cut_county("320812", 8);
    for areas in [&COUNTIES[..], &pieces] {
        for (truth, declared) in [
            ("gcj02", "wgs84"),
            ("bd09", "wgs84"),
            ("wgs84", "gcj02"),
            ("EPSG:4528", "EPSG:4527"),
            ("EPSG:4549", "EPSG:4548"),
            ("EPSG:4549", "wgs84"),
            ("EPSG:3857", "wgs84"),
        ] {
            let truth = truth.parse().unwrap();
            let layer = write(areas, truth, known(declared));
            let proposal = investigate(&layer, "areas.zip", &TERRITORY);
            assert_asked(&proposal, truth);
            assert!(proposal.remarks[0].contains(&format!("declares {declared}")));
        }
    }
}

#[test]
fn without_a_territory_only_the_numbers_the_codes_and_the_words_tell() {
    let empty = Atlas::empty();
    for truth in placements() {
        let layer = write(&COUNTIES, truth, DeclaredCrs::None);
        let proposal = investigate(&layer, "counties.zip", &empty);
        match truth.crs {
            // Nothing tells these apart.
            Crs::Wgs84 | Crs::Gcj02 | Crs::Bd09 => {
                let first = Placement {
                    crs: Crs::Wgs84,
                    ..truth
                };
                assert_asked(&proposal, first);
            }
            _ => assert_decided(&proposal, truth),
        }
        let layer = write(&COUNTIES, truth, DeclaredCrs::Known(truth.crs));
        assert_decided(&investigate(&layer, "counties.zip", &empty), truth);
        let layer = write(&COUNTIES, truth, DeclaredCrs::None);
        let named = format!("counties_{}.zip", truth.crs);
        assert_decided(&investigate(&layer, &named, &empty), truth);
    }
}

#[test]
fn a_name_against_a_declaration_is_asked() {
    let layer = write(&COUNTIES, Crs::Gcj02.into(), known("EPSG:4490"));
    let proposal = investigate(&layer, "counties_gcj02.zip", &Atlas::empty());
    assert_asked(&proposal, Crs::Wgs84.into());
    // Where the ground tells, the name does not count.
    let layer = write(&COUNTIES, Crs::Wgs84.into(), known("EPSG:4490"));
    let proposal = investigate(&layer, "counties_gcj02.zip", &TERRITORY);
    assert_decided(&proposal, Crs::Wgs84.into());
}

/// Where the ground does not tell, the answer is never wrong: a single zone's metres
/// without codes, or grids in the middle of a county.
#[test]
fn what_cannot_be_told_is_asked() {
    let pieces = cut_county("320812", 30);
    let (_, county) = COUNTIES.iter().find(|county| county.0 == "320812").unwrap();
    let middle: Vec<Drawn> = pieces
        .into_iter()
        .filter(|(_, piece)| {
            let corners = [piece.bounds().min, piece.bounds().max];
            let deep = |&corner: &LngLat| {
                county.covers(corner)
                    && crate::geometry::measure::border_distance_m(corner, county) > 4_000.0
            };
            corners.iter().all(deep)
        })
        .collect();
    assert!(middle.len() > 20);
    for truth in ["wgs84", "gcj02", "bd09"] {
        let truth: Placement = truth.parse().unwrap();
        let layer = write(&middle, truth, DeclaredCrs::None);
        assert_asked(
            &investigate(&layer, "grids.zip", &TERRITORY),
            Crs::Wgs84.into(),
        );
        let layer = write(&middle, truth, DeclaredCrs::Known(truth.crs));
        assert_decided(&investigate(&layer, "grids.zip", &TERRITORY), truth);
    }
    let truth: Placement = "EPSG:4549".parse().unwrap();
    let mut layer = write(&middle, truth, DeclaredCrs::None);
    assert_decided(&investigate(&layer, "grids.zip", &TERRITORY), truth);
    for feature in &mut layer.features {
        feature.properties = Map::new();
    }
    assert_decided(&investigate(&layer, "grids.zip", &TERRITORY), truth);
    let proposal = investigate(&layer, "grids.zip", &Atlas::empty());
    assert_eq!(proposal.decision(), None);
    assert!(
        proposal
            .remarks
            .iter()
            .any(|remark| remark.contains("more coordinate systems"))
    );
}

#[test]
fn strays_and_broken_features_do_not_mislead() {
    let pieces = cut_county("320812", 12);
    for areas in [&COUNTIES[..], &pieces] {
        for truth in ["gcj02", "EPSG:4549"] {
            let truth: Placement = truth.parse().unwrap();
            let mut layer = write(areas, truth, DeclaredCrs::None);
            let ring = |x: f64, y: f64| vec![[x, y], [x + 0.1, y], [x, y + 0.1], [x, y]];
            for (at, polygons) in [
                (3, Err(FeatureFault::NoGeometry)),
                (5, Ok(vec![])),
                (8, Ok(vec![vec![vec![], vec![[f64::NAN, 1.0]]]])),
                (13, Ok(vec![vec![ring(0.0, 0.0)]])),
                (21, Ok(vec![vec![ring(f64::INFINITY, 1e300)]])),
                (34, Ok(vec![vec![ring(-1e12, 5e11)]])),
            ] {
                layer.features[at].polygons = polygons;
            }
            assert_decided(&investigate(&layer, "areas.zip", &TERRITORY), truth);
        }
    }
    // And of nothing, nothing is said.
    let mut layer = write(&COUNTIES[..1], Crs::Wgs84.into(), DeclaredCrs::None);
    layer.features[0].polygons = Err(FeatureFault::NoGeometry);
    let proposal = investigate(&layer, "areas.zip", &TERRITORY);
    assert_eq!((proposal.candidates, proposal.decided), (vec![], None));
}

/// Moves a place by up to so many metres, the same place always alike, so that neighbours
/// stay neighbours.
fn jitter(place: LngLat, most_m: f64) -> LngLat {
    let mix = |salt: u64| {
        let bits = (u64::from(place.lon_e7().unsigned_abs()) << 32
            | u64::from(place.lat_e7().unsigned_abs()))
            ^ salt;
        let bits = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = (bits ^ (bits >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        f64::from((bits >> 40) as u32) / f64::from(1_u32 << 24)
    };
    place.destination(360.0 * mix(1), most_m * mix(2))
}

#[test]
fn borders_drawn_anew_are_still_the_same_borders() {
    let pieces = cut_county("320812", 12);
    for (areas, most_m) in [
        (&COUNTIES[..], 20.0),
        (&pieces, 20.0),
        (&COUNTIES, 60.0),
        (&pieces, 60.0),
    ] {
        for truth in ["wgs84", "gcj02", "bd09", "EPSG:4528"] {
            let truth: Placement = truth.parse().unwrap();
            let moved = |_, place| jitter(place, most_m);
            let layer = write_moved(areas, truth, DeclaredCrs::None, moved);
            assert_decided(&investigate(&layer, "areas.zip", &TERRITORY), truth);
            // And no other declaration is believed.
            if truth.crs != Crs::Wgs84 {
                let layer = write_moved(areas, truth, known("wgs84"), moved);
                assert_asked(&investigate(&layer, "areas.zip", &TERRITORY), truth);
            }
        }
    }
}

#[test]
fn a_system_that_is_not_known_here_is_not_taken_for_its_neighbour() {
    let truth: Placement = "EPSG:4528".parse().unwrap();
    let pieces = cut_county("320812", 12);
    for areas in [&COUNTIES[..], &pieces] {
        // About as Xian 1980 lies.
        let moved = |_, place: LngLat| place.destination(100.0, 110.0);
        let layer = write_moved(areas, truth, DeclaredCrs::None, moved);
        assert_asked(&investigate(&layer, "areas.zip", &TERRITORY), truth);
        let layer = write_moved(
            areas,
            truth,
            DeclaredCrs::Unknown {
                text: "Xian_1980_3_Degree_GK_Zone_40".to_owned(),
                why: "it is no coordinate system known here".to_owned(),
            },
            moved,
        );
        let proposal = investigate(&layer, "areas.zip", &TERRITORY);
        assert_asked(&proposal, truth);
        assert!(proposal.remarks[0].contains("Xian_1980"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Any part of a county, drawn as exactly or coarsely as you like, perhaps a strip
    /// narrower than its parent all around.
    #[test]
    fn the_decision_is_never_wrong(
        county in 0..95_usize,
        cells in 3..14_u32,
        (from, to) in (0..1_000_usize, 0..1_000_usize),
        most_m in prop::sample::select(vec![0.0, 5.0, 30.0, 80.0, 200.0]),
        strip_m in prop::sample::select(vec![0.0, 0.0, 100.0, 300.0, 500.0]),
        truth in prop::sample::select(vec!["wgs84", "gcj02", "bd09"]),
        declares in any::<bool>(),
    ) {
        let truth: Placement = truth.parse().unwrap();
        let (code, shape) = &COUNTIES[county];
        let pieces: Vec<Drawn> = cut_county(code, cells);
        let (from, to) = if from < to { (from, to) } else { (to, from) };
        let at = |thousandths: usize| thousandths * pieces.len() / 1_000;
        let pieces: Vec<Drawn> = pieces[at(from)..pieces.len().min(at(to) + 1)]
            .iter()
            .filter(|(_, piece)| {
                strip_m == 0.0 || piece.rings().flat_map(Ring::points).all(|&point| {
                    shape.covers(point) && crate::geometry::measure::border_distance_m(point, shape) >= strip_m
                })
            })
            .cloned()
            .collect();
        let declared = if declares { DeclaredCrs::Known(truth.crs) } else { DeclaredCrs::None };
        let layer = write_moved(&pieces, truth, declared, |_, place| jitter(place, most_m));
        let decision = investigate(&layer, "areas.zip", &TERRITORY).decision();
        prop_assert!(decision.is_none_or(|decision| decision == truth), "{decision:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Some counties as they stand, drawn anew more or less exactly, with the right word,
    /// a wrong one or none.
    #[test]
    fn of_areas_that_stand_the_decision_is_never_wrong(
        (from, count) in (0..95_usize, 1..30_usize),
        most_m in prop::sample::select(vec![0.0, 1.0, 10.0, 30.0]),
        truth in prop::sample::select(vec!["wgs84", "gcj02", "bd09"]),
        declares in prop::option::of(prop::sample::select(vec!["wgs84", "gcj02", "bd09"])),
    ) {
        let truth: Placement = truth.parse().unwrap();
        let declared = declares.map_or(DeclaredCrs::None, known);
        let areas = &COUNTIES[from..COUNTIES.len().min(from + count)];
        let layer = write_moved(areas, truth, declared, |_, place| jitter(place, most_m));
        let decision = investigate(&layer, "areas.zip", &TERRITORY).decision();
        let honest = declares.is_none_or(|declares| truth.crs == declares.parse().unwrap());
        prop_assert_eq!(decision, honest.then_some(truth));
    }
}
