//! Coordinate systems in the well-known text that ESRI and GDAL write (WKT 1), known by
//! their parameters rather than their names.

use super::source::DeclaredCrs;
use crate::geometry::Crs;
use crate::geometry::projection::{GaussKruger, UnknownCrs};

/// Why a text does not say where a layer is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum CrsTextError {
    #[error("it is no well-known text: {0:?}")]
    Unreadable(String),
    #[error(
        "{0:?} is no coordinate system known here; reproject the layer to EPSG:4490, or name its coordinate system"
    )]
    Unknown(String),
}

/// `KEYWORD["name", 1.0, CHILD[…]]`
#[derive(Debug)]
struct Node {
    keyword: String,
    /// Texts and numbers, as written, without quotes.
    values: Vec<String>,
    children: Vec<Node>,
}

/// What a text declares.
pub(super) fn declare(text: &str) -> DeclaredCrs {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return DeclaredCrs::None;
    }
    match parse(text) {
        Ok(crs) => DeclaredCrs::Known(crs),
        Err(error) => DeclaredCrs::Unknown {
            text: match &error {
                CrsTextError::Unreadable(start) => start.clone(),
                CrsTextError::Unknown(name) => name.clone(),
            },
            why: error.to_string(),
        },
    }
}

/// What a code such as `EPSG:4527` declares, of a system that may also have a name.
pub(super) fn declare_code(code: &str, name: Option<&str>) -> DeclaredCrs {
    if let Ok(crs) = code.parse() {
        return DeclaredCrs::Known(crs);
    }
    let text = match name {
        Some(name) if !name.is_empty() => format!("{name} ({code})"),
        _ => code.to_owned(),
    };
    DeclaredCrs::Unknown {
        why: UnknownCrs(text.clone()).to_string(),
        text,
    }
}

fn parse(text: &str) -> Result<Crs, CrsTextError> {
    let unreadable = || CrsTextError::Unreadable(text.trim().chars().take(40).collect());
    let mut rest = text.trim();
    let node = read_node(&mut rest, 0).ok_or_else(unreadable)?;
    let name = node.values.first().cloned().ok_or_else(unreadable)?;
    read_crs(&node).ok_or(CrsTextError::Unknown(name))
}

