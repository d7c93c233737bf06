//! The borders of a level's areas, each stretch once.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::joints::{edge_between, find_joints};
use super::world::WorldPoint;
use crate::domain::{LngLat, Shape};

/// A vertex by the order in which it was met.
pub(super) type VertexId = u32;

/// The run of a ring along an arc: which one, and whether against its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ArcUse(u32);

impl ArcUse {
    pub fn new(arc: u32, against: bool) -> Self {
        Self(arc << 1 | u32::from(against))
    }

    pub const fn arc(self) -> u32 {
        self.0 >> 1
    }

    pub const fn is_against(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Areas as runs along arcs. An arc is a stretch of border between two nodes; nodes are the
/// places where three or more borders meet, or where a border that two areas share ends.
/// A border without any node is one closed arc. Areas that share a stretch share the arc,
/// so whatever is done to it is done to both.
///
/// What arcs there are along an area, and which way they run, depends on the areas that come
/// within [`REACH_STEPS`] of its box, whatever their order, and on nothing else.
#[derive(Debug)]
pub(super) struct Arcs {
    pub chains: Chains,
    uses: Vec<ArcUse>,
    /// Where the rings of all areas begin in `uses`; one more than there are rings. Rings
    /// run with the ground on the side that [`Rings`](super::Rings) says.
    ring_starts: Vec<u32>,
    /// Where the areas begin among the rings, each exterior before the holes in it; one
    /// more than there are areas.
    area_starts: Vec<u32>,
}

/// How far from an area's box others can change its arcs, in lattice steps. A vertex that is
/// a step from an edge becomes one of it, next to others that are a step from the same edge
/// on its other side; whether these count depends on the areas that have them.
pub(super) const REACH_STEPS: i32 = 4;

/// The points of several arcs, one arc after the other, each with both its ends.
#[derive(Debug)]
pub(super) struct Chains {
    pub points: Vec<WorldPoint>,
    /// Where each arc begins in `points`; one more than there are arcs.
    pub starts: Vec<u32>,
}

impl Default for Chains {
    fn default() -> Self {
        Self {
            points: Vec::new(),
            starts: vec![0],
        }
    }
}

impl Chains {
    pub fn add(&mut self, points: impl Iterator<Item = WorldPoint>) {
        self.points.extend(points);
        self.starts.push(number(self.points.len()));
    }

    pub const fn count(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn span_of(&self, arc: usize) -> Range<usize> {
        self.starts[arc] as usize..self.starts[arc + 1] as usize
    }
}

impl Arcs {
    /// Finds the arcs of areas that belong together: those of one level. A vertex of one
    /// area that lies on an edge of another within a lattice step, which is what rounding
    /// can have moved it, counts as a vertex of both.
    pub fn build(shapes: &[&Shape]) -> Self {
        let mut drawing = Drawing::of(shapes);
        let mut sketch = Sketch::of(&drawing);
        let joints = find_joints(&drawing.places, &sketch.single_arcs());
        if !joints.is_empty() {
            drawing.insert(&joints);
            sketch = Sketch::of(&drawing);
        }
        let points = sketch
            .points
            .par_iter()
            .map(|&vertex| WorldPoint::of(drawing.places[vertex as usize]))
            .collect();
        Self {
            chains: Chains {
                points,
                starts: sketch.starts,
            },
            uses: sketch.uses,
            ring_starts: sketch.ring_starts,
            area_starts: drawing.area_starts,
        }
    }

    /// The rings of an area, each as runs along arcs.
    pub fn rings_of(&self, area: usize) -> impl Iterator<Item = &[ArcUse]> {
        let rings = self.area_starts[area] as usize..self.area_starts[area + 1] as usize;
        rings.map(|ring| {
            &self.uses[self.ring_starts[ring] as usize..self.ring_starts[ring + 1] as usize]
        })
    }
}

/// The rings of all areas as numbered vertices.
struct Drawing {
    places: Vec<LngLat>,
    vertices: Vec<VertexId>,
    ring_starts: Vec<u32>,
    area_starts: Vec<u32>,
}

impl Drawing {
    fn of(shapes: &[&Shape]) -> Self {
        let count = shapes.iter().map(|shape| shape.vertex_count()).sum();
        let mut numbers: HashMap<LngLat, VertexId, FixedState> =
            HashMap::with_capacity_and_hasher(count / 2, FixedState::default());
        let mut drawing = Self {
            places: Vec::with_capacity(count / 2),
            vertices: Vec::with_capacity(count),
            ring_starts: vec![0],
            area_starts: vec![0],
        };
        for shape in shapes {
            for polygon in shape.polygons() {
                for (place, ring) in polygon.rings().enumerate() {
                    let mut add = |&point: &LngLat| {
                        let vertex = *numbers.entry(point).or_insert_with(|| {
                            drawing.places.push(point);
                            number(drawing.places.len() - 1)
                        });
                        drawing.vertices.push(vertex);
                    };
                    // Longitude and latitude turn the other way than x and y down.
                    if (ring.doubled_area_e14() < 0) == (place == 0) {
                        ring.points().iter().for_each(&mut add);
                    } else {
                        ring.points().iter().rev().for_each(&mut add);
                    }
                    drawing.ring_starts.push(number(drawing.vertices.len()));
                }
            }
            let rings = number(drawing.ring_starts.len() - 1);
            drawing.area_starts.push(rings);
        }
        drawing
    }

    fn place_of(&self, vertex: VertexId) -> LngLat {
        self.places[vertex as usize]
    }

    fn rings(&self) -> impl Iterator<Item = &[VertexId]> {
        self.ring_starts
            .windows(2)
            .map(|ends| &self.vertices[ends[0] as usize..ends[1] as usize])
    }

    /// Puts vertices on edges: for each [edge](edge_between), those on it.
    fn insert(&mut self, joints: &HashMap<(VertexId, VertexId), Vec<VertexId>>) {
        let mut vertices = Vec::with_capacity(self.vertices.len() + joints.len());
        let mut ring_starts = vec![0];
        for ring in self.rings() {
            for (place, &from) in ring.iter().enumerate() {
                let to = ring[(place + 1) % ring.len()];
                vertices.push(from);
                let edge = edge_between(&self.places, from, to);
                if let Some(between) = joints.get(&edge) {
                    if edge.0 == from {
                        vertices.extend(between);
                    } else {
                        vertices.extend(between.iter().rev());
                    }
                }
            }
            ring_starts.push(number(vertices.len()));
        }
        self.vertices = vertices;
        self.ring_starts = ring_starts;
    }

    /// For each vertex, whether it is a node: its neighbours along all rings are other
    /// than two.
    fn find_nodes(&self) -> Vec<bool> {
        const NONE: VertexId = VertexId::MAX;
        let mut neighbours = vec![[NONE; 2]; self.places.len()];
        let mut is_node = vec![false; self.places.len()];
        for ring in self.rings() {
            let mut before = ring.last().copied().unwrap_or(NONE);
            for (place, &vertex) in ring.iter().enumerate() {
                let after = ring[(place + 1) % ring.len()];
                for neighbour in [before, after] {
                    let known = &mut neighbours[vertex as usize];
                    if known.contains(&neighbour) {
                        continue;
                    }
                    match known.iter_mut().find(|slot| **slot == NONE) {
                        Some(slot) => *slot = neighbour,
                        None => is_node[vertex as usize] = true,
                    }
                }
                before = vertex;
            }
        }
        for (is_node, known) in is_node.iter_mut().zip(&neighbours) {
            *is_node |= known[1] == NONE;
        }
        is_node
    }
}

/// The arcs of a drawing, still as numbered vertices.
struct Sketch {
    points: Vec<VertexId>,
    starts: Vec<u32>,
    uses: Vec<ArcUse>,
    ring_starts: Vec<u32>,
    /// How often each arc is run along.
    used: Vec<u32>,
}

impl Sketch {
    fn of(drawing: &Drawing) -> Self {
        let is_node = drawing.find_nodes();
        let mut sketch = Self {
            points: Vec::with_capacity(drawing.vertices.len() / 2),
            starts: vec![0],
            uses: Vec::new(),
            ring_starts: vec![0],
            used: Vec::new(),
        };
        // An arc by the first edge in its direction.
        let mut known: HashMap<(VertexId, VertexId), usize, FixedState> = HashMap::default();
        let mut turned = Vec::new();
        for ring in drawing.rings() {
            let first_node = ring.iter().position(|&vertex| is_node[vertex as usize]);
            // Without a node all who share the ring begin at its lowest vertex.
            let lowest = || (0..ring.len()).min_by_key(|&place| drawing.place_of(ring[place]));
            let start = first_node.or_else(lowest).unwrap_or(0);
            turned.clear();
            turned.extend_from_slice(&ring[start..]);
            turned.extend_from_slice(&ring[..=start]);
            let mut from = 0;
            for to in 1..turned.len() {
                if to == turned.len() - 1 || is_node[turned[to] as usize] {
                    let run = sketch.run_along(drawing, &turned[from..=to], &mut known);
                    sketch.uses.push(run);
                    from = to;
                }
            }
            sketch.ring_starts.push(number(sketch.uses.len()));
        }
        sketch
    }

    /// The arc along these vertices. Which of the two ways round is its direction does not
    /// depend on who comes first.
    fn run_along(
        &mut self,
        drawing: &Drawing,
        vertices: &[VertexId],
        known: &mut HashMap<(VertexId, VertexId), usize, FixedState>,
    ) -> ArcUse {
        let last = vertices.len() - 1;
        let with = (vertices[0], vertices[1]);
        let against = (vertices[last], vertices[last - 1]);
        let place_of = |(one, next)| (drawing.place_of(one), drawing.place_of(next));
        let key = if place_of(against) < place_of(with) {
            against
        } else {
            with
        };
        let arc = *known.entry(key).or_insert_with(|| {
            if key == with {
                self.points.extend_from_slice(vertices);
            } else {
                self.points.extend(vertices.iter().rev());
            }
            self.starts.push(number(self.points.len()));
            self.used.push(0);
            self.used.len() - 1
        });
        self.used[arc] += 1;
        ArcUse::new(number(arc), key != with)
    }

    /// The arcs that have an area on one side only.
    fn single_arcs(&self) -> Vec<&[VertexId]> {
        let ends = self.starts.windows(2);
        ends.zip(&self.used)
            .filter(|&(_, &used)| used == 1)
            .map(|(ends, _)| &self.points[ends[0] as usize..ends[1] as usize])
            .collect()
    }
}

/// A place in a list, as it is kept.
#[expect(
    clippy::cast_possible_truncation,
    reason = "memory ends before a level has four billion vertices"
)]
pub(super) const fn number(place: usize) -> u32 {
    place as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Polygon, Ring};

