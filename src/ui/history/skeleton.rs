//! Quiet shapes where rows will be.

use egui::{Rect, Ui, Vec2, pos2, vec2};

use super::columns::{self, GUTTER, Widths};
use crate::model::Column;
use crate::settings::{HistoryChoices, RowHeight};
use crate::ui::theme::{radius, size, tokens};

/// Rows that are not here yet, fading towards the bottom.
pub fn table(ui: &mut Ui, height: RowHeight) {
    let area = ui.available_rect_before_wrap();
    let choices = HistoryChoices {
        row_height: height,
        ..HistoryChoices::default()
    };
    let widths = Widths::share(area.width(), &choices, None);
    let (_, response) = ui.allocate_exact_size(area.size(), egui::Sense::hover());
    let header = size::BUTTON;
    for index in 0..10 {
        let top = area.top() + header + index as f32 * height.points();
        let rect = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), height.points()));
        if rect.bottom() > area.bottom() {
            break;
        }
        row(ui, rect, &widths, 1.0 - index as f32 * 0.09);
    }
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Reading the history")
    });
}

/// One row that is not here yet; `strength` from 0 to 1.
pub fn row(ui: &Ui, rect: Rect, widths: &Widths, strength: f32) {
    let mut left = rect.left() + GUTTER;
    for column in widths.shown() {
        let width = widths.of(column);
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        shape(ui, cell, column, strength);
        left += width;
    }
}

fn shape(ui: &Ui, cell: Rect, column: Column, strength: f32) {
    let line = 10.0;
    let room = (cell.width() - 12.0).max(0.0);
    let size: Vec2 = match column {
        Column::Status => vec2(72.0, size::PILL),
        Column::Outputs => Vec2::splat((cell.height() - 12.0).min(76.0)),
        Column::Technique => vec2(96.0, line),
        Column::Summary => vec2(room * 0.7, line),
        Column::Created | Column::Cost => vec2(40.0, line),
        Column::Duration => vec2(28.0, line),
        Column::Saved => return,
    };
    let size = size.min(vec2(room, cell.height()));
    let left = match columns::align(column) {
        egui::Align::Max => cell.left() + room - size.x,
        _ => cell.left(),
    };
    let rect = Rect::from_min_size(pos2(left, cell.center().y - size.y / 2.0), size);
    let color = tokens(ui)
        .bg_hover
        .gamma_multiply(0.7 * strength.clamp(0.1, 1.0));
    ui.painter().rect_filled(rect, radius::FIELD, color);
}
