//! `run.json` beside a run's files: what it was made of, readable without Florist.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::files::replace;
use super::{Library, Result};
use crate::model::{Cost, OrderInput, OrderValue, Output, RowKey, Run, RunDetail, Usd};

/// The file's name.
pub(super) const SIDECAR: &str = "run.json";

impl Library {
    /// Writes a run's `run.json` anew, if the run has a folder. To be called when a run is filed and when its cost
    /// is there.
    ///
    /// # Errors
    /// What the disk says; then the old one is still whole.
    pub fn write_sidecar(&self, run: RowKey) -> Result<Option<PathBuf>> {
        let detail = self.run_detail(run)?;
        let Some(folder) = &detail.folder else {
            return Ok(None);
        };
        let path = folder.join(SIDECAR);
        let mut text = serde_json::to_string_pretty(&describe(&detail))?;
        text.push('\n');
        replace(&path, text.as_bytes())?;
        Ok(Some(path))
    }
}

/// The run id in a sidecar, if it is one.
pub(super) fn run_id_in(path: &Path) -> Option<String> {
    let value: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    value.get("run_id")?.as_str().map(str::to_owned)
}

fn describe(detail: &RunDetail) -> Value {
    let run = &detail.run;
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            all.insert(name.to_owned(), value);
        }
    };
    put("run_id", json!(run.run_id.as_ref().map(|id| id.as_str())));
    put("launch_id", json!(run.launch));
    put("request_id", json!(detail.request_id));
    put(
        "technique",
        json!({ "id": run.technique, "name": &*run.technique_name }),
    );
    put("workspace_id", json!(run.workspace));
    put("project_id", json!(run.project));
    put("status", json!(run.stage));
    put("created_at", json!(run.created_at.to_string()));
    put(
        "started_at",
        json!(run.started_at.map(|time| time.to_string())),
    );
    put(
        "completed_at",
        json!(run.completed_at.map(|time| time.to_string())),
    );
    put("cost", cost(run));
    put("failure", json!(run.failure));
    put("inputs", detail.inputs.iter().map(input).collect());
    put("outputs", run.outputs.iter().map(output).collect());
    Value::Object(all)
}

fn cost(run: &Run) -> Value {
    let dollars = |amount: Usd| amount.micros() as f64 / 1e6;
    let charged = match run.cost {
        Cost::Charged(amount) => Some(dollars(amount)),
        _ => None,
    };
    json!({ "listed_usd": run.listed_cost.map(dollars), "charged_usd": charged })
}

fn input(input: &OrderInput) -> Value {
    let value = match &input.value {
        OrderValue::Text(text) => text,
        OrderValue::File(file) => &file.name,
        OrderValue::Url(url) => url,
        OrderValue::Element(id) => id.as_str(),
    };
    json!({ "id": input.id, "name": input.name, "kind": input.kind.as_str(), "value": value })
}

fn output(output: &Output) -> Value {
    let name = output.file.as_ref().and_then(|file| file.file_name());
    json!({
        "output_id": output.output_id,
        "kind": output.kind.as_str(),
        "file": name.map(|name| name.to_string_lossy()),
        "bytes": output.bytes,
    })
}
