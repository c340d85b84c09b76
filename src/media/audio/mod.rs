//! Sounds: how long they are, and the shape of uncompressed ones. Only headers are read.
//!
//! Decoding for playback and for the waveforms of compressed formats belongs beside [`wav`].

mod flac;
mod mpeg;
mod ogg;
mod pcm;
mod wav;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::model::MediaFacts;

use super::sniff::{Format, Sniffed};
use super::{Limits, MediaError};

/// What a header tells of a sound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sound {
    /// Milliseconds.
    duration_ms: Option<u64>,
    /// Samples a second of each channel.
    rate: Option<u32>,
    channels: Option<u16>,
}

/// Duration, sample rate and channels; peaks of WAV and AIFF.
pub(super) fn facts(
    path: &Path,
    sniffed: &Sniffed,
    limits: &Limits,
) -> Result<MediaFacts, MediaError> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut peaks = Vec::new();
    let sound = match sniffed.format {
        Format::Wav | Format::Aiff => {
            let track = wav::track(&mut file, length)?;
            peaks = pcm::peaks(&mut file, &track, limits.deadline())?;
            track.sound()
        }
        Format::Flac => flac::sound(&head(&mut file, 4096)?)?,
        Format::Ogg | Format::Opus => ogg::sound(&mut file, length)?,
        _ => mpeg::sound(&mut file, length)?,
    };
    Ok(MediaFacts {
        duration_ms: sound.duration_ms,
        format: Some(described(sniffed.name, &sound)),
        peaks,
        ..sniffed.facts()
    })
}

/// "WAV · 44.1 kHz stereo".
fn described(name: &str, sound: &Sound) -> String {
    let rate = sound.rate.filter(|rate| *rate > 0);
    let rate = rate.map(|rate| format!("{} kHz", f64::from(rate / 100) / 10.0));
    let channels = sound.channels.filter(|channels| *channels > 0);
    let channels = channels.map(|channels| match channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        more => format!("{more} channels"),
    });
    match (rate, channels) {
        (Some(rate), Some(channels)) => format!("{name} · {rate} {channels}"),
        (Some(one), None) | (None, Some(one)) => format!("{name} · {one}"),
        (None, None) => name.to_owned(),
    }
}

/// The first bytes of a file, or all of it.
fn head(file: &mut File, bytes: u64) -> Result<Vec<u8>, MediaError> {
    read_at(file, 0, bytes)
}

/// At most `bytes` bytes from `at`.
fn read_at(file: &mut File, at: u64, bytes: u64) -> Result<Vec<u8>, MediaError> {
    let mut read = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

/// Milliseconds of a number of samples.
fn milliseconds(samples: u64, rate: u32) -> Option<u64> {
    let ms = u128::from(samples) * 1000 / u128::from((rate > 0).then_some(rate)?);
    u64::try_from(ms).ok()
}

#[cfg(test)]
mod tests;
