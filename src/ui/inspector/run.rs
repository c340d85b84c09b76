//! The page about how a run went: times, costs, ids, and what FLORA said.

use egui::Ui;

use super::fact::{fact, id_fact, path_fact};
use super::{Frame, Shown, heading};
use crate::model::{Run, Source, Timestamp};
use crate::state::Action;
use crate::ui::theme::{Icon, space};
use crate::ui::widgets::{button, run_pill};
use crate::ui::{run_text, words};

/// Paints the page.
pub fn ui(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    let run = shown.run;
    run_pill(ui, run.stage);
    ui.add_space(space::XS);
    times(ui, run, frame);
    part(ui, "Cost");
    costs(ui, run);
    part(ui, "Ids");
    ids(ui, shown, frame);
    failure(ui, run);
    if let Some(folder) = shown.detail.and_then(|detail| detail.folder.as_ref()) {
        part(ui, "Files");
        path_fact(ui, "Folder", folder);
    }
    ui.add_space(space::M);
    ui.horizontal_wrapped(|ui| {
        if button(ui, Some(Icon::Copy), "Copy for support").clicked() {
            let text = run_text::for_support(run, shown.detail);
            frame.actions.push(Action::CopyText(text));
        }
        if let Some(folder) = shown.detail.and_then(|detail| detail.folder.as_ref())
            && button(ui, Some(Icon::FolderOpen), "Reveal folder").clicked()
        {
            frame.actions.push(Action::Reveal(folder.clone()));
        }
    });
}

fn part(ui: &mut Ui, name: &str) {
    ui.add_space(space::S);
    heading(ui, name);
}

fn times(ui: &mut Ui, run: &Run, frame: &Frame<'_>) {
    time(ui, "Created", Some(run.created_at));
    time(ui, "Started", run.started_at);
    time(ui, "Completed", run.completed_at);
    if let Some(milliseconds) = run.duration_ms(frame.now) {
        let words = if run.completed_at.is_some() {
            words::took(milliseconds)
        } else {
            words::elapsed(milliseconds)
        };
        fact(ui, "Duration", &words);
    }
    fact(
        ui,
        "Started by",
        match run.source {
            Source::Here => "This computer",
            Source::Elsewhere => "Someone elsewhere with this workspace",
        },
    );
}

fn time(ui: &mut Ui, name: &str, time: Option<Timestamp>) {
    if let Some(time) = time {
        fact(ui, name, &words::date_and_clock(time)).on_hover_text(words::when_exactly(time));
    }
}

fn costs(ui: &mut Ui, run: &Run) {
    let listed = run
        .listed_cost
        .map_or("—".to_owned(), |listed| listed.price());
    fact(ui, "Listed", &listed);
    fact(ui, "Charged", &charged(run));
}

fn charged(run: &Run) -> String {
    use crate::model::Cost;
    match run.cost {
        Cost::Charged(amount) => amount.price(),
        Cost::Settling(amount) if !amount.is_zero() => format!("~ {amount}, settling"),
        Cost::Settling(amount) => amount.price(),
        Cost::Quote(_) => "Nothing yet".to_owned(),
        Cost::Unknown => "—".to_owned(),
    }
}

fn ids(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    let run = shown.run;
    if let Some(id) = &run.run_id {
        id_fact(ui, "Run", id.as_str(), frame);
    }
    if let Some(id) = &run.launch {
        id_fact(ui, "Key", &id.to_string(), frame);
    }
    id_fact(ui, "Technique", run.technique.as_str(), frame);
    if let Some(id) = &run.workspace {
        id_fact(ui, "Workspace", id.as_str(), frame);
    }
    if let Some(id) = &run.project {
        id_fact(ui, "Project", id.as_str(), frame);
    }
    if let Some(id) = shown.detail.and_then(|detail| detail.request_id.as_deref()) {
        id_fact(ui, "Request", id, frame);
    }
}

fn failure(ui: &mut Ui, run: &Run) {
    let details = run
        .problem
        .as_ref()
        .map(|problem| problem.details.as_str())
        .filter(|details| !details.is_empty());
    if run.failure.is_none() && details.is_none() {
        return;
    }
    part(ui, "Error");
    if let Some(failure) = &run.failure {
        if !failure.code.is_empty() {
            fact(ui, "Code", &failure.code);
        }
        if !failure.message.is_empty() {
            fact(ui, "Message", &failure.message);
        }
    }
    if let Some(details) = details {
        fact(ui, "Details", details);
    }
}
