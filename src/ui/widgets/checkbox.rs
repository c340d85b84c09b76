//! A small box with a tick, for selecting rows.

use egui::{Id, Rect, Response, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo};

use crate::ui::theme::{Icon, icon, radius, tokens};

/// Side of the box, in points.
const SIDE: f32 = 16.0;

/// A box in the middle of `rect`, which is the whole target. Not a tab stop of its own: the list it is part of is one,
/// and selects by keyboard.
pub fn select_box(ui: &Ui, id: Id, rect: Rect, checked: bool, name: &str) -> Response {
    let tokens = tokens(ui);
    let response = ui.interact(rect, id, Sense::CLICK);
    let square = Rect::from_center_size(rect.center().round(), Vec2::splat(SIDE));
    let painter = ui.painter();
    if checked {
        painter.rect_filled(square, radius::FIELD, tokens.accent_fill);
        icon(
            painter,
            square.center(),
            Icon::Check,
            12.0,
            tokens.on_accent,
        );
    } else {
        let border = if response.hovered() {
            tokens.text_secondary
        } else {
            tokens.border_control
        };
        painter.rect(
            square,
            radius::FIELD,
            tokens.bg_input,
            (1.0, border),
            StrokeKind::Inside,
        );
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, checked, name));
    response
}
