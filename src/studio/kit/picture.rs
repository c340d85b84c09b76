//! Pictures in and out: decoding under limits, scaling, encoding, and the grain that hides banding.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageReader, Limits, RgbImage,
};

use super::answers::invalid;
use super::seed::Rng;
use crate::studio::job::{Body, Failure, Made, Media};
use crate::wire::IoType;

/// The longest side of a picture, in pixels, that a technique works on.
pub const WORKING_SIDE: u32 = 1600;

const MAX_SIDE: u32 = 16_384;
const MAX_PIXELS: u64 = 150_000_000;
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// Decodes a picture upright, on white where it was transparent, no larger than `longest` on its longer side.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` naming the input, when it is no picture, broken, or too large.
pub fn decode(media: &Media, input: &str, longest: u32) -> Result<RgbImage, Failure> {
    let mut reader = ImageReader::new(Cursor::new(media.bytes.as_ref()))
        .with_guessed_format()
        .map_err(|_| unreadable(media, input))?;
    reader.limits(limits());
    let mut decoder = reader
        .into_decoder()
        .map_err(|_| unreadable(media, input))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(invalid(format!(
            "{input} has {width} × {height} pixels; pictures of up to 150 megapixels work"
        )));
    }
    let upright = decoder
        .orientation()
        .unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| {
        invalid(format!(
            "{input} is damaged: {} could not be read to its end",
            media.name
        ))
    })?;
    picture.apply_orientation(upright);
    Ok(fit_within(&flatten(picture), longest))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    limits
}

fn unreadable(media: &Media, input: &str) -> Failure {
    let found = infer::get(&media.bytes).map(|kind| kind.extension().to_uppercase());
    invalid(match found.as_deref() {
        Some("JPG" | "PNG" | "GIF" | "WEBP" | "BMP" | "TIF") => {
            format!(
                "{input} is damaged: {} could not be read, or is larger than 16384 pixels",
                media.name
            )
        }
        Some(kind) => {
            format!("{input} is {kind}, which is not read here; use JPEG, PNG, WebP or GIF")
        }
        None => format!("{input} is not a picture: {} could not be read", media.name),
    })
}

fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let mut pixels = Vec::with_capacity(rgba.as_raw().len() / 4 * 3);
    for pixel in rgba.as_raw().chunks_exact(4) {
        let alpha = u32::from(pixel[3]);
        for channel in &pixel[..3] {
            pixels.push(((u32::from(*channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
        }
    }
    RgbImage::from_raw(rgba.width(), rgba.height(), pixels).expect("three bytes a pixel")
}

/// Scales down so that the longer side is at most `longest`; never up.
pub fn fit_within(picture: &RgbImage, longest: u32) -> RgbImage {
    if picture.width().max(picture.height()) <= longest {
        picture.clone()
    } else {
        fit_to(picture, longest)
    }
}

/// Scales so that the longer side is exactly `longest`, up as well as down.
pub fn fit_to(picture: &RgbImage, longest: u32) -> RgbImage {
    let scale = f64::from(longest) / f64::from(picture.width().max(picture.height()));
    let size = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    resize(picture, size(picture.width()), size(picture.height()))
}

/// Scales to a size.
pub fn resize(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    scale(DynamicImage::ImageRgb8(picture.clone()), width, height)
}

/// Cuts out `(left, top, width, height)` and scales it to a size.
pub fn crop(picture: &RgbImage, area: (f64, f64, f64, f64), width: u32, height: u32) -> RgbImage {
    let within = |at: f64, size: u32| (at.round().max(0.0) as u32).min(size);
    let (left, right) = (
        within(area.0, picture.width() - 1),
        within(area.0 + area.2, picture.width()),
    );
    let (top, bottom) = (
        within(area.1, picture.height() - 1),
        within(area.1 + area.3, picture.height()),
    );
    let whole = DynamicImage::ImageRgb8(picture.clone());
    let cut = whole.crop_imm(left, top, (right - left).max(1), (bottom - top).max(1));
    scale(cut, width, height)
}

/// Scaling goes through [`DynamicImage`], whose methods are compiled, and so optimised, with the image crate.
/// The generic functions behind them would be compiled with this crate, and crawl in a development build.
fn scale(picture: DynamicImage, width: u32, height: u32) -> RgbImage {
    let (width, height) = (width.max(1), height.max(1));
    let scaled = if (picture.width(), picture.height()) == (width, height) {
        picture
    } else if picture.width() > width * 4 && picture.height() > height * 4 {
        picture.thumbnail_exact(width, height)
    } else {
        picture.resize_exact(width, height, FilterType::CatmullRom)
    };
    scaled.into_rgb8()
}

/// Scales and cuts the sides evenly so that the picture fills a size.
pub fn cover(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (f64::from(width) / w).max(f64::from(height) / h);
    let (cw, ch) = (
        (f64::from(width) / scale).min(w),
        (f64::from(height) / scale).min(h),
    );
    crop(
        picture,
        ((w - cw) / 2.0, (h - ch) / 2.0, cw, ch),
        width,
        height,
    )
}

/// Adds a fine grain of up to `strength` steps a channel, the same every time. Repeats every 256 pixels,
/// so it has no seams on tiles whose size is a multiple of that.
pub fn grain(picture: &mut RgbImage, strength: f32) {
    let mut rng = Rng::new(0x6772_6169_6e21);
    let speckle: Vec<i16> = (0..256 * 256)
        .map(|_| (rng.normal() * strength * 0.6).round() as i16)
        .collect();
    let width = picture.width() as usize;
    for (y, row) in picture.chunks_exact_mut(width * 3).enumerate() {
        let line = &speckle[(y & 255) * 256..][..256];
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let step = line[x & 255];
            if step != 0 {
                for channel in pixel {
                    *channel = (i16::from(*channel) + step).clamp(0, 255) as u8;
                }
            }
        }
    }
}

/// Encodes as PNG.
pub fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, PngFilter::Adaptive)
        .write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .expect("writing to memory does not fail");
    bytes
}

