//! Where points and edges stay when areas follow each other.

use std::collections::HashMap;

use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::plane::{Metres, between, corner};
use crate::domain::shape::edges;
use crate::domain::{LngLat, Outline};

/// An undirected edge, its lesser end first.
type Edge = [LngLat; 2];

/// Points and edges on their way to where they stay.
pub(super) struct Snapping {
    tolerance_m: f64,
    /// By where they were drawn: whose they are.
    points: HashMap<LngLat, Vec<usize>>,
    edges: HashMap<Edge, Vec<usize>>,
    point_tree: RTree<GeomWithData<[f64; 2], LngLat>>,
    edge_tree: RTree<GeomWithData<Rectangle<[f64; 2]>, Edge>>,
    /// By where they were drawn: where they stay. Edges run from their lesser end.
    settled_points: HashMap<LngLat, LngLat>,
    settled_edges: HashMap<Edge, Vec<LngLat>>,
    /// By where they stay: who has a vertex there.
    having: HashMap<LngLat, Vec<usize>>,
    /// Where vertices moved onto settled edges.
    pub feet: Vec<LngLat>,
}

impl Snapping {
    pub fn new(drawn: &[Outline], tolerance_m: f64) -> Self {
        let mut points: HashMap<LngLat, Vec<usize>> = HashMap::new();
        let mut drawn_edges: HashMap<Edge, Vec<usize>> = HashMap::new();
        for (place, outline) in drawn.iter().enumerate() {
            for (a, b) in outline.rings().flat_map(edges) {
                note(points.entry(a).or_default(), place);
                if a != b {
                    note(drawn_edges.entry([a.min(b), a.max(b)]).or_default(), place);
                }
            }
        }
        // In order, so that the trees are the same each time.
        let mut all: Vec<LngLat> = points.keys().copied().collect();
        all.sort_unstable();
        let entries = all.into_iter().map(|it| GeomWithData::new(corner(it), it));
        let point_tree = RTree::bulk_load(entries.collect());
        let mut all: Vec<Edge> = drawn_edges.keys().copied().collect();
        all.sort_unstable();
        let boxed = |edge: Edge| Rectangle::from_corners(corner(edge[0]), corner(edge[1]));
        let entries = all.into_iter().map(|it| GeomWithData::new(boxed(it), it));
        let edge_tree = RTree::bulk_load(entries.collect());
        Self {
            tolerance_m,
            points,
            edges: drawn_edges,
            point_tree,
            edge_tree,
            settled_points: HashMap::new(),
            settled_edges: HashMap::new(),
            having: HashMap::new(),
            feet: Vec::new(),
        }
    }

    /// Leaves an outline where it is.
    pub fn fix(&mut self, outline: &Outline) {
        for (a, b) in outline.rings().flat_map(edges) {
            self.settle_point(a, a);
            let edge = [a.min(b), a.max(b)];
            self.settled_edges
                .entry(edge)
                .or_insert_with(|| edge.to_vec());
        }
    }

    /// Moves what is not settled yet of an outline.
    pub fn follow(&mut self, outline: &Outline) {
        for &point in outline.rings().flatten() {
            if !self.settled_points.contains_key(&point) {
                let to = self.find_place(point);
                self.settle_point(point, to);
            }
        }
        for (a, b) in outline.rings().flat_map(edges) {
            let edge = [a.min(b), a.max(b)];
            if a != b && !self.settled_edges.contains_key(&edge) {
                let line = self.bend(edge);
                self.settled_edges.insert(edge, line);
            }
        }
    }

    /// The outline as its points and edges settled.
    pub fn redrawn(&self, outline: &Outline) -> Outline {
        let redraw = |ring: &Vec<LngLat>| {
            let mut points: Vec<LngLat> = Vec::with_capacity(ring.len());
            for (a, b) in edges(ring).filter(|(a, b)| a != b) {
                let line = self.settled_edges.get(&[a.min(b), a.max(b)]);
                let line = line.map_or_else(Vec::new, Clone::clone);
                if a < b {
                    points.extend(line);
                } else {
                    points.extend(line.into_iter().rev());
                }
            }
            points.dedup();
            points
        };
        let polygons = outline.polygons.iter();
        Outline {
            polygons: polygons
                .map(|rings| rings.iter().map(redraw).collect())
                .collect(),
        }
    }

