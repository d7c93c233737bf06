use std::collections::{BTreeMap, BTreeSet};

use geo_types::Geometry;
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::testing::{Territory, code};
use super::*;
use crate::domain::{LngLat, Location, Polygon, Ring, Shape};
use crate::geometry::tiling::{BUFFER, EXTENT, MAX_ZOOM, WorldPoint};
use crate::geometry::validity;

/// What an independent reader makes of a tile: grounds and labels by code.
#[derive(Debug, Default)]
struct Decoded {
    grounds: BTreeMap<String, Shape>,
    labels: BTreeMap<String, [i32; 2]>,
}

fn decode(bytes: Vec<u8>) -> Decoded {
    let reader = Reader::new(bytes).unwrap();
    let mut decoded = Decoded::default();
    for layer in reader.get_layer_metadata().unwrap() {
        assert_eq!((layer.version, layer.extent), (2, 4_096));
        for feature in reader.get_features_as::<i32>(layer.layer_index).unwrap() {
            let code = text(&feature, "code");
            assert_eq!(text(&feature, "level"), "grid");
            match (layer.name.as_str(), &feature.geometry) {
                ("grids", Geometry::MultiPolygon(polygons)) => {
                    let polygons = polygons.iter().map(polygon).collect();
                    let shape = Shape::new(polygons).unwrap();
                    assert!(decoded.grounds.insert(code, shape).is_none());
                }
                ("grids", Geometry::Polygon(only)) => {
                    let shape = Shape::new(vec![polygon(only)]).unwrap();
                    assert!(decoded.grounds.insert(code, shape).is_none());
                }
                ("grids_labels", Geometry::MultiPoint(points)) => {
                    let point = points.0[0];
                    decoded.labels.insert(code, [point.x(), point.y()]);
                }
                ("grids_labels", Geometry::Point(point)) => {
                    decoded.labels.insert(code, [point.x(), point.y()]);
                }
                (layer, geometry) => panic!("{layer} has {geometry:?}"),
            }
        }
    }
    decoded
}

fn text(feature: &Feature<i32>, key: &str) -> String {
    match &feature.properties.as_ref().unwrap()[key] {
        Value::String(text) => text.clone(),
        other => panic!("{key} is {other:?}"),
    }
}

/// Tile units as if they were lattice steps, so that shapes can be asked and checked.
fn polygon(polygon: &geo_types::Polygon<i32>) -> Polygon {
    let ring = |line: &geo_types::LineString<i32>| {
        let points = line.0.iter().map(|c| LngLat::from_e7(c.x, c.y).unwrap());
        Ring::from_closed(points.collect()).unwrap()
    };
    Polygon {
        exterior: ring(polygon.exterior()),
        holes: polygon.interiors().iter().map(ring).collect(),
    }
}

/// All tiles of a zoom that have something, by column and row.
fn all_tiles(atlas: &Atlas, set: &TileSet, zoom: u8) -> BTreeMap<(u32, u32), Decoded> {
    let [columns, rows] = TileAddress::covering(&set.bounds().unwrap(), zoom);
    let beyond = |range: &std::ops::RangeInclusive<u32>| {
        range.start().saturating_sub(1)..=(range.end() + 1).min((1 << zoom) - 1)
    };
    let mut tiles = BTreeMap::new();
    for x in beyond(&columns) {
        for y in beyond(&rows) {
            let tile = TileAddress::new(zoom, x, y).unwrap();
            if let Some(bytes) = write_tile(atlas, set, tile) {
                tiles.insert((x, y), decode(bytes));
            }
        }
    }
    tiles
}

/// The vertices that lie within the buffers of both of two tiles, in the units of the
/// second one, whose corner lies `offset` from that of the first.
fn vertices_between(
    shape: Option<&Shape>,
    offset: [i32; 2],
    reach: [i32; 4],
) -> BTreeSet<[i32; 2]> {
    let [west, north, east, south] = reach;
    shape
        .into_iter()
        .flat_map(Shape::rings)
        .flat_map(Ring::points)
        .map(|point| [point.lon_e7() - offset[0], point.lat_e7() - offset[1]])
        .filter(|&[x, y]| x > west && x < east && y > north && y < south)
        .collect()
}

