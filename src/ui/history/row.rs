//! One row: its ground, what it is called, and what a click on it does.

use egui::accesskit;
use egui::{Id, Rect, Response, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2};
use egui_extras::TableRow;

use super::columns::{GUTTER, Widths};
use super::{cells, menu, skeleton, strip, summary};
use crate::model::{Column, OutputKey, RowKey, Run, Timestamp};
use crate::state::{Action, SelectMode};
use crate::ui::Frame;
use crate::ui::theme::{radius, tokens};
use crate::ui::trouble::{Trouble, trouble};
use crate::ui::widgets::select_box;
use crate::ui::words;

/// A row in view.
pub struct Row<'a> {
    pub key: RowKey,
    pub index: usize,
    /// `None` until it was read.
    pub run: Option<&'a Run>,
    pub rect: Rect,
    pub widths: &'a Widths,
    pub selected: bool,
    /// What is wrong with it.
    pub trouble: Option<Trouble>,
    /// The summary has no room for what is wrong: the outputs' cell, empty, says it.
    pub told_beside: bool,
    response: Response,
}

/// The row's widget.
pub fn id(key: RowKey) -> Id {
    Id::unique(("run row", key))
}

/// "Pattern Maker, done, quiet harbour at dawn, 14:32, free"
pub fn name(run: &Run, now: Timestamp) -> String {
    format!(
        "{}, {}, {}, {}, {}",
        run.technique_name,
        run.stage.word().to_lowercase(),
        run.summary,
        words::when(run.created_at, now),
        run.cost.words().to_lowercase(),
    )
}

impl<'a> Row<'a> {
    /// Paints the ground of a row and makes it something to click on. Its cells come on top.
    pub fn begin(
        ui: &Ui,
        key: RowKey,
        index: usize,
        rect: Rect,
        widths: &'a Widths,
        ringed: bool,
        frame: &Frame<'a>,
    ) -> Self {
        let run = frame.state.rows.get(key).map(|run| &**run);
        let selected = frame.state.history.selected.contains(&key);
        let response = ui.interact(rect, id(key), Sense::CLICK);
        ground(ui, rect, selected, ringed, &response);
        let trouble = run.and_then(|run| trouble(run, frame.state));
        let mut row = Self {
            key,
            index,
            run,
            rect,
            widths,
            selected,
            trouble,
            told_beside: false,
            response,
        };
        row.told_beside = summary::is_told_beside(ui, &row);
        row.describe(ui, frame.now);
        if row.run.is_none() {
            skeleton::row(ui, rect, widths, 0.8);
        }
        row
    }

    fn describe(&self, ui: &Ui, now: Timestamp) {
        self.response.widget_info(|| {
            let name = match self.run {
                Some(run) => name(run, now),
                None => "Reading…".to_owned(),
            };
            WidgetInfo::labeled(Role::Row, true, name)
        });
        ui.ctx().accesskit_node_builder(self.response.id, |node| {
            node.set_selected(self.selected);
            node.set_row_index(self.index);
        });
    }

    /// Paints the cells.
    pub fn cells(&self, mut cells: TableRow<'_, '_>, frame: &mut Frame<'_>) {
        let Some(run) = self.run else {
            cells.col(|_| {});
            return;
        };
        cells.col(|ui| self.select_box(ui, frame));
        for (index, column) in self.widths.shown().enumerate() {
            cells.col(|ui| self.cell(ui, index, column, run, frame));
        }
    }

    fn cell(&self, ui: &mut Ui, index: usize, column: Column, run: &Run, frame: &mut Frame<'_>) {
        let builder = UiBuilder::new()
            .scope_id(self.response.id.with(column))
            .max_rect(ui.max_rect())
            .accessibility_parent(self.response.id)
            .accessibility_role(accesskit::Role::Cell);
        ui.scope_builder(builder, |ui| {
            ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
                let place = ui.max_rect();
                node.set_bounds(accesskit::Rect {
                    x0: place.left().into(),
                    y0: place.top().into(),
                    x1: place.right().into(),
                    y1: place.bottom().into(),
                });
                node.set_column_index(index);
                node.set_value(cells::words(column, run, frame.now));
            });
            cells::ui(ui, column, self, run, frame);
        });
    }

    /// The box that adds a row to the selection, while the pointer is on the row or several are selected.
    fn select_box(&self, ui: &Ui, frame: &mut Frame<'_>) {
        let several = frame.state.history.selected.len() > 1;
        if !several && !self.response.contains_pointer() {
            return;
        }
        let id = self.response.id.with("select");
        let response = select_box(ui, id, ui.max_rect(), self.selected, "Select");
        if response.clicked() {
            let range = ui.input(|input| input.modifiers.shift);
            let mode = if range {
                SelectMode::Range
            } else {
                SelectMode::Toggle
            };
            let row = self.key;
            frame.actions.push(Action::Select { row, mode });
        }
    }

    /// What clicks on the row do. True when it was clicked: the keyboard belongs to the table now.
    pub fn react(&self, ui: &mut Ui, frame: &mut Frame<'_>) -> bool {
        let clicked = self.response.clicked();
        let pointed = self.response.interact_pointer_pos();
        if self.response.double_clicked() {
            if let Some(output) = self.output_at(pointed).or_else(|| self.first_output()) {
                frame.actions.push(Action::OpenViewer(output));
            }
        } else if clicked {
            let row = self.key;
            let mode = mode(ui);
            frame.actions.push(Action::Select { row, mode });
            if let Some(output) = self.output_at(pointed)
                && mode == SelectMode::Only
            {
                frame.actions.push(Action::SelectOutput(output));
            }
        }
        let secondary = self.response.secondary_clicked();
        if secondary && !self.selected {
            let (row, mode) = (self.key, SelectMode::Only);
            frame.actions.push(Action::Select { row, mode });
        }
        if let Some(run) = self.run {
            self.response.context_menu(|ui| menu::ui(ui, run, frame));
        }
        clicked || secondary
    }

    fn first_output(&self) -> Option<OutputKey> {
        Some(self.run?.outputs.first()?.key)
    }

    /// The output whose picture is under the pointer.
    fn output_at(&self, pointed: Option<egui::Pos2>) -> Option<OutputKey> {
        let left = self.rect.left() + GUTTER + self.widths.of(Column::Status);
        let right = left + self.widths.of(Column::Outputs);
        let cell = Rect::from_min_max(pos2(left, self.rect.top()), pos2(right, self.rect.bottom()));
        strip::output_at(cell, self.run?, pointed?)
    }
}

fn mode(ui: &Ui) -> SelectMode {
    ui.input(|input| {
        if input.modifiers.shift {
            SelectMode::Range
        } else if input.modifiers.command {
            SelectMode::Toggle
        } else {
            SelectMode::Only
        }
    })
}

fn ground(ui: &Ui, rect: Rect, selected: bool, ringed: bool, response: &Response) {
    let tokens = tokens(ui);
    let painter = ui.painter();
    let hairline = tokens.border_subtle.gamma_multiply(0.4);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, (1.0, hairline));
    if selected {
        painter.rect_filled(rect, 0, tokens.selection);
    } else if response.contains_pointer() || response.context_menu_opened() {
        painter.rect_filled(rect, 0, tokens.bg_hover.gamma_multiply(0.55));
    }
    if ringed {
        painter.rect_stroke(
            rect.shrink(2.0),
            radius::FIELD,
            (2.0, tokens.focus),
            StrokeKind::Inside,
        );
    }
}
