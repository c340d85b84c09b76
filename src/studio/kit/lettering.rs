//! Lettering with the bundled Inter: measuring, breaking lines, and outlines to draw.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, OutlineCurve};
use tiny_skia::{Path, PathBuilder};

use super::canvas::{Canvas, Spot};
use super::colour::Lch;

/// Inter Regular, with tabular digits.
pub const REGULAR_TTF: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
/// Inter Medium, with tabular digits.
pub const MEDIUM_TTF: &[u8] = include_bytes!("../../../assets/fonts/Inter-Medium.ttf");
/// Inter Display ExtraBold, for titles.
pub const DISPLAY_TTF: &[u8] = include_bytes!("../../../assets/fonts/InterDisplay-ExtraBold.ttf");

static FONTS: LazyLock<[FontRef<'static>; 3]> = LazyLock::new(|| {
    [REGULAR_TTF, MEDIUM_TTF, DISPLAY_TTF]
        .map(|bytes| FontRef::try_from_slice(bytes).expect("the bundled fonts are sound"))
});

/// A weight of the bundled typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Medium,
    Display,
}

impl Face {
    /// The font behind it.
    pub fn font(self) -> &'static FontRef<'static> {
        &FONTS[self as usize]
    }
}

/// A face at a size.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub face: Face,
    /// Pixels (or points) an em.
    pub size: f32,
    /// Extra space after each letter, in ems.
    pub tracking: f32,
}

impl Style {
    /// A face at a size with its own spacing.
    pub const fn new(face: Face, size: f32) -> Self {
        Self {
            face,
            size,
            tracking: 0.0,
        }
    }

    /// With extra space after each letter, in ems.
    pub const fn tracked(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }

    /// At another size.
    pub const fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }

    /// Height of a capital letter.
    pub fn cap_height(&self) -> f32 {
        self.size * 0.727
    }

    /// Width of a line.
    pub fn width(&self, text: &str) -> f32 {
        let mut end = 0.0;
        self.place(text, |_, at, advance| end = at + advance);
        end
    }

    /// The outlines of a line whose baseline begins at a place; `None` when there is nothing to draw.
    pub fn path(&self, text: &str, (x, baseline): Spot) -> Option<Path> {
        let scale = self.scale();
        let mut builder = PathBuilder::new();
        self.place(text, |id, at, _| {
            if let Some(outline) = self.face.font().outline(id) {
                trace(&mut builder, &outline.curves, |point| {
                    (x + at + point.x * scale, baseline - point.y * scale)
                });
            }
        });
        builder.finish()
    }

    /// Draws a line with its left end at a place.
    pub fn draw(&self, canvas: &mut Canvas, text: &str, at: Spot, colour: Lch) {
        if let Some(path) = self.path(text, at) {
            canvas.fill(&path, colour, 1.0);
        }
    }

    /// Draws a line with its right end at a place.
    pub fn draw_right(&self, canvas: &mut Canvas, text: &str, (x, baseline): Spot, colour: Lch) {
        self.draw(canvas, text, (x - self.width(text), baseline), colour);
    }

    /// Draws a line around a place.
    pub fn draw_centred(&self, canvas: &mut Canvas, text: &str, (x, baseline): Spot, colour: Lch) {
        self.draw(canvas, text, (x - self.width(text) / 2.0, baseline), colour);
    }

    /// Breaks text into lines no wider than `width`. A word too wide by itself is broken within.
    pub fn wrap(&self, text: &str, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&joined) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.break_word(word, width, &mut lines);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Breaks text into as few lines as [`Self::wrap`] does, but of even length.
    pub fn wrap_evenly(&self, text: &str, width: f32) -> Vec<String> {
        let lines = self.wrap(text, width);
        let (mut low, mut high) = (width / (lines.len() as f32 + 0.5), width);
        let mut best = lines.clone();
        for _ in 0..8 {
            let middle = (low + high) / 2.0;
            let tried = self.wrap(text, middle);
            if tried.len() <= lines.len() && !splits_words(&tried, text) {
                best = tried;
                high = middle;
            } else {
                low = middle;
            }
        }
        best
    }

    /// The line, shortened with `…` if it is wider than `width`.
    pub fn shorten(&self, text: &str, width: f32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept: Vec<char> = text.chars().collect();
        while kept.pop().is_some() {
            let tried = format!("{}…", kept.iter().collect::<String>().trim_end());
            if self.width(&tried) <= width {
                return tried;
            }
        }
        String::new()
    }

    fn break_word(&self, word: &str, width: f32, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        for letter in word.chars() {
            piece.push(letter);
            if piece.chars().count() > 1 && self.width(&piece) > width {
                piece.pop();
                lines.push(std::mem::take(&mut piece));
                piece.push(letter);
            }
        }
        piece
    }

    fn scale(&self) -> f32 {
        self.size / self.face.font().units_per_em().unwrap_or(2048.0)
    }

    /// Calls `each` with glyph, offset and advance for every letter the face has.
    fn place(&self, text: &str, mut each: impl FnMut(GlyphId, f32, f32)) {
        let font = self.face.font();
        let scale = self.scale();
        let (mut at, mut before) = (0.0, None);
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if id.0 == 0 {
                continue;
            }
            if let Some(before) = before {
                at += font.kern_unscaled(before, id) * scale + self.tracking * self.size;
            }
            let advance = font.h_advance_unscaled(id) * scale;
            each(id, at, advance);
            at += advance;
            before = Some(id);
        }
    }
}