fn check_tiles(territory: &Territory, zoom: u8, seed: u64) -> Result<(), TestCaseError> {
    let atlas = territory.atlas();
    let set = TileSet::build(&atlas, Level::Grid);
    let tiles = all_tiles(&atlas, &set, zoom);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);

    let mut labels = BTreeSet::new();
    let mut present = BTreeSet::new();
    for (&(x, y), tile) in &tiles {
        for (code, shape) in &tile.grounds {
            let valid = validity::check(shape);
            prop_assert!(valid.is_ok(), "{code} in {zoom}/{x}/{y}: {valid:?}");
            let bounds = shape.bounds();
            for (low, high) in [
                (bounds.min.lon_e7(), bounds.max.lon_e7()),
                (bounds.min.lat_e7(), bounds.max.lat_e7()),
            ] {
                prop_assert!(low >= -BUFFER && high <= EXTENT + BUFFER);
            }
            present.insert(code.clone());
        }
        for (code, [x, y]) in &tile.labels {
            prop_assert!((0..=EXTENT).contains(x) && (0..=EXTENT).contains(y));
            prop_assert!(labels.insert(code.clone()), "two labels of {code}");
        }
        // No place has two owners, and one that is well inside the territory has one.
        for _ in 0..200 {
            let place = [0; 2].map(|_: i32| rng.random_range(0..EXTENT));
            let place = LngLat::from_e7(place[0], place[1]).unwrap();
            let owners: Vec<&str> = tile
                .grounds
                .iter()
                .filter(|(_, shape)| shape.locate(place) == Location::Inside)
                .map(|(code, _)| code.as_str())
                .collect();
            prop_assert!(
                owners.len() <= 1,
                "{owners:?} at {place:?} in {zoom}/{x}/{y}"
            );
        }
    }
    prop_assert_eq!(labels.len(), territory.shapes.len());

    // Two tiles beside each other say the same of what both show. Not at the very end of
    // the buffer, where cuts are rounded.
    for (&(x, y), tile) in &tiles {
        let near = BUFFER / 2;
        let last = EXTENT + near;
        for (next, offset, reach) in [
            ((x + 1, y), [EXTENT, 0], [-near, -near, near, last]),
            ((x, y + 1), [0, EXTENT], [-near, -near, last, near]),
        ] {
            let nothing = Decoded::default();
            let other = tiles.get(&next).unwrap_or(&nothing);
            for code in tile.grounds.keys().chain(other.grounds.keys()) {
                let here = vertices_between(tile.grounds.get(code), offset, reach);
                let there = vertices_between(other.grounds.get(code), [0, 0], reach);
                prop_assert_eq!(here, there, "{} between {:?} and {:?}", code, (x, y), next);
            }
        }
    }

    // Whatever is larger than two pixels by two is there.
    for (number, shape) in territory.shapes.iter().enumerate() {
        if ground_in_units(shape, zoom) > 4.0 * 64.0 {
            prop_assert!(
                present.contains(&code(number)),
                "{} is missing",
                code(number)
            );
        }
    }
    Ok(())
}

/// What is drawn without rounding: the same ground as the tiles of a zoom, with vertices of
/// the territory alone.
fn check_simplified(territory: &Territory, zoom: u8, seed: u64) -> Result<(), TestCaseError> {
    let atlas = territory.atlas();
    let set = TileSet::build(&atlas, Level::Grid);
    let given: BTreeSet<LngLat> = territory
        .shapes
        .iter()
        .flat_map(Shape::rings)
        .flat_map(|ring| ring.points().iter().copied())
        .collect();
    let mut drawn: Vec<Shape> = Vec::new();
    for (ordinal, shape) in (0..).zip(&territory.shapes) {
        let Some(simple) = set.simplify(ordinal, zoom) else {
            let ground = ground_in_units(shape, zoom);
            prop_assert!(ground <= 256.0, "{ordinal} with {ground} units is missing");
            continue;
        };
        let known = simple.rings().flat_map(Ring::points);
        prop_assert!(known.copied().all(|point| given.contains(&point)));
        drawn.push(on_map(&simple));
    }
    for shape in &drawn {
        let valid = validity::check(shape);
        prop_assert!(valid.is_ok(), "at {zoom}: {valid:?}");
    }

    // Each stretch of border is one area's, and a neighbour's the other way round.
    let mut edges = BTreeSet::new();
    for shape in &drawn {
        for polygon in shape.polygons() {
            for (number, ring) in polygon.rings().enumerate() {
                let is_right = (ring.doubled_area_e14() > 0) == (number == 0);
                for (from, to) in ring.edges() {
                    let edge = if is_right { (from, to) } else { (to, from) };
                    prop_assert!(edges.insert(edge), "two areas have {edge:?}");
                }
            }
        }
    }
    let outer: BTreeMap<LngLat, LngLat> = edges
        .iter()
        .filter(|&&(from, to)| !edges.contains(&(to, from)))
        .copied()
        .collect();
    if !territory.has_gaps && !outer.is_empty() {
        // What has ground on one side only is the outer border, once around.
        let start = *outer.keys().next().unwrap();
        let around = std::iter::successors(Some(outer[&start]), |at| outer.get(at).copied());
        let steps = around.take_while(|&at| at != start).take(outer.len());
        prop_assert_eq!(steps.count() + 1, outer.len(), "there are gaps inside");
    }

    // No place has two owners; most of all near vertices.
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for (vertex, _) in edges.iter().step_by(edges.len() / 200 + 1) {
        let [x, y] = [vertex.lon_e7(), vertex.lat_e7()].map(|at| at + rng.random_range(-3..=3));
        let place = LngLat::from_e7(x.max(0), y.max(0)).unwrap();
        let owners = drawn
            .iter()
            .filter(|shape| shape.locate(place) == Location::Inside);
        prop_assert!(owners.count() <= 1, "two own {place:?} at {zoom}");
    }
    Ok(())
}

