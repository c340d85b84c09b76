//! The table: only the lines in view are painted, whatever its length.

use egui::accesskit::Role;
use egui::{Align, Id, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2};
use egui_extras::{Column as TableColumn, TableBody, TableBuilder};

use super::columns::{GUTTER, Widths};
use super::lines::{GROUP_HEIGHT, Lines, Window};
use super::{header, row, selection_bar};
use crate::model::{Column, RowKey};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{font, icon, size, space, tokens};
use crate::ui::widgets::{focus_ring, label_in};

/// What the table remembers between frames.
#[derive(Default)]
pub struct Memory {
    /// The widget that has the keyboard for the whole table.
    pub(super) focus: Option<Id>,
    /// Whether the last move was by keyboard: then the row it is at is ringed.
    pub(super) by_keyboard: bool,
    /// The keyboard comes by a click on a row, which needs no ring.
    clicked: bool,
    /// The row the keyboard is at must be scrolled into view.
    pub(super) reveal: bool,
    /// Points the table is scrolled.
    offset: f32,
    /// Points of height that rows have.
    viewport: f32,
    /// The rows that were last asked for.
    asked: Vec<RowKey>,
    /// A column's edge is being dragged: its width until it is let go.
    pub(super) dragged: Option<(Column, f32)>,
}

/// Height of the header, in points.
pub const HEADER: f32 = size::BUTTON;

/// Rows beyond the window that are read in advance.
const AHEAD: usize = 24;

impl Memory {
    /// How many rows a press of Page Down moves.
    pub(super) fn page(&self, frame: &Frame<'_>) -> i32 {
        lines(frame).page(self.viewport)
    }
}

/// Paints the table into what is available.
pub fn ui(ui: &mut Ui, memory: &mut Memory, frame: &mut Frame<'_>) {
    let area = ui.available_rect_before_wrap();
    let choices = &frame.state.settings.history;
    let widths = Widths::share(area.width(), choices, memory.dragged);
    // Its id must not depend on what the bar above it shows.
    let builder = UiBuilder::new()
        .scope_id(Id::unique("runs"))
        .max_rect(area)
        .accessibility_role(Role::Table)
        .accessibility_label("Runs")
        .sense(Sense::FOCUSABLE);
    ui.scope_builder(builder, |ui| {
        describe(ui, &widths, frame);
        take_focus(ui, memory);
        ScrollArea::horizontal()
            .auto_shrink(false)
            .show(ui, |ui| scrolled(ui, area, &widths, memory, frame));
    });
    selection_bar::ui(ui, area, frame);
}

fn describe(ui: &Ui, widths: &Widths, frame: &Frame<'_>) {
    let history = &frame.state.history;
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_row_count(history.shown().len());
        node.set_column_count(widths.shown().count());
        if let Some(cursor) = history.cursor {
            node.set_active_descendant(row::id(cursor).accesskit_id());
        }
    });
}

