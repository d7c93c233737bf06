use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder, Rgb, RgbImage};
use proptest::prelude::*;

use super::*;

const PHOTOS: [MediaKind; 3] = [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp];
const RED: Rgb<u8> = Rgb([250, 10, 10]);
const BLUE: Rgb<u8> = Rgb([10, 10, 250]);
const GREY: Rgb<u8> = Rgb([128, 128, 128]);
const CAMERA: &str = "Telltale Camera";

/// A grey picture, red at its top left and blue at its top right, as it is stored.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if y >= height / 4 {
            GREY
        } else if x < width / 4 {
            RED
        } else if x >= width - width / 4 {
            BLUE
        } else {
            GREY
        }
    })
}

/// What a phone writes: which way is up, its name, and where it was.
fn exif_of_a_phone(orientation: u16) -> Vec<u8> {
    let field = |tag, value| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    };
    let degrees = |degrees, minutes| {
        let parts = [(degrees, 1), (minutes, 1), (1_234, 100)];
        Value::Rational(parts.map(|(num, denom)| Rational { num, denom }).to_vec())
    };
    let fields = [
        field(Tag::Orientation, Value::Short(vec![orientation])),
        field(Tag::Make, Value::Ascii(vec![CAMERA.into()])),
        field(Tag::GPSLatitudeRef, Value::Ascii(vec!["N".into()])),
        field(Tag::GPSLatitude, degrees(33, 36)),
        field(Tag::GPSLongitudeRef, Value::Ascii(vec!["E".into()])),
        field(Tag::GPSLongitude, degrees(119, 1)),
    ];
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut written = Cursor::new(Vec::new());
    writer.write(&mut written, false).unwrap();
    written.into_inner()
}

fn encode(kind: MediaKind, picture: &RgbImage, exif: Option<Vec<u8>>) -> Vec<u8> {
    fn write(mut encoder: impl ImageEncoder, picture: &RgbImage, exif: Option<Vec<u8>>) {
        if let Some(exif) = exif {
            encoder.set_exif_metadata(exif).unwrap();
        }
        let (width, height) = picture.dimensions();
        let colour = image::ExtendedColorType::Rgb8;
        encoder.write_image(picture, width, height, colour).unwrap();
    }
    let mut file = Vec::new();
    match kind {
        MediaKind::Jpeg => write(JpegEncoder::new_with_quality(&mut file, 95), picture, exif),
        MediaKind::Png => write(PngEncoder::new(&mut file), picture, exif),
        MediaKind::Webp => write(WebPEncoder::new_lossless(&mut file), picture, exif),
        MediaKind::Pdf => unreachable!("a document is no picture"),
    }
    file
}

/// The names of everything that another reader finds in a file.
fn tags_in(file: &[u8]) -> Vec<Tag> {
    match exif::Reader::new().read_from_container(&mut Cursor::new(file)) {
        Ok(found) => found.fields().map(|field| field.tag).collect(),
        Err(exif::Error::NotFound(_)) => Vec::new(),
        Err(error) => panic!("the file should be readable: {error}"),
    }
}

fn holds(file: &[u8], text: &[u8]) -> bool {
    memmem::find(file, text).is_some()
}

fn strip_all(file: &[u8]) -> Vec<u8> {
    develop(file).unwrap().stripped.unwrap()
}

#[test]
fn nothing_is_left_of_what_a_phone_writes_but_which_way_is_up() {
    for kind in PHOTOS {
        let picture = picture(64, 48);
        let sent = encode(kind, &picture, Some(exif_of_a_phone(6)));
        let before = tags_in(&sent);
        assert!(before.contains(&Tag::GPSLatitude), "{kind}: {before:?}");
        assert!(holds(&sent, CAMERA.as_bytes()), "{kind}");

        let kept = strip_all(&sent);
        assert_eq!(tags_in(&kept), [Tag::Orientation], "{kind}");
        assert!(!holds(&kept, CAMERA.as_bytes()), "{kind}");
        let [before, after] = [&sent, &kept].map(|file| image::load_from_memory(file).unwrap());
        assert_eq!(before, after, "{kind}: what is drawn stays as it is");
        assert_eq!(
            strip_all(&kept),
            kept,
            "{kind}: the second time changes nothing"
        );
    }
}

/// A chunk of a WebP file.
fn chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    let mut chunk = [&name[..], &length.to_le_bytes(), body].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

#[test]
fn what_hides_in_the_frames_of_a_moving_picture_is_taken_out() {
    let still = encode(MediaKind::Webp, &picture(64, 48), None);
    // Behind `RIFF`, a length and `WEBP` stands the picture alone.
    let drawn = &still[12..];
    let size = [63, 0, 0, 47, 0, 0];
    // At the corner, as large as the whole, for a tenth of a second.
    let head = [&[0; 6], &size[..], &[100, 0, 0, 0]].concat();
    let hidden = chunk(*b"EXIF", CAMERA.as_bytes());
    let unknown = chunk(*b"ABCD", CAMERA.as_bytes());
    let frame = |more: &[&[u8]]| chunk(*b"ANMF", &[&head[..], &more.concat()].concat());
    let moving = |frame: Vec<u8>| {
        let extended = chunk(*b"VP8X", &[&[0b10, 0, 0, 0], &size[..]].concat());
        let endless = chunk(*b"ANIM", &[0; 6]);
        let body = [&b"WEBP"[..], &extended, &endless, &frame].concat();
        chunk(*b"RIFF", &body)
    };
    let sent = moving(frame(&[drawn, &unknown, &hidden]));
    assert!(image::load_from_memory(&sent).is_ok());
    assert_eq!(strip_all(&sent), moving(frame(&[drawn])));
}

