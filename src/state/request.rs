//! What only the app can do for the state: dialogs of the system and the clipboard.

use std::path::PathBuf;

use crate::model::{InputId, MediaKind, OutputKey, Pixels, Run, RunText, SaveWhat, TechniqueId};

/// Carried out by `app` after the frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Pick(PickRequest),
    CopyText(String),
    CopyPicture(Pixels),
    CopyRuns { runs: Vec<Run>, what: RunText },
}

/// A dialog of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickRequest {
    pub purpose: PickPurpose,
    pub title: String,
    /// Where to begin.
    pub folder: Option<PathBuf>,
}

/// What the picked path is for; decides between opening, saving and choosing a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickPurpose {
    /// Files for an input of this kind; several where the schema takes several.
    Input {
        technique: TechniqueId,
        input: InputId,
        kind: MediaKind,
        several: bool,
    },
    /// A place for one output.
    SaveOutput { output: OutputKey, name: String },
    /// A folder for several outputs.
    SaveFolder { what: SaveWhat },
    /// A folder for the library.
    LibraryFolder,
}

/// How a dialog ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub request: PickRequest,
    pub outcome: PickOutcome,
}

/// What came of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickOutcome {
    /// Chosen in the system's dialog, which has asked about replacing.
    Paths(Vec<PathBuf>),
    /// Typed into our own field, for want of a dialog.
    Typed(PathBuf),
    Cancelled,
    /// This system has no dialog to show: a path can be typed instead.
    NoDialog,
}
