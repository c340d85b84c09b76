//! The history: what was run, in a table of any length.

mod cells;
mod columns;
mod filter_bar;
mod filters;
mod header;
mod import_line;
mod keys;
mod lines;
mod matches;
mod menu;
mod row;
mod selection_bar;
mod since;
mod skeleton;
mod states;
mod strip;
mod summary;
mod table;

use egui::{CentralPanel, Ui};

use super::theme::tokens;
use super::{Frame, inspector};
use crate::settings::InspectorPanel;

/// What this place remembers between frames.
#[derive(Default)]
pub struct Screen {
    bar: filter_bar::Memory,
    table: table::Memory,
}

/// Paints the filters, the table and the inspector, and takes their keys.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    if frame.state.settings.panels.inspector == InspectorPanel::Shown {
        inspector::panel(ui, frame);
    }
    let ground = egui::Frame::new().fill(tokens(ui).bg_app);
    CentralPanel::default().frame(ground).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        filter_bar::ui(ui, &mut screen.bar, frame);
        import_line::ui(ui, frame);
        states::problem_line(ui, frame);
        match states::State::of(&frame.state.history) {
            states::State::Rows => table::ui(ui, &mut screen.table, frame),
            other => states::ui(ui, other, frame),
        }
    });
    keys::ui(ui, screen, frame);
}
