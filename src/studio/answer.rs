//! Rows of the store as the API tells them. URLs are composed here, from the origins of today.

use serde_json::{Value, json};

use super::context::Cx;
use super::origin;
use super::store::assets::AssetRow;
use super::store::runs::{RunRow, StoredBody, StoredOutput};
use crate::wire::{
    Asset, Extra, FormUpload, Moment, QuickRunStarted, Run, RunListItem, RunOutput, RunStatus,
    TechniqueRef,
};

/// The field of a signed upload that carries its token.
pub(super) const TOKEN_FIELD: &str = "x-studio-token";
/// The field of a signed upload that carries the file.
pub(super) const FILE_FIELD: &str = "file";

/// A run as it stands now.
pub(super) fn run(cx: &Cx, row: &RunRow) -> Run {
    let now = cx.clock.now();
    Run {
        run_id: row.run_id.clone(),
        status: row.status.clone(),
        progress: progress(cx, row),
        created_at: Moment(row.created_at),
        started_at: row.started_at.map(Moment),
        completed_at: row.completed_at.map(Moment),
        charged_cost: row
            .charge
            .filter(|_| row.charge_at.is_some_and(|at| at <= now)),
        error_code: row.error_code.clone(),
        error_message: row.error_message.clone(),
        poll_url: Some(poll_url(cx, row)),
        outputs: row
            .outputs
            .iter()
            .map(|output| run_output(cx, output))
            .collect(),
        extra: Extra::new(),
    }
}

/// A run that was just started: its cost is a quote.
pub(super) fn started(cx: &Cx, row: &RunRow) -> Run {
    Run {
        charged_cost: Some(row.quote),
        ..run(cx, row)
    }
}

/// A run that was just started the second way.
pub(super) fn quick_started(cx: &Cx, row: &RunRow) -> QuickRunStarted {
    QuickRunStarted {
        run_id: row.run_id.clone(),
        kind: Some("technique".to_owned()),
        charged_cost: Some(row.quote),
        estimated_seconds: cx.pace.estimate(),
        poll_url: Some(poll_url(cx, row)),
        project_id: Some(row.project_id.clone()),
        technique: Some(json!({
            "technique_id": row.technique_id,
            "name": row.technique_name,
        })),
        extra: Extra::new(),
    }
}

/// A run as the history lists it.
pub(super) fn list_item(cx: &Cx, row: &RunRow) -> RunListItem {
    RunListItem {
        technique_run_id: Some(row.run_id.clone()),
        technique: TechniqueRef {
            technique_id: row.technique_id.clone(),
            name: row.technique_name.clone(),
            extra: Extra::new(),
        },
        project_id: Some(row.project_id.clone()),
        workspace_id: Some(super::ids::WORKSPACE.to_owned()),
        run: run(cx, row),
    }
}

/// A run that is over is at 100, whether it failed or not.
fn progress(cx: &Cx, row: &RunRow) -> f64 {
    match row.status {
        RunStatus::Completed | RunStatus::Failed => 100.0,
        RunStatus::Running => cx.engine.progress(&row.run_id).unwrap_or(0.0),
        _ => 0.0,
    }
}

fn poll_url(cx: &Cx, row: &RunRow) -> String {
    format!(
        "{}/techniques/{}/runs/{}",
        cx.base_url, row.technique_id, row.run_id
    )
}

fn run_output(cx: &Cx, output: &StoredOutput) -> RunOutput {
    RunOutput {
        output_id: output.output_id.clone(),
        kind: output.kind.clone(),
        url: match &output.body {
            StoredBody::Text(text) => text.clone(),
            StoredBody::File { file_id, name } => origin::file_url(&cx.file_origin, file_id, name),
        },
        extra: Extra::new(),
    }
}

/// An asset's metadata. `created_at` is what the route says: FLORA lists a number and retrieves a text.
pub(super) fn asset(cx: &Cx, row: &AssetRow, created_at: Value) -> Asset {
    let mut asset = bare_asset(cx, row);
    asset.content_type = row.content_type.clone().or(row.upload_content_type.clone());
    let facts = [
        ("name", json!(row.name)),
        ("folder", json!(row.folder)),
        ("description", Value::Null),
        ("project_id", json!(row.project_id)),
        ("width", json!(row.width)),
        ("height", json!(row.height)),
        ("size_bytes", json!(row.size)),
        ("upload_content_type", json!(row.upload_content_type)),
        ("failure_message", json!(row.failure_message)),
        ("created_at", created_at),
    ];
    asset.failure_message = None;
    asset
        .extra
        .extend(facts.map(|(name, value)| (name.to_owned(), value)));
    asset
}

/// An asset as the answers to a POST tell it, with where its bytes go while they are awaited.
pub(super) fn reservation(cx: &Cx, row: &AssetRow) -> Asset {
    let mut asset = bare_asset(cx, row);
    let Some(token) = row.token.as_ref().filter(|_| row.file_id.is_none()) else {
        return asset;
    };
    let url = format!("{}/uploads/{}", cx.file_origin, row.asset_id);
    asset.upload_url = Some(format!("{url}?token={token}"));
    asset.upload = Some(FormUpload {
        url,
        method: "POST".to_owned(),
        file_field: FILE_FIELD.to_owned(),
        form_fields: [(TOKEN_FIELD.to_owned(), json!(token))]
            .into_iter()
            .collect(),
        extra: [("content_type".to_owned(), json!("multipart/form-data"))]
            .into_iter()
            .collect(),
    });
    asset
        .extra
        .insert("expires_at".to_owned(), row.expires_at.map(iso).into());
    asset
}

fn bare_asset(cx: &Cx, row: &AssetRow) -> Asset {
    let extra = [
        ("uploaded_via", json!(row.uploaded_via)),
        ("visibility", json!("workspace")),
        ("workspace_id", json!(super::ids::WORKSPACE)),
    ];
    Asset {
        asset_id: row.asset_id.clone(),
        status: row.status(cx.clock.now()),
        url: asset_url(cx, row),
        upload: None,
        upload_url: None,
        expires_at: None,
        failure_message: row.failure_message.clone(),
        file_name: None,
        content_type: None,
        created_at: None,
        extra: extra
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

/// Only what is ready has a URL.
fn asset_url(cx: &Cx, row: &AssetRow) -> Option<String> {
    let ready = row.status(cx.clock.now()) == crate::wire::AssetStatus::Ready;
    let file_id = row.file_id.as_ref().filter(|_| ready)?;
    Some(origin::file_url(&cx.file_origin, file_id, &row.name))
}

/// Unix milliseconds as ISO 8601.
pub(super) fn iso(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map(|time| time.to_string())
        .unwrap_or_default()
}
