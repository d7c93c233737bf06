//! KML (OGC 12-007r2) and KMZ: every placemark of every folder, with its name and its
//! extended data.

use std::borrow::Cow;
use std::collections::BTreeSet;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

use super::boundaries::{BoundaryFault, BoundaryFormat, ReadOptions};
use super::crs_text;
use super::encoding::{Document, EncodingSource};
use super::feature::{FeatureFault, RawFeature, RawPolygons, RingRef};
use super::gather::Gathering;
use super::source::{DeclaredCrs, SourceLayer};
use crate::geometry::Crs;

/// Why a text is no KML with placemarks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KmlError {
    #[error("the file is no well-formed XML: {why}, in line {line}; export it again")]
    NotXml { why: String, line: usize },
    #[error("the KML is nested deeper than {MAX_DEPTH} elements; export it again")]
    TooDeep,
    #[error("the KML has no placemarks, so there is nothing to import; export it again")]
    NoPlacemarks,
}

const MAX_DEPTH: usize = 200;

/// The name under which a document says that it is not in WGS 84, as KML should be.
pub(super) const CRS_NAME: &str = "crs";

/// True for the start of a KML document; of another XML it is false.
pub(super) fn is_kml(start: &str) -> bool {
    let mut reader = Reader::from_str(start);
    loop {
        match reader.read_event() {
            Ok(Event::Start(root) | Event::Empty(root)) => {
                return root.local_name().as_ref() == "kml";
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// Reads a document, which is called `name` unless it says otherwise.
///
/// # Errors
/// When the text is no XML, or has no placemarks.
pub(super) fn read(
    bytes: &[u8],
    name: &str,
    format: BoundaryFormat,
    options: &ReadOptions,
) -> Result<SourceLayer, BoundaryFault> {
    let declared = declared_encoding(bytes);
    let source = EncodingSource::Format;
    let document = Document::open(bytes, options.encoding, declared, source)?;
    let found = parse(&document.text)?;
    if found.gathering.is_empty() {
        return Err(KmlError::NoPlacemarks.into());
    }
    let text = document.reading(found.gathering.sample_texts());
    let (columns, features) = found.gathering.finish();
    Ok(SourceLayer {
        name: found.name.unwrap_or_else(|| name.to_owned()),
        format,
        declared_crs: found.crs,
        text,
        columns,
        features,
    })
}

/// What the XML declaration says, unless that is UTF-8: that is said also where it is not
/// true.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = start.split("?>").next()?;
    let (_, value) = declaration.split_once("encoding=")?;
    let label = value.get(1..)?.split(['"', '\'']).next()?;
    let encoding = super::encoding::parse_encoding(label).ok()?;
    (encoding != UTF_8).then_some(encoding)
}

struct Found {
    name: Option<String>,
    crs: DeclaredCrs,
    gathering: Gathering,
}

/// The text of the elements read so far.
#[derive(Default)]
struct Reading {
    /// The open elements by their local names.
    path: Vec<String>,
    /// The text of the innermost element.
    text: String,
    document_name: Option<String>,
    crs: Option<String>,
    /// The names of the open folders.
    folders: Vec<String>,
    all_folders: BTreeSet<String>,
    /// The attribute that says what the text is the value of.
    datum: Option<String>,
    placemark: Option<Placemark>,
    placemarks: Vec<(Placemark, String)>,
    columns: Vec<String>,
}

#[derive(Default)]
struct Placemark {
    name: Option<String>,
    description: Option<String>,
    data: Map<String, Value>,
    keys: Vec<String>,
    polygons: RawPolygons,
    /// What else there is than polygons.
    other: Option<String>,
    fault: Option<FeatureFault>,
}

fn parse(text: &str) -> Result<Found, BoundaryFault> {
    let mut reader = Reader::from_str(text);
    let mut reading = Reading::default();
    let not_xml = |why: String, position: u64| {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let before = &text.as_bytes()[..position.min(text.len())];
        let line = super::encoding::count_lines(before);
        KmlError::NotXml { why, line }
    };
    loop {
        let event = reader
            .read_event()
            .map_err(|error| not_xml(error.to_string(), reader.error_position()))?;
        match event {
            Event::Start(start) => {
                reading.open(&start);
                if reading.path.len() > MAX_DEPTH {
                    return Err(KmlError::TooDeep.into());
                }
            }
            Event::Empty(start) => {
                reading.open(&start);
                reading.close();
            }
            Event::End(_) => reading.close(),
            Event::Text(text) => reading.text.push_str(&text),
            Event::CData(text) => reading.text.push_str(&text),
            Event::GeneralRef(reference) => reading.text.push_str(&resolve(&reference)),
            Event::Eof if reading.path.is_empty() => break,
            Event::Eof => {
                let why = format!("<{}> has no end", reading.path.join("> <"));
                return Err(not_xml(why, text.len() as u64).into());
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    reading.finish()
}

/// The character of an entity; one that is not known stays as it is written.
fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name: &str = reference;
    resolve_predefined_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    let raw: &str = &attribute.value;
    let unescaped = quick_xml::escape::unescape(raw);
    Some(unescaped.map_or_else(|_| raw.to_owned(), Cow::into_owned))
}

impl Reading {
    fn open(&mut self, start: &BytesStart<'_>) {
        let name = start.local_name();
        let name: &str = name.as_ref();
        self.text.clear();
        match name {
            "Placemark" => self.placemark = Some(Placemark::default()),
            "Folder" => self.folders.push(String::new()),
            "Data" | "SimpleData" => self.datum = attribute(start, "name"),
            "SimpleField" => {
                self.columns.extend(attribute(start, "name"));
            }
            _ => {}
        }
        if let Some(placemark) = &mut self.placemark {
            placemark.open(name);
        }
        self.path.push(name.to_owned());
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else {
            return;
        };
        let text = std::mem::take(&mut self.text);
        let parent = self.path.last().map_or("", String::as_str);
        if let Some(placemark) = &mut self.placemark {
            match (parent, &*name) {
                ("Placemark", "name") => placemark.name = Some(text.trim().to_owned()),
                ("Placemark", "description") => {
                    placemark.description = Some(text.trim().to_owned());
                }
                ("Data", "value") | (_, "SimpleData") => {
                    if let Some(datum) = self.datum.take() {
                        placemark.insert(datum, text.trim());
                    }
                }
                ("LinearRing", "coordinates") => {
                    let boundary = self.path.iter().nth_back(1).map_or("", String::as_str);
                    placemark.take_ring(&text, boundary);
                }
                (_, "Placemark") => {
                    let folder = self.folders.last().cloned().unwrap_or_default();
                    self.all_folders.insert(folder.clone());
                    self.placemarks
                        .extend(self.placemark.take().map(|placemark| (placemark, folder)));
                }
                _ => {}
            }
            return;
        }
        match (parent, &*name) {
            ("Document", "name") => {
                self.document_name
                    .get_or_insert_with(|| text.trim().to_owned());
            }
            ("Folder", "name") => {
                if let Some(folder) = self.folders.last_mut() {
                    text.trim().clone_into(folder);
                }
            }
            ("Data", "value") if self.datum.take().as_deref() == Some(CRS_NAME) => {
                self.crs = Some(text.trim().to_owned());
            }
            (_, "Folder") => {
                self.folders.pop();
            }
            _ => {}
        }
    }

    fn finish(self) -> Result<Found, BoundaryFault> {
        let mut gathering = Gathering::default();
        gathering.name_columns(self.columns.iter().map(String::as_str));
        // One folder around everything says nothing of a placemark.
        let in_folders = self.all_folders.len() > 1;
        for (number, (placemark, folder)) in self.placemarks.into_iter().enumerate() {
            gathering.name_columns(placemark.keys.iter().map(String::as_str));
            let folder = Some(folder).filter(|folder| in_folders && !folder.is_empty());
            gathering.push(placemark.into_feature(number + 1, folder))?;
        }
        let one_folder = self.all_folders.into_iter().next();
        let name = one_folder
            .filter(|folder| !in_folders && !folder.is_empty())
            .or(self.document_name)
            .filter(|name| !name.is_empty());
        Ok(Found {
            name,
            crs: match self.crs {
                None => DeclaredCrs::Known(Crs::Wgs84),
                Some(crs) => crs_text::declare_code(&crs, None),
            },
            gathering,
        })
    }
}

impl Placemark {
    fn open(&mut self, element: &str) {
        match element {
            "Polygon" => self.polygons.push(Vec::new()),
            "Point" | "LineString" | "Model" | "Track" | "MultiTrack" => {
                self.other.get_or_insert_with(|| element.to_owned());
            }
            _ => {}
        }
    }

    fn insert(&mut self, key: String, value: &str) {
        if !self.data.contains_key(&key) {
            self.keys.push(key.clone());
        }
        self.data.insert(key, value.into());
    }

    /// Takes a ring of the boundary that it is in: the outer or an inner one.
    fn take_ring(&mut self, text: &str, boundary: &str) {
        let part = self.polygons.len();
        let polygon = self.polygons.last_mut();
        let Some(polygon) = polygon.filter(|_| boundary.ends_with("BoundaryIs")) else {
            self.other.get_or_insert_with(|| "LinearRing".to_owned());
            return;
        };
        let outer = boundary == "outerBoundaryIs";
        let ring = RingRef {
            part: (part > 1).then_some(part),
            hole: (!outer).then_some(polygon.len().max(1)),
        };
        match read_coordinates(text, ring) {
            Ok(points) if outer => polygon.insert(0, points),
            Ok(points) => polygon.push(points),
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
    }

    fn into_feature(self, index: usize, folder: Option<String>) -> RawFeature {
        let polygons = match (self.fault, self.other, self.polygons) {
            (Some(fault), ..) => Err(fault),
            (None, None, polygons) if polygons.is_empty() => Err(FeatureFault::NoGeometry),
            (None, None, polygons) => Ok(polygons),
            (None, Some(other), polygons) if polygons.is_empty() => {
                Err(FeatureFault::NotPolygon(other))
            }
            (None, Some(other), _) => Err(FeatureFault::NotPolygon(format!(
                "MultiGeometry with a {other}"
            ))),
        };
        let mut properties = Map::new();
        for (key, value) in [
            ("folder", folder),
            ("description", self.description),
            ("name", self.name),
        ] {
            let value = value.filter(|value| !value.is_empty());
            properties.extend(value.map(|value| (key.to_owned(), value.into())));
        }
        // What is said of a placemark in its data is the surer.
        properties.extend(self.data);
        RawFeature {
            index,
            polygons,
            properties,
        }
    }
}

/// Tuples of longitude, latitude and perhaps height, apart by blanks. Blanks beside
/// commas are common too.
fn read_coordinates(text: &str, ring: RingRef) -> Result<Vec<[f64; 2]>, FeatureFault> {
    let mut points = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let fault = || FeatureFault::NotNumbers {
            ring,
            vertex: points.len() + 1,
        };
        let mut numbers = [0.0; 3];
        let mut count = 0;
        loop {
            let end = rest
                .find(|c: char| c == ',' || c.is_whitespace())
                .unwrap_or(rest.len());
            let number = rest[..end].parse().map_err(|_| fault())?;
            *numbers.get_mut(count).ok_or_else(fault)? = number;
            count += 1;
            rest = rest[end..].trim_start();
            match rest.strip_prefix(',') {
                Some(after) => rest = after.trim_start(),
                None => break,
            }
        }
        if count < 2 {
            return Err(fault());
        }
        points.push([numbers[0], numbers[1]]);
    }
    points.shrink_to_fit();
    Ok(points)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::boundaries::{BoundaryFileError, read_layer};
    use super::*;

    fn read_text(text: &[u8]) -> Result<SourceLayer, BoundaryFileError> {
        read_layer(text, "网格.kml", &ReadOptions::default())
    }

    const DOCUMENT: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>网格 &amp; 边界</name>
<Schema name="s" id="s"><SimpleField name="code" type="string"/><SimpleField name="人口" type="int"/></Schema>
<Folder><name>一街道</name>
  <Placemark><name>甲</name><description><![CDATA[<b>x</b>]]></description>
    <ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="人口">12</SimpleData><SimpleData name="code">&#51;2</SimpleData></SchemaData></ExtendedData>
    <Polygon><outerBoundaryIs><LinearRing><coordinates>
      118,32,0 119 , 32 ,5
      119,33 118,32</coordinates></LinearRing></outerBoundaryIs>
      <innerBoundaryIs><LinearRing><coordinates>118.5,32.1 118.6,32.1 118.6,32.2 118.5,32.1</coordinates></LinearRing></innerBoundaryIs></Polygon>
  </Placemark>
  <Folder><name>二社区</name>
    <Placemark><name>乙</name><ExtendedData><Data name="name"><displayName>名</displayName><value>乙网格</value></Data></ExtendedData>
      <MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4</coordinates></LinearRing></outerBoundaryIs></Polygon>
        <MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates/></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></MultiGeometry>
    </Placemark>
  </Folder>
  <Placemark><name>丙</name><Point><coordinates>118,32</coordinates></Point></Placemark>
  <Placemark/>
</Folder></Document></kml>"##;

    #[test]
    fn placemarks_of_all_folders_are_read_with_their_data() {
        let layer = read_text(DOCUMENT.as_bytes()).unwrap();
        assert_eq!(layer.name, "网格 & 边界");
        assert_eq!(layer.declared_crs, DeclaredCrs::Known(Crs::Wgs84));
        assert_eq!(
            layer.columns,
            ["code", "人口", "description", "folder", "name"]
        );
        let properties = |index: usize| Value::Object(layer.features[index].properties.clone());
        assert_eq!(
            properties(0),
            serde_json::json!({"name": "甲", "description": "<b>x</b>", "人口": "12", "code": "32", "folder": "一街道"})
        );
        assert_eq!(
            properties(1),
            serde_json::json!({"name": "乙网格", "folder": "二社区"})
        );
        assert_eq!(
            layer.features[0].polygons,
            Ok(vec![vec![
                vec![[118.0, 32.0], [119.0, 32.0], [119.0, 33.0], [118.0, 32.0]],
                vec![[118.5, 32.1], [118.6, 32.1], [118.6, 32.2], [118.5, 32.1]]
            ]])
        );
        assert_eq!(
            layer.features[1].polygons,
            Ok(vec![vec![vec![[1.0, 2.0], [3.0, 4.0]]], vec![vec![]]])
        );
        assert_eq!(
            layer.features[2].polygons,
            Err(FeatureFault::NotPolygon("Point".to_owned()))
        );
        assert_eq!(layer.features[3].polygons, Err(FeatureFault::NoGeometry));
    }

    #[test]
    fn other_encodings_are_declared_or_found_out() {
        for (declaration, said) in [
            ("GBK", "gb18030 (as the text says)"),
            ("UTF-8", "gb18030 (guessed from the text)"),
        ] {
            let text = DOCUMENT.replace("encoding=\"UTF-8\"", &format!("encoding='{declaration}'"));
            let layer = read_text(&encoding_rs::GBK.encode(&text).0).unwrap();
            assert_eq!(layer.text.encoding.to_string(), said);
            assert_eq!(layer.features[0].properties["name"], "甲");
        }
    }

    #[test]
    fn a_document_may_say_that_it_is_not_in_wgs_84() {
        let with = |crs: &str| {
            let data = format!(
                "<Document><ExtendedData><Data name=\"crs\"><value>{crs}</value></Data></ExtendedData>"
            );
            let text = DOCUMENT.replace("<Document>", &data);
            read_text(text.as_bytes()).unwrap().declared_crs
        };
        assert_eq!(with("gcj02"), DeclaredCrs::Known(Crs::Gcj02));
        assert!(matches!(with("moon"), DeclaredCrs::Unknown { text, .. } if text == "moon"));
    }

    #[test]
    fn what_is_no_kml_is_refused() {
        let deep = format!("<kml>{}", "<Folder>".repeat(100_000));
        let (cut_off, _) = DOCUMENT.split_once("<Folder><name>二").unwrap();
        for (text, expected) in [
            (
                cut_off,
                "no well-formed XML: <kml> <Document> <Folder> has no end, in line 12;",
            ),
            ("<kml><a></b></kml>", "no well-formed XML: "),
            ("<kml><Document/></kml>", "the KML has no placemarks,"),
            (&deep, "the KML is nested deeper than 200 elements;"),
            ("<gml:a/>", "in no format known here: it looks like XML"),
        ] {
            let fault = read_text(text.as_bytes()).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        }
        let number = DOCUMENT.replace("119,33 118", "119,x 118");
        let layer = read_text(number.as_bytes()).unwrap();
        assert_eq!(
            layer.features[0].polygons.as_ref().unwrap_err().to_string(),
            "vertex 3 of the outer ring is not two numbers; correct it, or draw the polygon again"
        );
    }

    proptest! {
        #[test]
        fn damage_is_an_error_and_no_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let mut bytes = DOCUMENT.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let _ = read_text(&bytes);
        }
    }
}
