//! Pictures: sizes, orientation, transparency, limits.

use ::image::codecs::gif::GifEncoder;
use ::image::{Delay, DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::media::fixtures::{cut_out, encoded, file, jpeg, photo, repair_png, with_orientation};
use crate::media::{Limits, MediaError, facts, full, thumbnail};
use crate::model::{MediaKind, Pixels};

const FORMATS: [ImageFormat; 6] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
];

fn thumb(bytes: &[u8], side: u32) -> Result<Pixels, MediaError> {
    let file = file(bytes);
    let made = thumbnail(file.path(), &MediaKind::Image, side, &Limits::default());
    made.map(|pixels| pixels.expect("a picture has pixels"))
}

fn size(bytes: &[u8]) -> (Option<u32>, Option<u32>) {
    let facts = facts(file(bytes).path(), &Limits::default()).unwrap();
    (facts.width, facts.height)
}

/// The colour at a place, in parts of the width and height.
fn at(pixels: &Pixels, x: f32, y: f32) -> [u8; 4] {
    let x = (x * pixels.width as f32) as u32;
    let y = (y * pixels.height as f32) as u32;
    let start = (y * pixels.width + x) as usize * 4;
    pixels.rgba[start..start + 4].try_into().unwrap()
}

fn close(a: [u8; 4], b: [u8; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 12)
}

/// Red above, blue below.
fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| {
        if y < height / 2 {
            Rgb([220, 20, 20])
        } else {
            Rgb([20, 20, 220])
        }
    })
}

#[test]
fn every_format_is_measured_and_shown() {
    for format in FORMATS {
        let bytes = encoded(two_halves(800, 400), format);
        assert_eq!(size(&bytes), (Some(800), Some(400)), "{format:?}");
        let pixels = thumb(&bytes, 320).unwrap();
        assert_eq!((pixels.width, pixels.height), (320, 160), "{format:?}");
        assert_eq!(pixels.original, (800, 400), "{format:?}");
        assert!(
            close(at(&pixels, 0.5, 0.2), [220, 20, 20, 255]),
            "{format:?}"
        );
        assert!(
            close(at(&pixels, 0.5, 0.8), [20, 20, 220, 255]),
            "{format:?}"
        );
    }
}

#[test]
fn the_full_size_is_kept_up_to_the_largest_side() {
    let file = file(&encoded(photo(500, 300), ImageFormat::Png));
    let (image, limits) = (MediaKind::Image, Limits::default());
    let whole = full(file.path(), &image, 500, &limits).unwrap().unwrap();
    assert_eq!((whole.width, whole.height), (500, 300));
    let exact: Vec<u8> = photo(500, 300)
        .pixels()
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255])
        .collect();
    assert_eq!(*whole.rgba, *exact, "not a pixel is touched");
    let smaller = full(file.path(), &image, 250, &limits).unwrap().unwrap();
    assert_eq!((smaller.width, smaller.height), (250, 150));
}

#[test]
fn transparency_is_kept_and_premultiplied() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        let pixels = thumb(&encoded(cut_out(900, 900), format), 100).unwrap();
        assert_eq!(at(&pixels, 0.9, 0.5), [0; 4], "{format:?}");
        assert_eq!(at(&pixels, 0.1, 0.5)[3], 255, "{format:?}");
        let (quads, _) = pixels.rgba.as_chunks::<4>();
        assert!(
            quads.iter().all(|p| p[..3].iter().all(|c| *c <= p[3])),
            "{format:?}"
        );
    }
}

#[test]
fn all_eight_orientations_stand_upright() {
    // What is above, and what is left of it, after turning a picture of four colours.
    let image = RgbImage::from_fn(1600, 800, |x, y| match (x < 800, y < 400) {
        (true, true) => Rgb([230, 30, 30]),
        (false, true) => Rgb([30, 230, 30]),
        (true, false) => Rgb([30, 30, 230]),
        (false, false) => Rgb([230, 230, 230]),
    });
    let [red, green, blue, white] = [
        [230, 30, 30, 255],
        [30, 230, 30, 255],
        [30, 30, 230, 255],
        [230, 230, 230, 255],
    ];
    let expected = [
        [red, green, blue, white],
        [green, red, white, blue],
        [white, blue, green, red],
        [blue, white, red, green],
        [red, blue, green, white],
        [blue, red, white, green],
        [white, green, blue, red],
        [green, white, red, blue],
    ];
    let upright = jpeg(&image, 95);
    for (orientation, corners) in (1..).zip(expected) {
        let bytes = with_orientation(&upright, orientation);
        let turned = orientation > 4;
        let expected_size = if turned { (800, 1600) } else { (1600, 800) };
        assert_eq!(size(&bytes), (Some(expected_size.0), Some(expected_size.1)));
        for side in [200, 1600] {
            let pixels = thumb(&bytes, side).unwrap();
            assert_eq!(pixels.original, expected_size, "orientation {orientation}");
            let places = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
            for (corner, (x, y)) in corners.into_iter().zip(places) {
                let found = at(&pixels, x, y);
                assert!(close(found, corner), "orientation {orientation}: {found:?}");
            }
        }
    }
}