    fn shape(rings: &[&[(i32, i32)]]) -> Shape {
        let ring = |points: &&[(i32, i32)]| {
            let points = points.iter().map(|&(x, y)| LngLat::from_e7(x, y).unwrap());
            Ring::from_open(points.collect()).unwrap()
        };
        let mut rings = rings.iter().map(ring);
        Shape::new(vec![Polygon {
            exterior: rings.next().unwrap(),
            holes: rings.collect(),
        }])
        .unwrap()
    }

    /// The arcs of the one ring of each area, with their directions.
    fn runs(arcs: &Arcs, areas: usize) -> Vec<Vec<(u32, bool)>> {
        (0..areas)
            .flat_map(|area| arcs.rings_of(area))
            .map(|ring| {
                let uses = ring.iter();
                uses.map(|along| (along.arc(), along.is_against()))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn neighbours_run_along_one_arc_in_opposite_directions() {
        let west = shape(&[&[(0, 0), (50, 0), (50, 30), (52, 60), (50, 100), (0, 100)]]);
        let east = shape(&[&[(50, 0), (90, 0), (90, 100), (50, 100), (52, 60), (50, 30)]]);
        let arcs = Arcs::build(&[&west, &east]);
        assert_eq!(arcs.chains.count(), 3);
        let runs = runs(&arcs, 2);
        let shared: Vec<_> = runs[0]
            .iter()
            .filter(|(arc, against)| runs[1].contains(&(*arc, !against)))
            .collect();
        assert_eq!(shared.len(), 1);
        assert_eq!(arcs.chains.span_of(shared[0].0 as usize).len(), 4);
    }

    #[test]
    fn an_enclave_and_the_hole_it_fills_are_one_closed_arc() {
        let enclave: [(i32, i32); 4] = [(40, 40), (60, 40), (60, 60), (40, 60)];
        let mut turned = enclave;
        turned.rotate_left(2);
        turned.reverse();
        let around = shape(&[&[(0, 0), (100, 0), (100, 100), (0, 100)], &turned]);
        let arcs = Arcs::build(&[&around, &shape(&[&enclave])]);
        assert_eq!(arcs.chains.count(), 2);
        let runs = runs(&arcs, 2);
        assert_eq!(runs[1], [(runs[2][0].0, !runs[2][0].1)]);
    }

    #[test]
    fn a_vertex_on_a_neighbours_edge_is_a_vertex_of_both() {
        // The second and third lie along the first one's eastern edge, one of them a
        // lattice step off, as rounding leaves it.
        let west = shape(&[&[(0, 0), (501, 0), (500, 1_000), (0, 1_000)]]);
        let south = shape(&[&[(501, 0), (900, 0), (900, 400), (500, 400)]]);
        let north = shape(&[&[(500, 400), (900, 400), (900, 1_000), (500, 1_000)]]);
        let arcs = Arcs::build(&[&west, &south, &north]);
        let runs = runs(&arcs, 3);
        for other in [1, 2] {
            let shared = runs[0]
                .iter()
                .filter(|(arc, against)| runs[other].contains(&(*arc, !against)));
            assert_eq!(shared.count(), 1, "with {other}");
        }
        assert_eq!(arcs.chains.count(), 6);
    }
}
