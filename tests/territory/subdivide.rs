//! Any simple polygon is split without gap or overlap.
use std::collections::HashSet;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use wangge::geometry::tessellation::lattice::{Contact, Patch, Vertex, contact, dissolve, edges};
use wangge::geometry::tessellation::subdivide::{Portion, Stroke, SubdivideError, subdivide};

const STROKE: Stroke = Stroke {
    spacing: 0.08,
    roughness: (0.05, 0.25),
};

/// A ring around a point, star-shaped, from very spiky to nearly round.
fn star(radii: &[f64]) -> Patch {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "small whole numbers"
    )]
    let outer: Vec<Vertex> = radii
        .iter()
        .enumerate()
        .map(|(index, radius)| {
            let angle = index as f64 / radii.len() as f64 * std::f64::consts::TAU;
            Vertex {
                x: 1_190_000_000 + (radius * angle.cos()) as i32,
                y: 330_000_000 + (radius * angle.sin()) as i32,
            }
        })
        .collect();
    Patch {
        outer,
        holes: Vec::new(),
    }
}

fn portions(weights: &[f64]) -> Vec<Portion> {
    weights
        .iter()
        .map(|weight| Portion {
            weight: *weight,
            central: *weight < 0.5,
            leaves: 1,
        })
        .collect()
}

fn border(cells: &[Vec<Patch>]) -> HashSet<(Vertex, Vertex)> {
    let mut all = HashSet::new();
    for edge in cells
        .iter()
        .flatten()
        .flat_map(Patch::rings)
        .flat_map(|ring| edges(ring))
    {
        assert!(all.insert(edge), "an edge is run twice");
    }
    all.iter()
        .filter(|(a, b)| !all.contains(&(*b, *a)))
        .copied()
        .collect()
}

/// Brute force: no two segments of a patch's rings meet but at a common end of neighbours.
fn is_simple(patch: &Patch) -> bool {
    let segments: Vec<_> = patch.rings().flat_map(|ring| edges(ring)).collect();
    segments.iter().enumerate().all(|(place, one)| {
        segments[place + 1..]
            .iter()
            .all(|other| match contact(*one, *other) {
                Contact::Apart => true,
                Contact::End(end) => {
                    (one.1 == other.0 && end == one.1) || (other.1 == one.0 && end == one.0)
                }
                Contact::Crossing => false,
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cells_tile_any_star(
        radii in prop::collection::vec(20_000.0..200_000.0_f64, 24..160),
        weights in prop::collection::vec(0.3..1.5_f64, 1..12),
        seed in any::<u64>(),
    ) {
        let ground = vec![star(&radii)];
        prop_assume!(is_simple(&ground[0]));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        match subdivide(&ground, &portions(&weights), STROKE, &mut rng) {
            Err(error) => prop_assert_eq!(error, SubdivideError::TooCoarse { wanted: weights.len() }),
            Ok(cells) => {
                prop_assert_eq!(cells.len(), weights.len());
                let edges = border(&cells);
                prop_assert_eq!(edges, border(std::slice::from_ref(&ground)));
                prop_assert!(cells.iter().flatten().all(is_simple));
                let sum: i128 = cells.iter().flatten().map(Patch::doubled_area).sum();
                prop_assert_eq!(sum, ground[0].doubled_area());
                let joined = dissolve(cells.iter().flatten()).unwrap();
                prop_assert_eq!(joined.len(), 1);
            }
        }
    }
}

#[test]
fn ground_with_a_hole_is_split_around_it() {
    let mut ground = star(&[200_000.0; 120]);
    let mut hole = star(&[60_000.0; 40]).outer;
    hole.reverse();
    ground.holes.push(hole);
    for seed in 0..60 {
        for count in 2..9 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let weights = vec![1.0; count];
            let cells =
                subdivide(&[ground.clone()], &portions(&weights), STROKE, &mut rng).unwrap();
            assert_eq!(border(&cells), border(&[vec![ground.clone()]]));
            assert!(cells.iter().flatten().all(is_simple));
        }
    }
}

#[test]
fn a_hole_inside_one_cell_stays_its_hole() {
    let mut ground = star(&[200_000.0; 120]);
    let mut hole: Vec<Vertex> = star(&[2_000.0; 12])
        .outer
        .iter()
        .map(|v| Vertex {
            x: v.x + 90_000,
            y: v.y,
        })
        .collect();
    hole.reverse();
    ground.holes.push(hole);
    let mut holed = 0;
    for seed in 0..40 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let cells = subdivide(
            &[ground.clone()],
            &portions(&[1.0, 1.2, 0.9]),
            STROKE,
            &mut rng,
        )
        .unwrap();
        assert_eq!(border(&cells), border(&[vec![ground.clone()]]));
        holed += cells
            .iter()
            .flatten()
            .filter(|cell| !cell.holes.is_empty())
            .count();
    }
    assert!(holed > 10);
}

#[test]
fn nothing_is_refused_without_a_reason() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let ground = [star(&[100_000.0; 40])];
    assert_eq!(
        subdivide(&ground, &[], STROKE, &mut rng),
        Err(SubdivideError::NoPortion)
    );
    assert_eq!(
        subdivide(&[], &portions(&[1.0]), STROKE, &mut rng),
        Err(SubdivideError::NoGround)
    );
    let triangle = [star(&[1.5; 3])];
    assert_eq!(
        subdivide(&triangle, &portions(&[1.0; 2]), STROKE, &mut rng),
        Err(SubdivideError::TooCoarse { wanted: 2 })
    );
}
