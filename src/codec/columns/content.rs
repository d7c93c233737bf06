//! Which column is which, by what stands in it where names do not decide.

use std::collections::HashSet;

use super::{Field, FieldMapping, NO_PARENT, parse_kind, parse_level, text};
use crate::codec::provinces::Province;
use crate::codec::source::SourceLayer;
use crate::domain::{AreaCode, CodeScheme};

/// So many rows are looked at, evenly.
const MOST_ROWS: usize = 2_000;
/// A column that has neither name nor content for it to this degree is not proposed.
const LEAST_CONFIDENCE: f64 = 0.5;
/// What names of areas end with. People's names and addresses do not.
const ENDINGS: &[&str] = &[
    "省",
    "市",
    "区",
    "县",
    "旗",
    "镇",
    "乡",
    "街道",
    "办事处",
    "社区",
    "村",
    "村委会",
    "居委会",
    "园区",
    "新区",
    "农场",
    "林场",
    "盟",
    "州",
    "网格",
    "格",
    "片区",
    "小区",
    "组",
];

/// Which column to take for what, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingProposal {
    pub mapping: FieldMapping,
    /// One for each field that has a column.
    pub choices: Vec<ColumnChoice>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChoice {
    pub field: Field,
    pub column: String,
    /// From 0.5 to 1: what its name and its content make of it.
    pub confidence: f64,
    /// In a sentence.
    pub why: String,
}

/// Proposes the columns of a layer by their usual names in Chinese and English and by what
/// stands in them. A usual name counts as much as fitting content; content alone must fit
/// well.
#[must_use]
pub fn propose_mapping(layer: &SourceLayer, scheme: &CodeScheme) -> MappingProposal {
    let mut table = Table::read(layer, scheme);
    let mut proposal = MappingProposal {
        mapping: FieldMapping::default(),
        choices: Vec::new(),
    };
    // The code first: parents and names are judged by it.
    for &field in Field::ALL {
        let Some(choice) = table.choose(field, &proposal.mapping) else {
            continue;
        };
        if field == Field::Code {
            table.codes = table
                .columns
                .iter()
                .position(|column| column.name == choice.column);
        }
        *proposal.mapping.column_mut(field) = Some(choice.column.clone());
        proposal.choices.push(choice);
    }
    proposal
}

/// Some rows of a layer, column by column.
struct Table<'a> {
    scheme: &'a CodeScheme,
    columns: Vec<Column<'a>>,
    /// The column of codes, once it is chosen.
    codes: Option<usize>,
}

struct Column<'a> {
    name: &'a str,
    values: Vec<Option<String>>,
}

impl<'a> Table<'a> {
    fn read(layer: &'a SourceLayer, scheme: &'a CodeScheme) -> Self {
        let step = layer.features.len().div_ceil(MOST_ROWS).max(1);
        let values = |name: &str| {
            let rows = layer.features.iter().step_by(step);
            rows.map(|row| text(&row.properties, name)).collect()
        };
        let columns = layer.columns.iter().map(|name| Column {
            name,
            values: values(name),
        });
        Self {
            scheme,
            columns: columns.collect(),
            codes: None,
        }
    }

    /// The best column for a field that is not taken for another.
    fn choose(&self, field: Field, taken: &FieldMapping) -> Option<ColumnChoice> {
        let free = self.columns.iter().filter(|column| {
            let mut others = Field::ALL.iter();
            !others.any(|&other| taken.column(other) == Some(column.name))
        });
        let names = field.usual_names();
        let judged = free.filter_map(|column| {
            let plain = column.name.trim();
            let rank = names
                .iter()
                .position(|name| plain.eq_ignore_ascii_case(name));
            let fit = self.fit(field, column);
            let by_name = match field {
                Field::Code | Field::Name => column.values.iter().any(Option::is_some),
                // Words that are not understood are of no use.
                Field::Level | Field::Parent | Field::Kind => fit >= LEAST_CONFIDENCE,
            };
            let confidence = match rank {
                Some(_) if by_name => 0.5 + 0.5 * fit,
                // The beginning of a code says the nearest parent; a column of the county
                // that all are in would only say a farther one.
                None if field == Field::Parent && self.scheme.prefix => 0.0,
                _ => 0.9 * fit,
            };
            Some((confidence, rank, fit, column)).filter(|_| confidence >= LEAST_CONFIDENCE)
        });
        // Of equal ones the surest name, then the first column.
        let best = judged.reduce(|best, next| {
            let order = next.0.total_cmp(&best.0);
            let surer = next.1.unwrap_or(usize::MAX) < best.1.unwrap_or(usize::MAX);
            if order.is_gt() || (order.is_eq() && surer) {
                next
            } else {
                best
            }
        });
        let (confidence, rank, fit, column) = best?;
        let content = match field {
            Field::Code => "codes of the scheme, each area its own",
            Field::Name => "names of areas, hardly any twice under one parent",
            Field::Level => "words for levels",
            Field::Parent => "codes of areas above",
            Field::Kind => "words for kinds of grids",
        };
        let percent = fit * 100.0;
        Some(ColumnChoice {
            field,
            column: column.name.to_owned(),
            confidence,
            why: match rank {
                Some(_) => format!("Its name is a usual one; {percent:.0} % fit: {content}."),
                None => format!("By its content, {percent:.0} % fit: {content}."),
            },
        })
    }

