//! The keys of this place.

use egui::{Key, Modifiers, Ui};

use super::form;
use crate::ui::keys::is_covered;

/// What was asked for by key in this frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// `Ctrl+F`: into the search field.
    pub search: bool,
    /// `Ctrl+Enter`: run.
    pub run: bool,
}

/// Takes the keys before any field can. While a dialog or a menu is open, none of them counts; the large editor is a
/// part of the form.
pub fn take(ui: &Ui, form: &form::Screen) -> Keys {
    if form.editor.is_none() && is_covered(ui) {
        return Keys::default();
    }
    ui.input_mut(|input| Keys {
        search: form.editor.is_none() && input.consume_key(Modifiers::COMMAND, Key::F),
        run: input.consume_key(Modifiers::COMMAND, Key::Enter),
    })
}
