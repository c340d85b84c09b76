//! The page about what a run made.

use egui::{Ui, vec2};

use super::fact::{fact, path_fact};
use super::{Frame, Shown, heading, inputs, pager, preview};
use crate::model::{Archive, Cost, MediaKind, Output, Run};
use crate::state::Action;
use crate::ui::theme::{Icon, font, space, tokens};
use crate::ui::widgets::{
    ButtonKind, button, icon_button, label, progress_bar, quiet_button, run_pill,
};
use crate::ui::{animation, words};

/// Paints the page.
pub fn ui(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    let output = shown.output(frame);
    match output {
        Some(output) => {
            let title = pager::title(shown.run, output);
            // In the viewer the output is on the stage already.
            if frame.state.viewer.open.is_none() {
                preview::ui(ui, output, &title, frame);
                pager::ui(ui, shown.run, output.key, frame);
                ui.add_space(space::XS);
            }
            heading(ui, &title);
        }
        None => progress(ui, shown.run, frame),
    }
    ui.add_space(space::XS);
    facts(ui, shown, output, frame);
    if let Some(output) = output {
        ui.add_space(space::M);
        buttons(ui, shown.run, output, frame);
    }
}

/// Of a run that has made nothing yet, how far it is.
fn progress(ui: &mut Ui, run: &Run, frame: &Frame<'_>) {
    ui.horizontal(|ui| {
        run_pill(ui, run.stage);
        if let Some(milliseconds) = run.duration_ms(frame.now).filter(|_| run.stage.is_live()) {
            let color = tokens(ui).text_secondary;
            label(ui, words::elapsed(milliseconds), font::secondary(), color);
            animation::tick(ui);
        }
    });
    if let Some(progress) = run.progress.filter(|_| run.stage.is_live()) {
        progress_bar(ui, Some(progress));
    }
}

fn facts(ui: &mut Ui, shown: &Shown<'_>, output: Option<&Output>, frame: &mut Frame<'_>) {
    let run = shown.run;
    fact(ui, "Technique", &run.technique_name);
    if let Some(size) = output.and_then(size_words) {
        fact(ui, "Size", &size);
    }
    fact(ui, "Run", &run_words(run, frame));
    fact(ui, "Cost", &cost_words(run));
    if let Some(detail) = shown.detail {
        for input in &detail.inputs {
            inputs::brief(ui, input);
        }
    }
    if let Some(output) = output {
        file(ui, output);
    }
    if let Some(request) = shown.detail.and_then(|detail| detail.request_id.as_deref()) {
        fact(ui, "Request", request);
    }
}

/// "14:32:08 · 7 s"
fn run_words(run: &Run, frame: &Frame<'_>) -> String {
    let begun = run.started_at.unwrap_or(run.created_at);
    let today = words::when(begun, frame.now).len() == "14:32".len();
    let time = if today {
        words::clock(begun)
    } else {
        words::when(begun, frame.now)
    };
    match run.duration_ms(frame.now) {
        Some(milliseconds) if run.completed_at.is_some() => {
            format!("{time} · {}", words::took(milliseconds))
        }
        Some(milliseconds) => format!("{time} · {}", words::elapsed(milliseconds)),
        None => time,
    }
}

/// "Free", "$0.16 (listed $0.15)", "~ $0.08"
pub fn cost_words(run: &Run) -> String {
    let cost = run.cost.words();
    match (run.cost, run.listed_cost) {
        (Cost::Charged(charged), Some(listed)) if charged != listed => {
            format!("{cost} (listed {})", listed.price())
        }
        (Cost::Unknown, Some(listed)) => format!("{cost} (listed {})", listed.price()),
        _ => cost,
    }
}

/// "1024 × 1024 PNG", "0:12 · WAV", "62 words"
fn size_words(output: &Output) -> Option<String> {
    let facts = &output.facts;
    let mut parts = Vec::new();
    let format = facts.format.as_deref();
    match (facts.dimensions(), format) {
        (Some(dimensions), Some(format)) => parts.push(format!("{dimensions} {format}")),
        (Some(dimensions), None) => parts.push(dimensions),
        (None, Some(format)) => parts.push(format.to_owned()),
        (None, None) => {}
    }
    parts.extend(facts.duration_ms.map(|ms| words::elapsed(ms as i64)));
    parts.extend(facts.pages.map(|n| words::counted(n as usize, "page")));
    parts.extend(facts.words.map(|n| words::counted(n as usize, "word")));
    parts.extend(output.bytes.map(words::bytes));
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn file(ui: &mut Ui, output: &Output) {
    match (&output.archive, &output.file) {
        (Archive::Stored, Some(path)) => path_fact(ui, "File", path),
        (Archive::Fetching, _) => {
            fact(ui, "File", "Arriving…");
        }
        (Archive::Remote, _) => {
            fact(ui, "File", "At FLORA only");
        }
        (Archive::LinkDead, _) => {
            fact(ui, "File", "FLORA no longer serves it");
        }
        (Archive::Failed(_), _) => {
            fact(ui, "File", "Not fetched yet");
        }
        (Archive::Missing | Archive::Stored, _) => {
            fact(ui, "File", "No longer in the library folder");
        }
    }
}

fn buttons(ui: &mut Ui, run: &Run, output: &Output, frame: &mut Frame<'_>) {
    // The viewer's bar has these already.
    let in_viewer = frame.state.viewer.open.is_some();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        if !in_viewer {
            let save = quiet_button(ui, ButtonKind::Primary, Some(Icon::Download), "Save as…");
            if save.clicked() {
                frame.actions.push(Action::SaveOutputs(vec![output.key]));
            }
            copy(ui, output, frame);
        }
        if let (Archive::Stored, Some(path)) = (&output.archive, &output.file) {
            if icon_button(ui, Icon::FolderOpen, "Reveal in folder").clicked() {
                frame.actions.push(Action::Reveal(path.clone()));
            }
            if !in_viewer && icon_button(ui, Icon::ExternalLink, "Open in default app").clicked() {
                frame.actions.push(Action::OpenOutput(output.key));
            }
        }
        if run.outputs.len() > 1 {
            let name = format!("Save all {}…", run.outputs.len());
            if button(ui, None, &name).clicked() {
                frame.actions.push(Action::SaveRuns(vec![run.key]));
            }
        }
    });
}

fn copy(ui: &mut Ui, output: &Output, frame: &mut Frame<'_>) {
    let (name, action) = match (&output.kind, &output.file) {
        (MediaKind::Text, _) => ("Copy text", Action::CopyOutputText(output.key)),
        (MediaKind::Image, _) => ("Copy picture", Action::CopyPicture(output.key)),
        (_, Some(path)) => (
            "Copy file path",
            Action::CopyText(path.display().to_string()),
        ),
        (_, None) => return,
    };
    if icon_button(ui, Icon::Copy, name).clicked() {
        frame.actions.push(action);
    }
}
