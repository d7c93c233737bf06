//! Entity tags (RFC 9110, 8.8.3 and 13.1): what tells one state of a thing from another.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, header};

use super::ogc::GEO_JSON;

/// What the compression puts behind a tag, for bytes that are packed are others.
const PACKED: [&str; 2] = ["gzip", "br"];

/// The values of a header that is a list.
pub fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// True when the caller has what has this tag, packed or not (`If-None-Match`).
pub fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    known_form(tag, headers).is_some()
}

/// The tag of what the caller has of a thing, packed or not (`If-None-Match`): the one to
/// name in the answer that nothing has changed.
pub fn known_form(tag: &str, headers: &HeaderMap) -> Option<String> {
    values(headers, &header::IF_NONE_MATCH).find_map(|known| {
        let known = known.trim_start_matches("W/");
        if known == "*" {
            return Some(tag.to_owned());
        }
        let is_packed = || {
            let known = content_of(known)?;
            let mut codings = PACKED.iter();
            let plain = codings.find_map(|packed| known.strip_suffix(packed)?.strip_suffix('-'))?;
            (plain == content_of(tag)?).then_some(())
        };
        (known == tag || is_packed().is_some()).then(|| known.to_owned())
    })
}

/// What a caller says to have seen (`If-Match`).
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// Whatever is there.
    Any,
    States(Vec<String>),
}

impl Seen {
    /// What the header says; `None` when there is none.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        headers.get(header::IF_MATCH)?;
        let mut states = Vec::new();
        for tag in values(headers, &header::IF_MATCH) {
            if tag == "*" {
                return Some(Self::Any);
            }
            // Behind the state a tag says in which form it was answered.
            let state = content_of(tag).and_then(|tag| tag.split('-').next());
            states.extend(state.map(str::to_owned));
        }
        Some(Self::States(states))
    }

    pub fn holds(&self, state: &str) -> bool {
        match self {
            Self::Any => true,
            Self::States(states) => states.iter().any(|seen| seen == state),
        }
    }
}

/// A strong tag without its quotes.
fn content_of(tag: &str) -> Option<&str> {
    tag.strip_prefix('"')?.strip_suffix('"')
}

/// Gives what was packed on its way out another tag.
pub fn name_packed<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    let is_feature = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == GEO_JSON);
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let encoding = headers.get(header::CONTENT_ENCODING);
    let encoding = encoding.and_then(|encoding| encoding.to_str().ok());
    if let (true, Some(content), Some(encoding)) = (is_feature, tag.and_then(content_of), encoding)
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{content}-{encoding}\""))
    {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_tag_is_known_packed_or_not() {
        for (said, expected) in [
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("\"a-gzip\"", true),
            ("\"a-br\"", true),
            ("*", true),
            ("\"agzip\"", false),
            ("\"a-EPSG:4528\"", false),
            ("a", false),
            ("", false),
        ] {
            let headers = headers(header::IF_NONE_MATCH, said);
            assert_eq!(is_known("\"a\"", &headers), expected, "{said}");
        }
        for (said, expected) in [("*", "\"a\""), ("\"b\", W/\"a-br\"", "\"a-br\"")] {
            let form = known_form("\"a\"", &headers(header::IF_NONE_MATCH, said));
            assert_eq!(form.as_deref(), Some(expected), "{said}");
        }
        assert!(!is_known("\"a\"", &HeaderMap::new()));
    }

    #[test]
    fn what_was_seen_is_a_state_in_whatever_form() {
        let read = |said: &str| Seen::read(&headers(header::IF_MATCH, said)).unwrap();
        for said in ["\"a\"", "\"b\", \"a-EPSG:4528-gzip\"", "*"] {
            assert!(read(said).holds("a"), "{said}");
        }
        // A weak tag says too little to write on.
        for said in ["\"b\"", "W/\"a\"", "a", ""] {
            assert!(!read(said).holds("a"), "{said}");
        }
        assert_eq!(Seen::read(&HeaderMap::new()), None);
    }
}
