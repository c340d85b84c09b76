//! One quiet line above a place: what kind of session this is, or what keeps it from going on.

use egui::{Align, Layout, Margin, Panel, Ui};

use crate::model::Connection;
use crate::settings::StudioBanner;
use crate::state::{Action, SettingsChange};
use crate::ui::Frame;
use crate::ui::theme::{Icon, PillColors, font, icon_text, space, tokens};
use crate::ui::widgets::{label, link, small_icon_button};

/// What the banner says.
struct Line<'a> {
    colors: PillColors,
    icon: Icon,
    text: &'a str,
    /// What the link says; it always leads to the dialog that takes a key.
    link: &'a str,
    ending: Ending,
}

/// Whether one can do without it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    WhenSolved,
    WhenHidden,
}

/// Paints the banner when there is something to say.
pub fn banner(ui: &mut Ui, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let session = &frame.state.session;
    match &session.connection {
        Connection::KeyRefused(problem) => {
            let text = format!(
                "{}. Everything is kept; it goes on with another key",
                problem.summary
            );
            let line = Line {
                colors: tokens.needs_you,
                icon: Icon::KeyRound,
                text: &text,
                link: "Update key…",
                ending: Ending::WhenSolved,
            };
            show(ui, &line, frame);
        }
        Connection::NoKey => {
            let line = Line {
                colors: tokens.needs_you,
                icon: Icon::KeyRound,
                text: "FLORA needs a key to be reached; what is kept here can be used",
                link: "Enter key…",
                ending: Ending::WhenSolved,
            };
            show(ui, &line, frame);
        }
        _ if session.is_studio() && frame.state.settings.studio_banner == StudioBanner::Shown => {
            let line = Line {
                colors: PillColors {
                    text: tokens.text_secondary,
                    ground: tokens.bg_raised,
                },
                icon: Icon::Laptop,
                text: "You are in the local studio: real techniques, free, and nothing leaves this computer",
                link: "Connect FLORA…",
                ending: Ending::WhenHidden,
            };
            show(ui, &line, frame);
        }
        _ => {}
    }
}

fn show(ui: &mut Ui, line: &Line<'_>, frame: &mut Frame<'_>) {
    let ground = egui::Frame::new()
        .fill(line.colors.ground)
        .inner_margin(Margin::symmetric(16, 0));
    Panel::top("banner")
        .exact_size(32.0)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.label(icon_text(line.icon, 14.0).color(line.colors.text));
                label(ui, line.text, font::secondary(), line.colors.text);
                if link(ui, line.link).clicked() {
                    frame.actions.push(Action::OpenConnect);
                }
                if line.ending == Ending::WhenHidden {
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