    fn settle_point(&mut self, point: LngLat, to: LngLat) {
        if self.settled_points.insert(point, to).is_none() {
            let owners = self.points.get(&point).into_iter().flatten();
            let having = self.having.entry(to).or_default();
            owners.for_each(|&owner| note(having, owner));
        }
    }

    /// Where a point stays: on the nearest settled vertex of others, or on their nearest
    /// settled edge, within the tolerance.
    fn find_place(&mut self, point: LngLat) -> LngLat {
        let none = Vec::new();
        let owners = self.points.get(&point).unwrap_or(&none);
        if self.having.contains_key(&point) {
            return point;
        }
        let metres = Metres::at(point);
        // What has settled is within the tolerance of where it was drawn.
        let vertices = self
            .point_tree
            .locate_in_envelope(&metres.around([point; 2], 2.0 * self.tolerance_m));
        let nearest = vertices
            .filter_map(|entry| self.settled_points.get(&entry.data).copied())
            .filter(|to| are_others(self.having.get(to), owners))
            .map(|to| (metres.distance_m(point, to), to))
            .filter(|&(distance_m, _)| distance_m <= self.tolerance_m)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if let Some((_, to)) = nearest {
            return to;
        }
        // An edge's ends have moved that far, and it may have been bent as much again.
        let reach = metres.around([point; 2], 3.0 * self.tolerance_m);
        let nearest = self
            .edge_tree
            .locate_in_envelope_intersecting(&reach)
            .filter(|entry| are_others(self.edges.get(&entry.data), owners))
            .filter_map(|entry| Some((entry.data, self.settled_edges.get(&entry.data)?)))
            .flat_map(|(edge, line)| line.windows(2).map(move |ends| (edge, [ends[0], ends[1]])))
            .map(|(edge, ends)| (metres.nearest(point, ends), edge, ends))
            .filter(|((distance_m, along), ..)| {
                *distance_m <= self.tolerance_m && 0.0 < *along && *along < 1.0
            })
            .min_by(|a, b| a.0.0.total_cmp(&b.0.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let Some(((_, along), edge, [from, to])) = nearest else {
            return point;
        };
        let foot = between(from, to, along);
        if foot != from && foot != to {
            self.feet.push(foot);
            let owners = self.edges.get(&edge).into_iter().flatten();
            let having = self.having.entry(foot).or_default();
            owners.for_each(|&owner| note(having, owner));
        }
        foot
    }

    /// An edge between where its ends stay, through the vertices of others that it passes
    /// within the tolerance.
    fn bend(&mut self, edge: Edge) -> Vec<LngLat> {
        let none = Vec::new();
        let owners = self.edges.get(&edge).unwrap_or(&none);
        let ends = edge.map(|end| self.settled_points.get(&end).copied().unwrap_or(end));
        if ends[0] == ends[1] {
            return vec![ends[0]];
        }
        let metres = Metres::at(ends[0]);
        let vertices = self
            .point_tree
            .locate_in_envelope(&metres.around(ends, 2.0 * self.tolerance_m));
        let mut passed: Vec<(f64, LngLat)> = vertices
            .filter_map(|entry| self.settled_points.get(&entry.data).copied())
            .filter(|at| !ends.contains(at) && are_others(self.having.get(at), owners))
            .filter_map(|at| {
                let (distance_m, along) = metres.nearest(at, ends);
                (distance_m <= self.tolerance_m).then_some((along, at))
            })
            .filter(|&(along, _)| 0.0 < along && along < 1.0)
            .collect();
        passed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        passed.dedup();
        let owners = owners.clone();
        for (_, at) in &passed {
            let having = self.having.entry(*at).or_default();
            for &owner in &owners {
                note(having, owner);
            }
        }
        let passed = passed.into_iter().map(|(_, at)| at);
        std::iter::once(ends[0])
            .chain(passed)
            .chain([ends[1]])
            .collect()
    }
}

/// True when something belongs to others alone.
fn are_others(having: Option<&Vec<usize>>, owners: &[usize]) -> bool {
    having.is_some_and(|having| having.iter().all(|owner| !owners.contains(owner)))
}

fn note(owners: &mut Vec<usize>, owner: usize) {
    if !owners.contains(&owner) {
        owners.push(owner);
    }
}
