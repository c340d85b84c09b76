//! FLORA's JSON as serde types, and nothing else: no client, no policy, no other room.
//!
//! The API is in beta and grows, so everything here reads more than it writes: unknown fields are kept in
//! `extra`, unknown statuses and types survive a round trip as `Unknown(String)`, and the older camelCase
//! spellings are accepted as aliases (never written), `null` reads like an absent field. Facts are from FLORA's API reference v1.6.0.

mod asset;
mod envelope;
mod lenient;
mod moment;
mod open;
mod run;
mod spelling;
mod technique;
#[cfg(test)]
mod tests;
mod workspace;

pub use asset::{Asset, AssetList, AssetSource, AssetStatus, FormUpload, SIGNED_URL, SourceAsset};
pub use envelope::{ErrorBody, ErrorDetail, FieldError, Meta};
pub use moment::Moment;
pub use run::{
    InputValue, QuickRun, QuickRunStarted, Run, RunInput, RunList, RunListItem, RunMode, RunOutput,
    RunStatus, StartRun,
};
pub use spelling::settle_spelling;
pub use technique::{InputSpec, IoType, OutputSpec, Technique, TechniqueList, TechniqueRef};
pub use workspace::{Project, ProjectList, Workspace, WorkspaceList};

/// Fields this version does not know, kept as they came.
pub type Extra = serde_json::Map<String, serde_json::Value>;
