//! The members of a zip, in whatever folder they are.

use std::io::{Cursor, Read, Seek};

use encoding_rs::{GB18030, UTF_8};
use zip::ZipArchive;

use super::encoding::decode;

/// A layer is four to ten files; a zip with many more holds no layers.
pub(super) const MAX_FILES: usize = 1_000;
/// What a zip may unpack to: enough for 40 million vertices with their table.
pub(super) const MAX_BYTES: u64 = 1 << 30;
/// So many times its own size a zip may unpack to, once that is more than
/// [`SMALL_BYTES`]. Tables of blanks come close; shapes are far from it.
pub(super) const MAX_RATIO: u64 = 300;
pub(super) const SMALL_BYTES: u64 = 64 << 20;

/// Why a zip cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("the zip cannot be opened; pack it again")]
    Zip(#[source] zip::result::ZipError),
    #[error("{file} in the zip cannot be unpacked; pack it again, without a password")]
    Unpack {
        file: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the zip has {0} files, which is more than {MAX_FILES}; pack only the layer's files")]
    TooManyFiles(usize),
    #[error("the zip unpacks to more than {} MiB; split the layer, or simplify it", MAX_BYTES >> 20)]
    TooLarge,
    #[error(
        "the zip unpacks to more than {MAX_RATIO} times its size, as no layer does; pack it again"
    )]
    Bomb,
}

/// A zip, from memory or from a file.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Box<dyn ReadSeek + 'a>>,
    pub members: Vec<Member>,
    /// What may still be unpacked.
    left: u64,
    packed: u64,
    unpacked: u64,
}

pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// A file in the zip.
#[derive(Debug, Clone)]
pub(super) struct Member {
    index: usize,
    pub path: String,
    /// The path in lower case, without extension.
    pub stem: String,
    /// In lower case.
    pub extension: String,
}

impl Member {
    /// What it is called, without folders and extension.
    pub(super) fn name(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        file.rsplit_once('.').map_or(file, |(name, _)| name)
    }
}

impl<'a> Archive<'a> {
    pub(super) fn open(mut source: Box<dyn ReadSeek + 'a>) -> Result<Self, ArchiveError> {
        let packed = source
            .seek(std::io::SeekFrom::End(0))
            .map_err(|error| ArchiveError::Zip(error.into()))?;
        let mut zip = ZipArchive::new(source).map_err(ArchiveError::Zip)?;
        if zip.len() > MAX_FILES {
            return Err(ArchiveError::TooManyFiles(zip.len()));
        }
        Ok(Self {
            members: list_members(&mut zip)?,
            zip,
            left: MAX_BYTES,
            packed,
            unpacked: 0,
        })
    }

    pub(super) fn of_bytes(bytes: &'a [u8]) -> Result<Self, ArchiveError> {
        Self::open(Box::new(Cursor::new(bytes)))
    }

    pub(super) fn find(&self, stem: &str, extension: &str) -> Option<Member> {
        let mut members = self.members.iter();
        members
            .find(|member| member.stem == stem && member.extension == extension)
            .cloned()
    }

    /// Unpacks a file, whatever size it says it has.
    pub(super) fn unpack(&mut self, member: &Member) -> Result<Vec<u8>, ArchiveError> {
        self.unpack_at_most(member, u64::MAX)
    }

    /// Unpacks the beginning of a file.
    pub(super) fn unpack_at_most(
        &mut self,
        member: &Member,
        length: u64,
    ) -> Result<Vec<u8>, ArchiveError> {
        let unreadable = |source| ArchiveError::Unpack {
            file: member.path.clone(),
            source,
        };
        let file = self
            .zip
            .by_index(member.index)
            .map_err(|error| unreadable(error.into()))?;
        let ratio_left = (self.packed.saturating_mul(MAX_RATIO))
            .max(SMALL_BYTES)
            .saturating_sub(self.unpacked);
        let allowed = self.left.min(ratio_left);
        let mut bytes = Vec::new();
        let read = file
            .take(length.min(allowed + 1))
            .read_to_end(&mut bytes)
            .map_err(unreadable)? as u64;
        if read > allowed {
            return Err(if ratio_left < self.left {
                ArchiveError::Bomb
            } else {
                ArchiveError::TooLarge
            });
        }
        self.left -= read;
        self.unpacked += read;
        Ok(bytes)
    }
}

fn list_members<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Vec<Member>, ArchiveError> {
    let mut members = Vec::new();
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).map_err(ArchiveError::Zip)?;
        let raw = file.name_raw();
        // Programs on Chinese Windows write names in GBK without saying so.
        let path = decode(raw, UTF_8)
            .or_else(|| decode(raw, GB18030))
            .unwrap_or_else(|| String::from_utf8_lossy(raw).into_owned())
            .replace('\\', "/");
        let name = path.rsplit('/').next().unwrap_or_default();
        // What macOS adds beside each file is none.
        if file.is_dir() || name.starts_with("._") {
            continue;
        }
        let lower = path.to_lowercase();
        let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        members.push(Member {
            index,
            stem: stem.to_owned(),
            extension: extension.to_owned(),
            path,
        });
    }
    Ok(members)
}
