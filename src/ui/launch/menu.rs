//! The inside of this place's menus.

use egui::{Align, Layout, Ui};

use crate::model::{Archive, MediaKind, Output, Run, Source};
use crate::state::{Action, Place, SelectMode};
use crate::ui::Frame;
use crate::ui::run_text;
use crate::ui::theme::Icon;
use crate::ui::trouble::{may_repeat, try_again};
use crate::ui::widgets::{menu_item, menu_line};

/// Lays items out below each other, as wide as the menu.
pub fn menu_body<R>(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.set_width(width);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.with_layout(Layout::top_down_justified(Align::Min), add)
        .inner
}

const WIDTH: f32 = 224.0;

/// The menu of an output.
pub fn output_menu(ui: &mut Ui, run: &Run, output: &Output, frame: &mut Frame<'_>) {
    menu_body(ui, WIDTH, |ui| {
        if menu_item(ui, Some(Icon::Maximize2), "Open", "Enter").clicked() {
            frame.actions.push(Action::OpenViewer(output.key));
        }
        run_again(ui, run, frame);
        menu_line(ui);
        keep_output(ui, output, frame);
        menu_line(ui);
        show_in_history(ui, run, frame);
    });
}

fn keep_output(ui: &mut Ui, output: &Output, frame: &mut Frame<'_>) {
    if menu_item(ui, Some(Icon::Download), "Save as…", "").clicked() {
        frame.actions.push(Action::SaveOutputs(vec![output.key]));
    }
    if let Some((name, action)) = copy(output)
        && menu_item(ui, Some(Icon::Copy), name, "").clicked()
    {
        frame.actions.push(action);
    }
    if output.archive != Archive::Stored {
        return;
    }
    if menu_item(ui, Some(Icon::ExternalLink), "Open in default app", "").clicked() {
        frame.actions.push(Action::OpenOutput(output.key));
    }
    if let Some(file) = &output.file
        && menu_item(ui, Some(Icon::FolderOpen), "Reveal in folder", "").clicked()
    {
        frame.actions.push(Action::Reveal(file.clone()));
    }
}

/// How an output gets into the clipboard, if it does.
pub fn copy(output: &Output) -> Option<(&'static str, Action)> {
    match output.kind {
        MediaKind::Image => Some(("Copy picture", Action::CopyPicture(output.key))),
        MediaKind::Text => Some(("Copy text", Action::CopyOutputText(output.key))),
        _ => None,
    }
}

/// The menu of a card.
pub fn run_menu(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    menu_body(ui, WIDTH, |ui| {
        run_again(ui, run, frame);
        if may_repeat(run) {
            let step = try_again(run, frame.state);
            if menu_item(ui, Some(Icon::RotateCw), &step.label, "").clicked() {
                frame.actions.push(step.action);
            }
        }
        if !run.outputs.is_empty()
            && menu_item(ui, Some(Icon::Download), &save_word(run), "").clicked()
        {
            frame.actions.push(Action::SaveRuns(vec![run.key]));
        }
        menu_line(ui);
        if menu_item(ui, Some(Icon::Copy), "Copy for support", "").clicked() {
            let text = run_text::for_support(run, None);
            frame.actions.push(Action::CopyText(text));
        }
        show_in_history(ui, run, frame);
    });
}

fn save_word(run: &Run) -> String {
    match run.outputs.len() {
        1 => "Save as…".to_owned(),
        count => format!("Save {count} files…"),
    }
}

fn run_again(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    // FLORA's history keeps no inputs: a run from elsewhere cannot fill a form.
    if run.source == Source::Here
        && menu_item(ui, Some(Icon::SquarePen), "Run again…", "").clicked()
    {
        frame.actions.push(Action::FillFrom(run.key));
    }
}

fn show_in_history(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    if menu_item(ui, Some(Icon::History), "Show run in history", "").clicked() {
        frame.actions.push(Action::Go(Place::History));
        frame.actions.push(Action::Select {
            row: run.key,
            mode: SelectMode::Only,
        });
    }
}
