//! Area codes, and the schemes that give them their meaning.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use super::level::Level;

/// The longest code accepted, in characters.
const MAX_CODE_LENGTH: usize = 32;

/// The code of an area: 1 to 32 ASCII letters, digits, `-` or `_`. What its length
/// means is up to a [`CodeScheme`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "320812001001001")]
pub struct AreaCode(Arc<str>);

/// Why a text is no area code, or does not fit its place in the scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("{0:?} is not an area code: use 1 to 32 letters, digits, - or _")]
    Malformed(String),
    #[error(
        "code {code} has {length} characters, but a {level} code of the scheme {scheme} has {expected}"
    )]
    WrongLength {
        code: AreaCode,
        length: usize,
        level: Level,
        scheme: String,
        expected: usize,
    },
    #[error("code {code} has {length} characters, which is no level of the scheme {scheme}")]
    UnknownLength {
        code: AreaCode,
        length: usize,
        scheme: String,
    },
    #[error("code {code} does not begin with the code of its parent, {parent}")]
    NotUnderParent { code: AreaCode, parent: AreaCode },
}

impl AreaCode {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of characters.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a code is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromStr for AreaCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.is_empty() || text.len() > MAX_CODE_LENGTH || !text.bytes().all(plain) {
            return Err(CodeError::Malformed(text.to_owned()));
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for AreaCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a city numbers its areas. Data (`data/code-schemes.json`), not code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CodeScheme {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// The number of characters of a code at each level.
    pub levels: BTreeMap<Level, usize>,
    /// True when a code begins with the code of its parent.
    pub prefix: bool,
}

/// The file of schemes.
#[derive(Debug, Deserialize)]
pub struct CodeSchemes {
    pub schemes: Vec<CodeScheme>,
}

impl CodeScheme {
    /// The level that a code's length says it has.
    ///
    /// # Errors
    /// When no level of the scheme has that length.
    pub fn level_of(&self, code: &AreaCode) -> Result<Level, CodeError> {
        self.levels
            .iter()
            .find(|&(_, &length)| length == code.len())
            .map(|(&level, _)| level)
            .ok_or_else(|| CodeError::UnknownLength {
                code: code.clone(),
                length: code.len(),
                scheme: self.code.clone(),
            })
    }

    /// The parent that a code names by its own beginning: the longest shorter code of
    /// the scheme. `None` at the top, and in schemes without prefixes.
    #[must_use]
    pub fn parent_of(&self, code: &AreaCode) -> Option<AreaCode> {
        if !self.prefix {
            return None;
        }
        let length = self
            .levels
            .values()
            .copied()
            .filter(|&length| length < code.len())
            .max()?;
        code.as_str()[..length].parse().ok()
    }

    /// Checks a code against its level and its parent.
    ///
    /// # Errors
    /// When the length does not fit the level, or the code does not begin with its
    /// parent's in a scheme of prefixes.
    pub fn check(
        &self,
        code: &AreaCode,
        level: Level,
        parent: Option<&AreaCode>,
    ) -> Result<(), CodeError> {
        if let Some(&expected) = self.levels.get(&level)
            && expected != code.len()
        {
            return Err(CodeError::WrongLength {
                code: code.clone(),
                length: code.len(),
                level,
                scheme: self.code.clone(),
                expected,
            });
        }
        match parent {
            Some(parent) if self.prefix && !code.as_str().starts_with(parent.as_str()) => {
                Err(CodeError::NotUnderParent {
                    code: code.clone(),
                    parent: parent.clone(),
                })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    fn national() -> CodeScheme {
        let lengths = [2, 4, 6, 9, 12, 15, 18];
        CodeScheme {
            code: "cn-statistical".into(),
            name_zh: String::new(),
            name_en: String::new(),
            levels: Level::ALL.iter().copied().zip(lengths).collect(),
            prefix: true,
        }
    }

    #[test]
    fn a_code_says_its_level_and_parent() {
        let scheme = national();
        for (text, level, parent) in [
            ("32", Level::Province, None),
            ("3208", Level::City, Some("32")),
            ("320812001", Level::Township, Some("320812")),
            ("320812001001001", Level::Grid, Some("320812001001")),
        ] {
            assert_eq!(scheme.level_of(&code(text)), Ok(level));
            assert_eq!(scheme.parent_of(&code(text)), parent.map(code));
        }
        assert!(scheme.level_of(&code("320")).is_err());
    }

    #[test]
    fn a_code_outside_its_parent_is_refused() {
        let error = national()
            .check(&code("320813"), Level::County, Some(&code("3209")))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "code 320813 does not begin with the code of its parent, 3209"
        );
    }

    #[test]
    fn a_malformed_code_is_refused() {
        for text in ["", "32 08", "３２", &"1".repeat(33)] {
            assert!(text.parse::<AreaCode>().is_err(), "{text:?}");
        }
    }
}
