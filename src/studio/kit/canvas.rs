//! Antialiased drawing. A canvas may be a tile: then whatever leaves on one side comes back on the other.

use image::RgbImage;
use tiny_skia::{
    Color, FillRule, FilterQuality, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint,
    Path, PathBuilder, Pixmap, PixmapPaint, Point, RadialGradient, Rect, Shader, SpreadMode,
    Stroke, Transform,
};

use super::colour::{Lch, along};

/// A place in pixels.
pub type Spot = (f32, f32);

/// Whether drawing goes on at the opposite edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    Cut,
    Wrap,
}

/// A picture being drawn.
pub struct Canvas {
    pixmap: Pixmap,
    edges: Edges,
    clip: Option<Mask>,
}

impl Canvas {
    /// A canvas of `width` by `height` pixels, filled with one colour.
    pub fn new(width: u32, height: u32, ground: Lch) -> Self {
        let mut pixmap =
            Pixmap::new(width.max(1), height.max(1)).expect("sizes are small and not zero");
        pixmap.fill(solid(ground, 1.0));
        Self {
            pixmap,
            edges: Edges::Cut,
            clip: None,
        }
    }

    /// A square canvas whose edges meet.
    pub fn tile(size: u32, ground: Lch) -> Self {
        Self {
            edges: Edges::Wrap,
            ..Self::new(size, size, ground)
        }
    }

    /// A canvas that starts as a picture.
    pub fn from_picture(picture: &RgbImage) -> Self {
        let mut canvas = Self::new(picture.width(), picture.height(), Lch::BLACK);
        let target = canvas.pixmap.data_mut();
        for (rgba, rgb) in target
            .chunks_exact_mut(4)
            .zip(picture.as_raw().chunks_exact(3))
        {
            rgba[..3].copy_from_slice(rgb);
        }
        canvas
    }

    /// Width in pixels.
    pub fn width(&self) -> f32 {
        self.pixmap.width() as f32
    }

    /// Height in pixels.
    pub fn height(&self) -> f32 {
        self.pixmap.height() as f32
    }

    /// Whether the edges meet.
    pub fn edges(&self) -> Edges {
        self.edges
    }

    /// Draws without wrapping, for motifs that repeat themselves because one row must lie over the next.
    pub fn unwrapped(&mut self, draw: impl FnOnce(&mut Self)) {
        let edges = std::mem::replace(&mut self.edges, Edges::Cut);
        draw(self);
        self.edges = edges;
    }

    /// Limits following shapes to a path, or lifts the limit. Not for tiles.
    pub fn clip(&mut self, path: Option<&Path>) {
        self.clip = path.and_then(|path| {
            let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
            mask.fill_path(path, FillRule::Winding, true, Transform::identity());
            Some(mask)
        });
    }

    /// Fills everything with a gradient from one point to another, mixed in Oklab.
    pub fn gradient(&mut self, stops: &[Lch], from: Spot, to: Spot) {
        let shader = LinearGradient::new(
            point(from),
            point(to),
            even_stops(stops),
            SpreadMode::Pad,
            Transform::identity(),
        );
        self.shade_all(shader);
    }

