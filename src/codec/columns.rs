//! Which columns hold the code, name, level and parent: by the names that Chinese and
//! English data usually give them.

mod content;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use self::content::{ColumnChoice, MappingProposal, propose_mapping};
use crate::domain::words::words;
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

/// What stands in columns of parents where there is none.
pub(super) const NO_PARENT: &[&str] = &["0", "-1", "无", "null", "NULL"];

words! {
    /// What a column can hold of an area.
    pub enum Field ("field") {
        Code = "code",
        Name = "name",
        Level = "level",
        Parent = "parent",
        Kind = "kind",
    }
}

impl Field {
    /// The usual names of its columns, the surest first.
    const fn usual_names(self) -> &'static [&'static str] {
        match self {
            Self::Code => CODE,
            Self::Name => NAME,
            Self::Level => LEVEL,
            Self::Parent => PARENT,
            Self::Kind => KIND,
        }
    }
}

/// Which column is which. All of them but the code may be absent. Kept as a profile, for
/// the next file of the same make.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldMapping {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Without it, the length of the code says the level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Without it, the beginning of the code says the parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// General or special grid; without it, all are general.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A mapping that names a column which the file does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file has no column {column:?} to take the {field} from; {}", offer(.nearest.as_deref(), .columns))]
pub struct UnknownColumn {
    pub field: Field,
    pub column: String,
    /// What may have been meant.
    pub nearest: Option<String>,
    /// What the file has.
    pub columns: Vec<String>,
}

fn offer(nearest: Option<&str>, columns: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("did you mean {nearest:?}?"),
        None if columns.is_empty() => "it has none at all".to_owned(),
        None => format!("choose from {}", columns.join(", ")),
    }
}

/// Names at least this alike (1 when equal, Levenshtein over the longer length) may be
/// mistaken for each other.
const ALIKE: f64 = 0.5;

impl FieldMapping {
    /// The column of a field.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<&str> {
        match field {
            Field::Code => self.code.as_deref(),
            Field::Name => self.name.as_deref(),
            Field::Level => self.level.as_deref(),
            Field::Parent => self.parent.as_deref(),
            Field::Kind => self.kind.as_deref(),
        }
    }

    fn column_mut(&mut self, field: Field) -> &mut Option<String> {
        match field {
            Field::Code => &mut self.code,
            Field::Name => &mut self.name,
            Field::Level => &mut self.level,
            Field::Parent => &mut self.parent,
            Field::Kind => &mut self.kind,
        }
    }

    /// The columns by field, as the source of a draft keeps them.
    #[must_use]
    pub fn to_columns(&self) -> BTreeMap<String, String> {
        let fields = Field::ALL.iter();
        fields
            .filter_map(|&field| Some((field.to_string(), self.column(field)?.to_owned())))
            .collect()
    }

    /// Checks that a file has the columns that are named.
    ///
    /// # Errors
    /// With the first that it has not.
    pub fn check(&self, columns: &[String]) -> Result<(), UnknownColumn> {
        for &field in Field::ALL {
            let Some(column) = self.column(field) else {
                continue;
            };
            if !columns.iter().any(|known| known == column) {
                return Err(UnknownColumn {
                    field,
                    column: column.to_owned(),
                    nearest: find_nearest(column, columns),
                    columns: columns.to_vec(),
                });
            }
        }
        Ok(())
    }
}

fn find_nearest(column: &str, columns: &[String]) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase();
    let likeness = |known: &str| strsim::normalized_levenshtein(&plain(known), &plain(column));
    columns
        .iter()
        .map(|known| (likeness(known), known))
        .filter(|&(likeness, _)| likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_not_there_is_named_with_the_nearest() {
        let columns = ["XZQDM", "XZQMC", "面积"].map(str::to_owned);
        let mapping = |code: &str| FieldMapping {
            code: Some(code.to_owned()),
            ..FieldMapping::default()
        };
        assert_eq!(mapping("XZQDM").check(&columns), Ok(()));
        for (code, expected) in [
            (
                "xzqd",
                "the file has no column \"xzqd\" to take the code from; did you mean \"XZQDM\"?",
            ),
            (
                "编码",
                "the file has no column \"编码\" to take the code from; choose from XZQDM, XZQMC, 面积",
            ),
        ] {
            let error = mapping(code).check(&columns).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        let error = mapping("code").check(&[]).unwrap_err();
        assert!(error.to_string().ends_with("it has none at all"));
    }

    #[test]
    fn a_profile_is_read_back() {
        let mapping = FieldMapping {
            code: Some("编码".to_owned()),
            kind: Some("类型".to_owned()),
            ..FieldMapping::default()
        };
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(text, r#"{"code":"编码","kind":"类型"}"#);
        assert_eq!(
            serde_json::from_str::<FieldMapping>(&text).unwrap(),
            mapping
        );
        assert_eq!(
            serde_json::to_value(mapping.to_columns()).unwrap(),
            serde_json::to_value(&mapping).unwrap()
        );
        assert!(serde_json::from_str::<FieldMapping>(r#"{"codes":"编码"}"#).is_err());
    }
}
