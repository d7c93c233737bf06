//! Areas and distances on the WGS 84 ellipsoid, in metres.

use geo::{Bearing, Coord, Distance, Geodesic, GeodesicArea, Point, Polygon as GeoPolygon};

use crate::domain::shape::edges;
use crate::domain::{BoundingBox, LngLat, Outline, Ring, Shape};

/// Semi-major axis of WGS 84, in metres.
const EQUATOR_RADIUS_M: f64 = 6_378_137.0;
/// First eccentricity of WGS 84, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_316;
/// Longer edges are measured in pieces of at most this length.
const PIECE_DEG: f64 = 1.0;
/// Up to here the plane is as exact as the ellipsoid, to a tenth of a millimetre.
const PLANE_M: f64 = 2_000.0;
/// And up to this latitude, where meridians begin to converge too fast.
const PLANE_LAT_DEG: f64 = 70.0;

/// The ground that a shape covers, in square metres, with geodesic edges between the
/// vertices (Karney 2013). Meaningful only for valid shapes.
#[must_use]
pub fn area_m2(shape: &Shape) -> f64 {
    shape
        .polygons()
        .iter()
        .map(|polygon| {
            let holes = polygon.holes.iter().map(Ring::points);
            geodesic_ring_area_m2(polygon.exterior.points())
                - holes.map(geodesic_ring_area_m2).sum::<f64>()
        })
        .sum()
}

/// The ground within a ring of points, whichever way it runs, in square metres; with geodesic
/// edges, as [`area_m2`].
#[must_use]
pub fn geodesic_ring_area_m2(points: &[LngLat]) -> f64 {
    if edges(points).all(|(a, b)| is_short(a, b)) {
        return sphere_ring_area_m2(points);
    }
    let coords = points.iter().map(|point| Coord {
        x: point.lon(),
        y: point.lat(),
    });
    GeoPolygon::new(coords.collect(), Vec::new())
        .geodesic_area_signed()
        .abs()
}

/// True of an edge along which the sphere of [`sphere_ring_area_m2`] is as good as the
/// ellipsoid: a geodesic bends away from the straight line by about L³ tan φ / 12 R in area,
/// and great circles of that sphere do so but for a part as small as the flattening, which is
/// less than 0.0005 m² for 222 m up to this latitude.
fn is_short(a: LngLat, b: LngLat) -> bool {
    const STEPS: u32 = 20_000;
    a.lon_e7().abs_diff(b.lon_e7()) <= STEPS
        && a.lat_e7().abs_diff(b.lat_e7()) <= STEPS
        && a.lat().abs() <= PLANE_LAT_DEG
}

/// The ground within a ring of points on the sphere that has as much surface as the ellipsoid
/// between any two parallels (by authalic latitudes, Snyder 1987, equation 3-11), with great
/// circles between the points.
fn sphere_ring_area_m2(points: &[LngLat]) -> f64 {
    let pole_m2 = strip_m2(90.0);
    // The tangent of half the authalic latitude.
    let tan_half = |point: LngLat| {
        let sin = strip_m2(point.lat()) / pole_m2;
        sin / (1.0 + (1.0 - sin * sin).sqrt())
    };
    let mut from = points.last().map_or(0.0, |&last| tan_half(last));
    let before = points.last().into_iter().chain(points);
    let strips = before.zip(points).map(|(&a, &b)| {
        let to = tan_half(b);
        let turn = (offset_deg(a, b).0 / 2.0).to_radians().tan();
        let strip = 2.0 * (turn * (from + to) / (1.0 + from * to)).atan();
        from = to;
        strip
    });
    (strips.sum::<f64>() * pole_m2).abs()
}

/// The ground within a ring of points, whichever way it runs, on the ellipsoid in square
/// metres. Edges run straight in longitude and latitude, as maps draw them: what is narrow
/// and long is measured as it is, where geodesics would bend more than it is wide.
#[must_use]
pub fn ring_area_m2(points: &[LngLat]) -> f64 {
    // Between an edge and the equator; what is the same all along the ring adds up to nothing.
    let strips = edges(points).map(|(a, b)| {
        let (lon_deg, lat_deg) = offset_deg(a, b);
        let middle = strip_m2(a.lat() + lat_deg / 2.0);
        lon_deg.to_radians() * (strip_m2(a.lat()) + 4.0 * middle + strip_m2(b.lat())) / 6.0
    });
    strips.sum::<f64>().abs()
}

