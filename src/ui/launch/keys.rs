//! The keys of this place.

use egui::{Key, Modifiers, Ui};

use super::form;

/// What was asked for by key in this frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// `Ctrl+F`: into the search field.
    pub search: bool,
    /// `Ctrl+Enter`: run.
    pub run: bool,
}

/// Takes the keys before any field can. While a dialog is open, none of them counts.
pub fn take(ui: &Ui, form: &form::Screen) -> Keys {
    if is_covered(ui, form) {
        return Keys::default();
    }
    ui.input_mut(|input| Keys {
        search: input.consume_key(Modifiers::COMMAND, Key::F),
        run: input.consume_key(Modifiers::COMMAND, Key::Enter),
    })
}

/// Whether a dialog lies over this place. The large editor is a part of it.
pub fn is_covered(ui: &Ui, form: &form::Screen) -> bool {
    form.editor.is_none() && ui.memory(|memory| memory.top_modal_layer().is_some())
}
