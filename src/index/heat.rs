//! Where much happens: points counted by equal cells.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};

use crate::domain::{LngLat, Polygon, Ring, Shape};

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

/// The resolution whose cells are about a sixteenth as wide as a tile of a zoom: a zoom halves
/// tiles, and a resolution divides the ground of cells by seven.
#[must_use]
pub fn resolution_at(zoom: u8) -> Resolution {
    const COARSEST: f64 = 0.7;
    let finer = 4_f64.ln() / 7_f64.ln();
    let resolution = (f64::from(zoom) * finer - COARSEST)
        .round()
        .clamp(0.0, 15.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 15"
    )]
    Resolution::try_from(resolution as u8).unwrap_or(Resolution::Zero)
}

/// The corners of a cell, in their order around it.
#[must_use]
pub fn corners_of(cell: CellIndex) -> Vec<LngLat> {
    let corners = cell.boundary();
    let corners = corners.iter();
    corners
        .filter_map(|corner| LngLat::from_degrees(corner.lng(), corner.lat()).ok())
        .collect()
}

/// The ground of a cell.
#[must_use]
pub fn shape_of(cell: CellIndex) -> Option<Shape> {
    let exterior = Ring::from_open(corners_of(cell)).ok()?;
    let holes = Vec::new();
    Shape::new(vec![Polygon { exterior, holes }]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_small_beside_the_tiles_that_show_them() {
        let place = LatLng::new(33.6, 119.0).unwrap();
        let round_m = 40_075_016.0 * 33.6_f64.to_radians().cos();
        for zoom in 2..=16 {
            let cell = place.to_cell(resolution_at(zoom));
            let tile_m = round_m / f64::from(1_u32 << zoom);
            let share = cell.area_m2().sqrt() / tile_m;
            assert!((0.02..0.2).contains(&share), "{zoom}: {share}");
            // A cell over an edge of the icosahedron has corners there too.
            assert!((6..=8).contains(&corners_of(cell).len()));
        }
    }

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
