//! A small number with − and +, also by the arrow keys.

use std::ops::RangeInclusive;

use egui::{
    Align2, EventFilter, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

use super::button::raised;
use super::focus_ring;
use crate::ui::theme::{Icon, font, icon, radius, size, tokens};

/// Width of the whole, in points.
pub const WIDTH: f32 = 78.0;

const PART: f32 = 26.0;

/// Shows the number; returns the new one when it was changed. `name` is its accessible name.
pub fn stepper(ui: &mut Ui, value: u32, range: RangeInclusive<u32>, name: &str) -> Option<u32> {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, size::BUTTON), Sense::hover());
    ui.painter().rect_filled(rect, radius::BUTTON, raised(ui));
    let part = |index: f32| {
        let left = rect.left() + index * PART;
        Rect::from_min_size(pos2(left, rect.top()), vec2(PART, rect.height()))
    };
    let fewer = side(
        ui,
        part(0.0),
        Icon::Minus,
        "Fewer",
        name,
        value > *range.start(),
    );
    let number = number(ui, part(1.0), value, &range, name);
    let more = side(
        ui,
        part(2.0),
        Icon::Plus,
        "More",
        name,
        value < *range.end(),
    );
    let mut changed = value;
    if fewer.clicked() {
        changed = value.saturating_sub(1);
    }
    if more.clicked() {
        changed = value.saturating_add(1);
    }
    if number.has_focus() {
        changed = by_keys(ui, &number, changed);
    }
    let changed = changed.clamp(*range.start(), *range.end());
    (changed != value).then_some(changed)
}

fn side(ui: &Ui, rect: Rect, what: Icon, word: &str, name: &str, possible: bool) -> Response {
    let tokens = tokens(ui);
    let sense = if possible {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, ui.scope_id().with((name, word)), sense);
    if possible && response.hovered() {
        ui.painter()
            .rect_filled(rect, radius::BUTTON, tokens.bg_active);
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    let color = if possible {
        tokens.text_secondary
    } else {
        tokens.text_disabled
    };
    icon(ui.painter(), rect.center(), what, 12.0, color);
    let spoken = format!("{name}: {}", word.to_lowercase());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, possible, &spoken));
    response
}

fn number(ui: &Ui, rect: Rect, value: u32, range: &RangeInclusive<u32>, name: &str) -> Response {
    let tokens = tokens(ui);
    let response = ui.interact(
        rect,
        ui.scope_id().with((name, "number")),
        Sense::focusable_noninteractive(),
    );
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        value.to_string(),
        font::body_medium(),
        tokens.text_primary,
    );
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::SpinButton, true, name);
        info.value = Some(f64::from(value));
        info
    });
    ui.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(f64::from(*range.start()));
        node.set_max_numeric_value(f64::from(*range.end()));
    });
    response
}

fn by_keys(ui: &Ui, number: &Response, value: u32) -> u32 {
    ui.memory_mut(|memory| {
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        memory.set_focus_lock_filter(number.id, filter);
    });
    ui.input_mut(|input| {
        let mut presses = |key| input.count_and_consume_key(Modifiers::NONE, key) as u32;
        (value + presses(Key::ArrowUp)).saturating_sub(presses(Key::ArrowDown))
    })
}