/// The ground between the equator and a latitude, in square metres for each radian of
/// longitude (Snyder 1987, equation 3-12).
fn strip_m2(lat_deg: f64) -> f64 {
    let sin = lat_deg.to_radians().sin();
    let eccentricity = ECCENTRICITY_SQUARED.sqrt();
    let round = sin / (1.0 - ECCENTRICITY_SQUARED * sin * sin);
    let flat = (eccentricity * sin).atanh() / eccentricity;
    EQUATOR_RADIUS_M * EQUATOR_RADIUS_M * (1.0 - ECCENTRICITY_SQUARED) / 2.0 * (round + flat)
}

/// The ground that an outline covers, in square metres; measured as [`ring_area_m2`].
#[must_use]
pub fn outline_area_m2(outline: &Outline) -> f64 {
    let polygons = outline.polygons.iter().filter_map(|rings| {
        let (outer, holes) = rings.split_first()?;
        let holes = holes.iter().map(|ring| ring_area_m2(ring));
        Some(ring_area_m2(outer) - holes.sum::<f64>())
    });
    polygons.sum()
}

/// The ground of so many doubled square lattice steps near a latitude, in square metres;
/// right to a thousandth within a degree.
#[must_use]
pub fn lattice_area_m2(doubled_area_e14: i128, lat_deg: f64) -> f64 {
    let scale = Scale::at(lat_deg);
    #[expect(clippy::cast_precision_loss, reason = "a part in 2^52 is lost")]
    let square_deg = doubled_area_e14.unsigned_abs() as f64 / 2.0 / 1e14;
    square_deg * scale.lon_m * scale.lat_m
}

/// How far a point is from the border of a shape, whether inside or outside, in
/// metres. Exact to a millimetre; the border runs straight in longitude and latitude,
/// as maps draw it and [`Shape::locate`] tests it.
#[must_use]
pub fn border_distance_m(point: LngLat, shape: &Shape) -> f64 {
    nearest_distance_m(point, shape.edges())
}

/// How far a point is from the nearest of some edges, in metres; infinite when there
/// are none.
pub fn nearest_distance_m(point: LngLat, edges: impl IntoIterator<Item = (LngLat, LngLat)>) -> f64 {
    let sight = Sight::from(point);
    let (mut rough_m2, mut limit_m2) = (f64::INFINITY, f64::INFINITY);
    // Whatever may be the nearest by what has been seen until then.
    let mut near: Vec<(f64, Piece)> = Vec::with_capacity(16);
    for (a, b) in edges {
        for piece in Piece::of_edge(point, a, b) {
            let (_, square_m2) = piece.nearest(&sight.scale);
            if square_m2 <= limit_m2 {
                near.push((square_m2, piece));
                if square_m2 < rough_m2 {
                    rough_m2 = square_m2;
                    limit_m2 = sight.limit_m(rough_m2.sqrt()).powi(2);
                }
            }
        }
    }
    near.iter()
        .filter(|(square_m2, _)| *square_m2 <= limit_m2)
        .map(|(_, piece)| piece.distance_m(point, &sight.scale))
        .fold(f64::INFINITY, f64::min)
}

/// Rough distances from one point: on a plane that has the point's scale everywhere.
pub(super) struct Sight {
    point: LngLat,
    scale: Scale,
    /// By how much a distance may be wrong, as a part of it, for each metre of it.
    bend: f64,
}

impl Sight {
    pub fn from(point: LngLat) -> Self {
        // One scale for the whole plane is wrong by at most half the distance in radians,
        // over the cosine of the latitude: any piece this much farther may be the nearest.
        let cos = point.lat().to_radians().cos();
        Self {
            point,
            scale: Scale::at(point.lat()),
            bend: 2.0 / (EQUATOR_RADIUS_M * cos),
        }
    }

    /// How far, roughly, what is truly nearest may be when something is this far, roughly.
    pub fn limit_m(&self, rough_m: f64) -> f64 {
        rough_m * (1.0 + self.bend * rough_m) + 0.001
    }

    /// Roughly how far an edge is.
    pub fn rough_edge_m(&self, a: LngLat, b: LngLat) -> f64 {
        Piece::of_edge(self.point, a, b)
            .map(|piece| piece.nearest(&self.scale).1)
            .fold(f64::INFINITY, f64::min)
            .sqrt()
    }

    /// Roughly how far a box is, or less: no edge in it is nearer. Either way around the
    /// earth.
    pub fn rough_m(&self, bounds: &BoundingBox) -> f64 {
        let outside = |at: f64, low: f64, high: f64| (low - at).max(at - high).max(0.0);
        let lon_deg = [-360.0, 0.0, 360.0]
            .map(|turn| outside(self.point.lon() + turn, bounds.min.lon(), bounds.max.lon()))
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        let lat_deg = outside(self.point.lat(), bounds.min.lat(), bounds.max.lat());
        let rough_m = (lon_deg * self.scale.lon_m).hypot(lat_deg * self.scale.lat_m);
        // What rounding may have added.
        rough_m * (1.0 - 1e-9) - 1e-6
    }
}

