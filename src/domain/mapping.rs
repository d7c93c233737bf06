//! Field mapping as data: the names that a department has for our fields, or ours for
//! theirs. A mapping says for each field that is made where its value comes from.
//!
//! A path has the names on the way down with full stops between them, and the number of
//! an item where there is a list: `incident.tasks.0.status`.

mod rule;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use rule::{Kind, Rule, RuleFault};

/// The most fields that a mapping makes.
const MAX_FIELDS: usize = 200;
/// The deepest path that is made.
const MAX_DEPTH: usize = 8;
/// The longest path, in characters.
const MAX_PATH: usize = 200;

/// For each field that is made, by its path, where its value comes from. A rule that is
/// a text alone is the path to take the value from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub fields: BTreeMap<String, Rule>,
}

/// Something that is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("{count} fields are too many; {MAX_FIELDS} are the most")]
    TooLong { count: usize },
    #[error("{path:?} is no path; write names with full stops between them, at most {MAX_DEPTH}")]
    NoPath { path: String },
    #[error("{field:?} takes from {path:?}, which there is not{}", hint(nearest.as_ref()))]
    UnknownSource {
        field: String,
        path: String,
        nearest: Option<String>,
    },
    #[error("{field:?} is no field that can be filled{}", hint(nearest.as_ref()))]
    UnknownField {
        field: String,
        nearest: Option<String>,
    },
    #[error("{field:?} cannot be a value, since {below:?} lies below it")]
    Clash { field: String, below: String },
    #[error("{field:?}: {fault}")]
    Rule { field: String, fault: RuleFault },
}

/// A value that a mapping could not make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path:?} holds {value}, which is no number")]
pub struct NoNumber {
    /// Where it was taken from.
    pub path: String,
    pub value: String,
}

/// The paths that there are on one side. `#` stands for the number of an item, and `*`
/// at the end for anything below.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary(pub &'static [&'static str]);

impl Mapping {
    /// Everything that is wrong with a mapping from one vocabulary into another; `None`
    /// for the side whose names are anybody's.
    #[must_use]
    pub fn faults(&self, from: Option<Vocabulary>, into: Option<Vocabulary>) -> Vec<MappingError> {
        let count = self.fields.len();
        if count > MAX_FIELDS {
            return vec![MappingError::TooLong { count }];
        }
        let mut faults = Vec::new();
        for (field, rule) in &self.fields {
            let paths = rule.sources();
            faults.extend(
                std::iter::once(field.as_str())
                    .chain(paths.iter().copied())
                    .filter(|path| !is_path(path))
                    .map(|path| MappingError::NoPath {
                        path: path.to_owned(),
                    }),
            );
            if let Some(known) = into.filter(|known| !known.has(field)) {
                faults.push(MappingError::UnknownField {
                    field: field.clone(),
                    nearest: known.nearest(field),
                });
            }
            for path in paths {
                if let Some(known) = from.filter(|known| !known.has(path)) {
                    faults.push(MappingError::UnknownSource {
                        field: field.clone(),
                        path: path.to_owned(),
                        nearest: known.nearest(path),
                    });
                }
            }
            faults.extend(rule.fault().map(|fault| MappingError::Rule {
                field: field.clone(),
                fault,
            }));
            let mut aboves = field.match_indices('.').map(|(at, _)| &field[..at]);
            faults.extend(
                aboves
                    .find(|above| self.fields.contains_key(*above))
                    .map(|above| MappingError::Clash {
                        field: above.to_owned(),
                        below: field.clone(),
                    }),
            );
        }
        faults
    }

    /// Makes the other side's object. What the source does not have is left out.
    ///
    /// # Errors
    /// When a rule asks for a number and finds none.
    pub fn apply(&self, source: &Value) -> Result<Value, NoNumber> {
        let mut made = Map::new();
        for (field, rule) in &self.fields {
            if let Some(value) = rule.value_of(source)? {
                place(&mut made, field, value);
            }
        }
        Ok(Value::Object(made))
    }
}

impl Vocabulary {
    /// True for a path that there is, or that leads to others.
    #[must_use]
    pub fn has(self, path: &str) -> bool {
        self.0.iter().any(|known| {
            let mut known = known.split('.');
            path.split('.').all(|name| match known.next() {
                Some("*") => {
                    known = "*".split('.');
                    true
                }
                Some("#") => is_number(name),
                Some(expected) => expected == name,
                None => false,
            })
        })
    }

    /// The path that somebody may have meant.
    fn nearest(self, path: &str) -> Option<String> {
        let likeness = |known: &&&str| strsim::jaro_winkler(known, path);
        let best = self
            .0
            .iter()
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(&best) > 0.8).then(|| (*best).to_owned())
    }
}

fn hint(nearest: Option<&String>) -> String {
    nearest.map_or_else(String::new, |path| format!("; is {path:?} meant?"))
}

fn is_path(path: &str) -> bool {
    path.chars().count() <= MAX_PATH
        && path.split('.').count() <= MAX_DEPTH
        && path
            .split('.')
            .all(|name| !name.trim().is_empty() && !name.contains(char::is_control))
}

fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The value at a path; nothing where there is none or null.
fn find<'a>(source: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(source, |at, name| match at {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    });
    found.filter(|value| !value.is_null())
}

fn place(made: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((name, below)) = path.split_once('.') else {
        made.insert(path.to_owned(), value);
        return;
    };
    let inner = made
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        place(inner, below, value);
    }
}

#[cfg(test)]
mod tests;
