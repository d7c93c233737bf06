//! An area as GIS programs write it: one GeoJSON feature, whole or in part, in any
//! coordinate system.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::feature::FeatureFault;
use super::geojson::read_polygons;
use super::source::{Placement, place_polygons};
use crate::domain::{AreaCode, GridKind, Level, Outline};
use crate::geometry::ReferenceSystem;

/// What is said of an area; `None` is not said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AreaBody {
    pub code: Option<String>,
    pub name: Option<String>,
    /// The code of its parent; `Some(None)` at the top.
    pub parent: Option<Option<String>>,
    pub kind: Option<Option<GridKind>>,
    /// As it is drawn; `Some(None)` when it is not known.
    pub outline: Option<Option<Outline>>,
}

/// Why a text says nothing of an area.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AreaBodyError {
    #[error("the body is no JSON: {0}")]
    NotJson(String),
    #[error("the body is no GeoJSON feature: {0}")]
    NotFeature(&'static str),
    #[error("texts must not hold the character U+0000")]
    Nul,
    #[error("{member}: {why}")]
    Member { member: String, why: String },
    #[error("geometry: {0}")]
    Geometry(#[from] FeatureFault),
}

/// The properties that are answered, but follow from others.
const COMPUTED: [&str; 2] = ["area_m2", "generated"];
const WRITTEN: &str = "code, name, parent, kind";

/// Read apart from the rest: it may be large.
#[derive(Deserialize)]
struct Ground<'a> {
    #[serde(default, borrow)]
    geometry: Option<&'a RawValue>,
}

/// Reads a feature, of which members may be missing: what must be there is for whoever
/// takes it to say.
///
/// # Errors
/// When it is no feature, or a member is not what an area of this level has.
pub fn read_area_body(
    text: &str,
    level: Level,
    system: ReferenceSystem,
) -> Result<AreaBody, AreaBodyError> {
    if text.contains("\\u0000") {
        return Err(AreaBodyError::Nul);
    }
    let not_json = |error: serde_json::Error| AreaBodyError::NotJson(error.to_string());
    let mut value: Value = serde_json::from_str(text).map_err(not_json)?;
    let Some(members) = value.as_object_mut() else {
        return Err(AreaBodyError::NotFeature("it is a JSON list or value"));
    };
    // A part of a feature need not say what it is.
    if members.get("type").is_some_and(|kind| kind != "Feature") {
        return Err(AreaBodyError::NotFeature("its type is not \"Feature\""));
    }
    let mut body = match members.remove("properties") {
        None | Some(Value::Null) => AreaBody::default(),
        Some(Value::Object(properties)) => read_properties(properties, level)?,
        Some(_) => return Err(AreaBodyError::NotFeature("its properties are no object")),
    };
    if let Some(id) = members.get("id").filter(|id| !id.is_null()) {
        let id = read_code("id", id)?;
        if body.code.as_ref().is_some_and(|code| *code != id) {
            return Err(fault("id", "it is not the property \"code\""));
        }
        body.code = Some(id);
    }
    if members.contains_key("geometry") {
        let Ground { geometry } = serde_json::from_str(text).map_err(not_json)?;
        let ground = geometry.map(|geometry| read_ground(geometry, system));
        body.outline = Some(ground.transpose()?);
    }
    Ok(body)
}

fn read_ground(geometry: &RawValue, system: ReferenceSystem) -> Result<Outline, FeatureFault> {
    let polygons = read_polygons(geometry)?;
    let placement = Placement {
        crs: system.crs(),
        swapped: system.is_north_first(),
    };
    place_polygons(&polygons, placement)
}

fn read_properties(
    properties: Map<String, Value>,
    level: Level,
) -> Result<AreaBody, AreaBodyError> {
    let mut body = AreaBody::default();
    for (name, value) in properties {
        match name.as_str() {
            "code" if value.is_null() => {}
            "code" => body.code = Some(read_code("code", &value)?),
            "name" => body.name = Some(read_text("name", value)?),
            "level" if value == level.as_str() || value.is_null() => {}
            "level" => {
                let why = format!("an area of this collection is a {level}");
                return Err(fault("level", &why));
            }
            "parent" if value.is_null() => body.parent = Some(None),
            "parent" => body.parent = Some(Some(read_code("parent", &value)?)),
            "kind" => body.kind = Some(read_kind(value, level)?),
            computed if COMPUTED.contains(&computed) => {}
            unknown => {
                let why =
                    format!("areas have no such property; those that are written are {WRITTEN}");
                return Err(fault(unknown, &why));
            }
        }
    }
    Ok(body)
}

fn read_text(member: &str, value: Value) -> Result<String, AreaBodyError> {
    match value {
        Value::String(text) if text.chars().count() <= MAX_NAME => Ok(text),
        Value::String(_) => Err(fault(
            member,
            &format!("it has more than {MAX_NAME} characters"),
        )),
        _ => Err(fault(member, "it is no text")),
    }
}

