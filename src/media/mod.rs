//! Bytes → pictures and facts: image, video, audio, text and document files.
//!
//! Everything here is synchronous and starts no thread; the worker decides when and where it runs.
//! What comes in is untrusted, so every entry point
//! - looks at the content and never at a file's name ([`sniff`]),
//! - works under [`Limits`] of pixels, bytes, memory and time,
//! - catches a decoder's panic and reports it as [`MediaError::Panicked`]: one preview fails, nothing else.
//!
//! A new format has three seams: a [`Format`] in `sniff`, its facts in the file of its kind, and its
//! decoder in [`thumbnail`] and [`full`].

mod audio;
mod bytes;
mod clipboard;
mod document;
mod error;
mod guard;
mod image;
mod limits;
mod pixels;
mod problem;
mod sniff;
mod text;
mod thumbnail_file;
mod video;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile_tests;

use std::path::Path;

use crate::model::{MediaFacts, MediaKind, Pixels, TextContent};

pub use clipboard::{pixels_to_png, straight_rgba};
pub use error::MediaError;
pub use guard::is_guarded;
pub use image::{Animation, AnimationFrame};
pub use limits::Limits;
pub use sniff::{Format, SNIFF_BYTES, Sniffed, sniff, sniff_file};
pub use thumbnail_file::{decode_thumbnail, encode_thumbnail};

use guard::guarded;

/// Peaks of a waveform in [`MediaFacts::peaks`].
pub const WAVEFORM_PEAKS: usize = 96;

/// Measures a file without decoding all of it.
///
/// A recognised format that cannot be decoded here still has facts: its MIME type and name.
///
/// # Errors
/// [`MediaError::Empty`] for a file of no bytes, [`MediaError::Broken`] when not even its header can be
/// read, and [`MediaError::Io`], [`MediaError::TooLarge`] or [`MediaError::Panicked`].
pub fn facts(path: &Path, limits: &Limits) -> Result<MediaFacts, MediaError> {
    guarded(|| {
        let sniffed = sniff_file(path)?;
        match sniffed.format.family() {
            sniff::Family::Picture => image::facts(path, &sniffed, limits),
            sniff::Family::IsoMedia => video::mp4_facts(path, &sniffed, limits),
            sniff::Family::Matroska => video::matroska_facts(path, &sniffed),
            sniff::Family::Sound => audio::facts(path, &sniffed, limits),
            sniff::Family::Pdf => document::pdf_facts(path, &sniffed, limits),
            sniff::Family::Text => text::facts(path, &sniffed, limits),
            sniff::Family::NameOnly => Ok(sniffed.facts()),
        }
    })
}

/// A small picture of a file that fits `side` × `side` pixels, upright, never enlarged. Of a film it is a
/// frame near its start that is not black.
///
/// `None` where there is nothing to decode: a sound is painted from [`MediaFacts::peaks`], a text from
/// [`text`], a document with an icon. `kind` is what the file was said to be.
///
/// # Errors
/// [`MediaError::Unsupported`] for formats known by name only, [`MediaError::Mismatch`] where a picture was
/// promised and something else came, and all others.
pub fn thumbnail(
    path: &Path,
    kind: &MediaKind,
    side: u32,
    limits: &Limits,
) -> Result<Option<Pixels>, MediaError> {
    picture_of(path, kind, side, limits)
}

/// A file at its full size, scaled only if it is larger than `max_side` pixels on its longest side;
/// otherwise like [`thumbnail`].
///
/// # Errors
/// As [`thumbnail`].
pub fn full(
    path: &Path,
    kind: &MediaKind,
    max_side: u32,
    limits: &Limits,
) -> Result<Option<Pixels>, MediaError> {
    picture_of(path, kind, max_side, limits)
}

/// A picture that moves, to be read frame by frame, each fitted to `side` pixels; `None` if it stands still.
///
/// # Errors
/// As [`thumbnail`].
pub fn animation(path: &Path, side: u32, limits: &Limits) -> Result<Option<Animation>, MediaError> {
    guarded(|| Animation::open(path, side, limits))
}

/// Reads a file as text to be shown: decoded, bounded, and with nothing in it that could disguise it.
///
/// # Errors
/// [`MediaError::Mismatch`] if the content is not text; [`MediaError::Empty`], [`MediaError::Io`].
pub fn text(path: &Path, limits: &Limits) -> Result<TextContent, MediaError> {
    guarded(|| text::read(path, limits))
}

/// Makes a text that came by another way than a file fit to be shown, as [`text`] does.
pub fn shown(text: &str, limits: &Limits) -> TextContent {
    text::shown(text, limits)
}

fn picture_of(
    path: &Path,
    kind: &MediaKind,
    side: u32,
    limits: &Limits,
) -> Result<Option<Pixels>, MediaError> {
    guarded(|| {
        let sniffed = sniff_file(path)?;
        match sniffed.format.family() {
            sniff::Family::Picture => image::pixels(path, &sniffed, side, limits).map(Some),
            sniff::Family::IsoMedia if sniffed.kind == Some(MediaKind::Video) => {
                video::poster(path, side, limits).map(Some)
            }
            _ => without_picture(&sniffed, kind),
        }
    })
}

/// What to say of a file without a decoder for pictures: nothing, unless a picture was promised.
fn without_picture(sniffed: &Sniffed, kind: &MediaKind) -> Result<Option<Pixels>, MediaError> {
    match (kind, &sniffed.kind) {
        (MediaKind::Image | MediaKind::Video, Some(MediaKind::Image | MediaKind::Video)) => {
            Err(MediaError::Unsupported {
                format: sniffed.name.into(),
            })
        }
        (MediaKind::Image | MediaKind::Video, _) => Err(MediaError::Mismatch {
            expected: kind.clone(),
            found: sniffed.name.into(),
        }),
        _ => Ok(None),
    }
}
