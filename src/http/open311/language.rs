//! The language in which names are told. The standard has one text for each, so it is the
//! header that chooses.

use axum::http::{HeaderMap, header};

use super::super::etag::values;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

impl Language {
    /// The one that is liked better (`Accept-Language`, RFC 9110, 12.5.4); Chinese when both
    /// are, or neither.
    pub fn wanted(headers: &HeaderMap) -> Self {
        let liked = |language: &str| {
            let weights = values(headers, &header::ACCEPT_LANGUAGE).filter_map(|range| {
                let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
                let primary = tag.trim().split('-').next()?;
                if !primary.eq_ignore_ascii_case(language) {
                    return None;
                }
                let weight = weight.trim().strip_prefix("q=");
                weight.map_or(Some(1.0), |weight| weight.parse::<f64>().ok())
            });
            weights.fold(0.0, f64::max)
        };
        if liked("en") > liked("zh") {
            Self::English
        } else {
            Self::Chinese
        }
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    pub const fn choose<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_liked_better() {
        for (said, expected) in [
            (None, Language::Chinese),
            (Some("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese),
            (Some("en-GB,en;q=0.9,zh-CN;q=0.8"), Language::English),
            (Some("en;q=0.5, zh;q=0.4"), Language::English),
            (Some("de, EN;q=0.3"), Language::English),
            (Some("en;q=0"), Language::Chinese),
            (Some("en;q=much"), Language::Chinese),
            (Some("*"), Language::Chinese),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(said) = said {
                headers.insert(header::ACCEPT_LANGUAGE, said.parse().unwrap());
            }
            assert_eq!(Language::wanted(&headers), expected, "{said:?}");
        }
    }
}
