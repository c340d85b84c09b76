//! Everything about one run: what it made, what it was given, how it went. Beside the history, and over the viewer.

mod card;
mod fact;
mod inputs;
mod output;
mod pager;
mod preview;
mod run;
mod several;

use egui::{Id, Margin, Panel, Rect, ScrollArea, Sense, Ui};

use super::Frame;
use super::theme::{Icon, font, space, tokens};
use super::widgets::{empty_state, label, loading_state, splitter, tabs};
use crate::model::{Output, Problem, Run, RunDetail};
use crate::state::{Action, InspectorTab, SettingsChange};

/// Widths between which the panel can be dragged, in points.
const NARROWEST: f32 = 260.0;
const WIDEST: f32 = 560.0;
/// The table beside it keeps at least this, in points.
const BESIDE: f32 = 360.0;

/// The run that is shown, as far as it was read.
struct Shown<'a> {
    run: &'a Run,
    detail: Option<&'a RunDetail>,
    /// Why there is no more detail.
    problem: Option<&'a Problem>,
}

impl<'a> Shown<'a> {
    fn of(frame: &Frame<'a>) -> Option<Self> {
        let state = frame.state;
        let row = state.inspector.row()?;
        let detail = state.inspector.detail.value().map(|detail| &**detail);
        let detail = detail.filter(|detail| detail.run.key == row);
        let run = state.rows.get(row).map(|run| &**run);
        let run = run.or(detail.map(|detail| &detail.run))?;
        Some(Self {
            run,
            detail,
            problem: state.inspector.detail.problem(),
        })
    }

    /// The chosen output, else the first.
    fn output(&self, frame: &Frame<'_>) -> Option<&'a Output> {
        let chosen = frame.state.inspector.output;
        let outputs = &self.run.outputs;
        let found = outputs.iter().find(|output| Some(output.key) == chosen);
        found.or_else(|| outputs.first())
    }
}

/// Paints the inspector as a panel at the right of the history, about what is selected there.
pub fn panel(ui: &mut Ui, frame: &mut Frame<'_>) {
    beside(ui, frame, about_selection);
}

/// Paints the inspector as a panel at the right of the viewer, about the output in view.
pub fn viewer_panel(ui: &mut Ui, frame: &mut Frame<'_>) {
    beside(ui, frame, self::ui);
}

/// A panel at the right whose width can be dragged.
fn beside<'a>(ui: &mut Ui, frame: &mut Frame<'a>, content: impl FnOnce(&mut Ui, &mut Frame<'a>)) {
    let dragged = Id::unique("inspector width");
    let kept = frame.state.settings.panels.inspector_width;
    let wanted = ui.data(|data| data.get_temp(dragged)).unwrap_or(kept);
    let room = (ui.available_width() - BESIDE).max(NARROWEST);
    let width = wanted.clamp(NARROWEST, WIDEST.min(room)).round();
    let tokens = tokens(ui);
    let ground = egui::Frame::new().fill(tokens.bg_panel);
    let shown = Panel::right("inspector")
        .exact_size(width)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| content(ui, frame));
    let rect = shown.response.rect;
    let edge = Rect::from_x_y_ranges(rect.left()..=rect.left(), rect.y_range());
    let line = rect.left() + 0.5;
    ui.painter()
        .vline(line, rect.y_range(), (1.0, tokens.border_subtle));
    let id = Id::unique("inspector edge");
    // Mostly inside the panel: left of the edge is the table's scroll bar.
    let reach = [1.0, 7.0];
    let sense = Sense::click_and_drag();
    let edge = splitter(ui, id, edge, reach, sense, "Width of the inspector");
    let moved = width - edge.moved;
    if edge.response.dragged() {
        ui.data_mut(|data| data.insert_temp(dragged, moved));
    } else if edge.response.drag_stopped() || edge.moved != 0.0 {
        ui.data_mut(|data| data.remove_temp::<f32>(dragged));
        let change = SettingsChange::InspectorWidth(moved.clamp(NARROWEST, WIDEST));
        frame.actions.push(Action::ChangeSettings(change));
    }
}

fn about_selection(ui: &mut Ui, frame: &mut Frame<'_>) {
    match frame.state.history.selected.len() {
        0 => nothing(ui),
        1 => self::ui(ui, frame),
        _ => padded(ui, |ui| several::ui(ui, frame)),
    }
}

/// Paints the inspector's pages into what is available, about the run in view.
pub fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    padded(ui, |ui| {
        ui.add_space(space::S);
        ui.spacing_mut().item_spacing.y = 0.0;
        let pages = [
            (InspectorTab::Output, "Output"),
            (InspectorTab::Inputs, "Inputs"),
            (InspectorTab::Run, "Run"),
        ];
        if let Some(tab) = tabs(ui, frame.state.inspector.tab, &pages) {
            frame.actions.push(Action::ShowTab(tab));
        }
    });
    match Shown::of(frame) {
        Some(shown) => page(ui, &shown, frame),
        None => missing(ui, frame),
    }
}

fn page(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    let tab = frame.state.inspector.tab;
    ScrollArea::vertical()
        .id_salt((shown.run.key, tab))
        .auto_shrink(false)
        .show(ui, |ui| {
            padded(ui, |ui| {
                card::ui(ui, shown, frame);
                match tab {
                    InspectorTab::Output => output::ui(ui, shown, frame),
                    InspectorTab::Inputs => inputs::ui(ui, shown, frame),
                    InspectorTab::Run => run::ui(ui, shown, frame),
                }
                ui.add_space(space::L);
            });
        });
}

fn missing(ui: &mut Ui, frame: &Frame<'_>) {
    match frame.state.inspector.detail.problem() {
        Some(problem) => {
            empty_state(
                ui,
                Icon::TriangleAlert,
                &problem.summary,
                &problem.hint,
                |_| {},
            );
        }
        None if frame.state.inspector.row().is_some() => loading_state(ui, "Reading the run"),
        None => nothing(ui),
    }
}

fn nothing(ui: &mut Ui) {
    let text = "Its pictures, inputs and costs are shown here";
    empty_state(ui, Icon::MousePointerClick, "Select a run", text, |_| {});
}

/// With the panel's margins.
fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let margin = Margin::symmetric(space::L as i8, 0);
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(space::S, space::S);
        ui.set_width(ui.available_width());
        add(ui);
    });
}

/// The heading of a part of a page.
fn heading(ui: &mut Ui, text: &str) {
    label(ui, text, font::body_medium(), tokens(ui).text_primary);
}
