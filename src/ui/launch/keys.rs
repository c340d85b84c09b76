//! The keys of this place.

use egui::{Key, Modifiers, Ui};

use crate::ui::Frame;
use crate::ui::keys::is_covered;

/// What was asked for by key in this frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// `Ctrl+F`: into the search field.
    pub search: bool,
    /// `Ctrl+Enter`: run.
    pub run: bool,
}

/// Takes the keys before any field can. While a dialog or a menu is open, none of them counts.
pub fn take(ui: &Ui, frame: &Frame<'_>) -> Keys {
    if frame.state.launch.confirm.is_some() || is_covered(ui) {
        return Keys::default();
    }
    ui.input_mut(|input| Keys {
        search: input.consume_key(Modifiers::COMMAND, Key::F),
        run: input.consume_key(Modifiers::COMMAND, Key::Enter),
    })
}