fn splits_words(lines: &[String], text: &str) -> bool {
    lines
        .iter()
        .map(|line| line.split_whitespace().count())
        .sum::<usize>()
        > text.split_whitespace().count()
}

fn trace(builder: &mut PathBuilder, curves: &[OutlineCurve], to: impl Fn(ab_glyph::Point) -> Spot) {
    let mut pen: Option<ab_glyph::Point> = None;
    for curve in curves {
        let (start, end) = match curve {
            OutlineCurve::Line(start, end) => (*start, *end),
            OutlineCurve::Quad(start, _, end) => (*start, *end),
            OutlineCurve::Cubic(start, _, _, end) => (*start, *end),
        };
        if pen != Some(start) {
            if pen.is_some() {
                builder.close();
            }
            let (x, y) = to(start);
            builder.move_to(x, y);
        }
        let (x, y) = to(end);
        match curve {
            OutlineCurve::Line(..) => builder.line_to(x, y),
            OutlineCurve::Quad(_, control, _) => {
                let (cx, cy) = to(*control);
                builder.quad_to(cx, cy, x, y);
            }
            OutlineCurve::Cubic(_, first, second, _) => {
                let ((ax, ay), (bx, by)) = (to(*first), to(*second));
                builder.cubic_to(ax, ay, bx, by, x, y);
            }
        }
        pen = Some(end);
    }
    if pen.is_some() {
        builder.close();
    }
}

/// What of a text the typeface can set: letters it lacks are left out, and so are the gaps they would leave.
/// Line breaks are kept.
pub fn settable(text: &str) -> String {
    let font = Face::Display.font();
    let kept: String = text
        .chars()
        .map(|letter| {
            if letter == '\n' || !letter.is_whitespace() {
                letter
            } else {
                ' '
            }
        })
        .filter(|letter| *letter == '\n' || (!letter.is_control() && font.glyph_id(*letter).0 != 0))
        .collect();
    kept.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| line.chars().any(char::is_alphanumeric))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Style = Style::new(Face::Regular, 20.0);

    #[test]
    fn lines_are_never_wider_than_asked() {
        let text = "The quick brown fox jumps over Donaudampfschifffahrtsgesellschaftskapitän";
        for line in BODY.wrap(text, 150.0) {
            assert!(
                BODY.width(&line) <= 150.0,
                "{line} is {}",
                BODY.width(&line)
            );
        }
        assert_eq!(
            BODY.wrap(text, 150.0).concat().replace(' ', ""),
            text.replace(' ', "")
        );
    }

    #[test]
    fn titles_break_evenly() {
        let lines =
            Style::new(Face::Display, 40.0).wrap_evenly("a quiet harbour at dawn again", 420.0);
        assert_eq!(lines, ["a quiet harbour", "at dawn again"]);
    }

    #[test]
    fn letters_without_a_shape_are_left_out() {
        assert_eq!(
            settable("Hello 🌊 世界 Ωmega\n 🌊 \nend"),
            "Hello Ωmega\nend"
        );
        assert_eq!(settable("世界"), "");
    }

    #[test]
    fn capitals_are_kerned() {
        let style = Style::new(Face::Display, 100.0);
        assert!(style.width("AV") < style.width("A") + style.width("V") - 2.0);
    }

    #[test]
    fn digits_of_the_text_faces_share_one_width() {
        for face in [Face::Regular, Face::Medium] {
            let widths: Vec<u32> = "0123456789"
                .chars()
                .map(|digit| face.font().h_advance_unscaled(face.font().glyph_id(digit)) as u32)
                .collect();
            assert!(
                widths.iter().all(|width| *width == widths[0]),
                "{face:?}: {widths:?}"
            );
        }
    }
}
