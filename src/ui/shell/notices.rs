//! Passing messages above the activity bar.

use egui::{Align, Align2, Area, Id, Layout, Margin, Order, Role, Ui, WidgetInfo, vec2};

use crate::model::{Notice, NoticeAction, NoticeLevel, Timestamp};
use crate::state::{Action, Place};
use crate::ui::theme::{Icon, font, icon_text, radius, size, space, tokens};
use crate::ui::widgets::{label, link, small_icon_button};
use crate::ui::{Actions, Frame, animation, launch};

/// A notice that only informs goes by itself after this many milliseconds.
const PASSING_MS: i64 = 6_000;

/// How high the form's footer is, with what is missing said in it, in points.
const FOOTER: f32 = 92.0;

/// Paints the notices, newest at the bottom.
pub fn notices(ui: &mut Ui, frame: &mut Frame<'_>) {
    if frame.state.notices.shown.is_empty() {
        return;
    }
    // In a narrow window the form reaches to the right edge: its Run must stay in reach.
    let is_over_form = frame.state.navigation.place == Place::Launch
        && ui.ctx().content_rect().width() < launch::NARROW;
    let footer = if is_over_form { FOOTER } else { 0.0 };
    let offset = vec2(-space::L, -(size::ACTIVITY_BAR + space::L + footer));
    Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, offset)
        .show(ui, |ui| {
            for (index, (since, notice)) in frame.state.notices.shown.iter().enumerate() {
                if is_over(*since, notice, frame.now) {
                    frame.actions.push(Action::DismissNotice(index));
                } else {
                    card(ui, index, notice, frame.actions);
                    ui.add_space(space::S);
                }
            }
        });
    if frame
        .state
        .notices
        .shown
        .iter()
        .any(|(_, notice)| notice.level == NoticeLevel::Info)
    {
        animation::tick(ui);
    }
}

fn is_over(since: Timestamp, notice: &Notice, now: Timestamp) -> bool {
    notice.level == NoticeLevel::Info && now.as_millisecond() - since.as_millisecond() > PASSING_MS
}

fn card(ui: &mut Ui, index: usize, notice: &Notice, actions: &mut Actions) {
    let tokens = tokens(ui);
    let (what, color) = match notice.level {
        NoticeLevel::Info => (Icon::Info, tokens.text_secondary),
        NoticeLevel::Warning => (Icon::TriangleAlert, tokens.needs_you.text),
        NoticeLevel::Error => (Icon::OctagonX, tokens.failed.text),
    };
    let ground = egui::Frame::popup(ui.style())
        .fill(tokens.bg_raised)
        .corner_radius(radius::POPUP)
        .inner_margin(Margin {
            left: 12,
            right: 6,
            top: 6,
            bottom: 6,
        });
    let shown = ground.show(ui, |ui| {
        ui.set_width(380.0);
        ui.horizontal_top(|ui| {
            ui.add_space(0.0);
            ui.vertical(|ui| {
                ui.add_space(6.0);
                ui.label(icon_text(what, 16.0).color(color));
            });
            ui.vertical(|ui| {
                ui.set_width(306.0);
                ui.add_space(5.0);
                label(ui, &notice.text, font::body(), tokens.text_primary);
                links(ui, notice, actions);
                ui.add_space(3.0);
            });
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if small_icon_button(ui, Icon::X, "Dismiss").clicked() {
                    actions.push(Action::DismissNotice(index));
                }
            });
        });
    });
    let role = if notice.level == NoticeLevel::Error {
        Role::Alert
    } else {
        Role::Status
    };
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(role, true, &notice.text));
}

fn links(ui: &mut Ui, notice: &Notice, actions: &mut Actions) {
    if notice.actions.is_empty() && notice.details.is_empty() {
        return;
    }
    // A row of links is as high as its words.
    ui.spacing_mut().interact_size.y = 18.0;
    ui.horizontal(|ui| {
        for action in &notice.actions {
            let (name, wanted) = match action {
                NoticeAction::Reveal(path) => ("Reveal", Action::Reveal(path.clone())),
                NoticeAction::CopyPath(path) => {
                    ("Copy path", Action::CopyText(path.display().to_string()))
                }
                NoticeAction::EnterKey => ("Update key…", Action::OpenConnect),
                NoticeAction::ChooseFolder => {
                    ("Choose another folder…", Action::ChooseLibraryFolder)
                }
            };
            if link(ui, name).clicked() {
                actions.push(wanted);
            }
        }
        if !notice.details.is_empty() && link(ui, "Copy details").clicked() {
            actions.push(Action::CopyText(format!(
                "{}\n{}",
                notice.text, notice.details
            )));
        }
    });
}