    /// Fills everything with a gradient around a centre; `alphas` go along with the colours.
    pub fn glow(&mut self, colour: Lch, alphas: &[f32], centre: Spot, radius: f32) {
        let last = (alphas.len() - 1).max(1) as f32;
        let stops = alphas
            .iter()
            .enumerate()
            .map(|(index, alpha)| GradientStop::new(index as f32 / last, solid(colour, *alpha)))
            .collect();
        let shader = RadialGradient::new(
            point(centre),
            0.0,
            point(centre),
            radius,
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        self.shade_all(shader);
    }

    fn shade_all(&mut self, shader: Option<Shader<'_>>) {
        let Some(shader) = shader else { return };
        let paint = Paint {
            shader,
            ..Paint::default()
        };
        if let Some(all) = Rect::from_xywh(0.0, 0.0, self.width(), self.height()) {
            self.pixmap
                .fill_rect(all, &paint, Transform::identity(), self.clip.as_ref());
        }
    }

    /// Fills a path.
    pub fn fill(&mut self, path: &Path, colour: Lch, alpha: f32) {
        self.paint(
            path,
            0.0,
            &self.solid_paint(colour, alpha),
            |pixmap, path, paint, transform, clip| {
                pixmap.fill_path(path, paint, FillRule::Winding, transform, clip);
            },
        );
    }

    /// Fills a path with a gradient mixed in Oklab.
    pub fn fill_gradient(&mut self, path: &Path, stops: &[Lch], from: Spot, to: Spot) {
        // The shader moves with the shape, so a wrapped copy is shaded like the original.
        let Some(shader) = LinearGradient::new(
            point(from),
            point(to),
            even_stops(stops),
            SpreadMode::Pad,
            Transform::identity(),
        ) else {
            return;
        };
        let paint = Paint {
            shader,
            anti_alias: true,
            ..Paint::default()
        };
        self.paint(path, 0.0, &paint, |pixmap, path, paint, transform, clip| {
            pixmap.fill_path(path, paint, FillRule::Winding, transform, clip);
        });
    }

    /// Draws along a path with round ends.
    pub fn stroke(&mut self, path: &Path, width: f32, colour: Lch, alpha: f32) {
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        self.paint(
            path,
            width / 2.0,
            &self.solid_paint(colour, alpha),
            |pixmap, path, paint, transform, clip| {
                pixmap.stroke_path(path, paint, &stroke, transform, clip);
            },
        );
    }

    /// Fills a circle.
    pub fn circle(&mut self, centre: Spot, radius: f32, colour: Lch, alpha: f32) {
        if let Some(path) = PathBuilder::from_circle(centre.0, centre.1, radius.max(0.05)) {
            self.fill(&path, colour, alpha);
        }
    }

    /// Draws a ring; `radius` is that of its middle.
    pub fn ring(&mut self, centre: Spot, radius: f32, width: f32, colour: Lch, alpha: f32) {
        if let Some(path) = PathBuilder::from_circle(centre.0, centre.1, radius.max(0.05)) {
            self.stroke(&path, width, colour, alpha);
        }
    }

    /// Fills a rectangle.
    pub fn rect(&mut self, (x, y): Spot, (width, height): Spot, colour: Lch, alpha: f32) {
        if let Some(rect) = Rect::from_xywh(x, y, width.max(0.01), height.max(0.01)) {
            self.fill(&PathBuilder::from_rect(rect), colour, alpha);
        }
    }

    /// Puts a picture with its top left corner at a place. Not wrapped.
    pub fn picture(&mut self, picture: &RgbImage, (x, y): (i32, i32)) {
        let layer = Self::from_picture(picture);
        let paint = PixmapPaint {
            quality: FilterQuality::Nearest,
            ..PixmapPaint::default()
        };
        self.pixmap.draw_pixmap(
            x,
            y,
            layer.pixmap.as_ref(),
            &paint,
            Transform::identity(),
            self.clip.as_ref(),
        );
    }

    /// The finished picture.
    pub fn into_picture(self) -> RgbImage {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let mut pixels = vec![0; width as usize * height as usize * 3];
        for (rgb, rgba) in pixels
            .chunks_exact_mut(3)
            .zip(self.pixmap.data().chunks_exact(4))
        {
            rgb.copy_from_slice(&rgba[..3]);
        }
        RgbImage::from_raw(width, height, pixels).expect("three bytes a pixel")
    }

    fn solid_paint(&self, colour: Lch, alpha: f32) -> Paint<'static> {
        Paint {
            shader: Shader::SolidColor(solid(colour, alpha)),
            anti_alias: true,
            ..Paint::default()
        }
    }

