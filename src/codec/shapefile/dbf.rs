//! dBase tables, read here because a library would lose what is needed: the bytes of
//! texts whose encoding is yet to be found out, all the digits of long numeric codes,
//! and that a deleted row still has its shape.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8};
use serde_json::Value;

use super::super::encoding::decode;

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("it ends too early")]
    CutOff,
    #[error("its columns do not fill its rows")]
    Widths,
}

/// A table in memory.
pub(super) struct Table<'a> {
    language: u8,
    columns: Vec<Column<'a>>,
    rows: Vec<&'a [u8]>,
}

pub(super) struct Column<'a> {
    name: &'a [u8],
    kind: u8,
    start: usize,
    length: usize,
}

/// A row, whose fields can be read even if it is deleted.
pub(super) struct Row<'a> {
    pub deleted: bool,
    columns: &'a [Column<'a>],
    bytes: &'a [u8],
}

/// One value of a row.
pub(super) struct Field<'a> {
    pub column: &'a Column<'a>,
    bytes: &'a [u8],
}

/// A text that is not valid in its encoding.
pub(super) struct Garbled {
    /// With U+FFFD for what is not.
    pub text: String,
    /// It is valid but for its end, at the width of the column.
    pub cut_off: bool,
}

pub(super) const HEADER: usize = 32;
const COLUMN: usize = 32;

/// How many rows a header promises.
pub(super) fn count_rows(header: &[u8]) -> Option<usize> {
    let count = header.get(4..8)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(count)).ok()
}

impl<'a> Table<'a> {
    /// # Errors
    /// When the header does not fit the bytes.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, TableError> {
        let header: &[u8; HEADER] = bytes.first_chunk().ok_or(TableError::CutOff)?;
        let number = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let count = count_rows(header).ok_or(TableError::CutOff)?;
        let (start, width) = (number(8), number(10));
        let mut columns = Vec::new();
        // The first byte of a row says whether it is deleted.
        let mut end = 1;
        let descriptors = bytes.get(HEADER..start).ok_or(TableError::CutOff)?;
        for column in descriptors.chunks_exact(COLUMN) {
            if column[0] == b'\r' {
                break;
            }
            let name = column[..11].split(|&byte| byte == 0).next();
            let length = usize::from(column[16]);
            columns.push(Column {
                name: name.unwrap_or_default().trim_ascii(),
                kind: column[11],
                start: end,
                length,
            });
            end += length;
        }
        if width == 0 || end > width {
            return Err(TableError::Widths);
        }
        let rows: Vec<&[u8]> = bytes[start..].chunks_exact(width).take(count).collect();
        if rows.len() < count {
            return Err(TableError::CutOff);
        }
        Ok(Self {
            language: header[29],
            columns,
            rows,
        })
    }

    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let row = |&bytes: &&'a [u8]| Row {
            deleted: bytes[0] == b'*',
            columns: &self.columns,
            bytes,
        };
        self.rows.iter().map(row).collect()
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = &Column<'a>> {
        self.columns.iter()
    }

    /// The names of the columns, undecoded.
    pub(super) fn names(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.columns.iter().map(|column| column.name)
    }

    /// The encoding that the header marks, if it is a clear one. Marks of the European
    /// pages are ignored: many programs write them whatever the text is in.
    pub(super) fn marked_encoding(&self) -> Option<&'static Encoding> {
        match self.language {
            0x4d | 0x7a => Some(GB18030),
            0x4f | 0x78 => Some(BIG5),
            0x13 | 0x7b => Some(SHIFT_JIS),
            0x4e | 0x79 => Some(EUC_KR),
            0xf0 => Some(UTF_8),
            _ => None,
        }
    }
}

impl<'a> Row<'a> {
    pub(super) fn fields(&self) -> impl Iterator<Item = Field<'a>> + Clone + use<'a> {
        let bytes = self.bytes;
        self.columns.iter().map(move |column| Field {
            column,
            bytes: &bytes[column.start..column.start + column.length],
        })
    }

    /// The texts, undecoded.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        self.fields()
            .filter(|field| field.column.kind == b'C')
            .map(|field| field.text())
    }
}

impl Column<'_> {
    pub(super) fn name(&self, encoding: &'static Encoding) -> String {
        // A name fills at most ten bytes, and the last character may be cut off.
        decode(self.name, encoding).unwrap_or_else(|| {
            encoding
                .decode_without_bom_handling(self.name)
                .0
                .into_owned()
        })
    }
}

impl<'a> Field<'a> {
    /// The bytes without the padding.
    fn text(&self) -> &'a [u8] {
        let padding = |&byte: &u8| byte == b' ' || byte == 0;
        let end = self.bytes.iter().rposition(|byte| !padding(byte));
        let text = &self.bytes[..end.map_or(0, |end| end + 1)];
        text.trim_ascii_start()
    }

    /// The value as JSON; what has no like there, such as memos, is null. Numbers keep
    /// all their digits.
    ///
    /// # Errors
    /// When a text is not in the encoding.
    pub(super) fn value(&self, encoding: &'static Encoding) -> Result<Value, Garbled> {
        let text = self.text();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        match self.column.kind {
            b'C' => decode(text, encoding).map(Value::String).ok_or_else(|| {
                let full = self.bytes.len();
                let mut shorter = (1..=3).filter_map(|cut| text.len().checked_sub(cut));
                let padded = self
                    .bytes
                    .last()
                    .is_some_and(|&byte| byte == b' ' || byte == 0);
                let valid = |end: usize| decode(&text[..end], encoding).is_some();
                Garbled {
                    text: encoding.decode_without_bom_handling(text).0.into_owned(),
                    cut_off: full > 3 && !padded && shorter.any(valid),
                }
            }),
            b'N' | b'F' => Ok(number(text)),
            b'L' => Ok(match text[0] {
                b'T' | b't' | b'Y' | b'y' => Value::Bool(true),
                b'F' | b'f' | b'N' | b'n' => Value::Bool(false),
                _ => Value::Null,
            }),
            b'D' => Ok(date(text)),
            _ => Ok(Value::Null),
        }
    }
}

fn number(text: &[u8]) -> Value {
    let Ok(text) = std::str::from_utf8(text) else {
        return Value::Null;
    };
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    match text.parse::<f64>() {
        // Longer than any integer: still a code, digit by digit.
        Ok(_) if text.len() > 18 && text.bytes().all(|byte| byte.is_ascii_digit()) => text.into(),
        Ok(number) => number.into(),
        // Asterisks stand for a number that was too long for its column.
        Err(_) => Value::Null,
    }
}

fn date(text: &[u8]) -> Value {
    match std::str::from_utf8(text) {
        Ok(text) if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]).into()
        }
        _ => Value::Null,
    }
}
