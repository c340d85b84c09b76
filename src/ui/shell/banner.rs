//! One quiet line above a place: what kind of session this is, or what keeps it from going on.

use egui::{Align, Layout, Margin, Panel, Ui};

use crate::model::Connection;
use crate::settings::StudioBanner;
use crate::state::{Action, SettingsChange};
use crate::ui::Frame;
use crate::ui::theme::{Icon, PillColors, font, icon_text, space, tokens};
use crate::ui::widgets::{label, link, small_icon_button};

/// Paints the banner when there is something to say.
pub fn banner(ui: &mut Ui, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let quiet = PillColors {
        text: tokens.text_secondary,
        ground: tokens.bg_raised,
    };
    match &frame.state.session.connection {
        Connection::KeyRefused(problem) => {
            let text = format!(
                "{}. Everything is kept; it goes on with another key",
                problem.summary
            );
            line(
                ui,
                tokens.needs_you,
                Icon::KeyRound,
                &text,
                "Update key…",
                frame,
            );
        }
        Connection::NoKey => {
            let text = "FLORA needs a key to be reached; what is kept here can be used";
            line(
                ui,
                tokens.needs_you,
                Icon::KeyRound,
                text,
                "Enter key…",
                frame,
            );
        }
        _ if frame.state.session.is_studio()
            && frame.state.settings.studio_banner == StudioBanner::Shown =>
        {
            let text = "You are in the local studio: real techniques, free, and nothing leaves this computer";
            line(ui, quiet, Icon::Laptop, text, "Connect FLORA…", frame);
        }
        _ => {}
    }
}

fn line(
    ui: &mut Ui,
    colors: PillColors,
    what: Icon,
    text: &str,
    action: &str,
    frame: &mut Frame<'_>,
) {
    let ground = egui::Frame::new()
        .fill(colors.ground)
        .inner_margin(Margin::symmetric(16, 0));
    Panel::top("banner")
        .exact_size(32.0)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.label(icon_text(what, 14.0).color(colors.text));
                label(ui, text, font::secondary(), colors.text);
                if link(ui, action).clicked() {
                    frame.actions.push(Action::OpenConnect);
                }
                if frame.state.session.is_studio() {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if small_icon_button(ui, Icon::X, "Hide this line").clicked() {
                            let change = SettingsChange::StudioBanner(StudioBanner::Hidden);
                            frame.actions.push(Action::ChangeSettings(change));
                        }
                    });
                }
            });
        });
}