    /// Draws once, or on a tile at every place where the shape can be seen.
    fn paint(
        &mut self,
        path: &Path,
        margin: f32,
        paint: &Paint<'_>,
        draw: impl Fn(&mut Pixmap, &Path, &Paint<'_>, Transform, Option<&Mask>),
    ) {
        if self.edges == Edges::Cut {
            draw(
                &mut self.pixmap,
                path,
                paint,
                Transform::identity(),
                self.clip.as_ref(),
            );
            return;
        }
        let (width, height) = (self.width(), self.height());
        let bounds = path.bounds();
        for dx in copies(bounds.left() - margin, bounds.right() + margin, width) {
            for dy in copies(bounds.top() - margin, bounds.bottom() + margin, height) {
                let transform = Transform::from_translate(dx, dy);
                draw(&mut self.pixmap, path, paint, transform, self.clip.as_ref());
            }
        }
    }
}

/// The shifts by whole tiles under which `low..high` touches `0..size`.
fn copies(low: f32, high: f32, size: f32) -> impl Iterator<Item = f32> {
    let first = ((-high - 1.0) / size).ceil() as i32;
    let last = ((size - low + 1.0) / size).floor() as i32;
    (first..=last).map(move |count| count as f32 * size)
}

fn point((x, y): Spot) -> Point {
    Point::from_xy(x, y)
}

fn solid(colour: Lch, alpha: f32) -> Color {
    let [r, g, b] = colour.pixel();
    Color::from_rgba8(r, g, b, (alpha.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// Sixteen stops a gradient, since the renderer mixes neighbours in sRGB and we want Oklab.
fn even_stops(stops: &[Lch]) -> Vec<GradientStop> {
    (0..=16)
        .map(|index| {
            let t = index as f32 / 16.0;
            GradientStop::new(t, solid(along(stops, t), 1.0))
        })
        .collect()
}

/// A closed shape with straight sides.
pub fn polygon(points: &[Spot]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for (x, y) in rest {
        builder.line_to(*x, *y);
    }
    builder.close();
    builder.finish()
}

/// A closed shape that passes smoothly near its points.
pub fn smooth_loop(points: &[Spot]) -> Option<Path> {
    let count = points.len();
    if count < 3 {
        return None;
    }
    let middle = |a: Spot, b: Spot| ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    let mut builder = PathBuilder::new();
    let start = middle(points[count - 1], points[0]);
    builder.move_to(start.0, start.1);
    for index in 0..count {
        let corner = points[index];
        let end = middle(corner, points[(index + 1) % count]);
        builder.quad_to(corner.0, corner.1, end.0, end.1);
    }
    builder.close();
    builder.finish()
}

/// A line through points, straight between them.
pub fn polyline(points: &[Spot]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for (x, y) in rest {
        builder.line_to(*x, *y);
    }
    builder.finish()
}

/// A stroke whose width changes along its points; `half` gives half the width for 0.0 to 1.0.
pub fn ribbon(points: &[Spot], half: impl Fn(f32) -> f32) -> Option<Path> {
    if points.len() < 3 {
        return None;
    }
    let last = points.len() - 1;
    let (mut left, mut right) = (Vec::with_capacity(last + 1), Vec::with_capacity(last + 1));
    for index in 0..=last {
        let (before, after) = (
            points[index.saturating_sub(1)],
            points[(index + 1).min(last)],
        );
        let (dx, dy) = (after.0 - before.0, after.1 - before.1);
        let length = dx.hypot(dy).max(1e-4);
        let reach = half(index as f32 / last as f32);
        let (nx, ny) = (-dy / length * reach, dx / length * reach);
        let (x, y) = points[index];
        left.push((x + nx, y + ny));
        right.push((x - nx, y - ny));
    }
    right.reverse();
    left.extend(right);
    smooth_loop(&left)
}

/// A petal or leaf from `base`, of a length and width, pointing along `angle` (radians).
pub fn petal(base: Spot, angle: f32, length: f32, width: f32, belly: f32) -> Option<Path> {
    let (sin, cos) = angle.sin_cos();
    let place = |along: f32, aside: f32| {
        (
            base.0 + cos * along - sin * aside,
            base.1 + sin * along + cos * aside,
        )
    };
    let tip = place(length, 0.0);
    let (a, b) = (
        place(length * belly * 0.45, width * 0.62),
        place(length * (0.35 + belly * 0.75).min(1.0), width * 0.62),
    );
    let (c, d) = (
        place(length * (0.35 + belly * 0.75).min(1.0), -width * 0.62),
        place(length * belly * 0.45, -width * 0.62),
    );
    let mut builder = PathBuilder::new();
    builder.move_to(base.0, base.1);
    builder.cubic_to(a.0, a.1, b.0, b.1, tip.0, tip.1);
    builder.cubic_to(c.0, c.1, d.0, d.1, base.0, base.1);
    builder.close();
    builder.finish()
}

/// An ellipse turned by `angle` (radians).
pub fn ellipse(centre: Spot, (rx, ry): Spot, angle: f32) -> Option<Path> {
    let oval = PathBuilder::from_oval(Rect::from_xywh(-rx, -ry, rx * 2.0, ry * 2.0)?)?;
    oval.transform(Transform::from_rotate(angle.to_degrees()).post_translate(centre.0, centre.1))
}

/// A slice of a disc between two angles (radians).
pub fn sector(centre: Spot, radius: f32, from: f32, to: f32) -> Option<Path> {
    let steps = ((to - from).abs() / 0.06).ceil().max(2.0) as usize;
    let mut points = vec![centre];
    points.extend((0..=steps).map(|step| {
        let angle = from + (to - from) * step as f32 / steps as f32;
        (
            centre.0 + angle.cos() * radius,
            centre.1 + angle.sin() * radius,
        )
    }));
    polygon(&points)
}

/// A rectangle with round corners.
pub fn rounded((x, y): Spot, (width, height): Spot, radius: f32) -> Option<Path> {
    let r = radius.min(width / 2.0).min(height / 2.0);
    let k = r * 0.447_715;
    let (right, bottom) = (x + width, y + height);
    let mut builder = PathBuilder::new();
    builder.move_to(x + r, y);
    builder.line_to(right - r, y);
    builder.cubic_to(right - k, y, right, y + k, right, y + r);
    builder.line_to(right, bottom - r);
    builder.cubic_to(right, bottom - k, right - k, bottom, right - r, bottom);
    builder.line_to(x + r, bottom);
    builder.cubic_to(x + k, bottom, x, bottom - k, x, bottom - r);
    builder.line_to(x, y + r);
    builder.cubic_to(x, y + k, x + k, y, x + r, y);
    builder.close();
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_over_the_edge_of_a_tile_comes_back_on_the_other_side() {
        let mut canvas = Canvas::tile(64, Lch::WHITE);
        canvas.circle((0.0, 0.0), 10.0, Lch::BLACK, 1.0);
        let tile = canvas.into_picture();
        for corner in [(0, 0), (63, 0), (0, 63), (63, 63)] {
            assert_eq!(
                tile.get_pixel(corner.0, corner.1).0,
                [0, 0, 0],
                "at {corner:?}"
            );
        }
        assert_eq!(tile.get_pixel(32, 32).0, [255, 255, 255]);
    }

    #[test]
    fn shifts_cover_exactly_what_shows() {
        assert_eq!(copies(10.0, 20.0, 100.0).collect::<Vec<_>>(), [0.0]);
        assert_eq!(copies(-5.0, 5.0, 100.0).collect::<Vec<_>>(), [0.0, 100.0]);
        assert_eq!(
            copies(-50.0, 150.0, 100.0).collect::<Vec<_>>(),
            [-100.0, 0.0, 100.0]
        );
    }
}
