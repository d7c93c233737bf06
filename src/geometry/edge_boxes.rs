//! A tree of boxes over the edges of a shape, for shapes with so many edges that looking at
//! each of them takes long.

use crate::domain::shape::pass_east;
use crate::domain::{BoundingBox, LngLat, Location, Shape};

use super::measure::Sight;

/// Edges of a ring under one box, and boxes under one box.
const FAN: usize = 16;

/// The edges of a shape in runs along its rings, under boxes under boxes. Holds no edges
/// itself: every question is asked together with the shape it was made of.
#[derive(Debug)]
pub struct EdgeBoxes {
    runs: Vec<Run>,
    /// The boxes of the runs, then of each [`FAN`] of those, up to a single one.
    tiers: Vec<Vec<BoundingBox>>,
    /// The first run of every ring, and of the ring after the last.
    rings: Vec<usize>,
}

/// Consecutive edges of a ring: those that start at these points.
#[derive(Debug, Clone, Copy)]
struct Run {
    ring: u32,
    start: u32,
}

impl EdgeBoxes {
    #[must_use]
    pub fn of(shape: &Shape) -> Self {
        let (mut runs, mut boxes, mut rings) = (Vec::new(), Vec::new(), vec![0]);
        for (ring, points) in (0..).zip(points_of(shape)) {
            for start in (0..points.len()).step_by(FAN) {
                let edges = edges_from(points, start);
                boxes.extend(BoundingBox::around(edges.flat_map(|(a, b)| [a, b])));
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a ring of 2³² points does not fit in memory"
                )]
                runs.push(Run {
                    ring,
                    start: start as u32,
                });
            }
            rings.push(runs.len());
        }
        let mut tiers = vec![boxes];
        while let Some(last) = tiers.last()
            && last.len() > 1
        {
            let above = last.chunks(FAN).filter_map(|boxes| {
                let boxes = boxes.iter().copied();
                boxes.reduce(BoundingBox::union)
            });
            tiers.push(above.collect());
        }
        Self { runs, tiers, rings }
    }

    /// Calls `found` with the edges of every run whose box, and the boxes above it, are
    /// `wanted`.
    pub fn visit(
        &self,
        shape: &Shape,
        wanted: impl Fn(&BoundingBox) -> bool,
        mut found: impl FnMut(LngLat, LngLat),
    ) {
        let rings: Vec<&[LngLat]> = points_of(shape).collect();
        self.visit_runs(0..self.runs.len(), &wanted, &mut |run, _| {
            for (a, b) in edges_of(&rings, run) {
                found(a, b);
            }
        });
    }

    /// As [`Shape::locate`], of the shape that these boxes were made of.
    #[must_use]
    pub fn locate(&self, shape: &Shape, point: LngLat) -> Location {
        if !shape.bounds().contains(point) {
            return Location::Outside;
        }
        let rings: Vec<&[LngLat]> = points_of(shape).collect();
        let mut next = 0;
        let mut location = Location::Outside;
        for polygon in shape.polygons() {
            let exterior = next;
            next += 1 + polygon.holes.len();
            let within = self.locate_in_ring(&rings, exterior, point);
            let within = match within {
                Location::Inside => (exterior + 1..next)
                    .map(|hole| self.locate_in_ring(&rings, hole, point))
                    .find(|&within| within != Location::Outside)
                    .map_or(Location::Inside, |within| match within {
                        Location::Inside => Location::Outside,
                        elsewhere => elsewhere,
                    }),
                elsewhere => elsewhere,
            };
            match within {
                Location::Inside => return Location::Inside,
                Location::Border => location = Location::Border,
                Location::Outside => {}
            }
        }
        location
    }

    /// Whether a point is on one of the edges.
    #[must_use]
    pub fn has_on_border(&self, shape: &Shape, point: LngLat) -> bool {
        let mut found = false;
        self.visit(
            shape,
            |bounds| bounds.contains(point),
            |a, b| found |= pass_east(a, b, point).is_none(),
        );
        found
    }

    /// As [`super::border_distance_m`], of the shape that these boxes were made of.
    #[must_use]
    pub fn border_distance_m(&self, shape: &Shape, point: LngLat) -> f64 {
        let rings: Vec<&[LngLat]> = points_of(shape).collect();
        let sight = Sight::from(point);
        let mut rough_m = f64::INFINITY;
        self.approach(&rings, &sight, self.tiers.len(), 0, &mut rough_m);
        let limit_m = sight.limit_m(rough_m);
        let mut near = Vec::new();
        let wanted = |bounds: &BoundingBox| sight.rough_m(bounds) <= limit_m;
        self.visit_runs(0..self.runs.len(), &wanted, &mut |run, _| {
            near.extend(edges_of(&rings, run));
        });
        super::measure::nearest_distance_m(point, near)
    }

    /// Lowers `rough_m` to the distance of the nearest edge under a box, going down to the
    /// nearest boxes first.
    fn approach(
        &self,
        rings: &[&[LngLat]],
        sight: &Sight,
        tier: usize,
        at: usize,
        rough_m: &mut f64,
    ) {
        if tier == 0 {
            if let Some(&run) = self.runs.get(at) {
                for (a, b) in edges_of(rings, run) {
                    *rough_m = rough_m.min(sight.rough_edge_m(a, b));
                }
            }
            return;
        }
        let below = &self.tiers[tier - 1];
        // The topmost tier stands under nothing and is looked at whole.
        let range = if tier == self.tiers.len() {
            0..below.len()
        } else {
            at * FAN..below.len().min((at + 1) * FAN)
        };
        let mut ahead: Vec<(f64, usize)> = range
            .map(|child| (sight.rough_m(&below[child]), child))
            .collect();
        ahead.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (nearest_m, child) in ahead {
            if nearest_m > *rough_m {
                break;
            }
            self.approach(rings, sight, tier - 1, child, rough_m);
        }
    }

    fn locate_in_ring(&self, rings: &[&[LngLat]], ring: usize, point: LngLat) -> Location {
        let (Some(&start), Some(&end)) = (self.rings.get(ring), self.rings.get(ring + 1)) else {
            return Location::Outside;
        };
        // The ray runs east.
        let wanted = |bounds: &BoundingBox| {
            bounds.min.lat_e7() <= point.lat_e7()
                && point.lat_e7() <= bounds.max.lat_e7()
                && point.lon_e7() <= bounds.max.lon_e7()
        };
        let (mut inside, mut on_border) = (false, false);
        self.visit_runs(start..end, &wanted, &mut |run, bounds| {
            if point.lon_e7() < bounds.min.lon_e7() {
                // All of the run lies across the ray: its ends tell how often it passes.
                let mut edges = edges_of(rings, run);
                let first = edges
                    .next()
                    .map(|(a, b)| (a, edges.last().map_or(b, |e| e.1)));
                inside ^= first.is_some_and(|(a, b)| {
                    (a.lat_e7() <= point.lat_e7()) != (b.lat_e7() <= point.lat_e7())
                });
                return;
            }
            for (a, b) in edges_of(rings, run) {
                match pass_east(a, b, point) {
                    Some(passes) => inside ^= passes,
                    None => on_border = true,
                }
            }
        });
        match (on_border, inside) {
            (true, _) => Location::Border,
            (false, true) => Location::Inside,
            (false, false) => Location::Outside,
        }
    }

    fn visit_runs(
        &self,
        range: std::ops::Range<usize>,
        wanted: &impl Fn(&BoundingBox) -> bool,
        found: &mut impl FnMut(Run, &BoundingBox),
    ) {
        let mut ahead = vec![(self.tiers.len().saturating_sub(1), 0)];
        while let Some((tier, at)) = ahead.pop() {
            // The runs under a box of this tier.
            let span = FAN.pow(u32::try_from(tier).unwrap_or(u32::MAX));
            let (first, last) = (at * span, (at + 1) * span);
            let Some(bounds) = self.tiers.get(tier).and_then(|boxes| boxes.get(at)) else {
                continue;
            };
            if last <= range.start || range.end <= first || !wanted(bounds) {
                continue;
            }
            if tier > 0 {
                ahead.extend(
                    (at * FAN..(at + 1) * FAN)
                        .rev()
                        .map(|below| (tier - 1, below)),
                );
            } else if let Some(&run) = self.runs.get(at) {
                found(run, bounds);
            }
        }
    }
}

