//! Runs: starting them and what is known of them afterwards.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient::null_as_default;
use super::open::open_enum;
use super::{Extra, IoType, Meta, Moment, TechniqueRef};

open_enum! {
    /// Where a run stands. Only this counts: a failed run reports `progress: 100` as well.
    RunStatus {
        Pending = "pending",
        Running = "running",
        Completed = "completed",
        Failed = "failed",
    }
}

open_enum! {
    /// How a run is answered. `stream` is documented and not implemented.
    RunMode { Async = "async" }
}

/// A run, as the start and the retrieve answer it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    #[serde(alias = "runId")]
    pub run_id: String,
    pub status: RunStatus,
    /// 0 to 100.
    #[serde(default, deserialize_with = "null_as_default")]
    pub progress: f64,
    #[serde(alias = "createdAt")]
    pub created_at: Moment,
    #[serde(default, alias = "startedAt", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Moment>,
    #[serde(
        default,
        alias = "completedAt",
        skip_serializing_if = "Option::is_none"
    )]
    pub completed_at: Option<Moment>,
    /// USD. In the answer to a start this is a quote; on a finished run it appears a little later.
    #[serde(
        default,
        alias = "chargedCost",
        alias = "runCost",
        skip_serializing_if = "Option::is_none"
    )]
    pub charged_cost: Option<f64>,
    #[serde(default, alias = "errorCode", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    #[serde(
        default,
        alias = "errorMessage",
        skip_serializing_if = "Option::is_none"
    )]
    pub error_message: Option<String>,
    /// Absolute. Followed with the key only on the base URL's origin.
    #[serde(default, alias = "pollUrl", skip_serializing_if = "Option::is_none")]
    pub poll_url: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub outputs: Vec<RunOutput>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// One thing a run made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunOutput {
    #[serde(default, alias = "outputId", deserialize_with = "null_as_default")]
    pub output_id: String,
    #[serde(rename = "type")]
    pub kind: IoType,
    /// A public URL; for `type: "text"` the text itself.
    #[serde(default, deserialize_with = "null_as_default")]
    pub url: String,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A run as `GET /technique-runs` lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunListItem {
    /// The same value as `run_id`.
    #[serde(
        default,
        alias = "techniqueRunId",
        skip_serializing_if = "Option::is_none"
    )]
    pub technique_run_id: Option<String>,
    pub technique: TechniqueRef,
    #[serde(default, alias = "projectId", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    #[serde(
        default,
        alias = "workspaceId",
        skip_serializing_if = "Option::is_none"
    )]
    pub workspace_id: Option<String>,
    #[serde(flatten)]
    pub run: Run,
}

/// A page of `GET /technique-runs`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunList {
    #[serde(alias = "techniqueRuns")]
    pub technique_runs: Vec<RunListItem>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub meta: Meta,
}

/// The body of `POST /techniques/{id}/runs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartRun {
    pub inputs: Vec<RunInput>,
    pub mode: RunMode,
    /// A body field on this route; the header of the same purpose is ignored here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
}

/// One answered input of a start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunInput {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: IoType,
    pub value: InputValue,
}

/// A value of an input: text or a URL; anything else is kept for validation to refuse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum InputValue {
    Text(String),
    Many(Vec<String>),
    Other(Value),
}

/// The body of `POST /runs/technique`, the second way to start. Idempotency is by header there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuickRun {
    pub technique_id: String,
    pub workspace_id: String,
    /// Input id to value.
    #[serde(default)]
    pub inputs: serde_json::Map<String, Value>,
}

/// The answer to `POST /runs/technique`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuickRunStarted {
    #[serde(alias = "runId")]
    pub run_id: String,
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// USD, a quote.
    #[serde(default, alias = "chargedCost")]
    pub charged_cost: Option<f64>,
    #[serde(default, alias = "estimatedSeconds")]
    pub estimated_seconds: Option<f64>,
    #[serde(default, alias = "pollUrl")]
    pub poll_url: Option<String>,
    #[serde(default, alias = "projectId")]
    pub project_id: Option<String>,
    #[serde(default)]
    pub technique: Option<Value>,
    #[serde(flatten)]
    pub extra: Extra,
}
