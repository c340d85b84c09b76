//! What a technique is to the studio: a schema, and honest work on its inputs.

use std::collections::BTreeMap;

use crate::wire;

/// Something the studio can run. Implementations are pure: the same inputs give the same outputs.
pub trait Technique: Send + Sync {
    /// Id, name, price and schema, as `GET /techniques` lists them.
    fn spec(&self) -> wire::Technique;

    /// Does the work. Called on a blocking thread; reports progress through `job` and stops soon after
    /// [`Job::keep_going`] says so.
    ///
    /// # Errors
    /// A [`Failure`] with one of FLORA's run error codes (`input_unreachable`, `GENERATION_INPUT_VALIDATION`, …).
    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure>;
}

/// One run's inputs and the way to report progress.
pub struct Job<'a> {
    /// Validated against the schema: required inputs are present, types fit.
    pub inputs: BTreeMap<String, Input>,
    /// Called with 0.0 to 1.0; returns false when the studio is shutting down.
    pub progress: &'a dyn Fn(f32) -> bool,
}

impl Job<'_> {
    /// Reports progress (0.0 to 1.0).
    ///
    /// # Errors
    /// When the studio is shutting down: the work should end.
    pub fn step(&self, fraction: f32) -> Result<(), Failure> {
        if (self.progress)(fraction.clamp(0.0, 1.0)) {
            Ok(())
        } else {
            Err(Failure::new(
                "internal_error",
                "The studio was closed during the run",
            ))
        }
    }

    /// The text of an input, if it was answered.
    pub fn text(&self, id: &str) -> Option<&str> {
        match self.inputs.get(id) {
            Some(Input::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The bytes of a media input, if it was answered.
    pub fn media(&self, id: &str) -> Option<&Media> {
        match self.inputs.get(id) {
            Some(Input::Media(media)) => Some(media),
            _ => None,
        }
    }
}

/// An answered input.
#[derive(Clone, Debug)]
pub enum Input {
    Text(String),
    Media(Media),
}

/// A media file handed in, already fetched from the studio's own assets.
#[derive(Clone, Debug)]
pub struct Media {
    /// The file name it was uploaded under, for captions.
    pub name: String,
    /// MIME type by content.
    pub content_type: String,
    pub bytes: bytes::Bytes,
}

/// One output.
#[derive(Clone, Debug)]
pub struct Made {
    pub kind: wire::IoType,
    pub body: Body,
}

/// The content of an output.
#[derive(Clone, Debug)]
pub enum Body {
    /// Given inline in the run's `url` field.
    Text(String),
    /// Served from the studio's file origin.
    File {
        /// Without a dot: `png`, `mp4`, `wav`, `pdf`…
        extension: &'static str,
        content_type: &'static str,
        bytes: Vec<u8>,
    },
}

/// Why a run failed, in FLORA's terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Failure {
    pub code: String,
    pub message: String,
}

impl Failure {
    /// A failure with one of FLORA's error codes and a sentence for the person.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}
