//! Areas in a CSV file: their polygons are a column of well-known text, or of well-known
//! binary in hexadecimal as PostGIS writes it.

use std::str::FromStr;

use csv::StringRecord;
use rayon::prelude::*;
use serde_json::{Map, Value};
use wkt::Wkt;

use super::boundaries::{BoundaryFault, BoundaryFormat, ReadOptions};
use super::crs_text;
use super::encoding::{Document, EncodingSource};
use super::feature::{FeatureFault, RawFeature, RawPolygons};
use super::gather::Gathering;
use super::geopackage::decode_wkb;
use super::source::{DeclaredCrs, SourceLayer};

/// Why a table has no areas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvAreasError {
    #[error(
        "no column of the table holds polygons: name it wkt and write POLYGON ((…)) in it; the columns are {}", columns.join(", ")
    )]
    NoColumn { columns: Vec<String> },
    #[error(
        "the table has longitudes and latitudes, which are points and no areas: add a column wkt with the polygon of each area, or find whose ground the points are with wangge match"
    )]
    Points,
    #[error("the table cannot be read as CSV: {0}; export it again")]
    NotCsv(String),
    #[error("the table has no rows, so there is nothing to import; export it again")]
    NoRows,
}

/// Usual names of the column, compared without regard to case.
const GEOMETRY: &[&str] = &[
    "wkt",
    "geometry",
    "geom",
    "the_geom",
    "wkt_geom",
    "wkb_geometry",
    "shape",
    "polygon",
    "几何",
    "图形",
    "边界",
];
const LON: &[&str] = &["lon", "lng", "longitude", "long", "x", "经度"];
const LAT: &[&str] = &["lat", "latitude", "y", "纬度"];
/// Columns that say which coordinate system a row is in.
const CRS: &[&str] = &["crs", "srid", "epsg"];
/// Rows are parsed so many at a time, by all cores.
const BATCH: usize = 1024;

/// True for the beginning of a text that is a table of areas, or of points.
pub(super) fn is_table(start: &str) -> bool {
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let mut table = open_table(start);
    let Ok(header) = table.headers().cloned() else {
        return false;
    };
    let row = table.records().next().and_then(Result::ok);
    find_geometry(&header, row.as_ref()).is_some() || (has(&header, LON) && has(&header, LAT))
}

fn open_table(text: &str) -> csv::Reader<&[u8]> {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    // The comma, unless another is there more often.
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count);
    csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn is_named(column: &str, names: &[&str]) -> bool {
    let column = column.trim();
    names.iter().any(|name| column.eq_ignore_ascii_case(name))
}

fn has(header: &StringRecord, names: &[&str]) -> bool {
    header.iter().any(|column| is_named(column, names))
}

/// The column whose first value is a geometry; else the one that is called so.
fn find_geometry(header: &StringRecord, row: Option<&StringRecord>) -> Option<usize> {
    let is_geometry = |value: &str| {
        let word = first_word(value);
        word.ends_with("POLYGON") || (value.len() >= 18 && unhex(value).is_some())
    };
    let by_value = row.and_then(|row| row.iter().position(is_geometry));
    by_value.or_else(|| {
        let mut names = GEOMETRY.iter();
        names.find_map(|name| header.iter().position(|column| is_named(column, &[name])))
    })
}

