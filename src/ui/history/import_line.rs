//! How far FLORA's history has been read.

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};

use crate::model::ImportProgress;
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{font, space, tokens};
use crate::ui::widgets::{label, link, progress_bar};
use crate::ui::words;

const HEIGHT: f32 = 28.0;

/// Paints a line while the remote history comes in; nothing otherwise.
pub fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let Some(import) = frame.state.activity.now.import else {
        return;
    };
    let tokens = tokens(ui);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), egui::Sense::hover());
    let inner = rect.shrink2(vec2(space::L, 0.0));
    let row = UiBuilder::new()
        .max_rect(inner)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        label(ui, words(&import), font::secondary(), tokens.text_secondary);
        let (name, action) = if import.paused {
            ("Resume", Action::ResumeImport)
        } else {
            ("Pause", Action::PauseImport)
        };
        if link(ui, name).clicked() {
            frame.actions.push(action);
        }
    });
    if !import.paused {
        let bar = Rect::from_min_max(pos2(inner.left(), rect.bottom() - 3.0), inner.max);
        ui.scope_builder(UiBuilder::new().max_rect(bar), |ui| {
            progress_bar(ui, fraction(&import));
        });
    }
}

/// "Reading FLORA's history… 1,200 of 2,318"
fn words(import: &ImportProgress) -> String {
    let begin = if import.paused {
        "Reading FLORA’s history is paused at"
    } else {
        "Reading FLORA’s history…"
    };
    let seen = words::count(import.seen as usize);
    match import.total {
        Some(total) => format!("{begin} {seen} of {}", words::count(total as usize)),
        None => format!("{begin} {seen}"),
    }
}

fn fraction(import: &ImportProgress) -> Option<f32> {
    let total = import.total.filter(|total| *total > 0)?;
    Some(import.seen as f32 / total as f32)
}
