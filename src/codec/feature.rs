//! What every boundary format is read into, and what can be wrong with it.

use std::fmt;

use serde_json::{Map, Value};

use super::columns;
use super::source::Placement;
use crate::domain::position::PositionError;
use crate::domain::shape::ShapeError;
use crate::domain::{LngLat, Polygon, Ring, Shape};
use crate::geometry::Crs;
use crate::geometry::projection::ProjectionError;

/// At most so many faults of a file are listed.
pub const MAX_FAULTS: usize = 100;

/// A polygon with its properties, in WGS 84.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its place in the file, counted from 1.
    pub index: usize,
    pub geometry: Shape,
    pub properties: Map<String, Value>,
}

/// A feature by its place in the file, and by code and name if it has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureRef {
    /// Counted from 1.
    pub index: usize,
    pub label: Option<String>,
}

/// What is wrong with a feature, so that it cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{feature}: {fault}")]
pub struct FeatureError {
    pub feature: FeatureRef,
    pub fault: FeatureFault,
}

/// Why a feature cannot be read, in a sentence about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FeatureFault {
    #[error("it is not a GeoJSON Feature; each member of \"features\" must be one")]
    NotAFeature,
    #[error("it has no geometry; draw its polygon, or remove the feature")]
    NoGeometry,
    #[error("it is a {0}; an area is a Polygon or MultiPolygon")]
    NotPolygon(String),
    #[error("its coordinates are not those of a {0}; export the file again")]
    NotNested(&'static str),
    #[error("its geometry is damaged: {0}; export the file again")]
    Damaged(String),
    #[error("vertex {vertex} of {ring} is not two numbers; correct it, or draw the polygon again")]
    NotNumbers { ring: RingRef, vertex: usize },
    #[error("vertex {vertex} of {ring}, ({x}, {y}), is no position: {why}{}", hint(*x, *y, why))]
    Position {
        ring: RingRef,
        vertex: usize,
        x: f64,
        y: f64,
        why: ProjectionError,
    },
    #[error(
        "it has {0} rings, more than any area has ({max}); simplify it, or remove the feature",
        max = super::gather::MAX_RINGS_OF_FEATURE
    )]
    TooManyRings(usize),
    #[error("it has more points than any area has ({0}); simplify it, or remove the feature")]
    TooManyPoints(usize),
    #[error("{ring} has no points; draw the polygon again, or remove the feature")]
    NoPoints { ring: RingRef },
    #[error(
        "{ring} is not closed: it starts at {first:?} and ends at {last:?}; repeat its first point at its end"
    )]
    Unclosed {
        ring: RingRef,
        first: LngLat,
        last: LngLat,
    },
    #[error(
        "{ring} has {} at {at:?}; a ring needs at least three: draw the polygon again, or remove the feature",
        distinct_points(*count)
    )]
    TooFewPoints {
        ring: RingRef,
        count: usize,
        at: LngLat,
    },
    #[error(
        "{ring} encloses no ground: it runs back over itself or crosses itself, near {at:?}; draw the polygon again, or remove the feature"
    )]
    NoGround { ring: RingRef, at: LngLat },
    #[error(
        "the text in its column {column:?} is not {encoding}; name the encoding that the file is in, such as GB18030 or UTF-8"
    )]
    Garbled {
        column: String,
        encoding: &'static str,
    },
    #[error(
        "the text in its column {column:?} is cut off in the middle of a character; shorten it, or make the column wider"
    )]
    CutOff { column: String },
}

/// A ring of a feature. Parts and holes are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingRef {
    /// `None` when the feature has only one part.
    pub part: Option<usize>,
    pub hole: Option<usize>,
}

/// Some faults, of which the first are listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Faults<T> {
    /// At most [`MAX_FAULTS`], in the order of the file.
    pub listed: Vec<T>,
    pub total: usize,
}

/// Polygons as a file has them: for each its rings, the outer one first, closed or not.
pub type RawPolygons = Vec<Vec<Vec<[f64; 2]>>>;

/// Properties and geometry as a file has them.
#[derive(Debug, Clone)]
pub struct RawFeature {
    pub index: usize,
    pub polygons: Result<RawPolygons, FeatureFault>,
    pub properties: Map<String, Value>,
}

impl RawFeature {
    pub(super) fn into_feature(self, crs: Crs) -> Result<Feature, FeatureError> {
        match self
            .polygons
            .and_then(|polygons| build_shape(&polygons, crs))
        {
            Ok(geometry) => Ok(Feature {
                index: self.index,
                geometry,
                properties: self.properties,
            }),
            Err(fault) => Err(FeatureError {
                feature: FeatureRef::new(self.index, &self.properties),
                fault,
            }),
        }
    }
}

/// All the features, or all their faults.
pub(super) fn read_all(
    features: impl Iterator<Item = Result<Feature, FeatureError>>,
) -> Result<Vec<Feature>, Faults<FeatureError>> {
    let mut read = Vec::new();
    let mut faults = Faults::default();
    for feature in features {
        match feature {
            Ok(feature) => read.push(feature),
            Err(fault) => faults.push(fault),
        }
    }
    faults.or(read)
}

