//! The global keys.

use egui::{Key, KeyboardShortcut, Modifiers, Ui};

use super::Frame;
use crate::state::{Action, Place};

const LAUNCH: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Num1);
const HISTORY: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Num2);
const SETTINGS: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Comma);
const NEW_RUN: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::N);
const SIDEBAR: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Backslash);
const REFRESH: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::R);

/// Takes the keys that mean the same everywhere.
pub fn global(ui: &mut Ui, frame: &mut Frame<'_>) {
    let shortcuts = [
        (LAUNCH, Action::Go(Place::Launch)),
        (HISTORY, Action::Go(Place::History)),
        (SETTINGS, Action::Go(Place::Settings)),
        (NEW_RUN, Action::OpenLastTechnique),
        (SIDEBAR, Action::ToggleSidebar),
        (REFRESH, Action::Refresh),
    ];
    for (shortcut, action) in shortcuts {
        if ui.input_mut(|input| input.consume_shortcut(&shortcut)) {
            frame.actions.push(action);
        }
    }
    if letter(ui, Key::I) {
        frame.actions.push(Action::ToggleInspector);
    }
}

/// A single letter: never while something takes text.
pub fn letter(ui: &Ui, key: Key) -> bool {
    !ui.egui_wants_keyboard_input()
        && ui.input(|input| input.modifiers.is_none() && input.key_pressed(key))
}