fn read_crs(node: &Node) -> Option<Crs> {
    match node.keyword.as_str() {
        "GEOGCS" => is_known_datum(node).then_some(Crs::Wgs84),
        "PROJCS" => {
            let geographic = node.find("GEOGCS").filter(|node| is_known_datum(node))?;
            let metre = close(node.find("UNIT")?.number(1)?, 1.0);
            let projection = plain(node.find("PROJECTION")?.values.first()?);
            match projection.as_str() {
                _ if !metre => None,
                "gausskruger" | "transversemercator" => gauss_kruger(node),
                "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => {
                    web_mercator(node)
                }
                // GDAL writes the web's projection as a plain one with an extension.
                "mercator1sp" if plain(&node.values[0]).contains("pseudomercator") => {
                    let wgs84 = plain(&geographic.values[0]).contains("wgs");
                    wgs84.then(|| web_mercator(node)).flatten()
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// WGS 84 and CGCS2000 count as one; Beijing 1954 and Xian 1980 lie 100 m off.
fn is_known_datum(geographic: &Node) -> bool {
    let known = [
        "wgs1984",
        "wgs84",
        "worldgeodeticsystem1984",
        "china2000",
        "chinageodeticcoordinatesystem2000",
        "cgcs2000",
    ];
    let datum = geographic
        .find("DATUM")
        .and_then(|datum| datum.values.first());
    let degree = geographic.find("UNIT").and_then(|unit| unit.number(1));
    let greenwich = geographic
        .find("PRIMEM")
        .and_then(|meridian| meridian.number(1));
    datum.is_some_and(|datum| {
        let datum = plain(datum);
        known.contains(&datum.strip_prefix('d').unwrap_or(&datum)) || known.contains(&&*datum)
    }) && degree.is_none_or(|degree| close(degree, 1_f64.to_radians()))
        && greenwich.is_none_or(|meridian| close(meridian, 0.0))
}

fn gauss_kruger(node: &Node) -> Option<Crs> {
    let parameter = |name, absent| node.parameter(name).unwrap_or(absent);
    let plain = close(parameter("scalefactor", 1.0), 1.0)
        && close(parameter("falsenorthing", 0.0), 0.0)
        && close(parameter("latitudeoforigin", 0.0), 0.0);
    let zone = GaussKruger::with_parameters(
        node.parameter("centralmeridian")?,
        node.parameter("falseeasting")?,
    )?;
    plain.then_some(Crs::GaussKruger(zone))
}

fn web_mercator(node: &Node) -> Option<Crs> {
    let zero = |name| close(node.parameter(name).unwrap_or(0.0), 0.0);
    (zero("centralmeridian") && zero("falseeasting") && zero("falsenorthing"))
        .then_some(Crs::WebMercator)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Names without case, spaces, underscores and the like.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

impl Node {
    fn find(&self, keyword: &str) -> Option<&Self> {
        self.children.iter().find(|node| node.keyword == keyword)
    }

    fn number(&self, index: usize) -> Option<f64> {
        self.values.get(index)?.parse().ok()
    }

    fn parameter(&self, name: &str) -> Option<f64> {
        let mut parameters = self.children.iter().filter(|node| {
            node.keyword == "PARAMETER" && node.values.first().is_some_and(|at| plain(at) == name)
        });
        parameters.next()?.number(1)
    }
}

/// Reads a node from the start of the text. `None` when there is none, or it is nested
/// deeper than any system is.
fn read_node(rest: &mut &str, depth: usize) -> Option<Node> {
    let open = rest.find(['[', '('])?;
    let keyword = rest[..open].trim().to_ascii_uppercase();
    let named = !keyword.is_empty() && keyword.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !named || depth > 20 {
        return None;
    }
    *rest = &rest[open + 1..];
    let mut node = Node {
        keyword,
        values: Vec::new(),
        children: Vec::new(),
    };
    loop {
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('"') {
            let (value, after) = after.split_once('"')?;
            node.values.push(value.to_owned());
            *rest = after;
        } else {
            let end = rest.find(['[', '(', ',', ']', ')'])?;
            if rest[end..].starts_with(['[', '(']) {
                node.children.push(read_node(rest, depth + 1)?);
            } else {
                node.values.push(rest[..end].trim().to_owned());
                *rest = &rest[end..];
            }
        }
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            *rest = after;
        } else {
            *rest = rest.strip_prefix([']', ')'])?;
            return Some(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CGCS2000: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    const WGS84: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    const XIAN: &str = r#"GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    const MERCATOR: &str = r#"PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]"#;
    /// As GDAL writes it.
    const ZONE_39: &str = r#"PROJCS["CGCS2000 / 3-degree Gauss-Kruger zone 39",
    GEOGCS["China Geodetic Coordinate System 2000",
        DATUM["China_2000", SPHEROID["CGCS2000",6378137,298.257222101, AUTHORITY["EPSG","1024"]]],
        PRIMEM["Greenwich",0], UNIT["degree",0.0174532925199433]],
    PROJECTION["Transverse_Mercator"], PARAMETER["latitude_of_origin",0],
    PARAMETER["central_meridian",117], PARAMETER["scale_factor",1],
    PARAMETER["false_easting",39500000], PARAMETER["false_northing",0], UNIT["metre",1],
    AXIS["Northing",NORTH], AXIS["Easting",EAST], AUTHORITY["EPSG","4527"]]"#;

    fn projected(name: &str, base: &str, meridian: f64, easting: f64, scale: f64) -> String {
        format!(
            r#"PROJCS["{name}",{base},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting:?}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian:?}],PARAMETER["Scale_Factor",{scale:?}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        )
    }

    #[test]
    fn systems_are_known_by_their_parameters() {
        let mercator =
            format!(r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{WGS84},{MERCATOR}]"#);
        for (text, crs) in [
            (CGCS2000, "wgs84"),
            (WGS84, "wgs84"),
            (ZONE_39, "EPSG:4527"),
            (&mercator, "EPSG:3857"),
            (
                &projected("自定义", CGCS2000, 117.0, 39_500_000.0, 1.0),
                "EPSG:4527",
            ),
            (
                &projected("CGCS2000_GK_CM_111E", CGCS2000, 111.0, 500_000.0, 1.0),
                "EPSG:4508",
            ),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), crs, "{text}");
        }
    }

    #[test]
    fn other_systems_are_named() {
        for (text, name) in [
            (XIAN.to_owned(), "GCS_Xian_1980"),
            (
                projected(
                    "Xian_1980_3_Degree_GK_Zone_39",
                    XIAN,
                    117.0,
                    39_500_000.0,
                    1.0,
                ),
                "Xian_1980_3_Degree_GK_Zone_39",
            ),
            (
                projected("WGS_1984_UTM_Zone_50N", WGS84, 117.0, 500_000.0, 0.9996),
                "WGS_1984_UTM_Zone_50N",
            ),
            (projected("local", CGCS2000, 118.5, 500_000.0, 1.0), "local"),
            (
                ZONE_39.replace(r#"UNIT["metre",1]"#, r#"UNIT["foot",0.3048]"#),
                "CGCS2000 / 3-degree Gauss-Kruger zone 39",
            ),
        ] {
            assert_eq!(
                parse(&text),
                Err(CrsTextError::Unknown(name.to_owned())),
                "{text}"
            );
        }
        for text in [
            "",
            "EPSG:4490",
            "GEOGCS[\"x\"",
            "[[[[[",
            &"A[".repeat(10_000),
        ] {
            assert!(
                matches!(parse(text), Err(CrsTextError::Unreadable(_))),
                "{text}"
            );
        }
    }
}
