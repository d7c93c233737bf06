//! Arranges cells of wanted sizes on a patch of ground, as the power diagram of weighted sites.

use std::collections::HashMap;
use std::f64::consts::PI;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::lattice::{Patch, Vertex, edges};
use super::meander::{ratio, round};
use super::subdivide::{Portion, area_of};

type Point = (f64, f64);

/// A plane that the ground is stretched onto, so that cells come out longer in one direction, as
/// those between parallel canals do. Its unit is the lattice unit of latitude.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    origin: Point,
    squeeze: f64,
    sin: f64,
    cos: f64,
    stretch: f64,
}

impl Frame {
    pub(crate) fn at(patch: &Patch, squeeze: f64, rng: &mut ChaCha8Rng) -> Self {
        let (sin, cos) = rng.random_range(0.0..PI).sin_cos();
        let origin = patch
            .outer
            .first()
            .map_or((0.0, 0.0), |v| (f64::from(v.x), f64::from(v.y)));
        Self {
            origin,
            squeeze,
            sin,
            cos,
            stretch: rng.random_range(1.0..1.16),
        }
    }

    fn fold(&self, x: f64, y: f64) -> Point {
        let (x, y) = ((x - self.origin.0) * self.squeeze, y - self.origin.1);
        (
            (x * self.cos + y * self.sin) / self.stretch,
            (y * self.cos - x * self.sin) * self.stretch,
        )
    }

    /// A place of the plane as longitude and latitude in lattice units.
    pub(crate) fn unfold(&self, (x, y): Point) -> Point {
        let (x, y) = (x * self.stretch, y / self.stretch);
        (
            (x * self.cos - y * self.sin) / self.squeeze + self.origin.0,
            x * self.sin + y * self.cos + self.origin.1,
        )
    }

    pub(crate) fn vertex(&self, point: Point) -> Vertex {
        let (x, y) = self.unfold(point);
        Vertex {
            x: round(x),
            y: round(y),
        }
    }
}

/// A site of the power diagram: what is nearer to it than to any other, its weight taken off the
/// squared distance, is its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site {
    place: Point,
    weight: f64,
}

impl Site {
    fn power(&self, (x, y): Point) -> f64 {
        let (dx, dy) = (x - self.place.0, y - self.place.1);
        dx * dx + dy * dy - self.weight
    }

    fn approach(&mut self, (x, y): Point, share: f64) {
        self.place.0 += share * (x - self.place.0);
        self.place.1 += share * (y - self.place.1);
    }
}

const ROUNDS: usize = 26;
/// Sites move to the middle of their cells in these first rounds only: more would make honeycombs.
const MOVING_ROUNDS: usize = 6;

/// Finds sites whose cells have about the wanted sizes, the central ones together. `None` when the
/// patch is too thin to be measured by samples.
pub(crate) fn arrange(
    patch: &Patch,
    portions: &[Portion],
    frame: Frame,
    rng: &mut ChaCha8Rng,
) -> Option<Vec<Site>> {
    let weight: f64 = portions.iter().map(|portion| portion.weight).sum();
    let least = portions
        .iter()
        .map(|portion| portion.weight)
        .fold(f64::INFINITY, f64::min);
    let wanted = (28.0 * weight / least)
        .max(ratio(40 * portions.len(), 1))
        .clamp(160.0, 7000.0);
    let samples = sample(patch, wanted, frame, rng);
    if samples.len() < portions.len() * 4 {
        return None;
    }
    let area = area_of(patch) * frame.squeeze;
    let grain = area * ratio(1, samples.len());
    let targets: Vec<f64> = portions
        .iter()
        .map(|portion| portion.weight / weight * area)
        .collect();

    let middle = find_middle(patch, &samples, frame, area.sqrt(), rng)?;
    let mut sites = place_sites(&samples, portions, &targets, middle, rng)?;
    for round in 0..ROUNDS {
        let sums = measure(&samples, &sites);
        for (index, (count, x, y)) in sums.into_iter().enumerate() {
            let (site, target) = (&mut sites[index], targets[index]);
            if count == 0 {
                // Swallowed by its neighbours: it tries elsewhere.
                site.place = samples[rng.random_range(0..samples.len())];
                site.weight += target;
                if portions[index].central {
                    site.approach(middle, 0.8);
                }
                continue;
            }
            if round < MOVING_ROUNDS {
                let share = ratio(1, count);
                site.approach((x * share, y * share), 0.8);
                if portions[index].central {
                    // Or the settling would spread the centre out.
                    site.approach(middle, 0.2);
                }
            }
            // A cell among six equal ones grows by about 1.7 for each unit of weight; half of
            // that is enough, since its neighbours give way at the same time.
            site.weight += 0.3 * (target - ratio(count, 1) * grain);
        }
    }
    Some(sites)
}

