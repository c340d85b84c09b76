//! What is wrong with a run, on its card: a sign, what happened, what it cost, and the one thing to do.

use egui::{Align, Color32, Layout, Role, Sense, Ui, WidgetInfo, vec2};

use super::card::Screen;
use crate::model::{Failure, Run, RunStage, StatusPill};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::run_text;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::trouble::{Remedy, Trouble};
use crate::ui::widgets::{button, label, link};

/// With less room than this, in points, the button goes below the words.
const BESIDE: f32 = 340.0;

const SIGN: f32 = 16.0;

/// Paints the trouble.
pub fn ui(ui: &mut Ui, run: &Run, trouble: &Trouble, screen: &mut Screen, frame: &mut Frame<'_>) {
    let width = ui.available_width();
    let beside = width >= BESIDE;
    let first = trouble.steps.first();
    let shown = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        let button_width = first
            .filter(|_| beside)
            .map_or(0.0, |step| step_width(ui, step));
        let words = width - SIGN - 10.0 - button_width - space::L;
        let (rect, _) = ui.allocate_exact_size(vec2(SIGN, 18.0), Sense::hover());
        let (what, color) = sign(ui, run, trouble);
        icon(ui.painter(), rect.center(), what, SIGN, color);
        ui.allocate_ui_with_layout(vec2(words, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(words);
            sentences(ui, trouble);
            if !beside && let Some(step) = first {
                ui.add_space(space::S);
                offer(ui, step, frame);
            }
            others(ui, run, trouble, screen, frame);
        });
        if beside && let Some(step) = first {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                offer(ui, step, frame);
            });
        }
    });
    let name = &trouble.title;
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Group, true, name));
    if let Some(failure) = run
        .failure
        .as_ref()
        .filter(|_| screen.details.contains(&run.key))
    {
        details(ui, run, failure);
    }
}

/// A failure keeps the sign of its pill; what only waits for the person has its own.
fn sign(ui: &Ui, run: &Run, trouble: &Trouble) -> (Icon, Color32) {
    let tone = match run.stage {
        RunStage::Failed => StatusPill::Failed,
        _ => trouble.tone,
    };
    let what = match tone {
        StatusPill::Failed => Icon::OctagonX,
        StatusPill::CloudOnly => Icon::CloudDownload,
        _ => Icon::TriangleAlert,
    };
    (what, tokens(ui).pill(tone).text)
}

fn step_width(ui: &Ui, step: &Remedy) -> f32 {
    let color = tokens(ui).text_primary;
    let text = step.label.clone();
    let galley = ui.painter().layout_no_wrap(text, font::body(), color);
    galley.size().x + space::M * 2.0
}

fn sentences(ui: &mut Ui, trouble: &Trouble) {
    let tokens = tokens(ui);
    label(ui, &trouble.title, font::body_medium(), tokens.text_primary);
    if !trouble.advice.is_empty() {
        ui.add_space(1.0);
        label(ui, &trouble.advice, font::secondary(), tokens.text_tertiary);
    }
}

fn offer(ui: &mut Ui, step: &Remedy, frame: &mut Frame<'_>) {
    if button(ui, None, &step.label).clicked() {
        frame.actions.push(step.action.clone());
    }
}

/// The lesser ways out, as links; and for a failure its details.
fn others(ui: &mut Ui, run: &Run, trouble: &Trouble, screen: &mut Screen, frame: &mut Frame<'_>) {
    let rest = trouble.steps.get(1..).unwrap_or_default();
    if rest.is_empty() && run.failure.is_none() {
        return;
    }
    ui.add_space(6.0);
    ui.spacing_mut().interact_size.y = 0.0;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(14.0, 4.0);
        for step in rest {
            if link(ui, &step.label).clicked() {
                frame.actions.push(step.action.clone());
            }
        }
        if run.failure.is_none() {
            return;
        }
        let open = screen.details.contains(&run.key);
        let word = if open { "Hide details" } else { "Details" };
        if link(ui, word).clicked() && !screen.details.remove(&run.key) {
            screen.details.insert(run.key);
        }
        let support = |step: &Remedy| matches!(step.action, Action::CopyText(_));
        if open && !trouble.steps.iter().any(support) && link(ui, "Copy for support").clicked() {
            let text = run_text::for_support(run, None);
            frame.actions.push(Action::CopyText(text));
        }
    });
}

fn details(ui: &mut Ui, run: &Run, failure: &Failure) {
    let tokens = tokens(ui);
    ui.add_space(space::S);
    egui::Frame::new()
        .fill(tokens.bg_raised)
        .corner_radius(radius::TILE)
        .inner_margin(10)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 3.0;
            let id = run.run_id.as_ref().map_or("", |id| id.as_str());
            for line in [failure.code.as_str(), id] {
                if !line.is_empty() {
                    label(ui, line, font::mono(), tokens.text_secondary);
                }
            }
            if !failure.message.is_empty() {
                label(ui, &failure.message, font::secondary(), tokens.text_primary);
            }
        });
}
