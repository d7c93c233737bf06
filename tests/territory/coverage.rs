//! The demonstration territory is exact: every parent is covered by its children, in integers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use wangge::domain::{GridKind, Level};
use wangge::geometry::tessellation::lattice::{
    Contact, Patch, Side, Vertex, contact, doubled_area, edges, locate, patches_of,
};
use wangge::geometry::tessellation::meander::squeeze_at;
use wangge::geometry::tessellation::subdivide::compactness;
use wangge::service::demonstration::sources;
use wangge::service::demonstration::territory::{
    TerritoryArea, TerritoryError, TerritoryOptions, generate,
};

fn options(code: &str, grids: usize, seed: u64) -> TerritoryOptions {
    TerritoryOptions {
        code: code.to_owned(),
        grids,
        seed,
    }
}

fn make(options: &TerritoryOptions) -> Vec<TerritoryArea> {
    let (counties, divisions) = sources().unwrap();
    generate(&counties, &divisions, options, |_, _| {}).unwrap()
}

static HUAIAN: LazyLock<Vec<TerritoryArea>> = LazyLock::new(|| make(&options("3208", 8000, 1)));

fn by_code(areas: &[TerritoryArea]) -> HashMap<&str, &TerritoryArea> {
    areas
        .iter()
        .map(|area| (area.code.as_str(), area))
        .collect()
}

fn patches(area: &TerritoryArea) -> Vec<Patch> {
    area.shape.as_ref().map(patches_of).unwrap_or_default()
}

/// The directed edges of shapes, those run in both directions cancelled. Panics when an edge is
/// run twice in one direction, for then two shapes overlap.
fn border<'a>(areas: impl IntoIterator<Item = &'a TerritoryArea>) -> HashSet<(Vertex, Vertex)> {
    let mut all = HashSet::new();
    for area in areas {
        for patch in patches(area) {
            for edge in patch.rings().flat_map(|ring| edges(ring)) {
                assert!(
                    all.insert(edge),
                    "{} runs an edge twice: {edge:?}",
                    area.code
                );
            }
        }
    }
    all.iter()
        .filter(|(a, b)| !all.contains(&(*b, *a)))
        .copied()
        .collect()
}

fn children(areas: &[TerritoryArea]) -> BTreeMap<&str, Vec<&TerritoryArea>> {
    let mut below: BTreeMap<&str, Vec<&TerritoryArea>> = BTreeMap::new();
    for area in areas.iter().filter(|area| area.shape.is_some()) {
        if let Some(parent) = &area.parent {
            below.entry(parent).or_default().push(area);
        }
    }
    below
}

fn check_coverage(areas: &[TerritoryArea]) {
    let index = by_code(areas);
    let parents: HashSet<&str> = areas
        .iter()
        .filter_map(|area| area.parent.as_deref())
        .collect();
    let mut checked = 0;
    for (parent, below) in children(areas) {
        let parent = index[parent];
        if parent.shape.is_none() {
            continue;
        }
        assert_eq!(
            border(below.iter().copied()),
            border([parent]),
            "{}",
            parent.code
        );
        let area =
            |area: &TerritoryArea| patches(area).iter().map(Patch::doubled_area).sum::<i128>();
        assert_eq!(
            below.iter().map(|child| area(child)).sum::<i128>(),
            area(parent),
            "{}",
            parent.code
        );
        checked += 1;
    }
    assert!(checked > 0);
    for area in areas
        .iter()
        .filter(|area| area.shape.is_some() && area.level < Level::Grid)
    {
        assert!(
            parents.contains(area.code.as_str()),
            "{} is not divided",
            area.code
        );
    }
}

/// Every pair of segments of one area's rings, by a sweep over longitude: neighbours on a ring
/// share their end, no others touch.
fn check_simple(area: &TerritoryArea) {
    for patch in patches(area) {
        assert!(doubled_area(&patch.outer) > 0);
        assert!(patch.holes.iter().all(|hole| doubled_area(hole) < 0));
        let mut vertices = HashSet::new();
        assert!(patch.rings().all(|ring| ring.len() >= 3));
        assert!(
            patch
                .rings()
                .flatten()
                .all(|vertex| vertices.insert(*vertex)),
            "{}",
            area.code
        );
        let mut segments: Vec<(Vertex, Vertex)> =
            patch.rings().flat_map(|ring| edges(ring)).collect();
        segments.sort_by_key(|(a, b)| a.x.min(b.x));
        for (place, one) in segments.iter().enumerate() {
            let east = one.0.x.max(one.1.x);
            for other in segments[place + 1..]
                .iter()
                .take_while(|(a, b)| a.x.min(b.x) <= east)
            {
                let touch = contact(*one, *other);
                let next = one.1 == other.0 || other.1 == one.0;
                assert!(
                    touch == Contact::Apart || next && touch != Contact::Crossing,
                    "{}: {one:?} meets {other:?}",
                    area.code
                );
            }
        }
        for hole in &patch.holes {
            assert!(
                hole.iter()
                    .all(|vertex| locate(&patch.outer, *vertex) == Side::Inside)
            );
        }
    }
}

#[test]
fn children_cover_their_parent_exactly() {
    check_coverage(&HUAIAN);
}

#[test]
fn every_ring_is_simple() {
    HUAIAN.iter().for_each(check_simple);
}

#[test]
fn islands_and_holes_are_covered_too() {
    // Lianyungang has a county of seven pieces, Suzhou one with a hole and one of three pieces.
    for (code, grids) in [("3207", 9000), ("3205", 12000)] {
        let areas = make(&options(code, grids, 7));
        check_coverage(&areas);
        areas.iter().for_each(check_simple);
        assert!(areas.iter().any(|area| {
            area.level == Level::County
                && (patches(area).len() > 1 || patches(area).iter().any(|p| !p.holes.is_empty()))
        }));
    }
}

