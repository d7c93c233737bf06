//! Pictures unpacked within bounds, and made small.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
};

use super::{MAX_POINTS, MAX_UNPACKED, MediaFault, Photo, THUMBNAIL_SIDE};
use crate::domain::media::{MediaKind, PhotoSize};

/// 1 to 100.
const THUMBNAIL_QUALITY: u8 = 80;

/// # Errors
/// When the picture is broken, or too large to be unpacked; then it is not.
pub(super) fn unpack(
    kind: MediaKind,
    file: &[u8],
    orientation: Orientation,
) -> Result<Photo, MediaFault> {
    let format = match kind {
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Webp => ImageFormat::WebP,
        MediaKind::Pdf => return Err(MediaFault::damaged(kind, &"it is no picture")),
    };
    let fault = |error| match error {
        ImageError::Limits(_) => MediaFault::TooMuchMemory,
        error => MediaFault::damaged(kind, &error),
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_UNPACKED);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_POINTS {
        return Err(MediaFault::TooManyPoints { width, height });
    }
    if decoder.total_bytes() > MAX_UNPACKED {
        return Err(MediaFault::TooMuchMemory);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    let mut small = if width.max(height) > THUMBNAIL_SIDE {
        picture.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    } else {
        picture
    };
    small.apply_orientation(orientation);
    let mut thumbnail = Vec::new();
    JpegEncoder::new_with_quality(&mut thumbnail, THUMBNAIL_QUALITY)
        .encode_image(&on_white(&small))
        .map_err(fault)?;
    Ok(Photo {
        size: upright(width, height, orientation),
        thumbnail,
    })
}

fn upright(width: u32, height: u32, orientation: Orientation) -> PhotoSize {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => PhotoSize {
            width: height,
            height: width,
        },
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => PhotoSize { width, height },
    }
}

/// JPEG knows no transparency: what can be seen through is white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let over = |colour: u8| {
            let mixed = u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        Rgb([red, green, blue].map(over))
    })
}
