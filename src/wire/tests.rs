//! What may come over the wire: more than we know, less than documented, and spelt the old way.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;

fn read<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads and writes `json`, which must lose nothing.
#[track_caller]
fn survives<T: DeserializeOwned + Serialize>(json: Value) {
    let read: T = read(json.clone());
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
}

#[test]
fn a_technique_with_unknown_fields_and_types_survives() {
    survives::<Technique>(json!({
        "technique_id": "tech_1", "name": "Palette", "slug": "palette", "description": "d", "run_cost": 0.05,
        "inputs": [{
            "id": "in", "name": "Input", "type": "modelUrl", "description": "d", "optional": true,
            "allow_multiple": true, "accepts_element": true, "specified_aspect_ratio": "1:1",
            "specified_duration": 4.5, "max_items": 3,
        }],
        "outputs": [{
            "id": "out", "name": "Output", "type": "hologramUrl", "description": "d",
            "specified_aspect_ratio": "16:9", "specified_duration": 5.0, "depth": {"bits": 10},
        }],
        "tags": ["new"], "owner": null,
    }));
}

#[test]
fn a_run_with_an_unknown_status_and_unknown_outputs_survives() {
    survives::<Run>(json!({
        "run_id": "run_1", "status": "paused_for_review", "progress": 40.0, "created_at": 1_760_000_000_000_i64,
        "started_at": 1_760_000_001_000_i64, "completed_at": 1_760_000_002_000_i64, "charged_cost": 0.873,
        "error_code": "X", "error_message": "m", "poll_url": "https://app.flora.ai/api/v1/x",
        "outputs": [{"output_id": "o", "type": "splatUrl", "url": "https://x.test/o", "width": 10}],
        "queue": {"position": 3},
    }));
}

#[test]
fn a_listed_run_keeps_what_it_does_not_know_at_every_level() {
    survives::<RunListItem>(json!({
        "technique_run_id": "run_1", "technique": {"technique_id": "tech_1", "name": "T", "version": 4},
        "project_id": "prj_1", "workspace_id": "ws_1",
        "run_id": "run_1", "status": "running", "progress": 1.0, "created_at": 1_760_000_000_000_i64,
        "outputs": [], "priority": "high",
    }));
}

#[test]
fn an_asset_reservation_survives_with_the_fields_of_the_official_client() {
    survives::<Asset>(json!({
        "asset_id": "asset_1", "status": "quarantined", "url": null,
        "upload": {
            "url": "https://storage.googleapis.com/b", "method": "POST", "file_field": "file",
            "form_fields": {"key": "a", "x-goog-date": "20260101"}, "content_type": "multipart/form-data",
        },
        "upload_url": "https://storage.googleapis.com/put", "expires_at": 1_760_000_000_000_i64,
        "uploaded_via": "signed_url", "visibility": "workspace", "workspace_id": "ws_1", "width": null,
    }));
}

#[test]
fn workspaces_and_projects_survive() {
    survives::<WorkspaceList>(json!({"workspaces": [
        {"workspace_id": "ws_1", "name": "North", "role": "editor", "created_at": null, "plan": "pro"},
    ]}));
    survives::<ProjectList>(json!({
        "projects": [{
            "project_id": "prj_1", "workspace_id": "ws_1", "name": "P", "origin": null,
            "created_at": 1_760_000_000_000_i64, "last_modified": null, "colour": "red",
        }],
        "meta": {"next_cursor": null, "total_estimate": 1},
    }));
}

#[test]
fn the_older_camel_case_reads_the_same_and_is_never_written() {
    let old: RunListItem = read(json!({
        "techniqueRunId": "run_1", "technique": {"techniqueId": "tech_1", "name": "T"}, "projectId": "prj_1",
        "workspaceId": "ws_1", "runId": "run_1", "status": "failed", "progress": 100, "createdAt": 1_760_000_000,
        "startedAt": 1_760_000_001, "completedAt": 1_760_000_002, "chargedCost": 0.5, "errorCode": "LLM_REFUSAL",
        "errorMessage": "no", "pollUrl": "https://x.test/p",
        "outputs": [{"outputId": "o", "type": "text", "url": "words"}],
    }));
    assert_eq!(old.run.extra, Extra::new(), "every field was understood");
    let new = serde_json::to_value(&old).unwrap();
    assert_eq!(new["technique"]["technique_id"], "tech_1");
    assert_eq!(new["completed_at"], 1_760_000_002_000_i64);
    assert_eq!(new["charged_cost"], 0.5);
    assert_eq!(new["outputs"][0]["output_id"], "o");
    let text = new.to_string();
    for word in ["runId", "createdAt", "chargedCost", "pollUrl", "outputId"] {
        assert!(!text.contains(word), "{word} was written: {text}");
    }
}

