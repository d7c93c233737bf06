//! Takes out of pictures what cameras and programs write into them: place, time, device,
//! owner, small copies of what was cut away. What is drawn stays bit for bit.
//!
//! Only what is on a list is kept, and nothing behind the end of the picture, where phones
//! put second pictures and films with places of their own. Which way is up is written anew.

use flate2::Crc;
use image::metadata::Orientation;

use super::MediaFault;
use crate::domain::media::MediaKind;

pub(super) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What stands before Exif in JPEG, and in some WebP.
const EXIF_PREFIX: &[u8] = b"Exif\0\0";
/// A picture that builds up in more scans than this is made to keep a decoder busy.
const MAX_SCANS: usize = 100;

/// A picture without what is not drawn.
pub(super) struct Stripped {
    pub(super) file: Vec<u8>,
    pub(super) orientation: Orientation,
}

/// # Errors
/// When the file is not made of the parts that such a picture has.
pub(super) fn strip(kind: MediaKind, file: &[u8]) -> Result<Stripped, MediaFault> {
    let stripped = match kind {
        MediaKind::Jpeg => strip_jpeg(file),
        MediaKind::Png => strip_png(file),
        MediaKind::Webp => strip_webp(file),
        MediaKind::Pdf => Err("it is no picture"),
    };
    stripped.map_err(|why| MediaFault::damaged(kind, &why))
}

type Why = &'static str;
const CUT_OFF: Why = "it ends too early";

/// Takes `count` bytes off the front.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Why> {
    let (taken, left) = rest.split_at_checked(count).ok_or(CUT_OFF)?;
    *rest = left;
    Ok(taken)
}

/// The `N` bytes at the front, which stay.
fn peek<const N: usize>(rest: &[u8]) -> Result<[u8; N], Why> {
    rest.first_chunk().copied().ok_or(CUT_OFF)
}

fn orientation_of(exif: Option<&[u8]>) -> Orientation {
    exif.map(|exif| exif.strip_prefix(EXIF_PREFIX).unwrap_or(exif))
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms)
}

/// Exif (a TIFF of one entry) that says which way is up and nothing else; `None` when the
/// picture lies as it is drawn.
fn write_exif(orientation: Orientation) -> Option<[u8; 26]> {
    if orientation == Orientation::NoTransforms {
        return None;
    }
    let mut exif = *b"II\x2A\0\x08\0\0\0\
        \x01\0\
        \x12\x01\x03\0\x01\0\0\0\0\0\0\0\
        \0\0\0\0";
    exif[18] = orientation.to_exif();
    Some(exif)
}

// JPEG (ITU-T T.81, annex B): segments, each with a marker.

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const TEM: u8 = 0x01;
const RST0: u8 = 0xD0;
const RST7: u8 = 0xD7;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;

fn strip_jpeg(file: &[u8]) -> Result<Stripped, Why> {
    let mut rest = file;
    take(&mut rest, 2)?;
    let mut kept = Vec::with_capacity(file.len());
    kept.extend([0xFF, SOI]);
    // Exif comes first, but readers of old look for JFIF before it.
    let mut exif_at = kept.len();
    let mut exif = None;
    let mut scans = 0;
    loop {
        let marker = match next_marker(&mut rest) {
            Some(EOI) => break,
            // What is cut off behind the first scan can still be looked at.
            None if scans > 0 => break,
            None => return Err(CUT_OFF),
            Some(TEM | RST0..=RST7) => continue,
            Some(marker) => marker,
        };
        let length = usize::from(u16::from_be_bytes(peek(rest)?));
        let segment = take(&mut rest, length)?;
        let content = segment.get(2..).ok_or(CUT_OFF)?;
        if marker == APP1 && content.starts_with(EXIF_PREFIX) {
            exif = exif.or(Some(content));
        }
        if !is_drawn(marker, content) {
            continue;
        }
        let is_first = kept.len() == exif_at;
        kept.extend([0xFF, marker]);
        kept.extend(segment);
        if marker == APP0 && is_first {
            exif_at = kept.len();
        }
        if marker == SOS {
            scans += 1;
            if scans > MAX_SCANS {
                return Err("it builds up in too many scans");
            }
            let scan = scan_length(rest);
            kept.extend(take(&mut rest, scan)?);
        }
    }
    kept.extend([0xFF, EOI]);
    let orientation = orientation_of(exif);
    if let Some(exif) = write_exif(orientation) {
        let length = u16::try_from(2 + EXIF_PREFIX.len() + exif.len()).unwrap_or(u16::MAX);
        let segment = [0xFF, APP1]
            .into_iter()
            .chain(length.to_be_bytes())
            .chain(EXIF_PREFIX.iter().copied())
            .chain(exif);
        kept.splice(exif_at..exif_at, segment);
    }
    Ok(Stripped {
        file: kept,
        orientation,
    })
}

