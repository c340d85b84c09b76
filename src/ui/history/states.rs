//! What is shown where there is no table to show.

use egui::{Align, Layout, Ui, UiBuilder, vec2};

use super::filter_bar::FILTERS;
use super::{filters, skeleton};
use crate::model::{HistoryQuery, Problem};
use crate::state::{Action, HistoryState, Load, Place};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, space, tokens};
use crate::ui::widgets::{button, empty_state, label, link};

/// What there is to show.
pub enum State<'a> {
    Loading,
    Failed(&'a Problem),
    /// Nothing was ever run.
    NoRuns,
    /// The filters leave nothing.
    NothingFound(&'a HistoryQuery),
    Rows,
}

impl<'a> State<'a> {
    pub fn of(history: &'a HistoryState) -> Self {
        match &history.answer {
            Load::Failed {
                problem,
                previous: None,
            } => Self::Failed(problem),
            answer if answer.is_first_load() => Self::Loading,
            _ if !history.keys().is_empty() => Self::Rows,
            _ if history.query.is_filtered() => Self::NothingFound(&history.query),
            _ => Self::NoRuns,
        }
    }
}

/// Paints everything but rows.
pub fn ui(ui: &mut Ui, state: State<'_>, frame: &mut Frame<'_>) {
    match state {
        State::Rows => {}
        State::Loading => skeleton::table(ui, frame.state.settings.history.row_height),
        State::Failed(problem) => failed(ui, problem, frame),
        State::NoRuns => no_runs(ui, frame),
        State::NothingFound(query) => nothing_found(ui, query, frame),
    }
}

/// A line over rows that could not be brought up to date.
pub fn problem_line(ui: &mut Ui, frame: &mut Frame<'_>) {
    let Load::Failed {
        problem,
        previous: Some(_),
    } = &frame.state.history.answer
    else {
        return;
    };
    let tokens = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), egui::Sense::hover());
    let row = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(space::L, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (mark, _) = ui.allocate_exact_size(vec2(14.0, 14.0), egui::Sense::hover());
        let color = tokens.needs_you.text;
        icon(
            ui.painter(),
            mark.center(),
            Icon::TriangleAlert,
            14.0,
            color,
        );
        label(
            ui,
            &problem.summary,
            font::secondary(),
            tokens.text_secondary,
        )
        .on_hover_text(&problem.details);
        if link(ui, "Retry").clicked() {
            frame.actions.push(Action::AskHistoryAgain);
        }
    });
}

fn failed(ui: &mut Ui, problem: &Problem, frame: &mut Frame<'_>) {
    empty_state(
        ui,
        Icon::TriangleAlert,
        &problem.summary,
        &problem.hint,
        |ui| {
            if button(ui, Some(Icon::RotateCw), "Retry").clicked() {
                frame.actions.push(Action::AskHistoryAgain);
            }
        },
    );
}

fn no_runs(ui: &mut Ui, frame: &mut Frame<'_>) {
    let text = "Pick a technique and run it. Every run is kept here with its inputs and its files";
    empty_state(ui, Icon::History, "Runs appear here", text, |ui| {
        if button(ui, Some(Icon::Sparkles), "Open Launch").clicked() {
            frame.actions.push(Action::Go(Place::Launch));
        }
    });
}

fn nothing_found(ui: &mut Ui, query: &HistoryQuery, frame: &mut Frame<'_>) {
    let title = format!("No runs match {}", wanted(query, frame));
    empty_state(ui, Icon::SearchX, &title, "", |ui| {
        let last = FILTERS
            .iter()
            .rev()
            .find_map(|filter| Some((filter, filter.words(query, frame.now)?)));
        centered_row(ui, |ui| {
            if let Some((filter, (_, value))) = last {
                let name = format!("Remove “{}”", value.to_lowercase());
                if button(ui, None, &name).clicked() {
                    frame.actions.push(Action::SetQuery(filter.removed(query)));
                }
            }
            if button(ui, None, "Reset").clicked() {
                frame
                    .actions
                    .push(Action::SetQuery(filters::without_any(query)));
            }
        });
    });
}

/// "failed, this week" or "“harbour”, not done".
fn wanted(query: &HistoryQuery, frame: &Frame<'_>) -> String {
    let mut parts = Vec::new();
    let text = query.text.trim();
    if !text.is_empty() {
        parts.push(format!("“{text}”"));
    }
    for filter in FILTERS {
        if let Some((lead, value)) = filter.words(query, frame.now) {
            let value = match filter {
                filters::Filter::Technique => value,
                _ => value.to_lowercase(),
            };
            let not = if lead.ends_with("not") { "not " } else { "" };
            parts.push(format!("{not}{value}"));
        }
    }
    parts.join(", ")
}

/// Widgets side by side, in the middle. Their width is that of the frame before.
fn centered_row(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let id = ui.scope_id().with("row width");
    let width: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.add_space(((ui.available_width() - width) / 2.0).max(0.0));
        let response = ui.scope(add).response;
        let measured = response.rect.width();
        if (measured - width).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(id, measured));
            ui.ctx().request_discard("the row of buttons is measured");
        }
    });
}
