//! What went wrong, what it cost, and what to do: above every page of a run that wants attention.

use egui::{Ui, vec2};

use super::{Frame, Shown};
use crate::model::{RunStage, StatusPill};
use crate::state::Action;
use crate::ui::run_text;
use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};
use crate::ui::trouble::{Trouble, trouble};
use crate::ui::widgets::{button, label, link};

/// Paints the card, if something is wrong.
pub fn ui(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    let Some(trouble) = trouble(shown.run, frame.state) else {
        return;
    };
    let ground = egui::Frame::new()
        .fill(tokens(ui).bg_app)
        .stroke((1.0, tokens(ui).border_subtle))
        .corner_radius(radius::CARD)
        .inner_margin(space::M);
    ground.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        words(ui, &trouble);
        steps(ui, shown, trouble, frame);
    });
    ui.add_space(space::XS);
}

fn words(ui: &mut Ui, trouble: &Trouble) {
    let tokens = tokens(ui);
    ui.horizontal_top(|ui| {
        let (mark, _) = ui.allocate_exact_size(vec2(16.0, 17.0), egui::Sense::hover());
        let what = match trouble.tone {
            StatusPill::Failed => Icon::OctagonX,
            StatusPill::CloudOnly => Icon::CloudDownload,
            _ => Icon::TriangleAlert,
        };
        let color = tokens.pill(trouble.tone).text;
        icon(ui.painter(), mark.center(), what, 16.0, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            label(ui, &trouble.title, font::body_medium(), tokens.text_primary);
            if !trouble.advice.is_empty() {
                label(
                    ui,
                    &trouble.advice,
                    font::secondary(),
                    tokens.text_secondary,
                );
            }
        });
    });
}

/// The first step as a button, the others as links beside it.
fn steps(ui: &mut Ui, shown: &Shown<'_>, trouble: Trouble, frame: &mut Frame<'_>) {
    let failed = shown.run.stage == RunStage::Failed;
    if trouble.steps.is_empty() && !failed {
        return;
    }
    ui.spacing_mut().interact_size.y = size::BUTTON;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let mut offers_support = false;
        for (index, step) in trouble.steps.into_iter().enumerate() {
            offers_support |= matches!(step.action, Action::CopyText(_));
            let clicked = if index == 0 {
                button(ui, None, &step.label).clicked()
            } else {
                link(ui, &step.label).clicked()
            };
            if clicked {
                frame.actions.push(step.action);
            }
        }
        if failed && !offers_support && link(ui, "Copy for support").clicked() {
            let text = run_text::for_support(shown.run, shown.detail);
            frame.actions.push(Action::CopyText(text));
        }
    });
}