/// Reads the table, which becomes a layer called `name`.
///
/// # Errors
/// When it is no table of polygons.
pub(super) fn read(
    bytes: &[u8],
    name: &str,
    options: &ReadOptions,
) -> Result<SourceLayer, BoundaryFault> {
    let document = Document::open(bytes, options.encoding, None, EncodingSource::Guessed)?;
    let not_csv = |error: csv::Error| CsvAreasError::NotCsv(error.to_string());
    let mut table = open_table(&document.text);
    let header = table.headers().map_err(not_csv)?.clone();
    let mut rows = table.into_records();
    let first = rows.next().transpose().map_err(not_csv)?;
    let Some(geometry) = find_geometry(&header, first.as_ref()) else {
        return Err(if has(&header, LON) && has(&header, LAT) {
            CsvAreasError::Points
        } else {
            CsvAreasError::NoColumn {
                columns: header.iter().map(str::to_owned).collect(),
            }
        }
        .into());
    };
    let header: Vec<String> = header
        .iter()
        .map(|column| column.trim().to_owned())
        .collect();
    let mut gathering = Gathering::default();
    let columns = header.iter().enumerate();
    gathering.name_columns(
        columns
            .filter(|&(number, _)| number != geometry)
            .map(|(_, column)| column.as_str()),
    );
    let mut crs = DeclaredCrs::None;
    let mut rows = first.map(Ok).into_iter().chain(rows);
    let mut index = 0;
    loop {
        let batch: Vec<StringRecord> = rows
            .by_ref()
            .take(BATCH)
            .collect::<Result<_, _>>()
            .map_err(not_csv)?;
        if batch.is_empty() {
            break;
        }
        let parsed: Vec<Parsed> = batch
            .par_iter()
            .map(|row| parse_geometry(row.get(geometry).unwrap_or_default()))
            .collect();
        for (row, parsed) in batch.iter().zip(parsed) {
            index += 1;
            let properties = read_properties(&header, row, geometry);
            if crs == DeclaredCrs::None {
                crs = declared_crs(parsed.crs.as_deref(), &properties);
            }
            gathering.push(RawFeature {
                index,
                polygons: parsed.polygons,
                properties,
            })?;
        }
    }
    if gathering.is_empty() {
        return Err(CsvAreasError::NoRows.into());
    }
    let text = document.reading(gathering.sample_texts());
    let (columns, features) = gathering.finish();
    Ok(SourceLayer {
        name: name.to_owned(),
        format: BoundaryFormat::Csv,
        declared_crs: crs,
        text,
        columns,
        features,
    })
}

fn read_properties(header: &[String], row: &StringRecord, geometry: usize) -> Map<String, Value> {
    let fields = header.iter().zip(row).enumerate();
    fields
        .filter(|&(number, _)| number != geometry)
        .map(|(_, (column, value))| {
            let value = match value.trim() {
                "" => Value::Null,
                value => value.into(),
            };
            (column.clone(), value)
        })
        .collect()
}

/// A geometry says it itself; else a column does.
fn declared_crs(own: Option<&str>, properties: &Map<String, Value>) -> DeclaredCrs {
    let column = properties
        .iter()
        .find(|(column, _)| is_named(column, CRS))
        .and_then(|(_, value)| value.as_str());
    match own.or(column) {
        None => DeclaredCrs::None,
        Some(crs) => crs_text::declare_code(crs, None),
    }
}

struct Parsed {
    polygons: Result<RawPolygons, FeatureFault>,
    /// As `EPSG:4490`.
    crs: Option<String>,
}

fn parse_geometry(text: &str) -> Parsed {
    let text = text.trim();
    if let Some(bytes) = unhex(text).filter(|bytes| !bytes.is_empty()) {
        return match decode_wkb(&bytes) {
            Ok((polygons, srid)) => Parsed {
                polygons: Ok(polygons),
                crs: srid
                    .filter(|&srid| srid != 0)
                    .map(|srid| format!("EPSG:{srid}")),
            },
            Err(fault) => Parsed {
                polygons: Err(fault),
                crs: None,
            },
        };
    }
    let (crs, text) = match split_srid(text) {
        Some((srid, rest)) => (Some(format!("EPSG:{srid}")), rest),
        None => (None, text),
    };
    Parsed {
        polygons: parse_wkt(text),
        crs,
    }
}

/// `SRID=4490;POLYGON …`, as PostGIS writes it.
fn split_srid(text: &str) -> Option<(u32, &str)> {
    let (start, rest) = text.split_once(';')?;
    let (key, value) = start.split_once('=')?;
    let srid = value.trim().parse().ok()?;
    key.trim()
        .eq_ignore_ascii_case("srid")
        .then_some((srid, rest.trim_start()))
}

