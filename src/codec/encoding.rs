//! Encodings of text, chosen or found out, and never guessed in silence.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::feature::Faults;
use super::source::TextReading;

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
    /// The text itself says so: a byte order mark, or its XML declaration.
    Declared,
    /// Nothing says so, but all the text is valid in it.
    Guessed,
}

/// A label that names no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no text encoding known here; use UTF-8, GB18030, GBK or Big5")]
pub struct UnknownEncoding(pub String);

/// Why the text of a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("the text is not {encoding}; name the encoding that the file is in")]
    Other { encoding: &'static str },
    #[error(
        "the text in line {line} is neither UTF-8 nor GB18030; save the file as UTF-8, or name its encoding"
    )]
    Unknown { line: usize },
}

/// A file that is one text.
pub(super) struct Document<'a> {
    pub text: Cow<'a, str>,
    pub encoding: TextEncoding,
    bytes: &'a [u8],
}

/// What texts of boundaries may be in, if it is not said.
const CANDIDATES: [&Encoding; 3] = [UTF_8, GB18030, BIG5];

impl<'a> Document<'a> {
    /// Reads a text in a chosen encoding; else in the one that its byte order mark says;
    /// else in the one that it `declares`; else in UTF-8, known by `utf8`; else in
    /// GB18030.
    pub(super) fn open(
        bytes: &'a [u8],
        chosen: Option<&'static Encoding>,
        declares: Option<&'static Encoding>,
        utf8: EncodingSource,
    ) -> Result<Self, TextError> {
        let marked = Encoding::for_bom(bytes);
        let unmarked = marked.map_or(bytes, |(_, length)| &bytes[length..]);
        let marked = marked.map(|(encoding, _)| encoding);
        let wide = marked.filter(|&encoding| encoding == UTF_16LE || encoding == UTF_16BE);
        let said = chosen
            .map(|encoding| (encoding, EncodingSource::Chosen))
            .or(wide.map(|encoding| (encoding, EncodingSource::Declared)))
            .or(declares.map(|encoding| (encoding, EncodingSource::Declared)));
        let (text, encoding, source) = match said {
            Some((encoding, source)) if encoding != UTF_8 => {
                let text = decode(unmarked, encoding).ok_or(TextError::Other {
                    encoding: encoding.name(),
                })?;
                (Cow::Owned(text), encoding, source)
            }
            _ => match (std::str::from_utf8(unmarked), said) {
                (Ok(text), _) => {
                    let source = said.map_or(utf8, |(_, source)| source);
                    (Cow::Borrowed(text), UTF_8, source)
                }
                (Err(_), Some((encoding, _))) => {
                    return Err(TextError::Other {
                        encoding: encoding.name(),
                    });
                }
                (Err(error), None) => {
                    let text = decode(unmarked, GB18030).ok_or_else(|| TextError::Unknown {
                        line: count_lines(&unmarked[..error.valid_up_to()]),
                    })?;
                    (Cow::Owned(text), GB18030, EncodingSource::Guessed)
                }
            },
        };
        Ok(Self {
            text,
            encoding: TextEncoding { encoding, source },
            bytes: unmarked,
        })
    }

