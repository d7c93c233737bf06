//! Splits ground into cells that look like districts drawn by people: compact, uneven, divided by
//! wandering lines, and exact on the integer lattice.
//!
//! The cells of one ground are first a power diagram (a Voronoi diagram whose cells have wanted
//! sizes). Only its structure is kept: which cells meet in which junctions. Every dividing line
//! runs between vertices that exist — a junction, or a vertex already on the ground's border — so
//! the ground's own rings are never touched, and the children of neighbours need not know of each
//! other. The lines are then drawn anew as wandering ones, each refused if it meets another. Cells
//! are read off the drawing by walking round its faces, so together they use every edge of the
//! ground once and every inner edge twice, in opposite directions: no gap and no overlap is
//! possible.

use std::collections::{HashMap, HashSet};
use std::f64::consts::PI;
use std::ops::Range;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::diagram::{Diagram, Frame, arrange, divide};
use super::lattice::{Patch, Vertex, doubled_area, edges, find_enclosing, nest, trace};
use super::meander::{Fabric, Gait, count_pieces, length, ratio, round, squeeze_at, wander};

/// One cell that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Portion {
    /// Its share of the ground, relative to the others'.
    pub weight: f64,
    /// Central portions lie together around the middle of the ground.
    pub central: bool,
    /// How many of the smallest cells it will be split into later: sets the detail of its border.
    pub leaves: usize,
}

/// How the dividing lines are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Stroke {
    /// Distance between vertices, as a share of the side of the smallest cells beside the line.
    pub spacing: f64,
    /// The least and the greatest roughness a line may have; see [`Gait`].
    pub roughness: (f64, f64),
}

/// Why ground could not be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubdivideError {
    #[error("no portion is wanted")]
    NoPortion,
    #[error("the ground is empty")]
    NoGround,
    #[error("the ground is too coarse to be split into {wanted} cells")]
    TooCoarse { wanted: usize },
}

/// What a drawing must be worth to be accepted, attempt by attempt: awkward ground gets more
/// attempts and less is asked of them. After the last one the best is taken.
const DEMANDS: [(usize, f64); 3] = [(10, 1.0), (12, 0.8), (18, 0.6)];
/// A cell below this isoperimetric quotient, 4πA/P², is too long to be accepted at once.
const COMPACT_ENOUGH: f64 = 0.26;
/// A cell below this part of its wanted size is too small to be accepted at once.
const LARGE_ENOUGH: f64 = 0.55;

/// Splits ground into one cell for each portion, in their order.
///
/// A cell is one patch, except that detached pieces of ground too small for a cell of their own
/// join the nearest one. The cells tile the ground exactly and add no vertex to its rings.
///
/// # Errors
///
/// When there is no portion or no ground, or its rings have too few vertices to divide.
pub fn subdivide(
    ground: &[Patch],
    portions: &[Portion],
    stroke: Stroke,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Vec<Patch>>, SubdivideError> {
    if portions.is_empty() {
        return Err(SubdivideError::NoPortion);
    }
    if ground.is_empty() {
        return Err(SubdivideError::NoGround);
    }
    if portions.len() == 1 {
        return Ok(vec![ground.to_vec()]);
    }
    let mut cells: Vec<Vec<Patch>> = vec![Vec::new(); portions.len()];
    let mut detached = Vec::new();
    for (patch, members) in allot(ground, portions) {
        if members.is_empty() {
            detached.push(patch);
            continue;
        }
        let own: Vec<Portion> = members.iter().map(|member| portions[*member]).collect();
        for (member, cell) in members.iter().zip(split(patch, &own, stroke, rng)?) {
            cells[*member].push(cell);
        }
    }
    for patch in detached {
        if let Some(nearest) = find_nearest(&cells, patch) {
            cells[nearest].push(patch.clone());
        }
    }
    Ok(cells)
}

/// Hands the portions out to the pieces of ground by size; the largest piece takes what is left,
/// and pieces smaller than half a portion get none.
fn allot<'a>(ground: &'a [Patch], portions: &[Portion]) -> Vec<(&'a Patch, Vec<usize>)> {
    let mut pieces: Vec<&Patch> = ground.iter().collect();
    pieces.sort_by_key(|patch| std::cmp::Reverse(patch.doubled_area()));
    let area: f64 = pieces.iter().map(|patch| area_of(patch)).sum();
    let weight: f64 = portions.iter().map(|portion| portion.weight).sum();
    // Taken from the end: ordinary portions first, so that the centre stays in one piece.
    let mut waiting: Vec<usize> = (0..portions.len()).collect();
    waiting.sort_by_key(|index| !portions[*index].central);
    let mut allotted = Vec::with_capacity(pieces.len());
    for patch in &pieces[1..] {
        let mut wanted = area_of(patch) / area * weight;
        let mut members = Vec::new();
        while let [_, .., next] = waiting[..]
            && wanted >= portions[next].weight / 2.0
        {
            wanted -= portions[next].weight;
            members.push(next);
            waiting.pop();
        }
        allotted.push((*patch, members));
    }
    allotted.insert(0, (pieces[0], waiting));
    allotted
}