/// Encodes as JPEG with a quality of up to 100.
pub fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .expect("writing to memory does not fail");
    bytes
}

/// A PNG as a run's output.
pub fn made_png(picture: &RgbImage) -> Made {
    made("png", "image/png", png(picture))
}

/// A JPEG as a run's output, for photographic results.
pub fn made_jpeg(picture: &RgbImage) -> Made {
    made("jpg", "image/jpeg", jpeg(picture, 92))
}

fn made(extension: &'static str, content_type: &'static str, bytes: Vec<u8>) -> Made {
    Made {
        kind: IoType::ImageUrl,
        body: Body::File {
            extension,
            content_type,
            bytes,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(bytes: Vec<u8>) -> Media {
        Media {
            name: "a.png".into(),
            content_type: "image/png".into(),
            bytes: bytes.into(),
        }
    }

    #[test]
    fn a_cut_picture_fails_and_names_its_input() {
        let mut bytes = png(&RgbImage::from_pixel(64, 64, image::Rgb([9, 90, 200])));
        bytes.truncate(bytes.len() / 2);
        let failure = decode(&media(bytes), "Reference picture", 1600).expect_err("half a picture");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
        assert!(failure.message.contains("Reference picture"), "{failure}");
    }

    #[test]
    fn what_is_no_picture_is_said_to_be_none() {
        let failure =
            decode(&media(b"%PDF-1.7 hello".to_vec()), "Picture", 1600).expect_err("a document");
        assert!(failure.message.contains("PDF"), "{failure}");
        let failure = decode(&media(b"hello".to_vec()), "Picture", 1600).expect_err("text");
        assert!(failure.message.contains("not a picture"), "{failure}");
    }

    #[test]
    fn sizes_are_checked_before_pixels_are_made() {
        let mut bytes = png(&RgbImage::new(4, 4));
        // The header alone asks for 20000 × 20000.
        bytes[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        let failure = decode(&media(bytes), "Picture", 1600).expect_err("huge");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        })
    }

    #[test]
    fn large_pictures_are_worked_on_at_a_sensible_size() {
        let bytes = png(&RgbImage::new(3000, 1500));
        let picture = decode(&media(bytes), "Picture", 1600).expect("a fine picture");
        assert_eq!(picture.dimensions(), (1600, 800));
    }
}