#[test]
fn an_animation_shows_its_first_frame() {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for colour in [[250, 0, 0, 255], [0, 250, 0, 255]] {
        let image = RgbaImage::from_pixel(60, 40, Rgba(colour));
        let delay = Delay::from_numer_denom_ms(100, 1);
        encoder
            .encode_frame(Frame::from_parts(image, 0, 0, delay))
            .unwrap();
    }
    drop(encoder);
    let pixels = thumb(&bytes, 60).unwrap();
    assert!(close(at(&pixels, 0.5, 0.5), [250, 0, 0, 255]));
}

#[test]
fn grey_and_deep_pictures_are_shown() {
    let grey = DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(photo(700, 500)).into_luma8());
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let pixels = thumb(&encoded(grey.clone(), format), 64).unwrap();
        let (quads, _) = pixels.rgba.as_chunks::<4>();
        assert!(
            quads
                .iter()
                .all(|p| p[0] == p[1] && p[1] == p[2] && p[3] == 255)
        );
    }
    let deep = DynamicImage::ImageRgb16(DynamicImage::ImageRgb8(two_halves(90, 90)).into_rgb16());
    let pixels = thumb(&encoded(deep, ImageFormat::Png), 30).unwrap();
    assert!(close(at(&pixels, 0.5, 0.2), [220, 20, 20, 255]));
}

#[test]
fn a_jpeg_cut_off_still_shows_what_is_there() {
    let bytes = jpeg(&two_halves(1200, 1200), 90);
    for side in [100, 1200] {
        let pixels = thumb(&bytes[..bytes.len() * 7 / 10], side).unwrap();
        assert_eq!(pixels.original, (1200, 1200));
        assert!(close(at(&pixels, 0.5, 0.2), [220, 20, 20, 255]));
    }
}

#[test]
fn other_pictures_cut_off_are_called_damaged() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
        let bytes = encoded(photo(300, 300), format);
        let error = thumb(&bytes[..bytes.len() / 3], 100).unwrap_err();
        assert!(
            matches!(error, MediaError::Broken { .. }),
            "{format:?}: {error:?}"
        );
    }
}

/// A PNG of a few bytes that claims a size.
fn claimed_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encoded(photo(4, 4), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    repair_png(&mut bytes);
    bytes
}

#[test]
fn a_bomb_is_refused_by_its_header_and_still_measured() {
    let bomb = claimed_png(60_000, 60_000);
    assert_eq!(size(&bomb), (Some(60_000), Some(60_000)));
    let error = thumb(&bomb, 320).unwrap_err();
    assert!(matches!(error, MediaError::TooLarge { .. }), "{error:?}");
    let mut jpeg = jpeg(&photo(16, 16), 90);
    let frame = jpeg.windows(2).position(|it| it == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xfe, 0xff, 0xfe]);
    let error = thumb(&jpeg, 320).unwrap_err();
    assert!(matches!(error, MediaError::TooLarge { .. }), "{error:?}");
}

#[test]
fn a_picture_within_the_pixels_but_not_the_memory_is_too_large() {
    let limits = Limits {
        memory: 1 << 20,
        ..Limits::default()
    };
    let file = file(&encoded(photo(700, 700), ImageFormat::Png));
    let error = thumbnail(file.path(), &MediaKind::Image, 64, &limits).unwrap_err();
    assert!(matches!(error, MediaError::TooLarge { .. }), "{error:?}");
}

#[test]
fn no_time_left_is_said_so() {
    let limits = Limits {
        time: std::time::Duration::ZERO,
        ..Limits::default()
    };
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let file = file(&encoded(photo(700, 700), format));
        let error = thumbnail(file.path(), &MediaKind::Image, 64, &limits).unwrap_err();
        assert!(
            matches!(error, MediaError::TooSlow { .. }),
            "{format:?}: {error:?}"
        );
    }
}

#[test]
fn formats_known_by_name_say_that_they_cannot_be_shown() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let facts = facts(file(heic).path(), &Limits::default()).unwrap();
    assert_eq!(facts.format.as_deref(), Some("HEIC"));
    assert_eq!(facts.mime.as_deref(), Some("image/heic"));
    let error = thumb(heic, 320).unwrap_err();
    assert!(matches!(error, MediaError::Unsupported { format } if format == "HEIC"));
}

#[test]
fn something_else_in_place_of_a_picture_is_named() {
    let error = thumb(b"<!doctype html><title>404</title>", 320).unwrap_err();
    assert!(matches!(error, MediaError::Mismatch { found, .. } if found == "HTML"));
    let error = thumb(&[0, 1, 2, 3, 0xff, 0xfe, 0], 320).unwrap_err();
    assert!(matches!(error, MediaError::Mismatch { .. }), "{error:?}");
    assert!(matches!(thumb(b"", 320), Err(MediaError::Empty)));
}

#[test]
fn a_missing_file_is_an_io_error() {
    let path = std::path::Path::new("no such file");
    let error = thumbnail(path, &MediaKind::Image, 64, &Limits::default()).unwrap_err();
    assert!(matches!(error, MediaError::Io(_)));
}
