//! Uncompressed samples, and the peaks of their waveform.

use std::fs::File;

use super::{Sound, milliseconds, read_at};
use crate::media::limits::Deadline;
use crate::media::{MediaError, WAVEFORM_PEAKS};

/// Bytes read for one peak at most: all of a few minutes of sound, and of longer ones a fair part.
const BYTES_PER_PEAK: u64 = 512 << 10;
/// A long stretch is sampled in this many places.
const PLACES: u64 = 16;

/// How one sample is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    U8,
    I8,
    I16Le,
    I16Be,
    I24Le,
    I24Be,
    I32Le,
    I32Be,
    F32Le,
    F64Le,
    /// Compressed, or unknown.
    Other,
}

/// Samples in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    /// Samples a second.
    pub(super) rate: u32,
    pub(super) channels: u16,
    /// Set where frames do not tell the duration.
    pub(super) bytes_per_second: Option<u32>,
    /// Bytes of one sample of every channel.
    pub(super) frame: u64,
    pub(super) encoding: Encoding,
    /// Where the samples begin in the file.
    pub(super) start: u64,
    pub(super) bytes: u64,
}

impl Track {
    pub(super) fn sound(&self) -> Sound {
        let duration_ms = match self.bytes_per_second {
            Some(bytes) => milliseconds(self.bytes, bytes),
            None => self
                .bytes
                .checked_div(self.frame)
                .and_then(|frames| milliseconds(frames, self.rate)),
        };
        Sound {
            duration_ms,
            rate: Some(self.rate),
            channels: Some(self.channels),
        }
    }
}

/// The loudest sample of each of [`WAVEFORM_PEAKS`] equal stretches, between 0 and 1; nothing for what
/// would have to be decompressed first.
pub(super) fn peaks(
    file: &mut File,
    track: &Track,
    deadline: Deadline,
) -> Result<Vec<f32>, MediaError> {
    let frames = track.bytes.checked_div(track.frame).unwrap_or(0);
    if track.encoding == Encoding::Other || frames == 0 {
        return Ok(Vec::new());
    }
    let count = WAVEFORM_PEAKS as u64;
    (0..count)
        .map(|index| {
            deadline.check()?;
            let first = frames * index / count;
            let end = (frames * (index + 1) / count).max(first + 1);
            stretch_peak(file, track, first, end - first)
        })
        .collect()
}

/// The loudest sample of some frames; if they are too many, of those in evenly spread places.
fn stretch_peak(
    file: &mut File,
    track: &Track,
    first: u64,
    frames: u64,
) -> Result<f32, MediaError> {
    let whole = frames * track.frame <= BYTES_PER_PEAK;
    let places = if whole { 1 } else { PLACES };
    let length = if whole {
        frames
    } else {
        BYTES_PER_PEAK / PLACES / track.frame.max(1)
    };
    let mut peak = 0.0_f32;
    for place in 0..places {
        let at = first + frames * place / places;
        let bytes = read_at(file, track.start + at * track.frame, length * track.frame)?;
        peak = peak.max(loudest(&bytes, track.encoding));
    }
    Ok(peak.min(1.0))
}

fn loudest(bytes: &[u8], encoding: Encoding) -> f32 {
    match encoding {
        Encoding::U8 => max(bytes, |[a]: [u8; 1]| (f32::from(a) - 128.0) / 128.0),
        Encoding::I8 => max(bytes, |a: [u8; 1]| f32::from(i8::from_le_bytes(a)) / 128.0),
        Encoding::I16Le => max(bytes, |a| f32::from(i16::from_le_bytes(a)) / 32_768.0),
        Encoding::I16Be => max(bytes, |a| f32::from(i16::from_be_bytes(a)) / 32_768.0),
        Encoding::I24Le => max(bytes, |[a, b, c]: [u8; 3]| whole([0, a, b, c])),
        Encoding::I24Be => max(bytes, |[c, b, a]: [u8; 3]| whole([0, a, b, c])),
        Encoding::I32Le => max(bytes, whole),
        Encoding::I32Be => max(bytes, |[d, c, b, a]: [u8; 4]| whole([a, b, c, d])),
        Encoding::F32Le => max(bytes, f32::from_le_bytes),
        Encoding::F64Le => max(bytes, |a| f64::from_le_bytes(a) as f32),
        Encoding::Other => 0.0,
    }
}

fn whole(bytes: [u8; 4]) -> f32 {
    i32::from_le_bytes(bytes) as f32 / 2_147_483_648.0
}

/// The largest absolute value; what is no number counts as silence.
fn max<const N: usize>(bytes: &[u8], sample: impl Fn([u8; N]) -> f32) -> f32 {
    let (samples, _) = bytes.as_chunks::<N>();
    samples
        .iter()
        .map(|bytes| sample(*bytes).abs())
        .filter(|value| value.is_finite())
        .fold(0.0, f32::max)
}