/// The samples of each site's cell: how many, and the sums of their places.
fn measure(samples: &[Point], sites: &[Site]) -> Vec<(usize, f64, f64)> {
    let mut sums = vec![(0, 0.0, 0.0); sites.len()];
    for point in samples {
        let (mut owner, mut least) = (0, f64::INFINITY);
        for (index, site) in sites.iter().enumerate() {
            let power = site.power(*point);
            if power < least {
                (owner, least) = (index, power);
            }
        }
        let (count, x, y) = sums[owner];
        sums[owner] = (count + 1, x + point.0, y + point.1);
    }
    sums
}

/// A place near the centroid and far from the border, for the centre to grow around. `side` is the
/// root of the area.
fn find_middle(
    patch: &Patch,
    samples: &[Point],
    frame: Frame,
    side: f64,
    rng: &mut ChaCha8Rng,
) -> Option<Point> {
    let share = ratio(1, samples.len());
    let (x, y) = samples
        .iter()
        .fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
    let aside = side * 0.1;
    let centroid = (
        x * share + rng.random_range(-aside..aside),
        y * share + rng.random_range(-aside..aside),
    );
    let distance = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
    let border: Vec<Point> = patch
        .outer
        .iter()
        .step_by(patch.outer.len().div_ceil(120))
        .map(|v| frame.fold(f64::from(v.x), f64::from(v.y)))
        .collect();
    let merit = |place: Point| {
        let clearance = border
            .iter()
            .map(|vertex| distance(place, *vertex))
            .fold(f64::INFINITY, f64::min);
        clearance - 0.5 * distance(place, centroid)
    };
    samples
        .iter()
        .step_by(samples.len().div_ceil(80))
        .map(|place| (merit(*place), *place))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, place)| place)
}

/// First places: the best of a few random ones each, well apart from those before; the central
/// sites among the samples nearest to the middle.
fn place_sites(
    samples: &[Point],
    portions: &[Portion],
    targets: &[f64],
    middle: Point,
    rng: &mut ChaCha8Rng,
) -> Option<Vec<Site>> {
    let area: f64 = targets.iter().sum();
    let middle = Site {
        place: middle,
        weight: 0.0,
    };
    let mut sorted = samples.to_vec();
    sorted.sort_by(|a, b| middle.power(*a).total_cmp(&middle.power(*b)));
    let central: f64 = portions
        .iter()
        .zip(targets)
        .filter(|(portion, _)| portion.central)
        .map(|(_, target)| target)
        .sum();
    let inner = (0..sorted.len())
        .take_while(|index| ratio(*index, sorted.len()) < central / area)
        .count();
    let (core, rim) = sorted.split_at(inner);

    let mut order: Vec<usize> = (0..portions.len()).collect();
    order.sort_by(|a, b| targets[*b].total_cmp(&targets[*a]).then(a.cmp(b)));
    let mut sites: Vec<Option<Site>> = vec![None; portions.len()];
    for index in order {
        let region = match portions[index].central {
            true if !core.is_empty() => core,
            false if !rim.is_empty() => rim,
            _ => samples,
        };
        let radius = (targets[index] / PI).sqrt();
        let room = |place: Point| {
            sites
                .iter()
                .flatten()
                .map(|other| {
                    (other.power(place) + other.weight).sqrt() / (radius + other.weight.sqrt())
                })
                .fold(f64::INFINITY, f64::min)
        };
        let (_, place) = (0..12)
            .map(|_| region[rng.random_range(0..region.len())])
            .map(|place| (room(place), place))
            .max_by(|a, b| a.0.total_cmp(&b.0))?;
        sites[index] = Some(Site {
            place,
            weight: radius * radius,
        });
    }
    sites.into_iter().collect()
}

/// About the wanted number of points spread evenly over the patch, in the frame.
fn sample(patch: &Patch, wanted: f64, frame: Frame, rng: &mut ChaCha8Rng) -> Vec<Point> {
    let pitch_y = (area_of(patch) * frame.squeeze / wanted).sqrt().max(1.0);
    let pitch_x = pitch_y / frame.squeeze;
    let latitudes = || patch.outer.iter().map(|v| v.y);
    let north = latitudes().max().map_or(0.0, f64::from);
    let mut y = latitudes().min().map_or(0.0, f64::from) + pitch_y * rng.random_range(0.1..0.9);
    let mut samples = Vec::new();
    while y < north {
        let mut cuts: Vec<f64> = Vec::new();
        for (a, b) in patch.rings().flat_map(|ring| edges(ring)) {
            let (south, north) = (f64::from(a.y), f64::from(b.y));
            if (south > y) != (north > y) {
                let share = (y - south) / (north - south);
                cuts.push(f64::from(a.x) + share * (f64::from(b.x) - f64::from(a.x)));
            }
        }
        cuts.sort_by(f64::total_cmp);
        for pair in cuts.chunks_exact(2) {
            let mut x = pair[0] + pitch_x * rng.random_range(0.0..1.0);
            while x < pair[1] {
                // Off the row, or straight rows would bias the sizes of small cells.
                let nudge = pitch_y * rng.random_range(-0.3..0.3);
                samples.push(frame.fold(x, y + nudge));
                x += pitch_x;
            }
        }
        y += pitch_y;
    }
    samples
}

