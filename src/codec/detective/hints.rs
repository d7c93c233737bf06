//! What the name of a file or layer says of its coordinate system.

use crate::geometry::Crs;

/// A coordinate system, as a name says it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hint {
    says: Says,
    /// As the name has it.
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    System(Crs),
    /// A Gauss–Krüger zone with this meridian, its number before the easting or not.
    Meridian(f64),
}

/// What names call coordinate systems, without case, spaces and punctuation.
const NAMES: &[(&str, Crs)] = &[
    ("gcj02", Crs::Gcj02),
    ("gcj", Crs::Gcj02),
    ("火星", Crs::Gcj02),
    ("国测局", Crs::Gcj02),
    ("高德", Crs::Gcj02),
    ("gaode", Crs::Gcj02),
    ("腾讯", Crs::Gcj02),
    ("bd09", Crs::Bd09),
    ("百度", Crs::Bd09),
    ("baidu", Crs::Bd09),
    ("wgs84", Crs::Wgs84),
    ("墨卡托", Crs::WebMercator),
    ("mercator", Crs::WebMercator),
];

/// Words that stand before the number of a zone or the degrees of a meridian, and after.
const BEFORE_ZONE: &[&str] = &["zone", "第"];
const AFTER_ZONE: &[&str] = &["带", "度带", "号带"];
const BEFORE_MERIDIAN: &[&str] = &["cm", "中央经线", "中央子午线"];

impl Hint {
    /// Everything that a name says.
    pub(super) fn find_all(name: &str) -> Vec<Self> {
        let plain = name
            .to_lowercase()
            .replace([' ', '_', '-', '.', '(', ')', '（', '）'], "");
        let mut hints: Vec<Self> = Vec::new();
        for &(words, crs) in NAMES {
            let known = hints.iter().any(|hint| hint.says == Says::System(crs));
            if plain.contains(words) && !known {
                hints.push(Self {
                    says: Says::System(crs),
                    words: words.to_owned(),
                });
            }
        }
        for (start, end) in find_numbers(name) {
            let number = &name[start..end];
            let plain = |text: &str| text.to_lowercase().replace([' ', '_', '-'], "");
            let (before, after) = (plain(&name[..start]), plain(&name[end..]));
            let follows = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
            let leads = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
            let says = match number.len() {
                4 => number.parse().ok().map(Says::System),
                2 | 3 if follows(BEFORE_MERIDIAN) => meridian(number),
                2 if follows(BEFORE_ZONE) || leads(AFTER_ZONE) => zone_meridian(number),
                _ => None,
            };
            if let Some(says) = says {
                hints.push(Self {
                    says,
                    words: number.to_owned(),
                });
            }
        }
        hints
    }

    /// True when it says this system.
    pub(super) fn names(&self, crs: Crs) -> bool {
        match (self.says, crs) {
            (Says::System(said), crs) => said == crs,
            (Says::Meridian(said), Crs::GaussKruger(zone)) => {
                (zone.central_meridian_deg() - said).abs() < 1e-9
            }
            (Says::Meridian(_), _) => false,
        }
    }
}

/// Where the runs of ASCII digits are.
fn find_numbers(text: &str) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().chain([0]).enumerate() {
        match (byte.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    runs
}

fn meridian(number: &str) -> Option<Says> {
    let degrees: f64 = number.parse().ok()?;
    (75.0..=135.0)
        .contains(&degrees)
        .then_some(Says::Meridian(degrees))
}

/// Three-degree zones are 25 to 45, six-degree zones 13 to 23.
fn zone_meridian(number: &str) -> Option<Says> {
    let zone: u8 = number.parse().ok()?;
    match zone {
        25..=45 => Some(Says::Meridian(3.0 * f64::from(zone))),
        13..=23 => Some(Says::Meridian(6.0 * f64::from(zone) - 3.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_coordinate_systems() {
        for (name, system) in [
            ("淮安网格_GCJ02.geojson", "gcj02"),
            ("grids-gcj-02", "gcj02"),
            ("网格(火星坐标).zip", "gcj02"),
            ("百度坐标系网格.kml", "bd09"),
            ("grids_BD-09.csv", "bd09"),
            ("county_4490.shp", "wgs84"),
            ("EPSG3857.gpkg", "EPSG:3857"),
            ("网格_CGCS2000_3_Degree_GK_Zone_40.zip", "EPSG:4528"),
            ("CGCS2000_3_Degree_GK_CM_120E", "EPSG:4549"),
            ("淮安40带.shp", "EPSG:4528"),
            ("中央经线120.txt", "EPSG:4549"),
            ("grid 4549.zip", "EPSG:4549"),
        ] {
            let hints = Hint::find_all(name);
            let crs = system.parse().unwrap();
            assert!(hints.iter().any(|hint| hint.names(crs)), "{name} {hints:?}");
        }
    }

    #[test]
    fn a_zone_is_meant_with_and_without_its_number() {
        let hints = Hint::find_all("cgcs2000_3_degree_gk_zone_40");
        for (system, named) in [
            ("4528", true),
            ("4549", true),
            ("4527", false),
            ("4490", false),
        ] {
            let crs = system.parse().unwrap();
            assert_eq!(hints.iter().any(|hint| hint.names(crs)), named, "{system}");
        }
    }

    #[test]
    fn codes_dates_and_counts_say_nothing() {
        for name in [
            "320812网格20230630.zip",
            "2023网格.zip",
            "网格1200个",
            "zone 7",
            "江苏省网格",
        ] {
            assert_eq!(Hint::find_all(name), [], "{name}");
        }
    }
}
