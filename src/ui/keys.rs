//! The global keys, and the rules that every key follows.
//!
//! A key never acts behind a dialog or an open menu, a single letter never while text is typed, and digits are taken
//! by where they are on the keyboard: on some layouts the digit row needs Shift.

use egui::{Event, Key, Modifiers, Popup, Ui, ViewportCommand};

use super::Frame;
use super::dialogs;
use crate::state::{Action, Place, SettingsChange};

/// Takes the keys that mean the same everywhere.
pub fn global(ui: &mut Ui, dialogs: &mut dialogs::Screen, frame: &mut Frame<'_>) {
    if dialogs::is_open(dialogs, frame.state) || is_under_a_dialog(ui) {
        return;
    }
    places(ui, frame);
    text_size(ui, frame);
    if press(ui, Modifiers::NONE, Key::F11) {
        toggle_full_screen(ui);
    }
    let asked = !is_typing(ui) && press(ui, Modifiers::SHIFT, Key::Questionmark);
    if asked || press(ui, Modifiers::NONE, Key::F1) {
        dialogs.open_key_help();
    }
    if letter(ui, Key::I) {
        frame.actions.push(Action::ToggleInspector);
    }
}

fn places(ui: &mut Ui, frame: &mut Frame<'_>) {
    let shortcuts = [
        (Key::Num1, Action::Go(Place::Launch)),
        (Key::Num2, Action::Go(Place::History)),
        (Key::Comma, Action::Go(Place::Settings)),
        (Key::N, Action::OpenLastTechnique),
        (Key::Backslash, Action::ToggleSidebar),
        (Key::R, Action::Refresh),
    ];
    for (key, action) in shortcuts {
        if press(ui, Modifiers::COMMAND, key) {
            frame.actions.push(action);
        }
    }
    if press(ui, Modifiers::NONE, Key::F5) {
        frame.actions.push(Action::Refresh);
    }
}

/// A step of the text size.
const TEXT_STEP: f32 = 0.1;

fn text_size(ui: &mut Ui, frame: &mut Frame<'_>) {
    // Plus needs Shift on some layouts and none on others; it is Equals where it shares a key with it.
    let larger = press(ui, Modifiers::COMMAND, Key::Plus)
        || press(ui, Modifiers::COMMAND, Key::Equals)
        || press(ui, Modifiers::COMMAND | Modifiers::SHIFT, Key::Plus)
        || press(ui, Modifiers::COMMAND | Modifiers::SHIFT, Key::Equals);
    let smaller = press(ui, Modifiers::COMMAND, Key::Minus);
    let normal = press(ui, Modifiers::COMMAND, Key::Num0);
    let now = frame.state.settings.text_scale;
    let wanted = match (larger, smaller, normal) {
        (true, ..) => stepped(now, 1.0),
        (_, true, _) => stepped(now, -1.0),
        (.., true) => 1.0,
        _ => return,
    };
    let change = SettingsChange::TextScale(wanted);
    frame.actions.push(Action::ChangeSettings(change));
}

/// The text size so many steps away, on the grid of steps and within its limits.
pub fn stepped(scale: f32, steps: f32) -> f32 {
    let on_grid = (scale / TEXT_STEP).round() + steps;
    (on_grid * TEXT_STEP).clamp(0.8, 2.0)
}

fn toggle_full_screen(ui: &Ui) {
    let full = ui.input(|input| input.viewport().fullscreen.unwrap_or(false));
    ui.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
}

/// Whether text is being typed, or composed with an input method.
pub fn is_typing(ui: &Ui) -> bool {
    ui.text_edit_focused()
}

/// Whether something lies over the place: a dialog or a menu. Keys belong to it.
pub fn is_covered(ui: &Ui) -> bool {
    is_under_a_dialog(ui) || Popup::is_any_open(ui)
}

/// Whether a dialog lies over the place.
pub fn is_under_a_dialog(ui: &Ui) -> bool {
    ui.memory(|memory| memory.top_modal_layer().is_some())
}

/// A key alone (a letter, an arrow): never while text is typed or something lies over the place.
pub fn letter(ui: &Ui, key: Key) -> bool {
    !is_typing(ui)
        && !is_covered(ui)
        && ui.input(|input| {
            let mut events = input.events.iter();
            events.any(|event| is_press(event, Modifiers::NONE, key))
        })
}

/// A key with exactly these modifiers, wherever the keyboard is. It is taken: nothing else sees it.
pub fn press(ui: &Ui, modifiers: Modifiers, key: Key) -> bool {
    ui.input_mut(|input| {
        let before = input.events.len();
        input
            .events
            .retain(|event| !is_press(event, modifiers, key));
        input.events.len() < before
    })
}

fn is_press(event: &Event, wanted: Modifiers, wanted_key: Key) -> bool {
    let Event::Key {
        key,
        physical_key,
        pressed: true,
        modifiers,
        ..
    } = event
    else {
        return false;
    };
    let same = *key == wanted_key || (is_digit(wanted_key) && *physical_key == Some(wanted_key));
    same && modifiers.matches_exact(wanted)
}

fn is_digit(key: Key) -> bool {
    (Key::Num0..=Key::Num9).contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(key: Key, physical: Key, modifiers: Modifiers) -> Event {
        Event::Key {
            key,
            physical_key: Some(physical),
            pressed: true,
            repeat: false,
            modifiers,
        }
    }

    #[test]
    fn a_digit_is_where_it_stands_whatever_the_layout_writes_there() {
        let azerty = event(Key::Plus, Key::Num1, Modifiers::COMMAND);
        assert!(is_press(&azerty, Modifiers::COMMAND, Key::Num1));
        let letter = event(Key::Q, Key::A, Modifiers::NONE);
        assert!(is_press(&letter, Modifiers::NONE, Key::Q));
        assert!(!is_press(&letter, Modifiers::NONE, Key::A));
    }

    #[test]
    fn more_modifiers_are_another_key() {
        let save_as = event(Key::S, Key::S, Modifiers::COMMAND | Modifiers::SHIFT);
        assert!(!is_press(&save_as, Modifiers::COMMAND, Key::S));
    }

    #[test]
    fn text_sizes_stay_on_the_grid_and_within_limits() {
        assert!((stepped(1.0, 1.0) - 1.1).abs() < 1e-6);
        assert!((stepped(1.13, -1.0) - 1.0).abs() < 1e-6);
        assert!((stepped(2.0, 1.0) - 2.0).abs() < 1e-6);
        assert!((stepped(0.8, -1.0) - 0.8).abs() < 1e-6);
    }
}
