//! What all cards share: a title, and rows with words at the left and a control at the right.

use egui::{Align, Frame as Ground, Layout, Ui, vec2};

use crate::ui::theme::{Icon, font, icon_text, radius, space, tokens};
use crate::ui::widgets::label;

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

/// A row: what it is and, smaller, what it means; the controls at the right.
pub(super) fn row(ui: &mut Ui, name: &str, about: &str, controls: impl FnOnce(&mut Ui)) {
    let tokens = tokens(ui);
    let width = ui.available_width();
    ui.allocate_ui_with_layout(
        vec2(width, 32.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            controls(ui);
            let left = ui.available_width() - space::L;
            ui.allocate_ui_with_layout(
                vec2(left, 32.0),
                Layout::top_down(Align::Min).with_main_align(Align::Center),
                |ui| {
                    ui.set_width(left);
                    ui.spacing_mut().item_spacing.y = space::HAIR;
                    label(ui, name, font::body(), tokens.text_primary);
                    if !about.is_empty() {
                        label(ui, about, font::secondary(), tokens.text_tertiary);
                    }
                },
            );
        },
    );
}

/// A sentence across the card.
pub(super) fn note(ui: &mut Ui, text: &str) {
    label(ui, text, font::secondary(), tokens(ui).text_tertiary);
}

/// A hairline between rows.
pub(super) fn line(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), egui::Sense::hover());
    ui.painter()
        .rect_filled(rect, 0.0, tokens(ui).border_subtle);
}
