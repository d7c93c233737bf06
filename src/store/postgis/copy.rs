//! How very many rows are written: at the speed of the database.

/// Bytes sent at a time.
pub(super) const CHUNK_BYTES: usize = 1 << 20;

/// Rows in the binary format of `PostgreSQL`'s COPY. PostGIS reads well-known binary in
/// its columns and adds the reference system that the column has.
pub(super) struct CopyRows {
    bytes: Vec<u8>,
}

impl CopyRows {
    pub(super) fn new() -> Self {
        let mut bytes = b"PGCOPY\n\xff\r\n\0".to_vec();
        // No flags, and no more header.
        bytes.extend_from_slice(&[0; 8]);
        Self { bytes }
    }

    pub(super) fn row(&mut self, fields: i16) {
        self.bytes.extend_from_slice(&fields.to_be_bytes());
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "PostgreSQL refuses values of more than 2^30 bytes"
    )]
    pub(super) fn field(&mut self, value: &[u8]) {
        let length = value.len() as i32;
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(value);
    }

    pub(super) fn optional(&mut self, value: Option<impl AsRef<[u8]>>) {
        match value {
            Some(value) => self.field(value.as_ref()),
            None => self.bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }

    /// How many bytes wait to be sent.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes that wait, to be sent now.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    pub(super) fn end(mut self) -> Vec<u8> {
        self.row(-1);
        self.bytes
    }
}