/// A shape on the map's plane, as if its units were lattice steps.
fn on_map(shape: &Shape) -> Shape {
    let corner = WorldPoint::of(LngLat::from_degrees(118.0, 60.0).unwrap());
    let place = |&point: &LngLat| {
        let point = WorldPoint::of(point);
        let (x, y) = (point.x - corner.x, point.y - corner.y);
        LngLat::from_e7(x.cast_signed(), y.cast_signed()).unwrap()
    };
    let ring = |ring: &Ring| Ring::from_open(ring.points().iter().map(place).collect()).unwrap();
    let polygons = shape.polygons().iter().map(|polygon| Polygon {
        exterior: ring(&polygon.exterior),
        holes: polygon.holes.iter().map(ring).collect(),
    });
    Shape::new(polygons.collect()).unwrap()
}

/// The area of a shape in square units of a zoom's tiles.
fn ground_in_units(shape: &Shape, zoom: u8) -> f64 {
    let scale = f64::from(1 << zoom) / 1_048_576.0;
    let ring_area = |ring: &Ring| {
        let points: Vec<[f64; 2]> = ring
            .closed_points()
            .map(WorldPoint::of)
            .map(|point| [point.x, point.y].map(|value| f64::from(value) * scale))
            .collect();
        let [x0, y0] = points[0];
        let twice: f64 = points
            .windows(2)
            .map(|edge| {
                (edge[0][0] - x0) * (edge[1][1] - y0) - (edge[1][0] - x0) * (edge[0][1] - y0)
            })
            .sum();
        twice.abs() / 2.0
    };
    let polygon_area = |polygon: &Polygon| {
        ring_area(&polygon.exterior) - polygon.holes.iter().map(ring_area).sum::<f64>()
    };
    shape.polygons().iter().map(polygon_area).sum()
}

/// The width of cells that have 2 to the power of `size` units of a zoom, in lattice steps.
fn step_of(size: i32, zoom: u8, most: f64) -> i32 {
    // A unit of the deepest zoom is 54 lattice steps.
    let unit = 54.0 * f64::from(1 << (MAX_ZOOM - zoom));
    #[expect(clippy::cast_possible_truncation, reason = "chosen to fit")]
    let step = (unit * 2_f64.powi(size)).clamp(200.0, most) as i32;
    step
}

proptest! {
    /// Cells from an eighth of a unit to some tiles wide, but not below two metres, where
    /// the projection itself moves borders over each other.
    #[test]
    fn tiles_are_valid_and_fit_together(
        seed in any::<u64>(),
        cells in 1..9_usize,
        areas in 1..12_usize,
        gaps in any::<bool>(),
        zoom in 6..=MAX_ZOOM,
        size in -3..13_i32,
    ) {
        let step = step_of(size, zoom, 30_000_000.0);
        let territory = Territory::generate(seed, cells, step, areas, gaps);
        prop_assume!(territory.is_some());
        check_tiles(&territory.unwrap(), zoom, seed)?;
    }

    #[test]
    fn simplified_neighbours_share_their_borders(
        seed in any::<u64>(),
        cells in 1..9_usize,
        areas in 1..12_usize,
        gaps in any::<bool>(),
        zoom in 0..=MAX_ZOOM,
        size in -6..11_i32,
    ) {
        let step = step_of(size, zoom, 20_000_000.0);
        let territory = Territory::generate(seed, cells, step, areas, gaps);
        prop_assume!(territory.is_some());
        check_simplified(&territory.unwrap(), zoom, seed)?;
    }
}
