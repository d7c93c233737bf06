//! Generated territories to make tiles of.

use std::collections::HashMap;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::domain::{
    Area, AreaId, Edition, EditionId, GridKind, Level, LngLat, Polygon, Ring, Shape,
};
use crate::geometry::tessellation::{Patch, Vertex, dissolve};
use crate::geometry::{label_point, validity};
use crate::index::Atlas;

/// Where generated territories begin, in lattice steps: in the north and east of Huai'an.
const CORNER: Vertex = Vertex {
    x: 1_190_211_000,
    y: 336_101_000,
};

/// A corner of cells, by its column and row.
type Node = (usize, usize);

/// A territory of uneven cells with wandering borders, in which each area has some of the
/// cells: in several parts, with holes, around each other, with gaps between.
pub struct Territory {
    pub shapes: Vec<Shape>,
    /// Whether some cells are nobody's.
    pub has_gaps: bool,
}

impl Territory {
    /// `step` is the width of a cell in lattice steps. `None` when the borders that came
    /// out cross.
    pub fn generate(seed: u64, cells: usize, step: i32, areas: usize, gaps: bool) -> Option<Self> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut nodes: HashMap<Node, Vertex> = HashMap::new();
        for row in 0..=cells {
            for column in 0..=cells {
                let mut at = |place: usize| {
                    let place = i32::try_from(place).unwrap();
                    place * step + rng.random_range(-step / 4..=step / 4)
                };
                let (x, y) = (CORNER.x + at(column), CORNER.y + at(row));
                nodes.insert((column, row), Vertex { x, y });
            }
        }
        let mut lines: HashMap<(Node, Node), Vec<Vertex>> = HashMap::new();
        for row in 0..=cells {
            for column in 0..=cells {
                for end in [(column + 1, row), (column, row + 1)] {
                    if let Some(&to) = nodes.get(&end) {
                        let from = nodes[&(column, row)];
                        let line = wander(from, to, &mut rng);
                        lines.insert((end, (column, row)), line.iter().copied().rev().collect());
                        lines.insert(((column, row), end), line);
                    }
                }
            }
        }
        let mut members: Vec<Vec<Patch>> = vec![Vec::new(); areas];
        for row in 0..cells {
            for column in 0..cells {
                let corners =
                    [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)].map(|(x, y)| (column + x, row + y));
                let outer = corners
                    .windows(2)
                    .flat_map(|side| {
                        let line = &lines[&(side[0], side[1])];
                        line[..line.len() - 1].to_vec()
                    })
                    .collect();
                let owner = rng.random_range(0..areas + usize::from(gaps));
                if let Some(member) = members.get_mut(owner) {
                    member.push(Patch {
                        outer,
                        holes: vec![],
                    });
                }
            }
        }
        let shapes: Vec<Shape> = members
            .iter()
            .filter(|patches| !patches.is_empty())
            .map(|patches| dissolve(patches).and_then(|patches| shape(&patches)))
            .collect::<Option<_>>()?;
        let is_valid = shapes.iter().all(|shape| validity::check(shape).is_ok());
        (is_valid && !shapes.is_empty()).then_some(Self {
            shapes,
            has_gaps: gaps,
        })
    }

    pub fn atlas(&self) -> Atlas {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        let edition = Edition {
            id: EditionId(1),
            title: "test".into(),
            notice: None,
            effective_from: at,
            published_at: at,
            area_count: 0,
            published_by: None,
            reason: None,
            restores: None,
        };
        let areas = self.shapes.iter().enumerate().map(|(number, shape)| Area {
            id: AreaId(uuid::Uuid::nil()),
            code: code(number).parse().unwrap(),
            name: format!("第{}网格", number % 3),
            level: Level::Grid,
            parent: None,
            kind: Some(GridKind::ALL[number % 2]),
            shape: Some(Arc::new(shape.clone())),
            label: Some(label_point(shape)),
            area_m2: None,
            generated: number % 2 == 0,
        });
        Atlas::build(edition, areas.collect()).unwrap()
    }
}

/// The code of an area by its number.
pub fn code(number: usize) -> String {
    format!("g{number:03}")
}

/// A line that leaves the straight one by a little, more in its middle.
fn wander(from: Vertex, to: Vertex, rng: &mut ChaCha8Rng) -> Vec<Vertex> {
    let pieces = rng.random_range(1..12);
    let mut line = vec![from];
    for piece in 1..pieces {
        let aside = f64::from(rng.random_range(-100..=100)) / 700.0;
        let t = f64::from(piece) / f64::from(pieces);
        let aside = aside * t.min(1.0 - t);
        let (dx, dy) = (f64::from(to.x - from.x), f64::from(to.y - from.y));
        #[expect(clippy::cast_possible_truncation, reason = "a lattice step")]
        let round = |value: f64| value.round() as i32;
        line.push(Vertex {
            x: from.x + round(t * dx - aside * dy),
            y: from.y + round(t * dy + aside * dx),
        });
    }
    line.push(to);
    line.dedup();
    line
}

/// The ground of two areas that share a border; `None` when they overlap.
pub fn merge(one: &Shape, other: &Shape) -> Option<Shape> {
    let ring = |ring: &Ring| -> Vec<Vertex> {
        let points = ring.points().iter();
        points
            .map(|point| Vertex {
                x: point.lon_e7(),
                y: point.lat_e7(),
            })
            .collect()
    };
    let polygons = one.polygons().iter().chain(other.polygons());
    let patches = polygons.map(|polygon| Patch {
        outer: ring(&polygon.exterior),
        holes: polygon.holes.iter().map(ring).collect(),
    });
    shape(&dissolve(&patches.collect::<Vec<_>>())?)
}

fn shape(patches: &[Patch]) -> Option<Shape> {
    let ring = |points: &Vec<Vertex>| {
        let points = points
            .iter()
            .map(|point| LngLat::from_e7(point.x, point.y).unwrap());
        Ring::from_open(points.collect()).ok()
    };
    let polygons = patches.iter().map(|patch| {
        Some(Polygon {
            exterior: ring(&patch.outer)?,
            holes: patch.holes.iter().map(ring).collect::<Option<_>>()?,
        })
    });
    Shape::new(polygons.collect::<Option<_>>()?).ok()
}
