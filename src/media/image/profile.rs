//! Colour profiles: what a picture's numbers mean, made into sRGB.

use ::image::{DynamicImage, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

use crate::media::MediaError;
use crate::media::guard::guarded;

/// Profiles of printers with their tables have two megabytes or three.
const LARGEST: usize = 8 << 20;
/// A difference nobody sees, and what rounding leaves between two ways of writing sRGB down.
const UNSEEN: u8 = 2;
/// Pixels converted at a time.
const PIECE: usize = 16 << 10;

/// The picture in sRGB.
///
/// Without a profile its numbers are sRGB already. A profile that is damaged, or that speaks of other channels than
/// the decoder gave, is no reason not to show the picture: then it stays as it is.
pub(super) fn into_srgb(image: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let Some(profile) = profile else {
        return image;
    };
    // The profile is as foreign as the picture, and its failure must not become the picture's.
    let (colour, alpha) = (image.color().has_color(), image.color().has_alpha());
    match guarded(|| conversion(profile, colour, alpha)) {
        Ok(Some(conversion)) => conversion.apply(image),
        Ok(None) | Err(_) => image,
    }
}

/// From a profile to sRGB, for one layout of channels.
struct Conversion {
    transform: std::sync::Arc<dyn TransformExecutor<u8> + Send + Sync>,
    /// Channels before.
    channels: usize,
}

/// `None` where there is nothing to convert.
fn conversion(profile: &[u8], colour: bool, alpha: bool) -> Result<Option<Conversion>, MediaError> {
    if profile.len() > LARGEST {
        return Ok(None);
    }
    let broken = |error: moxcms::CmsError| MediaError::broken(error.to_string());
    let profile = ColorProfile::new_from_slice(profile).map_err(broken)?;
    let (from, channels) = match (profile.color_space, colour, alpha) {
        (DataColorSpace::Gray, false, false) => (Layout::Gray, 1),
        (DataColorSpace::Gray, false, true) => (Layout::GrayAlpha, 2),
        (DataColorSpace::Rgb, true, false) => (Layout::Rgb, 3),
        (DataColorSpace::Rgb, true, true) => (Layout::Rgba, 4),
        _ => return Ok(None),
    };
    let to = if alpha { Layout::Rgba } else { Layout::Rgb };
    let transform = profile
        .create_transform_8bit(
            from,
            &ColorProfile::new_srgb(),
            to,
            TransformOptions::default(),
        )
        .map_err(broken)?;
    let conversion = Conversion {
        transform,
        channels,
    };
    Ok((!conversion.changes_nothing()).then_some(conversion))
}

impl Conversion {
    /// Most profiles are sRGB in other words: a few colours tell.
    fn changes_nothing(&self) -> bool {
        let steps = (0..=255_u8).step_by(51);
        let mut colours: Vec<[u8; 3]> = Vec::new();
        if self.channels < 3 {
            colours.extend(steps.map(|grey| [grey; 3]));
        } else {
            for red in steps.clone() {
                for green in steps.clone() {
                    colours.extend(steps.clone().map(|blue| [red, green, blue]));
                }
            }
        }
        let has_alpha = self.channels.is_multiple_of(2);
        let colour_channels = self.channels - usize::from(has_alpha);
        let mut before = Vec::new();
        for colour in &colours {
            before.extend_from_slice(&colour[..colour_channels]);
            before.extend(has_alpha.then_some(255));
        }
        let after_channels = self.channels_after();
        let mut after = vec![0; colours.len() * after_channels];
        if self.transform.transform(&before, &mut after).is_err() {
            return true;
        }
        let pixels = after.chunks_exact(after_channels);
        colours.iter().zip(pixels).all(|(before, after)| {
            let channels = before.iter().zip(after);
            channels.fold(0, |most, (a, b)| most.max(a.abs_diff(*b))) <= UNSEEN
        })
    }

    fn channels_after(&self) -> usize {
        3 + usize::from(self.channels.is_multiple_of(2))
    }

    fn apply(&self, image: DynamicImage) -> DynamicImage {
        let (width, height) = (image.width(), image.height());
        let bytes = match self.channels {
            1 => image.into_luma8().into_raw(),
            2 => image.into_luma_alpha8().into_raw(),
            3 => image.into_rgb8().into_raw(),
            _ => image.into_rgba8().into_raw(),
        };
        let has_alpha = self.channels_after() == 4;
        let bytes = self.converted(bytes);
        let image = if has_alpha {
            RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8)
        } else {
            RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
        };
        image.expect("as many pixels come out as went in")
    }

    /// Converted piece by piece, in place where the number of channels stays the same.
    fn converted(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let (before, after) = (self.channels, self.channels_after());
        if before == after {
            let mut copy = Vec::with_capacity(PIECE * before);
            for piece in bytes.chunks_mut(PIECE * before) {
                copy.clear();
                copy.extend_from_slice(piece);
                // A piece that cannot be converted stays as it is.
                let _ = self.transform.transform(&copy, piece);
            }
            return bytes;
        }
        let mut converted = vec![0; bytes.len() / before * after];
        let pieces = bytes.chunks(PIECE * before);
        for (from, to) in pieces.zip(converted.chunks_mut(PIECE * after)) {
            let _ = self.transform.transform(from, to);
        }
        converted
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use ::image::codecs::jpeg::JpegEncoder;
    use ::image::codecs::png::PngEncoder;
    use ::image::{GrayImage, ImageEncoder, Luma, Rgb, Rgba};

    use super::*;
    use crate::media::fixtures::file;
    use crate::media::{Limits, thumbnail};
    use crate::model::{MediaKind, Pixels};

    fn shown(bytes: &[u8]) -> Pixels {
        let file = file(bytes);
        let made = thumbnail(file.path(), &MediaKind::Image, 64, &Limits::default());
        made.unwrap().unwrap()
    }

    fn png(image: &DynamicImage, profile: Vec<u8>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        image.write_with_encoder(encoder).unwrap();
        bytes.into_inner()
    }

    fn first(pixels: &Pixels) -> [u8; 4] {
        pixels.rgba[..4].try_into().unwrap()
    }

    #[track_caller]
    fn assert_near(found: [u8; 4], expected: [u8; 4]) {
        let near = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 6);
        assert!(near, "{found:?} is not {expected:?}");
    }

    #[test]
    fn wide_colours_are_shown_as_what_they_mean() {
        let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
        let green = RgbImage::from_pixel(40, 30, Rgb([120, 180, 120]));
        // By the matrices and curves of both spaces, worked out by hand.
        let meant = [80, 181, 117, 255];
        let picture = DynamicImage::ImageRgb8(green.clone());
        assert_near(first(&shown(&png(&picture, adobe.clone()))), meant);

        let mut jpeg = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 100);
        encoder.set_icc_profile(adobe).unwrap();
        encoder.encode_image(&green).unwrap();
        assert_near(first(&shown(&jpeg)), meant);
    }

    #[test]
    fn a_profile_keeps_what_can_be_seen_through() {
        let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
        let image = RgbaImage::from_pixel(8, 8, Rgba([255, 255, 255, 128]));
        let pixels = shown(&png(&DynamicImage::ImageRgba8(image), adobe));
        assert_near(first(&pixels), [128, 128, 128, 128]);
    }

    #[test]
    fn grey_has_profiles_too() {
        let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let grey = GrayImage::from_pixel(8, 8, Luma([55]));
        let pixels = shown(&png(&DynamicImage::ImageLuma8(grey), linear));
        // 55 of 255 parts of light are written as 128 in sRGB.
        assert_near(first(&pixels), [128, 128, 128, 255]);
    }

    #[test]
    fn srgb_in_other_words_changes_no_pixel() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        for (colour, alpha) in [(true, false), (true, true)] {
            assert!(conversion(&srgb, colour, alpha).unwrap().is_none());
        }
    }

    #[test]
    fn a_profile_that_does_not_fit_or_is_damaged_leaves_the_picture_alone() {
        let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
        let image = DynamicImage::ImageRgb8(RgbImage::from_pixel(4, 4, Rgb([100, 180, 100])));
        let grey = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        assert_eq!(into_srgb(image.clone(), Some(&grey)), image);
        assert_eq!(into_srgb(image.clone(), Some(b"no profile")), image);
        assert_eq!(into_srgb(image.clone(), None), image);
        for at in 0..adobe.len() {
            for value in [0, 0x7f, 0xff] {
                let mut damaged = adobe.clone();
                damaged[at] = value;
                let shown = into_srgb(image.clone(), Some(&damaged));
                assert_eq!((shown.width(), shown.height()), (4, 4));
            }
            let shown = into_srgb(image.clone(), Some(&adobe[..at]));
            assert_eq!((shown.width(), shown.height()), (4, 4));
        }
    }
}
