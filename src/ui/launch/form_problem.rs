//! What FLORA said about the whole form.

use egui::{Margin, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::form::Screen;
use crate::model::{Problem, ProblemAction};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::widgets::{label, link};

/// Paints the problem at the top of `rect`; returns the height it takes, in points.
pub fn ui(
    ui: &mut Ui,
    rect: Rect,
    problem: &Problem,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) -> f32 {
    let colors = tokens(ui).failed;
    let shown = ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        let outer = Margin {
            left: 20,
            right: 20,
            top: 8,
            bottom: 10,
        };
        egui::Frame::new()
            .fill(colors.ground)
            .corner_radius(radius::CARD)
            .inner_margin(Margin::symmetric(12, 10))
            .outer_margin(outer)
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    let (sign, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
                    icon(
                        ui.painter(),
                        sign.center(),
                        Icon::OctagonX,
                        16.0,
                        colors.text,
                    );
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 2.0;
                        words(ui, problem, screen, frame);
                    });
                });
            });
    });
    let name = &problem.summary;
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Alert, true, name));
    shown.response.rect.height()
}

fn words(ui: &mut Ui, problem: &Problem, screen: &mut Screen, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    label(
        ui,
        &problem.summary,
        font::body_medium(),
        tokens.text_primary,
    );
    if !problem.hint.is_empty() {
        label(ui, &problem.hint, font::secondary(), tokens.text_secondary);
    }
    let step = match problem.action {
        ProblemAction::Retry => Some("Try again"),
        ProblemAction::EnterKey => Some("Update key…"),
        ProblemAction::OpenPlan => Some("Open FLORA"),
        _ => None,
    };
    if step.is_none() && problem.details.is_empty() {
        return;
    }
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 14.0;
        if step.is_some_and(|step| link(ui, step).clicked()) {
            match problem.action {
                ProblemAction::Retry => screen.run = true,
                ProblemAction::EnterKey => frame.actions.push(Action::OpenConnect),
                _ => frame
                    .actions
                    .push(Action::OpenUrl("https://app.flora.ai".to_owned())),
            }
        }
        if !problem.details.is_empty() && link(ui, "Copy for support").clicked() {
            let text = format!("{}\n{}", problem.summary, problem.details);
            frame.actions.push(Action::CopyText(text));
        }
    });
}
