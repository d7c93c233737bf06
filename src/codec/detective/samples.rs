//! Points of features to judge a coordinate system by, in the numbers of the file.

use crate::codec::feature::RawPolygons;
use crate::codec::source::SourceLayer;

/// So many lines are laid through a feature, each giving its longest stretches inside.
const LINES: u32 = 4;
const STRETCHES: usize = 2;
/// At most so many vertices of a feature are looked at.
const MOST_VERTICES: usize = 16;

/// Some points of a feature.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// Its place among the features of the layer, counted from 0.
    pub feature: usize,
    /// Well inside, wherever the borders of its neighbours run.
    pub inside: Vec<[f64; 2]>,
    /// On its border, evenly along the rings.
    pub border: Vec<[f64; 2]>,
}

impl Sample {
    /// Samples of at most `most` of the features of a layer, evenly; those without any
    /// usable geometry are left out.
    pub(super) fn take(layer: &SourceLayer, features: &[usize], most: usize) -> Vec<Self> {
        spread(features, most)
            .filter_map(|&feature| {
                let polygons = layer.features.get(feature)?.polygons.as_ref().ok()?;
                let sample = Self {
                    feature,
                    inside: find_inside(polygons),
                    border: find_border(polygons),
                };
                (!sample.inside.is_empty()).then_some(sample)
            })
            .collect()
    }
}

/// At most so many of the items, evenly.
pub(super) fn spread<T>(items: &[T], most: usize) -> impl Iterator<Item = &T> {
    let most = most.max(1);
    let count = items.len().min(most);
    // Two counts of a file in memory multiply to less than 2⁶⁴.
    (0..count).filter_map(move |index| items.get(index * items.len() / count))
}

/// The middles of the longest stretches that some level lines have inside the polygons,
/// whichever way their rings run and cross: what an odd number of rings encloses.
fn find_inside(polygons: &RawPolygons) -> Vec<[f64; 2]> {
    let heights = || polygons.iter().flatten().flatten().map(|&[_, y]| y);
    let low = heights().fold(f64::INFINITY, f64::min);
    let high = heights().fold(f64::NEG_INFINITY, f64::max);
    let mut points = Vec::new();
    if !(high - low).is_finite() {
        return points;
    }
    for line in 0..LINES {
        let y = low + (high - low) * (f64::from(line) + 0.5) / f64::from(LINES);
        let mut cuts: Vec<f64> = polygons
            .iter()
            .flatten()
            .flat_map(|ring| find_cuts(ring, y))
            .collect();
        cuts.sort_by(f64::total_cmp);
        let mut stretches: Vec<(f64, f64)> = cuts
            .chunks_exact(2)
            .map(|pair| (pair[1] - pair[0], f64::midpoint(pair[0], pair[1])))
            .filter(|&(length, _)| length > 0.0)
            .collect();
        stretches.sort_by(|a, b| b.0.total_cmp(&a.0));
        let middles = stretches.into_iter().take(STRETCHES);
        points.extend(middles.map(|(_, x)| [x, y]));
    }
    points
}

/// Where a ring, closed or not, crosses a level line.
fn find_cuts(ring: &[[f64; 2]], y: f64) -> impl Iterator<Item = f64> + '_ {
    edges(ring)
        .filter(move |&([_, from], [_, to])| (from > y) != (to > y))
        .map(move |([x1, y1], [x2, y2])| x1 + (y - y1) / (y2 - y1) * (x2 - x1))
        .filter(|x| x.is_finite())
}

/// The edges of a ring, the closing one first.
fn edges(ring: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    let before = ring.last().into_iter().chain(ring);
    before.copied().zip(ring.iter().copied())
}

/// True when an odd number of rings encloses the point.
pub(super) fn encloses(polygons: &RawPolygons, [x, y]: [f64; 2]) -> bool {
    let rings = polygons.iter().flatten();
    let to_the_east = |ring: &Vec<[f64; 2]>| find_cuts(ring, y).filter(|&cut| cut > x).count();
    rings.map(to_the_east).sum::<usize>() % 2 == 1
}

fn find_border(polygons: &RawPolygons) -> Vec<[f64; 2]> {
    let vertices: Vec<[f64; 2]> = polygons.iter().flatten().flatten().copied().collect();
    spread(&vertices, MOST_VERTICES).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_inside_are_inside() {
        // A crescent with a hole, and a part of its own.
        let crescent = vec![
            [0.0, 0.0],
            [10.0, 0.0],
            [10.0, 10.0],
            [0.0, 10.0],
            [0.0, 9.0],
            [9.0, 9.0],
            [9.0, 1.0],
            [0.0, 1.0],
        ];
        let hole = vec![[9.2, 4.0], [9.8, 4.0], [9.8, 6.0], [9.2, 6.0], [9.2, 4.0]];
        let island = vec![[20.0, 0.0], [21.0, 0.0], [21.0, 10.0], [20.0, 10.0]];
        let polygons = vec![vec![crescent, hole], vec![island]];
        let points = find_inside(&polygons);
        assert_eq!(points.len(), 8);
        for point in points {
            assert!(encloses(&polygons, point), "{point:?}");
        }
        for outside in [[5.0, 5.0], [9.5, 5.0], [15.0, 5.0], [-1.0, 0.5]] {
            assert!(!encloses(&polygons, outside), "{outside:?}");
        }
    }

    #[test]
    fn broken_geometry_gives_no_points() {
        for ring in [
            vec![],
            vec![[1.0, 1.0]],
            vec![[f64::NAN, 1.0], [1.0, 2.0], [f64::INFINITY, 3.0]],
        ] {
            let polygons = vec![vec![ring]];
            assert!(
                find_inside(&polygons)
                    .iter()
                    .flatten()
                    .all(|value| value.is_finite())
            );
        }
        assert_eq!(
            find_inside(&vec![vec![vec![[1.0, 1.0], [2.0, 1.0]]]]),
            Vec::<[f64; 2]>::new()
        );
    }

    #[test]
    fn items_are_spread_evenly() {
        let items: Vec<usize> = (0..10).collect();
        assert_eq!(spread(&items, 3).copied().collect::<Vec<_>>(), [0, 3, 6]);
        assert_eq!(spread(&items, 20).count(), 10);
        assert_eq!(spread(&items[..0], 20).count(), 0);
    }
}