/// How long an edge is, in metres; exact to a millimetre a kilometre. Edges run straight in
/// longitude and latitude.
#[must_use]
pub fn length_m(a: LngLat, b: LngLat) -> f64 {
    let (lon, lat) = offset_deg(a, b);
    let middle_lat = a.lat() + lat / 2.0;
    let scale = Scale::at(middle_lat);
    let length_m = (lon * scale.lon_m).hypot(lat * scale.lat_m);
    if length_m <= PLANE_M && middle_lat.abs() <= PLANE_LAT_DEG {
        length_m
    } else {
        a.distance_m(b)
    }
}

/// Metres per degree of longitude and of latitude.
pub(super) struct Scale {
    pub lon_m: f64,
    pub lat_m: f64,
}

impl Scale {
    pub fn at(lat_deg: f64) -> Self {
        let (sin, cos) = lat_deg.to_radians().sin_cos();
        let squared = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
        let normal = EQUATOR_RADIUS_M / squared.sqrt();
        let meridian = normal * (1.0 - ECCENTRICITY_SQUARED) / squared;
        Self {
            lon_m: (normal * cos).to_radians(),
            lat_m: meridian.to_radians(),
        }
    }
}

/// A short piece of an edge, in degrees from the point that is measured from.
#[derive(Clone, Copy)]
struct Piece {
    start: (f64, f64),
    step: (f64, f64),
}

impl Piece {
    fn of_edge(point: LngLat, a: LngLat, b: LngLat) -> impl Iterator<Item = Self> {
        let step = offset_deg(a, b);
        let mut start = offset_deg(point, a);
        // The short way around the earth.
        if start.0.abs() > 180.0 {
            start.0 -= 360.0_f64.copysign(start.0);
        }
        let length_deg = step.0.abs().max(step.1.abs());
        let pieces = if length_deg <= PIECE_DEG {
            1.0
        } else {
            (length_deg / PIECE_DEG).ceil()
        };
        let step = (step.0 / pieces, step.1 / pieces);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 360 pieces"
        )]
        let count = pieces as u32;
        (0..count).map(f64::from).map(move |i| Self {
            start: (start.0 + i * step.0, start.1 + i * step.1),
            step,
        })
    }

    fn at(&self, t: f64) -> (f64, f64) {
        (
            self.start.0 + t * self.step.0,
            self.start.1 + t * self.step.1,
        )
    }

    /// Where along the piece (0 to 1) it is nearest on a plane of this scale, and how far,
    /// in square metres.
    fn nearest(&self, scale: &Scale) -> (f64, f64) {
        let x = self.start.0 * scale.lon_m;
        let y = self.start.1 * scale.lat_m;
        let dx = self.step.0 * scale.lon_m;
        let dy = self.step.1 * scale.lat_m;
        let squared = dx * dx + dy * dy;
        let t = if squared > 0.0 {
            (-(x * dx + y * dy) / squared).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let (x, y) = (x + t * dx, y + t * dy);
        (t, x * x + y * y)
    }

    /// Exact; `scale` is that of the point.
    fn distance_m(&self, point: LngLat, scale: &Scale) -> f64 {
        let (t, _) = self.nearest(scale);
        let middle_lat = point.lat() + self.at(t).1 / 2.0;
        let (t, square_m2) = self.nearest(&Scale::at(middle_lat));
        if square_m2 <= PLANE_M * PLANE_M && middle_lat.abs() <= PLANE_LAT_DEG {
            square_m2.sqrt()
        } else {
            self.geodesic_m(point, t)
        }
    }

    /// Walks from `t` to the foot of the geodesic: each step sees the point from the
    /// last foot by bearing and distance, and drops it on the piece there.
    fn geodesic_m(&self, point: LngLat, mut t: f64) -> f64 {
        let point_deg = Point::from(point);
        let foot = |t: f64| {
            let (lon, lat) = self.at(t);
            Point::new(point.lon() + lon, (point.lat() + lat).clamp(-90.0, 90.0))
        };
        for _ in 0..20 {
            let from = foot(t);
            let away_m = Geodesic.distance(from, point_deg);
            let (east, north) = Geodesic.bearing(from, point_deg).to_radians().sin_cos();
            let scale = Scale::at(from.y());
            let (dx, dy) = (self.step.0 * scale.lon_m, self.step.1 * scale.lat_m);
            let length_m = dx.hypot(dy);
            if length_m == 0.0 {
                break;
            }
            let along_m = away_m * (east * dx + north * dy) / length_m;
            let next = (t + along_m / length_m).clamp(0.0, 1.0);
            let moved_m = (next - t).abs() * length_m;
            t = next;
            if moved_m < 0.001 {
                break;
            }
        }
        Geodesic.distance(foot(t), point_deg)
    }
}

