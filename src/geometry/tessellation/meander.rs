//! Lines that look drawn by streams and lanes, and the fabric that keeps them from crossing.

use std::collections::HashMap;
use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::lattice::{Contact, Patch, Vertex, contact, edges, sort_key};

/// Every line drawn so far, so that a new one can be refused when it meets an old one.
///
/// Segments are kept in square buckets over the box of the ground; points outside the box fall
/// into its outermost buckets, which is slower and still right.
#[derive(Debug)]
pub struct Fabric {
    west: i64,
    south: i64,
    pitch: i64,
    columns: usize,
    rows: usize,
    buckets: Vec<Vec<u32>>,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    from: Vertex,
    to: Vertex,
    standing: bool,
}

impl Fabric {
    /// An empty fabric over the box of these rings, bucketed for about as many segments as theirs.
    pub fn over<'a>(rings: &(impl Iterator<Item = &'a Vec<Vertex>> + Clone)) -> Self {
        let vertices = || rings.clone().flatten();
        let extent = |low: Option<i32>, high: Option<i32>| {
            let low = i64::from(low.unwrap_or(0));
            (low, i64::from(high.unwrap_or(0)) - low + 1)
        };
        let (west, width) = extent(vertices().map(|v| v.x).min(), vertices().map(|v| v.x).max());
        let (south, height) = extent(vertices().map(|v| v.y).min(), vertices().map(|v| v.y).max());
        let wanted = i64::try_from(vertices().count())
            .unwrap_or(i64::MAX)
            .clamp(16, 1 << 20);
        let pitch = (width.saturating_mul(height) / wanted).isqrt().max(1);
        let count = |length: i64| usize::try_from(length / pitch + 1).unwrap_or(1);
        let (columns, rows) = (count(width), count(height));
        Self {
            west,
            south,
            pitch,
            columns,
            rows,
            buckets: vec![Vec::new(); columns * rows],
            segments: Vec::new(),
        }
    }

    fn buckets_of(&self, from: Vertex, to: Vertex) -> impl Iterator<Item = usize> + use<> {
        let span = |one: i32, other: i32, origin: i64, count: usize| {
            let place = |value: i32| {
                usize::try_from((i64::from(value) - origin) / self.pitch)
                    .unwrap_or(0)
                    .min(count - 1)
            };
            place(one.min(other))..place(one.max(other)) + 1
        };
        let columns = span(from.x, to.x, self.west, self.columns);
        let rows = span(from.y, to.y, self.south, self.rows);
        let stride = self.columns;
        rows.flat_map(move |row| columns.clone().map(move |column| row * stride + column))
    }

    /// Adds a segment unchecked and returns its number.
    pub fn add(&mut self, from: Vertex, to: Vertex) -> usize {
        let number = self.segments.len();
        if let Ok(entry) = u32::try_from(number) {
            for bucket in self.buckets_of(from, to) {
                self.buckets[bucket].push(entry);
            }
        }
        self.segments.push(Segment {
            from,
            to,
            standing: true,
        });
        number
    }

    /// Adds a line of two or more vertices, unless it meets itself or anything standing elsewhere
    /// than at its own two ends. Returns the numbers of its segments.
    pub fn draw(&mut self, line: &[Vertex]) -> Option<Range<usize>> {
        let ends = (*line.first()?, *line.last()?);
        let mark = self.mark();
        for pair in line.windows(2) {
            let previous = (self.mark() > mark).then(|| self.mark() - 1);
            if self.blocks((pair[0], pair[1]), ends, previous) {
                self.roll_back(mark);
                return None;
            }
            self.add(pair[0], pair[1]);
        }
        Some(mark..self.mark())
    }

    /// Whether a straight line could be drawn.
    #[must_use]
    pub fn is_free(&self, from: Vertex, to: Vertex) -> bool {
        !self.blocks((from, to), (from, to), None)
    }

    fn blocks(
        &self,
        segment: (Vertex, Vertex),
        ends: (Vertex, Vertex),
        previous: Option<usize>,
    ) -> bool {
        self.buckets_of(segment.0, segment.1).any(|bucket| {
            self.buckets[bucket].iter().any(|entry| {
                let number = *entry as usize;
                let other = self.segments[number];
                other.standing
                    && match contact(segment, (other.from, other.to)) {
                        Contact::Apart => false,
                        Contact::Crossing => true,
                        Contact::End(end) => {
                            previous != Some(number) && end != ends.0 && end != ends.1
                        }
                    }
            })
        })
    }

    /// Takes segments out of the way, keeping their numbers.
    pub fn erase(&mut self, numbers: Range<usize>) {
        for segment in &mut self.segments[numbers] {
            segment.standing = false;
        }
    }

    /// The number the next segment will get: a place to roll back to.
    #[must_use]
    pub fn mark(&self) -> usize {
        self.segments.len()
    }

    /// Forgets every segment added since the mark. Those erased before it stay erased.
    pub fn roll_back(&mut self, mark: usize) {
        while self.segments.len() > mark {
            if let Some(segment) = self.segments.pop() {
                // Entries were pushed in the order of their numbers, so ours are the last ones.
                for bucket in self.buckets_of(segment.from, segment.to) {
                    self.buckets[bucket].pop();
                }
            }
        }
    }
}

