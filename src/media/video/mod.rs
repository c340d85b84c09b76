//! Films: what their headers tell, and a frame to stand for them.
//!
//! All builds on [`mp4::Movie`] (which sample is where) and [`h264::Decoder`] (samples → frames): the poster, the
//! storyboard, and [`VideoReader`], which playback asks for one frame after the other.

mod h264;
mod matroska;
mod mp4;
mod poster;
mod reader;
mod storyboard;
mod upright;

use std::path::Path;

use crate::model::{MediaFacts, Pixels};

use super::sniff::{Format, Sniffed};
use super::{Limits, MediaError};
use mp4::Movie;
pub use reader::{Landing, VideoFrame, VideoReader};
pub use storyboard::{STORYBOARD_FRAMES, storyboard};

/// Size as displayed, duration, frame rate and codec of an MP4, QuickTime or M4A file.
pub(super) fn mp4_facts(
    path: &Path,
    sniffed: &Sniffed,
    limits: &Limits,
) -> Result<MediaFacts, MediaError> {
    let movie = Movie::open(path, limits)?;
    let video = movie.video();
    let (width, height) = video.as_ref().map(|track| track.displayed()).unzip();
    let codec = match sniffed.format {
        Format::M4a => None,
        _ => video.as_ref().map(|track| track.codec()),
    };
    Ok(MediaFacts {
        width,
        height,
        duration_ms: movie.duration_ms(),
        frame_rate: video.as_ref().and_then(|track| track.frame_rate()),
        format: Some(named(sniffed.name, codec)),
        ..sniffed.facts()
    })
}

/// The same for WebM and Matroska.
pub(super) fn matroska_facts(path: &Path, sniffed: &Sniffed) -> Result<MediaFacts, MediaError> {
    let film = matroska::read(path)?;
    Ok(MediaFacts {
        width: film.width,
        height: film.height,
        duration_ms: film.duration_ms,
        frame_rate: film.frame_rate,
        format: Some(named(sniffed.name, film.codec)),
        ..sniffed.facts()
    })
}

/// "MP4 · H.264".
fn named(container: &str, codec: Option<&str>) -> String {
    match codec {
        Some(codec) => format!("{container} · {codec}"),
        None => container.to_owned(),
    }
}

/// An upright frame near the start that is not black, fitted to `side` pixels.
pub(super) fn poster(path: &Path, side: u32, limits: &Limits) -> Result<Pixels, MediaError> {
    poster::poster(Movie::open(path, limits)?, side, limits)
}

#[cfg(test)]
mod reader_tests;
#[cfg(test)]
mod tests;
