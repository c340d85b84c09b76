//! Why a file has no preview.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use ::image::ImageError;
use thiserror::Error;

use crate::model::MediaKind;

/// Why a file could not be shown or measured. Becomes a [`crate::model::Problem`] by `From`.
#[derive(Debug, Error)]
pub enum MediaError {
    /// The format is known, but there is no decoder for it here.
    #[error("{format} cannot be shown here")]
    Unsupported { format: Cow<'static, str> },
    /// The content contradicts its format or ends too early.
    #[error("the file is damaged: {why}")]
    Broken { why: String },
    /// It would take more pixels, bytes or memory than [`super::Limits`] allow.
    #[error("the file is too large to show: {what}")]
    TooLarge { what: String },
    /// It took longer than [`super::Limits::time`].
    #[error("reading the file took longer than {} s", limit.as_secs())]
    TooSlow { limit: Duration },
    #[error("the file is empty")]
    Empty,
    /// Something else than was promised, such as a web page in place of a picture.
    #[error("this is {found}, not a {}", expected.noun())]
    Mismatch {
        expected: MediaKind,
        found: Cow<'static, str>,
    },
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
    /// A decoder broke down over this file.
    #[error("a decoder failed: {message}")]
    Panicked { message: String },
}

impl MediaError {
    pub(super) fn broken(why: impl Into<String>) -> Self {
        Self::Broken { why: why.into() }
    }

    /// An I/O error met while parsing: an early end is the file's fault, not the disk's.
    pub(super) fn from_read(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::broken("it ends too early"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::broken(error.to_string())
            }
            _ => Self::Io(error),
        }
    }
}

impl From<ImageError> for MediaError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(limit) => Self::TooLarge {
                what: limit.to_string(),
            },
            ImageError::Unsupported(what) => Self::Unsupported {
                format: format!("This kind of picture ({what})").into(),
            },
            ImageError::IoError(error) => Self::from_read(error),
            other => Self::broken(other.to_string()),
        }
    }
}