    /// How some of the texts in it would read in every encoding that the whole is valid
    /// in.
    pub(super) fn reading(&self, samples: Vec<String>) -> TextReading {
        let chosen = self.encoding.encoding;
        let others = CANDIDATES.iter().filter(|&&other| {
            other != chosen && !samples.is_empty() && is_valid(self.bytes, other)
        });
        let others = others.filter_map(|&other| {
            let reread = |text: &String| {
                let (bytes, written_in, unmappable) = chosen.encode(text);
                // What is written in UTF-16 cannot be encoded again.
                (written_in == chosen && !unmappable).then(|| decode(&bytes, other))?
            };
            let texts = samples.iter().map(reread).collect::<Option<_>>()?;
            Some((other, texts))
        });
        let mut candidates: Vec<(&'static Encoding, Vec<String>)> = others.collect();
        candidates.insert(0, (chosen, samples));
        TextReading {
            encoding: self.encoding,
            candidates,
            unreadable: Faults::default(),
        }
    }
}

/// Texts of a format that has only one encoding.
pub(super) fn only_utf8(samples: Vec<String>) -> TextReading {
    TextReading {
        encoding: TextEncoding {
            encoding: UTF_8,
            source: EncodingSource::Format,
        },
        candidates: vec![(UTF_8, samples)],
        unreadable: Faults::default(),
    }
}

/// The beginning of a text, as well as it can be read before it is known what it is. The
/// last character may be cut off.
pub(super) fn decode_start(start: &[u8]) -> Cow<'_, str> {
    if let Some((marked, length)) = Encoding::for_bom(start) {
        return marked.decode_without_bom_handling(&start[length..]).0;
    }
    match std::str::from_utf8(start) {
        Err(error) if error.error_len().is_some() => GB18030.decode_without_bom_handling(start).0,
        _ => String::from_utf8_lossy(start),
    }
}

/// Which line the byte after these is in, counted from 1.
pub(super) fn count_lines(before: &[u8]) -> usize {
    before.split(|&byte| byte == b'\n').count()
}

fn is_valid(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut sink = [0; 1 << 14];
    let mut rest = bytes;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut sink, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

impl TextEncoding {
    /// The usual name, such as `UTF-8` or `gb18030`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.source)
    }
}

impl fmt::Display for EncodingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chosen => "chosen",
            Self::Format => "of the format",
            Self::Cpg => "from the .cpg file",
            Self::LanguageByte => "from the table's header",
            Self::Declared => "as the text says",
            Self::Guessed => "guessed from the text",
        })
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

    #[test]
    fn documents_tell_their_encoding_or_are_told() {
        let text = "编码,名称\n320102,玄武区\n";
        let gbk = GB18030.encode(text).0.into_owned();
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let guessed = EncodingSource::Guessed;
        for (bytes, chosen, declared, expected) in [
            (text.as_bytes(), None, None, "UTF-8 (guessed from the text)"),
            (&marked[..], None, None, "UTF-8 (guessed from the text)"),
            (&gbk[..], None, None, "gb18030 (guessed from the text)"),
            (&gbk[..], None, Some(GB18030), "gb18030 (as the text says)"),
            (&gbk[..], Some(GB18030), Some(UTF_8), "gb18030 (chosen)"),
            (&utf16[..], None, None, "UTF-16LE (as the text says)"),
        ] {
            let document = Document::open(bytes, chosen, declared, guessed).unwrap();
            assert_eq!(document.encoding.to_string(), expected);
            assert_eq!(document.text, text);
        }
        let fault = |bytes: &[u8], chosen| {
            let document = Document::open(bytes, chosen, None, guessed);
            document.err().unwrap().to_string()
        };
        assert_eq!(
            fault(&gbk, Some(UTF_8)),
            "the text is not UTF-8; name the encoding that the file is in"
        );
        assert_eq!(
            fault(b"a\nb\xff\xff\n", None),
            "the text in line 2 is neither UTF-8 nor GB18030; save the file as UTF-8, or name its encoding"
        );
    }

    #[test]
    fn other_readings_of_a_text_are_shown() {
        let gbk = GB18030.encode("玄武区").0.into_owned();
        let guessed = EncodingSource::Guessed;
        let document = Document::open(&gbk, None, None, guessed).unwrap();
        let reading = document.reading(vec!["玄武区".to_owned()]);
        let seen: Vec<_> = reading
            .candidates
            .iter()
            .map(|(encoding, texts)| (encoding.name(), texts[0].as_str()))
            .collect();
        assert_eq!(seen, [("gb18030", "玄武区"), ("Big5", "哱挕Е")]);
        let document = Document::open("玄武区".as_bytes(), None, None, guessed).unwrap();
        let reading = document.reading(vec!["玄武区".to_owned()]);
        assert_eq!(reading.candidates.len(), 1);
    }
}
