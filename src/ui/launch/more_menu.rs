//! The menu beside Run: how often, what else to do with the form.

use egui::{Ui, vec2};

use super::curl;
use super::menu::menu_body;
use crate::model::{LaunchDraft, Technique};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, space};
use crate::ui::widgets::{menu_choice, menu_item, menu_line, menu_title};

/// Counts offered by name; the stepper gives every other.
const COUNTS: [u32; 5] = [1, 2, 4, 8, 20];

/// Fills the menu.
pub fn ui(ui: &mut Ui, technique: &Technique, draft: &LaunchDraft, frame: &mut Frame<'_>) {
    menu_body(ui, 232.0, |ui| {
        menu_title(ui, "Run the same");
        for count in COUNTS {
            let name = match count {
                1 => "Once".to_owned(),
                count => format!("{count} times"),
            };
            if menu_choice(ui, &name, draft.count == count).clicked() {
                frame.actions.push(Action::SetCount(count));
            }
        }
        menu_line(ui);
        if menu_item(ui, Some(Icon::SquareTerminal), "Copy as curl", "").clicked() {
            let profile = frame.state.session.profile.as_ref();
            let base_url = profile.map(|profile| profile.base_url.as_str());
            let text = curl::command(technique, draft, base_url);
            frame.actions.push(Action::CopyText(text));
        }
        if menu_item(ui, Some(Icon::Eraser), "Clear form", "").clicked() {
            frame.actions.push(Action::ClearDraft);
        }
        ui.allocate_space(vec2(0.0, space::HAIR));
    });
}