/// How a line wanders: the sideways step at each halving, as a share of the length halved, and by
/// how much that share changes from one halving to the next.
#[derive(Debug, Clone, Copy)]
pub struct Gait {
    pub roughness: f64,
    pub calming: f64,
}

/// A line between two vertices in `pieces` segments, by midpoint displacement on the lattice.
///
/// `squeeze` is the cosine of the latitude: how much shorter a step of longitude is than one of
/// latitude. Nothing is checked here; see [`Fabric::draw`].
pub fn wander(
    (from, to): (Vertex, Vertex),
    pieces: usize,
    gait: Gait,
    squeeze: f64,
    rng: &mut ChaCha8Rng,
) -> Vec<Vertex> {
    let flatten = |v: Vertex| (f64::from(v.x) * squeeze, f64::from(v.y));
    let mut points = vec![flatten(from); pieces + 1];
    points[pieces] = flatten(to);
    displace(&mut points, gait, rng);
    let mut line: Vec<Vertex> = points
        .iter()
        .map(|(x, y)| Vertex {
            x: round(x / squeeze),
            y: round(*y),
        })
        .collect();
    line[0] = from;
    line[pieces] = to;
    line.dedup();
    line
}

/// Fills in the points between the first and the last.
fn displace(points: &mut [(f64, f64)], gait: Gait, rng: &mut ChaCha8Rng) {
    if points.len() < 3 {
        return;
    }
    let last = points.len() - 1;
    let middle = last / 2;
    let share = ratio(middle, last);
    let ((ax, ay), (bx, by)) = (points[0], points[last]);
    let step = gait.roughness * rng.random_range(-1.0..1.0);
    points[middle] = (
        ax + (bx - ax) * share - (by - ay) * step,
        ay + (by - ay) * share + (bx - ax) * step,
    );
    let calmer = Gait {
        roughness: gait.roughness * gait.calming,
        ..gait
    };
    displace(&mut points[..=middle], calmer, rng);
    displace(&mut points[middle..], calmer, rng);
}

/// The nearest lattice coordinate.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from float to integer saturates"
)]
pub fn round(value: f64) -> i32 {
    value.round() as i32
}

/// A count as a share of another.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of vertices and cells stay far below 2^52"
)]
pub fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// The distance of two vertices in lattice units of latitude (1.11 cm).
#[must_use]
pub fn length(a: Vertex, b: Vertex, squeeze: f64) -> f64 {
    ((f64::from(b.x) - f64::from(a.x)) * squeeze).hypot(f64::from(b.y) - f64::from(a.y))
}

/// The cosine of a latitude given in lattice units.
#[must_use]
pub fn squeeze_at(latitude: f64) -> f64 {
    (latitude * 1e-7).to_radians().cos()
}

