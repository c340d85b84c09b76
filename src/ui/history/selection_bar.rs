//! What can be done with several selected runs: a bar that floats over the table's lower edge.

use egui::{Align2, Area, Id, Order, Rect, Ui, vec2};

use super::keys;
use crate::model::RunText;
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, radius, size, space, tokens};
use crate::ui::widgets::{ButtonKind, label, quiet_button};
use crate::ui::words;

/// Points the table keeps free below its last row, so that the bar hides nothing.
pub const MARGIN: f32 = 76.0;

/// Paints the bar over `area`, while several runs are selected.
pub fn ui(ui: &Ui, area: Rect, frame: &mut Frame<'_>) {
    let count = frame.state.history.selected.len();
    if count < 2 {
        return;
    }
    let tokens = tokens(ui);
    let place = area.center_bottom() - vec2(0.0, space::L);
    let card = egui::Frame::new()
        .fill(tokens.bg_raised)
        .stroke((1.0, tokens.border_subtle))
        .corner_radius(radius::POPUP)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(vec2(space::S, space::S));
    Area::new(Id::unique("selected runs"))
        .order(Order::Middle)
        .pivot(Align2::CENTER_BOTTOM)
        .fixed_pos(place)
        .constrain_to(area)
        .accessible_name("Selected runs")
        .show(ui.ctx(), |ui| {
            card.show(ui, |ui| {
                ui.spacing_mut().interact_size.y = size::BUTTON;
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    ui.add_space(space::S);
                    let text = format!("{} selected", words::count(count));
                    label(ui, text, font::body_medium(), tokens.text_primary);
                    ui.add_space(space::S);
                    buttons(ui, count, frame);
                });
            });
        });
}

fn buttons(ui: &mut Ui, count: usize, frame: &mut Frame<'_>) {
    let quiet = ButtonKind::Quiet;
    if quiet_button(ui, quiet, Some(Icon::Copy), "Copy ids").clicked() {
        keys::copy(frame, RunText::Ids);
    }
    if quiet_button(ui, quiet, Some(Icon::X), "Clear").clicked() {
        frame.actions.push(Action::ClearSelection);
    }
    let save = format!("Save {}…", words::count(count));
    if quiet_button(ui, ButtonKind::Primary, Some(Icon::Download), &save).clicked() {
        let rows = frame.state.history.selection();
        frame.actions.push(Action::SaveRuns(rows));
    }
}