#[test]
fn older_spellings_of_the_other_resources_are_read() {
    let technique: Technique = read(json!({
        "techniqueId": "tech_1", "name": "T", "runCost": 0.1,
        "inputs": [{
            "id": "a", "name": "A", "type": "text", "allowMultiple": true, "acceptsElement": true,
            "specifiedAspectRatio": "1:1", "specifiedDuration": 2,
        }],
    }));
    assert_eq!(technique.run_cost, Some(0.1));
    assert!(technique.inputs[0].allow_multiple && technique.inputs[0].accepts_element);
    assert_eq!(technique.inputs[0].specified_duration, Some(2.0));

    let started: QuickRunStarted = read(json!({
        "runId": "run_1", "chargedCost": 0.2, "estimatedSeconds": 9, "pollUrl": "u", "projectId": "prj_1",
    }));
    assert_eq!(started.estimated_seconds, Some(9.0));
    assert_eq!(started.project_id.as_deref(), Some("prj_1"));

    let asset: Asset = read(json!({
        "assetId": "asset_1", "status": "ready", "url": "https://x.test/a", "uploadUrl": "https://x.test/u",
        "expiresAt": "2025-10-09T08:53:20Z", "fileName": "a.png", "contentType": "image/png",
    }));
    assert_eq!(asset.expires_at, Some(Moment(1_760_000_000_000)));
    assert_eq!(asset.file_name.as_deref(), Some("a.png"));

    let list: RunList =
        read(json!({"techniqueRuns": [], "meta": {"nextCursor": "c", "totalEstimate": 7}}));
    assert_eq!(list.meta.next_cursor.as_deref(), Some("c"));
    assert_eq!(list.meta.total_estimate, Some(7));
}

#[test]
fn what_is_optional_may_be_absent_or_null() {
    let bare: Run = read(json!({"run_id": "run_1", "status": "pending", "created_at": 1}));
    assert_eq!(bare.progress, 0.0);
    assert!(bare.outputs.is_empty() && bare.charged_cost.is_none() && bare.poll_url.is_none());

    let nulls: Run = read(json!({
        "run_id": "run_1", "status": "pending", "created_at": 1, "progress": null, "outputs": null,
        "charged_cost": null, "started_at": null, "error_code": null, "poll_url": null,
    }));
    assert_eq!(nulls, bare);

    let technique: Technique = read(json!({
        "technique_id": "tech_1", "name": "T", "run_cost": null, "description": null, "outputs": null,
        "inputs": [{"id": "a", "name": "A", "type": "text", "optional": null, "allow_multiple": null}],
    }));
    assert!(!technique.inputs[0].optional && technique.run_cost.is_none());

    let list: TechniqueList = read(json!({"techniques": [], "meta": null}));
    assert_eq!(list.meta, Meta::default());

    let body: ErrorBody = read(json!({"error": {"code": "x", "message": null, "fields": null}}));
    assert_eq!(body.error.code, "x");
}

#[test]
fn a_text_output_carries_its_text_where_others_carry_an_address() {
    let text = "Two lines\nand \"quotes\", not a URL";
    let output: RunOutput = read(json!({"output_id": "o", "type": "text", "url": text}));
    assert_eq!(output.kind, IoType::Text);
    assert_eq!(output.url, text);
    survives::<RunOutput>(json!({"output_id": "o", "type": "text", "url": text}));
}

#[test]
fn a_start_is_written_as_documented() {
    let start = StartRun {
        inputs: vec![RunInput {
            id: "prompt".into(),
            kind: IoType::Text,
            value: InputValue::Text("a hat".into()),
        }],
        mode: RunMode::Async,
        idempotency_key: Some("k".into()),
        callback_url: None,
    };
    assert_eq!(
        serde_json::to_value(&start).unwrap(),
        json!({
            "inputs": [{"id": "prompt", "type": "text", "value": "a hat"}],
            "mode": "async", "idempotency_key": "k",
        })
    );
}

#[test]
fn a_form_upload_without_particulars_is_a_post_of_a_file() {
    let upload: FormUpload = read(json!({"url": "https://x.test"}));
    assert_eq!(
        (upload.method.as_str(), upload.file_field.as_str()),
        ("POST", "file")
    );
    assert!(upload.form_fields.is_empty());
}
