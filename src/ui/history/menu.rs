//! The menu of a row, or of all selected rows when it is one of them.

use egui::{Align, Layout, Ui};

use super::keys;
use crate::model::{Archive, Run, RunStage, RunText, Source};
use crate::state::{Action, InspectorTab};
use crate::ui::Frame;
use crate::ui::theme::Icon;
use crate::ui::trouble::{may_repeat, trouble, try_again};
use crate::ui::widgets::{menu_item, menu_line};

const WIDTH: f32 = 224.0;

/// Fills the menu of a row.
pub fn ui(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.with_layout(Layout::top_down_justified(Align::Min), |ui| {
        let history = &frame.state.history;
        if history.selected.len() > 1 && history.selected.contains(&run.key) {
            several(ui, frame);
        } else {
            one(ui, run, frame);
        }
    });
}

fn one(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    look(ui, run, frame);
    ways_on(ui, run, frame);
    menu_line(ui);
    keep(ui, run, frame);
    if run.stage == RunStage::Waiting {
        menu_line(ui);
        if menu_item(ui, Some(Icon::Trash2), "Remove", "Del").clicked() {
            frame.actions.push(Action::Discard(vec![run.key]));
        }
    }
}

fn look(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    if let Some(output) = run.outputs.first()
        && menu_item(ui, Some(Icon::Maximize2), "Open", "Enter").clicked()
    {
        frame.actions.push(Action::OpenViewer(output.key));
    }
    if menu_item(ui, Some(Icon::Info), "Show details", "").clicked() {
        frame.actions.push(Action::ShowTab(InspectorTab::Run));
        frame.show_inspector();
    }
}

fn ways_on(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    menu_line(ui);
    if run.source == Source::Here
        && menu_item(ui, Some(Icon::SquarePen), "Run again…", "E").clicked()
    {
        frame.actions.push(Action::FillFrom(run.key));
    }
    if may_repeat(run) {
        let step = try_again(run, frame.state);
        if menu_item(ui, Some(Icon::RotateCw), &step.label, "R").clicked() {
            frame.actions.push(step.action);
        }
    }
    // What a refusal or a doubt calls for; what is offered above already is left out.
    let steps = trouble(run, frame.state).map_or(Vec::new(), |trouble| trouble.steps);
    for step in steps {
        let above = matches!(
            step.action,
            Action::FillFrom(_) | Action::Repeat(_) | Action::CopyText(_)
        );
        let below = run.stage == RunStage::Waiting && matches!(step.action, Action::Discard(_));
        if !above && !below && menu_item(ui, None, &step.label, "").clicked() {
            frame.actions.push(step.action);
        }
    }
}

fn keep(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    if !run.outputs.is_empty()
        && menu_item(ui, Some(Icon::Download), "Save as…", "Ctrl S").clicked()
    {
        frame.actions.push(Action::SaveRuns(vec![run.key]));
    }
    if menu_item(ui, Some(Icon::Copy), "Copy", "Ctrl C").clicked() {
        keys::copy(frame, RunText::Facts);
    }
    if run.run_id.is_some()
        && menu_item(ui, Some(Icon::Hash), "Copy run id", "Ctrl Shift C").clicked()
    {
        keys::copy(frame, RunText::Ids);
    }
    let stored = run
        .outputs
        .iter()
        .find(|output| output.archive == Archive::Stored);
    let file = stored.and_then(|output| output.file.clone());
    if let Some(file) = file
        && menu_item(ui, Some(Icon::FolderOpen), "Reveal in folder", "").clicked()
    {
        frame.actions.push(Action::Reveal(file));
    }
}

fn several(ui: &mut Ui, frame: &mut Frame<'_>) {
    let count = frame.state.history.selected.len();
    if menu_item(
        ui,
        Some(Icon::Download),
        &format!("Save {count}…"),
        "Ctrl S",
    )
    .clicked()
    {
        let rows = frame.state.history.selection();
        frame.actions.push(Action::SaveRuns(rows));
    }
    if menu_item(ui, Some(Icon::Copy), &format!("Copy {count}"), "Ctrl C").clicked() {
        keys::copy(frame, RunText::Facts);
    }
    if menu_item(ui, Some(Icon::Hash), "Copy run ids", "Ctrl Shift C").clicked() {
        keys::copy(frame, RunText::Ids);
    }
    let waiting = keys::waiting(frame);
    if !waiting.is_empty() {
        menu_line(ui);
        let name = format!("Remove {} waiting", waiting.len());
        if menu_item(ui, Some(Icon::Trash2), &name, "Del").clicked() {
            frame.actions.push(Action::Discard(waiting));
        }
    }
    menu_line(ui);
    if menu_item(ui, Some(Icon::X), "Clear selection", "Esc").clicked() {
        frame.actions.push(Action::ClearSelection);
    }
}
