//! The settings: one column of cards.

mod about;
mod account;
mod appearance;
mod card;
mod library;
mod money;

use egui::{CentralPanel, Frame as Ground, Key, ScrollArea, Ui};

use super::Frame;
use super::keys::letter;
use super::theme::{font, space, tokens};
use super::widgets::label;
use crate::state::Action;

/// What this place remembers between frames.
#[derive(Default)]
pub struct Screen {
    money: money::Screen,
    about: about::Screen,
}

/// Width of the column, in points.
const COLUMN: f32 = 720.0;

/// Paints the place.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    // While something is typed, Escape only leaves the field.
    if letter(ui, Key::Escape) {
        let previous = frame.state.navigation.previous;
        frame.actions.push(Action::Go(previous));
    }
    let ground = Ground::new().fill(tokens(ui).bg_app);
    CentralPanel::default().frame(ground).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = COLUMN.min(ui.available_width() - space::XL * 2.0);
            let side = ((ui.available_width() - width) / 2.0).floor();
            ui.horizontal(|ui| {
                ui.add_space(side);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.y = space::L;
                    ui.add_space(space::M);
                    label(ui, "Settings", font::title(), tokens(ui).text_primary);
                    account::ui(ui, frame);
                    library::ui(ui, frame);
                    appearance::ui(ui, frame);
                    money::ui(ui, &mut screen.money, frame);
                    about::ui(ui, &mut screen.about, frame);
                    ui.add_space(space::XL);
                });
            });
        });
    });
}
