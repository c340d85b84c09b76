//! The poster's paper: setting type in boxes and placing art.

use image::RgbImage;
use tiny_skia::Path;

use crate::studio::kit::canvas::{Canvas, Spot};
use crate::studio::kit::colour::{Lch, contrast};
use crate::studio::kit::lettering::{Face, Style};
use crate::studio::kit::motifs::{Motif, Scale};
use crate::studio::kit::palette::Palette;
use crate::studio::kit::seed::Rng;

pub const WIDTH: f32 = 1500.0;
pub const HEIGHT: f32 = 2100.0;
pub const MARGIN: f32 = 96.0;
pub const INNER: f32 = WIDTH - MARGIN * 2.0;

/// A title set to fill a box: its style, its lines, and the distance of their baselines.
pub struct Title {
    pub style: Style,
    pub lines: Vec<String>,
    pub leading: f32,
}

impl Title {
    /// The largest size at which the text fits, unbroken words permitting.
    pub fn fit(text: &str, (width, height): Spot, largest: f32) -> Self {
        let mut best = Self::at(text, width, 40.0);
        let (mut low, mut high) = (40.0, largest);
        for _ in 0..12 {
            let middle = (low + high) / 2.0;
            let tried = Self::at(text, width, middle);
            let whole = text
                .split_whitespace()
                .all(|word| tried.style.width(word) <= width);
            if whole && tried.height() <= height {
                best = tried;
                low = middle;
            } else {
                high = middle;
            }
        }
        // Words that fit at no size are broken; then what does not fit is left off.
        let room = ((height - best.style.cap_height()) / best.leading).max(0.0) as usize + 1;
        best.lines.truncate(room);
        best
    }

    fn at(text: &str, width: f32, size: f32) -> Self {
        let style = Style::new(Face::Display, size).tracked(-0.022);
        Self {
            lines: style.wrap_evenly(text, width),
            leading: size * 0.96,
            style,
        }
    }

    /// From the top of the first capital to the last baseline.
    pub fn height(&self) -> f32 {
        self.style.cap_height() + self.leading * (self.lines.len() as f32 - 1.0)
    }

    /// Draws with the top of the first line's capitals at a height; returns the last baseline.
    pub fn draw(&self, canvas: &mut Canvas, (x, top): Spot, colour: Lch) -> f32 {
        let mut baseline = top + self.style.cap_height();
        for line in &self.lines {
            // Round and slanted letters have space of their own on the left: pull them to the margin.
            self.style.draw(
                canvas,
                line,
                (x - self.style.size * 0.045, baseline),
                colour,
            );
            baseline += self.leading;
        }
        baseline - self.leading
    }

    /// The same, each line around the middle.
    pub fn draw_centred(&self, canvas: &mut Canvas, (x, top): Spot, colour: Lch) -> f32 {
        let mut baseline = top + self.style.cap_height();
        for line in &self.lines {
            self.style.draw_centred(canvas, line, (x, baseline), colour);
            baseline += self.leading;
        }
        baseline - self.leading
    }
}

/// Sets lines under each other; what goes beyond `rows` is left off. Returns the last baseline.
pub fn column(
    canvas: &mut Canvas,
    lines: &[String],
    style: Style,
    (x, baseline): Spot,
    (width, rows): (f32, usize),
    colour: Lch,
) -> f32 {
    let mut y = baseline;
    let mut last = baseline;
    for line in lines
        .iter()
        .flat_map(|line| style.wrap(line, width))
        .take(rows)
    {
        style.draw(canvas, &line, (x, y), colour);
        last = y;
        y += style.size * 1.36;
    }
    last
}

/// Draws a motif on a canvas of its own and places it, cut to a path if there is one.
pub fn art(
    canvas: &mut Canvas,
    motif: Motif,
    palette: &Palette,
    (at, size): (Spot, Spot),
    cut: Option<&Path>,
    rng: &mut Rng,
) {
    let picture = art_picture(motif, palette, size, Scale::USUAL, rng);
    canvas.clip(cut);
    canvas.picture(&picture, (at.0.round() as i32, at.1.round() as i32));
    canvas.clip(None);
}

/// A motif as a picture.
pub fn art_picture(
    motif: Motif,
    palette: &Palette,
    (width, height): Spot,
    scale: Scale,
    rng: &mut Rng,
) -> RgbImage {
    let mut panel = Canvas::new(width.round() as u32, height.round() as u32, palette.ground);
    motif(&mut panel, palette, scale, rng);
    panel.into_picture()
}

/// The one of a palette's colours that reads best on a ground.
pub fn readable(on: Lch, palette: &Palette) -> Lch {
    let far = |colour: &Lch| contrast(colour.pixel(), on.pixel());
    let mut candidates = palette.inks.clone();
    candidates.extend([palette.line, palette.ground]);
    candidates
        .into_iter()
        .max_by(|one, other| far(one).total_cmp(&far(other)))
        .unwrap_or(palette.line)
}
