//! Theme, text size, row height.

use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use super::card::{card, line, row};
use crate::settings::{RowHeight, Theme};
use crate::state::{Action, SettingsChange};
use crate::ui::Frame;
use crate::ui::keys::stepped;
use crate::ui::theme::{Icon, font, tokens};
use crate::ui::widgets::{icon_button, segmented};

/// Paints the card.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let settings = &frame.state.settings;
    let mut change = None;
    card(ui, Icon::Palette, "Appearance", |ui| {
        row(ui, "Theme", "", |ui| {
            let choices = [
                (Theme::Dark, "Dark"),
                (Theme::Light, "Light"),
                (Theme::System, "System"),
            ];
            change = segmented(ui, settings.theme, &choices).map(SettingsChange::Theme);
        });
        line(ui);
        row(ui, "Text size", "Ctrl + and Ctrl −", |ui| {
            let scale = text_size(ui, settings.text_scale);
            change = change.take().or(scale.map(SettingsChange::TextScale));
        });
        line(ui);
        row(ui, "Rows of the history", "", |ui| {
            let choices = [
                (RowHeight::Compact, "Compact"),
                (RowHeight::Standard, "Standard"),
                (RowHeight::Large, "Large"),
            ];
            let height = segmented(ui, settings.history.row_height, &choices);
            change = change.take().or(height.map(SettingsChange::RowHeight));
        });
    });
    if let Some(change) = change {
        frame.actions.push(Action::ChangeSettings(change));
    }
}

/// − 100 % +, right to left. Returns the size that was chosen.
fn text_size(ui: &mut Ui, scale: f32) -> Option<f32> {
    let tokens = tokens(ui);
    let mut chosen = None;
    let mut step = |ui: &mut Ui, icon, name: &str, steps| {
        let next = stepped(scale, steps);
        let moves = (next - scale).abs() > 0.001;
        let clicked = ui
            .add_enabled_ui(moves, |ui| icon_button(ui, icon, name).clicked())
            .inner;
        if clicked {
            chosen = Some(next);
        }
    };
    step(ui, Icon::Plus, "Larger text", 1.0);
    let text = format!("{:.0} %", scale * 100.0);
    let (rect, response) = ui.allocate_exact_size(vec2(56.0, 32.0), Sense::hover());
    let galley = ui
        .painter()
        .layout_no_wrap(text.clone(), font::body(), tokens.text_primary);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, tokens.text_primary);
    let spoken = format!("Text size {text}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    step(ui, Icon::Minus, "Smaller text", -1.0);
    chosen
}
