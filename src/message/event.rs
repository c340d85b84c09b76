//! What happened on the worker's side. Each event carries the id that it is about, so that a late one can be dropped.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Activity, Connection, FileCheck, HistoryAnswer, InputFileId, InputId, LaunchDraft, LaunchId,
    Notice, OutputKey, Pixels, PreviewKey, Problem, Profile, RowKey, Run, RunDetail, RunText,
    SavedFile, Technique, TechniqueId, TechniqueUses, TextContent, ViewCounts,
};

/// News from the worker; applied to the state by [`crate::state::AppState::apply`].
#[derive(Clone, Debug)]
pub enum Event {
    /// The worker talks to this service now. What the state knows of another one is void.
    ProfileChanged(Profile),
    ConnectionChanged(Connection),
    /// The answer to [`super::Command::CheckKey`].
    KeyChecked(Result<KeyReport, Problem>),
    CatalogLoaded(Arc<[Arc<Technique>]>),
    CatalogFailed(Problem),
    /// How the techniques have been used here.
    UsesChanged(Arc<TechniqueUses>),
    /// The forms as they were left; sent once for a profile.
    DraftsLoaded(Vec<LaunchDraft>),
    FileChecked {
        id: InputFileId,
        check: FileCheck,
    },
    /// FLORA refused a start before it was a run: the messages belong at the form's fields.
    LaunchRefused {
        launch: LaunchId,
        technique: TechniqueId,
        problem: Problem,
    },
    HistoryAnswered {
        generation: u64,
        answer: HistoryAnswer,
    },
    HistoryFailed {
        generation: u64,
        problem: Problem,
    },
    ResultsAnswered {
        technique: TechniqueId,
        keys: Arc<[RowKey]>,
    },
    /// Rows that were asked for, or that changed. In any order.
    RowsLoaded(Vec<Run>),
    /// Rows that are no more (discarded, or merged into another).
    RowsGone(Vec<RowKey>),
    DetailLoaded {
        row: RowKey,
        detail: Result<Arc<RunDetail>, Problem>,
    },
    /// Newest first, by input.
    RecentTexts {
        technique: TechniqueId,
        texts: BTreeMap<InputId, Vec<String>>,
    },
    PreviewMade {
        key: PreviewKey,
        preview: Result<Pixels, Problem>,
    },
    TextLoaded {
        output: OutputKey,
        text: Result<TextContent, Problem>,
    },
    /// A picture for the clipboard.
    PictureRead {
        output: OutputKey,
        picture: Result<Pixels, Problem>,
    },
    /// Runs for the clipboard, in the order asked for.
    RunsRead {
        runs: Result<Vec<Run>, Problem>,
        what: RunText,
    },
    /// All that could be saved of one request, and what went wrong with the rest.
    Saved {
        files: Vec<SavedFile>,
        problem: Option<Problem>,
    },
    ActivityChanged(Activity),
    CountsChanged(ViewCounts),
    Noticed(Notice),
}

/// What a key opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyReport {
    pub workspace_name: String,
    pub role: Option<String>,
    pub techniques: usize,
    /// Whether a keychain is there to keep the key in.
    pub keychain: bool,
}
