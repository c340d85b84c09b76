//! A film in eleven small pictures, for the strip under it and for scrubbing through its tile.

use std::path::Path;
use std::time::Duration;

use super::reader::{VideoFrame, VideoReader};
use crate::media::{Limits, MediaError};

/// Frames of a storyboard.
pub const STORYBOARD_FRAMES: u32 = 11;

/// Frames in the middle of eleven equal parts of a film, fitted to `side` pixels. A film of fewer frames has
/// fewer; one that takes longer than [`Limits::time`] has those that were ready by then.
///
/// # Errors
/// When not even one frame can be shown; as [`VideoReader::open`].
pub fn storyboard(path: &Path, side: u32, limits: &Limits) -> Result<Vec<VideoFrame>, MediaError> {
    let deadline = limits.deadline();
    let mut film = VideoReader::open(path, limits)?;
    let duration = film.pictures_duration();
    let mut board: Vec<VideoFrame> = Vec::new();
    for part in 0..STORYBOARD_FRAMES {
        let middle = middle_of(part, duration);
        match frame_at(&mut film, middle, side) {
            Ok(Some(frame)) => {
                if board.last().is_none_or(|last| last.at < frame.at) {
                    board.push(frame);
                }
            }
            Ok(None) => break,
            Err(error) if board.is_empty() => return Err(error),
            Err(_) => break,
        }
        if deadline.passed() {
            break;
        }
    }
    if board.is_empty() {
        return Err(MediaError::broken("it has no frames"));
    }
    Ok(board)
}

fn middle_of(part: u32, duration: Duration) -> Duration {
    duration * (2 * part + 1) / (2 * STORYBOARD_FRAMES)
}

fn frame_at(
    film: &mut VideoReader,
    at: Duration,
    side: u32,
) -> Result<Option<VideoFrame>, MediaError> {
    film.seek_on(at)?;
    film.next_frame_fitting(side)
}
