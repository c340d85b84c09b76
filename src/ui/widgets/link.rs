//! Text that does something.

use egui::{CursorIcon, Response, Role, Sense, Ui, WidgetInfo};

use crate::ui::theme::{font, tokens};

/// A word in the accent colour; underlined while it is hovered or has the keyboard.
pub fn link(ui: &mut Ui, text: &str) -> Response {
    show(ui, text, Sense::click())
}

/// A link within a row of a list. Not a tab stop of its own: the list is one, and the same can be done elsewhere.
pub fn row_link(ui: &mut Ui, text: &str) -> Response {
    show(ui, text, Sense::CLICK)
}

fn show(ui: &mut Ui, text: &str, sense: Sense) -> Response {
    let tokens = tokens(ui);
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font::secondary(), tokens.accent);
    let (rect, response) = ui.allocate_exact_size(galley.size(), sense);
    ui.painter().galley(rect.min, galley, tokens.accent);
    if response.hovered() || response.has_focus() {
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 1.0, (1.0, tokens.accent));
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Link, enabled, text));
    response
}
