//! Filter chips: a quiet button that opens a menu, and an active filter that can be taken off.

use std::sync::Arc;

use egui::{Galley, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{focus_ring, label_in, truncated};
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};

const HEIGHT: f32 = 26.0;

/// A chip that opens a menu: "Technique ▾".
pub fn chip_button(ui: &mut Ui, text: &str) -> Response {
    let tokens = tokens(ui);
    let width = chip_button_width(ui, text);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    let fill = if response.hovered() {
        tokens.bg_active
    } else {
        tokens.bg_hover
    };
    ui.painter().rect_filled(rect, radius::FIELD, fill);
    let words = rect.with_min_x(rect.left() + space::S);
    label_in(
        ui.painter(),
        words,
        text,
        font::secondary(),
        tokens.text_secondary,
    );
    let mark = pos2(rect.right() - space::S - 4.0, rect.center().y);
    let what = Icon::ChevronDown;
    icon(ui.painter(), mark, what, 12.0, tokens.text_secondary);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, tokens);
    }
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
    response
}

/// A filter that is on.
pub struct FilterChip {
    /// The words, which open the filter's menu.
    pub body: Response,
    /// Whether its × was clicked.
    pub removed: bool,
}

/// An active filter: "Status is not **Failed** ×". Its words open its menu, its × takes it off.
pub fn filter_chip(ui: &mut Ui, lead: &str, value: &str) -> FilterChip {
    let width = filter_chip_width(ui, lead, value);
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    let (body_rect, cross_rect) = rect.split_left_right_at_x(rect.right() - CROSS);
    let body = ui.interact(
        body_rect,
        ui.scope_id().with(("chip", lead)),
        Sense::click(),
    );
    let cross = ui.interact(
        cross_rect,
        ui.scope_id().with(("chip ×", lead)),
        Sense::click(),
    );
    paint_filter(ui, rect, lead, value, &body, &cross);
    let enabled = ui.is_enabled();
    body.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, format!("{lead} {value}")));
    cross.widget_info(|| {
        WidgetInfo::labeled(Role::Button, enabled, format!("Remove {lead} {value}"))
    });
    FilterChip {
        removed: cross.clicked(),
        body,
    }
}

/// Room for the ×, which is a target of its own.
const CROSS: f32 = 24.0;

/// How wide [`filter_chip`] will be, in points.
pub fn filter_chip_width(ui: &Ui, lead: &str, value: &str) -> f32 {
    let [lead, value] = filter_galleys(ui, lead, value);
    space::S + lead.size().x + space::XS + value.size().x + CROSS
}

/// How wide [`chip_button`] will be, in points.
pub fn chip_button_width(ui: &Ui, text: &str) -> f32 {
    let color = tokens(ui).text_secondary;
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font::secondary(), color);
    galley.size().x + space::S * 2.0 + 16.0
}

fn filter_galleys(ui: &Ui, lead: &str, value: &str) -> [Arc<Galley>; 2] {
    let tokens = tokens(ui);
    let lead = truncated(
        ui.painter(),
        lead,
        font::secondary(),
        tokens.text_secondary,
        160.0,
    );
    let value = truncated(
        ui.painter(),
        value,
        font::medium(12.0),
        tokens.text_primary,
        180.0,
    );
    [lead, value]
}

fn paint_filter(ui: &Ui, rect: Rect, lead: &str, value: &str, body: &Response, cross: &Response) {
    let tokens = tokens(ui);
    let fill = if body.hovered() {
        tokens.bg_active
    } else {
        tokens.bg_hover
    };
    ui.painter().rect_filled(rect, radius::FIELD, fill);
    let y = rect.center().y;
    let mut x = rect.left() + space::S;
    for galley in filter_galleys(ui, lead, value) {
        let size = galley.size();
        ui.painter()
            .galley(pos2(x, y - size.y / 2.0), galley, tokens.text_primary);
        x += size.x + space::XS;
    }
    let color = if cross.hovered() {
        tokens.text_primary
    } else {
        tokens.text_secondary
    };
    icon(ui.painter(), cross.rect.center(), Icon::X, 12.0, color);
    for part in [body, cross] {
        if part.has_focus() {
            focus_ring(ui.painter(), part.rect.shrink(2.0), tokens);
        }
    }
}