#[test]
fn neighbouring_cities_share_their_border() {
    let areas = make(&options("32", 22_000, 3));
    check_coverage(&areas);
    assert_eq!(
        areas
            .iter()
            .filter(|area| area.level == Level::Grid)
            .count(),
        22_000
    );
    let province = areas
        .iter()
        .find(|area| area.level == Level::Province)
        .unwrap();
    assert_eq!(patches(province).len(), 7);
}

#[test]
fn the_same_seed_gives_the_same_territory_and_another_seed_another() {
    assert!(*HUAIAN == make(&options("3208", 8000, 1)));
    assert!(*HUAIAN != make(&options("3208", 8000, 2)));
}

#[test]
fn codes_are_unique_nested_and_in_order() {
    let index = by_code(&HUAIAN);
    assert_eq!(index.len(), HUAIAN.len());
    let mut seen = HashSet::new();
    for area in &*HUAIAN {
        let digits = [2, 4, 6, 9, 12, 15, 18][area.level as usize];
        assert_eq!(area.code.len(), digits);
        if let Some(parent) = &area.parent {
            assert!(area.code.starts_with(parent.as_str()));
            assert!(
                seen.contains(parent.as_str()),
                "{} comes before its parent",
                area.code
            );
        }
        seen.insert(area.code.as_str());
        assert_eq!(area.grid_kind.is_some(), area.level == Level::Grid);
        let special = area.grid_kind == Some(GridKind::Special);
        assert_eq!(
            special,
            area.level == Level::Grid && &area.code[12..] > "900"
        );
        assert_eq!(special, area.name.ends_with("专属网格"), "{}", area.name);
    }
    let keys: Vec<_> = HUAIAN.iter().map(|area| (area.level, &area.code)).collect();
    assert!(keys.is_sorted());
}

#[test]
fn real_divisions_are_all_there_and_invented_ground_says_so() {
    let count = |level| HUAIAN.iter().filter(|area| area.level == level).count();
    assert_eq!(count(Level::Province), 1);
    assert_eq!(count(Level::City), 1);
    assert_eq!(count(Level::County), 8);
    assert_eq!(count(Level::Township), 113);
    assert_eq!(count(Level::Community), 1601);
    assert_eq!(count(Level::Grid), 8000);
    for area in &*HUAIAN {
        let nowhere = area.code == "32" || area.code.starts_with("320871");
        assert_eq!(area.shape.is_none(), nowhere, "{}", area.code);
        assert_eq!(
            area.generated,
            area.level > Level::County && !nowhere,
            "{}",
            area.code
        );
    }
}

#[test]
fn original_county_vertices_are_kept() {
    let (counties, _) = sources().unwrap();
    let index = by_code(&HUAIAN);
    for county in counties
        .iter()
        .filter(|county| county.code.starts_with("3208"))
    {
        let kept: HashSet<Vertex> = patches(index[county.code.as_str()])
            .iter()
            .flat_map(|p| p.outer.clone())
            .collect();
        for patch in patches_of(&county.shape) {
            assert!(
                patch.outer.iter().all(|vertex| kept.contains(vertex)),
                "{}",
                county.code
            );
        }
    }
}

#[test]
fn grids_are_compact_and_of_like_size() {
    let mut sizes: HashMap<&str, Vec<f64>> = HashMap::new();
    let mut quotients = Vec::new();
    let mut vertices = 0;
    for grid in HUAIAN.iter().filter(|area| area.level == Level::Grid) {
        let patch = &patches(grid)[0];
        vertices += patch.outer.len();
        quotients.push(compactness(patch, squeeze_at(f64::from(patch.outer[0].y))));
        if grid.grid_kind == Some(GridKind::General) {
            #[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
            let size = patch.doubled_area() as f64;
            sizes
                .entry(grid.parent.as_deref().unwrap())
                .or_default()
                .push(size);
        }
    }
    let least = quotients.iter().copied().fold(1.0, f64::min);
    #[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
    let mean = quotients.iter().sum::<f64>() / quotients.len() as f64;
    assert!(least > 0.15, "{least}");
    assert!(mean > 0.55, "{mean}");
    assert!((60..70).contains(&(vertices / quotients.len())));
    for (community, sizes) in sizes {
        let most = sizes.iter().copied().fold(0.0, f64::max);
        let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(most / least < 4.5, "{community}: {}", most / least);
    }
}

#[test]
fn progress_counts_every_township() {
    let (counties, divisions) = sources().unwrap();
    let calls = AtomicUsize::new(0);
    generate(
        &counties,
        &divisions,
        &options("320831", 400, 1),
        |_, total| {
            assert_eq!(total, 12);
            calls.fetch_add(1, Ordering::Relaxed);
        },
    )
    .unwrap();
    assert_eq!(calls.into_inner(), 12);
}

#[test]
fn what_cannot_be_generated_is_refused() {
    let (counties, divisions) = sources().unwrap();
    let refuse = |code, grids| {
        generate(&counties, &divisions, &options(code, grids, 1), |_, _| {}).unwrap_err()
    };
    assert_eq!(
        refuse("99", 10),
        TerritoryError::UnknownCode("99".to_owned())
    );
    assert_eq!(
        refuse("320871", 100),
        TerritoryError::NoGround("320871".to_owned())
    );
    assert!(matches!(
        refuse("3208", 100),
        TerritoryError::TooFewGrids {
            communities: 1535,
            ..
        }
    ));
    assert!(matches!(
        refuse("3208", 10_000_000),
        TerritoryError::TooManyGrids { .. }
    ));
}
