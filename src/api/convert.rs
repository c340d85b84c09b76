//! Wire to model, leniently: what is odd becomes unknown, never an error. Names and messages become fit to be shown.

use crate::model::{
    InputId, InputSpec, MediaKind, OutputId, OutputSpec, OutputUpdate, ProjectId, RunId, RunStatus,
    RunUpdate, Technique, TechniqueId, Timestamp, Usd, WorkspaceId, shown_line, shown_text,
};
use crate::wire;

/// A technique as the rest of the app knows it; what has no name is called by its id.
pub fn technique(technique: wire::Technique) -> Technique {
    let name = named(technique.name, &technique.technique_id);
    Technique {
        id: TechniqueId::new(technique.technique_id),
        name: name.into(),
        slug: filled(technique.slug),
        description: text(technique.description),
        run_cost: dollars(technique.run_cost),
        inputs: technique.inputs.into_iter().map(input_spec).collect(),
        outputs: technique.outputs.into_iter().map(output_spec).collect(),
    }
}

fn input_spec(input: wire::InputSpec) -> InputSpec {
    InputSpec {
        name: named(input.name, &input.id),
        id: InputId::new(input.id),
        kind: media_kind(input.kind),
        description: text(input.description),
        optional: input.optional,
        allow_multiple: input.allow_multiple,
        accepts_element: input.accepts_element,
        aspect_ratio: line(input.specified_aspect_ratio),
        duration: input.specified_duration.filter(|seconds| *seconds > 0.0),
    }
}

fn output_spec(output: wire::OutputSpec) -> OutputSpec {
    OutputSpec {
        name: named(output.name, &output.id),
        kind: media_kind(output.kind),
        description: text(output.description),
        aspect_ratio: line(output.specified_aspect_ratio),
        duration: output.specified_duration.filter(|seconds| *seconds > 0.0),
    }
}

/// A line of the history.
pub fn listed_run(item: wire::RunListItem) -> RunUpdate {
    let technique = TechniqueId::new(item.technique.technique_id);
    RunUpdate {
        technique_name: line(Some(item.technique.name)).map(Into::into),
        workspace: item.workspace_id.map(WorkspaceId::new),
        project: item.project_id.map(ProjectId::new),
        ..run(technique, item.run)
    }
}

/// The answer to a start or a retrieve, which does not name its technique.
pub fn run(technique: TechniqueId, run: wire::Run) -> RunUpdate {
    RunUpdate {
        run_id: RunId::new(run.run_id),
        technique,
        technique_name: None,
        workspace: None,
        project: None,
        status: run_status(run.status),
        progress: percent(run.progress),
        created_at: timestamp(run.created_at).unwrap_or(Timestamp::UNIX_EPOCH),
        started_at: run.started_at.and_then(timestamp),
        completed_at: run.completed_at.and_then(timestamp),
        charged_cost: dollars(run.charged_cost),
        error_code: line(run.error_code),
        error_message: text(run.error_message),
        outputs: run.outputs.into_iter().map(output).collect(),
        poll_url: filled(run.poll_url),
    }
}

/// The answer to a start by the second route. It names no time, so `now` is when the run was created.
pub fn quick_started(
    technique: TechniqueId,
    started: wire::QuickRunStarted,
    now: Timestamp,
) -> RunUpdate {
    let named = started.technique.as_ref().and_then(|it| it.get("name"));
    RunUpdate {
        run_id: RunId::new(started.run_id),
        technique,
        technique_name: named
            .and_then(|name| name.as_str())
            .map(|name| shown_line(name).into()),
        workspace: None,
        project: started.project_id.map(ProjectId::new),
        status: RunStatus::Pending,
        progress: 0.0,
        created_at: now,
        started_at: None,
        completed_at: None,
        charged_cost: dollars(started.charged_cost),
        error_code: None,
        error_message: None,
        outputs: Vec::new(),
        poll_url: filled(started.poll_url),
    }
}

fn output(output: wire::RunOutput) -> OutputUpdate {
    OutputUpdate {
        output_id: OutputId::new(output.output_id),
        kind: media_kind(output.kind),
        url_or_text: output.url,
    }
}

fn run_status(status: wire::RunStatus) -> RunStatus {
    match status {
        wire::RunStatus::Pending => RunStatus::Pending,
        wire::RunStatus::Running => RunStatus::Running,
        wire::RunStatus::Completed => RunStatus::Completed,
        wire::RunStatus::Failed => RunStatus::Failed,
        wire::RunStatus::Unknown(word) => RunStatus::Other(shown_line(&word).into_owned()),
    }
}

fn media_kind(kind: wire::IoType) -> MediaKind {
    match kind {
        wire::IoType::ImageUrl => MediaKind::Image,
        wire::IoType::VideoUrl => MediaKind::Video,
        wire::IoType::AudioUrl => MediaKind::Audio,
        wire::IoType::Text => MediaKind::Text,
        wire::IoType::DocumentUrl => MediaKind::Document,
        wire::IoType::Unknown(word) => MediaKind::Other(shown_line(&word).into_owned()),
    }
}

fn timestamp(moment: wire::Moment) -> Option<Timestamp> {
    Timestamp::from_millisecond(moment.0).ok()
}

fn dollars(amount: Option<f64>) -> Option<Usd> {
    amount.and_then(Usd::from_dollars)
}

