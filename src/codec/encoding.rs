//! Encodings of text, chosen or found out, and never guessed in silence.

use std::fmt;

use encoding_rs::{Encoding, GB18030, UTF_8};

/// The encoding that a file's text was read in, and how it was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding {
    pub encoding: &'static Encoding,
    pub source: EncodingSource,
}

/// How an encoding came to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodingSource {
    /// Whoever reads the file said so.
    Chosen,
    /// The format has no other.
    Format,
    /// The `.cpg` file beside the table says so.
    Cpg,
    /// The table's header says so.
    LanguageByte,
    /// Nothing says so, but all the text is valid in it.
    Guessed,
}

/// A label that names no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no text encoding known here; use UTF-8, GB18030, GBK or Big5")]
pub struct UnknownEncoding(pub String);

impl TextEncoding {
    /// The usual name, such as `UTF-8` or `gb18030`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            EncodingSource::Chosen => "chosen",
            EncodingSource::Format => "of the format",
            EncodingSource::Cpg => "from the .cpg file",
            EncodingSource::LanguageByte => "from the table's header",
            EncodingSource::Guessed => "guessed from the text",
        };
        write!(f, "{} ({source})", self.name())
    }
}

/// The encoding of a label as people, browsers and `.cpg` files write it: `UTF-8`, `gbk`,
/// `936`, `CP936`, `ANSI 936`, `65001`.
///
/// # Errors
/// When no encoding has that label.
pub fn parse_encoding(label: &str) -> Result<&'static Encoding, UnknownEncoding> {
    let plain = label.trim().trim_start_matches('\u{feff}');
    if let Some(encoding) = Encoding::for_label(plain.as_bytes()) {
        // Every text in GBK or GB2312 is one in GB18030.
        return Ok(if encoding == encoding_rs::GBK {
            GB18030
        } else {
            encoding
        });
    }
    let upper = plain.to_ascii_uppercase();
    let page = ["ANSI ", "OEM ", "WINDOWS-", "CP", "MS"]
        .iter()
        .find_map(|prefix| upper.strip_prefix(prefix))
        .unwrap_or(&upper);
    match page {
        "65001" | "UTF8" => Ok(UTF_8),
        "936" | "54936" => Ok(GB18030),
        "950" => Ok(encoding_rs::BIG5),
        "932" => Ok(encoding_rs::SHIFT_JIS),
        "949" => Ok(encoding_rs::EUC_KR),
        "1252" | "28591" | "88591" => Ok(encoding_rs::WINDOWS_1252),
        _ => Err(UnknownEncoding(label.trim().to_owned())),
    }
}

/// Finds out the encoding of texts of which nothing is known: UTF-8 when all are valid
/// in it, but for a character cut off at the end of a field; else GB18030 when all are
/// valid in that; else nothing.
pub(super) fn guess<'a>(
    texts: impl Iterator<Item = &'a [u8]> + Clone,
) -> Option<&'static Encoding> {
    let utf8 = |text: &[u8]| match std::str::from_utf8(text) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if texts.clone().all(utf8) {
        return Some(UTF_8);
    }
    let gb18030 = |text| decode(text, GB18030).is_some();
    texts.into_iter().all(gb18030).then_some(GB18030)
}

/// The text, or `None` when it is not valid in the encoding.
pub(super) fn decode(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_known_by_their_usual_labels() {
        for (label, name) in [
            ("UTF-8", "UTF-8"),
            ("\u{feff}utf8\r\n", "UTF-8"),
            ("65001", "UTF-8"),
            ("GBK", "gb18030"),
            ("gb2312", "gb18030"),
            ("936", "gb18030"),
            ("CP936", "gb18030"),
            ("ANSI 936", "gb18030"),
            ("OEM 950", "Big5"),
            ("ISO-8859-1", "windows-1252"),
        ] {
            assert_eq!(parse_encoding(label).unwrap().name(), name, "{label}");
        }
        assert_eq!(
            parse_encoding("klingon").unwrap_err().to_string(),
            "\"klingon\" is no text encoding known here; use UTF-8, GB18030, GBK or Big5"
        );
    }

    #[test]
    fn texts_tell_their_encoding() {
        let gbk = GB18030.encode("秦淮区").0.into_owned();
        let cut = &"秦淮区".as_bytes()[..8];
        let guessed = |texts: &[&[u8]]| guess(texts.iter().copied());
        assert_eq!(guessed(&[b"plain", "玄武区".as_bytes()]), Some(UTF_8));
        assert_eq!(guessed(&["玄武区".as_bytes(), cut]), Some(UTF_8));
        assert_eq!(guessed(&[b"plain", &gbk]), Some(GB18030));
        assert_eq!(guessed(&[&gbk, &gbk[..5]]), None);
    }
}
