//! The header: a click sorts, its edges can be dragged.

use egui::accesskit::SortDirection;
use egui::{Align, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_extras::TableRow;

use super::cells;
use super::columns::{self, GUTTER, Widths};
use super::table::Memory;
use crate::model::{Column, HistoryQuery, SortKey, SortOrder};
use crate::state::{Action, SettingsChange};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, space, tokens};
use crate::ui::widgets::{focus_ring, label_in, select_box, splitter};

/// Paints the header's cells.
pub fn ui(mut row: TableRow<'_, '_>, widths: &Widths, frame: &mut Frame<'_>) {
    row.col(|ui| select_all(ui, frame));
    for column in widths.shown() {
        row.col(|ui| cell(ui, column, frame));
    }
}

/// A box that selects everything, while something is selected or the pointer is there.
fn select_all(ui: &mut Ui, frame: &mut Frame<'_>) {
    let rect = ui.max_rect();
    let history = &frame.state.history;
    let chosen = history.selected.len();
    if chosen < 2 && !ui.rect_contains_pointer(rect) {
        return;
    }
    let all = chosen > 0 && chosen == history.shown().len();
    let id = Id::unique("select all runs");
    if select_box(ui, id, rect, all, "Select all runs").clicked() {
        frame.actions.push(if all {
            Action::ClearSelection
        } else {
            Action::SelectAll
        });
    }
}

/// How a column takes part in the order.
#[derive(Clone, Copy, PartialEq)]
struct Sorted {
    order: SortOrder,
    rank: Rank,
}

#[derive(Clone, Copy, PartialEq)]
enum Rank {
    /// Newest first, which nobody had to choose.
    Default,
    First,
    Second,
}

fn sorted(query: &HistoryQuery, column: Column) -> Option<Sorted> {
    let by = |key: Option<SortKey>, rank| {
        let key = key.filter(|key| key.column == column)?;
        Some(Sorted {
            order: key.order,
            rank,
        })
    };
    let newest_first = SortKey {
        column: Column::Created,
        order: SortOrder::Descending,
    };
    match query.sort {
        None => by(Some(newest_first), Rank::Default),
        first => by(first, Rank::First).or_else(|| by(query.then, Rank::Second)),
    }
}

fn cell(ui: &mut Ui, column: Column, frame: &mut Frame<'_>) {
    let rect = ui.max_rect();
    let query = &frame.state.history.query;
    let sorted = sorted(query, column);
    let id = Id::unique(("history header", column));
    let response = ui.interact(rect.shrink2(vec2(4.0, 2.0)), id, Sense::click());
    paint(ui, rect, column, sorted, response.hovered());
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink2(vec2(4.0, 7.0)), tokens(ui));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, columns::title(column)));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        if let Some(sorted) = sorted {
            node.set_sort_direction(match sorted.order {
                SortOrder::Ascending => SortDirection::Ascending,
                SortOrder::Descending => SortDirection::Descending,
            });
        }
    });
    if response.clicked() {
        let second = ui.input(|input| input.modifiers.shift);
        frame.actions.push(Action::ClickHeader { column, second });
    }
    response.on_hover_ui(|ui| {
        ui.label("Click to sort, Shift + click to sort by it second");
    });
}

const ARROW: f32 = 13.0;

fn paint(ui: &Ui, rect: Rect, column: Column, sorted: Option<Sorted>, hovered: bool) {
    let tokens = tokens(ui);
    let chosen = sorted.is_some_and(|sorted| sorted.rank != Rank::Default);
    let color = if chosen || hovered {
        tokens.text_primary
    } else {
        tokens.text_tertiary
    };
    let inner = cells::content(rect);
    let text = columns::title(column);
    if column == Column::Saved && rect.width() < 60.0 {
        // The word would touch its neighbour: the glyph of what is below says the same.
        let what = match sorted.map(|sorted| sorted.order) {
            None => Icon::HardDrive,
            Some(SortOrder::Descending) => Icon::ArrowDown,
            Some(SortOrder::Ascending) => Icon::ArrowUp,
        };
        icon(ui.painter(), inner.center(), what, ARROW, color);
        return;
    }
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font::secondary(), color);
    let arrow = if sorted.is_some() { ARROW + 2.0 } else { 0.0 };
    let left = match columns::align(column) {
        Align::Max => (inner.right() - galley.size().x - arrow).max(inner.left()),
        Align::Center => inner.center().x - galley.size().x / 2.0,
        Align::Min => inner.left(),
    };
    let words = inner.with_min_x(left).with_max_x(rect.right() - arrow);
    let end = label_in(ui.painter(), words, text, font::secondary(), color);
    let Some(sorted) = sorted else {
        return;
    };
    let what = match sorted.order {
        SortOrder::Descending => Icon::ArrowDown,
        SortOrder::Ascending => Icon::ArrowUp,
    };
    let at = pos2(end.x + 3.0 + ARROW / 2.0, rect.center().y);
    icon(ui.painter(), at, what, ARROW, color);
    if sorted.rank == Rank::Second {
        let at = pos2(at.x + ARROW / 2.0, rect.center().y);
        let place = Rect::from_min_size(at - vec2(0.0, 9.0), vec2(space::S, 12.0));
        label_in(ui.painter(), place, "2", font::caption(), color);
    }
}

/// The columns' edges: dragged they widen the column left of them, a double click fits it to what is in view.
pub fn edges(ui: &Ui, head: Rect, widths: &Widths, memory: &mut Memory, frame: &mut Frame<'_>) {
    let mut x = head.left() + GUTTER;
    for column in widths.shown() {
        x += widths.of(column);
        let edge = Rect::from_x_y_ranges(x..=x, head.y_range().shrink(6.0));
        let id = Id::unique(("history column edge", column));
        let name = format!("Width of {}", columns::title(column));
        let edge = splitter(ui, id, edge, [4.0, 4.0], Sense::CLICK | Sense::DRAG, &name);
        if edge.moved != 0.0 {
            let from = match memory.dragged {
                Some((at, width)) if at == column => width,
                _ => widths.of(column),
            };
            memory.dragged = Some((column, from + edge.moved));
        }
        if edge.response.drag_stopped() && memory.dragged.take().is_some() {
            keep(frame, column, widths.of(column));
        }
        if edge.response.double_clicked() {
            let fitting = cells::fitting_width(ui, column, frame);
            keep(frame, column, fitting);
        }
    }
}

fn keep(frame: &mut Frame<'_>, column: Column, width: f32) {
    let change = SettingsChange::ColumnWidth(column, width.round());
    frame.actions.push(Action::ChangeSettings(change));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_order_is_marked_until_another_is_chosen() {
        let mut query = HistoryQuery::default();
        let created = sorted(&query, Column::Created).unwrap();
        assert!(created.rank == Rank::Default);
        query.sort = Some(SortKey {
            column: Column::Cost,
            order: SortOrder::Ascending,
        });
        assert!(sorted(&query, Column::Created).is_none());
        query.then = Some(SortKey {
            column: Column::Created,
            order: SortOrder::Descending,
        });
        assert!(sorted(&query, Column::Created).unwrap().rank == Rank::Second);
    }
}
