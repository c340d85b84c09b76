//! Text painted at an exact place, and the ring around what has the keyboard.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Response, Stroke, StrokeKind, Ui, pos2};

use crate::ui::theme::{Tokens, radius};

/// A label in this font and colour; one accessible node.
pub fn label(ui: &mut Ui, text: impl Into<String>, font: FontId, color: Color32) -> Response {
    ui.label(egui::RichText::new(text).font(font).color(color))
}

/// One line, elided with "…" where it does not fit in `width` points.
pub fn truncated(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    painter.layout_job(job)
}

/// Paints one line into `rect`, vertically centred, elided where it does not fit. Returns where its text ends.
pub fn label_in(painter: &Painter, rect: Rect, text: &str, font: FontId, color: Color32) -> Pos2 {
    let galley = truncated(painter, text, font, color, rect.width());
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let end = pos2(at.x + galley.size().x, rect.center().y);
    painter.galley(at, galley, color);
    end
}

/// Paints one line that ends at `rect`'s right edge, vertically centred. Numbers are read from their right end.
pub fn label_right(painter: &Painter, rect: Rect, text: &str, font: FontId, color: Color32) {
    let galley = truncated(painter, text, font, color, rect.width());
    let at = pos2(
        rect.right() - galley.size().x,
        rect.center().y - galley.size().y / 2.0,
    );
    painter.galley(at, galley, color);
}

/// A ring of 2 points, 2 points off, around what has the keyboard.
pub fn focus_ring(painter: &Painter, rect: Rect, tokens: &Tokens) {
    let stroke = Stroke::new(2.0, tokens.focus);
    painter.rect_stroke(
        rect.expand(2.0),
        radius::BUTTON + 2,
        stroke,
        StrokeKind::Outside,
    );
}
