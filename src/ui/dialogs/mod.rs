//! The dialogs: one at a time, and only for money, keys, paths, and the list of keys.

mod confirm;
mod connect;
mod key_help;
mod path_entry;
mod window;

use egui::{Id, Ui};

use super::Frame;
use crate::state::{AppState, ConnectDialog};

/// What the dialogs remember between frames.
#[derive(Default)]
pub struct Screen {
    shown: Option<Kind>,
    /// What had the keyboard before, to give it back.
    focused_before: Option<Id>,
    connect: connect::Screen,
    path: path_entry::Screen,
    keys: key_help::Screen,
}

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    PathEntry,
    Confirm,
    Connect,
    KeyHelp,
}

/// Whether a dialog has just come or was there before: it takes the keyboard once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Opening,
    Open,
}

impl Screen {
    /// Shows the list of keys.
    pub fn open_key_help(&mut self) {
        self.keys.open();
    }
}

/// Whether a dialog is over the window.
pub fn is_open(screen: &Screen, state: &AppState) -> bool {
    wanted(screen, state).is_some()
}

/// One at a time: what the person was just asked goes first.
fn wanted(screen: &Screen, state: &AppState) -> Option<Kind> {
    if state.saving.typing.is_some() {
        Some(Kind::PathEntry)
    } else if state.launch.confirm.is_some() {
        Some(Kind::Confirm)
    } else if state.session.dialog == ConnectDialog::Open {
        Some(Kind::Connect)
    } else if screen.keys.is_open() {
        Some(Kind::KeyHelp)
    } else {
        None
    }
}

/// Paints the dialog that is open, if any.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let kind = wanted(screen, frame.state);
    let stage = change(ui, screen, kind);
    match kind {
        Some(Kind::PathEntry) => path_entry::ui(ui, &mut screen.path, stage, frame),
        Some(Kind::Confirm) => confirm::ui(ui, stage, frame),
        Some(Kind::Connect) => connect::ui(ui, &mut screen.connect, stage, frame),
        Some(Kind::KeyHelp) => key_help::ui(ui, &mut screen.keys, stage),
        None => {}
    }
}

/// Takes note of what opens and closes.
fn change(ui: &Ui, screen: &mut Screen, kind: Option<Kind>) -> Stage {
    if kind == screen.shown {
        return Stage::Open;
    }
    if screen.shown.is_none() {
        screen.focused_before = ui.memory(|memory| memory.focused());
    }
    if screen.shown == Some(Kind::Connect) {
        screen.connect.forget(ui);
    }
    if kind.is_none()
        && let Some(id) = screen.focused_before.take()
    {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    screen.shown = kind;
    Stage::Opening
}