/// How many pieces of about this spacing a length makes; at least one, at most 4096.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a small positive range"
)]
pub fn count_pieces(length: f64, spacing: f64) -> usize {
    (length / spacing).round().clamp(1.0, 4096.0) as usize
}

/// One number from several, well mixed (by the finaliser of `SplitMix64`), to seed a generator.
#[must_use]
pub fn mix(numbers: impl IntoIterator<Item = u64>) -> u64 {
    numbers
        .into_iter()
        .fold(0x9e37_79b9_7f4a_7c15, |state, number| {
            let mut z = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
}

type Edge = (Vertex, Vertex);

fn canonical(a: Vertex, b: Vertex) -> Edge {
    if sort_key(a) <= sort_key(b) {
        (a, b)
    } else {
        (b, a)
    }
}

/// Gives the borders of neighbouring grounds more vertices, the same ones on both sides.
///
/// Every original vertex stays where it is. Between two of them, an edge longer than the spacing
/// (lattice units, the finer of the two neighbours') gets vertices that leave the straight line by
/// a few hundredths of its length; where even that would meet another border, the edge is left
/// alone. The drawing depends on the edges and the seed, not on the order of the grounds.
#[must_use]
pub fn enrich_borders(grounds: &[Vec<Patch>], spacings: &[f64], seed: u64) -> Vec<Vec<Patch>> {
    let drawn = draw_borders(grounds, spacings, seed);
    let enrich = |ring: &Vec<Vertex>| {
        let mut rich = Vec::new();
        for (a, b) in edges(ring) {
            match drawn.get(&canonical(a, b)) {
                None => rich.push(a),
                Some(line) if line[0] == a => rich.extend_from_slice(&line[..line.len() - 1]),
                Some(line) => rich.extend(line[1..].iter().rev()),
            }
        }
        rich
    };
    let enrich_patch = |patch: &Patch| Patch {
        outer: enrich(&patch.outer),
        holes: patch.holes.iter().map(enrich).collect(),
    };
    grounds
        .iter()
        .map(|ground| ground.iter().map(enrich_patch).collect())
        .collect()
}

fn draw_borders(grounds: &[Vec<Patch>], spacings: &[f64], seed: u64) -> HashMap<Edge, Vec<Vertex>> {
    let mut finest: HashMap<Edge, f64> = HashMap::new();
    for (ground, spacing) in grounds.iter().zip(spacings) {
        for (a, b) in ground
            .iter()
            .flat_map(Patch::rings)
            .flat_map(|ring| edges(ring))
        {
            let kept = finest.entry(canonical(a, b)).or_insert(*spacing);
            *kept = kept.min(*spacing);
        }
    }
    let mut borders: Vec<_> = finest.into_iter().collect();
    borders.sort_unstable_by_key(|((a, b), _)| (sort_key(*a), sort_key(*b)));

    let mut fabric = Fabric::over(&grounds.iter().flatten().flat_map(Patch::rings));
    for ((a, b), _) in &borders {
        fabric.add(*a, *b);
    }
    let mut drawn = HashMap::new();
    for (number, ((a, b), spacing)) in borders.into_iter().enumerate() {
        let squeeze = squeeze_at(f64::from(a.y).midpoint(f64::from(b.y)));
        let pieces = count_pieces(length(a, b, squeeze), spacing);
        if pieces < 2 {
            continue;
        }
        let places = [a.x, a.y, b.x, b.y].map(|value| u64::from(value.cast_unsigned()));
        let mut rng = ChaCha8Rng::seed_from_u64(mix(std::iter::once(seed).chain(places)));
        fabric.erase(number..number + 1);
        let line = [0.07, 0.03, 0.0].into_iter().find_map(|roughness| {
            let gait = Gait {
                roughness,
                calming: 1.05,
            };
            let line = wander((a, b), pieces, gait, squeeze, &mut rng);
            fabric.draw(&line).map(|_| line)
        });
        if let Some(line) = line {
            drawn.insert((a, b), line);
        } else {
            fabric.add(a, b);
        }
    }
    drawn
}
