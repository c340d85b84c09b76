//! The keys of the history. Nothing here fires while a text is being written or a menu or dialog is open.

use egui::{Event, Key, Modifiers, Ui};

use super::{Screen, filter_bar};
use crate::model::{OutputKey, RowKey, Run, RunStage, RunText};
use crate::state::{Action, Step};
use crate::ui::trouble::may_repeat;
use crate::ui::{Frame, keys, run_text};

/// Takes the keys. After the table, so that it knows where the keyboard is.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    if is_interrupted(ui, frame) {
        return;
    }
    search(ui);
    if ui.ctx().text_edit_focused() {
        return;
    }
    if has_keyboard(ui, screen) {
        navigate(ui, screen, frame);
        open(ui, frame);
        let_go(ui, frame);
    }
    clipboard(ui, frame);
    save(ui, frame);
    letters(ui, frame);
}

fn is_interrupted(ui: &Ui, frame: &Frame<'_>) -> bool {
    keys::is_covered(ui)
        || frame.state.launch.confirm.is_some()
        || frame.state.saving.typing.is_some()
}

/// Whether arrows belong to the table: it has the keyboard, or nothing has.
fn has_keyboard(ui: &Ui, screen: &Screen) -> bool {
    let focused = ui.memory(egui::Memory::focused);
    focused.is_none() || focused == screen.table.focus
}

fn pressed(ui: &mut Ui, modifiers: Modifiers, key: Key) -> bool {
    ui.input_mut(|input| input.consume_key(modifiers, key))
}

fn search(ui: &mut Ui) {
    if pressed(ui, Modifiers::COMMAND, Key::F) {
        ui.memory_mut(|memory| memory.request_focus(filter_bar::search_id()));
    }
}

fn navigate(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let page = screen.table.page(frame);
    let moves = [
        (Key::ArrowDown, Step::By(1)),
        (Key::ArrowUp, Step::By(-1)),
        (Key::PageDown, Step::By(page)),
        (Key::PageUp, Step::By(-page)),
        (Key::Home, Step::First),
        (Key::End, Step::Last),
    ];
    for (key, step) in moves {
        // Shift first: a press without modifiers would be taken for one with it.
        for (modifiers, extend) in [(Modifiers::SHIFT, true), (Modifiers::NONE, false)] {
            if pressed(ui, modifiers, key) {
                frame.actions.push(Action::MoveSelection { step, extend });
                screen.table.reveal = true;
                screen.table.by_keyboard = true;
                take_keyboard(ui, screen);
            }
        }
    }
    if pressed(ui, Modifiers::COMMAND, Key::A) {
        frame.actions.push(Action::SelectAll);
    }
}

/// From the first arrow on the keyboard is the table's, which is seen by the ring.
fn take_keyboard(ui: &Ui, screen: &Screen) {
    let Some(table) = screen.table.focus else {
        return;
    };
    ui.memory_mut(|memory| {
        if !memory.has_focus(table) {
            memory.request_focus(table);
            // The same arrow must not move the focus on to a neighbour.
            memory.move_focus(egui::FocusDirection::None);
        }
    });
}

fn open(ui: &mut Ui, frame: &mut Frame<'_>) {
    if !pressed(ui, Modifiers::NONE, Key::Enter) {
        return;
    }
    let output = current(frame).and_then(|run| shown_output(run, frame));
    if let Some(output) = output {
        frame.actions.push(Action::OpenViewer(output));
    }
}

/// The output the inspector shows of this run, else its first.
fn shown_output(run: &Run, frame: &Frame<'_>) -> Option<OutputKey> {
    let chosen = frame.state.inspector.output;
    let chosen = chosen.filter(|key| run.outputs.iter().any(|output| output.key == *key));
    chosen.or_else(|| run.outputs.first().map(|output| output.key))
}

/// `Esc` lets go of the selection; `Del` removes what was not sent.
fn let_go(ui: &mut Ui, frame: &mut Frame<'_>) {
    let history = &frame.state.history;
    if !history.selected.is_empty() && pressed(ui, Modifiers::NONE, Key::Escape) {
        frame.actions.push(Action::ClearSelection);
    }
    if pressed(ui, Modifiers::NONE, Key::Delete) {
        let waiting = waiting(frame);
        if !waiting.is_empty() {
            frame.actions.push(Action::Discard(waiting));
        }
    }
}

/// The selected launches that were not sent.
pub fn waiting(frame: &Frame<'_>) -> Vec<RowKey> {
    let selection = frame.state.history.selection().into_iter();
    selection
        .filter(|key| {
            let run = frame.state.rows.get(*key);
            run.is_some_and(|run| run.stage == RunStage::Waiting)
        })
        .collect()
}

fn clipboard(ui: &mut Ui, frame: &mut Frame<'_>) {
    if pressed(ui, Modifiers::COMMAND | Modifiers::SHIFT, Key::C) {
        copy(frame, RunText::Ids);
    }
    let copies = ui.input(|input| input.events.contains(&Event::Copy));
    if copies && !has_marked_text(ui) {
        copy(frame, RunText::Facts);
    }
}

/// Whether a piece of a label is marked: then that is what is copied.
fn has_marked_text(ui: &Ui) -> bool {
    let labels = ui
        .ctx()
        .plugin::<egui::text_selection::LabelSelectionState>();
    labels.lock().has_selection()
}

/// Copies the selected runs as text or their ids, those included that were never in view.
pub fn copy(frame: &mut Frame<'_>, what: RunText) {
    let rows = frame.state.history.selection();
    let loaded: Option<Vec<&Run>> = rows
        .iter()
        .map(|key| frame.state.rows.get(*key).map(|run| &**run))
        .collect();
    let Some(runs) = loaded else {
        frame.actions.push(Action::CopyRuns { rows, what });
        return;
    };
    let text = run_text::of_runs(&runs, what, frame.now);
    if !text.is_empty() {
        frame.actions.push(Action::CopyText(text));
    }
}

fn save(ui: &mut Ui, frame: &mut Frame<'_>) {
    let with_dialog = pressed(ui, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    if with_dialog || pressed(ui, Modifiers::COMMAND, Key::S) {
        let rows = frame.state.history.selection();
        if !rows.is_empty() {
            frame.actions.push(Action::SaveRuns(rows));
        }
    }
}

fn letters(ui: &Ui, frame: &mut Frame<'_>) {
    let Some(run) = current(frame) else {
        return;
    };
    if keys::letter(ui, Key::E) {
        frame.actions.push(Action::FillFrom(run.key));
    }
    if keys::letter(ui, Key::R) && may_repeat(run) {
        frame.actions.push(Action::Repeat(run.key));
    }
}

/// The run the keyboard is at.
fn current<'a>(frame: &Frame<'a>) -> Option<&'a Run> {
    let history = &frame.state.history;
    let cursor = history
        .cursor
        .filter(|cursor| history.selected.contains(cursor))?;
    frame.state.rows.get(cursor).map(|run| &**run)
}