/// The cell with the vertex nearest to a detached piece.
fn find_nearest(cells: &[Vec<Patch>], patch: &Patch) -> Option<usize> {
    let place = patch.outer.first().copied()?;
    let squeeze = squeeze_at(f64::from(place.y));
    let distance = |cell: &Vec<Patch>| {
        cell.iter()
            .flat_map(|part| &part.outer)
            .map(|vertex| length(place, *vertex, squeeze))
            .fold(f64::INFINITY, f64::min)
    };
    cells
        .iter()
        .map(distance)
        .enumerate()
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(index, _)| index)
}

#[expect(clippy::cast_precision_loss, reason = "only guides choices")]
pub(crate) fn area_of(patch: &Patch) -> f64 {
    patch.doubled_area() as f64 / 2.0
}

#[expect(clippy::cast_precision_loss, reason = "only guides choices")]
fn ring_area(ring: &[Vertex]) -> f64 {
    doubled_area(ring) as f64 / 2.0
}

/// The isoperimetric quotient of a patch's outer ring, 4πA/P²: 1 for a circle, 0.785 for a square.
#[must_use]
pub fn compactness(patch: &Patch, squeeze: f64) -> f64 {
    let around: f64 = edges(&patch.outer)
        .map(|(a, b)| length(a, b, squeeze))
        .sum();
    4.0 * PI * ring_area(&patch.outer) * squeeze / (around * around)
}

/// Splits one patch: the best of several drawings, or, where none succeeds, cut by cut.
fn split(
    patch: &Patch,
    portions: &[Portion],
    stroke: Stroke,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Patch>, SubdivideError> {
    if portions.len() == 1 {
        return Ok(vec![patch.clone()]);
    }
    let mut sheet = Sheet::of(patch, portions, stroke);
    let mut best: Option<(f64, Vec<Patch>)> = None;
    let demands = DEMANDS
        .into_iter()
        .flat_map(|(attempts, demand)| std::iter::repeat_n(demand, attempts));
    for demand in demands {
        if best.as_ref().is_some_and(|(merit, _)| *merit >= demand) {
            break;
        }
        let Some(cells) = sheet.attempt(rng) else {
            continue;
        };
        let merit = sheet.merit(&cells);
        if best.as_ref().is_none_or(|(least, _)| merit > *least) {
            best = Some((merit, cells));
        }
    }
    match best {
        Some((_, cells)) => Ok(cells),
        None => sheet.cut(rng).ok_or(SubdivideError::TooCoarse {
            wanted: portions.len(),
        }),
    }
}

/// One patch on the drawing table.
struct Sheet<'a> {
    patch: &'a Patch,
    portions: &'a [Portion],
    stroke: Stroke,
    squeeze: f64,
    /// Wanted areas, in square lattice units (longitude not squeezed).
    targets: Vec<f64>,
    /// Distance of vertices on the lines beside each cell, in lattice units of latitude.
    spacings: Vec<f64>,
    fabric: Fabric,
    rings: Vec<&'a [Vertex]>,
}

