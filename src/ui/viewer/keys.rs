//! The viewer's keys.

use egui::text_selection::LabelSelectionState;
use egui::{Event, Key, Modifiers, Ui};

use super::{Chrome, Ground, Screen, Subject, stage_id};
use crate::model::MediaKind;
use crate::state::{Action, Load, Step};
use crate::ui::Frame;
use crate::ui::keys::{is_covered, is_typing, press};

/// Takes the keys; none while something lies over the viewer.
pub(super) fn ui(ui: &Ui, screen: &mut Screen, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    if is_covered(ui) || is_typing(ui) {
        return;
    }
    steps(ui, frame);
    close(ui, frame);
    commands(ui, subject, frame);
    view(ui, screen);
}

fn steps(ui: &Ui, frame: &mut Frame<'_>) {
    let steps = [
        (Key::ArrowLeft, Step::By(-1)),
        (Key::ArrowRight, Step::By(1)),
        (Key::ArrowUp, Step::RunBy(-1)),
        (Key::ArrowDown, Step::RunBy(1)),
        (Key::Home, Step::First),
        (Key::End, Step::Last),
    ];
    for (key, step) in steps {
        if press(ui, Modifiers::NONE, key) {
            frame.actions.push(Action::StepViewer(step));
        }
    }
}

fn close(ui: &Ui, frame: &mut Frame<'_>) {
    // On a button, Space presses the button.
    let on_stage = ui.memory(|memory| memory.focused().is_none_or(|id| id == stage_id()));
    if press(ui, Modifiers::NONE, Key::Escape)
        || (on_stage && press(ui, Modifiers::NONE, Key::Space))
    {
        frame.actions.push(Action::CloseViewer);
    }
}

fn commands(ui: &Ui, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    if press(ui, Modifiers::NONE, Key::E) {
        frame.actions.push(Action::FillFrom(subject.run.key));
    }
    if press(ui, Modifiers::COMMAND, Key::S)
        || press(ui, Modifiers::COMMAND | Modifiers::SHIFT, Key::S)
    {
        let outputs = vec![subject.output.key];
        frame.actions.push(Action::SaveOutputs(outputs));
    }
    if press(ui, Modifiers::COMMAND | Modifiers::SHIFT, Key::C) {
        copy_content(subject, frame);
    }
    // What is marked in a text is copied by egui itself.
    let marked = ui
        .with_plugin(|selection: &mut LabelSelectionState| selection.has_selection())
        .unwrap_or(false);
    let copy = ui.input(|input| input.events.contains(&Event::Copy));
    if copy
        && !marked
        && let Some(file) = &subject.output.file
    {
        let path = file.display().to_string();
        frame.actions.push(Action::CopyText(path));
    }
}

/// The picture's pixels, the text's words; of other kinds the place of the file.
pub(super) fn copy_content(subject: &Subject<'_>, frame: &mut Frame<'_>) {
    let output = subject.output;
    let action = match output.kind {
        MediaKind::Image => Some(Action::CopyPicture(output.key)),
        MediaKind::Text => {
            let text = frame.state.viewer.text(output.key).and_then(Load::value);
            text.map(|content| Action::CopyText(content.text.to_string()))
        }
        _ => output
            .file
            .as_ref()
            .map(|file| Action::CopyText(file.display().to_string())),
    };
    if let Some(action) = action {
        frame.actions.push(action);
    }
}

fn view(ui: &Ui, screen: &mut Screen) {
    if press(ui, Modifiers::NONE, Key::V) {
        screen.ground = screen.ground.next();
    }
    if press(ui, Modifiers::NONE, Key::F) {
        screen.chrome = match screen.chrome {
            Chrome::Shown => Chrome::Hidden,
            Chrome::Hidden => Chrome::Shown,
        };
    }
}

impl Ground {
    /// The one after it, round and round.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Theme => Self::Black,
            Self::Black => Self::Grey,
            Self::Grey => Self::White,
            Self::White => Self::Theme,
        }
    }
}