#[test]
fn a_picture_that_lies_as_it_is_drawn_keeps_no_exif_at_all() {
    for kind in PHOTOS {
        let sent = encode(kind, &picture(64, 48), Some(exif_of_a_phone(1)));
        assert_eq!(tags_in(&strip_all(&sent)), [], "{kind}");
        let plain = encode(kind, &picture(64, 48), None);
        assert_eq!(
            strip_all(&plain),
            plain,
            "{kind}: there was nothing to take out"
        );
    }
}

#[test]
fn what_stands_between_scans_and_behind_the_end_of_a_jpeg_is_taken_out() {
    let picture = picture(64, 48);
    let plain = encode(MediaKind::Jpeg, &picture, None);
    let second = encode(MediaKind::Jpeg, &picture, Some(exif_of_a_phone(1)));
    let (drawn, end) = plain.split_at(plain.len() - 2);
    let comment = [&[0xFF, 0xFE, 0, 17], CAMERA.as_bytes()].concat();
    let sent = [drawn, &comment, end, &second].concat();
    assert_eq!(strip_all(&sent), plain);
}

#[test]
fn small_copies_and_what_programs_add_to_a_jpeg_are_taken_out() {
    let plain = encode(MediaKind::Jpeg, &picture(64, 48), None);
    let jfif_at = memmem::find(&plain, b"JFIF").unwrap() - 4;
    let (front, rest) = plain.split_at(jfif_at + 18);
    let added = |marker: u8, start: &[u8]| {
        let content = [start, CAMERA.as_bytes()].concat();
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker][..], &length, &content].concat()
    };
    for (marker, start) in [
        (0xE0, &b"JFXX\0"[..]),
        (0xE0, b"JFIF\0\x01\x02"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
        (0xE2, b"MPF\0"),
        (0xED, b"Photoshop 3.0\0"),
        (0xEE, b"Adobe"),
        (0xFE, b""),
    ] {
        let sent = [front, &added(marker, start), rest].concat();
        assert_eq!(strip_all(&sent), plain, "{marker:02X} {start:?}");
    }
    let colours = added(0xE2, b"ICC_PROFILE\0\x01\x01");
    let sent = [front, &colours, rest].concat();
    assert_eq!(strip_all(&sent), sent, "what says how colours look is kept");
}

#[test]
fn texts_and_whatever_follows_the_end_of_a_png_are_taken_out() {
    let plain = encode(MediaKind::Png, &picture(64, 48), None);
    let mut crc = flate2::Crc::new();
    let text = [&b"tEXtComment\0"[..], CAMERA.as_bytes()].concat();
    crc.update(&text);
    let length = u32::try_from(text.len() - 4).unwrap().to_be_bytes();
    let chunk = [&length[..], &text, &crc.sum().to_be_bytes()].concat();
    // Behind the signature and the header.
    let (front, rest) = plain.split_at(8 + 25);
    let sent = [front, &chunk, rest, CAMERA.as_bytes()].concat();
    assert_eq!(strip_all(&sent), plain);
}

#[test]
fn thumbnails_are_upright_whichever_way_the_camera_was_held() {
    // Where what is stored at the top left and at the top right is seen, as (right, below):
    // the table of Exif 2.32, 4.6.4, Orientation.
    let seen = [
        (1, (false, false), (true, false)),
        (2, (true, false), (false, false)),
        (3, (true, true), (false, true)),
        (4, (false, true), (true, true)),
        (5, (false, false), (false, true)),
        (6, (true, false), (true, true)),
        (7, (true, true), (true, false)),
        (8, (false, true), (false, false)),
    ];
    for kind in PHOTOS {
        for (orientation, red, blue) in seen {
            let sent = encode(kind, &picture(640, 400), Some(exif_of_a_phone(orientation)));
            let photo = develop(&sent).unwrap().photo.unwrap();
            let lies = orientation <= 4;
            let size = (photo.size.width, photo.size.height);
            assert_eq!(size, if lies { (640, 400) } else { (400, 640) });
            let small = image::load_from_memory(&photo.thumbnail).unwrap();
            let small_size = (small.width(), small.height());
            assert_eq!(small_size, if lies { (320, 200) } else { (200, 320) });
            for (corner, colour) in [(red, RED), (blue, BLUE)] {
                let found = pixel_at(&small, corner);
                let far = found
                    .0
                    .iter()
                    .zip(colour.0)
                    .any(|(a, b)| a.abs_diff(b) > 40);
                assert!(!far, "{kind}, {orientation}: {found:?} at {corner:?}");
            }
        }
    }
}