fn build_shape(polygons: &RawPolygons, crs: Crs) -> Result<Shape, FeatureFault> {
    let rings = map_rings(polygons, |points, ring| build_ring(points, ring, crs))?;
    let polygons = rings.into_iter().map(|rings| {
        let mut rings = rings.into_iter();
        Ok(Polygon {
            exterior: rings.next().ok_or(FeatureFault::NoGeometry)?,
            holes: rings.collect(),
        })
    });
    Shape::new(polygons.collect::<Result<_, FeatureFault>>()?).map_err(|_| FeatureFault::NoGeometry)
}

/// Makes something of every ring, called by its place.
pub(super) fn map_rings<T>(
    polygons: &RawPolygons,
    make: impl Fn(&Vec<[f64; 2]>, RingRef) -> Result<T, FeatureFault>,
) -> Result<Vec<Vec<T>>, FeatureFault> {
    let several = polygons.len() > 1;
    let parts = polygons.iter().enumerate().map(|(part, rings)| {
        let part = several.then_some(part + 1);
        let rings = rings.iter().enumerate().map(|(number, points)| {
            let hole = (number > 0).then_some(number);
            make(points, RingRef { part, hole })
        });
        rings.collect()
    });
    parts.collect()
}

/// Places a vertex, counted from 0.
pub(super) fn place_point(
    [x, y]: [f64; 2],
    index: usize,
    ring: RingRef,
    placement: Placement,
) -> Result<LngLat, FeatureFault> {
    placement
        .to_wgs84([x, y])
        .map_err(|why| FeatureFault::Position {
            ring,
            vertex: index + 1,
            x,
            y,
            why,
        })
}

/// Places and closes a ring.
fn build_ring(points: &[[f64; 2]], ring: RingRef, crs: Crs) -> Result<Ring, FeatureFault> {
    let points: Vec<LngLat> = points
        .iter()
        .enumerate()
        .map(|(index, &point)| place_point(point, index, ring, crs.into()))
        .collect::<Result<_, _>>()?;
    let at = *points.first().ok_or(FeatureFault::NoPoints { ring })?;
    Ring::from_closed(points).map_err(|fault| match fault {
        ShapeError::Unclosed { first, last } => FeatureFault::Unclosed { ring, first, last },
        ShapeError::TooFewPoints(count) => FeatureFault::TooFewPoints { ring, count, at },
        ShapeError::NoGround(at) => FeatureFault::NoGround { ring, at },
        ShapeError::Empty => FeatureFault::NoPoints { ring },
    })
}

fn distinct_points(count: usize) -> String {
    match count {
        1 => "only one distinct point,".to_owned(),
        _ => format!("only {count} distinct points, the first"),
    }
}

/// What may have happened to a pair of numbers that is no longitude and latitude.
fn hint(x: f64, y: f64, why: &ProjectionError) -> &'static str {
    match why {
        ProjectionError::Position(
            PositionError::LonOutOfRange(_) | PositionError::LatOutOfRange(_),
        ) => {}
        ProjectionError::OtherZone { .. } => {
            return "; name the zone that the file is in, such as EPSG:4527";
        }
        _ => return "",
    }
    if x.abs() > 360.0 && y.abs() > 360.0 {
        "; these look like metres of a projection: name its coordinate system, such as EPSG:4527 or EPSG:3857"
    } else if x.abs() <= 90.0 && y.abs() <= 180.0 {
        "; longitude and latitude look swapped: write the longitude first"
    } else {
        ""
    }
}

impl FeatureRef {
    pub(super) fn new(index: usize, properties: &Map<String, Value>) -> Self {
        Self {
            index,
            label: columns::label(properties),
        }
    }
}

impl<T> Faults<T> {
    pub(super) fn push(&mut self, fault: T) {
        self.total += 1;
        if self.listed.len() < MAX_FAULTS {
            self.listed.push(fault);
        }
    }

    /// What was made, if nothing was wrong.
    pub(super) fn or<V>(self, made: V) -> Result<V, Self> {
        if self.total == 0 { Ok(made) } else { Err(self) }
    }
}

impl Faults<FeatureError> {
    /// These and others, in the order of the file.
    pub(super) fn merge(mut self, others: Self) -> Self {
        self.total += others.total;
        self.listed.extend(others.listed);
        self.listed.sort_by_key(|error| error.feature.index);
        self.listed.truncate(MAX_FAULTS);
        self
    }
}

impl<T> Default for Faults<T> {
    fn default() -> Self {
        Self {
            listed: Vec::new(),
            total: 0,
        }
    }
}

/// The first fault, and how many there are.
impl<T: fmt::Display> fmt::Display for Faults<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.total > 1 {
            write!(f, "{} faults, the first: ", self.total)?;
        }
        self.listed.first().map_or(Ok(()), |first| first.fmt(f))
    }
}

impl<T: fmt::Display + fmt::Debug> std::error::Error for Faults<T> {}

impl fmt::Display for FeatureRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "feature {}", self.index)?;
        match &self.label {
            Some(label) => write!(f, " ({label})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hole {
            None => f.write_str("the outer ring")?,
            Some(hole) => write!(f, "hole {hole}")?,
        }
        match self.part {
            None => Ok(()),
            Some(part) => write!(f, " of part {part}"),
        }
    }
}
