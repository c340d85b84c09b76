//! JPEG at a half, a quarter or an eighth of its size, for thumbnails.
//!
//! A thumbnail needs one pixel in some twenty. In a JPEG the low frequencies of each 8 × 8 block *are*
//! the smaller picture, so the high ones are stepped over without being computed, and nothing large is
//! allocated, converted or scaled. Baseline and progressive, grey and colour, eight bits a channel.
//!
//! This decoder never insists: whatever is unusual, damaged or cut off makes it return `None`, and the
//! full decoder, which is more forgiving, takes over.

mod bits;
mod frame;
mod huffman;
mod markers;
mod output;
mod scan;

use ::image::DynamicImage;

use crate::media::limits::Deadline;
use crate::media::{Limits, MediaError};

/// Why decoding at a reduced size ended early.
#[derive(Debug)]
enum Stop {
    /// For the full decoder to deal with.
    Unusual,
    Failed(MediaError),
}

impl From<MediaError> for Stop {
    fn from(error: MediaError) -> Self {
        Self::Failed(error)
    }
}

/// Decodes at the smallest fraction whose longest side is still `side` pixels or more; `None` if no
/// fraction is, or if this is a case for the full decoder.
pub(super) fn decode(
    bytes: &[u8],
    side: u32,
    limits: &Limits,
    deadline: Deadline,
) -> Result<Option<DynamicImage>, MediaError> {
    match markers::decode(bytes, side, limits, deadline) {
        Ok(image) => Ok(Some(image)),
        Err(Stop::Unusual) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests;