/// The table is one tab stop: within it the arrows move.
fn take_focus(ui: &Ui, memory: &mut Memory) {
    let response = ui.response();
    memory.focus = Some(response.id);
    if response.gained_focus() {
        memory.by_keyboard = !std::mem::take(&mut memory.clicked);
    }
    if response.has_focus() {
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: true,
            ..egui::EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
}

fn scrolled(ui: &mut Ui, area: Rect, widths: &Widths, memory: &mut Memory, frame: &mut Frame<'_>) {
    let total = widths.total().max(area.width());
    ui.set_width(total);
    let place = Rect::from_min_size(ui.cursor().min, vec2(total, area.height()));
    let head = Rect::from_min_size(place.min, vec2(total, HEADER));
    ui.painter().hline(
        head.x_range(),
        head.bottom() - 0.5,
        (1.0, tokens(ui).border_subtle),
    );
    let lines = lines(frame);
    let mut table = TableBuilder::new(ui)
        .id_salt("runs")
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .animate_scrolling(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(TableColumn::exact(GUTTER));
    for column in widths.shown() {
        table = table.column(TableColumn::exact(widths.of(column)));
    }
    if let Some(offset) = revealed(memory, lines, frame) {
        table = table.vertical_scroll_offset(offset);
    }
    let output = table
        .header(HEADER, |row| header::ui(row, widths, frame))
        .body(|body| {
            let mut painting = Painting {
                place,
                widths,
                lines,
                memory,
                frame,
            };
            painting.body(body);
        });
    memory.offset = output.state.clamped_offset().y;
    memory.viewport = output.inner_rect.height();
    header::edges(ui, head, widths, memory, frame);
    if has_ring(ui, memory) && frame.state.history.cursor.is_none() {
        focus_ring(ui.painter(), area.shrink(6.0), tokens(ui));
    }
}

fn lines(frame: &Frame<'_>) -> Lines {
    let history = &frame.state.history;
    Lines {
        grouped: history.pinned() > 0,
        rows: history.shown().len(),
        row_height: frame.state.settings.history.row_height.points(),
        margin: if history.selected.len() > 1 {
            selection_bar::MARGIN
        } else {
            0.0
        },
    }
}

/// Where to scroll to, when the row the keyboard is at has to come into view.
fn revealed(memory: &mut Memory, lines: Lines, frame: &Frame<'_>) -> Option<f32> {
    if !std::mem::take(&mut memory.reveal) {
        return None;
    }
    let history = &frame.state.history;
    let cursor = history.cursor?;
    let row = history.shown().iter().position(|key| *key == cursor)?;
    Some(lines.reveal(row, memory.offset, memory.viewport))
}

/// Whether the keyboard is here and was used.
fn has_ring(ui: &Ui, memory: &Memory) -> bool {
    let focused = ui.memory(|ui| memory.focus.is_some_and(|id| ui.has_focus(id)));
    focused && memory.by_keyboard
}

/// One frame's work on the table's body.
struct Painting<'p, 'f, 's> {
    place: Rect,
    widths: &'p Widths,
    lines: Lines,
    memory: &'p mut Memory,
    frame: &'f mut Frame<'s>,
}

impl Painting<'_, '_, '_> {
    fn body(&mut self, mut body: TableBody<'_>) {
        let ui = body.ui_mut();
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let top = ui.cursor().top();
        let view = ui.clip_rect().intersect(self.place);
        let window = self.lines.window(view.top() - top, view.height());
        spacer(&mut body, window.before);
        if window.group {
            self.group(&mut body, top);
        }
        let keys = &self.frame.state.history.shown()[window.rows.clone()];
        for (key, index) in keys.iter().zip(window.rows.clone()) {
            self.row(&mut body, *key, index, top);
        }
        spacer(&mut body, window.after);
        self.ask(&window);
        self.below(body.ui_mut(), top);
    }

    fn line_rect(&self, top: f32, height: f32) -> Rect {
        Rect::from_min_size(
            pos2(self.place.left(), top),
            vec2(self.place.width(), height),
        )
    }

    fn group(&mut self, body: &mut TableBody<'_>, top: f32) {
        let rect = self.line_rect(top, GROUP_HEIGHT);
        group_line(body.ui_mut(), rect, self.frame);
        body.row(GROUP_HEIGHT, |mut row| {
            row.col(|_| {});
        });
    }

    fn row(&mut self, body: &mut TableBody<'_>, key: RowKey, index: usize, top: f32) {
        let rect = self.line_rect(top + self.lines.row_top(index), self.lines.row_height);
        let ui = body.ui_mut();
        let ringed = self.frame.state.history.cursor == Some(key) && has_ring(ui, self.memory);
        let row = row::Row::begin(ui, key, index, rect, self.widths, ringed, self.frame);
        body.row(self.lines.row_height, |cells| {
            row.cells(cells, self.frame);
        });
        if row.react(body.ui_mut(), self.frame) {
            self.take_keyboard(body.ui_mut());
        }
    }

    /// A click on a row brings the keyboard to the table, without a ring.
    fn take_keyboard(&mut self, ui: &Ui) {
        self.memory.by_keyboard = false;
        let Some(focus) = self.memory.focus else {
            return;
        };
        if !ui.memory(|memory| memory.has_focus(focus)) {
            self.memory.clicked = true;
            ui.memory_mut(|memory| memory.request_focus(focus));
        }
    }

    /// Asks for the rows in view and some around them, when they are others than before.
    fn ask(&mut self, window: &Window) {
        let all = self.frame.state.history.shown();
        let begin = window.rows.start.saturating_sub(AHEAD);
        let end = (window.rows.end + AHEAD).min(all.len());
        let wanted = &all[begin..end];
        if self.memory.asked != wanted {
            self.memory.asked = wanted.to_vec();
            let rows = wanted.to_vec();
            self.frame.actions.push(Action::ShowRows(rows));
        }
    }

    /// A click on the ground below the last row lets go of everything.
    fn below(&mut self, ui: &Ui, top: f32) {
        let end = top + self.lines.row_top(self.lines.rows);
        let ground = Rect::from_min_max(pos2(self.place.left(), end), self.place.max);
        if ground.height() < 1.0 {
            return;
        }
        let response = ui.interact(ground, Id::unique("below the runs"), Sense::CLICK);
        if response.clicked() && !self.frame.state.history.selected.is_empty() {
            self.frame.actions.push(Action::ClearSelection);
        }
    }
}

/// Height without content.
fn spacer(body: &mut TableBody<'_>, height: f32) {
    if height > 0.0 {
        body.row(height, |mut row| {
            row.col(|_| {});
        });
    }
}

/// "In progress · 2", which folds what is below it.
fn group_line(ui: &Ui, rect: Rect, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let history = &frame.state.history;
    let open = history.pinned_group == crate::state::PinnedGroup::Unfolded;
    let response = ui.interact(rect, Id::unique("in progress"), Sense::click());
    let color = if response.hovered() {
        tokens.text_primary
    } else {
        tokens.text_tertiary
    };
    let chevron = if open {
        crate::ui::theme::Icon::ChevronDown
    } else {
        crate::ui::theme::Icon::ChevronRight
    };
    let mark = pos2(rect.left() + GUTTER / 2.0 + 2.0, rect.center().y);
    icon(ui.painter(), mark, chevron, 14.0, color);
    let text = format!("In progress · {}", history.pinned());
    let words = rect.with_min_x(rect.left() + GUTTER);
    label_in(ui.painter(), words, &text, font::secondary(), color);
    if response.has_focus() {
        let ring = Rect::from_min_max(rect.min, pos2(rect.left() + 180.0, rect.max.y));
        focus_ring(ui.painter(), ring.shrink(space::XS), tokens);
    }
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::DisclosureTriangle, true, open, &text)
    });
    if response.clicked() {
        frame.actions.push(Action::ToggleInProgress);
    }
}
