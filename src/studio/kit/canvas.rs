//! Antialiased drawing. A canvas may be a tile: then whatever leaves on one side comes back on the other.

mod shapes;

use image::RgbImage;
use tiny_skia::{
    Color, FillRule, FilterQuality, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint,
    Path, PathBuilder, Pixmap, PixmapPaint, Point, RadialGradient, Rect, Shader, SpreadMode,
    Stroke, Transform,
};

pub use self::shapes::{ellipse, petal, polygon, polyline, ribbon, rounded, sector, smooth_loop};
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
