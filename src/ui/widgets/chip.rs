//! Filter chips: a quiet button that opens a menu, and an active filter that can be taken off.

use egui::{Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::focus_ring;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};

const HEIGHT: f32 = 26.0;

/// A chip that opens a menu: "Technique ▾".
pub fn chip_button(ui: &mut Ui, text: &str) -> Response {
    chip_face(ui, "", text, Icon::ChevronDown)
}

/// An active filter: "Status is not **Failed** ×". Clicking it takes it off.
pub fn chip(ui: &mut Ui, lead: &str, value: &str) -> Response {
    chip_face(ui, lead, value, Icon::X)
}

fn chip_face(ui: &mut Ui, lead: &str, value: &str, mark: Icon) -> Response {
    let tokens = tokens(ui);
    let lead_text = if lead.is_empty() {
        String::new()
    } else {
        format!("{lead} ")
    };
    let (value_font, value_color) = if lead.is_empty() {
        (font::secondary(), tokens.text_secondary)
    } else {
        (font::medium(12.0), tokens.text_primary)
    };
    let lead_galley =
        ui.painter()
            .layout_no_wrap(lead_text, font::secondary(), tokens.text_secondary);
    let value_galley = ui
        .painter()
        .layout_no_wrap(value.to_owned(), value_font, value_color);
    let text_width = lead_galley.size().x + value_galley.size().x;
    let (rect, response) = ui.allocate_exact_size(
        vec2(text_width + space::S * 2.0 + 16.0, HEIGHT),
        Sense::click(),
    );
    let fill = if response.hovered() {
        tokens.bg_active
    } else {
        tokens.bg_hover
    };
    ui.painter().rect_filled(rect, radius::FIELD, fill);
    let y = rect.center().y;
    let mut x = rect.left() + space::S;
    let lead_width = lead_galley.size().x;
    ui.painter().galley(
        pos2(x, y - lead_galley.size().y / 2.0),
        lead_galley,
        tokens.text_secondary,
    );
    x += lead_width;
    ui.painter().galley(
        pos2(x, y - value_galley.size().y / 2.0),
        value_galley,
        value_color,
    );
    icon(
        ui.painter(),
        pos2(rect.right() - space::S - 4.0, y),
        mark,
        12.0,
        tokens.text_secondary,
    );
    if response.has_focus() {
        focus_ring(ui.painter(), rect, tokens);
    }
    let name = if lead.is_empty() {
        value.to_owned()
    } else {
        format!("{lead} {value}, remove")
    };
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    response
}
