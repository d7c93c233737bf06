//! A long text in parts that end with a line.

use std::io::{self, Read};
use std::thread;

/// How large a first part is, in bytes: an answer begins early. The more points a part has,
/// the more of them lie near each other, so parts grow, up to the last figure.
const PART_BYTES: usize = 1 << 20;
const MOST_PART_BYTES: usize = 8 << 20;
/// How much all that is worked on at the same time may take, in bytes, about.
const ALL_PARTS_BYTES: usize = 64 << 20;
/// No line is longer, in bytes.
const MAX_LINE_BYTES: usize = 64 << 20;

/// Some whole lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub text: Vec<u8>,
    /// The number of the first line, from 1 on.
    pub line: u64,
}

/// Why a text has no next part.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    #[error("line {line}: it is longer than {} MiB; is a quotation mark left open?", MAX_LINE_BYTES >> 20)]
    LongLine { line: u64 },
    #[error("the input cannot be read")]
    Read(#[from] io::Error),
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Every line feed.
    Plain,
    /// A line feed outside quotation marks, as CSV has them: one that opens stands at the
    /// beginning of a field, and a double one is none.
    Csv,
}

/// Cuts a text into parts.
pub struct Parts<R> {
    input: R,
    lines: Lines,
    part_bytes: usize,
    most_bytes: usize,
    /// Read, but not yet handed out.
    ahead: Vec<u8>,
    line: u64,
    is_at_end: bool,
}

impl<R: Read> Parts<R> {
    pub fn new(input: R, lines: Lines) -> Self {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let most_bytes = (ALL_PARTS_BYTES / workers).clamp(PART_BYTES, MOST_PART_BYTES);
        Self::with_size(input, lines, PART_BYTES, most_bytes)
    }

    fn with_size(input: R, lines: Lines, part_bytes: usize, most_bytes: usize) -> Self {
        Self {
            input,
            lines,
            part_bytes,
            most_bytes,
            ahead: Vec::new(),
            line: 1,
            is_at_end: false,
        }
    }

    /// The next lines; `None` at the end.
    ///
    /// # Errors
    /// When the input cannot be read or a line is too long.
    pub fn next(&mut self) -> Result<Option<Part>, PartError> {
        let mut wanted = self.part_bytes;
        self.part_bytes = (2 * wanted).min(self.most_bytes);
        loop {
            self.fill(wanted)?;
            if self.is_at_end {
                return Ok(self.take(self.ahead.len()));
            }
            if let Some(end) = self.last_line_end() {
                return Ok(self.take(end));
            }
            if self.ahead.len() >= MAX_LINE_BYTES {
                return Err(PartError::LongLine { line: self.line });
            }
            wanted = 2 * self.ahead.len();
        }
    }

    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(self.ahead.len());
        let read = self
            .input
            .by_ref()
            .take(missing as u64)
            .read_to_end(&mut self.ahead)?;
        self.is_at_end = read < missing;
        Ok(())
    }

    fn take(&mut self, end: usize) -> Option<Part> {
        if end == 0 {
            return None;
        }
        let rest = self.ahead.split_off(end);
        let text = std::mem::replace(&mut self.ahead, rest);
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &text).count() as u64;
        Some(Part { text, line })
    }

    /// Where the last line that is there whole ends. What is ahead begins with a line.
    fn last_line_end(&self) -> Option<usize> {
        let has_quotes = self.lines == Lines::Csv && memchr::memchr(b'"', &self.ahead).is_some();
        if !has_quotes {
            return memchr::memrchr(b'\n', &self.ahead).map(|last| last + 1);
        }
        let mut end = None;
        let mut state = Csv::FieldStart;
        for (place, &byte) in self.ahead.iter().enumerate() {
            state = match (state, byte) {
                (Csv::Quoted, b'"') => Csv::MaybeClosed,
                (Csv::Quoted, _) | (Csv::FieldStart | Csv::MaybeClosed, b'"') => Csv::Quoted,
                (_, b'\n') => {
                    end = Some(place + 1);
                    Csv::FieldStart
                }
                (_, b',' | b'\r') => Csv::FieldStart,
                _ => Csv::Plain,
            };
        }
        end
    }
}

/// Where in a row of CSV a byte stands.
#[derive(Debug, Clone, Copy)]
enum Csv {
    FieldStart,
    Plain,
    Quoted,
    /// After a quotation mark in a quoted field: it closes it unless another one follows.
    MaybeClosed,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &[u8], lines: Lines, size: usize) -> Vec<Part> {
        let mut parts = Parts::with_size(text, lines, size, size);
        std::iter::from_fn(|| parts.next().unwrap()).collect()
    }

    fn rows(text: &[u8]) -> Vec<csv::ByteRecord> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text);
        reader.byte_records().map(Result::unwrap).collect()
    }

    proptest! {
        /// Texts of what matters to CSV alone.
        #[test]
        fn parts_of_csv_have_the_rows_of_the_whole(
            text in "([ab,\"\n]|\"\"|\r\n){0,60}",
            size in 1..12_usize,
        ) {
            let cut = parts(text.as_bytes(), Lines::Csv, size);
            let joined: Vec<u8> = cut.iter().flat_map(|part| part.text.clone()).collect();
            prop_assert_eq!(joined, text.as_bytes());
            let of_parts: Vec<_> = cut.iter().flat_map(|part| rows(&part.text)).collect();
            prop_assert_eq!(of_parts, rows(text.as_bytes()));
        }

        #[test]
        fn parts_know_the_number_of_their_first_line(
            text in "[a\n]{0,60}",
            size in 1..12_usize,
        ) {
            let mut line = 1;
            for part in parts(text.as_bytes(), Lines::Plain, size) {
                prop_assert_eq!(part.line, line);
                line += part.text.split(|&byte| byte == b'\n').count() as u64 - 1;
            }
        }
    }
}
