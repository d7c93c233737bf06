//! The corner-point text file of Chinese land surveys (勘测定界界址点坐标交换格式): a
//! header of attributes, then parcels, each with its corners ring by ring, north before
//! east.

mod angles;

use std::collections::HashMap;

use serde_json::{Map, Value};

use self::angles::{Angles, read_angle};
use super::boundaries::{BoundaryFault, BoundaryFormat, ReadOptions};
use super::encoding::{Document, EncodingSource};
use super::feature::{FeatureFault, RawFeature, RawPolygons};
use super::gather::Gathering;
use super::rings::{Holes, group};
use super::source::{DeclaredCrs, SourceLayer};
use crate::geometry::Crs;
use crate::geometry::projection::GaussKruger;

/// Why a text is no file of corners.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SurveyError {
    #[error("line {line} is no corner of the form J1,1,X,Y: {text:?}; correct it")]
    NotACorner { line: usize, text: String },
    #[error(
        "line {line} is a corner, but no parcel stands before it: 点数,面积,编号,名称,图形属性,图幅号,用途,地类编码,@; add its line"
    )]
    NoParcel { line: usize },
    #[error("the file has no parcels, so there is nothing to import; export it again")]
    NoParcels,
}

/// What stands before the @ of a parcel, after the number of its corners.
const COLUMNS: [&str; 7] = [
    "面积",
    "编号",
    "名称",
    "图形属性",
    "图幅号",
    "用途",
    "地类编码",
];

/// True for the beginning of such a file.
pub(super) fn is_survey(start: &str) -> bool {
    start.contains("[属性描述]")
        || start.contains("[地块坐标]")
        || start.lines().any(|line| line.trim_end().ends_with(",@"))
}

/// Reads the parcels, which become a layer called `name`.
///
/// # Errors
/// When a line is none of such a file, or there are no parcels.
pub(super) fn read(
    bytes: &[u8],
    name: &str,
    options: &ReadOptions,
) -> Result<SourceLayer, BoundaryFault> {
    let document = Document::open(bytes, options.encoding, None, EncodingSource::Guessed)?;
    let survey = Survey::of(&document.text);
    let angles = survey.angles();
    let swapped = angles.is_none() && survey.is_swapped();
    let mut gathering = Gathering::default();
    gathering.name_columns(COLUMNS);
    let mut index = 0;
    let mut take = |parcel: Option<Parcel<'_>>| {
        index += usize::from(parcel.is_some());
        parcel.map_or(Ok(()), |parcel| {
            gathering.push(parcel.into_feature(index, angles, swapped))
        })
    };
    // One at a time: files may have millions of corners.
    let mut parcel: Option<Parcel<'_>> = None;
    for (number, line) in survey.lines() {
        match line {
            Line::Attribute(..) => {}
            Line::Parcel(header) => take(parcel.replace(Parcel::of(header)))?,
            Line::Corner(ring, corner) => {
                let parcel = parcel.as_mut();
                let parcel = parcel.ok_or(SurveyError::NoParcel { line: number })?;
                parcel.push(ring, corner);
            }
            Line::Other(text) => {
                let text = text.chars().take(40).collect();
                return Err(SurveyError::NotACorner { line: number, text }.into());
            }
        }
    }
    take(parcel)?;
    if gathering.is_empty() {
        return Err(SurveyError::NoParcels.into());
    }
    let text = document.reading(gathering.sample_texts());
    let declared_crs = survey.declared_crs(angles.is_some(), swapped);
    let (columns, features) = gathering.finish();
    Ok(SourceLayer {
        name: name.to_owned(),
        format: BoundaryFormat::SurveyText,
        declared_crs,
        text,
        columns,
        features,
    })
}

struct Survey<'a> {
    text: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

/// What a line of a file is.
#[derive(Clone, Copy)]
enum Line<'a> {
    Attribute(&'a str, &'a str),
    Parcel(&'a str),
    /// Of the ring with this number.
    Corner(&'a str, Corner<'a>),
    Other(&'a str),
}

#[derive(Clone, Copy)]
struct Corner<'a> {
    north: &'a str,
    east: &'a str,
}

impl<'a> Survey<'a> {
    fn of(text: &'a str) -> Self {
        let mut survey = Self {
            text,
            attributes: Vec::new(),
        };
        let lines = survey.lines().map_while(|(_, line)| match line {
            Line::Attribute(key, value) => Some((key, value)),
            _ => None,
        });
        survey.attributes = lines.collect();
        survey
    }

