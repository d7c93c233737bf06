//! Ground for measurements: grids of 64 vertices in a valid coverage, with the communities,
//! townships and so on that they make up; and points on it.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use wangge::domain::{
    Area, AreaId, BoundingBox, Edition, EditionId, GridKind, Level, LngLat, Polygon, Ring, Shape,
};

/// A grid has four sides of so many edges each.
const EDGES_PER_SIDE: i32 = 16;
/// A grid is about 900 m a side, in lattice steps.
const SIDE_E7: (i32, i32) = (100_000, 85_000);
/// The south-western corner.
const ORIGIN_E7: (i32, i32) = (1_165_000_000, 307_500_000);

/// So many columns and rows of grids.
#[derive(Clone, Copy)]
pub struct Coverage {
    pub columns: i32,
    pub rows: i32,
    /// Another number, other borders.
    pub seed: u64,
}

impl Coverage {
    /// A square of at least so many grids.
    pub fn of(grids: usize) -> Self {
        let root = grids.isqrt();
        let side = root + usize::from(root * root < grids);
        let side = i32::try_from(side).expect("fewer than 2³¹ columns");
        Self {
            columns: side,
            rows: side,
            seed: 1,
        }
    }

    /// The grids alone, in no tree.
    pub fn grids(&self) -> Vec<Area> {
        let cells =
            (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (column, row)));
        cells
            .enumerate()
            .map(|(number, (column, row))| {
                let shape = self.outline([column, row, column + 1, row + 1]);
                area(&format!("{number:07}"), Level::Grid, None, Some(shape))
            })
            .collect()
    }

    /// Ten grids to a community, ten communities to a township and ten townships to a county,
    /// all below one province.
    pub fn territory(&self) -> Vec<Area> {
        let province = "32".to_owned();
        let whole = [0, 0, self.columns, self.rows];
        let mut areas = vec![area(
            &province,
            Level::Province,
            None,
            Some(self.outline(whole)),
        )];
        for (number, [west, south, east, north]) in blocks(whole, [10, 10]) {
            let county = format!("{province}{:04}", number / 10);
            if number % 10 == 0 {
                areas.push(area(&county, Level::County, Some(&province), None));
            }
            let township = format!("{county}{:03}", number % 10);
            let ground = [west, south, east, north];
            areas.push(area(
                &township,
                Level::Township,
                Some(&county),
                Some(self.outline(ground)),
            ));
            areas.extend(self.below(&township, ground));
        }
        areas
    }

    /// The communities of a township that has this ground, and their grids.
    pub fn below(&self, township: &str, ground: [i32; 4]) -> Vec<Area> {
        let mut areas = Vec::new();
        for (number, ground) in blocks(ground, [5, 2]) {
            let community = format!("{township}{number:03}");
            areas.push(area(
                &community,
                Level::Community,
                Some(township),
                Some(self.outline(ground)),
            ));
            for (number, ground) in blocks(ground, [1, 1]) {
                let grid = format!("{community}{number:03}");
                areas.push(area(
                    &grid,
                    Level::Grid,
                    Some(&community),
                    Some(self.outline(ground)),
                ));
            }
        }
        areas
    }

    /// The border around columns and rows, counter-clockwise.
    pub fn outline(&self, [west, south, east, north]: [i32; 4]) -> Shape {
        let mut points = Vec::new();
        points.extend((west..east).flat_map(|x| self.side([x, south], [x + 1, south])));
        points.extend((south..north).flat_map(|y| self.side([east, y], [east, y + 1])));
        points.extend(
            (west..east)
                .rev()
                .flat_map(|x| self.side([x + 1, north], [x, north])),
        );
        points.extend(
            (south..north)
                .rev()
                .flat_map(|y| self.side([west, y + 1], [west, y])),
        );
        let exterior = Ring::from_open(points).expect("a ring of many points");
        let holes = Vec::new();
        Shape::new(vec![Polygon { exterior, holes }]).expect("one polygon")
    }

    /// The points from one corner to the next, without the last. The same line the other way
    /// round has the same points. It wanders less far from the straight one than a quarter of
    /// the way to its nearer end, so that lines from one corner never meet.
    fn side(&self, from: [i32; 2], to: [i32; 2]) -> Vec<LngLat> {
        let (start, end) = if from < to { (from, to) } else { (to, from) };
        let ((ax, ay), (bx, by)) = (self.corner(start), self.corner(end));
        let count = f64::from(EDGES_PER_SIDE);
        let mut points: Vec<LngLat> = (0..=EDGES_PER_SIDE)
            .map(|at| {
                let along = f64::from(at) / count;
                let reach = 0.25 * along.min(1.0 - along);
                let aside = reach * self.noise([start[0], start[1], end[0], at]);
                lattice(
                    ax + (bx - ax) * along - (by - ay) * aside,
                    ay + (by - ay) * along + (bx - ax) * aside,
                )
            })
            .collect();
        if from > to {
            points.reverse();
        }
        points.pop();
        points
    }

    fn corner(&self, [column, row]: [i32; 2]) -> (f64, f64) {
        let away = |axis| 0.12 * self.noise([column, row, axis, -1]);
        (
            f64::from(ORIGIN_E7.0) + (f64::from(column) + away(-1)) * f64::from(SIDE_E7.0),
            f64::from(ORIGIN_E7.1) + (f64::from(row) + away(-2)) * f64::from(SIDE_E7.1),
        )
    }

    /// Between −1 and 1, the same for the same numbers (`SplitMix64`, Steele 2014).
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    fn noise(&self, numbers: [i32; 4]) -> f64 {
        let mut state = self.seed;
        for number in numbers {
            state ^= u64::from(number.cast_unsigned());
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            state ^= state >> 31;
        }
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Columns and rows in blocks of at most so many, from the south-west, numbered.
fn blocks(
    [west, south, east, north]: [i32; 4],
    [wide, high]: [i32; 2],
) -> impl Iterator<Item = (usize, [i32; 4])> {
    let step = |from: i32, to: i32, by: i32| {
        (from..to)
            .step_by(usize::try_from(by).unwrap_or(1))
            .map(move |at| (at, to.min(at + by)))
    };
    step(south, north, high)
        .flat_map(move |(south, north)| {
            step(west, east, wide).map(move |(west, east)| [west, south, east, north])
        })
        .enumerate()
}

pub fn edition() -> Edition {
    let now = chrono::DateTime::UNIX_EPOCH;
    Edition {
        id: EditionId(1),
        title: String::new(),
        notice: None,
        effective_from: now,
        published_at: now,
        area_count: 0,
        published_by: None,
        reason: None,
        restores: None,
    }
}

/// Points anywhere in the box around all shapes.
pub fn random_points(shapes: &[&Shape], count: usize, seed: u64) -> Vec<LngLat> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let bounds = shapes.iter().map(|shape| shape.bounds());
    let bounds = bounds.reduce(BoundingBox::union).expect("some shape");
    (0..count)
        .map(|_| {
            place(
                rng.random_range(bounds.min.lon_e7()..=bounds.max.lon_e7()),
                rng.random_range(bounds.min.lat_e7()..=bounds.max.lat_e7()),
            )
        })
        .collect()
}

