//! Numbers and texts one after another, as short as they are: what the compact codecs
//! are written in.
//!
//! A number has seven bits a byte, the lowest first (LEB128); one that may be negative
//! is folded first, so that what is near nothing is short (zigzag).

/// Numbers have at most five bytes: enough for the difference of any two coordinates.
const NUMBER_BITS: u32 = 35;

/// Why bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompactError {
    #[error("the bytes end after {length}, in the middle of {what}")]
    Truncated { length: usize, what: &'static str },
    #[error("{what} has more than {NUMBER_BITS} bits")]
    TooLarge { what: &'static str },
    #[error("{0} bytes follow the end")]
    Trailing(usize),
}

pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low & 0x7F);
            return;
        }
        out.push(low | 0x80);
    }
}

pub(super) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_number(out, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

/// Bytes with their length before them.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

pub(super) struct Reader<'a> {
    length: usize,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            length: bytes.len(),
            rest: bytes,
        }
    }

    pub(super) fn number(&mut self, what: &'static str) -> Result<u64, CompactError> {
        let mut number = 0;
        for shift in (0..NUMBER_BITS).step_by(7) {
            let [byte] = self.take(what)?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(CompactError::TooLarge { what })
    }

    pub(super) fn signed(&mut self, what: &'static str) -> Result<i64, CompactError> {
        let folded = self.number(what)?;
        Ok((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }

    /// How many things follow that have at least so many bytes each: never more than the
    /// bytes that are left can hold, so that room may be made for them.
    pub(super) fn count(
        &mut self,
        bytes_each: usize,
        what: &'static str,
    ) -> Result<usize, CompactError> {
        let count = self.number(what)?;
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() / bytes_each => Ok(count),
            _ => Err(self.truncated(what)),
        }
    }

    pub(super) fn bytes(&mut self, what: &'static str) -> Result<&'a [u8], CompactError> {
        let count = self.count(1, what)?;
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or_else(|| self.truncated(what))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn take<const N: usize>(
        &mut self,
        what: &'static str,
    ) -> Result<[u8; N], CompactError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or_else(|| self.truncated(what))?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Checks that everything was read.
    pub(super) const fn end(&self) -> Result<(), CompactError> {
        match self.rest.len() {
            0 => Ok(()),
            trailing => Err(CompactError::Trailing(trailing)),
        }
    }

    const fn truncated(&self, what: &'static str) -> CompactError {
        CompactError::Truncated {
            length: self.length,
            what,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_and_bytes_come_back(
            signed in -(1_i64 << 34)..(1 << 34),
            number in 0_u64..(1 << NUMBER_BITS),
            bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let mut out = vec![];
            put_signed(&mut out, signed);
            put_bytes(&mut out, &bytes);
            put_number(&mut out, number);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.signed("it"), Ok(signed));
            prop_assert_eq!(reader.bytes("it"), Ok(&bytes[..]));
            prop_assert_eq!(reader.number("it"), Ok(number));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn small_numbers_are_short() {
        for (number, length) in [(0, 1), (-64, 1), (63, 1), (64, 2), (-8192, 2), (8192, 3)] {
            let mut out = vec![];
            put_signed(&mut out, number);
            assert_eq!(out.len(), length, "{number}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_bytes_is_said() {
        let mut reader = Reader::new(&[0x80; 6]);
        let error = reader.number("a number").unwrap_err();
        assert_eq!(error.to_string(), "a number has more than 35 bits");
        assert_eq!(
            reader.end().unwrap_err().to_string(),
            "1 bytes follow the end"
        );
        let mut reader = Reader::new(&[3, 1, 2]);
        let error = reader.bytes("a text").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the bytes end after 3, in the middle of a text"
        );
    }
}