/// The word that says what a geometry is, in capitals.
fn first_word(text: &str) -> String {
    let text = text.trim_start();
    let text = split_srid(text).map_or(text, |(_, rest)| rest);
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next();
    let word = word.unwrap_or_default().to_ascii_uppercase();
    let plain = word.trim_end_matches(['Z', 'M']);
    plain.to_owned()
}

fn parse_wkt(text: &str) -> Result<RawPolygons, FeatureFault> {
    let word = first_word(text);
    match &*word {
        "" if text.is_empty() => return Err(FeatureFault::NoGeometry),
        "POLYGON" | "MULTIPOLYGON" => {}
        // Not read, so that no nesting of collections is followed.
        "" => return Err(FeatureFault::Damaged("it is no well-known text".to_owned())),
        _ => return Err(FeatureFault::NotPolygon(word)),
    }
    let rings = |polygon: wkt::types::Polygon<f64>| {
        let (rings, _) = polygon.into_inner();
        let points = |ring: wkt::types::LineString<f64>| {
            let (points, _) = ring.into_inner();
            points.into_iter().map(|point| [point.x, point.y]).collect()
        };
        rings.into_iter().map(points).collect::<Vec<_>>()
    };
    match Wkt::from_str(text) {
        Ok(Wkt::Polygon(polygon)) => Ok(vec![rings(polygon)]),
        Ok(Wkt::MultiPolygon(several)) => {
            let (polygons, _) = several.into_inner();
            Ok(polygons.into_iter().map(rings).collect())
        }
        Ok(_) => Err(FeatureFault::NotPolygon(word)),
        Err(why) => Err(FeatureFault::Damaged(format!(
            "its well-known text cannot be read: {}",
            why.to_lowercase()
        ))),
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |&[high, low]: &[u8; 2]| u8::try_from(digit(high)? * 16 + digit(low)?).ok();
    pairs.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::boundaries::{BoundaryFileError, read_layer};
    use super::*;

    fn read_table(text: &[u8]) -> Result<SourceLayer, BoundaryFileError> {
        read_layer(text, "区.csv", &ReadOptions::default())
    }

    const SQUARE: &str = "POLYGON ((118 32, 119 32, 119 33, 118 32))";

    #[test]
    fn polygons_are_found_by_their_column_or_by_themselves() {
        let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
        for text in [
            format!("编码,名称,WKT\n320102,玄武区,\"{SQUARE}\"\n").into_bytes(),
            gbk(&format!("编码;名称;the_geom\n320102;玄武区;{SQUARE}\n")),
            format!("\u{feff}编码\t名称\t几何\r\n320102\t玄武区\t{SQUARE}\r\n").into_bytes(),
            format!("where,编码,名称\n\"SRID=4490;{SQUARE}\",320102,玄武区\n").into_bytes(),
            "编码,名称,geom\n320102,玄武区,\"multipolygonz(((118 32 1,119 32 1,119 33 1,118 32 1)))\"\n".into(),
        ] {
            let layer = read_table(&text).unwrap();
            assert_eq!(layer.name, "区");
            assert_eq!(layer.columns, ["编码", "名称"]);
            let feature = &layer.features[0];
            assert_eq!(
                feature.polygons,
                Ok(vec![vec![vec![[118.0, 32.0], [119.0, 32.0], [119.0, 33.0], [118.0, 32.0]]]])
            );
            assert_eq!(feature.properties["名称"], "玄武区");
            assert_eq!(feature.properties["编码"], "320102");
        }
    }

    #[test]
    fn hexadecimal_binary_is_read_with_its_system() {
        let ring = [(118.0_f64, 32.0_f64), (119.0, 32.0), (118.0, 32.0)];
        let mut wkb = vec![1, 3, 0, 0, 0x20];
        wkb.extend(4528_u32.to_le_bytes());
        wkb.extend([1, 0, 0, 0, 3, 0, 0, 0]);
        for (x, y) in ring {
            wkb.extend(x.to_le_bytes());
            wkb.extend(y.to_le_bytes());
        }
        let digits = |byte: &u8| {
            [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap())
        };
        let hex: String = wkb.iter().flat_map(digits).collect();
        let layer = read_table(format!("code,geom\n1,{hex}\n").as_bytes()).unwrap();
        assert_eq!(
            layer.declared_crs,
            DeclaredCrs::Known("EPSG:4528".parse().unwrap())
        );
        let expected = ring.map(|(x, y)| [x, y]).to_vec();
        assert_eq!(layer.features[0].polygons, Ok(vec![vec![expected]]));
    }

    #[test]
    fn the_system_is_said_by_a_geometry_or_a_column() {
        let crs = |text: &str| read_table(text.as_bytes()).unwrap().declared_crs;
        let known = |name: &str| DeclaredCrs::Known(name.parse().unwrap());
        assert_eq!(crs(&format!("wkt\n\"{SQUARE}\"\n")), DeclaredCrs::None);
        assert_eq!(crs(&format!("wkt,crs\n\"{SQUARE}\",bd09\n")), known("bd09"));
        assert_eq!(
            crs(&format!("wkt,srid\n\"{SQUARE}\",4528\n")),
            known("EPSG:4528")
        );
        assert_eq!(
            crs(&format!("wkt\n\"SRID=3857;{SQUARE}\"\n")),
            known("EPSG:3857")
        );
        assert!(matches!(
            crs(&format!("wkt,crs\n\"{SQUARE}\",moon\n")),
            DeclaredCrs::Unknown { .. }
        ));
    }

    #[test]
    fn rows_without_a_polygon_are_faults_of_their_own() {
        let text = format!(
            "code,wkt\n1,\"{SQUARE}\"\n2,\n3,POINT (1 2)\n4,\"POLYGON ((1 2, x 3))\"\n5,POLYGON EMPTY\n6"
        );
        let layer = read_table(text.as_bytes()).unwrap();
        let faults: Vec<String> = layer.features[1..]
            .iter()
            .map(|feature| match &feature.polygons {
                Ok(polygons) => format!("{polygons:?}"),
                Err(fault) => fault.to_string(),
            })
            .collect();
        assert_eq!(
            faults,
            [
                "it has no geometry; draw its polygon, or remove the feature",
                "it is a POINT; an area is a Polygon or MultiPolygon",
                "its geometry is damaged: its well-known text cannot be read: missing closing parenthesis for type; export the file again",
                "[[]]",
                "it has no geometry; draw its polygon, or remove the feature",
            ]
        );
    }

    #[test]
    fn tables_without_areas_are_refused() {
        let fault = |text: &str| read_table(text.as_bytes()).unwrap_err().to_string();
        assert!(fault("名称,经度,纬度\n甲,118,32\n").starts_with(
            "区.csv: the table has longitudes and latitudes, which are points and no areas:"
        ));
        assert_eq!(
            fault("code,name\n1,a\n"),
            "区.csv: no column of the table holds polygons: name it wkt and write POLYGON ((…)) in it; the columns are code, name"
        );
        assert_eq!(
            fault("code,wkt\n"),
            "区.csv: the table has no rows, so there is nothing to import; export it again"
        );
    }

    proptest! {
        #[test]
        fn damage_is_an_error_and_no_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let text = format!("编码,名称,wkt\n320102,玄武区,\"MULTI{SQUARE}\"\n2,b,\"{SQUARE}\"\n");
            let mut bytes = text.into_bytes();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let _ = read_table(&bytes);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(MULTI)?POLYGON ?Z? ?[() ,.0-9a-zA-Z-]{0,40}") {
            let _ = parse_geometry(&text);
        }
    }
}
