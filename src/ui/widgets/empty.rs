//! What a place says when there is nothing to show.

use egui::{Ui, vec2};

use super::{label, ring};
use crate::ui::theme::{Icon, font, icon, space, tokens};

/// A quiet icon, a title, a sentence, and what `actions` adds below, in the middle of what is available.
pub fn empty_state(
    ui: &mut Ui,
    what: Icon,
    title: &str,
    text: &str,
    actions: impl FnOnce(&mut Ui),
) {
    let tokens = tokens(ui);
    let room = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((room * 0.32).clamp(space::XL, 260.0));
        let (rect, _) = ui.allocate_exact_size(vec2(40.0, 40.0), egui::Sense::hover());
        icon(
            ui.painter(),
            rect.center(),
            what,
            32.0,
            tokens.text_disabled,
        );
        ui.add_space(space::XS);
        label(ui, title, font::section(), tokens.text_primary);
        if !text.is_empty() {
            ui.scope(|ui| {
                ui.set_max_width(360.0_f32.min(ui.available_width()));
                label(ui, text, font::body(), tokens.text_tertiary);
            });
        }
        ui.add_space(space::S);
        actions(ui);
    });
}

/// A turning ring and a word, in the middle of what is available.
pub fn loading_state(ui: &mut Ui, text: &str) {
    let tokens = tokens(ui);
    let room = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((room * 0.32).clamp(space::XL, 260.0));
        let (rect, _) = ui.allocate_exact_size(vec2(24.0, 24.0), egui::Sense::hover());
        ring(ui, rect.center(), 20.0, tokens.text_tertiary);
        label(ui, text, font::body(), tokens.text_tertiary);
    });
}
