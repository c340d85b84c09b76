//! Passing messages: what happened that belongs to no screen of its own.

use std::path::PathBuf;

/// How much a notice asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeLevel {
    Info,
    Warning,
    Error,
}

/// A button on a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeAction {
    Reveal(PathBuf),
    CopyPath(PathBuf),
    EnterKey,
    /// The library's folder or disk needs attention.
    ChooseFolder,
}

/// A sentence at the window's edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub level: NoticeLevel,
    pub text: String,
    /// For "Copy details"; may be empty.
    pub details: String,
    pub actions: Vec<NoticeAction>,
}
