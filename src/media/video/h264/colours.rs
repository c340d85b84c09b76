//! From the colours of a film to those of a screen.
//!
//! A stream says by which matrix its brightness and its two colour differences were made. Read by another one,
//! skin turns green and reds turn orange: little enough to be overlooked, and wrong.

use openh264::decoder::DecodedYUV;
use openh264::formats::YUVSource as _;

/// By which weights of red and blue the brightness was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matrix {
    /// Standard definition.
    Bt601,
    /// High definition.
    Bt709,
    Bt2020,
}

/// How a film's numbers become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colours {
    pub(super) matrix: Matrix,
    /// Whether black is 0 and white 255, rather than 16 and 235.
    pub(super) full_range: bool,
}

impl Colours {
    /// By the number that a stream gives its matrix; what says nothing is taken for what is usual at its height.
    pub(super) fn of(matrix: Option<u8>, full_range: bool, height: u32) -> Self {
        const HIGH_DEFINITION: u32 = 720;
        let matrix = match matrix {
            Some(1 | 7) => Matrix::Bt709,
            Some(4..=6) => Matrix::Bt601,
            Some(9 | 10) => Matrix::Bt2020,
            _ if height >= HIGH_DEFINITION => Matrix::Bt709,
            _ => Matrix::Bt601,
        };
        Self { matrix, full_range }
    }

    /// Writes a frame with `N` bytes a pixel: red, green, blue, and opaque alpha if there is room.
    pub(super) fn write<const N: usize>(self, frame: &DecodedYUV<'_>, target: &mut [u8]) {
        const USUAL: Colours = Colours {
            matrix: Matrix::Bt601,
            full_range: false,
        };
        // The decoder's own conversion knows only this kind, and uses the processor better.
        match (self == USUAL, N) {
            (true, 3) => frame.write_rgb8(target),
            (true, 4) => frame.write_rgba8(target),
            _ => self.write_rows::<N>(frame, target),
        }
    }

    fn write_rows<const N: usize>(self, frame: &DecodedYUV<'_>, target: &mut [u8]) {
        let factors = self.factors();
        let (width, height) = frame.dimensions();
        let strides = frame.strides();
        let rows = target.chunks_exact_mut((width * N).max(1)).take(height);
        for (row, pixels) in rows.enumerate() {
            let luma = frame.y().get(row * strides.0..).unwrap_or_default();
            let blue = frame.u().get(row / 2 * strides.1..).unwrap_or_default();
            let red = frame.v().get(row / 2 * strides.2..).unwrap_or_default();
            let colours = blue.iter().zip(red);
            let (pixels, _) = pixels.as_chunks_mut::<N>();
            let pairs = luma[..luma.len().min(width)]
                .chunks(2)
                .zip(pixels.chunks_mut(2));
            for ((blue, red), (lumas, pixels)) in colours.zip(pairs) {
                let difference = factors.difference(*blue, *red);
                for (luma, pixel) in lumas.iter().zip(pixels) {
                    factors.write(*luma, difference, pixel);
                }
            }
        }
    }

    fn factors(self) -> Factors {
        let (red, blue) = match self.matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
            Matrix::Bt2020 => (0.2627, 0.0593),
        };
        let green = 1.0 - red - blue;
        let (black, luma, chroma) = if self.full_range {
            (0, 1.0, 1.0)
        } else {
            (16, 255.0 / 219.0, 255.0 / 224.0)
        };
        let fixed = |factor: f64| (factor * f64::from(ONE)).round() as i32;
        Factors {
            black,
            luma: fixed(luma),
            red: fixed(2.0 * (1.0 - red) * chroma),
            green_by_red: fixed(2.0 * (1.0 - red) * red / green * chroma),
            green_by_blue: fixed(2.0 * (1.0 - blue) * blue / green * chroma),
            blue: fixed(2.0 * (1.0 - blue) * chroma),
        }
    }
}

/// 1 as a fixed-point number.
const ONE: i32 = 1 << BITS;
const BITS: u32 = 14;

/// Fixed-point numbers.
#[derive(Clone, Copy)]
struct Factors {
    black: i32,
    luma: i32,
    red: i32,
    green_by_red: i32,
    green_by_blue: i32,
    blue: i32,
}

impl Factors {
    /// What two neighbouring pixels share: how far their red, green and blue are from grey.
    fn difference(&self, blue: u8, red: u8) -> [i32; 3] {
        let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
        [
            red * self.red,
            -(red * self.green_by_red + blue * self.green_by_blue),
            blue * self.blue,
        ]
    }

    fn write<const N: usize>(&self, luma: u8, difference: [i32; 3], pixel: &mut [u8; N]) {
        let grey = (i32::from(luma) - self.black) * self.luma + ONE / 2;
        for (channel, difference) in pixel.iter_mut().zip(difference) {
            *channel = ((grey + difference) >> BITS).clamp(0, 255) as u8;
        }
        if let Some(alpha) = pixel.get_mut(3) {
            *alpha = 255;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(colours: Colours, [luma, blue, red]: [u8; 3]) -> [u8; 4] {
        let factors = colours.factors();
        let mut pixel = [0; 4];
        factors.write(luma, factors.difference(blue, red), &mut pixel);
        pixel
    }

    #[test]
    fn black_white_and_red_by_each_matrix() {
        let limited = |matrix| Colours {
            matrix,
            full_range: false,
        };
        for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
            assert_eq!(colour(limited(matrix), [16, 128, 128]), [0, 0, 0, 255]);
            assert_eq!(
                colour(limited(matrix), [235, 128, 128]),
                [255, 255, 255, 255]
            );
            let full = Colours {
                matrix,
                full_range: true,
            };
            assert_eq!(colour(full, [0, 128, 128]), [0, 0, 0, 255]);
            assert_eq!(colour(full, [255, 128, 128]), [255, 255, 255, 255]);
        }
        // Pure red, as the standards give it.
        for (matrix, red) in [
            (Matrix::Bt601, [81, 90, 240]),
            (Matrix::Bt709, [63, 102, 240]),
        ] {
            let [r, g, b, _] = colour(limited(matrix), red);
            assert!(r >= 253 && g <= 2 && b <= 2, "{matrix:?}: {r} {g} {b}");
        }
    }

    #[test]
    fn a_stream_that_says_nothing_is_read_as_is_usual_at_its_height() {
        assert_eq!(Colours::of(None, false, 480).matrix, Matrix::Bt601);
        assert_eq!(Colours::of(Some(2), false, 1080).matrix, Matrix::Bt709);
        assert_eq!(Colours::of(Some(6), false, 1080).matrix, Matrix::Bt601);
        assert_eq!(Colours::of(Some(1), false, 480).matrix, Matrix::Bt709);
        assert_eq!(Colours::of(Some(9), true, 480).matrix, Matrix::Bt2020);
    }
}
