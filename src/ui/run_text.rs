//! A run as text: for the clipboard, and for FLORA's support.

use std::borrow::Borrow;
use std::fmt::Write as _;

use crate::model::{Run, RunDetail, RunText, Timestamp};

use super::words;

/// Runs in the order given.
pub fn of_runs<R: Borrow<Run>>(runs: &[R], what: RunText, now: Timestamp) -> String {
    let runs = runs.iter().map(Borrow::borrow);
    let texts: Vec<String> = match what {
        RunText::Facts => runs.map(|run| for_people(run, now)).collect(),
        RunText::Ids => runs
            .filter_map(|run| Some(run.run_id.as_ref()?.to_string()))
            .collect(),
    };
    texts.join("\n")
}

/// What a person would paste into a message: what it was, how it went, what it cost, where it is.
pub fn for_people(run: &Run, now: Timestamp) -> String {
    let mut text = format!("{} — {}\n", run.technique_name, run.summary);
    let mut facts = vec![
        run.stage.word().to_owned(),
        words::when(run.created_at, now),
    ];
    if let Some(milliseconds) = run.duration_ms(now) {
        facts.push(words::took(milliseconds));
    }
    facts.push(run.cost.words());
    text.push_str(&facts.join(" · "));
    text.push('\n');
    if let Some(failure) = &run.failure {
        line(&mut text, "Failed", failure.title());
    }
    for file in run.outputs.iter().filter_map(|output| output.file.as_ref()) {
        let _ = writeln!(text, "{}", file.display());
    }
    text
}

/// Ids, times and codes; never an input.
pub fn for_support(run: &Run, detail: Option<&RunDetail>) -> String {
    let mut text = String::new();
    if let Some(id) = &run.run_id {
        line(&mut text, "Run", id.as_str());
    }
    if let Some(id) = &run.launch {
        line(&mut text, "Idempotency key", &id.to_string());
    }
    line(&mut text, "Technique", run.technique.as_str());
    if let Some(id) = &run.workspace {
        line(&mut text, "Workspace", id.as_str());
    }
    if let Some(id) = &run.project {
        line(&mut text, "Project", id.as_str());
    }
    if let Some(id) = detail.and_then(|detail| detail.request_id.as_deref()) {
        line(&mut text, "Request", id);
    }
    line(&mut text, "Status", run.stage.word());
    line(&mut text, "Created", &utc(run.created_at));
    if let Some(time) = run.started_at {
        line(&mut text, "Started", &utc(time));
    }
    if let Some(time) = run.completed_at {
        line(&mut text, "Completed", &utc(time));
    }
    line(&mut text, "Cost", &run.cost.words());
    if let Some(failure) = &run.failure {
        line(&mut text, "Error code", &failure.code);
        line(&mut text, "Error message", &failure.message);
    }
    if let Some(problem) = run.problem.as_ref().filter(|p| !p.details.is_empty()) {
        line(&mut text, "Details", &problem.details);
    }
    text
}

fn line(text: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(text, "{name}: {value}");
    }
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
