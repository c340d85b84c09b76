//! A choice between a few: one track, one raised segment.

use egui::{CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::focus_ring;
use crate::ui::theme::{font, radius, space, tokens};

const HEIGHT: f32 = 28.0;

/// Shows the choices in a row; returns the one that was clicked.
pub fn segmented<T: Copy + PartialEq>(ui: &mut Ui, current: T, choices: &[(T, &str)]) -> Option<T> {
    let tokens = tokens(ui);
    let galleys: Vec<_> = choices
        .iter()
        .map(|(_, text)| {
            ui.painter()
                .layout_no_wrap((*text).to_owned(), font::secondary(), tokens.text_primary)
        })
        .collect();
    let widths: Vec<f32> = galleys
        .iter()
        .map(|galley| galley.size().x + space::M * 2.0)
        .collect();
    let total: f32 = widths.iter().sum();
    let (track, _) = ui.allocate_exact_size(vec2(total, HEIGHT), Sense::hover());
    ui.painter()
        .rect_filled(track, radius::BUTTON, tokens.bg_input);
    let mut clicked = None;
    let mut x = track.left();
    for (((value, text), galley), width) in choices.iter().zip(galleys).zip(widths) {
        let rect = Rect::from_min_size(pos2(x, track.top()), vec2(width, HEIGHT));
        let response = ui.interact(rect, ui.scope_id().with(("segment", *text)), Sense::click());
        let chosen = *value == current;
        if chosen || response.hovered() {
            let fill = if chosen {
                tokens.bg_active
            } else {
                tokens.bg_hover
            };
            ui.painter()
                .rect_filled(rect.shrink(2.0), CornerRadius::same(radius::FIELD), fill);
        }
        let color = if chosen {
            tokens.text_primary
        } else {
            tokens.text_secondary
        };
        let at = rect.center() - galley.size() / 2.0;
        ui.painter()
            .galley_with_override_text_color(at, galley, color);
        if response.has_focus() {
            focus_ring(ui.painter(), rect.shrink(2.0), tokens);
        }
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, *text));
        if response.clicked() {
            clicked = Some(*value);
        }
        x += width;
    }
    clicked
}
