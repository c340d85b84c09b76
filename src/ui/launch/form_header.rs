//! The top of the form: what the technique is called and does, and where the form can be filled from.

use egui::{Align, Layout, Popup, RectAlign, Ui, vec2};

use super::menu::menu_body;
use crate::model::{LaunchDraft, RowKey, Run, Source, Technique};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, space, tokens};
use crate::ui::widgets::{button, menu_item, menu_line, menu_title};
use crate::ui::words;

/// Runs offered to fill the form from.
const OFFERED: usize = 8;

/// Lines of the description in view; all of it is in the tooltip.
const LINES: usize = 3;

/// Paints the header.
pub fn ui(ui: &mut Ui, technique: &Technique, draft: &LaunchDraft, frame: &mut Frame<'_>) {
    let width = ui.available_width();
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        ui.set_width(width);
        let buttons = ui
            .scope(|ui| buttons(ui, technique, draft, frame))
            .response
            .rect;
        ui.add_space(space::S);
        let left = (width - buttons.width() - space::L).max(80.0);
        ui.allocate_ui_with_layout(vec2(left, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(left);
            name(ui, technique);
        });
    });
}

fn name(ui: &mut Ui, technique: &Technique) {
    let tokens = tokens(ui);
    let title = egui::RichText::new(&*technique.name)
        .font(font::title())
        .color(tokens.text_primary);
    ui.add(egui::Label::new(title).truncate());
    let about = technique.description.as_deref().unwrap_or_default();
    if about.is_empty() {
        return;
    }
    ui.add_space(1.0);
    let mut job = egui::text::LayoutJob::simple(
        about.to_owned(),
        font::secondary(),
        tokens.text_tertiary,
        ui.available_width(),
    );
    job.wrap.max_rows = LINES;
    job.sections[0].format.line_height = Some(17.0);
    ui.add(egui::Label::new(job).selectable(false));
}

fn buttons(ui: &mut Ui, technique: &Technique, draft: &LaunchDraft, frame: &mut Frame<'_>) {
    ui.spacing_mut().item_spacing.x = space::S;
    let fill = button(ui, Some(Icon::History), "Fill from…");
    Popup::menu(&fill)
        .width(300.0)
        .align(RectAlign::BOTTOM_END)
        .show(|ui| fill_menu(ui, technique, draft, frame));
}

fn fill_menu(ui: &mut Ui, technique: &Technique, draft: &LaunchDraft, frame: &mut Frame<'_>) {
    let keys = frame
        .state
        .results
        .keys
        .value()
        .cloned()
        .unwrap_or_default();
    let newest: Vec<RowKey> = keys.iter().copied().take(OFFERED * 3).collect();
    let known = |key: &RowKey| frame.state.rows.get(*key).cloned();
    let runs: Vec<_> = newest
        .iter()
        .filter_map(known)
        .filter(|run| run.source == Source::Here)
        .take(OFFERED)
        .collect();
    if newest
        .iter()
        .any(|key| frame.state.rows.get(*key).is_none())
    {
        frame.actions.push(Action::ShowRows(newest));
    }
    menu_body(ui, 300.0, |ui| {
        if runs.is_empty() {
            menu_title(ui, "No run to fill from yet");
        } else {
            menu_title(ui, "Last runs");
        }
        for run in &runs {
            if menu_item(
                ui,
                None,
                &run_name(run),
                &words::when(run.created_at, frame.now),
            )
            .clicked()
            {
                frame.actions.push(Action::FillFrom(run.key));
            }
        }
        let filled = technique
            .inputs
            .iter()
            .any(|spec| !draft.field(&spec.id).is_empty(spec));
        if filled {
            menu_line(ui);
            if menu_item(ui, Some(Icon::Eraser), "Clear form", "").clicked() {
                frame.actions.push(Action::ClearDraft);
            }
        }
    });
}

fn run_name(run: &Run) -> String {
    if run.summary.trim().is_empty() {
        format!("Run without words, {}", run.stage.word().to_lowercase())
    } else {
        words::shortened(run.summary.trim(), 30)
    }
}