/// The next marker, with what is stuffed before it gone; `None` at the end of the file.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    loop {
        let at = memchr::memchr(0xFF, rest)?;
        let behind = &rest[at..];
        let stuffed = behind.iter().take_while(|byte| **byte == 0xFF).count();
        let marker = *behind.get(stuffed)?;
        *rest = &behind[stuffed + 1..];
        if marker != 0 {
            return Some(marker);
        }
    }
}

/// What a decoder needs: frames, scans and their tables; and of the applications' segments
/// those that say what the colours are.
fn is_drawn(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xC0..=0xCF | SOS..=0xDF => true,
        // What is longer has a small copy in it.
        APP0 => content.starts_with(b"JFIF\0") && content.len() == 14,
        0xE2 => content.starts_with(b"ICC_PROFILE\0"),
        0xEE => content.starts_with(b"Adobe") && content.len() == 12,
        _ => false,
    }
}

/// How long the coded data is at the front, up to the next marker that is not part of it.
fn scan_length(data: &[u8]) -> usize {
    let mut ones = memchr::memchr_iter(0xFF, data);
    ones.find(|at| !matches!(data.get(at + 1), None | Some(0 | 0xFF | RST0..=RST7)))
        .unwrap_or(data.len())
}

// PNG (ISO/IEC 15948): chunks, each with its length, its name and a checksum.

const PNG_KEPT: [&[u8; 4]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];
/// Length, name and checksum.
const PNG_AROUND: usize = 12;

fn strip_png(file: &[u8]) -> Result<Stripped, Why> {
    let mut rest = file;
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(take(&mut rest, PNG_SIGNATURE.len())?);
    let mut exif_at = None;
    let mut exif = None;
    loop {
        let length = usize::try_from(u32::from_be_bytes(peek(rest)?)).map_err(|_| CUT_OFF)?;
        let chunk = take(&mut rest, length.saturating_add(PNG_AROUND))?;
        let name: [u8; 4] = peek(&chunk[4..])?;
        if &name == b"eXIf" {
            exif = exif.or(chunk.get(8..8 + length));
        }
        if PNG_KEPT.contains(&&name) {
            kept.extend(chunk);
            // It stands anywhere before the picture, and behind the header that comes first.
            exif_at.get_or_insert(kept.len());
        }
        if &name == b"IEND" {
            break;
        }
    }
    let orientation = orientation_of(exif);
    if let (Some(exif), Some(at)) = (write_exif(orientation), exif_at) {
        let length = u32::try_from(exif.len()).unwrap_or(u32::MAX);
        let mut crc = Crc::new();
        crc.update(b"eXIf");
        crc.update(&exif);
        let chunk = length
            .to_be_bytes()
            .into_iter()
            .chain(*b"eXIf")
            .chain(exif)
            .chain(crc.sum().to_be_bytes());
        kept.splice(at..at, chunk);
    }
    Ok(Stripped {
        file: kept,
        orientation,
    })
}

// WebP (RFC 9649): RIFF, chunks with a name and a length, each padded to an even one.

const WEBP_KEPT: [&[u8; 4]; 7] = [
    b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];
