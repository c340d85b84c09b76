//! What can go wrong with what is kept.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The library's only error. It becomes a [`crate::model::Problem`] in `library::problem`.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("the disk of {} is full", path.display())]
    DiskFull { path: PathBuf },
    #[error("{} cannot be written", path.display())]
    ReadOnly { path: PathBuf },
    #[error("{} is not there", path.display())]
    NotFound { path: PathBuf },
    /// The library's folder, and what it was in: a drive that is not connected.
    #[error("the library {} is not there", path.display())]
    Gone { path: PathBuf },
    /// Another Florist has this library open.
    #[error("{} is in use", path.display())]
    Locked { path: PathBuf },
    #[error("{} is damaged", path.display())]
    Damaged { path: PathBuf },
    /// A later Florist made it.
    #[error("the library has format {found}, this version knows formats up to {known}")]
    Newer { found: i64, known: i64 },
    /// A different file has that name already, and is left alone.
    #[error("{} exists already", path.display())]
    Exists { path: PathBuf },
    /// Fewer or more bytes came than were announced.
    #[error("{} has {found} bytes in place of {expected}", path.display())]
    Incomplete {
        path: PathBuf,
        expected: u64,
        found: u64,
    },
    /// Two launches for one run, or two runs for one launch.
    #[error("{0}")]
    Claimed(String),
    #[error("a row that was asked for is gone")]
    NoSuchRow,
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Database(rusqlite::Error),
}

/// The library's result.
pub type Result<T> = std::result::Result<T, LibraryError>;

impl LibraryError {
    /// Sorts an I/O error at a path by what a person can do about it.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            // A file where a folder should be: nothing can be written there either.
            io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::NotADirectory => Self::ReadOnly { path },
            io::ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Io { path, source },
        }
    }
}

/// For `map_err`: [`LibraryError::io`] with its path.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> LibraryError {
    move |source| LibraryError::io(path, source)
}

impl From<rusqlite::types::FromSqlError> for LibraryError {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::Database(error.into())
    }
}

impl From<rusqlite::Error> for LibraryError {
    fn from(error: rusqlite::Error) -> Self {
        let path = || PathBuf::from(super::DATABASE);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull { path: path() },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::ReadOnly { path: path() }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Locked { path: path() }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path: path() }
            }
            _ => match error {
                rusqlite::Error::QueryReturnedNoRows => Self::NoSuchRow,
                other => Self::Database(other),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_disk_are_told_apart() {
        let sorted = |kind| LibraryError::io("x", io::Error::from(kind));
        assert!(matches!(
            sorted(io::ErrorKind::StorageFull),
            LibraryError::DiskFull { .. }
        ));
        assert!(matches!(
            sorted(io::ErrorKind::ReadOnlyFilesystem),
            LibraryError::ReadOnly { .. }
        ));
        assert!(matches!(
            sorted(io::ErrorKind::NotFound),
            LibraryError::NotFound { .. }
        ));
        assert!(matches!(
            sorted(io::ErrorKind::BrokenPipe),
            LibraryError::Io { .. }
        ));
    }
}
