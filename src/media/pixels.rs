//! From a decoded picture to [`Pixels`]: fitted, upright, premultiplied.

use ::image::metadata::Orientation;
use ::image::{DynamicImage, RgbaImage};
use fast_image_resize::{FilterType, MulDiv, ResizeAlg, ResizeOptions, Resizer};

use crate::model::Pixels;

use super::MediaError;

/// What becomes of a decoded picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finish {
    /// How it has to be turned to stand upright.
    pub(super) orientation: Orientation,
    /// Pixels on the longest side; it is never enlarged to that.
    pub(super) side: u32,
    /// Pixels of the original, before it is turned.
    pub(super) original: (u32, u32),
}

/// Fits, turns and premultiplies a picture, which may already be smaller than its original.
pub(super) fn finish(image: DynamicImage, finish: Finish) -> Result<Pixels, MediaError> {
    let Finish {
        orientation,
        side,
        original,
    } = finish;
    let (width, height) = fitted(original, side);
    let mut image = resized(premultiplied(image), width, height)?;
    image.apply_orientation(orientation);
    let rgba = into_rgba(image);
    Ok(Pixels {
        width: rgba.width(),
        height: rgba.height(),
        rgba: rgba.into_raw().into(),
        original: turned(original, orientation),
    })
}

/// Width and height inside a square of `side` pixels, with the same aspect, never larger than before.
pub(super) fn fitted((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    if longest <= side {
        return (width.max(1), height.max(1));
    }
    let scaled = |length: u32| {
        let exact = f64::from(length) * f64::from(side) / f64::from(longest);
        (exact.round() as u32).max(1)
    };
    (scaled(width), scaled(height))
}

/// Width and height after turning.
pub(super) fn turned((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        _ => (width, height),
    }
}

/// Eight bits a channel, colours multiplied by alpha: only so may neighbouring pixels be averaged, and
/// only so does the window blend them.
fn premultiplied(image: DynamicImage) -> DynamicImage {
    let image = match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => return image,
        DynamicImage::ImageLuma16(_) => return DynamicImage::ImageLuma8(image.into_luma8()),
        opaque if !opaque.color().has_alpha() => {
            return DynamicImage::ImageRgb8(opaque.into_rgb8());
        }
        other => other.into_rgba8(),
    };
    let mut image = DynamicImage::ImageRgba8(image);
    MulDiv::new()
        .multiply_alpha_inplace(&mut image)
        .expect("RGBA of 8 bits has alpha to multiply by");
    image
}

/// Scales with a Lanczos filter. A picture much larger than wanted is first averaged down to twice the
/// size, which looks the same and costs a fraction.
fn resized(image: DynamicImage, width: u32, height: u32) -> Result<DynamicImage, MediaError> {
    if (image.width(), image.height()) == (width, height) {
        return Ok(image);
    }
    let halfway = (width.saturating_mul(2), height.saturating_mul(2));
    let far = image.width() / 2 >= halfway.0 && image.height() / 2 >= halfway.1;
    let image = if far {
        scaled(&image, halfway.0, halfway.1, FilterType::Box)?
    } else {
        image
    };
    let mut image = scaled(&image, width, height, FilterType::Lanczos3)?;
    if let DynamicImage::ImageRgba8(rgba) = &mut image {
        clamp_to_alpha(rgba);
    }
    Ok(image)
}

fn scaled(
    image: &DynamicImage,
    width: u32,
    height: u32,
    filter: FilterType,
) -> Result<DynamicImage, MediaError> {
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .use_alpha(false);
    let mut target = DynamicImage::new(width, height, image.color());
    Resizer::new()
        .resize(image, &mut target, &options)
        .map_err(|error| MediaError::broken(error.to_string()))?;
    Ok(target)
}

/// Lanczos overshoots at edges; a premultiplied colour above its alpha would glow.
fn clamp_to_alpha(image: &mut RgbaImage) {
    for pixel in image.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        pixel.0 = [red.min(alpha), green.min(alpha), blue.min(alpha), alpha];
    }
}