/// The structure of a power diagram, in the frame.
pub(crate) struct Diagram {
    pub(crate) junctions: Vec<Point>,
    pub(crate) lines: Vec<Line>,
}

impl Diagram {
    /// Moves every junction of three cells a little, because people settle their borders by other
    /// things than distance: by at most this share of its shortest line, and of `limit`.
    pub(crate) fn jostle(&mut self, share: f64, limit: f64, rng: &mut ChaCha8Rng) {
        let mut room = vec![limit; self.junctions.len()];
        let mut ends = vec![0; self.junctions.len()];
        for line in &self.lines {
            let (a, b) = (self.junctions[line.from], self.junctions[line.to]);
            let length = (a.0 - b.0).hypot(a.1 - b.1);
            for end in [line.from, line.to] {
                room[end] = room[end].min(length);
                ends[end] += 1;
            }
        }
        for (room, ends) in room.iter_mut().zip(ends) {
            if ends < 3 {
                // On the box around: moved, it would swing a line through the ground.
                *room = 0.0;
            }
        }
        for (junction, room) in self.junctions.iter_mut().zip(room) {
            junction.0 += share * room * rng.random_range(-1.0..1.0);
            junction.1 += share * room * rng.random_range(-1.0..1.0);
        }
    }
}

/// A line of the diagram between two junctions, with the cells beside it.
pub(crate) struct Line {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
}

/// A corner of a cell; from here on, counter-clockwise, the cell borders on `beyond`.
#[derive(Debug, Clone, Copy)]
struct Corner {
    place: Point,
    beyond: usize,
}

/// The power diagram of the sites. `None` when a cell is empty, or when the rounding of floats
/// makes three cells disagree on their junction; another arrangement will do.
pub(crate) fn divide(sites: &[Site]) -> Option<Diagram> {
    let count = sites.len();
    let mut diagram = Diagram {
        junctions: Vec::new(),
        lines: Vec::new(),
    };
    // Junctions by the three cells that meet there, with the number of line ends seen.
    let mut meetings: HashMap<[usize; 3], (usize, usize)> = HashMap::new();
    for own in 0..count {
        let cell = cell_of(sites, own);
        if cell.len() < 3 {
            return None;
        }
        for (index, corner) in cell.iter().enumerate() {
            if corner.beyond >= count || corner.beyond < own {
                continue;
            }
            let before = cell[(index + cell.len() - 1) % cell.len()].beyond;
            let after = cell[(index + 1) % cell.len()];
            let [from, to] =
                [(before, corner.place), (after.beyond, after.place)].map(|(third, place)| {
                    let mut cells = [own, corner.beyond, third];
                    cells.sort_unstable();
                    let (junction, ends) = meetings.entry(cells).or_insert_with(|| {
                        diagram.junctions.push(place);
                        (diagram.junctions.len() - 1, 0)
                    });
                    *ends += 1;
                    *junction
                });
            diagram.lines.push(Line {
                from,
                to,
                left: own,
                right: corner.beyond,
            });
        }
    }
    meetings
        .iter()
        .all(|(cells, (_, ends))| cells[2] >= count || *ends == 3)
        .then_some(diagram)
}

/// The cell of one site, cut out of a box far around all; the box's four walls are numbered as
/// cells beyond the last.
fn cell_of(sites: &[Site], own: usize) -> Vec<Corner> {
    let far = sites
        .iter()
        .map(|site| site.place.0.abs().max(site.place.1.abs()))
        .fold(1.0, f64::max)
        * 50.0;
    let mut cell: Vec<Corner> = [(-far, -far), (far, -far), (far, far), (-far, far)]
        .into_iter()
        .zip(sites.len()..)
        .map(|(place, beyond)| Corner { place, beyond })
        .collect();
    for (other, rival) in sites.iter().enumerate() {
        if other != own {
            clip(&mut cell, &sites[own], rival, other);
        }
    }
    cell
}

/// Keeps the part of a cell where its site has less power than the rival.
fn clip(cell: &mut Vec<Corner>, site: &Site, rival: &Site, name: usize) {
    let excess: Vec<f64> = cell
        .iter()
        .map(|corner| site.power(corner.place) - rival.power(corner.place))
        .collect();
    if excess.iter().all(|value| *value <= 0.0) {
        return;
    }
    let mut kept = Vec::with_capacity(cell.len() + 1);
    for (index, corner) in cell.iter().enumerate() {
        let next = (index + 1) % cell.len();
        let (here, there) = (excess[index], excess[next]);
        let meet = |beyond| {
            let share = here / (here - there);
            let (a, b) = (corner.place, cell[next].place);
            Corner {
                place: (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)),
                beyond,
            }
        };
        match (here <= 0.0, there <= 0.0) {
            (true, true) => kept.push(*corner),
            (true, false) => kept.extend([*corner, meet(name)]),
            (false, true) => kept.push(meet(corner.beyond)),
            (false, false) => {}
        }
    }
    *cell = kept;
}