    /// How well the values of a column fit a field, from 0 to 1.
    fn fit(&self, field: Field, column: &Column<'_>) -> f64 {
        match field {
            Field::Code => self.fit_code(column),
            Field::Name => self.fit_name(column),
            Field::Level => column.share(|_, value| parse_level(value).is_some()),
            Field::Parent => column.share(|row, value| self.is_parent(row, value)),
            Field::Kind => column.share(|_, value| parse_kind(value).is_some()),
        }
    }

    fn fit_code(&self, column: &Column<'_>) -> f64 {
        let fits = column.share(|_, value| self.parse(value).is_some());
        fits * column.distinct_share(|_, value| value.to_owned())
    }

    /// A code of the scheme; in national schemes, of a province that there is.
    fn parse(&self, value: &str) -> Option<AreaCode> {
        let code: AreaCode = value.parse().ok()?;
        self.scheme.level_of(&code).ok()?;
        let national = Province::are_named_by(self.scheme);
        (!national || Province::of_code(value, self.scheme).is_some()).then_some(code)
    }

    fn fit_name(&self, column: &Column<'_>) -> f64 {
        let chinese = column.share(|_, value| value.chars().any(is_chinese));
        let area = column.share(|_, value| ENDINGS.iter().any(|ending| value.ends_with(ending)));
        let distinct = column.distinct_share(|row, name| {
            let parent = self.code(row).and_then(|code| self.scheme.parent_of(&code));
            (parent, name.to_owned())
        });
        (0.5 * chinese + 0.5 * area) * distinct
    }

    /// True when the code begins with it, or, without prefixes, when another row has it for
    /// its code; also when it says in so many words that there is none.
    fn is_parent(&self, row: usize, value: &str) -> bool {
        if NO_PARENT.contains(&value) {
            return true;
        }
        let Some(parent) = self.parse(value) else {
            return false;
        };
        match self.code(row) {
            Some(code) if self.scheme.prefix => {
                code.len() > parent.len() && code.as_str().starts_with(parent.as_str())
            }
            Some(code) => code != parent && self.is_code(value),
            None => true,
        }
    }

    fn is_code(&self, value: &str) -> bool {
        let column = self.codes.and_then(|codes| self.columns.get(codes));
        column.is_some_and(|column| column.values.iter().flatten().any(|code| code == value))
    }

    fn code(&self, row: usize) -> Option<AreaCode> {
        let column = self.columns.get(self.codes?)?;
        column.values.get(row)?.as_deref()?.parse().ok()
    }
}

impl Column<'_> {
    /// The part of all rows with a value that passes.
    fn share(&self, passes: impl Fn(usize, &str) -> bool) -> f64 {
        let values = self.values.iter().enumerate();
        let passing =
            values.filter(|(row, value)| value.as_deref().is_some_and(|value| passes(*row, value)));
        part(passing.count(), self.values.len())
    }

    /// The part of the values that are not there before.
    fn distinct_share<K: Eq + std::hash::Hash>(&self, key: impl Fn(usize, &str) -> K) -> f64 {
        let values = self.values.iter().enumerate();
        let values = values.filter_map(|(row, value)| Some(key(row, value.as_deref()?)));
        let (mut count, mut seen) = (0, HashSet::new());
        for value in values {
            count += 1;
            seen.insert(value);
        }
        part(seen.len(), count)
    }
}