fn offset_deg(from: LngLat, to: LngLat) -> (f64, f64) {
    let steps = |from: i32, to: i32| f64::from(to) - f64::from(from);
    (
        steps(from.lon_e7(), to.lon_e7()) * 1e-7,
        steps(from.lat_e7(), to.lat_e7()) * 1e-7,
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::Polygon;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> LngLat {
        LngLat::from_degrees(lon, lat).unwrap()
    }

    /// Points around another one, as far from it as is said in lattice steps.
    pub fn around(middle: LngLat, radii_e7: &[i32]) -> Vec<LngLat> {
        let count = u32::try_from(radii_e7.len()).unwrap();
        let turn = std::f64::consts::TAU / f64::from(count);
        let angles = (0..).map(|step| f64::from(step) * turn);
        let offsets = angles.zip(radii_e7).map(|(angle, &radius_e7)| {
            let (sin, cos) = angle.sin_cos();
            [cos, sin].map(|part| f64::from(radius_e7) / 1e7 * part)
        });
        offsets
            .map(|[x, y]| at(middle.lon() + x, middle.lat() + y))
            .collect()
    }

    fn square(west: f64, south: f64, size: f64) -> Ring {
        Ring::from_open(vec![
            at(west, south),
            at(west + size, south),
            at(west + size, south + size),
            at(west, south + size),
        ])
        .unwrap()
    }

    proptest! {
        #[test]
        fn short_edges_are_measured_as_by_karney(
            radii in prop::collection::vec(2_000..20_000_i32, 64..200),
            lon in -1_799_000_000..1_799_000_000_i32,
            lat in -690_000_000..690_000_000_i32,
        ) {
            let ring = around(LngLat::from_e7(lon, lat).unwrap(), &radii);
            prop_assume!(edges(&ring).all(|(a, b)| is_short(a, b)));
            let coords = ring.iter().map(|point| Coord { x: point.lon(), y: point.lat() });
            let karney = GeoPolygon::new(coords.collect(), Vec::new()).geodesic_area_signed().abs();
            let measured = geodesic_ring_area_m2(&ring);
            let allowed = 0.0005 * f64::from(u32::try_from(ring.len()).unwrap()) + 1e-9 * karney;
            prop_assert!((measured - karney).abs() <= allowed, "{} {}", measured, karney);
        }
    }

    #[test]
    fn a_degree_square_has_the_published_area() {
        // GeographicLib's Planimeter for the same four corners: 12,308,778,361.469 m² at
        // the equator.
        let shape = Shape::new(vec![Polygon {
            exterior: square(0.0, 0.0, 1.0),
            holes: vec![],
        }])
        .unwrap();
        assert!((area_m2(&shape) - 12_308_778_361.469).abs() < 0.01);
    }

    #[test]
    fn a_hole_is_no_ground_whichever_way_its_ring_runs() {
        let hole = square(0.4, 0.4, 0.2);
        let mut turned: Vec<_> = hole.points().to_vec();
        turned.reverse();
        let area = |holes| {
            let exterior = square(0.0, 0.0, 1.0);
            area_m2(&Shape::new(vec![Polygon { exterior, holes }]).unwrap())
        };
        let expected = area(vec![]) - geodesic_ring_area_m2(hole.points());
        for hole in [hole, Ring::from_open(turned).unwrap()] {
            assert!((area(vec![hole]) - expected).abs() < 0.01);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Geodesics between many points of a straight edge follow it.
        #[test]
        fn straight_edges_enclose_what_many_geodesics_along_them_do(
            lon in -170.0..170.0_f64,
            lat in -70.0..70.0_f64,
            offsets in prop::array::uniform6(-0.5..0.5_f64),
        ) {
            let corners = [0, 2, 4].map(|i| at(lon + offsets[i], lat + offsets[i + 1]));
            let mut dense = Vec::new();
            for (a, b) in edges(&corners) {
                let (east, north) = offset_deg(a, b);
                dense.extend((0..500).map(|i| {
                    let along = f64::from(i) / 500.0;
                    at(a.lon() + along * east, a.lat() + along * north)
                }));
            }
            let (straight, followed) = (ring_area_m2(&corners), geodesic_ring_area_m2(&dense));
            // Points rounded to a centimetre along a few hundred kilometres.
            prop_assert!((straight - followed).abs() < 1_000.0 + 1e-6 * followed, "{straight} {followed}");
        }
    }

    #[test]
    fn a_narrow_strip_is_measured_as_it_is() {
        // 5 km long and 20 steps high; a geodesic between its ends rises by a third of a metre.
        let (west, east) = (1_190_000_000, 1_190_540_000);
        let ring = [(west, 0), (east, 0), (east, 20), (west, 20)]
            .map(|(lon, lat)| LngLat::from_e7(lon, 336_000_000 + lat).unwrap());
        let scale = Scale::at(33.6);
        let expected = 0.054 * scale.lon_m * 20e-7 * scale.lat_m;
        assert!((ring_area_m2(&ring) - expected).abs() < 0.01, "{expected}");
        let outline = Outline {
            polygons: vec![vec![ring.to_vec()], vec![ring.to_vec(), ring.to_vec()]],
        };
        assert!((outline_area_m2(&outline) - expected).abs() < 0.01);
        assert!((lattice_area_m2(2 * 540_000 * 20, 33.6) - expected).abs() < 0.01);
    }

    /// The nearest of many samples, each found again among samples around it.
    fn sampled_distance_m(point: LngLat, a: LngLat, b: LngLat) -> f64 {
        let along = |t: f64| {
            let (lon, lat) = offset_deg(a, b);
            Geodesic.distance(
                Point::from(point),
                Point::new(a.lon() + t * lon, a.lat() + t * lat),
            )
        };
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        let (mut best, mut nearest) = (f64::INFINITY, 0.0);
        for _ in 0..8 {
            let step = (to - from) / 200.0;
            for i in 0..=200 {
                let t = (from + f64::from(i) * step).clamp(0.0, 1.0);
                if along(t) < best {
                    best = along(t);
                    nearest = t;
                }
            }
            (from, to) = (nearest - step, nearest + step);
            if best < 1e-6 {
                break;
            }
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn the_distance_to_an_edge_agrees_with_sampling(
            lon in -180.0..180.0_f64,
            lat in -80.0..80.0_f64,
            ends in prop::array::uniform4(-1.0..1.0_f64),
            reach in prop::sample::select(vec![0.00001, 0.001, 0.02, 0.03, 0.3, 3.0]),
        ) {
            let point = at(lon, lat);
            let place = |x: f64, y: f64| {
                at((lon + x * reach).clamp(-180.0, 180.0), (lat + y * reach).clamp(-90.0, 90.0))
            };
            let (a, b) = (place(ends[0], ends[1]), place(ends[2], ends[3]));
            let measured = nearest_distance_m(point, [(a, b)]);
            let sampled = sampled_distance_m(point, a, b);
            prop_assert!((measured - sampled).abs() < 0.001, "{measured} {sampled} {point:?} {a:?} {b:?}");
        }

        #[test]
        fn the_distance_to_a_border_is_that_to_its_nearest_edge(
            points in prop::collection::vec((117.0..120.0_f64, 31.0..35.0_f64), 3..8),
            lon in 117.0..120.0_f64,
            lat in 31.0..35.0_f64,
        ) {
            let points = points.into_iter().map(|(lon, lat)| at(lon, lat)).collect();
            if let Ok(exterior) = Ring::from_open(points) {
                let shape = Shape::new(vec![Polygon { exterior, holes: vec![] }]).unwrap();
                let measured = border_distance_m(at(lon, lat), &shape);
                let sampled = shape
                    .edges()
                    .map(|(a, b)| sampled_distance_m(at(lon, lat), a, b))
                    .fold(f64::INFINITY, f64::min);
                prop_assert!((measured - sampled).abs() < 0.001, "{measured} {sampled}");
            }
        }
    }

    #[test]
    fn a_point_on_the_border_is_no_distance_from_it() {
        let exterior = square(119.0, 33.0, 0.5);
        let shape = Shape::new(vec![Polygon {
            exterior,
            holes: vec![],
        }])
        .unwrap();
        assert!(border_distance_m(at(119.2, 33.0), &shape) < 1e-6);
        assert!(border_distance_m(at(119.0, 33.5), &shape) < 1e-6);
    }

    #[test]
    fn the_antimeridian_is_no_barrier() {
        let border = (at(-179.9, 10.0), at(-179.9, 11.0));
        let measured = nearest_distance_m(at(179.9, 10.5), [border]);
        assert!((measured - 21_890.0).abs() < 100.0, "{measured}");
    }
}
