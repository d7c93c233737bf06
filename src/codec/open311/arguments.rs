//! The arguments of a request, out of its address and its body.

use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset};

use crate::domain::Timestamp;

/// An argument that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    #[error("{0} was not provided")]
    Missing(&'static str),
    #[error("{name}: {value:?} is not {expected}")]
    Unreadable {
        name: String,
        value: String,
        expected: &'static str,
    },
    #[error("{name}: {count} characters are too many; {most} are the most")]
    TooLong {
        name: &'static str,
        count: usize,
        most: usize,
    },
    #[error("the text is not UTF-8, or holds the character U+0000")]
    NotText,
    #[error("lat and long both need to be sent")]
    HalfAPosition,
    #[error(
        "this server cannot find addresses: send lat and long with address_string or address_id"
    )]
    OnlyAnAddress,
    #[error("a location was not provided: send lat and long")]
    NoLocation,
    #[error("attribute[{0}] takes one value only")]
    SeveralValues(String),
}

/// Names and values in the order in which they came. What is empty counts as not sent
/// ("Optional Arguments" of the standard), and names that are not known are passed over, for
/// clients add their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments(Vec<(String, String)>);

impl Arguments {
    /// Reads what is form-urlencoded: the query of an address, and a body.
    ///
    /// # Errors
    /// When it is not UTF-8, or holds U+0000, which no database keeps.
    pub fn read(query: &str, body: &[u8]) -> Result<Self, ArgumentError> {
        let pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(body));
        let mut arguments = Vec::new();
        for (name, value) in pairs {
            // What could not be read has become U+FFFD.
            let strange = |text: &str| text.contains(['\0', '\u{fffd}']);
            if strange(&name) || strange(&value) {
                return Err(ArgumentError::NotText);
            }
            let value = value.replace("\r\n", "\n").trim().to_owned();
            if !value.is_empty() {
                arguments.push((name.into_owned(), value));
            }
        }
        Ok(Self(arguments))
    }

    /// The first value of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.pairs()
            .find_map(|(given, value)| (given == name).then_some(value))
    }

    /// Every value of this name, also those in one, separated by commas.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let all = self.pairs().filter(|(given, _)| *given == name);
        all.flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// A value that is read as `T`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse<T: FromStr>(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<Option<T>, ArgumentError> {
        let read = |value: &str| {
            let read = value.parse();
            read.map_err(|_| unreadable(name, value, expected))
        };
        self.find(name).map(read).transpose()
    }

    /// A time in the W3C's form (<http://www.w3.org/TR/NOTE-datetime>), which must say its
    /// offset.
    ///
    /// # Errors
    /// When it is none, or far from any time that can be meant.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, ArgumentError> {
        let read = |value: &str| {
            let time = read_time(value).filter(|time| (1970..2200).contains(&time.year()));
            let time = time.map(Timestamp::from);
            time.ok_or_else(|| unreadable(name, value, "a time such as 2010-01-01T00:00:00Z"))
        };
        self.find(name).map(read).transpose()
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

pub(super) fn unreadable(name: &str, value: &str, expected: &'static str) -> ArgumentError {
    ArgumentError::Unreadable {
        name: name.to_owned(),
        value: value.to_owned(),
        expected,
    }
}

/// With or without seconds. A `+` that was not escaped has become a space on its way.
pub(super) fn read_time(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.replace(' ', "+");
    DateTime::parse_from_rfc3339(&text)
        .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M%:z"))
        .or_else(|_| DateTime::parse_from_str(&text.replace('Z', "+00:00"), "%Y-%m-%dT%H:%M%:z"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_counts_as_not_sent() {
        let arguments = Arguments::read("jurisdiction_id=&status=+&page=2", b"page=3&q=a").unwrap();
        assert_eq!(arguments.find("jurisdiction_id"), None);
        assert_eq!(arguments.list("status"), Vec::<&str>::new());
        assert_eq!(arguments.find("page"), Some("2"), "the address comes first");
        assert_eq!(arguments.find("q"), Some("a"));
    }

    #[test]
    fn lists_may_be_declared_several_times_and_separated_by_commas() {
        let arguments = Arguments::read("id=1,2&id=3,&id=,4&other=5", b"").unwrap();
        assert_eq!(arguments.list("id"), ["1", "2", "3", "4"]);
    }

    #[test]
    fn texts_are_utf8_and_lines_end_in_one_way() {
        let arguments = Arguments::read("", b"a=%E5%9E%83%0D%0A%E5%9C%BE").unwrap();
        assert_eq!(arguments.find("a"), Some("垃\n圾"));
        for body in [&b"a=%C0%AC"[..], b"a=\xc0\xac", b"a=%00", b"a%00=1"] {
            assert_eq!(
                Arguments::read("", body),
                Err(ArgumentError::NotText),
                "{body:?}"
            );
        }
    }

    #[test]
    fn times_are_the_w3cs_and_say_their_offset() {
        for (text, expected) in [
            ("1994-11-05T08:15:30-05:00", Some("1994-11-05T13:15:30Z")),
            ("1994-11-05T13:15:30Z", Some("1994-11-05T13:15:30Z")),
            ("1994-11-05T13:15Z", Some("1994-11-05T13:15:00Z")),
            ("1994-11-05T13:15:30.45Z", Some("1994-11-05T13:15:30.450Z")),
            ("2026-11-22T08:00+08:00", Some("2026-11-22T00:00:00Z")),
            ("2026-11-22T08:00:00", None),
            ("2026-11-22", None),
            ("yesterday", None),
            ("1894-11-05T13:15:30Z", None),
        ] {
            let arguments = Arguments::read(&format!("start_date={text}"), b"").unwrap();
            let read = arguments.time("start_date");
            let expected = expected.map(|text| text.parse::<Timestamp>().unwrap());
            assert_eq!(read.ok().flatten(), expected, "{text}");
        }
    }
}
