//! What FLORA said about one run: a line of the history, or the answer to a start or a retrieve.

use std::sync::Arc;

use super::{
    MediaKind, OutputId, ProjectId, RunId, RunStatus, TechniqueId, Timestamp, Usd, WorkspaceId,
};

/// FLORA's word on one run at one moment. It may be older than what is known already.
#[derive(Clone, Debug, PartialEq)]
pub struct RunUpdate {
    pub run_id: RunId,
    pub technique: TechniqueId,
    /// Absent in the answer to a retrieve.
    pub technique_name: Option<Arc<str>>,
    /// Absent in the answers to a start and a retrieve.
    pub workspace: Option<WorkspaceId>,
    /// Absent in the answer to a retrieve.
    pub project: Option<ProjectId>,
    pub status: RunStatus,
    /// 0 to 100, as FLORA counts. A failed run reports 100 too: only `status` decides.
    pub progress: f64,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// A quote until the run is over, then the charge, which appears a little later than the status.
    pub charged_cost: Option<Usd>,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub outputs: Vec<OutputUpdate>,
    /// Absolute; to be followed with the key only on the base URL's origin.
    pub poll_url: Option<String>,
}

/// One output of a run, as FLORA lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputUpdate {
    /// May be empty in odd answers; the position then tells outputs apart.
    pub output_id: OutputId,
    pub kind: MediaKind,
    /// A public URL, or the text itself for [`MediaKind::Text`].
    pub url_or_text: String,
}
