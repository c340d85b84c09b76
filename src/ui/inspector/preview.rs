//! The chosen output, as large as the panel is wide.

use egui::{
    Align2, CursorIcon, Label, Rect, Response, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo,
    vec2,
};

use super::Frame;
use crate::model::{MediaKind, Output, PreviewKey, PreviewSize};
use crate::state::Action;
use crate::ui::textures::Picture;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::widgets::{Fit, badge, focus_ring, link, picture, thumb};
use crate::ui::words;

/// Paints an output; a click opens it large. `title` is what it is called.
pub fn ui(ui: &mut Ui, output: &Output, title: &str, frame: &mut Frame<'_>) {
    if output.kind == MediaKind::Text {
        return text(ui, output, frame);
    }
    let width = ui.available_width();
    let height = match output.kind {
        MediaKind::Audio => 112.0,
        MediaKind::Document | MediaKind::Other(_) => 152.0,
        _ => width,
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    let stage = tokens(ui).stage;
    ui.painter().rect_filled(rect, radius::TILE, stage);
    match output.kind {
        MediaKind::Audio => sound(ui, output, rect, frame),
        MediaKind::Document | MediaKind::Other(_) => document(ui, output, rect),
        MediaKind::Image => image(ui, output, rect, frame),
        _ => thumb(ui, frame, output, rect, Fit::Contain),
    }
    opens(ui, response, output, title, frame);
}

fn opens(ui: &Ui, response: Response, output: &Output, title: &str, frame: &mut Frame<'_>) {
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::ZoomIn);
    }
    if response.has_focus() {
        focus_ring(ui.painter(), response.rect.shrink(2.0), tokens(ui));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Open {title}")));
    if response.clicked() {
        frame.actions.push(Action::OpenViewer(output.key));
    }
}

/// A thumbnail, or the whole picture where a thumbnail has too few pixels.
fn image(ui: &Ui, output: &Output, rect: Rect, frame: &mut Frame<'_>) {
    let pixels = rect.width() * ui.pixels_per_point();
    if pixels > PreviewSize::THUMB_SIDE as f32 * 1.2 {
        let key = PreviewKey::full(output.key);
        let previews = &frame.state.previews;
        let full = frame.textures.get(ui, previews, &key, frame.actions);
        if let Picture::Shown(shown) = full {
            return picture(ui.painter(), &shown, rect, Fit::Contain, radius::TILE);
        }
    }
    thumb(ui, frame, output, rect, Fit::Contain);
}

fn sound(ui: &Ui, output: &Output, rect: Rect, frame: &mut Frame<'_>) {
    thumb(ui, frame, output, rect, Fit::Contain);
    if let Some(milliseconds) = output.facts.duration_ms {
        let corner = rect.left_bottom() + vec2(6.0, -6.0);
        let length = words::elapsed(milliseconds as i64);
        badge(ui, corner, Icon::AudioLines, &length);
    }
}

fn document(ui: &Ui, output: &Output, rect: Rect) {
    let tokens = tokens(ui);
    let lift = vec2(0.0, 12.0);
    icon(
        ui.painter(),
        rect.center() - lift,
        Icon::FileText,
        40.0,
        tokens.text_secondary,
    );
    let mut facts = Vec::new();
    facts.extend(output.facts.format.clone());
    facts.extend(
        output
            .facts
            .pages
            .map(|pages| words::counted(pages as usize, "page")),
    );
    ui.painter().text(
        rect.center() + lift + vec2(0.0, space::M),
        Align2::CENTER_CENTER,
        facts.join(" · "),
        font::secondary(),
        tokens.text_secondary,
    );
}

/// The beginning of a text, to read and to mark; the whole is in the viewer.
fn text(ui: &mut Ui, output: &Output, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let excerpt = output.excerpt.as_deref().unwrap_or_default();
    let ground = egui::Frame::new()
        .fill(tokens.bg_raised)
        .corner_radius(radius::TILE)
        .inner_margin(space::M);
    let height = ui.available_width();
    ground.show(ui, |ui| {
        ScrollArea::vertical()
            .id_salt(("excerpt", output.key))
            .max_height(height)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                let words = RichText::new(excerpt)
                    .font(font::body())
                    .color(tokens.text_secondary)
                    .line_height(Some(19.0));
                ui.add(Label::new(words).wrap().selectable(true));
            });
    });
    if link(ui, "Open to read").clicked() {
        frame.actions.push(Action::OpenViewer(output.key));
    }
}
