//! What a menu is made of: items, choices and hairlines. Put them into an [`egui::Popup`].

use egui::{Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{focus_ring, label};
use crate::ui::theme::{Icon, Tokens, font, icon, radius, size, space, tokens};

const HEIGHT: f32 = size::LIST_ROW;
/// Room for the icon or tick at the left.
const LEAD: f32 = space::S + size::ICON + space::S;

/// Everything an item shows.
struct Face<'a> {
    icon: Option<Icon>,
    text: &'a str,
    /// A key, faint at the right end.
    hint: &'a str,
    role: Role,
    chosen: Option<bool>,
}

/// Something to do. `hint` is its key, may be empty.
pub fn menu_item(ui: &mut Ui, icon: Option<Icon>, text: &str, hint: &str) -> Response {
    let face = Face {
        icon,
        text,
        hint,
        role: Role::MenuItem,
        chosen: None,
    };
    show(ui, &face)
}

/// One of several values; a tick marks the one in force.
pub fn menu_choice(ui: &mut Ui, text: &str, chosen: bool) -> Response {
    let face = Face {
        icon: chosen.then_some(Icon::Check),
        text,
        hint: "",
        role: Role::MenuItemRadio,
        chosen: Some(chosen),
    };
    show(ui, &face)
}

/// A faint heading over a group of choices.
pub fn menu_title(ui: &mut Ui, text: &str) {
    let tokens = tokens(ui);
    ui.horizontal(|ui| {
        ui.add_space(space::S);
        label(ui, text, font::caption(), tokens.text_tertiary);
    });
}

/// A hairline between groups.
pub fn menu_line(ui: &mut Ui) {
    let tokens = tokens(ui);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), space::S + 1.0), Sense::hover());
    let inner = rect.x_range().shrink(space::S);
    ui.painter()
        .hline(inner, rect.center().y.round(), (1.0, tokens.bg_active));
}

fn show(ui: &mut Ui, face: &Face<'_>) -> Response {
    let tokens = tokens(ui);
    let enabled = ui.is_enabled();
    let color = if enabled {
        tokens.text_primary
    } else {
        tokens.text_disabled
    };
    let painter = ui.painter();
    let text = painter.layout_no_wrap(face.text.to_owned(), font::body(), color);
    let hint = painter.layout_no_wrap(face.hint.to_owned(), font::caption(), tokens.text_tertiary);
    let hint_width = if face.hint.is_empty() {
        0.0
    } else {
        hint.size().x + space::XL
    };
    let wanted = LEAD + text.size().x + hint_width + space::M;
    let width = wanted.max(ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    if ui.is_rect_visible(rect) {
        ground(ui, rect, &response, tokens);
        let y = rect.center().y;
        if let Some(what) = face.icon {
            let at = pos2(rect.left() + space::S + size::ICON / 2.0, y);
            let icon_color = if enabled {
                tokens.text_secondary
            } else {
                color
            };
            icon(ui.painter(), at, what, size::ICON, icon_color);
        }
        let hint_at = pos2(
            rect.right() - space::S - hint.size().x,
            y - hint.size().y / 2.0,
        );
        let text_at = pos2(rect.left() + LEAD, y - text.size().y / 2.0);
        ui.painter().galley(text_at, text, color);
        ui.painter().galley(hint_at, hint, tokens.text_tertiary);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(face.role, enabled, face.text);
        info.selected = face.chosen;
        info
    });
    response
}

fn ground(ui: &Ui, rect: Rect, response: &Response, tokens: &Tokens) {
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, radius::FIELD, tokens.bg_hover);
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(3.0), tokens);
    }
}