fn percent(progress: f64) -> f64 {
    if progress.is_nan() {
        0.0
    } else {
        progress.clamp(0.0, 100.0)
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A text of one line that is not blank.
fn line(text: Option<String>) -> Option<String> {
    filled(text).map(|text| shown_line(&text).into_owned())
}

/// A text of any length that is not blank.
fn text(text: Option<String>) -> Option<String> {
    filled(text).map(|text| shown_text(&text).into_owned())
}

fn named(name: String, id: &str) -> String {
    line(Some(name)).unwrap_or_else(|| shown_line(id).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{listed_run, quick_started, technique};
    use crate::model::{MediaKind, RunStatus, TechniqueId, Timestamp, Usd, WorkspaceId};
    use crate::wire;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn a_technique_keeps_its_flags_and_strange_kinds() {
        let wire: wire::Technique = serde_json::from_value(json!({
            "technique_id": "tech_1", "name": " ", "run_cost": 0.253, "description": "",
            "inputs": [{
                "id": "a", "name": "A", "type": "meshUrl", "optional": true, "allow_multiple": true,
                "accepts_element": true, "specified_aspect_ratio": "4:5", "specified_duration": 0,
            }],
            "outputs": [{"id": "o", "name": "", "type": "documentUrl", "specified_duration": 5}],
        }))
        .unwrap();
        let model = technique(wire);
        assert_eq!(
            &*model.name, "tech_1",
            "what has no name is called by its id"
        );
        assert_eq!(model.description, None);
        assert_eq!(model.run_cost, Some(Usd::from_micros(253_000)));
        let input = &model.inputs[0];
        assert_eq!(input.kind, MediaKind::Other("meshUrl".to_owned()));
        assert!(input.optional && input.allow_multiple && input.accepts_element);
        assert_eq!(
            (input.aspect_ratio.as_deref(), input.duration),
            (Some("4:5"), None)
        );
        assert_eq!(model.outputs[0].kind, MediaKind::Document);
        assert_eq!(model.outputs[0].name, "o");
    }

    #[test]
    fn a_price_that_is_none_is_unknown() {
        for cost in [json!(null), json!(-1), json!(1e300)] {
            let wire: wire::Technique = serde_json::from_value(json!({
                "technique_id": "t", "name": "T", "run_cost": cost,
            }))
            .unwrap();
            assert_eq!(technique(wire).run_cost, None, "{cost}");
        }
    }

    #[test]
    fn names_and_messages_that_act_are_disarmed_and_texts_made_by_a_run_are_kept_as_they_are() {
        let hostile = "\u{202e}evil\u{1b}[31m\nred";
        let wire: wire::Technique = serde_json::from_value(json!({
            "technique_id": "t", "name": hostile, "description": hostile,
            "inputs": [{"id": "\u{7}", "name": "", "type": hostile, "description": hostile}],
        }))
        .unwrap();
        let model = technique(wire);
        assert_eq!(&*model.name, "⟨U+202E⟩evil red");
        assert_eq!(model.description.as_deref(), Some("⟨U+202E⟩evil\nred"));
        assert_eq!(model.inputs[0].name, "␇");
        assert_eq!(
            model.inputs[0].kind,
            MediaKind::Other("⟨U+202E⟩evil red".to_owned())
        );

        let item: wire::RunListItem = serde_json::from_value(json!({
            "run_id": "run_1", "status": hostile, "created_at": 1, "error_code": hostile,
            "error_message": hostile, "technique": {"technique_id": "t", "name": hostile},
            "outputs": [{"output_id": "o", "type": "text", "url": hostile}],
        }))
        .unwrap();
        let update = listed_run(item);
        assert_eq!(update.technique_name.as_deref(), Some("⟨U+202E⟩evil red"));
        assert_eq!(
            update.status,
            RunStatus::Other("⟨U+202E⟩evil red".to_owned())
        );
        assert_eq!(update.error_code.as_deref(), Some("⟨U+202E⟩evil red"));
        assert_eq!(update.error_message.as_deref(), Some("⟨U+202E⟩evil\nred"));
        assert_eq!(
            update.outputs[0].url_or_text, hostile,
            "somebody's work is saved byte for byte; it is made fit to be shown when it is shown"
        );
    }

    #[test]
    fn a_line_of_the_history_becomes_an_update() {
        let item: wire::RunListItem = serde_json::from_value(json!({
            "run_id": "run_1", "status": "asleep", "progress": 250, "created_at": 1_760_000_000,
            "completed_at": "2025-10-09T08:53:25Z", "charged_cost": 0.873, "error_code": "",
            "technique": {"technique_id": "tech_1", "name": "Palette"}, "workspace_id": "ws_1",
            "outputs": [{"output_id": "", "type": "text", "url": "words"}],
        }))
        .unwrap();
        let update = listed_run(item);
        assert_eq!(update.status, RunStatus::Other("asleep".to_owned()));
        assert_eq!(update.progress, 100.0);
        assert_eq!(update.created_at, at(1_760_000_000_000));
        assert_eq!(update.completed_at, Some(at(1_760_000_005_000)));
        assert_eq!(update.charged_cost, Some(Usd::from_micros(873_000)));
        assert_eq!(update.error_code, None);
        assert_eq!(update.technique_name.as_deref(), Some("Palette"));
        assert_eq!(update.workspace, Some(WorkspaceId::new("ws_1")));
        assert_eq!(update.outputs[0].url_or_text, "words");
    }

    #[test]
    fn a_quick_start_is_a_pending_run_from_now() {
        let started: wire::QuickRunStarted = serde_json::from_value(json!({
            "run_id": "run_1", "type": "technique", "charged_cost": 0.1, "estimated_seconds": null,
            "poll_url": null, "project_id": "prj_1", "technique": {"name": "T", "technique_id": "tech_1"},
        }))
        .unwrap();
        let update = quick_started(TechniqueId::new("tech_1"), started, at(5));
        assert_eq!(
            (update.status, update.created_at),
            (RunStatus::Pending, at(5))
        );
        assert_eq!(update.technique_name.as_deref(), Some("T"));
        assert_eq!(update.poll_url, None);
    }
}
