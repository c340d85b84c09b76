//! No form is open: nothing to choose from, or nothing chosen yet.

use std::sync::Arc;

use egui::{CentralPanel, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::glyphs;
use crate::model::Technique;
use crate::state::{Action, Load};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, radius, space, tokens};
use crate::ui::widgets::{button, empty_state, focus_ring, label_in};

const CARD: egui::Vec2 = egui::Vec2::new(320.0, 64.0);

/// Paints what there is to do.
pub fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    CentralPanel::no_frame()
        .frame(egui::Frame::new().fill(tokens(ui).bg_panel))
        .show(ui, |ui| match &frame.state.catalog.techniques {
            Load::Failed {
                problem,
                previous: None,
            } => failed(ui, &problem.summary, &problem.hint, frame),
            load => match load.value() {
                None => {}
                Some(all) if all.is_empty() => no_techniques(ui, frame),
                Some(_) => choose(ui, frame),
            },
        });
}

fn failed(ui: &mut Ui, summary: &str, hint: &str, frame: &mut Frame<'_>) {
    empty_state(ui, Icon::CloudAlert, summary, hint, |ui| {
        if button(ui, Some(Icon::RefreshCw), "Retry").clicked() {
            frame.actions.push(Action::Refresh);
        }
    });
}

fn no_techniques(ui: &mut Ui, frame: &mut Frame<'_>) {
    let text = "Techniques you build or save in FLORA appear here";
    empty_state(ui, Icon::Sparkles, "No techniques yet", text, |ui| {
        if button(ui, Some(Icon::ExternalLink), "Open FLORA").clicked() {
            frame
                .actions
                .push(Action::OpenUrl("https://app.flora.ai".to_owned()));
        }
        if button(ui, Some(Icon::RefreshCw), "Refresh").clicked() {
            frame.actions.push(Action::Refresh);
        }
    });
}

fn choose(ui: &mut Ui, frame: &mut Frame<'_>) {
    let catalog = &frame.state.catalog;
    let uses = catalog.uses.clone().unwrap_or_default();
    let [recent, rest] = catalog.sections(&frame.state.settings, &uses, "");
    let text = if recent.is_empty() {
        "Here are three to begin with"
    } else {
        "Your last ones are here"
    };
    let three: Vec<Arc<Technique>> = recent.into_iter().chain(rest).take(3).collect();
    empty_state(ui, Icon::Sparkles, "Pick a technique", text, |ui| {
        for technique in three {
            card(ui, &technique, frame);
        }
    });
}

fn card(ui: &mut Ui, technique: &Technique, frame: &mut Frame<'_>) {
    let (rect, response) = ui.allocate_exact_size(CARD, Sense::click());
    let tokens = tokens(ui);
    let fill = if response.hovered() {
        tokens.bg_hover
    } else {
        tokens.bg_raised
    };
    ui.painter().rect_filled(rect, radius::CARD, fill);
    let tile = Rect::from_min_size(rect.min + vec2(12.0, 12.0), vec2(40.0, 40.0));
    glyphs::cover(ui, tile, technique);
    let words = Rect::from_min_max(
        pos2(tile.right() + space::M, rect.top()),
        pos2(rect.right() - space::M, rect.bottom()),
    );
    let (name, about) = words
        .shrink2(vec2(0.0, 13.0))
        .split_top_bottom_at_fraction(0.5);
    let name_color = tokens.text_primary;
    label_in(
        ui.painter(),
        name,
        &technique.name,
        font::body_medium(),
        name_color,
    );
    let text = technique.description.as_deref().unwrap_or_default();
    label_in(
        ui.painter(),
        about,
        text,
        font::secondary(),
        tokens.text_tertiary,
    );
    if response.has_focus() {
        focus_ring(ui.painter(), rect, tokens);
    }
    let spoken = format!("Open {}", technique.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    if response.clicked() {
        frame
            .actions
            .push(Action::OpenTechnique(technique.id.clone()));
    }
}
