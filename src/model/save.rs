//! Saving copies of outputs to places of the person's choice.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{OutputKey, RowKey};

/// Copies outputs out of the library, original bytes, named by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveRequest {
    /// One output to exactly this path.
    File {
        output: OutputKey,
        path: PathBuf,
        conflict: ConflictRule,
    },
    /// Several outputs into a folder, with readable names.
    Folder {
        what: SaveWhat,
        folder: PathBuf,
        text: TextFormat,
        conflict: ConflictRule,
    },
}

/// What goes into a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveWhat {
    Outputs(Vec<OutputKey>),
    /// Every output of these runs; the runs need not have been in view.
    Runs(Vec<RowKey>),
}

/// What happens when a name is taken. Nothing is ever replaced silently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// `name (2).png`
    #[default]
    AddNumber,
    Skip,
    /// Only after the system's dialog has asked.
    Replace,
}

/// The extension of saved texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    #[default]
    Txt,
    Markdown,
}

impl TextFormat {
    /// Without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Markdown => "md",
        }
    }
}

/// One saved copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFile {
    pub output: OutputKey,
    pub path: PathBuf,
}

/// What of runs goes to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunText {
    /// What a person would paste into a message.
    Facts,
    /// FLORA's ids, one a line.
    Ids,
}
