//! Pixels. Reads [`AppState`], writes only its own [`Screens`], and answers with [`Action`]s.
//!
//! Never sees a channel, a client or a database, and never waits.

mod actions;
mod animation;
mod dialogs;
mod history;
mod inspector;
mod keys;
mod launch;
pub mod run_text;
mod settings;
mod shell;
mod textures;
pub mod theme;
mod trouble;
mod viewer;
pub mod widgets;
mod words;

pub use actions::Actions;

use crate::model::Timestamp;
use crate::settings::InspectorPanel;
use crate::state::{Action, AppState, Place};
use textures::Textures;

/// What the window remembers between frames: scroll positions, open menus, textures. Nothing of worth.
#[derive(Default)]
pub struct Screens {
    textures: Textures,
    launch: launch::Screen,
    history: history::Screen,
    viewer: viewer::Screen,
    settings: settings::Screen,
    dialogs: dialogs::Screen,
}

/// What every painting function may read, and where it puts what the person wants.
pub struct Frame<'a> {
    pub state: &'a AppState,
    pub actions: &'a mut Actions,
    pub textures: &'a mut Textures,
    /// The same instant for the whole frame.
    pub now: Timestamp,
}

impl Frame<'_> {
    /// Opens the inspector, if it is closed.
    fn show_inspector(&mut self) {
        if self.state.settings.panels.inspector == InspectorPanel::Hidden {
            self.actions.push(Action::ToggleInspector);
        }
    }
}

/// Paints the whole window.
pub fn ui(
    ui: &mut egui::Ui,
    state: &AppState,
    screens: &mut Screens,
    actions: &mut Actions,
    now: Timestamp,
) {
    let Screens {
        textures,
        launch,
        history,
        viewer,
        settings,
        dialogs,
    } = screens;
    let mut frame = Frame {
        state,
        actions,
        textures,
        now,
    };
    frame.textures.begin_frame();
    keys::global(ui, dialogs, &mut frame);
    if !viewer.hides_chrome(state) {
        shell::activity_bar(ui, &mut frame);
    }
    if state.viewer.open.is_some() {
        viewer::ui(ui, viewer, &mut frame);
    } else {
        viewer::leave(ui, viewer);
        shell::sidebar(ui, &mut frame);
        shell::banner(ui, &mut frame);
        match state.navigation.place {
            Place::Launch => launch::ui(ui, launch, &mut frame),
            Place::History => history::ui(ui, history, &mut frame),
            Place::Settings => settings::ui(ui, settings, &mut frame),
        }
    }
    dialogs::ui(ui, dialogs, &mut frame);
    shell::notices(ui, &mut frame);
    frame.textures.end_frame(ui.ctx(), frame.actions);
}
