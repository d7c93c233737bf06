//! Which columns hold the code, name, level and parent: by the names that Chinese and
//! English data usually give them.

use serde_json::{Map, Value};

use super::feature::Feature;
use crate::domain::{GridKind, Level};

/// Usual names, the surest first. Compared without regard to case.
const CODE: &[&str] = &[
    "code",
    "编码",
    "代码",
    "区划代码",
    "行政区划代码",
    "行政区代码",
    "网格编码",
    "网格代码",
    "网格编号",
    "编号",
    "xzqdm",
    "xzqhdm",
    "qhdm",
    "wgbm",
    "wgdm",
    "wgbh",
    "zldwdm",
    "adcode",
    "area_code",
    "grid_code",
    "gridcode",
    "pac",
    "bm",
    "dm",
];
const NAME: &[&str] = &[
    "name",
    "名称",
    "区划名称",
    "行政区划名称",
    "行政区名称",
    "网格名称",
    "xzqmc",
    "xzqhmc",
    "qhmc",
    "wgmc",
    "zldwmc",
    "name_zh",
    "area_name",
    "grid_name",
    "gridname",
    "mc",
];
const LEVEL: &[&str] = &[
    "level",
    "级别",
    "层级",
    "行政级别",
    "网格级别",
    "xzjb",
    "jb",
    "cj",
    "area_level",
];
const PARENT: &[&str] = &[
    "parent",
    "parent_code",
    "上级",
    "上级编码",
    "上级代码",
    "父级编码",
    "所属编码",
    "sjbm",
    "sjdm",
    "sjxzqdm",
    "fjbm",
    "parentcode",
    "pcode",
    "pid",
];
const KIND: &[&str] = &["kind", "网格类型", "类型", "wglx", "grid_kind", "grid_type"];

/// Which column is which. All of them but the code may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldMapping {
    pub code: Option<String>,
    pub name: Option<String>,
    /// Without it, the length of the code says the level.
    pub level: Option<String>,
    /// Without it, the beginning of the code says the parent.
    pub parent: Option<String>,
    /// General or special grid; without it, all are general.
    pub kind: Option<String>,
}

impl FieldMapping {
    /// What the names of the columns suggest.
    #[must_use]
    pub fn propose(features: &[Feature]) -> Self {
        let find = |names: &[&str]| {
            features
                .iter()
                .find_map(|feature| find_column(&feature.properties, names))
                .map(str::to_owned)
        };
        Self {
            code: find(CODE),
            name: find(NAME),
            level: find(LEVEL),
            parent: find(PARENT),
            kind: find(KIND),
        }
    }
}

/// Code and name as the usual columns have them, to call a feature by.
pub(super) fn label(properties: &Map<String, Value>) -> Option<String> {
    let words: Vec<String> = [CODE, NAME]
        .iter()
        .filter_map(|names| find_column(properties, names))
        .filter_map(|column| text(properties, column))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn find_column<'a>(properties: &'a Map<String, Value>, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let mut columns = properties.keys();
        columns
            .find(|column| column.trim().eq_ignore_ascii_case(name))
            .map(String::as_str)
    })
}

/// The value of a column as text; whole numbers as such. `None` when it is absent, null
/// or blank.
pub(super) fn text(properties: &Map<String, Value>, column: &str) -> Option<String> {
    let text = match properties.get(column)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => match number.as_f64() {
            // Codes that went through a spreadsheet: 320102.0.
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A level as data usually names it.
pub(super) fn parse_level(text: &str) -> Option<Level> {
    let word = text.to_lowercase();
    let level = match word.as_str() {
        "省" | "省级" | "直辖市" | "自治区" => Level::Province,
        "市" | "市级" | "地级" | "地级市" | "prefecture" => Level::City,
        "县" | "区" | "县级" | "区县" | "区级" | "县区" | "区县级" | "district" => {
            Level::County
        }
        "乡" | "镇" | "街道" | "乡级" | "镇街" | "乡镇" | "乡镇街道" | "街镇" | "乡镇级"
        | "street" | "town" | "subdistrict" => Level::Township,
        "村" | "社区" | "村级" | "村社" | "村居" | "村社区" | "village" => {
            Level::Community
        }
        "网格" => Level::Grid,
        "微网格" => Level::Microgrid,
        _ => return word.parse().ok(),
    };
    Some(level)
}

/// A kind of grid as data usually names it.
pub(super) fn parse_kind(text: &str) -> Option<GridKind> {
    match text {
        "综合" | "综合网格" | "一般网格" => Some(GridKind::General),
        "专属" | "专属网格" | "专门网格" => Some(GridKind::Special),
        _ => text.to_lowercase().parse().ok(),
    }
}
