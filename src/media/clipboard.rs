//! Pictures on their way to and from the clipboard, which speaks straight alpha.

use ::image::codecs::png::{CompressionType, FilterType, PngEncoder};
use ::image::{ExtendedColorType, ImageEncoder as _};

use crate::model::Pixels;

use super::MediaError;

/// A PNG file of straight (not premultiplied) RGBA pixels, such as the clipboard delivers.
///
/// # Errors
/// [`MediaError::Broken`] if there are no pixels or their number does not fit `width` × `height`.
pub fn pixels_to_png(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, MediaError> {
    let expected = u128::from(width) * u128::from(height) * 4;
    if expected == 0 || rgba.len() as u128 != expected {
        return Err(MediaError::broken(format!(
            "{} bytes are not {width} × {height} pixels",
            rgba.len()
        )));
    }
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
        .write_image(rgba, width, height, ExtendedColorType::Rgba8)?;
    Ok(png)
}

/// The pixels with straight alpha, as other programs expect them.
pub fn straight_rgba(pixels: &Pixels) -> Vec<u8> {
    let mut rgba = pixels.rgba.to_vec();
    for pixel in rgba.as_chunks_mut::<4>().0 {
        let alpha = u32::from(pixel[3]);
        if alpha != 0 && alpha != 255 {
            for channel in &mut pixel[..3] {
                let straight = (u32::from(*channel) * 255 + alpha / 2) / alpha;
                *channel = straight.min(255) as u8;
            }
        }
    }
    rgba
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_holds_exactly_the_pixels() {
        let rgba = [255, 0, 0, 255, 0, 255, 0, 128];
        let png = pixels_to_png(2, 1, &rgba).unwrap();
        let image = ::image::load_from_memory(&png).unwrap();
        assert_eq!(image.into_rgba8().into_raw(), rgba);
    }

    #[test]
    fn a_wrong_number_of_bytes_is_refused() {
        assert!(pixels_to_png(2, 2, &[0; 15]).is_err());
        assert!(pixels_to_png(0, 2, &[]).is_err());
        assert!(pixels_to_png(u32::MAX, u32::MAX, &[0; 4]).is_err());
    }

    #[test]
    fn alpha_is_divided_out_again() {
        let pixels = Pixels {
            width: 3,
            height: 1,
            rgba: vec![64, 32, 0, 128, 9, 9, 9, 255, 0, 0, 0, 0].into(),
            original: (3, 1),
        };
        assert_eq!(
            straight_rgba(&pixels),
            [128, 64, 0, 128, 9, 9, 9, 255, 0, 0, 0, 0]
        );
    }
}
