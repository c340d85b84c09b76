//! A file a person handed to an input, once it was read and checked.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{MediaFacts, MediaKind, Problem};

/// One act of handing in a file: names the check until it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputFileId(Uuid);

impl InputFileId {
    /// A fresh, random id.
    pub fn fresh() -> Self {
        Self(Uuid::new_v4())
    }
}

/// A checked file. Its bytes are kept by the library under their hash, so the original may move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputFile {
    /// The name it had, for people and for the upload.
    pub name: String,
    pub kind: MediaKind,
    /// SHA-256 of the content, in lower-case hex.
    pub hash: Arc<str>,
    pub bytes: u64,
    pub facts: MediaFacts,
}

/// How the check of a handed-in file stands.
#[derive(Clone, Debug, PartialEq)]
pub enum FileCheck {
    Ready(InputFile),
    /// It cannot be used, and why.
    Refused(Problem),
}
