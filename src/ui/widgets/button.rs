//! Buttons: one primary a screen, the others quiet.

use egui::{Color32, CursorIcon, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::focus_ring;
use crate::ui::theme::{Icon, Tokens, font, icon, radius, size, space, tokens};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    Secondary,
    /// No ground until it is hovered.
    Quiet,
}

/// Everything a button shows. Its text is its accessible name.
struct Face<'a> {
    kind: ButtonKind,
    icon: Option<Icon>,
    text: &'a str,
    /// A key, faint at the right end.
    hint: &'a str,
    height: f32,
}

/// The one button of a screen; `hint` is its key, may be empty.
pub fn primary_button(ui: &mut Ui, icon: Option<Icon>, text: &str, hint: &str) -> Response {
    let height = size::BUTTON_PRIMARY;
    show(
        ui,
        &Face {
            kind: ButtonKind::Primary,
            icon,
            text,
            hint,
            height,
        },
    )
}

/// A button with a ground.
pub fn button(ui: &mut Ui, icon: Option<Icon>, text: &str) -> Response {
    let height = size::BUTTON;
    show(
        ui,
        &Face {
            kind: ButtonKind::Secondary,
            icon,
            text,
            hint: "",
            height,
        },
    )
}

/// A button of any kind.
pub fn quiet_button(ui: &mut Ui, kind: ButtonKind, icon: Option<Icon>, text: &str) -> Response {
    show(
        ui,
        &Face {
            kind,
            icon,
            text,
            hint: "",
            height: size::BUTTON,
        },
    )
}

/// A square button with an icon; `name` is its accessible name and tooltip.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    icon_only(ui, icon, name, size::BUTTON, ButtonKind::Secondary)
}

/// A small square button without a ground.
pub fn small_icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    icon_only(ui, icon, name, size::HIT, ButtonKind::Quiet)
}

/// A square button without a ground, for the end of a line of facts.
pub fn tiny_icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    icon_only(ui, icon, name, size::BUTTON_SMALL, ButtonKind::Quiet)
}

fn icon_only(ui: &mut Ui, what: Icon, name: &str, side: f32, kind: ButtonKind) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let tokens = tokens(ui);
    ground(ui, rect, &response, kind, tokens);
    let color = text_color(ui, kind, tokens);
    let glyph = if side < size::HIT { 14.0 } else { size::ICON };
    icon(ui.painter(), rect.center(), what, glyph, color);
    describe(ui, &response, name);
    response.on_hover_text(name)
}

fn show(ui: &mut Ui, face: &Face<'_>) -> Response {
    let tokens = tokens(ui);
    let text_font = if face.kind == ButtonKind::Primary {
        font::body_medium()
    } else {
        font::body()
    };
    let color = text_color(ui, face.kind, tokens);
    let text = ui
        .painter()
        .layout_no_wrap(face.text.to_owned(), text_font, color);
    let hint_color = color.gamma_multiply(0.7);
    let hint = ui
        .painter()
        .layout_no_wrap(face.hint.to_owned(), font::caption(), hint_color);
    let icon_width = if face.icon.is_some() {
        size::ICON + space::S
    } else {
        0.0
    };
    let hint_width = if face.hint.is_empty() {
        0.0
    } else {
        hint.size().x + space::S
    };
    let padding = space::M;
    let width = padding * 2.0 + icon_width + text.size().x + hint_width;
    let (rect, response) = ui.allocate_exact_size(vec2(width, face.height), Sense::click());
    if ui.is_rect_visible(rect) {
        ground(ui, rect, &response, face.kind, tokens);
        let mut x = rect.left() + padding;
        let y = rect.center().y;
        if let Some(what) = face.icon {
            icon(
                ui.painter(),
                pos2(x + size::ICON / 2.0, y),
                what,
                size::ICON,
                color,
            );
            x += icon_width;
        }
        let text_width = text.size().x;
        ui.painter()
            .galley(pos2(x, y - text.size().y / 2.0), text, color);
        x += text_width + space::S;
        ui.painter()
            .galley(pos2(x, y - hint.size().y / 2.0), hint, hint_color);
    }
    describe(ui, &response, face.text);
    response
}

fn ground(ui: &Ui, rect: Rect, response: &Response, kind: ButtonKind, tokens: &Tokens) {
    let pressed = response.is_pointer_button_down_on();
    let hovered = response.hovered();
    let fill = match kind {
        _ if !ui.is_enabled() && kind != ButtonKind::Quiet => raised(ui),
        ButtonKind::Primary if hovered || pressed => tokens.accent_fill_hover,
        ButtonKind::Primary => tokens.accent_fill,
        ButtonKind::Secondary | ButtonKind::Quiet if pressed => tokens.bg_active,
        ButtonKind::Secondary if hovered && raised(ui) == tokens.bg_hover => tokens.bg_active,
        ButtonKind::Secondary | ButtonKind::Quiet if hovered => tokens.bg_hover,
        ButtonKind::Secondary => raised(ui),
        ButtonKind::Quiet => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, radius::BUTTON, fill);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, tokens);
    }
}

/// The fill of a button at rest. It must not vanish on what it lies on: see [`on_raised_card`] and [`on_stage`].
pub(super) fn raised(ui: &Ui) -> Color32 {
    ui.visuals().widgets.inactive.bg_fill
}

/// From here on, buttons of this `Ui` lie on a raised card.
pub fn on_raised_card(ui: &mut Ui) {
    let fill = tokens(ui).bg_hover;
    lie_on(ui, fill);
}

/// From here on, buttons of this `Ui` lie on the viewer's ground.
pub fn on_stage(ui: &mut Ui) {
    let fill = tokens(ui).bg_raised;
    lie_on(ui, fill);
}

fn lie_on(ui: &mut Ui, fill: Color32) {
    let inactive = &mut ui.visuals_mut().widgets.inactive;
    inactive.bg_fill = fill;
    inactive.weak_bg_fill = fill;
}

fn text_color(ui: &Ui, kind: ButtonKind, tokens: &Tokens) -> Color32 {
    match kind {
        _ if !ui.is_enabled() => tokens.text_disabled,
        ButtonKind::Primary => tokens.on_accent,
        ButtonKind::Secondary => tokens.text_primary,
        ButtonKind::Quiet => tokens.text_secondary,
    }
}

fn describe(ui: &Ui, response: &Response, name: &str) {
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if response.hovered() && enabled {
        ui.set_cursor_icon(CursorIcon::PointingHand);
    }
    debug_assert!(!name.is_empty(), "a button without a name");
}