/// The bits of the first byte of `VP8X` that promise Exif and XMP.
const HAS_EXIF: u8 = 0b1000;
const HAS_XMP: u8 = 0b0100;
/// `RIFF`, the length of the rest, `WEBP`.
const WEBP_HEADER: usize = 12;

/// Where a frame stands, how large it is, and for how long it is shown.
const WEBP_FRAME_HEAD: usize = 16;
const WEBP_FRAME_KEPT: [&[u8; 4]; 3] = [b"ALPH", b"VP8 ", b"VP8L"];

/// A frame of an animation holds chunks of its own: those that are drawn stay.
fn strip_frame(frame: &[u8]) -> Result<Vec<u8>, Why> {
    let mut rest = frame;
    let mut kept = take(&mut rest, WEBP_FRAME_HEAD)?.to_vec();
    while !rest.is_empty() {
        let name: [u8; 4] = peek(rest)?;
        let length = u32::from_le_bytes(peek(rest.get(4..).ok_or(CUT_OFF)?)?);
        let length = usize::try_from(length).map_err(|_| CUT_OFF)?;
        let padded = length.saturating_add(8).saturating_add(length % 2);
        let padded = padded.min(rest.len().max(length.saturating_add(8)));
        let chunk = take(&mut rest, padded)?;
        if WEBP_FRAME_KEPT.contains(&&name) {
            kept.extend(chunk);
            kept.resize(kept.len().next_multiple_of(2), 0);
        }
    }
    let length = u32::try_from(kept.len()).map_err(|_| "it is too long")?;
    Ok([&b"ANMF"[..], &length.to_le_bytes(), &kept].concat())
}

fn strip_webp(file: &[u8]) -> Result<Stripped, Why> {
    let mut rest = file;
    let header = take(&mut rest, WEBP_HEADER)?;
    let length = usize::try_from(u32::from_le_bytes(peek(&header[4..])?)).map_err(|_| CUT_OFF)?;
    // The length counts from `WEBP` on.
    let mut rest = take(&mut rest, length.checked_sub(4).ok_or(CUT_OFF)?)?;
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(header);
    let mut flags_at = None;
    let mut exif = None;
    while !rest.is_empty() {
        let name: [u8; 4] = peek(rest)?;
        let length = u32::from_le_bytes(peek(rest.get(4..).ok_or(CUT_OFF)?)?);
        let length = usize::try_from(length).map_err(|_| CUT_OFF)?;
        // Some writers forget to pad the last chunk.
        let padded = length.saturating_add(8).saturating_add(length % 2);
        let padded = padded.min(rest.len().max(length.saturating_add(8)));
        let chunk = take(&mut rest, padded)?;
        if &name == b"EXIF" {
            exif = exif.or(chunk.get(8..8 + length));
        }
        if WEBP_KEPT.contains(&&name) {
            if &name == b"VP8X" && length > 0 {
                flags_at.get_or_insert(kept.len() + 8);
            }
            if &name == b"ANMF" {
                kept.extend(strip_frame(chunk.get(8..8 + length).ok_or(CUT_OFF)?)?);
            } else {
                kept.extend(chunk);
            }
            kept.resize(kept.len().next_multiple_of(2), 0);
        }
    }
    let mut orientation = orientation_of(exif);
    if let Some(flags) = flags_at.and_then(|at| kept.get_mut(at)) {
        *flags &= !(HAS_EXIF | HAS_XMP);
        if write_exif(orientation).is_some() {
            *flags |= HAS_EXIF;
        }
    } else {
        // Without `VP8X` there is no Exif, whatever chunk has its name.
        orientation = Orientation::NoTransforms;
    }
    if let Some(exif) = write_exif(orientation) {
        let length = u32::try_from(exif.len()).unwrap_or(u32::MAX);
        kept.extend(b"EXIF");
        kept.extend(length.to_le_bytes());
        kept.extend(exif);
    }
    let length = u32::try_from(kept.len() - 8).map_err(|_| "it is too long")?;
    kept[4..8].copy_from_slice(&length.to_le_bytes());
    Ok(Stripped {
        file: kept,
        orientation,
    })
}