fn pixel_at(picture: &DynamicImage, (right, below): (bool, bool)) -> Rgb<u8> {
    let near = |far: bool, length: u32| if far { length - 8 } else { 7 };
    let (x, y) = (near(right, picture.width()), near(below, picture.height()));
    *picture.to_rgb8().get_pixel(x, y)
}

#[test]
fn a_small_picture_is_not_made_larger_and_what_is_transparent_is_white() {
    let clear = image::RgbaImage::from_pixel(20, 10, image::Rgba([0, 0, 0, 0]));
    let mut sent = Cursor::new(Vec::new());
    clear.write_to(&mut sent, image::ImageFormat::Png).unwrap();
    let photo = develop(&sent.into_inner()).unwrap().photo.unwrap();
    let small = image::load_from_memory(&photo.thumbnail).unwrap();
    assert_eq!((small.width(), small.height()), (20, 10));
    assert!(
        small
            .to_rgb8()
            .pixels()
            .all(|pixel| pixel.0.iter().all(|part| *part > 250))
    );
}

/// A PNG that promises a size and has next to nothing in it.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let chunk = |name: &[u8], content: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(content);
        let length = u32::try_from(content.len()).unwrap();
        [
            &length.to_be_bytes()[..],
            name,
            content,
            &crc.sum().to_be_bytes(),
        ]
        .concat()
    };
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 2, 0, 0, 0],
    ]
    .concat();
    [
        strip::PNG_SIGNATURE,
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0x78, 0x9C, 3, 0, 0, 0, 0, 1]),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn a_picture_that_would_fill_the_memory_is_not_unpacked() {
    for (width, height) in [(60_000, 60_000), (7_142, 7_142)] {
        let refused = develop(&bomb(width, height));
        assert!(
            matches!(refused, Err(MediaFault::TooManyPoints { width: w, height: h }) if (w, h) == (width, height)),
            "{width} × {height}: {refused:?}"
        );
    }
    // One line alone would be too long.
    let refused = develop(&bomb(u32::MAX >> 1, 1));
    assert!(
        matches!(refused, Err(MediaFault::TooMuchMemory)),
        "{refused:?}"
    );
    // As many as are unpacked, if there were anything to unpack.
    let refused = develop(&bomb(7_140, 7_140));
    assert!(
        matches!(refused, Err(MediaFault::Damaged { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_jpeg_of_endless_scans_is_not_unpacked() {
    let plain = encode(MediaKind::Jpeg, &picture(16, 16), None);
    let scan_at = memmem::find(&plain, &[0xFF, 0xDA]).unwrap();
    let (front, scan) = plain.split_at(scan_at);
    let scan = &scan[..scan.len() - 2];
    let times = |count| [front, &scan.repeat(count), &[0xFF, 0xD9]].concat();
    let refused = develop(&times(101));
    assert!(
        matches!(refused, Err(MediaFault::Damaged { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_file_is_told_by_what_it_holds() {
    for kind in PHOTOS {
        assert_eq!(recognise(&encode(kind, &picture(8, 8), None)), Some(kind));
    }
    assert_eq!(recognise(b"%PDF-1.7\n"), Some(MediaKind::Pdf));
    for other in [
        &b""[..],
        b"GIF89a",
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x18ftypheic",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b" %PDF-1.7",
    ] {
        assert_eq!(recognise(other), None, "{other:?}");
        assert!(matches!(develop(other), Err(MediaFault::UnknownKind)));
    }
}

#[test]
fn a_document_is_kept_as_it_is_when_it_has_an_end() {
    let whole = develop(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n").unwrap();
    assert_eq!(whole.kind, MediaKind::Pdf);
    assert!(whole.stripped.is_none() && whole.photo.is_none());
    let cut = develop(b"%PDF-1.7\n1 0 obj\n");
    assert!(matches!(
        cut,
        Err(MediaFault::Damaged {
            kind: MediaKind::Pdf,
            ..
        })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_file_that_is_cut_off_tells_no_place(
        kind in prop::sample::select(&PHOTOS[..]),
        cut in 0..2_000_usize,
    ) {
        let mut file = encode(kind, &picture(16, 16), Some(exif_of_a_phone(3)));
        file.truncate(file.len().saturating_sub(cut));
        if let Ok(Developed { stripped: Some(kept), .. }) = develop(&file) {
            prop_assert!(!holds(&kept, CAMERA.as_bytes()));
        }
    }

    #[test]
    fn damage_is_refused_or_taken_in_and_never_panics(
        kind in prop::sample::select(&PHOTOS[..]),
        hits in prop::collection::vec((0..2_000_usize, any::<u8>()), 1..4),
    ) {
        let mut file = encode(kind, &picture(16, 16), Some(exif_of_a_phone(3)));
        for (at, byte) in hits {
            let length = file.len();
            file[at % length] = byte;
        }
        if let Ok(developed) = develop(&file) {
            prop_assert!(developed.photo.is_some());
        }
    }
}
