//! The strip at the bottom: this run's outputs, then those of the runs around it.

use std::sync::Arc;

use egui::{Margin, Panel, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Subject;
use crate::model::Run;
use crate::state::{Action, AppState};
use crate::ui::Frame;
use crate::ui::theme::{radius, size, space, tokens};
use crate::ui::widgets::{Fit, focus_ring, thumb};

const SIDE: f32 = 56.0;
const GAP: f32 = space::S;
/// Between runs.
const RUN_GAP: f32 = 20.0;

/// An output by its run and its index in it.
type Item = (Arc<Run>, usize);

/// Paints the strip across the bottom.
pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    let ground = egui::Frame::new()
        .fill(tokens(ui).bg_panel)
        .inner_margin(Margin::symmetric(12, 0));
    Panel::bottom("filmstrip")
        .exact_size(size::FILMSTRIP)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            let strip = ui.available_rect_before_wrap();
            let reach = (strip.width() / (SIDE + GAP)).ceil() as usize;
            let (items, current) = around(subject, frame.state, reach, reach);
            let lefts = positions(&items, current, strip.width());
            for (index, left) in lefts {
                let at = pos2(
                    (strip.left() + left).round(),
                    strip.center().y.round() - SIDE / 2.0,
                );
                let rect = Rect::from_min_size(at, vec2(SIDE, SIDE));
                if strip.contains_rect(rect.shrink(1.0)) {
                    cell(ui, rect, &items[index], index == current, frame);
                }
            }
        });
}

/// The outputs before and after the one in view, in the list's order.
fn around(
    subject: &Subject<'_>,
    state: &AppState,
    before: usize,
    after: usize,
) -> (Vec<Item>, usize) {
    let runs = &subject.viewing.runs;
    let at = runs.iter().position(|row| *row == subject.run.key);
    let here = subject.run;
    let position = here
        .outputs
        .iter()
        .position(|output| output.key == subject.output.key)
        .unwrap_or(0);
    let outputs = |run: &Arc<Run>| -> Vec<Item> {
        (0..run.outputs.len())
            .map(|index| (run.clone(), index))
            .collect()
    };
    let mut items = outputs(here);
    let mut current = position;
    let Some(at) = at else {
        return (items, current);
    };
    // Only runs that are here: a gap would look as if there was nothing in between.
    let known = |row: &_| state.rows.get(*row).cloned();
    for run in runs[..at].iter().rev().map_while(known) {
        if current >= before {
            break;
        }
        current += run.outputs.len();
        let earlier = outputs(&run);
        items.splice(0..0, earlier);
    }
    for run in runs[at + 1..].iter().map_while(known) {
        if items.len() - current > after {
            break;
        }
        items.extend(outputs(&run));
    }
    (items, current)
}

/// The outputs a few steps away: those after first.
pub(super) fn neighbours(
    subject: &Subject<'_>,
    state: &AppState,
    before: usize,
    after: usize,
) -> Vec<Item> {
    let (items, current) = around(subject, state, before, after);
    let next = items.iter().skip(current + 1).take(after);
    let previous = items[..current].iter().rev().take(before);
    next.chain(previous).cloned().collect()
}

/// Left edges. All in the middle when they fit, else the current one in the middle.
fn positions(items: &[Item], current: usize, width: f32) -> Vec<(usize, f32)> {
    let mut lefts = Vec::with_capacity(items.len());
    let mut x = 0.0;
    for (index, (run, _)) in items.iter().enumerate() {
        if index > 0 {
            let same = items[index - 1].0.key == run.key;
            x += SIDE + if same { GAP } else { RUN_GAP };
        }
        lefts.push((index, x));
    }
    let total = x + SIDE;
    let shift = if total <= width {
        (width - total) / 2.0
    } else {
        let wanted = width / 2.0 - SIDE / 2.0 - lefts[current].1;
        wanted.clamp(width - total, 0.0)
    };
    for (_, left) in &mut lefts {
        *left += shift;
    }
    lefts
}

fn cell(ui: &mut Ui, rect: Rect, (run, index): &Item, current: bool, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let output = &run.outputs[*index];
    let id = ui.scope_id().with(("film", output.key));
    let response = ui.interact(rect, id, Sense::click());
    thumb(ui, frame, output, rect, Fit::Cover);
    if current {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            radius::TILE + 2,
            (2.0, tokens.accent),
            StrokeKind::Outside,
        );
    } else if response.hovered() {
        ui.painter().rect_stroke(
            rect,
            radius::THUMB,
            (1.0, tokens.text_secondary),
            StrokeKind::Outside,
        );
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect.expand(2.0), tokens);
    }
    let name = format!(
        "{} {} of {}, {}, {}",
        output.kind.noun(),
        output.index + 1,
        run.outputs.len(),
        run.technique_name,
        run.summary
    );
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, current, &name));
    if response.clicked() {
        frame.actions.push(Action::OpenViewer(output.key));
    }
    response.on_hover_text(&*run.summary);
}
