//! The summary cell: what it was about, with the searched words marked, and what went wrong with the way out.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Rect, Ui, UiBuilder, pos2};

use super::cells;
use super::matches::matches;
use super::row::Row;
use crate::model::{Column, Run};
use crate::ui::Frame;
use crate::ui::theme::{font, tokens};
use crate::ui::trouble::Trouble;
use crate::ui::widgets::{label_in, row_link};

/// Half the distance between the middles of two lines, in points.
const HALF_LINE: f32 = 9.5;

/// Paints a run's summary into `rect`.
pub fn ui(ui: &mut Ui, rect: Rect, row: &Row<'_>, run: &Run, frame: &mut Frame<'_>) {
    match &row.trouble {
        None => text(ui, rect, row, run, frame),
        Some(trouble) if is_roomy(rect) => {
            let (upper, lower) = two_lines(rect);
            text(ui, upper, row, run, frame);
            if row.told_beside {
                way_out(ui, lower, row, trouble, frame);
            } else {
                trouble_line(ui, lower, row, trouble, frame);
            }
        }
        Some(trouble) => trouble_line(ui, rect, row, trouble, frame),
    }
}

/// Whether a row is high enough for two lines.
fn is_roomy(rect: Rect) -> bool {
    rect.height() >= 44.0
}

fn two_lines(rect: Rect) -> (Rect, Rect) {
    let line = |middle: f32| {
        let middle = rect.center().y + middle;
        Rect::from_x_y_ranges(rect.x_range(), (middle - HALF_LINE)..=(middle + HALF_LINE))
    };
    (line(-HALF_LINE), line(HALF_LINE))
}

/// Whether what is wrong goes into the outputs' cell: it is empty, and the summary's has too little room.
pub fn is_told_beside(ui: &Ui, row: &Row<'_>) -> bool {
    let (Some(run), Some(trouble)) = (row.run, &row.trouble) else {
        return false;
    };
    if !run.outputs.is_empty() || !is_roomy(row.rect) {
        return false;
    }
    let step = trouble.steps.first().map_or("", |step| &step.label);
    let wanted = text_width(ui, &trouble.title) + text_width(ui, DOT) + text_width(ui, step);
    wanted > row.widths.of(Column::Summary) - cells::GAP
}

/// Paints what is wrong into the outputs' cell.
pub fn beside(ui: &Ui, rect: Rect, trouble: &Trouble) {
    let color = tokens(ui).pill(trouble.tone).text;
    let job = LayoutJob::simple(
        trouble.title.clone(),
        font::secondary(),
        color,
        rect.width(),
    );
    paint_job(ui, rect, job, 2, color);
}

fn text(ui: &Ui, rect: Rect, row: &Row<'_>, run: &Run, frame: &Frame<'_>) {
    let tokens = tokens(ui);
    let color = if row.selected {
        tokens.text_primary
    } else {
        tokens.text_secondary
    };
    // Only the large rows have room for more than a line.
    let rows = if rect.height() < 80.0 { 1 } else { 3 };
    let query = &frame.state.history.query.text;
    let job = marked(&run.summary, query, font::body(), color, ui);
    paint_job(ui, rect, job, rows, color);
}

/// Paints a text with the words of `query` marked, in one line.
pub fn marked_line(ui: &Ui, rect: Rect, text: &str, query: &str, color: Color32) {
    let job = marked(text, query, font::body(), color, ui);
    paint_job(ui, rect, job, 1, color);
}

fn paint_job(ui: &Ui, rect: Rect, mut job: LayoutJob, rows: usize, color: Color32) {
    job.wrap = TextWrapping {
        max_width: rect.width().max(0.0),
        max_rows: rows,
        break_anywhere: rows == 1,
        overflow_character: Some('…'),
    };
    let galley = ui.painter().layout_job(job);
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
}

fn marked(text: &str, query: &str, font: FontId, color: Color32, ui: &Ui) -> LayoutJob {
    let plain = TextFormat::simple(font.clone(), color);
    let mut job = LayoutJob {
        break_on_newline: false,
        ..LayoutJob::default()
    };
    let mut end = 0;
    for range in matches(text, query) {
        let tokens = tokens(ui);
        job.append(&text[end..range.start], 0.0, plain.clone());
        let mark = TextFormat {
            background: tokens.needs_you.ground,
            ..TextFormat::simple(font.clone(), tokens.text_primary)
        };
        job.append(&text[range.clone()], 0.0, mark);
        end = range.end;
    }
    job.append(&text[end..], 0.0, plain);
    job
}

const DOT: &str = " · ";

/// Points a title needs to say something.
const LEAST_TITLE: f32 = 72.0;

/// "The model refused this content · Edit inputs"
fn trouble_line(ui: &mut Ui, rect: Rect, row: &Row<'_>, trouble: &Trouble, frame: &mut Frame<'_>) {
    let color = tokens(ui).pill(trouble.tone).text;
    let Some(step) = trouble.steps.first() else {
        label_in(ui.painter(), rect, &trouble.title, font::secondary(), color);
        return;
    };
    let dot = text_width(ui, DOT);
    let link = text_width(ui, &step.label) + dot;
    let words = rect.with_max_x((rect.right() - link).max(rect.left()));
    let whole = text_width(ui, &trouble.title);
    if words.width() < whole.min(LEAST_TITLE) {
        // A word or two would say nothing: the way out says more, and the tooltip all of it.
        return way_out(ui, rect, row, trouble, frame);
    }
    let end = label_in(
        ui.painter(),
        words,
        &trouble.title,
        font::secondary(),
        color,
    );
    let gap = Rect::from_x_y_ranges(end.x..=(end.x + dot), rect.y_range());
    let faint = tokens(ui).text_tertiary;
    label_in(ui.painter(), gap, DOT, font::secondary(), faint);
    way_out(ui, rect.with_min_x(end.x + dot), row, trouble, frame);
}

/// The first thing to do, as a link.
fn way_out(ui: &mut Ui, rect: Rect, row: &Row<'_>, trouble: &Trouble, frame: &mut Frame<'_>) {
    let Some(step) = trouble.steps.first() else {
        return;
    };
    let builder = UiBuilder::new()
        .scope_id(egui::Id::unique(("way out", row.key)))
        .max_rect(rect)
        .layout(egui::Layout::left_to_right(egui::Align::Center));
    ui.scope_builder(builder, |ui| {
        if row_link(ui, &step.label).clicked() {
            frame.actions.push(step.action.clone());
        }
    });
}

fn text_width(ui: &Ui, text: &str) -> f32 {
    let color = tokens(ui).text_primary;
    ui.painter()
        .layout_no_wrap(text.to_owned(), font::secondary(), color)
        .size()
        .x
}
