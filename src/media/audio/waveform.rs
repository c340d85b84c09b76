//! The shape of a sound, from one pass over all of it.

use std::path::Path;
use std::time::Duration;

use super::reader::AudioReader;
use crate::media::{Limits, MediaError};

/// Stretches kept while the length is not known yet.
const FINE: usize = 8192;

/// The lowest and the highest sample of each of many equal stretches.
#[derive(Clone, Debug, PartialEq)]
pub struct Waveform {
    /// As decoded, which is exact where headers only guess.
    pub duration: Duration,
    /// Lowest and highest, between -1 and 1.
    pub peaks: Vec<(f32, f32)>,
}

/// Reads a whole sound, or as much of it as is whole.
pub(in crate::media) fn waveform(
    path: &Path,
    stretches: usize,
    limits: &Limits,
) -> Result<Waveform, MediaError> {
    let deadline = limits.deadline();
    let mut reader = AudioReader::open(path, limits)?;
    let mut shape = Shape::new();
    let mut duration = Duration::ZERO;
    while let Some(block) = reader.next_block()? {
        duration += block.length();
        for frame in block.samples.chunks_exact(block.channels) {
            shape.add(frame);
        }
        deadline.check()?;
    }
    Ok(Waveform {
        duration,
        peaks: shape.fitted(stretches),
    })
}

/// Peaks of stretches that double in length whenever there are too many of them: one pass, bounded memory.
struct Shape {
    stretches: Vec<(f32, f32)>,
    /// Frames in a stretch.
    length: u64,
    /// Frames in the one that is being filled.
    filled: u64,
    current: (f32, f32),
}

impl Shape {
    fn new() -> Self {
        Self {
            stretches: Vec::new(),
            length: 1,
            filled: 0,
            current: SILENCE,
        }
    }

    fn add(&mut self, frame: &[f32]) {
        for sample in frame {
            self.current = wider(self.current, (*sample, *sample));
        }
        self.filled += 1;
        if self.filled == self.length {
            self.close();
        }
    }

    fn close(&mut self) {
        self.stretches.push(self.current);
        self.current = SILENCE;
        self.filled = 0;
        if self.stretches.len() == FINE * 2 {
            let (pairs, _) = self.stretches.as_chunks::<2>();
            self.stretches = pairs.iter().map(|[a, b]| wider(*a, *b)).collect();
            self.length *= 2;
        }
    }

    /// As many stretches as asked for; none if there was no sound at all.
    fn fitted(mut self, count: usize) -> Vec<(f32, f32)> {
        if self.filled > 0 {
            self.stretches.push(self.current);
        }
        let all = self.stretches.len();
        if all == 0 {
            return Vec::new();
        }
        let stretch = |index: usize| {
            let first = index * all / count;
            let end = ((index + 1) * all / count).max(first + 1);
            self.stretches[first..end]
                .iter()
                .fold(SILENCE, |a, b| wider(a, *b))
        };
        (0..count).map(stretch).collect()
    }
}

const SILENCE: (f32, f32) = (0.0, 0.0);

fn wider(a: (f32, f32), b: (f32, f32)) -> (f32, f32) {
    (a.0.min(b.0), a.1.max(b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures::{self, file};

    #[test]
    fn the_loud_half_and_the_silent_half_are_told_apart() {
        for bytes in [
            fixtures::MP3,
            fixtures::OGG,
            fixtures::FLAC,
            fixtures::M4A,
            fixtures::AAC,
        ] {
            let made = waveform(file(bytes).path(), 20, &Limits::default()).unwrap();
            assert_eq!(made.peaks.len(), 20);
            let (low, high) = made.peaks[4];
            assert!((0.4..0.6).contains(&high), "{high}");
            assert!((-0.6..-0.4).contains(&low), "{low}");
            let (low, high) = made.peaks[16];
            assert!(high < 0.02 && low > -0.02, "{low} to {high}");
            assert!((0.95..1.2).contains(&made.duration.as_secs_f64()));
        }
    }

    #[test]
    fn a_peak_is_found_wherever_it_is_and_however_long_the_sound() {
        for frames in [1, 7, 100, FINE * 2, FINE * 2 + 1, FINE * 40 + 3] {
            for place in [0, frames / 3, frames - 1] {
                let mut shape = Shape::new();
                for frame in 0..frames {
                    let sample = if frame == place { -0.75 } else { 0.0 };
                    shape.add(&[0.1, sample]);
                }
                assert!(shape.stretches.len() <= FINE * 2);
                let peaks = shape.fitted(50);
                assert_eq!(peaks.len(), 50);
                let at = peaks.iter().position(|peak| peak.0 == -0.75).unwrap();
                let expected = place * 50 / frames;
                assert!(at.abs_diff(expected) <= 1, "{frames}: {at}, not {expected}");
                assert!(peaks.iter().all(|peak| peak.1 == 0.1));
            }
        }
        assert!(Shape::new().fitted(50).is_empty());
    }
}
