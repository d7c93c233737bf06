//! Coverages for tests.

use std::collections::HashSet;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use crate::domain::{AreaId, LngLat, Outline, Shape};
use crate::geometry::tessellation::{Patch, Portion, Stroke, Vertex, subdivide};

pub fn p(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(x, y).unwrap()
}

pub fn outline(rings: &[&[(i32, i32)]]) -> Outline {
    let closed = |ring: &&[(i32, i32)]| {
        let points = ring.iter().chain(ring.first());
        points.map(|&(x, y)| p(x, y)).collect()
    };
    Outline {
        polygons: vec![rings.iter().map(closed).collect()],
    }
}

pub fn area(number: usize) -> AreaId {
    AreaId(Uuid::from_u128(number as u128))
}

/// A ground of a kilometre or two, and so many cells that tile it exactly.
pub fn coverage(seed: u64, cells: usize) -> (Shape, Vec<Outline>) {
    let corners = 24;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "small whole numbers"
    )]
    let corner = |corner: u64| {
        let angle = corner as f64 / corners as f64 * std::f64::consts::TAU;
        let radius = 80_000.0 + ((seed ^ corner).wrapping_mul(2_654_435_761) % 40_000) as f64;
        Vertex {
            x: 1_190_000_000 + (radius * angle.cos()) as i32,
            y: 336_000_000 + (radius * angle.sin()) as i32,
        }
    };
    let ground = Patch {
        outer: (0..corners).map(corner).collect(),
        holes: Vec::new(),
    };
    let portion = Portion {
        weight: 1.0,
        central: false,
        leaves: 1,
    };
    let stroke = Stroke {
        spacing: 0.08,
        roughness: (0.05, 0.25),
    };
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let ground = std::slice::from_ref(&ground);
    let children = subdivide(ground, &vec![portion; cells], stroke, &mut rng).unwrap();
    let children = children.iter().map(|patches| drawn(patches)).collect();
    (drawn(ground).to_shape().unwrap(), children)
}

fn drawn(patches: &[Patch]) -> Outline {
    let ring = |ring: &Vec<Vertex>| {
        let points = ring.iter().chain(ring.first());
        points.map(|vertex| p(vertex.x, vertex.y)).collect()
    };
    let polygons = patches.iter();
    Outline {
        polygons: polygons
            .map(|patch| patch.rings().map(ring).collect())
            .collect(),
    }
}

/// The directed edges of grounds, those taken out that run both ways. Panics when two run the
/// same way.
pub fn border<'a>(grounds: impl IntoIterator<Item = &'a Outline>) -> HashSet<(LngLat, LngLat)> {
    let mut all = HashSet::new();
    for ground in grounds {
        let shape = ground.to_shape().unwrap();
        for polygon in shape.polygons() {
            assert!(polygon.exterior.doubled_area_e14() > 0);
        }
        for edge in shape.edges() {
            assert!(all.insert(edge), "two have ground beside {edge:?}");
        }
    }
    let open = all.iter().filter(|(a, b)| !all.contains(&(*b, *a)));
    open.copied().collect()
}
