//! Photos and documents: told by their first bytes, freed of what cameras write into them,
//! and made small enough for lists.

mod photo;
mod strip;

use std::fmt::Display;

use memchr::memmem;

use crate::domain::media::{MediaKind, PhotoSize};

/// The largest picture that is unpacked, in points: more than phones make, and no more
/// memory than a server can spare for it.
pub const MAX_POINTS: u64 = 51_000_000;
/// The most memory that an unpacked picture may take, in bytes.
pub const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// The longer side of a thumbnail, in points.
pub const THUMBNAIL_SIDE: u32 = 320;

const PDF_START: &[u8] = b"%PDF-";
const PDF_END: &[u8] = b"%%EOF";
/// How near its end a document says that it ends.
const PDF_TAIL: usize = 1_024;

/// Why a file is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum MediaFault {
    #[error(
        "the file holds none of {}, whatever its name says; send photos as JPEG, PNG or WebP and documents as PDF",
        MediaKind::WORDS.join(", ")
    )]
    UnknownKind,
    #[error(
        "the picture has {width} × {height} points, and {} million are the most; send a smaller one",
        MAX_POINTS / 1_000_000
    )]
    TooManyPoints { width: u32, height: u32 },
    #[error(
        "the picture would take more than {} MiB of memory; send a smaller one",
        MAX_UNPACKED / (1024 * 1024)
    )]
    TooMuchMemory,
    #[error("the file cannot be read as {kind}: {why}; send it again, or save it anew")]
    Damaged { kind: MediaKind, why: String },
}

impl MediaFault {
    fn damaged(kind: MediaKind, why: &dyn Display) -> Self {
        Self::Damaged {
            kind,
            why: why.to_string(),
        }
    }
}

/// A file that may be kept.
#[derive(Debug)]
pub struct Developed {
    pub kind: MediaKind,
    /// The file without what a camera wrote into it but which way is up; `None` for
    /// documents, out of which nothing is taken.
    pub stripped: Option<Vec<u8>>,
    pub photo: Option<Photo>,
}

/// A picture that could be unpacked.
#[derive(Debug)]
pub struct Photo {
    /// The right way up.
    pub size: PhotoSize,
    /// JPEG, the right way up.
    pub thumbnail: Vec<u8>,
}

/// What a file is; `None` when it is nothing that is taken in.
#[must_use]
pub fn recognise(file: &[u8]) -> Option<MediaKind> {
    let is_webp = || file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP");
    if file.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(MediaKind::Jpeg)
    } else if file.starts_with(strip::PNG_SIGNATURE) {
        Some(MediaKind::Png)
    } else if is_webp() {
        Some(MediaKind::Webp)
    } else if file.starts_with(PDF_START) {
        Some(MediaKind::Pdf)
    } else {
        None
    }
}

/// Checks a file whole: a picture is unpacked, within bounds. Takes time and memory.
///
/// # Errors
/// When it is of no known kind, broken, or larger than is unpacked.
pub fn develop(file: &[u8]) -> Result<Developed, MediaFault> {
    let kind = recognise(file).ok_or(MediaFault::UnknownKind)?;
    if kind == MediaKind::Pdf {
        let tail = &file[file.len().saturating_sub(PDF_TAIL)..];
        if memmem::find(tail, PDF_END).is_none() {
            return Err(MediaFault::damaged(kind, &"its end is missing"));
        }
        return Ok(Developed {
            kind,
            stripped: None,
            photo: None,
        });
    }
    let stripped = strip::strip(kind, file)?;
    // What was taken out cannot harm the decoder.
    let photo = photo::unpack(kind, &stripped.file, stripped.orientation)?;
    Ok(Developed {
        kind,
        stripped: Some(stripped.file),
        photo: Some(photo),
    })
}

#[cfg(test)]
mod tests;
