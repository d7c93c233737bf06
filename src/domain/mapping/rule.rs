//! Where one field of a mapping takes its value from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::ToSchema;

use super::{NoNumber, find};
use crate::domain::words::words;

words! {
    /// What a value is made into.
    pub enum Kind ("kind of value") {
        Text = "text",
        Number = "number",
    }
}

/// One of `from` (the path of a value), `text` (a text with paths in braces) and `value`
/// (the value itself), and what is made of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Value")]
#[schema(example = json!({ "from": "经纬度", "split": ",", "part": 0, "as": "number" }))]
pub struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "{incident.lon},{incident.lat}")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What separates the parts of a text, of which `part` is taken, from 0 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<usize>,
    /// What texts are replaced by. A text that is not here stays as it is, or becomes the
    /// `default`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, Value>,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// For a value that is not there, or not among the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// Why a rule cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    #[error("give one of `from`, `text` and `value`")]
    NotOneSource,
    #[error("`split` and `part` belong together, and `split` is not empty")]
    HalfSplit,
    #[error("a brace in `text` is not closed, or holds no path")]
    Braces,
}

/// The same fields, read as they are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    from: Option<String>,
    text: Option<String>,
    value: Option<Value>,
    split: Option<String>,
    part: Option<usize>,
    #[serde(default)]
    words: BTreeMap<String, Value>,
    #[serde(rename = "as")]
    kind: Option<Kind>,
    default: Option<Value>,
}

impl TryFrom<Value> for Rule {
    type Error = serde_json::Error;

    fn try_from(value: Value) -> Result<Self, serde_json::Error> {
        if let Value::String(path) = value {
            return Ok(Self::from_path(path));
        }
        let written: Written = serde_json::from_value(value)?;
        Ok(Self {
            from: written.from,
            text: written.text,
            value: written.value,
            split: written.split,
            part: written.part,
            words: written.words,
            kind: written.kind,
            default: written.default,
        })
    }
}

impl Rule {
    /// The value at a path, as it is.
    #[must_use]
    pub fn from_path(path: impl Into<String>) -> Self {
        Self {
            from: Some(path.into()),
            ..Self::default()
        }
    }

    /// The paths that it takes from.
    pub(super) fn sources(&self) -> Vec<&str> {
        let in_text = self.text.iter().flat_map(|text| pieces(text));
        let in_text = in_text.filter_map(|piece| match piece {
            Piece::Path(path) => Some(path),
            Piece::Plain(_) | Piece::Open => None,
        });
        self.from.as_deref().into_iter().chain(in_text).collect()
    }

    pub(super) fn fault(&self) -> Option<RuleFault> {
        let given = [
            self.from.is_some(),
            self.text.is_some(),
            self.value.is_some(),
        ];
        let broken = |piece: &Piece<'_>| matches!(piece, Piece::Open | Piece::Path(""));
        if given.iter().filter(|given| **given).count() != 1 {
            Some(RuleFault::NotOneSource)
        } else if self.split.is_some() != self.part.is_some()
            || self.split.as_ref().is_some_and(String::is_empty)
        {
            Some(RuleFault::HalfSplit)
        } else if self
            .text
            .iter()
            .flat_map(|text| pieces(text))
            .any(|piece| broken(&piece))
        {
            Some(RuleFault::Braces)
        } else {
            None
        }
    }

    /// What becomes of a source; nothing where it has nothing.
    pub(super) fn value_of(&self, source: &Value) -> Result<Option<Value>, NoNumber> {
        let found = match (&self.from, &self.text) {
            (Some(path), _) => find(source, path).cloned(),
            (None, Some(text)) => Some(Value::String(fill(text, source))),
            (None, None) => self.value.clone(),
        };
        let found = found.and_then(|value| self.take_part(value));
        let found = match found {
            Some(value) if !self.words.is_empty() => self
                .words
                .get(&plain(&value))
                .or(self.default.as_ref())
                .cloned()
                .or(Some(value)),
            Some(value) => Some(value),
            None => self.default.clone(),
        };
        let found = found.filter(|value| !value.is_null());
        match (self.kind, found) {
            (_, None) => Ok(None),
            (None, Some(value)) => Ok(Some(value)),
            (Some(Kind::Text), Some(value)) => Ok(Some(Value::String(plain(&value)))),
            (Some(Kind::Number), Some(value)) => self.number(value).map(Some),
        }
    }

    fn take_part(&self, value: Value) -> Option<Value> {
        let (Some(split), Some(part)) = (&self.split, self.part) else {
            return Some(value);
        };
        let text = plain(&value);
        let taken = text.split(split.as_str()).nth(part)?.trim();
        (!taken.is_empty()).then(|| Value::String(taken.to_owned()))
    }

    fn number(&self, value: Value) -> Result<Value, NoNumber> {
        if value.is_number() {
            return Ok(value);
        }
        let text = plain(&value);
        let whole = text.trim().parse::<i64>().ok().map(Number::from);
        let number = whole.or_else(|| text.trim().parse().ok().and_then(Number::from_f64));
        number.map(Value::Number).ok_or_else(|| NoNumber {
            path: self.sources().join(", "),
            value: value.to_string(),
        })
    }
}

/// A text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn fill(text: &str, source: &Value) -> String {
    pieces(text)
        .map(|piece| match piece {
            Piece::Plain(plain) => plain.to_owned(),
            Piece::Path(path) => find(source, path).map(plain).unwrap_or_default(),
            Piece::Open => String::new(),
        })
        .collect()
}

enum Piece<'a> {
    Plain(&'a str),
    Path(&'a str),
    /// A brace that is not closed.
    Open,
}

/// A text cut at its braces.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split('{')
        .enumerate()
        .flat_map(|(place, rest)| {
            if place == 0 {
                return [Some(Piece::Plain(rest)), None];
            }
            match rest.split_once('}') {
                Some((path, after)) => [Some(Piece::Path(path)), Some(Piece::Plain(after))],
                None => [Some(Piece::Open), None],
            }
        })
        .flatten()
}