fn points_of(shape: &Shape) -> impl Iterator<Item = &[LngLat]> {
    shape.rings().map(crate::domain::Ring::points)
}

fn edges_of<'a>(rings: &[&'a [LngLat]], run: Run) -> impl Iterator<Item = (LngLat, LngLat)> + 'a {
    edges_from(rings[run.ring as usize], run.start as usize)
}

/// The edges that start at the points from `start` on, [`FAN`] at most.
fn edges_from(points: &[LngLat], start: usize) -> impl Iterator<Item = (LngLat, LngLat)> + '_ {
    let from = points[start..].iter().take(FAN);
    let to = points[start + 1..].iter().chain(points.first());
    from.copied().zip(to.copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Polygon, Ring};
    use crate::geometry::border_distance_m;
    use proptest::prelude::*;

    fn ring(points: &[(i32, i32)], step: i32) -> Option<Ring> {
        let points = points
            .iter()
            .map(|&(x, y)| LngLat::from_e7(x * step, y * step).unwrap());
        Ring::from_open(points.collect()).ok()
    }

    /// Rings that cross themselves and each other as they like.
    fn shapes(step: i32) -> impl Strategy<Value = Option<Shape>> {
        let points = || prop::collection::vec((-40..40_i32, -40..40_i32), 3..120);
        let polygon = prop::collection::vec(points(), 1..4);
        prop::collection::vec(polygon, 1..4).prop_map(move |polygons| {
            let polygons = polygons.iter().filter_map(|rings| {
                let mut rings = rings.iter().filter_map(|points| ring(points, step));
                Some(Polygon {
                    exterior: rings.next()?,
                    holes: rings.collect(),
                })
            });
            Shape::new(polygons.collect()).ok()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_point_is_located_as_by_looking_at_every_edge(
            shape in shapes(1),
            points in prop::collection::vec((-42..42_i32, -42..42_i32), 200),
        ) {
            let Some(shape) = shape else { return Ok(()) };
            let boxes = EdgeBoxes::of(&shape);
            for (x, y) in points {
                let point = LngLat::from_e7(x, y).unwrap();
                prop_assert_eq!(boxes.locate(&shape, point), shape.locate(point), "{:?}", point);
            }
        }

        #[test]
        fn the_border_is_as_far_as_by_looking_at_every_edge(
            shape in shapes(20_000_000),
            lon in -180.0..180.0_f64,
            lat in -90.0..90.0_f64,
        ) {
            let Some(shape) = shape else { return Ok(()) };
            let point = LngLat::from_degrees(lon, lat).unwrap();
            let near = LngLat::from_degrees(lon / 6.0, lat / 3.0).unwrap();
            let boxes = EdgeBoxes::of(&shape);
            for point in [point, near] {
                let (fast, slow) = (
                    boxes.border_distance_m(&shape, point),
                    border_distance_m(point, &shape),
                );
                prop_assert!((fast - slow).abs() < 1e-9, "{} {}", fast, slow);
            }
        }
    }
}