fn is_chinese(letter: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&letter) || letter >= '\u{20000}'
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn part(some: usize, all: usize) -> f64 {
    some as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;
    use serde_json::{Value, json};

    use super::*;
    use crate::codec::boundaries::BoundaryFormat;
    use crate::codec::detective::national_scheme;
    use crate::codec::encoding::{EncodingSource, TextEncoding};
    use crate::codec::feature::{Faults, FeatureFault, RawFeature};
    use crate::codec::source::{DeclaredCrs, TextReading};

    fn layer(rows: &[Value]) -> SourceLayer {
        let columns = rows[0].as_object().unwrap().keys().cloned();
        let features = rows.iter().enumerate().map(|(index, row)| RawFeature {
            index: index + 1,
            polygons: Err(FeatureFault::NoGeometry),
            properties: row.as_object().unwrap().clone(),
        });
        SourceLayer {
            name: "layer".to_owned(),
            format: BoundaryFormat::GeoJson,
            declared_crs: DeclaredCrs::None,
            text: TextReading {
                encoding: TextEncoding {
                    encoding: UTF_8,
                    source: EncodingSource::Format,
                },
                candidates: Vec::new(),
                unreadable: Faults::default(),
            },
            columns: columns.collect(),
            features: features.collect(),
        }
    }

    fn check(rows: &[Value], expected: &Value) {
        let proposal = propose_mapping(&layer(rows), &national_scheme());
        assert_eq!(
            serde_json::to_value(&proposal.mapping).unwrap(),
            *expected,
            "{proposal:#?}"
        );
        assert_eq!(proposal.choices.len(), expected.as_object().unwrap().len());
        for choice in proposal.choices {
            assert!((0.5..=1.0).contains(&choice.confidence), "{choice:?}");
        }
    }

    #[test]
    fn usual_names_decide() {
        check(
            &[
                json!({"OBJECTID": 1, "XZQDM": "320102", "XZQMC": "玄武区", "level": "county", "面积": 75.5}),
            ],
            &json!({"code": "XZQDM", "name": "XZQMC", "level": "level"}),
        );
        check(
            &[
                json!({"code": "north", "name": "North"}),
                json!({"code": "south", "name": "South"}),
            ],
            &json!({"code": "code", "name": "name"}),
        );
    }

    #[test]
    fn content_decides_between_usual_names() {
        // Grids with the county they are in: all in one.
        let row = |grid: &str, name: &str, kind: &str| json!({"xzqdm": "320812", "xzqmc": "清江浦区", "gridcode": grid, "wgmc": name, "类型": kind});
        check(
            &[
                row("320812001001001", "第一网格", "综合"),
                row("320812001001002", "第二网格", "综合网格"),
                row("320812001002001", "第一网格", "专属网格"),
            ],
            &json!({"code": "gridcode", "name": "wgmc", "kind": "类型"}),
        );
    }

    #[test]
    fn content_decides_without_usual_names() {
        let row = |id: u32, key: &str, title: &str, leader: &str| {
            json!({"FID": id, "pop": 3000 + id, "k": key, "标题": title, "网格长": leader,
                   "住址": format!("人民路{id}号"), "class": "社区"})
        };
        check(
            &[
                row(100_001, "320812001001", "东风社区", "王小明"),
                row(100_002, "320812001002", "西园社区", "李红"),
                row(100_003, "320812001003", "大同村", "赵一"),
            ],
            &json!({"code": "k", "name": "标题", "level": "class"}),
        );
    }

    #[test]
    fn words_that_are_not_understood_are_not_taken() {
        let row = |code: &str, name: &str| json!({"code": code, "name": name, "kind": "甲类", "level": "A", "pid": 17});
        check(
            &[
                row("320812001001", "东风社区"),
                row("320812001002", "西园社区"),
            ],
            &json!({"code": "code", "name": "name"}),
        );
    }

    #[test]
    fn parents_are_codes_above() {
        let row = |code: &str, parent: Value| json!({"编码": code, "名称": "东风社区", "上级编码": parent});
        check(
            &[
                row("320812", json!("0")),
                row("320812001", json!(320_812)),
                row("320812001001", json!("320812001")),
            ],
            &json!({"code": "编码", "name": "名称", "parent": "上级编码"}),
        );
    }
}