/// No area is called by more, in characters.
const MAX_NAME: usize = 1_000;

fn read_code(member: &str, value: &Value) -> Result<String, AreaBodyError> {
    let text = value.as_str();
    let text = text.ok_or_else(|| fault(member, "it is no text; codes are written in quotes"))?;
    let code: AreaCode = text
        .parse()
        .map_err(|error: crate::domain::code::CodeError| fault(member, &error.to_string()))?;
    Ok(code.to_string())
}

fn read_kind(value: Value, level: Level) -> Result<Option<GridKind>, AreaBodyError> {
    let Value::String(word) = value else {
        return if value.is_null() {
            Ok(None)
        } else {
            Err(fault("kind", "it is no text"))
        };
    };
    if !matches!(level, Level::Grid | Level::Microgrid) {
        return Err(fault("kind", &format!("a {level} has none")));
    }
    let kind = word.parse();
    kind.map(Some)
        .map_err(|error: crate::domain::words::UnknownWord| fault("kind", &error.to_string()))
}

fn fault(member: &str, why: &str) -> AreaBodyError {
    AreaBodyError::Member {
        member: member.to_owned(),
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<AreaBody, AreaBodyError> {
        read_area_body(text, Level::Grid, ReferenceSystem::Crs84)
    }

    #[test]
    fn what_is_null_is_told_from_what_is_not_said() {
        let nothing = read(r#"{"type":"Feature"}"#).unwrap();
        assert_eq!(nothing, AreaBody::default());
        let text = r#"{"type":"Feature","id":null,"geometry":null,
            "properties":{"code":null,"parent":null,"kind":null,"area_m2":3.5}}"#;
        let expected = AreaBody {
            parent: Some(None),
            kind: Some(None),
            outline: Some(None),
            ..AreaBody::default()
        };
        assert_eq!(read(text).unwrap(), expected);
        assert_eq!(read(r#"{"properties":null}"#).unwrap(), AreaBody::default());
    }

    #[test]
    fn ground_is_taken_as_drawn_in_the_order_of_the_axes() {
        let ring = "[[33.5,119.25],[33.5,119.5],[33.5,119.25]]";
        let text = format!(r#"{{"geometry":{{"type":"Polygon","coordinates":[{ring},[]]}}}}"#);
        let system = "http://www.opengis.net/def/crs/EPSG/0/4490"
            .parse()
            .unwrap();
        let body = read_area_body(&text, Level::Grid, system).unwrap();
        let outline = body.outline.unwrap().unwrap();
        let rings: Vec<Vec<(i32, i32)>> = outline
            .rings()
            .map(|ring| ring.iter().map(|at| (at.lon_e7(), at.lat_e7())).collect())
            .collect();
        let (a, b) = ((1_192_500_000, 335_000_000), (1_195_000_000, 335_000_000));
        assert_eq!(rings, [vec![a, b, a], vec![]]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (text, said) in [
            ("{", "the body is no JSON"),
            ("[]", "it is a JSON list or value"),
            (r#"{"type":"Polygon"}"#, "its type is not \"Feature\""),
            (r#"{"properties":[]}"#, "its properties are no object"),
            (r#"{"properties":{"name":"\u0000"}}"#, "U+0000"),
            (r#"{"properties":{"name":7}}"#, "name: it is no text"),
            (r#"{"properties":{"code":7}}"#, "code: it is no text"),
            (r#"{"id":"a/b"}"#, "id: \"a/b\" is not an area code"),
            (
                r#"{"id":"1","properties":{"code":"2"}}"#,
                "id: it is not the property",
            ),
            (
                r#"{"properties":{"level":"city"}}"#,
                "level: an area of this collection is a grid",
            ),
            (
                r#"{"properties":{"kind":"green"}}"#,
                "kind: \"green\" is not a",
            ),
            (
                r#"{"properties":{"colour":1}}"#,
                "colour: areas have no such property",
            ),
            (
                r#"{"geometry":{"type":"Point","coordinates":[1,2]}}"#,
                "geometry: it is a Point",
            ),
            (r#"{"geometry":7}"#, "geometry: it has no geometry"),
            (
                r#"{"geometry":{"type":"Polygon","coordinates":[[[1,99]]]}}"#,
                "geometry: vertex 1 of the outer ring, (1, 99), is no position",
            ),
        ] {
            let told = read(text).unwrap_err().to_string();
            assert!(
                told.contains(said),
                "{text} should say {said:?}, but says {told:?}"
            );
        }
        let kind = r#"{"properties":{"kind":"general"}}"#;
        let told = read_area_body(kind, Level::City, ReferenceSystem::Crs84).unwrap_err();
        assert_eq!(told.to_string(), "kind: a city has none");
    }
}