/// Without conversion where it already is RGBA; without `image`'s generic loop for the common RGB.
fn into_rgba(image: DynamicImage) -> RgbaImage {
    match image {
        DynamicImage::ImageRgb8(rgb) => {
            let (width, height) = rgb.dimensions();
            let (source, _) = rgb.as_raw().as_chunks::<3>();
            let rgba = source.iter().flat_map(|&[r, g, b]| [r, g, b, 255]);
            RgbaImage::from_raw(width, height, rgba.collect())
                .expect("four bytes were written for every pixel")
        }
        other => other.into_rgba8(),
    }
}

#[cfg(test)]
mod tests {
    use ::image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba};

    use super::*;

    fn plain(side: u32, original: (u32, u32)) -> Finish {
        Finish {
            orientation: Orientation::NoTransforms,
            side,
            original,
        }
    }

    #[test]
    fn a_picture_is_fitted_with_its_aspect_and_never_enlarged() {
        assert_eq!(fitted((4000, 3000), 320), (320, 240));
        assert_eq!(fitted((1000, 2000), 320), (160, 320));
        assert_eq!(fitted((10_000, 3), 320), (320, 1));
        assert_eq!(fitted((40, 30), 320), (40, 30));
    }

    #[test]
    fn transparent_colours_do_not_bleed_into_their_neighbours() {
        let image = RgbaImage::from_fn(64, 64, |x, _| {
            if x < 32 {
                Rgba([255, 0, 0, 0])
            } else {
                Rgba([0, 0, 255, 255])
            }
        });
        let pixels = finish(DynamicImage::ImageRgba8(image), plain(16, (64, 64))).unwrap();
        assert_eq!((pixels.width, pixels.height), (16, 16));
        for pixel in pixels.rgba.as_chunks::<4>().0 {
            assert_eq!(pixel[0], 0, "red was invisible, so none of it may appear");
            assert!(pixel[2] <= pixel[3], "premultiplied: {pixel:?}");
        }
    }

    #[test]
    fn half_transparent_white_is_half_grey_premultiplied() {
        let image = RgbaImage::from_pixel(8, 8, Rgba([255, 255, 255, 128]));
        let pixels = finish(DynamicImage::ImageRgba8(image), plain(8, (8, 8))).unwrap();
        assert_eq!(pixels.rgba[..4], [128, 128, 128, 128]);
    }

    #[test]
    fn turning_swaps_the_sides_of_picture_and_original() {
        let image = RgbImage::from_fn(40, 20, |x, _| {
            if x < 20 {
                Rgb([255, 0, 0])
            } else {
                Rgb([0, 255, 0])
            }
        });
        let turn = Finish {
            orientation: Orientation::Rotate90,
            ..plain(20, (40, 20))
        };
        let pixels = finish(DynamicImage::ImageRgb8(image), turn).unwrap();
        assert_eq!((pixels.width, pixels.height), (10, 20));
        assert_eq!(pixels.original, (20, 40));
        assert_eq!(
            pixels.rgba[..4],
            [255, 0, 0, 255],
            "the left side is on top now"
        );
        let last = pixels.rgba.len() - 4;
        assert_eq!(pixels.rgba[last..], [0, 255, 0, 255]);
    }

    #[test]
    fn deep_and_grey_pictures_become_eight_bit_rgba() {
        let deep = ImageBuffer::<Luma<u16>, _>::from_pixel(9, 9, Luma([0x8000]));
        let pixels = finish(DynamicImage::ImageLuma16(deep), plain(3, (9, 9))).unwrap();
        assert_eq!(pixels.rgba[..4], [128, 128, 128, 255]);
        let grey = GrayImage::from_pixel(900, 900, Luma([77]));
        let pixels = finish(DynamicImage::ImageLuma8(grey), plain(30, (900, 900))).unwrap();
        assert_eq!(pixels.rgba[..4], [77, 77, 77, 255]);
    }
}
