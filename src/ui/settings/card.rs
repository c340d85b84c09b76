//! What all cards share: a title, and rows with words at the left and a control at the right.

use egui::{
    Align, Frame as Ground, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::ui::theme::{Icon, font, icon_text, radius, space, tokens};
use crate::ui::widgets::{label, label_in, truncated};

/// A card with a title.
pub(super) fn card(ui: &mut Ui, icon: Icon, title: &str, content: impl FnOnce(&mut Ui)) {
    let tokens = tokens(ui);
    Ground::new()
        .fill(tokens.bg_panel)
        .corner_radius(radius::POPUP)
        .inner_margin(space::L)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::M;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.label(icon_text(icon, 16.0).color(tokens.text_secondary));
                label(ui, title, font::body_medium(), tokens.text_primary);
            });
            content(ui);
        });
}

/// Height of a row, in points.
const ROW: f32 = 36.0;

/// A row: what it is and, smaller, what it means; the controls at the right, from right to left.
pub(super) fn row(ui: &mut Ui, name: &str, about: &str, controls: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    let spoken = if about.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {about}")
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::right_to_left(Align::Center));
    let mut right = ui.new_child(builder);
    right.spacing_mut().item_spacing.x = space::S;
    controls(&mut right);
    let words = rect.with_max_x(right.min_rect().left() - space::L);
    if paint_words(ui, words, name, about) {
        response.on_hover_text(about);
    }
}

/// Paints the words of a row; whether something had to be left out.
fn paint_words(ui: &Ui, rect: Rect, name: &str, about: &str) -> bool {
    let tokens = tokens(ui);
    let painter = ui.painter();
    if about.is_empty() {
        label_in(painter, rect, name, font::body(), tokens.text_primary);
        return false;
    }
    let (upper, lower) = rect.split_top_bottom_at_fraction(0.5);
    let upper = upper.translate(vec2(0.0, 1.0));
    let lower = lower.translate(vec2(0.0, -1.0));
    label_in(painter, upper, name, font::body(), tokens.text_primary);
    let galley = truncated(
        painter,
        about,
        font::secondary(),
        tokens.text_tertiary,
        lower.width(),
    );
    let elided = galley.elided;
    let at = pos2(lower.left(), lower.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, tokens.text_tertiary);
    elided
}

/// A sentence across the card.
pub(super) fn note(ui: &mut Ui, text: &str) {
    label(ui, text, font::secondary(), tokens(ui).text_tertiary);
}

/// A hairline between rows.
pub(super) fn line(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter()
        .rect_filled(rect, 0.0, tokens(ui).border_subtle);
}
