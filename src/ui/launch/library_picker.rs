//! Choosing one of the library's outputs as an input.

use std::sync::Arc;

use egui::{Popup, PopupCloseBehavior, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::field::Field;
use super::form::Screen;
use crate::model::{Archive, MediaKind, MediaSource, Output, OutputKey, RowKey, Run};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{font, radius, space, tokens};
use crate::ui::widgets::{Fit, focus_ring, label, thumb};
use crate::ui::words;

/// Runs that are looked at, newest first.
const RUNS: usize = 240;
/// Outputs offered.
const OFFERED: usize = 96;
const COLUMNS: usize = 4;

/// Paints the popup at a field's tile, if it is open there.
pub fn ui(ui: &Ui, field: &Field<'_>, tile: Rect, screen: &mut Screen, frame: &mut Frame<'_>) {
    if screen.picker.as_ref() != Some(&field.spec.id) {
        return;
    }
    let mut open = true;
    let popup = Popup::new(
        field.part("library", 0),
        ui.ctx().clone(),
        tile,
        ui.layer_id(),
    )
    .open_bool(&mut open)
    .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
    .width(tile.width())
    .gap(4.0)
    .accessible_name("The library");
    let shown = popup.show(|ui| {
        ui.set_width(tile.width() - 12.0);
        contents(ui, &field.spec.kind, frame)
    });
    if let Some(output) = shown.and_then(|shown| shown.inner) {
        frame.actions.push(Action::HandIn {
            input: field.spec.id.clone(),
            source: MediaSource::Output(output),
        });
        open = false;
    }
    if !open {
        screen.picker = None;
    }
}

fn contents(ui: &mut Ui, kind: &MediaKind, frame: &mut Frame<'_>) -> Option<OutputKey> {
    let tokens = tokens(ui);
    let keys = newest_runs(frame);
    if keys.iter().any(|key| frame.state.rows.get(*key).is_none()) {
        frame.actions.push(Action::ShowRows(keys.clone()));
    }
    let mut runs: Vec<Arc<Run>> = keys
        .iter()
        .filter_map(|key| frame.state.rows.get(*key).cloned())
        .collect();
    // The history may be sorted in another way.
    runs.sort_by_key(|run| std::cmp::Reverse(run.created_at));
    let outputs: Vec<(&Run, &Output)> = runs
        .iter()
        .flat_map(|run| run.outputs.iter().map(|output| (&**run, output)))
        .filter(|(_, output)| output.kind == *kind && output.archive == Archive::Stored)
        .take(OFFERED)
        .collect();
    let title = if outputs.is_empty() {
        format!("No {} in the library yet", kind.noun())
    } else {
        "From the library, newest first".to_owned()
    };
    label(ui, title, font::secondary(), tokens.text_secondary);
    let mut chosen = None;
    ScrollArea::vertical()
        .max_height(280.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            let room = ui.available_width() - space::M;
            let side = (room - space::S * (COLUMNS as f32 - 1.0)) / COLUMNS as f32;
            for row in outputs.chunks(COLUMNS) {
                ui.horizontal(|ui| {
                    for (run, output) in row {
                        if tile(ui, side, run, output, frame) {
                            chosen = Some(output.key);
                        }
                    }
                });
            }
        });
    chosen
}

fn tile(ui: &mut Ui, side: f32, run: &Run, output: &Output, frame: &mut Frame<'_>) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    let tokens = tokens(ui);
    if ui.is_rect_visible(rect) {
        thumb(ui, frame, output, rect, Fit::Cover);
        if response.hovered() {
            let stroke = egui::Stroke::new(2.0, tokens.accent);
            let inside = egui::StrokeKind::Inside;
            ui.painter().rect_stroke(rect, radius::TILE, stroke, inside);
        }
        if response.has_focus() {
            focus_ring(ui.painter(), rect.shrink(2.0), tokens);
        }
    }
    let when = words::when(run.created_at, frame.now);
    let name = format!("{} of {}, {when}", output.kind.noun(), run.technique_name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let about = format!("{}\n{} · {when}", run.summary, run.technique_name);
    response.on_hover_text(about).clicked()
}

/// The runs to look through: this technique's, then whatever the history shows.
fn newest_runs(frame: &Frame<'_>) -> Vec<RowKey> {
    let results = frame
        .state
        .results
        .keys
        .value()
        .cloned()
        .unwrap_or_default();
    let history = frame.state.history.keys();
    let mut keys: Vec<RowKey> = history.iter().copied().take(RUNS).collect();
    for key in results.iter().take(RUNS / 4) {
        if !keys.contains(key) {
            keys.push(*key);
        }
    }
    keys
}
