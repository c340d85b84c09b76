//! Colour as the eye sees it: OKLCH values, mixing in Oklab, and the way back to pixels.

use oklab::{Oklab, Rgb};

/// An sRGB pixel.
pub type Pixel = [u8; 3];

/// A colour by lightness (0.0 to 1.0), chroma (0.0 to about 0.37) and hue (degrees).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lch {
    pub l: f32,
    pub c: f32,
    pub h: f32,
}

impl Lch {
    /// Black.
    pub const BLACK: Self = Self::new(0.0, 0.0, 0.0);
    /// White.
    pub const WHITE: Self = Self::new(1.0, 0.0, 0.0);

    /// From lightness, chroma and hue in degrees.
    pub const fn new(l: f32, c: f32, h: f32) -> Self {
        Self { l, c, h }
    }

    /// From a pixel.
    pub fn from_pixel(pixel: Pixel) -> Self {
        Self::from_lab(lab(pixel))
    }

    /// From Oklab.
    pub fn from_lab(lab: Oklab) -> Self {
        Self {
            l: lab.l,
            c: lab.a.hypot(lab.b),
            h: lab.b.atan2(lab.a).to_degrees().rem_euclid(360.0),
        }
    }

    /// To Oklab.
    pub fn lab(self) -> Oklab {
        let (sin, cos) = self.h.to_radians().sin_cos();
        Oklab {
            l: self.l,
            a: self.c * cos,
            b: self.c * sin,
        }
    }

    /// To a pixel. A colour no screen can show loses chroma, never hue or lightness.
    pub fn pixel(self) -> Pixel {
        let l = self.l.clamp(0.0, 1.0);
        let asked = Self { l, ..self };
        if asked.shows() {
            return pixel(asked.lab());
        }
        let (mut low, mut high) = (0.0, self.c);
        for _ in 0..12 {
            let middle = (low + high) / 2.0;
            if (Self { c: middle, ..asked }).shows() {
                low = middle;
            } else {
                high = middle;
            }
        }
        pixel(Self { c: low, ..asked }.lab())
    }

    fn shows(self) -> bool {
        let linear = self.lab().to_linear_rgb();
        [linear.r, linear.g, linear.b]
            .iter()
            .all(|channel| (-0.0005..=1.0005).contains(channel))
    }

    /// Another lightness.
    pub fn with_l(self, l: f32) -> Self {
        Self {
            l: l.clamp(0.0, 1.0),
            ..self
        }
    }

    /// Another chroma.
    pub fn with_c(self, c: f32) -> Self {
        Self {
            c: c.max(0.0),
            ..self
        }
    }

    /// Lighter by `amount`, or darker when negative.
    pub fn lighter(self, amount: f32) -> Self {
        self.with_l(self.l + amount)
    }

    /// Turned around the hue circle.
    pub fn turned(self, degrees: f32) -> Self {
        Self {
            h: (self.h + degrees).rem_euclid(360.0),
            ..self
        }
    }

    /// A mix in Oklab, where halfway looks halfway.
    pub fn mix(self, other: Self, t: f32) -> Self {
        Self::from_lab(mix_lab(self.lab(), other.lab(), t))
    }

    /// How different two colours look; about 0.02 is just visible.
    pub fn distance(self, other: Self) -> f32 {
        distance(self.lab(), other.lab())
    }
}

/// A pixel in Oklab.
pub fn lab(pixel: Pixel) -> Oklab {
    oklab::srgb_to_oklab(Rgb::new(pixel[0], pixel[1], pixel[2]))
}

/// An Oklab colour as a pixel, each channel clipped.
pub fn pixel(lab: Oklab) -> Pixel {
    let rgb = lab.to_srgb();
    [rgb.r, rgb.g, rgb.b]
}

/// `#RRGGBB`.
pub fn hex(pixel: Pixel) -> String {
    format!("#{:02X}{:02X}{:02X}", pixel[0], pixel[1], pixel[2])
}

/// Reads `#RRGGBB`, `RRGGBB` or `#RGB`.
pub fn parse_hex(text: &str) -> Option<Pixel> {
    let digits = text.trim().trim_start_matches('#');
    let nibble = |index: usize| {
        digits
            .as_bytes()
            .get(index)
            .and_then(|byte| (*byte as char).to_digit(16))
    };
    match digits.len() {
        6 => {
            let pair = |index| Some((nibble(index)? * 16 + nibble(index + 1)?) as u8);
            Some([pair(0)?, pair(2)?, pair(4)?])
        }
        3 if text.trim().starts_with('#') => {
            let single = |index| Some((nibble(index)? * 17) as u8);
            Some([single(0)?, single(1)?, single(2)?])
        }
        _ => None,
    }
}

/// A mix of two Oklab colours.
pub fn mix_lab(from: Oklab, to: Oklab, t: f32) -> Oklab {
    Oklab {
        l: from.l + (to.l - from.l) * t,
        a: from.a + (to.a - from.a) * t,
        b: from.b + (to.b - from.b) * t,
    }
}

/// Distance in Oklab.
pub fn distance(one: Oklab, other: Oklab) -> f32 {
    let (l, a, b) = (one.l - other.l, one.a - other.a, one.b - other.b);
    (l * l + a * a + b * b).sqrt()
}

/// The colour at `t` along stops that are evenly spaced.
pub fn along(stops: &[Lch], t: f32) -> Lch {
    let last = stops.len() - 1;
    let place = t.clamp(0.0, 1.0) * last as f32;
    let index = (place as usize).min(last.saturating_sub(1));
    stops[index].mix(stops[(index + 1).min(last)], place - index as f32)
}

/// WCAG contrast of two pixels, 1.0 to 21.0.
pub fn contrast(one: Pixel, other: Pixel) -> f32 {
    let light = |pixel: Pixel| {
        let linear = lab(pixel).to_linear_rgb();
        0.2126 * linear.r + 0.7152 * linear.g + 0.0722 * linear.b
    };
    let (a, b) = (light(one), light(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_survive_the_way_through_oklch() {
        for pixel in [[0, 0, 0], [255, 255, 255], [200, 30, 90], [12, 140, 133]] {
            assert_eq!(Lch::from_pixel(pixel).pixel(), pixel);
        }
    }

    #[test]
    fn colours_out_of_gamut_keep_hue_and_lightness() {
        let asked = Lch::new(0.5, 0.4, 195.0);
        let got = Lch::from_pixel(asked.pixel());
        assert!(
            (got.l - 0.5).abs() < 0.02 && (got.h - 195.0).abs() < 3.0,
            "{got:?}"
        );
        assert!(got.c > 0.05, "lost too much chroma: {got:?}");
    }

    #[test]
    fn hex_is_read_and_written() {
        assert_eq!(parse_hex("#0c8C85"), Some([12, 140, 133]));
        assert_eq!(parse_hex("#fa0"), Some([255, 170, 0]));
        assert_eq!(parse_hex("teal"), None);
        assert_eq!(hex([12, 140, 133]), "#0C8C85");
    }
}
