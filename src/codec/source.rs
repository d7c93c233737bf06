//! What a boundary file holds, as it holds it: nothing is converted yet, so that it can
//! be decided how to take it. Then the way onto the lattice.

use std::fmt;
use std::str::FromStr;

use encoding_rs::Encoding;
use rayon::prelude::*;

use super::boundaries::BoundaryFormat;
use super::encoding::TextEncoding;
use super::feature::{
    self, Faults, FeatureError, FeatureFault, RawFeature, RawPolygons, RingRef, place_point,
};
use crate::domain::{LngLat, Outline};
use crate::geometry::Crs;
use crate::geometry::projection::{ProjectionError, UnknownCrs};

/// A layer of a boundary file.
#[derive(Debug, Clone)]
pub struct SourceLayer {
    pub name: String,
    pub format: BoundaryFormat,
    pub declared_crs: DeclaredCrs,
    pub text: TextReading,
    /// Every column that some feature has, in the order of the file.
    pub columns: Vec<String>,
    pub features: Vec<RawFeature>,
}

/// What a file says about its coordinates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredCrs {
    /// Nothing.
    None,
    Known(Crs),
    /// What is not understood here, as the file has it, and why not.
    Unknown {
        text: String,
        why: String,
    },
}

/// How the two numbers of a vertex are taken: in words `EPSG:4528`, `gcj02` or, when the
/// first is the latitude or northing, `wgs84+swapped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Placement {
    pub crs: Crs,
    /// The file writes the northing or latitude first, as Chinese surveys do.
    pub swapped: bool,
}

impl Placement {
    /// The position of a vertex as the file has it.
    ///
    /// # Errors
    /// When the numbers are not finite or no place in the coordinate system.
    pub fn to_wgs84(self, [first, second]: [f64; 2]) -> Result<LngLat, ProjectionError> {
        if self.swapped {
            self.crs.to_wgs84(second, first)
        } else {
            self.crs.to_wgs84(first, second)
        }
    }

    /// The vertex that is at a position.
    ///
    /// # Errors
    /// When the position has no place in the coordinate system.
    pub fn from_wgs84(self, position: LngLat) -> Result<[f64; 2], ProjectionError> {
        let (x, y) = self.crs.from_wgs84(position)?;
        Ok(if self.swapped { [y, x] } else { [x, y] })
    }
}

impl From<Crs> for Placement {
    fn from(crs: Crs) -> Self {
        Self {
            crs,
            swapped: false,
        }
    }
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.crs.fmt(f)?;
        f.write_str(if self.swapped { SWAPPED } else { "" })
    }
}

const SWAPPED: &str = "+swapped";

impl FromStr for Placement {
    type Err = UnknownCrs;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (crs, swapped) = match text.trim().strip_suffix(SWAPPED) {
            Some(crs) => (crs, true),
            None => (text, false),
        };
        Ok(Self {
            crs: crs.parse()?,
            swapped,
        })
    }
}

