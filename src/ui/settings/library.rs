//! Where results are kept.

use egui::Ui;

use super::card::{card, line, note, row};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon_text, space, tokens};
use crate::ui::widgets::{button, label};

/// Paints the card.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    card(ui, Icon::FolderOpen, "Library", |ui| {
        folder(ui, frame);
        next_start(ui, frame);
        line(ui);
        note(
            ui,
            "Everything a run makes is kept here by itself, byte for byte as FLORA made it, in folders by \
             workspace, year, month and run. Save as… makes copies elsewhere. Nothing here is ever deleted \
             by Florist.",
        );
    });
}

fn folder(ui: &mut Ui, frame: &mut Frame<'_>) {
    let state = frame.state;
    let known = state
        .library_folder
        .as_ref()
        .or(state.settings.library_folder.as_ref());
    let path = known.map_or_else(
        || "With Florist's own data".to_owned(),
        |folder| folder.display().to_string(),
    );
    row(ui, "Folder", &path, |ui| {
        if button(ui, Some(Icon::FolderCog), "Choose folder…").clicked() {
            frame.actions.push(Action::ChooseLibraryFolder);
        }
        if let Some(folder) = known
            && button(ui, None, "Reveal").clicked()
        {
            frame.actions.push(Action::Reveal(folder.clone()));
        }
    });
}

/// A folder that was chosen since the start is used from the next start on.
fn next_start(ui: &mut Ui, frame: &Frame<'_>) {
    let state = frame.state;
    let (Some(chosen), Some(now)) = (&state.settings.library_folder, &state.library_folder) else {
        return;
    };
    if chosen == now {
        return;
    }
    let tokens = tokens(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(icon_text(Icon::Info, 14.0).color(tokens.needs_you.text));
        let text = format!(
            "From the next start on: {}. What is in the folder above stays there",
            chosen.display()
        );
        ui.vertical(|ui| label(ui, text, font::secondary(), tokens.text_secondary));
    });
}
