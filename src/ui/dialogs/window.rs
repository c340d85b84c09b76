//! What all dialogs share: a card in the middle, a title, and buttons at the lower right.

use egui::{Align, Frame as Card, Id, Layout, Margin, Modal, Response, Role, Ui, WidgetInfo};

use crate::ui::theme::{font, radius, space, tokens};
use crate::ui::widgets::{ButtonKind, label, on_raised_card, quiet_button};

/// How a frame of a dialog ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Open,
    /// Escape, or a click beside it.
    Left,
}

/// Shows a dialog of this width (points).
pub(super) fn window(
    ui: &Ui,
    name: &str,
    title: &str,
    width: f32,
    content: impl FnOnce(&mut Ui),
) -> Ended {
    let tokens = tokens(ui);
    let card = Card::new()
        .fill(tokens.bg_raised)
        .stroke((1.0, tokens.border_subtle))
        .corner_radius(radius::POPUP)
        .shadow(ui.global_style().visuals.window_shadow)
        .inner_margin(Margin::same(24));
    let room = ui.content_rect();
    let shown = Modal::new(Id::unique(("dialog", name.to_owned())))
        .frame(card)
        .backdrop_color(tokens.backdrop)
        .show(ui, |ui| {
            ui.set_width(width.min(room.width() - space::HUGE * 2.0));
            ui.spacing_mut().item_spacing.y = space::M;
            on_raised_card(ui);
            label(ui, title, font::section(), tokens.text_primary);
            content(ui);
        });
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title));
    if shown.should_close() {
        Ended::Left
    } else {
        Ended::Open
    }
}

/// The row of buttons, from the right: the one that acts first.
pub(super) fn actions(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.add_space(space::XS);
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), 32.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            content(ui);
        },
    );
}

/// "Cancel"
pub(super) fn cancel(ui: &mut Ui) -> Response {
    quiet_button(ui, ButtonKind::Secondary, None, "Cancel")
}

/// A sentence under the title.
pub(super) fn sentence(ui: &mut Ui, text: &str) {
    label(ui, text, font::body(), tokens(ui).text_secondary);
}