/// Points where it is easy to be wrong: on vertices, on borders, where cells of an index may
/// end, and up to a step beside.
pub fn awkward_points(shapes: &[&Shape], count: usize, seed: u64) -> Vec<LngLat> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let ring = shapes[rng.random_range(0..shapes.len())].polygons()[0]
                .exterior
                .points();
            let at = rng.random_range(0..ring.len());
            let (a, b) = (ring[at], ring[(at + 1) % ring.len()]);
            let along = match rng.random_range(0..3) {
                0 => 0.0,
                1 => 0.5,
                _ => rng.random_range(0.0..1.0),
            };
            let on = |a: i32, b: i32| f64::from(a) + (f64::from(b) - f64::from(a)) * along;
            let on = lattice(on(a.lon_e7(), b.lon_e7()), on(a.lat_e7(), b.lat_e7()));
            let (mut x, mut y) = (on.lon_e7(), on.lat_e7());
            if rng.random_bool(0.3) {
                // Indexes count from the corner of the world.
                let cell = 1 << rng.random_range(4..20);
                x -= (x - -1_800_000_000_i32.wrapping_rem(cell)).rem_euclid(cell);
                y -= (y - -900_000_000_i32.wrapping_rem(cell)).rem_euclid(cell);
            }
            place(x + rng.random_range(-1..=1), y + rng.random_range(-1..=1))
        })
        .collect()
}

fn area(code: &str, level: Level, parent: Option<&str>, shape: Option<Shape>) -> Area {
    Area {
        id: AreaId(uuid::Uuid::nil()),
        name: code.to_owned(),
        code: code.parse().expect("a code of digits"),
        level,
        parent: parent.map(|code| code.parse().expect("a code of digits")),
        kind: (level == Level::Grid).then_some(GridKind::General),
        shape: shape.map(Arc::new),
        label: None,
        area_m2: None,
        generated: true,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "places on the earth")]
fn lattice(x: f64, y: f64) -> LngLat {
    place(x.round() as i32, y.round() as i32)
}

fn place(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x, y).expect("a place on the earth")
}