    /// Every line that says something, with its number.
    fn lines(&self) -> impl Iterator<Item = (usize, Line<'a>)> + use<'a> {
        let mut in_parcels = false;
        self.text
            .lines()
            .enumerate()
            .filter_map(move |(number, line)| {
                let line = line.trim();
                let is_section = line.starts_with('[') && line.ends_with(']');
                if line.is_empty() || is_section {
                    return None;
                }
                let line = if line.ends_with('@') {
                    in_parcels = true;
                    Line::Parcel(line)
                } else if !in_parcels
                    && let Some((key, value)) = line.split_once(['=', '＝', ':', '：'])
                {
                    Line::Attribute(key.trim(), value.trim())
                } else {
                    read_corner(line)
                };
                Some((number + 1, line))
            })
    }

    fn attribute(&self, key: &str) -> Option<&'a str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(name, value)| name.contains(key) && !value.is_empty());
        found.map(|&(_, value)| value)
    }

    fn corners(&self) -> impl Iterator<Item = Corner<'a>> + use<'a> {
        self.lines().filter_map(|(_, line)| match line {
            Line::Corner(_, corner) => Some(corner),
            _ => None,
        })
    }

    /// How the degrees of the file are written; `None` when it has metres.
    fn angles(&self) -> Option<Angles> {
        let unit = self.attribute("计量单位")?;
        let lower = unit.to_lowercase();
        if lower.contains("度分秒") || lower.contains("mm.ss") || lower.contains("dms") {
            return Some(Angles::DegreesMinutesSeconds);
        }
        if lower.contains("十进制") || lower.contains("decimal") {
            return Some(Angles::Decimal);
        }
        if !(lower.contains('度') || lower.contains("deg")) {
            return None;
        }
        // Decimal degrees have a digit of 6 or more in a place of minutes or seconds
        // before long.
        let numbers = self
            .corners()
            .flat_map(|corner| [corner.north, corner.east]);
        Some(Angles::of(numbers))
    }

    /// True when the first number of corners is the easting: none but an easting begins
    /// with a zone.
    fn is_swapped(&self) -> bool {
        let longest_north_m = 10_002_000.0;
        let first = self.corners().next();
        first.is_some_and(|corner| match (corner.north.parse(), corner.east.parse()) {
            (Ok(first), Ok(second)) => {
                let (first, second): (f64, f64) = (first, second);
                first > longest_north_m && second <= longest_north_m
            }
            _ => false,
        })
    }

    fn declared_crs(&self, degrees: bool, swapped: bool) -> DeclaredCrs {
        let unknown = |text: String, why: &str| DeclaredCrs::Unknown {
            text,
            why: why.to_owned(),
        };
        let datum = self.attribute("坐标系");
        if let Some(crs) = datum.and_then(|datum| datum.parse().ok()) {
            // More than a datum, as nobody but we writes it.
            if crs != Crs::Wgs84 {
                return DeclaredCrs::Known(crs);
            }
        }
        if let Some(datum) = datum {
            let upper = datum.to_uppercase();
            if !(upper.contains("2000") || upper.contains("WGS")) {
                return unknown(
                    datum.to_owned(),
                    "it is another datum, a hundred metres off: convert the file to CGCS2000, or name its coordinate system",
                );
            }
        }
        if degrees {
            return datum.map_or(DeclaredCrs::None, |_| DeclaredCrs::Known(Crs::Wgs84));
        }
        let digits = |text: &str| -> Option<u16> {
            let digits = text.chars().skip_while(|c| !c.is_ascii_digit());
            let digits: String = digits.take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        };
        let width = self.attribute("几度分带").and_then(digits);
        let said = self
            .attribute("带号")
            .and_then(digits)
            .filter(|&zone| zone > 0);
        let prefix = self.corners().next().and_then(|corner| {
            let east = if swapped { corner.north } else { corner.east };
            let east: f64 = east.parse().ok()?;
            (13..=45).find(|&zone| (zone_start(zone)..zone_start(zone + 1)).contains(&east))
        });
        let Some(number) = prefix.or(said) else {
            return DeclaredCrs::None;
        };
        if let (Some(prefix), Some(said)) = (prefix, said)
            && prefix != said
        {
            return unknown(
                format!("带号={said}"),
                "its eastings begin with another zone: correct one of them, or name the coordinate system",
            );
        }
        let width = match (width, number) {
            (Some(3), _) | (None, 25..) => 3,
            (Some(6), _) | (None, ..=23) => 6,
            _ => {
                return unknown(
                    format!("带号={number}"),
                    "it does not say whether zones are of 3 or of 6 degrees (几度分带)",
                );
            }
        };
        match GaussKruger::numbered(width, number, prefix.is_some()) {
            Some(zone) => DeclaredCrs::Known(Crs::GaussKruger(zone)),
            None => unknown(
                format!("几度分带={width}, 带号={number}"),
                "China has no such zone: correct it, or name the coordinate system",
            ),
        }
    }
}

