//! Where much happens: points counted by equal cells.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};

use crate::domain::LngLat;

/// How many points lie in each H3 cell that has any, by cell.
pub fn count_by_cell(
    points: impl IntoIterator<Item = LngLat>,
    resolution: Resolution,
) -> BTreeMap<CellIndex, u32> {
    let mut counts = BTreeMap::new();
    for point in points {
        // Positions are finite, which is all that H3 asks.
        if let Ok(place) = LatLng::new(point.lat(), point.lon()) {
            *counts.entry(place.to_cell(resolution)).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_counted_once_in_the_cell_that_holds_it() {
        let points: Vec<LngLat> = (0..200)
            .map(|n| LngLat::from_e7(1_190_000_000 + n * 7_919, 336_000_000 + n * 104).unwrap())
            .collect();
        let counts = count_by_cell(points.iter().copied(), Resolution::Eight);
        assert_eq!(counts.values().sum::<u32>(), 200);
        assert!(counts.len() > 1, "the points are spread over cells");
        for cell in counts.keys() {
            assert_eq!(cell.resolution(), Resolution::Eight);
        }
    }
}
