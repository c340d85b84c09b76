//! Icons: one family, drawn as glyphs.

use egui::{Color32, Painter, Pos2, Rect, RichText, Vec2};
use lucide_icons::Icon;

use super::font;

/// Paints an icon of this size (points) centred at `center`.
pub fn icon(painter: &Painter, center: Pos2, icon: Icon, size: f32, color: Color32) -> Rect {
    let galley = painter.layout_no_wrap(char::from(icon).to_string(), font::icon(size), color);
    // The glyph's own box is centred, whatever the line height.
    let bounds = galley.mesh_bounds;
    let offset = if bounds.is_positive() {
        bounds.center().to_vec2()
    } else {
        galley.size() * 0.5
    };
    painter.galley(center - offset, galley, color);
    Rect::from_center_size(center, Vec2::splat(size))
}

/// An icon as text, for labels and buttons that take text.
pub fn icon_text(icon: Icon, size: f32) -> RichText {
    RichText::new(char::from(icon).to_string()).font(font::icon(size))
}