/// Where the eastings of a zone begin, if they do so with its number.
fn zone_start(zone: u16) -> f64 {
    f64::from(zone) * 1e6
}

/// A corner by its ring; without one it is of the first.
fn read_corner(line: &str) -> Line<'_> {
    let mut fields = line.split([',', '，']).map(str::trim);
    let _name = fields.next();
    match [fields.next(), fields.next(), fields.next()] {
        [Some(ring), Some(north), Some(east)] => Line::Corner(ring, Corner { north, east }),
        [Some(north), Some(east), None] => Line::Corner("1", Corner { north, east }),
        _ => Line::Other(line),
    }
}

struct Parcel<'a> {
    /// As its header promises.
    count: Option<usize>,
    fields: Vec<&'a str>,
    /// By their numbers, in the order in which they come.
    rings: Vec<(&'a str, Vec<Corner<'a>>)>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Parcel<'a> {
    fn of(header: &'a str) -> Self {
        let fields = header.split([',', '，']).map(str::trim);
        let mut fields = fields.filter(|field| *field != "@");
        Self {
            count: fields.next().and_then(|count| count.parse().ok()),
            fields: fields.collect(),
            rings: Vec::new(),
            places: HashMap::new(),
        }
    }

    fn into_feature(self, index: usize, angles: Option<Angles>, swapped: bool) -> RawFeature {
        RawFeature {
            index,
            polygons: self.polygons(angles, swapped),
            properties: self.properties(),
        }
    }

    fn push(&mut self, number: &'a str, corner: Corner<'a>) {
        let next = self.rings.len();
        let place = *self.places.entry(number).or_insert(next);
        match self.rings.get_mut(place) {
            Some((_, corners)) => corners.push(corner),
            None => self.rings.push((number, vec![corner])),
        }
    }

    fn properties(&self) -> Map<String, Value> {
        let fields = COLUMNS.iter().zip(&self.fields);
        fields
            .map(|(column, field)| {
                let value = match *field {
                    "" => Value::Null,
                    field => field.into(),
                };
                ((*column).to_owned(), value)
            })
            .collect()
    }

    fn polygons(&self, angles: Option<Angles>, swapped: bool) -> Result<RawPolygons, FeatureFault> {
        self.check_count()?;
        let mut rings = Vec::with_capacity(self.rings.len());
        for (number, corners) in &self.rings {
            let mut ring = Vec::with_capacity(corners.len() + 1);
            for corner in corners {
                let read = |text: &str| match angles {
                    None => text.parse().ok(),
                    Some(angles) => read_angle(text, angles),
                };
                let (Some(north), Some(east)) = (read(corner.north), read(corner.east)) else {
                    return Err(FeatureFault::Damaged(format!(
                        "corner {} of ring {number} is not two numbers",
                        ring.len() + 1
                    )));
                };
                ring.push(if swapped {
                    [north, east]
                } else {
                    [east, north]
                });
            }
            // Corners go round a parcel; the first need not stand again at the end.
            if ring.len() > 2 && ring.first() != ring.last() {
                ring.extend(ring.first().copied());
            }
            rings.push(ring);
        }
        if rings.is_empty() {
            return Err(FeatureFault::NoGeometry);
        }
        group(rings, Holes::ByNesting)
    }

    /// The number of corners counts the repeated ones or not, as programs differ.
    fn check_count(&self) -> Result<(), FeatureFault> {
        let written: usize = self.rings.iter().map(|(_, corners)| corners.len()).sum();
        match self.count {
            Some(count) if count.abs_diff(written) > self.rings.len() => {
                Err(FeatureFault::Damaged(format!(
                    "its line promises {count} corners, but {written} follow"
                )))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
