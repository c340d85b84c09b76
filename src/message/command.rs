//! Errands for the worker. The enum is an index; the work is in the file named at each variant.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;

use crate::model::{
    HistoryQuery, InputFileId, LaunchDraft, LaunchOrder, MediaKind, MediaSource, OutputKey,
    PreviewKey, RowKey, RunText, SaveRequest, TechniqueId,
};
use crate::settings::Settings;

/// What the worker is asked to do. It carries each errand to its end and reports as it goes.
#[derive(Clone, Debug)]
pub enum Command {
    /// Carried out by `worker::connect`.
    Connect(ConnectTo),
    /// Try a key without switching. Carried out by `worker::connect`.
    CheckKey {
        base_url: Option<String>,
        key: SecretString,
    },
    /// Remove the key of the FLORA profile from the keychain. Carried out by `worker::connect`.
    ForgetKey,
    /// Read the techniques anew. Carried out by `worker::catalog`.
    RefreshCatalog,
    /// Ask FLORA now instead of at the next tick: a refresh, or the window was focused.
    /// Carried out by `worker::follow`.
    PollNow,
    /// Read, check, hash and keep a handed-in file. Carried out by `worker::input_file`.
    CheckFile {
        id: InputFileId,
        kind: MediaKind,
        source: MediaSource,
    },
    /// Keep a form as it stands. Carried out by `worker::drafts`.
    SaveDraft(Arc<LaunchDraft>),
    /// Record, upload, submit. Carried out by `worker::launch`.
    Launch(Vec<LaunchOrder>),
    /// Forget launches that were never sent. Carried out by `worker::launch`.
    Discard(Vec<RowKey>),
    /// Look an unsettled launch up at FLORA. Carried out by `worker::launch`.
    CheckNow(RowKey),
    /// Send an unsettled launch again, with a new key if the old one has expired: the person decided.
    /// Carried out by `worker::launch`.
    SendAgain(RowKey),
    /// Start a new run with the same inputs: the person decided. Carried out by `worker::launch`.
    Repeat(RowKey),
    /// Fetch outputs that are not here. Carried out by `worker::download`.
    Fetch(Vec<OutputKey>),
    /// Answer this question, and again whenever the answer changes. Carried out by `worker::questions`.
    AskHistory {
        generation: u64,
        query: Arc<HistoryQuery>,
    },
    /// Which runs has this technique, newest first, and again whenever that changes.
    /// Carried out by `worker::questions`.
    AskResults(TechniqueId),
    /// Read these rows. Carried out by `worker::questions`.
    LoadRows(Vec<RowKey>),
    /// Read everything about one run. Carried out by `worker::questions`.
    LoadDetail(RowKey),
    /// Read what was typed into this technique's text inputs before. Carried out by `worker::questions`.
    LoadRecentTexts(TechniqueId),
    /// Pictures to make ready, most wanted first; replaces what was wanted before.
    /// Carried out by `worker::preview`.
    WantPreviews(Vec<PreviewKey>),
    /// Read a text output whole. Carried out by `worker::preview`.
    LoadText(OutputKey),
    /// Read a picture for the clipboard. Carried out by `worker::preview`.
    ReadPicture(OutputKey),
    /// Read runs for the clipboard, however many. Carried out by `worker::questions`.
    ReadRuns { rows: Vec<RowKey>, what: RunText },
    /// Copy outputs to places of the person's choice. Carried out by `worker::export`.
    Save(SaveRequest),
    /// Show a file in the file manager. Carried out by `worker::desktop`.
    Reveal(PathBuf),
    /// Open an output in the default app. Carried out by `worker::desktop`.
    OpenOutput(OutputKey),
    /// Open a web page. Carried out by `worker::desktop`.
    OpenUrl(String),
    /// Carried out by `worker::import`.
    PauseImport,
    /// Carried out by `worker::import`.
    ResumeImport,
    /// Carried out by `worker::settings`.
    SaveSettings(Arc<Settings>),
}

/// Whom to talk to from now on.
#[derive(Clone, Debug)]
pub enum ConnectTo {
    /// The local studio, started if it is not running.
    Studio,
    /// FLORA. Without a key, the one in the keychain (or the environment) is used.
    Flora {
        base_url: Option<String>,
        key: Option<SecretString>,
    },
}