/// The encoding that texts were read in, and how they would read in others.
#[derive(Debug, Clone)]
pub struct TextReading {
    pub encoding: TextEncoding,
    /// Every encoding that all texts are valid in, the chosen one first, with the first
    /// few texts that are not plain ASCII.
    pub candidates: Vec<(&'static Encoding, Vec<String>)>,
    /// Features with texts that are not valid in the encoding. What is not has become
    /// U+FFFD there.
    pub unreadable: Faults<FeatureError>,
}

/// A feature whose ground has been placed on the lattice, or not.
#[derive(Debug, Clone)]
pub struct PlacedFeature {
    /// Its place in the file, counted from 1.
    pub index: usize,
    pub outline: Result<Outline, FeatureFault>,
    pub properties: serde_json::Map<String, serde_json::Value>,
}

/// Rounds the ground of features to the lattice, once. Rings stay as they are drawn:
/// whether they are rings at all is for the verdict to say.
#[must_use]
pub fn place(features: Vec<RawFeature>, placement: impl Into<Placement>) -> Vec<PlacedFeature> {
    let placement = placement.into();
    features
        .into_par_iter()
        .map(|feature| PlacedFeature {
            index: feature.index,
            outline: feature
                .polygons
                .and_then(|polygons| place_polygons(&polygons, placement)),
            properties: feature.properties,
        })
        .collect()
}

/// The outline of polygons in a coordinate system.
///
/// # Errors
/// When a vertex is no place in that system.
pub fn place_polygons(
    polygons: &RawPolygons,
    placement: impl Into<Placement>,
) -> Result<Outline, FeatureFault> {
    let placement = placement.into();
    let place_ring = |points: &Vec<[f64; 2]>, ring: RingRef| {
        // As long as it will be: there are millions of them.
        let mut placed = Vec::with_capacity(points.len());
        for (index, &point) in points.iter().enumerate() {
            placed.push(place_point(point, index, ring, placement)?);
        }
        Ok(placed)
    };
    Ok(Outline {
        polygons: feature::map_rings(polygons, place_ring)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(polygons: RawPolygons) -> RawFeature {
        RawFeature {
            index: 1,
            polygons: Ok(polygons),
            properties: serde_json::Map::new(),
        }
    }

    fn placed(polygons: RawPolygons, crs: Crs) -> Result<Outline, FeatureFault> {
        place(vec![raw(polygons)], crs).remove(0).outline
    }

    #[test]
    fn rings_stay_as_they_are_drawn() {
        let rings = vec![
            vec![[118.0, 32.0], [118.0, 32.0], [119.0, 32.000_000_04]],
            vec![],
            vec![[118.5, 32.0]],
        ];
        let outline = placed(vec![rings, vec![]], Crs::Wgs84).unwrap();
        let drawn: Vec<Vec<(i32, i32)>> = outline
            .rings()
            .map(|ring| ring.iter().map(|p| (p.lon_e7(), p.lat_e7())).collect())
            .collect();
        let a = (1_180_000_000, 320_000_000);
        assert_eq!(
            drawn,
            [
                vec![a, a, (1_190_000_000, 320_000_000)],
                vec![],
                vec![(1_185_000_000, 320_000_000)]
            ]
        );
        assert_eq!(outline.polygons.len(), 2);
    }

    #[test]
    fn a_vertex_that_is_no_place_is_named() {
        let ring = |x| vec![[118.0, 32.0], [x, 32.0]];
        for (x, crs, expected) in [
            (
                f64::NAN,
                Crs::Wgs84,
                "vertex 2 of hole 1 of part 2, (NaN, 32), is no position: longitude NaN is not a finite number",
            ),
            (
                f64::INFINITY,
                Crs::Gcj02,
                "vertex 2 of hole 1 of part 2, (inf, 32), is no position: longitude inf is not a finite number",
            ),
            (
                181.0,
                Crs::Wgs84,
                "vertex 2 of hole 1 of part 2, (181, 32), is no position: longitude 181 is outside -180 to 180 degrees",
            ),
        ] {
            let polygons = vec![vec![ring(118.0)], vec![ring(118.0), ring(x)]];
            let fault = placed(polygons, crs).unwrap_err().to_string();
            assert_eq!(fault, expected);
        }
        let fault = placed(vec![vec![ring(119.0)]], "EPSG:4528".parse().unwrap()).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "vertex 1 of the outer ring, (118, 32), is no position: easting 118 is not in the zone EPSG:4528, whose eastings lie around 40500000; name the zone that the file is in, such as EPSG:4527"
        );
    }

    #[test]
    fn a_placement_is_known_by_its_word() {
        for text in ["wgs84", "gcj02+swapped", "EPSG:4528", "EPSG:4549+swapped"] {
            let placement: Placement = text.parse().unwrap();
            assert_eq!(placement.to_string(), text);
        }
        assert_eq!(
            "moon+swapped".parse::<Placement>(),
            Err(UnknownCrs("moon".to_owned()))
        );
    }

    #[test]
    fn swapped_numbers_are_the_same_place() {
        let swapped: Placement = "EPSG:4528+swapped".parse().unwrap();
        let plain = Placement::from(swapped.crs);
        assert_eq!(
            swapped.to_wgs84([3_486_411.2, 40_500_000.0]),
            plain.to_wgs84([40_500_000.0, 3_486_411.2])
        );
    }
}
