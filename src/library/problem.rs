//! The one place where the library's errors become words for a person.

use std::path::Path;

use super::LibraryError;
use super::rebuild::Rebuilt;
use crate::model::{Problem, ProblemAction};

impl From<&LibraryError> for Problem {
    fn from(error: &LibraryError) -> Self {
        let (summary, hint, action) = words(error);
        Self::new(summary)
            .with_details(details(error))
            .with_hint(hint)
            .with_action(action)
    }
}

impl From<LibraryError> for Problem {
    fn from(error: LibraryError) -> Self {
        Self::from(&error)
    }
}

fn words(error: &LibraryError) -> (&'static str, &'static str, ProblemAction) {
    match error {
        LibraryError::DiskFull { .. } => (
            "The disk is full",
            "Make room, or choose a library folder on another disk",
            ProblemAction::ChooseFolder,
        ),
        LibraryError::ReadOnly { .. } => (
            "Florist may not write there",
            "Choose another folder, or allow writing to this one",
            ProblemAction::ChooseFolder,
        ),
        LibraryError::NotFound { .. } => (
            "A file or folder is not there any more",
            "It may have been moved, or its disk is not connected",
            ProblemAction::None,
        ),
        LibraryError::Gone { .. } => (
            "The library's folder is not there",
            "Connect its disk and start Florist again, or choose another folder",
            ProblemAction::ChooseFolder,
        ),
        LibraryError::Locked { .. } => (
            "Another Florist has this library open",
            "Use the other window, or close it first",
            ProblemAction::ChooseFolder,
        ),
        LibraryError::Damaged { .. } => (
            "The library's database is damaged",
            "Start Florist again: it is set aside, and a new one is built",
            ProblemAction::None,
        ),
        LibraryError::Newer { .. } => (
            "This library was made by a newer Florist",
            "Update Florist, or choose another library folder",
            ProblemAction::ChooseFolder,
        ),
        LibraryError::Exists { .. } => (
            "A file with this name exists already",
            "Choose another name",
            ProblemAction::None,
        ),
        LibraryError::Incomplete { .. } => (
            "The file did not arrive whole",
            "Fetching it again is free",
            ProblemAction::Retry,
        ),
        LibraryError::Claimed(_) => (
            "This run belongs to another launch",
            "",
            ProblemAction::CheckNow,
        ),
        LibraryError::NoSuchRow => (
            "This is not in the library any more",
            "",
            ProblemAction::None,
        ),
        LibraryError::Io { .. } => (
            "A file could not be read or written",
            "",
            ProblemAction::None,
        ),
        LibraryError::Json(_) | LibraryError::Database(_) => {
            ("The library could not do that", "", ProblemAction::None)
        }
    }
}

/// The error with its causes.
fn details(error: &LibraryError) -> String {
    let mut details = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let words = error.to_string();
        if !details.contains(&words) {
            details.push_str(": ");
            details.push_str(&words);
        }
        cause = error.source();
    }
    details
}

/// Said once, after a damaged database was set aside and a new one was built.
pub(super) fn rebuilt(rebuilt: Rebuilt, kept: &Path) -> Problem {
    let runs = rebuilt.runs + rebuilt.salvaged;
    let count = match runs {
        0 => "it begins empty".to_owned(),
        1 => "1 run is back".to_owned(),
        _ => format!("{runs} runs are back"),
    };
    let unread = match rebuilt.unread {
        0 => String::new(),
        1 => "; 1 folder could not be read and stays as it is".to_owned(),
        count => format!("; {count} folders could not be read and stay as they are"),
    };
    Problem::new(format!(
        "The library's database was damaged and was built anew: {count}"
    ))
    .with_details(kept.display().to_string())
    .with_hint(format!(
        "The old one is kept, nothing was deleted{unread}. What FLORA's history knows besides comes in by itself"
    ))
}

/// Said once, where the file system knows no locks.
pub(super) fn no_locks(dir: &Path) -> Problem {
    Problem::new("This disk cannot keep two Florists apart")
        .with_details(dir.display().to_string())
        .with_hint("Open this library in one window only")
}

/// On a launch that cannot be read back, so it is never sent by itself.
pub(super) fn unreadable_launch(reason: &serde_json::Error) -> Problem {
    Problem::new("This launch was recorded by another version")
        .with_details(reason.to_string())
        .with_hint("Fill the form anew to run it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_leads_to_the_folder() {
        let problem = Problem::from(LibraryError::DiskFull {
            path: "/library/a.png".into(),
        });
        assert_eq!(problem.action, ProblemAction::ChooseFolder);
        assert!(problem.details.contains("/library/a.png"), "{problem:?}");
    }
}
