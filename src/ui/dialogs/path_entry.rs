//! Where the system has no file dialog to show: a path is typed.

use std::path::{Path, PathBuf};

use egui::{Id, Key, Ui};

use super::Stage;
use super::window::{Ended, actions, cancel, sentence, window};
use crate::state::{Action, PickOutcome, PickPurpose, PickRequest, Picked};
use crate::ui::Frame;
use crate::ui::theme::{font, tokens};
use crate::ui::widgets::{ButtonKind, TextField, label, quiet_button, text_field};

/// What it remembers while it is open.
#[derive(Default)]
pub(super) struct Screen {
    typed: String,
    /// Shown once the person has tried.
    error: Option<&'static str>,
}

/// Shows the dialog.
pub(super) fn ui(ui: &Ui, screen: &mut Screen, stage: Stage, frame: &mut Frame<'_>) {
    let Some(request) = &frame.state.saving.typing else {
        return;
    };
    if stage == Stage::Opening {
        *screen = Screen {
            typed: suggestion(request),
            error: None,
        };
    }
    let mut outcome = None;
    let ended = window(ui, "path", &request.title, 520.0, |ui| {
        sentence(ui, about(&request.purpose));
        let entered = field(ui, screen, stage);
        actions(ui, |ui| {
            let chosen = quiet_button(ui, ButtonKind::Primary, None, verb(&request.purpose));
            let cancelled = cancel(ui);
            if chosen.clicked() || entered {
                match read(&screen.typed, home().as_deref()) {
                    Ok(path) => outcome = Some(PickOutcome::Typed(path)),
                    Err(error) => screen.error = Some(error),
                }
            } else if cancelled.clicked() {
                outcome = Some(PickOutcome::Cancelled);
            }
        });
    });
    if ended == Ended::Left {
        outcome = Some(PickOutcome::Cancelled);
    }
    if let Some(outcome) = outcome {
        let request = request.clone();
        frame
            .actions
            .push(Action::Picked(Picked { request, outcome }));
    }
}

/// The field and the message under it. True when Enter was pressed in it.
fn field(ui: &mut Ui, screen: &mut Screen, stage: Stage) -> bool {
    let id = Id::unique("typed-path");
    let width = ui.available_width();
    let error = screen.error.is_some();
    let entry = TextField {
        text: &mut screen.typed,
        name: "Path",
        hint: "",
        width,
        masked: false,
        error,
    };
    let response = text_field(ui, id, entry, (0.0, |_: &mut Ui| {}));
    if stage == Stage::Opening {
        response.request_focus();
        select_name(ui, id, &screen.typed);
    }
    if response.changed() {
        screen.error = None;
    }
    let tokens = tokens(ui);
    let (text, color) = match screen.error {
        Some(error) => (error, tokens.failed.text),
        None => ("~/ is your home folder", tokens.text_tertiary),
    };
    label(ui, text, font::secondary(), color);
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// The name without its folder and extension is what one wants to change.
fn select_name(ui: &Ui, id: Id, typed: &str) {
    let begin = typed.rfind('/').map_or(0, |slash| slash + 1);
    let name = &typed[begin..];
    let end = begin + name.rfind('.').unwrap_or(name.len());
    let count = |bytes: usize| egui::text::CharIndex(typed[..bytes].chars().count());
    let range = egui::text::CCursorRange::two(
        egui::text::CCursor::new(count(begin)),
        egui::text::CCursor::new(count(end)),
    );
    let mut state = egui::text_edit::TextEditState::load(ui, id).unwrap_or_default();
    state.cursor.set_char_range(Some(range));
    state.store(ui, id);
}

fn about(purpose: &PickPurpose) -> &'static str {
    match purpose {
        PickPurpose::SaveOutput { .. } => {
            "This system showed no file dialog, so type where to save. A file that is there is kept: the \
             new one gets a number"
        }
        PickPurpose::SaveFolder { .. } => {
            "This system showed no file dialog, so type the folder. Files that are there are kept: new \
             ones get a number"
        }
        PickPurpose::LibraryFolder | PickPurpose::Input { .. } => {
            "This system showed no file dialog, so type the path"
        }
    }
}

fn verb(purpose: &PickPurpose) -> &'static str {
    match purpose {
        PickPurpose::SaveOutput { .. } | PickPurpose::SaveFolder { .. } => "Save",
        PickPurpose::LibraryFolder | PickPurpose::Input { .. } => "Choose",
    }
}

/// The folder used before, and the suggested name.
fn suggestion(request: &PickRequest) -> String {
    let folder = match &request.folder {
        Some(folder) => folder.display().to_string(),
        None if home().is_some() => "~".to_owned(),
        None => String::new(),
    };
    let folder = folder.trim_end_matches('/');
    match &request.purpose {
        PickPurpose::SaveOutput { name, .. } => format!("{folder}/{name}"),
        PickPurpose::LibraryFolder if request.folder.is_none() => format!("{folder}/Florist"),
        PickPurpose::SaveFolder { .. } | PickPurpose::LibraryFolder => folder.to_owned(),
        PickPurpose::Input { .. } => format!("{folder}/"),
    }
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// A whole path, with `~/` for the home folder.
fn read(typed: &str, home: Option<&Path>) -> Result<PathBuf, &'static str> {
    let typed = typed.trim();
    let path = match (typed.strip_prefix("~/"), home) {
        _ if typed.is_empty() => return Err("Type a path"),
        (Some(rest), Some(home)) => home.join(rest),
        _ if typed == "~" => home.ok_or("The home folder is not known")?.to_path_buf(),
        _ => PathBuf::from(typed),
    };
    if path.is_absolute() {
        Ok(path)
    } else {
        Err("Type the whole path, from / or ~/ on")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_whole_or_begins_at_home() {
        let home = Some(Path::new("/home/ada"));
        let read = |typed| read(typed, home).map(|path| path.display().to_string());
        assert_eq!(read(" ~/a b.png ").as_deref(), Ok("/home/ada/a b.png"));
        assert_eq!(read("~").as_deref(), Ok("/home/ada"));
        assert_eq!(read("/tmp/x").as_deref(), Ok("/tmp/x"));
        assert!(read("x.png").is_err());
        assert!(read("~bob/x.png").is_err());
        assert!(read("  ").is_err());
    }
}