/// A line between two cells.
#[derive(Debug, Clone)]
struct Arc {
    line: Vec<Vertex>,
    left: usize,
    right: usize,
    /// Its segments in the fabric.
    drawn: Range<usize>,
    /// Whether both its ends are on the border of the ground.
    spans: bool,
}

impl Arc {
    fn label(&self, forward: bool) -> usize {
        if forward { self.left } else { self.right }
    }
}

/// Ground between lines.
struct Face {
    doubled_area: i128,
    /// The lines beside it, by number, and whether it lies on their left.
    sides: Vec<(usize, bool)>,
    /// The outer ring first.
    rings: Vec<Vec<Vertex>>,
}

/// An end of a piece of a line.
#[derive(Debug, Clone, Copy)]
enum Stop {
    Junction(Vertex),
    Border(Crossing),
}

/// Where a line crosses the border: between a ring's vertices `index - 1` and `index`.
#[derive(Debug, Clone, Copy)]
struct Crossing {
    along: f64,
    ring: usize,
    index: usize,
    place: Vertex,
}

impl<'a> Sheet<'a> {
    fn of(patch: &'a Patch, portions: &'a [Portion], stroke: Stroke) -> Self {
        let rings: Vec<&[Vertex]> = patch.rings().map(Vec::as_slice).collect();
        let mut fabric = Fabric::over(&patch.rings());
        for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
            fabric.add(a, b);
        }
        let latitudes: f64 = patch.outer.iter().map(|v| f64::from(v.y)).sum();
        let squeeze = squeeze_at(latitudes * ratio(1, patch.outer.len()));
        let weight: f64 = portions.iter().map(|portion| portion.weight).sum();
        let targets: Vec<f64> = portions
            .iter()
            .map(|portion| portion.weight / weight * area_of(patch))
            .collect();
        let spacings = portions
            .iter()
            .zip(&targets)
            .map(|(portion, target)| {
                stroke.spacing * (target * squeeze * ratio(1, portion.leaves.max(1))).sqrt()
            })
            .collect();
        Self {
            patch,
            portions,
            stroke,
            squeeze,
            targets,
            spacings,
            fabric,
            rings,
        }
    }

    /// How good a drawing is: by its worst cell's compactness or size, 1 being acceptable.
    fn merit(&self, cells: &[Patch]) -> f64 {
        cells
            .iter()
            .zip(&self.targets)
            .map(|(cell, target)| {
                let compact = compactness(cell, self.squeeze) / COMPACT_ENOUGH;
                compact.min(area_of(cell) / target / LARGE_ENOUGH)
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// One drawing, from a fresh arrangement of cells.
    fn attempt(&mut self, rng: &mut ChaCha8Rng) -> Option<Vec<Patch>> {
        let mark = self.fabric.mark();
        let cells = self.draw_cells(rng);
        self.fabric.roll_back(mark);
        cells
    }

    fn draw_cells(&mut self, rng: &mut ChaCha8Rng) -> Option<Vec<Patch>> {
        let frame = Frame::at(self.patch, self.squeeze, rng);
        let sites = arrange(self.patch, self.portions, frame, rng)?;
        let mut diagram = divide(&sites)?;
        let least = self.targets.iter().copied().fold(f64::INFINITY, f64::min);
        diagram.jostle(0.3, (least * self.squeeze).sqrt(), rng);
        let sketch = self.sketch(&diagram, frame);
        let mut arcs = self.merge_scraps(sketch)?;
        for arc in &mut arcs {
            self.redraw(arc, rng);
        }
        self.read_cells(&arcs)
    }

    /// Lays the lines of the diagram on the ground, straight, each end on a junction or on a
    /// vertex of the border. Lines that fit nowhere are left out.
    fn sketch(&mut self, diagram: &Diagram, frame: Frame) -> Vec<Arc> {
        let inside: Vec<Option<Vertex>> = diagram
            .junctions
            .iter()
            .map(|place| Some(frame.vertex(*place)).filter(|vertex| self.patch.holds(*vertex)))
            .collect();
        let mut taken = HashSet::new();
        let mut arcs = Vec::new();
        for line in &diagram.lines {
            let [from, to] = [line.from, line.to].map(|end| frame.unfold(diagram.junctions[end]));
            let crossings = self.find_crossings(from, to);
            let mut stops: Vec<Stop> = Vec::with_capacity(crossings.len() + 2);
            stops.extend(inside[line.from].map(Stop::Junction));
            stops.extend(crossings.into_iter().map(Stop::Border));
            stops.extend(inside[line.to].map(Stop::Junction));
            let spacing = self.spacings[line.left].min(self.spacings[line.right]);
            // Inside and outside take turns along the line; the first stop opens a piece inside.
            for pair in stops.chunks_exact(2) {
                let Some((from, to)) = self.fit(pair[0], pair[1], spacing, &taken) else {
                    continue;
                };
                let Some(drawn) = self.fabric.draw(&[from, to]) else {
                    continue;
                };
                for (stop, vertex) in [(pair[0], from), (pair[1], to)] {
                    if matches!(stop, Stop::Border(_)) {
                        taken.insert(vertex);
                    }
                }
                arcs.push(Arc {
                    line: vec![from, to],
                    left: line.left,
                    right: line.right,
                    drawn,
                    spans: matches!(pair, [Stop::Border(_), Stop::Border(_)]),
                });
            }
        }
        arcs
    }

    /// Where a straight line crosses the border, in order along it.
    fn find_crossings(&self, from: (f64, f64), to: (f64, f64)) -> Vec<Crossing> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let relative = |v: Vertex| (f64::from(v.x) - from.0, f64::from(v.y) - from.1);
        let mut found = Vec::new();
        for (ring, vertices) in self.rings.iter().enumerate() {
            for (index, (a, b)) in (1..).zip(edges(vertices)) {
                let ((ax, ay), (bx, by)) = (relative(a), relative(b));
                let (before, after) = (dx * ay - dy * ax, dx * by - dy * bx);
                if (before > 0.0) == (after > 0.0) {
                    continue;
                }
                let share = before / (before - after);
                let (x, y) = (ax + share * (bx - ax), ay + share * (by - ay));
                let along = (x * dx + y * dy) / (dx * dx + dy * dy);
                if (0.0..=1.0).contains(&along) {
                    found.push(Crossing {
                        along,
                        ring,
                        index,
                        place: Vertex {
                            x: round(x + from.0),
                            y: round(y + from.1),
                        },
                    });
                }
            }
        }
        found.sort_by(|a, b| a.along.total_cmp(&b.along));
        found
    }

    /// The vertices to join for a piece of a line between two stops, or nothing where the piece
    /// would only cut a scrap off the border.
    fn fit(
        &self,
        from: Stop,
        to: Stop,
        spacing: f64,
        taken: &HashSet<Vertex>,
    ) -> Option<(Vertex, Vertex)> {
        match (from, to) {
            (Stop::Junction(from), Stop::Junction(to)) => (from != to).then_some((from, to)),
            (Stop::Junction(from), Stop::Border(crossing)) => {
                Some((from, self.moor(crossing, from, taken)?))
            }
            (Stop::Border(crossing), Stop::Junction(to)) => {
                Some((self.moor(crossing, to, taken)?, to))
            }
            (Stop::Border(first), Stop::Border(last)) => {
                if length(first.place, last.place, self.squeeze) < 3.0 * spacing {
                    return None;
                }
                let from = *self.list_moorings(first, taken).first()?;
                let to = self.moor(last, from, taken)?;
                self.patch.holds(midpoint(from, to)).then_some((from, to))
            }
        }
    }

    /// The vertex of the border to end a line at, near where it crosses, such that the straight
    /// line to it from `inner` meets nothing.
    fn moor(&self, crossing: Crossing, inner: Vertex, taken: &HashSet<Vertex>) -> Option<Vertex> {
        self.list_moorings(crossing, taken)
            .into_iter()
            .find(|vertex| *vertex != inner && self.fabric.is_free(inner, *vertex))
    }

    /// Vertices around the crossing that no other line ends at, the nearest first.
    fn list_moorings(&self, crossing: Crossing, taken: &HashSet<Vertex>) -> Vec<Vertex> {
        let ring = self.rings[crossing.ring];
        let reach = 4.min(ring.len() / 2);
        let mut near: Vec<Vertex> = (0..2 * reach)
            .map(|step| ring[(crossing.index + ring.len() + step - reach) % ring.len()])
            .filter(|vertex| !taken.contains(vertex))
            .collect();
        let distance = |vertex: &Vertex| length(*vertex, crossing.place, self.squeeze);
        near.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
        near
    }

    /// Joins faces that are no cell of their own (a cell that a bay of the border tears apart, a
    /// corner cut off) to the neighbour along their longest line. `None` when a cell is missing.
    fn merge_scraps(&mut self, arcs: Vec<Arc>) -> Option<Vec<Arc>> {
        let faces = self.walk_faces(&arcs)?;
        let lengths: Vec<f64> = arcs
            .iter()
            .map(|arc| length(arc.line[0], arc.line[1], self.squeeze))
            .collect();
        let mut main: Vec<Option<usize>> = vec![None; self.portions.len()];
        for (number, face) in faces.iter().enumerate() {
            let label = most_of_border(face, &arcs, &lengths)?;
            if main[label].is_none_or(|kept| faces[kept].doubled_area < face.doubled_area) {
                main[label] = Some(number);
            }
        }
        let mut labels: Vec<Option<usize>> = vec![None; faces.len()];
        for (label, face) in main.into_iter().enumerate() {
            labels[face?] = Some(label);
        }
        let mut beside = vec![[0; 2]; arcs.len()];
        for (number, face) in faces.iter().enumerate() {
            for (arc, forward) in &face.sides {
                beside[*arc][usize::from(!*forward)] = number;
            }
        }
        while labels.contains(&None) {
            let (labelled, scrap) = find_longest_link(&beside, &lengths, &labels)?;
            labels[scrap] = labels[labelled];
        }
        let mut kept = Vec::with_capacity(arcs.len());
        for (mut arc, [left, right]) in arcs.into_iter().zip(beside) {
            (arc.left, arc.right) = (labels[left]?, labels[right]?);
            if arc.left == arc.right {
                self.fabric.erase(arc.drawn);
            } else {
                kept.push(arc);
            }
        }
        Some(kept)
    }

    /// Replaces a straight line by a wandering one, as bold as its surroundings allow.
    fn redraw(&mut self, arc: &mut Arc, rng: &mut ChaCha8Rng) {
        let (from, to) = (arc.line[0], arc.line[1]);
        let spacing = self.spacings[arc.left].min(self.spacings[arc.right]);
        let pieces = count_pieces(length(from, to, self.squeeze) * 1.06, spacing);
        if pieces < 2 {
            return;
        }
        let (least, greatest) = self.stroke.roughness;
        let roughness = rng.random_range(least..greatest);
        self.fabric.erase(arc.drawn.clone());
        for boldness in [1.0, 1.0, 0.6, 0.3, 0.1, 0.0] {
            let gait = Gait {
                roughness: roughness * boldness,
                calming: 0.97,
            };
            let line = wander((from, to), pieces, gait, self.squeeze, rng);
            // A line between two vertices of the border could leave the ground unnoticed.
            if arc.spans && !self.patch.holds(line[1]) {
                continue;
            }
            if let Some(drawn) = self.fabric.draw(&line) {
                arc.line = line;
                arc.drawn = drawn;
                return;
            }
        }
        let number = self.fabric.add(from, to);
        arc.drawn = number..number + 1;
    }

    /// Walks round the faces that the lines and the border make.
    fn walk_faces(&self, arcs: &[Arc]) -> Option<Vec<Face>> {
        let ends: HashSet<Vertex> = arcs
            .iter()
            .flat_map(|arc| [arc.line.first(), arc.line.last()])
            .flatten()
            .copied()
            .collect();
        let mut paths: Vec<Vec<Vertex>> = Vec::with_capacity(arcs.len() * 2 + ends.len());
        for arc in arcs {
            paths.push(arc.line.clone());
            paths.push(arc.line.iter().rev().copied().collect());
        }
        for ring in &self.rings {
            cut_ring(ring, &ends, &mut paths);
        }
        let (mut faces, holes): (Vec<Face>, Vec<Face>) = trace(&paths)?
            .into_iter()
            .map(|cycle| Face {
                doubled_area: doubled_area(&cycle.ring),
                sides: cycle
                    .paths
                    .iter()
                    .filter(|path| **path < arcs.len() * 2)
                    .map(|path| (path / 2, path.is_multiple_of(2)))
                    .collect(),
                rings: vec![cycle.ring],
            })
            .partition(|face| face.doubled_area > 0);
        for hole in holes {
            let outers = faces.iter().map(|face| face.rings[0].as_slice());
            let around = find_enclosing(outers, &hole.rings[0])?;
            let face = &mut faces[around];
            face.doubled_area += hole.doubled_area;
            face.sides.extend(hole.sides);
            face.rings.extend(hole.rings);
        }
        Some(faces)
    }

    /// The cells of a finished drawing; `None` unless each portion has exactly one, of rings that
    /// touch neither themselves nor each other.
    fn read_cells(&self, arcs: &[Arc]) -> Option<Vec<Patch>> {
        let faces = self.walk_faces(arcs)?;
        let mut cells: Vec<Option<Patch>> = vec![None; self.portions.len()];
        if faces.len() != cells.len() {
            return None;
        }
        for mut face in faces {
            let mut labels = face
                .sides
                .iter()
                .map(|(arc, forward)| arcs[*arc].label(*forward));
            let label = labels.next()?;
            let mut seen = HashSet::new();
            if labels.any(|other| other != label)
                || cells[label].is_some()
                || !face
                    .rings
                    .iter()
                    .flatten()
                    .all(|vertex| seen.insert(*vertex))
            {
                return None;
            }
            let outer = face.rings.remove(0);
            cells[label] = Some(Patch {
                outer,
                holes: face.rings,
            });
        }
        cells.into_iter().collect()
    }

    /// Splits cut by cut, each a line between two vertices of the border: plain, and possible for
    /// any ring with vertices enough.
    fn cut(&mut self, rng: &mut ChaCha8Rng) -> Option<Vec<Patch>> {
        if self.portions.len() < 2 {
            return Some(vec![self.patch.clone()]);
        }
        let half = count_half(self.portions);
        let (from, to) = self.choose_chord(self.targets[..half].iter().sum())?;
        let mut outline = self.patch.outer.clone();
        let across = (to + outline.len() - from) % outline.len();
        outline.rotate_left(from);
        let mut arc = Arc {
            line: vec![outline[0], outline[across]],
            left: self.find_finest(),
            right: self.find_finest(),
            drawn: self.fabric.draw(&[outline[0], outline[across]])?,
            spans: true,
        };
        self.redraw(&mut arc, rng);
        let (first, rest) = outline.split_at(across);
        let forward = &arc.line[..arc.line.len() - 1];
        let backward = arc.line[1..].iter().rev();
        let mut rings = vec![
            first.iter().chain(backward).copied().collect(),
            rest.iter().chain(forward).copied().collect(),
        ];
        rings.extend(self.patch.holes.iter().cloned());
        let (early, late) = self.portions.split_at(half);
        let mut cells = Vec::with_capacity(self.portions.len());
        for (part, portions) in nest(rings)?.iter().zip([early, late]) {
            let mut sheet = Sheet::of(part, portions, self.stroke);
            let drawn = if portions.len() > 1 {
                sheet.attempt(rng)
            } else {
                None
            };
            cells.extend(match drawn {
                Some(drawn) => drawn,
                None => sheet.cut(rng)?,
            });
        }
        Some(cells)
    }

    /// The portion with the finest border.
    fn find_finest(&self) -> usize {
        (0..self.spacings.len())
            .min_by(|a, b| self.spacings[*a].total_cmp(&self.spacings[*b]))
            .unwrap_or(0)
    }

    /// The chord that leaves about the wanted area on the side of the ring from its first end to
    /// its second, weighed against its length.
    fn choose_chord(&self, wanted: f64) -> Option<(usize, usize)> {
        let ring = &self.patch.outer;
        let step = ring.len().div_ceil(80);
        let mut ranked = Vec::new();
        for from in (0..ring.len()).step_by(step) {
            for to in (0..ring.len()).step_by(step) {
                let apart = (to + ring.len() - from) % ring.len();
                if apart < 2 || apart + 2 > ring.len() {
                    continue;
                }
                let mut side = ring.clone();
                side.rotate_left(from);
                side.truncate(apart + 1);
                let miss = (ring_area(&side) / wanted - 1.0).abs();
                let span = length(ring[from], ring[to], self.squeeze);
                let cost = 2.0 * miss + span / (2.0 * wanted * self.squeeze).sqrt();
                ranked.push((cost, from, to));
            }
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        ranked
            .into_iter()
            .map(|(_, from, to)| (from, to))
            .find(|(from, to)| {
                let (from, to) = (ring[*from], ring[*to]);
                self.patch.holds(midpoint(from, to)) && self.fabric.is_free(from, to)
            })
    }
}

fn midpoint(a: Vertex, b: Vertex) -> Vertex {
    Vertex {
        x: a.x.midpoint(b.x),
        y: a.y.midpoint(b.y),
    }
}

/// The cell that the lines round a face mostly belong to.
fn most_of_border(face: &Face, arcs: &[Arc], lengths: &[f64]) -> Option<usize> {
    let mut shares: HashMap<usize, f64> = HashMap::new();
    for (arc, forward) in &face.sides {
        *shares.entry(arcs[*arc].label(*forward)).or_default() += lengths[*arc];
    }
    shares
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(label, _)| label)
}

/// The longest line between a face that has a label and one that has none, as that pair.
fn find_longest_link(
    beside: &[[usize; 2]],
    lengths: &[f64],
    labels: &[Option<usize>],
) -> Option<(usize, usize)> {
    beside
        .iter()
        .zip(lengths)
        .flat_map(|([left, right], length)| [(*length, *left, *right), (*length, *right, *left)])
        .filter(|(_, labelled, scrap)| labels[*labelled].is_some() && labels[*scrap].is_none())
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, labelled, scrap)| (labelled, scrap))
}

/// How many portions, from the first, weigh about half of all.
fn count_half(portions: &[Portion]) -> usize {
    let half = portions.iter().map(|portion| portion.weight).sum::<f64>() / 2.0;
    let mut weight = 0.0;
    portions
        .iter()
        .take_while(|portion| {
            weight += portion.weight;
            weight <= half
        })
        .count()
        .clamp(1, portions.len() - 1)
}

/// Cuts a ring into paths at the given vertices; a ring without any stays one closed path.
fn cut_ring(ring: &[Vertex], at: &HashSet<Vertex>, paths: &mut Vec<Vec<Vertex>>) {
    let first = ring
        .iter()
        .position(|vertex| at.contains(vertex))
        .unwrap_or(0);
    let mut path = Vec::new();
    for vertex in ring[first..].iter().chain(&ring[..=first]) {
        path.push(*vertex);
        if path.len() > 1 && at.contains(vertex) {
            paths.push(std::mem::replace(&mut path, vec![*vertex]));
        }
    }
    if path.len() > 1 {
        paths.push(path);
    }
}
