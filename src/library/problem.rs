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
            "Start Florist again: it is set aside, and the library is rebuilt from its folders",
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

/// Said once, after a damaged database was set aside.
pub(super) fn set_aside(kept: &Path) -> Problem {
    Problem::new("The library's database was damaged, so a new one is being made")
        .with_details(kept.display().to_string())
        .with_hint("The old one is kept beside it; files and FLORA's own history are not affected")
}

/// Said once the library is back.
pub(super) fn rebuilt(rebuilt: &Rebuilt) -> Problem {
    let runs = rebuilt.salvaged.runs + rebuilt.from_folders;
    let count = if runs == 1 {
        "1 run is".to_owned()
    } else {
        format!("{runs} runs are")
    };
    let hint = if rebuilt.in_doubt > 0 {
        "Look at the launches that need you: it is not certain whether they started"
    } else {
        "What else FLORA has comes with its history"
    };
    Problem::new(format!("The library was rebuilt: {count} back"))
        .with_hint(hint)
        .with_details(format!(
            "{} runs from the old database, {} from their folders; {} launches in doubt; {} folders not readable",
            rebuilt.salvaged.runs, rebuilt.from_folders, rebuilt.in_doubt, rebuilt.unreadable
        ))
}

impl LibraryError {
    /// What to say when it kept a library from being rebuilt.
    pub fn not_rebuilt(&self) -> Problem {
        let reason = Problem::from(self);
        Problem::new("The library could not be rebuilt yet")
            .with_details(format!("{}: {}", reason.summary, reason.details))
            .with_hint("Florist tries again at the next start; nothing of the archive was touched")
            .with_action(reason.action)
    }
}

/// On a launch that was open in a database that was damaged.
pub(super) fn launch_in_doubt_after_damage() -> Problem {
    Problem::new("The library was damaged while this was open")
        .with_hint("It is not certain whether it started: look first")
        .with_action(ProblemAction::CheckNow)
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
